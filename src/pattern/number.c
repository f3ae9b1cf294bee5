/* SPDX-License-Identifier: Apache-2.0
 *
 * Decimal numbers (E526), kept exactly: no binary rounding, no locale.
 *
 *   number   = [sign] (digits ["." [digits]] | "." digits) [("e" | "E") [sign] digits]
 *
 * At most 40 significant digits (zeros at both ends are not), a written exponent within 400 either way, and a value
 * that such a text could have: from 1e-440 to below 1e441.  Anything longer is malformed.
 */
#include "pattern/value.h"

#include "base/str.h"

enum {
    MOST_DIGITS = 40,
    MOST_EXPONENT = 400,
    MOST_POINT = 440 /* of d.ddd * 10^x */
};

typedef struct scan {
    vd_str   rest;
    uint32_t digits;  /* significant ones so far */
    size_t   zeros;   /* seen behind them, not yet known to be inside */
    int64_t  point;   /* digits before the point, from the first significant one on; negative: zeros behind it */
    bool     any;     /* was there a digit? */
    bool     too_long;
} scan;

static void put_digit(vd_number *out, scan *s, uint8_t digit)
{
    if (s->digits == MOST_DIGITS) {
        s->too_long = true;
        return;
    }
    out->digits[s->digits / 2] = (uint8_t)(out->digits[s->digits / 2] + digit * (s->digits % 2 ? 1 : 10));
    s->digits++;
}

static void take_digit(vd_number *out, scan *s, uint8_t digit, bool whole)
{
    s->any = true;
    if (whole && (s->digits || digit))
        s->point++;
    if (digit == 0) {
        if (s->digits)
            s->zeros++;
        else if (!whole)
            s->point--;
        return;
    }
    for (; s->zeros && !s->too_long; s->zeros--)
        put_digit(out, s, 0);
    put_digit(out, s, digit);
}

static void take_digits(vd_number *out, scan *s, bool whole)
{
    for (; s->rest.n && vd_is_digit(s->rest.p[0]); s->rest = vd_str_from(s->rest, 1))
        take_digit(out, s, (uint8_t)(s->rest.p[0] - '0'), whole);
}

/* A sign moves on; true: it was '-'. */
static bool take_sign(vd_str *rest)
{
    bool minus = rest->n && rest->p[0] == '-';

    if (rest->n && (minus || rest->p[0] == '+'))
        *rest = vd_str_from(*rest, 1);
    return minus;
}

/* The whole rest has to be an exponent, or nothing. */
static bool take_exponent(int64_t *out, vd_str rest)
{
    bool minus;

    *out = 0;
    if (rest.n == 0)
        return true;
    if (vd_lower(rest.p[0]) != 'e')
        return false;
    rest = vd_str_from(rest, 1);
    minus = take_sign(&rest);
    if (!vd_str_all_digits(rest))
        return false;
    for (size_t i = 0; i < rest.n; i++) {
        *out = *out * 10 + (rest.p[i] - '0');
        if (*out > MOST_EXPONENT)
            return false;
    }
    if (minus)
        *out = -*out;
    return true;
}

static bool parse(vd_number *out, vd_str text)
{
    scan    s = { .rest = text };
    bool    minus = take_sign(&s.rest);
    int64_t exponent;

    take_digits(out, &s, true);
    if (s.rest.n && s.rest.p[0] == '.') {
        s.rest = vd_str_from(s.rest, 1);
        take_digits(out, &s, false);
    }
    if (!s.any || s.too_long || !take_exponent(&exponent, s.rest))
        return false;
    if (s.digits == 0)
        return true;
    exponent += s.point;
    if (exponent - 1 > MOST_POINT || exponent - 1 < -MOST_POINT)
        return false;
    out->sign = minus ? -1 : 1;
    out->exponent = (int16_t)exponent;
    out->pairs = (uint8_t)((s.digits + 1) / 2);
    return true;
}

bool vd_number_parse(vd_number *out, vd_str text)
{
    *out = (vd_number){ 0 };
    if (parse(out, text))
        return true;
    *out = (vd_number){ 0 };
    return false;
}

int vd_number_cmp(const vd_number *a, const vd_number *b)
{
    int c;

    if (a->sign != b->sign)
        return a->sign < b->sign ? -1 : 1;
    if (a->exponent != b->exponent)
        c = a->exponent < b->exponent ? -1 : 1;
    else
        c = memcmp(a->digits, b->digits, sizeof a->digits);
    c = (c > 0) - (c < 0);
    return a->sign < 0 ? -c : c;
}
