/* SPDX-License-Identifier: Apache-2.0
 *
 * Ways in for those who are not in the snapshot: what exposure finds in the trust policies of its roles.
 */
#include "analyze/pathing.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"

typedef struct taking {
    vd_pathing *x;
    uint32_t    node;
} taking;

/* ------------------------------------------------------------------ kept */

static const vd_str *keep_texts(vd_arena *arena, const vd_str *at, size_t count)
{
    vd_str *out = vd_arena_new_array(arena, vd_str, count + 1);

    for (size_t i = 0; out && i < count; i++)
        if (!vd_arena_dup(arena, &out[i], at[i]))
            return NULL;
    return out;
}

static const vd_witness *keep_witness(vd_arena *arena, const vd_witness *w)
{
    vd_witness     *out = vd_arena_new(arena, vd_witness);
    vd_witness_key *keys = vd_arena_new_array(arena, vd_witness_key, w->key_count + 1);
    bool            ok = out && keys;

    if (!ok)
        return NULL;
    *out = *w;
    for (size_t i = 0; ok && i < w->key_count; i++) {
        keys[i] = w->keys[i];
        keys[i].values = keep_texts(arena, w->keys[i].values, w->keys[i].count);
        ok = keys[i].values && vd_arena_dup(arena, &keys[i].key, w->keys[i].key);
    }
    out->keys = keys;
    {
        vd_str *texts[] = { &out->kind, &out->principal, &out->role, &out->parent, &out->user_id, &out->account, &out->canonical, &out->org,
                            &out->org_path, &out->action, &out->resource, &out->resource_account, &out->resource_org,
                            &out->resource_org_path, &out->endpoint_type };

        for (size_t i = 0; ok && i < VD_COUNT(texts); i++)
            ok = vd_arena_dup(arena, texts[i], *texts[i]);
    }
    return ok ? out : NULL;
}

static bool keep_statement(vd_arena *arena, vd_statement_info *s)
{
    return vd_arena_dup(arena, &s->policy, s->policy) && vd_arena_dup(arena, &s->sid, s->sid) && vd_arena_dup(arena, &s->at.file, s->at.file);
}

static bool keep_lists(vd_arena *arena, vd_outside *o, const vd_exposed *f)
{
    vd_required       *r = vd_arena_new_array(arena, vd_required, f->require_count + f->condition_count + 1);
    vd_statement_info *s = vd_arena_new_array(arena, vd_statement_info, f->source_count + 1);
    bool               ok = r && s;

    for (size_t i = 0; ok && i < f->condition_count + f->require_count; i++) {
        const vd_required *from = i < f->condition_count ? &f->conditions[i] : &f->requirements[i - f->condition_count];

        r[i] = *from;
        r[i].values = keep_texts(arena, from->values, from->count);
        ok = r[i].values && vd_arena_dup(arena, &r[i].key, from->key) && vd_arena_dup(arena, &r[i].operator_name, from->operator_name) &&
             vd_arena_dup(arena, &r[i].must, from->must);
    }
    for (size_t i = 0; ok && i < f->source_count; i++) {
        s[o->source_count] = f->sources[i].statement;
        ok = keep_statement(arena, &s[o->source_count++]);
    }
    o->requirements = r;
    o->require_count = f->condition_count + f->require_count;
    o->sources = s;
    return ok;
}

/* ------------------------------------------------------------------ findings */

static uint32_t way_of(const vd_pathing *x, const char *id)
{
    for (uint32_t i = 0; i < x->ways.count; i++)
        if (vd_str_eq(x->ways.at[i].id, vd_str_of(id)))
            return i;
    return VD_NONE;
}

static const char *technique_of(vd_str action)
{
    if (vd_str_ieq(action, VD_S("sts:AssumeRoleWithWebIdentity")))
        return "assume-web";
    if (vd_str_ieq(action, VD_S("sts:AssumeRoleWithSAML")))
        return "assume-saml";
    return vd_str_ieq(action, VD_S("sts:AssumeRole")) ? "assume-role" : NULL;
}

static bool add(vd_pathing *x, uint32_t node, const vd_exposed *f, vd_str action)
{
    vd_outside o = { .node = node, .anybody = f->is_public, .flags = f->flags };
    uint32_t   way = technique_of(action) ? way_of(x, technique_of(action)) : VD_NONE;
    vd_binding b = { way, x->snapshot->nodes[node].account, node, VD_NONE, VD_NONE, VD_NONE, VD_NONE, VD_NONE, VD_NONE, x->outside_count };

    if (way == VD_NONE)
        return true; /* session tags and the like: no credentials come of it */
    o.by_role = vd_str_ieq(action, VD_S("sts:AssumeRole"));
    o.binding = vd_binding_add(x, &b);
    o.witness = f->witness ? keep_witness(&x->arena, f->witness) : NULL;
    return o.binding != VD_NONE && (o.witness || !f->witness) && vd_arena_dup(&x->arena, &o.action, action) && keep_lists(&x->arena, &o, f) &&
           VD_ARENA_PUSH(&x->arena, x->outsides, x->outside_count, x->outside_cap, o);
}

static bool take(void *user, const vd_exposed *f)
{
    taking *t = user;

    if (f->exposed == VD_EXPOSED_SERVICE)
        return true;
    for (size_t i = 0; i < f->actions.count && !t->x->nomem; i++)
        if (technique_of(f->actions.at[i]) && !add(t->x, t->node, f, f->actions.at[i]))
            t->x->nomem = true;
    return !t->x->nomem;
}

static vd_code ask(vd_pathing *x, const vd_zone *zone, uint32_t node)
{
    const vd_snap_node *n = &x->snapshot->nodes[node];
    vd_policy          *trust = x->snapshot->docs[n->trust].policy;
    vd_exposure_opts    o = { .size = sizeof o, .prove = x->opts.prove, .resource = n->arn, .resource_type = VD_S("AWS::IAM::Role") };
    vd_exposure_summary sum = { .size = sizeof sum };
    vd_builder         *b = NULL;
    vd_set             *set = NULL;
    taking              t = { x, node };
    vd_code             code = vd_builder_new(&b, x->engine, x->err);

    o.prove.resource_account = x->snapshot->accounts[n->account].id;
    if (code == VD_OK)
        code = vd_builder_add(b, trust, &(vd_attach){ .size = sizeof(vd_attach), .layer = VD_LAYER_RESOURCE }, x->err);
    if (code == VD_OK)
        code = vd_builder_compile(&set, b, NULL, x->err);
    if (code == VD_OK)
        code = vd_exposure(set, zone, &o, take, &t, &sum, x->err);
    if (code == VD_EBUDGET || code == VD_EMALFORMED) { /* a Deny that cannot be understood: nobody knows who gets in */
        x->sum.undecided += code == VD_EMALFORMED ? 1 : sum.undecided;
        code = VD_OK;
    }
    x->sum.units += sum.units;
    vd_set_release(set);
    vd_builder_free(b);
    return code != VD_OK ? code : vd_pathing_failed(x);
}

/* Only trust policies that name somebody outside, or everybody. */
static bool names_others(const vd_pathing *x, const vd_policy *p)
{
    for (uint32_t i = 0; p && i < p->statement_count; i++) {
        const vd_principals *all = &p->statements[i].principal;

        if (p->statements[i].effect != VD_EFFECT_ALLOW)
            continue;
        if (all->negated)
            return true;
        for (uint32_t k = 0; k < all->count; k++) {
            vd_str   text = all->at[k].text.text;
            uint32_t at = vd_snap_account_find(x->snapshot, text);

            if (all->at[k].type == VD_PRINCIPAL_SERVICE || at != VD_NONE ||
                (all->at[k].type == VD_PRINCIPAL_AWS && vd_snap_node_find(x->snapshot, text) != VD_NONE))
                continue;
            return true;
        }
    }
    return false;
}

static vd_code own_zone(vd_pathing *x, vd_zone **out)
{
    const vd_snapshot *s = x->snapshot;
    vd_str            *ids = vd_arena_new_array(&x->arena, vd_str, s->account_count + 1);

    if (!ids)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < s->account_count; i++)
        ids[i] = s->accounts[i].id;
    return vd_zone_new(out, x->engine, &(vd_zone_opts){ .size = sizeof(vd_zone_opts), .accounts = ids, .account_count = s->account_count,
                                                        .owner = true },
                       x->err);
}

vd_code vd_outsides_make(vd_pathing *x)
{
    const vd_snapshot *s = x->snapshot;
    vd_zone           *own = NULL;
    vd_code            code = x->opts.zone ? VD_OK : own_zone(x, &own);

    for (uint32_t i = 0; i < s->node_count && code == VD_OK; i++) {
        uint32_t trust = s->nodes[i].trust;

        if (trust != VD_NONE && names_others(x, s->docs[trust].policy))
            code = ask(x, x->opts.zone ? x->opts.zone : own, i);
    }
    vd_zone_free(own);
    return code;
}
