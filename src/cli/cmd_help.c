/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict help [COMMAND|TOPIC|RULE]: a lint rule is explained like a command.  With --man it prints the option tables that tools/mkman puts into the man pages.
 */
#include "base/str.h"
#include "base/suggest.h"
#include "cli/commands.h"
#include "render/rule.h"

enum { MOST = 1024 };

static const struct {
    vd_str name;
    void (*print)(vd_buf *out, const vd_look *look);
} topics[] = {
    { VD_L("limits"), vd_help_limits },
    { VD_L("exit-codes"), vd_help_exit_codes },
};

/* NULL: said why. */
static vd_linter *usual_linter(vd_cli *cli)
{
    vd_linter     *linter = NULL;
    vd_error       err = { .size = sizeof err };
    vd_linter_opts opts = { .size = sizeof opts };
    vd_code        code = vd_linter_new(&linter, cli->engine, &opts, &err);

    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    return linter;
}

static void unknown(vd_cli *cli, const vd_linter *linter, const char *word)
{
    vd_str names[MOST];
    size_t count = 0, found;

    for (size_t i = 0; i < vd_command_count && count < MOST; i++)
        names[count++] = vd_str_of(vd_commands[i]->name);
    for (size_t i = 0; i < VD_COUNT(topics) && count < MOST; i++)
        names[count++] = topics[i].name;
    for (uint32_t i = 0; i < vd_linter_rules(linter) && count < MOST; i++)
        names[count++] = vd_str_of(vd_linter_rule(linter, i)->id);
    found = vd_suggest(vd_str_of(word), names, count);
    if (found < count)
        vd_cli_usage(cli, "no help on \"%s\"; did you mean \"" VD_F "\"?", word, VD_A(names[found]));
    else
        vd_cli_usage(cli, "no help on \"%s\"; there are the commands, the rules of lint, limits and exit-codes", word);
}

/* What is no command is a rule, or nothing. */
static vd_exit help_rule(vd_cli *cli, const char *word)
{
    vd_linter          *linter = usual_linter(cli);
    const vd_rule_info *rule = linter ? vd_linter_find(linter, vd_str_of(word)) : NULL;

    if (rule && vd_args_has(&cli->args, "markdown"))
        vd_render_rule_markdown(&cli->out, rule);
    else if (rule)
        vd_render_rule_text(&cli->out, &cli->look, rule);
    else if (linter)
        unknown(cli, linter, word);
    vd_linter_free(linter);
    return cli->worst;
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
    if (!command)
        return help_rule(cli, word);
    if (vd_args_has(&cli->args, "man"))
        vd_help_man(&cli->out, command);
    else
        vd_help_command(&cli->out, &cli->look, command);
    return VD_EXIT_YES;
}

static const vd_opt own[] = {
    { "man", 0, VD_OPT_FLAG, false, NULL, "the tables of a command's man page, for tools/mkman", NULL },
    { "markdown", 0, VD_OPT_FLAG, false, NULL, "the page of a rule, as docs/rules has it", NULL },
    { "examples", 0, VD_OPT_FLAG, false, NULL, "every example with its exit code, for tests", NULL },
};
static VD_OPTS(own_options, "output", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "all about one command", "verdict help version", 0 },
    { "a rule of lint", "verdict help public-principal", 0 },
    { "every bound on input", "verdict help limits", 0 },
};

const vd_command vd_command_help = {
    .name = "help",
    .summary = "explain a command, a topic or a lint rule",
    .words = "[COMMAND|RULE|limits|exit-codes]",
    .about = "Without a name it lists the commands.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 printed",
    .no_catalog = true,
    .run = run,
};
