/* SPDX-License-Identifier: Apache-2.0
 *
 * Deciding a case and holding the answer against what was expected.  Each case is decided three times: by vd_eval, by
 * vd_eval that also collects missing keys, and by vd_explain.  They must agree; that is worth more than any single
 * expectation, since it holds for cases nobody has thought about.
 */
#include "scenario/suite.h"

#include "base/str.h"

#include <stdio.h>
#include <time.h>

/* ------------------------------------------------------------------ deciding */

typedef struct answer {
    vd_code     code;
    vd_decision decision;
} answer;

static uint64_t now_ns(void)
{
    struct timespec t;

    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0) /* allowed: a stopwatch, no input of any decision */
        return 0;
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool is_answer(vd_code code)
{
    return code == VD_OK || code == VD_EREQUEST || code == VD_EMALFORMED;
}

/* For people who have to find the bug. */
static const char *told(char *out, size_t size, const answer *a)
{
    const vd_decision *d = &a->decision;

    if (a->code != VD_OK)
        snprintf(out, size, "error %s %s", vd_code_name(a->code), vd_category_name(d->category));
    else
        snprintf(out, size, "%s layer %d category %d policy %d statement %d level %u check %u trust %d",
                 vd_outcome_name(d->outcome), d->layer, d->category, (int)d->policy, (int)d->statement,
                 (unsigned)d->level, (unsigned)d->check, d->trust);
    return out;
}

static bool same(const answer *a, const answer *b)
{
    const vd_decision *x = &a->decision, *y = &b->decision;

    if (a->code != b->code || a->code != VD_OK)
        return a->code == b->code && x->category == y->category;
    return x->outcome == y->outcome && x->layer == y->layer && x->category == y->category && x->policy == y->policy &&
           x->statement == y->statement && x->level == y->level && x->check == y->check && x->trust == y->trust;
}

static vd_code differ(const vd_suite *s, size_t index, const answer *a, const char *of_a, const answer *b,
                      const char *of_b, vd_error *err)
{
    char x[160], y[160];

    return vd_fail_at(err, VD_EINTERNAL, s->cases.at[index].pub.at, "%s says %s, %s says %s", of_a,
                      told(x, sizeof x, a), of_b, told(y, sizeof y, b));
}

static vd_code evaluate(answer *a, uint64_t *ns, const vd_set *set, const vd_request *r, void *scratch, vd_error *err)
{
    uint64_t start = now_ns();

    a->decision = (vd_decision){ .size = sizeof a->decision };
    a->code = vd_eval(&a->decision, set, r, scratch);
    *ns = now_ns() - start;
    return is_answer(a->code) ? VD_OK : vd_fail(err, a->code, "evaluation failed: %s", vd_code_name(a->code));
}

static vd_code explain(vd_explanation **out, const vd_set *set, const vd_request *r, bool trace, vd_error *err)
{
    vd_explain_opts opts = { .size = sizeof opts, .no_proposals = true, .no_trace = !trace };

    return vd_explain(out, set, r, &opts, err);
}

/* ------------------------------------------------------------------ the result */

static const vd_str *action_of(const vd_request *r, uint32_t check)
{
    if (check < r->checks.count && r->checks.at[check].action.n)
        return &r->checks.at[check].action;
    return &r->field[VD_ACTION];
}

static void put_text(char *out, size_t size, vd_str s)
{
    size_t n = s.n < size ? s.n : size - 1;

    while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--; /* not through a code point */
    if (n)
        memcpy(out, s.p, n);
    out[n] = 0;
}

static void fill_error(vd_case_result *out, vd_code code, vd_str text, vd_pos at)
{
    out->code = code;
    out->outcome = vd_expect_name(VD_EXPECT_ERROR);
    put_text(out->reason, sizeof out->reason, text);
    out->error_at = at;
}

static void fill(vd_case_result *out, const answer *a, const vd_set *set, const vd_request *r)
{
    const vd_decision *d = &a->decision;

    out->code = a->code;
    out->decision = *d;
    out->layer = vd_layer_name(d->layer);
    out->category = vd_category_name(d->category);
    if (d->policy != VD_NONE)
        out->policy = vd_set_policy_name(set, d->policy);
    out->statement.size = sizeof out->statement;
    out->has_statement = d->policy != VD_NONE && d->statement != VD_NONE &&
                         vd_set_statement(set, d->policy, d->statement, &out->statement) == VD_OK;
    if (a->code == VD_OK) {
        out->outcome = vd_outcome_name(d->outcome);
        vd_decision_reason(out->reason, sizeof out->reason, d, *action_of(r, d->check));
    }
}

/* ------------------------------------------------------------------ the expectation */

static void failed(vd_case_result *out, const char *what, const char *expected, const char *got)
{
    if (out->failure[0] == 0)
        snprintf(out->failure, sizeof out->failure, "expected %s%s, got %s", what, expected, got);
}

static bool outcome_holds(const vd_expect *x, const vd_case_result *got)
{
    switch (x->outcome) {
    case VD_EXPECT_NOTHING:
        return true;
    case VD_EXPECT_ERROR:
        return got->code != VD_OK;
    case VD_EXPECT_DENY:
        return got->code == VD_OK && got->decision.outcome != VD_ALLOW;
    default:
        return got->code == VD_OK && got->decision.outcome == x->outcome;
    }
}

static bool name_holds(vd_str expected, vd_str name)
{
    return vd_str_eq(expected, name) ||
           (name.n > expected.n && name.p[name.n - expected.n - 1] == '/' && vd_str_ends(name, expected));
}

static bool statement_holds(const vd_expect *x, const vd_case_result *got)
{
    if (!got->has_statement)
        return false;
    return x->statement_is_index ? got->statement.index == x->statement : vd_str_eq(got->statement.sid, x->sid);
}

static bool listed(const vd_str *list, size_t count, vd_str key)
{
    for (size_t i = 0; i < count; i++)
        if (vd_str_ieq(list[i], key))
            return true;
    return false;
}

static bool missing_holds(const vd_expect *x, const vd_decision *d)
{
    size_t count = d->missing_count < VD_COUNT(d->missing) ? d->missing_count : VD_COUNT(d->missing);

    for (size_t i = 0; i < x->missing_count; i++)
        if (!listed(d->missing, count, x->missing[i]))
            return false;
    for (size_t i = 0; i < count; i++)
        if (!listed(x->missing, x->missing_count, d->missing[i]))
            return false;
    return true;
}

static const char *joined(char *out, size_t size, const vd_str *list, size_t count)
{
    size_t n = 0;

    snprintf(out, size, "%s", count ? "" : "none");
    for (size_t i = 0; i < count && n < size; i++)
        n += (size_t)snprintf(out + n, size - n, "%s" VD_F, i ? ", " : "", VD_A(list[i]));
    return out;
}

static const char *printed(char *out, size_t size, vd_str s)
{
    if (s.n)
        snprintf(out, size, "\"" VD_F "\"", VD_A(s));
    else
        snprintf(out, size, "none");
    return out;
}

static const char *printed_statement(char *out, size_t size, bool any, bool index, uint32_t number, vd_str sid)
{
    if (any && index)
        snprintf(out, size, "%u", (unsigned)number);
    else if (any)
        snprintf(out, size, "\"" VD_F "\"", VD_A(sid));
    else
        snprintf(out, size, "none");
    return out;
}

static void compare(vd_case_result *out, const vd_expect *x)
{
    const vd_decision *d = &out->decision;
    char               a[160], b[320];

    if (!outcome_holds(x, out)) {
        snprintf(b, sizeof b, "%s%s%.300s", out->outcome, out->code != VD_OK ? ": " : "",
                 out->code != VD_OK ? out->reason : "");
        failed(out, "", vd_expect_name(x->outcome), b);
    }
    if (x->has_layer && x->layer != d->layer)
        failed(out, "layer ", x->layer == VD_LAYER_NONE ? "none" : vd_layer_name(x->layer),
               d->layer == VD_LAYER_NONE ? "none" : vd_layer_name(d->layer));
    if (x->category != VD_CATEGORY_NONE && x->category != d->category)
        failed(out, "category ", vd_category_name(x->category),
               d->category == VD_CATEGORY_NONE ? "none" : vd_category_name(d->category));
    if (x->policy.n && !name_holds(x->policy, out->policy))
        failed(out, "policy ", printed(a, sizeof a, x->policy), printed(b, sizeof b, out->policy));
    if (x->has_statement && !statement_holds(x, out))
        failed(out, "statement ", printed_statement(a, sizeof a, true, x->statement_is_index, x->statement, x->sid),
               printed_statement(b, sizeof b, out->has_statement, x->statement_is_index, out->statement.index,
                                 out->statement.sid));
    if (x->reason.n && !vd_str_eq(x->reason, vd_str_of(out->reason)))
        failed(out, "reason ", printed(a, sizeof a, x->reason), printed(b, sizeof b, vd_str_of(out->reason)));
    if (x->has_missing && !missing_holds(x, d))
        failed(out, "missing keys ", joined(a, sizeof a, x->missing, x->missing_count),
               joined(b, sizeof b, d->missing,
                      d->missing_count < VD_COUNT(d->missing) ? d->missing_count : VD_COUNT(d->missing)));
    out->passed = out->failure[0] == 0;
}

/* ------------------------------------------------------------------ one case */

static vd_code decide(vd_case_result *out, const vd_suite *s, size_t index, const vd_set *set, vd_request *r,
                      void *scratch, vd_coverage *coverage, vd_error *err)
{
    answer             fast, full, book = { .code = VD_OK };
    uint64_t           ns;
    vd_explanation    *e;
    const vd_explained *said;
    vd_code            code = VD_OK;

    VD_TRY(evaluate(&fast, &out->duration_ns, set, r, scratch, err));
    VD_TRY(vd_request_flag(r, VD_WANT_MISSING_KEYS, true));
    VD_TRY(evaluate(&full, &ns, set, r, scratch, err));
    if (!same(&fast, &full))
        return differ(s, index, &fast, "vd_eval", &full, "vd_eval with missing keys", err);
    VD_TRY(explain(&e, set, r, coverage != NULL, err));
    said = vd_explanation_get(e);
    book.code = said->code;
    book.decision = said->decision;
    if (!same(&fast, &book)) {
        code = differ(s, index, &fast, "vd_eval", &book, "vd_explain", err);
    } else {
        fill(out, &full, set, r);
        if (full.code != VD_OK)
            fill_error(out, full.code, said->error, said->error_at);
        if (coverage)
            code = vd_coverage_mark(coverage, said, err);
    }
    vd_explanation_free(e);
    return code;
}

static vd_code run_with(vd_case_result *out, const vd_suite *s, size_t index, const vd_set *set, vd_request *r,
                        const vd_run_opts *opts, vd_error *err)
{
    vd_error why = { .size = sizeof why };
    vd_code  code = vd_suite_request(r, s, index, &why);
    size_t   size = vd_scratch_size(set);
    void    *scratch;

    if (code == VD_EREQUEST) {
        fill_error(out, code, vd_str_of(why.text), why.at);
        return VD_OK;
    }
    if (code != VD_OK) {
        if (err)
            *err = why;
        return code;
    }
    if (opts->now.n && r->field[VD_NOW].n == 0)
        VD_TRY(vd_request_set(r, VD_NOW, opts->now));
    scratch = vd_alloc(&s->engine->alloc, size);
    if (!scratch)
        return vd_fail_nomem(err);
    code = decide(out, s, index, set, r, scratch, opts->coverage, err);
    vd_free(&s->engine->alloc, scratch, size);
    return code;
}

vd_code vd_suite_run(vd_case_result *out, const vd_suite *s, size_t index, const vd_run_opts *opts, vd_error *err)
{
    vd_run_opts    known = { .size = sizeof known };
    vd_case_result got = { .size = sizeof got, .layer = "", .category = "" };
    size_t         size = out->size && out->size < sizeof got ? out->size : sizeof got;
    vd_error       why = { .size = sizeof why };
    vd_set        *set;
    vd_request    *r;
    vd_code        code;

    got.decision = (vd_decision){ .size = sizeof got.decision, .layer = VD_LAYER_NONE, .policy = VD_NONE,
                                  .statement = VD_NONE };
    if (opts)
        memcpy(&known, opts, opts->size < sizeof known ? opts->size : sizeof known);
    code = vd_suite_set(&set, s, index, &why);
    if (code == VD_EMALFORMED) {
        fill_error(&got, code, vd_str_of(why.text), why.at);
    } else if (code != VD_OK) {
        if (err)
            *err = why;
        return code;
    } else {
        VD_TRY(vd_request_new(&r, s->engine, err));
        code = run_with(&got, s, index, set, r, &known, err);
        vd_request_free(r);
        if (code != VD_OK)
            return code;
    }
    compare(&got, &s->cases.at[index].expect);
    memcpy(out, &got, size);
    out->size = size;
    return VD_OK;
}
