/* SPDX-License-Identifier: Apache-2.0
 *
 * What can be said of names that are too many to keep: for each beginning (an ARN up to its account, with the action before it where
 * there is one) and each place behind it, between '/' and ':', which few texts stood there, or how all of them began and ended, of
 * which characters and how long they were.
 *
 * It is a join of all that was ever put in: in whatever order, however often, by whatever detours, it is the same to the byte.  What
 * has no room makes it the top, of which nothing is known; nothing leads back from there.
 */
#ifndef VERDICT_USAGE_LATTICE_H
#define VERDICT_USAGE_LATTICE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

typedef struct vd_lattice vd_lattice;

vd_lattice *vd_lattice_new(vd_arena *arena); /* of nothing yet; NULL: no memory */
void        vd_lattice_soon(const vd_lattice *l); /* it will be looked at */
bool        vd_lattice_is_top(const vd_lattice *l);
/* False: no memory. */
bool vd_lattice_add(vd_arena *arena, vd_lattice *l, vd_str text);
bool vd_lattice_join(vd_arena *arena, vd_lattice *into, const vd_lattice *from);

/* As JSON; not of the top. */
void vd_lattice_write(vd_buf *out, const vd_lattice *l, void (*string)(vd_buf *out, vd_str text));
/* VD_EFORMAT: it is none.  Of a window: the scanner looks at what is behind. */
vd_code vd_lattice_read(vd_arena *arena, vd_lattice **out, vd_str json);

/* Patterns that match everything that was put in, and as little else as they can: few of them, each ends with its only star of ours,
 * or is one of the names.  False: take said so, or there is no memory. */
bool vd_lattice_patterns(const vd_lattice *l, vd_arena *arena, bool (*take)(void *ctx, vd_str pattern), void *ctx);

#endif
