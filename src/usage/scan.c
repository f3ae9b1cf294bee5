/* SPDX-License-Identifier: Apache-2.0
 *
 * Sixteen bytes at a time with SSE2, eight without; scan_wide.c has what newer processors do.  Which one this is is asked of the
 * compiler's run-time library each time: two instructions, and nothing of ours that could change.
 */
#include "usage/scan.h"

static const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;

/* The high bit of each byte that is zero; bytes above a zero one may be wrong, the lowest is right. */
static uint64_t zero_bytes(uint64_t v)
{
    return (v - ones) & ~v & highs;
}

static uint64_t load8(const char *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

const char *vd_scan_quote_portable(const char *p, const char *end)
{
    for (; p < end; p += 8) {
        uint64_t v = load8(p), hit = zero_bytes(v ^ ones * '"') | zero_bytes(v ^ ones * '\\');

        if (hit) {
            p += __builtin_ctzll(hit) / 8;
            return p < end ? p : end;
        }
    }
    return end;
}

/* '{' and '[' differ in one bit, and so do '}' and ']'. */
const char *vd_scan_bracket_portable(const char *p, const char *end)
{
    for (; p < end; p += 8) {
        uint64_t v = load8(p), folded = v | ones * 0x20;
        uint64_t hit = zero_bytes(v ^ ones * '"') | zero_bytes(folded ^ ones * '{') | zero_bytes(folded ^ ones * '}');

        if (hit) {
            p += __builtin_ctzll(hit) / 8;
            return p < end ? p : end;
        }
    }
    return end;
}

#ifdef VD_SCAN_SSE2

const char *vd_scan_quote(const char *p, const char *end)
{
    for (; p < end; p += 32) {
        uint32_t hit = vd_scan_quotes16(p) | vd_scan_quotes16(p + 16) << 16;

        if (hit) {
            p += __builtin_ctz(hit);
            return p < end ? p : end;
        }
    }
    return end;
}

const char *vd_scan_bracket(const char *p, const char *end)
{
    const __m128i quote = _mm_set1_epi8('"'), opening = _mm_set1_epi8('{'), closing = _mm_set1_epi8('}');
    const __m128i bit = _mm_set1_epi8(0x20);

    for (; p < end; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p), folded = _mm_or_si128(v, bit);
        __m128i either = _mm_or_si128(_mm_cmpeq_epi8(folded, opening), _mm_cmpeq_epi8(folded, closing));
        int     hit = _mm_movemask_epi8(_mm_or_si128(either, _mm_cmpeq_epi8(v, quote)));

        if (hit) {
            p += __builtin_ctz((unsigned)hit);
            return p < end ? p : end;
        }
    }
    return end;
}

#else

const char *vd_scan_quote(const char *p, const char *end)
{
    return vd_scan_quote_portable(p, end);
}

const char *vd_scan_bracket(const char *p, const char *end)
{
    return vd_scan_bracket_portable(p, end);
}

#endif

/* The first and the last of them stand where they have to in few places: only there the others are looked at. */
const char *vd_scan_bytes(const char *p, const char *end, vd_str bytes)
{
    size_t last = bytes.n - 1;

    if ((size_t)(end - p) < bytes.n)
        return NULL;
    end -= last;
#ifdef VD_SCAN_SSE2
    vd_assert(bytes.n + 16 <= VD_SCAN_PAD);
    for (const __m128i a = _mm_set1_epi8(bytes.p[0]), z = _mm_set1_epi8(bytes.p[last]); p < end; p += 16) {
        __m128i  first = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i  behind = _mm_loadu_si128((const __m128i *)(const void *)(p + last));
        uint32_t hit = (uint32_t)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(first, a), _mm_cmpeq_epi8(behind, z)));

        for (; hit; hit &= hit - 1) {
            const char *at = p + __builtin_ctz(hit);

            if (at >= end)
                return NULL;
            if (memcmp(at, bytes.p, bytes.n) == 0)
                return at;
        }
    }
    return NULL;
#else
    return memmem(p, (size_t)(end - p) + last, bytes.p, bytes.n);
#endif
}

/* Far from here mostly: most strings that are short were ended before. */
static inline const char *far_quote(const char *p, const char *end)
{
#ifdef VD_SCAN_WIDE
    if (__builtin_cpu_supports("avx2"))
        return vd_scan_quote_avx2(p, end);
#endif
    return vd_scan_quote(p, end);
}

const char *vd_scan_string_on(const char *p, const char *end, bool *escaped)
{
    for (;;) {
        p = far_quote(p, end);
        if (p >= end)
            return NULL;
        if (*p == '"')
            return p;
        *escaped = true;
        p += 2;
        if (p > end)
            return NULL;
    }
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

/* A number, true, false, null: told by its first byte. */
static vd_scan word(const char *p, const char *end, const char **next)
{
    const char *begin = p;

    for (size_t n = 4; n <= 5; n++) /* most are of these */
        if ((p[n] == ',' || p[n] == '}') && p + n < end &&
            memcmp(p, n == 5 ? "false" : *p == 'n' ? "null" : "true", n) == 0) {
            *next = p + n;
            return VD_SCAN_OK;
        }
    if (!((*p >= '0' && *p <= '9') || *p == '-' || *p == 't' || *p == 'f' || *p == 'n'))
        return p >= end ? VD_SCAN_MORE : VD_SCAN_BAD;
    while (p < end && is_word(*p))
        p++;
    *next = p;
    return p >= end ? VD_SCAN_MORE : p == begin ? VD_SCAN_BAD : VD_SCAN_OK;
}

/* p is at the opening quote of a string; the closing one of the last of those that follow each other with but one byte between
 * them, as names, values and elements do: "a":"b","c".  NULL: not before end. */
static inline const char *strings(const char *p, const char *end)
{
    bool escaped = false;

    for (;;) {
        p = vd_scan_string(p + 1, end, &escaped);
        if (VD_UNLIKELY(!p) || p[2] != '"' || (p[1] != ':' && p[1] != ',') || p + 2 >= end)
            return p;
        p += 2;
    }
}

/* A bit for each open bracket says which it is. */
vd_scan vd_scan_nested(const char *p, const char *end, const char **next)
{
    uint64_t kinds[VD_SCAN_DEPTH / 64] = { 0 }, depth = 0;
    bool     deep = false;

    for (;; p++) {
        if (*p == '"' || (p = vd_scan_bracket(p, end)) >= end || *p == '"') {
            p = p < end ? strings(p, end) : NULL;
            if (!p)
                return VD_SCAN_MORE;
            continue;
        }
        if (*p == '{' || *p == '[') {
            if (depth < VD_SCAN_DEPTH) {
                uint64_t bit = UINT64_C(1) << depth % 64;

                kinds[depth / 64] = *p == '{' ? kinds[depth / 64] | bit : kinds[depth / 64] & ~bit;
            } else {
                deep = true;
            }
            depth++;
            continue;
        }
        depth--;
        if (depth < VD_SCAN_DEPTH && (kinds[depth / 64] >> depth % 64 & 1) != (*p == '}'))
            return VD_SCAN_BAD;
        if (depth == 0) {
            *next = p + 1;
            return deep ? VD_SCAN_DEEP : VD_SCAN_OK;
        }
    }
}

static inline vd_scan nested(const char *p, const char *end, const char **next)
{
#ifdef VD_SCAN_WIDE
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("pclmul"))
        return vd_scan_nested_avx512(p, end, next);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul"))
        return vd_scan_nested_avx2(p, end, next);
#endif
    return vd_scan_nested(p, end, next);
}

vd_scan vd_scan_value(const char *p, const char *end, const char **next)
{
    bool escaped = false;

    if (p >= end)
        return VD_SCAN_MORE;
    if (*p == '"') {
        p = vd_scan_string(p + 1, end, &escaped);
        *next = p ? p + 1 : end;
        return p ? VD_SCAN_OK : VD_SCAN_MORE;
    }
    return *p == '{' || *p == '[' ? nested(p, end, next) : word(p, end, next);
}

/* ------------------------------------------------------------------ in pieces */

static const char *skip_string(vd_skip *s, const char *p, const char *end)
{
    if (s->escape && p < end) {
        s->escape = false;
        p++;
    }
    while (p < end) {
        p = vd_scan_quote(p, end);
        if (p >= end)
            return end;
        if (*p == '"') {
            s->string = false;
            return p + 1;
        }
        if (p + 1 >= end) {
            s->escape = true;
            return end;
        }
        p += 2;
    }
    return end;
}

static const char *skip_first(vd_skip *s, const char *p, const char *end)
{
    s->begun = true;
    if (*p == '"')
        s->string = true;
    else if (*p == '{' || *p == '[')
        s->depth = 1;
    else
        s->word = true;
    VD_UNUSED(end);
    return p + 1;
}

size_t vd_skip_feed(vd_skip *s, const char *p, const char *end)
{
    const char *begin = p;

    while (p < end && !s->done) {
        if (!s->begun) {
            p = skip_first(s, p, end);
        } else if (s->word) {
            while (p < end && is_word(*p))
                p++;
            s->done = p < end;
        } else if (s->string) {
            p = skip_string(s, p, end);
            s->done = !s->string && s->depth == 0;
        } else {
            p = vd_scan_bracket(p, end);
            if (p >= end)
                break;
            s->string = *p == '"';
            if (*p == '{' || *p == '[')
                s->depth++;
            else if (!s->string)
                s->done = --s->depth == 0;
            p++;
        }
    }
    return (size_t)(p - begin);
}
