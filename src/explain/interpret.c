/* SPDX-License-Identifier: Apache-2.0
 *
 * E720, step by step.  Every statement of every layer that bears on the check is read to its end first, so that what
 * follows only has to look at the results, in the order of E810.
 */
#include "explain/interpret.h"

#include "base/str.h"

#include <stdlib.h>

const vd_layer vd_layer_order[VD_LAYER_COUNT] = {
    VD_LAYER_SCP,          VD_LAYER_RCP,      VD_LAYER_ENDPOINT, VD_LAYER_RESOURCE,
    VD_LAYER_ACCESS_POINT, VD_LAYER_IDENTITY, VD_LAYER_BOUNDARY, VD_LAYER_SESSION,
};

enum {
    STRONG = VD_MATCH_USER | VD_MATCH_SESSION | VD_MATCH_FEDSESSION | VD_MATCH_ANY | VD_MATCH_SERVICE |
             VD_MATCH_IDP | VD_MATCH_ROOT,
    WEAK = VD_MATCH_ROLE | VD_MATCH_PARENT,
    EVERY = (1u << VD_MATCH_COUNT) - 1
};

enum { OTHERS = 8 }; /* reasons for an implicit deny besides silent levels of SCPs: one of each at most */

/* ------------------------------------------------------------------ statements */

static void match_actions(vd_inquiry *q, vd_statement_result *r)
{
    const vd_list *list = &r->statement->action;
    bool           found = false;

    for (uint32_t i = 0; i < list->texts.count; i++)
        found = found || vd_action_matches(q, list->texts.at[i].text);
    r->action = list->present && found != list->negated; /* E208 */
}

static void match_resources(vd_inquiry *q, vd_statement_result *r)
{
    const vd_list *list = &r->statement->resource;
    bool           found = false;

    for (uint32_t i = 0; i < list->texts.count; i++)
        found = found || vd_resource_matches(q, r->policy, list->texts.at[i].text).matches;
    r->resource = !list->present || found != list->negated; /* E301 */
}

static void match_conditions(vd_inquiry *q, vd_statement_result *r)
{
    const vd_statement *s = r->statement;

    r->condition = true;
    r->entries = vd_inquiry_alloc(q, s->entry_count, sizeof *r->entries);
    if (!r->entries)
        return;
    for (uint32_t i = 0; i < s->entry_count; i++) {
        r->entries[i] = vd_condition_entry(q, r->policy, &s->entries[i]);
        r->condition = r->condition && r->entries[i].holds; /* E501 */
        r->failing += !r->entries[i].holds;
    }
}

static void match_statement(vd_inquiry *q, vd_statement_result *r)
{
    r->malformed = r->statement->malformed;
    if (r->malformed) /* E009: an Allow matches nothing, a Deny is found by first_malformed */
        return;
    r->principal = vd_principal_matches(q, r->layer, r->statement, &r->kinds);
    match_actions(q, r);
    match_resources(q, r);
    match_conditions(q, r);
    r->failing += (uint32_t)!r->principal + !r->action + !r->resource;
    r->applied = r->principal && r->action && r->resource && r->condition; /* E006 */
}

/* ------------------------------------------------------------------ layers */

typedef struct vd_ranked {
    const vd_policy *policy;
    uint32_t         id, order;
} vd_ranked;

static int by_name_then_order(const void *a, const void *b)
{
    const vd_ranked *x = a, *y = b;
    int              c = vd_str_cmp(x->policy->name, y->policy->name);

    if (c)
        return c;
    return x->id != y->id ? (x->id > y->id) - (x->id < y->id) : (x->order > y->order) - (x->order < y->order);
}

static const vd_ranked *rank(vd_inquiry *q, const vd_world_level *w)
{
    vd_ranked *at = vd_inquiry_alloc(q, w->count, sizeof *at);

    for (uint32_t i = 0; at && i < w->count; i++)
        at[i] = (vd_ranked){ w->policies[i], w->ids ? w->ids[i] : i, i };
    if (at && w->count > 1)
        qsort(at, w->count, sizeof *at, by_name_then_order);
    return at;
}

static void read_level(vd_inquiry *q, vd_layer layer, uint32_t level, const vd_world_level *w,
                       vd_level_result *out)
{
    const vd_ranked *ranked = rank(q, w);
    uint32_t         total = 0;

    out->target = w->target;
    out->documents = w->count;
    for (uint32_t i = 0; ranked && i < w->count; i++)
        total += w->policies[i]->statement_count;
    out->at = vd_inquiry_alloc(q, total, sizeof *out->at);
    if (!ranked || !out->at)
        return;
    for (uint32_t i = 0; i < w->count; i++)
        for (uint32_t j = 0; j < ranked[i].policy->statement_count; j++) {
            vd_statement_result *r = &out->at[out->count++];

            *r = (vd_statement_result){ .policy = ranked[i].policy,
                                        .statement = &ranked[i].policy->statements[j],
                                        .layer = layer,
                                        .level = level,
                                        .id = ranked[i].id };
            match_statement(q, r);
            if (r->applied && r->statement->effect == VD_EFFECT_DENY)
                out->denies = true;
            else if (r->applied)
                out->allows = true;
        }
}

static bool is_deny(const vd_statement_result *r)
{
    return r->statement->effect == VD_EFFECT_DENY;
}

/* E706, E709, E719 besides E701. */
static bool is_consulted(const vd_inquiry *q, vd_layer layer)
{
    if (!vd_facts_layer_applies(q->facts, layer))
        return false;
    if (layer == VD_LAYER_RCP)
        return q->world->rcp_service(q->world->ctx, q->facts->service);
    if (layer == VD_LAYER_RESOURCE || layer == VD_LAYER_ACCESS_POINT)
        return q->facts->resource_layer_counts;
    return true;
}

static void read_layer(vd_check_result *c, vd_layer layer)
{
    vd_inquiry           *q = &c->inquiry;
    const vd_world_layer *w = &q->world->layer[layer];
    vd_layer_result      *out = &c->layer[layer];

    out->supplied = w->count > 0;
    out->consulted = out->supplied && is_consulted(q, layer);
    if (!out->consulted)
        return;
    out->levels = vd_inquiry_alloc(q, w->count, sizeof *out->levels);
    if (!out->levels)
        return;
    out->level_count = w->count;
    out->allows = true;
    for (uint32_t i = 0; i < w->count; i++) {
        vd_level_result *l = &out->levels[i];

        read_level(q, layer, i, &w->levels[i], l);
        out->denies = out->denies || l->denies;
        out->allows = out->allows && l->allows; /* E705: every level */
        for (uint32_t j = 0; j < l->count; j++)
            if (l->at[j].applied && !is_deny(&l->at[j]))
                out->kinds |= l->at[j].kinds;
    }
}

/* ------------------------------------------------------------------ ERROR and explicit denies */

static vd_code broken(vd_check_result *c, vd_layer layer, uint32_t level, vd_category category)
{
    c->code = VD_EMALFORMED;
    c->decision.outcome = VD_IMPLICIT_DENY;
    c->decision.layer = layer;
    c->decision.level = level;
    c->decision.category = category;
    c->decision.trust = layer == VD_LAYER_RESOURCE && c->facts.class_of == VD_CLASS_TRUST;
    return VD_EMALFORMED;
}

static vd_code find_empty_level(vd_check_result *c, vd_layer layer) /* E706 */
{
    const vd_layer_result *l = &c->layer[layer];

    for (uint32_t i = 0; i < l->level_count; i++)
        if (!l->levels[i].documents) {
            vd_fail(&c->error, VD_EMALFORMED, "level %u \"" VD_F "\" has no policy", i,
                    VD_A(l->levels[i].target));
            return broken(c, layer, i, VD_CATEGORY_EMPTY_LEVEL);
        }
    return VD_OK;
}

static vd_code find_malformed_deny(vd_check_result *c, vd_layer layer) /* E009 */
{
    const vd_layer_result *l = &c->layer[layer];

    for (uint32_t i = 0; i < l->level_count; i++)
        for (uint32_t j = 0; j < l->levels[i].count; j++) {
            const vd_statement_result *r = &l->levels[i].at[j];

            if (!r->malformed || !is_deny(r))
                continue;
            vd_fail_at(&c->error, VD_EMALFORMED, vd_policy_pos(r->policy, r->statement->fault_span),
                       "Statement[%u] of " VD_F " is a Deny that cannot be evaluated: " VD_F,
                       r->statement->index, VD_A(vd_policy_name(r->policy)), VD_A(r->statement->fault));
            c->decision.policy = r->id;
            c->decision.statement = r->statement->index;
            return broken(c, layer, i, VD_CATEGORY_MALFORMED_STATEMENT);
        }
    return VD_OK;
}

static vd_code find_broken(vd_check_result *c)
{
    for (size_t i = 0; i < VD_LAYER_COUNT; i++) {
        VD_TRY(find_empty_level(c, vd_layer_order[i]));
        VD_TRY(find_malformed_deny(c, vd_layer_order[i]));
    }
    return VD_OK;
}

static const vd_statement_result *first_deny(const vd_layer_result *l)
{
    for (uint32_t i = 0; i < l->level_count; i++)
        for (uint32_t j = 0; j < l->levels[i].count; j++)
            if (l->levels[i].at[j].applied && is_deny(&l->levels[i].at[j]))
                return &l->levels[i].at[j];
    return NULL;
}

static void decide(vd_check_result *c, int32_t outcome, vd_layer layer, const vd_statement_result *r)
{
    c->decision.outcome = outcome;
    c->decision.layer = layer;
    c->decision.policy = r ? r->id : VD_NONE;
    c->decision.statement = r ? r->statement->index : VD_NONE;
    c->decision.level = r ? r->level : 0;
    c->decision.trust = layer == VD_LAYER_RESOURCE && c->facts.class_of == VD_CLASS_TRUST;
}

static bool denied(vd_check_result *c) /* E704 */
{
    for (size_t i = 0; i < VD_LAYER_COUNT; i++) {
        vd_layer                   layer = vd_layer_order[i];
        const vd_statement_result *r = first_deny(&c->layer[layer]);

        if (!r || (layer == VD_LAYER_RESOURCE && vd_facts_bucket_denies_ignored(&c->facts))) /* E754 */
            continue;
        decide(c, VD_EXPLICIT_DENY, layer, r);
        return true;
    }
    return false;
}

/* ------------------------------------------------------------------ implicit denies (E810.3, E811) */

static void against(vd_check_result *c, vd_layer layer, vd_category category, uint32_t level)
{
    c->implicit[c->implicit_count++] = (vd_finding){
        .outcome = VD_IMPLICIT_DENY, .layer = layer, .category = category, .level = level
    };
}

static bool resource_is_public(const vd_check_result *c)
{
    const vd_layer_result *l = &c->layer[VD_LAYER_RESOURCE];
    const vd_world_layer  *w = &c->inquiry.world->layer[VD_LAYER_RESOURCE];

    for (uint32_t i = 0; l->consulted && i < w->count; i++)
        for (uint32_t j = 0; j < w->levels[i].count; j++)
            if (vd_policy_is_public(w->levels[i].policies[j]))
                return true;
    return false;
}

/* What stands before the granting layers. */
static void guard_rails(vd_check_result *c)
{
    const vd_layer_result *scp = &c->layer[VD_LAYER_SCP], *endpoint = &c->layer[VD_LAYER_ENDPOINT];

    c->needed[VD_LAYER_SCP] = scp->consulted;
    c->needed[VD_LAYER_ENDPOINT] = endpoint->consulted;
    if (c->facts.aws_managed) /* E318 */
        against(c, VD_LAYER_NONE, VD_CATEGORY_AWS_MANAGED, 0);
    for (uint32_t i = 0; i < scp->level_count; i++)
        if (!scp->levels[i].allows) /* E705 */
            against(c, VD_LAYER_SCP, VD_CATEGORY_NONE, i);
    if (endpoint->consulted && !endpoint->allows) /* E711 */
        against(c, VD_LAYER_ENDPOINT, VD_CATEGORY_NONE, 0);
    if (vd_facts_public_acl_refused(&c->facts, vd_context_lookup, &c->inquiry) ||
        (vd_facts_restrict_public_cuts(&c->facts) && resource_is_public(c))) /* E755, E757 */
        against(c, VD_LAYER_NONE, VD_CATEGORY_S3_BLOCK_PUBLIC_ACCESS, 0);
}

/* E733, E752, E753, E759. */
static void collect_grants(vd_check_result *c)
{
    const vd_layer_result *point = &c->layer[VD_LAYER_ACCESS_POINT];

    c->state = vd_facts_state_grants(&c->facts, vd_context_lookup, &c->inquiry);
    c->granted = c->state;
    if (vd_facts_bucket_allows_count(&c->facts))
        c->granted |= c->layer[VD_LAYER_RESOURCE].kinds;
    if (point->consulted && !point->kinds)
        c->granted = 0;
}

static bool has_own_side(const vd_facts *f)
{
    return f->kind != VD_WHO_SERVICE && f->kind != VD_WHO_ANONYMOUS && f->kind != VD_WHO_IDP;
}

static void weigh(vd_check_result *c)
{
    const vd_layer_result *boundary = &c->layer[VD_LAYER_BOUNDARY], *session = &c->layer[VD_LAYER_SESSION];
    uint32_t               g = c->granted;
    bool                   trust = c->facts.class_of == VD_CLASS_TRUST;

    c->identity_full = c->facts.kind == VD_WHO_ROOT ||
                       (c->facts.kind == VD_WHO_FEDERATED_USER && c->facts.parent_is_root); /* E717 */
    c->identity_ok = c->identity_full || c->layer[VD_LAYER_IDENTITY].allows;
    c->boundary_ok = !boundary->consulted || boundary->allows;
    c->session_ok = session->consulted ? session->allows : c->facts.kind != VD_WHO_FEDERATED_USER;
    if (!has_own_side(&c->facts)) {
        c->strong = (g & (c->facts.kind == VD_WHO_SERVICE ? VD_MATCH_SERVICE | VD_MATCH_ANY
                          : c->facts.kind == VD_WHO_IDP   ? VD_MATCH_IDP | VD_MATCH_ANY
                                                          : VD_MATCH_ANY)) != 0; /* E736, E737, E745 */
        return;
    }
    c->own = c->identity_ok && c->boundary_ok && c->session_ok;
    c->strong = (g & (VD_MATCH_USER | VD_MATCH_SESSION | VD_MATCH_FEDSESSION | VD_MATCH_ANY)) ||
                ((g & VD_MATCH_ROOT) && c->session_ok);
    c->weak = (g & WEAK) && c->boundary_ok && c->session_ok;
    if (trust) { /* E744 */
        c->strong = c->strong && c->boundary_ok && c->session_ok;
        c->weak = c->weak && c->boundary_ok && c->session_ok;
    }
}

static bool is_allowed(const vd_check_result *c)
{
    if (!has_own_side(&c->facts))
        return c->strong;
    if (!c->facts.same_account) /* E714 */
        return c->own && c->granted;
    if (c->facts.class_of == VD_CLASS_DEFAULT) /* E712 */
        return c->own || c->strong || c->weak;
    return c->strong || c->weak || (c->own && (c->granted & VD_MATCH_ACCOUNT)); /* E718 */
}

static void against_boundary(vd_check_result *c)
{
    c->needed[VD_LAYER_BOUNDARY] = c->layer[VD_LAYER_BOUNDARY].consulted;
    if (!c->boundary_ok)
        against(c, VD_LAYER_BOUNDARY, VD_CATEGORY_NONE, 0);
}

static void against_session(vd_check_result *c)
{
    bool none = !c->layer[VD_LAYER_SESSION].consulted;

    c->needed[VD_LAYER_SESSION] = !none;
    if (!c->session_ok)
        against(c, VD_LAYER_SESSION, none ? VD_CATEGORY_FEDERATED_NO_SESSION_POLICY : VD_CATEGORY_NONE, 0);
}

/* The resource layer when it is what is missing, with the word of E812 where there is one. */
static void against_resource(vd_check_result *c)
{
    bool        none = !c->layer[VD_LAYER_RESOURCE].consulted && !c->granted;
    vd_category category = VD_CATEGORY_NONE;

    c->needed[VD_LAYER_RESOURCE] = true;
    c->needed[VD_LAYER_ACCESS_POINT] = c->layer[VD_LAYER_ACCESS_POINT].consulted;
    if (has_own_side(&c->facts) && c->identity_ok && !c->facts.same_account)
        category = VD_CATEGORY_CROSS_ACCOUNT_NO_GRANT;
    else if (has_own_side(&c->facts) && c->identity_ok && c->facts.class_of != VD_CLASS_DEFAULT)
        category = VD_CATEGORY_KEY_POLICY_DOES_NOT_DELEGATE;
    if (none && c->facts.class_of == VD_CLASS_TRUST) /* E741 */
        against(c, VD_LAYER_NONE, VD_CATEGORY_TRUST_MISSING, 0);
    else if (none && c->facts.class_of == VD_CLASS_KMS) /* E731 */
        against(c, VD_LAYER_NONE, VD_CATEGORY_KEY_POLICY_MISSING, 0);
    else
        against(c, VD_LAYER_RESOURCE, category, 0);
}

static void against_identity(vd_check_result *c)
{
    c->needed[VD_LAYER_IDENTITY] = true;
    if (!c->identity_ok)
        against(c, VD_LAYER_IDENTITY, VD_CATEGORY_NONE, 0);
}

/* E811: the silent ones among those whose Allow was needed. */
static void silent_layers(vd_check_result *c)
{
    const vd_facts *f = &c->facts;
    bool            direct = (c->granted & (STRONG | WEAK)) != 0; /* cut by boundary or session */
    bool missing = !c->layer[VD_LAYER_RESOURCE].consulted && !c->granted && f->class_of != VD_CLASS_DEFAULT;

    if (!has_own_side(f) || (missing && f->same_account)) {
        against_resource(c);
        return;
    }
    if (!f->same_account) {
        against_identity(c);
        if (!c->granted)
            against_resource(c);
    } else if (direct) {
        c->needed[VD_LAYER_RESOURCE] = true;
    } else if (f->class_of == VD_CLASS_DEFAULT) {
        against_identity(c);
        if (!c->identity_ok) {
            c->implicit[c->implicit_count - 1].one_of = true;
            against_resource(c);
        }
    } else if (!c->granted) {
        against_resource(c);
        return;
    } else {
        c->needed[VD_LAYER_RESOURCE] = true;
        against_identity(c);
    }
    against_boundary(c);
    against_session(c);
}

/* ------------------------------------------------------------------ what an allow rests on */

static const vd_statement_result *first_allow(const vd_layer_result *l, uint32_t kinds)
{
    for (uint32_t i = 0; i < l->level_count; i++)
        for (uint32_t j = 0; j < l->levels[i].count; j++) {
            const vd_statement_result *r = &l->levels[i].at[j];

            if (r->applied && !is_deny(r) && (!kinds || (r->kinds & kinds)))
                return r;
        }
    return NULL;
}

static void allow_by_resource(vd_check_result *c, uint32_t kinds)
{
    bool counts = vd_facts_bucket_allows_count(&c->facts);

    decide(c, VD_ALLOW, VD_LAYER_RESOURCE, counts ? first_allow(&c->layer[VD_LAYER_RESOURCE], kinds) : NULL);
}

/* Whose Allow an allow rests on; also told when something else denies. */
static void mark_needed(vd_check_result *c)
{
    bool own_side = has_own_side(&c->facts);

    c->needed[VD_LAYER_ACCESS_POINT] = c->layer[VD_LAYER_ACCESS_POINT].consulted && c->granted;
    if (own_side && c->own &&
        (!c->facts.same_account || c->facts.class_of == VD_CLASS_DEFAULT || !(c->strong || c->weak))) {
        c->needed[VD_LAYER_IDENTITY] = true;
        c->needed[VD_LAYER_BOUNDARY] = c->layer[VD_LAYER_BOUNDARY].consulted;
        c->needed[VD_LAYER_SESSION] = c->layer[VD_LAYER_SESSION].consulted;
    }
    c->needed[VD_LAYER_RESOURCE] = !(own_side && c->own && c->facts.same_account &&
                                     c->facts.class_of == VD_CLASS_DEFAULT);
}

static void allow(vd_check_result *c)
{
    bool own_side = has_own_side(&c->facts);

    if (own_side && !c->facts.same_account)
        allow_by_resource(c, EVERY);
    else if (own_side && c->own && c->facts.class_of == VD_CLASS_DEFAULT)
        decide(c, VD_ALLOW, VD_LAYER_IDENTITY,
               c->identity_full ? NULL : first_allow(&c->layer[VD_LAYER_IDENTITY], 0));
    else
        allow_by_resource(c, c->strong ? STRONG & ~(c->session_ok ? 0u : (uint32_t)VD_MATCH_ROOT)
                             : c->weak ? WEAK
                                       : VD_MATCH_ACCOUNT);
}

/* ------------------------------------------------------------------ one check, all checks */

static void start(vd_check_result *out, uint32_t check)
{
    memset(out, 0, sizeof *out);
    out->decision = (vd_decision){ .size = sizeof(vd_decision),
                                   .outcome = VD_IMPLICIT_DENY,
                                   .layer = VD_LAYER_NONE,
                                   .policy = VD_NONE,
                                   .statement = VD_NONE,
                                   .check = check };
}

void vd_interpret_refused(vd_check_result *out, uint32_t check, const vd_error *err)
{
    start(out, check);
    out->code = VD_EREQUEST;
    out->error = *err;
}

static vd_code refuse_context(vd_check_result *c) /* E507 */
{
    vd_str key = vd_context_fault(&c->inquiry);

    if (!key.n)
        return VD_OK;
    c->code = vd_fail(&c->error, VD_EREQUEST, "context key \"" VD_F "\" takes one value, found several",
                      VD_A(key));
    return c->code;
}

static void answer(vd_check_result *c)
{
    if (refuse_context(c) != VD_OK)
        return;
    if (c->facts.decided) { /* E703 */
        c->decided_before = true;
        for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++)
            c->layer[layer].supplied = c->inquiry.world->layer[layer].count > 0;
        c->decision.outcome = c->facts.outcome;
        c->decision.category = c->facts.category;
        return;
    }
    for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++)
        read_layer(c, layer);
    if (c->inquiry.nomem || find_broken(c) != VD_OK)
        return;
    c->implicit = vd_inquiry_alloc(&c->inquiry, (size_t)c->layer[VD_LAYER_SCP].level_count + OTHERS,
                                   sizeof *c->implicit);
    if (!c->implicit)
        return;
    collect_grants(c);
    weigh(c);
    guard_rails(c);
    if (is_allowed(c))
        mark_needed(c);
    else
        silent_layers(c);
    if (denied(c))
        return;
    if (!c->implicit_count) {
        allow(c);
        return;
    }
    decide(c, VD_IMPLICIT_DENY, c->implicit[0].layer, NULL);
    c->decision.category = c->implicit[0].category;
    c->decision.level = c->implicit[0].level;
}

vd_code vd_interpret(vd_check_result *out, vd_arena *arena, const vd_world *world, const vd_facts *facts)
{
    start(out, facts->check);
    out->facts = *facts;
    out->inquiry = (vd_inquiry){
        .world = world, .facts = &out->facts, .request = facts->request, .arena = arena
    };
    out->inquiry.gateway = vd_str_eq(facts->request->field[VD_ENDPOINT_TYPE], VD_S("gateway"));
    out->inquiry.has_boundary = world->layer[VD_LAYER_BOUNDARY].count &&
                                vd_facts_layer_applies(facts, VD_LAYER_BOUNDARY);
    answer(out);
    return out->inquiry.nomem ? VD_ENOMEM : VD_OK;
}

static int weight(const vd_check_result *c)
{
    if (c->code != VD_OK)
        return 0;
    return c->decision.outcome == VD_EXPLICIT_DENY ? 1 : c->decision.outcome == VD_IMPLICIT_DENY ? 2 : 3;
}

uint32_t vd_interpret_overall(const vd_check_result *checks, uint32_t count)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < count; i++)
        if (weight(&checks[i]) < weight(&checks[best]))
            best = i;
    return best;
}
