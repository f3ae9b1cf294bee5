/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict explain: the same question answered slowly, with every layer, every statement that mattered, and what would
 * change the answer.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/outputs.h"
#include "cli/snapshot.h"

static vd_exit fail(vd_inputs *in, vd_outputs *outputs, const vd_error *err)
{
    vd_exit code = vd_cli_exit_of(err->code);

    for (size_t i = 0; in->many && i < outputs->count; i++)
        if (vd_output_is(outputs, i, "json") && vd_render_error_json(vd_output_buf(outputs, i), err) != VD_OK)
            vd_cli_errorf(in->cli, VD_EXIT_NO_ANSWER, "out of memory");
    code = code == VD_EXIT_YES ? VD_EXIT_USAGE : code;
    vd_cli_error(in->cli, code, err);
    return code;
}

static void render(vd_inputs *in, vd_outputs *outputs, const vd_story *story)
{
    for (size_t i = 0; i < outputs->count; i++) {
        vd_buf *out = vd_output_buf(outputs, i);

        if (out->n && !vd_output_is(outputs, i, "json"))
            vd_buf_byte(out, '\n');
        if (vd_output_is(outputs, i, "markdown"))
            vd_render_story_markdown(out, story);
        else if (vd_output_is(outputs, i, "text"))
            vd_render_story_text(out, outputs->at[i].path ? &(vd_look){ .width = 100 } : &in->cli->look, story);
        else if (vd_render_story_json(out, story, !in->many) != VD_OK)
            vd_cli_errorf(in->cli, VD_EXIT_NO_ANSWER, "out of memory");
    }
}

static vd_exit tell(vd_inputs *in, vd_outputs *outputs)
{
    vd_error        err = { .size = sizeof err };
    vd_explanation *x = NULL;
    vd_decided      d = { .decision = { .size = sizeof d.decision } };
    vd_story        story = { .verbose = in->cli->verbose, .texts = vd_cli_texts(in->cli) };
    vd_exit         code = VD_EXIT_NO;

    vd_request_flag(in->request, VD_WANT_MISSING_KEYS, true);
    if (vd_explain(&x, in->set, in->request, NULL, &err) != VD_OK)
        return fail(in, outputs, &err);
    story.explained = vd_explanation_get(x);
    if (story.explained->code != VD_OK) {
        vd_fail(&err, story.explained->code, VD_F, VD_A(story.explained->error));
        err.at = story.explained->error_at;
        code = fail(in, outputs, &err);
    } else {
        d.decision = story.explained->decision;
        vd_inputs_answer(in, &d);
        story.answer = d.answer;
        if (in->many)
            story.title = in->name;
        if (vd_inputs_asks_time(in))
            story.now = vd_str_of(in->now);
        render(in, outputs, &story);
        code = d.decision.outcome == VD_ALLOW ? VD_EXIT_YES : VD_EXIT_NO;
    }
    vd_explanation_free(x);
    return code;
}

static vd_exit run(vd_cli *cli)
{
    vd_inputs  in = { 0 };
    vd_outputs outputs;
    vd_exit    code = VD_EXIT_YES;
    vd_next    next;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    if (!vd_inputs_open(&in, cli)) {
        vd_cli_worse(cli, cli->worst == VD_EXIT_YES ? VD_EXIT_USAGE : cli->worst);
        vd_inputs_close(&in);
        return cli->worst;
    }
    while (!cli->closed && (next = vd_inputs_next(&in)) != VD_NEXT_END)
        code = vd_exit_worse(code, next == VD_NEXT_BAD ? fail(&in, &outputs, &in.error) : tell(&in, &outputs));
    vd_outputs_close(&outputs);
    vd_inputs_close(&in);
    return code;
}

static const vd_opt own[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|markdown", "how to print the explanation", NULL },
};
static VD_OPTS(own_options, "output", own);

static const vd_opts *const groups[] = { &vd_opts_documents, &vd_opts_snapshot, &vd_opts_wholes, &vd_opts_request, &own_options,
                                       &vd_opts_everywhere };

static const vd_example examples[] = {
    { "why may alice not write there, and what would change it?",
      "verdict explain --identity policies/examples/team-data/dev.json "
      "--principal arn:aws:iam::111122223333:user/alice --action s3:PutObject "
      "--resource arn:aws:s3:::team-data/alice/report.csv --resource-account 111122223333",
      1 },
    { "a saved question, for a ticket", "verdict explain --scenario policies/examples/team-data/question.json --format markdown",
      1 },
};

const vd_command vd_command_explain = {
    .name = "explain",
    .summary = "why: every layer, every statement that mattered, what would change it",
    .words = "",
    .about = "Answers like eval and tells why: AWS's own words, each layer in the order of evaluation, the statement that "
             "decided or the one that came closest with the element that did not match, and the smallest changes that "
             "would allow the request, each one tried. With --verbose every statement is told.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 allowed, 1 denied",
    .run = run,
};
