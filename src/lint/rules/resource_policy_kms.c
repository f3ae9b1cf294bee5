/* SPDX-License-Identifier: Apache-2.0
 *
 * Key policies: who can change them, who can use the key.
 */
#include "lint/rules/resource_policy_int.h"

#include "base/str.h"

#define ROW(name) (&vd_rp_rules[RP_##name])

/* ------------------------------------------------------------------ the document */

static bool is_unknown(const vd_view_statement *st)
{
    return st->principals_hole || st->actions_hole || st->model->malformed;
}

static bool is_own(const vd_lint *l, const vd_view_principal *p)
{
    return !l->config->account.n || !vd_is_account(p->account) || vd_str_eq(p->account, l->config->account);
}

/* Exists whether or not the key does: not a unique id, not a service. */
static bool can_come_back(const vd_lint *l, const vd_view_principal *p)
{
    return p->shape == VD_SHAPE_EVERYONE ||
           ((p->shape == VD_SHAPE_ACCOUNT || p->shape == VD_SHAPE_ROLE || p->shape == VD_SHAPE_USER) &&
            is_own(l, p));
}

static bool leaves_somebody(const vd_lint *l, const vd_view_statement *st)
{
    if (!vd_who_grants(st) || !vd_who_does(st, VD_S("kms:PutKeyPolicy")))
        return false;
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (can_come_back(l, &st->principals[i]))
            return true;
    return false;
}

static bool names_root(const vd_lint *l, const vd_view_statement *st)
{
    if (!vd_who_grants(st))
        return false;
    for (uint32_t i = 0; i < st->principal_count; i++) {
        const vd_view_principal *p = &st->principals[i];

        if (p->shape == VD_SHAPE_EVERYONE || (p->shape == VD_SHAPE_ACCOUNT && is_own(l, p)))
            return true;
    }
    return false;
}

static void add_root(vd_lint *l, vd_finding *f)
{
    vd_span list = vd_rp_statements(l);

    if (!f || !l->config->account.n || list.length == 0)
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "let the account " VD_F " administer the key",
                   VD_A(l->config->account));
    vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, list,
                    "{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::" VD_F
                    ":root\"}, \"Action\": \"kms:*\", \"Resource\": \"*\"}",
                    VD_A(l->config->account));
}

void vd_rp_kms_document(vd_lint *l)
{
    bool        somebody = false, root = false;
    vd_finding *f;

    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        if (is_unknown(st))
            return;
        somebody |= leaves_somebody(l, st);
        root |= names_root(l, st);
    }
    if (l->statement_count == 0)
        return;
    if (!somebody) {
        f = vd_lint_report(l, ROW(KMS_LOCKOUT), NULL, vd_span_of_document(l),
                           "nobody could change this key policy again");
        vd_finding_hint(l, f, "allow kms:* to the root of the account");
        add_root(l, f);
    } else if (!root) {
        vd_lint_report(l, ROW(KMS_ROOT), NULL, vd_span_of_document(l),
                       "IAM policies in the account have no effect on this key");
    }
}

/* ------------------------------------------------------------------ statements */

/* "key/" and a star is this key whatever its id; an id may be another's. */
static void look_at_resource(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->resource_count; i++) {
        const vd_view_resource *r = &st->resources[i];
        bool                    foreign, any;
        vd_finding             *f;

        if (!r->is_arn || r->hole || r->variable)
            continue;
        foreign = !vd_str_eq(r->arn.service, VD_S("kms")) &&
                  vd_str_find(r->arn.service, '*') == r->arn.service.n;
        any = vd_str_eq(r->arn.resource, VD_S("*")) || vd_str_eq(r->arn.resource, VD_S("key/*"));
        f = vd_lint_report(l, ROW(KMS_RESOURCE), st, r->text.span, "in a key policy \"*\" is this key; %s",
                           foreign ? "this is no key at all" : "an ARN adds nothing");
        if (foreign)
            vd_finding_severity(f, VD_ERROR);
        if (!f || foreign || st->resource_count != 1 || st->model->resource.negated)
            continue;
        vd_finding_fix(l, f, any ? VD_FIX_SAFE : VD_FIX_UNSAFE, "write \"*\"");
        vd_finding_edit(l, f, VD_EDIT_STRING, r->text.span, "*");
    }
}

static void look_for_everyone(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_rp_open(l, st);
    const vd_view_condition *via = vd_statement_asks(st, VD_S("kms:ViaService"));

    if (!who)
        return;
    vd_lint_report(l, ROW(KMS_STAR), st, who->text.span, "any AWS account%s can use this key%s",
                   via && via->entry->values.count
                       ? vd_lint_printf(l, " via %s", vd_lint_show(l, via->entry->values.at[0].text))
                       : "",
                   via ? "; require kms:CallerAccount as well" : vd_rp_weakly(l, st));
}

static void look_for_both(vd_lint *l, const vd_view_statement *st)
{
    static const vd_str manage[] = { VD_L("kms:PutKeyPolicy"), VD_L("kms:ScheduleKeyDeletion"),
                                     VD_L("kms:DisableKey") };
    static const vd_str use[] = { VD_L("kms:Decrypt"), VD_L("kms:GenerateDataKey") };
    bool                manages = false, uses = false;

    if (!vd_who_grants(st) || st->model->action.negated)
        return;
    for (size_t i = 0; i < VD_COUNT(manage); i++)
        manages |= vd_who_does(st, manage[i]);
    for (size_t i = 0; i < VD_COUNT(use); i++)
        uses |= vd_who_does(st, use[i]);
    for (uint32_t i = 0; i < st->principal_count && manages && uses; i++) {
        const vd_view_principal *p = &st->principals[i];

        if (p->shape == VD_SHAPE_ROLE || p->shape == VD_SHAPE_USER)
            vd_lint_report(l, ROW(KMS_ADMIN), st, p->text.span,
                           "\"%s\" both manages the key and reads data with it",
                           vd_lint_show(l, p->text.text));
    }
}

void vd_rp_kms(vd_lint *l, const vd_view_statement *st)
{
    look_at_resource(l, st);
    look_for_everyone(l, st);
    look_for_both(l, st);
}
