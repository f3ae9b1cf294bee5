/* SPDX-License-Identifier: Apache-2.0
 *
 * Witnesses as people would write them: a region that exists, an account of twelve digits.  Proofs take whatever fits; who
 * calls this asks the evaluator again and keeps the better text only when the decision stays.
 */
#include "analyze/confirm.h"

#include "base/str.h"
#include "pattern/arn.h"

static bool is_region(vd_str s)
{
    return vd_str_find(s, '-') < s.n;
}

static bool is_account(vd_str s)
{
    return vd_is_account(s) || vd_str_eq(s, VD_S("aws"));
}

bool vd_readable_arn(vd_str *out, vd_str arn, vd_str account, vd_arena *arena)
{
    vd_arn a;

    *out = arn;
    if (!vd_arn_split(&a, arn))
        return true;
    if (a.region.n && !is_region(a.region))
        a.region = VD_S("us-east-1");
    if (a.account.n && !is_account(a.account))
        a.account = vd_is_account(account) ? account : VD_S("111122223333");
    return vd_arena_printf(arena, out, "arn:" VD_F ":" VD_F ":" VD_F ":" VD_F ":" VD_F, VD_A(a.partition), VD_A(a.service),
                           VD_A(a.region), VD_A(a.account), VD_A(a.resource));
}
