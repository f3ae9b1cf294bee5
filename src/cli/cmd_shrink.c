/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict shrink: lists of actions to the fewest patterns that mean the same, proved by expanding them again.
 */
#include "base/str.h"
#include "cli/actions.h"
#include "cli/commands.h"

typedef struct gather {
    vd_texts      *out;
    vd_action_set *again; /* what the patterns expand to */
} gather;

static void take(void *user, vd_str text)
{
    gather *g = user;
    vd_str  kept;

    if (!vd_arena_dup(g->again->arena, &kept, text) ||
        !VD_ARENA_PUSH(g->again->arena, g->out->at, g->out->count, g->out->cap, kept)) {
        g->again->failed = true;
        return;
    }
    vd_action_set_add(g->again, kept);
}

static bool same(const vd_action_set *a, const vd_action_set *b)
{
    return memcmp(a->bits, b->bits, (vd_catalog_actions(a->catalog) / 64 + 1) * sizeof *a->bits) == 0;
}

/* Patterns that would add or lose an action are never given out. */
static bool rewrite(vd_texts *out, const vd_action_set *set, bool *better)
{
    vd_action_set again;
    gather        g = { out, &again };

    bool          ok;

    *better = false;
    vd_action_set_init(&again, set->catalog, set->arena, set->unknown.seed);
    if (!again.failed)
        vd_catalog_shrink(set->catalog, set->bits, take, &g);
    ok = !again.failed;
    if (ok && (again.unknown.strings.count || !same(&again, set))) {
        out->count = 0;
        ok = vd_action_set_list(out, set);
    } else if (ok) {
        ok = vd_action_set_list_unknown(out, set);
        *better = out->count < set->given;
    }
    vd_action_set_done(&again);
    return ok;
}

static vd_exit run(vd_cli *cli)
{
    return vd_run_on_actions(cli, rewrite, "patterns");
}

static const vd_opt own[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json", "how to print a list, =FILE to write it there", NULL },
};
static VD_OPTS(own_options, "output", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "back again", "verdict expand 's3:Get*' | verdict shrink -", 0 },
    { "in place in a policy", "verdict shrink policies/examples/team-data/dev.json", 0 },
};

const vd_command vd_command_shrink = {
    .name = "shrink",
    .summary = "lists of actions to the fewest patterns",
    .words = "ACTION...|FILE",
    .about = "The reverse of expand: the fewest patterns with a star at the end that match exactly the given actions and no "
             "other one of the catalogue, which is proved by expanding them again. FILE is a list, or a policy: then the "
             "policy is printed with shorter lists and all else as it was; - is standard input.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 shrunk, or already as short as can be",
    .run = run,
};
