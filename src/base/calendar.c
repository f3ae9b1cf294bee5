/* SPDX-License-Identifier: Apache-2.0
 *
 * Days to years, months and days: years begin in March here, so that the day that comes and goes is the last one.
 */
#include "base/calendar.h"

enum { DAY = 86400 };

typedef struct civil {
    int64_t year, month, day;
} civil;

static civil civil_of(int64_t days)
{
    civil   c = { 0 };
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t in_era = z - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t march = (5 * in_year + 2) / 153;

    c.day = in_year - (153 * march + 2) / 5 + 1;
    c.month = march < 10 ? march + 3 : march - 9;
    c.year = year + era * 400 + (c.month <= 2);
    return c;
}

/* At least `width` digits. */
static char *put_number(char *to, uint64_t v, uint32_t width)
{
    char     digits[20];
    uint32_t n = 0;

    for (; v || n < width; v /= 10)
        digits[n++] = (char)('0' + v % 10);
    while (n)
        *to++ = digits[--n];
    return to;
}

static char *put_field(char *to, char before, int64_t v)
{
    *to++ = before;
    return put_number(to, (uint64_t)v, 2);
}

static char *put_date(char *to, int64_t days)
{
    civil c = civil_of(days);

    if (c.year < 0)
        *to++ = '-';
    to = put_number(to, (uint64_t)(c.year < 0 ? -c.year : c.year), 4);
    to = put_field(to, '-', c.month);
    return put_field(to, '-', c.day);
}

static int64_t day_of(int64_t seconds)
{
    return seconds / DAY - (seconds % DAY < 0);
}

size_t vd_time_format(char out[VD_TIME_ROOM], int64_t seconds)
{
    int64_t days = day_of(seconds), left = seconds % DAY + (seconds % DAY < 0 ? DAY : 0);
    char   *to = put_date(out, days);

    to = put_field(to, 'T', left / 3600);
    to = put_field(to, ':', left / 60 % 60);
    to = put_field(to, ':', left % 60);
    *to++ = 'Z';
    return (size_t)(to - out);
}

void vd_put_time(vd_buf *b, int64_t seconds)
{
    char text[VD_TIME_ROOM];

    vd_buf_add(b, (vd_str){ text, vd_time_format(text, seconds) });
}

void vd_put_day(vd_buf *b, int64_t seconds)
{
    char text[VD_TIME_ROOM];

    vd_buf_add(b, (vd_str){ text, (size_t)(put_date(text, day_of(seconds)) - text) });
}
