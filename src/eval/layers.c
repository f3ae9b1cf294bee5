/* SPDX-License-Identifier: Apache-2.0
 *
 * How the layers combine (E701 to E720) and which reason is the primary one (E810, E811).  Every question to a tree is
 * asked only when its answer can still matter.
 */
#include "eval/run.h"

#include "base/str.h"

#include <verdict/eval.h>

enum { LEVELS_AT_ONCE = 16 }; /* SCP levels whose place in the tree is remembered; AWS has at most seven */

/* The layers of one check: what is asked at all, and where in its tree. */
typedef struct layers {
    vd_run      *r;
    vd_decision *out;
    vd_attached  on;
    vd_spot      spot[VD_BIND_COUNT + LEVELS_AT_ONCE];
    vd_spot     *asked[VD_BIND_COUNT + LEVELS_AT_ONCE]; /* those of it that are in use */
    uint32_t     asked_count;
    bool         has[VD_BIND_COUNT];
    const vd_ichain *scp, *rcp; /* NULL: not supplied, or not for this check */
    const vd_ilevel *levels;
} layers;

/* E707: the few actions that no SCP restricts are looked up only when one would. */
static bool scp_exempt(layers *l)
{
    if (!vd_facts_scp_exempt(&l->r->facts))
        return false;
    l->scp = NULL;
    return true;
}

static void decide(layers *l, int32_t outcome, vd_layer layer, vd_category category, uint32_t stmt)
{
    const vd_iinfo *info;

    l->out->outcome = outcome;
    l->out->layer = layer;
    l->out->category = category;
    l->out->policy = l->out->statement = VD_NONE;
    l->out->trust = layer == VD_LAYER_RESOURCE && l->r->facts.class_of == VD_CLASS_TRUST;
    if (stmt == VD_NONE)
        return;
    info = (const vd_iinfo *)vd_image_at(l->r->m, VD_SEC_INFOS) + stmt;
    l->out->policy = info->policy;
    l->out->statement = info->index;
}

static const vd_layer layer_of[VD_BIND_COUNT] = {
    [VD_BIND_IDENTITY] = VD_LAYER_IDENTITY, [VD_BIND_BOUNDARY] = VD_LAYER_BOUNDARY,
    [VD_BIND_SESSION] = VD_LAYER_SESSION,   [VD_BIND_RESOURCE] = VD_LAYER_RESOURCE,
    [VD_BIND_ENDPOINT] = VD_LAYER_ENDPOINT, [VD_BIND_ACCESS_POINT] = VD_LAYER_ACCESS_POINT,
};

static const vd_ichain *chain(const layers *l, uint32_t id, vd_layer layer)
{
    if (id == VD_NONE)
        return NULL;
    if (layer == VD_LAYER_SCP ? !vd_facts_scp_binds(&l->r->facts) : !vd_facts_layer_applies(&l->r->facts, layer))
        return NULL;
    if (layer == VD_LAYER_RCP && !vd_set_rcp_service(l->r->set, l->r->service))
        return NULL;
    return (const vd_ichain *)vd_image_at(l->r->m, VD_SEC_CHAINS) + id;
}

static void ask_tree(layers *l, vd_spot *spot, uint32_t tree)
{
    spot->tree = &l->r->at.trees[tree];
    __builtin_prefetch(spot->tree);
    l->asked[l->asked_count++] = spot;
}

/* Which layers are asked (E701, E719), and where their trees begin. */
static vd_code gather(layers *l)
{
    vd_run *r = l->r;

    l->asked_count = 0;
    vd_set_attached(&l->on, r->m, &r->facts);
    if (VD_UNLIKELY(r->set->proved) && !vd_set_prove(r->set, &l->on))
        return VD_EFORMAT;
    l->levels = vd_image_at(r->m, VD_SEC_LEVELS);
    l->scp = chain(l, l->on.scp, VD_LAYER_SCP);
    l->rcp = chain(l, l->on.rcp, VD_LAYER_RCP);
    for (uint32_t i = 0; i < VD_BIND_COUNT; i++) {
        l->has[i] = l->on.tree[i] != VD_NONE && vd_facts_layer_applies(&r->facts, layer_of[i]);
        if (l->has[i])
            ask_tree(l, &l->spot[i], l->on.tree[i]);
    }
    for (uint32_t i = 0; l->scp && i < l->scp->count && i < LEVELS_AT_ONCE; i++) {
        uint32_t tree = l->levels[l->scp->first + i].tree;

        if (tree != VD_NONE)
            ask_tree(l, &l->spot[VD_BIND_COUNT + i], tree);
    }
    vd_run_locate(r, l->asked, l->asked_count);
    r->has_boundary = l->has[VD_BIND_BOUNDARY];
    return VD_OK;
}

/* ------------------------------------------------------------------ ERROR (E009, E706) */

static vd_code broken(layers *l, vd_layer layer, vd_category category, uint32_t stmt)
{
    decide(l, VD_IMPLICIT_DENY, layer, category, stmt);
    return VD_EMALFORMED;
}

static vd_code check_chain(layers *l, const vd_ichain *c, vd_layer layer)
{
    for (uint32_t i = 0; c && i < c->count; i++) {
        const vd_ilevel *level = &l->levels[c->first + i];

        if (level->tree == VD_NONE) {
            if (layer == VD_LAYER_SCP && scp_exempt(l))
                return VD_OK;
            l->out->level = i;
            return broken(l, layer, VD_CATEGORY_EMPTY_LEVEL, VD_NONE);
        }
    }
    for (uint32_t i = 0; c && i < c->count; i++) {
        const vd_itree *t = &l->r->at.trees[l->levels[c->first + i].tree];

        if (t->malformed != VD_NONE) {
            if (layer == VD_LAYER_SCP && scp_exempt(l))
                return VD_OK;
            l->out->level = i;
            return broken(l, layer, VD_CATEGORY_MALFORMED_STATEMENT, t->malformed);
        }
    }
    return VD_OK;
}

static vd_code check_tree(layers *l, bool has, const vd_spot *spot, vd_layer layer)
{
    if (has && spot->tree->malformed != VD_NONE)
        return broken(l, layer, VD_CATEGORY_MALFORMED_STATEMENT, spot->tree->malformed);
    return VD_OK;
}

static vd_code check_all(layers *l)
{
    VD_TRY(check_chain(l, l->scp, VD_LAYER_SCP));
    VD_TRY(check_chain(l, l->rcp, VD_LAYER_RCP));
    VD_TRY(check_tree(l, l->has[VD_BIND_ENDPOINT], &l->spot[VD_BIND_ENDPOINT], VD_LAYER_ENDPOINT));
    VD_TRY(check_tree(l, l->has[VD_BIND_RESOURCE], &l->spot[VD_BIND_RESOURCE], VD_LAYER_RESOURCE));
    VD_TRY(check_tree(l, l->has[VD_BIND_ACCESS_POINT], &l->spot[VD_BIND_ACCESS_POINT], VD_LAYER_ACCESS_POINT));
    VD_TRY(check_tree(l, l->has[VD_BIND_IDENTITY], &l->spot[VD_BIND_IDENTITY], VD_LAYER_IDENTITY));
    VD_TRY(check_tree(l, l->has[VD_BIND_BOUNDARY], &l->spot[VD_BIND_BOUNDARY], VD_LAYER_BOUNDARY));
    return check_tree(l, l->has[VD_BIND_SESSION], &l->spot[VD_BIND_SESSION], VD_LAYER_SESSION);
}

/* ------------------------------------------------------------------ explicit denies */

static bool denied_by(layers *l, bool has, const vd_spot *spot, vd_layer layer, bool principals)
{
    uint32_t stmt = has ? vd_run_first(l->r, spot, 1, principals) : VD_NONE;

    if (stmt == VD_NONE)
        return false;
    decide(l, VD_EXPLICIT_DENY, layer, VD_CATEGORY_NONE, stmt);
    if (l->r->want_missing)
        vd_run_missing(l->r, spot, 1, principals);
    return true;
}

/* The place of a level: SCPs are found already, RCPs and levels beyond what AWS has are found now. */
static const vd_spot *level_spot(layers *l, const vd_ichain *c, uint32_t i, vd_spot *spare)
{
    if (c == l->scp && i < LEVELS_AT_ONCE)
        return &l->spot[VD_BIND_COUNT + i];
    spare->tree = &l->r->at.trees[l->levels[c->first + i].tree];
    vd_run_locate(l->r, &spare, 1);
    return spare;
}

static bool chain_denies(layers *l, const vd_ichain *c, vd_layer layer)
{
    vd_spot spare;

    for (uint32_t i = 0; c && i < c->count; i++)
        if (denied_by(l, true, level_spot(l, c, i, &spare), layer, layer == VD_LAYER_RCP)) {
            if (layer == VD_LAYER_SCP && scp_exempt(l)) {
                decide(l, VD_IMPLICIT_DENY, VD_LAYER_NONE, VD_CATEGORY_NONE, VD_NONE);
                l->r->missing_count = 0;
                return false;
            }
            l->out->level = i;
            return true;
        }
    return false;
}

static bool endpoint_denies(layers *l)
{
    bool denies;

    l->r->gateway = vd_str_eq(l->r->request->field[VD_ENDPOINT_TYPE], VD_S("gateway"));
    denies = denied_by(l, l->has[VD_BIND_ENDPOINT], &l->spot[VD_BIND_ENDPOINT], VD_LAYER_ENDPOINT, true);
    l->r->gateway = false;
    return denies;
}

/* While the resource policy itself is asked. */
static void ask_resource(layers *l, bool on)
{
    l->r->trusting = on && l->r->facts.class_of == VD_CLASS_TRUST;
}

static bool resource_denies(layers *l)
{
    bool denies;

    if (vd_facts_bucket_denies_ignored(&l->r->facts))
        return false;
    ask_resource(l, true);
    denies = denied_by(l, l->has[VD_BIND_RESOURCE], &l->spot[VD_BIND_RESOURCE], VD_LAYER_RESOURCE, true);
    ask_resource(l, false);
    return denies;
}

static bool anything_denies(layers *l)
{
    return chain_denies(l, l->scp, VD_LAYER_SCP) || chain_denies(l, l->rcp, VD_LAYER_RCP) || endpoint_denies(l) ||
           resource_denies(l) ||
           denied_by(l, l->has[VD_BIND_ACCESS_POINT], &l->spot[VD_BIND_ACCESS_POINT], VD_LAYER_ACCESS_POINT, true) ||
           denied_by(l, l->has[VD_BIND_IDENTITY], &l->spot[VD_BIND_IDENTITY], VD_LAYER_IDENTITY, false) ||
           denied_by(l, l->has[VD_BIND_BOUNDARY], &l->spot[VD_BIND_BOUNDARY], VD_LAYER_BOUNDARY, false) ||
           denied_by(l, l->has[VD_BIND_SESSION], &l->spot[VD_BIND_SESSION], VD_LAYER_SESSION, false);
}

/* ------------------------------------------------------------------ what must allow */

static bool allows(layers *l, const vd_spot *spot, bool principals)
{
    return vd_run_first(l->r, spot, 0, principals) != VD_NONE;
}

static bool silent(layers *l, vd_layer layer, vd_category category, const vd_spot *spot, bool principals)
{
    decide(l, VD_IMPLICIT_DENY, layer, category, VD_NONE);
    if (l->r->want_missing && spot)
        vd_run_missing(l->r, spot, 0, principals);
    return true;
}

/* E705: every level must allow. */
static bool scp_silent(layers *l)
{
    vd_spot spare;

    for (uint32_t i = 0; l->scp && i < l->scp->count; i++) {
        const vd_spot *spot = level_spot(l, l->scp, i, &spare);

        if (!allows(l, spot, false)) {
            if (scp_exempt(l))
                return false;
            l->out->level = i;
            return silent(l, VD_LAYER_SCP, VD_CATEGORY_NONE, spot, false);
        }
    }
    return false;
}

static bool endpoint_silent(layers *l)
{
    bool ok;

    if (!l->has[VD_BIND_ENDPOINT])
        return false;
    l->r->gateway = vd_str_eq(l->r->request->field[VD_ENDPOINT_TYPE], VD_S("gateway"));
    ok = allows(l, &l->spot[VD_BIND_ENDPOINT], true);
    if (!ok)
        silent(l, VD_LAYER_ENDPOINT, VD_CATEGORY_NONE, &l->spot[VD_BIND_ENDPOINT], true);
    l->r->gateway = false;
    return !ok;
}

/* A key that no policy names is not in the slots: look at the request itself, its own check first. */
static const vd_str *supplied(const vd_run *r, vd_str key, uint32_t *count)
{
    const vd_request *q = r->request;
    const vd_context *found = NULL;

    for (uint32_t i = 0; i < q->context.count; i++) {
        const vd_context *c = &q->context.at[i];

        if ((c->check == r->facts.check || (c->check == VD_SHARED_CHECK && !found)) && vd_str_ieq(c->key, key))
            found = c;
    }
    *count = found && !found->absent ? found->count : 0;
    return *count ? &q->values.at[found->first] : NULL;
}

static const vd_str *context_value(void *ctx, vd_str key, uint32_t *count)
{
    vd_run  *r = ctx;
    uint32_t id = vd_set_find_key(r->m, key);

    return id == VD_NONE ? supplied(r, key, count) : vd_run_values(r, id, r->at.keys[id].name, count);
}

static bool guard_rail(layers *l)
{
    vd_run *r = l->r;

    if (r->facts.aws_managed)
        return silent(l, VD_LAYER_NONE, VD_CATEGORY_AWS_MANAGED, NULL, false);
    if (scp_silent(l) || endpoint_silent(l))
        return true;
    if (r->request->state && (vd_facts_public_acl_refused(&r->facts, context_value, r) ||
                              (l->has[VD_BIND_RESOURCE] && l->spot[VD_BIND_RESOURCE].tree->is_public && vd_facts_restrict_public_cuts(&r->facts))))
        return silent(l, VD_LAYER_NONE, VD_CATEGORY_S3_BLOCK_PUBLIC_ACCESS, NULL, false);
    return false;
}

/* ------------------------------------------------------------------ grants of the resource */

enum {
    GROUP_DIRECT = VD_MATCH_USER | VD_MATCH_SESSION | VD_MATCH_FEDSESSION | VD_MATCH_ANY | VD_MATCH_SERVICE | VD_MATCH_IDP,
    GROUP_WEAK = VD_MATCH_ROLE | VD_MATCH_PARENT,
    GROUP_ALL = (1 << VD_MATCH_COUNT) - 1
};

static void grants_of(layers *l, vd_grants *g)
{
    vd_grants other;

    g->kinds = 0;
    memset(g->first, 0xff, sizeof g->first);
    if (l->has[VD_BIND_RESOURCE] && vd_facts_bucket_allows_count(&l->r->facts)) {
        ask_resource(l, true);
        vd_run_grants(g, l->r, &l->spot[VD_BIND_RESOURCE]);
        ask_resource(l, false);
    }
    if (l->r->request->state)
        g->kinds |= vd_facts_state_grants(&l->r->facts, context_value, l->r);
    if (l->has[VD_BIND_ACCESS_POINT] && g->kinds) { /* E759: both must allow */
        vd_run_grants(&other, l->r, &l->spot[VD_BIND_ACCESS_POINT]);
        if (!other.kinds)
            g->kinds = 0;
    }
}

static void allow_by_resource(layers *l, const vd_grants *g, uint32_t group)
{
    uint32_t first = VD_NONE;

    for (uint32_t k = 0; k < VD_MATCH_COUNT; k++)
        if ((group >> k & 1) && g->first[k] < first)
            first = g->first[k];
    decide(l, VD_ALLOW, VD_LAYER_RESOURCE, VD_CATEGORY_NONE, first);
}

static void resource_silent(layers *l, vd_category category)
{
    ask_resource(l, true);
    silent(l, VD_LAYER_RESOURCE, category, l->has[VD_BIND_RESOURCE] ? &l->spot[VD_BIND_RESOURCE] : NULL, true);
    ask_resource(l, false);
}

/* E736, E737, E745: callers without a side of their own. */
static void decide_outsider(layers *l, uint32_t named)
{
    vd_grants g;

    grants_of(l, &g);
    if (g.kinds & (named | VD_MATCH_ANY))
        allow_by_resource(l, &g, named | VD_MATCH_ANY);
    else if (l->r->facts.class_of == VD_CLASS_TRUST && !l->has[VD_BIND_RESOURCE])
        silent(l, VD_LAYER_NONE, VD_CATEGORY_TRUST_MISSING, NULL, false);
    else if (l->r->facts.class_of == VD_CLASS_KMS && !l->has[VD_BIND_RESOURCE] && !g.kinds)
        silent(l, VD_LAYER_NONE, VD_CATEGORY_KEY_POLICY_MISSING, NULL, false);
    else
        resource_silent(l, VD_CATEGORY_NONE);
}

typedef struct own_side {
    bool     root, identity, boundary, session;
    uint32_t stmt;
} own_side;

static void own_of(layers *l, own_side *o)
{
    const vd_facts *f = &l->r->facts;

    o->root = f->kind == VD_WHO_ROOT || (f->kind == VD_WHO_FEDERATED_USER && f->parent_is_root);
    o->stmt = !o->root && l->has[VD_BIND_IDENTITY] ? vd_run_first(l->r, &l->spot[VD_BIND_IDENTITY], 0, false) : VD_NONE;
    o->identity = o->root || o->stmt != VD_NONE;
    o->boundary = !l->has[VD_BIND_BOUNDARY] || allows(l, &l->spot[VD_BIND_BOUNDARY], false);
    o->session = l->has[VD_BIND_SESSION] ? allows(l, &l->spot[VD_BIND_SESSION], false) : f->kind != VD_WHO_FEDERATED_USER;
}

static void identity_silent(layers *l)
{
    silent(l, VD_LAYER_IDENTITY, VD_CATEGORY_NONE, l->has[VD_BIND_IDENTITY] ? &l->spot[VD_BIND_IDENTITY] : NULL, false);
}

static void limit_silent(layers *l, const own_side *o)
{
    if (!o->boundary)
        silent(l, VD_LAYER_BOUNDARY, VD_CATEGORY_NONE, &l->spot[VD_BIND_BOUNDARY], false);
    else if (l->has[VD_BIND_SESSION])
        silent(l, VD_LAYER_SESSION, VD_CATEGORY_NONE, &l->spot[VD_BIND_SESSION], false);
    else
        silent(l, VD_LAYER_SESSION, VD_CATEGORY_FEDERATED_NO_SESSION_POLICY, NULL, false);
}

/* E714 */
static void decide_cross_account(layers *l)
{
    own_side  o;
    vd_grants g;
    uint32_t  cls = l->r->facts.class_of;

    own_of(l, &o);
    if (!o.identity) {
        identity_silent(l);
        return;
    }
    grants_of(l, &g);
    if (!g.kinds && cls == VD_CLASS_TRUST && !l->has[VD_BIND_RESOURCE])
        silent(l, VD_LAYER_NONE, VD_CATEGORY_TRUST_MISSING, NULL, false);
    else if (!g.kinds && cls == VD_CLASS_KMS && !l->has[VD_BIND_RESOURCE])
        silent(l, VD_LAYER_NONE, VD_CATEGORY_KEY_POLICY_MISSING, NULL, false);
    else if (!g.kinds)
        resource_silent(l, VD_CATEGORY_CROSS_ACCOUNT_NO_GRANT);
    else if (!o.boundary || !o.session)
        limit_silent(l, &o);
    else
        allow_by_resource(l, &g, GROUP_ALL);
}

/* E712, E713 */
static void decide_same_account(layers *l)
{
    own_side  o;
    vd_grants g;
    uint32_t  strong;

    own_of(l, &o);
    if (o.identity && o.boundary && o.session) {
        decide(l, VD_ALLOW, VD_LAYER_IDENTITY, VD_CATEGORY_NONE, o.stmt);
        return;
    }
    grants_of(l, &g);
    strong = g.kinds & (GROUP_DIRECT | (o.session ? VD_MATCH_ROOT : 0));
    if (strong)
        allow_by_resource(l, &g, strong);
    else if ((g.kinds & GROUP_WEAK) && o.boundary && o.session)
        allow_by_resource(l, &g, g.kinds & GROUP_WEAK);
    else if (!o.identity && !(g.kinds & GROUP_WEAK))
        identity_silent(l);
    else
        limit_silent(l, &o);
}

/* E718, E731, E742, E744: roles and keys. */
static void decide_explicit_trust(layers *l)
{
    own_side  o;
    vd_grants g;
    bool      trust = l->r->facts.class_of == VD_CLASS_TRUST;
    uint32_t  strong, direct;

    grants_of(l, &g);
    if (!g.kinds && !l->has[VD_BIND_RESOURCE]) {
        silent(l, VD_LAYER_NONE, trust ? VD_CATEGORY_TRUST_MISSING : VD_CATEGORY_KEY_POLICY_MISSING, NULL, false);
        return;
    }
    own_of(l, &o);
    strong = g.kinds & (GROUP_DIRECT | (o.session ? VD_MATCH_ROOT : 0));
    direct = trust && !(o.boundary && o.session) ? 0 : strong;
    if (direct)
        allow_by_resource(l, &g, direct);
    else if ((g.kinds & GROUP_WEAK) && o.boundary && o.session)
        allow_by_resource(l, &g, g.kinds & GROUP_WEAK);
    else if ((g.kinds & VD_MATCH_ACCOUNT) && o.identity && o.boundary && o.session)
        allow_by_resource(l, &g, VD_MATCH_ACCOUNT);
    else if (!g.kinds)
        resource_silent(l, o.identity ? VD_CATEGORY_KEY_POLICY_DOES_NOT_DELEGATE : VD_CATEGORY_NONE);
    else if (!(g.kinds & (GROUP_WEAK | GROUP_DIRECT | VD_MATCH_ROOT)) && !o.identity)
        identity_silent(l);
    else
        limit_silent(l, &o);
}

/* E720 */
static vd_code decide_check(layers *l)
{
    const vd_facts *f = &l->r->facts;

    if (f->decided) {
        decide(l, f->outcome, VD_LAYER_NONE, f->category, VD_NONE);
        return VD_OK;
    }
    VD_TRY(gather(l));
    VD_TRY(check_all(l));
    if (anything_denies(l) || guard_rail(l))
        return VD_OK;
    if (f->kind == VD_WHO_SERVICE)
        decide_outsider(l, VD_MATCH_SERVICE);
    else if (f->kind == VD_WHO_ANONYMOUS)
        decide_outsider(l, 0);
    else if (f->kind == VD_WHO_IDP)
        decide_outsider(l, VD_MATCH_IDP);
    else if (!f->same_account)
        decide_cross_account(l);
    else if (f->class_of == VD_CLASS_DEFAULT)
        decide_same_account(l);
    else
        decide_explicit_trust(l);
    return VD_OK;
}

vd_code vd_run_decide(vd_decision *out, vd_run *r)
{
    layers l;

    l.r = r;
    l.out = out;
    return decide_check(&l);
}
