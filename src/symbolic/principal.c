/* SPDX-License-Identifier: Apache-2.0
 *
 * Principal and NotPrincipal (chapter 4 of the rules) as texts of variable 0.  Each entry matches one kind of asker in one
 * way (E416); of a chain every name must be listed (E420), which for sessions is a join of session and role ARNs.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "request/facts.h"

#define WHO(a) (1u << (a))
enum {
    WITH_ARN = WHO(VD_ASKER_ROLE) | WHO(VD_ASKER_USER) | WHO(VD_ASKER_ROOT) | WHO(VD_ASKER_FEDERATED_USER) | WHO(VD_ASKER_CANONICAL),
    PROVIDERS = WHO(VD_ASKER_WEB_IDENTITY) | WHO(VD_ASKER_SAML)
};

typedef struct collector {
    vd_ask  *ask;
    uint32_t kinds; /* wanted */
    vd_str  *at;
    uint32_t count, cap;
} collector;

static bool is(const collector *c, uint32_t askers)
{
    return askers >> c->ask->profile.who & 1u;
}

static bool add(collector *c, uint32_t kind, vd_str pattern)
{
    bool ok = !(c->kinds & kind) || VD_ARENA_PUSH(&c->ask->s->work, c->at, c->count, c->cap, pattern);

    c->ask->nomem |= !ok;
    return ok;
}

#define ADD(c, kind, ...)                                                                               \
    do {                                                                                                \
        vd_str made_;                                                                                   \
        if ((c)->kinds & (kind)) {                                                                      \
            if (!vd_arena_printf(&(c)->ask->s->work, &made_, __VA_ARGS__))                              \
                (c)->ask->nomem = true;                                                                 \
            else                                                                                        \
                add((c), (kind), made_);                                                                \
        }                                                                                               \
    } while (0)

static uint32_t account_kind(const collector *c)
{
    return is(c, WHO(VD_ASKER_ROOT)) ? VD_MATCH_ROOT : VD_MATCH_ACCOUNT;
}

/* E409: the ARN of a session has the name of the role without its path. */
static void add_session(collector *c, const vd_arn *arn)
{
    vd_str session = vd_str_from(arn->resource, sizeof "assumed-role/" - 1), name;

    if (!vd_str_cut(&session, '/', &name) || vd_str_find(session, '/') < session.n)
        return;
    ADD(c, VD_MATCH_SESSION, "arn:" VD_F ":iam::" VD_F ":role/" VD_F "\n\xfb:" VD_F, VD_A(arn->partition), VD_A(arn->account),
        VD_A(name), VD_A(session));
    ADD(c, VD_MATCH_SESSION, "arn:" VD_F ":iam::" VD_F ":role/\xff/" VD_F "\n\xfb:" VD_F, VD_A(arn->partition),
        VD_A(arn->account), VD_A(name), VD_A(session));
}

static void add_arn(collector *c, vd_str text)
{
    vd_arn arn;
    bool   iam, sts;

    if (!is(c, WITH_ARN) || !vd_arn_split(&arn, text))
        return;
    iam = vd_str_eq(arn.service, VD_S("iam")) && !arn.region.n;
    sts = vd_str_eq(arn.service, VD_S("sts")) && !arn.region.n;
    if (iam && vd_str_eq(arn.resource, VD_S("root"))) {
        if (vd_is_account(arn.account))
            ADD(c, account_kind(c), "arn:" VD_F ":\xfd::" VD_F ":\xff", VD_A(arn.partition), VD_A(arn.account));
    } else if (iam && vd_str_starts(arn.resource, VD_S("user/"))) {
        if (is(c, WHO(VD_ASKER_USER) | WHO(VD_ASKER_CANONICAL)))
            ADD(c, VD_MATCH_USER, VD_F "\n\xff", VD_A(text));
        else if (is(c, WHO(VD_ASKER_FEDERATED_USER)))
            ADD(c, VD_MATCH_PARENT, "arn:" VD_F ":sts::" VD_F ":\xf8\n" VD_F "\t\xff", VD_A(arn.partition),
                VD_A(arn.account), VD_A(arn.resource));
    } else if (iam && vd_str_starts(arn.resource, VD_S("role/"))) {
        if (is(c, WHO(VD_ASKER_ROLE)))
            ADD(c, VD_MATCH_ROLE, VD_F "\n\xff", VD_A(text));
    } else if (sts && vd_str_starts(arn.resource, VD_S("assumed-role/"))) {
        if (is(c, WHO(VD_ASKER_ROLE)))
            add_session(c, &arn);
    } else if (sts && is(c, WHO(VD_ASKER_FEDERATED_USER))) {
        ADD(c, VD_MATCH_FEDSESSION, VD_F "\n\xff", VD_A(text));
    }
}

/* E411: the id of a user, of a role, of the user behind a federated session. */
static void add_id(collector *c, vd_str text)
{
    if (vd_str_starts(text, VD_S("AROA"))) {
        if (is(c, WHO(VD_ASKER_ROLE)))
            ADD(c, VD_MATCH_ROLE, "\xf8\n" VD_F ":\xff", VD_A(text));
    } else if (is(c, WHO(VD_ASKER_USER))) {
        ADD(c, VD_MATCH_USER, "\xf8\n" VD_F, VD_A(text));
    } else if (is(c, WHO(VD_ASKER_FEDERATED_USER))) {
        ADD(c, VD_MATCH_PARENT, "\xf8\n\xf8\t" VD_F, VD_A(text));
    }
}

static void add_aws(collector *c, vd_str text)
{
    if (vd_str_eq(text, VD_S("*"))) /* E404 */
        add(c, VD_MATCH_ANY, VD_S("\xff"));
    else if (vd_str_find(text, '*') < text.n || vd_str_find(text, '?') < text.n)
        return; /* E415 */
    else if (vd_is_unique_id(text))
        add_id(c, text);
    else if (!vd_is_account(text))
        add_arn(c, text);
    else if (is(c, WITH_ARN))
        ADD(c, account_kind(c), "arn:\xfd:\xfd::" VD_F ":\xff", VD_A(text));
}

static void add_entry(collector *c, const vd_principal_entry *e)
{
    vd_str text = e->text.text;

    if (vd_str_find(text, '\n') < text.n || vd_str_find(text, '\t') < text.n || vd_str_find(text, 0) < text.n)
        return; /* nobody's name */
    switch ((vd_principal_type)e->type) {
    case VD_PRINCIPAL_STAR:
        add(c, VD_MATCH_ANY, VD_S("\xff"));
        break;
    case VD_PRINCIPAL_AWS:
        add_aws(c, text);
        break;
    case VD_PRINCIPAL_SERVICE: /* wildcards match nothing: no name holds one */
        if (is(c, WHO(VD_ASKER_SERVICE)))
            add(c, VD_MATCH_SERVICE, text);
        break;
    case VD_PRINCIPAL_FEDERATED:
        if (is(c, PROVIDERS))
            add(c, VD_MATCH_IDP, text);
        break;
    case VD_PRINCIPAL_CANONICAL_USER:
        if (is(c, WHO(VD_ASKER_CANONICAL)))
            ADD(c, VD_MATCH_ACCOUNT, "\xf8\n" VD_F, VD_A(text));
        break;
    }
}

static collector collect(vd_ask *a, const vd_principals *p, uint32_t kinds)
{
    collector c = { .ask = a, .kinds = kinds ? kinds : ~0u };

    for (uint32_t i = 0; i < p->count && !a->nomem; i++)
        add_entry(&c, &p->at[i]);
    return c;
}

/* ------------------------------------------------------------------ chains */

/* The text before the newline, and behind it. */
static bool halves(vd_str pattern, vd_str *before, vd_str *behind)
{
    *behind = pattern;
    return vd_str_cut(behind, '\n', before);
}

/* Names of listed accounts; an id is of any of them. */
static void join(vd_ask *a, const vd_principals *p, uint32_t name, collector *out)
{
    collector accounts = collect(a, p, VD_MATCH_ACCOUNT), names = collect(a, p, name);

    for (uint32_t i = 0; i < names.count; i++)
        for (uint32_t k = 0; k < accounts.count; k++) {
            vd_str account = accounts.at[k], before, behind;

            if (!halves(names.at[i], &before, &behind))
                continue;
            if (vd_str_eq(before, VD_S("\xf8")))
                ADD(out, ~0u, VD_F "\xf8\n" VD_F, VD_A(vd_str_first(account, account.n - 1)), VD_A(behind));
            else if (vd_glob_match(account, before)) {
                add(out, ~0u, names.at[i]);
                break;
            }
        }
}

static bool join_sessions(vd_ask *a, const vd_principals *p, collector *out)
{
    collector roles = collect(a, p, VD_MATCH_ROLE), sessions = { .ask = a, .kinds = ~0u };

    join(a, p, VD_MATCH_SESSION, &sessions);
    for (uint32_t i = 0; i < sessions.count; i++)
        for (uint32_t k = 0; k < roles.count; k++) {
            vd_str before, behind, role, id;

            if (!halves(sessions.at[i], &before, &behind) || !halves(roles.at[k], &role, &id))
                continue;
            if (a->budget == 0) {
                a->why = "budget";
                return false;
            }
            a->budget--;
            if (vd_str_eq(role, VD_S("\xf8"))) /* an id, of whatever role */
                ADD(out, ~0u, VD_F "\n" VD_F VD_F, VD_A(before), VD_A(vd_str_first(id, id.n - 1)), VD_A(vd_str_from(behind, 2)));
            else if (vd_glob_match(before, role))
                ADD(out, ~0u, VD_F "\n" VD_F, VD_A(role), VD_A(behind));
        }
    return !a->nomem;
}

static bool chain_language(vd_ask *a, const vd_principals *p, collector *out)
{
    *out = collect(a, p, VD_MATCH_ANY);
    out->kinds = ~0u;
    if (out->count)
        return !a->nomem;
    switch ((vd_asker)a->profile.who) {
    case VD_ASKER_ROLE:
        return join_sessions(a, p, out);
    case VD_ASKER_USER:
    case VD_ASKER_CANONICAL:
        join(a, p, VD_MATCH_USER, out);
        break;
    case VD_ASKER_FEDERATED_USER:
        join(a, p, VD_MATCH_FEDSESSION, out);
        break;
    case VD_ASKER_ROOT:
        *out = collect(a, p, VD_MATCH_ROOT);
        break;
    case VD_ASKER_SERVICE:
        *out = collect(a, p, VD_MATCH_SERVICE);
        break;
    case VD_ASKER_WEB_IDENTITY:
    case VD_ASKER_SAML:
        *out = collect(a, p, VD_MATCH_IDP);
        break;
    default:
        break;
    }
    return !a->nomem;
}

bool vd_principal_language(vd_ask *a, const vd_atom *atom, vd_globs *out)
{
    collector c;

    if (vd_coded_find(atom, a->profile.who, out))
        return true;
    if (!atom->chain)
        c = collect(a, atom->who, atom->kinds);
    else if (!chain_language(a, atom->who, &c))
        return false;
    *out = (vd_globs){ c.at, c.count, false };
    return !a->nomem && vd_coded_keep(a, atom, a->profile.who, out);
}
