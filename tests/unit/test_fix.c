/* SPDX-License-Identifier: Apache-2.0
 *
 * A document with its fixes decides as it did before: those rules whose safe fixes promise that, over random documents of
 * a small world and all requests of it.  The other rules with safe fixes mend what cannot be meant, and stand in a table of
 * their own, so that each new one says which it is.
 * test_fix ROUNDS [SEED] tries more than the suite does.
 */
#include "base/buf.h"
#include "sets.h"

#include <string.h>

enum { PROVED = 20 }; /* one of as many documents is fixed once more, with what proofs say */
static unsigned rounds = 3000;
static uint64_t seed = 20261121;

static uint32_t pick(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

#define ONE_OF(list) (list[pick((uint32_t)(sizeof(list) / sizeof *(list)))])

/* ------------------------------------------------------------------ which rules promise what */

static const char *const keep[] = {
    "action-case",
    "condition-key-case",
    "covered-actions",
    "covered-statement",
    "dead-entry",
    "duplicate-statement",
    "empty-condition",
    "empty-sid",
    "foranyvalue-single-valued",
    "id-not-allowed",
    "idle-condition",
    "if-exists-no-effect",
    "ip-host-bits",
    "like-without-wildcard",
    "redundant-action",
    "redundant-numeric-value",
    "redundant-resource",
    "redundant-condition-value",
    "redundant-principal",
    "unused-suppression",
    "wildcard-makes-list-moot",
    "single-statement-array-mix",
};

/* Malformed before, or something other than what stands there is meant: with the fix it does what it says. */
static const char *const mend[] = {
    "arn-shape-trap",
    "arn-whitespace",
    "condition-structure-swapped",
    "if-exists-negated",
    "duplicate-sid",
    "invalid-action-format",
    "invalid-arn-region",
    "invalid-arn-service-case",
    "invalid-bool-value",
    "invalid-condition-key-format",
    "invalid-condition-operator",
    "invalid-effect",
    "invalid-ip-value",
    "invalid-partition",
    "invalid-policy-element",
    "invalid-principal-key",
    "invalid-sid",
    "invalid-version",
    "json-nonstandard",
    "kms-resource-not-star",
    "mfa-age-ifexists",
    "mfa-bool-deny",
    "missing-version", /* the same without ${...} */
    "not-action-names-unknown",
    "not-resource-half",
    "null-if-exists",
    "old-version", /* the same without ${...} */
    "policy-variable-in-sub",
    "rcp-principal",
    "ref-is-not-arn",
    "resource-unused", /* the same for requests that there are */
    "s3-bucket-object-mixup",
    "secure-transport-ifexists",
    "source-ip-breaks-services",
    "source-ip-some-private",
    "template-variable-not-substituted",
    "tls-deny-partial",
    "trust-action-principal-mismatch",
    "trust-missing-tag-session",
    "trust-resource",
    "trust-roles-anywhere-actions",
    "trust-unsupported-action",
    "unknown-action",
    "unknown-global-key",
    "unknown-service-key",
    "variable-brace",
    "variable-quote",
    "variable-space",
};

static bool is_among(const char *const *list, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], id) == 0)
            return true;
    return false;
}

static vd_linter *linter_of(const vd_engine *e, const char *type, bool semantic)
{
    vd_error       err = { .size = sizeof err };
    vd_linter_opts o = { .size = sizeof o, .strict = true, .policy_type = vd_str_of(type), .semantic = semantic };
    vd_linter     *l = NULL;

    if (vd_linter_new(&l, e, &o, &err) != VD_OK)
        fail_msg("%s", err.text);
    return l;
}

static void each_rule_says_what_its_fix_is(void **state)
{
    vd_engine *e = NULL;
    vd_linter *l;
    unsigned   wrong = 0;

    (void)state;
    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    l = linter_of(e, "", false);
    for (uint32_t i = 0; i < vd_linter_rules(l); i++) {
        const vd_rule_info *r = vd_linter_rule(l, i);
        bool                keeps = is_among(keep, sizeof keep / sizeof *keep, r->id);
        bool                mends = is_among(mend, sizeof mend / sizeof *mend, r->id);

        if (keeps + mends == (r->fix == VD_LINT_SAFE))
            continue;
        fprintf(stderr, "%s: its safe fix keeps decisions or mends what was not meant, one of the two\n",
                r->id);
        wrong++;
    }
    assert_int_equal(wrong, 0);
    vd_linter_free(l);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ a small world */

static const char *const actions[] = { "s3:GetObject",
                                       "s3:getobject",
                                       "s3:GetObject*",
                                       "s3:Get*",
                                       "s3:*",
                                       "*",
                                       "s3:PutObject",
                                       "s3:PutObject*",
                                       "s3:ListBucket",
                                       "s3:List*Bucket",
                                       "sts:GetCallerIdentity",
                                       "sts:GetCaller*",
                                       "s3:GetObjec?",
                                       "s3:*Object" };
static const char *const resources[] = { "*",
                                         "arn:aws:s3:::b/*",
                                         "arn:aws:s3:::b/a*",
                                         "arn:aws:s3:::b/a",
                                         "arn:aws:s3:::b",
                                         "arn:aws:s3:::b*",
                                         "arn:aws:s3:::*",
                                         "arn:aws:s3:::b/${aws:username}" };
static const char *const conditions[] = {
    "{}",
    "{\"StringEquals\":{\"aws:username\":\"bob\"}}",
    "{\"StringLike\":{\"aws:username\":\"bob\"}}",
    "{\"StringEquals\":{\"aws:username\":[\"bob\",\"bo*\"]}}",
    "{\"StringLike\":{\"aws:username\":[\"bob\",\"bo*\",\"ann\"]}}",
    "{\"StringNotLike\":{\"aws:username\":[\"bob\",\"bo*\"]}}",
    "{\"StringLike\":{\"AWS:UserName\":\"b*\"}}",
    "{\"StringEqualsIfExists\":{\"aws:PrincipalAccount\":\"111122223333\"}}",
    "{\"ForAnyValue:StringEquals\":{\"s3:prefix\":\"x\"}}",
    "{\"ForAnyValue:StringNotEquals\":{\"s3:prefix\":\"x\"}}",
    "{\"ForAnyValue:StringLike\":{\"s3:prefix\":[\"*\",\"x\"]}}",
    "{\"ForAnyValue:StringEqualsIfExists\":{\"s3:prefix\":\"x\"}}",
    "{\"ForAllValues:StringEquals\":{\"s3:prefix\":\"x\"}}",
    "{\"ForAllValues:StringNotEquals\":{\"s3:prefix\":[\"x\",\"x\"]}}",
    "{\"StringEquals\":{\"s3:prefix\":[\"x\",\"y\"]}}",
    "{\"StringNotEquals\":{\"s3:prefix\":[\"x\",\"y\"]}}",
    "{\"StringEqualsIfExists\":{\"s3:prefix\":[\"x\"]}}",
    "{\"Null\":{\"s3:prefix\":\"true\"}}",
    "{\"Null\":{\"s3:prefix\":[\"true\",\"false\"]}}",
    "{\"NumericLessThan\":{\"s3:max-keys\":[\"10\",\"20\"]}}",
    "{\"NumericGreaterThanEquals\":{\"s3:max-keys\":[\"10\",\"20\"]}}",
    "{\"NumericNotEquals\":{\"s3:max-keys\":[\"10\",\"10.0\"]}}",
    "{\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.7/24\"}}",
    "{\"NotIpAddress\":{\"aws:SourceIp\":[\"203.0.113.0/24\",\"203.0.113.0/25\"]}}",
    "{\"StringLike\":{\"s3:prefix\":\"x\"},\"IpAddress\":{\"aws:SourceIp\":[\"10.0.0.0/9\",\"10.0.0.0/8\"]}}",
};

static void add_texts(vd_buf *b, const char *const *from, uint32_t n)
{
    uint32_t count = 1 + pick(3);

    vd_buf_printf(b, "[");
    for (uint32_t i = 0; i < count; i++)
        vd_buf_printf(b, "%s\"%s\"", i ? "," : "", from[pick(n)]);
    vd_buf_printf(b, "]");
}

static const char *const principals[] = { "*",
                                          "111122223333",
                                          "arn:aws:iam::111122223333:root",
                                          "arn:aws:iam::111122223333:user/bob",
                                          "arn:aws:iam::111122223333:user/ann",
                                          "444455556666",
                                          "arn:aws:iam::444455556666:user/bob" };

static void add_statement(vd_buf *b, bool resource)
{
    vd_buf_printf(b, "{\"Effect\":\"%s\"", pick(4) ? "Allow" : "Deny");
    if (pick(6) == 0)
        vd_buf_printf(b, ",\"Sid\":\"\"");
    if (resource) {
        vd_buf_printf(b, ",\"Principal\":{\"AWS\":");
        add_texts(b, principals, sizeof principals / sizeof *principals);
        vd_buf_printf(b, "}");
    }
    vd_buf_printf(b, ",\"%s\":", pick(8) ? "Action" : "NotAction");
    add_texts(b, actions, sizeof actions / sizeof *actions);
    vd_buf_printf(b, ",\"%s\":", pick(10) ? "Resource" : "NotResource");
    add_texts(b, resources, sizeof resources / sizeof *resources);
    if (pick(2))
        vd_buf_printf(b, ",\"Condition\":%s", ONE_OF(conditions));
    vd_buf_printf(b, "}");
}

static void write_document(vd_buf *b, bool resource)
{
    uint32_t count = 2 + pick(3);

    vd_buf_printf(b, "{\"Version\":\"2012-10-17\",\"Statement\":[");
    for (uint32_t i = 0; i < count; i++) {
        vd_buf_printf(b, "%s", i ? ",\n" : "");
        add_statement(b, resource);
    }
    vd_buf_printf(b, "]}");
}

/* ------------------------------------------------------------------ all requests of it */

static const char *const who[] = { "arn:aws:iam::111122223333:user/bob", "arn:aws:iam::111122223333:user/ann",
                                   "arn:aws:iam::444455556666:user/bob" };
static const char *const asked_actions[] = { "s3:GetObject",          "s3:PutObject",    "s3:ListBucket",
                                             "sts:GetCallerIdentity", "s3:GetObjectAcl", "ec2:RunInstances" };
static const char *const asked_resources[] = { "arn:aws:s3:::b", "arn:aws:s3:::b/a", "arn:aws:s3:::b/ab",
                                               "arn:aws:s3:::b/bob", "arn:aws:s3:::c/a" };
static const char *const prefix_values[] = { NULL, "x", "z", "" };
static const char *const number_values[] = { NULL, "5", "15" };
static const char *const addresses[] = { NULL, "203.0.113.1", "203.0.113.200", "10.1.2.3" };

static void put(vd_request *r, const char *key, const char *value)
{
    vd_str v = vd_str_of(value ? value : "");

    if (value)
        assert_int_equal(vd_request_context(r, vd_str_of(key), &v, 1), VD_OK);
}

static void ask_at(vd_request *r, const char *principal, const char *action, const char *resource)
{
    fill_request(r, principal, action, resource);
    put(r, "s3:prefix", ONE_OF(prefix_values));
    put(r, "s3:max-keys", ONE_OF(number_values));
    put(r, "aws:SourceIp", ONE_OF(addresses));
}

/* Of context a few of many; of the rest all there is. */
static void compare(const vd_engine *e, const document *before, const document *after)
{
    vd_set     *x = set_of(e, before, 1), *y = set_of(e, after, 1);
    void       *sx = scratch_of(x), *sy = scratch_of(y);
    vd_request *r = NULL;

    assert_int_equal(vd_request_new(&r, e, NULL), VD_OK);
    for (size_t w = 0; w < sizeof who / sizeof *who; w++)
        for (size_t a = 0; a < sizeof asked_actions / sizeof *asked_actions; a++)
            for (size_t k = 0; k < sizeof asked_resources / sizeof *asked_resources; k++) {
                vd_decision dx = { .size = sizeof dx }, dy = { .size = sizeof dy };
                vd_code     cx, cy;

                ask_at(r, who[w], asked_actions[a], asked_resources[k]);
                cx = vd_eval(&dx, x, r, sx);
                cy = vd_eval(&dy, y, r, sy);
                if (cx != cy || dx.outcome != dy.outcome)
                    fail_msg("%s %s %s: %s before, %s after\n%s\n%s", who[w], asked_actions[a],
                             asked_resources[k], vd_outcome_name(dx.outcome), vd_outcome_name(dy.outcome),
                             before->text, after->text);
            }
    vd_request_free(r);
    free(sx);
    free(sy);
    vd_set_release(x);
    vd_set_release(y);
}

static uint32_t try_one(const vd_engine *e, const vd_linter *l, bool resource)
{
    vd_str      only[sizeof keep / sizeof *keep];
    vd_fix_opts o = { .size = sizeof o, .only = only, .only_count = sizeof keep / sizeof *keep };
    vd_error    err = { .size = sizeof err };
    document    before = { .name = "before.json",
                           .kind = resource ? VD_KIND_RESOURCE : VD_KIND_IDENTITY,
                           .where = { .layer = resource ? VD_LAYER_RESOURCE : VD_LAYER_IDENTITY } },
             after;
    vd_report *report = NULL;
    vd_buf     b = vd_buf_on(vd_allocator_default(), 0), fixed = vd_buf_on(vd_allocator_default(), 0);
    uint32_t   count;

    for (size_t i = 0; i < sizeof keep / sizeof *keep; i++)
        only[i] = vd_str_of(keep[i]);
    write_document(&b, resource);
    if (vd_lint_fix_file(&report, l, &o, VD_S("before.json"), VD_S(""), vd_buf_str(&b), &err) != VD_OK)
        fail_msg("%s", err.text);
    count = vd_report_fixed(report);
    vd_buf_add(&fixed, vd_report_text(report));
    vd_buf_byte(&b, 0);
    vd_buf_byte(&fixed, 0);
    before.text = vd_buf_str(&b).p;
    after = before;
    after.name = "after.json";
    after.text = vd_buf_str(&fixed).p;
    if (count)
        compare(e, &before, &after);
    vd_report_free(report);
    vd_buf_done(&b);
    vd_buf_done(&fixed);
    return count;
}

static void fixed_documents_decide_as_before(void **state)
{
    vd_engine *e = NULL;
    vd_linter *l[2], *semantic[2];
    uint32_t   fixed = 0, proved = 0;

    (void)state;
    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    for (int i = 0; i < 2; i++) {
        l[i] = linter_of(e, i ? "resource:s3-bucket" : "identity", false);
        semantic[i] = linter_of(e, i ? "resource:s3-bucket" : "identity", true);
    }
    for (unsigned i = 0; i < rounds; i++)
        fixed += try_one(e, l[i % 2], i % 2);
    for (unsigned i = 0; i < rounds / PROVED; i++)
        proved += try_one(e, semantic[i % 2], i % 2);
    assert_true(fixed > rounds / 2 && proved > rounds / PROVED); /* or there was nothing to see */
    for (int i = 0; i < 2; i++) {
        vd_linter_free(l[i]);
        vd_linter_free(semantic[i]);
    }
    vd_engine_release(e);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_rule_says_what_its_fix_is),
                                        cmocka_unit_test(fixed_documents_decide_as_before) };

    if (argc > 1)
        rounds = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
