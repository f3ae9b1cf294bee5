/* SPDX-License-Identifier: Apache-2.0
 *
 * Reports in JSON.
 */
#include "usage/usage_int.h"

bool vd_report_knows(vd_str key)
{
    VD_UNUSED(key);
    return false;
}

void vd_report_read(vd_usage *u, vd_str text)
{
    VD_UNUSED(text);
    u->lost = true;
}
