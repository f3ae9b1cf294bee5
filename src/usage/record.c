/* SPDX-License-Identifier: Apache-2.0
 *
 * A record is read along the table of its members: what the table does not name is skipped by its end.
 */
#include "usage/record.h"

#include "base/str.h"
#include "text/json_lex.h"

typedef enum object {
    RECORD,
    IDENTITY,
    SESSION,
    ISSUER,
    ATTRIBUTES,
    SCOPE,
    BEHALF,
    ADDENDUM,
    OBJECTS
} object;

typedef enum kind {
    TEXT,  /* a string, number or boolean */
    WHOLE, /* any value, its bytes */
    NOTE,  /* only that it is there */
    SKIP,  /* nothing: it is here because it mostly comes, and then the next one is told at a glance */
    INTO   /* an object of the table */
} kind;

typedef struct member_row {
    vd_str  name;
    uint8_t in, kind, what; /* what: a vd_member, or an object */
} member_row;

/* In each object in the order in which they mostly come. */
static const member_row rows[] = {
    { VD_L("eventVersion"), RECORD, TEXT, VD_M_VERSION },
    { VD_L("userIdentity"), RECORD, INTO, IDENTITY },
    { VD_L("eventTime"), RECORD, TEXT, VD_M_TIME },
    { VD_L("eventSource"), RECORD, TEXT, VD_M_SOURCE },
    { VD_L("eventName"), RECORD, TEXT, VD_M_NAME },
    { VD_L("awsRegion"), RECORD, TEXT, VD_M_REGION },
    { VD_L("sourceIPAddress"), RECORD, TEXT, VD_M_ADDRESS },
    { VD_L("userAgent"), RECORD, SKIP, 0 },
    { VD_L("errorCode"), RECORD, TEXT, VD_M_ERROR_CODE },
    { VD_L("errorMessage"), RECORD, TEXT, VD_M_ERROR_MESSAGE },
    { VD_L("requestParameters"), RECORD, WHOLE, VD_M_PARAMETERS },
    { VD_L("responseElements"), RECORD, WHOLE, VD_M_RESPONSE },
    { VD_L("additionalEventData"), RECORD, WHOLE, VD_M_ADDITIONAL },
    { VD_L("requestID"), RECORD, SKIP, 0 },
    { VD_L("eventID"), RECORD, TEXT, VD_M_EVENT_ID },
    { VD_L("readOnly"), RECORD, TEXT, VD_M_READ_ONLY },
    { VD_L("resources"), RECORD, WHOLE, VD_M_RESOURCES },
    { VD_L("eventType"), RECORD, TEXT, VD_M_EVENT_TYPE },
    { VD_L("managementEvent"), RECORD, TEXT, VD_M_MANAGEMENT },
    { VD_L("recipientAccountId"), RECORD, TEXT, VD_M_RECIPIENT },
    { VD_L("eventCategory"), RECORD, TEXT, VD_M_CATEGORY },
    { VD_L("tlsDetails"), RECORD, SKIP, 0 },
    { VD_L("sharedEventID"), RECORD, TEXT, VD_M_SHARED_ID },
    { VD_L("vpcEndpointId"), RECORD, TEXT, VD_M_ENDPOINT },
    { VD_L("apiVersion"), RECORD, TEXT, VD_M_API_VERSION },
    { VD_L("eventId"), RECORD, TEXT, VD_M_EVENT_ID }, /* aggregated events */
    { VD_L("addendum"), RECORD, INTO, ADDENDUM },
    { VD_L("annotation"), RECORD, NOTE, 0 },
    { VD_L("summary"), RECORD, WHOLE, VD_M_SUMMARY },
    { VD_L("timeWindow"), RECORD, WHOLE, VD_M_TIME_WINDOW },
    { VD_L("accountId"), RECORD, TEXT, VD_M_ACCOUNT },
    { VD_L("type"), IDENTITY, TEXT, VD_M_TYPE },
    { VD_L("principalId"), IDENTITY, TEXT, VD_M_PRINCIPAL },
    { VD_L("arn"), IDENTITY, TEXT, VD_M_ARN },
    { VD_L("accountId"), IDENTITY, TEXT, VD_M_ACCOUNT_ID },
    { VD_L("accessKeyId"), IDENTITY, SKIP, 0 },
    { VD_L("userName"), IDENTITY, TEXT, VD_M_USER },
    { VD_L("invokedBy"), IDENTITY, TEXT, VD_M_INVOKED_BY },
    { VD_L("identityProvider"), IDENTITY, TEXT, VD_M_PROVIDER },
    { VD_L("sessionContext"), IDENTITY, INTO, SESSION },
    { VD_L("inScopeOf"), IDENTITY, INTO, SCOPE },
    { VD_L("onBehalfOf"), IDENTITY, INTO, BEHALF },
    { VD_L("sessionIssuer"), SESSION, INTO, ISSUER },
    { VD_L("webIdFederationData"), SESSION, SKIP, 0 },
    { VD_L("attributes"), SESSION, INTO, ATTRIBUTES },
    { VD_L("sourceIdentity"), SESSION, TEXT, VD_M_SOURCE_IDENTITY },
    { VD_L("type"), ISSUER, TEXT, VD_M_ISSUER_TYPE },
    { VD_L("principalId"), ISSUER, TEXT, VD_M_ISSUER_PRINCIPAL },
    { VD_L("arn"), ISSUER, TEXT, VD_M_ISSUER_ARN },
    { VD_L("accountId"), ISSUER, TEXT, VD_M_ISSUER_ACCOUNT },
    { VD_L("userName"), ISSUER, TEXT, VD_M_ISSUER_USER },
    { VD_L("creationDate"), ATTRIBUTES, SKIP, 0 },
    { VD_L("mfaAuthenticated"), ATTRIBUTES, TEXT, VD_M_MFA },
    { VD_L("credentialsIssuedTo"), SCOPE, TEXT, VD_M_HELD_BY },
    { VD_L("userId"), BEHALF, TEXT, VD_M_BEHALF },
    { VD_L("reason"), ADDENDUM, TEXT, VD_M_REASON },
    { VD_L("originalEventID"), ADDENDUM, TEXT, VD_M_ORIGINAL_ID },
};

/* ------------------------------------------------------------------ which member is it */

static uint32_t slot_of(vd_str key)
{
    return ((uint32_t)key.n * 5 + (uint8_t)key.p[0] * 3 + (uint8_t)key.p[key.n - 1] * 7 + (uint8_t)key.p[key.n / 2]) % 64;
}

void vd_record_schema_init(vd_record_schema *schema)
{
    _Static_assert(OBJECTS <= VD_COUNT(schema->slot), "a table an object");
    memset(schema, 0, sizeof *schema);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        uint32_t slot = slot_of(rows[i].name);

        while (schema->slot[rows[i].in][slot])
            slot = (slot + 1) % 64;
        schema->slot[rows[i].in][slot] = (uint8_t)(i + 1);
        if (i && rows[i].in != rows[i - 1].in)
            schema->first[rows[i].in] = (uint8_t)i;
    }
}

/* Names are short: their two ends are compared, which may overlap. */
static inline bool same(const char *a, const char *b, size_t n)
{
    uint64_t x[4];
    uint32_t y[4];

    if (n > 16)
        return memcmp(a, b, n) == 0;
    if (n >= 8) {
        memcpy(&x[0], a, 8);
        memcpy(&x[1], b, 8);
        memcpy(&x[2], a + n - 8, 8);
        memcpy(&x[3], b + n - 8, 8);
        return ((x[0] ^ x[1]) | (x[2] ^ x[3])) == 0;
    }
    if (n >= 4) {
        memcpy(&y[0], a, 4);
        memcpy(&y[1], b, 4);
        memcpy(&y[2], a + n - 4, 4);
        memcpy(&y[3], b + n - 4, 4);
        return ((y[0] ^ y[1]) | (y[2] ^ y[3])) == 0;
    }
    return memcmp(a, b, n) == 0;
}

static const member_row *find_row(const vd_record_schema *schema, uint8_t in, vd_str key)
{
    uint32_t slot = key.n ? slot_of(key) : 0;

    for (; schema->slot[in][slot]; slot = (slot + 1) % 64) {
        const member_row *row = &rows[schema->slot[in][slot] - 1];

        if (row->name.n == key.n && same(row->name.p, key.p, key.n))
            return row;
    }
    return NULL;
}

/* Members mostly come in the order of the table: then there is nothing to look up. */
static inline const member_row *expected_row(const vd_record_schema *schema, uint8_t in, uint8_t *ahead, vd_str key)
{
    const member_row *row = &rows[*ahead ? *ahead : schema->first[in]];

    if (row->in != in || row->name.n != key.n || !same(row->name.p, key.p, key.n)) {
        row = find_row(schema, in, key);
        if (!row)
            return NULL;
    }
    *ahead = (uint8_t)((size_t)(row - rows + 1) % VD_COUNT(rows));
    return row;
}

bool vd_record_knows(const vd_record_schema *schema, vd_str key)
{
    return (vd_str_starts(key, VD_S("event")) || vd_str_eq(key, VD_S("userIdentity")) || vd_str_eq(key, VD_S("awsRegion"))) &&
           find_row(schema, RECORD, key) != NULL;
}

/* ------------------------------------------------------------------ members */

vd_scan vd_scan_member(const char *p, const char *end, vd_str *key, const char **value)
{
    bool escaped = false;

    *key = (vd_str){ 0 };
    p = vd_scan_space(p);
    if (*p == ',')
        p = vd_scan_space(p + 1);
    if (VD_UNLIKELY(*p != '"')) {
        *value = *p == '}' ? p + 1 : p;
        return *p == '}' ? VD_SCAN_OK : p >= end ? VD_SCAN_MORE : VD_SCAN_BAD;
    }
    key->p = p + 1;
    p = vd_scan_string(p + 1, end, &escaped);
    if (!p)
        return VD_SCAN_MORE;
    key->n = (size_t)(p - key->p);
    p = vd_scan_space(p + 1);
    if (VD_UNLIKELY(*p != ':')) {
        *value = p;
        return p >= end ? VD_SCAN_MORE : VD_SCAN_BAD;
    }
    *value = vd_scan_space(p + 1);
    return *value >= end ? VD_SCAN_MORE : VD_SCAN_OK;
}

/* Behind a value: the comma stays for whoever reads on. */
static vd_scan behind_value(const char *p, const char *end, const char **next)
{
    p = vd_scan_space(p);
    *next = p;
    return p >= end ? VD_SCAN_MORE : *p == ',' || *p == '}' ? VD_SCAN_OK : VD_SCAN_BAD;
}

/* The value at p as text or as it is. */
static vd_scan take(vd_record *r, const member_row *row, const char *p, const char *end, const char **next)
{
    uint64_t bit = UINT64_C(1) << row->what;
    vd_str  *to = &r->at[row->what];
    bool     escaped = false;
    vd_scan  got;

    r->duplicates += (r->seen & bit) != 0;
    r->seen |= bit;
    r->escaped &= ~bit;
    if (row->kind == TEXT && *p == '"') {
        const char *close = vd_scan_string(p + 1, end, &escaped);

        if (!close)
            return VD_SCAN_MORE;
        *to = (vd_str){ p + 1, (size_t)(close - p - 1) };
        r->escaped |= escaped ? bit : 0;
        *next = close + 1;
        return VD_SCAN_OK;
    }
    got = vd_scan_value(p, end, next);
    *to = (vd_str){ 0 };
    if ((got == VD_SCAN_OK || got == VD_SCAN_DEEP) && *p != 'n' && (row->kind == WHOLE || (*p != '{' && *p != '[')))
        *to = (vd_str){ p, (size_t)(*next - p) };
    return got;
}

typedef struct walk {
    uint8_t  in[4]; /* the objects of the table that are open: the table has no more levels */
    uint32_t depth;
    uint32_t opened; /* a bit for each that was */
    uint8_t  ahead[OBJECTS]; /* of each object the row that is expected next */
    bool     deep;
} walk;

/* The object is there a second time: the last one counts, and nothing of the first. */
static void again(vd_record *r, uint8_t what)
{
    r->duplicates++;
    for (uint32_t i = VD_M_TYPE; what == IDENTITY && i <= VD_M_BEHALF; i++) {
        r->at[i] = (vd_str){ 0 };
        r->seen &= ~(UINT64_C(1) << i);
        r->escaped &= ~(UINT64_C(1) << i);
    }
}

/* One member whose value begins at p. */
static vd_scan member(vd_record *r, walk *w, const member_row *row, const char *p, const char *end, const char **next)
{
    vd_scan got;

    if (row && row->kind == INTO && *p == '{') {
        if (w->opened >> row->what & 1)
            again(r, row->what);
        w->opened |= 1u << row->what;
        w->in[w->depth++] = row->what;
        *next = p + 1;
        return VD_SCAN_OK;
    }
    if (row && (row->kind == TEXT || row->kind == WHOLE)) {
        got = take(r, row, p, end, next);
    } else {
        r->annotated |= row && row->kind == NOTE && *p == '"';
        got = vd_scan_value(p, end, next);
    }
    w->deep |= got == VD_SCAN_DEEP;
    return got == VD_SCAN_OK || got == VD_SCAN_DEEP ? behind_value(*next, end, next) : got;
}

vd_scan vd_record_read(vd_record *r, const vd_record_schema *schema, const char *p, const char *end, const char **next)
{
    walk w = { .depth = 1 };

    memset(r, 0, sizeof *r);
    for (p++;;) {
        const member_row *row;
        vd_str            key;
        vd_scan           got = vd_scan_member(p, end, &key, next);

        if (VD_UNLIKELY(got != VD_SCAN_OK))
            return got;
        p = *next;
        if (!key.p) {
            if (--w.depth == 0)
                return w.deep ? VD_SCAN_DEEP : VD_SCAN_OK;
            got = behind_value(p, end, next);
        } else {
            row = expected_row(schema, w.in[w.depth - 1], &w.ahead[w.in[w.depth - 1]], key);
            r->known += row && row->kind != SKIP && w.depth == 1;
            got = member(r, &w, row, p, end, next);
        }
        if (VD_UNLIKELY(got != VD_SCAN_OK))
            return got;
        p = *next;
    }
}

/* ------------------------------------------------------------------ what was scanned before */

/* text holds a backslash; it becomes what it means when it is a good string. */
static bool decode(vd_str *text, vd_arena *scratch)
{
    vd_str        quoted = { text->p - 1, text->n + 2 };
    vd_json_token t = vd_json_next(quoted, 0);
    char         *copy;

    if (t.kind != VD_JSON_STRING || t.length != quoted.n)
        return true;
    copy = vd_arena_alloc(scratch, text->n + VD_SCAN_PAD, 1); /* it may be scanned in its turn */
    if (!copy)
        return false;
    *text = (vd_str){ copy, vd_json_unescape(copy, *text) };
    return true;
}

bool vd_record_decode(vd_record *r, vd_arena *scratch)
{
    for (size_t i = 0; r->escaped >> i; i++)
        if (r->escaped >> i & 1 && !decode(&r->at[i], scratch))
            return false;
    return true;
}

static vd_str without_quotes(vd_str value)
{
    return value.n >= 2 && value.p[0] == '"' ? (vd_str){ value.p + 1, value.n - 2 } : value;
}

vd_str vd_scan_find(vd_str text, vd_str key)
{
    const char *p, *end, *value, *next;
    vd_str      name;

    if (!text.n || text.p[0] != '{')
        return (vd_str){ 0 };
    p = text.p + 1;
    end = text.p + text.n;
    while (vd_scan_member(p, end, &name, &value) == VD_SCAN_OK && name.p) {
        vd_scan got = vd_scan_value(value, end, &next);

        if (got != VD_SCAN_OK && got != VD_SCAN_DEEP)
            break;
        if (vd_str_eq(name, key))
            return (vd_str){ value, (size_t)(next - value) };
        p = next;
    }
    return (vd_str){ 0 };
}

bool vd_scan_element(vd_str *rest, vd_str *element)
{
    const char *p, *end, *next;
    vd_scan     got;

    if (!rest->n)
        return false;
    end = rest->p + rest->n;
    p = vd_scan_space(rest->p);
    if (p < end && (*p == '[' || *p == ','))
        p = vd_scan_space(p + 1);
    if (p >= end || *p == ']')
        return false;
    got = vd_scan_value(p, end, &next);
    if (got != VD_SCAN_OK && got != VD_SCAN_DEEP)
        return false;
    *element = (vd_str){ p, (size_t)(next - p) };
    *rest = (vd_str){ next, (size_t)(end - next) };
    return true;
}

bool vd_scan_text(vd_str value, vd_arena *scratch, vd_str *out)
{
    *out = (vd_str){ 0 };
    if (!value.n || value.p[0] == '{' || value.p[0] == '[' || value.p[0] == 'n')
        return true;
    *out = without_quotes(value);
    return value.p[0] != '"' || !memchr(out->p, '\\', out->n) || decode(out, scratch);
}
