/* SPDX-License-Identifier: Apache-2.0
 *
 * Resource control policies: their narrow grammar, and perimeters that shut out AWS services.
 */
#include "base/str.h"
#include "catalog/facts.h"
#include "lint/allow.h"

enum {
    PRINCIPAL,
    ALLOW,
    NOT_ACTION,
    ACTION,
    UNSUPPORTED_SERVICE,
    MISSING_PRINCIPAL_KEY,
    MISSING_SERVICE_KEY,
    MISSING_NULL_CHECK,
    BLANKET_DENY,
    PERIMETER_GAP,
    RULES
};

static const vd_lint_rule rules[RULES] = {
    [PRINCIPAL] = { "rcp-principal", VD_ERROR, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_D, "RCP_SYNTAX_ERROR_PRINCIPAL",
        "Principal of a resource control policy is not \"*\"",
        "An RCP is about everybody who comes to a resource; Organizations refuses any other Principal.",
        "Write \"Principal\": \"*\" and put the rest into the Condition.", "\"Principal\": {\"AWS\": \"*\"}",
        "\"Principal\": \"*\"" },
    [ALLOW] = { "rcp-allow", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_D, "RCP_SYNTAX_ERROR_ALLOW",
        "an Allow in a resource control policy",
        "An RCP can only take away. The one that allows, RCPFullAWSAccess, is made and attached by AWS.",
        "Write what is not wanted as a Deny.", "\"Effect\": \"Allow\"", "\"Effect\": \"Deny\"" },
    [NOT_ACTION] = { "rcp-not-action", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_D, "RCP_SYNTAX_ERROR_NOTACTION",
        "NotAction in a resource control policy", "Organizations refuses it: an RCP lists what it denies.",
        "List the actions, or whole services.", "\"NotAction\": [\"s3:Get*\"]", "\"Action\": \"s3:*\"" },
    [ACTION] = { "rcp-action", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_D, "RCP_SYNTAX_ERROR_ACTION",
        "an action without a service in a resource control policy",
        "Organizations refuses * alone and wildcards in the service part.", "Name the services: [\"s3:*\", \"sqs:*\"].",
        "\"Action\": \"*\"", "\"Action\": [\"s3:*\", \"sqs:*\"]" },
    [UNSUPPORTED_SERVICE] = { "rcp-unsupported-service", VD_ERROR, 0, VD_FIX_ADVICE, VD_LINT_DATED, VD_CONFIDENCE_HIGH, VD_ON_D, "",
        "an action of a service that RCPs do not reach",
        "RCPs are evaluated by some services only. For the others the statement denies nothing.",
        "Take the action out; use an SCP or the resource's own policy. A service that is new may be listed in "
        "rcp.extra-services of .verdict.yaml.",
        "\"Action\": \"ec2:*\"", "\"Action\": \"sqs:*\"" },
    [MISSING_PRINCIPAL_KEY] = { "rcp-missing-principal-key", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_D,
        "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
        "a perimeter by organization that shuts out AWS services",
        "Service principals belong to no organization: a deny of whoever is outside denies them too, and with them log "
        "delivery, replication and notifications.",
        "Add BoolIfExists aws:PrincipalIsAWSService false.",
        "\"StringNotEqualsIfExists\": {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}",
        "the same with \"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}" },
    [MISSING_SERVICE_KEY] = { "rcp-missing-service-key", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_D,
        "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
        "a perimeter for services that denies everybody else",
        "Only calls of services carry aws:SourceOrgID and its siblings; the deny must say that it is about those.",
        "Add Bool aws:PrincipalIsAWSService true.", "\"StringNotEqualsIfExists\": {\"aws:SourceOrgID\": \"o-a1b2c3d4e5\"}",
        "the same with \"Bool\": {\"aws:PrincipalIsAWSService\": \"true\"}" },
    [MISSING_NULL_CHECK] = { "rcp-missing-null-check", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_D,
        "RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",
        "a perimeter for services that denies those without a source",
        "Some calls of services are not made for a resource and carry no source; without a Null test they are denied as well.",
        "Add Null aws:SourceAccount false.", "\"StringNotEqualsIfExists\": {\"aws:SourceOrgID\": \"o-a1b2c3d4e5\"}",
        "the same with \"Null\": {\"aws:SourceAccount\": \"false\"}" },
    [BLANKET_DENY] = { "rcp-blanket-deny", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_D, "",
        "a deny without a condition", "It binds everybody, the administrators of the organization included.",
        "Add a condition that exempts whoever must still be able to act.",
        "\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:PutBucketPolicy\", \"Resource\": \"*\"",
        "the same with a Condition" },
    [PERIMETER_GAP] = { "rcp-perimeter-gap", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_MEDIUM, VD_ON_D, "",
        "a perimeter that locks out sign-in through identity providers",
        "Callers with a web identity or SAML assertion have no organization yet.",
        "Deny sts:AssumeRole only, and bound sts:AssumeRoleWithWebIdentity and sts:AssumeRoleWithSAML by the keys of the "
        "provider.",
        "\"Action\": \"sts:*\" denied by aws:PrincipalOrgID", "\"Action\": \"sts:AssumeRole\"" },
};

static void adopt(vd_lint *l, vd_finding *f)
{
    const vd_statement *st = f->statement < l->policy->statement_count ? &l->policy->statements[f->statement] : NULL;

    if (f->rule != &rules[PRINCIPAL] || !st)
        return;
    if (st->principal.present && !st->principal.negated) {
        bool star = st->principal.count == 1 && vd_str_eq(st->principal.at[0].text.text, VD_S("*"));

        vd_finding_fix(l, f, star ? VD_FIX_SAFE : VD_FIX_UNSAFE, "write \"*\"");
        vd_finding_edit(l, f, VD_EDIT_VALUE, st->principal.value, "\"*\"");
    } else if (!st->principal.present) {
        vd_finding_fix(l, f, VD_FIX_SAFE, "add \"Principal\": \"*\"");
        vd_finding_edit(l, f, VD_EDIT_ADD_MEMBER, st->span, "\"Principal\": \"*\"");
    }
}

/* ------------------------------------------------------------------ services */

static bool is_reached(const vd_lint *l, const vd_view_action *a)
{
    if (a->service != VD_NONE && vd_catalog_service(l->catalog, a->service).rcp)
        return true;
    return vd_service_has_rcp(a->prefix) || vd_strs_have(l->config->extra_rcp_services, a->prefix);
}

static void check_services(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];

        if (a->service != VD_NONE && !is_reached(l, a))
            vd_lint_report(l, &rules[UNSUPPORTED_SERVICE], st, a->text.span, "RCPs do not apply to " VD_F, VD_A(a->prefix));
    }
}

/* ------------------------------------------------------------------ perimeters */

static const vd_view_condition *negated_on(const vd_view_statement *st, const char *const *keys, size_t count)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];

        if (!c->entry->op.op || !c->entry->op.op->negated)
            continue;
        for (size_t k = 0; k < count; k++)
            if (vd_key_is(c, keys[k]))
                return c;
    }
    return NULL;
}

static bool asks(const vd_view_statement *st, vd_test test, const char *key, const char *value)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];

        if (vd_key_is(c, key) && c->entry->op.op && c->entry->op.op->test == test && c->entry->values.count == 1 &&
            (vd_str_ieq(c->entry->values.at[0].text, vd_str_of(value)) || c->value_hole))
            return true;
    }
    return false;
}

/* An operator that is there already cannot be added a second time. */
static void add_test(vd_lint *l, vd_finding *f, const vd_view_statement *st, const char *op, const char *key, const char *value)
{
    if (!f)
        return;
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (vd_str_eq(st->conditions[i].entry->operator_name.text, vd_str_of(op)))
            return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "add %s %s %s", op, key, value);
    vd_finding_edit(l, f, VD_EDIT_ADD_MEMBER, st->model->condition, "\"%s\": {\"%s\": \"%s\"}", op, key, value);
}

static void check_identity_perimeter(vd_lint *l, const vd_view_statement *st)
{
    static const char *const keys[] = { "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount" };
    static const char *const federated[] = { "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML" };
    const vd_view_condition *c = negated_on(st, keys, VD_COUNT(keys));

    if (!c)
        return;
    if (!asks(st, VD_TEST_BOOL, "aws:PrincipalIsAWSService", "false"))
        add_test(l,
                 vd_lint_report(l, &rules[MISSING_PRINCIPAL_KEY], st, c->entry->key.span,
                                "breaks AWS services that act on the resource; add BoolIfExists aws:PrincipalIsAWSService "
                                "false"),
                 st, "BoolIfExists", "aws:PrincipalIsAWSService", "false");
    for (size_t i = 0; i < VD_COUNT(federated); i++) {
        uint32_t a = vd_catalog_find(l->catalog, vd_str_of(federated[i]));

        if (a == VD_NONE || !vd_ids_have(st->reach, a))
            continue;
        vd_lint_report(l, &rules[PERIMETER_GAP], st, st->actions[0].text.span,
                       "callers of %s have no " VD_F " and are locked out", federated[i], VD_A(c->key));
        break;
    }
}

static void check_service_perimeter(vd_lint *l, const vd_view_statement *st)
{
    static const char *const keys[] = { "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceAccount" };
    const vd_view_condition *c = negated_on(st, keys, VD_COUNT(keys));

    if (!c)
        return;
    if (!asks(st, VD_TEST_BOOL, "aws:PrincipalIsAWSService", "true"))
        add_test(l,
                 vd_lint_report(l, &rules[MISSING_SERVICE_KEY], st, c->entry->key.span,
                                "without Bool aws:PrincipalIsAWSService true every call that is not from a service is denied "
                                "too"),
                 st, "Bool", "aws:PrincipalIsAWSService", "true");
    if (!asks(st, VD_TEST_NULL, "aws:SourceAccount", "false") && !asks(st, VD_TEST_NULL, "aws:SourceOrgID", "false"))
        add_test(l,
                 vd_lint_report(l, &rules[MISSING_NULL_CHECK], st, c->entry->key.span,
                                "services that send no " VD_F " are denied as well; add Null aws:SourceAccount false",
                                VD_A(c->key)),
                 st, "Null", "aws:SourceAccount", "false");
}

static void check_statement(vd_lint *l, const vd_view_statement *st)
{
    if (l->kind != VD_KIND_RCP || st->allow)
        return;
    check_services(l, st);
    if (st->model->malformed || st->conditions_hole)
        return;
    check_identity_perimeter(l, st);
    check_service_perimeter(l, st);
    if (!st->model->has_condition)
        vd_lint_report(l, &rules[BLANKET_DENY], st, st->model->effect_span,
                       "binds everybody, administrators of the organization included");
}

const vd_lint_group vd_lint_rcp = {
    .name = "rcp",
    .rules = rules,
    .count = RULES,
    .statement = check_statement,
    .adopt = adopt,
};
