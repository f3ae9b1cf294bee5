/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared by the files that make facts: tests that cost next to nothing, and the parts of vd_facts_make.
 */
#ifndef VERDICT_REQUEST_FACTS_INT_H
#define VERDICT_REQUEST_FACTS_INT_H

#include "base/error.h"
#include "base/str.h"
#include "request/facts.h"

#define IS(s, literal) ((s).n == sizeof(literal) - 1 && memcmp((s).p, literal, sizeof(literal) - 1) == 0)
#define STARTS(s, literal) ((s).n >= sizeof(literal) - 1 && memcmp((s).p, literal, sizeof(literal) - 1) == 0)
/* Without case: action names and keys. */
#define NAMED(s, literal) ((s).n == sizeof(literal) - 1 && vd_str_ieq((s), VD_S(literal)))

#define WHO(kind) (1u << (kind))

/* vd_str_find for names of some ten bytes, where a loop is faster than a call. */
static inline size_t find_near(vd_str s, char c)
{
    size_t i = 0;

    while (i < s.n && s.p[i] != c)
        i++;
    return i;
}

static inline vd_str last_segment(vd_str s)
{
    size_t slash = vd_str_rfind(s, '/');

    return slash < s.n ? vd_str_from(s, slash + 1) : s;
}

/* Who asks (E401 to E403): everything of the principal.  Service and name of the action are known by then. */
vd_code vd_facts_who(vd_facts *f, vd_error *err);
/* After that, whatever came of it: would it be the same for every action? */
bool vd_facts_who_settled(const vd_facts *f);

/* The first half of vd_facts, kept. */
enum { VD_WHO_SIZE = offsetof(vd_facts, request) };
typedef struct vd_who {
    _Alignas(vd_str) unsigned char bytes[VD_WHO_SIZE];
} vd_who;

static inline void vd_facts_keep_who(vd_who *out, const vd_facts *f)
{
    memcpy(out->bytes, f, VD_WHO_SIZE);
}

/* The rest is cleared. */
static inline void vd_facts_recall_who(vd_facts *f, const vd_who *who)
{
    memcpy(f, who->bytes, VD_WHO_SIZE);
    memset((char *)f + VD_WHO_SIZE, 0, sizeof *f - VD_WHO_SIZE);
}

/* The values of a key given by name to this check, else to all; NULL when absent. */
const vd_str *vd_facts_context(const vd_facts *f, vd_str key, uint32_t *count);

/* A resource of S3 below a bucket or access point. */
bool vd_facts_is_object(const vd_facts *f);

/* E753: the object is of another account than its bucket.  A new object is not yet anybody's. */
bool vd_facts_is_foreign_object(const vd_facts *f);

#endif
