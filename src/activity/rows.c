/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of the caller's own: the columns of event-actions.tsv, separated by tabs, with or without the line that names them.
 * Strict: a row that could not mean anything is an error, for nobody would see that it does nothing.
 *
 *   file := { comment | row } newline;  comment := "#" ...
 *   row  := source TAB event TAB [when] TAB ["+"] ["?"] action [TAB [resource] [TAB ...]]
 */
#include "activity/read.h"

#include "base/str.h"
#include "base/suggest.h"
#include "base/utf8.h"

enum { MOST_BYTES = 4 << 20, MOST_ROWS = 10000, MOST_LINE = 4096, COLUMNS = VD_COUNT(((vd_row *)0)->column) };

typedef struct reading {
    vd_arena         *arena;
    const vd_catalog *catalog;
    vd_str            name;
    vd_error         *err;
    const char       *begin; /* of the file */
    uint32_t          line;
    vd_str            text; /* of the line */
    vd_row           *at;
    uint32_t          count, cap;
} reading;

/* Where a column, or a part of it, stands. */
static vd_pos place(const reading *r, vd_str part)
{
    size_t before = part.p >= r->text.p && part.p <= r->text.p + r->text.n ? (size_t)(part.p - r->text.p) : 0;

    return (vd_pos){ .file = r->name, .offset = (uint32_t)(r->text.p - r->begin + (ptrdiff_t)before),
                     .length = (uint32_t)part.n, .line = r->line,
                     .column = vd_utf8_columns(vd_str_first(r->text, before)) + 1 };
}

static bool all_of(vd_str s, const char *more)
{
    for (size_t i = 0; i < s.n; i++)
        if (!vd_is_alpha(s.p[i]) && !vd_is_digit(s.p[i]) && !strchr(more, s.p[i]))
            return false;
    return s.n > 0;
}

/* ------------------------------------------------------------------ columns */

static vd_code read_source(const reading *r, vd_str *source)
{
    if (!all_of(*source, ".-"))
        return vd_fail_at(r->err, VD_ESYNTAX, place(r, *source), "\"" VD_F "\" is no event source; one is \"lambda\"",
                          VD_A(*source));
    *source = vd_event_label(*source);
    return VD_OK;
}

static vd_code read_event(const reading *r, vd_str event)
{
    if (!all_of(event, "_.-"))
        return vd_fail_at(r->err, VD_ESYNTAX, place(r, event), "\"" VD_F "\" is no name of an event; one is \"CreateFunction\"",
                          VD_A(event));
    return VD_OK;
}

static bool is_known(vd_rows guards, vd_str test)
{
    for (uint32_t i = 0; i < guards.count; i++)
        if (vd_str_ieq(guards.at[i].column[VD_GUARD_WHEN], test))
            return true;
    return false;
}

/* Summaries remember nothing else of the parameters. */
static vd_code read_when(const reading *r, vd_str source, vd_str when)
{
    vd_str test = vd_str_from(when, when.n && when.p[0] == '!');

    if (!when.n || is_known(vd_rows_of(vd_rows_event_guards, source), test) ||
        is_known(vd_rows_of(vd_rows_event_guards, VD_S("*")), test))
        return VD_OK;
    return vd_fail_at(r->err, VD_ESYNTAX, place(r, when), "summaries do not remember \"" VD_F "\" of the requests of " VD_F,
                      VD_A(test), VD_A(source));
}

enum { MOST_NAMES = 2048 };

static void suggest(const reading *r, uint32_t service, vd_str word)
{
    vd_str   names[MOST_NAMES];
    uint32_t count = vd_catalog_names(r->catalog, service, names, MOST_NAMES);
    size_t   near;

    count = count < MOST_NAMES ? count : MOST_NAMES;
    near = vd_suggest(word, names, count);
    if (near < count)
        vd_error_hint(r->err, "did you mean \"" VD_F "\"?", VD_A(names[near]));
}

static vd_code no_action(const reading *r, uint32_t service, vd_str prefix, vd_str name)
{
    vd_code code;

    if (service == VD_NONE) {
        code = vd_fail_at(r->err, VD_ESYNTAX, place(r, prefix), "no service has the prefix \"" VD_F "\"", VD_A(prefix));
        suggest(r, VD_NONE, prefix);
        return code;
    }
    code = vd_fail_at(r->err, VD_ESYNTAX, place(r, name), VD_F " has no action \"" VD_F "\"", VD_A(prefix), VD_A(name));
    suggest(r, service, name);
    return code;
}

static vd_code read_action(const reading *r, vd_str event, vd_str action)
{
    bool     further = action.n && action.p[0] == '+';
    vd_str   rest = vd_str_from(action, further), prefix;
    uint32_t service;

    if (further && vd_str_eq(rest, VD_S("=")))
        return VD_OK;
    rest = vd_str_from(rest, rest.n && rest.p[0] == '?');
    if (!vd_str_cut(&rest, ':', &prefix) || !prefix.n || !rest.n)
        return vd_fail_at(r->err, VD_ESYNTAX, place(r, action), "\"" VD_F "\" is no action; one is \"lambda:InvokeFunction\"",
                          VD_A(action));
    service = vd_catalog_find_service(r->catalog, prefix);
    if (vd_str_eq(rest, VD_S("=")))
        return service != VD_NONE && vd_catalog_find_action(r->catalog, service, event) != VD_NONE
                   ? VD_OK
                   : no_action(r, service, prefix, service == VD_NONE ? prefix : event);
    if (service != VD_NONE && vd_catalog_find_action(r->catalog, service, rest) != VD_NONE)
        return VD_OK;
    return no_action(r, service, prefix, rest);
}

/* ------------------------------------------------------------------ lines */

static uint32_t split(vd_str line, vd_str column[COLUMNS + 1])
{
    uint32_t n = 0;

    while (n <= COLUMNS && vd_str_cut(&line, '\t', &column[n]))
        n++;
    if (n <= COLUMNS)
        column[n++] = line;
    return n;
}

static vd_code read_row(reading *r)
{
    vd_str   column[COLUMNS + 1] = { { 0 } };
    uint32_t n = split(r->text, column);
    vd_row   row = { 0 };

    if (n < VD_ACTION_RESOURCE || n > COLUMNS)
        return vd_fail_at(r->err, VD_ESYNTAX, place(r, r->text), "%u columns: source, event, when, action, resource, with tabs between",
                          n);
    if (r->count == 0 && vd_str_eq(column[0], VD_S("source")) && vd_str_eq(column[1], VD_S("event")))
        return VD_OK;
    VD_TRY(read_source(r, &column[VD_ACTION_SOURCE]));
    VD_TRY(read_event(r, column[VD_ACTION_EVENT]));
    VD_TRY(read_when(r, column[VD_ACTION_SOURCE], column[VD_ACTION_WHEN]));
    VD_TRY(read_action(r, column[VD_ACTION_EVENT], column[VD_ACTION_NAME]));
    if (r->count == MOST_ROWS)
        return vd_fail_at(r->err, VD_ELIMIT, place(r, r->text), "more than %d rows", (int)MOST_ROWS);
    for (size_t i = 0; i < COLUMNS; i++)
        if (!vd_arena_dup(r->arena, &row.column[i], column[i]))
            return vd_fail_nomem(r->err);
    return VD_ARENA_PUSH(r->arena, r->at, r->count, r->cap, row) ? VD_OK : vd_fail_nomem(r->err);
}

static vd_code read_line(reading *r)
{
    size_t bad;

    if (r->text.n && r->text.p[r->text.n - 1] == '\r')
        r->text.n--;
    if (r->text.n > MOST_LINE)
        return vd_fail_at(r->err, VD_ELIMIT, place(r, r->text), "a line of more than %d bytes", (int)MOST_LINE);
    bad = vd_utf8_invalid(r->text);
    if (bad < r->text.n)
        return vd_fail_at(r->err, VD_ESYNTAX, place(r, vd_str_from(r->text, bad)), "this is not UTF-8");
    if (!vd_str_trim(r->text).n || r->text.p[0] == '#')
        return VD_OK;
    return read_row(r);
}

vd_code vd_act_rows(vd_rows *out, vd_arena *arena, const vd_catalog *catalog, vd_str name, vd_str text, vd_error *err)
{
    reading r = { .arena = arena, .catalog = catalog, .name = name, .err = err, .begin = text.p };

    *out = (vd_rows){ 0 };
    if (text.n > MOST_BYTES)
        return vd_fail_at(err, VD_ELIMIT, (vd_pos){ .file = name }, "more than %d bytes of rows", (int)MOST_BYTES);
    if (vd_str_starts(text, VD_S("\xef\xbb\xbf")))
        text = vd_str_from(text, 3);
    while (text.n) {
        if (!vd_str_cut(&text, '\n', &r.text)) {
            r.text = text;
            text = VD_S("");
        }
        r.line++;
        VD_TRY(read_line(&r));
    }
    *out = (vd_rows){ r.at, r.count };
    return VD_OK;
}
