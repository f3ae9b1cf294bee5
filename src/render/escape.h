/* SPDX-License-Identifier: Apache-2.0
 *
 * Text from outside made harmless for where it goes (lint.md 6.8).  Whatever the form, what would talk to a terminal or
 * reorder text is shown as \u{1b}, and bytes that are not UTF-8 as U+FFFD, first.
 */
#ifndef VERDICT_RENDER_ESCAPE_H
#define VERDICT_RENDER_ESCAPE_H

#include "base/buf.h"

void vd_put_xml(vd_buf *out, vd_str text);      /* of an element or an attribute in double quotes */
void vd_put_xml_lines(vd_buf *out, vd_str text); /* lines of ours, kept as lines */
void vd_put_markdown(vd_buf *out, vd_str text); /* plain words: nothing of them is Markdown, HTML or a mention */
void vd_put_code(vd_buf *out, vd_str text, bool table); /* a code span; in a table a bar would end the cell */
void vd_put_command(vd_buf *out, vd_str text, bool property); /* data or a property of a workflow command of GitHub */
void vd_put_uri(vd_buf *out, vd_str path); /* a relative reference: percent-encoded, forward slashes, no leading ./ */
void vd_put_url_part(vd_buf *out, vd_str text); /* the same for a part of somebody's URL */

#endif
