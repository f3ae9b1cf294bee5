/* SPDX-License-Identifier: Apache-2.0
 *
 * What is wanted of the resource besides its form, as few patterns: the same literals come again for every class of actions
 * with resources of its own.
 */
#include "symbolic/inside.h"

/* Languages of one pattern come first; how many there are. */
static uint32_t gather_single(vd_sides *s)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < s->in_count; i++)
        if (s->in[i].count == 1) {
            vd_globs l = s->in[i];

            s->in[i] = s->in[n];
            s->in[n++] = l;
        }
    return n;
}

static bool fill(vd_ask *a, vd_merged *row, vd_memo_key key, const vd_globs *in, uint32_t count)
{
    vd_arena_reset(&row->arena);
    row->known = false;
    row->in = vd_arena_new_array(&row->arena, vd_globs, count);
    row->count = count;
    if (row->in)
        memcpy(row->in, in, count * sizeof *in);
    if (!row->in || !vd_words_merge(row->in, &row->count, a->holes == VD_HOLES_SYMBOLS, &row->arena, &a->budget)) {
        a->nomem = true;
        return false;
    }
    row->key = key;
    row->known = true;
    return true;
}

bool vd_merged_take(vd_ask *a, vd_sides *s, const vd_literal *l, uint32_t count)
{
    uint32_t    single = gather_single(s);
    vd_memo_key key;
    vd_merged  *row;

    if (single < 2 || single > VD_WORDS_MERGED) /* as they are they point to what goes away with the question */
        return true;
    key = vd_memo_key_of_literals(a, l, count);
    row = &a->s->merged[key.one % VD_MERGED_ROWS];
    if ((!row->known || row->key.one != key.one || row->key.two != key.two) && !fill(a, row, key, s->in, single))
        return false;
    memcpy(s->in, row->in, row->count * sizeof *s->in); /* no more than there were */
    memmove(s->in + row->count, s->in + single, (s->in_count - single) * sizeof *s->in);
    s->in_count -= single - row->count;
    return true;
}

void vd_merged_done(vd_symbolic *s)
{
    for (uint32_t i = 0; i < VD_MERGED_ROWS; i++)
        vd_arena_done(&s->merged[i].arena);
}
