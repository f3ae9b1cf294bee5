/* SPDX-License-Identifier: Apache-2.0
 *
 * Which statements may cover another, without a look at all pairs.  A pattern covers only texts that begin with its literal
 * beginning.  So the beginnings of all actions and of all resources are two sorted lists, in which each entry knows the
 * longest other one that it begins with: those that a text begins with are a chain from its neighbour upwards.  Of the two
 * lists the one with fewer statements for a question is walked; a list of statements that all begin alike in both is
 * walked as far as a budget goes.
 */
#include "lint/rules/redundancy.h"

#include "base/str.h"
#include "pattern/glob.h"

#include <stdlib.h>

enum { FEW = 24, MOST_LOOKS = 400000 };

typedef struct entry {
    vd_str   key;
    uint32_t statement;
} entry;

typedef struct beginnings {
    entry    *at; /* sorted */
    uint32_t  count, cap;
    uint32_t *parent; /* of the first entry with a key: the first of the longest key it begins with, VD_NONE */
    uint32_t *first;  /* of each entry: the first with the same key */
} beginnings;

struct vd_cover_index {
    vd_lint   *l;
    bool       all; /* so few statements that all are looked at */
    beginnings actions, resources;
    uint32_t  *asked; /* by statement: the last question it was handed out for */
    uint32_t   question, looks;
};

static int by_key(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    int          way = vd_str_cmp(x->key, y->key);

    return way ? way : x->statement < y->statement ? -1 : x->statement > y->statement;
}

static bool add(vd_cover_index *x, beginnings *b, vd_str key, uint32_t statement)
{
    return VD_ARENA_PUSH(x->l->arena, b->at, b->count, b->cap, (entry){ key, statement });
}

/* Lowered, up to the first wildcard. */
static bool action_key(vd_lint *l, vd_str text, vd_str *out)
{
    size_t n = 0;
    char  *bytes;

    while (n < text.n && text.p[n] != '*' && text.p[n] != '?')
        n++;
    bytes = vd_arena_new_array(l->arena, char, n ? n : 1);
    if (!bytes)
        return false;
    vd_lower_copy(bytes, text.p, n);
    *out = (vd_str){ bytes, n };
    return true;
}

static vd_str resource_key(vd_view_resource *r)
{
    return vd_str_first(r->exact, vd_glob_literal_prefix(r->exact));
}

static bool add_actions(vd_cover_index *x, const vd_view_statement *st)
{
    vd_str key;

    if (st->all_actions || st->model->action.negated)
        return add(x, &x->actions, VD_S(""), st->index);
    for (uint32_t i = 0; i < st->action_count; i++)
        if (!action_key(x->l, st->actions[i].text.text, &key) || !add(x, &x->actions, key, st->index))
            return false;
    return true;
}

static bool add_resources(vd_cover_index *x, const vd_view_statement *st)
{
    if (st->all_resources || st->model->resource.negated)
        return add(x, &x->resources, VD_S(""), st->index);
    for (uint32_t i = 0; i < st->resource_count; i++)
        if (!vd_cover_code(x->l, &st->resources[i]) || !add(x, &x->resources, resource_key(&st->resources[i]), st->index))
            return false;
    return true;
}

static bool link_up(vd_cover_index *x, beginnings *b)
{
    if (b->count == 0)
        return true;
    qsort(b->at, b->count, sizeof *b->at, by_key);
    b->parent = vd_arena_new_array(x->l->arena, uint32_t, b->count);
    b->first = vd_arena_new_array(x->l->arena, uint32_t, b->count);
    if (!b->parent || !b->first)
        return false;
    for (uint32_t i = 0; i < b->count; i++) {
        uint32_t up = i ? b->first[i - 1] : VD_NONE;

        if (i && vd_str_eq(b->at[i].key, b->at[i - 1].key)) {
            b->first[i] = up;
            b->parent[i] = b->parent[up];
            continue;
        }
        while (up != VD_NONE && !vd_str_starts(b->at[i].key, b->at[up].key))
            up = b->parent[up];
        b->first[i] = i;
        b->parent[i] = up;
    }
    return true;
}

vd_cover_index *vd_cover_index_new(vd_lint *l)
{
    vd_cover_index *x = vd_arena_new(l->arena, vd_cover_index);

    if (!x)
        return NULL;
    x->l = l;
    x->looks = MOST_LOOKS;
    x->all = l->statement_count <= FEW;
    if (x->all)
        return x;
    x->asked = vd_arena_new_array(l->arena, uint32_t, l->statement_count);
    if (!x->asked)
        return NULL;
    for (uint32_t i = 0; i < l->statement_count; i++)
        if (!l->statements[i].model->malformed &&
            (!add_actions(x, &l->statements[i]) || !add_resources(x, &l->statements[i])))
            return NULL;
    return link_up(x, &x->actions) && link_up(x, &x->resources) ? x : NULL;
}

/* The first of the longest key that the text begins with; VD_NONE: none. */
static uint32_t longest(const beginnings *b, vd_str text)
{
    uint32_t low = 0, high = b->count, up;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (vd_str_cmp(b->at[mid].key, text) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    up = low ? b->first[low - 1] : VD_NONE;
    while (up != VD_NONE && !vd_str_starts(text, b->at[up].key))
        up = b->parent[up];
    return up;
}

static uint32_t run_of(const beginnings *b, uint32_t first)
{
    uint32_t low = first, high = b->count;

    while (low + 1 < high) {
        uint32_t mid = low + (high - low) / 2;

        if (b->first[mid] == first)
            low = mid;
        else
            high = mid;
    }
    return low + 1 - first;
}

static uint32_t size_of_chain(const beginnings *b, vd_str text)
{
    uint32_t n = 0;

    for (uint32_t up = longest(b, text); up != VD_NONE; up = b->parent[up])
        n += run_of(b, up);
    return n;
}

typedef struct walk {
    vd_cover_index          *x;
    const vd_view_statement *s;
    void (*one)(void *user, const vd_view_statement *t);
    void *user;
} walk;

static void hand_out(const walk *w, uint32_t statement)
{
    vd_cover_index *x = w->x;

    if (statement == w->s->index || x->asked[statement] == x->question || x->looks == 0)
        return;
    x->asked[statement] = x->question;
    x->looks--;
    w->one(w->user, &x->l->statements[statement]);
}

static void walk_chain(const walk *w, const beginnings *b, vd_str text)
{
    for (uint32_t up = longest(b, text); up != VD_NONE; up = b->parent[up]) {
        uint32_t n = run_of(b, up);

        for (uint32_t i = up; i < up + n && w->x->looks; i++)
            hand_out(w, b->at[i].statement);
    }
}

/* Beginnings of what s is about; of a negated list or a star the empty one. */
static vd_str first_resource(vd_cover_index *x, const vd_view_statement *s)
{
    if (s->all_resources || s->model->resource.negated || s->resource_count == 0 || !vd_cover_code(x->l, &s->resources[0]))
        return VD_S("");
    return resource_key(&s->resources[0]);
}

void vd_cover_index_each(vd_cover_index *x, const vd_view_statement *s, void (*one)(void *user, const vd_view_statement *t),
                         void *user)
{
    walk     w = { x, s, one, user };
    vd_str   resource, key;
    uint32_t by_actions = 0;

    if (x->all) {
        for (uint32_t i = 0; i < x->l->statement_count; i++)
            if (i != s->index && !x->l->statements[i].model->malformed)
                one(user, &x->l->statements[i]);
        return;
    }
    x->question++;
    resource = first_resource(x, s);
    if (s->model->action.negated || s->all_actions) {
        walk_chain(&w, &x->actions, VD_S(""));
        return;
    }
    for (uint32_t i = 0; i < s->action_count && x->looks; i++) {
        x->looks--;
        if (action_key(x->l, s->actions[i].text.text, &key))
            by_actions += size_of_chain(&x->actions, key);
    }
    if (size_of_chain(&x->resources, resource) <= by_actions) {
        walk_chain(&w, &x->resources, resource);
        return;
    }
    for (uint32_t i = 0; i < s->action_count; i++)
        if (action_key(x->l, s->actions[i].text.text, &key))
            walk_chain(&w, &x->actions, key);
}
