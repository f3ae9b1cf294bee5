/* SPDX-License-Identifier: Apache-2.0
 *
 * Nested values 64 bytes at a time, for processors that can: each block becomes masks of a bit a byte, quotes tell which bytes are
 * within strings, and only the brackets that are not are looked at one by one.  Where a block holds what masks cannot tell (a
 * backslash outside of strings, which is no JSON), the plain form begins anew and says what is the case.
 */
#include "usage/scan.h"

#ifdef VD_SCAN_WIDE

#include <immintrin.h>

typedef struct block {
    uint64_t quotes, slashes, opening, closing;
} block;

typedef struct state {
    uint64_t kinds[VD_SCAN_DEPTH / 64]; /* of the open brackets: 1 is '{' */
    uint64_t depth;
    uint64_t string; /* all ones: the block begins within a string */
    uint64_t escape; /* 1: its first byte is behind a backslash */
    bool     deep;
} state;

/* '{' and '[' differ in one bit, and so do '}' and ']'. */
__attribute__((target("avx2"), always_inline)) static inline block halves(const char *p)
{
    const __m256i quote = _mm256_set1_epi8('"'), slash = _mm256_set1_epi8('\\'), bit = _mm256_set1_epi8(0x20);
    const __m256i opening = _mm256_set1_epi8('{'), closing = _mm256_set1_epi8('}');
    block         b = { 0 };

    for (int i = 1; i >= 0; i--) {
        __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32 * i)), folded = _mm256_or_si256(v, bit);

        b.quotes = b.quotes << 32 | (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, quote));
        b.slashes = b.slashes << 32 | (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, slash));
        b.opening = b.opening << 32 | (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(folded, opening));
        b.closing = b.closing << 32 | (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(folded, closing));
    }
    return b;
}

__attribute__((target("avx512f,avx512bw"), always_inline)) static inline block at_once(const char *p)
{
    __m512i v = _mm512_loadu_si512((const void *)p), folded = _mm512_or_si512(v, _mm512_set1_epi8(0x20));

    return (block){ _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')), _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\')),
                    _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('{')), _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('}')) };
}

/* Each bit: is the number of bits up to and with it odd? */
__attribute__((target("pclmul"), always_inline)) static inline uint64_t odd(uint64_t bits)
{
    return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)bits), _mm_set1_epi8(-1), 0));
}

/* The bytes that are behind a backslash which counts.  There are few: they are taken one by one. */
static uint64_t escaped(state *s, uint64_t slashes)
{
    uint64_t out = s->escape;

    slashes &= ~out;
    s->escape = 0;
    while (slashes) {
        uint64_t low = slashes & -slashes;

        out |= low << 1;
        s->escape = low >> 63;
        slashes &= ~(low | low << 1);
    }
    return out;
}

/* Brackets outside of strings, in their order.  True: the value ended, or is none; *next is what there is of it. */
static inline bool take(state *s, const block *b, uint64_t brackets, const char *p, const char **next, vd_scan *answer)
{
    for (; brackets; brackets &= brackets - 1) {
        uint64_t low = brackets & -brackets, bit = UINT64_C(1) << s->depth % 64;
        int      at = __builtin_ctzll(brackets);
        bool     brace = (unsigned char)p[at] & 0x20;

        if (b->opening & low) {
            if (s->depth < VD_SCAN_DEPTH)
                s->kinds[s->depth / 64] = brace ? s->kinds[s->depth / 64] | bit : s->kinds[s->depth / 64] & ~bit;
            else
                s->deep = true;
            s->depth++;
            continue;
        }
        s->depth--;
        if (s->depth < VD_SCAN_DEPTH && (s->kinds[s->depth / 64] >> s->depth % 64 & 1) != brace) {
            *answer = VD_SCAN_BAD;
            return true;
        }
        if (s->depth == 0) {
            *next = p + at + 1;
            *answer = s->deep ? VD_SCAN_DEEP : VD_SCAN_OK;
            return true;
        }
    }
    return false;
}

/* `form`: how a block becomes masks. */
#define NESTED(form)                                                                                                      \
    state   s = { .depth = 0 };                                                                                           \
    vd_scan answer;                                                                                                       \
                                                                                                                          \
    for (const char *at = p; at < end; at += 64) {                                                                        \
        block    b = form(at);                                                                                            \
        uint64_t there = end - at < 64 ? (UINT64_C(1) << (end - at)) - 1 : ~UINT64_C(0), string;                          \
                                                                                                                          \
        if (VD_UNLIKELY((b.slashes & there) | s.escape))                                                                  \
            b.quotes &= ~escaped(&s, b.slashes);                                                                          \
        string = odd(b.quotes) ^ s.string;                                                                                \
        if (VD_UNLIKELY(b.slashes & there & ~string))                                                                     \
            return vd_scan_nested(p, end, next);                                                                          \
        s.string = (uint64_t)0 - (string >> 63);                                                                          \
        if (take(&s, &b, (b.opening | b.closing) & there & ~string, at, next, &answer))                                   \
            return answer;                                                                                                \
    }                                                                                                                     \
    return VD_SCAN_MORE

__attribute__((target("avx2,pclmul"))) vd_scan vd_scan_nested_avx2(const char *p, const char *end, const char **next)
{
    NESTED(halves);
}

__attribute__((target("avx512f,avx512bw,pclmul"))) vd_scan vd_scan_nested_avx512(const char *p, const char *end, const char **next)
{
    NESTED(at_once);
}

__attribute__((target("avx2"))) const char *vd_scan_quote_avx2(const char *p, const char *end)
{
    const __m256i quote = _mm256_set1_epi8('"'), slash = _mm256_set1_epi8('\\');

    for (; p < end; p += 64) {
        __m256i  v = _mm256_loadu_si256((const __m256i *)(const void *)p);
        __m256i  w = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
        uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(_mm256_cmpeq_epi8(v, quote), _mm256_cmpeq_epi8(v, slash)));
        uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(_mm256_cmpeq_epi8(w, quote), _mm256_cmpeq_epi8(w, slash)));

        if (low | high) {
            p += __builtin_ctzll(low | (uint64_t)high << 32);
            return p < end ? p : end;
        }
    }
    return end;
}

#endif
