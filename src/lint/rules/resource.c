/* SPDX-License-Identifier: Apache-2.0
 *
 * Resources: the rows, and who looks at what.
 */
#include "lint/rules/resource.h"

#include "base/str.h"

#include <stdio.h>

#define ON_IAM   (VD_ON_I | VD_ON_B | VD_ON_S)
#define NO_TRUST (VD_ON_ALL & ~VD_ON_T)

const vd_lint_rule vd_resource_rules[RESOURCE_RULES] = {
    [INVALID_ARN_PREFIX] = {
        .id = "invalid-arn-prefix", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL, .codes = "INVALID_ARN_PREFIX",
        .title = "a resource that is no ARN",
        .why = "A resource is * or an ARN; names and URLs match nothing, or AWS refuses them.",
        .remedy = "write the ARN",
        .bad = "\"Resource\": \"my-bucket/*\"",
        .good = "\"Resource\": \"arn:aws:s3:::my-bucket/*\"",
    },
    [MISSING_ARN_FIELD] = {
        .id = "missing-arn-field", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL, .codes = "MISSING_ARN_FIELD",
        .title = "an ARN with fewer than six parts",
        .why = "AWS completes it with wildcards or refuses it, depending on the kind of policy; neither is what it reads like.",
        .remedy = "write all parts, empty ones too: arn:partition:service:region:account:resource",
        .bad = "\"Resource\": \"arn:aws:s3:my-bucket\"",
        .good = "\"Resource\": \"arn:aws:s3:*\"",
    },
    [INVALID_PARTITION] = {
        .id = "invalid-partition", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "INVALID_PARTITION",
        .title = "an ARN of a partition that does not exist",
        .why = "It matches no resource, and AWS refuses the document.",
        .remedy = "write aws, aws-cn, aws-us-gov or whichever your account is in",
        .bad = "\"Resource\": \"arn:amazon:s3:::b\"",
        .good = "\"Resource\": \"arn:aws-cn:s3:::b\"",
    },
    [INVALID_ARN_SERVICE_CASE] = {
        .id = "invalid-arn-service-case", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL,
        .codes = "INVALID_ARN_SERVICE_CASE",
        .title = "capitals in the service part of an ARN",
        .why = "ARNs are compared with their case: this one matches nothing.",
        .remedy = "write it in small letters",
        .bad = "\"Resource\": \"arn:aws:S3:::b\"",
        .good = "\"Resource\": \"arn:aws:s3:::b\"",
    },
    [UNKNOWN_ARN_SERVICE] = {
        .id = "unknown-arn-service", .severity = VD_WARNING, .fix = VD_FIX_UNSAFE, .flags = VD_LINT_DATED, .on = VD_ON_ALL,
        .codes = "",
        .title = "an ARN of a service that has none",
        .why = "The service part of an ARN is often not the service's name; with a wrong one the ARN matches nothing.",
        .remedy = "use the service part of the ARN formats in the Service Authorization Reference",
        .bad = "\"Resource\": \"arn:aws:efs:eu-west-1:123456789012:file-system/fs-1\"",
        .good = "\"Resource\": \"arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1\"",
    },
    [ARN_ACCOUNT_NOT_ALLOWED] = {
        .id = "arn-account-not-allowed", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL,
        .codes = "ARN_ACCOUNT_NOT_ALLOWED",
        .title = "an account in an ARN that has none",
        .why = "ARNs of this kind have an empty account; with one they match nothing.",
        .remedy = "leave the account empty; to limit it use aws:ResourceAccount",
        .bad = "\"Resource\": \"arn:aws:s3::123456789012:bucket\"",
        .good = "\"Resource\": \"arn:aws:s3:us-east-1:123456789012:accesspoint/x\"",
    },
    [ARN_REGION_NOT_ALLOWED] = {
        .id = "arn-region-not-allowed", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL,
        .codes = "ARN_REGION_NOT_ALLOWED",
        .title = "a Region in an ARN that has none",
        .why = "ARNs of this kind have an empty Region; with one they match nothing.",
        .remedy = "leave the Region empty; to limit it use aws:RequestedRegion",
        .bad = "\"Resource\": \"arn:aws:iam:us-east-1:123456789012:role/x\"",
        .good = "\"Resource\": \"arn:aws:iam::123456789012:role/x\"",
    },
    [MISSING_ARN_REGION] = {
        .id = "missing-arn-region", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL, .codes = "MISSING_ARN_REGION",
        .title = "an ARN without its Region",
        .why = "An empty Region matches only an empty Region: the ARN matches nothing.",
        .remedy = "write the Region, or * for all",
        .bad = "\"Resource\": \"arn:aws:sqs::123456789012:q\"",
        .good = "\"Resource\": \"arn:aws:sqs:*:123456789012:q\"",
    },
    [MISSING_ARN_ACCOUNT] = {
        .id = "missing-arn-account", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL, .codes = "MISSING_ARN_ACCOUNT",
        .title = "an ARN without its account",
        .why = "An empty account matches only an empty account: the ARN matches nothing.",
        .remedy = "write the account, or * for all",
        .bad = "\"Resource\": \"arn:aws:sqs:us-east-1::q\"",
        .good = "\"Resource\": \"arn:aws:ec2:us-east-1::image/ami-1\"",
    },
    [INVALID_ARN_ACCOUNT] = {
        .id = "invalid-arn-account", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "INVALID_ARN_ACCOUNT",
        .title = "an account that is not 12 digits",
        .why = "It matches nothing. Spreadsheets and YAML without quotes lose leading zeros.",
        .remedy = "write the 12 digits of the account",
        .bad = "\"Resource\": \"arn:aws:sqs:us-east-1:1234:q\"",
        .good = "\"Resource\": \"arn:aws:iam::aws:policy/ReadOnlyAccess\"",
    },
    [INVALID_ARN_REGION] = {
        .id = "invalid-arn-region", .severity = VD_WARNING, .fix = VD_FIX_SAFE, .flags = VD_LINT_DATED, .on = VD_ON_ALL,
        .codes = "INVALID_ARN_REGION",
        .title = "an ARN of a Region that does not exist",
        .why = "It matches nothing.",
        .remedy = "correct the name of the Region",
        .bad = "\"Resource\": \"arn:aws:sqs:us-east1:123456789012:q\"",
        .good = "\"Resource\": \"arn:aws:sqs:us-east-1:123456789012:q\"",
    },
    [ARN_TYPE_WILDCARD] = {
        .id = "arn-type-wildcard", .severity = VD_WARNING, .on = VD_ON_ALL, .codes = "",
        .title = "a wildcard in the type of a resource",
        .why = "The word before the name is fixed; AWS does not promise that a part of it with a wildcard matches, and it may "
               "take in types that come later.",
        .remedy = "write the type out",
        .bad = "\"Resource\": \"arn:aws:lambda:*:*:func*\"",
        .good = "\"Resource\": \"arn:aws:lambda:*:*:function:*\"",
    },
    [INVALID_ARN_RESOURCE] = {
        .id = "invalid-arn-resource", .severity = VD_ERROR, .flags = VD_LINT_DATED, .on = VD_ON_ALL,
        .codes = "INVALID_ARN_RESOURCE",
        .title = "a resource that its service does not have",
        .why = "No ARN of the service is written like this: it matches nothing.",
        .remedy = "use one of the formats of the service",
        .bad = "\"Resource\": \"arn:aws:dynamodb:us-east-1:123456789012:tables/T\"",
        .good = "\"Resource\": \"arn:aws:dynamodb:us-east-1:123456789012:table/T\"",
    },
    [ARN_SHAPE_TRAP] = {
        .id = "arn-shape-trap", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "",
        .title = "an ARN that looks right and does not match",
        .why = "Some ARNs are not what one expects: log streams live behind \":*\", secrets end in six random characters, "
               "permissions on a key are not checked on its alias.",
        .remedy = "write the ARN that the message names",
        .bad = "\"Resource\": \"arn:aws:ssm:*:*:parameter//app/key\"",
        .good = "\"Resource\": \"arn:aws:ssm:*:*:parameter/app/key\"",
    },
    [ARN_WHITESPACE] = {
        .id = "arn-whitespace", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "INVALID_ARN_RESOURCE",
        .title = "white space around an ARN",
        .why = "It is part of the text that is compared: the ARN matches nothing.",
        .remedy = "remove it",
        .bad = "\"Resource\": \"arn:aws:s3:::b/* \"",
        .good = "\"Resource\": \"arn:aws:s3:::b/my file\"",
    },
    [ARN_SERVICE_WILDCARD] = {
        .id = "arn-service-wildcard", .severity = VD_WARNING, .on = VD_ON_ALL, .codes = "",
        .title = "a wildcard for the service of an ARN",
        .why = "It matches resources of every service, also of those that come later.",
        .remedy = "name the service",
        .bad = "\"Resource\": \"arn:aws:*:*:*:prod-*\"",
        .good = "\"Resource\": \"arn:*:s3:::prod-*\"",
    },
    [PLACEHOLDER_VALUE] = {
        .id = "placeholder-value", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "",
        .title = "a placeholder that nobody filled in",
        .why = "It matches nothing, or opens the resource of an account of the documentation.",
        .remedy = "put in the value",
        .bad = "\"Resource\": \"arn:aws:s3:::<bucket>/*\"",
        .good = "\"Resource\": \"arn:aws:s3:::home/${aws:username}/*\"",
    },
    [RESOURCE_EFFECTIVELY_STAR] = {
        .id = "resource-effectively-star", .severity = VD_WARNING, .on = ON_IAM | VD_ON_R, .codes = "",
        .title = "patterns that together are like *",
        .why = "They read like a limit and match every resource that the actions have, in every account and Region.",
        .remedy = "name resources, or write * and mean it",
        .bad = "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::*\"",
        .good = "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::app-*/*\"",
    },
    [RESOURCE_STAR] = {
        .id = "resource-star", .severity = VD_SUGGESTION, .score = 50, .on = ON_IAM, .codes = "",
        .title = "* where resources could be named",
        .why = "The actions that are listed can be limited to resources; nobody else's need to be open to them.",
        .remedy = "name the resources; keep * in a statement of its own for the actions that need it",
        .bad = "\"Action\": \"sqs:SendMessage\", \"Resource\": \"*\"",
        .good = "\"Action\": \"ec2:DescribeInstances\", \"Resource\": \"*\"",
    },
    [ACTION_RESOURCE_MISMATCH] = {
        .id = "action-resource-mismatch", .severity = VD_ERROR, .on = NO_TRUST, .codes = "",
        .title = "an action that works on none of the resources",
        .why = "The action is checked against other resources than those listed: the statement never decides about it.",
        .remedy = "add a resource of the kind that the action works on",
        .bad = "\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:sqs:*:*:q\"",
        .good = "\"Action\": \"ec2:RunInstances\", \"Resource\": \"arn:aws:ec2:*:*:instance/*\"",
    },
    [ACTION_NEEDS_STAR] = {
        .id = "action-needs-star", .severity = VD_ERROR, .on = NO_TRUST, .codes = "",
        .title = "an action that has no resource",
        .why = "It is checked against the resource *, which only \"*\" matches: the statement never decides about it.",
        .remedy = "put it in a statement of its own with \"Resource\": \"*\"",
        .bad = "\"Action\": \"s3:ListAllMyBuckets\", \"Resource\": \"arn:aws:s3:::b\"",
        .good = "\"Action\": \"s3:ListAllMyBuckets\", \"Resource\": \"*\"",
    },
    [RESOURCE_UNUSED] = {
        .id = "resource-unused", .severity = VD_WARNING, .fix = VD_FIX_SAFE, .on = NO_TRUST, .codes = "",
        .title = "a resource that none of the actions works on",
        .why = "It has no effect, and suggests that it had.",
        .remedy = "remove it, or add the actions that were meant",
        .bad = "\"Action\": \"s3:*\", \"Resource\": [\"arn:aws:s3:::b\", \"arn:aws:sqs:*:*:q\"]",
        .good = "\"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::b\"",
    },
    [S3_BUCKET_OBJECT_MIXUP] = {
        .id = "s3-bucket-object-mixup", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = ON_IAM | VD_ON_R | VD_ON_E, .codes = "",
        .title = "an action on buckets with objects, or the other way round",
        .why = "arn:aws:s3:::b is the bucket, arn:aws:s3:::b/* are its objects; neither matches the other.",
        .remedy = "list both ARNs, or the one that the action works on",
        .bad = "\"Action\": \"s3:ListBucket\", \"Resource\": \"arn:aws:s3:::b/*\"",
        .good = "\"Action\": \"s3:ListBucket\", \"Resource\": \"arn:aws:s3:::b\"",
    },
    [REDUNDANT_RESOURCE] = {
        .id = "redundant-resource", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL,
        .codes = "REDUNDANT_RESOURCE",
        .title = "a resource that another one of the list covers",
        .why = "It adds nothing, and suggests a limit that is not there.",
        .remedy = "remove it, or narrow the wildcard",
        .bad = "\"Resource\": [\"arn:aws:iam::123456789012:role/j*\", \"arn:aws:iam::123456789012:role/jane\"]",
        .good = "\"Resource\": [\"arn:aws:s3:::b\", \"arn:aws:s3:::b/*\"]",
    },
    [PREFIX_OVERMATCH] = {
        .id = "prefix-overmatch", .severity = VD_SUGGESTION, .on = ON_IAM | VD_ON_R, .codes = "",
        .title = "a wildcard straight behind a name",
        .why = "logs* also matches logs-of-somebody-else.",
        .remedy = "write logs and logs/*, or end the name with a delimiter",
        .bad = "\"Resource\": [\"arn:aws:s3:::logs\", \"arn:aws:s3:::logs*\"]",
        .good = "\"Resource\": [\"arn:aws:s3:::logs\", \"arn:aws:s3:::logs/*\"]",
    },
    [NOT_RESOURCE_ALLOW] = {
        .id = "not-resource-allow", .severity = VD_SECURITY, .score = 70, .on = ON_IAM | VD_ON_R, .codes = "",
        .title = "Allow with NotResource",
        .why = "It allows on every resource except a few, also on those that will be made.",
        .remedy = "list the resources; to take something away use a Deny",
        .bad = "\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"NotResource\": \"arn:aws:s3:::b\"",
        .good = "\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"NotResource\": \"arn:aws:s3:::b\"",
    },
    [NOT_RESOURCE_DENY_NOTHING] = {
        .id = "not-resource-deny-nothing", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "",
        .title = "a Deny whose exception is everything, or nothing",
        .why = "Excepted is all there is, so that nothing is denied; or what the actions never touch, so that all is.",
        .remedy = "name the resources that are to be excepted",
        .bad = "\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"NotResource\": \"*\"",
        .good = "\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"NotResource\": [\"arn:aws:s3:::b\", \"arn:aws:s3:::b/*\"]",
    },
    [NOT_RESOURCE_HALF] = {
        .id = "not-resource-half", .severity = VD_WARNING, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "",
        .title = "an exception for a bucket or for its objects, not for both",
        .why = "Actions on the other half stay denied.",
        .remedy = "except the bucket and its objects",
        .bad = "\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"NotResource\": \"arn:aws:s3:::b/*\"",
        .good = "\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"NotResource\": [\"arn:aws:s3:::b\", \"arn:aws:s3:::b/*\"]",
    },
    [FOREIGN_ACCOUNT_RESOURCE] = {
        .id = "foreign-account-resource", .severity = VD_SUGGESTION, .on = ON_IAM, .codes = "",
        .title = "a resource of an account that is not one of yours",
        .why = "Across accounts the policy of the resource has to agree; and it may be a mistake.",
        .remedy = "add the account to trusted.accounts when it is meant",
        .bad = "\"Resource\": \"arn:aws:sqs:*:999988887777:q\"",
        .good = "\"Resource\": \"arn:aws:iam::aws:policy/ReadOnlyAccess\"",
    },
    [HARD_CODED_ACCOUNT] = {
        .id = "hard-coded-account", .severity = VD_SUGGESTION, .flags = VD_LINT_OFF, .on = VD_ON_ALL,
        .codes = "",
        .title = "the deploying account written out in a template",
        .why = "The template works in one account only.",
        .remedy = "use the pseudo parameter",
        .bad = "\"Resource\": \"arn:aws:iam::123456789012:role/x\" in a template of that account",
        .good = "\"Resource\": {\"Fn::Sub\": \"arn:aws:iam::${AWS::AccountId}:role/x\"}",
    },
};

/* "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}" as "arn:aws:sqs:*:*:QueueName". */
static size_t write_format(char *out, size_t room, vd_str format)
{
    size_t   n = 0;
    unsigned field = 0;

    for (size_t i = 0; i < format.n && n + 1 < room; i++) {
        size_t end = format.p[i] == '$' ? vd_str_find(vd_str_from(format, i), '}') : 0;

        if (end && i + end < format.n) {
            vd_str name = { format.p + i + 2, end - 2 };

            if (field == 1)
                name = VD_S("aws");
            else if (field < 5)
                name = VD_S("*");
            n += (size_t)snprintf(out + n, room - n, VD_F, VD_A(name));
            i += end;
            continue;
        }
        field += format.p[i] == ':';
        out[n++] = format.p[i];
    }
    return n < room ? n : room - 1;
}

const char *vd_resource_formats(vd_lint *l, vd_ids types)
{
    enum { MOST = 3 };
    char   text[512];
    vd_str list[MOST + 1];
    uint32_t n = 0;

    for (uint32_t i = 0; i < types.count && n < MOST; i++) {
        size_t length = write_format(text, sizeof text, vd_catalog_format(l->catalog, types.at[i], 0));

        if (!vd_arena_dup(l->arena, &list[n], (vd_str){ text, length })) {
            l->no_memory = true;
            return "";
        }
        n++;
    }
    if (types.count > MOST)
        list[n++] = VD_S("others");
    return vd_lint_list(l, list, n);
}

/* Of one that is wrong by itself nothing more is said. */
static void look_at_each(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->resource_count; i++) {
        vd_view_resource *r = &st->resources[i];

        if (r->star)
            continue;
        vd_resource_look_at_text(l, st, r);
        if (r->is_arn && !vd_resource_look_at_traps(l, st, r))
            vd_resource_look_at_arn(l, st, r);
    }
}

static void look_at_statement(vd_lint *l, const vd_view_statement *st)
{
    look_at_each(l, st);
    if (st->model->resource.negated)
        vd_resource_look_at_not(l, st);
    else
        vd_resource_look_at_fit(l, st);
    vd_resource_look_at_star(l, st);
    vd_resource_look_at_list(l, st);
}

static void look_at_condition(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    for (uint32_t i = 0; i < c->entry->values.count; i++)
        vd_resource_look_at_value(l, st, c->entry->values.at[i]);
}

const vd_lint_group vd_lint_resource = {
    .name = "resource",
    .rules = vd_resource_rules,
    .count = RESOURCE_RULES,
    .policy = vd_resource_look_at_prefixes,
    .statement = look_at_statement,
    .condition = look_at_condition,
    .adopt = vd_resource_adopt,
};
