/* SPDX-License-Identifier: Apache-2.0
 *
 * Letters, and the symbols that stand for them: the letters that patterns name, and for each kind of letter that some
 * wildcard leaves out one that stands for all that none names.  Two letters that no pattern tells apart lead everywhere
 * alike.
 */
#include "symbolic/words_int.h"

#include "base/str.h"
#include "base/utf8.h"
#include "pattern/value.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ letters */

const char vd_words_readable[VD_WORDS_READABLE] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:";

uint32_t vd_words_lower_other(uint32_t letter)
{
    return letter >= VD_BYTE ? letter : vd_letter_lower(letter);
}

uint32_t vd_words_letter_other(vd_str s, uint32_t *n)
{
    uint32_t cp;

    *n = vd_utf8_next(s, &cp);
    if (*n)
        return cp;
    *n = 1;
    return VD_BYTE + (unsigned char)s.p[0];
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
    uint32_t x = vd_words_rank(((const vd_symbol *)a)->letter),
             y = vd_words_rank(((const vd_symbol *)b)->letter);

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
    uint32_t only = kind == VD_KIND_COLON     ? ':'
                    : kind == VD_KIND_SLASH   ? '/'
                    : kind == VD_KIND_NEWLINE ? '\n'
                                              : 0;

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
            uint32_t cases[VD_CASES], n = t->wild ? 0 : cases_of(s, cases, t->letter, s->automata[k].fold),
                                      m = 0;

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
                vd_words_set_bit(mask, s->automata[k].base + i);
        }
}

static bool make_takers(vd_search *s)
{
    uint64_t *wild;
    size_t    bytes = (size_t)s->words * (s->symbol_count + 1) * sizeof *wild;

    s->bytes += bytes;
    if (s->bytes > VD_WORDS_MOST_BYTES || !vd_search_spend(s, bytes / 64))
        return false;
    s->takes = vd_arena_new_array(s->arena, uint64_t, (size_t)s->words * (s->symbol_count + 1));
    wild = vd_arena_new_array(s->arena, uint64_t, s->words);
    s->nomem = !s->takes || !wild;
    if (s->nomem)
        return false;
    for (uint32_t kind = 0; kind < VD_KINDS; kind = kind ? kind * 2 : 1) {
        memset(wild, 0, s->words * sizeof *wild);
        mark_wild(s, kind, wild);
        for (uint32_t i = 0; i < s->symbol_count; i++)
            if (s->symbols[i].kind == kind)
                memcpy(&s->takes[(size_t)i * s->words], wild, s->words * sizeof *wild);
    }
    for (uint32_t bit = 0; bit < s->bits; bit++)
        for (const uint32_t *n = &s->named[(size_t)bit * VD_CASES], *end = n + VD_CASES;
             n < end && *n != VD_NONE; n++)
            vd_words_set_bit(&s->takes[(size_t)*n * s->words], bit);
    return true;
}

bool vd_search_make_symbols(vd_search *s)
{
    for (uint32_t k = 0; k < s->automaton_count; k++)
        for (uint32_t i = 0; i < s->automata[k].count; i++) {
            const vd_token *t = &s->automata[k].tokens[i];
            uint32_t cases[VD_CASES], n = t->wild ? 0 : cases_of(s, cases, t->letter, s->automata[k].fold);

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
        vd_words_set_bit(&s->of_kind[(size_t)s->symbols[i].kind * s->symbol_words], i);
    name_tokens(s);
    return make_takers(s);
}

/* All symbols that no position of the tuple names lead alike when they are of one kind: the first will do. */
void vd_search_symbols(vd_search *s, const uint64_t *tuple)
{
    uint64_t *out = s->next_symbols;

    memset(out, 0, s->symbol_words * sizeof *out);
    for (uint32_t i = 0; i < s->words; i++)
        for (uint64_t left = tuple[i] & s->literal[i]; left; left &= left - 1) {
            uint32_t bit = i * 64 + (uint32_t)__builtin_ctzll(left);

            for (const uint32_t *n = &s->named[(size_t)bit * VD_CASES], *end = n + VD_CASES;
                 n < end && *n != VD_NONE; n++)
                vd_words_set_bit(out, *n);
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
