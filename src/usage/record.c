/* SPDX-License-Identifier: Apache-2.0
 *
 * A record is read along the table of its members: what the table does not name is skipped by its end.
 */
#include "usage/record.h"

#include "base/str.h"

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
    SKIP,  /* nothing: it is here because it mostly comes, and then the next one is told at a glance */
    NOTE,  /* only that it is there */
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
    { VD_L("requestID"), RECORD, TEXT, VD_M_REQUEST_ID },
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
    _Static_assert(VD_COUNT(rows) <= VD_RECORD_ROWS, "a head a row");
    _Static_assert(sizeof(vd_member_head) == 64, "a power of two");
    memset(schema, 0, sizeof *schema);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_member_head *head = &schema->heads[i];
        uint32_t        slot = slot_of(rows[i].name);
        size_t          n = rows[i].name.n;

        while (schema->slot[rows[i].in][slot])
            slot = (slot + 1) % 64;
        schema->slot[rows[i].in][slot] = (uint8_t)(i + 1);
        if (i && rows[i].in != rows[i - 1].in)
            schema->first[rows[i].in][0] = schema->first[rows[i].in][1] = (uint8_t)i;
        vd_assert(n + 3 <= VD_HEAD_BYTES);
        head->text[0] = '"';
        memcpy(head->text + 1, rows[i].name.p, n);
        memcpy(head->text + 1 + n, "\":", 2);
        head->bytes = (uint8_t)(n + 3);
        head->mask = (uint32_t)((UINT64_C(1) << head->bytes) - 1);
        head->kind = rows[i].kind;
        head->what = rows[i].what;
        head->counts = rows[i].in == RECORD && rows[i].kind != SKIP;
        head->after[0] = head->after[1] =
            i + 1 < VD_COUNT(rows) && rows[i + 1].in == rows[i].in ? (uint8_t)(i + 1) : schema->first[rows[i].in][0];
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

/* Does the member whose first quote is at p begin so? */
static inline bool begins(const vd_member_head *head, const char *p)
{
#ifdef VD_SCAN_SSE2
    __m128i a = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(p + 16));
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)head->text);
    __m128i y = _mm_loadu_si128((const __m128i *)(const void *)(head->text + 16));
    uint32_t equal = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(a, x)) |
                     (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(b, y)) << 16;

    return (equal & head->mask) == head->mask;
#else
    return memcmp(p, head->text, head->bytes) == 0;
#endif
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
    uint8_t *ahead[4]; /* of each open object: the two rows that are expected next, where they are kept for the next record */
    bool     deep;
    struct {
        const char *at; /* NULL: none, or something unusual was in it */
        uint64_t    seen;
        uint32_t    opened;
    } begun[2]; /* the identity and the issuer, before anything of them was read */
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
static inline vd_scan member(vd_record *r, vd_record_schema *schema, walk *w, const member_row *row, const char *p, const char *end,
                             const char **next)
{
    vd_scan got;

    if (row && row->kind == INTO && *p == '{') {
        if (w->opened >> row->what & 1)
            again(r, row->what);
        w->opened |= 1u << row->what;
        w->in[w->depth] = row->what;
        w->ahead[w->depth++] = schema->first[row->what];
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

/* The next member, whatever it is. */
static vd_scan any_member(vd_record *r, vd_record_schema *schema, walk *w, const char *p, const char *end, const char **next)
{
    uint8_t         **ahead = &w->ahead[w->depth - 1];
    const member_row *row;
    vd_str            key;
    vd_scan           got = vd_scan_member(p, end, &key, next);

    if (got != VD_SCAN_OK)
        return got;
    if (!key.p) {
        w->depth--;
        return w->depth == 0 ? VD_SCAN_OK : behind_value(*next, end, next);
    }
    row = find_row(schema, w->in[w->depth - 1], key);
    if (row) {
        (*ahead)[1] = (*ahead)[0];
        (*ahead)[0] = (uint8_t)(row - rows);
        *ahead = schema->heads[row - rows].after;
        r->known += schema->heads[row - rows].counts;
    }
    return member(r, schema, w, row, *next, end, next);
}

/* null, true or false: behind it; NULL: it is something else, or not as usual. */
static inline const char *usual_word(const char *p, const char *end)
{
    size_t n = memcmp(p, "null", 4) == 0 || memcmp(p, "true", 4) == 0 ? 4 : memcmp(p, "false", 5) == 0 ? 5 : 0;

    return n && n < (size_t)(end - p) ? p + n : NULL;
}

/* p is at a value that is no string. */
static inline const char *usual_other(const vd_member_head *head, const char *p, const char *end)
{
    const char *next = *p == '{' || *p == '[' ? NULL : usual_word(p, end);

    if (head->kind == TEXT && *p != 't' && *p != 'f')
        return NULL;
    if (next && (*next == ',' || *next == '}'))
        return next;
    return vd_scan_value(p, end, &next) == VD_SCAN_OK ? next : NULL;
}

/* ------------------------------------------------------------------ objects that were there before */

static inline bool is_kept(uint8_t what)
{
    return what == IDENTITY || what == ISSUER;
}

/* The first of two places where an object that begins with these bytes may be kept, and their mark.  It says its type first and
 * who it is next. */
static inline uint32_t places_of(const char *p, uint32_t *mark)
{
    uint64_t v[6], h;

    memcpy(v, p + 16, sizeof v);
    h = (v[0] ^ v[3]) * 0x9e3779b97f4a7c15u ^ (v[1] ^ v[4]) * 0xc2b2ae3d27d4eb4fu ^ (v[2] ^ v[5]) * 0x165667b19e3779f9u;
    h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
    *mark = (uint32_t)h | 1;
    return 2 * (uint32_t)(h >> 32 & (VD_OBJECTS / 2 - 1));
}

/* p is at the '{' of an object: behind it when it was there before, and the ordinary way would go on behind it; else NULL. */
static const char *object_known(vd_record *r, vd_record_schema *schema, walk *w, uint8_t what, const char *p, const char *end)
{
    const vd_object_known *k;
    uint32_t               mark, at = places_of(p, &mark), last = at + 1;

    for (;; at++) {
        k = &schema->known[what == ISSUER][at];
        if (schema->marks[what == ISSUER][at] == mark && k->bytes < (size_t)(end - p) && memcmp(k->text, p, k->bytes) == 0)
            break;
        if (at == last)
            return NULL;
    }
    if ((r->seen & k->seen) || (w->opened & k->opened) || (p[k->bytes] != ',' && p[k->bytes] != '}'))
        return NULL;
    for (uint32_t i = 0; i < k->count; i++)
        r->at[k->member[i]] = (vd_str){ p + k->at[i], k->n[i] };
    r->seen |= k->seen;
    w->opened |= k->opened;
    return p + k->bytes;
}

/* An object of these bytes came before, lately, or one that looks the same from afar. */
static bool is_second_sight(vd_record_schema *schema, const char *begin, size_t n)
{
    uint64_t v[12], h = n;
    uint32_t *sight;

    if (n < sizeof v)
        return true;
    memcpy(v, begin + 16, sizeof v / 2);
    memcpy(v + 6, begin + n - sizeof v / 2, sizeof v / 2);
    for (size_t i = 0; i < VD_COUNT(v); i += 2)
        h = (h ^ v[i]) * 0x9e3779b97f4a7c15u + (v[i + 1] ^ h >> 29) * 0xc2b2ae3d27d4eb4fu;
    h ^= h >> 32;
    sight = &schema->sights[h % VD_OBJECT_SIGHTS];
    if (*sight == (uint32_t)(h >> 10))
        return true;
    *sight = (uint32_t)(h >> 10);
    return false;
}

/* The object ended before p, and all of it was usual. */
static void keep_object(const vd_record *r, vd_record_schema *schema, const walk *w, uint8_t what, const char *p)
{
    const char      *begin = w->begun[what == ISSUER].at;
    uint64_t         seen = r->seen & ~w->begun[what == ISSUER].seen;
    uint32_t         mark, at;
    vd_object_known *k;

    if (p - begin > VD_OBJECT_BYTES || __builtin_popcountll(seen) > VD_OBJECT_MEMBERS ||
        !is_second_sight(schema, begin, (size_t)(p - begin)))
        return;
    at = places_of(begin, &mark) + (schema->turn ^= 1);
    schema->marks[what == ISSUER][at] = mark;
    k = &schema->known[what == ISSUER][at];
    k->seen = seen;
    k->opened = w->opened & ~w->begun[what == ISSUER].opened;
    k->bytes = (uint16_t)(p - begin);
    k->count = 0;
    memcpy(k->text, begin, k->bytes);
    for (; seen; seen &= seen - 1) {
        uint8_t member = (uint8_t)__builtin_ctzll(seen);
        vd_str  value = r->at[member];

        if (!value.p) /* null */
            continue;
        k->member[k->count] = member;
        k->at[k->count] = (uint16_t)(value.p - begin);
        k->n[k->count++] = (uint16_t)value.n;
    }
}

static inline const char *usual_object(vd_record *r, vd_record_schema *schema, walk *w, uint8_t what, const char *p, const char *end)
{
    const char *behind;

    if (*p != '{' || (w->opened >> what & 1))
        return NULL;
    if (is_kept(what)) {
        behind = object_known(r, schema, w, what, p, end);
        if (behind)
            return behind;
        w->begun[what == ISSUER].at = p;
        w->begun[what == ISSUER].seen = r->seen;
        w->begun[what == ISSUER].opened = w->opened;
    }
    w->opened |= 1u << what;
    w->in[w->depth] = what;
    w->ahead[w->depth++] = schema->first[what];
    return p + 1;
}

/* The value at p of a member that was there as expected: behind it, or NULL when it is not of the usual sort, and nothing was
 * done with it. */
static inline const char *usual_value(vd_record *r, vd_record_schema *schema, walk *w, const vd_member_head *head, const char *p,
                                      const char *end)
{
    uint64_t    bit = UINT64_C(1) << head->what;
    bool        string = *p == '"', escaped = false;
    const char *next;

    if (VD_UNLIKELY(head->kind >= NOTE))
        return head->kind == INTO ? usual_object(r, schema, w, head->what, p, end) : NULL;
    next = string ? vd_scan_string(p + 1, end, &escaped) : usual_other(head, p, end);
    if (VD_UNLIKELY(!next || escaped))
        return NULL;
    next += string;
    if (VD_UNLIKELY((*next != ',' && *next != '}') || next >= end))
        return NULL;
    if (head->kind == SKIP)
        return next;
    if (VD_UNLIKELY(r->seen & bit))
        return NULL;
    r->seen |= bit;
    if (head->kind == TEXT && string)
        r->at[head->what] = (vd_str){ p + 1, (size_t)(next - p - 2) };
    else if (*p != 'n')
        r->at[head->what] = (vd_str){ p, (size_t)(next - p) };
    return next;
}

/* The row that came here lately and comes again, its quote at p; NULL: it is another one. */
static inline vd_member_head *expected(vd_record_schema *schema, uint8_t ahead[2], const char *p)
{
    vd_member_head *head = &schema->heads[ahead[0]];
    uint8_t         row = ahead[1];

    if (VD_LIKELY(begins(head, p)))
        return head;
    head = &schema->heads[row];
    if (!begins(head, p))
        return NULL;
    ahead[1] = ahead[0];
    ahead[0] = row;
    return head;
}

/* Members as they came in the records before, up to one that is something else.  What is expected in an object are rows of this
 * object: so the table is made, and so it is kept. */
static const char *usual_members(vd_record *r, vd_record_schema *schema, walk *w, const char *p, const char *end)
{
    for (;;) {
        uint32_t        level = w->depth - 1;
        vd_member_head *head;
        const char     *next;

        if (*p == '}' && level && p + 1 < end && (p[1] == ',' || p[1] == '}')) {
            w->depth = level;
            p++;
            if (is_kept(w->in[level]) && w->begun[w->in[level] == ISSUER].at)
                keep_object(r, schema, w, w->in[level], p);
            continue;
        }
        next = p + (*p == ',');
        head = expected(schema, w->ahead[level], next);
        if (!head)
            return p;
        next += head->bytes;
        next = next < end ? usual_value(r, schema, w, head, next, end) : NULL;
        if (!next)
            return p;
        w->ahead[level] = head->after;
        r->known += head->counts;
        p = next;
    }
}

vd_scan vd_record_read(vd_record *r, vd_record_schema *schema, const char *p, const char *end, const char **next)
{
    walk w = { .depth = 1, .ahead = { schema->first[RECORD] } };

    memset(r, 0, sizeof *r);
    for (p++;;) {
        vd_scan got;

        p = usual_members(r, schema, &w, p, end);
        w.begun[0].at = w.begun[1].at = NULL;
        got = any_member(r, schema, &w, p, end, next);
        if (got != VD_SCAN_OK)
            return got;
        if (w.depth == 0)
            return w.deep ? VD_SCAN_DEEP : VD_SCAN_OK;
        p = *next;
    }
}
