/* SPDX-License-Identifier: Apache-2.0
 *
 * Pieces of JSON that several formats have in common; each is the caller's.
 */
#ifndef VERDICT_RENDER_PARTS_H
#define VERDICT_RENDER_PARTS_H

#include "text/json_write.h"

#include <verdict/analyze.h>

vd_json *vd_part_words(const char *s);
vd_json *vd_part_text_or_null(vd_str s);
vd_json *vd_part_time(int64_t seconds); /* null: 0 */
vd_json *vd_part_strings(const vd_str *items, size_t count);
vd_json *vd_part_at_or_null(vd_pos at); /* "file:line:column" */
vd_json *vd_part_statement(vd_str sid, uint32_t index, vd_pos at); /* {"sid", "index", "at"} */
vd_json *vd_part_error(const vd_error *err); /* {"message", "at"} */
vd_json *vd_part_errors(const vd_error *at, size_t count);
void     vd_part_set_version(vd_json *o); /* "verdict": {"format": 1} */
vd_code  vd_part_finish(vd_buf *out, vd_json *o, bool document); /* takes o over; one line unless it is a document */

/* Of the proofs. */
vd_json *vd_part_statements(const vd_statement_info *at, size_t count); /* with "policy" and "layer" */
vd_json *vd_part_required(const vd_required *at, size_t count);
vd_json *vd_part_flags(uint32_t flags);
vd_json *vd_part_request(const vd_witness *w); /* the "request" of a scenario file; null when there is none */
vd_json *vd_part_answer(vd_answer answer); /* "yes", "no", "unknown" */
const char *vd_part_certainty(uint32_t flags, const vd_witness *w); /* "exact", "potential" */

struct vd_route;
vd_json *vd_part_route(const struct vd_route *r); /* paths_json.c */

#endif
