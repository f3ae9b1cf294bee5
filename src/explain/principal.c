/* SPDX-License-Identifier: Apache-2.0
 *
 * Principal and NotPrincipal (chapter 4): which kinds of match an entry yields for the principal of the check, and who
 * is exempt from a Deny with NotPrincipal.
 */
#include "explain/rules.h"

#include "base/str.h"

bool vd_layer_has_principal(vd_layer layer)
{
    return layer == VD_LAYER_RESOURCE || layer == VD_LAYER_ACCESS_POINT || layer == VD_LAYER_RCP ||
           layer == VD_LAYER_ENDPOINT;
}

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

static bool is_role(const vd_facts *f)
{
    return f->kind == VD_WHO_ROLE_SESSION || f->kind == VD_WHO_SERVICE_LINKED;
}

/* E405: who belongs to an account. */
static uint32_t account_kind(const vd_inquiry *q, vd_layer layer)
{
    const vd_facts *f = q->facts;
    bool            gateway = layer == VD_LAYER_ENDPOINT && q->gateway;

    if (f->kind == VD_WHO_ROOT)
        return VD_MATCH_ROOT;
    if (f->kind == VD_WHO_USER || is_role(f) || f->kind == VD_WHO_FEDERATED_USER)
        return gateway ? 0 : VD_MATCH_ACCOUNT;
    return 0;
}

/* E408; E402 when the path is unknown: account and last segment agree. */
static bool names_role(const vd_facts *f, vd_str text, const vd_arn *arn)
{
    if (f->role_path_known)
        return vd_str_eq(text, f->role_arn);
    return vd_str_eq(arn->account, f->account) && f->role_name.n &&
           vd_str_eq(vd_str_from(arn->resource, vd_str_rfind(arn->resource, '/') + 1), f->role_name);
}

static uint32_t id_kind(const vd_facts *f, vd_str text) /* E411 */
{
    bool user = vd_str_starts(text, VD_S("AIDA"));

    if (!f->unique_id.n || !vd_str_eq(text, f->unique_id))
        return 0;
    if (user)
        return f->kind == VD_WHO_USER             ? VD_MATCH_USER
               : f->kind == VD_WHO_FEDERATED_USER ? VD_MATCH_PARENT
                                                  : 0;
    return is_role(f) ? VD_MATCH_ROLE : 0;
}

static uint32_t arn_kind(const vd_inquiry *q, vd_layer layer, vd_str text, const vd_arn *arn)
{
    const vd_facts *f = q->facts;
    bool            iam = vd_str_eq(arn->service, VD_S("iam")) && !arn->region.n;
    bool            sts = vd_str_eq(arn->service, VD_S("sts")) && !arn->region.n;

    if (!vd_str_eq(arn->partition, f->partition)) /* E406 */
        return 0;
    if (iam && vd_str_eq(arn->resource, VD_S("root")))
        return vd_is_account(arn->account) && vd_str_eq(arn->account, f->account) ? account_kind(q, layer)
                                                                                  : 0;
    if (layer == VD_LAYER_ENDPOINT && q->gateway) /* E426 */
        return 0;
    if (iam && vd_str_starts(arn->resource, VD_S("user/")) && f->user_arn.n && vd_str_eq(text, f->user_arn))
        return f->kind == VD_WHO_USER             ? VD_MATCH_USER
               : f->kind == VD_WHO_FEDERATED_USER ? VD_MATCH_PARENT
                                                  : 0;
    if (iam && vd_str_starts(arn->resource, VD_S("role/")) && is_role(f) && names_role(f, text, arn))
        return VD_MATCH_ROLE;
    if (sts && f->session_arn.n && vd_str_eq(text, f->session_arn))
        return is_role(f) ? VD_MATCH_SESSION : f->kind == VD_WHO_FEDERATED_USER ? VD_MATCH_FEDSESSION : 0;
    return 0;
}

static uint32_t aws_kind(const vd_inquiry *q, vd_layer layer, vd_str text)
{
    vd_arn arn;

    if (vd_str_eq(text, VD_S("*"))) /* E404 */
        return VD_MATCH_ANY;
    if (has_wildcard(text)) /* E415 */
        return 0;
    if (vd_is_account(text))
        return vd_str_eq(text, q->facts->account) ? account_kind(q, layer) : 0;
    if (vd_is_unique_id(text))
        return layer == VD_LAYER_ENDPOINT && q->gateway ? 0 : id_kind(q->facts, text);
    return vd_arn_split(&arn, text) ? arn_kind(q, layer, text, &arn) : 0;
}

uint32_t vd_principal_kinds(vd_inquiry *q, vd_layer layer, const vd_principal_entry *entry)
{
    const vd_facts *f = q->facts;
    vd_str          text = entry->text.text;
    vd_str          canonical = f->request->field[VD_PRINCIPAL_CANONICAL];

    switch ((vd_principal_type)entry->type) {
    case VD_PRINCIPAL_STAR:
        return VD_MATCH_ANY;
    case VD_PRINCIPAL_AWS:
        return aws_kind(q, layer, text);
    case VD_PRINCIPAL_SERVICE: /* E412 */
        return f->kind == VD_WHO_SERVICE && !has_wildcard(text) && vd_str_eq(text, f->principal)
                   ? VD_MATCH_SERVICE
                   : 0;
    case VD_PRINCIPAL_FEDERATED: /* E413: only in a trust policy */
        return f->kind == VD_WHO_IDP && layer == VD_LAYER_RESOURCE && f->class_of == VD_CLASS_TRUST &&
                       !has_wildcard(text) && vd_str_eq(text, f->principal)
                   ? VD_MATCH_IDP
                   : 0;
    case VD_PRINCIPAL_CANONICAL_USER: /* E414 */
        return canonical.n && vd_str_eq(text, canonical) ? account_kind(q, layer) : 0;
    }
    return 0;
}

/* E420, E423: is every name of the principal's chain listed? */
static bool exempt(const vd_facts *f, uint32_t listed)
{
    uint32_t chain = 0;

    switch (f->kind) {
    case VD_WHO_ROOT:
        chain = VD_MATCH_ROOT;
        break;
    case VD_WHO_USER:
        chain = VD_MATCH_USER | VD_MATCH_ACCOUNT;
        break;
    case VD_WHO_ROLE_SESSION:
    case VD_WHO_SERVICE_LINKED:
        chain = VD_MATCH_SESSION | VD_MATCH_ROLE | VD_MATCH_ACCOUNT;
        break;
    case VD_WHO_FEDERATED_USER:
        chain = VD_MATCH_FEDSESSION | VD_MATCH_ACCOUNT;
        break;
    case VD_WHO_SERVICE:
        chain = VD_MATCH_SERVICE;
        break;
    case VD_WHO_IDP:
        chain = VD_MATCH_IDP;
        break;
    case VD_WHO_ANONYMOUS:
    case VD_WHO_COUNT:
        break;
    }
    return (listed & VD_MATCH_ANY) || (chain && (listed & chain) == chain);
}

bool vd_principal_matches(vd_inquiry *q, vd_layer layer, const vd_statement *s, uint32_t *kinds)
{
    uint32_t found = 0;

    *kinds = 0;
    if (!vd_layer_has_principal(layer)) /* E009: misplaced, ignored */
        return true;
    if (!s->principal.present) /* E419 */
        return false;
    for (uint32_t i = 0; i < s->principal.count; i++)
        found |= vd_principal_kinds(q, layer, &s->principal.at[i]);
    *kinds = found;
    if (!s->principal.negated)
        return found != 0;
    if (s->effect == VD_EFFECT_ALLOW) /* E422 */
        return false;
    return q->has_boundary || !exempt(q->facts, found); /* E421 */
}
