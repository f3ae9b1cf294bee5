/* SPDX-License-Identifier: Apache-2.0
 *
 * The formats that findings come in.
 */
#include "base/str.h"
#include "render/lint.h"

const vd_lint_format vd_lint_formats[] = {
    { "text", vd_render_lint_text },
    { "json", vd_render_lint_json },
    { "jsonl", vd_render_lint_jsonl },
    { "sarif", vd_render_lint_sarif },
    { "github", vd_render_lint_github },
    { "junit", vd_render_lint_junit },
    { "markdown", vd_render_lint_markdown },
    { "access-analyzer", vd_render_lint_access_analyzer },
};
const size_t vd_lint_format_count = VD_COUNT(vd_lint_formats);

const vd_lint_format *vd_lint_format_find(vd_str name)
{
    for (size_t i = 0; i < vd_lint_format_count; i++)
        if (vd_str_eq(name, vd_str_of(vd_lint_formats[i].name)))
            return &vd_lint_formats[i];
    return NULL;
}
