/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict unused: what is granted and not used, who is not used at all.
 */
#include "base/str.h"
#include "cli/activity.h"
#include "cli/commands.h"
#include "cli/crew.h"
#include "cli/keep.h"
#include "cli/known.h"
#include "cli/outputs.h"
#include "cli/sides.h"
#include "cli/snapshot.h"
#include "cli/unused_fixes.h"
#include "render/parts.h"
#include "render/unused.h"

enum { MOST_PIECES = 64, MOST_PRINCIPALS = 256 };

/* Some holders, looked at together; what came of them is kept in the order in which it was told. */
typedef struct piece {
    vd_arena             arena;
    uint32_t             first, count;
    vd_unused_principal *principals;
    uint32_t             principal_count, principal_cap;
    vd_unused_row       *rows;
    uint32_t             row_count, row_cap;
    vd_unused_disagreement *disagreements;
    uint32_t             disagreement_count, disagreement_cap;
    vd_unused_summary    summary;
    vd_error             error;
    vd_code              code;
    bool                 nomem;
} piece;

typedef struct unusing {
    vd_cli              *cli;
    vd_proving           p;
    vd_arena             arena;
    vd_side             *sides;
    uint32_t             side_count;
    vd_snapshot         *snapshot;
    vd_activity         *activity;
    vd_holders          *holders;
    vd_unused_opts       opts;
    vd_known_ids         known;
    piece                pieces[MOST_PIECES + 1];
    uint32_t             piece_count;
    vd_unused_principal *principals;
    vd_unused_row       *rows;
    vd_unused_disagreement *disagreements;
    vd_unused_fixes      fixes;
    vd_unused_job        job;
} unusing;

static bool nomem(unusing *u)
{
    vd_cli_errorf(u->cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

/* ------------------------------------------------------------------ the question */

static bool take_days(unusing *u, const char *option, uint32_t otherwise, uint32_t *out)
{
    *out = vd_args_number(&u->cli->args, option, otherwise);
    if (*out)
        return true;
    vd_cli_usage(u->cli, "--%s must be a number of days, at least 1", option);
    return false;
}

static bool take_question(unusing *u)
{
    const vd_args *args = &u->cli->args;
    const char    *by = vd_args_text(args, "by");

    u->opts = (vd_unused_opts){ .size = sizeof u->opts, .identities_only = vd_args_has(args, "identities"),
                                .permissions_only = vd_args_has(args, "permissions"), .blind = u->cli->verbose,
                                .by_action = by && strcmp(by, "action") == 0 };
    if (!vd_args_has(args, "usage")) {
        vd_cli_usage(u->cli, "--usage FILE.vdu says what was used: verdict usage collect makes it");
        return false;
    }
    if (u->opts.identities_only && u->opts.permissions_only) {
        vd_cli_usage(u->cli, "--identities and --permissions leave nothing over");
        return false;
    }
    if (vd_args_has(args, "snapshot") && args->word_count) {
        vd_cli_usage(u->cli, "the policies are those of --snapshot, or those that are named, not both");
        return false;
    }
    if (args->word_count && !vd_args_has(args, "principal")) {
        vd_cli_usage(u->cli, "--principal ARN says who holds these policies");
        return false;
    }
    if (!args->word_count && !vd_args_has(args, "snapshot") && !u->opts.identities_only) {
        vd_cli_usage(u->cli, "what is granted? give --snapshot PATH, or policies and --principal");
        return false;
    }
    if (vd_args_has(args, "snapshot") && vd_args_count(args, "principal") > 1) {
        vd_cli_usage(u->cli, "--principal can be given once with --snapshot: it is a pattern there");
        return false;
    }
    return take_days(u, "xa-days", 90, &u->opts.aws_days) && take_days(u, "age", 90, &u->opts.age_days) && take_days(u, "grace", 7, &u->opts.grace_days) &&
           vd_cli_time(u->cli, "as-of", 0, &u->opts.as_of);
}

/* ------------------------------------------------------------------ what is granted, to whom */

static bool read_sides(unusing *u)
{
    const vd_args *args = &u->cli->args;

    u->sides = vd_arena_new_array(&u->arena, vd_side, (size_t)args->word_count + 1);
    if (!u->sides)
        return nomem(u);
    for (uint32_t i = 0; i < args->word_count; i++) {
        vd_side *s = &u->sides[u->side_count++];

        if (!vd_side_read(s, &u->p, args->words[i]))
            return false;
        if (s->set) {
            vd_cli_usage(u->cli, "%s: a bundle or a scenario does not say what its policies are; give the documents", args->words[i]);
            return false;
        }
    }
    return true;
}

static bool hold_documents(unusing *u)
{
    const vd_args *args = &u->cli->args;
    vd_str         who[MOST_PRINCIPALS];
    uint32_t       n = vd_args_count(args, "principal"), count = 0, cap = 0;
    vd_policy    **list = NULL;
    vd_error       err = { .size = sizeof err };
    vd_code        code;

    if (n > MOST_PRINCIPALS) {
        vd_cli_usage(u->cli, "--principal can be given %d times at most", MOST_PRINCIPALS);
        return false;
    }
    for (uint32_t i = 0; i < n; i++)
        who[i] = vd_str_of(vd_args_at(args, "principal", i));
    if (!read_sides(u))
        return false;
    for (uint32_t i = 0; i < u->side_count; i++)
        for (uint32_t k = 0; k < u->sides[i].finds.count; k++) {
            const vd_found *f = &u->sides[i].finds.at[k];

            if ((f->kind == VD_KIND_IDENTITY || f->kind == VD_KIND_MANAGED) && !VD_ARENA_PUSH(&u->arena, list, count, cap, f->policy))
                return nomem(u);
        }
    if (!count && args->word_count) {
        vd_cli_errorf(u->cli, VD_EXIT_USAGE, "no identity policy was found");
        return false;
    }
    code = vd_holders_of_policies(&u->holders, u->cli->engine, list, count, who, args->word_count ? n : 0, &err);
    if (code != VD_OK)
        vd_cli_error(u->cli, vd_cli_exit_of(code), &err);
    return code == VD_OK;
}

static bool hold_snapshot(unusing *u, const char *path)
{
    const char *pattern = vd_args_text(&u->cli->args, "principal");
    vd_error    err = { .size = sizeof err };
    vd_code     code;

    u->snapshot = vd_snapshot_read_all(u->cli, path);
    if (!u->snapshot)
        return false;
    vd_snapshot_tell_count(u->cli, u->snapshot, path);
    code = vd_holders_of_snapshot(&u->holders, u->cli->engine, u->snapshot, vd_str_of(pattern ? pattern : ""), &err);
    if (code != VD_OK)
        vd_cli_error(u->cli, vd_cli_exit_of(code), &err);
    else if (pattern && !vd_holders_count(u->holders))
        vd_cli_errorf(u->cli, VD_EXIT_USAGE, "no user and no role of the snapshot is \"%s\"", pattern);
    return code == VD_OK && !(pattern && !vd_holders_count(u->holders));
}

static bool read_usage(unusing *u)
{
    const vd_args *args = &u->cli->args;
    uint32_t       n = vd_args_count(args, "usage");
    const char   **paths = vd_arena_new_array(&u->arena, const char *, (size_t)n + 1);

    if (!paths)
        return nomem(u);
    for (uint32_t i = 0; i < n; i++)
        paths[i] = vd_args_at(args, "usage", i);
    u->activity = vd_activity_read_all(u->cli, paths, n, u->snapshot);
    return u->activity != NULL;
}

/* Somebody of the logs who is gone: what he used is nobody's any more. */
static void tell_gone(unusing *u)
{
    uint32_t gone = 0;

    for (uint32_t i = 0; u->snapshot && i < vd_activity_actors(u->activity); i++) {
        vd_actor a = { .size = sizeof a };

        if (vd_activity_actor(u->activity, i, &a) && !a.living && vd_snapshot_has_account(u->snapshot, a.account) &&
            (vd_str_eq(a.kind, VD_S("role")) || vd_str_eq(a.kind, VD_S("user"))))
            gone++;
    }
    if (gone)
        vd_cli_warnf(u->cli, "%u principal%s of the logs %s not there any more, or made anew under an old name: what they used counts for nobody",
                     gone, gone == 1 ? "" : "s", gone == 1 ? "is" : "are");
}

/* ------------------------------------------------------------------ the answer */

static bool take_principal(void *user, const vd_unused_principal *p)
{
    piece              *t = user;
    vd_unused_principal kept;

    t->nomem |= !vd_keep_unused_principal(&t->arena, &kept, p) ||
                !VD_ARENA_PUSH(&t->arena, t->principals, t->principal_count, t->principal_cap, kept);
    return !t->nomem;
}

static bool take(void *user, const vd_unused_finding *f)
{
    piece        *t = user;
    vd_unused_row row = { .finding = vd_keep_unused(&t->arena, f), .principal = t->count && t->principal_count ? t->principal_count - 1 : VD_NO_INDEX };

    t->nomem |= !row.finding || !VD_ARENA_PUSH(&t->arena, t->rows, t->row_count, t->row_cap, row);
    return !t->nomem;
}

static bool take_disagreement(void *user, const vd_unused_disagreement *d)
{
    piece                 *t = user;
    vd_unused_disagreement kept;

    t->nomem |= !vd_keep_disagreement(&t->arena, &kept, d) ||
                !VD_ARENA_PUSH(&t->arena, t->disagreements, t->disagreement_count, t->disagreement_cap, kept);
    return !t->nomem;
}

static void look(void *user, uint32_t index)
{
    unusing       *u = user;
    piece         *t = &u->pieces[index];
    vd_unused_opts opts = u->opts;

    opts.first = t->first;
    opts.count = t->count;
    opts.principal = take_principal;
    opts.disagreement = take_disagreement;
    t->code = vd_unused(u->activity, u->holders, &opts, take, t, &t->summary, &t->error);
}

/* The holders in pieces, as many as there are whatever the number of threads; the last one is what belongs to nobody. */
static void cut(unusing *u)
{
    uint32_t n = vd_holders_count(u->holders), each = n / MOST_PIECES + 1;

    for (uint32_t first = 0; first < n; first += each)
        u->pieces[u->piece_count++] = (piece){ .first = first, .count = each < n - first ? each : n - first };
    u->pieces[u->piece_count++] = (piece){ .first = n };
    for (uint32_t i = 0; i < u->piece_count; i++) {
        u->pieces[i].arena = vd_arena_on(vd_allocator_default(), 0);
        u->pieces[i].summary.size = sizeof u->pieces[i].summary;
        u->pieces[i].error.size = sizeof u->pieces[i].error;
    }
}

static void add_summary(vd_unused_summary *to, const vd_unused_summary *s)
{
    uint64_t all;

    to->findings += s->findings;
    to->principals += s->principals;
    to->credentials += s->credentials;
    to->granted += s->granted;
    to->used += s->used;
    to->possible += s->possible;
    to->not_seen += s->not_seen;
    to->cannot_see += s->cannot_see;
    for (size_t i = 0; i < VD_UNUSED_COUNT; i++)
        to->by_rule[i] += s->by_rule[i];
    to->weight_used += s->weight_used;
    to->weight_idle += s->weight_idle;
    to->weight_blind += s->weight_blind;
    all = to->weight_used + to->weight_idle;
    to->score = all ? (uint32_t)(to->weight_idle * 1000 / all) : 0;
    all += to->weight_blind;
    to->blind = all ? (uint32_t)(to->weight_blind * 1000 / all) : 0;
}

/* One after the other, as if one thread had done it. */
static bool join(unusing *u)
{
    vd_unused_job *job = &u->job;
    uint32_t       principals = 0, rows = 0, disagreements = 0;

    for (uint32_t i = 0; i < u->piece_count; i++) {
        if (u->pieces[i].code != VD_OK || u->pieces[i].nomem) {
            vd_cli_error(u->cli, vd_cli_exit_of(u->pieces[i].nomem ? VD_ENOMEM : u->pieces[i].code), &u->pieces[i].error);
            return false;
        }
        principals += u->pieces[i].principal_count;
        rows += u->pieces[i].row_count;
        disagreements += u->pieces[i].disagreement_count;
    }
    u->disagreements = vd_arena_new_array(&u->arena, vd_unused_disagreement, (size_t)disagreements + 1);
    u->principals = vd_arena_new_array(&u->arena, vd_unused_principal, (size_t)principals + 1);
    u->rows = vd_arena_new_array(&u->arena, vd_unused_row, (size_t)rows + 1);
    if (!u->principals || !u->rows || !u->disagreements)
        return nomem(u);
    for (uint32_t i = 0; i < u->piece_count; i++) {
        const piece *t = &u->pieces[i];

        for (uint32_t k = 0; k < t->row_count; k++) {
            vd_unused_row *row = &u->rows[job->count++];

            *row = t->rows[k];
            row->principal += row->principal == VD_NO_INDEX ? 0 : job->principal_count;
            row->known = vd_known_ids_have(&u->known, row->finding->id);
        }
        for (uint32_t k = 0; k < t->principal_count; k++)
            u->principals[job->principal_count++] = t->principals[k];
        for (uint32_t k = 0; k < t->disagreement_count; k++)
            u->disagreements[job->disagreement_count++] = t->disagreements[k];
        add_summary(&job->summary, &t->summary);
    }
    return true;
}

static bool write_baseline(unusing *u)
{
    const char *path = vd_args_text(&u->cli->args, "write-baseline");
    vd_json    *list;

    if (!path)
        return true;
    list = vd_json_array();
    for (uint32_t i = 0; i < u->job.count; i++) {
        const vd_unused_finding *f = u->rows[i].finding;
        vd_json                 *one = vd_json_object();

        vd_json_set(one, "id", vd_json_string(f->id));
        vd_json_set(one, "rule", vd_part_words(vd_unused_name(f->rule)));
        vd_json_set(one, "principal", vd_json_string(f->principal));
        vd_json_set(one, "item", vd_json_string(f->item));
        vd_json_push(list, one);
        u->rows[i].known = true; /* from now on */
    }
    return vd_known_ids_save(u->cli, path, list);
}

/* Rules stand in the order of their weight: the one that is named, and all above it. */
static vd_exit exit_of(const unusing *u)
{
    const char *text = vd_args_text(&u->cli->args, "fail-on");
    int32_t     last = VD_UNUSED_RESOURCE;

    if (text && strcmp(text, "none") == 0)
        return VD_EXIT_YES;
    for (int32_t i = 0; text && i < VD_UNUSED_COUNT; i++)
        if (strcmp(text, vd_unused_name(i)) == 0)
            last = i;
    for (uint32_t i = 0; i < u->job.count; i++)
        if (!u->rows[i].known && u->rows[i].finding->rule <= last)
            return VD_EXIT_NO;
    return VD_EXIT_YES;
}

/* Of files alone: a snapshot is nothing that anybody edits. */
static bool make_fixes(unusing *u, const vd_outputs *outputs)
{
    bool wanted = false;

    for (size_t i = 0; i < outputs->count; i++)
        wanted |= vd_output_is(outputs, i, "sarif");
    return !wanted || u->snapshot || vd_unused_fixes_make(&u->fixes, u->cli, u->activity, u->holders, &u->opts, u->rows, u->job.count, &u->job);
}

static void print(unusing *u, vd_outputs *outputs)
{
    static const vd_look plain = { .colour = false, .width = 100 };
    const char          *category = vd_args_text(&u->cli->args, "category");
    vd_unused_job       *job = &u->job;

    vd_cli_worse(u->cli, exit_of(u));
    job->proof = (vd_proof){ .quiet = u->cli->quiet, .verbose = u->cli->verbose, .errors = u->p.errors, .error_count = u->p.error_count,
                             .exit_code = (int32_t)u->cli->worst, .category = vd_str_of(category ? category : "") };
    job->principals = u->principals;
    job->at = u->rows;
    job->disagreements = u->disagreements;
    job->by_action = u->opts.by_action;
    job->coverage.size = sizeof job->coverage;
    vd_activity_coverage(u->activity, &job->coverage);
    job->age_days = u->opts.age_days;
    job->grace_days = u->opts.grace_days;
    job->identities_only = u->opts.identities_only;
    job->permissions_only = u->opts.permissions_only;
    job->has_baseline = vd_args_has(&u->cli->args, "baseline") || vd_args_has(&u->cli->args, "write-baseline");
    for (size_t i = 0; i < outputs->count; i++)
        for (size_t f = 0; f < vd_unused_format_count; f++)
            if (vd_output_is(outputs, i, vd_unused_formats[f].name) &&
                vd_unused_formats[f].render(vd_output_buf(outputs, i), outputs->at[i].path ? &plain : &u->cli->look, job) != VD_OK)
                nomem(u);
}

/* Nobody says when it is: the end of what was logged; without logs, the clock. */
static void set_now(unusing *u)
{
    vd_usage_coverage c = { .size = sizeof c };

    vd_activity_coverage(u->activity, &c);
    u->opts.now = vd_args_has(&u->cli->args, "now") || !c.place_count ? u->p.opts.now : c.to;
}

static bool ask(unusing *u)
{
    const char *path = vd_args_text(&u->cli->args, "snapshot"), *known = vd_args_text(&u->cli->args, "baseline");

    u->p.hushed = u->cli->verbose ? 0 : ~(1u << VD_KIND_IDENTITY | 1u << VD_KIND_MANAGED);
    if (known && !vd_known_ids_read(&u->known, u->cli, known))
        return false;
    if (!(path ? hold_snapshot(u, path) : hold_documents(u)) || !read_usage(u))
        return false;
    u->opts.catalog = u->cli->catalog;
    set_now(u);
    tell_gone(u);
    cut(u);
    vd_crew_work(u->cli, "principals", u->piece_count, look, u);
    return join(u);
}

static void done(unusing *u)
{
    vd_unused_fixes_done(&u->fixes);
    for (uint32_t i = 0; i < u->piece_count; i++)
        vd_arena_done(&u->pieces[i].arena);
    vd_holders_free(u->holders);
    vd_activity_release(u->activity);
    vd_snapshot_release(u->snapshot);
    for (uint32_t i = 0; i < u->side_count; i++)
        vd_side_done(&u->sides[i]);
    vd_known_ids_done(&u->known);
    if (u->p.cli)
        vd_proving_close(&u->p);
    vd_arena_done(&u->arena);
}

static vd_exit run(vd_cli *cli)
{
    unusing   *u = vd_alloc0(vd_allocator_default(), sizeof *u);
    vd_outputs outputs;

    if (!u) {
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
        return cli->worst;
    }
    u->cli = cli;
    u->arena = vd_arena_on(vd_allocator_default(), 0);
    if (vd_outputs_open(&outputs, cli, "text")) {
        if (vd_cli_redact(cli) && take_question(u) && vd_proving_open(&u->p, cli) && ask(u) && write_baseline(u) && make_fixes(u, &outputs))
            print(u, &outputs);
        vd_outputs_close(&outputs);
    }
    done(u);
    vd_free(vd_allocator_default(), u, sizeof *u);
    return cli->worst;
}

/* ------------------------------------------------------------------ rows */

static const vd_opt own[] = {
    { "usage", 'u', VD_OPT_FILE, true, "FILE.vdu", "what was used: summaries of verdict usage collect", NULL },
    { "principal", 0, VD_OPT_TEXT, true, "ARN|PATTERN", "who holds the policies; with --snapshot, whom to look at: \"arn:aws:iam::*:role/ci-*\"", NULL },
    { "identities", 0, VD_OPT_FLAG, false, NULL, "only roles, users, passwords, keys", NULL },
    { "permissions", 0, VD_OPT_FLAG, false, NULL, "only permissions", NULL },
    { "by", 0, VD_OPT_CHOICE, false, "statement|action", "one finding for a statement or a service of it, or for each action; default statement", NULL },
    { "age", 0, VD_OPT_NUMBER, false, "DAYS", "from when on something is idle; default 90", NULL },
    { "grace", 0, VD_OPT_NUMBER, false, "DAYS", "how long a new credential may be unused; default 7", NULL },
    { "xa-days", 0, VD_OPT_NUMBER, false, "DAYS", "how far AWS's own findings look back, to hold them against the logs; default 90", NULL },
    { "from", 0, VD_OPT_TEXT, false, "TIME", "the window that counts; default from the first event", NULL },
    { "to", 0, VD_OPT_TEXT, false, "TIME", "its end; default the last event", NULL },
    { "as-of", 0, VD_OPT_TEXT, false, "TIME", "when credential reports and the snapshot were made; default the newest time in them", NULL },
    { "now", 0, VD_OPT_TEXT, false, "TIME", "from when on age is counted; default the end of the window", NULL },
    { "salvage", 0, VD_OPT_FLAG, false, NULL, "what can be read of damaged summaries", NULL },
};
static VD_OPTS(own_options, "what is asked", own);

#define RULES "unused-role|unused-user|unused-password|unused-key|never-used-credential|root-used|root-key|no-mfa|two-active-keys|" \
    "key-without-permissions|unused-trust|unused-statement|unused-service|unused-action|resource-broader-than-use"

static const vd_opt known_rows[] = {
    { "baseline", 0, VD_OPT_FILE, false, "FILE", "hide the findings that are in it", NULL },
    { "write-baseline", 0, VD_OPT_FILE, false, "FILE", "write the findings that there are", NULL },
    { "fail-on", 0, VD_OPT_CHOICE, false, "any|none|" RULES, "the rule that makes exit code 1, and all before it; default any", NULL },
};
static VD_OPTS(known_options, "which findings", known_rows);

static const vd_opt output_rows[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|jsonl|csv|sarif|html", "how to print it, =FILE to write it there", NULL },
    { "category", 0, VD_OPT_TEXT, false, "NAME", "of the SARIF run, when several are uploaded", NULL },
    { "jobs", 'j', VD_OPT_NUMBER, false, "N", "threads; default all cores", "VERDICT_JOBS" },
};
static VD_OPTS(output_options, "output", output_rows);

static const vd_opts *const groups[] = { &own_options, &vd_opts_snapshot, &vd_opts_mapping, &known_options, &vd_opts_prove_read, &output_options, &vd_opts_redact,
                                         &vd_opts_everywhere };

static const vd_example examples[] = {
    { "what does the company grant that nobody used in a month?",
      "verdict usage collect -q corpus/trails/month | verdict unused --usage - --snapshot corpus/snapshots/acme", 1 },
    { "idle keys and passwords, by credential reports alone",
      "verdict usage collect -q corpus/snapshots/acme/accounts/*/credential-report.csv | verdict unused --usage - --identities --now 2025-06-01", 1 },
};

const vd_command vd_command_unused = {
    .name = "unused",
    .summary = "what is granted and not used; idle roles, users, keys, passwords",
    .words = "[POLICY...]",
    .about = "Compares what policies grant with what logs and reports show: statements, services, actions and resources that nobody used, roles and "
             "users that nobody uses, credentials that are idle. Each finding says since when, and how sure it is; what the logs could not have "
             "shown is never called unused.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 nothing at or over --fail-on, 1 at least one such finding",
    .run = run,
};
