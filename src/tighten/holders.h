/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of vd_holders: all users and roles, and which of them are asked about.  What one holds through a group or a
 * permission set is used when anybody uses it who holds it too, asked about or not.
 */
#ifndef VERDICT_TIGHTEN_HOLDERS_H
#define VERDICT_TIGHTEN_HOLDERS_H

#include "base/arena.h"
#include "base/engine.h"

#include <verdict/tighten.h>

struct vd_holders {
    const vd_engine *engine;
    vd_arena         arena;
    vd_holder       *all;
    uint32_t         all_count;
    uint32_t        *listed; /* of all: those that fit the pattern, in order */
    uint32_t         count;
    vd_policy      **kept;   /* retained */
    uint32_t         kept_count;
};

#endif
