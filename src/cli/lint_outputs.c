/* SPDX-License-Identifier: Apache-2.0
 *
 * From reports to streams and files.
 */
#include "cli/lint_outputs.h"

#include "base/str.h"
#include "render/lint.h"
#include "render/rule.h"

#include <stdio.h>
#include <stdlib.h>

static const vd_opt rows[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|jsonl|sarif|github|junit|markdown|access-analyzer",
      "how to print findings", NULL },
    { "show-suppressed", 0, VD_OPT_FLAG, false, NULL, "known and suppressed findings, too; SARIF has the latter anyway", NULL },
    { "summary", 0, VD_OPT_CHOICE, false, "auto|always|never",
      "append Markdown to $GITHUB_STEP_SUMMARY; auto: when there is something to say", NULL },
    { "sarif-max", 0, VD_OPT_NUMBER, false, "N", "at most N results, the worst first", NULL },
    { "category", 0, VD_OPT_TEXT, false, "NAME", "of the SARIF run, when several are uploaded", NULL },
    { "comment-tag", 0, VD_OPT_TEXT, false, "TAG", "of the marker in Markdown, by which a bot finds its comment", NULL },
    { "url-template", 0, VD_OPT_TEXT, false, "URL", "link places in Markdown: https://.../{file}#L{line}", NULL },
    { "all", 0, VD_OPT_FLAG, false, NULL, "access-analyzer: findings that it has no code for, too", NULL },
    { "rules", 0, VD_OPT_FLAG, false, NULL, "list all rules; with --quiet their names", NULL },
};
VD_OPTS(vd_opts_lint_output, "output", rows);

void vd_lint_results_init(vd_lint_results *r)
{
    *r = (vd_lint_results){ .arena = vd_arena_on(vd_allocator_default(), 0) };
}

void vd_lint_results_done(vd_lint_results *r)
{
    for (uint32_t i = 0; i < r->count; i++)
        vd_report_free((vd_report *)(uintptr_t)r->at[i]);
    vd_arena_done(&r->arena);
}

static vd_str word_of(const vd_cli *cli, const char *name)
{
    const char *text = vd_args_text(&cli->args, name);

    return vd_str_of(text ? text : "");
}

static const vd_look *look_of(const vd_cli *cli, const vd_output *to)
{
    static const vd_look plain = { .colour = false, .width = 100 };

    return to->path ? &plain : &cli->look;
}

/* Other steps of the job write to the same file, so ours is added behind theirs. */
static void append(vd_cli *cli, const char *path, vd_str text)
{
    FILE *f = fopen(path, "ab");
    bool  ok = f && fwrite(text.p, 1, text.n, f) == text.n;

    if (!f || fclose(f) != 0 || !ok)
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "cannot write the step summary to \"%s\"", path);
}

static void print_summary(vd_cli *cli, const vd_lint_job *job)
{
    const char            *when = vd_args_text(&cli->args, "summary"), *path = getenv("GITHUB_STEP_SUMMARY");
    const vd_lint_summary *s = job->summary;
    uint32_t               found = s->errors;
    vd_buf                 text = vd_buf_on(vd_allocator_default(), 0);

    for (int i = VD_SUGGESTION; i <= VD_ERROR; i++)
        found += s->by_severity[i];
    if (!when || strcmp(when, "never") == 0 || !path || !*path || (strcmp(when, "auto") == 0 && found == 0))
        return;
    if (vd_render_lint_markdown(&text, &cli->look, job) == VD_OK)
        append(cli, path, vd_buf_str(&text));
    else
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_done(&text);
}

void vd_lint_print(vd_cli *cli, vd_outputs *outputs, const vd_linter *linter, const vd_lint_results *results,
                   uint32_t fixed)
{
    vd_lint_summary summary;
    vd_lint_job     job = {
        .linter = linter,
        .reports = results->at,
        .count = results->count,
        .summary = &summary,
        .quiet = cli->quiet,
        .verbose = cli->verbose,
        .show_suppressed = vd_args_has(&cli->args, "show-suppressed"),
        .has_baseline = vd_args_has(&cli->args, "baseline"),
        .all = vd_args_has(&cli->args, "all"),
        .sarif_max = vd_args_number(&cli->args, "sarif-max", 0),
        .category = word_of(cli, "category"),
        .comment_tag = word_of(cli, "comment-tag"),
        .url_template = word_of(cli, "url-template"),
    };

    vd_lint_summarise(&summary, results->at, results->count);
    summary.fixed = fixed;
    if (summary.undecided)
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "no answer about %u %s within the budget: more with --budget, --budget-total",
                      (unsigned)summary.undecided, summary.undecided == 1 ? "statement" : "statements");
    summary.exit_code = (int32_t)vd_exit_worse((vd_exit)summary.exit_code, cli->worst);
    for (size_t i = 0; i < outputs->count; i++) {
        const vd_lint_format *format = vd_lint_format_find(outputs->at[i].format);

        if (format->render(vd_output_buf(outputs, i), look_of(cli, &outputs->at[i]), &job) != VD_OK)
            vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    }
    print_summary(cli, &job);
    vd_cli_worse(cli, (vd_exit)summary.exit_code);
}

void vd_lint_print_rules(vd_cli *cli, vd_outputs *outputs, const vd_linter *linter)
{
    for (size_t i = 0; i < outputs->count; i++) {
        vd_buf *out = vd_output_buf(outputs, i);

        if (vd_output_is(outputs, i, "json")) {
            if (vd_render_rules_json(out, linter) != VD_OK)
                vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
        } else if (vd_output_is(outputs, i, "markdown")) {
            vd_render_rules_markdown(out, linter);
        } else if (!vd_output_is(outputs, i, "text")) {
            vd_cli_usage(cli, "--rules is printed as text, json or markdown");
        } else if (cli->quiet) {
            for (uint32_t k = 0; k < vd_linter_rules(linter); k++)
                vd_buf_printf(out, "%s\n", vd_linter_rule(linter, k)->id);
        } else {
            vd_render_rules_text(out, look_of(cli, &outputs->at[i]), linter);
        }
    }
}
