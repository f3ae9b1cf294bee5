/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict grants: does it grant any of these actions on any of these resources?
 */
#include "base/error.h"
#include "base/str.h"
#include "cli/bundle.h"
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
    struct asked   *asked; /* by answer */
    uint32_t        count, cap;
    bool            failed;
} granting;

/* A question: what it is about, and what came of it besides the answer. */
typedef struct asked {
    vd_str         name;
    const vd_part *part;  /* NULL: a whole */
    const vd_side *whole;
    const vd_bundle_owner *of; /* of a whole: these policies of it; NULL: all */
    vd_set        *set;
    vd_arena       arena;
    vd_code        code;
    vd_error       err;
} asked;

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
    vd_arena        *arena;
    const vd_grant **at;
    uint32_t         count, cap;
    bool             nomem;
} taking;

static bool take(void *user, const vd_grant *grant)
{
    taking         *t = user;
    const vd_grant *kept = vd_keep_grant(t->arena, grant);

    t->nomem = !kept || !VD_ARENA_PUSH(t->arena, t->at, t->count, t->cap, kept);
    return !t->nomem;
}

static uint64_t ask(void *user, uint32_t index, const vd_prove_opts *prove)
{
    granting      *g = user;
    asked         *q = &g->asked[index];
    vd_granted    *out = &g->at[index];
    vd_grants_opts opts = g->opts;
    taking         t = { .arena = &q->arena };

    if (!prove) /* the budget of all is spent */
        return 0;
    opts.prove = *prove;
    opts.prove.state = q->whole ? q->whole->state : NULL;
    if (q->of && !q->of->resource)
        opts.prove.principal = q->of->arn;
    if (q->of && q->of->resource && opts.resource_count == 0 && vd_str_contains(q->of->arn, VD_S(":role/"))) {
        opts.resources = &q->of->arn; /* a trust policy does not say which role it is of */
        opts.resource_count = 1;
    }
    if (q->of)
        q->code = vd_bundle_set(&q->set, &g->p, q->whole->set, q->of, &q->err);
    else if (q->whole)
        q->set = vd_set_retain(q->whole->set);
    else
        q->code = vd_part_set(&q->set, &g->p, q->part, 0, &q->err);
    if (q->code == VD_OK)
        q->code = vd_grants(q->set, &opts, take, &t, &out->summary, &q->err);
    if (t.nomem)
        q->code = vd_fail_nomem(&q->err);
    out->at = t.at;
    out->count = t.count;
    return out->summary.units;
}

static void add_question(granting *g, vd_str name, const vd_part *part, const vd_side *whole, const vd_bundle_owner *of)
{
    asked q = { .name = name, .part = part, .whole = whole, .of = of, .arena = vd_arena_on(vd_allocator_default(), 0), .err = { .size = sizeof q.err } };

    if (!VD_ARENA_PUSH(&g->arena, g->asked, g->count, g->cap, q))
        nomem(g);
}

/* What is wrong, in the order of the questions. */
static void tell(granting *g)
{
    for (uint32_t i = 0; i < g->count; i++) {
        asked *q = &g->asked[i];

        if (q->code != VD_OK && q->code != VD_EBUDGET) {
            g->at[i].failed = true;
            if (q->set)
                vd_proving_dump(&g->p, (const vd_set *const[]){ q->set }, 1, &q->err);
            vd_proving_fail(&g->p, q->code, &q->err);
        }
        vd_set_release(q->set);
        q->set = NULL;
    }
}

static void ask_questions(granting *g)
{
    g->at = vd_arena_new_array(&g->arena, vd_granted, g->count + 1);
    if (!g->at || g->failed) {
        nomem(g);
        return;
    }
    for (uint32_t i = 0; i < g->count; i++)
        g->at[i] = (vd_granted){ .name = g->asked[i].name, .by_name = g->asked[i].of && g->asked[i].of->arn.n,
                                 .of_resource = g->asked[i].of && g->asked[i].of->resource,
                                 .summary = { .size = sizeof g->at[i].summary, .answer = VD_UNKNOWN, .undecided = 1 } };
    vd_proving_ask_all(&g->p, "policies", g->count, ask, g);
    tell(g);
}

/* The policies of many: what each of them may do, unless one is meant. */
static void add_owners(granting *g, const vd_side *s)
{
    vd_str     meant = g->p.opts.principal;
    vd_bundle_owner *at;
    uint32_t   count;

    if (!vd_bundle_owners(&g->arena, s->set, &at, &count)) {
        nomem(g);
        return;
    }
    if (count == 0)
        add_question(g, vd_str_of(s->word), NULL, s, NULL);
    for (uint32_t i = 0; i < count && !g->failed; i++) {
        vd_str name = at[i].arn.n ? at[i].arn : vd_str_of(s->word);

        if (meant.n && i) /* the first stands for it */
            break;
        if (meant.n)
            at[i] = (vd_bundle_owner){ .arn = name = meant };
        add_question(g, name, NULL, s, &at[i]);
    }
}

static void add_questions(granting *g, uint32_t index)
{
    vd_side  *s = &g->sides[index];
    vd_parts *parts = &g->parts[index];

    if (s->set) {
        add_owners(g, s);
        return;
    }
    if (!vd_parts_make(parts, &g->p, s, NULL, false))
        return;
    for (uint32_t i = 0; i < parts->count && !g->failed; i++)
        add_question(g, parts->at[i].name, &parts->at[i], NULL, NULL);
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
            add_questions(g, i);
    ask_questions(g);
}

/* ------------------------------------------------------------------ the answer */

static void save_all(granting *g)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < g->count && vd_args_has(&g->cli->args, "save-witness"); i++) {
        const asked *q = &g->asked[i];
        vd_save_case one = { .name = "granted", .part = q->part, .whole = q->of ? NULL : q->whole, .expect = "allow" };
        vd_set      *set = NULL;
        vd_error     err = { .size = sizeof err };
        char         id[32];

        if (q->of && g->at[i].count && vd_bundle_set(&set, &g->p, q->whole->set, q->of, &err) != VD_OK)
            continue; /* it was made once */
        one.set = set;
        for (uint32_t k = 0; k < g->at[i].count; k++) {
            const vd_grant *x = g->at[i].at[k];

            snprintf(id, sizeof id, "grant-%u", ++number);
            vd_save_witness(&g->p, vd_str_of(id), x->action, x->witness, &one, 1);
        }
        vd_set_release(set);
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
    for (uint32_t i = 0; i < g.count; i++)
        vd_arena_done(&g.asked[i].arena);
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
