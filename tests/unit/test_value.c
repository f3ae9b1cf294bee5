/* SPDX-License-Identifier: Apache-2.0
 *
 * Typed values (E524, E526 to E533): cases, and other people's parsers where their grammar is ours.
 */
#include "unit.h"

#include "pattern/value.h"
#include "twins.h"

#include <arpa/inet.h>
#include <libcidr.h>
#include <stdlib.h>
#include <time.h>

static void test_numbers(void **state)
{
    static const struct {
        const char *a, *b;
        int         cmp; /* 9: a is malformed */
    } rows[] = {
        { "0.1", "1e-1", 0 }, /* K16 */
        { "0.1", "0.10", 0 },
        { "9.999999999999999999999", "10", -1 }, /* K17 */
        { "3600.5", "3600", 1 },
        { "10.", "10", 0 },
        { ".5", "0.5", 0 },
        { "-0", "0", 0 },
        { "+7", "7", 0 },
        { "-0.0e5", "+000", 0 },
        { "1E+2", "100", 0 },
        { "1e002", "100", 0 },
        { "-1", "1", -1 },
        { "-2", "-1", -1 },
        { "-10", "-9", -1 },
        { "100", "99", 1 },
        { "0.09", "0.1", -1 },
        { "12", "120e-1", 0 },
        { "1", "12", -1 },
        { "1e400", "1e399", 1 },
        { "1e-400", "0", 1 },
        { "-1e-400", "0", -1 },
        { "00000000000000000000000000000000000000000000000000001", "1", 0 },
        { "100000000000000000000000000000000000000000000000000000000000", "1e59", 0 },
        { "0.00000000000000000000000000000000000000000000000001", "1e-50", 0 },
        { "1234567890123456789012345678901234567890", "1234567890123456789012345678901234567891", -1 },
        { "1234567890123456789012345678901234567890e400", "1e400", 1 },
        { "1.234567890123456789012345678901234567891", "1.23456789012345678901234567890123456789", 1 },
        { "1.2345678901234567890123456789012345678901", "1", 9 }, /* 41 digits */
        { "1e401", "1", 9 },
        { "1e-401", "1", 9 },
        { "1e99999999999999999999", "1", 9 },
        { "", "1", 9 },
        { ".", "1", 9 },
        { "+", "1", 9 },
        { "e5", "1", 9 },
        { "1e", "1", 9 },
        { "1e+", "1", 9 },
        { "1e5.0", "1", 9 },
        { "1 ", "1", 9 },
        { " 1", "1", 9 },
        { "--1", "1", 9 },
        { "1.2.3", "1", 9 },
        { "1,000", "1", 9 },
        { "0x10", "1", 9 },
        { "inf", "1", 9 },
        { "nan", "1", 9 },
        { "five", "1", 9 }, /* K19 */
        { "${n}", "1", 9 }, /* K79 */
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_number a, b;
        bool      ok = vd_number_parse(&a, vd_str_of(rows[i].a));

        assert_true(vd_number_parse(&b, vd_str_of(rows[i].b)));
        if (ok != (rows[i].cmp != 9) || (ok && vd_number_cmp(&a, &b) != rows[i].cmp))
            fail_msg("%s, %s: not %d", rows[i].a, rows[i].b, rows[i].cmp);
        if (!ok)
            continue;
        assert_int_equal(vd_number_cmp(&b, &a), -rows[i].cmp);
        assert_int_equal(twin_number_cmp(vd_str_of(rows[i].a), vd_str_of(rows[i].b)), rows[i].cmp);
        assert_int_equal(memcmp(&a, &b, sizeof a) == 0, rows[i].cmp == 0); /* equal values are equal bytes */
    }
}

static void test_numbers_of_any_length(void **state)
{
    static char text[100000];
    vd_number   n;

    VD_UNUSED(state);
    memset(text, '0', sizeof text);
    assert_true(vd_number_parse(&n, (vd_str){ text, sizeof text }));
    assert_int_equal(n.sign, 0);
    text[sizeof text - 1] = '7';
    assert_true(vd_number_parse(&n, (vd_str){ text, sizeof text }));
    text[0] = '7';
    assert_false(vd_number_parse(&n, (vd_str){ text, sizeof text }));
    text[sizeof text - 1] = '0'; /* one digit, but beyond what an exponent may say */
    assert_false(vd_number_parse(&n, (vd_str){ text, sizeof text }));
    text[0] = '.';
    text[sizeof text - 1] = '7';
    assert_false(vd_number_parse(&n, (vd_str){ text, sizeof text }));
}

static void test_dates(void **state)
{
    static const struct {
        const char *text, *shown; /* NULL: malformed */
    } rows[] = {
        { "2024-05-01", "2024-05-01T00:00:00Z" },
        { "2024-05", "2024-05-01T00:00:00Z" }, /* K26 */
        { "2024-05-01t10:00:00z", "2024-05-01T10:00:00Z" },
        { "2024-05-01T10", "2024-05-01T10:00:00Z" },
        { "2024-05-01T10:20", "2024-05-01T10:20:00Z" },
        { "2024-05-01T10Z", "2024-05-01T10:00:00Z" },
        { "2024-05-01T10:20+01", "2024-05-01T09:20:00Z" },
        { "2024-05-01T10:20-0130", "2024-05-01T11:50:00Z" },
        { "2024-05-01T10:20:30.5-01:30", "2024-05-01T11:50:30.5Z" },
        { "2024-05-01T10:00:00.000000001+02:00", "2024-05-01T08:00:00.000000001Z" },
        { "2024-01-01T02:00:00+02:00", "2024-01-01T00:00:00Z" }, /* K22 */
        { "2024-02-29", "2024-02-29T00:00:00Z" },
        { "2000-02-29", "2000-02-29T00:00:00Z" },
        { "1970-01-01T00:33:44Z", "1970-01-01T00:33:44Z" },
        { "0000-03-01", "0000-03-01T00:00:00Z" },
        { "-0001-12-31T23:59:59.25Z", "-0001-12-31T23:59:59.25Z" },
        { "0001-01-01T00:00+00:01", "0000-12-31T23:59:00Z" },
        { "12345-01-01", "12345-01-01T00:00:00Z" },
        { "-292275054-01", "-292275054-01-01T00:00:00Z" },
        { "292278993-12-31T23:59:59.999999999", "292278993-12-31T23:59:59.999999999Z" },
        { "2024", "1970-01-01T00:33:44Z" }, /* E529, K24 */
        { "0", "1970-01-01T00:00:00Z" },
        { "1704067200", "2024-01-01T00:00:00Z" },
        { "1704067200000", "2024-01-01T00:00:00Z" }, /* K21 */
        { "1704067200.5", "2024-01-01T00:00:00.5Z" },
        { "1704067200000.5", "2024-01-01T00:00:00.0005Z" },
        { "99999999999", "5138-11-16T09:46:39Z" },
        { "100000000000", "1973-03-03T09:46:40Z" },
        { "0.0000000019", "1970-01-01T00:00:00.000000001Z" },
        { "9223372036854775807", "292278994-08-17T07:12:55.807Z" },
        { "9223372036854775807.0", "292278994-08-17T07:12:55.807Z" },
        { "9223372036854775807.1", NULL },
        { "9223372036854775808", NULL },
        { "99999999999999999999", NULL },
        { "", NULL },
        { "sdf", NULL },
        { "-5", NULL },
        { "+5", NULL },
        { "5.", NULL },
        { ".5", NULL },
        { "1e9", NULL },
        { "234-13", NULL },
        { "234-12", NULL },
        { "2024-00", NULL },
        { "2024-13", NULL },
        { "2024-1", NULL },
        { "2024-", NULL },
        { "2024-05-", NULL },
        { "2024-02-30", NULL }, /* K25 */
        { "2023-02-29", NULL },
        { "1900-02-29", NULL },
        { "2024-04-31", NULL },
        { "2024-05-00", NULL },
        { "2024-05-01 10:00", NULL },
        { "2024-05-01T", NULL },
        { "2024-05-01Z", NULL },
        { "2024-05Z", NULL },
        { "2024-05T10:00", NULL },
        { "2024-05-01T24:00", NULL },
        { "2024-05-01T10:60", NULL },
        { "2024-05-01T10:00:60", NULL },
        { "2024-05-01T1000", NULL },
        { "2024-05-01T10:00:00.", NULL },
        { "2024-05-01T10:00.5", NULL },
        { "2024-05-01T10:00:00.1234567890Z", NULL },
        { "2024-05-01T10:00:00+1", NULL },
        { "2024-05-01T10:00:00+01:", NULL },
        { "2024-05-01T10:00:00+01:0", NULL },
        { "2024-05-01T10:00:00+24", NULL },
        { "2024-05-01T10:00:00+01:60", NULL },
        { "2024-05-01T10:00:00ZZ", NULL },
        { "2024-05-01T10:00:00 Z", NULL },
        { "+2024-05-01", NULL },
        { "--2024-05-01", NULL },
        { "-292275055-12", NULL },
        { "292278994-01", NULL },
        { "1234567890-01", NULL },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_date d, again;
        char    shown[48];
        bool    ok = vd_date_parse(&d, vd_str_of(rows[i].text));

        if (ok != (rows[i].shown != NULL))
            fail_msg("%s: not %s", rows[i].text, ok ? "malformed" : "a date");
        if (!ok)
            continue;
        check_cstr(((vd_str){ shown, vd_date_format(shown, d) }), rows[i].shown);
        if (vd_date_parse(&again, vd_str_of(rows[i].shown)))
            assert_int_equal(vd_date_cmp(&d, &again), 0);
    }
}

/* Every day of eight centuries, against the C library. */
static void test_days(void **state)
{
    VD_UNUSED(state);
    for (int64_t day = -150000; day < 150000; day++) {
        time_t    at = (time_t)(day * 86400 + day % 80000);
        struct tm tm;
        char      text[40], shown[48];
        vd_date   d;

        assert_non_null(gmtime_r(&at, &tm));
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
        assert_true(vd_date_parse(&d, vd_str_of(text)));
        assert_int_equal(d.seconds, at);
        check_cstr(((vd_str){ shown, vd_date_format(shown, d) }), text);
    }
}

static void test_date_order(void **state)
{
    vd_date a, b;

    VD_UNUSED(state);
    assert_true(vd_date_parse(&a, VD_S("2024-01-01T00:00:00.000000001Z"))); /* K23 */
    assert_true(vd_date_parse(&b, VD_S("2024-01-01T00:00:00.000000002Z")));
    assert_int_equal(vd_date_cmp(&a, &b), -1);
    assert_int_equal(vd_date_cmp(&b, &a), 1);
    assert_true(vd_date_parse(&b, VD_S("-2024-01")));
    assert_int_equal(vd_date_cmp(&a, &b), 1);
}

static const char *const addresses[] = {
    "0.0.0.0", "255.255.255.255", "203.0.113.7", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "01.2.3.4", "1.2.3.1000",
    "1..2.3", ".1.2.3", "1.2.3.", " 1.2.3.4", "1.2.3.4 ", "0x1.2.3.4", "-1.2.3.4", "10", "", "::", "::1", "1::",
    "2001:db8::1", "2001:DB8:1234:5678::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7::8",
    "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "::1::", ":::", "1:::2", ":1", "1:", ":", "12345::", "g::", "::ffff:1.2.3.4",
    "::ffff:0102:0304", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4:5",
    "1.2.3.4::", "fe80::1%1", "fe80::1%eth0", "[::1]", "::1/64", "::00001", "::ffff:01.2.3.4", "cloudformation.amazonaws.com",
};

/* Our grammar of an address is that of inet_pton; libcidr, which takes more, agrees on what we take. */
static void test_addresses(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(addresses); i++) {
        uint8_t four[16] = { 0 }, six[16];
        bool    is_four = inet_pton(AF_INET, addresses[i], four) == 1;
        bool    is_six = inet_pton(AF_INET6, addresses[i], six) == 1;
        vd_cidr a, b;
        bool    ok = vd_address_parse(&a, vd_str_of(addresses[i]));
        char    room[80] = { 0 }; /* libcidr looks for ".arpa" before the begin of short texts */
        CIDR   *other;
        uint8_t *bytes;

        if (ok != (is_four || is_six))
            fail_msg("%s: not %d", addresses[i], !ok);
        if (!ok)
            continue;
        if (is_six && memcmp(six, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0) { /* E533 */
            memcpy(four, six + 12, 4);
            is_four = true;
        }
        assert_int_equal(a.family, is_four ? 4 : 6);
        assert_int_equal(a.bits, is_four ? 32 : 128);
        assert_memory_equal(a.bytes, is_four ? four : six, 16);
        other = cidr_from_str(strcpy(room + 16, addresses[i]));
        assert_non_null(other);
        bytes = cidr_get_addr(other); /* a copy */
        assert_memory_equal(bytes + (is_four ? 12 : 0), a.bytes, is_four ? 4 : 16);
        free(bytes);
        cidr_free(other);
        assert_true(vd_cidr_parse(&b, vd_str_of(addresses[i])));
        assert_memory_equal(&a, &b, sizeof a);
    }
}

static void test_ranges(void **state)
{
    static const struct {
        const char *range, *address;
        int         want; /* -1: the range is malformed */
    } rows[] = {
        { "203.0.113.9/24", "203.0.113.200", 1 }, /* K33 */
        { "203.0.113.9", "203.0.113.8", 0 },      /* K34 */
        { "203.0.113.9", "203.0.113.9", 1 },
        { "0.0.0.0/0", "2001:db8::1", 0 }, /* K35, E533 */
        { "0.0.0.0/0", "255.1.2.3", 1 },
        { "::/0", "2001:db8::1", 1 },
        { "::/0", "10.0.0.1", 0 },
        { "203.0.113.0/24", "::ffff:203.0.113.7", 1 }, /* K37 */
        { "::ffff:203.0.113.0/120", "203.0.113.7", 1 },
        { "::ffff:203.0.113.0/120", "203.0.114.7", 0 },
        { "::ffff:0:0/96", "1.2.3.4", 1 },
        { "::ffff:1.2.3.4/95", "1.2.3.4", -1 },
        { "2001:DB8:1234:5678::/64", "2001:db8:1234:5678:0:0:0:1", 1 }, /* K38 */
        { "2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", 0 },
        { "10.1.2.3/8", "10.255.0.0", 1 }, /* E532: host bits */
        { "10.0.0.0/9", "10.128.0.0", 0 },
        { "10.0.0.0/31", "10.0.0.1", 1 },
        { "10.0.0.0/31", "10.0.0.2", 0 },
        { "8000::/1", "ffff::", 1 },
        { "8000::/1", "7fff::", 0 },
        { "10.0.0.0/33", "10.0.0.0", -1 },
        { "10.0.0.0/", "10.0.0.0", -1 },
        { "10.0.0.0/08", "10.0.0.0", -1 },
        { "10.0.0.0/00", "10.0.0.0", -1 },
        { "10.0.0.0/-1", "10.0.0.0", -1 },
        { "10.0.0.0/+8", "10.0.0.0", -1 },
        { "10.0.0.0/8/8", "10.0.0.0", -1 },
        { "10.0.0.0/8 ", "10.0.0.0", -1 },
        { "10.0.0.0/255.0.0.0", "10.0.0.0", -1 },
        { "10.0.0/8", "10.0.0.0", -1 },
        { "010.0.0.0/8", "10.0.0.0", -1 },
        { "/8", "10.0.0.0", -1 },
        { "::/129", "::", -1 },
        { "::/128", "::", 1 },
        { "fe80::1%1/64", "fe80::1", -1 },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_cidr range, address;
        bool    ok = vd_cidr_parse(&range, vd_str_of(rows[i].range));

        assert_true(vd_address_parse(&address, vd_str_of(rows[i].address)));
        if (ok != (rows[i].want >= 0) || (ok && vd_cidr_contains(&range, &address) != rows[i].want))
            fail_msg("%s, %s: not %d", rows[i].range, rows[i].address, rows[i].want);
    }
    assert_false(vd_address_parse(&(vd_cidr){ 0 }, VD_S("10.0.0.0/8"))); /* a context value is never a range */
}

static void test_equal_ranges_are_equal_bytes(void **state)
{
    vd_cidr a, b;

    VD_UNUSED(state);
    assert_true(vd_cidr_parse(&a, VD_S("10.1.2.3/8")));
    assert_true(vd_cidr_parse(&b, VD_S("::ffff:10.0.0.0/104")));
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(vd_cidr_parse(&a, VD_S("2001:db8:8001::/33")));
    assert_true(vd_cidr_parse(&b, VD_S("2001:DB8:ffff:0:0:0:0.0.0.1/33")));
    assert_memory_equal(&a, &b, sizeof a);
}

static void test_bools(void **state)
{
    bool known;

    VD_UNUSED(state);
    assert_true(vd_bool_text(VD_S("tRuE"), &known) && known);
    assert_true(!vd_bool_text(VD_S("FALSE"), &known) && known);
    assert_true(!vd_bool_text(VD_S("tru"), &known) && !known);
    assert_true(!vd_bool_text(VD_S(""), &known) && !known);
    assert_true(!vd_bool_text(VD_S("true "), &known) && !known);
}

static void test_base64(void **state)
{
    static const struct {
        const char *text, *bytes; /* NULL: malformed */
    } rows[] = {
        { "", "" },           { "Zg==", "f" },       { "Zm8=", "fo" },         { "Zm9v", "foo" },
        { "Zm9vYg==", "foob" }, { "Zm9vYmE=", "fooba" }, { "Zm9vYmFy", "foobar" }, { "QmluYXJ5", "Binary" },
        { "Zh==", "f" },      { "++//", "\xfb\xef\xff" }, { "Z", NULL },           { "Zg", NULL },
        { "Zg=", NULL },      { "Zg===", NULL },     { "=Zg=", NULL },         { "Z=g=", NULL },
        { "====", NULL },     { "Zg==Zg==", NULL },  { "Zm9 ", NULL },         { "Zm9v\n", NULL },
        { "Zm-_", NULL },     { "Z===", NULL },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_str  text = vd_str_of(rows[i].text);
        uint8_t out[32];
        size_t  n, m;
        bool    ok = vd_base64_decode(out, &n, text);

        if (ok != (rows[i].bytes != NULL) || vd_base64_decode(NULL, &m, text) != ok)
            fail_msg("\"%s\": not %s", rows[i].text, ok ? "malformed" : "base64");
        if (ok) {
            check_cstr(((vd_str){ (const char *)out, n }), rows[i].bytes);
            assert_int_equal(m, n);
        }
    }
}

static void test_fold(void **state)
{
    static const struct {
        const char *a, *b;
        bool        want;
    } rows[] = {
        { "ABCxyz09[", "abcXYZ09[", true },
        { "[", "{", false },
        { "\xc3\x84"
          "B",
          "\xc3\xa4"
          "b",
          true }, /* K08 */
        { "ss", "\xc3\x9f", false },           /* K09: sharp s */
        { "\xc3\x97", "\xc3\xb7", false },     /* multiplication, division */
        { "\xc4\x80", "\xc4\x81", true },      /* A with macron */
        { "\xc5\xb8", "\xc3\xbf", true },      /* Y with diaeresis */
        { "\xce\xa3", "\xcf\x83", true },      /* sigma */
        { "\xce\xa3", "\xcf\x82", false },     /* final sigma is another code point */
        { "\xd0\x96\xd0\x81", "\xd0\xb6\xd1\x91", true }, /* zhe, io */
        { "\xe2\x84\xaa", "K", true },         /* Kelvin */
        { "\xc4\xb0", "i", true },             /* I with dot above */
        { "\xc4\xb1", "i", false },            /* dotless i */
        { "\xf0\x90\x90\x80", "\xf0\x90\x90\xa8", true }, /* Deseret */
        { "\xff", "\xff", true },
        { "\xff", "\xfe", false },
        { "\xc3", "\xc3\xa4", false },
        { "a", "ab", false },
        { "", "", true },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_str a = vd_str_of(rows[i].a), b = vd_str_of(rows[i].b);
        char   x[64], y[64];
        vd_str folded_a = { x, vd_str_fold(x, a) }, folded_b = { y, vd_str_fold(y, b) };

        if (vd_str_eq_folded(a, b) != rows[i].want || vd_str_eq(folded_a, folded_b) != rows[i].want)
            fail_msg("%s, %s: not %d", rows[i].a, rows[i].b, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),    cmocka_unit_test(test_numbers_of_any_length),
        cmocka_unit_test(test_dates),      cmocka_unit_test(test_days),
        cmocka_unit_test(test_date_order), cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_ranges),     cmocka_unit_test(test_equal_ranges_are_equal_bytes),
        cmocka_unit_test(test_bools),      cmocka_unit_test(test_base64),
        cmocka_unit_test(test_fold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
