/* SPDX-License-Identifier: Apache-2.0
 *
 * The positive test of each operator on one context value and one policy value (E522 to E535), on texts.  What a
 * compiled set does on prepared values must be the same; this is what it is held against.
 */
#include "operator/operator.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/glob.h"
#include "pattern/value.h"

typedef enum shape { TEXT, NUMBER, DATE, BINARY, ADDRESS, ARN } shape;

/* What a test reads its two values as. */
static const uint8_t shapes[] = {
    [VD_TEST_STRING] = TEXT,       [VD_TEST_STRING_FOLDED] = TEXT, [VD_TEST_LIKE] = TEXT,
    [VD_TEST_NUMBER_EQ] = NUMBER,  [VD_TEST_NUMBER_LT] = NUMBER,   [VD_TEST_NUMBER_LE] = NUMBER,
    [VD_TEST_NUMBER_GT] = NUMBER,  [VD_TEST_NUMBER_GE] = NUMBER,   [VD_TEST_DATE_EQ] = DATE,
    [VD_TEST_DATE_LT] = DATE,      [VD_TEST_DATE_LE] = DATE,       [VD_TEST_DATE_GT] = DATE,
    [VD_TEST_DATE_GE] = DATE,      [VD_TEST_BOOL] = TEXT,          [VD_TEST_BINARY] = BINARY,
    [VD_TEST_IP] = ADDRESS,        [VD_TEST_ARN] = ARN,            [VD_TEST_NULL] = TEXT,
};

static bool well_formed(uint8_t test, vd_str text, bool policy)
{
    vd_number number;
    vd_date   date;
    vd_cidr   cidr;
    size_t    n;
    bool      empty;

    switch ((shape)shapes[test]) {
    case NUMBER:
        return vd_number_parse(&number, text);
    case DATE:
        return vd_date_parse(&date, text);
    case BINARY:
        return vd_base64_decode(NULL, &n, text);
    case ADDRESS:
        return policy ? vd_cidr_parse(&cidr, text) : vd_address_parse(&cidr, text);
    case ARN:
        return vd_arn_fields(text, false, &empty) == 6;
    case TEXT:
        break;
    }
    return true;
}

bool vd_operator_value_ok(const vd_operator *op, vd_str policy_value)
{
    return well_formed(op->test, policy_value, true);
}

bool vd_operator_context_ok(const vd_operator *op, vd_str context_value)
{
    return well_formed(op->test, context_value, false);
}

static bool test_number(uint8_t test, vd_str x, vd_str p)
{
    vd_number a, b;
    int       c;

    if (!vd_number_parse(&a, x) || !vd_number_parse(&b, p))
        return false;
    c = vd_number_cmp(&a, &b);
    switch (test) {
    case VD_TEST_NUMBER_LT:
        return c < 0;
    case VD_TEST_NUMBER_LE:
        return c <= 0;
    case VD_TEST_NUMBER_GT:
        return c > 0;
    case VD_TEST_NUMBER_GE:
        return c >= 0;
    default:
        return c == 0;
    }
}

static bool test_date(uint8_t test, vd_str x, vd_str p)
{
    vd_date a, b;
    int     c;

    if (!vd_date_parse(&a, x) || !vd_date_parse(&b, p))
        return false;
    c = vd_date_cmp(&a, &b);
    switch (test) {
    case VD_TEST_DATE_LT:
        return c < 0;
    case VD_TEST_DATE_LE:
        return c <= 0;
    case VD_TEST_DATE_GT:
        return c > 0;
    case VD_TEST_DATE_GE:
        return c >= 0;
    default:
        return c == 0;
    }
}

/* E530: whatever is not "true" in the context is false; a policy value that is neither matches nothing. */
static bool test_bool(vd_str x, vd_str p)
{
    bool known, ignored;
    bool want = vd_bool_text(p, &known);

    return known && vd_bool_text(x, &ignored) == want;
}

/* Equal bytes.  Decoded in pieces of whole groups, for there is no memory to ask for here. */
static bool test_binary(vd_str x, vd_str p)
{
    size_t n, m;

    if (!vd_base64_decode(NULL, &n, x) || !vd_base64_decode(NULL, &m, p) || n != m)
        return false;
    for (size_t at = 0; at < x.n; at += 4) {
        uint8_t a[3] = { 0 }, b[3] = { 0 };

        vd_base64_decode(a, &n, vd_str_first(vd_str_from(x, at), 4));
        vd_base64_decode(b, &m, vd_str_first(vd_str_from(p, at), 4));
        if (memcmp(a, b, 3) != 0)
            return false;
    }
    return true;
}

static bool test_ip(vd_str x, vd_str p)
{
    vd_cidr address, range;

    return vd_address_parse(&address, x) && vd_cidr_parse(&range, p) && vd_cidr_contains(&range, &address);
}

bool vd_operator_test(const vd_operator *op, vd_str context_value, vd_str coded)
{
    switch ((shape)shapes[op->test]) {
    case NUMBER:
        return test_number(op->test, context_value, coded);
    case DATE:
        return test_date(op->test, context_value, coded);
    case BINARY:
        return test_binary(context_value, coded);
    case ADDRESS:
        return test_ip(context_value, coded);
    case ARN:
        return vd_glob_match(coded, context_value);
    case TEXT:
        break;
    }
    switch ((vd_test)op->test) {
    case VD_TEST_STRING_FOLDED:
        return vd_str_eq_folded(context_value, coded);
    case VD_TEST_LIKE:
        return vd_glob_match(coded, context_value);
    case VD_TEST_BOOL:
        return test_bool(context_value, coded);
    case VD_TEST_STRING:
        return vd_str_eq(context_value, coded);
    default:
        return false; /* Null asks for presence, not for a value: E536 is the evaluators' */
    }
}
