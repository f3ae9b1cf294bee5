/* SPDX-License-Identifier: Apache-2.0
 *
 * From a set of actions back to patterns.  Only a star at the end is used: such patterns are what people write and read,
 * and for them there is one smallest list.  The actions that share a beginning are a run, and two such runs lie inside
 * one another or apart; so from left to right the widest run that stays within the set is taken each time.
 */
#include "catalog/image.h"

#include "base/str.h"

enum { LONGEST = 512 }; /* of a prefix, a colon, a name and a star; longer ones are given as they are */

typedef struct shrinker {
    const vd_catalog *c;
    const uint64_t   *bits;
    uint32_t          service;
    vd_run            actions;
    void (*pattern)(void *user, vd_str text);
    void *user;
} shrinker;

static vd_str name_of(const shrinker *s, uint32_t action)
{
    return vd_catalog_action(s->c, action).name;
}

/* The first of the set from `at` on; `all`: there is none. */
static uint32_t next_in(const shrinker *s, uint32_t at, uint32_t all)
{
    while (at < all && !(s->bits[at / 64] >> at % 64))
        at = (at / 64 + 1) * 64;
    return at < all ? at + (uint32_t)__builtin_ctzll(s->bits[at / 64] >> at % 64) : all;
}

/* The first from `at` on that is not of the set; `end`: there is none before. */
static uint32_t next_out(const shrinker *s, uint32_t at, uint32_t end)
{
    while (at < end && !(~s->bits[at / 64] >> at % 64))
        at = (at / 64 + 1) * 64;
    at = at < end ? at + (uint32_t)__builtin_ctzll(~s->bits[at / 64] >> at % 64) : end;
    return at < end ? at : end;
}

static uint32_t run_of(const shrinker *s, uint32_t first, uint32_t end, vd_str head)
{
    uint32_t i = first;

    while (i < end && vd_str_istarts(name_of(s, i), head))
        i++;
    return i - first;
}

static size_t common(vd_str a, vd_str b)
{
    size_t n = 0;

    while (n < a.n && n < b.n && vd_lower(a.p[n]) == vd_lower(b.p[n]))
        n++;
    return n;
}

/* Of the beginnings that mean the same run the longest that ends with a word: "Get*" rather than "G*" or "GetB*". */
static size_t readable(const shrinker *s, uint32_t first, uint32_t count, size_t least)
{
    vd_str name = name_of(s, first);
    size_t most = common(name, name_of(s, first + count - 1)), n = most;

    if (n == name.n) /* the first one itself is where the others go on */
        return n;
    while (n > least && n > 0 && !(name.p[n] >= 'A' && name.p[n] <= 'Z' && !(name.p[n - 1] >= 'A' && name.p[n - 1] <= 'Z')))
        n--;
    return n > 0 && n >= least && name.p[n] >= 'A' && name.p[n] <= 'Z' ? n : most;
}

static void tell(const shrinker *s, vd_str name, bool star)
{
    char   text[LONGEST];
    vd_str prefix = vd_catalog_service(s->c, s->service).prefix;
    size_t n = prefix.n + 1 + name.n;

    if (n + 1 > sizeof text)
        return;
    memcpy(text, prefix.p, prefix.n);
    text[prefix.n] = ':';
    memcpy(text + prefix.n + 1, name.p, name.n);
    if (star)
        text[n++] = '*';
    s->pattern(s->user, (vd_str){ text, n });
}

/* The shortest beginning that neither the one before has, which would have taken the run had that been possible, nor the
 * next one that is not in the set. */
static uint32_t one_run(const shrinker *s, uint32_t first)
{
    vd_str   name = name_of(s, first);
    uint32_t end = s->actions.first + s->actions.count, out = next_out(s, first, end), count = 1;
    size_t   n = first > s->actions.first ? common(name_of(s, first - 1), name) + 1 : 0, m = out < end ? common(name_of(s, out), name) + 1 : 0;

    n = n > m ? n : m;
    if (n <= name.n)
        count = run_of(s, first, out, vd_str_first(name, n));
    if (count > 1)
        tell(s, vd_str_first(name, n == 0 ? 0 : readable(s, first, count, n)), true);
    else
        tell(s, name, false);
    return count;
}

void vd_catalog_shrink(const vd_catalog *c, const uint64_t *bits, void (*pattern)(void *user, vd_str text), void *user)
{
    shrinker s = { .c = c, .bits = bits, .pattern = pattern, .user = user };
    uint32_t all = vd_catalog_actions(c);

    if (all && next_out(&s, 0, all) == all) {
        pattern(user, VD_S("*"));
        return;
    }
    for (uint32_t i = next_in(&s, 0, all); i < all; i = next_in(&s, i, all)) {
        if (i >= s.actions.first + s.actions.count) {
            s.service = vd_catalog_service_of(c, i);
            s.actions = vd_catalog_service(c, s.service).actions;
        }
        i += one_run(&s, i);
    }
}
