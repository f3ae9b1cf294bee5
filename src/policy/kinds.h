/* SPDX-License-Identifier: Apache-2.0
 *
 * What each kind of document may contain (E118), as a table, and how large it may be (E123).
 */
#ifndef VERDICT_POLICY_KINDS_H
#define VERDICT_POLICY_KINDS_H

#include "catalog/quota.h"
#include "policy/rules.h"

#include <verdict/policy.h>

typedef enum vd_presence {
    VD_PART_OPTIONAL,
    VD_PART_REQUIRED,
    VD_PART_FORBIDDEN
} vd_presence;

typedef struct vd_kind_row {
    vd_str  name;
    vd_str  label;          /* "an identity policy" */
    bool    iam;            /* IAM checks Sid and characters itself (E109, E122) */
    bool    needs_2012;     /* E104 */
    bool    odd_id;         /* Id is accepted, though nobody documents it */
    bool    no_allow;       /* RCP */
    bool    no_not_action;  /* RCP, trust */
    uint8_t principal;      /* vd_presence */
    uint8_t not_principal;  /* vd_presence */
    uint8_t resource;       /* vd_presence */
    uint8_t principal_rule; /* vd_rule that forbids a Principal or asks for one */
} vd_kind_row;

extern const vd_kind_row vd_kind_rows[VD_KIND_COUNT];

/* The service that all actions of the document belong to; empty when there is none. */
vd_str   vd_policy_service(const vd_policy *p);
vd_quota vd_policy_quota(const vd_policy *p); /* most 0: none is known */
/* counting: vd_counting.  as_written: with the white space of a document that is a file of its own, where that counts. */
size_t   vd_json_characters(vd_str json, bool spaces); /* with or without the white space between tokens */
size_t   vd_policy_size(const vd_policy *p, uint8_t counting, bool as_written);

#endif
