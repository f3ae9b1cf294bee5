/* SPDX-License-Identifier: Apache-2.0
 *
 * What was observed, request by request, of the evaluator: what the old documents allowed the new ones allow (usage 6.6, O1).
 * A request that hangs on something which logs do not tell is counted as such, with the keys; the proofs cover it whatever it
 * was.
 */
#include "tighten/rightsize.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/glob.h"

#include <stdlib.h>

#include <verdict/eval.h>

enum { MOST_UNTOLD = 32 };

typedef struct replaying {
    vd_rs              *r;
    vd_set             *before, *after;
    vd_request         *q;
    void               *scratch; /* for either */
    vd_rightsize_proof *proof;
    vd_str              untold[MOST_UNTOLD];
    uint32_t            untold_count;
} replaying;

/* What a policy is about by itself: the evaluator knows it of every request. */
static const vd_str derived[] = { VD_L("aws:PrincipalArn"), VD_L("aws:PrincipalAccount"), VD_L("aws:PrincipalType"), VD_L("aws:username"),
                                  VD_L("aws:ResourceAccount") };

/* ------------------------------------------------------------------ one request */

static vd_code decide(replaying *p, const vd_set *set, int32_t *outcome)
{
    vd_decision d = { .size = sizeof d };
    vd_code     code = vd_eval(&d, set, p->q, p->scratch);

    *outcome = code == VD_OK ? d.outcome : VD_IMPLICIT_DENY;
    return code == VD_EREQUEST || code == VD_EMALFORMED ? VD_OK : code;
}

static bool ask_about(vd_request *q, vd_str principal, const vd_rs_seen *s, const vd_rs_pattern *on)
{
    vd_arn a, of;

    vd_request_reset(q);
    return vd_request_set(q, VD_PRINCIPAL, principal) == VD_OK && vd_request_set(q, VD_ACTION, s->name) == VD_OK &&
           vd_request_set(q, VD_RESOURCE, on->coded) == VD_OK && vd_arn_split(&a, principal) &&
           vd_request_set(q, VD_RESOURCE_ACCOUNT, vd_arn_split(&of, on->coded) && vd_is_account(of.account) ? of.account : a.account) == VD_OK;
}

/* *allowed: by the old documents; *denied: by one of their Denies. */
static vd_code ask(replaying *p, vd_rs_asked *how, uint32_t which, vd_str principal, const vd_rs_pattern *on, bool *allowed, bool *denied)
{
    int32_t before, after;

    if (!ask_about(p->q, principal, how->seen, on))
        return VD_OK;
    if (!vd_rs_asked_put(how, p->q, which))
        return vd_fail_nomem(p->r->err);
    VD_TRY(decide(p, p->before, &before));
    *denied = before == VD_EXPLICIT_DENY;
    if (before != VD_ALLOW)
        return VD_OK;
    *allowed = true;
    VD_TRY(decide(p, p->after, &after));
    if (after != VD_ALLOW)
        return vd_fail(p->r->err, VD_EINTERNAL, "self-check failed: something that was used would be refused: " VD_F " on " VD_F,
                       VD_A(how->seen->name), VD_A(vd_str_first(on->text, 120)));
    return VD_OK;
}

/* ------------------------------------------------------------------ what it hangs on */

static bool is_among(const vd_str *list, size_t count, vd_str key)
{
    for (size_t i = 0; i < count; i++)
        if (vd_str_ieq(list[i], key))
            return true;
    return false;
}

static bool matches(const vd_rs *r, const vd_rs_statement *st, const vd_rs_seen *s, const vd_rs_pattern *on)
{
    return st->allow && vd_rs_names(r, st, s->action, s->name) && vd_rs_touches(st, on);
}

/* Does any Allow match it, if its conditions hold? */
static bool may_be_allowed(const vd_rs *r, const vd_rs_seen *s, const vd_rs_pattern *on)
{
    for (uint32_t i = 0; i < r->statement_count; i++)
        if (matches(r, &r->statements[i], s, on))
            return true;
    return false;
}

/* Keys that the Allows ask for and the request did not have. */
static bool note_untold(replaying *p, const vd_rs_asked *how, const vd_rs_pattern *on)
{
    const vd_rs *r = p->r;
    bool         any = false;

    for (uint32_t i = 0; i < r->statement_count; i++) {
        const vd_rs_statement *st = &r->statements[i];

        if (!matches(r, st, how->seen, on))
            continue;
        any |= how->open && st->model->entry_count;
        for (uint32_t k = 0; k < st->resources.count; k++)
            any |= st->resources.at[k].loose;
        for (uint32_t k = 0; k < st->model->entry_count; k++) {
            vd_str key = st->model->entries[k].key.text;

            if (is_among(how->told, how->told_count, key) || is_among(derived, VD_COUNT(derived), key))
                continue;
            any = true;
            if (p->untold_count < MOST_UNTOLD && !is_among(p->untold, p->untold_count, key))
                p->untold[p->untold_count++] = key;
        }
    }
    return any;
}

/* ------------------------------------------------------------------ all of them */

static vd_code replay_one(replaying *p, vd_rs_asked *how, vd_str principal, const vd_rs_pattern *on)
{
    bool allowed = false, denied = false, never = true, untold = false;

    for (uint32_t i = 0; i < how->count; i++) {
        VD_TRY(ask(p, how, i, principal, on, &allowed, &denied));
        never &= denied;
        if (!allowed && !denied)
            untold |= note_untold(p, how, on);
    }
    p->proof->replayed += allowed;
    p->proof->undecided += !allowed && !never && untold;
    p->proof->elsewhere += !allowed && (never || !untold);
    return VD_OK;
}

static vd_code replay_seen(replaying *p, const vd_rs_seen *s)
{
    vd_rs      *r = p->r;
    vd_rs_asked how;

    if (!vd_rs_asked_of(&how, s, &r->scratch))
        return vd_fail_nomem(r->err);
    for (size_t i = 0; i < s->on.count; i++) {
        vd_rs_pattern on;

        if (!vd_rs_code_observed(r, &on, s, s->on.at[i]))
            return vd_fail_nomem(r->err);
        if (!may_be_allowed(r, s, &on)) {
            p->proof->elsewhere++;
            continue;
        }
        for (uint32_t j = 0; j < r->t->principal_count && vd_glob_classify(on.coded) == VD_GLOB_LITERAL; j++)
            VD_TRY(replay_one(p, &how, r->t->principals[j], &on));
    }
    return VD_OK;
}

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static vd_code keep_untold(replaying *p)
{
    vd_str *at = vd_arena_new_array(p->r->arena, vd_str, (size_t)p->untold_count + 1);

    if (!at)
        return vd_fail_nomem(p->r->err);
    for (uint32_t i = 0; i < p->untold_count; i++)
        if (!vd_arena_dup(p->r->arena, &at[i], p->untold[i]))
            return vd_fail_nomem(p->r->err);
    if (p->untold_count)
        qsort(at, p->untold_count, sizeof *at, by_text);
    p->proof->untold = (vd_texts_list){ at, p->untold_count };
    return VD_OK;
}

/* ------------------------------------------------------------------ the sets */

/* What is asked is what the documents say.  Keys, roles and resources of other accounts want a policy of their own besides: that
 * one leaves it to the accounts of the principals. */
static vd_code leave_it(vd_policy **out, const vd_rs *r)
{
    vd_buf  b = vd_buf_on(&r->t->engine->alloc, 0);
    vd_str  last = VD_S("");
    vd_code code;
    vd_arn  a;

    vd_buf_add(&b, VD_S("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
                        "\"Principal\":{\"AWS\":["));
    for (uint32_t i = 0; i < r->t->principal_count; i++)
        if (vd_arn_split(&a, r->t->principals[i]) && vd_is_account(a.account) && !vd_str_eq(a.account, last)) {
            vd_buf_printf(&b, "%s\"" VD_F "\"", last.n ? "," : "", VD_A(a.account));
            last = a.account;
        }
    vd_buf_add(&b, VD_S("]}}}"));
    *out = NULL;
    if (b.failed)
        code = vd_fail_nomem(r->err);
    else
        code = !last.n ? VD_OK : vd_policy_parse(out, r->t->engine, VD_KIND_RESOURCE, VD_S("resource"), vd_buf_str(&b), NULL, r->err);
    vd_buf_done(&b);
    return code;
}

static vd_code make_sets(replaying *p, vd_policy *const *olds, vd_policy *const *news, uint32_t new_count)
{
    vd_rs     *r = p->r;
    vd_policy *resource = NULL;
    vd_code    code = leave_it(&resource, r);

    if (code == VD_OK)
        code = vd_rs_make_set(&p->before, r, olds, r->t->document_count, resource, VD_LAYER_RESOURCE);
    if (code == VD_OK)
        code = vd_rs_make_set(&p->after, r, news, new_count, resource, VD_LAYER_RESOURCE);
    vd_policy_release(resource);
    return code;
}

static vd_code replay_all(replaying *p)
{
    vd_rs  *r = p->r;
    size_t  need = vd_scratch_size(p->before), other = vd_scratch_size(p->after);
    vd_code code = vd_request_new(&p->q, r->t->engine, r->err);

    p->scratch = vd_arena_alloc(&r->scratch, need > other ? need : other, 16);
    if (!p->scratch && code == VD_OK)
        code = vd_fail_nomem(r->err);
    for (uint32_t i = 0; i < r->t->seen_count && code == VD_OK; i++)
        if (vd_rs_is_observed(r, &r->t->seen[i]) && r->t->seen[i].state == VD_STATE_USED)
            code = replay_seen(p, &r->t->seen[i]);
    vd_request_free(p->q);
    return code;
}

vd_code vd_rs_replay(vd_rs *r, vd_policy *const *olds, vd_policy *const *news, uint32_t new_count, vd_rightsize_proof *proof)
{
    replaying p = { .r = r, .proof = proof };
    vd_code   code = make_sets(&p, olds, news, new_count);

    if (code == VD_OK)
        code = replay_all(&p);
    if (code == VD_OK)
        code = keep_untold(&p);
    vd_set_release(p.before);
    vd_set_release(p.after);
    return code;
}
