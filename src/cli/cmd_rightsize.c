/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict rightsize: the smallest policy that still covers what was used, proved.
 */
#include "base/str.h"
#include "cli/activity.h"
#include "cli/commands.h"
#include "cli/outputs.h"
#include "cli/rightsize.h"
#include "cli/rightsize_change.h"
#include "cli/snapshot.h"
#include "render/rightsize.h"

typedef struct sizing {
    vd_cli             *cli;
    vd_arena            arena;
    vd_rightsize_opts   opts;
    vd_rightsize_target target;
    vd_activity        *activity;
    vd_rightsized      *made;
    vd_rightsize_result result;
    vd_usage_coverage         coverage;
    vd_rightsize_job    job;
    vd_changed_files    files; /* of the formats that change some */
} sizing;

static void say(sizing *z, vd_code code, const vd_error *err)
{
    /* a proof that failed, with the request that shows it: there is no smaller policy that could be given out (usage 6.6) */
    vd_cli_error(z->cli, code == VD_EINTERNAL ? VD_EXIT_NO : vd_cli_exit_of(code), err);
}

static bool read_usage(sizing *z)
{
    const vd_args *args = &z->cli->args;
    uint32_t       count = vd_args_count(args, "usage");
    const char   **paths = vd_arena_new_array(&z->arena, const char *, (size_t)count + 1);

    if (!count) {
        vd_cli_usage(z->cli, "what was used? --usage names a summary of verdict usage collect");
        return false;
    }
    for (uint32_t i = 0; paths && i < count; i++)
        paths[i] = vd_args_at(args, "usage", i);
    z->activity = paths ? vd_activity_read_all(z->cli, paths, count, z->target.snapshot) : NULL;
    return z->activity != NULL;
}

static bool make(sizing *z)
{
    vd_error err = { .size = sizeof err };
    vd_code  code = vd_rightsize(&z->made, z->activity, z->target.holders, &z->opts, &err);

    if (code != VD_OK) {
        say(z, code, &err);
        return false;
    }
    z->result.size = sizeof z->result;
    vd_rightsize_result_of(z->made, &z->result);
    z->coverage.size = sizeof z->coverage;
    vd_activity_coverage(z->activity, &z->coverage);
    for (size_t i = 0; i < z->result.warnings.count; i++)
        vd_cli_warnf(z->cli, VD_F, VD_A(z->result.warnings.at[i]));
    if (!z->result.smaller)
        vd_cli_worse(z->cli, VD_EXIT_NO);
    return true;
}

/* ------------------------------------------------------------------ what is printed */

static bool holds(const vd_holder *h, vd_str arn)
{
    for (size_t i = 0; i < h->policy_count; i++)
        if (vd_str_eq(h->policies[i].arn, arn))
            return true;
    return arn.n == 0;
}

static bool fill_job(sizing *z)
{
    uint32_t n = vd_holders_count(z->target.holders);
    vd_str  *who = vd_arena_new_array(&z->arena, vd_str, (size_t)n + 1);
    size_t   count = 0;

    for (uint32_t i = 0; who && i < n; i++) {
        vd_holder h = { .size = sizeof h };

        if (vd_holders_at(z->target.holders, i, &h) && holds(&h, z->opts.policy))
            who[count++] = h.arn;
    }
    z->job = (vd_rightsize_job){ .proof = { .quiet = z->cli->quiet, .verbose = z->cli->verbose, .exit_code = (int32_t)z->cli->worst },
                                 .target = z->target.name, .mode = vd_rightsize_mode_name(z->opts.mode), .principals = who,
                                 .principal_count = count, .coverage = &z->coverage, .result = &z->result, .keep = z->opts.keep,
                                 .keep_count = z->opts.keep_count };
    return who != NULL;
}

/* --output, --restore: nothing is written when nothing is smaller. */
static void write_file(sizing *z, const char *option, bool restore)
{
    const char *path = vd_args_text(&z->cli->args, option);
    vd_buf      text = vd_buf_on(vd_allocator_default(), 0);
    vd_code     code;

    if (path && z->result.smaller) {
        code = restore ? vd_render_rightsize_restore(&text, &z->job) : vd_render_rightsize_policy(&text, &z->cli->look, &z->job);
        if (code != VD_OK)
            vd_cli_errorf(z->cli, VD_EXIT_NO_ANSWER, "out of memory");
        else
            vd_cli_write(z->cli, path, vd_buf_str(&text));
    }
    vd_buf_done(&text);
}

/* ------------------------------------------------------------------ files that change */

static const struct {
    const char *name;
    vd_code (*render)(vd_buf *out, const vd_proof *proof, const vd_changed_file *files, size_t count);
} change_formats[] = {
    { "diff", vd_render_change_diff },
    { "json-patch", vd_render_change_patch },
    { "sarif", vd_render_change_sarif },
};

static const char *change_format(const vd_outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        for (size_t f = 0; f < VD_COUNT(change_formats); f++)
            if (vd_output_is(outputs, i, change_formats[f].name))
                return change_formats[f].name;
    return NULL;
}

/* The files that --source names, or that the policies were read from. */
static const char **sources(sizing *z, size_t *count)
{
    const vd_args *args = &z->cli->args;
    uint32_t       said = vd_args_count(args, "source");
    size_t         most = said > args->word_count ? said : args->word_count;
    const char   **paths = vd_arena_new_array(&z->arena, const char *, most + 1);

    *count = said ? said : z->target.snapshot ? 0 : args->word_count;
    for (uint32_t i = 0; paths && i < *count; i++)
        paths[i] = said ? vd_args_at(args, "source", i) : args->words[i];
    return paths;
}

/* A policy has to name what it names: only what people read can be redacted. */
static bool can_redact(sizing *z, const vd_outputs *outputs)
{
    const vd_args *args = &z->cli->args;
    bool           people = !vd_args_has(args, "output") && !vd_args_has(args, "restore");

    for (size_t i = 0; i < outputs->count; i++)
        people &= vd_output_is(outputs, i, "text") || vd_output_is(outputs, i, "markdown");
    if (vd_args_has(args, "redact") && !people) {
        vd_cli_usage(z->cli, "--redact is for the formats text and markdown alone: a policy has to name what it names");
        return false;
    }
    return vd_cli_redact(z->cli);
}

/* Asked before there is any work. */
static bool can_change(sizing *z, const vd_outputs *outputs)
{
    const char  *format = change_format(outputs);
    size_t       count;
    const char **paths = sources(z, &count);

    if (!format && paths && vd_args_count(&z->cli->args, "source")) {
        vd_cli_usage(z->cli, "--source is for the formats diff, json-patch and sarif");
        return false;
    }
    if (!format || !paths)
        return true;
    if (!count) {
        vd_cli_usage(z->cli, "which file is to change? --source names the one that the policy is kept in");
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (strcmp(paths[i], "-") == 0) {
            vd_cli_usage(z->cli, "the format %s needs a file, not standard input", format);
            return false;
        }
    return true;
}

static bool print_changes(sizing *z, vd_outputs *outputs)
{
    size_t       count;
    const char **paths = sources(z, &count);

    if (!change_format(outputs))
        return true;
    if (!paths || !vd_changed_files_make(&z->files, z->cli, &z->result, paths, count))
        return false;
    for (size_t i = 0; i < outputs->count; i++)
        for (size_t f = 0; f < VD_COUNT(change_formats); f++)
            if (vd_output_is(outputs, i, change_formats[f].name) &&
                change_formats[f].render(vd_output_buf(outputs, i), &z->job.proof, z->files.at, z->files.count) != VD_OK)
                vd_cli_errorf(z->cli, VD_EXIT_NO_ANSWER, "out of memory");
    return true;
}

static void print(sizing *z, vd_outputs *outputs)
{
    static const vd_look plain = { .colour = false, .width = 100 };

    if (!print_changes(z, outputs))
        return;
    for (size_t i = 0; i < outputs->count; i++)
        for (size_t f = 0; f < vd_rightsize_format_count; f++) {
            const vd_rightsize_format *format = &vd_rightsize_formats[f];

            if (!vd_output_is(outputs, i, format->name) || (!z->result.smaller && strcmp(format->name, "policy") == 0))
                continue;
            if (format->render(vd_output_buf(outputs, i), outputs->at[i].path ? &plain : &z->cli->look, &z->job) != VD_OK)
                vd_cli_errorf(z->cli, VD_EXIT_NO_ANSWER, "out of memory");
        }
    write_file(z, "output", false);
    write_file(z, "restore", true);
}

static vd_exit run(vd_cli *cli)
{
    sizing     z = { .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_outputs outputs;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    if (can_redact(&z, &outputs) && vd_rightsize_take(&z.opts, cli, &z.arena) && vd_rightsize_target_open(&z.target, cli, &z.arena, &z.opts) && can_change(&z, &outputs) &&
        read_usage(&z) && make(&z) && fill_job(&z))
        print(&z, &outputs);
    vd_changed_files_done(&z.files);
    vd_rightsized_free(z.made);
    vd_activity_release(z.activity);
    vd_rightsize_target_close(&z.target);
    vd_outputs_close(&outputs);
    vd_arena_done(&z.arena);
    return cli->worst;
}

static const vd_opt input_rows[] = {
    { "usage", 'u', VD_OPT_FILE, true, "FILE.vdu", "what was used: a summary of verdict usage collect; - is standard input", NULL },
    { "from", 0, VD_OPT_TEXT, false, "TIME", "only what was used from then on; default the first event", NULL },
    { "to", 0, VD_OPT_TEXT, false, "TIME", "only what was used before then; default the last event", NULL },
    { "principal", 0, VD_OPT_TEXT, true, "ARN", "of files: who holds them", NULL },
    { "previous", 0, VD_OPT_FILE, true, "FILE", "the policy that was made the last time: patterns stay stable, what changed is told", NULL },
};
static VD_OPTS(input_options, "whose, and what was used", input_rows);

static const vd_opt output_rows[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|policy|diff|json-patch|sarif|markdown", "how to print it, =FILE to write it there", NULL },
    { "source", 0, VD_OPT_FILE, true, "FILE", "a file that holds the policy: what diff, json-patch and sarif change", NULL },
    { "output", 'o', VD_OPT_FILE, false, "FILE", "where the new policy goes as well", NULL },
    { "restore", 0, VD_OPT_FILE, false, "FILE", "where a policy of all that was taken away goes", NULL },
};
static VD_OPTS(output_options, "output", output_rows);

static const vd_opts *const groups[] = { &input_options, &vd_opts_snapshot, &vd_opts_prove_read, &vd_opts_rightsize, &vd_opts_rightsize_valves,
                                         &vd_opts_mapping, &output_options, &vd_opts_redact, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "what a pipeline's role could do without",
      "verdict usage collect -q corpus/trails/month | verdict rightsize arn:aws:iam::222222222222:role/deploy --usage - "
      "--snapshot corpus/snapshots/acme", 0 },
    { "a managed policy for all that hold it, as small as can be",
      "verdict usage collect -q corpus/trails/month | verdict rightsize arn:aws:iam::222222222222:policy/team/operations --mode strict "
      "--usage - --snapshot corpus/snapshots/acme --format policy", 0 },
};

const vd_command vd_command_rightsize = {
    .name = "rightsize",
    .summary = "the smallest policy that still covers what was used, proved",
    .words = "PRINCIPAL|POLICY-ARN|FILE...",
    .about = "Makes the policies of a user or a role, or one managed policy for all that hold it, smaller by what was used. What cannot "
             "be seen stays. Before anything is printed it is proved that the new policies allow nothing that the old ones did not, "
             "that nothing seen in use is refused, and that every Deny is there.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 there is a smaller policy, 1 none could be found or proved, or none fits the quotas, 3 a proof found no answer",
    .run = run,
};
