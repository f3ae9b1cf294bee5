/* SPDX-License-Identifier: Apache-2.0
 *
 * Two snapshots compared: every principal for which something changed, with all that holds it on either side; every resource
 * whose policy, settings or resource control policies changed.  Principals with the same documents on both sides as another
 * one are told with it, unless a document asks who they are.
 */
#include "cli/compare_int.h"
#include "cli/sides.h"

#include "base/map.h"
#include "base/str.h"
#include "cli/walk.h"
#include "model/snapshot.h"

#include <sys/stat.h>

bool vd_is_snapshot(vd_cli *cli, const char *path)
{
    vd_buf      name = vd_buf_on(vd_allocator_default(), 0);
    struct stat st;
    bool        is;

    if (strcmp(path, "-") == 0 || !vd_is_directory(path))
        return false;
    vd_buf_printf(&name, "%s/accounts", path);
    vd_buf_byte(&name, 0);
    if (name.failed)
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    is = !name.failed && stat(name.p, &st) == 0 && S_ISDIR(st.st_mode);
    vd_buf_done(&name);
    return is;
}

/* ------------------------------------------------------------------ what bears on one thing */

typedef struct looking {
    vd_arena    arena;
    vd_bearings all;
    bool        reads_principal; /* one of the documents asks who it is */
} looking;

static bool look_at_principal(looking *out, const vd_snapshot *s, uint32_t node)
{
    if (node == VD_NONE)
        return true;
    if (!vd_snap_identity(&out->all, s, node, &out->arena))
        return false;
    return vd_snap_exempt(s, node) || vd_snap_guards(&out->all, s, s->nodes[node].account, VD_LAYER_SCP, &out->arena);
}

static bool look_at_resource(looking *out, const vd_snapshot *s, vd_str arn)
{
    uint32_t   thing = vd_snap_resource_find(s, arn), node = vd_snap_node_find(s, arn);
    uint32_t   account = thing != VD_NONE ? s->resources[thing].account : node != VD_NONE ? s->nodes[node].account : VD_NONE;
    vd_bearing trust = { .layer = VD_LAYER_RESOURCE };

    if (thing != VD_NONE && !vd_snap_resource_side(&out->all, s, thing, &out->arena))
        return false;
    if (thing == VD_NONE && node != VD_NONE && s->nodes[node].trust != VD_NONE) {
        trust.policy = s->docs[s->nodes[node].trust].policy;
        if (!VD_ARENA_PUSH(&out->arena, out->all.at, out->all.count, out->all.cap, trust))
            return false;
    }
    return account == VD_NONE || vd_snap_guards(&out->all, s, account, VD_LAYER_RCP, &out->arena);
}

static bool same_bearing(const vd_bearing *a, const vd_bearing *b)
{
    if (a->layer != b->layer || a->level != b->level || a->missing != b->missing || !a->policy != !b->policy)
        return false;
    return !a->policy || vd_str_eq(vd_policy_text(a->policy), vd_policy_text(b->policy));
}

static bool same_bearings(const vd_bearings *a, const vd_bearings *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!same_bearing(&a->at[i], &b->at[i]))
            return false;
    return true;
}

static vd_str state_of(const vd_snapshot *s, vd_str arn)
{
    uint32_t thing = vd_snap_resource_find(s, arn);

    return thing == VD_NONE ? (vd_str){ "", 0 } : s->resources[thing].state;
}

/* ------------------------------------------------------------------ what is asked */

typedef struct pair {
    uint32_t before, after, account; /* two signatures */
} pair;

typedef struct planning {
    const vd_snapshot *s[2];
    vd_arena          *arena;
    vd_snapshot_asked *at;
    uint32_t           count, cap;
    VD_VEC(pair)       pairs; /* of each question about a principal that others may share */
    VD_VEC(uint32_t)   question;
    vd_map             by_pair;
} planning;

static bool same_pair(const void *ctx, uint32_t value, const void *wanted)
{
    const planning *p = ctx;
    const pair     *w = wanted;

    return p->pairs.at[value].before == w->before && p->pairs.at[value].after == w->after &&
           p->pairs.at[value].account == w->account;
}

static bool asks_who(const vd_snapshot *s, uint32_t node)
{
    const vd_snap_node *n;

    if (node == VD_NONE)
        return false;
    n = &s->nodes[node];
    for (uint32_t i = n->held.first; i < n->held.first + n->held.count; i++)
        if (s->held[i].doc != VD_NONE && s->docs[s->held[i].doc].reads_principal)
            return true;
    return n->boundary != VD_NONE && s->docs[n->boundary].reads_principal;
}

/* False: no memory.  *known: another principal of the same documents is asked about, which counts this one. */
static bool find_alike(planning *p, const uint32_t node[2], bool *known)
{
    const vd_allocator *a = vd_allocator_default();
    pair     of = { VD_NONE, VD_NONE, VD_NONE };
    uint64_t hash;
    uint32_t at;

    *known = false;
    for (int side = 0; side < 2; side++)
        if (node[side] != VD_NONE) {
            *(side ? &of.after : &of.before) = p->s[side]->nodes[node[side]].signature;
            of.account = p->s[side]->nodes[node[side]].account; /* of the newer one, where it is there */
        }
    hash = vd_hash(1, (vd_str){ (const char *)&of, sizeof of });
    if (asks_who(p->s[0], node[0]) || asks_who(p->s[1], node[1]))
        return true;
    at = vd_map_find(&p->by_pair, hash, same_pair, p, &of);
    if (at != VD_NONE) {
        *known = true;
        p->at[p->question.at[at]].alike++;
        return true;
    }
    return VD_PUSH(a, &p->pairs, of) && VD_PUSH(a, &p->question, p->count) && vd_map_add(&p->by_pair, a, hash, p->pairs.count - 1);
}

static bool plan_principal(planning *p, vd_str arn)
{
    uint32_t node[2] = { vd_snap_node_find(p->s[0], arn), vd_snap_node_find(p->s[1], arn) };
    looking  on[2] = { { .arena = vd_arena_on(vd_allocator_default(), 0) }, { .arena = vd_arena_on(vd_allocator_default(), 0) } };
    bool     ok = look_at_principal(&on[0], p->s[0], node[0]) && look_at_principal(&on[1], p->s[1], node[1]);
    bool     same = ok && same_bearings(&on[0].all, &on[1].all), known = false;

    vd_arena_done(&on[0].arena);
    vd_arena_done(&on[1].arena);
    if (!ok || same)
        return ok;
    if (!find_alike(p, node, &known) || known)
        return known;
    return VD_ARENA_PUSH(p->arena, p->at, p->count, p->cap, ((vd_snapshot_asked){ .arn = arn, .principal = true }));
}

static bool plan_resource(planning *p, vd_str arn)
{
    looking on[2] = { { .arena = vd_arena_on(vd_allocator_default(), 0) }, { .arena = vd_arena_on(vd_allocator_default(), 0) } };
    bool    ok = look_at_resource(&on[0], p->s[0], arn) && look_at_resource(&on[1], p->s[1], arn);
    bool    same = ok && same_bearings(&on[0].all, &on[1].all) && vd_str_eq(state_of(p->s[0], arn), state_of(p->s[1], arn));

    vd_arena_done(&on[0].arena);
    vd_arena_done(&on[1].arena);
    if (!ok || same)
        return ok;
    return VD_ARENA_PUSH(p->arena, p->at, p->count, p->cap, ((vd_snapshot_asked){ .arn = arn }));
}

typedef vd_str name_at(const vd_snapshot *s, uint32_t index); /* empty: not one of these */

static vd_str node_name(const vd_snapshot *s, uint32_t i)
{
    return s->nodes[i].kind == VD_WHO_IS_ROOT ? (vd_str){ "", 0 } : s->nodes[i].arn; /* a root user holds no policies */
}

static vd_str role_name(const vd_snapshot *s, uint32_t i)
{
    return s->nodes[i].trust == VD_NONE ? (vd_str){ "", 0 } : s->nodes[i].arn;
}

static vd_str resource_name(const vd_snapshot *s, uint32_t i)
{
    return s->resources[i].arn;
}

/* Of the newer one all, then what only the older one has. */
static bool plan(planning *p, bool plan_one(planning *p, vd_str arn), name_at *name, uint32_t (*find)(const vd_snapshot *s, vd_str arn),
                 const uint32_t count[2])
{
    for (int side = 1; side >= 0; side--)
        for (uint32_t i = 0; i < count[side]; i++) {
            vd_str arn = name(p->s[side], i);

            if (arn.n == 0 || (side == 0 && find(p->s[1], arn) != VD_NONE))
                continue;
            if (!plan_one(p, arn))
                return false;
        }
    return true;
}

bool vd_snapshot_plan(vd_arena *arena, const vd_snapshot *before, const vd_snapshot *after, vd_snapshot_asked **at, uint32_t *count)
{
    const vd_allocator *a = vd_allocator_default();
    planning            p = { .s = { before, after }, .arena = arena };
    uint32_t            nodes[2] = { before->node_count, after->node_count };
    uint32_t            things[2] = { before->resource_count, after->resource_count };
    bool                ok = plan(&p, plan_principal, node_name, vd_snap_node_find, nodes) &&
              plan(&p, plan_resource, resource_name, vd_snap_resource_find, things) &&
              plan(&p, plan_resource, role_name, vd_snap_node_find, nodes);

    VD_VEC_DONE(a, &p.pairs);
    VD_VEC_DONE(a, &p.question);
    vd_map_done(&p.by_pair, a);
    *at = p.at;
    *count = p.count;
    return ok;
}

/* ------------------------------------------------------------------ its sets */

vd_code vd_snapshot_set(vd_set **out, const vd_snapshot *s, const vd_layers *layers, const vd_engine *engine, const vd_snapshot_asked *q,
                        vd_error *err)
{
    vd_builder *b = NULL;
    vd_str      none = { "", 0 };
    vd_code     code = vd_builder_new(&b, engine, err);

    *out = NULL;
    if (code == VD_OK)
        code = vd_layers_add(layers, b, err);
    if (code == VD_OK && q->principal) /* guard-rails alone give it nothing */
        code = vd_part_add_none(b, engine, VD_KIND_IDENTITY, &(vd_attach){ .size = sizeof(vd_attach), .layer = VD_LAYER_IDENTITY }, err);
    if (code == VD_OK)
        code = vd_snapshot_attach(s, b, q->principal ? q->arn : none, q->principal ? none : q->arn, err);
    if (code == VD_OK)
        code = vd_builder_compile(out, b, NULL, err);
    vd_builder_free(b);
    return code;
}

vd_code vd_snapshot_state(vd_request **out, const vd_snapshot *s, const vd_engine *engine, const vd_snapshot_asked *q, vd_error *err)
{
    VD_TRY(vd_request_new(out, engine, err));
    if (vd_request_set(*out, q->principal ? VD_PRINCIPAL : VD_RESOURCE, q->arn) != VD_OK) {
        *err = *vd_request_error(*out);
        return err->code;
    }
    return vd_snapshot_fill(s, *out, err);
}
