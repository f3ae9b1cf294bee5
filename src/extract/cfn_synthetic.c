/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements that are no text of a policy: permissions of functions and layers, of event buses, of certificate authorities,
 * of endpoint services.  Each member of the statement stands where the property is that it was made of.
 */
#include "base/str.h"
#include "extract/cfn.h"

/* A property that is a condition. */
typedef struct condition {
    const char *property, *before; /* "\"ArnLike\":{\"aws:SourceArn\":" */
} condition;

typedef struct form {
    const char *type;
    const char *action, *principal; /* properties; */
    const char *fixed_action;       /* instead */
    const char *resource;           /* the property that names it */
    const char *arn;                /* around a name: "arn:aws:lambda:*:*:function:" */
    condition   conditions[6];
} form;

static const form forms[] = {
    { "AWS::Lambda::Permission", "Action", "Principal", NULL, "FunctionName", "arn:{P}:lambda:{R}:{A}:function:",
      { { "SourceArn", "\"ArnLike\":{\"aws:SourceArn\":" },
        { "SourceAccount", "\"StringEquals\":{\"aws:SourceAccount\":" },
        { "PrincipalOrgID", "\"StringEquals\":{\"aws:PrincipalOrgID\":" },
        { "EventSourceToken", "\"StringEquals\":{\"lambda:EventSourceToken\":" },
        { "FunctionUrlAuthType", "\"StringEquals\":{\"lambda:FunctionUrlAuthType\":" },
        { "InvokedViaFunctionUrl", "\"Bool\":{\"lambda:InvokedViaFunctionUrl\":" } } },
    { "AWS::Lambda::LayerVersionPermission", "Action", "Principal", NULL, "LayerVersionArn", NULL,
      { { "OrganizationId", "\"StringEquals\":{\"aws:PrincipalOrgID\":" } } },
    { "AWS::ACMPCA::Permission", "Actions", "Principal", NULL, "CertificateAuthorityArn", NULL,
      { { "SourceAccount", "\"StringEquals\":{\"aws:SourceAccount\":" } } },
    { "AWS::EC2::VPCEndpointServicePermissions", "ServiceId", "AllowedPrincipals", "ec2:CreateVpcEndpoint", NULL, NULL,
      { { NULL, NULL } } },
    { "AWS::Events::EventBusPolicy", "Action", "Principal", NULL, "EventBusName", "arn:{P}:events:{R}:{A}:event-bus/",
      { { NULL, NULL } } },
};

static const form *form_of(vd_str type)
{
    for (size_t i = 0; i < VD_COUNT(forms); i++)
        if (vd_str_eq(vd_str_of(forms[i].type), type))
            return &forms[i];
    return NULL;
}

typedef struct making {
    vd_cfn       *c;
    vd_cfn_maker *m;
    const form   *form;
    uint32_t      properties;
} making;

static uint32_t property(const making *s, const char *name)
{
    return name ? vd_doc_member(s->c->doc, s->properties, vd_str_of(name)) : VD_NONE;
}

/* The value of a property; false: it is not there. */
static bool value_at(const making *s, const char *name, vd_cfn_value *out)
{
    uint32_t at = property(s, name);

    if (at == VD_NONE)
        return false;
    *out = vd_cfn_value_of(s->c, at);
    return out->kind != VD_CFN_GONE;
}

/* A missing part points at the key of its container. */
static vd_span nowhere(const making *s)
{
    vd_span at = vd_doc_span(s->c->doc, s->properties);

    return (vd_span){ at.offset, 0 };
}

/* ------------------------------------------------------------------ principals */

/* "*", a service, or whatever may stand under AWS. */
static const char *principal_type(const vd_cfn_value *v)
{
    vd_str last = v->part_count && v->parts[v->part_count - 1].hole == VD_NONE ? v->parts[v->part_count - 1].text
                                                                               : VD_S("");

    if (v->part_count == 1 && vd_str_eq(last, VD_S("*")))
        return NULL;
    return vd_str_ends(last, VD_S(".amazonaws.com")) || vd_str_ends(last, VD_S(".amazonaws.com.cn")) ||
                   vd_str_ends(last, VD_S(".alexa.com"))
               ? "{\"Service\":"
               : "{\"AWS\":";
}

static void put_principal(making *s)
{
    vd_cfn_value v;
    const char  *type;

    if (!value_at(s, s->form->principal, &v))
        return;
    type = principal_type(&v);
    vd_cfn_make_json(s->m, ",\"Principal\":", v.at);
    if (type)
        vd_cfn_make_json(s->m, type, (vd_span){ v.at.offset, 0 });
    vd_cfn_make_value(s->m, &v);
    if (type)
        vd_cfn_make_json(s->m, "}", (vd_span){ v.at.offset + v.at.length, 0 });
}

/* ------------------------------------------------------------------ the other elements */

static void put_action(making *s)
{
    vd_cfn_value v;

    if (s->form->fixed_action) {
        vd_cfn_make_json(s->m, ",\"Action\":\"", nowhere(s));
        vd_cfn_make_json(s->m, s->form->fixed_action, nowhere(s));
        vd_cfn_make_json(s->m, "\"", nowhere(s));
    } else if (value_at(s, s->form->action, &v)) {
        vd_cfn_make_json(s->m, ",\"Action\":", v.at);
        vd_cfn_make_value(s->m, &v);
    }
}

/* A name with its ARN around it. */
static vd_cfn_value arn_around(making *s, const vd_cfn_value *name)
{
    static const struct {
        const char *mark, *pseudo;
    } marks[] = { { "{P}", "AWS::Partition" }, { "{R}", "AWS::Region" }, { "{A}", "AWS::AccountId" } };
    vd_cfn     *c = s->c;
    vd_cfn_text t = { 0 };
    vd_str      rest = vd_str_of(s->form->arn), head;

    for (size_t i = 0; i < VD_COUNT(marks); i++) {
        vd_cfn_value v = vd_cfn_ref(c, vd_str_of(marks[i].pseudo), name->node, name->at, 0);

        if (!vd_str_cut(&rest, '{', &head))
            break;
        vd_cfn_add(c, &t, (vd_cfn_part){ .text = head, .hole = VD_NONE, .at = name->at });
        vd_cfn_add_value(c, &t, &v);
        rest = vd_str_from(rest, 2);
    }
    vd_cfn_add(c, &t, (vd_cfn_part){ .text = rest, .hole = VD_NONE, .at = name->at });
    vd_cfn_add_value(c, &t, name);
    return vd_cfn_of_parts(c, t.at, t.count, name->node);
}

static void put_resource(making *s)
{
    vd_cfn_value v;
    vd_str       first;

    if (!value_at(s, s->form->resource, &v) || !vd_cfn_is_text(&v)) {
        vd_cfn_make_json(s->m, ",\"Resource\":\"*\"", nowhere(s));
        return;
    }
    first = v.part_count && v.parts[0].hole == VD_NONE ? v.parts[0].text : VD_S("");
    if (s->form->arn && (first.n || (v.part_count && s->c->holes->at[v.parts[0].hole].kind == VD_HOLE_NAME)) &&
        !vd_str_starts(first, VD_S("arn:")))
        v = arn_around(s, &v);
    vd_cfn_make_json(s->m, ",\"Resource\":", v.at);
    vd_cfn_make_value(s->m, &v);
}

/* Conditions of one operator are members of one object: operators come in turn. */
static void put_conditions(making *s)
{
    const char *end = ",\"Condition\":{";
    vd_str      open = VD_S("");

    for (size_t i = 0; i < VD_COUNT(s->form->conditions) && s->form->conditions[i].property; i++) {
        const condition *k = &s->form->conditions[i];
        vd_str           operator= vd_str_first(vd_str_of(k->before), vd_str_find(vd_str_of(k->before), '{'));
        vd_cfn_value     v;

        if (!value_at(s, k->property, &v))
            continue;
        if (vd_str_eq(open, operator)) {
            vd_cfn_make_json(s->m, ",", (vd_span){ v.at.offset, 0 });
            vd_cfn_make_json(s->m, k->before + operator.n + 1, v.at);
        } else {
            if (open.n)
                vd_cfn_make_json(s->m, "}", (vd_span){ v.at.offset, 0 });
            vd_cfn_make_json(s->m, open.n ? "," : end, (vd_span){ v.at.offset, 0 });
            vd_cfn_make_json(s->m, k->before, v.at);
        }
        open = operator;
        vd_cfn_make_value(s->m, &v);
    }
    if (open.n)
        vd_cfn_make_json(s->m, "}}", nowhere(s));
}

/* {Type: StringEquals, Key: aws:PrincipalOrgID, Value: o-abc} of an event bus. */
static void put_bus_condition(making *s)
{
    uint32_t    at = property(s, "Condition");
    making      of = *s;
    vd_cfn_value type, key, value;

    if (!vd_extract_is(s->c->doc, at, VD_NODE_OBJECT))
        return;
    of.properties = at;
    if (!value_at(&of, "Type", &type) || !value_at(&of, "Key", &key) || !value_at(&of, "Value", &value))
        return;
    vd_cfn_make_json(s->m, ",\"Condition\":{", (vd_span){ type.at.offset, 0 });
    vd_cfn_make_value(s->m, &type);
    vd_cfn_make_json(s->m, ":{", (vd_span){ key.at.offset, 0 });
    vd_cfn_make_value(s->m, &key);
    vd_cfn_make_json(s->m, ":", (vd_span){ value.at.offset, 0 });
    vd_cfn_make_value(s->m, &value);
    vd_cfn_make_json(s->m, "}}", (vd_span){ value.at.offset + value.at.length, 0 });
}

static vd_code make_permission(vd_cfn *c, uint32_t node, const vd_extracted *like, vd_source **out)
{
    making s = { .c = c, .m = vd_cfn_make(c), .form = form_of(like->type), .properties = node };

    vd_cfn_make_json(s.m, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"", nowhere(&s));
    put_principal(&s);
    put_action(&s);
    put_resource(&s);
    put_conditions(&s);
    put_bus_condition(&s);
    vd_cfn_make_json(s.m, "}]}", nowhere(&s));
    return vd_cfn_made(s.m, c, out);
}

vd_code vd_cfn_synthetic(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str resource_kind)
{
    uint32_t     properties = vd_doc_member(c->doc, resource, VD_S("Properties"));
    vd_cfn_place all = { .node = properties, .parent = resource, .path = VD_S("") };
    vd_extracted row;

    all.pointer = vd_str_first(at->pointer, vd_str_rfind(at->pointer, '/'));
    if (!vd_cfn_row(c, &row, resource, id, &all))
        return vd_fail_nomem(c->in->err);
    row.kind_known = true;
    row.kind = VD_KIND_RESOURCE;
    row.resource_kind = resource_kind;
    return form_of(row.type) ? vd_cfn_made_policy(c, &row, properties, make_permission) : VD_OK;
}

/* ------------------------------------------------------------------ one statement as written */

static vd_code make_of_statement(vd_cfn *c, uint32_t node, const vd_extracted *like, vd_source **out)
{
    vd_cfn_maker *m = vd_cfn_make(c);
    vd_span       at = vd_doc_span(c->doc, node);
    vd_cfn_value  v = vd_cfn_value_of(c, node);

    VD_UNUSED(like);
    *out = NULL;
    if (v.kind == VD_CFN_GONE)
        return VD_OK;
    if (v.kind != VD_CFN_NODE || c->doc->nodes[v.node].kind < VD_NODE_ARRAY)
        c->doubt = "its statement is not in the template";
    vd_cfn_make_json(m, "{\"Version\":\"2012-10-17\",\"Statement\":", (vd_span){ at.offset, 0 });
    vd_cfn_make_value(m, &v);
    vd_cfn_make_json(m, "}", (vd_span){ at.offset + at.length, 0 });
    return vd_cfn_made(m, c, out);
}

vd_code vd_cfn_statement(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str resource_kind)
{
    vd_extracted row;

    if (!vd_cfn_row(c, &row, resource, id, at))
        return vd_fail_nomem(c->in->err);
    row.kind_known = true;
    row.kind = VD_KIND_RESOURCE;
    row.resource_kind = resource_kind;
    return vd_cfn_statements(c, &row, at->node);
}

vd_code vd_cfn_statements(vd_cfn *c, const vd_extracted *like, uint32_t node)
{
    return vd_cfn_made_policy(c, like, node, make_of_statement);
}
