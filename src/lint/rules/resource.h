/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the group "resource" share: the rows by name, and what one statement's rules tell each other.
 */
#ifndef VERDICT_LINT_RULES_RESOURCE_H
#define VERDICT_LINT_RULES_RESOURCE_H

#include "lint/fit.h"

enum {
    INVALID_ARN_PREFIX,
    MISSING_ARN_FIELD,
    INVALID_PARTITION,
    INVALID_ARN_SERVICE_CASE,
    UNKNOWN_ARN_SERVICE,
    ARN_ACCOUNT_NOT_ALLOWED,
    ARN_REGION_NOT_ALLOWED,
    MISSING_ARN_REGION,
    MISSING_ARN_ACCOUNT,
    INVALID_ARN_ACCOUNT,
    INVALID_ARN_REGION,
    ARN_TYPE_WILDCARD,
    INVALID_ARN_RESOURCE,
    ARN_SHAPE_TRAP,
    ARN_WHITESPACE,
    ARN_SERVICE_WILDCARD,
    PLACEHOLDER_VALUE,
    RESOURCE_EFFECTIVELY_STAR,
    RESOURCE_STAR,
    ACTION_RESOURCE_MISMATCH,
    ACTION_NEEDS_STAR,
    RESOURCE_UNUSED,
    S3_BUCKET_OBJECT_MIXUP,
    REDUNDANT_RESOURCE,
    PREFIX_OVERMATCH,
    NOT_RESOURCE_ALLOW,
    NOT_RESOURCE_DENY_NOTHING,
    NOT_RESOURCE_HALF,
    FOREIGN_ACCOUNT_RESOURCE,
    HARD_CODED_ACCOUNT,
    RESOURCE_RULES
};

extern const vd_lint_rule vd_resource_rules[RESOURCE_RULES];

/* resource_adopt.c: what src/policy found. */
void vd_resource_adopt(vd_lint *l, vd_finding *f);
/* resource_arn.c: the fields of one ARN. */
void vd_resource_look_at_arn(vd_lint *l, const vd_view_statement *st, vd_view_resource *r);
/* resource_text.c: leftovers, accounts. */
void vd_resource_look_at_text(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r);
void vd_resource_look_at_value(vd_lint *l, const vd_view_statement *st, vd_text t); /* for placeholders only */
/* resource_traps.c: true: a trap that makes the ARN wrong; nothing else is to be said of it. */
bool vd_resource_look_at_traps(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r);
/* resource_fit.c: actions and resources of a statement. */
void vd_resource_look_at_fit(vd_lint *l, const vd_view_statement *st);
/* resource_star.c: everything, said so or not. */
void vd_resource_look_at_star(vd_lint *l, const vd_view_statement *st);
/* resource_list.c: elements of the list, of the policy, against each other. */
void vd_resource_look_at_list(vd_lint *l, const vd_view_statement *st);
void vd_resource_look_at_prefixes(vd_lint *l);
/* resource_not.c: NotResource. */
void vd_resource_look_at_not(vd_lint *l, const vd_view_statement *st);

/* Formats of resource types as people read them: "arn:aws:sqs:*:*:QueueName", at most three. */
const char *vd_resource_formats(vd_lint *l, vd_ids types);

static inline bool vd_is_plain(vd_str s) /* no wildcard, no variable */
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '*' || s.p[i] == '?' || s.p[i] == '$')
            return false;
    return true;
}

#endif
