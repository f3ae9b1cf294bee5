/* SPDX-License-Identifier: Apache-2.0
 *
 * What a template has names for, and what is said about it: parameters, resources, mappings; holes, remarks.
 */
#include "extract/cfn.h"

#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

/* The row of a type, or that of its service: "AWS::EC2::*". */
static uint32_t row_of(const vd_cfn *c, vd_str type)
{
    vd_run rows = c->types.rows ? vd_sheet_find(c->types, type) : (vd_run){ 0, 0 };
    size_t colon = vd_str_rfind(type, ':');
    char   all[64];

    if (c->types.rows && rows.count == 0 && colon < type.n && colon + 2 < sizeof all) {
        memcpy(all, type.p, colon + 1);
        all[colon + 1] = '*';
        rows = vd_sheet_find(c->types, (vd_str){ all, colon + 2 });
    }
    return rows.count ? rows.first : VD_NONE;
}

static bool add_id(vd_cfn *c, vd_str name, uint8_t what, uint32_t node)
{
    vd_cfn_id id = { .name = name, .what = what, .node = node, .entity = VD_NONE, .row = VD_NONE };
    uint32_t  number;

    id.type = vd_extract_member(c->doc, node, "Type");
    if (what == VD_CFN_RESOURCE)
        id.row = row_of(c, id.type);
    if (vd_intern_find(&c->names, name) != VD_NONE)
        return true; /* told as a duplicate key already */
    return vd_intern_add(&c->names, &c->arena->alloc, name, &number) && VD_PUSH(&c->arena->alloc, &c->ids, id);
}

static bool add_ids(vd_cfn *c, const char *section, uint8_t what)
{
    uint32_t at = vd_doc_member(c->doc, c->root, vd_str_of(section));

    if (!vd_extract_is(c->doc, at, VD_NODE_OBJECT))
        return true;
    for (uint32_t k = vd_doc_first(c->doc, at); k != VD_NONE; k = vd_doc_next(c->doc, at, k))
        if (c->doc->nodes[k + 1].kind == VD_NODE_OBJECT && !add_id(c, vd_doc_text(c->doc, k), what, k + 1))
            return false;
    return true;
}

static bool add_mappings(vd_cfn *c)
{
    uint32_t at = vd_doc_member(c->doc, c->root, VD_S("Mappings")), number;

    if (!vd_extract_is(c->doc, at, VD_NODE_OBJECT))
        return true;
    for (uint32_t k = vd_doc_first(c->doc, at); k != VD_NONE; k = vd_doc_next(c->doc, at, k)) {
        vd_str name = vd_doc_text(c->doc, k);

        if (vd_intern_find(&c->mappings, name) != VD_NONE)
            continue;
        if (!vd_intern_add(&c->mappings, &c->arena->alloc, name, &number) ||
            !VD_PUSH(&c->arena->alloc, &c->mapping_nodes, k + 1))
            return false;
    }
    return true;
}

bool vd_cfn_init(vd_cfn *c, const vd_input *in, uint32_t root)
{
    const vd_catalog *catalog = in->opts ? in->opts->catalog : NULL;

    *c = (vd_cfn){ .in = in, .doc = in->doc, .arena = &in->x->arena, .root = root, .key_node = VD_NONE };
    c->scratch = vd_arena_on(&c->arena->alloc, 0);
    c->names.seed = c->mappings.seed = in->engine->hash_seed;
    if (catalog) {
        c->types = vd_catalog_sheet(catalog, VD_S("cfn-types"));
        c->properties = vd_catalog_sheet(catalog, VD_S("policy-properties"));
        c->templates = vd_catalog_sheet(catalog, VD_S("sam-templates"));
    }
    c->holes = vd_arena_new(c->arena, vd_holes);
    c->remarked = vd_arena_alloc(c->arena, c->doc->count, 1);
    return c->holes && c->remarked && add_ids(c, "Parameters", VD_CFN_PARAMETER) &&
           add_ids(c, "Resources", VD_CFN_RESOURCE) && add_mappings(c);
}

void vd_cfn_begin(vd_cfn *c)
{
    vd_arena_reset(&c->scratch);
    c->inner = NULL;
    c->doubt = NULL;
    c->most_work = c->work + VD_CFN_STEPS < VD_CFN_WORK ? c->work + VD_CFN_STEPS : VD_CFN_WORK;
}

void vd_cfn_done(vd_cfn *c)
{
    const vd_allocator *a = &c->arena->alloc;

    vd_intern_done(&c->names, a);
    vd_intern_done(&c->mappings, a);
    VD_VEC_DONE(a, &c->ids);
    VD_VEC_DONE(a, &c->mapping_nodes);
    vd_map_done(&c->hole_map, a);
    vd_arena_done(&c->scratch);
}

const vd_cfn_id *vd_cfn_find(const vd_cfn *c, vd_str name)
{
    uint32_t id = vd_intern_find(&c->names, name);

    return id == VD_NONE ? NULL : &c->ids.at[id];
}

uint32_t vd_cfn_mapping(const vd_cfn *c, vd_str name)
{
    uint32_t id = vd_intern_find(&c->mappings, name);

    return id == VD_NONE ? VD_NONE : c->mapping_nodes.at[id];
}

vd_str vd_cfn_type_cell(const vd_cfn *c, const vd_cfn_id *id, const char *column)
{
    uint32_t n = id->row == VD_NONE ? VD_NONE : vd_sheet_column(c->types, vd_str_of(column));

    return n == VD_NONE ? VD_S("") : vd_sheet_cell(c->types, id->row, n);
}

/* ------------------------------------------------------------------ holes */

static bool same_hole(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_hole *a = &((const vd_holes *)ctx)->at[value], *b = wanted;

    return a->kind == b->kind && vd_str_eq(a->name, b->name);
}

uint32_t vd_cfn_hole(vd_cfn *c, vd_hole_kind kind, vd_str name, vd_str pattern, vd_str value)
{
    vd_hole  h = { .kind = (uint8_t)kind, .name = name, .pattern = pattern, .value = value };
    uint64_t hash = vd_hash(c->in->engine->hash_seed + kind, name);
    uint32_t index = vd_map_find(&c->hole_map, hash, same_hole, c->holes, &h);

    if (index != VD_NONE)
        return index;
    index = c->holes->count;
    if (index >= VD_HOLES_MOST) {
        c->doubt = "it depends on too many things that are not known";
        return VD_NONE;
    }
    if (!vd_arena_dup(c->arena, &h.name, name) || !vd_arena_dup(c->arena, &h.pattern, pattern) ||
        !vd_arena_dup(c->arena, &h.value, value) ||
        !VD_ARENA_PUSH(c->arena, c->holes->at, c->holes->count, c->holes->cap, h) ||
        !vd_map_add(&c->hole_map, &c->arena->alloc, hash, index)) {
        c->no_memory = true;
        return VD_NONE;
    }
    return index;
}

/* ------------------------------------------------------------------ remarks */

vd_span vd_cfn_span(const vd_cfn *c, uint32_t node)
{
    const vd_tag *t = vd_doc_tag(c->doc, node);
    vd_span       s = vd_doc_span(c->doc, node);

    if (t && t->offset < s.offset)
        s = (vd_span){ t->offset, s.offset + s.length - t->offset };
    return s;
}

bool vd_cfn_remark(vd_cfn *c, const char *rule, uint32_t node, vd_span at, const char *format, ...)
{
    vd_extraction *x = c->in->x;
    vd_remark      r = { .rule = vd_str_of(rule), .container = c->container, .hint = VD_S("") };
    char           text[512];
    va_list        args;

    if (!c->checking || c->remarked[node])
        return false;
    c->remarked[node] = 1;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r.at = vd_source_pos(c->doc->source, at);
    if (vd_arena_dup(c->arena, &r.text, vd_str_of(text)) &&
        VD_ARENA_PUSH(c->arena, x->remarks, x->remark_count, x->remark_cap, r))
        return true;
    c->no_memory = true;
    return false;
}

void vd_cfn_patch(vd_cfn *c, const char *what, vd_span at, const char *format, ...)
{
    vd_extraction *x = c->in->x;
    vd_remark     *r = &x->remarks[x->remark_count - 1];
    vd_pos         pos = vd_source_pos(c->doc->source, at);
    char           text[2048];
    va_list        args;
    int            n;

    va_start(args, format);
    n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof text)
        return;
    r->hint = vd_str_of(what);
    r->fix = (vd_patch){ .offset = pos.offset, .length = pos.length };
    if (!vd_arena_dup(c->arena, &r->fix.text, vd_str_of(text)))
        c->no_memory = true;
}
