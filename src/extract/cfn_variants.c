/* SPDX-License-Identifier: Apache-2.0
 *
 * The alternatives of a policy: conditions of Fn::If hold or do not, parameters have one of their allowed values, keys of
 * mappings are one of those there are.  Equal names switch together.  What does not fit into VD_CFN_VARIANTS stays open.
 */
#include "extract/cfn.h"

#include "base/str.h"

const vd_cfn_choice *vd_cfn_choice_of(const vd_cfn *c, vd_str name, vd_cfn_what what)
{
    for (uint32_t i = 0; i < c->choice_count; i++)
        if (c->choices[i].what == what && vd_str_eq(c->choices[i].name, name))
            return &c->choices[i];
    return NULL;
}

static uint32_t variants(const vd_cfn *c)
{
    uint32_t n = 1;

    for (uint32_t i = 0; i < c->choice_count; i++)
        n *= c->choices[i].count;
    return n;
}

static void add(vd_cfn *c, vd_str name, vd_cfn_what what, const vd_str *values, uint32_t count)
{
    if (count == 0 || count > VD_CFN_VARIANTS || c->choice_count >= VD_CFN_CHOICES ||
        variants(c) * count > VD_CFN_VARIANTS || vd_cfn_choice_of(c, name, what))
        return;
    c->choices[c->choice_count++] =
        (vd_cfn_choice){ .name = name, .what = (uint8_t)what, .values = values, .count = count };
}

static void add_condition(vd_cfn *c, uint32_t argument)
{
    uint32_t name = vd_cfn_nth(c->doc, argument, 0);

    if (name != VD_NONE && c->doc->nodes[name].kind == VD_NODE_STRING)
        add(c, vd_doc_text(c->doc, name), VD_CFN_CONDITION, NULL, 2);
}

/* A parameter of a few allowed values. */
static void add_parameter(vd_cfn *c, vd_str name)
{
    const vd_cfn_id *p = vd_cfn_find(c, name);
    uint32_t         at = p && p->what == VD_CFN_PARAMETER ? vd_doc_member(c->doc, p->node, VD_S("AllowedValues"))
                                                           : VD_NONE;
    uint32_t         count;
    vd_str          *values;

    if (!vd_extract_is(c->doc, at, VD_NODE_ARRAY) || vd_str_contains(p->type, VD_S("List")) ||
        vd_cfn_choice_of(c, name, VD_CFN_VALUE))
        return;
    count = vd_doc_length(c->doc, at);
    if (count > VD_CFN_VARIANTS)
        return;
    values = vd_arena_new_array(c->arena, vd_str, count + 1);
    if (!values) {
        c->no_memory = true;
        return;
    }
    count = 0;
    for (uint32_t k = vd_doc_first(c->doc, at); k != VD_NONE; k = vd_doc_next(c->doc, at, k))
        values[count++] = vd_doc_text(c->doc, k);
    add(c, p->name, VD_CFN_VALUE, values, count);
}

static void add_keys(vd_cfn *c, vd_str name, uint32_t object)
{
    uint32_t count = vd_doc_length(c->doc, object);
    vd_str  *values = count <= VD_CFN_VARIANTS ? vd_arena_new_array(c->arena, vd_str, count + 1) : NULL;

    if (!values || vd_cfn_choice_of(c, name, VD_CFN_KEY))
        return;
    count = 0;
    for (uint32_t k = vd_doc_first(c->doc, object); k != VD_NONE; k = vd_doc_next(c->doc, object, k))
        values[count++] = vd_doc_text(c->doc, k);
    add(c, name, VD_CFN_KEY, values, count);
}

/* Keys that are a Ref to what nobody knows. */
static void add_mapping(vd_cfn *c, uint32_t argument)
{
    const vd_doc *d = c->doc;
    uint32_t      map = vd_cfn_nth(d, argument, 0);

    map = map != VD_NONE && d->nodes[map].kind == VD_NODE_STRING ? vd_cfn_mapping(c, vd_doc_text(d, map)) : VD_NONE;
    for (uint32_t i = 1; i < 3 && vd_extract_is(d, map, VD_NODE_OBJECT); i++) {
        uint32_t    key = vd_cfn_nth(d, argument, i);
        vd_cfn_call call;

        if (key == VD_NONE)
            return;
        call = vd_cfn_call_at(d, key);
        if (call.fn == VD_FN_REF && !vd_cfn_choice_of(c, vd_doc_text(d, call.argument), VD_CFN_VALUE))
            add_keys(c, vd_doc_text(d, call.argument), map);
        map = vd_doc_first(d, map);
        map = map == VD_NONE ? VD_NONE : map + 1;
    }
}

static void add_of_text(vd_cfn *c, vd_str text)
{
    while (text.n) {
        vd_str head, name;

        if (!vd_str_cut(&text, '$', &head))
            return;
        if (!vd_str_starts(text, VD_S("{")))
            continue;
        text = vd_str_from(text, 1);
        if (!vd_str_cut(&text, '}', &name))
            return;
        add_parameter(c, vd_str_trim(name));
    }
}

static void add_values_at(vd_cfn *c, uint32_t node)
{
    vd_cfn_call call = vd_cfn_call_at(c->doc, node);

    if (call.fn == VD_FN_REF && c->doc->nodes[call.argument].kind == VD_NODE_STRING)
        add_parameter(c, vd_doc_text(c->doc, call.argument));
    else if (call.fn == VD_FN_FIND)
        add_mapping(c, call.argument);
    if (c->doc->nodes[node].kind == VD_NODE_STRING)
        add_of_text(c, vd_doc_text(c->doc, node));
}

void vd_cfn_choose(vd_cfn *c, uint32_t node, uint32_t end)
{
    c->choice_count = 0;
    for (uint32_t i = node; i < end; i++) {
        vd_cfn_call call = vd_cfn_call_at(c->doc, i);

        if (call.fn == VD_FN_IF)
            add_condition(c, call.argument);
    }
    for (uint32_t i = node; i < end; i++)
        add_values_at(c, i);
}

bool vd_cfn_next_variant(vd_cfn *c)
{
    for (uint32_t i = c->choice_count; i-- > 0;) {
        if (++c->choices[i].current < c->choices[i].count)
            return true;
        c->choices[i].current = 0;
    }
    return false;
}

bool vd_cfn_has_values(const vd_cfn *c)
{
    for (uint32_t i = 0; i < c->choice_count; i++)
        if (c->choices[i].what != VD_CFN_CONDITION)
            return true;
    return false;
}

vd_str vd_cfn_when(vd_cfn *c)
{
    vd_str out = VD_S("");

    for (uint32_t i = 0; i < c->choice_count; i++) {
        const vd_cfn_choice *o = &c->choices[i];

        if (o->what == VD_CFN_CONDITION &&
            !vd_arena_printf(c->arena, &out, VD_F "%s%s" VD_F, VD_A(out), out.n ? ", " : "", o->current ? "not " : "",
                             VD_A(o->name)))
            c->no_memory = true;
    }
    return out;
}
