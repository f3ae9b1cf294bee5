/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes as they are, or out of gzip data: small objects at once through libdeflate where it is there, all else in pieces
 * through zlib.  Several members behind one another are one text.  What was unpacked before a fault is kept.
 */
#ifndef VERDICT_USAGE_GUNZIP_H
#define VERDICT_USAGE_GUNZIP_H

#include "base/sha256.h"
#include "usage/digest.h"
#include "usage/window.h"

typedef enum vd_gunzip_trouble {
    VD_GUNZIP_FINE,
    VD_GUNZIP_TRUNCATED,
    VD_GUNZIP_CORRUPT,
    VD_GUNZIP_TRAILING, /* something else behind the last member */
    VD_GUNZIP_UNREADABLE,
    VD_GUNZIP_NO_MEMORY
} vd_gunzip_trouble;

typedef struct vd_gunzip {
    const vd_allocator    *alloc;
    const vd_usage_source *raw;
    char                  *in;
    size_t                 in_cap, at, end;
    bool                   raw_ended, raw_failed, packed, zstd, member; /* member: within one */
    bool                   done;
    void                  *stream;  /* z_stream, kept from unit to unit */
    void                  *whole;   /* of libdeflate */
    vd_digest              digest;  /* of the raw bytes */
    bool                   hashing; /* sha256 of what comes out is wanted */
    vd_sha256_sum          sha256;
    uint64_t               bytes;   /* raw bytes so far */
    vd_gunzip_trouble      trouble;
    uint64_t               trouble_at; /* in the raw bytes */
    vd_usage_source        source;  /* what comes out */
} vd_gunzip;

bool vd_gunzip_init(vd_gunzip *g, const vd_allocator *alloc);
void vd_gunzip_done(vd_gunzip *g);
/* Looks at the first bytes: g->packed, g->zstd. */
void vd_gunzip_open(vd_gunzip *g, const vd_usage_source *raw);
/* All of it into the window when it is no more than most bytes.  False: nothing is lost, read it in pieces. */
bool vd_gunzip_whole(vd_gunzip *g, vd_window *w, size_t most);
/* The sum of all that comes out, also of what nobody has read: to be asked before the rest is drained. */
void vd_gunzip_sha256(vd_gunzip *g, char hex[65]);
/* Raw bytes that nobody wanted any more still belong to the unit. */
void vd_gunzip_drain(vd_gunzip *g);

#endif
