/* SPDX-License-Identifier: Apache-2.0
 *
 * What one file's linting hands from step to step: the policies as they were looked at, and what becomes of findings.
 */
#ifndef VERDICT_LINT_FILE_H
#define VERDICT_LINT_FILE_H

#include "lint/linter.h"

/* One way to look at one policy: a variant of a template, one of the types that it may have. */
typedef struct vd_look_at {
    vd_lint             lint;
    const vd_extracted *extracted;
    uint32_t            policy;    /* in the report */
    uint8_t             variant;   /* vd_variant */
    vd_str              as;        /* "an identity policy", when the type is one of two; else empty */
    uint32_t           *nodes;     /* of the statements, found on demand */
    struct {
        uint32_t container, child, index;
    } last; /* child of a list that a pointer led through: the next one is mostly behind it */
} vd_look_at;

typedef struct vd_suppression vd_suppression; /* lint/suppress_int.h */

typedef struct vd_file_run {
    const vd_linter *linter;
    vd_lint_worker  *worker;
    vd_report  *report;
    vd_extraction    found;
    vd_look_at     **looks;
    uint32_t         look_count, look_cap;
    vd_suppression **suppressions;
    uint32_t         suppression_count, suppression_cap;
    struct {
        bool            tried;
        const vd_doc   *doc;    /* of the whole file; NULL: not asked for, or it cannot be had */
        const uint32_t *parent; /* by its nodes */
    } own;
    uint64_t        *units_left; /* of proofs; NULL: nobody counts */
    vd_error        *err;
} vd_file_run;

vd_report *vd_report_new(const vd_linter *linter, vd_str name, vd_str path, vd_str text); /* NULL: no memory */
/* lint/report.c: findings of one look become findings of the report. */
vd_code vd_report_take(vd_file_run *run, vd_look_at *look, const vd_finding *f);
vd_code vd_report_take_remark(vd_file_run *run, const vd_remark *remark);
vd_code vd_report_take_diag(vd_file_run *run, const vd_diag *diag);
vd_code vd_report_take_file(vd_file_run *run, uint32_t rule, uint32_t policy, vd_pos at, vd_str message);
vd_code vd_report_finish(vd_file_run *run); /* order and ids */
vd_range vd_report_range(const vd_report *report, vd_pos at);

#endif
