/* SPDX-License-Identifier: Apache-2.0
 *
 * Words for what a decision says.
 */
#include "eval/set_int.h"

#include <verdict/eval.h>

const char *vd_outcome_name(int32_t outcome)
{
    static const char *const names[] = { "implicit-deny", "explicit-deny", "allow" };

    return outcome >= 0 && outcome < (int32_t)VD_COUNT(names) ? names[outcome] : "";
}

const char *vd_layer_name(vd_layer layer)
{
    static const char *const names[VD_LAYER_COUNT] = { "identity", "boundary", "session",  "resource",
                                                       "scp",      "rcp",      "endpoint", "access-point" };

    return layer >= 0 && layer < VD_LAYER_COUNT ? names[layer] : "";
}

const char *vd_category_name(vd_category category)
{
    static const char *const names[VD_CATEGORY_COUNT] = {
        "",
        "cross-partition",
        "credential-type",
        "pass-role-account",
        "aws-managed",
        "trust-missing",
        "key-policy-missing",
        "provider-account",
        "federated-no-session-policy",
        "s3-block-public-access",
        "cross-account-no-grant",
        "key-policy-does-not-delegate",
        "empty-level",
        "malformed-statement",
        "no-permission-needed",
    };

    return category >= 0 && category < VD_CATEGORY_COUNT ? names[category] : "";
}
