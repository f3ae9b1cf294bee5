/* SPDX-License-Identifier: Apache-2.0
 *
 * A run of the linter, whichever command asks for it.
 */
#include "cli/lint_run.h"

#include "base/str.h"
#include "cli/lint_batch.h"
#include "lint/linter.h"

/* Of the first PATH: where the words of the command line do not say otherwise, what the configurations come to. */
static const vd_linter *first_linter(vd_cli *cli, vd_lint_configs *configs)
{
    const char           *path = cli->args.word_count ? cli->args.words[0] : ".";
    const vd_lint_folder *f;
    vd_buf                inside = vd_buf_on(vd_allocator_default(), 0);

    if (strcmp(path, "-") != 0 && vd_is_directory(path)) {
        vd_buf_printf(&inside, "%s/x", path);
        vd_buf_byte(&inside, 0);
        path = inside.failed ? path : inside.p;
    }
    f = vd_lint_configs_of(configs, path);
    vd_buf_done(&inside);
    return f ? f->linter : NULL;
}

static void lint_all(vd_cli *cli, vd_lint_configs *configs, const vd_linter *linter, vd_outputs *outputs)
{
    vd_lint_batch batch;

    if (vd_lint_batch_run(&batch, cli, configs) && !vd_args_has(&cli->args, "dry-run"))
        vd_lint_print(cli, outputs, linter, &batch.results, batch.fixed);
    vd_lint_batch_done(&batch);
}

static void check(vd_cli *cli, const vd_linter *linter)
{
    vd_error err = { .size = sizeof err };

    if (vd_linter_check(linter, &err) != VD_OK)
        vd_cli_error(cli, VD_EXIT_USAGE, &err);
}

static void do_it(vd_cli *cli, vd_lint_configs *configs, vd_outputs *outputs)
{
    const vd_linter *linter = first_linter(cli, configs);

    if (!linter)
        return; /* which was said */
    if (vd_args_has(&cli->args, "rules"))
        vd_lint_print_rules(cli, outputs, linter);
    else if (vd_args_has(&cli->args, "print-config"))
        vd_lint_config_print(&cli->out, &linter->config);
    else if (vd_args_has(&cli->args, "check-config"))
        check(cli, linter);
    else
        lint_all(cli, configs, linter, outputs);
}

/* Words that would do nothing. */
static bool fit(vd_cli *cli, const vd_lint_words *words)
{
    if (words->opts.semantic || (words->opts.budget == 0 && words->opts.budget_total == 0))
        return true;
    vd_cli_usage(cli, "--%s is of proofs: it needs --semantic", words->opts.budget ? "budget" : "budget-total");
    return false;
}

/* A fixed text of standard input goes to standard output, and nothing else does. */
static bool fixes_a_stream(const vd_cli *cli)
{
    bool stream = false;

    for (size_t i = 0; i < cli->args.word_count; i++)
        stream |= strcmp(cli->args.words[i], "-") == 0;
    return stream && !vd_args_has(&cli->args, "dry-run") &&
           (vd_args_has(&cli->args, "fix") || vd_args_has(&cli->args, "unsafe-fixes") || vd_args_has(&cli->args, "fix-only"));
}

vd_exit vd_lint_run_command(vd_cli *cli, void (*adjust)(vd_lint_words *words))
{
    vd_lint_words   words;
    vd_lint_configs configs;
    vd_outputs      outputs;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    outputs.aside = fixes_a_stream(cli);
    vd_lint_configs_init(&configs, &words);
    if (vd_lint_words_read(&words, cli)) {
        if (adjust)
            adjust(&words);
        if (fit(cli, &words))
            do_it(cli, &configs, &outputs);
    }
    vd_lint_configs_done(&configs);
    vd_lint_words_done(&words);
    vd_outputs_close(&outputs);
    return cli->worst;
}
