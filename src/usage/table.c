/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables: by their header.
 */
#include "usage/usage_int.h"

bool vd_table_knows(vd_str line)
{
    VD_UNUSED(line);
    return false;
}

void vd_table_read(vd_usage *u)
{
    u->lost = true;
}
