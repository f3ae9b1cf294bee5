/* SPDX-License-Identifier: Apache-2.0
 *
 * What must hold between answers, whatever the evaluator says of single requests.  A law is a question that is answered twice
 * in different words.
 */
#include "truth.h"

#include <stdlib.h>
#include <string.h>

static const list one_star = { { "*" }, 1, false };

/* Is there nothing that b allows and a does not?  An error or a witness that does not hold is a disagreement of its own. */
static verdict nothing_new(trial *t, const stack *a, const stack *b, char *why, const char *law)
{
    diffed d;

    if (!diff_stacks(&d, t, a, b, false) || d.wrong[0])
        return say(why, "%s: %s", law, d.wrong);
    t->answers[d.broader == VD_UNSAT]++;
    if (d.broader == VD_UNKNOWN)
        return UNDECIDED;
    return d.broader == VD_SAT && !d.future ? say(why, "%s: told as something new", law) : AGREE;
}

static verdict same(trial *t, const stack *a, const stack *b, char *why, const char *law)
{
    verdict x = nothing_new(t, a, b, why, law);

    return x == AGREE ? nothing_new(t, b, a, why, law) : x;
}

static verdict self(trial *t, char *why)
{
    return same(t, &t->a, &t->a, why, "a policy and itself");
}

/* ------------------------------------------------------------------ the same in other words */

static void swap_first_last(list *l)
{
    const char *first = l->at[0];

    if (l->count < 2)
        return;
    l->at[0] = l->at[l->count - 1];
    l->at[l->count - 1] = first;
}

static void twice(list *l)
{
    if (l->count && l->count < VALUES)
        l->at[l->count] = l->at[0], l->count++;
}

static const char *shouted(const char *action)
{
    static char   texts[64][64];
    static size_t n;
    char         *out = texts[n++ % 64];
    size_t        i;

    for (i = 0; action[i] && i < 63; i++)
        out[i] = (char)(action[i] >= 'a' && action[i] <= 'z' && i % 2 ? action[i] - 32 : action[i]);
    out[i] = '\0';
    return out;
}

static void reword_statement(statement *s, chance *c)
{
    swap_first_last(&s->action);
    swap_first_last(&s->resource);
    swap_first_last(&s->principal);
    if (percent(c, 50))
        twice(&s->resource);
    for (uint8_t i = 0; i < s->action.count; i++)
        if (percent(c, 50))
            s->action.at[i] = shouted(s->action.at[i]);
    for (uint8_t i = 0; i < s->entry_count; i++) {
        swap_first_last(&s->entries[i].values);
        if (!strstr(s->entries[i].key, "/")) /* what follows a slash is a tag: that has letter case */
            s->entries[i].key = shouted(s->entries[i].key);
    }
    if (s->entry_count > 1) {
        entry first = s->entries[0];

        s->entries[0] = s->entries[s->entry_count - 1];
        s->entries[s->entry_count - 1] = first;
    }
}

static void reword(stack *out, const stack *s, bool copies, chance *c)
{
    *out = *s;
    for (uint8_t d = 0; d < out->count; d++) {
        document *x = &out->docs[d];

        for (uint8_t i = 0; i < x->count; i++)
            reword_statement(&x->at[i], c);
        if (x->count > 1) {
            statement first = x->at[0];

            x->at[0] = x->at[x->count - 1];
            x->at[x->count - 1] = first;
        }
        if (copies && x->count < STATEMENTS && percent(c, 50)) {
            x->at[x->count] = x->at[0];
            x->count++;
        }
    }
}

static verdict reworded(trial *t, char *why)
{
    stack  other;
    chance c = { t->seed };

    reword(&other, &t->a, true, &c);
    return same(t, &t->a, &other, why, "the same in other words");
}

/* One statement for each action, for each resource. */
static verdict split(trial *t, char *why)
{
    stack other = t->a;

    for (uint8_t d = 0; d < other.count; d++) {
        document *x = &other.docs[d];

        for (uint8_t i = 0; i < x->count && x->count < STATEMENTS; i++) {
            list *l = x->at[i].action.count > 1 ? &x->at[i].action : &x->at[i].resource;

            if (l->count < 2 || l->negated)
                continue;
            l->count--;
            x->at[x->count] = x->at[i];
            l = l == &x->at[i].action ? &x->at[x->count].action : &x->at[x->count].resource;
            l->at[0] = l->at[l->count];
            l->count = 1;
            x->count++;
        }
    }
    return same(t, &t->a, &other, why, "a statement split in two");
}

/* ------------------------------------------------------------------ more and less */

static void random_deny(stack *s, const vocabulary *v, vd_layer layer, chance *c)
{
    stack     other;
    document *d = &s->docs[0];

    do
        make_stack(&other, v, layer == VD_LAYER_RESOURCE ? SHAPE_RESOURCE : SHAPE_IDENTITY, c);
    while (other.docs[0].count == 0);
    if (d->count == STATEMENTS)
        d->count--;
    d->at[d->count] = other.docs[0].at[0];
    d->at[d->count++].deny = true;
}

static verdict denied_more(trial *t, char *why)
{
    stack  other = t->a;
    chance c = { t->seed };

    if (other.docs[0].count == STATEMENTS)
        return AGREE;
    random_deny(&other, t->vocabulary, other.docs[0].layer, &c);
    return nothing_new(t, &t->a, &other, why, "one Deny more");
}

static verdict chained(trial *t, char *why)
{
    stack  third = t->b;
    chance c = { t->seed };
    diffed ab, bc;

    change_stack(&third, t->vocabulary, &c);
    if (!diff_stacks(&ab, t, &t->a, &t->b, false) || !diff_stacks(&bc, t, &t->b, &third, false))
        return say(why, "a chain: %s%s", ab.wrong, bc.wrong);
    if (ab.broader != VD_UNSAT || bc.broader != VD_UNSAT)
        return AGREE;
    return nothing_new(t, &t->a, &third, why, "nothing new in two steps");
}

/* What is granted is what a Deny of exactly that takes away. */
static verdict granted_and_denied(trial *t, char *why)
{
    chance      c = { t->seed };
    const char *action = pick(&c, t->vocabulary->actions), *resource;
    stack       less = t->a;
    statement   gone = { .deny = true };
    vd_answer   granted;
    diffed      d;

    do
        resource = pick(&c, t->vocabulary->resources);
    while (strstr(resource, "${") || !strcmp(resource, "arn:aws:sqs"));
    if (less.docs[0].count == STATEMENTS || action[0] == '*') /* sts has actions that need no permission (E740) */
        return AGREE;
    gone.action = (list){ { action }, 1, false };
    gone.resource = (list){ { resource }, 1, false };
    if (less.docs[0].layer == VD_LAYER_RESOURCE)
        gone.principal = one_star;
    less.docs[0].at[less.docs[0].count++] = gone;
    if (!grants_of(&granted, t, &t->a, action, resource, why) || why[0])
        return DISAGREE;
    if (!diff_stacks(&d, t, &less, &t->a, false) || d.wrong[0])
        return say(why, "grants and diff: %s", d.wrong);
    t->answers[granted == VD_UNSAT]++;
    if (granted == VD_UNKNOWN || d.broader == VD_UNKNOWN)
        return UNDECIDED;
    if ((granted == VD_SAT) != (d.broader == VD_SAT && !d.future))
        return say(why, "%s on %s: grants says %s, diff against a Deny of it says %s", action, resource, granted == VD_SAT ? "yes" : "no",
                   d.broader == VD_SAT ? "something" : "nothing");
    return AGREE;
}

/* ------------------------------------------------------------------ exposure */

static bool exposes(const exposed *e, const char *action, bool is_public)
{
    for (uint32_t i = 0; i < e->action_count; i++)
        if (!strcmp(e->actions[i], action))
            return e->public_action[i] || !is_public;
    return e->action_count == 64;
}

/* Whatever the smaller one exposes, the larger one does. */
static verdict within(const exposed *less, const exposed *more, char *why, const char *law)
{
    if (less->undecided || more->undecided || less->action_count == 64)
        return UNDECIDED;
    for (uint32_t i = 0; i < less->action_count; i++)
        if (!exposes(more, less->actions[i], less->public_action[i]))
            return say(why, "%s: %s is exposed%s", law, less->actions[i], less->public_action[i] ? " to the public" : "");
    return AGREE;
}

static verdict exposed_less(trial *t, char *why)
{
    static exposed before, after;
    stack          other = t->a;
    chance         c = { t->seed };

    if (other.docs[0].count == STATEMENTS)
        return AGREE;
    random_deny(&other, t->vocabulary, VD_LAYER_RESOURCE, &c);
    if (!expose(&before, t, &t->a, "account:111122223333", false) || !expose(&after, t, &other, "account:111122223333", false))
        return say(why, "%s%s", before.wrong, after.wrong);
    t->answers[after.count == 0]++;
    return within(&after, &before, why, "one Deny more");
}

static verdict larger_zone(trial *t, char *why)
{
    static exposed before, after;

    if (!expose(&before, t, &t->a, "account:111122223333", false) ||
        !expose(&after, t, &t->a, "account:111122223333,444455556666", false))
        return say(why, "%s%s", before.wrong, after.wrong);
    t->answers[after.count == 0]++;
    return within(&after, &before, why, "a larger zone");
}

static verdict same_findings(trial *t, char *why)
{
    static exposed before, after;
    stack          other;
    chance         c = { t->seed };

    reword(&other, &t->a, false, &c);
    if (!expose(&before, t, &t->a, "account:111122223333", false) || !expose(&after, t, &other, "account:111122223333", false))
        return say(why, "%s%s", before.wrong, after.wrong);
    t->answers[after.count == 0]++;
    if (before.undecided || after.undecided)
        return UNDECIDED;
    if (before.count != after.count)
        return say(why, "in other words there are %u findings, not %u", after.count, before.count);
    for (uint32_t i = 0; i < before.id_count; i++) {
        bool there = false;

        for (uint32_t k = 0; k < after.id_count; k++)
            there |= !strcmp(before.ids[i], after.ids[k]);
        if (!there)
            return say(why, "in other words there is no finding %s any more", before.ids[i]);
    }
    return AGREE;
}

/* ------------------------------------------------------------------ which there are */

static bool there(void)
{
    return true;
}

const question laws[] = {
    { "self", self, true, true, there },
    { "reworded", reworded, true, true, there },
    { "split", split, true, true, there },
    { "denied-more", denied_more, true, true, there },
    { "chained", chained, true, true, there },
    { "grants-diff", granted_and_denied, false, true, there },
    { "exposed-less", exposed_less, true, false, there },
    { "larger-zone", larger_zone, true, false, there },
    { "same-ids", same_findings, true, false, there },
};
const uint32_t law_count = sizeof laws / sizeof *laws;
