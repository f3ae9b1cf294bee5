/* SPDX-License-Identifier: Apache-2.0
 *
 * The caller's allocator.  The only place of the library that names malloc.
 */
#ifndef VERDICT_BASE_ALLOC_H
#define VERDICT_BASE_ALLOC_H

#include "base/base.h"

const vd_allocator *vd_allocator_default(void);

void *vd_alloc(const vd_allocator *a, size_t size);  /* NULL when there is none; contents undefined */
void *vd_alloc0(const vd_allocator *a, size_t size); /* zeroed */
void *vd_realloc(const vd_allocator *a, void *p, size_t old, size_t size);
void  vd_free(const vd_allocator *a, void *p, size_t size); /* NULL is fine */

#endif
