/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking at one policy: what a group's functions get, and how they say what they found.  A finding is a token: its span
 * is the smallest text that would have to change.  One cause is one finding: a second report of the same rule in the same
 * statement joins the first as a related place, with its edits.
 */
#ifndef VERDICT_LINT_LINT_H
#define VERDICT_LINT_LINT_H

#include "lint/view.h"

typedef struct vd_related {
    vd_str  label;
    vd_span span;
    vd_pos  at; /* made of the span, when the policy is done */
} vd_related;

/* Edits in terms of the policy's own text; lint/fix.c makes bytes of the file of them.  Spans are whole tokens. */
typedef enum vd_edit_op {
    VD_EDIT_STRING,        /* the string token at span (a value or a key) becomes one that says text */
    VD_EDIT_VALUE,         /* the value at span becomes the JSON in text */
    VD_EDIT_DELETE_ITEM,   /* the element of an array at span goes, with its comma */
    VD_EDIT_DELETE_MEMBER, /* the member whose key is at span goes, with its value and comma */
    VD_EDIT_ADD_ITEM,      /* text (JSON) is added behind the last element of the array at span; a scalar becomes one */
    VD_EDIT_ADD_MEMBER,    /* text ("\"Name\": JSON") is added as the last member of the object at span */
    VD_EDIT_ADD_FIRST      /* the same as its first member */
} vd_edit_op;

typedef struct vd_edit {
    uint8_t op; /* vd_edit_op */
    vd_span span;
    vd_str  text;
} vd_edit;

typedef struct vd_fix {
    uint8_t  kind; /* VD_FIX_SAFE, VD_FIX_UNSAFE */
    vd_str   title; /* "replace with s3:GetObject" */
    vd_edit *edits;
    uint32_t count, cap;
    bool     thorough; /* functions of a template are replaced and go like other values, and comments behind what goes go with it */
} vd_fix;

/* Statements of which it is not known what is redundant. */
typedef struct vd_lint_undecided {
    uint32_t count;
    vd_span  span;       /* of the first */
    vd_str   statements; /* "statements 2 and 5" */
} vd_lint_undecided;

struct vd_finding {
    const vd_lint_rule *rule;
    uint32_t            rule_index;
    int8_t              severity;
    uint8_t             score; /* tenths */
    uint8_t             confidence;
    uint32_t            statement; /* VD_NONE: the document */
    vd_span             span;
    vd_pos              at;      /* made of the span when the policy is done; given, when there is no span */
    bool                placed;  /* at was given */
    vd_str              message, hint;
    vd_str              token;   /* what stands there, decoded; empty for a missing thing */
    const char         *code;    /* the one of rule->codes that it is; NULL: the first */
    uint32_t            more;    /* further tokens that joined */
    vd_related         *related;
    uint32_t            related_count, related_cap;
    vd_fix             *fixes;
    uint32_t            fix_count, fix_cap;
    vd_patch            patch;   /* of a remark: already in terms of the file */
    vd_str              when;    /* of a template: "IsProd" */
    bool                adopted; /* src/policy found it */
};

struct vd_lint {
    const vd_lint_config *config;
    const vd_catalog     *catalog;
    const vd_engine      *engine;
    const vd_extracted   *extracted;
    const vd_policy      *policy; /* NULL: there is only the container */
    const vd_doc         *doc;    /* nodes of the file or of the derived text */
    vd_kind               kind;
    bool                  kind_guessed; /* neither the container nor the user nor the name said so */
    bool                  usable;       /* false: AWS would refuse the document, the view may be incomplete */
    vd_str                resource_kind; /* of a resource policy: "s3-bucket", "kms-key", "sqs" ...; empty: not known */
    vd_str                file;
    vd_view_statement    *statements;
    uint32_t              statement_count;
    vd_expansions        *expansions;
    vd_arena             *arena; /* for whatever lives as long as the findings */
    vd_finding          **findings;
    uint32_t              finding_count, finding_cap;
    vd_finding          **joint; /* the first of each rule and statement, hashed */
    uint32_t              joint_cap;
    const vd_lint_group  *group; /* whose functions run */
    uint32_t              group_base; /* number of its first rule */
    void                 *effective;  /* lint/allow.c keeps what it found out */
    uint32_t              suggested;  /* how often close words were looked for: it has a price */
    uint32_t              loose;      /* the same of lint/fit.c for patterns of all services */
    uint64_t             *units_left; /* of proofs about all policies of a run; NULL: each has its own */
    vd_lint_undecided     cut;    /* for want of budget */
    vd_lint_undecided     beyond; /* whatever the budget: policy variables, values that nobody can read */
    bool                  no_memory;
    bool                  costly; /* an expression of the user's own rules took too long */
};

/* ------------------------------------------------------------------ reporting */

/* rule is a row of the group that runs.  st NULL: the document.  The answer is NULL when the rule is off or not for this
 * kind of document; every function below takes NULL and does nothing then. */
vd_finding *vd_lint_report(vd_lint *l, const vd_lint_rule *rule, const vd_view_statement *st, vd_span span,
                           const char *format, ...) VD_PRINTF(5, 6);
/* Never joins: for rules about several things of one statement that users treat apart. */
vd_finding *vd_lint_report_apart(vd_lint *l, const vd_lint_rule *rule, const vd_view_statement *st, vd_span span,
                                 const char *format, ...) VD_PRINTF(5, 6);
/* Would a report count?  Ask before work that only serves it. */
bool vd_lint_wants(const vd_lint *l, const vd_lint_rule *rule);

void vd_finding_severity(vd_finding *f, int severity); /* another one than usual */
void vd_finding_score(vd_finding *f, unsigned tenths); /* and severity VD_SECURITY */
void vd_finding_confidence(vd_finding *f, vd_confidence c);
void vd_finding_code(vd_finding *f, const char *code); /* which of several; a literal */
void vd_finding_hint(vd_lint *l, vd_finding *f, const char *format, ...) VD_PRINTF(3, 4);
void vd_finding_message(vd_lint *l, vd_finding *f, const char *format, ...) VD_PRINTF(3, 4); /* instead */
void vd_finding_relate(vd_lint *l, vd_finding *f, vd_span span, const char *format, ...) VD_PRINTF(4, 5);

/* Starts a fix; the edits that follow belong to it.  A joined finding gets the edits added to the fix of the same kind
 * and title. */
void vd_finding_fix(vd_lint *l, vd_finding *f, vd_fix_kind kind, const char *title, ...) VD_PRINTF(4, 5);
void vd_finding_edit(vd_lint *l, vd_finding *f, vd_edit_op op, vd_span span, const char *text, ...) VD_PRINTF(5, 6);

/* ------------------------------------------------------------------ words */

/* Text of the user made fit for a message: shortened, no control characters, holes as {Name}; lives in the arena. */
const char *vd_lint_show(vd_lint *l, vd_str s);
/* "a, b, c and 3 more": at most five. */
const char *vd_lint_list(vd_lint *l, const vd_str *items, uint32_t count);
/* "; did you mean "x" or "y"?" or "": the closest of the candidates within the distance of lint.md 2.10, at most three.
 * *only: the one a safe fix may put there, empty if there is none.  only may be NULL.  *only lives as long as names. */
const char *vd_lint_did_you_mean(vd_lint *l, vd_str word, const vd_str *names, uint32_t count, vd_str *only);
/* The closest, for fixes that are unsafe; empty: none is close. */
vd_str vd_lint_closest(vd_lint *l, vd_str word, const vd_str *names, uint32_t count);
const char *vd_lint_printf(vd_lint *l, const char *format, ...) VD_PRINTF(2, 3); /* in the arena */

/* Spans: the effect, the key of a member or the brace of the statement when it is not there. */
vd_span vd_span_of_statement(const vd_lint *l, const vd_view_statement *st); /* its "{" */
vd_span vd_span_of_document(const vd_lint *l);                               /* the key "Statement", else "{" */
/* "this identity policy", "a bucket policy" ... */
const char *vd_lint_kind_words(const vd_lint *l);

/* ------------------------------------------------------------------ running */

/* The first finding of a rule in a statement; false: no memory. */
bool        vd_lint_remember(vd_lint *l, vd_finding *f);
vd_finding *vd_lint_remembered(const vd_lint *l, uint32_t rule, uint32_t statement);

/* One policy: reads it, makes the view, runs all groups but their `identity`.  l->config, catalog, engine, extracted, doc,
 * kind, kind_guessed, resource_kind, file, expansions and arena are set; the caller releases l->policy. */
vd_code vd_lint_run(vd_lint *l, vd_error *err);
void    vd_lint_run_identity(vd_lint *const *policies, uint32_t count);
/* Supersedes (lint.md 2.8), then makes positions of spans. */
void    vd_lint_finish(vd_lint *l);

#endif
