/* SPDX-License-Identifier: Apache-2.0
 *
 * All of it: every action, every action of a service.
 */
#include "base/str.h"
#include "lint/rules/permission.h"

/* ------------------------------------------------------------------ admin-access */

static const vd_view_action *star_of(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count && !st->model->action.negated; i++)
        if (st->actions[i].star)
            return &st->actions[i];
    return NULL;
}

static bool is_all_on_all(const vd_view_statement *st)
{
    return star_of(st) && st->all_resources && st->model->resource.present && !st->model->malformed;
}

static bool all_denied(vd_lint *const *policies, uint32_t count)
{
    for (uint32_t p = 0; p < count; p++)
        for (uint32_t i = 0; i < policies[p]->statement_count; i++)
            if (!policies[p]->statements[i].allow && policies[p]->statements[i].condition_count == 0 &&
                is_all_on_all(&policies[p]->statements[i]))
                return true;
    return false;
}

bool vd_permission_admin(vd_lint *const *policies, uint32_t count)
{
    vd_finding *f = NULL;
    bool        found = false;

    for (uint32_t p = 0; p < count; p++) {
        vd_lint *l = policies[p];

        if (!((VD_ON_I | VD_ON_S) >> l->kind & 1u))
            continue;
        for (uint32_t i = 0; i < l->statement_count; i++) {
            const vd_view_statement *st = &l->statements[i];
            const vd_view_action    *star = st->allow && is_all_on_all(st) && !vd_is_restricted(st) ? star_of(st) : NULL;

            if (!star || (!found && all_denied(policies, count)))
                continue;
            found = true;
            f = vd_lint_report(l, &vd_permission_rules[ADMIN_ACCESS], st, star->text.span,
                               "full administrator access: every action on every resource");
            vd_soften(f, vd_asks_for_mfa(st), false);
        }
    }
    return found;
}

/* ------------------------------------------------------------------ action-star */

static bool is_broad(const vd_lint *l, const vd_view_statement *st)
{
    if (st->model->resource.negated || st->all_resources)
        return true;
    for (uint32_t i = 0; i < st->resource_count; i++) {
        const vd_view_resource *r = &st->resources[i];
        vd_str                  rest = r->arn.resource;

        if (!r->is_arn || r->hole)
            continue;
        while (rest.n && (rest.p[0] == '*' || rest.p[0] == '/'))
            rest = vd_str_from(rest, 1);
        if (rest.n == 0)
            return true;
    }
    (void)l;
    return false;
}

/* The account's root in a key policy: that IAM policies decide, which is as it should be. */
static bool is_delegation(const vd_lint *l, const vd_view_statement *st)
{
    if (!vd_str_eq(l->resource_kind, VD_S("kms-key")) && !vd_str_eq(l->resource_kind, VD_S("kms")))
        return false;
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (st->principals[i].shape != VD_SHAPE_ACCOUNT)
            return false;
    return st->principal_count > 0;
}

static void check_star(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_action *star = star_of(st);
    bool                  resource_policy = l->kind == VD_KIND_RESOURCE;

    if (!star || st->model->malformed || (resource_policy ? is_delegation(l, st) : is_broad(l, st)))
        return;
    if (resource_policy && st->principal_count && st->principals[0].shape == VD_SHAPE_EVERYONE && st->condition_count == 0)
        return; /* the principal is what is wrong there */
    vd_lint_report(l, &vd_permission_rules[ACTION_STAR], st, star->text.span,
                   "every action, changing its policy and deleting it included, on %s",
                   st->resource_count && !st->all_resources ? vd_lint_show(l, st->resources[0].text.text)
                                                            : "this resource");
}

/* ------------------------------------------------------------------ kms-grant-unguarded */

static const vd_view_action *grant_of(const vd_view_statement *st, uint32_t action)
{
    for (uint32_t i = 0; i < st->action_count && !st->model->action.negated; i++)
        if (!st->actions[i].star && vd_ids_have(st->actions[i].ids, action))
            return &st->actions[i];
    return NULL;
}

static bool names_kms_grant_guard(const vd_view_statement *st)
{
    static const char *const keys[] = { "kms:GrantIsForAWSResource", "kms:GranteePrincipal", "kms:GrantOperations",
                                        "kms:ViaService", "kms:GrantConstraintType", "kms:RetiringPrincipal" };

    for (size_t i = 0; i < VD_COUNT(keys); i++)
        for (uint32_t k = 0; k < st->condition_count; k++)
            if (vd_key_is(&st->conditions[k], keys[i]))
                return true;
    return st->conditions_hole;
}

/* kms:* for the account's root is the default key policy; for an identity it is service-wildcard's business. */
static void check_grant(vd_lint *l, const vd_view_statement *st)
{
    const vd_powers      *p = vd_expansions_powers(l->expansions);
    uint32_t              slot = p ? p->named[VD_NAMED_KMS_GRANT] : VD_NONE;
    const vd_view_action *a = slot == VD_NONE ? NULL : grant_of(st, p->actions[slot]);
    vd_finding           *f;

    if (!a || st->model->malformed || names_kms_grant_guard(st) || is_delegation(l, st))
        return;
    if (a->name.n == 1 && a->name.p[0] == '*')
        return;
    f = vd_lint_report(l, &vd_permission_rules[KMS_GRANT_UNGUARDED], st, a->text.span,
                       "a grant hands the key on, outside IAM policies; require kms:GrantIsForAWSResource");
    if (vd_asks_for_mfa(st))
        vd_soften(f, true, false);
    if (f && st->condition_count == 0 && !st->model->has_condition) {
        vd_finding_fix(l, f, VD_FIX_UNSAFE, "add a condition on kms:GrantIsForAWSResource");
        vd_finding_edit(l, f, VD_EDIT_ADD_MEMBER, st->model->span,
                        "\"Condition\": {\"Bool\": {\"kms:GrantIsForAWSResource\": \"true\"}}");
    }
}

void vd_permission_statement(vd_lint *l, const vd_view_statement *st)
{
    if (!st->allow || st->actions_hole)
        return;
    check_star(l, st);
    check_grant(l, st);
}

/* ------------------------------------------------------------------ service-wildcard */

static bool is_whole_service(const vd_view_action *a)
{
    if (a->service == VD_NONE || a->name.n == 0)
        return false;
    for (size_t i = 0; i < a->name.n; i++)
        if (a->name.p[i] != '*')
            return false;
    return true;
}

static unsigned score_of(vd_str prefix)
{
    static const vd_str grave[] = { VD_L("iam"), VD_L("sts"), VD_L("organizations"),  VD_L("sso"), VD_L("identitystore"),
                                    VD_L("kms"), VD_L("ssm"), VD_L("secretsmanager"), VD_L("lambda"),
                                    VD_L("cloudformation") };

    for (size_t i = 0; i < VD_COUNT(grave); i++)
        if (vd_str_ieq(prefix, grave[i]))
            return 80;
    return 50;
}

/* Is every action of the service denied again, or does a deny take a part that is not known? */
static bool denied_again(const vd_allowed *e, const vd_view_action *a)
{
    for (uint32_t p = 0; p < e->count; p++) {
        const vd_lint *l = e->policies[p];

        for (uint32_t i = 0; i < l->statement_count; i++) {
            const vd_view_statement *d = &l->statements[i];

            if (!d->allow && d->condition_count == 0 && d->all_resources && a->ids.count &&
                vd_ids_have(d->reach, a->ids.at[0]) && vd_ids_have(d->reach, a->ids.at[a->ids.count - 1]))
                return true;
        }
    }
    return false;
}

static bool broad_for_service(const vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    for (uint32_t i = 0; i < a->ids.count && i < 8; i++)
        if (vd_breadth_of(l, st, a->ids.at[i]) == VD_BREADTH_ALL)
            return true;
    return false;
}

static void report_service(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    uint32_t    managing = 0;
    vd_finding *f;

    for (uint32_t i = 0; i < a->ids.count; i++)
        managing += vd_catalog_level_of(l->catalog, a->ids.at[i]) == VD_LEVEL_PERMISSIONS;
    f = vd_lint_report(l, &vd_permission_rules[SERVICE_WILDCARD], NULL, a->text.span,
                       "all %u actions of " VD_F ", %u of them permissions management", (unsigned)a->ids.count,
                       VD_A(a->prefix), (unsigned)managing);
    vd_finding_score(f, score_of(a->prefix));
    vd_soften(f, vd_asks_for_mfa(st), false);
}

void vd_permission_service(const vd_allowed *e)
{
    for (uint32_t p = 0; p < e->count; p++) {
        vd_lint *l = e->policies[p];

        for (uint32_t i = 0; i < l->statement_count; i++) {
            const vd_view_statement *st = &l->statements[i];

            if (!st->allow || st->model->action.negated || st->model->malformed || vd_is_restricted(st))
                continue;
            for (uint32_t k = 0; k < st->action_count; k++) {
                const vd_view_action *a = &st->actions[k];

                if (is_whole_service(a) && broad_for_service(l, st, a) && !denied_again(e, a))
                    report_service(l, st, a);
            }
        }
    }
}
