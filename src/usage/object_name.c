/* SPDX-License-Identifier: Apache-2.0
 *
 * The names that CloudTrail gives its files (usage 1.2):
 *
 *   ACCOUNT_CloudTrail_REGION_20260302T0905Z_RANDOM.json.gz
 *   ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOME_20260302T100000Z.json.gz
 *
 * A file that is called otherwise is none of which the time is known.
 */
#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/value.h"
#include "usage/usage_int.h"

/* "20260302T0905Z" and "20260302T090500Z", alone or before a dot. */
static bool time_of(int64_t *seconds, vd_str part)
{
    vd_str  s = vd_str_first(part, vd_str_find(part, '.'));
    bool    exact = s.n == 16;
    char    text[] = "0000-00-00T00:00:00Z";
    vd_date date;

    if ((s.n != 14 && !exact) || s.p[8] != 'T' || s.p[s.n - 1] != 'Z' || !vd_str_all_digits(vd_str_first(s, 8)) ||
        !vd_str_all_digits((vd_str){ s.p + 9, s.n - 10 }))
        return false;
    memcpy(text, s.p, 4);
    memcpy(text + 5, s.p + 4, 2);
    memcpy(text + 8, s.p + 6, 2);
    memcpy(text + 11, s.p + 9, 2);
    memcpy(text + 14, s.p + 11, 2);
    if (exact)
        memcpy(text + 17, s.p + 13, 2);
    if (!vd_date_parse(&date, (vd_str){ text, sizeof text - 1 }))
        return false;
    *seconds = date.seconds;
    return true;
}

bool vd_object_time(int64_t *seconds, vd_str path)
{
    size_t slash = vd_str_rfind(path, '/');
    vd_str rest = slash < path.n ? vd_str_from(path, slash + 1) : path, part;
    bool   found = false;

    if (!vd_str_cut(&rest, '_', &part) || !vd_is_account(part) || !vd_str_starts(rest, VD_S("CloudTrail")))
        return false;
    while (vd_str_cut(&rest, '_', &part)) /* the name of a trail may look like one: the last counts */
        found = time_of(seconds, part) || found;
    return time_of(seconds, rest) || found;
}
