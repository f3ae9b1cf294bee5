/* SPDX-License-Identifier: Apache-2.0
 *
 * The universe of the proofs: keys that depend on each other, all kinds of askers, Principal and NotPrincipal.  Random
 * statements of one document, random questions.  A model must be confirmed by the story of the evaluator; a "no" must have
 * no example among requests such as AWS sends.  test_symbolic_universe ROUNDS [SEED] tries more than the suite does.
 */
#include "analyze/confirm.h"
#include "base/str.h"
#include "policy/policy.h"

#include <verdict/explain.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { STATEMENTS = 5, SAMPLES = 120, QUESTIONS = 14 };

static unsigned rounds = 60;
static uint64_t seed = 20261121;

static uint32_t pick(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

#define ONE_OF(list) (list[pick((uint32_t)(sizeof(list) / sizeof *(list)))])

/* ------------------------------------------------------------------ statements */

typedef struct topic {
    const char *key;
    const char *ops; /* a letter each: s strings, n numbers, d dates, a ARNs, b Bool, i addresses, N Null, m set operators */
    const char *values[8];
} topic;

#define ORG "o-a1b2c3d4e5"
static const topic topics[] = {
    { "aws:PrincipalOrgID", "ssN", { ORG, "o-b1b2c3d4e5", "o-a*", "${aws:ResourceOrgID}", "a" } },
    { "aws:PrincipalOrgPaths", "mmN", { ORG "/*", ORG "/r-ab12/ou-ab12-1/", ORG "/r-ab12/", "o-b*/r-ab12/*", "*" } },
    { "aws:PrincipalAccount", "ssN", { "111122223333", "4444*", "anonymous", "999988887777" } },
    { "aws:PrincipalArn", "aasN", { "arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:user/b*", "arn:aws:iam::111122223333:root",
                                    "arn:aws:sts::*:federated-user/*", "arn:aws:iam::444455556666:role/ops/deploy", "arn:*:*:*:*:*" } },
    { "aws:userid", "ssN", { "AROAEXAMPLE0000000001:*", "*:ci", "111122223333", "111122223333:bob", "AIDAEXAMPLE0000000001", "anonymous", "*:b*" } },
    { "aws:username", "ssN", { "bob", "b*", "${aws:PrincipalTag/t}", "al?ce" } },
    { "aws:PrincipalTag/t", "ssN", { "x", "bob", "x*", "" } },
    { "aws:PrincipalType", "s", { "AssumedRole", "User", "A*" } },
    { "aws:PrincipalIsAWSService", "bN", { "true", "false" } },
    { "aws:PrincipalServiceName", "sN", { "sns.amazonaws.com", "*.amazonaws.com", "lambda.amazonaws.com" } },
    { "aws:SourceArn", "aasN", { "arn:aws:s3:::b", "arn:aws:sns:*:111122223333:*", "arn:aws:sns:us-east-1:444455556666:t", "arn:aws:s3:*:*:*", "arn:*:*:*:*:*" } },
    { "aws:SourceAccount", "ssN", { "111122223333", "444455556666", "4*", "*" } },
    { "aws:SourceOrgID", "sN", { ORG, "o-b*" } },
    { "aws:SourceOrgPaths", "m", { ORG "/*", "o-b1b2c3d4e5/r-ab12/" } },
    { "aws:CurrentTime", "ddN", { "2026-11-21T00:00:00Z", "2026-11-21T00:00:01Z", "2027-01-01T00:00:00Z", "2020-01-01", "1795219200" } },
    { "aws:EpochTime", "dnn", { "1795219200", "1795219201", "1798761600", "1577836800", "1795219200.5", "1.7952192e9" } },
    { "aws:TokenIssueTime", "ddN", { "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z" } },
    { "aws:MultiFactorAuthPresent", "bbN", { "true", "false" } },
    { "aws:MultiFactorAuthAge", "nnN", { "0", "300", "3600", "-1" } },
    { "aws:CalledVia", "mmN", { "athena.amazonaws.com", "glue.amazonaws.com", "*.amazonaws.com" } },
    { "aws:CalledViaFirst", "ssN", { "athena.amazonaws.com", "glue.amazonaws.com", "g*" } },
    { "aws:CalledViaLast", "ssN", { "athena.amazonaws.com", "glue.amazonaws.com", "a*" } },
    { "aws:ViaAWSService", "b", { "true", "false" } },
    { "aws:RequestTag/Team", "ssN", { "x", "y", "", "x*" } },
    { "aws:TagKeys", "mmN", { "team", "Team", "owner", "t*" } },
    { "aws:SourceIp", "iiN", { "203.0.113.0/24", "203.0.113.0/25", "0.0.0.0/0", "2001:db8::/32", "10.0.0.0/8", "::/0" } },
    { "aws:SourceVpce", "ssN", { "vpce-0a1b2c3d", "vpce-*", "vpce-9" } },
    { "aws:SourceVpc", "sN", { "vpc-0a1b2c3d", "vpc-1*" } },
    { "aws:SecureTransport", "bN", { "true", "false" } },
    { "s3:DataAccessPointArn", "aaN", { "arn:aws:s3:us-east-1:111122223333:accesspoint/*", "arn:aws:s3:*:*:accesspoint/ap", "arn:*:*:*:*:*" } },
    { "s3:DataAccessPointAccount", "ssN", { "111122223333", "444455556666", "4*" } },
    { "s3:AccessPointNetworkOrigin", "ssN", { "VPC", "Internet", "I*" } },
    { "s3:prefix", "smN", { "a", "a*", "", "${aws:username}" } },
    { "s3:max-keys", "nnN", { "1", "10", "2.5", "1e1", "x" } },
    { "x:y", "smmN", { "a", "b", "a*" } },
    { "kms:CallerAccount", "sN", { "111122223333" } },
};

static const char *const string_ops[] = { "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase" };
static const char *const number_ops[] = { "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals" };
static const char *const date_ops[] = { "DateEquals", "DateNotEquals", "DateLessThan", "DateGreaterThan", "DateLessThanEquals" };
static const char *const arn_ops[] = { "ArnLike", "ArnNotLike", "ArnEquals" };
static const char *const ip_ops[] = { "IpAddress", "NotIpAddress" };
static const char *const suffixes[] = { "", "", "IfExists" };
static const char *const prefixes[] = { "ForAllValues:", "ForAnyValue:" };

static void add_values(vd_buf *b, const topic *t)
{
    uint32_t n = 0, count = 1 + pick(2);

    while (n < 8 && t->values[n])
        n++;
    vd_buf_printf(b, "[");
    for (uint32_t i = 0; i < count; i++)
        vd_buf_printf(b, "%s\"%s\"", i ? "," : "", t->values[pick(n)]);
    vd_buf_printf(b, "]");
}

static void add_condition(vd_buf *b, const topic *t)
{
    char op = t->ops[pick((uint32_t)strlen(t->ops))];

    switch (op) {
    case 'N':
        vd_buf_printf(b, "\"Null\":{\"%s\":\"%s\"}", t->key, pick(2) ? "true" : "false");
        return;
    case 'm':
        vd_buf_printf(b, "\"%s%s%s\":{\"%s\":", ONE_OF(prefixes), ONE_OF(string_ops), ONE_OF(suffixes), t->key);
        break;
    case 'b':
        vd_buf_printf(b, "\"Bool%s\":{\"%s\":", ONE_OF(suffixes), t->key);
        break;
    default:
        vd_buf_printf(b, "\"%s%s\":{\"%s\":",
                      op == 'n'   ? ONE_OF(number_ops)
                      : op == 'd' ? ONE_OF(date_ops)
                      : op == 'a' ? ONE_OF(arn_ops)
                      : op == 'i' ? ONE_OF(ip_ops)
                                  : ONE_OF(string_ops),
                      ONE_OF(suffixes), t->key);
        break;
    }
    add_values(b, t);
    vd_buf_printf(b, "}");
}

static const char *const who_entries[] = {
    "\"*\"", "{\"AWS\":\"*\"}", "{\"AWS\":\"111122223333\"}", "{\"AWS\":\"arn:aws:iam::444455556666:root\"}",
    "{\"AWS\":[\"arn:aws:iam::111122223333:user/bob\",\"111122223333\"]}", "{\"AWS\":\"arn:aws:iam::111122223333:user/bob\"}",
    "{\"AWS\":[\"arn:aws:iam::444455556666:role/ops/deploy\",\"arn:aws:sts::444455556666:assumed-role/deploy/ci\"]}",
    "{\"AWS\":[\"arn:aws:iam::444455556666:role/ops/deploy\",\"arn:aws:sts::444455556666:assumed-role/deploy/ci\",\"444455556666\"]}",
    "{\"AWS\":[\"AROAEXAMPLE0000000001\",\"arn:aws:sts::444455556666:assumed-role/deploy/ci\",\"444455556666\"]}",
    "{\"AWS\":[\"AIDAEXAMPLE0000000001\",\"111122223333\"]}", "{\"AWS\":\"AIDAEXAMPLE0000000001\"}", "{\"AWS\":\"AROAEXAMPLE0000000001\"}",
    "{\"AWS\":[\"arn:aws:sts::111122223333:federated-user/bob\",\"111122223333\"]}", "{\"Service\":\"sns.amazonaws.com\"}",
    "{\"Service\":[\"sns.amazonaws.com\",\"lambda.amazonaws.com\"],\"AWS\":\"444455556666\"}",
    "{\"CanonicalUser\":\"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be\"}",
    "{\"AWS\":\"arn:aws:iam::444455556666:role/deploy\"}", "{\"AWS\":\"arn:aws-cn:iam::111122223333:root\"}" };
static const char *const resources[] = { "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a*", "arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/home/*",
                                         "arn:aws:s3:::b/${aws:PrincipalTag/t}" };

static void add_statement(vd_buf *b, bool principals)
{
    uint32_t entries = pick(3), first = pick(VD_COUNT(topics)), near = pick(3);
    bool     deny = pick(2);

    vd_buf_printf(b, "{\"Effect\":\"%s\",\"Action\":\"s3:GetObject\",\"%s\":\"%s\"", deny ? "Deny" : "Allow",
                  pick(6) ? "Resource" : "NotResource", ONE_OF(resources));
    if (principals)
        vd_buf_printf(b, ",\"%s\":%s", deny && pick(2) ? "NotPrincipal" : "Principal", ONE_OF(who_entries));
    if (entries)
        vd_buf_printf(b, ",\"Condition\":{");
    for (uint32_t i = 0; i < entries; i++) { /* neighbours in the list belong together */
        vd_buf_printf(b, "%s", i ? "," : "");
        add_condition(b, &topics[i == 0 ? first : near ? (first + near) % VD_COUNT(topics) : pick(VD_COUNT(topics))]);
    }
    vd_buf_printf(b, entries ? "}}" : "}");
}

/* ------------------------------------------------------------------ requests such as there are */

typedef struct world {
    vd_engine  *engine;
    vd_policy  *policy;
    vd_set     *set;
    vd_request *request;
    vd_arena    arena;
    bool        principals;
} world;

static bool ok;

static void field(world *w, vd_field f, const char *format, const char *x, const char *y, const char *z)
{
    vd_str text;

    ok &= vd_arena_printf(&w->arena, &text, format, x, y, z) && vd_request_set(w->request, f, text) == VD_OK;
}

static void context(world *w, const char *key, const char *value)
{
    vd_str v = vd_str_of(value);

    ok &= vd_request_context(w->request, vd_str_of(key), &v, 1) == VD_OK;
}

static void context_two(world *w, const char *key, const char *one, const char *two, uint32_t n)
{
    vd_str v[] = { vd_str_of(one), vd_str_of(two) };

    ok &= vd_request_context(w->request, vd_str_of(key), v, n) == VD_OK;
}

static void in_organization(world *w, const char *id, const char *paths)
{
    static const char *const orgs[] = { ORG, "o-b1b2c3d4e5" };
    static const char *const units[] = { "/r-ab12/", "/r-ab12/ou-ab12-1/", "/r-zz99/ou-zz99-2/" };
    const char              *org = ONE_OF(orgs);
    vd_str                   path;

    ok &= vd_arena_printf(&w->arena, &path, "%s%s", org, ONE_OF(units));
    context(w, id, org);
    context(w, paths, path.p);
}

static void sample_principal(world *w, vd_asker who)
{
    static const char *const accounts[] = { "111122223333", "444455556666" };
    static const char *const names[] = { "bob", "b", "alice", "dev/bob" };
    static const char *const roles[] = { "deploy", "ops/deploy", "bob" };
    static const char *const sessions[] = { "ci", "b" };
    static const char *const role_ids[] = { "AROAEXAMPLE0000000001", "AROAEXAMPLE0000000002" };
    static const char *const user_ids[] = { "AIDAEXAMPLE0000000001", "AIDAEXAMPLE0000000002" };
    const char              *account = ONE_OF(accounts), *role = ONE_OF(roles), *slash = strrchr(role, '/'), *name = ONE_OF(names);
    char                     with_account[64];

    snprintf(with_account, sizeof with_account, "arn:aws:sts::%s:assumed-role/", account);
    switch (who) {
    case VD_ASKER_ROLE:
        field(w, VD_PRINCIPAL, "%s%s/%s", with_account, slash ? slash + 1 : role, ONE_OF(sessions));
        field(w, VD_PRINCIPAL_ROLE, "arn:aws:iam::%s:role/%s%s", account, role, "");
        field(w, VD_PRINCIPAL_ID, "%s%s%s", ONE_OF(role_ids), "", "");
        break;
    case VD_ASKER_CANONICAL:
        field(w, VD_PRINCIPAL_CANONICAL, "%s%s%s", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be", "", "");
        field(w, VD_PRINCIPAL, "arn:aws:iam::%s:user/%s%s", account, name, "");
        break;
    case VD_ASKER_USER:
        field(w, VD_PRINCIPAL, "arn:aws:iam::%s:user/%s%s", account, name, "");
        field(w, VD_PRINCIPAL_ID, "%s%s%s", ONE_OF(user_ids), "", "");
        break;
    case VD_ASKER_ROOT:
        field(w, VD_PRINCIPAL, "arn:aws:iam::%s:root%s%s", account, "", "");
        break;
    case VD_ASKER_FEDERATED_USER:
        name = pick(2) ? "bob" : "carol";
        field(w, VD_PRINCIPAL, "arn:aws:sts::%s:federated-user/%s%s", account, name, "");
        if (pick(2)) {
            field(w, VD_PRINCIPAL_PARENT, "arn:aws:iam::%s:root%s%s", account, "", "");
        } else {
            field(w, VD_PRINCIPAL_PARENT, "arn:aws:iam::%s:user/%s%s", account, ONE_OF(names), "");
            field(w, VD_PRINCIPAL_ID, "%s%s%s", ONE_OF(user_ids), "", "");
        }
        break;
    case VD_ASKER_SERVICE:
        field(w, VD_PRINCIPAL, "%s%s%s", pick(2) ? "sns.amazonaws.com" : "lambda.amazonaws.com", "", "");
        break;
    default:
        field(w, VD_PRINCIPAL, "anonymous%s%s%s", "", "", "");
        break;
    }
}

static void sample_session(world *w, vd_asker who)
{
    static const char *const times[] = { "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "2026-11-19T10:00:00Z" };
    static const char *const tags[] = { "x", "bob", "xx", "" };
    bool                     temporary = who == VD_ASKER_ROLE || who == VD_ASKER_FEDERATED_USER || (who == VD_ASKER_USER && pick(2));

    if (who != VD_ASKER_ROOT && who != VD_ASKER_SERVICE && who != VD_ASKER_ANONYMOUS && pick(2))
        context(w, "aws:PrincipalTag/t", ONE_OF(tags));
    if (temporary)
        context(w, "aws:TokenIssueTime", ONE_OF(times));
    if (temporary && pick(2)) {
        bool mfa = pick(2);

        context(w, "aws:MultiFactorAuthPresent", mfa ? "true" : "false");
        if (mfa)
            context(w, "aws:MultiFactorAuthAge", pick(2) ? "10" : "3600");
    }
    if (who != VD_ASKER_SERVICE && who != VD_ASKER_ANONYMOUS && pick(2))
        in_organization(w, "aws:PrincipalOrgID", "aws:PrincipalOrgPaths");
    if (who == VD_ASKER_SERVICE && pick(3)) {
        uint32_t n = pick(3);

        context(w, "aws:SourceArn", n == 0 ? "arn:aws:s3:::b" : n == 1 ? "arn:aws:sns:us-east-1:111122223333:t" : "arn:aws:sns:us-east-1:444455556666:t");
        if (n)
            context(w, "aws:SourceAccount", n == 1 ? "111122223333" : "444455556666");
        else if (pick(2))
            context(w, "aws:SourceAccount", pick(2) ? "111122223333" : "444455556666");
        if (pick(2))
            in_organization(w, "aws:SourceOrgID", "aws:SourceOrgPaths");
    }
}

static void sample_path(world *w)
{
    static const char *const addresses[] = { "203.0.113.1", "203.0.113.200", "10.1.1.1", "2001:db8::1", "8.8.8.8" };
    static const char *const via[] = { "athena.amazonaws.com", "glue.amazonaws.com", "emr.amazonaws.com" };
    uint32_t                 path = pick(3);
    const char              *first = ONE_OF(via), *last = ONE_OF(via);

    if (path == 1) {
        context(w, "aws:SourceVpce", pick(2) ? "vpce-0a1b2c3d" : "vpce-5");
        context(w, "aws:SourceVpc", pick(2) ? "vpc-0a1b2c3d" : "vpc-12");
    } else if (path == 0 || pick(2)) {
        context(w, "aws:SourceIp", ONE_OF(addresses));
    }
    if (path == 2) {
        uint32_t n = 1 + pick(2);

        context_two(w, "aws:CalledVia", first, last, n);
        context(w, "aws:CalledViaFirst", first);
        context(w, "aws:CalledViaLast", n == 1 ? first : last);
    }
    context(w, "aws:ViaAWSService", path == 2 ? "true" : "false");
    if (pick(3) == 0) {
        static const char *const points[] = { "arn:aws:s3:us-east-1:111122223333:accesspoint/ap", "arn:aws:s3:us-east-1:444455556666:accesspoint/x" };
        uint32_t                 at = pick(2);

        context(w, "s3:DataAccessPointArn", points[at]);
        context(w, "s3:DataAccessPointAccount", at ? "444455556666" : "111122223333");
        context(w, "s3:AccessPointNetworkOrigin", path == 1 && pick(2) ? "VPC" : "Internet");
    }
}

static void sample_rest(world *w)
{
    static const char *const words[] = { "a", "b", "ab", "", "bob", "aa" };
    static const char *const keys[] = { "owner", "t", "xx" };
    static const char *const numbers[] = { "0", "1", "2.5", "10", "5" };
    static const char *const clock[][2] = { { "2026-11-21T00:00:00Z", "1795219200" }, { "2026-11-21T00:00:01Z", "1795219201" },
                                            { "2027-01-01T00:00:00Z", "1798761600" }, { "2027-01-01T00:00:01Z", "1798761601" } };
    uint32_t                 at = pick(4), tags = pick(3);

    context(w, "aws:CurrentTime", clock[at][0]);
    context(w, "aws:EpochTime", clock[at][1]);
    context(w, "aws:SecureTransport", pick(4) ? "true" : "false");
    if (tags == 1) {
        context(w, "aws:RequestTag/Team", pick(2) ? "x" : pick(2) ? "" : "z");
        context_two(w, "aws:TagKeys", pick(2) ? "Team" : "team", ONE_OF(keys), 1 + pick(2));
    } else if (tags == 2) {
        context_two(w, "aws:TagKeys", ONE_OF(keys), ONE_OF(keys), 1 + pick(2));
    }
    if (pick(2))
        context(w, "s3:prefix", ONE_OF(words));
    if (pick(2))
        context(w, "s3:max-keys", ONE_OF(numbers));
    if (pick(2))
        context_two(w, "x:y", ONE_OF(words), ONE_OF(words), 1 + pick(2));
}

static bool sample(world *w, vd_asker who)
{
    static const char *const objects[] = { "a", "b", "x", "ab", "home/x", "bob/x", "alice/x", "" };

    ok = true;
    vd_request_reset(w->request);
    sample_principal(w, who);
    field(w, VD_ACTION, "s3:GetObject%s%s%s", "", "", "");
    field(w, VD_RESOURCE, "arn:aws:s3:::b/%s%s%s", ONE_OF(objects), "", "");
    field(w, VD_RESOURCE_ACCOUNT, "111122223333%s%s%s", "", "", "");
    sample_session(w, who);
    sample_path(w);
    sample_rest(w);
    return ok;
}

/* ------------------------------------------------------------------ which statements match */

static bool look(world *w, bool *applied)
{
    vd_explanation  *x = NULL;
    vd_explain_opts  opts = { .size = sizeof opts, .no_proposals = true };
    vd_error         err = { .size = sizeof err };
    bool             found = false;
    const vd_explained *e;

    if (vd_explain(&x, w->set, w->request, &opts, &err) != VD_OK) {
        fail_msg("%s", err.text);
        return false;
    }
    e = vd_explanation_get(x);
    for (size_t i = 0; e->code == VD_OK && i < e->checks[0]->layer_count; i++) {
        const vd_layer_trace *l = e->checks[0]->layers[i];

        for (size_t k = 0; k < l->statement_count; k++) {
            applied[l->statements[k]->index] = l->statements[k]->applied;
            found = true;
        }
    }
    if (e->code != VD_OK)
        fprintf(stderr, "request: " VD_F "\n", VD_A(e->error));
    vd_explanation_free(x);
    return found;
}

static void open_world(world *w)
{
    vd_error  err = { .size = sizeof err };
    vd_code   code = VD_ESYNTAX;
    vd_attach at = { .size = sizeof at };

    while (code != VD_OK) {
        vd_buf text = vd_buf_on(vd_allocator_default(), 0);

        w->principals = pick(2);
        vd_buf_printf(&text, "{\"Version\":\"2012-10-17\",\"Statement\":[");
        for (uint32_t i = 0; i < STATEMENTS; i++) {
            vd_buf_printf(&text, "%s", i ? "," : "");
            add_statement(&text, w->principals);
        }
        vd_buf_printf(&text, "]}");
        w->policy = NULL;
        code = vd_policy_parse(&w->policy, w->engine, w->principals ? VD_KIND_RESOURCE : VD_KIND_IDENTITY, VD_S("p"), vd_buf_str(&text),
                               NULL, &err);
        vd_buf_done(&text);
        for (uint32_t i = 0; code == VD_OK && i < STATEMENTS; i++)
            if (w->policy->statements[i].malformed) {
                vd_policy_release(w->policy);
                code = VD_EMALFORMED;
            }
        if (code == VD_OK) {
            vd_builder *b;

            at.layer = w->principals ? VD_LAYER_RESOURCE : VD_LAYER_IDENTITY;
            assert_int_equal(vd_builder_new(&b, w->engine, &err), VD_OK);
            assert_int_equal(vd_builder_add(b, w->policy, &at, &err), VD_OK);
            assert_int_equal(vd_builder_compile(&w->set, b, NULL, &err), VD_OK);
            vd_builder_free(b);
        }
    }
}

static void show(world *w, const vd_goal *g)
{
    fprintf(stderr, "  " VD_F "\n  match", VD_A(vd_policy_text(w->policy)));
    for (uint32_t i = 0; i < g->match_count; i++)
        fprintf(stderr, " %u", g->match[i]);
    fprintf(stderr, ", miss");
    for (uint32_t i = 0; i < g->miss_count; i++)
        fprintf(stderr, " %u", g->miss[i]);
    fprintf(stderr, "\n");
}

static void show_model(const vd_model *m)
{
    fprintf(stderr, "  who %d path %d principal \"" VD_F "\" id \"" VD_F "\" resource \"" VD_F "\"\n", m->who, m->path,
            VD_A(m->principal), VD_A(m->user_id), VD_A(m->resource));
    for (uint32_t i = 0; i < m->key_count; i++) {
        fprintf(stderr, "    " VD_F " state %d", VD_A(m->keys[i].key), m->keys[i].state);
        for (uint32_t k = 0; k < m->keys[i].count; k++)
            fprintf(stderr, " \"" VD_F "\"", VD_A(m->keys[i].values[k]));
        fprintf(stderr, "\n");
    }
}

typedef struct seen {
    uint8_t who;
    bool    applied[STATEMENTS];
} seen;

static unsigned answers[3], why_variable, why_budget, why_other;

static void confirm(world *w, const vd_goal *g, const vd_model *m)
{
    bool     applied[STATEMENTS] = { false }, right;
    vd_error err = { .size = sizeof err };

    right = vd_confirm_request(w->request, m, &w->arena, &err) == VD_OK && look(w, applied);
    for (uint32_t i = 0; i < g->match_count; i++)
        right &= applied[g->match[i]];
    for (uint32_t i = 0; i < g->miss_count; i++)
        right &= !applied[g->miss[i]];
    if (!right) {
        fprintf(stderr, "the evaluator does not confirm it (%s):\n", err.text);
        for (uint32_t i = 0; i < STATEMENTS; i++)
            fprintf(stderr, " %d", applied[i]);
        fprintf(stderr, "\n");
        show(w, g);
        show_model(m);
        fail();
    }
}

static void ask(world *w, vd_symbolic *s, const seen *requests, uint32_t samples)
{
    static const vd_str arns[] = { VD_L("arn:*") };
    uint32_t    match[STATEMENTS], miss[STATEMENTS];
    vd_demand   object = { 0, false };
    uint32_t    all = 1u << VD_ASKER_ROLE | 1u << VD_ASKER_USER | 1u << VD_ASKER_FEDERATED_USER;
    vd_goal     g = { .action = VD_S("s3:GetObject"), .match = match, .miss = miss };
    vd_model    m;
    const char *why = NULL;
    bool        nomem = false;
    vd_answer   answer;

    if (w->principals)
        all |= 1u << VD_ASKER_ANONYMOUS | 1u << VD_ASKER_ROOT | 1u << VD_ASKER_SERVICE | 1u << VD_ASKER_CANONICAL;
    object.atom = vd_symbolic_resource(s, arns, 1, &nomem);
    g.demands = &object; /* no document of a resource is asked about "*" */
    g.demand_count = w->principals;
    g.who = pick(3) ? all : all & pick(1u << VD_ASKER_COUNT);
    for (uint32_t i = 0; i < STATEMENTS; i++) {
        uint32_t side = pick(3);

        if (side == 0)
            match[g.match_count++] = i;
        else if (side == 1)
            miss[g.miss_count++] = i;
    }
    answer = vd_symbolic_solve(s, &g, &m, &why, &nomem);
    assert_false(nomem);
    answers[answer]++;
    if (answer == VD_UNKNOWN && why)
        *(strcmp(why, "variable") == 0 ? &why_variable : strcmp(why, "budget") == 0 ? &why_budget : &why_other) += 1;
    if (answer == VD_SAT)
        confirm(w, &g, &m);
    for (uint32_t k = 0; answer == VD_UNSAT && k < samples; k++) {
        bool example = g.who >> requests[k].who & 1u;

        for (uint32_t i = 0; i < g.match_count; i++)
            example &= requests[k].applied[match[i]];
        for (uint32_t i = 0; i < g.miss_count; i++)
            example &= !requests[k].applied[miss[i]];
        if (example) {
            fprintf(stderr, "called impossible, and request %u is an example (asker %d)\n", k, requests[k].who);
            show(w, &g);
            fail();
        }
    }
}

static void one_world(world *w)
{
    static const vd_asker askers[] = { VD_ASKER_ROLE, VD_ASKER_USER, VD_ASKER_FEDERATED_USER, VD_ASKER_ROOT, VD_ASKER_SERVICE,
                                       VD_ASKER_ANONYMOUS, VD_ASKER_CANONICAL };
    seen                  requests[SAMPLES];
    uint32_t              samples = 0;
    vd_symbolic          *s;
    vd_symbolic_opts      opts = { .budget = 2000000, .now = { .seconds = 1795219200 } };
    vd_error              err = { .size = sizeof err };
    bool                  nomem = false;

    open_world(w);
    for (uint32_t k = 0; k < SAMPLES; k++) {
        vd_asker who = askers[pick(w->principals ? 7 : 3)];

        memset(requests[samples].applied, 0, sizeof requests[samples].applied);
        requests[samples].who = (uint8_t)who;
        if (!sample(w, who)) {
            fprintf(stderr, "a sample is no request: %s\n", vd_request_error(w->request) ? vd_request_error(w->request)->text : "");
            fail();
        }
        samples += look(w, requests[samples].applied);
    }
    assert_int_equal(vd_symbolic_new(&s, w->engine, &opts, &err), VD_OK);
    for (uint32_t i = 0; i < STATEMENTS; i++)
        assert_int_equal(vd_symbolic_statement(s, w->policy, i, &nomem), i);
    for (uint32_t i = 0; i < QUESTIONS; i++)
        ask(w, s, requests, samples);
    vd_symbolic_free(s);
    vd_set_release(w->set);
    vd_policy_release(w->policy);
    vd_arena_reset(&w->arena);
}

static void random_worlds(void **state)
{
    world    w = { 0 };
    vd_error err = { .size = sizeof err };

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    assert_int_equal(vd_request_new(&w.request, w.engine, &err), VD_OK);
    w.arena = vd_arena_on(vd_allocator_default(), 0);
    for (unsigned i = 0; i < rounds; i++)
        one_world(&w);
    fprintf(stderr, "%u questions: %u yes, %u no, %u unknown (variable %u, budget %u, other %u)\n",
            answers[0] + answers[1] + answers[2], answers[VD_SAT], answers[VD_UNSAT], answers[VD_UNKNOWN], why_variable, why_budget,
            why_other);
    vd_arena_done(&w.arena);
    vd_request_free(w.request);
    vd_engine_release(w.engine);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(random_worlds) };

    if (argc > 1)
        rounds = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
