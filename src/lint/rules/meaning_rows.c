/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of the group meaning as data.
 */
#include "lint/rules/meaning.h"

#define HIGH   VD_CONFIDENCE_HIGH
#define MEDIUM VD_CONFIDENCE_MEDIUM
#define LOW    VD_CONFIDENCE_LOW
#define IBSC   (VD_ON_I | VD_ON_B | VD_ON_S | VD_ON_C)

const vd_lint_rule vd_meaning_rules[VD_G_COUNT] = {
    [VD_G_UNSUPPORTED] = {
        "condition-key-unsupported", VD_ERROR, 0, VD_FIX_ADVICE, VD_LINT_DATED, HIGH, VD_ON_ALL,
        "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
        .title = "a condition on a key that the actions never send",
        .why = "Without the key the condition is false: an Allow does not allow these actions, a Deny does not deny them.",
        .remedy = "move the actions to a statement of their own, without this condition",
        .bad = "\"Action\": \"s3:GetObject\", \"Condition\": {\"StringEquals\": {\"s3:prefix\": \"home/\"}}",
        .good = "\"Action\": \"s3:ListBucket\", \"Condition\": {\"StringEquals\": {\"s3:prefix\": \"home/\"}}",
    },
    [VD_G_INEFFECTIVE] = {
        "condition-key-ineffective", VD_SECURITY, 65, VD_FIX_ADVICE, VD_LINT_DATED, HIGH, VD_ON_ALL,
        "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
        .title = "a condition that is always true, since the actions never send its key",
        .why = "Negated operators, IfExists and ForAllValues are true without the key: an Allow is not limited at all, a "
               "Deny always denies.",
        .remedy = "use a key that the actions send, or move the actions to a statement of their own",
        .bad = "\"Action\": \"lambda:DeleteFunction\", \"Condition\": {\"StringEqualsIfExists\": {\"s3:prefix\": \"home/\"}}",
        .good = "\"Action\": \"lambda:DeleteFunction\", \"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"true\"}}",
    },
    [VD_G_TAG_UNSUPPORTED] = {
        "tag-key-unsupported", VD_SECURITY, 75, VD_FIX_ADVICE, VD_LINT_DATED, HIGH, IBSC,
        "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        .title = "a condition on tags, with some actions that do not check tags",
        .why = "For these actions the request carries no tags, and the condition is false: the Deny does not deny them, the "
               "Allow does not allow them.",
        .remedy = "put actions that do not check tags into a statement of their own",
        .bad = "\"Effect\": \"Deny\", \"Action\": [\"appmesh:DeleteMesh\", \"s3:DeleteBucket\"], \"Condition\": "
               "{\"StringEquals\": {\"aws:ResourceTag/stage\": \"prod\"}}",
        .good = "\"Effect\": \"Deny\", \"Action\": \"appmesh:DeleteMesh\", \"Condition\": {\"StringEquals\": "
                "{\"aws:ResourceTag/stage\": \"prod\"}}",
    },
    [VD_G_TAG_NOT_ACTION] = {
        "tag-key-not-action", VD_SECURITY, 70, VD_FIX_ADVICE, 0, HIGH, IBSC,
        "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE "
        "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        .title = "a condition on tags together with NotAction",
        .why = "NotAction reaches services that know no tags; for them the condition is false.",
        .remedy = "list the actions that check tags",
        .bad = "\"Effect\": \"Deny\", \"NotAction\": \"iam:*\", \"Condition\": {\"StringEquals\": "
               "{\"aws:ResourceTag/stage\": \"prod\"}}",
        .good = "\"Effect\": \"Deny\", \"NotAction\": \"iam:*\", \"Condition\": {\"StringNotEquals\": "
                "{\"aws:RequestedRegion\": \"eu-west-1\"}}",
    },
    [VD_G_MISSING_ACTION] = {
        "missing-action-for-key", VD_ERROR, 0, VD_FIX_ADVICE, 0, HIGH, VD_ON_I | VD_ON_R | VD_ON_T,
        "MISSING_ACTION_FOR_CONDITION_KEY",
        .title = "a key that only one action looks at, in a statement without that action",
        .why = "No other action carries the key, so that the condition is never true here.",
        .remedy = "add the action, or drop the condition",
        .bad = "\"Action\": \"ec2:RunInstances\", \"Condition\": {\"StringEquals\": {\"ec2:CreateAction\": \"RunInstances\"}}",
        .good = "\"Action\": \"ec2:CreateTags\", \"Condition\": {\"StringEquals\": {\"ec2:CreateAction\": \"RunInstances\"}}",
    },
    [VD_G_IRRELEVANT] = {
        "irrelevant-key-in-resource-policy", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, HIGH, VD_ON_R,
        "IRRELEVANT_CONDITION_KEY_IN_POLICY",
        .title = "a key about the owner of the resource in the policy of that resource",
        .why = "There it is a constant: the condition is always true or never.",
        .remedy = "drop it, or move it into identity policies, SCPs or endpoint policies",
        .bad = "\"StringEquals\": {\"s3:ResourceAccount\": \"111122223333\"}   (bucket policy)",
        .good = "\"StringEquals\": {\"s3:ResourceAccount\": \"111122223333\"}   (identity policy)",
    },
    [VD_G_SOURCE_KEY] = {
        "source-key-in-identity", VD_ERROR, 0, VD_FIX_ADVICE, 0, HIGH, IBSC, "",
        .title = "a key that only calls of AWS services carry, in a policy for users and roles",
        .why = "aws:SourceArn, aws:SourceAccount and their like tell for whom a service calls.  Requests of users and roles do "
               "not carry them.",
        .remedy = "put the condition into the policy of the resource; use aws:CalledVia or aws:PrincipalArn here",
        .bad = "\"Effect\": \"Allow\", \"Condition\": {\"StringEquals\": {\"aws:SourceAccount\": \"111122223333\"}}",
        .good = "\"Effect\": \"Allow\", \"Condition\": {\"StringEquals\": {\"aws:ResourceAccount\": \"111122223333\"}}",
    },
    [VD_G_PASS_ROLE_TAG] = {
        "pass-role-tag-condition", VD_WARNING, 0, VD_FIX_ADVICE, 0, HIGH, VD_ON_I, "",
        .title = "iam:PassRole limited by tags of the role",
        .why = "Tags of roles are not reliably evaluated for PassRole.",
        .remedy = "name the roles, or give them a path of their own",
        .bad = "\"Action\": \"iam:PassRole\", \"Resource\": \"*\", \"Condition\": {\"StringEquals\": "
               "{\"aws:ResourceTag/team\": \"app\"}}",
        .good = "\"Action\": \"iam:PassRole\", \"Resource\": \"arn:aws:iam::111122223333:role/app/*\"",
    },
    [VD_G_PAIRED] = {
        "paired-key-missing", VD_SECURITY, 50, VD_FIX_ADVICE, 0, HIGH, VD_ON_ALL, "MISSING_PAIRED_CONDITION_KEYS",
        .title = "a key that means something only together with another one",
        .why = "Private addresses repeat in every VPC: without the VPC they name nobody.",
        .remedy = "add the other key",
        .bad = "\"IpAddress\": {\"aws:VpcSourceIp\": \"10.0.0.0/8\"}",
        .good = "\"IpAddress\": {\"aws:VpcSourceIp\": \"10.0.0.0/8\"}, \"StringEquals\": {\"aws:SourceVpc\": \"vpc-0a1b2c3d\"}",
    },
    [VD_G_ALWAYS] = {
        "condition-always-true", VD_WARNING, 0, VD_FIX_ADVICE, 0, HIGH, VD_ON_ALL, "",
        .title = "a condition that every request meets",
        .why = "It limits nothing, and looks as if it did.",
        .remedy = "write the value that is meant, or drop the condition",
        .bad = "\"StringLike\": {\"aws:PrincipalArn\": \"*\"}",
        .good = "\"StringLike\": {\"aws:SourceVpce\": \"*\"}",
    },
    [VD_G_NEVER] = {
        "condition-never-true", VD_ERROR, 0, VD_FIX_ADVICE, 0, HIGH, VD_ON_ALL, "",
        .title = "conditions that no request can meet together",
        .why = "All entries of a Condition must hold: an Allow with a contradiction grants nothing, a Deny denies nothing.",
        .remedy = "put alternatives into one list of values; drop what contradicts",
        .bad = "\"StringEquals\": {\"aws:SourceVpc\": \"vpc-0a1b2c3d\"}, \"StringNotEquals\": {\"aws:SourceVpc\": "
               "\"vpc-0a1b2c3d\"}",
        .good = "\"StringEquals\": {\"aws:SourceVpc\": [\"vpc-0a1b2c3d\", \"vpc-0a1b2c3e\"]}",
    },
    [VD_G_DATE_PAST] = {
        "date-past", VD_WARNING, 0, VD_FIX_ADVICE, 0, HIGH, VD_ON_ALL, "",
        .title = "a date that has passed",
        .why = "Until a date in the past: never true.  After a date in the past: always true.",
        .remedy = "drop the statement that has expired, or the condition that always holds",
        .bad = "\"DateLessThan\": {\"aws:CurrentTime\": \"2020-01-01T00:00:00Z\"}",
        .good = "\"DateLessThan\": {\"aws:TokenIssueTime\": \"2020-01-01T00:00:00Z\"}   (Deny: old sessions)",
    },
    [VD_G_DATE_SOON] = {
        "date-expires-soon", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, HIGH, VD_ON_ALL, "",
        .title = "an Allow that ends within days",
        .why = "Whoever depends on it will be denied then; dates.warn-days says how early to tell.",
        .remedy = "renew the date, or prepare for the end",
        .bad = "\"DateLessThan\": {\"aws:CurrentTime\": \"(the day after tomorrow)\"}",
        .good = "\"DateLessThan\": {\"aws:CurrentTime\": \"(next year)\"}",
    },
    [VD_G_MFA_DENY] = {
        "mfa-bool-deny", VD_SECURITY, 75, VD_FIX_SAFE, 0, HIGH, IBSC | VD_ON_R, "",
        .title = "a Deny without MFA that long-term keys slip through",
        .why = "Requests signed with long-term access keys carry no aws:MultiFactorAuthPresent at all; Bool is false for them, "
               "and they are not denied.",
        .remedy = "use BoolIfExists",
        .bad = "\"Effect\": \"Deny\", \"Condition\": {\"Bool\": {\"aws:MultiFactorAuthPresent\": \"false\"}}",
        .good = "\"Effect\": \"Deny\", \"Condition\": {\"BoolIfExists\": {\"aws:MultiFactorAuthPresent\": \"false\"}}",
    },
    [VD_G_MFA_ALLOW] = {
        "mfa-allow-false", VD_SECURITY, 60, VD_FIX_ADVICE, 0, HIGH, VD_ON_ALL, "",
        .title = "an Allow whose MFA condition does not require MFA",
        .why = "Requests without MFA carry the key as false, or do not carry it at all.",
        .remedy = "use Bool with \"true\"",
        .bad = "\"Effect\": \"Allow\", \"Condition\": {\"BoolIfExists\": {\"aws:MultiFactorAuthPresent\": \"true\"}}",
        .good = "\"Effect\": \"Allow\", \"Condition\": {\"Bool\": {\"aws:MultiFactorAuthPresent\": \"true\"}}",
    },
    [VD_G_MFA_AGE] = {
        "mfa-age-ifexists", VD_SECURITY, 50, VD_FIX_SAFE, 0, HIGH, VD_ON_ALL, "",
        .title = "an Allow by the age of MFA that sessions without MFA pass",
        .why = "Sessions without MFA have no age, and IfExists lets them in.",
        .remedy = "drop IfExists",
        .bad = "\"NumericLessThanIfExists\": {\"aws:MultiFactorAuthAge\": \"3600\"}",
        .good = "\"NumericLessThan\": {\"aws:MultiFactorAuthAge\": \"3600\"}",
    },
    [VD_G_IF_EXISTS_ALLOW] = {
        "if-exists-allow", VD_SECURITY, 60, VD_FIX_UNSAFE, 0, HIGH, VD_ON_ALL, "",
        .title = "IfExists in an Allow, on a key that tells callers apart",
        .why = "Whoever does not carry the key is let in: anonymous callers, services, other networks.",
        .remedy = "drop IfExists; move actions that do not send the key to another statement",
        .bad = "\"Effect\": \"Allow\", \"Condition\": {\"StringEqualsIfExists\": {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}}",
        .good = "\"Effect\": \"Allow\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}}",
    },
    [VD_G_IF_EXISTS_IDLE] = {
        "if-exists-no-effect", VD_SUGGESTION, 0, VD_FIX_SAFE, 0, HIGH, VD_ON_ALL, "",
        .title = "IfExists on a key that is always there",
        .why = "It changes nothing, and readers wonder when the key is absent.",
        .remedy = "drop IfExists",
        .bad = "\"StringEqualsIfExists\": {\"aws:RequestedRegion\": \"eu-west-1\"}",
        .good = "\"StringNotEqualsIfExists\": {\"aws:SourceVpce\": \"vpce-0a1b2c3d\"}",
    },
    [VD_G_IF_EXISTS_NEGATED] = {
        "if-exists-negated", VD_SUGGESTION, 0, VD_FIX_SAFE, VD_LINT_OFF, HIGH, VD_ON_ALL, "",
        .title = "IfExists on a negated operator",
        .why = "Negated operators are true for an absent key anyway.",
        .remedy = "drop IfExists",
        .bad = "\"StringNotEqualsIfExists\": {\"aws:SourceVpce\": \"vpce-0a1b2c3d\"}",
        .good = "\"StringEqualsIfExists\": {\"aws:SourceVpce\": \"vpce-0a1b2c3d\"}",
    },
    [VD_G_FOR_ALL_ALLOW] = {
        "forallvalues-allow-absent", VD_SECURITY, 65, VD_FIX_UNSAFE, 0, HIGH, VD_ON_ALL, "",
        .title = "an Allow with ForAllValues that requests without the key pass",
        .why = "ForAllValues is true when there is no value at all.",
        .remedy = "add Null with \"false\" for the key, or require one of the tags",
        .bad = "\"ForAllValues:StringEquals\": {\"aws:TagKeys\": [\"team\"]}",
        .good = "\"ForAllValues:StringEquals\": {\"aws:TagKeys\": [\"team\"]}, \"Null\": {\"aws:TagKeys\": \"false\"}",
    },
    [VD_G_FOR_ALL_DENY] = {
        "forallvalues-deny", VD_SECURITY, 65, VD_FIX_UNSAFE, 0, HIGH, VD_ON_ALL, "",
        .title = "a Deny with ForAllValues that one more value escapes",
        .why = "It denies only when all values match: one foreign value, an extra tag key, and the request passes.  Without any "
               "value it denies.",
        .remedy = "use ForAnyValue: what no request may contain, or, with a negated operator, all that it may",
        .bad = "\"Effect\": \"Deny\", \"Condition\": {\"ForAllValues:StringEquals\": {\"aws:TagKeys\": [\"secret\"]}}",
        .good = "\"Effect\": \"Deny\", \"Condition\": {\"ForAnyValue:StringEquals\": {\"aws:TagKeys\": [\"secret\"]}}",
    },
    [VD_G_DENY_ABSENT] = {
        "deny-absent-key", VD_SECURITY, 60, VD_FIX_ADVICE, 0, MEDIUM, VD_ON_ALL, "",
        .title = "a Deny of wrong values that requests without the parameter pass",
        .why = "Callers may leave the parameter out; the condition is false then, and nothing is denied.",
        .remedy = "also deny Null true, or deny StringNotEquals the right value",
        .bad = "\"Effect\": \"Deny\", \"Action\": \"s3:PutObject\", \"Condition\": {\"StringEquals\": "
               "{\"s3:x-amz-server-side-encryption\": \"AES256\"}}",
        .good = "\"Effect\": \"Deny\", \"Action\": \"s3:PutObject\", \"Condition\": {\"StringNotEquals\": "
                "{\"s3:x-amz-server-side-encryption\": \"aws:kms\"}}",
    },
    [VD_G_DENY_NEGATED] = {
        "deny-negated-absent", VD_WARNING, 0, VD_FIX_UNSAFE, 0, HIGH, VD_ON_C | VD_ON_D | VD_ON_R, "",
        .title = "a Deny that hits callers who do not have the key, AWS services among them",
        .why = "A negated operator is true without the key: calls that AWS services make for you, or from elsewhere, are denied "
               "as well.",
        .remedy = "exempt AWS services: add Bool aws:PrincipalIsAWSService false or aws:ViaAWSService false, or IfExists",
        .bad = "\"Effect\": \"Deny\", \"Condition\": {\"StringNotEquals\": {\"aws:SourceVpc\": \"vpc-0a1b2c3d\"}}",
        .good = "\"Effect\": \"Deny\", \"Condition\": {\"StringNotEquals\": {\"aws:SourceVpc\": \"vpc-0a1b2c3d\"}, \"Bool\": "
                "{\"aws:ViaAWSService\": \"false\"}}",
    },
    [VD_G_SERVICES_IP] = {
        "source-ip-breaks-services", VD_WARNING, 0, VD_FIX_SAFE, 0, HIGH, VD_ON_I | VD_ON_B | VD_ON_C, "",
        .title = "a Deny by address that hits services acting for the user",
        .why = "Calls that CloudFormation, Athena and others make for a user come from addresses of AWS.",
        .remedy = "add Bool aws:ViaAWSService false",
        .bad = "\"Effect\": \"Deny\", \"Condition\": {\"NotIpAddress\": {\"aws:SourceIp\": \"203.0.113.0/24\"}}",
        .good = "\"Effect\": \"Deny\", \"Condition\": {\"NotIpAddress\": {\"aws:SourceIp\": \"203.0.113.0/24\"}, \"Bool\": "
                "{\"aws:ViaAWSService\": \"false\"}}",
    },
    [VD_G_NEGATED_SPLIT] = {
        "negated-multi-value", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, HIGH, VD_ON_ALL, "",
        .title = "two Denies of everything but one value each",
        .why = "Not v1 denies v2, and the other way round: together they deny everything.",
        .remedy = "put both values into one list of one statement",
        .bad = "Deny StringNotEquals aws:RequestedRegion eu-west-1, and Deny StringNotEquals aws:RequestedRegion eu-west-2",
        .good = "Deny StringNotEquals aws:RequestedRegion [eu-west-1, eu-west-2]",
    },
    [VD_G_NEGATED_ALLOW] = {
        "negated-allow", VD_SECURITY, 55, VD_FIX_ADVICE, 0, HIGH, VD_ON_ALL, "",
        .title = "an Allow for everyone but these",
        .why = "A negated operator is true without the key: callers of whom nothing is known are let in.",
        .remedy = "say who is allowed, or add a Deny for those who are not",
        .bad = "\"Effect\": \"Allow\", \"Condition\": {\"StringNotEquals\": {\"aws:PrincipalTag/role\": \"intern\"}}",
        .good = "\"Effect\": \"Allow\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalTag/role\": \"admin\"}}",
    },
    [VD_G_REFERER] = {
        "referer-or-agent", VD_SECURITY, 50, VD_FIX_ADVICE, 0, HIGH, VD_ON_R | VD_ON_E, "",
        .title = "access guarded by a header that any client can set",
        .why = "aws:Referer and aws:UserAgent are what the client says of itself.",
        .remedy = "limit by organization, account, VPC endpoint or address",
        .bad = "\"Principal\": \"*\", \"Condition\": {\"StringLike\": {\"aws:Referer\": \"https://example.com/*\"}}",
        .good = "\"Principal\": \"*\", \"Condition\": {\"StringEquals\": {\"aws:SourceVpce\": \"vpce-0a1b2c3d\"}}",
    },
    [VD_G_TAG_UNSET] = {
        "principal-tag-unset", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, LOW, VD_ON_I | VD_ON_R, "",
        .title = "a comparison of tags that does not say what happens without the tag",
        .why = "When the principal has no such tag, the variable has no value: the Allow allows nothing, the Deny does not apply "
               "as written.",
        .remedy = "add Null with \"false\" for the tag of the principal, or a default to the variable",
        .bad = "\"Effect\": \"Deny\", \"Condition\": {\"StringNotEquals\": {\"aws:ResourceTag/team\": "
               "\"${aws:PrincipalTag/team}\"}}",
        .good = "\"Effect\": \"Deny\", \"Condition\": {\"StringNotEquals\": {\"aws:ResourceTag/team\": "
                "\"${aws:PrincipalTag/team}\"}, \"Null\": {\"aws:PrincipalTag/team\": \"false\"}}",
    },
    [VD_G_TAG_ESCAPE] = {
        "abac-tag-escape", VD_SECURITY, 70, VD_FIX_ADVICE, 0, HIGH, VD_ON_I, "",
        .title = "access by tags for somebody who may change these tags",
        .why = "Whoever may retag can move any resource into reach.",
        .remedy = "limit tagging by aws:TagKeys, aws:RequestTag, aws:ResourceTag or the action that creates",
        .bad = "ec2:TerminateInstances by aws:ResourceTag/team, and ec2:CreateTags on \"*\"",
        .good = "ec2:TerminateInstances by aws:ResourceTag/team, and ec2:CreateTags with ec2:CreateAction RunInstances",
    },
    [VD_G_OPEN_KEYS] = {
        "request-tag-open-keys", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, LOW, VD_ON_I, "",
        .title = "one tag required, all others free, though others decide elsewhere",
        .why = "The request may set further tags, among them those that other statements decide by.",
        .remedy = "add ForAllValues aws:TagKeys with the allowed keys, and Null false",
        .bad = "Allow with aws:RequestTag/env only, while another statement decides by aws:ResourceTag/team",
        .good = "the same with ForAllValues:StringEquals aws:TagKeys [env]",
    },
    [VD_G_VALUE_CASE] = {
        "condition-value-case", VD_WARNING, 0, VD_FIX_UNSAFE, 0, HIGH, VD_ON_ALL, "",
        .title = "a value in other capitals than AWS sends",
        .why = "StringEquals compares capitals: the value never equals what the request carries.",
        .remedy = "write the value as AWS sends it",
        .bad = "\"StringEquals\": {\"aws:RequestedRegion\": \"EU-WEST-1\"}",
        .good = "\"StringEquals\": {\"aws:PrincipalTag/team\": \"ACME\"}",
    },
    [VD_G_TLS_PARTIAL] = {
        "tls-deny-partial", VD_WARNING, 0, VD_FIX_SAFE, 0, HIGH, VD_ON_R, "",
        .title = "plain HTTP denied for a part of the bucket only",
        .why = "The bucket and its objects are two resources; what the Deny does not name goes on over plain HTTP.",
        .remedy = "deny s3:* on both, arn:aws:s3:::b and arn:aws:s3:::b/*",
        .bad = "Deny s3:* on arn:aws:s3:::b/* with Bool aws:SecureTransport false",
        .good = "Deny s3:* on [arn:aws:s3:::b, arn:aws:s3:::b/*] with Bool aws:SecureTransport false",
    },
    [VD_G_TLS_IF_EXISTS] = {
        "secure-transport-ifexists", VD_SUGGESTION, 0, VD_FIX_SAFE, 0, HIGH, VD_ON_ALL, "",
        .title = "IfExists on aws:SecureTransport",
        .why = "The key is always there; IfExists only hides the intent.",
        .remedy = "use Bool",
        .bad = "\"BoolIfExists\": {\"aws:SecureTransport\": \"false\"}",
        .good = "\"Bool\": {\"aws:SecureTransport\": \"false\"}",
    },
    [VD_G_REGION_GLOBAL] = {
        "requested-region-global", VD_WARNING, 0, VD_FIX_UNSAFE, 0, HIGH, VD_ON_I | VD_ON_B, "",
        .title = "a Deny by Region that hits global services",
        .why = "Global services are called in us-east-1, wherever the caller works.",
        .remedy = "leave global services out with NotAction",
        .bad = "Deny * with StringNotEquals aws:RequestedRegion eu-west-1",
        .good = "Deny NotAction [iam:*, sts:*, route53:*, ...] with StringNotEquals aws:RequestedRegion eu-west-1",
    },
    [VD_G_VIA_SERVICE] = {
        "via-service-misuse", VD_WARNING, 0, VD_FIX_ADVICE, 0, HIGH, VD_ON_I | VD_ON_R, "",
        .title = "kms:ViaService where nothing comes via a service",
        .why = "A service does not call KMS via itself: kms:ViaService is there when a user or role reaches KMS through a "
               "service.",
        .remedy = "allow users and roles with kms:ViaService; limit services by aws:SourceAccount and aws:SourceArn",
        .bad = "\"Principal\": {\"Service\": \"sns.amazonaws.com\"}, \"Condition\": {\"StringEquals\": {\"kms:ViaService\": "
               "\"sns.eu-west-1.amazonaws.com\"}}",
        .good = "\"Principal\": {\"AWS\": \"111122223333\"}, \"Condition\": {\"StringEquals\": {\"kms:ViaService\": "
                "\"s3.eu-west-1.amazonaws.com\"}}",
    },
    [VD_G_CONTEXT_CASE] = {
        "encryption-context-case", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, HIGH, VD_ON_I | VD_ON_R, "",
        .title = "a key of an encryption context in other capitals than the service sends",
        .why = "Keys of encryption contexts are compared exactly.",
        .remedy = "write the key as the service sends it",
        .bad = "\"StringLike\": {\"kms:EncryptionContext:AWS:S3:ARN\": \"arn:aws:s3:::acme/*\"}",
        .good = "\"StringLike\": {\"kms:EncryptionContext:aws:s3:arn\": \"arn:aws:s3:::acme/*\"}",
    },
};
