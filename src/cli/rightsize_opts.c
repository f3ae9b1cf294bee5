/* SPDX-License-Identifier: Apache-2.0
 *
 * Options of verdict rightsize: how small, what is kept whatever was seen, which safety valves are opened.
 */
#include "cli/rightsize.h"

#include "base/str.h"
#include "base/utf8.h"
#include "catalog/catalog.h"
#include "catalog/quota.h"
#include "cli/inputs.h"
#include "pattern/value.h"

#include <stdio.h>
#include <time.h>

static const vd_opt how[] = {
    { "mode", 'm', VD_OPT_CHOICE, false, "strict|by-service|by-access-level|trim", "what may go; default trim: only what was not seen, all else as it is", NULL },
    { "keep", 0, VD_OPT_FILE, false, "FILE", "actions to keep whatever was seen: PATTERN [until:DAY] REASON, one a line", NULL },
    { "headroom", 0, VD_OPT_FILE, false, "FILE", "further patterns of actions to keep where they were granted, one a line", NULL },
    { "pair-verbs", 0, VD_OPT_FLAG, false, NULL, "where Create is used, keep Delete, and the like; not in mode strict", NULL },
    { "include-denied", 0, VD_OPT_FLAG, false, NULL, "keep what was only tried, and refused", NULL },
    { "min-days-used", 0, VD_OPT_NUMBER, false, "N", "what was used on fewer days does not count as used", NULL },
    { "s3-depth", 0, VD_OPT_NUMBER, false, "N", "parts of the key of an object before a star; default 2", NULL },
    { "slack", 0, VD_OPT_NUMBER, false, "N", "actions on resources that merged statements may allow again; default 0", NULL },
    { "resource-slack", 0, VD_OPT_NUMBER, false, "BITS", "how many names a pattern may stand for, for each that was seen; default 0", NULL },
    { "max-attached", 0, VD_OPT_NUMBER, false, "N", "managed policies that a principal may hold; default 10, AWS grants up to 20", NULL },
    { "suggest-conditions", 0, VD_OPT_FLAG, false, NULL, "say which conditions all uses would meet; none is added", NULL },
    { "budget", 0, VD_OPT_TEXT, false, "N", "work units of one proof; default 20000000", NULL },
};
VD_OPTS(vd_opts_rightsize, "how small", how);

static const vd_opt valves[] = {
    { "drop-unseen", 0, VD_OPT_TEXT, true, "REASON", "take what cannot be seen for this reason as not used: data-events-off ..., all", NULL },
    { "accept-assumed", 0, VD_OPT_FLAG, false, NULL, "remove what was not seen although nothing like it was, either", NULL },
    { "min-coverage", 0, VD_OPT_NUMBER, false, "PERCENT", "days of the window that the logs must cover; default 95", NULL },
    { "min-window", 0, VD_OPT_NUMBER, false, "DAYS", "how long the window must be; default 30", NULL },
};
VD_OPTS(vd_opts_rightsize_valves, "safety valves: what is opened is told with the result", valves);

static const char *const modes[] = { [VD_RIGHTSIZE_STRICT] = "strict", [VD_RIGHTSIZE_SERVICE] = "by-service",
                                     [VD_RIGHTSIZE_LEVEL] = "by-access-level", [VD_RIGHTSIZE_TRIM] = "trim" };

const char *vd_rightsize_mode_name(int32_t mode)
{
    return mode >= 0 && mode < (int32_t)VD_COUNT(modes) ? modes[mode] : "";
}

/* ------------------------------------------------------------------ lists */

typedef struct list {
    vd_cli     *cli;
    const char *path;
    const char *text; /* where the file begins */
    uint32_t    line;
    bool        bad;
} list;

static void complain(list *l, vd_str line, vd_str at, const char *what)
{
    vd_error err = { .size = sizeof err, .code = VD_ESYNTAX };

    err.at = (vd_pos){ .file = vd_str_of(l->path), .line = l->line, .column = (uint32_t)(at.p - line.p) + 1, .length = (uint32_t)at.n,
                       .offset = (uint32_t)(at.p - l->text) };
    if (at.n)
        snprintf(err.text, sizeof err.text, "%s: \"" VD_F "\"", what, VD_A(vd_str_first(at, 120)));
    else
        snprintf(err.text, sizeof err.text, "%s", what);
    vd_cli_error(l->cli, VD_EXIT_USAGE, &err);
    l->bad = true;
}

/* The next line that says something, without comment and blanks around it. */
static bool next_line(list *l, vd_str *rest, vd_str *line)
{
    while (rest->n) {
        if (!vd_str_cut(rest, '\n', line)) {
            *line = *rest;
            rest->n = 0;
        }
        l->line++;
        *line = vd_str_trim(*line);
        if (line->n && line->p[0] != '#')
            return true;
    }
    return false;
}

static vd_str first_word(vd_str *rest)
{
    size_t n = 0;
    vd_str word;

    while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t')
        n++;
    word = vd_str_first(*rest, n);
    *rest = vd_str_trim(vd_str_from(*rest, n));
    return word;
}

static bool is_text(vd_str line)
{
    if (vd_utf8_invalid(line) < line.n)
        return false;
    for (size_t i = 0; i < line.n; i++)
        if ((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t')
            return false;
    return true;
}

static bool is_pattern(vd_str word)
{
    size_t colon = vd_str_find(word, ':');

    return vd_str_eq(word, VD_S("*")) || (colon > 0 && colon + 1 < word.n && vd_str_find(vd_str_from(word, colon + 1), ':') + colon + 1 == word.n);
}

/* What no action fits keeps nothing: mostly a slip. */
static void read_actions(list *l, vd_str line, vd_str word)
{
    if (!is_pattern(word))
        complain(l, line, word, "no pattern of actions (\"s3:Get*\")");
    else if (vd_catalog_expand_count(l->cli->catalog, word, 1) == 0)
        vd_cli_warnf(l->cli, "%s:%u: no action that is known fits \"" VD_F "\"", l->path, (unsigned)l->line, VD_A(word));
}

static void read_keep(list *l, vd_keep_row *out, vd_str line)
{
    vd_str  rest = line, word, before;
    vd_date d;

    out->actions = first_word(&rest);
    read_actions(l, line, out->actions);
    before = rest;
    word = first_word(&rest);
    if (!vd_str_starts(word, VD_S("until:"))) {
        rest = before;
    } else if (vd_date_parse(&d, vd_str_from(word, 6))) {
        out->until = d.seconds;
    } else {
        complain(l, line, word, "no day behind \"until:\" (\"until:2027-01-31\")");
    }
    out->reason = rest;
    if (!rest.n)
        complain(l, line, line, "without a reason");
}

/* Rows of --keep, or of --headroom, which are patterns alone. */
static bool read_rows(vd_cli *cli, vd_arena *arena, const char *option, bool reasons, const vd_keep_row **out, size_t *out_count)
{
    list         l = { .cli = cli, .path = vd_args_text(&cli->args, option) };
    vd_str       rest, line;
    vd_keep_row *rows = NULL;
    uint32_t     count = 0, cap = 0;

    if (!l.path)
        return true;
    if (!vd_read_text(cli, arena, &rest, l.path))
        return false;
    l.text = rest.p;
    while (next_line(&l, &rest, &line)) {
        vd_keep_row row = { .actions = line };

        if (!is_text(line))
            complain(&l, line, vd_str_first(line, 0), "not UTF-8, or with control characters");
        else if (reasons)
            read_keep(&l, &row, line);
        else
            read_actions(&l, line, line);
        if (!VD_ARENA_PUSH(arena, rows, count, cap, row)) {
            vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
            return false;
        }
    }
    *out = rows;
    *out_count = count;
    return !l.bad;
}

static bool take_keep(vd_rightsize_opts *out, vd_cli *cli, vd_arena *arena)
{
    if (!read_rows(cli, arena, "keep", true, &out->keep, &out->keep_count))
        return false;
    for (size_t i = 0; i < out->keep_count; i++)
        if (out->keep[i].until && out->keep[i].until <= out->now)
            vd_cli_warnf(cli, "%s: \"" VD_F "\" is no longer kept", vd_args_text(&cli->args, "keep"), VD_A(out->keep[i].actions));
    return true;
}

static bool take_headroom(vd_rightsize_opts *out, vd_cli *cli, vd_arena *arena)
{
    const vd_keep_row *rows = NULL;
    size_t             count = 0;
    vd_str            *at;

    if (!read_rows(cli, arena, "headroom", false, &rows, &count))
        return false;
    at = vd_arena_new_array(arena, vd_str, count + 1);
    if (!at) {
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
        return false;
    }
    for (size_t i = 0; i < count; i++)
        at[i] = rows[i].actions;
    out->headroom = at;
    out->headroom_count = count;
    return true;
}

/* ------------------------------------------------------------------ words */

static bool take_dropped(vd_rightsize_opts *out, vd_cli *cli)
{
    for (uint32_t i = 0; i < vd_args_count(&cli->args, "drop-unseen"); i++) {
        const char *word = vd_args_at(&cli->args, "drop-unseen", i);
        uint32_t    bits = strcmp(word, "all") == 0 ? (1u << VD_BLIND_COUNT_BITS) - 1 : 0;

        for (uint32_t b = 0; b < VD_BLIND_COUNT_BITS && !bits; b++)
            if (strcmp(word, vd_blind_name(1u << b)) == 0)
                bits = 1u << b;
        if (!bits) {
            vd_cli_usage(cli, "--drop-unseen \"%s\" is no reason why something cannot be seen: data-events-off, never-logged, "
                              "permission-only, all ...", word);
            return false;
        }
        out->drop_blind |= bits;
    }
    return true;
}

static bool take_valves(vd_rightsize_opts *out, vd_cli *cli)
{
    uint32_t coverage = vd_args_number(&cli->args, "min-coverage", 95), window = vd_args_number(&cli->args, "min-window", 30);

    if (coverage > 100) {
        vd_cli_usage(cli, "--min-coverage %u is more than 100 percent", (unsigned)coverage);
        return false;
    }
    out->any_coverage = coverage == 0;
    out->min_coverage = coverage * 10;
    out->any_window = window == 0;
    out->min_window = window;
    out->any_unmapped = vd_args_has(&cli->args, "accept-unmapped");
    out->accept_assumed = vd_args_has(&cli->args, "accept-assumed");
    return take_dropped(out, cli);
}

bool vd_rightsize_take(vd_rightsize_opts *out, vd_cli *cli, vd_arena *arena)
{
    const char     *mode = vd_args_text(&cli->args, "mode");
    struct timespec now = { 0 };
    vd_quota        attached = vd_quota_of(VD_S("attached"), VD_S("role"));

    *out = (vd_rightsize_opts){ .size = sizeof *out, .catalog = cli->catalog, .mode = VD_RIGHTSIZE_TRIM };
    out->now = clock_gettime(CLOCK_REALTIME, &now) == 0 ? (int64_t)now.tv_sec : 0;
    for (size_t i = 0; mode && i < VD_COUNT(modes); i++)
        if (strcmp(mode, modes[i]) == 0)
            out->mode = (int32_t)i;
    out->include_denied = vd_args_has(&cli->args, "include-denied");
    out->pair_verbs = vd_args_has(&cli->args, "pair-verbs");
    out->suggest_conditions = vd_args_has(&cli->args, "suggest-conditions");
    out->min_days_used = vd_args_number(&cli->args, "min-days-used", 0);
    out->s3_depth = vd_args_number(&cli->args, "s3-depth", 0);
    out->slack = vd_args_number(&cli->args, "slack", 0);
    out->resource_slack = vd_args_number(&cli->args, "resource-slack", 0);
    out->max_attached = vd_args_number(&cli->args, "max-attached", 0);
    if (vd_args_has(&cli->args, "max-attached") && (out->max_attached == 0 || out->max_attached > attached.raisable)) {
        vd_cli_usage(cli, "--max-attached %u: AWS lets a principal hold 1 to %u managed policies", (unsigned)out->max_attached,
                     (unsigned)attached.raisable);
        return false;
    }
    if (out->pair_verbs && out->mode == VD_RIGHTSIZE_STRICT) {
        vd_cli_usage(cli, "--pair-verbs keeps what was not used, and --mode strict does not");
        return false;
    }
    return vd_cli_units(cli, "budget", &out->budget) && take_valves(out, cli) && take_keep(out, cli, arena) && take_headroom(out, cli, arena);
}
