/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict equivalent: do both sides allow the same requests?
 */
#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/prove.h"

static vd_exit run(vd_cli *cli)
{
    vd_compare_opts opts = { .added = true, .removed = true, .first = true, .equivalent = true, .fail_on = VD_ACCESS_NOTE };

    opts.together = vd_args_has(&cli->args, "union");
    return vd_compare(cli, &opts);
}

static const vd_opt own[] = {
    { "union", 0, VD_OPT_FLAG, false, NULL, "all policies of a kind as those of one principal, not file by file", NULL },
    { "principal", 0, VD_OPT_TEXT, false, "ARN", "of this user or role; else of anybody", NULL },
};
static VD_OPTS(own_options, "which difference", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_prove_read, &vd_opts_prove_layers, &vd_opts_prove,
                                         &vd_opts_compare_output, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "the same, however it is written", "verdict equivalent policies/people/require-mfa.json policies/people/require-mfa.json", 0 },
    { "one request for each direction in which they differ",
      "verdict equivalent policies/examples/team-data/dev.json policies/examples/team-data/auditor.json", 1 },
};

const vd_command vd_command_equivalent = {
    .name = "equivalent",
    .summary = "do both allow the same requests?",
    .words = "A B",
    .about = "Prints equivalent, narrower (B allows less), broader, or incomparable, and a request for each direction in which "
             "they differ. Each side is what diff takes: a file, a folder, a template, a scenario file, a bundle, REV:PATH.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 equivalent, 1 not",
    .run = run,
};
