/* SPDX-License-Identifier: Apache-2.0
 *
 * Role trust policies: the rows, and which file looks at what.
 */
#include "lint/rules/trust_int.h"

#include "lint/who.h"

const vd_lint_rule vd_trust_rules[TRUST_RULES] = {
    [TRUST_NOT_PRINCIPAL] = {
        "trust-not-principal", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOT_PRINCIPAL",
        .title = "NotPrincipal in a trust policy",
        .why = "IAM refuses it: a trust policy says who may.",
        .remedy = "list them in Principal",
        .bad = "\"NotPrincipal\": {\"AWS\": \"111122223333\"}",
        .good = "\"Principal\": {\"AWS\": \"111122223333\"}",
    },
    [TRUST_RESOURCE] = {
        "trust-resource", VD_ERROR, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
        .title = "Resource in a trust policy",
        .why = "IAM refuses it: the resource is the role itself.",
        .remedy = "remove the element",
        .bad = "\"Action\": \"sts:AssumeRole\", \"Resource\": \"*\"",
        .good = "\"Action\": \"sts:AssumeRole\"",
    },
    [TRUST_NOT_ACTION] = {
        "trust-not-action", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "NotAction in a trust policy",
        .why = "IAM refuses it: a trust policy names how the role is assumed.",
        .remedy = "list the actions",
        .bad = "\"NotAction\": \"sts:TagSession\"",
        .good = "\"Action\": \"sts:AssumeRole\"",
    },
    [TRUST_PUBLIC] = {
        "trust-public", VD_SECURITY, 100, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
        .title = "a role that everyone can assume",
        .why = "Any identity of any AWS account gets the permissions of the role.",
        .remedy = "name accounts or roles, or require aws:PrincipalOrgID",
        .bad = "\"Principal\": {\"AWS\": \"*\"}, \"Action\": \"sts:AssumeRole\"",
        .good = "the same with \"StringEquals\": {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}",
    },
    [TRUST_ACTION] = {
        "trust-unsupported-action", VD_ERROR, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "an action that has no place in a trust policy",
        .why = "Only the ways of assuming a role and what goes with them are decided here. IAM refuses "
               "actions of other services; other actions of sts do nothing.",
        .remedy = "use sts:AssumeRole, sts:AssumeRoleWithSAML, sts:AssumeRoleWithWebIdentity, "
                  "sts:TagSession, sts:SetSourceIdentity or sts:SetContext",
        .bad = "\"Action\": \"iam:PassRole\"",
        .good = "\"Action\": \"sts:AssumeRole*\"",
    },
    [TRUST_ACTION_WILDCARD] = {
        "trust-action-wildcard", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a wildcard for all ways into a role",
        .why = "It allows more than the principals can use today, session tags and source identities among "
               "it.",
        .remedy = "list the actions that they use",
        .bad = "\"Action\": \"sts:*\"",
        .good = "\"Action\": \"sts:AssumeRole\"",
    },
    [TRUST_MISMATCH] = {
        "trust-action-principal-mismatch", VD_ERROR, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "MISMATCHED_ACTION_FOR_PRINCIPAL",
        .title = "an action that the principal cannot use",
        .why = "Accounts and services use sts:AssumeRole, SAML providers sts:AssumeRoleWithSAML, OIDC "
               "providers sts:AssumeRoleWithWebIdentity. Any other pair never matches.",
        .remedy = "use the action that belongs to the principal",
        .bad = "{\"Federated\": \"arn:aws:iam::111122223333:oidc-provider/gitlab.com\"} with sts:AssumeRole",
        .good = "the same with sts:AssumeRoleWithWebIdentity and sts:TagSession",
    },
    [TRUST_FEDERATED_SYNTAX] = {
        "trust-federated-syntax", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
        .title = "a Federated principal that is no identity provider",
        .why = "IAM knows providers by the ARN of their entry in the account, and four by their domain.",
        .remedy = "write arn:aws:iam::ACCOUNT:oidc-provider/HOST or arn:aws:iam::ACCOUNT:saml-provider/NAME",
        .bad = "{\"Federated\": \"https://token.actions.githubusercontent.com\"}",
        .good = "{\"Federated\": "
                "\"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com\"}",
    },
    [TRUST_OIDC_UNCONDITIONED] = {
        "trust-oidc-unconditioned", VD_SECURITY, 90, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
        .title = "a role for every identity of an OIDC provider",
        .why = "Without a condition on a claim, any token of the issuer opens the role; many issuers serve "
               "the whole world.",
        .remedy = "require the audience and the subject of the token",
        .bad = "{\"Federated\": \"arn:aws:iam::111122223333:oidc-provider/id.example.com\"} without "
               "Condition",
        .good = "the same with \"StringEquals\": {\"id.example.com:sub\": \"deploy\"}",
    },
    [TRUST_OIDC_REJECTED] = {
        "trust-oidc-rejected", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a trust policy that IAM refuses for want of a claim",
        .why = "For providers that serve many customers IAM demands a condition on the claim that tells "
               "them apart, with more than wildcards in it.",
        .remedy = "add the condition",
        .bad = "a GitHub provider with a condition on aud only",
        .good = "\"StringLike\": {\"token.actions.githubusercontent.com:sub\": \"repo:acme/app:*\"}",
    },
    [TRUST_OIDC_NO_SUB] = {
        "trust-oidc-no-sub", VD_SECURITY, 85, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "MISSING_GITHUB_REPO_CONDITION_KEY",
        .title = "a condition that does not say whose token",
        .why = "The audience is the same for all customers of the provider: anybody's token has it.",
        .remedy = "require the subject or another claim that names you",
        .bad = "a GitLab provider with \"StringEquals\": {\"gitlab.com:aud\": \"https://gitlab.com\"} only",
        .good = "the same and \"StringLike\": {\"gitlab.com:sub\": \"project_path:acme/app:*\"}",
    },
    [TRUST_OIDC_NO_AUD] = {
        "trust-oidc-no-aud", VD_SUGGESTION, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a token for any audience",
        .why = "A token that was made for another service, and that this service may pass on, is accepted "
               "too.",
        .remedy = "require the audience",
        .bad = "a GitLab provider with a condition on sub only",
        .good = "the same and \"StringEquals\": {\"gitlab.com:aud\": \"https://gitlab.com\"}",
    },
    [TRUST_OIDC_WIDE_SUB] = {
        "trust-oidc-wide-sub", VD_SECURITY, 80, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED WILDCARD_USAGE_TOO_PERMISSIVE",
        .title = "a pattern on the subject that lets in more than meant",
        .why = "A wildcard in the organization matches organizations of strangers; one in the repository, "
               "branch or environment hands the role to whoever can push there.",
        .remedy = "write out the organization and the repository, and where possible the branch or "
                  "environment",
        .bad = "\"repo:acme*/x:*\"",
        .good = "\"repo:acme/x:ref:refs/heads/main\"",
    },
    [TRUST_PULL_REQUEST] = {
        "trust-github-pull-request", VD_SECURITY, 70, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a role for runs of pull requests",
        .why = "What such a run executes was written by whoever opened the pull request.",
        .remedy = "use a branch or a protected environment; give pull requests a role of their own that "
                  "cannot write",
        .bad = "\"repo:acme/x:pull_request\"",
        .good = "\"repo:acme/x:environment:prod\"",
    },
    [TRUST_SUB_FORMAT] = {
        "trust-github-sub-format", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a subject that GitHub never sends",
        .why = "The subject is built by a fixed pattern; a text of another form is never equal to it.",
        .remedy = "write repo:OWNER/REPOSITORY:ref:refs/heads/BRANCH or "
                  "repo:OWNER/REPOSITORY:environment:NAME. For a customised subject set "
                  "trusted.github.sub-template",
        .bad = "\"repo:acme/x:ref:main\"",
        .good = "\"repo:acme/x:ref:refs/heads/main\"",
    },
    [TRUST_MUTABLE_NAME] = {
        "trust-github-mutable-name", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a repository known by its name only",
        .why = "Names are given away again after a rename or a deletion, and repositories that are new or "
               "renamed send their ids in the subject.",
        .remedy = "pin repository_id and repository_owner_id, or accept repo:owner@id/name@id as well",
        .bad = "\"repo:acme/x:ref:refs/heads/main\" alone",
        .good = "the same and \"StringEquals\": {\"token.actions.githubusercontent.com:repository_id\": "
                "\"134\"}",
    },
    [TRUST_KEY_MISMATCH] = {
        "trust-oidc-key-mismatch", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "INVALID_SERVICE_CONDITION_KEY",
        .title = "a claim of another provider",
        .why = "Keys begin with the host and path of the issuer. Tokens of this provider have no such key.",
        .remedy = "write the host and path of the provider that Federated names, without https:// and final "
                  "slash",
        .bad = "key \"oidc.eks.eu-west-1.amazonaws.com/id/A:sub\" with provider \".../id/B\"",
        .good = "key \"oidc.eks.eu-west-1.amazonaws.com/id/B:sub\"",
    },
    [TRUST_UNKNOWN_CLAIM] = {
        "trust-oidc-unknown-claim", VD_WARNING, 0, VD_FIX_ADVICE, VD_LINT_DATED, VD_CONFIDENCE_HIGH, VD_ON_T,
        "",
        .title = "a claim that AWS does not read",
        .why = "AWS makes condition keys of a few claims of a token. A condition on another one is never "
               "met.",
        .remedy = "use aud, sub, amr, email, oaud or one that AWS lists for the provider",
        .bad = "\"token.actions.githubusercontent.com:workflow_sha\"",
        .good = "\"token.actions.githubusercontent.com:job_workflow_ref\"",
    },
    [TRUST_AUDIENCE_FORM] = {
        "trust-audience-form", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "CONFIRM_AUDIENCE_CLAIM_TYPE",
        .title = "an audience compared as a set",
        .why = "The provider sends one audience; set operators are for keys with several values, and "
               "ForAllValues is met by none at all.",
        .remedy = "use StringEquals",
        .bad = "\"ForAnyValue:StringEquals\": {\"gitlab.com:aud\": \"https://gitlab.com\"}",
        .good = "\"StringEquals\": {\"gitlab.com:aud\": \"https://gitlab.com\"}",
    },
    [TRUST_EKS] = {
        "trust-eks-wide-subject", VD_SECURITY, 65, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a role for service accounts of any namespace",
        .why = "Whoever may create a pod in one of the namespaces that match can use the role.",
        .remedy = "name the namespace and the service account",
        .bad = "\"system:serviceaccount:*:*\"",
        .good = "\"system:serviceaccount:payments:worker\"",
    },
    [TRUST_COGNITO] = {
        "trust-cognito", VD_SECURITY, 75, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a role for identities of any Cognito identity pool, or for guests",
        .why = "All identity pools of all accounts share one issuer. Only aud tells the pool, and only amr "
               "whether somebody signed in.",
        .remedy = "require cognito-identity.amazonaws.com:aud and ForAnyValue:StringLike "
                  "cognito-identity.amazonaws.com:amr authenticated",
        .bad = "{\"Federated\": \"cognito-identity.amazonaws.com\"} without Condition",
        .good = "with aud and amr",
    },
    [TRUST_SAML_NO_AUD] = {
        "trust-saml-no-aud", VD_SECURITY, 60, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a SAML assertion for any recipient",
        .why = "An assertion that the provider made for another service opens the role as well.",
        .remedy = "require SAML:aud",
        .bad = "a SAML provider without Condition",
        .good = "\"StringEquals\": {\"SAML:aud\": \"https://signin.aws.amazon.com/saml\"}",
    },
    [TRUST_SAML_AUD] = {
        "trust-saml-aud-value", VD_WARNING, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a SAML audience that no sign-in has",
        .why = "SAML:aud is the address the assertion was posted to. No AWS sign-in has this one.",
        .remedy = "use https://signin.aws.amazon.com/saml, or the address of a Region or partition",
        .bad = "\"SAML:aud\": \"https://signin.aws.amazon.com\"",
        .good = "\"SAML:aud\": \"https://signin.aws.amazon.com/saml\"",
    },
    [TRUST_NO_EXTERNAL_ID] = {
        "trust-no-external-id", VD_SECURITY, 65, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a third party without external id",
        .why = "A vendor acts for many customers. One of them can give the ARN of your role as its own (the "
               "confused deputy).",
        .remedy = "require sts:ExternalId with the id that the vendor made for you",
        .bad = "{\"AWS\": \"464622532012\"} without Condition",
        .good = "the same with \"StringEquals\": {\"sts:ExternalId\": \"5f2c9d1e...\"}",
    },
    [TRUST_WEAK_EXTERNAL_ID] = {
        "trust-weak-external-id", VD_SECURITY, 55, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "an external id that does not protect",
        .why = "The id is what keeps another customer of the vendor out: it has to be compared exactly, and "
               "nobody may guess it.",
        .remedy = "use StringEquals with a random id",
        .bad = "\"StringLike\": {\"sts:ExternalId\": \"*\"}",
        .good = "\"StringEquals\": {\"sts:ExternalId\": \"5f2c9d1e-8a47-4e0b-9d3c-0a6b1c2d3e4f\"}",
    },
    [TRUST_ACCOUNT_ROOT] = {
        "trust-account-root", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a whole account may assume the role",
        .why = "Whoever an administrator of that account allows sts:AssumeRole on all roles gets in.",
        .remedy = "name a role, or add aws:PrincipalArn",
        .bad = "{\"AWS\": \"arn:aws:iam::111122223333:root\"} alone",
        .good = "the same with \"ArnLike\": {\"aws:PrincipalArn\": "
                "\"arn:aws:iam::111122223333:role/deploy-*\"}",
    },
    [TRUST_SERVICE_UNSCOPED] = {
        "trust-service-unscoped", VD_SECURITY, 55, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
        .title = "a service that may assume the role for anybody",
        .why = "Some services take the ARN of a role from whoever configures them, in any account.",
        .remedy = "require aws:SourceAccount or aws:SourceArn",
        .bad = "scheduler.amazonaws.com without Condition",
        .good = "scheduler.amazonaws.com with \"StringEquals\": {\"aws:SourceAccount\": \"111122223333\"}",
    },
    [TRUST_MANY_SERVICES] = {
        "trust-many-services", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "one role for several services",
        .why = "Each of them gets what the others need.",
        .remedy = "one role each",
        .bad = "[\"ec2.amazonaws.com\", \"glue.amazonaws.com\"]",
        .good = "[\"lambda.amazonaws.com\", \"edgelambda.amazonaws.com\"]",
    },
    [TRUST_ANYWHERE_ACTIONS] = {
        "trust-roles-anywhere-actions", VD_ERROR, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
        .title = "Roles Anywhere without all of its actions",
        .why = "Roles Anywhere sets a source identity and session tags. Unless all three actions are "
               "allowed, it cannot assume the role.",
        .remedy = "allow sts:AssumeRole, sts:SetSourceIdentity and sts:TagSession",
        .bad = "rolesanywhere.amazonaws.com with sts:AssumeRole only",
        .good = "with all three",
    },
    [TRUST_ANYWHERE_OPEN] = {
        "trust-roles-anywhere-open", VD_SECURITY, 80, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a role for any certificate",
        .why = "Every certificate of every trust anchor of the account opens the role.",
        .remedy = "require aws:SourceArn of the trust anchor, and aws:PrincipalTag/x509Subject/CN or the "
                  "like",
        .bad = "rolesanywhere.amazonaws.com without Condition",
        .good = "\"ArnEquals\": {\"aws:SourceArn\": \"arn:aws:rolesanywhere:...:trust-anchor/...\"}",
    },
    [TRUST_NO_TAG_SESSION] = {
        "trust-missing-tag-session", VD_WARNING, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "MISSING_ACTION_FOR_CONDITION_KEY",
        .title = "session tags without sts:TagSession",
        .why = "Whoever sends session tags needs sts:TagSession from the trust policy as well. EKS Pod "
               "Identity always does.",
        .remedy = "add sts:TagSession",
        .bad = "pods.eks.amazonaws.com with sts:AssumeRole only",
        .good = "with both",
    },
    [TRUST_TAG_SESSION_OPEN] = {
        "trust-tag-session-open", VD_SECURITY, 50, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a caller who chooses the tags that policies trust",
        .why = "Permissions of the role depend on aws:PrincipalTag, and the third party may set those tags.",
        .remedy = "limit aws:TagKeys and aws:RequestTag in the trust policy",
        .bad = "a vendor with sts:TagSession and no condition on keys",
        .good = "the same with \"ForAllValues:StringEquals\": {\"aws:TagKeys\": [\"ticket\"]}",
    },
    [TRUST_SELF] = {
        "trust-self", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a role that trusts itself",
        .why = "Until 2022 every role could assume itself; most entries of this kind are left over from "
               "trying to find out why it no longer may.",
        .remedy = "remove it, unless the role assumes itself on purpose",
        .bad = "the role's own ARN",
        .good = "another role",
    },
    [TRUST_LOCKOUT] = {
        "trust-lockout", VD_WARNING, 0, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_T, "",
        .title = "a role that nobody can assume",
        .why = "No Allow opens a way in, or a Deny closes all of them.",
        .remedy = "allow sts:AssumeRole to somebody",
        .bad = "\"Action\": \"sts:TagSession\" alone",
        .good = "\"Action\": [\"sts:AssumeRole\", \"sts:TagSession\"]",
    },
    [TRUST_UNUSED_CONDITION] = {
        "trust-unused-condition", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_T,
        "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
        .title = "a condition on a key that is never sent",
        .why = "Requests to assume a role carry keys of sts and of the caller. A key of another service is "
               "never there, and the statement allows nothing.",
        .remedy = "remove the condition, or use a key such as sts:RoleSessionName or aws:PrincipalArn",
        .bad = "\"StringEquals\": {\"s3:prefix\": \"x\"}",
        .good = "\"StringEquals\": {\"sts:RoleSessionName\": \"deploy\"}",
    },
};

static void look_at_policy(vd_lint *l)
{
    if (l->kind == VD_KIND_TRUST && l->policy)
        vd_trust_document(l);
}

static void look_at_statement(vd_lint *l, const vd_view_statement *st)
{
    if (l->kind != VD_KIND_TRUST || st->model->malformed)
        return;
    vd_trust_forms(l, st);
    if (!vd_who_grants(st) || st->conditions_hole)
        return;
    vd_trust_oidc(l, st);
    vd_trust_saml(l, st);
    vd_trust_parties(l, st);
    vd_trust_services(l, st);
}

const vd_lint_group vd_lint_trust = { .name = "trust",
                                      .rules = vd_trust_rules,
                                      .count = TRUST_RULES,
                                      .policy = look_at_policy,
                                      .statement = look_at_statement,
                                      .identity = vd_trust_identity,
                                      .adopt = vd_trust_adopt };
