/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file that sees zlib and libdeflate.
 */
#include "usage/gunzip.h"

#include <zlib.h>

#ifdef VERDICT_LIBDEFLATE
#include <libdeflate.h>
#endif

enum { IN_BYTES = 1 << 18 };

static ptrdiff_t read_out(void *ctx, char *out, size_t n);

/* ------------------------------------------------------------------ memory */

/* zlib does not tell how large what it gives back was. */
static voidpf take(voidpf opaque, uInt items, uInt size)
{
    const vd_allocator *alloc = opaque;
    size_t              n;
    size_t             *p;

    if (!vd_mul_ok(items, size, &n) || !vd_add_ok(n, 16, &n))
        return NULL;
    p = vd_alloc0(alloc, n);
    if (!p)
        return NULL;
    *p = n;
    return (char *)p + 16;
}

static void give(voidpf opaque, voidpf address)
{
    size_t *p = (size_t *)(void *)((char *)address - 16);

    vd_free(opaque, p, *p);
}

bool vd_gunzip_init(vd_gunzip *g, const vd_allocator *alloc)
{
    *g = (vd_gunzip){ .alloc = alloc, .in_cap = IN_BYTES };
    g->source = (vd_usage_source){ read_out, g };
    g->in = vd_alloc(alloc, g->in_cap);
    return g->in != NULL;
}

void vd_gunzip_done(vd_gunzip *g)
{
    if (g->stream) {
        inflateEnd(g->stream);
        vd_free(g->alloc, g->stream, sizeof(z_stream));
    }
#ifdef VERDICT_LIBDEFLATE
    if (g->whole)
        libdeflate_free_decompressor(g->whole);
#endif
    if (g->alloc)
        vd_free(g->alloc, g->in, g->in_cap);
    *g = (vd_gunzip){ 0 };
}

/* ------------------------------------------------------------------ raw bytes */

static ptrdiff_t read_raw(vd_gunzip *g, char *out, size_t n)
{
    ptrdiff_t got;

    if (g->raw_ended) /* whoever asks again hears the same: an error in the first bytes is no end */
        return g->raw_failed ? -1 : 0;
    got = g->raw->read(g->raw->ctx, out, n);
    if (got <= 0 || (size_t)got > n) {
        g->raw_ended = true;
        g->raw_failed = got != 0;
        return g->raw_failed ? -1 : 0;
    }
    g->bytes += (size_t)got;
    vd_digest_add(&g->digest, (vd_str){ out, (size_t)got });
    return got;
}

/* More raw bytes behind those that are held; false: none, or no room. */
static bool fill(vd_gunzip *g)
{
    ptrdiff_t got;

    if (g->at == g->end)
        g->at = g->end = 0;
    if (g->end == g->in_cap)
        return false;
    got = read_raw(g, g->in + g->end, g->in_cap - g->end);
    g->end += got > 0 ? (size_t)got : 0;
    return got > 0;
}

static bool magic(const vd_gunzip *g, const char *bytes, size_t n)
{
    return g->end - g->at >= n && memcmp(g->in + g->at, bytes, n) == 0;
}

void vd_gunzip_open(vd_gunzip *g, const vd_usage_source *raw)
{
    g->raw = raw;
    g->at = g->end = 0;
    g->raw_ended = g->raw_failed = g->member = g->done = false;
    g->bytes = 0;
    g->trouble = VD_GUNZIP_FINE;
    g->trouble_at = UINT64_MAX;
    vd_digest_init(&g->digest);
    if (g->hashing)
        vd_sha256_begin(&g->sha256);
    while (g->end < 4 && fill(g))
        ;
    g->packed = magic(g, "\x1f\x8b", 2);
    g->zstd = magic(g, "\x28\xb5\x2f\xfd", 4);
}

static void trouble(vd_gunzip *g, vd_gunzip_trouble what)
{
    if (g->raw_failed)
        what = VD_GUNZIP_UNREADABLE;
    g->trouble = what;
    g->trouble_at = g->bytes - (g->end - g->at);
    g->done = true;
}

void vd_gunzip_drain(vd_gunzip *g)
{
    do
        g->at = g->end;
    while (fill(g));
}

/* ------------------------------------------------------------------ in pieces */

static bool begin_member(vd_gunzip *g)
{
    z_stream *z = g->stream;

    if (!z) {
        z = vd_alloc0(g->alloc, sizeof *z);
        if (!z)
            return false;
        z->zalloc = take;
        z->zfree = give;
        z->opaque = (voidpf)(uintptr_t)g->alloc;
        if (inflateInit2(z, 15 + 16) != Z_OK) {
            vd_free(g->alloc, z, sizeof *z);
            return false;
        }
        g->stream = z;
    } else if (inflateReset(z) != Z_OK) {
        return false;
    }
    g->member = true;
    return true;
}

/* Between members: the next one, the end, or something else. */
static bool next_member(vd_gunzip *g)
{
    if (g->end - g->at < 2 && !g->raw_ended) {
        memmove(g->in, g->in + g->at, g->end - g->at);
        g->end -= g->at;
        g->at = 0;
        while (g->end < 2 && fill(g))
            ;
    }
    if (g->at == g->end) {
        if (g->raw_failed)
            trouble(g, VD_GUNZIP_UNREADABLE);
        g->done = true;
        return false;
    }
    if (!magic(g, "\x1f\x8b", 2)) {
        trouble(g, VD_GUNZIP_TRAILING);
        return false;
    }
    if (begin_member(g))
        return true;
    trouble(g, VD_GUNZIP_NO_MEMORY);
    return false;
}

static ptrdiff_t inflate_some(vd_gunzip *g, char *out, size_t n)
{
    z_stream *z = g->stream;
    uInt      room = n < (1u << 30) ? (uInt)n : 1u << 30;
    int       got;

    z->next_in = (Bytef *)g->in + g->at;
    z->avail_in = (uInt)(g->end - g->at);
    z->next_out = (Bytef *)out;
    z->avail_out = room;
    got = inflate(z, Z_NO_FLUSH);
    g->at = g->end - z->avail_in;
    if (got == Z_STREAM_END)
        g->member = false;
    else if (got == Z_MEM_ERROR)
        trouble(g, VD_GUNZIP_NO_MEMORY);
    else if (got != Z_OK && got != Z_BUF_ERROR)
        trouble(g, VD_GUNZIP_CORRUPT);
    return (ptrdiff_t)(room - z->avail_out);
}

static ptrdiff_t read_packed(vd_gunzip *g, char *out, size_t n)
{
    while (!g->done) {
        ptrdiff_t got;

        if (!g->member && !next_member(g))
            break;
        if (g->at == g->end && !fill(g)) {
            trouble(g, VD_GUNZIP_TRUNCATED);
            break;
        }
        got = inflate_some(g, out, n);
        if (got > 0)
            return got;
    }
    return 0;
}

static ptrdiff_t read_plain(vd_gunzip *g, char *out, size_t n)
{
    size_t     held = g->end - g->at;
    ptrdiff_t  got;

    if (held) {
        held = held < n ? held : n;
        memcpy(out, g->in + g->at, held);
        g->at += held;
        return (ptrdiff_t)held;
    }
    got = read_raw(g, out, n);
    if (got < 0)
        trouble(g, VD_GUNZIP_UNREADABLE);
    return got < 0 ? 0 : got;
}

static ptrdiff_t read_out(void *ctx, char *out, size_t n)
{
    vd_gunzip *g = ctx;
    ptrdiff_t  got = g->packed ? read_packed(g, out, n) : read_plain(g, out, n);

    if (g->hashing && got > 0)
        vd_sha256_add(&g->sha256, (vd_str){ out, (size_t)got });
    return got;
}

void vd_gunzip_sha256(vd_gunzip *g, char hex[65])
{
    char rest[4096];

    while (read_out(g, rest, sizeof rest) > 0)
        ;
    vd_sha256_end(&g->sha256, hex);
}

/* ------------------------------------------------------------------ at once */

#ifdef VERDICT_LIBDEFLATE

/* All raw bytes at once, when they are no more than that. */
static bool slurp(vd_gunzip *g, size_t most)
{
    for (;;) {
        char *bigger;

        while (g->end < g->in_cap && fill(g))
            ;
        if (g->raw_failed)
            return false;
        if (g->raw_ended)
            return true;
        if (g->in_cap * 2 > most)
            return false;
        bigger = vd_realloc(g->alloc, g->in, g->in_cap, g->in_cap * 2);
        if (!bigger)
            return false;
        g->in = bigger;
        g->in_cap *= 2;
    }
}

static size_t size_told(const vd_gunzip *g)
{
    const uint8_t *p = (const uint8_t *)g->in + g->end - 4;

    return g->end < 18 ? 0 : (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
}

bool vd_gunzip_whole(vd_gunzip *g, vd_window *w, size_t most)
{
    size_t from = 0, used = 0, room;
    char  *out;

    if (!g->packed || !slurp(g, most) || size_told(g) == 0 || size_told(g) > most)
        return false;
    if (!g->whole)
        g->whole = libdeflate_alloc_decompressor();
    room = size_told(g) < w->cap ? w->cap : size_told(g);
    out = g->whole ? vd_window_room(w, room) : NULL;
    if (!out)
        return false;
    while (from < g->end) {
        size_t                 read = 0, made = 0;
        enum libdeflate_result got;

        got = libdeflate_gzip_decompress_ex(g->whole, g->in + from, g->end - from, out + used, room - used, &read, &made);
        if (got != LIBDEFLATE_SUCCESS)
            return false; /* damaged, or more than it said: piece by piece it will be seen what is left */
        from += read;
        used += made;
    }
    g->at = g->end;
    g->done = true;
    if (g->hashing)
        vd_sha256_add(&g->sha256, (vd_str){ out, used });
    vd_window_filled(w, used);
    return true;
}

#else

bool vd_gunzip_whole(vd_gunzip *g, vd_window *w, size_t most)
{
    VD_UNUSED(g);
    VD_UNUSED(w);
    VD_UNUSED(most);
    return false;
}

#endif
