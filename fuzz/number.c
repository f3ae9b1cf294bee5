/* SPDX-License-Identifier: Apache-2.0
 *
 * Two texts, a line feed between: numbers exactly if the grammar says so, and in the order that long strings of
 * digits have.
 */
#include "fuzz.h"

#include "base/str.h"
#include "pattern/value.h"
#include "twins.h"

#include <string.h>

static vd_str skip_digits(vd_str s, size_t *count)
{
    for (*count = 0; s.n && vd_is_digit(s.p[0]); s = vd_str_from(s, 1))
        ++*count;
    return s;
}

/* The grammar of E526, no more.  *digits: of the mantissa, zeros too; *exponent: up to 9999. */
static bool is_number(vd_str s, size_t *digits, int *exponent)
{
    size_t whole, behind = 0, count;

    *exponent = 0;
    if (s.n && (s.p[0] == '+' || s.p[0] == '-'))
        s = vd_str_from(s, 1);
    s = skip_digits(s, &whole);
    if (s.n && s.p[0] == '.')
        s = skip_digits(vd_str_from(s, 1), &behind);
    *digits = whole + behind;
    if (*digits == 0 || s.n == 0)
        return *digits > 0;
    if (s.p[0] != 'e' && s.p[0] != 'E')
        return false;
    s = vd_str_from(s, 1);
    if (s.n && (s.p[0] == '+' || s.p[0] == '-'))
        s = vd_str_from(s, 1);
    for (size_t i = 0; i < s.n && vd_is_digit(s.p[i]) && *exponent < 1000; i++)
        *exponent = *exponent * 10 + (s.p[i] - '0');
    s = skip_digits(s, &count);
    return count > 0 && s.n == 0;
}

static bool check_one(vd_number *out, vd_str s)
{
    size_t digits;
    int    exponent;
    bool   grammar = is_number(s, &digits, &exponent), ok = vd_number_parse(out, s);

    fuzz_check(!ok || grammar, "accepted against the grammar");
    if (grammar && digits <= 40 && exponent <= 400)
        fuzz_check(ok, "refused, though it has to be exact");
    if (grammar && exponent > 400)
        fuzz_check(!ok, "an exponent of %d", exponent);
    if (ok && out->sign)
        fuzz_check(out->pairs >= 1 && out->pairs <= 20 && out->digits[0] >= 10 && out->digits[out->pairs - 1] != 0,
                   "not normal");
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t         m = end ? (size_t)(end - data) : size;
    vd_str         a = { (const char *)data, m };
    vd_str         b = { (const char *)data + m + (end ? 1 : 0), end ? size - m - 1 : 0 };
    vd_number      x, y;
    int            want;

    if (m > 500 || b.n > 500)
        return 0;
    if (!check_one(&x, a) || !check_one(&y, b))
        return 0;
    want = twin_number_cmp(a, b);
    fuzz_check(vd_number_cmp(&x, &y) == want && vd_number_cmp(&y, &x) == -want, "the twin says %d", want);
    fuzz_check((memcmp(&x, &y, sizeof x) == 0) == (want == 0), "equal values are equal bytes");
    return 0;
}
