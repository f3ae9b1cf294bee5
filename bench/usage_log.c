/* SPDX-License-Identifier: Apache-2.0
 *
 * usage-log BYTES DIR [SEED]: a made-up log of an account, of about so many bytes, as the files that CloudTrail delivers would
 * be if they were not compressed, each of them up to eight megabytes.  The shapes are those of real records; names, numbers
 * and times come from a seed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

static uint64_t draw(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static unsigned below(unsigned n)
{
    return (unsigned)(draw() % n);
}

static void identity(FILE *f, unsigned who)
{
    if (who % 10 == 0) {
        fprintf(f, "{\"type\":\"AWSService\",\"invokedBy\":\"%s.amazonaws.com\"}", who % 20 ? "ec2" : "lambda");
        return;
    }
    if (who % 10 < 3) {
        fprintf(f,
                "{\"type\":\"IAMUser\",\"principalId\":\"AIDAMADEUP%011u\",\"arn\":\"arn:aws:iam::111122223333:user/people/user-%u\","
                "\"accountId\":\"111122223333\",\"accessKeyId\":\"AKIAMADEUP%010u\",\"userName\":\"user-%u\"}",
                who, who, who, who);
        return;
    }
    fprintf(f,
            "{\"type\":\"AssumedRole\",\"principalId\":\"AROAMADEUP%011u:session-%u\",\"arn\":\"arn:aws:sts::111122223333:"
            "assumed-role/service-role-%u/session-%u\",\"accountId\":\"111122223333\",\"accessKeyId\":\"ASIAMADEUP%010" PRIu64 "\","
            "\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROAMADEUP%011u\",\"arn\":\"arn:aws:iam::"
            "111122223333:role/services/service-role-%u\",\"accountId\":\"111122223333\",\"userName\":\"service-role-%u\"},"
            "\"webIdFederationData\":{},\"attributes\":{\"creationDate\":\"2026-03-%02uT0%u:00:00Z\",\"mfaAuthenticated\":\"false\"}}}",
            who, below(1000), who, below(1000), draw() % 10000000000u, who, who, who, 1 + below(28), below(10));
}

typedef struct call {
    const char *source, *name, *parameters, *resources, *category;
} call;

/* %u: a number of a thing; each text has at most one, the same in parameters and resources. */
static const call calls[] = {
    { "s3", "GetObject", "{\"bucketName\":\"team-data\",\"Host\":\"team-data.s3.eu-west-1.amazonaws.com\",\"key\":\"reports/2026/%u.parquet\"}",
      "[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::team-data/reports/2026/%u.parquet\"},{\"accountId\":\"111122223333\","
      "\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:aws:s3:::team-data\"}]", "Data" },
    { "s3", "PutObject", "{\"bucketName\":\"team-logs\",\"x-amz-acl\":\"bucket-owner-full-control\",\"key\":\"in/%u\"}",
      "[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::team-logs/in/%u\"}]", "Data" },
    { "kms", "Decrypt", "{\"encryptionAlgorithm\":\"SYMMETRIC_DEFAULT\",\"encryptionContext\":{\"aws:s3:arn\":\"arn:aws:s3:::team-data/%u\"}}",
      "[{\"accountId\":\"111122223333\",\"type\":\"AWS::KMS::Key\",\"ARN\":\"arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001\"}]",
      "Management" },
    { "ec2", "DescribeInstances", "{\"maxResults\":%u,\"instancesSet\":{},\"filterSet\":{\"items\":[{\"name\":\"tag:team\",\"valueSet\":{\"items\":[{\"value\":\"data\"}]}}]}}",
      NULL, "Management" },
    { "sts", "AssumeRole", "{\"roleArn\":\"arn:aws:iam::111122223333:role/services/service-role-%u\",\"roleSessionName\":\"x\",\"durationSeconds\":3600}",
      NULL, "Management" },
    { "dynamodb", "GetItem", "{\"tableName\":\"orders\",\"key\":{\"id\":{\"S\":\"%u\"}},\"consistentRead\":false}",
      "[{\"accountId\":\"111122223333\",\"type\":\"AWS::DynamoDB::Table\",\"ARN\":\"arn:aws:dynamodb:eu-west-1:111122223333:table/orders\"}]",
      "Data" },
    { "lambda", "Invoke20150331", "{\"functionName\":\"orders-%u\",\"invocationType\":\"RequestResponse\"}", NULL, "Data" },
    { "logs", "CreateLogStream", "{\"logGroupName\":\"/aws/lambda/orders\",\"logStreamName\":\"2026/03/02/[$LATEST]%u\"}", NULL, "Management" },
};

static void filled(FILE *f, const char *text, unsigned n)
{
    const char *hole = strstr(text, "%u");

    if (hole)
        fprintf(f, "%.*s%u%s", (int)(hole - text), text, n, hole + 2);
    else
        fputs(text, f);
}

static void record(FILE *f, unsigned number)
{
    const call *c = &calls[below(sizeof calls / sizeof calls[0])];
    unsigned    thing = below(3) ? below(40) : below(100000);

    fprintf(f, "{\"eventVersion\":\"1.11\",\"userIdentity\":");
    identity(f, below(200));
    fprintf(f,
            ",\"eventTime\":\"2026-03-%02uT%02u:%02u:%02uZ\",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%s\",\"awsRegion\":"
            "\"eu-west-1\",\"sourceIPAddress\":\"198.51.%u.%u\",\"userAgent\":\"[aws-sdk-java/2.25.%u Linux/5.10.210 "
            "OpenJDK_64-Bit_Server_VM/17.0.10+7-LTS vendor/Amazon.com_Inc. exec-env/AWS_ECS_FARGATE io/sync]\"",
            1 + below(28), below(24), below(60), below(60), c->source, c->name, below(200), below(256), below(60));
    if (below(40) == 0)
        fprintf(f, ",\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User is not authorized to perform: %s:%s because no "
                   "identity-based policy allows the action\"", c->source, c->name);
    fprintf(f, ",\"requestParameters\":");
    filled(f, c->parameters, thing);
    fprintf(f,
            ",\"responseElements\":%s,\"additionalEventData\":{\"SignatureVersion\":\"SigV4\",\"CipherSuite\":"
            "\"TLS_AES_128_GCM_SHA256\",\"bytesTransferredIn\":0,\"AuthenticationMethod\":\"AuthHeader\",\"x-amz-id-2\":"
            "\"%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "=\",\"bytesTransferredOut\":%u},\"requestID\":\"%016" PRIx64
            "\",\"eventID\":\"%08x-%04x-4000-8000-%012" PRIx64 "\",\"readOnly\":true",
            below(4) ? "null" : "{\"x-amz-server-side-encryption\":\"aws:kms\",\"x-amz-version-id\":\"3HL4kqtJvjVBH40Nrjfkd\"}",
            draw(), draw(), draw(), below(1000000), draw(), number, below(65536), draw() & 0xffffffffffffu);
    if (c->resources) {
        fprintf(f, ",\"resources\":");
        filled(f, c->resources, thing);
    }
    fprintf(f,
            ",\"eventType\":\"AwsApiCall\",\"managementEvent\":%s,\"recipientAccountId\":\"111122223333\",\"eventCategory\":\"%s\","
            "\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":\"TLS_AES_128_GCM_SHA256\",\"clientProvidedHostHeader\":"
            "\"%s.eu-west-1.amazonaws.com\"}}",
            c->category[0] == 'D' ? "false" : "true", c->category, c->source);
}

int main(int argc, char **argv)
{
    enum { FILE_BYTES = 8 << 20 };
    uint64_t wanted = argc > 2 ? strtoull(argv[1], NULL, 10) : 0, made = 0;
    unsigned number = 0;
    char     path[4096];

    if (argc < 3 || !wanted) {
        fprintf(stderr, "usage: %s BYTES DIR [SEED]\n", argv[0]);
        return 2;
    }
    state = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    for (unsigned i = 0; made < wanted; i++) {
        FILE *f;
        long  size = 0;

        snprintf(path, sizeof path, "%s/111122223333_CloudTrail_eu-west-1_20260302T0000Z_%016u.json", argv[2], i);
        f = fopen(path, "w");
        if (!f) {
            perror(path);
            return 2;
        }
        fputs("{\"Records\":[", f);
        for (const char *comma = ""; size < FILE_BYTES && made + (uint64_t)size < wanted; comma = ",", size = ftell(f)) {
            fputs(comma, f);
            record(f, number++);
        }
        fputs("]}", f);
        made += (uint64_t)ftell(f);
        if (fclose(f) != 0)
            return 2;
    }
    printf("%u records, %" PRIu64 " bytes\n", number, made);
    return 0;
}
