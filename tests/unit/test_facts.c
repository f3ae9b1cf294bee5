/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts of a check, rule by rule: who asks, who owns, what is decided before policies, which layers bear on it, and
 * what the state of the resource grants.
 */
#include "unit.h"

#include "request/facts.h"

#include <time.h>

#define A1 "111111111111"
#define A2 "222222222222"
#define BOB "arn:aws:iam::" A1 ":user/bob"
#define ROOT "arn:aws:iam::" A1 ":root"
#define SESSION "arn:aws:sts::" A1 ":assumed-role/r/s"
#define ROLE "arn:aws:iam::" A1 ":role/r"
#define FEDERATED "arn:aws:sts::" A1 ":federated-user/f"
#define OBJECT "arn:aws:s3:::b/k"
#define QUEUE "arn:aws:sqs:us-east-1:" A1 ":q"
#define KEY "arn:aws:kms:us-east-1:" A1 ":key/k1"
#define SAML "arn:aws:iam::" A1 ":saml-provider/x"
#define LINKED "arn:aws:iam::" A1 ":role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"

typedef struct ask {
    bool        given; /* lets ASK name a member first, so that compilers do not ask for all of them */
    const char *principal, *action, *resource;
    const char *account, *kind, *role, *parent, *id, *credential; /* NULL: not given */
    uint32_t    flags; /* bits of vd_flag */
} ask;

/* Principal, action, resource (default: read OBJECT), then by name. */
#define ASK(...) { .given = true, .principal = __VA_ARGS__ }

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
    if (value)
        assert_int_equal(vd_request_set(request, field, vd_str_of(value)), VD_OK);
}

static void put(const char *key, const char *value)
{
    vd_str v = vd_str_of(value);

    assert_int_equal(vd_request_context(request, vd_str_of(key), &v, 1), VD_OK);
}

static void pose(const ask *q)
{
    vd_request_reset(request);
    set(VD_PRINCIPAL, q->principal);
    set(VD_ACTION, q->action ? q->action : "s3:GetObject");
    set(VD_RESOURCE, q->resource ? q->resource : OBJECT);
    set(VD_RESOURCE_ACCOUNT, q->account);
    set(VD_PRINCIPAL_KIND, q->kind);
    set(VD_PRINCIPAL_ROLE, q->role);
    set(VD_PRINCIPAL_PARENT, q->parent);
    set(VD_PRINCIPAL_ID, q->id);
    set(VD_CREDENTIAL, q->credential);
    for (int i = 0; i < VD_FLAG_COUNT; i++)
        if (q->flags >> i & 1)
            assert_int_equal(vd_request_flag(request, i, true), VD_OK);
}

static vd_facts facts(uint32_t check)
{
    vd_facts f;
    vd_error err = { .size = sizeof err };

    if (vd_facts_make(&f, request, check, &err) != VD_OK)
        fail_msg("%s", err.text);
    return f;
}

static vd_facts facts_of(ask q)
{
    pose(&q);
    return facts(0);
}

/* ------------------------------------------------------------------ E401 to E403 */

static const struct {
    ask               q;
    vd_principal_kind kind;
    const char       *account, *role_name, *session_name, *role_arn, *user_arn;
} kinds[] = {
    { ASK(ROOT), VD_WHO_ROOT, A1, "", "", "", "" },
    { ASK(BOB), VD_WHO_USER, A1, "", "", "", BOB },
    { ASK("arn:aws-cn:iam::" A1 ":user/dev/bob", .resource = "*"), VD_WHO_USER, A1, "", "", "",
      "arn:aws-cn:iam::" A1 ":user/dev/bob" },
    { ASK(SESSION), VD_WHO_ROLE_SESSION, A1, "r", "s", "", "" },
    { ASK(SESSION, .role = "arn:aws:iam::" A1 ":role/ops/r"), VD_WHO_ROLE_SESSION, A1, "r", "s",
      "arn:aws:iam::" A1 ":role/ops/r", "" },
    { ASK(ROLE), VD_WHO_ROLE_SESSION, A1, "r", "", ROLE, "" }, /* E402: session unspecified */
    { ASK("arn:aws:iam::" A1 ":role/ops/deep/r"), VD_WHO_ROLE_SESSION, A1, "r", "", "arn:aws:iam::" A1 ":role/ops/deep/r", "" },
    { ASK(LINKED), VD_WHO_SERVICE_LINKED, A1, "AWSServiceRoleForX", "", LINKED, "" },
    { ASK("arn:aws:sts::" A1 ":assumed-role/AWSServiceRoleForX/s", .role = LINKED), VD_WHO_SERVICE_LINKED, A1,
      "AWSServiceRoleForX", "s", LINKED, "" },
    { ASK("arn:aws:sts::" A1 ":assumed-role/AWSServiceRoleForX/s"), VD_WHO_SERVICE_LINKED, A1, "AWSServiceRoleForX", "s",
      "", "" },
    /* a known path says that it is not linked, whatever the name */
    { ASK("arn:aws:iam::" A1 ":role/AWSServiceRoleForX"), VD_WHO_ROLE_SESSION, A1, "AWSServiceRoleForX", "",
      "arn:aws:iam::" A1 ":role/AWSServiceRoleForX", "" },
    { ASK("arn:aws:sts::" A1 ":assumed-role/AWSServiceRoleForX/s", .flags = 1u << VD_NOT_SERVICE_LINKED),
      VD_WHO_ROLE_SESSION, A1, "AWSServiceRoleForX", "s", "", "" },
    { ASK(SESSION, .flags = 1u << VD_SERVICE_LINKED), VD_WHO_SERVICE_LINKED, A1, "r", "s", "", "" },
    { ASK(SESSION, .kind = "service-linked"), VD_WHO_SERVICE_LINKED, A1, "r", "s", "", "" },
    { ASK(FEDERATED), VD_WHO_FEDERATED_USER, A1, "", "f", "", "" },
    { ASK(FEDERATED, .parent = BOB), VD_WHO_FEDERATED_USER, A1, "", "f", "", BOB },
    { ASK(FEDERATED, .parent = ROOT), VD_WHO_FEDERATED_USER, A1, "", "f", "", "" },
    { ASK("lambda.amazonaws.com"), VD_WHO_SERVICE, "", "", "", "", "" },
    { ASK("s3.eu-south-1.amazonaws.com"), VD_WHO_SERVICE, "", "", "", "", "" },
    { ASK("ec2.amazonaws.com.cn"), VD_WHO_SERVICE, "", "", "", "", "" },
    { ASK("cognito-identity.amazonaws.com"), VD_WHO_SERVICE, "", "", "", "", "" },
    { ASK("cognito-identity.amazonaws.com", "sts:AssumeRoleWithWebIdentity", ROLE), VD_WHO_IDP, "", "", "", "", "" },
    { ASK("accounts.google.com", "sts:AssumeRoleWithWebIdentity", ROLE), VD_WHO_IDP, "", "", "", "", "" },
    { ASK(SAML, "sts:AssumeRoleWithSAML", ROLE), VD_WHO_IDP, A1, "", "", "", "" },
    { ASK(SAML, "sts:TagSession", ROLE), VD_WHO_IDP, A1, "", "", "", "" },
    { ASK(SAML, .kind = "idp"), VD_WHO_IDP, A1, "", "", "", "" },
    { ASK("arn:aws:iam::" A1 ":oidc-provider/ci.example.com/x", "STS:assumerolewithwebidentity", ROLE), VD_WHO_IDP, A1, "", "",
      "", "" },
    { ASK("anonymous"), VD_WHO_ANONYMOUS, "", "", "", "", "" },
    { ASK(NULL, .kind = "anonymous"), VD_WHO_ANONYMOUS, "", "", "", "", "" },
    { ASK(ROOT, .credential = "assume-root"), VD_WHO_ROOT, A1, "", "", "", "" },
};

static void kinds_of_principals(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(kinds); i++) {
        vd_facts f = facts_of(kinds[i].q);

        if (f.kind != kinds[i].kind)
            fail_msg("row %zu: %s is %s", i, kinds[i].q.principal, vd_principal_kind_names[f.kind].p);
        check_cstr(f.account, kinds[i].account);
        check_cstr(f.role_name, kinds[i].role_name);
        check_cstr(f.session_name, kinds[i].session_name);
        check_cstr(f.role_arn, kinds[i].role_arn);
        check_cstr(f.user_arn, kinds[i].user_arn);
        assert_int_equal(f.role_path_known, kinds[i].role_arn[0] != 0);
        assert_int_equal((f.notes & VD_NOTE_ASSUMED_ROLE_PATH) != 0, f.role_name.n && !f.role_path_known);
    }
}

/* ------------------------------------------------------------------ what cannot be evaluated */

static const struct {
    ask         q;
    const char *text; /* part of the message */
} errors[] = {
    { ASK(NULL), "no principal" },
    { ASK(BOB, ""), "no action" },
    { ASK(BOB, "s3"), "\"s3\" is not an action" }, /* E201 */
    { ASK(BOB, "s3:"), "\"s3:\" is not an action" },
    { ASK(BOB, ":GetObject"), "not an action" },
    { ASK(BOB, "s3:Get:Object"), "not an action" },
    { ASK(BOB, .resource = "b/k"), "resource \"b/k\" is neither" },
    { ASK(BOB, .resource = "arn:aws:s3"), "neither \"*\" nor an ARN" },
    { ASK(BOB, .resource = "arn:aws:s3::b"), "neither \"*\" nor an ARN" },
    { ASK(BOB, .resource = "arn::s3:::b"), "neither \"*\" nor an ARN" },
    { ASK(BOB, .resource = "**"), "neither \"*\" nor an ARN" },
    { ASK(BOB, .account = "123"), "\"123\" is no account" },
    { ASK("bob"), "\"bob\" is neither an ARN" },
    { ASK(A1), "neither an ARN" },
    { ASK("AIDAEXAMPLE"), "neither an ARN" },
    { ASK("*"), "neither an ARN" },
    { ASK("a..com"), "neither an ARN" },
    { ASK(".com"), "neither an ARN" },
    { ASK("com."), "neither an ARN" },
    { ASK("arn:aws:iam::" A1), "is not an ARN" },
    { ASK("arn::iam::" A1 ":root"), "is not an ARN" },
    { ASK("arn:aws:iam:us-east-1:" A1 ":root"), "is not an ARN" },
    { ASK("arn:aws:iam::aws:user/bob"), "no account" },
    { ASK("arn:aws:iam:::user/bob"), "no account" },
    { ASK("arn:aws:iam::" A1 ":group/g"), "no identity" },
    { ASK("arn:aws:iam::" A1 ":user/"), "no name" },
    { ASK("arn:aws:iam::" A1 ":role/x/"), "no name" },
    { ASK("arn:aws:sts::" A1 ":assumed-role/r"), "names no session" },
    { ASK("arn:aws:sts::" A1 ":assumed-role/r/"), "names no session" },
    { ASK("arn:aws:sts::" A1 ":assumed-role//s"), "names no session" },
    { ASK("arn:aws:sts::" A1 ":assumed-role/path/r/s"), "slash in the session name" },
    { ASK("arn:aws:sts::" A1 ":federated-user/"), "no identity" },
    { ASK("arn:aws:s3:::b"), "no identity" },
    { ASK(SAML), "identity provider" },
    { ASK("accounts.google.com"), "identity provider" },
    { ASK(BOB, .kind = "person"), "no kind of principal \"person\"" },
    { ASK(BOB, .kind = "root"), "cannot be of the kind \"root\"" },
    { ASK(BOB, .kind = "anonymous"), "cannot be of the kind" },
    { ASK("anonymous", .kind = "user"), "cannot be of the kind" },
    { ASK("lambda.amazonaws.com", .kind = "idp"), "cannot be of the kind" },
    { ASK(SESSION, .role = "arn:aws:iam::" A1 ":role/other"), "not the role" },
    { ASK(SESSION, .role = "arn:aws:iam::" A2 ":role/r"), "not the role" },
    { ASK(SESSION, .role = "arn:aws-cn:iam::" A1 ":role/r"), "not the role" },
    { ASK(SESSION, .role = "r"), "not the role" },
    { ASK(SESSION, .role = "arn:aws:iam:us-east-1:" A1 ":role/r"), "not the role" },
    { ASK(ROLE, .role = "arn:aws:iam::" A1 ":role/ops/r"), "not the role" },
    { ASK(FEDERATED, .parent = "arn:aws:iam::" A2 ":user/bob"), "not a user" },
    { ASK(FEDERATED, .parent = ROLE), "not a user" },
    { ASK(FEDERATED, .parent = "arn:aws:iam::" A1 ":user/"), "not a user" },
    { ASK(FEDERATED, .parent = "arn:aws:iam:us-east-1:" A1 ":root"), "not a user" },
    { ASK(BOB, .credential = "password"), "no kind of credential \"password\"" },
    { ASK(BOB, .credential = "assume-root"), "AssumeRoot" },
};

static void errors_of_requests(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(errors); i++) {
        vd_facts f;
        vd_error err = { .size = sizeof err };

        pose(&errors[i].q);
        if (vd_facts_make(&f, request, 0, &err) != VD_EREQUEST || !strstr(err.text, errors[i].text))
            fail_msg("row %zu: \"%s\"", i, err.text);
        assert_int_equal(vd_facts_make(&f, request, 0, NULL), VD_EREQUEST);
        assert_int_equal(f.outcome, VD_IMPLICIT_DENY);
    }
    pose(&(ask)ASK(BOB));
    assert_int_equal(vd_request_set(request, 99, VD_S("")), VD_EINVAL); /* what failed sticks */
    {
        vd_facts f;

        assert_int_equal(vd_facts_make(&f, request, 0, NULL), VD_EINVAL);
    }
    vd_request_reset(request);
    set(VD_PRINCIPAL, BOB);
    set(VD_ACTION, "s3:GetObject");
    assert_int_equal(vd_request_check_count(request), 1);
    {
        vd_facts f;
        vd_error err = { .size = sizeof err };

        assert_int_equal(vd_facts_make(&f, request, 0, &err), VD_EREQUEST);
        check_cstr(vd_str_of(err.text), "the request has no resource for the action \"s3:GetObject\"");
        set(VD_PRINCIPAL_ACCOUNT, A2);
        set(VD_RESOURCE, "*");
        assert_int_equal(vd_facts_make(&f, request, 0, &err), VD_EREQUEST);
    }
}

/* ------------------------------------------------------------------ E012, E317 */

static const struct {
    ask         q;
    const char *context; /* aws:ResourceAccount */
    const char *owner;
    bool        same, assumed;
} owners[] = {
    { ASK(BOB, .account = A1), NULL, A1, true, false },
    { ASK(BOB, .account = A2), NULL, A2, false, false },
    { ASK(BOB, "sqs:SendMessage", QUEUE), NULL, A1, true, false },
    { ASK(BOB, "sqs:SendMessage", "arn:aws:sqs:us-east-1:" A2 ":q"), NULL, A2, false, false },
    { ASK(BOB, "sqs:SendMessage", QUEUE, .account = A2), NULL, A2, false, false }, /* given before the ARN */
    { ASK(BOB, "sqs:SendMessage", QUEUE), A2, A1, true, false },                   /* the ARN before the context */
    { ASK(BOB), A2, A2, false, false },
    { ASK(BOB), NULL, A1, true, true },
    { ASK(BOB, "ec2:DescribeInstances", "*"), NULL, A1, true, false },
    { ASK(BOB, "ec2:DescribeInstances", "*", .account = A2), NULL, A2, true, false }, /* E709: path of the given one */
    { ASK("lambda.amazonaws.com"), NULL, "", false, false },
    { ASK("lambda.amazonaws.com", .account = A1), NULL, A1, false, false },
    { ASK("anonymous", "cognito-identity:GetId", "*", .account = A1), NULL, A1, false, false },
    { ASK(BOB, "iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess"), NULL, A1, true, false }, /* E318 */
    { ASK(BOB, "sts:AssumeRoot", "arn:aws:iam::" A2 ":root"), NULL, A2, true, false },              /* E749 */
};

static void owners_of_resources(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(owners); i++) {
        vd_facts f;

        pose(&owners[i].q);
        if (owners[i].context)
            put("AWS:resourceaccount", owners[i].context);
        f = facts(0);
        if (f.same_account != owners[i].same || ((f.notes & VD_NOTE_ASSUMED_RESOURCE_ACCOUNT) != 0) != owners[i].assumed)
            fail_msg("row %zu", i);
        check_cstr(f.resource_account, owners[i].owner);
    }
}

static void further_checks(void **state)
{
    vd_facts f;

    VD_UNUSED(state);
    pose(&(ask)ASK(BOB, "s3:PutObject", OBJECT, .account = A2));
    set(VD_RESOURCE, "arn:aws:s3:::b/other");
    assert_int_equal(vd_request_check(request, VD_S("iam:PassRole"), VD_S(ROLE), VD_S("")), VD_OK);
    assert_int_equal(vd_request_check(request, VD_S("s3:PutObjectAcl"), VD_S(""), VD_S("")), VD_OK);
    put("aws:ResourceAccount", A1);
    assert_int_equal(vd_request_check(request, VD_S(""), VD_S("arn:aws:s3:::c"), VD_S(A1)), VD_OK);
    assert_int_equal(vd_request_check_count(request), 5);
    check_cstr(facts(1).resource, "arn:aws:s3:::b/other");
    check_cstr(facts(1).resource_account, A2);
    f = facts(2);
    check_cstr(f.action, "iam:PassRole");
    check_cstr(f.resource_account, A1); /* its ARN, not the account of the bucket */
    assert_false(f.decided);
    f = facts(3);
    check_cstr(f.name, "PutObjectAcl");
    check_cstr(f.resource, OBJECT); /* the resource of the call, and its account */
    check_cstr(f.resource_account, A2);
    f = facts(4);
    check_cstr(f.action, "s3:PutObject");
    check_cstr(f.resource_account, A1);
}

/* ------------------------------------------------------------------ E703, E318 */

#define ALLOWED VD_ALLOW, VD_CATEGORY_NO_PERMISSION_NEEDED
#define REFUSED(category) VD_IMPLICIT_DENY, VD_CATEGORY_##category
#define OPEN -1, VD_CATEGORY_NONE
#define RESERVED "arn:aws:iam::" A1 ":role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x_0123456789abcdef"

static const struct {
    ask         q;
    int32_t     outcome; /* -1: not decided */
    vd_category category;
    bool        aws_managed;
    const char *mfa;
} decisions[] = {
    { ASK(BOB, .resource = "arn:aws-cn:s3:::b/k", .account = A1), REFUSED(CROSS_PARTITION), false, NULL }, /* E319 */
    { ASK("lambda.amazonaws.com", .resource = "arn:aws-cn:s3:::b/k"), OPEN, false, NULL },
    { ASK(BOB, "sts:GetCallerIdentity", "*"), ALLOWED, false, NULL }, /* E740 */
    { ASK(SESSION, "STS:getcalleridentity", "*"), ALLOWED, false, NULL },
    { ASK(FEDERATED, "sts:GetCallerIdentity", "*"), ALLOWED, false, NULL },
    { ASK("anonymous", "sts:GetCallerIdentity", "*"), OPEN, false, NULL },
    { ASK(BOB, "sts:GetSessionToken", "*"), ALLOWED, false, NULL },
    { ASK(ROOT, "sts:GetSessionToken", "*", .credential = "long-term"), ALLOWED, false, NULL },
    { ASK(BOB, "sts:GetSessionToken", "*", .credential = "session-token"), REFUSED(CREDENTIAL_TYPE), false, NULL },
    { ASK(SESSION, "sts:GetSessionToken", "*"), REFUSED(CREDENTIAL_TYPE), false, NULL }, /* E748 */
    { ASK(SESSION, "sts:GetFederationToken", "*"), REFUSED(CREDENTIAL_TYPE), false, NULL },
    { ASK(BOB, "sts:GetFederationToken", "*"), OPEN, false, NULL },
    { ASK(ROOT, "sts:AssumeRole", ROLE), REFUSED(CREDENTIAL_TYPE), false, NULL },
    { ASK(BOB, "sts:AssumeRole", ROLE), OPEN, false, NULL },
    { ASK(FEDERATED, "iam:ListUsers", "*"), REFUSED(CREDENTIAL_TYPE), false, NULL },
    { ASK(FEDERATED, "iam:ListUsers", "*", .credential = "console"), OPEN, false, NULL },
    { ASK(FEDERATED, "sts:AssumeRole", ROLE), REFUSED(CREDENTIAL_TYPE), false, NULL },
    { ASK(FEDERATED, "s3:GetObject", OBJECT, .account = A1), OPEN, false, NULL },
    { ASK(BOB, "iam:ListUsers", "*", .credential = "session-token"), REFUSED(CREDENTIAL_TYPE), false, NULL },
    { ASK(BOB, "iam:ListUsers", "*", .credential = "session-token"), REFUSED(CREDENTIAL_TYPE), false, "false" },
    { ASK(BOB, "iam:ListUsers", "*", .credential = "session-token"), OPEN, false, "true" },
    { ASK(BOB, "iam:ListUsers", "*", .credential = "long-term"), OPEN, false, NULL },
    { ASK(BOB, "sts:AssumeRole", ROLE, .credential = "session-token"), OPEN, false, NULL },
    { ASK(BOB, "sts:TagSession", ROLE, .credential = "session-token"), OPEN, false, NULL }, /* E749 */
    { ASK(BOB, "sts:DecodeAuthorizationMessage", "*", .credential = "session-token"), REFUSED(CREDENTIAL_TYPE), false, NULL },
    { ASK(BOB, "iam:PassRole", "arn:aws:iam::" A2 ":role/app"), REFUSED(PASS_ROLE_ACCOUNT), false, NULL }, /* E771 */
    { ASK(BOB, "iam:PassRole", ROLE), OPEN, false, NULL },
    { ASK(BOB, "iam:GetRole", "arn:aws:iam::" A2 ":role/app"), OPEN, false, NULL },
    { ASK(SAML, "sts:AssumeRoleWithSAML", ROLE), OPEN, false, NULL }, /* E745 */
    { ASK(SAML, "sts:AssumeRoleWithSAML", "arn:aws:iam::" A2 ":role/r"), REFUSED(PROVIDER_ACCOUNT), false, NULL },
    { ASK(SAML, "sts:TagSession", "arn:aws:iam::" A2 ":role/r"), REFUSED(PROVIDER_ACCOUNT), false, NULL },
    { ASK("accounts.google.com", "sts:AssumeRoleWithWebIdentity", "arn:aws:iam::" A2 ":role/r"), OPEN, false, NULL },

    { ASK(BOB, "iam:PutRolePolicy", RESERVED), OPEN, true, NULL }, /* E318 */
    { ASK(BOB, "IAM:putrolepolicy", RESERVED), OPEN, true, NULL },
    { ASK(BOB, "iam:GetRole", RESERVED), OPEN, false, NULL },
    { ASK("sso.amazonaws.com", "iam:PutRolePolicy", RESERVED), OPEN, false, NULL },
    { ASK(LINKED, "iam:PutRolePolicy", RESERVED), OPEN, false, NULL },
    { ASK(BOB, "iam:AttachRolePolicy", LINKED), OPEN, true, NULL },
    { ASK(BOB, "iam:DeleteServiceLinkedRole", LINKED), OPEN, false, NULL },
    { ASK(BOB, "iam:PutRolePolicy", ROLE), OPEN, false, NULL },
    { ASK(BOB, "iam:DeletePolicy", "arn:aws:iam::aws:policy/x"), OPEN, true, NULL },
    { ASK(BOB, "iam:GetPolicy", "arn:aws:iam::aws:policy/x"), OPEN, false, NULL },
    { ASK(BOB, "iam:DeletePolicy", "arn:aws:iam::" A1 ":policy/x"), OPEN, false, NULL },
    { ASK(BOB, "kms:DeleteAlias", "arn:aws:kms:us-east-1:" A1 ":alias/aws/sqs"), OPEN, true, NULL },
    { ASK(BOB, "kms:DeleteAlias", "arn:aws:kms:us-east-1:" A1 ":alias/mine"), OPEN, false, NULL },
};

static void before_policies(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(decisions); i++) {
        vd_facts f;

        pose(&decisions[i].q);
        if (decisions[i].mfa)
            put("aws:MultiFactorAuthPresent", decisions[i].mfa);
        f = facts(0);
        if (f.decided != (decisions[i].outcome >= 0) || f.category != decisions[i].category ||
            (f.decided && f.outcome != decisions[i].outcome) || f.aws_managed != decisions[i].aws_managed)
            fail_msg("row %zu: %s by %s: decided %d category %d managed %d", i, decisions[i].q.action,
                     decisions[i].q.principal, f.decided, f.category, f.aws_managed);
    }
}

/* ------------------------------------------------------------------ E718, E719, E210 */

static const struct {
    const char       *action, *resource;
    vd_resource_class class_of;
    bool              counts;
} classes[] = {
    { "s3:GetObject", OBJECT, VD_CLASS_DEFAULT, true },
    { "sqs:SendMessage", QUEUE, VD_CLASS_DEFAULT, true },
    { "ec2:DescribeInstances", "*", VD_CLASS_DEFAULT, false },
    { "sts:AssumeRole", ROLE, VD_CLASS_TRUST, true },
    { "sts:TagSession", ROLE, VD_CLASS_TRUST, true },
    { "iam:GetRole", ROLE, VD_CLASS_DEFAULT, false },
    { "iam:PassRole", ROLE, VD_CLASS_DEFAULT, false },
    { "iam:GetUser", BOB, VD_CLASS_DEFAULT, false },
    { "sts:AssumeRoot", ROOT, VD_CLASS_DEFAULT, false },
    { "kms:Decrypt", KEY, VD_CLASS_KMS, true },
    { "kms:DeleteAlias", "arn:aws:kms:us-east-1:" A1 ":alias/a", VD_CLASS_DEFAULT, false },
    { "kms:ListKeys", "*", VD_CLASS_DEFAULT, false },
    { "sts:GetFederationToken", FEDERATED, VD_CLASS_DEFAULT, false },
    { "ec2:StopInstances", "arn:aws:ec2:us-east-1:" A1 ":instance/i-1", VD_CLASS_DEFAULT, false }, /* E760 */
};

static void classes_of_resources(void **state)
{
    vd_facts f;

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(classes); i++) {
        f = facts_of((ask)ASK(BOB, classes[i].action, classes[i].resource, .account = A1));
        if (f.class_of != classes[i].class_of || f.resource_layer_counts != classes[i].counts)
            fail_msg("row %zu: %s", i, classes[i].action);
    }
    f = facts_of((ask)ASK(BOB, "s3:ListAllMyBuckets", "*")); /* E210, checked in the partition of the caller */
    check_cstr(f.resource, "arn:aws:s3:::*");
    assert_true(f.resource_is_arn && !f.resource_is_star && f.same_account && !f.resource_layer_counts && !f.decided);
    f = facts_of((ask)ASK("arn:aws-cn:iam::" A1 ":user/bob", "s3:ListAllMyBuckets", "*"));
    check_cstr(f.resource, "arn:aws-cn:s3:::*");
    assert_false(f.decided);
    f = facts_of((ask)ASK(BOB, "ec2:DescribeInstances", "*"));
    assert_true(f.resource_is_star && !f.resource_is_arn);
    f = facts_of((ask)ASK(BOB, "ec2:RunInstances", "arn:aws:ec2:us-east-1:" A1 ":*/*")); /* E316 */
    assert_true(f.resource_is_arn);
}

/* ------------------------------------------------------------------ E701, E707, E709 */

/* One letter a layer: identity, boundary, session, resource, scp, rcp, endpoint. */
static const struct {
    ask         q;
    const char *layers;
} layers[] = {
    { ASK(ROOT, .account = A1), "---rsce" },
    { ASK(ROOT, .account = A1, .credential = "assume-root"), "--Srsce" },
    { ASK(BOB, .account = A1), "ib-rsce" },
    { ASK(SESSION, .account = A1), "ibSrsce" },
    { ASK(SESSION, .account = A1, .kind = "service-linked"), "i--r--e" },
    { ASK(FEDERATED, .account = A1, .parent = BOB), "ibSrsce" },
    { ASK(FEDERATED, .account = A1), "ibSrsce" },
    { ASK(FEDERATED, .account = A1, .parent = ROOT), "--Srsce" }, /* E717 */
    { ASK("lambda.amazonaws.com", .account = A1), "---r-c-" },
    { ASK("anonymous", .account = A1), "---r-ce" },
    { ASK(SAML, "sts:AssumeRoleWithSAML", ROLE), "---r-ce" },
    { ASK(BOB, .account = A1, .flags = 1u << VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT), "ib-r-ce" }, /* E707 */
    { ASK(ROOT, "supportplans:StartSupportPlanUpdate", "*"), "-----ce" },
    { ASK(BOB, "supportplans:StartSupportPlanUpdate", "*"), "ib--sce" },
    { ASK(BOB, .account = A1, .flags = 1u << VD_RESOURCE_IN_MANAGEMENT_ACCOUNT), "ib-rs-e" }, /* E709 */
    { ASK(BOB, "kms:Decrypt", KEY, .flags = 1u << VD_AWS_MANAGED_KEY), "ib-rs-e" },
    { ASK(BOB, "s3:GetObject", OBJECT, .account = A1, .flags = 1u << VD_AWS_MANAGED_KEY), "ib-rsce" },
    { ASK(BOB, "kms:RetireGrant", KEY), "ib-rs-e" },
    { ASK(BOB, "kms:Decrypt", KEY), "ib-rsce" },
    { ASK("lambda.amazonaws.com", "sts:AssumeRole", ROLE), "---r-c-" }, /* E746 */
    { ASK("x.amazonaws.com", "sts:AssumeRole", LINKED), "---r---" },
    { ASK(BOB, "iam:PassRole", ROLE), "ib--sce" },
};

static void layers_that_apply(void **state)
{
    static const vd_layer order[] = { VD_LAYER_IDENTITY, VD_LAYER_BOUNDARY, VD_LAYER_SESSION, VD_LAYER_RESOURCE,
                                      VD_LAYER_SCP, VD_LAYER_RCP, VD_LAYER_ENDPOINT };
    static const char     letter[] = "ibSrsce";

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(layers); i++) {
        vd_facts f = facts_of(layers[i].q);
        char     got[8] = "";

        for (size_t k = 0; k < 7; k++)
            got[k] = vd_facts_layer_applies(&f, order[k]) ? letter[k] : '-';
        if (strcmp(got, layers[i].layers) != 0)
            fail_msg("row %zu (%s): got %s, wanted %s", i, layers[i].q.principal, got, layers[i].layers);
        assert_int_equal(vd_facts_layer_applies(&f, VD_LAYER_ACCESS_POINT), f.resource_layer_counts);
        assert_false(vd_facts_layer_applies(&f, VD_LAYER_NONE) || vd_facts_layer_applies(&f, VD_LAYER_COUNT));
    }
}

/* ------------------------------------------------------------------ E733, E752 to E757 */

static const vd_str *by_name(void *ctx, vd_str key, uint32_t *count)
{
    const vd_request *r = ctx;

    for (uint32_t i = 0; i < r->context.count; i++)
        if (vd_str_ieq(r->context.at[i].key, key)) {
            *count = r->context.at[i].count;
            return r->values.at + r->context.at[i].first;
        }
    *count = 0;
    return NULL;
}

static uint32_t granted(const vd_resource_state *s)
{
    vd_facts f;

    request->state = s;
    f = facts(0);
    return vd_facts_state_grants(&f, by_name, request);
}

static const struct {
    ask         q;
    const char *grantee;
    uint32_t    kinds;
} grantees[] = {
    { ASK(BOB), BOB, VD_MATCH_USER },
    { ASK(BOB), "arn:aws:iam::" A1 ":user/eve", 0 },
    { ASK(BOB), A1, VD_MATCH_ACCOUNT },
    { ASK(BOB), ROOT, VD_MATCH_ACCOUNT },
    { ASK(ROOT), ROOT, VD_MATCH_ROOT },
    { ASK(BOB), A2, 0 },
    { ASK(BOB, .id = "AIDAX"), "AIDAX", VD_MATCH_USER },
    { ASK(BOB, .id = "AIDAX"), "AIDAY", 0 },
    { ASK(BOB), "", 0 },
    { ASK(BOB), "arn:aws-cn:iam::" A1 ":user/bob", 0 },
    { ASK(SESSION), ROLE, VD_MATCH_ROLE },
    { ASK(SESSION), "arn:aws:iam::" A1 ":role/ops/r", VD_MATCH_ROLE }, /* E402: the path is not known */
    { ASK(SESSION, .role = ROLE), "arn:aws:iam::" A1 ":role/ops/r", 0 },
    { ASK(SESSION, .id = "AROAX:s"), "AROAX", VD_MATCH_ROLE },
    { ASK(SESSION), SESSION, VD_MATCH_SESSION },
    { ASK(SESSION), "arn:aws:sts::" A1 ":assumed-role/r/t", 0 },
    { ASK(ROLE), "arn:aws:sts::" A1 ":assumed-role/r/s", 0 },
    { ASK(FEDERATED, .parent = BOB), BOB, VD_MATCH_PARENT },
    { ASK(FEDERATED), FEDERATED, VD_MATCH_FEDSESSION },
    { ASK(FEDERATED), BOB, 0 },
    { ASK("lambda.amazonaws.com"), "lambda.amazonaws.com", VD_MATCH_SERVICE },
    { ASK("lambda.amazonaws.com"), "s3.amazonaws.com", 0 },
    { ASK("anonymous"), BOB, 0 },
};

static void kms_grants(void **state)
{
    const vd_str      operations[] = { VD_L("Encrypt"), VD_L("Decrypt") };
    vd_kms_grant      grant = { .operations = operations, .operation_count = 2 };
    vd_resource_state s = { .grants = &grant, .grant_count = 1 };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(grantees); i++) {
        ask q = grantees[i].q;

        q.action = "kms:decrypt";
        q.resource = KEY;
        pose(&q);
        grant.grantee = vd_str_of(grantees[i].grantee);
        if (granted(&s) != grantees[i].kinds)
            fail_msg("row %zu: %s for %s: %x", i, grantees[i].grantee, q.principal, granted(&s));
    }
    grant.grantee = VD_S(BOB);
    pose(&(ask)ASK(BOB, "kms:Sign", KEY));
    assert_int_equal(granted(&s), 0); /* another operation */
    pose(&(ask)ASK(BOB, "kms:Decrypt", "arn:aws:kms:us-east-1:" A1 ":alias/a"));
    assert_int_equal(granted(&s), 0); /* no key */
    assert_int_equal(granted(NULL), 0);
}

static void kms_constraints(void **state)
{
    const vd_str      decrypt[] = { VD_L("Decrypt") };
    const vd_pair     pairs[] = { { VD_L("app"), VD_L("x") }, { VD_L("Stage"), VD_L("prod") } };
    const vd_str      keys[] = { VD_L("app"), VD_L("Stage"), VD_L("more") };
    vd_kms_grant      grant = { .grantee = VD_L(BOB), .operations = decrypt, .operation_count = 1 };
    vd_resource_state s = { .grants = &grant, .grant_count = 1 };

    VD_UNUSED(state);
    grant.subset = grant.equals = pairs;
    grant.subset_count = grant.equals_count = 2;
    for (int equals = 0; equals < 2; equals++) {
        grant.has_equals = equals;
        grant.has_subset = !equals;
        pose(&(ask)ASK(BOB, "kms:Decrypt", KEY));
        assert_int_equal(granted(&s), 0);
        put("kms:EncryptionContext:app", "x");
        assert_int_equal(granted(&s), 0);
        put("KMS:encryptioncontext:Stage", "test");
        assert_int_equal(granted(&s), 0);
        put("KMS:encryptioncontext:Stage", "prod");
        assert_int_equal(granted(&s), VD_MATCH_USER);
        put("kms:EncryptionContext:more", "y");
        assert_int_equal(granted(&s), equals ? 0 : VD_MATCH_USER);
        assert_int_equal(vd_request_absent(request, VD_S("kms:EncryptionContext:more")), VD_OK);
        assert_int_equal(granted(&s), VD_MATCH_USER);
        assert_int_equal(vd_request_context(request, VD_S("kms:EncryptionContextKeys"), keys, 3), VD_OK);
        assert_int_equal(granted(&s), equals ? 0 : VD_MATCH_USER); /* the list is what counts */
        assert_int_equal(vd_request_context(request, VD_S("kms:EncryptionContextKeys"), keys, 2), VD_OK);
        assert_int_equal(granted(&s), VD_MATCH_USER);
    }
    grant.has_equals = true;
    grant.equals_count = 0;
    grant.has_subset = false;
    pose(&(ask)ASK(BOB, "kms:Decrypt", KEY));
    assert_int_equal(granted(&s), VD_MATCH_USER); /* no pair is the same as no pair */
    put("kms:EncryptionContext:app", "x");
    assert_int_equal(granted(&s), 0);
}

static void acls(void **state)
{
    const vd_acl_grant readers[] = { { VD_ACL_ALL_USERS, VD_ACL_READ, { 0 } },
                                     { VD_ACL_CANONICAL, VD_ACL_FULL, VD_L("c1") },
                                     { VD_ACL_AUTHENTICATED, VD_ACL_READ_ACP, { 0 } },
                                     { VD_ACL_ACCOUNT, VD_ACL_WRITE, VD_L(A1) } };
    vd_resource_state  s = { .acls_enabled = true };

    VD_UNUSED(state);
    s.acl = s.object_acl = (vd_acl){ true, VD_L("c2"), readers, 4 };
    pose(&(ask)ASK("anonymous", .account = A2));
    assert_int_equal(granted(&s), VD_MATCH_ANY);
    pose(&(ask)ASK("anonymous", "s3:PutObject", OBJECT, .account = A2));
    assert_int_equal(granted(&s), 0);
    pose(&(ask)ASK("anonymous", "s3:GetObjectAcl", OBJECT, .account = A2));
    assert_int_equal(granted(&s), 0); /* signed callers only */
    pose(&(ask)ASK(BOB, "s3:GetObjectAcl", OBJECT, .account = A2));
    assert_int_equal(granted(&s), VD_MATCH_ACCOUNT);
    pose(&(ask)ASK(BOB, "s3:PutObject", OBJECT, .account = A2));
    assert_int_equal(granted(&s), VD_MATCH_ACCOUNT); /* bucket WRITE by account */
    pose(&(ask)ASK(BOB, "s3:PutObjectAcl", OBJECT, .account = A2));
    assert_int_equal(granted(&s), 0);
    set(VD_PRINCIPAL_CANONICAL, "c1");
    assert_int_equal(granted(&s), VD_MATCH_ACCOUNT); /* FULL_CONTROL */
    pose(&(ask)ASK(BOB, "s3:DeleteBucket", "arn:aws:s3:::b", .account = A2));
    set(VD_PRINCIPAL_CANONICAL, "c1");
    assert_int_equal(granted(&s), 0); /* no permission of an ACL */
    pose(&(ask)ASK(BOB, .account = A1));
    assert_int_equal(granted(&s), 0); /* own account */
    pose(&(ask)ASK(BOB, .account = A2));
    assert_int_equal(granted(&s), VD_MATCH_ANY);
    s.ignore_public_acls = true; /* E755 */
    assert_int_equal(granted(&s), 0);
    s.ignore_public_acls = false;
    s.acls_enabled = false; /* BucketOwnerEnforced */
    assert_int_equal(granted(&s), 0);
}

static void buckets(void **state)
{
    vd_resource_state s = { .restrict_public_buckets = true, .acls_enabled = true, .object_owner = VD_L(A2) };
    vd_facts          f;

    VD_UNUSED(state);
#define WITH_STATE(...) (pose(&(ask)ASK(__VA_ARGS__)), request->state = &s, f = facts(0))
    WITH_STATE(BOB, .account = A1); /* E753 */
    assert_false(vd_facts_bucket_allows_count(&f) || f.same_account);
    WITH_STATE(BOB, "s3:ListBucket", "arn:aws:s3:::b", .account = A1);
    assert_true(vd_facts_bucket_allows_count(&f) && f.same_account);
    WITH_STATE(BOB, "s3:PutObject", OBJECT, .account = A1);
    assert_true(vd_facts_bucket_allows_count(&f) && f.same_account);
    WITH_STATE(BOB, .account = A2);
    assert_true(vd_facts_bucket_allows_count(&f));
    assert_true(vd_facts_restrict_public_cuts(&f)); /* E757 */
    WITH_STATE(BOB, .account = A1);
    assert_false(vd_facts_restrict_public_cuts(&f));
    WITH_STATE("anonymous", .account = A2);
    assert_true(vd_facts_restrict_public_cuts(&f));
    WITH_STATE("cloudtrail.amazonaws.com", .account = A2);
    assert_false(vd_facts_restrict_public_cuts(&f));
    WITH_STATE(BOB, "sqs:SendMessage", "arn:aws:sqs:us-east-1:" A2 ":q");
    assert_false(vd_facts_restrict_public_cuts(&f));
    s.acls_enabled = false;
    WITH_STATE(BOB, .account = A1);
    assert_true(vd_facts_bucket_allows_count(&f) && f.same_account);

    f = facts_of((ask)ASK(ROOT, "s3:DeleteBucketPolicy", "arn:aws:s3:::b", .account = A1)); /* E754 */
    assert_true(vd_facts_bucket_denies_ignored(&f));
    f = facts_of((ask)ASK(ROOT, "s3:DeleteBucketPolicy", "arn:aws:s3:::b", .account = A2));
    assert_false(vd_facts_bucket_denies_ignored(&f));
    f = facts_of((ask)ASK(ROOT, .account = A1));
    assert_false(vd_facts_bucket_denies_ignored(&f));
    f = facts_of((ask)ASK(BOB, "s3:PutBucketPolicy", "arn:aws:s3:::b", .account = A1));
    assert_false(vd_facts_bucket_denies_ignored(&f));
}

static void public_acls(void **state)
{
    vd_resource_state s = { .block_public_acls = true };
    vd_facts          f;

    VD_UNUSED(state);
#define REFUSED_NOW() (f = facts(0), vd_facts_public_acl_refused(&f, by_name, request))
    WITH_STATE(BOB, "s3:PutObjectAcl", OBJECT, .account = A1);
    assert_false(REFUSED_NOW());
    put("s3:x-amz-acl", "private");
    assert_false(REFUSED_NOW());
    put("s3:x-amz-acl", "public-read");
    assert_true(REFUSED_NOW());
    s.block_public_acls = false;
    assert_false(REFUSED_NOW());
    s.block_public_acls = true;
    WITH_STATE(BOB, "s3:PutBucketAcl", "arn:aws:s3:::b", .account = A1);
    put("s3:x-amz-grant-read-acp", "uri=\"http://acs.amazonaws.com/groups/global/AllUsers\"");
    assert_true(REFUSED_NOW());
    put("s3:x-amz-grant-read-acp", "id=\"c1\"");
    assert_false(REFUSED_NOW());
    WITH_STATE(BOB, "s3:GetObject", OBJECT, .account = A1);
    put("s3:x-amz-acl", "public-read");
    assert_false(REFUSED_NOW());
}

/* ------------------------------------------------------------------ how long it takes; no verdict, machines differ */

static double nanoseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void figures(void **state)
{
    enum { ROUNDS = 200000 };
    vd_facts f;
    double   begin, filled, made;

    VD_UNUSED(state);
    begin = nanoseconds();
    for (int i = 0; i < ROUNDS; i++) {
        vd_str v = VD_S("203.0.113.7");

        vd_request_reset(request);
        vd_request_set(request, VD_PRINCIPAL, VD_S(SESSION));
        vd_request_set(request, VD_ACTION, VD_S("s3:GetObject"));
        vd_request_set(request, VD_RESOURCE, VD_S(OBJECT));
        vd_request_set(request, VD_RESOURCE_ACCOUNT, VD_S(A1));
        vd_request_context(request, VD_S("aws:SourceIp"), &v, 1);
        vd_request_context(request, VD_S("aws:SecureTransport"), &v, 1);
    }
    filled = nanoseconds();
    for (int i = 0; i < ROUNDS; i++)
        assert_int_equal(vd_facts_make(&f, request, 0, NULL), VD_OK);
    made = nanoseconds();
    print_message("fill a request %.0f ns, make its facts %.0f ns\n", (filled - begin) / ROUNDS,
                  (made - filled) / ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_of_principals), cmocka_unit_test(errors_of_requests),
        cmocka_unit_test(owners_of_resources), cmocka_unit_test(further_checks),
        cmocka_unit_test(before_policies),     cmocka_unit_test(classes_of_resources),
        cmocka_unit_test(layers_that_apply),   cmocka_unit_test(kms_grants),
        cmocka_unit_test(kms_constraints),     cmocka_unit_test(acls),
        cmocka_unit_test(buckets),             cmocka_unit_test(public_acls),
        cmocka_unit_test(figures),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
