/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of what there is: instances, functions, stacks ... with the roles that they carry; and settings that come as lists
 * (analysis 8.3).  A row names the elements in the file and where each says what it is.
 */
#include "base/str.h"
#include "extract/each.h"
#include "model/draft.h"

/* In an ARN: {p} partition, {r} region, {a} account, {1} what the name's member says. */
typedef struct row {
    const char *path;  /* below accounts/@/% */
    const char *list;  /* of the elements; "": the file is one */
    const char *type, *arn;
    const char *arn_member, *name_member; /* the first that is there counts; NULL: none */
    const char *role;                     /* ARN of a role or of an instance profile, or a role's name; NULL */
    const char *tags;
    const char *policy;                   /* of a VPC endpoint, or one of several of one resource; NULL */
    vd_kind     policy_kind;
    uint32_t    fact;                     /* known of each; set by the member, or by being in the list */
    const char *fact_member;
    const char *behind;                   /* the name of a bucket */
} row;

static const row rows[] = {
    { .path = "s3/buckets.json", .list = "Buckets[]", .type = "AWS::S3::Bucket", .arn = "arn:{p}:s3:::{1}", .name_member = "Name" },
    { .path = "s3/access-points.json", .list = "AccessPointList[]", .type = "AWS::S3::AccessPoint", .arn = "arn:{p}:s3:{r}:{a}:accesspoint/{1}",
      .arn_member = "AccessPointArn", .name_member = "Name", .behind = "Bucket" },
    { .path = "ec2/instances.json", .list = "Reservations[].Instances[]", .type = "AWS::EC2::Instance", .arn = "arn:{p}:ec2:{r}:{a}:instance/{1}",
      .name_member = "InstanceId", .role = "IamInstanceProfile.Arn", .tags = "Tags" },
    { .path = "ec2/vpc-endpoints.json", .list = "VpcEndpoints[]", .type = "AWS::EC2::VPCEndpoint", .arn = "arn:{p}:ec2:{r}:{a}:vpc-endpoint/{1}",
      .name_member = "VpcEndpointId", .tags = "Tags", .policy = "PolicyDocument", .policy_kind = VD_KIND_ENDPOINT },
    { .path = "logs/resource-policies.json", .list = "resourcePolicies[]", .type = "AWS::Logs::ResourcePolicy", .arn = "arn:{p}:logs:{r}:{a}:log-group:*", .name_member = "policyName", .policy = "policyDocument", .policy_kind = VD_KIND_RESOURCE },
    { .path = "ssm/instances.json", .list = "InstanceInformationList[]", .type = "AWS::EC2::Instance", .arn = "arn:{p}:ec2:{r}:{a}:instance/{1}",
      .name_member = "InstanceId", .fact = VD_THING_SSM_MANAGED },
    { .path = "lambda/functions.json", .list = "Functions[]", .type = "AWS::Lambda::Function", .arn = "arn:{p}:lambda:{r}:{a}:function:{1}",
      .arn_member = "FunctionArn", .name_member = "FunctionName", .role = "Role" },
    { .path = "cloudformation/stacks.json", .list = "Stacks[]", .type = "AWS::CloudFormation::Stack", .arn = "arn:{p}:cloudformation:{r}:{a}:stack/{1}",
      .arn_member = "StackId", .name_member = "StackName", .role = "RoleARN", .tags = "Tags" },
    { .path = "codebuild/*.json", .list = "projects[]", .type = "AWS::CodeBuild::Project", .arn = "arn:{p}:codebuild:{r}:{a}:project/{1}",
      .arn_member = "arn", .name_member = "name", .role = "serviceRole", .tags = "tags" },
    { .path = "ecs/*.json", .list = "taskDefinition", .type = "AWS::ECS::TaskDefinition", .arn = "arn:{p}:ecs:{r}:{a}:task-definition/{1}",
      .arn_member = "taskDefinitionArn", .name_member = "family", .role = "taskRoleArn" },
    { .path = "ecs/*.json", .list = "taskDefinitions[]", .type = "AWS::ECS::TaskDefinition", .arn = "arn:{p}:ecs:{r}:{a}:task-definition/{1}",
      .arn_member = "taskDefinitionArn", .name_member = "family", .role = "taskRoleArn" },
    { .path = "ecs/*.json", .list = "services[]", .type = "AWS::ECS::Service", .arn = "arn:{p}:ecs:{r}:{a}:service/{1}", .arn_member = "serviceArn",
      .name_member = "serviceName", .tags = "tags", .fact = VD_THING_EXEC_ENABLED, .fact_member = "enableExecuteCommand" },
    { .path = "ecs/*.json", .list = "tasks[]", .type = "AWS::ECS::Task", .arn = "arn:{p}:ecs:{r}:{a}:task/{1}", .arn_member = "taskArn",
      .role = "overrides.taskRoleArn", .tags = "tags", .fact = VD_THING_EXEC_ENABLED, .fact_member = "enableExecuteCommand" },
    { .path = "ecs/*.json", .list = "clusters[]", .type = "AWS::ECS::Cluster", .arn = "arn:{p}:ecs:{r}:{a}:cluster/{1}", .arn_member = "clusterArn",
      .name_member = "clusterName", .tags = "tags" },
    { .path = "glue/*.json", .list = "Jobs[]", .type = "AWS::Glue::Job", .arn = "arn:{p}:glue:{r}:{a}:job/{1}", .name_member = "Name", .role = "Role" },
    { .path = "glue/*.json", .list = "DevEndpoints[]", .type = "AWS::Glue::DevEndpoint", .arn = "arn:{p}:glue:{r}:{a}:devEndpoint/{1}",
      .name_member = "EndpointName", .role = "RoleArn" },
    { .path = "glue/*.json", .list = "Crawlers[]", .type = "AWS::Glue::Crawler", .arn = "arn:{p}:glue:{r}:{a}:crawler/{1}", .name_member = "Name",
      .role = "Role" },
    { .path = "sagemaker/*.json", .list = "NotebookInstances[]", .type = "AWS::SageMaker::NotebookInstance",
      .arn = "arn:{p}:sagemaker:{r}:{a}:notebook-instance/{1}", .arn_member = "NotebookInstanceArn", .name_member = "NotebookInstanceName",
      .role = "RoleArn" },
    { .path = "sagemaker/*.json", .list = "", .type = "AWS::SageMaker::NotebookInstance", .arn = "arn:{p}:sagemaker:{r}:{a}:notebook-instance/{1}",
      .arn_member = "NotebookInstanceArn", .role = "RoleArn" },
    { .path = "states/*.json", .list = "", .type = "AWS::StepFunctions::StateMachine", .arn = "arn:{p}:states:{r}:{a}:stateMachine:{1}",
      .arn_member = "stateMachineArn", .name_member = "name", .role = "roleArn" },
    { .path = "states/*.json", .list = "stateMachines[]", .type = "AWS::StepFunctions::StateMachine", .arn = "arn:{p}:states:{r}:{a}:stateMachine:{1}",
      .arn_member = "stateMachineArn", .name_member = "name", .role = "roleArn" },
    { .path = "apprunner/*.json", .list = "Service", .type = "AWS::AppRunner::Service", .arn = "arn:{p}:apprunner:{r}:{a}:service/{1}",
      .arn_member = "ServiceArn", .name_member = "ServiceName", .role = "InstanceConfiguration.InstanceRoleArn" },
    { .path = "eks/*.json", .list = "cluster", .type = "AWS::EKS::Cluster", .arn = "arn:{p}:eks:{r}:{a}:cluster/{1}", .arn_member = "arn",
      .name_member = "name", .role = "roleArn", .tags = "tags" },
    { .path = "eks/*.json", .list = "nodegroup", .type = "AWS::EKS::Nodegroup", .arn = "arn:{p}:eks:{r}:{a}:nodegroup/{1}", .arn_member = "nodegroupArn",
      .name_member = "nodegroupName", .role = "nodeRole", .tags = "tags" },
};

/* ------------------------------------------------------------------ one element */

static vd_code name_it(const vd_import *in, const row *r, uint32_t node, vd_str *arn)
{
    vd_str name = VD_S("");

    *arn = VD_S("");
    if (r->arn_member)
        VD_TRY(vd_member_text(in, node, r->arn_member, arn));
    if (arn->n)
        return VD_OK;
    if (r->name_member)
        VD_TRY(vd_member_text(in, node, r->name_member, &name));
    return name.n ? vd_source_arn(in, r->arn, name, arn) : VD_OK;
}

/* A role's name stands for its ARN. */
static vd_code role_of(const vd_import *in, const row *r, uint32_t node, vd_str *role)
{
    VD_TRY(vd_member_text(in, node, r->role, role));
    if (!role->n || vd_str_starts(*role, VD_S("arn:")))
        return VD_OK;
    return vd_source_arn(in, "arn:{p}:iam::{a}:role/{1}", *role, role);
}

static vd_code add_role(const vd_import *in, const row *r, uint32_t node, vd_draft_facet f)
{
    f.kind = VD_FACET_RUNS_AS;
    VD_TRY(role_of(in, r, node, &f.text));
    return f.text.n ? vd_draft_facet_add(in, f) : VD_OK;
}

static vd_code add_policy(const vd_import *in, const row *r, uint32_t node, vd_draft_facet f)
{
    uint32_t text = vd_member(in, node, r->policy);

    f.kind = r->policy_kind == VD_KIND_ENDPOINT ? VD_FACET_ENDPOINT : VD_FACET_SHARED;
    if (text == VD_NONE)
        return VD_OK;
    VD_TRY(vd_draft_document(in, r->policy_kind, f.arn, text, &f.doc));
    if (f.kind == VD_FACET_SHARED)
        VD_TRY(vd_draft_note_node(in, VD_GAP_POLICY, VD_WARNING, text, in->account, f.arn,
                                  "a policy of many resources at once: what is asked about one of them does not take it into account"));
    return vd_draft_facet_add(in, f);
}

static vd_code add_fact(const vd_import *in, const row *r, uint32_t node, vd_draft_facet f)
{
    f.kind = VD_FACET_FACTS;
    f.known = r->fact;
    f.set = !r->fact_member || vd_extract_is(in->doc, vd_member(in, node, r->fact_member), VD_NODE_TRUE) ? r->fact : 0;
    return vd_draft_facet_add(in, f);
}

static vd_code add_behind(const vd_import *in, const row *r, uint32_t node, vd_draft_facet f)
{
    vd_str bucket;

    f.kind = VD_FACET_BEHIND;
    VD_TRY(vd_member_text(in, node, r->behind, &bucket));
    if (!bucket.n)
        return VD_OK;
    VD_TRY(vd_source_arn(in, "arn:{p}:s3:::{1}", bucket, &f.text));
    return vd_draft_facet_add(in, f);
}

static vd_code read_element(const vd_import *in, const row *r, uint32_t node)
{
    vd_draft_facet f = { .type = vd_str_of(r->type), .account = in->account, .region = in->region, .doc = VD_NONE, .at = vd_draft_place(in, node) };

    VD_TRY(name_it(in, r, node, &f.arn));
    if (!f.arn.n)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, in->account, VD_S(""), "nothing says what this is called: no \"%s\"",
                                  r->arn_member ? r->arn_member : r->name_member);
    VD_TRY(vd_draft_facet_add(in, f));
    if (r->role)
        VD_TRY(add_role(in, r, node, f));
    if (r->policy)
        VD_TRY(add_policy(in, r, node, f));
    if (r->fact)
        VD_TRY(add_fact(in, r, node, f));
    if (r->behind)
        VD_TRY(add_behind(in, r, node, f));
    if (!r->tags)
        return VD_OK;
    f.kind = VD_FACET_TAGS;
    VD_TRY(vd_member_tags(in, node, r->tags, &f.tags));
    return f.tags.count ? vd_draft_facet_add(in, f) : VD_OK;
}

/* ------------------------------------------------------------------ one file */

static vd_code read_row(const vd_import *in, const row *r, bool *found)
{
    vd_each  e = vd_each_of(in->doc, in->node, vd_str_of(r->list));
    uint32_t node;

    if (!*r->list) {
        if (vd_member(in, in->node, r->arn_member) == VD_NONE)
            return VD_OK;
        *found = true;
        return read_element(in, r, in->node);
    }
    while (vd_each_next(&e, &node)) {
        *found = true;
        if (vd_extract_is(in->doc, node, VD_NODE_OBJECT))
            VD_TRY(read_element(in, r, node));
        else if (!vd_extract_is(in->doc, node, VD_NODE_NULL))
            VD_TRY(vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, in->account, VD_S(""), "this must be an object, found %s",
                                      vd_doc_kind_name(in->doc, node)));
    }
    return VD_OK;
}

/* The list may be empty: then its name is there, and nothing in it. */
static bool has_list(const vd_import *in, const row *r)
{
    vd_str name = vd_str_of(r->list);
    size_t end = vd_str_find(name, '[');

    return name.n && vd_doc_member(in->doc, in->node, vd_str_first(name, end)) != VD_NONE;
}

/* Who is in no list of managed instances is none. */
static vd_code whole_list(const vd_import *in, const row *r)
{
    vd_draft_facet f = { .kind = VD_FACET_FACTS, .type = vd_str_of(r->type), .account = in->account, .region = in->region, .doc = VD_NONE,
                         .known = r->fact, .at = vd_draft_place(in, in->node) };

    return r->fact && !r->fact_member ? vd_draft_facet_add(in, f) : VD_OK;
}

vd_code vd_read_inventory(vd_import *in, bool *known)
{
    vd_import before = *in;
    bool      found = false;

    *known = false;
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        if (!vd_source_match_below(in, rows[i].path))
            continue;
        if (!in->doc || !vd_extract_is(in->doc, in->node, VD_NODE_OBJECT))
            break;
        VD_TRY(read_row(in, &rows[i], &found));
        if (has_list(in, &rows[i])) {
            found = true;
            VD_TRY(whole_list(in, &rows[i]));
        }
    }
    *known = found;
    if (!found) {
        *in = before;
        return VD_OK;
    }
    if (vd_member(in, in->node, "NextToken") != VD_NONE)
        return vd_draft_note_node(in, VD_GAP_TRUNCATED, VD_ERROR, vd_member(in, in->node, "NextToken"), in->account, VD_S(""),
                                  "there are more than are in this file: \"NextToken\" is not null");
    return VD_OK;
}
