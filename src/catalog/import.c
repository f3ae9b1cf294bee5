/* SPDX-License-Identifier: Apache-2.0
 *
 * Which form a folder has, and what the readers of the two foreign ones share.
 */
#include "catalog/import_int.h"

#include "base/error.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"

enum { MOST_FILES = 20000, DEEPEST = 6 };

/* ------------------------------------------------------------------ folders */

static bool is_wanted(vd_str name)
{
    return vd_str_ends(name, VD_S(".tsv")) || vd_str_ends(name, VD_S(".json"));
}

static uint32_t depth_of(vd_str name)
{
    uint32_t n = 0;

    for (size_t i = 0; i < name.n; i++)
        n += name.p[i] == '/';
    return n;
}

static vd_code read_one(vd_catalog_files *out, vd_arena *arena, const char *path, vd_str name, vd_error *err)
{
    const vd_allocator *heap = &arena->alloc;
    vd_limits           limits;
    vd_catalog_text     t = { .name = name };
    vd_str              text;
    bool                ok;

    vd_limits_fill(&limits, NULL);
    VD_TRY(vd_file_read(&text, heap, path, limits.document_bytes, err));
    ok = vd_arena_dup(arena, &t.text, text) && VD_ARENA_PUSH(arena, out->at, out->count, out->cap, t);
    vd_file_free(heap, text);
    return ok ? VD_OK : vd_fail_nomem(err);
}

/* Folders still to be looked at are kept in a list: no recursion. */
vd_code vd_catalog_read_folder(vd_catalog_files *out, vd_arena *arena, const char *path, vd_error *err)
{
    vd_names folders = { 0 };

    *out = (vd_catalog_files){ 0 };
    if (!VD_ARENA_PUSH(arena, folders.at, folders.count, folders.cap, (vd_str){ "", 0 }))
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < folders.count; i++) {
        vd_str  *names, full, name;
        uint32_t count;

        if (!vd_arena_printf(arena, &full, "%s%s" VD_F, path, i ? "/" : "", VD_A(folders.at[i])))
            return vd_fail_nomem(err);
        VD_TRY(vd_file_list(&names, &count, arena, full.p, err));
        for (uint32_t k = 0; k < count; k++) {
            if (names[k].p[0] == '.' || vd_str_eq(names[k], VD_S("node_modules/")))
                continue;
            if (!vd_arena_printf(arena, &name, VD_F VD_F, VD_A(folders.at[i]), VD_A(names[k])) ||
                !vd_arena_printf(arena, &full, "%s/" VD_F, path, VD_A(name)))
                return vd_fail_nomem(err);
            if (out->count > MOST_FILES || folders.count > MOST_FILES)
                return vd_fail(err, VD_ELIMIT, "more than %d files in the folder", MOST_FILES);
            if (vd_str_ends(name, VD_S("/")) && depth_of(name) <= DEEPEST) {
                if (!VD_ARENA_PUSH(arena, folders.at, folders.count, folders.cap, name))
                    return vd_fail_nomem(err);
            } else if (is_wanted(name)) {
                VD_TRY(read_one(out, arena, full.p, name, err));
            }
        }
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ for the readers */

const vd_catalog_text *vd_import_file(const vd_import *im, vd_str name)
{
    for (uint32_t i = 0; i < im->in->count; i++) {
        const vd_catalog_text *f = &im->in->at[i];

        if (f->name.n == im->root.n + name.n && vd_str_starts(f->name, im->root) && vd_str_ends(f->name, name))
            return f;
    }
    return NULL;
}

vd_code vd_import_json(vd_import *im, vd_doc *out, const vd_catalog_text *file)
{
    vd_source *source = vd_arena_new(im->arena, vd_source);

    if (!source)
        return vd_fail_nomem(im->err);
    *source = (vd_source){ .name = file->name, .text = file->text };
    return vd_json_read(out, im->arena, source, &im->limits, NULL, NULL, im->err);
}

vd_str vd_import_member(const vd_doc *d, uint32_t object, vd_str name)
{
    uint32_t at = d->nodes[object].kind == VD_NODE_OBJECT ? vd_doc_member(d, object, name) : VD_NONE;

    return at != VD_NONE && d->nodes[at].kind == VD_NODE_STRING ? vd_doc_text(d, at) : (vd_str){ "", 0 };
}

vd_code vd_import_names(vd_import *im, vd_names *out, const vd_doc *d, uint32_t list, bool keys)
{
    if (list == VD_NONE || d->nodes[list].kind != VD_NODE_ARRAY)
        return VD_OK;
    for (uint32_t e = vd_doc_first(d, list); e != VD_NONE; e = vd_doc_next(d, list, e)) {
        vd_str name = vd_doc_text(d, e);

        if (d->nodes[e].kind != VD_NODE_STRING)
            return vd_fail_span(im->err, VD_ESYNTAX, d->source, vd_doc_span(d, e), "a name is expected here, found %s",
                                vd_doc_kind_name(d, e));
        if (keys)
            VD_TRY(vd_import_key_name(im, &name, name));
        VD_TRY(VD_IMPORT_PUSH(im, out->at, out->count, out->cap, name));
    }
    return VD_OK;
}

/* "aws:ResourceTag/<key>", ".../tag-key" and ".../" are all the key of a tag. */
vd_code vd_import_key_name(vd_import *im, vd_str *out, vd_str name)
{
    size_t at = 0;
    bool   ok = true;

    while (at < name.n && !vd_str_starts(vd_str_from(name, at), VD_S("/<key>")))
        at++;
    if (at < name.n)
        ok = vd_arena_printf(im->arena, out, VD_F "/${TagKey}" VD_F, (int)at, name.p,
                             VD_A(vd_str_from(name, at + strlen("/<key>"))));
    else if (vd_str_ends(name, VD_S("/tag-key")))
        ok = vd_arena_printf(im->arena, out, VD_F "${TagKey}", VD_A(vd_str_first(name, name.n - strlen("tag-key"))));
    else if (vd_str_ends(name, VD_S("/")))
        ok = vd_arena_printf(im->arena, out, VD_F "${TagKey}", VD_A(name));
    else
        *out = name;
    return ok ? VD_OK : vd_fail_nomem(im->err);
}

void vd_import_note(const vd_import *im, vd_str file, const char *what, vd_str name)
{
    vd_str text;

    if (im->note && vd_arena_printf(im->arena, &text, "%s " VD_F, what, VD_A(name)))
        im->note(im->user, (vd_pos){ .file = file }, text.p);
}

/* ------------------------------------------------------------------ which form */

static vd_code as_it_is(const vd_import *im, vd_catalog_files *out)
{
    for (uint32_t i = 0; i < im->in->count; i++) {
        vd_catalog_text t = im->in->at[i];

        if (!vd_str_starts(t.name, im->root) || vd_str_ends(t.name, VD_S("SOURCES.tsv")))
            continue;
        t.name = vd_str_from(t.name, im->root.n);
        if (!vd_str_ends(t.name, VD_S(".tsv")) && !vd_str_starts(t.name, VD_S("tables/")))
            continue;
        VD_TRY(VD_IMPORT_PUSH(im, out->at, out->count, out->cap, t));
    }
    return VD_OK;
}

/* The folder that holds a file of this name, as "" or "a/b/"; false: nowhere. */
static bool root_of(vd_str *out, const vd_catalog_files *in, vd_str name)
{
    for (uint32_t i = 0; i < in->count; i++) {
        vd_str n = in->at[i].name;

        if (!vd_str_ends(n, name) || (n.n > name.n && n.p[n.n - name.n - 1] != '/'))
            continue;
        *out = vd_str_first(n, n.n - name.n);
        return true;
    }
    return false;
}

vd_code vd_catalog_import(vd_catalog_files *out, vd_catalog_form *form, vd_arena *arena, const vd_catalog_files *in,
                          const vd_catalog *base, vd_str date, vd_catalog_note *note, void *user, vd_error *err)
{
    vd_import im = { .arena = arena, .in = in, .base = base, .note = note, .user = user, .err = err, .date = date };

    *out = (vd_catalog_files){ 0 };
    vd_limits_fill(&im.limits, NULL);
    if (root_of(&im.root, in, VD_S("MANIFEST.tsv"))) {
        *form = VD_CATALOG_TEXT;
        return as_it_is(&im, out);
    }
    *form = root_of(&im.root, in, VD_S("services.json")) ? VD_CATALOG_PACKAGE : VD_CATALOG_REFERENCE;
    VD_TRY(*form == VD_CATALOG_PACKAGE ? vd_import_package(&im) : vd_import_reference(&im));
    if (im.service_count == 0)
        return vd_fail(err, VD_ENOTFOUND, "the folder holds no catalogue in a form that is known");
    return vd_import_write(&im, out);
}
