/* SPDX-License-Identifier: Apache-2.0
 *
 * Actions that are of no use alone, and policies that allow more than their name says.
 */
#include "lint/rules/action.h"

#include "base/str.h"

enum { SAMPLE = 8 };

/* ------------------------------------------------------------------ promises to read */

/* Words as people see them: a new one begins with a capital behind a small letter, or behind what is no letter. */
static bool has_word(vd_str s, vd_str word)
{
    for (size_t i = 0; i + word.n <= s.n; i++) {
        char before = i ? s.p[i - 1] : ' ', after = i + word.n < s.n ? s.p[i + word.n] : ' ';
        bool begins = !vd_is_alpha(before) || (before >= 'a' && s.p[i] <= 'Z');
        bool ends = !vd_is_alpha(after) || after <= 'Z';

        if (begins && ends && vd_str_istarts(vd_str_from(s, i), word))
            return true;
    }
    return false;
}

static bool promises_to_read(vd_str name)
{
    static const vd_str words[] = { VD_L("ReadOnly"), VD_L("Read-Only"), VD_L("Read_Only"), VD_L("View"),
                                    VD_L("Viewer"),   VD_L("ViewOnly"),  VD_L("Audit"),     VD_L("Auditor") };
    static const vd_str takes_back[] = { VD_L("Write"),   VD_L("Writer"), VD_L("Admin"),  VD_L("Full"),
                                         VD_L("Manage"),  VD_L("Non"),    VD_L("Except"), VD_L("Update"),
                                         VD_L("Delete"),  VD_L("Put"),    VD_L("Create"), VD_L("Not"),
                                         VD_L("Manager"), VD_L("Log"),    VD_L("Logs"),   VD_L("Trail") };
    bool                reads = false;

    for (size_t i = 0; i < VD_COUNT(words); i++)
        reads = reads || has_word(name, words[i]);
    for (size_t i = 0; reads && i < VD_COUNT(takes_back); i++)
        reads = !has_word(name, takes_back[i]);
    return reads;
}

/* By level, unless the name says better; a session for reading is one. */
static bool is_reading(const vd_lint *l, const vd_view_statement *st, uint32_t action)
{
    vd_str name = vd_catalog_action(l->catalog, action).name;

    for (uint32_t i = 0; i < st->condition_count; i++)
        if (vd_str_ieq(st->conditions[i].key, VD_S("s3express:SessionMode")) &&
            action == vd_catalog_find(l->catalog, VD_S("s3express:CreateSession")))
            return true;
    return vd_catalog_level_of(l->catalog, action) <= VD_LEVEL_READ || vd_str_istarts(name, VD_S("List")) ||
           vd_str_istarts(name, VD_S("Describe"));
}

/* What a statement allows above reading; true: something. */
static bool sample_writes(vd_lint *l, const vd_view_statement *st, vd_str out[SAMPLE], uint32_t *count,
                          uint32_t *all)
{
    *count = *all = 0;
    for (uint32_t i = 0; i < st->reach.count; i++) {
        if (is_reading(l, st, st->reach.at[i]))
            continue;
        if (*count < SAMPLE)
            out[(*count)++] = vd_action_text(l, st->reach.at[i]);
        (*all)++;
    }
    return *all > 0;
}

static void look_at_promise_of(vd_lint *l, const vd_view_statement *st, vd_str name, vd_span span)
{
    vd_str   sample[SAMPLE];
    uint32_t n, all;

    if (!st->allow || !sample_writes(l, st, sample, &n, &all))
        return;
    vd_lint_report(l, &vd_action_rules[READ_NAME_GRANTS_WRITE], st, span,
                   "\"%s\" promises read access, %s write%s", vd_lint_show(l, name),
                   all > n ? vd_lint_printf(l, "%u actions such as " VD_F, (unsigned)all, VD_A(sample[0]))
                           : vd_lint_list(l, sample, n),
                   all == 1 ? "s" : "");
}

void vd_action_look_at_promise(vd_lint *l)
{
    bool whole;

    if (!l->policy || !vd_lint_wants(l, &vd_action_rules[READ_NAME_GRANTS_WRITE]))
        return;
    whole = promises_to_read(l->extracted->name);
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        if (st->model->has_sid && promises_to_read(st->model->sid.text))
            look_at_promise_of(l, st, st->model->sid.text, st->model->sid.span);
        else if (whole && st->action_count && !st->model->action.negated)
            look_at_promise_of(l, st, l->extracted->name, st->model->action.key);
    }
}

/* ------------------------------------------------------------------ what all policies of an identity allow */

static bool allows(vd_lint *const *policies, uint32_t count, uint32_t action)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < policies[i]->statement_count; k++) {
            const vd_view_statement *st = &policies[i]->statements[k];

            if (st->allow && (st->actions_hole || vd_view_reaches(st, action)))
                return true;
        }
    return false;
}

/* ------------------------------------------------------------------ tags on creation */

static bool asks_for_tags(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (vd_str_istarts(st->conditions[i].key, VD_S("aws:RequestTag/")) ||
            vd_str_ieq(st->conditions[i].key, VD_S("aws:TagKeys")))
            return true;
    return false;
}

/* The tagging action of its own service that a call may need in addition. */
static uint32_t tagging_action(const vd_lint *l, const vd_view_action *a, vd_action_fact fact)
{
    if (vd_str_ieq(a->prefix, VD_S("ec2")))
        return vd_catalog_find(l->catalog, VD_S("ec2:CreateTags"));
    for (uint32_t i = 0; i < fact.depends.count; i++)
        if (vd_catalog_service_of(l->catalog, fact.depends.at[i]) == a->service &&
            vd_catalog_level_of(l->catalog, fact.depends.at[i]) == VD_LEVEL_TAGGING)
            return fact.depends.at[i];
    return VD_NONE;
}

static void look_at_tagging(vd_lint *l, const vd_view_statement *st, vd_lint *const *policies, uint32_t count)
{
    uint32_t key = vd_catalog_find_key(l->catalog, VD_S("aws:RequestTag/x"));

    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];
        vd_action_fact        fact;
        uint32_t              needed;

        if (a->action == VD_NONE)
            continue;
        fact = vd_catalog_action(l->catalog, a->action);
        if (fact.level != VD_LEVEL_WRITE || !vd_catalog_action_has_key(l->catalog, a->action, key))
            continue;
        needed = tagging_action(l, a, fact);
        if (needed != VD_NONE && needed != a->action && !allows(policies, count, needed))
            vd_lint_report(l, &vd_action_rules[TAGGING_UNREACHABLE], st, a->text.span,
                           "creating with tags also needs " VD_F, VD_A(vd_action_text(l, needed)));
    }
}

/* ------------------------------------------------------------------ companions */

static void look_at_companions(vd_lint *l, const vd_view_statement *st, vd_sheet s, vd_lint *const *policies,
                               uint32_t count)
{
    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];
        vd_run                run;

        if (a->action == VD_NONE)
            continue;
        run = vd_sheet_find(s, a->text.text);
        for (uint32_t k = run.first; k < run.first + run.count; k++) {
            uint32_t needed = vd_catalog_find(l->catalog, vd_sheet_cell(s, k, 1));
            vd_str   note = vd_sheet_cell(s, k, 2);

            if (needed != VD_NONE && !allows(policies, count, needed))
                vd_lint_report(l, &vd_action_rules[MISSING_COMPANION_ACTION], st, a->text.span,
                               "%s normally needs " VD_F "%s" VD_F, vd_lint_show(l, a->text.text),
                               VD_A(vd_sheet_cell(s, k, 1)), note.n ? " " : "", VD_A(note));
        }
    }
}

void vd_action_look_at_needs(vd_lint *const *policies, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        vd_lint *l = policies[i];
        vd_sheet s = vd_catalog_sheet(l->catalog, VD_S("companions"));
        bool     companions = vd_lint_wants(l, &vd_action_rules[MISSING_COMPANION_ACTION]);

        for (uint32_t k = 0; k < l->statement_count; k++) {
            const vd_view_statement *st = &l->statements[k];

            if (!st->allow || st->model->action.negated)
                continue;
            if (asks_for_tags(st))
                look_at_tagging(l, st, policies, count);
            if (companions)
                look_at_companions(l, st, s, policies, count);
        }
    }
}
