/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding the ends of JSON values in bytes, without looking at what is in them.  Strings and brackets are always told
 * apart exactly, so that a value never ends in the wrong place; numbers and words are not looked at more closely than
 * that.
 *
 * All of it may read VD_SCAN_PAD bytes behind `end`: whoever owns the bytes has such room there.
 */
#ifndef VERDICT_USAGE_SCAN_H
#define VERDICT_USAGE_SCAN_H

#include "base/base.h"

/* VD_SCAN_PLAIN leaves out all that is for some processors only: tests hold such a scanner against the others. */
#if defined(__SSE2__) && !defined(VD_SCAN_PLAIN)
#define VD_SCAN_SSE2
#include <emmintrin.h>
#endif
#if defined(__x86_64__) && defined(VD_SCAN_SSE2)
#define VD_SCAN_WIDE
#endif

enum { VD_SCAN_PAD = 64, VD_SCAN_DEPTH = 128 };

typedef enum vd_scan {
    VD_SCAN_OK,
    VD_SCAN_MORE, /* the bytes end before the value does */
    VD_SCAN_BAD,  /* this is no JSON, or brackets that do not match */
    VD_SCAN_DEEP  /* well-formed, nested deeper than VD_SCAN_DEPTH; *next is behind it all the same */
} vd_scan;

/* p is behind the opening quote: the closing one.  NULL: not before end.  *escaped becomes true when there is a
 * backslash on the way. */
const char *vd_scan_string_on(const char *p, const char *end, bool *escaped);

/* The twins: the second is what machines without SSE2 run, and what tests hold the first against. */
const char *vd_scan_quote(const char *p, const char *end);          /* the first '"' or '\\'; or end */
const char *vd_scan_quote_portable(const char *p, const char *end);
const char *vd_scan_bracket(const char *p, const char *end);        /* the first of "{}[] ; or end */
const char *vd_scan_bracket_portable(const char *p, const char *end);

/* p is at the '{' or '[' of a value: as vd_scan_value. */
vd_scan vd_scan_nested(const char *p, const char *end, const char **next);

#ifdef VD_SCAN_WIDE
/* For processors that have such instructions: vd_scan_value and vd_scan_string_on ask for them. */
vd_scan     vd_scan_nested_avx2(const char *p, const char *end, const char **next);
vd_scan     vd_scan_nested_avx512(const char *p, const char *end, const char **next);
const char *vd_scan_quote_avx2(const char *p, const char *end);
#endif

#ifdef VD_SCAN_SSE2
/* A bit for each of sixteen bytes that is a quote or a backslash. */
static inline uint32_t vd_scan_quotes16(const char *p)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"')), slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));

    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(quote, slash));
}
#endif

/* Most strings end within the first bytes: these are looked at here. */
static inline const char *vd_scan_string(const char *p, const char *end, bool *escaped)
{
#ifdef VD_SCAN_SSE2
    if (VD_LIKELY(p < end)) {
        uint32_t hit = vd_scan_quotes16(p);

        if (hit == 0 && p + 16 < end) {
            p += 16;
            hit = vd_scan_quotes16(p);
        }
        if (VD_LIKELY(hit != 0)) {
            const char *at = p + __builtin_ctz(hit);

            if (VD_LIKELY(at < end && *at == '"'))
                return at;
        } else if (p + 16 <= end) {
            p += 16;
        }
    }
#endif
    return vd_scan_string_on(p, end, escaped);
}

static inline const char *vd_scan_space(const char *p)
{
    while (VD_UNLIKELY((unsigned char)*p <= ' ' && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')))
        p++;
    return p;
}

/* Where such bytes begin in [p, end), at least two of them; NULL: nowhere.  For short ones, that texts do not often have. */
const char *vd_scan_bytes(const char *p, const char *end, vd_str bytes);

/* p is at the first byte of a value; *next is behind it. */
vd_scan vd_scan_value(const char *p, const char *end, const char **next);

/* The same for a value of any size that comes in pieces: zero it, feed it until it is done. */
typedef struct vd_skip {
    uint64_t depth;
    bool     begun, word, string, escape, done;
} vd_skip;

/* How much of [p, end) belongs to the value.  All of it: s->done tells whether it ended there.  Brackets are counted, not
 * matched: what is skipped so is told as lost. */
size_t vd_skip_feed(vd_skip *s, const char *p, const char *end);

#endif
