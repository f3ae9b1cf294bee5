/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements that differ in one list only and could be one: of interest when the policy comes close to its quota.
 */
#include "lint/rules/redundancy.h"

#include "base/str.h"

enum { MOST_STATEMENTS = 200, SAMPLE = 8 };

typedef enum list { NO_LIST, ACTIONS, RESOURCES, PRINCIPALS } list;

static bool is_asked_for(const vd_lint *l)
{
    const vd_rule_choice *c = &l->config->rules[l->group_base + MERGEABLE_STATEMENTS];

    for (uint32_t i = 0; i < l->finding_count; i++) {
        vd_str id = vd_str_of(l->findings[i]->rule->id);

        if (vd_str_starts(id, VD_S("policy-size-")))
            return true;
    }
    return c->chosen;
}

static bool same_actions(const vd_view_statement *a, const vd_view_statement *b)
{
    return a->model->action.negated == b->model->action.negated &&
           vd_cover_actions(a, b) == VD_COVERED_TEXT && vd_cover_actions(b, a) == VD_COVERED_TEXT;
}

static bool same_resources(vd_lint *l, const vd_view_statement *a, const vd_view_statement *b)
{
    return a->model->resource.negated == b->model->resource.negated && vd_cover_resources(l, a, b) &&
           vd_cover_resources(l, b, a);
}

static bool same_principals(const vd_view_statement *a, const vd_view_statement *b)
{
    return vd_cover_principals(a, b) && vd_cover_principals(b, a);
}

static bool has_hole(const vd_view_statement *st)
{
    return st->actions_hole || st->resources_hole || st->principals_hole || st->conditions_hole;
}

/* What is left to write of the second one when the first takes its list: 0: they cannot be one. */
static uint32_t list_left(vd_lint *l, const vd_view_statement *a, const vd_view_statement *b, list *by)
{
    bool actions, resources, principals;

    if (a->allow != b->allow || a->model->malformed || b->model->malformed || has_hole(a) || has_hole(b) ||
        a->condition_count != b->condition_count || !vd_cover_conditions(a, b) || !vd_cover_conditions(b, a))
        return 0;
    actions = same_actions(a, b);
    resources = same_resources(l, a, b);
    principals = same_principals(a, b);
    if (actions + resources + principals != 2)
        return 0;
    *by = !actions ? ACTIONS : !resources ? RESOURCES : PRINCIPALS;
    if (!actions)
        return a->model->action.negated || b->model->action.negated ? 0 : b->model->action.value.length;
    if (!resources)
        return a->model->resource.negated || b->model->resource.negated ? 0 : b->model->resource.value.length;
    return a->model->principal.negated || b->model->principal.negated ? 0 : b->model->principal.value.length;
}

/* Those that the first one can take in, all by the same list of it: what is told of them is one finding. */
typedef struct family {
    list                     by;
    vd_str                   numbers[SAMPLE];
    uint32_t                 count, saved;
    const vd_view_statement *first; /* of those taken in */
} family;

static void take_in(vd_lint *l, family *f, const vd_view_statement *st, uint32_t left)
{
    if (f->count == 0)
        f->first = st;
    if (f->count < SAMPLE)
        f->numbers[f->count] = vd_str_of(vd_lint_printf(l, "%u", (unsigned)st->index + 1));
    f->count++;
    f->saved += st->model->span.length - left;
}

static void tell(vd_lint *l, const family *f, uint32_t into)
{
    if (f->count == 1)
        vd_lint_report(l, &vd_redundancy_rules[MERGEABLE_STATEMENTS], f->first,
                       vd_span_of_statement(l, f->first),
                       "differs from statement %u in one list only; merging saves about %u characters",
                       (unsigned)into + 1, (unsigned)f->saved);
    else
        vd_lint_report(
            l, &vd_redundancy_rules[MERGEABLE_STATEMENTS], f->first, vd_span_of_statement(l, f->first),
            "statements %s differ from statement %u in one list only; merging saves about %u characters",
            vd_lint_list(l, f->numbers, f->count), (unsigned)into + 1, (unsigned)f->saved);
}

void vd_redundancy_look_at_merges(vd_lint *l)
{
    uint32_t most = l->statement_count < MOST_STATEMENTS ? l->statement_count : MOST_STATEMENTS;
    bool     taken[MOST_STATEMENTS] = { false };

    if (!vd_lint_wants(l, &vd_redundancy_rules[MERGEABLE_STATEMENTS]) || !is_asked_for(l))
        return;
    for (uint32_t i = 0; i < most; i++) {
        family f = { .by = NO_LIST };

        for (uint32_t k = i + 1; k < most && !taken[i]; k++) {
            const vd_view_statement *st = &l->statements[k];
            list                     by = NO_LIST;
            uint32_t                 left = taken[k] ? 0 : list_left(l, &l->statements[i], st, &by);

            if (left == 0 || left >= st->model->span.length || (f.by != NO_LIST && f.by != by))
                continue;
            f.by = by;
            taken[k] = true;
            take_in(l, &f, st, left);
        }
        if (f.count)
            tell(l, &f, i);
    }
}
