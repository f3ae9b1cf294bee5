/* SPDX-License-Identifier: Apache-2.0
 *
 * The tests of statements as compiled values: actions, resources, principals, conditions.  Equal tests become one.
 * What a value means is decided here once, so that the evaluator only compares.
 */
#include "compile/compile.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/template.h"
#include "pattern/value.h"

/* ------------------------------------------------------------------ actions */

vd_code vd_action_shape_of(vd_compiler *c, vd_str action, vd_action_shape *out)
{
    char  *p = vd_arena_alloc(&c->scratch, action.n + 1, 1);
    vd_str name;

    if (!p)
        return vd_fail_nomem(c->err);
    out->text = (vd_str){ p, vd_glob_code(p, action) };
    vd_lower_copy(p, p, out->text.n);
    out->colon = vd_str_find(out->text, ':');
    out->prefix = 0;
    if (out->colon == out->text.n) {
        out->kind = VD_ACT_ALL; /* the reader lets no other text without a colon pass */
        return VD_OK;
    }
    name = vd_str_from(out->text, out->colon + 1);
    out->prefix = vd_glob_literal_prefix(name);
    if (vd_glob_literal_prefix(out->text) < out->colon)
        out->kind = VD_ACT_ANYWHERE;
    else if (out->prefix == name.n)
        out->kind = VD_ACT_EXACT;
    else if (name.n == 1 && name.p[0] == VD_STAR)
        out->kind = VD_ACT_SERVICE;
    else if (out->prefix == name.n - 1 && name.p[name.n - 1] == VD_STAR)
        out->kind = VD_ACT_PREFIX;
    else
        out->kind = VD_ACT_PATTERN;
    return VD_OK;
}

static void note_length(vd_compiler *c, size_t n)
{
    if (n > c->max_text)
        c->max_text = (uint32_t)n;
}

vd_code vd_put_action(vd_compiler *c, vd_str coded, uint32_t *id)
{
    vd_itext t;

    VD_TRY(vd_put_text(c, coded, &t));
    return vd_put_run(c, VD_SEC_ACTIONS, &(vd_iaction){ t.off, t.len }, 1, id);
}

/* ------------------------------------------------------------------ templates */

/* How the text between variables is to be coded. */
typedef enum coding { CODE_PLAIN, CODE_WIDE, CODE_ARN } coding;

typedef struct template {
    vd_compiler *c;
    coding       how;
    char        *literal; /* coded text since the last variable */
    size_t       n;
    uint32_t     field;   /* CODE_ARN: colons seen, at most five */
    vd_ipart    *parts;
    uint32_t     count, cap;
    bool         bad;     /* matches nothing (E552) */
    size_t       length;  /* of all literal text */
} template;

static void add_byte(template *t, char b)
{
    bool star = b == VD_STAR || b == VD_STAR_IN;

    if (star && t->n && t->literal[t->n - 1] == b)
        return; /* a run of stars is one */
    t->literal[t->n++] = b;
}

static void add_text(template *t, vd_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char b = text.p[i];
        bool narrow = t->how == CODE_ARN && t->field < 5;

        if (t->how != CODE_PLAIN && b == '*')
            b = narrow ? VD_STAR_IN : VD_STAR;
        else if (t->how != CODE_PLAIN && b == '?')
            b = narrow ? VD_ANY_IN : VD_ANY;
        else if (b == ':' && t->field < 5)
            t->field++;
        add_byte(t, b);
    }
}

static vd_code end_literal(template *t)
{
    vd_ipart part = { .key = VD_NONE };
    vd_itext text;

    if (t->n == 0)
        return VD_OK;
    VD_TRY(vd_put_text(t->c, (vd_str){ t->literal, t->n }, &text));
    part.off = text.off;
    part.len = text.len;
    t->length += t->n;
    t->n = 0;
    return VD_ARENA_PUSH(&t->c->piece, t->parts, t->count, t->cap, part) ? VD_OK : vd_fail_nomem(t->c->err);
}

static vd_code add_variable(template *t, const vd_part *v)
{
    vd_ipart part = { .fallback = v->has_fallback, .field = t->how == CODE_ARN && t->field < 5 };
    vd_itext text;

    VD_TRY(end_literal(t));
    VD_TRY(vd_put_key(t->c, v->text, &part.key));
    VD_TRY(vd_put_text(t->c, v->text, &part.spelling));
    VD_TRY(vd_put_text(t->c, v->fallback, &text));
    part.off = text.off;
    part.len = text.len;
    t->length += v->fallback.n;
    return VD_ARENA_PUSH(&t->c->piece, t->parts, t->count, t->cap, part) ? VD_OK : vd_fail_nomem(t->c->err);
}

static vd_code add_parts(template *t, vd_str text, size_t at)
{
    vd_part part;

    while (vd_template_next(text, &at, &part)) {
        switch (part.kind) {
        case VD_PART_TEXT:
            add_text(t, part.text);
            break;
        case VD_PART_ESCAPE:
            t->literal[t->n++] = part.text.p[0];
            break;
        case VD_PART_VARIABLE:
            VD_TRY(add_variable(t, &part));
            break;
        default:
            t->bad = true;
            break;
        }
    }
    return VD_OK;
}

static vd_code start_template(template *t, vd_compiler *c, coding how, size_t room)
{
    *t = (template){ .c = c, .how = how, .literal = vd_arena_alloc(&c->piece, room + 16, 1) };
    return t->literal ? VD_OK : vd_fail_nomem(c->err);
}

/* The finished template as a value: plain text when no variable was in it. */
static vd_code finish_template(template *t, vd_ivalue *out)
{
    vd_itext text;

    if (t->count == 0) {
        VD_TRY(vd_put_text(t->c, (vd_str){ t->literal, t->n }, &text));
        *out = (vd_ivalue){ .off = text.off, .len = text.len };
        if (t->how != CODE_PLAIN)
            out->shape = (uint16_t)vd_glob_classify((vd_str){ t->literal, t->n });
        note_length(t->c, t->n);
        return VD_OK;
    }
    VD_TRY(end_literal(t));
    note_length(t->c, t->length);
    if (t->count > UINT16_MAX)
        return vd_fail(t->c->err, VD_ELIMIT, "more than %d variables in one value", UINT16_MAX);
    *out = (vd_ivalue){ .shape = VD_GLOB_OTHER, .parts = (uint16_t)t->count };
    return vd_put_run(t->c, VD_SEC_PARTS, t->parts, t->count, &out->first);
}

/* ------------------------------------------------------------------ resources */

/* Equal to no ARN and not to "*": what a pattern that can match nothing becomes. */
static const char never_text[] = "\xfb";

/* The literal beginning of a pattern's resource field; empty: none, the pattern is tried for every resource. */
static vd_itext resource_prefix(const vd_compiler *c, const vd_ivalue *v)
{
    const vd_ipart *part = v->parts ? vd_at(c, VD_SEC_PARTS, v->first) : NULL;
    vd_itext        text = { v->off, v->len };
    vd_str          rest;

    if (part && part->key != VD_NONE)
        return (vd_itext){ 0 };
    if (part)
        text = (vd_itext){ part->off, part->len };
    rest = (vd_str){ c->sec[VD_SEC_BYTES].p + text.off, text.len };
    for (uint32_t colons = 0; colons < 5; colons++) {
        size_t at = vd_str_find(rest, ':');

        if (at == rest.n)
            return (vd_itext){ 0 };
        rest = vd_str_from(rest, at + 1);
    }
    return (vd_itext){ (uint32_t)(rest.p - c->sec[VD_SEC_BYTES].p), (uint32_t)vd_glob_literal_prefix(rest) };
}

vd_code vd_put_resource(vd_compiler *c, const vd_policy *p, vd_str text, uint32_t *pattern)
{
    bool      variables = p->language == VD_LANGUAGE_2012;
    template  t;
    size_t    used;
    vd_ivalue v;

    VD_TRY(start_template(&t, c, CODE_WIDE, text.n + 16));
    t.n = vd_resource_code(t.literal, text, variables, &used);
    if (used < text.n)
        VD_TRY(add_parts(&t, text, used));
    if (t.bad || !vd_policy_resource_completed(p->kind, text)) {
        VD_TRY(start_template(&t, c, CODE_WIDE, 1));
        t.literal[t.n++] = never_text[0];
    }
    VD_TRY(finish_template(&t, &v));
    VD_TRY(vd_put_run(c, VD_SEC_PATTERNS, &(vd_ipattern){ v.off, v.len, v.shape, v.parts, v.first }, 1, pattern));
    if (*pattern == c->prefix.count && !VD_PUSH(c->a, &c->prefix, resource_prefix(c, &v)))
        return vd_fail_nomem(c->err);
    return VD_OK;
}

/* ------------------------------------------------------------------ principals */

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

static vd_code role_principal(vd_compiler *c, const vd_arn *arn, vd_iprincipal *out)
{
    size_t slash = vd_str_rfind(arn->resource, '/');

    out->type = VD_IP_ROLE;
    VD_TRY(vd_put_text(c, arn->partition, &out->partition));
    VD_TRY(vd_put_text(c, arn->account, &out->account));
    return vd_put_text(c, vd_str_from(arn->resource, slash + 1), &out->name);
}

static vd_code arn_principal(vd_compiler *c, vd_str text, vd_iprincipal *out)
{
    vd_arn arn;
    bool   iam, sts;

    if (!vd_arn_split(&arn, text) || has_wildcard(text) || arn.region.n)
        return VD_OK;
    iam = vd_str_eq(arn.service, VD_S("iam"));
    sts = vd_str_eq(arn.service, VD_S("sts"));
    if (iam && vd_str_eq(arn.resource, VD_S("root"))) {
        out->type = VD_IP_ACCOUNT;
        VD_TRY(vd_put_text(c, arn.partition, &out->partition));
        return vd_put_text(c, arn.account, &out->text);
    }
    if (iam && vd_str_starts(arn.resource, VD_S("role/")))
        return role_principal(c, &arn, out);
    if (iam && vd_str_starts(arn.resource, VD_S("user/")))
        out->type = VD_IP_USER;
    else if (sts && vd_str_starts(arn.resource, VD_S("assumed-role/")))
        out->type = VD_IP_SESSION;
    else if (sts && vd_str_starts(arn.resource, VD_S("federated-user/")))
        out->type = VD_IP_FEDSESSION;
    return VD_OK;
}

/* E404 to E415; what can name nobody becomes VD_IP_NEVER. */
vd_code vd_put_principal(vd_compiler *c, const vd_principal_entry *e, vd_iprincipal *out)
{
    vd_str text = e->text.text;

    *out = (vd_iprincipal){ .type = VD_IP_NEVER };
    VD_TRY(vd_put_text(c, text, &out->text));
    switch (e->type) {
    case VD_PRINCIPAL_STAR:
        out->type = VD_IP_ANY;
        return VD_OK;
    case VD_PRINCIPAL_AWS:
        if (vd_str_eq(text, VD_S("*")))
            out->type = VD_IP_ANY;
        else if (vd_is_account(text))
            out->type = VD_IP_ACCOUNT;
        else if (vd_is_unique_id(text))
            out->type = VD_IP_UNIQUE_ID;
        else
            return arn_principal(c, text, out);
        return VD_OK;
    case VD_PRINCIPAL_SERVICE:
        if (!has_wildcard(text))
            out->type = VD_IP_SERVICE;
        return VD_OK;
    case VD_PRINCIPAL_FEDERATED:
        if (!has_wildcard(text))
            out->type = VD_IP_PROVIDER;
        return VD_OK;
    default:
        out->type = VD_IP_CANONICAL;
        return VD_OK;
    }
}

/* ------------------------------------------------------------------ conditions */

/* One policy value; *good false: it is left out (E539, E552).  *formed false: it is no value for the operator at all,
 * which a bad variable does not make it: such a value matches nothing, and so a negated operator holds. */
static vd_code put_value(vd_compiler *c, const vd_policy *p, const vd_operator *op, vd_str text, vd_ivalue *out,
                         bool *good, bool *formed)
{
    bool     variables = op->variables && p->language == VD_LANGUAGE_2012 && vd_template_has_parts(text);
    template t;
    coding   how = op->test == VD_TEST_LIKE ? CODE_WIDE : op->test == VD_TEST_ARN ? CODE_ARN : CODE_PLAIN;

    VD_TRY(start_template(&t, c, how, text.n));
    *good = true;
    if (variables) {
        VD_TRY(add_parts(&t, text, 0));
    } else if (how == CODE_ARN) {
        *good = vd_arn_code(t.literal, &t.n, text);
        t.field = 5;
    } else {
        add_text(&t, text);
    }
    if (how == CODE_ARN && t.field < 5)
        *good = false;
    *formed = *good;
    if (t.bad)
        *good = false;
    if (!*good)
        return VD_OK;
    VD_TRY(finish_template(&t, out));
    if (op->test == VD_TEST_BOOL && out->parts == 0) {
        out->shape = vd_bool_text(text, good);
        out->off = out->len = 0;
    }
    return VD_OK;
}

static vd_code put_typed(vd_compiler *c, uint32_t test, vd_str text, vd_ivalue *out, bool *good)
{
    vd_number number;
    vd_date   date;
    vd_cidr   range;
    uint8_t  *bytes;
    size_t    n;

    *good = false;
    *out = (vd_ivalue){ 0 };
    if (test == VD_TEST_IP) {
        if (!(*good = vd_cidr_parse(&range, text)))
            return VD_OK;
        return vd_put_aligned(c, &range, sizeof range, &out->off);
    }
    if (test == VD_TEST_BINARY) {
        bytes = vd_arena_alloc(&c->piece, text.n + 1, 1);
        if (!bytes)
            return vd_fail_nomem(c->err);
        if (!(*good = vd_base64_decode(bytes, &n, text)))
            return VD_OK;
        out->len = (uint32_t)n;
        return vd_put_aligned(c, bytes, n ? n : 1, &out->off);
    }
    if (test <= VD_TEST_NUMBER_GE) {
        if (!(*good = vd_number_parse(&number, text)))
            return VD_OK;
        return vd_put_aligned(c, &number, sizeof number, &out->off);
    }
    if (!(*good = vd_date_parse(&date, text)))
        return VD_OK;
    return vd_put_aligned(c, &date, sizeof date, &out->off);
}

static bool is_typed_value(const vd_operator *op)
{
    return op->typed && op->test != VD_TEST_ARN;
}

static void null_flags(vd_iatom *a, const vd_texts *values)
{
    for (uint32_t i = 0; i < values->count; i++) {
        bool known, value = vd_bool_text(values->at[i].text, &known);

        if (known)
            a->flags |= value ? VD_ATOM_NULL_TRUE : VD_ATOM_NULL_FALSE;
    }
}

/* Sorts literal strings by their text, so that the evaluator can halve. */
static int by_text(const vd_compiler *c, const vd_ivalue *a, const vd_ivalue *b)
{
    const char *bytes = c->sec[VD_SEC_BYTES].p;

    return vd_str_cmp((vd_str){ bytes + a->off, a->len }, (vd_str){ bytes + b->off, b->len });
}

/* Heap sort: no recursion, no worst case, no allocation. */
static void sift(const vd_compiler *c, vd_ivalue *v, uint32_t from, uint32_t n)
{
    for (uint32_t i = from;;) {
        uint32_t child = 2 * i + 1;

        if (child >= n)
            return;
        if (child + 1 < n && by_text(c, &v[child + 1], &v[child]) > 0)
            child++;
        if (by_text(c, &v[child], &v[i]) <= 0)
            return;
        vd_ivalue t = v[i];
        v[i] = v[child];
        v[child] = t;
        i = child;
    }
}

static void sort_values(const vd_compiler *c, vd_ivalue *v, uint32_t n)
{
    for (uint32_t i = n / 2; i-- > 0;)
        sift(c, v, i, n);
    for (uint32_t i = n; i-- > 1;) {
        vd_ivalue t = v[0];

        v[0] = v[i];
        v[i] = t;
        sift(c, v, 0, i);
    }
}

enum { SORT_FROM = 9 }; /* fewer strings are compared in a row */

vd_code vd_put_entry(vd_compiler *c, const vd_policy *p, const vd_entry *e, uint32_t *atom)
{
    const vd_operator *op = e->op.op;
    vd_iatom           a = { .test = op->test, .quantifier = e->op.quantifier };
    vd_ivalue         *v = vd_arena_new_array(&c->piece, vd_ivalue, e->values.count + 1);
    uint32_t           good = 0, formed = 0;
    bool               literal = op->test == VD_TEST_STRING;

    if (!v)
        return vd_fail_nomem(c->err);
    VD_TRY(vd_put_key(c, e->key.text, &a.key));
    VD_TRY(vd_put_text(c, e->key.text, &a.spelling));
    a.flags = (uint8_t)((op->negated ? VD_ATOM_NEGATED : 0) | (e->op.if_exists ? VD_ATOM_IF_EXISTS : 0) |
                        (op->typed ? VD_ATOM_TYPED : 0) | (e->op.unread ? VD_ATOM_UNREAD : 0));
    if (op->test == VD_TEST_NULL) {
        null_flags(&a, &e->values);
        return vd_put_run(c, VD_SEC_ATOMS, &a, 1, atom);
    }
    for (uint32_t i = 0; i < e->values.count; i++) {
        bool ok, is_value = false;

        if (is_typed_value(op))
            VD_TRY(put_typed(c, op->test, e->values.at[i].text, &v[good], &ok));
        else
            VD_TRY(put_value(c, p, op, e->values.at[i].text, &v[good], &ok, &is_value));
        formed += ok || is_value;
        if (!ok)
            continue;
        literal = literal && v[good].parts == 0;
        good++;
    }
    if (op->typed && formed == 0 && e->values.count)
        a.flags |= VD_ATOM_NONE_GOOD;
    if (literal && good >= SORT_FROM) {
        sort_values(c, v, good);
        a.flags |= VD_ATOM_SORTED;
    }
    a.count = good;
    VD_TRY(vd_put_run(c, VD_SEC_VALUES, v, good, &a.first));
    return vd_put_run(c, VD_SEC_ATOMS, &a, 1, atom);
}
