/* SPDX-License-Identifier: Apache-2.0
 *
 * The formats that findings come in.
 */
#include "base/str.h"
#include "render/lint.h"
#include "render/proof.h"

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

const vd_diff_format vd_diff_formats[] = {
    { "text", vd_render_diff_text },         { "json", vd_render_diff_json },     { "markdown", vd_render_diff_markdown },
    { "sarif", vd_render_diff_sarif },       { "github", vd_render_diff_github },
};
const size_t vd_diff_format_count = VD_COUNT(vd_diff_formats);

const vd_grants_format vd_grants_formats[] = {
    { "text", vd_render_grants_text },   { "json", vd_render_grants_json },     { "markdown", vd_render_grants_markdown },
    { "sarif", vd_render_grants_sarif }, { "github", vd_render_grants_github },
};
const size_t vd_grants_format_count = VD_COUNT(vd_grants_formats);

const vd_exposure_format vd_exposure_formats[] = {
    { "text", vd_render_exposure_text },
    { "json", vd_render_exposure_json },
    { "jsonl", vd_render_exposure_jsonl },
    { "markdown", vd_render_exposure_markdown },
    { "sarif", vd_render_exposure_sarif },
    { "github", vd_render_exposure_github },
    { "access-analyzer", vd_render_exposure_access_analyzer },
};
const size_t vd_exposure_format_count = VD_COUNT(vd_exposure_formats);
