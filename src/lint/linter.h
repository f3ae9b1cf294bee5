/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of a linter and of a report.  A linter never changes once it is made, but for the workers that wait in it:
 * what one thread at a time works with, kept for the next file.
 */
#ifndef VERDICT_LINT_LINTER_H
#define VERDICT_LINT_LINTER_H

#include "base/map.h"
#include "extract/hcl.h"
#include "lint/custom.h"
#include "lint/lint.h"
#include "lint/select.h"
#include "text/unified.h"

#include <stdatomic.h>
#include <verdict/lint.h>

/* Memory and tables of one thread. */
typedef struct vd_lint_worker {
    vd_arena       scratch; /* of one file */
    vd_arena       party;   /* of the policies in it that are judged together */
    vd_expansions *expansions;
} vd_lint_worker;

enum { VD_LINT_WORKERS = 64 };

/* A template parameter that somebody gave a value. */
typedef struct vd_parameter {
    vd_str name, value;
} vd_parameter;

typedef struct vd_parameters {
    vd_parameter *at;
    uint32_t      count, cap;
} vd_parameters;

/* A finding of the baseline. */
typedef struct vd_known {
    vd_str  id, rule, file, container, message;
    int32_t severity;
    vd_pos  at;
} vd_known;

struct vd_linter {
    vd_engine         *engine;
    vd_arena           arena;
    const vd_catalog  *catalog;
    vd_lint_config     config;
    vd_customs         customs;
    vd_rule_names      names;
    vd_rule_info      *infos; /* by rule number */
    vd_policy_type     said;
    bool               typed; /* said was given */
    int32_t            min_severity, fail_on;
    uint8_t            confidence; /* the lowest that is shown */
    bool               stale;      /* the catalogue is old: rules marked so are milder */
    bool               all_versions, all_resources;
    vd_parameters      parameters;
    vd_hcl             sources; /* the configuration that plans were made of */
    vd_str            *source_names; /* as they are shown, by file */
    vd_lint_text      *texts; /* configurations, then the baseline */
    uint32_t           text_count, text_cap;
    bool               only_changed;
    int32_t            changed_scope;
    vd_unified         changes;
    vd_known          *known; /* by id of known_ids */
    uint32_t           known_count, known_cap;
    vd_intern          known_ids;
    atomic_bool       *known_used;
    bool             **ignored_rules; /* by entry of config.ignored: which rules; NULL: all */
    atomic_bool       *ignored_used, *ignored_seen; /* some finding, some file was one of it */
    _Atomic(vd_lint_worker *) idle[VD_LINT_WORKERS];
};

vd_code vd_linter_check(const vd_linter *l, vd_error *err); /* do the examples of custom rules hold? */
vd_code vd_parameters_read(vd_linter *l, const vd_lint_text *text, vd_error *err);
vd_code vd_baseline_read(vd_linter *l, const vd_lint_text *text, vd_error *err); /* lint/baseline.c */

vd_lint_worker *vd_lint_worker_take(const vd_linter *linter); /* NULL: no memory */
void            vd_lint_worker_give(const vd_linter *linter, vd_lint_worker *w);

struct vd_report {
    const vd_linter    *linter;
    vd_arena            arena;
    vd_source           source; /* the file */
    vd_str              path;
    const char         *format;
    bool                failed; /* error was set: the file could not be read */
    vd_error            error;
    vd_lint_policy     *policies;
    uint32_t            policy_count, policy_cap;
    vd_lint_finding    *findings;
    uint32_t            finding_count, finding_cap;
    vd_lint_unresolved *unresolved;
    uint32_t            unresolved_count, unresolved_cap;
    uint32_t            fixed;
    vd_str              left_alone;
};

#endif
