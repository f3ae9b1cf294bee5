/* SPDX-License-Identifier: Apache-2.0
 *
 * The questions of analyze.h about a trial, each held against the evaluator: a yes by its witness, a no by every request of
 * the world.
 */
#include "truth.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

verdict say(char *why, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(why, WHY, format, args);
    va_end(args);
    return DISAGREE;
}

bool glob_matches(const char *glob, const char *s, bool fold)
{
    for (; *glob; glob++, s++) {
        char a = *glob, b = *s;

        if (a == '*') {
            do
                if (glob_matches(glob + 1, s, fold))
                    return true;
            while (*s++);
            return false;
        }
        if (fold && a >= 'A' && a <= 'Z')
            a = (char)(a + 32);
        if (fold && b >= 'A' && b <= 'Z')
            b = (char)(b + 32);
        if (!b || (a != '?' && a != b))
            return false;
    }
    return !*s;
}

static const char trusted[] = "[\"444455556666\", \"111122223333\", \"999988887777\"]";

vd_prove_opts proving(const trial *t, const stack *s)
{
    vd_prove_opts o = { .size = sizeof o, .budget = 3000000, .now = 1735689600 };

    for (uint8_t i = 0; i < s->count; i++)
        if (s->docs[i].layer == VD_LAYER_RESOURCE)
            o.resource_account = vd_str_of(t->moved ? moved_text("111122223333") : "111122223333");
    return o;
}

/* ------------------------------------------------------------------ witnesses */

void show_witness(char *out, size_t size, const vd_witness *w)
{
    size_t n = (size_t)snprintf(out, size, "%.*s %.*s role %.*s id %.*s org %.*s, %.*s on %.*s of %.*s", (int)w->kind.n, w->kind.p,
                                (int)w->principal.n, w->principal.p, (int)w->role.n, w->role.p, (int)w->user_id.n, w->user_id.p,
                                (int)w->org.n, w->org.p, (int)w->action.n, w->action.p, (int)w->resource.n, w->resource.p,
                                (int)w->resource_account.n, w->resource_account.p);

    for (size_t i = 0; i < w->key_count && n < size; i++) {
        const vd_witness_key *k = &w->keys[i];

        n += (size_t)snprintf(out + n, size - n, "; %.*s%s", (int)k->key.n, k->key.p, k->absent ? " absent" : " =");
        for (size_t v = 0; v < k->count && n < size; v++)
            n += (size_t)snprintf(out + n, size - n, " \"%.*s\"", (int)k->values[v].n, k->values[v].p);
    }
}

/* Allowed: 1, not: 0, no such request: -1. */
static int decide(trial *t, const stack *s, const vd_witness *w, bool agree)
{
    asked       a;
    vd_request *r = NULL;
    vd_error    err = { .size = sizeof err };
    char        account[32] = "";
    int         out = -1;

    if (w->account.n == 12)
        snprintf(account, sizeof account, "\"%.12s\"", w->account.p);
    if (vd_request_new(&r, t->engine, &err) == VD_OK && asked_open(&a, t->engine, s, agree, account)) {
        if (vd_witness_request(r, w) == VD_OK)
            out = asked_allows(&a, r);
        asked_close(&a);
    }
    vd_request_free(r);
    return out;
}

void hold(char *wrong, trial *t, const vd_witness *w, uint32_t flags, const stack *allowed, const stack *refused, const char *what)
{
    char shown[2000];
    int  yes, no;

    if (wrong[0] || (!w && (flags & VD_FLAG_POTENTIAL)))
        return;
    if (!w) {
        say(wrong, "%s: a finding has neither a witness nor a flag", what);
        return;
    }
    yes = decide(t, allowed, w, true);
    no = refused ? decide(t, refused, w, true) : 0;
    if (yes == 1 && no == 1 && decide(t, allowed, w, false) == 1) /* or somebody of the owner's account who holds nothing else */
        no = decide(t, refused, w, false);
    show_witness(shown, sizeof shown, w);
    if (yes != 1 || no != 0)
        say(wrong, "%s: the evaluator does not confirm the witness (%d where 1 was said, %d where 0 was): %s", what, yes, no, shown);
}

/* ------------------------------------------------------------------ diff */

typedef struct delta_ear {
    trial       *t;
    const stack *a, *b;
    diffed      *out;
    bool         replay;
} delta_ear;

static bool hear_delta(void *user, const vd_delta *d)
{
    delta_ear *e = user;

    if (!(d->flags & VD_FLAG_FUTURE))
        e->out->future = false;
    if (e->replay)
        hold(e->out->wrong, e->t, d->witness, d->flags, d->removed ? e->a : e->b, d->removed ? e->b : e->a, "diff");
    return true;
}

bool diff_stacks(diffed *out, trial *t, const stack *a, const stack *b, bool replay)
{
    asked           x = { 0 }, y = { 0 };
    vd_error        err = { .size = sizeof err };
    vd_diff_opts    o = { .size = sizeof o, .prove = proving(t, a), .removed = true };
    vd_diff_summary sum = { .size = sizeof sum };
    delta_ear       ear = { t, a, b, out, replay };
    vd_code         code = VD_EINVAL;

    memset(out, 0, sizeof *out);
    out->future = true;
    if (asked_open(&x, t->engine, a, false, NULL) && asked_open(&y, t->engine, b, false, NULL))
        code = vd_diff(x.set, y.set, &o, hear_delta, &ear, &sum, &err);
    asked_close(&x);
    asked_close(&y);
    out->broader = sum.broader;
    out->narrower = sum.narrower;
    out->units = sum.units;
    if (code != VD_OK && code != VD_EBUDGET && !out->wrong[0])
        say(out->wrong, "diff failed: %s: %s", vd_code_name(code), err.text);
    if (code == VD_EBUDGET && out->broader == VD_UNSAT)
        out->broader = VD_UNKNOWN;
    return code == VD_OK || code == VD_EBUDGET;
}

static verdict count(trial *t, vd_answer x)
{
    if (x == VD_UNKNOWN)
        return UNDECIDED;
    t->answers[x == VD_UNSAT]++;
    return AGREE;
}

void world_why(char *why, const world *w, const char *what)
{
    FILE *f = fmemopen(why, WHY, "w");

    if (!f)
        return;
    fprintf(f, "%s\n", what);
    world_print(f, w);
    fclose(f);
}

/* Everybody holds everything at home, or (with resource policies) nothing. */
static verdict try_all(trial *t, const diffed *d, bool agree, char *why)
{
    static world w;
    asked        x = { 0 }, y = { 0 };
    vd_request  *r = NULL;
    vd_error     err = { .size = sizeof err };
    walk         k;
    chance       c = { t->seed };
    verdict      v = AGREE;

    t->vocabulary->world(&w, &t->a, &t->b, &c);
    if (asked_open(&x, t->engine, &t->a, agree, trusted) && asked_open(&y, t->engine, &t->b, agree, trusted) &&
        vd_request_new(&r, t->engine, &err) == VD_OK) {
        walk_begin(&k, &w, t->most, t->seed);
        while (v != DISAGREE && walk_next(&k)) {
            int before, after;

            if (!world_request(r, &w))
                continue;
            before = asked_allows(&x, r);
            after = asked_allows(&y, r);
            if ((d->broader == VD_UNSAT && before == 0 && after == 1) || (d->narrower == VD_UNSAT && before == 1 && after == 0)) {
                world_why(why, &w, after ? "called impossible: the new side allows this, the old one does not"
                                         : "called impossible: the old side allows this, the new one does not");
                v = DISAGREE;
            }
        }
    }
    vd_request_free(r);
    asked_close(&x);
    asked_close(&y);
    return v;
}

static verdict ask_diff(trial *t, char *why)
{
    diffed  d;
    verdict v = AGREE, tried = AGREE;
    bool    identity = t->shape == SHAPE_IDENTITY || t->shape == SHAPE_BOUNDED;

    if (!diff_stacks(&d, t, &t->a, &t->b, true) || d.wrong[0])
        return say(why, "%s", d.wrong);
    if (count(t, d.broader) == UNDECIDED || count(t, d.narrower) == UNDECIDED)
        v = UNDECIDED;
    if (d.broader == VD_UNSAT || d.narrower == VD_UNSAT)
        tried = try_all(t, &d, true, why);
    if (tried == AGREE && !identity && (d.broader == VD_UNSAT || d.narrower == VD_UNSAT))
        tried = try_all(t, &d, false, why);
    return tried == DISAGREE ? tried : v;
}

/* ------------------------------------------------------------------ grants */

typedef struct grant_ear {
    trial       *t;
    const stack *s;
    const char  *action, *resource;
    char        *wrong;
} grant_ear;

static bool is_like(const char *glob, vd_str s, bool fold)
{
    char text[2048];

    snprintf(text, sizeof text, "%.*s", (int)s.n, s.n ? s.p : "");
    return glob_matches(glob, text, fold);
}

static bool hear_grant(void *user, const vd_grant *g)
{
    grant_ear *e = user;

    hold(e->wrong, e->t, g->witness, g->flags, e->s, NULL, "grants");
    if (g->witness && !e->wrong[0] &&
        (!is_like(e->action, g->witness->action, true) || (e->resource && !is_like(e->resource, g->witness->resource, false))))
        say(e->wrong, "grants of %s on %s: the witness is not what was asked for: %.*s on %.*s", e->action, e->resource ? e->resource : "anything",
            (int)g->witness->action.n, g->witness->action.p, (int)g->witness->resource.n, g->witness->resource.p);
    return true;
}

bool grants_of(vd_answer *out, trial *t, const stack *s, const char *action, const char *resource, char *wrong)
{
    asked             x = { 0 };
    vd_error          err = { .size = sizeof err };
    vd_str            a = vd_str_of(action), b = vd_str_of(resource);
    vd_grants_opts    o = { .size = sizeof o, .prove = proving(t, s), .actions = &a, .action_count = 1, .resources = &b,
                            .resource_count = resource != NULL };
    vd_grants_summary sum = { .size = sizeof sum };
    grant_ear         ear = { t, s, action, resource, wrong };
    vd_code           code = VD_EINVAL;

    wrong[0] = '\0';
    if (asked_open(&x, t->engine, s, false, NULL))
        code = vd_grants(x.set, &o, hear_grant, &ear, &sum, &err);
    asked_close(&x);
    *out = code == VD_EBUDGET && sum.answer == VD_UNSAT ? VD_UNKNOWN : sum.answer;
    if (code != VD_OK && code != VD_EBUDGET && !wrong[0])
        say(wrong, "grants failed: %s: %s", vd_code_name(code), err.text);
    return code == VD_OK || code == VD_EBUDGET;
}

static const char *plain_resource(const vocabulary *v, chance *c)
{
    const char *r;

    do
        r = pick(c, v->resources);
    while (strstr(r, "${"));
    return percent(c, 30) ? NULL : r;
}

static const char *part_of(const world *w, dim_kind kind)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (w->dims[i].kind == kind)
            return w->dims[i].at[w->chosen[i]].at[0];
    return "";
}

/* Others hold everything at home; with resource policies, whoever is at home holds nothing else. */
static verdict try_grants(trial *t, const char *action, const char *resource, char *why)
{
    static world w;
    bool         identity = t->shape == SHAPE_IDENTITY || t->shape == SHAPE_BOUNDED;
    chance       c = { t->seed };
    asked        x = { 0 }, y = { 0 };
    vd_request  *r = NULL;
    vd_error     err = { .size = sizeof err };
    walk         k;
    verdict      v = AGREE;

    t->vocabulary->world(&w, &t->a, &t->a, &c);
    if (asked_open(&x, t->engine, &t->a, true, trusted) && asked_open(&y, t->engine, &t->a, identity, trusted) &&
        vd_request_new(&r, t->engine, &err) == VD_OK) {
        walk_begin(&k, &w, t->most, t->seed);
        while (v != DISAGREE && walk_next(&k)) {
            if (!glob_matches(action, part_of(&w, DIM_ACTION), true) ||
                (resource && !glob_matches(resource, part_of(&w, DIM_RESOURCE), false)) || !world_request(r, &w))
                continue;
            if (asked_allows(strstr(part_of(&w, DIM_WHO), "111122223333") ? &y : &x, r) == 1) {
                char what[400];

                snprintf(what, sizeof what, "called not granted (%s on %s): this is allowed", action, resource ? resource : "anything");
                world_why(why, &w, what);
                v = DISAGREE;
            }
        }
    }
    vd_request_free(r);
    asked_close(&x);
    asked_close(&y);
    return v;
}

static verdict ask_grants(trial *t, char *why)
{
    chance      c = { t->seed };
    const char *action = pick(&c, t->vocabulary->actions), *resource = plain_resource(t->vocabulary, &c);
    vd_answer   answer;

    if (!grants_of(&answer, t, &t->a, action, resource, why) || why[0])
        return DISAGREE;
    if (answer == VD_UNSAT && try_grants(t, action, resource, why) == DISAGREE)
        return DISAGREE;
    return count(t, answer);
}

/* ------------------------------------------------------------------ redundant */

enum { PARTS = 64 };
typedef struct part {
    int32_t  kind, element;
    uint32_t document, statement, entry, value;
} part;
typedef struct part_ear {
    const stack *s;
    part         at[PARTS];
    uint32_t     count;
} part_ear;

static bool hear_part(void *user, const vd_redundant_part *p)
{
    part_ear *e = user;
    part      out = { p->redundant, p->element, 0, p->statement.index, p->entry, p->value };

    for (uint8_t i = 0; i < e->s->count; i++)
        if (e->s->docs[i].layer == p->statement.layer)
            out.document = i;
    if (e->count < PARTS)
        e->at[e->count++] = out;
    return true;
}

static bool leave_out(list *l, uint32_t index)
{
    if (index >= l->count || l->count < 2)
        return false;
    for (uint8_t i = (uint8_t)index; i + 1 < l->count; i++)
        l->at[i] = l->at[i + 1];
    l->count--;
    return true;
}

static bool without(stack *s, const part *p)
{
    document  *d = &s->docs[p->document];
    statement *x = &d->at[p->statement];

    if (p->statement >= d->count)
        return false;
    switch (p->element) {
    case VD_ELEMENT_PRINCIPAL:
        return leave_out(&x->principal, p->entry);
    case VD_ELEMENT_ACTION:
        return leave_out(&x->action, p->entry);
    case VD_ELEMENT_RESOURCE:
        return leave_out(&x->resource, p->entry);
    case VD_ELEMENT_CONDITION:
        if (p->entry >= x->entry_count)
            return false;
        if (p->value != UINT32_MAX)
            return leave_out(&x->entries[p->entry].values, p->value);
        for (uint8_t i = (uint8_t)p->entry; i + 1 < x->entry_count; i++)
            x->entries[i] = x->entries[i + 1];
        x->entry_count--;
        return true;
    default:
        if (d->count < 2)
            return false;
        for (uint8_t i = (uint8_t)p->statement; i + 1 < d->count; i++)
            d->at[i] = d->at[i + 1];
        d->count--;
        return true;
    }
}

static verdict same_without(trial *t, const part *p, char *why)
{
    static world w;
    stack        less = t->a;
    asked        x = { 0 }, y = { 0 };
    vd_request  *r = NULL;
    vd_error     err = { .size = sizeof err };
    chance       c = { t->seed };
    walk         k;
    verdict      v = AGREE;

    if (!without(&less, p) || (p->kind == VD_REDUNDANT_IDLE_DENY && t->shape >= SHAPE_RESOURCE))
        return AGREE; /* what the owner's own hold besides is not known: such a Deny is told for information */
    t->vocabulary->world(&w, &t->a, &less, &c);
    if (asked_open(&x, t->engine, &t->a, true, trusted) && asked_open(&y, t->engine, &less, true, trusted) &&
        vd_request_new(&r, t->engine, &err) == VD_OK) {
        walk_begin(&k, &w, t->most, t->seed);
        while (v != DISAGREE && walk_next(&k)) {
            if (!world_request(r, &w) || asked_allows(&x, r) == asked_allows(&y, r))
                continue;
            world_why(why, &w, "called redundant, and this is decided otherwise without it");
            snprintf(why + strlen(why), WHY - strlen(why), "  %s: statement %u element %d entry %u value %d", vd_redundant_name(p->kind),
                     p->statement, p->element, p->entry, (int)p->value);
            v = DISAGREE;
        }
    }
    vd_request_free(r);
    asked_close(&x);
    asked_close(&y);
    return v;
}

static verdict ask_redundant(trial *t, char *why)
{
    asked             x = { 0 };
    vd_error          err = { .size = sizeof err };
    vd_redundant_opts o = { .size = sizeof o, .prove = proving(t, &t->a) };
    part_ear          ear = { .s = &t->a };
    vd_code           code = VD_EINVAL;
    verdict           v = AGREE;

    if (asked_open(&x, t->engine, &t->a, false, NULL))
        code = vd_redundant(x.set, &o, hear_part, &ear, &err);
    asked_close(&x);
    if (code != VD_OK && code != VD_EBUDGET)
        return say(why, "redundant failed: %s: %s", vd_code_name(code), err.text);
    for (uint32_t i = 0; i < ear.count && v != DISAGREE; i++)
        v = same_without(t, &ear.at[i], why);
    t->answers[ear.count == 0]++;
    return v == AGREE && code == VD_EBUDGET ? UNDECIDED : v;
}

/* ------------------------------------------------------------------ which there are */

static bool there(void)
{
    return true;
}

const question questions[] = {
    { "diff", ask_diff, true, true, there },
    { "grants", ask_grants, true, true, there },
    { "redundant", ask_redundant, true, true, there },
    { "exposure", ask_exposure, true, false, there },
};
const uint32_t question_count = sizeof questions / sizeof *questions;
