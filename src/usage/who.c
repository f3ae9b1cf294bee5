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
    if (!from_arn(&w->p, &w->arn, get(w, VD_M_ARN))) {
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

    if (!from_arn(&w->p, &w->arn, get(w, VD_M_ISSUER_ARN)) && !from_arn(&w->p, &w->arn, get(w, VD_M_ARN))) {
        w->pathless = true;
        if (!from_session_arn(&w->p, &w->arn, get(w, VD_M_ARN))) {
            w->p.account = get(w, VD_M_ACCOUNT_ID);
            w->p.name = get(w, VD_M_ISSUER_USER);
        }
    }
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
    w->service = true;
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
} types[] = {
    { VD_L("AssumedRole"), role },
    { VD_L("IAMUser"), user },
    { VD_L("AWSService"), service },
    { VD_L("AWSAccount"), account },
    { VD_L("Role"), role },
    { VD_L("Root"), root },
    { VD_L("FederatedUser"), federated },
    { VD_L("SAMLUser"), saml },
    { VD_L("WebIdentityUser"), web },
    { VD_L("IdentityCenterUser"), identity_center },
    { VD_L("Directory"), directory },
};

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
    *out = (vd_who){ w->p.account, { buffer, (size_t)(to - buffer) }, w->service, w->unknown };
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

bool vd_who_read(vd_who *out, char *buffer, const vd_record *r)
{
    reading w = { .r = r };
    vd_str  type = r->at[VD_M_TYPE];
    char    room[12];
    bool    ok;

    for (size_t i = 0; !w.p.kind.n && i < VD_COUNT(types); i++)
        if (vd_str_eq(type, types[i].type))
            types[i].read(&w);
    if (!w.p.kind.n)
        nobody(&w);
    w.p.account = padded(room, w.p.account);
    ok = put(out, buffer, &w);
    out->account = before(out->text, '|');
    if (ok && foreign(w.arn.partition))
        out->account = vd_str_from(out->account, w.arn.partition.n + 1);
    return ok;
}

bool vd_who_arn(vd_who *out, char *buffer, vd_str arn)
{
    reading w = { 0 };
    bool    ok;

    if (!from_arn(&w.p, &w.arn, arn)) {
        if (from_session_arn(&w.p, &w.arn, arn)) {
            w.pathless = true;
        } else {
            w.arn = (vd_arn){ 0 };
            w.p = (parts){ .kind = VD_S("other"), .name = arn };
        }
    }
    ok = put(out, buffer, &w);
    out->account = before(out->text, '|');
    if (ok && foreign(w.arn.partition))
        out->account = vd_str_from(out->account, w.arn.partition.n + 1);
    return ok;
}
