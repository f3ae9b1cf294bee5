/* SPDX-License-Identifier: Apache-2.0
 *
 * What a statement grants in terms of the catalogue: its actions as bits, what denies and boundaries take away wholly, how
 * broad its resources are, whether it speaks of a resource that was used.
 */
#ifndef VERDICT_TIGHTEN_GRANTS_H
#define VERDICT_TIGHTEN_GRANTS_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "policy/policy.h"

#include <verdict/tighten.h>

static inline bool vd_bit(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> i % 64 & 1u;
}

static inline void vd_set_bit(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* Words of 64 for a bit for each action. */
uint32_t vd_grant_words(const vd_catalog *c);

/* The actions of an Action or NotAction element; bits need not be cleared before. */
void vd_grant_actions(const vd_catalog *c, const vd_list *action, uint64_t *bits);

/* Takes away what the holder's denies without conditions on everything, and its boundary, leave nothing of. */
bool vd_grant_mask(const vd_catalog *c, const vd_holder *h, uint64_t *bits, vd_arena *scratch); /* false: no memory */

/* 1 exact, 2 a beginning or an end, 3 all of a type in one account, 4 everything (usage 5.3). */
uint32_t vd_grant_breadth(const vd_str *patterns, uint32_t count);
uint32_t vd_pattern_breadth(vd_str pattern);
uint32_t vd_statement_breadth(const vd_statement *st);
/* Its conditions restrict networks or the organization. */
bool vd_statement_is_fenced(const vd_statement *st);
/* List 1, Read 2, Tagging 3, Write 6, Permissions management 25. */
uint32_t vd_level_weight(uint8_t level);

/* Does a pattern of a Resource element match?  When variables leave it open, or the ARN is a pattern itself:
 * sure says no, else yes. */
bool vd_pattern_covers(vd_str pattern, bool variables, vd_str arn, bool sure);
bool vd_statement_covers(const vd_policy *p, const vd_statement *st, vd_str arn, bool sure);

/* ids as texts, and as the shortest list of patterns; both live in the arena.  False: no memory. */
bool vd_grant_texts(const vd_catalog *c, const uint64_t *bits, vd_texts_list *all, vd_texts_list *patterns, vd_arena *arena);

#endif
