/* SPDX-License-Identifier: Apache-2.0
 *
 * A catalogue from outside: bytes that are checked once, or a file that is mapped.
 */
#include "catalog/image.h"

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"

vd_code vd_catalog_open(vd_catalog **out, const vd_allocator *a, vd_str bytes, vd_error *err)
{
    vd_catalog *c;

    *out = NULL;
    if (!a)
        a = vd_allocator_default();
    if ((uintptr_t)bytes.p % VD_CATALOG_ALIGN)
        return vd_fail(err, VD_EINVAL, "the bytes of a catalogue have to be aligned to %d", VD_CATALOG_ALIGN);
    VD_TRY(vd_cimage_check((const void *)bytes.p, bytes.n, err));
    c = vd_alloc0(a, sizeof *c);
    if (!c)
        return vd_fail_nomem(err);
    c->m = (const void *)bytes.p;
    c->alloc = a;
    *out = c;
    return VD_OK;
}

vd_code vd_catalog_load(vd_catalog **out, const vd_allocator *a, const char *path, vd_error *err)
{
    vd_str  bytes;
    vd_code code;

    *out = NULL;
    VD_TRY(vd_file_map(&bytes, path, err));
    code = vd_catalog_open(out, a, bytes, err);
    if (code == VD_OK) {
        (*out)->mapped = bytes;
        return VD_OK;
    }
    vd_file_unmap(bytes);
    if (err)
        err->at.file = vd_str_of(path);
    return code;
}

void vd_catalog_close(vd_catalog *c)
{
    if (!c || !c->alloc)
        return;
    vd_file_unmap(c->mapped);
    vd_free(c->alloc, c, sizeof *c);
}

bool vd_catalog_digest_ok(const vd_catalog *c)
{
    char digest[65];

    vd_sha256_hex(digest, 64, (vd_str){ (const char *)(c->m + 1), c->m->size - sizeof *c->m });
    return memcmp(digest, c->m->digest, 64) == 0;
}

vd_str vd_catalog_bytes(const vd_catalog *c)
{
    return (vd_str){ (const char *)c->m, c->m->size };
}
