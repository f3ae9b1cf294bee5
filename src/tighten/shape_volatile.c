/* SPDX-License-Identifier: Apache-2.0
 *
 * Parts of names that are others with every run: identifiers that are drawn, counted or told by a clock.  A word that
 * somebody chose must not be taken for one of them, so each class asks for digits where a word has none.
 */
#include "tighten/shape_int.h"

#include "base/str.h"

enum { HEX_LEAST = 16, ID_LEAST = 8, ID_MOST = 17, DIGITS_LEAST = 4, TOKEN_LEAST = 20, TOKEN_CHANGES = 4 };

static bool is_hex(char c)
{
    return vd_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool all_hex(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_hex(s.p[i]))
            return false;
    return s.n > 0;
}

static bool some_digit(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (vd_is_digit(s.p[i]))
            return true;
    return false;
}

static bool is_uuid(vd_str s)
{
    static const size_t dashes[] = { 8, 13, 18, 23 };

    if (s.n != 36)
        return false;
    for (size_t i = 0, d = 0; i < s.n; i++) {
        bool dash = d < VD_COUNT(dashes) && dashes[d] == i;

        d += dash;
        if (dash ? s.p[i] != '-' : !is_hex(s.p[i]))
            return false;
    }
    return true;
}

/* "2026-03-04", and whatever follows that is no further digit: a time, a number. */
static bool is_date(vd_str s)
{
    static const char form[] = "dddd-dd-dd";

    if (s.n < sizeof form - 1 || (s.p[0] != '1' && s.p[0] != '2'))
        return false;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == 'd' ? !vd_is_digit(s.p[i]) : s.p[i] != '-' && s.p[i] != '_' && s.p[i] != '.')
            return false;
    return s.n == sizeof form - 1 || !vd_is_digit(s.p[sizeof form - 1]);
}

/* Base32 and base64: long, and digits are scattered over it as in no name. */
static bool is_token(vd_str s)
{
    uint32_t changes = 0;

    if (s.n < TOKEN_LEAST)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (!vd_is_alpha(c) && !vd_is_digit(c) && c != '+' && c != '_' && c != '-' && c != '=')
            return false;
        changes += i > 0 && vd_is_digit(c) != vd_is_digit(s.p[i - 1]) && c != '-' && s.p[i - 1] != '-' && c != '_' &&
                   s.p[i - 1] != '_';
    }
    return changes >= TOKEN_CHANGES;
}

/* "i-0123456789abcdef0": the letters say what it is. */
static size_t id_prefix(vd_str s)
{
    size_t dash = vd_str_rfind(s, '-');
    vd_str id = vd_str_from(s, dash + 1);

    if (dash == 0 || dash == s.n || id.n < ID_LEAST || id.n > ID_MOST || !all_hex(id) || !some_digit(id))
        return 0;
    for (size_t i = 0; i < dash; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z'))
            return 0;
    return dash + 1;
}

/* "build-1234": numbers that a pipeline counts. */
static size_t job_prefix(vd_str s)
{
    static const vd_str words[] = { VD_L("build"), VD_L("job"), VD_L("run"), VD_L("pipeline"), VD_L("pr"), VD_L("ci"),
                                    VD_L("mr"), VD_L("commit"), VD_L("task"), VD_L("attempt") };

    for (size_t i = 0; i < VD_COUNT(words); i++) {
        size_t n = words[i].n;

        if (vd_str_istarts(s, words[i]) && s.n > n + 1 && (s.p[n] == '-' || s.p[n] == '_') &&
            vd_str_all_digits(vd_str_from(s, n + 1)))
            return n + 1;
    }
    return 0;
}

static bool changes(vd_str s, vd_str *prefix)
{
    size_t n;

    *prefix = vd_str_first(s, 0);
    if ((vd_str_all_digits(s) && s.n >= DIGITS_LEAST) || is_uuid(s) || is_date(s) ||
        (s.n >= HEX_LEAST && all_hex(s) && some_digit(s)) || is_token(s))
        return true;
    n = id_prefix(s);
    if (n == 0)
        n = job_prefix(s);
    *prefix = vd_str_first(s, n);
    return n > 0;
}

/* ".json", ".log.gz" */
static bool is_extension(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !vd_is_digit(s.p[i]) && s.p[i] != '.')
            return false;
    return s.n >= 2 && s.n <= 16;
}

bool vd_shape_volatile(vd_str part, vd_str *prefix, vd_str *suffix)
{
    size_t equals = vd_str_find(part, '='), dot;
    vd_str value = part, stem;
    bool   found;

    if (equals > 0 && equals + 1 < part.n && vd_is_alpha(part.p[0]) && equals < part.n)
        value = vd_str_from(part, equals + 1); /* "dt=2026-03-04" */
    dot = vd_str_find(value, '.');
    stem = vd_str_first(value, dot);
    *suffix = vd_str_from(value, dot);
    found = is_extension(*suffix) && changes(stem, prefix);
    if (!found) {
        *suffix = vd_str_from(value, value.n);
        found = changes(value, prefix);
    }
    if (found)
        *prefix = (vd_str){ part.p, (size_t)(value.p - part.p) + prefix->n };
    return found;
}

static bool number_within(vd_str s, unsigned low, unsigned high)
{
    unsigned v;

    if (s.n != 2 || !vd_str_all_digits(s))
        return false;
    v = (unsigned)(s.p[0] - '0') * 10 + (unsigned)(s.p[1] - '0');
    return v >= low && v <= high;
}

uint32_t vd_shape_date_parts(const vd_str *parts, uint32_t count)
{
    static const struct {
        unsigned low, high;
    } rest[] = { { 1, 12 }, { 1, 31 }, { 0, 23 }, { 0, 59 } };
    uint32_t n = 1;

    if (count < 2 || parts[0].n != 4 || !vd_str_all_digits(parts[0]) ||
        (!vd_str_starts(parts[0], VD_S("19")) && !vd_str_starts(parts[0], VD_S("20"))))
        return 0;
    while (n < count && n <= VD_COUNT(rest) && number_within(parts[n], rest[n - 1].low, rest[n - 1].high))
        n++;
    return n > 1 ? n : 0;
}
