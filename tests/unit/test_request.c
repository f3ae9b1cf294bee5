/* SPDX-License-Identifier: Apache-2.0
 *
 * The builder of requests: what replaces what, whose context it is, limits, and no allocation once it is warm.
 */
#include "unit.h"

#include "failing_alloc.h"
#include "request/facts.h"

#define SESSION "arn:aws:sts::111111111111:assumed-role/r/s"

static vd_engine *engine_of(const vd_allocator *a, const vd_limits *limits)
{
    vd_engine     *e = NULL;
    vd_engine_opts opts = { .size = sizeof opts, .allocator = a, .limits = limits };

    return vd_engine_new(&e, &opts, NULL) == VD_OK ? e : NULL;
}

static vd_request *request_of(vd_engine *e)
{
    vd_request *r = NULL;

    assert_int_equal(vd_request_new(&r, e, NULL), VD_OK);
    vd_engine_release(e); /* the request holds it */
    return r;
}

static vd_code put(vd_request *r, const char *key, const char *value)
{
    vd_str v = vd_str_of(value);

    return vd_request_context(r, vd_str_of(key), &v, 1);
}

/* The values of a key in a check, joined by commas; "-" absent by wish, "" none. */
static vd_str values_of(const vd_request *r, const char *key, uint32_t check)
{
    static char text[512];
    size_t      n = 0, entries = 0;

    text[0] = 0;
    for (uint32_t i = 0; i < r->context.count; i++) {
        const vd_context *c = &r->context.at[i];

        if (c->check != check || !vd_str_eq(c->key, vd_str_of(key)))
            continue;
        entries++;
        if (c->absent)
            n += (size_t)snprintf(text + n, sizeof text - n, "-");
        for (uint32_t k = 0; k < c->count; k++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s" VD_F, k ? "," : "",
                                  VD_A(r->values.at[c->first + k]));
    }
    assert_true(entries <= 1);
    return (vd_str){ text, n };
}

static void same_key_replaces(void **state)
{
    vd_request  *r = request_of(engine_of(NULL, NULL));
    const vd_str three[] = { VD_L("x"), VD_L("y"), VD_L("z") };

    VD_UNUSED(state);
    assert_int_equal(put(r, "k", "1"), VD_OK);
    assert_int_equal(put(r, "other", "o"), VD_OK);
    assert_int_equal(vd_request_context(r, VD_S("k"), three, 3), VD_OK);
    assert_int_equal(put(r, "K", "another spelling is another entry"), VD_OK); /* E504 */
    check_cstr(values_of(r, "k", VD_SHARED_CHECK), "x,y,z");
    check_cstr(values_of(r, "other", VD_SHARED_CHECK), "o");
    assert_int_equal(put(r, "k", "2"), VD_OK);
    check_cstr(values_of(r, "k", VD_SHARED_CHECK), "2");
    check_cstr(values_of(r, "other", VD_SHARED_CHECK), "o");
    check_cstr(values_of(r, "K", VD_SHARED_CHECK), "another spelling is another entry");
    assert_int_equal(r->values.count, 3); /* nothing that no entry uses */
    assert_int_equal(vd_request_absent(r, VD_S("k")), VD_OK);
    check_cstr(values_of(r, "k", VD_SHARED_CHECK), "-");
    assert_int_equal(put(r, "k", "3"), VD_OK);
    check_cstr(values_of(r, "k", VD_SHARED_CHECK), "3");
    assert_int_equal(vd_request_context(r, VD_S("k"), NULL, 0), VD_OK);
    check_cstr(values_of(r, "k", VD_SHARED_CHECK), "");
    assert_int_equal(r->context.count, 3);
    vd_request_free(r);
}

static void bound_keys(void **state)
{
    vd_request *r = request_of(engine_of(NULL, NULL));
    vd_str      v = VD_S("a"), w = VD_S("b");

    VD_UNUSED(state);
    assert_int_equal(vd_request_bind(r, 0, &v, 1), VD_OK); /* no policy asks for it */
    assert_int_equal(r->context.count, 0);
    assert_int_equal(vd_request_bind(r, 7, &v, 1), VD_OK);
    assert_int_equal(vd_request_bind(r, 71, &v, 1), VD_OK);
    assert_int_equal(vd_request_bind(r, 7, &w, 1), VD_OK);
    assert_int_equal(r->context.count, 2);
    assert_int_equal(r->context.at[0].bound, 7);
    check_cstr(r->values.at[r->context.at[0].first], "b");
    check_cstr(r->values.at[r->context.at[1].first], "a");
    vd_request_free(r);
}

static void checks_and_their_context(void **state)
{
    vd_request *r = request_of(engine_of(NULL, NULL));

    VD_UNUSED(state);
    assert_int_equal(put(r, "k", "shared"), VD_OK);
    assert_int_equal(vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:s3:::a")), VD_OK);
    assert_int_equal(vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:s3:::b")), VD_OK);
    assert_int_equal(put(r, "late", "still shared"), VD_OK);
    assert_int_equal(vd_request_check(r, VD_S(""), VD_S("arn:aws:s3:::c"), VD_S("111111111111")), VD_OK);
    assert_int_equal(put(r, "k", "c's own"), VD_OK);
    assert_int_equal(vd_request_check(r, VD_S("iam:PassRole"), VD_S(""), VD_S("")), VD_OK);
    assert_int_equal(vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:iam::222222222222:role/r")), VD_OK);
    assert_int_equal(vd_request_set(r, VD_RESOURCE_ACCOUNT, VD_S("222222222222")), VD_OK);
    assert_int_equal(vd_request_tag(r, VD_TAG_RESOURCE, VD_S("t"), VD_S("of the role")), VD_OK);
    assert_int_equal(vd_request_tag(r, VD_TAG_PRINCIPAL, VD_S("t"), VD_S("of the caller")), VD_OK);
    assert_int_equal(r->checks.count, 4);
    check_cstr(r->checks.at[1].resource, "arn:aws:s3:::b");
    check_cstr(r->checks.at[3].resource, "arn:aws:iam::222222222222:role/r");
    check_cstr(r->checks.at[3].account, "222222222222");
    check_cstr(r->field[VD_RESOURCE_ACCOUNT], "");
    assert_false(r->checks.at[0].own_context || r->checks.at[1].own_context);
    assert_true(r->checks.at[2].own_context && r->checks.at[3].own_context);
    check_cstr(values_of(r, "k", VD_SHARED_CHECK), "shared");
    check_cstr(values_of(r, "late", VD_SHARED_CHECK), "still shared");
    check_cstr(values_of(r, "k", 2), "c's own");
    check_cstr(values_of(r, "aws:ResourceTag/t", 3), "of the role");
    check_cstr(values_of(r, "aws:PrincipalTag/t", VD_SHARED_CHECK), "of the caller");
    vd_request_reset(r);
    assert_int_equal(r->checks.count + r->context.count + r->values.count, 0);
    assert_int_equal(r->current, VD_SHARED_CHECK);
    vd_request_free(r);
}

static void tags(void **state)
{
    vd_request *r = request_of(engine_of(NULL, NULL));

    VD_UNUSED(state);
    assert_int_equal(vd_request_tag(r, VD_TAG_REQUEST, VD_S("team"), VD_S("red")), VD_OK);
    assert_int_equal(put(r, "between", "b"), VD_OK);
    assert_int_equal(vd_request_tag(r, VD_TAG_REQUEST, VD_S("cost"), VD_S("")), VD_OK);
    assert_int_equal(vd_request_tag(r, VD_TAG_REQUEST, VD_S("team"), VD_S("blue")), VD_OK);
    assert_int_equal(put(r, "behind", "e"), VD_OK);
    assert_int_equal(vd_request_tag(r, VD_TAG_REQUEST, VD_S("x"), VD_S("y")), VD_OK);
    check_cstr(values_of(r, "aws:TagKeys", VD_SHARED_CHECK), "team,cost,x");
    check_cstr(values_of(r, "aws:RequestTag/team", VD_SHARED_CHECK), "blue");
    check_cstr(values_of(r, "between", VD_SHARED_CHECK), "b");
    check_cstr(values_of(r, "behind", VD_SHARED_CHECK), "e");
    check_cstr(values_of(r, "aws:RequestTag/x", VD_SHARED_CHECK), "y");
    assert_int_equal(r->values.count, 8);
    /* E617: the later of two principal tags that differ in case stays; other tags are kept apart (E504). */
    assert_int_equal(vd_request_tag(r, VD_TAG_PRINCIPAL, VD_S("Team"), VD_S("of the role")), VD_OK);
    assert_int_equal(vd_request_tag(r, VD_TAG_PRINCIPAL, VD_S("team"), VD_S("of the session")), VD_OK);
    check_cstr(values_of(r, "aws:PrincipalTag/Team", VD_SHARED_CHECK), "");
    check_cstr(values_of(r, "aws:PrincipalTag/team", VD_SHARED_CHECK), "of the session");
    assert_int_equal(vd_request_tag(r, VD_TAG_RESOURCE, VD_S("T"), VD_S("1")), VD_OK);
    assert_int_equal(vd_request_tag(r, VD_TAG_RESOURCE, VD_S("t"), VD_S("2")), VD_OK);
    check_cstr(values_of(r, "aws:ResourceTag/T", VD_SHARED_CHECK), "1");
    vd_request_free(r);
}

static void failures_stick(void **state)
{
    vd_limits   limits = { .size = sizeof limits,
                           .request_keys = 3,
                           .request_values = 4,
                           .request_value_bytes = 40,
                           .request_checks = 2 };
    vd_request *r = request_of(engine_of(NULL, &limits));
    vd_str      five[5] = { { 0 } };
    char        long_text[41];

    VD_UNUSED(state);
    memset(long_text, 'x', sizeof long_text);
    assert_int_equal(vd_request_set(r, VD_ACTION, (vd_str){ long_text, 40 }), VD_OK);
    assert_false(r->failed);
    assert_int_equal(vd_request_set(r, VD_ACTION, (vd_str){ long_text, 41 }), VD_ELIMIT);
    assert_true(r->failed);
    assert_int_equal(vd_request_error(r)->code, VD_ELIMIT);
    check_cstr(vd_str_of(vd_request_error(r)->text), "a value of 41 bytes is longer than the limit of 40");
    assert_int_equal(vd_request_set(r, VD_ACTION, VD_S("s3:GetObject")), VD_OK);
    assert_true(r->failed);
    vd_request_reset(r);
    assert_false(r->failed);
    assert_int_equal(vd_request_error(r)->code, VD_OK);

    assert_int_equal(vd_request_context(r, VD_S("k"), five, 5), VD_ELIMIT);
    assert_int_equal(vd_request_context(r, VD_S("k"), five, 4), VD_OK);
    assert_int_equal(vd_request_context(r, VD_S("k2"), five, 1), VD_ELIMIT);
    for (int i = 0; i < 9; i++)
        assert_int_equal(vd_request_context(r, VD_S("k"), five, 4), VD_OK); /* replacing does not add up */
    assert_int_equal(vd_request_context(r, VD_S("k2"), five, 0), VD_OK);
    assert_int_equal(vd_request_context(r, VD_S("k3"), five, 0), VD_OK);
    assert_int_equal(vd_request_context(r, VD_S("k4"), five, 0), VD_ELIMIT);
    assert_int_equal(vd_request_context(r, VD_S("k3"), five, 0), VD_OK);

    vd_request_reset(r);
    assert_int_equal(vd_request_set(r, VD_RESOURCE, VD_S("*")), VD_OK);
    assert_int_equal(vd_request_set(r, VD_RESOURCE, VD_S("*")), VD_OK);
    assert_int_equal(vd_request_check(r, VD_S("a:b"), VD_S("*"), VD_S("")), VD_ELIMIT);

    vd_request_reset(r);
    assert_int_equal(vd_request_set(r, 99, VD_S("x")), VD_EINVAL);
    assert_int_equal(vd_request_set(r, -1, VD_S("x")), VD_EINVAL);
    assert_int_equal(vd_request_flag(r, 99, true), VD_EINVAL);
    assert_int_equal(vd_request_tag(r, 3, VD_S("x"), VD_S("")), VD_EINVAL);
    assert_int_equal(vd_request_tag(r, VD_TAG_REQUEST, VD_S(""), VD_S("")), VD_EINVAL);
    assert_int_equal(vd_request_context(r, VD_S(""), five, 1), VD_EINVAL);
    assert_int_equal(vd_request_set(r, VD_NOW, VD_S("yesterday")), VD_EREQUEST);
    assert_int_equal(vd_request_set(r, VD_NOW, VD_S("2026-11-21T10:00:00Z")), VD_OK);
    assert_true(r->has_now);
    vd_request_free(r);
}

/* A request as a gateway makes it, with built names. */
static vd_code fill(vd_request *r)
{
    char   key[16];
    vd_str v = VD_S("v");

    VD_TRY(vd_request_set(r, VD_PRINCIPAL, VD_S("arn:aws:iam::111111111111:user/bob")));
    VD_TRY(vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:s3:::b/k")));
    VD_TRY(vd_request_context(r, VD_S("aws:SourceIp"), &v, 1));
    for (int i = 0; i < 60; i++) {
        vd_str kept;

        snprintf(key, sizeof key, "key-%d", i);
        VD_TRY(vd_request_keep(r, &kept, vd_str_of(key)));
        VD_TRY(vd_request_tag(r, VD_TAG_REQUEST, kept, v));
    }
    VD_TRY(vd_request_check(r, VD_S("iam:PassRole"), VD_S("*"), VD_S("")));
    return vd_request_bind(r, 5, &v, 1);
}

static void warm_requests_do_not_allocate(void **state)
{
    failing_alloc f = { 0 };
    vd_allocator  a = failing_allocator(&f);
    vd_request   *r = request_of(engine_of(&a, NULL));

    VD_UNUSED(state);
    for (int i = 0; i < 4; i++) {
        size_t calls = f.calls;

        vd_request_reset(r);
        assert_int_equal(fill(r), VD_OK);
        assert_int_equal(r->context.count, 63);
#ifndef VD_POISON
        if (i > 1)
            assert_int_equal(f.calls, calls);
#else
        VD_UNUSED(calls);
#endif
    }
    vd_request_free(r);
    assert_int_equal(f.live, 0);
    assert_false(f.wrong_size);
}

/* A caller of all that the request says but its checks, begun with by another request. */
static vd_code caller_path(vd_engine *e, vd_request *r)
{
    vd_caller  *c = NULL;
    vd_request *other = NULL;
    vd_code     code;

    vd_request_drop_checks(r);
    VD_TRY(vd_request_set(r, VD_PRINCIPAL, VD_S(SESSION)));
    VD_TRY(vd_caller_new(&c, r, NULL));
    code = vd_request_new(&other, e, NULL);
    if (code == VD_OK)
        code = vd_request_begin(other, c);
    if (code == VD_OK)
        assert_int_equal(other->context.count, r->context.count);
    assert_true(!other || other->failed == (code != VD_OK));
    vd_request_free(other);
    vd_caller_release(c);
    return code;
}

static vd_code whole_path(const vd_allocator *a)
{
    vd_engine  *e = engine_of(a, NULL);
    vd_request *r = NULL;
    vd_code     code;

    if (!e)
        return VD_ENOMEM;
    code = vd_request_new(&r, e, NULL);
    vd_engine_release(e); /* the request holds it */
    if (code != VD_OK)
        return code;
    code = fill(r);
    assert_int_equal(r->failed, code != VD_OK);
    if (code == VD_OK) {
        vd_request_reset(r);
        code = fill(r);
    }
    if (code == VD_OK)
        code = caller_path(r->engine, r);
    vd_request_free(r);
    return code;
}

static void each_allocation_may_fail(void **state)
{
    VD_UNUSED(state);
    for (int once = 0; once < 2; once++)
        for (size_t n = 1;; n++) {
            failing_alloc f = { .fail_at = n, .once = once };
            vd_allocator  a = failing_allocator(&f);
            vd_code       code = whole_path(&a);

            assert_int_equal(f.live, 0);
            assert_false(f.wrong_size);
            if (!f.failed) {
                assert_int_equal(code, VD_OK);
                break;
            }
            assert_int_equal(code, VD_ENOMEM);
        }
}

/* ------------------------------------------------------------------ callers */

static vd_facts facts_of(const vd_request *r)
{
    vd_facts f;
    vd_error err = { .size = sizeof err };

    if (vd_facts_make(&f, r, 0, &err) != VD_OK)
        fail_msg("%s", err.text);
    return f;
}

static void question(vd_request *r)
{
    assert_int_equal(vd_request_set(r, VD_ACTION, VD_S("s3:GetObject")), VD_OK);
    assert_int_equal(vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:s3:::b/k")), VD_OK);
}

static void a_caller_keeps_copies(void **state)
{
    vd_request *r = request_of(engine_of(NULL, NULL)), *other;
    vd_caller  *c;
    char        principal[] = SESSION, value[] = "red", name[] = "team", now[] = "2026-11-21T10:00:00Z", key[] = "aws:userid";
    vd_facts    f;

    VD_UNUSED(state);
    assert_int_equal(vd_request_set(r, VD_PRINCIPAL, vd_str_of(principal)), VD_OK);
    assert_int_equal(vd_request_set(r, VD_NOW, vd_str_of(now)), VD_OK);
    assert_int_equal(vd_request_tag(r, VD_TAG_PRINCIPAL, vd_str_of(name), vd_str_of(value)), VD_OK);
    assert_int_equal(put(r, key, value), VD_OK);
    assert_int_equal(vd_request_flag(r, VD_SERVICE_LINKED, true), VD_OK);
    assert_int_equal(vd_caller_new(&c, r, NULL), VD_OK);
    assert_int_equal(vd_request_new(&other, r->engine, NULL), VD_OK);
    memset(principal, '?', sizeof principal - 1);
    memset(value, '?', sizeof value - 1);
    memset(now, '?', sizeof now - 1);
    memset(key, '?', sizeof key - 1);
    vd_request_free(r);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(vd_request_begin(other, vd_caller_retain(c)), VD_OK);
        vd_caller_release(c);
        question(other);
        f = facts_of(other);
        assert_int_equal(f.kind, VD_WHO_SERVICE_LINKED);
        assert_true(vd_str_eq(f.session_arn, VD_S(SESSION)) && vd_str_eq(f.account, VD_S("111111111111")));
        assert_true(f.request == other && other->has_now);
        assert_true(vd_str_eq(values_of(other, "aws:PrincipalTag/team", VD_SHARED_CHECK), VD_S("red")));
        assert_true(vd_str_eq(values_of(other, "aws:userid", VD_SHARED_CHECK), VD_S("red")));
        assert_int_equal(put(other, "aws:userid", i & 1 ? "blue" : "green"), VD_OK); /* replaces, for this request */
        assert_true(vd_str_eq(values_of(other, "aws:userid", VD_SHARED_CHECK), i & 1 ? VD_S("blue") : VD_S("green")));
    }
    vd_request_reset(other);
    assert_null(other->who);
    assert_int_equal(other->context.count, 0);
    vd_request_free(other);
    vd_caller_release(c);
    vd_caller_release(NULL);
    assert_null(vd_caller_retain(NULL));
}

/* Whatever is said of the principal after the beginning counts. */
static void later_words_count(void **state)
{
    vd_request *r = request_of(engine_of(NULL, NULL));
    vd_caller  *c;

    VD_UNUSED(state);
    assert_int_equal(vd_request_set(r, VD_PRINCIPAL, VD_S(SESSION)), VD_OK);
    assert_int_equal(vd_caller_new(&c, r, NULL), VD_OK);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(vd_request_begin(r, c), VD_OK);
        question(r);
        assert_non_null(r->who);
        if (i == 1)
            assert_int_equal(vd_request_set(r, VD_PRINCIPAL, VD_S("arn:aws:iam::222222222222:root")), VD_OK);
        if (i == 2)
            assert_int_equal(vd_request_set(r, VD_PRINCIPAL_ROLE, VD_S("arn:aws:iam::111111111111:role/path/r")), VD_OK);
        if (i == 3)
            assert_int_equal(vd_request_flag(r, VD_SERVICE_LINKED, true), VD_OK);
        if (i == 4)
            assert_int_equal(vd_request_set(r, VD_PRINCIPAL_ID, VD_S("AROAEXAMPLER00000001")), VD_OK);
        assert_int_equal(facts_of(r).kind, i == 1 ? VD_WHO_ROOT : i == 3 ? VD_WHO_SERVICE_LINKED : VD_WHO_ROLE_SESSION);
        assert_int_equal(facts_of(r).role_path_known, i == 2);
        assert_int_equal(facts_of(r).unique_id.n, i == 4 ? 20 : 0);
    }
    vd_caller_release(c);
    vd_request_free(r);
}

static void callers_that_cannot_be(void **state)
{
    vd_request *r = request_of(engine_of(NULL, NULL)), *stranger = request_of(engine_of(NULL, NULL));
    vd_caller  *c = (vd_caller *)(void *)r;
    vd_error    err = { .size = sizeof err };

    VD_UNUSED(state);
    assert_int_equal(vd_caller_new(NULL, r, &err), VD_EINVAL);
    assert_int_equal(vd_caller_new(&c, NULL, &err), VD_EINVAL);
    assert_null(c);
    assert_int_equal(vd_caller_new(&c, r, &err), VD_EREQUEST);
    assert_string_equal(err.text, "the request has no principal");
    assert_int_equal(vd_request_set(r, VD_PRINCIPAL, VD_S("nobody")), VD_OK);
    assert_int_equal(vd_caller_new(&c, r, &err), VD_EREQUEST);
    assert_string_equal(err.text, "principal \"nobody\" is neither an ARN nor a service principal nor \"anonymous\"");
    assert_int_equal(vd_request_set(r, VD_PRINCIPAL, VD_S(SESSION)), VD_OK);
    assert_int_equal(vd_request_set(r, VD_RESOURCE, VD_S("*")), VD_OK);
    assert_int_equal(vd_caller_new(&c, r, &err), VD_EINVAL);
    assert_string_equal(err.text, "a caller has no resource");
    vd_request_reset(r);
    assert_int_equal(vd_request_set(r, 99, VD_S("x")), VD_EINVAL);
    assert_int_equal(vd_caller_new(&c, r, &err), VD_EINVAL);
    assert_null(c);
    assert_int_equal(vd_request_begin(r, NULL), VD_EINVAL);
    assert_true(r->failed);
    vd_request_reset(r);
    assert_int_equal(vd_request_set(r, VD_PRINCIPAL, VD_S(SESSION)), VD_OK);
    assert_int_equal(vd_caller_new(&c, r, &err), VD_OK);
    assert_int_equal(vd_request_begin(stranger, c), VD_EINVAL);
    assert_true(stranger->failed && !stranger->who);
    vd_caller_release(c);
    vd_request_free(stranger);
    vd_request_free(r);
}

/* Who may be an identity provider or not, by what is asked, is looked at with each request. */
static void providers_are_judged_later(void **state)
{
    static const char *const who[] = { "cognito-identity.amazonaws.com", "accounts.google.com", "arn:aws:iam::111111111111:saml-provider/x" };
    vd_request              *r = request_of(engine_of(NULL, NULL));
    vd_facts                 f;

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(who); i++)
        for (int call = 0; call < 2; call++) {
            vd_caller *c;
            vd_code    code[2];

            for (int with = 0; with < 2; with++) {
                vd_request_reset(r);
                assert_int_equal(vd_request_set(r, VD_PRINCIPAL, vd_str_of(who[i])), VD_OK);
                if (with) {
                    assert_int_equal(vd_caller_new(&c, r, NULL), VD_OK);
                    assert_int_equal(vd_request_begin(r, c), VD_OK);
                }
                vd_request_set(r, VD_ACTION, call ? VD_S("sts:AssumeRoleWithSAML") : VD_S("s3:GetObject"));
                vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:iam::111111111111:role/r"));
                code[with] = vd_facts_make(&f, r, 0, NULL);
                if (code[with] == VD_OK)
                    assert_int_equal(f.kind, call ? VD_WHO_IDP : VD_WHO_SERVICE);
                if (with)
                    vd_caller_release(c);
            }
            assert_int_equal(code[0], code[1]);
            assert_int_equal(code[0], call || i == 0 ? VD_OK : VD_EREQUEST);
        }
    vd_request_free(r);
}

static void arenas_are_used_again(void **state)
{
    failing_alloc f = { 0 };
    vd_allocator  a = failing_allocator(&f);
    vd_arena      arena = vd_arena_on(&a, 5000);

    VD_UNUSED(state);
    vd_arena_reset(&arena); /* of an empty one */
    for (int round = 0; round < 5; round++) {
        size_t calls = f.calls;

        for (int i = 0; i < 40; i++) {
            char *p = vd_arena_alloc(&arena, 100, 8);

            assert_non_null(p);
            for (int k = 0; k < 100; k++)
                assert_int_equal(p[k], 0); /* zeroed again */
            memset(p, 'x', 100);
        }
        assert_null(vd_arena_alloc(&arena, 1001, 1)); /* the limit counts from the reset */
#ifndef VD_POISON
        if (round > 1)
            assert_int_equal(f.calls, calls);
#else
        VD_UNUSED(calls);
#endif
        vd_arena_reset(&arena);
        assert_true(f.live <= 1);
    }
    vd_arena_done(&arena);
    assert_int_equal(f.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_key_replaces),        cmocka_unit_test(bound_keys),
        cmocka_unit_test(checks_and_their_context), cmocka_unit_test(tags),
        cmocka_unit_test(failures_stick),           cmocka_unit_test(warm_requests_do_not_allocate),
        cmocka_unit_test(each_allocation_may_fail), cmocka_unit_test(arenas_are_used_again),
        cmocka_unit_test(a_caller_keeps_copies),    cmocka_unit_test(later_words_count),
        cmocka_unit_test(callers_that_cannot_be),   cmocka_unit_test(providers_are_judged_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
