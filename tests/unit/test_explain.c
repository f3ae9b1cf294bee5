/* SPDX-License-Identifier: Apache-2.0
 *
 * What an explanation says: the worked example of the rules (E821), layers, reasons, near misses, missing keys,
 * positions (E810 to E819), and that nothing leaks when memory runs out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/engine.h"
#include "base/str.h"

#include <verdict/explain.h>

typedef struct fixture {
    vd_engine      *engine;
    vd_builder     *builder;
    vd_set         *set;
    vd_request     *request;
    vd_explanation *explanation;
} fixture;

static void start(fixture *f)
{
    memset(f, 0, sizeof *f);
    assert_int_equal(vd_engine_new(&f->engine, NULL, NULL), VD_OK);
    assert_int_equal(vd_builder_new(&f->builder, f->engine, NULL), VD_OK);
    assert_int_equal(vd_request_new(&f->request, f->engine, NULL), VD_OK);
}

static void stop(fixture *f)
{
    vd_explanation_free(f->explanation);
    vd_set_release(f->set);
    vd_request_free(f->request);
    vd_builder_free(f->builder);
    vd_engine_release(f->engine);
}

static void add_at(fixture *f, vd_layer layer, uint32_t level, const char *target, vd_kind kind, const char *name,
                   const char *text)
{
    vd_policy *p;
    vd_error   err = { .size = sizeof err };
    vd_attach  where = { .size = sizeof where, .layer = layer, .level = level, .target = vd_str_of(target) };

    if (vd_policy_parse(&p, f->engine, kind, vd_str_of(name), vd_str_of(text), NULL, &err) != VD_OK)
        fail_msg("%s", err.text);
    assert_int_equal(vd_builder_add(f->builder, p, &where, &err), VD_OK);
    vd_policy_release(p);
}

static void add(fixture *f, vd_layer layer, const char *name, const char *text)
{
    static const vd_kind kinds[VD_LAYER_COUNT] = { VD_KIND_IDENTITY, VD_KIND_BOUNDARY, VD_KIND_SESSION,
                                                   VD_KIND_RESOURCE, VD_KIND_SCP,      VD_KIND_RCP,
                                                   VD_KIND_ENDPOINT, VD_KIND_RESOURCE };

    add_at(f, layer, 0, "", kinds[layer], name, text);
}

static void ask(fixture *f, const char *principal, const char *action, const char *resource, const char *account)
{
    vd_request_set(f->request, VD_PRINCIPAL, vd_str_of(principal));
    vd_request_set(f->request, VD_ACTION, vd_str_of(action));
    vd_request_set(f->request, VD_RESOURCE, vd_str_of(resource));
    if (account)
        vd_request_set(f->request, VD_RESOURCE_ACCOUNT, vd_str_of(account));
}

static const vd_explained *explain(fixture *f)
{
    vd_error err = { .size = sizeof err };

    if (!f->set)
        assert_int_equal(vd_builder_compile(&f->set, f->builder, NULL, &err), VD_OK);
    vd_explanation_free(f->explanation);
    if (vd_explain(&f->explanation, f->set, f->request, NULL, &err) != VD_OK)
        fail_msg("%s", err.text);
    return vd_explanation_get(f->explanation);
}

#define assert_text(s, text)                                                               \
    do {                                                                                   \
        vd_str s_ = (s);                                                                   \
        if (!vd_str_eq(s_, VD_S(text)))                                                    \
            fail_msg("expected \"%s\", found \"" VD_F "\"", text, VD_A(s_));              \
    } while (0)

#define assert_holds(s, text)                                                              \
    do {                                                                                   \
        vd_str s_ = (s);                                                                   \
        if (!vd_str_contains(s_, VD_S(text)))                                              \
            fail_msg("expected ... \"%s\" ..., found \"" VD_F "\"", text, VD_A(s_));      \
    } while (0)

#define BOB "arn:aws:iam::111111111111:user/bob"
#define DOC(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"

static void worked_example(void **state)
{
    fixture                   f;
    const vd_explained       *x;
    const vd_check_trace     *c;
    const vd_statement_trace *near;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "dev.json",
        DOC("{\"Sid\":\"Read\",\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"arn:aws:s3:::b/*\","
            "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}}"));
    ask(&f, BOB, "s3:PutObject", "arn:aws:s3:::b/k", "111111111111");
    x = explain(&f);
    assert_int_equal(x->decision.outcome, VD_IMPLICIT_DENY);
    assert_int_equal(x->decision.layer, VD_LAYER_IDENTITY);
    assert_text(x->reason, "because no identity-based policy allows the s3:PutObject action");
    assert_text(x->message, "User: " BOB " is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b/k "
                            "because no identity-based policy allows the s3:PutObject action");
    assert_int_equal(x->missing_key_count, 0); /* with the key the action would still not match */
    assert_int_equal(x->check_count, 1);
    c = x->checks[0];
    assert_int_equal(c->reason_count, 2);
    assert_true(c->reasons[0]->one_of);
    assert_int_equal(c->reasons[1]->layer, VD_LAYER_RESOURCE);
    near = c->near_miss;
    assert_non_null(near);
    assert_text(near->sid, "Read");
    assert_int_equal(near->index, 0);
    assert_int_equal(near->failing, 2);
    assert_int_equal(near->element_count, 3);
    assert_int_equal(near->elements[0]->element, VD_ELEMENT_ACTION);
    assert_false(near->elements[0]->matched);
    assert_text(near->elements[0]->expected[0], "s3:Get*");
    assert_text(near->elements[0]->actual[0], "s3:PutObject");
    assert_text(near->elements[0]->nearest, "s3:Get*");
    assert_int_equal(near->elements[0]->differs_at, 3);
    assert_int_equal(near->elements[0]->at.column, 78);
    assert_true(near->elements[1]->matched);
    assert_int_equal(near->elements[2]->element, VD_ELEMENT_CONDITION);
    assert_false(near->elements[2]->matched);
    assert_text(near->elements[2]->operator_name, "Bool");
    assert_text(near->elements[2]->key, "aws:SecureTransport");
    assert_text(near->elements[2]->expected[0], "true");
    assert_true(near->elements[2]->absent);
    assert_text(near->elements[2]->rule, "missing-key");
    assert_int_equal(x->to_allow_count, 1);
    assert_int_equal(x->to_allow[0]->change_count, 1);
    assert_false(x->to_allow[0]->weakens_guardrail);
    assert_text(x->to_allow[0]->changes[0]->text,
                "Add a statement to dev.json that allows \"s3:PutObject\" on \"arn:aws:s3:::b/k\"");
    assert_text(x->to_allow[0]->changes[0]->patch,
                "[{\"op\":\"add\",\"path\":\"/Statement/-\",\"value\":{\"Effect\":\"Allow\","
                "\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::b/k\"}}]");
    stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_example),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
