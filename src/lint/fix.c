/* SPDX-License-Identifier: Apache-2.0
 *
 * From edits of tokens to edits of bytes, in the way the file is written.  Where a function of a template stands in between,
 * the fix is refused.
 */
#include "lint/fix_int.h"

#include "base/str.h"

#include <stdlib.h>

static void replace_string(vd_making *m, const vd_edit *e)
{
    uint32_t node = vd_fix_node(m, e->span, VD_WANT_SCALAR);
    vd_buf   b;

    if (node == VD_NONE) {
        m->refused = "a function of the template stands there";
        return;
    }
    b = vd_fix_buf(m);
    vd_fix_put_string(m, &b, node, e->text);
    vd_fix_splice_buf(m, m->doc->nodes[node].offset, vd_fix_end(m, node), &b);
}

static void replace_value(vd_making *m, const vd_edit *e)
{
    uint32_t node = vd_fix_node(m, e->span, VD_WANT_ANY);
    vd_buf   b;

    if (node == VD_NONE) {
        m->refused = "a function of the template stands there";
        return;
    }
    b = vd_fix_buf(m);
    vd_fix_put_value(m, &b, e->text, vd_fix_in_block(m, node));
    vd_fix_splice_buf(m, vd_fix_start(m, node), vd_fix_end(m, node), &b);
}

static int by_start(const void *a, const void *b)
{
    const vd_lint_edit *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static void make(vd_making *m, const vd_fix *fix)
{
    for (uint32_t i = 0; i < fix->count && !m->refused; i++) {
        const vd_edit *e = &fix->edits[i];

        switch (e->op) {
        case VD_EDIT_STRING:
            replace_string(m, e);
            break;
        case VD_EDIT_VALUE:
            replace_value(m, e);
            break;
        case VD_EDIT_ADD_ITEM:
            vd_fix_add_item(m, e);
            break;
        case VD_EDIT_ADD_MEMBER:
            vd_fix_add_member(m, e);
            break;
        case VD_EDIT_ADD_FIRST:
            vd_fix_add_first(m, e);
            break;
        default:
            break;
        }
    }
    if (!m->refused)
        vd_fix_delete_all(m, fix);
    if (m->count > 1)
        qsort(m->at, m->count, sizeof *m->at, by_start);
    for (uint32_t i = 1; i < m->count && !m->refused; i++)
        if (m->at[i].start < m->at[i - 1].end)
            m->refused = "its edits are in each other's way";
}

/* A template whose text holds the token more than once would change in places that nobody looked at. */
static const char *why_not(const vd_making *m)
{
    const vd_extracted *e = m->look->extracted;

    if (!e->fixable)
        return e->unfixable ? e->unfixable : "the policy is not written in this file";
    if (!m->look->lint.policy || e->synthetic)
        return "no text of a policy is in the file";
    if (!m->doc)
        return "the file is written in a way that is not edited";
    return NULL;
}

bool vd_lint_realise(vd_file_run *run, const vd_look_at *look, const vd_finding *f, vd_lint_finding *out)
{
    vd_lint_fix *fixes;
    uint32_t     n = 0;

    if (f->patch.length || f->patch.text.n)
        return vd_lint_realise_patch(run, &f->patch, out);
    if (f->fix_count == 0)
        return true;
    fixes = vd_arena_new_array(&run->report->arena, vd_lint_fix, f->fix_count);
    if (!fixes || (look->extracted->fixable && !vd_fix_find_own(run, look)))
        return false;
    for (uint32_t i = 0; i < f->fix_count; i++) {
        vd_making m = { .run = run, .look = look, .doc = run->own.doc, .parent = run->own.parent,
                     .text = run->report->source.text, .thorough = f->fixes[i].thorough };

        if (f->fixes[i].count == 0)
            continue;
        m.refused = why_not(&m);
        if (!m.refused)
            make(&m, &f->fixes[i]);
        if (m.refused)
            m.count = 0;
        fixes[n] = (vd_lint_fix){ .kind = f->fixes[i].kind, .edits = m.at, .edit_count = m.count };
        fixes[n].refused = vd_str_of(m.refused ? m.refused : "");
        if (m.no_memory || !vd_arena_dup(&run->report->arena, &fixes[n].title, f->fixes[i].title))
            return false;
        n++;
    }
    out->fixes = fixes;
    out->fix_count = n;
    return true;
}

bool vd_lint_realise_patch(vd_file_run *run, const vd_patch *patch, vd_lint_finding *out)
{
    vd_lint_edit *edit;
    vd_lint_fix  *fix;

    if (patch->length == 0 && patch->text.n == 0)
        return true;
    edit = vd_arena_new(&run->report->arena, vd_lint_edit);
    fix = vd_arena_new(&run->report->arena, vd_lint_fix);
    if (!edit || !fix || !vd_arena_dup(&run->report->arena, &edit->text, patch->text))
        return false;
    edit->start = patch->offset;
    edit->end = patch->offset + patch->length;
    *fix = (vd_lint_fix){ .kind = out->rule->fix, .title = out->hint.n ? out->hint : VD_S("correct the text"),
                          .edits = edit, .edit_count = 1 };
    out->fixes = fix;
    out->fix_count = 1;
    return true;
}
