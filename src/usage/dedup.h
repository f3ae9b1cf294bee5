/* SPDX-License-Identifier: Apache-2.0
 *
 * Which events were seen before: a set of hashes of bounded size, shared by all workers.
 */
#ifndef VERDICT_USAGE_DEDUP_H
#define VERDICT_USAGE_DEDUP_H

#include "base/alloc.h"

typedef struct vd_dedup vd_dedup;

typedef enum vd_dedup_answer { VD_DEDUP_NEW, VD_DEDUP_SEEN, VD_DEDUP_POSSIBLE } vd_dedup_answer;

vd_dedup       *vd_dedup_new(const vd_allocator *alloc, uint64_t bytes); /* NULL: no memory */
void            vd_dedup_free(vd_dedup *d);
/* By any thread.  place: a hash of a part of what hash is of, known earlier; POSSIBLE: there was no more room to
 * remember it exactly, and it may have been there. */
vd_dedup_answer vd_dedup_add(vd_dedup *d, uint64_t place, uint64_t hash);
void            vd_dedup_soon(const vd_dedup *d, uint64_t place); /* the answer will be wanted */

#endif
