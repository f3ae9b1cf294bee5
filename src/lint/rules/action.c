/* SPDX-License-Identifier: Apache-2.0
 *
 * Actions: the rows, and who looks at what.
 */
#include "lint/rules/action.h"

#include "base/str.h"
#include "lint/rules/listed.h"
#include "lint/rules/tokens.h"

#define ON_IAM (VD_ON_I | VD_ON_B | VD_ON_S)

const vd_lint_rule vd_action_rules[ACTION_RULES] = {
    [INVALID_ACTION_FORMAT] = {
        .id = "invalid-action-format", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "INVALID_ACTION",
        .title = "an action that is not written service:Action",
        .why = "AWS refuses it, or it never matches a call.",
        .remedy = "write the prefix of the service, a colon, and the name of the action",
        .bad = "\"Action\": \"s3.GetObject\"",
        .good = "\"Action\": \"s3:GetObject\"",
    },
    [UNKNOWN_SERVICE] = {
        .id = "unknown-service", .severity = VD_WARNING, .fix = VD_FIX_UNSAFE, .flags = VD_LINT_DATED, .on = VD_ON_ALL,
        .codes = "INVALID_SERVICE_IN_ACTION INVALID_SERVICE",
        .title = "an action of a service that does not exist",
        .why = "The prefix of a service is often not its name: EFS is elasticfilesystem, Step Functions is states. An action "
               "with a wrong one matches nothing.",
        .remedy = "use the prefix of the Service Authorization Reference; list private ones under catalog.extra-services",
        .bad = "\"Action\": \"efs:ClientMount\"",
        .good = "\"Action\": \"elasticfilesystem:ClientMount\"",
    },
    [UNKNOWN_ACTION] = {
        .id = "unknown-action", .severity = VD_WARNING, .fix = VD_FIX_SAFE, .flags = VD_LINT_DATED, .on = VD_ON_ALL,
        .codes = "INVALID_ACTION",
        .title = "an action that its service does not have",
        .why = "It matches no call: an Allow grants nothing, a Deny denies less than it says.",
        .remedy = "correct the name; list actions newer than the catalogue under catalog.extra-actions",
        .bad = "\"Action\": \"s3:GetObjcet\"",
        .good = "\"Action\": \"s3:GetObject\"",
    },
    [API_NAME_NOT_ACTION] = {
        .id = "api-name-not-action", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL, .codes = "INVALID_ACTION",
        .title = "the name of a call whose permission is called otherwise",
        .why = "Calls and permissions mostly share their names, but not always: ListObjectsV2 needs s3:ListBucket.",
        .remedy = "write the permission",
        .bad = "\"Action\": \"s3:ListObjectsV2\"",
        .good = "\"Action\": \"s3:ListBucket\"",
    },
    [RETIRED_ACTION] = {
        .id = "retired-action", .severity = VD_WARNING, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL, .codes = "",
        .title = "an action or service that AWS has withdrawn",
        .why = "It no longer grants or denies anything.",
        .remedy = "remove it, or use what took its place",
        .bad = "\"Action\": \"aws-portal:ViewBilling\"",
        .good = "\"Action\": \"billing:GetBillingData\"",
    },
    [ACTION_MATCHES_NOTHING] = {
        .id = "action-matches-nothing", .severity = VD_ERROR, .flags = VD_LINT_DATED,
        .confidence = VD_CONFIDENCE_MEDIUM, .on = VD_ON_ALL, .codes = "INVALID_ACTION",
        .title = "a wildcard that matches no action",
        .why = "The statement says nothing there today.",
        .remedy = "correct the part before or behind the wildcard",
        .bad = "\"Action\": \"s3:Fetch*\"",
        .good = "\"Action\": \"iam:List*Tags\"",
    },
    [ACTION_CASE] = {
        .id = "action-case", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "",
        .title = "an action with other capitals than in the documentation",
        .why = "It works, but a search for the documented name does not find it.",
        .remedy = "write it as documented",
        .bad = "\"Action\": \"s3:getobject\"",
        .good = "\"Action\": \"s3:GetObject\"",
    },
    [SERVICE_NAME_WILDCARD] = {
        .id = "service-name-wildcard", .severity = VD_SUGGESTION, .fix = VD_FIX_UNSAFE, .on = VD_ON_ALL,
        .codes = "WILDCARD_IN_SERVICE_NAME",
        .title = "a wildcard in place of the service",
        .why = "It also takes in services that AWS will launch.",
        .remedy = "list the services",
        .bad = "\"Action\": \"s3*:Get*\"",
        .good = "\"Action\": \"s3:Get*\"",
    },
    [REDUNDANT_ACTION] = {
        .id = "redundant-action", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "REDUNDANT_ACTION",
        .title = "an action that another one of the list covers",
        .why = "It adds nothing, and suggests a limit that is not there.",
        .remedy = "remove it, or narrow the wildcard",
        .bad = "\"Action\": [\"iam:Get*\", \"iam:GetUser\"]",
        .good = "\"Action\": [\"iam:Get*\", \"iam:*CredentialReport\"]",
    },
    [WILDCARD_CROSSES_LEVEL] = {
        .id = "wildcard-crosses-level", .severity = VD_WARNING, .fix = VD_FIX_UNSAFE,
        .on = ON_IAM | VD_ON_R | VD_ON_T, .codes = "",
        .title = "a wildcard that reads harmless and takes in more",
        .why = "s3:Put* reads like writing objects and includes PutBucketPolicy, which gives access to others.",
        .remedy = "list the actions that are meant",
        .bad = "\"Action\": \"s3:Put*\"",
        .good = "\"Action\": \"ec2:Describe*\"",
    },
    [BROAD_ACTION_WILDCARD] = {
        .id = "broad-action-wildcard", .severity = VD_SUGGESTION, .on = ON_IAM | VD_ON_R, .codes = "",
        .title = "a wildcard that stands for very many actions",
        .why = "Hardly anybody knows all it allows, nor what it will allow next year.",
        .remedy = "write a longer beginning, or list the actions",
        .bad = "\"Action\": \"ec2:D*\"",
        .good = "\"Action\": \"ec2:Describe*\"",
    },
    [READ_NAME_GRANTS_WRITE] = {
        .id = "read-name-grants-write", .severity = VD_WARNING, .on = VD_ON_I | VD_ON_B, .codes = "",
        .title = "a policy called read-only that allows more",
        .why = "People attach by name; this name is not true.",
        .remedy = "remove the actions that write, or change the name",
        .bad = "\"Sid\": \"ReadOnlyS3\", \"Action\": \"s3:*\"",
        .good = "\"Sid\": \"ReadOnlyS3\", \"Action\": [\"s3:Get*\", \"s3:List*\"]",
    },
    [NOT_ACTION_ALLOW] = {
        .id = "not-action-allow", .severity = VD_SECURITY, .score = 75, .fix = VD_FIX_UNSAFE,
        .on = ON_IAM | VD_ON_R | VD_ON_C, .codes = "",
        .title = "Allow with NotAction",
        .why = "It allows every action of every service but a few, also of services launched later.",
        .remedy = "list what is to be allowed; to take something away use a Deny",
        .bad = "\"Effect\": \"Allow\", \"NotAction\": \"iam:*\"",
        .good = "\"Effect\": \"Deny\", \"NotAction\": \"iam:*\"",
    },
    [NOT_ACTION_ALLOW_NOT_RESOURCE] = {
        .id = "not-action-allow-not-resource", .severity = VD_SECURITY, .score = 85, .on = ON_IAM | VD_ON_R, .codes = "",
        .title = "Allow with NotAction and NotResource",
        .why = "It allows everything on everything, except for a few actions on a few resources: not even these exceptions "
               "hold everywhere.",
        .remedy = "list what is to be allowed",
        .bad = "\"Effect\": \"Allow\", \"NotAction\": \"iam:*\", \"NotResource\": \"arn:aws:s3:::b\"",
        .good = "\"Effect\": \"Deny\", \"NotAction\": \"iam:*\", \"NotResource\": \"arn:aws:s3:::b\"",
    },
    [NOT_ACTION_NAMES_UNKNOWN] = {
        .id = "not-action-names-unknown", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .flags = VD_LINT_DATED, .on = VD_ON_ALL,
        .codes = "INVALID_ACTION",
        .title = "an exception for an action that does not exist",
        .why = "The exception has no effect: a Deny blocks what was to stay open.",
        .remedy = "correct the name",
        .bad = "\"Effect\": \"Deny\", \"NotAction\": [\"iamm:*\"]",
        .good = "\"Effect\": \"Deny\", \"NotAction\": [\"iam:*\"]",
    },
    [NOT_ACTION_DENY_EVERYTHING] = {
        .id = "not-action-deny-everything", .severity = VD_WARNING, .on = ON_IAM | VD_ON_R | VD_ON_C, .codes = "",
        .title = "Deny with NotAction and without condition",
        .why = "It denies nearly everything to everyone it reaches, administrators as well.",
        .remedy = "add a condition that leaves a way, or list what is to be denied",
        .bad = "\"Effect\": \"Deny\", \"NotAction\": \"s3:*\", \"Resource\": \"*\"",
        .good = "the same with \"Condition\": {\"ArnNotLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:role/admin\"}}",
    },
    [TAGGING_UNREACHABLE] = {
        .id = "tagging-unreachable", .severity = VD_SUGGESTION, .on = VD_ON_I, .codes = "",
        .title = "creating with tags without the permission to tag",
        .why = "A call that creates something with tags needs the tagging permission as well; without it the call is denied.",
        .remedy = "allow the tagging action too",
        .bad = "ec2:RunInstances with aws:RequestTag/team, and no ec2:CreateTags",
        .good = "ec2:RunInstances and ec2:CreateTags with aws:RequestTag/team",
    },
    [MISSING_COMPANION_ACTION] = {
        .id = "missing-companion-action", .severity = VD_SUGGESTION, .confidence = VD_CONFIDENCE_LOW, .on = VD_ON_I,
        .codes = "",
        .title = "an action that is of little use without another",
        .why = "Tools make several calls for what looks like one; the next one will be denied.",
        .remedy = "allow the other action too, unless another policy does",
        .bad = "ecr:BatchGetImage alone",
        .good = "ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:GetAuthorizationToken",
    },
};

vd_str vd_action_text(vd_lint *l, uint32_t action)
{
    char   text[128];
    vd_str out = { "", 0 };
    size_t n = vd_catalog_action_text(l->catalog, action, text, sizeof text);

    if (!vd_arena_dup(l->arena, &out, (vd_str){ text, n < sizeof text ? n : sizeof text }))
        l->no_memory = true;
    return out;
}

/* ------------------------------------------------------------------ what src/policy found */

static void adopt_format(vd_lint *l, vd_finding *f)
{
    vd_str trimmed = vd_str_trim(f->token);

    vd_finding_severity(f, VD_ERROR);
    if (trimmed.n == f->token.n)
        return;
    vd_finding_message(l, f, "\"%s\" has white space around it and matches no action", vd_lint_show(l, f->token));
    if (trimmed.n == 0 || vd_str_find(trimmed, '\\') < trimmed.n || vd_str_find(trimmed, ' ') < trimmed.n)
        return;
    vd_finding_fix(l, f, VD_FIX_SAFE, "remove the white space");
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, VD_F, VD_A(trimmed));
}

static void adopt(vd_lint *l, vd_finding *f)
{
    if (f->rule == &vd_action_rules[INVALID_ACTION_FORMAT])
        adopt_format(l, f);
    else if (f->rule == &vd_action_rules[SERVICE_NAME_WILDCARD])
        vd_action_look_at_service_wildcard(l, f);
}

/* ------------------------------------------------------------------ redundant actions */

static vd_str code(vd_lint *l, const vd_view_action *a)
{
    char  *out;
    size_t n;

    if (a->hole || a->malformed || a->star)
        return VD_S("");
    out = vd_arena_new_array(l->arena, char, a->text.text.n);
    if (!out) {
        l->no_memory = true;
        return VD_S("");
    }
    n = vd_glob_code(out, a->text.text);
    for (size_t i = 0; i < n; i++)
        out[i] = vd_lower(out[i]);
    return (vd_str){ out, n };
}

/* A "*" among others is the business of wildcard-makes-list-moot. */
static void look_for_redundant(vd_lint *l, const vd_view_statement *st)
{
    vd_str   *coded;
    uint32_t *by, n = st->action_count;

    if (n < 2 || st->all_actions || !vd_lint_wants(l, &vd_action_rules[REDUNDANT_ACTION]))
        return;
    coded = vd_arena_new_array(l->arena, vd_str, n);
    by = vd_arena_new_array(l->arena, uint32_t, n);
    if (!coded || !by) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        coded[i] = code(l, &st->actions[i]);
        if (l->no_memory)
            return;
    }
    if (!vd_listed_covered(l, coded, n, by))
        return;
    for (uint32_t i = 0; i < n; i++) {
        vd_finding *f;

        if (by[i] == VD_NONE)
            continue;
        f = vd_lint_report(l, &vd_action_rules[REDUNDANT_ACTION], st, st->actions[i].text.span, "already covered by \"%s\"",
                           vd_lint_show(l, st->actions[by[i]].text.text));
        vd_finding_fix(l, f, VD_FIX_SAFE, "remove it");
        vd_finding_edit(l, f, VD_EDIT_DELETE_ITEM, st->actions[i].text.span, "%s", "");
    }
}

/* ------------------------------------------------------------------ all of them */

static void look_at_statement(vd_lint *l, const vd_view_statement *st)
{
    vd_action_memo memo = { VD_NONE, false };

    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];

        if (a->hole || a->malformed || a->star)
            continue;
        vd_action_look_at_name(l, st, a, &memo);
        if (a->wild)
            vd_action_look_at_wildcard(l, st, a);
    }
    look_for_redundant(l, st);
    if (st->model->action.negated)
        vd_action_look_at_not_action(l, st);
}

const vd_lint_group vd_lint_action = {
    .name = "action",
    .rules = vd_action_rules,
    .count = ACTION_RULES,
    .policy = vd_action_look_at_promise,
    .statement = look_at_statement,
    .identity = vd_action_look_at_needs,
    .adopt = adopt,
};
