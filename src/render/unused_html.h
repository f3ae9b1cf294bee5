/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the page about what nobody uses, in the order in which they stand on it.
 */
#ifndef VERDICT_RENDER_UNUSED_HTML_H
#define VERDICT_RENDER_UNUSED_HTML_H

#include "base/arena.h"
#include "render/html.h"
#include "render/unused.h"

/* Actions that are granted, and what is known of their use. */
typedef struct vd_unused_mix {
    uint64_t granted, used, possible, not_seen, cannot_see;
} vd_unused_mix;
extern const char *const vd_unused_mix_names[VD_HTML_PARTS]; /* "Used" ... as the parts of its bar */
void     vd_html_mix_bar(vd_buf *out, const vd_unused_mix *mix);
void     vd_html_mix_cells(vd_buf *out, const vd_unused_mix *mix); /* five cells of numbers, as vd_html_mix_heads has them */
void     vd_html_mix_heads(vd_buf *out);
uint64_t vd_unused_mix_part(const vd_unused_mix *mix, uint32_t part);
void     vd_html_last_use(vd_buf *out, int64_t last); /* a cell */

/* A principal and its findings: those in job.at from first on. */
typedef struct vd_unused_person {
    const vd_unused_principal *principal; /* NULL: what belongs to nobody there */
    uint32_t                   id;        /* of its section: "p12" */
    uint32_t                   first, count;
} vd_unused_person;

void vd_html_unused_cares(vd_buf *out, const vd_unused_job *job);    /* what to keep in mind before anything else */
void vd_html_unused_coverage(vd_buf *out, const vd_unused_job *job); /* section */
bool vd_html_unused_services(vd_buf *out, const vd_unused_job *job); /* section; false: no memory */
void vd_html_unused_rules(vd_buf *out, const vd_unused_job *job);    /* section */
void vd_html_unused_people(vd_buf *out, const vd_unused_job *job, const vd_unused_person *people, uint32_t count); /* section */
void vd_html_unused_person(vd_buf *out, const vd_unused_job *job, const vd_unused_person *person);
void vd_html_unused_finding(vd_buf *out, const vd_unused_row *row, bool whose); /* a row; whose: says the principal, too */

void vd_html_title_of(vd_buf *out, int32_t rule); /* vd_unused_title with a capital */

#endif
