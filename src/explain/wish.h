/* SPDX-License-Identifier: Apache-2.0
 *
 * Changes of a request that are no edits: a value for a condition key that the caller can bring about, and the words
 * for doing so ("sign in with MFA").
 */
#ifndef VERDICT_EXPLAIN_WISH_H
#define VERDICT_EXPLAIN_WISH_H

#include "explain/trace.h"

typedef struct vd_wish {
    vd_str key, value, text;
} vd_wish;

/* A value that should turn the entry to `holds`.  False: the caller cannot do that, or it is not known how.  A guess:
 * the interpreter must confirm it. */
bool vd_wish_find(vd_wish *out, vd_tracer *t, vd_inquiry *q, const vd_entry *e, const vd_entry_result *r, bool holds);

#endif
