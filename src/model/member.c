/* SPDX-License-Identifier: Apache-2.0
 *
 * The members of what the AWS command line prints.  Absent and null are the same; a member of another kind than it
 * should be is told and then taken for absent.
 */
#include "base/str.h"
#include "model/draft.h"

uint32_t vd_member(const vd_import *in, uint32_t object, const char *path)
{
    uint32_t node = vd_extract_at(in->doc, object, path);

    return vd_extract_is(in->doc, node, VD_NODE_NULL) ? VD_NONE : node;
}

static vd_code wrong_kind(const vd_import *in, uint32_t node, const char *path, const char *wanted)
{
    return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, in->account, VD_S(""), "\"%s\" must be %s, found %s", path, wanted,
                              vd_doc_kind_name(in->doc, node));
}

vd_code vd_member_text(const vd_import *in, uint32_t object, const char *path, vd_str *out)
{
    uint32_t node = vd_member(in, object, path);

    *out = VD_S("");
    if (node == VD_NONE)
        return VD_OK;
    if (!vd_extract_is(in->doc, node, VD_NODE_STRING))
        return wrong_kind(in, node, path, "a string");
    return vd_draft_text(in->to, out, vd_doc_text(in->doc, node)) ? VD_OK : vd_fail_nomem(in->err);
}

uint32_t vd_member_list(const vd_import *in, uint32_t object, const char *path, vd_code *code)
{
    uint32_t node = vd_member(in, object, path);

    *code = VD_OK;
    if (node == VD_NONE)
        return VD_NONE;
    if (vd_extract_is(in->doc, node, VD_NODE_ARRAY))
        return node;
    *code = wrong_kind(in, node, path, "an array");
    return VD_NONE;
}

vd_code vd_member_each(vd_import *in, uint32_t object, const char *path, vd_code (*read)(vd_import *in, uint32_t node))
{
    vd_code  code;
    uint32_t list = vd_member_list(in, object, path, &code);

    if (list == VD_NONE)
        return code;
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c)) {
        if (vd_extract_is(in->doc, c, VD_NODE_OBJECT))
            VD_TRY(read(in, c));
        else
            VD_TRY(vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, c, in->account, VD_S(""), "\"%s\" holds objects, found %s", path,
                                      vd_doc_kind_name(in->doc, c)));
    }
    return VD_OK;
}

static vd_code add_tag(const vd_import *in, vd_str key, vd_str value)
{
    vd_snapshot_tag t;

    if (!vd_draft_text(in->to, &t.key, key) || !vd_draft_text(in->to, &t.value, value) ||
        !VD_PUSH(&in->to->engine->alloc, &in->to->tags, t))
        return vd_fail_nomem(in->err);
    return VD_OK;
}

/* [{"Key": k, "Value": v}], [{"TagKey": ...}], [{"key": ...}] or {k: v}, as services differ. */
static vd_code one_tag(const vd_import *in, uint32_t element)
{
    static const char *const names[][2] = { { "Key", "Value" }, { "TagKey", "TagValue" }, { "key", "value" } };

    for (size_t i = 0; i < VD_COUNT(names); i++) {
        vd_str key, value;

        if (vd_member(in, element, names[i][0]) == VD_NONE)
            continue;
        VD_TRY(vd_member_text(in, element, names[i][0], &key));
        VD_TRY(vd_member_text(in, element, names[i][1], &value));
        return add_tag(in, key, value);
    }
    return wrong_kind(in, element, "Tags", "a list of objects with Key and Value");
}

vd_code vd_member_tags(const vd_import *in, uint32_t object, const char *path, vd_snap_range *out)
{
    uint32_t node = vd_member(in, object, path);

    *out = (vd_snap_range){ in->to->tags.count, 0 };
    if (node == VD_NONE)
        return VD_OK;
    if (vd_extract_is(in->doc, node, VD_NODE_ARRAY)) {
        for (uint32_t c = vd_doc_first(in->doc, node); c != VD_NONE; c = vd_doc_next(in->doc, node, c))
            VD_TRY(one_tag(in, c));
    } else if (vd_extract_is(in->doc, node, VD_NODE_OBJECT)) {
        for (uint32_t c = vd_doc_first(in->doc, node); c != VD_NONE; c = vd_doc_next(in->doc, node, c))
            VD_TRY(add_tag(in, vd_doc_text(in->doc, c), vd_extract_string(in->doc, c + 1)));
    } else {
        return wrong_kind(in, node, path, "an array");
    }
    out->count = in->to->tags.count - out->first;
    return VD_OK;
}
