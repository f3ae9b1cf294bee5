/* SPDX-License-Identifier: Apache-2.0
 *
 * An event tells of resources, and stands for actions: each action has those that are of its kinds.
 */
#include "activity/read.h"

#include "pattern/glob.h"

bool vd_act_has_types(const vd_catalog *c, uint32_t action)
{
    return vd_catalog_types_of(c, action).count > 0;
}

bool vd_act_fits(const vd_catalog *c, uint32_t action, vd_str arn)
{
    vd_ids types = vd_catalog_types_of(c, action);

    for (uint32_t i = 0; i < types.count; i++) {
        uint32_t formats = vd_catalog_type(c, types.at[i]).formats;

        for (uint32_t k = 0; k < formats; k++)
            if (vd_glob_match(vd_catalog_format_coded(c, types.at[i], k), arn))
                return true;
    }
    return false;
}
