/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict expand: action patterns to the actions they match.
 */
#include "cli/actions.h"
#include "cli/commands.h"

static bool rewrite(vd_texts *out, const vd_action_set *set, bool *better)
{
    *better = set->wild > 0;
    return vd_action_set_list(out, set);
}

static vd_exit run(vd_cli *cli)
{
    return vd_run_on_actions(cli, rewrite, "actions");
}

static const vd_opt own[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json", "how to print a list, =FILE to write it there", NULL },
};
static VD_OPTS(own_options, "output", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "the actions behind a wildcard", "verdict expand 's3:Get*Acl' sqs:Send*", 0 },
    { "in place in a policy", "verdict expand policies/examples/team-data/dev.json", 0 },
};

const vd_command vd_command_expand = {
    .name = "expand",
    .summary = "wildcard actions to lists",
    .words = "PATTERN...|FILE",
    .about = "Prints the actions that patterns match, one a line. FILE is a list of patterns (lines, or a JSON array), or a "
             "policy: then the policy is printed with its lists expanded and all else as it was; - is standard input. "
             "What the catalogue does not know stays as it is.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 expanded",
    .run = run,
};
