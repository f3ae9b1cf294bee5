/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML by libfyaml.
 */
#include "base/error.h"
#include "text/reader.h"

vd_code vd_yaml_read(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits,
                     vd_diags *diags, uint32_t *duplicates, vd_error *err)
{
    VD_UNUSED(arena);
    VD_UNUSED(limits);
    VD_UNUSED(diags);
    VD_UNUSED(duplicates);
    *out = (vd_doc){ .source = source };
    return vd_fail(err, VD_EINTERNAL, "YAML is not read yet");
}
