/* SPDX-License-Identifier: Apache-2.0
 *
 * A policy: one document with its text and positions.  Immutable and counted.
 */
#ifndef VERDICT_POLICY_H
#define VERDICT_POLICY_H

#include <verdict/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_policy vd_policy;

/* What a document is.  VD_KIND_MANAGED is an identity policy stored as a managed policy (E104, E123). */
typedef int32_t vd_kind;
enum {
    VD_KIND_IDENTITY = 0, /* inline */
    VD_KIND_MANAGED = 1,
    VD_KIND_BOUNDARY = 2,
    VD_KIND_SESSION = 3,
    VD_KIND_RESOURCE = 4,
    VD_KIND_TRUST = 5,
    VD_KIND_SCP = 6,
    VD_KIND_RCP = 7,
    VD_KIND_ENDPOINT = 8,
    VD_KIND_COUNT = 9
};

/* Reads one document.  What AWS would refuse to store goes to notes as diagnostics of severity VD_ERROR, oddities
 * with lower ones; the call fails only for a document that no evaluation can use (E009: ERROR).  name and text
 * are copied.  notes may be NULL. */
VD_API vd_code vd_policy_parse(vd_policy **out, const vd_engine *engine, vd_kind kind, vd_str name, vd_str text,
                               vd_diags *notes, vd_error *err);
VD_API vd_policy *vd_policy_retain(vd_policy *policy);
VD_API void       vd_policy_release(vd_policy *policy);

VD_API vd_str   vd_policy_name(const vd_policy *policy);
VD_API vd_str   vd_policy_text(const vd_policy *policy);
VD_API vd_kind  vd_policy_kind(const vd_policy *policy);
VD_API uint32_t vd_policy_statements(const vd_policy *policy);

/* "identity", "managed", "boundary" ...; -1 when there is no such kind. */
VD_API const char *vd_kind_name(vd_kind kind);
VD_API vd_kind     vd_kind_find(vd_str name);

#ifdef __cplusplus
}
#endif
#endif
