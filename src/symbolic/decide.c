/* SPDX-License-Identifier: Apache-2.0
 *
 * E703 to E720 for one kind of principal, one relation of accounts and one class of resource: which layers have to allow,
 * which may deny.  What is left of a decision then are choices of groups of statements, one of each must match.
 */
#include "symbolic/formula_int.h"
#include "symbolic/inside.h"

#include "base/str.h"
#include "catalog/facts.h"

#define WHO(k) (1u << (k))

enum {
    SIGNED = WHO(VD_ASKER_ROLE) | WHO(VD_ASKER_USER) | WHO(VD_ASKER_ROOT) | WHO(VD_ASKER_FEDERATED_USER) | WHO(VD_ASKER_CANONICAL),
    WITH_IDENTITY = SIGNED & ~WHO(VD_ASKER_ROOT),
    WITH_SESSION = WHO(VD_ASKER_ROLE) | WHO(VD_ASKER_FEDERATED_USER),
    PROVIDERS = WHO(VD_ASKER_WEB_IDENTITY) | WHO(VD_ASKER_SAML)
};

/* E713: kinds of match that grant whatever limits there are, and those that are limited; of each kind of principal. */
static const struct {
    uint32_t strong, weak, delegated;
} matches[VD_ASKER_COUNT] = {
    [VD_ASKER_ROLE] = { VD_MATCH_SESSION | VD_MATCH_ANY, VD_MATCH_ROLE, VD_MATCH_ACCOUNT },
    [VD_ASKER_USER] = { VD_MATCH_USER | VD_MATCH_ANY, 0, VD_MATCH_ACCOUNT },
    [VD_ASKER_ROOT] = { VD_MATCH_ROOT | VD_MATCH_ANY, 0, 0 },
    [VD_ASKER_CANONICAL] = { VD_MATCH_USER | VD_MATCH_ANY, 0, VD_MATCH_ACCOUNT },
    [VD_ASKER_FEDERATED_USER] = { VD_MATCH_FEDSESSION | VD_MATCH_ANY, VD_MATCH_PARENT, VD_MATCH_ACCOUNT },
};

static bool named(vd_str a, const char *b)
{
    return vd_str_ieq(a, vd_str_of(b));
}

/* ------------------------------------------------------------------ before any policy (E703, E740, E745, E748, E771) */

static bool provider_call(const vd_caller *c, uint8_t who)
{
    static const char *const session[] = { "TagSession", "SetSourceIdentity", "SetContext" };

    if (!named(c->service, "sts"))
        return false;
    for (size_t i = 0; i < VD_COUNT(session); i++)
        if (named(c->name, session[i]))
            return true;
    return named(c->name, who == VD_ASKER_SAML ? "AssumeRoleWithSAML" : "AssumeRoleWithWebIdentity");
}

static bool sts_possible(const vd_caller *c, const vd_case *k, bool *always)
{
    bool token = named(c->name, "GetSessionToken");

    if (named(c->name, "GetCallerIdentity") && !(WHO(k->who) & (WHO(VD_ASKER_ANONYMOUS) | PROVIDERS)))
        *always = true;
    if (token && (WHO(k->who) & (WHO(VD_ASKER_USER) | WHO(VD_ASKER_CANONICAL) | WHO(VD_ASKER_ROOT))))
        *always = true;
    if (*always)
        return true;
    if (k->who == VD_ASKER_ROOT && named(c->name, "AssumeRole"))
        return false;
    if (k->relation == VD_REL_OTHER && named(c->name, "AssumeRoot"))
        return false; /* counts as the same account (E749) */
    if ((WHO(k->who) & WITH_SESSION) && (token || named(c->name, "GetFederationToken")))
        return false;
    return k->who != VD_ASKER_FEDERATED_USER;
}

bool vd_case_possible(const vd_caller *c, const vd_case *k, bool *always)
{
    *always = false;
    if (k->who == VD_ASKER_ANONYMOUS && c->signed_only)
        return false;
    if ((WHO(k->who) & PROVIDERS) && !provider_call(c, k->who))
        return false;
    if (k->form == VD_FORM_STAR && k->relation == VD_REL_OTHER)
        return false;
    if (named(c->service, "sts"))
        return sts_possible(c, k, always);
    if (named(c->service, "iam")) {
        if (k->who == VD_ASKER_FEDERATED_USER)
            return false;
        /* Whoever has no account owns no role. */
        if (named(c->name, "PassRole") && (k->relation == VD_REL_OTHER || !(WHO(k->who) & SIGNED)))
            return k->form == VD_FORM_STAR;
    }
    return true;
}

/* ------------------------------------------------------------------ groups */

typedef struct maker {
    vd_caller     *c;
    vd_stack      *stack;
    const vd_case *k;
    vd_says       *out;
    vd_group       nobody; /* an empty group: it cannot match */
} maker;

static uint32_t variant(maker *m, vd_placed *p, uint32_t mask)
{
    for (size_t i = 0; mask && i < VD_COUNT(p->masks); i++) {
        if (p->masks[i] == 0) {
            p->variants[i] = vd_symbolic_variant(m->c->s, p->policy, p->index, &(vd_variant_of){ .principals = mask }, &m->c->nomem);
            p->masks[i] = mask;
        }
        if (p->masks[i] == mask)
            return p->variants[i];
    }
    return mask ? vd_symbolic_variant(m->c->s, p->policy, p->index, &(vd_variant_of){ .principals = mask }, &m->c->nomem) : p->box;
}

static void push(maker *m, vd_group *g, uint32_t box)
{
    if (box != VD_NONE && !VD_ARENA_PUSH(m->c->work, g->at, g->count, g->cap, box))
        m->c->nomem = true;
}

/* E753: an object that is another's than its bucket, in an action that is about objects. */
static bool is_foreign(const maker *m)
{
    return m->k->form == VD_FORM_OBJECT && m->stack->around.acl_objects && !named(m->c->name, "PutObject");
}

/* Does an Allow count here? */
static bool counts_here(const maker *m, const vd_placed *p)
{
    switch ((vd_setting)p->setting) {
    case VD_SETTING_NONE:
        return p->layer != VD_LAYER_RESOURCE || !is_foreign(m);
    case VD_SETTING_ACL:
        return (m->k->form == VD_FORM_BUCKET || m->k->form == VD_FORM_OBJECT) && (m->k->relation != VD_REL_SAME || is_foreign(m));
    case VD_SETTING_GRANT:
        return m->k->form == VD_FORM_KEY;
    default:
        return false;
    }
}

/* The Allows of a layer (of a level) that reach the action; mask 0: whatever entry of Principal matches. */
static vd_group *allows(maker *m, uint8_t layer, uint32_t level, uint32_t mask)
{
    vd_group *g = vd_arena_new(m->c->work, vd_group);

    if (!g) {
        m->c->nomem = true;
        return &m->nobody;
    }
    for (uint32_t i = 0; i < m->stack->live_count && !m->c->nomem; i++) {
        vd_placed *p = &m->stack->at[m->stack->live[i]];

        if (p->layer == layer && p->level == level && !p->deny && ((uint32_t)p->askers >> m->k->who & 1u) && counts_here(m, p))
            push(m, g, variant(m, p, mask));
    }
    return g;
}

/* NULL: the layer has no say. */
static const vd_group *limit(maker *m, uint8_t layer, uint32_t who)
{
    if (!m->stack->has[layer] || !(WHO(m->k->who) & who))
        return NULL;
    return allows(m, layer, 0, 0);
}

/* The groups of every choice, and those of this one; one that cannot match makes the choice impossible. */
static void choose(maker *m, const vd_choice *common, const vd_group *const *more, uint32_t count)
{
    vd_choice c = { 0 };

    for (uint32_t i = 0; i < common->count + count && !m->c->nomem; i++) {
        const vd_group *g = i < common->count ? common->at[i] : more[i - common->count];

        if (!g)
            continue;
        if (g->count == 0)
            return;
        if (!VD_ARENA_PUSH(m->c->work, c.at, c.count, c.cap, g))
            m->c->nomem = true;
    }
    if (!m->c->nomem && !VD_ARENA_PUSH(m->c->work, m->out->at, m->out->count, m->out->cap, c))
        m->c->nomem = true;
}

/* ------------------------------------------------------------------ which layers bind (E701, E707, E709) */

static bool scp_binds(const maker *m)
{
    return m->stack->has[VD_LAYER_SCP] && (WHO(m->k->who) & SIGNED) && !m->k->linked && !m->stack->around.management &&
           !vd_scp_exempt(m->c->service, m->c->name, m->k->who == VD_ASKER_ROOT);
}

static bool rcp_binds(const maker *m)
{
    uint32_t service = vd_catalog_find_service(m->c->s->catalog, m->c->service);

    if (!m->stack->has[VD_LAYER_RCP] || m->k->linked || m->stack->around.unbound || (named(m->c->service, "kms") && named(m->c->name, "RetireGrant")))
        return false;
    return vd_service_has_rcp(m->c->service) ||
           (service != VD_NONE && vd_catalog_service(m->c->s->catalog, service).rcp);
}

static bool counts(const maker *m)
{
    return m->k->form != VD_FORM_STAR && m->k->form != VD_FORM_SILENT;
}

static bool has_boundary(const maker *m)
{
    return m->stack->has[VD_LAYER_BOUNDARY] && (WHO(m->k->who) & WITH_IDENTITY) && !m->k->linked && !m->k->by_root;
}

/* E754. */
static bool own_bucket(const maker *m)
{
    return m->k->who == VD_ASKER_ROOT && m->k->relation == VD_REL_SAME && named(m->c->service, "s3") &&
           (named(m->c->name, "GetBucketPolicy") || named(m->c->name, "PutBucketPolicy") || named(m->c->name, "DeleteBucketPolicy"));
}

static bool binds(const maker *m, uint8_t layer)
{
    switch (layer) {
    case VD_LAYER_SCP:
        return scp_binds(m);
    case VD_LAYER_RCP:
        return rcp_binds(m);
    case VD_LAYER_ENDPOINT:
        return m->k->who != VD_ASKER_SERVICE;
    case VD_LAYER_RESOURCE:
        return counts(m) && !own_bucket(m);
    case VD_LAYER_ACCESS_POINT:
        return counts(m);
    case VD_LAYER_BOUNDARY:
        return has_boundary(m);
    case VD_LAYER_SESSION:
        return (WHO(m->k->who) & WITH_SESSION) && !m->k->linked;
    default:
        return (WHO(m->k->who) & WITH_IDENTITY) && !m->k->by_root;
    }
}

/* E426; 0: whatever entry matches. */
static uint32_t endpoint_mask(const maker *m)
{
    return m->stack->around.gateway ? VD_MATCH_ANY | VD_MATCH_ROOT : 0;
}

/* E421: who has a boundary is never spared by NotPrincipal. */
static uint32_t deny_box(maker *m, vd_placed *p)
{
    if (p->layer == VD_LAYER_ENDPOINT && endpoint_mask(m))
        return variant(m, p, endpoint_mask(m));
    if (!p->not_principal || !has_boundary(m))
        return p->box;
    if (p->cut == VD_NONE)
        p->cut = vd_symbolic_variant(m->c->s, p->policy, p->index,
                                     &(vd_variant_of){ .cut = VD_CUT_ELEMENT, .element = VD_ELEMENT_PRINCIPAL }, &m->c->nomem);
    return p->cut;
}

static void gather_denies(maker *m)
{
    for (uint32_t i = 0; i < m->stack->live_count && !m->c->nomem; i++) {
        vd_placed *p = &m->stack->at[m->stack->live[i]];

        if (p->deny && ((uint32_t)p->askers >> m->k->who & 1u) && (p->setting == VD_SETTING_REFUSAL || binds(m, p->layer))) {
            uint32_t box = deny_box(m, p);

            if (box != VD_NONE && !VD_ARENA_PUSH(m->c->work, m->out->denies, m->out->deny_count, m->out->deny_cap, box))
                m->c->nomem = true;
        }
    }
}

/* Every level of the organization, the endpoint. */
static void gather_guard(maker *m, vd_choice *common)
{
    for (uint32_t i = 0; scp_binds(m) && i < m->stack->scp_count && !m->c->nomem; i++) {
        const vd_group *g = allows(m, VD_LAYER_SCP, m->stack->scp_levels[i], 0);

        if (!m->c->nomem && !VD_ARENA_PUSH(m->c->work, common->at, common->count, common->cap, g))
            m->c->nomem = true;
    }
    if (m->stack->has[VD_LAYER_ENDPOINT] && m->k->who != VD_ASKER_SERVICE && !m->c->nomem) {
        const vd_group *g = allows(m, VD_LAYER_ENDPOINT, 0, endpoint_mask(m));

        if (!m->c->nomem && !VD_ARENA_PUSH(m->c->work, common->at, common->count, common->cap, g))
            m->c->nomem = true;
    }
}

/* ------------------------------------------------------------------ the grant */

/* The resource's policy grants in one of these ways.  NULL: it is not given and taken to do so. */
static const vd_group *grant(maker *m, uint32_t mask)
{
    if (!counts(m))
        return &m->nobody;
    if (m->stack->has[VD_LAYER_RESOURCE])
        return allows(m, VD_LAYER_RESOURCE, 0, mask);
    return m->stack->assumed & VD_SIDE_RESOURCE ? NULL : &m->nobody;
}

/* The principal's own side; nobody: it does not allow. */
typedef struct own {
    const vd_group *identity, *boundary, *session, *access_point;
} own;

static own own_of(maker *m)
{
    bool given = m->stack->has[VD_LAYER_IDENTITY], assumed = m->stack->assumed & VD_SIDE_IDENTITY;
    own  o = { 0 };

    if ((WHO(m->k->who) & WITH_IDENTITY) && !m->k->by_root) {
        if (given)
            o.identity = allows(m, VD_LAYER_IDENTITY, 0, 0);
        else if (!assumed || (m->k->relation == VD_REL_SAME && !m->k->own_all))
            o.identity = &m->nobody;
    }
    if (has_boundary(m))
        o.boundary = limit(m, VD_LAYER_BOUNDARY, WITH_IDENTITY);
    if (!m->k->linked)
        o.session = limit(m, VD_LAYER_SESSION, WITH_SESSION);
    if (m->k->who == VD_ASKER_FEDERATED_USER && !m->stack->has[VD_LAYER_SESSION] &&
        (!assumed || (m->k->relation == VD_REL_SAME && !m->k->own_all)))
        o.session = &m->nobody; /* E717 */
    if (m->stack->has[VD_LAYER_ACCESS_POINT] && counts(m))
        o.access_point = allows(m, VD_LAYER_ACCESS_POINT, 0, 0);
    return o;
}

/* What the resource's policy gives to principals of its own account, besides what they hold (E712, E713, E742, E744). */
static void choose_granted(maker *m, const vd_choice *common, const own *o)
{
    bool            trust = m->k->form == VD_FORM_TRUST;
    const vd_group *strong[] = { NULL, o->access_point, trust ? o->boundary : NULL, trust ? o->session : NULL };
    const vd_group *weak[] = { NULL, o->access_point, o->boundary, o->session };
    const vd_group *delegated[] = { NULL, o->access_point, o->identity, o->boundary, o->session };

    strong[0] = grant(m, matches[m->k->who].strong);
    choose(m, common, strong, VD_COUNT(strong));
    if (matches[m->k->who].weak) {
        weak[0] = grant(m, matches[m->k->who].weak);
        choose(m, common, weak, VD_COUNT(weak));
    }
    if (matches[m->k->who].delegated && (trust || m->k->form == VD_FORM_KEY)) {
        delegated[0] = grant(m, matches[m->k->who].delegated);
        choose(m, common, delegated, VD_COUNT(delegated));
    }
}

static void choose_signed(maker *m, const vd_choice *common)
{
    own             o = own_of(m);
    bool            other = m->k->relation == VD_REL_OTHER || is_foreign(m), open = !m->stack->has[VD_LAYER_RESOURCE] && (m->stack->assumed & VD_SIDE_RESOURCE);
    bool            explicit_trust = m->k->form == VD_FORM_TRUST || m->k->form == VD_FORM_KEY;
    const vd_group *alone[] = { o.identity, o.boundary, o.session };

    if (other) {
        const vd_group *both[] = { o.identity, o.boundary, o.session, grant(m, 0), o.access_point };

        choose(m, common, both, VD_COUNT(both));
        return;
    }
    if (!explicit_trust || open || m->k->relation == VD_REL_ANY)
        choose(m, common, alone, VD_COUNT(alone));
    if (open || m->k->relation == VD_REL_ANY || !counts(m) || !m->stack->has[VD_LAYER_RESOURCE])
        return;
    choose_granted(m, common, &o);
}

static void choose_outsider(maker *m, const vd_choice *common)
{
    const vd_group *both[] = { grant(m, 0), NULL };

    if (m->stack->has[VD_LAYER_ACCESS_POINT] && counts(m))
        both[1] = allows(m, VD_LAYER_ACCESS_POINT, 0, 0);
    choose(m, common, both, VD_COUNT(both));
}

/* E757: the bucket is public, and that is restricted to the owner's account and to services. */
static bool is_cut(const maker *m)
{
    return m->stack->around.cut && (m->k->form == VD_FORM_BUCKET || m->k->form == VD_FORM_OBJECT) &&
           m->k->who != VD_ASKER_SERVICE && m->k->relation != VD_REL_SAME;
}

void vd_case_says(vd_caller *c, vd_stack *stack, const vd_case *k, vd_says *out)
{
    maker     m = { .c = c, .stack = stack, .k = k, .out = out };
    vd_choice common = { 0 };
    bool      always;

    *out = (vd_says){ 0 };
    vd_case_possible(c, k, &always);
    if (always) {
        choose(&m, &common, NULL, 0);
        return;
    }
    gather_denies(&m);
    if (is_cut(&m))
        return;
    gather_guard(&m, &common);
    if (WHO(k->who) & SIGNED)
        choose_signed(&m, &common);
    else
        choose_outsider(&m, &common);
}
