/* SPDX-License-Identifier: Apache-2.0
 *
 * Resource policies: the rows, and which file looks at which kind of resource.
 */
#include "lint/rules/resource_policy_int.h"

#include "base/str.h"

const vd_lint_rule vd_rp_rules[RP_RULES] = {
    [RP_ACTION] = {
        "unsupported-action-in-policy", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R,
        "UNSUPPORTED_ACTION_IN_POLICY",
        .title = "an action that this kind of policy does not decide",
        .why = "A resource policy is asked only about calls on its resource. Several services refuse other "
               "actions, the rest ignore them.",
        .remedy = "move the action to the policy of the resource it works on, or to an identity policy",
        .bad = "\"sqs:SendMessage\" in the policy of a topic",
        .good = "\"sns:Publish\", or \"*\"",
    },
    [RP_RESOURCE] = {
        "unsupported-resource-in-policy", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R,
        "UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
        .title = "a resource that this policy is not attached to",
        .why = "A resource policy speaks about its own resource. A statement about another one is refused "
               "or does nothing.",
        .remedy = "use the ARN of the resource itself",
        .bad = "the ARN of a queue in the policy of a topic",
        .good = "the topic's own ARN, or \"*\"",
    },
    [RP_SELF_GRANT] = {
        "resource-policy-self-grant", VD_SECURITY, 65, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "others may change this policy",
        .why = "Whoever may edit the policy has every right that it can grant.",
        .remedy = "leave changes of the policy to identities of the own account",
        .bad = "\"s3:Put*\" to another account",
        .good = "\"s3:PutObject\" to another account",
    },
    [RP_LOCKOUT] = {
        "resource-policy-lockout", VD_WARNING, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a Deny that shuts out whoever could take it back",
        .why = "It covers changes of the policy itself and makes no exception for an administrator. Only "
               "the root user can delete a bucket policy then; of a key nobody can, and AWS support has to.",
        .remedy = "except an administrator role with ArnNotLike aws:PrincipalArn, or leave the policy's own "
                  "actions out",
        .bad = "Deny \"s3:*\" to \"*\" unless aws:SourceVpce",
        .good = "the same with \"ArnNotLike\": {\"aws:PrincipalArn\": "
                "\"arn:aws:iam::111122223333:role/admin\"}",
    },
    [RP_KMS_LOCKOUT] = {
        "kms-key-lockout", VD_ERROR, 0, VD_FIX_UNSAFE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a key whose policy nobody can change again",
        .why = "Only the key policy says who may change it. AWS refuses a policy that leaves nobody, unless "
               "the check is bypassed.",
        .remedy = "allow kms:* to the root of the account",
        .bad = "{\"Service\": \"cloudtrail.amazonaws.com\"} as the only principal",
        .good = "{\"AWS\": \"arn:aws:iam::111122223333:root\"} with \"kms:*\"",
    },
    [RP_KMS_ROOT] = {
        "kms-root-missing", VD_SUGGESTION, 0, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_R,
        "",
        .title = "a key for which IAM policies do not count",
        .why = "Identity policies reach a key only when its policy allows the account's root.",
        .remedy = "add a statement for the root of the account, unless the key is meant to stand alone",
        .bad = "statements for roles only",
        .good = "a statement for arn:aws:iam::111122223333:root",
    },
    [RP_KMS_RESOURCE] = {
        "kms-resource-not-star", VD_SUGGESTION, 0, VD_FIX_SAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "an ARN as Resource of a key policy",
        .why = "In a key policy \"*\" means this key. An ARN adds nothing, and one of another key matches "
               "nothing.",
        .remedy = "write \"*\"",
        .bad = "\"Resource\": \"arn:aws:kms:eu-west-1:111122223333:key/*\"",
        .good = "\"Resource\": \"*\"",
    },
    [RP_KMS_STAR] = {
        "kms-star-principal", VD_SECURITY, 85, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a key for every AWS account",
        .why = "kms:ViaService only says through which service a call comes: strangers use services as well.",
        .remedy = "require kms:CallerAccount or aws:PrincipalOrgID",
        .bad = "\"Principal\": \"*\" with \"StringEquals\": {\"kms:ViaService\": "
               "\"s3.eu-west-1.amazonaws.com\"}",
        .good = "the same with \"kms:CallerAccount\": \"111122223333\"",
    },
    [RP_KMS_ADMIN] = {
        "kms-admin-uses", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "one principal both manages a key and uses it",
        .why = "Whoever decides about the key should not read what it protects.",
        .remedy = "one statement for administrators, another for users of the key",
        .bad = "one role with \"kms:*\"",
        .good = "separate statements for administration and use",
    },
    [RP_S3_WRITE] = {
        "s3-public-write", VD_SECURITY, 100, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a bucket that everyone can write to",
        .why = "Anyone can fill it, overwrite what is in it, or put something there in your name.",
        .remedy = "name the principals that write",
        .bad = "\"s3:PutObject\" to \"*\"",
        .good = "the same with \"StringEquals\": {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}",
    },
    [RP_S3_LIST] = {
        "s3-list-public", VD_SECURITY, 75, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a bucket that everyone can list",
        .why = "Whoever knows the names finds everything, also what was only meant to be handed out by link.",
        .remedy = "allow s3:GetObject only",
        .bad = "\"s3:ListBucket\" to \"*\"",
        .good = "\"s3:GetObject\" to \"*\"",
    },
    [RP_S3_ACL] = {
        "s3-put-acl-cross-account", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "uploads that must carry an ACL",
        .why = "With ACLs off (bucket owner enforced), objects belong to the bucket owner anyway, and plain "
               "uploads fail the condition.",
        .remedy = "remove the condition and turn ACLs off",
        .bad = "\"StringEquals\": {\"s3:x-amz-acl\": \"bucket-owner-full-control\"}",
        .good = "no condition on the ACL",
    },
    [RP_S3_TLS] = {
        "s3-tls", VD_SUGGESTION, 0, VD_FIX_UNSAFE, VD_LINT_OFF | VD_LINT_DOCUMENT,
        VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "plain HTTP is not denied",
        .why = "Requests without TLS are accepted, and can be read and changed on the way.",
        .remedy = "deny everything to everyone when aws:SecureTransport is false",
        .bad = "a bucket policy without the Deny",
        .good = "Deny \"s3:*\" to \"*\" with \"Bool\": {\"aws:SecureTransport\": \"false\"}",
    },
    [RP_S3_LOGS] = {
        "s3-log-delivery", VD_SECURITY, 50, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "log delivery for anybody",
        .why = "The service writes logs of whichever account names this bucket: yours get mixed with "
               "others'.",
        .remedy = "require aws:SourceAccount or aws:SourceArn",
        .bad = "logging.s3.amazonaws.com without Condition",
        .good = "the same with \"StringEquals\": {\"aws:SourceAccount\": \"111122223333\"}",
    },
    [RP_S3_DELEGATION] = {
        "s3-access-point-delegation", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a bucket delegated to access points of any account",
        .why = "What an access point allows, its account decides.",
        .remedy = "name the account in s3:DataAccessPointAccount",
        .bad = "\"StringLike\": {\"s3:DataAccessPointAccount\": \"*\"}",
        .good = "\"StringEquals\": {\"s3:DataAccessPointAccount\": \"111122223333\"}",
    },
    [RP_LAMBDA_UNSCOPED] = {
        "lambda-permission-unscoped", VD_SECURITY, 70, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_R,
        "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
        .title = "a function that a service may invoke for anybody",
        .why = "Any account can point its own bucket, topic or API at the function.",
        .remedy = "require the source's ARN, and for S3 the account as well",
        .bad = "Principal s3.amazonaws.com alone",
        .good = "apigateway.amazonaws.com with SourceArn",
    },
    [RP_LAMBDA_PUBLIC] = {
        "lambda-permission-public", VD_SECURITY, 90, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a function that anyone can invoke",
        .why = "Strangers run your code with your permissions, and you pay for it.",
        .remedy = "name accounts, or require aws:PrincipalOrgID; function URLs can ask for AWS_IAM",
        .bad = "\"Principal\": \"*\"",
        .good = "the same with PrincipalOrgID",
    },
    [RP_LAMBDA_WIDE] = {
        "lambda-permission-source-wide", VD_SECURITY, 50, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a source ARN with the wrong wildcard",
        .why = "Stages, methods and paths of one API may be open; the API and its account say who can "
               "invoke.",
        .remedy = "write out account and API",
        .bad = "\"arn:aws:execute-api:*:*:*\"",
        .good = "\"arn:aws:execute-api:eu-west-1:111122223333:abc123/*/GET/x\"",
    },
    [RP_LAYER] = {
        "lambda-layer-public", VD_SECURITY, 60, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a layer that every account can read",
        .why = "Its content can be downloaded by anybody with an AWS account.",
        .remedy = "name accounts, or set OrganizationId",
        .bad = "\"Principal\": \"*\"",
        .good = "the same with an organization",
    },
    [RP_SNS_DEFAULT] = {
        "sns-default-policy", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "the topic policy that the console proposes",
        .why = "It opens all actions on the topic, administration among them, to the whole account.",
        .remedy = "name who publishes and who subscribes",
        .bad = "\"Principal\": \"*\" with \"StringEquals\": {\"AWS:SourceOwner\": \"111122223333\"}",
        .good = "named principals",
    },
    [RP_OPENSEARCH] = {
        "opensearch-open", VD_SECURITY, 90, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a search domain that is open to the internet",
        .why = "Without a VPC and without fine-grained access control, the access policy is all there is.",
        .remedy = "name principals, limit addresses, or put the domain into a VPC",
        .bad = "\"Principal\": \"*\" on \"domain/x/*\"",
        .good = "a domain with VPCOptions",
    },
    [RP_ECR] = {
        "ecr-public-pull", VD_SECURITY, 70, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "images of a private repository for everyone",
        .why = "Every AWS account can use the repository.",
        .remedy = "require aws:PrincipalOrgID, or publish in ECR Public",
        .bad = "\"ecr:BatchGetImage\" to \"*\"",
        .good = "the same with an organization",
    },
    [RP_SECRET] = {
        "secret-shared", VD_SECURITY, 75, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a secret that others can read",
        .why = "Its value leaves the account; rotation and logs do not follow it.",
        .remedy = "give each account a secret of its own, or name one role there",
        .bad = "\"secretsmanager:GetSecretValue\" to 444455556666",
        .good = "the same to an own role",
    },
    [RP_APIGW_FORM] = {
        "apigw-resource-form", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a resource that no API policy knows",
        .why = "Calls of an API are execute-api resources; ARNs of apigateway are for its administration.",
        .remedy = "write execute-api:/stage/METHOD/path",
        .bad = "\"arn:aws:apigateway:eu-west-1::/restapis/x\"",
        .good = "\"execute-api:/prod/GET/*\"",
    },
    [RP_APIGW_IP] = {
        "apigw-source-ip-private", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a public address asked of private callers",
        .why = "Calls through a VPC endpoint carry no aws:SourceIp.",
        .remedy = "use aws:VpcSourceIp or aws:SourceVpce",
        .bad = "\"NotIpAddress\": {\"aws:SourceIp\": \"10.0.0.0/16\"} on a private API",
        .good = "\"NotIpAddress\": {\"aws:VpcSourceIp\": \"10.0.0.0/16\"}",
    },
    [RP_APIGW_OPEN] = {
        "apigw-open", VD_SECURITY, 60, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "an API that anyone can call",
        .why = "The policy lets everyone through, and nothing else here asks who calls.",
        .remedy = "add an authorizer, or a Deny unless aws:SourceVpce or aws:SourceIp",
        .bad = "Allow \"execute-api:Invoke\" to \"*\" alone",
        .good = "plus a Deny unless aws:SourceVpce",
    },
    [RP_EVENTS] = {
        "events-bus-open", VD_SECURITY, 70, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "an event bus that any account can write to",
        .why = "Rules of the bus act on whatever is put there; events of strangers look like your own.",
        .remedy = "require aws:PrincipalOrgID; for rules of others require events:creatorAccount",
        .bad = "\"events:PutEvents\" to \"*\"",
        .good = "the same with aws:PrincipalOrgID",
    },
    [RP_EFS] = {
        "efs-open", VD_SECURITY, 65, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a file system for whoever reaches it",
        .why = "Anonymous clients may mount it, without IAM.",
        .remedy = "name roles, or require elasticfilesystem:AccessedViaMountTarget",
        .bad = "\"elasticfilesystem:ClientMount\" to \"*\"",
        .good = "the same to a role",
    },
    [RP_VAULT] = {
        "vault-lock-irrevocable", VD_WARNING, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a lock that cannot be taken back",
        .why = "Once the lock is complete, nobody can remove it, AWS included: what it denies stays denied.",
        .remedy = "try it as an access policy first, and look at the dates",
        .bad = "Deny \"glacier:DeleteArchive\" to \"*\" in a lock",
        .good = "an access policy without it",
    },
    [RP_BACKUP] = {
        "backup-copy-open", VD_SECURITY, 65, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_R, "",
        .title = "a backup vault that any account can fill",
        .why = "Copies of strangers are stored, and paid for, here.",
        .remedy = "require aws:PrincipalOrgID",
        .bad = "\"backup:CopyIntoBackupVault\" to \"*\"",
        .good = "the same with aws:PrincipalOrgID",
    },
};

/* ------------------------------------------------------------------ questions of several kinds */

bool vd_rp_is(const vd_lint *l, const char *kind)
{
    vd_str k = vd_str_of(kind), s = l->resource_kind;

    return vd_str_starts(s, k) && (s.n == k.n || s.p[k.n] == '-');
}

const vd_view_principal *vd_rp_open(const vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_who_grants(st) ? vd_who_everyone(st) : NULL;

    if (!who || st->actions_hole || vd_open_pin(l, st) || vd_guarded_strength(l, st) == VD_STRENGTH_PINNING)
        return NULL;
    return who;
}

const char *vd_rp_weakly(vd_lint *l, const vd_view_statement *st)
{
    return vd_statement_strength(l, st) == VD_STRENGTH_WEAK
               ? vd_lint_printf(l, "; the conditions only check %s", vd_strength_keys(l, st))
               : "";
}

const vd_view_principal *vd_rp_stranger(const vd_lint *l, const vd_view_statement *st)
{
    vd_str own = vd_who_account(l, st);

    for (uint32_t i = 0; i < st->principal_count && own.n; i++) {
        const vd_view_principal *p = &st->principals[i];

        if (p->type == VD_PRINCIPAL_AWS && !p->hole && vd_is_account(p->account) &&
            !vd_str_eq(p->account, own))
            return p;
    }
    return NULL;
}

/* The document's nodes are in terms of its file, spans of the model in terms of the policy: one statement
 * tells the way. */
vd_span vd_rp_statements(const vd_lint *l)
{
    uint32_t       list = vd_doc_member(l->doc, l->extracted->node, VD_S("Statement"));
    const vd_node *n, *first;

    if (list == VD_NONE || l->doc->nodes[list].kind != VD_NODE_ARRAY || l->policy->statement_count == 0)
        return (vd_span){ 0, 0 };
    n = &l->doc->nodes[list];
    first = n + 1;
    if (l->doc->nodes[list].next == list + 1 ||
        l->policy->statements[0].span.offset + n->offset < first->offset)
        return (vd_span){ 0, 0 };
    return (vd_span){ l->policy->statements[0].span.offset + n->offset - first->offset, n->length };
}

/* ------------------------------------------------------------------ kinds */

static const struct {
    const char *kind;
    void (*look)(vd_lint *l, const vd_view_statement *st);
} looks[] = {
    { "kms", vd_rp_kms },
    { "s3", vd_rp_s3 },
    { "lambda-layer", vd_rp_layer },
    { "lambda", vd_rp_lambda },
    { "sns", vd_rp_sns },
    { "es", vd_rp_opensearch },
    { "ecr", vd_rp_ecr },
    { "secretsmanager", vd_rp_secret },
    { "execute-api", vd_rp_apigw },
    { "events", vd_rp_events },
    { "elasticfilesystem", vd_rp_efs },
    { "backup", vd_rp_backup },
    { "glacier", vd_rp_glacier },
};

static bool is_looked_at(const vd_lint *l)
{
    return l->kind == VD_KIND_RESOURCE && l->policy && l->resource_kind.n;
}

static void look_at_statement(vd_lint *l, const vd_view_statement *st)
{
    if (!is_looked_at(l) || st->model->malformed)
        return;
    vd_rp_general(l, st);
    for (size_t i = 0; i < VD_COUNT(looks); i++) {
        if (!vd_rp_is(l, looks[i].kind))
            continue;
        looks[i].look(l, st);
        return;
    }
}

static void look_at_policy(vd_lint *l)
{
    if (!is_looked_at(l))
        return;
    if (vd_rp_is(l, "kms"))
        vd_rp_kms_document(l);
    vd_rp_tls(l);
}

const vd_lint_group vd_lint_resource_policy = { .name = "resource-policy",
                                                .rules = vd_rp_rules,
                                                .count = RP_RULES,
                                                .policy = look_at_policy,
                                                .statement = look_at_statement };
