/* SPDX-License-Identifier: Apache-2.0
 *
 * Overlays and tables of a catalogue as text again, for the next one: what is in no source but ours must not be lost when
 * only the services are newer.
 */
#include "catalog/export.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "catalog/image.h"

#include <stdlib.h>

typedef struct exporter {
    const vd_catalog *base, *fresh;
    vd_arena         *arena;
    vd_catalog_files *out;
    vd_error         *err;
    vd_str           *lines;
    uint32_t          count, cap;
    bool              failed;
} exporter;

static void line(exporter *x, const vd_buf *text)
{
    vd_str kept;

    if (text->failed || !vd_arena_dup(x->arena, &kept, vd_buf_str(text)) ||
        !VD_ARENA_PUSH(x->arena, x->lines, x->count, x->cap, kept))
        x->failed = true;
}

/* The name is what stands between the first two tabs. */
static int by_name(const void *a, const void *b)
{
    vd_str x = *(const vd_str *)a, y = *(const vd_str *)b;

    x = vd_str_from(x, 2);
    y = vd_str_from(y, 2);
    return vd_str_icmp(vd_str_first(x, vd_str_find(x, '\t')), vd_str_first(y, vd_str_find(y, '\t')));
}

/* The lines so far become a file. */
static vd_code finish(exporter *x, const char *name)
{
    vd_buf          text = vd_buf_on(&x->arena->alloc, 0);
    vd_catalog_text t = { .name = vd_str_of(name) };

    if (x->count)
        qsort(x->lines, x->count, sizeof *x->lines, by_name);
    for (uint32_t i = 0; i < x->count; i++) {
        vd_buf_add(&text, x->lines[i]);
        vd_buf_byte(&text, '\n');
    }
    x->failed = x->failed || text.failed || !vd_arena_dup(x->arena, &t.text, vd_buf_str(&text)) ||
                !VD_ARENA_PUSH(x->arena, x->out->at, x->out->count, x->out->cap, t);
    vd_buf_done(&text);
    x->count = 0;
    return x->failed ? vd_fail_nomem(x->err) : VD_OK;
}

static void put_action(const exporter *x, vd_buf *out, uint32_t action)
{
    char text[512];

    vd_buf_add(out, (vd_str){ text, vd_catalog_action_text(x->base, action, text, sizeof text) });
}

/* The same action of the newer catalogue, or VD_NONE. */
static uint32_t again(const exporter *x, uint32_t action)
{
    char text[512];

    return vd_catalog_find(x->fresh, (vd_str){ text, vd_catalog_action_text(x->base, action, text, sizeof text) });
}

/* A record about an action: tag, name, list. */
static void record(exporter *x, char tag, uint32_t action, vd_str list)
{
    vd_buf text = vd_buf_on(&x->arena->alloc, 0);

    vd_buf_printf(&text, "%c\t", tag);
    put_action(x, &text, action);
    if (list.n)
        vd_buf_byte(&text, '\t');
    vd_buf_add(&text, list);
    line(x, &text);
    vd_buf_done(&text);
}

static vd_code depends(exporter *x)
{
    for (uint32_t a = 0; a < vd_catalog_actions(x->base); a++) {
        vd_ids list = vd_catalog_action(x->base, a).depends;
        vd_buf text = vd_buf_on(&x->arena->alloc, 0);

        if (list.count == 0 || again(x, a) == VD_NONE)
            continue;
        for (uint32_t i = 0; i < list.count; i++) {
            if (again(x, list.at[i]) == VD_NONE)
                continue;
            if (text.n)
                vd_buf_byte(&text, ' ');
            put_action(x, &text, list.at[i]);
        }
        if (text.n)
            record(x, 'D', a, vd_buf_str(&text));
        x->failed = x->failed || text.failed;
        vd_buf_done(&text);
    }
    return finish(x, "overlay/depends.tsv");
}

static vd_code flagged(exporter *x, uint8_t flag, char tag, const char *name)
{
    for (uint32_t a = 0; a < vd_catalog_actions(x->base); a++)
        if (vd_catalog_action(x->base, a).flags & flag && again(x, a) != VD_NONE)
            record(x, tag, a, (vd_str){ "", 0 });
    return finish(x, name);
}

static vd_code more_types(exporter *x)
{
    for (uint32_t a = 0; a < vd_catalog_actions(x->base); a++) {
        vd_ids   list = vd_catalog_more_types(x->base, a);
        vd_buf   text = vd_buf_on(&x->arena->alloc, 0);
        uint32_t now = list.count ? again(x, a) : VD_NONE;

        for (uint32_t i = 0; now != VD_NONE && i < list.count; i++) {
            vd_str name = vd_catalog_type(x->base, list.at[i]).name;

            if (vd_catalog_find_type(x->fresh, vd_catalog_service_of(x->fresh, now), name) != VD_NONE)
                vd_buf_printf(&text, "%s" VD_F, text.n ? "," : "", VD_A(name));
        }
        if (text.n)
            record(x, 'M', a, vd_buf_str(&text));
        x->failed = x->failed || text.failed;
        vd_buf_done(&text);
    }
    return finish(x, "overlay/more-resources.tsv");
}

static vd_code global_keys(exporter *x)
{
    static const char *const types[] = { "String", "ARN", "Numeric", "Date", "Bool", "IPAddress", "Binary" };

    for (uint32_t i = 0; i < vd_catalog_keys(x->base); i++) {
        vd_key_fact k = vd_catalog_key(x->base, i);
        vd_buf      text = vd_buf_on(&x->arena->alloc, 0);

        if (!(k.flags & VD_KEY_GLOBAL))
            continue;
        vd_buf_printf(&text, "G\t" VD_F "\t%s%s%s\t" VD_F "%s", VD_A(k.name), k.flags & VD_KEY_MANY ? "ArrayOf" : "",
                      types[k.type], k.flags & VD_KEY_ALSO_NUMERIC ? ",Numeric" : "", VD_A(k.group),
                      k.flags & VD_KEY_NO_WILDCARD ? "\tnowild" : "");
        line(x, &text);
        vd_buf_done(&text);
    }
    return finish(x, "overlay/global-keys.tsv");
}

static void retire(exporter *x, vd_str name)
{
    vd_buf text = vd_buf_on(&x->arena->alloc, 0);

    vd_buf_printf(&text, "X\t" VD_F, VD_A(name));
    line(x, &text);
    vd_buf_done(&text);
}

static vd_code retired(exporter *x)
{
    const vd_ctext *at = vd_cat_at(x->base, VD_CAT_RETIRED);

    for (uint32_t i = 0; i < vd_cat_count(x->base, VD_CAT_RETIRED); i++) {
        vd_str name = vd_cat_text(x->base, at[i]);

        if (vd_catalog_find(x->fresh, name) == VD_NONE && vd_catalog_find_service(x->fresh, name) == VD_NONE)
            retire(x, name);
    }
    for (uint32_t s = 0; s < vd_catalog_services(x->base); s++)
        if (vd_catalog_find_service(x->fresh, vd_catalog_service(x->base, s).prefix) == VD_NONE)
            retire(x, vd_catalog_service(x->base, s).prefix);
    for (uint32_t a = 0; a < vd_catalog_actions(x->base); a++)
        if (again(x, a) == VD_NONE)
            record(x, 'X', a, (vd_str){ "", 0 });
    return finish(x, "overlay/retired.tsv");
}

vd_code vd_catalog_export_overlays(vd_catalog_files *out, vd_arena *arena, const vd_catalog *base, const vd_catalog *fresh,
                                   vd_error *err)
{
    exporter x = { .base = base, .fresh = fresh, .arena = arena, .out = out, .err = err };

    VD_TRY(depends(&x));
    VD_TRY(flagged(&x, VD_ACTION_PERMISSION_ONLY, 'O', "overlay/permission-only.tsv"));
    VD_TRY(flagged(&x, VD_ACTION_WRITES_POLICY, 'P', "overlay/policy-writers.tsv"));
    VD_TRY(more_types(&x));
    VD_TRY(global_keys(&x));
    return retired(&x);
}

static void put_row(vd_buf *out, vd_sheet s, uint32_t row, bool titles)
{
    for (uint32_t c = 0; c < s.columns; c++) {
        if (c)
            vd_buf_byte(out, '\t');
        vd_buf_add(out, titles ? vd_sheet_title(s, c) : vd_sheet_cell(s, row, c));
    }
    vd_buf_byte(out, '\n');
}

/* What is made of others is made again. */
static bool is_made(vd_str name)
{
    return vd_str_eq(name, vd_str_of(VD_SHEET_TECHNIQUE_CALLS));
}

/* A document is a sheet of one cell. */
static bool is_document(vd_sheet s)
{
    return s.columns == 1 && s.rows == 1 && vd_str_eq(vd_sheet_title(s, 0), VD_S("document"));
}

vd_code vd_catalog_export_tables(vd_catalog_files *out, vd_arena *arena, const vd_catalog *base, vd_error *err)
{
    for (uint32_t i = 0; i < vd_catalog_sheets(base); i++) {
        vd_sheet        s = vd_catalog_sheet(base, vd_catalog_sheet_name(base, i));
        vd_buf          text = vd_buf_on(&arena->alloc, 0);
        vd_catalog_text t;
        bool            document = is_document(s), ok;

        if (is_made(vd_catalog_sheet_name(base, i)))
            continue;
        if (document)
            vd_buf_add(&text, vd_sheet_cell(s, 0, 0));
        else
            put_row(&text, s, 0, true);
        for (uint32_t r = 0; !document && r < s.rows; r++)
            put_row(&text, s, r, false);
        ok = vd_arena_printf(arena, &t.name, "tables/" VD_F ".%s", VD_A(vd_catalog_sheet_name(base, i)),
                             document ? "json" : "tsv") && !text.failed &&
             vd_arena_dup(arena, &t.text, vd_buf_str(&text)) && VD_ARENA_PUSH(arena, out->at, out->count, out->cap, t);
        vd_buf_done(&text);
        if (!ok)
            return vd_fail_nomem(err);
    }
    return VD_OK;
}
