/* SPDX-License-Identifier: Apache-2.0
 *
 * Which options have an effect where: one that has none would be a wish that nobody hears, so it is refused.  What the
 * environment gives is meant for whoever can use it.
 */
#include "cli/usage.h"

static const struct {
    vd_usage_form form;
    const char   *name;
} forms[] = {
    { VD_FORM_COLLECT, "collect" },     { VD_FORM_MERGE, "merge" },          { VD_FORM_SHOW, "show" },
    { VD_FORM_ACTIONS, "show --actions" }, { VD_FORM_COVERAGE, "show --coverage" }, { VD_FORM_CHECK, "map-check" },
};

enum {
    WRITES = VD_FORM_COLLECT | VD_FORM_MERGE,
    READS_LOGS = VD_FORM_COLLECT | VD_FORM_CHECK,
    MAPS = VD_FORM_ACTIONS | VD_FORM_COVERAGE,
    SHOWS = VD_FORM_SHOW | MAPS,
};

/* What is not here is taken everywhere. */
static const struct {
    const char *option;
    int         forms;
} takers[] = {
    { "as", VD_FORM_COLLECT },
    { "in", WRITES },
    { "cols", VD_FORM_COLLECT },
    { "stream", VD_FORM_COLLECT },
    { "unit", VD_FORM_COLLECT },
    { "follow", WRITES | VD_FORM_CHECK },
    { "from", READS_LOGS | MAPS },
    { "to", READS_LOGS | MAPS },
    { "key-slack", VD_FORM_COLLECT },
    { "account", VD_FORM_COLLECT },
    { "principal", VD_FORM_COLLECT | VD_FORM_ACTIONS },
    { "verify", VD_FORM_COLLECT },
    { "accept-major", READS_LOGS },
    { "now", READS_LOGS },
    { "overlap", WRITES },
    { "mixed", WRITES },
    { "salvage", WRITES | SHOWS },
    { "actions", SHOWS },
    { "coverage", SHOWS },
    { "map-extra", MAPS | VD_FORM_CHECK },
    { "accept-unmapped", MAPS },
    { "dependents", VD_FORM_ACTIONS },
    { "snapshot", MAPS },
    { "managed-policies", MAPS },
    { "sum", WRITES },
    { "redact", WRITES | SHOWS | VD_FORM_CHECK },
    { "redact-salt", WRITES | SHOWS | VD_FORM_CHECK },
    { "output", WRITES },
    { "format", SHOWS | VD_FORM_CHECK },
    { "tolerate", WRITES | VD_FORM_CHECK },
    { "max-rejected", WRITES | VD_FORM_CHECK },
    { "max-failed-files", WRITES | VD_FORM_CHECK },
    { "jobs", WRITES },
    { "mem", WRITES },
    { "dedup-mem", READS_LOGS },
    { "tmp", WRITES },
};

static bool given(const vd_cli *cli, const char *option)
{
    return vd_args_typed(&cli->args, option);
}

/* "collect, merge or map-check" */
static void list_forms(vd_buf *b, int set)
{
    const char *separator = "";

    for (size_t i = 0; i < VD_COUNT(forms); i++) {
        if (!(set & (int)forms[i].form))
            continue;
        set &= ~(int)forms[i].form;
        vd_buf_printf(b, "%s%s", *separator && !set ? " or " : separator, forms[i].name);
        separator = ", ";
    }
    vd_buf_byte(b, 0);
}

static bool refuse(vd_cli *cli, vd_usage_form form, const char *option, int takes)
{
    vd_buf      who = vd_buf_on(vd_allocator_default(), 0);
    const char *name = "";

    for (size_t i = 0; i < VD_COUNT(forms); i++)
        if (forms[i].form == form)
            name = forms[i].name;
    list_forms(&who, takes);
    vd_cli_usage(cli, "usage %s has no use for --%s: it is for usage %s", name, option, who.failed ? "" : who.p);
    vd_buf_done(&who);
    return false;
}

static bool reads_standard_input(const vd_cli *cli)
{
    for (uint32_t i = 1; i < cli->args.word_count; i++)
        if (strcmp(cli->args.words[i], "-") == 0)
            return true;
    return false;
}

/* Standard input and how it is cut into pieces. */
static bool pieces_fit(vd_cli *cli)
{
    const char *in = vd_args_text(&cli->args, "in");
    bool        lines = in && strcmp(in, "lines") == 0, tsv = in && strcmp(in, "tsv") == 0;

    if (given(cli, "cols") && !tsv)
        vd_cli_usage(cli, "--cols names the columns of --in tsv: without it, it has no meaning");
    else if (given(cli, "stream") && !lines && !tsv)
        vd_cli_usage(cli, "--stream counts lines of --in lines or --in tsv: without it, it has no meaning");
    else if (given(cli, "stream") && vd_args_number(&cli->args, "stream", 0) == 0)
        vd_cli_usage(cli, "--stream 0 would never write a summary: give the number of lines of each");
    else if (given(cli, "stream") && tsv && !given(cli, "cols"))
        vd_cli_usage(cli, "--stream cuts the rows into parts: name their columns with --cols, only the first has a header");
    else if (given(cli, "unit") && !lines && !tsv && !reads_standard_input(cli))
        vd_cli_usage(cli, "--unit is what standard input is called, and it is not read as one input here");
    else if (given(cli, "as") && tsv)
        vd_cli_usage(cli, "--in tsv says already what the input is: not with --as");
    else if (given(cli, "follow") && in && strcmp(in, "paths") != 0)
        vd_cli_usage(cli, "--in %s reads no directories: not with --follow", in);
    else
        return true;
    return false;
}

static bool needs_fit(vd_cli *cli)
{
    static const char *const pairs[][2] = { { "redact-salt", "redact" }, { "managed-policies", "snapshot" } };

    for (size_t i = 0; i < VD_COUNT(pairs); i++)
        if (given(cli, pairs[i][0]) && !vd_args_has(&cli->args, pairs[i][1])) {
            vd_cli_usage(cli, "--%s has no effect without --%s", pairs[i][0], pairs[i][1]);
            return false;
        }
    if (given(cli, "key-slack") && !given(cli, "from") && !given(cli, "to")) {
        vd_cli_usage(cli, "--key-slack has no effect without --from or --to");
        return false;
    }
    if (given(cli, "key-slack") && vd_args_number(&cli->args, "key-slack", 0) < 24) {
        vd_cli_usage(cli, "--key-slack must be 24 hours or more: names tell when a file was delivered, and events are older");
        return false;
    }
    for (size_t i = 0; given(cli, "tolerate") && i < 2; i++) {
        static const char *const limits[] = { "max-rejected", "max-failed-files" };

        if (given(cli, limits[i])) {
            vd_cli_usage(cli, "--tolerate %s leaves --%s nothing to say: give one of them",
                         vd_args_text(&cli->args, "tolerate"), limits[i]);
            return false;
        }
    }
    return true;
}

bool vd_usage_takes(vd_cli *cli, vd_usage_form form)
{
    for (size_t i = 0; i < VD_COUNT(takers); i++)
        if (!(takers[i].forms & (int)form) && vd_args_knows(&cli->args, takers[i].option) && given(cli, takers[i].option))
            return refuse(cli, form, takers[i].option, takers[i].forms);
    return pieces_fit(cli) && needs_fit(cli);
}
