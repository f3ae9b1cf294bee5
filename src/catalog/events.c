/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking up CloudTrail's names.  Binary search on the first column; the rest is for the caller to walk.
 */
#include "catalog/events.h"

#include "base/str.h"

vd_rows vd_rows_of(vd_rows table, vd_str first)
{
    uint32_t low = 0, high = table.count, end;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (vd_str_icmp(table.at[middle].column[0], first) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (end = low; end < table.count && vd_str_ieq(table.at[end].column[0], first);)
        end++;
    return (vd_rows){ table.at + low, end - low };
}

vd_str vd_event_label(vd_str source)
{
    static const vd_str endings[] = { VD_L(".amazonaws.com"), VD_L(".amazonaws.com.cn"),
                                      VD_L(".aws.internal"), VD_L(".api.aws") };

    for (size_t i = 0; i < VD_COUNT(endings); i++)
        if (source.n > endings[i].n && vd_str_ieq(vd_str_from(source, source.n - endings[i].n), endings[i]))
            return vd_str_first(source, source.n - endings[i].n);
    return source;
}

vd_str vd_event_prefix(vd_str label)
{
    vd_rows rows = vd_rows_of(vd_rows_event_sources, label);

    return rows.count ? rows.at[0].column[VD_SOURCE_PREFIX] : label;
}

/* The length of name without the pattern at its end ('0' stands for a digit); name.n when it does not end
 * so. */
static size_t without(vd_str name, vd_str pattern)
{
    size_t at = name.n - pattern.n;

    if (name.n <= pattern.n)
        return name.n;
    for (size_t i = 0; i < pattern.n; i++)
        if (pattern.p[i] == '0' ? !vd_is_digit(name.p[at + i]) : name.p[at + i] != pattern.p[i])
            return name.n;
    return at;
}

vd_str vd_event_name(vd_str label, vd_str name)
{
    vd_rows rows = vd_rows_of(vd_rows_event_sources, label);
    vd_str  versions = rows.count ? rows.at[0].column[VD_SOURCE_VERSIONS] : VD_S("");
    size_t  n = name.n;

    if (vd_str_eq(versions, VD_S("underscored")))
        n = without(name, VD_S("2000_00_00"));
    if (vd_str_eq(versions, VD_S("plain"))) {
        vd_str dated = vd_str_first(name, without(name, VD_S("v0")));

        n = without(dated, VD_S("20000000"));
        if (n == dated.n)
            n = name.n;
    }
    return vd_str_first(name, n);
}

bool vd_event_fits(vd_str pattern, vd_str name)
{
    if (pattern.n && pattern.p[pattern.n - 1] == '*')
        return vd_str_istarts(name, vd_str_first(pattern, pattern.n - 1));
    return vd_str_ieq(pattern, name);
}
