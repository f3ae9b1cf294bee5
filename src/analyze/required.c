/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions that every request of an answer fulfils, as people read them.
 */
#include "analyze/opposite.h"
#include "analyze/sides.h"

#include "base/str.h"
#include "operator/operator.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ keys */

/* The row of a key; "aws:PrincipalTag/team" is one of "aws:PrincipalTag/${TagKey}". */
static uint32_t row_of(vd_sheet s, vd_str key)
{
    vd_run run = vd_sheet_find(s, key);
    size_t cut = vd_str_find(key, '/');

    if (run.count)
        return run.first;
    if (cut == key.n)
        cut = vd_str_rfind(key, ':');
    for (uint32_t i = 0; cut < key.n && i < s.rows; i++) {
        vd_str name = vd_sheet_cell(s, i, 0);
        size_t hole = vd_str_find(name, '$');

        if (hole && hole < name.n && vd_str_ieq(vd_str_first(name, hole), vd_str_first(key, cut + 1)))
            return i;
    }
    return VD_NONE;
}

const char *vd_required_control(const vd_catalog *c, vd_str key)
{
    static const char *const names[] = { "chosen", "assigned", "network", "claim", "secret", "state", "clock", "const" };
    vd_sheet                 s = vd_catalog_sheet(c, VD_S("keys"));
    uint32_t                 column = vd_sheet_column(s, VD_S("class")), row = row_of(s, key);

    for (size_t i = 0; row != VD_NONE && column != VD_NONE && i < VD_COUNT(names); i++)
        if (vd_str_eq(vd_sheet_cell(s, row, column), vd_str_of(names[i])))
            return names[i];
    return names[0];
}

vd_str vd_required_key(const vd_catalog *c, vd_arena *arena, vd_str key)
{
    uint32_t id = vd_catalog_find_key(c, key);
    vd_str   name, out = key;
    size_t   cut;

    if (id == VD_NONE)
        return key;
    name = vd_catalog_key(c, id).name;
    cut = vd_str_find(name, '$');
    if (cut == name.n)
        return name;
    if (cut <= key.n)
        vd_arena_printf(arena, &out, VD_F VD_F, VD_A(vd_str_first(name, cut)), VD_A(vd_str_from(key, cut)));
    return out;
}

/* ------------------------------------------------------------------ words */

static void say_values(vd_buf *b, const vd_texts *values)
{
    if (values->count != 1)
        vd_buf_printf(b, "one of ");
    for (uint32_t i = 0; i < values->count; i++)
        vd_buf_printf(b, "%s" VD_F, i ? ", " : "", VD_A(values->at[i].text.n ? values->at[i].text : VD_S("\"\"")));
}

static bool is_true(const vd_entry *e)
{
    return e->values.count && vd_str_ieq(e->values.at[0].text, VD_S("true"));
}

void vd_required_say(vd_buf *b, const vd_entry *e, bool holds, const vd_required *r)
{
    const char *bound = vd_required_bound(r);
    bool not_that = e->op.op->negated == holds;

    if (e->op.op->test == VD_TEST_NULL) {
        vd_buf_printf(b, is_true(e) == holds ? "absent" : "present");
        return;
    }
    if (e->op.op->test == VD_TEST_BOOL && e->values.count == 1) {
        vd_buf_printf(b, is_true(e) != not_that ? "true" : "false");
    } else if (bound) {
        vd_buf_printf(b, "%s" VD_F, bound, VD_A(r->values[0]));
    } else {
        if (not_that)
            vd_buf_printf(b, "not ");
        if (e->op.quantifier == VD_FOR_ALL && holds)
            vd_buf_printf(b, "all ");
        say_values(b, &e->values);
    }
    if (holds && (e->op.if_exists || (e->op.op->negated && e->op.quantifier == VD_FOR_ONE)))
        vd_buf_printf(b, ", or absent");
}

bool vd_required_add(vd_required_list *list, vd_prover *p, const vd_entry *e, bool holds)
{
    vd_buf      b = vd_buf_on(&p->engine->alloc, 0);
    vd_required r = { .key = vd_required_key(p->catalog, &p->arena, e->key.text), .control = vd_required_control(p->catalog, e->key.text) };

    if (!vd_required_can_say(e, holds))
        return true;
    p->nomem |= !vd_required_fill(&r, &p->arena, e, holds);
    if (!p->nomem)
        vd_required_say(&b, e, holds, &r);
    if (!holds && e->op.op->test != VD_TEST_NULL && !e->op.if_exists && !e->op.op->negated && e->op.quantifier != VD_FOR_ALL)
        vd_buf_printf(&b, ", or absent");
    p->nomem = p->nomem || b.failed || !vd_arena_dup(&p->arena, &r.must, vd_buf_str(&b));
    vd_buf_done(&b);
    for (uint32_t i = 0; !p->nomem && i < list->count; i++)
        if (vd_str_eq(list->at[i].key, r.key) && vd_str_eq(list->at[i].must, r.must))
            return true;
    if (!p->nomem && !VD_ARENA_PUSH(&p->arena, list->at, list->count, list->cap, r))
        p->nomem = true;
    return !p->nomem;
}

static int by_key(const void *a, const void *b)
{
    const vd_required *x = a, *y = b;
    int                c = vd_str_icmp(x->key, y->key);

    return c ? c : vd_str_cmp(x->must, y->must);
}

void vd_required_sort(vd_required_list *list)
{
    if (list->count > 1)
        qsort(list->at, list->count, sizeof *list->at, by_key);
}
