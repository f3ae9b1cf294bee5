/* SPDX-License-Identifier: Apache-2.0
 *
 * A row is looked for as a whole, then taken apart.
 */
#include "usage/csv.h"

#include "base/str.h"

char vd_csv_separator(vd_str header)
{
    static const char candidates[] = { ',', ';', '\t' };
    char              best = ',';
    size_t            most = 0;

    for (size_t i = 0; i < VD_COUNT(candidates); i++) {
        size_t n = 0;

        for (size_t k = 0; k < header.n; k++)
            n += header.p[k] == candidates[i];
        if (n > most) {
            most = n;
            best = candidates[i];
        }
    }
    return best;
}

/* Where the row ends: its line feed, or SIZE_MAX within the bytes that are there.  A quote opens only at the beginning of a
 * field; within quotes two of them are one. */
static size_t row_end(const vd_csv *c, const char *p, size_t n)
{
    bool quoted = false, begin = true;

    for (size_t i = 0; i < n; i++) {
        if (quoted) {
            if (p[i] == '"')
                quoted = false; /* a second one opens again */
        } else if (p[i] == '"' && (begin || p[i - 1] == '"')) {
            quoted = true;
        } else if (p[i] == '\n') {
            return i;
        }
        begin = !quoted && p[i] == c->separator;
    }
    return SIZE_MAX;
}

static bool field(vd_csv_row *row, vd_arena *arena, vd_str raw, bool quoted, bool doubled)
{
    char  *copy;
    size_t n = 0;

    if (row->count < VD_CSV_COLUMNS)
        row->at[row->count] = raw;
    row->count++;
    if (!quoted || !doubled || row->count > VD_CSV_COLUMNS)
        return true;
    copy = vd_arena_alloc(arena, raw.n + VD_SCAN_PAD, 1); /* it may be a record */
    if (!copy)
        return false;
    for (size_t i = 0; i < raw.n; i++) {
        copy[n++] = raw.p[i];
        i += raw.p[i] == '"' && i + 1 < raw.n && raw.p[i + 1] == '"';
    }
    row->at[row->count - 1] = (vd_str){ copy, n };
    return true;
}

static bool take_apart(const vd_csv *c, vd_csv_row *row, vd_arena *arena, vd_str line)
{
    size_t i = 0;

    row->count = 0;
    for (;;) {
        bool   quoted = i < line.n && line.p[i] == '"', doubled = false;
        size_t from = i += quoted, to;

        while (i < line.n && (quoted ? line.p[i] != '"' || (i + 1 < line.n && line.p[i + 1] == '"') : line.p[i] != c->separator)) {
            bool two = quoted && line.p[i] == '"';

            doubled |= two;
            i += two ? 2 : 1;
        }
        to = i < line.n ? i : line.n;
        if (!field(row, arena, (vd_str){ line.p + from, to - from }, quoted, doubled))
            return false;
        while (i < line.n && line.p[i] != c->separator)
            i++;
        if (i++ >= line.n)
            return true;
    }
}

vd_csv_step vd_csv_next(vd_csv *c, vd_csv_row *row, vd_arena *arena)
{
    vd_window *w = c->window;
    vd_str     line;
    size_t     end;

    for (;;) {
        end = row_end(c, vd_window_at(w), w->end - w->at);
        if (end == SIZE_MAX && vd_window_more(w))
            continue;
        if (end == SIZE_MAX && !w->ended && !w->failed)
            return VD_CSV_LARGE;
        line = (vd_str){ vd_window_at(w), end == SIZE_MAX ? w->end - w->at : end };
        c->offset = vd_window_offset(w);
        w->at += line.n + (end != SIZE_MAX);
        line.n -= line.n && line.p[line.n - 1] == '\r';
        if (vd_str_trim(line).n)
            break;
        if (w->at >= w->end && !vd_window_more(w))
            return w->failed ? VD_CSV_CUT : VD_CSV_END;
    }
    return take_apart(c, row, arena, line) ? VD_CSV_ROW : VD_CSV_NO_MEMORY;
}
