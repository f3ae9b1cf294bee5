/* SPDX-License-Identifier: Apache-2.0
 *
 * Every principal of a snapshot that can do something, and whoever is let in from outside.
 */
#include "analyze/reaching.h"

#include "base/engine.h"
#include "base/str.h"

typedef struct asking {
    vd_effective      *e;
    vd_who_can_opts    opts;
    vd_reacher_fn     *tell;
    void              *user;
    vd_who_can_summary sum;
    vd_error          *err;
    vd_asked_call     *asked; /* one for each action */
    vd_call           *calls;
    vd_coarse         *coarse;
    bool               stop;
} asking;

/* ------------------------------------------------------------------ who is left out */

static vd_code is_excluded(asking *a, uint32_t node, bool *out)
{
    vd_identity who = { .node = node, .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE };

    *out = false;
    for (size_t i = 0; i < a->opts.exclude_count && !*out; i++) {
        vd_answer admin = VD_UNSAT;

        if (!vd_str_eq(a->opts.exclude[i], VD_S("@admin"))) {
            *out = vd_glob_matches(a->opts.exclude[i], a->e->snapshot->nodes[node].arn);
            continue;
        }
        VD_TRY(vd_effective_admin(&admin, a->e, &who, a->err));
        *out = admin == VD_SAT;
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ one principal */

static const char *kind_of(const vd_snap_node *n)
{
    return n->kind == VD_WHO_IS_ROOT ? "root" : n->kind == VD_WHO_IS_ROLE ? "role" : "user";
}

static vd_code tell_row(asking *a, uint32_t node, const vd_row *row)
{
    const vd_snap_node *n = &a->e->snapshot->nodes[node];
    vd_reacher          r = { .size = sizeof r, .kind = kind_of(n), .principal = n->arn, .account = a->e->snapshot->accounts[n->account].id,
                              .always = row->always, .requirements = row->can.requirements, .require_count = row->can.require_count,
                              .granting = row->can.granting, .granting_count = row->can.granting_count, .flags = row->can.flags,
                              .witness = row->can.witness };

    if (!vd_row_actions(row, a->e, &r.actions, &r.patterns))
        return vd_fail_nomem(a->err);
    a->stop = a->tell && !a->tell(a->user, &r);
    return VD_OK;
}

static void skip(asking *a, uint32_t node, vd_str why)
{
    a->sum.skipped++;
    if (a->opts.skipped && !a->opts.skipped(a->user, &(vd_skipped){ sizeof(vd_skipped), a->e->snapshot->nodes[node].arn, why }))
        a->stop = true;
}

static vd_code tell_rows(asking *a, uint32_t node, const vd_rows *rows)
{
    bool always = false;

    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < rows->count && !a->stop; i++)
            if (rows->at[i].always == (pass == 0)) {
                always |= pass == 0;
                VD_TRY(tell_row(a, node, &rows->at[i]));
            }
    if (rows->count) {
        a->sum.answer = VD_SAT;
        a->sum.principals++;
        a->sum.always += always;
        a->sum.conditional += !always;
    } else if (rows->unsure) {
        skip(a, node, rows->why);
    }
    return VD_OK;
}

static vd_code look_at(asking *a, uint32_t node)
{
    vd_identity who = { .node = node, .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE };
    vd_rows     rows;
    bool        excluded, may = false;

    for (size_t i = 0; i < a->opts.action_count && !may; i++)
        may = vd_coarse_may(&a->coarse[i], node);
    if (!may)
        return VD_OK;
    VD_TRY(is_excluded(a, node, &excluded));
    if (excluded)
        return VD_OK;
    vd_rows_reset(&rows, a->e);
    for (size_t i = 0; i < a->opts.action_count; i++)
        if (vd_coarse_may(&a->coarse[i], node))
            VD_TRY(vd_rows_add(&rows, a->e, &who, &a->calls[i], a->opts.all_of));
    return tell_rows(a, node, &rows);
}

/* ------------------------------------------------------------------ all of them */

static vd_code prepare(asking *a)
{
    vd_arena *arena = &a->e->d.p.arena;
    size_t    n = a->opts.action_count;

    a->asked = vd_arena_new_array(arena, vd_asked_call, n);
    a->calls = vd_arena_new_array(arena, vd_call, n);
    a->coarse = vd_arena_new_array(arena, vd_coarse, n);
    if (!a->asked || !a->calls || !a->coarse)
        return vd_fail_nomem(a->err);
    for (size_t i = 0; i < n; i++) {
        a->asked[i] = (vd_asked_call){ .action = a->opts.actions[i], .resources = &a->opts.resource, .resource_count = 1, .resource = VD_NONE };
        VD_TRY(vd_call_prepare(&a->calls[i], a->e, &a->asked[i]));
        if (!vd_coarse_open(&a->coarse[i], a->e, &a->calls[i]))
            return vd_fail_nomem(a->err);
    }
    return VD_OK;
}

static vd_code run(asking *a)
{
    uint32_t nodes = a->e->snapshot->node_count, first = a->opts.first < nodes ? a->opts.first : nodes, end = nodes;
    vd_code  code;

    if (a->opts.count && a->opts.count < nodes - first)
        end = first + a->opts.count;
    VD_TRY(prepare(a));
    for (uint32_t i = first; i < end && !a->stop; i++)
        VD_TRY(look_at(a, i));
    for (size_t i = 0; i < a->opts.action_count && !a->opts.no_outsiders && !a->stop; i++) {
        vd_outside o = { .e = a->e, .opts = &a->opts, .call = &a->calls[i], .tell = a->tell, .user = a->user, .summary = &a->sum };

        code = vd_outside_tell(&o, a->err);
        a->stop = o.stop;
        if (code != VD_OK)
            return code;
    }
    if (a->sum.answer == VD_SAT || !a->sum.skipped)
        return VD_OK;
    a->sum.answer = VD_UNKNOWN;
    return vd_fail(a->err, VD_EBUDGET, "nobody was found, but some could not be decided");
}

static vd_code check(const asking *a)
{
    if (a->opts.action_count == 0 || a->opts.resource.n == 0)
        return vd_fail(a->err, VD_EINVAL, "an action and a resource are asked about");
    for (size_t i = 0; i < a->opts.action_count; i++)
        if (vd_str_find(a->opts.actions[i], ':') == a->opts.actions[i].n && !vd_str_eq(a->opts.actions[i], VD_S("*")))
            return vd_fail(a->err, VD_EINVAL, "\"" VD_F "\" is no action: service:Name or a pattern", VD_A(a->opts.actions[i]));
    for (size_t i = 0; i < a->opts.exclude_count; i++)
        if (a->opts.exclude[i].n && a->opts.exclude[i].p[0] == '@' && !vd_str_eq(a->opts.exclude[i], VD_S("@admin")))
            return vd_fail(a->err, VD_EINVAL, "\"" VD_F "\" is nobody to exclude: @admin or a pattern of ARNs", VD_A(a->opts.exclude[i]));
    return VD_OK;
}

vd_code vd_who_can(const vd_snapshot *snapshot, const vd_who_can_opts *opts, vd_reacher_fn *tell, void *user,
                   vd_who_can_summary *summary, vd_error *err)
{
    asking  a = { .tell = tell, .user = user, .err = err, .sum = { .size = sizeof a.sum, .answer = VD_UNSAT } };
    vd_code code;

    if (!snapshot)
        return vd_fail(err, VD_EINVAL, "there is no snapshot to ask");
    if (opts)
        memcpy(&a.opts, opts, opts->size && opts->size < sizeof a.opts ? opts->size : sizeof a.opts);
    code = check(&a);
    if (code == VD_OK)
        code = vd_effective_new(&a.e, snapshot, &a.opts.prove, err);
    if (code == VD_OK)
        code = run(&a);
    if (code != VD_OK && a.sum.answer == VD_UNSAT)
        a.sum.answer = VD_UNKNOWN;
    if (a.e)
        a.sum.units += vd_symbolic_units(a.e->d.p.s);
    vd_effective_free(a.e);
    if (summary) {
        size_t size = summary->size && summary->size < sizeof a.sum ? summary->size : sizeof a.sum;

        a.sum.size = size;
        memcpy(summary, &a.sum, size);
    }
    return code;
}
