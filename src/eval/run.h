/* SPDX-License-Identifier: Apache-2.0
 *
 * The state of one evaluation: the caller's scratch, laid out.  bind.c fills it, test.c answers condition tests, run.c
 * walks trees, layers.c combines what the layers say, call.c what the checks of a call do.
 */
#ifndef VERDICT_EVAL_RUN_H
#define VERDICT_EVAL_RUN_H

#include "eval/set_int.h"
#include "pattern/value.h"

#include <verdict/eval.h>

enum {
    VD_RUN_MEMO = 256,      /* condition tests that are remembered at most; a power of two */
    VD_RUN_ACTION = 256,    /* longest action name */
    VD_RUN_MISSING = 8
};

typedef struct vd_run {
    const vd_image      *m;
    const vd_request    *request;
    const vd_set        *set;
    vd_places            at;

    vd_facts  facts;
    bool      has_boundary; /* supplied and applies: E421 */
    bool      gateway;      /* E426: the endpoint policy of a gateway is asked */
    bool      trusting;     /* a trust policy is asked: the only place where a Federated entry matches (E413) */

    /* the action in lower case, and the hashes of its two parts */
    vd_str    action, service, name;
    uint32_t  service_hash, name_hash;

    /* context: for each key of the set the entry of the request + 1; entries equal without case are chained */
    uint16_t *slot, *chain;
    uint8_t  *derived_state; /* VD_DERIVE_COUNT: 0 not asked, 1 absent, 2 there */
    vd_str    derived[VD_DERIVE_COUNT];

    /* the last parsed values, by where their text is */
    const char *number_of, *date_of, *address_of;
    bool        number_ok, date_ok, address_ok;
    vd_number   number;
    vd_date     date;
    vd_cidr     address;

    uint32_t    memo_mask;
    uint32_t   *memo;        /* atom << 2 | 2 | result; 0: free */
    char       *expand;      /* room for an expanded template */
    size_t      expand_size;
    bool        want_missing;
    uint32_t    missing_count;
    vd_str      missing[VD_RUN_MISSING];

    char     folded[VD_RUN_ACTION];
    char     derived_text[VD_DERIVE_COUNT][VD_DERIVE_TEXT];
} vd_run;

/* What vd_run_start wants to know of a set, and how large its scratch has to be. */
void    vd_run_prepare(vd_set *set);
vd_run *vd_run_start(void *scratch, const vd_set *set, const vd_request *request);

/* Facts, action and context of one check.  VD_EREQUEST with err filled (may be NULL). */
vd_code vd_run_bind(vd_run *r, uint32_t check, vd_error *err);

/* Values of a key (id) for this check, derived ones included; NULL: absent.  spelling decides between keys equal
 * without case (E504). */
const vd_str *vd_run_values(vd_run *r, uint32_t key, vd_itext spelling, uint32_t *count);

bool vd_run_atom(vd_run *r, uint32_t atom);
bool vd_run_condition(vd_run *r, uint32_t cond);
bool vd_run_resource(vd_run *r, uint32_t res);

/* Kinds (E416) by which an entry of a Principal element names the caller. */
uint32_t vd_run_principal(const vd_run *r, const vd_iprincipal *p);

/* A tree with what is the same for both effects.  To find it takes five loads that depend on each other; those of
 * several trees are independent, so all trees go through each step together and their cache misses overlap. */
typedef struct vd_spot {
    const vd_itree    *tree;
    const vd_iservice *service; /* NULL: none */
    const vd_iname    *name;
} vd_spot;
void vd_run_locate(const vd_run *r, vd_spot *const *spots, uint32_t count); /* whose tree is set */

/* The first statement of the effect (0 Allow, 1 Deny) that applies, or VD_NONE.  principals: test Principal. */
uint32_t vd_run_first(vd_run *r, const vd_spot *spot, uint32_t effect, bool principals);

/* All kinds by which Allow statements grant, and for each kind its first statement. */
typedef struct vd_grants {
    uint32_t kinds;
    uint32_t first[VD_MATCH_COUNT];
} vd_grants;
void vd_run_grants(vd_grants *out, vd_run *r, const vd_spot *spot);

/* E819: keys whose absence keeps statements of the effect from (Allow) or makes them (Deny) apply. */
void vd_run_missing(vd_run *r, const vd_spot *spot, uint32_t effect, bool principals);

/* What all layers say of the check that is bound; *out is an implicit deny by nobody. */
vd_code vd_run_decide(vd_decision *out, vd_run *r);

#endif
