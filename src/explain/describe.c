/* SPDX-License-Identifier: Apache-2.0
 *
 * Elements of a statement for people: what the policy says, what the request has, the pattern that came closest and the
 * one sentence worth adding.  Nothing here decides; whether an element matched was found by the interpreter.
 */
#include "explain/describe.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "explain/nearest.h"
#include "pattern/template.h"

typedef struct describer {
    vd_tracer                 *t;
    vd_check_result           *c;
    const vd_statement_result *r;
    const vd_element_trace   **at;
    uint32_t                   count;
} describer;

static void *get(describer *d, size_t count, size_t size)
{
    void *p = vd_arena_array(d->t->arena, count, size, 16);

    if (!p && count)
        d->t->nomem = true;
    return p;
}

static vd_str *texts_of(describer *d, const vd_texts *texts)
{
    vd_str *out = get(d, texts->count, sizeof *out);

    for (uint32_t i = 0; out && i < texts->count; i++)
        out[i] = texts->at[i].text;
    return out;
}

static vd_element_trace *add(describer *d, int32_t element)
{
    vd_element_trace *e = vd_arena_new(d->t->arena, vd_element_trace);

    if (!e) {
        d->t->nomem = true;
        return NULL;
    }
    e->size = sizeof *e;
    e->element = element;
    e->differs_at = UINT32_MAX;
    d->at[d->count++] = e;
    return e;
}

/* Patterns with their variables filled in; NULL when there are none to fill. */
static const vd_str *expand_all(describer *d, const vd_str *texts, size_t count)
{
    vd_str *out;
    bool    any = false;

    if (d->r->policy->language != VD_LANGUAGE_2012)
        return NULL;
    for (size_t i = 0; i < count; i++)
        any = any || vd_template_has_parts(texts[i]);
    if (!any)
        return NULL;
    out = get(d, count, sizeof *out);
    for (size_t i = 0; out && i < count; i++)
        out[i] = vd_expand_shown(&d->c->inquiry, texts[i]);
    return out;
}

/* The token to look at, and where it stops being like the request. */
static size_t point(describer *d, vd_element_trace *e, const vd_texts *texts, vd_span whole, bool globs,
                    bool fold)
{
    const vd_str *patterns = e->expanded ? e->expanded : e->expected;
    vd_nearest    n = { .index = e->expected_count, .differs_at = UINT32_MAX };

    if (e->actual_count)
        n = vd_nearest_find(patterns, e->expected_count, e->actual[0], globs, fold);
    if (n.index >= e->expected_count) {
        e->at = vd_trace_pos(d->t, d->r->policy, whole);
        return e->expected_count;
    }
    e->nearest = e->expected[n.index];
    if (!e->matched && !e->negated && !e->expanded)
        e->differs_at = n.differs_at;
    e->at = vd_trace_pos(d->t, d->r->policy, texts->at[n.index].span);
    return n.index;
}

/* "another letter case", told when that is all the difference. */
static vd_str case_remark(vd_str pattern, vd_str actual)
{
    return vd_str_ieq(pattern, actual) && !vd_str_eq(pattern, actual) ? VD_S("only the letter case differs")
                                                                      : (vd_str){ "", 0 };
}

/* ------------------------------------------------------------------ Principal */

static vd_str principal_remark(const describer *d, const vd_principal_entry *entry)
{
    const vd_facts *f = &d->c->facts;
    vd_str          text = entry->text.text;
    vd_arn          arn;
    bool            star = vd_str_find(text, '*') < text.n || vd_str_find(text, '?') < text.n;

    if (star && (text.n > 1 || entry->type != VD_PRINCIPAL_AWS))
        return VD_S("wildcards do not work in Principal");
    if (entry->type == VD_PRINCIPAL_AWS && vd_is_unique_id(text))
        return f->unique_id.n ? VD_S("the id is of another user or role, perhaps of one that was deleted")
                              : VD_S("the request does not tell the unique id of the principal");
    if (vd_str_ieq(text, f->principal) || vd_str_ieq(text, f->role_arn) || vd_str_ieq(text, f->session_arn))
        return VD_S("only the letter case differs");
    if (!vd_arn_split(&arn, text))
        return (vd_str){ "", 0 };
    if (f->partition.n && !vd_str_eq(arn.partition, f->partition))
        return VD_S("the entry is of another partition");
    if (f->role_name.n && vd_str_starts(arn.resource, VD_S("role/")) && vd_str_eq(arn.account, f->account) &&
        vd_str_eq(vd_str_from(arn.resource, vd_str_rfind(arn.resource, '/') + 1), f->role_name))
        return VD_S("the role has another path");
    if (f->kind == VD_WHO_USER && vd_str_starts(arn.resource, VD_S("user/")) &&
        vd_str_eq(arn.account, f->account) &&
        vd_str_eq(vd_str_from(arn.resource, vd_str_rfind(arn.resource, '/')),
                  vd_str_from(f->principal, vd_str_rfind(f->principal, '/'))))
        return VD_S("the user has another path");
    if (!f->session_arn.n && vd_str_starts(arn.resource, VD_S("assumed-role/")))
        return VD_S("the request names a role, not a session of it");
    return (vd_str){ "", 0 };
}

/* The name of the principal that an entry would have to hold, and what else it goes by. */
static void principal_actual(describer *d, vd_element_trace *e)
{
    const vd_facts *f = &d->c->facts;
    vd_str          names[] = { f->principal, f->role_arn, f->user_arn, f->account };
    vd_str         *out = get(d, VD_COUNT(names), sizeof *out);

    for (size_t i = 0; out && i < VD_COUNT(names); i++) {
        bool seen = !names[i].n;

        for (size_t j = 0; j < e->actual_count; j++)
            seen = seen || vd_str_eq(out[j], names[i]);
        if (!seen)
            out[e->actual_count++] = names[i];
    }
    e->actual = out;
}

static void point_principal(describer *d, vd_element_trace *e, const vd_principals *p)
{
    size_t   best = 0;
    uint32_t most = 0;

    for (uint32_t i = 0; i < p->count; i++) {
        bool matches = e->matched && !p->negated &&
                       vd_principal_kinds(&d->c->inquiry, d->r->layer, &p->at[i]) != 0;

        for (size_t j = 0; j < e->actual_count; j++) {
            vd_nearest n = vd_nearest_find(&p->at[i].text.text, 1, e->actual[j], false, false);
            uint32_t   reached = n.matches || matches ? UINT32_MAX : n.differs_at + 1;

            if (reached > most) {
                most = reached;
                best = i;
                e->differs_at = matches ? UINT32_MAX : n.differs_at;
            }
        }
    }
    e->nearest = p->at[best].text.text;
    e->at = vd_trace_pos(d->t, d->r->policy, p->at[best].text.span);
    if (e->matched || p->negated)
        e->differs_at = UINT32_MAX;
    else
        e->remark = principal_remark(d, &p->at[best]);
}

static void describe_principal(describer *d)
{
    const vd_principals *p = &d->r->statement->principal;
    vd_element_trace    *e;
    vd_str              *expected;

    if (!vd_layer_has_principal(d->r->layer))
        return;
    e = add(d, VD_ELEMENT_PRINCIPAL);
    expected = get(d, p->count, sizeof *expected);
    if (!e || (!expected && p->count))
        return;
    e->negated = p->negated;
    e->matched = d->r->principal;
    for (uint32_t i = 0; i < p->count; i++)
        expected[i] = p->at[i].text.text;
    e->expected = expected;
    e->expected_count = p->count;
    principal_actual(d, e);
    if (!p->present) {
        e->at = vd_trace_pos(d->t, d->r->policy, d->r->statement->span);
        e->remark = VD_S("a statement without Principal never applies here");
        return;
    }
    if (p->count)
        point_principal(d, e, p);
    else
        e->at = vd_trace_pos(d->t, d->r->policy, p->value);
    if (p->negated && d->r->statement->effect == VD_EFFECT_ALLOW)
        e->remark = VD_S("NotPrincipal with Allow matches nobody");
    else if (p->negated && e->matched && d->c->inquiry.has_boundary)
        e->remark = VD_S("a principal with a permissions boundary is always denied by NotPrincipal");
    else if (p->negated && e->matched && d->r->kinds)
        e->remark = VD_S("every name of the principal must be listed: session, role or user, and account");
}

/* ------------------------------------------------------------------ Action */

static void describe_action(describer *d)
{
    const vd_list    *list = &d->r->statement->action;
    vd_element_trace *e = add(d, VD_ELEMENT_ACTION);
    vd_str           *actual = get(d, 1, sizeof *actual);

    if (!e || !actual)
        return;
    *actual = d->c->facts.action;
    e->negated = list->negated;
    e->matched = d->r->action;
    e->expected = texts_of(d, &list->texts);
    e->expected_count = e->expected ? list->texts.count : 0;
    e->actual = actual;
    e->actual_count = 1;
    point(d, e, &list->texts, list->value, true, true);
}

/* ------------------------------------------------------------------ Resource */

static vd_str unresolved_remark(describer *d, vd_expand state, vd_str variable)
{
    if (state == VD_EXPAND_BAD)
        return VD_S("\"${...}\" holds no usable key, so the text matches nothing");
    if (state == VD_EXPAND_SPOILT)
        return VD_S("the value of a variable cannot stand in this place");
    return vd_trace_text(d->t, "${" VD_F "} has no value here: the key is absent for %s", VD_A(variable),
                         vd_who_name(&d->c->facts));
}

static vd_str resource_remark(describer *d, vd_str pattern)
{
    const vd_facts *f = &d->c->facts;
    vd_str          text = vd_expand_shown(&d->c->inquiry, pattern);
    vd_arn          arn;

    if (f->resource_is_star)
        return vd_trace_text(d->t, VD_F " is checked against \"*\", which only \"*\" matches",
                             VD_A(f->action));
    if (vd_str_ieq(text, f->resource))
        return case_remark(text, f->resource);
    if (vd_resource_classify(pattern, d->r->policy->language == VD_LANGUAGE_2012) == VD_RESOURCE_SHORT &&
        !vd_policy_resource_completed(d->r->policy->kind, pattern))
        return VD_S("an ARN with fewer than six fields matches nothing in this kind of policy");
    if (!f->resource_is_arn || !vd_arn_split(&arn, text))
        return (vd_str){ "", 0 };
    if (!vd_str_eq(arn.partition, f->resource_arn.partition) && !vd_str_eq(arn.partition, VD_S("*")))
        return VD_S("the pattern is of another partition");
    if (vd_str_eq(arn.service, VD_S("s3")) && vd_str_starts(f->resource, text) &&
        f->resource.p[text.n] == '/')
        return vd_trace_text(d->t, "this names the bucket; its objects are \"" VD_F "/*\"", VD_A(text));
    if (vd_str_eq(arn.service, VD_S("s3")) && vd_str_ends(text, VD_S("/*")) &&
        vd_str_eq(vd_str_first(text, text.n - 2), f->resource))
        return vd_trace_text(d->t, "this names the objects; the bucket is \"" VD_F "\"", VD_A(f->resource));
    return (vd_str){ "", 0 };
}

static void describe_resource(describer *d)
{
    const vd_list    *list = &d->r->statement->resource;
    vd_element_trace *e;
    vd_str           *actual;
    size_t            near;

    if (!list->present)
        return;
    e = add(d, VD_ELEMENT_RESOURCE);
    actual = get(d, 1, sizeof *actual);
    if (!e || !actual)
        return;
    *actual = d->c->facts.resource;
    e->negated = list->negated;
    e->matched = d->r->resource;
    e->expected = texts_of(d, &list->texts);
    e->expected_count = e->expected ? list->texts.count : 0;
    e->expanded = expand_all(d, e->expected, e->expected_count);
    e->actual = actual;
    e->actual_count = 1;
    near = point(d, e, &list->texts, list->value, true, false);
    for (uint32_t i = 0; e->expanded && i < list->texts.count; i++) {
        vd_resource_match m = vd_resource_matches(&d->c->inquiry, d->r->policy, list->texts.at[i].text);

        if (m.expand == VD_EXPAND_OK || e->rule.n)
            continue;
        e->rule = VD_S("unresolved-variable");
        e->variable = m.variable;
        e->remark = unresolved_remark(d, m.expand, m.variable);
    }
    if (!e->matched && !e->negated && !e->remark.n && near < e->expected_count)
        e->remark = resource_remark(d, e->expected[near]);
}

/* ------------------------------------------------------------------ Condition */

static const vd_str rule_names[] = {
    [VD_RULE_COMPARED] = VD_L(""),
    [VD_RULE_MISSING_KEY] = VD_L("missing-key"),
    [VD_RULE_UNPARSABLE] = VD_L("unparsable"),
    [VD_RULE_MULTIVALUED] = VD_L("multivalued"),
    [VD_RULE_UNRESOLVED] = VD_L("unresolved-variable"),
    [VD_RULE_MALFORMED] = VD_L("malformed-value"),
    [VD_RULE_EMPTY_VALUES] = VD_L("empty-values"),
};

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

static vd_str condition_remark(describer *d, const vd_entry *entry, const vd_entry_result *r, vd_str near)
{
    const vd_operator *op = entry->op.op;

    switch (r->rule) {
    case VD_RULE_MISSING_KEY:
        if (op->test == VD_TEST_NULL)
            return (vd_str){ "", 0 };
        if (r->holds)
            return entry->op.if_exists ? VD_S("the key is absent, and ...IfExists then holds")
                   : entry->op.quantifier == VD_FOR_ALL
                       ? VD_S("the key is absent, and ForAllValues then holds")
                       : VD_S("the key is absent, and a negated test then holds");
        return VD_S("the request does not carry the key");
    case VD_RULE_UNPARSABLE:
        return VD_S("the value of the request is not of the type that the operator compares");
    case VD_RULE_MULTIVALUED:
        return VD_S("a key with several values needs ForAnyValue or ForAllValues");
    case VD_RULE_UNRESOLVED:
        return unresolved_remark(d, r->variable.n ? VD_EXPAND_UNRESOLVED : VD_EXPAND_BAD, r->variable);
    case VD_RULE_MALFORMED:
        return VD_S("a value of the policy is not of the type that the operator compares");
    case VD_RULE_EMPTY_VALUES:
        return VD_S("the list of values is empty");
    case VD_RULE_COMPARED:
        break;
    }
    if (r->holds || op->negated || !r->values.count)
        return (vd_str){ "", 0 };
    if ((op->test == VD_TEST_STRING || op->test == VD_TEST_STRING_FOLDED) && has_wildcard(near))
        return VD_S("wildcards are plain characters here; StringLike knows them");
    return case_remark(near, r->values.at[0]);
}

static void describe_entry(describer *d, const vd_entry *entry, const vd_entry_result *r)
{
    const vd_operator *op = entry->op.op;
    vd_element_trace  *e = add(d, VD_ELEMENT_CONDITION);
    size_t             near;
    bool               words;

    if (!e)
        return;
    e->operator_name = entry->operator_name.text;
    e->key = entry->key.text;
    e->negated = op && op->negated;
    e->expected = texts_of(d, &entry->values);
    e->expected_count = e->expected ? entry->values.count : 0;
    if (!op) { /* a malformed statement with an unknown operator */
        e->at = vd_trace_pos(d->t, d->r->policy, entry->operator_name.span);
        return;
    }
    e->matched = r->holds;
    e->actual = r->values.at;
    e->actual_count = r->values.count;
    e->absent = r->values.count == 0;
    e->derived = r->values.derived;
    e->rule = rule_names[r->rule];
    e->variable = r->variable;
    if (op->variables)
        e->expanded = expand_all(d, e->expected, e->expected_count);
    words = op->test == VD_TEST_STRING || op->test == VD_TEST_STRING_FOLDED || op->test == VD_TEST_LIKE ||
            op->test == VD_TEST_ARN;
    near = point(d, e, &entry->values, entry->value, op->globs, op->test == VD_TEST_STRING_FOLDED);
    if (!words) {
        e->differs_at = UINT32_MAX;
        e->nearest = (vd_str){ "", 0 };
    }
    e->remark = condition_remark(d, entry, r,
                                 near < e->expected_count ? e->expected[near] : (vd_str){ "", 0 });
}

/* ------------------------------------------------------------------ statements */

static const char *const kind_names[VD_MATCH_COUNT] = { "ANY",  "ROOT",    "ACCOUNT",    "USER",    "PARENT",
                                                        "ROLE", "SESSION", "FEDSESSION", "SERVICE", "IDP" };

static vd_str kinds_text(describer *d, uint32_t kinds)
{
    char   text[96];
    size_t n = 0;

    for (uint32_t i = 0; i < VD_MATCH_COUNT; i++) {
        size_t length = strlen(kind_names[i]);

        if (!(kinds >> i & 1))
            continue;
        if (n)
            text[n++] = ' ';
        memcpy(text + n, kind_names[i], length);
        n += length;
    }
    return n ? vd_trace_text(d->t, "%.*s", (int)n, text) : (vd_str){ "", 0 };
}

static void describe_elements(describer *d, vd_statement_trace *out)
{
    const vd_statement *s = d->r->statement;

    d->at = get(d, 3 + (size_t)s->entry_count, sizeof *d->at);
    if (!d->at)
        return;
    describe_principal(d);
    describe_action(d);
    describe_resource(d);
    for (uint32_t i = 0; i < s->entry_count; i++)
        describe_entry(d, &s->entries[i], &d->r->entries[i]);
    out->elements = (const vd_element_trace *const *)d->at;
    out->element_count = d->count;
}

const vd_statement_trace *vd_describe_statement(vd_tracer *t, vd_check_result *c, vd_statement_result *r)
{
    const vd_statement *s = r->statement;
    vd_statement_trace *out;
    describer           d = { .t = t, .c = c, .r = r };

    if (r->trace)
        return r->trace;
    out = vd_arena_new(t->arena, vd_statement_trace);
    if (!out) {
        t->nomem = true;
        return NULL;
    }
    *out = (vd_statement_trace){ .size = sizeof *out,
                                 .layer = r->layer,
                                 .level = r->level,
                                 .policy = r->id,
                                 .index = s->index,
                                 .policy_name = vd_policy_name(r->policy),
                                 .sid = s->sid.text,
                                 .at = vd_trace_pos(t, r->policy, s->span),
                                 .deny = s->effect == VD_EFFECT_DENY,
                                 .applied = r->applied,
                                 .malformed = r->malformed,
                                 .fault = s->fault,
                                 .failing = r->failing };
    if (r->principal && vd_layer_has_principal(r->layer))
        out->kinds = kinds_text(&d, r->kinds);
    if (!r->malformed)
        describe_elements(&d, out);
    r->trace = out;
    return out;
}
