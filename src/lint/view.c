/* SPDX-License-Identifier: Apache-2.0
 *
 * From the model of a policy to what rules look at.
 */
#include "lint/view.h"

#include "base/str.h"
#include "text/hole.h"

static bool only_stars(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '*')
            return false;
    return s.n > 0;
}

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

/* A wildcard that is not part of ${...}: ${*} and ${?} stand for themselves. */
static bool has_active_wildcard(vd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '$' && i + 1 < s.n && s.p[i + 1] == '{') {
            size_t end = vd_str_find(vd_str_from(s, i), '}');

            if (i + end < s.n) {
                i += end;
                continue;
            }
        }
        if (s.p[i] == '*' || s.p[i] == '?')
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ actions */

static bool look_at_action(vd_view_action *v, vd_text text, const vd_catalog *c, vd_expansions *x)
{
    vd_str rest = text.text, prefix;

    *v = (vd_view_action){ .text = text, .service = VD_NONE, .action = VD_NONE };
    v->hole = vd_has_hole(text.text);
    v->star = only_stars(text.text);
    v->wild = has_wildcard(text.text);
    if (vd_str_cut(&rest, ':', &prefix)) {
        v->prefix = prefix;
        v->name = rest;
        v->prefix_wild = has_wildcard(prefix);
    } else {
        v->prefix_wild = v->wild;
    }
    v->malformed = !v->hole && !v->star && (v->prefix.n == 0 || v->name.n == 0);
    if (v->hole || v->malformed)
        return true;
    if (v->star) {
        v->ids = vd_expansions_all(x);
        return true;
    }
    if (!v->prefix_wild)
        v->service = vd_catalog_find_service(c, v->prefix);
    if (!v->prefix_wild && v->service == VD_NONE)
        return true;
    if (!vd_expansions_get(x, text.text, &v->ids))
        return false;
    if (!v->wild && v->ids.count)
        v->action = v->ids.at[0];
    return true;
}

static bool look_at_actions(vd_view_statement *st, vd_arena *arena, const vd_catalog *c, vd_expansions *x)
{
    const vd_list *list = &st->model->action;

    st->action_count = list->texts.count;
    st->actions = vd_arena_new_array(arena, vd_view_action, list->texts.count ? list->texts.count : 1);
    if (!st->actions)
        return false;
    for (uint32_t i = 0; i < list->texts.count; i++) {
        vd_view_action *v = &st->actions[i];

        if (!look_at_action(v, list->texts.at[i], c, x))
            return false;
        st->actions_hole |= v->hole;
        st->all_actions |= v->star && !list->negated;
    }
    return true;
}

/* The union through a bit set: many lists are joined at the price of their ids. */
static bool take_reach(vd_view_statement *st, vd_arena *arena, vd_expansions *x)
{
    vd_ids    all = vd_expansions_all(x);
    uint64_t *bits = vd_expansions_bits(x);
    uint32_t  low = UINT32_MAX, high = 0, most = 0, n = 0, *at;

    for (uint32_t i = 0; i < st->action_count; i++) {
        vd_ids ids = st->actions[i].ids;

        if (ids.count == all.count) {
            st->reach = all;
            return !st->model->action.negated || vd_ids_minus(arena, all, all, &st->reach);
        }
        most += ids.count;
        if (ids.count && ids.at[0] < low)
            low = ids.at[0];
        if (ids.count && ids.at[ids.count - 1] > high)
            high = ids.at[ids.count - 1];
    }
    at = vd_arena_new_array(arena, uint32_t, most ? most : 1);
    if (!at || !bits)
        return false;
    for (uint32_t i = 0; i < st->action_count; i++)
        for (uint32_t k = 0; k < st->actions[i].ids.count; k++)
            bits[st->actions[i].ids.at[k] / 64] |= (uint64_t)1 << st->actions[i].ids.at[k] % 64;
    for (uint32_t word = low / 64; most && word <= high / 64; word++) {
        for (uint64_t left = bits[word]; left; left &= left - 1)
            at[n++] = word * 64 + (uint32_t)__builtin_ctzll(left);
        bits[word] = 0;
    }
    st->reach = (vd_ids){ at, n };
    return !st->model->action.negated || vd_ids_minus(arena, all, st->reach, &st->reach);
}

/* ------------------------------------------------------------------ resources */

static bool look_at_resources(vd_view_statement *st, vd_arena *arena, bool variables)
{
    const vd_list *list = &st->model->resource;

    st->resource_count = list->texts.count;
    st->resources = vd_arena_new_array(arena, vd_view_resource, list->texts.count ? list->texts.count : 1);
    if (!st->resources)
        return false;
    for (uint32_t i = 0; i < list->texts.count; i++) {
        vd_view_resource *v = &st->resources[i];

        v->text = list->texts.at[i];
        v->hole = vd_has_hole(v->text.text);
        v->star = only_stars(v->text.text);
        v->wild = has_active_wildcard(v->text.text);
        v->variable = variables && vd_str_contains(v->text.text, VD_S("${"));
        v->is_arn = vd_arn_split(&v->arn, v->text.text);
        st->resources_hole |= v->hole;
        st->all_resources |= v->star && !list->negated;
    }
    st->all_resources |= !list->present;
    return true;
}

/* ------------------------------------------------------------------ principals */

/* "logs.{Region}.amazonaws.com" and "ec2.{Suffix}" say which service it is; "{Service}.amazonaws.com" does not. */
static vd_str service_name(vd_str s)
{
    static const vd_str endings[] = { VD_L(".amazonaws.com"), VD_L(".amazonaws.com.cn"), VD_L(".amazonaws.eu") };

    uint32_t index;
    size_t   hole = vd_hole_find(s, 0, &index);

    if (hole < s.n)
        return vd_str_first(s, hole > 1 && s.p[hole - 1] == '.' ? hole - 1 : 0);
    for (size_t i = 0; i < VD_COUNT(endings); i++)
        if (vd_str_ends(s, endings[i]))
            return vd_str_first(s, s.n - endings[i].n);
    return s;
}

/* Only the account or the partition of the provider's ARN is left open. */
static bool names_provider(vd_str s)
{
    vd_arn arn;

    return vd_arn_split(&arn, s) && !vd_has_hole(arn.resource) && !vd_has_hole(arn.service);
}

static void look_at_aws(vd_view_principal *v)
{
    static const struct {
        vd_str  start;
        uint8_t shape;
    } forms[] = {
        { VD_L("role/"), VD_SHAPE_ROLE },
        { VD_L("user/"), VD_SHAPE_USER },
        { VD_L("assumed-role/"), VD_SHAPE_SESSION },
        { VD_L("federated-user/"), VD_SHAPE_FEDERATED_USER },
    };
    vd_str s = v->text.text;
    vd_arn arn;

    if (only_stars(s)) {
        v->shape = VD_SHAPE_EVERYONE;
    } else if (vd_is_account(s)) {
        v->shape = VD_SHAPE_ACCOUNT;
        v->account = s;
    } else if (vd_arn_split(&arn, s)) {
        if (!vd_has_hole(arn.account))
            v->account = arn.account;
        if (vd_str_eq(arn.resource, VD_S("root")))
            v->shape = VD_SHAPE_ACCOUNT;
        for (size_t i = 0; i < VD_COUNT(forms); i++) {
            if (vd_str_starts(arn.resource, forms[i].start)) {
                v->shape = forms[i].shape;
                v->name = vd_str_from(arn.resource, forms[i].start.n);
            }
        }
    } else if (vd_str_starts(s, VD_S("AROA")) || vd_str_starts(s, VD_S("AIDA"))) {
        v->shape = VD_SHAPE_UNIQUE_ID;
    }
}

static bool look_at_principals(vd_view_statement *st, vd_arena *arena)
{
    const vd_principals *p = &st->model->principal;

    st->principal_count = p->count;
    st->principals = vd_arena_new_array(arena, vd_view_principal, p->count ? p->count : 1);
    if (!st->principals)
        return false;
    for (uint32_t i = 0; i < p->count; i++) {
        vd_view_principal *v = &st->principals[i];

        v->text = p->at[i].text;
        v->type = p->at[i].type;
        v->hole = vd_has_hole(v->text.text);
        v->shape = VD_SHAPE_OTHER;
        st->principals_hole |= v->hole;
        switch (v->type) {
        case VD_PRINCIPAL_STAR:
            v->shape = VD_SHAPE_EVERYONE;
            break;
        case VD_PRINCIPAL_AWS:
            look_at_aws(v);
            break;
        case VD_PRINCIPAL_SERVICE:
            v->name = service_name(v->text.text);
            v->shape = v->hole && !v->name.n ? VD_SHAPE_OTHER : VD_SHAPE_SERVICE;
            break;
        case VD_PRINCIPAL_FEDERATED:
            v->shape = v->hole && !names_provider(v->text.text) ? VD_SHAPE_OTHER : VD_SHAPE_FEDERATED;
            break;
        default:
            v->shape = v->hole ? VD_SHAPE_OTHER : VD_SHAPE_CANONICAL;
            break;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ conditions */

static void look_at_key(vd_view_condition *v, const vd_catalog *c)
{
    vd_str rest = v->key, prefix;

    v->id = VD_NONE;
    v->family = VD_FAMILY_UNKNOWN;
    if (v->key_hole || !vd_str_cut(&rest, ':', &prefix))
        return;
    v->prefix = prefix;
    v->name = rest;
    v->id = vd_catalog_find_key(c, v->key);
    if (v->id != VD_NONE)
        v->fact = vd_catalog_key(c, v->id);
    if (vd_str_ieq(prefix, VD_S("aws")))
        v->family = VD_FAMILY_GLOBAL;
    else if (vd_str_ieq(prefix, VD_S("saml")) || vd_str_find(prefix, '.') < prefix.n)
        v->family = VD_FAMILY_FEDERATED;
    else if (vd_catalog_find_service(c, prefix) != VD_NONE)
        v->family = VD_FAMILY_SERVICE;
}

static bool look_at_conditions(vd_view_statement *st, vd_arena *arena, const vd_catalog *c)
{
    const vd_statement *m = st->model;

    st->condition_count = m->entry_count;
    st->conditions = vd_arena_new_array(arena, vd_view_condition, m->entry_count ? m->entry_count : 1);
    if (!st->conditions)
        return false;
    for (uint32_t i = 0; i < m->entry_count; i++) {
        vd_view_condition *v = &st->conditions[i];

        v->entry = &m->entries[i];
        v->index = i;
        v->key = v->entry->key.text;
        v->key_hole = vd_has_hole(v->key) || vd_has_hole(v->entry->operator_name.text);
        for (uint32_t k = 0; k < v->entry->values.count; k++)
            v->value_hole |= vd_has_hole(v->entry->values.at[k].text);
        st->conditions_hole |= v->key_hole;
        look_at_key(v, c);
    }
    return true;
}

bool vd_view_make(vd_view_statement **out, uint32_t *count, vd_arena *arena, const vd_catalog *c, vd_expansions *x,
                  const vd_lint_config *config, const vd_policy *policy)
{
    vd_view_statement *at = vd_arena_new_array(arena, vd_view_statement, policy->statement_count ? policy->statement_count : 1);

    (void)config;
    if (!at)
        return false;
    for (uint32_t i = 0; i < policy->statement_count; i++) {
        vd_view_statement *st = &at[i];

        st->model = &policy->statements[i];
        st->index = i;
        st->allow = st->model->effect == VD_EFFECT_ALLOW;
        if (!look_at_actions(st, arena, c, x) || !take_reach(st, arena, x) ||
            !look_at_resources(st, arena, policy->language == VD_LANGUAGE_2012) || !look_at_principals(st, arena) ||
            !look_at_conditions(st, arena, c))
            return false;
    }
    *out = at;
    *count = policy->statement_count;
    return true;
}

/* ------------------------------------------------------------------ questions */

bool vd_view_action_matches(vd_str pattern, vd_str action)
{
    return vd_catalog_fits(pattern, action);
}

bool vd_view_reaches(const vd_view_statement *st, uint32_t action)
{
    return vd_ids_have(st->reach, action);
}
