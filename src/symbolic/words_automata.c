/* SPDX-License-Identifier: Apache-2.0
 *
 * The patterns of a question as automata side by side.
 *
 * A pattern of n tokens has the positions 0 to n; position n accepts, and a star lets its position pass to the next one
 * without a letter.  A state is a set of positions, as bits; the states of all patterns side by side are a tuple.
 *
 * All automata take a step at once: a mask says which positions take a symbol, those of stars stay and the others move up by
 * one bit.  The last position of an automaton takes nothing, so that none moves into the next.
 *
 * A position in front of a star is needless once the star is reached, when every token between them takes only what the
 * star takes: all that the position can still accept, the star accepts.  Forgetting these keeps the states of a pattern
 * without '?' as few as it has positions.
 */
#include "symbolic/words_int.h"

#include "base/str.h"
#include "symbolic/mutant.h"

/* ------------------------------------------------------------------ making the automata */

static bool make_automaton(vd_search *s, vd_str coded, bool fold, bool wanted)
{
    vd_automaton *a = &s->automata[s->automaton_count++];
    vd_token     *t = vd_arena_new_array(s->arena, vd_token, coded.n ? coded.n : 1);

    if (!t)
        return false;
    *a = (vd_automaton){ .tokens = t, .base = s->bits, .fold = fold, .wanted = wanted };
    for (size_t i = 0; i < coded.n;) {
        uint32_t n = 1;

        if (vd_words_is_wild(coded.p[i])) {
            t[a->count].wild = coded.p[i];
        } else {
            uint32_t letter = vd_words_letter(vd_str_from(coded, i), &n);

            t[a->count].letter = fold && !VD_MUTANT(13) ? vd_words_lower(letter) : letter;
        }
        a->count++;
        i += n;
    }
    s->bits += a->count + 1;
    return true;
}

static bool make_language(vd_search *s, const vd_globs *l, bool wanted)
{
    uint32_t from = s->bits;

    for (uint32_t k = 0; k < l->count; k++)
        if (!make_automaton(s, l->patterns[k], l->fold, wanted))
            return false;
    if (wanted)
        s->wanted[s->wanted_count++] = (vd_bits){ from, s->bits };
    return true;
}

enum { POSITION = 64 }; /* bytes that are kept for one, about */

static bool make_automata(vd_search *s)
{
    const vd_words *q = s->q;
    size_t          n = 1, bytes = 0;

    for (uint32_t i = 0; i < q->in_count + q->out_count; i++) {
        const vd_globs *l = i < q->in_count ? &q->in[i] : &q->out[i - q->in_count];

        n += l->count;
        for (uint32_t k = 0; k < l->count; k++)
            bytes += l->patterns[k].n + 1;
    }
    s->bytes = bytes * POSITION;
    if (s->bytes > VD_WORDS_MOST_BYTES || !vd_search_spend(s, bytes / 8))
        return false;
    s->automata = vd_arena_new_array(s->arena, vd_automaton, n);
    s->wanted = vd_arena_new_array(s->arena, vd_bits, (size_t)q->in_count + 1);
    s->nomem = !s->automata || !s->wanted;
    for (uint32_t i = 0; i < q->in_count + q->out_count && !s->nomem; i++)
        s->nomem = !make_language(s, i < q->in_count ? &q->in[i] : &q->out[i - q->in_count], i < q->in_count);
    s->words = s->bits / 64 + 1;
    return !s->nomem;
}

static bool has_bit(const uint64_t *t, uint32_t i)
{
    return t[i / 64] >> (i % 64) & 1;
}

/* From a star back to the first position that it makes needless. */
static uint32_t floor_of(const vd_search *s, const vd_automaton *a, uint32_t star)
{
    uint32_t out = vd_words_leaves_out(a->tokens[star].wild, s->q->variables), i = star;

    while (i > 0) {
        const vd_token *t = &a->tokens[i - 1];
        uint32_t        has = t->wild ? ~vd_words_leaves_out(t->wild, s->q->variables)
                                      : vd_words_kind(t->letter, s->q->variables);

        if ((has & out) && !VD_MUTANT(11))
            break;
        i--;
    }
    return a->base + i;
}

static void mark_automaton(vd_search *s, const vd_automaton *a)
{
    for (uint32_t i = 0; i < a->count; i++) {
        char     wild = a->tokens[i].wild;
        uint32_t bit = a->base + i;

        if (!wild) {
            vd_words_set_bit(s->literal, bit);
            continue;
        }
        s->used_kinds |= vd_words_leaves_out(wild, s->q->variables);
        if (!vd_words_is_star(wild))
            continue;
        vd_words_set_bit(s->stars, bit);
        s->floor[bit] = floor_of(s, a, i);
        if (wild == VD_STAR)
            vd_words_set_bit(s->wide, bit);
        else if (s->floor[bit] < bit)
            vd_words_set_bit(s->narrow, bit);
    }
    vd_words_set_bit(a->wanted ? s->last : s->refused, a->base + a->count);
    if (!a->wanted && a->count && a->tokens[a->count - 1].wild == VD_STAR)
        vd_words_set_bit(s->hopeless, a->base + a->count - 1);
}

static bool make_masks(vd_search *s)
{
    uint64_t *all = vd_arena_new_array(s->arena, uint64_t, (size_t)s->words * 7);

    s->floor = vd_arena_new_array(s->arena, uint32_t, (size_t)s->bits + 1);
    s->nomem = !all || !s->floor;
    if (s->nomem)
        return false;
    s->stars = all;
    s->wide = all + s->words;
    s->narrow = all + s->words * (size_t)2;
    s->literal = all + s->words * (size_t)3;
    s->last = all + s->words * (size_t)4;
    s->refused = all + s->words * (size_t)5;
    s->hopeless = all + s->words * (size_t)6;
    for (uint32_t k = 0; k < s->automaton_count; k++)
        mark_automaton(s, &s->automata[k]);
    return true;
}

bool vd_search_make(vd_search *s)
{
    return make_automata(s) && make_masks(s) && vd_search_make_symbols(s);
}

/* ------------------------------------------------------------------ steps */

static void clear_range(uint64_t *t, uint32_t from, uint32_t to)
{
    while (from < to) {
        uint32_t n = 64 - from % 64 < to - from ? 64 - from % 64 : to - from;

        t[from / 64] &= ~((n == 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1) << from % 64);
        from += n;
    }
}

/* Passes stars, then forgets what they make needless.  before: the tuple that the step came from; what a wide star made
 * needless then has not come back. */
static void settle(const vd_search *s, uint64_t *t, const uint64_t *before)
{
    bool more = true;

    while (more) {
        uint64_t carry = 0;

        more = false;
        for (uint32_t i = 0; i < s->words; i++) {
            uint64_t stars = t[i] & s->stars[i], add = (stars << 1 | carry) & ~t[i];

            carry = stars >> 63;
            t[i] |= add;
            more |= (add & s->stars[i]) != 0;
        }
    }
    for (uint32_t i = s->words; i > 0; i--) {
        uint64_t left = t[i - 1] &
                        (s->narrow[i - 1] | (s->wide[i - 1] & (before ? ~before[i - 1] : UINT64_MAX)));

        while (left) {
            uint32_t bit = 63 - (uint32_t)__builtin_clzll(left), star = (i - 1) * 64 + bit;

            left &= ~((uint64_t)1 << bit);
            if (s->floor[star] < star && has_bit(t, star))
                clear_range(t, s->floor[star], star);
        }
    }
}

void vd_search_step(const vd_search *s, const uint64_t *from, uint64_t *to, uint32_t symbol)
{
    const uint64_t *takers = &s->takes[(size_t)symbol * s->words];
    uint64_t        carry = 0;

    for (uint32_t i = 0; i < s->words; i++) {
        uint64_t going = from[i] & takers[i], moving = going & ~s->stars[i];

        to[i] = moving << 1 | carry | (going & s->stars[i]);
        carry = moving >> 63;
    }
    settle(s, to, from);
}

void vd_search_begin(const vd_search *s, uint64_t *tuple)
{
    memset(tuple, 0, s->words * sizeof *tuple);
    for (uint32_t k = 0; k < s->automaton_count; k++)
        vd_words_set_bit(tuple, s->automata[k].base);
    settle(s, tuple, NULL);
}

static bool any_bit(const uint64_t *t, const uint64_t *mask, uint32_t from, uint32_t to)
{
    for (uint32_t i = from / 64; i * 64 < to; i++) {
        uint64_t here = mask ? t[i] & mask[i] : t[i];

        if (i == from / 64)
            here &= UINT64_MAX << from % 64;
        if (to - i * 64 < 64)
            here &= ((uint64_t)1 << (to - i * 64)) - 1;
        if (here)
            return true;
    }
    return false;
}

vd_hope vd_search_judge(const vd_search *s, const uint64_t *t, uint32_t length)
{
    bool all = length >= s->q->domain.shortest;

    for (uint32_t i = 0; i < s->words; i++) {
        if (t[i] & s->hopeless[i])
            return VD_HOPE_NONE;
        all &= (t[i] & s->refused[i]) == 0;
    }
    for (uint32_t i = 0; i < s->wanted_count; i++) {
        const vd_bits *r = &s->wanted[i];

        if (!any_bit(t, NULL, r->from, r->to))
            return VD_HOPE_NONE;
        all = all && any_bit(t, s->last, r->from, r->to);
    }
    return all ? VD_HOPE_ACCEPTS : VD_HOPE_SOME;
}
