/* SPDX-License-Identifier: Apache-2.0
 *
 * The arrays that tools/mktables.c makes: rows sorted by key, keys in lower case.  Seen by facts.c and quota.c
 * alone.
 */
#ifndef VERDICT_CATALOG_TABLES_H
#define VERDICT_CATALOG_TABLES_H

#include "base/base.h"

typedef struct vd_table_row {
    vd_str key, tail, value; /* tail: of a key with ${Name} in it, what stands behind */
} vd_table_row;

typedef struct vd_table {
    const vd_table_row *rows;
    size_t              count;
    uint64_t            lengths; /* a bit for each length of key, modulo 64: most questions end there */
} vd_table;

extern const vd_table vd_table_aws_only;        /* "list name" */
extern const vd_table vd_table_global_services;
extern const vd_table vd_table_key_arity;       /* "one", "many" */
extern const vd_table vd_table_key_arity_prefix;
extern const vd_table vd_table_key_arity_infix;
extern const vd_table vd_table_no_resource_account; /* "service:name", "service:*" */
extern const vd_table vd_table_partitions;      /* the region of global services */
extern const vd_table vd_table_quotas;          /* most, raisable, counted, severity, label, source, "|" between them */
extern const vd_table vd_table_rcp_services;
extern const vd_table vd_table_resource_tag_prefixes;
extern const vd_table vd_table_scp_exempt;      /* "service:name": "root", "any" */
extern const vd_table vd_table_star_resources;  /* "service:name partition": what "*" is checked as */

#endif
