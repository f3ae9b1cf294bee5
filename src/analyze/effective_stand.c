/* SPDX-License-Identifier: Apache-2.0
 *
 * The documents that bear on a principal and a target, as one side of a question.  They are put together once for all
 * principals of a signature.
 */
#include "analyze/effective_int.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/template.h"

/* ------------------------------------------------------------------ keys that are looked at */

static bool add_key(vd_effective *e, vd_stand *stand, vd_str key)
{
    for (uint32_t i = 0; i < stand->keys.count; i++)
        if (vd_str_ieq(stand->keys.at[i], key))
            return true;
    return VD_ARENA_PUSH(&e->d.p.arena, stand->keys.at, stand->keys.count, stand->keys.cap, key);
}

static bool add_variables(vd_effective *e, vd_stand *stand, const vd_texts *texts)
{
    for (uint32_t i = 0; i < texts->count; i++) {
        size_t  at = 0;
        vd_part part;

        while (vd_template_next(texts->at[i].text, &at, &part))
            if (part.kind == VD_PART_VARIABLE && !add_key(e, stand, part.text))
                return false;
    }
    return true;
}

static bool add_keys(vd_effective *e, vd_stand *stand, const vd_policy *policy)
{
    for (uint32_t i = 0; i < policy->statement_count; i++) {
        const vd_statement *st = &policy->statements[i];

        if (!add_variables(e, stand, &st->resource.texts))
            return false;
        for (uint32_t k = 0; k < st->entry_count; k++)
            if (!add_key(e, stand, st->entries[k].key.text) || !add_variables(e, stand, &st->entries[k].values))
                return false;
    }
    return true;
}

bool vd_stand_mentions(const vd_stand *stand, vd_str prefix)
{
    for (uint32_t i = 0; i < stand->keys.count; i++)
        if (vd_str_istarts(stand->keys.at[i], prefix))
            return true;
    return false;
}

/* ------------------------------------------------------------------ documents */

static bool put(vd_effective *e, vd_stand *stand, vd_policy *policy, vd_layer layer, uint32_t level, vd_str target)
{
    vd_side    *side = &stand->side;
    vd_document d = { .policy = policy, .level = level, .layer = layer, .target = target };

    return VD_ARENA_PUSH(&e->d.p.arena, side->documents, side->count, side->cap, d) &&
           vd_stack_add(side->stack, policy, layer, level) && add_keys(e, stand, policy);
}

static bool is_doc(const vd_effective *e, uint32_t doc, const vd_policy *policy)
{
    return doc != VD_NONE && e->snapshot->docs[doc].policy == policy;
}

/* What is missing is taken for what misses nothing: limits allow everything. */
static bool put_missing(vd_effective *e, vd_stand *stand, const vd_bearing *b)
{
    stand->flags |= VD_FLAG_POLICY_NOT_GIVEN;
    if (b->layer == VD_LAYER_BOUNDARY)
        return put(e, stand, e->everything[0], b->layer, 0, b->target);
    if (b->layer == VD_LAYER_SCP)
        return put(e, stand, e->everything[1], b->layer, b->level, b->target);
    stand->lost |= b->layer == VD_LAYER_IDENTITY;
    return true;
}

static bool put_bearing(vd_effective *e, vd_stand *stand, const vd_bearing *b)
{
    bool ok = true;

    if (b->policy)
        return put(e, stand, b->policy, b->layer, b->level, b->target);
    if (b->missing)
        return put_missing(e, stand, b);
    if (stand->broken.n == 0)
        ok = vd_arena_printf(&e->d.p.arena, &stand->broken, "the level \"" VD_F "\" has no policy, which cannot be", VD_A(b->target));
    return ok;
}

static bool put_identity(vd_effective *e, vd_stand *stand, const vd_identity *who)
{
    const vd_snapshot *s = e->snapshot;
    vd_bearings        all = { 0 };
    bool               ok = vd_snap_identity(&all, s, who->node, &e->d.p.arena);

    for (uint32_t i = 0; ok && i < all.count; i++) {
        const vd_bearing *b = &all.at[i];

        if ((b->layer == VD_LAYER_BOUNDARY && who->uncapped) || (b->layer == VD_LAYER_IDENTITY && who->raised) ||
            (b->layer == VD_LAYER_IDENTITY && b->policy && is_doc(e, who->dropped, b->policy)))
            continue;
        ok = put_bearing(e, stand, b);
    }
    if (ok && who->raised)
        return put(e, stand, e->everything[0], VD_LAYER_IDENTITY, 0, (vd_str){ "", 0 });
    for (uint32_t i = 0; ok && who->joined != VD_NONE && i < s->groups[who->joined].held.count; i++) {
        uint32_t doc = s->held[s->groups[who->joined].held.first + i].doc;

        if (doc != VD_NONE && s->docs[doc].policy)
            ok = put(e, stand, s->docs[doc].policy, VD_LAYER_IDENTITY, 0, (vd_str){ "", 0 });
    }
    if (ok && who->adopted != VD_NONE && s->docs[who->adopted].policy)
        ok = put(e, stand, s->docs[who->adopted].policy, VD_LAYER_IDENTITY, 0, (vd_str){ "", 0 });
    return ok;
}

static bool put_guards(vd_effective *e, vd_stand *stand, uint32_t account, vd_layer layer)
{
    vd_bearings all = { 0 };
    bool        ok = vd_snap_guards(&all, e->snapshot, account, layer, &e->d.p.arena);

    for (uint32_t i = 0; ok && i < all.count; i++)
        ok = put_bearing(e, stand, &all.at[i]);
    return ok;
}

/* ACLs, grants, what blocks public access: as statements.  A request that knows them lives as long as the whole. */
static bool put_state(vd_effective *e, vd_stand *stand, const vd_target *t)
{
    const vd_snap_resource *r;
    vd_request             *known = NULL;
    vd_code                 code;

    if (stand->key.resource == VD_NONE)
        return true;
    r = &e->snapshot->resources[t->resource];
    code = vd_request_new(&known, e->d.p.engine, e->d.p.err);
    if (code == VD_OK && !VD_ARENA_PUSH(&e->d.p.arena, e->known, e->known_count, e->known_cap, known)) {
        vd_request_free(known);
        return false;
    }
    if (code == VD_OK)
        code = vd_request_set(known, VD_RESOURCE, r->arn);
    if (code == VD_OK && t->account_id.n)
        code = vd_request_set(known, VD_RESOURCE_ACCOUNT, t->account_id);
    if (code == VD_OK)
        code = vd_snapshot_fill(e->snapshot, known, e->d.p.err);
    e->d.p.opts.resource_account = t->account_id;
    if (code == VD_OK)
        code = vd_settings_add(&e->d.p, &stand->side, NULL, known);
    if (code != VD_OK && code != VD_ENOMEM)
        stand->broken = VD_S("what is known of the resource besides its policy cannot be used");
    return code != VD_ENOMEM;
}

/* The trust policy of a role; of a resource its policy, what its settings share, of an access point the bucket's as well. */
bool vd_target_documents(vd_bearings *out, vd_effective *e, const vd_target *t)
{
    const vd_snapshot *s = e->snapshot;
    vd_bearing         trust = { .layer = VD_LAYER_RESOURCE, .target = VD_S(""), .from = VD_S("") };

    if (t->resource != VD_NONE)
        return vd_snap_resource_side(out, s, t->resource, &e->d.p.arena);
    if (t->role == VD_NONE || s->nodes[t->role].trust == VD_NONE)
        return true;
    trust.policy = s->docs[s->nodes[t->role].trust].policy;
    return !trust.policy || VD_ARENA_PUSH(&e->d.p.arena, out->at, out->count, out->cap, trust);
}

static bool put_target(vd_effective *e, vd_stand *stand, const vd_target *t)
{
    const vd_snapshot *s = e->snapshot;
    vd_bearings        all = { 0 };
    bool               ok = vd_target_documents(&all, e, t);

    for (uint32_t i = 0; ok && i < all.count; i++)
        if (all.at[i].policy) /* one that is missing: the target is not given */
            ok = put(e, stand, all.at[i].policy, all.at[i].layer, 0, (vd_str){ "", 0 });
    if (!ok)
        return false;
    if (t->account == VD_NONE || s->accounts[t->account].management == VD_CERTAIN_YES)
        return true;
    return put_guards(e, stand, t->account, VD_LAYER_RCP);
}

static bool make_boxes(vd_effective *e, vd_stand *stand)
{
    vd_side         *side = &stand->side;
    const vd_policy *broken = vd_stack_broken(side->stack);

    side->box_count = vd_stack_boxes(side->stack, NULL, 0);
    side->boxes = vd_arena_new_array(&e->d.p.arena, uint32_t, side->box_count + 1);
    if (!side->boxes)
        return false;
    vd_stack_boxes(side->stack, side->boxes, side->box_count);
    if (!broken || stand->broken.n)
        return true;
    return vd_arena_printf(&e->d.p.arena, &stand->broken, "\"" VD_F "\" has a Deny that cannot be understood", VD_A(broken->name));
}

/* Nobody gave the resource's policy: then what the principal holds decides (analysis 3.5), except for root users, who hold
 * everything there is in their own account. */
static void claim(vd_stand *stand)
{
    bool     given = stand->key.bits & VD_STAND_GIVEN || stand->key.bits & VD_STAND_ROOT;
    uint32_t layers = 1u << VD_LAYER_IDENTITY | (given ? 1u << VD_LAYER_RESOURCE : 0);

    stand->assumed = given ? 0 : VD_SIDE_RESOURCE;
    if (!(stand->key.bits & VD_STAND_GIVEN))
        stand->flags |= VD_FLAG_RESOURCE_POLICY_NOT_GIVEN;
    vd_stack_claim(stand->side.stack, layers, stand->assumed);
}

static bool make(vd_effective *e, vd_stand *stand, const vd_identity *who, const vd_target *t)
{
    const vd_snap_node *node = &e->snapshot->nodes[who->node];

    if (!vd_stack_new(&stand->side.stack, e->d.p.s, &e->d.p.arena, 0) || !put_identity(e, stand, who))
        return false;
    if (!(stand->key.bits & (VD_STAND_EXEMPT | VD_STAND_UNGUARDED)) && !put_guards(e, stand, node->account, VD_LAYER_SCP))
        return false;
    if (!put_target(e, stand, t))
        return false;
    claim(stand);
    if (!put_state(e, stand, t))
        return false;
    return make_boxes(e, stand);
}

/* ------------------------------------------------------------------ one for all with the same */

static uint32_t bits_of(const vd_effective *e, const vd_identity *who, const vd_target *t)
{
    return (e->snapshot->nodes[who->node].kind == VD_WHO_IS_ROOT ? VD_STAND_ROOT : 0u) |
           (vd_snap_exempt(e->snapshot, who->node) ? VD_STAND_EXEMPT : 0u) | (who->raised ? VD_STAND_RAISED : 0u) |
           (who->uncapped ? VD_STAND_UNCAPPED : 0u) | (who->unguarded ? VD_STAND_UNGUARDED : 0u) |
           (t->given ? VD_STAND_GIVEN : 0u);
}

static uint32_t doc_of(const vd_effective *e, const vd_target *t)
{
    if (t->role != VD_NONE)
        return e->snapshot->nodes[t->role].trust;
    return t->resource != VD_NONE ? e->snapshot->resources[t->resource].doc : VD_NONE;
}

/* More is known of it than its policy: nobody else has the same. */
static uint32_t state_of(const vd_effective *e, const vd_target *t)
{
    const vd_snap_resource *r = t->resource != VD_NONE ? &e->snapshot->resources[t->resource] : NULL;

    return r && (r->state.n || r->shared.count || r->behind != VD_NONE) ? t->resource : VD_NONE;
}

static bool is_stand(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_effective *e = ctx;

    return memcmp(&e->stands[value]->key, wanted, sizeof(vd_stand_key)) == 0;
}

vd_stand *vd_stand_find(vd_effective *e, const vd_identity *who, const vd_target *t)
{
    vd_stand_key key = { e->snapshot->nodes[who->node].signature, who->joined, who->adopted, who->dropped, doc_of(e, t), t->account,
                         state_of(e, t), bits_of(e, who, t) };
    uint64_t     hash = vd_hash(e->d.p.engine->hash_seed, (vd_str){ (const char *)&key, sizeof key });
    uint32_t     at = vd_map_find(&e->stand_map, hash, is_stand, e, &key);
    vd_stand    *stand;

    if (at != VD_NONE)
        return e->stands[at];
    stand = vd_arena_new(&e->d.p.arena, vd_stand);
    if (!stand || !VD_ARENA_PUSH(&e->d.p.arena, e->stands, e->stand_count, e->stand_cap, stand))
        return NULL;
    stand->key = key;
    stand->index = e->stand_count - 1;
    if (make(e, stand, who, t) && vd_map_add(&e->stand_map, &e->d.p.engine->alloc, hash, e->stand_count - 1))
        return stand;
    e->d.p.nomem = true;
    return NULL;
}
