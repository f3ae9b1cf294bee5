/* SPDX-License-Identifier: Apache-2.0
 *
 * Outsiders and strangers as demands on requests.  An outsider is not in the zone of trust.  A stranger is an outsider whom
 * nobody has named: in every dimension that AWS assigns (account, organization, unique id, network ...) it has a value that
 * no statement lists, or none.  What an outsider may choose freely (tags, names, user agents) never makes a difference.
 *
 * What is demanded are tests that do NOT hold, of positive operators: true of another value and of no value.
 */
#include "analyze/exposing.h"

#include "base/engine.h"
#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/arn.h"
#include "pattern/glob.h"
#include "pattern/template.h"

enum {
    FREE_DIGITS = 3,     /* up to 10^3 accounts are a list, more are a pattern */
    MOST_ACCOUNTS = 1000 /* of a zone that are all told to the prover */
};

/* ------------------------------------------------------------------ scopes */

void vd_scope_add(vd_exposing *x, vd_scope *scope, vd_demand demand)
{
    if (!VD_ARENA_PUSH(&x->arena, scope->at, scope->count, scope->cap, demand))
        x->nomem = true;
}

void vd_scope_any(vd_exposing *x, vd_scope *scope, const vd_demand *any, uint32_t count)
{
    vd_demand *own = vd_arena_new_array(&x->arena, vd_demand, count ? count : 1);
    vd_any_of  clause = { own, count };

    if (count == 1) {
        vd_scope_add(x, scope, any[0]);
        return;
    }
    if (own && count)
        memcpy(own, any, count * sizeof *any);
    if (!own || !VD_ARENA_PUSH(&x->arena, scope->clauses, scope->clause_count, scope->clause_cap, clause))
        x->nomem = true;
}

void vd_scope_none(vd_exposing *x, vd_scope *scope, const vd_demand *any, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        vd_scope_add(x, scope, (vd_demand){ any[i].atom, !any[i].against });
}

static uint32_t condition(vd_exposing *x, const char *op, const char *key, const vd_str *values, uint32_t count)
{
    return vd_symbolic_condition(x->s, op, vd_str_of(key), values, count, &x->nomem);
}

uint32_t vd_condition1(vd_exposing *x, const char *op, const char *key, vd_str value)
{
    return condition(x, op, key, &value, 1);
}

/* It holds, or there is no value. */
static void demand_against(vd_exposing *x, vd_scope *scope, const char *op, const char *key, const vd_str *values, uint32_t count)
{
    if (count)
        vd_scope_add(x, scope, (vd_demand){ condition(x, op, key, values, count), true });
}

/* ------------------------------------------------------------------ keys */

static vd_run rows_of(vd_sheet s, vd_str key)
{
    size_t slash = vd_str_find(key, '/'), colon = vd_str_rfind(key, ':');
    vd_run run = vd_sheet_find(s, key);
    char   text[128];

    if (run.count || key.n > 96)
        return run;
    for (uint32_t i = 0; slash < key.n && i < s.rows; i++) {
        vd_str name = vd_sheet_cell(s, i, 0);

        if (vd_str_istarts(name, vd_str_first(key, slash + 1)))
            return (vd_run){ i, 1 };
    }
    if (colon == key.n || !vd_str_contains(vd_str_first(key, colon), VD_S(".")))
        return run;
    memcpy(text, "${Provider}", 11); /* token.actions.githubusercontent.com:sub */
    memcpy(text + 11, key.p + colon, key.n - colon);
    run = vd_sheet_find(s, (vd_str){ text, 11 + key.n - colon });
    return run.count ? run : vd_sheet_find(s, VD_S("${Provider}:sub"));
}

vd_str vd_key_column(const vd_exposing *x, vd_str key, const char *column)
{
    vd_sheet s = vd_catalog_sheet(x->catalog, VD_S("keys"));
    vd_run   run = rows_of(s, key);
    uint32_t c = vd_sheet_column(s, vd_str_of(column));

    return run.count && c != VD_NONE ? vd_sheet_cell(s, run.first, c) : (vd_str){ "", 0 };
}

/* Names in ARNs are chosen; the account in them is told by the cell. */
const char *vd_key_control(const vd_exposing *x, vd_str key)
{
    static const char *const names[] = { "assigned", "network", "claim", "secret", "state", "clock", "const" };
    vd_str                   text = vd_key_column(x, key, "class");

    for (size_t i = 0; i < VD_COUNT(names) && !vd_str_ieq(key, VD_S("aws:PrincipalArn")); i++)
        if (vd_str_eq(text, vd_str_of(names[i])))
            return names[i];
    return "chosen";
}

static bool occurs_in(const vd_says *says, vd_str key)
{
    for (uint32_t i = 0; i < says->count; i++) {
        const vd_statement *st = &says->at[i].policy->statements[says->at[i].index];

        for (uint32_t k = 0; k < st->entry_count; k++)
            if (vd_str_ieq(st->entries[k].key.text, key))
                return true;
    }
    return false;
}

bool vd_key_occurs(const vd_exposing *x, vd_str key)
{
    for (uint32_t k = 0; k < VD_SAYS; k++)
        if (occurs_in(&x->says[k], key))
            return true;
    return false;
}

/* ------------------------------------------------------------------ what is named */

static void name(vd_exposing *x, vd_names *list, vd_str text)
{
    if (vd_seen_find(&list->seen, text) == VD_NONE &&
        (!vd_seen_add(&list->seen, &x->arena, text, list->count) || !VD_ARENA_PUSH(&x->arena, list->at, list->count, list->cap, text)))
        x->nomem = true;
}

bool vd_account_is_pinned(vd_str p)
{
    size_t stars = 0, open = 0, literal = 0;

    for (size_t i = 0; i < p.n; i++) {
        stars += p.p[i] == '*';
        open += p.p[i] == '?';
        literal += vd_is_digit(p.p[i]);
        if (p.p[i] != '*' && p.p[i] != '?' && !vd_is_digit(p.p[i]))
            return false; /* matches no account */
    }
    if (stars > 1 || literal + open > 12 || (stars == 0 && literal + open != 12))
        return false;
    return 12 - literal <= FREE_DIGITS;
}

static bool is_plain(vd_str s)
{
    return vd_str_find(s, '*') == s.n && vd_str_find(s, '?') == s.n && !vd_str_contains(s, VD_S("${"));
}

/* "arn:aws:iam::111122223333:role/x": field five; "AROA...:session": what stands before the colon. */
static void name_of_arn(vd_exposing *x, vd_names *list, vd_str text)
{
    vd_arn arn;

    if (vd_arn_split(&arn, text) && vd_account_is_pinned(arn.account))
        name(x, list, arn.account);
}

static void name_unique_id(vd_exposing *x, vd_str text)
{
    vd_str id = text, rest = text;

    if (!vd_str_cut(&rest, ':', &id))
        id = text;
    if (!is_plain(id) || id.n == 0)
        return;
    if (vd_is_account(id))
        name(x, &x->accounts, id);
    else
        name(x, &x->unique_ids, id);
}

static void name_org(vd_exposing *x, vd_names *list, vd_str text)
{
    vd_str org = vd_str_first(text, vd_str_find(text, '/'));

    if (is_plain(org) && org.n)
        name(x, list, org);
}

static void name_values(vd_exposing *x, const vd_entry *e)
{
    vd_str dim = vd_key_column(x, e->key.text, "dimension"), part = vd_key_column(x, e->key.text, "part");

    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_str text = e->values.at[i].text;

        if (vd_str_eq(dim, VD_S("account")) && vd_str_eq(part, VD_S("whole")) && vd_account_is_pinned(text))
            name(x, &x->accounts, text);
        else if (vd_str_eq(dim, VD_S("account")) && vd_str_eq(part, VD_S("field 5")))
            name_of_arn(x, &x->accounts, text);
        else if (vd_str_eq(dim, VD_S("unique-id")))
            name_unique_id(x, text);
        else if (vd_str_eq(dim, VD_S("organization")))
            name_org(x, &x->orgs, text);
        else if (vd_str_eq(dim, VD_S("source-organization")))
            name_org(x, &x->source_orgs, text);
        else if (vd_str_eq(dim, VD_S("source-account")) && vd_str_eq(part, VD_S("field 5")))
            name_of_arn(x, &x->sources, text);
        else if (vd_str_eq(dim, VD_S("source-account")) && vd_account_is_pinned(text)) {
            name(x, &x->sources, text);
            if (vd_str_ieq(e->key.text, VD_S("aws:SourceOwner")))
                name(x, &x->accounts, text);
        }
    }
}

static void name_principals(vd_exposing *x, const vd_principals *p)
{
    for (uint32_t i = 0; p->present && i < p->count; i++) {
        vd_str text = p->at[i].text.text;
        vd_arn arn;

        if (p->at[i].type != VD_PRINCIPAL_AWS)
            continue;
        if (vd_is_account(text))
            name(x, &x->accounts, text);
        else if (vd_arn_split(&arn, text) && vd_is_account(arn.account))
            name(x, &x->accounts, arn.account);
        else if (vd_is_unique_id(text))
            name(x, &x->unique_ids, text);
    }
}

void vd_names_of(vd_exposing *x, const vd_statement *st)
{
    name_principals(x, &st->principal);
    for (uint32_t k = 0; k < st->entry_count; k++)
        if (st->entries[k].op.op && st->entries[k].op.op->test != VD_TEST_NULL)
            name_values(x, &st->entries[k]);
}

static void name_all(vd_exposing *x, const vd_says *says)
{
    for (uint32_t i = 0; i < says->count; i++)
        vd_names_of(x, &says->at[i].policy->statements[says->at[i].index]);
}

/* ------------------------------------------------------------------ atoms of principals */

/* "444455556666", "4444555566??" as a pattern of who asks. */
static bool account_pattern(vd_exposing *x, vd_str account, vd_str *out)
{
    char   text[64];
    size_t n = vd_glob_code(text, vd_str_first(account, 32));

    for (size_t i = 0; i < n; i++)
        text[i] = text[i] == VD_STAR ? VD_STAR_IN : text[i] == VD_ANY ? VD_ANY_IN : text[i];
    return vd_arena_printf(&x->arena, out, "arn:\xfd:\xfd::" VD_F ":\xff", VD_A(((vd_str){ text, n })));
}

static uint32_t accounts_atom(vd_exposing *x, const vd_str *accounts, uint32_t count)
{
    vd_str *patterns = vd_arena_new_array(&x->arena, vd_str, count ? count : 1);

    for (uint32_t i = 0; patterns && i < count; i++)
        if (!account_pattern(x, accounts[i], &patterns[i]))
            patterns = NULL;
    x->nomem |= patterns == NULL;
    return x->nomem ? 0 : vd_symbolic_principal(x->s, VD_SIGNED | VD_BIT(VD_ASKER_CANONICAL), patterns, count, &x->nomem);
}

uint32_t vd_account_atom(vd_exposing *x, vd_str account)
{
    return accounts_atom(x, &account, 1);
}

static uint32_t ids_atom(vd_exposing *x)
{
    vd_str *patterns = vd_arena_new_array(&x->arena, vd_str, (size_t)x->unique_ids.count * 2 + 1);

    for (uint32_t i = 0; patterns && i < x->unique_ids.count; i++)
        if (!vd_arena_printf(&x->arena, &patterns[2 * i], "\xff\n" VD_F, VD_A(x->unique_ids.at[i])) ||
            !vd_arena_printf(&x->arena, &patterns[2 * i + 1], "\xff\n" VD_F ":\xff", VD_A(x->unique_ids.at[i])))
            patterns = NULL;
    x->nomem |= patterns == NULL;
    return x->nomem ? 0 : vd_symbolic_principal(x->s, VD_SIGNED, patterns, x->unique_ids.count * 2, &x->nomem);
}

/* ------------------------------------------------------------------ the zone */

/* Does some document tell accounts apart by a part of their digits?  Then each of the zone may matter. */
static bool asks_digits(vd_str pattern)
{
    bool digit = false, wild = false;

    for (size_t i = 0; i < pattern.n; i++) {
        digit |= vd_is_digit(pattern.p[i]);
        wild |= pattern.p[i] == '*' || pattern.p[i] == '?';
    }
    return digit && wild;
}

static bool tells_digits(const vd_exposing *x, const vd_says *says)
{
    for (uint32_t i = 0; i < says->count; i++) {
        const vd_statement *st = &says->at[i].policy->statements[says->at[i].index];

        for (uint32_t k = 0; k < st->entry_count; k++) {
            vd_str dim = vd_key_column(x, st->entries[k].key.text, "dimension");
            bool   account = vd_str_contains(dim, VD_S("account")) || vd_str_eq(dim, VD_S("unique-id"));
            vd_arn arn;

            for (uint32_t v = 0; account && v < st->entries[k].values.count; v++) {
                vd_str text = st->entries[k].values.at[v].text;

                if (vd_str_contains(text, VD_S("${")) || asks_digits(vd_arn_split(&arn, text) ? arn.account : text))
                    return true;
            }
        }
    }
    return false;
}

static bool is_spoken_of(const vd_exposing *x, vd_str account)
{
    return vd_seen_find(&x->accounts.seen, account) != VD_NONE || vd_seen_find(&x->sources.seen, account) != VD_NONE;
}

/* Of a large zone those accounts that some document speaks of: what is true of one of the others is true of them all, and who
 * is found to be one of them is asked for again (asking.c). */
static void find_home(vd_exposing *x)
{
    bool large = x->zone->part[VD_ZONE_ACCOUNTS].count + x->zone->member_count > MOST_ACCOUNTS;

    for (uint32_t k = 0; k < VD_SAYS && large; k++)
        large = !tells_digits(x, &x->says[k]);
    x->some_of_home = large;
    for (uint32_t i = 0; i < x->zone->part[VD_ZONE_ACCOUNTS].count; i++)
        if (!large || is_spoken_of(x, x->zone->part[VD_ZONE_ACCOUNTS].at[i]))
            name(x, &x->home, x->zone->part[VD_ZONE_ACCOUNTS].at[i]);
    for (uint32_t i = 0; i < x->zone->member_count; i++)
        if ((!large || is_spoken_of(x, x->zone->members[i].account)) &&
            vd_zone_has(x->zone, VD_ZONE_ORGANIZATIONS, x->zone->members[i].organization))
            name(x, &x->home, x->zone->members[i].account);
    if (x->on.account.n)
        name(x, &x->home, x->on.account);
}

static vd_names zone_paths(vd_exposing *x)
{
    vd_names paths = { 0 };

    for (uint32_t i = 0; i < x->zone->part[VD_ZONE_ORG_PATHS].count; i++) {
        vd_str p = x->zone->part[VD_ZONE_ORG_PATHS].at[i], starred;

        if (p.p[p.n - 1] == '*')
            starred = p;
        else if (!vd_arena_printf(&x->arena, &starred, VD_F "%s*", VD_A(p), p.p[p.n - 1] == '/' ? "" : "/"))
            x->nomem = true;
        if (!x->nomem)
            name(x, &paths, starred);
    }
    return paths;
}

/* ARNs with wildcards, as patterns of who asks. */
static uint32_t principals_atom(vd_exposing *x, const vd_zone_list *list)
{
    vd_str *patterns = vd_arena_new_array(&x->arena, vd_str, list->count ? list->count : 1);

    for (uint32_t i = 0; patterns && i < list->count; i++) {
        char *text = vd_arena_new_array(&x->arena, char, list->at[i].n + 2);

        if (!text) {
            patterns = NULL;
            break;
        }
        patterns[i] = (vd_str){ text, vd_glob_code(text, list->at[i]) };
        text[patterns[i].n++] = '\n';
        text[patterns[i].n++] = VD_STAR;
    }
    x->nomem |= patterns == NULL;
    return x->nomem ? 0 : vd_symbolic_principal(x->s, VD_SIGNED, patterns, list->count, &x->nomem);
}

static void leave_networks_out(vd_exposing *x, vd_scope *scope)
{
    static const struct {
        vd_zone_part part;
        const char  *op, *key;
    } rows[] = { { VD_ZONE_VPCS, "StringEquals", "aws:SourceVpc" },
                 { VD_ZONE_VPC_ENDPOINTS, "StringEquals", "aws:SourceVpce" },
                 { VD_ZONE_CIDRS, "IpAddress", "aws:SourceIp" } };

    for (size_t i = 0; x->opts.trust_networks && i < VD_COUNT(rows); i++)
        demand_against(x, scope, rows[i].op, rows[i].key, x->zone->part[rows[i].part].at, x->zone->part[rows[i].part].count);
}

/* People of another account; of the organizations of the zone nobody. */
static void people_outside(vd_exposing *x, vd_scope *scope)
{
    vd_names accounts = x->home, paths = zone_paths(x);

    if (accounts.count)
        vd_scope_add(x, scope, (vd_demand){ accounts_atom(x, accounts.at, accounts.count), true });
    if (x->zone->part[VD_ZONE_PRINCIPALS].count)
        vd_scope_add(x, scope, (vd_demand){ principals_atom(x, &x->zone->part[VD_ZONE_PRINCIPALS]), true });
    demand_against(x, scope, "StringEquals", "aws:PrincipalOrgID", x->zone->part[VD_ZONE_ORGANIZATIONS].at,
                   x->zone->part[VD_ZONE_ORGANIZATIONS].count);
    demand_against(x, scope, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", paths.at, paths.count);
    if (vd_key_occurs(x, VD_S("aws:SourceOwner")))
        demand_against(x, scope, "StringEquals", "aws:SourceOwner", accounts.at, accounts.count);
    leave_networks_out(x, scope);
}

/* A service acts for somebody: the account of the source, as far as it says. */
static void services_outside(vd_exposing *x, vd_scope *scope)
{
    static const char *const keys[] = { "aws:SourceAccount", "aws:SourceOwner" };
    vd_names                 accounts = x->home, arns = { 0 }, paths = zone_paths(x);

    for (size_t i = 0; i < VD_COUNT(keys); i++)
        if (vd_key_occurs(x, vd_str_of(keys[i])))
            demand_against(x, scope, "StringEquals", keys[i], accounts.at, accounts.count);
    for (uint32_t i = 0; i < accounts.count; i++) {
        vd_str arn;

        if (!vd_arena_printf(&x->arena, &arn, "arn:*:*:*:" VD_F ":*", VD_A(accounts.at[i])))
            x->nomem = true;
        else
            name(x, &arns, arn);
    }
    if (vd_key_occurs(x, VD_S("aws:SourceArn")))
        demand_against(x, scope, "ArnLike", "aws:SourceArn", arns.at, arns.count);
    if (vd_key_occurs(x, VD_S("aws:SourceOrgID")))
        demand_against(x, scope, "StringEquals", "aws:SourceOrgID", x->zone->part[VD_ZONE_ORGANIZATIONS].at,
                       x->zone->part[VD_ZONE_ORGANIZATIONS].count);
    if (vd_key_occurs(x, VD_S("aws:SourceOrgPaths")))
        demand_against(x, scope, "ForAnyValue:StringLike", "aws:SourceOrgPaths", paths.at, paths.count);
    leave_networks_out(x, scope);
}

static uint32_t texts_atom(vd_exposing *x, uint32_t who, const vd_zone_list *list)
{
    vd_str *patterns = vd_arena_new_array(&x->arena, vd_str, list->count ? list->count : 1);

    for (uint32_t i = 0; patterns && i < list->count; i++) {
        char *text = vd_arena_new_array(&x->arena, char, list->at[i].n ? list->at[i].n : 1);

        if (!text)
            patterns = NULL;
        else
            patterns[i] = (vd_str){ text, vd_glob_code(text, list->at[i]) };
    }
    x->nomem |= patterns == NULL;
    return x->nomem ? 0 : vd_symbolic_principal(x->s, who, patterns, list->count, &x->nomem);
}

/* ------------------------------------------------------------------ what belongs together */

/* An organization and the paths in it: the first segment of a path is the organization. */
static void join_paths(vd_exposing *x, vd_scope *scope, const char *id, const char *paths)
{
    if (!vd_key_occurs(x, vd_str_of(paths)))
        return;
    for (uint32_t i = 0; i < x->orgs.count; i++) {
        vd_demand *both = vd_arena_new_array(&x->arena, vd_demand, 4);
        vd_str     all;

        if (!both || !vd_arena_printf(&x->arena, &all, VD_F "/*", VD_A(x->orgs.at[i]))) {
            x->nomem = true;
            return;
        }
        both[0] = (vd_demand){ vd_condition1(x, "ForAnyValue:StringLike", paths, all), true };
        both[1] = (vd_demand){ vd_condition1(x, "StringEquals", id, x->orgs.at[i]), false };
        both[2] = (vd_demand){ both[1].atom, true };
        both[3] = (vd_demand){ vd_condition1(x, "ForAllValues:StringLike", paths, all), false };
        vd_scope_any(x, scope, both, 2);
        vd_scope_any(x, scope, both + 2, 2);
    }
}

/* SNS tells the account of the caller as aws:SourceOwner; nobody else does of people. */
static void join_owner(vd_exposing *x, vd_scope *scope)
{
    if (!vd_key_occurs(x, VD_S("aws:SourceOwner")))
        return;
    if (!vd_str_ieq(x->on.service, VD_S("sns")))
        vd_scope_add(x, scope, (vd_demand){ vd_condition1(x, "Null", "aws:SourceOwner", VD_S("true")), false });
    for (uint32_t i = 0; i < x->accounts.count; i++) {
        vd_demand *both = vd_arena_new_array(&x->arena, vd_demand, 2);

        if (!both) {
            x->nomem = true;
            return;
        }
        both[0] = (vd_demand){ vd_condition1(x, "StringLike", "aws:SourceOwner", x->accounts.at[i]), true };
        both[1] = (vd_demand){ vd_account_atom(x, x->accounts.at[i]), false };
        vd_scope_any(x, scope, both, 2);
    }
}

/* aws:SourceAccount is the account in aws:SourceArn where there is one (E640). */
static void join_source(vd_exposing *x, vd_scope *scope)
{
    if (!vd_key_occurs(x, VD_S("aws:SourceArn")) || !vd_key_occurs(x, VD_S("aws:SourceAccount")))
        return;
    for (uint32_t i = 0; i < x->sources.count; i++) {
        vd_demand *both = vd_arena_new_array(&x->arena, vd_demand, 2);
        vd_str     arn;

        if (!both || !vd_arena_printf(&x->arena, &arn, "arn:*:*:*:" VD_F ":*", VD_A(x->sources.at[i]))) {
            x->nomem = true;
            return;
        }
        both[0] = (vd_demand){ vd_condition1(x, "ArnLike", "aws:SourceArn", arn), true };
        both[1] = (vd_demand){ vd_condition1(x, "StringLike", "aws:SourceAccount", x->sources.at[i]), false };
        vd_scope_any(x, scope, both, 2);
    }
}

/* A function URL without authentication is the only way to Lambda for who does not sign. */
static void join_function_url(vd_exposing *x, vd_scope *scope)
{
    static const vd_str everybody[] = { VD_L("\xff") };
    vd_demand          *both = vd_arena_new_array(&x->arena, vd_demand, 2);

    if (!vd_key_occurs(x, VD_S("lambda:FunctionUrlAuthType")))
        return;
    if (!both) {
        x->nomem = true;
        return;
    }
    both[0] = (vd_demand){ vd_symbolic_principal(x->s, VD_SIGNED, everybody, 1, &x->nomem), false };
    both[1] = (vd_demand){ vd_condition1(x, "StringEqualsIfExists", "lambda:FunctionUrlAuthType", VD_S("NONE")), false };
    vd_scope_any(x, scope, both, 2);
}

/* ------------------------------------------------------------------ strangers */


/* Values of one key that are named, in the part of them that AWS assigns. */
static void leave_named_out(vd_exposing *x, vd_scope *scope, const vd_entry *e)
{
    vd_str      dim = vd_key_column(x, e->key.text, "dimension"), part = vd_key_column(x, e->key.text, "part");
    bool        many = vd_key_arity(e->key.text) == VD_ARITY_MANY, arn_like = false;
    vd_names    pinned = { 0 };
    const char *op = many ? "ForAnyValue:StringLike" : "StringLike";

    if (!vd_str_eq(vd_key_column(x, e->key.text, "class"), VD_S("assigned")) || vd_str_eq(dim, VD_S("account")) ||
        vd_str_eq(dim, VD_S("unique-id")) || vd_str_eq(dim, VD_S("organization")) || vd_str_eq(dim, VD_S("service")))
        return;
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_str text = e->values.at[i].text, all = text, head;
        vd_arn arn;

        if (vd_str_eq(part, VD_S("field 5"))) {
            arn_like = true;
            if (!vd_arn_split(&arn, text) || !vd_account_is_pinned(arn.account))
                continue;
            if (!vd_arena_printf(&x->arena, &all, "arn:*:*:*:" VD_F ":*", VD_A(arn.account)))
                x->nomem = true;
        } else if (vd_str_eq(part, VD_S("first segment"))) {
            head = vd_str_first(text, vd_str_find(text, '/'));
            if (!is_plain(head))
                continue;
            if (!vd_arena_printf(&x->arena, &all, VD_F "*", VD_A(head)))
                x->nomem = true;
        } else if (!is_plain(text) && !vd_account_is_pinned(text)) {
            continue;
        }
        name(x, &pinned, all);
    }
    if (pinned.count && !x->nomem)
        vd_scope_add(x, scope,
                     (vd_demand){ vd_symbolic_condition(x->s, arn_like ? "ArnLike" : op, e->key.text, pinned.at, pinned.count, &x->nomem),
                                  true });
}

static void leave_all_named_out(vd_exposing *x, vd_scope *scope, const vd_says *says)
{
    for (uint32_t i = 0; i < says->count; i++) {
        const vd_statement *st = &says->at[i].policy->statements[says->at[i].index];

        for (uint32_t k = 0; k < st->entry_count; k++)
            if (st->entries[k].op.op && st->entries[k].op.op->test != VD_TEST_NULL)
                leave_named_out(x, scope, &st->entries[k]);
    }
}

static void networks_unnamed(vd_exposing *x, vd_scope *scope)
{
    for (uint32_t k = 0; k < VD_SAYS; k++)
        leave_all_named_out(x, scope, &x->says[k]);
    if (vd_key_occurs(x, VD_S("s3:AccessPointNetworkOrigin")))
        vd_scope_add(x, scope, (vd_demand){ vd_condition1(x, "StringEquals", "s3:AccessPointNetworkOrigin", VD_S("VPC")), true });
}

static void strangers(vd_exposing *x)
{
    vd_scope *people = &x->stranger[VD_PEOPLE];
    vd_names  all = { 0 }, orgs = { 0 };

    *people = x->base[VD_PEOPLE];
    people->unnamed = true;
    for (uint32_t i = 0; i < x->home.count; i++)
        name(x, &all, x->home.at[i]);
    for (uint32_t i = 0; i < x->accounts.count; i++)
        name(x, &all, x->accounts.at[i]);
    if (all.count)
        vd_scope_add(x, people, (vd_demand){ accounts_atom(x, all.at, all.count), true });
    if (x->unique_ids.count)
        vd_scope_add(x, people, (vd_demand){ ids_atom(x), true });
    for (uint32_t i = 0; i < x->orgs.count; i++)
        name(x, &orgs, x->orgs.at[i]);
    demand_against(x, people, "StringEquals", "aws:PrincipalOrgID", orgs.at, orgs.count);
    networks_unnamed(x, people);
    for (uint32_t f = VD_SERVICES; f < VD_FAMILY_COUNT; f++) {
        x->stranger[f] = x->base[f];
        networks_unnamed(x, &x->stranger[f]);
    }
}

/* A copy that grows must not write behind it. */
static void seal(vd_scope *s)
{
    s->cap = s->count;
    s->clause_cap = s->clause_count;
}

static bool acts_for_owner(const vd_exposing *x, vd_str service)
{
    vd_sheet s = vd_catalog_sheet(x->catalog, VD_S("services"));
    vd_run   run = vd_sheet_find(s, vd_service_label(service));
    uint32_t c = vd_sheet_column(s, VD_S("own-account"));
    vd_str   text = run.count && c != VD_NONE ? vd_sheet_cell(s, run.first, c) : (vd_str){ "", 0 };

    return vd_str_eq(text, VD_S("yes")) || (vd_str_eq(text, VD_S("roles")) && x->on.trust);
}

/* Services are hosts of AWS, or what statements name; those that act for the owner alone are no outsiders. */
static void name_services(vd_exposing *x, vd_scope *scope)
{
    vd_names all = { 0 }, own = { 0 };

    if (!x->cut) /* Block Public Access spares the services that a statement names */
        name(x, &all, VD_S("\xfa\xfb.amazonaws.com"));
    for (uint32_t i = 0; i < x->allows.count; i++) {
        const vd_principals *p = &x->allows.at[i].policy->statements[x->allows.at[i].index].principal;

        for (uint32_t k = 0; p->present && k < p->count; k++)
            if (p->at[k].type == VD_PRINCIPAL_SERVICE && is_plain(p->at[k].text.text)) {
                name(x, &all, p->at[k].text.text);
                if (acts_for_owner(x, p->at[k].text.text))
                    name(x, &own, p->at[k].text.text);
            }
    }
    vd_scope_add(x, scope, (vd_demand){ vd_symbolic_principal(x->s, VD_BIT(VD_ASKER_SERVICE), all.at, all.count, &x->nomem), false });
    x->any_service = *scope;
    seal(&x->any_service);
    seal(scope);
    if (own.count)
        vd_scope_add(x, scope, (vd_demand){ vd_symbolic_principal(x->s, VD_BIT(VD_ASKER_SERVICE), own.at, own.count, &x->nomem), true });
}

/* E745: a provider of another account than the role's lets nobody in. */
static void providers_of_owner(vd_exposing *x, vd_scope *scope)
{
    static const vd_str any = VD_L("arn:\xfd:iam::\xff");
    vd_demand          *both = vd_arena_new_array(&x->arena, vd_demand, 2);
    vd_str              own;

    if (!x->on.trust)
        return;
    if (!both || !vd_arena_printf(&x->arena, &own, "arn:\xfd:iam::" VD_F ":\xff", VD_A(x->on.account))) {
        x->nomem = true;
        return;
    }
    both[0] = (vd_demand){ vd_symbolic_principal(x->s, VD_IDENTIFIED, &own, 1, &x->nomem), false };
    both[1] = (vd_demand){ vd_symbolic_principal(x->s, VD_IDENTIFIED, &any, 1, &x->nomem), true };
    vd_scope_any(x, scope, both, 2);
}

bool vd_outsiders_make(vd_exposing *x)
{
    static const uint32_t who[VD_FAMILY_COUNT] = { VD_ANYBODY, VD_BIT(VD_ASKER_SERVICE), VD_IDENTIFIED, VD_BIT(VD_ASKER_CANONICAL) };
    static const vd_str   any_bucket = VD_L("arn:aws:s3:::*"), star = VD_L("*"), role = VD_L("arn:*?:iam::*?:role/*"),
                          key = VD_L("arn:*?:kms:*?:*?:key/*"),
                          silent[] = { VD_L("arn:*?:iam:*"), VD_L("arn:*?:sts:*"), VD_L("arn:*?:kms:*"), VD_L("arn:*?:ec2:*?:*?:instance/*"),
                                       VD_L("arn:*?:rds:*?:*?:db:*") };

    for (uint32_t k = 0; k < VD_SAYS; k++)
        name_all(x, &x->says[k]);
    find_home(x);
    x->has_address = vd_key_occurs(x, VD_S("aws:SourceIp"));
    x->star_atom = vd_symbolic_resource(x->s, &star, 1, &x->nomem);
    x->role_atom = vd_symbolic_resource(x->s, &role, 1, &x->nomem);
    x->key_atom = vd_symbolic_resource(x->s, &key, 1, &x->nomem);
    x->silent_atom = vd_symbolic_resource(x->s, silent, VD_COUNT(silent), &x->nomem);
    if (x->on.pattern_count) {
        x->on_atom = vd_symbolic_resource(x->s, x->on.patterns, x->on.pattern_count, &x->nomem);
        x->bucket_atom = vd_symbolic_resource(x->s, x->on.any_bucket ? &any_bucket : &x->on.resource, 1, &x->nomem);
    }
    for (uint32_t f = 0; f < VD_FAMILY_COUNT; f++) {
        x->base[f].who = who[f];
        if (x->on.pattern_count) /* the first of all demands: it depends on the action */
            vd_scope_add(x, &x->base[f], (vd_demand){ x->on_atom, false });
        if (x->on.service.n == 0) /* the second: it has a policy (E719) */
            vd_scope_add(x, &x->base[f], (vd_demand){ x->silent_atom, true });
    }
    for (uint32_t f = 0; f < VD_FAMILY_COUNT && x->opts.within.n; f++)
        vd_scope_add(x, &x->base[f], (vd_demand){ vd_symbolic_resource(x->s, &x->opts.within, 1, &x->nomem), false });
    name_services(x, &x->base[VD_SERVICES]);
    for (uint32_t f = 0; f < VD_FAMILY_COUNT && x->has_address; f++) { /* an address, or none: AWS never sends an empty one */
        static const vd_str all[] = { VD_L("0.0.0.0/0"), VD_L("::/0") };

        vd_scope_add(x, &x->base[f], (vd_demand){ condition(x, "IpAddressIfExists", "aws:SourceIp", all, 2), false });
    }
    people_outside(x, &x->base[VD_PEOPLE]);
    people_outside(x, &x->base[VD_CANONICALS]);
    if (x->opts.prove.principal.n)
        vd_scope_add(x, &x->base[VD_PEOPLE], (vd_demand){ principals_atom(x, &(vd_zone_list){ &x->opts.prove.principal, 1 }), false });
    services_outside(x, &x->base[VD_SERVICES]);
    if (x->zone->part[VD_ZONE_SERVICES].count)
        vd_scope_add(x, &x->base[VD_SERVICES],
                     (vd_demand){ texts_atom(x, VD_BIT(VD_ASKER_SERVICE), &x->zone->part[VD_ZONE_SERVICES]), true });
    if (x->zone->part[VD_ZONE_FEDERATED].count)
        vd_scope_add(x, &x->base[VD_PROVIDERS], (vd_demand){ texts_atom(x, VD_IDENTIFIED, &x->zone->part[VD_ZONE_FEDERATED]), true });
    providers_of_owner(x, &x->base[VD_PROVIDERS]);
    join_paths(x, &x->base[VD_PEOPLE], "aws:PrincipalOrgID", "aws:PrincipalOrgPaths");
    join_owner(x, &x->base[VD_PEOPLE]);
    join_source(x, &x->base[VD_SERVICES]);
    join_function_url(x, &x->base[VD_PEOPLE]);
    strangers(x);
    for (uint32_t f = 0; f < VD_FAMILY_COUNT; f++) { /* copies that grow must not write behind these */
        seal(&x->base[f]);
        seal(&x->stranger[f]);
    }
    return !x->nomem;
}
