/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables, told apart by their headers: results of queries over records, the history of events, results of the query that
 * docs/scale.md gives, credential reports, and plain tables of what was done.
 */
#include "base/buf.h"
#include "base/str.h"
#include "catalog/events.h"
#include "usage/csv.h"
#include "usage/outcome.h"
#include "usage/usage_int.h"
#include "usage/who.h"

typedef struct table table;

typedef struct table_kind {
    vd_str needs[3]; /* columns that tell it; without case, spaces and lines under */
    bool (*row)(table *t);
} table_kind;

struct table {
    vd_usage         *u;
    vd_csv            csv;
    vd_csv_row        names; /* of the columns */
    vd_csv_row        row;
    vd_arena          kept;
    const table_kind *kind;
};

/* ------------------------------------------------------------------ columns */

/* "Event name" and "event_name" are "eventname". */
static bool is_name(vd_str written, vd_str name)
{
    size_t n = 0;

    written = vd_str_trim(written);
    for (size_t i = 0; i < written.n; i++) {
        if (written.p[i] == ' ' || written.p[i] == '_' || written.p[i] == '-')
            continue;
        if (n == name.n || vd_lower(written.p[i]) != name.p[n++])
            return false;
    }
    return n == name.n;
}

static uint32_t column(const vd_csv_row *names, vd_str name)
{
    for (uint32_t i = 0; i < names->count && i < VD_CSV_COLUMNS; i++)
        if (is_name(names->at[i], name))
            return i;
    return VD_NONE;
}

/* What the row has there; empty: nothing, or what stands for it. */
static vd_str get(const table *t, const char *name)
{
    uint32_t at = column(&t->names, vd_str_of(name));
    vd_str   value = at < t->row.count && at != VD_NONE ? vd_str_trim(t->row.at[at]) : VD_S("");

    return vd_str_eq(value, VD_S("-")) || vd_str_eq(value, VD_S("null")) ? VD_S("") : value;
}

static bool reject(table *t, vd_usage_code code)
{
    vd_usage_count(t->u, VD_C_EVENTS);
    vd_usage_reject(t->u, code, t->csv.offset);
    return true;
}

/* ------------------------------------------------------------------ records in columns */

static bool row_of_json(table *t)
{
    t->u->record--; /* counted with the record */
    return vd_usage_record_text(t->u, get(t, "eventjson"), t->csv.offset);
}

static const struct {
    const char *column, *member;
    bool        json; /* an object or array, as JSON; else text */
} members[] = {
    { "eventversion", "eventVersion", false },
    { "useridentity", "userIdentity", true },
    { "eventtime", "eventTime", false },
    { "eventsource", "eventSource", false },
    { "eventname", "eventName", false },
    { "awsregion", "awsRegion", false },
    { "sourceipaddress", "sourceIPAddress", false },
    { "errorcode", "errorCode", false },
    { "errormessage", "errorMessage", false },
    { "requestparameters", "requestParameters", true },
    { "responseelements", "responseElements", true },
    { "additionaleventdata", "additionalEventData", true },
    { "eventid", "eventID", false },
    { "resources", "resources", true },
    { "eventtype", "eventType", false },
    { "apiversion", "apiVersion", false },
    { "recipientaccountid", "recipientAccountId", false },
    { "sharedeventid", "sharedEventID", false },
    { "vpcendpointid", "vpcEndpointId", false },
    { "eventcategory", "eventCategory", false },
    { "addendum", "addendum", true },
    { "summary", "summary", true },
    { "timewindow", "timeWindow", true },
};

/* { or [ of JSON, not of the text that engines make of a structure. */
static bool is_json(vd_str value)
{
    const char *next;
    vd_str      key;

    if (value.n < 2 || (value.p[0] != '{' && value.p[0] != '['))
        return false;
    if (value.p[0] == '[')
        return vd_scan_value(value.p, value.p + value.n, &next) == VD_SCAN_OK && !vd_str_starts(vd_str_from(value, 1), VD_S("{a"));
    return vd_scan_member(value.p + 1, value.p + value.n, &key, &next) == VD_SCAN_OK;
}

/* The record that the columns make up, as a text. */
static bool row_of_columns(table *t)
{
    vd_buf      b = vd_buf_on(&t->u->engine->alloc, 0);
    const char *comma = "";
    bool        ambiguous = false, good = true;

    vd_buf_byte(&b, '{');
    for (size_t i = 0; i < VD_COUNT(members); i++) {
        vd_str value = get(t, members[i].column);

        if (!value.n)
            continue;
        if (members[i].json && !is_json(value)) {
            ambiguous = true; /* {k=v, ...}: who called what is not to be guessed at */
            continue;
        }
        vd_buf_printf(&b, "%s\"%s\":", comma, members[i].member);
        comma = ",";
        if (members[i].json)
            vd_buf_add(&b, value);
        else
            vd_writer_string(&b, value);
    }
    vd_buf_byte(&b, '}');
    for (size_t i = 0; i < VD_SCAN_PAD; i++)
        vd_buf_byte(&b, 0);
    if (b.failed) {
        good = vd_usage_nomem(t->u);
    } else if (ambiguous) {
        reject(t, VD_U_SQL_STRUCT_AMBIGUOUS);
    } else {
        t->u->record--;
        good = vd_usage_record_text(t->u, (vd_str){ b.p, b.n - VD_SCAN_PAD }, t->csv.offset);
    }
    vd_buf_done(&b);
    return good;
}

/* ------------------------------------------------------------------ rows that are facts */

static uint64_t number(vd_str text, uint64_t otherwise)
{
    uint64_t v = 0;

    if (!vd_str_all_digits(text) || text.n > 18)
        return otherwise;
    for (size_t i = 0; i < text.n; i++)
        v = v * 10 + (uint64_t)(text.p[i] - '0');
    return v;
}

typedef struct fact_row {
    vd_str  parts[VD_FACT_PARTS];
    vd_str  resource;
    int64_t first, last;
    char    principal[VD_WHO_BYTES], label[256];
    vd_who  who;
} fact_row;

static bool put_label(fact_row *f, vd_str source)
{
    vd_str label = vd_event_label(source);

    if (label.n > sizeof f->label)
        return false;
    vd_lower_copy(f->label, label.p, label.n);
    f->parts[VD_F_SOURCE] = (vd_str){ f->label, label.n };
    return true;
}

static bool times(const table *t, fact_row *f, const char *first, const char *last)
{
    vd_str a = get(t, first), b = get(t, last);

    a = a.n ? a : b;
    b = b.n ? b : a;
    if (!vd_usage_time(&f->first, a) || !vd_usage_time(&f->last, b))
        return false;
    return f->first <= f->last && f->first >= 0;
}

/* Counts it as used or denied, and the fact becomes one. */
static bool put_fact(table *t, const fact_row *f, uint64_t count, const char *outcome)
{
    vd_usage *u = t->u;
    vd_str    parts[VD_FACT_PARTS];
    vd_fact  *fact;

    memcpy(parts, f->parts, sizeof parts);
    parts[VD_F_OUTCOME] = vd_str_of(outcome);
    for (size_t i = 0; i < VD_FACT_PARTS; i++)
        if (parts[i].n > VD_FACT_PART_BYTES)
            return reject(t, VD_U_LIMIT_FIELD);
    fact = vd_usage_fact_of(u, parts);
    if (!fact)
        return false;
    vd_usage_count(u, VD_C_ROWS);
    if (!vd_fact_seen(&u->facts.arena, fact, count, f->first, f->last))
        return vd_usage_nomem(u);
    return vd_usage_put(u, fact, VD_SET_RESOURCES, f->resource) && vd_usage_room(u);
}

static bool put_principal(table *t, fact_row *f, vd_str arn)
{
    arn = arn.n ? arn : t->u->principal;
    if (!arn.n || !vd_who_arn(&f->who, f->principal, arn))
        return false;
    f->parts[VD_F_PRINCIPAL] = f->who.text;
    return true;
}

/* "s3:GetObject", or "s3.amazonaws.com/GetObject" for the name of an event. */
static bool row_of_action(table *t)
{
    fact_row *f = vd_arena_new(&t->u->scratch, fact_row);
    vd_str    action = get(t, "action"), rest = action, source;
    uint64_t  denied = number(get(t, "denied"), 0), count = number(get(t, "count"), 1);
    bool      event;

    if (!f)
        return vd_usage_nomem(t->u);
    if (vd_str_find(action, '*') < action.n || vd_str_find(action, '?') < action.n)
        return reject(t, VD_U_CSV_WILDCARD);
    event = vd_str_cut(&rest, '/', &source);
    if ((!event && !vd_str_cut(&rest, ':', &source)) || !rest.n || !source.n || !put_label(f, source) ||
        !times(t, f, "first", "last"))
        return reject(t, VD_U_CSV_BAD_ROW);
    if (!put_principal(t, f, get(t, "principal")))
        return reject(t, VD_U_CSV_NO_PRINCIPAL);
    f->parts[VD_F_NAME] = rest;
    f->parts[VD_F_REGION] = get(t, "region").n ? get(t, "region") : VD_S("?");
    f->parts[VD_F_ACCOUNT] = vd_str_eq(get(t, "account"), f->who.account) ? VD_S("") : get(t, "account");
    f->parts[VD_F_VIA] = get(t, "via");
    f->parts[VD_F_GUARDS] = VD_S("?");
    f->parts[VD_F_KIND] = event ? VD_S("table") : VD_S("action");
    f->resource = get(t, "resource");
    if (denied && !put_fact(t, f, denied, "denied"))
        return false;
    return count == 0 || put_fact(t, f, count, "ok");
}

/* The result of the query that aggregates in the engine. */
static bool row_of_query(table *t)
{
    fact_row  *f = vd_arena_new(&t->u->scratch, fact_row);
    vd_str     outcome = get(t, "outcome"), bits = get(t, "guardbits");
    const char *name = NULL;

    if (!f)
        return vd_usage_nomem(t->u);
    for (size_t i = 0; i < VD_OUTCOMES; i++)
        if (vd_str_eq(outcome, vd_outcome_names[i]))
            name = vd_outcome_names[i].p;
    if (!name || !get(t, "eventname").n || !put_label(f, get(t, "eventsource")) || !times(t, f, "firsttime", "lasttime"))
        return reject(t, VD_U_CSV_BAD_ROW);
    if (!put_principal(t, f, get(t, "principalarn")))
        return reject(t, VD_U_CSV_NO_PRINCIPAL);
    f->parts[VD_F_NAME] = get(t, "eventname");
    f->parts[VD_F_REGION] = get(t, "region").n ? get(t, "region") : VD_S("?");
    f->parts[VD_F_ACCOUNT] = vd_str_eq(get(t, "account"), f->who.account) ? VD_S("") : get(t, "account");
    f->parts[VD_F_VIA] = get(t, "via");
    f->parts[VD_F_GUARDS] = vd_str_all_digits(bits) && bits.n < 20 && !vd_str_eq(bits, VD_S("0")) ? bits : VD_S("?");
    f->parts[VD_F_KIND] = VD_S("");
    f->resource = get(t, "resource");
    return put_fact(t, f, number(get(t, "n"), 1), name);
}

/* The history of events names a user or a session, not a principal: what is known of it stays coarse. */
static bool row_of_history(table *t)
{
    fact_row *f = vd_arena_new(&t->u->scratch, fact_row);
    vd_str    principal;

    if (!f)
        return vd_usage_nomem(t->u);
    if (!put_label(f, get(t, "eventsource")) || !get(t, "eventname").n || !times(t, f, "eventtime", "eventtime"))
        return reject(t, VD_U_CSV_BAD_ROW);
    if (!vd_arena_printf(&t->u->scratch, &principal, "|user-name||" VD_F, VD_A(get(t, "username"))))
        return vd_usage_nomem(t->u);
    f->parts[VD_F_PRINCIPAL] = principal;
    f->parts[VD_F_NAME] = get(t, "eventname");
    f->parts[VD_F_REGION] = get(t, "awsregion").n ? get(t, "awsregion") : VD_S("?");
    f->parts[VD_F_GUARDS] = VD_S("?");
    f->parts[VD_F_KIND] = VD_S("history");
    return put_fact(t, f, 1, vd_outcome_names[vd_outcome_of(get(t, "errorcode"), VD_S(""))].p);
}

/* ------------------------------------------------------------------ credential reports */

/* A row as an object; as of the newest time in it. */
static bool row_of_credentials(table *t)
{
    vd_buf  b = vd_buf_on(&t->u->engine->alloc, 0);
    int64_t newest = 0, time;
    vd_str  arn = get(t, "arn");
    bool    good;

    if (!arn.n)
        return reject(t, VD_U_CSV_BAD_ROW);
    for (uint32_t i = 0; i < t->names.count && i < VD_CSV_COLUMNS; i++) {
        vd_str value = i < t->row.count ? vd_str_trim(t->row.at[i]) : VD_S("");

        if (value.n >= 19 && vd_usage_time(&time, value) && time > newest && (!t->u->opts.now || time <= t->u->opts.now))
            newest = time;
        vd_buf_byte(&b, i ? ',' : '{');
        vd_writer_string(&b, vd_str_trim(t->names.at[i]));
        vd_buf_byte(&b, ':');
        vd_writer_string(&b, value);
    }
    vd_buf_byte(&b, '}');
    good = !b.failed && vd_usage_evidence_add(t->u, VD_S("credentials"), arn, get(t, "user"), newest, vd_buf_str(&b));
    if (b.failed)
        vd_usage_nomem(t->u);
    vd_buf_done(&b);
    return good;
}

/* ------------------------------------------------------------------ the table */

static const table_kind kinds[] = {
    { { VD_L("user"), VD_L("arn"), VD_L("usercreationtime") }, row_of_credentials },
    { { VD_L("eventjson"), VD_L("eventjson"), VD_L("eventjson") }, row_of_json },
    { { VD_L("principalarn"), VD_L("eventsource"), VD_L("outcome") }, row_of_query },
    { { VD_L("useridentity"), VD_L("eventsource"), VD_L("eventname") }, row_of_columns },
    { { VD_L("eventname"), VD_L("eventsource"), VD_L("eventtime") }, row_of_history },
    { { VD_L("action"), VD_L("action"), VD_L("action") }, row_of_action },
};

static const table_kind *kind_of(const vd_csv_row *names)
{
    for (size_t i = 0; i < VD_COUNT(kinds); i++) {
        size_t k = 0;

        while (k < VD_COUNT(kinds[i].needs) && column(names, kinds[i].needs[k]) != VD_NONE)
            k++;
        if (k == VD_COUNT(kinds[i].needs))
            return &kinds[i];
    }
    return NULL;
}

bool vd_table_knows(vd_str line)
{
    char   separator = vd_csv_separator(line);
    size_t n = 0, found = 0;

    /* Without memory: the fields of a header that is ours hold no quotes within. */
    for (size_t i = 0; i < VD_COUNT(kinds); i++) {
        found = 0;
        for (size_t k = 0; k < VD_COUNT(kinds[i].needs); k++)
            for (size_t from = 0; from <= line.n; from += n + 1) {
                vd_str name = vd_str_from(line, from);

                n = vd_str_find(name, separator);
                name = vd_str_trim(vd_str_first(name, n));
                if (name.n >= 2 && name.p[0] == '"')
                    name = (vd_str){ name.p + 1, name.n - 2 };
                if (is_name(name, kinds[i].needs[k])) {
                    found++;
                    break;
                }
            }
        if (found == VD_COUNT(kinds[i].needs))
            return true;
    }
    return false;
}

static bool keep_names(table *t)
{
    for (uint32_t i = 0; i < t->names.count && i < VD_CSV_COLUMNS; i++)
        if (!vd_arena_dup(&t->kept, &t->names.at[i], t->names.at[i]))
            return vd_usage_nomem(t->u);
    t->kind = kind_of(&t->names);
    if (!t->kind) {
        vd_usage_count(t->u, VD_C_FILES_UNRECOGNISED);
        vd_usage_note_at(t->u, VD_U_UNRECOGNISED, t->csv.offset, "no column of the table is known");
        t->u->lost = true;
    }
    return t->kind != NULL;
}

static bool one_row(table *t)
{
    vd_usage *u = t->u;

    switch (vd_csv_next(&t->csv, &t->row, &u->scratch)) {
    case VD_CSV_ROW:
        break;
    case VD_CSV_CUT:
        vd_usage_cut(u, VD_U_READ_ERROR, t->csv.offset);
        return false;
    case VD_CSV_LARGE:
        u->record++;
        vd_usage_count(u, VD_C_EVENTS);
        vd_usage_reject(u, VD_U_LIMIT_RECORD, vd_window_offset(&u->window));
        vd_usage_cut(u, VD_U_JSON_TAIL_LOST, vd_window_offset(&u->window));
        return false;
    case VD_CSV_NO_MEMORY:
        return vd_usage_nomem(u);
    default:
        return false;
    }
    u->record++;
    if (t->row.count > t->names.count || t->row.count < t->names.count / 2)
        return reject(t, VD_U_CSV_BAD_ROW);
    return t->kind->row(t) && u->code == VD_OK;
}

void vd_table_read(vd_usage *u)
{
    table t = { .u = u, .kept = vd_arena_on(&u->engine->alloc, 0) };

    while (u->window.end - u->window.at < 65536 && !memchr(vd_window_at(&u->window), '\n', u->window.end - u->window.at) &&
           vd_window_more(&u->window))
        ;
    t.csv.window = &u->window;
    t.csv.separator = vd_csv_separator(
        vd_str_first((vd_str){ vd_window_at(&u->window), u->window.end - u->window.at },
                     vd_str_find((vd_str){ vd_window_at(&u->window), u->window.end - u->window.at }, '\n')));
    if (vd_csv_next(&t.csv, &t.names, &u->scratch) == VD_CSV_ROW && keep_names(&t))
        while (one_row(&t))
            vd_arena_reset(&u->scratch);
    vd_arena_reset(&u->scratch);
    vd_arena_done(&t.kept);
}
