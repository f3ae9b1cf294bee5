/* SPDX-License-Identifier: Apache-2.0
 *
 * The first row that fits counts.  A code that no row knows is an error of the call, not of its permissions.
 */
#include "usage/outcome.h"

#include "base/str.h"

const vd_str vd_outcome_names[VD_OUTCOMES] = {
    [VD_OUTCOME_OK] = VD_L("ok"),
    [VD_OUTCOME_DRY_RUN] = VD_L("dry-run"),
    [VD_OUTCOME_DENIED] = VD_L("denied"),
    [VD_OUTCOME_AUTHN_FAIL] = VD_L("authn-fail"),
    [VD_OUTCOME_THROTTLED] = VD_L("throttled"),
    [VD_OUTCOME_ERROR] = VD_L("error"),
};

static const struct {
    vd_str  part;
    bool    anywhere; /* in the code; else it begins so */
    uint8_t outcome;
} rows[] = {
    { VD_L("DryRunOperation"), true, VD_OUTCOME_DRY_RUN },
    { VD_L("OptInRequired"), true, VD_OUTCOME_ERROR },
    { VD_L("SubscriptionRequired"), true, VD_OUTCOME_ERROR },
    { VD_L("InvalidClientTokenId"), true, VD_OUTCOME_AUTHN_FAIL },
    { VD_L("UnrecognizedClient"), true, VD_OUTCOME_AUTHN_FAIL },
    { VD_L("SignatureDoesNotMatch"), true, VD_OUTCOME_AUTHN_FAIL },
    { VD_L("ExpiredToken"), true, VD_OUTCOME_AUTHN_FAIL },
    { VD_L("AuthFailure"), true, VD_OUTCOME_AUTHN_FAIL },
    { VD_L("InvalidAccessKeyId"), true, VD_OUTCOME_AUTHN_FAIL },
    { VD_L("AccessDenied"), true, VD_OUTCOME_DENIED },
    { VD_L("Unauthorized"), true, VD_OUTCOME_DENIED },
    { VD_L("AuthorizationError"), true, VD_OUTCOME_DENIED },
    { VD_L("NotAuthorized"), true, VD_OUTCOME_DENIED },
    { VD_L("Forbidden"), true, VD_OUTCOME_DENIED },
    { VD_L("Throttl"), true, VD_OUTCOME_THROTTLED },
    { VD_L("RequestLimitExceeded"), true, VD_OUTCOME_THROTTLED },
    { VD_L("TooManyRequests"), true, VD_OUTCOME_THROTTLED },
    { VD_L("SlowDown"), false, VD_OUTCOME_THROTTLED },
};

vd_outcome vd_outcome_of(vd_str code, vd_str message)
{
    if (code.n == 0)
        return VD_OUTCOME_OK;
    for (size_t i = 0; i < VD_COUNT(rows); i++)
        if (rows[i].anywhere ? vd_str_contains(code, rows[i].part) : vd_str_starts(code, rows[i].part))
            return (vd_outcome)rows[i].outcome;
    return vd_str_contains(message, VD_S("is not authorized to perform")) ? VD_OUTCOME_DENIED : VD_OUTCOME_ERROR;
}
