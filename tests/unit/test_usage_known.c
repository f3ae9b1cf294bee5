/* SPDX-License-Identifier: Apache-2.0
 *
 * Records that say what others said before: who remembers and who forgot everything write the same summary.
 */
#include "unit.h"

#include "usage/usage_int.h"

#include <stdarg.h>

static uint64_t state = 7;

static uint32_t draw(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

#define ONE_OF(list) ((list)[draw(VD_COUNT(list))])

static const char *const identities[] = {
    "{\"type\":\"IAMUser\",\"principalId\":\"AIDA1\",\"arn\":\"arn:aws:iam::111111111111:user/a\",\"userName\":\"a\"}",
    "{\"type\":\"IAMUser\",\"principalId\":\"AIDA1\",\"arn\":\"arn:aws-cn:iam::111111111111:user/a\",\"userName\":\"a\"}",
    "{\"type\":\"IAMUser\",\"principalId\":\"AIDA2\",\"arn\":\"arn:aws:iam::111111111111:user/b|\xff\",\"userName\":\"b\"}",
    "{\"type\":\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\"}",
    "{\"type\":\"AWSAccount\",\"accountId\":\"222222222222\",\"principalId\":\"AIDA3:s\"}",
    "{\"type\":\"AssumedRole\",\"principalId\":\"AROA1:s\",\"arn\":\"arn:aws:sts::111111111111:assumed-role/r/s\",\"sessionContext\":{"
    "\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROA1\",\"arn\":\"arn:aws:iam::111111111111:role/r\"},\"sourceIdentity\":\"me\","
    "\"attributes\":{\"mfaAuthenticated\":\"true\"}},\"invokedBy\":\"athena.amazonaws.com\"}",
};

/* Source, name, parameters, resources: %u is a number of a thing. */
static const char *const calls[][4] = {
    { "s3", "GetObject", "{\"bucketName\":\"b\",\"key\":\"k/%u\"}", "[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::b/k/%u\"}]" },
    { "s3", "DeleteObject", "{\"bucketName\":\"b\",\"key\":\"k/%u\"}", NULL },
    { "S3", "PutObject", "{\"bucketName\":\"b\xff\",\"key\":\"k/%u\",\"x-amz-acl\":\"private\"}", NULL },
    { "kms", "Decrypt", "{\"encryptionContext\":{\"tag%u\":\"\\u00e9\"},\"keyId\":\"arn:aws:kms:eu-west-1:111111111111:key/%u\"}", NULL },
    { "ec2", "RunInstances", "{\"iamInstanceProfile\":{\"name\":\"p%u\"},\"tagSpecificationSet\":{\"items\":[{\"tags\":[{\"key\":\"k\",\"value\":"
      "\"v\"}]}]}}", NULL },
    { "ec2", "CreateVolume", "{\"size\":\"%u\"}", NULL },
    { "ec2", "DescribeInstances", "null", NULL },
    { "ec2", "DescribeInstances", "{\"omitted\":true}", NULL },
    { "iam", "GetRole", "{\"roleName\":\"r%u\"}", NULL },
    { "lambda", "UpdateFunctionConfiguration20150331v2", "{\"functionName\":\"f%u\",\"role\":\"arn:aws:iam::111111111111:role/r\"}", NULL },
    { "sts", "AssumeRole", "{\"roleArn\":\"arn:aws:iam::111111111111:role/r%u\",\"roleSessionName\":\"x\"}", NULL },
    { "autoscaling", "DescribePolicies", "{\"n\":%u}", NULL },
};

static void add(vd_buf *b, const char *format, ...) VD_PRINTF(2, 3);
static void add(vd_buf *b, const char *format, ...)
{
    char    text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    vd_buf_add(b, vd_str_of(text));
}

static void add_filled(vd_buf *b, const char *text, uint32_t n)
{
    for (const char *hole; (hole = strstr(text, "%u")) != NULL; text = hole + 2) {
        vd_buf_add(b, (vd_str){ text, (size_t)(hole - text) });
        add(b, "%u", n);
    }
    vd_buf_add(b, vd_str_of(text));
}

static void make_record(vd_buf *b, uint32_t number)
{
    static const char *const regions[] = { "eu-west-1", "eu-west-1", "cn-north-1", "" };
    static const char *const errors[] = { "AccessDenied", "Client.DryRunOperation", "ValidationError", "ValidationErr\xfe" };
    static const char *const categories[] = { "Management", "Data", "NetworkActivity" };
    static const char *const reads[] = { "true", "false", "\"true\"", "null" };
    const char *const       *call = calls[draw(VD_COUNT(calls))];
    uint32_t                 thing = draw(3) ? draw(3) : draw(200);

    b->n = 0;
    add(b, "{\"eventVersion\":\"1.08\",\"userIdentity\":%s,\"eventTime\":\"2026-03-%02uT%02u:00:00Z\"", ONE_OF(identities), 1 + draw(28),
        draw(24));
    add(b, ",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%s\",\"awsRegion\":\"%s\"", call[0], call[1], ONE_OF(regions));
    add(b, ",\"sourceIPAddress\":\"192.0.%u.1\"", draw(30));
    if (draw(8) == 0)
        add(b, ",\"errorCode\":\"%s\"", ONE_OF(errors));
    if (draw(9)) {
        add(b, ",\"requestParameters\":");
        add_filled(b, call[2], thing);
    }
    add(b, ",\"responseElements\":%s", draw(3) ? "null" : "{\"volumeId\":\"vol-1\",\"error\":\"AccessDenied\"}");
    if (call[3] && draw(8)) {
        add(b, ",\"resources\":");
        add_filled(b, call[3], thing);
    }
    if (draw(10) == 0)
        add(b, ",\"sharedEventID\":\"s%u\"", draw(50));
    if (draw(10) == 0)
        add(b, ",\"vpcEndpointId\":\"vpce-%u\"", draw(30));
    add(b, ",\"eventID\":\"e%u\",\"readOnly\":%s,\"eventType\":\"%s\",\"recipientAccountId\":\"%s\",\"eventCategory\":\"%s\"}",
        draw(20) ? number : draw(number + 1), ONE_OF(reads), draw(12) ? "AwsApiCall" : "AwsConsoleAction",
        draw(4) ? "111111111111" : "222222222222", ONE_OF(categories));
}

static void forget(vd_usage *u)
{
    const vd_allocator *alloc = &u->engine->alloc;

    vd_known_free(u->known, alloc);
    u->known = vd_known_new(alloc);
    assert_non_null(u->known);
    memset(&u->callers, 0, sizeof u->callers);
    vd_record_schema_init(&u->schema);
    vd_plans_free(u->plans, alloc);
    u->plans = NULL;
}

static bool sink(void *ctx, vd_str bytes)
{
    vd_buf_add(ctx, bytes);
    return true;
}

static void write_all(vd_usage *u, vd_buf *out)
{
    assert_int_equal(vd_usage_write(u, NULL, 0, sink, out, false, NULL), VD_OK);
    assert_false(out->failed);
}

static void forgetting(bool redact)
{
    enum { RECORDS = 6000 };
    vd_usage_opts opts = { .size = sizeof opts, .redact = redact, .salt = VD_S("salt") };
    vd_engine    *engine = NULL;
    vd_usage     *knows = NULL, *forgets = NULL;
    vd_buf        one = vd_buf_on(vd_allocator_default(), 0), a = one, b = one;

    assert_int_equal(vd_engine_new(&engine, NULL, NULL), VD_OK);
    assert_int_equal(vd_usage_new(&knows, engine, &opts, NULL, NULL), VD_OK);
    assert_int_equal(vd_usage_new(&forgets, engine, &opts, NULL, NULL), VD_OK);
    for (uint32_t i = 0; i < RECORDS; i++) {
        char name[32];

        make_record(&one, i);
        snprintf(name, sizeof name, "unit-%u", i);
        assert_int_equal(vd_usage_add_bytes(knows, VD_USAGE_TRAIL, vd_str_of(name), vd_buf_str(&one), NULL), VD_OK);
        forget(forgets);
        assert_int_equal(vd_usage_add_bytes(forgets, VD_USAGE_TRAIL, vd_str_of(name), vd_buf_str(&one), NULL), VD_OK);
    }
    write_all(knows, &a);
    write_all(forgets, &b);
    assert_true(a.n > 100000);
    check_str(vd_buf_str(&a), vd_buf_str(&b));
    vd_usage_free(knows);
    vd_usage_free(forgets);
    vd_engine_release(engine);
    vd_buf_done(&one);
    vd_buf_done(&a);
    vd_buf_done(&b);
}

static void plain(void **unused)
{
    VD_UNUSED(unused);
    forgetting(false);
}

static void redacted(void **unused)
{
    VD_UNUSED(unused);
    forgetting(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(plain), cmocka_unit_test(redacted) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
