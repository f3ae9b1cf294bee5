/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict grants: does it grant any of these actions on any of these resources?
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/guess.h"
#include "cli/keep.h"
#include "cli/outputs.h"
#include "cli/save.h"
#include "render/proof.h"

#include <stdio.h>

typedef struct granting {
    vd_cli         *cli;
    vd_proving      p;
    vd_arena        arena;
    vd_side        *sides;
    vd_parts       *parts; /* of each side */
    uint32_t        side_count;
    vd_grants_opts  opts;
    vd_granted     *at;
    const vd_part **part; /* of each answer; NULL: the whole of side */
    const vd_side **whole;
    uint32_t        count, cap, part_cap, whole_cap, part_count, whole_count;
    bool            failed;
} granting;

static void nomem(granting *g)
{
    if (!g->failed)
        vd_cli_errorf(g->cli, VD_EXIT_NO_ANSWER, "out of memory");
    g->failed = true;
}

/* ------------------------------------------------------------------ what is asked */

/* "a,b" of every time that the option was given. */
static bool take_list(granting *g, const char *name, const vd_str **at, size_t *count)
{
    vd_str  *list = NULL;
    uint32_t n = 0, cap = 0;

    for (uint32_t i = 0; i < vd_args_count(&g->cli->args, name); i++) {
        vd_str rest = vd_str_of(vd_args_at(&g->cli->args, name, i)), one;
        bool   more = true;

        while (more) {
            more = vd_str_cut(&rest, ',', &one);
            one = vd_str_trim(more ? one : rest);
            if (one.n == 0) {
                vd_cli_usage(g->cli, "--%s \"%s\": an entry is empty", name, vd_args_at(&g->cli->args, name, i));
                return false;
            }
            if (!VD_ARENA_PUSH(&g->arena, list, n, cap, one)) {
                nomem(g);
                return false;
            }
        }
    }
    *at = list;
    *count = n;
    return true;
}

/* A name that no service has is mostly a slip; a pattern may be meant for what is to come. */
static bool check_action(granting *g, vd_str action)
{
    vd_buf guess = vd_buf_on(vd_allocator_default(), 0);
    bool   plain = vd_str_find(action, '*') == action.n && vd_str_find(action, '?') == action.n;

    if (action.p[0] == '@' || vd_str_eq(action, VD_S("*")))
        return true;
    if (vd_str_find(action, ':') == action.n) {
        vd_cli_usage(g->cli, "\"" VD_F "\" is no action: service:Name, a pattern, or a set such as @admin", VD_A(action));
        return false;
    }
    if (!plain || vd_catalog_find(g->cli->catalog, action) != UINT32_MAX || g->p.opts.future_actions)
        return true;
    vd_guess_action(&guess, g->cli->catalog, action);
    vd_cli_usage(g->cli, VD_F, VD_A(vd_buf_str(&guess)));
    vd_buf_done(&guess);
    return false;
}

static bool take_question(granting *g)
{
    const vd_args *args = &g->cli->args;

    g->opts = (vd_grants_opts){ .size = sizeof g->opts, .all = vd_args_has(args, "all"),
                                .without_conditions = vd_args_has(args, "without-conditions") };
    if (args->word_count == 0) {
        vd_cli_usage(g->cli, "whose grants? no policy was given");
        return false;
    }
    if (!vd_args_has(args, "actions") && !vd_args_has(args, "resources")) {
        vd_cli_usage(g->cli, "what is asked about? --actions, --resources or both");
        return false;
    }
    if (!take_list(g, "actions", &g->opts.actions, &g->opts.action_count) ||
        !take_list(g, "resources", &g->opts.resources, &g->opts.resource_count))
        return false;
    for (size_t i = 0; i < g->opts.action_count; i++)
        if (!check_action(g, g->opts.actions[i]))
            return false;
    for (size_t i = 0; i < g->opts.resource_count; i++)
        if (!vd_str_starts(g->opts.resources[i], VD_S("arn:")) && vd_str_find(g->opts.resources[i], '*') == g->opts.resources[i].n) {
            vd_cli_usage(g->cli, "\"" VD_F "\" is no resource: an ARN or a pattern of ARNs", VD_A(g->opts.resources[i]));
            return false;
        }
    return true;
}

/* ------------------------------------------------------------------ asking */

typedef struct taking {
    granting        *g;
    const vd_grant **at;
    uint32_t         count, cap;
} taking;

static bool take(void *user, const vd_grant *grant)
{
    taking         *t = user;
    const vd_grant *kept = vd_keep_grant(&t->g->arena, grant);

    if (!kept || !VD_ARENA_PUSH(&t->g->arena, t->at, t->count, t->cap, kept))
        nomem(t->g);
    return !t->g->failed;
}

static bool afford(granting *g, vd_prove_opts *prove)
{
    uint64_t spent = 0;

    *prove = g->p.opts;
    for (uint32_t i = 0; i < g->count; i++)
        spent += g->at[i].summary.units;
    if (!prove->budget_total)
        return true;
    if (spent >= prove->budget_total)
        return false;
    prove->budget_total -= spent;
    return true;
}

static void ask(granting *g, vd_str name, const vd_set *set, const vd_part *part, const vd_side *whole)
{
    vd_grants_opts opts = g->opts;
    vd_granted     out = { .name = name, .summary = { .size = sizeof out.summary, .answer = VD_UNKNOWN, .undecided = 1 } };
    vd_error       err = { .size = sizeof err };
    taking         t = { .g = g };
    vd_code        code = VD_OK;

    if (afford(g, &opts.prove)) {
        opts.prove.state = whole ? whole->state : NULL;
        code = vd_grants(set, &opts, take, &t, &out.summary, &err);
    }
    out.at = t.at;
    out.count = t.count;
    out.failed = code != VD_OK && code != VD_EBUDGET;
    if (out.failed && !g->failed) {
        vd_proving_dump(&g->p, &set, 1, &err);
        vd_proving_fail(&g->p, code, &err);
    }
    if (!VD_ARENA_PUSH(&g->arena, g->at, g->count, g->cap, out) ||
        !VD_ARENA_PUSH(&g->arena, g->part, g->part_count, g->part_cap, part) ||
        !VD_ARENA_PUSH(&g->arena, g->whole, g->whole_count, g->whole_cap, whole))
        nomem(g);
}

static void ask_side(granting *g, uint32_t index)
{
    vd_side  *s = &g->sides[index];
    vd_parts *parts = &g->parts[index];

    if (s->set) {
        ask(g, vd_str_of(s->word), s->set, NULL, s);
        return;
    }
    if (!vd_parts_make(parts, &g->p, s, NULL, false))
        return;
    for (uint32_t i = 0; i < parts->count && !g->failed; i++) {
        vd_set *set = vd_part_set(&g->p, &parts->at[i], 0);

        if (set)
            ask(g, parts->at[i].name, set, &parts->at[i], NULL);
        vd_set_release(set);
    }
}

/* Several files of identity policies are those of one principal: they are read as one side. */
static void ask_all(granting *g)
{
    uint32_t n = g->cli->args.word_count;

    g->sides = vd_arena_new_array(&g->arena, vd_side, n);
    g->parts = vd_arena_new_array(&g->arena, vd_parts, n);
    if (!g->sides || !g->parts) {
        nomem(g);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        vd_side *s = &g->sides[g->side_count];
        bool     ok = vd_side_read(s, &g->p, g->cli->args.words[i]);

        g->side_count++;
        if (ok && !s->set && g->side_count > 1 && !g->sides[0].set) {
            if (!vd_side_join(&g->sides[0], s))
                nomem(g);
            vd_side_done(s);
            g->side_count--;
        } else if (!ok && g->side_count > 1) {
            vd_side_done(s);
            g->side_count--;
        }
    }
    for (uint32_t i = 0; i < g->side_count && !g->failed; i++)
        if (g->sides[i].set || g->sides[i].finds.count)
            ask_side(g, i);
}

/* ------------------------------------------------------------------ the answer */

static void save_all(granting *g)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < g->count; i++)
        for (uint32_t k = 0; k < g->at[i].count; k++) {
            const vd_grant *x = g->at[i].at[k];
            vd_save_case    one = { .name = "granted", .part = g->part[i], .whole = g->whole[i], .expect = "allow" };
            char            id[32];

            snprintf(id, sizeof id, "grant-%u", ++number);
            vd_save_witness(&g->p, vd_str_of(id), x->action, x->witness, &one, 1);
        }
}

static void print(granting *g, vd_outputs *outputs)
{
    static const vd_look plain = { .colour = false, .width = 100 };
    const char          *category = vd_args_text(&g->cli->args, "category"), *tag = vd_args_text(&g->cli->args, "comment-tag");
    vd_grants_job        job = {
        .proof = { .quiet = g->cli->quiet, .verbose = g->cli->verbose, .errors = g->p.errors, .error_count = g->p.error_count,
                   .category = vd_str_of(category ? category : ""), .comment_tag = vd_str_of(tag ? tag : "") },
        .at = g->at,
        .count = g->count,
    };
    vd_answer answer = vd_grants_answer(&job);

    if (g->count)
        vd_cli_worse(g->cli, answer == VD_SAT ? VD_EXIT_NO : answer == VD_UNSAT ? VD_EXIT_YES : VD_EXIT_NO_ANSWER);
    job.proof.exit_code = (int32_t)g->cli->worst;
    for (size_t i = 0; i < outputs->count; i++)
        for (size_t f = 0; f < vd_grants_format_count; f++)
            if (vd_output_is(outputs, i, vd_grants_formats[f].name) &&
                vd_grants_formats[f].render(vd_output_buf(outputs, i), outputs->at[i].path ? &plain : &g->cli->look, &job) != VD_OK)
                vd_cli_errorf(g->cli, VD_EXIT_NO_ANSWER, "out of memory");
}

static vd_exit run(vd_cli *cli)
{
    granting   g = { .cli = cli, .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_outputs outputs;

    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    if (take_question(&g) && vd_proving_open(&g.p, cli)) {
        ask_all(&g);
        print(&g, &outputs);
        save_all(&g);
    }
    for (uint32_t i = 0; i < g.side_count; i++) {
        vd_parts_done(&g.parts[i]);
        vd_side_done(&g.sides[i]);
    }
    if (g.p.cli)
        vd_proving_close(&g.p);
    vd_outputs_close(&outputs);
    vd_arena_done(&g.arena);
    return cli->worst;
}

static const vd_opt own[] = {
    { "actions", 0, VD_OPT_TEXT, true, "ACTION,...", "any of these: names, patterns, @admin, @escalation, @data-read, @public-write", NULL },
    { "resources", 0, VD_OPT_TEXT, true, "ARN,...", "on any of these: ARNs, patterns", NULL },
    { "all", 0, VD_OPT_FLAG, false, NULL, "every pair, not only the first of each action", NULL },
    { "without-conditions", 0, VD_OPT_FLAG, false, NULL,
      "to a request without anything that AWS assigns, a network, a claim or a secret", NULL },
    { "principal", 0, VD_OPT_TEXT, false, "ARN", "to this user or role; else to anybody", NULL },
};
static VD_OPTS(own_options, "what is asked", own);

static const vd_opt output_rows[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|markdown|sarif|github", "how to print it, =FILE to write it there", NULL },
    { "category", 0, VD_OPT_TEXT, false, "NAME", "of the SARIF run, when several are uploaded", NULL },
    { "comment-tag", 0, VD_OPT_TEXT, false, "TAG", "of the marker in Markdown, by which a bot finds its comment", NULL },
};
static VD_OPTS(output_options, "output", output_rows);

static const vd_opts *const groups[] = { &own_options, &vd_opts_prove_read, &vd_opts_prove_layers, &vd_opts_prove,
                                         &output_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "may the developers delete anything in S3?",
      "verdict grants policies/examples/team-data/dev.json --actions 's3:Delete*'", 1 },
    { "proven: the auditor can write nothing there",
      "verdict grants policies/examples/team-data/auditor.json --actions s3:PutObject --resources 'arn:aws:s3:::team-data/*'", 0 },
};

const vd_command vd_command_grants = {
    .name = "grants",
    .summary = "does it grant any of these actions / resources?",
    .words = "POLICY...",
    .about = "Proves that policies never grant what is asked about, or shows the statement and a request that they allow. Any "
             "condition that some request can meet counts. Boundaries, service control policies and denies count, when given.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 proven not granted, 1 granted",
    .run = run,
};
