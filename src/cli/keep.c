/* SPDX-License-Identifier: Apache-2.0
 *
 * Copying answers, member by member.
 */
#include "cli/keep.h"

#include "base/str.h"

static bool text(vd_arena *a, vd_str *s)
{
    return vd_arena_dup(a, s, s->p ? *s : VD_S(""));
}

static bool texts(vd_arena *a, const vd_str **at, size_t count)
{
    vd_str *copy = vd_arena_new_array(a, vd_str, count ? count : 1);

    if (!copy)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!vd_arena_dup(a, &copy[i], (*at)[i]))
            return false;
    *at = copy;
    return true;
}

static bool list(vd_arena *a, vd_texts_list *l)
{
    return texts(a, &l->at, l->count);
}

static bool numbers(vd_arena *a, const int32_t **at, size_t count)
{
    int32_t *copy;

    if (!*at)
        return true;
    copy = vd_arena_new_array(a, int32_t, count ? count : 1);
    if (copy && count)
        memcpy(copy, *at, count * sizeof *copy);
    *at = copy;
    return copy != NULL;
}

static bool statement(vd_arena *a, vd_statement_info *s)
{
    return text(a, &s->policy) && text(a, &s->sid) && text(a, &s->at.file);
}

static bool statements(vd_arena *a, const vd_statement_info **at, size_t count)
{
    vd_statement_info *copy = vd_arena_new_array(a, vd_statement_info, count ? count : 1);

    if (!copy)
        return false;
    for (size_t i = 0; i < count; i++) {
        copy[i] = (*at)[i];
        if (!statement(a, &copy[i]))
            return false;
    }
    *at = copy;
    return true;
}

static bool required(vd_arena *a, const vd_required **at, size_t count)
{
    vd_required *copy = vd_arena_new_array(a, vd_required, count ? count : 1);

    if (!copy)
        return false;
    for (size_t i = 0; i < count; i++) {
        copy[i] = (*at)[i];
        if (!text(a, &copy[i].key) || !text(a, &copy[i].operator_name) || !text(a, &copy[i].must) ||
            !texts(a, &copy[i].values, copy[i].count))
            return false;
    }
    *at = copy;
    return true;
}

static bool keys(vd_arena *a, vd_witness *w)
{
    vd_witness_key *copy = vd_arena_new_array(a, vd_witness_key, w->key_count ? w->key_count : 1);

    if (!copy)
        return false;
    for (size_t i = 0; i < w->key_count; i++) {
        copy[i] = w->keys[i];
        if (!text(a, &copy[i].key) || !texts(a, &copy[i].values, copy[i].count))
            return false;
    }
    w->keys = copy;
    return true;
}

static bool witness(vd_arena *a, const vd_witness **at)
{
    vd_witness *w;

    if (!*at)
        return true;
    w = vd_arena_new(a, vd_witness);
    if (!w)
        return false;
    *w = **at;
    *at = w;
    return text(a, &w->kind) && text(a, &w->principal) && text(a, &w->role) && text(a, &w->parent) &&
           text(a, &w->user_id) && text(a, &w->account) && text(a, &w->canonical) && text(a, &w->org) &&
           text(a, &w->org_path) && text(a, &w->action) && text(a, &w->resource) && text(a, &w->resource_account) &&
           text(a, &w->resource_org) && text(a, &w->resource_org_path) && text(a, &w->endpoint_type) && keys(a, w);
}

const vd_delta *vd_keep_delta(vd_arena *a, const vd_delta *from)
{
    vd_delta *d = vd_arena_new(a, vd_delta);

    if (!d)
        return NULL;
    *d = *from;
    return text(a, &d->id) && text(a, &d->service) && list(a, &d->actions) && numbers(a, &d->levels, d->actions.count) &&
                   list(a, &d->patterns) && list(a, &d->resources) && list(a, &d->principals) &&
                   required(a, &d->requirements, d->require_count) && statements(a, &d->granting, d->granting_count) &&
                   statements(a, &d->was, d->was_count) && witness(a, &d->witness)
               ? d
               : NULL;
}

const vd_grant *vd_keep_grant(vd_arena *a, const vd_grant *from)
{
    vd_grant *g = vd_arena_new(a, vd_grant);

    if (!g)
        return NULL;
    *g = *from;
    return text(a, &g->action) && list(a, &g->actions) && text(a, &g->asked) && text(a, &g->resource) &&
                   statements(a, &g->granting, g->granting_count) && required(a, &g->requirements, g->require_count) &&
                   witness(a, &g->witness)
               ? g
               : NULL;
}

static bool sources(vd_arena *a, vd_exposed *x)
{
    vd_exposure_source *copy = vd_arena_new_array(a, vd_exposure_source, x->source_count ? x->source_count : 1);

    if (!copy)
        return false;
    for (size_t i = 0; i < x->source_count; i++) {
        vd_str type = vd_str_of(x->sources[i].type);

        copy[i] = x->sources[i];
        if (!text(a, &type) || !statement(a, &copy[i].statement) || !text(a, &copy[i].text))
            return false;
        copy[i].type = type.p;
    }
    x->sources = copy;
    return true;
}

static bool layers(vd_arena *a, vd_exposed *x)
{
    vd_exposure_layer *copy = vd_arena_new_array(a, vd_exposure_layer, x->layer_count ? x->layer_count : 1);

    if (!copy)
        return false;
    for (size_t i = 0; i < x->layer_count; i++) {
        vd_str layer = vd_str_of(x->layers[i].layer), state = vd_str_of(x->layers[i].state);

        if (!text(a, &layer) || !text(a, &state))
            return false;
        copy[i] = (vd_exposure_layer){ layer.p, state.p };
    }
    x->layers = copy;
    return true;
}

const vd_exposed *vd_keep_exposed(vd_arena *a, const vd_exposed *from)
{
    vd_exposed *x = vd_arena_new(a, vd_exposed);
    vd_str      source;

    if (!x)
        return NULL;
    *x = *from;
    if (x->source_of_service) {
        source = vd_str_of(x->source_of_service);
        if (!text(a, &source))
            return NULL;
        x->source_of_service = source.p;
    }
    return text(a, &x->id) && text(a, &x->resource) && text(a, &x->resource_type) && text(a, &x->resource_account) &&
                   text(a, &x->principal_type) && text(a, &x->principal) && list(a, &x->actions) &&
                   list(a, &x->patterns) && numbers(a, &x->levels, x->actions.count) && list(a, &x->resources) &&
                   required(a, &x->conditions, x->condition_count) && required(a, &x->requirements, x->require_count) &&
                   sources(a, x) && statements(a, &x->shaped_by, x->shaped_count) && layers(a, x) &&
                   text(a, &x->counts) && text(a, &x->grounds) && witness(a, &x->witness)
               ? x
               : NULL;
}

const vd_reacher *vd_keep_reacher(vd_arena *a, const vd_reacher *from)
{
    vd_reacher *r = vd_arena_new(a, vd_reacher);

    if (!r)
        return NULL;
    *r = *from;
    return text(a, &r->principal) && text(a, &r->account) && list(a, &r->actions) && list(a, &r->patterns) &&
                   required(a, &r->requirements, r->require_count) && statements(a, &r->granting, r->granting_count) &&
                   witness(a, &r->witness)
               ? r
               : NULL;
}

const vd_permission *vd_keep_permission(vd_arena *a, const vd_permission *from)
{
    vd_permission *p = vd_arena_new(a, vd_permission);

    if (!p)
        return NULL;
    *p = *from;
    return list(a, &p->actions) && list(a, &p->patterns) && numbers(a, &p->levels, p->actions.count) && list(a, &p->resources) &&
                   list(a, &p->not_resources) && required(a, &p->conditions, p->condition_count) &&
                   statements(a, &p->granting, p->granting_count) && statements(a, &p->denied_by, p->denied_count) &&
                   witness(a, &p->witness)
               ? p
               : NULL;
}

const vd_blocked *vd_keep_blocked(vd_arena *a, const vd_blocked *from)
{
    vd_blocked *b = vd_arena_new(a, vd_blocked);

    if (!b)
        return NULL;
    *b = *from;
    return list(a, &b->actions) && list(a, &b->patterns) && statements(a, &b->denies, b->deny_count) ? b : NULL;
}

/* ------------------------------------------------------------------ paths */

static bool who(vd_arena *a, vd_route_who *w)
{
    return text(a, &w->arn) && text(a, &w->joined) && text(a, &w->adopted) && text(a, &w->dropped);
}

static bool calls(vd_arena *a, vd_route_step *s)
{
    vd_route_call *copy = vd_arena_new_array(a, vd_route_call, s->call_count ? s->call_count : 1);

    for (size_t i = 0; copy && i < s->call_count; i++) {
        copy[i] = s->calls[i];
        if (!text(a, &copy[i].action) || !text(a, &copy[i].resource) || !statements(a, &copy[i].granting, copy[i].granting_count) ||
            !required(a, &copy[i].requirements, copy[i].require_count) || !witness(a, &copy[i].witness))
            return false;
    }
    s->calls = copy;
    return copy != NULL;
}

static bool facts(vd_arena *a, vd_route_step *s)
{
    vd_route_fact *copy = vd_arena_new_array(a, vd_route_fact, s->fact_count ? s->fact_count : 1);

    for (size_t i = 0; copy && i < s->fact_count; i++) {
        copy[i] = s->facts[i];
        if (!text(a, &copy[i].text))
            return false;
    }
    s->facts = copy;
    return copy != NULL;
}

static bool step(vd_arena *a, vd_route_step *s)
{
    vd_route_who *callers = vd_arena_new_array(a, vd_route_who, s->caller_count ? s->caller_count : 1);

    for (size_t i = 0; callers && i < s->caller_count; i++) {
        callers[i] = s->callers[i];
        if (!who(a, &callers[i]))
            return false;
    }
    s->callers = callers;
    return callers && text(a, &s->technique) && text(a, &s->class_name) && text(a, &s->undo) && who(a, &s->becomes) && calls(a, s) &&
           facts(a, s);
}

const vd_route *vd_keep_route(vd_arena *a, const vd_route *from)
{
    vd_route      *r = vd_arena_new(a, vd_route);
    vd_route_step *steps = vd_arena_new_array(a, vd_route_step, from->step_count ? from->step_count : 1);

    if (!r || !steps)
        return NULL;
    *r = *from;
    for (size_t i = 0; i < from->step_count; i++) {
        steps[i] = from->steps[i];
        if (!step(a, &steps[i]))
            return NULL;
    }
    r->steps = steps;
    return text(a, &r->id) && who(a, &r->from) && who(a, &r->to) && required(a, &r->requirements, r->require_count) ? r : NULL;
}

const vd_route_cut *vd_keep_route_cut(vd_arena *a, const vd_route_cut *from)
{
    vd_route_cut  *c = vd_arena_new(a, vd_route_cut);
    vd_texts_list *holders;

    if (!c)
        return NULL;
    *c = *from;
    holders = vd_arena_new_array(a, vd_texts_list, c->count + 1);
    for (size_t i = 0; holders && i < c->count; i++) {
        holders[i] = from->holders[i];
        if (!list(a, &holders[i]))
            return NULL;
    }
    c->holders = holders;
    return holders && statements(a, &c->statements, c->count) ? c : NULL;
}

const vd_unused_finding *vd_keep_unused(vd_arena *a, const vd_unused_finding *f)
{
    vd_unused_finding *c = vd_arena_new(a, vd_unused_finding);

    if (!c)
        return NULL;
    *c = *f;
    return text(a, &c->id) && text(a, &c->principal) && text(a, &c->account) && text(a, &c->permission_set) && text(a, &c->policy) &&
                   text(a, &c->policy_arn) && text(a, &c->group) && statement(a, &c->statement) && list(a, &c->actions) &&
                   list(a, &c->patterns) && list(a, &c->resources) && list(a, &c->observed) && text(a, &c->item) && text(a, &c->says) &&
                   text(a, &c->aws)
               ? c
               : NULL;
}

static bool counts(vd_arena *a, const uint32_t **at, size_t count)
{
    uint32_t *copy = vd_arena_new_array(a, uint32_t, count + 1);

    if (copy && count)
        memcpy(copy, *at, count * sizeof *copy);
    *at = copy;
    return copy != NULL;
}

bool vd_keep_disagreement(vd_arena *a, vd_unused_disagreement *out, const vd_unused_disagreement *from)
{
    *out = *from;
    return text(a, &out->principal) && text(a, &out->account) && text(a, &out->action) && text(a, &out->finding) &&
           texts(a, &out->events.at, out->events.count);
}

bool vd_keep_unused_principal(vd_arena *a, vd_unused_principal *out, const vd_unused_principal *p)
{
    vd_unused_service *services = vd_arena_new_array(a, vd_unused_service, p->service_count + 1);

    if (!services)
        return false;
    *out = *p;
    for (size_t i = 0; i < p->service_count; i++) {
        services[i] = p->services[i];
        if (!text(a, &services[i].prefix))
            return false;
    }
    out->services = services;
    return counts(a, &out->since_last, out->since_count) && text(a, &out->arn) && text(a, &out->account) && text(a, &out->kind) && text(a, &out->permission_set);
}
