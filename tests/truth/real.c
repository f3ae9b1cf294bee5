/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents as people write them: actions of the catalogue, ARNs of several services, every type of operator, IfExists, set
 * operators, variables.  Requests stand near the values of the documents: each literal, its neighbours, nothing, something new.
 */
#include "truth.h"

#include <stdlib.h>
#include <string.h>

static const char *const action_patterns[] = {
    "s3:GetObject", "s3:*", "s3:Get*", "s3:PutObject", "s3:ListBucket", "s3:*Object*", "ec2:RunInstances", "ec2:Describe*", "ec2:CreateTags",
    "iam:PassRole", "iam:*", "iam:Get*", "sqs:SendMessage", "sqs:*", "sns:Publish", "kms:Decrypt", "kms:*", "lambda:InvokeFunction",
    "dynamodb:*Item", "dynamodb:GetItem", "secretsmanager:GetSecretValue", "logs:PutLogEvents", "*", "*:Get*", "S3:getobject", "s3:Get?bject",
};
static const char *const actions[] = {
    "s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetBucketPolicy", "ec2:RunInstances", "ec2:DescribeInstances", "ec2:CreateTags",
    "iam:PassRole", "iam:GetRole", "sqs:SendMessage", "sns:Publish", "kms:Decrypt", "lambda:InvokeFunction", "dynamodb:GetItem",
    "secretsmanager:GetSecretValue", "logs:PutLogEvents",
};
static const char *const resources[] = {
    "*", "*", "arn:aws:s3:::app-*/*", "arn:aws:s3:::app-data", "arn:aws:s3:::app-data/*", "arn:aws:s3:::app-data/home/${aws:username}/*",
    "arn:aws:s3:::app-data/${aws:PrincipalTag/team}/*", "arn:aws:s3:::app-data/${aws:PrincipalTag/team, 'all'}/*", "arn:aws:s3:::*/x?",
    "arn:aws:s3:::app-data/home/*", "arn:aws:iam::*:role/app-*", "arn:aws:iam::111122223333:role/ops/*", "arn:aws:iam::111122223333:role/app-?",
    "arn:aws:sqs:*:111122223333:*", "arn:aws:sqs:us-east-1:111122223333:q-?", "arn:aws:dynamodb:*:*:table/Orders*",
    "arn:aws:dynamodb:us-*-1:111122223333:table/*", "arn:aws:kms:*:111122223333:key/*", "arn:aws:sns:us-east-1:111122223333:t",
    "arn:aws:lambda:*:111122223333:function:f*", "arn:*:s3:::app-data/*", "arn:aws:*:*:111122223333:*",
};
static const char *const principals[] = {
    "*", "*", "*", "AWS 444455556666", "AWS 111122223333", "AWS arn:aws:iam::444455556666:root", "AWS arn:aws:iam::444455556666:role/r",
    "AWS arn:aws:iam::444455556666:user/dev/u", "AWS arn:aws:sts::444455556666:assumed-role/r/s", "AWS arn:aws:iam::111122223333:role/r",
    "AWS arn:aws:sts::111122223333:assumed-role/r/s", "Service s3.amazonaws.com", "Service sns.amazonaws.com", "AWS AROAEXAMPLEROLE0000001",
};

/* ------------------------------------------------------------------ conditions */

typedef enum type { TYPE_TEXT, TYPE_SET, TYPE_NUMBER, TYPE_DATE, TYPE_BOOL, TYPE_ADDRESS, TYPE_ARN } type;
static const char *const teams[] = { "data", "data*", "ops", "d?ta", "${aws:username}", "*", "Data", "${aws:TagKeys, 'data'}" };
static const char *const envs[] = { "prod", "dev", "pr*", "${aws:PrincipalTag/team}", "PROD" };
static const char *const tag_keys[] = { "env", "team", "e*", "cost", "*" };
static const char *const regions[] = { "us-east-1", "eu-*", "eu-west-?", "us-*" };
static const char *const prefixes[] = { "home/", "home/${aws:username}/*", "", "home/*", "public/*" };
static const char *const numbers[] = { "10", "1000", "3600", "0", "9.5", "-1" };
static const char *const dates[] = { "2025-06-01T00:00:00Z", "2026-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "1767225600", "2025-06-01" };
static const char *const truths[] = { "true", "false" };
static const char *const ranges[] = { "203.0.113.0/24", "203.0.113.128/25", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "198.51.100.7" };
static const char *const arns[] = { "arn:aws:iam::444455556666:role/*", "arn:aws:iam::*:role/r", "arn:aws:iam::111122223333:*", "arn:aws:iam::444455556666:user/dev/*" };
static const char *const source_arns[] = { "arn:aws:sns:us-east-1:444455556666:t", "arn:aws:sns:*:111122223333:*", "arn:aws:s3:::logs", "arn:aws:sns:*:*:*" };
static const char *const accounts[] = { "111122223333", "444455556666", "${aws:ResourceAccount}", "4444*" };
static const char *const account_numbers[] = { "111122223333", "444455556666", "300000000000", "444455556665.5", "-1", "0444455556666" };
static const char *const organizations[] = { "o-abcdefghij", "o-*", "${aws:PrincipalOrgID}" };
static const char *const organization_paths[] = { "o-abcdefghij/*", "o-abcdefghij/r-ab12/ou-ab12-11111111/*", "o-zyxwvutsrq/*" };
static const char *const endpoints[] = { "vpce-1a2b3c4d", "vpce-*" };
static const char *const vpcs[] = { "vpc-1a2b3c4d", "vpc-*" };
static const char *const instances[] = { "t3.micro", "t3.*", "m5.large" };
static const char *const services[] = { "ec2.amazonaws.com", "lambda.amazonaws.com", "*.amazonaws.com" };
static const char *const user_ids[] = { "AROAEXAMPLEROLE0000001:*", "*:s", "AIDAEXAMPLEUSER0000001", "444455556666" };
static const char *const names[] = { "u", "u*", "${aws:PrincipalTag/team}" };

typedef struct key_row {
    const char *key;
    type        type;
    words       values;
    bool        derived; /* follows from who asks over which path */
    bool        always;
} key_row;
#define ROW(k, t, list) { .key = (k), .type = (t), .values = { (list), sizeof(list) / sizeof *(list) } }
#define DERIVED(k, t, list) { .key = (k), .type = (t), .values = { (list), sizeof(list) / sizeof *(list) }, .derived = true }
#define ALWAYS(k, t, list) { .key = (k), .type = (t), .values = { (list), sizeof(list) / sizeof *(list) }, .always = true }
static const key_row rows[] = {
    ROW("aws:PrincipalTag/team", TYPE_TEXT, teams), ROW("aws:PrincipalTag/team", TYPE_TEXT, teams), ROW("aws:ResourceTag/env", TYPE_TEXT, envs),
    ROW("aws:RequestTag/env", TYPE_TEXT, envs), ROW("aws:TagKeys", TYPE_SET, tag_keys), ROW("aws:TagKeys", TYPE_SET, tag_keys),
    ALWAYS("aws:RequestedRegion", TYPE_TEXT, regions), ROW("s3:prefix", TYPE_TEXT, prefixes), ROW("s3:max-keys", TYPE_NUMBER, numbers),
    ROW("aws:MultiFactorAuthAge", TYPE_NUMBER, numbers), ALWAYS("aws:CurrentTime", TYPE_DATE, dates), ALWAYS("aws:SecureTransport", TYPE_BOOL, truths),
    ROW("aws:MultiFactorAuthPresent", TYPE_BOOL, truths), DERIVED("aws:SourceIp", TYPE_ADDRESS, ranges), DERIVED("aws:VpcSourceIp", TYPE_ADDRESS, ranges),
    DERIVED("aws:PrincipalArn", TYPE_ARN, arns), ROW("aws:SourceArn", TYPE_ARN, source_arns), ROW("aws:SourceAccount", TYPE_TEXT, accounts),
    DERIVED("aws:PrincipalAccount", TYPE_TEXT, accounts), DERIVED("aws:PrincipalAccount", TYPE_NUMBER, account_numbers),
    DERIVED("aws:PrincipalOrgID", TYPE_TEXT, organizations),
    DERIVED("aws:PrincipalOrgPaths", TYPE_SET, organization_paths), DERIVED("aws:SourceVpce", TYPE_TEXT, endpoints), DERIVED("aws:SourceVpc", TYPE_TEXT, vpcs),
    ROW("ec2:InstanceType", TYPE_TEXT, instances), ROW("iam:PassedToService", TYPE_TEXT, services), DERIVED("aws:userid", TYPE_TEXT, user_ids),
    DERIVED("aws:username", TYPE_TEXT, names), ROW("aws:Referer", TYPE_TEXT, prefixes), DERIVED("aws:PrincipalIsAWSService", TYPE_BOOL, truths),
};
enum { ROWS = sizeof rows / sizeof *rows };

static const char *const text_ops[] = { "StringEquals", "StringNotEquals", "StringLike", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
                                        "StringNotEqualsIgnoreCase" };
static const char *const number_ops[] = { "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
                                          "NumericGreaterThanEquals" };
static const char *const date_ops[] = { "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals" };
static const char *const bool_ops[] = { "Bool" };
static const char *const address_ops[] = { "IpAddress", "NotIpAddress" };
static const char *const arn_ops[] = { "ArnLike", "ArnNotLike", "ArnEquals", "StringLike", "ArnNotEquals" };
static const char *const quantifiers[] = { "ForAnyValue:", "ForAllValues:", "ForAllValues:" };

static const char *operator_of(type t, chance *c)
{
    switch (t) {
    case TYPE_NUMBER:
        return pick(c, WORDS(number_ops));
    case TYPE_DATE:
        return pick(c, WORDS(date_ops));
    case TYPE_BOOL:
        return pick(c, WORDS(bool_ops));
    case TYPE_ADDRESS:
        return pick(c, WORDS(address_ops));
    case TYPE_ARN:
        return pick(c, WORDS(arn_ops));
    default:
        return pick(c, WORDS(text_ops));
    }
}

static void real_entry(entry *e, chance *c)
{
    const key_row *row = &rows[below(c, ROWS)];
    bool           many = row->type == TYPE_SET || percent(c, 4);
    const char    *quantifier, *op;

    *e = (entry){ .key = row->key };
    if (percent(c, 8)) {
        snprintf(e->op, sizeof e->op, "Null");
        e->values = (list){ { pick(c, WORDS(truths)) }, 1, false };
        return;
    }
    quantifier = many ? pick(c, WORDS(quantifiers)) : ""; /* drawn in this order, whatever the compiler */
    op = operator_of(row->type, c);
    snprintf(e->op, sizeof e->op, "%s%s%s", quantifier, op, percent(c, 20) ? "IfExists" : "");
    e->values.count = (uint8_t)(1 + percent(c, 35));
    for (uint8_t i = 0; i < e->values.count; i++)
        e->values.at[i] = pick(c, row->values);
}

/* ------------------------------------------------------------------ requests */

/* Texts made for one world. */
typedef struct pool {
    char   bytes[1 << 15];
    size_t n;
} pool;
static pool made;

static const char *keep(const char *text, size_t n)
{
    char *out = made.bytes + made.n;

    if (made.n + n + 1 > sizeof made.bytes)
        return "full";
    memcpy(out, text, n);
    out[n] = '\0';
    made.n += n + 1;
    return out;
}

/* A pattern with its wildcards and variables filled. */
static const char *filled(const char *pattern, const char *star, const char *one)
{
    char   text[512];
    size_t n = 0;

    for (const char *p = pattern; *p && n + 40 < sizeof text; p++) {
        const char *put = NULL;

        if (*p == '*') {
            put = star;
        } else if (*p == '?') {
            put = one;
        } else if (p[0] == '$' && p[1] == '{') {
            put = strstr(p, "username") ? "u" : "data";
            p = strchr(p, '}');
        }
        n += (size_t)snprintf(text + n, sizeof text - n, "%s", put ? put : (char[]){ *p, '\0' });
    }
    return keep(text, n);
}

static void near_number(dim *d, const char *literal)
{
    char   text[64];
    double x = strtod(literal, NULL);

    for (int i = -1; i <= 1; i++) {
        snprintf(text, sizeof text, "%g", x + i);
        dim_add(d, keep(text, strlen(text)), NULL, NULL);
    }
    dim_add(d, literal, NULL, NULL);
}

static void near(dim *d, const key_row *row, const char *literal)
{
    const char *a, *b;

    if (row->type == TYPE_NUMBER) {
        near_number(d, literal);
        return;
    }
    if (row->type == TYPE_BOOL) {
        dim_add(d, literal, NULL, NULL);
        return;
    }
    a = filled(literal, "", "x");
    b = filled(literal, "yy", "y");
    dim_add(d, a, NULL, NULL);
    dim_add(d, b, NULL, NULL);
    dim_add(d, filled(keep(literal, strlen(literal)), "*z", ""), NULL, NULL);
    if (row->type == TYPE_SET) {
        dim_add(d, a, "zz", NULL);
        dim_add(d, a, b, NULL);
        if (d->count > 4)
            dim_add(d, a, d->at[1].at[0], NULL);
    }
}

static void near_entries(dim *d, const key_row *row, const stack *s)
{
    for (uint8_t k = 0; k < s->count; k++)
        for (uint8_t i = 0; i < s->docs[k].count; i++) {
            const statement *x = &s->docs[k].at[i];

            for (uint8_t j = 0; j < x->entry_count; j++)
                for (uint8_t v = 0; v < x->entries[j].values.count && !strcmp(x->entries[j].key, row->key); v++)
                    near(d, row, x->entries[j].values.at[v]);
        }
}

static void clock_dim(world *w)
{
    static const char *const moments[] = { "2025-01-01T00:00:00Z", "2025-05-31T23:59:59Z", "2025-06-01T00:00:00Z", "2025-06-01T00:00:01Z",
                                           "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2030-01-01T00:00:00Z" };
    dim *d = world_dim(w, DIM_KEY, "aws:CurrentTime");

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        dim_add(d, moments[i], NULL, NULL);
}

static void key_dims(world *w, const stack *a, const stack *b)
{
    for (uint32_t i = 0; i < ROWS; i++) {
        const key_row *row = &rows[i];
        dim           *d;

        if (row->derived || row->type == TYPE_DATE || (i && !strcmp(rows[i - 1].key, row->key)) ||
            !(mentions(a, row->key) || mentions(b, row->key)))
            continue;
        d = world_dim(w, DIM_KEY, row->key);
        if (!row->always) {
            dim_add(d, NULL, NULL, NULL);
            if (row->type != TYPE_ARN && row->type != TYPE_BOOL && strcmp(row->key, "aws:SourceAccount")) /* these have a form */
                dim_add(d, "", NULL, NULL);
        }
        if (row->type == TYPE_BOOL) {
            dim_add(d, "true", NULL, NULL);
            dim_add(d, "false", NULL, NULL);
            continue;
        }
        if (!strcmp(row->key, "aws:SourceArn") || !strcmp(row->key, "aws:SourceAccount"))
            ;
        else
            dim_add(d, row->type == TYPE_NUMBER ? "50" : "zz", NULL, NULL);
        if (!strcmp(row->key, "aws:PrincipalTag/team"))
            dim_add(d, "u", NULL, NULL);
        near_entries(d, row, a);
        near_entries(d, row, b);
    }
}

static bool has_resource_layer(const stack *s)
{
    for (uint8_t i = 0; i < s->count; i++)
        if (s->docs[i].layer == VD_LAYER_RESOURCE)
            return true;
    return false;
}

static void who_dim(world *w, bool resource)
{
    static const char *const who[][2] = {
        { "arn:aws:sts::444455556666:assumed-role/r/s", "arn:aws:iam::444455556666:role/r" },
        { "arn:aws:sts::444455556666:assumed-role/r/t", "arn:aws:iam::444455556666:role/r" },
        { "arn:aws:iam::444455556666:user/dev/u", "" },
        { "arn:aws:sts::111122223333:assumed-role/r/s", "arn:aws:iam::111122223333:role/r" },
        { "arn:aws:iam::111122223333:user/u", "" },
        { "arn:aws:sts::999988887777:assumed-role/ops/s", "arn:aws:iam::999988887777:role/x/ops" },
    };
    dim *d = world_dim(w, DIM_WHO, NULL);

    for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
        dim_add(d, who[i][0], who[i][1], NULL);
        dim_add(d, who[i][0], who[i][1], i % 2 ? "o-abcdefghij" : "o-zyxwvutsrq");
    }
    if (resource) {
        dim_add(d, "anonymous", NULL, NULL);
        dim_add(d, "arn:aws:iam::444455556666:root", NULL, "o-abcdefghij");
        dim_add(d, "s3.amazonaws.com", NULL, NULL);
        dim_add(d, "sns.amazonaws.com", NULL, NULL);
    }
}

static void resource_dim(world *w, const stack *a, const stack *b)
{
    static const char *const usual[] = {
        "arn:aws:s3:::app-data/home/u/x", "arn:aws:s3:::app-data/data/x", "arn:aws:s3:::app-data/all/xy", "arn:aws:s3:::app-data", "arn:aws:s3:::other/x1",
        "arn:aws:iam::111122223333:role/app-1", "arn:aws:iam::111122223333:role/ops/x", "arn:aws:sqs:us-east-1:111122223333:q-1",
        "arn:aws:dynamodb:us-east-1:111122223333:table/Orders1", "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:sns:us-east-1:111122223333:t", "arn:aws:lambda:us-east-1:111122223333:function:f",
    };
    dim         *d = world_dim(w, DIM_RESOURCE, NULL);
    const stack *sides[] = { a, b };

    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        dim_add(d, usual[i], "111122223333", NULL);
    for (int side = 0; side < 2; side++)
        for (uint8_t k = 0; k < sides[side]->count; k++)
            for (uint8_t i = 0; i < sides[side]->docs[k].count; i++)
                for (uint8_t v = 0; v < sides[side]->docs[k].at[i].resource.count; v++) {
                    const char *p = sides[side]->docs[k].at[i].resource.at[v];

                    if (!strncmp(p, "arn:aws:s3:::", 13)) {
                        dim_add(d, filled(p, "app", "x"), "111122223333", NULL);
                        dim_add(d, filled(p, "app-data/home/u/x1", "1"), "111122223333", NULL);
                    }
                }
}

static void path_dim(world *w)
{
    static const char *const addresses[] = { "203.0.113.0", "203.0.113.127", "203.0.113.128", "203.0.113.255", "203.0.114.0", "10.255.255.255",
                                             "8.8.8.8", "198.51.100.7", "2001:db8::1", "2600::1" };
    dim *d = world_dim(w, DIM_PATH, NULL);

    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        dim_add(d, addresses[i], NULL, NULL);
    dim_add(d, NULL, "vpce-1a2b3c4d", "10.0.0.9");
    dim_add(d, NULL, "vpce-0aaaaaaa", "203.0.113.9");
}

static void real_world(world *out, const stack *a, const stack *b, chance *c)
{
    dim *d;

    (void)c;
    made.n = 0;
    out->count = 0;
    who_dim(out, has_resource_layer(a));
    d = world_dim(out, DIM_ACTION, NULL);
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        dim_add(d, actions[i], NULL, NULL);
    resource_dim(out, a, b);
    path_dim(out);
    if (mentions(a, "aws:CurrentTime") || mentions(b, "aws:CurrentTime"))
        clock_dim(out);
    key_dims(out, a, b);
}

static const char *const attached[] = { "arn:aws:s3:::app-data", "arn:aws:s3:::app-data", "arn:aws:sqs:us-east-1:111122223333:q-1",
                                        "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                                        "arn:aws:sns:us-east-1:111122223333:t", "arn:aws:lambda:us-east-1:111122223333:function:f",
                                        "arn:aws:dynamodb:us-east-1:111122223333:table/Orders1" };
const vocabulary real = { { action_patterns, sizeof action_patterns / sizeof *action_patterns },
                          { resources, sizeof resources / sizeof *resources },
                          { principals, sizeof principals / sizeof *principals },
                          { attached, sizeof attached / sizeof *attached }, real_entry, real_world };
