/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of rules.  What other linters call theirs is data: a name leads to ids, to ids with a common beginning or end
 * ("invalid-arn-*"), or to groups.
 */
#include "lint/select.h"

#include "base/str.h"
#include "base/suggest.h"

static const struct {
    vd_str      name;
    const char *rules;
} others[] = {
    /* parliament */
    { VD_L("MALFORMED_JSON"), "json-*" },
    { VD_L("MALFORMED"), "group:statement invalid-policy-element" },
    { VD_L("DUPLICATE_SID"), "duplicate-sid" },
    { VD_L("INVALID_SID"), "invalid-sid" },
    { VD_L("NO_VERSION"), "missing-version" },
    { VD_L("OLD_VERSION"), "old-version" },
    { VD_L("UNKNOWN_ACTION"), "unknown-action" },
    { VD_L("UNKNOWN_PREFIX"), "unknown-service" },
    { VD_L("UNKNOWN_PRINCIPAL"), "invalid-principal-*" },
    { VD_L("UNKNOWN_FEDERATION_SOURCE"), "trust-federated-syntax" },
    { VD_L("UNKNOWN_OPERATOR"), "invalid-condition-operator" },
    { VD_L("MISMATCHED_TYPE"), "operator-type-mismatch string-operator-on-arn" },
    { VD_L("MISMATCHED_TYPE_BUT_USABLE"), "operator-type-mismatch string-operator-on-arn" },
    { VD_L("MISMATCHED_TYPE_OPERATION_TO_NULL"), "invalid-bool-value" },
    { VD_L("UNKNOWN_CONDITION_FOR_ACTION"), "condition-key-unsupported" },
    { VD_L("BAD_PATTERN_FOR_MFA"), "mfa-*" },
    { VD_L("INVALID_ARN"), "invalid-arn-* missing-arn-field" },
    { VD_L("RESOURCE_MISMATCH"), "action-resource-mismatch action-needs-star s3-bucket-object-mixup" },
    { VD_L("RESOURCE_STAR"), "resource-star" },
    { VD_L("RESOURCE_EFFECTIVELY_STAR"), "resource-effectively-star" },
    { VD_L("RESOURCE_POLICY_PRIVILEGE_ESCALATION"), "resource-policy-self-grant" },
    { VD_L("PRIVILEGE_ESCALATION"), "privilege-escalation" },
    { VD_L("CREDENTIALS_EXPOSURE"), "credentials-exposure" },
    { VD_L("PERMISSIONS_MANAGEMENT_ACTIONS"), "resource-exposure" },
    { VD_L("SENSITIVE_ACCESS"), "sensitive-resource" },
    { VD_L("NOTPRINCIPAL_WITH_ALLOW"), "allow-with-not-principal" },
    { VD_L("NOTRESOURCE_WITH_ALLOW"), "not-resource-allow" },
    { VD_L("SINGLE_VALUE_CONDITION_TOO_PERMISSIVE"), "forallvalues-single-valued" },
    /* cfn-lint */
    { VD_L("E3510"), "group:statement group:principal group:condition" },
    { VD_L("E3512"), "group:statement group:principal group:condition" },
    { VD_L("E3513"), "group:statement group:principal group:condition" },
    { VD_L("E3530"), "group:statement group:principal group:condition" },
    { VD_L("E3511"), "invalid-principal-arn invalid-arn-*" },
    { VD_L("E3514"), "invalid-arn-* unsupported-resource-in-policy" },
    { VD_L("W3037"), "unknown-action unsupported-action-in-policy" },
    { VD_L("I3510"), "action-resource-mismatch resource-star" },
    { VD_L("W2511"), "old-version" },
    { VD_L("E3050"), "ref-is-not-arn" },
    /* cloudsplaining */
    { VD_L("PrivilegeEscalation"), "privilege-escalation" },
    { VD_L("ResourceExposure"), "resource-exposure" },
    { VD_L("DataExfiltration"), "data-exfiltration" },
    { VD_L("CredentialsExposure"), "credentials-exposure" },
    { VD_L("InfrastructureModification"), "infrastructure-destruction" },
    { VD_L("ServiceWildcard"), "service-wildcard" },
    { VD_L("AssumableByComputeService"), "compute-role-powerful" },
    { VD_L("AssumableByCrossAccountPrincipal"), "cross-account-principal trust-account-root" },
    { VD_L("AssumableByAnyPrincipal"), "trust-public" },
    { VD_L("AssumableByAnyPrincipalWithConditions"), "trust-public" },
};

/* Codes are printed in several ways: case, '-' and '_' do not count. */
static bool same_code(vd_str a, vd_str b)
{
    size_t i = 0, k = 0;

    for (;;) {
        while (i < a.n && (a.p[i] == '-' || a.p[i] == '_'))
            i++;
        while (k < b.n && (b.p[k] == '-' || b.p[k] == '_'))
            k++;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n;
        if (vd_lower(a.p[i++]) != vd_lower(b.p[k++]))
            return false;
    }
}

static bool next_word(vd_str *rest, vd_str *word)
{
    *rest = vd_str_trim(*rest);
    *word = vd_str_first(*rest, vd_str_find(*rest, ' '));
    *rest = vd_str_from(*rest, word->n);
    return word->n > 0;
}

static bool has_code(const vd_lint_rule *rule, vd_str code)
{
    vd_str rest = vd_str_of(rule->codes ? rule->codes : ""), word;

    while (next_word(&rest, &word))
        if (same_code(word, code))
            return true;
    return false;
}

typedef struct asking {
    const vd_rule_names *rules;
    void (*each)(void *user, uint32_t rule);
    void    *user;
    uint32_t found;
} asking;

static void tell(asking *a, uint32_t rule)
{
    a->found++;
    a->each(a->user, rule);
}

/* "group:trust", "group:J". */
static void ask_group(asking *a, vd_str name)
{
    uint32_t base = 0;

    for (uint32_t g = 0; g < vd_lint_group_count; base += vd_lint_groups[g++]->count) {
        char letter = (char)('A' + g);

        if (!vd_str_ieq(name, vd_str_of(vd_lint_groups[g]->name)) && !vd_str_ieq(name, (vd_str){ &letter, 1 }))
            continue;
        for (uint32_t i = 0; i < vd_lint_groups[g]->count; i++)
            tell(a, base + i);
    }
    if (vd_str_ieq(name, VD_S("custom")))
        for (uint32_t i = a->rules->builtin; i < a->rules->count; i++)
            tell(a, i);
}

static void ask_id(asking *a, vd_str name)
{
    bool prefix = name.n && name.p[name.n - 1] == '*';

    if (prefix)
        name.n--;
    for (uint32_t i = 0; i < a->rules->count; i++) {
        vd_str id = vd_str_of(a->rules->at[i]->id);

        if (prefix ? vd_str_starts(id, name) : vd_str_eq(id, name))
            tell(a, i);
    }
}

static void ask(asking *a, vd_str name)
{
    if (vd_str_istarts(name, VD_S("group:")))
        ask_group(a, vd_str_from(name, 6));
    else
        ask_id(a, name);
}

uint32_t vd_rules_named(const vd_rule_names *rules, vd_str name, void (*each)(void *user, uint32_t rule), void *user)
{
    asking a = { rules, each, user, 0 };

    ask(&a, name);
    if (a.found)
        return a.found;
    for (uint32_t i = 0; i < rules->count; i++)
        if (has_code(rules->at[i], name))
            tell(&a, i);
    for (size_t i = 0; i < VD_COUNT(others); i++) {
        vd_str rest = vd_str_of(others[i].rules), word;

        while (same_code(others[i].name, name) && next_word(&rest, &word))
            ask(&a, word);
    }
    return a.found;
}

vd_str vd_rules_near(const vd_rule_names *rules, vd_str name)
{
    vd_str   near = VD_S("");
    uint32_t best = name.n < 8 ? 2 : 4;

    for (uint32_t i = 0; i < rules->count; i++) {
        vd_str   id = vd_str_of(rules->at[i]->id);
        uint32_t d = vd_distance(name, id, best);

        if (d < best || (d == best && near.n == 0)) {
            best = d;
            near = id;
        }
    }
    return near;
}
