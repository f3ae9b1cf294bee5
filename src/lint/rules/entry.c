/* SPDX-License-Identifier: Apache-2.0
 *
 * Edits of entries of a Condition.
 */
#include "lint/rules/entry.h"

#include "base/str.h"
#include "lint/rules/tokens.h"

enum { MOST = 800 }; /* bytes of an edit: what is longer is not made */

static bool within(vd_span inner, vd_span outer)
{
    return inner.offset >= outer.offset && inner.offset < outer.offset + outer.length;
}

const vd_statement *vd_finding_statement(const vd_lint *l, const vd_finding *f)
{
    for (uint32_t i = 0; l->policy && i < l->policy->statement_count; i++)
        if (within(f->span, l->policy->statements[i].span))
            return &l->policy->statements[i];
    return NULL;
}

/* Several entries share an operator: the message names the key of the one that is meant. */
const vd_entry *vd_finding_entry(const vd_lint *l, const vd_finding *f)
{
    const vd_statement *st = vd_finding_statement(l, f);
    const vd_entry     *first = NULL;

    for (uint32_t i = 0; st && i < st->entry_count; i++) {
        const vd_entry *e = &st->entries[i];

        if (f->span.offset == e->key.span.offset || within(f->span, e->value))
            return e;
        if (f->span.offset != e->operator_name.span.offset)
            continue;
        if (vd_str_contains(f->message, e->key.text))
            return e;
        first = first ? first : e;
    }
    return first;
}

const char *vd_operator_text(vd_lint *l, unsigned quantifier, vd_str base, bool if_exists)
{
    static const char *const prefixes[] = { "", "ForAllValues:", "ForAnyValue:" };

    return vd_lint_printf(l, "%s" VD_F "%s", prefixes[quantifier], VD_A(base), if_exists ? "IfExists" : "");
}

/* ------------------------------------------------------------------ JSON */

/* Nothing that JSON would have to escape: such keys and values are left to people. */
static bool is_plain(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == '"' || s.p[i] == '\\')
            return false;
    return true;
}

/* The values as JSON: one string, or an array of them; NULL: not to be written in one edit. */
static const char *values_json(vd_lint *l, const vd_entry *e)
{
    char   text[MOST];
    size_t n = 0;
    bool   many = e->values.count != 1;

    text[n++] = many ? '[' : '"';
    n -= !many;
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_str s = e->values.at[i].text;

        if (!is_plain(s) || s.n + n + 8 > sizeof text)
            return NULL;
        if (i) {
            text[n++] = ',';
            text[n++] = ' ';
        }
        text[n++] = '"';
        memcpy(text + n, s.p, s.n);
        n += s.n;
        text[n++] = '"';
    }
    if (many)
        text[n++] = ']';
    text[n] = 0;
    return vd_lint_printf(l, "%s", text);
}

/* ------------------------------------------------------------------ edits */

static bool same_block(const vd_entry *a, const vd_entry *b)
{
    return a->operator_name.span.offset == b->operator_name.span.offset;
}

static bool stands_alone(const vd_statement *st, const vd_entry *e)
{
    for (uint32_t i = 0; i < st->entry_count; i++)
        if (&st->entries[i] != e && same_block(&st->entries[i], e))
            return false;
    return true;
}

/* An entry of the block that the operator has already; NULL: none. */
static const vd_entry *block_of(const vd_statement *st, const char *operator_name)
{
    for (uint32_t i = 0; i < st->entry_count; i++)
        if (vd_str_ieq(st->entries[i].operator_name.text, vd_str_of(operator_name)))
            return &st->entries[i];
    return NULL;
}

static bool has_key(const vd_statement *st, const vd_entry *block, vd_str key)
{
    for (uint32_t i = 0; i < st->entry_count; i++)
        if (same_block(&st->entries[i], block) && vd_str_ieq(st->entries[i].key.text, key))
            return true;
    return false;
}

static void add_entry(vd_lint *l, vd_finding *f, const vd_statement *st, const vd_entry *block,
                      const char *operator_name, vd_str key, const char *value)
{
    if (block)
        vd_finding_edit(l, f, VD_EDIT_ADD_MEMBER, block->block, "\"" VD_F "\": %s", VD_A(key), value);
    else
        vd_finding_edit(l, f, VD_EDIT_ADD_MEMBER, st->condition, "\"%s\": {\"" VD_F "\": %s}", operator_name,
                        VD_A(key), value);
}

void vd_fix_operator(vd_lint *l, vd_finding *f, vd_fix_kind kind, const vd_statement *st, const vd_entry *e,
                     const char *to)
{
    const vd_entry *block = block_of(st, to);
    const char     *value;

    if (!f || (block && !same_block(block, e) && has_key(st, block, e->key.text)))
        return;
    if (stands_alone(st, e) && (!block || same_block(block, e))) {
        vd_finding_fix(l, f, kind, "use %s", to);
        vd_finding_edit(l, f, VD_EDIT_STRING, e->operator_name.span, "%s", to);
        return;
    }
    value = values_json(l, e);
    if (!value || !is_plain(e->key.text) || e->key.text.n > MOST / 8 || (block && same_block(block, e)))
        return;
    vd_finding_fix(l, f, kind, "use %s", to);
    if (stands_alone(st, e))
        vd_finding_edit(l, f, VD_EDIT_DELETE_MEMBER, e->operator_name.span, "%s", "");
    else
        vd_finding_edit(l, f, VD_EDIT_DELETE_MEMBER, e->key.span, "%s", "");
    add_entry(l, f, st, block, to, e->key.text, value);
}

void vd_fix_drop_entry(vd_lint *l, vd_finding *f, vd_fix_kind kind, const vd_statement *st, const vd_entry *e)
{
    vd_span what = stands_alone(st, e) ? e->operator_name.span : e->key.span;

    if (st->entry_count == 1 && !vd_token_key_of(l, st->condition, &what))
        return;
    vd_finding_fix(l, f, kind, "remove the condition");
    vd_finding_edit(l, f, VD_EDIT_DELETE_MEMBER, what, "%s", "");
}

void vd_fix_add_entry(vd_lint *l, vd_finding *f, vd_fix_kind kind, const vd_statement *st, const char *operator_name,
                      vd_str key, const char *value)
{
    const vd_entry *block = block_of(st, operator_name);

    if (!f || !st->has_condition || !is_plain(key) || key.n > MOST / 8 || (block && has_key(st, block, key)))
        return;
    vd_finding_fix(l, f, kind, "add %s " VD_F, operator_name, VD_A(key));
    add_entry(l, f, st, block, operator_name, key, value);
}

void vd_fix_drop_value(vd_lint *l, vd_finding *f, const vd_entry *e, const vd_text *value, const char *title)
{
    if (!f || e->values.count < 2)
        return;
    if (f->fix_count == 0)
        vd_finding_fix(l, f, VD_FIX_SAFE, "%s", title);
    vd_finding_edit(l, f, VD_EDIT_DELETE_ITEM, value->span, "%s", "");
}

void vd_fix_text(vd_lint *l, vd_finding *f, vd_fix_kind kind, vd_span span, vd_str text)
{
    if (!f || text.n > MOST)
        return;
    vd_finding_fix(l, f, kind, "write %s", vd_lint_show(l, text));
    vd_finding_edit(l, f, VD_EDIT_STRING, span, VD_F, VD_A(text));
}
