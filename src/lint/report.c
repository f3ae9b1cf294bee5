/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings as the outside reads them: positions with both ends, the way to the token, severities as they are configured,
 * ids that survive edits elsewhere.
 */
#include "lint/file.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "lint/baseline.h"
#include "lint/changed.h"
#include "lint/fingerprint.h"
#include "lint/source.h"
#include "lint/fix.h"
#include "lint/suppress.h"

#include <stdlib.h>

vd_report *vd_report_new(const vd_linter *linter, vd_str name, vd_str path, vd_str text)
{
    vd_arena   arena = vd_arena_on(&linter->engine->alloc, 0);
    vd_report *r = vd_arena_new(&arena, vd_report);

    if (!r || !vd_arena_dup(&arena, &r->source.name, name) || !vd_arena_dup(&arena, &r->path, path.n ? path : name)) {
        vd_arena_done(&arena);
        return NULL;
    }
    r->linter = linter;
    r->source.text = text;
    r->left_alone = VD_S("");
    r->arena = arena;
    return r;
}

/* ------------------------------------------------------------------ places */

vd_range vd_report_range(const vd_report *report, vd_pos at)
{
    vd_str   text = vd_str_first(vd_str_from(report->source.text, at.offset), at.length);
    vd_range r = { .at = at, .end_line = at.line, .end_column = at.column };

    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n') {
            r.end_line++;
            r.end_column = 1;
        } else {
            r.end_column += ((unsigned char)text.p[i] & 0xc0) != 0x80;
        }
    }
    return r;
}

/* The nodes of the statements, so that a way of many findings is not walked from the first statement each time. */
static bool find_statements(vd_look_at *look)
{
    const vd_doc *d = look->lint.doc;
    uint32_t      list = vd_doc_member(d, look->extracted->node, VD_S("Statement")), n = 0;

    look->nodes = vd_arena_new_array(look->lint.arena, uint32_t, look->lint.statement_count + 1);
    if (!look->nodes)
        return false;
    if (list == VD_NONE || d->nodes[list].kind != VD_NODE_ARRAY) {
        look->nodes[0] = list;
        return true;
    }
    for (uint32_t i = vd_doc_first(d, list); i != VD_NONE && n < look->lint.statement_count; i = vd_doc_next(d, list, i))
        look->nodes[n++] = i;
    return true;
}

static bool covers(const vd_node *n, uint32_t offset)
{
    return offset >= n->offset && offset - n->offset < n->length;
}

static void add_step(vd_buf *b, vd_str name)
{
    vd_buf_byte(b, '/');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '~')
            vd_buf_add(b, VD_S("~0"));
        else if (name.p[i] == '/')
            vd_buf_add(b, VD_S("~1"));
        else
            vd_buf_byte(b, name.p[i]);
    }
}

/* The element of a list that has the offset; node: none has.  The search goes on where the last one ended: of a list of
 * a hundred thousand with a finding at each it would be a walk each time. */
static uint32_t element_at(vd_buf *b, vd_look_at *look, uint32_t node, uint32_t offset)
{
    const vd_doc *d = look->lint.doc;
    uint32_t      i = vd_doc_first(d, node), index = 0;

    if (look->last.child && look->last.container == node && offset >= d->nodes[look->last.child].offset) {
        i = look->last.child;
        index = look->last.index;
    }
    for (; i != VD_NONE && d->nodes[i].offset <= offset; i = vd_doc_next(d, node, i), index++) {
        if (!covers(&d->nodes[i], offset))
            continue;
        look->last.container = node;
        look->last.child = i;
        look->last.index = index;
        vd_buf_printf(b, "/%u", (unsigned)index);
        return i;
    }
    return node;
}

/* One step down towards the offset; the node itself when it is no container or none of its children has it. */
static uint32_t step_down(vd_buf *b, vd_look_at *look, uint32_t node, uint32_t offset)
{
    const vd_doc *d = look->lint.doc;

    if (d->nodes[node].kind == VD_NODE_ARRAY)
        return element_at(b, look, node, offset);
    for (uint32_t i = vd_doc_first(d, node); i != VD_NONE; i = vd_doc_next(d, node, i)) {
        if (covers(&d->nodes[i], offset) || covers(&d->nodes[i + 1], offset)) {
            add_step(b, vd_doc_text(d, i));
            return covers(&d->nodes[i], offset) ? i : i + 1;
        }
    }
    return node;
}

static bool points_at(vd_buf *b, vd_look_at *look, const vd_finding *f)
{
    const vd_doc *d = look->lint.doc;
    uint32_t      node = look->extracted->node, offset, from;

    vd_buf_add(b, look->extracted->pointer);
    if (node == VD_NONE || !look->lint.policy || f->span.length == 0)
        return true;
    offset = d->nodes[node].offset + f->span.offset;
    if (f->statement != VD_NONE) {
        if (!look->nodes && !find_statements(look))
            return false;
        from = look->nodes[d->nodes[look->nodes[0]].kind == VD_NODE_OBJECT && look->lint.statement_count == 1 ? 0
                                                                                                              : f->statement];
        if (from != VD_NONE && covers(&d->nodes[from], offset)) {
            vd_buf_add(b, VD_S("/Statement"));
            if (d->nodes[vd_doc_member(d, node, VD_S("Statement"))].kind == VD_NODE_ARRAY)
                vd_buf_printf(b, "/%u", (unsigned)f->statement);
            node = from;
        }
    }
    if (offset == d->nodes[node].offset)
        return true;
    for (uint32_t next = step_down(b, look, node, offset); next != node; next = step_down(b, look, node, offset)) {
        node = next;
        if (offset == d->nodes[node].offset && (f->span.length == 1 || d->nodes[node].length == f->span.length))
            break;
    }
    return true;
}

/* ------------------------------------------------------------------ severities */

static int32_t settled_severity(const vd_linter *l, uint32_t rule, int32_t severity)
{
    const vd_rule_choice *c = &l->config.rules[rule];

    if (l->stale && (l->names.at[rule]->flags & VD_LINT_DATED) && severity > VD_SUGGESTION)
        severity--;
    return c->severity ? c->severity : severity;
}

static vd_str first_code(const char *codes)
{
    vd_str s = vd_str_of(codes ? codes : "");

    return vd_str_first(s, vd_str_find(s, ' '));
}

/* They may be very many: a block of their own leaves no smaller ones behind. */
static bool resize_findings(vd_report *r, uint32_t cap)
{
    size_t           was = r->finding_cap * sizeof *r->findings, bytes;
    vd_lint_finding *at;

    if (cap < r->finding_count || !vd_mul_ok(cap, sizeof *at, &bytes))
        return false;
    at = vd_realloc(&r->arena.alloc, r->findings, was, bytes);
    if (!at)
        return false;
    r->findings = at;
    r->finding_cap = cap;
    return true;
}

static vd_lint_finding *new_finding(vd_report *r, uint32_t rule, int32_t severity, unsigned score)
{
    const vd_linter *l = r->linter;
    vd_lint_finding  f = { .size = sizeof f, .rule = &l->infos[rule], .policy = VD_NONE, .statement = VD_NONE };

    f.severity = settled_severity(l, rule, severity);
    f.score = f.severity == VD_SECURITY ? (uint8_t)(score ? score : 50) : 0;
    f.confidence = l->names.at[rule]->confidence;
    f.code = first_code(l->names.at[rule]->codes);
    if (r->finding_count == r->finding_cap && !resize_findings(r, r->finding_cap + r->finding_cap / 2 + 4))
        return NULL;
    r->findings[r->finding_count] = f;
    return &r->findings[r->finding_count++];
}

/* Below what is asked for; a rule that was chosen by name is shown whatever it is. */
static void settle_state(const vd_linter *l, vd_lint_finding *f)
{
    const vd_rule_choice *c = &l->config.rules[f->rule - l->infos];

    if (f->severity < l->min_severity || (f->confidence > l->confidence && !c->chosen))
        f->state = VD_STATE_HIDDEN;
}

/* ------------------------------------------------------------------ taking */

static bool take_related(vd_report *r, vd_lint_finding *out, const vd_finding *f)
{
    vd_lint_related *at = vd_arena_new_array(&r->arena, vd_lint_related, f->related_count ? f->related_count : 1);

    if (!at)
        return false;
    for (uint32_t i = 0; i < f->related_count; i++) {
        at[i].range = vd_report_range(r, f->related[i].at);
        at[i].range.at.file = r->source.name;
        if (!vd_arena_dup(&r->arena, &at[i].label, f->related[i].label))
            return false;
    }
    out->related = at;
    out->related_count = f->related_count;
    return true;
}

/* One line, whatever is quoted in it. */
static bool take_line(vd_arena *arena, vd_str *out, vd_str text)
{
    vd_buf b = vd_buf_on(&arena->alloc, 0);
    size_t i = 0;
    bool   ok;

    while (i < text.n && (unsigned char)text.p[i] >= 0x20)
        i++;
    if (i == text.n)
        return vd_arena_dup(arena, out, text);
    for (i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < 0x20)
            vd_buf_printf(&b, "\\u{%x}", (unsigned)text.p[i]);
        else
            vd_buf_byte(&b, text.p[i]);
    ok = !b.failed && vd_arena_dup(arena, out, vd_buf_str(&b));
    vd_buf_done(&b);
    return ok;
}

static bool take_words(vd_report *r, vd_lint_finding *out, const vd_finding *f)
{
    return vd_arena_dup(&r->arena, &out->token, f->token) && vd_arena_dup(&r->arena, &out->hint, f->hint) &&
           vd_arena_dup(&r->arena, &out->when, f->when) && take_line(&r->arena, &out->message, f->message);
}

vd_code vd_report_take(vd_file_run *run, vd_look_at *look, const vd_finding *f)
{
    vd_report  *r = run->report;
    vd_lint_finding *out = new_finding(r, f->rule_index, f->severity, f->score);
    vd_buf           pointer = vd_buf_on(&r->arena.alloc, 0);
    bool             ok;

    if (!out)
        return vd_fail_nomem(run->err);
    out->confidence = f->confidence;
    out->policy = look->policy;
    out->statement = f->statement;
    out->container = r->policies[look->policy].container;
    out->more = f->more;
    out->range = vd_report_range(r, f->at);
    out->range.at.file = r->source.name;
    if (f->code)
        out->code = vd_str_of(f->code);
    ok = points_at(&pointer, look, f) && !pointer.failed && vd_arena_dup(&r->arena, &out->pointer, vd_buf_str(&pointer)) &&
         take_words(r, out, f) && take_related(r, out, f);
    vd_buf_done(&pointer);
    if (ok && f->statement != VD_NONE && look->lint.statements)
        ok = vd_arena_dup(&r->arena, &out->sid, look->lint.statements[f->statement].model->sid.text);
    if (!ok || !vd_lint_realise(run, look, f, out) || !vd_fingerprint(run, look, out))
        return vd_fail_nomem(run->err);
    vd_lint_move(run, look->extracted, out);
    settle_state(r->linter, out);
    vd_suppress(run, look, out);
    vd_changed(run, look, out);
    return VD_OK;
}

static bool wanted(const vd_linter *l, uint32_t rule)
{
    return rule != VD_NONE && l->infos[rule].enabled;
}

vd_code vd_report_take_file(vd_file_run *run, uint32_t rule, uint32_t policy, vd_pos at, vd_str message)
{
    vd_report  *r = run->report;
    vd_lint_finding *out;

    if (!wanted(r->linter, rule))
        return VD_OK;
    out = new_finding(r, rule, r->linter->names.at[rule]->severity, r->linter->names.at[rule]->score);
    if (!out || !take_line(&r->arena, &out->message, message))
        return vd_fail_nomem(run->err);
    at.file = r->source.name;
    out->policy = policy;
    out->range = vd_report_range(r, at);
    if (!vd_fingerprint(run, NULL, out))
        return vd_fail_nomem(run->err);
    settle_state(r->linter, out);
    vd_suppress(run, NULL, out);
    vd_changed(run, NULL, out);
    return VD_OK;
}

vd_code vd_report_take_remark(vd_file_run *run, const vd_remark *remark)
{
    vd_report  *r = run->report;
    uint32_t         before = r->finding_count, rule = vd_lint_rule_find(remark->rule);
    vd_lint_finding *out;

    VD_TRY(vd_report_take_file(run, rule, VD_NONE, remark->at, remark->text));
    if (r->finding_count == before)
        return VD_OK;
    out = &r->findings[before];
    if (!vd_arena_dup(&r->arena, &out->hint, remark->hint) || !vd_arena_dup(&r->arena, &out->container, remark->container) ||
        !vd_lint_realise_patch(run, &remark->fix, out) || !vd_fingerprint(run, NULL, out))
        return vd_fail_nomem(run->err);
    vd_lint_move_by_address(run, remark->container, VD_S(""), &out->range);
    vd_suppress(run, NULL, out); /* now that its container is known */
    return VD_OK;
}

vd_code vd_report_take_diag(vd_file_run *run, const vd_diag *diag)
{
    vd_report *r = run->report;
    uint32_t        before = r->finding_count;

    VD_TRY(vd_report_take_file(run, vd_lint_rule_find(diag->rule), VD_NONE, diag->at, diag->text));
    if (r->finding_count > before && !vd_arena_dup(&r->arena, &r->findings[before].hint, diag->hint))
        return vd_fail_nomem(run->err);
    return VD_OK;
}

/* ------------------------------------------------------------------ order */

static int by_place(const void *a, const void *b)
{
    const vd_lint_finding *x = a, *y = b;
    int                    order;

    if (x->range.at.offset != y->range.at.offset)
        return x->range.at.offset < y->range.at.offset ? -1 : 1;
    order = strcmp(x->rule->id, y->rule->id);
    if (order == 0)
        order = vd_str_cmp(x->message, y->message);
    return order ? order : vd_str_cmp(x->id, y->id);
}

vd_code vd_report_finish(vd_file_run *run)
{
    vd_report *r = run->report;

    if (r->finding_count > 1)
        qsort(r->findings, r->finding_count, sizeof *r->findings, by_place);
    if (!vd_fingerprint_ordinals(run))
        return vd_fail_nomem(run->err);
    for (uint32_t i = 0; i < r->finding_count; i++)
        vd_baseline_apply(r->linter, &r->findings[i]);
    /* Reports are kept until all files are done. */
    if (r->finding_count && r->finding_count < r->finding_cap && !resize_findings(r, r->finding_count))
        return vd_fail_nomem(run->err);
    return VD_OK;
}

/* ------------------------------------------------------------------ questions */

void vd_report_free(vd_report *report)
{
    vd_arena arena;

    if (!report)
        return;
    arena = report->arena; /* which holds the report itself */
    vd_free(&arena.alloc, report->findings, report->finding_cap * sizeof *report->findings);
    vd_arena_done(&arena);
}

vd_str vd_report_file(const vd_report *report)
{
    return report->source.name;
}

vd_str vd_report_path(const vd_report *report)
{
    return report->path;
}

vd_str vd_report_text(const vd_report *report)
{
    return report->source.text;
}

const char *vd_report_format(const vd_report *report)
{
    return report->format;
}

const vd_error *vd_report_error(const vd_report *report)
{
    return report->failed ? &report->error : NULL;
}

uint32_t vd_report_policies(const vd_report *report)
{
    return report->policy_count;
}

const vd_lint_policy *vd_report_policy(const vd_report *report, uint32_t index)
{
    return index < report->policy_count ? &report->policies[index] : NULL;
}

uint32_t vd_report_findings(const vd_report *report)
{
    return report->finding_count;
}

const vd_lint_finding *vd_report_finding(const vd_report *report, uint32_t index)
{
    return index < report->finding_count ? &report->findings[index] : NULL;
}

uint32_t vd_report_unresolved_count(const vd_report *report)
{
    return report->unresolved_count;
}

const vd_lint_unresolved *vd_report_unresolved(const vd_report *report, uint32_t index)
{
    return index < report->unresolved_count ? &report->unresolved[index] : NULL;
}

uint32_t vd_report_fixed(const vd_report *report)
{
    return report->fixed;
}

vd_str vd_report_left_alone(const vd_report *report)
{
    return report->left_alone;
}

static void count_finding(vd_lint_summary *s, const vd_report *r, const vd_lint_finding *f)
{
    switch (f->state) {
    case VD_STATE_NEW:
        s->by_severity[f->severity]++;
        if (f->severity >= r->linter->fail_on && !f->rule->informs && s->exit_code == 0)
            s->exit_code = 1;
        break;
    case VD_STATE_HIDDEN:
        s->hidden++;
        s->hidden_by_severity[f->severity]++;
        break;
    case VD_STATE_BASELINED:
        s->baselined++;
        break;
    case VD_STATE_SUPPRESSED:
        s->suppressed++;
        break;
    default:
        s->unchanged++;
        break;
    }
}

static void count_unresolved(vd_lint_summary *s, const vd_report *r)
{
    for (uint32_t i = 0; i < r->unresolved_count; i++) {
        s->undecided += r->unresolved[i].undecided;
        s->unresolved += r->unresolved[i].undecided == 0;
    }
}

void vd_lint_summarise(vd_lint_summary *out, const vd_report *const *reports, uint32_t count)
{
    vd_lint_summary s = { .size = sizeof s };

    for (uint32_t i = 0; i < count; i++) {
        const vd_report *r = reports[i];

        s.files += !r->format || strcmp(r->format, "configuration") != 0;
        s.policies += r->policy_count;
        count_unresolved(&s, r);
        for (uint32_t k = 0; k < r->finding_count; k++)
            count_finding(&s, r, &r->findings[k]);
        s.errors += r->failed;
        s.fixed += r->fixed;
    }
    if (s.errors)
        s.exit_code = 2;
    else if (s.undecided && s.exit_code == 0)
        s.exit_code = 3;
    *out = s;
}
