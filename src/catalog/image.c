/* SPDX-License-Identifier: Apache-2.0
 *
 * Sizes of the sections, and the checksum.
 */
#include "catalog/image.h"

#include "base/checksum.h"

const uint8_t vd_csection_sizes[VD_CAT_SECTIONS] = {
    [VD_CAT_BYTES] = 1,
    [VD_CAT_POOL] = 4,
    [VD_CAT_SERVICES] = sizeof(vd_cservice),
    [VD_CAT_ACTIONS] = sizeof(vd_caction),
    [VD_CAT_SHAPES] = sizeof(vd_cshape),
    [VD_CAT_TYPES] = sizeof(vd_ctype),
    [VD_CAT_FORMATS] = sizeof(vd_cformat),
    [VD_CAT_KEYS] = sizeof(vd_ckey),
    [VD_CAT_NAMED] = 4,
    [VD_CAT_FIELDS] = sizeof(vd_cfield),
    [VD_CAT_RETIRED] = sizeof(vd_ctext),
    [VD_CAT_SHEETS] = sizeof(vd_csheet),
    [VD_CAT_CELLS] = sizeof(vd_ctext),
    [VD_CAT_SERVICE_SLOTS] = 4,
    [VD_CAT_ACTION_SLOTS] = 4,
};

uint64_t vd_cimage_checksum(const vd_cimage *m, size_t size)
{
    vd_cimage header = *m;

    header.checksum = 0;
    return vd_checksum(&header, sizeof header, m + 1, size - sizeof *m);
}
