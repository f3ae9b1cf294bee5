/* SPDX-License-Identifier: Apache-2.0
 *
 * Patterns of ARNs are made of fields, and of two patterns one mostly says more in each field: what both match is then one
 * pattern again, put together of the fields that say more.  That is found by a look at each field; walking through both
 * patterns at once takes a look at each pair of places.
 */
#include "symbolic/words_quick.h"

#include "base/str.h"

/* The narrower of two texts of patterns; false: neither covers the other. */
static bool narrower(vd_quick *k, vd_str a, vd_str b, vd_str *out)
{
    bool same = a.n == b.n && memcmp(a.p, b.p, a.n) == 0;

    *out = a;
    if (same || vd_quick_covers(k, (vd_glob){ b, false }, (vd_glob){ a, false }))
        return true;
    *out = b;
    return vd_quick_covers(k, (vd_glob){ a, false }, (vd_glob){ b, false });
}

static vd_str from(vd_str p, size_t at)
{
    return (vd_str){ p.p + at, p.n - at };
}

static void put(char *to, size_t *n, vd_str part)
{
    if (part.n)
        memcpy(to + *n, part.p, part.n);
    *n += part.n;
}

/* What both patterns match, as one; false: that is not to be seen.  As long as no wildcard goes over a colon the fields of a
 * text are matched by those of the pattern, each for itself, and the rest by the rest. */
static bool merge(vd_quick *k, vd_str a, vd_str b, vd_str *out)
{
    char  *to = vd_arena_alloc(k->arena, a.n + b.n + 1, 1);
    size_t n = 0;

    k->nomem |= !to;
    for (size_t i = 0, j = 0; to;) {
        vd_glob_field x = vd_field_at(a, i), y = vd_field_at(b, j);
        bool     rest = x.open || y.open || x.last || y.last;
        vd_str   part;

        if (!x.open && !y.open && x.last != y.last) /* not as many fields */
            return false;
        if (!narrower(k, rest ? from(a, i) : x.text, rest ? from(b, j) : y.text, &part))
            return false;
        put(to, &n, part);
        *out = (vd_str){ to, n };
        if (rest)
            return true;
        to[n++] = ':';
        i += x.text.n + 1;
        j += y.text.n + 1;
    }
    return false;
}

void vd_quick_merge(vd_quick *k)
{
    for (uint32_t i = 0; i < k->kept_count; i++)
        for (uint32_t j = i + 1; j < k->kept_count && !k->kept[i].fold;) {
            vd_str both;

            if (k->kept[j].fold || !merge(k, k->kept[i].text, k->kept[j].text, &both)) {
                j++;
                continue;
            }
            k->kept[i].text = both;
            k->kept[j] = k->kept[--k->kept_count];
            j = i + 1; /* the new one may go with those that the old one did not */
        }
}

void vd_quick_drop_implied(vd_quick *k)
{
    bool dropped[VD_QUICK_LANGUAGES] = { false };

    k->kept_count = 0;
    for (uint32_t i = 0; i < k->count; i++)
        for (uint32_t n = 0; n < k->count && !dropped[i]; n++)
            if (n != i && !dropped[n] && vd_quick_covers(k, k->chosen[i], k->chosen[n]))
                dropped[i] = true;
    for (uint32_t i = 0; i < k->count; i++)
        if (!dropped[i])
            k->kept[k->kept_count++] = k->chosen[i];
}

/* Patterns of one language are not put in place of those of another: only languages of a single pattern are gone into. */
bool vd_words_merge(vd_globs *in, uint32_t *count, bool variables, vd_arena *arena, uint64_t *budget)
{
    vd_words q = { .variables = variables };
    vd_quick k = { .q = &q, .arena = arena, .budget = budget };
    vd_str  *texts;

    texts = vd_arena_new_array(arena, vd_str, VD_QUICK_LANGUAGES);
    if (!texts)
        return false;
    for (uint32_t i = 0; i < *count; i++)
        k.chosen[k.count++] = (vd_glob){ in[i].patterns[0], in[i].fold };
    vd_quick_drop_implied(&k);
    vd_quick_merge(&k);
    for (uint32_t i = 0; i < k.kept_count && !k.nomem; i++) {
        k.nomem = !vd_arena_dup(arena, &texts[i], k.kept[i].text);
        in[i] = (vd_globs){ &texts[i], 1, k.kept[i].fold };
    }
    *count = k.kept_count;
    return !k.nomem;
}
