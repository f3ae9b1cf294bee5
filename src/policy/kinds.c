/* SPDX-License-Identifier: Apache-2.0
 *
 * The type matrix E118 and the quotas E123, row by row.
 */
#include "policy/kinds.h"

#include "base/str.h"

const vd_kind_row vd_kind_rows[VD_KIND_COUNT] = {
    [VD_KIND_IDENTITY] = { .name = VD_L("identity"),
                           .label = VD_L("an identity policy"),
                           .iam = true,
                           .odd_id = true,
                           .principal = VD_PART_FORBIDDEN,
                           .not_principal = VD_PART_FORBIDDEN,
                           .resource = VD_PART_REQUIRED,
                           .principal_rule = VD_RULE_UNSUPPORTED_PRINCIPAL,
                           .quota = { VD_L("the inline policies of a role together"), 10240, VD_COUNT_NO_SPACE,
                                      VD_WARNING } },
    [VD_KIND_MANAGED] = { .name = VD_L("managed"),
                          .label = VD_L("a managed policy"),
                          .iam = true,
                          .needs_2012 = true,
                          .odd_id = true,
                          .principal = VD_PART_FORBIDDEN,
                          .not_principal = VD_PART_FORBIDDEN,
                          .resource = VD_PART_REQUIRED,
                          .principal_rule = VD_RULE_UNSUPPORTED_PRINCIPAL,
                          .quota = { VD_L("a managed policy"), 6144, VD_COUNT_NO_SPACE, VD_WARNING } },
    [VD_KIND_BOUNDARY] = { .name = VD_L("boundary"),
                           .label = VD_L("a permissions boundary"),
                           .iam = true,
                           .odd_id = true,
                           .principal = VD_PART_FORBIDDEN,
                           .not_principal = VD_PART_FORBIDDEN,
                           .resource = VD_PART_REQUIRED,
                           .principal_rule = VD_RULE_UNSUPPORTED_PRINCIPAL,
                           .quota = { VD_L("a permissions boundary"), 6144, VD_COUNT_NO_SPACE, VD_WARNING } },
    [VD_KIND_SESSION] = { .name = VD_L("session"),
                          .label = VD_L("a session policy"),
                          .iam = true,
                          .odd_id = true,
                          .principal = VD_PART_FORBIDDEN,
                          .not_principal = VD_PART_FORBIDDEN,
                          .resource = VD_PART_REQUIRED,
                          .principal_rule = VD_RULE_UNSUPPORTED_PRINCIPAL,
                          .quota = { VD_L("a session policy"), 2048, VD_COUNT_CHARACTERS, VD_ERROR } },
    [VD_KIND_RESOURCE] = { .name = VD_L("resource"),
                           .label = VD_L("a resource-based policy"),
                           .principal = VD_PART_REQUIRED,
                           .principal_rule = VD_RULE_MISSING_PRINCIPAL },
    [VD_KIND_TRUST] = { .name = VD_L("trust"),
                        .label = VD_L("a trust policy"),
                        .iam = true,
                        .no_not_action = true,
                        .principal = VD_PART_REQUIRED,
                        .not_principal = VD_PART_FORBIDDEN,
                        .resource = VD_PART_FORBIDDEN,
                        .principal_rule = VD_RULE_MISSING_PRINCIPAL,
                        .quota = { VD_L("a trust policy"), 2048, VD_COUNT_NO_SPACE, VD_WARNING } },
    [VD_KIND_SCP] = { .name = VD_L("scp"),
                      .label = VD_L("an SCP"),
                      .iam = true,
                      .needs_2012 = true,
                      .odd_id = true,
                      .principal = VD_PART_FORBIDDEN,
                      .not_principal = VD_PART_FORBIDDEN,
                      .resource = VD_PART_REQUIRED,
                      .principal_rule = VD_RULE_SCP_PRINCIPAL,
                      .quota = { VD_L("an SCP"), 10240, VD_COUNT_CHARACTERS, VD_ERROR } },
    [VD_KIND_RCP] = { .name = VD_L("rcp"),
                      .label = VD_L("an RCP"),
                      .iam = true,
                      .needs_2012 = true,
                      .odd_id = true,
                      .no_allow = true,
                      .no_not_action = true,
                      .principal = VD_PART_REQUIRED,
                      .not_principal = VD_PART_FORBIDDEN,
                      .resource = VD_PART_REQUIRED,
                      .principal_rule = VD_RULE_RCP_PRINCIPAL,
                      .quota = { VD_L("an RCP"), 5120, VD_COUNT_CHARACTERS, VD_ERROR } },
    [VD_KIND_ENDPOINT] = { .name = VD_L("endpoint"),
                           .label = VD_L("an endpoint policy"),
                           .principal = VD_PART_REQUIRED,
                           .principal_rule = VD_RULE_MISSING_PRINCIPAL,
                           .quota = { VD_L("an endpoint policy"), 20480, VD_COUNT_CHARACTERS, VD_ERROR } },
};

static const struct {
    vd_str   prefix;
    vd_quota quota;
} services[] = {
    { VD_L("s3"), { VD_L("a bucket policy"), 20480, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("s3express"), { VD_L("a directory bucket policy"), 20480, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("s3tables"), { VD_L("a table bucket policy"), 20480, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("s3vectors"), { VD_L("a vector bucket policy"), 20480, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("kms"), { VD_L("a key policy"), 32768, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("sqs"), { VD_L("a queue policy"), 8192, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("sns"), { VD_L("a topic policy"), 30720, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("lambda"), { VD_L("a function policy"), 20480, VD_COUNT_CHARACTERS, VD_ERROR } },
    { VD_L("secretsmanager"), { VD_L("a secret policy"), 20480, VD_COUNT_CHARACTERS, VD_ERROR } },
    { VD_L("dynamodb"), { VD_L("a table policy"), 20480, VD_COUNT_CHARACTERS, VD_ERROR } },
    { VD_L("kinesis"), { VD_L("a stream policy"), 20480, VD_COUNT_CHARACTERS, VD_ERROR } },
    { VD_L("backup"), { VD_L("a backup vault policy"), 20480, VD_COUNT_CHARACTERS, VD_ERROR } },
    { VD_L("mediastore"), { VD_L("a container policy"), 20480, VD_COUNT_CHARACTERS, VD_ERROR } },
    { VD_L("glacier"), { VD_L("a vault policy"), 20480, VD_COUNT_CHARACTERS, VD_ERROR } },
    { VD_L("ecr"), { VD_L("a repository policy"), 10240, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("events"), { VD_L("an event bus policy"), 10240, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("glue"), { VD_L("a catalog policy"), 10240, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("vpc-lattice"), { VD_L("a service policy"), 10240, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("vpc-lattice-svcs"), { VD_L("a service policy"), 10240, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("logs"), { VD_L("a log resource policy"), 5120, VD_COUNT_CHARACTERS, VD_ERROR } },
    { VD_L("xray"), { VD_L("a trace policy"), 5120, VD_COUNT_CHARACTERS, VD_ERROR } },
    { VD_L("execute-api"), { VD_L("an API policy"), 8192, VD_COUNT_BYTES, VD_ERROR } },
    { VD_L("elasticfilesystem"), { VD_L("a file system policy"), 20000, VD_COUNT_CHARACTERS, VD_ERROR } },
    { VD_L("es"), { VD_L("a domain policy"), 102400, VD_COUNT_BYTES, VD_ERROR } },
};

const vd_quota *vd_quota_of_service(vd_str prefix)
{
    for (size_t i = 0; i < VD_COUNT(services); i++)
        if (vd_str_ieq(services[i].prefix, prefix))
            return &services[i].quota;
    return NULL;
}

const char *vd_kind_name(vd_kind kind)
{
    return kind >= 0 && kind < VD_KIND_COUNT ? vd_kind_rows[kind].name.p : NULL;
}

vd_kind vd_kind_find(vd_str name)
{
    for (vd_kind k = 0; k < VD_KIND_COUNT; k++)
        if (vd_str_eq(vd_kind_rows[k].name, name))
            return k;
    return -1;
}
