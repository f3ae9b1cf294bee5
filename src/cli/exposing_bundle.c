/* SPDX-License-Identifier: Apache-2.0
 *
 * The resources of a bundle that was made of a snapshot.
 */
#include "cli/exposing.h"

#include "base/str.h"
#include "cli/bundle.h"

bool vd_exposing_add_bundle(vd_exposing_run *run, const vd_side *side)
{
    vd_bundle_owner *at;
    uint32_t   count;

    if (!vd_bundle_owners(&run->arena, side->set, &at, &count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        vd_exposing_task t = { .arn = at[i].arn, .name = at[i].arn, .whole = side, .error = { .size = sizeof t.error },
                               .summary = { .size = sizeof t.summary } };

        if (!at[i].resource || vd_str_contains(at[i].arn, VD_S(":role/aws-service-role/")))
            continue; /* the trust policy of such a role is AWS's, and its service's alone */
        t.arena = vd_arena_on(vd_allocator_default(), 0);
        if (!VD_ARENA_PUSH(&run->arena, run->tasks, run->count, run->cap, t))
            return false;
    }
    return true;
}

vd_code vd_exposing_bundle_set(vd_set **out, const vd_exposing_run *run, const vd_exposing_task *t, vd_error *err)
{
    return vd_bundle_set(out, run->p, t->whole->set, &(vd_bundle_owner){ .arn = t->arn, .resource = true }, err);
}
