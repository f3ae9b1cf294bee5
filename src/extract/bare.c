/* SPDX-License-Identifier: Apache-2.0
 *
 * A file that is a policy, or was meant to be one.
 */
#include "base/str.h"
#include "extract/formats.h"

bool vd_is_bare(const vd_input *in)
{
    return vd_extract_is_policy(in->doc, 0);
}

static bool has_like(const vd_doc *d, uint32_t object, vd_str name)
{
    for (uint32_t c = vd_doc_first(d, object); c != VD_NONE; c = vd_doc_next(d, object, c))
        if (vd_str_ieq(vd_doc_text(d, c), name))
            return true;
    return false;
}

static bool is_statement(const vd_doc *d, uint32_t node)
{
    return vd_extract_is(d, node, VD_NODE_OBJECT) && has_like(d, node, VD_S("Effect")) &&
           (has_like(d, node, VD_S("Action")) || has_like(d, node, VD_S("NotAction")));
}

/* A version of the policy language, "statement", a statement or a list of them without anything around. */
bool vd_is_nearly_bare(const vd_input *in)
{
    const vd_doc *d = in->doc;
    vd_str        version = vd_extract_member(d, 0, "Version");

    if (d->nodes[0].kind == VD_NODE_ARRAY && vd_doc_first(d, 0) != VD_NONE)
        return is_statement(d, vd_doc_first(d, 0));
    if (d->nodes[0].kind != VD_NODE_OBJECT)
        return false;
    return vd_str_eq(version, VD_S("2012-10-17")) || vd_str_eq(version, VD_S("2008-10-17")) || is_statement(d, 0) ||
           (has_like(d, 0, VD_S("Statement")) && has_like(d, 0, VD_S("Version")));
}

vd_code vd_extract_bare(const vd_input *in)
{
    vd_extracted  like = { .entity = VD_NONE, .fixable = true };
    vd_extracted *e;

    return vd_extract_policy(in, &like, in->doc, 0, VD_TAKES_OBJECT, &e);
}
