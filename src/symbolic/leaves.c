/* SPDX-License-Identifier: Apache-2.0
 *
 * Leaves: the search goes on behind a solution.  Here a clause counts only when one of its literals follows from the others of
 * its variable, so that a leaf holds all requests that fulfil its literals, and nothing else.
 */
#include "symbolic/leaves.h"

#include "symbolic/hunt.h"

#include "base/str.h"

struct vd_leaf {
    vd_hunt *hunt;
};

bool vd_leaf_model(vd_leaf *leaf, vd_model *model)
{
    return vd_hunt_model(leaf->hunt, model);
}

static const vd_key_var *find_key(const vd_ask *a, vd_str key)
{
    for (uint32_t i = 0; i < a->used_count; i++)
        if (vd_str_ieq(a->s->keys[a->used[i]].key, key))
            return &a->s->keys[a->used[i]];
    return NULL;
}

bool vd_leaf_addresses_of(vd_leaf *leaf, vd_str name, vd_leaf_addresses *out)
{
    vd_ask           *a = leaf->hunt->a;
    const vd_key_var *key = find_key(a, name);
    vd_wants          all = { 0 }, some = { 0 };
    vd_key_rule       r;
    const vd_store   *store;

    *out = (vd_leaf_addresses){ .absent = true };
    if (!key)
        return vd_addresses_all(&out->there, &a->s->work);
    r = vd_universe_rule(a, key);
    if (r.presence == VD_KEY_NEVER)
        return true;
    store = &leaf->hunt->stores[r.var];
    out->absent = r.presence != VD_KEY_MUST;
    out->other = r.var < VD_VAR_KEYS;
    if (r.var < VD_VAR_KEYS)
        return vd_addresses_all(&out->there, &a->s->work);
    out->absent = out->absent && vd_missing_fits(a, store->at, store->count, false);
    if (!vd_wants_sort(a, key->many, store->at, store->count, &all, &some))
        return !a->nomem;
    for (uint32_t i = 0; i < all.count; i++)
        out->other |= all.at[i].atom->entry->op.op->test != VD_TEST_IP;
    out->other |= some.count > 0;
    return vd_wants_addresses(a, &all, &out->there);
}

bool vd_leaf_values(vd_leaf *leaf, vd_str name, uint32_t most, vd_str **out, uint32_t *count, bool *more)
{
    vd_ask           *a = leaf->hunt->a;
    const vd_key_var *key = find_key(a, name);
    vd_key_rule       r;
    vd_store         *store;
    uint32_t          kept;

    *count = 0;
    *more = true;
    *out = vd_arena_new_array(&a->s->work, vd_str, most ? most : 1);
    a->nomem |= !*out;
    if (!key || a->nomem || (r = vd_universe_rule(a, key)).presence == VD_KEY_NEVER) {
        *more = key == NULL;
        return !a->nomem;
    }
    store = &leaf->hunt->stores[r.var];
    kept = store->count;
    while (*count < most && !a->nomem) { /* one after the other, each excluding itself */
        vd_assigned value, part;
        vd_str      room = { "", 0 };
        vd_literal  l = { 0, true };
        vd_answer   answer;

        if (*count == 0)
            l = (vd_literal){ vd_atom_of_condition(a->s, VD_LANGUAGE_2008, "Null", name, &(vd_str)VD_L("false"), 1, &a->nomem), true };
        else
            l = (vd_literal){ vd_atom_of_condition(a->s, VD_LANGUAGE_2008, key->many ? "ForAnyValue:StringEquals" : "StringEquals", name,
                                                   &(*out)[*count - 1], 1, &a->nomem), false };
        if (a->nomem || !VD_ARENA_PUSH(&a->s->work, store->at, store->count, store->cap, l)) {
            a->nomem = true;
            break;
        }
        answer = vd_value_find(a, r.var, store->at, store->count, &value);
        if (answer != VD_SAT) {
            *more = answer == VD_UNKNOWN;
            break;
        }
        part = vd_view_value(a, r.var, r.view, &value, &room);
        if (part.state != VD_STATE_PRESENT || part.count == 0)
            break;
        (*out)[(*count)++] = part.values[0];
    }
    store->count = kept;
    return !a->nomem;
}

static vd_answer tell_all(vd_ask *a, uint32_t most, vd_leaf_fn *tell, void *user, vd_leaves *out)
{
    vd_hunt   h;
    vd_leaf   leaf = { &h };
    vd_answer answer;

    if (!vd_hunt_begin(&h, a))
        return VD_UNKNOWN;
    h.leaves = true;
    answer = vd_hunt_root(&h);
    if (answer == VD_SAT)
        answer = vd_hunt_walk(&h);
    while (answer == VD_SAT) {
        out->count++;
        out->loose |= a->relaxed;
        if (!tell(user, &leaf) || out->count >= most) {
            out->stopped = true;
            return VD_SAT;
        }
        answer = vd_hunt_again(&h);
        if (answer == VD_SAT)
            answer = vd_hunt_walk(&h);
    }
    return answer;
}

vd_answer vd_symbolic_leaves(vd_symbolic *s, const vd_goal *goal, uint32_t most, vd_leaf_fn *tell, void *user, vd_leaves *out,
                             const char **why, bool *nomem)
{
    vd_ask      a = { .s = s, .goal = goal, .budget = s->budget, .holes = VD_HOLES_ANYTHING };
    vd_profiles profiles;
    vd_globs    shape;
    vd_answer   worst = VD_UNSAT;

    *out = (vd_leaves){ 0 };
    if (!vd_question_begin(&a, goal->rules == VD_RULES_HARD ? NULL : &shape)) {
        *nomem = true;
        return VD_UNKNOWN;
    }
    for (uint8_t who = 0; who < VD_ASKER_COUNT && !a.nomem; who++) {
        vd_universe_profiles(&a, who, &profiles);
        while (!out->stopped && !a.nomem && vd_universe_next(&a, &profiles))
            if (vd_universe_turn(&a) && tell_all(&a, most, tell, user, out) == VD_UNKNOWN)
                worst = VD_UNKNOWN;
    }
    s->units += s->budget - a.budget;
    if (why)
        *why = worst == VD_UNKNOWN ? a.why : NULL;
    *nomem |= a.nomem;
    if (a.nomem || worst == VD_UNKNOWN)
        return VD_UNKNOWN;
    return out->count ? VD_SAT : VD_UNSAT;
}
