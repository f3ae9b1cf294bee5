/* SPDX-License-Identifier: Apache-2.0
 *
 * Unified diffs: the shortest list of lines to drop and to add (E. Myers, "An O(ND) difference algorithm", 1986), within a
 * bound; past it all between the first and the last difference counts as changed.
 */
#include "base/str.h"
#include "text/edit.h"

enum { AROUND = 3, MOST_CHANGES = 1500, LONGEST = 1 << 20 };

typedef struct lines {
    vd_str  *at; /* with their ends */
    uint32_t count, cap;
} lines;

typedef struct change { /* lines [old, old_end) become [now, now_end) */
    uint32_t old, old_end, now, now_end;
} change;

typedef struct diff {
    vd_arena *arena;
    lines     a, b;
    change   *at;
    uint32_t  count, cap;
} diff;

static bool split(vd_arena *arena, lines *out, vd_str text)
{
    while (text.n) {
        size_t n = vd_str_find(text, '\n');

        n += n < text.n;
        if (!VD_ARENA_PUSH(arena, out->at, out->count, out->cap, vd_str_first(text, n)))
            return false;
        text = vd_str_from(text, n);
    }
    return true;
}

static bool add_change(diff *d, change c)
{
    change *last = d->count ? &d->at[d->count - 1] : NULL;

    if (last && last->old_end == c.old && last->now_end == c.now) {
        last->old_end = c.old_end;
        last->now_end = c.now_end;
        return true;
    }
    return VD_ARENA_PUSH(d->arena, d->at, d->count, d->cap, c);
}

/* v[k] is how far along a the best way on diagonal k (x - y) has come; one copy of it is kept for each step. */
typedef struct search {
    diff     *d;
    uint32_t  from, a_end, b_from, b_end; /* what is not equal at both ends */
    int32_t **steps;
    int32_t   most;
} search;

static int32_t slide(const search *s, int32_t x, int32_t k)
{
    int32_t n = (int32_t)(s->a_end - s->from), m = (int32_t)(s->b_end - s->b_from), y = x - k;

    while (x < n && y < m &&
           vd_str_eq(s->d->a.at[s->from + (uint32_t)x], s->d->b.at[s->b_from + (uint32_t)y])) {
        x++;
        y++;
    }
    return x;
}

/* Comes from a line dropped (k - 1) or a line added (k + 1), whichever is farther. */
static bool comes_from_above(const int32_t *v, int32_t k, int32_t step)
{
    return k == -step || (k != step && v[k - 1] < v[k + 1]);
}

/* The number of the step that reaches the end, -1 when it takes too many, -2 without memory. */
static int32_t find(search *s)
{
    int32_t n = (int32_t)(s->a_end - s->from), m = (int32_t)(s->b_end - s->b_from);
    int32_t room = 2 * s->most + 3;

    for (int32_t step = 0; step <= s->most; step++) {
        int32_t *row = vd_arena_new_array(s->d->arena, int32_t, (size_t)room);
        int32_t *v = row ? row + s->most + 1 : NULL;

        if (!v)
            return -2;
        if (step > 0)
            memcpy(row, s->steps[step - 1] - s->most - 1, (size_t)room * sizeof *row);
        s->steps[step] = v;
        for (int32_t k = -step; k <= step; k += 2) {
            const int32_t *before = step > 0 ? s->steps[step - 1] : v;
            int32_t        x = step == 0 ? 0 : comes_from_above(before, k, step) ? before[k + 1] : before[k - 1] + 1;

            v[k] = slide(s, x, k);
            if (v[k] == n && v[k] - k == m)
                return step;
        }
    }
    return -1;
}

/* Back from the end, a step at a time; the changes come out last first. */
static bool walk_back(search *s, int32_t step)
{
    int32_t  x = (int32_t)(s->a_end - s->from), y = (int32_t)(s->b_end - s->b_from);
    change  *at = vd_arena_new_array(s->d->arena, change, (size_t)step + 1);
    uint32_t count = 0;

    if (!at)
        return false;
    for (; step > 0; step--) {
        const int32_t *v = s->steps[step - 1];
        int32_t        k = x - y;
        bool           above = comes_from_above(v, k, step);
        int32_t        px = above ? v[k + 1] : v[k - 1], py = px - (above ? k + 1 : k - 1);

        at[count++] = (change){ s->from + (uint32_t)px, s->from + (uint32_t)px + !above, s->b_from + (uint32_t)py,
                                s->b_from + (uint32_t)py + above };
        x = px;
        y = py;
    }
    while (count)
        if (!add_change(s->d, at[--count]))
            return false;
    return true;
}

static bool compare(diff *d)
{
    uint32_t from = 0, a_end = d->a.count, b_end = d->b.count;
    search   s = { .d = d };
    int32_t  step;

    while (from < a_end && from < b_end && vd_str_eq(d->a.at[from], d->b.at[from]))
        from++;
    while (a_end > from && b_end > from && vd_str_eq(d->a.at[a_end - 1], d->b.at[b_end - 1])) {
        a_end--;
        b_end--;
    }
    if (from == a_end && from == b_end)
        return true;
    s.from = s.b_from = from;
    s.a_end = a_end;
    s.b_end = b_end;
    s.most = a_end - from + b_end - from < MOST_CHANGES ? (int32_t)(a_end - from + b_end - from) : MOST_CHANGES;
    s.steps = vd_arena_new_array(d->arena, int32_t *, (size_t)s.most + 1);
    step = s.steps && d->a.count < LONGEST && d->b.count < LONGEST ? find(&s) : s.steps ? -1 : -2;
    if (step == -2)
        return false;
    return step == -1 ? add_change(d, (change){ from, a_end, from, b_end }) : walk_back(&s, step);
}

static void put_line(vd_buf *out, char mark, vd_str line)
{
    vd_buf_byte(out, mark);
    vd_buf_add(out, line);
    if (line.n == 0 || line.p[line.n - 1] != '\n')
        vd_buf_add(out, VD_S("\n\\ No newline at end of file\n"));
}

static void put_range(vd_buf *out, char mark, uint32_t from, uint32_t to)
{
    vd_buf_printf(out, "%c%u", mark, (unsigned)(from + (to > from)));
    if (to - from != 1)
        vd_buf_printf(out, ",%u", (unsigned)(to - from));
}

/* Changes [first, end) are near enough to be one hunk. */
static void put_hunk(vd_buf *out, const diff *d, uint32_t first, uint32_t end)
{
    const change *c = &d->at[first], *last = &d->at[end - 1];
    uint32_t      before = c->old < AROUND ? c->old : AROUND;
    uint32_t      left = d->a.count - last->old_end, behind = left < AROUND ? left : AROUND, at = c->old - before;

    vd_buf_add(out, VD_S("@@ "));
    put_range(out, '-', at, last->old_end + behind);
    vd_buf_byte(out, ' ');
    put_range(out, '+', c->now - before, last->now_end + behind);
    vd_buf_add(out, VD_S(" @@\n"));
    for (; first < end; first++) {
        c = &d->at[first];
        for (; at < c->old; at++)
            put_line(out, ' ', d->a.at[at]);
        for (; at < c->old_end; at++)
            put_line(out, '-', d->a.at[at]);
        for (uint32_t i = c->now; i < c->now_end; i++)
            put_line(out, '+', d->b.at[i]);
    }
    for (uint32_t i = 0; i < behind; i++)
        put_line(out, ' ', d->a.at[at + i]);
}

bool vd_diff_unified(vd_buf *out, vd_arena *scratch, vd_str old_name, vd_str old_text, vd_str new_name, vd_str new_text)
{
    diff d = { .arena = scratch };

    if (!split(scratch, &d.a, old_text) || !split(scratch, &d.b, new_text) || !compare(&d))
        return false;
    if (d.count == 0)
        return true;
    vd_buf_printf(out, "--- " VD_F "\n+++ " VD_F "\n", VD_A(old_name), VD_A(new_name));
    for (uint32_t i = 0; i < d.count;) {
        uint32_t end = i + 1;

        while (end < d.count && d.at[end].old - d.at[end - 1].old_end <= 2 * AROUND)
            end++;
        put_hunk(out, &d, i, end);
        i = end;
    }
    return true;
}
