/* SPDX-License-Identifier: Apache-2.0
 *
 * What other rooms may ask a set beyond the public header: which documents bear on a check.  Both evaluators find their
 * documents here; what they make of them they do apart.
 */
#ifndef VERDICT_EVAL_SET_H
#define VERDICT_EVAL_SET_H

#include "catalog/facts.h"
#include "policy/policy.h"
#include "request/facts.h"

#include <verdict/set.h>

/* The documents of one layer (and one level of SCPs and RCPs) for one check. */
typedef struct vd_bound {
    const uint32_t *policies; /* ids in the set, in the order supplied */
    uint32_t        count;    /* 0 for a level that exists without documents (E706) */
    vd_str          target;   /* name of the level, else empty */
} vd_bound;

/* Number of levels supplied for this check: 0 not supplied; 1 for layers without levels. */
uint32_t vd_set_levels(const vd_set *set, const vd_facts *f, vd_layer layer);
void     vd_set_bound(vd_bound *out, const vd_set *set, const vd_facts *f, vd_layer layer, uint32_t level);

/* The resources that have policies of their own by name, into out (room for most); how many there are. */
uint32_t vd_set_resources(const vd_set *set, vd_str *out, uint32_t most);
/* The same of principals.  A role is among them twice, for its sessions are found by another name. */
uint32_t vd_set_principals(const vd_set *set, vd_str *out, uint32_t most);
bool     vd_set_for_all(const vd_set *set);  /* the same policies bear on every request */
bool     vd_set_for_many(const vd_set *set); /* which policies bear on a resource depends on its name, or its account */

/* The text of a policy that was opened; there is none: VD_EINVAL with the words of `without`; damaged: VD_EFORMAT. */
vd_code vd_set_text(const vd_set *set, uint32_t policy, vd_str *out, const char *without, vd_error *err);

vd_engine       *vd_set_engine(const vd_set *set);
const vd_policy *vd_set_model(const vd_set *set, uint32_t policy); /* NULL: the set was opened, read its text */
vd_kind          vd_set_policy_kind(const vd_set *set, uint32_t policy);
vd_layer         vd_set_policy_layer(const vd_set *set, uint32_t policy);

/* Facts as the set was compiled with them. */
vd_arity vd_set_key_arity(const vd_set *set, vd_str key); /* of keys that its policies name; else VD_ARITY_UNKNOWN */
vd_str   vd_set_key_name(const vd_set *set, vd_key key); /* of a bound key; empty: it is of another set */
bool     vd_set_rcp_service(const vd_set *set, vd_str service);

#endif
