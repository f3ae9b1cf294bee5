/* SPDX-License-Identifier: Apache-2.0
 *
 * What must hold between answers, whatever the evaluator says of single requests.  A law is a question that is answered twice
 * in different words.
 */
#include "truth.h"

#include "catalog/catalog.h"

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

static bool is_open(const exposed *e)
{
    return e->undecided || e->potential;
}

static bool exposes(const exposed *e, const char *action, bool is_public)
{
    for (uint32_t i = 0; i < e->action_count; i++)
        if (!strcmp(e->actions[i], action))
            return e->public_action[i] || !is_public;
    return e->action_count == ACTIONS_TOLD;
}

/* Whatever the smaller one exposes, the larger one does. */
static verdict within(const exposed *less, const exposed *more, char *why, const char *law)
{
    if (is_open(less) || is_open(more) || less->action_count == ACTIONS_TOLD)
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
    static const char *const larger[] = {
        "account:111122223333,444455556666",
        "{\"accounts\": [\"111122223333\"], \"organizations\": [\"o-abcdefghij\"]}",
        "{\"accounts\": [\"111122223333\"], \"organizations\": [\"o-abcdefghij\"], \"members\": {\"444455556666\": \"o-abcdefghij\"}}",
        "{\"accounts\": [\"111122223333\"], \"orgPaths\": [\"o-abcdefghij/r-ab12/ou-ab12-11111111/*\"]}",
        "{\"accounts\": [\"111122223333\"], \"principals\": [\"arn:aws:iam::444455556666:role/r\"]}",
        "{\"accounts\": [\"111122223333\"], \"services\": [\"*\"], \"cidrs\": [\"203.0.113.0/24\"], \"vpcEndpoints\": [\"vpce-1a2b3c4d\"]}",
    };
    static exposed before, after;

    if (!expose(&before, t, &t->a, "account:111122223333", false) ||
        !expose(&after, t, &t->a, larger[t->seed / 7 % (sizeof larger / sizeof *larger)], false))
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
    if (is_open(&before) || is_open(&after))
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

/* Accounts are names: with others, everything is said of the others. */
const char *moved_text(const char *text)
{
    static const char *const from[] = { "111122223333", "444455556666" }, *const to[] = { "111133332222", "444433336666" };
    static char   texts[1024][200];
    static size_t next;
    char         *out = texts[next++ % 1024], *at;

    snprintf(out, sizeof texts[0], "%s", text);
    for (size_t i = 0; i < 2; i++)
        for (at = out; (at = strstr(at, from[i])) != NULL; at += 12)
            memcpy(at, to[i], 12);
    return out;
}

static void move_list(list *l)
{
    for (uint8_t i = 0; i < l->count; i++)
        l->at[i] = moved_text(l->at[i]);
}

static verdict renamed(trial *t, char *why)
{
    static exposed before, after;
    stack          other = t->a;
    bool           ok;

    for (uint8_t d = 0; d < other.count; d++)
        for (uint8_t i = 0; i < other.docs[d].count; i++) {
            statement *s = &other.docs[d].at[i];

            move_list(&s->principal);
            move_list(&s->resource);
            for (uint8_t k = 0; k < s->entry_count; k++)
                move_list(&s->entries[k].values);
        }
    ok = expose(&before, t, &t->a, "account:111122223333", false);
    t->moved = true;
    ok = expose(&after, t, &other, "account:111133332222", false) && ok;
    t->moved = false;
    if (!ok)
        return say(why, "%s%s", before.wrong, after.wrong);
    t->answers[after.count == 0]++;
    if (is_open(&before) || is_open(&after))
        return UNDECIDED;
    if (before.count != after.count)
        return say(why, "with other account ids there are %u findings, not %u", after.count, before.count);
    for (uint32_t i = 0; i < before.id_count; i++) {
        bool there = false;

        for (uint32_t k = 0; k < after.id_count; k++)
            there |= !strcmp(moved_text(before.said[i]), after.said[k]);
        if (!there && strlen(before.said[i]) < 190)
            return say(why, "with other account ids there is no finding %s any more", before.said[i]);
    }
    return AGREE;
}

/* What a finding says, denied, is gone, and nothing else comes. */
static verdict finding_denied(trial *t, char *why)
{
    static exposed before, after;
    stack          other = t->a;

    t->cell = 64; /* of none */
    if (other.docs[0].count == STATEMENTS || !expose(&before, t, &t->a, "account:111122223333", false))
        return before.wrong[0] ? say(why, "%s", before.wrong) : AGREE;
    if (is_open(&before) || before.id_count == 0 || before.action_count == ACTIONS_TOLD)
        return is_open(&before) ? UNDECIDED : AGREE;
    t->cell = (uint32_t)(t->seed / 13 % before.id_count);
    if (!expose(&before, t, &t->a, "account:111122223333", false))
        return say(why, "%s", before.wrong);
    if (!before.has_cell || !before.whole)
        return AGREE;
    other.docs[0].at[other.docs[0].count++] = before.denied;
    t->look = before.denied.action.at[0];
    if (!expose(&after, t, &other, "account:111122223333", false))
        return say(why, "%s", after.wrong);
    t->look = NULL;
    t->answers[after.count == 0]++;
    if (is_open(&after))
        return UNDECIDED;
    for (uint32_t i = 0; i < after.id_count; i++)
        if (after.looked[i] && !strcmp(after.said[i], before.said[t->cell]))
            return say(why, "denied for %s, and told as before: %s", before.denied.action.at[0], before.said[t->cell]);
    return within(&after, &before, why, "a finding denied");
}

/* ------------------------------------------------------------------ lists of actions */

enum { MOST_NAMES = 150, ROOM = 8192 };

typedef struct names {
    char    *out;
    size_t   n;
    uint32_t count;
} names;

/* One text that print_document makes a list of. */
static void add_name(void *user, vd_str name)
{
    names *x = user;

    x->n += (size_t)snprintf(x->out + x->n, ROOM - x->n, "%s%.*s", x->count ? "\", \"" : "", (int)name.n, name.p);
    x->n = x->n < ROOM ? x->n : ROOM - 1;
    x->count++;
}

static bool add_all(names *x, const uint64_t *bits, bool shrink)
{
    const vd_catalog *c = vd_catalog_builtin();

    if (shrink) {
        vd_catalog_shrink(c, bits, add_name, x);
        return x->count > 0 && x->count <= MOST_NAMES;
    }
    for (uint32_t i = 0; i < vd_catalog_actions(c) && x->count <= MOST_NAMES; i++) {
        char text[200];

        if (bits[i / 64] >> i % 64 & 1)
            add_name(x, (vd_str){ text, vd_catalog_action_text(c, i, text, sizeof text) });
    }
    return x->count > 0 && x->count <= MOST_NAMES;
}

/* Expanded, or expanded and put together again, in one statement; only names that no service has are told apart by it. */
static verdict relisted(trial *t, char *why, bool shrink)
{
    static char      text[ROOM];
    static uint64_t *bits;
    size_t           room = vd_catalog_actions(vd_catalog_builtin()) / 64 + 1;
    stack            other = t->a;
    document        *d = &other.docs[0];
    list            *l;
    names            x = { .out = text };

    if (!bits && !(bits = malloc(room * sizeof *bits)))
        return say(why, "no memory");
    memset(bits, 0, room * sizeof *bits);
    if (d->count == 0)
        return AGREE;
    l = &d->at[t->seed % d->count].action;
    for (uint8_t i = 0; i < l->count; i++)
        if (!vd_catalog_expand_bits(vd_catalog_builtin(), vd_str_of(l->at[i]), bits))
            return AGREE; /* no service has it: it stays as it is */
    if (!add_all(&x, bits, shrink))
        return AGREE;
    l->at[0] = text;
    l->count = 1;
    return same(t, &t->a, &other, why, shrink ? "a list shrunk" : "a list expanded");
}

static verdict expanded(trial *t, char *why)
{
    return relisted(t, why, false);
}

static verdict shrunk(trial *t, char *why)
{
    return relisted(t, why, true);
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
    { "renamed", renamed, true, false, there },
    { "denied", finding_denied, true, false, there },
    { "expanded", expanded, true, true, there },
    { "shrunk", shrunk, true, true, there },
};
const uint32_t law_count = sizeof laws / sizeof *laws;
