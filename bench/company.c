/* SPDX-License-Identifier: Apache-2.0
 *
 * Accounts hang in a tree of units with service and resource control policies; roles and users share managed policies,
 * many have some of their own, some have boundaries; every resource has a policy, most of few shapes.
 */
#include "company.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { UNITS = 12, GROUPS = 5, TEAMS = 50, MOST_LIST = 4 };

typedef struct writer {
    const bench_company *c;
    bench_file          *take;
    void                *user;
    char                *p;
    size_t               n, cap;
    bool                 stopped;
} writer;

static void add(writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(writer *w, const char *format, ...)
{
    va_list args;
    int     n;

    if (w->cap - w->n < 8192) {
        w->cap = w->cap ? w->cap * 2 : 1u << 20;
        w->p = realloc(w->p, w->cap);
        if (!w->p) {
            fputs("bench: out of memory\n", stderr);
            exit(3);
        }
    }
    va_start(args, format);
    n = vsnprintf(w->p + w->n, w->cap - w->n, format, args);
    va_end(args);
    w->n += (size_t)n;
}

static void file(writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void file(writer *w, const char *format, ...)
{
    char    path[256];
    va_list args;

    va_start(args, format);
    vsnprintf(path, sizeof path, format, args);
    va_end(args);
    if (!w->stopped)
        w->stopped = !w->take(w->user, path, w->p, w->n);
    w->n = 0;
}

static const char *const services[] = { "s3", "sqs", "sns", "dynamodb", "lambda", "ec2", "logs", "kms", "ssm", "secretsmanager" };
static const char *const verbs[] = { "Get", "List", "Describe", "Put", "Create", "Update", "Delete", "Send" };
static const char *const nouns[] = { "Object", "Item", "Message", "Function", "Instances", "Parameter", "Tags", "Policy" };

static void action(char out[64], uint32_t k)
{
    snprintf(out, 64, "%s:%s%s", services[k % 10], verbs[k / 10 % 8], nouns[k / 80 % 8]);
}

static void account(char out[16], uint32_t a)
{
    snprintf(out, 16, "%012u", 100000000 + a * 37);
}

/* ------------------------------------------------------------------ the organization */

static uint32_t unit_of(uint32_t a)
{
    return a == 0 ? 0 : 1 + a % (UNITS - 1);
}

static void unit_id(char out[32], uint32_t u)
{
    if (u == 0)
        snprintf(out, 32, "r-bnch");
    else
        snprintf(out, 32, "ou-bnch-%08u", u);
}

static uint32_t parent_unit(uint32_t u)
{
    return u < 4 ? 0 : u % 3 + 1;
}

static void org_policy(writer *w, const char *id, const char *kind, bool own, const char *content)
{
    add(w, "{\"Policy\":{\"PolicySummary\":{\"Id\":\"%s\",\"Arn\":\"arn:aws:organizations::%s:policy/%s%s/%s\",\"Name\":\"%s\","
           "\"Description\":\"\",\"Type\":\"%s\",\"AwsManaged\":%s},\"Content\":\"",
        id, own ? "000100000000" : "aws", own ? "o-benchmarks/" : "",
        strcmp(kind, "SERVICE_CONTROL_POLICY") == 0 ? "service_control_policy" : "resource_control_policy", id, id, kind,
        own ? "false" : "true");
    for (const char *p = content; *p; p++)
        add(w, *p == '"' ? "\\%c" : "%c", *p);
    add(w, "\"}}");
    file(w, "org/policies/%s.json", id);
}

static void target(writer *w, const char *id, const char *type, bool first)
{
    add(w, "%s{\"TargetId\":\"%s\",\"Arn\":\"arn:aws:organizations::000100000000:x/o-benchmarks/%s\",\"Name\":\"%s\",\"Type\":\"%s\"}",
        first ? "" : ",", id, id, id, type);
}

static void everywhere(writer *w, const char *policy)
{
    char id[32];

    add(w, "{\"Targets\":[");
    for (uint32_t u = 0; u < UNITS; u++) {
        unit_id(id, u);
        target(w, id, u ? "ORGANIZATIONAL_UNIT" : "ROOT", u == 0);
    }
    for (uint32_t a = 0; a < w->c->accounts; a++) {
        account(id, a);
        target(w, id, "ACCOUNT", false);
    }
    add(w, "]}");
    file(w, "org/targets/%s.json", policy);
}

static void unit_policies(writer *w)
{
    for (uint32_t u = 1; u < UNITS; u++) {
        char id[32], name[32], content[512];

        unit_id(id, u);
        snprintf(name, sizeof name, "p-unit%04u", u);
        snprintf(content, sizeof content,
                 "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"NotAction\":[\"iam:*\",\"sts:*\"],\"Resource\":\"*\","
                 "\"Condition\":{\"StringNotEquals\":{\"aws:RequestedRegion\":[\"eu-central-1\",\"us-east-%u\"]}}}]}", u);
        org_policy(w, name, "SERVICE_CONTROL_POLICY", true, content);
        add(w, "{\"Targets\":[");
        target(w, id, "ORGANIZATIONAL_UNIT", true);
        add(w, "]}");
        file(w, "org/targets/%s.json", name);
    }
}

static void unit_files(writer *w, uint32_t u)
{
    char     id[32], other[32];
    uint32_t n = 0;

    unit_id(id, u);
    add(w, "{\"OrganizationalUnits\":[");
    for (uint32_t k = 1; k < UNITS; k++) {
        if (parent_unit(k) != u)
            continue;
        unit_id(other, k);
        add(w, "%s{\"Id\":\"%s\",\"Arn\":\"arn:aws:organizations::000100000000:ou/o-benchmarks/%s\",\"Name\":\"unit %u\"}", n++ ? "," : "",
            other, other, k);
    }
    add(w, "]}");
    file(w, "org/ous/%s.json", id);
    add(w, "{\"Accounts\":[");
    n = 0;
    for (uint32_t a = 0; a < w->c->accounts; a++) {
        if (unit_of(a) != u)
            continue;
        account(other, a);
        add(w, "%s{\"Id\":\"%s\",\"Arn\":\"arn:aws:organizations::000100000000:account/o-benchmarks/%s\",\"Email\":\"a%u@bench.example\","
               "\"Name\":\"account %u\",\"Status\":\"ACTIVE\",\"JoinedMethod\":\"CREATED\",\"JoinedTimestamp\":\"2021-01-01T00:00:00+00:00\"}",
            n++ ? "," : "", other, other, a, a);
    }
    add(w, "]}");
    file(w, "org/accounts/%s.json", id);
}

static void organization(writer *w)
{
    char id[16];

    account(id, 0);
    add(w, "{\"Organization\":{\"Id\":\"o-benchmarks\",\"Arn\":\"arn:aws:organizations::%s:organization/o-benchmarks\",\"FeatureSet\":\"ALL\","
           "\"MasterAccountArn\":\"arn:aws:organizations::%s:account/o-benchmarks/%s\",\"MasterAccountId\":\"%s\",\"MasterAccountEmail\":\"a@bench.example\","
           "\"AvailablePolicyTypes\":[{\"Type\":\"SERVICE_CONTROL_POLICY\",\"Status\":\"ENABLED\"}]}}", id, id, id, id);
    file(w, "org/organization.json");
    add(w, "{\"Roots\":[{\"Id\":\"r-bnch\",\"Arn\":\"arn:aws:organizations::%s:root/o-benchmarks/r-bnch\",\"Name\":\"Root\",\"PolicyTypes\":["
           "{\"Type\":\"SERVICE_CONTROL_POLICY\",\"Status\":\"ENABLED\"},{\"Type\":\"RESOURCE_CONTROL_POLICY\",\"Status\":\"ENABLED\"}]}]}", id);
    file(w, "org/roots.json");
    for (uint32_t u = 0; u < UNITS; u++)
        unit_files(w, u);
    org_policy(w, "p-FullAWSAccess", "SERVICE_CONTROL_POLICY", false,
               "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}");
    everywhere(w, "p-FullAWSAccess");
    org_policy(w, "p-RCPFullAWSAccess", "RESOURCE_CONTROL_POLICY", false,
               "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}");
    everywhere(w, "p-RCPFullAWSAccess");
    org_policy(w, "p-ownonly01", "RESOURCE_CONTROL_POLICY", true,
               "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":[\"s3:*\",\"sqs:*\",\"kms:*\"],\"Resource\":\"*\","
               "\"Condition\":{\"StringNotEqualsIfExists\":{\"aws:PrincipalOrgID\":\"o-benchmarks\"},\"BoolIfExists\":{\"aws:PrincipalIsAWSService\":\"false\"}}}]}");
    add(w, "{\"Targets\":[");
    target(w, "r-bnch", "ROOT", true);
    add(w, "]}");
    file(w, "org/targets/p-ownonly01.json");
    unit_policies(w);
}

/* ------------------------------------------------------------------ identities */

static void statements(writer *w, bench_random *r, uint32_t count)
{
    char name[64];

    for (uint32_t s = 0; s < count; s++) {
        uint32_t k = bench_below(r, 3) ? bench_below(r, 640) : bench_below(r, 2) * 30, kind = bench_below(r, 10);

        add(w, "%s{\"Sid\":\"S%u\",\"Effect\":\"%s\",\"Action\":[", s ? "," : "", s, kind == 0 ? "Deny" : "Allow");
        for (uint32_t i = 0, n = 1 + bench_below(r, 4); i < n; i++) {
            action(name, k + i * 10);
            add(w, "%s\"%s%s\"", i ? "," : "", name, kind > 7 && i == 0 ? "*" : "");
        }
        if (kind < 3) {
            add(w, "],\"Resource\":\"*\"}");
        } else if (kind < 7) {
            uint32_t second = bench_below(r, 100), first = bench_below(r, 10);

            add(w, "],\"Resource\":[\"arn:aws:s3:::bench-%u*\",\"arn:aws:s3:::bench-%u*/*\"]}", first, second);
        } else {
            add(w, "],\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":\"team%u\"}}}", bench_below(r, TEAMS));
        }
    }
}

static void document(writer *w, bench_random *r, uint32_t count)
{
    add(w, "{\"Version\":\"2012-10-17\",\"Statement\":[");
    statements(w, r, count);
    add(w, "]}");
}

static void managed_arn(char out[96], uint32_t a, uint32_t k)
{
    char id[16];

    account(id, a);
    snprintf(out, 96, "arn:aws:iam::%s:policy/managed-%u", id, k);
}

static void managed_policies(writer *w, bench_random *r, uint32_t a, uint32_t count)
{
    char arn[96];

    for (uint32_t k = 0; k < count; k++) {
        managed_arn(arn, a, k);
        add(w, "%s{\"PolicyName\":\"managed-%u\",\"PolicyId\":\"ANPA%017u\",\"Arn\":\"%s\",\"Path\":\"/\",\"DefaultVersionId\":\"v1\",\"AttachmentCount\":3,"
               "\"PermissionsBoundaryUsageCount\":0,\"IsAttachable\":true,\"CreateDate\":\"2022-01-01T00:00:00+00:00\",\"UpdateDate\":\"2022-01-01T00:00:00+00:00\","
               "\"PolicyVersionList\":[{\"Document\":", k ? "," : "", k, a * 1000 + k, arn);
        document(w, r, 3 + bench_below(r, 8));
        add(w, ",\"VersionId\":\"v1\",\"IsDefaultVersion\":true,\"CreateDate\":\"2022-01-01T00:00:00+00:00\"}]}");
    }
}

static void attached(writer *w, bench_random *r, uint32_t a, uint32_t managed)
{
    uint32_t n = managed ? 1 + bench_below(r, MOST_LIST) : 0, first = managed ? bench_below(r, managed) : 0;
    char     arn[96];

    add(w, "\"AttachedManagedPolicies\":[");
    for (uint32_t i = 0; i < n && i < managed; i++) {
        uint32_t k = (first + i * 7) % managed;

        managed_arn(arn, a, k);
        add(w, "%s{\"PolicyName\":\"managed-%u\",\"PolicyArn\":\"%s\"}", i ? "," : "", k, arn);
    }
    add(w, "]");
    if (managed && bench_below(r, 10) == 0) {
        managed_arn(arn, a, bench_below(r, managed));
        add(w, ",\"PermissionsBoundary\":{\"PermissionsBoundaryType\":\"Policy\",\"PermissionsBoundaryArn\":\"%s\"}", arn);
    }
}

/* Seven ways to become another role, and an administrator in each account to become. */
static const char *way(const bench_company *c, uint32_t k)
{
    static const char *const ways[] = {
        "\"iam:PassRole\",\"lambda:CreateFunction\",\"lambda:InvokeFunction\"", "\"iam:CreatePolicyVersion\"",
        "\"sts:AssumeRole\"", "\"iam:AttachRolePolicy\"", "\"cloudformation:UpdateStack\"", "\"ssm:SendCommand\"",
        "\"lambda:UpdateFunctionCode\"",
    };

    if (c->ways == 0)
        return NULL;
    return k == 1 ? "\"*\"" : k % c->ways == 0 ? ways[k / c->ways % (sizeof ways / sizeof *ways)] : NULL;
}

static void role(writer *w, bench_random *r, uint32_t a, uint32_t k, uint32_t managed)
{
    const char *powers = way(w->c, k);
    bool        own = false;
    char        id[16], other[16];

    account(id, a);
    account(other, bench_below(r, w->c->accounts));
    add(w, "{\"Path\":\"/\",\"RoleName\":\"role-%u\",\"RoleId\":\"AROA%017u\",\"Arn\":\"arn:aws:iam::%s:role/role-%u\",\"CreateDate\":\"2022-01-01T00:00:00+00:00\","
           "\"AssumeRolePolicyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":", k, a * 100000 + k, id, k);
    switch (bench_below(r, 4)) {
    case 0:
        add(w, "{\"AWS\":\"arn:aws:iam::%s:root\"}", other);
        break;
    case 1:
        add(w, "{\"AWS\":\"arn:aws:iam::%s:role/role-%u\"}", other, bench_below(r, 20));
        break;
    default:
        add(w, "{\"Service\":\"%s.amazonaws.com\"}", k % 3 ? "lambda" : "ec2");
    }
    add(w, ",\"Action\":\"sts:AssumeRole\"}]},\"InstanceProfileList\":[],\"RolePolicyList\":[");
    if (bench_below(r, 2)) {
        own = true;
        add(w, "{\"PolicyName\":\"own\",\"PolicyDocument\":");
        document(w, r, 1 + bench_below(r, 4));
        add(w, "}");
    }
    if (powers)
        add(w, "%s{\"PolicyName\":\"powers\",\"PolicyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":"
               "[{\"Effect\":\"Allow\",\"Action\":[%s],\"Resource\":\"*\"}]}}", own ? "," : "", powers);
    add(w, "],");
    attached(w, r, a, managed);
    add(w, ",\"Tags\":[{\"Key\":\"team\",\"Value\":\"team%u\"}],\"RoleLastUsed\":{}}", k % TEAMS);
}

static void user(writer *w, bench_random *r, uint32_t a, uint32_t k, uint32_t managed)
{
    char id[16];

    account(id, a);
    add(w, "{\"Path\":\"/\",\"UserName\":\"user-%u\",\"UserId\":\"AIDA%017u\",\"Arn\":\"arn:aws:iam::%s:user/user-%u\",\"CreateDate\":\"2022-01-01T00:00:00+00:00\","
           "\"GroupList\":[\"group-%u\",\"group-%u\"],", k, a * 100000 + k, id, k, k % GROUPS, (k + 2) % GROUPS);
    attached(w, r, a, managed);
    add(w, ",\"Tags\":[{\"Key\":\"team\",\"Value\":\"team%u\"}]}", k % TEAMS);
}

static void group(writer *w, bench_random *r, uint32_t a, uint32_t k, uint32_t managed)
{
    char id[16];

    account(id, a);
    add(w, "{\"Path\":\"/\",\"GroupName\":\"group-%u\",\"GroupId\":\"AGPA%017u\",\"Arn\":\"arn:aws:iam::%s:group/group-%u\",\"CreateDate\":\"2022-01-01T00:00:00+00:00\","
           "\"GroupPolicyList\":[{\"PolicyName\":\"own\",\"PolicyDocument\":", k, a * 1000 + k, id, k);
    document(w, r, 2);
    add(w, "}],\"AttachedManagedPolicies\":[");
    if (managed) {
        char arn[96];

        managed_arn(arn, a, k % managed);
        add(w, "{\"PolicyName\":\"managed-%u\",\"PolicyArn\":\"%s\"}", k % managed, arn);
    }
    add(w, "]}");
}

/* How many of all fall to an account: the first ones get what does not divide. */
static uint32_t share(uint32_t all, uint32_t accounts, uint32_t a)
{
    return all / accounts + (a < all % accounts);
}

static void identities(writer *w, uint32_t a)
{
    bench_random r = { 0x1000 + a };
    uint32_t     people = share(w->c->principals, w->c->accounts, a), users = people / 5;
    uint32_t     managed = share(w->c->managed, w->c->accounts, a);
    char         id[16];

    account(id, a);
    add(w, "{\"UserDetailList\":[");
    for (uint32_t k = 0; k < users; k++) {
        add(w, k ? "," : "");
        user(w, &r, a, k, managed);
    }
    add(w, "],\"GroupDetailList\":[");
    for (uint32_t k = 0; k < GROUPS; k++) {
        add(w, k ? "," : "");
        group(w, &r, a, k, managed);
    }
    add(w, "],\"RoleDetailList\":[");
    for (uint32_t k = 0; k < people - users; k++) {
        add(w, k ? "," : "");
        role(w, &r, a, k, managed);
    }
    add(w, "],\"Policies\":[");
    managed_policies(w, &r, a, managed);
    add(w, "]}");
    file(w, "accounts/%s/authorization-details.json", id);
}

/* ------------------------------------------------------------------ resources */

/* A policy as a string within JSON. */
static void inner(writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void inner(writer *w, const char *format, ...)
{
    char    text[2048];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (const char *p = text; *p; p++)
        add(w, *p == '"' ? "\\%c" : "%c", *p);
}

static void bucket(writer *w, bench_random *r, const char *id, uint32_t k)
{
    char other[16], name[64];

    account(other, bench_below(r, w->c->accounts));
    snprintf(name, sizeof name, "bench-%u-%s", k % 1000, id);
    add(w, "{\"Policy\":\"");
    inner(w, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Tls\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\","
             "\"Resource\":[\"arn:aws:s3:::%s-%u\",\"arn:aws:s3:::%s-%u/*\"],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}",
          name, k, name, k);
    if (bench_below(r, 3))
        inner(w, ",{\"Sid\":\"Share\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::%s:root\"},\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],"
                 "\"Resource\":\"arn:aws:s3:::%s-%u/*\"}", other, name, k);
    inner(w, "]}");
    add(w, "\"}");
    file(w, "accounts/%s/global/s3/%s-%u/policy.json", id, name, k);
}

static void queue(writer *w, bench_random *r, const char *id, uint32_t k)
{
    char other[16];

    account(other, bench_below(r, w->c->accounts));
    add(w, "{\"Attributes\":{\"QueueArn\":\"arn:aws:sqs:eu-central-1:%s:queue-%u\",\"Policy\":\"", id, k);
    inner(w, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"%s\"},\"Action\":\"sqs:SendMessage\","
             "\"Resource\":\"arn:aws:sqs:eu-central-1:%s:queue-%u\"}]}", other, id, k);
    add(w, "\"}}");
    file(w, "accounts/%s/eu-central-1/sqs/queue-%u/attributes.json", id, k);
}

static void key_of(writer *w, const char *id, uint32_t k)
{
    add(w, "{\"Policy\":\"");
    inner(w, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Own\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::%s:root\"},"
             "\"Action\":\"kms:*\",\"Resource\":\"*\"}]}", id);
    add(w, "\",\"PolicyName\":\"default\"}");
    file(w, "accounts/%s/eu-central-1/kms/00000000-0000-0000-0000-%012u/policy.json", id, k);
}

static void resources(writer *w, uint32_t a)
{
    bench_random r = { 0x2000 + a };
    char         id[16];

    account(id, a);
    for (uint32_t k = 0, n = share(w->c->resources, w->c->accounts, a); k < n; k++) {
        if (k % 10 < 7)
            bucket(w, &r, id, k);
        else if (k % 10 < 9)
            queue(w, &r, id, k);
        else
            key_of(w, id, k);
    }
}

void bench_company_files(const bench_company *c, bench_file *take, void *user)
{
    writer w = { .c = c, .take = take, .user = user };

    add(&w, "{\"format\":1,\"collectedAt\":\"2025-01-01T00:00:00Z\",\"partition\":\"aws\",\"complete\":[\"org\",\"iam\",\"s3\",\"sqs\",\"kms\"]}");
    file(&w, "manifest.json");
    organization(&w);
    for (uint32_t a = 0; a < c->accounts && !w.stopped; a++) {
        identities(&w, a);
        resources(&w, a);
    }
    free(w.p);
}

/* ------------------------------------------------------------------ questions */

static void set_key(bench_request *q, const char *name, const char *value)
{
    snprintf(q->key[q->keys], sizeof q->key[0], "%s", name);
    snprintf(q->value[q->keys++], sizeof q->value[0], "%s", value);
}

void bench_company_request(const bench_company *c, bench_request *q, uint32_t i)
{
    bench_random r = { 0x3000 + i };
    uint32_t     a = bench_below(&r, c->accounts), people = share(c->principals, c->accounts, a), users = people / 5;
    uint32_t     b = bench_below(&r, 3) ? a : bench_below(&r, c->accounts), k = bench_below(&r, people ? people : 1);
    uint32_t     things = share(c->resources, c->accounts, b), t = bench_below(&r, things ? things : 1) / 10 * 10 + bench_below(&r, 7);
    char         id[16], other[16];

    account(id, a);
    account(other, b);
    memset(q, 0, sizeof *q);
    if (k < users) {
        snprintf(q->principal, sizeof q->principal, "arn:aws:iam::%s:user/user-%u", id, k);
    } else {
        snprintf(q->principal, sizeof q->principal, "arn:aws:sts::%s:assumed-role/role-%u/s%u", id, k - users, i);
        snprintf(q->role, sizeof q->role, "arn:aws:iam::%s:role/role-%u", id, k - users);
    }
    if (bench_below(&r, 2))
        action(q->action, bench_below(&r, 64) * 10); /* of S3 */
    else
        snprintf(q->action, sizeof q->action, bench_below(&r, 2) ? "s3:GetObject" : "s3:PutObject");
    snprintf(q->resource, sizeof q->resource, "arn:aws:s3:::bench-%u-%s-%u/x%u", t % 1000, other, t, i);
    snprintf(q->account, sizeof q->account, "%s", other);
    set_key(q, "aws:SecureTransport", "true");
    set_key(q, "aws:RequestedRegion", bench_below(&r, 8) ? "eu-central-1" : "ap-south-1");
    snprintf(q->key[q->keys], sizeof q->key[0], "aws:PrincipalTag/team");
    snprintf(q->value[q->keys++], sizeof q->value[0], "team%u", (k < users ? k : k - users) % TEAMS);
}
