/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict version
 */
#include "cli/commands.h"

static vd_exit run(vd_cli *cli)
{
    if (cli->args.word_count) {
        vd_cli_usage(cli, "version takes no argument, found \"%s\"", cli->args.words[0]);
        return VD_EXIT_USAGE;
    }
    vd_buf_printf(&cli->out, "verdict %s\n", vd_version());
    return VD_EXIT_YES;
}

static const vd_opts *const groups[] = { &vd_opts_everywhere };

static const vd_example examples[] = {
    { "which version is this", "verdict version", 0 },
    { "the same, as other programs spell it", "verdict --version", 0 },
};

const vd_command vd_command_version = {
    .name = "version",
    .summary = "print the version",
    .words = "",
    .about = "Prints the version of the command and of the library in it.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 always",
    .no_catalog = true,
    .run = run,
};
