/* SPDX-License-Identifier: Apache-2.0
 *
 * The catalogue that is built in: the block that tools/mkcatalog.c made of data/catalog.
 */
#include "catalog/image.h"

extern const uint64_t vd_catalog_block[];

const vd_catalog *vd_catalog_builtin(void)
{
    static const vd_catalog builtin = { .m = (const void *)vd_catalog_block };

    return &builtin;
}
