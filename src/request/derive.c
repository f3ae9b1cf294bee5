/* SPDX-License-Identifier: Apache-2.0
 *
 * Context keys that follow from the facts (E601, E610 to E644).  Each has a row; a row says for whom the key exists
 * (E644) and which key of the context it reads.  Nothing is invented: what the facts do not tell is absent.
 */
#include "request/facts_int.h"

#include "catalog/facts.h"
#include "pattern/value.h"

enum {
    ROOT = WHO(VD_WHO_ROOT),
    USER = WHO(VD_WHO_USER),
    ROLES = WHO(VD_WHO_ROLE_SESSION) | WHO(VD_WHO_SERVICE_LINKED),
    FEDERATED = WHO(VD_WHO_FEDERATED_USER),
    SERVICE = WHO(VD_WHO_SERVICE),
    ANONYMOUS = WHO(VD_WHO_ANONYMOUS),
    ACCOUNTS = ROOT | USER | ROLES | FEDERATED,
    EVERYONE = WHO(VD_WHO_COUNT) - 1
};

typedef struct derive_row {
    vd_str   key;
    uint32_t who;
    vd_str   source;
} derive_row;

static const derive_row rows[VD_DERIVE_COUNT] = {
    [VD_DERIVE_PRINCIPAL_ARN] = { VD_L("aws:PrincipalArn"), ACCOUNTS, VD_L("") },
    [VD_DERIVE_PRINCIPAL_ACCOUNT] = { VD_L("aws:PrincipalAccount"), ACCOUNTS | ANONYMOUS, VD_L("") },
    [VD_DERIVE_PRINCIPAL_TYPE] = { VD_L("aws:PrincipalType"), ACCOUNTS | ANONYMOUS, VD_L("") },
    [VD_DERIVE_PRINCIPAL_ORG_ID] = { VD_L("aws:PrincipalOrgID"), ACCOUNTS, VD_L("") },
    [VD_DERIVE_PRINCIPAL_ORG_PATHS] = { VD_L("aws:PrincipalOrgPaths"), ACCOUNTS, VD_L("") },
    [VD_DERIVE_PRINCIPAL_IS_SERVICE] = { VD_L("aws:PrincipalIsAWSService"), ACCOUNTS | SERVICE, VD_L("") },
    [VD_DERIVE_SERVICE_NAME] = { VD_L("aws:PrincipalServiceName"), SERVICE, VD_L("") },
    [VD_DERIVE_SERVICE_NAMES] = { VD_L("aws:PrincipalServiceNamesList"), SERVICE, VD_L("") },
    [VD_DERIVE_USERID] = { VD_L("aws:userid"), ACCOUNTS | ANONYMOUS, VD_L("") },
    [VD_DERIVE_USERNAME] = { VD_L("aws:username"), USER, VD_L("") },
    [VD_DERIVE_ASSUMED_ROOT] = { VD_L("aws:AssumedRoot"), ROOT, VD_L("") },
    [VD_DERIVE_RESOURCE_ACCOUNT] = { VD_L("aws:ResourceAccount"), EVERYONE, VD_L("") },
    [VD_DERIVE_RESOURCE_ORG_ID] = { VD_L("aws:ResourceOrgID"), EVERYONE, VD_L("") },
    [VD_DERIVE_RESOURCE_ORG_PATHS] = { VD_L("aws:ResourceOrgPaths"), EVERYONE, VD_L("") },
    [VD_DERIVE_CURRENT_TIME] = { VD_L("aws:CurrentTime"), EVERYONE, VD_L("") },
    [VD_DERIVE_EPOCH_TIME] = { VD_L("aws:EpochTime"), EVERYONE, VD_L("aws:CurrentTime") },
    [VD_DERIVE_REQUESTED_REGION] = { VD_L("aws:RequestedRegion"), EVERYONE, VD_L("") },
    [VD_DERIVE_VIA_SERVICE] = { VD_L("aws:ViaAWSService"), EVERYONE, VD_L("aws:CalledVia") },
    [VD_DERIVE_CALLED_VIA_FIRST] = { VD_L("aws:CalledViaFirst"), EVERYONE, VD_L("aws:CalledVia") },
    [VD_DERIVE_CALLED_VIA_LAST] = { VD_L("aws:CalledViaLast"), EVERYONE, VD_L("aws:CalledVia") },
    [VD_DERIVE_SOURCE_ACCOUNT] = { VD_L("aws:SourceAccount"), SERVICE, VD_L("aws:SourceArn") },
    [VD_DERIVE_CALLER_ACCOUNT] = { VD_L("kms:CallerAccount"), ACCOUNTS, VD_L("") },
    [VD_DERIVE_RESOURCE_TAG] = { VD_L(""), EVERYONE, VD_L("aws:ResourceTag/") },
};

static const vd_str type_names[VD_WHO_COUNT] = { /* E610 */
    [VD_WHO_ROOT] = VD_L("Account"),
    [VD_WHO_USER] = VD_L("User"),
    [VD_WHO_ROLE_SESSION] = VD_L("AssumedRole"),
    [VD_WHO_SERVICE_LINKED] = VD_L("AssumedRole"),
    [VD_WHO_FEDERATED_USER] = VD_L("FederatedUser"),
    [VD_WHO_ANONYMOUS] = VD_L("Anonymous"),
};

/* "ec2:ResourceTag/<k>" of a service that repeats the tags under its own name (E630). */
static bool is_service_tag(vd_str key)
{
    vd_str service;

    return vd_str_cut(&key, ':', &service) && key.n > sizeof "ResourceTag/" - 1 &&
           vd_str_istarts(key, VD_S("ResourceTag/")) && vd_service_tags_itself(service);
}

bool vd_derive_has_tag(const vd_facts *f, vd_str key)
{
    vd_str service;

    return vd_str_cut(&key, ':', &service) && vd_service_tags_call(service, f->service);
}

vd_derive vd_derive_find(vd_str key)
{
    for (uint32_t i = 1; i < VD_DERIVE_COUNT; i++)
        if (rows[i].key.n && vd_str_ieq(rows[i].key, key))
            return (vd_derive)i;
    return is_service_tag(key) ? VD_DERIVE_RESOURCE_TAG : VD_DERIVE_NONE;
}

vd_str vd_derive_source(vd_derive d)
{
    return d < VD_DERIVE_COUNT ? rows[d].source : VD_S("");
}

/* ------------------------------------------------------------------ building text */

/* Facts keep the pieces short enough for VD_DERIVE_TEXT. */
typedef struct text {
    char  *at;
    size_t n;
    bool   full;
} text;

static void add(text *t, vd_str s)
{
    if (s.n > VD_DERIVE_TEXT - t->n) {
        t->full = true;
        return;
    }
    if (s.n)
        memcpy(t->at + t->n, s.p, s.n);
    t->n += s.n;
}

static bool give(vd_str *out, vd_str value)
{
    *out = value;
    return value.n > 0;
}

static bool give_text(vd_str *out, const text *t)
{
    return !t->full && give(out, (vd_str){ t->at, t->n });
}

static bool digits(vd_str *out, char *buf, int64_t value)
{
    char   reversed[24];
    size_t n = 0, at = 0;
    /* INT64_MIN has no positive twin */
    uint64_t left = value < 0 ? UINT64_C(0) - (uint64_t)value : (uint64_t)value;

    do
        reversed[n++] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (value < 0)
        buf[at++] = '-';
    while (n > 0)
        buf[at++] = reversed[--n];
    return give(out, (vd_str){ buf, at });
}

/* ------------------------------------------------------------------ one function a key that needs one */

static vd_str given(const vd_facts *f, vd_field name)
{
    return f->request->field[name];
}

/* E615: the role, not the session; the root user also for a session of AssumeRoot. */
static bool principal_arn(vd_str *out, char *buf, const vd_facts *f)
{
    text t = { .at = buf };
    bool role = (WHO(f->kind) & ROLES) != 0;

    if (role && f->role_path_known)
        return give(out, f->role_arn);
    if (!role && !(f->kind == VD_WHO_ROOT && f->assumed_root))
        return give(out, f->principal);
    add(&t, VD_S("arn:"));
    add(&t, f->partition);
    add(&t, VD_S(":iam::"));
    add(&t, f->account);
    add(&t, role ? VD_S(":role/") : VD_S(":root"));
    if (role)
        add(&t, f->role_name);
    return give_text(out, &t);
}

/* E616. */
static bool user_id(vd_str *out, char *buf, const vd_facts *f)
{
    text t = { .at = buf };

    if (f->kind == VD_WHO_ANONYMOUS)
        return give(out, f->principal);
    if (f->kind == VD_WHO_ROOT)
        return give(out, f->account);
    if (f->kind == VD_WHO_USER)
        return give(out, f->unique_id);
    if (f->session_name.n == 0 || (f->kind != VD_WHO_FEDERATED_USER && f->unique_id.n == 0))
        return false;
    add(&t, f->kind == VD_WHO_FEDERATED_USER ? f->account : f->unique_id);
    add(&t, VD_S(":"));
    add(&t, f->session_name);
    return give_text(out, &t);
}

/* A path begins with the id of its organization, which nobody then has to say again. */
static vd_str organization(const vd_facts *f, vd_field id, vd_field path)
{
    vd_str rest = given(f, path), head;

    if (given(f, id).n || !vd_str_starts(rest, VD_S("o-")) || !vd_str_cut(&rest, '/', &head))
        return given(f, id);
    return head;
}

/* E630, E631.  The organization of the caller is that of its own account's resources, and of checks on "*". */
static bool owner(vd_str *out, const vd_facts *f, vd_derive d)
{
    bool org = d != VD_DERIVE_RESOURCE_ACCOUNT, path = d == VD_DERIVE_RESOURCE_ORG_PATHS, own;

    if (f->resource_account.n == 0 && !org)
        return false;
    if (vd_action_hides_owner(f->service, f->name))
        return false;
    if (!org)
        return give(out, f->resource_account);
    if (give(out, path ? given(f, VD_RESOURCE_ORG_PATH) : organization(f, VD_RESOURCE_ORG, VD_RESOURCE_ORG_PATH)))
        return true;
    own = f->account.n && f->kind != VD_WHO_IDP && vd_str_eq(f->account, f->resource_account);
    return own && give(out, path ? given(f, VD_PRINCIPAL_ORG_PATH)
                                 : organization(f, VD_PRINCIPAL_ORG, VD_PRINCIPAL_ORG_PATH));
}

/* E640: the same instant, in whole seconds. */
static bool epoch_time(vd_str *out, char *buf, const vd_facts *f, const vd_str *source, uint32_t count)
{
    vd_date date = f->request->now;

    if (count ? !vd_date_parse(&date, source[0]) : !f->request->has_now)
        return false;
    return digits(out, buf, date.seconds);
}

/* E641. */
static bool requested_region(vd_str *out, const vd_facts *f)
{
    if (f->resource_is_arn && f->resource_arn.region.n)
        return give(out, f->resource_arn.region);
    if (!vd_service_is_global(f->service))
        return false;
    return give(out, vd_partition_region(f->resource_is_arn ? f->resource_arn.partition
                                         : f->partition.n   ? f->partition
                                                            : VD_S("aws")));
}

static bool source_account(vd_str *out, const vd_str *source, uint32_t count)
{
    vd_arn a;

    return count == 1 && vd_arn_split(&a, source[0]) && vd_is_account(a.account) && give(out, a.account);
}

bool vd_derive_value(vd_str *out, char *buf, const vd_facts *f, vd_derive d, const vd_str *source, uint32_t count)
{
    *out = (vd_str){ 0 };
    if (d <= VD_DERIVE_NONE || d >= VD_DERIVE_COUNT || !(rows[d].who & WHO(f->kind)))
        return false;
    switch (d) {
    case VD_DERIVE_PRINCIPAL_ARN:
        return principal_arn(out, buf, f);
    case VD_DERIVE_PRINCIPAL_ACCOUNT:
        return give(out, f->kind == VD_WHO_ANONYMOUS ? f->principal : f->account);
    case VD_DERIVE_PRINCIPAL_TYPE:
        return give(out, type_names[f->kind]);
    case VD_DERIVE_PRINCIPAL_ORG_ID:
        return give(out, organization(f, VD_PRINCIPAL_ORG, VD_PRINCIPAL_ORG_PATH));
    case VD_DERIVE_PRINCIPAL_ORG_PATHS:
        return give(out, given(f, VD_PRINCIPAL_ORG_PATH));
    case VD_DERIVE_PRINCIPAL_IS_SERVICE:
        return give(out, f->kind == VD_WHO_SERVICE ? VD_S("true") : VD_S("false"));
    case VD_DERIVE_SERVICE_NAME:
    case VD_DERIVE_SERVICE_NAMES:
        return give(out, f->principal);
    case VD_DERIVE_USERID:
        return user_id(out, buf, f);
    case VD_DERIVE_USERNAME:
        return give(out, last_segment(f->user_arn));
    case VD_DERIVE_ASSUMED_ROOT:
        return f->assumed_root && give(out, VD_S("true"));
    case VD_DERIVE_RESOURCE_ACCOUNT:
    case VD_DERIVE_RESOURCE_ORG_ID:
    case VD_DERIVE_RESOURCE_ORG_PATHS:
        return owner(out, f, d);
    case VD_DERIVE_CURRENT_TIME:
        return give(out, given(f, VD_NOW));
    case VD_DERIVE_EPOCH_TIME:
        return epoch_time(out, buf, f, source, count);
    case VD_DERIVE_REQUESTED_REGION:
        return requested_region(out, f);
    case VD_DERIVE_VIA_SERVICE:
        return give(out, count ? VD_S("true") : VD_S("false"));
    case VD_DERIVE_CALLED_VIA_FIRST:
        return count > 0 && give(out, source[0]);
    case VD_DERIVE_CALLED_VIA_LAST:
        return count > 0 && give(out, source[count - 1]);
    case VD_DERIVE_SOURCE_ACCOUNT:
        return source_account(out, source, count);
    case VD_DERIVE_CALLER_ACCOUNT:
        return NAMED(f->service, "kms") && give(out, f->account);
    case VD_DERIVE_RESOURCE_TAG:
        *out = count == 1 ? source[0] : (vd_str){ 0 }; /* a tag may well be empty */
        return count == 1;
    default:
        return false;
    }
}
