/* SPDX-License-Identifier: Apache-2.0
 *
 * Resource patterns (E302 to E314, conformance table 9.2) and patterns of Arn operators (E534, E535).
 */
#include "unit.h"

#include "pattern/arn.h"
#include "pattern/template.h"
#include "twins.h"

#define ACCOUNT "111111111111"

static void test_split(void **state)
{
    vd_arn a;

    VD_UNUSED(state);
    assert_true(vd_arn_split(&a, VD_S("arn:aws:logs:us-east-1:" ACCOUNT ":log-group:/x:log-stream:y"))); /* E304 */
    check_cstr(a.partition, "aws");
    check_cstr(a.service, "logs");
    check_cstr(a.region, "us-east-1");
    check_cstr(a.account, ACCOUNT);
    check_cstr(a.resource, "log-group:/x:log-stream:y");
    assert_true(vd_arn_split(&a, VD_S("arn:aws:s3:::b")));
    check_cstr(a.region, "");
    assert_false(vd_arn_split(&a, VD_S("arn:aws:s3::b")));
    assert_false(vd_arn_split(&a, VD_S("Arn:aws:s3:::b")));
    assert_false(vd_arn_split(&a, VD_S("*")));
    assert_false(vd_arn_split(&a, VD_S("")));
    assert_true(vd_is_account(VD_S("000000000001")));
    assert_false(vd_is_account(VD_S("00000000001")));
    assert_false(vd_is_account(VD_S("0000000000011")));
    assert_false(vd_is_account(VD_S("00000000000a")));
}

static void test_classify(void **state)
{
    static const struct {
        const char      *text;
        vd_resource_form form;
        bool             old; /* a 2008 document */
    } rows[] = {
        { "*", VD_RESOURCE_STARS, false },
        { "***", VD_RESOURCE_STARS, false },
        { "", VD_RESOURCE_NO_COLON, false },
        { "mybucket", VD_RESOURCE_NO_COLON, false }, /* R16 */
        { "*?", VD_RESOURCE_NO_COLON, false },
        { "arn:aws:sqs", VD_RESOURCE_SHORT, false }, /* R12 */
        { "*:*", VD_RESOURCE_SHORT, false },
        { "arn:aws:s3::b", VD_RESOURCE_SHORT_EMPTY, false }, /* R15 */
        { "arn:", VD_RESOURCE_SHORT_EMPTY, false },
        { ":", VD_RESOURCE_SHORT_EMPTY, false },
        { "arn:aws:s3:::b", VD_RESOURCE_OK, false },
        { "arn:aws:s3:::", VD_RESOURCE_OK, false },
        { "arn:aws:s3:::${a:b}", VD_RESOURCE_OK, false },
        { "arn:aws:${a:b}:x", VD_RESOURCE_SHORT, false }, /* E312: its colon does not separate */
        { "arn:aws:${a:b}:x:y", VD_RESOURCE_SHORT, false },
        { "arn:aws:${a:b}:x:y", VD_RESOURCE_OK, true }, /* E550: in 2008 documents it does */
        { "${aws:username}", VD_RESOURCE_NO_COLON, false },
        { "${aws:username}", VD_RESOURCE_SHORT, true },
        { "arn:aws:${a:b:x:y", VD_RESOURCE_OK, false }, /* no "}": plain text */
        { "arn:${k, 'x:y'}:s:r:a:b", VD_RESOURCE_OK, false },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++)
        if (vd_resource_classify(vd_str_of(rows[i].text), !rows[i].old) != rows[i].form)
            fail_msg("%s: not of form %d", rows[i].text, (int)rows[i].form);
}

static char letter(char c)
{
    return c == VD_STAR ? '*' : c == VD_ANY ? '?' : c == VD_STAR_IN ? '+' : c == VD_ANY_IN ? '!' : c;
}

/* Narrow wildcards shown as + and !. */
static void check_coded(const char *coded, size_t n, const char *want)
{
    char text[200];

    for (size_t i = 0; i < n; i++)
        text[i] = letter(coded[i]);
    check_str(((vd_str){ text, n }), vd_str_of(want));
}

static void test_code(void **state)
{
    static const struct {
        const char *text, *coded;
        size_t      used; /* 0: all */
    } rows[] = {
        { "*", "*", 0 },
        { "**", "*", 0 },
        { "arn:aws:s3:::b", "arn:aws:s3:::b", 0 },
        { "arn:aws:lambda:*:function:f", "arn:aws:lambda:*:function:f", 0 }, /* six fields */
        { "arn:aws:lambda:us-*-1:1:f*o?", "arn:aws:lambda:us-+-1:1:f*o?", 0 },
        { "arn:aws:lambda:u?-*:?*:x", "arn:aws:lambda:u!-*:!*:x", 0 },
        { "arn:aws:lambda:a**b:c**:x", "arn:aws:lambda:a+b:c*:x", 0 }, /* a run is wide if its last one is */
        { "arn:aws:sqs", "arn:aws:sqs:*:*:*", 0 },                     /* E309 */
        { "arn:aws:s*s*", "arn:aws:s+s*:*:*:*", 0 },
        { "a:b", "a:b:*:*:*:*", 0 },
        { "arn:aws:s3::b", "arn:aws:s3::b", 0 }, /* rejected: not completed */
        { "mybucket*", "mybucket*", 0 },
        { "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/", 15 },
        { "arn:aws:s3:::${*}", "arn:aws:s3:::", 13 },
        { "arn:aws:s3:::b/${x", "arn:aws:s3:::b/${x", 0 },
        { "arn:aws:iam::${a:b}:user/x", "arn:aws:iam::${a:b}:user/x", 0 }, /* E312: plain text */
        { "arn:aws:iam::${a}*:${b}", "arn:aws:iam::${a}*:", 19 },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_str text = vd_str_of(rows[i].text);
        char   out[200];
        size_t used, n = vd_resource_code(out, text, true, &used);

        check_coded(out, n, rows[i].coded);
        assert_int_equal(used, rows[i].used ? rows[i].used : text.n);
    }
}

/* The pattern as an evaluator makes it of a text: one key, whose value may be NULL.  False: matches nothing. */
static bool expand(char *out, size_t *n, vd_str text, bool variables, const char *key, const char *value)
{
    size_t  at;
    vd_part part;

    *n = vd_resource_code(out, text, variables, &at);
    while (vd_template_next(text, &at, &part)) {
        vd_str put = part.text;

        if (part.kind == VD_PART_BAD)
            return false;
        if (part.kind == VD_PART_TEXT) {
            *n += vd_glob_code(out + *n, part.text);
            continue;
        }
        if (part.kind == VD_PART_VARIABLE) {
            put = key && vd_str_ieq(part.text, vd_str_of(key)) ? vd_str_of(value) : (vd_str){ 0 };
            if (put.n == 0 && !part.has_fallback)
                return false; /* E314, E555 */
            if (put.n == 0)
                put = part.fallback;
        }
        memcpy(out + *n, put.p, put.n);
        *n += put.n;
    }
    return true;
}

static void test_resources(void **state)
{
    static const struct {
        const char *id, *pattern, *arn, *key, *value;
        bool        want, old;
    } rows[] = {
        { "R01", "arn:aws:s3:::b", "arn:aws:s3:::b/k", NULL, NULL, false, false },
        { "R02", "arn:aws:s3:::b*", "arn:aws:s3:::bucket2/k", NULL, NULL, true, false },
        { "R03", "arn:aws:s3:::b/*", "arn:aws:s3:::b", NULL, NULL, false, false },
        { "R04", "arn:aws:s3:::b/*/t/*", "arn:aws:s3:::b/1/2/t/3", NULL, NULL, true, false },
        { "R05", "arn:aws:s3:::b/*/t/*", "arn:aws:s3:::b/t/3", NULL, NULL, false, false },
        { "R06", "arn:aws:lambda:*:function:f", "arn:aws:lambda:us-east-1:" ACCOUNT ":function:f", NULL, NULL, true,
          false },
        { "R07", "arn:aws:lambda:us-*-1:function:f", "arn:aws:lambda:us-east-1:" ACCOUNT ":function:f", NULL, NULL,
          false, false },
        { "R08", "arn:aws:S3:::b", "arn:aws:s3:::b", NULL, NULL, false, false },
        { "R09", "arn:aws:s3:::b", "arn:aws:s3:us-east-1:" ACCOUNT ":accesspoint/b", NULL, NULL, false, false },
        { "R10", "*", "*", NULL, NULL, true, false },
        { "R12", "arn:aws:sqs", "arn:aws:sqs:us-east-1:" ACCOUNT ":q", NULL, NULL, true, false },
        { "E309", "arn:aws:s3", "arn:aws:s3:::b/k", NULL, NULL, true, false },
        { "R17", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/k", "aws:username", "bob", true, false },
        { "R18", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/k", "aws:username", "bob", false, true },
        { "E103", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:username}/x", "aws:username", "bob", true,
          true },
        { "R19", "arn:aws:s3:::b/${AWS:UserName}/*", "arn:aws:s3:::b/bob/k", "aws:username", "bob", true, false },
        { "R20", "arn:aws:s3:::b/${aws:PrincipalTag/t}/*", "arn:aws:s3:::b/x/k", "aws:PrincipalTag/t", "*", false,
          false },
        { "E313", "arn:aws:s3:::b/${aws:PrincipalTag/t}/*", "arn:aws:s3:::b/*/k", "aws:PrincipalTag/t", "*", true,
          false },
        { "R21", "arn:aws:s3:::b/${aws:PrincipalTag/t, 'all'}/*", "arn:aws:s3:::b/all/k", NULL, NULL, true, false },
        { "R22", "arn:aws:s3:::b/${aws:PrincipalTag/t}*", "arn:aws:s3:::b/k", "aws:PrincipalTag/t", "", false, false },
        { "R23", "arn:aws:s3:::b/a${*}", "arn:aws:s3:::b/ab", NULL, NULL, false, false },
        { "R24", "arn:aws:s3:::b/a${*}", "arn:aws:s3:::b/a*", NULL, NULL, true, false },
        { "R25", "arn:aws:iam::${aws:PrincipalAccount}:user/x", "arn:aws:iam::" ACCOUNT ":user/x",
          "aws:PrincipalAccount", ACCOUNT, false, false },
        { "R27", "arn:aws:logs:us-east-1:" ACCOUNT ":log-group:/x:*",
          "arn:aws:logs:us-east-1:" ACCOUNT ":log-group:/x:log-stream:y", NULL, NULL, true, false },
        { "E307", "arn:aws:s3:*:*:b", "arn:aws:s3:::b", NULL, NULL, true, false },
        { "E305", "arn:aws:s3:::b/*/t/*", "arn:aws:s3:::b//t/o", NULL, NULL, true, false },
        { "E305", "arn:aws:s3:::b/*/t/*", "arn:aws:s3:::b/1-t/o", NULL, NULL, false, false },
        { "E316", "arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:us-east-1:" ACCOUNT ":instance/*", NULL, NULL, true,
          false },
        { "E553", "arn:aws:s3:::a${*}", "arn:aws:s3:::a${xyz}", NULL, NULL, true, true },
        { "E552", "arn:aws:s3:::a${}", "arn:aws:s3:::a${}", NULL, NULL, false, false },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_str text = vd_str_of(rows[i].pattern), arn = vd_str_of(rows[i].arn);
        char   out[300];
        size_t n;
        bool   got = expand(out, &n, text, !rows[i].old, rows[i].key, rows[i].value) &&
                   vd_glob_match((vd_str){ out, n }, arn);

        if (got != rows[i].want)
            fail_msg("%s: %s against %s: not %d", rows[i].id, rows[i].pattern, rows[i].arn, rows[i].want);
        if (vd_str_find(text, '$') == text.n)
            assert_int_equal(twin_resource(text, arn), got);
    }
}

static uint64_t seed = 0x2545f4914f6cdd1du;

static size_t roll(size_t sides)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (size_t)(seed >> 11) % sides;
}

/* Six short fields of pattern and value over a small alphabet, by rule and by code. */
static void test_random(void **state)
{
    VD_UNUSED(state);
    for (int round = 0; round < 100000; round++) {
        char   p[40], v[40], out[60];
        size_t n = 0, m = 0, coded, used;
        bool   ok, fields, got;

        for (size_t field = 0; field < 6; field++) {
            for (size_t k = roll(4); k > 0; k--)
                v[n++] = "ab"[roll(2)];
            for (size_t k = roll(4); k > 0; k--)
                p[m++] = "ab**?"[roll(5)];
            if (field < 5 || roll(3) == 0)
                v[n++] = ':';
            if (field < 5 ? roll(30) > 0 : roll(3) == 0)
                p[m++] = ':';
        }
        coded = vd_resource_code(out, (vd_str){ p, m }, roll(2), &used);
        if (vd_resource_classify((vd_str){ p, m }, true) <= VD_RESOURCE_SHORT &&
            vd_glob_match((vd_str){ out, coded }, (vd_str){ v, n }) !=
                twin_resource((vd_str){ p, m }, (vd_str){ v, n }))
            fail_msg("E305: %.*s against %.*s", (int)m, p, (int)n, v);
        got = twin_arn_like((vd_str){ p, m }, (vd_str){ v, n }, &ok);
        fields = vd_arn_code(out, &coded, (vd_str){ p, m });
        if (fields != ok || (ok && vd_glob_match((vd_str){ out, coded }, (vd_str){ v, n }) != got))
            fail_msg("E534: %.*s against %.*s", (int)m, p, (int)n, v);
    }
}

/* E535: fields are counted in the literal parts only. */
static void test_arn_parts(void **state)
{
    static const char *const parts[] = { "arn:aws:sns:*:", ":t*", ":?" };
    char                     out[40];
    uint32_t                 field = 0;
    size_t                   n;

    VD_UNUSED(state);
    n = vd_arn_code_part(out, vd_str_of(parts[0]), &field);
    check_coded(out, n, "arn:aws:sns:+:");
    assert_int_equal(field, 4); /* here a variable stands: its value must hold no colon */
    n = vd_arn_code_part(out, vd_str_of(parts[1]), &field);
    check_coded(out, n, ":t*");
    assert_int_equal(field, 5);
    n = vd_arn_code_part(out, vd_str_of(parts[2]), &field);
    check_coded(out, n, ":?");
    assert_int_equal(field, 5);
    assert_false(vd_arn_code(out, &n, VD_S("*"))); /* K46 */
    assert_false(vd_arn_code(out, &n, VD_S("a:b:c:d:e")));
    assert_true(vd_arn_code(out, &n, VD_S("a*:?:c::e:f*:*?")));
    check_coded(out, n, "a+:!:c::e:f*:*?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split),     cmocka_unit_test(test_classify), cmocka_unit_test(test_code),
        cmocka_unit_test(test_resources), cmocka_unit_test(test_random),   cmocka_unit_test(test_arn_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
