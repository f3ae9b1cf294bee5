/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements without which there is no path.  All paths that are found are broken, by the statements that most of them rest
 * on; then everything is asked again, until nothing is found.  A statement stays among them only when without it there would
 * be a path again: one is known that rests on no other of them, or everything is asked once more.  Not the smallest of all
 * such sets, but one that is proved, and of which none can be left out.
 */
#include "analyze/pathing.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"

#include <stdlib.h>

enum { MOST_ROUNDS = 64, MOST_CHECKS = 64 };

typedef struct candidate {
    uint32_t          doc, index; /* the statement */
    uint32_t          paths;      /* that rest on it and are not broken yet */
    bool              gone, needed;
    vd_statement_info info;
} candidate;

typedef struct path_uses { /* statements that a path rests on: uses[first], ... */
    uint32_t first, count;
} path_uses;

typedef struct cutting {
    const vd_snapshot *snapshot;
    vd_snapshot        left; /* what is left of it */
    vd_arena           arena;
    uint32_t          *by_name; /* docs, by the names of their policies */
    uint32_t           named;
    candidate         *at;
    uint32_t           count, cap;
    vd_map             map; /* of candidates */
    path_uses         *paths; /* of all rounds */
    uint32_t           path_count, path_cap;
    uint32_t          *uses;
    uint32_t           use_count, use_cap;
    vd_statement_info *gone;
    vd_texts_list     *holders;
    uint32_t           gone_count, gone_cap, holder_cap;
    bool               left_over; /* the last question found a path */
    bool               nomem;
} cutting;

/* ------------------------------------------------------------------ what paths rest on */

static const vd_policy *policy_at(const cutting *c, uint32_t i)
{
    return c->left.docs[c->by_name[i]].policy;
}

/* The first whose policy's name is not before the text. */
static uint32_t first_named(const cutting *c, vd_str name)
{
    uint32_t low = 0, high = c->named;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (vd_str_cmp(policy_at(c, mid)->name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static uint32_t doc_of(const cutting *c, const vd_statement_info *s)
{
    for (uint32_t i = first_named(c, s->policy); i < c->named && vd_str_eq(policy_at(c, i)->name, s->policy); i++) {
        const vd_policy *p = policy_at(c, i);

        if (s->index < p->statement_count && p->statements[s->index].effect == VD_EFFECT_ALLOW) {
            vd_pos at = vd_policy_pos(p, p->statements[s->index].span);

            if (at.line == s->at.line && at.column == s->at.column && vd_str_eq(at.file, s->at.file))
                return c->by_name[i];
        }
    }
    return VD_NONE;
}

static bool keep(cutting *c, vd_statement_info *s)
{
    return vd_arena_dup(&c->arena, &s->policy, s->policy) && vd_arena_dup(&c->arena, &s->sid, s->sid) &&
           vd_arena_dup(&c->arena, &s->at.file, s->at.file);
}

static bool is_candidate(const void *ctx, uint32_t value, const void *wanted)
{
    const candidate *a = &((const cutting *)ctx)->at[value], *b = wanted;

    return a->doc == b->doc && a->index == b->index;
}

/* VD_NONE: no memory. */
static uint32_t candidate_of(cutting *c, const vd_statement_info *s, uint32_t doc)
{
    candidate n = { .doc = doc, .index = s->index, .info = *s };
    uint32_t  words[2] = { doc, s->index };
    uint64_t  hash = vd_hash(c->snapshot->engine->hash_seed, (vd_str){ (const char *)words, sizeof words });
    uint32_t  at = vd_map_find(&c->map, hash, is_candidate, c, &n);

    if (at != VD_NONE)
        return at;
    return keep(c, &n.info) && VD_ARENA_PUSH(&c->arena, c->at, c->count, c->cap, n) &&
                   vd_map_add(&c->map, &c->snapshot->engine->alloc, hash, c->count - 1)
               ? c->count - 1
               : VD_NONE;
}

static bool use(cutting *c, path_uses *path, const vd_statement_info *s)
{
    uint32_t doc = VD_NONE, at;

    /* Limits are not what lets somebody through: without them there are no fewer paths. */
    if (!s->deny && (s->layer == VD_LAYER_IDENTITY || s->layer == VD_LAYER_RESOURCE))
        doc = doc_of(c, s);
    if (doc == VD_NONE)
        return true;
    at = candidate_of(c, s, doc);
    if (at == VD_NONE)
        return false;
    for (uint32_t i = 0; i < path->count; i++)
        if (c->uses[path->first + i] == at)
            return true;
    path->count++;
    return VD_ARENA_PUSH(&c->arena, c->uses, c->use_count, c->use_cap, at);
}

static bool take(void *user, const vd_route *r)
{
    cutting  *c = user;
    path_uses path = { c->use_count, 0 };

    for (size_t i = 0; i < r->step_count && !c->nomem; i++)
        for (size_t k = 0; k < r->steps[i].call_count && !c->nomem; k++)
            for (size_t g = 0; g < r->steps[i].calls[k].granting_count && !c->nomem; g++)
                c->nomem = !use(c, &path, &r->steps[i].calls[k].granting[g]);
    c->nomem |= !VD_ARENA_PUSH(&c->arena, c->paths, c->path_count, c->path_cap, path);
    return !c->nomem;
}

/* ------------------------------------------------------------------ without some */

/* A copy of the document in which those that are gone match nothing. */
static bool rewrite(cutting *c, uint32_t doc)
{
    const vd_policy *from = c->snapshot->docs[doc].policy;
    vd_policy       *p = vd_arena_new(&c->arena, vd_policy);
    vd_statement    *all = vd_arena_new_array(&c->arena, vd_statement, from->statement_count);

    if (!p || !all)
        return false;
    memcpy(p, from, sizeof *p);
    memcpy(all, from->statements, from->statement_count * sizeof *all);
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->at[i].doc != doc || !c->at[i].gone)
            continue;
        all[c->at[i].index].malformed = true;
        all[c->at[i].index].fault = VD_S("left out");
    }
    p->statements = all;
    p->refs = from->refs; /* it goes with the arena, whoever counts */
    c->left.docs[doc].policy = p;
    return true;
}

static bool set_gone(cutting *c, uint32_t at, bool gone)
{
    c->at[at].gone = gone;
    return rewrite(c, c->at[at].doc);
}

static bool is_broken(const cutting *c, const path_uses *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (c->at[c->uses[p->first + i]].gone)
            return true;
    return false;
}

static uint32_t most_common(cutting *c, uint32_t first_path)
{
    uint32_t best = VD_NONE;

    for (uint32_t i = 0; i < c->count; i++)
        c->at[i].paths = 0;
    for (uint32_t i = first_path; i < c->path_count; i++)
        for (uint32_t k = 0; !is_broken(c, &c->paths[i]) && k < c->paths[i].count; k++)
            c->at[c->uses[c->paths[i].first + k]].paths++;
    for (uint32_t i = 0; i < c->count; i++)
        if (c->at[i].paths && (best == VD_NONE || c->at[i].paths > c->at[best].paths))
            best = i;
    return best;
}

/* Breaks all paths of a round that rest on something. */
static bool cut_round(cutting *c, uint32_t first_path, bool *any)
{
    uint32_t best;

    *any = false;
    while ((best = most_common(c, first_path)) != VD_NONE) {
        *any = true;
        if (!set_gone(c, best, true))
            return false;
    }
    return true;
}

static vd_code ask(cutting *c, const vd_paths_opts *o, vd_route_fn *tell, void *user, bool *none, vd_error *err)
{
    vd_paths_summary sum = { .size = sizeof sum };

    VD_TRY(vd_paths(&c->left, o, tell, user, &sum, err));
    *none = sum.paths == 0 && sum.undecided == 0;
    c->left_over = sum.paths > 0;
    return c->nomem ? vd_fail_nomem(err) : VD_OK;
}

static vd_code disconnect(cutting *c, const vd_paths_opts *o, bool *complete, vd_error *err)
{
    bool more = true;

    for (uint32_t round = 0; round < MOST_ROUNDS && more && !*complete; round++) {
        uint32_t first = c->path_count;

        VD_TRY(ask(c, o, take, c, complete, err));
        if (!cut_round(c, first, &more))
            return vd_fail_nomem(err);
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ none too many */

/* Paths that rest on one of them only: it is needed. */
static void find_needed(cutting *c)
{
    for (uint32_t i = 0; i < c->path_count; i++) {
        uint32_t gone = 0, which = VD_NONE;

        for (uint32_t k = 0; k < c->paths[i].count; k++)
            if (c->at[c->uses[c->paths[i].first + k]].gone) {
                which = c->uses[c->paths[i].first + k];
                gone++;
            }
        if (gone == 1)
            c->at[which].needed = true;
    }
}

static bool one_is_enough(void *user, const vd_route *r)
{
    VD_UNUSED(user);
    VD_UNUSED(r);
    return false;
}

static vd_code spare(cutting *c, const vd_paths_opts *o, vd_error *err)
{
    uint32_t checks = 0;

    find_needed(c);
    for (uint32_t i = c->count; i > 0 && checks < MOST_CHECKS; i--) {
        bool none = false;

        if (!c->at[i - 1].gone || c->at[i - 1].needed)
            continue;
        checks++;
        if (!set_gone(c, i - 1, false))
            return vd_fail_nomem(err);
        VD_TRY(ask(c, o, one_is_enough, NULL, &none, err));
        if (!none && !set_gone(c, i - 1, true))
            return vd_fail_nomem(err);
        find_needed(c);
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ whose they are */

typedef struct holding {
    cutting *c;
    vd_str  *at;
    uint32_t count, cap;
} holding;

static bool hold(holding *h, vd_str arn)
{
    for (uint32_t i = 0; i < h->count; i++)
        if (vd_str_eq(h->at[i], arn))
            return true;
    return VD_ARENA_PUSH(&h->c->arena, h->at, h->count, h->cap, arn);
}

static vd_str holder_of(const vd_snapshot *s, const vd_held *held, vd_str own)
{
    if (held->managed != VD_NONE)
        return s->managed[held->managed].arn;
    return held->group != VD_NONE ? s->groups[held->group].arn : own;
}

static bool find_holders(cutting *c, uint32_t doc)
{
    const vd_snapshot *s = c->snapshot;
    holding            h = { .c = c };
    uint32_t           count = c->gone_count;
    bool               ok = true;

    for (uint32_t i = 0; i < s->node_count && ok; i++) {
        const vd_snap_node *n = &s->nodes[i];

        if (n->trust == doc)
            ok = hold(&h, n->arn);
        for (uint32_t k = n->held.first; k < n->held.first + n->held.count && ok; k++)
            if (s->held[k].doc == doc)
                ok = hold(&h, holder_of(s, &s->held[k], n->arn));
    }
    for (uint32_t i = 0; i < s->resource_count && ok; i++)
        if (s->resources[i].doc == doc)
            ok = hold(&h, s->resources[i].arn);
    return ok && VD_ARENA_PUSH(&c->arena, c->holders, count, c->holder_cap, ((vd_texts_list){ h.at, h.count }));
}

/* ------------------------------------------------------------------ all of it */

static vd_code run(cutting *c, const vd_paths_opts *opts, bool *complete, vd_error *err)
{
    vd_paths_opts o = { 0 };

    memcpy(&o, opts, opts->size && opts->size < sizeof o ? opts->size : sizeof o);
    o.cut = NULL;
    o.undecided = NULL;
    o.all_paths = 1;
    *complete = false;
    VD_TRY(disconnect(c, &o, complete, err));
    if (*complete) {
        VD_TRY(spare(c, &o, err));
        c->left_over = false;
    }
    for (uint32_t i = 0; i < c->count; i++)
        if (c->at[i].gone && (!find_holders(c, c->at[i].doc) ||
                              !VD_ARENA_PUSH(&c->arena, c->gone, c->gone_count, c->gone_cap, c->at[i].info)))
            return vd_fail_nomem(err);
    return VD_OK;
}

typedef struct named_doc {
    vd_str   name;
    uint32_t doc;
} named_doc;

static int by_name(const void *a, const void *b)
{
    const named_doc *p = a, *q = b;
    int              c = vd_str_cmp(p->name, q->name);

    return c ? c : p->doc < q->doc ? -1 : p->doc > q->doc;
}

static bool sort_names(cutting *c)
{
    named_doc *all = vd_arena_new_array(&c->arena, named_doc, (size_t)c->left.doc_count + 1);

    c->by_name = vd_arena_new_array(&c->arena, uint32_t, (size_t)c->left.doc_count + 1);
    if (!all || !c->by_name)
        return false;
    for (uint32_t i = 0; i < c->left.doc_count; i++)
        if (c->left.docs[i].policy)
            all[c->named++] = (named_doc){ c->left.docs[i].policy->name, i };
    if (c->named)
        qsort(all, c->named, sizeof *all, by_name);
    for (uint32_t i = 0; i < c->named; i++)
        c->by_name[i] = all[i].doc;
    return true;
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
    code = c.left.docs && sort_names(&c) ? run(&c, opts, &out.complete, err) : vd_fail_nomem(err);
    out.statements = c.gone;
    out.holders = c.holders;
    out.left = !out.complete && c.left_over;
    out.count = c.gone_count;
    if (code == VD_OK)
        opts->cut(user, &out);
    vd_map_done(&c.map, &snapshot->engine->alloc);
    vd_arena_done(&c.arena);
    return code;
}
