/* SPDX-License-Identifier: Apache-2.0
 *
 * One policy of a template in all its variants, as a property holds it: an object, text of JSON, or neither.
 */
#include "base/str.h"
#include "extract/cfn.h"

enum { MOST_LAYERS = 3 };

typedef struct handing {
    vd_cfn             *c;
    const vd_extracted *like;
    uint32_t            node;  /* the property's value */
    vd_takes            takes;
    vd_cfn_making      *make;  /* of a document of our own; NULL: it is written there */
    uint32_t            first; /* row of the first variant; VD_NONE: none yet */
    bool                told;  /* why a variant has no document */
} handing;

static vd_code unresolved(handing *h, const char *reason)
{
    if (h->told)
        return VD_OK;
    h->told = true;
    return vd_extract_unresolved(h->c->in, h->c->doc, h->node, h->like->container, "%s", reason)
               ? VD_OK
               : vd_fail_nomem(h->c->in->err);
}

static uint8_t variant_of(const vd_cfn *c)
{
    if (c->defaults)
        return VD_VARIANT_DEFAULT;
    if (c->choice_count == 0)
        return VD_VARIANT_PLAIN;
    return vd_cfn_has_values(c) ? VD_VARIANT_EVERY : VD_VARIANT_WHEN;
}

static vd_code add_row(handing *h, const vd_doc *doc, bool text)
{
    vd_extracted  row = *h->like;
    vd_extracted *e;

    row.doc = doc;
    row.node = 0;
    row.variant = variant_of(h->c);
    row.when = h->c->defaults ? h->c->used_defaults : vd_cfn_when(h->c);
    row.synthetic = h->make != NULL;
    row.fixable = !text && !row.synthetic;
    row.unfixable = text ? "the policy is text within a string" : NULL;
    if (row.synthetic)
        row.unfixable = "the statement is made of properties";
    if (h->c->no_memory)
        return vd_fail_nomem(h->c->in->err);
    e = vd_extract_add(h->c->in, &row);
    if (!e)
        return vd_fail_nomem(h->c->in->err);
    if (h->first == VD_NONE)
        h->first = e->policy;
    e->policy = h->first;
    return VD_OK;
}

static vd_code read_json(handing *h, vd_doc **out, const vd_source *source, vd_error *err)
{
    vd_limits limits = h->c->in->engine->limits;

    limits.depth = limits.depth < 128 ? 128 : limits.depth; /* the file has been through the limit */
    *out = vd_arena_new(h->c->arena, vd_doc);
    if (!*out)
        return vd_fail_nomem(h->c->in->err);
    return vd_json_read(*out, h->c->arena, source, &limits, NULL, &(uint32_t){ 0 }, err);
}

/* ------------------------------------------------------------------ an object */

static vd_code from_object(handing *h, uint32_t node)
{
    vd_cfn      *c = h->c;
    uint32_t     statement = vd_doc_member(c->doc, node, VD_S("Statement"));
    vd_cfn_value v;
    vd_source   *source;
    vd_doc      *doc;

    if (statement != VD_NONE) {
        v = vd_cfn_value_of(c, statement);
        if (v.kind == VD_CFN_UNKNOWN || (vd_cfn_is_text(&v) && v.part_count && v.parts[0].hole != VD_NONE))
            return unresolved(h, "its Statement is not in the template");
    }
    VD_TRY(vd_cfn_write(c, &source, node));
    if (!source)
        return unresolved(h, c->doubt);
    VD_TRY(read_json(h, &doc, source, c->in->err));
    return add_row(h, doc, false);
}

/* ------------------------------------------------------------------ text */

static bool has_hole(const vd_cfn_value *v)
{
    for (uint32_t i = 0; i < v->part_count; i++)
        if (v->parts[i].hole != VD_NONE)
            return true;
    return false;
}

static vd_code double_encoded(handing *h)
{
    vd_cfn *c = h->c;

    vd_cfn_remark(c, "policy-double-encoded", h->node, vd_cfn_span(c, h->node),
                  "JSON text inside JSON text; AWS stores a string, not a policy");
    return c->no_memory ? vd_fail_nomem(c->in->err) : VD_OK;
}

static vd_code not_json(handing *h, const vd_cfn_value *v, const vd_error *err)
{
    static const vd_str prefix = VD_L("not valid JSON: ");
    vd_cfn             *c = h->c;
    vd_extraction      *x = c->in->x;
    vd_str              problem = vd_str_of(err->text);

    if (vd_str_starts(problem, prefix))
        problem = vd_str_from(problem, prefix.n);
    if (has_hole(v))
        return unresolved(h, "it is text with parts that are not known");
    if (vd_cfn_remark(c, "policy-string-not-json", h->node, v->at, "the policy text is not JSON: " VD_F,
                      VD_A(problem)) &&
        err->at.line)
        x->remarks[x->remark_count - 1].at = err->at;
    return c->no_memory ? vd_fail_nomem(c->in->err) : VD_OK;
}

static vd_code from_text(handing *h, const vd_cfn_value *v)
{
    vd_cfn    *c = h->c;
    vd_source *source;
    vd_doc    *doc = NULL;
    vd_error   err = { .size = sizeof err };
    vd_code    code = VD_OK;
    uint32_t   layers = 0;

    VD_TRY(vd_cfn_write_text(c, &source, v));
    if (!source)
        return unresolved(h, c->doubt);
    if (vd_str_trim(source->text).n == 0)
        return VD_OK;
    for (; layers < MOST_LAYERS; layers++) {
        code = read_json(h, &doc, source, &err);
        if (code != VD_OK || doc->nodes[0].kind != VD_NODE_STRING)
            break;
        VD_TRY(vd_doc_inner(&source, c->arena, doc, 0, c->in->err));
        source->holes = c->holes;
    }
    if (code == VD_ESYNTAX)
        return not_json(h, v, &err);
    if (code != VD_OK) {
        if (c->in->err)
            *c->in->err = err;
        return code;
    }
    if (layers || h->takes == VD_TAKES_OBJECT)
        VD_TRY(double_encoded(h));
    return layers < MOST_LAYERS ? add_row(h, doc, true) : VD_OK;
}

/* ------------------------------------------------------------------ all variants */

static vd_code one_made(handing *h)
{
    vd_source *source;
    vd_doc    *doc;

    VD_TRY(h->make(h->c, h->node, h->like, &source));
    if (!source)
        return h->c->doubt ? unresolved(h, h->c->doubt) : VD_OK;
    VD_TRY(read_json(h, &doc, source, h->c->in->err));
    return add_row(h, doc, false);
}

static vd_code one_variant(handing *h)
{
    vd_cfn      *c = h->c;
    uint32_t     node = vd_cfn_branch(c, h->node);
    vd_cfn_call  call;
    vd_cfn_value v;

    vd_cfn_begin(c);
    if (h->make)
        return one_made(h);
    if (node == VD_NONE)
        return unresolved(h, "it depends on conditions that are not known");
    call = vd_cfn_call_at(c->doc, node);
    if (call.fn == VD_FN_TO_JSON && !call.tagged)
        node = call.argument;
    v = vd_cfn_value_of(c, node);
    if (call.fn == VD_FN_TO_JSON && call.tagged)
        v = (vd_cfn_value){ .kind = VD_CFN_NODE, .node = node, .ref = VD_NONE };
    if (v.kind == VD_CFN_GONE)
        return VD_OK;
    if (v.kind == VD_CFN_NODE && c->doc->nodes[v.node].kind == VD_NODE_NULL)
        return VD_OK;
    if (v.kind == VD_CFN_NODE && c->doc->nodes[v.node].kind == VD_NODE_OBJECT)
        return from_object(h, v.node);
    if (v.kind == VD_CFN_STRING && !(v.part_count == 1 && v.parts[0].hole != VD_NONE))
        return from_text(h, &v);
    return unresolved(h, "its value is not in the template");
}

/* Once more with defaults, where there are any. */
static vd_code with_defaults(handing *h)
{
    vd_cfn  *c = h->c;
    uint32_t rows = c->in->x->count;
    vd_code  code;

    c->defaults = true;
    c->checking = false;
    c->used_defaults = VD_S("");
    code = one_variant(h);
    if (code == VD_OK && c->used_defaults.n == 0)
        c->in->x->count = rows;
    c->defaults = false;
    return code;
}

static vd_code all_variants(handing *h)
{
    vd_cfn *c = h->c;

    c->container = h->like->container;
    c->checking = true;
    vd_cfn_choose(c, h->node, c->doc->nodes[h->node].next);
    do
        VD_TRY(one_variant(h));
    while (vd_cfn_next_variant(c));
    if (c->in->opts && c->in->opts->defaults)
        VD_TRY(with_defaults(h));
    c->choice_count = 0;
    c->checking = false;
    return c->no_memory ? vd_fail_nomem(c->in->err) : VD_OK;
}

vd_code vd_cfn_policy(vd_cfn *c, const vd_extracted *like, uint32_t node, vd_takes takes)
{
    return all_variants(&(handing){ .c = c, .like = like, .node = node, .takes = takes, .first = VD_NONE });
}

vd_code vd_cfn_made_policy(vd_cfn *c, const vd_extracted *like, uint32_t node, vd_cfn_making *make)
{
    return all_variants(&(handing){ .c = c, .like = like, .node = node, .make = make, .first = VD_NONE });
}
