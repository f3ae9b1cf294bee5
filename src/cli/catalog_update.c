/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict catalog update: a folder of facts to a *.vdc.
 */
#include "cli/catalog_update.h"

#include "base/file.h"
#include "base/str.h"
#include "catalog/import.h"

#include <time.h>
#include <unistd.h>

static void note(void *user, vd_pos at, const char *text)
{
    vd_cli *cli = user;

    if (at.line)
        vd_cli_notef(cli, VD_F ":%u: passed over, the services have no %s", VD_A(at.file), (unsigned)at.line, text);
    else
        vd_cli_notef(cli, VD_F ": %s", VD_A(at.file), text);
}

/* For sources that carry no date of their own. */
static vd_str today(char room[16])
{
    time_t    now = time(NULL);
    struct tm t;

    if (!gmtime_r(&now, &t))
        return VD_S("");
    return (vd_str){ room, strftime(room, 16, "%Y-%m-%d", &t) };
}

static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";

    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == 'd' ? !vd_is_digit(text[i]) : text[i] != form[i])
            return false;
    return text[sizeof form - 1] == 0;
}

static vd_exit write_block(vd_cli *cli, const char *path, vd_str block)
{
    vd_error err = { .size = sizeof err };
    vd_code  code;

    if (strcmp(path, "-") == 0) {
        if (isatty(STDOUT_FILENO)) {
            vd_cli_errorf(cli, VD_EXIT_USAGE, "a catalogue is no text: not written to a terminal");
            return VD_EXIT_USAGE;
        }
        vd_buf_add(&cli->out, block);
        return VD_EXIT_YES;
    }
    code = vd_file_write(path, block, &err);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    return vd_cli_exit_of(code);
}

/* The way out of a catalogue that is too old must not need it. */
static void find_base(vd_cli *cli)
{
    const char *path = vd_args_text(&cli->args, "catalog");
    vd_error    err = { .size = sizeof err };

    if (!path || strcmp(path, "builtin") == 0)
        return;
    if (vd_catalog_load(&cli->own_catalog, vd_allocator_default(), path, &err) == VD_OK)
        cli->catalog = cli->own_catalog;
    else
        vd_cli_warnf(cli, "%s: %s; what it would add is taken from the built-in catalogue", path, err.text);
}

vd_exit vd_catalog_update_command(vd_cli *cli)
{
    const char      *from = vd_args_text(&cli->args, "from"), *to = vd_args_text(&cli->args, "output");
    const char      *date = vd_args_text(&cli->args, "date");
    vd_arena         arena = vd_arena_on(vd_allocator_default(), 0);
    vd_error         err = { .size = sizeof err };
    vd_catalog_files files;
    vd_str           block = { 0 };
    char             room[16];
    vd_exit          code = VD_EXIT_USAGE;
    vd_code          done;

    if (!from || !to || cli->args.word_count > 1) {
        vd_cli_usage(cli, "catalog update needs --from DIR and -o FILE.vdc, and nothing else");
        return VD_EXIT_USAGE;
    }
    if (date && !is_date(date)) {
        vd_cli_usage(cli, "--date must be YYYY-MM-DD, not \"%s\"", date);
        return VD_EXIT_USAGE;
    }
    find_base(cli);
    done = vd_catalog_read_folder(&files, &arena, from, &err);
    if (done == VD_OK)
        done = vd_catalog_update(&block, vd_allocator_default(), &files, cli->catalog, date ? vd_str_of(date) : today(room), note,
                                 cli, &err);
    if (done == VD_OK) {
        code = write_block(cli, to, block);
    } else {
        if (err.at.file.n == 0)
            err.at.file = vd_str_of(from);
        err.at.line = err.at.file.p == from ? 0 : err.at.line;
        code = vd_cli_exit_of(done);
        vd_cli_error(cli, code, &err);
    }
    vd_free(vd_allocator_default(), (void *)(uintptr_t)block.p, block.n);
    vd_arena_done(&arena);
    return code;
}
