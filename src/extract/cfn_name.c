/* SPDX-License-Identifier: Apache-2.0
 *
 * What names of a template come to, by Ref and Fn::GetAtt: resources, parameters, pseudo parameters.
 */
#include "extract/cfn.h"

#include "base/str.h"

/* ------------------------------------------------------------------ names */

/* The name of a resource: what its name property says, else a hole that is its logical id. */
static vd_cfn_value name_of(vd_cfn *c, const vd_cfn_id *id, uint32_t node, uint32_t depth)
{
    vd_cfn_id   *own = &c->ids.at[id - c->ids.at];
    vd_str       property = vd_cfn_type_cell(c, id, "name");
    uint32_t     properties = vd_doc_member(c->doc, id->node, VD_S("Properties"));
    uint32_t     at = property.n && properties != VD_NONE ? vd_doc_member(c->doc, properties, property) : VD_NONE;
    vd_cfn_value v = { 0 };

    if (at != VD_NONE && !own->visits) {
        own->visits = 1;
        v = vd_cfn_eval(c, at, depth + 1);
        own->visits = 0;
    }
    if (!vd_cfn_is_text(&v) || v.part_count == 0)
        v = vd_cfn_unknown(c, VD_HOLE_NAME, id->name, VD_S(""), node);
    v.node = node;
    v.at = vd_cfn_span(c, node);
    return v;
}

static vd_cfn_value pseudo_hole(vd_cfn *c, char which, uint32_t node)
{
    const vd_extract_opts *o = c->in->opts;

    switch (which) {
    case 'A':
        if (o && o->account.n)
            return vd_cfn_of_words(c, o->account, node);
        return vd_cfn_unknown(c, VD_HOLE_ACCOUNT, VD_S("AWS::AccountId"), VD_S(""), node);
    case 'P':
        if (o && o->partition.n)
            return vd_cfn_of_words(c, o->partition, node);
        return vd_cfn_unknown(c, VD_HOLE_PARTITION, VD_S("AWS::Partition"), VD_S(""), node);
    default:
        return vd_cfn_unknown(c, VD_HOLE_REGION, VD_S("AWS::Region"), VD_S(""), node);
    }
}

/* The path of a role, user, policy: "/" unless it is given. */
static vd_cfn_value path_of(vd_cfn *c, const vd_cfn_id *id, uint32_t node, uint32_t depth)
{
    uint32_t properties = vd_doc_member(c->doc, id->node, VD_S("Properties"));
    uint32_t at = properties == VD_NONE ? VD_NONE : vd_doc_member(c->doc, properties, VD_S("Path"));

    if (at == VD_NONE)
        return vd_cfn_of_words(c, VD_S("/"), node);
    return vd_cfn_eval(c, at, depth + 1);
}

/* "arn:{P}:s3:::{N}" with what is known filled in: partition, region, account, name, logical id, path; "*" is not known,
 * "#" a star.  The bytes of the format live as long as the catalogue. */
static vd_cfn_value arn_of(vd_cfn *c, const vd_cfn_id *id, vd_str format, uint32_t node, uint32_t depth)
{
    vd_cfn_text t = { 0 };
    size_t      from = 0;

    for (size_t i = 0; i <= format.n; i++) {
        vd_cfn_value v;

        if (i < format.n && format.p[i] != '{' && format.p[i] != '*' && format.p[i] != '#')
            continue;
        vd_cfn_add(c, &t, vd_cfn_our(c, (vd_str){ format.p + from, i - from }, node));
        if (i == format.n)
            break;
        if (format.p[i] == '#')
            v = vd_cfn_of_words(c, VD_S("*"), node);
        else if (format.p[i] == '*')
            v = vd_cfn_nobody_knows(c, VD_HOLE_NAME, id->name, id->node);
        else if (format.p[i + 1] == 'N')
            v = name_of(c, id, node, depth);
        else if (format.p[i + 1] == 'I')
            v = vd_cfn_unknown(c, VD_HOLE_NAME, id->name, VD_S(""), node);
        else if (format.p[i + 1] == '/')
            v = path_of(c, id, node, depth);
        else
            v = pseudo_hole(c, format.p[i + 1], node);
        for (uint32_t k = 0; k < v.part_count; k++) {
            vd_cfn_part p = v.parts[k];

            p.at = vd_cfn_span(c, node);
            p.exact = false;
            vd_cfn_add(c, &t, p);
        }
        i += format.p[i] == '{' ? 2 : 0;
        from = i + 1;
    }
    return vd_cfn_of_text(c, &t, node, "arn");
}

static vd_cfn_value arn_hole(vd_cfn *c, vd_str name, uint32_t node)
{
    uint32_t     hole = vd_cfn_hole(c, VD_HOLE_ARN, name, VD_S("arn:*:*:*:*:*"), VD_S(""));
    vd_cfn_value v = vd_cfn_unknown(c, VD_HOLE_ARN, name, VD_S(""), node);

    if (hole == VD_NONE)
        v.part_count = 0;
    return v;
}

static vd_cfn_value ref_resource(vd_cfn *c, const vd_cfn_id *id, uint32_t node, uint32_t depth)
{
    vd_str       ref = vd_cfn_type_cell(c, id, "ref"), arn = vd_cfn_type_cell(c, id, "arn");
    vd_cfn_value v;

    if (vd_str_eq(ref, VD_S("arn")))
        return arn.n ? arn_of(c, id, arn, node, depth) : arn_hole(c, id->name, node);
    if (vd_str_eq(ref, VD_S("name")))
        v = name_of(c, id, node, depth);
    else
        v = vd_cfn_unknown(c, vd_str_eq(ref, VD_S("id")) ? VD_HOLE_NAME : VD_HOLE_ANY, id->name, VD_S(""), node);
    if (ref.n && !vd_str_eq(ref, VD_S("arn")))
        v.ref = (uint32_t)(id - c->ids.at);
    return v;
}

vd_cfn_value vd_cfn_arn(vd_cfn *c, uint32_t id, uint32_t node, vd_str *attribute)
{
    const vd_cfn_id *r = &c->ids.at[id];
    vd_str           arn = vd_cfn_type_cell(c, r, "arn");

    *attribute = vd_cfn_type_cell(c, r, "attribute");
    if (attribute->n == 0 && arn.n)
        *attribute = VD_S("Arn");
    if (vd_str_eq(*attribute, VD_S("-")))
        *attribute = VD_S("");
    if (arn.n)
        return arn_of(c, r, arn, node, 0);
    return vd_cfn_unknown(c, VD_HOLE_ANY, r->name, VD_S(""), node);
}

/* ------------------------------------------------------------------ parameters */

static bool is_list_type(vd_str type)
{
    return vd_str_starts(type, VD_S("List<")) || vd_str_contains(type, VD_S("<List<")) ||
           vd_str_contains(type, VD_S("CommaDelimitedList"));
}

static vd_hole_kind parameter_kind(const vd_cfn *c, const vd_cfn_id *p)
{
    vd_str   pattern = vd_extract_member(c->doc, p->node, "AllowedPattern");
    uint32_t echo = vd_doc_member(c->doc, p->node, VD_S("NoEcho"));

    if (echo != VD_NONE && vd_str_ieq(vd_doc_text(c->doc, echo), VD_S("true")))
        return VD_HOLE_SECRET;
    if (vd_str_eq(p->type, VD_S("Number")))
        return VD_HOLE_NUMBER;
    if (vd_str_contains(pattern, VD_S("{12}")) &&
        (vd_str_contains(pattern, VD_S("\\d")) || vd_str_contains(pattern, VD_S("[0-9]"))))
        return VD_HOLE_ACCOUNT;
    if (vd_str_starts(p->type, VD_S("AWS::EC2::")))
        return VD_HOLE_NAME;
    return VD_HOLE_ANY;
}

/* "a,b" of a list parameter. */
static vd_cfn_value list_of_words(vd_cfn *c, vd_str words, uint32_t node)
{
    vd_cfn_value *items = NULL, v = { .kind = VD_CFN_LIST, .node = node, .ref = VD_NONE, .at = vd_cfn_span(c, node) };
    uint32_t      count = 0, cap = 0;
    bool          more = true;

    while (more && count < VD_CFN_PARTS) {
        vd_str word;

        more = vd_str_cut(&words, ',', &word);
        if (!more)
            word = words;
        if (!VD_ARENA_PUSH(&c->scratch, items, count, cap, vd_cfn_of_words(c, vd_str_trim(word), node)))
            c->no_memory = true;
    }
    v.items = items;
    v.item_count = count;
    return v;
}

static vd_cfn_value words_or_list(vd_cfn *c, const vd_cfn_id *p, vd_str value, uint32_t node)
{
    return is_list_type(p->type) ? list_of_words(c, value, node) : vd_cfn_of_words(c, value, node);
}

static vd_str default_of(const vd_cfn *c, const vd_cfn_id *p)
{
    uint32_t at = vd_doc_member(c->doc, p->node, VD_S("Default"));

    return at == VD_NONE || c->doc->nodes[at].kind >= VD_NODE_ARRAY ? VD_S("") : vd_doc_text(c->doc, at);
}

static vd_cfn_value ref_parameter(vd_cfn *c, const vd_cfn_id *p, uint32_t node)
{
    const vd_extract_opts *o = c->in->opts;
    const vd_cfn_choice   *choice = vd_cfn_choice_of(c, p->name, VD_CFN_VALUE);
    vd_str                 value = VD_S("");
    bool                   ssm = vd_str_starts(p->type, VD_S("AWS::SSM::Parameter::"));

    if (o && o->parameter && o->parameter(o->user, p->name, &value) && !ssm)
        return words_or_list(c, p, value, node);
    if (choice)
        return words_or_list(c, p, choice->values[choice->current], node);
    value = ssm ? VD_S("") : default_of(c, p);
    if (c->defaults && value.n) {
        if (!c->used_defaults.n)
            c->used_defaults = p->name;
        return words_or_list(c, p, value, node);
    }
    if (is_list_type(p->type))
        return vd_cfn_unknown(c, VD_HOLE_LIST, p->name, value, node);
    return vd_cfn_unknown(c, parameter_kind(c, p), p->name, value, node);
}

/* ------------------------------------------------------------------ Ref, GetAtt */

static bool ref_pseudo(vd_cfn *c, vd_str name, uint32_t node, vd_cfn_value *out)
{
    if (vd_str_eq(name, VD_S("AWS::NoValue")))
        *out = (vd_cfn_value){ .kind = VD_CFN_GONE, .node = node, .ref = VD_NONE };
    else if (vd_str_eq(name, VD_S("AWS::AccountId")))
        *out = pseudo_hole(c, 'A', node);
    else if (vd_str_eq(name, VD_S("AWS::Region")))
        *out = pseudo_hole(c, 'R', node);
    else if (vd_str_eq(name, VD_S("AWS::Partition")))
        *out = pseudo_hole(c, 'P', node);
    else if (vd_str_eq(name, VD_S("AWS::URLSuffix")))
        *out = vd_cfn_of_words(c, c->in->opts && vd_str_eq(c->in->opts->partition, VD_S("aws-cn")) ? VD_S("amazonaws.com.cn")
                                                                                            : VD_S("amazonaws.com"),
                        node);
    else if (vd_str_eq(name, VD_S("AWS::NotificationARNs")))
        *out = vd_cfn_unknown(c, VD_HOLE_LIST, name, VD_S(""), node);
    else
        *out = vd_cfn_unknown(c, vd_str_eq(name, VD_S("AWS::StackName")) ? VD_HOLE_NAME : VD_HOLE_ANY, name, VD_S(""),
                              node);
    return true;
}

static vd_cfn_value placed(vd_cfn_value v, vd_span at)
{
    vd_cfn_part *parts = (vd_cfn_part *)(uintptr_t)v.parts; /* made for this value, in the scratch arena */

    for (uint32_t i = 0; i < v.part_count; i++) {
        parts[i].at = at;
        parts[i].exact = false;
    }
    v.at = at;
    return v;
}

/* A resource that needs its own ARN to be made. */
static void check_circular(vd_cfn *c, vd_str name, uint32_t node, vd_span at)
{
    if (c->within.n && vd_str_eq(name, c->within))
        vd_cfn_remark(c, "template-circular-policy", node, at, "CloudFormation cannot create " VD_F " before itself",
                      VD_A(name));
}

vd_cfn_value vd_cfn_ref(vd_cfn *c, vd_str name, uint32_t node, vd_span at, uint32_t depth)
{
    const vd_cfn_id *id = vd_cfn_find(c, name);
    vd_cfn_value     v;

    for (uint32_t i = c->binding_count; i-- > 0;)
        if (vd_str_eq(c->bindings[i].name, name))
            return c->bindings[i].value;
    if (vd_str_starts(name, VD_S("AWS::")))
        ref_pseudo(c, name, node, &v);
    else if (!id)
        v = vd_cfn_unknown(c, VD_HOLE_ANY, name, VD_S(""), node);
    else if (id->what == VD_CFN_PARAMETER)
        v = ref_parameter(c, id, node);
    else
        v = ref_resource(c, id, node, depth);
    check_circular(c, name, node, at);
    return placed(v, at);
}

static bool ends_in_arn(vd_str attribute)
{
    return vd_str_ends(attribute, VD_S("Arn")) || vd_str_ends(attribute, VD_S("ARN"));
}

vd_cfn_value vd_cfn_get_att(vd_cfn *c, vd_str name, vd_str attribute, uint32_t node, vd_span at, uint32_t depth)
{
    const vd_cfn_id *id = vd_cfn_find(c, name);
    vd_str           format = id ? vd_cfn_type_cell(c, id, "arn") : VD_S(""), full;
    vd_str           known = id ? vd_cfn_type_cell(c, id, "attribute") : VD_S("");

    check_circular(c, name, node, at);
    if (format.n && vd_str_eq(attribute, known.n ? known : VD_S("Arn")))
        return placed(arn_of(c, id, format, node, depth), at);
    if (!vd_arena_printf(&c->scratch, &full, VD_F "." VD_F, VD_A(name), VD_A(attribute))) {
        c->no_memory = true;
        full = name;
    }
    if (id && !vd_str_starts(id->type, VD_S("Custom::")) && !vd_str_starts(id->type, VD_S("AWS::CloudFormation::")) &&
        ends_in_arn(attribute))
        return placed(arn_hole(c, full, node), at);
    return placed(vd_cfn_unknown(c, VD_HOLE_ANY, full, VD_S(""), node), at);
}
