/* SPDX-License-Identifier: Apache-2.0
 *
 * Faults of conditions that src/policy found: the severity they have here, and how to fix them.  There is no view yet;
 * the model of the policy tells where a fault stands.
 */
#include "lint/rules/condition.h"

#include "base/str.h"
#include "base/suggest.h"
#include "lint/rules/entry.h"
#include "lint/rules/tokens.h"

static bool is(const vd_finding *f, unsigned rule)
{
    return f->rule == &vd_condition_rules[rule];
}

/* ------------------------------------------------------------------ operators */

static const struct {
    vd_str wrong, right;
} known_mistakes[] = {
    { VD_L("StringEqual"), VD_L("StringEquals") },
    { VD_L("StringsEquals"), VD_L("StringEquals") },
    { VD_L("StringContains"), VD_L("StringLike") },
    { VD_L("StringStartsWith"), VD_L("StringLike") },
    { VD_L("StringMatch"), VD_L("StringLike") },
    { VD_L("IpEquals"), VD_L("IpAddress") },
    { VD_L("DateBefore"), VD_L("DateLessThan") },
    { VD_L("DateAfter"), VD_L("DateGreaterThan") },
    { VD_L("NumericLess"), VD_L("NumericLessThan") },
    { VD_L("NumericGreater"), VD_L("NumericGreaterThan") },
    { VD_L("BoolEquals"), VD_L("Bool") },
    { VD_L("ArnMatch"), VD_L("ArnLike") },
};

/* Prefix, base and suffix of what was meant to be an operator; "ForAnyValue::X" has one colon too many. */
typedef struct parts {
    unsigned quantifier;
    vd_str   base;
    bool     if_exists;
} parts;

static parts split(vd_str name)
{
    static const vd_str prefixes[] = { VD_L(""), VD_L("ForAllValues:"), VD_L("ForAnyValue:") };
    parts               p = { .quantifier = VD_FOR_ONE };
    vd_str              suffix = VD_S("IfExists");

    for (unsigned q = VD_FOR_ALL; q <= VD_FOR_ANY; q++) {
        if (vd_str_istarts(name, prefixes[q])) {
            p.quantifier = q;
            name = vd_str_from(name, prefixes[q].n);
        }
    }
    while (name.n && name.p[0] == ':')
        name = vd_str_from(name, 1);
    if (name.n > suffix.n && vd_str_ieq(vd_str_from(name, name.n - suffix.n), suffix)) {
        p.if_exists = true;
        name.n -= suffix.n;
    }
    p.base = name;
    return p;
}

/* The operator that was meant; empty: who knows.  *sure: there is one candidate only, one edit away. */
static vd_str meant(vd_str base, bool *sure)
{
    size_t near = 0, at;

    for (size_t i = 0; i < VD_COUNT(known_mistakes); i++)
        if (vd_str_ieq(base, known_mistakes[i].wrong)) {
            *sure = vd_distance(base, known_mistakes[i].right, 1) <= 1;
            return known_mistakes[i].right;
        }
    at = base.n <= 64 ? vd_operator_suggest(base) : vd_operator_count;
    if (at == vd_operator_count)
        return VD_S("");
    for (size_t i = 0; i < vd_operator_count; i++)
        near += vd_distance(base, vd_operators[i].name, 2) <= 2;
    *sure = vd_distance(base, vd_operators[at].name, 1) <= 1 && near == 1;
    return vd_operators[at].name;
}

static void fix_operator(vd_lint *l, vd_finding *f, const vd_statement *st, const vd_entry *e)
{
    parts       p = split(e->operator_name.text);
    bool        sure = false;
    vd_str      base = meant(p.base, &sure);
    const char *to;

    if (base.n == 0 || l->suggested > 400)
        return;
    l->suggested++;
    to = vd_operator_text(l, p.quantifier, base, p.if_exists);
    if (!e->op.op)
        vd_finding_hint(l, f, "did you mean \"%s\"?", to);
    vd_fix_operator(l, f, sure || e->op.op ? VD_FIX_SAFE : VD_FIX_UNSAFE, st, e, to);
}

/* {"aws:SourceIp": {"IpAddress": x}}: the two names change places, when there is one of each. */
static void fix_swapped(vd_lint *l, vd_finding *f, const vd_statement *st, const vd_entry *e)
{
    for (uint32_t i = 0; i < st->entry_count; i++) {
        const vd_entry *other = &st->entries[i];

        if (other != e && (other->operator_name.span.offset == e->operator_name.span.offset ||
                           vd_str_ieq(other->operator_name.text, e->key.text)))
            return;
    }
    if (e->key.text.n > 200 || e->operator_name.text.n > 200)
        return;
    vd_finding_fix(l, f, VD_FIX_SAFE, "put %s first", vd_lint_show(l, e->key.text));
    vd_finding_edit(l, f, VD_EDIT_STRING, e->operator_name.span, VD_F, VD_A(e->key.text));
    vd_finding_edit(l, f, VD_EDIT_STRING, e->key.span, VD_F, VD_A(e->operator_name.text));
}

/* ------------------------------------------------------------------ set operators */

/* Whether a value may match a text without characters, such as that of a tag. */
static bool takes_empty(const vd_entry *e)
{
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_str s = e->values.at[i].text;
        size_t stars = 0;

        while (stars < s.n && s.p[stars] == '*')
            stars++;
        if (stars == s.n || vd_str_contains(s, VD_S("${")))
            return true;
    }
    return false;
}

static void fix_set(vd_lint *l, vd_finding *f, const vd_statement *st, const vd_entry *e)
{
    bool allow = st->effect == VD_EFFECT_ALLOW, keeps;

    if (is(f, VD_F_NO_SET_OPERATOR)) {
        if (vd_str_istarts(e->key.text, VD_S("aws:"))) {
            vd_finding_severity(f, VD_ERROR);
        } else { /* that a service's key has several values is what the catalogue says: services differ */
            vd_finding_severity(f, VD_WARNING);
            vd_finding_confidence(f, VD_CONFIDENCE_MEDIUM);
        }
        vd_finding_message(l, f, "%s carries several values; say ForAnyValue: or ForAllValues:",
                           vd_lint_show(l, e->key.text));
        vd_fix_operator(l, f, VD_FIX_UNSAFE, st, e,
                        vd_operator_text(l, VD_FOR_ANY, e->op.op->name, e->op.if_exists));
        if (allow)
            vd_fix_operator(l, f, VD_FIX_UNSAFE, st, e,
                            vd_operator_text(l, VD_FOR_ALL, e->op.op->name, e->op.if_exists));
        return;
    }
    /* Of a key that is missing or empty (E506, E522) the two do not always say the same. */
    keeps = e->op.op->negated == is(f, VD_F_FOR_ALL_SINGLE) && !e->op.if_exists && !takes_empty(e);
    if (!keeps && !allow && is(f, VD_F_FOR_ALL_SINGLE))
        return; /* without the prefix it would deny less */
    vd_fix_operator(l, f, keeps ? VD_FIX_SAFE : VD_FIX_UNSAFE, st, e,
                    vd_operator_text(l, VD_FOR_ONE, e->op.op->name, e->op.if_exists));
}

static void fix_like(vd_lint *l, vd_finding *f, const vd_statement *st, const vd_entry *e)
{
    vd_finding_severity(f, VD_WARNING);
    vd_finding_message(l, f, "compared letter by letter: no request contains a literal *");
    if (st->effect == VD_EFFECT_DENY || e->op.op->negated)
        vd_finding_score(f, 60);
    if (e->op.op->test == VD_TEST_STRING)
        vd_fix_operator(l, f, VD_FIX_UNSAFE, st, e,
                        vd_operator_text(l, e->op.quantifier,
                                         e->op.op->negated ? VD_S("StringNotLike") : VD_S("StringLike"),
                                         e->op.if_exists));
}

/* ------------------------------------------------------------------ values */

static vd_text *value_at(const vd_finding *f, const vd_entry *e)
{
    for (uint32_t i = 0; i < e->values.count; i++)
        if (e->values.at[i].span.offset == f->span.offset)
            return &e->values.at[i];
    return NULL;
}

static void fix_value(vd_lint *l, vd_finding *f, const vd_entry *e)
{
    const vd_text *t = value_at(f, e);
    vd_str         trimmed;

    vd_finding_severity(f, f->rule->severity);
    if (!t)
        return;
    trimmed = vd_str_trim(t->text);
    if (is(f, VD_F_IP)) {
        vd_finding_message(l, f, "\"%s\" is not an address or a CIDR range; AWS refuses or never matches it",
                           vd_lint_show(l, t->text));
        if (trimmed.n < t->text.n && vd_operator_value_ok(e->op.op, trimmed))
            vd_fix_text(l, f, VD_FIX_SAFE, t->span, trimmed);
    } else if (is(f, VD_F_NUMBER)) {
        vd_finding_message(l, f, "\"%s\" is not a number; never true", vd_lint_show(l, t->text));
    } else if (is(f, VD_F_BINARY)) {
        vd_finding_message(l, f, "\"%s\" is not Base64; never true", vd_lint_show(l, t->text));
    }
}

static void fix_private(vd_lint *l, vd_finding *f, const vd_entry *e)
{
    bool negated = e->op.op->negated;

    if (is(f, VD_F_PRIVATE_IP)) {
        vd_finding_severity(f, VD_ERROR);
        vd_finding_code(f, negated ? "PRIVATE_NOT_IP_ADDRESS" : "PRIVATE_IP_ADDRESS");
        vd_finding_message(l, f,
                           "%s: aws:SourceIp is a public address; use aws:VpcSourceIp with aws:SourceVpc",
                           negated ? "always true" : "never true");
        f->hint = VD_S("");
        return;
    }
    vd_finding_code(f, negated ? "PRIVATE_NOT_IP_ADDRESS_SUBSET" : "PRIVATE_IP_ADDRESS_SUBSET");
    vd_finding_message(l, f, "aws:SourceIp is never private; %s has no effect", vd_lint_show(l, f->token));
    if (value_at(f, e))
        vd_fix_drop_value(l, f, e, value_at(f, e), "drop private addresses");
}

/* ------------------------------------------------------------------ variables */

/* The string token that the fault stands in, decoded, and where in it; NULL: none of an element with variables. */
static const vd_text *text_around(const vd_statement *st, vd_span span)
{
    for (uint32_t i = 0; i < st->resource.texts.count; i++) {
        const vd_text *t = &st->resource.texts.at[i];

        if (span.offset >= t->span.offset && span.offset < t->span.offset + t->span.length)
            return t;
    }
    for (uint32_t i = 0; i < st->entry_count; i++)
        for (uint32_t k = 0; k < st->entries[i].values.count; k++) {
            const vd_text *t = &st->entries[i].values.at[k];

            if (span.offset >= t->span.offset && span.offset < t->span.offset + t->span.length)
                return t;
        }
    return NULL;
}

/* text with [from, from + length) replaced; only when the token holds no escapes, so that offsets agree. */
static void replace_in(vd_lint *l, vd_finding *f, const vd_text *t, size_t from, size_t length,
                       const char *with)
{
    const char *text;

    if (t->span.length != t->text.n + 2 || from + length > t->text.n || t->text.n > 600)
        return;
    text = vd_lint_printf(l, VD_F "%s" VD_F, VD_A(vd_str_first(t->text, from)), with,
                          VD_A(vd_str_from(t->text, from + length)));
    vd_fix_text(l, f, VD_FIX_SAFE, t->span, vd_str_of(text));
}

/* "${aws:username" before a slash: the name of a known key, and then the brace. */
static void fix_brace(vd_lint *l, vd_finding *f, const vd_text *t)
{
    size_t open = 0, end;
    vd_str key;

    while (open + 1 < t->text.n && !(t->text.p[open] == '$' && t->text.p[open + 1] == '{' &&
                                     vd_str_find(vd_str_from(t->text, open), '}') == t->text.n - open))
        open++;
    if (open + 2 >= t->text.n)
        return;
    key = vd_str_from(t->text, open + 2);
    end = vd_str_find(key, '/');
    key = vd_str_first(key, end);
    if (vd_catalog_find_key(l->catalog, key) != VD_NONE)
        replace_in(l, f, t, open + 2 + key.n, 0, "}");
}

static void fix_variable(vd_lint *l, vd_finding *f, const vd_statement *st)
{
    const vd_text *t = text_around(st, f->span);
    vd_str         part, inside, key;
    size_t         from, comma;

    if (!t || t->span.length != t->text.n + 2)
        return;
    if (is(f, VD_F_VARIABLE_BRACE)) {
        fix_brace(l, f, t);
        return;
    }
    from = f->span.offset - t->span.offset - 1;
    part = vd_str_first(vd_str_from(t->text, from), f->span.length);
    if (f->span.offset <= t->span.offset || part.n < 4 || part.p[part.n - 1] != '}')
        return;
    inside = vd_str_first(vd_str_from(part, 2), part.n - 3);
    comma = vd_str_find(inside, ',');
    key = vd_str_trim(vd_str_first(inside, comma));
    if (is(f, VD_F_VARIABLE_QUOTE) && comma < inside.n) {
        vd_str value = vd_str_trim(vd_str_from(inside, comma + 1));

        while (value.n && (value.p[0] == '\'' || value.p[0] == '"'))
            value = vd_str_from(value, 1);
        while (value.n && (value.p[value.n - 1] == '\'' || value.p[value.n - 1] == '"'))
            value.n--;
        if (vd_str_find(value, '\'') == value.n && value.n < 200 && key.n < 200)
            replace_in(l, f, t, from, part.n,
                       vd_lint_printf(l, "${" VD_F ", '" VD_F "'}", VD_A(key), VD_A(value)));
    } else if (is(f, VD_F_VARIABLE_SPACE) && inside.n < 200) {
        char   name[208];
        size_t n = 0;

        for (size_t i = 0; i < inside.n; i++)
            if (inside.p[i] != ' ' && inside.p[i] != '\t')
                name[n++] = inside.p[i];
        if (vd_catalog_find_key(l->catalog, (vd_str){ name, n }) != VD_NONE)
            replace_in(l, f, t, from, part.n, vd_lint_printf(l, "${%.*s}", (int)n, name));
    }
}

/* The Version that there is, or a new one. */
static void fix_version(vd_lint *l, vd_finding *f)
{
    uint32_t root = l->extracted->node;
    uint32_t version = root == VD_NONE ? VD_NONE : vd_doc_member(l->doc, root, VD_S("Version"));
    vd_span  document = vd_token_document(l);

    f->hint = VD_S("");
    vd_finding_message(l, f, "taken as plain text in this Version; variables need 2012-10-17");
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "write Version 2012-10-17");
    if (version == VD_NONE)
        vd_finding_edit(l, f, VD_EDIT_ADD_FIRST, document, "\"Version\": \"2012-10-17\"");
    else
        vd_finding_edit(
            l, f, VD_EDIT_STRING,
            (vd_span){ document.offset + l->doc->nodes[version].offset - l->doc->nodes[root].offset,
                       l->doc->nodes[version].length },
            "2012-10-17");
}

/* ------------------------------------------------------------------ */

static bool is_of_entry(const vd_finding *f)
{
    return f->rule < &vd_condition_rules[VD_F_VARIABLE_OPERATOR] ||
           f->rule > &vd_condition_rules[VD_F_VARIABLE_VERSION];
}

static void adopt_entry(vd_lint *l, vd_finding *f, const vd_statement *st, const vd_entry *e)
{
    if (is(f, VD_F_OPERATOR))
        fix_operator(l, f, st, e);
    else if (is(f, VD_F_SWAPPED))
        fix_swapped(l, f, st, e);
    else if (is(f, VD_F_NULL_IF_EXISTS))
        vd_fix_operator(l, f, VD_FIX_SAFE, st, e, "Null");
    else if (!e->op.op)
        return;
    else if (is(f, VD_F_NO_SET_OPERATOR) || is(f, VD_F_FOR_ALL_SINGLE) || is(f, VD_F_FOR_ANY_SINGLE))
        fix_set(l, f, st, e);
    else if (is(f, VD_F_NO_LIKE))
        fix_like(l, f, st, e);
    else if (is(f, VD_F_PRIVATE_IP) || is(f, VD_F_SOME_PRIVATE_IP))
        fix_private(l, f, e);
    else if (is(f, VD_F_BOOL) || is(f, VD_F_DATE) || is(f, VD_F_NUMBER) || is(f, VD_F_BINARY) ||
             is(f, VD_F_IP))
        fix_value(l, f, e);
}

void vd_condition_adopt(vd_lint *l, vd_finding *f)
{
    const vd_statement *st = vd_finding_statement(l, f);
    const vd_entry     *e = vd_finding_entry(l, f);

    if (!is_of_entry(f))
        vd_finding_severity(f, VD_ERROR);
    if (is(f, VD_F_VARIABLE_VERSION))
        fix_version(l, f);
    if (st && e && is_of_entry(f))
        adopt_entry(l, f, st, e);
    else if (st && (is(f, VD_F_VARIABLE_BRACE) || is(f, VD_F_VARIABLE_QUOTE) || is(f, VD_F_VARIABLE_SPACE)))
        fix_variable(l, f, st);
}
