/* SPDX-License-Identifier: Apache-2.0
 *
 * The zone of trust once more, on the very request that was found (analysis 6.13): plain comparisons of what the witness says
 * with what is trusted and what is named, without the prover.  A witness that does not hold is our own mistake.
 */
#include "analyze/exposing.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/glob.h"

static vd_str value_of(const vd_witness *w, const char *key)
{
    for (size_t i = 0; i < w->key_count; i++)
        if (vd_str_ieq(w->keys[i].key, vd_str_of(key)) && w->keys[i].count)
            return w->keys[i].values[0];
    return (vd_str){ "", 0 };
}

static bool is_home(const vd_exposing *x, vd_str account)
{
    return vd_is_account(account) && (vd_str_eq(account, x->on.account) || vd_zone_has_account(x->zone, account));
}

static bool in_networks(const vd_exposing *x, const vd_witness *w)
{
    return x->opts.trust_networks && (vd_zone_has(x->zone, VD_ZONE_VPCS, value_of(w, "aws:SourceVpc")) ||
                                      vd_zone_has(x->zone, VD_ZONE_VPC_ENDPOINTS, value_of(w, "aws:SourceVpce")));
}

static bool is_person_outside(const vd_exposing *x, const vd_witness *w)
{
    return !is_home(x, w->account) && !(w->org.n && vd_zone_has(x->zone, VD_ZONE_ORGANIZATIONS, w->org)) &&
           !vd_zone_covers(x->zone, VD_ZONE_PRINCIPALS, w->role.n ? w->role : w->principal);
}

static bool is_service_outside(const vd_exposing *x, const vd_witness *w)
{
    vd_arn arn;

    if (vd_arn_split(&arn, value_of(w, "aws:SourceArn")) && is_home(x, arn.account))
        return false;
    return !is_home(x, value_of(w, "aws:SourceAccount")) && !is_home(x, value_of(w, "aws:SourceOwner")) &&
           !vd_zone_has(x->zone, VD_ZONE_ORGANIZATIONS, value_of(w, "aws:SourceOrgID")) &&
           !vd_zone_covers(x->zone, VD_ZONE_SERVICES, w->principal);
}

static bool is_outside(const vd_exposing *x, const vd_found *f, const vd_witness *w)
{
    if (x->in_zone)
        return true;
    if (in_networks(x, w))
        return false;
    switch (f->family) {
    case VD_SERVICES:
        return is_service_outside(x, w);
    case VD_PROVIDERS:
        return !vd_zone_covers(x->zone, VD_ZONE_FEDERATED, w->principal);
    default:
        return is_person_outside(x, w);
    }
}

static bool is_named(const vd_names *names, vd_str text)
{
    for (uint32_t i = 0; text.n && i < names->count; i++) {
        char coded[256];

        if (names->at[i].n <= sizeof coded && vd_glob_match((vd_str){ coded, vd_glob_code(coded, names->at[i]) }, text))
            return true;
    }
    return false;
}

/* Nobody has listed the account, its organization, the id. */
static bool is_stranger(const vd_exposing *x, const vd_found *f, const vd_witness *w)
{
    return f->family != VD_PEOPLE || (!is_named(&x->accounts, w->account) && !is_named(&x->orgs, w->org) &&
                                      !is_named(&x->unique_ids, vd_str_first(w->user_id, vd_str_find(w->user_id, ':'))));
}

/* E422 as it once was: an Allow for all but those that NotPrincipal lists. */
static bool is_excepted(const vd_exposing *x, const vd_found *f, const vd_witness *w)
{
    const vd_say        *say = f->part == VD_NONE ? NULL : &x->allows.at[VD_ALLOW_OF(f->part)];
    const vd_principals *p = say ? &say->policy->statements[say->index].principal : NULL;

    for (uint32_t i = 0; say && say->legacy && i < p->count; i++) {
        vd_str text = p->at[i].text.text;
        vd_arn arn;

        if (vd_str_eq(text, VD_S("*")) || vd_str_eq(text, w->principal) || (w->role.n && vd_str_eq(text, w->role)))
            return true;
        if (w->account.n && (vd_str_eq(text, w->account) ||
                             (vd_arn_split(&arn, text) && vd_str_eq(arn.resource, VD_S("root")) && vd_str_eq(arn.account, w->account))))
            return true;
    }
    return false;
}

vd_code vd_outside_check(vd_exposing *x, const vd_found *f, const vd_witness *w)
{
    const char *wrong = !is_outside(x, f, w)                     ? "is not outside the zone of trust"
                        : f->is_public && !is_stranger(x, f, w) ? "is no stranger, for somebody has named it"
                        : is_excepted(x, f, w)                  ? "is excepted by NotPrincipal"
                                                                 : NULL;

    if (!wrong)
        return VD_OK;
    return vd_fail(x->err, VD_EINTERNAL, "self-check failed: \"" VD_F "\" %s", VD_A(w->principal), wrong);
}
