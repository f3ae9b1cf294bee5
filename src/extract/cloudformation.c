/* SPDX-License-Identifier: Apache-2.0
 *
 * Templates of CloudFormation, of SAM, and what the CDK writes: recognised by their sections, read resource by resource.
 */
#include "base/str.h"
#include "extract/cfn.h"

/* "AWS::S3::Bucket", "Custom::Thing", "Acme::Big::Thing::MODULE". */
static bool is_type(vd_str s)
{
    vd_str head;

    if (!vd_str_cut(&s, ':', &head) || head.n == 0 || !vd_str_starts(s, VD_S(":")))
        return false;
    return vd_str_eq(head, VD_S("Custom")) || vd_str_contains(vd_str_from(s, 1), VD_S("::"));
}

static bool is_loop(vd_str key)
{
    return vd_str_starts(key, VD_S("Fn::ForEach::"));
}

static bool are_resources(const vd_doc *d, uint32_t at)
{
    if (!vd_extract_is(d, at, VD_NODE_OBJECT) || vd_doc_first(d, at) == VD_NONE)
        return false;
    for (uint32_t k = vd_doc_first(d, at); k != VD_NONE; k = vd_doc_next(d, at, k))
        if (!is_loop(vd_doc_text(d, k)) && !is_type(vd_extract_member(d, k + 1, "Type")))
            return false;
    return true;
}

bool vd_is_cloudformation(const vd_input *in)
{
    if (!vd_extract_is(in->doc, 0, VD_NODE_OBJECT))
        return false;
    return vd_doc_member(in->doc, 0, VD_S("AWSTemplateFormatVersion")) != VD_NONE ||
           are_resources(in->doc, vd_doc_member(in->doc, 0, VD_S("Resources")));
}

/* ------------------------------------------------------------------ before the first policy */

/* A managed policy that is somebody's boundary limits; it grants nothing. */
static void mark_boundary(vd_cfn *c, uint32_t resource)
{
    uint32_t    at = vd_extract_at(c->doc, resource, "Properties.PermissionsBoundary");
    vd_cfn_call call = at == VD_NONE ? (vd_cfn_call){ .fn = VD_FN_NONE } : vd_cfn_call_at(c->doc, at);
    vd_str      name;
    uint32_t    id;

    if (call.fn != VD_FN_REF && call.fn != VD_FN_GETATT)
        return;
    if (c->doc->nodes[call.argument].kind == VD_NODE_ARRAY)
        call.argument = vd_cfn_nth(c->doc, call.argument, 0);
    name = call.argument == VD_NONE ? VD_S("") : vd_extract_string(c->doc, call.argument);
    name = vd_str_first(name, vd_str_find(name, '.'));
    id = vd_intern_find(&c->names, name);
    if (id != VD_NONE)
        c->ids.at[id].boundary = true;
}

/* CloudFormation refuses a tag that it does not know; so do we, where it stands. */
static vd_code check_tags(const vd_cfn *c)
{
    for (uint32_t i = 0; i < c->doc->tag_count; i++) {
        const vd_tag *t = &c->doc->tags[i];
        vd_str        text = { c->doc->source->text.p + t->offset, t->length };

        if (vd_cfn_call_at(c->doc, t->node).fn == VD_FN_UNKNOWN)
            return vd_fail_span(c->in->err, VD_ESYNTAX, c->doc->source, (vd_span){ t->offset, t->length },
                                "CloudFormation has no tag \"" VD_F "\"", VD_A(vd_str_first(text, 60)));
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ resources, and loops of them */

typedef struct loop {
    uint32_t body;  /* the object of resources */
    uint32_t items; /* the array of values; VD_NONE: they are not in the template */
    uint32_t item;  /* the next; VD_NONE: there is no more */
    uint32_t key;   /* the next member of the body */
    uint32_t count;
    vd_str   name;  /* of the variable; empty: no loop, the section itself */
} loop;

static vd_cfn_value keep(vd_cfn *c, vd_cfn_value v)
{
    vd_cfn_part *parts = vd_arena_new_array(c->arena, vd_cfn_part, v.part_count + 1);

    if (!parts) {
        c->no_memory = true;
        return v;
    }
    if (v.part_count)
        memcpy(parts, v.parts, v.part_count * sizeof *parts);
    v.parts = parts;
    return v;
}

static void bind(vd_cfn *c, const loop *l)
{
    vd_cfn_binding *b = &c->bindings[c->binding_count - 1];
    uint32_t        node = l->item != VD_NONE ? l->item : l->body;

    b->name = l->name;
    if (l->item != VD_NONE)
        b->value = keep(c, vd_cfn_value_of(c, l->item));
    else
        b->value = keep(c, vd_cfn_unknown(c, VD_HOLE_NAME, l->name, VD_S(""), node));
}

/* [name, values, body]; false: it is none, or one loop too many. */
static bool begin_loop(vd_cfn *c, loop *out, uint32_t node)
{
    const vd_doc *d = c->doc;
    uint32_t      name = vd_cfn_nth(d, node, 0), items = vd_cfn_nth(d, node, 1), body = vd_cfn_nth(d, node, 2);
    vd_cfn_call   call;

    if (body == VD_NONE || d->nodes[body].kind != VD_NODE_OBJECT || c->binding_count >= VD_CFN_BINDINGS)
        return false;
    call = vd_cfn_call_at(d, items);
    if (call.fn != VD_FN_NONE || d->nodes[items].kind != VD_NODE_ARRAY)
        items = VD_NONE;
    *out = (loop){ .body = body, .items = items, .key = vd_doc_first(d, body), .name = vd_doc_text(d, name) };
    out->item = items == VD_NONE ? VD_NONE : vd_doc_first(d, items);
    vd_cfn_begin(c);
    c->binding_count++;
    bind(c, out);
    return items == VD_NONE || out->item != VD_NONE;
}

/* The body again, with the next value; false: the loop is over. */
static bool next_round(vd_cfn *c, loop *l)
{
    if (l->name.n && l->items != VD_NONE && ++l->count < VD_CFN_LOOP) {
        l->item = vd_doc_next(c->doc, l->items, l->item);
        l->key = vd_doc_first(c->doc, l->body);
        if (l->item != VD_NONE) {
            bind(c, l);
            return true;
        }
    }
    if (l->name.n)
        c->binding_count--;
    return false;
}

static vd_code one_resource(vd_cfn *c, uint32_t key, vd_str section)
{
    vd_str id = vd_doc_text(c->doc, key), pointer;

    if (c->doc->nodes[key + 1].kind != VD_NODE_OBJECT)
        return VD_OK;
    if (!vd_pointer_member(c->arena, &pointer, section, id))
        return vd_fail_nomem(c->in->err);
    if (c->binding_count) {
        vd_cfn_value v;

        vd_cfn_begin(c);
        v = vd_cfn_sub(c, key, key, 0);

        id = vd_cfn_shown(c, &v);
    }
    return vd_cfn_resource(c, id, key + 1, pointer);
}

static vd_code all_resources(vd_cfn *c, uint32_t at, vd_str section)
{
    loop     stack[VD_CFN_BINDINGS + 1] = { { .body = at, .items = VD_NONE, .item = VD_NONE } };
    uint32_t depth = 1;

    stack[0].key = vd_doc_first(c->doc, at);
    while (depth) {
        loop    *l = &stack[depth - 1];
        uint32_t key = l->key;

        if (key == VD_NONE) {
            depth -= !next_round(c, l);
            continue;
        }
        l->key = vd_doc_next(c->doc, l->body, key);
        if (!is_loop(vd_doc_text(c->doc, key)))
            VD_TRY(one_resource(c, key, section));
        else if (depth <= VD_CFN_BINDINGS && begin_loop(c, &stack[depth], key + 1))
            depth++;
    }
    return c->no_memory ? vd_fail_nomem(c->in->err) : VD_OK;
}

vd_code vd_cfn_read(vd_cfn *c, vd_str section)
{
    uint32_t resources = vd_doc_member(c->doc, c->root, VD_S("Resources"));

    VD_TRY(check_tags(c));
    if (!vd_extract_is(c->doc, resources, VD_NODE_OBJECT))
        return VD_OK;
    for (uint32_t k = vd_doc_first(c->doc, resources); k != VD_NONE; k = vd_doc_next(c->doc, resources, k))
        mark_boundary(c, k + 1);
    return all_resources(c, resources, section);
}

vd_code vd_extract_cloudformation(const vd_input *in)
{
    vd_cfn  c;
    vd_code code = vd_cfn_init(&c, in, 0) ? vd_cfn_read(&c, VD_S("/Resources")) : vd_fail_nomem(in->err);

    vd_cfn_done(&c);
    return code;
}
