/* SPDX-License-Identifier: Apache-2.0
 *
 * Custom rules out of the configuration.  What is wrong in one is an error with its place; a rule of one's own that would
 * never be right must not be silent.
 */
#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "base/suggest.h"
#include "lint/custom.h"
#include "policy/write.h"

enum { DEEPEST = 4, MOST_PARTS = 64 };

typedef struct reading {
    vd_customs      *out;
    vd_arena        *arena;
    const vd_engine *engine;
    const vd_doc    *doc;
    vd_error        *err;
} reading;

static vd_code refuse(const reading *r, uint32_t node, const char *expected)
{
    return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "expected %s, found %s", expected,
                        vd_doc_kind_name(r->doc, node));
}

static vd_code read_text(const reading *r, uint32_t node, vd_str *out)
{
    if (r->doc->nodes[node].kind != VD_NODE_STRING && r->doc->nodes[node].kind != VD_NODE_NUMBER)
        return refuse(r, node, "a string");
    *out = vd_doc_text(r->doc, node);
    return VD_OK;
}

static vd_code read_strs(const reading *r, uint32_t node, vd_strs *out)
{
    bool     list = r->doc->nodes[node].kind == VD_NODE_ARRAY;
    uint32_t i = list ? vd_doc_first(r->doc, node) : node;

    for (; i != VD_NONE; i = list ? vd_doc_next(r->doc, node, i) : VD_NONE) {
        vd_str s;

        VD_TRY(read_text(r, i, &s));
        if (!VD_ARENA_PUSH(r->arena, out->at, out->count, out->cap, s))
            return vd_fail_nomem(r->err);
    }
    return VD_OK;
}

static vd_code read_bool(const reading *r, uint32_t node, bool *out)
{
    uint8_t kind = r->doc->nodes[node].kind;

    if (kind != VD_NODE_TRUE && kind != VD_NODE_FALSE)
        return refuse(r, node, "true or false");
    *out = kind == VD_NODE_TRUE;
    return VD_OK;
}

/* ------------------------------------------------------------------ matchers */

/* "/regex/flags", else a glob. */
static vd_code read_matcher(const reading *r, uint32_t node, vd_matcher *out)
{
    char   why[128];
    size_t end, at;

    VD_TRY(read_text(r, node, &out->text));
    end = vd_str_rfind(out->text, '/');
    if (out->text.n < 2 || out->text.p[0] != '/' || end == 0 || end == out->text.n)
        return VD_OK;
    out->regex = vd_regex_new(&r->engine->alloc, vd_str_first(vd_str_from(out->text, 1), end - 1),
                              vd_str_from(out->text, end + 1), why, &at);
    if (!out->regex && !why[0])
        return vd_fail_nomem(r->err);
    if (!out->regex)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node),
                            "not a regular expression: %s, at byte %u of \"" VD_F "\"", why, (unsigned)at,
                            VD_A(vd_str_first(out->text, 80)));
    if (VD_ARENA_PUSH(r->arena, r->out->regexes, r->out->regex_count, r->out->regex_cap, out->regex))
        return VD_OK;
    vd_regex_free(out->regex);
    return vd_fail_nomem(r->err);
}

/* One, a list, or {match: one or a list}. */
static vd_code read_matchers(const reading *r, uint32_t node, vd_matchers *out)
{
    static const vd_str names[] = { VD_L("match") };
    uint32_t            at[1], i;
    bool                list;

    if (r->doc->nodes[node].kind == VD_NODE_OBJECT) {
        VD_TRY(vd_doc_members(r->doc, node, VD_S("a pattern"), names, 1, at, r->err));
        if (at[0] == VD_NONE)
            return refuse(r, node, "a member match");
        node = at[0];
    }
    list = r->doc->nodes[node].kind == VD_NODE_ARRAY;
    for (i = list ? vd_doc_first(r->doc, node) : node; i != VD_NONE; i = list ? vd_doc_next(r->doc, node, i) : VD_NONE) {
        vd_matcher m = { .text = VD_S("") };

        VD_TRY(read_matcher(r, i, &m));
        if (!VD_ARENA_PUSH(r->arena, out->at, out->count, out->cap, m))
            return vd_fail_nomem(r->err);
    }
    return VD_OK;
}

static vd_code read_condition(const reading *r, uint32_t node, vd_required_condition *out)
{
    static const vd_str names[] = { VD_L("key"), VD_L("operators"), VD_L("values"), VD_L("all-values") };
    uint32_t            at[VD_COUNT(names)];

    VD_TRY(vd_doc_members(r->doc, node, VD_S("a condition"), names, VD_COUNT(names), at, r->err));
    if (at[0] == VD_NONE)
        return refuse(r, node, "a member key");
    out->asked = true;
    VD_TRY(read_text(r, at[0], &out->key));
    if (at[1] != VD_NONE)
        VD_TRY(read_strs(r, at[1], &out->operators));
    if (at[2] != VD_NONE)
        VD_TRY(read_matchers(r, at[2], &out->values));
    return at[3] != VD_NONE ? read_bool(r, at[3], &out->all_values) : VD_OK;
}

/* ------------------------------------------------------------------ selectors */

static const vd_str selector_names[] = {
    VD_L("effect"), VD_L("literal"), VD_L("broad"), VD_L("condition"), VD_L("all-of"), VD_L("any-of"), VD_L("none-of"),
    VD_L("actions"), VD_L("not-actions"), VD_L("services"), VD_L("access-levels"), VD_L("resources"), VD_L("principals"),
    VD_L("principal-kinds"), VD_L("condition-keys"), VD_L("policy-types"), VD_L("containers"), VD_L("names"), VD_L("sids"),
};
enum { EFFECT, LITERAL, BROAD, CONDITION, FIRST_PARTS, FIRST_LIST = FIRST_PARTS + 3 };

typedef struct pending {
    vd_selector *into;
    uint32_t     node, depth;
} pending;

static vd_code read_effect(const reading *r, uint32_t node, vd_selector *s)
{
    vd_str text;

    VD_TRY(read_text(r, node, &text));
    s->effects = vd_str_eq(text, VD_S("Allow")) ? 1 : vd_str_eq(text, VD_S("Deny")) ? 2 : 0;
    return s->effects ? VD_OK : refuse(r, node, "Allow or Deny");
}

static vd_code read_parts(const reading *r, uint32_t node, vd_which which, const pending *of, pending *todo,
                          uint32_t *count)
{
    uint32_t     n = vd_doc_length(r->doc, node), k = 0;
    vd_selector *parts;

    if (r->doc->nodes[node].kind != VD_NODE_ARRAY)
        return refuse(r, node, "a list of selectors");
    if (of->depth == DEEPEST || *count + n > MOST_PARTS)
        return vd_fail_span(r->err, VD_ELIMIT, r->doc->source, vd_doc_span(r->doc, node), "the selector has too many parts");
    parts = vd_arena_new_array(r->arena, vd_selector, n ? n : 1);
    if (!parts)
        return vd_fail_nomem(r->err);
    for (uint32_t i = vd_doc_first(r->doc, node); i != VD_NONE; i = vd_doc_next(r->doc, node, i))
        todo[(*count)++] = (pending){ &parts[k++], i, of->depth + 1 };
    of->into->parts[which] = parts;
    of->into->part_count[which] = n;
    return VD_OK;
}

static vd_code read_one_selector(const reading *r, const pending *p, pending *todo, uint32_t *count)
{
    vd_selector *s = p->into;
    vd_matchers *lists[] = { &s->actions, &s->not_actions, &s->services, &s->levels, &s->resources, &s->principals,
                             &s->principal_kinds, &s->keys, &s->types, &s->containers, &s->names, &s->sids };
    uint32_t     at[VD_COUNT(selector_names)];
    bool         broad = true;

    VD_TRY(vd_doc_members(r->doc, p->node, VD_S("a selector"), selector_names, VD_COUNT(selector_names), at, r->err));
    if (at[EFFECT] != VD_NONE)
        VD_TRY(read_effect(r, at[EFFECT], s));
    if (at[LITERAL] != VD_NONE)
        VD_TRY(read_bool(r, at[LITERAL], &s->literal));
    if (at[BROAD] != VD_NONE) {
        VD_TRY(read_bool(r, at[BROAD], &broad));
        s->broad = broad;
        s->narrow = !broad;
    }
    if (at[CONDITION] != VD_NONE)
        VD_TRY(read_condition(r, at[CONDITION], &s->condition));
    for (int w = VD_WHICH_ALL; w <= VD_WHICH_NONE; w++)
        if (at[FIRST_PARTS + w] != VD_NONE)
            VD_TRY(read_parts(r, at[FIRST_PARTS + w], (vd_which)w, p, todo, count));
    for (size_t i = 0; i < VD_COUNT(lists); i++)
        if (at[FIRST_LIST + i] != VD_NONE)
            VD_TRY(read_matchers(r, at[FIRST_LIST + i], lists[i]));
    return VD_OK;
}

static vd_code read_selector(const reading *r, uint32_t node, vd_selector *out)
{
    pending  todo[MOST_PARTS + 1] = { { out, node, 0 } };
    uint32_t count = 1;

    for (uint32_t i = 0; i < count; i++)
        VD_TRY(read_one_selector(r, &todo[i], todo, &count));
    return VD_OK;
}

/* ------------------------------------------------------------------ rules */

static vd_code read_severity(const reading *r, uint32_t node, vd_lint_rule *rule)
{
    static const vd_str words[] = { VD_L("suggestion"), VD_L("warning"), VD_L("security"), VD_L("error") };

    for (size_t i = 0; i < VD_COUNT(words); i++)
        if (vd_str_eq(vd_doc_text(r->doc, node), words[i])) {
            rule->severity = (uint8_t)(VD_SUGGESTION + i);
            return VD_OK;
        }
    return refuse(r, node, "suggestion, warning, security or error");
}

/* 7 or 7.5 */
static vd_code read_score(const reading *r, uint32_t node, vd_lint_rule *rule)
{
    vd_str   s = vd_doc_text(r->doc, node);
    uint32_t v = 0;
    size_t   i = 0;

    while (i < s.n && i < 2 && vd_is_digit(s.p[i]))
        v = v * 10 + (uint32_t)(s.p[i++] - '0');
    v *= 10;
    if (i + 2 == s.n && s.p[i] == '.' && vd_is_digit(s.p[i + 1])) {
        v += (uint32_t)(s.p[i + 1] - '0');
        i = s.n;
    }
    if (i == 0 || i != s.n || v == 0 || v > 100)
        return refuse(r, node, "a score from 0.1 to 10.0");
    rule->score = (uint8_t)v;
    return VD_OK;
}

static vd_code read_applies(const reading *r, uint32_t node, vd_custom *c)
{
    vd_strs list = { 0 };

    VD_TRY(read_strs(r, node, &list));
    c->kinds = 0;
    for (uint32_t i = 0; i < list.count; i++) {
        vd_policy_type t;
        size_t         near;

        if (!vd_policy_type_read(&t, list.at[i])) {
            near = vd_suggest(list.at[i], vd_policy_type_names, VD_KIND_COUNT);
            vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node), "\"" VD_F "\" is not a type of policies",
                         VD_A(vd_str_first(list.at[i], 80)));
            if (near < VD_KIND_COUNT)
                vd_error_hint(r->err, "did you mean \"" VD_F "\"?", VD_A(vd_policy_type_names[near]));
            return VD_ESYNTAX;
        }
        c->kinds |= (uint16_t)(1u << t.kind);
        if (t.kind == VD_KIND_IDENTITY)
            c->kinds |= (uint16_t)VD_ON(MANAGED);
        if (t.resource_kind.n &&
            !VD_ARENA_PUSH(r->arena, c->resource_kinds.at, c->resource_kinds.count, c->resource_kinds.cap, t.resource_kind))
            return vd_fail_nomem(r->err);
    }
    return VD_OK;
}

static vd_code read_require(const reading *r, uint32_t node, vd_custom *c)
{
    static const vd_str names[] = { VD_L("condition"), VD_L("resources"), VD_L("principals"), VD_L("sid"), VD_L("boundary") };
    uint32_t            at[VD_COUNT(names)];

    VD_TRY(vd_doc_members(r->doc, node, VD_S("require"), names, VD_COUNT(names), at, r->err));
    if (at[0] != VD_NONE)
        VD_TRY(read_condition(r, at[0], &c->require.condition));
    if (at[1] != VD_NONE)
        VD_TRY(read_matchers(r, at[1], &c->require.resources));
    if (at[2] != VD_NONE)
        VD_TRY(read_matchers(r, at[2], &c->require.principals));
    if (at[3] != VD_NONE)
        VD_TRY(read_matchers(r, at[3], &c->require.sid));
    return at[4] != VD_NONE ? read_bool(r, at[4], &c->require.boundary) : VD_OK;
}

static vd_code add_json(const reading *r, uint32_t node, vd_strs *out)
{
    vd_buf b = vd_buf_on(&r->engine->alloc, 0);
    vd_str s = VD_S("");
    bool   ok = true;

    if (r->doc->nodes[node].kind == VD_NODE_STRING) {
        s = vd_doc_text(r->doc, node);
    } else {
        vd_json_of_nodes(&b, r->doc, node);
        ok = !b.failed && vd_arena_dup(r->arena, &s, vd_buf_str(&b));
    }
    vd_buf_done(&b);
    return ok && VD_ARENA_PUSH(r->arena, out->at, out->count, out->cap, s) ? VD_OK : vd_fail_nomem(r->err);
}

static vd_code read_examples(const reading *r, uint32_t node, vd_custom *c)
{
    static const vd_str names[] = { VD_L("bad"), VD_L("good") };
    vd_strs            *lists[] = { &c->bad, &c->good };
    uint32_t            at[VD_COUNT(names)];

    VD_TRY(vd_doc_members(r->doc, node, VD_S("examples"), names, VD_COUNT(names), at, r->err));
    for (size_t k = 0; k < VD_COUNT(names); k++) {
        if (at[k] == VD_NONE)
            continue;
        if (r->doc->nodes[at[k]].kind != VD_NODE_ARRAY)
            return refuse(r, at[k], "a list of policies");
        for (uint32_t i = vd_doc_first(r->doc, at[k]); i != VD_NONE; i = vd_doc_next(r->doc, at[k], i))
            VD_TRY(add_json(r, i, lists[k]));
    }
    return VD_OK;
}

/* {condition: {StringEquals: {...}}}: kept as the members of Condition. */
static vd_code read_fix(const reading *r, uint32_t node, vd_custom *c)
{
    static const vd_str names[] = { VD_L("condition") };
    vd_strs             text = { 0 };
    uint32_t            at[1];

    VD_TRY(vd_doc_members(r->doc, node, VD_S("fix"), names, 1, at, r->err));
    if (at[0] == VD_NONE || r->doc->nodes[at[0]].kind != VD_NODE_OBJECT)
        return refuse(r, node, "a member condition that is an object");
    VD_TRY(add_json(r, at[0], &text));
    c->fix = text.at[0];
    return VD_OK;
}

static vd_code read_id(const reading *r, uint32_t node, vd_lint_rule *rule)
{
    vd_str id, copy;

    VD_TRY(read_text(r, node, &id));
    if (!vd_str_starts(id, VD_S("x-")) || id.n < 3 || id.n > 64)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node),
                            "the id of a rule of one's own begins with \"x-\", not \"" VD_F "\"", VD_A(vd_str_first(id, 80)));
    for (uint32_t i = 0; i < r->out->count; i++)
        if (vd_str_eq(id, vd_str_of(r->out->rules[i].id)))
            return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node),
                                "there is a rule \"" VD_F "\" already", VD_A(id));
    if (!vd_arena_dup(r->arena, &copy, id))
        return vd_fail_nomem(r->err);
    rule->id = copy.p;
    return VD_OK;
}

enum { ID, SEVERITY, SCORE, APPLIES, MESSAGE, WHEN, FORBID, REQUIRE, STATEMENT, FIX, EXAMPLES, MEMBERS };

static vd_code read_members(const reading *r, const uint32_t *at, vd_lint_rule *rule, vd_custom *c)
{
    if (at[SEVERITY] != VD_NONE)
        VD_TRY(read_severity(r, at[SEVERITY], rule));
    if (at[SCORE] != VD_NONE)
        VD_TRY(read_score(r, at[SCORE], rule));
    if (at[APPLIES] != VD_NONE)
        VD_TRY(read_applies(r, at[APPLIES], c));
    if (at[MESSAGE] != VD_NONE)
        VD_TRY(read_text(r, at[MESSAGE], &c->message));
    if (at[WHEN] != VD_NONE)
        VD_TRY(read_selector(r, at[WHEN], &c->when));
    if (at[FORBID] != VD_NONE)
        VD_TRY(read_selector(r, at[FORBID], &c->forbid));
    if (at[STATEMENT] != VD_NONE)
        VD_TRY(read_selector(r, at[STATEMENT], &c->statement));
    if (at[REQUIRE] != VD_NONE)
        VD_TRY(read_require(r, at[REQUIRE], c));
    if (at[FIX] != VD_NONE)
        VD_TRY(read_fix(r, at[FIX], c));
    return at[EXAMPLES] != VD_NONE ? read_examples(r, at[EXAMPLES], c) : VD_OK;
}

static vd_code read_rule(const reading *r, uint32_t node)
{
    static const vd_str names[MEMBERS] = { VD_L("id"), VD_L("severity"), VD_L("score"), VD_L("applies-to"), VD_L("message"),
                                           VD_L("when"), VD_L("forbid"), VD_L("require"), VD_L("require-statement"),
                                           VD_L("fix"), VD_L("examples") };
    vd_lint_rule        rule = { .severity = VD_WARNING, .score = 50, .codes = "", .why = "", .remedy = "", .bad = "",
                                 .good = "" };
    vd_custom           c = { .kinds = VD_ON_ALL, .at = vd_source_pos(r->doc->source, vd_doc_span(r->doc, node)) };
    uint32_t            at[MEMBERS];
    vd_str              title;

    VD_TRY(vd_doc_members(r->doc, node, VD_S("a rule"), names, MEMBERS, at, r->err));
    if (at[ID] == VD_NONE)
        return refuse(r, node, "a member id");
    VD_TRY(read_id(r, at[ID], &rule));
    if (at[FORBID] == VD_NONE && at[REQUIRE] == VD_NONE && at[STATEMENT] == VD_NONE)
        return vd_fail_span(r->err, VD_ESYNTAX, r->doc->source, vd_doc_span(r->doc, node),
                            "the rule \"%s\" says nothing: forbid, require or require-statement", rule.id);
    VD_TRY(read_members(r, at, &rule, &c));
    c.has_when = at[WHEN] != VD_NONE;
    c.has_forbid = at[FORBID] != VD_NONE;
    c.has_require = at[REQUIRE] != VD_NONE;
    c.has_statement = at[STATEMENT] != VD_NONE;
    rule.on = c.kinds;
    rule.fix = c.fix.n ? VD_FIX_UNSAFE : VD_FIX_ADVICE;
    if (!vd_arena_dup(r->arena, &title, c.message.n ? c.message : VD_S("a rule of your own")))
        return vd_fail_nomem(r->err);
    rule.title = title.p;
    if (!VD_ARENA_PUSH(r->arena, r->out->at, r->out->count, r->out->cap, c))
        return vd_fail_nomem(r->err);
    r->out->count--; /* both grow together */
    if (!VD_ARENA_PUSH(r->arena, r->out->rules, r->out->count, r->out->rule_cap, rule))
        return vd_fail_nomem(r->err);
    return VD_OK;
}

vd_code vd_customs_read(vd_customs *out, vd_arena *arena, const vd_engine *engine, const vd_lint_config *c,
                        vd_error *err)
{
    reading r = { .out = out, .arena = arena, .engine = engine, .doc = c->custom_doc, .err = err };

    for (uint32_t i = r.doc ? vd_doc_first(r.doc, c->custom_node) : VD_NONE; i != VD_NONE;
         i = vd_doc_next(r.doc, c->custom_node, i))
        VD_TRY(read_rule(&r, i));
    out->group = (vd_lint_group){ .name = "custom", .rules = out->rules, .count = out->count };
    return VD_OK;
}

void vd_customs_done(vd_customs *c)
{
    for (uint32_t i = 0; i < c->regex_count; i++)
        vd_regex_free(c->regexes[i]);
    c->regex_count = 0;
}
