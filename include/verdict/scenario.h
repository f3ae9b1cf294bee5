/* SPDX-License-Identifier: Apache-2.0
 *
 * Scenario files: a request, the policies it meets and the answer that is expected.  One scenario, an array of them, or
 * a suite (policies once, many cases), JSON or YAML.  The conformance corpus, a user's policy tests and a saved question
 * are all of this form.  A loaded suite never changes, so its cases may run on several threads.
 */
#ifndef VERDICT_SCENARIO_H
#define VERDICT_SCENARIO_H

#include <verdict/explain.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_suite vd_suite;

/* ------------------------------------------------------------------ loading */

/* How a policy named by a path is read.  path is NUL-terminated, relative paths have the folder of the scenario file in
 * front.  Fills *text, which done (may be NULL) gets back after use; a failure fills err. */
typedef vd_code vd_suite_read_file(void *user, const char *path, vd_str *text, vd_error *err);
typedef void    vd_suite_done_file(void *user, vd_str text);

typedef struct vd_suite_opts {
    size_t              size;
    vd_suite_read_file *read; /* NULL: a policy named by a path is an error */
    vd_suite_done_file *done;
    void               *user;
    bool                no_expect; /* a saved question: a scenario without "expect" is fine */
} vd_suite_opts;

/* Reads a text; name is the caller's name for it (a path, as for positions) and tells JSON from YAML by its ending.
 * Text and name are copied.  What AWS would refuse about the policies goes to notes (may be NULL); the call fails for a
 * text that is no scenario.  A policy that no evaluation can use does not fail the call: the cases with it end in error. */
VD_API vd_code vd_suite_read(vd_suite **out, const vd_engine *engine, vd_str name, vd_str text,
                             const vd_suite_opts *opts, vd_diags *notes, vd_error *err);
/* The same with the file system: reads path ("-": standard input) and the policies beside it.  opts->read is not used. */
VD_API vd_code vd_suite_load(vd_suite **out, const vd_engine *engine, const char *path, const vd_suite_opts *opts,
                             vd_diags *notes, vd_error *err);
VD_API void    vd_suite_free(vd_suite *suite);

/* ------------------------------------------------------------------ what is in it */

enum { /* vd_expect.outcome; the first three are those of eval.h */
    VD_EXPECT_DENY = 3,  /* either deny */
    VD_EXPECT_ERROR = 4, /* ERROR of the rules */
    VD_EXPECT_NOTHING = 5 /* no "expect": a saved question */
};
VD_API const char *vd_expect_name(int32_t outcome); /* "allow", "deny", "explicit-deny", "error" ...; "" for nothing */

/* Members that were not given are empty; every given one must hold. */
typedef struct vd_expect {
    size_t        size;
    int32_t       outcome;
    bool          has_layer; /* layer VD_LAYER_NONE with has_layer: null, something else decided */
    vd_layer      layer;
    vd_category   category;  /* VD_CATEGORY_NONE: not asked */
    vd_str        policy;    /* a name, or the end of its path */
    bool          has_statement;
    bool          statement_is_index;
    uint32_t      statement; /* index from 0 */
    vd_str        sid;
    vd_str        reason;
    bool          has_missing;
    const vd_str *missing;   /* in any order, without case */
    size_t        missing_count;
} vd_expect;

typedef struct vd_case {
    size_t           size;
    vd_str           name;   /* "" when the scenario has none */
    vd_str           why;    /* remarks of the author */
    vd_str           source; /* where the case comes from */
    const vd_str    *rules;  /* rule numbers that it shows: "E501" */
    size_t           rule_count;
    vd_pos           at;     /* the case in its file */
    const vd_expect *expect;
} vd_case;

VD_API vd_str         vd_suite_name(const vd_suite *suite);
VD_API size_t         vd_suite_count(const vd_suite *suite);
VD_API const vd_case *vd_suite_case(const vd_suite *suite, size_t index);

/* The question of a case, for eval and explain.  The set is borrowed.  vd_suite_request resets the request and fills it;
 * it borrows from the suite.  VD_EMALFORMED: a policy of the case cannot be used, err says which and where. */
VD_API vd_code vd_suite_set(vd_set **out, const vd_suite *suite, size_t index, vd_error *err);
VD_API vd_code vd_suite_request(vd_request *request, const vd_suite *suite, size_t index, vd_error *err);

/* ------------------------------------------------------------------ running */

typedef struct vd_coverage vd_coverage;

typedef struct vd_case_result {
    size_t      size;
    bool        passed;
    vd_code     code;       /* VD_OK, or the ERROR of the rules: VD_EREQUEST, VD_EMALFORMED */
    vd_decision decision;   /* an implicit deny when code is not VD_OK */
    const char *outcome;    /* "allow", "explicit-deny", "implicit-deny", "error" */
    const char *layer;      /* "scp" ...; "" when something else decided */
    const char *category;   /* "cross-partition" ...; "" for none */
    vd_str      policy;     /* what decided; empty: nothing in particular */
    bool        has_statement;
    vd_statement_info statement; /* with has_statement */
    char        reason[512];  /* words of AWS (E802); of an error, what is wrong */
    vd_pos      error_at;     /* of an error, where */
    char        failure[512]; /* what does not hold: "expected allow, got implicit-deny"; "" when passed */
    uint64_t    duration_ns;  /* of the evaluation alone */
} vd_case_result;

typedef struct vd_run_opts {
    size_t       size;
    vd_str       now;      /* RFC 3339: aws:CurrentTime where a case gives none (E008); empty: absent */
    vd_coverage *coverage; /* NULL: not wanted; one thread */
} vd_run_opts;

/* Decides one case by vd_eval and by vd_explain.  When the two differ we have a bug: VD_EINTERNAL, err tells what.
 * The result borrows from the suite. */
VD_API vd_code vd_suite_run(vd_case_result *out, const vd_suite *suite, size_t index, const vd_run_opts *opts,
                            vd_error *err);

/* ------------------------------------------------------------------ coverage */

/* What the cases never reached.  Policies of the same name in several suites are one. */
typedef struct vd_covered_entry {
    size_t size;
    vd_str operator_name, key;
    vd_pos at;
    bool   seen_true, seen_false; /* while the rest of the statement was reached */
} vd_covered_entry;

typedef struct vd_covered_statement {
    size_t   size;
    vd_str   policy;
    vd_layer layer;
    uint32_t index;
    vd_str   sid;
    vd_pos   at;
    bool     deny;
    bool     reached; /* principal, action and resource matched in some case */
    bool     applied; /* the conditions too */
    const vd_covered_entry *const *entries;
    size_t   entry_count;
} vd_covered_statement;

VD_API vd_code vd_coverage_new(vd_coverage **out, const vd_engine *engine, vd_error *err);
VD_API void    vd_coverage_free(vd_coverage *coverage);
/* Makes the statements of a suite known, so that those that no case reaches are listed. */
VD_API vd_code vd_coverage_add(vd_coverage *coverage, const vd_suite *suite, vd_error *err);
VD_API vd_code vd_coverage_merge(vd_coverage *into, const vd_coverage *from, vd_error *err);
VD_API size_t  vd_coverage_count(const vd_coverage *coverage);
VD_API const vd_covered_statement *vd_coverage_at(const vd_coverage *coverage, size_t index);

/* ------------------------------------------------------------------ the simulator of AWS */

typedef struct vd_simulate_opts {
    size_t size;
    vd_str now; /* RFC 3339: aws:CurrentTime unless among ContextEntries (E008); empty: absent */
} vd_simulate_opts;

/* Reads the JSON that `aws iam simulate-custom-policy --cli-input-json` takes, writes the JSON of its response.  A policy
 * that AWS would refuse makes the call fail, as it does there. */
VD_API vd_code vd_simulate(const vd_engine *engine, vd_str name, vd_str json, const vd_simulate_opts *opts,
                           vd_write *write, void *user, vd_error *err);

#ifdef __cplusplus
}
#endif
#endif
