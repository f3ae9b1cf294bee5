/* SPDX-License-Identifier: Apache-2.0
 *
 * From the text form of the catalogue (data/catalog/README.md) to the block of image.h: what tools/mkcatalog.c runs
 * while verdict is built, and `verdict catalog update` later.  The same texts make the same bytes, whatever their order.
 */
#ifndef VERDICT_CATALOG_BUILD_H
#define VERDICT_CATALOG_BUILD_H

#include "base/alloc.h"
#include "base/error.h"

/* A file of the text form: "MANIFEST.tsv", "services/s3.tsv", "overlay/depends.tsv", "tables/cwe.tsv".  Others are passed
 * over. */
typedef struct vd_catalog_text {
    vd_str name, text;
} vd_catalog_text;

/* Something that was passed over: a row of an overlay about an action that there is not. */
typedef void vd_catalog_note(void *user, vd_pos at, const char *text);

/* *out is allocated with a, out->n bytes, 8-aligned as the allocator's blocks are.  Not yet checked; vd_catalog_open does. */
vd_code vd_catalog_build(vd_str *out, const vd_allocator *a, const vd_catalog_text *files, uint32_t count,
                         vd_catalog_note *note, void *user, vd_error *err);

#endif
