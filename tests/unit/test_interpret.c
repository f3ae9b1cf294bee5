/* SPDX-License-Identifier: Apache-2.0
 *
 * The interpreter against the cases of the rules: corpus/rules-cases/principals.jsonl, conditions.jsonl,
 * decisions.jsonl (one case a line, statements abbreviated).  Facts about keys and services come from the catalogue.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "explain/interpret.h"
#include "rules_cases.h"

enum { MOST = 16 };

typedef struct fixture {
    vd_engine       *engine;
    vd_request      *request;
    vd_arena         arena;
    vd_world         world;
    vd_world_level   levels[VD_LAYER_COUNT][MOST];
    const vd_policy *model[VD_LAYER_COUNT][MOST];
    vd_policy       *made[64];
    uint32_t         count;
    bool             unreadable; /* a document that no evaluation can use */
} fixture;

static vd_arity arity(const void *ctx, vd_str key)
{
    VD_UNUSED(ctx);
    return vd_key_arity(key);
}

static bool rcp_service(const void *ctx, vd_str service)
{
    VD_UNUSED(ctx);
    return vd_service_has_rcp(service);
}

static void start(fixture *f)
{
    memset(f, 0, sizeof *f);
    assert_int_equal(vd_engine_new(&f->engine, NULL, NULL), VD_OK);
    assert_int_equal(vd_request_new(&f->request, f->engine, NULL), VD_OK);
    f->arena = vd_arena_on(&f->engine->alloc, 0);
    f->world.arity = arity;
    f->world.rcp_service = rcp_service;
}

static void stop(fixture *f)
{
    for (uint32_t i = 0; i < f->count; i++)
        vd_policy_release(f->made[i]);
    vd_arena_done(&f->arena);
    vd_request_free(f->request);
    vd_engine_release(f->engine);
}

/* ------------------------------------------------------------------ documents */

static void add_level(fixture *f, vd_layer layer, vd_kind kind, const char *version, const json_t *statements)
{
    json_t         *doc = json_object(), *list = json_array();
    char           *text;
    size_t          i;
    json_t         *s;
    vd_policy      *p = NULL;
    uint32_t        level = f->world.layer[layer].count++;
    vd_world_level *w = &f->levels[layer][level];

    json_array_foreach(statements, i, s) json_array_append_new(list, rules_case_statement(s));
    json_object_set_new(doc, "Version", json_string(version));
    json_object_set_new(doc, "Statement", list);
    text = json_dumps(doc, 0);
    assert_true(level < MOST && f->count < VD_COUNT(f->made));
    if (vd_policy_parse(&p, f->engine, kind, VD_S("p.json"), vd_str_of(text), NULL, NULL) != VD_OK) {
        f->unreadable = true;
    } else {
        f->made[f->count++] = p;
        f->model[layer][level] = p;
        *w = (vd_world_level){ .policies = &f->model[layer][level], .count = 1 };
    }
    f->world.layer[layer].levels = f->levels[layer];
    free(text);
    json_decref(doc);
}

/* ------------------------------------------------------------------ the request */

static void set(fixture *f, vd_field field, const json_t *value)
{
    if (json_is_string(value))
        assert_int_equal(vd_request_set(f->request, field, vd_str_of(json_string_value(value))), VD_OK);
}

static void add_value(fixture *f, const char *key, json_t *value)
{
    vd_str  values[MOST];
    size_t  n = 0, i;
    json_t *v;

    if (!json_is_array(value)) {
        static const char *const words[] = { "false", "true" };
        char                    *number;

        if (json_is_string(value)) {
            values[n++] = vd_str_of(json_string_value(value));
        } else if (json_is_boolean(value)) {
            values[n++] = vd_str_of(words[json_is_true(value)]);
        } else {
            number = json_dumps(value, JSON_ENCODE_ANY);
            assert_true(vd_arena_dup(&f->arena, &values[n++], vd_str_of(number)));
            free(number);
        }
    } else {
        json_array_foreach(value, i, v) values[n++] = vd_str_of(json_string_value(v));
    }
    assert_int_equal(vd_request_context(f->request, vd_str_of(key), values, n), VD_OK);
}

static void add_context(fixture *f, json_t *context)
{
    const char *key;
    json_t     *value;

    json_object_foreach(context, key, value) add_value(f, key, value);
}

static void set_principal(fixture *f, json_t *who)
{
    const char *key;
    json_t     *value;

    if (json_is_string(who)) {
        set(f, VD_PRINCIPAL, who);
        return;
    }
    set(f, VD_PRINCIPAL, json_object_get(who, "arn"));
    set(f, VD_PRINCIPAL_ROLE, json_object_get(who, "role"));
    set(f, VD_PRINCIPAL_PARENT, json_object_get(who, "user"));
    set(f, VD_PRINCIPAL_ID, json_object_get(who, "uid"));
    set(f, VD_PRINCIPAL_ORG, json_object_get(who, "org"));
    if (json_object_get(who, "kind"))
        assert_int_equal(vd_request_set(f->request, VD_PRINCIPAL_KIND, VD_S("idp-caller")), VD_OK);
    json_object_foreach(json_object_get(who, "tags"), key, value) assert_int_equal(
        vd_request_tag(f->request, VD_TAG_PRINCIPAL, vd_str_of(key), vd_str_of(json_string_value(value))),
        VD_OK);
}

static void set_resources(fixture *f, json_t *r)
{
    size_t  i;
    json_t *one;

    if (json_is_string(r)) {
        set(f, VD_RESOURCE, r);
        return;
    }
    json_array_foreach(r, i, one)
    {
        if (json_is_string(one)) {
            set(f, VD_RESOURCE, one);
            continue;
        }
        assert_int_equal(vd_request_check(f->request, VD_S(""),
                                          vd_str_of(json_string_value(json_array_get(one, 0))), VD_S("")),
                         VD_OK);
        add_context(f, json_array_get(one, 1));
    }
}

/* ------------------------------------------------------------------ running */

static const vd_check_result *interpret(fixture *f, uint32_t *overall)
{
    uint32_t         n = vd_request_check_count(f->request);
    vd_check_result *c = vd_arena_new_array(&f->arena, vd_check_result, n);

    assert_non_null(c);
    for (uint32_t i = 0; i < n; i++) {
        vd_facts *facts = vd_arena_new(&f->arena, vd_facts);
        vd_error  err;

        if (vd_facts_make(facts, f->request, i, &err) != VD_OK)
            vd_interpret_refused(&c[i], i, &err);
        else
            assert_int_equal(vd_interpret(&c[i], &f->arena, &f->world, facts), VD_OK);
    }
    *overall = vd_interpret_overall(c, n);
    return c;
}

typedef const char *run_case(fixture *f, json_t *row, char *got,
                             size_t size); /* NULL: right; else what was wanted */

static void run_file(const char *name, run_case *run)
{
    char     path[512], got[256];
    FILE    *file;
    char    *line = NULL;
    size_t   cap = 0;
    unsigned cases = 0, wrong = 0;

    snprintf(path, sizeof path, "%s/corpus/rules-cases/%s.jsonl", getenv("VD_SOURCE_ROOT"), name);
    file = fopen(path, "r");
    assert_non_null(file);
    while (getline(&line, &cap, file) > 0) {
        json_t     *row = json_loads(line, 0, NULL);
        fixture     f;
        const char *wanted;

        assert_non_null(row);
        start(&f);
        got[0] = 0;
        wanted = run(&f, row, got, sizeof got);
        cases++;
        if (wanted) {
            wrong++;
            print_error("%s: wanted %s, got %s\n", json_string_value(json_object_get(row, "id")), wanted,
                        got);
        }
        stop(&f);
        json_decref(row);
    }
    free(line);
    fclose(file);
    assert_true(cases > 20);
    assert_int_equal(wrong, 0);
}

static json_t *statements_of(json_t *a_statement)
{
    return json_pack("[o]", a_statement);
}

/* ------------------------------------------------------------------ 9.3 */

static const char *const kind_names[VD_MATCH_COUNT] = { "ANY",  "ROOT",    "ACCOUNT",    "USER",    "PARENT",
                                                        "ROLE", "SESSION", "FEDSESSION", "SERVICE", "IDP" };

static const char *principal_case(fixture *f, json_t *row, char *got, size_t size)
{
    json_t                    *p = json_object_get(row, "P"), *np = json_object_get(row, "NP"), *all;
    const vd_statement_result *r;
    uint32_t                   wanted = 0, overall;
    size_t                     i;
    json_t                    *k;
    bool                       deny;

    all = statements_of(p ? json_pack("{s:s,s:O,s:s,s:s}", "E", "A", "P", p, "A", "*", "R", "*")
                          : json_pack("{s:s,s:O,s:s,s:s}", "E", "D", "NP", np, "A", "*", "R", "*"));
    add_level(f, VD_LAYER_RESOURCE, VD_KIND_RESOURCE, "2012-10-17", all);
    json_decref(all);
    if (json_is_true(json_object_get(json_object_get(row, "who"), "pb"))) {
        all = statements_of(json_pack("{s:s,s:s,s:s}", "E", "A", "A", "*", "R", "*"));
        add_level(f, VD_LAYER_BOUNDARY, VD_KIND_BOUNDARY, "2012-10-17", all);
        json_decref(all);
    }
    set_principal(f, json_object_get(row, "who"));
    vd_request_set(f->request, VD_ACTION, VD_S("s3:GetObject"));
    vd_request_set(f->request, VD_RESOURCE, VD_S("arn:aws:s3:::b/k"));
    vd_request_set(f->request, VD_RESOURCE_ACCOUNT, VD_S("111111111111"));
    r = &interpret(f, &overall)->layer[VD_LAYER_RESOURCE].levels[0].at[0];
    if (np) {
        deny = json_is_true(json_object_get(row, "deny"));
        snprintf(got, size, "deny %s", r->applied ? "true" : "false");
        return r->applied == deny ? NULL : deny ? "deny true" : "deny false";
    }
    json_array_foreach(json_object_get(row, "kinds"), i,
                       k) for (uint32_t j = 0; j < VD_MATCH_COUNT;
                               j++) if (!strcmp(kind_names[j], json_string_value(k))) wanted |= 1u << j;
    snprintf(got, size, "kinds 0x%x", r->kinds);
    return r->kinds == wanted && r->applied == (wanted != 0) ? NULL : "the kinds of the case";
}

/* ------------------------------------------------------------------ 9.4 */

static const char *condition_case(fixture *f, json_t *row, char *got, size_t size)
{
    const char *version = json_string_value(json_object_get(row, "ver"));
    json_t     *want = json_object_get(row, "want");
    json_t     *all = statements_of(
            json_pack("{s:s,s:O,s:s,s:s}", "E", "A", "C", json_object_get(row, "C"), "A", "*", "R", "*"));
    uint32_t               overall;
    const vd_check_result *c;
    bool                   applied;

    add_level(f, VD_LAYER_IDENTITY, VD_KIND_IDENTITY, version ? version : "2012-10-17", all);
    json_decref(all);
    vd_request_set(f->request, VD_PRINCIPAL, VD_S("arn:aws:sts::111111111111:assumed-role/r/s"));
    vd_request_set(f->request, VD_ACTION, VD_S("x:Y"));
    vd_request_set(f->request, VD_RESOURCE, VD_S("*"));
    add_context(f, json_object_get(row, "ctx"));
    c = interpret(f, &overall);
    assert_int_equal(c->code, VD_OK);
    if (json_is_string(want)) {
        snprintf(got, size, "%s",
                 c->layer[VD_LAYER_IDENTITY].levels[0].at[0].malformed ? "reject" : "a condition");
        return strcmp(got, "reject") ? "reject" : NULL;
    }
    applied = c->decision.outcome == VD_ALLOW;
    snprintf(got, size, "%s", applied ? "true" : "false");
    return applied == json_is_true(want) ? NULL : json_is_true(want) ? "true" : "false";
}

/* ------------------------------------------------------------------ 9.5 */

static const char *const category_names[VD_CATEGORY_COUNT] = {
    "",
    "cross-partition",
    "credential-type",
    "pass-role-account",
    "aws-managed",
    "trust-missing",
    "key-policy-missing",
    "provider-account",
    "federated-no-session-policy",
    "s3-block-public-access",
    "cross-account-no-grant",
    "key-policy-does-not-delegate",
    "empty-level",
    "malformed-statement",
    "no-permission-needed",
};

static void add_documents(fixture *f, json_t *row)
{
    const char *version = json_string_value(json_object_get(row, "ver"));
    const char *class_of = json_string_value(json_object_get(row, "cls"));
    size_t      i;
    json_t     *level, *doc;

    if (!version)
        version = "2012-10-17";
    for (i = 0; i < VD_COUNT(rules_case_documents); i++) {
        bool trust = rules_case_documents[i].layer == VD_LAYER_RESOURCE && class_of && !strcmp(class_of, "trust");

        doc = json_object_get(row, rules_case_documents[i].name);
        if (doc)
            add_level(f, rules_case_documents[i].layer, trust ? VD_KIND_TRUST : rules_case_documents[i].kind, version, doc);
    }
    json_array_foreach(json_object_get(row, "scp"), i, level)
        add_level(f, VD_LAYER_SCP, VD_KIND_SCP, version, level);
    json_array_foreach(json_object_get(row, "rcp"), i, level)
        add_level(f, VD_LAYER_RCP, VD_KIND_RCP, version, level);
}

static const char *by_name(const vd_check_result *c, const char *by)
{
    static const char *const layers[VD_LAYER_COUNT] = { "identity", "boundary", "session", "resource",
                                                        "scp",      "rcp",      "vpce",    "access-point" };

    if (c->decision.category && !strcmp(category_names[c->decision.category], by))
        return by;
    if (c->decision.layer == VD_LAYER_NONE)
        return category_names[c->decision.category];
    return c->decision.trust ? "trust" : layers[c->decision.layer];
}

static const char *decision_case(fixture *f, json_t *row, char *got, size_t size)
{
    static const char *const outcomes[] = { "IMPLICIT_DENY", "EXPLICIT_DENY", "ALLOW" };
    const char              *want = json_string_value(json_object_get(row, "want"));
    const char              *by = json_string_value(json_object_get(row, "by")), *told;
    json_t                  *attrs = json_object_get(row, "attrs");
    uint32_t                 overall;
    const vd_check_result   *c;
    vd_resource_state        state = { .restrict_public_buckets = true };

    add_documents(f, row);
    assert_false(f->unreadable);
    set_principal(f, json_object_get(row, "p"));
    set(f, VD_ACTION, json_object_get(row, "a"));
    set(f, VD_RESOURCE_ACCOUNT, json_object_get(row, "ra"));
    add_context(f, json_object_get(row, "ctx"));
    set_resources(f, json_object_get(row, "r"));
    if (json_is_true(json_object_get(attrs, "mgmt")))
        vd_request_flag(f->request, VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT, true);
    if (json_is_true(json_object_get(attrs, "restrictPublic")))
        f->request->state = &state;
    c = interpret(f, &overall);
    c += overall;
    told = c->code != VD_OK ? "ERROR" : outcomes[c->decision.outcome];
    snprintf(got, size, "%s by %s (%s)", told, by ? by_name(c, by) : "", c->error.text);
    if (strcmp(told, want))
        return want;
    return by && strcmp(by_name(c, by), by) ? by : NULL;
}

static void principals(void **state)
{
    VD_UNUSED(state);
    run_file("principals", principal_case);
}

static void conditions(void **state)
{
    VD_UNUSED(state);
    run_file("conditions", condition_case);
}

static void decisions(void **state)
{
    VD_UNUSED(state);
    run_file("decisions", decision_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(principals),
        cmocka_unit_test(conditions),
        cmocka_unit_test(decisions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
