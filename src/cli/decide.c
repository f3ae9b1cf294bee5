/* SPDX-License-Identifier: Apache-2.0
 *
 * Decisions, with all that is needed to tell them: which check decided, the words, the statement, and of an error why.
 */
#include "base/str.h"
#include "cli/inputs.h"
#include "eval/set.h"

#include <stdio.h>

bool vd_inputs_asks_time(const vd_inputs *in)
{
    return in->now[0] &&
           (vd_set_key(in->set, VD_S("aws:CurrentTime")) != 0 || vd_set_key(in->set, VD_S("aws:EpochTime")) != 0);
}

/* Why an evaluation ended in ERROR: the interpreter tells it with a position, when the set has its sources. */
static void tell_error(vd_inputs *in, vd_code code, const vd_decision *d)
{
    vd_explain_opts  opts = { .size = sizeof opts, .no_proposals = true, .no_trace = true };
    vd_explanation  *x = NULL;
    const vd_error  *given = vd_request_error(in->request);
    vd_facts         facts;
    vd_code          told;

    in->error = (vd_error){ .size = sizeof in->error };
    if (given->code != VD_OK) {
        in->error = *given;
        return;
    }
    if (code == VD_EREQUEST && vd_facts_make(&facts, in->request, 0, &in->error) != VD_OK)
        return;
    told = vd_explain(&x, in->set, in->request, &opts, &in->error);
    if (told == VD_EINTERNAL || told == VD_EFORMAT)
        return; /* the two evaluators differ, or the bundle is damaged: that is the thing to say */
    if (told == VD_OK && vd_explanation_get(x)->error.n) {
        const vd_explained *e = vd_explanation_get(x);

        vd_fail(&in->error, code, VD_F, VD_A(e->error));
        in->error.at = e->error_at;
        if (!vd_arena_dup(&in->texts, &in->error.at.file, e->error_at.file)) /* the explanation goes */
            in->error.at = (vd_pos){ 0 };
    } else {
        vd_fail(&in->error, code, "this cannot be evaluated: %s",
                d->category != VD_CATEGORY_NONE ? vd_category_name(d->category) : vd_code_name(code));
    }
    vd_explanation_free(x);
}

static bool make_scratch(vd_inputs *in)
{
    size_t need = vd_scratch_size(in->set);

    if (need <= in->scratch_size)
        return true;
    vd_free(vd_allocator_default(), in->scratch, in->scratch_size);
    in->scratch = vd_alloc(vd_allocator_default(), need); /* malloc aligns to 16 */
    in->scratch_size = in->scratch ? need : 0;
    return in->scratch != NULL;
}

static bool has_policy_of(const vd_set *set, int32_t layer)
{
    for (uint32_t i = 0; i < vd_set_policies(set); i++)
        if ((int32_t)vd_set_policy_layer(set, i) == layer)
            return true;
    return false;
}

/* AWS has said why it refused: what allows the same, or knows no policy of that kind, is not what AWS looked at. */
static void hold_against_aws(const vd_inputs *in, const vd_decision *d, vd_str action)
{
    const vd_told *t = &in->told;
    vd_decision    said = { .outcome = t->explicit_deny ? VD_EXPLICIT_DENY : VD_IMPLICIT_DENY, .layer = t->layer, .trust = t->trust };
    char           why[512] = "";

    if (!in->refused || (d->outcome != VD_ALLOW && (t->layer == VD_LAYER_NONE || has_policy_of(in->set, t->layer))))
        return;
    if (t->layer != VD_LAYER_NONE)
        vd_decision_reason(why, sizeof why, &said, action);
    if (t->layer == VD_LAYER_NONE || has_policy_of(in->set, t->layer))
        vd_cli_warnf(in->cli, "AWS refused this%s%s; what is given here allows it: it is not what AWS looked at", why[0] ? " " : "", why);
    else
        vd_cli_warnf(in->cli, "AWS refused this %s; none is given here", why);
}

void vd_inputs_answer(vd_inputs *in, vd_decided *out)
{
    const vd_decision *d = &out->decision;
    vd_told_decision         *a = &out->answer;
    uint32_t           checks = vd_request_check_count(in->request);
    vd_facts           facts;

    *a = (vd_told_decision){ .decision = d, .action = in->request->field[VD_ACTION] };
    if (vd_facts_make(&facts, in->request, d->check, NULL) == VD_OK) {
        a->action = facts.action;
        a->resource = facts.resource;
    }
    if (d->outcome == VD_ALLOW && checks > 1) {
        snprintf(out->resource, sizeof out->resource, "%u resources", (unsigned)checks);
        a->resource = vd_str_of(out->resource);
    }
    if (d->policy != VD_NONE) {
        a->policy = vd_set_policy_name(in->set, d->policy);
        a->statement.size = sizeof a->statement;
        a->has_statement = d->statement != VD_NONE &&
                           vd_set_statement(in->set, d->policy, d->statement, &a->statement) == VD_OK;
    }
    out->reason[0] = 0;
    if (d->outcome != VD_ALLOW) {
        vd_decision_reason(out->reason, sizeof out->reason, d, a->action);
        if (!out->reason[0])
            snprintf(out->reason, sizeof out->reason, "%s", vd_category_name(d->category));
    }
    a->reason = vd_str_of(out->reason);
    hold_against_aws(in, d, a->action);
    if (in->snapshot) {
        static const vd_told_note none;

        a->notes = in->notes.count ? in->notes.at : &none;
        a->note_count = in->notes.count;
        if (in->notes.error)
            vd_cli_worse(in->cli, VD_EXIT_USAGE);
    }
}

vd_code vd_inputs_decide(vd_inputs *in, vd_decided *out)
{
    vd_code code;

    *out = (vd_decided){ .decision = { .size = sizeof out->decision } };
    if (!make_scratch(in))
        return vd_fail_nomem(&in->error);
    vd_request_flag(in->request, VD_WANT_MISSING_KEYS, true);
    code = vd_eval(&out->decision, in->set, in->request, in->scratch);
    if (code != VD_OK) {
        tell_error(in, code, &out->decision);
        vd_inputs_place(in);
        return code;
    }
    vd_inputs_answer(in, out);
    return VD_OK;
}
