/* SPDX-License-Identifier: Apache-2.0
 *
 * Which requests there can be: what keys are there for whom and over which path.
 *
 * In universe.tsv a key has a letter for each asker (in the order of vd_asker) and each path: '+' it is there, '-' it is
 * not, 'o' it is there in an organization, '.' either.  values: "R=AssumedRole", "f=true": the only value it can have then.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "symbolic/mutant.h"

#define WHO(a) (1u << (a))
enum {
    OF_ACCOUNTS = WHO(VD_ASKER_ROLE) | WHO(VD_ASKER_USER) | WHO(VD_ASKER_ROOT) | WHO(VD_ASKER_FEDERATED_USER) |
                  WHO(VD_ASKER_CANONICAL)
};

static const char asker_letters[VD_ASKER_COUNT + 1] = "ARUOFSWMC", path_letters[VD_PATH_COUNT + 1] = "def";

static uint8_t presence(const vd_ask *a, char asker, char path)
{
    if (asker == 'o')
        asker = a->profile.in_organization ? '+' : '-';
    if (asker == '-' || (path == '-' && !VD_MUTANT(9)))
        return VD_KEY_NEVER;
    return asker == '+' || path == '+' ? VD_KEY_MUST : VD_KEY_FREE;
}

static vd_str constant(const vd_ask *a, vd_str values)
{
    vd_str part, rest = values, letter;

    while (rest.n) {
        if (!vd_str_cut(&rest, ',', &part)) {
            part = rest;
            rest = (vd_str){ "", 0 };
        }
        if (vd_str_cut(&part, '=', &letter) && letter.n == 1 &&
            (letter.p[0] == asker_letters[a->profile.who] || letter.p[0] == path_letters[a->profile.path]))
            return part;
    }
    return (vd_str){ "", 0 };
}

static bool is_asker(const vd_ask *a, uint32_t askers)
{
    return askers >> a->profile.who & 1u;
}

static vd_domain domain_of(vd_str name)
{
    if (vd_str_eq(name, VD_S("account")))
        return (vd_domain){ .digits = true, .shortest = 12, .longest = 12 };
    return (vd_domain){ .no_wildcards = vd_str_eq(name, VD_S("id")) };
}

/* ------------------------------------------------------------------ parts of something else */

/* Of which asker, and which action, a key shows a part of the principal. */
static void place_principal(const vd_ask *a, const vd_key_var *key, vd_key_rule *r)
{
    if (!is_asker(a, OF_ACCOUNTS) || VD_MUTANT(10))
        return;
    r->var = VD_VAR_PRINCIPAL;
    r->view = key->view;
    if (key->view == VD_VIEW_USER_ID && is_asker(a, WHO(VD_ASKER_ROOT)))
        r->view = VD_VIEW_ACCOUNT;
    if (key->view == VD_VIEW_USER_ID && is_asker(a, WHO(VD_ASKER_FEDERATED_USER)))
        r->view = VD_VIEW_FEDERATED_ID;
    if (key->named == VD_NAMED_CALLER_ACCOUNT && !vd_str_istarts(a->goal->action, VD_S("kms:")))
        r->presence = VD_KEY_NEVER;
}

/* U14: of "*" the owner is the caller's account, of an ARN with an account that one. */
static void place_owner(const vd_ask *a, const vd_key_var *key, vd_key_rule *r)
{
    bool account = key->named == VD_NAMED_OWNER_ACCOUNT;

    if (a->profile.owner == VD_OWNER_STAR) {
        bool known = is_asker(a, OF_ACCOUNTS) && (account || a->profile.in_organization);

        r->presence = known ? VD_KEY_MUST : VD_KEY_NEVER;
        r->var = account ? VD_VAR_PRINCIPAL : VD_VAR_PRINCIPAL_ORG;
        r->view = account ? VD_VIEW_ACCOUNT : key->view;
    } else if (account && a->profile.owner == VD_OWNER_IN_ARN) {
        r->presence = VD_KEY_MUST;
        r->var = VD_VAR_RESOURCE;
        r->view = VD_VIEW_OWNER;
    }
}

/* U17: claims are there in the calls that bring them, and some stay in the session. */
static void place_claim(const vd_ask *a, const vd_key_var *key, vd_key_rule *r)
{
    uint32_t who = key->named == VD_NAMED_SAML ? WHO(VD_ASKER_SAML) : WHO(VD_ASKER_WEB_IDENTITY);

    if (!is_asker(a, who | WHO(VD_ASKER_ROLE)))
        r->presence = VD_KEY_NEVER;
}

/* Soft: an action of a service whose lists are complete does not send a key that it is not listed with. */
static bool never_sent(const vd_ask *a, const vd_key_var *key)
{
    vd_str   prefix, rest = a->goal->action;
    uint32_t id;

    if (!a->shape || !key->listed || !vd_str_cut(&rest, ':', &prefix) || !vd_str_istarts(key->key, prefix) ||
        key->key.p[prefix.n] != ':')
        return false;
    id = vd_catalog_find(a->s->catalog, a->goal->action);
    return id != VD_NONE && !vd_catalog_action_has_key(a->s->catalog, id, key->id);
}

static vd_key_rule make_rule(const vd_ask *a, const vd_key_var *key)
{
    vd_key_rule r = { .presence = VD_KEY_FREE, .var = key->family, .view = key->view, .usual = key->usual };

    if (key->askers.n == VD_ASKER_COUNT && key->paths.n == VD_PATH_COUNT)
        r.presence = presence(a, key->askers.p[a->profile.who], key->paths.p[a->profile.path]);
    r.constant = constant(a, key->values);
    r.domain = domain_of(key->domain);
    r.yes_or_no = vd_str_eq(key->domain, VD_S("bool"));
    if (key->family == VD_VAR_PRINCIPAL) {
        r.var = VD_VAR_KEYS;
        r.view = VD_VIEW_NONE;
        place_principal(a, key, &r);
    } else if (key->named == VD_NAMED_OWNER_ACCOUNT || key->named == VD_NAMED_OWNER_ORG) {
        place_owner(a, key, &r);
    } else if (key->named == VD_NAMED_SOURCE_OWNER && vd_str_istarts(a->goal->action, VD_S("sns:")) && is_asker(a, OF_ACCOUNTS)) {
        r.presence = VD_KEY_MUST;
        r.var = VD_VAR_PRINCIPAL;
        r.view = VD_VIEW_ACCOUNT;
    } else if (key->named == VD_NAMED_SAML || key->named == VD_NAMED_CLAIM) {
        place_claim(a, key, &r);
    }
    if (r.presence == VD_KEY_FREE && never_sent(a, key))
        r.presence = VD_KEY_NEVER;
    if (r.var == VD_VAR_KEYS)
        r.var = VD_VAR_KEYS + (uint32_t)(key - a->s->keys);
    return r;
}

/* Rules are made once for each profile. */
bool vd_universe_turn(vd_ask *a)
{
    vd_symbolic *s = a->s;

    if (s->rule_cap < s->key_count) {
        uint32_t cap = s->key_count + 16;

        s->rules = vd_arena_new_array(&s->arena, vd_key_rule, cap);
        s->rule_epochs = vd_arena_new_array(&s->arena, uint32_t, cap);
        s->rule_cap = s->rules && s->rule_epochs ? cap : 0;
        a->nomem |= !s->rule_cap;
    }
    if (++s->epoch == 0 && s->rule_cap) { /* once around: nothing of the last time is to be seen */
        memset(s->rule_epochs, 0, s->rule_cap * sizeof *s->rule_epochs);
        s->epoch = 1;
    }
    return !a->nomem;
}

vd_key_rule vd_universe_rule(const vd_ask *a, const vd_key_var *key)
{
    uint32_t at = (uint32_t)(key - a->s->keys);

    if (at >= a->s->rule_cap)
        return make_rule(a, key);
    if (a->s->rule_epochs[at] != a->s->epoch) {
        a->s->rules[at] = make_rule(a, key);
        a->s->rule_epochs[at] = a->s->epoch;
    }
    return a->s->rules[at];
}

/* ------------------------------------------------------------------ profiles */

/* Calls of identity providers, and what is checked along with them. */
static bool asks_at_all(const vd_ask *a, uint8_t who)
{
    static const vd_str along[] = { VD_L("sts:TagSession"), VD_L("sts:SetSourceIdentity"), VD_L("sts:SetContext") };
    vd_str              action = a->goal->action;

    if (who != VD_ASKER_WEB_IDENTITY && who != VD_ASKER_SAML)
        return true;
    for (size_t i = 0; i < VD_COUNT(along); i++)
        if (vd_str_ieq(action, along[i]))
            return true;
    return vd_str_ieq(action, who == VD_ASKER_SAML ? VD_S("sts:AssumeRoleWithSAML") : VD_S("sts:AssumeRoleWithWebIdentity"));
}

static bool shows_owner(const vd_ask *a)
{
    for (uint32_t i = 0; i < a->used_count; i++) {
        uint8_t named = a->s->keys[a->used[i]].named;

        if (named == VD_NAMED_OWNER_ACCOUNT || named == VD_NAMED_OWNER_ORG)
            return true;
    }
    return false;
}

static bool uses(const vd_ask *a, uint8_t family)
{
    for (uint32_t i = 0; i < a->used_count; i++)
        if (a->s->keys[a->used[i]].family == family)
            return true;
    return false;
}

/* Keys whose rule can be another in another profile of the same asker; *path, *organization: because of that. */
static uint32_t varying(const vd_ask *a, uint32_t *out, bool *path, bool *organization)
{
    uint32_t n = 0;

    *path = *organization = false;
    for (uint32_t i = 0; i < a->used_count; i++) {
        const vd_key_var *key = &a->s->keys[a->used[i]];

        *path |= key->by_path || key->family == VD_VAR_ACCESS_POINT;
        *organization |= key->by_organization;
        if (key->by_path || key->by_organization)
            out[n++] = a->used[i];
    }
    return n;
}

/* Two profiles that say the same of all keys of the question are one. */
static uint64_t mark_of(const vd_ask *a, const uint32_t *keys, uint32_t count)
{
    uint64_t mark = 0x9e3779b97f4a7c15u;

    for (uint32_t i = 0; i < count; i++) {
        const vd_key_var *key = &a->s->keys[keys[i]];
        vd_key_rule       r = make_rule(a, key);

        mark = (mark ^ (r.presence + 4u * (uint64_t)r.view + 256u * (uint64_t)r.var)) * 0x100000001b3u;
        mark = (mark ^ (uint64_t)(r.constant.n ? r.constant.p - key->values.p + 1 : 0)) * 0x100000001b3u;
        mark ^= mark >> 29;
    }
    return mark;
}

/* All that differ in something that a key of the question looks at. */
static uint32_t candidates(const vd_ask *a, uint8_t who, bool path, bool organization, vd_profile *out)
{
    uint32_t n = 0, paths = a->goal->paths ? a->goal->paths : ~0u, owners = shows_owner(a) ? 3 : 1;
    uint8_t  organizations = organization ? 2 : 1;

    for (uint8_t owner = 0; owner < owners; owner++)
        for (uint8_t partition = 0; partition < VD_PARTITIONS; partition++) {
            if (!(a->s->partitions >> partition & 1u))
                continue;
            for (uint8_t rest = 0; rest < organizations * VD_PATH_COUNT && n < VD_PROFILES; rest++) {
                vd_profile p = { .who = who, .path = rest % VD_PATH_COUNT, .in_organization = rest / VD_PATH_COUNT != 0,
                                 .partition = partition, .owner = owners == 1 ? VD_OWNER_ANY : (uint8_t)(VD_OWNER_IN_ARN + owner) };

                if ((paths >> p.path & 1u) && (path || !(paths & ((1u << p.path) - 1)))) /* without a key for it, the first path */
                    out[n++] = p;
            }
        }
    return n;
}

void vd_universe_profiles(vd_ask *a, uint8_t who, vd_profiles *out)
{
    bool path, organization;

    out->count = out->next = out->told = 0;
    if (!(a->goal->who >> who & 1u) || !asks_at_all(a, who) || (VD_MUTANT(12) && who == VD_ASKER_USER))
        return;
    out->keys = vd_arena_new_array(&a->s->work, uint32_t, a->used_count + 1u);
    if (!out->keys) {
        a->nomem = true;
        return;
    }
    out->key_count = varying(a, out->keys, &path, &organization);
    out->count = candidates(a, who, path, organization, out->at);
    out->through_point = uses(a, VD_VAR_ACCESS_POINT);
}

static uint64_t mark_at(vd_ask *a, const vd_profiles *p, uint32_t i)
{
    a->profile = p->at[i];
    return mark_of(a, p->keys, p->key_count) + a->profile.partition + 8u * a->profile.owner +
           (p->through_point && a->profile.path == VD_PATH_ENDPOINT ? 64u : 0u);
}

static bool was_told(const vd_profiles *p, uint64_t mark)
{
    for (uint32_t i = 0; i < p->told; i++)
        if (p->marks[i] == mark)
            return true;
    return false;
}

/* The first is one in any case: its mark is made when there is a second. */
bool vd_universe_next(vd_ask *a, vd_profiles *p)
{
    if (p->next == 1)
        p->marks[p->told++] = mark_at(a, p, 0);
    while (p->next < p->count) {
        uint32_t i = p->next++;
        uint64_t mark;

        a->profile = p->at[i];
        if (i == 0)
            return true;
        mark = mark_at(a, p, i);
        if (was_told(p, mark))
            continue;
        p->marks[p->told++] = mark;
        return true;
    }
    return false;
}
