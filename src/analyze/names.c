/* SPDX-License-Identifier: Apache-2.0
 *
 * What classes, flags and severities are called, in every form of output.
 */
#include "base/base.h"

#include <verdict/analyze.h>

static const struct {
    uint32_t    bit;
    const char *name;
} flags[] = {
    { VD_FLAG_VARIABLE, "approx:variable" },
    { VD_FLAG_OPERATOR, "approx:operator" },
    { VD_FLAG_MIXED_TYPES, "approx:mixed-types" },
    { VD_FLAG_MEMBERSHIP, "approx:membership" },
    { VD_FLAG_BPA, "approx:bpa" },
    { VD_FLAG_DELEGATED, "approx:delegated" },
    { VD_FLAG_BUDGET, "budget" },
    { VD_FLAG_INVENTORY, "approx:inventory" },
    { VD_FLAG_OFF_CATALOGUE, "off-catalogue" },
    { VD_FLAG_UNKNOWN_ACTION, "unknown-action" },
    { VD_FLAG_LEGACY_ELEMENT, "legacy-element" },
    { VD_FLAG_SECRET_GUARDED, "secret-guarded" },
    { VD_FLAG_CONFUSED_DEPUTY, "confused-deputy" },
    { VD_FLAG_NAME_ONLY_ANCHOR, "name-only-anchor" },
    { VD_FLAG_NEEDS_SECOND_CHECK, "needs-second-check" },
    { VD_FLAG_UNAUTHENTICATED, "unauthenticated-identities" },
    { VD_FLAG_ANY_USER_OF_APPLICATION, "any-user-of-application" },
    { VD_FLAG_WHOLE_ISSUER, "whole-issuer" },
    { VD_FLAG_OWN_LOGIC, "own-logic" },
    { VD_FLAG_FUTURE, "future-action" },
    { VD_FLAG_RESOURCE_POLICY_NOT_GIVEN, "resource-policy-not-given" },
    { VD_FLAG_POLICY_NOT_GIVEN, "policy-not-given" },
};

const char *vd_flag_name(uint32_t bit)
{
    for (size_t i = 0; i < VD_COUNT(flags); i++)
        if (flags[i].bit == bit)
            return flags[i].name;
    return "";
}

const char *vd_reading_name(uint32_t bit)
{
    static const char *const names[VD_READING_COUNT_BITS] = { "E309", "E412", "E506", "E508", "E533", "E534", "E538", "E539", "E554" };

    for (uint32_t i = 0; i < VD_READING_COUNT_BITS; i++)
        if (bit == (uint32_t)1 << i)
            return names[i];
    return "";
}

const char *vd_access_name(int32_t severity)
{
    static const char *const names[] = { "none", "note", "low", "medium", "high" };

    return severity >= 0 && severity < (int32_t)VD_COUNT(names) ? names[severity] : "";
}

const char *vd_exposed_name(int32_t exposed)
{
    static const char *const names[VD_EXPOSED_COUNT] = {
        [VD_EXPOSED_PUBLIC] = "public",
        [VD_EXPOSED_CROSS_ORG] = "cross-org",
        [VD_EXPOSED_ORG] = "org",
        [VD_EXPOSED_CROSS_ACCOUNT] = "cross-account",
        [VD_EXPOSED_NETWORK] = "network",
        [VD_EXPOSED_SERVICE] = "service",
        [VD_EXPOSED_FEDERATED] = "federated",
        [VD_EXPOSED_CANONICAL_USER] = "canonical-user",
    };

    return exposed >= 0 && exposed < VD_EXPOSED_COUNT ? names[exposed] : "";
}
