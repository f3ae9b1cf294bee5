/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of quotas.tsv.  A few dozen, asked for once a document: they are looked through.
 */
#include "catalog/quota.h"

#include "base/str.h"
#include "catalog/tables.h"

static const vd_str countings[] = { [VD_COUNT_PIECES] = VD_L("count"), [VD_COUNT_NO_SPACE] = VD_L("no-space"),
                                    [VD_COUNT_CHARACTERS] = VD_L("characters"), [VD_COUNT_BYTES] = VD_L("bytes") };

static uint32_t number(vd_str text)
{
    uint32_t n = 0;

    for (size_t i = 0; i < text.n && vd_is_digit(text.p[i]); i++)
        n = n * 10 + (uint32_t)(text.p[i] - '0');
    return n;
}

vd_quota vd_quota_at(uint32_t index)
{
    vd_str   rest = vd_table_quotas.rows[index].value, most = { 0 }, raisable = { 0 }, counted = { 0 }, severity = { 0 }, label = { 0 };
    vd_quota q = { 0 };

    if (!vd_str_cut(&rest, '|', &most) || !vd_str_cut(&rest, '|', &raisable) || !vd_str_cut(&rest, '|', &counted) ||
        !vd_str_cut(&rest, '|', &severity) || !vd_str_cut(&rest, '|', &label))
        return q;
    q.most = number(most);
    q.raisable = number(raisable) > q.most ? number(raisable) : q.most;
    q.severity = vd_str_eq(severity, VD_S("error")) ? VD_ERROR : VD_WARNING;
    q.label = label;
    q.source = rest;
    for (uint8_t i = 0; i < VD_COUNT(countings); i++)
        if (vd_str_eq(countings[i], counted))
            q.counting = i;
    return q;
}

uint32_t vd_quota_count(void)
{
    return (uint32_t)vd_table_quotas.count;
}

vd_quota vd_quota_of(vd_str what, vd_str of)
{
    for (uint32_t i = 0; i < vd_table_quotas.count; i++) {
        vd_str key = vd_table_quotas.rows[i].key;

        if (key.n == what.n + (of.n ? of.n + 1 : 0) && vd_str_istarts(key, what) &&
            (of.n == 0 || (key.p[what.n] == ' ' && vd_str_ieq(vd_str_from(key, what.n + 1), of))))
            return vd_quota_at(i);
    }
    return (vd_quota){ 0 };
}
