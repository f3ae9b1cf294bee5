/* SPDX-License-Identifier: Apache-2.0
 *
 * The product of pattern automata, searched breadth first.
 *
 * A pattern of n tokens has the positions 0 to n; position n accepts, and a star lets its position pass to the next one
 * without a symbol.  A state is a set of positions, as bits; the states of all patterns side by side are a tuple.  A
 * position in front of a star that swallows everything is not needed once the star is reached (what it accepts, the star
 * accepts), which keeps the states of a pattern without '?' as few as it has positions.
 *
 * All automata take a step at once: a mask says which positions take a symbol, those of stars stay and the others move up by
 * one bit.  The last position of an automaton takes nothing, so that none moves into the next.
 *
 * Symbols are the code points that the patterns name, ':' (some wildcards stop there), and one that stands for all others:
 * two symbols that no pattern tells apart lead everywhere alike.
 */
#include "symbolic/inside.h"

#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"
#include "pattern/value.h"

#include <stdlib.h>

typedef struct token {
    uint32_t cp;   /* folded when the language folds */
    char     wild; /* VD_STAR ...; 0: the code point */
} token;

typedef struct automaton {
    const token *tokens;
    uint32_t     count;
    uint32_t     base; /* first bit of its positions in a tuple: count + 1 of them */
    bool         fold;
} automaton;

/* A language: a run of automata, and with that of bits. */
typedef struct part {
    uint32_t from, to;
    bool     wanted;
} part;

typedef struct node {
    uint32_t parent; /* VD_NONE: the first */
    uint32_t symbol;
    uint32_t length;
} node;

typedef struct search {
    const vd_words *q;
    vd_arena       *arena;
    uint64_t       *budget;
    automaton      *automata;
    uint32_t        automaton_count;
    part           *parts;
    uint32_t        part_count;
    uint32_t        words; /* 64-bit words of a tuple */
    uint64_t       *stars, *wide; /* positions before a star, and before one that swallows everything */
    uint64_t       *last;         /* positions that accept */
    uint64_t       *hopeless;     /* from these on, a language that is not wanted takes all that follows */
    uint64_t       *takes;        /* of symbol i at i * words */
    uint32_t       *symbols;
    uint32_t        symbol_count, symbol_cap;
    uint64_t       *tuples; /* of node i at i * words */
    uint32_t        tuple_cap;
    node           *nodes;
    uint32_t        node_count, node_cap;
    uint32_t       *table; /* open addressing: node + 1; 0: free */
    uint32_t        table_size;
    bool            nomem;
} search;

/* ------------------------------------------------------------------ making the automata */

static uint32_t folded(uint32_t cp)
{
    char     from[4], to[16];
    uint32_t n = vd_utf8_put(from, cp), out = cp;

    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp | 0x20 : cp;
    if (n)
        vd_utf8_next((vd_str){ to, vd_str_fold(to, (vd_str){ from, n }) }, &out);
    return out;
}

/* The code point at s; a byte that is no UTF-8 is a symbol of its own, past all code points. */
static uint32_t next_symbol(vd_str s, uint32_t *n)
{
    uint32_t cp;

    *n = vd_utf8_next(s, &cp);
    if (*n)
        return cp;
    *n = 1;
    return 0x110000u + (unsigned char)s.p[0];
}

static bool is_wild(char c)
{
    return (unsigned char)c >= (unsigned char)VD_STAR_LINE;
}

static bool make_automaton(search *s, automaton *a, vd_str coded, bool fold, uint32_t *bits)
{
    token *t = vd_arena_new_array(s->arena, token, coded.n ? coded.n : 1);

    if (!t)
        return false;
    *a = (automaton){ .tokens = t, .base = *bits, .fold = fold };
    for (size_t i = 0; i < coded.n;) {
        uint32_t n = 1;

        if (is_wild(coded.p[i])) {
            t[a->count].wild = coded.p[i];
        } else {
            uint32_t cp = next_symbol(vd_str_from(coded, i), &n);

            t[a->count].cp = fold ? folded(cp) : cp;
        }
        a->count++;
        i += n;
    }
    *bits += a->count + 1;
    return true;
}

static void set_bit(uint64_t *t, uint32_t i)
{
    t[i / 64] |= (uint64_t)1 << (i % 64);
}

static bool is_star(const token *t)
{
    return t->wild == VD_STAR || t->wild == VD_STAR_IN || t->wild == VD_STAR_NAME || t->wild == VD_STAR_LINE;
}

static bool is_wanted(const search *s, uint32_t bit)
{
    for (uint32_t i = 0; i < s->part_count; i++)
        if (bit >= s->parts[i].from && bit < s->parts[i].to)
            return s->parts[i].wanted;
    return true;
}

static bool make_masks(search *s)
{
    s->stars = vd_arena_new_array(s->arena, uint64_t, s->words);
    s->wide = vd_arena_new_array(s->arena, uint64_t, s->words);
    s->last = vd_arena_new_array(s->arena, uint64_t, s->words);
    s->hopeless = vd_arena_new_array(s->arena, uint64_t, s->words);
    if (!s->stars || !s->wide || !s->last || !s->hopeless)
        return false;
    for (uint32_t k = 0; k < s->automaton_count; k++) {
        const automaton *a = &s->automata[k];

        for (uint32_t i = 0; i < a->count; i++) {
            if (is_star(&a->tokens[i]))
                set_bit(s->stars, a->base + i);
            if (a->tokens[i].wild == VD_STAR)
                set_bit(s->wide, a->base + i);
        }
        set_bit(s->last, a->base + a->count);
        if (a->count && a->tokens[a->count - 1].wild == VD_STAR && !is_wanted(s, a->base))
            set_bit(s->hopeless, a->base + a->count - 1);
    }
    return true;
}

static bool make_automata(search *s)
{
    const vd_words *q = s->q;
    uint32_t        n = 0, bits = 0;

    for (uint32_t i = 0; i < q->in_count; i++)
        n += q->in[i].count;
    for (uint32_t i = 0; i < q->out_count; i++)
        n += q->out[i].count;
    s->automata = vd_arena_new_array(s->arena, automaton, n ? n : 1);
    s->parts = vd_arena_new_array(s->arena, part, q->in_count + q->out_count + 1);
    if (!s->automata || !s->parts)
        return false;
    for (uint32_t i = 0; i < q->in_count + q->out_count; i++) {
        const vd_globs *l = i < q->in_count ? &q->in[i] : &q->out[i - q->in_count];

        s->parts[s->part_count] = (part){ .from = bits, .wanted = i < q->in_count };
        for (uint32_t k = 0; k < l->count; k++)
            if (!make_automaton(s, &s->automata[s->automaton_count++], l->patterns[k], l->fold, &bits))
                return false;
        s->parts[s->part_count++].to = bits;
    }
    s->words = (bits + 63) / 64;
    s->words = s->words ? s->words : 1;
    return make_masks(s);
}

/* ------------------------------------------------------------------ symbols */

static bool has_symbol(const search *s, uint32_t cp)
{
    for (uint32_t i = 0; i < s->symbol_count; i++)
        if (s->symbols[i] == cp)
            return true;
    return false;
}

static bool is_allowed(const search *s, uint32_t cp)
{
    if (s->q->domain.digits && (cp < '0' || cp > '9'))
        return false;
    return !s->q->domain.no_wildcards || (cp != '*' && cp != '?');
}

static void add_symbol(search *s, uint32_t cp)
{
    if (is_allowed(s, cp) && !has_symbol(s, cp) &&
        !VD_ARENA_PUSH(s->arena, s->symbols, s->symbol_count, s->symbol_cap, cp))
        s->nomem = true;
}

/* Of a letter whose case does not count both are needed: another pattern may tell them apart. */
static void add_cases(search *s, uint32_t cp)
{
    add_symbol(s, cp);
    if (cp >= 'a' && cp <= 'z')
        add_symbol(s, cp - 0x20);
    else if (cp >= 0x80) /* the capital whose lower case this is lies nearby in all scripts that have both */
        for (uint32_t d = 1; d <= 0x50 && cp > d; d++)
            if (folded(cp - d) == cp)
                add_symbol(s, cp - d);
}

static bool named_by_some(const search *s, uint32_t cp)
{
    for (uint32_t i = 0; i < s->automaton_count; i++)
        for (uint32_t k = 0; k < s->automata[i].count; k++)
            if (!s->automata[i].tokens[k].wild && s->automata[i].tokens[k].cp == (s->automata[i].fold ? folded(cp) : cp))
                return true;
    return false;
}

/* A digit that no pattern names, if there is one. */
static void add_digit(search *s)
{
    static const char digits[] = "9876543210";

    for (size_t i = 0; i + 1 < sizeof digits; i++)
        if (!named_by_some(s, (unsigned char)digits[i])) {
            add_symbol(s, (unsigned char)digits[i]);
            return;
        }
}

/* A letter that no pattern names (a digit, when there is no such letter) stands for all that none names. */
static void add_other(search *s)
{
    static const char readable[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.0123456789";

    for (size_t i = 0; i + 1 < sizeof readable; i++) {
        uint32_t cp = (unsigned char)readable[i];

        if (is_allowed(s, cp) && !named_by_some(s, cp)) {
            add_symbol(s, cp);
            return;
        }
    }
    for (uint32_t cp = 0xa1; cp < 0x3000; cp++) {
        if (is_allowed(s, cp) && !named_by_some(s, cp)) {
            add_symbol(s, cp);
            return;
        }
    }
}

/* Where wildcards stop, and what only some of them take. */
static void add_classes(search *s)
{
    bool names = false, digits = false;

    for (uint32_t i = 0; i < s->automaton_count; i++)
        for (uint32_t k = 0; k < s->automata[i].count; k++) {
            names |= s->automata[i].tokens[k].wild == VD_STAR_NAME || s->automata[i].tokens[k].wild == VD_ANY_NAME ||
                     s->automata[i].tokens[k].wild == VD_STAR_LINE;
            digits |= s->automata[i].tokens[k].wild == VD_ANY_DIGIT;
        }
    add_symbol(s, ':');
    if (names) {
        add_symbol(s, '/');
        add_symbol(s, '\n');
    }
    if (digits)
        add_digit(s);
}

/* Letters and digits first: a witness is read by people. */
static int by_looks(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    bool     p = x < 0x80 && (vd_is_alpha((char)x) || vd_is_digit((char)x));
    bool     q = y < 0x80 && (vd_is_alpha((char)y) || vd_is_digit((char)y));

    if (p != q)
        return p ? -1 : 1;
    return x < y ? -1 : x > y;
}

static bool make_symbols(search *s)
{
    for (uint32_t i = 0; i < s->automaton_count; i++)
        for (uint32_t k = 0; k < s->automata[i].count; k++) {
            const token *t = &s->automata[i].tokens[k];

            if (t->wild)
                continue;
            if (s->automata[i].fold)
                add_cases(s, t->cp);
            else
                add_symbol(s, t->cp);
        }
    add_classes(s);
    add_other(s);
    if (!s->nomem && s->symbol_count)
        qsort(s->symbols, s->symbol_count, sizeof *s->symbols, by_looks);
    return !s->nomem;
}

/* ------------------------------------------------------------------ steps */

static bool takes(const automaton *a, const token *t, uint32_t symbol)
{
    switch (t->wild) {
    case 0:
        return t->cp == (a->fold ? folded(symbol) : symbol);
    case VD_STAR:
    case VD_ANY:
        return true;
    case VD_STAR_IN:
    case VD_ANY_IN:
        return symbol != ':';
    case VD_STAR_LINE:
        return symbol != '\n';
    case VD_ANY_DIGIT:
        return symbol >= '0' && symbol <= '9';
    default:
        return symbol != ':' && symbol != '/' && symbol != '\n';
    }
}

/* The positions that take a symbol; the mask is clear. */
static void mark_takers(const search *s, uint32_t symbol, uint64_t *mask)
{
    for (uint32_t k = 0; k < s->automaton_count; k++)
        for (uint32_t i = 0; i < s->automata[k].count; i++)
            if (takes(&s->automata[k], &s->automata[k].tokens[i], symbol))
                set_bit(mask, s->automata[k].base + i);
}

/* The bits of word i that lie between two positions. */
static uint64_t between(uint32_t i, uint32_t from, uint32_t to)
{
    uint64_t mask = UINT64_MAX;

    if (from / 64 == i)
        mask &= UINT64_MAX << from % 64;
    if (to / 64 == i)
        mask &= ~(UINT64_MAX << to % 64);
    return mask;
}

/* Forgets what the last wide star that was reached makes needless. */
static void forget(const search *s, const automaton *a, uint64_t *t)
{
    uint32_t first = a->base / 64, end = a->base + a->count;

    for (uint32_t i = end / 64 + 1; i > first; i--) {
        uint64_t reached = t[i - 1] & s->wide[i - 1] & between(i - 1, a->base, end);

        if (!reached)
            continue;
        end = (i - 1) * 64 + 63 - (uint32_t)__builtin_clzll(reached);
        for (uint32_t k = first; k <= end / 64; k++)
            t[k] &= ~between(k, a->base, end);
        return;
    }
}

/* Passing stars, then forgetting. */
static void settle(const search *s, uint64_t *t)
{
    uint64_t wide = 0;
    bool     more = true;

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
    for (uint32_t i = 0; i < s->words; i++)
        wide |= t[i] & s->wide[i];
    for (uint32_t k = 0; wide && k < s->automaton_count; k++)
        forget(s, &s->automata[k], t);
}

static void step(const search *s, const uint64_t *from, uint64_t *to, const uint64_t *takers)
{
    uint64_t carry = 0;

    for (uint32_t i = 0; i < s->words; i++) {
        uint64_t going = from[i] & takers[i], moving = going & ~s->stars[i];

        to[i] = moving << 1 | carry | (going & s->stars[i]);
        carry = moving >> 63;
    }
    settle(s, to);
}

static void begin(const search *s, uint64_t *t)
{
    for (uint32_t k = 0; k < s->automaton_count; k++)
        set_bit(t, s->automata[k].base);
    settle(s, t);
}

typedef enum hope { HOPE_NONE, HOPE_SOME, HOPE_ACCEPTS } hope;

/* Can the tuple still become a word of the answer, and is it one? */
static hope judge(const search *s, const uint64_t *t, uint32_t length)
{
    bool all = length >= s->q->domain.shortest;

    for (uint32_t i = 0; i < s->words; i++)
        if (t[i] & s->hopeless[i])
            return HOPE_NONE;
    for (uint32_t i = 0; i < s->part_count; i++) {
        const part *p = &s->parts[i];
        uint64_t    accepted = 0, alive = 0;

        for (uint32_t k = p->from / 64; k <= p->to / 64 && k < s->words; k++) {
            uint64_t here = t[k] & between(k, p->from, p->to);

            alive |= here;
            accepted |= here & s->last[k];
        }
        if (p->wanted && !alive)
            return HOPE_NONE;
        all &= (accepted != 0) == p->wanted;
    }
    return all ? HOPE_ACCEPTS : HOPE_SOME;
}

/* ------------------------------------------------------------------ what was seen */

static uint64_t hash_of(const search *s, const uint64_t *t)
{
    return vd_hash(0x9e3779b97f4a7c15u, (vd_str){ (const char *)t, s->words * sizeof *t });
}

static bool grow_table(search *s)
{
    uint32_t  size = s->table_size ? s->table_size * 2 : 1024;
    uint32_t *table = vd_arena_new_array(s->arena, uint32_t, size);

    if (!table)
        return false;
    for (uint32_t i = 0; i < s->node_count; i++) {
        uint32_t at = (uint32_t)hash_of(s, &s->tuples[(size_t)i * s->words]) & (size - 1);

        while (table[at])
            at = (at + 1) & (size - 1);
        table[at] = i + 1;
    }
    s->table = table;
    s->table_size = size;
    return true;
}

/* With a shortest or longest word the length is part of what a tuple is, as far as it counts. */
static uint32_t counted(const search *s, uint32_t length)
{
    const vd_domain *d = &s->q->domain;

    if (d->longest)
        return length;
    return length < d->shortest ? length : d->shortest;
}

static bool seen(const search *s, const uint64_t *t, uint32_t length)
{
    uint32_t at = (uint32_t)hash_of(s, t) & (s->table_size - 1);

    while (s->table[at]) {
        uint32_t i = s->table[at] - 1;

        if (counted(s, s->nodes[i].length) == counted(s, length) &&
            memcmp(&s->tuples[(size_t)i * s->words], t, s->words * sizeof *t) == 0)
            return true;
        at = (at + 1) & (s->table_size - 1);
    }
    return false;
}

static bool remember(search *s, const uint64_t *t, node n)
{
    uint32_t at;

    if ((s->node_count + 1) * 2 > s->table_size && !grow_table(s))
        return false;
    if (s->node_count == s->tuple_cap &&
        !vd_arena_grow(s->arena, &s->tuples, s->node_count, &s->tuple_cap, s->node_count + 1, s->words * sizeof *t))
        return false;
    memcpy(&s->tuples[(size_t)s->node_count * s->words], t, s->words * sizeof *t);
    if (!VD_ARENA_PUSH(s->arena, s->nodes, s->node_count, s->node_cap, n))
        return false;
    at = (uint32_t)hash_of(s, t) & (s->table_size - 1);
    while (s->table[at])
        at = (at + 1) & (s->table_size - 1);
    s->table[at] = s->node_count;
    return true;
}

/* ------------------------------------------------------------------ the search */

static bool spell(search *s, uint32_t at, vd_str *word)
{
    uint32_t length = s->nodes[at].length, n = 0, *symbols = vd_arena_new_array(s->arena, uint32_t, length ? length : 1);
    char    *text = vd_arena_new_array(s->arena, char, (size_t)length * 4 + 1);

    if (!symbols || !text)
        return false;
    for (uint32_t i = length; i > 0; i--, at = s->nodes[at].parent)
        symbols[i - 1] = s->nodes[at].symbol;
    for (uint32_t i = 0; i < length; i++) {
        if (symbols[i] >= 0x110000u)
            text[n++] = (char)(symbols[i] - 0x110000u);
        else
            n += vd_utf8_put(text + n, symbols[i]);
    }
    *word = (vd_str){ text, n };
    return true;
}

static vd_answer out_of_memory(search *s)
{
    s->nomem = true;
    return VD_UNKNOWN;
}

static vd_answer expand(search *s, uint32_t at, uint64_t *next, vd_str *word)
{
    uint32_t length = s->nodes[at].length + 1;

    for (uint32_t i = 0; i < s->symbol_count; i++) {
        hope h;

        if (*s->budget < s->words)
            return VD_UNKNOWN;
        *s->budget -= s->words;
        step(s, &s->tuples[(size_t)at * s->words], next, &s->takes[(size_t)i * s->words]);
        h = judge(s, next, length);
        if (h == HOPE_NONE || seen(s, next, length))
            continue;
        if (!remember(s, next, (node){ at, s->symbols[i], length }))
            return out_of_memory(s);
        if (h == HOPE_ACCEPTS)
            return spell(s, s->node_count - 1, word) ? VD_SAT : out_of_memory(s);
    }
    return VD_UNSAT;
}

static vd_answer walk(search *s, vd_str *word)
{
    uint64_t *next = vd_arena_new_array(s->arena, uint64_t, s->words);
    uint32_t  longest = s->q->domain.longest;
    hope      h;

    if (!next || !grow_table(s))
        return out_of_memory(s);
    begin(s, next);
    h = judge(s, next, 0);
    if (h == HOPE_NONE)
        return VD_UNSAT;
    if (!remember(s, next, (node){ VD_NONE, 0, 0 }))
        return out_of_memory(s);
    if (h == HOPE_ACCEPTS)
        return spell(s, 0, word) ? VD_SAT : out_of_memory(s);
    s->takes = vd_arena_new_array(s->arena, uint64_t, (size_t)s->words * (s->symbol_count ? s->symbol_count : 1));
    if (!s->takes)
        return out_of_memory(s);
    for (uint32_t i = 0; i < s->symbol_count; i++)
        mark_takers(s, s->symbols[i], &s->takes[(size_t)i * s->words]);
    for (uint32_t at = 0; at < s->node_count; at++) {
        vd_answer a;

        if (longest && s->nodes[at].length >= longest)
            continue;
        a = expand(s, at, next, word);
        if (a != VD_UNSAT)
            return a;
    }
    return VD_UNSAT;
}

vd_answer vd_words_solve(vd_str *word, const vd_words *question, vd_arena *arena, uint64_t *budget, bool *nomem)
{
    search    s = { .q = question, .arena = arena, .budget = budget };
    vd_answer answer = VD_UNKNOWN;

    *word = (vd_str){ "", 0 };
    if (make_automata(&s) && make_symbols(&s))
        answer = walk(&s, word);
    else
        s.nomem = true;
    *nomem = s.nomem;
    return answer;
}

/* One word through all patterns of a language. */
bool vd_globs_have(const vd_globs *l, vd_str word, vd_arena *arena, bool *nomem)
{
    vd_words  q = { .in = l, .in_count = 1 };
    search    s = { .q = &q, .arena = arena };
    uint64_t *now, *next, *takers;
    bool      found = false;

    vd_arena_reset(arena);
    if (!make_automata(&s) || !(now = vd_arena_new_array(arena, uint64_t, s.words)) ||
        !(next = vd_arena_new_array(arena, uint64_t, s.words)) ||
        !(takers = vd_arena_new_array(arena, uint64_t, s.words))) {
        *nomem = true;
        return false;
    }
    begin(&s, now);
    for (size_t i = 0; i < word.n;) {
        uint32_t  n, symbol = next_symbol(vd_str_from(word, i), &n);
        uint64_t *swap = now;

        memset(takers, 0, s.words * sizeof *takers);
        mark_takers(&s, symbol, takers);
        step(&s, now, next, takers);
        now = next;
        next = swap;
        i += n;
    }
    for (uint32_t i = 0; i < s.words; i++)
        found |= (now[i] & s.last[i]) != 0;
    return found;
}
