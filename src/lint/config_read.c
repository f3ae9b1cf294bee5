/* SPDX-License-Identifier: Apache-2.0
 *
 * .verdict.yaml to values (config_rows.c says which), and what they came to for --print-config.  A file read later replaces,
 * key by key, what an earlier one said.
 */
#include "lint/config_rows.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "policy/write.h"

#include <stdio.h>

enum { MOST_KEYS = 32, MOST_SECTIONS = 32 };

static vd_code join_key(const vd_config_reading *r, const vd_config_row *w, vd_str *out)
{
    if (vd_arena_printf(r->arena, out, VD_F "%s" VD_F, VD_A(w->section), w->section.n ? "." : "", VD_A(w->name)))
        return VD_OK;
    return vd_fail_nomem(r->err);
}

/* Keeps what was written, and where, for --print-config. */
static vd_code remember(vd_config_reading *r, vd_str key, uint32_t node)
{
    vd_buf         b = vd_buf_on(&r->arena->alloc, 0);
    vd_config_said s = { .key = key, .at = vd_source_pos(r->doc->source, vd_doc_span(r->doc, node - 1)) };
    bool           ok;

    vd_json_of_nodes(&b, r->doc, node);
    ok = !b.failed && vd_arena_dup(r->arena, &s.value, vd_buf_str(&b)) &&
         VD_ARENA_PUSH(r->arena, r->c->said, r->c->said_count, r->c->said_cap, s);
    vd_buf_done(&b);
    return ok ? VD_OK : vd_fail_nomem(r->err);
}

/* Each member is a key of its own: a nearer file changes that one. */
static vd_code remember_each(vd_config_reading *r, vd_str key, uint32_t node)
{
    for (uint32_t i = vd_doc_first(r->doc, node); i != VD_NONE; i = vd_doc_next(r->doc, node, i)) {
        vd_str name;

        if (!vd_arena_printf(r->arena, &name, VD_F "." VD_F, VD_A(key), VD_A(vd_doc_text(r->doc, i))))
            return vd_fail_nomem(r->err);
        VD_TRY(remember(r, name, i + 1));
    }
    return VD_OK;
}

typedef struct section {
    vd_str   name;
    uint32_t node;
} section;

static vd_code read_section(vd_config_reading *r, section s, section *below, uint32_t *count)
{
    vd_str   names[MOST_KEYS], what = VD_S("the configuration");
    size_t   which[MOST_KEYS], n = 0;
    uint32_t at[MOST_KEYS];

    for (size_t i = 0; i < vd_config_row_count; i++)
        if (vd_str_eq(vd_config_rows[i].section, s.name)) {
            vd_assert(n < MOST_KEYS);
            which[n] = i;
            names[n++] = vd_config_rows[i].name;
        }
    if (s.name.n && !vd_arena_printf(r->arena, &what, "\"" VD_F "\"", VD_A(s.name)))
        return vd_fail_nomem(r->err);
    VD_TRY(vd_doc_members(r->doc, s.node, what, names, n, at, r->err));
    for (size_t i = 0; i < n; i++) {
        const vd_config_row *w = &vd_config_rows[which[i]];
        vd_str     key;

        if (at[i] == VD_NONE || r->doc->nodes[at[i]].kind == VD_NODE_NULL)
            continue;
        VD_TRY(join_key(r, w, &key));
        if (!w->read) {
            vd_assert(*count < MOST_SECTIONS);
            below[(*count)++] = (section){ key, at[i] };
            continue;
        }
        VD_TRY(w->read(r, at[i], (char *)r->c + w->offset));
        VD_TRY(w->each ? remember_each(r, key, at[i]) : remember(r, key, at[i]));
    }
    return VD_OK;
}

static bool is_json(vd_str name)
{
    return vd_str_ends(name, VD_S(".json"));
}

vd_code vd_lint_config_read(vd_lint_config *c, vd_arena *arena, const vd_engine *engine, vd_str name, vd_str base,
                            vd_str text, vd_error *err)
{
    vd_source *source = vd_arena_new(arena, vd_source);
    vd_doc    *doc = vd_arena_new(arena, vd_doc);
    vd_config_reading    r = { .c = c, .arena = arena, .doc = doc, .base = base, .err = err };
    section    todo[MOST_SECTIONS];
    uint32_t   count = 1, duplicates = 0;

    if (!source || !doc || !vd_arena_dup(arena, &r.base, base) || !vd_arena_dup(arena, &source->name, name))
        return vd_fail_nomem(err);
    source->text = text;
    if (vd_str_trim(text).n == 0)
        return VD_OK;
    if (!vd_source_mark(source, arena))
        return vd_fail_nomem(err);
    VD_TRY((is_json(name) ? vd_json_read : vd_yaml_read)(doc, arena, source, &engine->limits, NULL, &duplicates, err));
    if (duplicates)
        return err && err->code ? err->code : VD_ESYNTAX;
    if (doc->nodes[0].kind == VD_NODE_NULL)
        return VD_OK; /* nothing but comments */
    todo[0] = (section){ VD_S(""), 0 };
    for (uint32_t i = 0; i < count; i++)
        VD_TRY(read_section(&r, todo[i], todo, &count));
    return VD_OK;
}

bool vd_lint_config_is_root(const vd_engine *engine, vd_str name, vd_str text)
{
    vd_arena  arena = vd_arena_on(&engine->alloc, 0);
    vd_source source = { .name = name, .text = text };
    vd_doc    doc = { 0 };
    bool      root = false;

    if ((is_json(name) ? vd_json_read : vd_yaml_read)(&doc, &arena, &source, &engine->limits, NULL, NULL, NULL) == VD_OK) {
        uint32_t node = vd_doc_member(&doc, 0, VD_S("root"));

        root = node != VD_NONE && doc.nodes[node].kind == VD_NODE_TRUE;
    }
    vd_arena_done(&arena);
    return root;
}

/* ------------------------------------------------------------------ printing */

static const vd_config_said *last_said(const vd_lint_config *c, vd_str key)
{
    for (uint32_t i = c->said_count; i-- > 0;)
        if (vd_str_eq(c->said[i].key, key))
            return &c->said[i];
    return NULL;
}

static void print_line(vd_buf *out, vd_str key, vd_str value, const vd_config_said *said)
{
    vd_buf_add(out, key);
    vd_buf_add(out, VD_S(": "));
    vd_buf_add(out, value);
    if (said)
        vd_buf_printf(out, "  # " VD_F ":%u:%u\n", VD_A(said->at.file), (unsigned)said->at.line,
                      (unsigned)said->at.column);
    else
        vd_buf_add(out, VD_S("  # default\n"));
}

static void print_rules(vd_buf *out, const vd_lint_config *c)
{
    for (uint32_t i = 0; i < c->said_count; i++)
        if (vd_str_starts(c->said[i].key, VD_S("lint.rules.")) && last_said(c, c->said[i].key) == &c->said[i])
            print_line(out, c->said[i].key, c->said[i].value, &c->said[i]);
}

void vd_lint_config_print(vd_buf *out, const vd_lint_config *c)
{
    for (size_t i = 0; i < vd_config_row_count; i++) {
        const vd_config_said *said;
        char                  name[64];
        int                   n = snprintf(name, sizeof name, VD_F "%s" VD_F, VD_A(vd_config_rows[i].section),
                                           vd_config_rows[i].section.n ? "." : "", VD_A(vd_config_rows[i].name));
        vd_str                key = { name, n > 0 ? (size_t)n : 0 };

        if (vd_config_rows[i].each)
            print_rules(out, c);
        if (!vd_config_rows[i].read || vd_config_rows[i].each)
            continue;
        said = last_said(c, key);
        if (said || vd_config_rows[i].usual.n)
            print_line(out, key, said ? said->value : vd_config_rows[i].usual, said);
    }
}
