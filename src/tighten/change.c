/* SPDX-License-Identifier: Apache-2.0
 *
 * A file whose policies change: found in it, edited by the way it is written (lint/fix.h), and read again.
 */
#include "tighten/change_int.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "extract/extract.h"
#include "extract/hcl_value.h"
#include "lint/fix.h"
#include "text/edit.h"

#include <stdlib.h>

struct vd_change {
    vd_arena            arena; /* all of it */
    vd_change_document *documents;
    uint32_t            count;
    vd_str              text, diff;
};

/* A file as it was read: before the change, or after it. */
typedef struct reading {
    vd_source     source;
    vd_extraction found;
    vd_hcl_value *values;   /* of Terraform, by row of found; else NULL */
    uint32_t      value_count, value_cap;
    vd_policy   **policies; /* by row of found; NULL: there is no text of a policy */
    vd_str       *keys;
} reading;

/* A row that a wish is about. */
typedef struct target {
    uint32_t   row;   /* VD_NONE: none */
    vd_sense   known; /* what its expressions stand for */
    vd_policy *says;  /* the policy without holes; borrows from the policy of the row */
} target;

typedef struct changing {
    vd_change            *out;
    const vd_engine      *engine;
    vd_str                path, text; /* of the file */
    const vd_change_wish *wishes;
    target               *targets; /* by wish */
    reading               was, is;
    vd_splice            *at;
    uint32_t              count, cap;
    vd_error             *err;
} changing;

/* ------------------------------------------------------------------ reading */

static void ignore_fault(void *user, uint8_t rule, int8_t severity, vd_span span, vd_str text, vd_str hint)
{
    (void)user, (void)rule, (void)severity, (void)span, (void)text, (void)hint;
}

static vd_code read_policies(changing *x, reading *r)
{
    const vd_policy_sink sink = { ignore_fault, NULL };

    r->policies = vd_arena_new_array(&x->out->arena, vd_policy *, r->found.count + 1);
    r->keys = vd_arena_new_array(&x->out->arena, vd_str, r->found.count + 1);
    if (!r->policies || !r->keys)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < r->found.count; i++) {
        const vd_extracted *e = &r->found.at[i];
        bool                usable;

        if (e->node == VD_NONE || e->synthetic)
            continue;
        VD_TRY(vd_policy_read_leniently(&r->policies[i], x->engine, e->kind_known ? e->kind : VD_KIND_IDENTITY, x->path,
                                        e->doc, e->node, &sink, &usable, x->err));
        if (!vd_change_policy_key(&x->out->arena, &r->keys[i], r->policies[i]))
            return vd_fail_nomem(x->err);
    }
    return VD_OK;
}

/* A configuration of Terraform: code around policies. */
static bool is_hcl(vd_str path)
{
    return vd_str_ends(path, VD_S(".tf")) || vd_str_ends(path, VD_S(".tofu")) || vd_str_ends(path, VD_S(".hcl"));
}

static bool take_value(void *user, const vd_hcl_value *value)
{
    reading      *r = user;
    vd_extraction *found = &r->found;
    vd_extracted   e = { .container = value->address, .pointer = VD_S(""), .doc = value->doc, .fixable = true, .variant = VD_VARIANT_PLAIN };

    e.policy = found->count;
    return VD_ARENA_PUSH(&found->arena, r->values, r->value_count, r->value_cap, *value) &&
           VD_ARENA_PUSH(&found->arena, found->at, found->count, found->cap, e);
}

static vd_code read_file(changing *x, reading *r, vd_str text)
{
    vd_extract_opts opts = { .catalog = vd_catalog_builtin() };

    r->source = (vd_source){ .name = x->path, .text = text };
    if (is_hcl(x->path)) {
        r->found = (vd_extraction){ .arena = vd_arena_on(&x->engine->alloc, 0), .format = "terraform" };
        if (vd_hcl_values(&r->source, &r->found.arena, &x->engine->limits, take_value, r) != VD_OK)
            return vd_fail_nomem(x->err);
    } else {
        VD_TRY(vd_extract(&r->found, x->engine, &r->source, &opts, NULL, x->err));
    }
    return read_policies(x, r);
}

static void reading_done(reading *r)
{
    for (uint32_t i = 0; r->policies && i < r->found.count; i++)
        vd_policy_release(r->policies[i]);
    vd_extraction_done(&r->found);
}

static uint32_t place_of(const vd_policy *p)
{
    return p->statement_count ? vd_policy_pos(p, p->statements[0].span).offset : 0;
}

static vd_code say_twice(changing *x)
{
    return vd_fail(x->err, VD_EINVAL, VD_F ": the policy stands there more than once", VD_A(x->path));
}

/* The row that says what the old document does, VD_NONE: none; of several the one that stands where it did. */
static vd_code find_row(changing *x, const vd_policy *old, uint32_t *out)
{
    vd_str   key;
    uint32_t same = 0, found = VD_NONE, placed = 0, there = VD_NONE;

    if (!vd_change_policy_key(&x->out->arena, &key, old))
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < x->was.found.count; i++) {
        if (!x->was.policies[i] || !vd_str_eq(x->was.keys[i], key))
            continue;
        same++;
        found = i;
        if (place_of(x->was.policies[i]) == place_of(old)) {
            placed++;
            there = i;
        }
    }
    *out = same == 1 ? found : placed == 1 ? there : VD_NONE;
    return *out != VD_NONE || same == 0 ? VD_OK : say_twice(x);
}

/* Is the row, with what its expressions may stand for, the old document? */
static vd_code try_row(changing *x, const vd_policy *old, uint32_t row, target *out)
{
    bool fits, more = x->was.values && x->was.values[row].more;

    *out = (target){ .row = VD_NONE };
    if (!vd_sense_learn(&x->out->arena, &out->known, x->was.policies[row], old, more, &fits))
        return vd_fail_nomem(x->err);
    if (!fits)
        return VD_OK;
    if (!vd_sense_fill(&x->out->arena, &out->known, x->was.policies[row], &out->says))
        return vd_fail_nomem(x->err);
    out->row = out->says ? row : VD_NONE;
    return VD_OK;
}

static bool has_holes(const changing *x, uint32_t row)
{
    const vd_policy *p = x->was.policies[row];

    return (p->source.holes && p->source.holes->count) || (x->was.values && x->was.values[row].more);
}

/* Word for word, or else by what expressions may stand for. */
static vd_code find_target(changing *x, const vd_policy *old, target *out)
{
    uint32_t row = VD_NONE;
    target   one;

    VD_TRY(find_row(x, old, &row));
    if (row != VD_NONE) {
        VD_TRY(try_row(x, old, row, out));
        if (out->row == VD_NONE)
            *out = (target){ .row = row, .says = x->was.policies[row] };
        return VD_OK;
    }
    *out = (target){ .row = VD_NONE };
    for (uint32_t i = 0; i < x->was.found.count; i++) {
        if (!x->was.policies[i] || !has_holes(x, i))
            continue;
        VD_TRY(try_row(x, old, i, &one));
        if (one.row != VD_NONE && out->row != VD_NONE)
            return say_twice(x);
        if (one.row != VD_NONE)
            *out = one;
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ editing */

static uint32_t first_offset(const vd_doc *doc, uint32_t node)
{
    uint32_t least = doc->nodes[node].offset;

    for (uint32_t i = node; i < doc->nodes[node].next; i++)
        if (doc->nodes[i].offset < least)
            least = doc->nodes[i].offset;
    return least;
}

static vd_span span_from(const vd_doc *doc, uint32_t node, uint32_t base)
{
    return (vd_span){ doc->nodes[node].offset - base, doc->nodes[node].length };
}

static vd_change_places places_of(const vd_extracted *e)
{
    uint32_t         base = first_offset(e->doc, e->node);
    uint32_t         version = vd_doc_member(e->doc, e->node, VD_S("Version"));
    uint32_t         statements = vd_doc_member(e->doc, e->node, VD_S("Statement"));
    vd_change_places p = { .root = span_from(e->doc, e->node, base) };

    if (version != VD_NONE)
        p.version = span_from(e->doc, version, base);
    if (statements != VD_NONE)
        p.statements = span_from(e->doc, statements, base);
    p.single = statements != VD_NONE && e->doc->nodes[statements].kind == VD_NODE_OBJECT;
    return p;
}

/* The nodes of a file with comments are those that it was read to; strict readers would refuse it. */
static bool lend_nodes(vd_file_run *run, const vd_doc *doc)
{
    uint32_t *parent, open = VD_NONE;

    if (doc->source->outer || doc->source->offset || doc->source->text.n != run->report->source.text.n)
        return true;
    parent = vd_arena_new_array(&run->worker->scratch, uint32_t, doc->count);
    for (uint32_t i = 0; parent && i < doc->count; i++) {
        while (open != VD_NONE && i >= doc->nodes[open].next)
            open = parent[open];
        parent[i] = open;
        if (doc->nodes[i].kind >= VD_NODE_ARRAY)
            open = i;
    }
    run->own.tried = true;
    run->own.doc = doc;
    run->own.parent = parent;
    return parent != NULL;
}

/* Edits of tokens become bytes of the file.  *out lives as long as the change. */
static vd_code realise(changing *x, uint32_t row, vd_fix *fix, const vd_lint_fix **out)
{
    const vd_linter linter = { .engine = (vd_engine *)(uintptr_t)x->engine };
    vd_lint_worker  worker = { .scratch = vd_arena_on(&x->engine->alloc, 0) };
    vd_report       report = { .arena = vd_arena_on(&x->engine->alloc, 0), .source = x->was.source };
    vd_file_run     run = { .linter = &linter, .worker = &worker, .report = &report };
    vd_look_at      look = { .extracted = &x->was.found.at[row] };
    vd_finding      f = { .fixes = fix, .fix_count = 1 };
    vd_lint_finding made = { 0 };
    vd_lint_fix    *copy = vd_arena_new(&x->out->arena, vd_lint_fix);
    vd_lint_edit   *edits = NULL;
    bool            ok;

    look.lint.engine = x->engine;
    look.lint.policy = x->was.policies[row];
    look.lint.doc = look.extracted->doc;
    look.lint.arena = &worker.scratch;
    ok = copy && lend_nodes(&run, look.lint.doc) && vd_lint_realise(&run, &look, &f, &made);
    if (ok && made.fix_count) {
        *copy = made.fixes[0];
        edits = vd_arena_new_array(&x->out->arena, vd_lint_edit, copy->edit_count + 1);
        ok = edits && vd_arena_dup(&x->out->arena, &copy->refused, copy->refused);
        for (uint32_t i = 0; ok && i < copy->edit_count; i++) {
            edits[i] = copy->edits[i];
            ok = vd_arena_dup(&x->out->arena, &edits[i].text, edits[i].text);
        }
        copy->edits = edits;
    }
    vd_arena_done(&report.arena);
    vd_arena_done(&worker.scratch);
    *out = copy;
    return ok ? VD_OK : vd_fail_nomem(x->err);
}

static bool any_malformed(const vd_policy *p)
{
    for (uint32_t i = 0; i < p->statement_count; i++)
        if (p->statements[i].malformed)
            return true;
    return false;
}

/* Why the file cannot be edited; empty: it can, as far as one sees beforehand. */
static vd_str why_not(const vd_extracted *e, const vd_policy *now)
{
    if (e->variant != VD_VARIANT_PLAIN)
        return VD_S("the template has several variants of the policy");
    if (now->statement_count == 0)
        return VD_S("nothing is left of the policy: detach or delete it");
    if (any_malformed(now))
        return VD_S("the new document has a malformed statement");
    if (!e->fixable)
        return e->unfixable ? vd_str_of(e->unfixable) : VD_S("the policy is not written in this file");
    return VD_S("");
}

/* A list of YAML that goes to lines of its own leaves no blank behind its key, and no empty line. */
static void trim_start(const changing *x, vd_lint_edit *e)
{
    if (e->text.n == 0 || (e->text.p[0] != '\n' && e->text.p[0] != '\r') || e->start == e->end)
        return;
    while (e->start > 0 && (x->text.p[e->start - 1] == ' ' || x->text.p[e->start - 1] == '\t'))
        e->start--;
    if (e->start > 0 && x->text.p[e->start - 1] == '\n')
        e->start -= e->start > 1 && x->text.p[e->start - 2] == '\r' ? 2 : 1;
}

static int by_place(const void *a, const void *b)
{
    const vd_lint_edit *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* Edits of tokens, and those of bytes. */
static vd_code take_edits(changing *x, vd_change_document *d, const vd_lint_fix *fix, const vd_editing *e)
{
    uint32_t      tokens = fix ? fix->edit_count : 0, n = 0;
    vd_lint_edit *all = vd_arena_new_array(&x->out->arena, vd_lint_edit, (size_t)tokens + e->count + 1);

    if (!all)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < tokens; i++)
        all[n++] = fix->edits[i];
    for (uint32_t i = 0; i < e->count; i++)
        all[n++] = (vd_lint_edit){ .start = e->at[i].start, .end = e->at[i].end, .text = e->at[i].text };
    for (uint32_t i = 0; i < n; i++) {
        trim_start(x, &all[i]);
        if (vd_has_hole(all[i].text)) {
            d->review = VD_S("what a function of the template says would have to be written in another place");
            return VD_OK;
        }
    }
    qsort(all, n, sizeof *all, by_place);
    d->edits = all;
    d->edit_count = n;
    for (uint32_t i = 0; i < n; i++)
        if (!VD_ARENA_PUSH(&x->out->arena, x->at, x->count, x->cap, (vd_splice){ all[i].start, all[i].end, all[i].text }))
            return vd_fail_nomem(x->err);
    return VD_OK;
}

static uint8_t form_of(const changing *x, uint32_t row)
{
    static const uint8_t forms[] = { [VD_HCL_JSONENCODE] = VD_FORM_HCL, [VD_HCL_LINES] = VD_FORM_LINES, [VD_HCL_DOCUMENT] = VD_FORM_BLOCKS };

    return x->was.values ? forms[x->was.values[row].form] : VD_FORM_JSON;
}

/* Edits that can be made, and what somebody has to look at all the same. */
static vd_code edit(changing *x, const target *t, const vd_change_pairs *pairs, const vd_change_places *places, vd_change_document *d)
{
    vd_fix             fix = { .kind = VD_LINT_SAFE, .title = VD_S("right-size the policy"), .thorough = true };
    vd_editing         e = { .p = pairs, .out = &fix };
    const vd_lint_fix *made = NULL;

    e.style = (vd_style){ .arena = &x->out->arena, .old = pairs->old, .known = &t->known, .file = x->text, .form = form_of(x, t->row),
                          .count = pairs->old->statement_count - t->known.foreign_count };
    if (!vd_change_edits(&e, places))
        return vd_fail_nomem(x->err);
    if (e.by_hand) {
        d->review = vd_str_of(e.by_hand);
        return VD_OK;
    }
    if (fix.count)
        VD_TRY(realise(x, t->row, &fix, &made));
    if (made && made->refused.n) {
        d->review = made->refused;
        return VD_OK;
    }
    VD_TRY(take_edits(x, d, made, &e));
    if (!vd_change_notes(&x->out->arena, d, &x->was.source, e.style.form == VD_FORM_YAML))
        return vd_fail_nomem(x->err);
    if (d->edit_count && e.review.n)
        d->review = e.review;
    else if (d->edit_count && x->was.values && x->was.values[t->row].several)
        d->review = VD_S("the block has count or for_each: the others that it makes change, too");
    return VD_OK;
}

/* A plan is generated: what made it can be edited. */
static bool say_where(changing *x, const vd_extracted *e, vd_str *review)
{
    vd_str document = vd_extracted_fact(e, "document");

    return vd_arena_printf(&x->out->arena, review, VD_F ": change " VD_F " in its configuration", VD_A(*review),
                           VD_A(document.n ? document : e->container));
}

static vd_code change_to(changing *x, const target *t, const vd_policy *old, const vd_policy *now, vd_change_document *d)
{
    const vd_extracted *e = &x->was.found.at[t->row];
    const vd_policy    *was = x->was.policies[t->row];
    vd_change_places    places = places_of(e);
    vd_change_pairs     pairs, told;
    bool                same = t->says == was || !has_holes(x, t->row);

    if (!vd_change_pair(&x->out->arena, &pairs, t->says, now) || !vd_change_pair(&x->out->arena, &told, same ? t->says : old, now) ||
        !vd_change_patch(&x->out->arena, &d->patch, &told, same && places.single) ||
        !vd_change_restore(&x->out->arena, &d->restore, &told))
        return vd_fail_nomem(x->err);
    d->at = vd_policy_pos(was, was->statement_count ? was->statements[0].span : (vd_span){ 0, 1 });
    d->at.file = x->path;
    d->review = why_not(e, now);
    if (!e->fixable && vd_str_ends(d->review, VD_S("by terraform")) && !say_where(x, e, &d->review))
        return vd_fail_nomem(x->err);
    return d->review.n ? VD_OK : edit(x, t, &pairs, &places, d);
}

static vd_code change_one(changing *x, uint32_t i)
{
    const vd_change_wish *w = &x->wishes[i];
    vd_change_document   *d = &x->out->documents[i];
    target               *t = &x->targets[i];
    const vd_extracted   *e;
    vd_policy            *now = NULL;
    vd_code               code;

    VD_TRY(find_target(x, w->old, t));
    d->absent = t->row == VD_NONE;
    if (d->absent)
        return VD_OK;
    e = &x->was.found.at[t->row];
    if (!vd_arena_dup(&x->out->arena, &d->container, e->container) || !vd_arena_dup(&x->out->arena, &d->pointer, e->pointer))
        return vd_fail_nomem(x->err);
    for (uint32_t k = 0; k < i; k++)
        if (x->targets[k].row == t->row) {
            d->review = VD_S("another policy is made by the same text");
            return VD_OK;
        }
    if (w->document.n == 0) {
        d->review = w->review.n ? w->review : VD_S("no single document can stand in its place");
        return VD_OK;
    }
    VD_TRY(vd_policy_parse(&now, x->engine, w->old->kind, x->path, w->document, NULL, x->err));
    code = change_to(x, t, w->old, now, d);
    vd_policy_release(now);
    return code;
}

/* ------------------------------------------------------------------ the file afterwards */

static int by_start(const void *a, const void *b)
{
    const vd_splice *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static vd_code make_text(changing *x)
{
    vd_buf  b = vd_buf_on(&x->engine->alloc, 0);
    vd_code code = VD_OK;

    if (x->count > 1)
        qsort(x->at, x->count, sizeof *x->at, by_start);
    if (!vd_splice_all(&b, x->text, x->at, x->count))
        code = vd_fail(x->err, VD_EINTERNAL, "self-check failed: two edits of " VD_F " are in each other's way", VD_A(x->path));
    else if (b.failed || !vd_arena_dup(&x->out->arena, &x->out->text, vd_buf_str(&b)))
        code = vd_fail_nomem(x->err);
    vd_buf_done(&b);
    return code;
}

static vd_code key_of_document(changing *x, const vd_change_wish *w, vd_str *out)
{
    vd_policy *now;
    bool       ok;

    VD_TRY(vd_policy_parse(&now, x->engine, w->old->kind, x->path, w->document, NULL, x->err));
    ok = vd_change_policy_key(&x->out->arena, out, now);
    vd_policy_release(now);
    return ok ? VD_OK : vd_fail_nomem(x->err);
}

static vd_code say_other(changing *x)
{
    return vd_fail(x->err, VD_EINTERNAL, "self-check failed: the edits of " VD_F " make another policy", VD_A(x->path));
}

/* The row as it is now, with what its expressions stand for, has to be the new document. */
static vd_code check_row(changing *x, uint32_t i)
{
    const target *t = &x->targets[i];
    vd_policy    *says;
    vd_str        key, wanted;

    if (!x->is.policies[t->row])
        return say_other(x);
    VD_TRY(key_of_document(x, &x->wishes[i], &wanted));
    if (!vd_sense_fill(&x->out->arena, &t->known, x->is.policies[t->row], &says) ||
        (says && !vd_change_policy_key(&x->out->arena, &key, says)))
        return vd_fail_nomem(x->err);
    return says && vd_str_eq(key, wanted) ? VD_OK : say_other(x);
}

/* Every policy of the file is what it was, but those that were to change are what they were to be. */
static vd_code check_text(changing *x)
{
    bool   *changes = vd_arena_new_array(&x->out->arena, bool, x->was.found.count + 1);
    vd_code code;

    if (!changes)
        return vd_fail_nomem(x->err);
    code = read_file(x, &x->is, x->out->text);
    if (code == VD_ENOMEM)
        return code;
    if (code != VD_OK || x->is.found.count != x->was.found.count)
        return vd_fail(x->err, VD_EINTERNAL, "self-check failed: " VD_F " could not be read any more", VD_A(x->path));
    for (uint32_t i = 0; i < x->out->count; i++)
        if (x->out->documents[i].edit_count) {
            changes[x->targets[i].row] = true;
            VD_TRY(check_row(x, i));
        }
    for (uint32_t i = 0; i < x->was.found.count; i++)
        if ((!changes[i] && !vd_str_eq(x->is.keys[i], x->was.keys[i])) ||
            !vd_str_eq(x->is.found.at[i].container, x->was.found.at[i].container))
            return say_other(x);
    return VD_OK;
}

/* git reads a name with blanks up to a tab. */
static bool diff_name(vd_arena *arena, vd_str *out, char side, vd_str path)
{
    return vd_arena_printf(arena, out, "%c/" VD_F "%s", side, VD_A(path), vd_str_find(path, ' ') < path.n ? "\t" : "");
}

static vd_code make_diff(changing *x)
{
    vd_arena scratch = vd_arena_on(&x->engine->alloc, 0);
    vd_buf   b = vd_buf_on(&x->engine->alloc, 0);
    vd_str   was, now;
    bool     ok = diff_name(&scratch, &was, 'a', x->path) && diff_name(&scratch, &now, 'b', x->path) &&
                  vd_diff_unified(&b, &scratch, was, x->text, now, x->out->text) && !b.failed &&
                  vd_arena_dup(&x->out->arena, &x->out->diff, vd_buf_str(&b));

    vd_buf_done(&b);
    vd_arena_done(&scratch);
    return ok ? VD_OK : vd_fail_nomem(x->err);
}

static vd_code change(changing *x, uint32_t count)
{
    x->out->documents = vd_arena_new_array(&x->out->arena, vd_change_document, count + 1);
    x->targets = vd_arena_new_array(&x->out->arena, target, count + 1);
    if (!x->out->documents || !x->targets)
        return vd_fail_nomem(x->err);
    x->out->count = count;
    VD_TRY(read_file(x, &x->was, x->text));
    for (uint32_t i = 0; i < count; i++)
        VD_TRY(change_one(x, i));
    VD_TRY(make_text(x));
    VD_TRY(check_text(x));
    return make_diff(x);
}

vd_code vd_change_make(vd_change **out, const vd_engine *engine, vd_str path, vd_str text, const vd_change_wish *wishes,
                       uint32_t count, vd_error *err)
{
    changing x = { .engine = engine, .path = path, .text = text, .wishes = wishes, .err = err };
    vd_code  code;

    *out = NULL;
    x.out = vd_alloc0(&engine->alloc, sizeof *x.out);
    if (!x.out)
        return vd_fail_nomem(err);
    x.out->arena = vd_arena_on(&engine->alloc, 0);
    code = change(&x, count);
    reading_done(&x.was);
    reading_done(&x.is);
    if (code == VD_OK)
        *out = x.out;
    else
        vd_change_free(x.out);
    return code;
}

void vd_change_result_of(const vd_change *c, vd_change_result *out)
{
    vd_change_result r = { .size = sizeof r, .documents = c->documents, .count = c->count, .text = c->text, .diff = c->diff };

    r.size = out->size;
    memcpy(out, &r, out->size < sizeof r ? out->size : sizeof r);
}

void vd_change_free(vd_change *c)
{
    vd_allocator alloc;

    if (!c)
        return;
    alloc = c->arena.alloc;
    vd_arena_done(&c->arena);
    vd_free(&alloc, c, sizeof *c);
}
