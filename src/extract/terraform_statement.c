/* SPDX-License-Identifier: Apache-2.0
 *
 * Resources that are a statement of somebody's resource policy, property by property: the statement that AWS makes of them.
 */
#include "base/str.h"
#include "extract/terraform.h"

#include <stdio.h>

enum { MOST_CONDITIONS = 7 };

typedef struct permission {
    const char *type, *action, *default_action, *principal;
    struct {
        const char *attribute, *test, *key;
    } conditions[MOST_CONDITIONS];
} permission;

static const permission permissions[] = {
    { "aws_lambda_permission", "action", NULL, "principal",
      { { "source_arn", "ArnLike", "aws:SourceArn" },
        { "source_account", "StringEquals", "aws:SourceAccount" },
        { "principal_org_id", "StringEquals", "aws:PrincipalOrgID" },
        { "event_source_token", "StringEquals", "lambda:EventSourceToken" },
        { "function_url_auth_type", "StringEquals", "lambda:FunctionUrlAuthType" },
        { "invoked_via_function_url", "Bool", "lambda:InvokedViaFunctionUrl" } } },
    { "aws_lambda_layer_version_permission", "action", NULL, "principal",
      { { "organization_id", "StringEquals", "aws:PrincipalOrgID" } } },
    { "aws_cloudwatch_event_permission", "action", "events:PutEvents", "principal", { { NULL, NULL, NULL } } },
    { "aws_acmpca_permission", "actions", NULL, "principal",
      { { "source_account", "StringEquals", "aws:SourceAccount" } } },
    { "aws_vpc_endpoint_service_allowed_principal", NULL, NULL, "principal_arn", { { NULL, NULL, NULL } } },
    { "aws_vpc_endpoint_service", NULL, NULL, "allowed_principals", { { NULL, NULL, NULL } } },
};

typedef struct writer {
    vd_tf                *tf;
    const vd_tf_instance *i;
    vd_made              *m;
    vd_span               whole;
} writer;

static uint32_t value_of(const writer *w, const char *attribute)
{
    uint32_t node = vd_extract_nearby(w->tf->doc, w->i->after, vd_str_of(attribute));

    return node != VD_NONE && w->tf->doc->nodes[node].kind == VD_NODE_NULL ? VD_NONE : node;
}

/* Its value or a part of it is not known, or not to be seen. */
static bool is_hole(const writer *w, const char *attribute)
{
    vd_str name = vd_str_of(attribute);

    return vd_tf_has_mark(w->tf->doc, vd_extract_nearby(w->tf->doc, w->i->unknown, name)) ||
           vd_tf_has_mark(w->tf->doc, vd_extract_nearby(w->tf->doc, w->i->sensitive, name));
}

static vd_span span_of(const writer *w, const char *attribute)
{
    uint32_t node = value_of(w, attribute);

    return node == VD_NONE ? w->whole : vd_doc_span(w->tf->doc, node);
}

static void write_hole(const writer *w, const char *attribute, vd_hole_kind kind)
{
    bool    secret = vd_tf_has_mark(w->tf->doc, vd_extract_nearby(w->tf->doc, w->i->sensitive, vd_str_of(attribute)));
    vd_hole hole;

    if (!vd_tf_hole(w->tf, vd_tf_references(w->tf, w->i, vd_str_of(attribute), 0, VD_S("")), &hole))
        w->m->failed = true;
    if (secret || kind != VD_HOLE_ANY)
        hole.kind = secret ? VD_HOLE_SECRET : (uint8_t)kind;
    vd_made_hole(w->m, hole.kind, hole.name.n ? hole.name : w->i->address, hole.pattern, false, span_of(w, attribute));
}

static void write_value(const writer *w, const char *attribute)
{
    uint32_t node = value_of(w, attribute);

    if (node != VD_NONE && !is_hole(w, attribute))
        vd_made_value(w->m, w->tf->doc, node);
    else
        write_hole(w, attribute,
                   node != VD_NONE && w->tf->doc->nodes[node].kind == VD_NODE_ARRAY ? VD_HOLE_LIST : VD_HOLE_ANY);
}

static void write_action(const writer *w, const permission *p)
{
    vd_made_plain(w->m, VD_S(",\"Action\":"));
    if (!p->action)
        vd_made_hole(w->m, VD_HOLE_LIST, w->i->address, VD_S(""), false, w->whole);
    else if (p->default_action && value_of(w, p->action) == VD_NONE && !is_hole(w, p->action))
        vd_made_string(w->m, vd_str_of(p->default_action), w->whole);
    else
        write_value(w, p->action);
}

/* "*", a service or somebody of AWS. */
static void write_principal(const writer *w, const char *attribute)
{
    uint32_t node = value_of(w, attribute);
    vd_str   text = vd_extract_string(w->tf->doc, node);
    bool     service = vd_str_ends(text, VD_S(".amazonaws.com")) || vd_str_ends(text, VD_S(".amazonaws.com.cn"));

    vd_made_plain(w->m, VD_S(",\"Principal\":"));
    if (is_hole(w, attribute) || vd_str_eq(text, VD_S("*"))) {
        write_value(w, attribute);
        return;
    }
    vd_made_plain(w->m, service ? VD_S("{\"Service\":") : VD_S("{\"AWS\":"));
    write_value(w, attribute);
    vd_made_plain(w->m, VD_S("}"));
}

/* Whatever is set, or may be; conditions with one test are one member. */
static void write_conditions(const writer *w, const permission *p)
{
    const char *open = NULL;
    bool        any = false;

    for (uint32_t i = 0; i < MOST_CONDITIONS && p->conditions[i].attribute; i++) {
        const char *attribute = p->conditions[i].attribute;
        char        text[128];
        int         n;

        if ((value_of(w, attribute) == VD_NONE && !is_hole(w, attribute)) ||
            (!is_hole(w, attribute) && w->tf->doc->nodes[value_of(w, attribute)].kind == VD_NODE_STRING &&
             !vd_extract_string(w->tf->doc, value_of(w, attribute)).n))
            continue;
        if (!any)
            vd_made_plain(w->m, VD_S(",\"Condition\":{"));
        if (open && strcmp(open, p->conditions[i].test) == 0)
            n = snprintf(text, sizeof text, ",\"%s\":", p->conditions[i].key);
        else
            n = snprintf(text, sizeof text, "%s\"%s\":{\"%s\":", open ? "}," : "", p->conditions[i].test,
                         p->conditions[i].key);
        vd_made_at(w->m, (vd_str){ text, (size_t)n }, span_of(w, attribute));
        write_value(w, attribute);
        open = p->conditions[i].test;
        any = true;
    }
    if (any)
        vd_made_plain(w->m, VD_S("}}"));
}

/* condition {key, type, value} of a bus. */
static void write_block(const writer *w)
{
    const vd_doc *d = w->tf->doc;
    uint32_t      block = vd_extract_nth(d, value_of(w, "condition"), 0);

    if (is_hole(w, "condition")) {
        vd_made_plain(w->m, VD_S(",\"Condition\":"));
        write_hole(w, "condition", VD_HOLE_LIST);
        return;
    }
    if (!vd_extract_member(d, block, "type").n || !vd_extract_member(d, block, "key").n ||
        !vd_extract_member(d, block, "value").n)
        return;
    vd_made_plain(w->m, VD_S(",\"Condition\":{"));
    vd_made_scalar(w->m, d, vd_extract_nearby(d, block, VD_S("type")));
    vd_made_plain(w->m, VD_S(":{"));
    vd_made_scalar(w->m, d, vd_extract_nearby(d, block, VD_S("key")));
    vd_made_plain(w->m, VD_S(":"));
    vd_made_scalar(w->m, d, vd_extract_nearby(d, block, VD_S("value")));
    vd_made_plain(w->m, VD_S("}}"));
}

static void write_all(const writer *w, const permission *p)
{
    vd_made_at(w->m, VD_S("{\"Version\":\"2012-10-17\",\"Statement\":[{"), w->whole);
    vd_made_plain(w->m, VD_S("\"Effect\":\"Allow\""));
    write_principal(w, p->principal);
    write_action(w, p);
    vd_made_plain(w->m, VD_S(",\"Resource\":"));
    vd_made_hole(w->m, VD_HOLE_ANY, w->i->address, VD_S(""), false, w->whole);
    if (vd_str_eq(w->i->type, VD_S("aws_cloudwatch_event_permission")))
        write_block(w);
    else
        write_conditions(w, p);
    vd_made_plain(w->m, VD_S("}]}"));
}

vd_code vd_tf_statement(vd_tf *tf, const vd_tf_instance *i, vd_source **out)
{
    vd_made m = vd_made_on(tf->arena, tf->doc->source);
    writer  w = { .tf = tf, .i = i, .m = &m };

    *out = NULL;
    if (!vd_extract_is(tf->doc, i->after, VD_NODE_OBJECT))
        return VD_OK;
    w.whole = (vd_span){ tf->doc->nodes[i->after].offset, 1 };
    for (size_t k = 0; k < VD_COUNT(permissions); k++) {
        const permission *p = &permissions[k];

        if (!vd_str_eq(i->type, vd_str_of(p->type)))
            continue;
        if (value_of(&w, p->principal) == VD_NONE && !is_hole(&w, p->principal))
            return VD_OK;
        write_all(&w, p);
        *out = vd_made_done(&m);
        return *out ? VD_OK : vd_fail_nomem(tf->in->err);
    }
    return VD_OK;
}
