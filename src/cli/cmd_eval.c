/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict eval: allow or deny, one line for each question.
 */
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/outputs.h"
#include "cli/snapshot.h"

static vd_exit bad(vd_inputs *in, vd_outputs *outputs, vd_code code)
{
    vd_cli *cli = in->cli;

    for (size_t i = 0; i < outputs->count; i++)
        if (in->many && !vd_output_is(outputs, i, "text") &&
            vd_render_error_json(vd_output_buf(outputs, i), &in->error) != VD_OK)
            vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    if (vd_cli_exit_of(code) == VD_EXIT_NO_ANSWER) {
        vd_cli_error(cli, VD_EXIT_NO_ANSWER, &in->error);
        return VD_EXIT_NO_ANSWER;
    }
    vd_cli_error(cli, VD_EXIT_USAGE, &in->error);
    return VD_EXIT_USAGE;
}

static vd_exit answer(vd_inputs *in, vd_outputs *outputs)
{
    vd_decided d;
    vd_code    code = vd_inputs_decide(in, &d);

    if (code != VD_OK)
        return bad(in, outputs, code);
    if (vd_inputs_asks_time(in))
        vd_cli_notef(in->cli, "aws:CurrentTime was taken from the clock: %s", in->now);
    for (size_t i = 0; i < outputs->count; i++) {
        vd_buf *out = vd_output_buf(outputs, i);

        if (vd_output_is(outputs, i, "text"))
            vd_render_decision_text(out, outputs->at[i].path ? &(vd_look){ .width = 100 } : &in->cli->look, &d.answer);
        else if (vd_render_decision_json(out, &d.answer, vd_output_is(outputs, i, "json") && !in->many) != VD_OK)
            vd_cli_errorf(in->cli, VD_EXIT_NO_ANSWER, "out of memory");
    }
    return d.decision.outcome == VD_ALLOW ? VD_EXIT_YES : VD_EXIT_NO;
}

static vd_exit run(vd_cli *cli)
{
    vd_inputs  in = { 0 };
    vd_outputs outputs;
    vd_exit    code = VD_EXIT_YES;
    vd_next    next;

    if (!vd_outputs_open(&outputs, cli, vd_args_has(&cli->args, "requests") ? "jsonl" : "text"))
        return VD_EXIT_USAGE;
    if (!vd_inputs_open(&in, cli)) {
        vd_cli_worse(cli, cli->worst == VD_EXIT_YES ? VD_EXIT_USAGE : cli->worst);
        vd_inputs_close(&in);
        return cli->worst;
    }
    while (!cli->closed && (next = vd_inputs_next(&in)) != VD_NEXT_END)
        code = vd_exit_worse(code, next == VD_NEXT_BAD ? bad(&in, &outputs, VD_ESYNTAX) : answer(&in, &outputs));
    vd_outputs_close(&outputs);
    vd_inputs_close(&in);
    return code;
}

static const vd_opt own[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|jsonl", "how to print the decision", NULL },
};
static VD_OPTS(own_options, "output", own);

static const vd_opts *const groups[] = { &vd_opts_documents, &vd_opts_snapshot, &vd_opts_wholes, &vd_opts_request, &own_options,
                                       &vd_opts_everywhere };

static const vd_example examples[] = {
    { "may alice read this object?",
      "verdict eval --identity policies/examples/team-data/dev.json "
      "--principal arn:aws:iam::111122223333:user/alice --action s3:GetObject "
      "--resource arn:aws:s3:::team-data/alice/report.csv --resource-account 111122223333",
      0 },
    { "many questions, answers one a line",
      "verdict eval --identity policies/examples/team-data/dev.json --requests policies/examples/team-data/requests.jsonl", 1 },
};

const vd_command vd_command_eval = {
    .name = "eval",
    .summary = "allow or deny, one line",
    .words = "",
    .about = "Decides one request, or many, by the policies given: explicit deny, allow, or implicit deny, with the "
             "statement that decided and AWS's words for it. A policy kind that is not given is taken as not there.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 allowed, 1 denied",
    .run = run,
};
