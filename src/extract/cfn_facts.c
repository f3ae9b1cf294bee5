/* SPDX-License-Identifier: Apache-2.0
 *
 * What resources say beside their policies: names, paths, the service of an endpoint; suppressions in their Metadata.
 */
#include "base/str.h"
#include "extract/cfn.h"

static const struct {
    const char *type, *property, *fact;
} rows[] = {
    { "AWS::IAM::Role", "RoleName", "role-name" },
    { "AWS::IAM::Role", "Path", "role-path" },
    { "AWS::IAM::Role", "MaxSessionDuration", "max-session-duration" },
    { "AWS::IAM::Role", "PermissionsBoundary", "permissions-boundary" },
    { "AWS::IAM::User", "UserName", "user-name" },
    { "AWS::IAM::User", "PermissionsBoundary", "permissions-boundary" },
    { "AWS::IAM::Group", "GroupName", "group-name" },
    { "AWS::SSO::PermissionSet", "Name", "permission-set" },
    { "AWS::SSO::PermissionSet", "PermissionsBoundary.ManagedPolicyArn", "permissions-boundary" },
    { "AWS::Organizations::Policy", "Name", "policy-name" },
    { "AWS::EC2::VPCEndpoint", "ServiceName", "service-name" },
    { "AWS::EC2::VPCEndpoint", "VpcEndpointType", "endpoint-type" },
    { "AWS::EC2::VPCEndpoint", "VpcId", "vpc" },
    { "AWS::S3::BucketPolicy", "Bucket", "bucket" },
    { "AWS::S3::AccessPoint", "Bucket", "bucket" },
    { "AWS::S3::AccessPoint", "VpcConfiguration.VpcId", "vpc" },
    { "AWS::KMS::Key", "BypassPolicyLockoutSafetyCheck", "bypass-lockout-check" },
    { "AWS::KMS::Key", "MultiRegion", "multi-region" },
    { "AWS::SQS::QueueInlinePolicy", "Queue", "queue" },
    { "AWS::SNS::TopicInlinePolicy", "TopicArn", "topic" },
    { "AWS::SecretsManager::ResourcePolicy", "SecretId", "secret" },
    { "AWS::SecretsManager::ResourcePolicy", "BlockPublicPolicy", "block-public-policy" },
    { "AWS::Lambda::Permission", "FunctionName", "function" },
    { "AWS::Lambda::Permission", "FunctionUrlAuthType", "function-url-auth-type" },
    { "AWS::Lambda::LayerVersionPermission", "LayerVersionArn", "layer" },
    { "AWS::ECR::Repository", "RepositoryName", "repository" },
    { "AWS::Events::EventBus", "Name", "event-bus" },
    { "AWS::Events::EventBusPolicy", "EventBusName", "event-bus" },
    { "AWS::ApiGateway::RestApi", "EndpointConfiguration.Types", "endpoint-configuration" },
    { "AWS::ApiGateway::RestApi", "EndpointConfiguration.VpcEndpointIds", "vpc-endpoints" },
    { "AWS::Serverless::Api", "EndpointConfiguration.Type", "endpoint-configuration" },
    { "AWS::Serverless::Api", "EndpointConfiguration", "endpoint-configuration" },
    { "AWS::Serverless::Api", "Auth.DefaultAuthorizer", "authorizer" },
    { "AWS::OpenSearchService::Domain", "VPCOptions.SubnetIds", "vpc" },
    { "AWS::OpenSearchService::Domain", "AdvancedSecurityOptions.Enabled", "fine-grained-access" },
    { "AWS::Elasticsearch::Domain", "VPCOptions.SubnetIds", "vpc" },
    { "AWS::Elasticsearch::Domain", "AdvancedSecurityOptions.Enabled", "fine-grained-access" },
    { "AWS::EFS::FileSystem", "Encrypted", "encrypted" },
    { "AWS::Backup::BackupVault", "BackupVaultName", "backup-vault" },
};

/* A text, a list of texts with spaces between them; an object is its first member: enough to know that it is there. */
static vd_str shown(vd_cfn *c, uint32_t node)
{
    vd_cfn_value v = vd_cfn_value_of(c, node);
    vd_str       out = VD_S("");
    uint32_t     count = 0;

    if (vd_cfn_is_text(&v) || v.kind == VD_CFN_UNKNOWN)
        return vd_cfn_shown(c, &v);
    if (v.kind != VD_CFN_NODE || c->doc->nodes[v.node].kind != VD_NODE_ARRAY)
        return out;
    for (uint32_t k = vd_doc_first(c->doc, v.node); k != VD_NONE && count < 20; k = vd_doc_next(c->doc, v.node, k)) {
        vd_cfn_value item = vd_cfn_value_of(c, k);
        vd_str       text = vd_cfn_is_text(&item) ? vd_cfn_shown(c, &item) : VD_S("");

        if (text.n && !vd_arena_printf(c->arena, &out, VD_F "%s" VD_F, VD_A(out), count++ ? " " : "", VD_A(text)))
            c->no_memory = true;
    }
    return out;
}

static uint32_t node_at(vd_cfn *c, uint32_t object, const char *path)
{
    vd_str rest = vd_str_of(path), name;

    while (object != VD_NONE) {
        bool more = vd_str_cut(&rest, '.', &name);

        object = vd_doc_member(c->doc, object, more ? name : rest);
        if (!more)
            break;
    }
    return object;
}

vd_str vd_cfn_text_at(vd_cfn *c, uint32_t object, const char *path)
{
    uint32_t at = node_at(c, object, path);

    return at == VD_NONE ? VD_S("") : shown(c, at);
}

static bool add(vd_cfn *c, vd_extracted *row, const char *name, vd_str value, uint32_t node)
{
    return vd_extract_fact(c->in, row, name, value, vd_source_pos(c->doc->source, vd_doc_span(c->doc, node)));
}

/* "rule: reason", or {rule, sid, reason, until}; told as "rule TAB sid TAB reason TAB until". */
static bool add_ignored(vd_cfn *c, vd_extracted *row, uint32_t node)
{
    vd_str reason, rule, value;

    if (c->doc->nodes[node].kind == VD_NODE_STRING) {
        reason = vd_doc_text(c->doc, node);
        if (!vd_str_cut(&reason, ':', &rule)) {
            rule = reason;
            reason = VD_S("");
        }
        if (!vd_arena_printf(c->arena, &value, VD_F "\t\t" VD_F "\t", VD_A(vd_str_trim(rule)),
                             VD_A(vd_str_trim(reason))))
            return false;
        return add(c, row, "ignore", value, node);
    }
    if (c->doc->nodes[node].kind != VD_NODE_OBJECT)
        return true;
    return vd_arena_printf(c->arena, &value, VD_F "\t" VD_F "\t" VD_F "\t" VD_F,
                           VD_A(vd_extract_member(c->doc, node, "rule")), VD_A(vd_extract_member(c->doc, node, "sid")),
                           VD_A(vd_extract_member(c->doc, node, "reason")),
                           VD_A(vd_extract_member(c->doc, node, "until"))) &&
           add(c, row, "ignore", value, node);
}

static bool add_metadata(vd_cfn *c, vd_extracted *row, uint32_t resource)
{
    uint32_t list = node_at(c, resource, "Metadata.verdict.ignore");

    if (!vd_extract_is(c->doc, list, VD_NODE_ARRAY))
        return true;
    for (uint32_t k = vd_doc_first(c->doc, list); k != VD_NONE; k = vd_doc_next(c->doc, list, k))
        if (!add_ignored(c, row, k))
            return false;
    return true;
}

bool vd_cfn_facts(vd_cfn *c, vd_extracted *row, uint32_t resource)
{
    uint32_t properties = vd_doc_member(c->doc, resource, VD_S("Properties"));

    for (size_t i = 0; i < VD_COUNT(rows) && properties != VD_NONE; i++) {
        uint32_t at;
        vd_str   value;

        if (!vd_str_eq(row->type, vd_str_of(rows[i].type)))
            continue;
        at = node_at(c, properties, rows[i].property);
        if (at == VD_NONE)
            continue;
        value = shown(c, at);
        if (value.n && !add(c, row, rows[i].fact, value, at))
            return false;
    }
    return add_metadata(c, row, resource) && !c->no_memory;
}
