/* SPDX-License-Identifier: Apache-2.0
 *
 * The keys of .verdict.yaml as rows of a table.
 */
#ifndef VERDICT_LINT_CONFIG_ROWS_H
#define VERDICT_LINT_CONFIG_ROWS_H

#include "lint/config.h"
#include "text/doc.h"

typedef struct vd_config_reading {
    vd_lint_config *c;
    vd_arena       *arena;
    const vd_doc   *doc;
    vd_str          base;
    vd_error       *err;
} vd_config_reading;

typedef vd_code vd_config_read_fn(vd_config_reading *r, uint32_t node, void *out);

typedef struct vd_config_row {
    vd_str             section, name; /* "lint.size", "near-percent" */
    vd_config_read_fn *read;          /* NULL: a section of its own */
    size_t             offset;        /* in vd_lint_config */
    vd_str             usual;         /* the default, as it would be written; empty: nothing */
    bool               each;          /* its members are keys of their own: a nearer file changes one of them */
} vd_config_row;

extern const vd_config_row vd_config_rows[];
extern const size_t        vd_config_row_count;

#endif
