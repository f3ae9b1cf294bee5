/* SPDX-License-Identifier: Apache-2.0
 *
 * Which new statement stands in the place of which old one.  Statements that say the same come first, then those of one Sid,
 * then those that differ in their lists alone; what is left over is replaced as a whole, and only then statements go or are
 * added.
 */
#include "tighten/change_int.h"

#include "base/str.h"

typedef struct pairing {
    vd_change_pairs *p;
    vd_arena        *arena;
    vd_str          *old_key, *now_key;
} pairing;

static bool make_keys(pairing *x, unsigned parts)
{
    bool ok = true;

    for (uint32_t i = 0; ok && i < x->p->old->statement_count; i++)
        ok = vd_change_key(x->arena, &x->old_key[i], &x->p->old->statements[i], parts);
    for (uint32_t i = 0; ok && i < x->p->now->statement_count; i++)
        ok = vd_change_key(x->arena, &x->now_key[i], &x->p->now->statements[i], parts);
    return ok;
}

/* Those that are equal in these parts, in order.  sids: only statements that have one. */
static bool pair_equal(pairing *x, unsigned parts, bool sids)
{
    const vd_policy *old = x->p->old, *now = x->p->now;

    if (!make_keys(x, parts))
        return false;
    for (uint32_t i = 0; i < old->statement_count; i++) {
        if (x->p->now_of[i] != VD_NONE || (sids && (!old->statements[i].has_sid || old->statements[i].sid.text.n == 0)))
            continue;
        for (uint32_t k = 0; k < now->statement_count; k++)
            if (x->p->old_of[k] == VD_NONE && vd_str_eq(x->old_key[i], x->now_key[k])) {
                x->p->now_of[i] = k;
                x->p->old_of[k] = i;
                break;
            }
    }
    return true;
}

static void pair_rest(pairing *x)
{
    uint32_t k = 0;

    for (uint32_t i = 0; i < x->p->old->statement_count; i++) {
        if (x->p->now_of[i] != VD_NONE)
            continue;
        while (k < x->p->now->statement_count && x->p->old_of[k] != VD_NONE)
            k++;
        if (k == x->p->now->statement_count)
            return;
        x->p->now_of[i] = k;
        x->p->old_of[k] = i;
        x->p->whole[i] = true;
    }
}

bool vd_change_pair(vd_arena *arena, vd_change_pairs *out, const vd_policy *old, const vd_policy *now)
{
    pairing x = { .p = out, .arena = arena };

    *out = (vd_change_pairs){ .old = old, .now = now };
    out->now_of = vd_arena_new_array(arena, uint32_t, old->statement_count + 1);
    out->old_of = vd_arena_new_array(arena, uint32_t, now->statement_count + 1);
    out->whole = vd_arena_new_array(arena, bool, old->statement_count + 1);
    x.old_key = vd_arena_new_array(arena, vd_str, old->statement_count + 1);
    x.now_key = vd_arena_new_array(arena, vd_str, now->statement_count + 1);
    if (!out->now_of || !out->old_of || !out->whole || !x.old_key || !x.now_key)
        return false;
    for (uint32_t i = 0; i < old->statement_count; i++)
        out->now_of[i] = VD_NONE;
    for (uint32_t i = 0; i < now->statement_count; i++)
        out->old_of[i] = VD_NONE;
    if (!pair_equal(&x, VD_KEY_ALL, false) || !pair_equal(&x, VD_KEY_REST | VD_KEY_SID, true) ||
        !pair_equal(&x, VD_KEY_REST | VD_KEY_RESOURCE, false) || !pair_equal(&x, VD_KEY_REST | VD_KEY_ACTION, false) ||
        !pair_equal(&x, VD_KEY_REST, false))
        return false;
    pair_rest(&x);
    return true;
}
