/* SPDX-License-Identifier: Apache-2.0
 *
 * A call with one change in it: a copy of the request with another context key, a copy of the world with a patched
 * document that is read again.  What was there before stays as it is.
 */
#include "explain/change.h"

#include "base/engine.h"
#include "base/str.h"

void *vd_changer_get(vd_changer *m, size_t count, size_t size)
{
    void *p = vd_arena_array(m->arena, count ? count : 1, size, 16);

    if (!p)
        m->nomem = true;
    return p;
}

const vd_policy *vd_changer_original(const vd_changer *m, const vd_policy *p)
{
    for (uint32_t i = 0; i < m->made_count; i++)
        if (m->made[i] == p)
            return m->origin[i];
    return p;
}

static bool change_request(vd_changer *m, vd_call *call, const vd_option *o)
{
    const vd_request *old = call->request;
    vd_request       *r = vd_changer_get(m, 1, sizeof *r);
    uint32_t          n = 0;

    if (!r)
        return false;
    *r = *old;
    r->seen = UINT64_MAX;
    r->context.at = vd_changer_get(m, (size_t)old->context.count + 1, sizeof *r->context.at);
    r->values.at = vd_changer_get(m, (size_t)old->values.count + 1, sizeof *r->values.at);
    if (!r->context.at || !r->values.at)
        return false;
    for (uint32_t i = 0; i < old->context.count; i++)
        if (!vd_str_ieq(old->context.at[i].key, o->key))
            r->context.at[n++] = old->context.at[i];
    if (old->values.count)
        memcpy(r->values.at, old->values.at, old->values.count * sizeof *r->values.at);
    r->values.at[old->values.count] = o->value;
    r->context.at[n++] = (vd_context){
        .key = o->key, .first = old->values.count, .count = 1, .check = VD_SHARED_CHECK
    };
    r->context.count = r->context.cap = n;
    r->values.count = r->values.cap = old->values.count + 1;
    call->request = r;
    return true;
}

/* The level with the patched document in the place of the old one, and with the new one at its end. */
static bool change_level(vd_changer *m, vd_world_level *out, const vd_world_level *old, const vd_policy *from,
                         const vd_policy *to, bool append)
{
    const vd_policy **policies = vd_changer_get(m, (size_t)old->count + 1, sizeof *policies);
    uint32_t         *ids = vd_changer_get(m, (size_t)old->count + 1, sizeof *ids);

    if (!policies || !ids)
        return false;
    *out = *old;
    for (uint32_t i = 0; i < old->count; i++) {
        policies[i] = from && old->policies[i] == from ? to : old->policies[i];
        ids[i] = old->ids ? old->ids[i] : i;
    }
    if (append) {
        policies[out->count] = to;
        ids[out->count++] = UINT32_MAX;
    }
    out->policies = policies;
    out->ids = ids;
    return true;
}

static bool change_world(vd_changer *m, vd_world *w, const vd_option *o, const vd_policy *to)
{
    for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++) {
        vd_world_layer *l = &w->layer[layer];
        bool            here = !o->from && layer == o->change.layer;
        vd_world_level *levels = vd_changer_get(m, (size_t)l->count + 1, sizeof *levels);

        if (!levels)
            return false;
        for (uint32_t i = 0; i < l->count; i++)
            if (!change_level(m, &levels[i], &l->levels[i], o->from, to, here && i == o->level))
                return false;
        if (here && !l->count) {
            if (!change_level(m, &levels[0], &(vd_world_level){ 0 }, NULL, to, true))
                return false;
            l->count = 1;
        }
        l->levels = levels;
    }
    return true;
}

static bool change_policies(vd_changer *m, vd_call *call, const vd_option *o)
{
    vd_world        *worlds = vd_changer_get(m, call->count, sizeof *worlds);
    vd_policy       *p = NULL;
    vd_code          code;
    const vd_policy *was;

    if (!worlds)
        return false;
    code = vd_policy_parse(&p, m->engine, o->kind, o->from ? vd_policy_name(o->from) : VD_S("new"), o->text,
                           NULL, NULL);
    if (code != VD_OK) {
        m->nomem = m->nomem || code == VD_ENOMEM;
        return false;
    }
    was = o->from ? vd_changer_original(m, o->from) : NULL;
    if (!VD_ARENA_PUSH(m->arena, m->made, m->made_count, m->made_cap, p)) {
        vd_policy_release(p);
        m->nomem = true;
        return false;
    }
    if (!VD_ARENA_PUSH(m->arena, m->origin, m->origin_count, m->origin_cap, was)) {
        m->nomem = true;
        return false;
    }
    for (uint32_t i = 0; i < call->count; i++) {
        worlds[i] = call->worlds[i];
        if (!change_world(m, &worlds[i], o, p))
            return false;
    }
    call->worlds = worlds;
    return true;
}

bool vd_changer_apply(vd_changer *m, vd_call *call, const vd_option *o)
{
    return o->change.kind == VD_CHANGE_REQUEST ? change_request(m, call, o) : change_policies(m, call, o);
}

void vd_changer_done(vd_changer *m)
{
    for (uint32_t i = 0; i < m->made_count; i++)
        vd_policy_release(m->made[i]);
}
