/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict help [COMMAND|TOPIC].  With --man it prints the option tables that tools/mkman puts into the man pages.
 */
#include "base/str.h"
#include "base/suggest.h"
#include "cli/commands.h"

enum { MOST = 64 };

static const struct {
    vd_str name;
    void (*print)(vd_buf *out, const vd_look *look);
} topics[] = {
    { VD_L("limits"), vd_help_limits },
    { VD_L("exit-codes"), vd_help_exit_codes },
};

static void unknown(vd_cli *cli, const char *word)
{
    vd_str names[MOST];
    size_t count = 0, found;

    for (size_t i = 0; i < vd_command_count && count < MOST; i++)
        names[count++] = vd_str_of(vd_commands[i]->name);
    for (size_t i = 0; i < VD_COUNT(topics) && count < MOST; i++)
        names[count++] = topics[i].name;
    found = vd_suggest(vd_str_of(word), names, count);
    if (found < count)
        vd_cli_usage(cli, "no help on \"%s\"; did you mean \"" VD_F "\"?", word, VD_A(names[found]));
    else
        vd_cli_usage(cli, "no help on \"%s\"; there are the commands, limits and exit-codes", word);
}

static vd_exit run(vd_cli *cli)
{
    const char       *word = cli->args.word_count ? cli->args.words[0] : NULL;
    const vd_command *command = word ? vd_command_find(vd_str_of(word)) : NULL;

    if (cli->args.word_count > 1) {
        vd_cli_usage(cli, "help takes one name, found \"%s\" behind it", cli->args.words[1]);
        return VD_EXIT_USAGE;
    }
    if (vd_args_has(&cli->args, "examples")) {
        for (size_t i = 0; i < vd_command_count; i++)
            for (size_t j = 0; j < vd_commands[i]->example_count; j++)
                vd_buf_printf(&cli->out, "%s\t%d\t%s\n", vd_commands[i]->name, vd_commands[i]->examples[j].exit,
                              vd_commands[i]->examples[j].command);
        return VD_EXIT_YES;
    }
    if (!word && vd_args_has(&cli->args, "man")) {
        vd_help_man_commands(&cli->out);
        return VD_EXIT_YES;
    }
    if (!word) {
        vd_help_main(&cli->out, &cli->look);
        return VD_EXIT_YES;
    }
    for (size_t i = 0; i < VD_COUNT(topics); i++)
        if (vd_str_eq(topics[i].name, vd_str_of(word))) {
            topics[i].print(&cli->out, &cli->look);
            return VD_EXIT_YES;
        }
    if (!command) {
        unknown(cli, word);
        return VD_EXIT_USAGE;
    }
    if (vd_args_has(&cli->args, "man"))
        vd_help_man(&cli->out, command);
    else
        vd_help_command(&cli->out, &cli->look, command);
    return VD_EXIT_YES;
}

static const vd_opt own[] = {
    { "man", 0, VD_OPT_FLAG, false, NULL, "the tables of a command's man page, for tools/mkman", NULL },
    { "examples", 0, VD_OPT_FLAG, false, NULL, "every example with its exit code, for tests", NULL },
};
static VD_OPTS(own_options, "output", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "all about one command", "verdict help version", 0 },
    { "every bound on input", "verdict help limits", 0 },
};

const vd_command vd_command_help = {
    .name = "help",
    .summary = "explain a command or a topic",
    .words = "[COMMAND|limits|exit-codes]",
    .about = "Without a name it lists the commands.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 printed",
    .no_catalog = true,
    .run = run,
};
