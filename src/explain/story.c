/* SPDX-License-Identifier: Apache-2.0
 *
 * The checks of a call put together: the decision, AWS's message, who can change a guard-rail.
 */
#include "explain/story.h"

#include "base/engine.h"
#include "base/str.h"

vd_code vd_call_interpret(vd_call *call)
{
    call->checks = vd_arena_new_array(call->arena, vd_check_result, call->count);
    if (!call->checks)
        return VD_ENOMEM;
    for (uint32_t i = 0; i < call->count; i++) {
        vd_facts facts;
        vd_error err = { .size = sizeof err };
        vd_code  code = vd_facts_make(&facts, call->request, i, &err);

        if (code == VD_OK)
            VD_TRY(vd_interpret(&call->checks[i], call->arena, &call->worlds[i], &facts));
        else
            vd_interpret_refused(&call->checks[i], i, &err);
    }
    call->decisive = vd_interpret_overall(call->checks, call->count);
    return VD_OK;
}

/* E818: who can change what decided. */
static const char *const guards[VD_LAYER_COUNT] = {
    [VD_LAYER_SCP] =
        "a service control policy decided; only an administrator of the organization can change it",
    [VD_LAYER_RCP] =
        "a resource control policy decided; only an administrator of the organization that owns the "
        "resource can change it",
    [VD_LAYER_ENDPOINT] = "a VPC endpoint policy decided; only the owner of the endpoint can change it",
    [VD_LAYER_BOUNDARY] = "a permissions boundary decided; only whoever set the boundary can change it",
    [VD_LAYER_SESSION] = "a session policy decided; only whoever creates the session can change it",
};

static vd_str guardrail_of(const vd_decision *d)
{
    if (d->outcome == VD_ALLOW || d->layer < 0 || d->layer >= VD_LAYER_COUNT || !guards[d->layer] ||
        d->category == VD_CATEGORY_FEDERATED_NO_SESSION_POLICY)
        return (vd_str){ "", 0 };
    return vd_str_of(guards[d->layer]);
}

/* E801. */
static vd_str message_of(vd_tracer *t, const vd_check_result *c, vd_str reason)
{
    if (c->code != VD_OK || c->decision.outcome == VD_ALLOW)
        return (vd_str){ "", 0 };
    return vd_trace_text(
        t, "User: " VD_F " is not authorized to perform: " VD_F " on resource: " VD_F " " VD_F,
        VD_A(c->facts.principal), VD_A(c->facts.action), VD_A(c->facts.resource), VD_A(reason));
}

static void join_missing(vd_tracer *t, vd_explained *out)
{
    vd_intern keys = { .seed = t->seed, .fold = true };
    uint32_t  id;

    for (size_t i = 0; i < out->check_count; i++)
        for (size_t j = 0; j < out->checks[i]->missing_key_count; j++)
            t->nomem |= !vd_intern_add(&keys, &t->arena->alloc, out->checks[i]->missing_keys[j], &id);
    t->nomem |= !vd_trace_keys(t, &keys, &out->missing_keys, &out->missing_key_count);
}

static bool fails(const vd_check_result *c)
{
    return c->code != VD_OK || c->decision.outcome != VD_ALLOW;
}

/* That of the decisive check, in AWS's words; empty for an allow. */
static vd_str reason_of(const vd_explained *x, uint32_t decisive)
{
    for (size_t i = 0; i < x->check_count && x->decision.outcome != VD_ALLOW; i++)
        if (x->checks[i]->decision.check == decisive && x->checks[i]->reason_count)
            return x->checks[i]->reasons[0]->text;
    return (vd_str){ "", 0 };
}

vd_code vd_story_tell(vd_explained *out, vd_call *call, bool layers)
{
    vd_tracer              t = { .arena = call->arena, .seed = call->engine->hash_seed };
    vd_check_result       *c = &call->checks[call->decisive];
    const vd_check_trace **checks = vd_arena_new_array(call->arena, const vd_check_trace *, call->count);

    if (!checks)
        return VD_ENOMEM;
    for (int failing = 1; failing >= 0; failing--) /* E815: failing ones first */
        for (uint32_t i = 0; i < call->count; i++)
            if (fails(&call->checks[i]) == (failing == 1))
                checks[out->check_count++] = vd_trace_check(&t, &call->checks[i], layers);
    if (t.nomem)
        return VD_ENOMEM;
    out->size = sizeof *out;
    out->code = c->code;
    out->checks = checks;
    out->decision = c->decision;
    if (c->code != VD_OK) {
        out->error = vd_trace_text(&t, "%s", c->error.text);
        out->error_at = c->error.at;
    } else {
        out->reason = reason_of(out, call->decisive);
        out->message = message_of(&t, c, out->reason);
        out->guardrail = guardrail_of(&c->decision);
        join_missing(&t, out);
    }
    return t.nomem ? VD_ENOMEM : VD_OK;
}
