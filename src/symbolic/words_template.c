/* SPDX-License-Identifier: Apache-2.0
 *
 * What some patterns have in common, as a template: a pattern made of theirs.  All that it matches, they match; when they
 * have a word in common there is a template.  And words of a template.
 */
#include "symbolic/words_quick.h"

#include "base/utf8.h"

enum {
    MOST_TOGETHER = 4,     /* patterns that are walked through at once */
    MOST_PLACES = 1 << 18, /* tuples of places in them */
    MOST_NODES = 1 << 13
};

#define END UINT32_MAX
#define LETTERS (VD_NONE - 1)

/* ------------------------------------------------------------------ the template of a choice */

static void add_element(vd_quick *k, uint32_t element)
{
    if (!VD_ARENA_PUSH(k->arena, k->template, k->length, k->cap, element))
        k->nomem = true;
}

/* A place in each of some patterns. */
typedef struct place {
    uint16_t at[MOST_TOGETHER];
    uint32_t parent;  /* VD_NONE: the first */
    uint32_t element; /* that led here; 0: none, a star was left */
    uint16_t run;     /* letters before it that were gone over at once */
    uint16_t runner;  /* the pattern that has them there */
} place;

typedef struct together {
    vd_quick *k;
    uint32_t *tokens[MOST_TOGETHER]; /* where one begins; END behind the last */
    bool      folds;                 /* some pattern does */
    size_t    factors[MOST_TOGETHER]; /* of the place in each pattern, for the number of a tuple */
    place    *places;
    uint32_t  count, cap;
    uint32_t *open; /* a stack */
    uint32_t  open_count, open_cap;
    uint64_t *seen;
} together;

/* False: it was there before. */
static bool mark(together *t, const place *p)
{
    size_t   index = 0;
    uint64_t bit;

    for (uint32_t i = 0; i < t->k->kept_count; i++)
        index += t->factors[i] * p->at[i];
    bit = UINT64_C(1) << index % 64;
    if (t->seen[index / 64] & bit)
        return false;
    t->seen[index / 64] |= bit;
    return true;
}

static void visit(together *t, place p)
{
    const vd_quick *k = t->k;

    if (mark(t, &p) && (!VD_ARENA_PUSH(k->arena, t->open, t->open_count, t->open_cap, t->count) ||
                        !VD_ARENA_PUSH(k->arena, t->places, t->count, t->cap, p)))
        t->k->nomem = true;
}

/* What all tokens of a place take: a letter, or VD_ONE, or VD_RUN when all are stars (with what is left out); 0: nothing.  A
 * letter whose case counts for one of them is taken as that has it. */
static uint32_t common(const together *t, const place *p)
{
    const vd_quick *k = t->k;
    uint32_t        letter = VD_NONE, out = 0, all = VD_RUN;
    bool            fold = true;

    for (uint32_t i = 0; i < k->kept_count; i++) {
        const vd_glob *g = &k->kept[i];
        uint32_t       token = t->tokens[i][p->at[i]];

        if (token == END)
            return 0;
        if (token >= VD_ONE) {
            out |= token & (VD_ONE - 1);
            all = token >= VD_RUN ? all : VD_ONE;
        } else {
            if (letter != VD_NONE && letter != token && (fold || g->fold ? vd_words_lower(token) != vd_words_lower(letter) : token != letter))
                return 0;
            letter = letter == VD_NONE || fold ? token : letter;
            fold &= g->fold;
        }
    }
    if (letter == VD_NONE)
        return all | out;
    return vd_words_kind(letter, k->q->variables) & out ? 0 : letter ? letter : VD_ONE - 1;
}

static void advance(together *t, uint32_t from, uint32_t element)
{
    const vd_quick *k = t->k;
    place           next = t->places[from];

    for (uint32_t i = 0; i < k->kept_count; i++) {
        uint32_t token = t->tokens[i][next.at[i]], n = 1;

        if (token >= 0x80 && token < VD_ONE)
            vd_token_at(k->kept[i].text, next.at[i], k->q->variables, &n);
        if (token < VD_RUN)
            next.at[i] = (uint16_t)(next.at[i] + n);
    }
    next.parent = from;
    next.element = element;
    next.run = next.runner = 0;
    visit(t, next);
}

/* Letters that all patterns have. */
static uint32_t common_run(const together *t, const place *p)
{
    uint32_t run = 0;

    for (bool all = true; all; run += all) {
        uint32_t token = t->tokens[0][p->at[0] + run];

        all = token < 0x80;
        for (uint32_t i = 1; i < t->k->kept_count && all; i++)
            all = t->tokens[i][p->at[i] + run] == token;
    }
    return run;
}

/* Which pattern is at a star while all others are at plain letters; LETTERS: none is.  VD_NONE: there is a choice, or an end. */
static uint32_t only_star(const together *t, const place *p)
{
    uint32_t star = LETTERS;

    for (uint32_t i = 0; i < t->k->kept_count; i++) {
        uint32_t token = t->tokens[i][p->at[i]];

        if (token < 0x80)
            continue;
        if (token < VD_RUN || token == END || star != LETTERS)
            return VD_NONE;
        star = i;
    }
    return star;
}

/* Letters that all others have, and that the star takes: up to where what follows the star may begin. */
static uint32_t star_run(const together *t, const place *p, uint32_t star)
{
    const vd_quick *k = t->k;
    uint32_t        out = t->tokens[star][p->at[star]] & (VD_ONE - 1), next = t->tokens[star][p->at[star] + 1], run = 0;
    uint32_t        lead = star == 0;

    if (next != END && next >= 0x80)
        return 0;
    for (bool all = true; all; run += all) {
        uint32_t token = t->tokens[lead][p->at[lead] + run];

        all = token < 0x80 && token != next && (vd_words_kind(token, k->q->variables) & out) == 0;
        for (uint32_t i = lead + 1; i < k->kept_count && all; i++)
            all = i == star || t->tokens[i][p->at[i] + run] == token;
    }
    return run;
}

/* Over letters with which there is no other way: all patterns have them, or all but one that is at a star.  False: to where
 * it was before. */
static bool slide(together *t, uint32_t at)
{
    place   *p = &t->places[at];
    uint32_t run, star;

    if (t->folds)
        return true;
    star = only_star(t, p);
    if (star == LETTERS) {
        run = common_run(t, p);
        for (uint32_t i = 0; i < t->k->kept_count; i++)
            p->at[i] = (uint16_t)(p->at[i] + run);
        p->run = (uint16_t)run;
        star = run ? only_star(t, p) : VD_NONE;
    }
    if (star < LETTERS) {
        run = star_run(t, p, star);
        p->runner = star == 0;
        for (uint32_t i = 0; i < t->k->kept_count; i++)
            p->at[i] = (uint16_t)(p->at[i] + (i == star ? 0 : run));
        p->run = (uint16_t)(p->run + run);
    }
    return p->run == 0 || mark(t, p);
}

/* Not for letters at which the patterns differ: most places that a star is left at are such. */
static bool leads_on(const vd_quick *k, const place *p)
{
    char letter = 0;

    for (uint32_t i = 0; i < k->kept_count; i++) {
        const vd_glob *g = &k->kept[i];
        char           c = p->at[i] < g->text.n ? g->text.p[p->at[i]] : 0;

        if (c == 0 || (unsigned char)c >= 0x80 || g->fold) /* an end, or what takes a closer look */
            return true;
        if (letter && c != letter)
            return false;
        letter = c;
    }
    return true;
}

/* The way to the last place is the template. */
static void read_back(together *t, uint32_t last)
{
    vd_quick *k = t->k;

    for (uint32_t i = last; i != VD_NONE; i = t->places[i].parent) {
        uint32_t here = common(t, &t->places[i]), runner = t->places[i].runner;

        if (here >= VD_RUN)
            add_element(k, here);
        for (uint32_t n = 0; n < t->places[i].run; n++)
            add_element(k, (unsigned char)k->kept[runner].text.p[t->places[i].at[runner] - 1 - n]);
        if (t->places[i].element)
            add_element(k, t->places[i].element);
    }
    for (uint32_t i = 0; i < k->length / 2; i++) {
        uint32_t swap = k->template[i];

        k->template[i] = k->template[k->length - 1 - i];
        k->template[k->length - 1 - i] = swap;
    }
}

static bool is_end(const vd_quick *k, const place *p)
{
    for (uint32_t i = 0; i < k->kept_count; i++)
        if (p->at[i] < k->kept[i].text.n)
            return false;
    return true;
}

static bool read_tokens(together *t)
{
    const vd_quick *k = t->k;

    for (uint32_t i = 0; i < k->kept_count; i++) {
        vd_str p = k->kept[i].text;

        t->folds |= k->kept[i].fold;
        t->tokens[i] = vd_arena_new_array(k->arena, uint32_t, p.n + 1);
        if (!t->tokens[i])
            return false;
        for (size_t at = 0; at < p.n;) {
            uint32_t n;

            t->tokens[i][at] = vd_token_at(p, at, k->q->variables, &n);
            at += n;
        }
        t->tokens[i][p.n] = END;
    }
    return true;
}

static void leave_stars(together *t, uint32_t from)
{
    const vd_quick *k = t->k;

    for (uint32_t i = k->kept_count; i > 0; i--) {
        place          next = t->places[from];
        const vd_glob *g = &k->kept[i - 1];

        next.run = next.runner = 0;
        if (next.at[i - 1] == g->text.n || !vd_words_is_star(g->text.p[next.at[i - 1]]))
            continue;
        next.at[i - 1]++;
        next.parent = from;
        next.element = 0;
        if (leads_on(k, &next))
            visit(t, next);
    }
}

/* All patterns at once, depth first, leaving stars before staying in them. */
static vd_answer walk_together(vd_quick *k)
{
    together t = { .k = k };
    size_t   places = 1;

    for (uint32_t i = 0; i < k->kept_count; i++) {
        if (i < MOST_TOGETHER)
            t.factors[i] = places;
        places *= k->kept[i].text.n + 1;
        if (i >= MOST_TOGETHER || places > MOST_PLACES || k->kept[i].text.n > VD_QUICK_PATTERN)
            return VD_UNKNOWN;
    }
    t.seen = vd_arena_new_array(k->arena, uint64_t, places / 64 + 1);
    k->nomem |= !t.seen || !read_tokens(&t);
    if (k->nomem || !vd_quick_spend(k, places / 64 + 1))
        return VD_UNKNOWN;
    visit(&t, (place){ .parent = VD_NONE });
    while (t.open_count > 0 && !k->nomem) {
        uint32_t from = t.open[--t.open_count], element;
        bool     fresh = slide(&t, from);

        if (t.count > MOST_NODES || !vd_quick_spend(k, 1 + t.places[from].run / 32))
            return VD_UNKNOWN;
        if (!fresh)
            continue;
        if (is_end(k, &t.places[from])) {
            read_back(&t, from);
            return k->nomem ? VD_UNKNOWN : VD_SAT;
        }
        element = common(&t, &t.places[from]);
        if (element && element < VD_RUN)
            advance(&t, from, element);
        leave_stars(&t, from);
    }
    return k->nomem ? VD_UNKNOWN : VD_UNSAT;
}

vd_answer vd_quick_template(vd_quick *k)
{
    vd_str p = k->kept[0].text;

    k->template = NULL;
    k->length = k->cap = 0;
    if (k->kept_count > 1)
        return walk_together(k);
    k->template = vd_arena_new_array(k->arena, uint32_t, p.n + 1);
    k->cap = (uint32_t)p.n + 1;
    k->nomem = !k->template;
    for (size_t at = 0; at < p.n && !k->nomem;) {
        uint32_t n, token = vd_token_at(p, at, k->q->variables, &n);

        k->template[k->length++] = token;
        at += n;
    }
    return k->nomem ? VD_UNKNOWN : VD_SAT;
}

/* ------------------------------------------------------------------ words of a template */

typedef struct speller {
    char    *out;
    size_t   n;
    uint32_t letters, digits;
} speller;

static void put_free(const vd_quick *k, speller *w, const vd_spelling *how, uint32_t element)
{
    static const char account[] = "111122223333";
    bool              digits = (element & VD_KIND_LETTER) || k->q->domain.digits;

    w->out[w->n++] = !digits ? how->letter : how->digit ? how->digit : account[w->digits % 12];
    w->digits++;
    w->letters++;
}

bool vd_quick_spell(vd_quick *k, const vd_spelling *how)
{
    const vd_domain *d = &k->q->domain;
    uint32_t         runs = 0, least = 0, missing, seen = 0;
    speller          w = { 0 };

    for (uint32_t i = 0; i < k->length; i++) {
        runs += k->template[i] >= VD_RUN;
        least += k->template[i] >= VD_RUN ? how->fill : 1;
    }
    missing = runs && d->shortest > least ? d->shortest - least : 0;
    if (missing > VD_QUICK_PATTERN)
        return false;
    w.out = vd_arena_new_array(k->arena, char,
                               (size_t)k->length * 4 + (size_t)runs * how->fill + missing + 1);
    if (!w.out) {
        k->nomem = true;
        return false;
    }
    for (uint32_t i = 0; i < k->length; i++) {
        uint32_t e = k->template[i], times = e >= VD_RUN ? how->fill + (++seen == runs ? missing : 0) : 1;

        if (e >= VD_ONE) {
            while (times-- > 0)
                put_free(k, &w, how, e);
        } else {
            w.digits = 0;
            if (e >= VD_BYTE && e != VD_ONE - 1)
                w.out[w.n++] = (char)(e - VD_BYTE);
            else
                w.n += vd_utf8_put(w.out + w.n, e == VD_ONE - 1 ? 0 : e);
        }
    }
    k->word = (vd_str){ w.out, w.n };
    return true;
}
