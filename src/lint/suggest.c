/* SPDX-License-Identifier: Apache-2.0
 *
 * Did you mean ...? (lint.md 2.10)  Distance as in base/suggest.h, and another verb of the same sense counts as one edit:
 * people remember what a call does better than how it is called.
 */
#include "base/suggest.h"

#include "base/str.h"
#include "lint/lint.h"

enum {
    NAMED = 3,        /* at most */
    FARTHEST = 3,     /* edits */
    MOST_LOOKS = 400, /* of one policy */
    LONGEST = 64
};

static const vd_str verbs[][3] = {
    { VD_L("Get"), VD_L("List"), VD_L("Describe") },
    { VD_L("Put"), VD_L("Update"), VD_L("Set") },
    { VD_L("Delete"), VD_L("Remove") },
    { VD_L("Create"), VD_L("Add") },
};

/* The row of the verb that a name begins with; *rest: what follows.  VD_COUNT(verbs): none. */
static size_t verb_of(vd_str name, vd_str *rest)
{
    size_t row = 0;

    for (; row < VD_COUNT(verbs); row++)
        for (size_t i = 0; i < VD_COUNT(verbs[row]); i++)
            if (verbs[row][i].n && vd_str_istarts(name, verbs[row][i])) {
                *rest = vd_str_from(name, verbs[row][i].n);
                return row;
            }
    return row;
}

static uint32_t cost(vd_str word, vd_str name, uint32_t most)
{
    size_t   apart = word.n > name.n ? word.n - name.n : name.n - word.n;
    uint32_t d = apart > most ? most + 1 : vd_distance(word, name, most);
    vd_str   a, b;
    size_t   row = d > 1 ? verb_of(word, &a) : VD_COUNT(verbs);

    if (row < VD_COUNT(verbs) && verb_of(name, &b) == row) {
        uint32_t swapped = 1 + vd_distance(a, b, most);

        d = swapped < d ? swapped : d;
    }
    return d;
}

typedef struct closest {
    vd_str   name[NAMED];
    uint32_t cost[NAMED];
    uint32_t count, near; /* near: candidates within two edits */
} closest;

static void keep(closest *c, vd_str name, uint32_t d)
{
    uint32_t at = c->count < NAMED ? c->count : NAMED;

    while (at > 0 && (c->cost[at - 1] > d || (c->cost[at - 1] == d && vd_str_icmp(c->name[at - 1], name) > 0))) {
        if (at < NAMED) {
            c->name[at] = c->name[at - 1];
            c->cost[at] = c->cost[at - 1];
        }
        at--;
    }
    if (at == NAMED)
        return;
    c->name[at] = name;
    c->cost[at] = d;
    if (c->count < NAMED)
        c->count++;
}

static closest look(vd_lint *l, vd_str word, const vd_str *names, uint32_t count)
{
    closest  c = { .count = 0 };
    uint32_t most = word.n / 4 > FARTHEST ? FARTHEST : word.n / 4 ? (uint32_t)(word.n / 4) : 1;
    uint32_t wide = most < 2 ? 2 : most; /* to know of others within two edits */

    if (word.n == 0 || word.n > LONGEST || l->suggested >= MOST_LOOKS)
        return c;
    l->suggested++;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t d = cost(word, names[i], wide);

        c.near += d <= 2;
        if (d <= most)
            keep(&c, names[i], d);
    }
    return c;
}

const char *vd_lint_did_you_mean(vd_lint *l, vd_str word, const vd_str *names, uint32_t count, vd_str *only)
{
    closest c = look(l, word, names, count);

    if (only)
        *only = c.count && c.cost[0] <= 1 && c.near == 1 ? c.name[0] : VD_S("");
    switch (c.count) {
    case 0:
        return "";
    case 1:
        return vd_lint_printf(l, "; did you mean \"" VD_F "\"?", VD_A(c.name[0]));
    case 2:
        return vd_lint_printf(l, "; did you mean \"" VD_F "\" or \"" VD_F "\"?", VD_A(c.name[0]), VD_A(c.name[1]));
    default:
        return vd_lint_printf(l, "; did you mean \"" VD_F "\", \"" VD_F "\" or \"" VD_F "\"?", VD_A(c.name[0]),
                              VD_A(c.name[1]), VD_A(c.name[2]));
    }
}

vd_str vd_lint_closest(vd_lint *l, vd_str word, const vd_str *names, uint32_t count)
{
    closest c = look(l, word, names, count);

    return c.count ? c.name[0] : VD_S("");
}
