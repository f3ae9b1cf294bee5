/* SPDX-License-Identifier: Apache-2.0
 *
 * Instants (E527 to E529): a small ISO 8601, or epoch seconds or milliseconds.  The calendar is the Gregorian one,
 * carried on in both directions; no leap seconds, no time zone but the written one.
 *
 *   date  = ["-"] year "-" month ["-" day ["T" time [zone]]]
 *   time  = hh [":" mm [":" ss ["." 1*9 digits]]]
 *   zone  = "Z" | ("+" | "-") hh [[":"] mm]
 *   epoch = digits ["." digits]
 */
#include "pattern/value.h"

#include "base/calendar.h"
#include "base/str.h"

enum {
    LEAST_YEAR_DIGITS = 4,
    MOST_YEAR_DIGITS = 9,
    FIRST_YEAR = -292275054,
    LAST_YEAR = 292278993,
    DAY = 86400,
    BILLION = 1000000000
};
static const uint64_t first_millis = 100000000000u; /* E529: from here on an epoch time is in milliseconds */

typedef struct civil {
    int64_t year;
    int64_t month, day, hour, minute, second;
} civil;

static bool take(vd_str *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = vd_str_from(*s, 1);
    return true;
}

static bool take_lower(vd_str *s, char c)
{
    if (s->n == 0 || vd_lower(s->p[0]) != c)
        return false;
    *s = vd_str_from(*s, 1);
    return true;
}

static bool take_two(vd_str *s, int64_t least, int64_t most, int64_t *out)
{
    if (s->n < 2 || !vd_is_digit(s->p[0]) || !vd_is_digit(s->p[1]))
        return false;
    *out = (s->p[0] - '0') * 10 + (s->p[1] - '0');
    *s = vd_str_from(*s, 2);
    return *out >= least && *out <= most;
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t month_days(int64_t year, int64_t month)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01.  Years begin in March here, so that the leap day is the last one; eras have 400 years. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t in_era = y - era * 400;
    int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

static bool take_year(vd_str *s, int64_t *out)
{
    bool    minus = take(s, '-');
    size_t  n = 0;
    int64_t year = 0;

    while (n < s->n && n <= MOST_YEAR_DIGITS && vd_is_digit(s->p[n]))
        year = year * 10 + (s->p[n++] - '0');
    if (n < LEAST_YEAR_DIGITS || n > MOST_YEAR_DIGITS)
        return false;
    *s = vd_str_from(*s, n);
    *out = minus ? -year : year;
    return *out >= FIRST_YEAR && *out <= LAST_YEAR;
}

/* 1 to 9 digits, as nanoseconds. */
static bool take_fraction(vd_str *s, uint32_t *nanos)
{
    uint32_t unit = BILLION / 10;
    size_t   n = 0;

    for (; n < s->n && n < 10 && vd_is_digit(s->p[n]); n++, unit /= 10)
        *nanos += (uint32_t)(s->p[n] - '0') * unit;
    *s = vd_str_from(*s, n);
    return n >= 1 && n <= 9;
}

static bool take_time(vd_str *s, civil *c, uint32_t *nanos)
{
    if (!take_two(s, 0, 23, &c->hour))
        return false;
    if (!take(s, ':'))
        return true;
    if (!take_two(s, 0, 59, &c->minute))
        return false;
    if (!take(s, ':'))
        return true;
    if (!take_two(s, 0, 59, &c->second))
        return false;
    return !take(s, '.') || take_fraction(s, nanos);
}

/* Seconds east of UTC; no zone is UTC. */
static bool take_zone(vd_str *s, int64_t *offset)
{
    bool    west = s->n && s->p[0] == '-';
    int64_t hours, minutes = 0;

    *offset = 0;
    if (s->n == 0 || take_lower(s, 'z'))
        return true;
    if (!west && s->p[0] != '+')
        return false;
    *s = vd_str_from(*s, 1);
    if (!take_two(s, 0, 23, &hours))
        return false;
    if (take(s, ':') ? !take_two(s, 0, 59, &minutes) : (s->n && !take_two(s, 0, 59, &minutes)))
        return false;
    *offset = (hours * 60 + minutes) * 60;
    if (west)
        *offset = -*offset;
    return true;
}

static bool parse_iso(vd_date *out, vd_str s)
{
    civil   c = { .day = 1 };
    int64_t offset = 0;

    if (!take_year(&s, &c.year) || !take(&s, '-') || !take_two(&s, 1, 12, &c.month))
        return false;
    if (take(&s, '-')) {
        if (!take_two(&s, 1, month_days(c.year, c.month), &c.day))
            return false;
        if (take_lower(&s, 't') && (!take_time(&s, &c, &out->nanos) || !take_zone(&s, &offset)))
            return false;
    }
    out->seconds = days_of(c.year, c.month, c.day) * DAY + (c.hour * 60 + c.minute) * 60 + c.second - offset;
    return s.n == 0;
}

/* The digits behind the point as a count of `unit`ths, what is finer cut off; *rest tells whether any is not zero. */
static bool read_decimals(vd_str s, uint32_t unit, uint32_t *out, bool *rest)
{
    *out = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!vd_is_digit(s.p[i]))
            return false;
        unit /= 10;
        *out += (uint32_t)(s.p[i] - '0') * unit;
        *rest = *rest || s.p[i] != '0';
    }
    return s.n > 0;
}

static bool parse_epoch(vd_date *out, vd_str s)
{
    vd_str   whole = s;
    bool     point = vd_str_cut(&s, '.', &whole);
    bool     more = false;
    uint64_t v = 0;
    uint32_t fine = 0;

    if (!vd_str_all_digits(whole))
        return false;
    for (size_t i = 0; i < whole.n; i++)
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, (uint64_t)(whole.p[i] - '0'), &v))
            return false;
    if (v > INT64_MAX)
        return false;
    if (point && !read_decimals(s, v >= first_millis ? BILLION / 1000 : BILLION, &fine, &more))
        return false;
    if (v == INT64_MAX && more)
        return false;
    if (v >= first_millis) {
        out->seconds = (int64_t)(v / 1000);
        out->nanos = (uint32_t)(v % 1000) * (BILLION / 1000) + fine;
    } else {
        out->seconds = (int64_t)v;
        out->nanos = fine;
    }
    return true;
}

bool vd_date_parse(vd_date *out, vd_str text)
{
    bool iso = vd_str_find(text, '-') < text.n || vd_str_find(text, 'T') < text.n || vd_str_find(text, 't') < text.n;
    bool ok;

    *out = (vd_date){ 0 };
    ok = iso ? parse_iso(out, text) : parse_epoch(out, text);
    if (!ok)
        *out = (vd_date){ 0 };
    return ok;
}

int vd_date_cmp(const vd_date *a, const vd_date *b)
{
    if (a->seconds != b->seconds)
        return a->seconds < b->seconds ? -1 : 1;
    return (a->nanos > b->nanos) - (a->nanos < b->nanos);
}

size_t vd_date_format(char *out, vd_date d)
{
    char   text[VD_TIME_ROOM];
    size_t n = vd_time_format(text, d.seconds);

    memcpy(out, text, n);
    if (!d.nanos)
        return n;
    out[n - 1] = '.'; /* where the Z was */
    for (uint32_t left = d.nanos, place = BILLION / 10; left; place /= 10) {
        out[n++] = (char)('0' + left / place);
        left %= place;
    }
    out[n++] = 'Z';
    return n;
}
