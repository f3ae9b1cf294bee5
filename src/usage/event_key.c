/* SPDX-License-Identifier: Apache-2.0
 *
 * The key of a fact: who called what, where, by which way, and what came of it.
 */
#include "base/str.h"
#include "catalog/events.h"
#include "usage/event.h"
#include "usage/guards.h"

static const struct {
    vd_str  type;
    uint8_t fate;
    vd_str  kind;
} types[] = {
    { VD_L("AwsApiCall"), VD_FATE_CALL, VD_L("") },
    { VD_L("AwsConsoleAction"), VD_FATE_OTHER, VD_L("console-action") },
    { VD_L("AwsConsoleSignIn"), VD_FATE_OTHER, VD_L("sign-in") },
    { VD_L("AwsVpceEvent"), VD_FATE_OTHER, VD_L("vpce") },
    { VD_L("AwsVpceEvents"), VD_FATE_OTHER, VD_L("vpce") },
    { VD_L("AwsServiceEvent"), VD_FATE_NOTHING, VD_L("") },
    { VD_L("AwsCloudTrailInsight"), VD_FATE_NOTHING, VD_L("") },
    { VD_L("AwsInsightEvent"), VD_FATE_NOTHING, VD_L("") },
};

vd_fate vd_event_fate_of(const vd_record *r, vd_str *kind)
{
    vd_str type = r->at[VD_M_EVENT_TYPE];

    *kind = VD_S("");
    if (vd_str_eq(r->at[VD_M_CATEGORY], VD_S("Insight")))
        return VD_FATE_NOTHING;
    if (vd_str_eq(r->at[VD_M_CATEGORY], VD_S("NetworkActivity"))) {
        *kind = VD_S("vpce");
        return VD_FATE_OTHER;
    }
    for (size_t i = 0; i < VD_COUNT(types); i++)
        if (vd_str_eq(type, types[i].type)) {
            *kind = types[i].kind;
            return (vd_fate)types[i].fate;
        }
    if (!type.n)
        return VD_FATE_CALL;
    *kind = VD_S("other"); /* a type of tomorrow: kept, for somebody may know it */
    return VD_FATE_OTHER;
}

/* Errors that a service put into its answer. */
static vd_outcome outcome_of(vd_usage *u, const vd_record *r)
{
    static const vd_str names[] = { VD_L("errorCode"), VD_L("error"), VD_L("errorMessage") };
    vd_str              code = r->at[VD_M_ERROR_CODE], answer = r->at[VD_M_RESPONSE], value = { 0 };

    if (code.n || !answer.n || answer.p[0] != '{' || !vd_scan_bytes(answer.p, answer.p + answer.n, VD_S("\"error")))
        return vd_outcome_of(code, r->at[VD_M_ERROR_MESSAGE]);
    for (size_t i = 0; !value.n && i < VD_COUNT(names); i++)
        value = vd_scan_find(answer, names[i]);
    if (!value.n || value.p[0] != '"' || !vd_scan_text(value, &u->scratch, &value))
        return VD_OUTCOME_OK;
    return vd_outcome_of(value, value);
}

/* Several services share this source: what tells them apart is part of the fact. */
static bool shared_version(vd_usage *u, const vd_record *r, vd_str label, vd_str *version)
{
    *version = VD_S("");
    if (!vd_str_eq(label, VD_S("autoscaling")))
        return true;
    if (!vd_scan_text(vd_scan_find(r->at[VD_M_ADDITIONAL], VD_S("service")), &u->scratch, version))
        return vd_usage_nomem(u);
    if (!version->n)
        *version = r->at[VD_M_API_VERSION];
    return true;
}

static vd_str via_of(const vd_record *r, bool service)
{
    vd_str from = r->at[VD_M_ADDRESS];

    if (service)
        return VD_S("");
    if (r->at[VD_M_INVOKED_BY].n)
        return r->at[VD_M_INVOKED_BY];
    return vd_str_ends(from, VD_S(".amazonaws.com")) || vd_str_ends(from, VD_S(".amazonaws.com.cn")) ||
                   vd_str_eq(from, VD_S("AWS Internal"))
               ? from
               : VD_S("");
}

static vd_str partition_of(vd_str region, vd_str caller)
{
    vd_str rest = caller, field;

    if (vd_str_starts(caller, VD_S("arn:aws:")))
        return VD_S("aws");
    if (vd_str_cut(&rest, ':', &field) && vd_str_eq(field, VD_S("arn")) && vd_str_cut(&rest, ':', &field) && field.n)
        return field;
    if (vd_str_starts(region, VD_S("cn-")))
        return VD_S("aws-cn");
    return vd_str_starts(region, VD_S("us-gov-")) ? VD_S("aws-us-gov") : VD_S("aws");
}

/* The same call, of the same parameters? */
static void asked_before(vd_usage *u, vd_facing *f, const vd_record *r)
{
    vd_told_key *key = &f->asked;

    f->keeps &= f->call && !f->call->makes;
    if (!f->keeps)
        return;
    key->text[VD_T_ACCOUNT] = f->log;
    key->text[VD_T_PARTITION] = f->partition;
    key->text[VD_T_ERROR] = r->at[VD_M_ERROR_CODE];
    key->text[VD_T_READS] = r->at[VD_M_READ_ONLY];
    key->text[VD_T_CATEGORY] = r->at[VD_M_CATEGORY];
    key->call = f->call->serial;
    key->there = r->seen >> VD_M_PARAMETERS & 1;
    f->told = vd_known_told(u->known, key);
}

/* Will be asked, when more is known of the record. */
static void asked_soon(vd_usage *u, vd_facing *f, const vd_record *r)
{
    f->told = NULL;
    f->keeps = !u->look && r->at[VD_M_PARAMETERS].n + r->at[VD_M_RESOURCES].n <= VD_TOLD_BYTES;
    f->asked.text[VD_T_PARAMETERS] = r->at[VD_M_PARAMETERS];
    f->asked.text[VD_T_RESOURCES] = r->at[VD_M_RESOURCES];
    if (f->keeps)
        vd_told_key_hash(u->known, &f->asked, r->at[VD_M_NAME]);
}

/* "18446744073709551615": behind it, to the end of room. */
static vd_str number_text(char room[20], uint64_t v)
{
    size_t at = 20;

    do
        room[--at] = (char)('0' + v % 10);
    while (v /= 10);
    return (vd_str){ room + at, 20 - at };
}

static vd_guards guards_of(vd_usage *u, const vd_facing *f, const vd_record *r, vd_str label)
{
    const vd_guard_tests *tests;
    vd_guards             g = { 0 };

    if (f->told)
        return (vd_guards){ f->told->bits, f->told->unknown };
    tests = vd_usage_guards(u, label);
    vd_walk_init(&u->walk, &u->scratch, r->at[VD_M_PARAMETERS]);
    if (tests)
        g = vd_guards_of(tests, &u->walk, r->at[VD_M_ERROR_CODE], r->at[VD_M_RESOURCES]);
    return g;
}

static void guards_text(vd_usage *u, vd_facing *f, const vd_record *r, vd_str label)
{
    bool      there = r->seen >> VD_M_PARAMETERS & 1;
    vd_guards g = guards_of(u, f, r, label);

    f->unknown = g.unknown;
    if (!there)
        vd_usage_count(u, VD_C_RP_MISSING);
    else if (g.unknown)
        vd_usage_count(u, VD_C_RP_TRUNCATED);
    f->bits = g.unknown ? 0 : g.bits;
    if (!there || g.unknown) {
        vd_usage_count(u, VD_C_GUARD_UNKNOWN);
        f->parts[VD_F_GUARDS] = VD_S("?");
        return;
    }
    f->parts[VD_F_GUARDS] = number_text(f->guards, g.bits);
}

vd_usage_code vd_event_key_of(vd_usage *u, vd_facing *f, const vd_record *r, vd_str kind)
{
    vd_str label, log = r->at[VD_M_RECIPIENT];

    memset(f->parts, 0, sizeof f->parts);
    asked_soon(u, f, r);
    f->call = vd_known_call(u->known, r);
    label = f->call ? vd_call_label(f->call) : vd_event_label(r->at[VD_M_SOURCE]);
    if (label.n > sizeof f->label || !vd_who_read(&f->who, f->principal, r, &u->callers))
        return VD_U_LIMIT_FIELD;
    if (!f->call) {
        vd_lower_copy(f->label, label.p, label.n);
        label = (vd_str){ f->label, label.n };
    }
    if (!log.n)
        log = u->path_account;
    f->outcome = outcome_of(u, r);
    f->log = log.n ? log : f->who.account;
    f->parts[VD_F_PRINCIPAL] = f->who.text;
    f->parts[VD_F_ACCOUNT] = vd_str_eq(log, f->who.account) ? VD_S("") : log;
    f->parts[VD_F_REGION] = r->at[VD_M_REGION].n ? r->at[VD_M_REGION] : VD_S("?");
    f->parts[VD_F_SOURCE] = label;
    f->parts[VD_F_NAME] = r->at[VD_M_NAME];
    f->parts[VD_F_VIA] = via_of(r, f->who.service);
    f->parts[VD_F_OUTCOME] = vd_outcome_names[f->outcome];
    f->parts[VD_F_KIND] = kind;
    if (!shared_version(u, r, label, &f->parts[VD_F_VERSION]))
        return VD_U_CODES;
    f->partition = partition_of(f->parts[VD_F_REGION], r->at[VD_M_ARN]);
    asked_before(u, f, r);
    guards_text(u, f, r, label);
    for (size_t i = 0; i < VD_FACT_PARTS; i++)
        if (f->parts[i].n > VD_FACT_PART_BYTES)
            return VD_U_LIMIT_FIELD;
    return VD_U_CODES;
}
