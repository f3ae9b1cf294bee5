/* SPDX-License-Identifier: Apache-2.0
 *
 * condition-never-true against the evaluator: random conditions on keys with one value; what the rule calls contradictory
 * allows no request, whatever value the key has, and none at all.  Some of them have to be found, or the test says nothing.
 */
#include "sets.h"

#include <verdict/lint.h>

enum { POLICIES = 1500, VALUES = 9, OPERATORS = 7, TEXT = 2048 };

/* A key, values for policies, values for requests, operators; each list ends with NULL. */
typedef struct subject {
    const char *key;
    const char *policy[VALUES], *request[VALUES], *operators[OPERATORS];
} subject;

static const subject subjects[] = {
    { "aws:SourceVpc",
      { "vpc-0a1b2c3d", "vpc-0a1b2c3e", "vpc-*", "vpc-0a1b2c3?" },
      { "vpc-0a1b2c3d", "vpc-0a1b2c3e", "vpc-1", "VPC-0A1B2C3D" },
      { "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase" } },
    { "s3:prefix",
      { "a", "A", "a/*", "a/b", "a/b*", "*b", "" },
      { "a", "A", "a/", "a/b", "a/bc", "b", "" },
      { "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase" } },
    { "aws:SourceIp",
      { "203.0.113.0/24", "203.0.113.0/28", "203.0.113.7", "198.51.100.0/24", "2001:db8::/32" },
      { "203.0.113.7", "203.0.113.200", "198.51.100.1", "2001:db8::1", "192.0.2.1" },
      { "IpAddress", "NotIpAddress" } },
    { "s3:max-keys",
      { "1", "1.0", "5", "10" },
      { "0", "1", "1.0", "3", "5", "7", "10", "20" },
      { "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
        "NumericGreaterThanEquals" } },
    { "aws:TokenIssueTime",
      { "2030-01-01T00:00:00Z", "2030-01-02", "2031-01-01T00:00:00Z" },
      { "2029-12-31T00:00:00Z", "2030-01-01T00:00:00Z", "2030-01-01T12:00:00Z", "2030-01-02T00:00:00Z",
        "2030-06-01T00:00:00Z", "2031-01-01T00:00:00Z", "2032-01-01T00:00:00Z" },
      { "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals" } },
};

static uint32_t draw(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % below;
}

static uint32_t length(const char *const *list, uint32_t most)
{
    uint32_t n = 0;

    while (n < most && list[n])
        n++;
    return n;
}

/* Two or three operators, each once: "StringLike": {"s3:prefix": ["a", "b"]}. */
static void write_policy(char *out, const subject *s, uint64_t *state)
{
    uint32_t operators = length(s->operators, OPERATORS), values = length(s->policy, VALUES);
    uint32_t used = 0, count = 2 + draw(state, 2);
    int      n = snprintf(out, TEXT, "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":"
                                     "\"s3:ListBucket\",\"Resource\":\"*\",\"Condition\":{");

    for (uint32_t i = 0; i < count; i++) {
        uint32_t op = draw(state, operators + 1), first = draw(state, values);

        if (used >> op & 1)
            continue;
        n += snprintf(out + n, (size_t)(TEXT - n), "%s", used ? "," : "");
        used |= 1u << op;
        if (op == operators) {
            n += snprintf(out + n, (size_t)(TEXT - n), "\"Null\":{\"%s\":\"%s\"}", s->key, draw(state, 2) ? "true" : "false");
            continue;
        }
        n += snprintf(out + n, (size_t)(TEXT - n), "\"%s%s\":{\"%s\":[\"%s\"", s->operators[op],
                      draw(state, 5) ? "" : "IfExists", s->key, s->policy[first]);
        if (draw(state, 3) == 0)
            n += snprintf(out + n, (size_t)(TEXT - n), ",\"%s\"", s->policy[draw(state, values)]);
        n += snprintf(out + n, (size_t)(TEXT - n), "]}");
    }
    snprintf(out + n, (size_t)(TEXT - n), "}}}");
}

static bool is_called_never_true(const vd_linter *linter, const char *text)
{
    vd_error   err = { .size = sizeof err };
    vd_report *report = NULL;
    bool       found;

    assert_int_equal(vd_lint_file(&report, linter, VD_S("p.json"), VD_S("p.json"), vd_str_of(text), &err), VD_OK);
    assert_null(vd_report_error(report));
    found = vd_report_findings(report) > 0;
    vd_report_free(report);
    return found;
}

static bool allows(const vd_set *set, vd_request *r, void *scratch, const char *key, const char *value)
{
    vd_decision d = { .size = sizeof d };
    vd_str      v = vd_str_of(value ? value : "");

    fill_request(r, "arn:aws:iam::111122223333:role/app", "s3:ListBucket", "arn:aws:s3:::b");
    if (value)
        assert_int_equal(vd_request_context(r, vd_str_of(key), &v, 1), VD_OK);
    vd_eval(&d, set, r, scratch);
    return d.outcome == VD_ALLOW;
}

static void check_never(const vd_engine *e, vd_request *r, const subject *s, const char *text)
{
    document d = { .name = "p.json", .text = text, .kind = VD_KIND_IDENTITY, .where = { .layer = VD_LAYER_IDENTITY } };
    vd_set  *set = set_of(e, &d, 1);
    void    *scratch = scratch_of(set);

    for (uint32_t i = 0; i <= length(s->request, VALUES); i++) {
        const char *value = i < length(s->request, VALUES) ? s->request[i] : NULL;

        if (allows(set, r, scratch, s->key, value))
            fail_msg("%s %s is allowed: %s", s->key, value ? value : "(absent)", text);
    }
    free(scratch);
    vd_set_release(set);
}

static void test_what_never_holds_is_never_allowed(void **state)
{
    vd_str         rule = VD_S("condition-never-true");
    vd_linter_opts opts = { .size = sizeof opts, .select = &rule, .select_count = 1, .policy_type = VD_S("identity") };
    vd_error       err = { .size = sizeof err };
    vd_engine     *e = NULL;
    vd_linter     *linter = NULL;
    vd_request    *r = NULL;
    uint64_t       random = 1;
    uint32_t       found = 0;
    char           text[TEXT];

    (void)state;
    assert_int_equal(vd_engine_new(&e, NULL, &err), VD_OK);
    assert_int_equal(vd_linter_new(&linter, e, &opts, &err), VD_OK);
    assert_int_equal(vd_request_new(&r, e, &err), VD_OK);
    for (uint32_t i = 0; i < POLICIES; i++) {
        const subject *s = &subjects[i % VD_COUNT(subjects)];

        write_policy(text, s, &random);
        if (!is_called_never_true(linter, text))
            continue;
        found++;
        check_never(e, r, s, text);
    }
    assert_true(found > POLICIES / 10);
    vd_request_free(r);
    vd_linter_free(linter);
    vd_engine_release(e);
}

int main(void)
{
    static const struct CMUnitTest tests[] = { cmocka_unit_test(test_what_never_holds_is_never_allowed) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
