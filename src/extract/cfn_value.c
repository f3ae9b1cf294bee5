/* SPDX-License-Identifier: Apache-2.0
 *
 * What intrinsic functions come to, under the choices made: text with holes, lists of such texts.  What cannot be known
 * here is a hole; a hole never holds more than its kind says.
 */
#include "extract/cfn.h"

#include "base/str.h"

/* ------------------------------------------------------------------ texts */

static bool is_hole(const vd_cfn_part *p)
{
    return p->hole != VD_NONE;
}

bool vd_cfn_is_text(const vd_cfn_value *v)
{
    return v->kind == VD_CFN_STRING || v->kind == VD_CFN_BARE;
}

bool vd_cfn_plain(const vd_cfn_value *v, vd_str *out)
{
    *out = VD_S("");
    if (!vd_cfn_is_text(v) || v->part_count > 1 || (v->part_count && is_hole(v->parts)))
        return false;
    if (v->part_count)
        *out = v->parts[0].text;
    return true;
}

void vd_cfn_add(vd_cfn *c, vd_cfn_text *t, vd_cfn_part part)
{
    if (!is_hole(&part) && part.text.n == 0)
        return;
    t->bytes += is_hole(&part) ? VD_HOLE_BYTES : part.text.n;
    if (t->bytes > VD_CFN_TEXT || t->count >= VD_CFN_PARTS) {
        t->broken = true;
        return;
    }
    if (!VD_ARENA_PUSH(&c->scratch, t->at, t->count, t->cap, part))
        c->no_memory = true;
}

void vd_cfn_add_value(vd_cfn *c, vd_cfn_text *t, const vd_cfn_value *v)
{
    if (v->kind == VD_CFN_UNKNOWN && v->part_count) {
        const vd_hole *h = &c->holes->at[v->parts[0].hole];
        vd_cfn_value   any = vd_cfn_unknown(c, VD_HOLE_ANY, h->name, VD_S(""), v->node);

        if (any.part_count)
            vd_cfn_add(c, t, any.parts[0]);
        return;
    }
    c->work += v->part_count;
    for (uint32_t i = 0; i < v->part_count && !t->broken; i++)
        vd_cfn_add(c, t, v->parts[i]);
}

/* The value of a decoded string as a source whose pieces lead to the file; the last one is kept. */
static const vd_source *inner_of(vd_cfn *c, uint32_t node)
{
    vd_source *inner;

    if (c->inner && c->inner_node == node)
        return c->inner;
    if (vd_doc_inner(&inner, &c->scratch, c->doc, node, NULL) != VD_OK) {
        c->no_memory = true;
        return NULL;
    }
    c->inner = inner;
    c->inner_node = node;
    return inner;
}

/* The first piece that ends behind the offset. */
static uint32_t first_piece(const vd_source *s, size_t offset)
{
    uint32_t low = 0, high = s->piece_count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (s->pieces[mid].inner + s->pieces[mid].length <= offset)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Escapes and folded lines are pieces of their own. */
static void add_decoded(vd_cfn *c, vd_cfn_text *t, uint32_t node, size_t from, size_t end)
{
    vd_str           value = vd_doc_text(c->doc, node);
    const vd_source *inner = inner_of(c, node);

    for (uint32_t i = inner ? first_piece(inner, from) : 0; inner && i < inner->piece_count; i++) {
        vd_piece p = inner->pieces[i];
        size_t   a = p.inner > from ? p.inner : from, b = p.inner + p.length < end ? p.inner + p.length : end;
        bool     exact = p.length == p.outer_length;
        vd_span  at = { p.outer, p.outer_length };

        if (p.inner >= end || t->broken)
            break;
        if (a >= b)
            continue;
        if (exact)
            at = (vd_span){ p.outer + (uint32_t)(a - p.inner), (uint32_t)(b - a) };
        vd_cfn_add(c, t, (vd_cfn_part){ .text = { value.p + a, b - a }, .hole = VD_NONE, .at = at, .exact = exact });
    }
}

/* Where the first byte of an undecoded value stands. */
static uint32_t inside_of(const vd_cfn *c, uint32_t node)
{
    const vd_node *n = &c->doc->nodes[node];

    return n->offset + (n->kind == VD_NODE_STRING && !(n->flags & VD_NODE_BARE));
}

void vd_cfn_add_slice(vd_cfn *c, vd_cfn_text *t, uint32_t node, size_t from, size_t end)
{
    vd_str value = vd_doc_text(c->doc, node);

    if (from >= end)
        return;
    c->work += (end - from) / 64;
    if (c->doc->nodes[node].flags & VD_NODE_DECODED) {
        add_decoded(c, t, node, from, end);
        return;
    }
    vd_cfn_add(c, t, (vd_cfn_part){ .text = { value.p + from, end - from },
                                    .hole = VD_NONE,
                                    .at = { inside_of(c, node) + (uint32_t)from, (uint32_t)(end - from) },
                                    .exact = true });
}

/* Where one byte of a decoded value stands. */
static vd_span byte_span(const vd_source *inner, size_t offset)
{
    vd_piece p = inner->pieces[first_piece(inner, offset)];

    if (p.length != p.outer_length || offset < p.inner)
        return (vd_span){ p.outer, p.outer_length };
    return (vd_span){ p.outer + (uint32_t)(offset - p.inner), 1 };
}

vd_span vd_cfn_slice_span(vd_cfn *c, uint32_t node, size_t from, size_t end)
{
    const vd_source *inner;
    vd_span          first, last;

    if (!(c->doc->nodes[node].flags & VD_NODE_DECODED))
        return (vd_span){ inside_of(c, node) + (uint32_t)from, (uint32_t)(end - from) };
    inner = inner_of(c, node);
    if (!inner || from >= end || first_piece(inner, end - 1) >= inner->piece_count)
        return vd_cfn_span(c, node);
    first = byte_span(inner, from);
    last = byte_span(inner, end - 1);
    return (vd_span){ first.offset, last.offset + last.length - first.offset };
}

vd_cfn_value vd_cfn_of_parts(vd_cfn *c, const vd_cfn_part *parts, uint32_t count, uint32_t node)
{
    return (vd_cfn_value){ .kind = VD_CFN_STRING,
                           .parts = parts,
                           .part_count = count,
                           .node = node,
                           .ref = VD_NONE,
                           .at = vd_cfn_span(c, node) };
}

static vd_cfn_value of_text(vd_cfn *c, const vd_cfn_text *t, uint32_t node, const char *what)
{
    if (t->broken)
        return vd_cfn_unknown(c, VD_HOLE_ANY, vd_str_of(what), VD_S(""), node);
    return vd_cfn_of_parts(c, t->at, t->count, node);
}

/* Our own words, told at the place of the function. */
static vd_cfn_part our(vd_cfn *c, vd_str text, uint32_t node)
{
    return (vd_cfn_part){ .text = text, .hole = VD_NONE, .at = vd_cfn_span(c, node) };
}

static vd_cfn_value of_words(vd_cfn *c, vd_str words, uint32_t node)
{
    vd_cfn_text t = { 0 };

    vd_cfn_add(c, &t, our(c, words, node));
    return of_text(c, &t, node, "text");
}

vd_cfn_value vd_cfn_unknown(vd_cfn *c, vd_hole_kind kind, vd_str name, vd_str value, uint32_t node)
{
    uint32_t     hole = vd_cfn_hole(c, kind, name, VD_S(""), value);
    vd_cfn_part *part = vd_arena_new(&c->scratch, vd_cfn_part);
    vd_cfn_value v;

    if (!part || hole == VD_NONE) {
        c->no_memory |= !part;
        return vd_cfn_of_parts(c, NULL, 0, node);
    }
    *part = (vd_cfn_part){ .hole = hole, .at = vd_cfn_span(c, node) };
    v = vd_cfn_of_parts(c, part, 1, node);
    v.kind = kind == VD_HOLE_LIST ? VD_CFN_UNKNOWN : VD_CFN_STRING;
    return v;
}

/* A hole that equals no other: "Fn::Select #7". */
static vd_cfn_value nobody_knows(vd_cfn *c, vd_hole_kind kind, vd_str name, uint32_t node)
{
    vd_str unique = name;

    if (!vd_arena_printf(&c->scratch, &unique, "%s" VD_F " #%u", vd_str_starts(name, VD_S("Fn::")) ? "" : "Fn::",
                         VD_A(name), (unsigned)node))
        c->no_memory = true;
    return vd_cfn_unknown(c, kind, unique, VD_S(""), node);
}

vd_str vd_cfn_shown(vd_cfn *c, const vd_cfn_value *v)
{
    vd_str out = VD_S("");
    size_t n = 0;
    char  *p;

    for (uint32_t i = 0; i < v->part_count; i++)
        n += is_hole(&v->parts[i]) ? c->holes->at[v->parts[i].hole].name.n + 2 : v->parts[i].text.n;
    p = vd_arena_alloc(c->arena, n ? n : 1, 1);
    if (!p) {
        c->no_memory = true;
        return out;
    }
    n = 0;
    for (uint32_t i = 0; i < v->part_count; i++) {
        bool   hole = is_hole(&v->parts[i]);
        vd_str text = hole ? c->holes->at[v->parts[i].hole].name : v->parts[i].text;

        if (hole)
            p[n++] = '{';
        if (text.n)
            memcpy(p + n, text.p, text.n);
        n += text.n;
        if (hole)
            p[n++] = '}';
    }
    return (vd_str){ p, n };
}

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
            return of_words(c, o->account, node);
        return vd_cfn_unknown(c, VD_HOLE_ACCOUNT, VD_S("AWS::AccountId"), VD_S(""), node);
    case 'P':
        if (o && o->partition.n)
            return of_words(c, o->partition, node);
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
        return of_words(c, VD_S("/"), node);
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
        vd_cfn_add(c, &t, our(c, (vd_str){ format.p + from, i - from }, node));
        if (i == format.n)
            break;
        if (format.p[i] == '#')
            v = of_words(c, VD_S("*"), node);
        else if (format.p[i] == '*')
            v = nobody_knows(c, VD_HOLE_NAME, id->name, id->node);
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
    return of_text(c, &t, node, "arn");
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
        if (!VD_ARENA_PUSH(&c->scratch, items, count, cap, of_words(c, vd_str_trim(word), node)))
            c->no_memory = true;
    }
    v.items = items;
    v.item_count = count;
    return v;
}

static vd_cfn_value words_or_list(vd_cfn *c, const vd_cfn_id *p, vd_str value, uint32_t node)
{
    return is_list_type(p->type) ? list_of_words(c, value, node) : of_words(c, value, node);
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
        *out = of_words(c, c->in->opts && vd_str_eq(c->in->opts->partition, VD_S("aws-cn")) ? VD_S("amazonaws.com.cn")
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
    return nobody_knows(c, VD_HOLE_ANY, call->name, node);
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
        return nobody_knows(c, VD_HOLE_ANY, call->name, node);
    between = vd_cfn_eval(c, delimiter, depth + 1);
    v = vd_cfn_eval(c, list, depth + 1);
    if (!vd_cfn_is_text(&between) || !items_of(c, &v, depth, &items, &count))
        return nobody_knows(c, VD_HOLE_ANY, call->name, node);
    for (uint32_t i = 0; i < count && !t.broken; i++) {
        if (!vd_cfn_is_text(&items[i]))
            return nobody_knows(c, VD_HOLE_ANY, call->name, node);
        if (i)
            vd_cfn_add_value(c, &t, &between);
        vd_cfn_add_value(c, &t, &items[i]);
    }
    return of_text(c, &t, node, "Fn::Join");
}

static vd_cfn_value pick(vd_cfn *c, uint32_t node, const vd_cfn_call *call, uint32_t depth)
{
    uint32_t            index = vd_cfn_nth(c->doc, call->argument, 0), list = vd_cfn_nth(c->doc, call->argument, 1);
    const vd_cfn_value *items;
    uint32_t            count, n = 0;
    vd_cfn_value        v;
    vd_str              number;

    if (index == VD_NONE || list == VD_NONE)
        return nobody_knows(c, VD_HOLE_ANY, call->name, node);
    v = vd_cfn_eval(c, index, depth + 1);
    if (!vd_cfn_plain(&v, &number) || !vd_str_all_digits(number) || number.n > 5)
        return nobody_knows(c, VD_HOLE_ANY, call->name, node);
    for (size_t i = 0; i < number.n; i++)
        n = n * 10 + (uint32_t)(number.p[i] - '0');
    v = vd_cfn_eval(c, list, depth + 1);
    if (!items_of(c, &v, depth, &items, &count) || n >= count)
        return nobody_knows(c, VD_HOLE_ANY, call->name, node);
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
        uint8_t kind = is_hole(&v->parts[i]) ? c->holes->at[v->parts[i].hole].kind : VD_HOLE_ACCOUNT;

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

        while (!is_hole(&part) && from < part.text.n && count < VD_CFN_PARTS) {
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
        if (is_hole(&part))
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
    return nobody_knows(c, VD_HOLE_LIST, call->name, node);
}

/* ------------------------------------------------------------------ FindInMap, If */

/* A key of a mapping: known, or what a hole has been chosen to be. */
static bool key_of(vd_cfn *c, uint32_t node, uint32_t depth, vd_str *out)
{
    vd_cfn_value         v = vd_cfn_eval(c, node, depth + 1);
    const vd_cfn_choice *choice;

    if (vd_cfn_plain(&v, out))
        return true;
    if (v.part_count != 1 || !is_hole(v.parts))
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
        return nobody_knows(c, VD_HOLE_LIST, call->name, node);
    for (uint32_t i = 0; i < 3 && known; i++)
        known = key_of(c, at[i], depth, &key[i]);
    if (!known)
        return nobody_knows(c, VD_HOLE_LIST, call->name, node);
    found = vd_cfn_mapping(c, key[0]);
    for (uint32_t i = 1; i < 3 && found != VD_NONE; i++)
        found = vd_doc_member(d, found, key[i]);
    if (found == VD_NONE && at[3] != VD_NONE)
        found = vd_doc_member(d, at[3], VD_S("DefaultValue"));
    if (found == VD_NONE)
        return nobody_knows(c, VD_HOLE_LIST, call->name, node);
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
    v = of_text(c, &t, node, "value");
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
    return nobody_knows(c, VD_HOLE_ANY, call->name, node);
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
            return nobody_knows(c, VD_HOLE_ANY, VD_S("Ref"), node);
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
        return branch == VD_NONE ? nobody_knows(c, VD_HOLE_LIST, call.name, node) : vd_cfn_eval(c, branch, depth + 1);
    case VD_FN_IMPORT:
        return import(c, node, &call, depth);
    case VD_FN_LENGTH:
        return nobody_knows(c, VD_HOLE_NUMBER, call.name, node);
    default:
        return nobody_knows(c, vd_str_eq(call.name, VD_S("Base64")) ? VD_HOLE_ANY : VD_HOLE_LIST, call.name, node);
    }
}

vd_cfn_value vd_cfn_value_of(vd_cfn *c, uint32_t node)
{
    return vd_cfn_eval(c, node, 0);
}
