/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict lint: findings in policies, templates and plans.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/lint_inputs.h"
#include "cli/lint_outputs.h"
#include "cli/walk.h"

#include <verdict/lint.h>

/* A text that cannot be read was a finding, or is told on standard error. */
static void tell_error(vd_cli *cli, const vd_report *r)
{
    uint32_t told = 0;

    for (uint32_t i = 0; i < vd_report_findings(r); i++)
        told += vd_report_finding(r, i)->state == VD_STATE_NEW;
    if (vd_report_error(r) && told == 0)
        vd_cli_error(cli, VD_EXIT_USAGE, vd_report_error(r));
}

static void lint_file(vd_cli *cli, const vd_linter *linter, vd_lint_results *results, const char *path)
{
    vd_str     text;
    vd_error   err = { .size = sizeof err };
    vd_report *report = NULL;
    vd_code    code;

    if (!vd_read_text(cli, &results->arena, &text, path))
        return;
    code = vd_lint_file(&report, linter, vd_str_of(path), (vd_str){ 0 }, text, &err);
    if (code != VD_OK) {
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
        return;
    }
    tell_error(cli, report);
    if (!VD_ARENA_PUSH(&results->arena, results->at, results->count, results->cap, report)) {
        vd_report_free(report);
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    }
}

static void lint_all(vd_cli *cli, const vd_linter *linter, vd_outputs *outputs)
{
    vd_lint_results results;
    vd_paths        paths;

    vd_lint_results_init(&results);
    vd_paths_init(&paths);
    for (uint32_t i = 0; i < cli->args.word_count; i++)
        vd_walk(cli, &paths, cli->args.words[i], true);
    for (uint32_t i = 0; i < paths.count; i++)
        lint_file(cli, linter, &results, paths.at[i]);
    vd_lint_print(cli, outputs, linter, &results, 0);
    vd_paths_done(&paths);
    vd_lint_results_done(&results);
}

static vd_exit run(vd_cli *cli)
{
    vd_lint_words words;
    vd_outputs    outputs;
    vd_linter    *linter;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    linter = vd_lint_words_linter(&words, cli);
    if (linter && vd_args_has(&cli->args, "rules"))
        vd_lint_print_rules(cli, &outputs, linter);
    else if (linter)
        lint_all(cli, linter, &outputs);
    vd_linter_free(linter);
    vd_lint_words_done(&words);
    vd_outputs_close(&outputs);
    return cli->worst;
}

static const vd_opt which[] = {
    { "select", 0, VD_OPT_TEXT, true, "RULE,...", "only these: ids, group:NAME, codes of Access Analyzer", NULL },
    { "ignore", 0, VD_OPT_TEXT, true, "RULE,...", "all but these", NULL },
    { "rule", 0, VD_OPT_TEXT, true, "RULE=SEVERITY", "off, default, suggestion, warning, security, error", NULL },
    { "preset", 0, VD_OPT_CHOICE, false, "minimal|recommended|strict|access-analyzer", "which rules count", NULL },
    { "min-severity", 0, VD_OPT_CHOICE, false, "suggestion|warning|security|error", "what is shown", NULL },
    { "fail-on", 0, VD_OPT_CHOICE, false, "suggestion|warning|security|error|none", "what makes exit code 1; default security",
      NULL },
    { "strict", 0, VD_OPT_FLAG, false, NULL, "show findings of low confidence too", NULL },
};
static VD_OPTS(which_options, "which findings", which);

static const vd_opt what[] = {
    { "policy-type", 0, VD_OPT_TEXT, false, "TYPE",
      "what PATHs are: identity, boundary, session, resource[:kind], trust, scp, rcp, endpoint", NULL },
    { "config", 0, VD_OPT_FILE, false, "FILE", "in place of the .verdict.yaml that are found", "VERDICT_CONFIG" },
    { "no-config", 0, VD_OPT_FLAG, false, NULL, "no .verdict.yaml at all", NULL },
    { "account", 0, VD_OPT_TEXT, false, "ID", "the account that the policies are deployed to", NULL },
    { "now", 0, VD_OPT_TEXT, false, "TIME", "for rules about dates, RFC 3339; default the clock", NULL },
};
static VD_OPTS(what_options, "what is read", what);

static const vd_opts *const groups[] = { &what_options, &which_options, &vd_opts_lint_output, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "policies, templates and plans below a folder", "verdict lint policies/examples --fail-on error", 0 },
    { "for GitHub's code scanning, and for people", "verdict lint policies --fail-on none --format sarif=/dev/null --format text",
      0 },
    { "what it looks for", "verdict lint --rules", 0 },
};

const vd_command vd_command_lint = {
    .name = "lint",
    .summary = "findings in policies, templates and plans",
    .words = "[PATH...]",
    .about = "Reads policies and says what is wrong with them.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 nothing at or over --fail-on, 1 at least one such finding",
    .run = run,
};
