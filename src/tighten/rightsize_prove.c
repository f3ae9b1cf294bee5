/* SPDX-License-Identifier: Apache-2.0
 *
 * The proofs of usage 6.6, made of the texts that are to be given out and of nothing else that was thought on the way:
 * O1 whatever was observed and was allowed still is, O2 nothing is allowed that was not, O3 every Deny is there.  An answer
 * that is not known fails.
 */
#include "tighten/rightsize.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "pattern/glob.h"
#include "policy/write.h"
#include "tighten/shape.h"

#include <stdio.h>

#include <verdict/analyze.h>
#include <verdict/eval.h>

typedef struct proving {
    vd_rs               *r;
    vd_policy          **news; /* all documents of the new side, unchanged ones too */
    uint32_t             new_count;
    vd_policy           *observed;
    vd_set              *before, *after; /* what is held */
    vd_rightsize_proof   proof;
    char                 witness[200]; /* of a proof that failed; the fault of a document */
} proving;

/* ------------------------------------------------------------------ sets */

static vd_code add_to(vd_builder *b, vd_policy *p, vd_layer layer, vd_error *err)
{
    vd_attach at = { .size = sizeof at, .layer = layer };

    return vd_builder_add(b, p, &at, err);
}

vd_code vd_rs_make_set(vd_set **out, const vd_rs *r, vd_policy *const *policies, uint32_t count, vd_policy *other, vd_layer layer)
{
    vd_error   *err = r->err;
    vd_builder *b = NULL;
    vd_code     code = vd_builder_new(&b, r->t->engine, err);

    *out = NULL;
    for (uint32_t i = 0; i < count && code == VD_OK; i++)
        code = add_to(b, policies[i], VD_LAYER_IDENTITY, err);
    if (code == VD_OK && other)
        code = add_to(b, other, layer, err);
    if (code == VD_OK)
        code = vd_builder_compile(out, b, NULL, err);
    vd_builder_free(b);
    return code;
}

static vd_code make_set(vd_set **out, const proving *p, vd_policy *const *policies, uint32_t count, vd_policy *boundary)
{
    return vd_rs_make_set(out, p->r, policies, count, boundary, VD_LAYER_BOUNDARY);
}

/* ------------------------------------------------------------------ questions */

static bool remember(void *user, const vd_delta *d)
{
    proving *p = user;

    if (d->witness)
        snprintf(p->witness, sizeof p->witness, VD_F " on " VD_F, VD_A(vd_str_first(d->witness->action, 64)),
                 VD_A(vd_str_first(d->witness->resource, 120)));
    else if (d->actions.count)
        snprintf(p->witness, sizeof p->witness, VD_F, VD_A(vd_str_first(d->actions.at[0], 64)));
    return false;
}

/* Nothing of `wide` is missing in `narrow`. */
static vd_code nothing_beyond(proving *p, const vd_set *within, const vd_set *asked, const char *what)
{
    vd_diff_opts    opts = { .size = sizeof opts, .first = true };
    vd_diff_summary sum = { .size = sizeof sum };
    vd_code         code;

    opts.prove = (vd_prove_opts){ .size = sizeof opts.prove, .catalog = p->r->t->catalog, .budget = p->r->opts->budget,
                                  .now = p->r->opts->now, .future_actions = true };
    p->witness[0] = '\0';
    code = vd_diff(within, asked, &opts, remember, p, &sum, p->r->err);
    p->proof.units += sum.units;
    if (code != VD_OK && code != VD_EBUDGET)
        return code;
    if (sum.broader == VD_UNSAT)
        return VD_OK;
    if (sum.broader == VD_SAT)
        return vd_fail(p->r->err, VD_EINTERNAL, "self-check failed: %s: %s", what, p->witness);
    return vd_fail(p->r->err, VD_EBUDGET, "it could not be decided within the budget whether %s%s%s", what, p->witness[0] ? ": " : "", p->witness);
}

/* ------------------------------------------------------------------ the new documents */

/* The worst that is said of a document; of errors the first one goes to `fault`. */
static int32_t worst_of(proving *p, vd_policy **out, vd_kind kind, vd_str name, vd_str text, vd_code *code)
{
    vd_diags *notes = NULL;
    int32_t   worst = -1;

    *code = vd_diags_new(&notes, p->r->t->engine, p->r->err);
    if (*code == VD_OK)
        *code = vd_policy_parse(out, p->r->t->engine, kind, name, text, notes, p->r->err);
    for (size_t i = 0; *code == VD_OK && i < vd_diags_count(notes); i++) {
        const vd_diag *d = vd_diags_at(notes, i);

        if (d->severity >= VD_ERROR && worst < VD_ERROR)
            snprintf(p->witness, sizeof p->witness, VD_F, VD_A(vd_str_first(d->text, sizeof p->witness - 1)));
        worst = d->severity > worst ? d->severity : worst;
    }
    vd_diags_free(notes);
    return worst;
}

/* O6: it is a document without faults that it did not have before, and reads the same when it is written again. */
static vd_code round_trip(proving *p, const vd_policy *new)
{
    vd_buf     first = vd_buf_on(&p->r->t->engine->alloc, 0), second = vd_buf_on(&p->r->t->engine->alloc, 0);
    vd_policy *again = NULL;
    vd_code    code = vd_policy_write(&first, new);

    if (code == VD_OK)
        code = vd_policy_parse(&again, p->r->t->engine, new->kind, new->name, vd_buf_str(&first), NULL, p->r->err);
    if (code == VD_OK)
        code = vd_policy_write(&second, again);
    if (code == VD_OK && !vd_str_eq(vd_buf_str(&first), vd_buf_str(&second)))
        code = vd_fail(p->r->err, VD_EINTERNAL, "self-check failed: a new document does not read as it was written");
    vd_policy_release(again);
    vd_buf_done(&first);
    vd_buf_done(&second);
    return code;
}

static vd_code read_part(proving *p, const vd_rightsize_document *d, uint32_t part)
{
    vd_policy *old = NULL;
    vd_code    code;
    int32_t    was = worst_of(p, &old, d->old->kind, d->name, d->old->json, &code), is;

    vd_policy_release(old);
    if (code != VD_OK)
        return code;
    is = worst_of(p, &p->news[p->new_count], d->old->kind, d->part_names[part], d->parts[part], &code);
    if (code != VD_OK)
        return code;
    p->new_count++;
    if (is >= VD_ERROR && was < VD_ERROR)
        return vd_fail(p->r->err, VD_EINTERNAL, "self-check failed: the new \"" VD_F "\" has faults: %s", VD_A(vd_str_first(d->name, 64)), p->witness);
    return round_trip(p, p->news[p->new_count - 1]);
}

/* When nothing is left, a document that says nothing takes part in the proofs. */
static vd_code read_nothing(proving *p)
{
    vd_code code = vd_policy_parse(&p->news[0], p->r->t->engine, VD_KIND_IDENTITY, VD_S("nothing"),
                                   VD_S("{\"Version\":\"2012-10-17\",\"Statement\":[]}"), NULL, p->r->err);

    p->new_count = code == VD_OK;
    return code;
}

static vd_code read_new(proving *p)
{
    const vd_rightsize_result *res = p->r->result;
    size_t                     n = 0;

    for (size_t i = 0; i < res->document_count; i++)
        n += res->documents[i].part_count;
    p->news = vd_arena_new_array(&p->r->scratch, vd_policy *, n + 1);
    if (!p->news)
        return vd_fail_nomem(p->r->err);
    for (size_t i = 0; i < res->document_count; i++)
        for (size_t j = 0; j < res->documents[i].part_count; j++)
            VD_TRY(read_part(p, &res->documents[i], (uint32_t)j));
    return p->new_count ? VD_OK : read_nothing(p);
}

/* ------------------------------------------------------------------ O1 */

/* As a document: what was observed, wherever it was allowed. */
bool vd_rs_is_observed(const vd_rs *r, const vd_rs_seen *s)
{
    if (s->state == VD_STATE_USED)
        return !r->opts->min_days_used || s->days >= r->opts->min_days_used;
    return s->state == VD_STATE_POSSIBLE || (r->opts->include_denied && s->denied > 0);
}

static bool is_bound(const vd_rs_seen *s)
{
    /* of attempts that count, what they were made on is there once it was decided so */
    return (s->state == VD_STATE_USED ? s->sure : s->keep == VD_RS_OBSERVED) && s->on.count && !s->on.more;
}

/* As the resource of a statement that knows variables. */
static void add_escaped(vd_rs *r, vd_buf *b, const vd_rs_seen *s, vd_str text)
{
    vd_rs_pattern on;
    bool          inexact = false;

    b->failed |= !vd_rs_code_observed(r, &on, s, text);
    if (!b->failed && vd_glob_classify(on.coded) == VD_GLOB_LITERAL)
        b->failed |= !vd_shape_escape(&r->scratch, &text, on.coded, true, &inexact);
    vd_json_of_string(b, text);
}

static void add_observed(vd_rs *r, vd_buf *b, const vd_rs_seen *s, bool first)
{
    vd_buf_printf(b, "%s{\"Effect\":\"Allow\",\"Action\":", first ? "" : ",");
    vd_json_of_string(b, s->name);
    vd_buf_add(b, VD_S(",\"Resource\":["));
    if (!is_bound(s))
        vd_buf_add(b, VD_S("\"*\""));
    for (size_t i = 0; i < s->on.count && is_bound(s); i++) {
        vd_buf_add(b, i ? VD_S(",") : VD_S(""));
        add_escaped(r, b, s, s->on.at[i]);
    }
    vd_buf_add(b, VD_S("]}"));
}

static vd_code read_observed(proving *p, bool *any)
{
    vd_rs  *r = p->r;
    vd_buf  b = vd_buf_on(&r->t->engine->alloc, 0);
    vd_code code;

    *any = false;
    vd_buf_add(&b, VD_S("{\"Version\":\"2012-10-17\",\"Statement\":["));
    for (uint32_t i = 0; i < r->t->seen_count; i++)
        if (vd_rs_is_observed(r, &r->t->seen[i])) {
            add_observed(r, &b, &r->t->seen[i], !*any);
            *any = true;
        }
    vd_buf_add(&b, VD_S("]}"));
    code = b.failed ? vd_fail_nomem(r->err)
                    : vd_policy_parse(&p->observed, r->t->engine, VD_KIND_BOUNDARY, VD_S("observed"), vd_buf_str(&b), NULL, r->err);
    vd_buf_done(&b);
    return code;
}

static vd_code prove_covers(proving *p, vd_policy *const *olds)
{
    vd_set *before = NULL, *after = NULL;
    bool    any;
    vd_code code = read_observed(p, &any);

    if (code == VD_OK && any)
        code = make_set(&before, p, olds, p->r->t->document_count, p->observed);
    if (code == VD_OK && any)
        code = make_set(&after, p, p->news, p->new_count, p->observed);
    if (code == VD_OK && any)
        code = nothing_beyond(p, after, before, "something that was used would be refused");
    vd_set_release(before);
    vd_set_release(after);
    p->proof.covers = code == VD_OK;
    return code;
}

/* ------------------------------------------------------------------ O3 */

static vd_str statement_text(const vd_policy *p, const vd_statement *s)
{
    return (vd_str){ p->source.text.p + s->span.offset, s->span.length };
}

/* {Allow everything, the denies of a document} */
static void add_denies(vd_buf *b, const vd_policy *p, uint32_t *count)
{
    for (uint32_t i = 0; i < p->statement_count; i++)
        if (p->statements[i].effect == VD_EFFECT_DENY) {
            vd_buf_byte(b, ',');
            vd_buf_add(b, statement_text(p, &p->statements[i]));
            ++*count;
        }
}

/* The denies of the parts of one document, in their order. */
static vd_code deny_policy(proving *p, vd_policy **out, vd_policy *const *parts, size_t count, uint8_t language, uint32_t *denies,
                           vd_str *texts)
{
    vd_rs  *r = p->r;
    vd_buf  b = vd_buf_on(&r->t->engine->alloc, 0);
    size_t  from;
    vd_code code = VD_OK;

    vd_buf_printf(&b, "{\"Version\":\"%s\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}",
                  language == VD_LANGUAGE_2012 ? "2012-10-17" : "2008-10-17");
    from = b.n;
    for (size_t i = 0; i < count; i++)
        add_denies(&b, parts[i], denies);
    if (b.failed || !vd_arena_dup(&r->scratch, texts, vd_str_from(vd_buf_str(&b), from)))
        code = vd_fail_nomem(r->err);
    vd_buf_add(&b, VD_S("]}"));
    if (code == VD_OK && *denies)
        code = vd_policy_parse(out, r->t->engine, VD_KIND_IDENTITY, VD_S("denies"), vd_buf_str(&b), NULL, r->err);
    vd_buf_done(&b);
    return code;
}

static vd_code compare_denies(proving *p, vd_policy *before, vd_policy *after)
{
    vd_set *a = NULL, *b = NULL;
    vd_code code = make_set(&a, p, &before, 1, NULL);

    if (code == VD_OK)
        code = make_set(&b, p, &after, 1, NULL);
    if (code == VD_OK)
        code = nothing_beyond(p, a, b, "something that was denied would not be");
    if (code == VD_OK)
        code = nothing_beyond(p, b, a, "something that was not denied would be");
    vd_set_release(a);
    vd_set_release(b);
    return code;
}

static vd_code prove_denies_of(proving *p, uint32_t document, vd_policy *const *parts, size_t count)
{
    vd_policy *before = NULL, *after = NULL, *old = p->r->models[document];
    vd_str     texts = { 0 }, new_texts = { 0 };
    uint32_t   denies = 0, new_denies = 0;
    vd_code    code = deny_policy(p, &before, &old, 1, old->language, &denies, &texts);

    if (code == VD_OK)
        code = deny_policy(p, &after, parts, count, old->language, &new_denies, &new_texts);
    if (code == VD_OK && (denies != new_denies || (count <= 1 && !vd_str_eq(texts, new_texts))))
        code = vd_fail(p->r->err, VD_EINTERNAL, "self-check failed: a Deny of \"" VD_F "\" would be changed",
                       VD_A(p->r->t->documents[document].name));
    if (code == VD_OK && denies)
        code = compare_denies(p, before, after);
    vd_policy_release(before);
    vd_policy_release(after);
    return code;
}

static vd_code prove_denies(proving *p)
{
    const vd_rightsize_result *res = p->r->result;
    size_t                     at = 0;

    for (size_t i = 0; i < res->document_count; i++) {
        if (!res->documents[i].unchanged)
            VD_TRY(prove_denies_of(p, (uint32_t)i, p->news + at, res->documents[i].part_count));
        at += res->documents[i].part_count;
    }
    p->proof.denies_kept = true;
    return VD_OK;
}

/* ------------------------------------------------------------------ is it worth it? */

static bool stop(void *user, const vd_delta *d)
{
    VD_UNUSED(user);
    VD_UNUSED(d);
    return false;
}

/* What went may be allowed by something that stays: that is no fault, and should be known. */
static vd_code look_for_less(proving *p)
{
    vd_rs          *r = p->r;
    vd_diff_opts    opts = { .size = sizeof opts, .first = true };
    vd_diff_summary sum = { .size = sizeof sum };
    vd_str         *at;
    vd_code         code;

    opts.prove = (vd_prove_opts){ .size = sizeof opts.prove, .catalog = r->t->catalog, .budget = r->opts->budget, .now = r->opts->now,
                                  .future_actions = true };
    code = vd_diff(p->after, p->before, &opts, stop, NULL, &sum, r->err);
    p->proof.units += sum.units;
    if (code != VD_OK && code != VD_EBUDGET)
        return code;
    if (sum.broader != VD_UNSAT)
        return VD_OK;
    at = vd_arena_new_array(r->arena, vd_str, r->result->warnings.count + 1);
    if (!at)
        return vd_fail_nomem(r->err);
    for (size_t i = 0; i < r->result->warnings.count; i++)
        at[i] = r->result->warnings.at[i];
    at[r->result->warnings.count] = VD_S("shorter, but not smaller: all that is taken away is allowed by something that stays");
    r->result->warnings = (vd_texts_list){ at, r->result->warnings.count + 1 };
    return VD_OK;
}

static vd_code look_at_previous(proving *p)
{
    vd_set *previous = NULL;
    vd_code code = make_set(&previous, p, p->r->opts->previous, (uint32_t)p->r->opts->previous_count, NULL);

    if (code == VD_OK)
        code = vd_rs_compare(p->r, &p->r->result->since, previous, p->after);
    vd_set_release(previous);
    return code;
}

static vd_code look_at_recommended(proving *p)
{
    const vd_rs_recommended *x = p->r->t->recommended;
    vd_set                  *set = NULL;
    vd_code                  code;

    if (x->broken) {
        p->r->result->aws = (vd_rightsize_since){ .asked = true, .less = VD_UNKNOWN, .more = VD_UNKNOWN };
        return VD_OK;
    }
    code = make_set(&set, p, x->at, x->count, NULL);
    if (code == VD_OK)
        code = vd_rs_compare(p->r, &p->r->result->aws, set, p->after);
    vd_set_release(set);
    return code;
}

/* ------------------------------------------------------------------ all of them */

static vd_code prove_all(proving *p)
{
    vd_rs      *r = p->r;
    vd_policy **olds = vd_arena_new_array(&r->scratch, vd_policy *, (size_t)r->t->document_count + 1);

    if (!olds)
        return vd_fail_nomem(r->err);
    for (uint32_t i = 0; i < r->t->document_count; i++)
        olds[i] = r->t->documents[i].policy;
    VD_TRY(read_new(p));
    VD_TRY(make_set(&p->before, p, olds, r->t->document_count, NULL));
    VD_TRY(make_set(&p->after, p, p->news, p->new_count, NULL));
    VD_TRY(nothing_beyond(p, p->before, p->after, "something would be allowed that was not"));
    p->proof.nothing_new = true;
    VD_TRY(vd_rs_replay(r, olds, p->news, p->new_count, &p->proof));
    VD_TRY(prove_covers(p, olds));
    VD_TRY(prove_denies(p));
    if (r->opts->previous_count)
        VD_TRY(look_at_previous(p));
    if (r->t->recommended)
        VD_TRY(look_at_recommended(p));
    return r->result->smaller ? look_for_less(p) : VD_OK;
}

vd_code vd_rs_prove(vd_rs *r)
{
    proving p = { .r = r, .proof = { .size = sizeof p.proof } };
    vd_code code = prove_all(&p);

    for (uint32_t i = 0; i < p.new_count; i++)
        vd_policy_release(p.news[i]);
    vd_policy_release(p.observed);
    vd_set_release(p.before);
    vd_set_release(p.after);
    r->result->proof = p.proof;
    return code;
}
