/* SPDX-License-Identifier: Apache-2.0
 *
 * Canonical JSON of a policy.  Not by way of jansson: context keys may hold U+0000, and its keys end there.
 */
#include "policy/write.h"

#include "base/str.h"
#include "policy/policy.h"

void vd_json_of_string(vd_buf *out, vd_str s)
{
    size_t from = 0;

    vd_buf_byte(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        vd_buf_add(out, (vd_str){ s.p + from, i - from });
        from = i + 1;
        if (c < 0x20)
            vd_buf_printf(out, "\\u%04x", (unsigned)c);
        else
            vd_buf_printf(out, "\\%c", c);
    }
    vd_buf_add(out, vd_str_from(s, from));
    vd_buf_byte(out, '"');
}

/* ---- nodes ---- */

static void add_scalar(vd_buf *out, const vd_doc *doc, uint32_t node)
{
    switch (doc->nodes[node].kind) {
    case VD_NODE_NULL:
        vd_buf_add(out, VD_S("null"));
        break;
    case VD_NODE_TRUE:
        vd_buf_add(out, VD_S("true"));
        break;
    case VD_NODE_FALSE:
        vd_buf_add(out, VD_S("false"));
        break;
    case VD_NODE_NUMBER:
        vd_buf_add(out, vd_doc_text(doc, node));
        break;
    default:
        vd_json_of_string(out, vd_doc_text(doc, node));
    }
}

typedef struct open_container {
    uint32_t end;
    bool     object;
    uint32_t children; /* written so far; keys and values count each */
} open_container;

static void before_child(vd_buf *out, open_container *c)
{
    if (c->object && c->children % 2)
        vd_buf_byte(out, ':');
    else if (c->children)
        vd_buf_byte(out, ',');
    c->children++;
}

void vd_json_of_nodes(vd_buf *out, const vd_doc *doc, uint32_t node)
{
    uint32_t        end = doc->nodes[node].next, depth = 0, deepest = 0;
    open_container *open;
    size_t          bytes;

    for (uint32_t i = node; i < end; i++)
        if (doc->nodes[i].depth > deepest)
            deepest = doc->nodes[i].depth;
    bytes = ((size_t)deepest + 2) * sizeof *open;
    open = vd_alloc(out->alloc, bytes);
    if (!open)
        out->failed = true;
    for (uint32_t i = node; i <= end && open; i++) {
        while (depth && open[depth - 1].end <= i)
            vd_buf_byte(out, open[--depth].object ? '}' : ']');
        if (i == end)
            break;
        if (depth)
            before_child(out, &open[depth - 1]);
        if (doc->nodes[i].kind == VD_NODE_OBJECT || doc->nodes[i].kind == VD_NODE_ARRAY) {
            open[depth] = (open_container){ doc->nodes[i].next, doc->nodes[i].kind == VD_NODE_OBJECT, 0 };
            vd_buf_byte(out, open[depth++].object ? '{' : '[');
        } else {
            add_scalar(out, doc, i);
        }
    }
    vd_free(out->alloc, open, bytes);
}

/* ---- the model ---- */

static void add_member(vd_buf *out, const char *name)
{
    if (out->n && out->p[out->n - 1] != '{')
        vd_buf_byte(out, ',');
    vd_buf_printf(out, "\"%s\":", name);
}

static void add_texts(vd_buf *out, const vd_texts *texts)
{
    vd_buf_byte(out, '[');
    for (uint32_t i = 0; i < texts->count; i++) {
        if (i)
            vd_buf_byte(out, ',');
        vd_json_of_string(out, texts->at[i].text);
    }
    vd_buf_byte(out, ']');
}

static void add_list(vd_buf *out, const vd_list *list, const char *name, const char *not_name)
{
    if (!list->present)
        return;
    add_member(out, list->negated ? not_name : name);
    add_texts(out, &list->texts);
}

static const char *const types[] = {
    [VD_PRINCIPAL_AWS] = "AWS",
    [VD_PRINCIPAL_SERVICE] = "Service",
    [VD_PRINCIPAL_FEDERATED] = "Federated",
    [VD_PRINCIPAL_CANONICAL_USER] = "CanonicalUser",
};

/* The members in the order of the table; the entries of one keep theirs. */
static void add_principals_of(vd_buf *out, const vd_principals *p, uint8_t type)
{
    bool any = false;

    for (uint32_t i = 0; i < p->count; i++) {
        if (p->at[i].type != type)
            continue;
        if (!any) {
            add_member(out, types[type]);
            vd_buf_byte(out, '[');
        } else {
            vd_buf_byte(out, ',');
        }
        vd_json_of_string(out, p->at[i].text.text);
        any = true;
    }
    if (any)
        vd_buf_byte(out, ']');
}

static void add_principals(vd_buf *out, const vd_principals *p)
{
    if (!p->present)
        return;
    add_member(out, p->negated ? "NotPrincipal" : "Principal");
    if (p->count == 1 && p->at[0].type == VD_PRINCIPAL_STAR) {
        vd_buf_add(out, VD_S("\"*\""));
        return;
    }
    vd_buf_byte(out, '{');
    for (uint8_t type = 0; type < VD_COUNT(types); type++)
        add_principals_of(out, p, type);
    vd_buf_byte(out, '}');
}

static void add_entries(vd_buf *out, const vd_statement *st)
{
    for (uint32_t i = 0; i < st->entry_count; i++) {
        const vd_entry *e = &st->entries[i];
        bool new = i == 0 || !vd_str_eq(e->operator_name.text, st->entries[i - 1].operator_name.text);

        if (new &&i)
            vd_buf_byte(out, '}');
        if (i)
            vd_buf_byte(out, ',');
        if (new) {
            vd_json_of_string(out, e->operator_name.text);
            vd_buf_add(out, VD_S(":{"));
        }
        vd_json_of_string(out, e->key.text);
        vd_buf_byte(out, ':');
        add_texts(out, &e->values);
    }
    if (st->entry_count)
        vd_buf_byte(out, '}');
}

static void add_statement(vd_buf *out, const vd_statement *st)
{
    vd_buf_byte(out, '{');
    if (st->has_sid) {
        add_member(out, "Sid");
        vd_json_of_string(out, st->sid.text);
    }
    add_member(out, "Effect");
    vd_buf_add(out, st->effect == VD_EFFECT_ALLOW ? VD_S("\"Allow\"") : VD_S("\"Deny\""));
    add_principals(out, &st->principal);
    add_list(out, &st->action, "Action", "NotAction");
    add_list(out, &st->resource, "Resource", "NotResource");
    if (st->has_condition) {
        add_member(out, "Condition");
        vd_buf_byte(out, '{');
        add_entries(out, st);
        vd_buf_byte(out, '}');
    }
    vd_buf_byte(out, '}');
}

/* As it was written, from the document read again. */
static vd_code add_malformed(vd_buf *out, const vd_doc *doc, uint32_t statements, uint32_t index)
{
    uint32_t node = statements;

    if (doc->nodes[statements].kind == VD_NODE_ARRAY) {
        node = vd_doc_first(doc, statements);
        while (index-- && node != VD_NONE)
            node = vd_doc_next(doc, statements, node);
    }
    if (node == VD_NONE)
        return VD_EINTERNAL;
    vd_json_of_nodes(out, doc, node);
    return VD_OK;
}

static vd_code add_statements(vd_buf *out, const vd_policy *p, const vd_doc *doc)
{
    uint32_t statements = doc->count ? vd_doc_member(doc, 0, VD_S("Statement")) : VD_NONE;
    vd_code  code = VD_OK;

    for (uint32_t i = 0; i < p->statement_count && code == VD_OK; i++) {
        if (i)
            vd_buf_byte(out, ',');
        if (p->statements[i].malformed)
            code = add_malformed(out, doc, statements, i);
        else
            add_statement(out, &p->statements[i]);
    }
    return code;
}

static vd_code add_policy(vd_buf *out, const vd_policy *p, const vd_doc *doc)
{
    vd_code code;

    vd_buf_byte(out, '{');
    if (p->language != VD_LANGUAGE_NONE) {
        add_member(out, "Version");
        vd_buf_add(out, p->language == VD_LANGUAGE_2012 ? VD_S("\"2012-10-17\"") : VD_S("\"2008-10-17\""));
    }
    if (p->has_id) {
        add_member(out, "Id");
        vd_json_of_string(out, p->id);
    }
    add_member(out, "Statement");
    vd_buf_byte(out, '[');
    code = add_statements(out, p, doc);
    vd_buf_add(out, VD_S("]}"));
    return code;
}

static bool any_malformed(const vd_policy *p)
{
    for (uint32_t i = 0; i < p->statement_count; i++)
        if (p->statements[i].malformed)
            return true;
    return false;
}

vd_code vd_policy_write(vd_buf *out, const vd_policy *p)
{
    vd_arena  scratch = vd_arena_on(&p->engine->alloc, 0);
    vd_source source = { .name = p->name, .text = p->json };
    vd_doc    doc = { 0 };
    vd_code   code = VD_OK;

    if (any_malformed(p))
        code = vd_json_read(&doc, &scratch, &source, &p->engine->limits, NULL, NULL, NULL);
    if (code == VD_OK)
        code = add_policy(out, p, &doc);
    vd_arena_done(&scratch);
    return code == VD_OK && out->failed ? VD_ENOMEM : code;
}
