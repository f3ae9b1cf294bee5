/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict who-can: every principal of a snapshot that can, and through what.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/guess.h"
#include "cli/keep.h"
#include "cli/outputs.h"
#include "cli/prove.h"
#include "cli/save.h"
#include "cli/snapshot.h"
#include "cli/exposing.h"
#include "pattern/glob.h"
#include "render/reach.h"

#include <pthread.h>
#include <unistd.h>

enum { MOST_JOBS = 64, PRINCIPALS_A_JOB = 256 };

/* A share of the principals, and what came of it. */
typedef struct share {
    struct asking     *all;
    uint32_t           index;
    vd_arena           arena;
    const vd_reacher **at;
    uint32_t           count, cap;
    vd_skipped        *skipped;
    uint32_t           skipped_count, skipped_cap;
    vd_who_can_opts    opts;
    vd_who_can_summary sum;
    vd_code            code;
    vd_error           err;
    bool               nomem;
} share;

typedef struct asking {
    vd_cli         *cli;
    vd_proving      p;
    vd_arena        arena;
    vd_snapshot    *snapshot;
    vd_zone        *zone;
    vd_who_can_opts opts;
    share          *shares;
    uint32_t        share_count;
    const vd_route **via;
    uint32_t        via_count, via_cap;
    bool            nomem;
} asking;

/* ------------------------------------------------------------------ what is asked */

static bool take_list(asking *a, vd_str rest, const char *what, const vd_str **at, size_t *count)
{
    vd_str  *list = (vd_str *)(uintptr_t)*at;
    uint32_t n = (uint32_t)*count, cap = n;
    vd_str   one;
    bool     more = true;

    while (more) {
        more = vd_str_cut(&rest, ',', &one);
        one = vd_str_trim(more ? one : rest);
        if (one.n == 0) {
            vd_cli_usage(a->cli, "%s: an entry is empty", what);
            return false;
        }
        if (!VD_ARENA_PUSH(&a->arena, list, n, cap, one)) {
            vd_cli_errorf(a->cli, VD_EXIT_NO_ANSWER, "out of memory");
            return false;
        }
    }
    *at = list;
    *count = n;
    return true;
}

/* A name that no service has is mostly a slip. */
static bool check_action(asking *a, vd_str action)
{
    vd_buf guess = vd_buf_on(vd_allocator_default(), 0);
    bool   plain = vd_str_find(action, '*') == action.n && vd_str_find(action, '?') == action.n;

    if (vd_str_eq(action, VD_S("*")))
        return true;
    if (vd_str_find(action, ':') == action.n) {
        vd_cli_usage(a->cli, "\"" VD_F "\" is no action: service:Name, or a pattern of them", VD_A(action));
        return false;
    }
    if (!plain || vd_catalog_find(a->cli->catalog, action) != UINT32_MAX ||
        vd_args_has(&a->cli->args, "future-actions"))
        return true;
    vd_guess_action(&guess, a->cli->catalog, action);
    vd_cli_usage(a->cli, VD_F " (--future-actions asks all the same)", VD_A(vd_buf_str(&guess)));
    vd_buf_done(&guess);
    return false;
}

static bool take_question(asking *a)
{
    const vd_args *args = &a->cli->args;

    if (args->word_count != 2) {
        vd_cli_usage(a->cli, args->word_count < 2 ? "who can do what on what? an action and a resource are asked for"
                                                  : "one action (or several with commas) and one resource are asked for");
        return false;
    }
    if (!vd_args_text(args, "snapshot")) {
        vd_cli_usage(a->cli, "whose principals? --snapshot names a folder or a file");
        return false;
    }
    if (vd_args_has(args, "via") && vd_args_has(args, "all-of")) {
        vd_cli_usage(a->cli, "--via asks about some resource that the pattern matches: not with --all-of");
        return false;
    }
    a->opts = (vd_who_can_opts){ .size = sizeof a->opts, .all_of = vd_args_has(args, "all-of"), .resource = vd_str_of(args->words[1]) };
    if (!take_list(a, vd_str_of(args->words[0]), "the action", &a->opts.actions, &a->opts.action_count))
        return false;
    for (size_t i = 0; i < a->opts.action_count; i++)
        if (!check_action(a, a->opts.actions[i]))
            return false;
    if (!vd_str_starts(a->opts.resource, VD_S("arn:")) && vd_str_find(a->opts.resource, '*') == a->opts.resource.n) {
        vd_cli_usage(a->cli, "\"" VD_F "\" is no resource: an ARN, a pattern of ARNs, or *", VD_A(a->opts.resource));
        return false;
    }
    for (uint32_t i = 0; i < vd_args_count(args, "exclude"); i++)
        if (!take_list(a, vd_str_of(vd_args_at(args, "exclude", i)), "--exclude", &a->opts.exclude, &a->opts.exclude_count))
            return false;
    return true;
}

/* Without one, principals of the snapshot's accounts are no outsiders. */
static bool take_zone(asking *a)
{
    if (vd_args_text(&a->cli->args, "zone"))
        a->zone = vd_exposure_zone(&a->p, a->snapshot);
    return a->zone || !vd_args_text(&a->cli->args, "zone");
}

/* ------------------------------------------------------------------ asking */

static bool take(void *user, const vd_reacher *r)
{
    share            *s = user;
    const vd_reacher *kept = vd_keep_reacher(&s->arena, r);

    s->nomem |= !kept || !VD_ARENA_PUSH(&s->arena, s->at, s->count, s->cap, kept);
    return !s->nomem;
}

static bool take_skipped(void *user, const vd_skipped *skipped)
{
    share     *s = user;
    vd_skipped kept = *skipped;

    s->nomem |= !vd_arena_dup(&s->arena, &kept.principal, skipped->principal) || !vd_arena_dup(&s->arena, &kept.why, skipped->why) ||
                !VD_ARENA_PUSH(&s->arena, s->skipped, s->skipped_count, s->skipped_cap, kept);
    return !s->nomem;
}

static void *work(void *user)
{
    share *s = user;

    s->sum.size = sizeof s->sum;
    s->err.size = sizeof s->err;
    s->code = vd_who_can(s->all->snapshot, &s->opts, take, s, &s->sum, &s->err);
    return NULL;
}

static uint32_t jobs_of(const asking *a, uint32_t principals)
{
    uint32_t jobs = vd_args_number(&a->cli->args, "jobs", 0), most = 1 + principals / PRINCIPALS_A_JOB;
    long     cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (jobs == 0)
        jobs = cores > 0 ? (uint32_t)cores : 1;
    jobs = jobs < MOST_JOBS ? jobs : MOST_JOBS;
    return jobs < most ? jobs : most;
}

/* Shares are as they are whatever the number of threads is: what is told does not depend on it. */
static bool ask(asking *a)
{
    uint32_t   principals = vd_snapshot_principals(a->snapshot), jobs = jobs_of(a, principals), each = principals / jobs + 1;
    pthread_t  threads[MOST_JOBS];
    bool       running[MOST_JOBS] = { false };

    a->shares = vd_arena_new_array(&a->arena, share, jobs);
    if (!a->shares) {
        vd_cli_errorf(a->cli, VD_EXIT_NO_ANSWER, "out of memory");
        return false;
    }
    a->share_count = jobs;
    a->opts.prove = a->p.opts;
    a->opts.zone = a->zone;
    a->opts.skipped = take_skipped;
    for (uint32_t i = 0; i < jobs; i++) {
        share *s = &a->shares[i];

        *s = (share){ .all = a, .index = i, .arena = vd_arena_on(vd_allocator_default(), 0), .opts = a->opts };
        s->opts.first = i * each;
        s->opts.count = each;
        s->opts.no_outsiders = i + 1 < jobs;
        running[i] = i && pthread_create(&threads[i], NULL, work, s) == 0;
    }
    for (uint32_t i = 0; i < jobs; i++)
        if (!running[i])
            work(&a->shares[i]);
    for (uint32_t i = 0; i < jobs; i++)
        if (running[i])
            pthread_join(threads[i], NULL);
    return true;
}

/* ------------------------------------------------------------------ by becoming somebody else */

static bool is_left_out(const asking *a, vd_str arn)
{
    for (size_t i = 0; i < a->opts.exclude_count; i++)
        if (vd_glob_matches(a->opts.exclude[i], arn))
            return true;
    for (uint32_t i = 0; i < a->via_count; i++)
        if (vd_str_eq(a->via[i]->from.arn, arn))
            return true;
    for (uint32_t s = 0; s < a->share_count; s++)
        for (uint32_t i = 0; i < a->shares[s].count; i++)
            if (vd_str_eq(a->shares[s].at[i]->principal, arn))
                return true;
    return false;
}

static bool take_route(void *user, const vd_route *r)
{
    asking         *a = user;
    const vd_route *kept;

    if (r->step_count < 2 || is_left_out(a, r->from.arn))
        return true;
    kept = vd_keep_route(&a->arena, r);
    a->nomem |= !kept || !VD_ARENA_PUSH(&a->arena, a->via, a->via_count, a->via_cap, kept);
    return !a->nomem;
}

/* Who is an administrator can give itself anything, and is not asked about. */
static void ask_via(asking *a)
{
    for (size_t i = 0; i < a->opts.action_count; i++) {
        vd_paths_opts    opts = { .size = sizeof opts, .prove = a->p.opts, .zone = a->zone };
        vd_paths_summary sum = { .size = sizeof sum };
        vd_error         err = { .size = sizeof err };
        vd_code          code = VD_ENOMEM;

        if (vd_arena_printf(&a->arena, &opts.to, VD_F "@" VD_F, VD_A(a->opts.actions[i]), VD_A(a->opts.resource)))
            code = vd_paths(a->snapshot, &opts, take_route, a, &sum, &err);
        if (code != VD_OK || a->nomem)
            vd_proving_fail(&a->p, a->nomem ? VD_ENOMEM : code, &err);
    }
}

/* ------------------------------------------------------------------ the answer */

static vd_answer better(vd_answer a, vd_answer b)
{
    if (a == VD_SAT || b == VD_SAT)
        return VD_SAT;
    return a == VD_UNKNOWN || b == VD_UNKNOWN ? VD_UNKNOWN : VD_UNSAT;
}

static void add_share(vd_who_can_summary *sum, const share *s)
{
    sum->answer = better(sum->answer, s->sum.answer);
    sum->principals += s->sum.principals;
    sum->outsiders += s->sum.outsiders;
    sum->always += s->sum.always;
    sum->conditional += s->sum.conditional;
    sum->skipped += s->sum.skipped;
    sum->units += s->sum.units;
}

/* All shares as one; false: no memory. */
static bool gather(asking *a, vd_who_can_job *job)
{
    const vd_reacher **at = NULL;
    vd_skipped        *skipped = NULL;
    uint32_t           cap = 0, skipped_cap = 0;

    job->summary = (vd_who_can_summary){ .size = sizeof job->summary, .answer = VD_UNSAT };
    for (uint32_t i = 0; i < a->share_count; i++) {
        share *s = &a->shares[i];

        add_share(&job->summary, s);
        if (s->nomem || (s->code != VD_OK && s->code != VD_EBUDGET)) {
            vd_proving_fail(&a->p, s->nomem ? VD_ENOMEM : s->code, &s->err);
            job->summary.answer = VD_UNKNOWN;
        }
        for (uint32_t k = 0; k < s->count; k++)
            if (!VD_ARENA_PUSH(&a->arena, at, job->count, cap, s->at[k]))
                return false;
        for (uint32_t k = 0; k < s->skipped_count; k++)
            if (!VD_ARENA_PUSH(&a->arena, skipped, job->skipped_count, skipped_cap, s->skipped[k]))
                return false;
    }
    job->at = at;
    job->skipped = skipped;
    return true;
}

/* ------------------------------------------------------------------ witnesses */

static void save_one(asking *a, const vd_reacher *r)
{
    vd_buf id = vd_buf_on(vd_allocator_default(), 0), title = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_printf(&id, "who-can\n" VD_F "\n" VD_F "\n%d", VD_A(r->principal), VD_A(a->opts.resource), r->always);
    for (size_t i = 0; i < r->patterns.count; i++)
        vd_buf_printf(&id, "\n" VD_F, VD_A(r->patterns.at[i]));
    for (size_t i = 0; i < r->granting_count; i++)
        vd_buf_printf(&id, "\n" VD_F "\n%u", VD_A(r->granting[i].policy), (unsigned)r->granting[i].index);
    vd_buf_printf(&title, VD_F " can " VD_F " on " VD_F, VD_A(r->principal), VD_A(r->witness->action), VD_A(r->witness->resource));
    if (id.failed || title.failed)
        vd_cli_errorf(a->cli, VD_EXIT_NO_ANSWER, "out of memory");
    else
        vd_save_reached(&a->p, a->snapshot, r->account.n ? r->principal : VD_S(""), true, vd_buf_str(&id), vd_buf_str(&title), r->witness);
    vd_buf_done(&id);
    vd_buf_done(&title);
}

static void save_all(asking *a, const vd_who_can_job *job)
{
    for (uint32_t i = 0; i < job->count && vd_args_has(&a->cli->args, "save-witness"); i++)
        if (job->at[i]->witness)
            save_one(a, job->at[i]);
}

static void print(asking *a, vd_outputs *outputs)
{
    static const vd_look plain = { .colour = false, .width = 100 };
    vd_who_can_job       job = { .proof = { .quiet = a->cli->quiet, .verbose = a->cli->verbose },
                                 .action = vd_str_of(a->cli->args.words[0]), .resource = a->opts.resource };
    bool                 ok = gather(a, &job);

    job.via_asked = vd_args_has(&a->cli->args, "via");
    job.via = a->via;
    job.via_count = a->via_count;
    if (a->via_count)
        job.summary.answer = VD_SAT;

    if (!ok)
        vd_cli_errorf(a->cli, VD_EXIT_NO_ANSWER, "out of memory");
    save_all(a, &job);
    vd_cli_worse(a->cli, job.summary.answer == VD_SAT ? VD_EXIT_YES : job.summary.answer == VD_UNSAT ? VD_EXIT_NO : VD_EXIT_NO_ANSWER);
    job.proof.errors = a->p.errors;
    job.proof.error_count = a->p.error_count;
    job.proof.exit_code = (int32_t)a->cli->worst;
    for (size_t i = 0; i < outputs->count; i++)
        for (size_t f = 0; f < vd_who_can_format_count; f++)
            if (vd_output_is(outputs, i, vd_who_can_formats[f].name) &&
                vd_who_can_formats[f].render(vd_output_buf(outputs, i), outputs->at[i].path ? &plain : &a->cli->look, &job) != VD_OK)
                vd_cli_errorf(a->cli, VD_EXIT_NO_ANSWER, "out of memory");
}

static vd_exit run(vd_cli *cli)
{
    asking     a = { .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_outputs outputs;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    if (take_question(&a) && vd_proving_open(&a.p, cli)) {
        a.snapshot = vd_snapshot_read_all(cli, vd_args_text(&cli->args, "snapshot"));
        if (a.snapshot)
            vd_snapshot_tell_count(cli, a.snapshot, vd_args_text(&cli->args, "snapshot"));
        if (a.snapshot && take_zone(&a) && ask(&a)) {
            if (vd_args_has(&cli->args, "via"))
                ask_via(&a);
            print(&a, &outputs);
        }
    }
    for (uint32_t i = 0; i < a.share_count; i++)
        vd_arena_done(&a.shares[i].arena);
    vd_snapshot_release(a.snapshot);
    vd_zone_free(a.zone);
    if (a.p.cli)
        vd_proving_close(&a.p);
    vd_outputs_close(&outputs);
    vd_arena_done(&a.arena);
    return cli->worst;
}

static const vd_opt own[] = {
    { "all-of", 0, VD_OPT_FLAG, false, NULL, "on every resource that the pattern matches, not only on some", NULL },
    { "via", 0, VD_OPT_FLAG, false, NULL, "also who can by becoming somebody else first, as verdict paths finds it", NULL },
    { "exclude", 0, VD_OPT_TEXT, true, "@admin|ARN,...", "leave these principals out: patterns, or all administrators", NULL },
    { "zone", 0, VD_OPT_TEXT, false, "ZONE", "who is trusted and not told; else every principal of the snapshot's accounts is no outsider", NULL },
    { "jobs", 'j', VD_OPT_NUMBER, false, "N", "threads; 0, the default, is one for each core", "VERDICT_JOBS" },
    { "assume", 0, VD_OPT_TEXT, true, "KEY=VALUE|KEY!|KEY-", "only requests with this key so: a list of values, there, not there", NULL },
    { "now", 0, VD_OPT_TEXT, false, "TIME", "requests are not earlier, RFC 3339; default the clock", NULL },
    { "future-actions", 0, VD_OPT_FLAG, false, NULL, "names that no service has today count", NULL },
    { "budget", 0, VD_OPT_TEXT, false, "N", "work units of one question; spent: undecided; default 20000000", NULL },
    { "budget-total", 0, VD_OPT_TEXT, false, "N", "work units of all questions", NULL },
    { "save-witness", 0, VD_OPT_FILE, false, "DIR", "each witness as a scenario file for verdict test", NULL },
};
static VD_OPTS(own_options, "what is asked", own);

static const vd_opt output_rows[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|csv", "how to print it, =FILE to write it there", NULL },
};
static VD_OPTS(output_options, "output", output_rows);

static const vd_opts *const groups[] = { &vd_opts_snapshot, &own_options, &output_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "who can read the secrets of the data bucket?",
      "verdict who-can s3:GetObject 'arn:aws:s3:::acme-data/*' --snapshot corpus/snapshots/acme", 0 },
    { "who but administrators can change policies?",
      "verdict who-can 'iam:Put*Policy,iam:Attach*Policy' '*' --exclude @admin --snapshot corpus/snapshots/acme", 0 },
};

const vd_command vd_command_who_can = {
    .name = "who-can",
    .summary = "every principal of a snapshot that can, and through what",
    .words = "ACTION RESOURCE",
    .about = "Lists every user, role, root user and outsider that can do an action (or one of a pattern, or of a list) on a resource, "
             "always or under conditions, with the statements of every layer. Whoever is not listed cannot: that is proved. Who could "
             "not be decided is listed, too.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 somebody can, 1 nobody can",
    .run = run,
};
