/* SPDX-License-Identifier: Apache-2.0
 *
 * Sizes of the sections, and the checksum.
 */
#include "eval/image.h"

#include "base/checksum.h"

const uint8_t vd_section_sizes[VD_SEC_COUNT] = {
    [VD_SEC_BYTES] = 1,
    [VD_SEC_POOL] = 4,
    [VD_SEC_KEYS] = sizeof(vd_ikey),
    [VD_SEC_KEY_SLOTS] = 4,
    [VD_SEC_ATOMS] = sizeof(vd_iatom),
    [VD_SEC_VALUES] = sizeof(vd_ivalue),
    [VD_SEC_PARTS] = sizeof(vd_ipart),
    [VD_SEC_PATTERNS] = sizeof(vd_ipattern),
    [VD_SEC_ACTIONS] = sizeof(vd_iaction),
    [VD_SEC_PRINCIPALS] = sizeof(vd_iprincipal),
    [VD_SEC_STATEMENTS] = sizeof(vd_istatement),
    [VD_SEC_INFOS] = sizeof(vd_iinfo),
    [VD_SEC_POLICIES] = sizeof(vd_ipolicy),
    [VD_SEC_TREES] = sizeof(vd_itree),
    [VD_SEC_SERVICES] = sizeof(vd_iservice),
    [VD_SEC_NAMES] = sizeof(vd_iname),
    [VD_SEC_NODES] = sizeof(vd_inode),
    [VD_SEC_ENTRIES] = sizeof(vd_ientry),
    [VD_SEC_LEVELS] = sizeof(vd_ilevel),
    [VD_SEC_CHAINS] = sizeof(vd_ichain),
    [VD_SEC_BINDINGS] = sizeof(vd_ibinding),
    [VD_SEC_PRINCIPAL_SLOTS] = 4,
    [VD_SEC_RESOURCE_SLOTS] = 4,
    [VD_SEC_ACCOUNT_SLOTS] = 4,
    [VD_SEC_RCP_SERVICES] = sizeof(vd_itext),
    [VD_SEC_KNOWN] = 1,
    [VD_SEC_TEXTS] = 1,
};

uint64_t vd_image_checksum(const vd_image *m)
{
    vd_image header = *m;

    header.checksum = 0;
    return vd_checksum(&header, sizeof header, m + 1, m->sections[VD_SEC_SERVICES].offset - sizeof *m);
}

uint64_t vd_image_texts(const vd_image *m)
{
    return vd_checksum("", 0, vd_image_at(m, VD_SEC_TEXTS), (size_t)m->size - m->sections[VD_SEC_TEXTS].offset);
}

uint64_t vd_image_known(const vd_image *m)
{
    return vd_checksum("", 0, vd_image_at(m, VD_SEC_KNOWN), m->sections[VD_SEC_KNOWN].count);
}

uint32_t vd_image_tree_sum(const vd_iservice *services, size_t service_count, const vd_iname *names, size_t name_count)
{
    return (uint32_t)vd_checksum(services, service_count * sizeof *services, names, name_count * sizeof *names);
}
