/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements of trust policies by which nobody came.  Who came into a role is known from its account's log; as long as one
 * of them fits no statement, or nobody is known who came at all, nothing is said.
 */
#include "tighten/unused_int.h"

#include "base/str.h"
#include "pattern/arn.h"

static const vd_str assume_names[] = { VD_L("sts:AssumeRole"), VD_L("sts:AssumeRoleWithSAML"), VD_L("sts:AssumeRoleWithWebIdentity") };
enum { ASSUMES = VD_COUNT(assume_names) };

static vd_str account_number(vd_str account) /* "aws-cn:111111111111" */
{
    size_t colon = vd_str_find(account, ':');

    return colon < account.n ? vd_str_from(account, colon + 1) : account;
}

static bool is_account_text(vd_str text, vd_str account)
{
    vd_arn a;

    if (vd_is_account(text))
        return vd_str_eq(text, account);
    return vd_arn_split(&a, text) && vd_str_eq(a.account, account) && (vd_str_eq(a.resource, VD_S("root")));
}

static vd_str last_part(vd_str s)
{
    return vd_str_from(s, vd_str_rfind(s, '/') < s.n ? vd_str_rfind(s, '/') + 1 : 0);
}

/* A session's ARN names its role without the path; somebody of another account may be known by the account alone. */
static bool is_same(vd_str text, const vd_actor *who, vd_str account)
{
    vd_arn a;
    vd_str rest, head, name;

    if (vd_str_eq(text, who->arn) || (who->id.n && vd_str_eq(text, who->id)))
        return true;
    if (!vd_arn_split(&a, text) || !vd_str_eq(a.account, account))
        return false;
    if (vd_str_eq(who->kind, VD_S("account")))
        return true;
    rest = a.resource;
    if (!vd_str_cut(&rest, '/', &head))
        return false;
    name = vd_str_eq(head, VD_S("assumed-role")) ? vd_str_first(rest, vd_str_find(rest, '/')) : last_part(rest);
    return (vd_str_eq(head, VD_S("assumed-role")) || vd_str_eq(head, who->kind)) && vd_str_ieq(name, last_part(who->name));
}

static bool is_federated(const vd_actor *who)
{
    return vd_str_eq(who->kind, VD_S("saml")) || vd_str_eq(who->kind, VD_S("oidc"));
}

static bool fits_entry(const vd_principal_entry *e, const vd_actor *who)
{
    vd_str account = account_number(who->account);

    switch (e->type) {
    case VD_PRINCIPAL_STAR:
        return true;
    case VD_PRINCIPAL_AWS:
        return vd_str_eq(e->text.text, VD_S("*")) || is_account_text(e->text.text, account) || is_same(e->text.text, who, account);
    case VD_PRINCIPAL_SERVICE:
        return vd_str_eq(who->kind, VD_S("service")) && vd_str_ieq(who->name, e->text.text);
    case VD_PRINCIPAL_FEDERATED:
        return is_federated(who) && (!who->id.n || vd_str_ieq(last_part(who->id), last_part(e->text.text)) || vd_str_contains(e->text.text, who->id));
    default:
        return false;
    }
}

static bool fits(const vd_idle *r, const vd_statement *st, const vd_actor *who, uint32_t action, uint64_t *bits)
{
    vd_grant_actions(r->catalog, &st->action, bits);
    if (!vd_bit(bits, action))
        return false;
    if (st->principal.negated)
        return true;
    for (uint32_t i = 0; i < st->principal.count; i++)
        if (fits_entry(&st->principal.at[i], who))
            return true;
    return false;
}

/* ------------------------------------------------------------------ who came */

typedef struct coming {
    uint32_t callers;
    bool     open;  /* somebody who fits nothing, or nobody knows into which role */
    bool    *taken; /* by statement */
} coming;

static bool names_role(const vd_use *u, const vd_holder *h)
{
    for (size_t i = 0; i < u->resources.count; i++)
        if (vd_str_eq(u->resources.at[i], h->arn))
            return true;
    return false;
}

static void take(const vd_idle *r, const vd_holder *h, const vd_actor *who, uint32_t action, coming *c, uint64_t *bits)
{
    const vd_policy *p = h->trust->policy;
    bool             any = false;

    c->callers++;
    for (uint32_t i = 0; i < p->statement_count; i++)
        if (p->statements[i].effect == VD_EFFECT_ALLOW && !p->statements[i].malformed && fits(r, &p->statements[i], who, action, bits))
            any = c->taken[i] = true;
    c->open |= !any;
}

static void look(const vd_idle *r, const vd_holder *h, const uint32_t *actions, coming *c, uint64_t *bits)
{
    for (uint32_t i = 0; i < vd_activity_actors(r->activity) && !c->open; i++) {
        vd_actor who = { .size = sizeof who };

        if (!vd_activity_actor(r->activity, i, &who))
            continue;
        for (uint32_t k = 0; k < ASSUMES; k++) {
            vd_use u = { .size = sizeof u };

            if (actions[k] == VD_NONE || !vd_activity_use_of(r->activity, i, actions[k], &u) || !u.count)
                continue;
            c->open |= u.resources.more;
            if (names_role(&u, h))
                take(r, h, &who, actions[k], c, bits);
        }
    }
}

/* ------------------------------------------------------------------ findings */

/* Could the log have shown somebody who comes by this statement? */
static bool is_visible(const vd_idle *r, const vd_holder *h, const vd_statement *st, const uint32_t *actions, uint64_t *bits, vd_visibility *worst)
{
    bool first = true;

    vd_grant_actions(r->catalog, &st->action, bits);
    for (uint32_t k = 0; k < ASSUMES; k++) {
        vd_visibility v = { .size = sizeof v };

        if (actions[k] == VD_NONE || !vd_bit(bits, actions[k]))
            continue;
        vd_activity_visibility(r->activity, VD_NO_INDEX, VD_S(""), h->account, actions[k], &v);
        if (v.state == VD_STATE_CANNOT_SEE)
            return false;
        if (first || v.grade < worst->grade)
            *worst = v;
        first = false;
    }
    return !first;
}

static void tell(vd_idle *r, const vd_idle_subject *s, const vd_statement *st, const vd_visibility *v)
{
    const vd_holder  *h = s->first;
    vd_unused_finding f = vd_idle_finding(r, VD_UNUSED_TRUST);
    vd_str            name = st->has_sid && st->sid.text.n ? vd_idle_printf(r, "\"" VD_F "\"", VD_A(st->sid.text)) : vd_idle_printf(r, "%u", st->index);

    f.principal = h->arn;
    f.account = h->account;
    f.policy = h->trust->name;
    f.statement = (vd_statement_info){ .size = sizeof f.statement, .policy = h->trust->name, .layer = VD_LAYER_RESOURCE,
                                       .sid = st->has_sid ? st->sid.text : VD_S(""), .index = st->index,
                                       .at = vd_policy_pos(h->trust->policy, st->span) };
    f.grade = v->grade;
    f.confidence = v->confidence ? v->confidence : 'H';
    f.since = v->since ? v->since : r->from;
    vd_idle_evidence(&f, "cloudtrail");
    vd_idle_evidence(&f, "snapshot");
    f.says = vd_idle_printf(r, "nobody came into role \"" VD_F "\" by statement " VD_F " of its trust policy since " VD_F ", and others did: remove it",
                            VD_A(h->name), VD_A(name), VD_A(vd_idle_day(r, f.since)));
    vd_idle_add(r, &f, 0, st->index, f.statement.sid.n ? f.statement.sid : name);
}

void vd_idle_trust(vd_idle *r, const vd_idle_subject *s)
{
    const vd_holder *h = s->first;
    uint32_t         actions[ASSUMES];
    uint64_t        *bits = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    coming           c = { 0 };
    const vd_policy *p;

    if (!h->trust || h->service_linked || h->permission_set.n || s->young || !vd_idle_covered(r, h->account))
        return;
    p = h->trust->policy;
    c.taken = vd_arena_new_array(&r->scratch, bool, (size_t)p->statement_count + 1);
    if (!bits || !c.taken) {
        r->nomem = true;
        return;
    }
    for (uint32_t k = 0; k < ASSUMES; k++)
        actions[k] = vd_catalog_find(r->catalog, assume_names[k]);
    look(r, h, actions, &c, bits);
    for (uint32_t i = 0; i < p->statement_count && c.callers && !c.open; i++) {
        const vd_statement *st = &p->statements[i];
        vd_visibility       v = { .size = sizeof v };

        if (st->effect == VD_EFFECT_ALLOW && !st->malformed && !c.taken[i] && is_visible(r, h, st, actions, bits, &v))
            tell(r, s, st, &v);
    }
}
