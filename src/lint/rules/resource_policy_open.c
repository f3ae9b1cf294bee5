/* SPDX-License-Identifier: Apache-2.0
 *
 * Other kinds of resources, and what it means when everyone or another account gets at them.
 */
#include "lint/rules/resource_policy_int.h"

#include "base/str.h"

#define ROW(name) (&vd_rp_rules[RP_##name])

/* ------------------------------------------------------------------ topics */

void vd_rp_sns(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = vd_statement_asks(st, VD_S("aws:SourceOwner"));

    if (vd_who_grants(st) && vd_who_everyone(st) && c &&
        (vd_who_does(st, VD_S("sns:SetTopicAttributes")) || vd_who_does(st, VD_S("sns:AddPermission"))))
        vd_lint_report(
            l, ROW(SNS_DEFAULT), st, c->entry->key.span,
            "copied from the console default: grants old and administrative actions to the whole account");
}

/* ------------------------------------------------------------------ domains */

static bool is_true(vd_str s)
{
    return vd_str_ieq(s, VD_S("true"));
}

void vd_rp_opensearch(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_rp_open(l, st);

    if (!who || is_true(vd_extracted_fact(l->extracted, "fine-grained-access")))
        return;
    if (vd_extracted_fact(l->extracted, "vpc").n)
        vd_finding_severity(
            vd_lint_report(l, ROW(OPENSEARCH), st, who->text.span,
                           "anyone in the network can query this domain; security groups are all there is"),
            VD_SUGGESTION);
    else
        vd_lint_report(l, ROW(OPENSEARCH), st, who->text.span,
                       "anyone on the internet can query this domain%s", vd_rp_weakly(l, st));
}

/* ------------------------------------------------------------------ images, secrets */

void vd_rp_ecr(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_rp_is(l, "ecr-public") ? NULL : vd_rp_open(l, st);

    if (who)
        vd_lint_report(l, ROW(ECR), st, who->text.span,
                       "images of a private repository are public: anyone can %s", vd_who_may(l, st));
}

void vd_rp_secret(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_rp_open(l, st);
    bool                     open = who != NULL;

    if (!vd_who_grants(st) || !vd_who_does(st, VD_S("secretsmanager:GetSecretValue")))
        return;
    if (!who)
        who = vd_rp_stranger(l, st);
    if (who)
        vd_lint_report(
            l, ROW(SECRET), st, who->text.span, "the secret can be read from %s%s",
            open ? "anywhere" : vd_lint_printf(l, "account " VD_F, VD_A(who->account)),
            open && vd_str_ieq(vd_extracted_fact(l->extracted, "block-public-policy"), VD_S("false"))
                ? "; BlockPublicPolicy is off"
                : "");
}

/* ------------------------------------------------------------------ event buses */

void vd_rp_events(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_rp_open(l, st);

    if (who && vd_who_does(st, VD_S("events:PutEvents"))) {
        vd_lint_report(l, ROW(EVENTS), st, who->text.span,
                       "any account can put events on this bus and trigger its rules%s", vd_rp_weakly(l, st));
        return;
    }
    who = vd_rp_stranger(l, st);
    if (vd_who_grants(st) && who && vd_who_does(st, VD_S("events:PutRule")) &&
        !vd_statement_names(st, VD_S("events:creatorAccount")))
        vd_lint_report(l, ROW(EVENTS), st, who->text.span,
                       "account " VD_F " can change rules that others made; require events:creatorAccount",
                       VD_A(who->account));
}

/* ------------------------------------------------------------------ file systems */

void vd_rp_efs(vd_lint *l, const vd_view_statement *st)
{
    static const vd_str      actions[] = { VD_L("elasticfilesystem:ClientMount"),
                                           VD_L("elasticfilesystem:ClientWrite"),
                                           VD_L("elasticfilesystem:ClientRootAccess") };
    const vd_view_principal *who = vd_rp_open(l, st);
    const vd_view_condition *mounted = vd_statement_asks(st,
                                                         VD_S("elasticfilesystem:AccessedViaMountTarget"));
    bool                     does = false;

    for (size_t i = 0; i < VD_COUNT(actions); i++)
        does |= vd_who_does(st, actions[i]);
    if (!who || !does)
        return;
    if (mounted && mounted->entry->values.count == 1 && is_true(mounted->entry->values.at[0].text))
        vd_finding_severity(vd_lint_report(l, ROW(EFS), st, who->text.span,
                                           "everyone in the VPC who reaches a mount target can %s",
                                           vd_who_may(l, st)),
                            VD_SUGGESTION);
    else
        vd_lint_report(l, ROW(EFS), st, who->text.span, "anyone who reaches the file system can %s",
                       vd_who_may(l, st));
}

/* ------------------------------------------------------------------ vaults */

/* Whoever is exempt can still delete, and the policy is one that can be changed. */
static bool spares_someone(const vd_view_statement *st)
{
    static const vd_str keys[] = { VD_L("aws:PrincipalArn"), VD_L("aws:PrincipalAccount"),
                                   VD_L("aws:userid") };

    for (size_t i = 0; i < VD_COUNT(keys); i++)
        if (vd_statement_names(st, keys[i]))
            return true;
    return false;
}

static void look_at_lock(vd_lint *l, const vd_view_statement *st, const vd_str *deletions, size_t count)
{
    const vd_view_principal *who = vd_who_everyone(st);
    bool                     locked = vd_str_contains(l->extracted->type, VD_S("vault_lock"));

    for (size_t i = 0; i < count && !st->allow && who && !spares_someone(st); i++)
        locked |= vd_who_does(st, deletions[i]);
    if (locked && !st->allow)
        vd_lint_report(l, ROW(VAULT), st, st->model->effect_span, "after locking nobody can change this");
}

void vd_rp_glacier(vd_lint *l, const vd_view_statement *st)
{
    static const vd_str deletions[] = { VD_L("glacier:DeleteArchive"), VD_L("glacier:DeleteVault") };

    look_at_lock(l, st, deletions, VD_COUNT(deletions));
}

void vd_rp_backup(vd_lint *l, const vd_view_statement *st)
{
    static const vd_str      deletions[] = { VD_L("backup:DeleteRecoveryPoint"),
                                             VD_L("backup:DeleteBackupVault") };
    const vd_view_principal *who = vd_rp_open(l, st);

    look_at_lock(l, st, deletions, VD_COUNT(deletions));
    if (who && vd_who_does(st, VD_S("backup:CopyIntoBackupVault")))
        vd_lint_report(l, ROW(BACKUP), st, who->text.span, "any account can fill this vault%s",
                       vd_rp_weakly(l, st));
}
