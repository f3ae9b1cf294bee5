/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets as their users meet them: misuse of the builder, limits, who is bound to what, the same bytes for the same
 * input, blocks that are no blocks, keys of other sets, structs of another size, requests out of all proportion.
 */
#include "sets.h"

#include "compile/compile.h"
#include "eval/image.h"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#define ALICE "arn:aws:iam::111122223333:user/alice"
#define BOB "arn:aws:iam::111122223333:user/bob"
#define ROLE(name) "arn:aws:iam::111122223333:role/" name
#define SESSION(name) "arn:aws:sts::111122223333:assumed-role/" name "/s"
#define FILE_OF(bucket) "arn:aws:s3:::" bucket "/file"

static vd_engine *engine_with(const vd_limits *limits, uint64_t seed)
{
    vd_engine_opts opts = { .size = sizeof opts, .limits = limits, .hash_seed = seed };
    vd_engine     *e = NULL;

    assert_int_equal(vd_engine_new(&e, &opts, NULL), VD_OK);
    return e;
}

static vd_request *request_on(const vd_engine *e)
{
    vd_request *r = NULL;

    assert_int_equal(vd_request_new(&r, e, NULL), VD_OK);
    return r;
}

#define check_answer(set, r, principal, action, resource, wanted)     \
    do {                                                              \
        char answer[128];                                             \
                                                                      \
        fill_request((r), (principal), (action), (resource));         \
        assert_string_equal(decided(answer, (set), (r)), (wanted));   \
    } while (0)

/* ------------------------------------------------------------------ misuse */

static void builder_refuses_nonsense(void **state)
{
    vd_engine  *e = engine_with(NULL, 0);
    vd_error    err = { .size = sizeof err };
    vd_builder *b = NULL;
    vd_policy  *p = NULL;
    vd_set     *set = NULL;
    vd_attach   where = { .size = sizeof where, .layer = VD_LAYER_IDENTITY };

    VD_UNUSED(state);
    assert_int_equal(vd_builder_new(NULL, e, &err), VD_EINVAL);
    assert_int_equal(vd_builder_new(&b, NULL, &err), VD_EINVAL);
    assert_null(b);
    assert_int_equal(vd_builder_new(&b, e, &err), VD_OK);
    assert_int_equal(vd_policy_parse(&p, e, VD_KIND_IDENTITY, VD_S("p.json"), vd_str_of(ONE("Allow", "*", "*")), NULL,
                                     &err), VD_OK);
    assert_int_equal(vd_builder_add(NULL, p, &where, &err), VD_EINVAL);
    assert_int_equal(vd_builder_add(b, NULL, &where, &err), VD_EINVAL);
    assert_int_equal(vd_builder_add(b, p, NULL, &err), VD_EINVAL);
    assert_string_equal(err.text, "a builder, a policy and a place are needed");
    assert_int_equal(vd_builder_level(b, NULL, &err), VD_EINVAL);
    assert_int_equal(vd_builder_level(NULL, &where, &err), VD_EINVAL);
    for (int i = 0; i < 2; i++) {
        where.layer = i ? VD_LAYER_COUNT : VD_LAYER_NONE;
        assert_int_equal(vd_builder_add(b, p, &where, &err), VD_EINVAL);
        assert_string_equal(err.text, i ? "there is no layer 8" : "there is no layer -1");
        assert_int_equal(vd_builder_level(b, &where, &err), VD_EINVAL);
    }
    where.layer = VD_LAYER_SCP;
    where.level = 256;
    assert_int_equal(vd_builder_add(b, p, &where, &err), VD_ELIMIT);
    assert_string_equal(err.text, "an organization has no 256 levels");
    assert_int_equal(vd_builder_compile(NULL, b, NULL, &err), VD_EINVAL);
    assert_int_equal(vd_builder_compile(&set, NULL, NULL, &err), VD_EINVAL);
    assert_int_equal(vd_builder_compile(&set, b, NULL, NULL), VD_OK); /* what failed left nothing behind */
    assert_int_equal(vd_set_statements(set), 0);
    vd_set_release(set);
    vd_policy_release(p);
    vd_builder_free(b);
    vd_builder_free(NULL);
    vd_engine_release(e);
}

static void questions_without_an_answer(void **state)
{
    vd_engine        *e = engine_with(NULL, 0);
    const document    docs[] = { IDENTITY("p.json", "Allow", "s3:Get*", "*") };
    vd_set           *set = set_of(e, docs, 1);
    vd_statement_info info = { .size = sizeof info };
    vd_error          err = { .size = sizeof err };
    vd_set           *none = set;

    VD_UNUSED(state);
    assert_int_equal(vd_set_policies(set), 1);
    check_cstr(vd_set_policy_name(set, 0), "p.json");
    assert_int_equal(vd_set_policy_name(set, 1).n, 0);
    assert_int_equal(vd_set_policy_name(set, UINT32_MAX).n, 0);
    assert_int_equal(vd_set_policy_text(set, 1).n, 0);
    assert_int_equal(vd_set_statement(set, 0, 0, &info), VD_OK);
    check_cstr(info.policy, "p.json");
    assert_int_equal(info.at.line, 1);
    assert_int_equal(vd_set_statement(set, 0, 1, &info), VD_ENOTFOUND);
    assert_int_equal(vd_set_statement(set, 1, 0, &info), VD_ENOTFOUND);
    assert_int_equal(vd_set_statement(set, UINT32_MAX, UINT32_MAX, &info), VD_ENOTFOUND);
    assert_int_equal(vd_set_open(NULL, e, "x", &err), VD_EINVAL);
    assert_int_equal(vd_set_open(&none, NULL, "x", &err), VD_EINVAL);
    assert_null(none);
    assert_int_equal(vd_set_open(&none, e, NULL, &err), VD_EINVAL);
    assert_int_equal(vd_set_load(NULL, e, VD_S(""), &err), VD_EINVAL);
    assert_int_equal(vd_set_load(&none, e, (vd_str){ NULL, 0 }, &err), VD_EFORMAT);
    assert_int_equal(vd_set_save(set, NULL, &err), VD_EINVAL);
    assert_int_equal(vd_set_save(NULL, "x", &err), VD_EINVAL);
    vd_set_release(set);
    vd_engine_release(e);
}

static void eval_refuses_nonsense(void **state)
{
    vd_engine     *e = engine_with(NULL, 0);
    const document docs[] = { IDENTITY("p.json", "Allow", "*", "*") };
    vd_set        *set = set_of(e, docs, 1);
    vd_request    *r = request_on(e);
    void          *scratch = scratch_of(set);
    vd_decision    d = { .size = sizeof d, .outcome = VD_ALLOW };

    VD_UNUSED(state);
    fill_request(r, ALICE, "s3:GetObject", FILE_OF("b"));
    assert_int_equal(vd_eval(NULL, set, r, scratch), VD_EINVAL);
    assert_int_equal(vd_eval(&d, NULL, r, scratch), VD_EINVAL);
    assert_int_equal(d.outcome, VD_IMPLICIT_DENY);
    d.outcome = VD_ALLOW;
    assert_int_equal(vd_eval(&d, set, NULL, scratch), VD_EINVAL);
    assert_int_equal(d.outcome, VD_IMPLICIT_DENY);
    d.outcome = VD_ALLOW;
    assert_int_equal(vd_eval(&d, set, r, NULL), VD_EINVAL);
    assert_int_equal(d.outcome, VD_IMPLICIT_DENY);
    assert_int_equal(vd_eval(&d, set, r, scratch), VD_OK);
    assert_int_equal(d.outcome, VD_ALLOW);
    vd_request_reset(r); /* nothing is known */
    assert_int_equal(vd_eval(&d, set, r, scratch), VD_EREQUEST);
    assert_int_equal(d.outcome, VD_IMPLICIT_DENY);
    assert_int_equal(d.policy, UINT32_MAX);
    free(scratch);
    vd_request_free(r);
    vd_set_release(set);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ limits */

typedef struct limit_case {
    vd_limits   limits;
    const char *message; /* its beginning */
} limit_case;

static void every_limit_says_its_name(void **state)
{
    static const limit_case cases[] = {
        { { .set_policies = 1 }, "more than 1 policies in a set (limit set_policies)" },
        { { .set_statements = 3 }, "more than 3 statements in a set (limit set_statements)" },
        { { .set_bytes = 1000 }, "the compiled set would be larger than 1000 bytes (limit set_bytes)" },
        { { .statements = 1 }, "2 statements, at most 1 are read (limit statements)" },
        { { .values = 1 }, "" },
        { { .document_bytes = 60 }, "" },
        { { .depth = 2 }, "" },
        { { .nodes = 8 }, "" },
        { { .string_bytes = 4 }, "" },
    };
    static const char two[] = "{\"Version\":\"2012-10-17\",\"Statement\":["
                              "{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"*\"},"
                              "{\"Effect\":\"Deny\",\"Action\":\"s3:PutObject\",\"Resource\":\"*\"}]}";
    static const document docs[] = {
        { .name = "1.json", .text = two, .where = { .layer = VD_LAYER_IDENTITY } },
        { .name = "2.json", .text = two, .where = { .layer = VD_LAYER_IDENTITY } },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        vd_limits  limits = cases[i].limits;
        vd_error   err = { .size = sizeof err };
        vd_engine *e;
        vd_set    *set;
        vd_code    code;

        limits.size = sizeof limits;
        e = engine_with(&limits, 0);
        code = compile_documents(&set, e, docs, VD_COUNT(docs), NULL, &err);
        if (code != VD_ELIMIT || strncmp(err.text, cases[i].message, strlen(cases[i].message)) != 0 ||
            !strstr(err.text, "limit"))
            fail_msg("case %zu: %d \"%s\"", i, (int)code, err.text);
        assert_null(set);
        vd_engine_release(e);
    }
}

static void a_bundle_may_be_too_large(void **state)
{
    vd_engine     *e = engine_with(NULL, 0);
    vd_engine     *small = engine_with(&(vd_limits){ .size = sizeof(vd_limits), .set_bytes = 500 }, 0);
    const document docs[] = { IDENTITY("p.json", "Allow", "*", "*") };
    vd_set        *set = set_of(e, docs, 1), *again;
    vd_error       err = { .size = sizeof err };

    VD_UNUSED(state);
    assert_int_equal(vd_set_load(&again, small, vd_set_bytes(set), &err), VD_ELIMIT);
    assert_null(again);
    assert_string_equal(err.text, "the block is larger than 500 bytes (limit set_bytes)");
    vd_set_release(set);
    vd_engine_release(small);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ who is bound to what */

#define AT(label, effect, action, ...)                                           \
    { .name = label, .text = ONE(effect, action, "*"), .kind = VD_KIND_IDENTITY, \
      .where = { .layer = __VA_ARGS__ } }

static void principals_have_their_own(void **state)
{
    static const document docs[] = {
        AT("all.json", "Allow", "s3:List*", VD_LAYER_IDENTITY),
        AT("alice.json", "Allow", "s3:GetObject", VD_LAYER_IDENTITY, .principal = VD_L(ALICE)),
        AT("alice-not.json", "Deny", "s3:ListBucket", VD_LAYER_IDENTITY, .principal = VD_L(ALICE)),
        AT("bob.json", "Allow", "s3:*", VD_LAYER_IDENTITY, .principal = VD_L(BOB)),
        AT("bob-boundary.json", "Allow", "s3:Put*", VD_LAYER_BOUNDARY, .principal = VD_L(BOB)),
        AT("ops.json", "Allow", "s3:GetObject", VD_LAYER_IDENTITY, .principal = VD_L(ROLE("team/ops"))),
        AT("one.json", "Allow", "s3:GetObject", VD_LAYER_IDENTITY, .principal = VD_L(ROLE("one/twin"))),
        AT("two.json", "Allow", "s3:PutObject", VD_LAYER_IDENTITY, .principal = VD_L(ROLE("two/twin"))),
        AT("deep.json", "Allow", "s3:GetObject", VD_LAYER_IDENTITY, .principal = VD_L(ROLE("a/b/same"))),
        AT("flat.json", "Allow", "s3:PutObject", VD_LAYER_IDENTITY, .principal = VD_L(ROLE("same"))),
    };
    vd_engine  *e = engine_with(NULL, 0);
    vd_set     *set = set_of(e, docs, VD_COUNT(docs));
    vd_request *r = request_on(e);
    char        text[128];

    VD_UNUSED(state);
    check_answer(set, r, ALICE, "s3:GetObject", FILE_OF("b"), "allow");
    check_answer(set, r, ALICE, "s3:PutObject", FILE_OF("b"), "implicit-deny");
    check_answer(set, r, ALICE, "s3:ListBucket", "arn:aws:s3:::b", "explicit-deny alice-not.json");
    check_answer(set, r, ALICE, "s3:ListAllMyBuckets", "*", "allow"); /* what is for all is hers, too */
    check_answer(set, r, BOB, "s3:GetObject", FILE_OF("b"), "implicit-deny"); /* the boundary is his alone */
    check_answer(set, r, BOB, "s3:PutObject", FILE_OF("b"), "allow");
    check_answer(set, r, "arn:aws:iam::111122223333:user/carol", "s3:ListBucket", "arn:aws:s3:::b", "allow");
    check_answer(set, r, "arn:aws:iam::111122223333:user/carol", "s3:GetObject", FILE_OF("b"), "implicit-deny");
    check_answer(set, r, "arn:aws:iam::111122223333:user/Alice", "s3:GetObject", FILE_OF("b"), "implicit-deny");
    check_answer(set, r, "arn:aws:iam::444455556666:user/alice", "s3:ListBucket", "arn:aws:s3:::b", "implicit-deny");

    /* E402: a session tells the name of its role, not its path */
    check_answer(set, r, SESSION("ops"), "s3:GetObject", FILE_OF("b"), "allow");
    check_answer(set, r, SESSION("twin"), "s3:GetObject", FILE_OF("b"), "implicit-deny"); /* which of the two? */
    check_answer(set, r, SESSION("twin"), "s3:PutObject", FILE_OF("b"), "implicit-deny");
    check_answer(set, r, SESSION("twin"), "s3:ListBucket", "arn:aws:s3:::b", "allow");
    fill_request(r, SESSION("twin"), "s3:PutObject", FILE_OF("b"));
    vd_request_set(r, VD_PRINCIPAL_ROLE, VD_S(ROLE("two/twin")));
    assert_string_equal(decided(text, set, r), "allow");
    vd_request_set(r, VD_PRINCIPAL_ROLE, VD_S(ROLE("one/twin")));
    assert_string_equal(decided(text, set, r), "implicit-deny");
    check_answer(set, r, SESSION("same"), "s3:PutObject", FILE_OF("b"), "allow"); /* an ARN of just that name wins */
    check_answer(set, r, SESSION("same"), "s3:GetObject", FILE_OF("b"), "implicit-deny");
    vd_request_free(r);
    vd_set_release(set);
    vd_engine_release(e);
}

#define GRANT(bucket)                                                                                        \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" ALICE "\"}," \
    "\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::" bucket "/*\"}}"

static void resources_and_accounts_have_their_own(void **state)
{
    static const document docs[] = {
        { .name = "one.json", .text = GRANT("one"), .kind = VD_KIND_RESOURCE,
          .where = { .layer = VD_LAYER_RESOURCE, .resource = VD_L("arn:aws:s3:::one") } },
        { .name = "other.json", .text = GRANT("*"), .kind = VD_KIND_RESOURCE,
          .where = { .layer = VD_LAYER_RESOURCE, .resource = VD_L("arn:aws:s3:::other") } },
        { .name = "full.json", .text = ONE("Allow", "*", "*"), .kind = VD_KIND_SCP, .where = { .layer = VD_LAYER_SCP } },
        { .name = "no-put.json", .text = ONE("Deny", "s3:PutObject", "*"), .kind = VD_KIND_SCP,
          .where = { .layer = VD_LAYER_SCP, .level = 0, .account = VD_L("111122223333") } },
        AT("id.json", "Allow", "s3:PutObject", VD_LAYER_IDENTITY),
    };
    vd_engine  *e = engine_with(NULL, 0);
    vd_set     *set = set_of(e, docs, VD_COUNT(docs));
    vd_request *r = request_on(e);

    VD_UNUSED(state);
    check_answer(set, r, ALICE, "s3:GetObject", FILE_OF("one"), "allow");   /* the bucket's policy governs its objects */
    check_answer(set, r, ALICE, "s3:GetObject", FILE_OF("other"), "allow");
    check_answer(set, r, ALICE, "s3:GetObject", FILE_OF("third"), "implicit-deny");
    check_answer(set, r, BOB, "s3:GetObject", FILE_OF("one"), "implicit-deny");
    check_answer(set, r, ALICE, "s3:PutObject", FILE_OF("one"), "explicit-deny no-put.json");
    fill_request(r, "arn:aws:iam::999988887777:user/alice", "s3:PutObject", FILE_OF("one"));
    vd_request_set(r, VD_RESOURCE_ACCOUNT, VD_S("999988887777"));
    {
        char text[128];

        assert_string_equal(decided(text, set, r), "allow"); /* another account, another path */
    }
    vd_request_free(r);
    vd_set_release(set);
    vd_engine_release(e);
}

static void a_level_without_policies_is_an_error(void **state)
{
    static const document gap[] = {
        AT("id.json", "Allow", "s3:*", VD_LAYER_IDENTITY),
        { .name = "root.json", .text = ONE("Allow", "*", "*"), .kind = VD_KIND_SCP, .where = { .layer = VD_LAYER_SCP, .level = 0 } },
        { .name = "account.json", .text = ONE("Allow", "*", "*"), .kind = VD_KIND_SCP, .where = { .layer = VD_LAYER_SCP, .level = 2 } },
    };
    static const document told[] = {
        AT("id.json", "Allow", "s3:*", VD_LAYER_IDENTITY),
        { .where = { .layer = VD_LAYER_SCP, .level = 0, .target = VD_L("r-root") } },
    };
    static const document denied[] = {
        AT("id.json", "Allow", "s3:*", VD_LAYER_IDENTITY),
        { .name = "root.json", .text = ONE("Deny", "*", "*"), .kind = VD_KIND_SCP, .where = { .layer = VD_LAYER_SCP, .level = 0 } },
        { .where = { .layer = VD_LAYER_SCP, .level = 1 } },
    };
    vd_engine  *e = engine_with(NULL, 0);
    vd_set     *sets[] = { set_of(e, gap, VD_COUNT(gap)), set_of(e, told, VD_COUNT(told)), set_of(e, denied, VD_COUNT(denied)) };
    vd_request *r = request_on(e);

    VD_UNUSED(state);
    check_answer(sets[0], r, ALICE, "s3:GetObject", FILE_OF("b"), "malformed-policy empty-level");
    check_answer(sets[1], r, ALICE, "s3:GetObject", FILE_OF("b"), "malformed-policy empty-level");
    check_answer(sets[2], r, ALICE, "s3:GetObject", FILE_OF("b"), "malformed-policy empty-level");
    for (size_t i = 0; i < VD_COUNT(sets); i++)
        vd_set_release(sets[i]);
    vd_request_free(r);
    vd_engine_release(e);
}

static void attached_twice_is_attached(void **state)
{
    vd_engine  *e = engine_with(NULL, 0);
    vd_request *r = request_on(e);
    vd_builder *b = NULL;
    vd_policy  *p = NULL;
    vd_set     *set = NULL;
    vd_attach   places[] = { { .size = sizeof(vd_attach), .layer = VD_LAYER_IDENTITY },
                             { .size = sizeof(vd_attach), .layer = VD_LAYER_IDENTITY },
                             { .size = sizeof(vd_attach), .layer = VD_LAYER_IDENTITY, .principal = VD_L(BOB) },
                             { .size = sizeof(vd_attach), .layer = VD_LAYER_BOUNDARY, .principal = VD_L(BOB) } };

    VD_UNUSED(state);
    assert_int_equal(vd_builder_new(&b, e, NULL), VD_OK);
    assert_int_equal(vd_policy_parse(&p, e, VD_KIND_MANAGED, VD_S("p.json"), vd_str_of(ONE("Allow", "s3:Get*", "*")), NULL,
                                     NULL), VD_OK);
    for (size_t i = 0; i < VD_COUNT(places); i++)
        assert_int_equal(vd_builder_add(b, p, &places[i], NULL), VD_OK);
    vd_policy_release(p); /* the builder keeps it */
    assert_int_equal(vd_builder_compile(&set, b, NULL, NULL), VD_OK);
    vd_builder_free(b);
    assert_int_equal(vd_set_policies(set), 1);
    assert_int_equal(vd_set_statements(set), 1);
    check_answer(set, r, ALICE, "s3:GetObject", FILE_OF("b"), "allow");
    check_answer(set, r, BOB, "s3:GetObject", FILE_OF("b"), "allow");
    check_answer(set, r, BOB, "s3:PutObject", FILE_OF("b"), "implicit-deny");
    vd_set_release(set);
    vd_request_free(r);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ the same bytes */

static int write_bytes(const char *path, uint64_t seed)
{
    vd_engine *e = engine_with(NULL, seed);
    vd_set    *set = large_set(e);
    vd_code    code = vd_set_save(set, path, NULL);

    vd_set_release(set);
    vd_engine_release(e);
    return code == VD_OK ? 0 : 1;
}

static char folder[256];

static const char *in_folder(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Another process has other addresses. */
static void by_another_process(const char *path, const char *seed)
{
    pid_t child = fork();
    int   status = 0;

    assert_true(child >= 0);
    if (child == 0) {
        execl("/proc/self/exe", "test_set", path, seed, (char *)NULL);
        _exit(9);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void same_input_same_bytes(void **state)
{
    static const uint64_t seeds[] = { 0, 1, 0x9e3779b97f4a7c15u, UINT64_MAX };
    vd_engine            *e = engine_with(NULL, 0);
    vd_set               *set = large_set(e);
    vd_str                bytes = vd_set_bytes(set);

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(seeds); i++) {
        vd_engine *other = engine_with(NULL, seeds[i]);
        vd_set    *again = large_set(other);

        check_str(vd_set_bytes(again), bytes);
        vd_set_release(again);
        vd_engine_release(other);
    }
    for (int i = 0; i < 2; i++) {
        const char *path = in_folder(i ? "b.vdb" : "a.vdb");
        vd_set     *opened = NULL;

        by_another_process(path, i ? "77" : "0");
        assert_int_equal(vd_set_open(&opened, e, path, NULL), VD_OK);
        check_str(vd_set_bytes(opened), bytes);
        vd_set_release(opened);
    }
    vd_set_release(set);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ blocks that are none */

static void put_file(const char *path, const void *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

static void refused(const vd_engine *e, const char *path, vd_code code, const char *message)
{
    vd_error err = { .size = sizeof err };
    vd_set  *set = (vd_set *)&err;
    vd_code  got = vd_set_open(&set, e, path, &err);

    if (got != code || err.code != code || strncmp(err.text, message, strlen(message)) != 0)
        fail_msg("%s: %s \"%s\"", path, vd_code_name(got), err.text);
    assert_null(set);
    check_cstr(err.at.file, path);
}

static void files_that_are_no_bundles(void **state)
{
    vd_engine *e = engine_with(NULL, 0);
    vd_set    *set = large_set(e);
    vd_str     bytes = vd_set_bytes(set);
    char      *copy = malloc(bytes.n + 16);
    char       path[512];

    VD_UNUSED(state);
    assert_non_null(copy);
    strcpy(path, in_folder("bad.vdb"));
    refused(e, in_folder("missing.vdb"), VD_EIO, "cannot open: no such file or directory");
    refused(e, folder, VD_EIO, "not a regular file");
    put_file(path, "", 0);
    refused(e, path, VD_EFORMAT, "the file is empty");
    put_file(path, "{\"Version\": \"2012-10-17\"}", 25);
    refused(e, path, VD_EFORMAT, "this is not a compiled bundle");
    put_file(path, bytes.p, bytes.n - 1);
    refused(e, path, VD_EFORMAT, "the bundle is truncated: ");
    memcpy(copy, bytes.p, bytes.n);
    memset(copy + bytes.n, 0, 16);
    put_file(path, copy, bytes.n + 16);
    refused(e, path, VD_EFORMAT, "the bundle is too long: ");
    copy[8]++;
    put_file(path, copy, bytes.n);
    refused(e, path, VD_EFORMAT, "the bundle has format 4, this program reads 3: compile it again");
    copy[8]--;
    memcpy(copy + 12, "\x01\x02\x03\x04", 4);
    put_file(path, copy, bytes.n);
    refused(e, path, VD_EFORMAT, "the bundle was made on a machine of another byte order");
    memcpy(copy, bytes.p, bytes.n);
    copy[bytes.n / 2] ^= 1;
    put_file(path, copy, bytes.n);
    refused(e, path, VD_EFORMAT, "damaged bundle: the checksum does not match");
    free(copy);
    vd_set_release(set);
    vd_engine_release(e);
}

/* One bit, anywhere: in the header as well, where the seed of the hash tables stands. */
static void no_flipped_bit_is_missed(void **state)
{
    static const document docs[] = {
        IDENTITY("p.json", "Deny", "s3:Get*", "arn:aws:s3:::b/*"),
        IDENTITY("q.json", "Allow", "s3:*", "*"),
    };
    vd_engine *e = engine_with(NULL, 0);
    vd_set    *set = set_of(e, docs, VD_COUNT(docs));
    vd_str     bytes = vd_set_bytes(set);
    char      *copy = malloc(bytes.n);

    VD_UNUSED(state);
    assert_non_null(copy);
    memcpy(copy, bytes.p, bytes.n);
    for (size_t bit = 0; bit < 8 * bytes.n; bit += bit < 4096 ? 1 : 5) {
        vd_set  *again;
        vd_error err = { .size = sizeof err };

        copy[bit / 8] ^= (char)(1 << bit % 8);
        if (vd_set_load(&again, e, (vd_str){ copy, bytes.n }, &err) != VD_EFORMAT || again)
            fail_msg("bit %zu of %zu: \"%s\"", bit, 8 * bytes.n, err.text);
        copy[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (size_t n = 0; n < bytes.n; n++) {
        vd_set *again;

        assert_int_equal(vd_set_load(&again, e, (vd_str){ copy, n }, NULL), VD_EFORMAT);
        assert_null(again);
    }
    free(copy);
    vd_set_release(set);
    vd_engine_release(e);
}

static void stage(const void *of, uint32_t at, vd_str *key, vd_str *value)
{
    VD_UNUSED(of);
    *key = VD_S("stage");
    *value = at == 7 ? VD_S("prod") : VD_S("test");
}

static vd_set *knowing_set(const vd_engine *e)
{
    static const vd_known_account accounts[] = { { VD_L("111122223333"), VD_L("o-abcdefghij"), VD_L("o-abcdefghij/r-ab12/"), false } };
    vd_known_thing                things[] = {
        { .kind = VD_KNOWN_RESOURCE, .arn = VD_L("arn:aws:sqs:us-east-1:111122223333:q"), .account = VD_L("111122223333"), .first_tag = 8, .tag_count = 1 },
        { .kind = VD_KNOWN_ROLE, .arn = VD_L("arn:aws:iam::111122223333:role/path/r"), .id = VD_L("AROAEXAMPLE000000001"),
          .account = VD_L("111122223333"), .first_tag = 7, .tag_count = 1 },
        { .kind = VD_KNOWN_ROLE, .arn = VD_L("arn:aws:iam::111122223333:role/a"), .account = VD_L("111122223333") },
        { .kind = VD_KNOWN_ROOT, .arn = VD_L("arn:aws:iam::111122223333:root"), .account = VD_L("111122223333") },
    };
    vd_know_list list = { accounts, things, VD_COUNT(accounts), VD_COUNT(things), NULL, stage };
    vd_builder  *b;
    vd_set      *set;
    vd_policy   *p;
    vd_attach    where = { .size = sizeof where, .layer = VD_LAYER_IDENTITY };
    vd_error     err = { .size = sizeof err };

    assert_int_equal(vd_builder_new(&b, e, &err), VD_OK);
    assert_int_equal(vd_policy_parse(&p, e, VD_KIND_IDENTITY, VD_S("p.json"),
                                     VD_S("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\",\"Condition\":"
                                          "{\"StringEquals\":{\"aws:PrincipalTag/stage\":\"prod\",\"aws:ResourceTag/stage\":\"test\",\"aws:PrincipalOrgID\":\"o-abcdefghij\"}}}}"),
                                     NULL, &err), VD_OK);
    assert_int_equal(vd_builder_add(b, p, &where, &err), VD_OK);
    assert_int_equal(vd_builder_know(b, &list, &err), VD_OK);
    assert_int_equal(vd_builder_know(b, &list, &err), VD_EINVAL);
    assert_int_equal(vd_builder_compile(&set, b, NULL, &err), VD_OK);
    vd_policy_release(p);
    vd_builder_free(b);
    return set;
}

/* A session of a role under a path, its tags and its organization: only with what the set knows it is allowed. */
static void check_known(const vd_engine *e, const vd_set *set, vd_code code)
{
    vd_request *r = request_on(e);
    vd_error    err = { .size = sizeof err };
    vd_decision d = { .size = sizeof d };
    void       *scratch = malloc(vd_scratch_size(set));

    vd_request_set(r, VD_PRINCIPAL, VD_S("arn:aws:sts::111122223333:assumed-role/r/me"));
    vd_request_set(r, VD_ACTION, VD_S("sqs:SendMessage"));
    vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:sqs:us-east-1:111122223333:q"));
    assert_int_equal(vd_set_fill(set, r, &err), code);
    assert_int_equal(vd_eval(&d, set, r, scratch), VD_OK);
    assert_int_equal(d.outcome, code == VD_OK ? VD_ALLOW : VD_IMPLICIT_DENY);
    assert_true(vd_set_knows(set, VD_S("arn:aws:sts::111122223333:assumed-role/a/me")));
    assert_true(vd_set_knows(set, VD_S("arn:aws:iam::444455556666:role/r")));
    assert_int_equal(vd_set_knows(set, VD_S("arn:aws:iam::111122223333:role/gone")), code != VD_OK);
    assert_int_equal(vd_set_knows(set, VD_S("arn:aws:sts::111122223333:assumed-role/path/me")), code != VD_OK);
    assert_true(vd_set_knows(set, VD_S("111122223333")));
    free(scratch);
    vd_request_free(r);
}

/* Each byte of what a set knows besides policies: damage is told to whoever asks, and nothing is filled in. */
static void what_is_known_is_proved(void **state)
{
    vd_engine *e = engine_with(NULL, 0);
    vd_set    *set = knowing_set(e), *opened;
    vd_str     bytes = vd_set_bytes(set);
    char      *copy = malloc(bytes.n);
    vd_error   err = { .size = sizeof err };
    vd_isection known = ((const vd_image *)(const void *)bytes.p)->sections[VD_SEC_KNOWN];

    VD_UNUSED(state);
    assert_non_null(copy);
    assert_true(known.count > 0);
    check_known(e, set, VD_OK);
    memcpy(copy, bytes.p, bytes.n);
    for (uint32_t i = 0; i < known.count; i += 37) {
        copy[known.offset + i] ^= 1;
        put_file(in_folder("known.vdb"), copy, bytes.n);
        assert_int_equal(vd_set_open(&opened, e, in_folder("known.vdb"), &err), VD_OK);
        check_known(e, opened, VD_EFORMAT);
        vd_set_release(opened);
        assert_int_equal(vd_set_load(&opened, e, (vd_str){ copy, bytes.n }, &err), VD_EFORMAT);
        copy[known.offset + i] ^= 1;
    }
    assert_int_equal(vd_set_load(&opened, e, (vd_str){ copy, bytes.n }, &err), VD_OK);
    check_known(e, opened, VD_OK);
    vd_set_release(opened);
    free(copy);
    vd_set_release(set);
    vd_engine_release(e);
}

/* What is mapped is decided upon without a look at the texts; damage in them is told to whoever asks for one. */
static void damaged_texts_are_given_to_nobody(void **state)
{
    vd_engine      *e = engine_with(NULL, 0);
    const document  docs[] = { IDENTITY("p.json", "Allow", "s3:Get*", "*") };
    vd_set         *set = set_of(e, docs, 1), *opened = NULL, *loaded = NULL;
    vd_str          bytes = vd_set_bytes(set);
    vd_request     *r = request_on(e);
    vd_explanation *x = NULL;
    vd_error        err = { .size = sizeof err };
    char           *copy = malloc(bytes.n);

    VD_UNUSED(state);
    assert_non_null(copy);
    memcpy(copy, bytes.p, bytes.n);
    for (int damaged = 0; damaged < 2; damaged++) {
        copy[bytes.n - 40] ^= (char)damaged;
        put_file(in_folder("texts.vdb"), copy, bytes.n);
        assert_int_equal(vd_set_open(&opened, e, in_folder("texts.vdb"), &err), VD_OK);
        check_answer(opened, r, ALICE, "s3:GetObject", FILE_OF("b"), "allow");
        assert_int_equal(vd_set_texts_good(opened), !damaged);
        assert_int_equal(vd_set_policy_text(opened, 0).n > 0, !damaged);
        assert_int_equal(vd_explain(&x, opened, r, NULL, &err), damaged ? VD_EFORMAT : VD_OK);
        if (damaged)
            assert_string_equal(err.text, "damaged bundle: the checksum of the texts of its policies does not match");
        vd_explanation_free(x);
        x = NULL;
        vd_set_release(opened);
    }
    assert_int_equal(vd_set_load(&loaded, e, (vd_str){ copy, bytes.n }, &err), VD_EFORMAT);
    free(copy);
    vd_request_free(r);
    vd_set_release(set);
    vd_engine_release(e);
}

/* How many users are answered, and how many trees turn out to be damaged; no other answer is given. */
static uint32_t damaged_users(const vd_set *set, vd_request *r)
{
    uint32_t damaged = 0;
    void    *scratch = scratch_of(set);

    for (int i = 0; i < USERS; i++) {
        vd_decision out = { .size = sizeof out };
        char        who[80];
        vd_code     code;

        snprintf(who, sizeof who, "arn:aws:iam::111122223333:user/u%d", i);
        vd_request_reset(r);
        vd_request_set(r, VD_PRINCIPAL, vd_str_of(who));
        vd_request_set(r, VD_ACTION, VD_S("s3:GetObject"));
        vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:s3:::b/k"));
        vd_request_set(r, VD_RESOURCE_ACCOUNT, VD_S("111122223333"));
        code = vd_eval(&out, set, r, scratch);
        if (code != VD_OK && code != VD_EFORMAT)
            fail_msg("user %d: %s", i, vd_code_name(code));
        assert_int_equal(out.outcome, code == VD_OK ? VD_ALLOW : VD_IMPLICIT_DENY);
        damaged += code != VD_OK;
    }
    free(scratch);
    return damaged;
}

static bool swallow(void *user, vd_str text)
{
    VD_UNUSED(user);
    return text.n > 0;
}

static void damaged_trees_answer_nobody(void **state)
{
    static const vd_section sections[] = { VD_SEC_SERVICES, VD_SEC_NAMES };
    vd_engine              *e = engine_with(NULL, 0);
    vd_set                 *set = set_of_users(e);
    vd_str                  bytes = vd_set_bytes(set);
    const vd_image         *m = (const void *)bytes.p;
    vd_request             *r = request_on(e);
    char                   *copy = malloc(bytes.n);

    VD_UNUSED(state);
    assert_non_null(copy);
    assert_int_equal(damaged_users(set, r), 0);
    for (size_t s = 0; s < VD_COUNT(sections); s++) {
        size_t  first = m->sections[sections[s]].offset, n = (size_t)m->sections[sections[s]].count * vd_section_sizes[sections[s]];
        vd_set *opened = NULL, *loaded = NULL;

        for (size_t bit = 8 * first; bit < 8 * (first + n); bit += 8 * n / 7 + 5) {
            vd_error err = { .size = sizeof err };

            memcpy(copy, bytes.p, bytes.n);
            copy[bit / 8] ^= (char)(1 << bit % 8);
            put_file(in_folder("users.vdb"), copy, bytes.n);
            assert_int_equal(vd_set_open(&opened, e, in_folder("users.vdb"), NULL), VD_OK);
            assert_int_equal(damaged_users(opened, r), 1);
            assert_int_equal(damaged_users(opened, r), 1); /* looked at again: no better */
            assert_int_equal(vd_set_dump(opened, VD_DUMP_TEXT, swallow, NULL, &err), VD_EFORMAT);
            assert_non_null(strstr(err.text, "damaged bundle: the checksum of tree "));
            vd_set_release(opened);
            assert_int_equal(vd_set_load(&loaded, e, (vd_str){ copy, bytes.n }, NULL), VD_EFORMAT);
        }
    }
    free(copy);
    vd_request_free(r);
    vd_set_release(set);
    vd_engine_release(e);
}

static void saving_replaces_whole_files(void **state)
{
    vd_engine     *e = engine_with(NULL, 0);
    const document docs[] = { IDENTITY("p.json", "Allow", "*", "*") };
    vd_set        *small = set_of(e, docs, 1), *large = large_set(e), *opened = NULL;
    vd_error       err = { .size = sizeof err };
    char           path[512];

    VD_UNUSED(state);
    strcpy(path, in_folder("replaced.vdb"));
    assert_int_equal(vd_set_save(large, path, &err), VD_OK);
    assert_int_equal(vd_set_open(&opened, e, path, &err), VD_OK);
    assert_int_equal(vd_set_save(small, path, &err), VD_OK); /* the mapping of the old file stays whole */
    check_str(vd_set_bytes(opened), vd_set_bytes(large));
    vd_set_release(opened);
    assert_int_equal(vd_set_open(&opened, e, path, &err), VD_OK);
    check_str(vd_set_bytes(opened), vd_set_bytes(small));
    vd_set_release(opened);
    assert_int_equal(vd_set_save(small, in_folder("no/such/folder.vdb"), &err), VD_EIO);
    assert_string_equal(err.text, "cannot write: no such file or directory");
    vd_set_release(small);
    vd_set_release(large);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ without texts */

static void stripped_sets_decide_but_do_not_explain(void **state)
{
    vd_engine         *e = engine_with(NULL, 0);
    const document     docs[] = { IDENTITY("p.json", "Allow", "s3:Get*", "*") };
    vd_set            *set = NULL, *full = set_of(e, docs, 1), *again = NULL;
    vd_request        *r = request_on(e);
    vd_explanation    *x = NULL;
    vd_error           err = { .size = sizeof err };
    vd_statement_info  info = { .size = sizeof info };

    VD_UNUSED(state);
    assert_int_equal(compile_documents(&set, e, docs, 1, &(vd_compile_opts){ .size = sizeof(vd_compile_opts), .strip_sources = true },
                                       &err), VD_OK);
    assert_true(vd_set_bytes(set).n < vd_set_bytes(full).n);
    assert_int_equal(vd_set_load(&again, e, vd_set_bytes(set), &err), VD_OK);
    assert_int_equal(vd_set_policy_text(again, 0).n, 0);
    check_cstr(vd_set_policy_name(again, 0), "p.json");
    assert_int_equal(vd_set_statement(again, 0, 0, &info), VD_OK);
    assert_int_equal(info.at.line, 1); /* positions stay */
    check_answer(again, r, ALICE, "s3:GetObject", FILE_OF("b"), "allow");
    assert_int_equal(vd_explain(&x, again, r, NULL, &err), VD_EINVAL);
    assert_null(x);
    assert_string_equal(err.text, "the set carries no policy texts, so it cannot be explained");
    vd_request_free(r);
    vd_set_release(set);
    vd_set_release(again);
    vd_set_release(full);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ keys */

#define WITH_KEY(key, value)                                                                                  \
    "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","    \
    "\"Condition\":{\"StringLike\":{\"" key "\":\"" value "\"}}}}"

static void keys_belong_to_their_set(void **state)
{
    static const document mine[] = { { .name = "m.json", .text = WITH_KEY("aws:PrincipalTag/a", "x"), .where = { 0 } } };
    static const document other[] = { { .name = "m.json", .text = WITH_KEY("aws:PrincipalTag/b", "x"), .where = { 0 } } };
    vd_engine  *e = engine_with(NULL, 0);
    vd_set     *set = set_of(e, mine, 1), *twin = set_of(e, mine, 1), *foreign = set_of(e, other, 1);
    vd_request *r = request_on(e);
    vd_str      x = VD_S("x");
    vd_key      key = vd_set_key(set, VD_S("aws:PrincipalTag/a"));
    char        text[128];

    VD_UNUSED(state);
    assert_true(key != 0);
    assert_true(vd_set_key(set, VD_S("AWS:principaltag/A")) == key);
    assert_true(vd_set_key(set, VD_S("aws:PrincipalTag/b")) == 0);
    assert_true(vd_set_key(set, VD_S("")) == 0);

    fill_request(r, ALICE, "s3:GetObject", FILE_OF("b"));
    assert_int_equal(vd_request_bind(r, key, &x, 1), VD_OK);
    assert_string_equal(decided(text, set, r), "allow");
    assert_string_equal(decided(text, twin, r), "allow"); /* the same table of keys */
    assert_string_equal(decided(text, foreign, r), "bad-request ");

    fill_request(r, ALICE, "s3:GetObject", FILE_OF("b"));
    assert_int_equal(vd_request_bind(r, 0, &x, 1), VD_OK); /* no policy asks for it */
    assert_string_equal(decided(text, set, r), "implicit-deny");
    assert_int_equal(vd_request_bind(r, key + 1, &x, 1), VD_OK); /* past the table */
    assert_string_equal(decided(text, set, r), "bad-request ");

    vd_request_free(r);
    vd_set_release(set);
    vd_set_release(twin);
    vd_set_release(foreign);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ structs of another size */

static void older_callers_have_smaller_structs(void **state)
{
    vd_engine     *e = engine_with(NULL, 0);
    const document docs[] = { IDENTITY("p.json", "Deny", "*", "*") };
    vd_set        *set = set_of(e, docs, 1);
    vd_request    *r = request_on(e);
    void          *scratch = scratch_of(set);
    struct {
        vd_decision d;
        char        behind[64];
    } newer;
    vd_decision d;

    VD_UNUSED(state);
    fill_request(r, ALICE, "s3:GetObject", FILE_OF("b"));
    for (size_t size = sizeof(size_t); size <= sizeof d; size++) {
        memset(&d, 0x5a, sizeof d);
        d.size = size;
        assert_int_equal(vd_eval(&d, set, r, scratch), VD_OK);
        assert_int_equal(d.size, size);
        if (size >= offsetof(vd_decision, layer))
            assert_int_equal(d.outcome, VD_EXPLICIT_DENY);
        for (size_t i = size; i < sizeof d; i++)
            assert_int_equal(((const char *)&d)[i], 0x5a);
    }
    memset(&newer, 0x5a, sizeof newer);
    newer.d.size = sizeof newer; /* a caller of a later version: we fill what we know, and say how much */
    assert_int_equal(vd_eval(&newer.d, set, r, scratch), VD_OK);
    assert_int_equal(newer.d.size, sizeof newer.d);
    for (size_t i = 0; i < sizeof newer.behind; i++)
        assert_int_equal(newer.behind[i], 0x5a);
    memset(&d, 0, sizeof d); /* size 0: ours */
    assert_int_equal(vd_eval(&d, set, r, scratch), VD_OK);
    assert_int_equal(d.size, sizeof d);
    assert_int_equal(d.outcome, VD_EXPLICIT_DENY);
    free(scratch);
    vd_request_free(r);
    vd_set_release(set);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ out of all proportion */

static void a_megabyte_is_no_arn(void **state)
{
    enum { MEGABYTE = 1 << 20 };
    static const document docs[] = {
        { .name = "p.json", .text = ONE("Allow", "s3:*", "arn:aws:s3:::b/*a*a*a*a*b"), .where = { 0 } },
        { .name = "q.json", .text = WITH_KEY("aws:PrincipalTag/a", "${aws:RequestTag/b}*"), .where = { 0 } },
    };
    vd_engine  *e = engine_with(NULL, 0);
    vd_engine  *wide = engine_with(&(vd_limits){ .size = sizeof(vd_limits), .request_value_bytes = 2 * MEGABYTE }, 0);
    vd_set     *set = set_of(e, docs, VD_COUNT(docs)), *wide_set = set_of(wide, docs, VD_COUNT(docs));
    vd_request *r = request_on(e), *w = request_on(wide);
    char       *arn = malloc(MEGABYTE + 1), text[128];
    vd_str      value = { arn, MEGABYTE };

    VD_UNUSED(state);
    assert_non_null(arn);
    memset(arn, 'a', MEGABYTE);
    arn[MEGABYTE] = 0;
    memcpy(arn, "arn:aws:s3:::b/", 15);
    fill_request(r, ALICE, "s3:GetObject", FILE_OF("b"));
    assert_int_equal(vd_request_set(r, VD_RESOURCE, value), VD_ELIMIT);
    assert_string_equal(vd_request_error(r)->text, "a value of 1048576 bytes is longer than the limit of 16384");
    assert_string_equal(decided(text, set, r), "bad-request "); /* and stays unfit */
    vd_request_reset(r);
    assert_int_equal(vd_request_context(r, VD_S("k"), &value, 1), VD_ELIMIT);
    vd_request_reset(r);
    assert_int_equal(vd_request_context(r, value, &value, 1), VD_ELIMIT);
    vd_request_reset(r);
    assert_int_equal(vd_request_tag(r, VD_TAG_REQUEST, value, value), VD_ELIMIT);
    vd_request_reset(r);
    assert_int_equal(vd_request_check(r, value, value, value), VD_ELIMIT);
    vd_request_reset(r);
    assert_int_equal(vd_request_set(r, VD_FIELD_COUNT, VD_S("x")), VD_EINVAL);
    vd_request_reset(r);
    assert_int_equal(vd_request_flag(r, -1, true), VD_EINVAL);
    vd_request_reset(r);
    check_answer(set, r, ALICE, "s3:GetObject", "arn:aws:s3:::b/aaaab", "allow"); /* and is fit again */

    /* a request whose engine takes more than the set was opened for */
    check_answer(set, w, ALICE, "s3:GetObject", arn, "bad-request ");
    check_answer(wide_set, w, ALICE, "s3:GetObject", arn, "implicit-deny");
    arn[MEGABYTE - 1] = 'b';
    check_answer(wide_set, w, ALICE, "s3:GetObject", arn, "allow");
    fill_request(w, ALICE, "ec2:RunInstances", "*");
    assert_int_equal(vd_request_tag(w, VD_TAG_REQUEST, VD_S("b"), value), VD_OK);
    assert_int_equal(vd_request_tag(w, VD_TAG_PRINCIPAL, VD_S("a"), value), VD_OK);
    assert_string_equal(decided(text, wide_set, w), "allow");
    assert_string_equal(decided(text, set, w), "bad-request ");
    free(arn);
    vd_request_free(r);
    vd_request_free(w);
    vd_set_release(set);
    vd_set_release(wide_set);
    vd_engine_release(e);
    vd_engine_release(wide);
}

static void too_many_of_everything(void **state)
{
    vd_engine     *e = engine_with(NULL, 0);
    const document docs[] = { IDENTITY("p.json", "Allow", "*", "*") };
    vd_set        *set = set_of(e, docs, 1);
    vd_request    *r = request_on(e);
    vd_str         many[64], v = VD_S("v");
    char           key[16], text[128];
    vd_code        code = VD_OK;

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(many); i++)
        many[i] = v;
    fill_request(r, ALICE, "s3:GetObject", FILE_OF("b"));
    for (int i = 0; i < 250; i++) {
        snprintf(key, sizeof key, "k%d", i);
        assert_int_equal(vd_request_context(r, (vd_str){ "k", 1 }, &v, 1), VD_OK); /* the same one again is no more */
    }
    assert_string_equal(decided(text, set, r), "allow");
    vd_request_reset(r);
    for (int i = 0; i < 300 && code == VD_OK; i++) {
        static char keys[300][16];

        snprintf(keys[i], sizeof keys[i], "k%d", i);
        code = vd_request_context(r, vd_str_of(keys[i]), &v, 1);
        assert_int_equal(code, i < 250 ? VD_OK : VD_ELIMIT);
    }
    assert_string_equal(vd_request_error(r)->text, "a request has at most 250 context keys");
    vd_request_reset(r);
    for (int i = 0; i < 65; i++) {
        static char keys[65][16];

        snprintf(keys[i], sizeof keys[i], "k%d", i);
        assert_int_equal(vd_request_context(r, vd_str_of(keys[i]), many, VD_COUNT(many)), i < 64 ? VD_OK : VD_ELIMIT);
    }
    assert_string_equal(vd_request_error(r)->text, "the context of a request has at most 4096 values");
    vd_request_reset(r);
    for (int i = 0; i < 257; i++)
        assert_int_equal(vd_request_set(r, VD_RESOURCE, VD_S("*")), i < 256 ? VD_OK : VD_ELIMIT);
    assert_string_equal(decided(text, set, r), "bad-request ");
    vd_request_free(r);
    vd_set_release(set);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ bytes that no UTF-8 text has */

/* 0xFC to 0xFF are the wildcards of coded patterns: in a value they must never become any. */
static void values_are_never_wildcards(void **state)
{
    static const document docs[] = {
        { .name = "like.json", .text = WITH_KEY("aws:PrincipalTag/a", "${aws:RequestTag/b}"), .where = { 0 } },
        { .name = "more.json", .text = WITH_KEY("aws:PrincipalTag/a", "p${aws:RequestTag/b}*"), .where = { 0 } },
        { .name = "resource.json", .text = ONE("Allow", "s3:*", "arn:aws:s3:::${aws:RequestTag/b}/*"), .where = { 0 } },
    };
    vd_engine  *e = engine_with(NULL, 0);
    vd_set     *set = set_of(e, docs, VD_COUNT(docs));
    vd_request *r = request_on(e);
    char        text[128];

    VD_UNUSED(state);
    for (unsigned byte = 0xfb; byte <= 0x100; byte++) {
        char            bytes[4] = { (char)byte, 0 };
        const vd_str    tags[] = { byte == 0x100 ? VD_S("team") : (vd_str){ bytes, 1 }, VD_S("team"), VD_S("pteams"), { bytes, 1 } };
        vd_explanation *x = NULL;

        for (size_t i = 1; i < VD_COUNT(tags); i++) {
            vd_error err = { .size = sizeof err };
            bool     good = byte == 0x100 && i < 3;

            fill_request(r, ALICE, "s3:GetObject", FILE_OF("other"));
            assert_int_equal(vd_request_tag(r, VD_TAG_REQUEST, VD_S("b"), tags[0]), VD_OK);
            assert_int_equal(vd_request_tag(r, VD_TAG_PRINCIPAL, VD_S("a"), tags[i]), VD_OK);
            decided(text, set, r);
            if (byte >= 0xfc) /* 0xfb is a byte like others: it equals itself */
                assert_string_equal(text, good ? "allow" : "implicit-deny");
            if (vd_explain(&x, set, r, NULL, &err) != VD_OK)
                fail_msg("byte %x, tag %zu: %s", byte, i, err.text);
            vd_explanation_free(x);
        }
        fill_request(r, ALICE, "s3:GetObject", FILE_OF("team"));
        assert_int_equal(vd_request_tag(r, VD_TAG_REQUEST, VD_S("b"), tags[0]), VD_OK);
        assert_string_equal(decided(text, set, r), byte == 0x100 ? "allow" : "implicit-deny");
    }
    vd_request_free(r);
    vd_set_release(set);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ */

static int make_folder(void **state)
{
    VD_UNUSED(state);
    snprintf(folder, sizeof folder, "%s/verdict-test-XXXXXX", temporary());
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    DIR           *dir = opendir(folder);
    struct dirent *entry;

    VD_UNUSED(state);
    while (dir && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            unlink(in_folder(entry->d_name));
    if (dir)
        closedir(dir);
    return rmdir(folder);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builder_refuses_nonsense),
        cmocka_unit_test(questions_without_an_answer),
        cmocka_unit_test(eval_refuses_nonsense),
        cmocka_unit_test(every_limit_says_its_name),
        cmocka_unit_test(a_bundle_may_be_too_large),
        cmocka_unit_test(principals_have_their_own),
        cmocka_unit_test(resources_and_accounts_have_their_own),
        cmocka_unit_test(a_level_without_policies_is_an_error),
        cmocka_unit_test(attached_twice_is_attached),
        cmocka_unit_test(same_input_same_bytes),
        cmocka_unit_test(files_that_are_no_bundles),
        cmocka_unit_test(no_flipped_bit_is_missed),
        cmocka_unit_test(what_is_known_is_proved),
        cmocka_unit_test(damaged_texts_are_given_to_nobody),
        cmocka_unit_test(damaged_trees_answer_nobody),
        cmocka_unit_test(saving_replaces_whole_files),
        cmocka_unit_test(stripped_sets_decide_but_do_not_explain),
        cmocka_unit_test(keys_belong_to_their_set),
        cmocka_unit_test(older_callers_have_smaller_structs),
        cmocka_unit_test(a_megabyte_is_no_arn),
        cmocka_unit_test(too_many_of_everything),
        cmocka_unit_test(values_are_never_wildcards),
    };

    if (argc == 3)
        return write_bytes(argv[1], strtoull(argv[2], NULL, 10));
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
