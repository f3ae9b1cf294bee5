/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements first, then their parts.  Of statements those that no request meets and those that are denied go at once; of
 * those that others cover first the ones that a single other covers, last ones first, so that of two that cover each other
 * the first one stays, and a statement that only gathers what two others say stays rather than these two.
 */
#include "symbolic/redundant.h"

#include "symbolic/redundant_int.h"

typedef struct pass {
    bool        single;
    vd_idleness wanted;
} pass;

static vd_redundancy about(const vd_item *x, uint8_t kind)
{
    return (vd_redundancy){ .kind = kind, .part = { .suspect = x->number, .element = -1, .value = VD_NONE } };
}

/* ------------------------------------------------------------------ alone, or denied */

static void take_out(vd_finder *f, vd_item *x, const vd_redundancy *r)
{
    x->alive = false;
    vd_finder_tell(f, r);
}

/* True: it may be one that others cover. */
static bool look_alone(vd_finder *f, vd_item *x)
{
    vd_redundancy r = about(x, VD_REDUNDANT_UNSATISFIABLE);
    vd_case       c;
    vd_idleness   all, found;

    vd_item_find_near(f, x);
    if (!vd_case_of_statement(f, &c, x))
        return false;
    all = vd_case_ask(f, &c, VD_EVERYBODY, NULL, 0);
    vd_finder_count(f, x, all);
    if (all < VD_IDLE_SOFT)
        return false;
    found = vd_case_ask_alone(f, &c);
    if (found < VD_IDLE_SOFT && x->allow) {
        r.kind = VD_REDUNDANT_SHADOWED;
        found = vd_case_ask(f, &c, VD_DENIES, NULL, 0);
    }
    if (found < VD_IDLE_SOFT)
        return true;
    vd_case_explain(f, &c, found, &r);
    take_out(f, x, &r);
    return false;
}

/* ------------------------------------------------------------------ covered */

static bool covers_back(vd_finder *f, const vd_item *x, uint32_t by)
{
    vd_item *t = &f->items[by];
    uint32_t number = x->number;
    vd_case  c;

    vd_item_find_near(f, t);
    return vd_case_of_statement(f, &c, t) && vd_case_ask(f, &c, VD_THE_LIKE, &number, 1) >= VD_IDLE_SOFT;
}

static void look_at_cover(vd_finder *f, vd_item *x, pass p)
{
    vd_redundancy r = about(x, VD_REDUNDANT_SUBSUMED);
    vd_case       c;
    vd_idleness   found;
    uint32_t      one;

    if (!vd_case_of_statement(f, &c, x))
        return;
    one = vd_case_single(f, &c, p.wanted);
    if (one != VD_NONE) {
        uint32_t *because = vd_arena_new_array(f->arena, uint32_t, 1);

        if (!because) {
            f->nomem = true;
            return;
        }
        because[0] = one;
        r.because = because;
        r.because_count = 1;
        r.by = VD_BY_LIKE;
        r.soft = p.wanted == VD_IDLE_SOFT;
        r.mutual = covers_back(f, x, one);
        take_out(f, x, &r);
    } else if (!p.single) {
        found = vd_case_ask(f, &c, VD_EVERYBODY, NULL, 0);
        if (found < p.wanted) {
            if (p.wanted == VD_IDLE_SOFT)
                vd_finder_count(f, x, found);
            return;
        }
        vd_case_explain(f, &c, found, &r);
        take_out(f, x, &r);
    }
}

static void look_at_statements(vd_finder *f)
{
    static const pass passes[] = { { true, VD_IDLE }, { true, VD_IDLE_SOFT }, { false, VD_IDLE }, { false, VD_IDLE_SOFT } };

    for (uint32_t i = f->count; i-- > 0 && !f->nomem && !f->stopped;)
        if (f->items[i].alive && f->items[i].asked)
            f->items[i].covered = look_alone(f, &f->items[i]);
    for (size_t p = 0; p < VD_COUNT(passes); p++)
        for (uint32_t i = f->count; i-- > 0 && !f->nomem && !f->stopped;)
            if (f->items[i].covered && f->items[i].alive)
                look_at_cover(f, &f->items[i], passes[p]);
}

/* ------------------------------------------------------------------ denies that meet nothing */

/* What is told as denied goes only when somebody takes it out; until then the Deny is what holds it back. */
static bool may_be_held_back(const vd_item *t)
{
    return t->usable && t->allow && (t->alive || !t->covered);
}

static void look_at_idle_deny(vd_finder *f, vd_item *x)
{
    vd_redundancy r = about(x, VD_REDUNDANT_IDLE_DENY);
    vd_idleness   worst = VD_IDLE;

    f->cut = false;
    for (uint32_t i = 0; i < x->near_count && worst > VD_UNSURE; i++) {
        const vd_item *t = &f->items[x->near[i]];
        uint32_t       both[2] = { x->box, t->whole };
        vd_doubt       d = { .x = x, .way = VD_WAY_COUNT, .match = both, .match_count = 2, .by = VD_THE_LIKE, .also = t };

        if (may_be_held_back(t))
            worst = vd_finder_worse(worst, vd_finder_ask(f, &d));
    }
    if (worst > VD_UNSURE && x->near_cut) {
        worst = VD_UNSURE;
        f->cut = true;
    }
    r.soft = worst == VD_IDLE_SOFT;
    vd_finder_count(f, x, worst);
    if (worst > VD_UNSURE)
        vd_finder_tell(f, &r);
}

static void look_at_idle_denies(vd_finder *f)
{
    bool any = false;

    for (uint32_t i = 0; i < f->count; i++)
        any |= may_be_held_back(&f->items[i]);
    for (uint32_t i = 0; any && i < f->count && !f->nomem && !f->stopped; i++)
        if (f->items[i].alive && !f->items[i].allow && f->items[i].asked)
            look_at_idle_deny(f, &f->items[i]);
}

/* ------------------------------------------------------------------ the whole */

bool vd_redundancies(vd_symbolic *s, const vd_suspect *suspects, uint32_t count, const vd_redundancy_opts *opts,
                     vd_arena *arena, vd_redundancy_fn *tell, void *user, vd_redundancy_count *out)
{
    vd_finder f = { .s = s, .arena = arena, .opts = opts, .tell = tell, .user = user, .tally = out };

    *out = (vd_redundancy_count){ .spent = opts->spent };
    f.start = vd_symbolic_units(s);
    if (!vd_finder_open(&f, suspects, count))
        return false;
    look_at_statements(&f);
    for (uint32_t i = count; i-- > 0 && !opts->whole && !f.nomem && !f.stopped;)
        if (f.items[i].alive && (f.items[i].asked || f.items[i].spares))
            vd_finder_look_at_parts(&f, &f.items[i]);
    if (opts->idle_denies)
        look_at_idle_denies(&f);
    return !f.nomem;
}

