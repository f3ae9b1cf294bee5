/* SPDX-License-Identifier: Apache-2.0
 *
 * From action patterns to ids.  A pattern is "*", or has one colon, and no wildcard reaches over it (E202), so that its
 * two halves are matched apart: the first chooses services, the second a run of their actions or, with a wildcard
 * inside, some of the run that begins with the same letters.
 */
#include "catalog/image.h"

#include "base/str.h"
#include "pattern/walk.h"

enum { LONGEST = 64 }; /* of names: checked when a block is opened */

typedef struct walk {
    const vd_catalog *c;
    vd_str            name; /* the pattern behind the colon */
    size_t            head; /* bytes of it before the first wildcard */
    bool              all, whole;   /* nothing but stars; one star, at its end */
    bool (*run)(void *user, vd_run ids);
    void *user;
} walk;

static vd_str name_of(const vd_catalog *c, uint32_t action)
{
    const vd_caction *a = (const vd_caction *)vd_cat_at(c, VD_CAT_ACTIONS) + action;

    return (vd_str){ (const char *)vd_cat_at(c, VD_CAT_BYTES) + a->name, a->name_len };
}

static size_t literal_head(vd_str pattern)
{
    size_t n = 0;

    while (n < pattern.n && pattern.p[n] != '*' && pattern.p[n] != '?')
        n++;
    return n;
}

static bool all_stars(vd_str pattern)
{
    for (size_t i = 0; i < pattern.n; i++)
        if (pattern.p[i] != '*')
            return false;
    return pattern.n > 0;
}

/* A pattern with more to match than any name has bytes need not be tried. */
static bool too_long(vd_str pattern)
{
    size_t n = 0;

    for (size_t i = 0; i < pattern.n; i++)
        n += pattern.p[i] != '*';
    return n > LONGEST;
}

static bool takes(char sign, char c)
{
    return sign == '?' || vd_lower(sign) == vd_lower(c);
}

bool vd_catalog_fits(vd_str pattern, vd_str s)
{
    return vd_walk(pattern, s, '*', takes);
}

/* The first action of the run whose beginning is not before head; past: the first that is behind all such. */
static uint32_t bound(const vd_catalog *c, vd_run run, vd_str head, bool past)
{
    uint32_t low = run.first, high = run.first + run.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      way = vd_str_icmp(vd_str_first(name_of(c, middle), head.n), head);

        if (way < 0 || (past && way == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool some_of(const walk *w, vd_run in)
{
    uint32_t first = in.first, end = in.first + in.count;

    for (uint32_t i = in.first; i < end; i++) {
        if (vd_catalog_fits(w->name, name_of(w->c, i)))
            continue;
        if (i > first && !w->run(w->user, (vd_run){ first, i - first }))
            return false;
        first = i + 1;
    }
    return first == end || w->run(w->user, (vd_run){ first, end - first });
}

static bool in_service(const walk *w, uint32_t service)
{
    const vd_cservice *s = (const vd_cservice *)vd_cat_at(w->c, VD_CAT_SERVICES) + service;
    vd_run             run = { s->first_action, s->actions };
    uint32_t           end;

    if (!w->all && w->head) {
        vd_str head = vd_str_first(w->name, w->head);

        end = bound(w->c, run, head, true);
        run.count = end - run.first;
        run.first = bound(w->c, run, head, false);
        run.count = end - run.first;
    }
    if (run.count == 0)
        return true;
    return w->all || w->whole ? w->run(w->user, run) : some_of(w, run);
}

void vd_catalog_expand(const vd_catalog *c, vd_str pattern, bool (*run)(void *user, vd_run ids), void *user)
{
    walk   w = { .c = c, .name = pattern, .run = run, .user = user };
    vd_str prefix;

    if (all_stars(pattern)) {
        if (vd_catalog_actions(c))
            run(user, (vd_run){ 0, vd_catalog_actions(c) });
        return;
    }
    if (!vd_str_cut(&w.name, ':', &prefix) || too_long(w.name) || too_long(prefix))
        return;
    w.head = literal_head(w.name);
    if (w.head == w.name.n && literal_head(prefix) == prefix.n) { /* a name */
        uint32_t id = vd_catalog_find(c, pattern);

        if (id != VD_NONE)
            run(user, (vd_run){ id, 1 });
        return;
    }
    w.all = all_stars(w.name);
    w.whole = w.head + 1 == w.name.n && w.name.p[w.head] == '*';
    if (literal_head(prefix) == prefix.n) {
        uint32_t service = vd_catalog_find_service(c, prefix);

        if (service != VD_NONE)
            in_service(&w, service);
        return;
    }
    for (uint32_t i = 0; i < vd_catalog_services(c); i++) {
        const vd_cservice *s = (const vd_cservice *)vd_cat_at(c, VD_CAT_SERVICES) + i;

        if (vd_catalog_fits(prefix, vd_cat_text(c, s->prefix)) && !in_service(&w, i))
            return;
    }
}

/* ------------------------------------------------------------------ bit sets, counts */

typedef struct gather {
    uint64_t *bits;
    uint32_t  added, most;
} gather;

static bool set_bits(void *user, vd_run ids)
{
    gather *g = user;

    for (uint32_t i = ids.first, end = ids.first + ids.count; i < end;) {
        uint32_t n = 64 - i % 64 < end - i ? 64 - i % 64 : end - i;
        uint64_t mask = (n == 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1) << i % 64;

        g->added += (uint32_t)__builtin_popcountll(mask & ~g->bits[i / 64]);
        g->bits[i / 64] |= mask;
        i += n;
    }
    return true;
}

uint32_t vd_catalog_expand_bits(const vd_catalog *c, vd_str pattern, uint64_t *bits)
{
    gather g = { .bits = bits };

    vd_catalog_expand(c, pattern, set_bits, &g);
    return g.added;
}

static bool count_run(void *user, vd_run ids)
{
    gather *g = user;

    g->added = ids.count < g->most - g->added ? g->added + ids.count : g->most;
    return g->added < g->most;
}

uint32_t vd_catalog_expand_count(const vd_catalog *c, vd_str pattern, uint32_t most)
{
    gather g = { .most = most };

    if (most)
        vd_catalog_expand(c, pattern, count_run, &g);
    return g.added;
}
