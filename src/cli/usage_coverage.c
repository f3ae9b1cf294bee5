/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict usage show --coverage: what summaries can show at all.
 */
#include "base/str.h"
#include "cli/activity.h"
#include "cli/outputs.h"
#include "cli/snapshot.h"
#include "cli/usage.h"
#include "render/coverage.h"

static void print(vd_cli *cli, const vd_activity *activity)
{
    vd_outputs  outputs;
    vd_usage_coverage coverage = { .size = sizeof coverage };

    if (!vd_outputs_open(&outputs, cli, "text"))
        return;
    vd_activity_coverage(activity, &coverage);
    for (size_t i = 0; i < outputs.count; i++) {
        vd_buf *out = vd_output_buf(&outputs, i);
        vd_look look = outputs.at[i].path ? (vd_look){ .width = 100 } : cli->look;

        if (vd_output_is(&outputs, i, "csv"))
            vd_cli_usage(cli, "the coverage is no table: --format text or json");
        else if (!vd_output_is(&outputs, i, "json"))
            vd_render_coverage_text(out, &look, &coverage, true);
        else if (vd_render_coverage_document(out, &coverage) != VD_OK)
            vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    }
    vd_outputs_close(&outputs);
}

vd_exit vd_usage_coverage_command(vd_cli *cli)
{
    const char  *path = vd_args_text(&cli->args, "snapshot");
    vd_snapshot *snapshot = NULL;
    vd_activity *activity;

    if (cli->args.word_count < 2) {
        vd_cli_usage(cli, "usage show takes summaries, or - for standard input");
        return cli->worst;
    }
    if (path && !(snapshot = vd_snapshot_read_all(cli, path)))
        return cli->worst;
    activity = vd_activity_read_all(cli, cli->args.words + 1, cli->args.word_count - 1, snapshot);
    if (activity)
        print(cli, activity);
    vd_activity_release(activity);
    vd_snapshot_release(snapshot);
    return cli->worst;
}
