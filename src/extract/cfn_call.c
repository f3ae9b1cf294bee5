/* SPDX-License-Identifier: Apache-2.0
 *
 * Which intrinsic function a node is: by its tag (!Sub) or as an object of one member ("Fn::Sub").
 */
#include "extract/cfn.h"

#include "base/str.h"

static const struct {
    vd_str    name;
    vd_cfn_fn fn;
} functions[] = {
    { VD_L("Sub"), VD_FN_SUB },
    { VD_L("GetAtt"), VD_FN_GETATT },
    { VD_L("Join"), VD_FN_JOIN },
    { VD_L("If"), VD_FN_IF },
    { VD_L("Select"), VD_FN_SELECT },
    { VD_L("Split"), VD_FN_SPLIT },
    { VD_L("FindInMap"), VD_FN_FIND },
    { VD_L("ImportValue"), VD_FN_IMPORT },
    { VD_L("ToJsonString"), VD_FN_TO_JSON },
    { VD_L("Length"), VD_FN_LENGTH },
    { VD_L("Base64"), VD_FN_OTHER },
    { VD_L("Cidr"), VD_FN_OTHER },
    { VD_L("GetAZs"), VD_FN_OTHER },
    { VD_L("Transform"), VD_FN_OTHER },
    { VD_L("And"), VD_FN_OTHER },
    { VD_L("Equals"), VD_FN_OTHER },
    { VD_L("Not"), VD_FN_OTHER },
    { VD_L("Or"), VD_FN_OTHER },
    { VD_L("Contains"), VD_FN_OTHER },
    { VD_L("EachMemberEquals"), VD_FN_OTHER },
    { VD_L("EachMemberIn"), VD_FN_OTHER },
    { VD_L("RefAll"), VD_FN_OTHER },
    { VD_L("ValueOf"), VD_FN_OTHER },
    { VD_L("ValueOfAll"), VD_FN_OTHER },
};

static vd_cfn_fn find(vd_str name)
{
    for (size_t i = 0; i < VD_COUNT(functions); i++)
        if (vd_str_eq(functions[i].name, name))
            return functions[i].fn;
    return VD_FN_UNKNOWN;
}

static vd_cfn_call by_tag(uint32_t node, vd_str name)
{
    vd_cfn_call call = { .name = name, .argument = node, .tagged = true };

    call.fn = vd_str_eq(name, VD_S("Ref"))         ? VD_FN_REF
              : vd_str_eq(name, VD_S("Condition")) ? VD_FN_OTHER
                                                   : find(name);
    return call;
}

vd_cfn_call vd_cfn_call_at(const vd_doc *d, uint32_t node)
{
    const vd_node *n = &d->nodes[node];
    vd_cfn_call    call = { .fn = VD_FN_NONE, .argument = node };
    vd_str         name = d->tag_count ? vd_doc_tag_name(d, node) : VD_S("");

    if (name.n)
        return by_tag(node, name);
    if (n->kind != VD_NODE_OBJECT || n->next == node + 1 || d->nodes[node + 2].next != n->next)
        return call; /* not one member */
    name = vd_doc_text(d, node + 1);
    if (vd_str_eq(name, VD_S("Ref")))
        call.fn = VD_FN_REF;
    else if (vd_str_starts(name, VD_S("Fn::")))
        call.fn = find(vd_str_from(name, 4));
    if (call.fn != VD_FN_NONE) {
        call.name = name;
        call.argument = node + 2;
    }
    return call;
}

uint32_t vd_cfn_nth(const vd_doc *d, uint32_t array, uint32_t index)
{
    uint32_t c;

    if (d->nodes[array].kind != VD_NODE_ARRAY)
        return VD_NONE;
    c = vd_doc_first(d, array);
    while (c != VD_NONE && index--)
        c = vd_doc_next(d, array, c);
    return c;
}
