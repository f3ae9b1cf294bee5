/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the group "redundancy" share: the rows by name, and which statements may cover which.
 */
#ifndef VERDICT_LINT_RULES_REDUNDANCY_H
#define VERDICT_LINT_RULES_REDUNDANCY_H

#include "lint/cover.h"

enum {
    DUPLICATE_STATEMENT,
    COVERED_STATEMENT,
    COVERED_ACTIONS,
    ALLOW_FULLY_DENIED,
    ALLOW_PARTLY_DENIED,
    STATEMENT_GRANTS_NOTHING,
    DENY_DOES_NOTHING,
    POLICY_ALLOWS_NOTHING,
    MERGEABLE_STATEMENTS,
    CONTRADICTING_NOT,
    WILDCARD_MAKES_LIST_MOOT,
    DEAD_ENTRY,
    IDLE_CONDITION,
    IDLE_DENY,
    REDUNDANCY_RULES
};

extern const vd_lint_rule vd_redundancy_rules[REDUNDANCY_RULES];

/* Statements that may cover another: by beginnings of actions and resources.  redundancy_index.c */
typedef struct vd_cover_index vd_cover_index;
vd_cover_index *vd_cover_index_new(vd_lint *l); /* NULL: no memory */
/* Calls for each statement but s itself that may cover some action of s. */
void vd_cover_index_each(vd_cover_index *x, const vd_view_statement *s, void (*one)(void *user, const vd_view_statement *t),
                         void *user);

/* redundancy_cover.c; dead: by index, those that are not asked about; what turns out to be denied is marked.  gone: those
 * that do not cover, either; NULL: none */
void vd_redundancy_look_at_cover(vd_lint *l, bool *dead, const bool *gone);
/* redundancy_proof.c: in place of it, with --semantic */
void vd_redundancy_prove(vd_lint *l);
/* redundancy_nothing.c */
void vd_redundancy_look_at_nothing(vd_lint *l, bool *dead);
void vd_redundancy_look_at_policy(vd_lint *l);
/* redundancy_merge.c */
void vd_redundancy_look_at_merges(vd_lint *l);

#endif
