/* SPDX-License-Identifier: Apache-2.0
 *
 * Archive rules, JSON or YAML:
 *
 *   file   = [ rule ... ] | { "rules": [ rule ... ] }
 *   rule   = { "name", "filter": { FIELD: test ... } }     all tests hold (AWS calls the name "ruleName")
 *   test   = { "eq" | "neq" | "contains": [ value ... ], "exists": true | false }     one of the values
 *
 * FIELD is resource, resourceType, resourceOwnerAccount, isPublic, class, actions, error, principal.AWS, principal.Federated,
 * principal.Service, principal.CanonicalUser, grounds, or condition. or requires. and a condition key.
 */
#include "base/engine.h"
#include "base/str.h"
#include "base/suggest.h"
#include "cli/exposing.h"
#include "text/doc.h"

typedef enum operation { EQ, NEQ, CONTAINS, EXISTS, OPERATIONS } operation;
static const vd_str operations[OPERATIONS] = { VD_L("eq"), VD_L("neq"), VD_L("contains"), VD_L("exists") };

static const vd_str fields[] = {
    VD_L("resource"), VD_L("resourceType"), VD_L("resourceOwnerAccount"), VD_L("isPublic"), VD_L("class"), VD_L("actions"),
    VD_L("error"), VD_L("principal.AWS"), VD_L("principal.Federated"), VD_L("principal.Service"),
    VD_L("principal.CanonicalUser"), VD_L("grounds"),
};

typedef struct test {
    vd_str   field;
    uint8_t  op;
    bool     exists;
    vd_str  *values;
    uint32_t count, cap;
    uint32_t rule;
} test;

struct vd_archive {
    vd_arena  arena;
    test     *tests; /* those of a rule together */
    uint32_t  count, cap;
    uint32_t  rules;
    vd_source source;
    vd_doc    doc;
};

/* ------------------------------------------------------------------ reading */

static vd_code wrong(const vd_archive *a, uint32_t node, vd_error *err, const char *text)
{
    return vd_fail_span(err, VD_ESYNTAX, &a->source, vd_doc_span(&a->doc, node), "%s", text);
}

static vd_code unknown(const vd_archive *a, uint32_t node, const char *what, const vd_str *names, size_t count, vd_error *err)
{
    vd_str given = vd_doc_text(&a->doc, node);
    size_t near = vd_suggest(given, names, count);

    vd_fail_span(err, VD_ESYNTAX, &a->source, vd_doc_span(&a->doc, node), "\"" VD_F "\" is no %s of an archive rule",
                 VD_A(given), what);
    if (near < count)
        vd_error_hint(err, "did you mean \"" VD_F "\"?", VD_A(names[near]));
    return VD_ESYNTAX;
}

static bool is_kind(const vd_archive *a, uint32_t node, vd_node_kind kind)
{
    return node != VD_NONE && a->doc.nodes[node].kind == kind;
}

static vd_code take_values(vd_archive *a, test *t, uint32_t node, vd_error *err)
{
    bool     list = is_kind(a, node, VD_NODE_ARRAY);
    uint32_t c = list ? vd_doc_first(&a->doc, node) : node;

    for (; c != VD_NONE; c = list ? vd_doc_next(&a->doc, node, c) : VD_NONE) {
        if (is_kind(a, c, VD_NODE_OBJECT) || is_kind(a, c, VD_NODE_ARRAY) || is_kind(a, c, VD_NODE_NULL))
            return wrong(a, c, err, "a value of an archive rule is a text, a number or a boolean");
        if (!VD_ARENA_PUSH(&a->arena, t->values, t->count, t->cap, vd_doc_text(&a->doc, c)))
            return vd_fail_nomem(err);
    }
    if (t->op != EXISTS)
        return VD_OK;
    if (t->count != 1 || (!vd_str_eq(t->values[0], VD_S("true")) && !vd_str_eq(t->values[0], VD_S("false"))))
        return wrong(a, node, err, "\"exists\" is true or false");
    t->exists = vd_str_eq(t->values[0], VD_S("true"));
    return VD_OK;
}

static vd_code take_tests(vd_archive *a, vd_str field, uint32_t node, vd_error *err)
{
    if (!is_kind(a, node, VD_NODE_OBJECT))
        return wrong(a, node, err, "a criterion of an archive rule is an object: {\"eq\": [...]}");
    for (uint32_t c = vd_doc_first(&a->doc, node); c != VD_NONE; c = vd_doc_next(&a->doc, node, c)) {
        test t = { .field = field, .rule = a->rules };

        while (t.op < OPERATIONS && !vd_str_eq(vd_doc_text(&a->doc, c), operations[t.op]))
            t.op++;
        if (t.op == OPERATIONS)
            return unknown(a, c, "operator", operations, OPERATIONS, err);
        VD_TRY(take_values(a, &t, c + 1, err));
        if (!VD_ARENA_PUSH(&a->arena, a->tests, a->count, a->cap, t))
            return vd_fail_nomem(err);
    }
    return VD_OK;
}

static vd_code take_field(vd_archive *a, uint32_t key, vd_error *err)
{
    vd_str name = vd_doc_text(&a->doc, key);
    bool   known = (vd_str_starts(name, VD_S("condition.")) && name.n > 10) || (vd_str_starts(name, VD_S("requires.")) && name.n > 9);

    for (size_t i = 0; i < VD_COUNT(fields); i++)
        known |= vd_str_eq(name, fields[i]);
    if (!known)
        return unknown(a, key, "criterion", fields, VD_COUNT(fields), err);
    return take_tests(a, name, key + 1, err);
}

static vd_code take_rule(vd_archive *a, uint32_t node, vd_error *err)
{
    static const vd_str names[] = { VD_L("filter"), VD_L("name"), VD_L("ruleName") };
    uint32_t            at[VD_COUNT(names)], before = a->count;

    if (!is_kind(a, node, VD_NODE_OBJECT))
        return wrong(a, node, err, "an archive rule is an object with \"filter\"");
    VD_TRY(vd_doc_members(&a->doc, node, VD_S("an archive rule"), names, VD_COUNT(names), at, err));
    if (!is_kind(a, at[0], VD_NODE_OBJECT))
        return wrong(a, node, err, "an archive rule has \"filter\", an object of criteria");
    for (uint32_t c = vd_doc_first(&a->doc, at[0]); c != VD_NONE; c = vd_doc_next(&a->doc, at[0], c))
        VD_TRY(take_field(a, c, err));
    if (a->count == before)
        return wrong(a, at[0], err, "an archive rule without criteria would archive everything");
    a->rules++;
    return VD_OK;
}

static vd_code take_all(vd_archive *a, vd_error *err)
{
    uint32_t list = 0;

    if (is_kind(a, 0, VD_NODE_OBJECT))
        list = vd_doc_member(&a->doc, 0, VD_S("rules"));
    if (!is_kind(a, list, VD_NODE_ARRAY))
        return wrong(a, 0, err, "archive rules are an array, or an object with \"rules\"");
    for (uint32_t c = vd_doc_first(&a->doc, list); c != VD_NONE; c = vd_doc_next(&a->doc, list, c))
        VD_TRY(take_rule(a, c, err));
    return VD_OK;
}

vd_archive *vd_archive_read(vd_cli *cli, const char *path)
{
    vd_archive *a = vd_alloc0(vd_allocator_default(), sizeof *a);
    vd_error    err = { .size = sizeof err };
    vd_limits   limits;
    vd_code     code = VD_OK;
    bool        read;

    if (!a) {
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
        return NULL;
    }
    a->arena = vd_arena_on(vd_allocator_default(), 0);
    a->source.name = vd_str_of(path);
    vd_engine_limits(cli->engine, &limits);
    read = vd_read_text(cli, &a->arena, &a->source.text, path);
    if (read)
        code = vd_doc_read(&a->doc, &a->arena, &a->source, &limits, NULL, NULL, &err);
    if (read && code == VD_OK)
        code = take_all(a, &err);
    if (code != VD_OK)
        vd_cli_error(cli, vd_cli_exit_of(code), &err);
    if (read && code == VD_OK)
        return a;
    vd_archive_free(a);
    return NULL;
}

void vd_archive_free(vd_archive *a)
{
    if (!a)
        return;
    vd_arena_done(&a->arena);
    vd_free(vd_allocator_default(), a, sizeof *a);
}

/* ------------------------------------------------------------------ matching */

/* What a finding has in a field. */
typedef struct held {
    const vd_str *at;
    size_t        count;
} held;

static held one(vd_str *room, vd_str text)
{
    *room = text;
    return (held){ room, text.n ? 1 : 0 };
}

/* The values that it must have, else what it must be: "true", "present". */
static held required(const vd_required *r)
{
    return r->count ? (held){ r->values, r->count } : (held){ &r->must, 1 };
}

static held field_of(const vd_exposed *x, vd_str field, vd_str *room)
{
    if (vd_str_eq(field, VD_S("resource")))
        return one(room, x->resource);
    if (vd_str_eq(field, VD_S("resourceType")))
        return one(room, x->resource_type);
    if (vd_str_eq(field, VD_S("resourceOwnerAccount")))
        return one(room, x->resource_account);
    if (vd_str_eq(field, VD_S("isPublic")))
        return one(room, x->is_public ? VD_S("true") : VD_S("false"));
    if (vd_str_eq(field, VD_S("class")))
        return one(room, vd_str_of(vd_exposed_name(x->exposed)));
    if (vd_str_eq(field, VD_S("actions")))
        return (held){ x->actions.at, x->actions.count };
    if (vd_str_starts(field, VD_S("principal.")))
        return one(room, vd_str_eq(vd_str_from(field, 10), x->principal_type) ? x->principal : VD_S(""));
    if (vd_str_eq(field, VD_S("grounds")))
        return one(room, x->grounds);
    for (size_t i = 0; vd_str_starts(field, VD_S("requires.")) && i < x->require_count; i++)
        if (vd_str_ieq(vd_str_from(field, 9), x->requirements[i].key))
            return required(&x->requirements[i]);
    for (size_t i = 0; vd_str_starts(field, VD_S("condition.")) && i < x->condition_count; i++)
        if (vd_str_ieq(vd_str_from(field, 10), x->conditions[i].key))
            return (held){ x->conditions[i].values, x->conditions[i].count };
    return (held){ NULL, 0 }; /* a finding has no error */
}

static bool has_one(const test *t, const held *h, bool part)
{
    for (uint32_t v = 0; v < t->count; v++)
        for (size_t i = 0; i < h->count; i++)
            if (part ? vd_str_contains(h->at[i], t->values[v]) : vd_str_eq(h->at[i], t->values[v]))
                return true;
    return false;
}

static bool holds(const test *t, const vd_exposed *x)
{
    vd_str room;
    held   h = field_of(x, t->field, &room);

    switch (t->op) {
    case EQ:
        return has_one(t, &h, false);
    case NEQ:
        return !has_one(t, &h, false);
    case CONTAINS:
        return has_one(t, &h, true);
    default:
        return (h.count > 0) == t->exists;
    }
}

bool vd_archive_has(const vd_archive *a, const vd_exposed *x)
{
    for (uint32_t i = 0; i < a->count;) {
        uint32_t rule = a->tests[i].rule;
        bool     all = true;

        for (; i < a->count && a->tests[i].rule == rule; i++)
            all = all && holds(&a->tests[i], x);
        if (all)
            return true;
    }
    return false;
}
