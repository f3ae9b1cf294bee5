/* SPDX-License-Identifier: Apache-2.0
 *
 * Linting: a linter is a catalogue, a configuration and what was asked for, immutable and shared by threads; each file
 * is one call that gives one report.  Everything in a report lives as long as it does, its linter and its text.
 */
#ifndef VERDICT_LINT_H
#define VERDICT_LINT_H

#include <verdict/policy.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_catalog     vd_catalog;
typedef struct vd_linter      vd_linter;
typedef struct vd_report vd_report;

/* ------------------------------------------------------------------ rules */

enum { VD_LINT_ADVICE = 0, VD_LINT_SAFE = 1, VD_LINT_UNSAFE = 2 };
enum { VD_LINT_HIGH = 0, VD_LINT_MEDIUM = 1, VD_LINT_LOW = 2 }; /* confidence */

/* A rule as people and programs read it. */
typedef struct vd_rule_info {
    size_t      size;
    const char *id;         /* "unknown-action" */
    const char *group;      /* "action"; of a custom rule "custom" */
    int32_t     severity;   /* VD_SUGGESTION ... VD_ERROR, as configured */
    int32_t     usual;      /* the same without configuration */
    uint8_t     score;      /* of VD_SECURITY, in tenths: 75; else 0 */
    uint8_t     confidence; /* VD_LINT_HIGH ... */
    uint8_t     fix;        /* the best it may offer: VD_LINT_ADVICE ... */
    bool        enabled, off; /* in this linter; off: not by default */
    bool        dated;      /* drops one severity when the catalogue is old */
    bool        document;   /* about the policy as a whole */
    uint16_t    kinds;      /* bit 1 << VD_KIND_...: the documents it looks at */
    const char *codes;      /* of Access Analyzer, with spaces between them; "" */
    const char *cwe;        /* "CWE-269 CWE-250"; "" */
    const char *title, *why, *remedy, *bad, *good;
    bool        informs; /* whatever its severity, it never makes exit code 1 */
} vd_rule_info;

/* ------------------------------------------------------------------ the linter */

/* A text and its name: a configuration, a diff, a baseline.  Borrowed until the linter is made. */
typedef struct vd_lint_text {
    vd_str name, text;
    vd_str base; /* of a configuration: its folder as a prefix of paths, "team/a/"; its globs are seen from there */
} vd_lint_text;

enum { VD_SCOPE_DEFAULT = 0, VD_SCOPE_LINE, VD_SCOPE_STATEMENT, VD_SCOPE_POLICY, VD_SCOPE_FILE };

typedef struct vd_linter_opts {
    size_t              size;
    const vd_catalog   *catalog; /* NULL: the built-in one */
    const vd_lint_text *configs; /* .verdict.yaml: the farthest first, a nearer one overrides key by key */
    uint32_t            config_count;
    const vd_str       *select; /* rules, groups, codes: "unknown-action", "group:trust", "INVALID_ACTION" */
    uint32_t            select_count;
    const vd_str       *ignore;
    uint32_t            ignore_count;
    const vd_str       *severities; /* "RULE=SEVERITY" */
    uint32_t            severity_count;
    vd_str              preset;      /* empty: the configuration's */
    vd_str              policy_type; /* "scp", "resource:s3-bucket"; empty: found out */
    vd_str              account;     /* of the deployment; empty: the configuration's */
    const vd_lint_text *parameters;  /* values of template parameters */
    uint32_t            parameter_count;
    int32_t             min_severity; /* of what is shown; 0: the configuration's */
    int32_t             fail_on;      /* what makes exit code 1; 0: the configuration's, VD_LINT_NEVER: nothing does */
    bool                strict;       /* shows low confidence too */
    bool                all_versions, all_resources;
    int64_t             now; /* seconds since 1970; 0: the catalogue's date */
    const vd_lint_text *baseline; /* known findings; NULL: none */
    const vd_lint_text *changes;  /* a unified diff: only what it touches; NULL: all */
    int32_t             changed_scope; /* VD_SCOPE_... */
    const vd_lint_text *sources; /* *.tf that plans were made of; base: the folder of the root module as a prefix */
    uint32_t            source_count;
    bool                semantic; /* proofs about all requests for what is redundant, in place of a comparison of texts */
    uint64_t            budget;       /* of semantic: work units of one question; 0: 20 000 000 */
    uint64_t            budget_total; /* of all questions about one policy; 0: 200 000 000 */
} vd_linter_opts;

enum { VD_LINT_NEVER = VD_ERROR + 1 };

VD_API vd_code    vd_linter_new(vd_linter **out, const vd_engine *engine, const vd_linter_opts *opts, vd_error *err);
VD_API void       vd_linter_free(vd_linter *linter);
VD_API uint32_t   vd_linter_rules(const vd_linter *linter); /* built in, then custom ones */
VD_API const vd_rule_info *vd_linter_rule(const vd_linter *linter, uint32_t index);
VD_API const vd_rule_info *vd_linter_find(const vd_linter *linter, vd_str id); /* NULL: no such rule */
VD_API int32_t    vd_linter_min_severity(const vd_linter *linter);
VD_API int32_t    vd_linter_fail_on(const vd_linter *linter);
VD_API vd_str     vd_linter_catalog_date(const vd_linter *linter); /* "2026-09-26" */

/* ------------------------------------------------------------------ reports */

typedef struct vd_range {
    vd_pos   at; /* where it starts; offset and length in bytes */
    uint32_t end_line, end_column; /* behind its last character */
} vd_range;

typedef struct vd_lint_related {
    vd_str   label;
    vd_range range;
} vd_lint_related;

typedef struct vd_lint_edit { /* bytes start ... end of the file become text */
    uint32_t start, end;
    vd_str   text;
} vd_lint_edit;

typedef struct vd_lint_fix {
    uint8_t             kind; /* VD_LINT_SAFE, VD_LINT_UNSAFE */
    vd_str              title; /* "replace with s3:GetObject" */
    const vd_lint_edit *edits; /* by rising start, never overlapping; none: refused says why */
    uint32_t            edit_count;
    vd_str              refused; /* "a plan is made by terraform" */
} vd_lint_fix;

/* A policy of the file. */
typedef struct vd_lint_policy {
    size_t   size;
    vd_str   name;      /* "deploy"; of a loose file its name without the ending; may be empty */
    vd_str   container; /* stable address: logical id, Terraform address; empty: the file */
    vd_str   type;      /* of the container: "AWS::IAM::Role"; empty: none */
    vd_str   label;     /* for people: "Resources.Deploy (AWS::IAM::Role) > Policies[0] \"deploy\""; may be empty */
    vd_str   pointer;   /* JSON pointer of the document in the file; empty: the whole */
    vd_kind  kind;
    vd_str   kind_text; /* "identity", "resource:s3-bucket" */
    bool     guessed;   /* nobody said what it is */
    vd_str   when;      /* of a variant: "IsProd"; empty: always */
    uint32_t statements;
    vd_range range;     /* of the document */
} vd_lint_policy;

enum { VD_STATE_NEW = 0, VD_STATE_BASELINED, VD_STATE_SUPPRESSED, VD_STATE_UNCHANGED, VD_STATE_HIDDEN };
/* HIDDEN: below min_severity, or of low confidence without strict; UNCHANGED: not touched by the diff */

typedef struct vd_lint_finding {
    size_t                 size;
    const vd_rule_info    *rule;
    int32_t                severity;
    uint8_t                score;      /* tenths; 0: none */
    uint8_t                confidence; /* VD_LINT_HIGH ... */
    uint8_t                state;      /* VD_STATE_... */
    uint32_t               policy;     /* index into the policies of the report; UINT32_MAX: about the file */
    uint32_t               statement;  /* UINT32_MAX: none */
    vd_str                 sid;        /* of the statement; may be empty */
    vd_range               range;
    vd_str                 pointer;    /* JSON pointer of the token in the file: "/Statement/0/Action/0" */
    vd_str                 token;      /* what stands there; empty for a missing thing */
    vd_str                 message;    /* one line */
    vd_str                 hint;       /* what to do, in words; may be empty */
    vd_str                 container;  /* of the policy, or of what the finding is about */
    vd_str                 code;       /* of Access Analyzer; may be empty */
    vd_str                 when;       /* the condition of a template under which it holds; empty: always */
    vd_str                 id;         /* "v1:" and 32 hex digits: survives unrelated edits */
    const vd_lint_related *related;
    uint32_t               related_count;
    const vd_lint_fix     *fixes;
    uint32_t               fix_count;
    vd_str                 justification; /* of a suppression */
    bool                   in_source;     /* the suppression stands in the file, not in the configuration */
    uint32_t               more;          /* further tokens that joined, to be told as "(and 3 more)"; they are among related */
} vd_lint_finding;

typedef struct vd_lint_unresolved { /* what could not be judged, and why */
    vd_str   container, reason;
    vd_range range;
    uint32_t undecided; /* statements that the budget of semantic was too small for; 0: it is not about that */
} vd_lint_unresolved;

/* name: as the user wrote it, it stands in every position.  path: relative to the root of the repository, for ids,
 * globs of the configuration and the diff; empty: name.  text is borrowed as long as the report lives.  A text that cannot be
 * read gives a report, too: vd_report_error tells.  The call itself fails only for want of memory. */
VD_API vd_code vd_lint_file(vd_report **out, const vd_linter *linter, vd_str name, vd_str path, vd_str text,
                            vd_error *err);
/* A file of many: the proofs of semantic take their work units from *units_left, and find no answer when none are left.  Calls that
 * share one number come one after the other. */
VD_API vd_code vd_lint_file_within(vd_report **out, const vd_linter *linter, vd_str name, vd_str path, vd_str text,
                                   uint64_t *units_left, vd_error *err);
/* The report of a file that could not even be opened, so that it is in every output. */
VD_API vd_code vd_lint_unreadable(vd_report **out, const vd_linter *linter, vd_str name, vd_str path, const vd_error *why,
                                  vd_error *err);
VD_API void vd_report_free(vd_report *report);

VD_API vd_str          vd_report_file(const vd_report *report);
VD_API vd_str          vd_report_path(const vd_report *report); /* relative to the root of the repository */
VD_API vd_str          vd_report_text(const vd_report *report);
VD_API const char     *vd_report_format(const vd_report *report); /* "policy", "cloudformation"; NULL: no policy in it */
VD_API const vd_error *vd_report_error(const vd_report *report);  /* NULL: it could be read */

VD_API uint32_t vd_report_policies(const vd_report *report);
VD_API const vd_lint_policy     *vd_report_policy(const vd_report *report, uint32_t index);
VD_API uint32_t vd_report_findings(const vd_report *report); /* of every state */
VD_API const vd_lint_finding    *vd_report_finding(const vd_report *report, uint32_t index);
VD_API uint32_t vd_report_unresolved_count(const vd_report *report);
VD_API const vd_lint_unresolved *vd_report_unresolved(const vd_report *report, uint32_t index);

/* ------------------------------------------------------------------ fixes */

typedef struct vd_fix_opts {
    size_t        size;
    bool          unsafe; /* those that change the meaning, too */
    const vd_str *only;   /* rules; none: all */
    uint32_t      only_count;
    uint64_t     *units_left; /* as of vd_lint_file_within; NULL: each policy has its own share */
} vd_fix_opts;

/* Fixes what can be fixed, in rounds, and lints what came of it: the text of the report is the new one, which the report
 * owns.  Fixes with which it could not be read, or would have errors that were not there before, are left out. */
VD_API vd_code  vd_lint_fix_file(vd_report **out, const vd_linter *linter, const vd_fix_opts *opts, vd_str name, vd_str path,
                                 vd_str text, vd_error *err);
VD_API uint32_t vd_report_fixed(const vd_report *report);     /* how many fixes were made */
VD_API vd_str   vd_report_left_alone(const vd_report *report); /* why some were not; else empty */

/* ------------------------------------------------------------------ runs */

/* What a run comes to. */
typedef struct vd_lint_summary {
    size_t   size;
    uint32_t files, policies, errors; /* files that could not be read are errors */
    uint32_t by_severity[VD_ERROR + 1]; /* of state new */
    uint32_t hidden_by_severity[VD_ERROR + 1];
    uint32_t hidden, suppressed, baselined, unchanged, unresolved;
    uint32_t fixed;
    int32_t  exit_code; /* 0, 1, 2, or 3 when undecided is all there is, by the linters' fail_on */
    uint32_t undecided; /* statements that the budget of semantic was too small for; they are not among unresolved */
} vd_lint_summary;
VD_API void vd_lint_summarise(vd_lint_summary *out, const vd_report *const *reports, uint32_t count);

#ifdef __cplusplus
}
#endif
#endif
