/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions about what calls asked under: tags that they all gave, and KMS's encryption context (usage 3.5).  A key is only
 * thought of when every call had it, and when the catalogue has it for the action on whatever kind of resource: where AWS asks
 * about several resources of one call, such as the image and the subnet of a new machine, tags are there for some of them only.
 */
#include "tighten/rightsize.h"

#include "base/error.h"
#include "base/str.h"

#include <verdict/eval.h>

enum { MOST_KEYS = 16, MOST_VALUES = 5 };

static const vd_str tag_prefix = VD_L("aws:RequestTag/"), context_prefix = VD_L("kms:EncryptionContext:");

typedef struct asked_key {
    vd_str      key;
    vd_rs_texts values;
    uint32_t    calls; /* that have it, and say its value */
    bool        tag;
} asked_key;

typedef struct asking {
    vd_rs                 *r;
    const vd_rs_statement *s;
    vd_rs_texts           *out;
    asked_key              keys[MOST_KEYS];
    uint32_t               count;
    uint32_t               calls; /* that differ in what they ask under */
    bool                   none;  /* some call may have had nothing, or not all of it is known */
    bool                   untagged; /* some call has something else only */
} asking;

static const vd_rs_seen *seen_of(const vd_rs *r, uint32_t action)
{
    return &r->t->seen[r->seen_of[action]]; /* it was seen: the caller looked */
}

/* ------------------------------------------------------------------ what all have in common */

static bool add_value(vd_rs *r, vd_rs_texts *to, vd_str value)
{
    for (uint32_t i = 0; i < to->count; i++)
        if (vd_str_eq(to->at[i], value))
            return true;
    return VD_ARENA_PUSH(&r->scratch, to->at, to->count, to->cap, value);
}

/* Keys of tags differ by case as well: what is one key to a policy is to be written in one way. */
static asked_key *key_of(asking *a, vd_str key)
{
    for (uint32_t i = 0; i < a->count; i++)
        if (vd_str_ieq(a->keys[i].key, key)) {
            a->none |= !vd_str_eq(a->keys[i].key, key);
            return &a->keys[i];
        }
    if (a->count == MOST_KEYS)
        return NULL;
    a->keys[a->count] = (asked_key){ .key = key, .tag = vd_str_starts(key, tag_prefix) };
    return &a->keys[a->count++];
}

static bool add_call(asking *a, const vd_rs_contexts *call)
{
    bool tagged = false;

    a->calls++;
    a->none |= call->count == 0;
    for (uint32_t i = 0; i < call->count && !a->none; i++) {
        asked_key *k = key_of(a, call->at[i].key);

        a->none |= !k || (i > 0 && vd_str_eq(call->at[i - 1].key, call->at[i].key));
        if (a->none)
            break;
        tagged |= k->tag;
        k->calls += call->at[i].known;
        if (call->at[i].known && !add_value(a->r, &k->values, call->at[i].value))
            return false;
    }
    a->untagged |= !tagged;
    return true;
}

static vd_code gather(asking *a)
{
    vd_rs *r = a->r;

    for (uint32_t id = 0; id < vd_catalog_actions(r->t->catalog) && !a->none; id++) {
        vd_rs_asked all;

        if (!vd_rs_bit(a->s->stays, id))
            continue;
        if (!vd_rs_asked_of(&all, seen_of(r, id), &r->scratch))
            return vd_fail_nomem(r->err);
        a->none |= all.open || all.seen->how.asked.count == 0;
        for (uint32_t i = 0; i < all.context_count && !a->none; i++)
            if (!add_call(a, &all.contexts[i]))
                return vd_fail_nomem(r->err);
    }
    a->none |= a->calls == 0;
    return VD_OK;
}

/* ------------------------------------------------------------------ what the catalogue says */

static bool has(vd_ids ids, uint32_t id)
{
    for (uint32_t i = 0; i < ids.count; i++)
        if (ids.at[i] == id)
            return true;
    return false;
}

/* Whatever kind of resource is asked about, the key is there. */
static bool carries(const vd_catalog *c, uint32_t action, uint32_t key)
{
    vd_action_fact fact = vd_catalog_action(c, action);

    if (has(fact.keys, key))
        return true;
    for (uint32_t i = 0; i < fact.types.count; i++)
        if (!has(vd_catalog_keys_on(c, action, fact.types.at[i]), key))
            return false;
    return fact.types.count > 0;
}

static bool all_carry(const asking *a, vd_str key)
{
    const vd_catalog *c = a->r->t->catalog;
    uint32_t          id = vd_catalog_find_key(c, key);

    for (uint32_t i = 0; id != VD_NONE && i < vd_catalog_actions(c); i++)
        if (vd_rs_bit(a->s->stays, i) && !carries(c, i, id))
            return false;
    return id != VD_NONE;
}

/* ------------------------------------------------------------------ replay */

typedef struct replaying {
    const vd_set *set;
    vd_request   *q;
    void         *scratch;
    bool          met; /* so far */
} replaying;

static vd_code replay_action(asking *a, replaying *p, const vd_rs_seen *seen)
{
    const vd_rs_target *t = a->r->t;
    vd_rs_asked         all;

    if (!vd_rs_asked_of(&all, seen, &a->r->scratch))
        return vd_fail_nomem(a->r->err);
    for (uint32_t i = 0; i < all.count && p->met; i++) {
        vd_decision d = { .size = sizeof d };
        vd_code     code;

        vd_request_reset(p->q);
        p->met = vd_request_set(p->q, VD_PRINCIPAL, t->principals[0]) == VD_OK && vd_request_set(p->q, VD_ACTION, seen->name) == VD_OK &&
                 vd_request_set(p->q, VD_RESOURCE, seen->on.count ? seen->on.at[0] : VD_S("*")) == VD_OK;
        if (p->met && !vd_rs_asked_put(&all, p->q, i))
            return vd_fail_nomem(a->r->err);
        code = p->met ? vd_eval(&d, p->set, p->q, p->scratch) : VD_OK;
        if (code == VD_ENOMEM)
            return vd_fail_nomem(a->r->err);
        p->met &= code == VD_OK && d.outcome == VD_EXPLICIT_DENY;
    }
    return VD_OK;
}

/* Every call that was seen is asked of the evaluator. */
static vd_code is_met(asking *a, const char *op, vd_str key, const vd_rs_texts *values, bool present, bool *out)
{
    vd_rs    *r = a->r;
    vd_set   *set = NULL;
    replaying p = { .met = r->t->principal_count > 0 };
    vd_code   code = vd_rs_condition_set(r, op, key, values, present, &set);

    p.set = set;
    if (code == VD_OK)
        code = vd_request_new(&p.q, r->t->engine, r->err);
    if (code == VD_OK && !(p.scratch = vd_arena_alloc(&r->scratch, vd_scratch_size(set), 16)))
        code = vd_fail_nomem(r->err);
    for (uint32_t id = 0; id < vd_catalog_actions(r->t->catalog) && code == VD_OK && p.met; id++)
        if (vd_rs_bit(a->s->stays, id))
            code = replay_action(a, &p, seen_of(r, id));
    vd_request_free(p.q);
    vd_set_release(set);
    *out = code == VD_OK && p.met;
    return code;
}

/* ------------------------------------------------------------------ what is said */

static vd_code propose(asking *a, const char *op, vd_str key, const vd_rs_texts *values, bool present)
{
    bool met;

    VD_TRY(is_met(a, op, key, values, present, &met));
    return met ? vd_rs_say_condition(a->r, a->out, a->s, op, key, values, present) : VD_OK;
}

/* With few values these, with more that it is there. */
static vd_code propose_key(asking *a, const asked_key *k)
{
    static vd_str     no = VD_L("false");
    const vd_rs_texts absent = { .at = &no, .count = 1 };

    if (k->calls != a->calls || !all_carry(a, k->key))
        return VD_OK;
    return k->values.count <= MOST_VALUES ? propose(a, "StringEquals", k->key, &k->values, false) : propose(a, "Null", k->key, &absent, false);
}

/* No other tags than these, and some. */
static vd_code propose_tag_keys(asking *a)
{
    vd_str      names[MOST_KEYS];
    vd_rs_texts values = { .at = names };

    for (uint32_t i = 0; i < a->count; i++)
        if (a->keys[i].tag)
            names[values.count++] = vd_str_from(a->keys[i].key, tag_prefix.n);
    if (values.count == 0 || a->untagged || !all_carry(a, VD_S("aws:TagKeys")))
        return VD_OK;
    return propose(a, "ForAllValues:StringEquals", VD_S("aws:TagKeys"), &values, true);
}

vd_code vd_rs_suggest_asked(vd_rs *r, const vd_rs_statement *s, vd_rs_texts *out)
{
    asking a = { .r = r, .s = s, .out = out };

    VD_TRY(gather(&a));
    if (a.none)
        return VD_OK;
    VD_TRY(propose_tag_keys(&a));
    for (uint32_t i = 0; i < a.count; i++)
        if (a.keys[i].tag || vd_str_starts(a.keys[i].key, context_prefix))
            VD_TRY(propose_key(&a, &a.keys[i]));
    return VD_OK;
}
