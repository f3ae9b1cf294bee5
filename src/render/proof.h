/* SPDX-License-Identifier: Apache-2.0
 *
 * How answers about all requests are shown: a job for each command, a table of formats for each.
 */
#ifndef VERDICT_RENDER_PROOF_H
#define VERDICT_RENDER_PROOF_H

#include "base/arena.h"
#include "render/look.h"

#include <verdict/analyze.h>
#include <verdict/lint.h>

/* What every job has. */
typedef struct vd_proof {
    bool            quiet, verbose;
    int32_t         exit_code;
    const vd_error *errors; /* of inputs that could not be used */
    uint32_t        error_count;
    vd_str          category;    /* of SARIF's run; empty: none */
    vd_str          comment_tag; /* of the marker in Markdown */
} vd_proof;

/* ------------------------------------------------------------------ diff, equivalent */

/* One thing that is compared: all identity policies of both sides, one resource policy. */
typedef struct vd_compared {
    vd_str                 name; /* "identity policies", "bucket.json" */
    const vd_delta *const *at;   /* by danger */
    uint32_t               count;
    vd_diff_summary        summary;
    bool                   failed; /* an error says why: there is no answer */
    vd_str                 note;   /* "put would be rejected ..."; empty: none */
} vd_compared;

typedef struct vd_diff_job {
    vd_proof           proof;
    vd_str             before, after; /* as the command line calls them */
    const vd_compared *at;
    uint32_t           count;
    bool               removed, added; /* which directions were asked for */
    bool               equivalent;     /* the relation is the answer */
    bool               future_actions;
    int32_t            fail_on;        /* VD_ACCESS_... */
} vd_diff_job;

typedef struct vd_diff_format {
    const char *name;
    vd_code (*render)(vd_buf *out, const vd_look *look, const vd_diff_job *job);
} vd_diff_format;
extern const vd_diff_format vd_diff_formats[];
extern const size_t         vd_diff_format_count;

vd_code vd_render_diff_text(vd_buf *out, const vd_look *look, const vd_diff_job *job);
vd_code vd_render_diff_json(vd_buf *out, const vd_look *look, const vd_diff_job *job);
vd_code vd_render_diff_markdown(vd_buf *out, const vd_look *look, const vd_diff_job *job);
vd_code vd_render_diff_sarif(vd_buf *out, const vd_look *look, const vd_diff_job *job);
vd_code vd_render_diff_github(vd_buf *out, const vd_look *look, const vd_diff_job *job);

/* The two directions over everything that was compared: VD_SAT when one says so, VD_UNKNOWN when one is open. */
vd_answer   vd_diff_broader(const vd_diff_job *job);
vd_answer   vd_diff_narrower(const vd_diff_job *job);
const char *vd_diff_relation(const vd_diff_job *job); /* "equivalent", "narrower", "broader", "incomparable", "unknown" */
bool        vd_delta_is_open(const vd_delta *d); /* whether there is such a request could not be decided */
bool        vd_delta_is_off(const vd_delta *d); /* only on resources that the actions never have, says the catalogue */
bool        vd_delta_counts(const vd_delta *d, bool future_actions); /* decided, and not only names that no service has */
/* permissions management before write, tagging, read, list; then by how many actions. */
int         vd_delta_order(const vd_delta *a, const vd_delta *b);

/* "s3: +14 actions (Write 9, Permissions management 2)": one a service, the most dangerous first. */
typedef struct vd_service_sum {
    vd_str   service;
    bool     removed;
    uint32_t actions, by_level[VD_LEVEL_UNKNOWN + 1];
    int32_t  danger;       /* of the worst */
    vd_str   only;         /* the one action, when there is one */
    vd_str   only_resource;
} vd_service_sum;
typedef struct vd_service_sums {
    vd_service_sum *at;
    uint32_t        count, cap;
    bool            failed; /* no memory */
} vd_service_sums;
vd_service_sums vd_sum_services(const vd_diff_job *job, bool removed);
void            vd_sums_done(vd_service_sums *sums);
void            vd_put_sum(vd_buf *out, const vd_service_sum *sum); /* without its end; not escaped */

/* ------------------------------------------------------------------ grants */

typedef struct vd_granted {
    vd_str                 name; /* of what was asked: "identity policies", "bucket.json" */
    bool                   by_name;     /* it is the ARN of who holds the policies, of many in one bundle */
    bool                   of_resource; /* or of a resource that has a policy */
    const vd_grant *const *at;
    uint32_t               count;
    vd_grants_summary      summary;
    bool                   failed;
} vd_granted;

typedef struct vd_grants_job {
    vd_proof          proof;
    const vd_granted *at;
    uint32_t          count;
} vd_grants_job;

typedef struct vd_grants_format {
    const char *name;
    vd_code (*render)(vd_buf *out, const vd_look *look, const vd_grants_job *job);
} vd_grants_format;
extern const vd_grants_format vd_grants_formats[];
extern const size_t           vd_grants_format_count;

vd_code   vd_render_grants_text(vd_buf *out, const vd_look *look, const vd_grants_job *job);
vd_code   vd_render_grants_json(vd_buf *out, const vd_look *look, const vd_grants_job *job);
vd_code   vd_render_grants_markdown(vd_buf *out, const vd_look *look, const vd_grants_job *job);
vd_code   vd_render_grants_sarif(vd_buf *out, const vd_look *look, const vd_grants_job *job);
vd_code   vd_render_grants_github(vd_buf *out, const vd_look *look, const vd_grants_job *job);
bool      vd_grant_is_open(const vd_grant *g); /* the budget was not enough to say */
bool      vd_grant_counts(const vd_grant *g);  /* decided, and not only against what the catalogue says */
vd_answer vd_grants_answer(const vd_grants_job *job);

/* ------------------------------------------------------------------ exposure */

enum { VD_EXPOSED_SHOWN, VD_EXPOSED_KNOWN, VD_EXPOSED_ARCHIVED };

typedef struct vd_exposed_row {
    const vd_exposed *finding;
    vd_str            file;  /* that the policy stands in */
    uint8_t           state; /* VD_EXPOSED_SHOWN: in the baseline and the archive it is not */
} vd_exposed_row;

typedef struct vd_exposure_job {
    vd_proof              proof;
    const vd_exposed_row *at; /* in the order of the inputs */
    uint32_t              count;
    uint32_t              resources, undecided; /* that were looked at */
    uint32_t              left_out; /* documents that expose nothing */
    const uint32_t       *left_out_of; /* by vd_kind; a bundle or scenario is of none */
    const char *const    *kind_names; /* "identity policies", by vd_kind */
    bool                  against, has_baseline, with_counts;
    int32_t               fail_on; /* VD_ACCESS_...; 0: nothing */
    const char *const    *s3_status; /* one a resource, NULL where it is no bucket; NULL: not asked for */
    const vd_str         *s3_names;
    uint32_t              s3_count;
} vd_exposure_job;

typedef struct vd_exposure_format {
    const char *name;
    vd_code (*render)(vd_buf *out, const vd_look *look, const vd_exposure_job *job);
} vd_exposure_format;
extern const vd_exposure_format vd_exposure_formats[];
extern const size_t             vd_exposure_format_count;

vd_code vd_render_exposure_text(vd_buf *out, const vd_look *look, const vd_exposure_job *job);
vd_code vd_render_exposure_json(vd_buf *out, const vd_look *look, const vd_exposure_job *job);
vd_code vd_render_exposure_jsonl(vd_buf *out, const vd_look *look, const vd_exposure_job *job);
vd_code vd_render_exposure_markdown(vd_buf *out, const vd_look *look, const vd_exposure_job *job);
vd_code vd_render_exposure_sarif(vd_buf *out, const vd_look *look, const vd_exposure_job *job);
vd_code vd_render_exposure_github(vd_buf *out, const vd_look *look, const vd_exposure_job *job);
vd_code vd_render_exposure_access_analyzer(vd_buf *out, const vd_look *look, const vd_exposure_job *job);

bool        vd_exposed_is_shown(const vd_exposed_row *row); /* neither known nor archived */
bool        vd_exposed_is_odd(const vd_exposed_row *row); /* the catalogue thinks it impossible */
/* People are not shown those besides others, unless they want to. */
bool        vd_exposure_leaves_odd(const vd_exposure_job *job);
const char *vd_change_name(int32_t change); /* "new" ...; "" for none */
void        vd_put_exposed_flags(vd_buf *out, const vd_exposed *x); /* and the readings that it hangs on */
void        vd_put_exposed(vd_buf *out, const vd_exposed *x); /* "anybody can s3:GetObject on ..."; not escaped */
void        vd_put_exposure_summary(vd_buf *out, const vd_exposure_job *job); /* one line, without its end */

/* ------------------------------------------------------------------ words they share; none is escaped */

const char *vd_level_title(int32_t level); /* "Permissions management" ... */
int32_t     vd_level_danger(int32_t level); /* the more, the worse */
void vd_put_few(vd_buf *out, const vd_texts_list *list, size_t most); /* a, b, c and 12 more */
void vd_put_place(vd_buf *out, const vd_statement_info *s); /* policies/dev.json:5:7 statement 0 "Read" */
void vd_put_required(vd_buf *out, const vd_required *r);    /* aws:SecureTransport true [chosen] */
void vd_put_required_list(vd_buf *out, const vd_required *at, size_t count);
void vd_put_flags(vd_buf *out, uint32_t flags); /* a, b */
void vd_put_who(vd_buf *out, const vd_witness *w); /* the witness's caller */
void vd_put_what(vd_buf *out, const vd_witness *w); /* on what, with which keys */
void vd_put_marker(vd_buf *out, const char *command, vd_str tag); /* of a comment that a bot finds again */

/* "  = words" wrapped below itself; takes words over. */
void vd_put_note(vd_buf *out, const vd_look *look, uint32_t indent, const char *lead, vd_buf *words);
/* The witness in two lines. */
void vd_put_witness_lines(vd_buf *out, const vd_look *look, uint32_t indent, const vd_witness *w);

/* ------------------------------------------------------------------ annotations and code scanning */

/* Findings of access in the form that SARIF and GitHub have in common. */
typedef struct vd_access_rule {
    const char *id, *title, *why;
} vd_access_rule;

typedef struct vd_access_row {
    const vd_access_rule    *rule;
    int32_t                  severity; /* VD_ACCESS_... */
    vd_str                   id;
    vd_str                   text;     /* one line */
    vd_pos                   at;       /* what grants it */
    const vd_statement_info *related;
    size_t                   related_count;
    const vd_witness        *witness;
    bool                     known;   /* in the baseline */
    bool                     updated; /* there as well, but it was another one then */
    bool                     silent; /* SARIF's level "none": for information */
    vd_str                   subject; /* whom it is about, where no file says it: an ARN */
    vd_str                   fix;   /* what its edits would do; empty: there are none */
    vd_str                   file_text; /* that they are of; at.file is its name */
    const vd_lint_edit      *edits;
    size_t                   edit_count;
} vd_access_row;

typedef struct vd_access_rows {
    vd_arena       arena;
    vd_access_row *at;
    uint32_t       count, cap;
    bool           failed; /* no memory */
    struct json_t *properties; /* of the invocation, taken over by vd_render_access_sarif; NULL: none */
} vd_access_rows;

void vd_access_rows_init(vd_access_rows *rows);
void vd_access_rows_done(vd_access_rows *rows);
/* Adds a row; its text is taken over. */
void vd_access_add(vd_access_rows *rows, const vd_access_row *row, vd_buf *text);
vd_code vd_render_access_sarif(vd_buf *out, const vd_proof *proof, vd_access_rows *rows, bool has_baseline);
vd_code vd_render_access_github(vd_buf *out, const vd_proof *proof, vd_access_rows *rows);

#endif
