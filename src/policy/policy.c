/* SPDX-License-Identifier: Apache-2.0
 *
 * A policy document: its life, and the members of the top object (E101 to E106).
 *
 *   document  = { [Version] [Id] Statement }        Version = "2012-10-17" | "2008-10-17"
 *   Statement = statement | [ statement, ... ]
 */
#include "policy/read.h"

#include "base/engine.h"
#include "base/str.h"
#include "policy/origin.h"

enum { VERSION, ID, STATEMENT, MEMBERS };
static const vd_str members[MEMBERS] = {
    [VERSION] = VD_L("Version"), [ID] = VD_L("Id"), [STATEMENT] = VD_L("Statement")
};

static const vd_str versions[] = {
    [VD_LANGUAGE_2008] = VD_L("2008-10-17"), [VD_LANGUAGE_2012] = VD_L("2012-10-17")
};

vd_policy *vd_policy_retain(vd_policy *policy)
{
    if (policy)
        vd_count_up(&policy->refs);
    return policy;
}

void vd_policy_release(vd_policy *policy)
{
    vd_engine *engine;
    vd_arena   arena;

    if (!policy || !vd_count_down(&policy->refs))
        return;
    engine = policy->engine;
    arena = policy->arena; /* it holds the policy itself */
    vd_arena_done(&arena);
    vd_engine_release(engine);
}

vd_str vd_policy_name(const vd_policy *policy)
{
    return policy->name;
}

vd_str vd_policy_text(const vd_policy *policy)
{
    return policy->json;
}

vd_kind vd_policy_kind(const vd_policy *policy)
{
    return policy->kind;
}

uint32_t vd_policy_statements(const vd_policy *policy)
{
    return policy->statement_count;
}

vd_pos vd_policy_pos(const vd_policy *p, vd_span span)
{
    return vd_source_pos(&p->source, span);
}

static vd_code make(vd_policy **out, const vd_engine *engine, vd_kind kind, vd_error *err)
{
    vd_arena   arena = vd_arena_on(&engine->alloc, 0);
    vd_policy *p = vd_arena_new(&arena, vd_policy);

    if (!p) {
        vd_arena_done(&arena);
        return vd_fail_nomem(err);
    }
    p->arena = arena;
    p->engine = vd_engine_retain((vd_engine *)(uintptr_t)engine);
    p->kind = kind;
    vd_count_init(&p->refs);
    *out = p;
    return VD_OK;
}

static void read_version(vd_policy_reader *r, uint32_t node, uint32_t root)
{
    vd_rule rule = VD_RULE_MISSING_VERSION;
    int     severity = r->kind->needs_2012 ? VD_ERROR : VD_WARNING;
    vd_text v;

    if (node == VD_NONE) {
        vd_policy_report_as(r, rule, severity, VD_FAULT_NONE, (vd_span){ vd_policy_span(r, root).offset, 1 },
                            "add \"Version\": \"2012-10-17\"",
                            r->kind->needs_2012
                                ? "no Version; %s must say 2012-10-17"
                                : "no Version; for %s AWS falls back to the 2008 language, in which "
                                  "${...} is plain text",
                            r->kind->label.p);
        return;
    }
    if (r->doc->nodes[node].kind != VD_NODE_STRING) {
        vd_policy_wrong_type(r, node, VD_FAULT_DOCUMENT, "Version", "a string");
        return;
    }
    if (!vd_policy_take_text(r, &v, node))
        return;
    if (vd_str_eq(v.text, versions[VD_LANGUAGE_2012])) {
        r->policy->language = VD_LANGUAGE_2012;
    } else if (vd_str_eq(v.text, versions[VD_LANGUAGE_2008])) {
        r->policy->language = VD_LANGUAGE_2008;
        vd_policy_report_as(r, VD_RULE_OLD_VERSION, severity, VD_FAULT_NONE, v.span, NULL,
                            r->kind->needs_2012
                                ? "%s must have Version 2012-10-17"
                                : "the 2008 policy language of %s has no variables; use 2012-10-17",
                            r->kind->label.p);
    } else {
        vd_policy_report(
            r, VD_RULE_INVALID_VERSION, v.span, NULL,
            "\"%s\" is not a version of the policy language; there are 2012-10-17 and 2008-10-17",
            vd_policy_show(r, v.text));
    }
}

/* E105: of any length, and without influence. */
static void read_id(vd_policy_reader *r, uint32_t node)
{
    if (r->doc->nodes[node].kind != VD_NODE_STRING) {
        vd_policy_wrong_type(r, node, VD_FAULT_NONE, "Id", "a string");
        return;
    }
    r->policy->has_id = true;
    r->policy->id = vd_policy_take(r, node);
    if (r->kind->odd_id)
        vd_policy_report(r, VD_RULE_ID_NOT_ALLOWED, vd_policy_span(r, node - 1), NULL, "Id is not part of %s",
                         r->kind->label.p);
}

static bool make_statements(vd_policy_reader *r, uint32_t count, uint32_t node)
{
    vd_policy *p = r->policy;

    if (count > r->limits->statements) {
        vd_policy_limit(r, vd_policy_span(r, node), "%u statements, at most %u are read (limit statements)",
                        (unsigned)count, (unsigned)r->limits->statements);
        return false;
    }
    p->statements = vd_arena_new_array(&p->arena, vd_statement, count);
    if (!p->statements) {
        vd_policy_nomem(r);
        return false;
    }
    p->statement_cap = count;
    return true;
}

static void add_statement(vd_policy_reader *r, uint32_t node)
{
    vd_policy *p = r->policy;

    if (r->doc->nodes[node].kind != VD_NODE_OBJECT) {
        vd_policy_wrong_type(r, node, VD_FAULT_DOCUMENT, "a statement", "an object");
        return;
    }
    vd_policy_read_statement(r, node, p->statement_count++);
}

static void read_statements(vd_policy_reader *r, uint32_t node)
{
    const vd_node *n = &r->doc->nodes[node];

    if (n->kind == VD_NODE_OBJECT) {
        if (make_statements(r, 1, node))
            add_statement(r, node);
    } else if (n->kind != VD_NODE_ARRAY) {
        vd_policy_wrong_type(r, node, VD_FAULT_DOCUMENT, "Statement", "an object or an array of objects");
    } else if (n->next == node + 1) {
        vd_policy_report(r, VD_RULE_MISSING_STATEMENT, vd_policy_span(r, node), NULL,
                         "the policy has no statement");
    } else if (make_statements(r, vd_doc_length(r->doc, node), node)) {
        for (uint32_t c = node + 1; c < n->next && r->code == VD_OK; c = r->doc->nodes[c].next)
            add_statement(r, c);
    }
}

static void read_document(vd_policy_reader *r, uint32_t root)
{
    const vd_node *n = &r->doc->nodes[root];
    uint32_t       at[MEMBERS];

    if (n->kind != VD_NODE_OBJECT) {
        vd_policy_wrong_type(r, root, VD_FAULT_DOCUMENT, "a policy", "an object");
        return;
    }
    vd_policy_members(r, root, members, MEMBERS, "a member of a policy document", at);
    read_version(r, at[VERSION] == VD_NONE ? VD_NONE : at[VERSION] + 1, root);
    if (at[ID] != VD_NONE)
        read_id(r, at[ID] + 1);
    if (at[STATEMENT] != VD_NONE)
        read_statements(r, at[STATEMENT] + 1);
    else
        vd_policy_report_as(r, VD_RULE_MISSING_STATEMENT, VD_ERROR, VD_FAULT_DOCUMENT,
                            (vd_span){ vd_policy_span(r, root).offset, 1 }, NULL,
                            "the policy has no statement");
    vd_policy_check_document(r, root);
}

/* Reads the model out of nodes whose text p->source already holds. */
static vd_code read_model(vd_policy *p, const vd_doc *doc, uint32_t root, uint32_t base, vd_diags *notes,
                          const vd_policy_sink *sink, bool *usable, vd_error *err)
{
    vd_policy_reader r = {
        .policy = p,
        .kind = &vd_kind_rows[p->kind],
        .limits = &p->engine->limits,
        .doc = doc,
        .base = base,
        .notes = notes,
        .sink = sink,
        .err = err,
        .scratch = vd_arena_on(&p->engine->alloc, 0),
        .worst_dropped = -1,
    };
    vd_code code;

    read_document(&r, root);
    code = vd_policy_flush(&r);
    if (usable)
        *usable = !r.unusable;
    vd_arena_done(&r.scratch);
    return code;
}

/* Equal members make a document unusable (E108).  The first of them has filled err then; what else is wrong is still
 * told to notes. */
static vd_code read_text(vd_policy *p, vd_diags *notes, vd_error *err)
{
    vd_arena scratch = vd_arena_on(&p->engine->alloc, 0);
    vd_doc   doc = { 0 };
    vd_error other = { .size = sizeof other };
    uint32_t duplicates = 0;
    vd_code  code = vd_json_read(&doc, &scratch, &p->source, &p->engine->limits, notes, &duplicates, err);

    if (code == VD_OK)
        code = read_model(p, &doc, 0, 0, notes, NULL, NULL, duplicates ? &other : err);
    vd_arena_done(&scratch);
    if (code == VD_ENOMEM)
        return vd_fail_nomem(err);
    return duplicates ? VD_ESYNTAX : code;
}

static vd_code known_kind(vd_kind kind, vd_error *err)
{
    return kind >= 0 && kind < VD_KIND_COUNT
               ? VD_OK
               : vd_fail(err, VD_EINVAL, "no kind of policy has the number %d", kind);
}

/* Positions name the file by the caller's own string: ours ends with the policy. */
static vd_code finish(vd_policy **out, vd_policy *p, vd_str name, vd_code code, vd_error *err)
{
    if (code != VD_OK) {
        if (err && err->at.file.n)
            err->at.file = name;
        vd_policy_release(p);
        return code;
    }
    *out = p;
    return VD_OK;
}

vd_code vd_policy_parse(vd_policy **out, const vd_engine *engine, vd_kind kind, vd_str name, vd_str text,
                        vd_diags *notes, vd_error *err)
{
    vd_policy *p;

    *out = NULL;
    VD_TRY(known_kind(kind, err));
    if (text.n > engine->limits.document_bytes || text.n > UINT32_MAX / 2)
        return vd_fail_at(err, VD_ELIMIT, (vd_pos){ .file = name, .line = 1, .column = 1 },
                          "%zu bytes, at most %llu are read (limit document_bytes)", text.n,
                          (unsigned long long)engine->limits.document_bytes);
    VD_TRY(make(&p, engine, kind, err));
    if (!vd_arena_dup(&p->arena, &p->source.name, name) || !vd_arena_dup(&p->arena, &p->source.text, text))
        return finish(out, p, name, vd_fail_nomem(err), err);
    p->name = p->source.name;
    p->json = p->source.text;
    return finish(out, p, name, read_text(p, notes, err), err);
}

/* There may be a hundred thousand small policies in a snapshot: none of them gets much more room than it needs. */
static size_t chunk_for(uint32_t length)
{
    enum { LEAST = 1024, MOST = 65536, FOR_EACH_BYTE = 3 };
    size_t room = (size_t)length * FOR_EACH_BYTE;

    return room < LEAST ? LEAST : room > MOST ? MOST : room;
}

static vd_code read_node(vd_policy **out, const vd_engine *engine, vd_kind kind, vd_str name, const vd_doc *doc,
                         uint32_t node, vd_diags *notes, const vd_policy_sink *sink, bool *usable, vd_error *err)
{
    const vd_source *file = doc->source;
    vd_policy       *p;
    uint32_t         base = 0;
    vd_code          code;

    *out = NULL;
    VD_TRY(known_kind(kind, err));
    VD_TRY(make(&p, engine, kind, err));
    p->arena.next_chunk = chunk_for(doc->nodes[node].length);
    code = (sink ? vd_policy_borrow_origin : vd_policy_take_origin)(p, name, doc, node, &base, err);
    p->source.holes = doc->source->holes;
    if (code == VD_OK)
        code = read_model(p, doc, node, base, notes, sink, usable, err);
    while (file->outer)
        file = file->outer;
    return finish(out, p, file->name, code, err);
}

vd_code vd_policy_read(vd_policy **out, const vd_engine *engine, vd_kind kind, vd_str name, const vd_doc *doc,
                       uint32_t node, vd_diags *notes, vd_error *err)
{
    return read_node(out, engine, kind, name, doc, node, notes, NULL, NULL, err);
}

vd_code vd_policy_read_leniently(vd_policy **out, const vd_engine *engine, vd_kind kind, vd_str name,
                                 const vd_doc *doc, uint32_t node, const vd_policy_sink *sink, bool *usable,
                                 vd_error *err)
{
    return read_node(out, engine, kind, name, doc, node, NULL, sink, usable, err);
}
