/* SPDX-License-Identifier: Apache-2.0
 *
 * Named sets of actions, out of the tables that say what actions are good for.
 */
#include "analyze/action_sets.h"

#include "base/engine.h"
#include "base/str.h"

#include <stdio.h>

enum { NAME_ROOM = 256 };

typedef struct reading {
    const vd_catalog *c;
    uint64_t         *bits; /* of all actions */
    uint8_t           levels;
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

/* A catalogue that is older than the table has that of the built-in one. */
static void take_techniques(reading *r, vd_str wanted)
{
    vd_sheet s = vd_catalog_sheet(r->c, VD_S(VD_SHEET_TECHNIQUE_CALLS));

    if (!s.columns && vd_catalog_sheet(r->c, VD_S("techniques")).rows)
        s = vd_catalog_sheet(vd_catalog_builtin(), VD_S(VD_SHEET_TECHNIQUE_CALLS));
    for (uint32_t i = 0; i < s.rows; i++)
        if (vd_str_eq(wanted, VD_S("*")) || vd_str_eq(wanted, vd_sheet_cell(s, i, 0)))
            vd_catalog_expand(r->c, vd_sheet_cell(s, i, 1), take_run, r);
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

vd_code vd_action_set_bits(uint64_t **out, const vd_catalog *c, vd_str name, vd_arena *arena, vd_error *err)
{
    vd_sheet s = vd_catalog_sheet(c, VD_S("action-sets"));
    vd_run   rows = vd_sheet_find(s, vd_str_from(name, 1));
    reading  r = { .c = c, .bits = vd_arena_new_array(arena, uint64_t, vd_catalog_actions(c) / 64 + 1) };

    if (rows.count == 0)
        return no_such_set(c, name, err);
    if (!r.bits)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < rows.count; i++)
        take_row(&r, s, rows.first + i);
    *out = r.bits;
    return VD_OK;
}

vd_code vd_action_set_members(const vd_str **out, uint32_t *count, const vd_catalog *c, vd_str name, vd_arena *arena, vd_error *err)
{
    uint32_t  n = vd_catalog_actions(c), total = 0;
    uint64_t *bits;
    vd_str   *members;

    *count = 0;
    VD_TRY(vd_action_set_bits(&bits, c, name, arena, err));
    for (uint32_t i = 0; i < n / 64 + 1; i++)
        total += (uint32_t)__builtin_popcountll(bits[i]);
    *out = members = vd_arena_new_array(arena, vd_str, total + 1);
    for (uint32_t id = 0; members && id < n; id++) {
        char   text[NAME_ROOM];
        vd_str action = { text, 0 };

        if (!(bits[id / 64] >> id % 64 & 1))
            continue;
        action.n = vd_catalog_action_text(c, id, text, sizeof text);
        if (!vd_arena_dup(arena, &members[(*count)++], action))
            members = NULL;
    }
    return members ? VD_OK : vd_fail_nomem(err);
}
