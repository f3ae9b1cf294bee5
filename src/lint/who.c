/* SPDX-License-Identifier: Apache-2.0
 *
 * Who a statement names, and what it lets them do, in words.
 */
#include "lint/who.h"

#include "base/str.h"
#include "lint/rules/entry.h"
#include "lint/strength.h"

enum { SHOWN_ACTIONS = 5 };

bool vd_who_grants(const vd_view_statement *st)
{
    return st->allow && !st->model->malformed && st->model->principal.present &&
           !st->model->principal.negated;
}

const vd_view_principal *vd_who_everyone(const vd_view_statement *st)
{
    if (st->model->principal.negated)
        return NULL;
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (st->principals[i].shape == VD_SHAPE_EVERYONE)
            return &st->principals[i];
    return NULL;
}

const vd_view_principal *vd_who_service(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (st->principals[i].shape == VD_SHAPE_SERVICE)
            return &st->principals[i];
    return NULL;
}

bool vd_who_only_services(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (st->principals[i].shape != VD_SHAPE_SERVICE)
            return false;
    return st->principal_count > 0;
}

vd_str vd_who_account(const vd_lint *l, const vd_view_statement *st)
{
    if (l->config->account.n)
        return l->config->account;
    for (uint32_t i = 0; i < st->resource_count && !st->model->resource.negated; i++)
        if (st->resources[i].is_arn && vd_is_account(st->resources[i].arn.account))
            return st->resources[i].arn.account;
    return VD_S("");
}

bool vd_who_other_account(const vd_lint *l, const vd_view_principal *p)
{
    return p->type == VD_PRINCIPAL_AWS && !p->hole && vd_is_account(p->account) && l->config->account.n &&
           !vd_str_eq(p->account, l->config->account);
}

bool vd_who_zone_known(const vd_lint *l)
{
    const vd_trusted *t = &l->config->trusted;

    return t->account_count || t->organizations.count;
}

static bool listed(vd_strs list, vd_str s)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (vd_view_action_matches(list.at[i], s))
            return true;
    return false;
}

bool vd_who_trusted(const vd_lint *l, const vd_view_principal *p)
{
    return vd_config_trusts_account(l->config, p->account) ||
           listed(l->config->trusted.principals, p->text.text);
}

/* What a service tells about the resource that it acts for. */
static const vd_str source_keys[] = { VD_L("aws:SourceArn"),          VD_L("aws:SourceAccount"),
                                      VD_L("aws:SourceOrgID"),        VD_L("aws:SourceOrgPaths"),
                                      VD_L("aws:SourceOwner"),        VD_L("kms:CallerAccount"),
                                      VD_L("lambda:EventSourceToken") };

const vd_view_condition *vd_who_source(const vd_view_statement *st)
{
    for (size_t i = 0; i < VD_COUNT(source_keys); i++) {
        const vd_view_condition *c = vd_statement_asks(st, source_keys[i]);

        if (c)
            return c;
    }
    return NULL;
}

const char *vd_who_may(vd_lint *l, const vd_view_statement *st)
{
    vd_str   texts[SHOWN_ACTIONS + 1] = { { "", 0 } };
    uint32_t count = 0;

    if (st->all_actions)
        return "do anything";
    if (st->model->action.negated) {
        for (uint32_t i = 0; i < st->action_count && count < VD_COUNT(texts); i++)
            texts[count++] = st->actions[i].text.text;
        return vd_lint_printf(l, "do anything but %s", vd_lint_list(l, texts, count));
    }
    for (uint32_t i = 0; i < st->action_count && count < SHOWN_ACTIONS; i++)
        texts[count++] = st->actions[i].text.text;
    if (st->action_count <= SHOWN_ACTIONS)
        return vd_lint_printf(l, "use %s", vd_lint_list(l, texts, count));
    return vd_lint_printf(l, "use " VD_F ", " VD_F ", " VD_F " and %u more", VD_A(texts[0]), VD_A(texts[1]),
                          VD_A(texts[2]), st->action_count - 3);
}

bool vd_who_does(const vd_view_statement *st, vd_str action)
{
    bool found = false;

    for (uint32_t i = 0; i < st->action_count && !found; i++) {
        const vd_view_action *a = &st->actions[i];

        found = !a->hole && (vd_view_action_matches(a->text.text, action) ||
                             vd_view_action_matches(action, a->text.text));
    }
    return found != st->model->action.negated;
}

void vd_who_add_condition(vd_lint *l, vd_finding *f, const vd_view_statement *st, const char *op,
                          const char *key, const char *value)
{
    if (!f)
        return;
    if (st->model->has_condition) {
        vd_fix_add_entry(l, f, VD_FIX_UNSAFE, st->model, op, vd_str_of(key),
                         vd_lint_printf(l, "\"%s\"", value));
        return;
    }
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "add %s %s", op, key);
    vd_finding_edit(l, f, VD_EDIT_ADD_MEMBER, st->model->span, "\"Condition\": {\"%s\": {\"%s\": \"%s\"}}",
                    op, key, value);
}
