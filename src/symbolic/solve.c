/* SPDX-License-Identifier: Apache-2.0
 *
 * One question under one profile, and the request that answers it.
 */
#include "symbolic/hunt.h"

#include "base/str.h"

/* The lines of variable 0. */
static bool take_principal(vd_ask *a, vd_model *m, vd_str text)
{
    vd_str parent = { "", 0 }, line = text;

    m->principal = text;
    m->user_id = m->parent = m->canonical = (vd_str){ "", 0 };
    if (!vd_str_cut(&line, '\n', &m->principal))
        return true;
    if (m->who == VD_ASKER_CANONICAL)
        m->canonical = line;
    else if (m->who != VD_ASKER_FEDERATED_USER)
        m->user_id = line;
    if (m->who != VD_ASKER_FEDERATED_USER || !vd_str_cut(&line, '\t', &parent))
        return true;
    m->user_id = line;
    return vd_arena_printf(&a->s->work, &m->parent, "arn:" VD_F ":iam::" VD_F ":" VD_F,
                           VD_A(vd_partitions[a->profile.partition]), VD_A(vd_account_of(m->principal)), VD_A(parent));
}

/* Keys that show the principal follow from it. */
static bool take_key(vd_hunt *s, vd_model *m, const vd_key_var *key)
{
    vd_ask     *a = s->a;
    vd_key_rule r = vd_universe_rule(a, key);
    vd_str     *room = vd_arena_new(&a->s->work, vd_str);
    vd_assigned v = { .state = VD_STATE_ABSENT };

    if (!room)
        return false;
    if (r.var == VD_VAR_PRINCIPAL && key->family == VD_VAR_PRINCIPAL)
        return true;
    if (r.presence != VD_KEY_NEVER) {
        if (vd_hunt_settle(s, r.var) != VD_SAT)
            return true;
        v = vd_view_value(a, r.var, r.view, &s->stores[r.var].value, room);
    }
    v.key = key->spelled;
    m->keys[m->key_count++] = v;
    return true;
}

bool vd_hunt_model(vd_hunt *s, vd_model *m)
{
    vd_ask *a = s->a;

    *m = (vd_model){ .who = a->profile.who, .path = a->profile.path, .action = a->goal->action,
                     .resource = s->stores[VD_VAR_RESOURCE].value.values[0], .in_organization = a->profile.in_organization,
                     .off_catalogue = a->shape == NULL };
    if (!take_principal(a, m, s->stores[VD_VAR_PRINCIPAL].value.values[0]))
        return false;
    m->keys = vd_arena_new_array(&a->s->work, vd_assigned, a->used_count + 1u);
    for (uint32_t i = 0; m->keys && i < a->used_count; i++)
        if (!take_key(s, m, &a->s->keys[a->used[i]]))
            return false;
    return m->keys != NULL;
}

/* The model, with what is wished for.  Where variables are filled in, they were chosen for what there is. */
static bool make_model(vd_hunt *s, vd_model *model)
{
    const vd_goal *g = s->a->goal;
    vd_demand      wishes[VD_MOST_WISHES];
    uint32_t       n;

    if (!vd_hunt_model(s, model))
        return false;
    n = g->wish && s->a->variable_count == 0 ? g->wish(g->wish_user, model, wishes) : 0;
    return n == 0 || !vd_hunt_grant(s, wishes, n) || vd_hunt_model(s, model);
}

vd_answer vd_solve_once(vd_ask *a, vd_model *model)
{
    vd_hunt s;
    vd_answer answer;

    if (!vd_hunt_begin(&s, a))
        return VD_UNKNOWN;
    answer = vd_hunt_root(&s);
    if (answer == VD_SAT)
        answer = vd_hunt_walk(&s);
    if (answer == VD_SAT && (!make_model(&s, model) || a->nomem)) {
        a->nomem = true;
        return VD_UNKNOWN;
    }
    if (answer == VD_SAT && model->key_count > a->s->engine->limits.request_keys) /* nobody could be asked about it */
        return vd_unknown(a, "budget");
    return answer;
}
