/* SPDX-License-Identifier: Apache-2.0
 *
 * Which reader a document is for.
 */
#include "text/doc.h"

#include "base/str.h"

vd_code vd_doc_read(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits,
                    vd_diags *diags, uint32_t *duplicates, vd_error *err)
{
    static const vd_str yaml_endings[] = { VD_L(".yaml"), VD_L(".yml") };
    vd_str              name = source->name;

    for (size_t i = 0; i < VD_COUNT(yaml_endings); i++) {
        vd_str ending = yaml_endings[i];

        if (name.n > ending.n && vd_str_ieq(vd_str_from(name, name.n - ending.n), ending))
            return vd_yaml_read(out, arena, source, limits, diags, duplicates, err);
    }
    return vd_json_read(out, arena, source, limits, diags, duplicates, err);
}
