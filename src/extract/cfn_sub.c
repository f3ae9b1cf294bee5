/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts with "${...}" in them: what Fn::Sub fills in, and what somebody forgot to put under Fn::Sub.  Both are told apart
 * from the variables of IAM, which look the same.
 */
#include "extract/cfn.h"

#include "base/str.h"

/* "${name}" within a text. */
typedef struct variable {
    size_t from, end; /* of all of it */
    vd_str name;
} variable;

/* The next one at or behind `from`. */
static bool next_variable(vd_str s, size_t from, variable *out)
{
    while (from < s.n) {
        size_t at = from + vd_str_find(vd_str_from(s, from), '$'), close;

        if (at + 1 >= s.n)
            return false;
        from = at + 1;
        if (s.p[at + 1] != '{')
            continue;
        close = at + vd_str_find(vd_str_from(s, at), '}');
        if (close >= s.n)
            return false;
        *out = (variable){ at, close + 1, { s.p + at + 2, close - at - 2 } };
        return true;
    }
    return false;
}

/* ------------------------------------------------------------------ Fn::Sub */

typedef struct own {
    vd_str       name;
    uint32_t     node;
    bool         known;
    vd_cfn_value value;
} own;

typedef struct sub {
    vd_cfn     *c;
    uint32_t    node, text, depth; /* the function, its text */
    own        *own;               /* its own variables */
    uint32_t    own_count;
    vd_cfn_text out;
} sub;

static bool read_own(sub *s, uint32_t map)
{
    const vd_doc *d = s->c->doc;

    if (map == VD_NONE || d->nodes[map].kind != VD_NODE_OBJECT)
        return true;
    s->own = vd_arena_new_array(&s->c->scratch, own, vd_doc_length(d, map) + 1);
    if (!s->own)
        return false;
    for (uint32_t k = vd_doc_first(d, map); k != VD_NONE && s->own_count < VD_CFN_LOOP; k = vd_doc_next(d, map, k))
        s->own[s->own_count++] = (own){ .name = vd_doc_text(d, k), .node = k + 1 };
    return true;
}

static own *own_named(sub *s, vd_str name)
{
    for (uint32_t i = 0; i < s->own_count; i++)
        if (vd_str_eq(s->own[i].name, name))
            return &s->own[i];
    return NULL;
}

/* Looked at once, however often it is used. */
static const vd_cfn_value *value_of_own(sub *s, own *o)
{
    if (!o->known)
        o->value = vd_cfn_eval(s->c, o->node, s->depth + 1);
    o->known = true;
    return &o->value;
}

/* "aws:username": no name that CloudFormation could have. */
static bool is_policy_variable(vd_str name)
{
    return vd_str_find(name, ':') < name.n && !vd_str_starts(name, VD_S("AWS::"));
}

static void remark_variable(sub *s, const variable *v)
{
    vd_cfn *c = s->c;
    vd_span at = vd_cfn_slice_span(c, s->text, v->from, v->end);

    if (vd_cfn_remark(c, "policy-variable-in-sub", s->text, at,
                      "Fn::Sub tries to fill this in; write ${!" VD_F "} to leave it for IAM",
                      VD_A(vd_str_first(v->name, 100))))
        vd_cfn_patch(c, "",
                     (vd_span){ vd_cfn_slice_span(c, s->text, v->from, v->from + 2).offset + 2, 0 }, "!");
}

static void fill_in(sub *s, const variable *v)
{
    vd_cfn      *c = s->c;
    vd_str       name = vd_str_trim(v->name), id, attribute = name;
    vd_span      at = vd_cfn_slice_span(c, s->text, v->from, v->end);
    own         *o = own_named(s, name);
    vd_cfn_value value;

    if (o) {
        value = *value_of_own(s, o);
        vd_cfn_add_value(c, &s->out, &value);
        return;
    }
    if (vd_str_cut(&attribute, '.', &id))
        value = vd_cfn_get_att(c, id, attribute, s->node, at, s->depth);
    else
        value = vd_cfn_ref(c, name, s->node, at, s->depth);
    vd_cfn_add_value(c, &s->out, &value);
}

static void fill_all(sub *s)
{
    vd_cfn  *c = s->c;
    vd_str   text = vd_doc_text(c->doc, s->text);
    size_t   from = 0;
    variable v;

    while (next_variable(text, from, &v) && !s->out.broken && !c->no_memory) {
        vd_cfn_add_slice(c, &s->out, s->text, from, v.from);
        from = v.end;
        c->work++;
        if (v.name.n && v.name.p[0] == '!') {
            vd_cfn_add_slice(c, &s->out, s->text, v.from, v.from + 2);
            vd_cfn_add_slice(c, &s->out, s->text, v.from + 3, v.end);
        } else if (is_policy_variable(v.name) && !c->foreign) {
            remark_variable(s, &v);
            vd_cfn_add_slice(c, &s->out, s->text, v.from, v.end);
        } else {
            fill_in(s, &v);
        }
    }
    vd_cfn_add_slice(c, &s->out, s->text, from, text.n);
}

vd_cfn_value vd_cfn_sub(vd_cfn *c, uint32_t node, uint32_t argument, uint32_t depth)
{
    const vd_doc *d = c->doc;
    sub           s = { .c = c, .node = node, .text = argument, .depth = depth };
    uint32_t      map = VD_NONE;

    if (d->nodes[argument].kind == VD_NODE_ARRAY) {
        s.text = vd_cfn_nth(d, argument, 0);
        map = vd_cfn_nth(d, argument, 1);
    }
    if (s.text == VD_NONE || d->nodes[s.text].kind != VD_NODE_STRING)
        return vd_cfn_unknown(c, VD_HOLE_ANY, VD_S("Fn::Sub"), VD_S(""), node);
    if (!read_own(&s, map))
        c->no_memory = true;
    fill_all(&s);
    if (s.out.broken)
        return vd_cfn_unknown(c, VD_HOLE_ANY, VD_S("Fn::Sub"), VD_S(""), node);
    return vd_cfn_of_parts(c, s.out.at, s.out.count, node);
}

/* ------------------------------------------------------------------ plain text */

/* Does CloudFormation have a name for this? */
static bool is_template_variable(const vd_cfn *c, vd_str name)
{
    vd_str id, rest = name;

    if (vd_str_starts(name, VD_S("AWS::")))
        return true;
    if (vd_str_cut(&rest, '.', &id)) {
        const vd_cfn_id *r = vd_cfn_find(c, id);

        return r && r->what == VD_CFN_RESOURCE;
    }
    return vd_cfn_find(c, name) != NULL;
}

/* The token as it is written, with '!' where a variable is not CloudFormation's. */
static bool escaped(vd_cfn *c, uint32_t node, vd_str *out)
{
    const vd_node *n = &c->doc->nodes[node];
    vd_str         raw = { c->doc->source->text.p + n->offset, n->length };
    char          *p = vd_arena_alloc(&c->scratch, raw.n * 2 + 1, 1);
    size_t         from = 0, k = 0;
    variable       v;

    if (!p || raw.n > 1500)
        return false;
    while (next_variable(raw, from, &v)) {
        bool ours = is_template_variable(c, vd_str_trim(v.name));

        memcpy(p + k, raw.p + from, v.from + 2 - from);
        k += v.from + 2 - from;
        if (!ours)
            p[k++] = '!';
        memcpy(p + k, raw.p + v.from + 2, v.end - v.from - 2);
        k += v.end - v.from - 2;
        from = v.end;
    }
    memcpy(p + k, raw.p + from, raw.n - from);
    *out = (vd_str){ p, k + raw.n - from };
    return true;
}

static void remark_forgotten(vd_cfn *c, uint32_t node, const variable *v)
{
    const vd_node *n = &c->doc->nodes[node];
    vd_str         text, shown = vd_str_first(v->name, 100);
    bool           key = c->key_node == node;

    if (!vd_cfn_remark(c, "template-variable-not-substituted", node, vd_doc_span(c->doc, node),
                       "this is not inside Fn::Sub: AWS sees the text \"${" VD_F "}\"", VD_A(shown)))
        return;
    if (key || (n->flags & VD_NODE_DECODED) || !escaped(c, node, &text))
        return;
    if (c->doc->source->text.p[c->doc->nodes[0].offset] == '{')
        vd_cfn_patch(c, "put it under Fn::Sub", vd_doc_span(c->doc, node), "{\"Fn::Sub\": " VD_F "}", VD_A(text));
    else
        vd_cfn_patch(c, "put it under Fn::Sub", vd_doc_span(c->doc, node), "!Sub " VD_F, VD_A(text));
}

/* "{{resolve:...}}" at the offset: its length, else 0. */
static size_t dynamic_reference(vd_str s, size_t at)
{
    vd_str rest = vd_str_from(s, at);
    size_t close;

    if (!vd_str_starts(rest, VD_S("{{resolve:")))
        return 0;
    close = vd_str_find(rest, '}');
    return close + 1 < rest.n && rest.p[close + 1] == '}' ? close + 2 : 0;
}

static void add_dynamic(vd_cfn *c, vd_cfn_text *t, uint32_t node, size_t at, size_t length)
{
    vd_str       text = vd_str_first(vd_str_from(vd_doc_text(c->doc, node), at + 2), length - 4);
    bool         secret = vd_str_contains(text, VD_S(":secretsmanager:")) || vd_str_contains(text, VD_S(":ssm-secure:"));
    vd_cfn_value v = vd_cfn_unknown(c, secret ? VD_HOLE_SECRET : VD_HOLE_ANY, text, VD_S(""), node);

    vd_cfn_add_value(c, t, &v);
}

static vd_cfn_value with_references(vd_cfn *c, uint32_t node, vd_str text)
{
    vd_cfn_text t = { 0 };
    size_t      from = 0, i = 0;

    while (i < text.n && !t.broken) {
        size_t   length = text.p[i] == '{' ? dynamic_reference(text, i) : 0;
        variable v;

        if (length) {
            vd_cfn_add_slice(c, &t, node, from, i);
            add_dynamic(c, &t, node, i, length);
            from = i += length;
        } else if (c->foreign && text.p[i] == '$' && next_variable(text, i, &v) && v.from == i) {
            vd_cfn_value unknown = vd_cfn_unknown(c, VD_HOLE_ANY, v.name, VD_S(""), node);

            vd_cfn_add_slice(c, &t, node, from, i);
            vd_cfn_add_value(c, &t, &unknown);
            from = i = v.end;
        } else if (!c->foreign && text.p[i] == '$' && next_variable(text, i, &v) && v.from == i &&
                   is_template_variable(c, vd_str_trim(v.name))) {
            sub s = { .c = c, .node = node, .text = node, .out = t };

            remark_forgotten(c, node, &v);
            vd_cfn_add_slice(c, &s.out, node, from, i);
            fill_in(&s, &v);
            t = s.out;
            from = i = v.end;
        } else {
            i++;
        }
    }
    vd_cfn_add_slice(c, &t, node, from, text.n);
    if (t.broken)
        return vd_cfn_unknown(c, VD_HOLE_ANY, VD_S("text"), VD_S(""), node);
    return vd_cfn_of_parts(c, t.at, t.count, node);
}

vd_cfn_value vd_cfn_literal(vd_cfn *c, uint32_t node)
{
    vd_str      text = vd_doc_text(c->doc, node);
    vd_cfn_text t = { 0 };

    if (vd_str_contains(text, VD_S("${")) || vd_str_contains(text, VD_S("{{resolve:")))
        return with_references(c, node, text);
    vd_cfn_add_slice(c, &t, node, 0, text.n);
    if (t.broken)
        return vd_cfn_unknown(c, VD_HOLE_ANY, VD_S("text"), VD_S(""), node);
    return vd_cfn_of_parts(c, t.at, t.count, node);
}
