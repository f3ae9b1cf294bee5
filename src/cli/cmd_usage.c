/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict usage: logs and reports to a summary of what was used; summaries to one; what is in one.
 */
#include "base/str.h"
#include "cli/activity.h"
#include "cli/commands.h"
#include "cli/snapshot.h"
#include "cli/usage.h"

static vd_exit run(vd_cli *cli)
{
    const char *word = cli->args.word_count ? cli->args.words[0] : "";

    if (strcmp(word, "collect") == 0 || strcmp(word, "merge") == 0)
        return vd_usage_collect_command(cli, *word == 'm');
    if ((strcmp(word, "show") == 0 || strcmp(word, "map-check") == 0) && !vd_cli_redact(cli))
        return cli->worst;
    cli->redact_all = *word == 's'; /* facts tell who somebody says that he is, wherever it stands */
    if (strcmp(word, "show") == 0)
        return vd_usage_show_command(cli);
    if (strcmp(word, "map-check") == 0)
        return vd_usage_check_command(cli);
    if (*word)
        vd_cli_usage(cli, "verdict usage does collect, merge, show or map-check, not \"%s\"", word);
    else
        vd_cli_usage(cli, "what is to be done? verdict usage collect, merge, show or map-check");
    return cli->worst;
}

static const vd_opt input[] = {
    { "as", 0, VD_OPT_CHOICE, false, "trail|csv|report|digest|summary", "collect: what all inputs are; else each is looked at", NULL },
    { "in", 0, VD_OPT_CHOICE, false, "lines|paths|frames|tsv", "collect, merge: what standard input has: records, paths, files, rows", NULL },
    { "cols", 0, VD_OPT_TEXT, false, "A,B,...", "collect --in tsv: the columns", NULL },
    { "stream", 0, VD_OPT_NUMBER, false, "N", "collect --in lines, tsv: a summary after each N lines", NULL },
    { "unit", 0, VD_OPT_TEXT, false, "ID", "collect: what standard input is called in the summary", NULL },
    { "follow", 0, VD_OPT_FLAG, false, NULL, "collect, merge, map-check: follow links within directories", NULL },
    { "from", 0, VD_OPT_TEXT, false, "TIME", "collect, map-check, show --actions and --coverage: only events from then on", NULL },
    { "to", 0, VD_OPT_TEXT, false, "TIME", "collect, map-check, show --actions and --coverage: only events before then", NULL },
    { "key-slack", 0, VD_OPT_NUMBER, false, "HOURS", "collect: leave out files whose names say that they are so much older than --from or newer than --to, at least 24", NULL },
    { "account", 0, VD_OPT_TEXT, false, "ID", "collect: only events of this account", NULL },
    { "principal", 0, VD_OPT_TEXT, false, "ARN",
      "collect: whom reports and tables are about that do not say it; show --actions: only of these, stars allowed", NULL },
    { "verify", 0, VD_OPT_FLAG, false, NULL, "collect: SHA-256 of all files, held against the digests of the trail", NULL },
    { "accept-major", 0, VD_OPT_FLAG, false, NULL, "collect, map-check: read events of versions 2 and up, too", NULL },
    { "now", 0, VD_OPT_TEXT, false, "TIME", "collect, map-check: events more than a day later are not believed; default the clock", NULL },
};
static VD_OPTS(input_options, "input", input);

static const vd_opt merging[] = {
    { "overlap", 0, VD_OPT_CHOICE, false, "refuse|max|sum", "collect, merge: when two summaries hold the same file; default refuse", NULL },
    { "mixed", 0, VD_OPT_FLAG, false, NULL, "collect, merge: summaries of versions that know other guards", NULL },
    { "salvage", 0, VD_OPT_FLAG, false, NULL, "collect, merge, show: what can be read of damaged summaries", NULL },
};
static VD_OPTS(merging_options, "summaries", merging);

static const vd_opt looking[] = {
    { "actions", 0, VD_OPT_FLAG, false, NULL, "show: which actions of IAM were used, by whom", NULL },
    { "coverage", 0, VD_OPT_FLAG, false, NULL, "show: of which times, places and events anything is known, and what is not", NULL },
};
static VD_OPTS(looking_options, "show", looking);

static const vd_opt output[] = {
    { "sum", 0, VD_OPT_CHOICE, false, "json|tsv", "collect, merge: tsv: a tab between key and value; merge: lines in any order", NULL },
    { "redact", 0, VD_OPT_FLAG, false, NULL, "pseudonyms for access keys, session tokens, mail in names of sessions; show: any mail", NULL },
    { "redact-salt", 0, VD_OPT_TEXT, false, "TEXT", "with --redact: what pseudonyms are made with, alike under the same salt only", "VERDICT_REDACT_SALT" },
    { "output", 'o', VD_OPT_FILE, false, "FILE.vdu|DIR", "collect, merge: where the summary goes; default standard output", NULL },
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|csv", "show, map-check: how to print, =FILE to write it there", NULL },
};
static VD_OPTS(output_options, "output", output);

static const vd_opt work[] = {
    { "tolerate", 0, VD_OPT_CHOICE, false, "none|all", "losses that make exit 2: any, or not any; else the next two say it", NULL },
    { "max-rejected", 0, VD_OPT_TEXT, false, "N|N%", "records that may be rejected; default 0.1%", NULL },
    { "max-failed-files", 0, VD_OPT_NUMBER, false, "N", "files that may be unreadable; default 0", NULL },
    { "jobs", 'j', VD_OPT_NUMBER, false, "N", "collect, merge: threads; default all cores", "VERDICT_JOBS" },
    { "mem", 0, VD_OPT_TEXT, false, "SIZE", "collect, merge: memory for facts and unpacked files; default 96M", NULL },
    { "dedup-mem", 0, VD_OPT_TEXT, false, "SIZE", "collect, map-check: memory for the ids of events; default 32M", NULL },
    { "tmp", 0, VD_OPT_FILE, false, "DIR", "collect, merge: where facts go that do not fit; default /tmp", "TMPDIR" },
};
static VD_OPTS(work_options, "work", work);

static const vd_opts *const groups[] = { &input_options,  &merging_options,  &looking_options, &vd_opts_mapping,
                                         &vd_opts_snapshot, &output_options, &work_options,    &vd_opts_everywhere };

static const vd_example examples[] = {
    { "a tree of CloudTrail files, as facts to look at", "verdict usage collect -q corpus/trails/tree | verdict usage show -", 0 },
    { "which actions of IAM that were",
      "verdict usage collect -q corpus/trails/tree | verdict usage show --actions -", 0 },
    { "and what these logs can show",
      "verdict usage collect -q corpus/trails/tree | verdict usage show --coverage -", 0 },
    { "records from a pipe", "zcat corpus/trails/tree/*/*/*/*.gz | verdict usage collect -q --in lines", 0 },
};

const vd_command vd_command_usage = {
    .name = "usage",
    .summary = "what was really used, out of CloudTrail and reports",
    .words = "collect PATH...|merge FILE.vdu...|show FILE.vdu...|map-check LOG...",
    .about = "collect reads CloudTrail files in any container, reports and tables, of any size, and writes a summary: who called "
             "what, how often, when, on what, with which outcome. Summaries can be merged, in any order and any grouping. "
             "map-check reads logs, and holds what refusals say against the tables that tell which actions events stand for.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 done, what was lost is within the limits and told; 1 map-check found a disagreement",
    .no_catalog = true,
    .run = run,
};
