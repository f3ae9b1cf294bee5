/* SPDX-License-Identifier: Apache-2.0
 *
 * Which format a file is in, by its content, and the policies in it.
 */
#include "extract/extract.h"

#include "base/engine.h"
#include "base/str.h"

static bool add_bare(vd_extraction *x, const vd_doc *doc, uint32_t node)
{
    vd_extracted e = { .doc = doc, .node = node, .entity = VD_NONE, .fixable = true, .policy = x->count };

    return VD_ARENA_PUSH(&x->arena, x->at, x->count, x->cap, e);
}

vd_code vd_extract(vd_extraction *out, const vd_engine *engine, const vd_source *source, const vd_extract_opts *opts,
                   vd_diags *notes, vd_error *err)
{
    vd_doc *doc;
    vd_code code;

    (void)opts;
    *out = (vd_extraction){ .arena = vd_arena_on(&engine->alloc, 0) };
    doc = vd_arena_new(&out->arena, vd_doc);
    code = doc ? vd_doc_read(doc, &out->arena, source, &engine->limits, notes, &(uint32_t){ 0 }, err) : vd_fail_nomem(err);
    if (code == VD_OK && doc->nodes[0].kind == VD_NODE_OBJECT &&
        vd_doc_member(doc, 0, VD_S("Statement")) != VD_NONE) {
        out->format = "policy";
        if (!add_bare(out, doc, 0))
            code = vd_fail_nomem(err);
    }
    if (code != VD_OK)
        vd_extraction_done(out);
    return code;
}

void vd_extraction_done(vd_extraction *x)
{
    vd_arena_done(&x->arena);
    *x = (vd_extraction){ 0 };
}

vd_str vd_extracted_fact(const vd_extracted *e, const char *name)
{
    for (uint32_t i = 0; i < e->fact_count; i++)
        if (vd_str_eq(e->facts[i].name, vd_str_of(name)))
            return e->facts[i].value;
    return (vd_str){ "", 0 };
}
