/* SPDX-License-Identifier: Apache-2.0
 *
 * Predicates of cells (analysis 7.2), made of the constants that the statements themselves hold: organizations, accounts,
 * ARNs, services, networks.  Everything else that a statement tests is told as a condition of the finding.
 */
#include "analyze/exposing.h"

#include "base/buf.h"
#include "base/engine.h"
#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/arn.h"
#include "pattern/glob.h"

#include <stdlib.h>

static bool is_plain(vd_str s)
{
    return s.n && vd_str_find(s, '*') == s.n && vd_str_find(s, '?') == s.n && !vd_str_contains(s, VD_S("${"));
}

/* A letter for the kind, then the text. */
static vd_str name_of(vd_exposing *x, uint8_t kind, vd_str text)
{
    char  *p = vd_arena_new_array(&x->arena, char, text.n + 1);

    if (!p) {
        x->nomem = true;
        return (vd_str){ "", 0 };
    }
    p[0] = (char)('a' + kind);
    if (text.n)
        memcpy(p + 1, text.p, text.n);
    return (vd_str){ p, text.n + 1 };
}

static uint32_t find(vd_exposing *x, uint8_t kind, vd_str text)
{
    return vd_seen_find(&x->predicates_seen, name_of(x, kind, text));
}

static uint32_t add(vd_exposing *x, vd_predicate p)
{
    uint32_t known = find(x, p.kind, p.text);

    if (x->nomem)
        return known;
    if (known != VD_NONE) {
        x->predicates[known].said[x->saying / 64] |= (uint64_t)1 << x->saying % 64;
        return known;
    }
    p.said = vd_arena_new_array(&x->arena, uint64_t, vd_all_statements(x) / 64 + 1);
    if (!p.said) {
        x->nomem = true;
        return VD_NONE;
    }
    p.said[x->saying / 64] |= (uint64_t)1 << x->saying % 64;
    if (!vd_seen_add(&x->predicates_seen, &x->arena, name_of(x, p.kind, p.text), x->predicate_count) ||
        !VD_ARENA_PUSH(&x->arena, x->predicates, x->predicate_count, x->predicate_cap, p)) {
        x->nomem = true;
        return VD_NONE;
    }
    return x->predicate_count - 1;
}

static const vd_demand *one_demand(vd_exposing *x, uint32_t atom)
{
    vd_demand *d = vd_arena_new(&x->arena, vd_demand);

    if (!d)
        x->nomem = true;
    else
        *d = (vd_demand){ atom, false };
    return d;
}

static vd_str keep(vd_exposing *x, const char *before, vd_str text, const char *behind)
{
    vd_str out = { "", 0 };

    if (!vd_arena_printf(&x->arena, &out, "%s" VD_F "%s", before, VD_A(text), behind))
        x->nomem = true;
    return out;
}

static const vd_str *values_of(vd_exposing *x, vd_str value)
{
    vd_str *v = vd_arena_new(&x->arena, vd_str);

    if (!v)
        x->nomem = true;
    else
        *v = value;
    return v;
}

/* ------------------------------------------------------------------ principals */

static uint32_t add_org(vd_exposing *x, vd_str org)
{
    if (vd_zone_has(x->zone, VD_ZONE_ORGANIZATIONS, org))
        return VD_NONE;
    return add(x, (vd_predicate){ .dim = VD_DIM_PRINCIPAL, .kind = VD_IS_ORG, .parent = VD_NONE, .families = VD_BIT(VD_PEOPLE),
                                  .text = org, .key = VD_S("aws:PrincipalOrgID"), .op = VD_S("StringEquals"),
                                  .values = values_of(x, org), .value_count = 1,
                                  .any = one_demand(x, vd_condition1(x, "StringEquals", "aws:PrincipalOrgID", org)), .any_count = 1 });
}

static void add_org_path(vd_exposing *x, vd_str path)
{
    size_t   slash = vd_str_find(path, '/');
    vd_str   rest = vd_str_from(path, slash + 1);
    uint32_t org;

    if (!is_plain(vd_str_first(path, slash)) || slash == path.n || vd_str_eq(rest, VD_S("*")) || vd_str_contains(path, VD_S("${")))
        return;
    org = find(x, VD_IS_ORG, vd_str_first(path, slash));
    if (org == VD_NONE)
        return;
    add(x, (vd_predicate){ .dim = VD_DIM_PRINCIPAL, .kind = VD_IS_ORG_PATH, .parent = org, .families = VD_BIT(VD_PEOPLE), .text = path,
                           .key = VD_S("aws:PrincipalOrgPaths"), .op = VD_S("ForAnyValue:StringLike"),
                           .values = values_of(x, path), .value_count = 1,
                           .any = one_demand(x, vd_condition1(x, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", path)),
                           .any_count = 1 });
}

static uint32_t add_account(vd_exposing *x, vd_str account)
{
    if (vd_str_eq(account, x->on.account) || vd_zone_has_account(x->zone, account))
        return VD_NONE;
    return add(x, (vd_predicate){ .dim = VD_DIM_PRINCIPAL, .kind = VD_IS_ACCOUNT, .parent = VD_NONE, .families = VD_BIT(VD_PEOPLE),
                                  .text = account, .any = one_demand(x, vd_account_atom(x, account)), .any_count = 1 });
}

/* A session is told by the role's name, which may have any path. */
static uint32_t arn_atom(vd_exposing *x, const vd_arn *arn, vd_str text)
{
    vd_str patterns[2], session, name;
    bool   ok;

    if (vd_str_starts(arn->resource, VD_S("assumed-role/"))) {
        session = vd_str_from(arn->resource, 13);
        if (!vd_str_cut(&session, '/', &name))
            return VD_NONE;
        ok = vd_arena_printf(&x->arena, &patterns[0], "arn:" VD_F ":iam::" VD_F ":role/" VD_F "\n\xfb:" VD_F, VD_A(arn->partition),
                             VD_A(arn->account), VD_A(name), VD_A(session)) &&
             vd_arena_printf(&x->arena, &patterns[1], "arn:" VD_F ":iam::" VD_F ":role/\xff/" VD_F "\n\xfb:" VD_F,
                             VD_A(arn->partition), VD_A(arn->account), VD_A(name), VD_A(session));
        x->nomem |= !ok;
        return ok ? vd_symbolic_principal(x->s, VD_BIT(VD_ASKER_ROLE), patterns, 2, &x->nomem) : VD_NONE;
    }
    patterns[0] = keep(x, "", text, "\n\xff");
    return x->nomem ? VD_NONE : vd_symbolic_principal(x->s, VD_SIGNED, patterns, 1, &x->nomem);
}

static void add_arn(vd_exposing *x, vd_str text)
{
    vd_arn   arn;
    uint32_t account, atom;

    if (!vd_arn_split(&arn, text) || !vd_is_account(arn.account) || !is_plain(text))
        return;
    account = add_account(x, arn.account);
    if (account == VD_NONE || vd_str_eq(arn.resource, VD_S("root")))
        return;
    atom = arn_atom(x, &arn, text);
    if (atom != VD_NONE)
        add(x, (vd_predicate){ .dim = VD_DIM_PRINCIPAL, .kind = VD_IS_ARN, .parent = account, .families = VD_BIT(VD_PEOPLE),
                               .text = text, .any = one_demand(x, atom), .any_count = 1 });
}

static void add_unique_id(vd_exposing *x, vd_str id)
{
    vd_str patterns[2] = { keep(x, "\xff\n", id, ""), keep(x, "\xff\n", id, ":\xff") };

    if (!x->nomem)
        add(x, (vd_predicate){ .dim = VD_DIM_PRINCIPAL, .kind = VD_IS_UNIQUE_ID, .parent = VD_NONE, .families = VD_BIT(VD_PEOPLE),
                               .text = id, .any = one_demand(x, vd_symbolic_principal(x->s, VD_SIGNED, patterns, 2, &x->nomem)),
                               .any_count = 1 });
}

static void add_text(vd_exposing *x, vd_predicate_kind kind, uint32_t family, uint32_t who, vd_str text)
{
    if (is_plain(text))
        add(x, (vd_predicate){ .dim = VD_DIM_PRINCIPAL, .kind = (uint8_t)kind, .parent = VD_NONE, .families = VD_BIT(family), .text = text,
                               .any = one_demand(x, vd_symbolic_principal(x->s, who, &text, 1, &x->nomem)), .any_count = 1 });
}

static void add_canonical(vd_exposing *x, vd_str id)
{
    vd_str pattern = keep(x, "\xff\n", id, "");

    if (!x->nomem && is_plain(id))
        add(x, (vd_predicate){ .dim = VD_DIM_PRINCIPAL, .kind = VD_IS_CANONICAL, .parent = VD_NONE, .families = VD_BIT(VD_CANONICALS),
                               .text = id,
                               .any = one_demand(x, vd_symbolic_principal(x->s, VD_BIT(VD_ASKER_CANONICAL), &pattern, 1, &x->nomem)),
                               .any_count = 1 });
}

static void add_principals(vd_exposing *x, const vd_principals *p)
{
    for (uint32_t i = 0; p->present && i < p->count; i++) {
        vd_str text = p->at[i].text.text;

        switch (p->at[i].type) {
        case VD_PRINCIPAL_SERVICE:
            add_text(x, VD_IS_SERVICE, VD_SERVICES, VD_BIT(VD_ASKER_SERVICE), text);
            break;
        case VD_PRINCIPAL_FEDERATED:
            add_text(x, VD_IS_PROVIDER, VD_PROVIDERS, VD_IDENTIFIED, text);
            break;
        case VD_PRINCIPAL_CANONICAL_USER:
            add_canonical(x, text);
            break;
        case VD_PRINCIPAL_AWS:
            add_arn(x, text);
            break;
        default:
            break;
        }
    }
}

/* ------------------------------------------------------------------ sources of services */

static void add_source(vd_exposing *x, vd_str account)
{
    static const char *const keys[] = { "aws:SourceAccount", "aws:SourceOwner" };
    vd_demand               *any = vd_arena_new_array(&x->arena, vd_demand, VD_COUNT(keys) + 1);
    uint32_t                 n = 0;
    vd_str                   arn = keep(x, "arn:*:*:*:", account, ":*");

    if (!any || x->nomem || vd_str_eq(account, x->on.account) || vd_zone_has_account(x->zone, account)) {
        x->nomem |= !any;
        return;
    }
    for (size_t i = 0; i < VD_COUNT(keys); i++)
        if (vd_key_occurs(x, vd_str_of(keys[i])))
            any[n++].atom = vd_condition1(x, "StringLike", keys[i], account);
    if (vd_key_occurs(x, VD_S("aws:SourceArn")))
        any[n++].atom = vd_condition1(x, "ArnLike", "aws:SourceArn", arn);
    add(x, (vd_predicate){ .dim = VD_DIM_SOURCE, .kind = VD_IS_SOURCE_ACCOUNT, .parent = VD_NONE, .families = VD_BIT(VD_SERVICES),
                           .text = account, .key = VD_S("aws:SourceAccount"), .op = VD_S("StringEquals"), .values = values_of(x, account),
                           .value_count = 1, .any = any, .any_count = n });
}

static void add_source_name(vd_exposing *x, vd_str text)
{
    vd_arn arn;

    if (!vd_arn_split(&arn, text) || arn.account.n || arn.resource.n == 0 || arn.resource.p[0] == '*' || arn.resource.p[0] == '?' ||
        vd_str_contains(text, VD_S("${")))
        return;
    add(x, (vd_predicate){ .dim = VD_DIM_SOURCE, .kind = VD_IS_SOURCE_NAME, .parent = VD_NONE, .families = VD_BIT(VD_SERVICES),
                           .text = text, .key = VD_S("aws:SourceArn"), .op = VD_S("ArnLike"), .values = values_of(x, text), .value_count = 1,
                           .any = one_demand(x, vd_condition1(x, "ArnLike", "aws:SourceArn", text)), .any_count = 1 });
}

static void add_source_org(vd_exposing *x, vd_str org)
{
    vd_demand *any = vd_arena_new_array(&x->arena, vd_demand, 2);
    uint32_t   n = 0;

    if (!any || vd_zone_has(x->zone, VD_ZONE_ORGANIZATIONS, org)) {
        x->nomem |= !any;
        return;
    }
    if (vd_key_occurs(x, VD_S("aws:SourceOrgID")))
        any[n++].atom = vd_condition1(x, "StringEquals", "aws:SourceOrgID", org);
    if (vd_key_occurs(x, VD_S("aws:SourceOrgPaths")))
        any[n++].atom = vd_condition1(x, "ForAnyValue:StringLike", "aws:SourceOrgPaths", keep(x, "", org, "/*"));
    add(x, (vd_predicate){ .dim = VD_DIM_SOURCE, .kind = VD_IS_SOURCE_ORG, .parent = VD_NONE, .families = VD_BIT(VD_SERVICES), .text = org,
                           .key = VD_S("aws:SourceOrgID"), .op = VD_S("StringEquals"), .values = values_of(x, org), .value_count = 1,
                           .any = any, .any_count = n });
}

/* ------------------------------------------------------------------ networks, access points */

/* The whole list of a test is one predicate: nobody wants forty findings for forty ranges. */
static void add_list(vd_exposing *x, const vd_entry *e, vd_dimension dim, vd_predicate_kind kind, const char *op, const vd_str *values,
                     uint32_t count)
{
    vd_str name = keep(x, "", e->key.text, ""), joined;
    vd_buf b = vd_buf_on(&x->engine->alloc, 0);
    char  *lower;

    if (count == 0 || x->nomem)
        return;
    vd_buf_add(&b, name);
    for (uint32_t i = 0; i < count; i++)
        vd_buf_printf(&b, "|" VD_F, VD_A(values[i]));
    x->nomem |= b.failed || !vd_arena_dup(&x->arena, &joined, vd_buf_str(&b));
    vd_buf_done(&b);
    if (x->nomem)
        return;
    lower = (char *)(uintptr_t)joined.p;
    vd_lower_copy(lower, joined.p, name.n);
    add(x, (vd_predicate){ .dim = (uint8_t)dim, .kind = (uint8_t)kind, .parent = VD_NONE,
                           .families = VD_BIT(VD_PEOPLE) | VD_BIT(VD_SERVICES) | VD_BIT(VD_PROVIDERS) | VD_BIT(VD_CANONICALS), .text = joined,
                           .key = name, .op = vd_str_of(op), .values = values, .value_count = count,
                           .any = one_demand(x, vd_symbolic_condition(x->s, op, name, values, count, &x->nomem)), .any_count = 1 });
}

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static uint32_t sorted_values(vd_exposing *x, const vd_entry *e, bool plain, vd_str **out)
{
    uint32_t n = 0;

    *out = vd_arena_new_array(&x->arena, vd_str, e->values.count ? e->values.count : 1);
    x->nomem |= *out == NULL;
    for (uint32_t i = 0; *out && i < e->values.count; i++)
        if (!plain || is_plain(e->values.at[i].text) || vd_account_is_pinned(e->values.at[i].text))
            (*out)[n++] = e->values.at[i].text;
    if (n > 1)
        qsort(*out, n, sizeof **out, by_text);
    return n;
}

static void add_access_point(vd_exposing *x, vd_str account)
{
    vd_demand *any = vd_arena_new_array(&x->arena, vd_demand, 2);
    uint32_t   n = 0;

    if (!any) {
        x->nomem = true;
        return;
    }
    if (vd_key_occurs(x, VD_S("s3:DataAccessPointAccount")))
        any[n++].atom = vd_condition1(x, "StringLike", "s3:DataAccessPointAccount", account);
    if (vd_key_occurs(x, VD_S("s3:DataAccessPointArn")))
        any[n++].atom = vd_condition1(x, "ArnLike", "s3:DataAccessPointArn", keep(x, "arn:*:*:*:", account, ":*"));
    if (n)
        add(x, (vd_predicate){ .dim = VD_DIM_ACCESS_POINT, .kind = VD_IS_ACCESS_POINT, .parent = VD_NONE,
                               .families = VD_BIT(VD_PEOPLE) | VD_BIT(VD_SERVICES), .text = account,
                               .key = VD_S("s3:DataAccessPointAccount"), .op = VD_S("StringEquals"), .values = values_of(x, account),
                               .value_count = 1, .any = any, .any_count = n });
}

static void add_network(vd_exposing *x, const vd_entry *e)
{
    bool     many = vd_key_arity(e->key.text) == VD_ARITY_MANY, address = e->op.op->test == VD_TEST_IP;
    vd_str  *values;
    uint32_t n = sorted_values(x, e, !address, &values);

    if (!address)
        add_list(x, e, VD_DIM_NETWORK, VD_IS_NETWORK, many ? "ForAnyValue:StringLike" : "StringLike", values, n);
    else if (!vd_ranges_are_wide(x, e))
        add_list(x, e, VD_DIM_NETWORK, VD_IS_ADDRESS, "IpAddress", values, n);
}

/* ------------------------------------------------------------------ all entries */

static void add_values(vd_exposing *x, const vd_entry *e)
{
    vd_str dim = vd_key_column(x, e->key.text, "dimension");
    vd_arn arn;

    if (vd_str_eq(dim, VD_S("address")) || vd_str_eq(dim, VD_S("network")) || vd_str_starts(dim, VD_S("endpoint")))
        add_network(x, e);
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_str text = e->values.at[i].text;

        if (vd_str_ieq(e->key.text, VD_S("aws:PrincipalArn")))
            add_arn(x, text);
        else if (vd_str_ieq(e->key.text, VD_S("aws:PrincipalServiceName")))
            add_text(x, VD_IS_SERVICE, VD_SERVICES, VD_BIT(VD_ASKER_SERVICE), text);
        else if (vd_str_ieq(e->key.text, VD_S("aws:PrincipalOrgPaths")))
            add_org_path(x, text);
        else if (vd_str_ieq(e->key.text, VD_S("aws:SourceArn")))
            add_source_name(x, text);
        else if (vd_str_ieq(e->key.text, VD_S("s3:DataAccessPointAccount")) && vd_account_is_pinned(text))
            add_access_point(x, text);
        else if (vd_str_ieq(e->key.text, VD_S("s3:DataAccessPointArn")) && vd_arn_split(&arn, text) && vd_account_is_pinned(arn.account))
            add_access_point(x, arn.account);
    }
    if (vd_str_ieq(e->key.text, VD_S("s3:AccessPointNetworkOrigin")) && e->values.count == 1 &&
        vd_str_eq(e->values.at[0].text, VD_S("VPC")))
        add_list(x, e, VD_DIM_NETWORK, VD_IS_NETWORK, "StringLike", values_of(x, e->values.at[0].text), 1);
}

/* What the naming of public.c finds in one statement. */
static void add_names(vd_exposing *x, const vd_statement *st)
{
    vd_names *lists[] = { &x->accounts, &x->unique_ids, &x->orgs, &x->sources, &x->source_orgs }, all[VD_COUNT(lists)];

    for (size_t i = 0; i < VD_COUNT(lists); i++) {
        all[i] = *lists[i];
        *lists[i] = (vd_names){ 0 };
    }
    vd_names_of(x, st);
    for (uint32_t i = 0; i < x->orgs.count; i++)
        add_org(x, x->orgs.at[i]);
    for (uint32_t i = 0; i < x->accounts.count; i++)
        add_account(x, x->accounts.at[i]);
    for (uint32_t i = 0; i < x->unique_ids.count; i++)
        add_unique_id(x, x->unique_ids.at[i]);
    for (uint32_t i = 0; i < x->sources.count; i++)
        add_source(x, x->sources.at[i]);
    for (uint32_t i = 0; i < x->source_orgs.count; i++)
        add_source_org(x, x->source_orgs.at[i]);
    for (size_t i = 0; i < VD_COUNT(lists); i++)
        *lists[i] = all[i];
}

static void add_all(vd_exposing *x, const vd_says *says)
{
    for (uint32_t i = 0; i < says->count; i++, x->saying++) {
        const vd_statement *st = &says->at[i].policy->statements[says->at[i].index];

        add_names(x, st);
        add_principals(x, &st->principal);
        for (uint32_t k = 0; k < st->entry_count && !x->nomem; k++)
            if (st->entries[k].op.op && st->entries[k].op.op->test != VD_TEST_NULL)
                add_values(x, &st->entries[k]);
    }
}

bool vd_predicates_make(vd_exposing *x)
{
    for (uint32_t k = 0; k < VD_SAYS; k++)
        add_all(x, &x->says[k]);
    return !x->nomem;
}

void vd_predicates_enter(vd_exposing *x)
{
    uint32_t bit = 0;

    for (uint32_t i = 0; i < x->predicate_count; i++)
        x->predicates[i].live = false;
    for (uint32_t k = 0; k < VD_SAYS; k++)
        for (uint32_t s = 0; s < x->says[k].count; s++, bit++) {
            if (!vd_exposing_reaches(x, &x->says[k].at[s]))
                continue;
            for (uint32_t i = 0; i < x->predicate_count; i++)
                x->predicates[i].live |= x->predicates[i].said[bit / 64] >> bit % 64 & 1u;
        }
}
