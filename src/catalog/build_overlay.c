/* SPDX-License-Identifier: Apache-2.0
 *
 * overlay/<name>.tsv: supplements merged over the services (grammar and meaning: data/catalog/README.md), and
 * tables/<name>.tsv, which are kept as they are.  A row about an action that there no longer is, is noted and passed over.
 */
#include "catalog/build_int.h"

#include "base/str.h"

static void pass_over(const vd_build_line *l, vd_str what)
{
    char text[256];

    if (!l->b->note)
        return;
    text[vd_str_first(what, 128).n] = 0;
    memcpy(text, what.p, vd_str_first(what, 128).n);
    l->b->note(l->b->user, (vd_pos){ .file = l->file, .line = l->number, .column = 1 }, text);
}

static vd_code global_types(vd_build_line *l, vd_build_key *k, vd_str list)
{
    vd_str   one;
    uint32_t type;
    bool     many, more = vd_str_cut(&list, ',', &one);

    if (!more)
        one = list;
    if (!vd_build_key_type(one, &type, &many))
        return vd_build_bad(l, "no type of a key:", one);
    k->type = type;
    k->flags = (many ? (uint32_t)VD_KEY_MANY : 0) | VD_KEY_GLOBAL;
    if (more && !vd_str_eq(list, VD_S("Numeric")))
        return vd_build_bad(l, "as a second type of a key only Numeric is known:", list);
    if (more)
        k->flags |= VD_KEY_ALSO_NUMERIC;
    return VD_OK;
}

static vd_code read_global(vd_build_line *l)
{
    static const vd_str groups[] = { VD_L("principal"), VD_L("session"), VD_L("network"),
                                     VD_L("resource"),  VD_L("request"), VD_L("legacy") };
    uint32_t            id = vd_build_key_id(l->b, l->field[1]);
    vd_build_key       *k;
    bool                known = false;

    if (id == VD_NONE)
        return vd_fail_nomem(l->b->err);
    k = &l->b->keys[id];
    for (size_t i = 0; i < VD_COUNT(groups); i++)
        known = known || vd_str_eq(l->field[3], groups[i]);
    if (!known)
        return vd_build_bad(l, "no group of keys:", l->field[3]);
    if (l->field[4].n && !vd_str_eq(l->field[4], VD_S("nowild")))
        return vd_build_bad(l, "unknown flag", l->field[4]);
    VD_TRY(global_types(l, k, l->field[2]));
    k->group = l->field[3];
    if (l->field[4].n)
        k->flags |= VD_KEY_NO_WILDCARD;
    if (vd_str_eq(l->field[3], VD_S("legacy")))
        k->flags |= VD_KEY_LEGACY;
    return VD_OK;
}

static vd_code read_depends(vd_build_line *l)
{
    uint32_t action = vd_build_find_action(l->b, l->field[1]);
    vd_str   list = l->field[2], one;
    bool     more = true;

    if (action == VD_NONE) {
        pass_over(l, l->field[1]);
        return VD_OK;
    }
    while (more) {
        uint32_t other;

        more = vd_str_cut(&list, ' ', &one);
        other = vd_build_find_action(l->b, more ? one : list);
        if (other == VD_NONE)
            pass_over(l, more ? one : list);
        else
            VD_TRY(vd_build_add_id(l->b, &l->b->actions[action].depends, other));
    }
    return VD_OK;
}

static vd_code read_flag(vd_build_line *l, uint8_t flag)
{
    uint32_t action = vd_build_find_action(l->b, l->field[1]);

    if (action == VD_NONE)
        pass_over(l, l->field[1]);
    else
        l->b->actions[action].flags |= flag;
    return VD_OK;
}

static vd_code read_permission_only(vd_build_line *l)
{
    return read_flag(l, VD_ACTION_PERMISSION_ONLY);
}

static vd_code read_policy_writer(vd_build_line *l)
{
    return read_flag(l, VD_ACTION_WRITES_POLICY);
}

static vd_code add_type(vd_build *b, vd_build_action *a, uint32_t type)
{
    VD_TRY(vd_build_add_id(b, &a->more, type));
    return vd_build_add_id(b, &a->types, type);
}

static vd_code read_more_types(vd_build_line *l)
{
    uint32_t action = vd_build_find_action(l->b, l->field[1]);
    vd_str   list = l->field[2], one;
    bool     more = true;

    if (action == VD_NONE) {
        pass_over(l, l->field[1]);
        return VD_OK;
    }
    while (more) {
        uint32_t type;

        more = vd_str_cut(&list, ',', &one);
        type = vd_build_find_type(l->b, l->b->actions[action].service, more ? one : list);
        if (type == VD_NONE)
            pass_over(l, more ? one : list);
        else
            VD_TRY(add_type(l->b, &l->b->actions[action], type));
    }
    return VD_OK;
}

static vd_code read_retired(vd_build_line *l)
{
    if (vd_build_find_action(l->b, l->field[1]) != VD_NONE || vd_build_find_service(l->b, l->field[1]) != VD_NONE) {
        pass_over(l, l->field[1]); /* it is back */
        return VD_OK;
    }
    return VD_BUILD_PUSH(l->b, l->b->retired, l->b->retired_count, l->b->retired_cap, l->field[1]);
}

static const struct {
    vd_str   file;
    char     tag;
    uint32_t least, most; /* fields */
    vd_code (*read)(vd_build_line *);
} overlays[] = {
    { VD_L("overlay/depends.tsv"), 'D', 3, 3, read_depends },
    { VD_L("overlay/global-keys.tsv"), 'G', 4, 5, read_global },
    { VD_L("overlay/more-resources.tsv"), 'M', 3, 3, read_more_types },
    { VD_L("overlay/permission-only.tsv"), 'O', 2, 2, read_permission_only },
    { VD_L("overlay/policy-writers.tsv"), 'P', 2, 2, read_policy_writer },
    { VD_L("overlay/retired.tsv"), 'X', 2, 2, read_retired },
};

vd_code vd_build_overlay(vd_build *b, const vd_catalog_text *file)
{
    vd_build_line l = vd_build_lines(b, file);
    vd_str        last = { 0 };
    bool          more;
    size_t        k = 0;

    while (k < VD_COUNT(overlays) && !vd_str_eq(overlays[k].file, file->name))
        k++;
    if (k == VD_COUNT(overlays))
        return vd_fail_at(b->err, VD_ESYNTAX, (vd_pos){ .file = file->name }, "not an overlay that is known");
    for (;;) {
        VD_TRY(vd_build_next(&l, &more));
        if (!more)
            return VD_OK;
        if (l.field[0].n != 1 || l.field[0].p[0] != overlays[k].tag || l.field[1].n == 0)
            return vd_build_bad(&l, "not a record of this overlay:", l.field[0]);
        if (l.fields < overlays[k].least || l.fields > overlays[k].most)
            return vd_build_bad(&l, "wrong number of fields in a record", l.field[0]);
        if (last.p && vd_str_icmp(last, l.field[1]) >= 0)
            return vd_build_bad(&l, "out of order or there twice:", l.field[1]);
        last = l.field[1];
        VD_TRY(overlays[k].read(&l));
    }
}

/* ------------------------------------------------------------------ tables */

static vd_code read_row(vd_build_line *l, vd_build_sheet *sheet)
{
    if (l->number == 1)
        sheet->columns = l->fields;
    else if (l->fields > sheet->columns)
        return vd_build_bad(l, "more fields than columns in the row", l->field[0]);
    for (uint32_t i = 0; i < sheet->columns; i++) {
        if (l->number == 1 && l->field[i].n == 0)
            return vd_build_bad(l, "a column without a name in", sheet->name);
        VD_TRY(VD_BUILD_PUSH(l->b, sheet->cells, sheet->count, sheet->cap, l->field[i]));
    }
    return VD_OK;
}

/* tables/<name>.json, whole, as the one cell of a sheet: who reads it knows its shape. */
vd_code vd_build_document(vd_build *b, const vd_catalog_text *file)
{
    vd_str         name = vd_str_from(file->name, strlen("tables/"));
    vd_build_sheet sheet = { .name = vd_str_first(name, vd_str_rfind(name, '.')), .columns = 1 };

    VD_TRY(VD_BUILD_PUSH(b, sheet.cells, sheet.count, sheet.cap, VD_S("document")));
    VD_TRY(VD_BUILD_PUSH(b, sheet.cells, sheet.count, sheet.cap, file->text));
    return VD_BUILD_PUSH(b, b->sheets, b->sheet_count, b->sheet_cap, sheet);
}

/* Rows with one first cell stay in the order of the file: in some tables the first one that fits counts. */
vd_code vd_build_table(vd_build *b, const vd_catalog_text *file)
{
    vd_build_line  l = vd_build_lines(b, file);
    vd_str         name = vd_str_from(file->name, strlen("tables/")), last = { 0 };
    vd_build_sheet sheet = { .name = vd_str_first(name, vd_str_rfind(name, '.')) };
    bool           more;

    for (;;) {
        VD_TRY(vd_build_next_row(&l, &more));
        if (!more)
            break;
        if (last.p && vd_str_icmp(last, l.field[0]) > 0)
            return vd_build_bad(&l, "rows have to be sorted by their first column, without case:", l.field[0]);
        if (l.number > 1)
            last = l.field[0];
        VD_TRY(read_row(&l, &sheet));
    }
    if (sheet.columns == 0)
        return vd_fail_at(b->err, VD_ESYNTAX, (vd_pos){ .file = file->name }, "a table begins with the names of its columns");
    return VD_BUILD_PUSH(b, b->sheets, b->sheet_count, b->sheet_cap, sheet);
}
