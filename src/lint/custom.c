/* SPDX-License-Identifier: Apache-2.0
 *
 * Custom rules at work.  A selector asks about one statement; patterns of actions and resources count by what they have
 * in common with those of the statement, so that a wildcard is no way around.
 */
#include "lint/custom.h"

#include "base/str.h"
#include "catalog/catalog.h"
#include "pattern/overlap.h"

enum { LONGEST = 2048, SHOWN = 1024 };

typedef struct asking {
    vd_lint                 *l;
    const vd_view_statement *st;
    vd_span                  token; /* what matched; length 0: nothing in particular */
    vd_str                   said;
} asking;

/* ------------------------------------------------------------------ patterns */

static bool by_regex(vd_lint *l, const vd_matcher *m, vd_str s)
{
    vd_regex_answer answer;

    if (l->costly) /* what is told of the file; ten thousand more would take as long, each */
        return false;
    answer = vd_regex_match(m->regex, s);
    if (answer == VD_REGEX_TOO_COSTLY)
        l->costly = true;
    if (answer == VD_REGEX_NO_MEMORY)
        l->no_memory = true;
    return answer == VD_REGEX_YES;
}

static bool matches(vd_lint *l, const vd_matcher *m, vd_str s)
{
    return m->regex ? by_regex(l, m, s) : vd_view_action_matches(m->text, s);
}

static bool one_matches(vd_lint *l, const vd_matchers *list, vd_str s)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (matches(l, &list->at[i], s))
            return true;
    return false;
}

static bool overlaps(vd_str a, vd_str b)
{
    char p[LONGEST], q[LONGEST];

    if (a.n > LONGEST || b.n > LONGEST)
        return true;
    return vd_glob_overlaps((vd_str){ p, vd_glob_code(p, a) }, (vd_str){ q, vd_glob_code(q, b) });
}

/* ------------------------------------------------------------------ elements */

static bool action_matches(asking *a, const vd_selector *s, const vd_matchers *list, const vd_view_action *v)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const vd_matcher *m = &list->at[i];

        if (m->regex ? by_regex(a->l, m, v->text.text)
                     : s->literal ? vd_str_ieq(m->text, v->text.text) : vd_action_overlaps(m->text, v->text.text)) {
            a->token = v->text.span;
            a->said = v->text.text;
            return true;
        }
    }
    return false;
}

/* Of NotAction: some action of the patterns is not among those that are left out. */
static bool reaches_beyond(const asking *a, const vd_matchers *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        bool covered = list->at[i].regex != NULL;

        for (uint32_t k = 0; k < a->st->action_count && !covered; k++)
            covered = vd_action_covers(a->st->actions[k].text.text, list->at[i].text);
        if (!covered)
            return true;
    }
    return false;
}

static bool some_action(asking *a, const vd_selector *s, const vd_matchers *list)
{
    if (a->st->model->action.negated) {
        a->token = a->st->model->action.key;
        a->said = VD_S("NotAction");
        return !s->literal && reaches_beyond(a, list);
    }
    for (uint32_t i = 0; i < a->st->action_count; i++)
        if (!a->st->actions[i].hole && action_matches(a, s, list, &a->st->actions[i]))
            return true;
    return false;
}

static bool some_service(asking *a, const vd_matchers *list)
{
    for (uint32_t i = 0; i < a->st->action_count; i++) {
        const vd_view_action *v = &a->st->actions[i];

        if (v->star || one_matches(a->l, list, v->prefix)) {
            a->token = v->text.span;
            a->said = v->text.text;
            return true;
        }
    }
    return false;
}

static bool some_level(asking *a, const vd_matchers *list)
{
    static const vd_str names[] = { VD_L("list"), VD_L("read"), VD_L("tagging"), VD_L("write"), VD_L("permissions") };
    bool                wanted[VD_COUNT(names)];

    for (size_t i = 0; i < VD_COUNT(names); i++)
        wanted[i] = one_matches(a->l, list, names[i]);
    for (uint32_t i = 0; i < a->st->action_count; i++)
        for (uint32_t k = 0; k < a->st->actions[i].ids.count; k++)
            if (wanted[vd_catalog_level_of(a->l->catalog, a->st->actions[i].ids.at[k])]) {
                a->token = a->st->actions[i].text.span;
                a->said = a->st->actions[i].text.text;
                return true;
            }
    return false;
}

static bool some_resource(asking *a, const vd_selector *s)
{
    if (a->st->model->resource.negated)
        return false;
    for (uint32_t i = 0; i < a->st->resource_count; i++)
        for (uint32_t k = 0; k < s->resources.count && !a->st->resources[i].hole; k++) {
            const vd_matcher *m = &s->resources.at[k];
            vd_text           t = a->st->resources[i].text;

            if (m->regex ? by_regex(a->l, m, t.text) : s->literal ? vd_str_eq(m->text, t.text) : overlaps(m->text, t.text)) {
                if (a->token.length == 0) {
                    a->token = t.span;
                    a->said = t.text;
                }
                return true;
            }
        }
    return false;
}

static bool is_broad(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->resource_count; i++)
        if (st->resources[i].star)
            return true;
    return st->all_resources;
}

static vd_str shape_name(uint8_t shape)
{
    static const vd_str names[] = {
        [VD_SHAPE_EVERYONE] = VD_L("everyone"), [VD_SHAPE_ACCOUNT] = VD_L("account"), [VD_SHAPE_ROLE] = VD_L("role"),
        [VD_SHAPE_USER] = VD_L("user"), [VD_SHAPE_SESSION] = VD_L("session"),
        [VD_SHAPE_FEDERATED_USER] = VD_L("federated-user"), [VD_SHAPE_UNIQUE_ID] = VD_L("unique-id"),
        [VD_SHAPE_SERVICE] = VD_L("service"), [VD_SHAPE_FEDERATED] = VD_L("federated"),
        [VD_SHAPE_CANONICAL] = VD_L("canonical-user"), [VD_SHAPE_OTHER] = VD_L("other"),
    };

    return names[shape];
}

static bool some_principal(asking *a, const vd_selector *s)
{
    for (uint32_t i = 0; i < a->st->principal_count; i++) {
        const vd_view_principal *p = &a->st->principals[i];

        if ((s->principals.count && !one_matches(a->l, &s->principals, p->text.text)) ||
            (s->principal_kinds.count && !one_matches(a->l, &s->principal_kinds, shape_name(p->shape))))
            continue;
        if (a->token.length == 0) {
            a->token = p->text.span;
            a->said = p->text.text;
        }
        return true;
    }
    return false;
}

static bool some_key(asking *a, const vd_matchers *list)
{
    for (uint32_t i = 0; i < a->st->condition_count; i++)
        if (one_matches(a->l, list, a->st->conditions[i].key))
            return true;
    return false;
}

/* ------------------------------------------------------------------ conditions */

static bool values_fit(vd_lint *l, const vd_required_condition *c, const vd_texts *values)
{
    uint32_t fitting = 0;

    for (uint32_t i = 0; i < values->count; i++)
        fitting += vd_has_hole(values->at[i].text) || one_matches(l, &c->values, values->at[i].text);
    return c->values.count == 0 || (c->all_values ? fitting == values->count : fitting > 0);
}

static bool has_condition(vd_lint *l, const vd_view_statement *st, const vd_required_condition *c)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *v = &st->conditions[i];
        bool                     fits = c->operators.count == 0;

        if (v->key_hole)
            return true; /* it may be the one */
        for (uint32_t k = 0; k < c->operators.count; k++)
            fits |= vd_str_ieq(c->operators.at[k], v->entry->operator_name.text);
        if (fits && vd_str_ieq(c->key, v->key) && values_fit(l, c, &v->entry->values))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ selectors */

static bool policy_fits(vd_lint *l, const vd_selector *s)
{
    const vd_extracted *e = l->extracted;

    return (s->types.count == 0 || one_matches(l, &s->types, vd_policy_type_names[l->kind])) &&
           (s->containers.count == 0 || one_matches(l, &s->containers, e->container) ||
            one_matches(l, &s->containers, e->type)) &&
           (s->names.count == 0 || one_matches(l, &s->names, e->name));
}

static bool plain_fits(asking *a, const vd_selector *s)
{
    const vd_view_statement *st = a->st;

    if (s->effects && !(s->effects & (st->allow ? 1 : 2)))
        return false;
    if ((s->broad && !is_broad(st)) || (s->narrow && is_broad(st)))
        return false;
    if (!policy_fits(a->l, s))
        return false;
    return (s->actions.count == 0 || some_action(a, s, &s->actions)) &&
           (s->not_actions.count == 0 || (st->model->action.negated && some_action(a, &(vd_selector){ .literal = false }, &s->not_actions))) &&
           (s->services.count == 0 || some_service(a, &s->services)) && (s->levels.count == 0 || some_level(a, &s->levels)) &&
           (s->resources.count == 0 || some_resource(a, s)) &&
           (s->principals.count + s->principal_kinds.count == 0 || some_principal(a, s)) &&
           (s->keys.count == 0 || some_key(a, &s->keys)) && (s->sids.count == 0 || one_matches(a->l, &s->sids, st->model->sid.text)) &&
           (!s->condition.asked || has_condition(a->l, st, &s->condition));
}

/* The depth is that of the configuration, which is bounded where it is read (four). */
static bool fits(asking *a, const vd_selector *s)
{
    const vd_selector *stack[8];
    uint32_t           next[8] = { 0 };
    bool               answer[8];
    uint32_t           depth = 0;

    stack[0] = s;
    answer[0] = plain_fits(a, s);
    for (;;) {
        const vd_selector *at = stack[depth];
        uint32_t           all = at->part_count[VD_WHICH_ALL], any = at->part_count[VD_WHICH_ANY];
        uint32_t           i = next[depth], total = all + any + at->part_count[VD_WHICH_NONE];

        if (answer[depth] && i < total) {
            const vd_selector *part = i < all ? &at->parts[VD_WHICH_ALL][i]
                                      : i < all + any ? &at->parts[VD_WHICH_ANY][i - all]
                                                      : &at->parts[VD_WHICH_NONE][i - all - any];

            stack[++depth] = part;
            next[depth] = 0;
            answer[depth] = plain_fits(a, part);
            continue;
        }
        if (depth == 0)
            return answer[0];
        depth--;
        at = stack[depth];
        i = next[depth]++;
        all = at->part_count[VD_WHICH_ALL];
        any = at->part_count[VD_WHICH_ANY];
        if (i < all) {
            answer[depth] = answer[depth + 1];
        } else if (i < all + any) {
            if (answer[depth + 1])
                next[depth] = all + any; /* one is enough */
            else if (i + 1 == all + any)
                answer[depth] = false;
        } else if (answer[depth + 1]) {
            answer[depth] = false;
        }
    }
}

/* ------------------------------------------------------------------ requirements */

static vd_span action_span(const asking *a)
{
    if (a->token.length)
        return a->token;
    if (a->st->action_count)
        return a->st->actions[0].text.span;
    return vd_span_of_statement(a->l, a->st);
}

/* What is missing, in words; NULL: nothing.  Points at what is wrong. */
static const char *lacks(asking *a, const vd_custom *c, vd_span *at)
{
    const vd_view_statement *st = a->st;

    *at = action_span(a);
    if (c->require.condition.asked && !has_condition(a->l, st, &c->require.condition))
        return vd_lint_printf(a->l, "a condition on " VD_F " is required", VD_A(c->require.condition.key));
    if (c->require.boundary && !st->conditions_hole) {
        static const vd_required_condition boundary = { .asked = true, .key = VD_L("iam:PermissionsBoundary") };

        if (!has_condition(a->l, st, &boundary))
            return "a condition on iam:PermissionsBoundary is required";
    }
    for (uint32_t i = 0; c->require.resources.count && i < st->resource_count; i++)
        if (!st->resources[i].hole && !one_matches(a->l, &c->require.resources, st->resources[i].text.text))
            return vd_lint_printf(a->l, "the resource \"%s\" is not one that is allowed here",
                                  vd_lint_show(a->l, st->resources[i].text.text));
    for (uint32_t i = 0; c->require.principals.count && i < st->principal_count; i++)
        if (!st->principals[i].hole && !one_matches(a->l, &c->require.principals, st->principals[i].text.text))
            return vd_lint_printf(a->l, "the principal \"%s\" is not one that is allowed here",
                                  vd_lint_show(a->l, st->principals[i].text.text));
    if (c->require.sid.count && !one_matches(a->l, &c->require.sid, st->model->sid.text)) {
        if (st->model->has_sid)
            *at = st->model->sid.span;
        return "the Sid is not written as it is required";
    }
    return NULL;
}

/* {action}, {resource}, {sid} of the message. */
static const char *fill(asking *a, vd_str message)
{
    const vd_view_statement *st = a->st;
    struct {
        vd_str name, value;
    } fields[] = {
        { VD_L("{action}"), st && st->action_count ? st->actions[0].text.text : VD_S("") },
        { VD_L("{resource}"), st && st->resource_count ? st->resources[0].text.text : VD_S("") },
        { VD_L("{principal}"), st && st->principal_count ? st->principals[0].text.text : VD_S("") },
        { VD_L("{sid}"), st ? st->model->sid.text : VD_S("") },
    };
    char   out[SHOWN];
    size_t n = 0;

    if (a->said.n)
        fields[0].value = a->said;
    while (message.n && n + 1 < sizeof out) {
        size_t k = 0;

        while (k < VD_COUNT(fields) && !vd_str_starts(message, fields[k].name))
            k++;
        if (k == VD_COUNT(fields)) {
            out[n++] = message.p[0];
            message = vd_str_from(message, 1);
            continue;
        }
        message = vd_str_from(message, fields[k].name.n);
        for (const char *p = vd_lint_show(a->l, fields[k].value); p && *p && n + 1 < sizeof out; p++)
            out[n++] = *p;
    }
    return vd_lint_printf(a->l, "%.*s", (int)n, out);
}

static void offer_fix(const asking *a, const vd_custom *c, vd_finding *f)
{
    if (!f || c->fix.n == 0 || !a->st || a->st->model->has_condition)
        return;
    vd_finding_fix(a->l, f, VD_FIX_UNSAFE, "add the condition");
    vd_finding_edit(a->l, f, VD_EDIT_ADD_MEMBER, a->st->model->span, "\"Condition\": " VD_F, VD_A(c->fix));
}

static void look_at_statement(vd_lint *l, const vd_lint_rule *rule, const vd_custom *c, const vd_view_statement *st)
{
    asking      a = { .l = l, .st = st, .said = VD_S("") };
    const char *missing;
    vd_span     at;

    if (c->has_when && !fits(&a, &c->when))
        return;
    if (c->has_forbid && fits(&a, &c->forbid)) {
        vd_finding *f = vd_lint_report(l, rule, st, action_span(&a), "%s",
                                       c->message.n ? fill(&a, c->message) : "this is forbidden here");

        offer_fix(&a, c, f);
    }
    if (!c->has_require)
        return;
    missing = lacks(&a, c, &at);
    if (missing)
        offer_fix(&a, c, vd_lint_report(l, rule, st, at, "%s", c->message.n ? fill(&a, c->message) : missing));
}

static void look_at_policy(vd_lint *l, const vd_lint_rule *rule, const vd_custom *c)
{
    bool   found = false;
    asking a = { .l = l, .said = VD_S("") };

    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        if (c->has_forbid || c->has_require)
            look_at_statement(l, rule, c, st);
        a.st = st;
        found |= c->has_statement && !found && fits(&a, &c->statement);
    }
    a.st = NULL;
    if (c->has_statement && !found)
        vd_lint_report(l, rule, NULL, vd_span_of_document(l), "%s",
                       c->message.n ? fill(&a, c->message) : "a statement that is required here is missing");
}

void vd_customs_run(vd_lint *l, const vd_customs *customs)
{
    for (uint32_t i = 0; i < customs->count && l->policy; i++) {
        const vd_custom *c = &customs->at[i];
        bool             kind = c->kinds >> l->kind & 1;

        if (kind && l->kind == VD_KIND_RESOURCE && c->resource_kinds.count)
            kind = vd_strs_have(c->resource_kinds, l->resource_kind);
        if (kind && vd_lint_wants(l, &customs->rules[i]))
            look_at_policy(l, &customs->rules[i], c);
    }
}
