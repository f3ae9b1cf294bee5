/* SPDX-License-Identifier: Apache-2.0
 *
 * The index over the statements of one list of documents.  Every action of every statement is filed under its exact
 * name, under its literal prefix, under its service, or under "any"; statements filed at one place make a list.  A
 * long list gets a trie over the resource field of its patterns.  Equal lists share their place.
 */
#include "compile/compile.h"

#include "base/str.h"
#include "pattern/arn.h"

#include <stdlib.h>

enum { ALLOW = 0, DENY = 1, LONG_LIST = 8 };

/* A place where statements are filed: an exact name or a prefix of a service. */
typedef struct filed {
    uint32_t place; /* index into places */
    uint32_t stmt;
    uint32_t act;   /* what is left to test of the action: pool list, 0 for nothing */
    uint8_t  effect;
} filed;

typedef enum place_kind { PLACE_ANY, PLACE_SERVICE, PLACE_PREFIX, PLACE_EXACT } place_kind;

typedef struct place {
    vd_str     service, name;
    place_kind kind;
    uint32_t   list[2];
} place;

typedef struct tree {
    vd_compiler *c;
    vd_itree     out;
    VD_VEC(place) places;
    VD_VEC(filed) filed;
    vd_map       by_name;
} tree;

static void tree_done(tree *t)
{
    VD_VEC_DONE(t->c->a, &t->places);
    VD_VEC_DONE(t->c->a, &t->filed);
    vd_map_done(&t->by_name, t->c->a);
    vd_arena_reset(&t->c->piece);
    vd_arena_reset(&t->c->tree);
}

static bool same_place(const void *ctx, uint32_t value, const void *wanted)
{
    const tree  *t = ctx;
    const place *w = wanted, *p = &t->places.at[value];

    return p->kind == w->kind && vd_str_eq(p->service, w->service) && vd_str_eq(p->name, w->name);
}

static vd_code find_place(tree *t, const place *wanted, uint32_t *index)
{
    uint64_t hash = vd_hash(vd_hash((uint64_t)wanted->kind, wanted->service), wanted->name);

    *index = vd_map_find(&t->by_name, hash, same_place, t, wanted);
    if (*index != VD_NONE)
        return VD_OK;
    *index = t->places.count;
    if (!VD_PUSH(t->c->a, &t->places, *wanted) || !vd_map_add(&t->by_name, t->c->a, hash, *index))
        return vd_fail_nomem(t->c->err);
    return VD_OK;
}

static vd_code file_under(tree *t, const place *where, uint32_t stmt, uint32_t act, uint8_t effect)
{
    filed f = { .stmt = stmt, .act = act, .effect = effect };

    VD_TRY(find_place(t, where, &f.place));
    return VD_PUSH(t->c->a, &t->filed, f) ? VD_OK : vd_fail_nomem(t->c->err);
}

static vd_code file_action(tree *t, vd_str text, uint32_t stmt, uint8_t effect)
{
    vd_action_shape s;
    place           where = { .kind = PLACE_ANY };
    uint32_t        test[2] = { 1, 0 }, act = 0;

    VD_TRY(vd_action_shape_of(t->c, text, &s));
    if (s.kind == VD_ACT_PATTERN || s.kind == VD_ACT_ANYWHERE) {
        VD_TRY(vd_put_action(t->c, s.text, &test[1]));
        VD_TRY(vd_put_run(t->c, VD_SEC_POOL, test, 2, &act));
    }
    if (s.kind != VD_ACT_ALL && s.kind != VD_ACT_ANYWHERE) {
        where.service = vd_str_first(s.text, s.colon);
        where.kind = PLACE_SERVICE;
    }
    if (s.kind == VD_ACT_EXACT || ((s.kind == VD_ACT_PREFIX || s.kind == VD_ACT_PATTERN) && s.prefix)) {
        where.name = vd_str_first(vd_str_from(s.text, s.colon + 1), s.prefix);
        where.kind = s.kind == VD_ACT_EXACT ? PLACE_EXACT : PLACE_PREFIX;
    }
    return file_under(t, &where, stmt, act, effect);
}

static bool allows_everything(const vd_compiler *c, const vd_statement *s, uint32_t stmt)
{
    const vd_istatement *i = vd_at(c, VD_SEC_STATEMENTS, stmt);

    if (s->effect != VD_EFFECT_ALLOW || s->action.negated || i->res != VD_NONE || i->cond != VD_NONE)
        return false;
    for (uint32_t k = 0; k < s->action.texts.count; k++)
        if (vd_str_eq(s->action.texts.at[k].text, VD_S("*")))
            return true;
    return false;
}

static void least(uint32_t *to, uint32_t stmt)
{
    if (stmt < *to)
        *to = stmt;
}

static vd_code file_statement(tree *t, const vd_statement *s, uint32_t stmt)
{
    uint8_t effect = s->effect == VD_EFFECT_DENY ? DENY : ALLOW;

    if (s->malformed) {
        if (effect == DENY)
            least(&t->out.malformed, stmt);
        return VD_OK;
    }
    t->out.has[effect] = 1;
    if (allows_everything(t->c, s, stmt))
        least(&t->out.allow_all, stmt);
    if (s->action.negated)
        return file_under(t, &(place){ .kind = PLACE_ANY }, stmt, t->c->not_action.at[stmt], effect);
    for (uint32_t i = 0; i < s->action.texts.count; i++)
        VD_TRY(file_action(t, s->action.texts.at[i].text, stmt, effect));
    return VD_OK;
}

/* ------------------------------------------------------------------ lists */

/* A statement of a long list under one of its resource patterns. */
typedef struct leaf {
    vd_str    prefix;
    vd_ientry entry;
} leaf;

static int leaf_order(const void *a, const void *b)
{
    const leaf *x = a, *y = b;
    int         c = vd_str_cmp(x->prefix, y->prefix);

    if (c)
        return c;
    if (x->entry.stmt != y->entry.stmt)
        return x->entry.stmt < y->entry.stmt ? -1 : 1;
    if (x->entry.act != y->entry.act)
        return x->entry.act < y->entry.act ? -1 : 1;
    return (x->entry.res > y->entry.res) - (x->entry.res < y->entry.res);
}

static vd_code put_entries(vd_compiler *c, const vd_ientry *list, uint32_t count, uint32_t *ref)
{
    return vd_put_run(c, VD_SEC_ENTRIES, list, count + 1, ref);
}

/* A list in which every entry is tried. */
static vd_code put_short(vd_compiler *c, const filed *f, uint32_t count, uint32_t *ref)
{
    vd_ientry *list = vd_arena_new_array(&c->piece, vd_ientry, (size_t)count + 1);

    if (!list)
        return vd_fail_nomem(c->err);
    list[0] = (vd_ientry){ .stmt = count, .act = VD_NONE, .res = VD_HEADER };
    for (uint32_t i = 0; i < count; i++) {
        const vd_istatement *s = vd_at(c, VD_SEC_STATEMENTS, f[i].stmt);

        list[i + 1] = (vd_ientry){ f[i].stmt, f[i].act, s->res, s->cond };
    }
    return put_entries(c, list, count, ref);
}

typedef struct leaves {
    leaf    *at;
    uint32_t count, cap;
} leaves;

/* Files the entry under each of its patterns; false in *ok: it has to be tried for every resource. */
static vd_code split_entry(vd_compiler *c, const vd_ientry *e, leaves *out, bool *ok)
{
    const uint32_t *list = NULL;
    uint32_t        count = 1, before = out->count;

    *ok = false;
    if (e->res == VD_NONE)
        return VD_OK;
    if (e->res & VD_REF_LIST) {
        list = vd_at(c, VD_SEC_POOL, e->res & ~VD_REF_LIST);
        count = list[0];
        if (count & VD_REF_NOT)
            return VD_OK;
    }
    for (uint32_t i = 0; i < count; i++) {
        leaf l = { .entry = *e };

        l.entry.res = list ? list[i + 1] : e->res;
        l.prefix = (vd_str){ c->sec[VD_SEC_BYTES].p + c->prefix.at[l.entry.res].off, c->prefix.at[l.entry.res].len };
        if (l.prefix.n == 0) {
            out->count = before;
            return VD_OK;
        }
        if (!VD_ARENA_PUSH(&c->piece, out->at, out->count, out->cap, l))
            return vd_fail_nomem(c->err);
    }
    *ok = true;
    return VD_OK;
}

static vd_code put_leaves(vd_compiler *c, leaves *l, uint32_t effect, uint32_t *root)
{
    vd_trie_key *keys = vd_arena_new_array(&c->piece, vd_trie_key, l->count);
    const char  *bytes = c->sec[VD_SEC_BYTES].p; /* does not grow while lists are made */
    uint32_t     key_count = 0;

    if (!keys)
        return vd_fail_nomem(c->err);
    qsort(l->at, l->count, sizeof *l->at, leaf_order);
    for (uint32_t i = 0, end; i < l->count; i = end) {
        vd_ientry *list;
        uint32_t   n = 0;

        for (end = i + 1; end < l->count && vd_str_eq(l->at[end].prefix, l->at[i].prefix);)
            end++;
        list = vd_arena_new_array(&c->piece, vd_ientry, (size_t)(end - i) + 1);
        if (!list)
            return vd_fail_nomem(c->err);
        for (uint32_t k = i; k < end; k++)
            list[++n] = l->at[k].entry;
        list[0] = (vd_ientry){ .stmt = n, .act = VD_NONE, .res = VD_HEADER };
        keys[key_count].text = (vd_itext){ (uint32_t)(l->at[i].prefix.p - bytes), (uint32_t)l->at[i].prefix.n };
        VD_TRY(put_entries(c, list, n, &keys[key_count].list[effect]));
        key_count++;
    }
    return vd_compile_trie(c, keys, key_count, root);
}

static bool all_the_same(const leaves *l)
{
    for (uint32_t i = 1; i < l->count; i++)
        if (!vd_str_eq(l->at[i].prefix, l->at[0].prefix))
            return false;
    return true;
}

/* A list whose entries with a telling resource hang in a trie; the others stay in front. */
static vd_code put_long(vd_compiler *c, const filed *f, uint32_t count, uint32_t effect, uint32_t *ref)
{
    vd_ientry *list = vd_arena_new_array(&c->piece, vd_ientry, (size_t)count + 1);
    leaves     l = { 0 };
    uint32_t   n = 0, root = VD_NONE;

    if (!list)
        return vd_fail_nomem(c->err);
    for (uint32_t i = 0; i < count; i++) {
        const vd_istatement *s = vd_at(c, VD_SEC_STATEMENTS, f[i].stmt);
        vd_ientry            e = { f[i].stmt, f[i].act, s->res, s->cond };
        bool                 split;

        VD_TRY(split_entry(c, &e, &l, &split));
        if (!split)
            list[++n] = e;
    }
    if (l.count <= LONG_LIST || all_the_same(&l))
        return put_short(c, f, count, ref);
    VD_TRY(put_leaves(c, &l, effect, &root));
    list[0] = (vd_ientry){ .stmt = n, .act = root, .res = VD_HEADER };
    return put_entries(c, list, n, ref);
}

/* What is filed at one place for one effect stands together afterwards, in the order of statements as before: two passes
 * over the places, no comparing. */
static vd_code group_by_place(tree *t, filed **out, uint32_t **ends)
{
    uint32_t  buckets = t->places.count * 2, from = 0;
    uint32_t *at = vd_arena_new_array(&t->c->tree, uint32_t, (size_t)buckets + 1);
    filed    *sorted = vd_arena_new_array(&t->c->tree, filed, (size_t)t->filed.count + 1);

    if (!at || !sorted)
        return vd_fail_nomem(t->c->err);
    for (uint32_t i = 0; i < t->filed.count; i++)
        at[t->filed.at[i].place * 2 + t->filed.at[i].effect]++;
    for (uint32_t b = 0; b < buckets; b++) {
        uint32_t n = at[b];

        at[b] = from;
        from += n;
    }
    for (uint32_t i = 0; i < t->filed.count; i++)
        sorted[at[t->filed.at[i].place * 2 + t->filed.at[i].effect]++] = t->filed.at[i];
    *out = sorted;
    *ends = at;
    return VD_OK;
}

/* An action listed twice by one statement is one entry.  Looks back only so far: a double that stays costs a test, a
 * statement of a hundred thousand patterns must not cost their square. */
static uint32_t drop_doubles(filed *f, uint32_t count)
{
    enum { LOOK_BACK = 8 };
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; i++) {
        bool double_entry = false;

        for (uint32_t k = n; k > 0 && n - k < LOOK_BACK && f[k - 1].stmt == f[i].stmt && !double_entry; k--)
            double_entry = f[k - 1].act == f[i].act;
        if (!double_entry)
            f[n++] = f[i];
    }
    return n;
}

static vd_code make_lists(tree *t)
{
    filed    *f = NULL;
    uint32_t *ends = NULL, from = 0;

    VD_TRY(group_by_place(t, &f, &ends));
    VD_VEC_DONE(t->c->a, &t->filed);
    for (uint32_t b = 0; b < t->places.count * 2; from = ends[b++]) {
        uint32_t *ref = &t->places.at[b / 2].list[b % 2], n = drop_doubles(f + from, ends[b] - from);

        if (n > LONG_LIST)
            VD_TRY(put_long(t->c, f + from, n, b % 2, ref));
        else if (n)
            VD_TRY(put_short(t->c, f + from, n, ref));
        vd_arena_reset(&t->c->piece);
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ tables */

static int place_order(const void *a, const void *b)
{
    const place *x = a, *y = b;
    int          c = vd_str_cmp(x->service, y->service);

    if (c)
        return c;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return vd_str_cmp(x->name, y->name);
}

static vd_code put_names(tree *t, const place *p, uint32_t count, vd_iservice *out)
{
    vd_compiler *c = t->c;
    uint32_t     slots = vd_slot_count(count);

    out->name_mask = VD_NONE;
    if (count == 0)
        return VD_OK;
    VD_TRY(vd_put(c, VD_SEC_NAMES, NULL, (size_t)slots * sizeof(vd_iname), &out->names));
    out->name_mask = slots - 1;
    for (uint32_t i = 0; i < count; i++) {
        vd_iname n = { .hash = (uint32_t)vd_hash(c->seed, p[i].name), .list = { p[i].list[0], p[i].list[1] } };
        uint16_t len = (uint16_t)p[i].name.n;
        uint32_t at = n.hash & out->name_mask;
        char     bytes[2 + UINT8_MAX + 1];
        vd_itext text;

        if (p[i].name.n > UINT8_MAX)
            continue; /* longer than any action a request may name */
        memcpy(bytes, &len, 2);
        memcpy(bytes + 2, p[i].name.p, len);
        VD_TRY(vd_put_text(c, (vd_str){ bytes, 2u + len }, &text));
        n.off = text.off;
        while (((vd_iname *)vd_at(c, VD_SEC_NAMES, out->names + at))->off)
            at = (at + 1) & out->name_mask;
        *(vd_iname *)vd_at(c, VD_SEC_NAMES, out->names + at) = n;
    }
    return VD_OK;
}

static vd_code put_prefixes(tree *t, const place *p, uint32_t count, uint32_t *root)
{
    vd_trie_key *keys;

    *root = VD_NONE;
    if (count == 0)
        return VD_OK;
    keys = vd_arena_new_array(&t->c->tree, vd_trie_key, count);
    if (!keys)
        return vd_fail_nomem(t->c->err);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(keys[i].list, p[i].list, sizeof keys[i].list);
        VD_TRY(vd_put_text(t->c, p[i].name, &keys[i].text));
    }
    return vd_compile_trie(t->c, keys, count, root);
}

/* The places of one service stand together: service:*, prefixes, exact names. */
static vd_code put_service(tree *t, const place *p, uint32_t count, vd_iservice *out)
{
    uint32_t from = 0, prefixes = 0;

    *out = (vd_iservice){ .hash = (uint32_t)vd_hash(t->c->seed, p->service), .used = 1 };
    VD_TRY(vd_put_text(t->c, p->service, &out->name));
    if (p->kind == PLACE_SERVICE) {
        memcpy(out->all, p->list, sizeof out->all);
        from = 1;
    }
    while (from + prefixes < count && p[from + prefixes].kind == PLACE_PREFIX)
        prefixes++;
    VD_TRY(put_prefixes(t, p + from, prefixes, &out->trie));
    return put_names(t, p + from + prefixes, count - from - prefixes, out);
}

static uint32_t service_count(const tree *t, uint32_t from)
{
    uint32_t n = 0;

    for (uint32_t i = from; i < t->places.count; i++)
        n += i == from || !vd_str_eq(t->places.at[i].service, t->places.at[i - 1].service);
    return n;
}

static vd_code put_services(tree *t)
{
    vd_compiler *c = t->c;
    place       *p = t->places.at;
    uint32_t     from = 0, count, slots;

    t->out.service_mask = VD_NONE;
    if (t->places.count)
        qsort(p, t->places.count, sizeof *p, place_order);
    if (t->places.count && p[0].kind == PLACE_ANY) {
        memcpy(t->out.any, p[0].list, sizeof t->out.any);
        from = 1;
    }
    count = service_count(t, from);
    if (count == 0)
        return VD_OK;
    slots = vd_slot_count(count);
    t->out.names = vd_count_of(c, VD_SEC_NAMES);
    VD_TRY(vd_put(c, VD_SEC_SERVICES, NULL, (size_t)slots * sizeof(vd_iservice), &t->out.services));
    t->out.service_mask = slots - 1;
    for (uint32_t i = from, end; i < t->places.count; i = end) {
        vd_iservice s;
        uint32_t    at;

        for (end = i + 1; end < t->places.count && vd_str_eq(p[end].service, p[i].service);)
            end++;
        VD_TRY(put_service(t, &p[i], end - i, &s));
        at = s.hash & t->out.service_mask;
        while (((vd_iservice *)vd_at(c, VD_SEC_SERVICES, t->out.services + at))->used)
            at = (at + 1) & t->out.service_mask;
        *(vd_iservice *)vd_at(c, VD_SEC_SERVICES, t->out.services + at) = s;
    }
    t->out.name_count = vd_count_of(c, VD_SEC_NAMES) - t->out.names;
    t->out.sum = vd_image_tree_sum(vd_at(c, VD_SEC_SERVICES, t->out.services), slots,
                                   t->out.name_count ? vd_at(c, VD_SEC_NAMES, t->out.names) : NULL, t->out.name_count);
    return VD_OK;
}

/* ------------------------------------------------------------------ one tree */

static int number_order(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Statements are filed in their order over the whole set, so that lists come out sorted. */
static vd_code file_all(tree *t, const uint32_t *docs, uint32_t count)
{
    uint64_t *sorted = vd_arena_new_array(&t->c->tree, uint64_t, (size_t)count + 1);

    if (!sorted)
        return vd_fail_nomem(t->c->err);
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = (uint64_t)t->c->first.at[docs[i]] << 32 | docs[i];
    qsort(sorted, count, sizeof *sorted, number_order);
    for (uint32_t i = 0; i < count; i++) {
        const vd_policy *p = t->c->b->policies.at[(uint32_t)sorted[i]];
        uint32_t         first = (uint32_t)(sorted[i] >> 32);

        t->out.is_public |= t->c->is_public.at[(uint32_t)sorted[i]];
        for (uint32_t s = 0; s < p->statement_count; s++)
            VD_TRY(file_statement(t, &p->statements[s], first + s));
    }
    return VD_OK;
}

typedef struct doc_list {
    const uint32_t *at;
    uint32_t        count;
} doc_list;

static bool same_docs(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_compiler *c = ctx;
    const doc_list    *w = wanted;
    const vd_itree    *t = vd_at(c, VD_SEC_TREES, value);

    return t->doc_count == w->count && memcmp(vd_at(c, VD_SEC_POOL, t->docs), w->at, 4u * w->count) == 0;
}

vd_code vd_compile_tree(vd_compiler *c, const uint32_t *docs, uint32_t count, uint32_t *out)
{
    doc_list w = { docs, count };
    uint64_t hash = vd_hash(c->seed, (vd_str){ (const char *)docs, 4u * count });
    tree     t = { .c = c };
    vd_code  code;

    *out = vd_map_find(&c->trees, hash, same_docs, c, &w);
    if (*out != VD_NONE)
        return VD_OK;
    t.out = (vd_itree){ .doc_count = count, .allow_all = VD_NONE, .malformed = VD_NONE, .service_mask = VD_NONE };
    code = vd_put_run(c, VD_SEC_POOL, docs, count, &t.out.docs);
    if (code == VD_OK)
        code = file_all(&t, docs, count);
    if (code == VD_OK)
        code = make_lists(&t);
    if (code == VD_OK)
        code = put_services(&t);
    if (code == VD_OK)
        code = vd_put(c, VD_SEC_TREES, &t.out, sizeof t.out, out);
    if (code == VD_OK && !vd_map_add(&c->trees, c->a, hash, *out))
        code = vd_fail_nomem(c->err);
    tree_done(&t);
    return code;
}
