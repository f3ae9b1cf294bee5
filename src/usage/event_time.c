/* SPDX-License-Identifier: Apache-2.0
 *
 * Time and version of a record, as it writes them.
 */
#include "base/str.h"
#include "pattern/value.h"
#include "usage/event.h"

enum { MINOR_KNOWN = 11 };

static bool digits(const char *p, uint32_t n, int64_t *out)
{
    int64_t v = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (!vd_is_digit(p[i]))
            return false;
        v = v * 10 + (p[i] - '0');
    }
    *out = v;
    return true;
}

static inline bool two_digits(const char *p, int64_t *out)
{
    unsigned tens = (unsigned)(unsigned char)p[0] - '0', ones = (unsigned)(unsigned char)p[1] - '0';

    *out = tens * 10 + ones;
    return tens < 10 && ones < 10;
}

/* Days since 1970 of a date in the Gregorian calendar. */
static int64_t days_from(int64_t y, int64_t m, int64_t d)
{
    int64_t era, of_era, of_year;

    y -= m <= 2;
    era = y / 400;
    of_era = y - era * 400;
    of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "2026-03-02T09:01:07Z", as nearly all of them are; the rest is for the full reader. */
bool vd_usage_time(int64_t *out, vd_str s)
{
    int64_t y, of_y, m, d, hour, minute, second;
    vd_date date;

    if (s.n >= 19 && s.p[4] == '-' && s.p[7] == '-' && (s.p[10] == 'T' || s.p[10] == ' ') && s.p[13] == ':' && s.p[16] == ':' &&
        (s.n == 19 || s.p[19] == 'Z' || s.p[19] == '.' || vd_str_starts(vd_str_from(s, 19), VD_S("+00:00"))) &&
        two_digits(s.p, &y) && two_digits(s.p + 2, &of_y) && two_digits(s.p + 5, &m) && two_digits(s.p + 8, &d) &&
        two_digits(s.p + 11, &hour) && two_digits(s.p + 14, &minute) && two_digits(s.p + 17, &second) && m >= 1 && m <= 12 &&
        d >= 1 && d <= 31 && hour < 24 && minute < 60 && second <= 60) {
        *out = days_from(y * 100 + of_y, m, d) * 86400 + hour * 3600 + minute * 60 + second;
        return true;
    }
    if (!vd_date_parse(&date, s) || date.seconds > VD_LAST_SECOND)
        return false;
    *out = date.seconds;
    return true;
}

/* "1.08": both are numbers. */
bool vd_event_version_ok(vd_usage *u, vd_str text)
{
    vd_str  minor = text, major;
    int64_t v = 0;

    if (!text.n) {
        vd_usage_count(u, VD_C_NO_VERSION);
        return true;
    }
    if (!vd_str_cut(&minor, '.', &major)) {
        major = text;
        minor = VD_S("0");
    }
    if (!vd_str_eq(major, VD_S("1")) && !vd_str_eq(major, VD_S("01")) && !u->opts.any_version)
        return false;
    if (minor.n > 4 || !digits(minor.p, (uint32_t)minor.n, &v) || v > MINOR_KNOWN)
        vd_usage_count(u, VD_C_VERSION_MINOR_NEW);
    return true;
}
