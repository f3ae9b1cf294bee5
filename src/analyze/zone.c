/* SPDX-License-Identifier: Apache-2.0
 *
 * Zones of trust as people write them: a file in JSON or YAML (also the "trusted" of a .verdict.yaml), a short text, or lists.
 * A zone with a contradiction in it is refused: whoever is taken for a friend by mistake is never told of.
 */
#include "analyze/zone.h"

#include "analyze/seen.h"

#include "base/str.h"
#include "base/suggest.h"
#include "pattern/arn.h"
#include "pattern/glob.h"
#include "pattern/value.h"
#include "text/doc.h"

#include <stdlib.h>

typedef struct part_row {
    vd_str name, kebab;
    bool (*formed)(vd_str);
    const char *what;
} part_row;

static bool in_set(char c, const char *more)
{
    return vd_is_digit(c) || (c >= 'a' && c <= 'z') || (c && strchr(more, c));
}

static bool formed_like(vd_str s, const char *prefix, size_t least, size_t most)
{
    size_t n = strlen(prefix);

    if (!vd_str_starts(s, vd_str_of(prefix)) || s.n - n < least || s.n - n > most)
        return false;
    for (size_t i = n; i < s.n; i++)
        if (!in_set(s.p[i], ""))
            return false;
    return true;
}

static bool is_organization(vd_str s)
{
    return formed_like(s, "o-", 10, 32);
}

/* o-.../r-.../ou-.../ with a star, or nothing, at the end. */
static bool is_org_path(vd_str s)
{
    vd_str head;

    if (!vd_str_cut(&s, '/', &head) || !is_organization(head))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!in_set(s.p[i], "-/") && !(s.p[i] == '*' && i + 1 == s.n))
            return false;
    return s.n > 0;
}

static bool is_principal(vd_str s)
{
    vd_arn arn;

    return vd_arn_split(&arn, s) && arn.resource.n && (vd_str_eq(arn.service, VD_S("iam")) || vd_str_eq(arn.service, VD_S("sts")));
}

static bool is_something(vd_str s)
{
    return s.n > 0;
}

static bool is_vpc(vd_str s)
{
    return formed_like(s, "vpc-", 4, 32);
}

static bool is_endpoint(vd_str s)
{
    return formed_like(s, "vpce-", 4, 32);
}

static bool is_cidr(vd_str s)
{
    vd_cidr c;

    return vd_cidr_parse(&c, s);
}

static const part_row parts[VD_ZONE_PARTS] = {
    [VD_ZONE_ACCOUNTS] = { VD_L("accounts"), VD_L("accounts"), vd_is_account, "an account id has 12 digits" },
    [VD_ZONE_ORGANIZATIONS] = { VD_L("organizations"), VD_L("organizations"), is_organization,
                                "the id of an organization looks like o-a1b2c3d4e5" },
    [VD_ZONE_ORG_PATHS] = { VD_L("orgPaths"), VD_L("org-paths"), is_org_path,
                            "a path looks like o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*" },
    [VD_ZONE_PRINCIPALS] = { VD_L("principals"), VD_L("principals"), is_principal, "an ARN of a user or a role is meant" },
    [VD_ZONE_SERVICES] = { VD_L("services"), VD_L("services"), is_something, "a service looks like sns.amazonaws.com" },
    [VD_ZONE_FEDERATED] = { VD_L("federated"), VD_L("federated"), is_something, "the ARN of a provider is meant" },
    [VD_ZONE_VPCS] = { VD_L("vpcs"), VD_L("vpcs"), is_vpc, "the id of a VPC looks like vpc-0a1b2c3d" },
    [VD_ZONE_VPC_ENDPOINTS] = { VD_L("vpcEndpoints"), VD_L("vpc-endpoints"), is_endpoint,
                                "the id of an endpoint looks like vpce-0a1b2c3d" },
    [VD_ZONE_CIDRS] = { VD_L("cidrs"), VD_L("cidrs"), is_cidr, "a range looks like 203.0.113.0/24" },
};

/* ------------------------------------------------------------------ asking */

bool vd_zone_has(const vd_zone *zone, vd_zone_part part, vd_str text)
{
    uint32_t low = 0, high = zone->part[part].count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      c = vd_str_cmp(zone->part[part].at[middle], text);

        if (c == 0)
            return true;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool vd_zone_covers(const vd_zone *zone, vd_zone_part part, vd_str text)
{
    for (uint32_t i = 0; i < zone->part[part].count; i++) {
        vd_str p = zone->part[part].at[i];
        char   coded[512];

        if (p.n > sizeof coded) {
            if (vd_str_eq(p, text))
                return true;
            continue;
        }
        if (vd_glob_match((vd_str){ coded, vd_glob_code(coded, p) }, text))
            return true;
    }
    return false;
}

vd_str vd_zone_organization(const vd_zone *zone, vd_str account)
{
    uint32_t low = 0, high = zone->member_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      c = vd_str_cmp(zone->members[middle].account, account);

        if (c == 0)
            return zone->members[middle].organization;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (vd_str){ "", 0 };
}

bool vd_zone_has_account(const vd_zone *zone, vd_str account)
{
    vd_str org = vd_zone_organization(zone, account);

    return vd_zone_has(zone, VD_ZONE_ACCOUNTS, account) || (org.n && vd_zone_has(zone, VD_ZONE_ORGANIZATIONS, org));
}

/* ------------------------------------------------------------------ building */

typedef struct builder {
    vd_zone *zone;
    vd_str  *at[VD_ZONE_PARTS];
    uint32_t count[VD_ZONE_PARTS], cap[VD_ZONE_PARTS];
    vd_zone_member *members;
    uint32_t member_count, member_cap;
    vd_seen  seen; /* members by account */
    /* where things stand: NULL when they come as lists */
    const vd_doc *doc;
    vd_error     *err;
} builder;

static vd_code complain(const builder *b, uint32_t node, const char *what, vd_str text, const char *hint)
{
    vd_code code;

    if (b->doc)
        code = vd_fail_span(b->err, VD_ESYNTAX, b->doc->source, vd_doc_span(b->doc, node), "%s \"" VD_F "\"", what, VD_A(text));
    else
        code = vd_fail(b->err, VD_EINVAL, "%s \"" VD_F "\"", what, VD_A(text));
    if (hint)
        vd_error_hint(b->err, "%s", hint);
    return code;
}

static vd_code start(vd_zone **out, builder *b, const vd_engine *engine, vd_error *err)
{
    vd_zone *z = vd_alloc0(&engine->alloc, sizeof *z);

    *out = NULL;
    *b = (builder){ .zone = z, .err = err };
    if (!z)
        return vd_fail_nomem(err);
    z->engine = vd_engine_retain((vd_engine *)(uintptr_t)engine);
    z->arena = vd_arena_on(&engine->alloc, 0);
    return VD_OK;
}

void vd_zone_free(vd_zone *zone)
{
    vd_engine *engine;

    if (!zone)
        return;
    engine = zone->engine;
    vd_arena_done(&zone->arena);
    vd_free(&engine->alloc, zone, sizeof *zone);
    vd_engine_release(engine);
}

static vd_code add(builder *b, vd_zone_part part, vd_str text, uint32_t node)
{
    vd_str own;

    if (!parts[part].formed(text))
        return complain(b, node, "the zone of trust: not a value of its kind:", text, parts[part].what);
    if (!vd_arena_dup(&b->zone->arena, &own, text) ||
        !VD_ARENA_PUSH(&b->zone->arena, b->at[part], b->count[part], b->cap[part], own))
        return vd_fail_nomem(b->err);
    return VD_OK;
}

static vd_code add_member(builder *b, vd_str account, vd_str organization, uint32_t node)
{
    vd_zone_member m;
    uint32_t       known;

    if (!vd_is_account(account))
        return complain(b, node, "the zone of trust: no account id:", account, parts[VD_ZONE_ACCOUNTS].what);
    if (!is_organization(organization))
        return complain(b, node, "the zone of trust: no id of an organization:", organization, parts[VD_ZONE_ORGANIZATIONS].what);
    known = vd_seen_find(&b->seen, account);
    if (known != VD_NONE) {
        if (vd_str_eq(b->members[known].organization, organization))
            return VD_OK;
        return complain(b, node, "the zone of trust: an account belongs to one organization, but two are listed for", account, NULL);
    }
    if (!vd_arena_dup(&b->zone->arena, &m.account, account) || !vd_arena_dup(&b->zone->arena, &m.organization, organization) ||
        !vd_seen_add(&b->seen, &b->zone->arena, m.account, b->member_count) || !VD_ARENA_PUSH(&b->zone->arena, b->members, b->member_count, b->member_cap, m))
        return vd_fail_nomem(b->err);
    return VD_OK;
}

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static int by_account(const void *a, const void *b)
{
    return vd_str_cmp(((const vd_zone_member *)a)->account, ((const vd_zone_member *)b)->account);
}

/* Sorted, each once: what is printed does not depend on the order of a file. */
static vd_code finish(vd_zone **out, builder *b, vd_code code)
{
    vd_zone *z = b->zone;

    for (size_t p = 0; z && p < VD_ZONE_PARTS; p++) {
        uint32_t n = 0;

        if (b->count[p] > 1)
            qsort(b->at[p], b->count[p], sizeof(vd_str), by_text);
        for (uint32_t i = 0; i < b->count[p]; i++)
            if (n == 0 || !vd_str_eq(b->at[p][n - 1], b->at[p][i]))
                b->at[p][n++] = b->at[p][i];
        z->part[p] = (vd_zone_list){ b->at[p], n };
    }
    if (z && b->member_count > 1)
        qsort(b->members, b->member_count, sizeof *b->members, by_account);
    if (z) {
        z->members = b->members;
        z->member_count = b->member_count;
    }
    if (code != VD_OK) {
        vd_zone_free(z);
        z = NULL;
    }
    *out = z;
    return code;
}

vd_code vd_zone_new(vd_zone **out, const vd_engine *engine, const vd_zone_opts *given, vd_error *err)
{
    vd_zone_opts opts = { 0 };
    builder      b;
    vd_code      code;

    if (given)
        memcpy(&opts, given, given->size && given->size < sizeof opts ? given->size : sizeof opts);
    code = start(out, &b, engine, err);
    {
        const vd_str *lists[] = { opts.accounts,  opts.organizations, opts.org_paths,     opts.principals, opts.services,
                                  opts.federated, opts.vpcs,          opts.vpc_endpoints, opts.cidrs };
        size_t        counts[] = { opts.account_count,   opts.organization_count, opts.org_path_count,
                                   opts.principal_count, opts.service_count,      opts.federated_count,
                                   opts.vpc_count,       opts.vpc_endpoint_count, opts.cidr_count };

        for (size_t p = 0; p < VD_ZONE_PARTS; p++)
            for (size_t i = 0; code == VD_OK && i < counts[p]; i++)
                code = add(&b, (vd_zone_part)p, lists[p][i], VD_NONE);
    }
    for (size_t i = 0; code == VD_OK && i < opts.member_count; i++)
        code = add_member(&b, opts.members[i].account, opts.members[i].organization, VD_NONE);
    if (code == VD_OK)
        b.zone->owner = opts.owner || !given;
    return finish(out, &b, code);
}

/* ------------------------------------------------------------------ files */

static vd_code read_member(builder *b, uint32_t key, uint32_t value)
{
    const vd_doc *d = b->doc;

    if (d->nodes[value].kind != VD_NODE_STRING && d->nodes[value].kind != VD_NODE_NUMBER)
        return vd_fail_span(b->err, VD_ESYNTAX, d->source, vd_doc_span(d, value), "the organization of a member must be a string, found %s",
                            vd_doc_kind_name(d, value));
    return add_member(b, vd_doc_text(d, key), vd_doc_text(d, value), value);
}

/* {"222233334444": "o-abc"}; in a .verdict.yaml also a list of {account, organization}. */
static vd_code read_members(builder *b, uint32_t node)
{
    static const vd_str names[] = { VD_L("account"), VD_L("organization") };
    const vd_doc       *d = b->doc;
    vd_code             code = VD_OK;

    if (d->nodes[node].kind != VD_NODE_OBJECT && d->nodes[node].kind != VD_NODE_ARRAY)
        return vd_fail_span(b->err, VD_ESYNTAX, d->source, vd_doc_span(d, node), "members must be an object, found %s",
                            vd_doc_kind_name(d, node));
    for (uint32_t c = vd_doc_first(d, node); code == VD_OK && c != VD_NONE; c = vd_doc_next(d, node, c)) {
        uint32_t at[2];

        if (d->nodes[node].kind == VD_NODE_OBJECT) {
            code = read_member(b, c, c + 1);
            continue;
        }
        code = vd_doc_members(d, c, VD_S("a member"), names, 2, at, b->err);
        if (code == VD_OK && (at[0] == VD_NONE || at[1] == VD_NONE))
            code = vd_fail_span(b->err, VD_ESYNTAX, d->source, vd_doc_span(d, c), "a member needs account and organization");
        if (code == VD_OK)
            code = read_member(b, at[0], at[1]);
    }
    return code;
}

/* An entry is a string (an account may be a number), or, as in a .verdict.yaml, {id: ...}. */
static vd_code read_entry(builder *b, vd_zone_part part, uint32_t node)
{
    const vd_doc *d = b->doc;
    uint32_t      id = node;

    if (d->nodes[node].kind == VD_NODE_OBJECT)
        id = vd_doc_member(d, node, VD_S("id"));
    if (id == VD_NONE || (d->nodes[id].kind != VD_NODE_STRING && (part != VD_ZONE_ACCOUNTS || d->nodes[id].kind != VD_NODE_NUMBER)))
        return vd_fail_span(b->err, VD_ESYNTAX, d->source, vd_doc_span(d, node), "\"" VD_F "\" holds strings, found %s",
                            VD_A(parts[part].name), vd_doc_kind_name(d, node));
    return add(b, part, vd_doc_text(d, id), id);
}

static vd_code read_list(builder *b, vd_zone_part part, uint32_t node)
{
    const vd_doc *d = b->doc;
    vd_code       code = VD_OK;

    if (d->nodes[node].kind == VD_NODE_STRING || (part == VD_ZONE_ACCOUNTS && d->nodes[node].kind == VD_NODE_NUMBER))
        return read_entry(b, part, node);
    if (d->nodes[node].kind != VD_NODE_ARRAY)
        return vd_fail_span(b->err, VD_ESYNTAX, d->source, vd_doc_span(d, node), "\"" VD_F "\" must be a list, found %s",
                            VD_A(parts[part].name), vd_doc_kind_name(d, node));
    for (uint32_t c = vd_doc_first(d, node); code == VD_OK && c != VD_NONE; c = vd_doc_next(d, node, c))
        code = read_entry(b, part, c);
    return code;
}

static vd_code unknown_member(builder *b, uint32_t key)
{
    const vd_doc *d = b->doc;
    vd_str        names[VD_ZONE_PARTS + 1], name = vd_doc_text(d, key);
    size_t        best;
    vd_code       code = vd_fail_span(b->err, VD_ESYNTAX, d->source, vd_doc_span(d, key), "the zone of trust: unknown member \"" VD_F "\"",
                                      VD_A(name));

    for (size_t p = 0; p < VD_ZONE_PARTS; p++)
        names[p] = parts[p].name;
    names[VD_ZONE_PARTS] = VD_S("members");
    best = vd_suggest(name, names, VD_COUNT(names));
    if (best < VD_COUNT(names))
        vd_error_hint(b->err, "did you mean \"" VD_F "\"?", VD_A(names[best]));
    return code;
}

static vd_code read_object(builder *b, uint32_t node, bool config)
{
    const vd_doc *d = b->doc;
    vd_code       code = VD_OK;

    if (d->nodes[node].kind != VD_NODE_OBJECT)
        return vd_fail_span(b->err, VD_ESYNTAX, d->source, vd_doc_span(d, node), "a zone of trust is an object, found %s",
                            vd_doc_kind_name(d, node));
    for (uint32_t c = vd_doc_first(d, node); code == VD_OK && c != VD_NONE; c = vd_doc_next(d, node, c)) {
        vd_str name = vd_doc_text(d, c);
        size_t p = 0;

        while (p < VD_ZONE_PARTS && !vd_str_eq(name, parts[p].name) && !vd_str_eq(name, parts[p].kebab))
            p++;
        if (p < VD_ZONE_PARTS)
            code = read_list(b, (vd_zone_part)p, c + 1);
        else if (vd_str_eq(name, VD_S("members")))
            code = read_members(b, c + 1);
        else if (!config || !(vd_str_eq(name, VD_S("oidc")) || vd_str_eq(name, VD_S("github"))))
            code = unknown_member(b, c);
    }
    return code;
}

vd_code vd_zone_read(vd_zone **out, const vd_engine *engine, vd_str name, vd_str text, vd_error *err)
{
    vd_source source = { .name = name, .text = text };
    vd_arena  arena = vd_arena_on(&engine->alloc, 0);
    vd_doc    doc;
    builder   b;
    uint32_t  duplicates = 0, node = 0;
    vd_code   code = start(out, &b, engine, err);

    if (code == VD_OK)
        code = vd_doc_read(&doc, &arena, &source, &engine->limits, NULL, &duplicates, err);
    if (code == VD_OK && duplicates)
        code = VD_ESYNTAX;
    if (code == VD_OK) {
        bool config = false;

        b.doc = &doc;
        if (doc.nodes[0].kind == VD_NODE_OBJECT) {
            uint32_t trusted = vd_doc_member(&doc, 0, VD_S("trusted"));

            config = trusted != VD_NONE;
            node = config ? trusted : 0;
        }
        code = read_object(&b, node, config);
    }
    code = finish(out, &b, code);
    vd_arena_done(&arena);
    return code;
}

/* ------------------------------------------------------------------ short texts */

vd_code vd_zone_parse(vd_zone **out, const vd_engine *engine, vd_str text, vd_error *err)
{
    static const struct {
        vd_str       prefix;
        vd_zone_part part;
    } forms[] = { { VD_L("account:"), VD_ZONE_ACCOUNTS }, { VD_L("org:"), VD_ZONE_ORGANIZATIONS }, { VD_L("ou:"), VD_ZONE_ORG_PATHS } };
    builder b;
    size_t  f = 0;
    vd_code code = start(out, &b, engine, err);
    vd_str  rest, one;

    while (f < VD_COUNT(forms) && !vd_str_starts(text, forms[f].prefix))
        f++;
    if (code == VD_OK && f == VD_COUNT(forms)) {
        code = vd_fail(err, VD_EINVAL, "no zone of trust: \"" VD_F "\"", VD_A(text));
        vd_error_hint(err, "account:ID[,ID], org:o-..., ou:o-.../r-.../ou-.../*, or a file");
    }
    rest = f < VD_COUNT(forms) ? vd_str_from(text, forms[f].prefix.n) : text;
    while (code == VD_OK) {
        bool more = vd_str_cut(&rest, ',', &one);

        code = add(&b, forms[f].part, vd_str_trim(more ? one : rest), VD_NONE);
        if (!more)
            break;
    }
    return finish(out, &b, code);
}
