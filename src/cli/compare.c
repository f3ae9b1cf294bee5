/* SPDX-License-Identifier: Apache-2.0
 *
 * All questions, their answers kept and put into order.
 */
#include "cli/compare.h"

#include "base/error.h"
#include "base/str.h"
#include "cli/bundle.h"
#include "cli/compare_int.h"
#include "cli/keep.h"
#include "cli/outputs.h"
#include "cli/save.h"
#include "render/proof.h"
#include "request/request.h"

#include <stdlib.h>

typedef struct comparing {
    vd_cli                *cli;
    const vd_compare_opts *opts;
    vd_proving             p;
    vd_side                sides[2];
    vd_parts               parts;
    vd_snapshot           *snapshots[2]; /* NULL: the sides are something else */
    vd_snapshot_asked     *of;
    vd_bundle_owner       *owners; /* of two bundles with policies of many; NULL: something else */
    vd_arena               arena;
    vd_compared           *at; /* by part */
    struct asked          *asked;
    uint32_t               count;
} comparing;

/* A question: what it is about, and what came of it besides the answer. */
typedef struct asked {
    const vd_part *part; /* NULL: both sides as a whole */
    const vd_snapshot_asked *of; /* of two snapshots; NULL: something else */
    const vd_bundle_owner   *owner; /* of two bundles; NULL: something else */
    vd_request    *state[2];
    vd_set        *before, *after;
    vd_arena       arena;
    vd_code        code;
    vd_error       err;
} asked;

/* ------------------------------------------------------------------ one question */

typedef struct taking {
    vd_arena        *arena;
    const vd_delta **at;
    uint32_t         count, cap;
    bool             nomem;
} taking;

static bool take(void *user, const vd_delta *d)
{
    taking         *t = user;
    const vd_delta *kept = vd_keep_delta(t->arena, d);

    t->nomem = !kept || !VD_ARENA_PUSH(t->arena, t->at, t->count, t->cap, kept);
    return !t->nomem;
}

static int by_danger(const void *a, const void *b)
{
    return vd_delta_order(*(const vd_delta *const *)a, *(const vd_delta *const *)b);
}

static vd_code compare_sets(comparing *c, asked *q, vd_compared *out, const vd_prove_opts *prove)
{
    vd_diff_opts opts = { .size = sizeof opts, .prove = *prove, .first = c->opts->first,
                          .before_state = q->of ? q->state[0] : q->part ? NULL : c->sides[0].state };
    taking       t = { .arena = &q->arena };
    vd_code      code;

    opts.removed = c->opts->removed;
    opts.only_removed = c->opts->removed && !c->opts->added;
    code = vd_diff(q->before, q->after, &opts, take, &t, &out->summary, &q->err);
    if (t.count)
        qsort(t.at, t.count, sizeof *t.at, by_danger);
    out->at = t.at;
    out->count = t.count;
    return t.nomem ? vd_fail_nomem(&q->err) : code;
}

/* Sets and what is known on either side. */
static vd_code open_snapshots(comparing *c, asked *q, vd_prove_opts *prove)
{
    const vd_request *r;

    for (int i = 0; i < 2; i++) {
        VD_TRY(vd_snapshot_set(i ? &q->after : &q->before, c->snapshots[i], &c->p.layers, c->cli->engine, q->of, &q->err));
        VD_TRY(vd_snapshot_state(&q->state[i], c->snapshots[i], c->cli->engine, q->of, &q->err));
    }
    r = q->state[1];
    prove->state = r;
    if (q->of->principal) {
        prove->principal = q->of->arn;
        return VD_OK;
    }
    prove->resource_account = r->field[VD_RESOURCE_ACCOUNT];
    prove->resource_org = r->field[VD_RESOURCE_ORG];
    prove->resource_org_path = r->field[VD_RESOURCE_ORG_PATH];
    return VD_OK;
}

static vd_code make_sets(comparing *c, asked *q, vd_prove_opts *prove)
{
    if (q->of)
        return open_snapshots(c, q, prove);
    if (q->owner) {
        if (!q->owner->resource)
            prove->principal = q->owner->arn;
        VD_TRY(vd_bundle_set(&q->before, &c->p, c->sides[0].set, q->owner, &q->err));
        return vd_bundle_set(&q->after, &c->p, c->sides[1].set, q->owner, &q->err);
    }
    if (!q->part) {
        q->before = vd_set_retain(c->sides[0].set);
        q->after = vd_set_retain(c->sides[1].set);
        return VD_OK;
    }
    VD_TRY(vd_part_set(&q->before, &c->p, q->part, 0, &q->err));
    return vd_part_set(&q->after, &c->p, q->part, 1, &q->err);
}

static uint64_t ask(void *user, uint32_t index, const vd_prove_opts *opts)
{
    comparing    *c = user;
    asked        *q = &c->asked[index];
    vd_compared  *out = &c->at[index];
    vd_prove_opts prove;

    if (q->part && q->part->same) {
        out->summary.broader = out->summary.narrower = VD_UNSAT;
        return 0;
    }
    out->summary.broader = out->summary.narrower = VD_UNKNOWN;
    if (!opts) { /* not asked: the budget of all is spent */
        out->summary.undecided = 1;
        return 0;
    }
    prove = *opts;
    if (!q->part && !q->of)
        prove.state = c->sides[1].state ? c->sides[1].state : c->sides[0].state; /* a bundle says nothing of the resource */
    q->code = make_sets(c, q, &prove);
    if (q->code == VD_OK)
        q->code = compare_sets(c, q, out, &prove);
    return out->summary.units;
}

/* What is wrong, in the order of the questions. */
static void tell(comparing *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        asked *q = &c->asked[i];

        if (q->code != VD_OK && q->code != VD_EBUDGET) {
            c->at[i].failed = true;
            if (q->before && q->after)
                vd_proving_dump(&c->p, (const vd_set *const[]){ q->before, q->after }, 2, &q->err);
            vd_proving_fail(&c->p, q->code, &q->err);
        }
        vd_set_release(q->before);
        vd_set_release(q->after);
        q->before = q->after = NULL;
        for (int k = 0; k < 2; k++) {
            vd_request_free(q->state[k]);
            q->state[k] = NULL;
        }
    }
}

/* ------------------------------------------------------------------ all of them */

/* By the number of the question. */
static vd_str name_of(comparing *c, const vd_part *parts, uint32_t i)
{
    const vd_snapshot_asked *of = c->of ? &c->of[i] : NULL;
    vd_str                   out;

    if (!of)
        return c->owners && c->owners[i].arn.n ? c->owners[i].arn : parts ? parts[i].name : vd_str_of(c->sides[1].word);

    if (of->alike && vd_arena_printf(&c->arena, &out, VD_F " and %u with the same policies", VD_A(of->arn), of->alike))
        return out;
    return of->arn;
}

static void ask_all(comparing *c, const vd_part *parts, uint32_t count)
{
    c->at = vd_arena_new_array(&c->arena, vd_compared, count + 1);
    c->asked = vd_arena_new_array(&c->arena, asked, count + 1);
    if (!c->at || !c->asked) {
        vd_cli_errorf(c->cli, VD_EXIT_NO_ANSWER, "out of memory");
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        c->at[i] = (vd_compared){ .name = name_of(c, parts, i) };
        c->at[i].summary.size = sizeof c->at[i].summary;
        c->asked[i] = (asked){ .part = parts ? &parts[i] : NULL, .of = c->of ? &c->of[i] : NULL,
                               .owner = c->owners ? &c->owners[i] : NULL, .arena = vd_arena_on(vd_allocator_default(), 0) };
        c->asked[i].err.size = sizeof c->asked[i].err;
    }
    c->count = count;
    vd_proving_ask_all(&c->p, "policies", count, ask, c);
    tell(c);
}

static void compare_parts(comparing *c)
{
    if (vd_parts_make(&c->parts, &c->p, &c->sides[0], &c->sides[1], c->opts->together))
        ask_all(c, c->parts.at, c->parts.count);
}

/* Everybody who has policies by name on either side, or the one that is meant. */
static bool find_owners(comparing *c, uint32_t *count)
{
    vd_bundle_owner *more;
    uint32_t         more_count;

    if (!vd_bundle_owners(&c->arena, c->sides[0].set, &c->owners, count) ||
        !vd_bundle_owners(&c->arena, c->sides[1].set, &more, &more_count) ||
        !vd_bundle_owners_join(&c->arena, &c->owners, count, more, more_count))
        return false;
    if (*count && c->p.opts.principal.n) {
        c->owners[0] = (vd_bundle_owner){ .arn = c->p.opts.principal };
        *count = 1;
    }
    if (*count == 0)
        c->owners = NULL;
    return true;
}

static void compare_wholes(comparing *c)
{
    uint32_t count = 0;

    for (int i = 0; i < 2; i++)
        if (!c->sides[i].set) {
            vd_proving_failf(&c->p, VD_EXIT_USAGE, "%s is a whole set of policies, %s is not: compare two of one form",
                             c->sides[1 - i].word, c->sides[i].word);
            return;
        }
    if (!find_owners(c, &count))
        vd_cli_errorf(c->cli, VD_EXIT_NO_ANSWER, "out of memory");
    else
        ask_all(c, NULL, c->owners ? count : 1);
}

/* An answer without a question. */
static void nothing_changed(comparing *c)
{
    c->at = vd_arena_new_array(&c->arena, vd_compared, 1);
    c->asked = vd_arena_new_array(&c->arena, asked, 1);
    if (!c->at || !c->asked)
        return;
    c->at[0] = (vd_compared){ .name = vd_str_of(c->cli->args.words[1]) };
    c->at[0].summary.size = sizeof c->at[0].summary;
    c->at[0].summary.broader = c->at[0].summary.narrower = VD_UNSAT;
    c->asked[0].arena = vd_arena_on(vd_allocator_default(), 0);
    c->count = 1;
}

/* The whole of an account or an organization, twice. */
static void compare_snapshots(comparing *c)
{
    uint32_t count = 0;

    for (int i = 0; i < 2; i++) {
        const char *path = c->cli->args.words[i];

        c->snapshots[i] = vd_snapshot_read_all(c->cli, path);
        if (!c->snapshots[i])
            return;
        vd_snapshot_tell(c->cli, c->snapshots[i], path);
    }
    if (!vd_snapshot_plan(&c->arena, c->snapshots[0], c->snapshots[1], &c->of, &count)) {
        vd_cli_errorf(c->cli, VD_EXIT_NO_ANSWER, "out of memory");
        return;
    }
    vd_cli_notef(c->cli, "something changed for %u principals and resources", count);
    if (count)
        ask_all(c, NULL, count);
    else
        nothing_changed(c);
}

static void compare(comparing *c)
{
    bool ok = true;

    if (vd_is_snapshot(c->cli, c->cli->args.words[0]) && vd_is_snapshot(c->cli, c->cli->args.words[1])) {
        compare_snapshots(c);
        return;
    }

    for (int i = 0; i < 2; i++)
        ok &= vd_side_read(&c->sides[i], &c->p, c->cli->args.words[i]);
    if (!ok)
        return; /* which was said, as far as the other side is concerned, too */
    if (c->sides[0].set || c->sides[1].set)
        compare_wholes(c);
    else
        compare_parts(c);
}

/* ------------------------------------------------------------------ witnesses */

static void save_one(comparing *c, uint32_t index, const vd_delta *d)
{
    vd_save_case cases[2] = {
        { .name = d->removed ? "the new policies do not allow it" : "the new policies allow it", .side = 1,
          .expect = d->removed ? "deny" : "allow" },
        { .name = d->removed ? "the old policies allowed it" : "the old policies did not allow it", .side = 0,
          .expect = d->removed ? "allow" : "deny" },
    };
    vd_buf   title = vd_buf_on(vd_allocator_default(), 0);
    vd_set  *sets[2] = { NULL, NULL };
    vd_error err = { .size = sizeof err };

    for (int i = 0; i < 2; i++) {
        if (c->of) {
            if (!vd_args_has(&c->cli->args, "save-witness") ||
                vd_snapshot_set(&sets[i], c->snapshots[i ? 0 : 1], &c->p.layers, c->cli->engine, &c->of[index], &err) != VD_OK)
                goto out; /* it was made once */
            cases[i].set = sets[i];
            continue;
        }
        if (c->owners) {
            if (!vd_args_has(&c->cli->args, "save-witness") ||
                vd_bundle_set(&sets[i], &c->p, c->sides[i ? 0 : 1].set, &c->owners[index], &err) != VD_OK)
                goto out;
            cases[i].set = sets[i];
            continue;
        }
        cases[i].part = c->sides[0].set ? NULL : &c->parts.at[index];
        cases[i].whole = c->sides[0].set ? &c->sides[cases[i].side] : NULL;
    }
    vd_buf_printf(&title, "%s " VD_F, d->removed ? "no longer allowed:" : "newly allowed:",
                  VD_A(d->witness ? d->witness->action : d->service));
    vd_save_witness(&c->p, d->id, vd_buf_str(&title), d->witness, cases, 2);
out:
    vd_set_release(sets[0]);
    vd_set_release(sets[1]);
    vd_buf_done(&title);
}

static void save_all(comparing *c)
{
    for (uint32_t i = 0; i < c->count; i++)
        for (uint32_t k = 0; k < c->at[i].count; k++)
            save_one(c, i, c->at[i].at[k]);
}

/* ------------------------------------------------------------------ the answer */

static bool fails(const comparing *c, const vd_delta *d)
{
    return vd_delta_counts(d, c->p.opts.future_actions) && c->opts->fail_on && d->severity >= c->opts->fail_on;
}

/* A group that is open is no difference; an undecided question can hide what was looked for; a difference below the threshold is none. */
static vd_exit exit_of(const comparing *c, const vd_diff_job *job)
{
    vd_answer more = job->added ? vd_diff_broader(job) : VD_UNSAT, less = job->removed ? vd_diff_narrower(job) : VD_UNSAT;

    for (uint32_t i = 0; i < c->count; i++)
        for (uint32_t k = 0; k < c->at[i].count; k++)
            if (fails(c, c->at[i].at[k]))
                return VD_EXIT_NO;
    for (uint32_t i = 0; i < c->count; i++)
        if (c->at[i].summary.undecided)
            return VD_EXIT_NO_ANSWER;
    return more == VD_UNKNOWN || less == VD_UNKNOWN ? VD_EXIT_NO_ANSWER : VD_EXIT_YES;
}

static void print(comparing *c, vd_outputs *outputs)
{
    static const vd_look plain = { .colour = false, .width = 100 };
    const char          *category = vd_args_text(&c->cli->args, "category"), *tag = vd_args_text(&c->cli->args, "comment-tag");
    vd_diff_job          job = {
        .proof = { .quiet = c->cli->quiet, .verbose = c->cli->verbose, .errors = c->p.errors, .error_count = c->p.error_count,
                   .category = vd_str_of(category ? category : ""), .comment_tag = vd_str_of(tag ? tag : "") },
        .before = vd_str_of(c->cli->args.words[0]),
        .after = vd_str_of(c->cli->args.words[1]),
        .at = c->at,
        .count = c->count,
        .added = c->opts->added,
        .removed = c->opts->removed,
        .equivalent = c->opts->equivalent,
        .future_actions = c->p.opts.future_actions,
        .fail_on = c->opts->fail_on,
    };

    if (c->count)
        vd_cli_worse(c->cli, exit_of(c, &job));
    job.proof.exit_code = (int32_t)c->cli->worst;
    for (size_t i = 0; i < outputs->count; i++)
        for (size_t f = 0; f < vd_diff_format_count; f++)
            if (vd_output_is(outputs, i, vd_diff_formats[f].name) &&
                vd_diff_formats[f].render(vd_output_buf(outputs, i), outputs->at[i].path ? &plain : &c->cli->look, &job) != VD_OK)
                vd_cli_errorf(c->cli, VD_EXIT_NO_ANSWER, "out of memory");
}

int32_t vd_compare_threshold(const vd_cli *cli)
{
    const char *text = vd_args_text(&cli->args, "fail-on");

    for (int32_t i = VD_ACCESS_NOTE; text && i <= VD_ACCESS_HIGH; i++)
        if (strcmp(text, vd_access_name(i)) == 0)
            return i;
    return text ? 0 : VD_ACCESS_LOW;
}

vd_exit vd_compare(vd_cli *cli, const vd_compare_opts *opts)
{
    comparing  c = { .cli = cli, .opts = opts, .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_outputs outputs;

    if (cli->args.word_count != 2) {
        vd_cli_usage(cli, "%s needs two sides, %u %s given", cli->command->name, cli->args.word_count,
                     cli->args.word_count == 1 ? "was" : "were");
        return VD_EXIT_USAGE;
    }
    if (!vd_outputs_open(&outputs, cli, "text"))
        return VD_EXIT_USAGE;
    if (vd_proving_open(&c.p, cli)) {
        compare(&c);
        print(&c, &outputs);
        save_all(&c);
    }
    for (uint32_t i = 0; i < c.count; i++)
        vd_arena_done(&c.asked[i].arena);
    vd_parts_done(&c.parts);
    for (int i = 0; i < 2; i++)
        if (c.sides[i].p)
            vd_side_done(&c.sides[i]);
    vd_snapshot_release(c.snapshots[0]);
    vd_snapshot_release(c.snapshots[1]);
    vd_proving_close(&c.p);
    vd_outputs_close(&outputs);
    vd_arena_done(&c.arena);
    return cli->worst;
}

static const vd_opt output_rows[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|markdown|sarif|github", "how to print it, =FILE to write it there", NULL },
    { "category", 0, VD_OPT_TEXT, false, "NAME", "of the SARIF run, when several are uploaded", NULL },
    { "comment-tag", 0, VD_OPT_TEXT, false, "TAG", "of the marker in Markdown, by which a bot finds its comment", NULL },
};
VD_OPTS(vd_opts_compare_output, "output", output_rows);
