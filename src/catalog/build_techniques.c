/* SPDX-License-Identifier: Apache-2.0
 *
 * What is asked most often of techniques.json, as a table: which calls the ways of a class take.  Reading the document takes
 * longer than many a question that wants to know just that.
 */
#include "catalog/build_int.h"

#include "base/limits.h"
#include "base/str.h"
#include "text/doc.h"

#include <stdlib.h>

typedef struct call {
    vd_str group, action;
} call;

typedef struct gathering {
    vd_build *b;
    vd_doc    doc;
    call     *at;
    uint32_t  count, cap;
    vd_code   code;
} gathering;

static vd_str text_of(const vd_doc *d, uint32_t object, const char *name)
{
    uint32_t at = vd_doc_member(d, object, vd_str_of(name));

    return at == VD_NONE ? (vd_str){ "", 0 } : vd_doc_text(d, at);
}

/* "iam:PassRole@role": the action is what stands before the mark. */
static void add_call(gathering *g, vd_str group, vd_str text)
{
    call c = { 0 };

    if (g->code != VD_OK || text.n == 0)
        return;
    if (!vd_arena_dup(&g->b->arena, &c.group, group) ||
        !vd_arena_dup(&g->b->arena, &c.action, vd_str_first(text, vd_str_find(text, '@'))) ||
        !VD_ARENA_PUSH(&g->b->arena, g->at, g->count, g->cap, c))
        g->code = vd_fail_nomem(g->b->err);
}

/* What must be called; of alternatives all. */
static void add_calls(gathering *g, uint32_t technique, vd_str group)
{
    const vd_doc *d = &g->doc;
    uint32_t      calls = vd_doc_member(d, technique, VD_S("calls"));

    for (uint32_t c = calls == VD_NONE ? VD_NONE : vd_doc_first(d, calls); c != VD_NONE; c = vd_doc_next(d, calls, c)) {
        uint32_t any = vd_doc_member(d, c, VD_S("anyOf"));

        if (vd_doc_member(d, c, VD_S("optional")) != VD_NONE)
            continue;
        if (any == VD_NONE)
            add_call(g, group, text_of(d, c, "action"));
        for (uint32_t k = any == VD_NONE ? VD_NONE : vd_doc_first(d, any); k != VD_NONE; k = vd_doc_next(d, any, k))
            add_call(g, group, vd_doc_text(d, k));
    }
}

static int by_group(const void *a, const void *b)
{
    const call *x = a, *y = b;
    int         c = vd_str_icmp(x->group, y->group);

    return c ? c : vd_str_cmp(x->action, y->action);
}

static vd_code put_sheet(gathering *g)
{
    vd_build      *b = g->b;
    vd_build_sheet sheet = { .name = vd_str_of(VD_SHEET_TECHNIQUE_CALLS), .columns = 2 };

    VD_TRY(VD_BUILD_PUSH(b, sheet.cells, sheet.count, sheet.cap, VD_S("class")));
    VD_TRY(VD_BUILD_PUSH(b, sheet.cells, sheet.count, sheet.cap, VD_S("action")));
    if (g->count > 1)
        qsort(g->at, g->count, sizeof *g->at, by_group);
    for (uint32_t i = 0; i < g->count; i++) {
        if (i && by_group(&g->at[i - 1], &g->at[i]) == 0)
            continue;
        VD_TRY(VD_BUILD_PUSH(b, sheet.cells, sheet.count, sheet.cap, g->at[i].group));
        VD_TRY(VD_BUILD_PUSH(b, sheet.cells, sheet.count, sheet.cap, g->at[i].action));
    }
    return VD_BUILD_PUSH(b, b->sheets, b->sheet_count, b->sheet_cap, sheet);
}

/* Whoever exports tables leaves this one out. */
static vd_code check_none(vd_build *b, const vd_catalog_text *file)
{
    for (uint32_t i = 0; i < b->sheet_count; i++)
        if (vd_str_eq(b->sheets[i].name, vd_str_of(VD_SHEET_TECHNIQUE_CALLS)))
            return vd_fail_at(b->err, VD_EINVAL, (vd_pos){ .file = file->name }, "the table \"%s\" is made of this file, and cannot be given", VD_SHEET_TECHNIQUE_CALLS);
    return VD_OK;
}

static void gather(gathering *g)
{
    const vd_doc *d = &g->doc;

    for (uint32_t c = vd_doc_first(d, 0); c != VD_NONE; c = vd_doc_next(d, 0, c)) {
        vd_str group = text_of(d, c, "class");

        /* Calls that everybody makes every day are a way by what they are made on: no set of actions. */
        if (!vd_str_eq(group, VD_S("everyday")))
            add_calls(g, c, group);
    }
}

vd_code vd_build_techniques(vd_build *b, const vd_catalog_text *file)
{
    gathering g = { .b = b };
    vd_limits limits = { 0 };
    vd_source source = { .name = file->name, .text = file->text };
    vd_arena  scratch = vd_arena_on(b->alloc, 0);

    VD_TRY(check_none(b, file));
    vd_limits_fill(&limits, NULL);
    g.code = vd_json_read(&g.doc, &scratch, &source, &limits, NULL, NULL, b->err);
    if (g.code == VD_OK)
        gather(&g);
    vd_arena_done(&scratch);
    VD_TRY(g.code);
    return put_sheet(&g);
}
