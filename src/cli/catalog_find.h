/* SPDX-License-Identifier: Apache-2.0
 *
 * Searching the catalogue: what a word of the command line stands for, and which actions pass the filters.
 */
#ifndef VERDICT_CLI_CATALOG_FIND_H
#define VERDICT_CLI_CATALOG_FIND_H

#include "cli/cli.h"

/* What was found, as bit sets over ids. */
typedef struct vd_hits {
    const vd_catalog *c;
    uint64_t         *services, *actions, *types, *keys;
} vd_hits;

/* Which actions are wanted. */
typedef struct vd_filter {
    uint32_t  levels;  /* bits of vd_level; 0: all */
    uint64_t *types;   /* that accept one of these; NULL: whatever they accept */
    bool      no_type; /* --resource '*': that accept none */
    uint32_t  key;     /* that may carry it; VD_NONE: all */
    bool      any_key; /* a global key that no action lists: all may */
} vd_filter;

static inline bool vd_hit(const uint64_t *bits, uint32_t id)
{
    return bits[id / 64] >> id % 64 & 1;
}
uint32_t vd_hit_count(const uint64_t *bits, uint32_t ids);

bool vd_hits_init(vd_hits *h, const vd_catalog *c, vd_arena *arena); /* false: no memory */
bool vd_hits_add(vd_hits *h, vd_str query);                          /* false: there is no such thing */

/* False: said why. */
bool vd_filter_read(vd_filter *f, vd_cli *cli, vd_arena *arena);
bool vd_filter_is_set(const vd_filter *f);
bool vd_filter_takes(const vd_filter *f, const vd_catalog *c, uint32_t action);

/* catalog_print.c */
void vd_hits_text(vd_cli *cli, vd_buf *out, const vd_hits *h, bool alone); /* alone: one thing was asked for by name */
void vd_hits_json(vd_cli *cli, vd_buf *out, const vd_hits *h);
extern const char *const vd_level_words[];

#endif
