/* SPDX-License-Identifier: Apache-2.0
 *
 * A text as a date: printed and read again it is the same; the C library agrees on plain ones.  The first eight bytes
 * are also taken as an instant, which the C library prints as we do.
 */
#include "fuzz.h"

#include "base/str.h"
#include "pattern/value.h"

#include <string.h>
#include <time.h>

static const int64_t first_second = -62135596800, last_second = 253402300799; /* years 1 to 9999 */

static void check_instant(int64_t seconds, uint32_t nanos)
{
    time_t    at = (time_t)seconds;
    struct tm tm;
    char      want[64], got[48];
    size_t    n;
    vd_date   d = { .seconds = seconds, .nanos = nanos }, again;

    fuzz_check(gmtime_r(&at, &tm), "gmtime");
    snprintf(want, sizeof want, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
             tm.tm_hour, tm.tm_min, tm.tm_sec);
    n = vd_date_format(got, d);
    fuzz_check(n < sizeof got && memcmp(got, want, 19) == 0, "%.*s is not %s", (int)n, got, want);
    fuzz_check(vd_date_parse(&again, (vd_str){ got, n }) && vd_date_cmp(&d, &again) == 0, "%.*s", (int)n, got);
}

/* "YYYY-MM-DDThh:mm:ssZ" and nothing else: timegm knows it, if it is a date. */
static void check_plain(vd_str s, bool ok, const vd_date *d)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:ddZ";
    char              text[sizeof shape];
    struct tm         tm = { 0 }, back;
    time_t            at;
    bool              real;

    if (s.n != sizeof shape - 1)
        return;
    for (size_t i = 0; i < s.n; i++)
        if (shape[i] == 'd' ? !vd_is_digit(s.p[i]) : s.p[i] != shape[i])
            return;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    fuzz_check(sscanf(text, "%d-%d-%dT%d:%d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
                      &tm.tm_sec) == 6,
               "%s", text);
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    back = tm;
    at = timegm(&back);
    real = back.tm_year == tm.tm_year && back.tm_mon == tm.tm_mon && back.tm_mday == tm.tm_mday &&
           back.tm_hour == tm.tm_hour && back.tm_min == tm.tm_min && back.tm_sec == tm.tm_sec;
    fuzz_check(ok == real, "%s: timegm says %d", text, real);
    if (ok)
        fuzz_check(d->seconds == at && d->nanos == 0, "%s: timegm says %lld", text, (long long)at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_str  text = { (const char *)data, size };
    vd_date d, again;
    bool    ok = vd_date_parse(&d, text);
    char    shown[48];

    check_plain(text, ok, &d);
    if (ok) {
        size_t n = vd_date_format(shown, d);

        fuzz_check(n <= sizeof shown, "%zu bytes", n);
        fuzz_check(d.nanos < 1000000000, "%u nanoseconds", d.nanos);
        if (vd_date_parse(&again, (vd_str){ shown, n }))
            fuzz_check(vd_date_cmp(&d, &again) == 0, "%.*s is another", (int)n, shown);
        else /* a zone or an epoch time may lead out of the years that can be written */
            fuzz_check(d.seconds > 9223371000000000 || d.seconds < -9223371000000000, "%.*s", (int)n, shown);
    }
    if (size >= 12) {
        uint64_t seconds;
        uint32_t nanos;

        memcpy(&seconds, data, 8);
        memcpy(&nanos, data + 8, 4);
        check_instant(first_second + (int64_t)(seconds % (uint64_t)(last_second - first_second + 1)),
                      nanos % 1000000000);
    }
    return 0;
}
