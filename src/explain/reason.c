/* SPDX-License-Identifier: Apache-2.0
 *
 * The words AWS uses for a denial (E802, E804), and ours where AWS has none.
 */
#include "base/base.h"

#include <stdio.h>
#include <verdict/eval.h>

/* "a service control policy", "service control policy" */
static const struct {
    const char *denies, *allows;
} documents[VD_LAYER_COUNT] = {
    [VD_LAYER_IDENTITY] = { "an identity-based policy", "identity-based policy" },
    [VD_LAYER_BOUNDARY] = { "a permissions boundary", "permissions boundary" },
    [VD_LAYER_SESSION] = { "a session policy", "session policy" },
    [VD_LAYER_RESOURCE] = { "a resource-based policy", "resource-based policy" },
    [VD_LAYER_SCP] = { "a service control policy", "service control policy" },
    [VD_LAYER_RCP] = { "a resource control policy", "resource control policy" },
    [VD_LAYER_ENDPOINT] = { "a VPC endpoint policy", "VPC endpoint policy" },
    [VD_LAYER_ACCESS_POINT] = { "a resource-based policy", "resource-based policy" },
};

/* Whole sentences where no layer decided. */
static const char *const others[VD_CATEGORY_COUNT] = {
    [VD_CATEGORY_CROSS_PARTITION] = "because the principal and the resource are in different partitions",
    [VD_CATEGORY_CREDENTIAL_TYPE] = "because credentials of this kind cannot make this call",
    [VD_CATEGORY_PASS_ROLE_ACCOUNT] = "because a role of another account cannot be passed",
    [VD_CATEGORY_AWS_MANAGED] = "because only AWS can change this resource",
    [VD_CATEGORY_PROVIDER_ACCOUNT] = "because the identity provider belongs to another account than the role",
    [VD_CATEGORY_EMPTY_LEVEL] = "because a level of the organization has no policy",
    [VD_CATEGORY_MALFORMED_STATEMENT] = "because a Deny statement cannot be evaluated",
};

static bool sets_acl(vd_str action)
{
    return action.n > 3 && memcmp(action.p + action.n - 3, "Acl", 3) == 0;
}

size_t vd_decision_reason(char *out, size_t size, const vd_decision *d, vd_str action)
{
    const char *words = NULL;
    int         n;
    bool        layer = d->layer >= 0 && d->layer < VD_LAYER_COUNT;

    if (d->category > 0 && d->category < VD_CATEGORY_COUNT)
        words = others[d->category];
    if (d->outcome == VD_ALLOW)
        n = snprintf(out, size, "%s", "");
    else if (d->category == VD_CATEGORY_S3_BLOCK_PUBLIC_ACCESS)
        n = snprintf(out, size, "because public %s prevented by the %s setting in S3 Block Public Access",
                     sets_acl(action) ? "ACLs are" : "access is",
                     sets_acl(action) ? "BlockPublicAcls" : "RestrictPublicBuckets");
    else if (words)
        n = snprintf(out, size, "%s", words);
    else if (d->outcome == VD_EXPLICIT_DENY && layer)
        n = snprintf(out, size, "with an explicit deny in %s",
                     d->trust ? "the role trust policy" : documents[d->layer].denies);
    else if (d->trust || d->category == VD_CATEGORY_TRUST_MISSING)
        n = snprintf(out, size, "because no role trust policy allows the " VD_F " action", VD_A(action));
    else
        n = snprintf(out, size, "because no %s allows the " VD_F " action",
                     layer ? documents[d->layer].allows : "resource-based policy", VD_A(action));
    return n > 0 ? (size_t)n : 0;
}
