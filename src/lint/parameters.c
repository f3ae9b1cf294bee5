/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of template parameters, in the shapes that tools write: {"Name": "value"}, {"Parameters": {...}} and the list of
 * ParameterKey and ParameterValue.
 */
#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "lint/linter.h"

static bool is_scalar(const vd_doc *d, uint32_t node)
{
    return node != VD_NONE && d->nodes[node].kind < VD_NODE_ARRAY && d->nodes[node].kind != VD_NODE_NULL;
}

static vd_code add(vd_linter *l, const vd_doc *d, uint32_t name, uint32_t value, vd_error *err)
{
    vd_parameter p = { vd_doc_text(d, name), vd_doc_text(d, value) };

    if (VD_ARENA_PUSH(&l->arena, l->parameters.at, l->parameters.count, l->parameters.cap, p))
        return VD_OK;
    return vd_fail_nomem(err);
}

static vd_code read_object(vd_linter *l, const vd_doc *d, uint32_t object, vd_error *err)
{
    for (uint32_t i = vd_doc_first(d, object); i != VD_NONE; i = vd_doc_next(d, object, i))
        if (is_scalar(d, i + 1))
            VD_TRY(add(l, d, i, i + 1, err));
    return VD_OK;
}

static vd_code read_list(vd_linter *l, const vd_doc *d, uint32_t list, vd_error *err)
{
    for (uint32_t i = vd_doc_first(d, list); i != VD_NONE; i = vd_doc_next(d, list, i)) {
        uint32_t name = vd_doc_member(d, i, VD_S("ParameterKey")), value = vd_doc_member(d, i, VD_S("ParameterValue"));

        if (!is_scalar(d, name))
            return vd_fail_span(err, VD_ESYNTAX, d->source, vd_doc_span(d, i), "expected ParameterKey and ParameterValue");
        if (is_scalar(d, value))
            VD_TRY(add(l, d, name, value, err));
    }
    return VD_OK;
}

vd_code vd_parameters_read(vd_linter *l, const vd_lint_text *text, vd_error *err)
{
    vd_source *s = vd_arena_new(&l->arena, vd_source);
    vd_doc    *d = vd_arena_new(&l->arena, vd_doc);
    uint32_t   node = 0;

    if (!s || !d || !vd_arena_dup(&l->arena, &s->name, text->name) || !vd_arena_dup(&l->arena, &s->text, text->text))
        return vd_fail_nomem(err);
    VD_TRY(vd_doc_read(d, &l->arena, s, &l->engine->limits, NULL, NULL, err));
    if (d->nodes[0].kind == VD_NODE_ARRAY)
        return read_list(l, d, 0, err);
    if (d->nodes[0].kind != VD_NODE_OBJECT)
        return vd_fail_span(err, VD_ESYNTAX, s, vd_doc_span(d, 0), "parameters are an object or a list");
    if (vd_doc_member(d, 0, VD_S("Parameters")) != VD_NONE)
        node = vd_doc_member(d, 0, VD_S("Parameters"));
    return d->nodes[node].kind == VD_NODE_ARRAY ? read_list(l, d, node, err) : read_object(l, d, node, err);
}
