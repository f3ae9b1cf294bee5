/* SPDX-License-Identifier: Apache-2.0
 *
 * One policy through all groups.
 */
#include "lint/lint.h"

#include "base/error.h"
#include "base/str.h"
#include "lint/custom.h"
#include "lint/supersede.h"
#include "policy/rules.h"

typedef struct faults {
    vd_lint *l;
} faults;

/* Statements stand in the order of their texts, unless YAML calls some by their alias. */
static uint32_t statement_of(const vd_lint *l, vd_span span)
{
    const vd_policy *p = l->policy;
    uint32_t         low = 0, high = p ? p->statement_count : 0;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (p->statements[mid].span.offset <= span.offset)
            low = mid + 1;
        else
            high = mid;
    }
    return low && span.offset < p->statements[low - 1].span.offset + p->statements[low - 1].span.length ? low - 1 : VD_NONE;
}

/* What src/policy found becomes a finding of the rule with the same id, once the whole policy is read. */
static void adopt_fault(void *user, uint8_t rule, int8_t severity, vd_span span, vd_str text, vd_str hint)
{
    vd_lint             *l = ((faults *)user)->l;
    uint32_t             index = vd_lint_rule_find(vd_rule_rows[rule].id);
    const vd_lint_group *group;
    const vd_lint_rule  *row;
    vd_finding          *f;

    if (index == VD_NONE)
        return; /* AWS's own names for what another rule says better */
    row = vd_lint_rule_at(index, &group);
    f = vd_arena_new(l->arena, vd_finding);
    if (!f || !vd_arena_dup(l->arena, &f->message, text) || !vd_arena_dup(l->arena, &f->hint, hint) ||
        !VD_ARENA_PUSH(l->arena, l->findings, l->finding_count, l->finding_cap, f)) {
        l->no_memory = true;
        return;
    }
    f->rule = row;
    f->rule_index = index;
    f->severity = severity;
    f->score = row->score;
    f->confidence = row->confidence;
    f->span = span;
    f->adopted = true;
    f->statement = VD_NONE;
}

/* Off, or not for this kind: gone.  The others join by rule and statement, and their groups may add to them. */
static void settle_adopted(vd_lint *l)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < l->finding_count; i++) {
        vd_finding *f = l->findings[i], *first = NULL;
        vd_str      text = l->policy->source.text;

        vd_lint_rule_at(f->rule_index, &l->group);
        l->group_base = f->rule_index - (uint32_t)(f->rule - l->group->rules);
        if (!vd_lint_wants(l, f->rule))
            continue;
        f->statement = statement_of(l, f->span);
        f->token = vd_str_first(vd_str_from(text, f->span.offset), f->span.length);
        if (f->token.n >= 2 && f->token.p[0] == '"' && f->token.p[f->token.n - 1] == '"')
            f->token = vd_str_first(vd_str_from(f->token, 1), f->token.n - 2);
        if (l->group->adopt)
            l->group->adopt(l, f);
        if (!f->rule)
            continue;
        first = vd_lint_remembered(l, f->rule_index, f->statement);
        if (!first) {
            l->findings[kept++] = f;
            if (!vd_lint_remember(l, f))
                l->no_memory = true;
            continue;
        }
        first->more++;
        vd_finding_relate(l, first, f->span, VD_F, VD_A(f->message));
        for (uint32_t k = 0; k < f->fix_count; k++)
            if (!VD_ARENA_PUSH(l->arena, first->fixes, first->fix_count, first->fix_cap, f->fixes[k]))
                l->no_memory = true;
    }
    l->finding_count = kept;
}

static void run_group(vd_lint *l, const vd_lint_group *g)
{
    if (g->policy)
        g->policy(l);
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        if (g->statement)
            g->statement(l, st);
        for (uint32_t k = 0; g->condition && k < st->condition_count; k++)
            g->condition(l, st, &st->conditions[k]);
    }
}

vd_code vd_lint_run(vd_lint *l, vd_error *err)
{
    faults         f = { l };
    vd_policy_sink sink = { adopt_fault, &f };

    if (l->extracted->node != VD_NONE) {
        vd_policy *policy = NULL;

        VD_TRY(vd_policy_read_leniently(&policy, l->engine, l->kind, l->file, l->doc, l->extracted->node, &sink,
                                        &l->usable, err));
        l->policy = policy;
        if (!vd_view_make(&l->statements, &l->statement_count, l->arena, l->catalog, l->expansions, l->config, policy))
            return vd_fail_nomem(err);
        settle_adopted(l);
    }
    l->group_base = 0;
    for (uint32_t i = 0; i < vd_lint_group_count && !l->no_memory; i++) {
        l->group = vd_lint_groups[i];
        run_group(l, l->group);
        l->group_base += l->group->count;
    }
    if (l->config->customs && !l->no_memory) {
        l->group = &l->config->customs->group;
        vd_customs_run(l, l->config->customs);
    }
    if (l->costly)
        return vd_fail(err, VD_ELIMIT, "a regular expression of the configuration takes too long on what stands here");
    return l->no_memory ? vd_fail_nomem(err) : VD_OK;
}

void vd_lint_run_identity(vd_lint *const *policies, uint32_t count)
{
    uint32_t base = 0;

    for (uint32_t i = 0; i < vd_lint_group_count; i++) {
        for (uint32_t k = 0; k < count; k++) {
            policies[k]->group = vd_lint_groups[i];
            policies[k]->group_base = base;
        }
        if (vd_lint_groups[i]->identity)
            vd_lint_groups[i]->identity(policies, count);
        base += vd_lint_groups[i]->count;
    }
}

/* A string is shown without its quotes. */
static vd_span inside_quotes(const vd_lint *l, vd_span span)
{
    vd_str s = vd_str_first(vd_str_from(l->policy->source.text, span.offset), span.length);
    char   quote = s.n >= 2 ? s.p[0] : 0;

    if ((quote != '"' && quote != '\'') || s.p[s.n - 1] != quote)
        return span;
    for (size_t i = 1; i + 1 < s.n; i++) {
        if (s.p[i] == quote)
            return span; /* several tokens */
        i += s.p[i] == '\\' && quote == '"';
    }
    return (vd_span){ span.offset + 1, span.length - 2 };
}

/* Positions come last: most findings of a policy are in rising order, so that lines are counted once. */
void vd_lint_finish(vd_lint *l)
{
    vd_locator at = { 0 };

    vd_supersede(l);
    for (uint32_t i = 0; i < l->finding_count; i++) {
        vd_finding *f = l->findings[i];

        if (!f->placed && l->policy)
            f->at = vd_locator_pos(&at, &l->policy->source, inside_quotes(l, f->span));
        f->placed = true;
        for (uint32_t k = 0; k < f->related_count; k++)
            f->related[k].at = vd_locator_pos(&at, &l->policy->source, inside_quotes(l, f->related[k].span));
    }
}
