/* SPDX-License-Identifier: Apache-2.0
 *
 * Resource policies and settings, a file for each resource: a row says what the file is called, where in it the policy or
 * the setting stands, and how its resource is called (analysis 8.3).
 */
#include "base/buf.h"
#include "base/str.h"
#include "model/draft.h"

enum { A_POLICY, POLICIES, A_STATE, A_TAGS }; /* POLICIES: by name */

/* In an ARN: {p} partition, {r} region, {a} account, {1} the first star of the path. */
typedef struct row {
    const char *path; /* below accounts/@/% */
    const char *type, *arn;  /* NULL: of all of the account */
    const char *arn_member;  /* says the ARN itself; NULL: nothing does */
    const char *name_member; /* says what {1} is, where names of files cannot; NULL */
    uint8_t     what;
    const char *member;      /* of the policy or the setting; NULL: the whole file */
    const char *state;       /* of the resourceState */
} row;

static const row rows[] = {
    { "s3/access-points/*.json", "AWS::S3::AccessPoint", "arn:{p}:s3:{r}:{a}:accesspoint/{1}", NULL, NULL, A_POLICY, "Policy", NULL },
    { "public-access-block.json", NULL, NULL, NULL, NULL, A_STATE, "PublicAccessBlockConfiguration", "blockPublicAccess" },
    { "s3/public-access-block.json", NULL, NULL, NULL, NULL, A_STATE, "PublicAccessBlockConfiguration", "blockPublicAccess" },
    { "s3/*/policy.json", "AWS::S3::Bucket", "arn:{p}:s3:::{1}", NULL, NULL, A_POLICY, "Policy", NULL },
    { "s3/*/acl.json", "AWS::S3::Bucket", "arn:{p}:s3:::{1}", NULL, NULL, A_STATE, NULL, "acl" },
    { "s3/*/ownership.json", "AWS::S3::Bucket", "arn:{p}:s3:::{1}", NULL, NULL, A_STATE, "OwnershipControls", "objectOwnership" },
    { "s3/*/public-access-block.json", "AWS::S3::Bucket", "arn:{p}:s3:::{1}", NULL, NULL, A_STATE, "PublicAccessBlockConfiguration",
      "blockPublicAccess" },
    { "s3/*/tags.json", "AWS::S3::Bucket", "arn:{p}:s3:::{1}", NULL, NULL, A_TAGS, "TagSet", NULL },
    { "s3express/*/policy.json", "AWS::S3Express::DirectoryBucket", "arn:{p}:s3express:{r}:{a}:bucket/{1}", NULL, NULL, A_POLICY, "Policy", NULL },
    { "s3tables/*/policy.json", "AWS::S3Tables::TableBucket", "arn:{p}:s3tables:{r}:{a}:bucket/{1}", NULL, NULL, A_POLICY, "resourcePolicy", NULL },
    { "kms/*/policy.json", "AWS::KMS::Key", "arn:{p}:kms:{r}:{a}:key/{1}", NULL, NULL, A_POLICY, "Policy", NULL },
    { "kms/*/grants.json", "AWS::KMS::Key", "arn:{p}:kms:{r}:{a}:key/{1}", NULL, NULL, A_STATE, "Grants", "grants" },
    { "lambda/layers/*.json", "AWS::Lambda::LayerVersion", "arn:{p}:lambda:{r}:{a}:layer:{1}", NULL, NULL, A_POLICY, "Policy", NULL },
    { "lambda/*/policy.json", "AWS::Lambda::Function", "arn:{p}:lambda:{r}:{a}:function:{1}", NULL, NULL, A_POLICY, "Policy", NULL },
    { "sqs/*/attributes.json", "AWS::SQS::Queue", "arn:{p}:sqs:{r}:{a}:{1}", "Attributes.QueueArn", NULL, A_POLICY, "Attributes.Policy", NULL },
    { "sns/*/attributes.json", "AWS::SNS::Topic", "arn:{p}:sns:{r}:{a}:{1}", "Attributes.TopicArn", NULL, A_POLICY, "Attributes.Policy", NULL },
    { "secretsmanager/*.json", "AWS::SecretsManager::Secret", "arn:{p}:secretsmanager:{r}:{a}:secret:{1}", "ARN", NULL, A_POLICY, "ResourcePolicy",
      NULL },
    { "ecr/registry.json", "AWS::ECR::RegistryPolicy", "arn:{p}:ecr:{r}:{a}:registry", NULL, NULL, A_POLICY, "policyText", NULL },
    { "ecr/*.json", "AWS::ECR::Repository", "arn:{p}:ecr:{r}:{a}:repository/{1}", NULL, "repositoryName", A_POLICY, "policyText", NULL },
    { "efs/*.json", "AWS::EFS::FileSystem", "arn:{p}:elasticfilesystem:{r}:{a}:file-system/{1}", NULL, "FileSystemId", A_POLICY, "Policy", NULL },
    { "dynamodb/*/resource-policy.json", "AWS::DynamoDB::Table", "arn:{p}:dynamodb:{r}:{a}:table/{1}", NULL, NULL, A_POLICY, "Policy", NULL },
    { "kinesis/*/resource-policy.json", "AWS::Kinesis::Stream", "arn:{p}:kinesis:{r}:{a}:stream/{1}", NULL, NULL, A_POLICY, "Policy", NULL },
    { "opensearch/*.json", "AWS::OpenSearchService::Domain", "arn:{p}:es:{r}:{a}:domain/{1}", "DomainStatus.ARN", NULL, A_POLICY,
      "DomainStatus.AccessPolicies", NULL },
    { "events/*.json", "AWS::Events::EventBus", "arn:{p}:events:{r}:{a}:event-bus/{1}", "Arn", NULL, A_POLICY, "Policy", NULL },
    { "backup/*.json", "AWS::Backup::BackupVault", "arn:{p}:backup:{r}:{a}:backup-vault:{1}", "BackupVaultArn", NULL, A_POLICY, "Policy", NULL },
    { "glue/resource-policy.json", "AWS::Glue::ResourcePolicy", "arn:{p}:glue:{r}:{a}:catalog", NULL, NULL, A_POLICY, "PolicyInJson", NULL },
    { "codeartifact/*.json", "AWS::CodeArtifact::Domain", "arn:{p}:codeartifact:{r}:{a}:domain/{1}", "policy.resourceArn", NULL, A_POLICY,
      "policy.document", NULL },
    { "glacier/*.json", "AWS::Glacier::Vault", "arn:{p}:glacier:{r}:{a}:vaults/{1}", NULL, NULL, A_POLICY, "policy.Policy", NULL },
    { "acm-pca/*.json", "AWS::ACMPCA::CertificateAuthority", "arn:{p}:acm-pca:{r}:{a}:certificate-authority/{1}", NULL, NULL, A_POLICY, "Policy",
      NULL },
    { "apigateway/*.json", "AWS::ApiGateway::RestApi", "arn:{p}:execute-api:{r}:{a}:{1}", NULL, NULL, A_POLICY, "policy", NULL },
    { "vpc-lattice/*.json", "AWS::VpcLattice::ResourcePolicy", "arn:{p}:vpc-lattice:{r}:{a}:service/{1}", NULL, NULL, A_POLICY, "policy", NULL },
    { "ses/*.json", "AWS::SES::EmailIdentity", "arn:{p}:ses:{r}:{a}:identity/{1}", NULL, NULL, POLICIES, "Policies", NULL },
    { "s3-outposts/*.json", "AWS::S3Outposts::Bucket", "arn:{p}:s3-outposts:{r}:{a}:outpost/{1}", NULL, NULL, A_POLICY, "Policy", NULL },
    { "mediastore/*.json", "AWS::MediaStore::Container", "arn:{p}:mediastore:{r}:{a}:container/{1}", NULL, NULL, A_POLICY, "Policy", NULL },
};

/* ------------------------------------------------------------------ names */

vd_str vd_partition_of(vd_str region)
{
    if (vd_str_starts(region, VD_S("cn-")))
        return VD_S("aws-cn");
    return vd_str_starts(region, VD_S("us-gov-")) ? VD_S("aws-us-gov") : VD_S("aws");
}

static vd_str value_of(const vd_import *in, char what, vd_str name)
{
    switch (what) {
    case 'p':
        return vd_partition_of(in->region);
    case 'r':
        return in->region;
    case 'a':
        return in->account;
    default:
        return name;
    }
}

vd_code vd_source_arn(const vd_import *in, const char *template, vd_str name, vd_str *out)
{
    vd_buf  b = vd_buf_on(&in->to->engine->alloc, 0);
    vd_code code = VD_OK;

    for (const char *p = template; *p; p++) {
        if (*p == '{') {
            vd_buf_add(&b, value_of(in, p[1], name));
            p += 2;
        } else {
            vd_buf_byte(&b, *p);
        }
    }
    if (b.failed || !vd_draft_text(in->to, out, vd_buf_str(&b)))
        code = vd_fail_nomem(in->err);
    vd_buf_done(&b);
    return code;
}

/* Names with a slash are percent-encoded in names of files. */
static vd_code plain_name(const vd_import *in, vd_str name, vd_str *out)
{
    vd_source  text = { .name = VD_S(""), .text = name };
    vd_source *plain;

    *out = name;
    if (vd_str_find(name, '%') == name.n)
        return VD_OK;
    VD_TRY(vd_extract_percent(&plain, in->scratch, &text, in->err));
    *out = plain->text;
    return VD_OK;
}

static vd_code arn_of(const vd_import *in, const row *r, vd_str *out)
{
    vd_str name;

    *out = VD_S("");
    if (!r->arn)
        return VD_OK;
    if (r->arn_member)
        VD_TRY(vd_member_text(in, in->node, r->arn_member, out));
    if (out->n)
        return VD_OK;
    VD_TRY(plain_name(in, in->part[0], &name));
    if (r->name_member) {
        vd_str said;

        VD_TRY(vd_member_text(in, in->node, r->name_member, &said));
        if (said.n)
            name = said;
    }
    return vd_source_arn(in, r->arn, name, out);
}

/* ------------------------------------------------------------------ one file */

vd_code vd_draft_facet_add(const vd_import *in, vd_draft_facet f)
{
    vd_snapshot_reader *to = in->to;

    if (!vd_draft_text(to, &f.arn, f.arn) || !vd_draft_text(to, &f.type, f.type) || !vd_draft_text(to, &f.account, f.account) ||
        !vd_draft_text(to, &f.region, f.region) || !vd_draft_text(to, &f.name, f.name) || !vd_draft_text(to, &f.text, f.text) ||
        !VD_PUSH(&to->engine->alloc, &to->facets, f))
        return vd_fail_nomem(in->err);
    return VD_OK;
}

/* The file says nothing about the policy: it is there, and there is none. */
static vd_code read_policy(const vd_import *in, vd_draft_facet f, uint32_t node)
{
    f.kind = VD_FACET_POLICY;
    f.doc = VD_NONE;
    if (node != VD_NONE && !(vd_extract_is(in->doc, node, VD_NODE_STRING) && vd_doc_text(in->doc, node).n == 0))
        VD_TRY(vd_draft_document(in, VD_KIND_RESOURCE, f.arn, node, &f.doc));
    return vd_draft_facet_add(in, f);
}

/* {"Policies": {"name": "{...}"}}: a resource with several. */
static vd_code read_policies(const vd_import *in, vd_draft_facet f, uint32_t node)
{
    uint32_t c;

    if (node != VD_NONE && in->doc->nodes[node].kind != VD_NODE_OBJECT)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, in->account, f.arn, "policies by name are an object");
    c = node == VD_NONE ? VD_NONE : vd_doc_first(in->doc, node);
    VD_TRY(read_policy(in, f, c == VD_NONE ? VD_NONE : c + 1));
    f.kind = VD_FACET_SHARED;
    while (c != VD_NONE && (c = vd_doc_next(in->doc, node, c)) != VD_NONE) {
        f.at = vd_draft_place(in, c + 1);
        VD_TRY(vd_draft_document(in, VD_KIND_RESOURCE, f.arn, c + 1, &f.doc));
        VD_TRY(vd_draft_facet_add(in, f));
    }
    return VD_OK;
}

static vd_code read_row(vd_import *in, const row *r)
{
    vd_draft_facet f = { .type = r->type ? vd_str_of(r->type) : VD_S(""), .account = in->account, .region = in->region, .doc = VD_NONE };
    uint32_t       node;

    if (!in->doc || in->doc->nodes[in->node].kind != VD_NODE_OBJECT)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, in->doc ? in->node : VD_NONE, in->account, VD_S(""),
                                  "the file must hold an object");
    node = r->member ? vd_member(in, in->node, r->member) : in->node;
    f.at = vd_draft_place(in, node == VD_NONE ? in->node : node);
    VD_TRY(arn_of(in, r, &f.arn));
    if (r->what == A_POLICY)
        return read_policy(in, f, node);
    if (r->what == POLICIES)
        return read_policies(in, f, node);
    if (node == VD_NONE)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, in->node, in->account, f.arn, "no \"%s\"", r->member);
    if (r->what == A_TAGS) {
        f.kind = VD_FACET_TAGS;
        VD_TRY(vd_member_tags(in, in->node, r->member, &f.tags));
        return vd_draft_facet_add(in, f);
    }
    f.kind = VD_FACET_STATE;
    f.name = vd_str_of(r->state);
    f.text = (vd_str){ in->doc->source->text.p + in->doc->nodes[node].offset, in->doc->nodes[node].length };
    return vd_draft_facet_add(in, f);
}

vd_code vd_read_resource(vd_import *in, bool *known)
{
    vd_import before = *in;

    *known = true;
    for (size_t i = 0; i < VD_COUNT(rows); i++)
        if (vd_source_match_below(in, rows[i].path))
            return read_row(in, &rows[i]);
    *in = before;
    *known = false;
    return VD_OK;
}
