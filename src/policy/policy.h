/* SPDX-License-Identifier: Apache-2.0
 *
 * The policy as a model: what the document says, element by element, with the span of every key and value.  It is
 * read once and never changed.  Faults of a statement are kept with it (E009): the evaluators decide what they mean.
 */
#ifndef VERDICT_POLICY_POLICY_H
#define VERDICT_POLICY_POLICY_H

#include "base/buf.h"
#include "operator/operator.h"
#include "text/doc.h"

#include <verdict/policy.h>

typedef enum vd_effect { VD_EFFECT_ALLOW, VD_EFFECT_DENY } vd_effect;

/* One string of a list, decoded, with the span of its token (quotes included). */
typedef struct vd_text {
    vd_str  text;
    vd_span span;
} vd_text;

typedef struct vd_texts {
    vd_text *at;
    uint32_t count, cap;
} vd_texts;

/* Action, NotAction, Resource, NotResource.  Absent: present is false. */
typedef struct vd_list {
    bool     present;
    bool     negated; /* Not... */
    vd_span  key;     /* the member's name */
    vd_span  value;   /* the whole value */
    vd_texts texts;   /* nulls of a Resource array are left out (E112) */
} vd_list;

typedef enum vd_principal_type {
    VD_PRINCIPAL_AWS,
    VD_PRINCIPAL_SERVICE,
    VD_PRINCIPAL_FEDERATED,
    VD_PRINCIPAL_CANONICAL_USER,
    VD_PRINCIPAL_STAR /* the string "*" */
} vd_principal_type;

typedef struct vd_principal_entry {
    uint8_t type; /* vd_principal_type */
    vd_text text;
} vd_principal_entry;

typedef struct vd_principals {
    bool                present;
    bool                misplaced; /* in a kind of document without principals: ignored (E009), present is false */
    bool                negated;
    vd_span             key, value;
    vd_principal_entry *at;
    uint32_t            count, cap;
} vd_principals;

/* One (operator, context key) pair with its values. */
typedef struct vd_entry {
    vd_operator_use op; /* op.op is NULL in a malformed statement with an unknown operator */
    vd_text         operator_name;
    vd_span         block; /* the object of keys behind it */
    vd_text         key;
    vd_span         value; /* the value or the whole array */
    vd_texts        values; /* booleans and numbers as text (E115) */
} vd_entry;

typedef struct vd_statement {
    uint32_t      index;
    vd_span       span;
    bool          has_sid;
    vd_text       sid;
    uint8_t       effect; /* vd_effect */
    vd_span       effect_span;
    vd_list       action, resource;
    vd_principals principal;
    bool          has_condition;
    vd_span       condition;
    vd_entry     *entries;
    uint32_t      entry_count, entry_cap;

    /* E009: a malformed Allow matches nothing, a malformed Deny is an ERROR.  fault is "" for a good statement. */
    bool    malformed;
    vd_str  fault; /* what is wrong, as in the diagnostic */
    vd_span fault_span;
} vd_statement;

typedef enum vd_language { VD_LANGUAGE_NONE, VD_LANGUAGE_2008, VD_LANGUAGE_2012 } vd_language;

struct vd_policy {
    vd_count      refs;
    vd_engine    *engine;
    vd_arena      arena;
    vd_str        name;   /* what the caller called it */
    vd_source     source; /* its own copies, with what is needed to tell positions in the file */
    vd_str        json;   /* the document as JSON: source.text, unless that is YAML */
    vd_kind       kind;
    uint8_t       language; /* vd_language; variables exist only with VD_LANGUAGE_2012 (E550) */
    bool          has_id;
    vd_str        id;
    vd_statement *statements;
    uint32_t      statement_count, statement_cap;
};

/* The same from a node of a document (a policy inside a scenario, a template).  When the document is derived or part of
 * a larger one, positions are told in terms of its file.  text and doc are borrowed only during the call. */
vd_code vd_policy_read(vd_policy **out, const vd_engine *engine, vd_kind kind, vd_str name, const vd_doc *doc,
                       uint32_t node, vd_diags *notes, vd_error *err);

/* Told of each fault: rule is a vd_rule, the span is one of the policy's own text, hint may be empty. */
typedef struct vd_policy_sink {
    void (*fault)(void *user, uint8_t rule, int8_t severity, vd_span span, vd_str text, vd_str hint);
    void *user;
} vd_policy_sink;

/* For whoever judges documents instead of evaluating them: faults go to the sink, and an unusable document is handed out
 * as far as it could be read (*usable is false then).  Nothing is copied: name, doc and its source live as long as the
 * policy.  Fails only without memory or past a limit. */
vd_code vd_policy_read_leniently(vd_policy **out, const vd_engine *engine, vd_kind kind, vd_str name,
                                 const vd_doc *doc, uint32_t node, const vd_policy_sink *sink, bool *usable,
                                 vd_error *err);

/* Position of a span of this policy in the file the user edits. */
vd_pos vd_policy_pos(const vd_policy *p, vd_span span);

/* Is a Resource text usable in this kind of document (E309, E310)?  Else it is a fault of the statement. */
bool vd_policy_resource_usable(vd_kind kind, vd_str text);
/* E309 for a usable but short pattern: does it match anything in this kind of document? */
bool vd_policy_resource_completed(vd_kind kind, vd_str text);

/* Canonical JSON of the model: members in a fixed order, lists always as arrays, no white space.  A statement whose
 * shape the model cannot hold (E009: malformed) is copied as it was written. */
vd_code vd_policy_write(vd_buf *out, const vd_policy *p);

/* Every action is of sts: a trust policy, whatever it was called. */
bool vd_policy_looks_like_trust(const vd_policy *p);

/* E756: does the document make its resource public? */
bool vd_policy_is_public(const vd_policy *p);
/* The same, when what AWS does not say clearly (a pattern of aws:userid, whose endpoint it is) is taken not to narrow. */
bool vd_policy_may_be_public(const vd_policy *p);

#endif
