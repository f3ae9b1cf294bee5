/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading a scenario file:
 *
 *   file     = scenario | [ scenario ... ] | suite
 *   scenario = { "name", "why", "source", "rules", "request", "policies", "resourceState", "expect" }
 *   suite    = { "name", "why", "source", "rules", "policies", "resourceState", "defaults", "cases": [ scenario ... ] }
 *
 * A case takes what it does not say from its suite.  Every member is checked here, once, so that running cannot fail
 * for the sake of a typing error.  The request and resourceState are read by the request room.
 */
#include "scenario/suite.h"

#include "base/file.h"
#include "base/str.h"
#include "base/suggest.h"

#include <stdarg.h>
#include <stdio.h>

/* ------------------------------------------------------------------ small readers */

vd_code vd_suite_fail(const vd_suite *s, uint32_t node, vd_error *err, const char *format, ...)
{
    char    text[sizeof err->text];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return vd_fail_span(err, VD_ESYNTAX, &s->source, vd_doc_span(&s->doc, node), "%s", text);
}

static vd_code want(const vd_suite *s, uint32_t node, vd_node_kind kind, const char *name, const char *must,
                    vd_error *err)
{
    if (s->doc.nodes[node].kind == kind)
        return VD_OK;
    return vd_suite_fail(s, node, err, "\"%s\" must be %s, found %s", name, must, vd_doc_kind_name(&s->doc, node));
}

/* An optional string. */
static vd_code text_member(const vd_suite *s, uint32_t node, const char *name, vd_str *out, vd_error *err)
{
    if (node == VD_NONE)
        return VD_OK;
    VD_TRY(want(s, node, VD_NODE_STRING, name, "a string", err));
    *out = vd_doc_text(&s->doc, node);
    return VD_OK;
}

/* An optional array of strings. */
static vd_code texts_member(vd_suite *s, uint32_t node, const char *name, const vd_str **out, size_t *count,
                            vd_error *err)
{
    vd_str *list;
    size_t  n = 0;

    if (node == VD_NONE)
        return VD_OK;
    VD_TRY(want(s, node, VD_NODE_ARRAY, name, "an array of strings", err));
    list = vd_arena_new_array(&s->arena, vd_str, vd_doc_length(&s->doc, node) + 1);
    if (!list)
        return vd_fail_nomem(err);
    for (uint32_t c = vd_doc_first(&s->doc, node); c != VD_NONE; c = vd_doc_next(&s->doc, node, c)) {
        if (s->doc.nodes[c].kind != VD_NODE_STRING)
            return vd_suite_fail(s, c, err, "\"%s\" must be an array of strings, found %s", name,
                                 vd_doc_kind_name(&s->doc, c));
        list[n++] = vd_doc_text(&s->doc, c);
    }
    *out = list;
    *count = n;
    return VD_OK;
}

static vd_code unknown_word(const vd_suite *s, uint32_t node, const char *name, const vd_str *words, size_t count,
                            vd_error *err)
{
    vd_str given = vd_doc_text(&s->doc, node);
    size_t near = vd_suggest(given, words, count);

    vd_suite_fail(s, node, err, "\"%s\" cannot be \"" VD_F "\"", name, VD_A(given));
    if (near < count)
        vd_error_hint(err, "did you mean \"" VD_F "\"?", VD_A(words[near]));
    return VD_ESYNTAX;
}

/* ------------------------------------------------------------------ expect */

static const vd_str outcomes[] = {
    [VD_IMPLICIT_DENY] = VD_L("implicit-deny"), [VD_EXPLICIT_DENY] = VD_L("explicit-deny"),
    [VD_ALLOW] = VD_L("allow"),                 [VD_EXPECT_DENY] = VD_L("deny"),
    [VD_EXPECT_ERROR] = VD_L("error"),
};

const char *vd_expect_name(int32_t outcome)
{
    return outcome >= 0 && outcome < (int32_t)VD_COUNT(outcomes) ? outcomes[outcome].p : "";
}

static vd_code expect_outcome(const vd_suite *s, uint32_t node, const char *name, vd_expect *x, vd_error *err)
{
    vd_str given = vd_doc_text(&s->doc, node);

    for (size_t i = 0; i < VD_COUNT(outcomes); i++)
        if (vd_str_eq(outcomes[i], given)) {
            x->outcome = (int32_t)i;
            return VD_OK;
        }
    return unknown_word(s, node, name, outcomes, VD_COUNT(outcomes), err);
}

static vd_code expect_layer(const vd_suite *s, uint32_t node, vd_expect *x, vd_error *err)
{
    vd_str names[VD_LAYER_COUNT];

    x->has_layer = true;
    x->layer = VD_LAYER_NONE;
    if (s->doc.nodes[node].kind == VD_NODE_NULL)
        return VD_OK;
    VD_TRY(want(s, node, VD_NODE_STRING, "layer", "a string or null", err));
    for (vd_layer l = 0; l < VD_LAYER_COUNT; l++) {
        names[l] = vd_str_of(vd_layer_name(l));
        if (vd_str_eq(names[l], vd_doc_text(&s->doc, node)))
            x->layer = l;
    }
    return x->layer == VD_LAYER_NONE ? unknown_word(s, node, "layer", names, VD_LAYER_COUNT, err) : VD_OK;
}

static vd_code expect_category(const vd_suite *s, uint32_t node, vd_expect *x, vd_error *err)
{
    vd_str names[VD_CATEGORY_COUNT];

    VD_TRY(want(s, node, VD_NODE_STRING, "category", "a string", err));
    for (vd_category c = 0; c < VD_CATEGORY_COUNT; c++) {
        names[c] = vd_str_of(vd_category_name(c));
        if (c != VD_CATEGORY_NONE && vd_str_eq(names[c], vd_doc_text(&s->doc, node)))
            x->category = c;
    }
    return x->category == VD_CATEGORY_NONE ? unknown_word(s, node, "category", names + 1, VD_CATEGORY_COUNT - 1, err)
                                           : VD_OK;
}

/* A Sid, or an index from 0. */
static vd_code expect_statement(const vd_suite *s, uint32_t node, vd_expect *x, vd_error *err)
{
    vd_str   text = vd_doc_text(&s->doc, node);
    uint32_t index = 0;

    x->has_statement = true;
    if (s->doc.nodes[node].kind == VD_NODE_STRING) {
        x->sid = text;
        return VD_OK;
    }
    if (s->doc.nodes[node].kind != VD_NODE_NUMBER || text.n > 9 || !vd_str_all_digits(text))
        return vd_suite_fail(s, node, err, "\"statement\" must be a Sid or an index from 0");
    for (size_t i = 0; i < text.n; i++)
        index = index * 10 + (uint32_t)(text.p[i] - '0');
    x->statement_is_index = true;
    x->statement = index;
    return VD_OK;
}

static vd_code read_expect(vd_suite *s, uint32_t node, vd_expect *x, vd_error *err)
{
    enum { DECISION, LAYER, CATEGORY, POLICY, STATEMENT, REASON, MISSING, COUNT };
    static const vd_str names[COUNT] = { VD_L("decision"),  VD_L("layer"),  VD_L("category"),   VD_L("policy"),
                                         VD_L("statement"), VD_L("reason"), VD_L("missingKeys") };
    uint32_t at[COUNT];

    if (s->doc.nodes[node].kind == VD_NODE_STRING)
        return expect_outcome(s, node, "expect", x, err);
    VD_TRY(want(s, node, VD_NODE_OBJECT, "expect", "a string or an object", err));
    VD_TRY(vd_doc_members(&s->doc, node, VD_S("\"expect\""), names, COUNT, at, err));
    if (vd_doc_length(&s->doc, node) == 0)
        return vd_suite_fail(s, node, err, "\"expect\" says nothing");
    if (at[DECISION] != VD_NONE) {
        VD_TRY(want(s, at[DECISION], VD_NODE_STRING, "decision", "a string", err));
        VD_TRY(expect_outcome(s, at[DECISION], "decision", x, err));
    }
    if (at[LAYER] != VD_NONE)
        VD_TRY(expect_layer(s, at[LAYER], x, err));
    if (at[CATEGORY] != VD_NONE)
        VD_TRY(expect_category(s, at[CATEGORY], x, err));
    if (at[STATEMENT] != VD_NONE)
        VD_TRY(expect_statement(s, at[STATEMENT], x, err));
    VD_TRY(text_member(s, at[POLICY], "policy", &x->policy, err));
    VD_TRY(text_member(s, at[REASON], "reason", &x->reason, err));
    x->has_missing = at[MISSING] != VD_NONE;
    return texts_member(s, at[MISSING], "missingKeys", &x->missing, &x->missing_count, err);
}

/* ------------------------------------------------------------------ scenarios */

enum { NAME, WHY, SOURCE, RULES, POLICIES, STATE, REQUEST, EXPECT, SCENARIO_COUNT };
static const vd_str scenario_names[SCENARIO_COUNT] = {
    VD_L("name"),     VD_L("why"),           VD_L("source"),  VD_L("rules"),
    VD_L("policies"), VD_L("resourceState"), VD_L("request"), VD_L("expect"),
};

enum { DEFAULTS = REQUEST, CASES = EXPECT }; /* the first six members are those of a scenario */
static const vd_str suite_names[SCENARIO_COUNT] = {
    VD_L("name"),     VD_L("why"),           VD_L("source"),   VD_L("rules"),
    VD_L("policies"), VD_L("resourceState"), VD_L("defaults"), VD_L("cases"),
};

/* What a case inherits. */
typedef struct outer {
    vd_case  about;
    uint32_t slots[VD_SLOT_COUNT];
    uint32_t state, defaults;
} outer;

static vd_code read_about(vd_suite *s, const uint32_t *at, vd_case *about, vd_error *err)
{
    VD_TRY(text_member(s, at[NAME], "name", &about->name, err));
    VD_TRY(text_member(s, at[WHY], "why", &about->why, err));
    VD_TRY(text_member(s, at[SOURCE], "source", &about->source, err));
    return texts_member(s, at[RULES], "rules", &about->rules, &about->rule_count, err);
}

/* A kind that is given takes the place of the outer one. */
static vd_code read_policies(vd_suite *s, uint32_t node, uint32_t slots[VD_SLOT_COUNT], vd_error *err)
{
    uint32_t at[VD_SLOT_COUNT];

    if (node == VD_NONE)
        return VD_OK;
    VD_TRY(want(s, node, VD_NODE_OBJECT, "policies", "an object", err));
    VD_TRY(vd_doc_members(&s->doc, node, VD_S("\"policies\""), vd_slot_names, VD_SLOT_COUNT, at, err));
    for (int i = 0; i < VD_SLOT_COUNT; i++)
        if (at[i] != VD_NONE)
            slots[i] = at[i];
    return VD_OK;
}

static vd_code read_scenario(vd_suite *s, uint32_t node, const outer *from, vd_error *err)
{
    uint32_t    at[SCENARIO_COUNT], slots[VD_SLOT_COUNT];
    vd_case_int c = { .pub = from->about, .defaults = from->defaults, .request = VD_NONE, .state = from->state };

    if (s->doc.nodes[node].kind != VD_NODE_OBJECT)
        return vd_suite_fail(s, node, err, "a scenario must be an object, found %s", vd_doc_kind_name(&s->doc, node));
    VD_TRY(vd_doc_members(&s->doc, node, VD_S("the scenario"), scenario_names, SCENARIO_COUNT, at, err));
    c.pub.size = sizeof c.pub;
    c.pub.at = vd_locator_pos(&s->locator, &s->source, vd_doc_span(&s->doc, node));
    c.pub.name = (vd_str){ 0 };
    VD_TRY(read_about(s, at, &c.pub, err));
    memcpy(slots, from->slots, sizeof slots);
    VD_TRY(read_policies(s, at[POLICIES], slots, err));
    c.request = at[REQUEST];
    if (at[STATE] != VD_NONE)
        c.state = at[STATE];
    if (c.request == VD_NONE && c.defaults == VD_NONE)
        return vd_suite_fail(s, node, err, "a scenario needs a \"request\"");
    c.expect = (vd_expect){ .size = sizeof c.expect, .outcome = VD_EXPECT_NOTHING, .layer = VD_LAYER_NONE };
    if (at[EXPECT] != VD_NONE)
        VD_TRY(read_expect(s, at[EXPECT], &c.expect, err));
    else if (!s->opts->no_expect)
        return vd_suite_fail(s, node, err, "a scenario needs an \"expect\"");
    VD_TRY(vd_suite_compile(s, slots, &c.set, err));
    if (s->cases.count >= s->engine->limits.scenario_cases)
        return vd_fail_span(err, VD_ELIMIT, &s->source, vd_doc_span(&s->doc, node),
                            "more than %u cases (limit scenario_cases)", (unsigned)s->engine->limits.scenario_cases);
    return VD_PUSH(&s->engine->alloc, &s->cases, c) ? VD_OK : vd_fail_nomem(err);
}

static vd_code read_list(vd_suite *s, uint32_t node, const outer *from, vd_error *err)
{
    if (vd_doc_length(&s->doc, node) == 0)
        return vd_suite_fail(s, node, err, "no scenario in this file");
    for (uint32_t c = vd_doc_first(&s->doc, node); c != VD_NONE; c = vd_doc_next(&s->doc, node, c))
        VD_TRY(read_scenario(s, c, from, err));
    return VD_OK;
}

/* The likely mistake: what all cases have in common belongs into "defaults". */
static vd_code check_suite(const vd_suite *s, vd_error *err)
{
    uint32_t request = vd_doc_member(&s->doc, 0, VD_S("request"));

    if (request == VD_NONE)
        return VD_OK;
    vd_suite_fail(s, request - 1, err, "unknown member \"request\" in the suite");
    vd_error_hint(err, "put it into \"defaults\"");
    return VD_ESYNTAX;
}

static vd_code read_suite(vd_suite *s, outer *from, vd_error *err)
{
    static const vd_str default_names[] = { VD_L("request") };
    uint32_t            at[SCENARIO_COUNT];

    VD_TRY(check_suite(s, err));
    VD_TRY(vd_doc_members(&s->doc, 0, VD_S("the suite"), suite_names, SCENARIO_COUNT, at, err));
    VD_TRY(read_about(s, at, &from->about, err));
    VD_TRY(read_policies(s, at[POLICIES], from->slots, err));
    from->state = at[STATE];
    if (at[DEFAULTS] != VD_NONE) {
        VD_TRY(want(s, at[DEFAULTS], VD_NODE_OBJECT, "defaults", "an object", err));
        VD_TRY(vd_doc_members(&s->doc, at[DEFAULTS], VD_S("\"defaults\""), default_names, 1, &from->defaults, err));
    }
    if (at[CASES] == VD_NONE)
        return vd_suite_fail(s, 0, err, "a suite needs \"cases\"");
    VD_TRY(want(s, at[CASES], VD_NODE_ARRAY, "cases", "an array", err));
    return read_list(s, at[CASES], from, err);
}

/* Cases or defaults make a suite, also when they are misspelt: then the error is about a suite. */
static bool is_suite(const vd_suite *s)
{
    static const vd_str only[] = { VD_L("cases"), VD_L("defaults") };

    for (uint32_t key = vd_doc_first(&s->doc, 0); key != VD_NONE; key = vd_doc_next(&s->doc, 0, key)) {
        vd_str name = vd_doc_text(&s->doc, key);
        size_t i = 0;

        while (i < SCENARIO_COUNT && !vd_str_eq(scenario_names[i], name))
            i++;
        if (i == SCENARIO_COUNT && vd_suggest(name, only, VD_COUNT(only)) < VD_COUNT(only))
            return true;
    }
    return false;
}

static vd_code read_root(vd_suite *s, vd_error *err)
{
    outer from = { .state = VD_NONE, .defaults = VD_NONE };

    for (int i = 0; i < VD_SLOT_COUNT; i++)
        from.slots[i] = VD_NONE;
    if (s->doc.nodes[0].kind == VD_NODE_ARRAY)
        return read_list(s, 0, &from, err);
    if (s->doc.nodes[0].kind == VD_NODE_OBJECT && is_suite(s))
        return read_suite(s, &from, err);
    return read_scenario(s, 0, &from, err);
}

/* ------------------------------------------------------------------ requests */

static vd_code fill(vd_request *r, const vd_suite *s, const vd_case_int *c, vd_error *err)
{
    if (c->defaults != VD_NONE)
        VD_TRY(vd_request_read(r, &s->doc, c->defaults, err));
    if (c->request != VD_NONE)
        VD_TRY(vd_request_read(r, &s->doc, c->request, err));
    return c->state != VD_NONE ? vd_request_read_state(r, &s->doc, c->state, err) : VD_OK;
}

vd_code vd_suite_request(vd_request *request, const vd_suite *s, size_t index, vd_error *err)
{
    if (index >= s->cases.count)
        return vd_fail(err, VD_EINVAL, "no case %zu in this suite", index);
    vd_request_reset(request);
    return fill(request, s, &s->cases.at[index], err);
}

/* All requests are read once while loading: their faults are faults of the file.  Those that are well written and
 * cannot be evaluated (E201 ...) are for the case to tell. */
static vd_code try_requests(const vd_suite *s, vd_error *err)
{
    vd_request *r;
    vd_code     code;

    VD_TRY(vd_request_new(&r, s->engine, err));
    code = VD_OK;
    for (size_t i = 0; code == VD_OK && i < s->cases.count; i++) {
        code = vd_suite_request(r, s, i, err);
        if (code == VD_EREQUEST)
            code = VD_OK;
    }
    vd_request_free(r);
    return code;
}

/* ------------------------------------------------------------------ loading */

static vd_code read_text(vd_suite *s, vd_str name, vd_str text, vd_error *err)
{
    uint32_t duplicates = 0;

    if (!vd_arena_dup(&s->arena, &s->source.name, name) || !vd_arena_dup(&s->arena, &s->source.text, text))
        return vd_fail_nomem(err);
    VD_TRY(vd_doc_read(&s->doc, &s->arena, &s->source, &s->engine->limits, s->notes, &duplicates, err));
    if (duplicates > 0) /* err has the first; a policy with equal members can be given as a string */
        return VD_ESYNTAX;
    VD_TRY(read_root(s, err));
    for (size_t i = 0; i < s->cases.count; i++)
        s->cases.at[i].pub.expect = &s->cases.at[i].expect;
    return try_requests(s, err);
}

/* The suite goes, its copy of the name with it. */
static void keep_name(vd_error *err, vd_str ours, vd_str callers)
{
    if (err && vd_str_eq(err->at.file, ours))
        err->at.file = callers;
    else if (err)
        err->at = (vd_pos){ .file = callers };
}

vd_code vd_suite_read(vd_suite **out, const vd_engine *engine, vd_str name, vd_str text, const vd_suite_opts *opts,
                      vd_diags *notes, vd_error *err)
{
    vd_suite_opts known = { .size = sizeof known };
    vd_suite     *s;
    vd_code       code;

    *out = NULL;
    if (text.n > engine->limits.document_bytes)
        return vd_fail_at(err, VD_ELIMIT, (vd_pos){ .file = name, .line = 1, .column = 1 },
                          "the text is larger than %llu bytes (limit document_bytes)",
                          (unsigned long long)engine->limits.document_bytes);
    if (opts)
        memcpy(&known, opts, opts->size < sizeof known ? opts->size : sizeof known);
    s = vd_alloc0(&engine->alloc, sizeof *s);
    if (!s)
        return vd_fail_nomem(err);
    s->engine = vd_engine_retain((vd_engine *)engine);
    s->arena = vd_arena_on(&engine->alloc, 0);
    s->references.seed = engine->hash_seed;
    s->opts = &known;
    s->notes = notes;
    code = read_text(s, name, text, err);
    s->opts = NULL;
    s->notes = NULL;
    if (code != VD_OK) {
        keep_name(err, s->source.name, name);
        vd_suite_free(s);
        return code;
    }
    *out = s;
    return VD_OK;
}

static vd_code read_file(void *user, const char *path, vd_str *text, vd_error *err)
{
    const vd_engine *e = user;

    return vd_file_read(text, &e->alloc, path, e->limits.document_bytes, err);
}

static void done_file(void *user, vd_str text)
{
    const vd_engine *e = user;

    vd_file_free(&e->alloc, text);
}

vd_code vd_suite_load(vd_suite **out, const vd_engine *engine, const char *path, const vd_suite_opts *opts,
                      vd_diags *notes, vd_error *err)
{
    vd_suite_opts with = { .size = sizeof with };
    vd_str        text;
    vd_code       code;

    *out = NULL;
    if (opts)
        memcpy(&with, opts, opts->size < sizeof with ? opts->size : sizeof with);
    with.size = sizeof with;
    with.read = read_file;
    with.done = done_file;
    with.user = (void *)(uintptr_t)engine;
    VD_TRY(vd_file_read(&text, &engine->alloc, path, engine->limits.document_bytes, err));
    code = vd_suite_read(out, engine, vd_str_of(path), text, &with, notes, err);
    vd_file_free(&engine->alloc, text);
    return code;
}

void vd_suite_free(vd_suite *s)
{
    vd_engine         *engine;
    const vd_allocator *a;

    if (!s)
        return;
    engine = s->engine;
    a = &engine->alloc;
    for (uint32_t i = 0; i < s->sets.count; i++)
        vd_set_release(s->sets.at[i].set);
    for (uint32_t i = 0; i < s->loaded.count; i++)
        vd_policy_release(s->loaded.at[i].policy);
    VD_VEC_DONE(a, &s->cases);
    VD_VEC_DONE(a, &s->sets);
    VD_VEC_DONE(a, &s->loaded);
    vd_map_done(&s->set_map, a);
    vd_intern_done(&s->references, a);
    vd_arena_done(&s->arena);
    vd_free(a, s, sizeof *s);
    vd_engine_release(engine);
}

/* ------------------------------------------------------------------ looking */

vd_str vd_suite_name(const vd_suite *s)
{
    return s->source.name;
}

size_t vd_suite_count(const vd_suite *s)
{
    return s->cases.count;
}

const vd_case *vd_suite_case(const vd_suite *s, size_t index)
{
    return index < s->cases.count ? &s->cases.at[index].pub : NULL;
}

vd_code vd_suite_set(vd_set **out, const vd_suite *s, size_t index, vd_error *err)
{
    const vd_case_set *c;

    *out = NULL;
    if (index >= s->cases.count)
        return vd_fail(err, VD_EINVAL, "no case %zu in this suite", index);
    c = &s->sets.at[s->cases.at[index].set];
    if (c->error) {
        if (err)
            *err = *c->error;
        return VD_EMALFORMED;
    }
    *out = c->set;
    return VD_OK;
}
