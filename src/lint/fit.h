/* SPDX-License-Identifier: Apache-2.0
 *
 * Which actions work on which resources (lint.md 2.5): the resource types that a Resource text may be, and whether an
 * action has one of them.  Found out once for each text.
 */
#ifndef VERDICT_LINT_FIT_H
#define VERDICT_LINT_FIT_H

#include "lint/lint.h"

/* The fields of an ARN, coded or not; the last takes the colons that are left.  False: fewer than six. */
enum { VD_ARN_PARTITION = 1, VD_ARN_SERVICE, VD_ARN_REGION, VD_ARN_ACCOUNT, VD_ARN_REST, VD_ARN_FIELDS };
bool vd_fit_split(vd_str arn, vd_str field[VD_ARN_FIELDS]);

typedef enum vd_fits {
    VD_FIT_NO,
    VD_FIT_UNKNOWN, /* a hole, an unknown service, no ARN */
    VD_FIT_YES
} vd_fits;

/* Fills r->types.  r is an element of st->resources of some statement of l. */
void    vd_fit_types(vd_lint *l, vd_view_resource *r);
vd_fits vd_fit(vd_lint *l, uint32_t action, vd_view_resource *r);
/* Does some resource of the statement serve the action?  NotResource: always; so does a kind that needs no Resource. */
vd_fits vd_fit_statement(vd_lint *l, uint32_t action, const vd_view_statement *st);
/* The catalogue has no resource for the action, yet the statement names one of its service: the catalogue may be behind.
 * Of an action that lists what there is only a wildcard says that: services check some of them on one. */
bool    vd_fit_is_doubtful(vd_lint *l, uint32_t action, const vd_view_statement *st);
/* Could a Resource text be of this type?  A hole or a variable may be anything. */
bool    vd_fit_type(vd_lint *l, uint32_t type, vd_view_resource *r);

#endif
