/* SPDX-License-Identifier: Apache-2.0
 *
 * The model of a policy: what evaluators rely on (which statements are malformed, which patterns match anything),
 * spans, policies within other documents, limits, failing memory, public policies.
 */
#include "failing_alloc.h"
#include "policy_files.h"

#include "text/doc.h"

#include <time.h>

typedef struct fixture {
    vd_engine *engine;
    vd_diags  *notes;
    vd_policy *policy;
    vd_code    code;
    vd_error   err;
} fixture;

static fixture parse(vd_kind kind, vd_str text)
{
    fixture f = { .err = { .size = sizeof f.err } };

    f.engine = engine_of_tests();
    assert_int_equal(vd_diags_new(&f.notes, f.engine, NULL), VD_OK);
    f.code = vd_policy_parse(&f.policy, f.engine, kind, VD_S("p.json"), text, f.notes, &f.err);
    return f;
}

static void done(fixture *f)
{
    vd_policy_release(f->policy);
    vd_diags_free(f->notes);
    vd_engine_release(f->engine);
}

/* One statement of the given members. */
static fixture parse_statement(vd_kind kind, const char *members)
{
    char text[4096];

    snprintf(text, sizeof text, "{\"Version\":\"2012-10-17\",\"Statement\":{%s}}", members);
    return parse(kind, vd_str_of(text));
}

/* ---- E009 ---- */

static const struct {
    vd_kind     kind;
    bool        malformed;
    const char *members;
} statements[] = {
    { VD_KIND_IDENTITY, false, "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"" },
    /* E539: a value that means nothing is ignored in an Allow, and fatal in a Deny, wherever the Effect stands */
    { VD_KIND_IDENTITY, false,
      "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"NumericEquals\":{\"k\":"
      "\"x\"}}" },
    { VD_KIND_IDENTITY, true,
      "\"Condition\":{\"NumericEquals\":{\"k\":\"x\"}},\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":"
      "\"*\"" },
    { VD_KIND_IDENTITY, true,
      "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"ArnLike\":{\"k\":\"arn:"
      "aws\"}}" },
    { VD_KIND_IDENTITY, false,
      "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"ArnLike\":{\"k\":"
      "\"arn:aws:iam::${aws:PrincipalAccount}:role/${aws:PrincipalTag/a, 'b:c'}\"}}" },
    { VD_KIND_IDENTITY, true,
      "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"ArnLike\":{\"k\":"
      "\"${aws:a}:${b:c}\"}}" },
    { VD_KIND_IDENTITY, true,
      "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"IpAddress\":{\"k\":"
      "\"${aws:SourceIp}\"}}" },
    { VD_KIND_IDENTITY, false, /* Bool and Null are not typed (E522) */
      "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"k\":\"tru\"},"
      "\"Null\":{\"k\":\"x\"}}" },
    /* E116 */
    { VD_KIND_IDENTITY, false,
      "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"STRINGequals\":{\"k\":"
      "\"v\"}}" },
    { VD_KIND_IDENTITY, true,
      "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"NoSuchOp\":{\"k\":\"v\"}"
      "}" },
    { VD_KIND_IDENTITY, false,
      "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"NoSuchOp\":{}}" },
    { VD_KIND_IDENTITY, true,
      "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"nullifexists\":{\"k\":"
      "\"true\"}}" },
    { VD_KIND_IDENTITY, false, /* E117 */
      "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"k\":"
      "\"v\",\"K\":\"v\"}}" },
    /* misplaced elements are ignored, whatever they hold */
    { VD_KIND_IDENTITY, false,
      "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Principal\":{\"Nobody\":7}" },
    { VD_KIND_SCP, false, "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"NotPrincipal\":[]" },
    { VD_KIND_RESOURCE, true, "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Principal\":{\"Nobody\":\"x\"}" },
    { VD_KIND_RESOURCE, true, "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Principal\":\"111111111111\"" },
    { VD_KIND_RESOURCE, false,
      "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Principal\":{\"AWS\":\"nobody*\"}" },
    { VD_KIND_RESOURCE, false, "\"Effect\":\"Allow\",\"Action\":\"s3:*\"" },
    { VD_KIND_RESOURCE, false,
      "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"NotPrincipal\":{\"AWS\":\"111111111111\"}" },
    { VD_KIND_RESOURCE, false,
      "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Principal\":\"*\",\"Resource\":[]" },
    { VD_KIND_TRUST, false,
      "\"Effect\":\"Allow\",\"NotAction\":\"s3:*\",\"Principal\":\"*\",\"Resource\":\"arn:aws:iam::*:role/"
      "x\"" },
    { VD_KIND_RCP, false,
      "\"Effect\":\"Allow\",\"Action\":\"*\",\"Principal\":{\"AWS\":\"*\"},\"Resource\":\"*\"" },
    /* actions and resources */
    { VD_KIND_IDENTITY, true, "\"Effect\":\"Allow\",\"Action\":[\"s3:*\",\"s3\"],\"Resource\":\"*\"" },
    { VD_KIND_IDENTITY, true, "\"Effect\":\"Allow\",\"Action\":\"**\",\"Resource\":\"*\"" },
    { VD_KIND_IDENTITY, false,
      "\"Effect\":\"Allow\",\"Action\":[\"*\",\"s3:\",\": \",\"a b:c,d\"],\"Resource\":\"*\"" },
    { VD_KIND_IDENTITY, true, "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":[\"*\",\"b\"]" },
    { VD_KIND_IDENTITY, true, "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3::b\"" },
    { VD_KIND_IDENTITY, false, "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"x:y\"" },
    { VD_KIND_IDENTITY, false,
      "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::b/${}\"" },
    { VD_KIND_IDENTITY, false, "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":[\"*\",null]" },
    { VD_KIND_SESSION, true, "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3\"" },
    { VD_KIND_SCP, true, "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3\"" },
    { VD_KIND_SCP, false, "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3*\"" },
    { VD_KIND_ENDPOINT, false,
      "\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3\"" },
};

static void malformed_statements(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(statements); i++) {
        fixture f = parse_statement(statements[i].kind, statements[i].members);

        if (f.code != VD_OK || f.policy->statements[0].malformed != statements[i].malformed)
            fail_msg("%s: %s", statements[i].members, f.code == VD_OK ? "malformed or not" : f.err.text);
        assert_int_equal(f.policy->statements[0].fault.n > 0, statements[i].malformed);
        done(&f);
    }
}

/* E309: unusable, usable, and among these those that match anything. */
static void short_resources(void **state)
{
    static const struct {
        vd_kind     kind;
        const char *text;
        bool        usable, completed;
    } rows[] = {
        { VD_KIND_IDENTITY, "arn:aws:s3", true, true },
        { VD_KIND_MANAGED, "arn:aws:s3", true, true },
        { VD_KIND_BOUNDARY, "arn:aws:s3:*", true, true },
        { VD_KIND_IDENTITY, "arn:aws:s3::b", false, true },
        { VD_KIND_IDENTITY, "b", false, true },
        { VD_KIND_IDENTITY, "", false, true },
        { VD_KIND_IDENTITY, "**", true, true },
        { VD_KIND_SESSION, "arn:aws:s3:*", false, false },
        { VD_KIND_RESOURCE, "arn:aws:s3", true, false },
        { VD_KIND_RESOURCE, "arn:aws:s3*:x", true, true },
        { VD_KIND_ENDPOINT, "arn:aws:s3", true, false },
        { VD_KIND_ENDPOINT, "arn:*:s3", true, true },
        { VD_KIND_TRUST, "arn:aws:iam", true, false },
        { VD_KIND_SCP, "arn:aws:s3*", true, true },
        { VD_KIND_SCP, "arn:*:s3", false, false },
        { VD_KIND_RCP, "arn:aws:s3:*", false, false },
        { VD_KIND_RCP, "arn:aws:s3:::b", true, true },
        { VD_KIND_SESSION, "*", true, true },
        { VD_KIND_IDENTITY, "arn:aws:${a:b:c:d:e}", true, true },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_str text = vd_str_of(rows[i].text);

        if (vd_policy_resource_usable(rows[i].kind, text) != rows[i].usable)
            fail_msg("usable: %s", rows[i].text);
        if (rows[i].usable && vd_policy_resource_completed(rows[i].kind, text) != rows[i].completed)
            fail_msg("completed: %s", rows[i].text);
    }
}

/* ---- texts and spans ---- */

static vd_str bytes_of(const vd_policy *p, vd_span span)
{
    return (vd_str){ p->source.text.p + span.offset, span.length };
}

static void spans_are_exact(void **state)
{
    static const char text[] =
        "{ \"Version\": \"2012-10-17\", \"Id\": \"i\",\n"
        "  \"Statement\": [ { \"Sid\": \"A\", \"Effect\": \"Deny\",\n"
        "    \"NotPrincipal\": { \"AWS\": [\"111111111111\", \"222222222222\"], \"Service\": "
        "\"x.amazonaws.com\" },\n"
        "    \"NotAction\" : [ \"s3:*\" , \"iam:\\u0047et*\" ], \"NotResource\":\"*\",\n"
        "    \"Condition\": { \"ForAnyValue:StringEqualsIfExists\": { \"aws:TagKeys\": [ true, 1.50, \"x\" ] "
        "} } } ] }\n";
    fixture             f = parse(VD_KIND_RESOURCE, vd_str_of(text));
    const vd_statement *st;
    const vd_entry     *e;

    VD_UNUSED(state);
    assert_int_equal(f.code, VD_OK);
    st = &f.policy->statements[0];
    e = &st->entries[0];
    check_cstr(f.policy->id, "i");
    check_cstr(bytes_of(f.policy, st->sid.span), "\"A\"");
    check_cstr(bytes_of(f.policy, st->effect_span), "\"Deny\"");
    check_cstr(bytes_of(f.policy, st->principal.key), "\"NotPrincipal\"");
    assert_true(st->principal.negated);
    assert_int_equal(st->principal.count, 3);
    check_cstr(bytes_of(f.policy, st->principal.at[1].text.span), "\"222222222222\"");
    assert_int_equal(st->principal.at[2].type, VD_PRINCIPAL_SERVICE);
    check_cstr(bytes_of(f.policy, st->action.key), "\"NotAction\"");
    check_cstr(bytes_of(f.policy, st->action.value), "[ \"s3:*\" , \"iam:\\u0047et*\" ]");
    check_cstr(bytes_of(f.policy, st->action.texts.at[1].span), "\"iam:\\u0047et*\"");
    check_cstr(st->action.texts.at[1].text, "iam:Get*");
    check_cstr(bytes_of(f.policy, st->resource.value), "\"*\"");
    assert_true(st->resource.negated);
    check_cstr(bytes_of(f.policy, e->operator_name.span), "\"ForAnyValue:StringEqualsIfExists\"");
    check_cstr(e->op.op->name, "StringEquals");
    assert_int_equal(e->op.quantifier, VD_FOR_ANY);
    assert_true(e->op.if_exists);
    check_cstr(bytes_of(f.policy, e->key.span), "\"aws:TagKeys\"");
    check_cstr(bytes_of(f.policy, e->value), "[ true, 1.50, \"x\" ]");
    check_cstr(e->values.at[0].text, "true");
    check_cstr(e->values.at[1].text, "1.50");
    check_cstr(bytes_of(f.policy, e->values.at[1].span), "1.50");
    assert_int_equal(vd_policy_pos(f.policy, e->values.at[2].span).line, 5);
    assert_int_equal(vd_policy_pos(f.policy, e->values.at[2].span).column, 87);
    check_cstr(vd_policy_pos(f.policy, e->key.span).file, "p.json");
    done(&f);
}

static void misplaced_principal_is_kept_apart(void **state)
{
    fixture f = parse_statement(VD_KIND_IDENTITY,
                                "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\","
                                "\"Principal\":{\"AWS\":\"111111111111\"}");

    VD_UNUSED(state);
    assert_int_equal(f.code, VD_OK);
    assert_false(f.policy->statements[0].principal.present);
    assert_true(f.policy->statements[0].principal.misplaced);
    done(&f);
}

static void kinds_have_names(void **state)
{
    VD_UNUSED(state);
    for (vd_kind k = 0; k < VD_KIND_COUNT; k++)
        assert_int_equal(vd_kind_find(vd_str_of(vd_kind_name(k))), k);
    assert_int_equal(vd_kind_find(VD_S("Identity")), -1);
    assert_null(vd_kind_name(-1));
    assert_null(vd_kind_name(VD_KIND_COUNT));
}

static void counted(void **state)
{
    fixture f = parse_statement(VD_KIND_IDENTITY,
                                "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"");

    VD_UNUSED(state);
    assert_ptr_equal(vd_policy_retain(f.policy), f.policy);
    vd_policy_release(f.policy);
    assert_int_equal(vd_policy_statements(f.policy), 1);
    assert_int_equal(vd_policy_kind(f.policy), VD_KIND_IDENTITY);
    check_cstr(vd_policy_name(f.policy), "p.json");
    assert_int_equal(vd_policy_text(f.policy).p[0], '{');
    vd_policy_release(NULL);
    done(&f);
}

static void bad_kind(void **state)
{
    fixture f = parse(VD_KIND_COUNT, VD_S("{}"));

    VD_UNUSED(state);
    assert_int_equal(f.code, VD_EINVAL);
    done(&f);
}

/* ---- policies within other documents ---- */

typedef struct outer {
    vd_engine *engine;
    vd_arena   arena;
    vd_source  source;
    vd_doc     doc;
    vd_diags  *notes;
    vd_policy *policy;
    vd_error   err;
    char      *text;
} outer;

/* The text is on the heap and gone when the policy is looked at. */
static void outer_open(outer *o, const char *name, const char *text)
{
    *o = (outer){ .err = { .size = sizeof o->err } };
    o->engine = engine_of_tests();
    o->arena = vd_arena_on(vd_allocator_default(), 0);
    o->text = strdup(text);
    o->source = (vd_source){ .name = vd_str_of(name), .text = vd_str_of(o->text) };
    assert_int_equal(vd_diags_new(&o->notes, o->engine, NULL), VD_OK);
    if (vd_doc_read(&o->doc, &o->arena, &o->source, &o->engine->limits, NULL, NULL, &o->err) != VD_OK)
        fail_msg("%s", o->err.text);
}

static void outer_close(outer *o)
{
    memset(o->text, 'x', strlen(o->text));
    free(o->text);
    o->text = NULL;
    vd_arena_done(&o->arena);
}

static void outer_done(outer *o)
{
    if (o->text)
        outer_close(o);
    vd_policy_release(o->policy);
    vd_diags_free(o->notes);
    vd_engine_release(o->engine);
}

static void check_place(const outer *o, vd_span span, uint32_t line, uint32_t column)
{
    vd_pos at = vd_policy_pos(o->policy, span);

    check_cstr(at.file, "outer.json");
    assert_int_equal(at.line, line);
    assert_int_equal(at.column, column);
}

static void within_json(void **state)
{
    static const char text[] =
        "{ \"caf\xc3\xa9\": 1,\n"
        "  \"h\xc3\xa9\": { \"Statement\": { \"Effect\": \"Allow\", \"Action\": \"s3:x\\u0041\",\n"
        "     \"Resource\": \"mine\" } } }\n";
    outer    o;
    uint32_t node;

    VD_UNUSED(state);
    outer_open(&o, "outer.json", text);
    node = vd_doc_member(&o.doc, 0, VD_S("h\xc3\xa9"));
    assert_int_equal(
        vd_policy_read(&o.policy, o.engine, VD_KIND_IDENTITY, VD_S("first"), &o.doc, node, o.notes, &o.err),
        VD_OK);
    outer_close(&o);
    check_cstr(vd_policy_name(o.policy), "first");
    check_cstr(o.policy->statements[0].action.texts.at[0].text, "s3:xA");
    check_place(&o, o.policy->statements[0].action.texts.at[0].span, 2, 55);
    check_place(&o, o.policy->statements[0].resource.texts.at[0].span, 3, 18);
    check_cstr(bytes_of(o.policy, o.policy->statements[0].resource.texts.at[0].span), "\"mine\"");
    assert_int_equal(vd_diags_count(o.notes), 2);
    check_cstr(vd_diags_at(o.notes, 1)->rule, "invalid-arn-prefix");
    assert_int_equal(vd_diags_at(o.notes, 1)->at.line, 3);
    assert_int_equal(vd_diags_at(o.notes, 1)->at.column, 18);
    assert_int_equal(vd_diags_at(o.notes, 1)->at.offset, strstr(text, "\"mine\"") - text);
    check_cstr((vd_str_first(vd_policy_text(o.policy), 14)), "{ \"Statement\":");
    outer_done(&o);
}

static void within_a_string(void **state)
{
    static const char text[] =
        "[\n \"{\\\"Statement\\\": {\\n \\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": \\\"s3:x\\\", "
        "\\\"Resource\\\": \\\"mine\\\"}}\" ]\n";
    outer      o;
    vd_source *inner;
    vd_doc     doc = { 0 };

    VD_UNUSED(state);
    outer_open(&o, "outer.json", text);
    assert_int_equal(vd_doc_inner(&inner, &o.arena, &o.doc, 1, &o.err), VD_OK);
    assert_int_equal(vd_json_read(&doc, &o.arena, inner, &o.engine->limits, NULL, NULL, &o.err), VD_OK);
    assert_int_equal(
        vd_policy_read(&o.policy, o.engine, VD_KIND_IDENTITY, VD_S("in"), &doc, 0, o.notes, &o.err), VD_OK);
    outer_close(&o);
    check_place(&o, o.policy->statements[0].action.texts.at[0].span, 2,
                (uint32_t)(strstr(text, "\\\"s3:x") - strchr(text, '\n')));
    check_place(&o, o.policy->statements[0].resource.texts.at[0].span, 2,
                (uint32_t)(strstr(text, "\\\"mine") - strchr(text, '\n')));
    check_place(&o, o.policy->statements[0].effect_span, 2,
                (uint32_t)(strstr(text, "\\\"Allow") - strchr(text, '\n')));
    outer_done(&o);
}

/* The statement alone of a policy in a string: the pieces are cut at both ends. */
static void part_of_a_string(void **state)
{
    static const char text[] =
        "[\"{\\\"p\\\": [{\\\"Statement\\\":[], \\\"Version\\\":\\\"\\u0032012-10-17\\\", \\\"Id\\\":7}]}\"]";
    outer      o;
    vd_source *inner;
    vd_doc     doc = { 0 };

    VD_UNUSED(state);
    outer_open(&o, "outer.json", text);
    assert_int_equal(vd_doc_inner(&inner, &o.arena, &o.doc, 1, &o.err), VD_OK);
    assert_int_equal(vd_json_read(&doc, &o.arena, inner, &o.engine->limits, NULL, NULL, &o.err), VD_OK);
    assert_int_equal(doc.nodes[3].kind, VD_NODE_OBJECT);
    assert_int_equal(
        vd_policy_read(&o.policy, o.engine, VD_KIND_RESOURCE, VD_S("in"), &doc, 3, o.notes, &o.err), VD_OK);
    outer_close(&o);
    assert_int_equal(o.policy->language, VD_LANGUAGE_2012);
    assert_int_equal(vd_diags_count(o.notes), 2);
    check_cstr(vd_diags_at(o.notes, 0)->rule, "missing-statement");
    assert_int_equal(vd_diags_at(o.notes, 0)->at.column, strstr(text, "[], ") - text + 1);
    check_cstr(vd_diags_at(o.notes, 1)->rule, "data-type-mismatch");
    assert_int_equal(vd_diags_at(o.notes, 1)->at.column, strstr(text, "7}") - text + 1);
    outer_done(&o);
}

/* A policy in YAML: its text is that JSON which means the same; positions stay those of the file. */
static void within_yaml(void **state)
{
    static const char text[] = "# a suite\n"
                               "base: &all [\"s3:Get*\", 's3:List*']\n"
                               "cases:\n"
                               "  - policy:\n"
                               "      Version: '2012-10-17'\n"
                               "      Statement:\n"
                               "        - Effect: Allow\n"
                               "          Action: *all\n"
                               "          Resource: mine\n"
                               "          Condition: {Bool: {aws:SecureTransport: true}}\n";
    outer             o;
    uint32_t          node;
    vd_policy        *again = NULL;

    VD_UNUSED(state);
    outer_open(&o, "outer.yaml", text);
    node = vd_doc_member(&o.doc, vd_doc_first(&o.doc, vd_doc_member(&o.doc, 0, VD_S("cases"))),
                         VD_S("policy"));
    assert_int_not_equal(node, VD_NONE);
    if (vd_policy_read(&o.policy, o.engine, VD_KIND_IDENTITY, VD_S("in"), &o.doc, node, o.notes, &o.err) !=
        VD_OK)
        fail_msg("%s", o.err.text);
    outer_close(&o);
    check_cstr(vd_policy_text(o.policy),
               "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\","
               "\"s3:List*\"],"
               "\"Resource\":\"mine\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":true}}}]}");
    assert_int_equal(vd_diags_count(o.notes), 1);
    assert_int_equal(vd_diags_at(o.notes, 0)->at.line, 9);
    assert_int_equal(vd_diags_at(o.notes, 0)->at.column, 21);
    check_cstr(vd_diags_at(o.notes, 0)->at.file, "outer.yaml");
    assert_int_equal(vd_policy_pos(o.policy, o.policy->statements[0].effect_span).line, 7);
    check_cstr(o.policy->statements[0].entries[0].values.at[0].text, "true");
    assert_int_equal(vd_policy_parse(&again, o.engine, VD_KIND_IDENTITY, VD_S("again"),
                                     vd_policy_text(o.policy), NULL, NULL),
                     VD_OK);
    assert_int_equal(again->statements[0].action.texts.count, 2);
    vd_policy_release(again);
    outer_done(&o);
}

static void errors_name_the_outer_file(void **state)
{
    outer o;

    VD_UNUSED(state);
    outer_open(&o, "outer.json", "[\n  { \"Statement\": 7 } ]");
    assert_int_equal(
        vd_policy_read(&o.policy, o.engine, VD_KIND_IDENTITY, VD_S("in"), &o.doc, 1, NULL, &o.err),
        VD_ESYNTAX);
    check_cstr(o.err.at.file, "outer.json");
    assert_int_equal(o.err.at.line, 2);
    assert_int_equal(o.err.at.column, 18);
    outer_done(&o);
}

/* ---- limits ---- */

static vd_buf many_statements(size_t count, const char *statement)
{
    vd_buf b = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_add(&b, VD_S("{\"Version\":\"2012-10-17\",\n\"Statement\":["));
    for (size_t i = 0; i < count; i++) {
        if (i)
            vd_buf_byte(&b, ',');
        vd_buf_add(&b, vd_str_of(statement));
    }
    vd_buf_add(&b, VD_S("]}"));
    assert_false(b.failed);
    return b;
}

static void check_limit(vd_kind kind, vd_str text, const char *name, uint32_t line, uint32_t column)
{
    fixture f = parse(kind, text);

    assert_int_equal(f.code, VD_ELIMIT);
    assert_null(f.policy);
    if (!strstr(f.err.text, name))
        fail_msg("%s does not name the limit %s", f.err.text, name);
    assert_int_equal(f.err.at.line, line);
    assert_int_equal(f.err.at.column, column);
    done(&f);
}

static void a_million_statements(void **state)
{
    vd_buf b = many_statements(1000000, "{\"Effect\":\"Allow\"}");

    VD_UNUSED(state);
    check_limit(VD_KIND_IDENTITY, vd_buf_str(&b), "limit statements", 2, 13);
    vd_buf_done(&b);
}

static void most_statements(void **state)
{
    vd_buf  b = many_statements(200000, "{\"Effect\":\"Allow\",\"Action\":\"s3\",\"Resource\":\"b\"}");
    fixture f = parse(VD_KIND_IDENTITY, vd_buf_str(&b));

    VD_UNUSED(state);
    assert_int_equal(f.code, VD_OK);
    assert_int_equal(f.policy->statement_count, 200000);
    assert_true(f.policy->statements[199999].malformed);
    assert_int_equal(vd_diags_count(f.notes), 100);
    assert_int_equal(vd_diags_dropped(f.notes) + 100, 400000 + 1); /* two faults each, and the size */
    done(&f);
    vd_buf_done(&b);
}

/* Every statement with as many faults as it can have: told in bounded time, and only as many as are shown. */
static void faults_without_end(void **state)
{
    static const char statement[] =
        "{\"Sid\":\"a "
        "b\",\"Effekt\":1,\"Effect\":\"Alow\",\"Principle\":1,\"Principal\":{\"aws\":1,\"Servise\":1},"
        "\"Action\":[\"\",\"s\",1],\"Resource\":[\"\",\"r\",\"arn:awz:iam:r:x:rol/"
        "e\"],\"Condition\":{\"StringEqals\":"
        "{\"k\":null},\"nullifexists\":{\"k\":{}},\"DateEquals\":{\"k\":\"x\",\"K\":\"y\"}}}";
    vd_buf  b = many_statements(20000, statement);
    clock_t begin = clock();
    fixture f = parse(VD_KIND_TRUST, vd_buf_str(&b));

    VD_UNUSED(state);
    assert_int_equal(f.code, VD_ESYNTAX);
    assert_int_equal(vd_diags_count(f.notes), 100);
    assert_true(vd_diags_dropped(f.notes) > 20000 * 15);
    assert_true((clock() - begin) / CLOCKS_PER_SEC < 10);
    done(&f);
    vd_buf_done(&b);
}

static vd_buf with_long_string(const char *before, size_t n, const char *after)
{
    vd_buf b = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_add(&b, vd_str_of(before));
    for (size_t i = 0; i < n; i++)
        vd_buf_byte(&b, 'a');
    vd_buf_add(&b, vd_str_of(after));
    assert_false(b.failed);
    return b;
}

static void long_strings(void **state)
{
    static const char before[] =
        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\n"
        "\"Resource\":[\"*\",\"arn:aws:s3:::";
    vd_buf  b = with_long_string(before, 65536 - 13, "\"]}}");
    fixture f = parse(VD_KIND_IDENTITY, vd_buf_str(&b));

    VD_UNUSED(state);
    assert_int_equal(f.code, VD_OK);
    assert_int_equal(f.policy->statements[0].resource.texts.at[1].text.n, 65536);
    done(&f);
    vd_buf_done(&b);
    b = with_long_string(before, 65536 - 12, "\"]}}");
    check_limit(VD_KIND_IDENTITY, vd_buf_str(&b), "limit string_bytes", 2, 17);
    vd_buf_done(&b);
    b = with_long_string(before, 1u << 20, "\"]}}");
    check_limit(VD_KIND_IDENTITY, vd_buf_str(&b), "limit string_bytes", 2, 17);
    vd_buf_done(&b);
}

static vd_buf with_list(const char *before, size_t n, const char *item, const char *after)
{
    vd_buf b = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_add(&b, vd_str_of(before));
    for (size_t i = 0; i < n; i++)
        vd_buf_printf(&b, item, i ? "," : "", (unsigned)i);
    vd_buf_add(&b, vd_str_of(after));
    assert_false(b.failed);
    return b;
}

static void long_lists(void **state)
{
    static const struct {
        const char *before, *item, *after;
    } rows[] = {
        { "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":[", "%s\"s3:a%u\"", "]}}" },
        { "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[",
          "%s\"arn:aws:s3:::b%u\"", "]}}" },
        { "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Principal\":{\"AWS\":[", "%s\"%012u\"",
          "]}}}" },
        { "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Condition\":{"
          "\"StringEquals\":{"
          "\"k\":[",
          "%s\"%u\"", "]}}}}" },
        { "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Condition\":{"
          "\"StringEquals\":{",
          "%s\"k%u\":1", "}}}}" },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_buf  b = with_list(rows[i].before, 100000, rows[i].item, rows[i].after);
        fixture f = parse(VD_KIND_RESOURCE, vd_buf_str(&b));

        if (f.code != VD_OK)
            fail_msg("%s: %s", rows[i].before, f.err.text);
        done(&f);
        vd_buf_done(&b);
        b = with_list(rows[i].before, 100010, rows[i].item, rows[i].after);
        f = parse(VD_KIND_RESOURCE, vd_buf_str(&b));
        assert_int_equal(f.code, VD_ELIMIT);
        assert_non_null(strstr(f.err.text, "limit values"));
        assert_int_equal(f.err.at.line, 1);
        done(&f);
        vd_buf_done(&b);
    }
}

static void deep_nesting(void **state)
{
    vd_buf b = vd_buf_on(vd_allocator_default(), 0);

    VD_UNUSED(state);
    vd_buf_add(&b, VD_S("{\"Statement\":"));
    for (size_t i = 0; i < 100000; i++)
        vd_buf_byte(&b, '[');
    check_limit(VD_KIND_IDENTITY, vd_buf_str(&b), "depth", 1, 113);
    vd_buf_done(&b);
}

/* ---- memory ---- */

static const char all_of_it[] =
    "{\"Version\":\"2012-10-17\",\"Id\":\"\\u0041\",\"Statement\":[{\"Sid\":\"a "
    "b\",\"Effect\":\"Deny\",\"Principal\":"
    "{\"AWS\":[\"x*\",\"111111111111\"],\"Service\":\"l\"},\"Action\":[\"s3:\\u0041\",\"s3\"],\"Resource\":["
    "\"b\",null],"
    "\"Condition\":{\"ArnLike\":{\"a\":\"${aws:x}:y\",\"A\":[1,true]},\"DateEquals\":{\"b\":\"soon\"},\"X\":{"
    "\"c\":1}}},"
    "{\"Sid\":\"B\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\"},"
    "{\"Sid\":\"B\",\"Effect\":\"Allow\",\"Principal\":{},\"Action\":\"s3:*\",\"Resource\":\"arn:awz:iam:r::"
    "x\"}]}";

static vd_code read_and_write(const vd_allocator *a, const char *text, vd_kind kind)
{
    vd_engine *e = NULL;
    vd_diags  *notes = NULL;
    vd_policy *p = NULL;
    vd_error   err = { .size = sizeof err };
    vd_code    code = vd_engine_new(&e, &(vd_engine_opts){ .size = sizeof(vd_engine_opts), .allocator = a },
                                    &err);

    if (code == VD_OK)
        code = vd_diags_new(&notes, e, &err);
    if (code == VD_OK)
        code = vd_policy_parse(&p, e, kind, VD_S("p"), vd_str_of(text), notes, &err);
    if (code == VD_OK) {
        vd_buf b = vd_buf_on(a, 0);

        code = vd_policy_write(&b, p);
        vd_buf_done(&b);
    }
    vd_policy_release(p);
    vd_diags_free(notes);
    vd_engine_release(e);
    return code;
}

static void fail_each(vd_code (*path)(const vd_allocator *a), vd_code at_last)
{
    for (size_t n = 1;; n++) {
        failing_alloc f = { .fail_at = n };
        vd_allocator  a = failing_allocator(&f);
        vd_code       code = path(&a);

        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed) {
            assert_int_equal(code, at_last);
            assert_true(n > 5);
            break;
        }
        assert_int_equal(code, VD_ENOMEM);
    }
}

static vd_code path_good(const vd_allocator *a)
{
    return read_and_write(a, all_of_it, VD_KIND_TRUST);
}

static vd_code path_bad(const vd_allocator *a)
{
    return read_and_write(a,
                          "{\"Version\":\"x\",\"Statement\":[{\"Effect\":\"a\",\"Effect\":\"b\",\"X\":1}]}",
                          VD_KIND_IDENTITY);
}

static vd_code path_embedded(const vd_allocator *a)
{
    vd_engine *e = NULL;
    vd_policy *p = NULL;
    vd_source  source = { .name = VD_S("o"),
                          .text = VD_S("[\"{\\\"Statement\\\":{\\\"Effect\\\":\\\"Deny\\\"}}\"]") };
    vd_source *inner = NULL;
    vd_arena   arena = vd_arena_on(a, 0);
    vd_doc     doc = { 0 }, second = { 0 };
    vd_error   err = { .size = sizeof err };
    vd_code    code = vd_engine_new(&e, &(vd_engine_opts){ .size = sizeof(vd_engine_opts), .allocator = a },
                                    &err);

    if (code == VD_OK)
        code = vd_json_read(&doc, &arena, &source, &e->limits, NULL, NULL, &err);
    if (code == VD_OK)
        code = vd_doc_inner(&inner, &arena, &doc, 1, &err);
    if (code == VD_OK)
        code = vd_json_read(&second, &arena, inner, &e->limits, NULL, NULL, &err);
    if (code == VD_OK)
        code = vd_policy_read(&p, e, VD_KIND_IDENTITY, VD_S("p"), &second, 0, NULL, &err);
    vd_policy_release(p);
    vd_arena_done(&arena);
    vd_engine_release(e);
    return code;
}

static void failing_memory(void **state)
{
    VD_UNUSED(state);
    fail_each(path_good, VD_OK);
    fail_each(path_bad, VD_ESYNTAX);
    fail_each(path_embedded, VD_OK);
}

/* ---- E756 ---- */

#define ALLOW_ALL                                                                                            \
    "\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\""
#define WITH(operator, key, value) ALLOW_ALL ",\"Condition\":{\"" operator"\":{\"" key "\":" value "}}"

static void public_policies(void **state)
{
    static const struct {
        bool        is_public;
        const char *members;
    } rows[] = {
        { true, ALLOW_ALL },
        { true, "\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"111111111111\",\"*\"]},\"Action\":\"s3:*\"" },
        { false, "\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111111111111\"},\"Action\":\"s3:*\"" },
        { false, "\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\"" },
        { false, WITH("StringEquals", "aws:PrincipalOrgID", "\"o-a1b2c3d4e5\"") },
        { false, WITH("StringEquals", "AWS:principalorgid", "\"o-a1b2c3d4e5\"") },
        { true, WITH("StringEqualsIfExists", "aws:PrincipalOrgID", "\"o-a1b2c3d4e5\"") },
        { true, WITH("ForAllValues:StringEquals", "aws:PrincipalOrgID", "\"o-a1b2c3d4e5\"") },
        { true, WITH("StringNotEquals", "aws:PrincipalOrgID", "\"o-a1b2c3d4e5\"") },
        { true, WITH("StringLike", "aws:PrincipalOrgID", "\"o-*\"") },
        { false, WITH("StringLike", "aws:PrincipalOrgID", "\"o-a1b2c3d4e5\"") },
        { true, WITH("StringEquals", "aws:PrincipalOrgID", "\"${aws:PrincipalOrgID}\"") },
        { true, WITH("StringEquals", "aws:PrincipalOrgID", "[\"o-a1b2c3d4e5\",\"\"]") },
        { true, WITH("StringEquals", "aws:UserAgent", "\"x\"") },
        { true, WITH("Null", "aws:PrincipalOrgID", "\"false\"") },
        { false, WITH("IpAddress", "aws:SourceIp", "\"203.0.113.0/24\"") },
        { false, WITH("IpAddress", "aws:SourceIp", "\"11.0.0.0/8\"") },
        { true, WITH("IpAddress", "aws:SourceIp", "\"12.0.0.0/7\"") },
        { true, WITH("IpAddress", "aws:SourceIp", "[\"203.0.113.0/24\",\"0.0.0.0/0\"]") },
        { false, WITH("IpAddress", "aws:SourceIp", "\"2001:db8::/32\"") },
        { true, WITH("IpAddress", "aws:SourceIp", "\"2001:d00::/24\"") },
        { true, WITH("NotIpAddress", "aws:SourceIp", "\"203.0.113.0/24\"") },
        { true, WITH("ArnLike", "aws:PrincipalArn", "\"arn:aws:iam::*:role/x\"") },
        { false, WITH("ArnLike", "aws:PrincipalArn", "\"arn:aws:iam::111111111111:role/*\"") },
        { false, WITH("StringLike", "aws:userid", "\"AROAEXAMPLE:*\"") },
        { true, WITH("StringLike", "aws:userid", "\"*:x\"") },
        { true, WITH("ArnLike", "aws:SourceArn", "\"arn:aws:s3:::*\"") },
        { false, WITH("ArnLike", "aws:SourceArn", "\"arn:aws:s3:::b\"") },
        { true,
          "\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"graph.facebook.com\"},\"Action\":\"s3:*\"" },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        fixture f = parse_statement(VD_KIND_RESOURCE, rows[i].members);

        assert_int_equal(f.code, VD_OK);
        if (vd_policy_is_public(f.policy) != rows[i].is_public)
            fail_msg("%s", rows[i].members);
        done(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_statements),
        cmocka_unit_test(short_resources),
        cmocka_unit_test(spans_are_exact),
        cmocka_unit_test(misplaced_principal_is_kept_apart),
        cmocka_unit_test(kinds_have_names),
        cmocka_unit_test(counted),
        cmocka_unit_test(bad_kind),
        cmocka_unit_test(within_json),
        cmocka_unit_test(within_a_string),
        cmocka_unit_test(part_of_a_string),
        cmocka_unit_test(within_yaml),
        cmocka_unit_test(errors_name_the_outer_file),
        cmocka_unit_test(a_million_statements),
        cmocka_unit_test(most_statements),
        cmocka_unit_test(faults_without_end),
        cmocka_unit_test(long_strings),
        cmocka_unit_test(long_lists),
        cmocka_unit_test(deep_nesting),
        cmocka_unit_test(failing_memory),
        cmocka_unit_test(public_policies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
