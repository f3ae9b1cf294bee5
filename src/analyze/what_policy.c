/* SPDX-License-Identifier: Apache-2.0
 *
 * Ways through all layers as one IAM document: an Allow for each, and the denies of every layer.  It is read again and asked
 * against the layers, in both directions: only then it is called exact.
 */
#include "analyze/holding.h"

#include "base/engine.h"
#include "base/str.h"
#include "text/json_write.h"

typedef struct writer {
    vd_effective      *e;
    const vd_holdings *all;
    vd_json           *statements;
    vd_json           *list; /* being filled */
    bool               loose;
    bool               nomem;
} writer;

/* ------------------------------------------------------------------ parts */

static void push_text(void *user, vd_str text)
{
    vd_json_push(((writer *)user)->list, vd_json_string(text));
}

static vd_json *actions_of(writer *w, const uint64_t *bits, const vd_strings *unknown)
{
    w->list = vd_json_array();
    vd_catalog_shrink(w->e->d.p.catalog, bits, push_text, w);
    for (uint32_t i = 0; unknown && i < unknown->count; i++)
        vd_json_push(w->list, vd_json_string(unknown->at[i]));
    return w->list;
}

static vd_json *texts_of(const vd_strings *list)
{
    vd_json *out = vd_json_array();

    for (uint32_t i = 0; i < list->count; i++)
        vd_json_push(out, vd_json_string(list->at[i]));
    return out;
}

static bool plain(const vd_texts *values)
{
    for (uint32_t i = 0; i < values->count; i++)
        for (size_t k = 0; k < values->at[i].text.n; k++)
            if (strchr("*?$", values->at[i].text.p[k]))
                return false;
    return true;
}

static bool holds(const vd_texts *values, vd_str text)
{
    for (uint32_t i = 0; i < values->count; i++)
        if (vd_str_eq(values->at[i].text, text))
            return true;
    return false;
}

/* The values of two tests of one key by one operator, both of which hold: of what is to be equal, those in both lists; of what
 * is not to be equal, all. */
static bool join(const vd_entry *a, const vd_entry *b, vd_texts *out, vd_arena *arena)
{
    if (a->op.quantifier != VD_FOR_ONE || a->op.if_exists)
        return false;
    *out = (vd_texts){ 0 };
    if (!a->op.op->negated && (!plain(&a->values) || !plain(&b->values)))
        return false;
    for (uint32_t i = 0; i < a->values.count; i++)
        if ((a->op.op->negated || holds(&b->values, a->values.at[i].text)) &&
            !VD_ARENA_PUSH(arena, out->at, out->count, out->cap, a->values.at[i]))
            return false;
    for (uint32_t i = 0; a->op.op->negated && i < b->values.count; i++)
        if (!holds(&a->values, b->values.at[i].text) && !VD_ARENA_PUSH(arena, out->at, out->count, out->cap, b->values.at[i]))
            return false;
    return out->count > 0;
}

static const char *c_text(writer *w, vd_str text)
{
    vd_str own = { "", 0 };

    w->nomem |= !vd_arena_dup(&w->e->d.p.scratch, &own, text);
    return own.p;
}

/* {"StringEquals": {"aws:PrincipalTag/team": ["data"]}} */
static vd_json *condition_of(writer *w, const vd_entry *const *entries, uint32_t count)
{
    vd_json *out = vd_json_object();
    bool    *done = vd_arena_new_array(&w->e->d.p.scratch, bool, (size_t)count + 1);

    w->nomem |= !done;
    for (uint32_t i = 0; i < count && !w->nomem; i++) {
        vd_json *keys = vd_json_object();

        if (done[i]) {
            vd_json_drop(keys);
            continue;
        }
        for (uint32_t k = i; k < count && !w->nomem; k++) {
            vd_entry one;
            vd_json *values = vd_json_array();

            if (done[k] || !vd_str_ieq(entries[k]->operator_name.text, entries[i]->operator_name.text)) {
                vd_json_drop(values);
                continue;
            }
            one = *entries[k];
            for (uint32_t n = k + 1; n < count; n++)
                if (vd_str_ieq(entries[n]->operator_name.text, one.operator_name.text) && vd_str_ieq(entries[n]->key.text, one.key.text)) {
                    vd_texts both;

                    done[n] = true;
                    if (join(&one, entries[n], &both, &w->e->d.p.scratch))
                        one.values = both;
                    else
                        w->loose = true;
                }
            done[k] = true;
            for (uint32_t n = 0; n < one.values.count; n++)
                vd_json_push(values, vd_json_string(one.values.at[n].text));
            vd_json_set(keys, c_text(w, one.key.text), values);
        }
        vd_json_set(out, c_text(w, entries[i]->operator_name.text), keys);
    }
    return out;
}

/* ------------------------------------------------------------------ statements */

static void write_allow(writer *w, const vd_holding *h)
{
    vd_json *o = vd_json_object();

    w->loose |= h->loose;
    vd_json_set(o, "Effect", vd_json_string(VD_S("Allow")));
    vd_json_set(o, "Action", actions_of(w, h->bits, &h->unknown));
    if (h->resources.count)
        vd_json_set(o, "Resource", texts_of(&h->resources));
    else
        vd_json_set(o, "NotResource", texts_of(&h->not_resources));
    if (h->entry_count)
        vd_json_set(o, "Condition", condition_of(w, h->entries, h->entry_count));
    vd_json_push(w->statements, o);
}

static bool any(const uint64_t *bits, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++)
        if (bits[i])
            return true;
    return false;
}

/* What the Deny takes away of what is allowed at all; false: nothing that the catalogue knows. */
static bool denied(writer *w, const vd_statement *st, uint64_t *bits)
{
    uint32_t words = vd_catalog_actions(w->e->d.p.catalog) / 64 + 1;

    memset(bits, 0, words * sizeof *bits);
    for (uint32_t i = 0; i < st->action.texts.count; i++)
        vd_catalog_expand_bits(w->e->d.p.catalog, st->action.texts.at[i].text, bits);
    for (uint32_t i = 0; i < words; i++)
        bits[i] = (st->action.negated ? ~bits[i] : bits[i]) & (w->all->all ? w->all->all[i] : 0);
    return any(bits, words);
}

static void write_deny(writer *w, const vd_statement *st, const uint64_t *bits)
{
    vd_json         *o = vd_json_object(), *resources = vd_json_array();
    const vd_entry **entries = vd_arena_new_array(&w->e->d.p.scratch, const vd_entry *, (size_t)st->entry_count + 1);

    w->nomem |= !entries;
    for (uint32_t i = 0; entries && i < st->entry_count; i++)
        entries[i] = &st->entries[i];
    for (uint32_t i = 0; i < st->resource.texts.count; i++)
        vd_json_push(resources, vd_json_string(st->resource.texts.at[i].text));
    vd_json_set(o, "Effect", vd_json_string(VD_S("Deny")));
    vd_json_set(o, "Action", actions_of(w, bits, NULL));
    vd_json_set(o, st->resource.negated ? "NotResource" : "Resource", resources);
    if (st->entry_count && entries)
        vd_json_set(o, "Condition", condition_of(w, entries, st->entry_count));
    vd_json_push(w->statements, o);
}

static void write_denies(writer *w)
{
    vd_side  *side = &w->e->d.sides[1];
    uint64_t *bits = vd_arena_new_array(&w->e->d.p.scratch, uint64_t, vd_catalog_actions(w->e->d.p.catalog) / 64 + 1);

    w->nomem |= !bits;
    for (uint32_t i = 0; i < side->count && !w->nomem; i++)
        for (uint32_t k = 0; k < side->documents[i].policy->statement_count && !w->nomem; k++) {
            const vd_statement *st = &side->documents[i].policy->statements[k];

            if (side->documents[i].layer != VD_LAYER_RESOURCE && !st->malformed && st->effect == VD_EFFECT_DENY && denied(w, st, bits))
                write_deny(w, st, bits);
        }
}

static vd_code write(writer *w, vd_str *out)
{
    vd_json *o = vd_json_object();
    vd_buf   b = vd_buf_on(&w->e->d.p.engine->alloc, 0);
    vd_code  code;

    w->statements = vd_json_array();
    vd_json_set(o, "Version", vd_json_string(VD_S("2012-10-17")));
    for (uint32_t i = 0; i < w->all->count && !w->nomem; i++)
        write_allow(w, &w->all->at[i]);
    write_denies(w);
    vd_json_set(o, "Statement", w->statements);
    code = vd_json_dump(&b, o, 2); /* o is gone */
    if (code == VD_OK && (b.failed || w->nomem || !vd_arena_dup(&w->e->d.p.arena, out, vd_buf_str(&b))))
        code = VD_ENOMEM;
    vd_buf_done(&b);
    return code == VD_OK ? code : vd_fail_nomem(w->e->d.p.err);
}

/* ------------------------------------------------------------------ proof */

static vd_answer more(vd_effective *e, const vd_stack *allowed, const vd_stack *refused, vd_str action)
{
    vd_prover  *p = &e->d.p;
    vd_question q = { .allowed = allowed, .refused = refused, .action = action, .who = p->who, .account = p->opts.resource_account,
                      .relation = p->relation, .linked = p->linked, .demands = p->demands, .demand_count = p->demand_count };
    vd_model    model;
    vd_grounds  grounds;
    const char *why;

    return vd_question_solve(&q, &model, &grounds, &why, &p->nomem);
}

static bool is_held(const vd_holdings *all, const vd_action_class *c)
{
    for (uint32_t i = 0; i < c->run_count && all->all; i++)
        for (uint32_t k = c->runs[i].first; k < c->runs[i].first + c->runs[i].count; k++)
            if (all->all[k / 64] >> k % 64 & 1u)
                return true;
    return false;
}

static bool says_the_same(vd_effective *e, vd_stack *own, const vd_holdings *all, const vd_call *call)
{
    vd_side          *side = &e->d.sides[1];
    uint32_t          n = vd_stack_boxes(own, NULL, 0);
    uint32_t         *boxes = vd_arena_new_array(&e->d.p.arena, uint32_t, (size_t)n + side->box_count + 1);
    vd_action_classes classes;
    bool              filtered = !vd_str_eq(call->asked->action, VD_S("*"));
    vd_action_opts    o = { .only = &call->asked->action, .only_count = 1, .shapes = true, .resources = call->asked->resource_count > 0,
                            .reached = true, .special = vd_stack_special(side->stack) };

    if (!boxes)
        return false;
    memcpy(boxes, side->boxes, side->box_count * sizeof *boxes);
    vd_stack_boxes(own, boxes + side->box_count, n);
    if (!vd_actions_partition(&classes, e->d.p.s, boxes, n + side->box_count, &o, &e->d.p.arena))
        return false;
    for (uint32_t i = 0; i < classes.count; i++) {
        vd_str action = classes.at[i].representative;

        if (more(e, own, side->stack, action) != VD_UNSAT ||
            ((!filtered || is_held(all, &classes.at[i])) && more(e, side->stack, own, action) != VD_UNSAT))
            return false;
    }
    return !e->d.p.nomem;
}

static vd_code check(bool *exact, vd_effective *e, vd_str text, const vd_holdings *all, const vd_call *call)
{
    vd_policy *policy = NULL;
    vd_stack  *own;
    vd_code    code = vd_policy_parse(&policy, e->d.p.engine, VD_KIND_IDENTITY, VD_S("what it can"), text, NULL, e->d.p.err);

    *exact = false;
    if (code == VD_OK && (!vd_stack_new(&own, e->d.p.s, &e->d.p.arena, e->at->assumed) || !vd_stack_add(own, policy, VD_LAYER_IDENTITY, 0)))
        code = vd_fail_nomem(e->d.p.err);
    if (code == VD_OK) {
        vd_stack_claim(own, 1u << VD_LAYER_IDENTITY, e->at->assumed);
        *exact = says_the_same(e, own, all, call);
    }
    if (policy && !VD_ARENA_PUSH(&e->d.p.arena, e->owned, e->owned_count, e->owned_cap, policy)) {
        vd_policy_release(policy); /* its boxes are not asked about any more */
        return vd_fail_nomem(e->d.p.err);
    }
    return e->d.p.nomem ? vd_fail_nomem(e->d.p.err) : code;
}

vd_code vd_holdings_policy(vd_str *out, bool *exact, vd_effective *e, const vd_holdings *all, const vd_call *call)
{
    writer w = { .e = e, .all = all };

    *exact = false;
    VD_TRY(write(&w, out));
    vd_arena_reset(&e->d.p.scratch);
    if (w.loose || all->cut || all->undecided)
        return VD_OK;
    return check(exact, e, *out, all, call);
}
