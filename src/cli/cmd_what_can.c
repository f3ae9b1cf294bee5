/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict what-can: effective permissions of one principal of a snapshot.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/keep.h"
#include "cli/outputs.h"
#include "cli/prove.h"
#include "cli/save.h"
#include "cli/snapshot.h"
#include "render/reach.h"

typedef struct asking {
    vd_cli               *cli;
    vd_proving            p;
    vd_arena              arena;
    vd_snapshot          *snapshot;
    vd_what_can_opts      opts;
    vd_what_can_summary   sum;
    const vd_permission **at;
    uint32_t              count, cap;
    const vd_blocked    **blocked;
    uint32_t              blocked_count, blocked_cap;
    bool                  nomem;
} asking;

/* ------------------------------------------------------------------ what is asked */

static bool take_levels(asking *a)
{
    static const struct {
        const char *name;
        int32_t     level;
    } names[] = { { "list", VD_LEVEL_LIST }, { "read", VD_LEVEL_READ }, { "tagging", VD_LEVEL_TAGGING },
                  { "write", VD_LEVEL_WRITE }, { "permissions", VD_LEVEL_PERMISSIONS } };

    for (uint32_t i = 0; i < vd_args_count(&a->cli->args, "level"); i++) {
        vd_str rest = vd_str_of(vd_args_at(&a->cli->args, "level", i)), one;
        bool   more = true;

        while (more) {
            size_t k = 0;

            more = vd_str_cut(&rest, ',', &one);
            one = vd_str_trim(more ? one : rest);
            while (k < VD_COUNT(names) && !vd_str_ieq(one, vd_str_of(names[k].name)))
                k++;
            if (k == VD_COUNT(names)) {
                vd_cli_usage(a->cli, "--level \"" VD_F "\" is none of list, read, tagging, write, permissions", VD_A(one));
                return false;
            }
            a->opts.levels |= 1u << names[k].level;
        }
    }
    return true;
}

static bool take_question(asking *a)
{
    const vd_args *args = &a->cli->args;
    const char    *resource = vd_args_text(args, "resource"), *service = vd_args_text(args, "service");

    if (args->word_count != 1) {
        vd_cli_usage(a->cli, args->word_count ? "one principal at a time" : "what can who do? the ARN of a user, a role or a root user is asked for");
        return false;
    }
    if (!vd_args_text(args, "snapshot")) {
        vd_cli_usage(a->cli, "whose principals? --snapshot names a folder or a file");
        return false;
    }
    a->opts = (vd_what_can_opts){ .size = sizeof a->opts, .resource = vd_str_of(resource ? resource : ""),
                                  .service = vd_str_of(service ? service : "") };
    if (a->opts.resource.n && !vd_str_starts(a->opts.resource, VD_S("arn:")) && vd_str_find(a->opts.resource, '*') == a->opts.resource.n) {
        vd_cli_usage(a->cli, "--resource \"" VD_F "\" is no resource: an ARN or a pattern of ARNs", VD_A(a->opts.resource));
        return false;
    }
    if (a->opts.service.n && vd_catalog_find_service(a->cli->catalog, a->opts.service) == VD_NONE) {
        vd_cli_usage(a->cli, "--service \"" VD_F "\" is the prefix of no service", VD_A(a->opts.service));
        return false;
    }
    return take_levels(a);
}

/* ------------------------------------------------------------------ asking */

static bool take(void *user, const vd_permission *p)
{
    asking              *a = user;
    const vd_permission *kept = vd_keep_permission(&a->arena, p);

    a->nomem |= !kept || !VD_ARENA_PUSH(&a->arena, a->at, a->count, a->cap, kept);
    return !a->nomem;
}

static bool take_blocked(void *user, const vd_blocked *b)
{
    asking           *a = user;
    const vd_blocked *kept = vd_keep_blocked(&a->arena, b);

    a->nomem |= !kept || !VD_ARENA_PUSH(&a->arena, a->blocked, a->blocked_count, a->blocked_cap, kept);
    return !a->nomem;
}

static bool ask(asking *a)
{
    vd_str   principal = vd_str_of(a->cli->args.words[0]);
    vd_error err = { .size = sizeof err };
    vd_code  code;

    if (!vd_snapshot_knows(a->snapshot, principal, &err)) {
        vd_cli_error(a->cli, VD_EXIT_USAGE, &err);
        return false;
    }
    a->opts.prove = a->p.opts;
    if (vd_args_has(&a->cli->args, "blocked"))
        a->opts.blocked = take_blocked;
    a->sum.size = sizeof a->sum;
    code = vd_what_can(a->snapshot, principal, &a->opts, take, a, &a->sum, &err);
    if (code != VD_OK || a->nomem) {
        vd_proving_fail(&a->p, a->nomem ? VD_ENOMEM : code, &err);
        return false;
    }
    if (a->opts.policy && a->sum.flags)
        vd_cli_warnf(a->cli, "approx:policy: one document cannot say exactly this; the one that is printed is not proved to be the same");
    if (a->opts.policy && a->sum.given)
        vd_cli_warnf(a->cli, "the document is what the principal holds: %u more %s by policies of resources, which text and json tell",
                     a->sum.given, a->sum.given == 1 ? "is given" : "are given");
    if (a->sum.undecided)
        vd_cli_worse(a->cli, VD_EXIT_NO_ANSWER);
    return true;
}

/* ------------------------------------------------------------------ witnesses */

static void save_one(asking *a, vd_str principal, const vd_permission *p)
{
    vd_buf id = vd_buf_on(vd_allocator_default(), 0), title = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_printf(&id, "what-can\n" VD_F "\n%d%d", VD_A(principal), p->given, p->always);
    for (size_t i = 0; i < p->patterns.count; i++)
        vd_buf_printf(&id, "\n" VD_F, VD_A(p->patterns.at[i]));
    for (size_t i = 0; i < p->resources.count; i++)
        vd_buf_printf(&id, "\n" VD_F, VD_A(p->resources.at[i]));
    for (size_t i = 0; i < p->granting_count; i++)
        vd_buf_printf(&id, "\n" VD_F "\n%u", VD_A(p->granting[i].policy), (unsigned)p->granting[i].index);
    vd_buf_printf(&title, VD_F " can " VD_F " on " VD_F, VD_A(principal), VD_A(p->witness->action), VD_A(p->witness->resource));
    if (id.failed || title.failed)
        vd_cli_errorf(a->cli, VD_EXIT_NO_ANSWER, "out of memory");
    else
        vd_save_reached(&a->p, a->snapshot, principal, p->given, vd_buf_str(&id), vd_buf_str(&title), p->witness);
    vd_buf_done(&id);
    vd_buf_done(&title);
}

static void save_all(asking *a)
{
    for (uint32_t i = 0; i < a->count && vd_args_has(&a->cli->args, "save-witness"); i++)
        if (a->at[i]->witness)
            save_one(a, vd_str_of(a->cli->args.words[0]), a->at[i]);
}

static void print(asking *a, vd_outputs *outputs)
{
    static const vd_look plain = { .colour = false, .width = 100 };
    vd_what_can_job      job = { .proof = { .quiet = a->cli->quiet, .verbose = a->cli->verbose, .errors = a->p.errors,
                                            .error_count = a->p.error_count, .exit_code = (int32_t)a->cli->worst },
                                 .principal = vd_str_of(a->cli->args.words[0]), .at = a->at, .count = a->count,
                                 .filtered = a->opts.resource.n || a->opts.service.n || a->opts.levels,
                                 .blocked = a->blocked, .blocked_count = a->blocked_count, .summary = a->sum };

    for (size_t i = 0; i < outputs->count; i++)
        for (size_t f = 0; f < vd_what_can_format_count; f++)
            if (vd_output_is(outputs, i, vd_what_can_formats[f].name) &&
                vd_what_can_formats[f].render(vd_output_buf(outputs, i), outputs->at[i].path ? &plain : &a->cli->look, &job) != VD_OK)
                vd_cli_errorf(a->cli, VD_EXIT_NO_ANSWER, "out of memory");
}

static vd_exit run(vd_cli *cli)
{
    asking     a = { .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_outputs outputs;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    if (take_question(&a) && vd_proving_open(&a.p, cli)) {
        for (size_t i = 0; i < outputs.count; i++)
            a.opts.policy |= vd_output_is(&outputs, i, "policy");
        a.snapshot = vd_snapshot_read_all(cli, vd_args_text(&cli->args, "snapshot"));
        if (a.snapshot)
            vd_snapshot_tell_count(cli, a.snapshot, vd_args_text(&cli->args, "snapshot"));
        if (a.snapshot && ask(&a)) {
            save_all(&a);
            print(&a, &outputs);
        }
    }
    vd_what_can_free(&a.sum, cli->engine);
    vd_snapshot_release(a.snapshot);
    if (a.p.cli)
        vd_proving_close(&a.p);
    vd_outputs_close(&outputs);
    vd_arena_done(&a.arena);
    return cli->worst;
}

static const vd_opt own[] = {
    { "blocked", 0, VD_OPT_FLAG, false, NULL, "also what it holds and cannot use, and which layer is in the way", NULL },
    { "resource", 0, VD_OPT_TEXT, false, "ARN", "only on these: a pattern", NULL },
    { "service", 0, VD_OPT_TEXT, false, "PREFIX", "only of one service", NULL },
    { "level", 0, VD_OPT_TEXT, true, "LEVEL,...", "only actions of these access levels: list, read, tagging, write, permissions", NULL },
    { "assume", 0, VD_OPT_TEXT, true, "KEY=VALUE|KEY!|KEY-", "only requests with this key so: a list of values, there, not there", NULL },
    { "now", 0, VD_OPT_TEXT, false, "TIME", "requests are not earlier, RFC 3339; default the clock", NULL },
    { "budget", 0, VD_OPT_TEXT, false, "N", "work units of one question; spent: undecided; default 20000000", NULL },
    { "budget-total", 0, VD_OPT_TEXT, false, "N", "work units of all questions", NULL },
    { "save-witness", 0, VD_OPT_FILE, false, "DIR", "each witness as a scenario file for verdict test", NULL },
};
static VD_OPTS(own_options, "what is asked", own);

static const vd_opt output_rows[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|policy", "how to print it, =FILE to write it there", NULL },
};
static VD_OPTS(output_options, "output", output_rows);

static const vd_opts *const groups[] = { &vd_opts_snapshot, &own_options, &output_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "what may this role do, and what keeps it from the rest?",
      "verdict what-can arn:aws:iam::222222222222:role/deploy --blocked --snapshot corpus/snapshots/acme", 0 },
    { "the same as one policy, of S3 only",
      "verdict what-can arn:aws:iam::222222222222:role/deploy --service s3 --format policy --snapshot corpus/snapshots/acme", 0 },
};

const vd_command vd_command_what_can = {
    .name = "what-can",
    .summary = "effective permissions of one principal",
    .words = "PRINCIPAL",
    .about = "Shows what a user, a role or a root user of a snapshot can do: what it holds by itself and through groups, within its "
             "boundary and the guard-rails of its organization, with the resources and conditions that are left, or as one policy that "
             "was proved to say the same. Behind that comes what policies of resources, keys and roles give it besides, in its account and in others.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 it was told",
    .run = run,
};
