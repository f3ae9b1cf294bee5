/* SPDX-License-Identifier: Apache-2.0
 *
 * From nodes of a document to texts that live as long as the policy.  The policy holds its own copy of the text, so
 * most strings are slices of it; only decoded ones (escapes, YAML) are copied.
 */
#include "policy/read.h"

#include "base/str.h"

vd_span vd_policy_span(const vd_policy_reader *r, uint32_t node)
{
    const vd_node *n = &r->doc->nodes[node];

    return (vd_span){ n->offset - r->base, n->length };
}

static bool within(vd_str whole, vd_str part)
{
    uintptr_t from = (uintptr_t)whole.p, to = from + whole.n, p = (uintptr_t)part.p;

    return p >= from && p <= to && part.n <= to - p;
}

vd_str vd_policy_take(vd_policy_reader *r, uint32_t node)
{
    const vd_node *n = &r->doc->nodes[node];
    vd_str         own = r->policy->source.text, text, copy = { "", 0 };

    if (n->kind == VD_NODE_TRUE || n->kind == VD_NODE_FALSE)
        return n->kind == VD_NODE_TRUE ? VD_S("true") : VD_S("false");
    text = vd_doc_text(r->doc, node);
    if (!(n->flags & VD_NODE_DECODED) && within(r->doc->source->text, text))
        return (vd_str){ own.p + ((size_t)(text.p - r->doc->source->text.p) - r->base), text.n };
    if (!vd_arena_dup(&r->policy->arena, &copy, text))
        vd_policy_nomem(r);
    return copy;
}

bool vd_policy_take_text(vd_policy_reader *r, vd_text *out, uint32_t node)
{
    out->span = vd_policy_span(r, node);
    out->text = vd_policy_take(r, node);
    return r->code == VD_OK;
}

void vd_policy_wrong_type(vd_policy_reader *r, uint32_t node, vd_fault fault, const char *element,
                          const char *expected)
{
    vd_policy_report_as(r, VD_RULE_DATA_TYPE, VD_ERROR, fault, vd_policy_span(r, node), NULL,
                        "%s must be %s, found %s", element, expected, vd_doc_kind_name(r->doc, node));
}

void vd_policy_members(vd_policy_reader *r, uint32_t node, const vd_str *names, size_t count,
                       const char *what, uint32_t *at)
{
    uint32_t end = r->doc->nodes[node].next;

    for (size_t m = 0; m < count; m++)
        at[m] = VD_NONE;
    for (uint32_t key = node + 1; key < end; key = r->doc->nodes[key + 1].next) {
        vd_str name = vd_policy_take(r, key);
        size_t m = 0;

        while (m < count && !vd_str_eq(names[m], name))
            m++;
        if (m == count)
            vd_policy_report(r, VD_RULE_POLICY_ELEMENT, vd_policy_span(r, key),
                             vd_policy_did_you_mean(r, name, names, count), "\"%s\" is not %s",
                             vd_policy_show(r, name), what);
        else if (at[m] == VD_NONE)
            at[m] = key;
    }
}
