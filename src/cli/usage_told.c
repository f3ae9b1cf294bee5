/* SPDX-License-Identifier: Apache-2.0
 *
 * What is said about inputs: a line for each note until there are too many alike, and one about all of it.
 */
#include "cli/usage.h"

#include "base/str.h"

#include <stdio.h>

enum { ALIKE = 20 };

void vd_told_init(vd_told_unit *t, bool verbose)
{
    *t = (vd_told_unit){ .text = vd_buf_on(vd_allocator_default(), 0), .verbose = verbose };
}

void vd_told_done(vd_told_unit *t)
{
    vd_buf_done(&t->text);
}

/* What lies beside logs as a matter of course is told to those who ask. */
static bool is_usual(vd_str code)
{
    return vd_str_eq(code, VD_S("skipped-by-kind")) || vd_str_eq(code, VD_S("other-time"));
}

void vd_told_add(vd_told_unit *t, const vd_usage_note *n)
{
    vd_told_code *c = t->codes;

    if (is_usual(n->code) && !t->verbose)
        return;
    while (c < t->codes + VD_COUNT(t->codes) - 1 && c->count && !vd_str_eq(c->code, n->code))
        c++;
    c->code = n->code;
    if (c->count++ >= ALIKE)
        return;
    vd_look_safe(&t->text, n->unit);
    vd_buf_printf(&t->text, "@%llu", (unsigned long long)n->offset);
    if (n->packed != UINT64_MAX)
        vd_buf_printf(&t->text, "@gz=%llu", (unsigned long long)n->packed);
    if (n->record)
        vd_buf_printf(&t->text, "#%llu", (unsigned long long)n->record);
    vd_buf_printf(&t->text, ": %s[" VD_F "]: ", is_usual(n->code) ? "note" : "warning", VD_A(n->code));
    vd_look_safe(&t->text, n->text);
    vd_buf_byte(&t->text, '\n');
}

void vd_told_end(vd_told_unit *t, vd_str unit)
{
    for (size_t i = 0; i < VD_COUNT(t->codes); i++) {
        if (t->codes[i].count <= ALIKE)
            continue;
        vd_look_safe(&t->text, unit);
        vd_buf_printf(&t->text, ": warning[" VD_F "]: %llu more like these\n", VD_A(t->codes[i].code),
                      (unsigned long long)(t->codes[i].count - ALIKE));
    }
}

/* ------------------------------------------------------------------ the line about all */

static uint64_t counter(const vd_usage *u, const char *name)
{
    return vd_usage_counter(u, vd_str_of(name));
}

static void one(vd_buf *b, uint64_t n, const char *what)
{
    if (n)
        vd_buf_printf(b, ", %llu %s", (unsigned long long)n, what);
}

static void counted(vd_buf *b, uint64_t n, const char *what, const char *many)
{
    one(b, n, n == 1 ? what : many);
}

static void say_all(vd_cli *cli, const vd_usage *u)
{
    vd_buf   b = vd_buf_on(vd_allocator_default(), 0);
    uint64_t files = counter(u, "filesTotal"), events = counter(u, "eventsTotal");

    vd_buf_printf(&b, "%llu file%s, %llu record%s", (unsigned long long)files, files == 1 ? "" : "s",
                  (unsigned long long)events, events == 1 ? "" : "s");
    one(&b, counter(u, "evUsed"), "used");
    one(&b, counter(u, "evDenied"), "denied");
    one(&b, counter(u, "evAuthnFail"), "without valid credentials");
    one(&b, counter(u, "evAggregated"), "aggregated");
    one(&b, counter(u, "evDup"), "seen before");
    one(&b, counter(u, "evNonapi"), "no calls");
    one(&b, counter(u, "evOutsideWindow"), "outside the window");
    one(&b, counter(u, "evFiltered"), "of other accounts");
    one(&b, counter(u, "evRejected"), "rejected");
    counted(&b, counter(u, "evidenceRows"), "row of reports", "rows of reports");
    counted(&b, counter(u, "filesPartial"), "file cut short", "files cut short");
    counted(&b, counter(u, "filesSkippedKind"), "file of another kind skipped", "files of other kinds skipped");
    counted(&b, counter(u, "filesOtherTime"), "file of another time left out", "files of another time left out");
    counted(&b, counter(u, "filesUnrecognised"), "file not recognised", "files not recognised");
    counted(&b, counter(u, "filesFailed"), "file not readable", "files not readable");
    one(&b, counter(u, "unitsMissing"), "missing of those that digests name");
    one(&b, counter(u, "unitsChanged"), "not what their digests say");
    vd_cli_flush(cli);
    if (!cli->quiet) {
        vd_buf_printf(&cli->err, "verdict: " VD_F "\n", VD_A(vd_buf_str(&b)));
        vd_cli_flush(cli);
    }
    vd_buf_done(&b);
}

/* "0.1%" or "5": of all events. */
static bool too_many(vd_cli *cli, uint64_t rejected, uint64_t events)
{
    const char *text = vd_args_text(&cli->args, "max-rejected");
    vd_str      s = vd_str_of(text ? text : "0.1%");
    uint64_t    v = 0, scale = 1;
    bool        percent = vd_str_ends(s, VD_S("%")), fraction = false;

    s.n -= percent;
    for (size_t i = 0; i < s.n && i < 12; i++) {
        if (s.p[i] == '.' && !fraction) {
            fraction = true;
            continue;
        }
        v = v * 10 + (uint64_t)(s.p[i] - '0');
        scale *= fraction ? 10 : 1;
    }
    if (!percent)
        return rejected * scale > v;
    return (double)rejected * 100.0 * (double)scale > (double)v * (double)events;
}

bool vd_usage_tolerates_all(const vd_cli *cli)
{
    const char *tolerate = vd_args_text(&cli->args, "tolerate");

    return tolerate && strcmp(tolerate, "all") == 0;
}

vd_exit vd_told_verdict(vd_cli *cli, const vd_usage *u, bool merge)
{
    const char *tolerate = vd_args_text(&cli->args, "tolerate");
    uint64_t    rejected = counter(u, "evRejected"), failed = counter(u, "filesFailed"), cut = counter(u, "filesPartial");
    bool        none = tolerate && strcmp(tolerate, "none") == 0;

    say_all(cli, u);
    if (vd_usage_tolerates_all(cli))
        return cli->worst;
    if (none && rejected + cut + failed)
        vd_cli_errorf(cli, VD_EXIT_USAGE, "something was lost, and --tolerate none allows nothing");
    else if (rejected && too_many(cli, rejected, counter(u, "eventsTotal")))
        vd_cli_errorf(cli, VD_EXIT_USAGE, "%llu of %llu records rejected: more than --max-rejected allows",
                      (unsigned long long)rejected, (unsigned long long)counter(u, "eventsTotal"));
    if (failed > vd_args_number(&cli->args, "max-failed-files", 0))
        vd_cli_errorf(cli, VD_EXIT_USAGE, "%llu file%s could not be read: more than --max-failed-files allows",
                      (unsigned long long)failed, failed == 1 ? "" : "s");
    if (!merge && counter(u, "filesRead") + cut + counter(u, "evidenceRows") == 0)
        vd_cli_errorf(cli, VD_EXIT_USAGE, "nothing of use among the inputs");
    return cli->worst;
}
