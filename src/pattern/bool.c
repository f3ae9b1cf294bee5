/* SPDX-License-Identifier: Apache-2.0
 *
 * Booleans as texts (E530).
 */
#include "pattern/value.h"

#include "base/str.h"

bool vd_bool_text(vd_str text, bool *known)
{
    bool yes = vd_str_ieq(text, VD_S("true"));

    *known = yes || vd_str_ieq(text, VD_S("false"));
    return yes;
}
