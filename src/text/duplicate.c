/* SPDX-License-Identifier: Apache-2.0
 *
 * Equal keys of one object, after decoding.  Few keys are compared each with each.  Many are sorted by a hash and,
 * where the hashes are equal, by their bytes: whoever knows the hash can make it useless, but not slow.
 */
#include "base/str.h"
#include "text/reader.h"

enum { FEW = 12 };

/* A key of an object; first is an equal key before it, or VD_NONE. */
typedef struct entry {
    uint64_t hash;
    uint32_t key, first, line;
} entry;

typedef struct search {
    const vd_doc       *doc;
    const vd_allocator *alloc;
    vd_error           *err;
    VD_VEC(entry) keys, found;
} search;

typedef int order(const search *s, const entry *a, const entry *b);

static int by_number(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int by_text(const search *s, const entry *a, const entry *b)
{
    int c = (a->hash > b->hash) - (a->hash < b->hash);

    if (c == 0)
        c = vd_str_cmp(vd_doc_text(s->doc, a->key), vd_doc_text(s->doc, b->key));
    return c ? c : by_number(a->key, b->key);
}

/* By place, not by node: the copies that aliases of YAML leave stand where their original stands. */
static int by_key(const search *s, const entry *a, const entry *b)
{
    return by_number(s->doc->nodes[a->key].offset, s->doc->nodes[b->key].offset);
}

static int by_first(const search *s, const entry *a, const entry *b)
{
    return by_number(s->doc->nodes[a->first].offset, s->doc->nodes[b->first].offset);
}

static void merge(const search *s, entry *to, const entry *a, const entry *a_end, const entry *b,
                  const entry *b_end, order *cmp)
{
    while (a < a_end || b < b_end) {
        if (b == b_end || (a < a_end && cmp(s, a, b) <= 0))
            *to++ = *a++;
        else
            *to++ = *b++;
    }
}

/* From runs of one upwards: n log n comparisons whatever the input is. */
static bool sort(const search *s, entry *at, uint32_t count, order *cmp)
{
    size_t bytes = (size_t)count * sizeof *at;
    entry *spare = count > 1 ? vd_alloc(s->alloc, bytes) : at;

    if (!spare)
        return false;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t i = 0; i < count; i += 2 * run) {
            size_t mid = i + run < count ? i + run : count, end = i + 2 * run < count ? i + 2 * run : count;

            merge(s, spare + i, at + i, at + mid, at + mid, at + end, cmp);
        }
        memcpy(at, spare, bytes);
    }
    if (spare != at)
        vd_free(s->alloc, spare, bytes);
    return true;
}

static bool few_twins(search *s, uint32_t object)
{
    uint32_t keys[FEW], count = 0;

    for (uint32_t c = vd_doc_first(s->doc, object); c != VD_NONE; c = vd_doc_next(s->doc, object, c)) {
        vd_str text = vd_doc_text(s->doc, c);

        for (uint32_t i = 0; i < count; i++) {
            if (!vd_str_eq(vd_doc_text(s->doc, keys[i]), text))
                continue;
            if (!VD_PUSH(s->alloc, &s->found, (entry){ .key = c, .first = keys[i] }))
                return false;
            break;
        }
        keys[count++] = c;
    }
    return true;
}

static bool many_twins(search *s, uint32_t object)
{
    const entry *first = NULL;

    s->keys.count = 0;
    for (uint32_t c = vd_doc_first(s->doc, object); c != VD_NONE; c = vd_doc_next(s->doc, object, c))
        if (!VD_PUSH(s->alloc, &s->keys, (entry){ .hash = vd_hash(0, vd_doc_text(s->doc, c)), .key = c }))
            return false;
    if (!sort(s, s->keys.at, s->keys.count, by_text))
        return false;
    for (const entry *e = s->keys.at; e < s->keys.at + s->keys.count; e++) {
        if (first && first->hash == e->hash &&
            vd_str_eq(vd_doc_text(s->doc, first->key), vd_doc_text(s->doc, e->key))) {
            if (!VD_PUSH(s->alloc, &s->found, (entry){ .key = e->key, .first = first->key }))
                return false;
        } else {
            first = e;
        }
    }
    return true;
}

/* More than FEW members?  Stops counting there. */
static bool has_many(const vd_doc *d, uint32_t object)
{
    uint32_t n = 0;

    for (uint32_t c = vd_doc_first(d, object); c != VD_NONE && n <= FEW; c = vd_doc_next(d, object, c))
        n++;
    return n > FEW;
}

static bool find_all(search *s)
{
    for (uint32_t i = 0; i < s->doc->count; i++) {
        if (s->doc->nodes[i].kind != VD_NODE_OBJECT)
            continue;
        if (!(has_many(s->doc, i) ? many_twins(s, i) : few_twins(s, i)))
            return false;
    }
    return true;
}

/* Keeps one of those that stand at one place. */
static void drop_copies(search *s)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < s->found.count; i++)
        if (kept == 0 || by_key(s, &s->found.at[kept - 1], &s->found.at[i]) != 0)
            s->found.at[kept++] = s->found.at[i];
    s->found.count = kept;
}

static bool tell_one(const search *s, const entry *e, vd_pos at, vd_diags *diags, vd_error *err)
{
    static const char format[] = "\"" VD_F
                                 "\" appears twice in this object, first on line %u; only one of them counts";
    vd_str key = vd_str_first(vd_doc_text(s->doc, e->key), 100);

    if (err)
        vd_fail_at(err, VD_ESYNTAX, at, format, VD_A(key), e->line);
    return vd_diag_add(diags, VD_ERROR, VD_S("json-duplicate-key"), at, NULL, format, VD_A(key), e->line) ==
           VD_OK;
}

/* Lines of the first ones, then the texts: each in one pass over the source. */
static bool tell(search *s, vd_diags *diags)
{
    const vd_doc *d = s->doc;
    vd_locator    l = { 0 };

    if (!sort(s, s->found.at, s->found.count, by_first))
        return false;
    for (uint32_t i = 0; i < s->found.count; i++)
        s->found.at[i].line = vd_locator_pos(&l, d->source, vd_doc_span(d, s->found.at[i].first)).line;
    if (!sort(s, s->found.at, s->found.count, by_key))
        return false;
    drop_copies(s);
    for (uint32_t i = 0; i < s->found.count; i++) {
        const entry *e = &s->found.at[i];
        vd_pos       at = vd_locator_pos(&l, d->source, vd_doc_span(d, e->key));

        if (!tell_one(s, e, at, diags, i == 0 ? s->err : NULL))
            return false;
    }
    return true;
}

vd_code vd_doc_duplicates(const vd_doc *d, const vd_allocator *a, vd_diags *diags, uint32_t *duplicates,
                          vd_error *err)
{
    search s = { .doc = d, .alloc = a, .err = err };
    bool   ok = find_all(&s) && (s.found.count == 0 || tell(&s, diags));

    if (duplicates)
        *duplicates = s.found.count;
    VD_VEC_DONE(a, &s.keys);
    VD_VEC_DONE(a, &s.found);
    return ok ? VD_OK : vd_fail_nomem(err);
}
