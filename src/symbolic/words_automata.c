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
 *
 * Symbols are the letters that patterns name, and for each kind of letter that some wildcard leaves out one that stands for
 * all that none names: two letters that no pattern tells apart lead everywhere alike.
 */
#include "symbolic/words_int.h"

#include "base/str.h"
#include "base/utf8.h"
#include "pattern/value.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ letters */

const char vd_words_readable[VD_WORDS_READABLE] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:";

uint32_t vd_words_leaves_out(char wild, bool variables)
{
    uint32_t some = variables ? VD_KIND_VARIABLE : 0;

    switch (wild) {
    case VD_STAR:
        return 0;
    case VD_ANY:
        return some;
    case VD_STAR_IN:
    case VD_ANY_IN:
        return some | VD_KIND_COLON;
    case VD_STAR_LINE:
        return some | VD_KIND_NEWLINE;
    case VD_ANY_DIGIT:
        return some | VD_KIND_COLON | VD_KIND_SLASH | VD_KIND_NEWLINE | VD_KIND_LETTER;
    default:
        return some | VD_KIND_COLON | VD_KIND_SLASH | VD_KIND_NEWLINE;
    }
}

uint32_t vd_words_kind(uint32_t letter, bool variables)
{
    switch (letter) {
    case ':':
        return VD_KIND_COLON;
    case '/':
        return VD_KIND_SLASH;
    case '\n':
        return VD_KIND_NEWLINE;
    default:
        if (letter >= '0' && letter <= '9')
            return 0;
        return variables && letter >= VD_VARIABLE && letter < VD_BYTE ? VD_KIND_VARIABLE : VD_KIND_LETTER;
    }
}

uint32_t vd_words_lower(uint32_t letter)
{
    return letter >= VD_BYTE ? letter : vd_letter_lower(letter);
}

uint32_t vd_words_letter(vd_str s, uint32_t *n)
{
    unsigned char c = (unsigned char)s.p[0];
    uint32_t      cp;

    *n = 1;
    if (c < 0x80)
        return c;
    *n = vd_utf8_next(s, &cp);
    if (*n)
        return cp;
    *n = 1;
    return VD_BYTE + c;
}

bool vd_words_allows(const vd_domain *d, uint32_t letter)
{
    if (d->digits && (letter < '0' || letter > '9'))
        return false;
    return !d->no_wildcards || (letter != '*' && letter != '?');
}

uint32_t vd_words_rank(uint32_t letter)
{
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a';
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A' + 26;
    if (letter >= '0' && letter <= '9')
        return letter - '0' + 52;
    return letter + 62;
}

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

            t[a->count].letter = fold ? vd_words_lower(letter) : letter;
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
    if (bytes > VD_WORDS_MOST_BYTES / 64) /* much is kept for each position: beyond this nothing is asked */
        return false;
    s->automata = vd_arena_new_array(s->arena, vd_automaton, n);
    s->wanted = vd_arena_new_array(s->arena, vd_bits, (size_t)q->in_count + 1);
    s->nomem = !s->automata || !s->wanted;
    for (uint32_t i = 0; i < q->in_count + q->out_count && !s->nomem; i++)
        s->nomem = !make_language(s, i < q->in_count ? &q->in[i] : &q->out[i - q->in_count], i < q->in_count);
    s->words = s->bits / 64 + 1;
    return !s->nomem;
}

static void set_bit(uint64_t *t, uint32_t i)
{
    t[i / 64] |= (uint64_t)1 << (i % 64);
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
        uint32_t        has = t->wild ? ~vd_words_leaves_out(t->wild, s->q->variables) : vd_words_kind(t->letter, s->q->variables);

        if (has & out)
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
            set_bit(s->literal, bit);
            continue;
        }
        s->used_kinds |= vd_words_leaves_out(wild, s->q->variables);
        if (!vd_words_is_star(wild))
            continue;
        set_bit(s->stars, bit);
        s->floor[bit] = floor_of(s, a, i);
        if (wild == VD_STAR)
            set_bit(s->wide, bit);
        else if (s->floor[bit] < bit)
            set_bit(s->narrow, bit);
    }
    set_bit(a->wanted ? s->last : s->refused, a->base + a->count);
    if (!a->wanted && a->count && a->tokens[a->count - 1].wild == VD_STAR)
        set_bit(s->hopeless, a->base + a->count - 1);
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

/* ------------------------------------------------------------------ symbols */

static uint32_t kind_of(const vd_search *s, uint32_t letter)
{
    return vd_words_kind(letter, s->q->variables) & s->used_kinds;
}

static void add_letter(vd_search *s, uint32_t letter)
{
    vd_symbol symbol = { .letter = letter, .kind = kind_of(s, letter), .many = 1, .named = true };

    if (letter < 0x80 && s->of_ascii[letter]++)
        return; /* it is there already */
    if (vd_words_allows(&s->q->domain, letter) &&
        !VD_ARENA_PUSH(s->arena, s->symbols, s->symbol_count, s->symbol_cap, symbol))
        s->nomem = true;
}

/* Of a letter whose case does not count all are needed: another pattern may tell them apart.  What a variable is in another
 * case stands a plane above it. */
static uint32_t cases_of(const vd_search *s, uint32_t out[VD_CASES], uint32_t lower, bool fold)
{
    out[0] = lower;
    if (!fold || lower >= VD_BYTE)
        return 1;
    if (vd_words_kind(lower, s->q->variables) != VD_KIND_VARIABLE)
        return 1 + vd_letter_capitals(out + 1, lower);
    out[1] = lower + 0x10000;
    return 2;
}

static int by_rank(const void *a, const void *b)
{
    uint32_t x = vd_words_rank(((const vd_symbol *)a)->letter), y = vd_words_rank(((const vd_symbol *)b)->letter);

    return x < y ? -1 : x > y;
}

static void sort_symbols(vd_search *s)
{
    uint32_t n = 0;

    if (s->symbol_count)
        qsort(s->symbols, s->symbol_count, sizeof *s->symbols, by_rank);
    for (uint32_t i = 0; i < s->symbol_count; i++)
        if (n == 0 || s->symbols[n - 1].letter != s->symbols[i].letter)
            s->symbols[n++] = s->symbols[i];
    s->symbol_count = n;
    memset(s->of_ascii, 0xff, sizeof s->of_ascii);
    for (uint32_t i = 0; i < n; i++)
        if (s->symbols[i].letter < 0x80)
            s->of_ascii[s->symbols[i].letter] = i;
}

static uint32_t find_symbol(const vd_search *s, uint32_t letter)
{
    uint32_t from = 0, to = s->symbol_count, rank = vd_words_rank(letter);

    if (letter < 0x80)
        return s->of_ascii[letter];
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;

        if (vd_words_rank(s->symbols[middle].letter) < rank)
            from = middle + 1;
        else
            to = middle;
    }
    return from < s->symbol_count && s->symbols[from].letter == letter ? from : VD_NONE;
}

static bool is_scalar(uint32_t letter)
{
    return letter < 0xd800 || (letter >= 0xe000 && letter < VD_BYTE);
}

static bool is_free(const vd_search *s, uint32_t letter, uint32_t kind)
{
    uint32_t symbol;

    if (kind_of(s, letter) != kind || !vd_words_allows(&s->q->domain, letter))
        return false;
    symbol = find_symbol(s, letter);
    return symbol == VD_NONE || !s->symbols[symbol].named;
}

/* All letters stand in a row: those that are easily read, then from '!' to the last one, then those before '!'. */
enum { READABLE = VD_WORDS_READABLE - 1, FIRST_SIGN = 0x21 };

static bool is_readable(uint32_t letter)
{
    return letter && letter < 0x80 && strchr(vd_words_readable, (int)letter);
}

static uint32_t place_of(uint32_t letter)
{
    if (is_readable(letter))
        return (uint32_t)(strchr(vd_words_readable, (int)letter) - vd_words_readable);
    return READABLE + (letter + VD_BYTE - FIRST_SIGN) % VD_BYTE;
}

uint32_t vd_search_next_free(const vd_search *s, uint32_t kind, uint32_t letter)
{
    bool     beyond = kind == (s->used_kinds & VD_KIND_LETTER) && !s->q->domain.digits;
    uint32_t only = kind == VD_KIND_COLON ? ':' : kind == VD_KIND_SLASH ? '/' : kind == VD_KIND_NEWLINE ? '\n' : 0;

    if (only)
        return letter == VD_NONE && is_free(s, only, kind) ? only : VD_NONE;
    for (uint32_t p = letter == VD_NONE ? 0 : place_of(letter) + 1; p < READABLE + VD_BYTE; p++) {
        letter = p < READABLE ? (unsigned char)vd_words_readable[p] : (p - READABLE + FIRST_SIGN) % VD_BYTE;
        if (letter == 0x80 && !beyond)
            p = place_of(letter = 0);
        if (is_scalar(letter) && is_free(s, letter, kind) && (p < READABLE || !is_readable(letter)))
            return letter;
    }
    return VD_NONE;
}

/* How many letters of the kind there are that no pattern names. */
static uint32_t free_letters(const vd_search *s, uint32_t kind)
{
    uint32_t n = 0;

    if (kind == (s->used_kinds & VD_KIND_LETTER) && !s->q->domain.digits)
        n = VD_BYTE - 0x80 - 0x800 - (s->q->variables ? VD_BYTE - VD_VARIABLE : 0);
    for (uint32_t cp = 0; cp < 0x80; cp++)
        n += kind_of(s, cp) == kind && vd_words_allows(&s->q->domain, cp);
    for (uint32_t i = 0; i < s->symbol_count; i++)
        n -= s->symbols[i].named && s->symbols[i].kind == kind && is_scalar(s->symbols[i].letter);
    return n;
}

static void add_others(vd_search *s)
{
    vd_symbol others[VD_KINDS];
    uint32_t  n = 0;

    for (uint32_t kind = 0; kind < VD_KINDS; kind = kind ? kind * 2 : 1) {
        vd_symbol other = { .letter = vd_search_next_free(s, kind, VD_NONE), .kind = kind };

        if ((kind & ~s->used_kinds) != 0 || other.letter == VD_NONE)
            continue;
        other.many = free_letters(s, kind);
        others[n++] = other;
    }
    for (uint32_t i = 0; i < n; i++)
        if (!VD_ARENA_PUSH(s->arena, s->symbols, s->symbol_count, s->symbol_cap, others[i]))
            s->nomem = true;
}

static void name_tokens(vd_search *s)
{
    memset(s->named, 0xff, (size_t)s->bits * VD_CASES * sizeof *s->named);
    for (uint32_t k = 0; k < s->automaton_count; k++)
        for (uint32_t i = 0; i < s->automata[k].count; i++) {
            const vd_token *t = &s->automata[k].tokens[i];
            uint32_t       *named = &s->named[(size_t)(s->automata[k].base + i) * VD_CASES];
            uint32_t        cases[VD_CASES], n = t->wild ? 0 : cases_of(s, cases, t->letter, s->automata[k].fold), m = 0;

            for (uint32_t c = 0; c < n; c++) {
                uint32_t symbol = find_symbol(s, cases[c]);

                if (symbol != VD_NONE)
                    named[m++] = symbol;
            }
        }
}

/* The positions of wildcards that take a kind of letter. */
static void mark_wild(const vd_search *s, uint32_t kind, uint64_t *mask)
{
    for (uint32_t k = 0; k < s->automaton_count; k++)
        for (uint32_t i = 0; i < s->automata[k].count; i++) {
            char wild = s->automata[k].tokens[i].wild;

            if (wild && (vd_words_leaves_out(wild, s->q->variables) & kind) == 0)
                set_bit(mask, s->automata[k].base + i);
        }
}

static bool make_takers(vd_search *s)
{
    uint64_t *wild;

    s->takes = vd_arena_new_array(s->arena, uint64_t, (size_t)s->words * (s->symbol_count + 1));
    wild = vd_arena_new_array(s->arena, uint64_t, s->words);
    if (!s->takes || !wild)
        return false;
    for (uint32_t kind = 0; kind < VD_KINDS; kind = kind ? kind * 2 : 1) {
        memset(wild, 0, s->words * sizeof *wild);
        mark_wild(s, kind, wild);
        for (uint32_t i = 0; i < s->symbol_count; i++)
            if (s->symbols[i].kind == kind)
                memcpy(&s->takes[(size_t)i * s->words], wild, s->words * sizeof *wild);
    }
    for (uint32_t bit = 0; bit < s->bits; bit++)
        for (const uint32_t *n = &s->named[(size_t)bit * VD_CASES], *end = n + VD_CASES; n < end && *n != VD_NONE; n++)
            set_bit(&s->takes[(size_t)*n * s->words], bit);
    return true;
}

static bool make_symbols(vd_search *s)
{
    for (uint32_t k = 0; k < s->automaton_count; k++)
        for (uint32_t i = 0; i < s->automata[k].count; i++) {
            const vd_token *t = &s->automata[k].tokens[i];
            uint32_t        cases[VD_CASES], n = t->wild ? 0 : cases_of(s, cases, t->letter, s->automata[k].fold);

            for (uint32_t c = 0; c < n; c++)
                add_letter(s, cases[c]);
        }
    for (uint32_t digit = '0'; digit <= '9' && s->in_order && s->q->domain.digits; digit++)
        add_letter(s, digit);
    sort_symbols(s);
    add_others(s);
    sort_symbols(s);
    s->symbol_words = s->symbol_count / 64 + 1;
    s->named = vd_arena_new_array(s->arena, uint32_t, (size_t)s->bits * VD_CASES + 1);
    s->of_kind = vd_arena_new_array(s->arena, uint64_t, (size_t)s->symbol_words * VD_KINDS);
    s->next_symbols = vd_arena_new_array(s->arena, uint64_t, s->symbol_words);
    s->nomem |= !s->named || !s->of_kind || !s->next_symbols;
    if (s->nomem)
        return false;
    for (uint32_t i = 0; i < s->symbol_count; i++)
        set_bit(&s->of_kind[(size_t)s->symbols[i].kind * s->symbol_words], i);
    name_tokens(s);
    s->nomem = !make_takers(s);
    return !s->nomem;
}

bool vd_search_make(vd_search *s)
{
    return make_automata(s) && make_masks(s) && make_symbols(s);
}

/* All symbols that no position of the tuple names lead alike when they are of one kind: the first will do. */
void vd_search_symbols(vd_search *s, const uint64_t *tuple)
{
    uint64_t *out = s->next_symbols;

    memset(out, 0, s->symbol_words * sizeof *out);
    for (uint32_t i = 0; i < s->words; i++)
        for (uint64_t left = tuple[i] & s->literal[i]; left; left &= left - 1) {
            uint32_t bit = i * 64 + (uint32_t)__builtin_ctzll(left);

            for (const uint32_t *n = &s->named[(size_t)bit * VD_CASES], *end = n + VD_CASES; n < end && *n != VD_NONE; n++)
                set_bit(out, *n);
        }
    for (uint32_t kind = 0; kind < VD_KINDS; kind = kind ? kind * 2 : 1)
        for (uint32_t i = 0; i < s->symbol_words; i++) {
            uint64_t others = s->of_kind[(size_t)kind * s->symbol_words + i] & ~out[i];

            if (!others)
                continue;
            out[i] |= others & (~others + 1);
            break;
        }
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
        uint64_t left = t[i - 1] & (s->narrow[i - 1] | (s->wide[i - 1] & (before ? ~before[i - 1] : UINT64_MAX)));

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
        set_bit(tuple, s->automata[k].base);
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
