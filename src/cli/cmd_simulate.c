/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict simulate: reads and writes the JSON of `aws iam simulate-custom-policy`.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/inputs.h"

static bool collect(void *user, vd_str text)
{
    vd_cli *cli = user;

    vd_buf_add(&cli->out, text);
    return !cli->out.failed;
}

/* As the AWS command takes it: a name, "file://name", "-", or the JSON itself. */
static bool read_input(vd_cli *cli, vd_arena *arena, const char *given, vd_str *name, vd_str *text)
{
    if (vd_str_starts(vd_str_trim(vd_str_of(given)), VD_S("{"))) {
        *name = VD_S("--cli-input-json");
        *text = vd_str_of(given);
        vd_cli_remember(cli, *name, *text);
        return true;
    }
    if (vd_str_starts(vd_str_of(given), VD_S("file://")))
        given += strlen("file://");
    *name = vd_str_of(given);
    return vd_read_text(cli, arena, text, given);
}

static vd_exit run(vd_cli *cli)
{
    const char      *given = vd_args_text(&cli->args, "cli-input-json"), *now = vd_args_text(&cli->args, "now");
    vd_simulate_opts opts = { .size = sizeof opts, .now = vd_str_of(now) };
    vd_error         err = { .size = sizeof err };
    vd_arena         arena = vd_arena_on(vd_allocator_default(), 0);
    vd_str           name, text;
    vd_exit          code = VD_EXIT_YES;
    vd_code          done;

    if (!given || cli->args.word_count) {
        vd_cli_usage(cli, "simulate needs --cli-input-json FILE and nothing else");
        return VD_EXIT_USAGE;
    }
    if (!read_input(cli, &arena, given, &name, &text)) {
        vd_arena_done(&arena);
        return cli->worst;
    }
    done = vd_simulate(cli->engine, name, text, &opts, collect, cli, &err);
    if (done != VD_OK) {
        cli->out.n = 0; /* half an answer is none */
        code = vd_cli_exit_of(done);
        vd_cli_error(cli, code, &err);
    }
    vd_arena_done(&arena);
    return code;
}

static const vd_opt own[] = {
    { "cli-input-json", 0, VD_OPT_TEXT, false, "FILE", "the input: a file, file://FILE, - or the JSON itself", NULL },
    { "now", 0, VD_OPT_TEXT, false, "TIME", "aws:CurrentTime, RFC 3339, unless ContextEntries has it", NULL },
};
static VD_OPTS(own_options, "input", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "what the AWS command would print, without AWS",
      "verdict simulate --cli-input-json file://policies/examples/simulate/input.json", 0 },
    { "only the decisions", "verdict simulate --cli-input-json policies/examples/simulate/input.json | grep EvalDecision", 0 },
};

const vd_command vd_command_simulate = {
    .name = "simulate",
    .summary = "reads and writes the JSON of `aws iam simulate-custom-policy`",
    .words = "",
    .about = "Takes PolicyInputList, PermissionsBoundaryPolicyInputList, ActionNames, ResourceArns, ResourcePolicy, "
             "ResourceOwner, CallerArn, ContextEntries and ResourceHandlingOption as the AWS command does, and prints its "
             "response, so that scripts written against AWS run unchanged.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 answered, whatever the decisions",
    .run = run,
};
