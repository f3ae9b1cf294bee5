/* SPDX-License-Identifier: Apache-2.0
 *
 * Edits of fixes to parts of statements, by where these stand: a list may have a hundred thousand entries, and a fix at each.
 */
#include "lint/rules/redundancy_absent.h"

#include "base/str.h"

#include <stdlib.h>

typedef struct placed {
    vd_span span;
    vd_part part;
} placed;

typedef struct placing {
    vd_lint        *l;
    vd_arena       *work;
    vd_suspect     *suspects;
    const uint32_t *of;
    uint32_t        count;
    placed         *places; /* in the order of the text */
    uint32_t        place_count, place_cap;
    vd_absent      *out;
} placing;

static void leave_out(placing *p, vd_part part)
{
    if (!VD_ARENA_PUSH(p->work, p->out->at, p->out->count, p->out->cap, part))
        p->l->no_memory = true;
}

static void place(placing *p, vd_span span, vd_part part)
{
    if (!VD_ARENA_PUSH(p->work, p->places, p->place_count, p->place_cap, (placed){ span, part }))
        p->l->no_memory = true;
}

static void place_statement(placing *p, uint32_t suspect)
{
    const vd_statement *m = &p->l->policy->statements[p->suspects[suspect].index];

    place(p, m->span, (vd_part){ suspect, -1, VD_NONE, VD_NONE });
    for (uint32_t i = 0; i < m->action.texts.count; i++)
        place(p, m->action.texts.at[i].span, (vd_part){ suspect, VD_ELEMENT_ACTION, i, VD_NONE });
    for (uint32_t i = 0; i < m->resource.texts.count; i++)
        place(p, m->resource.texts.at[i].span, (vd_part){ suspect, VD_ELEMENT_RESOURCE, i, VD_NONE });
    for (uint32_t i = 0; i < m->principal.count; i++)
        place(p, m->principal.at[i].text.span, (vd_part){ suspect, VD_ELEMENT_PRINCIPAL, i, VD_NONE });
    for (uint32_t k = 0; k < m->entry_count; k++)
        for (uint32_t i = 0; i < m->entries[k].values.count; i++)
            place(p, m->entries[k].values.at[i].span, (vd_part){ suspect, VD_ELEMENT_CONDITION, k, i });
}

static int compare_spans(vd_span a, vd_span b)
{
    if (a.offset != b.offset)
        return a.offset < b.offset ? -1 : 1;
    return a.length < b.length ? -1 : a.length > b.length;
}

static int by_span(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    int           c = compare_spans(x->span, y->span);

    if (c)
        return c;
    if (x->part.suspect != y->part.suspect)
        return x->part.suspect < y->part.suspect ? -1 : 1;
    return x->part.element < y->part.element ? -1 : x->part.element > y->part.element;
}

static void leave_out_item(placing *p, uint32_t suspect, vd_span span)
{
    uint32_t low = 0, high = p->place_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (compare_spans(p->places[middle].span, span) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < p->place_count && compare_spans(p->places[low].span, span) == 0; low++) {
        const vd_part *part = &p->places[low].part;

        if (part->suspect != suspect)
            continue;
        if (part->element < 0)
            p->suspects[suspect].absent = true;
        else
            leave_out(p, *part);
    }
}

/* "*" in place of the whole list: one star is left. */
static void leave_out_rest(placing *p, uint32_t suspect, int32_t element, const vd_list *list, const vd_edit *e)
{
    bool kept = false;

    if (compare_spans(e->span, list->value) != 0 || !vd_str_eq(e->text, VD_S("\"*\"")))
        return;
    for (uint32_t i = 0; i < list->texts.count; i++) {
        bool star = vd_str_eq(list->texts.at[i].text, VD_S("*"));

        if (kept || !star)
            leave_out(p, (vd_part){ suspect, element, i, VD_NONE });
        kept |= star;
    }
}

static void leave_out_edit(placing *p, uint32_t suspect, const vd_edit *e)
{
    const vd_statement *m = &p->l->policy->statements[p->suspects[suspect].index];

    if (e->op == VD_EDIT_DELETE_ITEM)
        leave_out_item(p, suspect, e->span);
    if (e->op == VD_EDIT_VALUE) {
        leave_out_rest(p, suspect, VD_ELEMENT_ACTION, &m->action, e);
        leave_out_rest(p, suspect, VD_ELEMENT_RESOURCE, &m->resource, e);
    }
}

/* Rules whose safe fixes keep every decision; those of others are right for requests that there are, or mend. */
static bool is_equal_without(const vd_finding *f)
{
    bool ours = vd_str_starts(vd_str_of(f->rule->id), VD_S("redundant-"));

    for (size_t i = 0; i < REDUNDANCY_RULES; i++)
        ours |= f->rule == &vd_redundancy_rules[i];
    return ours;
}

/* Suspects are in the order of statements. */
static uint32_t suspect_of(const placing *p, uint32_t statement)
{
    uint32_t low = 0, high = p->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (p->of[middle] < statement)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->count && p->of[low] == statement ? low : VD_NONE;
}

static void leave_out_fixed(placing *p)
{
    for (uint32_t s = 0; s < p->count && !p->l->no_memory; s++)
        place_statement(p, s);
    if (p->place_count && !p->l->no_memory)
        qsort(p->places, p->place_count, sizeof *p->places, by_span);
    for (uint32_t i = 0; i < p->l->finding_count && !p->l->no_memory; i++) {
        const vd_finding *f = p->l->findings[i];
        uint32_t          s = is_equal_without(f) ? suspect_of(p, f->statement) : VD_NONE;

        for (uint32_t k = 0; s != VD_NONE && k < f->fix_count; k++)
            for (uint32_t e = 0; f->fixes[k].kind == VD_FIX_SAFE && e < f->fixes[k].count; e++)
                leave_out_edit(p, s, &f->fixes[k].edits[e]);
    }
}

void vd_redundancy_find_absent(vd_absent *out, vd_lint *l, vd_arena *work, vd_suspect *suspects, const uint32_t *of, uint32_t count)
{
    leave_out_fixed(&(placing){ .l = l, .work = work, .suspects = suspects, .of = of, .count = count, .out = out });
}
