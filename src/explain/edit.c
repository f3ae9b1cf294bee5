/* SPDX-License-Identifier: Apache-2.0
 *
 * Appending to what may be a single value or a list, adding members that are not there yet, all by splicing: whatever
 * else the text holds stays as it is.
 */
#include "explain/edit.h"

#include "base/engine.h"
#include "base/str.h"
#include "base/utf8.h"

#include <stdio.h>

/* ------------------------------------------------------------------ texts */

static vd_str joined(vd_editor *e, const vd_str *parts, size_t count)
{
    size_t n = 0;
    char  *p;

    for (size_t i = 0; i < count; i++)
        n += parts[i].n;
    p = vd_arena_alloc(e->arena, n + 1, 1);
    if (!p) {
        e->nomem = true;
        return (vd_str){ "", 0 };
    }
    n = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].n)
            memcpy(p + n, parts[i].p, parts[i].n);
        n += parts[i].n;
    }
    return (vd_str){ p, n };
}

#define JOIN(e, ...) joined((e), (const vd_str[]){ __VA_ARGS__ }, VD_COUNT(((const vd_str[]){ __VA_ARGS__ })))

bool vd_edit_quote(vd_arena *arena, vd_str *out, vd_str text)
{
    char  *p;
    size_t n = 0;

    if (vd_utf8_invalid(text) < text.n)
        return false;
    p = vd_arena_array(arena, text.n + 1, 6, 1);
    if (!p)
        return false;
    p[n++] = '"';
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];

        if ((unsigned char)c < 0x20) {
            n += (size_t)snprintf(p + n, 7, "\\u%04x", (unsigned)(unsigned char)c);
            continue;
        }
        if (c == '"' || c == '\\')
            p[n++] = '\\';
        p[n++] = c;
    }
    p[n++] = '"';
    *out = (vd_str){ p, n };
    return true;
}

/* A name as a part of a JSON pointer, inside a JSON string. */
static vd_str pointer_part(vd_editor *e, vd_str name)
{
    vd_str quoted;
    char  *p;
    size_t n = 0;

    if (!vd_edit_quote(e->arena, &quoted, name) || !(p = vd_arena_array(e->arena, quoted.n + 1, 2, 1))) {
        e->nomem = true;
        return (vd_str){ "", 0 };
    }
    for (size_t i = 1; i + 1 < quoted.n; i++) {
        if (quoted.p[i] == '~' || quoted.p[i] == '/') {
            p[n++] = '~';
            p[n++] = quoted.p[i] == '~' ? '0' : '1';
        } else {
            p[n++] = quoted.p[i];
        }
    }
    return (vd_str){ p, n };
}

static vd_str source_text(const vd_editor *e, uint32_t offset, uint32_t length)
{
    return (vd_str){ e->source.text.p + offset, length };
}

static vd_str token(const vd_editor *e, uint32_t node)
{
    return source_text(e, e->doc.nodes[node].offset, e->doc.nodes[node].length);
}

/* The text with [from, from + length) replaced. */
static vd_str spliced(vd_editor *e, uint32_t from, uint32_t length, vd_str with)
{
    return JOIN(e, source_text(e, 0, from), with, vd_str_from(e->source.text, from + length));
}

static bool finish(vd_editor *e, vd_edit *out, vd_str text, vd_str op, vd_str pointer, vd_str value)
{
    out->text = text;
    out->patch = value.n ? JOIN(e, VD_S("[{\"op\":\""), op, VD_S("\",\"path\":\""), pointer,
                                VD_S("\",\"value\":"), value, VD_S("}]"))
                         : JOIN(e, VD_S("[{\"op\":\""), op, VD_S("\",\"path\":\""), pointer, VD_S("\"}]"));
    return !e->nomem;
}

/* ------------------------------------------------------------------ places */

bool vd_editor_open(vd_editor *e, vd_arena *arena, const vd_policy *p)
{
    vd_code code;

    *e = (vd_editor){ .arena = arena };
    e->source.name = p->source.name;
    e->source.text = p->json;
    code = vd_json_read(&e->doc, arena, &e->source, &p->engine->limits, NULL, NULL, NULL);
    e->nomem = code == VD_ENOMEM;
    return code == VD_OK;
}

static uint32_t statement_node(vd_editor *e, uint32_t index, vd_str *pointer)
{
    uint32_t list = vd_doc_member(&e->doc, 0, VD_S("Statement")), at;
    char     text[40];

    if (list == VD_NONE)
        return VD_NONE;
    *pointer = VD_S("/Statement");
    if (e->doc.nodes[list].kind != VD_NODE_ARRAY)
        return index == 0 ? list : VD_NONE;
    at = vd_doc_first(&e->doc, list);
    for (uint32_t i = 0; at != VD_NONE && i < index; i++)
        at = vd_doc_next(&e->doc, list, at);
    snprintf(text, sizeof text, "/Statement/%u", index);
    *pointer = JOIN(e, vd_str_of(text));
    return at;
}

static uint32_t member_ignoring_case(const vd_doc *d, uint32_t object, vd_str key, vd_str *spelled)
{
    for (uint32_t c = vd_doc_first(d, object); c != VD_NONE; c = vd_doc_next(d, object, c))
        if (vd_str_ieq(vd_doc_text(d, c), key)) {
            *spelled = vd_doc_text(d, c);
            return c + 1;
        }
    return VD_NONE;
}

/* Just before the bracket that closes a container. */
static uint32_t before_end(const vd_editor *e, uint32_t node)
{
    return e->doc.nodes[node].offset + e->doc.nodes[node].length - 1;
}

static bool is_empty(const vd_editor *e, uint32_t node)
{
    return vd_doc_first(&e->doc, node) == VD_NONE;
}

/* {"a":{"b":json}} for the members of the path that are not there. */
static vd_str nested(vd_editor *e, const vd_str *path, uint32_t depth, vd_str json)
{
    vd_str out = json;

    for (uint32_t i = depth; i-- > 0;) {
        vd_str name;

        if (!vd_edit_quote(e->arena, &name, path[i])) {
            e->nomem = true;
            return out;
        }
        out = JOIN(e, VD_S("{"), name, VD_S(":"), out, VD_S("}"));
    }
    return out;
}

/* Follows the path as far as it exists.  *done: how many members of it do. */
static uint32_t follow(vd_editor *e, uint32_t node, const vd_str *path, uint32_t depth, uint32_t *done,
                       vd_str *pointer)
{
    for (*done = 0; *done < depth; ++*done) {
        vd_str   spelled = path[*done];
        uint32_t next;

        if (e->doc.nodes[node].kind != VD_NODE_OBJECT)
            return VD_NONE;
        next = member_ignoring_case(&e->doc, node, path[*done], &spelled);
        if (next == VD_NONE)
            return node;
        node = next;
        *pointer = JOIN(e, *pointer, VD_S("/"), pointer_part(e, spelled));
    }
    return node;
}

/* ------------------------------------------------------------------ edits */

static bool add_member(vd_editor *e, vd_edit *out, uint32_t node, vd_str pointer, const vd_str *path,
                       uint32_t depth, vd_str json)
{
    vd_str value = nested(e, path + 1, depth - 1, json), name;

    if (!vd_edit_quote(e->arena, &name, path[0]))
        return false;
    return finish(e, out,
                  spliced(e, before_end(e, node), 0,
                          JOIN(e, is_empty(e, node) ? VD_S("") : VD_S(","), name, VD_S(":"), value)),
                  VD_S("add"), JOIN(e, pointer, VD_S("/"), pointer_part(e, path[0])), value);
}

static bool append_value(vd_editor *e, vd_edit *out, uint32_t node, vd_str pointer, vd_str json)
{
    const vd_node *n = &e->doc.nodes[node];
    vd_str         list;

    if (n->kind == VD_NODE_OBJECT || n->kind == VD_NODE_NULL)
        return false;
    if (n->kind == VD_NODE_ARRAY)
        return finish(
            e, out,
            spliced(e, before_end(e, node), 0, JOIN(e, is_empty(e, node) ? VD_S("") : VD_S(","), json)),
            VD_S("add"), JOIN(e, pointer, VD_S("/-")), json);
    list = JOIN(e, VD_S("["), token(e, node), VD_S(","), json, VD_S("]"));
    return finish(e, out, spliced(e, n->offset, n->length, list), VD_S("replace"), pointer, list);
}

bool vd_edit_append(vd_editor *e, vd_edit *out, uint32_t index, const vd_str *path, uint32_t depth,
                    vd_str json)
{
    vd_str   pointer = { "", 0 };
    uint32_t node = statement_node(e, index, &pointer), done = 0;

    if (node == VD_NONE)
        return false;
    node = follow(e, node, path, depth, &done, &pointer);
    if (node == VD_NONE || e->nomem)
        return false;
    if (done == depth)
        return append_value(e, out, node, pointer, json);
    return e->doc.nodes[node].kind == VD_NODE_OBJECT &&
           add_member(e, out, node, pointer, path + done, depth - done, json);
}

bool vd_edit_remove(vd_editor *e, vd_edit *out, uint32_t index, const vd_str *path, uint32_t depth,
                    vd_str text)
{
    vd_str   pointer = { "", 0 };
    uint32_t node = statement_node(e, index, &pointer), done = 0, at, i = 0, before = VD_NONE;
    char     number[24];

    if (node == VD_NONE)
        return false;
    node = follow(e, node, path, depth, &done, &pointer);
    if (node == VD_NONE || done < depth || e->doc.nodes[node].kind != VD_NODE_ARRAY ||
        vd_doc_length(&e->doc, node) < 2)
        return false;
    for (at = vd_doc_first(&e->doc, node); at != VD_NONE; at = vd_doc_next(&e->doc, node, at), i++) {
        uint32_t from, to, next = vd_doc_next(&e->doc, node, at);

        if (!vd_str_eq(vd_doc_text(&e->doc, at), text)) {
            before = at;
            continue;
        }
        from = before == VD_NONE ? e->doc.nodes[at].offset
                                 : e->doc.nodes[before].offset + e->doc.nodes[before].length;
        to = before == VD_NONE && next != VD_NONE ? e->doc.nodes[next].offset
                                                  : e->doc.nodes[at].offset + e->doc.nodes[at].length;
        snprintf(number, sizeof number, "/%u", i);
        return finish(e, out, spliced(e, from, to - from, VD_S("")), VD_S("remove"),
                      JOIN(e, pointer, vd_str_of(number)), (vd_str){ "", 0 });
    }
    return false;
}

bool vd_edit_add_statement(vd_editor *e, vd_edit *out, vd_str json)
{
    uint32_t list = vd_doc_member(&e->doc, 0, VD_S("Statement"));

    return list != VD_NONE &&
           (e->doc.nodes[list].kind == VD_NODE_ARRAY || e->doc.nodes[list].kind == VD_NODE_OBJECT) &&
           (e->doc.nodes[list].kind == VD_NODE_ARRAY
                ? append_value(e, out, list, VD_S("/Statement"), json)
                : finish(e, out,
                         spliced(e, e->doc.nodes[list].offset, e->doc.nodes[list].length,
                                 JOIN(e, VD_S("["), token(e, list), VD_S(","), json, VD_S("]"))),
                         VD_S("replace"), VD_S("/Statement"),
                         JOIN(e, VD_S("["), token(e, list), VD_S(","), json, VD_S("]"))));
}
