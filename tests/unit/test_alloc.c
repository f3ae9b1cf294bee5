/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory: an evaluation asks for none, neither of the host's allocator nor, behind its back, of the C library; and
 * wherever the allocator says no, the call says VD_ENOMEM, leaks nothing, and can be made again.
 */
#include "sets.h"

#include "failing_alloc.h"

#include <unistd.h>

/* ------------------------------------------------------------------ what the C library is asked for */

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#endif
#if defined(__GLIBC__) && !defined(SANITIZED)
#define COUNT_LIBC 1

static volatile size_t libc_calls; /* compilers take malloc for a function that writes nowhere */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t size);

/* They stand before those of the C library, for its own calls, too. */
void *malloc(size_t size)
{
    libc_calls++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    libc_calls++;
    return __libc_calloc(count, size);
}

void *realloc(void *p, size_t size)
{
    libc_calls++;
    return __libc_realloc(p, size);
}
#else
static const size_t libc_calls = 0;
#endif

/* ------------------------------------------------------------------ a world on an allocator that may fail */

typedef struct world {
    failing_alloc f;
    vd_engine    *engine;
    vd_set       *small, *large;
    vd_str        bytes; /* of large: what every later compilation must make */
    char          path[512];
} world;

#define EXPECT(condition)        \
    do {                         \
        if (!(condition))        \
            return VD_EINTERNAL; \
    } while (0)

static const char mixed_text[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Sid\":\"Own\",\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:Put*\"],"
    "\"Resource\":\"arn:aws:s3:::team/${aws:username}/*\",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.0/24\"},"
    "\"StringLike\":{\"aws:PrincipalTag/team\":\"${aws:RequestTag/team}\"},\"DateLessThan\":{\"aws:CurrentTime\":\"2030-01-01T00:00:00Z\"},"
    "\"NumericLessThan\":{\"s3:max-keys\":\"100\"},\"ForAllValues:StringEquals\":{\"aws:TagKeys\":[\"team\",\"cost\"]}}},"
    "{\"Sid\":\"No\",\"Effect\":\"Deny\",\"NotAction\":\"s3:*\",\"NotResource\":\"arn:aws:s3:::team/*\"}]}";

static const document small_docs[] = {
    { .name = "mixed.json", .text = mixed_text, .kind = VD_KIND_IDENTITY, .where = { .layer = VD_LAYER_IDENTITY } },
    { .name = "full.json", .text = ONE("Allow", "*", "*"), .kind = VD_KIND_SCP, .where = { .layer = VD_LAYER_SCP } },
    { .name = "edge.json", .text = ONE("Allow", "s3:Get*", "*"), .kind = VD_KIND_BOUNDARY, .where = { .layer = VD_LAYER_BOUNDARY } },
};

static void build_world(world *w)
{
    vd_allocator   a;
    vd_engine_opts opts = { .size = sizeof opts, .allocator = &a };

    memset(w, 0, sizeof *w);
    a = failing_allocator(&w->f);
    assert_int_equal(vd_engine_new(&w->engine, &opts, NULL), VD_OK);
    w->small = set_of(w->engine, small_docs, VD_COUNT(small_docs));
    w->large = large_set(w->engine);
    w->bytes = vd_set_bytes(w->large);
    snprintf(w->path, sizeof w->path, "%s/verdict-alloc-%ld.vdb", temporary(), (long)getpid());
}

static void drop_world(world *w)
{
    vd_set_release(w->small);
    vd_set_release(w->large);
    vd_engine_release(w->engine);
    unlink(w->path);
    assert_int_equal(w->f.live, 0);
    assert_int_equal(w->f.live_bytes, 0);
    assert_false(w->f.wrong_size);
}

/* ------------------------------------------------------------------ no allocation while deciding */

static vd_code fill_small(vd_request *r)
{
    static const vd_str address = VD_L("203.0.113.7"), keys = VD_L("50"), two[] = { VD_L("a"), VD_L("b") };
    vd_code             code;

    vd_request_reset(r);
    if ((code = vd_request_set(r, VD_PRINCIPAL, VD_S("arn:aws:iam::111122223333:user/alice"))) == VD_OK &&
        (code = vd_request_set(r, VD_ACTION, VD_S("s3:GetObject"))) == VD_OK &&
        (code = vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:s3:::team/alice/x"))) == VD_OK &&
        (code = vd_request_set(r, VD_RESOURCE_ACCOUNT, VD_S("111122223333"))) == VD_OK &&
        (code = vd_request_set(r, VD_NOW, VD_S("2026-11-21T10:00:00Z"))) == VD_OK &&
        (code = vd_request_context(r, VD_S("aws:SourceIp"), &address, 1)) == VD_OK &&
        (code = vd_request_context(r, VD_S("s3:max-keys"), &keys, 1)) == VD_OK &&
        (code = vd_request_context(r, VD_S("aws:Other"), two, 2)) == VD_OK &&
        (code = vd_request_tag(r, VD_TAG_PRINCIPAL, VD_S("team"), VD_S("data"))) == VD_OK &&
        (code = vd_request_tag(r, VD_TAG_REQUEST, VD_S("team"), VD_S("data"))) == VD_OK)
        code = vd_request_flag(r, VD_WANT_MISSING_KEYS, true);
    return code;
}

/* The same with a caller. */
static vd_code begin_small(vd_request *r, const vd_caller *c)
{
    static const vd_str keys = VD_L("50");
    vd_code             code = vd_request_begin(r, c);

    if (code == VD_OK && (code = vd_request_set(r, VD_ACTION, VD_S("s3:GetObject"))) == VD_OK &&
        (code = vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:s3:::team/alice/x"))) == VD_OK)
        code = vd_request_context(r, VD_S("s3:max-keys"), &keys, 1);
    return code;
}

static void beginning_allocates_nothing(void **state)
{
    static const vd_str address = VD_L("203.0.113.7");
    world               w;
    vd_request         *r;
    vd_caller          *c;
    void               *scratch;

    VD_UNUSED(state);
    build_world(&w);
    assert_int_equal(vd_request_new(&r, w.engine, NULL), VD_OK);
    scratch = scratch_of(w.small);
    assert_int_equal(vd_request_set(r, VD_PRINCIPAL, VD_S("arn:aws:iam::111122223333:user/alice")), VD_OK);
    assert_int_equal(vd_request_set(r, VD_RESOURCE_ACCOUNT, VD_S("111122223333")), VD_OK);
    assert_int_equal(vd_request_set(r, VD_NOW, VD_S("2026-11-21T10:00:00Z")), VD_OK);
    assert_int_equal(vd_request_bind(r, vd_set_key(w.small, VD_S("aws:SourceIp")), &address, 1), VD_OK);
    assert_int_equal(vd_request_tag(r, VD_TAG_PRINCIPAL, VD_S("team"), VD_S("data")), VD_OK);
    assert_int_equal(vd_request_tag(r, VD_TAG_REQUEST, VD_S("team"), VD_S("data")), VD_OK);
    assert_int_equal(vd_caller_new(&c, r, NULL), VD_OK);
    assert_int_equal(begin_small(r, c), VD_OK); /* its memory grows once */
    for (int i = 0; i < 20; i++) {
        vd_decision d = { .size = sizeof d };
        size_t      calls = w.f.calls, behind = libc_calls;

        assert_int_equal(begin_small(r, c), VD_OK);
        assert_int_equal(vd_eval(&d, w.small, r, scratch), VD_OK);
        assert_int_equal(w.f.calls, calls);
        assert_int_equal(libc_calls, behind);
        assert_int_equal(d.outcome, VD_ALLOW);
    }
    free(scratch);
    vd_caller_release(c);
    vd_request_free(r);
    drop_world(&w);
}

static void deciding_allocates_nothing(void **state)
{
    world       w;
    vd_request *r = NULL;
    void       *scratch[2];

    VD_UNUSED(state);
    build_world(&w);
    assert_int_equal(vd_request_new(&r, w.engine, NULL), VD_OK);
    scratch[0] = scratch_of(w.small);
    scratch[1] = scratch_of(w.large);
    assert_int_equal(fill_small(r), VD_OK); /* its memory grows once */
    for (int i = 0; i < 100; i++) {
        const vd_set *set = i & 1 ? w.large : w.small;
        vd_decision   d = { .size = sizeof d };
        size_t        calls = w.f.calls, behind = libc_calls;
        vd_code       filled = fill_small(r), code;
        size_t        fill_calls = w.f.calls, fill_behind = libc_calls;
        char          reason[256];

        VD_UNUSED(calls);
        VD_UNUSED(behind);
        if (i % 7 == 6)
            vd_request_set(r, VD_PRINCIPAL, VD_S("nobody")); /* errors ask for none either */
        code = vd_eval(&d, set, r, scratch[i & 1]);
        vd_decision_reason(reason, sizeof reason, &d, VD_S("s3:GetObject"));
#ifndef VD_POISON /* which makes each text of a tag a block of its own */
        assert_int_equal(fill_calls, calls);
        assert_int_equal(fill_behind, behind);
#endif
        assert_int_equal(w.f.calls, fill_calls);
        assert_int_equal(libc_calls, fill_behind);
        assert_int_equal(filled, VD_OK);
        assert_int_equal(code, i % 7 == 6 ? VD_EREQUEST : VD_OK);
        if (set == w.small && code == VD_OK)
            assert_int_equal(d.outcome, VD_ALLOW);
    }
#ifdef COUNT_LIBC
    {
        size_t         behind = libc_calls;
        char *volatile copy = strdup("the counter counts");

        free(copy);
        assert_int_equal(libc_calls, behind + 1);
    }
#endif
    free(scratch[0]);
    free(scratch[1]);
    vd_request_free(r);
    drop_world(&w);
}

/* ------------------------------------------------------------------ steps: each makes, checks and drops its things */

static vd_code make_engine(world *w)
{
    vd_allocator   a = failing_allocator(&w->f);
    vd_engine_opts opts = { .size = sizeof opts, .allocator = &a };
    vd_engine     *e = NULL;
    vd_code        code = vd_engine_new(&e, &opts, NULL);

    vd_engine_release(e);
    return code;
}

static vd_code parse_one(world *w, vd_kind kind, const char *name, const char *text, vd_code wanted)
{
    vd_error   err = { .size = sizeof err };
    vd_policy *p = NULL;
    vd_diags  *notes = NULL;
    vd_code    code = vd_diags_new(&notes, w->engine, &err);

    if (code == VD_OK)
        code = vd_policy_parse(&p, w->engine, kind, vd_str_of(name), vd_str_of(text), notes, &err);
    if ((code == VD_OK) != (p != NULL) || (code != VD_OK && err.code != code))
        code = VD_EINTERNAL;
    vd_policy_release(p);
    vd_diags_free(notes);
    if (code != wanted && code != VD_ENOMEM)
        fprintf(stderr, "%s: %s\n", name, err.text);
    return code == wanted ? VD_OK : code;
}

static vd_code parse_policies(world *w)
{
    static const char principals[] =
        "{\"Version\":\"2012-10-17\",\"Id\":\"x\",\"Statement\":[{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":["
        "\"111122223333\",\"arn:aws:iam::111122223333:role/r\"],\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\","
        "\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"\\u0041\"}}}]}";
    static const char faults[] =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3GetObject\",\"Resource\":\"x\"},"
        "{\"Sid\":\"a b\",\"Effect\":\"Deny\",\"Action\":[],\"Resource\":\"*\",\"Condition\":{\"StringEqual\":{\"a\":1}}}]}";

    for (vd_kind kind = 0; kind < VD_KIND_COUNT; kind++) {
        VD_TRY(parse_one(w, kind, "m.json", mixed_text, VD_OK));
        VD_TRY(parse_one(w, kind, "p.json", principals, VD_OK));
        VD_TRY(parse_one(w, kind, "f.json", faults, VD_OK));
    }
    return parse_one(w, VD_KIND_IDENTITY, "bad.json", "{\"Version\": [1, 2}", VD_ESYNTAX);
}

static vd_code compile_sets(world *w)
{
    vd_error err = { .size = sizeof err };
    vd_set  *set = NULL;
    vd_code  code = compile_documents(&set, w->engine, many_documents(), MANY, NULL, &err);

    if ((code == VD_OK) != (set != NULL) || (code != VD_OK && err.code != code) ||
        (set && !vd_str_eq(vd_set_bytes(set), w->bytes)))
        code = VD_EINTERNAL;
    vd_set_release(set);
    return code;
}

/* The builder outlives what failed in it. */
static vd_code compile_again(world *w)
{
    vd_builder *b = NULL;
    vd_set     *set = NULL;
    vd_code     code = vd_builder_new(&b, w->engine, NULL);

    for (size_t i = 0; code == VD_OK && i < VD_COUNT(small_docs); i++) {
        code = add_document(b, w->engine, &small_docs[i], NULL);
        if (code == VD_ENOMEM && w->f.once)
            code = add_document(b, w->engine, &small_docs[i], NULL);
    }
    if (code == VD_OK)
        code = vd_builder_compile(&set, b, NULL, NULL);
    if (code == VD_ENOMEM && w->f.once && b)
        code = vd_builder_compile(&set, b, NULL, NULL);
    if (set && !vd_str_eq(vd_set_bytes(set), vd_set_bytes(w->small)))
        code = VD_EINTERNAL;
    vd_builder_free(b);
    vd_set_release(set);
    return code;
}

static vd_code save_and_open(world *w)
{
    vd_set *opened = NULL, *loaded = NULL;
    vd_code code = vd_set_save(w->large, w->path, NULL);

    if (code == VD_OK)
        code = vd_set_open(&opened, w->engine, w->path, NULL);
    if (code == VD_OK)
        code = vd_set_load(&loaded, w->engine, w->bytes, NULL);
    if ((opened && !vd_str_eq(vd_set_bytes(opened), w->bytes)) || (loaded && !vd_str_eq(vd_set_bytes(loaded), w->bytes)))
        code = VD_EINTERNAL;
    vd_set_release(opened);
    vd_set_release(loaded);
    return code;
}

static vd_code ask(world *w)
{
    vd_request *r = NULL;
    vd_decision d = { .size = sizeof d };
    void       *scratch = scratch_of(w->small);
    vd_code     code = vd_request_new(&r, w->engine, NULL), decided_as;

    if (code == VD_OK)
        code = fill_small(r);
    if (code == VD_OK)
        code = vd_request_check(r, VD_S("s3:PutObject"), VD_S("arn:aws:s3:::team/alice/y"), VD_S(""));
    if (r) { /* what could not be filled is not decided */
        decided_as = vd_eval(&d, w->small, r, scratch);
        if (decided_as != (code == VD_OK ? VD_OK : VD_EREQUEST) || d.outcome != VD_IMPLICIT_DENY)
            code = VD_EINTERNAL;
    }
    if (r && w->f.once && code == VD_ENOMEM) { /* and the request can be filled again */
        if (fill_small(r) != VD_OK || vd_eval(&d, w->small, r, scratch) != VD_OK || d.outcome != VD_ALLOW)
            code = VD_EINTERNAL;
    }
    vd_request_free(r);
    free(scratch);
    return code;
}

static vd_code tell_why(world *w)
{
    vd_request     *r = NULL;
    vd_explanation *x = NULL;
    vd_error        err = { .size = sizeof err };
    vd_code         code = vd_request_new(&r, w->engine, NULL);

    if (code == VD_OK)
        code = fill_small(r);
    if (code == VD_OK)
        code = vd_request_set(r, VD_ACTION, VD_S("s3:DeleteObject"));
    if (code == VD_OK) {
        code = vd_explain(&x, w->small, r, NULL, &err);
        if ((code == VD_OK) != (x != NULL) || (code != VD_OK && err.code != code))
            code = VD_EINTERNAL;
        if (x && vd_explanation_get(x)->decision.outcome != VD_IMPLICIT_DENY)
            code = VD_EINTERNAL;
    }
    vd_explanation_free(x);
    vd_request_free(r);
    return code;
}

static vd_code run_suite(world *w, vd_str name)
{
    static const char text[] =
        "{\"name\":\"s\",\"policies\":{\"identity\":[{\"name\":\"p.json\",\"document\":" ONE("Allow", "s3:Get*", "*") "}],"
        "\"scp\":[{\"target\":\"r-root\",\"policies\":[{\"name\":\"f.json\",\"document\":" ONE("Allow", "*", "*") "}]}]},"
        "\"defaults\":{\"request\":{\"principal\":\"arn:aws:iam::111122223333:user/alice\",\"resourceAccount\":\"111122223333\"}},"
        "\"cases\":[{\"name\":\"a\",\"request\":{\"action\":\"s3:GetObject\",\"resource\":\"arn:aws:s3:::b/k\","
        "\"context\":{\"aws:SourceIp\":\"10.0.0.1\"}},\"expect\":\"allow\"},"
        "{\"name\":\"b\",\"request\":{\"action\":\"s3:PutObject\",\"resource\":\"arn:aws:s3:::b/k\"},\"expect\":{\"decision\":\"implicit-deny\","
        "\"layer\":\"identity\"}}]}";
    vd_error       err = { .size = sizeof err };
    vd_suite      *suite = NULL;
    vd_coverage   *coverage = NULL, *sum = NULL;
    vd_run_opts    opts = { .size = sizeof opts, .now = VD_L("2026-11-21T10:00:00Z") };
    vd_code        code = vd_suite_read(&suite, w->engine, name, vd_str_of(text), NULL, NULL, &err);

    if (code == VD_OK)
        code = vd_coverage_new(&coverage, w->engine, &err);
    if (code == VD_OK)
        code = vd_coverage_add(coverage, suite, &err);
    opts.coverage = coverage;
    for (size_t i = 0; code == VD_OK && i < 2; i++) {
        vd_case_result result = { .size = sizeof result };

        code = vd_suite_run(&result, suite, i, &opts, &err);
        if (code == VD_OK && (result.code == VD_ENOMEM ? false : !result.passed))
            code = VD_EINTERNAL;
        if (code == VD_OK && result.code != VD_OK)
            code = result.code;
    }
    if (code == VD_OK)
        code = vd_coverage_new(&sum, w->engine, &err);
    if (code == VD_OK)
        code = vd_coverage_merge(sum, coverage, &err);
    if (code == VD_OK && vd_coverage_count(sum) != 2)
        code = VD_EINTERNAL;
    vd_coverage_free(sum);
    vd_coverage_free(coverage);
    vd_suite_free(suite);
    return code;
}

static vd_code run_json(world *w)
{
    return run_suite(w, VD_S("s.json"));
}

/* JSON is YAML, too: the other reader. */
static vd_code run_yaml(world *w)
{
    return run_suite(w, VD_S("s.yaml"));
}

static bool count_bytes(void *user, vd_str text)
{
    *(size_t *)user += text.n;
    return true;
}

static vd_code dump_sets(world *w)
{
    size_t text = 0, dot = 0;

    VD_TRY(vd_set_dump(w->small, VD_DUMP_TEXT, count_bytes, &text, NULL));
    VD_TRY(vd_set_dump(w->small, VD_DUMP_DOT, count_bytes, &dot, NULL));
    EXPECT(text && dot);
    return VD_OK;
}

static vd_code simulate(world *w)
{
    static const char input[] =
        "{\"PolicyInputList\":[\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"s3:Get*\\\","
        "\\\"Resource\\\":\\\"*\\\",\\\"Condition\\\":{\\\"IpAddress\\\":{\\\"aws:SourceIp\\\":\\\"10.0.0.0/8\\\"}}}}\"],"
        "\"ActionNames\":[\"s3:GetObject\",\"s3:PutObject\"],\"ResourceArns\":[\"arn:aws:s3:::b/k\"],"
        "\"ContextEntries\":[{\"ContextKeyName\":\"aws:SourceIp\",\"ContextKeyType\":\"ip\",\"ContextKeyValues\":[\"10.0.0.1\"]}]}";
    size_t n = 0;

    VD_TRY(vd_simulate(w->engine, VD_S("in.json"), vd_str_of(input), NULL, count_bytes, &n, NULL));
    EXPECT(n > 100);
    return VD_OK;
}

static vd_code follow(world *w)
{
    vd_live   *live = NULL;
    vd_reader *reader = NULL;
    vd_code    code = vd_live_new(&live, w->engine, w->small, NULL);

    if (code == VD_OK)
        code = vd_reader_new(&reader, live, NULL);
    if (code == VD_OK) {
        vd_live_replace(live, w->large);
        code = vd_reader_set(reader) == w->large ? VD_OK : VD_EINTERNAL;
    }
    vd_reader_free(reader);
    vd_live_free(live);
    return code;
}

/* ------------------------------------------------------------------ every allocation of every step fails */

typedef struct step {
    const char *name;
    vd_code (*run)(world *w);
    bool may_go_on; /* it makes a failed call again, or works without */
} step;

static const step steps[] = {
    { "engine", make_engine, false },      { "parse", parse_policies, false },   { "compile", compile_sets, false },
    { "compile again", compile_again, true }, { "save and open", save_and_open, false }, { "request", ask, false },
    { "explain", tell_why, false },        { "suite", run_json, false },         { "suite in YAML", run_yaml, false },
    { "dump", dump_sets, false },
    { "simulate", simulate, false },       { "live", follow, false },
};

static void fail_everywhere(world *w, const step *s, bool once)
{
    size_t live = w->f.live, bytes = w->f.live_bytes, n = 0;
    bool   failed;

    assert_int_equal(s->run(w), VD_OK);
    do {
        vd_code code;

        n++;
        w->f.once = once;
        w->f.failed = false;
        w->f.fail_at = w->f.calls + n;
        code = s->run(w);
        failed = w->f.failed;
        w->f.fail_at = 0;
        w->f.once = false;
        if (code != VD_OK && code != VD_ENOMEM)
            fail_msg("%s: allocation %zu of it: %s", s->name, n, vd_code_name(code));
        if (failed && code == VD_OK && !s->may_go_on)
            fail_msg("%s: allocation %zu of it failed, and nobody said so", s->name, n);
        if (!failed && code != VD_OK)
            fail_msg("%s: no allocation failed, but: %s", s->name, vd_code_name(code));
        if (w->f.live != live || w->f.live_bytes != bytes)
            fail_msg("%s: allocation %zu of it: %zu blocks are left", s->name, n, w->f.live - live);
    } while (failed);
    assert_int_equal(s->run(w), VD_OK); /* nothing was spoiled */
    assert_true(n > 1);
}

static void failures_are_told(void **state)
{
    const step *s = *state;
    world       w;

    build_world(&w);
    fail_everywhere(&w, s, false);
    fail_everywhere(&w, s, true);
    drop_world(&w);
}

int main(void)
{
    struct CMUnitTest tests[2 + VD_COUNT(steps)] = { cmocka_unit_test(deciding_allocates_nothing), cmocka_unit_test(beginning_allocates_nothing) };

    for (size_t i = 0; i < VD_COUNT(steps); i++)
        tests[2 + i] = (struct CMUnitTest){ steps[i].name, failures_are_told, NULL, NULL, (void *)(uintptr_t)&steps[i] };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
