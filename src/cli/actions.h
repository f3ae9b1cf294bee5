/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of actions, for expand and shrink: given as words, as a file of lines, as a JSON array, or as the Action and
 * NotAction elements of a policy, in which they are replaced and nothing else.
 */
#ifndef VERDICT_CLI_ACTIONS_H
#define VERDICT_CLI_ACTIONS_H

#include "base/map.h"
#include "cli/cli.h"

/* A set of actions of the catalogue, and what it does not know: kept as it was written, each once. */
typedef struct vd_action_set {
    const vd_catalog *catalog;
    vd_arena         *arena;
    uint64_t         *bits;
    uint32_t          given, wild; /* entries, and those of them with a wildcard */
    vd_intern         unknown;
    bool              failed; /* no memory */
} vd_action_set;

typedef struct vd_texts {
    vd_str  *at;
    uint32_t count, cap;
} vd_texts;

/* A new list out of a set; *better: worth to stand in place of the one that was written.  False: no memory. */
typedef bool vd_rewrite(vd_texts *out, const vd_action_set *set, bool *better);

void vd_action_set_init(vd_action_set *s, const vd_catalog *c, vd_arena *arena, uint64_t seed);
void vd_action_set_done(vd_action_set *s);
void vd_action_set_add(vd_action_set *s, vd_str text);
/* All its actions as text, then the unknown ones. */
bool vd_action_set_list(vd_texts *out, const vd_action_set *s);
bool vd_action_set_list_unknown(vd_texts *out, const vd_action_set *s);

/* The words of the command line through rewrite: a document is written to standard output with its lists replaced, all
 * else is one list, printed by --format. */
vd_exit vd_run_on_actions(vd_cli *cli, vd_rewrite *rewrite, const char *member);

#endif
