/* SPDX-License-Identifier: Apache-2.0
 *
 * A condition that must hold, as an operator and its values, and in words.
 */
#ifndef VERDICT_ANALYZE_OPPOSITE_H
#define VERDICT_ANALYZE_OPPOSITE_H

#include "base/arena.h"
#include "base/buf.h"
#include "catalog/catalog.h"
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

/* What the key must be for the entry to hold, or not to hold: "true", "present", "one of 203.0.113.0/24".  That a
 * key may be absent is said where the entry says so itself. */
void        vd_required_say(vd_buf *out, const vd_entry *entry, bool holds, const vd_required *r);
const char *vd_required_control(const vd_catalog *c, vd_str key); /* "chosen" ... */
vd_str      vd_required_key(const vd_catalog *c, vd_arena *arena, vd_str key); /* as AWS spells it */

#endif
