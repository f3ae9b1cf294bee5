/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of facts: sorted as the search needs them, and rows that the rules name.
 */
#include "unit.h"

#include "catalog/facts.h"
#include "catalog/quota.h"
#include "catalog/tables.h"

static const struct {
    const char *key;
    vd_arity    arity;
} arities[] = {
    /* chapter 6 of the rules */
    { "aws:TagKeys", VD_ARITY_MANY },
    { "AWS:tagkeys", VD_ARITY_MANY },
    { "aws:CalledVia", VD_ARITY_MANY },
    { "aws:CalledViaFirst", VD_ARITY_ONE },
    { "aws:PrincipalOrgPaths", VD_ARITY_MANY },
    { "aws:PrincipalOrgID", VD_ARITY_ONE },
    { "aws:PrincipalServiceNamesList", VD_ARITY_MANY },
    { "aws:ResourceOrgPaths", VD_ARITY_MANY },
    { "aws:SourceOrgPaths", VD_ARITY_MANY },
    { "aws:VpceOrgPaths", VD_ARITY_MANY },
    { "aws:username", VD_ARITY_ONE },
    { "aws:SourceIp", VD_ARITY_ONE },
    { "dynamodb:LeadingKeys", VD_ARITY_MANY },
    { "kms:EncryptionContextKeys", VD_ARITY_MANY },
    { "kms:GrantOperations", VD_ARITY_MANY },
    { "s3:RequestObjectTagKeys", VD_ARITY_MANY },
    { "s3:x-amz-grant-write-acp", VD_ARITY_ONE },
    { "sts:TransitiveTagKeys", VD_ARITY_MANY },
    { "saml:eduPersonAffiliation", VD_ARITY_MANY },
    { "saml:aud", VD_ARITY_ONE },
    { "identitystore:UserId", VD_ARITY_ONE }, /* services disagree, the rules decide */
    /* names of the user's choice */
    { "aws:ResourceTag/Team", VD_ARITY_ONE },
    { "aws:requesttag/a/b:c", VD_ARITY_ONE },
    { "aws:ResourceTag/", VD_ARITY_UNKNOWN },
    { "kms:EncryptionContext:AppName", VD_ARITY_ONE },
    { "s3:ExistingObjectTag/x", VD_ARITY_ONE },
    { "ec2:ResourceTag/x", VD_ARITY_ONE },
    { "login.example.com/x:sub", VD_ARITY_ONE },
    { "login.example.com/x:amr", VD_ARITY_MANY },
    { ":amr", VD_ARITY_UNKNOWN },
    { "token.actions.acme.ghe.com:ref", VD_ARITY_ONE },
    /* only in the catalogue */
    { "elasticloadbalancing:Subnet", VD_ARITY_MANY },
    { "k", VD_ARITY_UNKNOWN },
    { "", VD_ARITY_UNKNOWN },
    { "aws:", VD_ARITY_UNKNOWN },
    { "aws:NoSuchKey", VD_ARITY_UNKNOWN },
};

static void key_arity(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(arities); i++)
        if (vd_key_arity(vd_str_of(arities[i].key)) != arities[i].arity)
            fail_msg("%s: %d", arities[i].key, vd_key_arity(vd_str_of(arities[i].key)));
}

static void sorted(void **state)
{
    const vd_table *tables[] = {
        &vd_table_aws_only,         &vd_table_global_services, &vd_table_key_arity,
        &vd_table_key_arity_prefix, &vd_table_key_arity_infix, &vd_table_no_resource_account,
        &vd_table_partitions,       &vd_table_quotas,          &vd_table_rcp_services,
        &vd_table_resource_tag_prefixes, &vd_table_scp_exempt, &vd_table_star_resources
    };

    VD_UNUSED(state);
    for (size_t t = 0; t < VD_COUNT(tables); t++) {
        assert_true(tables[t]->count > 0);
        for (size_t i = 0; i + 1 < tables[t]->count; i++) {
            const vd_table_row *a = &tables[t]->rows[i], *b = a + 1;
            int                 c = vd_str_cmp(a->key, b->key);

            assert_true(c < 0 || (c == 0 && vd_str_cmp(a->tail, b->tail) < 0));
        }
    }
    assert_true(vd_table_key_arity.count > 1400);
    for (size_t i = 0; i < vd_table_key_arity.count; i++) /* each row is found */
        assert_int_equal(vd_key_arity(vd_table_key_arity.rows[i].key),
                         vd_str_eq(vd_table_key_arity.rows[i].value, VD_S("many")) ? VD_ARITY_MANY
                                                                                   : VD_ARITY_ONE);
}

/* E123 and usage 6.4, number by number. */
static void quotas(void **state)
{
    static const struct {
        const char *what, *of;
        uint32_t    most, raisable;
        uint8_t     counting;
    } rows[] = {
        { "managed", "", 6144, 6144, VD_COUNT_NO_SPACE },
        { "boundary", "", 6144, 6144, VD_COUNT_NO_SPACE },
        { "inline", "user", 2048, 2048, VD_COUNT_NO_SPACE },
        { "inline", "group", 5120, 5120, VD_COUNT_NO_SPACE },
        { "inline", "role", 10240, 10240, VD_COUNT_NO_SPACE },
        { "attached", "role", 10, 20, VD_COUNT_PIECES },
        { "attached", "user", 10, 20, VD_COUNT_PIECES },
        { "attached", "group", 10, 10, VD_COUNT_PIECES },
        { "versions", "managed", 5, 5, VD_COUNT_PIECES },
        { "trust", "", 2048, 4096, VD_COUNT_NO_SPACE },
        { "session", "", 2048, 2048, VD_COUNT_CHARACTERS },
        { "scp", "", 10240, 10240, VD_COUNT_CHARACTERS },
        { "rcp", "", 5120, 5120, VD_COUNT_CHARACTERS },
        { "service", "S3", 20480, 20480, VD_COUNT_BYTES },
        { "service", "kms", 32768, 32768, VD_COUNT_BYTES },
        { "service", "nothing", 0, 0, 0 },
        { "service", "", 0, 0, 0 },
        { "manage", "", 0, 0, 0 },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_quota q = vd_quota_of(vd_str_of(rows[i].what), vd_str_of(rows[i].of));

        if (q.most != rows[i].most || q.raisable != rows[i].raisable || q.counting != rows[i].counting)
            fail_msg("%s %s: %u %u %u", rows[i].what, rows[i].of, (unsigned)q.most, (unsigned)q.raisable, (unsigned)q.counting);
    }
    for (uint32_t i = 0; i < vd_quota_count(); i++) { /* and each row makes sense */
        vd_quota q = vd_quota_at(i);

        assert_true(q.most > 0 && q.raisable >= q.most && q.label.n > 0 && q.source.n > 0 && q.counting <= VD_COUNT_BYTES);
    }
}

static void services(void **state)
{
    VD_UNUSED(state);
    assert_true(vd_service_has_rcp(VD_S("s3"))); /* E710 */
    assert_true(vd_service_has_rcp(VD_S("sts")));
    assert_true(vd_service_has_rcp(VD_S("cognito-identity")));
    assert_true(vd_service_has_rcp(VD_S("pca-connector-ad")));
    assert_true(vd_service_has_rcp(VD_S("swf"))); /* flagged in the catalogue only */
    assert_false(vd_service_has_rcp(VD_S("sns")));
    assert_false(vd_service_has_rcp(VD_S("s")));
    assert_false(vd_service_has_rcp(VD_S("")));
    assert_true(vd_service_is_global(VD_S("iam"))); /* E641 */
    assert_true(vd_service_is_global(VD_S("organizations")));
    assert_true(vd_service_is_global(VD_S("route53")));
    assert_true(vd_service_is_global(VD_S("cloudfront")));
    assert_false(vd_service_is_global(VD_S("s3")));
    assert_true(vd_service_tags_itself(VD_S("ec2"))); /* E630 */
    assert_false(vd_service_tags_itself(VD_S("aws")));
    assert_false(vd_service_tags_itself(VD_S("s3")));
    check_cstr(vd_partition_region(VD_S("aws")), "us-east-1");
    check_cstr(vd_partition_region(VD_S("aws-cn")), "cn-north-1");
    check_cstr(vd_partition_region(VD_S("aws-us-gov")), "us-gov-west-1");
    check_cstr(vd_partition_region(VD_S("aws-moon")), "");
}

static void actions(void **state)
{
    VD_UNUSED(state);
    assert_true(vd_action_only_aws(VD_S("policy"), VD_S("deletepolicyversion"))); /* E318 */
    assert_false(vd_action_only_aws(VD_S("policy"), VD_S("GetPolicy")));
    assert_true(vd_action_only_aws(VD_S("reserved-role"), VD_S("PassRole")));
    assert_false(vd_action_only_aws(VD_S("linked-role"), VD_S("PassRole")));
    assert_false(vd_action_only_aws(VD_S("linked-role"), VD_S("DeleteServiceLinkedRole")));
    assert_true(vd_action_only_aws(VD_S("alias"), VD_S("UpdateAlias")));
    assert_true(vd_scp_exempt(VD_S("supportplans"), VD_S("StartSupportPlanUpdate"), true)); /* E707 */
    assert_false(vd_scp_exempt(VD_S("supportplans"), VD_S("StartSupportPlanUpdate"), false));
    assert_true(vd_scp_exempt(VD_S("MechanicalTurk"), VD_S("CreateHIT"), false));
    assert_false(vd_scp_exempt(VD_S("s3"), VD_S("GetObject"), true));
    check_cstr(vd_star_resource(VD_S("S3"), VD_S("listallmybuckets"), VD_S("")), "arn:aws:s3:::*"); /* E210 */
    check_cstr(vd_star_resource(VD_S("s3"), VD_S("ListAllMyBuckets"), VD_S("aws-cn")), "arn:aws-cn:s3:::*");
    check_cstr(vd_star_resource(VD_S("s3"), VD_S("ListBucket"), VD_S("aws")), "");
    assert_true(vd_action_hides_owner(VD_S("ebs"), VD_S("PutSnapshotBlock"))); /* E631 */
    assert_true(vd_action_hides_owner(VD_S("ec2"), VD_S("CopySnapshot")));
    assert_true(vd_action_hides_owner(VD_S("events"), VD_S("PutEvents")));
    assert_false(vd_action_hides_owner(VD_S("ec2"), VD_S("RunInstances")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_arity),
        cmocka_unit_test(sorted), cmocka_unit_test(quotas),
        cmocka_unit_test(services),
        cmocka_unit_test(actions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
