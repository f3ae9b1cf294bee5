/* SPDX-License-Identifier: Apache-2.0
 *
 * What the collector says about its own work: which services are complete, which calls had no answer; and what is known to be
 * shared without our knowing what.
 */
#include "base/str.h"
#include "model/draft.h"
#include "pattern/value.h"

/* {"account", "region", "service", "call", "error"}: of a call that was refused. */
static vd_code read_missing(vd_import *in, uint32_t node)
{
    static const char *const names[] = { "account", "call", "region", "error" };
    vd_str                   said[VD_COUNT(names)];

    for (size_t i = 0; i < VD_COUNT(names); i++)
        said[i] = vd_extract_member(in->doc, node, names[i]);
    return vd_draft_note_node(in, VD_GAP_NOT_COLLECTED, VD_WARNING, node, said[0], VD_S(""), "not collected: " VD_F "%s" VD_F ": " VD_F, VD_A(said[1]),
                              said[2].n ? " in " : "", VD_A(said[2]), VD_A(said[3]));
}

static vd_code read_list(vd_import *in, const char *name, vd_code (*read)(vd_import *in, uint32_t node))
{
    vd_code  code;
    uint32_t list = vd_member_list(in, in->node, name, &code);

    if (list == VD_NONE)
        return code;
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c))
        VD_TRY(read(in, c));
    return VD_OK;
}

static vd_code read_service(vd_import *in, uint32_t node)
{
    vd_str service;

    if (!vd_draft_text(in->to, &service, vd_doc_text(in->doc, node)) || !VD_PUSH(&in->to->engine->alloc, &in->to->complete, service))
        return vd_fail_nomem(in->err);
    return VD_OK;
}

/* Several manifests: as old as the oldest. */
static vd_code read_collected(vd_import *in)
{
    uint32_t node = vd_member(in, in->node, "collectedAt");
    vd_date  date;

    if (node == VD_NONE)
        return VD_OK;
    if (!vd_date_parse(&date, vd_doc_text(in->doc, node)) || date.seconds <= 0)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_WARNING, node, VD_S(""), VD_S(""), "\"" VD_F "\" is no time",
                                  VD_A(vd_doc_text(in->doc, node)));
    if (in->to->collected == 0 || date.seconds < in->to->collected)
        in->to->collected = date.seconds;
    return VD_OK;
}

vd_code vd_read_manifest(vd_import *in)
{
    uint32_t format = vd_member(in, in->node, "format");
    if (format != VD_NONE && !vd_str_eq(vd_doc_text(in->doc, format), VD_S("1")))
        VD_TRY(vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, format, VD_S(""), VD_S(""), "the layout " VD_F " is not known, only 1",
                                  VD_A(vd_doc_text(in->doc, format))));
    VD_TRY(read_collected(in));
    VD_TRY(read_list(in, "complete", read_service));
    return read_list(in, "missing", read_missing);
}

/* ram get-resource-shares names shares, not what is in them nor with whom. */
static vd_code read_share(vd_import *in, uint32_t node)
{
    vd_str arn = vd_extract_member(in->doc, node, "resourceShareArn");

    if (vd_str_eq(vd_extract_member(in->doc, node, "status"), VD_S("DELETED")))
        return VD_OK;
    return vd_draft_note_node(in, VD_GAP_NOT_COLLECTED, VD_WARNING, node, in->account, VD_S(""),
                              "what the resource share \"" VD_F "\" shares, and with whom, is not known", VD_A(arn));
}

vd_code vd_read_shares(vd_import *in)
{
    return read_list(in, "resourceShares", read_share);
}
