/* SPDX-License-Identifier: Apache-2.0
 *
 * Explanation: the same question answered slowly, by the book, with the story of the answer.  Differs from vd_eval
 * only if we have a bug, and then says so (VD_EINTERNAL).  Lists are arrays of pointers, so that the structs may grow.
 */
#ifndef VERDICT_EXPLAIN_H
#define VERDICT_EXPLAIN_H

#include <verdict/eval.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_explanation vd_explanation;

enum { VD_ELEMENT_PRINCIPAL = 0, VD_ELEMENT_ACTION = 1, VD_ELEMENT_RESOURCE = 2, VD_ELEMENT_CONDITION = 3 };

/* One element of a statement held against the request (E813), for a condition one entry of it (E814). */
typedef struct vd_element_trace {
    size_t        size;
    int32_t       element;
    bool          negated;  /* NotAction ... */
    bool          matched;
    vd_pos        at;       /* the token to look at: the nearest pattern, the value */
    const vd_str *expected; /* patterns or policy values as written */
    size_t        expected_count;
    const vd_str *expanded; /* the same with variables filled in; NULL when there are none */
    const vd_str *actual;   /* what the request has; count 0: absent */
    size_t        actual_count;
    vd_str        operator_name, key; /* conditions, as written */
    bool          absent;   /* the context has no such key */
    bool          derived;  /* the engine filled the key in */
    vd_str        rule;     /* what decided when it was no plain comparison: "missing-key", "unparsable",
                             * "multivalued", "unresolved-variable", "malformed-value", "empty-values"; else empty */
    vd_str        variable; /* the one without a value */
    vd_str        nearest;  /* the pattern closest to the request */
    uint32_t      differs_at; /* code point of nearest where the request differs, from 0; UINT32_MAX: none */
    vd_str        remark;   /* one sentence when something special is worth saying (E209, E815); else empty */
} vd_element_trace;

typedef struct vd_statement_trace {
    size_t   size;
    vd_layer layer;
    uint32_t level;
    uint32_t policy, index;
    vd_str   policy_name, sid;
    vd_pos   at;
    bool     deny, applied, malformed;
    vd_str   fault;         /* malformed: what is wrong */
    uint32_t failing;       /* failing elements, conditions one by one */
    vd_str   kinds;         /* how the principal matched (E416): "ACCOUNT", "ROLE SESSION" */
    const vd_element_trace *const *elements; /* Principal, Action, Resource, Condition entries */
    size_t   element_count;
} vd_statement_trace;

enum {
    VD_LAYER_NOT_SUPPLIED = 0,
    VD_LAYER_IGNORED = 1, /* supplied, does not apply to this check: remark says why */
    VD_LAYER_ALLOWS = 2,
    VD_LAYER_DENIES = 3,
    VD_LAYER_SILENT = 4,
    VD_LAYER_FULL = 5,    /* an implicit allow of everything: the root user */
    VD_LAYER_BROKEN = 6   /* ERROR: a malformed Deny, an empty level */
};

/* One layer, or one level of an SCP or RCP. */
typedef struct vd_layer_trace {
    size_t   size;
    vd_layer layer;
    uint32_t level;
    vd_str   target;
    int32_t  result;
    bool     needed;        /* its Allow was needed for an allow (E811) */
    vd_str   remark;
    const vd_statement_trace *const *statements;
    size_t   statement_count;
} vd_layer_trace;

/* One thing that stands against an allow, in the order of E810; of an allow: the statements it rests on. */
typedef struct vd_reason {
    size_t      size;
    int32_t     outcome;
    vd_layer    layer;
    uint32_t    level;
    vd_str      target;
    vd_category category;
    vd_str      text;       /* AWS's words (E802, E804), or ours */
    bool        one_of;     /* this or the next would do */
    const vd_statement_trace *statement; /* NULL: none */
} vd_reason;

enum { VD_CHANGE_REQUEST = 0, VD_CHANGE_EDIT = 1 };

typedef struct vd_change {
    size_t   size;
    int32_t  kind;
    vd_str   text;          /* "Add \"s3:GetObject\" to Statement[2].Action of dev.json", "sign in with MFA" */
    uint32_t policy;        /* an edit: of which document; UINT32_MAX: a new one */
    vd_str   policy_name;
    vd_layer layer;
    vd_pos   at;            /* where the edit goes */
    vd_str   patch;         /* RFC 6902 operations on the document, JSON */
} vd_change;

/* A set of changes that, together, lead to an allow; proved by evaluating the changed copy (E817). */
typedef struct vd_proposal {
    size_t size;
    bool   weakens_guardrail;
    const vd_change *const *changes;
    size_t change_count;
} vd_proposal;

typedef struct vd_check_trace {
    size_t      size;
    vd_decision decision;
    vd_str      action, resource, resource_account, principal, principal_kind;
    bool        same_account;
    const vd_layer_trace *const *layers; /* in evaluation order (E810) */
    size_t      layer_count;
    const vd_reason *const *reasons;
    size_t      reason_count;
    const vd_statement_trace *near_miss; /* E816; NULL: none */
    const vd_str *missing_keys;
    size_t      missing_key_count;
    const vd_str *notes; /* E812: "assumed-role-path", with what it means behind a colon */
    size_t      note_count;
} vd_check_trace;

typedef struct vd_explained {
    size_t      size;
    vd_code     code;       /* VD_OK, or the ERROR of the rules: VD_EREQUEST, VD_EMALFORMED */
    vd_str      error;      /* what it was */
    vd_pos      error_at;
    vd_decision decision;   /* of the whole call */
    vd_str      message;    /* as AWS would print the denial (E801); empty for an allow */
    vd_str      reason;
    const vd_check_trace *const *checks; /* failing ones first */
    size_t      check_count;
    vd_str      guardrail;  /* a guard-rail decided: which, and who can change it (E818) */
    const vd_proposal *const *to_allow;
    size_t      to_allow_count;
    const vd_str *missing_keys;
    size_t      missing_key_count;
} vd_explained;

typedef struct vd_explain_opts {
    size_t size;
    bool   no_proposals; /* leave to_allow empty: much faster */
    bool   no_trace;     /* only the decision and the reasons: for comparing the two evaluators */
} vd_explain_opts;

/* The set must carry its sources.  The request and the set must outlive the explanation. */
VD_API vd_code vd_explain(vd_explanation **out, const vd_set *set, const vd_request *request,
                          const vd_explain_opts *opts, vd_error *err);
VD_API void    vd_explanation_free(vd_explanation *explanation);
VD_API const vd_explained *vd_explanation_get(const vd_explanation *explanation);

#ifdef __cplusplus
}
#endif
#endif
