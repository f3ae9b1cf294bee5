/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of a statement held against one check, each by its own rule of evaluation.md and nothing else.  No index,
 * no cache of answers, no short cuts: these functions are what the decision trees are measured by.  Between the two
 * evaluators only facts, patterns, values and the policy model are common property.
 */
#ifndef VERDICT_EXPLAIN_RULES_H
#define VERDICT_EXPLAIN_RULES_H

#include "catalog/facts.h"
#include "policy/policy.h"
#include "request/facts.h"

#include <verdict/set.h>

/* The documents of one layer, or of one level of SCPs and RCPs. */
typedef struct vd_world_level {
    vd_str                  target;
    const vd_policy *const *policies; /* in the order supplied */
    const uint32_t         *ids;      /* what a decision calls them */
    uint32_t                count;
} vd_world_level;

typedef struct vd_world_layer {
    const vd_world_level *levels;
    uint32_t              count; /* 0: not supplied */
} vd_world_layer;

/* Everything that bears on one check besides the request. */
typedef struct vd_world {
    vd_world_layer layer[VD_LAYER_COUNT];
    vd_arity (*arity)(const void *ctx, vd_str key);         /* E507 */
    bool (*rcp_service)(const void *ctx, vd_str service);   /* E710 */
    vd_str (*bound_key)(const void *ctx, vd_key key);       /* the name of a key bound by id; empty: foreign */
    const void *ctx;
} vd_world;

/* One check under interpretation.  Memory comes from the arena; when there is none, nomem is set and whatever is
 * returned then is thrown away by the caller. */
typedef struct vd_inquiry {
    const vd_world   *world;
    const vd_facts   *facts;
    const vd_request *request;
    vd_arena         *arena;
    bool              has_boundary; /* supplied and applies (E421) */
    bool              gateway;      /* E426 */
    bool              nomem;
    vd_str            action;       /* in lower case, once somebody asked */
} vd_inquiry;

void *vd_inquiry_alloc(vd_inquiry *q, size_t count, size_t size); /* NULL: q->nomem is set */

/* ------------------------------------------------------------------ context (chapter 6) */

typedef struct vd_values {
    const vd_str *at;
    uint32_t      count;   /* 0: absent (E505, E010) */
    bool          derived; /* the engine filled it in */
} vd_values;

vd_values vd_context_values(vd_inquiry *q, vd_str key); /* E503, E504, E601 */
const vd_str *vd_context_lookup(void *inquiry, vd_str key, uint32_t *count); /* the same as a vd_lookup */
bool      vd_context_many(vd_inquiry *q, vd_str key, uint32_t count); /* E507: is it multivalued? */
/* The first key of the context with several values although it is single-valued; empty: none. */
vd_str vd_context_fault(vd_inquiry *q);

/* ------------------------------------------------------------------ texts with variables (5.4) */

typedef enum vd_expand {
    VD_EXPAND_OK,
    VD_EXPAND_UNRESOLVED, /* E555 */
    VD_EXPAND_BAD,        /* E552 */
    VD_EXPAND_SPOILT,     /* the substituted text cannot stand there (E535, not UTF-8) */
    VD_EXPAND_MALFORMED   /* not a value of its operator (E539) */
} vd_expand;

typedef enum vd_coding {
    VD_CODING_TEXT, /* no wildcards: the text itself */
    VD_CODING_LIKE, /* coded pattern, wildcards wide */
    VD_CODING_ARN   /* coded pattern, field by field (E534) */
} vd_coding;

/* variables: whether the document knows them (E550).  variable names the one without a value. */
vd_expand vd_expand_value(vd_inquiry *q, vd_str text, bool variables, vd_coding coding, vd_str *out, vd_str *variable);

/* The text for people: variables filled in, wildcards as written. */
vd_str vd_expand_shown(vd_inquiry *q, vd_str text);

/* ------------------------------------------------------------------ elements */

bool vd_action_matches(vd_inquiry *q, vd_str pattern); /* E202 */

typedef struct vd_resource_match {
    bool      matches;
    vd_expand expand;
    vd_str    variable;
} vd_resource_match;

vd_resource_match vd_resource_matches(vd_inquiry *q, const vd_policy *p, vd_str pattern); /* E301 to E314 */

uint32_t vd_principal_kinds(vd_inquiry *q, vd_layer layer, const vd_principal_entry *entry); /* E404 to E416 */
/* Does the Principal or NotPrincipal part match?  *kinds: all kinds of its matching entries. */
bool vd_principal_matches(vd_inquiry *q, vd_layer layer, const vd_statement *s, uint32_t *kinds);
bool vd_layer_has_principal(vd_layer layer);

typedef enum vd_entry_rule { /* what decided an entry when it was no plain comparison (E814) */
    VD_RULE_COMPARED,
    VD_RULE_MISSING_KEY,
    VD_RULE_UNPARSABLE,
    VD_RULE_MULTIVALUED,
    VD_RULE_UNRESOLVED,
    VD_RULE_MALFORMED,
    VD_RULE_EMPTY_VALUES
} vd_entry_rule;

typedef struct vd_entry_result {
    bool          holds;
    vd_entry_rule rule;
    vd_values     values;
    vd_str        variable; /* unresolved */
} vd_entry_result;

vd_entry_result vd_condition_entry(vd_inquiry *q, const vd_policy *p, const vd_entry *e); /* E522 */

#endif
