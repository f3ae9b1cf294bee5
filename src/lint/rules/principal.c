/* SPDX-License-Identifier: Apache-2.0
 *
 * Principals: the rows, and which file looks at what.
 */
#include "lint/rules/principal_int.h"

#define ON_RT  (VD_ON_R | VD_ON_T)
#define ON_RE  (VD_ON_R | VD_ON_E)
#define ON_RTE (VD_ON_R | VD_ON_T | VD_ON_E)

const vd_lint_rule vd_principal_rules[PRINCIPAL_RULES] = {
    [PRINCIPAL_FORMAT] = { "invalid-principal-format", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, ON_RTE,
                           "INVALID_PRINCIPAL_FORMAT", "a Principal that is neither \"*\" nor an object",
                           "AWS refuses the policy: the kind of a principal has to be said.",
                           "Write {\"AWS\": ...}, {\"Service\": ...} or {\"Federated\": ...}.",
                           "\"Principal\": \"arn:aws:iam::111122223333:root\"",
                           "\"Principal\": {\"AWS\": \"arn:aws:iam::111122223333:root\"}" },
    [PRINCIPAL_KEY] = { "invalid-principal-key", VD_ERROR, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, ON_RTE,
                        "INVALID_PRINCIPAL_KEY", "a kind of principal that does not exist",
                        "The four kinds are AWS, Service, Federated and CanonicalUser, in these letters. AWS refuses others.",
                        "Use one of the four; an account stands under AWS.", "\"Principal\": {\"Aws\": \"111122223333\"}",
                        "\"Principal\": {\"AWS\": \"111122223333\"}" },
    [PRINCIPAL_ARN] = { "invalid-principal-arn", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, ON_RT,
                        "INVALID_PRINCIPAL_FORMAT", "a value under AWS that nobody can be",
                        "AWS refuses the policy, or the statement never matches: only accounts, users, roles and sessions are "
                        "AWS principals.",
                        "Name an account id or the ARN of a user, role or session; services stand under Service, identity "
                        "providers under Federated.",
                        "{\"AWS\": \"lambda.amazonaws.com\"}", "{\"Service\": \"lambda.amazonaws.com\"}" },
    [PRINCIPAL_GROUP] = { "group-principal", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT, "",
                          "a user group as a principal",
                          "Groups collect permissions and never sign a request: AWS refuses the policy.",
                          "Name the users, or better a role that they assume.",
                          "{\"AWS\": \"arn:aws:iam::111122223333:group/dev\"}",
                          "{\"AWS\": \"arn:aws:iam::111122223333:user/ana\"}" },
    [PRINCIPAL_WILDCARD] = { "wildcard-in-principal", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, ON_RT,
                             "UNSUPPORTED_WILDCARD_IN_PRINCIPAL", "a wildcard inside a principal",
                             "Principals are compared as they are written. A pattern is refused or matches nobody.",
                             "Name the account in Principal and give the pattern to ArnLike aws:PrincipalArn.",
                             "{\"AWS\": \"arn:aws:iam::111122223333:role/*\"}",
                             "{\"AWS\": \"111122223333\"} with \"ArnLike\": {\"aws:PrincipalArn\": "
                             "\"arn:aws:iam::111122223333:role/*\"}" },
    [PRINCIPAL_ROLE_ID] = { "invalid-role-reference", VD_WARNING, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT,
                            "INVALID_ROLE_REFERENCE", "a role's unique id as a principal",
                            "AWS shows the id when the role is gone. A role made again under the same name has another id.",
                            "Use the ARN of a role that exists, or remove the entry.",
                            "{\"AWS\": \"AROAEXAMPLEEXAMPLEAA\"}", "{\"AWS\": \"arn:aws:iam::111122223333:role/app\"}" },
    [PRINCIPAL_USER_ID] = { "invalid-user-reference", VD_WARNING, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT,
                            "INVALID_USER_REFERENCE", "a user's unique id as a principal",
                            "AWS shows the id when the user is gone. A user made again under the same name has another id.",
                            "Use the ARN of a user that exists, or remove the entry.",
                            "{\"AWS\": \"AIDAEXAMPLEEXAMPLEAA\"}", "{\"AWS\": \"arn:aws:iam::111122223333:user/ana\"}" },
    [PRINCIPAL_SERVICE] = { "invalid-service-principal", VD_ERROR, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_ALL,
                            "INVALID_SERVICE_PRINCIPAL_FORMAT", "a service written in a form that no service has",
                            "Services sign as name.amazonaws.com, some with a Region in between. Anything else is refused, or "
                            "never equal to what a request carries.",
                            "Write the full name in lower case. kms:ViaService has the Region in it: s3.eu-west-1.amazonaws.com.",
                            "{\"Service\": \"lambda\"}", "{\"Service\": \"lambda.amazonaws.com\"}" },
    [PRINCIPAL_UNKNOWN_SERVICE] = { "unknown-service-principal", VD_WARNING, 0, VD_FIX_UNSAFE, VD_LINT_DATED,
                                    VD_CONFIDENCE_MEDIUM, ON_RT, "", "a service principal that looks misspelt",
                                    "The name is well formed, but no service signs with it, and one signs with a name close by.",
                                    "Use the name that the service's own documentation gives for roles and resource policies.",
                                    "{\"Service\": \"apigw.amazonaws.com\"}", "{\"Service\": \"apigateway.amazonaws.com\"}" },
    [PRINCIPAL_FEDERATED] = { "federated-not-supported", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RE,
                              "FEDERATED_PRINCIPAL_NOT_SUPPORTED", "an identity provider outside a role's trust policy",
                              "A token of a provider opens a role, never a resource: only trust policies take Federated.",
                              "Name the role that the provider's identities assume.",
                              "{\"Federated\": \"arn:aws:iam::111122223333:saml-provider/X\"} in a bucket policy",
                              "the same in a role's trust policy" },
    [PRINCIPAL_ALLOW_NOT] = { "allow-with-not-principal", VD_SECURITY, 90, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RE,
                              "ALLOW_WITH_NOT_PRINCIPAL", "Allow with NotPrincipal",
                              "Everyone on the internet but the ones listed is allowed, anonymous callers as well.",
                              "List in Principal who may.",
                              "\"Effect\": \"Allow\", \"NotPrincipal\": {\"AWS\": \"111122223333\"}",
                              "\"Effect\": \"Deny\", \"NotPrincipal\": {\"AWS\": \"111122223333\"}" },
    [PRINCIPAL_DENY_NOT_TRAP] = { "deny-not-principal-trap", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
                                  "a Deny with NotPrincipal that hits those it wants to spare",
                                  "Someone with a session is the session, the role and the account at once. Unless all of them "
                                  "are listed, the Deny applies.",
                                  "Deny Principal \"*\" with ArnNotEquals aws:PrincipalArn instead.",
                                  "\"NotPrincipal\": {\"AWS\": \"arn:aws:iam::111122223333:role/app\"}",
                                  "\"NotPrincipal\": {\"AWS\": [\"arn:aws:iam::111122223333:role/app\", "
                                  "\"arn:aws:iam::111122223333:root\"]}" },
    [PRINCIPAL_NOT_USED] = { "not-principal-used", VD_SUGGESTION, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
                             "NotPrincipal in a Deny",
                             "AWS advises against it: the list is hard to get right, and it does not survive roles that are made "
                             "again.",
                             "Deny Principal \"*\" with ArnNotEquals aws:PrincipalArn instead.",
                             "\"NotPrincipal\": {\"AWS\": [\"arn:aws:iam::111122223333:role/app\", "
                             "\"arn:aws:iam::111122223333:root\"]}",
                             "\"Principal\": \"*\" with \"ArnNotEquals\": {\"aws:PrincipalArn\": "
                             "\"arn:aws:iam::111122223333:role/app\"}" },
    [PRINCIPAL_PUBLIC] = { "public-principal", VD_SECURITY, 95, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
                           "access for everyone",
                           "Principal \"*\" is every AWS account and every anonymous caller. Conditions that a stranger can "
                           "fulfil do not change that.",
                           "Name accounts or roles, or require aws:PrincipalOrgID, aws:SourceVpce or another key that pins the "
                           "caller.",
                           "\"Principal\": \"*\", \"Action\": \"s3:GetObject\"",
                           "\"Principal\": \"*\" with \"StringEquals\": {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}" },
    [PRINCIPAL_WILD_PIN] = { "public-by-wildcard-pin", VD_SECURITY, 80, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
                             "a condition that should say who, and lets anyone through",
                             "The key would pin the caller, but the part of the value that a stranger cannot choose is a "
                             "wildcard.",
                             "Write the account, organization or endpoint out in full.",
                             "\"ArnLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:role/x\"}",
                             "\"ArnLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::111122223333:role/*\"}" },
    [PRINCIPAL_IP_ONLY] = { "ip-only-public", VD_SECURITY, 40, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
                            "access for everyone at some addresses",
                            "Nobody has to sign in: whoever can send from these addresses gets access, and no log tells who it "
                            "was.",
                            "Name principals, or add aws:PrincipalOrgID.",
                            "\"Principal\": \"*\" with \"IpAddress\": {\"aws:SourceIp\": \"203.0.113.0/24\"}",
                            "the same with \"StringEquals\": {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}" },
    [PRINCIPAL_ACCOUNT_WIDE] = { "account-wide-principal", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
                                 "a whole account as principal",
                                 "Every identity to which that account delegates the permission gets it; whom, is decided over "
                                 "there.",
                                 "Name a role, or add aws:PrincipalArn.", "{\"AWS\": \"444455556666\"} in a queue policy",
                                 "{\"AWS\": \"arn:aws:iam::444455556666:role/worker\"}" },
    [PRINCIPAL_CROSS_ACCOUNT] = { "cross-account-principal", VD_SECURITY, 60, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT, "",
                                  "access for an account outside the zone of trust",
                                  "The account is neither yours nor one that the configuration trusts.",
                                  "Remove the account, or add it to trusted.accounts when it belongs there.",
                                  "{\"AWS\": \"arn:aws:iam::444455556666:root\"} while trusted.accounts does not list it",
                                  "an account of trusted.accounts" },
    [PRINCIPAL_CANONICAL] = { "canonical-user-principal", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
                              "a canonical user id as principal",
                              "It stands for an account or an origin access identity, and nobody can read which.",
                              "Use the account id, or origin access control for CloudFront.",
                              "{\"CanonicalUser\": "
                              "\"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be\"}",
                              "{\"AWS\": \"111122223333\"}" },
    [PRINCIPAL_OAI] = { "cloudfront-oai-principal", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
                        "an origin access identity as principal",
                        "Origin access control has replaced it: it signs requests that identities cannot (KMS, all Regions).",
                        "Allow cloudfront.amazonaws.com with the distribution as aws:SourceArn.",
                        "{\"AWS\": \"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1\"}",
                        "{\"Service\": \"cloudfront.amazonaws.com\"} with \"ArnEquals\": {\"aws:SourceArn\": "
                        "\"arn:aws:cloudfront::111122223333:distribution/E1\"}" },
    [PRINCIPAL_SESSION] = { "session-principal", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, ON_RT, "",
                            "one session of a role as principal",
                            "Whoever assumes the role chooses the session's name: with another name the statement does not "
                            "match.",
                            "Name the role.", "{\"AWS\": \"arn:aws:sts::111122223333:assumed-role/app/i-0abc\"}",
                            "{\"AWS\": \"arn:aws:iam::111122223333:role/app\"}" },
    [PRINCIPAL_REDUNDANT] = { "redundant-principal", VD_SUGGESTION, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, ON_RT,
                              "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY", "a principal that another one covers",
                              "It changes nothing, and suggests that somebody is named who is not.", "Remove it.",
                              "{\"AWS\": [\"111122223333\", \"arn:aws:iam::111122223333:root\"]}",
                              "{\"AWS\": [\"arn:aws:iam::111122223333:role/app\", \"arn:aws:iam::111122223333:root\"]}" },
    [PRINCIPAL_IN_CONDITION] = { "principal-in-condition-only", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R,
                                 "", "principals that only a condition names",
                                 "A role that is deleted and made again by somebody else still matches the condition; named in "
                                 "Principal it would not.",
                                 "Move the ARNs into Principal.",
                                 "\"Principal\": \"*\" with \"ArnEquals\": {\"aws:PrincipalArn\": "
                                 "\"arn:aws:iam::111122223333:role/a\"}",
                                 "the same with a pattern: \"arn:aws:iam::111122223333:role/app-*\"" },
    [PRINCIPAL_UNSCOPED] = { "service-principal-unscoped", VD_SECURITY, 65, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_R,
                             "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "a service that may act here for any of its customers",
                             "The service signs the call, whoever told it to. Another account can point the service at this "
                             "resource (the confused deputy).",
                             "Require aws:SourceAccount or aws:SourceArn.",
                             "{\"Service\": \"sns.amazonaws.com\"}, \"Action\": \"sqs:SendMessage\"",
                             "the same with \"ArnLike\": {\"aws:SourceArn\": \"arn:aws:sns:eu-west-1:111122223333:orders\"}" },
    [PRINCIPAL_SOURCE_ARN] = { "source-arn-without-account", VD_SECURITY, 50, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, ON_RT,
                               "MISSING_PAIRED_CONDITION_KEYS", "an aws:SourceArn that does not say whose",
                               "A bucket's ARN has no account in it: once the bucket is deleted, somebody else may own the name.",
                               "Require aws:SourceAccount as well.",
                               "\"ArnLike\": {\"aws:SourceArn\": \"arn:aws:s3:::orders\"}",
                               "the same with \"StringEquals\": {\"aws:SourceAccount\": \"111122223333\"}" },
    [PRINCIPAL_SOURCE_KEY] = { "recommended-source-key", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT,
                               "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
                               "a service limited by a key that says little about it",
                               "Calls of a service carry the resource it acts for; other keys are absent or chosen by somebody "
                               "else.",
                               "Use aws:SourceArn or aws:SourceAccount.",
                               "{\"Service\": \"ses.amazonaws.com\"} with \"StringLike\": {\"aws:Referer\": \"111122223333\"}",
                               "{\"Service\": \"ses.amazonaws.com\"} with \"StringEquals\": {\"aws:SourceAccount\": "
                               "\"111122223333\"}" },
    [PRINCIPAL_UNSUPPORTED_KEY] = { "condition-key-unsupported-for-service", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH,
                                    ON_RT, "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
                                    "a condition on a key that services do not send",
                                    "The key describes people and networks. A call of a service has none of it, and the statement "
                                    "never matches.",
                                    "Use aws:SourceArn, aws:SourceAccount or aws:SourceOrgID.",
                                    "{\"Service\": \"cloudfront.amazonaws.com\"} with \"StringEquals\": {\"aws:PrincipalOrgID\": "
                                    "\"o-a1b2c3d4e5\"}",
                                    "{\"Service\": \"cloudfront.amazonaws.com\"} with \"StringEquals\": {\"aws:SourceOrgID\": "
                                    "\"o-a1b2c3d4e5\"}" },
    [PRINCIPAL_MIXED] = { "mixed-principal-conditions", VD_WARNING, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, ON_RT, "",
                          "services and identities under a condition that only one of them can meet",
                          "All conditions of a statement must hold. A key that only services carry shuts identities out, and the "
                          "other way round.",
                          "Make two statements.",
                          "{\"AWS\": \"111122223333\", \"Service\": \"sns.amazonaws.com\"} with aws:SourceAccount",
                          "one statement for each" },
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
