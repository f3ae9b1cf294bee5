/* SPDX-License-Identifier: Apache-2.0
 *
 * One row for each type of userIdentity (usage 1.4).  A role session becomes its role, a federated user the user or root
 * that issued its credentials.
 */
#include "usage/who.h"

#include "base/str.h"
#include "pattern/arn.h"

typedef struct parts {
    vd_str account, kind, id, name;
} parts;

static vd_str before(vd_str s, char c)
{
    return vd_str_first(s, vd_str_find(s, c));
}

/* "aws-cn:1111...": only where it is not the usual one. */
static bool foreign(vd_str partition)
{
    return partition.n && !vd_str_eq(partition, VD_S("aws"));
}

/* user/path/name, role/path/name, root. */
static bool from_arn(parts *p, vd_arn *arn, vd_str text)
{
    vd_str rest, kind;

    if (!vd_arn_split(arn, text))
        return false;
    rest = arn->resource;
    p->account = arn->account;
    if (vd_str_eq(rest, VD_S("root"))) {
        p->kind = VD_S("root");
        return true;
    }
    if (!vd_str_cut(&rest, '/', &kind))
        return false;
    if (!vd_str_eq(kind, VD_S("user")) && !vd_str_eq(kind, VD_S("role")) && !vd_str_eq(kind, VD_S("group")))
        return false;
    p->kind = kind;
    p->name = rest;
    return true;
}

/* arn:aws:sts::A:assumed-role/NAME/SESSION: the path of the role is not in it. */
static bool from_session_arn(parts *p, vd_arn *arn, vd_str text)
{
    vd_str rest, word, name;

    if (!vd_arn_split(arn, text))
        return false;
    rest = arn->resource;
    if (!vd_str_cut(&rest, '/', &word) || !vd_str_eq(word, VD_S("assumed-role")))
        return false;
    name = before(rest, '/');
    p->account = arn->account;
    p->kind = VD_S("role");
    p->name = name;
    return true;
}

static const vd_str no_path = VD_L("?/"); /* stands before a name whose path nobody told */

typedef struct reading {
    const vd_record *r;
    parts            p;
    vd_arn           arn;
    bool             pathless, service, unknown;
    bool             settled; /* the members that its type has for the memo said it all */
} reading;

static vd_str get(const reading *w, vd_member member)
{
    return w->r->at[member];
}

static void unknown(reading *w)
{
    w->p = (parts){ .account = get(w, VD_M_ACCOUNT_ID), .kind = VD_S("unknown") };
    w->unknown = true;
}

static void root(reading *w)
{
    if (!from_arn(&w->p, &w->arn, get(w, VD_M_ARN)))
        w->p.account = get(w, VD_M_ACCOUNT_ID);
    w->p.kind = VD_S("root");
    w->p.name = VD_S("");
}

static void user(reading *w)
{
    w->settled = from_arn(&w->p, &w->arn, get(w, VD_M_ARN));
    if (!w->settled) {
        w->p.account = get(w, VD_M_ACCOUNT_ID);
        w->p.name = get(w, VD_M_USER);
        w->pathless = true;
    }
    w->p.kind = VD_S("user");
    w->p.id = before(get(w, VD_M_PRINCIPAL), ':');
}

static void role(reading *w)
{
    vd_str id = get(w, VD_M_ISSUER_PRINCIPAL);

    w->settled = from_arn(&w->p, &w->arn, get(w, VD_M_ISSUER_ARN));
    if (!w->settled && !from_arn(&w->p, &w->arn, get(w, VD_M_ARN))) {
        w->pathless = true;
        if (!from_session_arn(&w->p, &w->arn, get(w, VD_M_ARN))) {
            w->p.account = get(w, VD_M_ACCOUNT_ID);
            w->p.name = get(w, VD_M_ISSUER_USER);
        }
    }
    w->settled &= id.n > 0;
    w->p.kind = VD_S("role");
    w->p.id = before(id.n ? id : get(w, VD_M_PRINCIPAL), ':');
}

static void federated(reading *w)
{
    if (!from_arn(&w->p, &w->arn, get(w, VD_M_ISSUER_ARN))) {
        unknown(w);
        return;
    }
    if (vd_str_eq(w->p.kind, VD_S("user")))
        w->p.id = before(get(w, VD_M_ISSUER_PRINCIPAL), ':');
}

static void outside(reading *w, vd_str kind)
{
    w->p.kind = kind;
    w->p.id = get(w, VD_M_PROVIDER);
    w->p.name = get(w, VD_M_USER).n ? get(w, VD_M_USER) : get(w, VD_M_PRINCIPAL);
}

static void saml(reading *w)
{
    outside(w, VD_S("saml"));
}

static void web(reading *w)
{
    outside(w, VD_S("oidc"));
}

static void account(reading *w)
{
    w->p.account = get(w, VD_M_ACCOUNT_ID);
    w->p.kind = VD_S("account");
    w->p.id = before(get(w, VD_M_PRINCIPAL), ':');
    if (!w->p.account.n)
        unknown(w);
}

static void service(reading *w)
{
    w->p.kind = VD_S("service");
    w->p.name = get(w, VD_M_INVOKED_BY);
    w->service = w->settled = true;
}

static void identity_center(reading *w)
{
    w->p.account = get(w, VD_M_ACCOUNT_ID);
    w->p.kind = VD_S("identity-center");
    w->p.id = get(w, VD_M_BEHALF);
}

static void directory(reading *w)
{
    w->p.account = get(w, VD_M_ACCOUNT_ID);
    w->p.kind = VD_S("directory");
    w->p.id = get(w, VD_M_PRINCIPAL);
    w->p.name = get(w, VD_M_USER);
}

static void nobody(reading *w)
{
    vd_str by = get(w, VD_M_INVOKED_BY);

    if (vd_str_find(by, '.') < by.n)
        service(w);
    else
        unknown(w);
}

static const struct {
    vd_str type;
    void (*read)(reading *w);
    uint8_t by[2]; /* members for the memo, when these settle it */
} types[] = {
    { VD_L("AssumedRole"), role, { VD_M_ISSUER_ARN, VD_M_ISSUER_PRINCIPAL } },
    { VD_L("IAMUser"), user, { VD_M_ARN, VD_M_PRINCIPAL } },
    { VD_L("AWSService"), service, { VD_M_INVOKED_BY, VD_M_INVOKED_BY } },
    { VD_L("AWSAccount"), account, { 0 } },
    { VD_L("Role"), role, { VD_M_ISSUER_ARN, VD_M_ISSUER_PRINCIPAL } },
    { VD_L("Root"), root, { 0 } },
    { VD_L("FederatedUser"), federated, { 0 } },
    { VD_L("SAMLUser"), saml, { 0 } },
    { VD_L("WebIdentityUser"), web, { 0 } },
    { VD_L("IdentityCenterUser"), identity_center, { 0 } },
    { VD_L("Directory"), directory, { 0 } },
};

/* ------------------------------------------------------------------ the memo */

static uint64_t last8(vd_str s)
{
    uint64_t v = 0;

    memcpy(&v, s.n > 8 ? s.p + s.n - 8 : s.p, s.n > 8 ? 8 : s.n);
    return v;
}

/* Where what these two members say is kept, whatever is there now. */
static vd_who_known *place_of(vd_who_memo *memo, vd_str a, vd_str b)
{
    _Static_assert(VD_WHO_KNOWN == 256, "eight bits tell the place");
    uint64_t v = (last8(a) ^ a.n << 32) * 0x9e3779b97f4a7c15u ^ last8(b) * 0xc2b2ae3d27d4eb4fu;

    return &memo->at[(v ^ v >> 32) * 0x165667b19e3779f9u >> 56];
}

static bool is_known(vd_who *out, const vd_who_known *k, size_t type, vd_str a, vd_str b)
{
    vd_str text;

    if (k->type != type + 1 || k->n[0] != a.n || k->n[1] != b.n || memcmp(k->bytes, a.p, a.n) != 0 ||
        memcmp(k->bytes + a.n, b.p, b.n) != 0)
        return false;
    text = (vd_str){ k->bytes + a.n + b.n, k->n[2] };
    *out = (vd_who){ { text.p + k->account, k->account_bytes }, text, k->service, false, k->serial };
    return true;
}

static void keep(vd_who_memo *memo, vd_who_known *k, size_t type, vd_str a, vd_str b, const vd_who *who)
{
    if (memo->serial == UINT32_MAX || a.n > sizeof k->bytes || b.n > sizeof k->bytes || a.n + b.n + who->text.n > sizeof k->bytes)
        return;
    memcpy(k->bytes, a.p, a.n);
    memcpy(k->bytes + a.n, b.p, b.n);
    memcpy(k->bytes + a.n + b.n, who->text.p, who->text.n);
    k->type = (uint8_t)(type + 1);
    k->serial = ++memo->serial;
    k->service = who->service;
    k->n[0] = (uint16_t)a.n;
    k->n[1] = (uint16_t)b.n;
    k->n[2] = (uint16_t)who->text.n;
    k->account = (uint16_t)(who->account.p - who->text.p);
    k->account_bytes = (uint16_t)who->account.n;
}

/* ------------------------------------------------------------------ the text */

/* A bar separates the parts: only the last one may hold any. */
static bool add(char **to, const char *end, vd_str s, bool bars)
{
    if (s.n >= (size_t)(end - *to))
        return false;
    for (size_t i = 0; i < s.n; i++)
        *(*to)++ = !bars && s.p[i] == '|' ? '!' : s.p[i];
    return true;
}

static bool put(vd_who *out, char *buffer, const reading *w)
{
    char *to = buffer, *end = buffer + VD_WHO_BYTES;
    bool  ok = true;

    if (foreign(w->arn.partition))
        ok = add(&to, end, w->arn.partition, false) && add(&to, end, VD_S(":"), false);
    ok = ok && add(&to, end, w->p.account, false) && add(&to, end, VD_S("|"), true);
    ok = ok && add(&to, end, w->p.kind, false) && add(&to, end, VD_S("|"), true);
    ok = ok && add(&to, end, w->p.id, false) && add(&to, end, VD_S("|"), true);
    ok = ok && (!w->pathless || !w->p.name.n || add(&to, end, no_path, true)) && add(&to, end, w->p.name, true);
    *out = (vd_who){ w->p.account, { buffer, (size_t)(to - buffer) }, w->service, w->unknown, 0 };
    return ok;
}

/* Account ids may come as numbers, which lose the zeros before them: they are restored in the buffer behind the text. */
static vd_str padded(char *room, vd_str account)
{
    if (!vd_str_all_digits(account) || account.n >= 12)
        return account;
    memset(room, '0', 12 - account.n);
    memcpy(room + 12 - account.n, account.p, account.n);
    return (vd_str){ room, 12 };
}

/* The text is there: the account is the first part of it, without the partition. */
static bool finish(vd_who *out, char *buffer, const reading *w)
{
    bool ok = put(out, buffer, w);

    out->account = before(out->text, '|');
    if (ok && foreign(w->arn.partition))
        out->account = vd_str_from(out->account, w->arn.partition.n + 1);
    return ok;
}

bool vd_who_read(vd_who *out, char *buffer, const vd_record *r, vd_who_memo *memo)
{
    reading       w = { .r = r };
    vd_str        type = r->at[VD_M_TYPE], a = { 0 }, b = { 0 };
    vd_who_known *known = NULL;
    char          room[12];
    size_t        i = 0;

    while (i < VD_COUNT(types) && !vd_str_eq(type, types[i].type))
        i++;
    if (memo && i < VD_COUNT(types) && types[i].by[0]) {
        a = r->at[types[i].by[0]];
        b = r->at[types[i].by[1]];
        known = a.n && b.n ? place_of(memo, a, b) : NULL;
        if (known && is_known(out, known, i, a, b))
            return true;
    }
    if (i < VD_COUNT(types))
        types[i].read(&w);
    if (!w.p.kind.n)
        nobody(&w);
    w.p.account = padded(room, w.p.account);
    if (!finish(out, buffer, &w))
        return false;
    if (known && w.settled && !w.unknown)
        keep(memo, known, i, a, b, out);
    return true;
}

bool vd_who_arn(vd_who *out, char *buffer, vd_str arn)
{
    reading w = { 0 };

    if (!from_arn(&w.p, &w.arn, arn)) {
        if (from_session_arn(&w.p, &w.arn, arn)) {
            w.pathless = true;
        } else {
            w.arn = (vd_arn){ 0 };
            w.p = (parts){ .kind = VD_S("other"), .name = arn };
        }
    }
    return finish(out, buffer, &w);
}
