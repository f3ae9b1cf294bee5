/* SPDX-License-Identifier: Apache-2.0
 *
 * What a report about usage rests on (usage 5.4), in the forms in which reports print it: before all else.
 */
#ifndef VERDICT_RENDER_COVERAGE_H
#define VERDICT_RENDER_COVERAGE_H

#include "render/look.h"
#include "text/json_write.h"

#include <verdict/activity.h>

/* A line or more for each thing, in look->width columns; verbose: all of the places, gaps and names, else the first few. */
void vd_render_coverage_text(vd_buf *out, const vd_look *look, const vd_usage_coverage *c, bool verbose);

/* The member "coverage" of reports; the caller's. */
vd_json *vd_render_coverage_json(const vd_usage_coverage *c);
/* A document of its own. */
vd_code vd_render_coverage_document(vd_buf *out, const vd_usage_coverage *c);

#endif
