/* SPDX-License-Identifier: Apache-2.0
 *
 * Derived keys: the table of E644 for each kind of principal, then the keys that read other things (E610 to E641).
 */
#include "unit.h"

#include "request/facts.h"

#define A1 "111111111111"
#define A2 "222222222222"
#define OBJECT "arn:aws:s3:::b/k"

static vd_engine  *engine;
static vd_request *request;

static int set_up(void **state)
{
    VD_UNUSED(state);
    return vd_engine_new(&engine, NULL, NULL) == VD_OK && vd_request_new(&request, engine, NULL) == VD_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    VD_UNUSED(state);
    vd_request_free(request);
    vd_engine_release(engine);
    return 0;
}

static void set(vd_field field, const char *value)
{
    assert_int_equal(vd_request_set(request, field, vd_str_of(value)), VD_OK);
}

static void pose(const char *principal, const char *action, const char *resource)
{
    vd_request_reset(request);
    set(VD_PRINCIPAL, principal);
    set(VD_ACTION, action);
    set(VD_RESOURCE, resource);
}

/* The value of a key, "-" when absent.  source: values of the key it reads. */
static vd_str derive_from(const char *key, const vd_str *source, uint32_t count)
{
    static char buf[VD_DERIVE_TEXT];
    vd_derive   d = vd_derive_find(vd_str_of(key));
    vd_error    err = { .size = sizeof err };
    vd_facts    f;
    vd_str      out;

    if (d == VD_DERIVE_NONE)
        fail_msg("%s is not derivable", key);
    if (vd_facts_make(&f, request, 0, &err) != VD_OK)
        fail_msg("%s", err.text);
    return vd_derive_value(&out, buf, &f, d, source, count) ? out : VD_S("-");
}

static vd_str derive(const char *key)
{
    return derive_from(key, NULL, 0);
}

/* ------------------------------------------------------------------ E644 */

enum { PRINCIPALS = 8 };

static const char *const principals[PRINCIPALS] = {
    "arn:aws:iam::" A1 ":root",
    "arn:aws:iam::" A1 ":user/dev/bob",
    "arn:aws:sts::" A1 ":assumed-role/r/s",
    "arn:aws:sts::" A1 ":assumed-role/AWSServiceRoleForX/s",
    "arn:aws:sts::" A1 ":federated-user/f",
    "sns.amazonaws.com",
    "anonymous",
    "arn:aws:iam::" A1 ":saml-provider/x",
};

static const struct {
    const char *key;
    const char *values[PRINCIPALS];
} table[] = {
    { "aws:PrincipalArn",
      { "arn:aws:iam::" A1 ":root", "arn:aws:iam::" A1 ":user/dev/bob", "arn:aws:iam::" A1 ":role/r",
        "arn:aws:iam::" A1 ":role/AWSServiceRoleForX", "arn:aws:sts::" A1 ":federated-user/f", "-", "-", "-" } },
    { "aws:PrincipalAccount", { A1, A1, A1, A1, A1, "-", "anonymous", "-" } },
    { "aws:PrincipalType",
      { "Account", "User", "AssumedRole", "AssumedRole", "FederatedUser", "-", "Anonymous", "-" } },
    { "aws:PrincipalOrgID", { "o-1", "o-1", "o-1", "o-1", "o-1", "-", "-", "-" } },
    { "aws:PrincipalOrgPaths", { "o-1/r/", "o-1/r/", "o-1/r/", "o-1/r/", "o-1/r/", "-", "-", "-" } },
    { "aws:PrincipalIsAWSService", { "false", "false", "false", "false", "false", "true", "-", "-" } },
    { "aws:PrincipalServiceName", { "-", "-", "-", "-", "-", "sns.amazonaws.com", "-", "-" } },
    { "aws:PrincipalServiceNamesList", { "-", "-", "-", "-", "-", "sns.amazonaws.com", "-", "-" } },
    { "aws:userid", { A1, "ID", "ID:s", "ID:s", A1 ":f", "-", "anonymous", "-" } },
    { "aws:username", { "-", "bob", "-", "-", "-", "-", "-", "-" } },
    { "aws:ViaAWSService", { "false", "false", "false", "false", "false", "false", "false", "false" } },
    { "aws:AssumedRoot", { "-", "-", "-", "-", "-", "-", "-", "-" } },
    { "kms:CallerAccount", { A1, A1, A1, A1, A1, "-", "-", "-" } },
    { "aws:ResourceAccount", { A2, A2, A2, A2, A2, A2, A2, A2 } },
};

static void by_kind_of_principal(void **state)
{
    VD_UNUSED(state);
    for (size_t k = 0; k < PRINCIPALS; k++) {
        pose(principals[k], "kms:Decrypt", "arn:aws:kms:us-east-1:" A2 ":key/k1");
        set(VD_PRINCIPAL_ID, "ID");
        set(VD_PRINCIPAL_ORG, "o-1");
        set(VD_PRINCIPAL_ORG_PATH, "o-1/r/");
        if (k == PRINCIPALS - 1)
            set(VD_PRINCIPAL_KIND, "idp-caller");
        for (size_t i = 0; i < VD_COUNT(table); i++) {
            vd_str got = derive(table[i].key);

            if (!vd_str_eq(got, vd_str_of(table[i].values[k])))
                fail_msg("%s of %s: got " VD_F ", wanted %s", table[i].key, principals[k], VD_A(got), table[i].values[k]);
        }
    }
}

/* ------------------------------------------------------------------ the others */

static void principals_in_detail(void **state)
{
    VD_UNUSED(state);
    pose("arn:aws:sts::" A1 ":assumed-role/r/s", "s3:GetObject", OBJECT);
    check_cstr(derive("AWS:userID"), "-"); /* E616: ids are never invented */
    set(VD_PRINCIPAL_ROLE, "arn:aws:iam::" A1 ":role/ops/r");
    check_cstr(derive("aws:principalarn"), "arn:aws:iam::" A1 ":role/ops/r"); /* E615 */
    check_cstr(derive("aws:PrincipalOrgID"), "-");
    pose("arn:aws-cn:sts::" A1 ":assumed-role/r/s", "s3:GetObject", "*");
    check_cstr(derive("aws:PrincipalArn"), "arn:aws-cn:iam::" A1 ":role/r");
    pose("arn:aws:iam::" A1 ":role/ops/r", "s3:GetObject", OBJECT);
    set(VD_PRINCIPAL_ID, "AROAX");
    check_cstr(derive("aws:PrincipalArn"), "arn:aws:iam::" A1 ":role/ops/r");
    check_cstr(derive("aws:userid"), "-"); /* the session is not known */
    pose("arn:aws:iam::" A1 ":user/bob", "s3:GetObject", OBJECT);
    check_cstr(derive("aws:userid"), "-");
    check_cstr(derive("kms:CallerAccount"), "-"); /* a key of KMS */
    pose("arn:aws:iam::" A1 ":root", "s3:GetObject", OBJECT);
    set(VD_CREDENTIAL, "assume-root");
    check_cstr(derive("aws:AssumedRoot"), "true");
    check_cstr(derive("aws:PrincipalArn"), "arn:aws:iam::" A1 ":root");
    pose("arn:aws:sts::" A1 ":assumed-root", "s3:GetObject", OBJECT);
    check_cstr(derive("aws:AssumedRoot"), "true");
    check_cstr(derive("aws:PrincipalArn"), "arn:aws:iam::" A1 ":root");
}

static void owners(void **state)
{
    VD_UNUSED(state);
    pose("arn:aws:iam::" A1 ":user/bob", "ec2:DescribeInstances", "*"); /* E631: as of the caller */
    set(VD_PRINCIPAL_ORG, "o-1");
    set(VD_PRINCIPAL_ORG_PATH, "o-1/r/ou/");
    check_cstr(derive("aws:ResourceAccount"), A1);
    check_cstr(derive("aws:ResourceOrgID"), "o-1");
    check_cstr(derive("aws:ResourceOrgPaths"), "o-1/r/ou/");
    pose("arn:aws:iam::" A1 ":user/bob", "s3:GetObject", OBJECT);
    set(VD_RESOURCE_ACCOUNT, A2);
    set(VD_PRINCIPAL_ORG, "o-1");
    check_cstr(derive("aws:ResourceAccount"), A2);
    check_cstr(derive("aws:ResourceOrgID"), "-");
    set(VD_RESOURCE_ORG, "o-2");
    set(VD_RESOURCE_ORG_PATH, "o-2/r/");
    check_cstr(derive("aws:ResourceOrgID"), "o-2");
    check_cstr(derive("aws:ResourceOrgPaths"), "o-2/r/");
    pose("sns.amazonaws.com", "s3:GetObject", OBJECT);
    check_cstr(derive("aws:ResourceAccount"), "-"); /* E317: unknown */
    pose("arn:aws:iam::" A1 ":user/bob", "ec2:CreateSnapshot", "arn:aws:ec2:us-east-1:" A1 ":volume/v");
    set(VD_RESOURCE_ORG, "o-2");
    check_cstr(derive("aws:ResourceAccount"), "-"); /* E631 */
    check_cstr(derive("aws:ResourceOrgID"), "-");
}

static const struct {
    const char *principal, *action, *resource, *region;
} regions[] = {
    { "arn:aws:iam::" A1 ":user/bob", "sqs:SendMessage", "arn:aws:sqs:eu-west-1:" A1 ":q", "eu-west-1" },
    { "arn:aws:iam::" A1 ":user/bob", "iam:CreateUser", "arn:aws:iam::" A1 ":user/x", "us-east-1" },
    { "arn:aws:iam::" A1 ":user/bob", "IAM:ListUsers", "*", "us-east-1" },
    { "arn:aws-cn:iam::" A1 ":user/bob", "iam:CreateUser", "arn:aws-cn:iam::" A1 ":user/x", "cn-north-1" },
    { "arn:aws-us-gov:iam::" A1 ":user/bob", "iam:ListUsers", "*", "us-gov-west-1" },
    { "arn:aws-moon:iam::" A1 ":user/bob", "iam:ListUsers", "*", "-" },
    { "anonymous", "sts:GetCallerIdentity", "*", "us-east-1" },
    { "arn:aws:iam::" A1 ":user/bob", "s3:GetObject", OBJECT, "-" },
    { "arn:aws:iam::" A1 ":user/bob", "ec2:DescribeInstances", "*", "-" },
};

static void requested_region(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(regions); i++) { /* E641 */
        pose(regions[i].principal, regions[i].action, regions[i].resource);
        check_cstr(derive("aws:RequestedRegion"), regions[i].region);
    }
}

static void time_of_request(void **state)
{
    const vd_str given = VD_S("1970-01-01T00:01:40.9Z");

    VD_UNUSED(state);
    pose("anonymous", "s3:GetObject", OBJECT);
    check_cstr(derive("aws:CurrentTime"), "-"); /* E008: the library has no clock */
    check_cstr(derive("aws:EpochTime"), "-");
    set(VD_NOW, "2026-11-21T10:00:00Z");
    check_cstr(derive("aws:CurrentTime"), "2026-11-21T10:00:00Z");
    check_cstr(derive("aws:EpochTime"), "1795255200");
    check_cstr(derive_from("aws:EpochTime", &given, 1), "100"); /* the same instant as aws:CurrentTime */
    set(VD_NOW, "1969-12-31T23:59:59Z");
    check_cstr(derive("aws:EpochTime"), "-1");
}

static void from_other_keys(void **state)
{
    const vd_str via[] = { VD_L("athena.amazonaws.com"), VD_L("kms.amazonaws.com") };
    const vd_str queue = VD_S("arn:aws:sqs:us-east-1:" A2 ":q"), bucket = VD_S("arn:aws:s3:::b"), empty = VD_S("");

    VD_UNUSED(state);
    pose("sns.amazonaws.com", "sqs:SendMessage", "arn:aws:sqs:us-east-1:" A1 ":q");
    check_cstr(derive_from("aws:ViaAWSService", via, 2), "true");
    check_cstr(derive_from("aws:CalledViaFirst", via, 2), "athena.amazonaws.com");
    check_cstr(derive_from("aws:CalledViaLast", via, 2), "kms.amazonaws.com");
    check_cstr(derive("aws:CalledViaFirst"), "-");
    check_cstr(derive_from("aws:SourceAccount", &queue, 1), A2);
    check_cstr(derive_from("aws:SourceAccount", &bucket, 1), "-");
    check_cstr(derive("aws:SourceAccount"), "-");
    check_cstr(derive_from("ec2:ResourceTag/Team", via, 1), "athena.amazonaws.com");
    check_cstr(derive_from("SSM:resourcetag/Team", &empty, 1), ""); /* E617: an empty tag is a tag */
    check_cstr(derive("ec2:ResourceTag/Team"), "-");
    pose("arn:aws:iam::" A1 ":user/bob", "sqs:SendMessage", "arn:aws:sqs:us-east-1:" A1 ":q");
    check_cstr(derive_from("aws:SourceAccount", &queue, 1), "-"); /* E642, E644 */
}

static void what_is_derivable(void **state)
{
    VD_UNUSED(state);
    assert_int_equal(vd_derive_find(VD_S("aws:SourceIp")), VD_DERIVE_NONE);
    assert_int_equal(vd_derive_find(VD_S("aws:ResourceTag/x")), VD_DERIVE_NONE); /* comes from the request */
    assert_int_equal(vd_derive_find(VD_S("ec2:ResourceTag/")), VD_DERIVE_NONE);
    assert_int_equal(vd_derive_find(VD_S("s3:ResourceTag/x")), VD_DERIVE_NONE);
    assert_int_equal(vd_derive_find(VD_S("")), VD_DERIVE_NONE);
    assert_int_equal(vd_derive_find(VD_S("AWS:PRINCIPALARN")), VD_DERIVE_PRINCIPAL_ARN);
    check_cstr(vd_derive_source(VD_DERIVE_CALLED_VIA_LAST), "aws:CalledVia");
    check_cstr(vd_derive_source(VD_DERIVE_SOURCE_ACCOUNT), "aws:SourceArn");
    check_cstr(vd_derive_source(VD_DERIVE_RESOURCE_TAG), "aws:ResourceTag/");
    check_cstr(vd_derive_source(VD_DERIVE_USERNAME), "");
    check_cstr(vd_derive_source(VD_DERIVE_NONE), "");
    check_cstr(vd_derive_source(VD_DERIVE_COUNT), "");
}

static void long_names(void **state)
{
    char     text[400];
    vd_facts f;

    VD_UNUSED(state);
    for (int n = 128; n <= 129; n++) {
        int at = snprintf(text, sizeof text, "arn:aws:sts::" A1 ":assumed-role/");

        memset(text + at, 'r', (size_t)n);
        snprintf(text + at + n, sizeof text - (size_t)(at + n), "/s");
        pose(text, "s3:GetObject", OBJECT);
        assert_int_equal(vd_facts_make(&f, request, 0, NULL), n == 128 ? VD_OK : VD_EREQUEST);
        if (n == 128)
            assert_int_equal(derive("aws:PrincipalArn").n, sizeof "arn:aws:iam::" A1 ":role/" - 1 + 128);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_kind_of_principal), cmocka_unit_test(principals_in_detail),
        cmocka_unit_test(owners),               cmocka_unit_test(requested_region),
        cmocka_unit_test(time_of_request),      cmocka_unit_test(from_other_keys),
        cmocka_unit_test(what_is_derivable),    cmocka_unit_test(long_names),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
