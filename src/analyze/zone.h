/* SPDX-License-Identifier: Apache-2.0
 *
 * The zone of trust: who is not an outsider, and which networks are known.
 */
#ifndef VERDICT_ANALYZE_ZONE_H
#define VERDICT_ANALYZE_ZONE_H

#include "base/arena.h"

#include <verdict/analyze.h>

typedef struct vd_zone_list {
    const vd_str *at;
    uint32_t      count;
} vd_zone_list;

typedef enum vd_zone_part {
    VD_ZONE_ACCOUNTS,
    VD_ZONE_ORGANIZATIONS,
    VD_ZONE_ORG_PATHS,
    VD_ZONE_PRINCIPALS,
    VD_ZONE_SERVICES,
    VD_ZONE_FEDERATED,
    VD_ZONE_VPCS,
    VD_ZONE_VPC_ENDPOINTS,
    VD_ZONE_CIDRS,
    VD_ZONE_PARTS
} vd_zone_part;

struct vd_zone {
    vd_engine            *engine;
    vd_arena              arena;
    vd_zone_list          part[VD_ZONE_PARTS]; /* sorted, each once */
    const vd_zone_member *members;             /* sorted by account */
    uint32_t              member_count;
    bool                  owner; /* of each resource: in the zone */
};

bool   vd_zone_has(const vd_zone *zone, vd_zone_part part, vd_str text);     /* the very text */
bool   vd_zone_covers(const vd_zone *zone, vd_zone_part part, vd_str text);  /* entries with wildcards */
vd_str vd_zone_organization(const vd_zone *zone, vd_str account);           /* as members say; empty: they do not */
bool   vd_zone_has_account(const vd_zone *zone, vd_str account);            /* listed, or a member of a listed organization */

#endif
