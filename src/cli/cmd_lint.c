/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict lint: findings in policies, templates and plans.
 */
#include "base/file.h"
#include "base/str.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/lint_inputs.h"
#include "cli/walk.h"

#include <verdict/lint.h>

#include <stdio.h>

static const char *const severities[] = { "note", "suggestion", "warning", "security", "error" };

static void tell(vd_cli *cli, const vd_lint_finding *f)
{
    vd_pos at = f->range.at;

    vd_buf_printf(&cli->out, VD_F ":%u:%u: %s[%s]: " VD_F, VD_A(at.file), (unsigned)at.line, (unsigned)at.column,
                  severities[f->severity], f->rule->id, VD_A(f->message));
    if (f->hint.n)
        vd_buf_printf(&cli->out, "; " VD_F, VD_A(f->hint));
    if (f->more)
        vd_buf_printf(&cli->out, " (and %u more)", (unsigned)f->more);
    vd_buf_byte(&cli->out, '\n');
}

static void tell_all(vd_cli *cli, const vd_report *r)
{
    uint32_t told = 0;

    for (uint32_t i = 0; i < vd_report_findings(r); i++) {
        const vd_lint_finding *f = vd_report_finding(r, i);

        if (f->state == VD_STATE_NEW) {
            tell(cli, f);
            told++;
        }
    }
    if (vd_report_error(r) && told == 0)
        vd_cli_error(cli, VD_EXIT_USAGE, vd_report_error(r));
}

static void lint_file(vd_cli *cli, const vd_linter *linter, const char *path)
{
    vd_arena   arena = vd_arena_on(vd_allocator_default(), 0);
    vd_str     text;
    vd_error   err = { .size = sizeof err };
    vd_report *report = NULL;

    if (vd_read_text(cli, &arena, &text, path)) {
        vd_code code = vd_lint_file(&report, linter, vd_str_of(path), (vd_str){ 0 }, text, &err);

        if (code != VD_OK) {
            vd_cli_error(cli, vd_cli_exit_of(code), &err);
        } else {
            vd_lint_summary s;
            const vd_report *one = report;

            tell_all(cli, report);
            vd_lint_summarise(&s, &one, 1);
            vd_cli_worse(cli, (vd_exit)s.exit_code);
        }
    }
    vd_report_free(report);
    vd_arena_done(&arena);
}

static vd_exit run(vd_cli *cli)
{
    vd_lint_words words;
    vd_linter    *linter;
    vd_paths      paths;

    vd_paths_init(&paths);
    linter = vd_lint_words_linter(&words, cli);
    if (linter) {
        for (uint32_t i = 0; i < cli->args.word_count; i++)
            vd_walk(cli, &paths, cli->args.words[i], true);
        for (uint32_t i = 0; i < paths.count; i++)
            lint_file(cli, linter, paths.at[i]);
    }
    vd_linter_free(linter);
    vd_lint_words_done(&words);
    vd_paths_done(&paths);
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

static const vd_opts *const groups[] = { &what_options, &which_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "a policy", "verdict lint policies/examples/team-data/dev.json -v >&2; echo", 0 },
    { "one rule", "verdict lint --ignore group:document policies/examples/team-data >&2; echo", 0 },
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
