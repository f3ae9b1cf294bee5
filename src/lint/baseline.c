/* SPDX-License-Identifier: Apache-2.0
 *
 * Baselines.
 */
#include "lint/baseline.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "policy/write.h"
#include "text/doc.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ reading */

static const vd_str severities[] = { VD_L("note"), VD_L("suggestion"), VD_L("warning"), VD_L("security"), VD_L("error") };

static vd_str member(const vd_doc *d, uint32_t object, vd_str name)
{
    uint32_t node = vd_doc_member(d, object, name);

    return node != VD_NONE && d->nodes[node].kind == VD_NODE_STRING ? vd_doc_text(d, node) : VD_S("");
}

static vd_code read_entry(vd_linter *l, const vd_doc *d, uint32_t node, vd_error *err)
{
    vd_known k = { .id = member(d, node, VD_S("id")), .rule = member(d, node, VD_S("rule")),
                   .file = member(d, node, VD_S("file")), .container = member(d, node, VD_S("container")),
                   .message = member(d, node, VD_S("message")), .severity = VD_ERROR,
                   .at = vd_source_pos(d->source, vd_doc_span(d, node)) };
    vd_str   severity = member(d, node, VD_S("severity"));
    uint32_t id;

    if (k.id.n == 0)
        return vd_fail_span(err, VD_ESYNTAX, d->source, vd_doc_span(d, node), "a known finding needs its id");
    for (size_t i = 0; i < VD_COUNT(severities); i++)
        if (vd_str_eq(severity, severities[i]))
            k.severity = (int32_t)i;
    if (vd_intern_find(&l->known_ids, k.id) != VD_NONE)
        return VD_OK;
    if (!vd_intern_add(&l->known_ids, &l->engine->alloc, k.id, &id) ||
        !VD_ARENA_PUSH(&l->arena, l->known, l->known_count, l->known_cap, k))
        return vd_fail_nomem(err);
    return VD_OK;
}

vd_code vd_baseline_read(vd_linter *l, const vd_lint_text *text, vd_error *err)
{
    vd_source *s = vd_arena_new(&l->arena, vd_source);
    vd_doc     d = { 0 };
    uint32_t   list;

    if (!s || !vd_arena_dup(&l->arena, &s->name, text->name) || !vd_arena_dup(&l->arena, &s->text, text->text) ||
        !vd_source_mark(s, &l->arena))
        return vd_fail_nomem(err);
    if (!VD_ARENA_PUSH(&l->arena, l->texts, l->text_count, l->text_cap, (vd_lint_text){ .name = s->name, .text = s->text }))
        return vd_fail_nomem(err);
    VD_TRY(vd_json_read(&d, &l->arena, s, &l->engine->limits, NULL, NULL, err));
    list = vd_doc_member(&d, 0, VD_S("findings"));
    if (list == VD_NONE || d.nodes[list].kind != VD_NODE_ARRAY)
        return vd_fail_span(err, VD_ESYNTAX, s, (vd_span){ 0, 1 }, "a baseline is an object with a list of findings");
    for (uint32_t i = vd_doc_first(&d, list); i != VD_NONE; i = vd_doc_next(&d, list, i))
        VD_TRY(read_entry(l, &d, i, err));
    l->known_used = vd_arena_new_array(&l->arena, atomic_bool, l->known_count + 1);
    return l->known_used ? VD_OK : vd_fail_nomem(err);
}

void vd_baseline_apply(const vd_linter *l, vd_lint_finding *f)
{
    uint32_t id = l->known_count ? vd_intern_find(&l->known_ids, f->id) : VD_NONE;

    if (id == VD_NONE)
        return;
    atomic_store_explicit(&l->known_used[id], true, memory_order_relaxed);
    if (f->state == VD_STATE_NEW && f->severity <= l->known[id].severity)
        f->state = VD_STATE_BASELINED;
}

/* ------------------------------------------------------------------ writing */

static int by_id(const void *a, const void *b)
{
    return vd_str_cmp(((const vd_known *)a)->id, ((const vd_known *)b)->id);
}

static void put(vd_buf *out, const char *name, vd_str value)
{
    vd_buf_add(out, vd_str_of(name));
    vd_json_of_string(out, value);
}

static void write_all(vd_buf *out, vd_known *at, uint32_t count)
{
    if (count)
        qsort(at, count, sizeof *at, by_id);
    vd_buf_add(out, VD_S("{\"verdict\": {\"format\": 1}, \"findings\": ["));
    for (uint32_t i = 0; i < count; i++) {
        put(out, i ? ",\n  {\"id\": " : "\n  {\"id\": ", at[i].id);
        put(out, ", \"rule\": ", at[i].rule);
        put(out, ", \"severity\": ", severities[at[i].severity]);
        put(out, ", \"file\": ", at[i].file);
        put(out, ", \"container\": ", at[i].container);
        put(out, ", \"message\": ", at[i].message);
        vd_buf_byte(out, '}');
    }
    vd_buf_add(out, VD_S("\n]}\n"));
}

static bool was_linted(const vd_report *const *reports, uint32_t count, vd_str file)
{
    for (uint32_t i = 0; i < count; i++)
        if (vd_str_eq(reports[i]->path, file))
            return true;
    return false;
}

static bool gather(vd_arena *arena, vd_known **at, uint32_t *n, const vd_report *const *reports, uint32_t count,
                   const vd_linter *pruned)
{
    uint32_t cap = 0;

    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < reports[i]->finding_count; k++) {
            const vd_lint_finding *f = &reports[i]->findings[k];
            vd_known               known = { .id = f->id, .rule = vd_str_of(f->rule->id), .file = reports[i]->path,
                                             .container = f->container, .message = f->message, .severity = f->severity };

            if (f->state != VD_STATE_BASELINED && (pruned || f->state != VD_STATE_NEW))
                continue;
            if (!VD_ARENA_PUSH(arena, *at, *n, cap, known))
                return false;
        }
    for (uint32_t i = 0; pruned && i < pruned->known_count; i++)
        if (!was_linted(reports, count, pruned->known[i].file) && !VD_ARENA_PUSH(arena, *at, *n, cap, pruned->known[i]))
            return false;
    return true;
}

vd_code vd_baseline_write(vd_buf *out, const vd_report *const *reports, uint32_t count, const vd_linter *pruned)
{
    vd_arena  arena = vd_arena_on(vd_allocator_default(), 0);
    vd_known *at = NULL;
    uint32_t  n = 0;
    bool      ok = gather(&arena, &at, &n, reports, count, pruned);

    if (ok)
        write_all(out, at, n);
    vd_arena_done(&arena);
    return ok && !out->failed ? VD_OK : VD_ENOMEM;
}
