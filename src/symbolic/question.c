/* SPDX-License-Identifier: Apache-2.0
 *
 * The question: which keys it is about and what ties them, which resources the action has, all profiles in turn.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/template.h"

/* ------------------------------------------------------------------ the keys of the question */

static void use_key(vd_ask *a, uint32_t var)
{
    for (uint32_t i = 0; i < a->used_count; i++)
        if (a->used[i] == var - VD_VAR_KEYS)
            return;
    if (!VD_ARENA_PUSH(&a->s->work, a->used, a->used_count, a->used_cap, var - VD_VAR_KEYS))
        a->nomem = true;
}

/* Of a key with several values only whether it is there matters, and that only to a default. */
static void use_variable(vd_ask *a, const vd_part *part)
{
    vd_str key = part->text;

    use_key(a, vd_var_of_key(a->s, key, &a->nomem));
    if (vd_key_arity(key) == VD_ARITY_MANY && !part->has_fallback)
        return;
    for (uint32_t i = 0; i < a->variable_count; i++)
        if (vd_str_ieq(a->variables[i], key))
            return;
    if (!VD_ARENA_PUSH(&a->s->work, a->variables, a->variable_count, a->variable_cap, key))
        a->nomem = true;
}

static void use_texts(vd_ask *a, const vd_texts *texts)
{
    for (uint32_t i = 0; i < texts->count; i++) {
        size_t  at = 0;
        vd_part part;

        while (vd_template_next(texts->at[i].text, &at, &part))
            if (part.kind == VD_PART_VARIABLE)
                use_variable(a, &part);
    }
}

static void use_atom(vd_ask *a, uint32_t id)
{
    const vd_atom *atom = &a->s->atoms[id];

    if (atom->var >= VD_VAR_KEYS)
        use_key(a, atom->var);
    if (atom->variables)
        use_texts(a, atom->kind == VD_ATOM_RESOURCE ? &atom->list->texts : &atom->entry->values);
}

static void use_boxes(vd_ask *a, const uint32_t *list, uint32_t n)
{
    for (uint32_t i = 0; i < n && !a->nomem; i++) {
        const vd_box *b = &a->s->boxes[list[i]];

        for (uint32_t k = 0; k < b->count; k++)
            use_atom(a, b->literals[k].atom);
    }
}

/* ------------------------------------------------------------------ what ties keys together */

static uint32_t find_used(const vd_ask *a, vd_str key)
{
    for (uint32_t i = 0; i < a->used_count; i++)
        if (vd_str_eq(a->s->keys[a->used[i]].key, key))
            return a->used[i];
    return VD_NONE;
}

static vd_literal condition(vd_ask *a, const char *op, vd_str key, vd_str value, bool holds)
{
    return (vd_literal){ vd_atom_of_condition(a->s, VD_LANGUAGE_2008, op, key, &value, 1, &a->nomem), holds };
}

static void tie(vd_ask *a, vd_literal one, vd_literal other)
{
    if (!VD_ARENA_PUSH(&a->s->work, a->couplings, a->coupling_count, a->coupling_cap, (vd_coupling){ { one, other }, 2 }))
        a->nomem = true;
}

/* A key that is there, blank or not. */
static vd_literal exists(vd_ask *a, vd_str key, bool is)
{
    return condition(a, "StringLike", key, VD_S("*"), is);
}

bool vd_action_untags(vd_str action)
{
    static const char *const words[] = { "untag", "removetag", "deletetag" };
    char                     low[128];
    size_t                   n = action.n < sizeof low ? action.n : sizeof low;

    vd_lower_copy(low, action.p, n);
    if (!vd_str_contains((vd_str){ low, n }, VD_S("tag"))) /* most */
        return false;
    for (size_t i = 0; i < VD_COUNT(words); i++)
        if (vd_str_contains((vd_str){ low, n }, vd_str_of(words[i])))
            return true;
    return false;
}

/* U13: a tag is passed if and only if its key is. */
static void tie_tags(vd_ask *a)
{
    bool keys = find_used(a, VD_S("aws:tagkeys")) != VD_NONE;

    for (uint32_t i = 0; keys && i < a->used_count; i++) {
        vd_str key = a->s->keys[a->used[i]].spelled, name = vd_str_from(key, sizeof "aws:RequestTag/" - 1);

        if (a->s->keys[a->used[i]].named != VD_NAMED_REQUEST_TAG)
            continue;
        tie(a, exists(a, key, false), condition(a, "ForAnyValue:StringEqualsIgnoreCase", VD_S("aws:TagKeys"), name, true));
        if (!vd_action_untags(a->goal->action))
            tie(a, exists(a, key, true), condition(a, "ForAnyValue:StringEqualsIgnoreCase", VD_S("aws:TagKeys"), name, false));
    }
}

/* U12: the age of the second factor is known only when there was one. */
static void tie_mfa(vd_ask *a)
{
    if (find_used(a, VD_S("aws:multifactorauthage")) != VD_NONE && find_used(a, VD_S("aws:multifactorauthpresent")) != VD_NONE)
        tie(a, exists(a, VD_S("aws:MultiFactorAuthAge"), false), condition(a, "Bool", VD_S("aws:MultiFactorAuthPresent"), VD_S("true"), true));
}

/* U17: claims of an issuer come with a token of that issuer, or stay in the session that it began. */
static void tie_claims(vd_ask *a)
{
    static const vd_str anyone[] = { VD_L("\xff") };
    const uint32_t      web = 1u << VD_ASKER_WEB_IDENTITY;

    for (uint32_t i = 0; i < a->used_count && !a->nomem; i++) {
        const vd_key_var *key = &a->s->keys[a->used[i]];
        vd_str            patterns[2], spelled = key->spelled;
        vd_literal        gone, others, mine;

        if (key->named != VD_NAMED_CLAIM || !(a->goal->who & web))
            continue;
        patterns[0] = vd_str_first(spelled, vd_str_rfind(spelled, ':'));
        if (!vd_arena_printf(&a->s->work, &patterns[1], "arn:\xfd:iam::\xfd:oidc-provider/" VD_F, VD_A(patterns[0]))) {
            a->nomem = true;
            return;
        }
        gone = exists(a, spelled, false);
        others = (vd_literal){ vd_atom_of_principal(a->s, ~web, anyone, 1, false, &a->nomem), true };
        mine = (vd_literal){ vd_atom_of_principal(a->s, web, patterns, 2, true, &a->nomem), true };
        if (!VD_ARENA_PUSH(&a->s->work, a->couplings, a->coupling_count, a->coupling_cap, (vd_coupling){ { gone, others, mine }, 3 }))
            a->nomem = true;
    }
}

bool vd_question_keys(vd_ask *a)
{
    const vd_goal *g = a->goal;

    for (uint32_t i = 0; i < a->s->pin_count; i++)
        use_atom(a, a->s->pins[i].atom);
    use_boxes(a, g->match, g->match_count);
    use_boxes(a, g->miss, g->miss_count);
    for (uint32_t i = 0; i < g->demand_count; i++)
        use_atom(a, g->demands[i].atom);
    for (uint32_t i = 0; i < g->clause_count; i++)
        for (uint32_t k = 0; k < g->clauses[i].count; k++)
            use_atom(a, g->clauses[i].at[k].atom);
    if (!a->nomem) {
        tie_tags(a);
        tie_mfa(a);
        tie_claims(a);
    }
    return !a->nomem;
}

/* ------------------------------------------------------------------ the resource's form */

/* "*" alone for actions without resource types; else the formats of the types.  False: the catalogue does not know. */
static bool shape_of(vd_symbolic *s, vd_str action, vd_globs *out, uint32_t *known, bool *nomem)
{
    static const vd_str star[] = { VD_L("*") };
    uint32_t            id = vd_catalog_find(s->catalog, action);
    vd_action_fact      fact;
    vd_str             *patterns;
    uint32_t            n = 0, most = 0;

    *known = id;
    if (id == VD_NONE)
        return false;
    fact = vd_catalog_action(s->catalog, id);
    if (fact.types.count == 0) {
        *out = (vd_globs){ star, 1, false };
        return true;
    }
    for (uint32_t i = 0; i < fact.types.count; i++)
        most += vd_catalog_type(s->catalog, fact.types.at[i]).formats;
    patterns = vd_arena_new_array(&s->work, vd_str, most ? most : 1);
    for (uint32_t i = 0; patterns && i < fact.types.count; i++)
        for (uint32_t k = 0; k < vd_catalog_type(s->catalog, fact.types.at[i]).formats; k++)
            patterns[n++] = vd_catalog_format_coded(s->catalog, fact.types.at[i], k);
    *nomem |= patterns == NULL;
    *out = (vd_globs){ patterns, n, false };
    return true;
}

/* All profiles of one asker, under one set of rules. */
static vd_answer solve_asker(vd_ask *a, uint8_t who, vd_model *model)
{
    vd_profiles profiles;
    vd_answer   worst = VD_UNSAT;

    vd_universe_profiles(a, who, &profiles);
    while (!a->nomem && vd_universe_next(a, &profiles)) {
        vd_answer answer;

        if (!vd_universe_turn(a))
            return VD_UNKNOWN;
        answer = vd_solve_profile(a, model);
        if (answer == VD_SAT)
            return VD_SAT;
        if (answer == VD_UNKNOWN)
            worst = VD_UNKNOWN;
    }
    return worst;
}

static vd_answer solve_pass(vd_ask *a, vd_model *model)
{
    vd_answer worst = VD_UNSAT;

    for (uint8_t who = 0; who < VD_ASKER_COUNT && !a->nomem; who++) {
        vd_answer answer = solve_asker(a, who, model);

        if (answer == VD_SAT)
            return VD_SAT;
        if (answer == VD_UNKNOWN)
            worst = VD_UNKNOWN;
    }
    return worst;
}

/* What all profiles share.  shape: room for the forms of the action's resources, NULL: they do not matter. */
bool vd_question_begin(vd_ask *a, vd_globs *shape)
{
    vd_arena_reset(&a->s->work);
    vd_memo_begin(a->s);
    if (!vd_question_keys(a))
        return false;
    if (shape && shape_of(a->s, a->goal->action, shape, &a->action, &a->nomem))
        a->shape = shape;
    return !a->nomem;
}

vd_answer vd_symbolic_solve(vd_symbolic *s, const vd_goal *goal, vd_model *model, const char **why, bool *nomem)
{
    vd_ask    a = { .s = s, .goal = goal, .budget = s->budget };
    vd_globs  shape;
    bool      known;
    vd_answer answer = VD_UNSAT, soft = VD_UNSAT;

    if (!vd_question_begin(&a, &shape) || !vd_mirrors_add(&a)) {
        *nomem = true;
        return VD_UNKNOWN;
    }
    known = a.shape != NULL;
    if (known && goal->rules != VD_RULES_HARD && !vd_question_off_shape(&a)) /* first what the catalogue thinks possible */
        answer = soft = solve_pass(&a, model);
    if (answer != VD_SAT && !a.nomem && (goal->rules != VD_RULES_SOFT || !known)) {
        a.shape = NULL;
        answer = solve_pass(&a, model);
        model->off_catalogue = known && soft == VD_UNSAT;
    }
    s->units += s->budget - a.budget;
    if (why)
        *why = answer == VD_UNKNOWN ? a.why : NULL;
    *nomem |= a.nomem;
    return a.nomem ? VD_UNKNOWN : answer;
}

/* ------------------------------------------------------------------ keeping */

bool vd_model_keep(vd_model *out, const vd_model *m, vd_arena *arena)
{
    vd_assigned *keys = vd_arena_new_array(arena, vd_assigned, m->key_count ? m->key_count : 1);
    bool         ok = keys != NULL;
    vd_model     kept = *m;

    kept.keys = keys;
    ok = ok && vd_arena_dup(arena, &kept.action, m->action) && vd_arena_dup(arena, &kept.resource, m->resource) &&
         vd_arena_dup(arena, &kept.principal, m->principal) && vd_arena_dup(arena, &kept.user_id, m->user_id) &&
         vd_arena_dup(arena, &kept.parent, m->parent) && vd_arena_dup(arena, &kept.canonical, m->canonical);
    for (uint32_t i = 0; ok && i < m->key_count; i++) {
        const vd_assigned *from = &m->keys[i];

        keys[i] = *from;
        keys[i].values = vd_arena_new_array(arena, vd_str, from->count ? from->count : 1);
        ok = keys[i].values && vd_arena_dup(arena, &keys[i].key, from->key);
        for (uint32_t k = 0; ok && k < from->count; k++)
            ok = vd_arena_dup(arena, &keys[i].values[k], from->values[k]);
    }
    *out = kept;
    return ok;
}
