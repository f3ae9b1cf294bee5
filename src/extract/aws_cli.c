/* SPDX-License-Identifier: Apache-2.0
 *
 * What the AWS command line and the API print (lint.md 5.2): a row says where a policy stands, of what kind it is and how
 * it is called.  Of rows with the same path the first whose need is met counts.
 */
#include "base/str.h"
#include "extract/each.h"
#include "extract/formats.h"

enum { NOT_KNOWN = -1 };

typedef struct shape {
    const char *path;
    const char *needs; /* a member beside it or above, "PolicySummary.Type=X"; NULL: none */
    int         kind;
    const char *resource_kind, *name, *facts, *entity; /* NULL: none */
} shape;

static const shape shapes[] = {
    { "PolicyVersion.Document", NULL, VD_KIND_MANAGED, NULL, "{VersionId}", NULL, NULL },
    { "PolicyDocument", "RoleName", VD_KIND_IDENTITY, NULL, "role/{RoleName}/{PolicyName}", NULL, NULL },
    { "PolicyDocument", "UserName", VD_KIND_IDENTITY, NULL, "user/{UserName}/{PolicyName}", NULL, NULL },
    { "PolicyDocument", "GroupName", VD_KIND_IDENTITY, NULL, "group/{GroupName}/{PolicyName}", NULL, NULL },
    { "Role.AssumeRolePolicyDocument", NULL, VD_KIND_TRUST, NULL, "{RoleName}",
      "role-name={RoleName} role-path={Path} permissions-boundary={PermissionsBoundary.PermissionsBoundaryArn}", NULL },
    { "Roles[].AssumeRolePolicyDocument", NULL, VD_KIND_TRUST, NULL, "{RoleName}",
      "role-name={RoleName} role-path={Path} permissions-boundary={PermissionsBoundary.PermissionsBoundaryArn}", "RoleName" },
    { "Policy.Content", "PolicySummary.Type=SERVICE_CONTROL_POLICY", VD_KIND_SCP, NULL, "{PolicySummary.Name}", NULL,
      NULL },
    { "Policy.Content", "PolicySummary.Type=RESOURCE_CONTROL_POLICY", VD_KIND_RCP, NULL, "{PolicySummary.Name}", NULL,
      NULL },
    { "ResourcePolicy.Content", NULL, VD_KIND_RESOURCE, "organizations", NULL, NULL, NULL },
    { "ResourcePolicy.Policy", "ResourceArn", VD_KIND_RESOURCE, NULL, "{ResourceArn}", "resource-arn={ResourceArn}",
      NULL },
    { "Attributes.Policy", "QueueArn", VD_KIND_RESOURCE, "sqs", "{QueueArn}", "resource-arn={QueueArn}", NULL },
    { "Attributes.Policy", "TopicArn", VD_KIND_RESOURCE, "sns", "{TopicArn}", "resource-arn={TopicArn}", NULL },
    { "Attributes.Policy", NULL, VD_KIND_RESOURCE, NULL, NULL, NULL, NULL },
    { "ResourcePolicy", "ARN", VD_KIND_RESOURCE, "secretsmanager", "{ARN}", "resource-arn={ARN}", NULL },
    { "ResourcePolicy", "ResourceArn", VD_KIND_RESOURCE, "cloudtrail", "{ResourceArn}", "resource-arn={ResourceArn}",
      NULL },
    { "ResourcePolicy", NULL, VD_KIND_RESOURCE, NULL, NULL, NULL, NULL },
    { "Policy", "FileSystemId", VD_KIND_RESOURCE, "elasticfilesystem", "{FileSystemId}", NULL, NULL },
    { "Policy", "BackupVaultArn", VD_KIND_RESOURCE, "backup", "{BackupVaultArn}", "resource-arn={BackupVaultArn}",
      NULL },
    { "Policy", "SinkArn", VD_KIND_RESOURCE, "oam", "{SinkArn}", "resource-arn={SinkArn}", NULL },
    { "Policy", "Bucket", VD_KIND_RESOURCE, "s3-bucket", "{Bucket}", "bucket={Bucket}", NULL },
    { "Policy", "repositoryName", VD_KIND_RESOURCE, "ecr", "{repositoryName}", NULL, NULL },
    { "Policy", "EventSourceArn", VD_KIND_RESOURCE, "events", "{Arn}", "resource-arn={Arn}", NULL },
    { "Policy", NULL, VD_KIND_RESOURCE, NULL, NULL, NULL, NULL },
    { "policy.Policy", NULL, VD_KIND_RESOURCE, "glacier", NULL, NULL, NULL },
    { "policy.document", "resourceArn", VD_KIND_RESOURCE, "codeartifact", "{resourceArn}",
      "resource-arn={resourceArn}", NULL },
    { "policy", "repositoryName", VD_KIND_RESOURCE, "ecr", "{repositoryName}", NULL, NULL },
    { "policyText", "repositoryName", VD_KIND_RESOURCE, "ecr", "{repositoryName}", NULL, NULL },
    { "policyText", NULL, VD_KIND_RESOURCE, "ecr", NULL, NULL, NULL },
    { "PolicyText", NULL, VD_KIND_RESOURCE, NULL, NULL, NULL, NULL },
    { "PolicyInJson", NULL, VD_KIND_RESOURCE, "glue", NULL, NULL, NULL },
    { "resourcePolicy", NULL, VD_KIND_RESOURCE, NULL, NULL, NULL, NULL },
    { "resourcePolicies[].policyDocument", NULL, VD_KIND_RESOURCE, "logs", "{policyName}", NULL, NULL },
    { "resourcePolicy.policyDocument", NULL, VD_KIND_RESOURCE, "logs", "{policyName}", NULL, NULL },
    { "destinations[].accessPolicy", "arn", VD_KIND_RESOURCE, "logs", "{arn}", "resource-arn={arn}", NULL },
    { "ResourcePolicies[].PolicyDocument", NULL, VD_KIND_RESOURCE, "xray", "{PolicyName}", NULL, NULL },
    { "Policies[].Policy", "PolicyHash", VD_KIND_RESOURCE, "ssm", "{PolicyId}", NULL, NULL },
    { "DomainStatus.AccessPolicies", NULL, VD_KIND_RESOURCE, "es", "{ARN}", "resource-arn={ARN}", NULL },
    { "DomainConfig.AccessPolicies.Options", NULL, VD_KIND_RESOURCE, "es", NULL, NULL, NULL },
    { "AccessPolicies", NULL, VD_KIND_RESOURCE, "es", "{ARN}", "resource-arn={ARN}", NULL },
    { "VpcEndpoints[].PolicyDocument", NULL, VD_KIND_ENDPOINT, NULL, "{VpcEndpointId}", "service-name={ServiceName} vpc={VpcId}",
      NULL },
    { "InlinePolicy", NULL, VD_KIND_IDENTITY, NULL, NULL, "permission-set=inline", NULL },
    { "profile.sessionPolicy", NULL, VD_KIND_SESSION, NULL, "{name}", NULL, NULL },
    { "generatedPolicyResult.generatedPolicies[].policy", NULL, VD_KIND_IDENTITY, NULL, NULL, NULL, NULL },
};

/* get-account-authorization-details */
static const shape details[] = {
    { "UserDetailList[].UserPolicyList[].PolicyDocument", NULL, VD_KIND_IDENTITY, NULL, "user/{UserName}/{PolicyName}",
      "permissions-boundary={PermissionsBoundary.PermissionsBoundaryArn}", "UserName" },
    { "GroupDetailList[].GroupPolicyList[].PolicyDocument", NULL, VD_KIND_IDENTITY, NULL,
      "group/{GroupName}/{PolicyName}", NULL, "GroupName" },
    { "RoleDetailList[].AssumeRolePolicyDocument", NULL, VD_KIND_TRUST, NULL, "role/{RoleName}",
      "role-name={RoleName} role-path={Path} permissions-boundary={PermissionsBoundary.PermissionsBoundaryArn}", "RoleName" },
    { "RoleDetailList[].RolePolicyList[].PolicyDocument", NULL, VD_KIND_IDENTITY, NULL, "role/{RoleName}/{PolicyName}",
      "permissions-boundary={PermissionsBoundary.PermissionsBoundaryArn}", "RoleName" },
    { "Policies[].PolicyVersionList[].Document", NULL, VD_KIND_MANAGED, NULL, "policy/{PolicyName}/{VersionId}", NULL,
      NULL },
};

static const struct {
    const char *path, *name, *entity;
} attachments[] = {
    { "UserDetailList[].AttachedManagedPolicies[].PolicyArn", "user/{UserName}", "UserName" },
    { "GroupDetailList[].AttachedManagedPolicies[].PolicyArn", "group/{GroupName}", "GroupName" },
    { "RoleDetailList[].AttachedManagedPolicies[].PolicyArn", "role/{RoleName}", "RoleName" },
};

/* ------------------------------------------------------------------ texts with members in braces */

/* "role/{RoleName}" with what the objects on the way say; what nobody says is left out. */
static bool fill(const vd_input *in, const vd_each *e, const char *template, vd_str *out)
{
    vd_str rest = vd_str_of(template), text;

    *out = VD_S("");
    while (rest.n) {
        vd_str value = VD_S(""), name;
        char   path[64];

        if (!vd_str_cut(&rest, '{', &text)) {
            text = rest;
            rest.n = 0;
        } else if (vd_str_cut(&rest, '}', &name) && name.n < sizeof path) {
            memcpy(path, name.p, name.n);
            path[name.n] = 0;
            value = vd_extract_string(e->doc, vd_each_find(e, path, NULL));
        }
        if (!out->n && !text.n)
            *out = value; /* a value by itself needs no copy */
        else if (!vd_arena_printf(&in->x->arena, out, VD_F VD_F VD_F, VD_A(*out), VD_A(text), VD_A(value)))
            return false;
    }
    return true;
}

/* "bucket={Bucket} vpc={VpcId}": only those that say something. */
static bool add_facts(const vd_input *in, const vd_each *e, const char *facts, vd_extracted *row)
{
    vd_str rest = vd_str_of(facts), one, name;
    bool   more = rest.n > 0;

    while (more) {
        char   template[80];
        vd_str value, copy;
        vd_pos at = vd_source_pos(e->doc->source, vd_doc_span(e->doc, e->steps[e->count - 1].holder));

        more = vd_str_cut(&rest, ' ', &one);
        if (!more)
            one = rest;
        if (!vd_str_cut(&one, '=', &name) || one.n >= sizeof template)
            continue;
        memcpy(template, one.p, one.n);
        template[one.n] = 0;
        if (!fill(in, e, template, &value))
            return false;
        if (value.n && (!vd_arena_dup(&in->x->arena, &copy, name) ||
                        !VD_ARENA_PUSH(&in->x->arena, row->facts, row->fact_count, row->fact_cap,
                                       (vd_fact){ copy, value, at })))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ one row */

static bool needs_met(const shape *s, const vd_each *e)
{
    vd_str   value = vd_str_of(s->needs), path;
    uint32_t node;
    char     name[64];
    bool     valued;

    if (!s->needs)
        return true;
    valued = vd_str_cut(&value, '=', &path);
    if (!valued)
        path = value;
    memcpy(name, path.p, path.n);
    name[path.n] = 0;
    node = vd_each_find(e, name, NULL);
    return node != VD_NONE && (!valued || vd_str_eq(vd_doc_text(e->doc, node), value));
}

/* No row before this one takes the same value. */
static bool is_first(const shape *table, const shape *s, const vd_each *e)
{
    for (const shape *other = table; other < s; other++)
        if (strcmp(other->path, s->path) == 0 && needs_met(other, e))
            return false;
    return needs_met(s, e);
}

/* Organizations has policies of other types, and AWS IoT has documents that look alike. */
static bool is_other_language(const vd_each *e)
{
    return vd_str_starts(vd_extract_string(e->doc, vd_each_find(e, "policyArn", NULL)), VD_S("arn:aws:iot:"));
}

/* Versions that are not in force are history. */
static bool is_old_version(const vd_input *in, const vd_each *e)
{
    uint32_t node = vd_doc_member(e->doc, e->steps[e->count - 1].holder, VD_S("IsDefaultVersion"));

    return !in->opts->all_versions && vd_extract_is(e->doc, node, VD_NODE_FALSE);
}

static uint32_t entity_of(const vd_each *e, const char *member)
{
    uint32_t holder = VD_NONE;

    if (member)
        vd_each_find(e, member, &holder);
    return holder;
}

static vd_code take(const vd_input *in, const shape *s, const vd_each *e, uint32_t node)
{
    vd_arena     *arena = &in->x->arena;
    vd_extracted  row = { .entity = entity_of(e, s->entity), .fixable = true }, *added;
    vd_str        name = VD_S("");

    if (s->kind != NOT_KNOWN) {
        row.kind_known = true;
        row.kind = s->kind;
    }
    row.resource_kind = vd_str_of(s->resource_kind ? s->resource_kind : "");
    if (!vd_each_pointer(e, arena, VD_S(""), &row.pointer) || (s->name && !fill(in, e, s->name, &name)) ||
        !add_facts(in, e, s->facts ? s->facts : "", &row))
        return vd_fail_nomem(in->err);
    row.container = row.pointer;
    row.name = name;
    if (name.n)
        row.label = name;
    return vd_extract_policy(in, &row, in->doc, node, VD_TAKES_EITHER, &added);
}

static bool is_one_of(const vd_input *in, const shape *table, size_t count)
{
    uint32_t node;

    if (in->doc->nodes[0].kind != VD_NODE_OBJECT)
        return false;
    for (size_t i = 0; i < count; i++)
        for (vd_each e = vd_each_of(in->doc, 0, vd_str_of(table[i].path)); vd_each_next(&e, &node);)
            if (vd_extract_maybe_policy(in->doc, node) && needs_met(&table[i], &e))
                return true;
    return false;
}

static vd_code take_all(const vd_input *in, const shape *table, size_t count)
{
    uint32_t node;

    for (size_t i = 0; i < count; i++) {
        for (vd_each e = vd_each_of(in->doc, 0, vd_str_of(table[i].path)); vd_each_next(&e, &node);) {
            if (!vd_extract_is(in->doc, node, VD_NODE_OBJECT) && !vd_extract_is(in->doc, node, VD_NODE_STRING))
                continue;
            if (vd_extract_is(in->doc, node, VD_NODE_OBJECT) && !vd_extract_is_policy(in->doc, node) &&
                table[i].kind == VD_KIND_RESOURCE)
                continue; /* an object of that name which is no document */
            if (!is_first(table, &table[i], &e))
                continue;
            if (is_other_language(&e) || is_old_version(in, &e)) {
                in->x->skipped++;
                continue;
            }
            VD_TRY(take(in, &table[i], &e, node));
        }
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the formats */

bool vd_is_aws_cli(const vd_input *in)
{
    return is_one_of(in, shapes, VD_COUNT(shapes));
}

vd_code vd_extract_aws_cli(const vd_input *in)
{
    return take_all(in, shapes, VD_COUNT(shapes));
}

bool vd_is_account_details(const vd_input *in)
{
    static const char *const lists[] = { "UserDetailList", "GroupDetailList", "RoleDetailList" };

    for (size_t i = 0; i < VD_COUNT(lists); i++)
        if (vd_extract_is(in->doc, vd_extract_at(in->doc, 0, lists[i]), VD_NODE_ARRAY))
            return true;
    return is_one_of(in, &details[VD_COUNT(details) - 1], 1);
}

vd_code vd_extract_account_details(const vd_input *in)
{
    uint32_t node;

    VD_TRY(take_all(in, details, VD_COUNT(details)));
    for (size_t i = 0; i < VD_COUNT(attachments); i++) {
        for (vd_each e = vd_each_of(in->doc, 0, vd_str_of(attachments[i].path)); vd_each_next(&e, &node);) {
            vd_str container;

            if (!vd_extract_is(in->doc, node, VD_NODE_STRING))
                continue;
            if (!fill(in, &e, attachments[i].name, &container) ||
                !vd_extract_attach(in, in->doc, node, vd_doc_text(in->doc, node), container,
                                   entity_of(&e, attachments[i].entity)))
                return vd_fail_nomem(in->err);
        }
    }
    return VD_OK;
}
