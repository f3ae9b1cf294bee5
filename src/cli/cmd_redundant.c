/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict redundant: what policies could do without.  A run of the linter with the rules that say so, and with proofs.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/lint_outputs.h"
#include "cli/lint_run.h"

static const vd_str rules[] = {
    VD_L("duplicate-statement"),       VD_L("covered-statement"),       VD_L("covered-actions"),
    VD_L("allow-fully-denied"),        VD_L("allow-partly-denied"),     VD_L("statement-grants-nothing"),
    VD_L("deny-does-nothing"),         VD_L("contradicting-not"),       VD_L("wildcard-makes-list-moot"),
    VD_L("dead-entry"),                VD_L("idle-condition"),          VD_L("idle-deny"),
    VD_L("redundant-action"),          VD_L("redundant-resource"),      VD_L("redundant-principal"),
    VD_L("redundant-condition-value"), VD_L("redundant-numeric-value"), VD_L("condition-always-true"),
    VD_L("condition-never-true"),
};

static void adjust(vd_lint_words *words)
{
    words->opts.semantic = true;
    if (words->opts.select_count == 0) {
        words->opts.select = rules;
        words->opts.select_count = VD_COUNT(rules);
    }
    if (words->opts.fail_on == 0)
        words->opts.fail_on = VD_SUGGESTION;
}

static vd_exit run(vd_cli *cli)
{
    return vd_lint_run_command(cli, adjust);
}

static const vd_opts *const groups[] = { &vd_opts_lint_read,  &vd_opts_lint_which,  &vd_opts_lint_known,
                                         &vd_opts_lint_fix,   &vd_opts_lint_output, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "dead, shadowed and subsumed statements, and entries of lists", "verdict redundant policies/examples --fail-on none", 0 },
    { "for programs", "verdict redundant policies --format json --fail-on none", 0 },
};

const vd_command vd_command_redundant = {
    .name = "redundant",
    .summary = "what policies could do without",
    .words = "[PATH...]",
    .about = "Proves which statements, entries and conditions change no decision.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 nothing is redundant, 1 something is",
    .run = run,
};
