/* SPDX-License-Identifier: Apache-2.0
 *
 * With --semantic: what symbolic/redundant.h proves, told under the ids of the rules that mean the same.  What another
 * rule's safe fix takes out is as good as gone, so that no two fixes lean on each other.  Statements with holes are left to
 * the test by text: a proof would be about one filling only.
 */
#include "lint/rules/redundancy.h"

#include "base/engine.h"
#include "base/str.h"
#include "lint/rules/entry.h"
#include "lint/rules/redundancy_absent.h"

enum { TOTAL = 200000000, MOST_TOLD = 8 };
enum { CUT = 1, BEYOND = 2 };

typedef struct proof {
    vd_lint    *l;
    vd_arena    work;     /* of the proofs: goes when they are told */
    vd_suspect *suspects;
    uint32_t   *of;       /* suspect to statement */
    uint32_t    count;
    vd_absent   absent;   /* entries that go by fixes of other rules */
    bool       *told;     /* by statement: something in it goes */
    uint8_t    *open;     /* by statement: CUT, BEYOND: why there is no answer about something in it */
} proof;

/* ------------------------------------------------------------------ what is asked */

/* A row of another group. */
static const vd_lint_rule *borrow(vd_lint *l, const char *id)
{
    uint32_t            index = vd_lint_rule_find(vd_str_of(id));
    const vd_lint_rule *rule = vd_lint_rule_at(index, &l->group);

    l->group_base = index - (uint32_t)(rule - l->group->rules);
    return rule;
}

/* The rules of other groups that proofs speak under, by element. */
static const char *const lists[] = { "redundant-principal", "redundant-action", "redundant-resource",
                                     "redundant-condition-value" };

/* Whoever turned off all that could be told needs no proof. */
static bool is_wanted(vd_lint *l)
{
    static const uint8_t own[] = { DUPLICATE_STATEMENT, COVERED_STATEMENT, COVERED_ACTIONS, ALLOW_FULLY_DENIED,
                                   ALLOW_PARTLY_DENIED, STATEMENT_GRANTS_NOTHING, DENY_DOES_NOTHING, DEAD_ENTRY,
                                   IDLE_CONDITION, IDLE_DENY };
    const vd_lint_group *group = l->group;
    uint32_t             base = l->group_base;
    bool                 wanted = false;

    for (size_t i = 0; i < VD_COUNT(own); i++)
        wanted |= vd_lint_wants(l, &vd_redundancy_rules[own[i]]);
    for (size_t i = 0; i < VD_COUNT(lists) && !wanted; i++)
        wanted = vd_lint_wants(l, borrow(l, lists[i]));
    l->group = group;
    l->group_base = base;
    return wanted;
}

static bool has_hole(const vd_view_statement *st)
{
    bool hole = st->actions_hole || st->resources_hole || st->principals_hole || st->conditions_hole;

    for (uint32_t i = 0; i < st->action_count; i++)
        hole |= st->actions[i].hole;
    for (uint32_t i = 0; i < st->resource_count; i++)
        hole |= st->resources[i].hole;
    for (uint32_t i = 0; i < st->principal_count; i++)
        hole |= st->principals[i].hole;
    for (uint32_t i = 0; i < st->condition_count; i++)
        hole |= st->conditions[i].key_hole || st->conditions[i].value_hole;
    return hole;
}

static bool same_span(vd_span a, vd_span b)
{
    return a.offset == b.offset && a.length == b.length;
}

static bool gather(proof *p)
{
    vd_lint *l = p->l;

    p->suspects = vd_arena_new_array(&p->work, vd_suspect, (size_t)l->statement_count + 1);
    p->of = vd_arena_new_array(&p->work, uint32_t, (size_t)l->statement_count + 1);
    p->told = vd_arena_new_array(l->arena, bool, (size_t)l->statement_count + 1);
    p->open = vd_arena_new_array(&p->work, uint8_t, (size_t)l->statement_count + 1);
    if (!p->suspects || !p->of || !p->told || !p->open) {
        l->no_memory = true;
        return false;
    }
    for (uint32_t i = 0; i < l->statement_count; i++)
        if (!has_hole(&l->statements[i])) {
            p->of[p->count] = i;
            p->suspects[p->count++] = (vd_suspect){ .policy = l->policy, .index = l->statements[i].model->index };
        }
    vd_redundancy_find_absent(&p->absent, l, &p->work, p->suspects, p->of, p->count);
    return !l->no_memory;
}

/* ------------------------------------------------------------------ words */

/* "statement 2", "statements 2 and 5" */
static const char *name_statements(proof *p, const vd_redundancy *r)
{
    vd_str   numbers[MOST_TOLD];
    uint32_t n = r->because_count < MOST_TOLD ? r->because_count : MOST_TOLD;

    if (r->because_count == 1)
        return vd_lint_printf(p->l, "statement %u", (unsigned)p->of[r->because[0]] + 1);
    for (uint32_t i = 0; i < n; i++)
        numbers[i] = vd_str_of(vd_lint_printf(p->l, "%u", (unsigned)p->of[r->because[i]] + 1));
    return vd_lint_printf(p->l, "statements %s%s", vd_lint_list(p->l, numbers, n), n < r->because_count ? " and more" : "");
}

static const char *what_they_do(const vd_redundancy *r, bool allow)
{
    return r->by == VD_BY_BOTH ? "allowed or denied" : r->by == VD_BY_DENY || !allow ? "denied" : "allowed";
}

static const char *as_far(const vd_redundancy *r)
{
    return r->soft ? ", as far as the catalogue knows" : "";
}

static void relate(proof *p, vd_finding *f, const vd_redundancy *r)
{
    for (uint32_t i = 0; i < r->because_count && i < MOST_TOLD; i++) {
        const vd_view_statement *t = &p->l->statements[p->of[r->because[i]]];

        vd_finding_relate(p->l, f, vd_span_of_statement(p->l, t), "statement %u", (unsigned)t->index + 1);
    }
    if (f && r->soft && f->confidence < VD_CONFIDENCE_MEDIUM)
        vd_finding_confidence(f, VD_CONFIDENCE_MEDIUM);
}

static vd_fix_kind fix_of(const vd_redundancy *r)
{
    return r->soft ? VD_FIX_UNSAFE : VD_FIX_SAFE;
}

static bool is_reported(const vd_lint *l, const char *id, const vd_view_statement *st)
{
    uint32_t rule = vd_lint_rule_find(vd_str_of(id));

    return rule != VD_NONE && vd_lint_remembered(l, rule, st->index) != NULL;
}

/* ------------------------------------------------------------------ statements */

/* Somebody has said why already; what the catalogue thinks of actions and resources is said in many ways. */
static bool is_explained(const vd_lint *l, const vd_view_statement *st, bool soft)
{
    static const char *const rules[] = { "statement-grants-nothing", "deny-does-nothing", "condition-never-true",
                                         "contradicting-not", "not-resource-deny-nothing", "not-action-empty",
                                         "action-resource-mismatch", "action-needs-star", "retired-action",
                                         "condition-key-unsupported", "condition-key-unsupported-for-service",
                                         "arn-shape-trap", "s3-bucket-object-mixup" };

    for (size_t i = 0; i < (soft ? VD_COUNT(rules) : 6); i++)
        if (is_reported(l, rules[i], st))
            return true;
    return false;
}

static void tell_unmet(proof *p, const vd_view_statement *st, const vd_redundancy *r)
{
    vd_lint    *l = p->l;
    vd_finding *f;

    if (is_explained(l, st, r->soft))
        return;
    f = vd_lint_report(l, &vd_redundancy_rules[st->allow ? STATEMENT_GRANTS_NOTHING : DENY_DOES_NOTHING], st,
                       vd_span_of_statement(l, st), "this statement %s: no request is all that it asks for%s",
                       st->allow ? "can never allow anything" : "never denies anything", as_far(r));
    if (r->soft)
        vd_finding_severity(f, VD_WARNING);
    relate(p, f, r);
}

static void tell_denied(proof *p, const vd_view_statement *st, const vd_redundancy *r)
{
    relate(p, vd_lint_report(p->l, &vd_redundancy_rules[ALLOW_FULLY_DENIED], st, vd_span_of_statement(p->l, st),
                             "denied in full by %s: grants nothing%s", name_statements(p, r), as_far(r)),
           r);
}

/* What an administrator's statement covers is told there. */
static bool is_told_there(const proof *p, const vd_redundancy *r)
{
    const vd_view_statement *t = &p->l->statements[p->of[r->because[0]]];

    return r->because_count == 1 && t->allow && t->all_actions && t->all_resources && t->condition_count == 0 &&
           vd_lint_remembered(p->l, vd_lint_rule_find(VD_S("admin-access")), t->index) != NULL;
}

static bool is_same_form(const vd_view_statement *s, const vd_view_statement *t)
{
    return s->action_count == t->action_count && s->resource_count == t->resource_count &&
           s->principal_count == t->principal_count && s->condition_count == t->condition_count &&
           s->model->action.negated == t->model->action.negated && s->model->resource.negated == t->model->resource.negated;
}

static void tell_covered(proof *p, const vd_view_statement *st, const vd_redundancy *r)
{
    vd_lint    *l = p->l;
    bool        equal = r->mutual && !r->soft && is_same_form(st, &l->statements[p->of[r->because[0]]]);
    vd_finding *f;

    if (is_told_there(p, r))
        return;
    if (equal)
        f = vd_lint_report(l, &vd_redundancy_rules[DUPLICATE_STATEMENT], st, vd_span_of_statement(l, st),
                           "same as %s; the next edit will change one and not the other", name_statements(p, r));
    else
        f = vd_lint_report(l, &vd_redundancy_rules[COVERED_STATEMENT], st, vd_span_of_statement(l, st),
                           "everything here is already %s by %s%s", what_they_do(r, st->allow), name_statements(p, r), as_far(r));
    relate(p, f, r);
    vd_finding_fix(l, f, fix_of(r), "remove the statement");
    vd_finding_edit(l, f, VD_EDIT_DELETE_ITEM, st->model->span, "%s", "");
}

static void tell_idle_deny(proof *p, const vd_view_statement *st, const vd_redundancy *r)
{
    relate(p, vd_lint_report(p->l, &vd_redundancy_rules[IDLE_DENY], st, vd_span_of_statement(p->l, st),
                             "nothing that this policy allows is denied here%s", as_far(r)),
           r);
}

/* ------------------------------------------------------------------ entries */

static const vd_text *text_of(const vd_statement *m, const vd_part *part)
{
    switch (part->element) {
    case VD_ELEMENT_ACTION:
        return &m->action.texts.at[part->entry];
    case VD_ELEMENT_RESOURCE:
        return &m->resource.texts.at[part->entry];
    case VD_ELEMENT_PRINCIPAL:
        return &m->principal.at[part->entry].text;
    default:
        return &m->entries[part->entry].values.at[part->value];
    }
}

static bool is_exception(const vd_statement *m, const vd_part *part)
{
    switch (part->element) {
    case VD_ELEMENT_ACTION:
        return m->action.negated;
    case VD_ELEMENT_RESOURCE:
        return m->resource.negated;
    default:
        return part->element == VD_ELEMENT_PRINCIPAL && m->principal.negated;
    }
}

/* The rule that means it; the group is changed for it. */
static const vd_lint_rule *rule_of(vd_lint *l, const vd_statement *m, const vd_redundancy *r)
{
    if (is_exception(m, &r->part) && r->by != VD_BY_LIST)
        return &vd_redundancy_rules[DEAD_ENTRY];
    if (r->by == VD_BY_LIST)
        return borrow(l, lists[r->part.element]);
    if (r->part.element == VD_ELEMENT_ACTION && r->by == VD_BY_DENY)
        return &vd_redundancy_rules[ALLOW_PARTLY_DENIED];
    return &vd_redundancy_rules[r->part.element == VD_ELEMENT_ACTION && r->by != VD_BY_NOTHING ? COVERED_ACTIONS : DEAD_ENTRY];
}

/* What goes is an exception. */
static const char *why_no_exception(proof *p, const vd_view_statement *st, const vd_redundancy *r)
{
    if (r->by == VD_BY_NOTHING || r->by == VD_BY_LIST)
        return vd_lint_printf(p->l, "leaves out nothing that the statement would match without it%s", as_far(r));
    return vd_lint_printf(p->l, "leaves out what is already %s by %s%s", what_they_do(r, st->allow), name_statements(p, r), as_far(r));
}

static const char *why(proof *p, const vd_view_statement *st, const vd_redundancy *r)
{
    if (is_exception(st->model, &r->part))
        return why_no_exception(p, st, r);
    if (r->by == VD_BY_NOTHING)
        return vd_lint_printf(p->l, "matches nothing that the rest of the statement matches%s", as_far(r));
    if (r->by == VD_BY_LIST)
        return vd_lint_printf(p->l, "already covered by the rest of the list%s", as_far(r));
    if (r->by == VD_BY_DENY)
        return vd_lint_printf(p->l, "is denied by %s%s", name_statements(p, r), as_far(r));
    return vd_lint_printf(p->l, "already %s by %s%s", what_they_do(r, st->allow), name_statements(p, r), as_far(r));
}

/* The last principal of its type would leave an empty list behind. */
static bool may_go(const vd_statement *m, const vd_part *part)
{
    uint32_t same = 0;

    if (part->element != VD_ELEMENT_PRINCIPAL)
        return true;
    for (uint32_t i = 0; i < m->principal.count; i++)
        same += m->principal.at[i].type == m->principal.at[part->entry].type;
    return same > 1;
}

/* Something worse is told of it, or that it goes. */
static bool is_token_told(const vd_lint *l, vd_span span)
{
    for (uint32_t i = 0; i < l->finding_count; i++) {
        const vd_finding *f = l->findings[i];

        if (!same_span(f->span, span))
            continue;
        if (f->severity >= VD_WARNING)
            return true;
        for (uint32_t k = 0; k < f->fix_count; k++)
            if (f->fixes[k].kind == VD_FIX_SAFE && f->fixes[k].count == 1 && f->fixes[k].edits[0].op == VD_EDIT_DELETE_ITEM)
                return true;
    }
    return false;
}

static void tell_entry(proof *p, const vd_view_statement *st, const vd_redundancy *r)
{
    vd_lint             *l = p->l;
    const vd_lint_group *group = l->group;
    uint32_t             base = l->group_base;
    const vd_text       *text = text_of(st->model, &r->part);
    const vd_lint_rule  *rule = rule_of(l, st->model, r);
    vd_finding          *f = NULL;

    if (r->by != VD_BY_NOTHING || !is_token_told(l, text->span))
        f = vd_lint_report(l, rule, st, text->span, "%s %s", vd_lint_show(l, text->text), why(p, st, r));
    relate(p, f, r);
    if (rule->fix != VD_FIX_ADVICE && may_go(st->model, &r->part)) {
        vd_finding_fix(l, f, fix_of(r), "remove it");
        vd_finding_edit(l, f, VD_EDIT_DELETE_ITEM, text->span, "%s", "");
    }
    l->group = group;
    l->group_base = base;
}

/* A rule that needs no proof has said so of this very entry. */
static bool is_always_true(const vd_lint *l, const vd_view_statement *st, const vd_entry *e)
{
    uint32_t          rule = vd_lint_rule_find(VD_S("condition-always-true"));
    const vd_finding *f = rule == VD_NONE ? NULL : vd_lint_remembered(l, rule, st->index);
    bool              told = f && same_span(f->span, e->value);

    for (uint32_t i = 0; f && i < f->related_count; i++)
        told |= same_span(f->related[i].span, e->value);
    return told;
}

/* What the rest of the statement sees to excludes nothing.  A guard that is one too many today is for people to judge. */
static vd_fix_kind fix_of_condition(const vd_redundancy *r)
{
    return r->soft || r->because_count ? VD_FIX_UNSAFE : VD_FIX_SAFE;
}

/* Rules ask for such exceptions in a Deny; that none is needed here is so only because nobody asks on behalf of another. */
static bool is_service_guard(const vd_entry *e)
{
    static const vd_str keys[] = { VD_L("aws:PrincipalIsAWSService"), VD_L("aws:ViaAWSService"), VD_L("aws:CalledVia") };

    for (size_t i = 0; i < VD_COUNT(keys); i++)
        if (vd_str_ieq(e->key.text, keys[i]))
            return true;
    return false;
}

static void tell_condition(proof *p, const vd_view_statement *st, const vd_redundancy *r)
{
    vd_lint        *l = p->l;
    const vd_entry *e = &st->model->entries[r->part.entry];
    vd_finding     *f;

    if (is_always_true(l, st, e))
        return;
    f = vd_lint_report_apart(l, &vd_redundancy_rules[IDLE_CONDITION], st, e->key.span, "%s " VD_F " changes nothing: %s%s",
                             vd_lint_show(l, e->operator_name.text), VD_A(vd_str_of(vd_lint_show(l, e->key.text))),
                             r->because_count     ? vd_lint_printf(l, "without it the rest is already %s by %s",
                                                                   what_they_do(r, st->allow), name_statements(p, r))
                             : st->condition_count > 1 ? "the rest of the statement sees to it"
                                                       : "every request that the statement is about meets it",
                             as_far(r));
    relate(p, f, r);
    if (!is_service_guard(e))
        vd_fix_drop_entry(l, f, fix_of_condition(r), st->model, e);
}

/* ------------------------------------------------------------------ all of it */

static bool tell(void *user, const vd_redundancy *r)
{
    proof                   *p = user;
    const vd_view_statement *st = &p->l->statements[p->of[r->part.suspect]];

    p->told[st->index] |= r->kind != VD_REDUNDANT_IDLE_DENY && r->kind != VD_REDUNDANT_CONDITION;
    switch (r->kind) {
    case VD_REDUNDANT_UNSATISFIABLE:
        tell_unmet(p, st, r);
        break;
    case VD_REDUNDANT_SHADOWED:
        tell_denied(p, st, r);
        break;
    case VD_REDUNDANT_SUBSUMED:
        tell_covered(p, st, r);
        break;
    case VD_REDUNDANT_ENTRY:
        tell_entry(p, st, r);
        break;
    case VD_REDUNDANT_CONDITION:
        tell_condition(p, st, r);
        break;
    default:
        tell_idle_deny(p, st, r);
        break;
    }
    return !p->l->no_memory;
}

static void keep_undecided(void *user, uint32_t suspect, bool budget)
{
    proof *p = user;

    p->open[p->of[suspect]] |= budget ? CUT : BEYOND;
}

static void tell_undecided(proof *p, vd_lint_undecided *out, uint8_t why)
{
    vd_lint *l = p->l;
    vd_str  *numbers = vd_arena_new_array(&p->work, vd_str, (size_t)l->statement_count + 1);

    if (!numbers) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < l->statement_count; i++) {
        if (!(p->open[i] & why))
            continue;
        if (out->count == 0)
            out->span = vd_span_of_statement(l, &l->statements[i]);
        numbers[out->count++] = vd_str_of(vd_lint_printf(l, "%u", (unsigned)i + 1));
    }
    if (out->count)
        out->statements = vd_str_of(vd_lint_printf(l, "statement%s %s", out->count == 1 ? "" : "s",
                                                   vd_lint_list(l, numbers, out->count)));
}

/* Statements that nothing was proved of because of holes, or want of budget, are held against the others by text. */
static void fall_back(proof *p, bool spent)
{
    vd_lint *l = p->l;
    bool    *dead = vd_arena_new_array(l->arena, bool, (size_t)l->statement_count + 1);
    bool     any = false;

    if (!dead) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < l->statement_count; i++) {
        dead[i] = p->told[i] || (!spent && !has_hole(&l->statements[i]));
        any |= !dead[i];
    }
    if (any)
        vd_redundancy_look_at_cover(l, dead, p->told);
}

/* What there is for all questions about this policy: its own share, and never more than is left of that of a run. */
static uint64_t share(const vd_lint *l)
{
    uint64_t own = l->config->budget_total ? l->config->budget_total : TOTAL;

    return l->units_left && *l->units_left < own ? *l->units_left : own;
}

static void prove(proof *p)
{
    vd_lint            *l = p->l;
    vd_error            err = { .size = sizeof err };
    vd_symbolic        *s = NULL;
    vd_symbolic_opts    o = { .catalog = l->catalog, .now = { .seconds = l->config->now }, .budget = l->config->budget };
    vd_redundancy_opts  how = { .budget = share(l), .spent = share(l) == 0, .undecided = keep_undecided,
                                .absent = p->absent.at, .absent_count = p->absent.count,
                                .idle_denies = vd_lint_wants(l, &vd_redundancy_rules[IDLE_DENY]) };
    vd_redundancy_count tally = { 0 };

    if (p->count && (vd_symbolic_new(&s, l->engine, &o, &err) != VD_OK ||
                     !vd_redundancies(s, p->suspects, p->count, &how, &p->work, tell, p, &tally)))
        l->no_memory = true;
    if (s && l->units_left)
        *l->units_left -= vd_symbolic_units(s) < *l->units_left ? vd_symbolic_units(s) : *l->units_left;
    vd_symbolic_free(s);
    tell_undecided(p, &l->cut, CUT);
    tell_undecided(p, &l->beyond, BEYOND);
    if (!l->no_memory && l->statement_count > 1)
        fall_back(p, tally.spent);
}

void vd_redundancy_prove(vd_lint *l)
{
    proof p = { .l = l, .work = vd_arena_on(&l->engine->alloc, 0) };

    if (l->policy && l->usable && l->statement_count && is_wanted(l) && gather(&p))
        prove(&p);
    vd_arena_done(&p.work);
}
