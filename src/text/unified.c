/* SPDX-License-Identifier: Apache-2.0
 *
 * A unified diff, line by line: "--- a", "+++ b", "@@ -1,2 +3,4 @@" and as many lines as that says.
 */
#include "text/unified.h"

#include "base/error.h"
#include "base/str.h"

enum { MOST_LINE = 100000000 };

typedef struct reading {
    const vd_source *source;
    vd_arena        *arena;
    vd_unified         *out;
    uint32_t         offset; /* of the line after this one */
    vd_str           line;   /* without its end */
    vd_error        *err;
} reading;

static bool next_line(reading *r)
{
    vd_str rest = vd_str_from(r->source->text, r->offset);

    if (rest.n == 0)
        return false;
    r->line = vd_str_first(rest, vd_str_find(rest, '\n'));
    r->offset += (uint32_t)r->line.n + 1;
    if (r->line.n && r->line.p[r->line.n - 1] == '\r')
        r->line.n--;
    return true;
}

static vd_code refuse(reading *r, const char *what)
{
    uint32_t start = (uint32_t)(r->line.p - r->source->text.p);

    return vd_fail_span(r->err, VD_ESYNTAX, r->source, (vd_span){ start, (uint32_t)r->line.n }, "%s", what);
}

/* ------------------------------------------------------------------ names */

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

/* git quotes names with odd bytes: "b/pol\303\251.json". */
static bool unquote(reading *r, vd_str quoted, vd_str *out)
{
    static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
    char             *p = vd_arena_alloc(r->arena, quoted.n + 1, 1);
    size_t            n = 0;

    if (!p)
        return false;
    for (size_t i = 1; i < quoted.n && quoted.p[i] != '"'; i++) {
        const char *letter;
        char        c = quoted.p[i];

        if (c != '\\' || i + 1 == quoted.n) {
            p[n++] = c;
            continue;
        }
        c = quoted.p[++i];
        letter = strchr(letters, c);
        if (is_octal(c) && i + 2 < quoted.n && is_octal(quoted.p[i + 1]) && is_octal(quoted.p[i + 2])) {
            p[n++] = (char)((c - '0') << 6 | (quoted.p[i + 1] - '0') << 3 | (quoted.p[i + 2] - '0'));
            i += 2;
        } else {
            p[n++] = letter && c ? values[letter - letters] : c;
        }
    }
    *out = (vd_str){ p, n };
    return true;
}

/* Behind "+++ ": a name, quoted or up to a tab (a time may follow). */
static vd_code read_name(reading *r, vd_str s, vd_diff_file *f)
{
    if (s.n && s.p[0] == '"') {
        if (!unquote(r, s, &f->whole))
            return vd_fail_nomem(r->err);
    } else {
        f->whole = vd_str_first(s, vd_str_find(s, '\t'));
    }
    f->path = f->whole;
    if (vd_str_eq(f->path, VD_S("/dev/null")))
        f->path = VD_S("");
    else if (vd_str_starts(f->path, VD_S("b/")))
        f->path = vd_str_from(f->path, 2);
    return VD_OK;
}

/* ------------------------------------------------------------------ hunks */

/* "12,3" or "12"; false: no numbers. */
static bool read_range(vd_str *s, uint32_t *first, uint32_t *count)
{
    uint32_t *into[] = { first, count };

    *count = 1;
    for (size_t k = 0; k < 2; k++) {
        size_t i = 0;

        *into[k] = 0;
        for (; i < s->n && vd_is_digit(s->p[i]); i++) {
            if (*into[k] > MOST_LINE)
                return false;
            *into[k] = *into[k] * 10 + (uint32_t)(s->p[i] - '0');
        }
        if (i == 0)
            return false;
        *s = vd_str_from(*s, i);
        if (k == 0 && (s->n == 0 || s->p[0] != ',')) {
            *count = 1;
            return true;
        }
        if (k == 0)
            *s = vd_str_from(*s, 1);
    }
    return true;
}

static bool touch(reading *r, vd_diff_file *f, uint32_t first, uint32_t count)
{
    vd_touched *last = f->count ? &f->at[f->count - 1] : NULL;

    if (last && count && last->count && last->first + last->count == first) {
        last->count += count;
        return true;
    }
    if (last && !count && !last->count && last->first == first)
        return true;
    return VD_ARENA_PUSH(r->arena, f->at, f->count, f->cap, (vd_touched){ first, count });
}

static vd_code read_hunk(reading *r, vd_diff_file *f)
{
    vd_str   s = vd_str_from(r->line, 4);
    uint32_t old, old_count, now, now_count;
    bool     ok = read_range(&s, &old, &old_count) && vd_str_starts(s, VD_S(" +"));

    if (ok) {
        s = vd_str_from(s, 2);
        ok = read_range(&s, &now, &now_count) && vd_str_starts(s, VD_S(" @@"));
    }
    if (!ok)
        return refuse(r, "this is not the beginning of a hunk: \"@@ -1,2 +3,4 @@\" was expected");
    now += now_count == 0; /* nothing of it is left: it stood behind that line */
    while (old_count || now_count) {
        char mark;

        if (!next_line(r))
            return vd_fail_span(r->err, VD_ESYNTAX, r->source, (vd_span){ (uint32_t)r->source->text.n, 0 },
                                "the diff ends within a hunk");
        mark = r->line.n ? r->line.p[0] : ' '; /* some tools trim an empty line of context */
        if ((mark == ' ' && (!old_count || !now_count)) || (mark == '-' && !old_count) || (mark == '+' && !now_count) ||
            !strchr(" -+\\", mark))
            return refuse(r, "this line does not belong into the hunk");
        if ((mark == '+' && !touch(r, f, now, 1)) || (mark == '-' && !touch(r, f, now, 0)))
            return vd_fail_nomem(r->err);
        old_count -= mark == ' ' || mark == '-';
        now_count -= mark == ' ' || mark == '+';
        now += mark == ' ' || mark == '+';
    }
    return VD_OK;
}

vd_code vd_diff_read(vd_unified *out, vd_arena *arena, const vd_source *source, vd_error *err)
{
    reading r = { .source = source, .arena = arena, .out = out, .err = err };

    *out = (vd_unified){ 0 };
    while (next_line(&r)) {
        if (vd_str_starts(r.line, VD_S("+++ "))) {
            vd_diff_file f = { 0 };

            VD_TRY(read_name(&r, vd_str_from(r.line, 4), &f));
            if (!VD_ARENA_PUSH(arena, out->files, out->count, out->cap, f))
                return vd_fail_nomem(err);
        } else if (vd_str_starts(r.line, VD_S("@@ -"))) {
            if (out->count == 0)
                return refuse(&r, "a hunk before the name of a file: \"+++ b/...\" was expected");
            VD_TRY(read_hunk(&r, &out->files[out->count - 1]));
        } else if (vd_str_starts(r.line, VD_S("@@@ "))) {
            return refuse(&r, "a combined diff says nothing about one new side; make it against one parent");
        }
    }
    return VD_OK;
}

bool vd_diff_touches(const vd_diff_file *f, uint32_t from, uint32_t to, bool near)
{
    for (uint32_t i = 0; i < f->count; i++) {
        const vd_touched *t = &f->at[i];

        if (t->count ? t->first <= to && t->first + t->count > from
                     : near ? t->first >= from && t->first <= (to < UINT32_MAX ? to + 1 : to)
                            : t->first > from && t->first <= to)
            return true;
    }
    return false;
}
