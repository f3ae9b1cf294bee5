/* SPDX-License-Identifier: Apache-2.0
 *
 * A set, a request and the explanation of one question, for the tests of explanations and advice.
 */
#ifndef VERDICT_TESTS_EXPLAIN_FIXTURE_H
#define VERDICT_TESTS_EXPLAIN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/engine.h"
#include "base/str.h"
#include "request/request.h"

#include <verdict/explain.h>

enum { MOST = 12 };

typedef struct attached {
    vd_layer layer;
    uint32_t level;
    vd_kind  kind;
    char     name[32], text[2048];
} attached;

typedef struct fixture {
    vd_engine      *engine;
    vd_builder     *builder;
    vd_set         *set;
    vd_request     *request;
    vd_explanation *explanation;
    attached        at[MOST]; /* to make the changes of a proposal by hand */
    uint32_t        count;
} fixture;

static inline void start(fixture *f)
{
    memset(f, 0, sizeof *f);
    assert_int_equal(vd_engine_new(&f->engine, NULL, NULL), VD_OK);
    assert_int_equal(vd_builder_new(&f->builder, f->engine, NULL), VD_OK);
    assert_int_equal(vd_request_new(&f->request, f->engine, NULL), VD_OK);
}

static inline void stop(fixture *f)
{
    vd_explanation_free(f->explanation);
    vd_set_release(f->set);
    vd_request_free(f->request);
    vd_builder_free(f->builder);
    vd_engine_release(f->engine);
}

static inline void add_at(fixture *f, vd_layer layer, uint32_t level, const char *target, vd_kind kind,
                          const char *name, const char *text)
{
    vd_policy *p;
    vd_error   err = { .size = sizeof err };
    vd_attach  where = { .size = sizeof where, .layer = layer, .level = level, .target = vd_str_of(target) };

    if (vd_policy_parse(&p, f->engine, kind, vd_str_of(name), vd_str_of(text), NULL, &err) != VD_OK)
        fail_msg("%s", err.text);
    assert_int_equal(vd_builder_add(f->builder, p, &where, &err), VD_OK);
    vd_policy_release(p);
    assert_true(f->count < MOST);
    f->at[f->count] = (attached){ .layer = layer, .level = level, .kind = kind };
    snprintf(f->at[f->count].name, sizeof f->at[0].name, "%s", name);
    snprintf(f->at[f->count++].text, sizeof f->at[0].text, "%s", text);
}

static inline void add(fixture *f, vd_layer layer, const char *name, const char *text)
{
    static const vd_kind kinds[VD_LAYER_COUNT] = { VD_KIND_IDENTITY, VD_KIND_BOUNDARY, VD_KIND_SESSION,
                                                   VD_KIND_RESOURCE, VD_KIND_SCP,      VD_KIND_RCP,
                                                   VD_KIND_ENDPOINT, VD_KIND_RESOURCE };

    add_at(f, layer, 0, "", kinds[layer], name, text);
}

static inline void ask(fixture *f, const char *principal, const char *action, const char *resource,
                       const char *account)
{
    vd_request_set(f->request, VD_PRINCIPAL, vd_str_of(principal));
    vd_request_set(f->request, VD_ACTION, vd_str_of(action));
    vd_request_set(f->request, VD_RESOURCE, vd_str_of(resource));
    if (account)
        vd_request_set(f->request, VD_RESOURCE_ACCOUNT, vd_str_of(account));
}

static inline const vd_explained *explain(fixture *f)
{
    vd_error err = { .size = sizeof err };

    if (!f->set)
        assert_int_equal(vd_builder_compile(&f->set, f->builder, NULL, &err), VD_OK);
    vd_explanation_free(f->explanation);
    if (vd_explain(&f->explanation, f->set, f->request, NULL, &err) != VD_OK)
        fail_msg("%s", err.text);
    return vd_explanation_get(f->explanation);
}

#define assert_text(s, text)                                                                                 \
    do {                                                                                                     \
        vd_str s_ = (s);                                                                                     \
        if (!vd_str_eq(s_, VD_S(text)))                                                                      \
            fail_msg("expected \"%s\", found \"" VD_F "\"", text, VD_A(s_));                                 \
    } while (0)

#define assert_holds(s, text)                                                                                \
    do {                                                                                                     \
        vd_str s_ = (s);                                                                                     \
        if (!vd_str_contains(s_, VD_S(text)))                                                                \
            fail_msg("expected ... \"%s\" ..., found \"" VD_F "\"", text, VD_A(s_));                         \
    } while (0)

static inline void give(fixture *f, const char *key, const char *value)
{
    vd_str v = vd_str_of(value);

    assert_int_equal(vd_request_context(f->request, vd_str_of(key), &v, 1), VD_OK);
}

#define BOB "arn:aws:iam::111111111111:user/bob"
#define DOC(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define SESSION "arn:aws:sts::111111111111:assumed-role/r/s"
#define HOME "111111111111"
#define ABROAD "222222222222"
#define ALLOW_ALL "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"

#endif
