/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents that a Terraform configuration holds word for word.
 */
#ifndef VERDICT_EXTRACT_HCL_VALUE_H
#define VERDICT_EXTRACT_HCL_VALUE_H

#include "text/doc.h"

/* False: no memory. */
typedef bool vd_hcl_value_fn(void *user, vd_doc *doc);

/* Arguments of jsonencode(), and heredocs that are JSON, as far as they are written out: each a document whose nodes stand
 * in the file.  Documents live in the arena. */
vd_code vd_hcl_values(const vd_source *file, vd_arena *arena, const vd_limits *limits, vd_hcl_value_fn *tell, void *user);

#endif
