/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements that others cover, as a whole or in some of their actions, and Allows that Denies take back.  Each action
 * remembers the best statement that covers it; the rest of a statement (resources, principals, conditions) is held
 * against another one only once.
 */
#include "lint/rules/redundancy.h"

#include "base/str.h"
#include "pattern/overlap.h"

enum { SAMPLE = 8 };

/* What covers one action of the statement in question. */
typedef struct covering {
    uint32_t    by;  /* statement; VD_NONE */
    vd_coverage how;
} covering;

typedef struct question {
    vd_lint                 *l;
    const vd_view_statement *s;
    const bool              *gone;        /* by statement; NULL: none */
    covering                *same, *deny; /* by action; of NotAction one for all */
    uint32_t                 count;
    const vd_view_statement *whole;       /* of the same effect, covers all of it */
    vd_coverage              whole_how;
    bool                     mutual;      /* and s covers all of that one */
} question;

static bool is_everything(const vd_view_statement *t)
{
    return t->allow && t->all_actions && t->all_resources && t->condition_count == 0 && !t->conditions_hole;
}

static bool share_one(vd_ids a, vd_ids b)
{
    for (uint32_t i = 0; i < a.count; i++)
        if (vd_ids_have(b, a.at[i]))
            return true;
    return false;
}

/* t covers a of s, and s what that takes of t: both fixes would leave nothing, so one of the two has to stay.  What covers
 * by its own text goes before what covers by all actions of today; among equals the first statement stays. */
static bool leans_back(const vd_view_statement *s, const vd_view_action *a, const vd_view_statement *t, vd_coverage how)
{
    if (t->model->action.negated)
        return false; /* a list does not cover its complement */
    for (uint32_t i = 0; i < t->action_count; i++) {
        const vd_view_action *b = &t->actions[i];

        if (how == VD_COVERED_TODAY) {
            if (share_one(a->ids, b->ids) && vd_cover_action(s, b) != VD_COVERED_NOT)
                return true;
        } else if (t->index > s->index && !b->malformed && vd_action_covers(b->text.text, a->text.text) &&
                   vd_action_covers(a->text.text, b->text.text)) {
            return true;
        }
    }
    return false;
}

static void keep(covering *c, const vd_view_statement *t, vd_coverage how)
{
    if (how > c->how || (how == c->how && how != VD_COVERED_NOT && t->index < c->by))
        *c = (covering){ t->index, how };
}

/* Of two that cover each other the first one stays. */
static void look_at_whole(question *q, const vd_view_statement *t, vd_coverage how)
{
    bool mutual = vd_cover_statement(q->l, q->s, t) != VD_COVERED_NOT;

    if (mutual && t->index > q->s->index)
        return;
    if (q->whole && (how < q->whole_how || (how == q->whole_how && t->index > q->whole->index)))
        return;
    q->whole = t;
    q->whole_how = how;
    q->mutual = mutual;
}

static void look_at_actions(question *q, const vd_view_statement *t, bool same)
{
    const vd_view_statement *s = q->s;
    covering                *out = same ? q->same : q->deny;
    bool                     back = same && vd_cover_rest(q->l, s, t);
    vd_coverage              all = VD_COVERED_TEXT;

    if (s->model->action.negated) {
        all = vd_cover_actions(t, s);
        if (!(back && t->index > s->index && vd_cover_actions(s, t) != VD_COVERED_NOT))
            keep(&out[0], t, all);
    }
    for (uint32_t i = 0; i < s->action_count && !s->model->action.negated; i++) {
        const vd_view_action *a = &s->actions[i];
        vd_coverage           how = vd_cover_action(t, a);

        if (how != VD_COVERED_NOT && back && leans_back(s, a, t, how))
            how = VD_COVERED_NOT;
        all = how < all ? how : all;
        if (how != VD_COVERED_NOT)
            keep(&out[i], t, how);
    }
    if (same && all != VD_COVERED_NOT && !is_everything(t))
        look_at_whole(q, t, all);
}

/* Cheap questions first: most statements have nothing to do with each other. */
static void look_at_pair(void *user, const vd_view_statement *t)
{
    question                *q = user;
    const vd_view_statement *s = q->s;
    bool                     same = t->allow == s->allow;

    if (q->gone && q->gone[t->index])
        return;
    if ((!same && !s->allow) || t->condition_count > s->condition_count || t->action_count == 0 ||
        (same && is_everything(t)))
        return;
    if (!t->all_actions && !s->model->action.negated && s->reach.count && t->reach.count &&
        (t->reach.at[0] > s->reach.at[s->reach.count - 1] || t->reach.at[t->reach.count - 1] < s->reach.at[0]))
        return;
    if (!vd_cover_rest(q->l, t, s))
        return;
    look_at_actions(q, t, same);
}

/* ------------------------------------------------------------------ what is said */

static void delete_statement(vd_lint *l, vd_finding *f, const vd_view_statement *s, vd_coverage how)
{
    vd_finding_fix(l, f, how == VD_COVERED_TEXT ? VD_FIX_SAFE : VD_FIX_UNSAFE, "remove the statement");
    vd_finding_edit(l, f, VD_EDIT_DELETE_ITEM, s->model->span, "%s", "");
}

static bool is_equal(const vd_view_statement *s, const vd_view_statement *t)
{
    return s->action_count == t->action_count && s->resource_count == t->resource_count &&
           s->principal_count == t->principal_count && s->condition_count == t->condition_count &&
           s->model->action.negated == t->model->action.negated && s->model->resource.negated == t->model->resource.negated;
}

static void tell_whole(const question *q)
{
    vd_lint                 *l = q->l;
    const vd_view_statement *s = q->s, *t = q->whole;
    bool                     equal = q->mutual && q->whole_how == VD_COVERED_TEXT && is_equal(s, t);
    vd_finding              *f;

    if (equal)
        f = vd_lint_report(l, &vd_redundancy_rules[DUPLICATE_STATEMENT], s, vd_span_of_statement(l, s),
                           "same as statement %u; the next edit will change one and not the other", (unsigned)t->index + 1);
    else
        f = vd_lint_report(l, &vd_redundancy_rules[COVERED_STATEMENT], s, vd_span_of_statement(l, s),
                           "everything here is already %s by statement %u", s->allow ? "allowed" : "denied",
                           (unsigned)t->index + 1);
    vd_finding_relate(l, f, vd_span_of_statement(l, t), "statement %u", (unsigned)t->index + 1);
    delete_statement(l, f, s, q->whole_how);
}

static uint32_t count_covered(const covering *c, uint32_t n, vd_coverage *how)
{
    uint32_t count = 0;

    *how = VD_COVERED_TEXT;
    for (uint32_t i = 0; i < n; i++) {
        if (c[i].how == VD_COVERED_NOT)
            continue;
        count++;
        *how = c[i].how < *how ? c[i].how : *how;
    }
    return count;
}

static void tell_some(const question *q, uint32_t covered, vd_coverage how)
{
    vd_lint                 *l = q->l;
    const vd_view_statement *s = q->s;
    vd_finding              *f;

    if (covered == q->count) {
        f = vd_lint_report(l, &vd_redundancy_rules[COVERED_STATEMENT], s, vd_span_of_statement(l, s),
                           "everything here is already %s by other statements", s->allow ? "allowed" : "denied");
        delete_statement(l, f, s, how);
        return;
    }
    for (uint32_t i = 0; i < q->count; i++) {
        if (q->same[i].how == VD_COVERED_NOT)
            continue;
        f = vd_lint_report(l, &vd_redundancy_rules[COVERED_ACTIONS], s, s->actions[i].text.span,
                           "%s already %s by statement %u", vd_lint_show(l, s->actions[i].text.text),
                           s->allow ? "allowed" : "denied", (unsigned)q->same[i].by + 1);
        vd_finding_fix(l, f, how == VD_COVERED_TEXT ? VD_FIX_SAFE : VD_FIX_UNSAFE, "remove it");
        vd_finding_edit(l, f, VD_EDIT_DELETE_ITEM, s->actions[i].text.span, "%s", "");
    }
}

static bool tell_denied(const question *q)
{
    vd_lint                 *l = q->l;
    const vd_view_statement *s = q->s;
    vd_coverage              how;
    uint32_t                 n = count_covered(q->deny, q->count, &how);

    if (n == 0)
        return false;
    if (n == q->count) {
        uint32_t    by = q->deny[0].by;
        vd_finding *f = vd_lint_report(l, &vd_redundancy_rules[ALLOW_FULLY_DENIED], s, vd_span_of_statement(l, s),
                                       "denied in full by statement %u: grants nothing", (unsigned)by + 1);

        vd_finding_relate(l, f, vd_span_of_statement(l, &l->statements[by]), "statement %u", (unsigned)by + 1);
        return true;
    }
    for (uint32_t i = 0; i < q->count; i++)
        if (q->deny[i].how != VD_COVERED_NOT && !s->actions[i].wild)
            vd_lint_report(l, &vd_redundancy_rules[ALLOW_PARTLY_DENIED], s, s->actions[i].text.span,
                           "%s is denied by statement %u", vd_lint_show(l, s->actions[i].text.text),
                           (unsigned)q->deny[i].by + 1);
    return false;
}

/* ------------------------------------------------------------------ all statements */

static void ask(vd_lint *l, vd_cover_index *x, const vd_view_statement *s, covering *room, bool *dead, const bool *gone)
{
    question    q = { .l = l, .s = s, .gone = gone, .count = s->model->action.negated ? 1 : s->action_count };
    vd_coverage how;
    uint32_t    covered;

    q.same = room;
    q.deny = room + q.count;
    for (uint32_t i = 0; i < 2 * q.count; i++)
        room[i] = (covering){ VD_NONE, VD_COVERED_NOT };
    vd_cover_index_each(x, s, look_at_pair, &q);
    if (s->allow && tell_denied(&q)) {
        *dead = true;
        return;
    }
    covered = count_covered(q.same, q.count, &how);
    if (q.whole)
        tell_whole(&q);
    else if (covered && !(s->model->action.negated && covered < q.count))
        tell_some(&q, covered, how);
}

void vd_redundancy_look_at_cover(vd_lint *l, bool *dead, const bool *gone)
{
    vd_cover_index *x = vd_cover_index_new(l);
    uint32_t        most = 1;
    covering       *room;

    for (uint32_t i = 0; i < l->statement_count; i++)
        most = l->statements[i].action_count > most ? l->statements[i].action_count : most;
    room = vd_arena_new_array(l->arena, covering, 2 * (size_t)most);
    if (!x || !room) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < l->statement_count && !l->no_memory; i++) {
        const vd_view_statement *s = &l->statements[i];

        if (!s->model->malformed && s->action_count && !s->actions_hole && !s->resources_hole && !s->principals_hole &&
            !dead[i])
            ask(l, x, s, room, &dead[i], gone);
    }
}
