/* SPDX-License-Identifier: Apache-2.0
 *
 * Pages of HTML that stand alone: nothing is loaded, no script is needed, and nothing that came from outside is markup.
 */
#ifndef VERDICT_RENDER_HTML_H
#define VERDICT_RENDER_HTML_H

#include "base/buf.h"

/* data/report: what stands between <style> and </style>, <script> and </script>. */
extern const vd_str vd_file_report_css, vd_file_report_js;

/* From the doctype to <body>, the title being words of ours.  The policy of the page allows this style and this script, by
 * their hashes, and nothing else. */
void vd_html_head(vd_buf *out, const char *title);
void vd_html_tail(vd_buf *out); /* the script, and the end */

/* Text from outside: escaped, and of very long text the beginning and how long it is. */
void vd_html_text(vd_buf *out, vd_str text);
void vd_html_code(vd_buf *out, vd_str text); /* the same in <code> */

void vd_html_count(vd_buf *out, uint64_t n);                      /* 12,345 */
void vd_html_counted(vd_buf *out, uint64_t n, const char *one, const char *more); /* "1 role", "12,345 roles" */
void vd_html_percent(vd_buf *out, uint64_t part, uint64_t whole); /* "12%", "under 1%" */
void vd_html_tenths(vd_buf *out, uint32_t thousandths);           /* "12.3%" of 123 */
void vd_html_day(vd_buf *out, int64_t seconds);                  /* <time>2026-03-09</time> */
void vd_html_bytes(vd_buf *out, uint64_t n);                      /* "7.3 GB" */
void vd_html_span(vd_buf *out, int64_t from, int64_t to);         /* of [from, to): "2026-01-01 to 2026-03-31", times if need be */

/* One bar, each part as wide as its share; parts that are there at all can be seen. */
typedef struct vd_html_part {
    const char *look; /* class */
    uint64_t    size;
} vd_html_part;
enum { VD_HTML_PARTS = 4 };
void vd_html_bar(vd_buf *out, const vd_html_part parts[VD_HTML_PARTS]);

#endif
