/* SPDX-License-Identifier: Apache-2.0
 *
 * An event tells of resources, and stands for actions: each action has those that are of its kinds.
 */
#include "activity/read.h"

#include "pattern/arn.h"
#include "pattern/glob.h"

bool vd_act_has_types(const vd_catalog *c, uint32_t action)
{
    return vd_catalog_types_of(c, action).count > 0;
}

/* How much of a format is said outright: of two that match, the one that says more is meant. */
static uint32_t said_by(vd_str coded)
{
    uint32_t n = 0;

    for (size_t i = 0; i < coded.n; i++)
        n += !vd_is_wild(coded.p[i]);
    return n;
}

/* The most that a format of one of these types says of the ARN, when it is more than least; else least. */
static uint32_t best(const vd_catalog *c, vd_ids types, vd_str arn, uint32_t least)
{
    for (uint32_t i = 0; i < types.count; i++) {
        uint32_t formats = vd_catalog_type(c, types.at[i]).formats;

        for (uint32_t k = 0; k < formats; k++) {
            vd_str   coded = vd_catalog_format_coded(c, types.at[i], k);
            uint32_t said = said_by(coded);

            if (said > least && vd_glob_match(coded, arn))
                least = said;
        }
    }
    return least;
}

/* A bucket's format matches an object, too: but no other kind of the service may match it better. */
bool vd_act_fits(const vd_catalog *c, uint32_t action, vd_str arn)
{
    uint32_t own = best(c, vd_catalog_types_of(c, action), arn, 0);
    vd_arn   parts;

    if (!own || !vd_arn_split(&parts, arn))
        return own > 0;
    return best(c, vd_catalog_types_of_arn(c, parts.service), arn, own) == own;
}
