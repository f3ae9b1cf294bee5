/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict lint: findings in policies, templates and plans.
 */
#include "base/engine.h"
#include "base/str.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/walk.h"
#include "lint/lint.h"

#include <stdio.h>

static const char *const severities[] = { "note", "suggestion", "warning", "security", "error" };

static void tell(vd_cli *cli, const vd_finding *f)
{
    vd_pos at = f->at;

    vd_buf_printf(&cli->out, VD_F ":%u:%u: %s[%s]: " VD_F, VD_A(at.file), (unsigned)at.line, (unsigned)at.column,
                  severities[f->severity], f->rule->id, VD_A(f->message));
    if (f->hint.n)
        vd_buf_printf(&cli->out, "; " VD_F, VD_A(f->hint));
    if (f->more)
        vd_buf_printf(&cli->out, " (and %u more)", (unsigned)f->more);
    vd_buf_byte(&cli->out, '\n');
}

static bool is_selected(const vd_args *args, const vd_finding *f)
{
    const char *select = vd_args_text(args, "select");

    return !select || strcmp(select, f->rule->id) == 0;
}

/* By the name, until there is something better: x.scp.json. */
static vd_kind kind_of(vd_cli *cli, const char *path)
{
    const char *type = vd_args_text(&cli->args, "policy-type");

    if (type)
        return vd_kind_find(vd_str_first(vd_str_of(type), vd_str_find(vd_str_of(type), ':')));
    for (vd_kind k = 0; k < VD_KIND_COUNT; k++) {
        char hint[32];

        snprintf(hint, sizeof hint, ".%s.", vd_kind_name(k));
        if (vd_str_contains(vd_str_of(path), vd_str_of(hint)))
            return k;
    }
    return VD_KIND_IDENTITY;
}

static void lint_file(vd_cli *cli, vd_expansions *x, const vd_lint_config *config, const char *path)
{
    vd_arena        arena = vd_arena_on(vd_allocator_default(), 0);
    vd_source       source = { .name = vd_str_of(path) };
    vd_extraction   found = { 0 };
    vd_extract_opts opts = { .catalog = vd_catalog_builtin() };
    vd_error        err = { .size = sizeof err };

    if (!vd_read_text(cli, &arena, &source.text, path))
        return;
    if (vd_extract(&found, cli->engine, &source, &opts, NULL, &err) != VD_OK)
        vd_cli_error(cli, VD_EXIT_USAGE, &err);
    for (uint32_t i = 0; i < found.count; i++) {
        vd_lint  l = { .config = config, .catalog = vd_catalog_builtin(), .engine = cli->engine, .extracted = &found.at[i],
                       .doc = found.at[i].doc, .kind = kind_of(cli, path), .file = source.name, .expansions = x,
                       .arena = &arena };
        vd_lint *one = &l;

        if (vd_lint_run(&l, &err) != VD_OK) {
            vd_cli_error(cli, VD_EXIT_USAGE, &err);
            continue;
        }
        vd_lint_run_identity(&one, 1);
        vd_lint_finish(&l);
        for (uint32_t k = 0; k < l.finding_count; k++)
            if (is_selected(&cli->args, l.findings[k]))
                tell(cli, l.findings[k]);
        vd_policy_release((vd_policy *)(uintptr_t)l.policy);
    }
    vd_extraction_done(&found);
    vd_arena_done(&arena);
}

static vd_exit run(vd_cli *cli)
{
    vd_arena       arena = vd_arena_on(vd_allocator_default(), 0);
    vd_expansions *x = vd_expansions_new(vd_catalog_builtin(), vd_allocator_default());
    vd_lint_config config;
    vd_paths       paths;

    vd_paths_init(&paths);
    if (x && vd_lint_config_init(&config, &arena)) {
        for (uint32_t i = 0; i < cli->args.word_count; i++)
            vd_walk(cli, &paths, cli->args.words[i], true);
        for (uint32_t i = 0; i < paths.count; i++)
            lint_file(cli, x, &config, paths.at[i]);
    }
    vd_paths_done(&paths);
    vd_expansions_free(x);
    vd_arena_done(&arena);
    return cli->worst;
}

static const vd_opt own[] = {
    { "policy-type", 0, VD_OPT_TEXT, false, "TYPE",
      "what PATHs are: identity, managed, boundary, session, resource, trust, scp, rcp, endpoint", NULL },
    { "select", 0, VD_OPT_TEXT, true, "RULE", "only these rules", NULL },
};
static VD_OPTS(own_options, "lint", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "a policy", "verdict lint policies/examples/team-data/dev.json -v >&2; echo", 0 },
    { "one rule", "verdict lint --select missing-sid policies/examples/team-data >&2; echo", 0 },
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
    .exits = "0 nothing found",
    .run = run,
};
