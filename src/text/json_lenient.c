/* SPDX-License-Identifier: Apache-2.0
 *
 * What editors and other readers let pass in JSON.  The tokenizer names these things; here each is turned into what was
 * meant, and kept with the bytes that would make it right.
 */
#include "base/error.h"
#include "base/str.h"
#include "text/json_lex.h"
#include "text/reader.h"

enum { MOST_DEVIATIONS = 1000 };

vd_code vd_reader_deviation(vd_reader *r, const char *what, vd_span span, bool fixable, vd_str text)
{
    vd_deviations *d = r->lenient;
    vd_deviation   one = { .what = what, .span = span, .fixable = fixable, .text = text };

    if (d->count >= MOST_DEVIATIONS)
        return vd_fail_span(r->err, VD_ELIMIT, r->source, span, "more than %d places that are not JSON",
                            MOST_DEVIATIONS);
    return VD_ARENA_PUSH(r->arena, d->at, d->count, d->cap, one) ? VD_OK : vd_fail_nomem(r->err);
}

/* ------------------------------------------------------------------ comments */

static vd_code comment(vd_reader *r, vd_json_token *t)
{
    vd_str text = r->source->text;
    size_t end = t->offset + 2;

    if (text.p[t->offset] == '#' || text.p[t->offset + 1] == '/') {
        end = t->offset + vd_str_find(vd_str_from(text, t->offset), '\n');
        while (end > t->offset && text.p[end - 1] == '\r')
            end--;
    } else {
        while (end + 1 < text.n && !(text.p[end] == '*' && text.p[end + 1] == '/'))
            end++;
        if (end + 1 >= text.n)
            return vd_reader_bad(r, VD_S("json-syntax"), (vd_span){ t->offset, 2 },
                                 "not valid JSON: a comment that does not end");
        end += 2;
    }
    t->length = (uint32_t)(end - t->offset);
    return vd_reader_deviation(r, "a comment", (vd_span){ t->offset, t->length }, true, VD_S(""));
}

/* ------------------------------------------------------------------ strings */

/* A string as JSON would have it, while it is put together from one in the text. */
typedef struct rewriting {
    vd_reader *r;
    char      *out;
    size_t     n;
    char       quote;
} rewriting;

static void put(rewriting *w, vd_str s)
{
    memcpy(w->out + w->n, s.p, s.n);
    w->n += s.n;
}

static vd_str escape_of(char c, char room[6])
{
    static const char letters[] = "btn.fr", hex[] = "0123456789abcdef";
    unsigned char     u = (unsigned char)c;

    if (u >= 8 && u <= 13 && u != 11) {
        memcpy(room, (char[]){ '\\', letters[u - 8] }, 2);
        return (vd_str){ room, 2 };
    }
    memcpy(room, (char[]){ '\\', 'u', '0', '0', hex[u >> 4], hex[u & 15] }, 6);
    return (vd_str){ room, 6 };
}

static vd_code control(rewriting *w, size_t at)
{
    char        c = w->r->source->text.p[at], room[6];
    vd_str      escape = escape_of(c, room), text;
    const char *what = c == '\t'                ? "an unescaped tab in a string"
                       : c == '\n' || c == '\r' ? "an unescaped line break in a string"
                                                : "an unescaped control character in a string";

    put(w, escape);
    if (w->quote == '\'')
        return VD_OK; /* the whole string is replaced */
    if (!vd_arena_dup(w->r->arena, &text, escape))
        return vd_fail_nomem(w->r->err);
    return vd_reader_deviation(w->r, what, (vd_span){ (uint32_t)at, 1 }, true, text);
}

/* From the opening quote on; *end: behind the closing one. */
static vd_code rewrite(rewriting *w, size_t start, size_t *end)
{
    vd_str text = w->r->source->text;
    size_t i = start + 1;

    put(w, VD_S("\""));
    for (; i < text.n && text.p[i] != w->quote; i++) {
        vd_str one = { text.p + i, 1 };

        if (text.p[i] == '\\' && i + 1 < text.n) {
            i++;
            if (text.p[i] == '\'' && w->quote == '\'')
                one.p++;
            else
                one.n = 2;
        }
        if (one.n == 1 && (unsigned char)*one.p < 0x20)
            VD_TRY(control(w, i));
        else if (one.n == 1 && *one.p == '"')
            put(w, VD_S("\\\""));
        else
            put(w, one);
    }
    put(w, VD_S("\""));
    *end = i + 1;
    if (i < text.n)
        return VD_OK;
    return vd_reader_bad(w->r, VD_S("json-syntax"), (vd_span){ (uint32_t)text.n, 0 },
                         "not valid JSON: the text ends within a string, expected a closing quote");
}

/* How long the string may be: up to its closing quote. */
static size_t length_of(vd_str text, size_t start)
{
    size_t i = start + 1;

    while (i < text.n && text.p[i] != text.p[start])
        i += text.p[i] == '\\' ? 2 : 1;
    return i < text.n ? i + 1 - start : text.n - start;
}

static vd_code string(vd_reader *r, size_t start, vd_json_token *t, vd_str *value)
{
    rewriting     w = { .r = r, .quote = r->source->text.p[start] };
    size_t        end, room = length_of(r->source->text, start) * 6 + 2;
    vd_json_token meant;
    vd_str        text;
    char         *copy;

    w.out = vd_arena_alloc(r->arena, room, 1);
    copy = vd_arena_alloc(r->arena, room, 1);
    if (!w.out || !copy)
        return vd_fail_nomem(r->err);
    VD_TRY(rewrite(&w, start, &end));
    text = (vd_str){ w.out, w.n };
    meant = vd_json_next(text, 0);
    if (meant.kind != VD_JSON_STRING || meant.length != text.n)
        return vd_reader_bad(r, VD_S("json-syntax"), (vd_span){ (uint32_t)start, (uint32_t)(end - start) },
                             "not valid JSON: %s", meant.problem ? meant.problem : "a string that does not end");
    *t = (vd_json_token){ .kind = VD_JSON_STRING, .offset = (uint32_t)start, .length = (uint32_t)(end - start) };
    *value = (vd_str){ copy, vd_json_unescape(copy, vd_str_first(vd_str_from(text, 1), text.n - 2)) };
    if (w.quote == '"')
        return VD_OK;
    return vd_reader_deviation(r, "a single-quoted string", (vd_span){ t->offset, t->length }, true, text);
}

/* ------------------------------------------------------------------ all of them */

vd_code vd_json_let_pass(vd_reader *r, uint32_t from, vd_json_token *t, vd_str *value, bool *skip)
{
    vd_str text = r->source->text;
    size_t start = from;
    char   c = text.p[t->offset];

    while (text.p[start] == ' ' || text.p[start] == '\n' || text.p[start] == '\r' || text.p[start] == '\t')
        start++;
    if (text.p[start] == '"' || text.p[start] == '\'')
        return string(r, start, t, value);
    *skip = true;
    if (c == '#' || c == '/')
        return comment(r, t);
    if ((unsigned char)c == 0xef)
        return vd_reader_deviation(r, t->problem, (vd_span){ t->offset, t->length }, true, VD_S(""));
    *skip = false;
    t->kind = VD_JSON_NUMBER;
    return vd_reader_deviation(r, t->problem, (vd_span){ t->offset, t->length }, false, VD_S(""));
}
