/* SPDX-License-Identifier: Apache-2.0
 *
 * The generator and the comparison.
 */
#include "agree.h"

#include "base/buf.h"
#include "base/str.h"
#include "eval/set_int.h"
#include "explain/interpret.h"

#include <stdio.h>
#include <stdlib.h>
#include <verdict/explain.h>

typedef struct source {
    const uint8_t *p;
    size_t         n;
    uint64_t       state;
} source;

static uint32_t below(source *s, uint32_t n)
{
    uint64_t z;

    if (s->n) {
        uint8_t b = *s->p++;

        s->n--;
        s->state = s->state * 31 + b;
        return b % n;
    }
    z = (s->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) % n);
}

static bool chance(source *s, uint32_t percent)
{
    return below(s, 100) < percent;
}

#define PICK(s, list) ((list)[below((s), (uint32_t)VD_COUNT(list))])

/* ------------------------------------------------------------------ vocabulary */

static const char *const actions[] = {
    "s3:GetObject",      "s3:GetObject",        "s3:PutObject",           "s3:ListBucket",       "S3:getobject",
    "s3:GetBucketPolicy", "s3:PutObjectAcl",    "sts:AssumeRole",         "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",    "sts:GetCallerIdentity", "sts:GetSessionToken",  "kms:Decrypt",         "kms:CreateAlias",
    "kms:RetireGrant",   "iam:PassRole",        "iam:PutRolePolicy",      "iam:GetRole",         "sqs:SendMessage",
    "lambda:InvokeFunction", "ec2:DescribeInstances", "cognito-identity:GetId", "s3:ListAllMyBuckets", "logs:PutLogEvents",
};
static const char *const action_patterns[] = {
    "s3:GetObject", "s3:getobject", "s3:Get*", "s3:*", "*", "*", "s3:G*t", "s3:*Object*", "s3:?etObject", "*:Get*", "s*:*",
    "s3:PutObject", "s3:ListBucket", "s3:List*", "sts:AssumeRole", "sts:*", "sts:AssumeRole*", "sts:TagSession", "kms:*", "kms:Decrypt",
    "kms:D*", "iam:*", "iam:PassRole", "iam:Put*", "sqs:*", "sqs:SendMessage", "lambda:Invoke*", "ec2:Describe*", "cognito-identity:*",
    "logs:*", "s3:GetObjectAcl", "s3:", " s3:GetObject", "S3:GETOBJECT", "s3:Get**", "s3:GetBucket*", "s3:Lis", "*:*",
};
static const char *const resources[] = {
    "arn:aws:s3:::b/k", "arn:aws:s3:::b/k", "arn:aws:s3:::b", "arn:aws:s3:::b/home/bob/x", "arn:aws:s3:::b/a/t/c", "arn:aws:s3:::b/x*y",
    "arn:aws:iam::111111111111:role/r", "arn:aws:iam::111111111111:role/ops/r", "arn:aws:iam::222222222222:role/r",
    "arn:aws:kms:us-east-1:111111111111:key/k1", "arn:aws:kms:us-east-1:222222222222:key/k1", "arn:aws:kms:us-east-1:111111111111:alias/aws/s3",
    "arn:aws:sqs:us-east-1:111111111111:q", "arn:aws:sqs:eu-west-1:222222222222:q", "*", "*",
    "arn:aws:logs:us-east-1:111111111111:log-group:/x:log-stream:y", "arn:aws:lambda:us-east-1:111111111111:function:f",
    "arn:aws:ec2:us-east-1:111111111111:instance/i-1", "arn:aws-cn:s3:::b/k", "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
    "arn:aws:s3:::b/\xc3\xa9", "arn:aws:s3:::b/a:b:c:home/k",
};
static const char *const resource_patterns[] = {
    "*", "*", "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b", "arn:aws:s3:::b*", "arn:aws:s3:::b/k", "arn:aws:s3:::b/?", "arn:aws:s3:::b/*/t/*",
    "arn:aws:s3:::b/home/${aws:username}/*", "arn:aws:s3:::b/${aws:PrincipalTag/t, 'k'}", "arn:aws:s3:::b/${aws:PrincipalTag/t}*",
    "arn:aws:s3:::b/x${*}y", "arn:aws:s3:::b/${nokey}", "arn:aws:s3:::b/${}", "arn:aws:s3:::b/${aws:TagKeys}", "arn:*:s3:::b/*",
    "arn:aws:*:*:*:*", "arn:aws:iam::*:role/*", "arn:aws:iam::111111111111:role/r", "arn:aws:iam::1*1:role/r", "arn:aws:kms:*:*:key/*",
    "arn:aws:kms:us-*-1:111111111111:key/k1", "arn:aws:sqs:*:111111111111:q", "arn:aws:sqs", "arn:aws:sqs:*", "arn:aws:s3", "arn:aws:logs:*:*:log-group:/x:*",
    "arn:aws:logs:*:log-stream:y", "arn:aws:logs:us-east-1:*:y", "arn:aws:lambda:*:function:f", "arn:aws:lambda:us-*-1:function:f",
    "arn:aws:lambda:*:*:function:?", "arn:aws:s3:::b/\xc3\xa9", "arn:aws:s3:::b/\xc3\xa9?", "**",
    "arn:aws:s3:::b/home/*", "arn:aws:s3:::b/a/*", "arn:aws:s3:::*home/k", "arn:*:home/k", "arn:aws:ec2:*:*:instance/*",
    "arn:aws:iam::${aws:PrincipalAccount}:role/r", "arn:aws:s3:::${aws:PrincipalTag/t}/k",
    "mybucket", "arn:aws:s3::b", /* UNUSABLE: these two come last */
};
enum { UNUSABLE = 2 };
static const char *const principals[] = {
    "\"*\"", "\"*\"", "{\"AWS\":\"*\"}", "{\"AWS\":\"111111111111\"}", "{\"AWS\":\"arn:aws:iam::111111111111:root\"}", "{\"AWS\":\"222222222222\"}",
    "{\"AWS\":\"arn:aws:iam::111111111111:user/bob\"}", "{\"AWS\":[\"arn:aws:iam::111111111111:user/bob\",\"111111111111\"]}",
    "{\"AWS\":\"arn:aws:iam::111111111111:role/r\"}", "{\"AWS\":\"arn:aws:iam::111111111111:role/ops/r\"}",
    "{\"AWS\":[\"arn:aws:sts::111111111111:assumed-role/r/s\",\"arn:aws:iam::111111111111:role/r\",\"111111111111\"]}",
    "{\"AWS\":\"arn:aws:sts::111111111111:assumed-role/r/s\"}", "{\"AWS\":\"arn:aws:sts::111111111111:federated-user/f\"}",
    "{\"AWS\":[\"arn:aws:sts::111111111111:federated-user/f\",\"arn:aws:iam::111111111111:root\"]}", "{\"AWS\":\"AIDAEXAMPLEBOB000001\"}",
    "{\"AWS\":\"AROAEXAMPLER00000001\"}", "{\"Service\":\"lambda.amazonaws.com\"}", "{\"Service\":[\"s3.amazonaws.com\",\"lambda.amazonaws.com\"]}",
    "{\"Service\":\"*\"}", "{\"Federated\":\"arn:aws:iam::111111111111:saml-provider/x\"}", "{\"Federated\":\"accounts.google.com\"}",
    "{\"CanonicalUser\":\"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be\"}", "{}", "{\"AWS\":[]}", "{\"AWS\":\"arn:aws:iam::111111111111:role/*\"}",
    "{\"AWS\":\"arn:aws-cn:iam::111111111111:root\"}", "{\"Service\":\"arn:aws:iam::111111111111:root\",\"AWS\":\"222222222222\"}",
};
static const char *const operators[] = {
    "StringEquals", "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringLike", "StringNotLike",
    "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals",
    "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "Bool",
    "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "Null", "Null", "stringequals", "NoSuchOp",
};
static const char *const keys[] = {
    "k", "K", "k", "aws:username", "aws:PrincipalTag/t", "aws:PrincipalTag/T", "aws:TagKeys", "aws:SourceIp", "aws:CurrentTime", "aws:EpochTime",
    "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalType", "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName", "aws:userid", "aws:ResourceAccount", "aws:ResourceTag/t",
    "ec2:ResourceTag/t", "aws:RequestedRegion", "aws:ViaAWSService", "aws:CalledVia", "aws:CalledViaFirst", "aws:SourceArn", "aws:SourceAccount",
    "kms:CallerAccount", "s3:prefix", "aws:SecureTransport", "many", "aws:PrincipalServiceNamesList", "aws:ResourceOrgID", "aws:CalledViaLast",
};
static const char *const values[] = {
    "a", "b", "A", "", "k", "bob", "true", "false", "TRUE", "t", "*", "a*", "?", "a?c", "abc", "${aws:username}", "${aws:username}*", "${k}", "${k, 'a'}",
    "${nokey, 'b'}", "${nokey}", "${aws:TagKeys}", "${*}", "a${*}", "${$}", "${}", "${", "10", "9.5", "1e1", "-3", "10.0", "0x1", "1704067200",
    "2024-01-01", "2024-01-01T00:00:00Z", "2024-02-30", "2024-01-01T02:00:00+02:00", "1704067200000", "203.0.113.7", "203.0.113.0/24", "0.0.0.0/0",
    "2001:db8::1", "2001:db8::/32", "::ffff:203.0.113.7", "10.0.0.0/8", "1.2.3.4/33", "QQ==", "QUJD", "Q", "arn:aws:s3:::b", "arn:aws:iam::111111111111:user/bob",
    "arn:aws:iam::111111111111:role/r", "arn:aws:iam::*:role/*", "arn:aws:iam::1*:*", "arn:*:*:*:*:*", "arn:aws:s3:::${k}", "arn:aws:iam::${aws:PrincipalAccount}:role/r",
    "111111111111", "222222222222", "o-own", "o-own/r-1/", "o-own/*", "us-east-1", "User", "AssumedRole", "lambda.amazonaws.com", "x:y:z", "arn:aws:a:b:c:d:e",
    "\xc3\x84", "\xc3\xa4", "e\xcc\x81", "AIDAEXAMPLEBOB000001", "athena.amazonaws.com",
};

static const char *const numbers[] = { "10", "9.5", "1e1", "-3", "10.0", "0", "1704067200", "10.00000000000000000001",
    "1e400", "-123e400", "1e-400" };
static const char *const dates[] = { "1704067200", "2024-01-01", "2024-01-01T00:00:00Z", "2024-01-01T02:00:00+02:00", "1704067200000", "2024-01", "2023-12-31T23:59:59.999999999Z",
    "9223372036854775807", "-292275054-01-01" };
static const char *const ranges[] = { "203.0.113.7", "203.0.113.0/24", "0.0.0.0/0", "2001:db8::1", "2001:db8::/32", "::ffff:203.0.113.7", "10.0.0.0/8", "::/0" };
static const char *const binaries[] = { "QQ==", "QUJD", "" };
static const char *const arns[] = { "arn:aws:s3:::b", "arn:aws:iam::111111111111:user/bob", "arn:aws:iam::111111111111:role/r", "arn:aws:iam::*:role/*", "arn:aws:iam::1*:*",
    "arn:*:*:*:*:*", "arn:aws:s3:::${k}", "arn:aws:iam::${aws:PrincipalAccount}:role/r", "arn:aws:iam::${k, '1'}*:user/?ob", "x:y:z:a:b:c", "arn:aws:a:b:c:d:e",
    "arn:aws:s3:::${a b}", "arn:aws:s3:::${}", "arn:aws:${*}:::b" };

/* ------------------------------------------------------------------ documents */

static void quote(vd_buf *b, const char *text)
{
    vd_buf_byte(b, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            vd_buf_byte(b, '\\');
        vd_buf_byte(b, *text);
    }
    vd_buf_byte(b, '"');
}

static void list(vd_buf *b, source *s, const char *const *from, uint32_t n, uint32_t most)
{
    uint32_t count = chance(s, 60) ? 1 : chance(s, 1) ? 0 : 1 + below(s, most);

    if (count == 1 && chance(s, 50)) {
        quote(b, from[below(s, n)]);
        return;
    }
    vd_buf_byte(b, '[');
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            vd_buf_byte(b, ',');
        quote(b, from[below(s, n)]);
    }
    vd_buf_byte(b, ']');
}

static void value_list(vd_buf *b, source *s, const char *op, uint32_t most, bool deny)
{
    if (chance(s, deny ? 1 : 12))
        list(b, s, values, (uint32_t)VD_COUNT(values), most);
    else if (strncmp(op, "Num", 3) == 0)
        list(b, s, numbers, (uint32_t)VD_COUNT(numbers), most);
    else if (strncmp(op, "Date", 4) == 0)
        list(b, s, dates, (uint32_t)VD_COUNT(dates), most);
    else if (strstr(op, "IpAddress"))
        list(b, s, ranges, (uint32_t)VD_COUNT(ranges), most);
    else if (strncmp(op, "Binary", 6) == 0)
        list(b, s, binaries, (uint32_t)VD_COUNT(binaries), most);
    else if (strncmp(op, "Arn", 3) == 0)
        list(b, s, arns, (uint32_t)VD_COUNT(arns), most);
    else
        list(b, s, values, (uint32_t)VD_COUNT(values), most);
}

static void condition(vd_buf *b, source *s, bool deny)
{
    static const char *const prefixes[] = { "", "", "", "ForAllValues:", "ForAnyValue:" };
    uint32_t                 count = 1 + below(s, 3);

    vd_buf_add(b, VD_S(",\"Condition\":{"));
    for (uint32_t i = 0; i < count; i++) {
        const char *op = PICK(s, operators);

        if (i)
            vd_buf_byte(b, ',');
        if (strcmp(op, "NoSuchOp") == 0 && (deny || !chance(s, 20)))
            op = "StringEquals";
        vd_buf_printf(b, "\"%s%s%s\":{", PICK(s, prefixes), op, chance(s, 25) && strcmp(op, "Null") != 0 ? "IfExists" : "");
        quote(b, PICK(s, keys));
        vd_buf_byte(b, ':');
        value_list(b, s, op, chance(s, 10) ? 14 : 3, deny);
        vd_buf_byte(b, '}');
    }
    vd_buf_byte(b, '}');
}

static void statement(vd_buf *b, source *s, vd_layer layer, bool crowd, uint32_t i)
{
    bool deny = chance(s, layer == VD_LAYER_RCP ? 90 : 30);
    bool principal = layer == VD_LAYER_RESOURCE || layer == VD_LAYER_RCP || layer == VD_LAYER_ENDPOINT || layer == VD_LAYER_ACCESS_POINT;

    vd_buf_printf(b, "{\"Effect\":\"%s\"", deny ? "Deny" : "Allow");
    if (principal ? !chance(s, 3) : chance(s, 3)) {
        vd_buf_add(b, chance(s, deny ? 20 : 1) ? VD_S(",\"NotPrincipal\":") : VD_S(",\"Principal\":"));
        vd_buf_add(b, vd_str_of(layer == VD_LAYER_RCP && !chance(s, 10) ? "\"*\"" : PICK(s, principals)));
    }
    vd_buf_add(b, chance(s, 12) ? VD_S(",\"NotAction\":") : VD_S(",\"Action\":"));
    if (crowd)
        vd_buf_printf(b, "[\"s3:GetObject\",\"s3:List%u\"]", i % 3);
    else
        list(b, s, action_patterns, (uint32_t)VD_COUNT(action_patterns), 4);
    if (!principal || !chance(s, 20)) {
        vd_buf_add(b, chance(s, 15) ? VD_S(",\"NotResource\":") : VD_S(",\"Resource\":"));
        if (crowd && chance(s, 80))
            vd_buf_printf(b, "[\"arn:aws:s3:::b/%c%u*\",\"arn:aws:s3:::b/k%s\"]", "hakx"[i % 4], i, chance(s, 10) ? "" : "q");
        else
            list(b, s, resource_patterns, (uint32_t)VD_COUNT(resource_patterns) - (deny && !chance(s, 3) ? UNUSABLE : 0), 4);
    }
    if (chance(s, 45))
        condition(b, s, deny);
    vd_buf_byte(b, '}');
}

static const vd_kind kind_of[VD_LAYER_COUNT] = { VD_KIND_IDENTITY, VD_KIND_BOUNDARY, VD_KIND_SESSION,  VD_KIND_RESOURCE,
                                                 VD_KIND_SCP,      VD_KIND_RCP,      VD_KIND_ENDPOINT, VD_KIND_RESOURCE };

static void document(vd_buf *b, source *s, vd_layer layer)
{
    static const char *const versions[] = { "\"Version\":\"2012-10-17\",", "\"Version\":\"2012-10-17\",", "\"Version\":\"2012-10-17\",",
                                            "\"Version\":\"2008-10-17\",", "" };
    bool                     crowd = chance(s, 6);
    uint32_t                 count = crowd ? 14 + below(s, 30) : below(s, 5);

    b->n = 0;
    vd_buf_printf(b, "{%s\"Statement\":[", PICK(s, versions));
    if (chance(s, layer == VD_LAYER_SCP || layer == VD_LAYER_BOUNDARY ? 70 : 15))
        vd_buf_printf(b, "{\"Effect\":\"Allow\",%s\"Action\":\"*\",\"Resource\":\"*\"}%s",
                      kind_of[layer] == VD_KIND_RESOURCE || layer == VD_LAYER_ENDPOINT ? "\"Principal\":\"*\"," : "", count ? "," : "");
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            vd_buf_byte(b, ',');
        statement(b, s, layer, crowd, i);
    }
    vd_buf_add(b, VD_S("]}"));
}

/* ------------------------------------------------------------------ sets */

typedef struct world {
    source      s;
    vd_engine  *engine;
    vd_builder *builder;
    vd_set     *set;
    vd_buf      text;
    vd_request *request;
    vd_request *again; /* the same with a caller read before */
    void       *scratch;
    vd_arena    arena;
} world;

static void must(vd_code code, const char *what)
{
    if (code == VD_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, vd_code_name(code));
    abort();
}

static void add_document(world *w, vd_layer layer, uint32_t level, uint32_t i)
{
    static const char *const who[] = { "arn:aws:iam::111111111111:user/bob", "arn:aws:iam::111111111111:role/ops/r", "arn:aws:iam::111111111111:role/r" };
    static const char *const what[] = { "arn:aws:s3:::b", "arn:aws:iam::111111111111:role/r", "arn:aws:kms:us-east-1:111111111111:key/k1" };
    static const char *const accounts[] = { "111111111111", "222222222222" };
    char                     name[32];
    vd_policy               *p;
    vd_attach                at = { .size = sizeof at, .layer = layer, .level = level };
    vd_kind                  kind = kind_of[layer];

    if (layer == VD_LAYER_RESOURCE && chance(&w->s, 40))
        kind = VD_KIND_TRUST;
    document(&w->text, &w->s, layer);
    snprintf(name, sizeof name, "%c%u", 'z' - (char)below(&w->s, 4), i);
    if (vd_policy_parse(&p, w->engine, kind, vd_str_of(name), vd_buf_str(&w->text), NULL, NULL) != VD_OK)
        return;
    if (chance(&w->s, 8)) {
        at.principal = vd_str_of(PICK(&w->s, who));
        at.resource = vd_str_of(PICK(&w->s, what));
        at.account = vd_str_of(PICK(&w->s, accounts));
    }
    must(vd_builder_add(w->builder, p, &at, NULL), "add");
    vd_policy_release(p);
}

static void add_layers(world *w)
{
    uint32_t n = 0;

    for (uint32_t i = below(&w->s, 4); i > 0; i--)
        add_document(w, VD_LAYER_IDENTITY, 0, n++);
    for (uint32_t i = chance(&w->s, 25); i > 0; i--)
        add_document(w, VD_LAYER_BOUNDARY, 0, n++);
    for (uint32_t i = chance(&w->s, 25) ? 1 + below(&w->s, 2) : 0; i > 0; i--)
        add_document(w, VD_LAYER_SESSION, 0, n++);
    for (uint32_t i = chance(&w->s, 60) ? 1 + below(&w->s, 2) : 0; i > 0; i--)
        add_document(w, VD_LAYER_RESOURCE, 0, n++);
    if (chance(&w->s, 6))
        add_document(w, VD_LAYER_ACCESS_POINT, 0, n++);
    if (chance(&w->s, 15))
        add_document(w, VD_LAYER_ENDPOINT, 0, n++);
    for (uint32_t level = 0, levels = chance(&w->s, 30) ? 1 + below(&w->s, 3) : 0; level < levels; level++)
        for (uint32_t i = chance(&w->s, 97) ? 1 + below(&w->s, 2) : 0; i > 0; i--)
            add_document(w, VD_LAYER_SCP, level, n++);
    for (uint32_t level = 0, levels = chance(&w->s, 20) ? 1 + below(&w->s, 2) : 0; level < levels; level++)
        add_document(w, VD_LAYER_RCP, level, n++);
}

/* ------------------------------------------------------------------ requests */

typedef struct who {
    const char *arn, *role, *parent, *id, *kind, *canonical;
} who;

static const who callers[] = {
    { "arn:aws:iam::111111111111:user/bob", NULL, NULL, "AIDAEXAMPLEBOB000001", NULL, NULL },
    { "arn:aws:iam::111111111111:user/bob", NULL, NULL, NULL, NULL, NULL },
    { "arn:aws:iam::111111111111:user/dev/bob", NULL, NULL, NULL, NULL, "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" },
    { "arn:aws:sts::111111111111:assumed-role/r/s", NULL, NULL, NULL, NULL, NULL },
    { "arn:aws:sts::111111111111:assumed-role/r/s", "arn:aws:iam::111111111111:role/ops/r", NULL, "AROAEXAMPLER00000001", NULL, NULL },
    { "arn:aws:sts::111111111111:assumed-role/r/s", "arn:aws:iam::111111111111:role/r", NULL, NULL, NULL, NULL },
    { "arn:aws:iam::111111111111:role/r", NULL, NULL, NULL, NULL, NULL },
    { "arn:aws:sts::222222222222:assumed-role/r/s", NULL, NULL, NULL, NULL, NULL },
    { "arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForX/s", "arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", NULL, NULL, NULL, NULL },
    { "arn:aws:sts::111111111111:federated-user/f", NULL, "arn:aws:iam::111111111111:user/bob", NULL, NULL, NULL },
    { "arn:aws:sts::111111111111:federated-user/f", NULL, "arn:aws:iam::111111111111:root", NULL, NULL, NULL },
    { "arn:aws:sts::111111111111:federated-user/f", NULL, NULL, NULL, NULL, NULL },
    { "arn:aws:iam::111111111111:root", NULL, NULL, NULL, NULL, NULL },
    { "arn:aws:iam::222222222222:root", NULL, NULL, NULL, NULL, "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" },
    { "lambda.amazonaws.com", NULL, NULL, NULL, NULL, NULL },
    { "s3.amazonaws.com", NULL, NULL, NULL, NULL, NULL },
    { "anonymous", NULL, NULL, NULL, NULL, NULL },
    { "arn:aws:iam::111111111111:saml-provider/x", NULL, NULL, NULL, "idp-caller", NULL },
    { "arn:aws:iam::222222222222:saml-provider/x", NULL, NULL, NULL, "idp-caller", NULL },
    { "accounts.google.com", NULL, NULL, NULL, "idp-caller", NULL },
    { "arn:aws-cn:iam::111111111111:user/bob", NULL, NULL, NULL, NULL, NULL },
};

static const char *const decrypt[] = { "Decrypt" };
static vd_str            operations[1];
static const vd_kms_grant a_grant = { .grantee = VD_L("arn:aws:iam::111111111111:user/bob"), .operations = operations, .operation_count = 1 };
static const vd_acl_grant all_users[] = { { VD_ACL_ALL_USERS, VD_ACL_READ, { "", 0 } } };
static const vd_acl_grant one_account[] = { { VD_ACL_ACCOUNT, VD_ACL_FULL, VD_L("111111111111") }, { VD_ACL_AUTHENTICATED, VD_ACL_WRITE, { "", 0 } } };
static const vd_resource_state states[] = {
    { .grants = &a_grant, .grant_count = 1 },
    { .acls_enabled = true, .acl = { true, { "", 0 }, all_users, 1 }, .object_acl = { true, { "", 0 }, all_users, 1 } },
    { .acls_enabled = true, .object_acl = { true, { "", 0 }, one_account, 2 }, .object_owner = VD_L("222222222222") },
    { .restrict_public_buckets = true },
    { .acls_enabled = true, .ignore_public_acls = true, .block_public_acls = true, .object_acl = { true, { "", 0 }, all_users, 1 } },
    { .management_account = true },
};

static void set_field(world *w, vd_field f, const char *text)
{
    if (text)
        vd_request_set(w->request, f, vd_str_of(text));
}

static void add_context(world *w)
{
    vd_str      list[4];
    const char *name = PICK(&w->s, keys);
    uint32_t    count = chance(&w->s, 80) ? 1 : below(&w->s, 4);

    for (uint32_t i = 0; i < count; i++) {
        switch (below(&w->s, 9)) {
        case 0:
            list[i] = vd_str_of(PICK(&w->s, numbers));
            break;
        case 1:
            list[i] = vd_str_of(PICK(&w->s, dates));
            break;
        case 2:
            list[i] = vd_str_of(PICK(&w->s, ranges));
            break;
        case 3:
            list[i] = vd_str_of(PICK(&w->s, arns));
            break;
        default:
            list[i] = vd_str_of(PICK(&w->s, values));
            break;
        }
    }
    if (chance(&w->s, 5))
        vd_request_absent(w->request, vd_str_of(name));
    else if (chance(&w->s, 20) && vd_set_key(w->set, vd_str_of(name)))
        vd_request_bind(w->request, vd_set_key(w->set, vd_str_of(name)), list, count);
    else
        vd_request_context(w->request, vd_str_of(name), list, count);
}

static void make_request(world *w)
{
    const who *c = &PICK(&w->s, callers);
    source    *s = &w->s;

    vd_request_reset(w->request);
    set_field(w, VD_PRINCIPAL, c->arn);
    set_field(w, VD_PRINCIPAL_ROLE, c->role);
    set_field(w, VD_PRINCIPAL_PARENT, c->parent);
    set_field(w, VD_PRINCIPAL_ID, c->id);
    set_field(w, VD_PRINCIPAL_KIND, c->kind);
    set_field(w, VD_PRINCIPAL_CANONICAL, c->canonical);
    set_field(w, VD_ACTION, PICK(s, actions));
    set_field(w, VD_RESOURCE, PICK(s, resources));
    if (chance(s, 50))
        set_field(w, VD_RESOURCE_ACCOUNT, chance(s, 65) ? "111111111111" : "222222222222");
    if (chance(s, 20))
        set_field(w, VD_PRINCIPAL_ORG, "o-own");
    if (chance(s, 20))
        set_field(w, VD_PRINCIPAL_ORG_PATH, "o-own/r-1/");
    if (chance(s, 30))
        set_field(w, VD_NOW, "2024-01-01T00:00:00Z");
    if (chance(s, 10))
        set_field(w, VD_ENDPOINT_TYPE, "gateway");
    if (chance(s, 5))
        set_field(w, VD_CREDENTIAL, chance(s, 50) ? "session-token" : "long-term");
    if (chance(s, 5))
        vd_request_flag(w->request, (vd_flag)below(s, 2), true);
    for (uint32_t i = below(s, 5); i > 0; i--)
        add_context(w);
    if (chance(s, 12)) {
        vd_request_check(w->request, chance(s, 50) ? vd_str_of(PICK(s, actions)) : (vd_str){ "", 0 }, vd_str_of(PICK(s, resources)),
                         (vd_str){ "", 0 });
        for (uint32_t i = below(s, 3); i > 0; i--)
            add_context(w);
    }
    if (chance(s, 10))
        w->request->state = &PICK(s, states);
}

/* ------------------------------------------------------------------ the interpreter's world */

static vd_arity arity(const void *ctx, vd_str key)
{
    return vd_set_key_arity(ctx, key);
}

static bool rcp_service(const void *ctx, vd_str service)
{
    return vd_set_rcp_service(ctx, service);
}

static vd_str bound_key(const void *ctx, vd_key key)
{
    const vd_set  *set = ctx;
    const vd_ikey *keys_of = vd_image_at(set->image, VD_SEC_KEYS);
    uint32_t       id = (uint32_t)key - 1;

    if ((uint32_t)(key >> 32) != set->image->fingerprint || id >= set->image->sections[VD_SEC_KEYS].count)
        return (vd_str){ "", 0 };
    return vd_image_text(set->image, keys_of[id].name);
}

static void fill_layer(world *w, vd_world_layer *out, const vd_facts *f, vd_layer layer)
{
    uint32_t        levels = vd_set_levels(w->set, f, layer);
    vd_world_level *l = vd_arena_new_array(&w->arena, vd_world_level, (size_t)levels + 1);

    *out = (vd_world_layer){ l, levels };
    for (uint32_t i = 0; i < levels; i++) {
        vd_bound          b;
        const vd_policy **p;

        vd_set_bound(&b, w->set, f, layer, i);
        p = (const vd_policy **)vd_arena_alloc(&w->arena, ((size_t)b.count + 1) * sizeof *p, sizeof(void *));
        for (uint32_t k = 0; k < b.count; k++)
            p[k] = vd_set_model(w->set, b.policies[k]);
        l[i] = (vd_world_level){ b.target, p, b.policies, b.count };
    }
}

static void interpret_one(world *w, uint32_t check, vd_check_result *out)
{
    vd_world *v = vd_arena_new(&w->arena, vd_world);
    vd_facts *f = vd_arena_new(&w->arena, vd_facts);
    vd_error  err;

    *v = (vd_world){ .arity = arity, .rcp_service = rcp_service, .bound_key = bound_key, .ctx = w->set };
    if (vd_facts_make(f, w->request, check, &err) != VD_OK) {
        vd_interpret_refused(out, check, &err);
        return;
    }
    for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++)
        fill_layer(w, &v->layer[layer], f, layer);
    must(vd_interpret(out, &w->arena, v, f), "interpret");
}

static void interpret(world *w, vd_decision *out, vd_code *code)
{
    uint32_t         n = vd_request_check_count(w->request), at;
    vd_check_result *r = vd_arena_new_array(&w->arena, vd_check_result, (size_t)n + 1);

    for (uint32_t i = 0; i < n; i++)
        interpret_one(w, i, &r[i]);
    at = vd_interpret_overall(r, n);
    *out = r[at].decision;
    out->check = at;
    *code = r[at].code;
}

/* ------------------------------------------------------------------ the same with a caller */

static void say_again(world *w, uint32_t entry)
{
    const vd_request *r = w->request;
    const vd_context *c = &r->context.at[entry];
    const vd_str     *given = c->count ? r->values.at + c->first : NULL;

    if (c->absent)
        vd_request_absent(w->again, c->key);
    else if (c->key.n)
        vd_request_context(w->again, c->key, given, c->count);
    else
        vd_request_bind(w->again, c->bound, given, c->count);
}

/* The first entries of the context that all checks share. */
static uint32_t shared_entries(const vd_request *r)
{
    uint32_t n = 0;

    while (n < r->context.count && r->context.at[n].check == VD_SHARED_CHECK)
        n++;
    return n;
}

/* What there is of the principal, and the first entries of the context. */
static vd_code read_caller(world *w, vd_caller **out, uint32_t entries)
{
    const vd_request *r = w->request;

    vd_request_reset(w->again);
    for (vd_field i = 0; i < VD_FIELD_COUNT; i++)
        if (i != VD_ACTION && i != VD_RESOURCE && i != VD_RESOURCE_ACCOUNT && r->field[i].n)
            vd_request_set(w->again, i, r->field[i]);
    for (vd_flag i = 0; i < VD_FLAG_COUNT; i++)
        vd_request_flag(w->again, i, r->flag[i]);
    for (uint32_t i = 0; i < entries; i++)
        say_again(w, i);
    return vd_caller_new(out, w->again, NULL);
}

static void say_the_rest(world *w, uint32_t entries)
{
    const vd_request *r = w->request;
    uint32_t          shared = shared_entries(r);

    vd_request_set(w->again, VD_ACTION, r->field[VD_ACTION]);
    if (r->field[VD_RESOURCE_ACCOUNT].n)
        vd_request_set(w->again, VD_RESOURCE_ACCOUNT, r->field[VD_RESOURCE_ACCOUNT]);
    for (uint32_t i = entries; i < shared; i++)
        say_again(w, i);
    for (uint32_t k = 0; k < r->checks.count; k++) {
        const vd_check *c = &r->checks.at[k];

        if (!c->further)
            vd_request_set(w->again, VD_RESOURCE, c->resource);
        else
            vd_request_check(w->again, c->action, c->resource, c->account);
        for (uint32_t i = shared; c->further && i < r->context.count; i++)
            if (r->context.at[i].check == k)
                say_again(w, i);
    }
    w->again->state = r->state;
}

/* A caller that is read once answers like one that is told with each request; so does one of whom more is said later. */
static vd_code ask_with_caller(world *w, vd_decision *out, uint32_t round)
{
    uint32_t   entries = round % (shared_entries(w->request) + 1);
    vd_caller *c;
    vd_code    code;

    if (w->request->failed)
        return vd_eval(out, w->set, w->request, w->scratch);
    code = read_caller(w, &c, entries);
    if (code != VD_OK)
        return code;
    must(vd_request_begin(w->again, c), "begin");
    say_the_rest(w, entries);
    if (round % 8 == 0) /* who it is has to be found out anew */
        vd_request_set(w->again, VD_PRINCIPAL, w->request->field[VD_PRINCIPAL]);
    code = vd_eval(out, w->set, w->again, w->scratch);
    vd_caller_release(c);
    return code;
}

/* ------------------------------------------------------------------ comparing */

static bool same(const vd_decision *a, vd_code ca, const vd_decision *b, vd_code cb)
{
    if (ca != cb)
        return false;
    if (ca == VD_EREQUEST)
        return true;
    return a->outcome == b->outcome && a->layer == b->layer && a->category == b->category && a->policy == b->policy &&
           a->statement == b->statement && a->level == b->level && a->check == b->check && (ca != VD_OK || a->trust == b->trust);
}

static void tell(const char *who_says, const vd_decision *d, vd_code code)
{
    fprintf(stderr, "  %-12s %s %s layer %s category %s policy %d statement %d level %u check %u trust %d\n", who_says, vd_code_name(code),
            vd_outcome_name(d->outcome), vd_layer_name(d->layer), vd_category_name(d->category), (int)d->policy, (int)d->statement,
            d->level, d->check, d->trust);
}

static void tell_request(const world *w)
{
    const vd_request *r = w->request;

    for (uint32_t i = 0; i < VD_FIELD_COUNT; i++)
        if (r->field[i].n)
            fprintf(stderr, "  field %u: " VD_F "\n", i, VD_A(r->field[i]));
    for (uint32_t i = 0; i < r->checks.count; i++)
        fprintf(stderr, "  check %u: " VD_F " on " VD_F "\n", i, VD_A(r->checks.at[i].action), VD_A(r->checks.at[i].resource));
    for (uint32_t i = 0; i < VD_FLAG_COUNT; i++)
        if (r->flag[i])
            fprintf(stderr, "  flag %u\n", i);
    for (uint32_t i = 0; i < r->context.count; i++) {
        const vd_context *c = &r->context.at[i];
        vd_str            name = c->key.n ? c->key : bound_key(w->set, c->bound);

        fprintf(stderr, "  context[%d] " VD_F "%s =", (int)c->check, VD_A(name), c->absent ? " (absent)" : c->key.n ? "" : " (bound)");
        for (uint32_t v = 0; v < c->count; v++)
            fprintf(stderr, " \"" VD_F "\"", VD_A(r->values.at[c->first + v]));
        fprintf(stderr, "\n");
    }
    if (r->state)
        fprintf(stderr, "  state %d\n", (int)(r->state - states));
}

static void tell_set(const world *w)
{
    for (uint32_t i = 0; i < vd_set_policies(w->set); i++)
        fprintf(stderr, "  policy %u %s \"" VD_F "\": " VD_F "\n", i, vd_layer_name(vd_set_policy_layer(w->set, i)),
                VD_A(vd_set_policy_name(w->set, i)), VD_A(vd_set_policy_text(w->set, i)));
}

static void compare(world *w, const vd_set *other, agree_counts *counts)
{
    vd_decision tree = { .size = sizeof tree }, book = { .size = sizeof book }, again = { .size = sizeof again };
    vd_decision caller = { .size = sizeof caller };
    vd_code     tree_code, book_code, again_code, caller_code;

    tree_code = vd_eval(&tree, w->set, w->request, w->scratch);
    interpret(w, &book, &book_code);
    again_code = vd_eval(&again, other, w->request, w->scratch);
    caller_code = ask_with_caller(w, &caller, (uint32_t)counts->requests);
    counts->requests++;
    counts->allowed += tree_code == VD_OK && tree.outcome == VD_ALLOW;
    counts->denied += tree_code == VD_OK && tree.outcome == VD_EXPLICIT_DENY;
    counts->refused += tree_code == VD_EREQUEST;
    counts->errors += tree_code == VD_EMALFORMED;
    if (same(&tree, tree_code, &book, book_code) && same(&tree, tree_code, &again, again_code) &&
        same(&tree, tree_code, &caller, caller_code))
        return;
    fprintf(stderr, "the evaluators differ\n");
    tell("tree", &tree, tree_code);
    tell("interpreter", &book, book_code);
    tell("read back", &again, again_code);
    tell("with caller", &caller, caller_code);
    tell_request(w);
    tell_set(w);
    abort();
}

/* The whole story, advice included: it must come to an end, and propose nothing that the rules forbid (E817, E818). */
static void explain(const world *w)
{
    vd_explanation     *x;
    const vd_explained *told;
    vd_error            err = { .size = sizeof err };

    if (vd_explain(&x, w->set, w->request, NULL, &err) != VD_OK) {
        fprintf(stderr, "no explanation: %s\n", err.text);
        tell_request(w);
        tell_set(w);
        abort();
    }
    told = vd_explanation_get(x);
    for (size_t i = 0; i < told->to_allow_count; i++) {
        const vd_proposal *p = told->to_allow[i];

        must(p->change_count >= 1 && p->change_count <= 3 ? VD_OK : VD_EINTERNAL, "one to three changes");
        for (size_t k = 0; k < p->change_count; k++)
            must(p->changes[k]->text.n && !(vd_str_starts(p->changes[k]->patch, VD_S("[{\"op\":\"add\"")) &&
                                            vd_str_contains(p->changes[k]->patch, VD_S("\"AWS\":\"*\"")))
                     ? VD_OK
                     : VD_EINTERNAL,
                 "a change that names everyone");
    }
    vd_explanation_free(x);
}

void agree_run(const uint8_t *bytes, size_t size, uint32_t requests, agree_counts *counts)
{
    world   w = { .s = { bytes, size, 0x5eed } };
    vd_set *other;
    vd_str  block;

    for (size_t i = 0; i < size; i++)
        w.s.state = w.s.state * 1099511628211u + bytes[i];
    operations[0] = vd_str_of(decrypt[0]);
    must(vd_engine_new(&w.engine, NULL, NULL), "engine");
    must(vd_builder_new(&w.builder, w.engine, NULL), "builder");
    w.text = vd_buf_on(&w.engine->alloc, 0);
    w.arena = vd_arena_on(&w.engine->alloc, 0);
    add_layers(&w);
    must(vd_builder_compile(&w.set, w.builder, NULL, NULL), "compile");
    block = vd_set_bytes(w.set);
    must(vd_set_load(&other, w.engine, block, NULL), "read back");
    must(vd_request_new(&w.request, w.engine, NULL), "request");
    must(vd_request_new(&w.again, w.engine, NULL), "request");
    w.scratch = aligned_alloc(16, (vd_scratch_size(w.set) + 15) & ~(size_t)15);
    for (uint32_t i = 0; i < requests; i++) {
        make_request(&w);
        compare(&w, other, counts);
        if (i % 16 == 0)
            explain(&w);
        vd_arena_reset(&w.arena);
    }
    free(w.scratch);
    vd_request_free(w.request);
    vd_request_free(w.again);
    vd_set_release(other);
    vd_set_release(w.set);
    vd_builder_free(w.builder);
    vd_buf_done(&w.text);
    vd_arena_done(&w.arena);
    vd_engine_release(w.engine);
}
