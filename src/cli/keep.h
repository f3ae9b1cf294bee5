/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers live during the call that tells them; what is shown in another order than it came is kept here.
 */
#ifndef VERDICT_CLI_KEEP_H
#define VERDICT_CLI_KEEP_H

#include "base/arena.h"

#include <verdict/analyze.h>
#include <verdict/reach.h>
#include <verdict/paths.h>
#include <verdict/tighten.h>

/* Deep copies in the arena; NULL: no memory. */
const vd_delta   *vd_keep_delta(vd_arena *arena, const vd_delta *d);
const vd_grant   *vd_keep_grant(vd_arena *arena, const vd_grant *g);
const vd_reacher *vd_keep_reacher(vd_arena *arena, const vd_reacher *r);
const vd_permission *vd_keep_permission(vd_arena *arena, const vd_permission *p);
const vd_blocked *vd_keep_blocked(vd_arena *arena, const vd_blocked *b);
const vd_exposed *vd_keep_exposed(vd_arena *arena, const vd_exposed *x);
const vd_route   *vd_keep_route(vd_arena *arena, const vd_route *r);
const vd_route_cut *vd_keep_route_cut(vd_arena *arena, const vd_route_cut *cut);
const vd_unused_finding *vd_keep_unused(vd_arena *arena, const vd_unused_finding *f);
bool                     vd_keep_disagreement(vd_arena *arena, vd_unused_disagreement *out, const vd_unused_disagreement *from);
bool                     vd_keep_unused_principal(vd_arena *arena, vd_unused_principal *out, const vd_unused_principal *p);

#endif
