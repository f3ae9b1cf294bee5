/* SPDX-License-Identifier: Apache-2.0
 *
 * Sentences about layers.  They tell what the interpreter found and decide nothing.
 */
#include "explain/remark.h"

#include "base/str.h"

#include <stdio.h>

vd_str vd_layer_ignored_because(vd_tracer *t, const vd_check_result *c, vd_layer layer)
{
    const vd_facts *f = &c->facts;

    if (c->decided_before)
        return VD_S("decided before any policy was read");
    if (!vd_facts_layer_applies(f, layer)) {
        if (layer == VD_LAYER_SCP && f->request->flag[VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT])
            return VD_S("service control policies do not bind principals of the management account");
        if (layer == VD_LAYER_RCP && f->request->flag[VD_RESOURCE_IN_MANAGEMENT_ACCOUNT])
            return VD_S("resource control policies do not bind resources of the management account");
        return vd_trace_text(t, "does not apply to %s or this call", vd_who_name(f));
    }
    if (layer == VD_LAYER_RCP)
        return vd_trace_text(t, "resource control policies do not cover service \"" VD_F "\"",
                             VD_A(f->service));
    return f->resource_is_star ? VD_S("a check on \"*\" has no resource that could carry a policy")
                               : VD_S("this action on this resource does not ask a policy of the resource");
}

/* ------------------------------------------------------------------ silence */

/* "no statement names this action", with how many were looked at. */
static vd_str why_silent(vd_tracer *t, const vd_level_result *l)
{
    uint32_t action = 0, both = 0;

    for (uint32_t i = 0; i < l->count; i++) {
        const vd_statement_result *r = &l->at[i];

        if (r->statement->effect != VD_EFFECT_ALLOW)
            continue;
        action += r->action;
        both += r->action && r->resource;
    }
    if (!action)
        return vd_trace_text(t, "no statement of %u allows this action", l->count);
    if (!both)
        return vd_trace_text(t, "%u of %u statements allow%s this action, not on this resource", action,
                             l->count, action == 1 ? "s" : "");
    return vd_trace_text(t, "%u of %u statements name%s this action and resource, but %s not apply", both,
                         l->count, both == 1 ? "s" : "", both == 1 ? "does" : "do");
}

static const vd_statement_result *first_allow(const vd_layer_result *l)
{
    for (uint32_t i = 0; i < l->level_count; i++)
        for (uint32_t j = 0; j < l->levels[i].count; j++)
            if (l->levels[i].at[j].applied && l->levels[i].at[j].statement->effect == VD_EFFECT_ALLOW)
                return &l->levels[i].at[j];
    return NULL;
}

/* A boundary or session policy that cuts what another layer gives. */
static vd_str what_is_cut(vd_tracer *t, const vd_check_result *c, vd_str silent)
{
    const vd_statement_result *r = first_allow(&c->layer[VD_LAYER_IDENTITY]);

    if (!r)
        r = first_allow(&c->layer[VD_LAYER_RESOURCE]);
    if (!r)
        return silent;
    return vd_trace_text(t, VD_F "; Statement[%u] of " VD_F " would have allowed it", VD_A(silent),
                         r->statement->index, VD_A(vd_policy_name(r->policy)));
}

/* ------------------------------------------------------------------ the resource layer */

static bool is_denied(const vd_check_result *c)
{
    return c->decision.outcome == VD_IMPLICIT_DENY;
}

/* What the policy of a role or a key gave (E718), and what limits a weak grant (E713). */
static vd_str resource_remark(vd_tracer *t, const vd_check_result *c, const vd_layer_trace *l, vd_str silent)
{
    const char *what = c->facts.class_of == VD_CLASS_TRUST ? "trust policy" : "key policy";
    bool        own = c->facts.kind != VD_WHO_SERVICE && c->facts.kind != VD_WHO_ANONYMOUS &&
               c->facts.kind != VD_WHO_IDP;
    uint32_t g = c->granted;

    if (l->result == VD_LAYER_DENIES && vd_facts_bucket_denies_ignored(&c->facts))
        return VD_S("for this action the root user of the account is free of denies in the bucket policy");
    if (!is_denied(c) || !c->needed[VD_LAYER_RESOURCE])
        return silent;
    if (!g && own && !c->facts.same_account)
        return vd_trace_text(
            t, VD_F "%sthe principal is of account " VD_F ", the resource of " VD_F ": both sides must allow",
            VD_A(silent), silent.n ? "; " : "", VD_A(c->facts.account), VD_A(c->facts.resource_account));
    if (!g && c->facts.class_of != VD_CLASS_DEFAULT)
        return vd_trace_text(
            t,
            VD_F "%sthe %s names neither the principal nor its account, and identity-based policies "
                 "alone do not suffice",
            VD_A(silent), silent.n ? "; " : "", what);
    if (g == VD_MATCH_ACCOUNT && c->facts.class_of != VD_CLASS_DEFAULT && c->facts.same_account)
        return vd_trace_text(
            t, "the %s delegates to the account, so that its identity-based policies must allow", what);
    if (g == VD_MATCH_ACCOUNT && c->facts.same_account)
        return VD_S("it names the account only, which adds nothing within the account");
    if ((g & (VD_MATCH_ROLE | VD_MATCH_PARENT)) && c->facts.same_account && !c->strong && !c->weak)
        return vd_trace_text(t, "it names the %s, a grant that %s limits",
                             g & VD_MATCH_ROLE ? "role" : "parent user",
                             c->boundary_ok ? "the session policy" : "the permissions boundary");
    return silent;
}

vd_str vd_layer_remark(vd_tracer *t, const vd_check_result *c, const vd_layer_trace *l)
{
    vd_str silent = { "", 0 };

    if (l->result == VD_LAYER_IGNORED)
        return vd_layer_ignored_because(t, c, l->layer);
    if (l->result == VD_LAYER_FULL)
        return c->facts.kind == VD_WHO_ROOT ? VD_S("the root user needs no identity-based policy")
                                            : VD_S("the parent is the root user: everything is allowed");
    if (l->result == VD_LAYER_SILENT)
        silent = why_silent(t, &c->layer[l->layer].levels[l->level]);
    switch (l->layer) {
    case VD_LAYER_RCP:
        return l->result == VD_LAYER_ALLOWS
                   ? VD_S("no Deny applies; the full-access policy of AWS is always attached")
                   : silent;
    case VD_LAYER_RESOURCE:
        return resource_remark(t, c, l, silent);
    case VD_LAYER_BOUNDARY:
    case VD_LAYER_SESSION:
        return l->result == VD_LAYER_SILENT && is_denied(c) && l->needed ? what_is_cut(t, c, silent) : silent;
    default:
        return silent;
    }
}

/* ------------------------------------------------------------------ an allow */

void vd_remark_allow(char *out, size_t size, const vd_check_result *c, const vd_finding *f)
{
    static const char *const documents[VD_LAYER_COUNT] = {
        [VD_LAYER_IDENTITY] = "allowed by an identity-based policy",
        [VD_LAYER_BOUNDARY] = "within the permissions boundary",
        [VD_LAYER_SESSION] = "within the session policy",
        [VD_LAYER_RESOURCE] = "allowed by a resource-based policy",
        [VD_LAYER_SCP] = "within the service control policies",
        [VD_LAYER_RCP] = "within the resource control policies",
        [VD_LAYER_ENDPOINT] = "within the VPC endpoint policy",
        [VD_LAYER_ACCESS_POINT] = "allowed by the policy of the access point",
    };
    const char *words = f->layer == VD_LAYER_NONE ? "this call needs no permission"
                                                  : documents[f->layer]; /* E740 */

    if (f->layer == VD_LAYER_IDENTITY && c->identity_full)
        words = c->facts.kind == VD_WHO_ROOT ? "the root user needs no identity-based policy"
                                             : "the parent is the root user: everything is allowed";
    else if (f->layer == VD_LAYER_RESOURCE && !f->statement)
        words = "allowed by a grant or an access control list of the resource";
    else if (f->layer == VD_LAYER_RESOURCE && c->facts.class_of == VD_CLASS_TRUST)
        words = "allowed by the role trust policy";
    snprintf(out, size, "%s", words);
}
