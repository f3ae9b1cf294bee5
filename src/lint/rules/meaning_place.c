/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys in the wrong place: where they are constant, where nobody sends them, where they need company.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "lint/strength.h"

static bool is_one_of(const vd_view_condition *k, const char *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (vd_key_is(k, keys[i]))
            return true;
    return false;
}

static bool any_variable(const vd_entry *e)
{
    for (uint32_t i = 0; i < e->values.count; i++)
        if (vd_str_contains(e->values.at[i].text, VD_S("${")))
            return true;
    return false;
}

/* ------------------------------------------------------------------ about the owner */

/* With a variable of the principal the key says: of the same account. */
static void check_irrelevant(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    static const char *const keys[] = { "s3:ResourceAccount", "aws:ResourceAccount", "aws:ResourceOrgID",
                                        "aws:ResourceOrgPaths" };

    if (l->kind == VD_KIND_RESOURCE && is_one_of(k, keys, VD_COUNT(keys)) && !any_variable(k->entry) && !k->value_hole)
        vd_lint_report(l, &vd_meaning_rules[VD_G_IRRELEVANT], st, k->entry->key.span,
                       "%s is always the same for this resource; it belongs in identity policies",
                       vd_lint_show(l, k->key));
}

/* ------------------------------------------------------------------ of services only */

static void check_source_key(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    static const char *const keys[] = { "aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths" };
    vd_finding              *f;

    if (!vd_meaning_is_of_principals(l) || !is_one_of(k, keys, VD_COUNT(keys)) || vd_entry_true_without_key(k->entry))
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_SOURCE_KEY], st, k->entry->key.span,
                       "%s is not sent by users and roles: never %s", vd_lint_show(l, k->key),
                       st->allow ? "allowed" : "denied");
    if (st->allow)
        vd_finding_severity(f, VD_ERROR);
    else
        vd_finding_score(f, 70);
}

/* ------------------------------------------------------------------ iam:PassRole */

static const vd_view_action *pass_role(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count && !st->model->action.negated; i++) {
        const vd_view_action *a = &st->actions[i];

        if (!a->hole && !a->prefix_wild && vd_view_action_matches(a->text.text, VD_S("iam:PassRole")))
            return a;
    }
    return NULL;
}

static void check_pass_role(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_view_action *a;

    if (!st->allow || !(vd_key_is(k, "aws:ResourceTag/") || vd_key_is(k, "iam:ResourceTag/")))
        return;
    a = pass_role(st);
    if (a)
        vd_lint_report(l, &vd_meaning_rules[VD_G_PASS_ROLE_TAG], st, k->entry->key.span,
                       "role tags are not reliably evaluated for PassRole; name the roles");
}

/* ------------------------------------------------------------------ pairs */

static bool is_stranger(const vd_lint *l, const vd_view_principal *p)
{
    return p->account.n && l->config->account.n && !vd_config_trusts_account(l->config, p->account);
}

/* Whoever knows the context of an encryption may use it: for another account that is no guard by itself. */
static void check_context(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    bool stranger = false;

    if (!st->allow || l->kind != VD_KIND_RESOURCE || !vd_str_istarts(k->key, VD_S("kms:EncryptionContext:")))
        return;
    for (uint32_t i = 0; i < st->principal_count; i++)
        stranger |= is_stranger(l, &st->principals[i]);
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (!vd_str_istarts(st->conditions[i].key, VD_S("kms:EncryptionContext")))
            return;
    if (stranger)
        vd_lint_report(l, &vd_meaning_rules[VD_G_PAIRED], st, k->entry->key.span,
                       "whoever knows the context may use it: add kms:ViaService or aws:PrincipalArn for another account");
}

static void check_paired(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    static const char *const networks[] = { "aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn" };
    static const char *const instance[] = { "aws:Ec2InstanceSourceVpc", "aws:SourceVpc" };
    const char              *others = NULL;

    if (vd_key_is(k, "aws:VpcSourceIp") && !vd_meaning_mentions(st, networks, VD_COUNT(networks)))
        others = "aws:SourceVpc or aws:SourceVpce";
    else if (vd_key_is(k, "aws:Ec2InstanceSourcePrivateIPv4") && !vd_meaning_mentions(st, instance, VD_COUNT(instance)))
        others = "aws:Ec2InstanceSourceVpc";
    if (others && k->entry->op.op->test != VD_TEST_NULL)
        vd_lint_report(l, &vd_meaning_rules[VD_G_PAIRED], st, k->entry->key.span,
                       "%s is only meaningful together with %s: private addresses repeat", vd_lint_show(l, k->key),
                       others);
    check_context(l, st, k);
}

/* ------------------------------------------------------------------ headers */

static bool for_everyone_or_a_service(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (st->principals[i].shape == VD_SHAPE_EVERYONE || st->principals[i].shape == VD_SHAPE_SERVICE)
            return true;
    return false;
}

static void check_header(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    if (!st->allow || !(vd_key_is(k, "aws:Referer") || vd_key_is(k, "aws:UserAgent")) ||
        !for_everyone_or_a_service(st) || st->conditions_hole || vd_guarded_strength(l, st) == VD_STRENGTH_PINNING)
        return;
    vd_lint_report(l, &vd_meaning_rules[VD_G_REFERER], st, k->entry->key.span, "any client can set %s",
                   vd_lint_show(l, k->key));
}

/* ------------------------------------------------------------------ kms:ViaService */

static bool only_services(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (st->principals[i].shape != VD_SHAPE_SERVICE)
            return false;
    return st->principal_count > 0;
}

/* service.region.amazonaws.com with a Region that there is not. */
static bool names_no_region(const vd_lint *l, vd_str value)
{
    vd_sheet sheet = vd_catalog_sheet(l->catalog, VD_S("regions"));
    size_t   end = value.n, dot;
    vd_str   head;

    if (sheet.rows == 0 || !vd_str_contains(value, VD_S(".amazonaws.")) || vd_str_find(value, '*') < value.n ||
        vd_str_find(value, '?') < value.n || vd_str_contains(value, VD_S("${")))
        return false;
    while (end > 0 && !vd_str_starts(vd_str_from(value, end), VD_S(".amazonaws.")))
        end--;
    head = vd_str_first(value, end);
    dot = vd_str_rfind(head, '.');
    return dot < head.n && vd_sheet_find(sheet, vd_str_from(head, dot + 1)).count == 0;
}

static void check_via(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_lint_rule *rule = &vd_meaning_rules[VD_G_VIA_SERVICE];
    const vd_entry     *e = k->entry;

    if (!st->allow || !vd_key_is(k, "kms:ViaService") || !vd_entry_restricts(e))
        return;
    if (only_services(st)) {
        vd_lint_report(l, rule, st, e->key.span, "a service does not call KMS \"via\" itself; this never matches %s",
                       vd_lint_show(l, st->principals[0].text.text));
        return;
    }
    for (uint32_t i = 0; i < e->values.count && !k->value_hole; i++)
        if (names_no_region(l, e->values.at[i].text))
            vd_lint_report(l, rule, st, e->values.at[i].span,
                           "%s names no Region; AWS sends service.region.amazonaws.com",
                           vd_lint_show(l, e->values.at[i].text));
}

/* ------------------------------------------------------------------ */

void vd_meaning_place(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    if (!k->entry->op.op || k->key_hole)
        return;
    check_irrelevant(l, st, k);
    check_source_key(l, st, k);
    check_pass_role(l, st, k);
    check_paired(l, st, k);
    check_header(l, st, k);
    check_via(l, st, k);
}
