/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls that no statement tells apart have the same answer (analysis 7, 10.5): of IAM, where nothing but statements of the
 * principal and its account bears on a target, it is enough to know which of their resource patterns match it.  The same for
 * what is pinned: the value of a key at which no statement looks is any value.  Only the last part of a name is left out, for
 * what stands before it says what kind of thing it is; and a pattern with a variable tells everything apart.
 */
#include "analyze/effective_int.h"

#include "pattern/arn.h"
#include "pattern/overlap.h"
#include "pattern/template.h"

/* The resource patterns of a stack's statements that an action can meet. */
struct vd_tellers {
    uint32_t stand;
    vd_str   action;
    bool     apart; /* one of them has a variable */
    vd_str  *patterns; /* coded */
    uint32_t count, cap;
};

typedef struct vd_tellers tellers;

/* ------------------------------------------------------------------ patterns */

static bool names(const vd_list *list, vd_str action)
{
    bool any = false;

    for (uint32_t i = 0; i < list->texts.count && !any; i++)
        any = vd_action_overlaps(list->texts.at[i].text, action);
    return any || list->negated;
}

static bool add_pattern(vd_effective *e, tellers *t, vd_str text)
{
    char  *coded = vd_arena_alloc(&e->d.p.arena, text.n + 12, 1);
    size_t used;

    t->apart |= vd_template_has_parts(text);
    return coded && VD_ARENA_PUSH(&e->d.p.arena, t->patterns, t->count, t->cap,
                                  ((vd_str){ coded, vd_resource_code(coded, text, false, &used) }));
}

static bool add_policy(vd_effective *e, tellers *t, const vd_policy *policy)
{
    for (uint32_t i = 0; i < policy->statement_count; i++) {
        const vd_statement *st = &policy->statements[i];

        for (uint32_t k = 0; names(&st->action, t->action) && k < st->resource.texts.count; k++)
            if (!add_pattern(e, t, st->resource.texts.at[k].text))
                return false;
    }
    return true;
}

static bool is_tellers(const void *ctx, uint32_t value, const void *wanted)
{
    const tellers *a = ((const vd_effective *)ctx)->tellers[value], *b = wanted;

    return a->stand == b->stand && vd_str_eq(a->action, b->action);
}

static const tellers *find(vd_effective *e, const vd_stand *stand, vd_str action)
{
    tellers  wanted = { .stand = stand->index, .action = action }, *t;
    uint64_t hash = vd_hash(e->d.p.engine->hash_seed ^ stand->index, action);
    uint32_t at = vd_map_find(&e->teller_map, hash, is_tellers, e, &wanted);

    if (at != VD_NONE)
        return e->tellers[at];
    t = vd_arena_new(&e->d.p.arena, tellers);
    if (!t || t->apart)
        return NULL;
    t->stand = stand->index;
    if (!vd_arena_dup(&e->d.p.arena, &t->action, action))
        return NULL;
    for (uint32_t i = 0; i < stand->side.count; i++)
        if (!add_policy(e, t, stand->side.documents[i].policy))
            return NULL;
    return VD_ARENA_PUSH(&e->d.p.arena, e->tellers, e->teller_count, e->teller_cap, t) &&
                   vd_map_add(&e->teller_map, &e->d.p.engine->alloc, hash, e->teller_count - 1)
               ? t
               : NULL;
}

/* ------------------------------------------------------------------ names */

/* All of it but its last part. */
static vd_str kind_of(vd_str arn)
{
    size_t n = arn.n;

    while (n > 0 && arn.p[n - 1] != '/')
        n--;
    return vd_str_first(arn, n ? n : arn.n);
}

static void write_pins(vd_buf *b, const vd_stand *stand, const vd_asked_call *call)
{
    for (uint32_t i = 0; i < call->context_count; i++) {
        const vd_assumption *a = &call->context[i];
        bool                 looked_at = vd_stand_mentions(stand, a->key);

        vd_buf_printf(b, "\t" VD_F "=%d.%zu", VD_A(a->key), a->absent, a->count);
        for (size_t k = 0; k < a->count; k++) {
            vd_str value = looked_at ? a->values[k] : kind_of(a->values[k]);

            vd_buf_printf(b, "\n%zu:" VD_F, value.n, VD_A(value));
        }
    }
}

static void write_who(vd_buf *b, const vd_effective *e, const vd_stand *stand, const vd_identity *who)
{
    const vd_snap_node *n = &e->snapshot->nodes[who->node];

    if (vd_known_reads(stand))
        vd_buf_printf(b, "n%u.%d", who->node, who->retagged);
    else
        vd_buf_printf(b, "a%u.%d.%d", n->account, (int)n->kind, n->service_linked);
}

static bool applies(const vd_asked_call *call, vd_arn *arn)
{
    return !call->always && call->resource == VD_NONE && call->resource_count == 1 && !vd_any_wild(call->action) &&
           vd_str_istarts(call->action, VD_S("iam:")) && !vd_any_wild(call->resources[0]) && vd_arn_split(arn, call->resources[0]) &&
           vd_is_account(arn->account) && vd_str_find(arn->resource, '/') < arn->resource.n;
}

bool vd_effective_mentions(vd_effective *e, const vd_identity *who, vd_str prefix)
{
    uint32_t  account = e->snapshot->nodes[who->node].account;
    vd_target target = { .resource = VD_NONE, .role = VD_NONE, .given = true, .account = account, .account_id = e->snapshot->accounts[account].id };
    vd_stand *stand = vd_stand_find(e, who, &target);

    return !stand || vd_stand_mentions(stand, prefix);
}

bool vd_alike_write(vd_buf *b, vd_effective *e, const vd_identity *who, const vd_asked_call *call)
{
    vd_arn          arn;
    vd_target       target = { .resource = VD_NONE, .role = VD_NONE, .given = true };
    const vd_stand *stand;
    const tellers  *t = NULL;

    if (!applies(call, &arn))
        return false;
    target.account = vd_snap_account_find(e->snapshot, arn.account);
    target.account_id = arn.account;
    stand = vd_stand_find(e, who, &target);
    if (stand)
        t = find(e, stand, call->action);
    e->d.p.nomem |= !t;
    if (!t || t->apart)
        return false;
    vd_buf_printf(b, "alike %u|", stand->index);
    write_who(b, e, stand, who);
    vd_buf_printf(b, "|" VD_F "|" VD_F "|", VD_A(call->action), VD_A(kind_of(call->resources[0])));
    for (uint32_t i = 0; i < t->count; i++)
        vd_buf_byte(b, vd_glob_match(t->patterns[i], call->resources[0]) ? '1' : '0');
    write_pins(b, stand, call);
    return true;
}
