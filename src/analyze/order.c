/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements in an order that is their own: where several would do, the one that is told must not depend on where it stands in
 * its document, or ids of findings would change when somebody moves a statement (analysis 2.1.4).
 */
#include "analyze/exposing.h"

#include "base/str.h"

#include <stdlib.h>

typedef struct lines {
    vd_exposing *x;
    vd_str      *at;
    uint32_t     count, cap;
} lines;

static void add(lines *l, const char *what, bool negated, vd_str text, bool fold)
{
    vd_str line;

    if (!vd_arena_printf(&l->x->arena, &line, "%s%c" VD_F, what, negated ? '-' : '+', VD_A(text)) ||
        !VD_ARENA_PUSH(&l->x->arena, l->at, l->count, l->cap, line)) {
        l->x->nomem = true;
        return;
    }
    if (fold)
        vd_lower_copy((char *)(uintptr_t)line.p, line.p, line.n);
}

static void add_list(lines *l, const char *what, const vd_list *list, bool fold)
{
    for (uint32_t i = 0; list->present && i < list->texts.count && !l->x->nomem; i++)
        add(l, what, list->negated, list->texts.at[i].text, fold);
}

static void add_entry(lines *l, const vd_entry *e)
{
    vd_str head;

    if (!vd_arena_printf(&l->x->arena, &head, VD_F " " VD_F, VD_A(e->operator_name.text), VD_A(e->key.text))) {
        l->x->nomem = true;
        return;
    }
    vd_lower_copy((char *)(uintptr_t)head.p, head.p, head.n);
    add(l, "c", false, head, false);
    for (uint32_t i = 0; i < e->values.count && !l->x->nomem; i++) {
        vd_str line;

        if (vd_arena_printf(&l->x->arena, &line, VD_F " " VD_F, VD_A(head), VD_A(e->values.at[i].text)))
            add(l, "v", false, line, false);
        else
            l->x->nomem = true;
    }
}

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

/* All that a statement says, in no order but that of the alphabet. */
static vd_str text_of(vd_exposing *x, const vd_statement *st)
{
    static const char *const types[] = { [VD_PRINCIPAL_AWS] = "pa", [VD_PRINCIPAL_SERVICE] = "ps", [VD_PRINCIPAL_FEDERATED] = "pf",
                                         [VD_PRINCIPAL_CANONICAL_USER] = "pc", [VD_PRINCIPAL_STAR] = "p*" };
    lines                    l = { .x = x };
    vd_str                   out = { "", 0 };
    size_t                   n = 0;
    char                    *p;

    add_list(&l, "a", &st->action, true);
    add_list(&l, "r", &st->resource, false);
    for (uint32_t i = 0; st->principal.present && i < st->principal.count && !x->nomem; i++)
        add(&l, types[st->principal.at[i].type], st->principal.negated, st->principal.at[i].text.text, false);
    for (uint32_t i = 0; i < st->entry_count && !x->nomem; i++)
        add_entry(&l, &st->entries[i]);
    if (l.count > 1)
        qsort(l.at, l.count, sizeof *l.at, by_text);
    for (uint32_t i = 0; i < l.count; i++)
        n += l.at[i].n + 1;
    p = vd_arena_new_array(&x->arena, char, n + 1);
    if (!p || x->nomem) {
        x->nomem = true;
        return out;
    }
    out.p = p;
    for (uint32_t i = 0; i < l.count; i++) {
        memcpy(p + out.n, l.at[i].p, l.at[i].n);
        out.n += l.at[i].n;
        p[out.n++] = '\n';
    }
    return out;
}

typedef struct ranked {
    vd_str   text;
    uint32_t at;
} ranked;

static int by_rank(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    int           c = vd_str_cmp(x->text, y->text);

    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static void sort(vd_exposing *x, vd_says *says)
{
    ranked *ranks = vd_arena_new_array(&x->arena, ranked, says->count ? says->count : 1);
    vd_say *own = vd_arena_new_array(&x->arena, vd_say, says->count ? says->count : 1);

    if (!ranks || !own) {
        x->nomem = true;
        return;
    }
    if (says->count < 2)
        return;
    for (uint32_t i = 0; i < says->count && !x->nomem; i++)
        ranks[i] = (ranked){ text_of(x, &says->at[i].policy->statements[says->at[i].index]), i };
    qsort(ranks, says->count, sizeof *ranks, by_rank);
    for (uint32_t i = 0; i < says->count; i++)
        own[i] = says->at[ranks[i].at];
    memcpy(says->at, own, says->count * sizeof *own);
}

bool vd_says_sort(vd_exposing *x)
{
    for (uint32_t k = 0; k < VD_SAYS; k++)
        sort(x, &x->says[k]);
    return !x->nomem;
}
