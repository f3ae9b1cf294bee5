/* SPDX-License-Identifier: Apache-2.0
 *
 * A pattern of resources in the snapshot: each resource that it can mean has its own policy and owner, and there may be
 * others that nobody collected.
 */
#include "analyze/effective_int.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/overlap.h"

enum { MOST_TARGETS = 512, MOST_PLAIN = 64, MOST_PATTERN = 2048 };

typedef struct hits {
    uint32_t *at;
    uint32_t  count, cap;
} hits;

typedef struct finder {
    vd_effective *e;
    vd_call      *call;
    vd_str        service;  /* of the action; empty: several */
    bool          sts;      /* roles count for what their trust policy says */
    vd_str        kinds[16]; /* third field of ARNs that the service acts on */
    uint32_t      kind_count;
    hits          resources, roles;
    vd_str       *covered;  /* patterns of what has targets of its own */
    uint32_t      covered_count, covered_cap;
} finder;

static bool no_memory(finder *f)
{
    f->e->d.p.nomem = true;
    return false;
}

/* ------------------------------------------------------------------ which resources an action can be about */

static void add_kind(finder *f, vd_str format)
{
    vd_arn arn;

    if (!vd_arn_split(&arn, format) || f->kind_count == VD_COUNT(f->kinds))
        return;
    for (uint32_t i = 0; i < f->kind_count; i++)
        if (vd_str_eq(f->kinds[i], arn.service))
            return;
    f->kinds[f->kind_count++] = arn.service;
}

static void find_kinds(finder *f)
{
    const vd_catalog *c = f->e->d.p.catalog;
    uint32_t          id = f->service.n ? vd_catalog_find_service(c, f->service) : VD_NONE;
    vd_run            types = { 0 };

    if (id != VD_NONE)
        types = vd_catalog_service(c, id).types;
    for (uint32_t i = types.first; i < types.first + types.count; i++)
        for (uint32_t k = 0; k < vd_catalog_type(c, i).formats; k++)
            add_kind(f, vd_catalog_format(c, i, k));
}

static bool is_single(const finder *f)
{
    return f->call->asked->resource_count == 1 && !vd_any_wild(f->call->asked->resources[0]);
}

static bool is_of_service(const finder *f, vd_str text)
{
    vd_arn arn;

    if (f->kind_count == 0 || is_single(f) || !vd_arn_split(&arn, text) || vd_str_ieq(arn.service, f->service))
        return true;
    for (uint32_t i = 0; i < f->kind_count; i++)
        if (vd_str_eq(f->kinds[i], arn.service) || vd_str_find(f->kinds[i], '$') < f->kinds[i].n)
            return true;
    return false;
}

/* ------------------------------------------------------------------ patterns */

/* A resource, and what is in it. */
static bool cover(finder *f, vd_str arn, vd_str out[3])
{
    out[0] = arn;
    return (vd_arena_printf(&f->e->d.p.arena, &out[1], VD_F "/*", VD_A(arn)) &&
            vd_arena_printf(&f->e->d.p.arena, &out[2], VD_F ":*", VD_A(arn))) ||
           no_memory(f);
}

static size_t literal(vd_str pattern)
{
    size_t star = vd_str_find(pattern, '*'), any = vd_str_find(pattern, '?');

    return star < any ? star : any;
}

/* Both begin alike, as far as they go before a wildcard: else no word is of both. */
static bool may_meet(vd_str pattern, vd_str arn)
{
    size_t n = literal(pattern);

    if (n == pattern.n) /* without wildcards: the same, or something in it */
        return vd_str_starts(pattern, arn) && (pattern.n == arn.n || pattern.p[arn.n] == '/' || pattern.p[arn.n] == ':');
    n = n < arn.n ? n : arn.n;
    return vd_str_eq(vd_str_first(pattern, n), vd_str_first(arn, n));
}

static bool meets(vd_str pattern, vd_str arn)
{
    char   coded[MOST_PATTERN], inner[MOST_PATTERN + 2];
    vd_str p = { coded, 0 };

    if (!may_meet(pattern, arn))
        return false;
    if (pattern.n > sizeof coded || arn.n > MOST_PATTERN)
        return true;
    p.n = vd_glob_code(coded, pattern);
    if (vd_glob_match(p, arn))
        return true;
    memcpy(inner, arn.p, arn.n);
    inner[arn.n + 1] = VD_STAR;
    inner[arn.n] = '/';
    if (vd_glob_overlaps(p, (vd_str){ inner, arn.n + 2 }))
        return true;
    inner[arn.n] = ':';
    return vd_glob_overlaps(p, (vd_str){ inner, arn.n + 2 });
}

static bool add_hit(finder *f, hits *list, uint32_t id)
{
    for (uint32_t i = 0; i < list->count && list->count <= MOST_TARGETS; i++)
        if (list->at[i] == id)
            return true;
    return VD_ARENA_PUSH(&f->e->d.p.arena, list->at, list->count, list->cap, id) || no_memory(f);
}

static bool add_role_hit(finder *f, uint32_t node, vd_str pattern)
{
    const vd_snap_node *n = &f->e->snapshot->nodes[node];

    return n->kind != VD_WHO_IS_ROLE || !meets(pattern, n->arn) || add_hit(f, &f->roles, node);
}

/* A name without wildcards means the role of that name, or something in it: these are looked up. */
static bool find_roles(finder *f, vd_str pattern)
{
    const vd_snapshot *s = f->e->snapshot;
    bool               wild = literal(pattern) < pattern.n;

    for (size_t i = 1; !wild && i <= pattern.n; i++) {
        uint32_t node = i == pattern.n || pattern.p[i] == '/' || pattern.p[i] == ':' ? vd_snap_node_find(s, vd_str_first(pattern, i)) : VD_NONE;

        if (node != VD_NONE && !add_role_hit(f, node, pattern))
            return false;
    }
    for (uint32_t i = 0; wild && i < s->node_count; i++)
        if (!add_role_hit(f, i, pattern))
            return false;
    return true;
}

static bool find_hits(finder *f, vd_str pattern)
{
    const vd_snapshot *s = f->e->snapshot;
    vd_str             begin = vd_str_first(pattern, literal(pattern));
    uint32_t           holder = vd_snap_resource_find(s, begin);

    if (holder != VD_NONE && is_of_service(f, s->resources[holder].arn) && meets(pattern, s->resources[holder].arn) &&
        !add_hit(f, &f->resources, holder))
        return false;
    for (uint32_t i = vd_snap_resource_bound(s, begin); i < s->resource_count && vd_str_starts(s->resources[i].arn, begin); i++)
        if (is_of_service(f, s->resources[i].arn) && meets(pattern, s->resources[i].arn) && !add_hit(f, &f->resources, i))
            return false;
    return !f->sts || find_roles(f, pattern);
}

/* ------------------------------------------------------------------ targets */

static bool add_target(finder *f, vd_target t, const vd_str *patterns, uint32_t count)
{
    vd_effective        *e = f->e;
    const vd_asked_call *asked = f->call->asked;
    vd_targets          *all = &f->call->targets;

    if (asked->resource_count)
        t.demands[t.demand_count++] = (vd_demand){
            vd_symbolic_resource(e->d.p.s, asked->resources, asked->resource_count, &e->d.p.nomem), false
        };
    if (count)
        t.demands[t.demand_count++] = (vd_demand){ vd_symbolic_resource(e->d.p.s, patterns, count, &e->d.p.nomem), false };
    return !e->d.p.nomem && (VD_ARENA_PUSH(&e->d.p.arena, all->at, all->count, all->cap, t) || no_memory(f));
}

static bool keep_covered(finder *f, const vd_str patterns[3])
{
    for (int i = 0; i < 3; i++)
        if (!VD_ARENA_PUSH(&f->e->d.p.arena, f->covered, f->covered_count, f->covered_cap, patterns[i]))
            return no_memory(f);
    return true;
}

/* Its policy is known, be it that there is none; of an access point the bucket's as well. */
static bool is_given(const vd_snapshot *s, uint32_t id)
{
    const vd_snap_resource *r = &s->resources[id];
    bool                    given = r->doc != VD_NONE ? s->docs[r->doc].policy != NULL : r->complete;

    if (r->behind != VD_NONE)
        given &= s->resources[r->behind].doc != VD_NONE ? s->docs[s->resources[r->behind].doc].policy != NULL : s->resources[r->behind].complete;
    return given;
}

vd_target vd_target_of_resource(const vd_snapshot *s, uint32_t id)
{
    const vd_snap_resource *r = &s->resources[id];
    vd_target               t = { .resource = id, .role = VD_NONE, .account = r->account, .given = is_given(s, id) };
    vd_arn                  arn;

    if (r->account != VD_NONE)
        t.account_id = s->accounts[r->account].id;
    else if (vd_arn_split(&arn, r->arn) && vd_is_account(arn.account))
        t.account_id = arn.account;
    return t;
}

vd_target vd_target_of_role(const vd_snapshot *s, uint32_t node)
{
    const vd_snap_node *n = &s->nodes[node];

    return (vd_target){ .resource = VD_NONE, .role = node, .account = n->account, .account_id = s->accounts[n->account].id,
                        .given = n->trust != VD_NONE && s->docs[n->trust].policy };
}

static bool add_resource(finder *f, uint32_t id)
{
    const vd_snap_resource *r = &f->e->snapshot->resources[id];
    vd_target               t = vd_target_of_resource(f->e->snapshot, id);
    vd_str                  patterns[3];

    return cover(f, r->arn, patterns) && keep_covered(f, patterns) && add_target(f, t, patterns, is_single(f) ? 0 : 3);
}

static bool add_role(finder *f, uint32_t node)
{
    const vd_snap_node *n = &f->e->snapshot->nodes[node];
    vd_target           t = vd_target_of_role(f->e->snapshot, node);
    vd_str              patterns[3];

    return cover(f, n->arn, patterns) && keep_covered(f, patterns) && add_target(f, t, patterns, is_single(f) ? 0 : 1);
}

/* Those that are known to have no policy and the same owner are one target. */
static bool add_plain(finder *f, uint32_t account, const hits *plain)
{
    const vd_snapshot *s = f->e->snapshot;
    vd_target          t = { .resource = VD_NONE, .role = VD_NONE, .account = account, .account_id = s->accounts[account].id, .given = true };
    vd_str            *patterns = vd_arena_new_array(&f->e->d.p.arena, vd_str, (size_t)plain->count * 3 + 1);
    uint32_t           n = 0;

    if (!patterns)
        return no_memory(f);
    for (uint32_t i = 0; i < plain->count && n < 3 * MOST_PLAIN; i++) {
        if (s->resources[plain->at[i]].account != account)
            continue;
        if (!cover(f, s->resources[plain->at[i]].arn, &patterns[n]) || !keep_covered(f, &patterns[n]))
            return false;
        n += 3;
    }
    return n == 0 || add_target(f, t, patterns, n);
}

static bool is_plain(const vd_snapshot *s, uint32_t id)
{
    const vd_snap_resource *r = &s->resources[id];

    return r->doc == VD_NONE && r->complete && r->account != VD_NONE && r->shared.count == 0 && r->behind == VD_NONE;
}

static bool add_hits(finder *f)
{
    const vd_snapshot *s = f->e->snapshot;
    hits               plain = { 0 };

    for (uint32_t i = 0; i < f->resources.count && !is_single(f); i++)
        if (is_plain(s, f->resources.at[i]) && !add_hit(f, &plain, f->resources.at[i]))
            return false;
    for (uint32_t i = 0; plain.count && i < s->account_count; i++)
        if (!add_plain(f, i, &plain))
            return false;
    for (uint32_t i = 0; i < f->resources.count; i++) {
        if (!is_single(f) && is_plain(s, f->resources.at[i]))
            continue;
        if (f->call->targets.count >= MOST_TARGETS) {
            f->call->targets.cut = true;
            return true;
        }
        if (!add_resource(f, f->resources.at[i]))
            return false;
    }
    for (uint32_t i = 0; i < f->roles.count; i++) {
        if (f->call->targets.count >= MOST_TARGETS) {
            f->call->targets.cut = true;
            return true;
        }
        if (!add_role(f, f->roles.at[i]))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ what is not in the snapshot */

/* Nothing there has a policy of its own (E718, E719). */
static bool has_no_policy(const finder *f, vd_str resource)
{
    vd_arn arn;

    if (vd_str_ieq(f->service, VD_S("iam")) || vd_str_eq(resource, VD_S("*")))
        return true;
    if (!vd_arn_split(&arn, resource))
        return false;
    if (vd_str_eq(arn.service, VD_S("iam")))
        return !vd_str_starts(arn.resource, VD_S("role/")) || !f->sts;
    return vd_str_eq(arn.service, VD_S("ec2")) && vd_str_starts(arn.resource, VD_S("instance/"));
}

static bool add_rest(finder *f)
{
    vd_effective        *e = f->e;
    const vd_asked_call *asked = f->call->asked;
    vd_target            t = { .resource = VD_NONE, .role = VD_NONE, .account = VD_NONE };
    vd_arn               arn;

    t.given = vd_str_ieq(f->service, VD_S("iam"));
    if (asked->resource_count == 1 && literal(asked->resources[0]) > 0 && vd_arn_split(&arn, asked->resources[0]) &&
        vd_is_account(arn.account)) {
        t.account_id = arn.account;
        t.account = vd_snap_account_find(e->snapshot, arn.account);
    }
    if (is_single(f))
        t.given = has_no_policy(f, asked->resources[0]);
    if (f->covered_count)
        t.demands[t.demand_count++] =
            (vd_demand){ vd_symbolic_resource(e->d.p.s, f->covered, f->covered_count, &e->d.p.nomem), true };
    return add_target(f, t, NULL, 0);
}

/* ------------------------------------------------------------------ the call */

static bool add_context(finder *f)
{
    const vd_asked_call *asked = f->call->asked;
    vd_effective        *e = f->e;

    f->call->context = vd_arena_new_array(&e->d.p.arena, vd_demand, 2 * (size_t)asked->context_count + 1);
    if (!f->call->context)
        return no_memory(f);
    for (uint32_t i = 0; i < asked->context_count; i++) {
        const vd_assumption *a = &asked->context[i];
        vd_pin               one = { a->key, a->absent ? VD_STATE_ABSENT : VD_STATE_PRESENT, a->values, (uint32_t)a->count };

        f->call->context_count += vd_symbolic_pin(e->d.p.s, &one, &f->call->context[f->call->context_count], &e->d.p.nomem);
    }
    return !e->d.p.nomem;
}

static bool prepare(finder *f)
{
    const vd_asked_call *asked = f->call->asked;
    bool                 fixed = asked->resource != VD_NONE;

    if (!add_context(f))
        return false;
    if (fixed)
        return add_resource(f, asked->resource);
    if (f->service.n == 0 || !vd_str_ieq(f->service, VD_S("iam"))) {
        for (uint32_t i = 0; i < asked->resource_count; i++)
            if (!find_hits(f, asked->resources[i]))
                return false;
        if (asked->resource_count == 0 && !find_hits(f, VD_S("*")))
            return false;
    }
    if (!add_hits(f))
        return false;
    return (is_single(f) && f->call->targets.count) || add_rest(f);
}

vd_code vd_call_prepare(vd_call *out, vd_effective *e, const vd_asked_call *asked)
{
    finder f = { .e = e, .call = out };
    vd_str name = asked->action;

    *out = (vd_call){ .asked = asked, .concrete = !vd_any_wild(asked->action) };
    if (vd_str_cut(&name, ':', &f.service) && vd_any_wild(f.service))
        f.service = (vd_str){ "", 0 };
    f.sts = vd_action_overlaps(asked->action, VD_S("sts:*"));
    find_kinds(&f);
    return prepare(&f) ? VD_OK : vd_prover_failed(&e->d.p);
}
