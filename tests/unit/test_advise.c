/* SPDX-License-Identifier: Apache-2.0
 *
 * What would turn a denial into an allow (E817, E818).  Every proposal that is made of edits is carried out here by its
 * JSON patch, on the text, and the tree must then allow.
 */
#include "explain_fixture.h"

/* ------------------------------------------------------------------ proposals, made by hand */

static json_t *target_of(json_t *doc, const char *pointer, char *last, size_t size)
{
    json_t *at = doc;

    while (*pointer == '/') {
        size_t n = 0;

        for (pointer++; *pointer && *pointer != '/'; pointer++) {
            char c = *pointer;

            if (c == '~')
                c = *++pointer == '0' ? '~' : '/';
            assert_true(n + 1 < size);
            last[n++] = c;
        }
        last[n] = 0;
        if (*pointer == '/')
            at = json_is_array(at) ? json_array_get(at, (size_t)atoi(last)) : json_object_get(at, last);
        assert_non_null(at);
    }
    return at;
}

/* RFC 6902, as much of it as proposals use. */
static json_t *patched(json_t *doc, const json_t *ops)
{
    size_t  i;
    json_t *op;

    json_array_foreach(ops, i, op)
    {
        const char *what = json_string_value(json_object_get(op, "op"));
        const char *path = json_string_value(json_object_get(op, "path"));
        json_t     *value = json_object_get(op, "value"), *at;
        char        last[128] = "";

        if (!*path) {
            json_decref(doc);
            doc = json_incref(value);
            continue;
        }
        at = target_of(doc, path, last, sizeof last);
        if (!strcmp(what, "remove"))
            json_array_remove(at, (size_t)atoi(last));
        else if (!strcmp(last, "-"))
            json_array_append(at, value);
        else if (json_is_array(at))
            json_array_set(at, (size_t)atoi(last), value);
        else
            json_object_set(at, last, value);
    }
    return doc;
}

static void patch_text(char *text, size_t size, vd_str patch)
{
    json_t *doc = *text ? json_loads(text, 0, NULL) : json_object(),
           *ops = json_loadb(patch.p, patch.n, 0, NULL);
    char *out;

    assert_non_null(ops);
    assert_non_null(doc);
    doc = patched(doc, ops);
    out = json_dumps(doc, JSON_COMPACT);
    assert_true(strlen(out) < size);
    snprintf(text, size, "%s", out);
    free(out);
    json_decref(doc);
    json_decref(ops);
}

/* A proposal of edits only, made on the texts of the fixture and judged by the tree. */
static void assert_leads_to_allow(const fixture *f, const vd_proposal *p)
{
    fixture     g;
    vd_decision d = { .size = sizeof d };
    void       *scratch;

    start(&g);
    for (uint32_t i = 0; i < f->count; i++) {
        attached a = f->at[i];

        for (size_t k = 0; k < p->change_count; k++)
            if (p->changes[k]->kind == VD_CHANGE_EDIT && p->changes[k]->layer == a.layer &&
                vd_str_eq(p->changes[k]->policy_name, vd_str_of(a.name)))
                patch_text(a.text, sizeof a.text, p->changes[k]->patch);
        add_at(&g, a.layer, a.level, "", a.kind, a.name, a.text);
    }
    for (size_t k = 0; k < p->change_count; k++)
        if (p->changes[k]->kind == VD_CHANGE_EDIT && p->changes[k]->policy == UINT32_MAX) {
            char text[2048] = "";

            patch_text(text, sizeof text, p->changes[k]->patch);
            add(&g, p->changes[k]->layer, "new", text);
        }
    assert_int_equal(vd_builder_compile(&g.set, g.builder, NULL, NULL), VD_OK);
    scratch = aligned_alloc(16, (vd_scratch_size(g.set) + 15) / 16 * 16);
    assert_int_equal(vd_eval(&d, g.set, f->request, scratch), VD_OK);
    free(scratch);
    assert_int_equal(d.outcome, VD_ALLOW);
    stop(&g);
}

static void assert_edits_lead_to_allow(const fixture *f, const vd_explained *x)
{
    for (size_t i = 0; i < x->to_allow_count; i++) {
        bool edits = true;

        for (size_t k = 0; k < x->to_allow[i]->change_count; k++)
            edits = edits && x->to_allow[i]->changes[k]->kind == VD_CHANGE_EDIT;
        if (edits)
            assert_leads_to_allow(f, x->to_allow[i]);
    }
}

/* Proposals as one line each: "text; text", guard-rails marked. */
static void assert_proposals(const fixture *f, const vd_explained *x, const char *const *wanted, size_t count)
{
    for (size_t i = 0; i < x->to_allow_count || i < count; i++) {
        char   line[1024] = "";
        size_t n = 0;

        for (size_t k = 0; i < x->to_allow_count && k < x->to_allow[i]->change_count; k++)
            n += (size_t)snprintf(line + n, sizeof line - n, "%s" VD_F,
                                  k                                   ? "; "
                                  : x->to_allow[i]->weakens_guardrail ? "(!) "
                                                                      : "",
                                  VD_A(x->to_allow[i]->changes[k]->text));
        if (strcmp(line, i < count ? wanted[i] : ""))
            fail_msg("proposal %zu is \"%s\", not \"%s\"", i, line, i < count ? wanted[i] : "");
    }
    assert_edits_lead_to_allow(f, x);
}

#define ASSERT_PROPOSALS(f, ...)                                                                             \
    assert_proposals((f), explain(f), (const char *[]){ __VA_ARGS__ },                                       \
                     sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *))

static void add_an_action(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "dev.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:GetObjectAcl\"],\"Resource\":\"arn:aws:"
            "s3:::b/*\"}"));
    ask(&f, BOB, "s3:PutObject", "arn:aws:s3:::b/k", HOME);
    ASSERT_PROPOSALS(&f, "Add \"s3:PutObject\" to Statement[0].Action of dev.json",
                     "Add a statement to dev.json that allows \"s3:PutObject\" on \"arn:aws:s3:::b/k\"");
    assert_text(vd_explanation_get(f.explanation)->to_allow[0]->changes[0]->patch,
                "[{\"op\":\"add\",\"path\":\"/Statement/0/Action/-\",\"value\":\"s3:PutObject\"}]");
    assert_int_equal(vd_explanation_get(f.explanation)->to_allow[0]->changes[0]->at.column, 65);
    assert_int_equal(vd_explanation_get(f.explanation)->to_allow[0]->changes[0]->policy, 0);
    stop(&f);
}

/* A document whose only statement is no list, and a resource that is no list either. */
static void single_values(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":"
        "\"arn:aws:s3:::a/*\"}}");
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/\"k\\\xc3\xa4", HOME);
    ASSERT_PROPOSALS(
        &f, "Add \"arn:aws:s3:::b/\\\"k\\\\\xc3\xa4\" to Statement[0].Resource of i.json",
        "Add a statement to i.json that allows \"s3:GetObject\" on \"arn:aws:s3:::b/\"k\\\xc3\xa4\"");
    stop(&f);
}

static void nothing_attached(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    ASSERT_PROPOSALS(&f,
                     "Attach an identity-based policy that allows \"s3:GetObject\" on \"arn:aws:s3:::b/k\"");
    stop(&f);
}

/* What AWS maintains is left alone. */
static void managed_by_aws(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "arn:aws:iam::aws:policy/X",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::a\"}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    ASSERT_PROPOSALS(&f,
                     "Attach an identity-based policy that allows \"s3:GetObject\" on \"arn:aws:s3:::b/k\"");
    add(&f, VD_LAYER_IDENTITY, "mine.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"arn:aws:s3:::a\"}"));
    vd_set_release(f.set);
    f.set = NULL;
    ASSERT_PROPOSALS(&f, "Add a statement to mine.json that allows \"s3:GetObject\" on \"arn:aws:s3:::b/k\"");
    stop(&f);
}

/* Both sides, one change each. */
static void across_accounts(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    ask(&f, SESSION, "s3:GetObject", "arn:aws:s3:::b/k", ABROAD);
    ASSERT_PROPOSALS(&f,
                     "Attach an identity-based policy that allows \"s3:GetObject\" on \"arn:aws:s3:::b/k\"; "
                     "Give the resource a policy that allows \"s3:GetObject\" on \"arn:aws:s3:::b/k\" for "
                     "\"arn:aws:iam::111111111111:role/r\"");
    stop(&f);
}

static void by_the_request(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC(ALLOW_ALL ",{\"Effect\":\"Deny\",\"NotAction\":\"iam:*\",\"Resource\":\"*\",\"Condition\":{"
                      "\"BoolIfExists\":{"
                      "\"aws:MultiFactorAuthPresent\":\"false\"}}}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    ASSERT_PROPOSALS(&f, "sign in with MFA",
                     "Except \"" BOB
                     "\" from Statement[1] of i.json by Condition.ArnNotEquals[\"aws:PrincipalArn\"]");
    assert_int_equal(vd_explanation_get(f.explanation)->to_allow[0]->changes[0]->kind, VD_CHANGE_REQUEST);
    stop(&f);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"ec2:StopInstances\",\"Resource\":\"*\",\"Condition\":{"
            "\"StringEquals\":{"
            "\"aws:ResourceTag/team\":\"red\",\"aws:PrincipalTag/team\":\"red\"}}}"));
    ask(&f, BOB, "ec2:StopInstances", "arn:aws:ec2:us-east-1:111111111111:instance/i-1", NULL);
    give(&f, "aws:PrincipalTag/team", "red");
    ASSERT_PROPOSALS(&f, "tag the resource with \"team\" = \"red\"",
                     "Add a statement to i.json that allows \"ec2:StopInstances\" on "
                     "\"arn:aws:ec2:us-east-1:111111111111:instance/i-1\"");
    stop(&f);
}

/* An external id, and a principal that the trust policy could name. */
static void a_trust_policy(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    add_at(
        &f, VD_LAYER_RESOURCE, 0, "", VD_KIND_TRUST, "trust.json",
        DOC("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:user/bob\"},"
            "\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"abc\"}}}"));
    ask(&f, BOB, "sts:AssumeRole", "arn:aws:iam::111111111111:role/r", NULL);
    ASSERT_PROPOSALS(&f, "pass external id \"abc\"",
                     "Add a statement to trust.json that allows \"sts:AssumeRole\" on "
                     "\"arn:aws:iam::111111111111:role/r\" for \"" BOB "\"");
    stop(&f);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
    ask(&f, BOB, "sts:AssumeRole", "arn:aws:iam::111111111111:role/r", NULL);
    ASSERT_PROPOSALS(&f, "Give the role a trust policy that allows \"sts:AssumeRole\" on "
                         "\"arn:aws:iam::111111111111:role/r\" for \"" BOB "\"");
    stop(&f);
}

static void one_condition_value(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{"
            "\"aws:userid\":\"AIDAX\"}}}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    give(&f, "aws:userid", "AIDAY");
    ASSERT_PROPOSALS(&f, "Add \"AIDAY\" to Statement[0].Condition.StringEquals[\"aws:userid\"] of i.json",
                     "Add a statement to i.json that allows \"s3:GetObject\" on \"arn:aws:s3:::b/k\"");
    stop(&f);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"StringNotEquals\":"
            "{"
            "\"aws:userid\":[\"AIDAX\", \"AIDAY\"]}}}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    give(&f, "aws:userid", "AIDAY");
    ASSERT_PROPOSALS(&f,
                     "Remove \"AIDAY\" from Statement[0].Condition.StringNotEquals[\"aws:userid\"] of i.json",
                     "Add a statement to i.json that allows \"s3:GetObject\" on \"arn:aws:s3:::b/k\"");
    stop(&f);
}

/* An exception joins those that are there. */
static void one_more_exception(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
    add(&f, VD_LAYER_RESOURCE, "r.json",
        DOC("{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{"
            "\"ArnNotEquals\":{\"aws:principalarn\":\"arn:aws:iam::111111111111:role/admin\"}}}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    ASSERT_PROPOSALS(&f, "Except \"" BOB
                         "\" from Statement[0] of r.json by Condition.ArnNotEquals[\"aws:PrincipalArn\"]");
    assert_holds(vd_explanation_get(f.explanation)->to_allow[0]->changes[0]->patch,
                 "\"/Statement/0/Condition/ArnNotEquals/aws:principalarn\"");
    stop(&f);
}

/* E818: what weakens a guard-rail comes last and says so, larger gentle sets come before it. */
static void guard_rails_last(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
    add_at(&f, VD_LAYER_SCP, 0, "r-root", VD_KIND_SCP, "full.json", DOC(ALLOW_ALL));
    add_at(&f, VD_LAYER_SCP, 1, "ou-1", VD_KIND_SCP, "some.json",
           DOC("{\"Effect\":\"Allow\",\"Action\":[\"s3:*\",\"ec2:*\"],\"Resource\":\"*\",\"Condition\":{"
               "\"Bool\":{"
               "\"aws:MultiFactorAuthPresent\":\"true\"},\"StringEquals\":{\"aws:RequestedRegion\":[\"eu-"
               "west-1\"]}}}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    give(&f, "aws:RequestedRegion", "us-east-1");
    ASSERT_PROPOSALS(&f, "sign in with MFA; call in region \"eu-west-1\"",
                     "(!) Add a statement to some.json that allows \"s3:GetObject\" on \"arn:aws:s3:::b/k\"");
    assert_holds(vd_explanation_get(f.explanation)->guardrail, "only an administrator of the organization");
    stop(&f);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
    add(&f, VD_LAYER_BOUNDARY, "pb.json",
        DOC("{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    ASSERT_PROPOSALS(&f, "(!) Add \"s3:GetObject\" to Statement[0].Action of pb.json",
                     "(!) Add a statement to pb.json that allows \"s3:GetObject\" on \"arn:aws:s3:::b/k\"");
    stop(&f);
}

/* E818: nobody but "*" could be named, only AWS could do it, or it takes more than three changes: then nothing. */
static void nothing_to_propose(void **state)
{
    fixture f;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_RESOURCE, "r.json",
        DOC("{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111111111111\"},\"Action\":\"s3:*\",\"Resource\":"
            "\"*\"}"));
    ask(&f, "anonymous", "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    assert_int_equal(explain(&f)->to_allow_count, 0);
    stop(&f);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json", DOC(ALLOW_ALL));
    ask(&f, BOB, "iam:DeletePolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", NULL);
    assert_int_equal(explain(&f)->decision.category, VD_CATEGORY_AWS_MANAGED);
    assert_int_equal(explain(&f)->to_allow_count, 0);
    stop(&f);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC(ALLOW_ALL ",{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\","
                      "\"Action\":\"s3:Get*\","
                      "\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\",\"Resource\":\"*"
                      "\"},{\"Effect\":\"Deny\","
                      "\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::*\"}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    assert_int_equal(explain(&f)->to_allow_count, 0);
    stop(&f);
}

/* Three denies are three exceptions. */
static void three_changes(void **state)
{
    fixture             f;
    const vd_explained *x;

    VD_UNUSED(state);
    start(&f);
    add(&f, VD_LAYER_IDENTITY, "i.json",
        DOC(ALLOW_ALL
            ",{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Action\":"
            "\"s3:Get*\","
            "\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}"));
    ask(&f, BOB, "s3:GetObject", "arn:aws:s3:::b/k", HOME);
    x = explain(&f);
    assert_int_equal(x->to_allow_count, 1);
    assert_int_equal(x->to_allow[0]->change_count, 3);
    assert_edits_lead_to_allow(&f, x);
    stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add_an_action),      cmocka_unit_test(single_values),
        cmocka_unit_test(nothing_attached),   cmocka_unit_test(managed_by_aws),
        cmocka_unit_test(across_accounts),    cmocka_unit_test(by_the_request),
        cmocka_unit_test(a_trust_policy),     cmocka_unit_test(one_condition_value),
        cmocka_unit_test(one_more_exception), cmocka_unit_test(guard_rails_last),
        cmocka_unit_test(nothing_to_propose), cmocka_unit_test(three_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
