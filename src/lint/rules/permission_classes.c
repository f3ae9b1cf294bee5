/* SPDX-License-Identifier: Apache-2.0
 *
 * Classes of powerful actions (powerful.tsv): one finding a class, naming what is allowed on everything.
 */
#include "base/str.h"
#include "lint/rules/permission.h"

#include "pattern/glob.h"

typedef struct power_class {
    uint8_t     rule;
    uint8_t     bit;
    const char *text;   /* in front of the actions */
    vd_guards   guards;
} power_class;

static const char *const exposure_guards[] = {
    "s3:DataAccessPointAccount", "ec2:Add/userId",   "ec2:Add/group",            "ec2:Add/organizationArn",
    "ram:AllowsExternalPrincipals", "ram:RequestedAllowsExternalPrincipals", "ram:Principal", "lambda:Principal",
    "kms:GrantIsForAWSResource", "kms:GranteePrincipal", "lambda:FunctionUrlAuthType",
};
static const char *const reading_guards[] = {
    "kms:ViaService", "kms:EncryptionContext/", "kms:EncryptionContextKeys", "kms:ResourceAliases", "s3:ExistingObjectTag/",
    "s3:DataAccessPointArn", "s3:DataAccessPointAccount", "secretsmanager:ResourceTag/", "dynamodb:LeadingKeys",
};
static const char *const destruction_guards[] = { "kms:ViaService", "ec2:ParentSnapshot", "ec2:Owner" };

static const power_class classes[] = {
    { RESOURCE_EXPOSURE, VD_POWER_EXPOSURE, "can open resources to others", { exposure_guards, VD_COUNT(exposure_guards) } },
    { CREDENTIALS_EXPOSURE, VD_POWER_CREDENTIALS, "hands out credentials", { reading_guards, VD_COUNT(reading_guards) } },
    { DATA_EXFILTRATION, VD_POWER_EXFILTRATION, "can read or copy data anywhere",
      { reading_guards, VD_COUNT(reading_guards) } },
    { DEFENSE_EVASION, VD_POWER_EVASION, "can blind logging or detection", { NULL, 0 } },
    { INFRASTRUCTURE_DESTRUCTION, VD_POWER_DESTRUCTION, "can destroy anywhere",
      { destruction_guards, VD_COUNT(destruction_guards) } },
};

/* What a login needs and what has a rule of its own. */
static bool is_told_elsewhere(const power_class *c, const vd_powers *p, uint32_t slot)
{
    if (c->bit == VD_POWER_CREDENTIALS)
        return slot == p->named[VD_NAMED_ASSUME_ROLE];
    if (c->bit == VD_POWER_EXFILTRATION)
        return slot == p->named[VD_NAMED_KMS_DECRYPT] || (p->bits[p->actions[slot]] & VD_POWER_CREDENTIALS);
    if (c->bit == VD_POWER_EXPOSURE)
        return slot == p->named[VD_NAMED_KMS_GRANT];
    return false;
}

/* "Admin", "Security" as words of a name. */
static bool sounds_like(vd_str name, const char *word)
{
    vd_str w = vd_str_of(word);

    for (size_t i = 0; i + w.n <= name.n; i++)
        if (vd_str_istarts(vd_str_from(name, i), w))
            return true;
    return false;
}

static vd_str name_of(const vd_lint *l)
{
    vd_str file = l->file;

    if (l->extracted->name.n)
        return l->extracted->name;
    if (vd_str_rfind(file, '/') < file.n)
        file = vd_str_from(file, vd_str_rfind(file, '/') + 1);
    return vd_str_first(file, vd_str_find(file, '.'));
}

static bool matches_any(vd_strs patterns, vd_str name)
{
    for (uint32_t i = 0; i < patterns.count; i++)
        if (vd_view_action_matches(patterns.at[i], name))
            return true;
    return false;
}

static bool is_meant(const power_class *c, const vd_lint *l)
{
    vd_str name = name_of(l);

    if (c->bit == VD_POWER_EXFILTRATION)
        return matches_any(l->config->data_readers, name) ||
               (l->extracted->container.n && matches_any(l->config->data_readers, l->extracted->container));
    if (c->bit == VD_POWER_EVASION)
        return sounds_like(name, "admin") || sounds_like(name, "security");
    return false;
}

static void check_class(const vd_allowed *e, const power_class *c)
{
    const vd_lint_rule *rule = &vd_permission_rules[c->rule];
    vd_named_grants     n = { .count = 0 };
    bool                severe = false, mfa = true, doubtful = true;
    vd_finding         *f;

    for (uint32_t i = 0; i < e->slot_count; i++) {
        uint32_t        slot = e->slots[i];
        uint8_t         bits = e->powers->bits[e->powers->actions[slot]];
        const vd_grant *g;

        if (!(bits & c->bit) || is_told_elsewhere(c, e->powers, slot))
            continue;
        if ((bits & VD_POWER_STRICT) && !e->policies[0]->config->strict && (c->bit & (VD_POWER_EXFILTRATION | VD_POWER_EVASION)))
            continue;
        g = vd_allow_broadly(e, slot, VD_BREADTH_ALL, c->guards);
        if (!g || is_meant(c, g->l))
            continue;
        severe |= (bits & VD_POWER_SEVERE) != 0;
        mfa &= g->mfa;
        doubtful &= g->doubtful;
        vd_name_grant(&n, g);
    }
    if (n.count == 0)
        return;
    f = vd_report_grants(rule, &n, vd_lint_printf(n.at[0]->l, "%s: %s", c->text, vd_grants_text(n.at[0]->l, &n)));
    if (c->bit == VD_POWER_DESTRUCTION && severe)
        vd_finding_score(f, 50);
    vd_soften(f, mfa, doubtful);
}

void vd_permission_classes(const vd_allowed *e)
{
    for (size_t i = 0; i < VD_COUNT(classes); i++)
        if (vd_lint_wants(e->policies[0], &vd_permission_rules[classes[i].rule]) || e->count > 1)
            check_class(e, &classes[i]);
}
