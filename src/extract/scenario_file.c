/* SPDX-License-Identifier: Apache-2.0
 *
 * Scenarios and suites of `verdict test`: the documents that stand in the file itself.  What is only a path is another
 * file.  The member of "policies" says the kind; a resource policy is known by its content.
 */
#include "base/str.h"
#include "extract/formats.h"

static const struct {
    vd_str  name;
    vd_kind kind;
    vd_str  resource_kind;
    bool    levels; /* [{"target": ..., "policies": [...]}] */
} members[] = {
    { VD_L("identity"), VD_KIND_IDENTITY, { "", 0 }, false },  { VD_L("boundary"), VD_KIND_BOUNDARY, { "", 0 }, false },
    { VD_L("session"), VD_KIND_SESSION, { "", 0 }, false },    { VD_L("resource"), VD_KIND_RESOURCE, { "", 0 }, false },
    { VD_L("endpoint"), VD_KIND_ENDPOINT, { "", 0 }, false },  { VD_L("accessPoint"), VD_KIND_RESOURCE, VD_L("s3-accesspoint"), false },
    { VD_L("trust"), VD_KIND_TRUST, { "", 0 }, false },        { VD_L("scp"), VD_KIND_SCP, { "", 0 }, true },
    { VD_L("rcp"), VD_KIND_RCP, { "", 0 }, true },
};

typedef struct place {
    const vd_input *in;
    vd_extracted    like;
    vd_str          pointer;
} place;

/* A path, a document, or {"name", "document"}. */
static vd_code take_one(const place *p, uint32_t node)
{
    const vd_doc *d = p->in->doc;
    vd_extracted  row = p->like, *added;
    uint32_t      inner = vd_doc_member(d, node, VD_S("document"));

    row.container = row.pointer = p->pointer;
    if (inner != VD_NONE) {
        row.name = vd_extract_member(d, node, "name");
        if (!vd_pointer_member(&p->in->x->arena, &row.pointer, p->pointer, VD_S("document")))
            return vd_fail_nomem(p->in->err);
    } else if (vd_extract_is_policy(d, node)) {
        inner = node;
    } else {
        return VD_OK;
    }
    return vd_extract_policy(p->in, &row, d, inner, VD_TAKES_EITHER, &added);
}

/* One, or an array of them. */
static vd_code take_list(const place *p, uint32_t node)
{
    const vd_doc *d = p->in->doc;
    uint32_t      index = 0;

    if (d->nodes[node].kind != VD_NODE_ARRAY)
        return take_one(p, node);
    for (uint32_t c = vd_doc_first(d, node); c != VD_NONE; c = vd_doc_next(d, node, c)) {
        place one = *p;

        if (!vd_pointer_index(&p->in->x->arena, &one.pointer, p->pointer, index++))
            return vd_fail_nomem(p->in->err);
        VD_TRY(take_one(&one, c));
    }
    return VD_OK;
}

static vd_code take_levels(const place *p, uint32_t node)
{
    const vd_doc *d = p->in->doc;
    uint32_t      index = 0;

    if (d->nodes[node].kind != VD_NODE_ARRAY)
        return VD_OK;
    for (uint32_t c = vd_doc_first(d, node); c != VD_NONE; c = vd_doc_next(d, node, c)) {
        place    one = *p;
        uint32_t list = vd_doc_member(d, c, VD_S("policies"));

        index++;
        if (list == VD_NONE)
            continue;
        if (!vd_pointer_index(&p->in->x->arena, &one.pointer, p->pointer, index - 1) ||
            !vd_pointer_member(&p->in->x->arena, &one.pointer, one.pointer, VD_S("policies")))
            return vd_fail_nomem(p->in->err);
        VD_TRY(take_list(&one, list));
    }
    return VD_OK;
}

/* The policies of one scenario, suite or case. */
static vd_code take_policies(const vd_input *in, uint32_t owner, vd_str base)
{
    uint32_t policies = vd_doc_member(in->doc, owner, VD_S("policies"));
    vd_str   at;

    if (policies == VD_NONE)
        return VD_OK;
    if (!vd_pointer_member(&in->x->arena, &at, base, VD_S("policies")))
        return vd_fail_nomem(in->err);
    for (size_t i = 0; i < VD_COUNT(members); i++) {
        uint32_t node = vd_doc_member(in->doc, policies, members[i].name);
        place    p = { .in = in };

        if (node == VD_NONE)
            continue;
        p.like = (vd_extracted){ .entity = VD_NONE,
                                 .kind_known = true,
                                 .kind = members[i].kind,
                                 .resource_kind = members[i].resource_kind,
                                 .fixable = true };
        if (!vd_pointer_member(&in->x->arena, &p.pointer, at, members[i].name))
            return vd_fail_nomem(in->err);
        VD_TRY(members[i].levels ? take_levels(&p, node) : take_list(&p, node));
    }
    return VD_OK;
}

static vd_code take_cases(const vd_input *in, uint32_t list, vd_str base)
{
    uint32_t index = 0;

    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c)) {
        vd_str at;

        if (!vd_pointer_index(&in->x->arena, &at, base, index++))
            return vd_fail_nomem(in->err);
        VD_TRY(take_policies(in, c, at));
    }
    return VD_OK;
}

/* {"policies": {...}} with a question or an answer beside it. */
static bool is_scenario(const vd_doc *d, uint32_t node)
{
    static const char *const others[] = { "request", "cases", "expect" };

    if (!vd_extract_is(d, vd_doc_member(d, node, VD_S("policies")), VD_NODE_OBJECT))
        return false;
    for (size_t i = 0; i < VD_COUNT(others); i++)
        if (vd_doc_member(d, node, vd_str_of(others[i])) != VD_NONE)
            return true;
    return false;
}

bool vd_is_scenario(const vd_input *in)
{
    const vd_doc *d = in->doc;
    uint32_t      first = d->nodes[0].kind == VD_NODE_ARRAY ? vd_doc_first(d, 0) : 0;

    return first != VD_NONE && is_scenario(d, first);
}

vd_code vd_extract_scenario(const vd_input *in)
{
    uint32_t cases;
    vd_str   at;

    if (in->doc->nodes[0].kind == VD_NODE_ARRAY)
        return take_cases(in, 0, VD_S(""));
    VD_TRY(take_policies(in, 0, VD_S("")));
    cases = vd_doc_member(in->doc, 0, VD_S("cases"));
    if (!vd_extract_is(in->doc, cases, VD_NODE_ARRAY))
        return VD_OK;
    if (!vd_pointer_member(&in->x->arena, &at, VD_S(""), VD_S("cases")))
        return vd_fail_nomem(in->err);
    return take_cases(in, cases, at);
}
