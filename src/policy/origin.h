/* SPDX-License-Identifier: Apache-2.0
 *
 * A policy that stands in a larger document takes its own part of the text along, with what is needed to tell
 * positions in the file that the user edits.
 */
#ifndef VERDICT_POLICY_ORIGIN_H
#define VERDICT_POLICY_ORIGIN_H

#include "policy/policy.h"

/* Fills p->source and p->json; *base is the offset in the document of the first byte taken. */
vd_code vd_policy_take_origin(vd_policy *p, vd_str name, const vd_doc *doc, uint32_t node, uint32_t *base,
                              vd_error *err);
/* The same without a copy: name, doc and its source live as long as the policy does. */
vd_code vd_policy_borrow_origin(vd_policy *p, vd_str name, const vd_doc *doc, uint32_t node, uint32_t *base,
                                vd_error *err);

#endif
