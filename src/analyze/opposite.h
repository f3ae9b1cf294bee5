/* SPDX-License-Identifier: Apache-2.0
 *
 * A condition that must hold, as an operator and its values.
 */
#ifndef VERDICT_ANALYZE_OPPOSITE_H
#define VERDICT_ANALYZE_OPPOSITE_H

#include "base/arena.h"
#include "policy/policy.h"

#include <verdict/analyze.h>

/* Operator and values of r (sorted): the entry's own when it must hold; when it must not, those of its opposite, where one
 * operator says that.  False: no memory. */
bool vd_required_fill(vd_required *r, vd_arena *arena, const vd_entry *e, bool holds);
/* False: there are no words for it.  A plain operator fails on a key with several values whatever they are (E508), so that they
 * need not pass the opposite test. */
bool vd_required_can_say(const vd_entry *e, bool holds);
/* Of one bound in words: "less than ", "from "; NULL: another operator. */
const char *vd_required_bound(const vd_required *r);

#endif
