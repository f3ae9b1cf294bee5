/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies that a Terraform configuration holds: the argument of jsonencode(), JSON in a heredoc, the blocks of an
 * aws_iam_policy_document.
 */
#ifndef VERDICT_EXTRACT_HCL_VALUE_H
#define VERDICT_EXTRACT_HCL_VALUE_H

#include "text/doc.h"

typedef enum vd_hcl_form {
    VD_HCL_JSONENCODE,
    VD_HCL_LINES,   /* a heredoc */
    VD_HCL_DOCUMENT /* blocks: members have the names of JSON, and the spans of what is written for them */
} vd_hcl_form;

typedef struct vd_hcl_value {
    vd_doc *doc;     /* its source is the file with holes, each named like the expression that stands there */
    vd_str  address; /* of the block around it: "aws_iam_policy.p", "data.aws_iam_policy_document.p"; empty: it has none */
    uint8_t form;    /* vd_hcl_form */
    bool    more;    /* of a document: statements that nobody sees, of dynamic blocks and of other documents */
    bool    several; /* the block is one of many: count, for_each */
} vd_hcl_value;

/* False: no memory. */
typedef bool vd_hcl_value_fn(void *user, const vd_hcl_value *value);

/* Each object with a member Statement.  Documents live in the arena. */
vd_code vd_hcl_values(const vd_source *file, vd_arena *arena, const vd_limits *limits, vd_hcl_value_fn *tell, void *user);

#endif
