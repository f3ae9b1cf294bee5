/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict diff: what NEW allows that OLD did not.
 */
#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/prove.h"

static vd_exit run(vd_cli *cli)
{
    vd_compare_opts opts = { .added = true, .fail_on = vd_compare_threshold(cli) };

    if (vd_args_has(&cli->args, "reverse") && vd_args_has(&cli->args, "both")) {
        vd_cli_usage(cli, "--reverse shows what is lost, --both what is new as well: which is meant?");
        return VD_EXIT_USAGE;
    }
    opts.removed = vd_args_has(&cli->args, "reverse") || vd_args_has(&cli->args, "both");
    opts.added = !vd_args_has(&cli->args, "reverse");
    opts.together = vd_args_has(&cli->args, "union");
    opts.first = cli->quiet && opts.fail_on == VD_ACCESS_LOW && !vd_args_has(&cli->args, "format");
    return vd_compare(cli, &opts);
}

static const vd_opt own[] = {
    { "reverse", 0, VD_OPT_FLAG, false, NULL, "what OLD allowed and NEW does not", NULL },
    { "both", 0, VD_OPT_FLAG, false, NULL, "what is new and what is lost", NULL },
    { "union", 0, VD_OPT_FLAG, false, NULL, "all policies of a kind as those of one principal, not file by file", NULL },
    { "fail-on", 0, VD_OPT_CHOICE, false, "note|low|medium|high|none", "how dangerous it must be for exit code 1; default low", NULL },
    { "principal", 0, VD_OPT_TEXT, false, "ARN", "of this user or role; else of anybody", NULL },
};
static VD_OPTS(own_options, "which difference", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_prove_read, &vd_opts_prove_layers, &vd_opts_prove,
                                         &vd_opts_compare_output, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "what a policy would allow that another one does not",
      "verdict diff policies/examples/team-data/dev.json policies/examples/team-data/auditor.json", 1 },
    { "nothing is new", "verdict diff policies/people policies/people --both", 0 },
};

const vd_command vd_command_diff = {
    .name = "diff",
    .summary = "what NEW allows that OLD did not, with a witness for each",
    .words = "OLD NEW",
    .about = "Proves that nothing becomes possible, or says what does: by service, with the statement that grants it, why it was "
             "refused before, and a request that goes through now. Each side is a file, a folder, a template, a scenario "
             "file, a bundle, a snapshot, or REV:PATH of git. Policies of two folders are compared with their namesakes.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 nothing new, 1 something new",
    .run = run,
};
