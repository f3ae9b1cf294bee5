/* SPDX-License-Identifier: Apache-2.0
 *
 * Digests of log files: one arrives for every hour and region, whether there were events or not, and names the files of
 * logs that were delivered.  So they prove which hours were logged, and which files ought to be there.
 *
 *   {"k":"digest","u":"111111111111|eu-west-1","i":"2026-03","t":...,"x":{"hours":"<186 hex digits>"}}
 *   {"k":"unit-missing","u":"111111111111|eu-west-1","i":"..._20260302T0905Z_AAAA.json.gz","t":...,"x":{"max":..,"min":..,"sha256":".."}}
 *   {"k":"lookup","u":"111111111111|eu-west-1","i":"","t":...,"x":{}}
 */
#include "base/calendar.h"
#include "base/str.h"
#include "usage/usage_int.h"

#include <stdio.h>
#include <stdlib.h>

/* A digest covers about an hour; a longer one is none of CloudTrail's. */
enum { AN_HOUR = 3600, MOST_HOURS = 48, MONTH_BYTES = 7 };

static const vd_str digest_kind = VD_L("digest"), missing_kind = VD_L("unit-missing"), lookup_kind = VD_L("lookup");
static const vd_str hours_head = VD_L("{\"hours\":\""), hours_tail = VD_L("\"}");

static bool is_kind(const vd_fact *f, vd_str kind)
{
    vd_str parts[3];

    if (!vd_is_evidence(f) || !vd_str_starts(vd_str_from(f->key, 1), kind))
        return false;
    vd_evidence_split(f->key, parts);
    return vd_str_eq(parts[0], kind);
}

bool vd_is_missing(const vd_fact *f)
{
    return is_kind(f, missing_kind);
}

static uint64_t name_of(vd_str id)
{
    size_t slash = vd_str_rfind(id, '/');
    vd_str name = slash < id.n ? vd_str_from(id, slash + 1) : id;

    if (vd_str_ends(name, VD_S(".gz")))
        name.n -= 3;
    return vd_hash(0, name);
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The scanner reads behind the end of its text; evidence has no room there. */
vd_str vd_unit_value(vd_str values, vd_str name)
{
    size_t at = 0, n;

    while (at + name.n + 3 < values.n && !(values.p[at] == '"' && memcmp(values.p + at + 1, name.p, name.n) == 0 &&
                                           values.p[at + name.n + 1] == '"' && values.p[at + name.n + 2] == ':'))
        at++;
    if (at + name.n + 3 >= values.n)
        return (vd_str){ 0 };
    values = vd_str_from(values, at + name.n + 3);
    if (values.p[0] == '"') {
        values = vd_str_from(values, 1);
        return vd_str_first(values, vd_str_find(values, '"'));
    }
    for (n = 0; n < values.n && values.p[n] != ',' && values.p[n] != '}';)
        n++;
    return vd_str_first(values, n);
}

/* Is it one, in lower case? */
static bool is_sha256(vd_str hex)
{
    for (size_t i = 0; i < hex.n; i++)
        if (digit_of(hex.p[i]) < 0)
            return false;
    return hex.n == 64;
}

void vd_unit_mark_of(vd_unit_mark *out, const vd_fact *f)
{
    vd_str parts[3], sha = vd_unit_value(f->more, VD_S("sha256"));

    vd_evidence_split(f->key, parts);
    *out = (vd_unit_mark){ .name = name_of(parts[2]) };
    out->known = is_sha256(sha);
    for (size_t i = 0; out->known && i < 16; i++)
        out->sha256 = out->sha256 << 4 | (uint64_t)digit_of(sha.p[i]);
}

static int by_name(const void *a, const void *b)
{
    uint64_t x = ((const vd_unit_mark *)a)->name, y = ((const vd_unit_mark *)b)->name;

    return (x > y) - (x < y);
}

void vd_unit_marks_sort(vd_unit_mark *at, uint32_t count)
{
    if (count)
        qsort(at, count, sizeof *at, by_name);
}

/* A file is the one that is meant unless both hashes are known and differ. */
vd_there vd_unit_there(const vd_unit_mark *at, uint32_t count, const vd_fact *missing)
{
    vd_there     found = VD_NOT_THERE;
    uint32_t     low = 0, high = count;
    vd_unit_mark wanted;

    vd_unit_mark_of(&wanted, missing);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (at[middle].name < wanted.name)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && at[low].name == wanted.name; low++) {
        if (!wanted.known || !at[low].known || at[low].sha256 == wanted.sha256)
            return VD_IS_THERE;
        found = VD_IS_CHANGED;
    }
    return found;
}

/* ------------------------------------------------------------------ hours of a month */

bool vd_is_hours(const vd_fact *f)
{
    return is_kind(f, digest_kind);
}

/* The digits of values as we write them; empty: somebody else did. */
static vd_str digits_of(vd_str values)
{
    vd_str digits = vd_str_first(vd_str_from(values, hours_head.n), VD_HOURS_DIGITS);

    if (values.n != hours_head.n + VD_HOURS_DIGITS + hours_tail.n || !vd_str_starts(values, hours_head) ||
        !vd_str_ends(values, hours_tail))
        return (vd_str){ 0 };
    for (size_t i = 0; i < digits.n; i++)
        if (digit_of(digits.p[i]) < 0)
            return (vd_str){ 0 };
    return digits;
}

/* Bits of either.  What is no list of hours gives way to one that is, so that the order does not matter. */
bool vd_hours_fold(vd_arena *arena, vd_fact *into, const vd_fact *from)
{
    static const char hex[] = "0123456789abcdef";
    vd_str            a = digits_of(into->more), b = digits_of(from->more);
    char              joined[VD_HOURS_DIGITS];

    into->last = from->last > into->last ? from->last : into->last;
    if (!b.n && (a.n || vd_str_cmp(from->more, into->more) <= 0))
        return true;
    if (!a.n)
        return vd_arena_dup(arena, &into->more, from->more);
    for (size_t i = 0; i < VD_HOURS_DIGITS; i++)
        joined[i] = hex[digit_of(a.p[i]) | digit_of(b.p[i])];
    return vd_arena_printf(arena, &into->more, VD_F VD_F VD_F, VD_A(hours_head), VD_A(((vd_str){ joined, sizeof joined })),
                           VD_A(hours_tail));
}

/* "2026-03" and the hour within it. */
static void month_of(int64_t seconds, char month[VD_TIME_ROOM], uint32_t *hour)
{
    size_t n = vd_time_format(month, seconds);

    VD_UNUSED(n);
    *hour = (uint32_t)((month[8] - '0') * 10 + month[9] - '0' - 1) * 24 + (uint32_t)((month[11] - '0') * 10 + month[12] - '0');
}

/* An hour counts when its middle lies in a digest: digests follow one another without a hole, so each middle lies in just
 * one, however they are shifted against the clock. */
static bool keep_hours(vd_usage *u, vd_str subject, int64_t from, int64_t to)
{
    char     month[VD_TIME_ROOM], digits[VD_HOURS_DIGITS];
    vd_str   values;
    uint32_t at;

    for (int64_t hour = from / AN_HOUR; hour * AN_HOUR < to; hour++) {
        int64_t middle = hour * AN_HOUR + AN_HOUR / 2;

        if (middle < from || middle >= to)
            continue;
        month_of(middle, month, &at);
        memset(digits, '0', sizeof digits);
        digits[at / 4] = "1248"[at % 4];
        if (!vd_arena_printf(&u->scratch, &values, VD_F VD_F VD_F, VD_A(hours_head),
                             VD_A(((vd_str){ digits, sizeof digits })), VD_A(hours_tail)))
            return vd_usage_nomem(u);
        if (!vd_usage_evidence_add(u, digest_kind, subject, (vd_str){ month, MONTH_BYTES }, to, values))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ one digest */

static vd_str text_of(vd_usage *u, vd_str object, vd_str name)
{
    vd_str text = { 0 };

    if (!vd_scan_text(vd_scan_find(object, name), &u->scratch, &text))
        vd_usage_nomem(u);
    return text;
}

static bool time_of(vd_usage *u, vd_str object, vd_str name, int64_t *out)
{
    vd_str text = text_of(u, object, name);

    return text.n && vd_usage_time(out, text) && *out >= 0 && *out <= VD_LAST_SECOND;
}

/* The region in ".../CloudTrail-Digest/eu-west-1/2026/03/02/..." */
static vd_str region_of(vd_str path)
{
    vd_str rest = path, step, last = { 0 };

    while (vd_str_cut(&rest, '/', &step)) {
        if (vd_str_eq(last, VD_S("CloudTrail-Digest")))
            return step;
        last = step;
    }
    return (vd_str){ 0 };
}

static bool keep_file(vd_usage *u, vd_str subject, vd_str file, int64_t end)
{
    vd_str  path = text_of(u, file, VD_S("s3Object")), sha = text_of(u, file, VD_S("hashValue")), values;
    bool    hashed = is_sha256(sha) && vd_str_eq(text_of(u, file, VD_S("hashAlgorithm")), VD_S("SHA-256"));
    size_t  slash = vd_str_rfind(path, '/');
    int64_t from, to;

    if (!path.n || u->code != VD_OK)
        return u->code == VD_OK;
    if (!time_of(u, file, VD_S("oldestEventTime"), &from) || !time_of(u, file, VD_S("newestEventTime"), &to) || to < from)
        from = to = end;
    if (!vd_arena_printf(&u->scratch, &values, "{\"max\":%lld,\"min\":%lld%s" VD_F "%s}", (long long)to, (long long)from,
                         hashed ? ",\"sha256\":\"" : "", VD_A(hashed ? sha : VD_S("")), hashed ? "\"" : ""))
        return vd_usage_nomem(u);
    return vd_usage_evidence_add(u, missing_kind, subject, slash < path.n ? vd_str_from(path, slash + 1) : path, to, values);
}

static bool keep_digest(vd_usage *u, vd_str text, vd_str account, vd_str region, int64_t from, int64_t to)
{
    vd_str subject, files = vd_scan_find(text, VD_S("logFiles")), file;

    if (!vd_arena_printf(&u->scratch, &subject, VD_F "|" VD_F, VD_A(account), VD_A(region)))
        return vd_usage_nomem(u);
    if (!keep_hours(u, subject, from, to))
        return false;
    while (vd_scan_element(&files, &file))
        if (!keep_file(u, subject, file, to))
            return false;
    return true;
}

void vd_digest_read(vd_usage *u, vd_str text)
{
    vd_str  account = text_of(u, text, VD_S("awsAccountId")), region = region_of(text_of(u, text, VD_S("digestS3Object")));
    int64_t from, to;

    u->digests++;
    if (!account.n || !region.n || account.n + region.n > VD_FACT_PART_BYTES ||
        !time_of(u, text, VD_S("digestStartTime"), &from) || !time_of(u, text, VD_S("digestEndTime"), &to) || to < from ||
        to - from > MOST_HOURS * AN_HOUR)
        vd_usage_note_at(u, VD_U_BAD_DOCUMENT, vd_window_offset(&u->window), "a digest that does not say of which hours it is");
    else if (!u->account.n || vd_str_eq(account, u->account))
        keep_digest(u, text, account, region, from, to);
    vd_arena_reset(&u->scratch);
}

/* ------------------------------------------------------------------ events that were looked up */

bool vd_lookup_keep(vd_usage *u, vd_str account, vd_str region)
{
    vd_str subject;

    if (!vd_arena_printf(&u->scratch, &subject, VD_F "|" VD_F, VD_A(account), VD_A(region)))
        return vd_usage_nomem(u);
    if (!vd_usage_evidence_add(u, lookup_kind, subject, VD_S(""), 0, VD_S("{}")))
        return false;
    u->counters[VD_C_ROWS]--; /* no row of a report: once for each event */
    return true;
}
