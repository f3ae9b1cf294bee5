/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict completion bash|zsh|fish
 */
#include "base/str.h"
#include "base/suggest.h"
#include "cli/commands.h"

static const struct {
    vd_str name;
    void (*print)(vd_buf *out);
} shells[] = {
    { VD_L("bash"), vd_complete_bash },
    { VD_L("zsh"), vd_complete_zsh },
    { VD_L("fish"), vd_complete_fish },
};

static vd_exit run(vd_cli *cli)
{
    if (cli->args.word_count != 1) {
        vd_cli_usage(cli, "completion needs the name of one shell: bash, zsh or fish");
        return VD_EXIT_USAGE;
    }
    for (size_t i = 0; i < VD_COUNT(shells); i++)
        if (vd_str_eq(shells[i].name, vd_str_of(cli->args.words[0]))) {
            shells[i].print(&cli->out);
            return VD_EXIT_YES;
        }
    vd_cli_usage(cli, "no completions for the shell \"%s\"; there are bash, zsh and fish", cli->args.words[0]);
    return VD_EXIT_USAGE;
}

static const vd_opts *const groups[] = { &vd_opts_everywhere };

static const vd_example examples[] = {
    { "for this session of bash: source <(verdict completion bash)", "verdict completion bash", 0 },
    { "for every session of fish: put it in ~/.config/fish/completions/verdict.fish", "verdict completion fish", 0 },
};

const vd_command vd_command_completion = {
    .name = "completion",
    .summary = "print completions for a shell",
    .words = "bash|zsh|fish",
    .about = "Prints a script that teaches the shell the commands, options and values of this version of verdict.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 printed",
    .no_catalog = true,
    .run = run,
};
