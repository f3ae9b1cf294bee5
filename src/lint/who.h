/* SPDX-License-Identifier: Apache-2.0
 *
 * Small questions about the principals of a statement that several groups ask.
 */
#ifndef VERDICT_LINT_WHO_H
#define VERDICT_LINT_WHO_H

#include "lint/lint.h"

/* Allow, sound, with a Principal (not NotPrincipal): what most rules about access look at. */
bool vd_who_grants(const vd_view_statement *st);
/* "*" or {"AWS": "*"}; NULL: not everyone. */
const vd_view_principal *vd_who_everyone(const vd_view_statement *st);
/* The first principal that is a service; NULL: none. */
const vd_view_principal *vd_who_service(const vd_view_statement *st);
bool vd_who_only_services(const vd_view_statement *st); /* at least one, and nothing else */

/* The account that the resource is in, as far as anybody says: of the configuration, or of the ARN of a
 * resource policy; empty: not known. */
vd_str vd_who_account(const vd_lint *l, const vd_view_statement *st);
/* Known, and not that of the deployment. */
bool vd_who_other_account(const vd_lint *l, const vd_view_principal *p);
/* The zone of trust is configured. */
bool vd_who_zone_known(const vd_lint *l);
bool vd_who_trusted(const vd_lint *l, const vd_view_principal *p);

/* The source of a call by a service is asked for: aws:SourceArn, aws:SourceAccount ... with a positive
 * operator. */
const vd_view_condition *vd_who_source(const vd_view_statement *st);

/* "use s3:GetObject, s3:ListBucket and 2 more", "do anything": what a statement lets do. */
const char *vd_who_may(vd_lint *l, const vd_view_statement *st);

/* Some action of the statement matches the pattern "svc:Name", which may hold wildcards at its end. */
bool vd_who_does(const vd_view_statement *st, vd_str action);

/* Adds `"key": "value"` under the operator to the statement's conditions as an unsafe fix. */
void vd_who_add_condition(vd_lint *l, vd_finding *f, const vd_view_statement *st, const char *op,
                          const char *key, const char *value);

#endif
