/* SPDX-License-Identifier: Apache-2.0
 *
 * Ways to become somebody with more rights (techniques.json): all calls of a way allowed on everything, or all but one
 * and that one by a prefix.  Only the shortest ways are told.
 */
#include "base/str.h"
#include "lint/rules/permission.h"

enum { STEPS = 6, WAYS = 10, WALKED = 128 };

/* The grants that make up one way. */
typedef struct way {
    const vd_technique *technique;
    const vd_grant     *steps[STEPS];
    uint32_t            count;
    bool                prefix, mfa, doubtful;
} way;

/* A condition on who the role is passed to that another service meets. */
static bool passes_to_another(const vd_grant *g, vd_str service)
{
    const vd_view_condition *c = service.n ? vd_positive_test(g->st, "iam:PassedToService") : NULL;

    if (!c)
        return false;
    for (uint32_t i = 0; i < c->entry->values.count; i++) {
        vd_str value = c->entry->values.at[i].text;

        if (vd_has_hole(value) || vd_view_action_matches(value, service))
            return vd_has_hole(value); /* not known: no way that could be shown */
    }
    return true;
}

static bool is_guarded(const vd_allowed *e, const vd_grant *g, const vd_technique *t)
{
    for (uint32_t i = 0; i < t->guard_count; i++) {
        char        text[80];
        const char *key = text;
        vd_str      k = t->guards[i];

        if (vd_str_eq(k, VD_S("iam:PassedToService")) || k.n + 1 > sizeof text)
            continue;
        memcpy(text, k.p, k.n);
        text[k.n && k.p[k.n - 1] == '*' ? k.n - 1 : k.n] = 0;
        if (vd_grant_guarded(e, g, (vd_guards){ &key, 1 }))
            return true;
    }
    return false;
}

/* Some action of the step, as broad as can be had. */
static const vd_grant *best_of(const vd_allowed *e, const vd_technique *t, const vd_step *step)
{
    const vd_grant *best = NULL;

    for (uint32_t i = 0; i < step->count; i++) {
        for (const vd_grant *g = e->of[step->slots[i]].first; g; g = g->next) {
            if (g->breadth == VD_BREADTH_NAMED || g->restricted || (best && g->breadth <= best->breadth))
                continue;
            if (!passes_to_another(g, step->service) && !is_guarded(e, g, t))
                best = g;
        }
    }
    return best;
}

static bool walk(const vd_allowed *e, const vd_technique *t, way *w)
{
    bool broad = false;

    *w = (way){ .technique = t, .mfa = true };
    for (uint32_t i = 0; i < t->step_count && i < STEPS; i++) {
        const vd_grant *g = best_of(e, t, &t->steps[i]);

        if (!g)
            return false;
        broad |= g->breadth == VD_BREADTH_ALL;
        w->prefix |= g->breadth == VD_BREADTH_PREFIX;
        w->mfa &= g->mfa;
        w->doubtful |= g->doubtful;
        w->steps[w->count++] = g;
    }
    return broad && w->count == t->step_count;
}

static bool has_action(const way *w, uint32_t action)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (w->steps[i]->action == action)
            return true;
    return false;
}

/* All calls of a are calls of b, and b has more. */
static bool shorter(const way *a, const way *b)
{
    if (a->count >= b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!has_action(b, a->steps[i]->action))
            return false;
    return true;
}

static unsigned score_of(const way *w)
{
    return 85 - (w->prefix ? 30 : 0);
}

static const char *calls_of(vd_lint *l, const way *w)
{
    vd_named_grants n = { .count = 0 };

    for (uint32_t i = 0; i < w->count; i++)
        vd_name_grant(&n, w->steps[i]);
    return vd_grants_text(l, &n);
}

static bool relates(const way *w, const vd_grant *g)
{
    return w->steps[0] == g;
}

/* One finding: the gravest way is told in full, up to ten are named. */
static void report(const way *const *ways, uint32_t count)
{
    const way  *first = ways[0];
    vd_lint    *l = first->steps[0]->l;
    const char *more = "";
    vd_finding *f;

    if (count > 1) {
        vd_str names[WAYS];

        for (uint32_t i = 1; i < count && i < WAYS; i++)
            names[i - 1] = ways[i]->technique->id;
        more = vd_lint_printf(l, "; also %s", vd_lint_list(l, names, (count < WAYS ? count : WAYS) - 1));
    }
    f = vd_lint_report_apart(l, &vd_permission_rules[PRIVILEGE_ESCALATION], first->steps[0]->st, first->steps[0]->token,
                             "can become " VD_F ": " VD_F " (%s)%s", VD_A(first->technique->becomes), VD_A(first->technique->id),
                             calls_of(l, first), more);
    vd_finding_score(f, score_of(first));
    for (uint32_t i = 0; f && i < count && i < WAYS; i++)
        for (uint32_t k = 0; k < ways[i]->count; k++)
            if (ways[i]->steps[k]->l == l && !relates(first, ways[i]->steps[k]))
                vd_finding_relate(l, f, ways[i]->steps[k]->token, "a step of " VD_F, VD_A(ways[i]->technique->id));
    if (first->technique->confidence != VD_CONFIDENCE_HIGH)
        vd_finding_confidence(f, (vd_confidence)first->technique->confidence);
    vd_soften(f, first->mfa, first->doubtful);
}

static bool graver(const way *a, const way *b)
{
    if (a->technique->confidence != b->technique->confidence)
        return a->technique->confidence < b->technique->confidence;
    return score_of(a) > score_of(b);
}

void vd_permission_escalation(const vd_allowed *e)
{
    way        all[WALKED];
    const way *shown[WALKED];
    uint32_t   count = 0, kept = 0;

    for (uint32_t i = 0; i < e->powers->technique_count && count < WALKED; i++)
        if (walk(e, &e->powers->techniques[i], &all[count]))
            count++;
    for (uint32_t i = 0; i < count; i++) {
        bool hidden = false;

        for (uint32_t k = 0; k < count && !hidden; k++)
            hidden = shorter(&all[k], &all[i]);
        if (!hidden)
            shown[kept++] = &all[i];
    }
    /* The gravest first; equals stay in the order of the table. */
    for (uint32_t i = 1; i < kept; i++)
        for (uint32_t k = i; k > 0 && graver(shown[k], shown[k - 1]); k--) {
            const way *w = shown[k];

            shown[k] = shown[k - 1];
            shown[k - 1] = w;
        }
    if (kept)
        report(shown, kept);
}
