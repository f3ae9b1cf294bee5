/* SPDX-License-Identifier: Apache-2.0
 *
 * What intrinsic functions come to, under the choices made: text with holes, lists of such texts.  What cannot be known
 * here is a hole; a hole never holds more than its kind says.
 */
#include "extract/cfn.h"

#include "base/str.h"

/* ------------------------------------------------------------------ Fn::GetAtt */

static vd_cfn_value get_att(vd_cfn *c, uint32_t node, const vd_cfn_call *call, uint32_t depth)
{
    const vd_doc *d = c->doc;
    uint32_t      arg = call->argument, first = vd_cfn_nth(d, arg, 0), second = vd_cfn_nth(d, arg, 1);
    vd_cfn_value  v;
    vd_str        id, attribute;

    if (d->nodes[arg].kind == VD_NODE_STRING) {
        attribute = vd_doc_text(d, arg);
        if (vd_str_cut(&attribute, '.', &id))
            return vd_cfn_get_att(c, id, attribute, node, vd_cfn_span(c, node), depth);
    } else if (first != VD_NONE && second != VD_NONE) {
        v = vd_cfn_eval(c, second, depth + 1);
        if (vd_cfn_plain(&v, &attribute))
            return vd_cfn_get_att(c, vd_doc_text(d, first), attribute, node, vd_cfn_span(c, node), depth);
    }
    return vd_cfn_nobody_knows(c, VD_HOLE_ANY, call->name, node);
}

/* ------------------------------------------------------------------ lists */

/* The elements of a list; false: nobody knows how many. */
static bool items_of(vd_cfn *c, const vd_cfn_value *v, uint32_t depth, const vd_cfn_value **out, uint32_t *count)
{
    vd_cfn_value *items = NULL;
    uint32_t      cap = 0;

    *count = 0;
    if (v->kind == VD_CFN_LIST) {
        *out = v->items;
        *count = v->item_count;
        return true;
    }
    if (v->kind != VD_CFN_NODE || c->doc->nodes[v->node].kind != VD_NODE_ARRAY)
        return false;
    for (uint32_t k = vd_doc_first(c->doc, v->node); k != VD_NONE; k = vd_doc_next(c->doc, v->node, k)) {
        vd_cfn_value item = vd_cfn_eval(c, k, depth + 1);

        if (item.kind == VD_CFN_GONE)
            continue;
        if (item.kind == VD_CFN_UNKNOWN || *count >= VD_CFN_PARTS)
            return false;
        if (!VD_ARENA_PUSH(&c->scratch, items, *count, cap, item))
            c->no_memory = true;
    }
    *out = items;
    return true;
}

static vd_cfn_value join(vd_cfn *c, uint32_t node, const vd_cfn_call *call, uint32_t depth)
{
    uint32_t            delimiter = vd_cfn_nth(c->doc, call->argument, 0), list = vd_cfn_nth(c->doc, call->argument, 1);
    const vd_cfn_value *items;
    uint32_t            count;
    vd_cfn_text         t = { 0 };
    vd_cfn_value        v, between;

    if (delimiter == VD_NONE || list == VD_NONE)
        return vd_cfn_nobody_knows(c, VD_HOLE_ANY, call->name, node);
    between = vd_cfn_eval(c, delimiter, depth + 1);
    v = vd_cfn_eval(c, list, depth + 1);
    if (!vd_cfn_is_text(&between) || !items_of(c, &v, depth, &items, &count))
        return vd_cfn_nobody_knows(c, VD_HOLE_ANY, call->name, node);
    for (uint32_t i = 0; i < count && !t.broken; i++) {
        if (!vd_cfn_is_text(&items[i]))
            return vd_cfn_nobody_knows(c, VD_HOLE_ANY, call->name, node);
        if (i)
            vd_cfn_add_value(c, &t, &between);
        vd_cfn_add_value(c, &t, &items[i]);
    }
    return vd_cfn_of_text(c, &t, node, "Fn::Join");
}

static vd_cfn_value pick(vd_cfn *c, uint32_t node, const vd_cfn_call *call, uint32_t depth)
{
    uint32_t            index = vd_cfn_nth(c->doc, call->argument, 0), list = vd_cfn_nth(c->doc, call->argument, 1);
    const vd_cfn_value *items;
    uint32_t            count, n = 0;
    vd_cfn_value        v;
    vd_str              number;

    if (index == VD_NONE || list == VD_NONE)
        return vd_cfn_nobody_knows(c, VD_HOLE_ANY, call->name, node);
    v = vd_cfn_eval(c, index, depth + 1);
    if (!vd_cfn_plain(&v, &number) || !vd_str_all_digits(number) || number.n > 5)
        return vd_cfn_nobody_knows(c, VD_HOLE_ANY, call->name, node);
    for (size_t i = 0; i < number.n; i++)
        n = n * 10 + (uint32_t)(number.p[i] - '0');
    v = vd_cfn_eval(c, list, depth + 1);
    if (!items_of(c, &v, depth, &items, &count) || n >= count)
        return vd_cfn_nobody_knows(c, VD_HOLE_ANY, call->name, node);
    v = items[n];
    v.at = vd_cfn_span(c, node);
    v.node = v.kind == VD_CFN_NODE ? v.node : node;
    return v;
}

/* A hole that may hold the delimiter spoils the count. */
static bool may_hold(const vd_cfn *c, const vd_cfn_value *v, vd_str delimiter)
{
    bool strange = vd_str_eq(delimiter, VD_S(":")) || vd_str_eq(delimiter, VD_S("/")) ||
                   vd_str_eq(delimiter, VD_S(",")) || vd_str_eq(delimiter, VD_S("|"));

    for (uint32_t i = 0; i < v->part_count; i++) {
        uint8_t kind = vd_cfn_is_hole(&v->parts[i]) ? c->holes->at[v->parts[i].hole].kind : VD_HOLE_ACCOUNT;

        if (kind != VD_HOLE_ACCOUNT && kind != VD_HOLE_NUMBER &&
            !(strange && (kind == VD_HOLE_NAME || kind == VD_HOLE_REGION || kind == VD_HOLE_PARTITION)))
            return true;
    }
    return false;
}

static size_t find_text(vd_str s, vd_str part, size_t from)
{
    while (from + part.n <= s.n) {
        size_t at = from + vd_str_find(vd_str_from(s, from), part.p[0]);

        if (at + part.n > s.n)
            break;
        if (memcmp(s.p + at, part.p, part.n) == 0)
            return at;
        from = at + 1;
    }
    return s.n;
}

static void end_item(vd_cfn *c, vd_cfn_value **items, uint32_t *count, uint32_t *cap, vd_cfn_text *t, uint32_t node)
{
    if (!VD_ARENA_PUSH(&c->scratch, *items, *count, *cap, vd_cfn_of_parts(c, t->at, t->count, node)))
        c->no_memory = true;
    *t = (vd_cfn_text){ 0 };
}

static vd_cfn_value split_text(vd_cfn *c, const vd_cfn_value *v, vd_str delimiter, uint32_t node)
{
    vd_cfn_value out = { .kind = VD_CFN_LIST, .node = node, .ref = VD_NONE, .at = vd_cfn_span(c, node) }, *items = NULL;
    uint32_t     count = 0, cap = 0;
    vd_cfn_text  t = { 0 };

    for (uint32_t i = 0; i < v->part_count; i++) {
        vd_cfn_part part = v->parts[i];
        size_t      from = 0;

        while (!vd_cfn_is_hole(&part) && from < part.text.n && count < VD_CFN_PARTS) {
            size_t      at = find_text(part.text, delimiter, from);
            vd_cfn_part piece = part;

            piece.text = (vd_str){ part.text.p + from, at - from };
            if (part.exact)
                piece.at = (vd_span){ part.at.offset + (uint32_t)from, (uint32_t)(at - from) };
            vd_cfn_add(c, &t, piece);
            if (at >= part.text.n)
                break;
            end_item(c, &items, &count, &cap, &t, node);
            from = at + delimiter.n;
        }
        if (vd_cfn_is_hole(&part))
            vd_cfn_add(c, &t, part);
    }
    end_item(c, &items, &count, &cap, &t, node);
    out.items = items;
    out.item_count = count;
    return out;
}

static vd_cfn_value split(vd_cfn *c, uint32_t node, const vd_cfn_call *call, uint32_t depth)
{
    uint32_t     first = vd_cfn_nth(c->doc, call->argument, 0), second = vd_cfn_nth(c->doc, call->argument, 1);
    vd_cfn_value v;
    vd_str       delimiter;

    if (first != VD_NONE && second != VD_NONE) {
        v = vd_cfn_eval(c, first, depth + 1);
        if (vd_cfn_plain(&v, &delimiter) && delimiter.n) {
            v = vd_cfn_eval(c, second, depth + 1);
            if (vd_cfn_is_text(&v) && !may_hold(c, &v, delimiter))
                return split_text(c, &v, delimiter, node);
        }
    }
    return vd_cfn_nobody_knows(c, VD_HOLE_LIST, call->name, node);
}

/* ------------------------------------------------------------------ FindInMap, If */

/* A key of a mapping: known, or what a hole has been chosen to be. */
static bool key_of(vd_cfn *c, uint32_t node, uint32_t depth, vd_str *out)
{
    vd_cfn_value         v = vd_cfn_eval(c, node, depth + 1);
    const vd_cfn_choice *choice;

    if (vd_cfn_plain(&v, out))
        return true;
    if (v.part_count != 1 || !vd_cfn_is_hole(v.parts))
        return false;
    choice = vd_cfn_choice_of(c, c->holes->at[v.parts[0].hole].name, VD_CFN_KEY);
    if (choice)
        *out = choice->values[choice->current];
    return choice != NULL;
}

static vd_cfn_value find_in_map(vd_cfn *c, uint32_t node, const vd_cfn_call *call, uint32_t depth)
{
    const vd_doc *d = c->doc;
    uint32_t      at[4], found = VD_NONE;
    vd_str        key[3];
    bool          known = true;

    for (uint32_t i = 0; i < 4; i++)
        at[i] = vd_cfn_nth(d, call->argument, i);
    if (at[2] == VD_NONE)
        return vd_cfn_nobody_knows(c, VD_HOLE_LIST, call->name, node);
    for (uint32_t i = 0; i < 3 && known; i++)
        known = key_of(c, at[i], depth, &key[i]);
    if (!known)
        return vd_cfn_nobody_knows(c, VD_HOLE_LIST, call->name, node);
    found = vd_cfn_mapping(c, key[0]);
    for (uint32_t i = 1; i < 3 && found != VD_NONE; i++)
        found = vd_doc_member(d, found, key[i]);
    if (found == VD_NONE && at[3] != VD_NONE)
        found = vd_doc_member(d, at[3], VD_S("DefaultValue"));
    if (found == VD_NONE)
        return vd_cfn_nobody_knows(c, VD_HOLE_LIST, call->name, node);
    return vd_cfn_eval(c, found, depth + 1);
}

uint32_t vd_cfn_branch(const vd_cfn *c, uint32_t node)
{
    for (uint32_t steps = 0; steps < VD_CFN_DEEPEST; steps++) {
        vd_cfn_call          call = vd_cfn_call_at(c->doc, node);
        const vd_cfn_choice *choice;
        uint32_t             condition;

        if (call.fn != VD_FN_IF)
            return node;
        condition = vd_cfn_nth(c->doc, call.argument, 0);
        if (condition == VD_NONE || c->doc->nodes[condition].kind != VD_NODE_STRING)
            return VD_NONE;
        choice = vd_cfn_choice_of(c, vd_doc_text(c->doc, condition), VD_CFN_CONDITION);
        node = choice ? vd_cfn_nth(c->doc, call.argument, 1 + choice->current) : VD_NONE;
        if (node == VD_NONE)
            return VD_NONE;
    }
    return VD_NONE;
}

/* ------------------------------------------------------------------ all of them */

static vd_cfn_value written(vd_cfn *c, uint32_t node)
{
    const vd_node *n = &c->doc->nodes[node];
    vd_cfn_value   v = { .kind = VD_CFN_NODE, .node = node, .ref = VD_NONE, .at = vd_cfn_span(c, node) };
    vd_cfn_text    t = { 0 };

    if (n->kind == VD_NODE_STRING)
        return vd_cfn_literal(c, node);
    if (n->kind != VD_NODE_NUMBER && n->kind != VD_NODE_TRUE && n->kind != VD_NODE_FALSE)
        return v;
    vd_cfn_add_slice(c, &t, node, 0, vd_doc_text(c->doc, node).n);
    v = vd_cfn_of_text(c, &t, node, "value");
    v.kind = VD_CFN_BARE;
    return v;
}

static vd_cfn_value import(vd_cfn *c, uint32_t node, const vd_cfn_call *call, uint32_t depth)
{
    vd_cfn_value v = { 0 };
    vd_str       name, full;

    if (!call->tagged || c->doc->nodes[node].kind == VD_NODE_STRING) {
        v = call->tagged ? vd_cfn_literal(c, node) : vd_cfn_eval(c, call->argument, depth + 1);
        name = vd_cfn_is_text(&v) ? vd_cfn_shown(c, &v) : VD_S("");
        if (name.n && vd_arena_printf(&c->scratch, &full, "Fn::ImportValue " VD_F, VD_A(name)))
            return vd_cfn_unknown(c, VD_HOLE_ANY, full, VD_S(""), node);
    }
    return vd_cfn_nobody_knows(c, VD_HOLE_ANY, call->name, node);
}

vd_cfn_value vd_cfn_eval(vd_cfn *c, uint32_t node, uint32_t depth)
{
    vd_cfn_call call = vd_cfn_call_at(c->doc, node);
    uint32_t    branch;

    if (++c->work > c->most_work)
        c->doubt = "its functions take too much work";
    if (depth >= VD_CFN_DEEPEST || c->doubt)
        return vd_cfn_unknown(c, VD_HOLE_LIST, VD_S("value"), VD_S(""), node);
    switch (call.fn) {
    case VD_FN_NONE:
        return written(c, node);
    case VD_FN_REF:
        if (c->doc->nodes[call.argument].kind != VD_NODE_STRING)
            return vd_cfn_nobody_knows(c, VD_HOLE_ANY, VD_S("Ref"), node);
        return vd_cfn_ref(c, vd_doc_text(c->doc, call.argument), node, vd_cfn_span(c, node), depth);
    case VD_FN_GETATT:
        return get_att(c, node, &call, depth);
    case VD_FN_SUB:
        return vd_cfn_sub(c, node, call.argument, depth);
    case VD_FN_JOIN:
        return join(c, node, &call, depth);
    case VD_FN_SELECT:
        return pick(c, node, &call, depth);
    case VD_FN_SPLIT:
        return split(c, node, &call, depth);
    case VD_FN_FIND:
        return find_in_map(c, node, &call, depth);
    case VD_FN_IF:
        branch = vd_cfn_branch(c, node);
        return branch == VD_NONE ? vd_cfn_nobody_knows(c, VD_HOLE_LIST, call.name, node) : vd_cfn_eval(c, branch, depth + 1);
    case VD_FN_IMPORT:
        return import(c, node, &call, depth);
    case VD_FN_LENGTH:
        return vd_cfn_nobody_knows(c, VD_HOLE_NUMBER, call.name, node);
    default:
        return vd_cfn_nobody_knows(c, vd_str_eq(call.name, VD_S("Base64")) ? VD_HOLE_ANY : VD_HOLE_LIST, call.name, node);
    }
}

vd_cfn_value vd_cfn_value_of(vd_cfn *c, uint32_t node)
{
    return vd_cfn_eval(c, node, 0);
}
