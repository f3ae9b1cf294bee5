/* SPDX-License-Identifier: Apache-2.0
 *
 * Powerful permissions: the table of rules, and their order.
 */
#include "lint/rules/permission.h"

#include "base/str.h"

#define ON_IS (VD_ON_I | VD_ON_S)

const vd_lint_rule vd_permission_rules[PERMISSION_RULES] = {
    [ADMIN_ACCESS] = { "admin-access", VD_SECURITY, 90, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, ON_IS, "",
        "every action on every resource",
        "Whoever holds this policy is an administrator: it can read all data, delete everything and give itself or others any "
        "further right. A Deny by Region, MFA or time does not change that.",
        "List the actions and resources that the job needs. verdict rightsize finds them from what was used.",
        "\"Action\": \"*\", \"Resource\": \"*\"", "\"Action\": \"*\", \"Resource\": \"arn:aws:s3:::app/*\"" },
    [ACTION_STAR] = { "action-star", VD_SECURITY, 55, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH,
        VD_ON_I | VD_ON_B | VD_ON_S | VD_ON_R, "",
        "every action on a resource that is named",
        "A star grows with the service: deleting the resource and changing its policy are in it today, and whatever AWS adds "
        "is in it tomorrow. A list of actions does not change by itself.",
        "List the actions.", "\"Action\": \"*\", \"Resource\": \"arn:aws:s3:::app/*\"",
        "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::app/*\"" },
    [SERVICE_WILDCARD] = { "service-wildcard", VD_SECURITY, 50, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, ON_IS, "",
        "every action of a service on every resource",
        "All actions of a service include those that open its resources to others or destroy them.",
        "List the actions, or name the resources.", "\"Action\": \"s3:*\", \"Resource\": \"*\"",
        "\"Action\": \"s3:*\", \"Resource\": [\"arn:aws:s3:::app\", \"arn:aws:s3:::app/*\"]" },
    [PASS_ROLE_STAR] = { "pass-role-star", VD_SECURITY, 75, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, ON_IS,
        "PASS_ROLE_WITH_STAR_IN_RESOURCE PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE "
        "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        "iam:PassRole on roles that are not named",
        "Whoever may pass a role to a service acts with that role's rights. With a star that is every role of the account, "
        "administrators' included.",
        "Name the role, and add a condition on iam:PassedToService.",
        "\"Action\": \"iam:PassRole\", \"Resource\": \"*\"",
        "\"Action\": \"iam:PassRole\", \"Resource\": \"*\", \"Condition\": {\"StringEquals\": {\"iam:PassedToService\": "
        "\"lambda.amazonaws.com\"}}" },
    [PASS_ROLE_NOT_RESOURCE] = { "pass-role-not-resource", VD_SECURITY, 75, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH,
        ON_IS,
        "PASS_ROLE_WITH_NOT_RESOURCE PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        "iam:PassRole on every role but some",
        "NotResource allows all roles that are not listed, also those created tomorrow.",
        "Name the roles that may be passed in Resource; keep the exception as a Deny.",
        "\"Action\": \"iam:PassRole\", \"NotResource\": \"arn:aws:iam::111122223333:role/admin\"",
        "\"Effect\": \"Deny\", \"Action\": \"iam:PassRole\", \"NotResource\": \"arn:aws:iam::111122223333:role/app-*\"" },
    [PASS_ROLE_ANY_ROLE] = { "pass-role-any-role", VD_SUGGESTION, 0, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_I,
        "", "any role may be passed, to some services",
        "The service is limited, the role is not: any role that trusts the service can be used, an administrator's too.",
        "Name the roles, or keep them under one path or prefix.",
        "\"Action\": \"iam:PassRole\", \"Resource\": \"*\", \"Condition\": {\"StringEquals\": {\"iam:PassedToService\": "
        "\"lambda.amazonaws.com\"}}",
        "the same with \"Resource\": \"arn:aws:iam::*:role/app-*\"" },
    [PASS_ROLE_SERVICE_GAP] = { "pass-role-service-gap", VD_WARNING, 0, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH,
        VD_ON_I, "", "iam:PassedToService names no service, or another than the policy uses",
        "The condition is compared with the service's principal name. A short name never matches, so no role can be passed.",
        "Write the full name: lambda.amazonaws.com.",
        "\"StringEquals\": {\"iam:PassedToService\": \"lambda\"}",
        "\"StringEquals\": {\"iam:PassedToService\": \"lambda.amazonaws.com\"} beside lambda:CreateFunction" },
    [CREATE_SLR_STAR] = { "create-slr-star", VD_WARNING, 0, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_I,
        "CREATE_SLR_WITH_STAR_IN_RESOURCE CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE "
        "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        "service-linked roles of every service can be created",
        "A service-linked role lets its service act in the account. Which service is said by the resource or by "
        "iam:AWSServiceName; without either it is any.",
        "Name the role (arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*), or add a condition on iam:AWSServiceName.",
        "\"Action\": \"iam:CreateServiceLinkedRole\", \"Resource\": \"*\"",
        "\"Resource\": \"arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*\"" },
    [CREATE_SLR_NOT_RESOURCE] = { "create-slr-not-resource", VD_WARNING, 0, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH,
        VD_ON_I,
        "CREATE_SLR_WITH_NOT_RESOURCE CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        "service-linked roles of every service but some can be created",
        "NotResource allows all that is not listed, also services that do not exist yet.",
        "Name the service-linked roles in Resource.",
        "\"Action\": \"iam:Create*\", \"NotResource\": \"arn:aws:iam::111122223333:role/x\"",
        "\"Action\": \"iam:CreateServiceLinkedRole\", \"Resource\": \"arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*\"" },
    [PRIVILEGE_ESCALATION] = { "privilege-escalation", VD_SECURITY, 85, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, ON_IS,
        "", "the holder can become somebody with more rights",
        "Some actions together give the rights of another principal: passing a role to code of one's own, editing a policy "
        "one holds, making keys for another user. What the policy says then is not what its holder can do.",
        "Name the roles, users or functions in Resource, take one of the actions away, or add the condition that guards it.",
        "\"Action\": [\"iam:PassRole\", \"lambda:CreateFunction\", \"lambda:InvokeFunction\"], \"Resource\": \"*\"",
        "\"Action\": \"iam:PassRole\", \"Resource\": \"arn:aws:iam::111122223333:role/app\" beside the Lambda actions" },
    [RESOURCE_EXPOSURE] = { "resource-exposure", VD_SECURITY, 60, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_I, "",
        "resources can be opened to others",
        "These actions change who may use a resource: a policy, an ACL, a share, a public endpoint. On every resource they can "
        "open anything in the account to the world.",
        "Name the resources whose sharing is meant, or add the condition that bounds the action.",
        "\"Action\": \"s3:PutBucketPolicy\", \"Resource\": \"*\"",
        "\"Action\": \"s3:PutBucketPolicy\", \"Resource\": \"arn:aws:s3:::app\"" },
    [DATA_EXFILTRATION] = { "data-exfiltration", VD_SECURITY, 50, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_I, "",
        "data can be read or copied anywhere",
        "These actions read data or copy it to a place where it can be read. On every resource they reach data that the job "
        "has nothing to do with.",
        "Name the resources. For a role that is meant to read widely, add it to data-readers in .verdict.yaml.",
        "\"Action\": \"s3:GetObject\", \"Resource\": \"*\"", "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::app-*/*\"" },
    [CREDENTIALS_EXPOSURE] = { "credentials-exposure", VD_SECURITY, 65, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH,
        VD_ON_I, "", "actions that hand out credentials, on everything",
        "The answers of these actions are keys, tokens, passwords or secrets. On every resource they are those of everybody.",
        "Name the secrets, users or functions.",
        "\"Action\": \"secretsmanager:GetSecretValue\", \"Resource\": \"*\"",
        "\"Action\": \"secretsmanager:GetSecretValue\", \"Resource\": \"arn:aws:secretsmanager:*:*:secret:app/*\"" },
    [INFRASTRUCTURE_DESTRUCTION] = { "infrastructure-destruction", VD_SUGGESTION, 50, VD_FIX_ADVICE,
        VD_LINT_DOCUMENT | VD_LINT_OFF, VD_CONFIDENCE_HIGH, VD_ON_I, "",
        "data stores, keys or backups can be destroyed anywhere",
        "These actions cannot be undone, or only from a backup; some of them delete the backups.",
        "Name the resources, or keep the actions for a role that is used seldom and watched.",
        "\"Action\": \"rds:DeleteDBCluster\", \"Resource\": \"*\"",
        "\"Action\": \"rds:DeleteDBCluster\", \"Resource\": \"arn:aws:rds:*:*:cluster:dev-*\"" },
    [DEFENSE_EVASION] = { "defense-evasion", VD_SECURITY, 60, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_I, "",
        "logging or detection can be switched off",
        "Whoever can stop trails, detectors and recorders can work unseen.",
        "Take the actions away, or keep them for a security role (a name that says admin or security is not reported).",
        "\"Action\": \"cloudtrail:StopLogging\", \"Resource\": \"*\"", "the same with \"Effect\": \"Deny\"" },
    [ASSUME_ANY_ROLE] = { "assume-any-role", VD_SECURITY, 70, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_I, "",
        "sts:AssumeRole on roles that are not named",
        "Every role whose trust policy lets the account decide can be assumed, in this account and in others.",
        "Name the roles, or at least a prefix.", "\"Action\": \"sts:AssumeRole\", \"Resource\": \"*\"",
        "\"Action\": \"sts:AssumeRole\", \"Resource\": \"arn:aws:iam::*:role/cdk-hnb659fds-*\"" },
    [KMS_DECRYPT_ANY] = { "kms-decrypt-any", VD_SECURITY, 55, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_I, "",
        "decryption with every key",
        "Every key whose policy lets IAM decide can be used, whatever it protects, also keys of other accounts that trust "
        "this one.",
        "Name the keys, or add kms:ViaService, kms:EncryptionContext, kms:ResourceAliases or a tag condition.",
        "\"Action\": \"kms:Decrypt\", \"Resource\": \"*\"",
        "\"Action\": \"kms:Decrypt\", \"Resource\": \"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"" },
    [KMS_GRANT_UNGUARDED] = { "kms-grant-unguarded", VD_SECURITY, 60, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_I | VD_ON_R, "",
        "kms:CreateGrant without a condition",
        "A grant hands the use of the key to another principal, outside all IAM policies, until it is retired.",
        "Add Bool kms:GrantIsForAWSResource true, so that only AWS services acting for the caller can make grants.",
        "\"Action\": \"kms:CreateGrant\", \"Resource\": \"arn:aws:kms:*:*:key/*\"",
        "the same with \"Bool\": {\"kms:GrantIsForAWSResource\": \"true\"}" },
    [DELEGATED_IAM_UNBOUNDED] = { "delegated-iam-unbounded", VD_SECURITY, 70, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH,
        VD_ON_I, "", "principals can be created and given any policy",
        "Whoever creates a role and chooses its policies can give it more than they have themselves. A permissions boundary, "
        "required on both, is what makes delegation safe.",
        "Add StringEquals iam:PermissionsBoundary to the statements that create and that attach.",
        "\"Action\": [\"iam:CreateRole\", \"iam:AttachRolePolicy\"], \"Resource\": \"arn:aws:iam::*:role/app-*\"",
        "the same with \"StringEquals\": {\"iam:PermissionsBoundary\": \"arn:aws:iam::111122223333:policy/boundary\"}" },
    [BOUNDARY_REMOVABLE] = { "boundary-removable", VD_SECURITY, 70, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_I,
        "", "a permissions boundary that the holder can take off",
        "The policy requires a boundary and also allows what removes, replaces or rewrites it.",
        "Deny iam:DeleteRolePermissionsBoundary and its siblings, put the same condition on iam:PutRolePermissionsBoundary, "
        "and keep the boundary's own ARN out of iam:CreatePolicyVersion.",
        "iam:CreateRole with a condition on iam:PermissionsBoundary, and iam:DeleteRolePermissionsBoundary on *",
        "the same with iam:DeleteRolePermissionsBoundary in a Deny" },
    [SELF_MANAGED_TOO_WIDE] = { "self-managed-too-wide", VD_SECURITY, 60, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH,
        VD_ON_I, "", "self-service for credentials that works on every user",
        "Actions for one's own password, keys and MFA devices, allowed on all users, are a way to become any of them.",
        "Use arn:aws:iam::*:user/${aws:username}.",
        "\"Action\": \"iam:UpdateLoginProfile\", \"Resource\": \"arn:aws:iam::*:user/*\"",
        "\"Resource\": \"arn:aws:iam::*:user/${aws:username}\"" },
    [BUCKET_TAKEOVER] = { "bucket-takeover", VD_SECURITY, 60, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_LOW, VD_ON_I, "",
        "a bucket name that somebody else may own",
        "Bucket names are global. A predictable name that does not exist yet can be taken by anybody, who then receives what "
        "is written there or serves what is read.",
        "Add StringEquals aws:ResourceAccount with your account id.",
        "\"Action\": \"s3:PutObject\", \"Resource\": \"arn:aws:s3:::aws-glue-assets-*\"",
        "the same with \"StringEquals\": {\"s3:ResourceAccount\": \"111122223333\"}" },
    [SENSITIVE_RESOURCE] = { "sensitive-resource", VD_SECURITY, 60, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH,
        VD_ON_I | VD_ON_R, "", "what the configuration calls sensitive is reached",
        "An entry of `sensitive` in .verdict.yaml names actions and resources that few should have.",
        "Take the resource out, or deny it.",
        "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::payroll-*/*\" (with payroll-* in `sensitive`)",
        "the same action on another bucket" },
};

/* ------------------------------------------------------------------ words */

void vd_name_grant(vd_named_grants *n, const vd_grant *g)
{
    if (n->count < VD_NAMED_MOST) {
        char text[160];

        n->at[n->count] = g;
        text[vd_catalog_action_text(g->l->catalog, g->action, text, sizeof text - 1)] = 0;
        n->names[n->count] = vd_str_of(vd_lint_printf(g->l, "%s", text));
    }
    n->count++;
}

const char *vd_grants_text(vd_lint *l, const vd_named_grants *n)
{
    uint32_t kept = n->count < VD_NAMED_MOST ? n->count : VD_NAMED_MOST;
    vd_str   text = vd_str_of(vd_lint_list(l, n->names, kept));

    return n->count > kept ? vd_lint_printf(l, VD_F " (%u in all)", VD_A(text), (unsigned)n->count) : text.p;
}

static bool same_span(vd_span a, vd_span b)
{
    return a.offset == b.offset && a.length == b.length;
}

vd_finding *vd_report_grants(const vd_lint_rule *rule, const vd_named_grants *n, const char *text)
{
    const vd_grant *g = n->at[0];
    vd_finding     *f = vd_lint_report_apart(g->l, rule, g->st, g->token, "%s", text);
    vd_span         before = g->token;

    for (uint32_t i = 1; f && i < n->count && i < VD_NAMED_MOST; i++) {
        if (n->at[i]->l != g->l || same_span(n->at[i]->token, before))
            continue;
        before = n->at[i]->token;
        vd_finding_relate(g->l, f, before, VD_F, VD_A(n->names[i]));
    }
    return f;
}

void vd_soften(vd_finding *f, bool mfa, bool doubtful)
{
    if (f && mfa)
        vd_finding_severity(f, f->severity == VD_SECURITY ? VD_WARNING : VD_SUGGESTION);
    if (f && doubtful && f->confidence == VD_CONFIDENCE_HIGH)
        vd_finding_confidence(f, VD_CONFIDENCE_MEDIUM);
}

/* ------------------------------------------------------------------ the order */

static bool holds_identity(vd_lint *const *policies, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (ON_IS >> policies[i]->kind & 1u)
            return true;
    return false;
}

static void judge(vd_lint *const *policies, uint32_t count)
{
    vd_allowed e;

    for (uint32_t i = 0; i < count; i++)
        if (policies[i]->config->sensitive_count)
            vd_permission_sensitive(policies[i]);
    if (!holds_identity(policies, count) || vd_permission_admin(policies, count))
        return;
    if (!vd_allow_find(&e, policies, count)) {
        policies[0]->no_memory = true;
        return;
    }
    if (e.unknown)
        return; /* a deny that is not known may take any of it away */
    vd_permission_service(&e);
    vd_permission_roles(&e);
    vd_permission_escalation(&e);
    vd_permission_classes(&e);
    vd_permission_keys(&e);
    vd_permission_delegation(&e);
    vd_permission_buckets(&e);
}

/* src/policy looks at one statement; denies and other statements are seen here only. */
static void adopt(vd_lint *l, vd_finding *f)
{
    VD_UNUSED(l);
    f->rule = NULL;
}

const vd_lint_group vd_lint_permission = {
    .name = "permission",
    .rules = vd_permission_rules,
    .count = PERMISSION_RULES,
    .statement = vd_permission_statement,
    .identity = judge,
    .adopt = adopt,
};
