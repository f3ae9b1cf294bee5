/* SPDX-License-Identifier: Apache-2.0
 *
 * Giving rights on: principals that are created and equipped, boundaries that keep them small, self-service.
 */
#include "base/str.h"
#include "lint/rules/permission.h"

static const char *const boundary[] = { "iam:PermissionsBoundary" };
static const vd_guards   bounded = { boundary, 1 };

static const vd_grant *unbounded(const vd_allowed *e, vd_named name)
{
    uint32_t slot = e->powers->named[name];

    for (const vd_grant *g = slot == VD_NONE ? NULL : e->of[slot].first; g; g = g->next)
        if (g->breadth != VD_BREADTH_NAMED && !g->restricted && !vd_grant_guarded(e, g, bounded))
            return g;
    return NULL;
}

/* ------------------------------------------------------------------ delegated-iam-unbounded */

/* iam:PolicyARN bounds what can be attached as well as a boundary does. */
static const vd_grant *gives_any_policy(const vd_allowed *e, vd_named attach, vd_named put)
{
    static const char *const list[] = { "iam:PolicyARN" };
    const vd_grant          *g = unbounded(e, put);

    if (g)
        return g;
    g = unbounded(e, attach);
    return g && !vd_grant_guarded(e, g, (vd_guards){ list, 1 }) ? g : NULL;
}

static void check_delegation(const vd_allowed *e)
{
    static const struct {
        vd_named    create, attach, put;
        const char *what;
    } kinds[] = {
        { VD_NAMED_CREATE_ROLE, VD_NAMED_ATTACH_ROLE_POLICY, VD_NAMED_PUT_ROLE_POLICY, "roles" },
        { VD_NAMED_CREATE_USER, VD_NAMED_ATTACH_USER_POLICY, VD_NAMED_PUT_USER_POLICY, "users" },
    };

    for (size_t i = 0; i < VD_COUNT(kinds); i++) {
        const vd_grant *c = unbounded(e, kinds[i].create);
        const vd_grant *p = c ? gives_any_policy(e, kinds[i].attach, kinds[i].put) : NULL;
        vd_finding     *f;

        if (!p)
            continue;
        f = vd_lint_report(c->l, &vd_permission_rules[DELEGATED_IAM_UNBOUNDED], c->st, c->token,
                           "%s created here can be given any permission; require a boundary", kinds[i].what);
        if (f && p->l == c->l && p->token.offset != c->token.offset)
            vd_finding_relate(c->l, f, p->token, "policies are given here");
        vd_soften(f, c->mfa && p->mfa, c->doubtful || p->doubtful);
    }
}

/* ------------------------------------------------------------------ boundary-removable */

/* The boundary that the policies ask for, with the statement that does; NULL: none. */
static const vd_view_condition *asked_boundary(const vd_allowed *e)
{
    for (uint32_t p = 0; p < e->count; p++)
        for (uint32_t i = 0; i < e->policies[p]->statement_count; i++) {
            const vd_view_statement *st = &e->policies[p]->statements[i];

            for (uint32_t k = 0; k < st->condition_count; k++)
                if (vd_key_is(&st->conditions[k], "iam:PermissionsBoundary") && st->conditions[k].entry->values.count)
                    return &st->conditions[k];
        }
    return NULL;
}

static bool covers_text(vd_str pattern, vd_str text)
{
    return vd_view_action_matches(pattern, text);
}

/* Can a grant rewrite the policy that is the boundary? */
static bool reaches_policy(const vd_grant *g, const vd_view_condition *asked)
{
    for (uint32_t i = 0; i < g->st->resource_count; i++) {
        const vd_view_resource *r = &g->st->resources[i];

        if (r->hole)
            continue;
        for (uint32_t k = 0; k < asked->entry->values.count; k++)
            if (r->star || covers_text(r->text.text, asked->entry->values.at[k].text))
                return !g->st->model->resource.negated;
    }
    return false;
}

static void check_removable(const vd_allowed *e)
{
    static const vd_named    removers[] = { VD_NAMED_DELETE_ROLE_BOUNDARY, VD_NAMED_DELETE_USER_BOUNDARY,
                                            VD_NAMED_PUT_ROLE_BOUNDARY, VD_NAMED_PUT_USER_BOUNDARY };
    static const vd_named    writers[] = { VD_NAMED_CREATE_VERSION, VD_NAMED_SET_VERSION, VD_NAMED_DELETE_POLICY };
    const vd_view_condition *asked = asked_boundary(e);

    for (size_t i = 0; asked && i < VD_COUNT(removers); i++) {
        uint32_t slot = e->powers->named[removers[i]];

        for (const vd_grant *g = slot == VD_NONE ? NULL : e->of[slot].first; g; g = g->next)
            if (!g->restricted && !vd_grant_guarded(e, g, bounded)) {
                vd_soften(vd_lint_report(g->l, &vd_permission_rules[BOUNDARY_REMOVABLE], g->st, g->token,
                                         "the boundary can be %s", i < 2 ? "removed" : "replaced"),
                          g->mfa, g->doubtful);
                break;
            }
    }
    for (size_t i = 0; asked && i < VD_COUNT(writers); i++) {
        uint32_t slot = e->powers->named[writers[i]];

        for (const vd_grant *g = slot == VD_NONE ? NULL : e->of[slot].first; g; g = g->next)
            if (!g->restricted && !g->st->conditions_hole && reaches_policy(g, asked)) {
                vd_soften(vd_lint_report(g->l, &vd_permission_rules[BOUNDARY_REMOVABLE], g->st, g->token,
                                         "the boundary can be rewritten"),
                          g->mfa, g->doubtful);
                break;
            }
    }
}

/* ------------------------------------------------------------------ self-managed-too-wide */

static bool is_self_service(vd_str name)
{
    static const vd_str parts[] = { VD_L("ChangePassword"), VD_L("AccessKey"), VD_L("MFADevice"), VD_L("LoginProfile"),
                                    VD_L("SSHPublicKey"), VD_L("SigningCertificate"), VD_L("ServiceSpecificCredential") };

    if (vd_str_starts(name, VD_S("List")) || vd_str_starts(name, VD_S("Get")))
        return false;
    for (size_t i = 0; i < VD_COUNT(parts); i++)
        if (vd_str_contains(name, parts[i]))
            return true;
    return false;
}

static bool says_username(const vd_lint *l)
{
    for (uint32_t i = 0; i < l->statement_count; i++)
        for (uint32_t k = 0; k < l->statements[i].resource_count; k++)
            if (l->statements[i].allow && vd_str_contains(l->statements[i].resources[k].text.text, VD_S("${aws:username}")))
                return true;
    return false;
}

static bool is_all_users(const vd_view_resource *r)
{
    return r->star || (r->is_arn && (vd_str_eq(r->arn.resource, VD_S("user/*")) || vd_str_eq(r->arn.resource, VD_S("*"))));
}

/* Virtual MFA devices have names of their own: the policy that IAM documents lets users make and delete any. */
static bool about_users(vd_str name)
{
    return !vd_str_contains(name, VD_S("VirtualMFADevice"));
}

static void check_self_service(const vd_lint *cl)
{
    vd_lint *l = (vd_lint *)(uintptr_t)cl;
    uint32_t iam = vd_catalog_find_service(l->catalog, VD_S("iam"));

    if (!says_username(l))
        return;
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];
        const vd_view_resource  *wide = NULL;

        for (uint32_t k = 0; k < st->resource_count && !wide && !st->model->resource.negated; k++)
            if (is_all_users(&st->resources[k]))
                wide = &st->resources[k];
        for (uint32_t k = 0; wide && st->allow && k < st->action_count && !st->model->action.negated; k++) {
            const vd_view_action *a = &st->actions[k];

            if (a->action == VD_NONE || vd_catalog_service_of(l->catalog, a->action) != iam || !is_self_service(a->name) ||
                (!about_users(a->name) && wide->star) || vd_is_restricted(st))
                continue;
            vd_lint_report(l, &vd_permission_rules[SELF_MANAGED_TOO_WIDE], st, a->text.span,
                           "meant for one's own user, works on all");
        }
    }
}

void vd_permission_delegation(const vd_allowed *e)
{
    check_delegation(e);
    check_removable(e);
    for (uint32_t i = 0; i < e->count; i++)
        if ((VD_ON_I >> e->policies[i]->kind) & 1u)
            check_self_service(e->policies[i]);
}
