/* SPDX-License-Identifier: Apache-2.0
 *
 * The two streams and what is said on them.
 */
#include "cli/cli.h"

#include "base/file.h"
#include "base/str.h"
#include "policy/rules.h"
#include "usage/redact.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void vd_cli_init(vd_cli *cli)
{
    const vd_allocator *heap = vd_allocator_default();

    *cli = (vd_cli){ .catalog = vd_catalog_builtin(), .look = vd_term_look(STDOUT_FILENO, NULL), .err_look = vd_term_look(STDERR_FILENO, NULL) };
    cli->out = vd_buf_on(heap, 0);
    cli->err = vd_buf_on(heap, 0);
    cli->source_name = vd_buf_on(heap, 0);
}

void vd_cli_done(vd_cli *cli)
{
    const vd_allocator *heap = vd_allocator_default();

    vd_args_done(&cli->args);
    vd_engine_release(cli->engine);
    vd_catalog_close(cli->own_catalog);
    vd_buf_done(&cli->out);
    vd_buf_done(&cli->err);
    vd_buf_done(&cli->source_name);
    vd_file_free(heap, cli->source);
}

bool vd_cli_open_catalog(vd_cli *cli)
{
    const char *given = vd_args_text(&cli->args, "catalog"), *path = given && strcmp(given, "builtin") != 0 ? given : NULL;
    vd_error    err = { .size = sizeof err };
    vd_code     code = path && !cli->own_catalog ? vd_catalog_load(&cli->own_catalog, vd_allocator_default(), path, &err)
                                                 : VD_OK;

    if (code != VD_OK) {
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
        return false;
    }
    if (cli->own_catalog)
        cli->catalog = cli->own_catalog;
    return true;
}

/* What a signal ended (128 and its number) stays so, whatever else was found. */
static uint32_t weight_of(vd_exit code)
{
    static const uint8_t weight[] = { [VD_EXIT_YES] = 0, [VD_EXIT_NO_ANSWER] = 1, [VD_EXIT_NO] = 2, [VD_EXIT_USAGE] = 3 };

    return (size_t)code < VD_COUNT(weight) ? weight[code] : (uint32_t)VD_COUNT(weight);
}

vd_exit vd_exit_worse(vd_exit a, vd_exit b)
{
    return weight_of(a) > weight_of(b) ? a : b;
}

void vd_cli_worse(vd_cli *cli, vd_exit code)
{
    cli->worst = vd_exit_worse(cli->worst, code);
}

vd_exit vd_cli_exit_of(vd_code code)
{
    switch (code) {
    case VD_OK:
        return VD_EXIT_YES;
    case VD_EBUDGET:
    case VD_ENOMEM:
    case VD_EINTERNAL:
        return VD_EXIT_NO_ANSWER;
    default:
        return VD_EXIT_USAGE;
    }
}

/* ------------------------------------------------------------------ streams */

/* What goes out of it.  Without memory for pseudonyms nothing does. */
static vd_str as_shown(vd_cli *cli, vd_arena *arena, vd_str text)
{
    vd_str out;

    if (!cli->redact || vd_redact(&out, arena, text, cli->redact_all ? VD_REDACT_ALL : VD_REDACT_KEYS, vd_str_of(cli->redact)))
        return cli->redact ? out : text;
    vd_cli_worse(cli, VD_EXIT_NO_ANSWER);
    vd_file_put(STDERR_FILENO, VD_S("verdict: error: out of memory\n"));
    return VD_S("");
}

static bool write_shown(vd_cli *cli, int fd, vd_str text)
{
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    bool     written = vd_file_put(fd, as_shown(cli, &arena, text));

    vd_arena_done(&arena);
    return written;
}

static void flush_err(vd_cli *cli)
{
    if (cli->err.failed)
        vd_file_put(STDERR_FILENO, VD_S("verdict: error: out of memory\n"));
    write_shown(cli, STDERR_FILENO, vd_buf_str(&cli->err)); /* nowhere left to complain to */
    cli->err.n = 0;
    cli->err.failed = false;
}

bool vd_cli_flush(vd_cli *cli)
{
    if (cli->out.failed) {
        cli->out.failed = false;
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    } else if (!cli->closed && !write_shown(cli, STDOUT_FILENO, vd_buf_str(&cli->out))) {
        char text[128];
        int  number = errno;

        vd_errno_text(text, sizeof text, number);
        cli->closed = true;
        cli->out.n = 0;
        if (number != EPIPE)
            vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "cannot write to standard output: %s", text);
    }
    cli->out.n = 0;
    flush_err(cli);
    return !cli->closed;
}

bool vd_cli_write(vd_cli *cli, const char *path, vd_str text)
{
    vd_error err = { .size = sizeof err };
    vd_arena arena;
    bool     written;

    if (strcmp(path, "-") == 0) {
        vd_buf_add(&cli->out, text);
        return true;
    }
    arena = vd_arena_on(vd_allocator_default(), 0);
    written = vd_file_write(path, as_shown(cli, &arena, text), &err) == VD_OK;
    vd_arena_done(&arena);
    if (!written)
        vd_cli_error(cli, VD_EXIT_USAGE, &err);
    return written;
}

/* ------------------------------------------------------------------ the text behind a position */

void vd_cli_remember(vd_cli *cli, vd_str name, vd_str text)
{
    const vd_allocator *heap = vd_allocator_default();
    char               *copy = vd_alloc(heap, text.n + 1);

    vd_file_free(heap, cli->source);
    cli->source = (vd_str){ 0 };
    cli->source_name.n = 0;
    if (!copy)
        return;
    memcpy(copy, text.p, text.n);
    copy[text.n] = 0;
    cli->source = (vd_str){ copy, text.n };
    vd_buf_add(&cli->source_name, name);
}

vd_str vd_cli_source(vd_cli *cli, vd_pos at)
{
    const vd_allocator *heap = vd_allocator_default();
    vd_limits           limits;
    char                path[4096];

    if (at.line == 0 || at.file.n == 0 || at.file.n >= sizeof path)
        return (vd_str){ 0 };
    if (cli->source.p && vd_str_eq(vd_buf_str(&cli->source_name), at.file))
        return cli->source;
    if (!cli->engine || vd_str_eq(at.file, VD_S("-")) || memchr(at.file.p, 0, at.file.n))
        return (vd_str){ 0 };
    memcpy(path, at.file.p, at.file.n);
    path[at.file.n] = 0;
    vd_file_free(heap, cli->source);
    cli->source = (vd_str){ 0 };
    cli->source_name.n = 0;
    vd_buf_add(&cli->source_name, at.file);
    vd_engine_limits(cli->engine, &limits);
    if (vd_file_read(&cli->source, heap, path, limits.document_bytes, NULL) != VD_OK)
        return (vd_str){ 0 };
    return cli->source;
}

/* ------------------------------------------------------------------ messages */

static void say(vd_cli *cli, const vd_message *message)
{
    vd_str source = vd_cli_source(cli, message->at);

    if (cli->out.n)
        vd_cli_flush(cli); /* in a terminal the two streams are one text */
    vd_render_message(&cli->err, &cli->err_look, message, source);
    flush_err(cli);
}

void vd_cli_error(vd_cli *cli, vd_exit code, const vd_error *err)
{
    vd_message message = { .severity = "error", .at = err->at, .text = vd_str_of(err->text) };

    message.hint = vd_str_of(err->hint);
    if (err->code == VD_EINTERNAL)
        message.rule = VD_S("internal");
    say(cli, &message);
    vd_cli_worse(cli, code);
}

static void say_text(vd_cli *cli, const char *severity, const char *format, va_list args)
{
    char       text[1024];
    vd_message message = { .severity = severity };

    vsnprintf(text, sizeof text, format, args);
    message.text = vd_str_of(text);
    say(cli, &message);
}

void vd_cli_errorf(vd_cli *cli, vd_exit code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say_text(cli, "error", format, args);
    va_end(args);
    vd_cli_worse(cli, code);
}

void vd_cli_usage(vd_cli *cli, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say_text(cli, "error", format, args);
    va_end(args);
    vd_buf_printf(&cli->err, "see: verdict help%s%s\n", cli->command ? " " : "", cli->command ? cli->command->name : "");
    flush_err(cli);
    vd_cli_worse(cli, VD_EXIT_USAGE);
}

void vd_cli_warnf(vd_cli *cli, const char *format, ...)
{
    va_list args;

    if (cli->quiet)
        return;
    va_start(args, format);
    say_text(cli, "warning", format, args);
    va_end(args);
}

void vd_cli_tell(vd_cli *cli, const char *severity, vd_str rule, vd_pos at, vd_str text)
{
    vd_message message = { .severity = severity, .rule = rule, .at = at, .text = text };

    say(cli, &message);
}

void vd_cli_notef(vd_cli *cli, const char *format, ...)
{
    va_list args;

    if (!cli->verbose || cli->quiet)
        return;
    va_start(args, format);
    say_text(cli, "note", format, args);
    va_end(args);
}

static const char *const severities[] = { "note", "suggestion", "warning", "security", "error" };

void vd_cli_diags(vd_cli *cli, const vd_diags *diags, bool failed)
{
    size_t told = 0;

    for (size_t i = 0; diags && i < vd_diags_count(diags); i++) {
        const vd_diag *d = vd_diags_at(diags, i);
        int32_t        severity = d->severity;
        vd_message     message = { .rule = d->rule, .at = d->at, .text = d->text, .hint = d->hint };

        /* What AWS would refuse to store does not stop an evaluation: a warning, unless it did. */
        if (severity == VD_ERROR && !failed)
            severity = VD_WARNING;
        if (!cli->verbose && (severity < VD_WARNING || vd_rule_is_advice(d->rule)))
            continue;
        if (severity < VD_ERROR && cli->quiet)
            continue;
        message.severity = severities[severity < 0 || severity > VD_ERROR ? VD_ERROR : severity];
        say(cli, &message);
        told++;
    }
    if (told && vd_diags_dropped(diags) && failed && !cli->quiet)
        vd_cli_errorf(cli, VD_EXIT_YES, "%zu more of these", vd_diags_dropped(diags));
    else if (told && vd_diags_dropped(diags))
        vd_cli_warnf(cli, "%zu more of these", vd_diags_dropped(diags));
}

static bool is_told(const vd_diags *notes, const vd_error *err)
{
    for (size_t i = 0; notes && i < vd_diags_count(notes); i++) {
        const vd_diag *d = vd_diags_at(notes, i);

        if (d->severity == VD_ERROR && d->at.offset == err->at.offset && d->at.line == err->at.line)
            return true;
    }
    return false;
}

void vd_cli_outcome(vd_cli *cli, const vd_diags *notes, vd_code code, const vd_error *err)
{
    vd_cli_diags(cli, notes, code != VD_OK);
    if (code == VD_OK)
        return;
    if (!is_told(notes, err))
        vd_cli_error(cli, vd_cli_exit_of(code), err);
    vd_cli_worse(cli, vd_cli_exit_of(code));
}

bool vd_cli_units(vd_cli *cli, const char *name, uint64_t *out)
{
    const char *text = vd_args_knows(&cli->args, name) ? vd_args_text(&cli->args, name) : NULL;
    uint64_t    v = 0;

    if (!text)
        return true;
    if (!vd_str_all_digits(vd_str_of(text)) || strlen(text) > 18) {
        vd_cli_usage(cli, "--%s must be a number of work units, not \"%s\"", name, text);
        return false;
    }
    for (; *text; text++)
        v = v * 10 + (uint64_t)(*text - '0');
    if (v == 0) {
        vd_cli_usage(cli, "--%s 0 would leave every question undecided", name);
        return false;
    }
    *out = v;
    return true;
}
