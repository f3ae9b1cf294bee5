/* SPDX-License-Identifier: Apache-2.0
 *
 * What the formats of findings share: which are shown, in which order, in which words; and that no secret is.
 */
#include "base/str.h"
#include "base/vec.h"
#include "render/lint.h"
#include "render/rule.h"

#include <stdlib.h>

bool vd_lint_shows(const vd_lint_job *job, const vd_lint_finding *f)
{
    return f->state == VD_STATE_NEW ||
           (job->show_suppressed && (f->state == VD_STATE_SUPPRESSED || f->state == VD_STATE_BASELINED));
}

vd_str vd_lint_path(const vd_report *r, const vd_pos *at)
{
    return at->file.n == 0 || vd_str_eq(at->file, vd_report_file(r)) ? vd_report_path(r) : at->file;
}

bool vd_lint_is_told(const vd_report *r)
{
    for (uint32_t i = 0; i < vd_report_findings(r); i++)
        if (vd_report_finding(r, i)->state == VD_STATE_NEW)
            return true;
    return false;
}

bool vd_lint_is_secret(const vd_lint_finding *f)
{
    return strcmp(f->rule->id, "secret-in-policy") == 0;
}

static void star_out(char *text, size_t n, vd_pos at, vd_str file)
{
    if (!vd_str_eq(at.file, file))
        return;
    for (size_t i = at.offset; i < (size_t)at.offset + at.length && i < n; i++)
        if (text[i] != '"' && text[i] != '\'' && text[i] != '\n' && text[i] != '\r')
            text[i] = '*';
}

vd_str vd_lint_text_for_show(vd_buf *keep, const vd_report *r)
{
    vd_str text = vd_report_text(r);
    bool   copied = false;

    for (uint32_t i = 0; i < vd_report_findings(r); i++) {
        const vd_lint_finding *f = vd_report_finding(r, i);

        if (!vd_lint_is_secret(f))
            continue;
        if (!copied) {
            keep->n = 0;
            vd_buf_add(keep, text);
            copied = true;
        }
        if (keep->failed)
            return (vd_str){ NULL, 0 }; /* better no excerpt than that one */
        star_out(keep->p, keep->n, f->range.at, vd_report_file(r));
        for (uint32_t k = 0; k < f->related_count; k++)
            star_out(keep->p, keep->n, f->related[k].range.at, vd_report_file(r));
    }
    return copied ? vd_buf_str(keep) : text;
}

/* ------------------------------------------------------------------ words */

static void put_words(vd_buf *out, const vd_lint_finding *f)
{
    vd_buf_add(out, f->message);
    if (f->when.n) {
        vd_buf_add(out, VD_S(", when "));
        vd_buf_add(out, f->when);
    }
}

static void put_more(vd_buf *out, const vd_lint_finding *f)
{
    if (f->more)
        vd_buf_printf(out, " (and %u more)", f->more);
}

void vd_lint_put_message(vd_buf *out, const vd_lint_finding *f)
{
    put_words(out, f);
    put_more(out, f);
}

void vd_lint_put_line(vd_buf *out, const vd_lint_finding *f)
{
    put_words(out, f);
    if (f->hint.n) {
        vd_buf_add(out, VD_S("; "));
        vd_buf_add(out, f->hint);
    }
    put_more(out, f);
}

void vd_lint_put_policy(vd_buf *out, const vd_lint_policy *p)
{
    static const char *const names[VD_KIND_COUNT] = {
        [VD_KIND_IDENTITY] = "identity policy",      [VD_KIND_MANAGED] = "managed policy",
        [VD_KIND_BOUNDARY] = "permissions boundary", [VD_KIND_SESSION] = "session policy",
        [VD_KIND_RESOURCE] = "resource policy",      [VD_KIND_TRUST] = "trust policy",
        [VD_KIND_SCP] = "service control policy",    [VD_KIND_RCP] = "resource control policy",
        [VD_KIND_ENDPOINT] = "endpoint policy",
    };
    vd_str kind, resource = p->kind_text;

    vd_buf_printf(out, "%s", names[p->kind]);
    if (vd_str_cut(&resource, ':', &kind) && resource.n) {
        vd_buf_add(out, VD_S(" of "));
        vd_buf_add(out, resource);
    }
}

void vd_lint_put_statement(vd_buf *out, const vd_lint_finding *f)
{
    vd_buf_printf(out, "statement %u", f->statement + 1);
    if (f->sid.n) {
        vd_buf_add(out, VD_S(" \""));
        vd_buf_add(out, f->sid);
        vd_buf_byte(out, '"');
    }
}

/* "1 error, 2 security, 3 warnings"; how many kinds there were. */
static uint32_t put_counts(vd_buf *out, const uint32_t *by)
{
    static const int order[] = { VD_ERROR, VD_SECURITY, VD_WARNING, VD_SUGGESTION };
    uint32_t         kinds = 0;

    for (size_t i = 0; i < VD_COUNT(order); i++) {
        uint32_t n = by[order[i]];

        if (n == 0)
            continue;
        vd_buf_printf(out, "%s%u %s%s", kinds ? ", " : "", n, vd_severity_names[order[i]],
                      n == 1 || order[i] == VD_SECURITY ? "" : "s");
        kinds++;
    }
    return kinds;
}

static void put_further(vd_buf *out, uint32_t n, const char *what)
{
    if (n)
        vd_buf_printf(out, " \xc2\xb7 %u %s", n, what);
}

void vd_lint_put_summary(vd_buf *out, const vd_lint_job *job)
{
    const vd_lint_summary *s = job->summary;
    vd_buf                 hidden = vd_buf_on(out->alloc, 0);

    vd_buf_printf(out, "%u %s in %u %s: ", s->policies, s->policies == 1 ? "policy" : "policies", s->files,
                  s->files == 1 ? "file" : "files");
    if (put_counts(out, s->by_severity) == 0)
        vd_buf_add(out, VD_S("nothing found"));
    if (put_counts(&hidden, s->hidden_by_severity))
        vd_buf_printf(out, " (" VD_F " hidden)", VD_A(vd_buf_str(&hidden)));
    out->failed |= hidden.failed;
    vd_buf_done(&hidden);
    put_further(out, s->fixed, "fixed");
    put_further(out, s->unchanged, "outside the change");
    put_further(out, s->baselined, "baselined");
    put_further(out, s->suppressed, "suppressed");
    put_further(out, s->unresolved, "not resolved");
    put_further(out, s->undecided, "undecided");
    put_further(out, s->errors, "not readable");
}

/* ------------------------------------------------------------------ order */

/* An error first, then by score, then warnings, then suggestions. */
static uint32_t rank_of(const vd_lint_finding *f)
{
    switch (f->severity) {
    case VD_ERROR:
        return 0;
    case VD_SECURITY:
        return 101u - (f->score > 100 ? 100u : f->score);
    default:
        return 110u - (uint32_t)f->severity;
    }
}

static int by_rank(const void *a, const void *b)
{
    const vd_lint_ranked *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

bool vd_lint_rank(vd_lint_ranking *out, const vd_lint_job *job, bool with_suppressed)
{
    const vd_allocator *heap = vd_allocator_default();

    *out = (vd_lint_ranking){ 0 };
    for (uint32_t i = 0; i < job->count; i++) {
        for (uint32_t k = 0; k < vd_report_findings(job->reports[i]); k++) {
            const vd_lint_finding *f = vd_report_finding(job->reports[i], k);

            if (!vd_lint_shows(job, f) && !(with_suppressed && f->state == VD_STATE_SUPPRESSED))
                continue;
            if (!VD_PUSH(heap, out, (vd_lint_ranked){ job->reports[i], f, rank_of(f), out->count })) {
                vd_lint_ranking_done(out);
                return false;
            }
        }
    }
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, by_rank);
    return true;
}

void vd_lint_ranking_done(vd_lint_ranking *ranking)
{
    VD_VEC_DONE(vd_allocator_default(), ranking);
}
