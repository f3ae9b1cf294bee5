/* SPDX-License-Identifier: Apache-2.0
 *
 * Files are read one after the other; rows of --map-extra before them.
 */
#include "cli/activity.h"

#include "base/file.h"
#include "base/str.h"
#include "cli/usage.h"
#include "pattern/value.h"

#include <errno.h>

static const vd_opt rows[] = {
    { "map-extra", 0, VD_OPT_FILE, false, "FILE", "rows of events and their actions, which come before the built-in ones", NULL },
    { "accept-unmapped", 0, VD_OPT_FLAG, false, NULL, "an event that no table knows hides nothing else of its service", NULL },
    { "dependents", 0, VD_OPT_CHOICE, false, "keep|warn|ignore",
      "actions that a used one may need: possible, possible for 30 days, or nothing", NULL },
};
VD_OPTS(vd_opts_mapping, "events and actions", rows);

static const vd_opt redact_rows[] = {
    { "redact", 0, VD_OPT_FLAG, false, NULL, "pseudonyms for access keys, session tokens, mail in names of sessions", NULL },
    { "redact-salt", 0, VD_OPT_TEXT, false, "TEXT", "with --redact: what pseudonyms are made with, alike under the same salt only", "VERDICT_REDACT_SALT" },
};
VD_OPTS(vd_opts_redact, "what goes out", redact_rows);

bool vd_cli_redact(vd_cli *cli)
{
    const char *salt = vd_args_text(&cli->args, "redact-salt");

    if (!vd_args_has(&cli->args, "redact")) {
        if (!vd_args_typed(&cli->args, "redact-salt"))
            return true;
        vd_cli_usage(cli, "--redact-salt has no effect without --redact");
        return false;
    }
    cli->redact = salt ? salt : "";
    return true;
}

bool vd_cli_time(vd_cli *cli, const char *option, int64_t otherwise, int64_t *out)
{
    const char *text = vd_args_text(&cli->args, option);
    vd_date     date;

    *out = otherwise;
    if (!text)
        return true;
    if (!vd_date_parse(&date, vd_str_of(text))) {
        vd_cli_usage(cli, "--%s must be a date or time like 2026-03-02 or 2026-03-02T09:00:00Z, not \"%s\"", option, text);
        return false;
    }
    *out = date.seconds;
    return true;
}

static bool has(const vd_cli *cli, const char *name)
{
    return vd_args_knows(&cli->args, name) && vd_args_has(&cli->args, name);
}

bool vd_cli_map_rows(vd_cli *cli, vd_activity_opts *opts)
{
    vd_error    err = { .size = sizeof err };
    const char *path = has(cli, "map-extra") ? vd_args_text(&cli->args, "map-extra") : NULL;
    vd_limits   limits;
    vd_code     code;

    if (!path)
        return true;
    vd_engine_limits(cli->engine, &limits);
    code = vd_file_read(&opts->rows, vd_allocator_default(), path, limits.document_bytes, &err);
    opts->rows_name = vd_str_of(path);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    return code == VD_OK;
}

static bool read_opts(vd_cli *cli, vd_activity_opts *opts)
{
    const char *dependents = vd_args_knows(&cli->args, "dependents") ? vd_args_text(&cli->args, "dependents") : NULL;

    opts->accept_unmapped = has(cli, "accept-unmapped");
    opts->dependents = !dependents || *dependents == 'k' ? VD_DEPENDENTS_KEEP
                       : *dependents == 'w'              ? VD_DEPENDENTS_WARN
                                                         : VD_DEPENDENTS_IGNORE;
    return (!vd_args_knows(&cli->args, "from") || vd_cli_time(cli, "from", 0, &opts->from)) &&
           (!vd_args_knows(&cli->args, "to") || vd_cli_time(cli, "to", 0, &opts->to)) && vd_cli_map_rows(cli, opts);
}

static bool read_one(vd_cli *cli, vd_activity_reader *reader, const char *path)
{
    vd_error        err = { .size = sizeof err };
    vd_usage_source source;
    vd_bytes        bytes;
    vd_code         code;

    if (strcmp(path, "-") == 0 && cli->stdin_taken) {
        vd_cli_errorf(cli, VD_EXIT_USAGE, "standard input can be read once only, \"-\" was given twice");
        return false;
    }
    cli->stdin_taken |= strcmp(path, "-") == 0;
    if (!vd_bytes_open(&bytes, path)) {
        vd_cli_errorf(cli, VD_EXIT_USAGE, "%s: cannot open: %s", path, strerror(errno));
        return false;
    }
    source = vd_bytes_source(&bytes);
    code = vd_activity_read(reader, vd_str_of(path), &source, has(cli, "salvage"), &err);
    vd_bytes_close(&bytes);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    return code == VD_OK;
}

static void tell_overlaps(vd_cli *cli, const vd_activity *activity)
{
    vd_usage_coverage c = { .size = sizeof c };

    vd_activity_coverage(activity, &c);
    if (c.overlaps)
        vd_cli_warnf(cli, "%u file%s in more than one of the summaries: what is in %s counts twice (use verdict usage merge)",
                     c.overlaps, c.overlaps == 1 ? " is" : "s are", c.overlaps == 1 ? "it" : "them");
}

vd_activity *vd_activity_read_all(vd_cli *cli, const char *const *paths, uint32_t count, const vd_snapshot *snapshot)
{
    vd_activity_opts    opts = { .size = sizeof opts, .catalog = cli->catalog, .snapshot = snapshot };
    vd_error            err = { .size = sizeof err };
    vd_activity_reader *reader = NULL;
    vd_activity        *out = NULL;
    vd_code             code = VD_OK;
    bool                ok;

    if (!vd_cli_open_catalog(cli))
        return NULL;
    opts.catalog = cli->catalog;
    ok = read_opts(cli, &opts);
    if (ok)
        code = vd_activity_reader_new(&reader, cli->engine, &opts, &err);
    for (uint32_t i = 0; ok && code == VD_OK && i < count; i++)
        ok = read_one(cli, reader, paths[i]);
    if (ok && code == VD_OK)
        code = vd_activity_finish(&out, reader, &err);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    vd_activity_reader_free(reader);
    vd_file_free(vd_allocator_default(), opts.rows);
    if (out)
        tell_overlaps(cli, out);
    return out;
}
