/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict usage show --actions: facts of summaries as actions of IAM.
 */
#include "cli/usage_actions.h"

#include "base/str.h"
#include "cli/activity.h"
#include "cli/snapshot.h"
#include "cli/usage.h"
#include "pattern/glob.h"

enum { MOST_PATTERN = 2048 };

static void print(vd_cli *cli, const vd_usage_groups *groups)
{
    vd_outputs outputs;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return;
    for (size_t i = 0; i < outputs.count; i++) {
        vd_buf *out = vd_output_buf(&outputs, i);

        if (vd_output_is(&outputs, i, "json"))
            vd_usage_actions_json(cli, out, groups);
        else if (vd_output_is(&outputs, i, "csv"))
            vd_usage_actions_csv(out, groups);
        else
            vd_usage_actions_text(cli, out, groups);
    }
    vd_outputs_close(&outputs);
}

static void show(vd_cli *cli, const vd_snapshot *snapshot, vd_str pattern)
{
    vd_arena        arena = vd_arena_on(vd_allocator_default(), 0);
    vd_activity    *activity = vd_activity_read_all(cli, cli->args.words + 1, cli->args.word_count - 1, snapshot);
    vd_usage_groups groups;

    if (activity && !vd_usage_groups_make(&groups, activity, pattern, &arena))
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    else if (activity && pattern.n && !groups.count)
        vd_cli_errorf(cli, VD_EXIT_USAGE, "nobody of the summary is \"%s\"", vd_args_text(&cli->args, "principal"));
    else if (activity)
        print(cli, &groups);
    vd_activity_release(activity);
    vd_arena_done(&arena);
}

vd_exit vd_usage_actions_command(vd_cli *cli)
{
    const char  *wanted = vd_args_text(&cli->args, "principal"), *path = vd_args_text(&cli->args, "snapshot");
    vd_str       given = vd_str_of(wanted);
    vd_snapshot *snapshot = NULL;
    char         coded[MOST_PATTERN];

    if (cli->args.word_count < 2) {
        vd_cli_usage(cli, "usage show takes summaries, or - for standard input");
        return cli->worst;
    }
    if (given.n > sizeof coded) {
        vd_cli_usage(cli, "--principal is longer than any ARN");
        return cli->worst;
    }
    if (path && !(snapshot = vd_snapshot_read_all(cli, path)))
        return cli->worst;
    show(cli, snapshot, (vd_str){ coded, vd_glob_code(coded, given) });
    vd_snapshot_release(snapshot);
    return cli->worst;
}
