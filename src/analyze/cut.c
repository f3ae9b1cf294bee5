/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements without which there is no path: the one that most paths rest on goes first, then everything is asked again, until
 * nothing is found.  Not the smallest such set, but one that is proved.
 */
#include "analyze/pathing.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"

enum { MOST_ROUNDS = 64 };

typedef struct candidate {
    uint32_t          doc, index; /* the statement */
    uint32_t          paths;
    uint32_t          last; /* path that counted it */
    vd_statement_info info;
} candidate;

typedef struct cutting {
    const vd_snapshot *snapshot;
    vd_snapshot        left; /* what is left of it */
    vd_arena           arena;
    candidate         *at;
    uint32_t           count, cap;
    uint32_t           paths;
    vd_statement_info *gone;
    uint32_t           gone_count, gone_cap;
    bool               nomem;
} cutting;

/* ------------------------------------------------------------------ what paths rest on */

static uint32_t doc_of(const cutting *c, const vd_statement_info *s)
{
    for (uint32_t i = 0; i < c->left.doc_count; i++) {
        const vd_policy *p = c->left.docs[i].policy;

        if (p && s->index < p->statement_count && p->statements[s->index].effect == VD_EFFECT_ALLOW &&
            vd_str_eq(p->name, s->policy)) {
            vd_pos at = vd_policy_pos(p, p->statements[s->index].span);

            if (at.line == s->at.line && at.column == s->at.column && vd_str_eq(at.file, s->at.file))
                return i;
        }
    }
    return VD_NONE;
}

static bool keep(cutting *c, vd_statement_info *s)
{
    return vd_arena_dup(&c->arena, &s->policy, s->policy) && vd_arena_dup(&c->arena, &s->sid, s->sid) &&
           vd_arena_dup(&c->arena, &s->at.file, s->at.file);
}

static bool count(cutting *c, const vd_statement_info *s)
{
    candidate n = { .doc = doc_of(c, s), .index = s->index, .paths = 1, .last = c->paths, .info = *s };

    /* Limits are not what lets somebody through: without them there are no fewer paths. */
    if (n.doc == VD_NONE || s->deny || (s->layer != VD_LAYER_IDENTITY && s->layer != VD_LAYER_RESOURCE))
        return true;
    for (uint32_t i = 0; i < c->count; i++)
        if (c->at[i].doc == n.doc && c->at[i].index == n.index) {
            c->at[i].paths += c->at[i].last != c->paths;
            c->at[i].last = c->paths;
            return true;
        }
    return keep(c, &n.info) && VD_ARENA_PUSH(&c->arena, c->at, c->count, c->cap, n);
}

static bool take(void *user, const vd_route *r)
{
    cutting *c = user;

    c->paths++;
    for (size_t i = 0; i < r->step_count && !c->nomem; i++)
        for (size_t k = 0; k < r->steps[i].call_count && !c->nomem; k++)
            for (size_t g = 0; g < r->steps[i].calls[k].granting_count && !c->nomem; g++)
                c->nomem = !count(c, &r->steps[i].calls[k].granting[g]);
    return !c->nomem;
}

/* ------------------------------------------------------------------ without one */

/* A copy of the document in which the statement matches nothing. */
static bool remove_one(cutting *c, const candidate *n)
{
    const vd_policy *from = c->left.docs[n->doc].policy;
    vd_policy       *p = vd_arena_new(&c->arena, vd_policy);
    vd_statement    *all = vd_arena_new_array(&c->arena, vd_statement, from->statement_count);

    if (!p || !all)
        return false;
    memcpy(p, from, sizeof *p);
    memcpy(all, from->statements, from->statement_count * sizeof *all);
    all[n->index].malformed = true;
    all[n->index].fault = VD_S("left out");
    p->statements = all;
    p->refs = from->refs; /* it goes with the arena, whoever counts */
    c->left.docs[n->doc].policy = p;
    return VD_ARENA_PUSH(&c->arena, c->gone, c->gone_count, c->gone_cap, n->info);
}

static const candidate *most_common(const cutting *c)
{
    const candidate *best = NULL;

    for (uint32_t i = 0; i < c->count; i++)
        if (!best || c->at[i].paths > best->paths)
            best = &c->at[i];
    return best;
}

static vd_code run(cutting *c, const vd_paths_opts *opts, bool *complete, vd_error *err)
{
    vd_paths_opts o = { 0 };

    memcpy(&o, opts, opts->size && opts->size < sizeof o ? opts->size : sizeof o);
    o.cut = NULL;
    o.all_paths = 1;
    *complete = false;
    for (uint32_t round = 0; round < MOST_ROUNDS; round++) {
        vd_paths_summary sum = { .size = sizeof sum };
        const candidate *best;

        c->count = c->paths = 0;
        VD_TRY(vd_paths(&c->left, &o, take, c, &sum, err));
        if (c->nomem)
            return vd_fail_nomem(err);
        *complete = c->paths == 0 && sum.undecided == 0;
        best = most_common(c);
        if (c->paths == 0 || !best)
            return VD_OK;
        if (!remove_one(c, best))
            return vd_fail_nomem(err);
    }
    return VD_OK;
}

vd_code vd_paths_cut(const vd_snapshot *snapshot, const vd_paths_opts *opts, void *user, vd_error *err)
{
    cutting      c = { .snapshot = snapshot, .left = *snapshot };
    vd_route_cut out = { .size = sizeof out };
    vd_code      code;

    c.arena = vd_arena_on(&snapshot->engine->alloc, 0);
    c.left.docs = vd_arena_new_array(&c.arena, vd_snap_doc, snapshot->doc_count + 1);
    if (c.left.docs && snapshot->doc_count)
        memcpy(c.left.docs, snapshot->docs, snapshot->doc_count * sizeof *snapshot->docs);
    code = c.left.docs ? run(&c, opts, &out.complete, err) : vd_fail_nomem(err);
    out.statements = c.gone;
    out.count = c.gone_count;
    if (code == VD_OK)
        opts->cut(user, &out);
    vd_arena_done(&c.arena);
    return code;
}
