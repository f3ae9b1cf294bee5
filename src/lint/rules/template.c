/* SPDX-License-Identifier: Apache-2.0
 *
 * Templates, plans, files.  Most of these are found while policies are taken out of their file (src/extract) and only have
 * their row here.
 */
#include "base/str.h"
#include "lint/lint.h"

enum rule {
    NOT_SUBSTITUTED,
    VARIABLE_IN_SUB,
    REF_IS_NOT_ARN,
    STRING_NOT_JSON,
    DOUBLE_ENCODED,
    CIRCULAR,
    MANAGED_RISKY,
    MANAGED_UNKNOWN,
    COMPUTE_POWERFUL,
    UNRESOLVED,
    UNREADABLE
};

static const vd_lint_rule rules[] = {
    [NOT_SUBSTITUTED] = {
        .id = "template-variable-not-substituted", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "",
        .title = "a variable of the template in plain text",
        .why = "CloudFormation fills in ${...} only under Fn::Sub. Elsewhere AWS gets the dollar and the braces, and the "
               "statement matches nothing.",
        .remedy = "put the text under Fn::Sub (!Sub); escape variables of IAM there as ${!aws:username}",
        .bad = "Resource: arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs",
        .good = "Resource: !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs",
    },
    [VARIABLE_IN_SUB] = {
        .id = "policy-variable-in-sub", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "",
        .title = "a policy variable that Fn::Sub tries to fill in",
        .why = "Fn::Sub looks for a parameter or a resource of that name, and the deployment fails.",
        .remedy = "write ${!aws:username}: CloudFormation leaves ${aws:username} for IAM",
        .bad = "Resource: !Sub \"${Bucket.Arn}/${aws:username}/*\"",
        .good = "Resource: !Sub \"${Bucket.Arn}/${!aws:username}/*\"",
    },
    [REF_IS_NOT_ARN] = {
        .id = "ref-is-not-arn", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "",
        .title = "Ref where an ARN is needed",
        .why = "What Ref gives depends on the type: of a bucket, a table, a role it is the name, of a queue the URL, of a key "
               "the id. AWS refuses it as a resource, or it never matches.",
        .remedy = "use Fn::GetAtt with the attribute that is the ARN",
        .bad = "Resource: !Ref Bucket",
        .good = "Resource: !GetAtt Bucket.Arn",
    },
    [STRING_NOT_JSON] = {
        .id = "policy-string-not-json", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "JSON_SYNTAX_ERROR",
        .title = "policy text that is not JSON",
        .why = "The property holds a policy as text, and AWS cannot parse it: the deployment fails.",
        .remedy = "correct the text at the place that is shown; jsonencode or Fn::ToJsonString write it without mistakes",
        .bad = "PolicyDocument: '{\"Version\": \"2012-10-17\"'",
        .good = "PolicyDocument: '{\"Version\": \"2012-10-17\", \"Statement\": []}'",
    },
    [DOUBLE_ENCODED] = {
        .id = "policy-double-encoded", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "",
        .title = "JSON text inside JSON text",
        .why = "Encoded once too often, the policy is a string to AWS and no policy.",
        .remedy = "encode the document once",
        .bad = "\"PolicyDocument\": \"\\\"{\\\\\\\"Version\\\\\\\": ...}\\\"\"",
        .good = "\"PolicyDocument\": \"{\\\"Version\\\": ...}\"",
    },
    [CIRCULAR] = {
        .id = "template-circular-policy", .severity = VD_WARNING, .on = VD_ON_ALL, .codes = "",
        .title = "a policy within a resource that refers to the resource",
        .why = "CloudFormation needs the resource to know its ARN, and the policy to make the resource.",
        .remedy = "move the policy to a resource of its own (AWS::SQS::QueuePolicy, AWS::S3::BucketPolicy ...), or write the "
                  "ARN with Fn::Sub",
        .bad = "Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: {Resource: !GetAtt Key.Arn}}}}",
        .good = "Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: {Resource: \"*\"}}}}",
    },
    [MANAGED_RISKY] = {
        .id = "managed-policy-risky", .severity = VD_SECURITY, .score = 60, .on = VD_ON_I, .codes = "",
        .title = "a managed policy that grants too much, or that AWS has given up",
        .why = "AdministratorAccess, PowerUserAccess and IAMFullAccess hand over the account. Deprecated policies get no "
               "corrections, and cannot be attached anew once they are detached.",
        .remedy = "attach a policy with what is needed; for a deprecated one, AWS names its successor",
        .bad = "ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]",
        .good = "ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess]",
    },
    [MANAGED_UNKNOWN] = {
        .id = "managed-policy-unknown", .severity = VD_WARNING, .fix = VD_FIX_UNSAFE, .flags = VD_LINT_DATED, .on = VD_ON_I,
        .codes = "",
        .title = "a managed policy that AWS does not have",
        .why = "The name is wrong, or its path is missing (service-role/, job-function/): the deployment fails.",
        .remedy = "correct name and path",
        .bad = "ManagedPolicyArns: [arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole]",
        .good = "ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
    },
    [COMPUTE_POWERFUL] = {
        .id = "compute-role-powerful", .severity = VD_SECURITY, .score = 75, .on = VD_ON_I, .codes = "",
        .title = "a role of a machine or function that can take over the account",
        .why = "Its credentials are within reach of all code that runs there: one hole in a web application is enough.",
        .remedy = "grant what the code does, on the resources it uses",
        .bad = "a role for lambda.amazonaws.com with iam:* on *",
        .good = "a role for lambda.amazonaws.com with dynamodb:GetItem on one table",
    },
    [UNRESOLVED] = {
        .id = "unresolved-policy", .severity = VD_SUGGESTION, .on = VD_ON_ALL, .codes = "",
        .title = "a policy that is not in the file",
        .why = "Its value comes from elsewhere: an import, a parameter, something known after apply. It was not checked.",
        .remedy = "lint it where it is written, or pass values with --parameters",
        .bad = "PolicyDocument: !ImportValue shared-policy",
        .good = "Resource: !ImportValue shared-bucket-arn",
    },
    [UNREADABLE] = {
        .id = "file-unreadable", .severity = VD_ERROR, .flags = VD_LINT_KEPT, .on = VD_ON_ALL, .codes = "",
        .title = "a file that cannot be read",
        .why = "What is not read is not checked, and must not look as if it were.",
        .remedy = "correct it, or exclude it from the run; policies are UTF-8, or UTF-16 with a byte-order mark",
        .bad = "a file in UTF-32",
        .good = "a file in UTF-8, with or without a mark",
    },
};

/* ------------------------------------------------------------------ roles of machines and functions */

static const struct {
    vd_str      service;
    const char *words;
} computes[] = {
    { VD_L("codebuild"), "build project" },    { VD_L("ec2"), "instance" },          { VD_L("ecs-tasks"), "task" },
    { VD_L("glue"), "Glue job" },              { VD_L("lambda"), "function" },       { VD_L("sagemaker"), "notebook" },
};

static const char *compute_named(vd_str service)
{
    for (size_t i = 0; i < VD_COUNT(computes); i++)
        if (vd_str_eq(computes[i].service, service))
            return computes[i].words;
    return NULL;
}

/* What may take the role, by its trust policy or by what the container says. */
static const char *compute_of(const vd_lint *l)
{
    const char *words = compute_named(vd_extracted_fact(l->extracted, "compute"));

    for (uint32_t i = 0; !words && l->kind == VD_KIND_TRUST && i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        for (uint32_t k = 0; !words && st->allow && k < st->principal_count; k++)
            if (st->principals[k].shape == VD_SHAPE_SERVICE && !st->principals[k].hole)
                words = compute_named(st->principals[k].name);
    }
    return words;
}

static const vd_finding *takeover_in(const vd_lint *l)
{
    static const char *const ids[] = { "admin-access", "privilege-escalation", "credentials-exposure" };

    for (size_t k = 0; k < VD_COUNT(ids); k++)
        for (uint32_t i = 0; i < l->finding_count; i++)
            if (strcmp(l->findings[i]->rule->id, ids[k]) == 0)
                return l->findings[i];
    return NULL;
}

static void judge(vd_lint *const *policies, uint32_t count)
{
    const char *words = NULL;

    for (uint32_t i = 0; i < count && !words; i++)
        words = compute_of(policies[i]);
    for (uint32_t i = 0; i < count && words; i++) {
        const vd_finding *f = policies[i]->policy ? takeover_in(policies[i]) : NULL;

        if (!f || !(rules[COMPUTE_POWERFUL].on >> policies[i]->kind & 1u))
            continue;
        vd_lint_report(policies[i], &rules[COMPUTE_POWERFUL], NULL, f->span, "whoever gets code onto this %s has it: %s",
                       words, f->rule->id);
        return;
    }
}

const vd_lint_group vd_lint_template = {
    .name = "template", .rules = rules, .count = VD_COUNT(rules), .identity = judge
};
