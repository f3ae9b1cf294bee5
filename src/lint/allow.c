/* SPDX-License-Identifier: Apache-2.0
 *
 * Allow statements minus denies, action by action.  Only actions with a slot are followed: a policy of wildcards costs
 * what it reaches of those.
 */
#include "lint/allow.h"

#include "base/str.h"
#include "lint/cover.h"

/* ------------------------------------------------------------------ conditions */

static bool only_star(const vd_entry *e)
{
    for (uint32_t i = 0; i < e->values.count; i++)
        if (vd_str_eq(e->values.at[i].text, VD_S("*")))
            return true;
    return e->values.count == 0;
}

static bool is_positive(const vd_view_condition *c)
{
    const vd_operator_use *op = &c->entry->op;

    return op->op && op->op->test != VD_TEST_NULL && !op->op->negated && !op->if_exists && op->quantifier != VD_FOR_ALL &&
           !only_star(c->entry);
}

const vd_view_condition *vd_positive_test(const vd_view_statement *st, const char *key)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (vd_key_is(&st->conditions[i], key) && is_positive(&st->conditions[i]))
            return &st->conditions[i];
    return NULL;
}

static bool is_tag_key(const vd_view_condition *c)
{
    return vd_str_istarts(c->name, VD_S("ResourceTag/"));
}

static bool restricts(const vd_view_condition *c)
{
    static const char *const keys[] = { "aws:PrincipalArn",  "aws:PrincipalTag/", "aws:userid",
                                        "aws:SourceIp",      "aws:SourceVpc",     "aws:SourceVpce",
                                        "aws:SourceVpcArn",  "aws:CalledVia",     "aws:CalledViaFirst",
                                        "aws:CalledViaLast", "aws:PrincipalOrgID" };

    if (!is_positive(c))
        return false;
    for (size_t i = 0; i < VD_COUNT(keys); i++)
        if (vd_key_is(c, keys[i]))
            return true;
    return is_tag_key(c);
}

/* What is not known may restrict. */
bool vd_is_restricted(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (st->conditions[i].key_hole || restricts(&st->conditions[i]))
            return true;
    return false;
}

static bool says(const vd_view_condition *c, const char *value)
{
    return c->entry->values.count == 1 && vd_str_ieq(c->entry->values.at[0].text, vd_str_of(value));
}

bool vd_asks_for_mfa(const vd_view_statement *st)
{
    const vd_view_condition *c = vd_positive_test(st, "aws:MultiFactorAuthPresent");

    return (c && says(c, "true")) || vd_positive_test(st, "aws:MultiFactorAuthAge");
}

/* ------------------------------------------------------------------ resources */

static bool only_wild(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '*' && s.p[i] != '?')
            return false;
    return true;
}

/* Is the word one that a format of the action's resource types has in that place: role of role/NAME? */
static bool is_type_word(const vd_lint *l, vd_ids types, vd_str word)
{
    for (uint32_t i = 0; i < types.count; i++) {
        vd_type_fact t = vd_catalog_type(l->catalog, types.at[i]);

        for (uint32_t k = 0; k < t.formats; k++) {
            vd_str rest = vd_catalog_format(l->catalog, types.at[i], k), part;
            size_t from = 0;

            for (int field = 0; field < 5; field++)
                vd_str_cut(&rest, ':', &part);
            for (size_t n = 0; n <= rest.n; n++) {
                if (n < rest.n && rest.p[n] != '/' && rest.p[n] != ':')
                    continue;
                if (vd_str_ieq((vd_str){ rest.p + from, n - from }, word))
                    return true;
                from = n + 1;
            }
        }
    }
    return false;
}

/* Nothing but wildcards behind words that name types: a bare star, role or log-group and then stars. */
static bool is_all_of_type(const vd_lint *l, vd_ids types, vd_str resource)
{
    bool word = false, wild = false;

    for (size_t i = 0, from = 0; i <= resource.n; i++) {
        vd_str part;

        if (i < resource.n && resource.p[i] != '/' && resource.p[i] != ':')
            continue;
        part = (vd_str){ resource.p + from, i - from };
        from = i + 1;
        if (part.n && only_wild(part)) {
            wild = true;
            word = false;
        } else if (part.n == 0) {
            continue;
        } else if (vd_str_find(part, '*') < part.n || vd_str_find(part, '?') < part.n || word ||
                   !is_type_word(l, types, part)) {
            return false; /* a name, or a name with a wildcard in it */
        } else {
            word = true;
        }
    }
    return wild && !word;
}

/* Every second part at least is nothing but a wildcard: worth looking at the words between. */
static bool may_be_all(vd_str resource)
{
    vd_str last = vd_str_from(resource, vd_str_rfind(resource, '/') < resource.n ? vd_str_rfind(resource, '/') + 1 : 0);

    last = vd_str_from(last, vd_str_rfind(last, ':') < last.n ? vd_str_rfind(last, ':') + 1 : 0);
    return last.n > 0 && only_wild(last);
}

/* A name that begins in some way and then is open. */
static bool is_prefix(vd_str resource)
{
    return resource.n > 0 && resource.p[resource.n - 1] == '*';
}

static bool other_account(const vd_lint *l, vd_str account)
{
    return l->config->account.n && vd_is_account(account) && !vd_str_eq(account, l->config->account);
}

static uint8_t breadth_of_resource(const vd_lint *l, const vd_view_resource *r, vd_str service, vd_ids types)
{
    if (r->star)
        return VD_BREADTH_ALL;
    if (!r->is_arn || r->variable || !r->wild)
        return VD_BREADTH_NAMED;
    if (!only_wild(r->arn.service) && service.n && !vd_str_ieq(r->arn.service, service))
        return VD_BREADTH_NAMED;
    if (other_account(l, r->arn.account) || vd_has_hole(r->arn.resource))
        return VD_BREADTH_NAMED;
    if (may_be_all(r->arn.resource) && is_all_of_type(l, types, r->arn.resource))
        return VD_BREADTH_ALL;
    return is_prefix(r->arn.resource) ? VD_BREADTH_PREFIX : VD_BREADTH_NAMED;
}

/* Some prefixes name services in ARNs by another word than in actions. */
static vd_str arn_service(const vd_lint *l, vd_ids types)
{
    vd_str rest, part = { "", 0 };

    if (types.count == 0)
        return part;
    rest = vd_catalog_format(l->catalog, types.at[0], 0);
    for (int i = 0; i < 3; i++)
        if (!vd_str_cut(&rest, ':', &part))
            return (vd_str){ "", 0 };
    return part;
}

static bool has_open_arn(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->resource_count; i++)
        if (st->resources[i].star || (st->resources[i].is_arn && st->resources[i].wild))
            return true;
    return false;
}

uint8_t vd_breadth_of(const vd_lint *l, const vd_view_statement *st, uint32_t action)
{
    vd_ids  types = { 0 };
    vd_str  service;
    uint8_t best = VD_BREADTH_NAMED;

    if (st->model->resource.negated)
        return st->resources_hole ? VD_BREADTH_NAMED : VD_BREADTH_ALL;
    if (st->all_resources)
        return VD_BREADTH_ALL;
    if (!has_open_arn(st))
        return VD_BREADTH_NAMED;
    types = vd_catalog_action(l->catalog, action).types;
    service = arn_service(l, types);
    for (uint32_t i = 0; i < st->resource_count && best < VD_BREADTH_ALL; i++) {
        uint8_t b = breadth_of_resource(l, &st->resources[i], service, types);

        if (b > best)
            best = b;
    }
    return best;
}

/* ------------------------------------------------------------------ denies */

enum { GRANTS = 64, DENIES = 512 }; /* of one action: more say nothing new, and cost */

typedef enum taken { TAKEN_NOT, TAKEN_PARTLY, TAKEN_ALL } taken;

static taken taken_away(vd_lint *l, const vd_denials *denied, const vd_view_statement *allow)
{
    taken t = denied->more ? TAKEN_PARTLY : TAKEN_NOT;

    for (uint32_t i = 0; i < denied->count; i++) {
        const vd_view_statement *d = denied->at[i];

        if (vd_cover_rest(l, d, allow))
            return TAKEN_ALL;
        if (d->condition_count == 0 || d->conditions_hole)
            t = TAKEN_PARTLY;
    }
    return t;
}

static vd_slot *touch(vd_allowed *e, uint32_t slot)
{
    vd_slot   *s = &e->of[slot];
    vd_powers *p = (vd_powers *)(uintptr_t)e->powers;

    if (!s->touched)
        p->touched[p->touched_count++] = slot;
    s->touched = true;
    return s;
}

static bool add_denial(vd_allowed *e, vd_lint *l, const vd_view_statement *st, uint32_t slot)
{
    vd_denials *d = &touch(e, slot)->denied;

    d->more |= d->count == DENIES;
    return d->more || VD_ARENA_PUSH(l->arena, d->at, d->count, d->cap, st);
}

static bool add_grant(vd_allowed *e, vd_lint *l, const vd_view_statement *st, uint32_t slot);

/* The smaller of the two lists is walked: all slots for wildcards, what is reached for the rest. */
static bool for_slots(vd_allowed *e, vd_lint *l, const vd_view_statement *st,
                      bool (*add)(vd_allowed *, vd_lint *, const vd_view_statement *, uint32_t))
{
    const vd_powers *p = e->powers;
    bool             ok = true;

    if (st->reach.count > p->slots) {
        for (uint32_t s = 0; s < p->slots && ok; s++)
            if (vd_ids_have(st->reach, p->actions[s]))
                ok = add(e, l, st, s);
    } else {
        for (uint32_t i = 0; i < st->reach.count && ok; i++)
            if (p->slot_of[st->reach.at[i]])
                ok = add(e, l, st, p->slot_of[st->reach.at[i]] - 1u);
    }
    return ok;
}

/* The trust policy of a role is not about what the role may do. */
static bool says_what_holder_may(const vd_lint *l)
{
    return (VD_ON_I | VD_ON_S) >> l->kind & 1u;
}

static bool collect_denies(vd_allowed *e)
{
    for (uint32_t p = 0; p < e->count; p++) {
        vd_lint *l = e->policies[p];

        for (uint32_t i = 0; i < l->statement_count && says_what_holder_may(l); i++) {
            const vd_view_statement *st = &l->statements[i];

            if (st->allow || st->model->malformed)
                continue;
            e->unknown |= st->actions_hole || st->resources_hole;
            if (!for_slots(e, l, st, add_denial))
                return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ allows */

static vd_span token_of(const vd_view_statement *st, uint32_t action)
{
    for (uint32_t i = 0; i < st->action_count && !st->model->action.negated; i++)
        if (vd_ids_have(st->actions[i].ids, action))
            return st->actions[i].text.span;
    return st->model->action.key;
}

static bool add_grant(vd_allowed *e, vd_lint *l, const vd_view_statement *st, uint32_t slot)
{
    vd_slot  *s = touch(e, slot);
    taken     t = s->grants < GRANTS ? taken_away(l, &s->denied, st) : TAKEN_ALL;
    uint32_t  action = e->powers->actions[slot];
    vd_grant *g;

    if (t == TAKEN_ALL)
        return true;
    g = vd_arena_new(l->arena, vd_grant);
    if (!g)
        return false;
    *g = (vd_grant){ .l = l,
                     .st = st,
                     .action = action,
                     .token = token_of(st, action),
                     .breadth = vd_breadth_of(l, st, action),
                     .restricted = vd_is_restricted(st),
                     .mfa = vd_asks_for_mfa(st),
                     .doubtful = t == TAKEN_PARTLY };
    if (s->last)
        s->last->next = g;
    else
        s->first = g;
    s->last = g;
    return s->grants++ > 0 || VD_ARENA_PUSH(l->arena, e->slots, e->slot_count, e->slot_cap, slot);
}

/* One room a thread, wiped where the last identity touched it. */
static bool make_room(vd_powers *p)
{
    if (!p->room) {
        p->room = vd_arena_new_array(&p->arena, vd_slot, p->slots ? p->slots : 1);
        p->touched = vd_arena_new_array(&p->arena, uint32_t, p->slots ? p->slots : 1);
    }
    if (!p->room || !p->touched)
        return false;
    for (uint32_t i = 0; i < p->touched_count; i++)
        p->room[p->touched[i]] = (vd_slot){ 0 };
    p->touched_count = 0;
    return true;
}

bool vd_allow_find(vd_allowed *out, vd_lint *const *policies, uint32_t count)
{
    vd_powers *p = vd_expansions_powers(policies[0]->expansions);

    *out = (vd_allowed){ .policies = policies, .count = count, .powers = p };
    if (!p || !make_room(p))
        return false;
    out->of = p->room;
    if (!collect_denies(out))
        return false;
    for (uint32_t k = 0; k < count; k++) {
        vd_lint *l = policies[k];

        for (uint32_t i = 0; i < l->statement_count && says_what_holder_may(l); i++) {
            const vd_view_statement *st = &l->statements[i];

            /* A list of which a part is not known grants at least what is known; of an exception nothing is. */
            if (!st->allow || st->model->malformed || (st->actions_hole && st->model->action.negated))
                continue;
            if (!for_slots(out, l, st, add_grant))
                return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ questions */

static bool guards(const vd_view_condition *c, vd_guards keys)
{
    for (size_t i = 0; i < keys.count; i++)
        if (vd_key_is(c, keys.at[i]))
            return true;
    return false;
}

/* Deny X unless k is v: what is left needs k to be v. */
static bool guarded_by_deny(const vd_denials *denied, const vd_grant *g, vd_guards keys)
{
    for (uint32_t i = 0; i < denied->count; i++) {
        const vd_view_statement *d = denied->at[i];

        for (uint32_t k = 0; k < d->condition_count; k++) {
            const vd_operator_use *op = &d->conditions[k].entry->op;

            if (op->op && (op->op->negated || op->op->test == VD_TEST_NULL || op->op->test == VD_TEST_BOOL) &&
                guards(&d->conditions[k], keys) && vd_cover_resources(g->l, d, g->st))
                return true;
        }
    }
    return false;
}

bool vd_grant_guarded(const vd_allowed *e, const vd_grant *g, vd_guards keys)
{
    const vd_view_statement *st = g->st;

    if (st->conditions_hole)
        return true;
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (guards(&st->conditions[i], keys) && (is_positive(&st->conditions[i]) || st->conditions[i].entry->op.op == NULL ||
                                                 st->conditions[i].entry->op.op->test == VD_TEST_NULL))
            return true;
    return guarded_by_deny(&e->of[e->powers->slot_of[g->action] - 1u].denied, g, keys);
}

const vd_grant *vd_allow_broadly(const vd_allowed *e, uint32_t slot, vd_breadth least, vd_guards keys)
{
    for (const vd_grant *g = slot == VD_NONE ? NULL : e->of[slot].first; g; g = g->next)
        if (g->breadth >= least && !g->restricted && (keys.count == 0 || !vd_grant_guarded(e, g, keys)))
            return g;
    return NULL;
}
