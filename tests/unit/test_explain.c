/* SPDX-License-Identifier: Apache-2.0
 *
 * What an explanation says: the worked example of the rules (E821), layers, reasons, near misses, missing keys,
 * positions (E810 to E819), and that nothing leaks when memory runs out.
 */
#include "explain_fixture.h"

static void worked_example(void **state)
{
    fixture                   f;
    const vd_explained       *x;
    const vd_check_trace     *c;
    const vd_statement_trace *near;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "dev.json",
        DOC("{\"Sid\":\"Read\",\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"arn:aws:s3:::b/*\","
            "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}}"));
    ask(&f, BOB, "s3:PutObject", "arn:aws:s3:::b/k", "111111111111");
    x = explain(&f);
    assert_int_equal(x->decision.outcome, VD_IMPLICIT_DENY);
    assert_int_equal(x->decision.layer, VD_LAYER_IDENTITY);
    assert_text(x->reason, "because no identity-based policy allows the s3:PutObject action");
    assert_text(x->message,
                "User: " BOB " is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b/k "
                "because no identity-based policy allows the s3:PutObject action");
    assert_int_equal(x->missing_key_count, 0); /* with the key the action would still not match */
    assert_int_equal(x->check_count, 1);
    c = x->checks[0];
    assert_int_equal(c->reason_count, 2);
    assert_true(c->reasons[0]->one_of);
    assert_int_equal(c->reasons[1]->layer, VD_LAYER_RESOURCE);
    near = c->near_miss;
    assert_non_null(near);
    assert_text(near->sid, "Read");
    assert_int_equal(near->index, 0);
    assert_int_equal(near->failing, 2);
    assert_int_equal(near->element_count, 3);
    assert_int_equal(near->elements[0]->element, VD_ELEMENT_ACTION);
    assert_false(near->elements[0]->matched);
    assert_text(near->elements[0]->expected[0], "s3:Get*");
    assert_text(near->elements[0]->actual[0], "s3:PutObject");
    assert_text(near->elements[0]->nearest, "s3:Get*");
    assert_int_equal(near->elements[0]->differs_at, 3);
    assert_int_equal(near->elements[0]->at.column, 78);
    assert_true(near->elements[1]->matched);
    assert_int_equal(near->elements[2]->element, VD_ELEMENT_CONDITION);
    assert_false(near->elements[2]->matched);
    assert_text(near->elements[2]->operator_name, "Bool");
    assert_text(near->elements[2]->key, "aws:SecureTransport");
    assert_text(near->elements[2]->expected[0], "true");
    assert_true(near->elements[2]->absent);
    assert_text(near->elements[2]->rule, "missing-key");
    assert_int_equal(x->to_allow_count, 1);
    assert_int_equal(x->to_allow[0]->change_count, 1);
    assert_false(x->to_allow[0]->weakens_guardrail);
    assert_text(x->to_allow[0]->changes[0]->text,
                "Add a statement to dev.json that allows \"s3:PutObject\" on \"arn:aws:s3:::b/k\"");
    assert_text(x->to_allow[0]->changes[0]->patch,
                "[{\"op\":\"add\",\"path\":\"/Statement/-\",\"value\":{\"Effect\":\"Allow\","
                "\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::b/k\"}}]");
    stop(&f);
}

static const vd_layer_trace *layer_of(const vd_explained *x, vd_layer layer, uint32_t level)
{
    for (size_t i = 0; i < x->checks[0]->layer_count; i++)
        if (x->checks[0]->layers[i]->layer == layer && x->checks[0]->layers[i]->level == level)
            return x->checks[0]->layers[i];
    fail_msg("no layer %d", layer);
    return NULL;
}

static bool has_note(const vd_explained *x, const char *begin)
{
    for (size_t i = 0; i < x->checks[0]->note_count; i++)
        if (vd_str_starts(x->checks[0]->notes[i], vd_str_of(begin)))
            return true;
    return false;
}

/* E810: all denies in their order, then what is silent besides. */
static void reasons_in_order(void **state)
{
    static const vd_layer order[] = { VD_LAYER_SCP,      VD_LAYER_RESOURCE, VD_LAYER_IDENTITY,
                                      VD_LAYER_IDENTITY, VD_LAYER_SESSION,  VD_LAYER_SCP,
                                      VD_LAYER_BOUNDARY };
    fixture               f;
    const vd_check_trace *c;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "b.json", DOC("{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"));
    add(&f, VD_LAYER_IDENTITY, "a.json",
        DOC(ALLOW_ALL ",{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"));
    add(&f, VD_LAYER_RESOURCE, "r.json",
        DOC("{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"));
    add(&f, VD_LAYER_SESSION, "s.json",
        DOC(ALLOW_ALL ",{\"Effect\":\"Deny\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}"));
    add(&f, VD_LAYER_BOUNDARY, "p.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}"));
    add_at(&f, VD_LAYER_SCP, 0, "r-root", VD_KIND_SCP, "full.json", DOC(ALLOW_ALL));
    add_at(&f, VD_LAYER_SCP, 1, "ou-1", VD_KIND_SCP, "no-s3.json",
           DOC("{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"));
    ask(&f, SESSION, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    c = explain(&f)->checks[0];
    assert_int_equal(c->reason_count, VD_COUNT(order));
    for (size_t i = 0; i < VD_COUNT(order); i++) {
        assert_int_equal(c->reasons[i]->layer, order[i]);
        assert_int_equal(c->reasons[i]->outcome, i < 5 ? VD_EXPLICIT_DENY : VD_IMPLICIT_DENY);
    }
    assert_text(c->reasons[0]->target, "ou-1");
    assert_text(c->reasons[0]->text, "with an explicit deny in a service control policy");
    assert_text(c->reasons[2]->statement->policy_name, "a.json"); /* by policy name, not as supplied */
    assert_int_equal(c->reasons[2]->statement->index, 1);
    assert_text(c->reasons[3]->statement->policy_name, "b.json");
    assert_text(c->reasons[4]->text, "with an explicit deny in a session policy");
    assert_text(c->reasons[6]->text, "because no permissions boundary allows the s3:GetObject action");
    stop(&f);
}

/* E810: the order of the layers, and each level by itself. */
static void layers_in_order(void **state)
{
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add_at(&f, VD_LAYER_SCP, 0, "r-root", VD_KIND_SCP, "full.json", DOC(ALLOW_ALL));
    add_at(&f, VD_LAYER_SCP, 1, "ou-1", VD_KIND_SCP, "ec2.json",
           DOC("{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}"));
    add_at(&f, VD_LAYER_RCP, 0, "r-root", VD_KIND_RCP, "rcp.json",
           DOC("{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"));
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
    ask(&f, BOB, "sns:Publish", "arn:aws:sns:us-east-1:111111111111:t", NULL);
    x = explain(&f);
    assert_int_equal(x->checks[0]->layer_count, 9);
    assert_int_equal(x->checks[0]->layers[0]->layer, VD_LAYER_SCP);
    assert_int_equal(x->checks[0]->layers[0]->result, VD_LAYER_ALLOWS);
    assert_int_equal(x->checks[0]->layers[1]->result, VD_LAYER_SILENT);
    assert_true(x->checks[0]->layers[1]->needed);
    assert_text(x->checks[0]->layers[1]->target, "ou-1");
    assert_text(x->checks[0]->layers[1]->remark, "no statement of 1 allows this action");
    assert_int_equal(x->checks[0]->layers[2]->layer, VD_LAYER_RCP);
    assert_int_equal(x->checks[0]->layers[2]->result, VD_LAYER_IGNORED); /* E710 */
    assert_true(has_note(x, "rcp-not-supported"));
    assert_int_equal(layer_of(x, VD_LAYER_IDENTITY, 0)->result, VD_LAYER_ALLOWS);
    assert_int_equal(layer_of(x, VD_LAYER_SESSION, 0)->result, VD_LAYER_NOT_SUPPLIED);
    assert_int_equal(x->decision.layer, VD_LAYER_SCP);
    assert_int_equal(x->decision.level, 1);
    assert_holds(x->guardrail, "a service control policy decided");
    stop(&f);
}

/* E815: all silent levels are told, however many. */
static void many_silent_levels(void **state)
{
    fixture               f;
    const vd_check_trace *c;

    VD_UNUSED(state);
    start(&f);
    for (uint32_t i = 0; i < MOST; i++)
        add_at(&f, VD_LAYER_SCP, i, "ou", VD_KIND_SCP, "ec2.json",
               DOC("{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    c = explain(&f)->checks[0];
    assert_int_equal(c->reason_count, MOST + 2);
    assert_int_equal(c->reasons[MOST - 1]->level, MOST - 1);
    assert_int_equal(c->reasons[MOST]->layer, VD_LAYER_IDENTITY);
    assert_true(c->reasons[MOST]->one_of);
    assert_false(c->reasons[MOST - 1]->one_of);
    stop(&f);
}

/* E815: a grant to the role, cut by the boundary. */
static void weak_grant_cut(void **state)
{
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_BOUNDARY, "pb.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}"));
    add(&f, VD_LAYER_RESOURCE, "r.json",
        DOC("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:role/"
            "r\"},\"Action\":\"s3:*\","
            "\"Resource\":\"*\"}"));
    ask(&f, SESSION, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    x = explain(&f);
    assert_int_equal(x->decision.layer, VD_LAYER_BOUNDARY);
    assert_text(layer_of(x, VD_LAYER_RESOURCE, 0)->remark,
                "it names the role, a grant that the permissions boundary limits");
    assert_text(layer_of(x, VD_LAYER_RESOURCE, 0)->statements[0]->kinds, "ROLE");
    assert_holds(layer_of(x, VD_LAYER_BOUNDARY, 0)->remark, "Statement[0] of r.json would have allowed it");
    assert_true(has_note(x, "assumed-role-path"));
    stop(&f);
}

/* E815: both sides of a call across accounts. */
static void both_sides(void **state)
{
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", ABROAD);
    x = explain(&f);
    assert_int_equal(x->decision.category, VD_CATEGORY_CROSS_ACCOUNT_NO_GRANT);
    assert_false(x->checks[0]->same_account);
    assert_int_equal(layer_of(x, VD_LAYER_IDENTITY, 0)->result, VD_LAYER_ALLOWS);
    assert_int_equal(layer_of(x, VD_LAYER_RESOURCE, 0)->result, VD_LAYER_NOT_SUPPLIED);
    assert_true(layer_of(x, VD_LAYER_RESOURCE, 0)->needed);
    assert_holds(layer_of(x, VD_LAYER_RESOURCE, 0)->remark, "both sides must allow");
    stop(&f);
}

/* E814: what each entry compared, and the rule when it was no plain comparison. */
static void condition_entries(void **state)
{
    fixture                   f;
    const vd_statement_trace *s;
    vd_str                    tags[] = { VD_S("a"), VD_S("b") };

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{"
            "\"StringEquals\":{\"aws:TagKeys\":\"a\",\"s3:prefix\":\"home/*\",\"aws:PrincipalTag/t\":\"Red\","
            "\"aws:ResourceTag/o\":\"${aws:username}\"},"
            "\"NumericEquals\":{\"s3:max-keys\":\"5\"},"
            "\"DateGreaterThan\":{\"aws:CurrentTime\":\"soon\"},"
            "\"StringLike\":{\"aws:PrincipalArn\":\"${aws:PrincipalTag/t, 'x'}*\"},"
            "\"ForAnyValue:StringEquals\":{\"aws:CalledVia\":[]},"
            "\"StringNotEquals\":{\"aws:SourceVpc\":\"vpc-1\"}}}"));
    ask(&f, SESSION, "s3:ListBucket", "arn:aws:s3:::b", HOME);
    vd_request_context(f.request, VD_S("aws:TagKeys"), tags, 2);
    vd_request_context(f.request, VD_S("aws:CalledVia"), tags, 2);
    give(&f, "s3:prefix", "home/x");
    give(&f, "aws:PrincipalTag/t", "red");
    give(&f, "aws:ResourceTag/o", "bob");
    give(&f, "s3:max-keys", "many");
    give(&f, "aws:CurrentTime", "2026-01-01");
    s = explain(&f)->checks[0]->near_miss;
    assert_int_equal(s->element_count, 11);
    assert_text(s->elements[2]->rule, "multivalued");
    assert_int_equal(s->elements[2]->actual_count, 2);
    assert_holds(s->elements[3]->remark, "StringLike knows them");
    assert_int_equal(s->elements[3]->differs_at, 5);
    assert_text(s->elements[4]->remark, "only the letter case differs");
    assert_int_equal(s->elements[4]->differs_at, 0);
    assert_text(s->elements[5]->rule, "unresolved-variable");
    assert_text(s->elements[5]->variable, "aws:username");
    assert_holds(s->elements[5]->remark, "the key is absent for a role session");
    assert_text(s->elements[6]->rule, "unparsable");
    assert_text(s->elements[7]->rule, "malformed-value");
    assert_text(s->elements[8]->expanded[0], "red*");
    assert_true(s->elements[8]->derived);
    assert_text(s->elements[8]->actual[0], "arn:aws:iam::111111111111:role/r");
    assert_text(s->elements[9]->rule, "empty-values");
    assert_true(s->elements[10]->matched);
    assert_text(s->elements[10]->rule, "missing-key");
    assert_true(s->elements[10]->negated);
    assert_int_equal(s->failing, 8);
    stop(&f);
}

/* E815: the nearest pattern, where it differs, and why. */
static void nearest_patterns(void **state)
{
    static const struct {
        const char *action, *resource, *pattern, *remark;
        uint32_t    at;
    } rows[] = {
        { "s3:GetObject", "arn:aws:s3:::data/k", "arn:aws:s3:::data",
          "this names the bucket; its objects are "
          "\"arn:aws:s3:::data/*\"",
          17 },
        { "s3:ListBucket", "arn:aws:s3:::data", "arn:aws:s3:::data/*",
          "this names the objects; the bucket is "
          "\"arn:aws:s3:::data\"",
          17 },
        { "s3:ListBucket", "arn:aws:s3:::Data", "arn:aws:s3:::data", "only the letter case differs", 13 },
        { "s3:ListBucket", "arn:aws-cn:s3:::data", "arn:aws:s3:::data", "the pattern is of another partition",
          7 },
        { "ec2:DescribeVpcs", "*", "arn:aws:s3:::data",
          "ec2:DescribeVpcs is checked against \"*\", which only \"*\" "
          "matches",
          0 },
        { "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111111111111:q", "arn:aws:sqs:us-east-1:111111111111:*",
          "", 12 },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        fixture                 f;
        const vd_element_trace *e;
        char                    text[512];

        start(&f);
        snprintf(text, sizeof text,
                 DOC("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":[\"%s\",\"arn:x:y:z:z:z\"]}"),
                 rows[i].pattern);
        add(&f, VD_LAYER_IDENTITY, "i.json", text);
        ask(&f, i == 3 ? "arn:aws-cn:iam::111111111111:user/bob" : BOB, rows[i].action, rows[i].resource,
            HOME);
        e = explain(&f)->checks[0]->near_miss->elements[1];
        if (!vd_str_eq(e->nearest, vd_str_of(rows[i].pattern)) ||
            !vd_str_eq(e->remark, vd_str_of(rows[i].remark)) || e->differs_at != rows[i].at)
            fail_msg("%s: nearest \"" VD_F "\" at %u, \"" VD_F "\"", rows[i].resource, VD_A(e->nearest),
                     e->differs_at, VD_A(e->remark));
        stop(&f);
    }
}

/* E402, E406, E411, E415: entries of Principal that nearly match. */
static void nearest_principals(void **state)
{
    static const struct {
        const char *entry, *remark;
    } rows[] = {
        { "arn:aws:iam::111111111111:role/ops/r", "the role has another path" },
        { "arn:aws:iam::111111111111:role/*", "wildcards do not work in Principal" },
        { "arn:aws-cn:iam::111111111111:role/r", "the entry is of another partition" },
        { "arn:aws:iam::111111111111:role/R", "only the letter case differs" },
        { "AROAEXAMPLEROLE00001", "the request does not tell the unique id of the principal" },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        fixture                 f;
        const vd_explained     *x;
        const vd_element_trace *e;
        char                    text[512];

        start(&f);
        snprintf(
            text, sizeof text,
            DOC("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"%s\"},\"Action\":\"*\",\"Resource\":\"*\"}"),
            rows[i].entry);
        add(&f, VD_LAYER_RESOURCE, "r.json", text);
        add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
        vd_request_set(f.request, VD_PRINCIPAL_ROLE, VD_S("arn:aws:iam::111111111111:role/r"));
        ask(&f, SESSION, "s3:GetObject", "arn:aws:s3:::b/k", ABROAD);
        x = explain(&f);
        e = x->checks[0]->near_miss->elements[0];
        assert_int_equal(e->element, VD_ELEMENT_PRINCIPAL);
        if (!vd_str_eq(e->remark, vd_str_of(rows[i].remark)))
            fail_msg("%s: \"" VD_F "\"", rows[i].entry, VD_A(e->remark));
        assert_int_equal(has_note(x, "orphaned-principal"), i == 4);
        stop(&f);
    }
}

/* E816: fewest failing elements, then action, then resource, then the order of policies. */
static void near_miss_order(void **state)
{
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "c.json",
        DOC("{\"Sid\":\"Neither\",\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"arn:aws:s3:::c\"},"
            "{\"Sid\":\"OnlyResource\",\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"},"
            "{\"Sid\":\"OnlyAction\",\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::"
            "c\"}"));
    add(&f, VD_LAYER_IDENTITY, "b.json",
        DOC("{\"Sid\":\"Two\",\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{"
            "\"Bool\":{"
            "\"aws:SecureTransport\":\"true\",\"aws:MultiFactorAuthPresent\":\"true\"}}},"
            "{\"Sid\":\"Denied\",\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{"
            "\"Bool\":{"
            "\"aws:SecureTransport\":\"false\"}}}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    x = explain(&f);
    assert_text(x->checks[0]->near_miss->sid, "OnlyAction");
    stop(&f);
}

/* E819. */
static void missing_keys(void **state)
{
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":"
            "{"
            "\"aws:PrincipalTag/team\":\"red\"}}},"
            "{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":"
            "{"
            "\"aws:SourceVpc\":\"vpc-1\",\"aws:PrincipalOrgID\":\"o-2\"}}},"
            "{\"Effect\":\"Allow\",\"Action\":\"s3:Put*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{"
            "\"aws:SecureTransport\":\"true\"}}},"
            "{\"Effect\":\"Deny\",\"Action\":\"s3:List*\",\"Resource\":\"*\",\"Condition\":{"
            "\"StringNotEquals\":{"
            "\"aws:SourceVpce\":\"vpce-1\"},\"Bool\":{\"aws:ViaAWSService\":\"false\"}}}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    vd_request_set(f.request, VD_PRINCIPAL_ORG, VD_S("o-1"));
    x = explain(&f);
    assert_int_equal(x->missing_key_count, 1); /* with a VPC the organization would still be another */
    assert_text(x->missing_keys[0], "aws:PrincipalTag/team");
    assert_int_equal(x->decision.missing_count, 1);
    assert_true(has_note(x, "missing-key"));
    vd_request_set(f.request, VD_ACTION, VD_S("s3:ListBucket"));
    x = explain(&f);
    assert_int_equal(x->decision.outcome, VD_EXPLICIT_DENY);
    assert_int_equal(x->missing_key_count, 1);
    assert_text(x->missing_keys[0], "aws:SourceVpce");
    assert_holds(x->checks[0]->reasons[0]->statement->elements[2]->remark, "a negated test then holds");
    stop(&f);
}

/* E815: each check by itself, failing ones first. */
static void several_checks(void **state)
{
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::a/*\"}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::a/k", HOME);
    vd_request_check(f.request, VD_S("s3:PutObject"), VD_S("arn:aws:s3:::b/k"), VD_S(""));
    vd_request_check(f.request, VD_S("s3:PutObject"), VD_S("arn:aws:s3:::a/x"), VD_S(""));
    x = explain(&f);
    assert_int_equal(x->check_count, 3);
    assert_int_equal(x->decision.check, 1);
    assert_int_equal(x->checks[0]->decision.outcome, VD_IMPLICIT_DENY);
    assert_text(x->checks[0]->resource, "arn:aws:s3:::b/k");
    assert_int_equal(x->checks[1]->decision.outcome, VD_ALLOW);
    assert_int_equal(x->checks[1]->decision.check, 0);
    assert_int_equal(x->checks[2]->decision.check, 2);
    assert_holds(x->message, "s3:PutObject on resource: arn:aws:s3:::b/k");
    stop(&f);
}

/* ERROR is an answer, with its place. */
static void malformed_deny(void **state)
{
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC(ALLOW_ALL ",\n{\"Effect\":\"Deny\",\"Action\":\"ec2:*\",\"Resource\":\"*\",\"Condition\":{"
                      "\"NoSuchOp\":{\"k\":\"x\"}}}"));
    add(&f, VD_LAYER_IDENTITY, "j.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\",\"Condition\":{\"NoSuchOp\":{"
            "\"k\":\"x\"}}}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    x = explain(&f);
    assert_int_equal(x->code, VD_EMALFORMED);
    assert_holds(x->error, "Statement[1] of i.json is a Deny that cannot be evaluated");
    assert_int_equal(x->error_at.line, 2);
    assert_int_equal(x->decision.outcome, VD_IMPLICIT_DENY);
    assert_int_equal(x->message.n, 0);
    assert_int_equal(layer_of(x, VD_LAYER_IDENTITY, 0)->result, VD_LAYER_BROKEN);
    assert_true(has_note(x, "malformed-statement: Statement[0] of j.json"));
    assert_int_equal(x->to_allow_count, 0);
    vd_request_set(f.request, VD_ACTION, VD_S("s3"));
    x = explain(&f);
    assert_int_equal(x->code, VD_EREQUEST);
    assert_holds(x->error, "\"s3\" is not an action");
    stop(&f);
}

/* E815: an allow names every statement that it rests on. */
static void an_allow(void **state)
{
    static const vd_layer order[] = { VD_LAYER_SCP, VD_LAYER_SCP, VD_LAYER_RESOURCE, VD_LAYER_IDENTITY,
                                      VD_LAYER_BOUNDARY };
    fixture               f;
    const vd_explained   *x;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
    add(&f, VD_LAYER_BOUNDARY, "p.json", DOC(ALLOW_ALL));
    add(&f, VD_LAYER_RESOURCE, "r.json",
        DOC("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111111111111\"},\"Action\":\"s3:*\",\"Resource\":"
            "\"*\"}"));
    add_at(&f, VD_LAYER_SCP, 0, "r-root", VD_KIND_SCP, "full.json", DOC(ALLOW_ALL));
    add_at(&f, VD_LAYER_SCP, 1, "ou-1", VD_KIND_SCP, "full.json", DOC(ALLOW_ALL));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", ABROAD);
    x = explain(&f);
    assert_int_equal(x->decision.outcome, VD_ALLOW);
    assert_int_equal(x->checks[0]->reason_count, VD_COUNT(order));
    for (size_t i = 0; i < VD_COUNT(order); i++) {
        assert_int_equal(x->checks[0]->reasons[i]->layer, order[i]);
        assert_int_equal(x->checks[0]->reasons[i]->outcome, VD_ALLOW);
        assert_non_null(x->checks[0]->reasons[i]->statement);
    }
    assert_text(x->checks[0]->reasons[2]->statement->kinds, "ACCOUNT");
    assert_text(x->checks[0]->reasons[2]->text, "allowed by a resource-based policy");
    assert_int_equal(x->message.n + x->reason.n + x->guardrail.n, 0);
    stop(&f);
    start(&f);
    ask(&f, "arn:aws:iam::111111111111:root", "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    x = explain(&f);
    assert_int_equal(layer_of(x, VD_LAYER_IDENTITY, 0)->result, VD_LAYER_FULL);
    assert_int_equal(x->checks[0]->reason_count, 1);
    assert_null(x->checks[0]->reasons[0]->statement);
    stop(&f);
}

static void notes(void **state)
{
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add_at(&f, VD_LAYER_SCP, 0, "r-root", VD_KIND_SCP, "full.json", DOC(ALLOW_ALL));
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
    ask(&f, BOB, "iam:PassRole", "arn:aws:iam::111111111111:role/r", NULL);
    vd_request_flag(f.request, VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT, true);
    give(&f, "aws:PrincipalAccount", "222222222222");
    x = explain(&f);
    assert_true(has_note(
        x, "scp-not-applied: scp: service control policies do not bind principals of the management"));
    assert_true(has_note(x, "context-contradiction: aws:PrincipalAccount is given as \"222222222222\""));
    assert_true(has_note(x, "related-check"));
    vd_request_reset(f.request);
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", NULL);
    x = explain(&f);
    assert_true(has_note(x, "assumed-resource-account"));
    stop(&f);
}

/* E804: which setting of Block Public Access it was. */
static void block_public_access(void **state)
{
    vd_resource_state   acls = { .block_public_acls = true }, cut = { .restrict_public_buckets = true };
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
    add(&f, VD_LAYER_RESOURCE, "r.json",
        DOC("{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"));
    ask(&f, BOB, "s3:PutObject", "arn:aws:s3:::b/k", ABROAD);
    give(&f, "s3:x-amz-acl", "public-read");
    f.request->state = &acls;
    x = explain(&f);
    assert_int_equal(x->decision.category, VD_CATEGORY_S3_BLOCK_PUBLIC_ACCESS);
    assert_text(x->reason,
                "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access");
    f.request->state = &cut;
    x = explain(&f);
    assert_text(
        x->reason,
        "because public access is prevented by the RestrictPublicBuckets setting in S3 Block Public Access");
    stop(&f);
}

/* E703: no policy is read, and the layers say so. */
static void decided_before_policies(void **state)
{
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC("{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}"));
    ask(&f, BOB, "sts:GetCallerIdentity", "*", NULL);
    x = explain(&f);
    assert_int_equal(x->decision.outcome, VD_ALLOW);
    assert_int_equal(x->checks[0]->reason_count, 1);
    assert_text(x->checks[0]->reasons[0]->text, "this call needs no permission");
    assert_int_equal(layer_of(x, VD_LAYER_IDENTITY, 0)->result, VD_LAYER_IGNORED);
    vd_request_reset(f.request);
    ask(&f, BOB, "s3:GetObject", "arn:aws-cn:s3:::b/k", HOME);
    x = explain(&f);
    assert_int_equal(x->decision.category, VD_CATEGORY_CROSS_PARTITION);
    assert_text(x->reason, "because the principal and the resource are in different partitions");
    assert_text(layer_of(x, VD_LAYER_IDENTITY, 0)->remark, "decided before any policy was read");
    assert_int_equal(x->to_allow_count, 0);
    stop(&f);
}

/* A set read back from its bytes is explained out of its texts; without texts it cannot be. */
static void opened_sets(void **state)
{
    fixture         f;
    vd_set         *again, *bare;
    vd_explanation *x;
    vd_error        err = { .size = sizeof err };

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC("{\"Sid\":\"Read\",\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}"));
    ask(&f, BOB, "s3:PutObject", "arn:aws:s3:::b/k", HOME);
    explain(&f);
    assert_int_equal(vd_set_load(&again, f.engine, vd_set_bytes(f.set), NULL), VD_OK);
    assert_int_equal(vd_explain(&x, again, f.request, NULL, &err), VD_OK);
    assert_text(vd_explanation_get(x)->checks[0]->near_miss->sid, "Read");
    assert_int_equal(vd_explanation_get(x)->checks[0]->near_miss->at.column, 38);
    vd_explanation_free(x);
    vd_set_release(again);
    assert_int_equal(
        vd_builder_compile(&bare, f.builder, &(vd_compile_opts){ sizeof(vd_compile_opts), true }, NULL),
        VD_OK);
    assert_int_equal(vd_set_load(&again, f.engine, vd_set_bytes(bare), NULL), VD_OK);
    assert_int_equal(vd_explain(&x, again, f.request, NULL, &err), VD_EINVAL);
    assert_null(x);
    assert_non_null(strstr(err.text, "carries no policy texts"));
    vd_set_release(again);
    vd_set_release(bare);
    stop(&f);
}

static void less_is_told_when_asked(void **state)
{
    fixture             f;
    const vd_explained *x;
    vd_explain_opts     opts = { .size = sizeof opts, .no_proposals = true };

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}"));
    ask(&f, BOB, "s3:PutObject", "arn:aws:s3:::b/k", HOME);
    explain(&f);
    vd_explanation_free(f.explanation);
    assert_int_equal(vd_explain(&f.explanation, f.set, f.request, &opts, NULL), VD_OK);
    x = vd_explanation_get(f.explanation);
    assert_int_equal(x->to_allow_count, 0);
    assert_true(x->checks[0]->layer_count > 0);
    opts.no_trace = true;
    vd_explanation_free(f.explanation);
    assert_int_equal(vd_explain(&f.explanation, f.set, f.request, &opts, NULL), VD_OK);
    x = vd_explanation_get(f.explanation);
    assert_int_equal(x->checks[0]->layer_count, 0);
    assert_true(x->checks[0]->reason_count > 0);
    assert_int_equal(x->decision.outcome, VD_IMPLICIT_DENY);
    stop(&f);
}

/* ------------------------------------------------------------------ memory */

typedef struct meter {
    size_t left, live;
} meter;

static void *metered(void *user, void *p, size_t old, size_t size)
{
    meter *m = user;
    void  *q;

    if (m->left == 0)
        return NULL;
    m->left--;
    q = realloc(p, size);
    if (q)
        m->live += size - old;
    return q;
}

static void returned(void *user, void *p, size_t size)
{
    ((meter *)user)->live -= size;
    free(p);
}

static void out_of_memory(void **state)
{
    meter          m = { SIZE_MAX, 0 };
    vd_allocator   alloc = { metered, returned, &m };
    vd_engine_opts opts = { .size = sizeof opts, .allocator = &alloc };
    fixture        f;
    vd_set        *again;
    size_t         before, tries = 0;
    vd_code        code;

    VD_UNUSED(state);
    memset(&f, 0, sizeof f);
    assert_int_equal(vd_engine_new(&f.engine, &opts, NULL), VD_OK);
    assert_int_equal(vd_builder_new(&f.builder, f.engine, NULL), VD_OK);
    assert_int_equal(vd_request_new(&f.request, f.engine, NULL), VD_OK);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"arn:aws:s3:::${aws:PrincipalTag/t}/"
            "*\",\"Condition\":{"
            "\"StringLike\":{\"aws:PrincipalTag/"
            "t\":\"${aws:username}*\"},\"Bool\":{\"aws:SecureTransport\":\"true\"}}}"));
    add(&f, VD_LAYER_RESOURCE, "r.json",
        DOC("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:role/"
            "r\"},\"Action\":\"s3:*\",\"Resource\":\"*\"}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", ABROAD);
    give(&f, "aws:PrincipalTag/t", "b");
    assert_int_equal(vd_builder_compile(&f.set, f.builder, NULL, NULL), VD_OK);
    assert_int_equal(vd_set_load(&again, f.engine, vd_set_bytes(f.set), NULL), VD_OK);
    before = m.live;
    do {
        vd_explanation *x = NULL;

        m.left = tries++;
        code = vd_explain(&x, again, f.request, NULL, NULL);
        assert_true(code == VD_OK || code == VD_ENOMEM);
        assert_true((code == VD_OK) == (x != NULL));
        vd_explanation_free(x);
        assert_int_equal(m.live, before);
    } while (code != VD_OK);
    assert_true(tries > 10);
    m.left = SIZE_MAX;
    vd_set_release(again);
    stop(&f);
    assert_int_equal(m.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_example),
        cmocka_unit_test(reasons_in_order),
        cmocka_unit_test(layers_in_order),
        cmocka_unit_test(many_silent_levels),
        cmocka_unit_test(weak_grant_cut),
        cmocka_unit_test(both_sides),
        cmocka_unit_test(condition_entries),
        cmocka_unit_test(nearest_patterns),
        cmocka_unit_test(nearest_principals),
        cmocka_unit_test(near_miss_order),
        cmocka_unit_test(missing_keys),
        cmocka_unit_test(several_checks),
        cmocka_unit_test(malformed_deny),
        cmocka_unit_test(an_allow),
        cmocka_unit_test(notes),
        cmocka_unit_test(block_public_access),
        cmocka_unit_test(decided_before_policies),
        cmocka_unit_test(opened_sets),
        cmocka_unit_test(less_is_told_when_asked),
        cmocka_unit_test(out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
