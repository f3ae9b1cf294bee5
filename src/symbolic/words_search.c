/* SPDX-License-Identifier: Apache-2.0
 *
 * The tuples of automata that can be reached, breadth first.  What was seen is kept in blocks that are never moved, with a
 * table of indices beside them.
 */
#include "symbolic/words_int.h"

#include "base/utf8.h"

bool vd_search_spend(vd_search *s, uint64_t units)
{
    if (*s->budget < units) {
        *s->budget = 0;
        return false;
    }
    *s->budget -= units;
    return true;
}

/* ------------------------------------------------------------------ what was seen */

static void *more_room(vd_search *s, size_t bytes)
{
    void *p;

    if (bytes > VD_WORDS_MOST_BYTES - s->bytes)
        return NULL;
    s->bytes += bytes;
    p = vd_arena_alloc(s->arena, bytes, 16);
    s->nomem |= !p;
    return p;
}

static uint32_t hash_of(const vd_search *s, const uint64_t *t)
{
    uint64_t h = 0x9e3779b97f4a7c15u;

    for (uint32_t i = 0; i < s->words; i++) {
        h = (h ^ t[i]) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    return (uint32_t)(h ^ h >> 15);
}

static bool grow_table(vd_search *s)
{
    uint32_t  size = s->table_size ? s->table_size * 2 : 256;
    uint32_t *table = more_room(s, (size_t)size * sizeof *table);

    if (!table)
        return false;
    for (uint32_t i = 0; i < s->seen_count; i++) {
        uint32_t at = vd_search_at(s, i)->hash & (size - 1);

        while (table[at])
            at = (at + 1) & (size - 1);
        table[at] = i + 1;
    }
    s->table = table;
    s->table_size = size;
    return true;
}

static bool has_room(vd_search *s)
{
    uint32_t block = 31 - (uint32_t)__builtin_clz(s->seen_count / VD_SEEN_FIRST + 1);

    if ((s->seen_count + 1) * 2 > s->table_size && !grow_table(s))
        return false;
    if (s->seen_count == VD_WORDS_MOST_TUPLES || block >= VD_SEEN_BLOCKS)
        return false;
    if (!s->blocks[block])
        s->blocks[block] = more_room(s, s->stride * VD_SEEN_FIRST << block);
    return s->blocks[block] != NULL;
}

/* With a shortest or longest word the length is part of what a tuple is, as far as it counts. */
static uint32_t counted(const vd_search *s, uint32_t length)
{
    const vd_domain *d = &s->q->domain;

    if (d->longest)
        return length;
    return length < d->shortest ? length : d->shortest;
}

enum { LOOKUP = 16 }; /* what memory that is not in the cache costs, in words that are */

uint32_t vd_search_remember(vd_search *s, const uint64_t *tuple, vd_seen about, bool *fresh)
{
    uint32_t at;
    vd_seen *new;

    *fresh = false;
    if (!vd_search_spend(s, s->words + LOOKUP))
        return VD_NONE;
    about.hash = hash_of(s, tuple) + counted(s, about.length) * 0x9e3779b1u;
    if (s->table_size) {
        for (at = about.hash & (s->table_size - 1); s->table[at]; at = (at + 1) & (s->table_size - 1)) {
            const vd_seen *old = vd_search_at(s, s->table[at] - 1);

            if (old->hash == about.hash && counted(s, old->length) == counted(s, about.length) &&
                memcmp(vd_seen_tuple(old), tuple, s->words * sizeof *tuple) == 0)
                return s->table[at] - 1;
        }
    }
    if (!vd_search_spend(s, s->words + LOOKUP) || !has_room(s))
        return VD_NONE;
    for (at = about.hash & (s->table_size - 1); s->table[at];)
        at = (at + 1) & (s->table_size - 1);
    new = vd_search_at(s, s->seen_count);
    *new = about;
    memcpy(vd_seen_tuple(new), tuple, s->words * sizeof *tuple);
    s->table[at] = ++s->seen_count;
    *fresh = true;
    return s->seen_count - 1;
}

/* ------------------------------------------------------------------ the search */

/* Bytes that are no UTF-8 may become some when they meet: then the word is another than the one that was found. */
static bool is_read_so(vd_str text, const uint32_t *letters)
{
    for (size_t i = 0, k = 0; i < text.n; k++) {
        uint32_t n, letter = vd_words_letter((vd_str){ text.p + i, text.n - i }, &n);

        if (letter != letters[k])
            return false;
        i += n;
    }
    return true;
}

static vd_answer spell(vd_search *s, uint32_t at, vd_str *word)
{
    uint32_t length = vd_search_at(s, at)->length, n = 0,
             *letters = vd_arena_new_array(s->arena, uint32_t, (size_t)length + 1);
    char *text = vd_arena_new_array(s->arena, char, (size_t)length * 4 + 1);

    if (!letters || !text) {
        s->nomem = true;
        return VD_UNKNOWN;
    }
    for (uint32_t i = length; i > 0; i--, at = vd_search_at(s, at)->parent)
        letters[i - 1] = s->symbols[vd_search_at(s, at)->symbol].letter;
    for (uint32_t i = 0; i < length; i++) {
        if (letters[i] >= VD_BYTE)
            text[n++] = (char)(letters[i] - VD_BYTE);
        else
            n += vd_utf8_put(text + n, letters[i]);
    }
    *word = (vd_str){ text, n };
    return is_read_so(*word, letters) ? VD_SAT : VD_UNKNOWN;
}

/* UNSAT: not from here. */
static vd_answer expand(vd_search *s, uint32_t at, uint64_t *next, vd_str *word)
{
    const vd_seen *from = vd_search_at(s, at);
    uint32_t       length = from->length + 1;

    vd_search_symbols(s, vd_seen_tuple(from));
    for (uint32_t w = 0; w < s->symbol_words; w++)
        for (uint64_t left = s->next_symbols[w]; left; left &= left - 1) {
            uint32_t symbol = w * 64 + (uint32_t)__builtin_ctzll(left), i;
            vd_hope  h;
            bool     fresh;

            if (!vd_search_spend(s, (uint64_t)s->words * 2 + 2)) /* the step, the judgement */
                return VD_UNKNOWN;
            vd_search_step(s, vd_seen_tuple(from), next, symbol);
            h = vd_search_judge(s, next, length);
            if (h == VD_HOPE_NONE)
                continue;
            i = vd_search_remember(s, next, (vd_seen){ .parent = at, .symbol = symbol, .length = length },
                                   &fresh);
            if (i == VD_NONE)
                return VD_UNKNOWN;
            if (fresh && h == VD_HOPE_ACCEPTS)
                return spell(s, i, word);
        }
    return VD_UNSAT;
}

vd_answer vd_search_walk(vd_search *s, vd_str *word)
{
    uint64_t *next = vd_arena_new_array(s->arena, uint64_t, s->words);
    uint32_t  longest = s->q->domain.longest;
    bool      fresh;
    vd_hope   h;

    s->stride = sizeof(vd_seen) + s->words * sizeof *next;
    if (!next) {
        s->nomem = true;
        return VD_UNKNOWN;
    }
    if (!vd_search_spend(s, s->words))
        return VD_UNKNOWN;
    vd_search_begin(s, next);
    h = vd_search_judge(s, next, 0);
    if (h == VD_HOPE_NONE)
        return VD_UNSAT;
    if (vd_search_remember(s, next, (vd_seen){ .parent = VD_NONE }, &fresh) == VD_NONE)
        return VD_UNKNOWN;
    if (h == VD_HOPE_ACCEPTS)
        return spell(s, 0, word);
    for (uint32_t at = 0; at < s->seen_count; at++) {
        vd_answer a = VD_UNSAT;

        if (!longest || vd_search_at(s, at)->length < longest)
            a = expand(s, at, next, word);
        if (a != VD_UNSAT)
            return a;
    }
    return VD_UNSAT;
}
