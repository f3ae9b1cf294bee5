/* SPDX-License-Identifier: Apache-2.0
 *
 * Small things every file needs: literals, formats, counting, our own assertions.
 */
#ifndef VERDICT_BASE_BASE_H
#define VERDICT_BASE_BASE_H

#include <verdict/base.h>

#define VD_COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define VD_UNUSED(x) ((void)(x))

/* A literal as an expression, and in a table. */
#define VD_S(literal) ((vd_str){ "" literal, sizeof(literal) - 1 })
#define VD_L(literal) { "" literal, sizeof(literal) - 1 }

/* printf: "%.*s" with the length clipped to int. */
#define VD_F "%.*s"
#define VD_A(s) ((s).n > 4096 ? 4096 : (int)(s).n), ((s).p ? (s).p : "")

#define VD_NONE UINT32_MAX

#define VD_LIKELY(x) __builtin_expect(!!(x), 1)
#define VD_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define VD_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Passes a failure up untouched. */
#define VD_TRY(call)                  \
    do {                              \
        vd_code try_code_ = (call);   \
        if (try_code_ != VD_OK)       \
            return try_code_;         \
    } while (0)

/* For our own mistakes only; input never reaches one. */
#ifdef VD_ASSERTIONS
#define vd_assert(x) ((x) ? (void)0 : __builtin_trap())
#else
#define vd_assert(x) ((void)0)
#endif

static inline bool vd_add_ok(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

static inline bool vd_mul_ok(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

#endif
