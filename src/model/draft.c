/* SPDX-License-Identifier: Apache-2.0
 *
 * What all readers of files share: texts that are kept once, places, notes.
 */
#include "model/draft.h"

#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

bool vd_draft_text(vd_snapshot_reader *to, vd_str *out, vd_str s)
{
    uint32_t id;
    vd_str   copy;

    *out = VD_S("");
    if (s.n == 0)
        return true;
    id = vd_intern_find(&to->texts, s);
    if (id == VD_NONE && (!vd_arena_dup(&to->arena, &copy, s) || !vd_intern_add(&to->texts, &to->engine->alloc, copy, &id)))
        return false;
    *out = to->texts.strings.at[id];
    return true;
}

vd_place vd_draft_place(const vd_import *in, uint32_t node)
{
    vd_pos at = { 0 };

    if (node != VD_NONE && in->doc)
        at = vd_source_pos(in->doc->source, vd_doc_span(in->doc, node));
    return (vd_place){ in->file, at.offset, at.length, at.line ? at.line : 1, at.column ? at.column : 1 };
}

vd_pos vd_draft_pos(const vd_snapshot_reader *to, vd_place at)
{
    return (vd_pos){ .file = at.file < to->files.count ? to->files.at[at.file].shown : VD_S(""),
                     .offset = at.offset,
                     .length = at.length,
                     .line = at.line,
                     .column = at.column };
}

int vd_place_order(const vd_snapshot_reader *to, vd_place a, vd_place b)
{
    int c = a.file == b.file ? 0 : vd_str_cmp(to->files.at[a.file].path, to->files.at[b.file].path);

    return c ? c : (a.offset > b.offset) - (a.offset < b.offset);
}

bool vd_draft_is_complete(const vd_snapshot_reader *to, vd_str service)
{
    for (uint32_t i = 0; i < to->complete.count; i++)
        if (vd_str_eq(to->complete.at[i], service))
            return true;
    return false;
}

static vd_code note(vd_snapshot_reader *to, vd_draft_note n, vd_error *err, const char *text)
{
    /* Texts of a thousand principals that miss the same group are the same. */
    if (!vd_draft_text(to, &n.text, vd_str_of(text)) || !vd_draft_text(to, &n.account, n.account) ||
        !vd_draft_text(to, &n.arn, n.arn) || !VD_PUSH(&to->engine->alloc, &to->notes, n))
        return vd_fail_nomem(err);
    return VD_OK;
}

vd_code vd_draft_note_at(vd_snapshot_reader *to, int32_t what, int32_t severity, vd_place at, vd_str account, vd_str arn,
                         vd_error *err, const char *format, ...)
{
    char    text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return note(to, (vd_draft_note){ .what = what, .severity = severity, .at = at, .account = account, .arn = arn }, err, text);
}

vd_code vd_draft_note_node(const vd_import *in, int32_t what, int32_t severity, uint32_t node, vd_str account, vd_str arn,
                           const char *format, ...)
{
    char    text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return note(in->to, (vd_draft_note){ .what = what, .severity = severity, .at = vd_draft_place(in, node), .account = account, .arn = arn },
                in->err, text);
}

/* Of the values below the node, white space aside. */
uint64_t vd_draft_shape(const vd_import *in, uint32_t node)
{
    const vd_doc *d = in->doc;
    uint64_t      h = 0;

    for (uint32_t i = node; i < d->nodes[node].next; i++) {
        vd_str text = d->nodes[i].kind < VD_NODE_ARRAY ? vd_doc_text(d, i) : VD_S("");

        h = vd_hash(h * 31 + d->nodes[i].kind * 64 + d->nodes[i].depth - d->nodes[node].depth, text);
    }
    return h;
}

vd_code vd_draft_account_add(vd_snapshot_reader *to, vd_str id, vd_str name, vd_place at, bool listed, vd_error *err)
{
    vd_draft_account a = { .id = id, .name = name, .listed = listed, .at = at };

    if (!vd_draft_text(to, &a.id, id) || !vd_draft_text(to, &a.name, name) || !VD_PUSH(&to->engine->alloc, &to->accounts, a))
        return vd_fail_nomem(err);
    return VD_OK;
}
