/* SPDX-License-Identifier: Apache-2.0
 *
 * A newer catalogue: the services of a folder, with the overlays and tables of the folder or else of the one in use.  The
 * services are compiled alone first, so that what is carried over is only about names that there still are.
 */
#include "catalog/export.h"

#include "base/error.h"
#include "base/str.h"

static bool has_folder(const vd_catalog_files *files, const char *folder)
{
    for (uint32_t i = 0; i < files->count; i++)
        if (vd_str_starts(files->at[i].name, vd_str_of(folder)))
            return true;
    return false;
}

static vd_code carry_overlays(vd_catalog_files *files, vd_arena *arena, const vd_allocator *a, const vd_catalog *base,
                              vd_error *err)
{
    vd_str      block;
    vd_catalog *fresh;
    vd_code     code = vd_catalog_build(&block, a, files->at, files->count, NULL, NULL, err);

    if (code != VD_OK)
        return code;
    code = vd_catalog_open(&fresh, a, block, err);
    if (code == VD_OK)
        code = vd_catalog_export_overlays(files, arena, base, fresh, err);
    vd_catalog_close(fresh);
    vd_free(a, (void *)(uintptr_t)block.p, block.n);
    return code;
}

static vd_code update(vd_str *out, vd_arena *arena, const vd_allocator *a, const vd_catalog_files *in, const vd_catalog *base,
                      vd_str date, vd_catalog_note *note, void *user, vd_error *err)
{
    vd_catalog_files files;
    vd_catalog_form  form;
    vd_catalog      *check;
    vd_code          code;
    bool             tables;

    VD_TRY(vd_catalog_import(&files, &form, arena, in, base, date, note, user, err));
    tables = has_folder(&files, "tables/");
    if (!has_folder(&files, "overlay/"))
        VD_TRY(carry_overlays(&files, arena, a, base, err));
    if (!tables)
        VD_TRY(vd_catalog_export_tables(&files, arena, base, err));
    VD_TRY(vd_catalog_build(out, a, files.at, files.count, note, user, err));
    code = vd_catalog_open(&check, a, *out, err);
    vd_catalog_close(check);
    return code;
}

vd_code vd_catalog_update(vd_str *out, const vd_allocator *a, const vd_catalog_files *in, const vd_catalog *base, vd_str date,
                          vd_catalog_note *note, void *user, vd_error *err)
{
    vd_arena arena = vd_arena_on(a, 0);
    vd_code  code;

    *out = (vd_str){ 0 };
    code = update(out, &arena, a, in, base, date, note, user, err);
    if (code != VD_OK) {
        vd_free(a, (void *)(uintptr_t)out->p, out->n);
        *out = (vd_str){ 0 };
    }
    vd_arena_done(&arena);
    return code;
}
