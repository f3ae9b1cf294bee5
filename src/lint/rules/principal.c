/* SPDX-License-Identifier: Apache-2.0
 *
 * Principals: the rows, and which file looks at what.
 */
#include "lint/rules/principal_int.h"

#define ON_RT  (VD_ON_R | VD_ON_T)
#define ON_RE  (VD_ON_R | VD_ON_E)
#define ON_RTE (VD_ON_R | VD_ON_T | VD_ON_E)

const vd_lint_rule vd_principal_rules[PRINCIPAL_RULES] = {
    [PRINCIPAL_FORMAT] = {
        "invalid-principal-format", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, ON_RTE,
        "INVALID_PRINCIPAL_FORMAT",
        .title = "a Principal that is neither \"*\" nor an object",
        .why = "AWS refuses the policy: the kind of a principal has to be said.",
        .remedy = "write {\"AWS\": ...}, {\"Service\": ...} or {\"Federated\": ...}",
        .bad = "\"Principal\": \"arn:aws:iam::111122223333:root\"",
        .good = "\"Principal\": {\"AWS\": \"arn:aws:iam::111122223333:root\"}",
    },
    [PRINCIPAL_KEY] = {
        "invalid-principal-key", VD_ERROR, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, ON_RTE,
        "INVALID_PRINCIPAL_KEY",
        .title = "a kind of principal that does not exist",
        .why = "The four kinds are AWS, Service, Federated and CanonicalUser, in these letters. AWS refuses "
               "others.",
        .remedy = "use one of the four; an account stands under AWS",
        .bad = "\"Principal\": {\"Aws\": \"111122223333\"}",
        .good = "\"Principal\": {\"AWS\": \"111122223333\"}",
    },
    [PRINCIPAL_ARN] = {
        "invalid-principal-arn", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, ON_RT,
        "INVALID_PRINCIPAL_FORMAT",
        .title = "a value under AWS that nobody can be",
        .why = "AWS refuses the policy, or the statement never matches: only accounts, users, roles and "
               "sessions are AWS principals.",
        .remedy = "name an account id or the ARN of a user, role or session; services stand under Service, "
                  "identity providers under Federated",
        .bad = "{\"AWS\": \"lambda.amazonaws.com\"}",
        .good = "{\"Service\": \"lambda.amazonaws.com\"}",
    },
    [PRINCIPAL_GROUP] = {
        "group-principal", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT, "",
        .title = "a user group as a principal",
        .why = "Groups collect permissions and never sign a request: AWS refuses the policy.",
        .remedy = "name the users, or better a role that they assume",
        .bad = "{\"AWS\": \"arn:aws:iam::111122223333:group/dev\"}",
        .good = "{\"AWS\": \"arn:aws:iam::111122223333:user/ana\"}",
    },
    [PRINCIPAL_WILDCARD] = {
        "wildcard-in-principal", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, ON_RT,
        "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
        .title = "a wildcard inside a principal",
        .why = "Principals are compared as they are written. A pattern is refused or matches nobody.",
        .remedy = "name the account in Principal and give the pattern to ArnLike aws:PrincipalArn",
        .bad = "{\"AWS\": \"arn:aws:iam::111122223333:role/*\"}",
        .good = "{\"AWS\": \"111122223333\"} with \"ArnLike\": {\"aws:PrincipalArn\": "
                "\"arn:aws:iam::111122223333:role/*\"}",
    },
    [PRINCIPAL_ROLE_ID] = {
        "invalid-role-reference", VD_WARNING, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT,
        "INVALID_ROLE_REFERENCE",
        .title = "a role's unique id as a principal",
        .why = "AWS shows the id when the role is gone. A role made again under the same name has another "
               "id.",
        .remedy = "use the ARN of a role that exists, or remove the entry",
        .bad = "{\"AWS\": \"AROAEXAMPLEEXAMPLEAA\"}",
        .good = "{\"AWS\": \"arn:aws:iam::111122223333:role/app\"}",
    },
    [PRINCIPAL_USER_ID] = {
        "invalid-user-reference", VD_WARNING, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT,
        "INVALID_USER_REFERENCE",
        .title = "a user's unique id as a principal",
        .why = "AWS shows the id when the user is gone. A user made again under the same name has another "
               "id.",
        .remedy = "use the ARN of a user that exists, or remove the entry",
        .bad = "{\"AWS\": \"AIDAEXAMPLEEXAMPLEAA\"}",
        .good = "{\"AWS\": \"arn:aws:iam::111122223333:user/ana\"}",
    },
    [PRINCIPAL_SERVICE] = {
        "invalid-service-principal", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_ALL,
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        .title = "a service written in a form that no service has",
        .why = "Services sign as name.amazonaws.com, some with a Region in between. Anything else is "
               "refused, or never equal to what a request carries.",
        .remedy = "write the full name in lower case. kms:ViaService has the Region in it: "
                  "s3.eu-west-1.amazonaws.com",
        .bad = "{\"Service\": \"lambda\"}",
        .good = "{\"Service\": \"lambda.amazonaws.com\"}",
    },
    [PRINCIPAL_UNKNOWN_SERVICE] = {
        "unknown-service-principal", VD_WARNING, 0, VD_FIX_UNSAFE, VD_LINT_DATED, VD_CONFIDENCE_MEDIUM, ON_RT,
        "",
        .title = "a service principal that looks misspelt",
        .why = "The name is well formed, but no service signs with it, and one signs with a name close by.",
        .remedy = "use the name that the service's own documentation gives for roles and resource policies",
        .bad = "{\"Service\": \"apigw.amazonaws.com\"}",
        .good = "{\"Service\": \"apigateway.amazonaws.com\"}",
    },
    [PRINCIPAL_FEDERATED] = {
        "federated-not-supported", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RE,
        "FEDERATED_PRINCIPAL_NOT_SUPPORTED",
        .title = "an identity provider outside a role's trust policy",
        .why = "A token of a provider opens a role, never a resource: only trust policies take Federated.",
        .remedy = "name the role that the provider's identities assume",
        .bad = "{\"Federated\": \"arn:aws:iam::111122223333:saml-provider/X\"} in a bucket policy",
        .good = "the same in a role's trust policy",
    },
    [PRINCIPAL_ALLOW_NOT] = {
        "allow-with-not-principal", VD_SECURITY, 90, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RE,
        "ALLOW_WITH_NOT_PRINCIPAL",
        .title = "Allow with NotPrincipal",
        .why = "Everyone on the internet but the ones listed is allowed, anonymous callers as well.",
        .remedy = "list in Principal who may",
        .bad = "\"Effect\": \"Allow\", \"NotPrincipal\": {\"AWS\": \"111122223333\"}",
        .good = "\"Effect\": \"Deny\", \"NotPrincipal\": {\"AWS\": \"111122223333\"}",
    },
    [PRINCIPAL_DENY_NOT_TRAP] = {
        "deny-not-principal-trap", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a Deny with NotPrincipal that hits those it wants to spare",
        .why = "Someone with a session is the session, the role and the account at once. Unless all of them "
               "are listed, the Deny applies.",
        .remedy = "deny Principal \"*\" with ArnNotEquals aws:PrincipalArn instead",
        .bad = "\"NotPrincipal\": {\"AWS\": \"arn:aws:iam::111122223333:role/app\"}",
        .good = "\"NotPrincipal\": {\"AWS\": [\"arn:aws:iam::111122223333:role/app\", "
                "\"arn:aws:iam::111122223333:root\"]}",
    },
    [PRINCIPAL_NOT_USED] = {
        "not-principal-used", VD_SUGGESTION, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "NotPrincipal in a Deny",
        .why = "AWS advises against it: the list is hard to get right, and it does not survive roles that "
               "are made again.",
        .remedy = "deny Principal \"*\" with ArnNotEquals aws:PrincipalArn instead",
        .bad = "\"NotPrincipal\": {\"AWS\": [\"arn:aws:iam::111122223333:role/app\", "
               "\"arn:aws:iam::111122223333:root\"]}",
        .good = "\"Principal\": \"*\" with \"ArnNotEquals\": {\"aws:PrincipalArn\": "
                "\"arn:aws:iam::111122223333:role/app\"}",
    },
    [PRINCIPAL_PUBLIC] = {
        "public-principal", VD_SECURITY, 95, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "access for everyone",
        .why = "Principal \"*\" is every AWS account and every anonymous caller. Conditions that a stranger "
               "can fulfil do not change that.",
        .remedy = "name accounts or roles, or require aws:PrincipalOrgID, aws:SourceVpce or another key "
                  "that pins the caller",
        .bad = "\"Principal\": \"*\", \"Action\": \"s3:GetObject\"",
        .good = "\"Principal\": \"*\" with \"StringEquals\": {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}",
    },
    [PRINCIPAL_WILD_PIN] = {
        "public-by-wildcard-pin", VD_SECURITY, 80, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a condition that should say who, and lets anyone through",
        .why = "The key would pin the caller, but the part of the value that a stranger cannot choose is a "
               "wildcard.",
        .remedy = "write the account, organization or endpoint out in full",
        .bad = "\"ArnLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:role/x\"}",
        .good = "\"ArnLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::111122223333:role/*\"}",
    },
    [PRINCIPAL_IP_ONLY] = {
        "ip-only-public", VD_SECURITY, 40, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "access for everyone at some addresses",
        .why = "Nobody has to sign in: whoever can send from these addresses gets access, and no log tells "
               "who it was.",
        .remedy = "name principals, or add aws:PrincipalOrgID",
        .bad = "\"Principal\": \"*\" with \"IpAddress\": {\"aws:SourceIp\": \"203.0.113.0/24\"}",
        .good = "the same with \"StringEquals\": {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}",
    },
    [PRINCIPAL_ACCOUNT_WIDE] = {
        "account-wide-principal", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a whole account as principal",
        .why = "Every identity to which that account delegates the permission gets it; whom, is decided "
               "over there.",
        .remedy = "name a role, or add aws:PrincipalArn",
        .bad = "{\"AWS\": \"444455556666\"} in a queue policy",
        .good = "{\"AWS\": \"arn:aws:iam::444455556666:role/worker\"}",
    },
    [PRINCIPAL_CROSS_ACCOUNT] = {
        "cross-account-principal", VD_SECURITY, 60, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT, "",
        .title = "access for an account outside the zone of trust",
        .why = "The account is neither yours nor one that the configuration trusts.",
        .remedy = "remove the account, or add it to trusted.accounts when it belongs there",
        .bad = "{\"AWS\": \"arn:aws:iam::444455556666:root\"} while trusted.accounts does not list it",
        .good = "an account of trusted.accounts",
    },
    [PRINCIPAL_CANONICAL] = {
        "canonical-user-principal", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a canonical user id as principal",
        .why = "It stands for an account or an origin access identity, and nobody can read which.",
        .remedy = "use the account id, or origin access control for CloudFront",
        .bad = "{\"CanonicalUser\": \"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be\"}",
        .good = "{\"AWS\": \"111122223333\"}",
    },
    [PRINCIPAL_OAI] = {
        "cloudfront-oai-principal", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "an origin access identity as principal",
        .why = "Origin access control has replaced it: it signs requests that identities cannot (KMS, all "
               "Regions).",
        .remedy = "allow cloudfront.amazonaws.com with the distribution as aws:SourceArn",
        .bad = "{\"AWS\": \"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1\"}",
        .good = "{\"Service\": \"cloudfront.amazonaws.com\"} with \"ArnEquals\": {\"aws:SourceArn\": "
                "\"arn:aws:cloudfront::111122223333:distribution/E1\"}",
    },
    [PRINCIPAL_SESSION] = {
        "session-principal", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, ON_RT, "",
        .title = "one session of a role as principal",
        .why = "Whoever assumes the role chooses the session's name: with another name the statement does "
               "not match.",
        .remedy = "name the role",
        .bad = "{\"AWS\": \"arn:aws:sts::111122223333:assumed-role/app/i-0abc\"}",
        .good = "{\"AWS\": \"arn:aws:iam::111122223333:role/app\"}",
    },
    [PRINCIPAL_REDUNDANT] = {
        "redundant-principal", VD_SUGGESTION, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, ON_RT,
        "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
        .title = "a principal that another one covers",
        .why = "It changes nothing, and suggests that somebody is named who is not.",
        .remedy = "remove it",
        .bad = "{\"AWS\": [\"111122223333\", \"arn:aws:iam::111122223333:root\"]}",
        .good = "{\"AWS\": [\"arn:aws:iam::111122223333:role/app\", \"arn:aws:iam::111122223333:root\"]}",
    },
    [PRINCIPAL_IN_CONDITION] = {
        "principal-in-condition-only", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "principals that only a condition names",
        .why = "A role that is deleted and made again by somebody else still matches the condition; named "
               "in Principal it would not.",
        .remedy = "move the ARNs into Principal",
        .bad = "\"Principal\": \"*\" with \"ArnEquals\": {\"aws:PrincipalArn\": "
               "\"arn:aws:iam::111122223333:role/a\"}",
        .good = "the same with a pattern: \"arn:aws:iam::111122223333:role/app-*\"",
    },
    [PRINCIPAL_UNSCOPED] = {
        "service-principal-unscoped", VD_SECURITY, 65, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_R,
        "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
        .title = "a service that may act here for any of its customers",
        .why = "The service signs the call, whoever told it to. Another account can point the service at "
               "this resource (the confused deputy).",
        .remedy = "require aws:SourceAccount or aws:SourceArn",
        .bad = "{\"Service\": \"sns.amazonaws.com\"}, \"Action\": \"sqs:SendMessage\"",
        .good = "the same with \"ArnLike\": {\"aws:SourceArn\": "
                "\"arn:aws:sns:eu-west-1:111122223333:orders\"}",
    },
    [PRINCIPAL_SOURCE_ARN] = {
        "source-arn-without-account", VD_SECURITY, 50, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, ON_RT,
        "MISSING_PAIRED_CONDITION_KEYS",
        .title = "an aws:SourceArn that does not say whose",
        .why = "A bucket's ARN has no account in it: once the bucket is deleted, somebody else may own the "
               "name.",
        .remedy = "require aws:SourceAccount as well",
        .bad = "\"ArnLike\": {\"aws:SourceArn\": \"arn:aws:s3:::orders\"}",
        .good = "the same with \"StringEquals\": {\"aws:SourceAccount\": \"111122223333\"}",
    },
    [PRINCIPAL_SOURCE_KEY] = {
        "recommended-source-key", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT,
        "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        .title = "a service limited by a key that says little about it",
        .why = "Calls of a service carry the resource it acts for; other keys are absent or chosen by "
               "somebody else.",
        .remedy = "use aws:SourceArn or aws:SourceAccount",
        .bad = "{\"Service\": \"ses.amazonaws.com\"} with \"StringLike\": {\"aws:Referer\": "
               "\"111122223333\"}",
        .good = "{\"Service\": \"ses.amazonaws.com\"} with \"StringEquals\": {\"aws:SourceAccount\": "
                "\"111122223333\"}",
    },
    [PRINCIPAL_UNSUPPORTED_KEY] = {
        "condition-key-unsupported-for-service", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT,
        "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        .title = "a condition on a key that services do not send",
        .why = "The key describes people and networks. A call of a service has none of it, and the "
               "statement never matches.",
        .remedy = "use aws:SourceArn, aws:SourceAccount or aws:SourceOrgID",
        .bad = "{\"Service\": \"cloudfront.amazonaws.com\"} with \"StringEquals\": {\"aws:PrincipalOrgID\": "
               "\"o-a1b2c3d4e5\"}",
        .good = "{\"Service\": \"cloudfront.amazonaws.com\"} with \"StringEquals\": {\"aws:SourceOrgID\": "
                "\"o-a1b2c3d4e5\"}",
    },
    [PRINCIPAL_MIXED] = {
        "mixed-principal-conditions", VD_WARNING, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT, "",
        .title = "services and identities under a condition that only one of them can meet",
        .why = "All conditions of a statement must hold. A key that only services carry shuts identities "
               "out, and the other way round.",
        .remedy = "make two statements",
        .bad = "{\"AWS\": \"111122223333\", \"Service\": \"sns.amazonaws.com\"} with aws:SourceAccount",
        .good = "one statement for each",
    },
};

static void look_at_statement(vd_lint *l, const vd_view_statement *st)
{
    if (!st->model->principal.present)
        return;
    vd_principal_forms(l, st);
    if (l->kind != VD_KIND_RESOURCE && l->kind != VD_KIND_TRUST)
        return;
    vd_principal_public(l, st);
    vd_principal_accounts(l, st);
    vd_principal_services(l, st);
}

const vd_lint_group vd_lint_principal = { .name = "principal",
                                          .rules = vd_principal_rules,
                                          .count = PRINCIPAL_RULES,
                                          .statement = look_at_statement,
                                          .condition = vd_principal_service_values,
                                          .adopt = vd_principal_adopt };
