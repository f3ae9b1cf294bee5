/* SPDX-License-Identifier: Apache-2.0
 *
 * A part in doubt: asked for each way in which its statement grants, and explained by as few statements as possible.
 */
#include "symbolic/redundant_int.h"

#include <stdlib.h>

enum { MOST_TRIES = 128 };

/* ------------------------------------------------------------------ making one */

bool vd_case_add(vd_case *c, const vd_item *x, uint8_t way, uint32_t match, uint32_t own)
{
    uint32_t i = c->count;

    if (match == VD_NONE || i == VD_WAY_COUNT)
        return false;
    c->match[i] = match;
    c->own[i] = own;
    c->doubts[i] = (vd_doubt){ .x = x, .way = way, .match = &c->match[i], .match_count = 1, .own = &c->own[i],
                               .own_count = own == VD_NONE ? 0 : 1 };
    c->count++;
    return true;
}

bool vd_case_of_statement(vd_finder *f, vd_case *c, const vd_item *x)
{
    c->count = 0;
    if (x->ways == 0)
        return vd_case_add(c, x, VD_WAY_COUNT, x->box, VD_NONE);
    for (uint8_t way = 0; way < VD_WAY_COUNT && !f->nomem; way++)
        if (x->ways >> way & 1u)
            vd_case_add(c, x, way, vd_item_box(f, x, &(vd_cutout){ .cutting = VD_LEAVE, .ways = (uint8_t)(1u << way) }), VD_NONE);
    return c->count > 0 && !f->nomem;
}

/* ------------------------------------------------------------------ asking */

vd_idleness vd_case_ask(vd_finder *f, const vd_case *c, uint8_t by, const uint32_t *only, uint32_t only_count)
{
    vd_idleness worst = VD_IDLE;

    f->cut = false;
    for (uint32_t i = 0; i < c->count && worst > VD_UNSURE && !f->nomem; i++) {
        vd_doubt d = c->doubts[i];

        d.by = by;
        d.only = only;
        d.only_count = only_count;
        worst = vd_finder_worse(worst, vd_finder_ask(f, &d));
    }
    if (worst == VD_NEEDED && by != VD_NOBODY && !only && c->doubts[0].x->near_cut) {
        f->cut = true; /* somebody who was not looked at may see to it */
        return VD_UNSURE;
    }
    return f->nomem ? VD_UNSURE : worst;
}

vd_idleness vd_case_ask_alone(vd_finder *f, const vd_case *c)
{
    vd_case alone = *c;

    for (uint32_t i = 0; i < c->count; i++) {
        alone.doubts[i].match = &alone.match[i];
        alone.doubts[i].own_count = 0;
    }
    return vd_case_ask(f, &alone, VD_NOBODY, NULL, 0);
}

/* ------------------------------------------------------------------ because of whom */

static bool could_cover(const vd_finder *f, const vd_case *c, const vd_item *t)
{
    const vd_item *x = c->doubts[0].x;

    for (uint32_t i = 0; i < f->classes.count; i++) {
        bool asked = c->doubts[0].classes ? c->doubts[0].classes[i / 64] >> i % 64 & 1u : vd_item_reaches(f, x, i);

        if (asked && !f->classes.at[i].future && !vd_item_reaches(f, t, i))
            return false;
    }
    return true;
}

uint32_t vd_case_single(vd_finder *f, const vd_case *c, vd_idleness wanted)
{
    const vd_item *x = c->doubts[0].x;

    for (int covered = 0; covered < 2; covered++) /* better one that stays */
        for (uint32_t i = 0; i < x->near_count && !f->nomem; i++) {
            const vd_item *t = &f->items[x->near[i]];

            if (t->alive && t->allow == x->allow && t->covered == (covered != 0) && could_cover(f, c, t) &&
                vd_case_ask(f, c, VD_THE_LIKE, &x->near[i], 1) >= wanted)
                return x->near[i];
        }
    return VD_NONE;
}

static uint32_t who_may(const vd_finder *f, const vd_item *x, uint8_t by, uint32_t *out)
{
    uint32_t n = 0;

    for (int covered = 1; covered >= 0; covered--) /* the first ones are left out first */
        for (uint32_t i = 0; i < x->near_count; i++) {
            const vd_item *t = &f->items[x->near[i]];

            if (t->alive && t->covered == (covered != 0) &&
                (t->allow == x->allow ? by & VD_THE_LIKE : !t->allow && (by & VD_DENIES)))
                out[n++] = x->near[i];
        }
    return n;
}

/* Leaves out runs of them, shorter and shorter ones, as long as the rest will do. */
static uint32_t reduce(vd_finder *f, const vd_case *c, uint8_t by, vd_idleness wanted, uint32_t *list, uint32_t n)
{
    uint32_t *rest = vd_arena_new_array(f->arena, uint32_t, (size_t)n + 1);
    uint32_t  tries = 0;

    if (!rest) {
        f->nomem = true;
        return n;
    }
    for (uint32_t run = n > 1 ? (n + 1) / 2 : n; run > 0; run /= 2)
        for (uint32_t at = 0; at < n && tries < MOST_TRIES;) {
            uint32_t left = 0;

            for (uint32_t i = 0; i < n; i++)
                if (i < at || i >= at + run)
                    rest[left++] = list[i];
            tries++;
            if (vd_case_ask(f, c, by, rest, left) < wanted) {
                at += run;
                continue;
            }
            n = left;
            for (uint32_t i = 0; i < n; i++)
                list[i] = rest[i];
        }
    return n;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static void find_because(vd_finder *f, const vd_case *c, uint8_t by, vd_idleness wanted, vd_redundancy *r)
{
    const vd_item *x = c->doubts[0].x;
    uint32_t      *list = vd_arena_new_array(f->arena, uint32_t, (size_t)x->near_count + 1), n;
    uint32_t       one = by == VD_THE_LIKE ? vd_case_single(f, c, wanted) : VD_NONE;

    if (!list) {
        f->nomem = true;
        return;
    }
    if (one != VD_NONE) {
        list[0] = one;
        n = 1;
    } else {
        n = reduce(f, c, by, wanted, list, who_may(f, x, by, list));
    }
    if (n > 1)
        qsort(list, n, sizeof *list, by_number);
    r->because = list; /* the number of an item is that of its suspect */
    r->because_count = n;
}

void vd_case_explain(vd_finder *f, const vd_case *c, vd_idleness found, vd_redundancy *r)
{
    r->soft = found == VD_IDLE_SOFT;
    if (vd_case_ask_alone(f, c) >= found) {
        r->by = VD_BY_NOTHING;
    } else if (vd_case_ask(f, c, VD_NOBODY, NULL, 0) >= found) {
        r->by = VD_BY_LIST;
    } else if (vd_case_ask(f, c, VD_THE_LIKE, NULL, 0) >= found) {
        r->by = VD_BY_LIKE;
        find_because(f, c, VD_THE_LIKE, found, r);
    } else {
        r->by = vd_case_ask(f, c, VD_DENIES, NULL, 0) >= found ? VD_BY_DENY : VD_BY_BOTH;
        find_because(f, c, r->by == VD_BY_DENY ? VD_DENIES : VD_EVERYBODY, found, r);
    }
}

void vd_finder_count(vd_finder *f, const vd_item *x, vd_idleness found)
{
    if (found != VD_UNSURE || f->nomem)
        return;
    f->tally->undecided++;
    f->tally->cut += f->cut;
    if (f->opts->undecided)
        f->opts->undecided(f->user, x->number, f->cut);
}

void vd_finder_tell(vd_finder *f, const vd_redundancy *r)
{
    if (!f->stopped && !f->nomem && !f->tell(f->user, r))
        f->stopped = true;
}
