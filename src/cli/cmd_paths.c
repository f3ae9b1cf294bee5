/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict paths: how one principal of a snapshot becomes another one.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/guess.h"
#include "cli/keep.h"
#include "cli/outputs.h"
#include "cli/prove.h"
#include "cli/snapshot.h"
#include "render/paths.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { PRINCIPALS_A_SHARE = 2048 }; /* what they have in common is looked at once in each */

/* Some of the principals, and what came of them. */
typedef struct share {
    struct pathing  *all;
    vd_arena         arena;
    const vd_route **at;
    uint32_t         count, cap;
    uint64_t        *undecided; /* calls */
    uint32_t         undecided_count, undecided_cap;
    vd_paths_summary sum;
    vd_code          code;
    vd_error         err;
    bool             asked, nomem;
} share;

typedef struct pathing {
    vd_cli             *cli;
    vd_proving          p;
    vd_arena            arena;
    vd_snapshot        *snapshot;
    vd_zone            *zone;
    vd_paths_opts       opts;
    vd_paths_summary    sum;
    const vd_route    **at;
    uint32_t            count, cap;
    share              *shares;
    uint32_t            share_count;
    const vd_route_cut *cut;
    bool                failed, nomem;
} pathing;

/* ------------------------------------------------------------------ the question */

static bool take_number(pathing *q, const char *name, uint32_t most, uint32_t *out)
{
    const char *text = vd_args_text(&q->cli->args, name);
    uint32_t    v = 0;

    if (!text)
        return true;
    for (const char *c = text; *c; c++) {
        if (!vd_is_digit(*c) || v > most) {
            v = 0;
            break;
        }
        v = v * 10 + (uint32_t)(*c - '0');
    }
    if (v == 0 || v > most) {
        vd_cli_usage(q->cli, "--%s must be a number from 1 to %u, not \"%s\"", name, most, text);
        return false;
    }
    *out = v;
    return true;
}

static bool take_techniques(pathing *q)
{
    uint32_t      n = vd_args_count(&q->cli->args, "techniques");
    vd_ways_text *texts = vd_arena_new_array(&q->arena, vd_ways_text, n ? n : 1);

    if (!texts) {
        vd_cli_errorf(q->cli, VD_EXIT_NO_ANSWER, "out of memory");
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        texts[i].name = vd_str_of(vd_args_at(&q->cli->args, "techniques", i));
        if (!vd_read_text(q->cli, &q->arena, &texts[i].text, texts[i].name.p))
            return false;
        vd_cli_remember(q->cli, texts[i].name, texts[i].text);
    }
    q->opts.techniques = texts;
    q->opts.technique_count = n;
    return true;
}

static bool take_zone(pathing *q)
{
    const char *text = vd_args_text(&q->cli->args, "zone");
    vd_error    err = { .size = sizeof err };
    vd_code     code;

    if (!text)
        return true;
    code = vd_zone_parse(&q->zone, q->cli->engine, vd_str_of(text), &err);
    if (code != VD_OK)
        vd_cli_error(q->cli, vd_cli_exit_of(code), &err);
    q->opts.zone = q->zone;
    return code == VD_OK;
}

static bool is_start(vd_str s)
{
    return vd_str_starts(s, VD_S("arn:")) || vd_str_eq(s, VD_S("@external")) || vd_str_eq(s, VD_S("@anonymous")) ||
           vd_str_eq(s, VD_S("@any-user"));
}

/* One word is where from, unless it can only be where to. */
static bool take_words(pathing *q)
{
    const vd_args *args = &q->cli->args;
    vd_str         first = args->word_count > 0 ? vd_str_of(args->words[0]) : VD_S("");
    vd_str         second = args->word_count > 1 ? vd_str_of(args->words[1]) : VD_S("");

    if (args->word_count > 2) {
        vd_cli_usage(q->cli, "from whom, and to what: more than two words were given");
        return false;
    }
    if (args->word_count == 1 && (vd_str_eq(first, VD_S("@admin")) || (!is_start(first) && vd_str_find(first, '@') < first.n && first.p[0] != '@'))) {
        second = first;
        first.n = 0;
    }
    if (first.n && !is_start(first)) {
        vd_cli_usage(q->cli, "\"" VD_F "\" is no start: an ARN, @external, @anonymous or @any-user", VD_A(first));
        return false;
    }
    if (second.n && !vd_str_starts(second, VD_S("arn:")) && !vd_str_eq(second, VD_S("@admin")) &&
        (second.p[0] == '@' || vd_str_find(second, '@') == second.n)) {
        vd_cli_usage(q->cli, "\"" VD_F "\" is no goal: an ARN, @admin or service:Action@ARN", VD_A(second));
        return false;
    }
    q->opts.from = first;
    q->opts.to = second;
    return true;
}

/* ------------------------------------------------------------------ asking */

static bool keep_route(void *user, const vd_route *r)
{
    share          *s = user;
    const vd_route *kept = vd_keep_route(&s->arena, r);

    s->nomem |= !kept || !VD_ARENA_PUSH(&s->arena, s->at, s->count, s->cap, kept);
    return !s->nomem;
}

static void keep_undecided(void *user, uint64_t call)
{
    share *s = user;

    s->nomem |= !VD_ARENA_PUSH(&s->arena, s->undecided, s->undecided_count, s->undecided_cap, call);
}

static bool keep_cut(void *user, const vd_route_cut *cut)
{
    pathing *q = user;

    q->cut = vd_keep_route_cut(&q->arena, cut);
    q->nomem |= !q->cut;
    return !q->nomem;
}

static bool check_names(pathing *q)
{
    vd_str words[2] = { q->opts.from, q->opts.to };

    for (size_t i = 0; i < VD_COUNT(words); i++) {
        vd_error err = { .size = sizeof err };

        if (!vd_str_starts(words[i], VD_S("arn:")) || vd_snapshot_knows(q->snapshot, words[i], &err))
            continue;
        vd_proving_fail(&q->p, VD_EINVAL, &err);
        q->failed = true;
    }
    return !q->failed;
}

static uint64_t ask_share(void *user, uint32_t index, const vd_prove_opts *prove)
{
    pathing      *q = user;
    share        *s = &q->shares[index];
    vd_paths_opts o = q->opts;

    s->err.size = sizeof s->err;
    s->sum.size = sizeof s->sum;
    s->asked = prove != NULL;
    if (!prove)
        return 0;
    o.prove = *prove;
    o.first = index * PRINCIPALS_A_SHARE;
    o.count = q->share_count > 1 ? PRINCIPALS_A_SHARE : 0;
    o.undecided = keep_undecided;
    s->code = vd_paths(q->snapshot, &o, keep_route, s, &s->sum, &s->err);
    return s->sum.units;
}

static int by_number(const void *a, const void *b)
{
    uint64_t p = *(const uint64_t *)a, q = *(const uint64_t *)b;

    return p < q ? -1 : p > q;
}

/* Shares may have come upon the same calls. */
static void count_undecided(pathing *q)
{
    uint64_t *all;
    uint32_t  n = 0, kept = 0;

    for (uint32_t i = 0; i < q->share_count; i++)
        n += q->shares[i].undecided_count;
    all = vd_arena_new_array(&q->arena, uint64_t, (size_t)n + 1);
    q->nomem |= !all;
    n = 0;
    for (uint32_t i = 0; all && i < q->share_count; i++)
        for (uint32_t k = 0; k < q->shares[i].undecided_count; k++)
            all[n++] = q->shares[i].undecided[k];
    if (all && n)
        qsort(all, n, sizeof *all, by_number);
    for (uint32_t i = 0; all && i < n; i++)
        kept += i == 0 || all[i] != all[i - 1];
    q->sum.undecided = kept;
}

static bool fail(pathing *q, vd_code code, const vd_error *err)
{
    vd_proving_fail(&q->p, code, err);
    q->failed = true;
    return false;
}

typedef struct told {
    const vd_route *r;
    uint32_t        place;
} told;

static int by_weight(const void *a, const void *b)
{
    const told *p = a, *q = b;
    bool        sure = !vd_route_is_potential(p->r->flags), other = !vd_route_is_potential(q->r->flags);

    if (p->r->severity != q->r->severity)
        return p->r->severity > q->r->severity ? -1 : 1;
    if (sure != other)
        return sure ? -1 : 1;
    return p->place < q->place ? -1 : p->place > q->place;
}

/* The worst first, of these the certain ones: of many only the first may be read. */
static void sort_routes(pathing *q)
{
    told *all = vd_arena_new_array(&q->arena, told, (size_t)q->count + 1);

    q->nomem |= !all;
    for (uint32_t i = 0; all && i < q->count; i++)
        all[i] = (told){ q->at[i], i };
    if (all && q->count)
        qsort(all, q->count, sizeof *all, by_weight);
    for (uint32_t i = 0; all && i < q->count; i++)
        q->at[i] = all[i].r;
}

/* In the order of the principals, whoever was asked first. */
static bool gather(pathing *q)
{
    for (uint32_t i = 0; i < q->share_count; i++) {
        share *s = &q->shares[i];

        q->nomem |= s->nomem;
        if (!s->asked) {
            vd_error err = { .size = sizeof err };

            return fail(q, vd_fail(&err, VD_EBUDGET, "the budget of all questions is spent"), &err);
        }
        if (s->code != VD_OK && !s->nomem)
            return fail(q, s->code, &s->err);
        for (uint32_t k = 0; k < s->count && !q->nomem; k++)
            q->nomem = !VD_ARENA_PUSH(&q->arena, q->at, q->count, q->cap, s->at[k]);
        q->sum.paths += s->sum.paths;
        q->sum.potential += s->sum.potential;
        q->sum.from += s->sum.from;
        q->sum.admins += s->sum.admins;
        q->sum.techniques = s->sum.techniques;
        q->sum.units += s->sum.units;
    }
    count_undecided(q);
    sort_routes(q);
    return true;
}

static void ask_cut(pathing *q)
{
    vd_error      err = { .size = sizeof err };
    vd_paths_opts o = q->opts;
    vd_code       code;

    o.prove = q->p.opts;
    o.cut = keep_cut;
    code = vd_paths(q->snapshot, &o, NULL, q, NULL, &err);
    if (code != VD_OK && !q->nomem)
        fail(q, code, &err);
}

static void ask(pathing *q)
{
    uint32_t principals = vd_snapshot_principals(q->snapshot);

    q->opts.size = sizeof q->opts;
    q->opts.confirmed_only = vd_args_has(&q->cli->args, "confirmed-only");
    q->sum.size = sizeof q->sum;
    q->share_count = q->opts.from.n || principals == 0 ? 1 : (principals - 1) / PRINCIPALS_A_SHARE + 1;
    q->shares = vd_arena_new_array(&q->arena, share, q->share_count);
    for (uint32_t i = 0; q->shares && i < q->share_count; i++)
        q->shares[i] = (share){ .all = q, .arena = vd_arena_on(vd_allocator_default(), 0) };
    q->nomem = !q->shares;
    if (q->shares)
        vd_proving_ask_all(&q->p, "parts of the principals", q->share_count, ask_share, q);
    if (q->shares && gather(q) && !q->nomem && vd_args_has(&q->cli->args, "cut"))
        ask_cut(q);
    if (q->nomem) {
        vd_cli_errorf(q->cli, VD_EXIT_NO_ANSWER, "out of memory");
        q->failed = true;
    }
}

/* ------------------------------------------------------------------ the answer */

static void print(pathing *q, vd_outputs *outputs)
{
    static const vd_look plain = { .colour = false, .width = 100 };
    const char          *tag = vd_args_text(&q->cli->args, "comment-tag");
    vd_paths_job         job = {
        .proof = { .quiet = q->cli->quiet, .verbose = q->cli->verbose, .errors = q->p.errors, .error_count = q->p.error_count,
                   .comment_tag = vd_str_of(tag ? tag : "") },
        .at = q->at, .count = q->count, .cut = q->cut, .summary = q->sum, .from = q->opts.from, .to = q->opts.to,
        .fail_on = vd_proving_threshold(&q->p, VD_ACCESS_LOW), .failed = q->failed,
    };
    vd_answer answer = vd_paths_answer(&job);

    if (!q->failed)
        vd_cli_worse(q->cli, answer == VD_SAT ? VD_EXIT_NO : answer == VD_UNSAT ? VD_EXIT_YES : VD_EXIT_NO_ANSWER);
    job.proof.exit_code = (int32_t)q->cli->worst;
    for (size_t i = 0; i < outputs->count; i++)
        for (size_t f = 0; f < vd_paths_format_count; f++)
            if (vd_output_is(outputs, i, vd_paths_formats[f].name) &&
                vd_paths_formats[f].render(vd_output_buf(outputs, i), outputs->at[i].path ? &plain : &q->cli->look, &job) != VD_OK)
                vd_cli_errorf(q->cli, VD_EXIT_NO_ANSWER, "out of memory");
}

static void look_up(pathing *q, vd_outputs *outputs)
{
    const char *path = vd_args_text(&q->cli->args, "snapshot");

    if (!path) {
        vd_cli_usage(q->cli, "paths are those of a snapshot: --snapshot PATH");
        return;
    }
    q->snapshot = vd_snapshot_read_all(q->cli, path);
    if (!q->snapshot)
        return;
    vd_snapshot_tell_count(q->cli, q->snapshot, path);
    if (check_names(q))
        ask(q);
    print(q, outputs);
}

static vd_exit run(vd_cli *cli)
{
    pathing    q = { .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_outputs outputs;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    if (take_words(&q) && take_number(&q, "all-paths", 64, &q.opts.all_paths) && take_number(&q, "max-depth", 64, &q.opts.max_depth) &&
        take_techniques(&q) && take_zone(&q) && vd_proving_open(&q.p, cli))
        look_up(&q, &outputs);
    vd_snapshot_release(q.snapshot);
    vd_zone_free(q.zone);
    if (q.p.cli)
        vd_proving_close(&q.p);
    vd_outputs_close(&outputs);
    for (uint32_t i = 0; q.shares && i < q.share_count; i++)
        vd_arena_done(&q.shares[i].arena);
    vd_arena_done(&q.arena);
    return cli->worst;
}

static const vd_opt own[] = {
    { "all-paths", 0, VD_OPT_TEXT, false, "K", "the K shortest of each pair, not only one", NULL },
    { "max-depth", 0, VD_OPT_TEXT, false, "D", "at most this many steps (8)", NULL },
    { "confirmed-only", 0, VD_OPT_FLAG, false, NULL, "no step that hangs on something nobody collected", NULL },
    { "cut", 0, VD_OPT_FLAG, false, NULL, "statements without which there is no path", NULL },
    { "techniques", 0, VD_OPT_TEXT, true, "FILE", "further ways, in the form of techniques.json", NULL },
    { "zone", 0, VD_OPT_TEXT, false, "ZONE", "who is not @external: account:ID,..., org:ID or ou:PATH; else the accounts of the snapshot", NULL },
};
static VD_OPTS(own_options, "what is asked", own);

static const vd_opt output_rows[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|markdown|dot|cytoscape", "how to print it, =FILE to write it there", NULL },
    { "fail-on", 0, VD_OPT_CHOICE, false, "note|low|medium|high|none", "what makes exit 1 (low)", NULL },
    { "comment-tag", 0, VD_OPT_TEXT, false, "TAG", "of the marker in Markdown, by which a bot finds its comment", NULL },
};
static VD_OPTS(output_options, "output", output_rows);

static const vd_opts *const groups[] = { &own_options, &vd_opts_snapshot, &vd_opts_prove, &output_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "who can become an administrator, and how?", "verdict paths --snapshot corpus/snapshots/acme", 1 },
    { "proven: nobody from anywhere gets to be one", "verdict paths @anonymous @admin --snapshot corpus/snapshots/acme", 0 },
};

const vd_command vd_command_paths = {
    .name = "paths",
    .summary = "role chains and privilege-escalation paths",
    .words = "[FROM] [TO]",
    .about = "Finds how somebody with the credentials of FROM (an ARN, @external, @anonymous, @any-user; else everybody who is no "
             "administrator) comes to TO (an ARN, @admin, or service:Action@ARN; else everybody that can be reached): roles that are "
             "assumed, and the known ways of privilege escalation. Every call of a step was allowed by the evaluator.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 no path, 1 there is one",
    .run = run,
};
