/* SPDX-License-Identifier: Apache-2.0
 *
 * All forms of the scanner find the same in the same bytes, whatever these are: SSE2, AVX2, AVX-512 where this machine has them, and
 * plain C, which is compiled a second time for it.
 */
#include "unit.h"

#include "plain_scan.h"

#include "base/str.h"
#include "usage/who.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROOM = 700 };

static uint64_t state = 1;

static uint32_t draw(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

/* Bytes of which every so manieth means something; few rounds have backslashes. */
static void bytes(char *text, size_t n)
{
    static const char letters[] = "{}[]\"{}[]\"\",: \\\\\x01\xfb\xdd";
    uint32_t          rare = 1 + draw(40), most = draw(3) ? 14 : sizeof letters - 1;

    for (size_t i = 0; i < n; i++)
        text[i] = draw(rare) ? (char)('a' + draw(26)) : letters[draw(most)];
}

/* Brackets that mostly match, strings that mostly end, with quotes, brackets and backslashes in them. */
static void value(char *text, size_t n)
{
    char   open[ROOM];
    size_t depth = 0, i = 0;

    text[i++] = open[depth++] = "{["[draw(2)];
    while (i + 2 * depth + 40 < n && depth) {
        uint32_t what = draw(12);

        if (what == 0 && depth < VD_SCAN_DEPTH + 8) {
            text[i++] = open[depth++] = "{["[draw(2)];
        } else if (what == 1 && draw(3) == 0) {
            text[i++] = (char)(open[--depth] + 2);
        } else if (what < 6) {
            text[i++] = '"';
            for (uint32_t k = draw(20); k > 0; k--)
                text[i++] = "ab{}[],:\\"[draw(draw(4) ? 8 : 9)];
            while (text[i - 1] == '\\')
                text[i++] = "\\\"x"[draw(3)];
            text[i++] = '"';
        } else {
            text[i++] = ",:1 x"[draw(5)];
        }
    }
    while (depth)
        text[i++] = (char)(open[--depth] + 2);
    bytes(text + i, n - i);
    if (draw(4) == 0)
        text[draw((uint32_t)n - 1) + 1] = "{}[]\"\\"[draw(6)];
}

typedef vd_scan nested_form(const char *p, const char *end, const char **next);

static void same_nested(nested_form *form, const char *p, const char *end)
{
    const char *wanted = NULL, *got = NULL;
    vd_scan     is = plain_nested(p, end, &wanted);

    assert_int_equal(form(p, end, &got), is);
    if (is == VD_SCAN_OK || is == VD_SCAN_DEEP)
        assert_ptr_equal(got, wanted);
}

static uint32_t nested_all(const char *p, const char *end)
{
    const char *next;

    same_nested(vd_scan_nested, p, end);
    same_nested(vd_scan_value, p, end);
#ifdef VD_SCAN_WIDE
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul"))
        same_nested(vd_scan_nested_avx2, p, end);
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("pclmul"))
        same_nested(vd_scan_nested_avx512, p, end);
#endif
    return plain_nested(p, end, &next) == VD_SCAN_OK;
}

/* Whole and cut at places; what stands behind the end is not looked at. */
static void nested(void **unused)
{
    char     text[ROOM + VD_SCAN_PAD];
    uint32_t good = 0, deep = 0;

    VD_UNUSED(unused);
    for (int round = 0; round < 60000; round++) {
        size_t n = 1 + draw(ROOM);

        bytes(text, sizeof text);
        if (draw(3) && n > 60)
            value(text, n);
        text[0] = draw(2) ? '{' : '[';
        good += nested_all(text, text + n);
        nested_all(text, text + 1 + draw((uint32_t)n));
    }
    for (size_t n = 1; n < 2 * VD_SCAN_DEPTH; n++) {
        const char *next;

        memset(text, '[', n);
        memset(text + n, ']', n);
        nested_all(text, text + 2 * n);
        deep += plain_nested(text, text + 2 * n, &next) == VD_SCAN_DEEP;
    }
    assert_true(good > 15000);
    assert_int_equal(deep, 2 * VD_SCAN_DEPTH - 1 - VD_SCAN_DEPTH);
}

/* A backslash at each place around the ends of blocks, one or several, in a string and outside. */
static void slashes(void **unused)
{
    char text[4 * 64 + VD_SCAN_PAD];

    VD_UNUSED(unused);
    for (size_t at = 1; at < 140; at++)
        for (size_t count = 1; count < 70; count++)
            for (int outside = 0; outside < 2; outside++) {
                memset(text, 'x', sizeof text);
                text[0] = '{';
                text[outside ? at + count + 3 : 1] = '"';
                memset(text + at + 1, '\\', count);
                memcpy(text + at + 1 + count, "\"}\"}}", 5);
                nested_all(text, text + 4 * 64);
            }
}

static void strings(void **unused)
{
    char text[ROOM + VD_SCAN_PAD];

    VD_UNUSED(unused);
    for (int round = 0; round < 60000; round++) {
        size_t      n = draw(ROOM), from;
        const char *p, *end = text + n, *wanted;
        bool        a = false, b = false, c = false;
        vd_str      mark = draw(2) ? VD_S("\"a") : VD_S("{b:");

        bytes(text, sizeof text);
        from = n ? draw((uint32_t)n) : 0;
        p = text + from;
        wanted = plain_string_on(p, end, &a);
        assert_ptr_equal(vd_scan_string_on(p, end, &b), wanted);
        assert_ptr_equal(vd_scan_string(p, end, &c), wanted);
        assert_true(!wanted || (a == b && a == c));
        assert_ptr_equal(vd_scan_quote(p, end), vd_scan_quote_portable(p, end));
#ifdef VD_SCAN_WIDE
        if (__builtin_cpu_supports("avx2"))
            assert_ptr_equal(vd_scan_quote_avx2(p, end), vd_scan_quote_portable(p, end));
#endif
        assert_ptr_equal(vd_scan_bytes(p, end, mark), plain_bytes(p, end, mark));
    }
}

static void pieces(void **unused)
{
    char text[ROOM + VD_SCAN_PAD];

    VD_UNUSED(unused);
    for (int round = 0; round < 20000; round++) {
        vd_skip     a = { 0 }, b = { 0 };
        size_t      n = 61 + draw(ROOM - 60);
        const char *p = text;

        bytes(text, sizeof text);
        value(text, n);
        for (uint32_t size = 1 + draw(200); p < text + n && !a.done; p += size) {
            const char *end = (size_t)(text + n - p) < size ? text + n : p + size;

            assert_int_equal(vd_skip_feed(&a, p, end), plain_skip_feed(&b, p, end));
            assert_true(a.done == b.done && a.depth == b.depth);
        }
    }
}

/* Records that are alike but for their values, and some that are not. */
static void records(void **unused)
{
    vd_record_schema a, b;
    char             text[2048 + VD_SCAN_PAD];
    uint32_t         good = 0;

    VD_UNUSED(unused);
    vd_record_schema_init(&a);
    plain_schema_init(&b);
    for (int round = 0; round < 20000; round++) {
        vd_record   x, y;
        const char *next_x = NULL, *next_y = NULL;
        char        inner[ROOM + 1] = { 0 };
        size_t      n, m = 61 + draw(ROOM - 60);

        value(inner, m);
        for (const char *next; plain_nested(inner, inner + m, &next) == VD_SCAN_OK;) {
            m = (size_t)(next - inner);
            break;
        }
        memset(text, 0, sizeof text);
        n = (size_t)snprintf(text, sizeof text,
                             "{\"eventVersion\":\"1.%02u\",\"userIdentity\":{\"type\":\"Role\",\"arn\":\"arn:aws:iam::1:role/%.*s\"},%s"
                             "\"requestParameters\":%.*s,\"responseElements\":%s,\"readOnly\":%s,\"eventID\":\"0%u\"}",
                             draw(100), (int)draw(80), "a-name-that-is-rather-long-as-names-may-be-of-roles-that-machines-make-for-themselves",
                             draw(9) ? "" : "\"eventName\":\"a\\\"b\",", (int)m, inner, draw(3) ? "null" : "nullx",
                             draw(3) ? "true" : draw(2) ? "false" : " false", draw(100));
        n = draw(5) ? n : draw((uint32_t)n) + 1;
        assert_int_equal(vd_record_read(&x, &a, text, text + n, &next_x), plain_record_read(&y, &b, text, text + n, &next_y));
        if (!next_y || vd_record_read(&x, &a, text, text + n, &next_x) != VD_SCAN_OK)
            continue;
        good++;
        assert_ptr_equal(next_x, next_y);
        assert_memory_equal(x.at, y.at, sizeof x.at);
        assert_true(x.seen == y.seen && x.escaped == y.escaped && x.known == y.known && x.duplicates == y.duplicates);
    }
    assert_true(good > 3000);
}

/* Of few callers, and mostly as it was before; now and then something is odd. */
static size_t make_identity(char *out, size_t room)
{
    static const char *const odd[] = {
        "", "", "", "", "", "", ",\"arn\":\"twice\"", ",\"of tomorrow\":{\"a\":[]}", ",\"invokedBy\":\"a\\u0041\"", ", \"invokedBy\":\"x\"",
        ",\"userName\":null", ",\"userName\":\"\"", ",\"accountId\":17", ",\"sessionContext\":{\"attributes\":{}}", ",\"onBehalfOf\":{\"userId\":\"u\"}",
    };
    unsigned who = draw(4), session = draw(3);

    if (who == 0)
        return (size_t)snprintf(out, room, "{\"type\":\"AWSService\",\"invokedBy\":\"%s.amazonaws.com\"%s}", session ? "ec2" : "lambda",
                                odd[draw(VD_COUNT(odd))]);
    return (size_t)snprintf(
        out, room,
        "{\"type\":\"AssumedRole\",\"principalId\":\"AROAEXAMPLE00000000%u:session-of-it\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/r%u/"
        "session-of-it\",\"accountId\":\"111122223333\",\"accessKeyId\":\"ASIA%u\",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\","
        "\"principalId\":\"AROAEXAMPLE00000000%u\",\"arn\":\"arn:aws:iam::111122223333:role/r%u\",\"accountId\":\"111122223333\",\"userName\":\"r%u\"},"
        "\"attributes\":{\"mfaAuthenticated\":\"%s\"}%s}%s}",
        who, who, session, who, who, who, draw(9) ? "false" : "true", draw(9) ? "" : odd[draw(VD_COUNT(odd))],
        odd[draw(VD_COUNT(odd))]);
}

static void forget(vd_record_schema *schema)
{
    for (size_t i = 0; i < VD_OBJECTS; i++)
        schema->known[0][i].bytes = schema->known[1][i].bytes = 0;
}

/* Whoever knows the callers of before reads the same as who has forgotten them all. */
static void identities(void **unused)
{
    vd_record_schema *a = malloc(sizeof *a), *b = malloc(sizeof *b);
    char              text[8192 + VD_SCAN_PAD], identity[2048], second[2048];
    uint32_t          good = 0, known = 0;

    VD_UNUSED(unused);
    assert_true(a && b);
    vd_record_schema_init(a);
    plain_schema_init(b);
    for (int round = 0; round < 40000; round++) {
        vd_record   x, y;
        const char *next_x = NULL, *next_y = NULL;
        size_t      n;
        vd_scan     got;

        make_identity(identity, sizeof identity);
        make_identity(second, sizeof second);
        memset(text, 0, sizeof text);
        n = (size_t)snprintf(text, sizeof text, "{%s\"userIdentity\":%s,\"eventName\":\"x\",%s%s\"eventID\":\"%u\"}",
                             draw(5) ? "\"eventVersion\":\"1.11\"," : "", identity, draw(9) ? "" : "\"userIdentity\":",
                             draw(9) ? "" : second, draw(9));
        if (draw(6) == 0)
            text[1 + draw((uint32_t)n - 1)] = "{}[]\"\\:,x"[draw(9)];
        n = draw(6) ? n : draw((uint32_t)n) + 1;
        if (draw(2))
            memset(text + n, 0, VD_SCAN_PAD);
        forget(b);
        got = vd_record_read(&x, a, text, text + n, &next_x);
        assert_int_equal(plain_record_read(&y, b, text, text + n, &next_y), got);
        if (got != VD_SCAN_OK)
            continue;
        good++;
        assert_ptr_equal(next_x, next_y);
        assert_memory_equal(x.at, y.at, sizeof x.at);
        assert_true(x.seen == y.seen && x.escaped == y.escaped && x.known == y.known && x.duplicates == y.duplicates &&
                    x.annotated == y.annotated);
    }
    for (size_t i = 0; i < VD_OBJECTS; i++)
        known += (uint32_t)(a->known[0][i].bytes != 0) + (uint32_t)(a->known[1][i].bytes != 0);
    assert_true(good > 20000 && known > 8);
    free(a);
    free(b);
}

/* A caller that is known already is told as one that is not. */
static void callers(void **unused)
{
    static const char *const types[] = { "AssumedRole", "IAMUser", "AWSService", "Role", "Root", "FederatedUser", "AWSAccount", "" };
    static const char *const arns[] = {
        "arn:aws:iam::111122223333:role/path/of/r", "arn:aws-cn:iam::111122223333:user/a|b", "arn:aws:iam::111122223333:root",
        "arn:aws:iam::17:user/u", "arn:aws:iam::111122223333:group/g", "nothing", "", "arn:aws:sts::111122223333:assumed-role/r/s",
        "ec2.amazonaws.com",
    };
    static const char *const ids[] = { "AROAEXAMPLE1", "AROAEXAMPLE2:session", "", "x|y" };
    static const vd_member   members[] = { VD_M_ARN, VD_M_ISSUER_ARN, VD_M_INVOKED_BY };
    static const vd_member   of_ids[] = { VD_M_PRINCIPAL, VD_M_ISSUER_PRINCIPAL, VD_M_ACCOUNT_ID, VD_M_USER };
    vd_who_memo             *memo = calloc(1, sizeof *memo);
    uint32_t                 known = 0;

    VD_UNUSED(unused);
    assert_non_null(memo);
    for (int round = 0; round < 40000; round++) {
        vd_record   r = { .seen = 0 };
        vd_who      a, b;
        char        room_a[VD_WHO_BYTES], room_b[VD_WHO_BYTES];
        const char *type = types[draw(VD_COUNT(types))];

        r.at[VD_M_TYPE] = (vd_str){ type, strlen(type) };
        for (size_t i = 0; i < VD_COUNT(members); i++) {
            const char *arn = arns[draw(VD_COUNT(arns))];

            r.at[members[i]] = (vd_str){ arn, strlen(arn) };
        }
        for (size_t i = 0; i < VD_COUNT(of_ids); i++) {
            const char *id = ids[draw(VD_COUNT(ids))];

            r.at[of_ids[i]] = (vd_str){ id, strlen(id) };
        }
        assert_int_equal(vd_who_read(&a, room_a, &r, memo), vd_who_read(&b, room_b, &r, NULL));
        assert_true(vd_str_eq(a.text, b.text) && vd_str_eq(a.account, b.account) && a.service == b.service && a.unknown == b.unknown);
        known += a.text.p != room_a;
    }
    assert_true(known > 5000);
    free(memo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nested), cmocka_unit_test(slashes), cmocka_unit_test(strings),
        cmocka_unit_test(pieces), cmocka_unit_test(records), cmocka_unit_test(identities), cmocka_unit_test(callers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
