/* SPDX-License-Identifier: Apache-2.0
 *
 * What SAM adds to templates: Policies that are names, policy templates or documents; resource policies of an API from
 * lists; Globals.
 */
#include "base/str.h"
#include "base/suggest.h"
#include "extract/cfn.h"

/* "AWS::Serverless::Function" to "Function". */
uint32_t vd_cfn_global(const vd_cfn *c, vd_str type, vd_str property)
{
    uint32_t globals = vd_doc_member(c->doc, c->root, VD_S("Globals")), at;

    if (globals == VD_NONE || !vd_str_starts(type, VD_S("AWS::Serverless::")))
        return VD_NONE;
    at = vd_doc_member(c->doc, globals, vd_str_from(type, 17));
    return at == VD_NONE ? VD_NONE : vd_doc_member(c->doc, at, property);
}

typedef struct sam {
    vd_cfn  *c;
    uint32_t resource;
    vd_str   id;
} sam;

static vd_code document(const sam *s, const vd_cfn_place *at)
{
    vd_cfn      *c = s->c;
    vd_extracted row;

    if (!vd_cfn_row(c, &row, s->resource, s->id, at))
        return vd_fail_nomem(c->in->err);
    row.kind_known = true;
    row.kind = VD_KIND_IDENTITY;
    if (vd_str_eq(row.type, VD_S("AWS::Serverless::Function")) &&
        vd_doc_member(c->doc, vd_doc_member(c->doc, s->resource, VD_S("Properties")), VD_S("Role")) == VD_NONE &&
        !vd_extract_fact(c->in, &row, "compute", VD_S("lambda"),
                         vd_source_pos(c->doc->source, vd_doc_span(c->doc, vd_doc_member(c->doc, s->resource, VD_S("Type"))))))
        return vd_fail_nomem(c->in->err);
    return vd_cfn_policy(c, &row, at->node, VD_TAKES_EITHER);
}

/* {DynamoDBCrudPolicy: {TableName: x}}: what it grants is SAM's business, its name is ours. */
static vd_code policy_template(const sam *s, const vd_cfn_place *at)
{
    vd_cfn  *c = s->c;
    uint32_t key = vd_doc_first(c->doc, at->node);
    vd_str   name = vd_doc_text(c->doc, key), names[256];
    uint32_t count = c->templates.rows < VD_COUNT(names) ? c->templates.rows : VD_COUNT(names);
    size_t   near;

    if (count == 0 || vd_sheet_find(c->templates, name).count)
        return VD_OK;
    for (uint32_t i = 0; i < count; i++)
        names[i] = vd_sheet_cell(c->templates, i, 0);
    near = vd_suggest(name, names, count);
    c->checking = true;
    if (!vd_arena_printf(c->arena, &c->container, VD_F "." VD_F, VD_A(s->id), VD_A(at->path)))
        return vd_fail_nomem(c->in->err);
    if (near < count)
        vd_cfn_remark(c, "managed-policy-unknown", key, vd_doc_span(c->doc, key),
                      "SAM has no policy template " VD_F ", did you mean " VD_F "?; the deployment fails",
                      VD_A(vd_str_first(name, 100)), VD_A(names[near]));
    else
        vd_cfn_remark(c, "managed-policy-unknown", key, vd_doc_span(c->doc, key),
                      "SAM has no policy template " VD_F "; the deployment fails", VD_A(vd_str_first(name, 100)));
    c->checking = false;
    return c->no_memory ? vd_fail_nomem(c->in->err) : VD_OK;
}

static vd_code one(const sam *s, const vd_cfn_place *at, uint32_t depth)
{
    const vd_doc *d = s->c->doc;
    vd_cfn_call   call = vd_cfn_call_at(d, at->node);
    vd_cfn_place  to = *at;

    if (call.fn == VD_FN_IF && depth < VD_CFN_DEEPEST) {
        for (uint32_t i = 1; i <= 2; i++) {
            to.node = vd_cfn_nth(d, call.argument, i);
            if (to.node != VD_NONE)
                VD_TRY(one(s, &to, depth + 1));
        }
        return VD_OK;
    }
    if (call.fn != VD_FN_NONE || d->nodes[at->node].kind == VD_NODE_STRING)
        return vd_cfn_attach(s->c, s->id, s->resource, at);
    if (d->nodes[at->node].kind != VD_NODE_OBJECT)
        return VD_OK;
    if (vd_doc_member(d, at->node, VD_S("Statement")) != VD_NONE)
        return document(s, at);
    return vd_doc_length(d, at->node) == 1 ? policy_template(s, at) : VD_OK;
}

static vd_code policies(const sam *s, const vd_cfn_place *at)
{
    const vd_doc *d = s->c->doc;
    uint32_t      index = 0;

    if (d->nodes[at->node].kind != VD_NODE_ARRAY || vd_cfn_call_at(d, at->node).fn != VD_FN_NONE)
        return one(s, at, 0);
    for (uint32_t k = vd_doc_first(d, at->node); k != VD_NONE; k = vd_doc_next(d, at->node, k)) {
        vd_cfn_place item = { .node = k, .parent = k };

        if (!vd_arena_printf(s->c->arena, &item.path, VD_F "[%u]", VD_A(at->path), (unsigned)index) ||
            !vd_pointer_index(s->c->arena, &item.pointer, at->pointer, index++))
            return vd_fail_nomem(s->c->in->err);
        VD_TRY(one(s, &item, 0));
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ resource policies of an API */

static const struct {
    const char *property, *before, *behind;
} lists[] = {
    { "AwsAccountWhitelist", "{\"Effect\":\"Allow\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"execute-api:/*\",\"Principal\":{\"AWS\":",
      "}}" },
    { "AwsAccountBlacklist", "{\"Effect\":\"Deny\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"execute-api:/*\",\"Principal\":{\"AWS\":",
      "}}" },
    { "IpRangeWhitelist",
      "{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"execute-api:/*\",\"Condition\":{\"NotIpAddress\":{\"aws:SourceIp\":",
      "}}}" },
    { "IpRangeBlacklist",
      "{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"execute-api:/*\",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":",
      "}}}" },
};

static void separate(vd_cfn_maker *m, bool *some, vd_span at)
{
    if (*some)
        vd_cfn_make_json(m, ",", (vd_span){ at.offset, 0 });
    *some = true;
}

/* One statement or a list of them; those that are not in the template are left out. */
static void put_statements(vd_cfn *c, vd_cfn_maker *m, uint32_t node, bool *some)
{
    vd_cfn_value v = vd_cfn_value_of(c, node);
    uint32_t     k;

    if (v.kind != VD_CFN_NODE)
        return;
    if (c->doc->nodes[v.node].kind == VD_NODE_OBJECT) {
        separate(m, some, v.at);
        vd_cfn_make_value(m, &v);
        return;
    }
    for (k = vd_doc_first(c->doc, v.node); k != VD_NONE; k = vd_doc_next(c->doc, v.node, k)) {
        vd_cfn_value item = vd_cfn_value_of(c, k);

        if (item.kind != VD_CFN_NODE)
            continue;
        separate(m, some, item.at);
        vd_cfn_make_value(m, &item);
    }
}

static vd_code make_api_policy(vd_cfn *c, uint32_t node, const vd_extracted *like, vd_source **out)
{
    vd_cfn_maker *m = vd_cfn_make(c);
    vd_span       at = { vd_doc_span(c->doc, node).offset, 0 };
    uint32_t      custom = vd_doc_member(c->doc, node, VD_S("CustomStatements"));
    bool          some = false;

    VD_UNUSED(like);
    vd_cfn_make_json(m, "{\"Version\":\"2012-10-17\",\"Statement\":[", at);
    if (custom != VD_NONE)
        put_statements(c, m, custom, &some);
    for (size_t i = 0; i < VD_COUNT(lists); i++) {
        uint32_t     list = vd_doc_member(c->doc, node, vd_str_of(lists[i].property));
        vd_cfn_value v;

        if (list == VD_NONE)
            continue;
        v = vd_cfn_value_of(c, list);
        if (v.kind == VD_CFN_GONE)
            continue;
        separate(m, &some, v.at);
        vd_cfn_make_json(m, lists[i].before, (vd_span){ v.at.offset, 0 });
        vd_cfn_make_value(m, &v);
        vd_cfn_make_json(m, lists[i].behind, (vd_span){ v.at.offset + v.at.length, 0 });
    }
    vd_cfn_make_json(m, "]}", at);
    VD_TRY(vd_cfn_made(m, c, out));
    if (!some)
        *out = NULL;
    return VD_OK;
}

static vd_code api_policy(const sam *s, const vd_cfn_place *at)
{
    vd_extracted row;

    if (s->c->doc->nodes[at->node].kind != VD_NODE_OBJECT)
        return VD_OK;
    if (!vd_cfn_row(s->c, &row, s->resource, s->id, at))
        return vd_fail_nomem(s->c->in->err);
    row.kind_known = true;
    row.kind = VD_KIND_RESOURCE;
    row.resource_kind = VD_S("execute-api");
    return vd_cfn_made_policy(s->c, &row, at->node, make_api_policy);
}

vd_code vd_cfn_sam(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str kind)
{
    sam s = { .c = c, .resource = resource, .id = id };

    return vd_str_eq(kind, VD_S("resource")) ? api_policy(&s, at) : policies(&s, at);
}
