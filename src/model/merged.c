/* SPDX-License-Identifier: Apache-2.0
 *
 * One JSON for a whole snapshot, {"accounts": {ID: {...}}, "organization": {...}}: the names of members are those of folders
 * and files, with or without ".json" (analysis 8.1).
 */
#include "base/str.h"
#include "model/draft.h"

enum { DEEPEST = 8 };

typedef struct level {
    uint32_t object, key; /* the next member; VD_NONE: done */
    vd_str   path;
} level;

static vd_code join(vd_import *in, vd_str folder, vd_str name, vd_str *out)
{
    if (folder.n == 0 && vd_str_eq(name, VD_S("organization")))
        name = VD_S("org");
    return vd_arena_printf(in->scratch, out, VD_F "%s" VD_F, VD_A(folder), folder.n ? "/" : "", VD_A(name)) ? VD_OK : vd_fail_nomem(in->err);
}

/* The member as the file that it is called after. */
static vd_code as_file(vd_import *in, vd_str path, uint32_t value, bool *known)
{
    vd_import file = *in;
    vd_str    with;

    file.node = value;
    file.path = path;
    VD_TRY(vd_source_by_name(&file, known));
    if (*known)
        return VD_OK;
    if (!vd_arena_printf(in->scratch, &with, VD_F ".json", VD_A(path)))
        return vd_fail_nomem(in->err);
    file = *in;
    file.node = value;
    file.path = with;
    VD_TRY(vd_source_by_name(&file, known));
    return *known ? VD_OK : vd_source_by_shape(&file, known);
}

static level level_of(const vd_import *in, uint32_t object, vd_str path)
{
    return (level){ object, vd_doc_first(in->doc, object), path };
}

vd_code vd_read_merged(vd_import *in)
{
    level    stack[DEEPEST];
    uint32_t n = 0;

    stack[n++] = level_of(in, in->node, VD_S(""));
    while (n) {
        level   *l = &stack[n - 1];
        uint32_t key = l->key, value = key + 1;
        vd_str   path;
        bool     known = false;

        if (key == VD_NONE) {
            n--;
            continue;
        }
        l->key = vd_doc_next(in->doc, l->object, key);
        VD_TRY(join(in, l->path, vd_doc_text(in->doc, key), &path));
        if (n > 1) /* "accounts" and "organization" are folders */
            VD_TRY(as_file(in, path, value, &known));
        if (known || in->doc->nodes[value].kind == VD_NODE_NULL)
            continue;
        if (vd_extract_is(in->doc, value, VD_NODE_OBJECT) && n < DEEPEST)
            stack[n++] = level_of(in, value, path);
        else
            VD_TRY(vd_draft_note_node(in, VD_GAP_UNKNOWN_FILE, VD_WARNING, value, VD_S(""), VD_S(""), "nobody reads \"" VD_F "\"", VD_A(path)));
    }
    return VD_OK;
}
