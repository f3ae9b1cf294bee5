/* SPDX-License-Identifier: Apache-2.0
 *
 * Named sets of actions, out of the tables that say what actions are good for.
 */
#include "analyze/action_sets.h"

#include "base/engine.h"
#include "base/limits.h"
#include "base/str.h"
#include "text/doc.h"

#include <stdio.h>

enum { NAME_ROOM = 256 };

typedef struct reading {
    const vd_engine  *engine;
    const vd_catalog *c;
    uint64_t         *bits; /* of all actions */
    uint8_t           levels;
    vd_code           code;
    vd_error         *err;
} reading;

/* "permissions write"; nothing: all. */
static uint8_t levels_of(vd_str text)
{
    static const char *const names[] = { "list", "read", "tagging", "write", "permissions" };
    uint8_t                  mask = 0;
    vd_str                   word, rest = text;

    while (rest.n) {
        if (!vd_str_cut(&rest, ' ', &word)) {
            word = rest;
            rest = (vd_str){ "", 0 };
        }
        for (size_t i = 0; i < VD_COUNT(names); i++)
            if (vd_str_eq(word, vd_str_of(names[i])))
                mask |= (uint8_t)(1u << i);
    }
    return mask ? mask : 0xff;
}

static void take(reading *r, uint32_t id)
{
    if (id != VD_NONE && (r->levels >> vd_catalog_level_of(r->c, id) & 1u))
        r->bits[id / 64] |= UINT64_C(1) << id % 64;
}

static bool take_run(void *user, vd_run ids)
{
    for (uint32_t i = 0; i < ids.count; i++)
        take(user, ids.first + i);
    return true;
}

static void take_powerful(reading *r, vd_str class_name)
{
    vd_sheet s = vd_catalog_sheet(r->c, VD_S("powerful"));

    for (uint32_t i = 0; i < s.rows; i++)
        if (vd_str_eq(vd_sheet_cell(s, i, 1), class_name))
            vd_catalog_expand(r->c, vd_sheet_cell(s, i, 0), take_run, r);
}

/* ------------------------------------------------------------------ techniques.json */

static void take_call(reading *r, vd_str call)
{
    vd_catalog_expand(r->c, vd_str_first(call, vd_str_find(call, '@')), take_run, r);
}

static void take_calls(reading *r, const vd_doc *doc, uint32_t technique)
{
    uint32_t calls = vd_doc_member(doc, technique, VD_S("calls"));

    for (uint32_t c = calls == VD_NONE ? VD_NONE : vd_doc_first(doc, calls); c != VD_NONE; c = vd_doc_next(doc, calls, c)) {
        uint32_t any = vd_doc_member(doc, c, VD_S("anyOf")), one = vd_doc_member(doc, c, VD_S("action"));

        if (vd_doc_member(doc, c, VD_S("optional")) != VD_NONE)
            continue;
        if (any == VD_NONE && one != VD_NONE)
            take_call(r, vd_doc_text(doc, one));
        for (uint32_t k = any == VD_NONE ? VD_NONE : vd_doc_first(doc, any); k != VD_NONE; k = vd_doc_next(doc, any, k))
            take_call(r, vd_doc_text(doc, k));
    }
}

static void take_techniques(reading *r, vd_str wanted)
{
    vd_sheet  s = vd_catalog_sheet(r->c, VD_S("techniques"));
    vd_limits limits = { 0 };
    vd_source source = { .name = VD_S("techniques.json") };
    vd_arena  scratch = vd_arena_on(&r->engine->alloc, 0);
    vd_doc    doc = { 0 };

    if (s.rows) {
        vd_limits_fill(&limits, NULL);
        source.text = vd_sheet_cell(s, 0, 0);
        r->code = vd_json_read(&doc, &scratch, &source, &limits, NULL, NULL, r->err);
        for (uint32_t c = r->code == VD_OK ? vd_doc_first(&doc, 0) : VD_NONE; c != VD_NONE; c = vd_doc_next(&doc, 0, c)) {
            uint32_t group = vd_doc_member(&doc, c, VD_S("class"));

            /* Calls that everybody makes every day are a way by what they are made on: no set of actions. */
            if (group != VD_NONE && vd_str_eq(vd_doc_text(&doc, group), VD_S("everyday")))
                continue;
            if (vd_str_eq(wanted, VD_S("*")) || (group != VD_NONE && vd_str_eq(wanted, vd_doc_text(&doc, group))))
                take_calls(r, &doc, c);
        }
    }
    vd_arena_done(&scratch);
}

/* ------------------------------------------------------------------ all of it */

static void take_row(reading *r, vd_sheet s, uint32_t row)
{
    vd_str from = vd_sheet_cell(s, row, 1), what = vd_sheet_cell(s, row, 2);

    r->levels = levels_of(vd_sheet_cell(s, row, 3));
    if (vd_str_eq(from, VD_S("pattern")))
        vd_catalog_expand(r->c, what, take_run, r);
    else if (vd_str_eq(from, VD_S("powerful")))
        take_powerful(r, what);
    else if (vd_str_eq(from, VD_S("techniques")))
        take_techniques(r, what);
}

static vd_code no_such_set(const vd_catalog *c, vd_str name, vd_error *err)
{
    vd_sheet s = vd_catalog_sheet(c, VD_S("action-sets"));
    char     list[256];
    size_t   n = 0;
    vd_code  code = vd_fail(err, VD_EINVAL, "there is no set of actions \"" VD_F "\"", VD_A(name));

    for (uint32_t i = 0; i < s.rows; i++) {
        vd_str set = vd_sheet_cell(s, i, 0);

        if ((i == 0 || !vd_str_eq(set, vd_sheet_cell(s, i - 1, 0))) && n + set.n + 4 < sizeof list)
            n += (size_t)snprintf(list + n, sizeof list - n, "%s@" VD_F, n ? ", " : "", VD_A(set));
    }
    vd_error_hint(err, "%.*s", (int)n, list);
    return code;
}

vd_code vd_action_set_members(const vd_str **out, uint32_t *count, const vd_engine *engine, const vd_catalog *c, vd_str name,
                              vd_arena *arena, vd_error *err)
{
    vd_sheet s = vd_catalog_sheet(c, VD_S("action-sets"));
    vd_run   rows = vd_sheet_find(s, vd_str_from(name, 1));
    uint32_t n = vd_catalog_actions(c);
    reading  r = { .engine = engine, .c = c, .err = err, .bits = vd_arena_new_array(arena, uint64_t, n / 64 + 1) };
    vd_str  *members;
    uint32_t total = 0;

    *count = 0;
    if (rows.count == 0)
        return no_such_set(c, name, err);
    if (!r.bits)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < rows.count && r.code == VD_OK; i++)
        take_row(&r, s, rows.first + i);
    if (r.code != VD_OK)
        return r.code;
    for (uint32_t i = 0; i < n / 64 + 1; i++)
        total += (uint32_t)__builtin_popcountll(r.bits[i]);
    *out = members = vd_arena_new_array(arena, vd_str, total + 1);
    for (uint32_t id = 0; members && id < n; id++) {
        char   text[NAME_ROOM];
        vd_str action = { text, 0 };

        if (!(r.bits[id / 64] >> id % 64 & 1))
            continue;
        action.n = vd_catalog_action_text(c, id, text, sizeof text);
        if (!vd_arena_dup(arena, &members[(*count)++], action))
            members = NULL;
    }
    return members ? VD_OK : vd_fail_nomem(err);
}
