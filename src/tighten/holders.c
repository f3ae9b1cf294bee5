/* SPDX-License-Identifier: Apache-2.0
 *
 * Who holds which documents: the users and roles of a snapshot with what they hold directly and through groups, or given
 * documents on given principals.  Service control policies are no grants and are left out.
 */
#include "tighten/holders.h"

#include "base/str.h"
#include "model/snapshot.h"
#include "pattern/arn.h"
#include "pattern/value.h"

/* ------------------------------------------------------------------ a snapshot */

typedef struct collecting {
    vd_holders        *to;
    const vd_snapshot *s;
    uint32_t          *holds; /* of each managed policy: how many users, roles hold it */
} collecting;

static int64_t seconds_of(vd_str text)
{
    vd_date d;

    return text.n && vd_date_parse(&d, text) && d.seconds > 0 ? d.seconds : 0;
}

static void count_holds(collecting *c)
{
    for (uint32_t n = 0; n < c->s->node_count; n++) {
        vd_snap_range r = c->s->nodes[n].held;

        for (uint32_t i = r.first; i < r.first + r.count; i++)
            if (c->s->held[i].managed != VD_NONE)
                c->holds[c->s->held[i].managed]++;
    }
}

/* When the version that counts was made. */
static int64_t since_of(const vd_snapshot *s, const vd_snap_managed *m)
{
    int64_t since = 0;

    for (uint32_t i = m->versions.first; i < m->versions.first + m->versions.count; i++)
        if (s->versions[i].is_default)
            since = seconds_of(s->versions[i].created);
    return since;
}

static vd_policy *doc_at(const vd_snapshot *s, uint32_t doc)
{
    return doc == VD_NONE ? NULL : s->docs[doc].policy;
}

static vd_granting granting_of(const collecting *c, const vd_held *h)
{
    const vd_snapshot *s = c->s;
    vd_granting        g = { .size = sizeof g, .policy = doc_at(s, h->doc), .name = h->name, .arn = VD_S(""), .group = VD_S("") };

    if (h->managed != VD_NONE) {
        const vd_snap_managed *m = &s->managed[h->managed];

        g.arn = m->arn;
        g.aws = m->account == VD_NONE && vd_str_contains(m->arn, VD_S(":iam::aws:policy/"));
        g.since = since_of(s, m);
        g.shared = c->holds[h->managed] > 1;
    }
    if (h->group != VD_NONE) {
        g.group = s->groups[h->group].arn;
        g.shared |= s->groups[h->group].members.count > 1;
    }
    return g;
}

/* Not found among the managed policies: its name is the last part of the ARN. */
static vd_granting *lone(collecting *c, uint32_t doc, vd_str arn, vd_str name)
{
    vd_granting *g = doc_at(c->s, doc) ? vd_arena_new(&c->to->arena, vd_granting) : NULL;

    if (g)
        *g = (vd_granting){ .size = sizeof *g, .policy = doc_at(c->s, doc), .name = name, .arn = arn, .group = VD_S("") };
    return g;
}

static bool add_policies(collecting *c, const vd_snap_node *n, vd_holder *h)
{
    vd_granting *list = vd_arena_new_array(&c->to->arena, vd_granting, (size_t)n->held.count + 1);

    if (!list)
        return false;
    for (uint32_t i = n->held.first; i < n->held.first + n->held.count; i++)
        if (doc_at(c->s, c->s->held[i].doc))
            list[h->policy_count++] = granting_of(c, &c->s->held[i]);
        else
            h->missing++;
    h->policies = list;
    if (doc_at(c->s, n->boundary)) {
        h->boundary = lone(c, n->boundary, n->boundary_arn, vd_str_from(n->boundary_arn, vd_str_rfind(n->boundary_arn, '/') + 1));
        if (!h->boundary)
            return false;
    }
    if (n->kind == VD_WHO_IS_ROLE && doc_at(c->s, n->trust)) {
        h->trust = lone(c, n->trust, VD_S(""), VD_S("trust policy"));
        if (!h->trust)
            return false;
    }
    return true;
}

static bool add_node(collecting *c, const vd_snap_node *n)
{
    vd_holder *h = &c->to->all[c->to->all_count++];

    *h = (vd_holder){ .size = sizeof *h, .arn = n->arn, .id = n->id, .account = c->s->accounts[n->account].id, .name = n->name,
                      .path = n->path, .kind = n->kind == VD_WHO_IS_ROLE ? VD_S("role") : VD_S("user"),
                      .service_linked = n->service_linked, .created = seconds_of(n->created),
                      .last_used_known = n->last_used_known, .last_used = seconds_of(n->last_used) };
    h->permission_set = n->permission_set != VD_NONE ? c->s->permission_sets[n->permission_set].name : VD_S("");
    if (!h->permission_set.n && n->kind == VD_WHO_IS_ROLE)
        h->permission_set = vd_snap_permission_set_of(n->arn);
    return add_policies(c, n, h);
}

static vd_holders *open_holders(const vd_engine *engine, size_t most)
{
    vd_holders *h = vd_alloc0(&engine->alloc, sizeof *h);

    if (!h)
        return NULL;
    h->engine = engine;
    h->arena = vd_arena_on(&engine->alloc, 0);
    h->all = vd_arena_new_array(&h->arena, vd_holder, most + 1);
    h->listed = vd_arena_new_array(&h->arena, uint32_t, most + 1);
    if (h->all && h->listed)
        return h;
    vd_holders_free(h);
    return NULL;
}

static bool collect(collecting *c, vd_str coded)
{
    c->holds = vd_arena_new_array(&c->to->arena, uint32_t, (size_t)c->s->managed_count + 1);
    if (!c->holds)
        return false;
    count_holds(c);
    for (uint32_t i = 0; i < c->s->node_count; i++)
        if (c->s->nodes[i].kind != VD_WHO_IS_ROOT) {
            if (!coded.n || vd_glob_match(coded, c->s->nodes[i].arn))
                c->to->listed[c->to->count++] = c->to->all_count;
            if (!add_node(c, &c->s->nodes[i]))
                return false;
        }
    return true;
}

vd_code vd_holders_of_snapshot(vd_holders **out, const vd_engine *engine, const vd_snapshot *snapshot, vd_str pattern, vd_error *err)
{
    collecting c = { .s = snapshot };
    char      *coded;

    *out = NULL;
    c.to = open_holders(engine, snapshot->node_count);
    coded = c.to ? vd_arena_alloc(&c.to->arena, pattern.n + 1, 1) : NULL;
    if (!coded || !collect(&c, (vd_str){ coded, vd_glob_code(coded, pattern) })) {
        vd_holders_free(c.to);
        return vd_fail_nomem(err);
    }
    *out = c.to;
    return VD_OK;
}

/* ------------------------------------------------------------------ given documents */

/* "role/build/ci-deploy" */
static bool name_holder(vd_holder *h, vd_str kind, vd_str rest)
{
    size_t end = vd_str_rfind(rest, '/');

    h->kind = kind;
    h->name = end < rest.n ? vd_str_from(rest, end + 1) : rest;
    h->path = end < rest.n ? vd_str_first(rest, end + 1) : VD_S("/");
    return h->name.n > 0;
}

/* An ARN of a user or role; that of a session stands for its role, whose path it does not tell. */
static bool holder_of(vd_holders *to, vd_holder *h, vd_str arn, bool *nomem)
{
    vd_arn a;
    vd_str rest, head;

    if (!vd_arn_split(&a, arn) || !vd_is_account(a.account) || vd_str_find(arn, '*') < arn.n || vd_str_find(arn, '?') < arn.n)
        return false;
    rest = a.resource;
    if (!vd_str_cut(&rest, '/', &head))
        return false;
    h->arn = arn;
    h->account = a.account;
    if (vd_str_eq(a.service, VD_S("sts")) && vd_str_eq(head, VD_S("assumed-role"))) {
        vd_str name = vd_str_first(rest, vd_str_find(rest, '/'));

        *nomem |= !vd_arena_printf(&to->arena, &h->arn, "arn:" VD_F ":iam::" VD_F ":role/" VD_F, VD_A(a.partition), VD_A(a.account), VD_A(name));
        *nomem |= !vd_arena_dup(&to->arena, &name, name);
        name_holder(h, VD_S("role"), name);
        h->path = VD_S("");
        return name.n > 0;
    }
    return vd_str_eq(a.service, VD_S("iam")) && (vd_str_eq(head, VD_S("role")) || vd_str_eq(head, VD_S("user"))) &&
           name_holder(h, vd_str_eq(head, VD_S("role")) ? VD_S("role") : VD_S("user"), rest);
}

static vd_granting *gather(vd_holders *to, vd_policy *const *policies, size_t count, bool shared)
{
    vd_granting *list = vd_arena_new_array(&to->arena, vd_granting, count + 1);

    to->kept = vd_arena_new_array(&to->arena, vd_policy *, count + 1);
    if (!list || !to->kept)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        list[i] = (vd_granting){ .size = sizeof list[i], .policy = policies[i], .name = vd_policy_name(policies[i]), .arn = VD_S(""),
                                 .group = VD_S(""), .shared = shared };
        to->kept[to->kept_count++] = vd_policy_retain(policies[i]);
    }
    return list;
}

static vd_code hold_all(vd_holders *to, vd_policy *const *policies, size_t count, const vd_str *principals, size_t principal_count,
                        vd_error *err)
{
    vd_granting *list = gather(to, policies, count, principal_count > 1);
    bool         nomem = !list;

    for (size_t i = 0; i < principal_count && !nomem; i++) {
        vd_holder *h = &to->all[to->all_count];
        vd_str     arn;

        *h = (vd_holder){ .size = sizeof *h, .policies = list, .policy_count = count };
        if (!vd_arena_dup(&to->arena, &arn, principals[i]))
            return vd_fail_nomem(err);
        if (!holder_of(to, h, arn, &nomem))
            return vd_fail(err, VD_EINVAL, "\"" VD_F "\" is not the ARN of a user or role", VD_A(principals[i]));
        h->permission_set = vd_snap_permission_set_of(h->arn);
        h->service_linked = vd_str_starts(h->path, VD_S("aws-service-role/"));
        if (h->path.n > 1 && !vd_arena_printf(&to->arena, &h->path, "/" VD_F, VD_A(h->path)))
            return vd_fail_nomem(err);
        to->listed[to->count++] = to->all_count++;
    }
    return nomem ? vd_fail_nomem(err) : VD_OK;
}

vd_code vd_holders_of_policies(vd_holders **out, const vd_engine *engine, vd_policy *const *policies, size_t count,
                               const vd_str *principals, size_t principal_count, vd_error *err)
{
    vd_holders *to = open_holders(engine, principal_count);
    vd_code     code;

    *out = NULL;
    if (!to)
        return vd_fail_nomem(err);
    code = hold_all(to, policies, count, principals, principal_count, err);
    if (code != VD_OK) {
        vd_holders_free(to);
        return code;
    }
    *out = to;
    return VD_OK;
}

/* ------------------------------------------------------------------ reading them */

void vd_holders_free(vd_holders *holders)
{
    const vd_allocator *a;

    if (!holders)
        return;
    a = &holders->engine->alloc;
    for (uint32_t i = 0; i < holders->kept_count; i++)
        vd_policy_release(holders->kept[i]);
    vd_arena_done(&holders->arena);
    vd_free(a, holders, sizeof *holders);
}

uint32_t vd_holders_count(const vd_holders *holders)
{
    return holders->count;
}

bool vd_holders_at(const vd_holders *holders, uint32_t index, vd_holder *out)
{
    size_t n = out->size && out->size < sizeof *out ? out->size : sizeof *out;

    if (index >= holders->count)
        return false;
    memcpy(out, &holders->all[holders->listed[index]], n);
    out->size = n;
    return true;
}
