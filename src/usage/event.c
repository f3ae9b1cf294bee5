/* SPDX-License-Identifier: Apache-2.0
 *
 * A record to a fact.  What the log said is kept as it is; which actions of IAM that means is not asked here.
 */
#include "base/str.h"
#include "base/utf8.h"
#include "catalog/events.h"
#include "pattern/value.h"
#include "usage/guards.h"
#include "usage/outcome.h"
#include "usage/resources.h"
#include "usage/usage_int.h"
#include "usage/who.h"

#include <stdio.h>

enum { MINOR_KNOWN = 11 };

/* 2006-01-01: nothing of AWS was logged before. */
static const int64_t first_time = 1136073600, a_day = 86400;

/* ------------------------------------------------------------------ time and version */

static bool digits(const char *p, uint32_t n, int64_t *out)
{
    int64_t v = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (!vd_is_digit(p[i]))
            return false;
        v = v * 10 + (p[i] - '0');
    }
    *out = v;
    return true;
}

static inline bool two_digits(const char *p, int64_t *out)
{
    unsigned tens = (unsigned)(unsigned char)p[0] - '0', ones = (unsigned)(unsigned char)p[1] - '0';

    *out = tens * 10 + ones;
    return tens < 10 && ones < 10;
}

/* Days since 1970 of a date in the Gregorian calendar. */
static int64_t days_from(int64_t y, int64_t m, int64_t d)
{
    int64_t era, of_era, of_year;

    y -= m <= 2;
    era = y / 400;
    of_era = y - era * 400;
    of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "2026-03-02T09:01:07Z", as nearly all of them are; the rest is for the full reader. */
bool vd_usage_time(int64_t *out, vd_str s)
{
    int64_t y, of_y, m, d, hour, minute, second;
    vd_date date;

    if (s.n >= 19 && s.p[4] == '-' && s.p[7] == '-' && (s.p[10] == 'T' || s.p[10] == ' ') && s.p[13] == ':' && s.p[16] == ':' &&
        (s.n == 19 || s.p[19] == 'Z' || s.p[19] == '.' || vd_str_starts(vd_str_from(s, 19), VD_S("+00:00"))) &&
        two_digits(s.p, &y) && two_digits(s.p + 2, &of_y) && two_digits(s.p + 5, &m) && two_digits(s.p + 8, &d) &&
        two_digits(s.p + 11, &hour) && two_digits(s.p + 14, &minute) && two_digits(s.p + 17, &second) && m >= 1 && m <= 12 &&
        d >= 1 && d <= 31 && hour < 24 && minute < 60 && second <= 60) {
        *out = days_from(y * 100 + of_y, m, d) * 86400 + hour * 3600 + minute * 60 + second;
        return true;
    }
    if (!vd_date_parse(&date, s) || date.seconds > VD_LAST_SECOND)
        return false;
    *out = date.seconds;
    return true;
}

/* "1.08": both are numbers. */
static bool version_ok(vd_usage *u, vd_str text)
{
    vd_str  minor = text, major;
    int64_t v = 0;

    if (!text.n) {
        vd_usage_count(u, VD_C_NO_VERSION);
        return true;
    }
    if (!vd_str_cut(&minor, '.', &major)) {
        major = text;
        minor = VD_S("0");
    }
    if (!vd_str_eq(major, VD_S("1")) && !vd_str_eq(major, VD_S("01")) && !u->opts.any_version)
        return false;
    if (minor.n > 4 || !digits(minor.p, (uint32_t)minor.n, &v) || v > MINOR_KNOWN)
        vd_usage_count(u, VD_C_VERSION_MINOR_NEW);
    return true;
}

/* ------------------------------------------------------------------ facts */

/* A text that no JSON may hold is one that nobody can read again. */
static vd_str readable(vd_usage *u, vd_str text)
{
    size_t bad = vd_utf8_invalid(text);
    char  *copy;

    if (bad == text.n)
        return text;
    vd_usage_count(u, VD_C_BAD_UTF8);
    copy = vd_arena_alloc(&u->scratch, text.n + 1, 1);
    if (!copy) {
        vd_usage_nomem(u);
        return text;
    }
    memcpy(copy, text.p, text.n);
    for (size_t i = bad; i < text.n; i++)
        copy[i] = (unsigned char)copy[i] < 0x80 ? copy[i] : '?';
    return (vd_str){ copy, text.n };
}

static bool high_bits(vd_str s)
{
    const uint64_t highs = 0x8080808080808080u;
    uint64_t       high = 0, v;
    size_t         i = 0;

    for (; i + 8 <= s.n; i += 8) {
        memcpy(&v, s.p + i, 8);
        high |= v;
    }
    for (; i < s.n; i++)
        high |= (uint8_t)s.p[i];
    return (high & highs) != 0;
}

/* False: a part is too long, or there is no memory. */
static bool key_text(vd_usage *u, char *room, const vd_str parts[VD_FACT_PARTS], vd_str *key)
{
    *key = (vd_str){ room, 0 };
    if (!vd_fact_join(room, &key->n, parts))
        return false;
    if (high_bits(*key))
        *key = readable(u, *key);
    if (u->opts.redact) {
        vd_fact plain = { .key = *key };

        if (!vd_usage_redact(u, &u->scratch, &plain))
            return vd_usage_nomem(u);
        *key = plain.key;
    }
    return true;
}

vd_fact *vd_usage_fact_of(vd_usage *u, const vd_str parts[VD_FACT_PARTS])
{
    char     room[VD_FACT_KEY_BYTES];
    vd_str   key;
    vd_fact *f;

    if (!key_text(u, room, parts, &key))
        return NULL;
    f = vd_facts_get(&u->facts, key);
    if (!f)
        vd_usage_nomem(u);
    return f;
}

bool vd_usage_put(vd_usage *u, vd_fact *f, vd_fact_set set, vd_str text)
{
    if (!text.n)
        return true;
    if (u->opts.redact && !vd_usage_redact_text(u, &text, set))
        return false;
    if (text.n > VD_FACT_PART_BYTES) { /* no name of AWS is so long: known to be there, not which */
        f->sets[set].overflow = true;
        return true;
    }
    if (high_bits(text))
        text = readable(u, text);
    return vd_fact_put(f == &u->told ? &u->scratch : &u->facts.arena, f, set, text) || vd_usage_nomem(u);
}

/* ------------------------------------------------------------------ what the record tells beside the key */

/* "203.0.113.7" to the 10 of "203.0.113": what three numbers with dots and a fourth are; 0: not that. */
static size_t three_of_four(vd_str s)
{
    size_t   third = 0, digit_count = 0;
    uint32_t dots = 0, v = 0;

    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && vd_is_digit(s.p[i]) && digit_count < 3) {
            if (digit_count == 1 && v == 0)
                return 0;
            v = v * 10 + (uint32_t)(s.p[i] - '0');
            digit_count++;
            continue;
        }
        if ((i < s.n && s.p[i] != '.') || digit_count == 0 || v > 255)
            return 0;
        third = ++dots == 3 ? i : third;
        v = 0;
        digit_count = 0;
    }
    return dots == 4 ? third : 0;
}

/* The network of an address: /24, of IPv6 /56. */
static bool network(vd_usage *u, vd_fact *f, vd_str address)
{
    size_t  plain = three_of_four(address);
    vd_cidr c;
    char    text[64];
    int     n;

    if (plain) {
        memcpy(text, address.p, plain);
        memcpy(text + plain, ".0/24", 5);
        return vd_usage_put(u, f, VD_SET_NETWORKS, (vd_str){ text, plain + 5 });
    }
    if (!address.n || !(vd_is_digit(address.p[0]) || vd_str_find(address, ':') < address.n) || !vd_address_parse(&c, address))
        return true;
    if (c.family == 4)
        n = snprintf(text, sizeof text, "%u.%u.%u.0/24", c.bytes[0], c.bytes[1], c.bytes[2]);
    else
        n = snprintf(text, sizeof text, "%x:%x:%x:%x::/56", c.bytes[0] << 8 | c.bytes[1], c.bytes[2] << 8 | c.bytes[3],
                     c.bytes[4] << 8 | c.bytes[5], c.bytes[6] << 8);
    return vd_usage_put(u, f, VD_SET_NETWORKS, (vd_str){ text, (size_t)n });
}

static bool circumstances(vd_usage *u, vd_fact *f, const vd_record *r)
{
    bool known, mfa = vd_bool_text(r->at[VD_M_MFA], &known);

    f->mfa |= (uint8_t)(!r->at[VD_M_MFA].n || !known ? VD_MFA_NONE : mfa ? VD_MFA_TRUE : VD_MFA_FALSE);
    f->mfa |= (uint8_t)(r->at[VD_M_ENDPOINT].n ? VD_OVER_ENDPOINT : VD_OFF_ENDPOINT);
    return vd_usage_put(u, f, VD_SET_ENDPOINTS, r->at[VD_M_ENDPOINT]) &&
           vd_usage_put(u, f, VD_SET_SOURCE_IDENTITIES, r->at[VD_M_SOURCE_IDENTITY]) &&
           vd_usage_put(u, f, VD_SET_HOLDERS, r->at[VD_M_HELD_BY]) && network(u, f, r->at[VD_M_ADDRESS]) &&
           vd_usage_put(u, f, VD_SET_SAMPLES, r->at[VD_M_EVENT_ID]);
}

/* Types of the resources of a data event. */
static bool listed_types(vd_usage *u, vd_fact *f, vd_str list)
{
    vd_str element, type;

    while (vd_scan_element(&list, &element)) {
        if (!vd_scan_text(vd_scan_find(element, VD_S("type")), &u->scratch, &type))
            return vd_usage_nomem(u);
        if (!vd_usage_put(u, f, VD_SET_TYPES, type))
            return false;
    }
    return true;
}

/* Records of old versions have no category; what they say of themselves may be a boolean or its text. */
static bool marks_of(vd_usage *u, vd_fact *f, const vd_record *r, bool types)
{
    vd_str category = r->at[VD_M_CATEGORY], managed = r->at[VD_M_MANAGEMENT];
    bool   known, read = vd_bool_text(r->at[VD_M_READ_ONLY], &known);

    if (r->at[VD_M_READ_ONLY].n && known)
        f->marks |= read ? VD_MARK_READ : VD_MARK_WRITE;
    if (vd_str_eq(category, VD_S("Management")))
        f->marks |= VD_MARK_MANAGEMENT;
    else if (!category.n && managed.n)
        f->marks |= vd_bool_text(managed, &known) ? VD_MARK_MANAGEMENT : VD_MARK_DATA;
    else if (vd_str_eq(category, VD_S("NetworkActivity")))
        f->marks |= VD_MARK_NETWORK;
    if (vd_str_eq(category, VD_S("Data"))) {
        f->marks |= VD_MARK_DATA;
        return !types || listed_types(u, f, r->at[VD_M_RESOURCES]);
    }
    return true;
}

/* ------------------------------------------------------------------ the key */

/* What an event of this type is evidence of; a fact that is no call has a kind. */
typedef enum fate { CALL, OTHER, NOTHING } fate;

static const struct {
    vd_str  type;
    uint8_t fate;
    vd_str  kind;
} types[] = {
    { VD_L("AwsApiCall"), CALL, VD_L("") },
    { VD_L("AwsConsoleAction"), OTHER, VD_L("console-action") },
    { VD_L("AwsConsoleSignIn"), OTHER, VD_L("sign-in") },
    { VD_L("AwsVpceEvent"), OTHER, VD_L("vpce") },
    { VD_L("AwsVpceEvents"), OTHER, VD_L("vpce") },
    { VD_L("AwsServiceEvent"), NOTHING, VD_L("") },
    { VD_L("AwsCloudTrailInsight"), NOTHING, VD_L("") },
    { VD_L("AwsInsightEvent"), NOTHING, VD_L("") },
};

static fate fate_of(const vd_record *r, vd_str *kind)
{
    vd_str type = r->at[VD_M_EVENT_TYPE];

    *kind = VD_S("");
    if (vd_str_eq(r->at[VD_M_CATEGORY], VD_S("Insight")))
        return NOTHING;
    if (vd_str_eq(r->at[VD_M_CATEGORY], VD_S("NetworkActivity"))) {
        *kind = VD_S("vpce");
        return OTHER;
    }
    for (size_t i = 0; i < VD_COUNT(types); i++)
        if (vd_str_eq(type, types[i].type)) {
            *kind = types[i].kind;
            return (fate)types[i].fate;
        }
    if (!type.n)
        return CALL;
    *kind = VD_S("other"); /* a type of tomorrow: kept, for somebody may know it */
    return OTHER;
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

typedef struct facing {
    vd_str     parts[VD_FACT_PARTS];
    vd_who     who;
    vd_outcome outcome;
    vd_str     log;  /* the account of the log */
    vd_str     partition;
    uint64_t   bits; /* guards; 0 when they are not known */
    bool       unknown, keeps; /* unknown: the guards; keeps: what is told may be kept for the next one that asks the same */
    vd_told_key    asked;
    const vd_told_known *told;  /* what the same call told before; NULL: that has to be found out */
    const vd_call_known *call; /* NULL: no room for such a one */
    char       principal[VD_WHO_BYTES], label[256], guards[24];
} facing; /* large: only its parts are cleared */

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
static void asked_before(vd_usage *u, facing *f, const vd_record *r)
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
static void asked_soon(vd_usage *u, facing *f, const vd_record *r)
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

static vd_guards guards_of(vd_usage *u, const facing *f, const vd_record *r, vd_str label)
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

static void guards_text(vd_usage *u, facing *f, const vd_record *r, vd_str label)
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

/* VD_U_CODES: the key is whole. */
static vd_usage_code key_of(vd_usage *u, facing *f, const vd_record *r, vd_str kind)
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

/* ------------------------------------------------------------------ the record */

/* What a record is known by; one that was updated by the id of the first. */
static vd_str id_of(const vd_record *r, vd_str bytes)
{
    if (vd_str_eq(r->at[VD_M_REASON], VD_S("UPDATED_DATA")) && r->at[VD_M_ORIGINAL_ID].n)
        return r->at[VD_M_ORIGINAL_ID];
    return r->at[VD_M_EVENT_ID].n ? r->at[VD_M_EVENT_ID] : bytes;
}

/* Equal ids alone do not make a duplicate: a second record that says something else is kept. */
static bool is_new(vd_usage *u, const vd_record *r, uint64_t id, uint64_t key, int64_t time)
{
    uint64_t hash = vd_hash(id ^ (uint64_t)time, (vd_str){ (const char *)&key, sizeof key });

    if (!r->at[VD_M_EVENT_ID].n)
        vd_usage_count(u, VD_C_NO_EVENT_ID);
    switch (vd_dedup_add(u->dedup, id, hash)) {
    case VD_DEDUP_SEEN:
        return false;
    case VD_DEDUP_POSSIBLE:
        vd_usage_count(u, VD_C_DUP_POSSIBLE);
        return true;
    default:
        return true;
    }
}

static void count_outcome(vd_usage *u, const facing *f, const vd_record *r, vd_str kind)
{
    vd_usage_count(u, f->outcome == VD_OUTCOME_DENIED       ? VD_C_DENIED
                      : f->outcome == VD_OUTCOME_AUTHN_FAIL ? VD_C_AUTHN_FAIL
                                                            : VD_C_USED);
    if (f->who.service)
        vd_usage_count(u, VD_C_SERVICE_PRINCIPAL);
    if (f->who.unknown)
        vd_usage_count(u, VD_C_UNKNOWN_PRINCIPAL);
    if (r->at[VD_M_SHARED_ID].n && f->parts[VD_F_ACCOUNT].n && !f->who.service)
        vd_usage_count(u, VD_C_SHARED_SECONDARY);
    if (vd_str_eq(kind, VD_S("console-action")))
        vd_usage_count(u, VD_C_CONSOLE_ACTION);
    if (r->at[VD_M_REASON].n)
        vd_usage_count(u, VD_C_LATE);
    if (r->annotated)
        vd_usage_count(u, VD_C_ANNOTATED);
}

void vd_usage_unit_time(vd_usage *u, int64_t time)
{
    if (!u->unit.events || time < u->unit.first)
        u->unit.first = time;
    if (!u->unit.events || time > u->unit.last)
        u->unit.last = time;
    u->unit.events++;
}

/* What the record tells, aside from its fact, which may be far away in memory still.  bad: bytes that were no UTF-8, before
 * anything was told: those are counted each time. */
static bool tell(vd_usage *u, const vd_record *r, const facing *w, uint64_t bad)
{
    uint64_t      unresolved = u->counters[VD_C_RESOURCE_UNRESOLVED];
    vd_told_known more = { .bits = w->bits, .unknown = w->unknown };

    if (w->told) {
        u->counters[VD_C_RESOURCE_UNRESOLVED] += w->told->unresolved;
        return true;
    }
    if (!vd_usage_resources(u, &u->told, r, w->parts, w->bits, w->log, w->partition) ||
        !vd_usage_asked(u, &u->told, w->parts[VD_F_SOURCE], w->parts[VD_F_NAME], w->bits))
        return false;
    more.unresolved = u->counters[VD_C_RESOURCE_UNRESOLVED] > unresolved;
    if (w->keeps && u->counters[VD_C_BAD_UTF8] == bad && vd_known_seen(u->known, &w->asked))
        vd_known_tell(u->known, &w->asked, &u->told, &more);
    return true;
}

static bool take_now(vd_usage *u, vd_fact *f, int64_t time)
{
    return (vd_fact_seen(&u->facts.arena, f, 1, time, time) && vd_fact_adds(&u->facts.arena, f, &u->told)) || vd_usage_nomem(u);
}

static bool take_later(vd_usage *u, vd_fact *f, int64_t time)
{
    if (!vd_late_fits(&u->told))
        return take_now(u, f, time);
    return vd_late_add(&u->late, &u->facts.arena, f, &u->told, time) || vd_usage_nomem(u);
}

static bool look_at(vd_usage *u, const vd_record *r, vd_fact *f, const facing *w, int64_t time)
{
    bool good = !r->at[VD_M_ERROR_MESSAGE].n ||
                (tell(u, r, w, 0) && circumstances(u, &u->told, r) && take_now(u, f, time) && (u->look(u->look_ctx, r, f) || vd_usage_nomem(u)));

    vd_facts_clear(&u->facts);
    return good;
}

/* The record is held, or makes others superfluous. */
static bool keep_pairs(vd_usage *u, const vd_fact *f, const vd_pairing *pair)
{
    vd_str id = f->key.p[0] == VD_PAIR_MARK ? vd_pair_id(f) : (vd_str){ 0 }, key;

    if (id.n && !vd_pairs_room(&u->pairs, &u->facts, id))
        return vd_usage_nomem(u);
    for (size_t i = 0; i < VD_PAIR_KINDS; i++) {
        vd_fact *told;

        if (!pair->told[i].n)
            continue;
        told = vd_pair_join(&u->scratch, &key, pair->told[i], VD_S("")) ? vd_facts_get(&u->facts, key) : NULL;
        if (!told)
            return vd_usage_nomem(u);
        if (told->count++ == 0 && !vd_pairs_room(&u->pairs, &u->facts, pair->told[i]))
            return vd_usage_nomem(u);
    }
    return true;
}

/* The fact with this key; held: of a pair that it is held for, else empty. */
static vd_fact *fact_with(vd_usage *u, uint64_t hash, vd_str key, vd_str held)
{
    vd_fact *f;

    if (held.n)
        f = vd_pair_join(&u->scratch, &key, held, key) ? vd_facts_get(&u->facts, key) : NULL;
    else
        f = vd_facts_at(&u->facts, hash, key);
    if (!f)
        vd_usage_nomem(u);
    return f;
}

/* Most records tell little: there is room for that. */
static void nothing_told(vd_usage *u)
{
    memset(&u->told, 0, sizeof u->told);
    for (size_t s = 0; s < VD_FACT_SETS; s++) {
        u->told.sets[s].at = u->told_items[s];
        u->told.sets[s].cap = VD_COUNT(u->told_items[s]);
    }
}

/* The same in numbers; false: it has some part that none stands for. */
static bool fact_id(vd_usage *u, const facing *w, vd_str kind, vd_fact_id *id)
{
    *id = (vd_fact_id){ .guards = w->bits,
                        .who = w->who.serial,
                        .call = w->call ? w->call->serial : 0,
                        .account = vd_known_few(u->known, w->parts[VD_F_ACCOUNT]),
                        .via = vd_known_few(u->known, w->parts[VD_F_VIA]),
                        .outcome = (uint8_t)w->outcome,
                        .kind = (uint8_t)kind.n, /* they are few, and none is as long as another */
                        .unknown = w->parts[VD_F_GUARDS].p[0] == '?' };
    return id->who && id->call && !w->parts[VD_F_VERSION].n && id->account != VD_FEW_TOO_MANY && id->via != VD_FEW_TOO_MANY;
}

/* Where the record goes. */
typedef struct going {
    vd_fact   *f;    /* NULL: it is looked for by its key */
    uint64_t   hash; /* of the key */
    vd_str     key;
    vd_fact_id id;
    bool       has_id, paired;
    vd_pairing pair;
    char       room[VD_FACT_KEY_BYTES];
} going; /* large: the room is not cleared */

/* Memory that facts lie in is asked for before it is needed. */
static bool find_out(vd_usage *u, going *g, const vd_record *r, const facing *w, vd_str kind)
{
    uint64_t bad = u->counters[VD_C_BAD_UTF8];

    g->pair.held = (vd_str){ 0 };
    g->paired = !u->look && (r->at[VD_M_SHARED_ID].n || vd_str_starts(w->parts[VD_F_NAME], VD_S("DeleteObject")));
    g->has_id = !g->paired && !u->look && fact_id(u, w, kind, &g->id);
    g->f = g->has_id ? vd_known_fact(u->known, &g->id, u->facts.cleared, &g->hash) : NULL;
    if (g->f) {
        vd_fact_soon(g->f);
        return true;
    }
    if (g->paired)
        vd_pairing_of(&g->pair, r, w->parts, w->who.service, &u->pairs);
    if (!key_text(u, g->room, w->parts, &g->key))
        return false;
    g->has_id &= u->counters[VD_C_BAD_UTF8] == bad; /* which is counted each time */
    g->hash = vd_facts_hash(&u->facts, g->key);
    return true;
}

static vd_fact *fact_of(vd_usage *u, const going *g)
{
    vd_fact *f = g->f ? g->f : fact_with(u, g->hash, g->key, g->pair.held);

    if (f && !g->f && g->has_id)
        vd_known_keep_fact(u->known, &g->id, u->facts.cleared, f, g->hash);
    return f;
}

/* A record whose key is known: first comes what can be told without its fact. */
static bool add_known(vd_usage *u, const vd_record *r, const facing *w, vd_str kind, int64_t time, uint64_t id)
{
    uint64_t bad = u->counters[VD_C_BAD_UTF8];
    going    g;
    bool     fresh;
    vd_fact *f;

    if (!find_out(u, &g, r, w, kind))
        return false;
    nothing_told(u);
    if (!marks_of(u, &u->told, r, !w->told)) /* of one that was seen before, too: another copy may say more of itself */
        return false;
    if (w->told)
        vd_told_into(&u->told, w->told);
    fresh = is_new(u, r, id, g.hash, time);
    if (!g.f)
        vd_facts_soon(&u->facts, g.hash);
    if (fresh && !u->look && !tell(u, r, w, bad))
        return false;
    f = fact_of(u, &g);
    if (!f)
        return false;
    if (u->lookup && !vd_lookup_keep(u, w->parts[VD_F_ACCOUNT].n ? w->parts[VD_F_ACCOUNT] : w->who.account, w->parts[VD_F_REGION]))
        return false; /* likewise: the order of inputs does not matter */
    if (!fresh) {
        vd_usage_count(u, VD_C_DUP);
        return vd_fact_says(&u->facts.arena, f, &u->told) || vd_usage_nomem(u);
    }
    count_outcome(u, w, r, kind);
    if (u->look)
        return look_at(u, r, f, w, time);
    if (!circumstances(u, &u->told, r))
        return false;
    return g.paired ? take_now(u, f, time) && keep_pairs(u, f, &g.pair) : take_later(u, f, time);
}

static bool add_fact(vd_usage *u, const vd_record *r, vd_str bytes, vd_str kind, int64_t time, uint64_t offset)
{
    facing        w;
    uint64_t      id = vd_hash(u->seed, id_of(r, bytes));
    vd_usage_code bad;

    vd_dedup_soon(u->dedup, id);
    bad = key_of(u, &w, r, kind);
    if (u->code != VD_OK)
        return false;
    if (bad != VD_U_CODES) {
        vd_usage_reject(u, bad, offset);
        return true;
    }
    if (u->account.n && !vd_str_eq(w.who.account, u->account) && !vd_str_eq(w.parts[VD_F_ACCOUNT], u->account)) {
        vd_usage_count(u, VD_C_FILTERED);
        return true;
    }
    return add_known(u, r, &w, kind, time, id);
}

bool vd_usage_plausible(const vd_usage *u, int64_t time)
{
    return time >= first_time && (!u->opts.now || time <= u->opts.now + a_day);
}

bool vd_usage_event(vd_usage *u, vd_record *r, vd_str bytes, uint64_t offset)
{
    vd_str  kind;
    int64_t time;
    fate    what = fate_of(r, &kind);

    u->counters[VD_C_DUP_KEY] += r->duplicates;
    if (vd_str_eq(r->at[VD_M_EVENT_TYPE], VD_S("AwsAggregatedEvent")) || vd_str_eq(r->at[VD_M_CATEGORY], VD_S("Aggregated")))
        return vd_usage_aggregated(u, r, offset);
    vd_usage_count(u, VD_C_EVENTS);
    if (!version_ok(u, r->at[VD_M_VERSION])) {
        vd_usage_reject(u, VD_U_VERSION_MAJOR, offset);
    } else if (what == NOTHING) {
        vd_usage_count(u, VD_C_NONAPI);
    } else if (!vd_usage_time(&time, r->at[VD_M_TIME])) {
        vd_usage_reject(u, VD_U_NO_TIME, offset);
    } else if (!r->at[VD_M_SOURCE].n) {
        vd_usage_reject(u, VD_U_NO_SOURCE, offset);
    } else if (!r->at[VD_M_NAME].n) {
        vd_usage_reject(u, VD_U_NO_NAME, offset);
    } else if (!vd_usage_plausible(u, time)) {
        vd_usage_reject(u, VD_U_TIME_IMPLAUSIBLE, offset);
    } else if ((u->opts.from || u->opts.to) && (time < u->opts.from || (u->opts.to && time >= u->opts.to))) {
        vd_usage_count(u, VD_C_OUTSIDE_WINDOW);
    } else {
        vd_usage_unit_time(u, time);
        return add_fact(u, r, bytes, kind, time, offset) && vd_usage_room(u);
    }
    return true;
}

/* ------------------------------------------------------------------ bytes to a record */

vd_scan vd_usage_record(vd_usage *u, const char *p, const char *end, uint64_t offset, const char **next)
{
    vd_record r;
    vd_scan   got = vd_record_read(&r, &u->schema, p, end, next);

    if (got != VD_SCAN_OK && got != VD_SCAN_DEEP)
        return got;
    u->record++;
    if (got == VD_SCAN_DEEP) {
        vd_usage_count(u, VD_C_EVENTS);
        vd_usage_reject(u, VD_U_LIMIT_DEPTH, offset);
        return VD_SCAN_OK;
    }
    if (r.known == 0) {
        vd_usage_count(u, VD_C_EVENTS);
        vd_usage_reject(u, VD_U_NO_RECORD, offset);
        return VD_SCAN_OK;
    }
    if (r.escaped && !vd_record_decode(&r, &u->scratch))
        vd_usage_nomem(u);
    else
        vd_usage_event(u, &r, (vd_str){ p, (size_t)(*next - p) }, offset);
    if (u->scratch.used)
        vd_arena_reset(&u->scratch);
    return VD_SCAN_OK;
}

bool vd_usage_record_text(vd_usage *u, vd_str text, uint64_t offset)
{
    const char *p = vd_scan_space(text.p), *next;

    if (p >= text.p + text.n || *p != '{' ||
        vd_usage_record(u, p, text.p + text.n, offset, &next) != VD_SCAN_OK) {
        u->record++;
        vd_usage_count(u, VD_C_EVENTS);
        vd_usage_reject(u, VD_U_JSON_BAD_RECORD, offset);
    }
    return u->code == VD_OK;
}
