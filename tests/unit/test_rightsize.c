/* SPDX-License-Identifier: Apache-2.0
 *
 * Right-sizing of given policies by given observations, without logs: what is written, what is proved, and that the proofs
 * notice what is wrong with a document.
 */
#include "failing_alloc.h"
#include "sets.h"

#include "tighten/rightsize.h"

#define DOC(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"
#define WHO "arn:aws:iam::111122223333:role/app"

enum { MOST = 64, MOST_WORDS = 1000 };

/* One run: documents, what was seen, and what came out. */
typedef struct trial {
    vd_engine        *engine;
    vd_policy        *policies[4];
    vd_rs_document    documents[4];
    vd_rs_seen        seen[MOST];
    vd_str            on[MOST][8];
    vd_str            who[1];
    vd_rs_seen       *seen_by_hand; /* of a random trial */
    vd_rs_target      target;
    vd_rightsize_opts opts;
    vd_rightsized    *made;
    vd_rightsize_result result;
    vd_error          err;
} trial;

static void begin(trial *t, int32_t mode)
{
    *t = (trial){ .err = { .size = sizeof t->err } };
    assert_int_equal(vd_engine_new(&t->engine, NULL, NULL), VD_OK);
    t->opts = (vd_rightsize_opts){ .size = sizeof t->opts, .mode = mode };
    t->who[0] = VD_S(WHO);
    t->target = (vd_rs_target){ .engine = t->engine, .catalog = vd_catalog_builtin(), .documents = t->documents, .seen = t->seen,
                                .principals = t->who, .principal_count = 1 };
}

static void hold(trial *t, const char *text)
{
    uint32_t n = t->target.document_count++;
    char     name[16];

    snprintf(name, sizeof name, "p%u", (unsigned)n);
    if (vd_policy_parse(&t->policies[n], t->engine, VD_KIND_IDENTITY, vd_str_of(name), vd_str_of(text), NULL, &t->err) != VD_OK)
        fail_msg("%s: %s", text, t->err.text);
    t->documents[n] = (vd_rs_document){ .policy = t->policies[n], .name = vd_policy_name(t->policies[n]) };
}

static vd_rs_seen *add_seen(trial *t, const char *action, int32_t state)
{
    vd_rs_seen *s = &t->seen[t->target.seen_count++];

    *s = (vd_rs_seen){ .action = vd_catalog_find(t->target.catalog, vd_str_of(action)), .name = vd_str_of(action), .state = state,
                       .grade = VD_GRADE_PROVEN, .confidence = 'H', .sure = true };
    for (uint32_t i = t->target.seen_count - 1; i > 0 && t->seen[i].action < t->seen[i - 1].action; i--) {
        vd_rs_seen swap = t->seen[i];

        t->seen[i] = t->seen[i - 1];
        t->seen[i - 1] = swap;
        s = &t->seen[i - 1];
    }
    return s;
}

/* It was used on these, space between them. */
static void used(trial *t, const char *action, const char *on)
{
    uint32_t    n = t->target.seen_count;
    vd_rs_seen *s = add_seen(t, action, VD_STATE_USED);
    vd_str      rest = vd_str_of(on), word;

    s->count = 3;
    s->days = 2;
    s->last = 1773014400;
    s->on.at = t->on[n];
    while (rest.n) {
        if (!vd_str_cut(&rest, ' ', &word)) {
            word = rest;
            rest.n = 0;
        }
        t->on[n][s->on.count++] = word;
    }
}

static void idle(trial *t, const char *action)
{
    add_seen(t, action, VD_STATE_NOT_SEEN);
}

static vd_code run(trial *t)
{
    vd_code code = vd_rs_run(&t->made, &t->target, &t->opts, &t->err);

    t->result.size = sizeof t->result;
    if (code == VD_OK)
        vd_rightsize_result_of(t->made, &t->result);
    return code;
}

static void end(trial *t)
{
    vd_rightsized_free(t->made);
    for (uint32_t i = 0; i < t->target.document_count; i++)
        vd_policy_release(t->policies[i]);
    vd_engine_release(t->engine);
}

static void becomes(trial *t, const char *text)
{
    if (run(t) != VD_OK)
        fail_msg("%s", t->err.text);
    assert_int_equal(t->result.documents[0].part_count, *text ? 1 : 0);
    if (*text)
        check_cstr(t->result.documents[0].parts[0], text);
    else
        assert_true(t->result.documents[0].empty);
    end(t);
}

/* ------------------------------------------------------------------ what is written */

static void only_what_was_used(void **state)
{
    trial t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC("{\"Sid\":\"Data\",\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"arn:aws:s3:::b/*\"}"));
    used(&t, "s3:GetObject", "arn:aws:s3:::b/x arn:aws:s3:::b/y");
    idle(&t, "s3:PutObject");
    becomes(&t, DOC("{\"Sid\":\"Data\",\"Effect\":\"Allow\",\"Action\": \"s3:GetObject\",\"Resource\": [\"arn:aws:s3:::b/x\", \"arn:aws:s3:::b/y\"]}"));
}

static void denies_and_conditions_stay(void **state)
{
    trial t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_TRIM);
    hold(&t, "{\n  \"Version\": \"2012-10-17\",\n  \"Id\": \"x\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Deny\",  \"Action\": \"s3:*\",\n"
             "      \"Resource\": \"*\"\n    },\n    {\n      \"Effect\": \"Allow\",\n      \"Action\": [\n        \"s3:GetObject\",\n"
             "        \"s3:PutObject\"\n      ],\n      \"Condition\": { \"Bool\":{\"aws:SecureTransport\" :\"true\"}},\n      \"Resource\": \"*\"\n    }\n  ]\n}");
    used(&t, "s3:GetObject", "arn:aws:s3:::b/x");
    idle(&t, "s3:PutObject");
    becomes(&t, "{\n  \"Version\": \"2012-10-17\",\n  \"Id\": \"x\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Deny\",  \"Action\": \"s3:*\",\n"
                "      \"Resource\": \"*\"\n    },\n    {\n      \"Effect\": \"Allow\",\n      \"Action\": \"s3:GetObject\",\n"
                "      \"Condition\": { \"Bool\":{\"aws:SecureTransport\" :\"true\"}},\n      \"Resource\": \"*\"\n    }\n  ]\n}");
}

static void what_cannot_be_seen_stays(void **state)
{
    trial       t;
    vd_rs_seen *s;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC("{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\",\"sqs:SendMessage\",\"sqs:Purge\"],\"Resource\":\"*\"}"));
    used(&t, "s3:GetObject", "arn:aws:s3:::b/x");
    idle(&t, "s3:PutObject");
    s = add_seen(&t, "sqs:SendMessage", VD_STATE_CANNOT_SEE);
    s->reasons = VD_BLIND_DATA_EVENTS_OFF;
    s->blind = VD_S("data-events-off");
    becomes(&t, DOC("{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\": \"s3:GetObject\",\"Resource\": \"arn:aws:s3:::b/x\"},"
                    "{\"Sid\":\"AUnseen\",\"Effect\":\"Allow\",\"Action\": [\"sqs:SendMessage\", \"sqs:Purge\"],\"Resource\":\"*\"}"));
}

static void what_cannot_be_seen_is_dropped_when_asked(void **state)
{
    trial       t;
    vd_rs_seen *s;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    t.opts.drop_blind = VD_BLIND_DATA_EVENTS_OFF;
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}"));
    s = add_seen(&t, "s3:GetObject", VD_STATE_CANNOT_SEE);
    s->reasons = VD_BLIND_DATA_EVENTS_OFF;
    becomes(&t, "");
}

static void assumed_is_not_enough(void **state)
{
    trial t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_TRIM);
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:PutObject\",\"Resource\":\"*\"}"));
    idle(&t, "s3:PutObject");
    t.seen[0].grade = VD_GRADE_ASSUMED;
    assert_int_equal(run(&t), VD_OK);
    assert_false(t.result.smaller);
    assert_int_equal(t.result.kept_blind, 1);
    vd_rightsized_free(t.made);
    t.opts.accept_assumed = true;
    assert_int_equal(run(&t), VD_OK);
    assert_true(t.result.smaller && t.result.documents[0].empty);
    end(&t);
}

/* 33: granted by somebody else: nothing is made up. */
static void granted_elsewhere(void **state)
{
    trial t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"arn:aws:s3:::b/*\"}"));
    used(&t, "s3:GetObject", "arn:aws:s3:::other/x");
    used(&t, "s3:PutObject", "arn:aws:s3:::b/y");
    assert_int_equal(run(&t), VD_OK);
    check_cstr(t.result.documents[0].parts[0], DOC("{\"Effect\":\"Allow\",\"Action\": \"s3:PutObject\",\"Resource\": \"arn:aws:s3:::b/y\"}"));
    assert_int_equal(t.result.proof.elsewhere, 1);
    assert_int_equal(t.result.proof.replayed, 1);
    end(&t);
}

/* What conditions ask is asked with what the logs say: regions, tags, to whom a role is passed; what they do not say is told. */
static void circumstances(void **state)
{
    static const vd_str tags[] = { VD_L("{\"aws:RequestTag/env\":\"prod\",\"aws:RequestTag/team\":\"a\"}"), VD_L("{}") };
    static const vd_str keys[] = { VD_L("{\"aws:RequestTag/env\":null}"), VD_L("{}") };
    static const vd_str contexts[] = { VD_L("{\"kms:EncryptionContext:app\":\"orders \\\"x\\\"\"}") };
    static const vd_str regions[] = { VD_L("eu-central-1"), VD_L("eu-west-1") }, services[] = { VD_L("ec2.amazonaws.com") };
    trial               t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_TRIM);
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":[\"sqs:CreateQueue\",\"sqs:DeleteQueue\"],\"Resource\":\"*\",\"Condition\":{"
                 "\"StringEquals\":{\"aws:RequestTag/env\":\"prod\"},\"ForAllValues:StringEquals\":{\"aws:TagKeys\":[\"env\",\"team\"]}}},"
                 "{\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\",\"Resource\":\"*\",\"Condition\":{\"StringLike\":{"
                 "\"kms:EncryptionContext:app\":\"orders \\\"*\"},\"StringEquals\":{\"aws:RequestedRegion\":\"eu-west-1\"}}},"
                 "{\"Effect\":\"Allow\",\"Action\":\"iam:PassRole\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{"
                 "\"iam:PassedToService\":\"ec2.amazonaws.com\"}}},"
                 "{\"Effect\":\"Allow\",\"Action\":\"sns:Publish\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{"
                 "\"aws:PrincipalTag/team\":\"a\",\"aws:RequestedRegion\":\"eu-west-1\"}}}"));
    used(&t, "sqs:CreateQueue", "arn:aws:sqs:eu-west-1:111122223333:q");
    used(&t, "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k");
    used(&t, "iam:PassRole", "arn:aws:iam::111122223333:role/r");
    used(&t, "sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t");
    idle(&t, "sqs:DeleteQueue");
    for (uint32_t i = 0; i < t.target.seen_count; i++) {
        vd_rs_seen *s = &t.seen[i];

        s->how.regions = (vd_use_texts){ .at = regions, .count = 2 };
        if (vd_str_eq(s->name, VD_S("sqs:CreateQueue")))
            s->how.asked = (vd_use_texts){ .at = tags, .count = 2 };
        if (vd_str_eq(s->name, VD_S("kms:Decrypt")))
            s->how.asked = (vd_use_texts){ .at = contexts, .count = 1 };
        if (vd_str_eq(s->name, VD_S("iam:PassRole")))
            s->how.services = (vd_use_texts){ .at = services, .count = 1 };
    }
    if (run(&t) != VD_OK)
        fail_msg("%s", t.err.text);
    assert_true(t.result.smaller);
    assert_int_equal(t.result.proof.replayed, 3);
    assert_int_equal(t.result.proof.undecided, 1);
    assert_int_equal(t.result.proof.elsewhere, 0);
    assert_int_equal(t.result.proof.untold.count, 1);
    assert_true(vd_str_eq(t.result.proof.untold.at[0], VD_S("aws:PrincipalTag/team")));
    /* of some calls the tags are not all known: then it hangs on them */
    vd_rightsized_free(t.made);
    for (uint32_t i = 0; i < t.target.seen_count; i++)
        if (vd_str_eq(t.seen[i].name, VD_S("sqs:CreateQueue")))
            t.seen[i].how.asked = (vd_use_texts){ .at = keys, .count = 2, .more = true };
    if (run(&t) != VD_OK)
        fail_msg("%s", t.err.text);
    assert_int_equal(t.result.proof.replayed, 2);
    assert_int_equal(t.result.proof.undecided, 2);
    assert_int_equal(t.result.proof.untold.count, 3);
    assert_true(vd_str_eq(t.result.proof.untold.at[1], VD_S("aws:RequestTag/env")));
    end(&t);
}

/* A resource has up to 50 tags: a condition on the last of them is asked with it. */
static void as_many_tags_as_there_are(void **state)
{
    static char text[4096];
    vd_str      all = { text, 0 };
    trial       t;

    (void)state;
    text[all.n++] = '{';
    for (int i = 10; i < 59; i++)
        all.n += (size_t)snprintf(text + all.n, sizeof text - all.n, "\"aws:RequestTag/t%d\":\"v\",", i);
    all.n += (size_t)snprintf(text + all.n, sizeof text - all.n, "\"aws:RequestTag/z\":\"v\"}");
    begin(&t, VD_RIGHTSIZE_TRIM);
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":[\"sqs:CreateQueue\",\"sqs:DeleteQueue\"],\"Resource\":\"*\",\"Condition\":{"
                 "\"StringEquals\":{\"aws:RequestTag/z\":\"v\"}}}"));
    used(&t, "sqs:CreateQueue", "arn:aws:sqs:eu-west-1:111122223333:q");
    idle(&t, "sqs:DeleteQueue");
    for (uint32_t i = 0; i < t.target.seen_count; i++)
        if (vd_str_eq(t.seen[i].name, VD_S("sqs:CreateQueue")))
            t.seen[i].how.asked = (vd_use_texts){ .at = &all, .count = 1 };
    if (run(&t) != VD_OK)
        fail_msg("%s", t.err.text);
    assert_int_equal(t.result.proof.replayed, 1);
    assert_int_equal(t.result.proof.undecided, 0);
    end(&t);
}

/* 35: what is magic in a pattern is no magic in a name. */
static void magic_names(void **state)
{
    trial t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}"));
    used(&t, "s3:GetObject", "arn:aws:s3:::b/a*b arn:aws:s3:::b/c${d");
    assert_int_equal(run(&t), VD_OK);
    assert_int_equal(t.result.proof.replayed, 2);
    vd_rightsized_free(t.made);
    becomes(&t, DOC("{\"Effect\":\"Allow\",\"Action\": \"s3:GetObject\",\"Resource\": [\"arn:aws:s3:::b/a${*}b\", \"arn:aws:s3:::b/c${$}{d\"]}"));
}

static void the_narrowest_gets_the_credit(void **state)
{
    trial t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC("{\"Sid\":\"Wide\",\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"*\"},"
                 "{\"Sid\":\"Narrow\",\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}"));
    used(&t, "s3:GetObject", "arn:aws:s3:::b/x");
    used(&t, "s3:PutObject", "arn:aws:s3:::c/x");
    becomes(&t, DOC("{\"Sid\":\"Wide\",\"Effect\":\"Allow\",\"Action\": \"s3:PutObject\",\"Resource\": \"arn:aws:s3:::c/x\"},"
                    "{\"Sid\":\"Narrow\",\"Effect\":\"Allow\",\"Action\": \"s3:GetObject\",\"Resource\": \"arn:aws:s3:::b/x\"}"));
}

/* What only a condition allows cannot be told apart: both keep it. */
static void conditions_share_the_credit(void **state)
{
    trial t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}},"
                 "{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\",\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":\"eu-west-1\"}}}"));
    used(&t, "s3:GetObject", "arn:aws:s3:::b/x");
    idle(&t, "s3:PutObject");
    becomes(&t, DOC("{\"Effect\":\"Allow\",\"Action\": \"s3:GetObject\",\"Resource\": \"arn:aws:s3:::b/x\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}},"
                    "{\"Effect\":\"Allow\",\"Action\": \"s3:GetObject\",\"Resource\": \"arn:aws:s3:::b/x\",\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":\"eu-west-1\"}}}"));
}

/* ------------------------------------------------------------------ random policies, random observations */

static uint64_t seed = 1;

static uint32_t draw(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

static const char *const actions[] = { "s3:GetObject",          "s3:PutObject",    "s3:DeleteObject", "s3:GetObjectTagging",
                                       "ec2:DescribeInstances", "ec2:RunInstances", "iam:PassRole",   "sqs:SendMessage" };
static const char *const patterns[] = { "s3:GetObject", "s3:Get*", "s3:*", "*", "s3:*Object", "ec2:*", "iam:PassRole", "sqs:SendMessage", "ec2:Describe*" };
static const char *const granted[] = { "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/x", "arn:aws:s3:::*/x", "arn:aws:s3:::${aws:PrincipalTag/team}/*" };
static const char *const resources[] = { "arn:aws:s3:::b/x", "arn:aws:s3:::b/y", "arn:aws:s3:::c/x", "*" };
static const char *const conditions[] = { "", "", "", ",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}" };

static void random_document(char *out, size_t room)
{
    size_t n = (size_t)snprintf(out, room, "{\"Version\":\"2012-10-17\",\"Statement\":[");

    for (uint32_t i = 0, count = 1 + draw(3); i < count; i++)
        n += (size_t)snprintf(out + n, room - n, "%s{\"Sid\":\"S%u\",\"Effect\":\"%s\",\"%s\":[\"%s\",\"%s\"],\"%s\":\"%s\"%s}", i ? "," : "",
                              (unsigned)i, draw(6) ? "Allow" : "Deny", draw(12) ? "Action" : "NotAction", patterns[draw(VD_COUNT(patterns))],
                              patterns[draw(VD_COUNT(patterns))], draw(12) ? "Resource" : "NotResource", granted[draw(VD_COUNT(granted))],
                              conditions[draw(VD_COUNT(conditions))]);
    snprintf(out + n, room - n, "]}");
}

/* All actions are seen not to be used, but those of the table, of which anything may be true. */
static void random_seen(trial *t, vd_rs_seen *all)
{
    uint32_t count = vd_catalog_actions(t->target.catalog);

    for (uint32_t i = 0; i < count; i++)
        all[i] = (vd_rs_seen){ .action = i, .name = VD_S("x:y"), .state = VD_STATE_NOT_SEEN, .grade = VD_GRADE_PROVEN };
    for (uint32_t i = 0; i < VD_COUNT(actions); i++) {
        vd_rs_seen *s = &all[vd_catalog_find(t->target.catalog, vd_str_of(actions[i]))];

        s->name = vd_str_of(actions[i]);
        s->confidence = draw(4) ? 'H' : 'M';
        s->state = (int32_t[]){ VD_STATE_USED, VD_STATE_USED, VD_STATE_NOT_SEEN, VD_STATE_POSSIBLE, VD_STATE_CANNOT_SEE }[draw(5)];
        s->sure = draw(6) > 0;
        s->count = s->state == VD_STATE_USED;
        s->on.at = t->on[i];
        for (uint32_t j = 0; j < VD_COUNT(resources) && s->state == VD_STATE_USED; j++)
            if (draw(2))
                t->on[i][s->on.count++] = vd_str_of(resources[j]);
        s->on.more = s->on.count == 0;
    }
    t->target.seen = all;
    t->target.seen_count = count;
}

static vd_set *set_of_texts(trial *t, const vd_str *texts, size_t count)
{
    vd_builder *b = NULL;
    vd_set     *set = NULL;
    vd_attach   at = { .size = sizeof at, .layer = VD_LAYER_IDENTITY };

    assert_int_equal(vd_builder_new(&b, t->engine, &t->err), VD_OK);
    for (size_t i = 0; i < count; i++) {
        vd_policy *p = NULL;

        assert_int_equal(vd_policy_parse(&p, t->engine, VD_KIND_IDENTITY, VD_S("p"), texts[i], NULL, &t->err), VD_OK);
        assert_int_equal(vd_builder_add(b, p, &at, &t->err), VD_OK);
        vd_policy_release(p);
    }
    assert_int_equal(vd_builder_compile(&set, b, NULL, &t->err), VD_OK);
    vd_builder_free(b);
    return set;
}

static bool allows(const vd_set *set, vd_request *q, const char *action, const char *resource, uint32_t context)
{
    vd_decision d = { .size = sizeof d };
    void       *scratch = scratch_of(set);
    vd_str      yes = VD_S("true"), team = VD_S("b");

    fill_request(q, WHO, action, resource);
    if (context & 1)
        assert_int_equal(vd_request_context(q, VD_S("aws:MultiFactorAuthPresent"), &yes, 1), VD_OK);
    if (context & 2)
        assert_int_equal(vd_request_context(q, VD_S("aws:PrincipalTag/team"), &team, 1), VD_OK);
    assert_int_equal(vd_eval(&d, set, q, scratch), VD_OK);
    free(scratch);
    return d.outcome == VD_ALLOW;
}

static bool was_used_on(const vd_rs_seen *s, const char *resource)
{
    if (s->state != VD_STATE_USED)
        return s->state == VD_STATE_POSSIBLE;
    if (s->on.more || !s->sure)
        return true;
    for (size_t i = 0; i < s->on.count; i++)
        if (vd_str_eq(s->on.at[i], vd_str_of(resource)))
            return true;
    return false;
}

/* By trying every request of a small world. */
static void hold_against(trial *t, const vd_set *before, const vd_set *after)
{
    vd_request *q;

    assert_int_equal(vd_request_new(&q, t->engine, NULL), VD_OK);
    for (uint32_t a = 0; a < VD_COUNT(actions); a++)
        for (uint32_t i = 0; i < VD_COUNT(resources) * 4; i++) {
            const vd_rs_seen *s = &t->target.seen[vd_catalog_find(t->target.catalog, vd_str_of(actions[a]))];
            const char       *on = resources[i / 4];
            bool              was = allows(before, q, actions[a], on, i % 4), is = allows(after, q, actions[a], on, i % 4);

            if (is && !was)
                fail_msg("%s on %s is new", actions[a], on);
            if (was && !is && (was_used_on(s, on) || s->state == VD_STATE_CANNOT_SEE))
                fail_msg("%s on %s is lost", actions[a], on);
        }
    vd_request_free(q);
}

static void random_policies(void **state)
{
    vd_rs_seen *all = calloc(vd_catalog_actions(vd_catalog_builtin()), sizeof *all);
    uint32_t    rounds = getenv("VERDICT_TEST_ROUNDS") ? (uint32_t)atoi(getenv("VERDICT_TEST_ROUNDS")) : 24, smaller = 0, undecided = 0,
                large = 0;

    (void)state;
    assert_non_null(all);
    for (uint32_t round = 0; round < rounds; round++) {
        trial   t;
        char    text[2][2000];
        vd_str  old[2], new[2];
        vd_set *before, *after;
        size_t  n = 0;
        vd_code code;

        begin(&t, (int32_t)(round % 4));
        for (uint32_t i = 0; i < 2; i++) {
            random_document(text[i], sizeof text[i]);
            hold(&t, text[i]);
            old[i] = vd_str_of(text[i]);
        }
        random_seen(&t, all);
        code = run(&t);
        undecided += code == VD_EBUDGET;
        large += code == VD_OK && t.result.too_large;
        if (code != VD_OK && code != VD_EBUDGET)
            fail_msg("round %u: %s\n%s\n%s", (unsigned)round, t.err.text, text[0], text[1]);
        for (uint32_t i = 0; i < 2 && code == VD_OK; i++)
            if (t.result.documents[i].part_count)
                new[n++] = t.result.documents[i].parts[0];
        if (code == VD_OK && n) {
            smaller += t.result.smaller;
            before = set_of_texts(&t, old, 2);
            after = set_of_texts(&t, new, n);
            hold_against(&t, before, after);
            vd_set_release(before);
            vd_set_release(after);
        }
        end(&t);
    }
    print_message("%u of %u are smaller, %u not decided, %u too large\n", (unsigned)smaller, (unsigned)rounds, (unsigned)undecided,
                  (unsigned)large);
    assert_true(smaller > rounds / 3);
    assert_true(undecided < rounds / 20 + 1 && large < rounds / 4);
    free(all);
}

/* ------------------------------------------------------------------ O7: more evidence, more left */

/* One use more: of an action that was not seen, or on one more resource. */
static void see_more(trial *t)
{
    for (uint32_t tries = 0; tries < 20; tries++) {
        uint32_t    i = draw(VD_COUNT(actions));
        vd_rs_seen *s = &t->seen_by_hand[vd_catalog_find(t->target.catalog, vd_str_of(actions[i]))];
        vd_str      on = vd_str_of(resources[draw(VD_COUNT(resources))]);
        bool        there = false;

        if (s->state != VD_STATE_NOT_SEEN && (s->state != VD_STATE_USED || s->on.more))
            continue;
        for (size_t j = 0; j < s->on.count; j++)
            there |= vd_str_eq(s->on.at[j], on);
        if (there)
            continue;
        s->sure |= s->state == VD_STATE_NOT_SEEN;
        s->state = VD_STATE_USED;
        s->count = 1;
        s->on.more = false;
        s->on.at = t->on[i];
        t->on[i][s->on.count++] = on;
        return;
    }
}

static vd_set *made_of(trial *t, vd_code *code)
{
    vd_str  texts[2];
    size_t  n = 0;
    vd_set *set;

    *code = run(t);
    for (uint32_t i = 0; i < 2 && *code == VD_OK; i++)
        if (t->result.documents[i].part_count)
            texts[n++] = t->result.documents[i].parts[0];
    set = *code == VD_OK ? set_of_texts(t, texts, n) : NULL;
    vd_rightsized_free(t->made);
    t->made = NULL;
    return set;
}

static void more_evidence_never_takes_away(void **state)
{
    static const int32_t modes[] = { VD_RIGHTSIZE_STRICT, VD_RIGHTSIZE_SERVICE, VD_RIGHTSIZE_TRIM };
    vd_rs_seen          *all = calloc(vd_catalog_actions(vd_catalog_builtin()), sizeof *all);
    vd_request          *q;
    uint32_t             grown = 0;

    (void)state;
    assert_non_null(all);
    for (uint32_t round = 0; round < 12; round++) {
        trial   t;
        char    text[2][2000];
        vd_set *less, *more;
        vd_code code;

        begin(&t, modes[round % 3]);
        for (uint32_t i = 0; i < 2; i++) {
            random_document(text[i], sizeof text[i]);
            hold(&t, text[i]);
        }
        random_seen(&t, all);
        t.seen_by_hand = all;
        less = made_of(&t, &code);
        see_more(&t);
        more = code == VD_OK ? made_of(&t, &code) : NULL;
        assert_int_equal(vd_request_new(&q, t.engine, NULL), VD_OK);
        for (uint32_t a = 0; a < VD_COUNT(actions) && less && more; a++)
            for (uint32_t i = 0; i < VD_COUNT(resources) * 4; i++) {
                bool was = allows(less, q, actions[a], resources[i / 4], i % 4), is = allows(more, q, actions[a], resources[i / 4], i % 4);

                grown += is && !was;
                if (was && !is)
                    fail_msg("round %u: %s on %s is gone\n%s\n%s", (unsigned)round, actions[a], resources[i / 4], text[0], text[1]);
            }
        vd_request_free(q);
        vd_set_release(less);
        vd_set_release(more);
        end(&t);
    }
    assert_true(grown > 0);
    free(all);
}

/* ------------------------------------------------------------------ 39: within the quotas */

/* Every action of a service that reads or lists is used on nothing in particular, but each tenth. */
static uint32_t used_most_of(trial *t, vd_rs_seen *all, const char *service)
{
    vd_run   ids = vd_catalog_service(t->target.catalog, vd_catalog_find_service(t->target.catalog, vd_str_of(service))).actions;
    uint32_t n = 0;

    t->target.seen = all;
    for (uint32_t id = ids.first; id < ids.first + ids.count; id++) {
        uint8_t level = vd_catalog_level_of(t->target.catalog, id);
        bool    uses = (level == VD_LEVEL_READ || level == VD_LEVEL_LIST) && id % 10 != 0;
        char   *name = calloc(1, 128);

        assert_non_null(name);
        vd_catalog_action_text(t->target.catalog, id, name, 128);
        all[t->target.seen_count++] = (vd_rs_seen){ .action = id, .name = vd_str_of(name), .state = uses ? VD_STATE_USED : VD_STATE_NOT_SEEN,
                                                    .grade = VD_GRADE_PROVEN, .confidence = 'H', .sure = true, .count = uses,
                                                    .on = { .more = true } };
        n += uses;
    }
    return n;
}

/* Hundreds of names are too much for a role: patterns that name some others, too, of which none writes. */
static void more_actions_to_fit(void **state)
{
    vd_rs_seen *all = calloc(vd_catalog_actions(vd_catalog_builtin()), sizeof *all);
    uint64_t    again[MOST_WORDS] = { 0 };
    uint32_t    n = 0;
    trial       t;
    const vd_rightsize_step *last;

    (void)state;
    assert_non_null(all);
    assert_true(vd_catalog_actions(vd_catalog_builtin()) < MOST_WORDS * 64);
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}"));
    assert_true(used_most_of(&t, all, "ec2") + used_most_of(&t, all, "sagemaker") > 300);
    if (run(&t) != VD_OK)
        fail_msg("%s", t.err.text);
    assert_true(t.result.smaller && !t.result.too_large && t.result.step_count > 2);
    last = &t.result.steps[t.result.step_count - 1];
    for (const vd_rightsize_step *s = t.result.steps; s < last; s++)
        assert_true(!s->fits && s->inline_size > 10240 && s->inline_most == 10240 && s[1].inline_size < s->inline_size);
    assert_true(last->fits && last->inline_size <= 10240 && last->extra_count == 1);
    for (size_t i = 0; i < last->extra[0].actions.count; i++)
        vd_catalog_expand_bits(t.target.catalog, last->extra[0].actions.at[i], again);
    for (uint32_t id = 0; id < vd_catalog_actions(t.target.catalog); id++) {
        uint8_t level = vd_catalog_level_of(t.target.catalog, id);

        if (vd_rs_bit(again, id) && (id % 10 || (level != VD_LEVEL_READ && level != VD_LEVEL_LIST)))
            fail_msg("%u is granted again", (unsigned)id);
        n += vd_rs_bit(again, id);
    }
    assert_true(n > 10);
    for (uint32_t i = 0; i < t.target.seen_count; i++)
        free((void *)(uintptr_t)all[i].name.p);
    end(&t);
    free(all);
}

/* Long names of one action, as many as may stand side by side. */
static void used_on_long_names(trial *t, char names[8][1000], const char *action, const char *head)
{
    vd_rs_seen *s = add_seen(t, action, VD_STATE_USED);

    s->count = 8;
    s->on.at = t->on[0];
    s->on.count = 8;
    for (uint32_t i = 0; i < 8; i++) {
        int n = snprintf(names[i], sizeof names[i], "%s", head);

        memset(names[i] + n, 'a', sizeof names[i] - (size_t)n - 2);
        names[i][sizeof names[i] - 2] = (char)('k' + i);
        t->on[0][i] = vd_str_of(names[i]);
    }
}

/* Two policies where one may be attached, so names become a pattern; who else hangs there is counted, too. */
static void more_resources_to_fit(void **state)
{
    static char names[8][1000];
    trial       t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":[\"sqs:SendMessage\",\"sqs:PurgeQueue\"],\"Resource\":\"*\"}"));
    used_on_long_names(&t, names, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:queue-");
    idle(&t, "sqs:PurgeQueue");
    t.documents[0].arn = VD_S("arn:aws:iam::111122223333:policy/p");
    assert_int_equal(run(&t), VD_OK);
    assert_int_equal(t.result.documents[0].part_count, 2);
    assert_true(t.result.step_count == 1 && t.result.steps[0].attached == 2);
    vd_rightsized_free(t.made);
    t.documents[0].attached = 10;
    assert_int_equal(run(&t), VD_OK);
    assert_int_equal(t.result.documents[0].part_count, 1);
    assert_true(t.result.steps[0].attached == 11 && !t.result.steps[0].fits);
    assert_true(t.result.steps[t.result.step_count - 1].attached == 10 && t.result.steps[t.result.step_count - 1].fits);
    assert_int_equal(t.result.steps[t.result.step_count - 1].extra_count, 1);
    check_cstr(t.result.steps[t.result.step_count - 1].extra[0].actions.at[0], "sqs:SendMessage");
    vd_rightsized_free(t.made);
    t.opts.max_attached = 11;
    assert_int_equal(run(&t), VD_OK);
    assert_int_equal(t.result.documents[0].part_count, 2);
    end(&t);
}

/* Roles are told one by one: when there is no room for them, nothing is made, and the sizes are told. */
static void nothing_fits(void **state)
{
    static char names[8][1000];
    trial       t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"],\"Resource\":\"*\"}"));
    used_on_long_names(&t, names, "sts:AssumeRole", "arn:aws:iam::111122223333:role/");
    idle(&t, "sts:TagSession");
    t.target.holds = VD_S("user");
    assert_int_equal(run(&t), VD_OK);
    assert_true(t.result.too_large && !t.result.smaller && t.result.documents[0].unchanged);
    assert_int_equal(t.result.removed_count, 0);
    assert_true(t.result.step_count > 2);
    for (size_t i = 0; i < t.result.step_count; i++)
        assert_true(!t.result.steps[i].fits && t.result.steps[i].inline_size > 8000 && t.result.steps[i].inline_most == 2048);
    vd_rightsized_free(t.made);
    t.target.holds = VD_S("role");
    assert_int_equal(run(&t), VD_OK);
    assert_true(t.result.smaller);
    vd_rightsized_free(t.made);
    t.target.inline_beside = 3000;
    assert_int_equal(run(&t), VD_OK);
    assert_true(t.result.too_large);
    end(&t);
}

/* ------------------------------------------------------------------ what was made the last time */

/* A pattern stays while more than half of the names that make one are seen; what it allows less than before is told. */
static void patterns_stay(void **state)
{
    static const char *const names[] = { "arn:aws:sqs:eu-west-1:111122223333:job-a arn:aws:sqs:eu-west-1:111122223333:job-b "
                                         "arn:aws:sqs:eu-west-1:111122223333:job-c arn:aws:sqs:eu-west-1:111122223333:job-d",
                                         "arn:aws:sqs:eu-west-1:111122223333:job-a arn:aws:sqs:eu-west-1:111122223333:job-b "
                                         "arn:aws:sqs:eu-west-1:111122223333:job-c arn:aws:sqs:eu-west-1:111122223333:job-d "
                                         "arn:aws:sqs:eu-west-1:111122223333:job-e" };
    trial t;

    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        vd_policy *previous = NULL;

        begin(&t, VD_RIGHTSIZE_STRICT);
        hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":[\"sqs:SendMessage\",\"sqs:PurgeQueue\"],\"Resource\":\"arn:aws:sqs:*:111122223333:*\"}"));
        used(&t, "sqs:SendMessage", names[i]);
        idle(&t, "sqs:PurgeQueue");
        assert_int_equal(vd_policy_parse(&previous, t.engine, VD_KIND_IDENTITY, VD_S("previous"),
                                         VD_S(DOC("{\"Effect\":\"Allow\",\"Action\":\"sqs:SendMessage\",\"Resource\":[\"arn:aws:sqs:eu-west-1:111122223333:job-*\","
                                                  "\"arn:aws:sqs:*:444422223333:job-*\"]}")), NULL, &t.err), VD_OK);
        t.opts.previous = &previous;
        t.opts.previous_count = 1;
        if (run(&t) != VD_OK)
            fail_msg("%s", t.err.text);
        assert_int_equal(vd_str_contains(t.result.documents[0].parts[0], VD_S("\"arn:aws:sqs:eu-west-1:111122223333:job-*\"")), i == 1);
        assert_false(vd_str_contains(t.result.documents[0].parts[0], VD_S("444422223333"))); /* not granted any more */
        assert_true(t.result.since.asked && t.result.since.less == VD_SAT && t.result.since.more == VD_UNSAT);
        assert_true(t.result.since.lost.count > 0 && t.result.since.gained.count == 0);
        vd_policy_release(previous);
        end(&t);
    }
}

/* ------------------------------------------------------------------ without memory */

static void hold_for_memory(trial *t, bool large)
{
    static char names[8][1000];

    if (large) {
        hold(t, DOC("{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":[\"sqs:SendMessage\",\"sqs:PurgeQueue\"],\"Resource\":\"*\"}"));
        used_on_long_names(t, names, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:queue-");
        idle(t, "sqs:PurgeQueue");
        t->documents[0].arn = VD_S("arn:aws:iam::111122223333:policy/p");
        t->opts.max_attached = 1;
        return;
    }
    hold(t, DOC("{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":[\"s3:*Object\",\"s3:ListBucket\"],\"Resource\":[\"arn:aws:s3:::b/*\",\"arn:aws:s3:::b\"]},"
                "{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::b/secret\"}"));
    used(t, "s3:GetObject", "arn:aws:s3:::b/x arn:aws:s3:::b/y");
    used(t, "s3:ListBucket", "arn:aws:s3:::b");
    idle(t, "s3:PutObject");
}

static void without_memory(bool large)
{
    size_t n = 1;

    for (uint32_t tries = 0; tries < 60; tries++, n += 1 + n / 4) {
        failing_alloc  f = { .fail_at = n };
        vd_allocator   a = failing_allocator(&f);
        vd_engine_opts opts = { .size = sizeof opts, .allocator = &a };
        trial          t;
        vd_engine     *plain;
        vd_code        code;

        begin(&t, VD_RIGHTSIZE_STRICT);
        hold_for_memory(&t, large);
        plain = t.engine;
        t.opts.suggest_conditions = true;
        assert_int_equal(vd_engine_new((vd_engine **)(uintptr_t)&t.target.engine, &opts, &t.err) == VD_OK || f.failed, 1);
        if (!t.target.engine || f.failed) {
            t.target.engine = plain;
            end(&t);
            continue;
        }
        code = run(&t);
        vd_rightsized_free(t.made);
        t.made = NULL;
        vd_engine_release((vd_engine *)(uintptr_t)t.target.engine);
        t.target.engine = plain;
        end(&t);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed) {
            assert_int_equal(code, VD_OK);
            break;
        }
        if (code != VD_ENOMEM)
            fail_msg("allocation %zu: %s", n, vd_code_name(code));
    }
    print_message("%zu allocations\n", n);
}

static void no_memory(void **state)
{
    (void)state;
    without_memory(false);
    without_memory(true);
}

/* Queues and topics do not gain by each other's names. */
static void parts_that_go_together(void **state)
{
    trial t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC("{\"Effect\":\"Allow\",\"Action\":[\"sqs:SendMessage\",\"sns:Publish\",\"sqs:ReceiveMessage\"],\"Resource\":\"*\"}"));
    used(&t, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q");
    used(&t, "sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:111122223333:r");
    used(&t, "sns:Publish", "arn:aws:sns:eu-west-1:111122223333:t");
    becomes(&t, DOC("{\"Effect\":\"Allow\",\"Action\": [\"sns:Publish\", \"sqs:ReceiveMessage\"],\"Resource\": [\"arn:aws:sns:eu-west-1:111122223333:t\", \"arn:aws:sqs:eu-west-1:111122223333:r\"]},"
                    "{\"Effect\":\"Allow\",\"Action\": \"sqs:SendMessage\",\"Resource\": \"arn:aws:sqs:eu-west-1:111122223333:q\"}"));
}

/* ------------------------------------------------------------------ 37: documents that are wrong */

static vd_code check_text(trial *t, const char *text)
{
    vd_str                parts[1] = { vd_str_of(text) }, names[1] = { VD_S("p0") };
    vd_rightsize_document d = { .size = sizeof d, .old = t->policies[0], .name = VD_S("p0"), .parts = parts, .part_count = 1,
                                .part_names = names };
    vd_rightsize_result   res = { .size = sizeof res, .documents = &d, .document_count = 1 };

    t->err.text[0] = '\0';
    return vd_rs_check(&res, &t->target, &t->opts, &t->err);
}

static void wrong_documents(void **state)
{
    static const struct {
        const char *text, *says; /* says NULL: nothing is wrong */
    } rows[] = {
#define DENY "{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::secret/*\"}"
#define GET(on) "{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":[" on "]}"
#define MFA ",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}"
#define PUT(actions, more) "{\"Effect\":\"Allow\",\"Action\":[" actions "],\"Resource\":\"arn:aws:s3:::c/x\"" more "}"
        { DOC(DENY "," GET("\"arn:aws:s3:::b/x\",\"arn:aws:s3:::b/y\"") "," PUT("\"s3:PutObject\"", MFA)), NULL },
        { DOC(DENY "," GET("\"arn:aws:s3:::b/x\"") "," PUT("\"s3:PutObject\"", MFA)), "s3:GetObject on arn:aws:s3:::b/y" },
        { DOC(DENY "," GET("\"arn:aws:s3:::b/x\",\"arn:aws:s3:::b/y\"")), "s3:PutObject on arn:aws:s3:::c/x" },
        { DOC(DENY "," PUT("\"s3:PutObject\"", MFA)), "s3:GetObject on arn:aws:s3:::b/" },
        { DOC(GET("\"arn:aws:s3:::b/x\",\"arn:aws:s3:::b/y\"") "," PUT("\"s3:PutObject\"", MFA)), "a Deny of \"p0\" would be changed" },
        { DOC(DENY "," GET("\"*\"") "," PUT("\"s3:PutObject\"", MFA)), "be allowed that was not: s3:GetObject" },
        { DOC(DENY "," GET("\"arn:aws:s3:::b/x\",\"arn:aws:s3:::b/y\"") "," PUT("\"s3:PutObject\"", "")), "be allowed that was not: s3:PutObject" },
        { DOC(DENY "," GET("\"arn:aws:s3:::b/x\",\"arn:aws:s3:::b/y\"") "," PUT("\"s3:PutObject\",\"s3:DeleteObject\"", MFA)), "be allowed that was not: s3:DeleteObject" },
        { DOC(DENY "," GET("\"arn:aws:s3:::b/x\",\"arn:aws:s3:::b/y\",\"arn:aws:s3:::secret/k\"") "," PUT("\"s3:PutObject\"", MFA)), NULL },
        { DOC(DENY "," GET("\"arn:aws:s3:::b/x\",\"arn:aws:s3:::b/y\"") "," PUT("\"s3:PutObject\",\"s3PutObject\"", MFA)), "faults" },
    };
    trial t;

    (void)state;
    begin(&t, VD_RIGHTSIZE_STRICT);
    hold(&t, DOC(DENY "," GET("\"arn:aws:s3:::b/*\"") "," PUT("\"s3:Put*\"", MFA)));
    used(&t, "s3:GetObject", "arn:aws:s3:::b/x arn:aws:s3:::b/y");
    used(&t, "s3:PutObject", "arn:aws:s3:::c/x");
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_code code = check_text(&t, rows[i].text);

        if (rows[i].says ? code != VD_EINTERNAL || !vd_str_contains(vd_str_of(t.err.text), vd_str_of(rows[i].says)) : code != VD_OK)
            fail_msg("row %u: %s: %s", (unsigned)i, vd_code_name(code), t.err.text);
    }
    end(&t);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(more_evidence_never_takes_away), cmocka_unit_test(no_memory), cmocka_unit_test(parts_that_go_together),
    cmocka_unit_test(more_actions_to_fit), cmocka_unit_test(more_resources_to_fit), cmocka_unit_test(nothing_fits), cmocka_unit_test(patterns_stay),
    cmocka_unit_test(random_policies),           cmocka_unit_test(wrong_documents),
    cmocka_unit_test(only_what_was_used),        cmocka_unit_test(denies_and_conditions_stay),
    cmocka_unit_test(what_cannot_be_seen_stays), cmocka_unit_test(what_cannot_be_seen_is_dropped_when_asked),
    cmocka_unit_test(assumed_is_not_enough),     cmocka_unit_test(granted_elsewhere),
    cmocka_unit_test(circumstances),             cmocka_unit_test(as_many_tags_as_there_are),
    cmocka_unit_test(magic_names),               cmocka_unit_test(the_narrowest_gets_the_credit),
    cmocka_unit_test(conditions_share_the_credit),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
