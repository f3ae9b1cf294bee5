/* SPDX-License-Identifier: Apache-2.0
 *
 * One clock: the current time as a date and in seconds, and when the token was issued, which is not later.  The dates of all
 * tests cut the line of time; the clock is in a cell from now on, the token in that or an earlier one.
 */
#include "symbolic/inside.h"

#include "base/str.h"

typedef struct cuts {
    vd_date *at;
    uint32_t count, cap;
} cuts;

static bool add(vd_ask *a, cuts *c, vd_date d)
{
    if (!VD_ARENA_PUSH(&a->s->work, c->at, c->count, c->cap, d))
        a->nomem = true;
    return !a->nomem;
}

/* Tests of whole seconds change at whole seconds. */
static void add_cut(vd_ask *a, cuts *c, vd_date d)
{
    vd_date whole = { .seconds = d.seconds }, next = { .seconds = d.seconds + 1 };

    add(a, c, d);
    add(a, c, whole);
    add(a, c, next);
}

static void add_text(vd_ask *a, cuts *c, vd_str text)
{
    vd_date   d;
    vd_number n;

    if (vd_date_parse(&d, text) && d.seconds < INT64_MAX / 4 && d.seconds > INT64_MIN / 4)
        add_cut(a, c, d);
    if (vd_number_parse(&n, text) && n.sign > 0 && n.exponent <= 12) { /* seconds, as a number */
        int64_t seconds = 0;

        for (int i = 0; i < n.exponent; i++) {
            int digit = i / 2 < n.pairs ? (i % 2 ? n.digits[i / 2] % 10 : n.digits[i / 2] / 10) : 0;

            seconds = seconds * 10 + digit;
        }
        add_cut(a, c, (vd_date){ .seconds = seconds });
    }
}

typedef struct sorted {
    vd_wants now, epoch, token;
    bool     token_must, token_never, text;
} sorted;

static bool sort(vd_ask *a, const vd_literal *l, uint32_t count, sorted *out)
{
    out->token_never = true;
    for (uint32_t i = 0; i < count; i++) {
        const vd_atom *atom = &a->s->atoms[l[i].atom];
        vd_key_rule    r = vd_universe_rule(a, &a->s->keys[atom->var - VD_VAR_KEYS]);
        vd_wants      *w = r.view == VD_VIEW_FIRST ? &out->now : r.view == VD_VIEW_SECOND ? &out->epoch : &out->token, none = { 0 };

        out->text |= vd_atom_is_text(atom);
        if (r.view == VD_VIEW_THIRD) {
            out->token_must |= r.presence == VD_KEY_MUST || vd_entry_when_absent(atom->entry, false, false) != l[i].holds;
            if (!vd_wants_sort(a, false, &l[i], 1, w, &none))
                out->token_never = out->token_never && !out->token_must ? true : false;
        } else if (!vd_wants_sort(a, false, &l[i], 1, w, &none)) {
            return false;
        }
    }
    return true;
}

/* The texts of a point of time. */
static bool write(vd_ask *a, vd_date d, vd_str *date, vd_str *seconds)
{
    char text[64];
    bool ok;

    ok = vd_arena_dup(&a->s->work, date, (vd_str){ text, vd_date_format(text, d) }) &&
         vd_arena_printf(&a->s->work, seconds, "%lld", (long long)d.seconds);
    a->nomem |= !ok;
    return ok;
}

/* A token that is there contradicts some Null. */
static bool token_may(vd_ask *a, const vd_literal *l, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const vd_atom *atom = &a->s->atoms[l[i].atom];
        vd_wants       none = { 0 };

        if (vd_universe_rule(a, &a->s->keys[atom->var - VD_VAR_KEYS]).view == VD_VIEW_THIRD &&
            atom->entry->op.op->test == VD_TEST_NULL && !vd_wants_sort(a, false, &l[i], 1, &none, &none))
            return false;
    }
    return true;
}

static uint32_t cells(vd_ask *a, const sorted *s, vd_date **out)
{
    const vd_wants *all[] = { &s->now, &s->epoch, &s->token };
    cuts            c = { 0 };

    add_cut(a, &c, a->s->now);
    for (size_t k = 0; k < VD_COUNT(all); k++)
        for (uint32_t i = 0; i < all[k]->count; i++)
            for (uint32_t v = 0; v < all[k]->at[i].atom->entry->values.count; v++)
                add_text(a, &c, all[k]->at[i].atom->entry->values.at[v].text);
    *out = vd_arena_new_array(&a->s->work, vd_date, (size_t)c.count * 2 + 2);
    a->nomem |= !*out;
    return a->nomem ? 0 : vd_dates_refine(c.at, c.count, *out);
}

vd_answer vd_clock_find(vd_ask *a, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    sorted   s = { 0 };
    vd_date *at, token = { 0 };
    bool     have_token = false;
    uint32_t n;

    if (!sort(a, l, count, &s) || (s.token_must && !token_may(a, l, count)))
        return VD_UNSAT;
    n = cells(a, &s, &at);
    out->values = vd_arena_new_array(&a->s->work, vd_str, 3);
    a->nomem |= !out->values;
    for (uint32_t i = 0; i < n && !a->nomem; i++) {
        vd_str date, seconds, other;

        if (a->budget < count + 1u)
            return vd_unknown(a, "budget");
        a->budget -= count + 1u;
        if (!write(a, at[i], &date, &seconds))
            break;
        if (s.token_must && !have_token && vd_wants_pass(a, &s.token, date)) {
            have_token = true;
            token = at[i];
        }
        if ((s.token_must && !have_token) || vd_date_cmp(&at[i], &a->s->now) < 0 || !vd_wants_pass(a, &s.now, date) ||
            !vd_wants_pass(a, &s.epoch, seconds))
            continue;
        out->state = VD_STATE_PRESENT;
        out->count = 3;
        out->values[0] = date;
        out->values[1] = seconds;
        if (have_token && write(a, token, &out->values[2], &other))
            return VD_SAT;
        if (!have_token)
            return VD_SAT;
    }
    if (a->nomem)
        return VD_UNKNOWN;
    return s.text ? vd_unknown(a, "mixed-types") : VD_UNSAT;
}
