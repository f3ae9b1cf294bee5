/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine: allocator, limits, hash seed.  Immutable and counted; one per process or one per tenant.
 */
#ifndef VERDICT_ENGINE_H
#define VERDICT_ENGINE_H

#include <verdict/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_engine vd_engine;

typedef struct vd_engine_opts {
    size_t              size;
    const vd_allocator *allocator; /* NULL: malloc */
    const vd_limits    *limits;    /* NULL: the defaults; a zero member: its default */
    uint64_t            hash_seed; /* of tables over input while compiling; no output depends on it */
} vd_engine_opts;

VD_API vd_code    vd_engine_new(vd_engine **out, const vd_engine_opts *opts, vd_error *err);
VD_API vd_engine *vd_engine_retain(vd_engine *engine);
VD_API void       vd_engine_release(vd_engine *engine);
VD_API void       vd_engine_limits(const vd_engine *engine, vd_limits *out);

/* "1.2.3" of the library in use. */
VD_API const char *vd_version(void);

/* Diagnostics: many, in the order in which they were found.  One owner; the texts live as long as it does. */
VD_API vd_code        vd_diags_new(vd_diags **out, const vd_engine *engine, vd_error *err);
VD_API void           vd_diags_free(vd_diags *diags);
VD_API size_t         vd_diags_count(const vd_diags *diags);
VD_API const vd_diag *vd_diags_at(const vd_diags *diags, size_t index);
VD_API size_t         vd_diags_dropped(const vd_diags *diags); /* past vd_limits.diagnostics */
VD_API int32_t        vd_diags_worst(const vd_diags *diags);   /* highest severity, -1 when there is none */

#ifdef __cplusplus
}
#endif
#endif
