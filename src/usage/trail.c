/* SPDX-License-Identifier: Apache-2.0
 *
 * CloudTrail records in whatever they are packed: objects with "Records", lines, events of EventBridge, messages of
 * CloudWatch Logs, answers of LookupEvents; and arrays and sequences of all these.  The containers are walked in the
 * window, so that they may be of any size; a record or an element of a list must fit into it.
 *
 *   text     = { element }
 *   element  = object | "[" { object "," } "]" | TIME " " object
 *   object   = record | { "Records": [ record ... ] } | { "detail": record } | { "logEvents": [ { "message": text } ] }
 *            | { "Events": [ { "CloudTrailEvent": text } ] } | report
 */
#include "base/str.h"
#include "usage/usage_int.h"

typedef enum step {
    GOOD,
    BAD,  /* no JSON from here on */
    CUT,  /* the text ends within a value */
    LARGE, /* a value does not fit into the window */
    OTHER, /* an object that holds nothing of ours */
    STOP  /* nothing more is wanted of the unit, or it was told what is wrong with it */
} step;

typedef enum holds {
    NOTHING, /* go on to the next member */
    RECORD,  /* the object is a record */
    RECORDS,
    DETAIL,
    MESSAGES,
    REPORT,
    DIGEST
} holds;

static const struct {
    vd_str  key;
    char    first; /* byte of the value */
    uint8_t holds;
    vd_str  inner; /* of messages: the member with the text */
} members[] = {
    { VD_L("Records"), '[', RECORDS, VD_L("") },
    { VD_L("detail"), '{', DETAIL, VD_L("") },
    { VD_L("logEvents"), '[', MESSAGES, VD_L("message") },
    { VD_L("events"), '[', MESSAGES, VD_L("message") },
    { VD_L("Events"), '[', MESSAGES, VD_L("CloudTrailEvent") },
    { VD_L("digestS3Object"), '"', DIGEST, VD_L("") },
    { VD_L("digestS3Bucket"), '"', DIGEST, VD_L("") },
};

static holds what_holds(const vd_usage *u, vd_str key, char first, vd_str *inner)
{
    for (size_t i = 0; i < VD_COUNT(members); i++)
        if (first == members[i].first && vd_str_eq(key, members[i].key)) {
            *inner = members[i].inner;
            return (holds)members[i].holds;
        }
    if (vd_record_knows(&u->schema, key))
        return RECORD;
    return vd_report_knows(key) ? REPORT : NOTHING;
}

/* ------------------------------------------------------------------ moving */

static step no_more(const vd_window *w)
{
    return w->fence != SIZE_MAX ? BAD : w->ended || w->failed ? CUT : LARGE;
}

/* The next byte that is no white space; -1: there is none. */
static int next_byte(vd_window *w)
{
    do {
        const char *p = vd_window_at(w), *end = vd_window_end(w);

        p = vd_scan_space(p);
        if (p < end) {
            w->at = (size_t)(p - w->buffer);
            return (unsigned char)*p;
        }
        w->at = (size_t)(end - w->buffer);
    } while (vd_window_more(w));
    return -1;
}

/* A value of any size. */
static step skip_value(vd_window *w)
{
    vd_skip s = { 0 };

    for (;;) {
        w->at += vd_skip_feed(&s, vd_window_at(w), vd_window_end(w));
        if (s.done)
            return GOOD;
        if (!vd_window_more(w))
            return no_more(w);
    }
}

static bool lost(vd_usage *u, vd_usage_code code, uint64_t offset)
{
    u->record++;
    vd_usage_count(u, VD_C_EVENTS);
    vd_usage_reject(u, code, offset);
    return u->code == VD_OK;
}

static step is_cut(vd_usage *u)
{
    vd_usage_cut(u, VD_U_JSON_TRUNCATED, vd_window_offset(&u->window));
    return STOP;
}

/* ------------------------------------------------------------------ records */

/* The record at the window's place. */
static step take_record(vd_usage *u)
{
    vd_window *w = &u->window;

    for (;;) {
        const char *next;
        vd_scan     got = vd_usage_record(u, vd_window_at(w), vd_window_end(w), vd_window_offset(w), &next);

        if (u->code != VD_OK)
            return STOP;
        if (got == VD_SCAN_OK) {
            w->at = (size_t)(next - w->buffer);
            return GOOD;
        }
        if (got == VD_SCAN_BAD)
            return BAD;
        if (!vd_window_more(w))
            return no_more(w);
    }
}

/* The whole value at the window's place; *next is behind it. */
static step whole_value(vd_window *w, const char **next)
{
    for (;;) {
        vd_scan got = vd_scan_value(vd_window_at(w), vd_window_end(w), next);

        if (got == VD_SCAN_OK || got == VD_SCAN_DEEP)
            return GOOD;
        if (got == VD_SCAN_BAD)
            return BAD;
        if (!vd_window_more(w))
            return no_more(w);
    }
}

/* An element of a list that could not be used: where does the next one begin? */
static step recover(vd_usage *u, step why)
{
    vd_window  *w = &u->window;
    uint64_t    offset = vd_window_offset(w);
    const char *next;
    step        got = why;

    if (why == BAD)
        got = whole_value(w, &next);
    if (got == GOOD) {
        w->at = (size_t)(next - w->buffer);
        return lost(u, VD_U_JSON_BAD_RECORD, offset) ? GOOD : STOP;
    }
    if (got == LARGE) {
        got = skip_value(w);
        if (!lost(u, VD_U_LIMIT_RECORD, offset))
            return STOP;
    }
    if (got == BAD) {
        vd_usage_cut(u, VD_U_JSON_TAIL_LOST, offset);
        return STOP;
    }
    return got == CUT ? is_cut(u) : got;
}

typedef step element_reader(vd_usage *u, vd_str inner);

static step record_element(vd_usage *u, vd_str inner)
{
    VD_UNUSED(inner);
    return *vd_window_at(&u->window) == '{' ? take_record(u) : BAD;
}

/* { "message": "{...}" } */
static step message_element(vd_usage *u, vd_str inner)
{
    vd_window  *w = &u->window;
    uint64_t    offset = vd_window_offset(w);
    const char *next;
    step        got = whole_value(w, &next);
    vd_str      value, text;

    if (got != GOOD)
        return got;
    u->lookup = vd_str_eq(inner, VD_S("CloudTrailEvent"));
    value = vd_scan_find((vd_str){ vd_window_at(w), (size_t)(next - vd_window_at(w)) }, inner);
    w->at = (size_t)(next - w->buffer);
    if (!vd_scan_text(value, &u->scratch, &text))
        return vd_usage_nomem(u) ? GOOD : STOP;
    if (!text.n)
        return lost(u, VD_U_NO_RECORD, offset) ? GOOD : STOP;
    return vd_usage_record_text(u, text, offset) ? GOOD : STOP;
}

/* The window is at '['. */
static step list(vd_usage *u, element_reader *read, vd_str inner)
{
    vd_window *w = &u->window;

    for (w->at++;;) {
        int  c = next_byte(w);
        step got;

        if (c == ',' || c == ']') {
            w->at++;
            if (c == ']')
                return GOOD;
            continue;
        }
        got = c < 0 ? no_more(w) : read(u, inner);
        if (c < 0)
            return got == CUT ? is_cut(u) : got;
        if (got == BAD || got == CUT || got == LARGE)
            got = recover(u, got);
        if (got != GOOD)
            return got;
    }
}

/* ------------------------------------------------------------------ objects */

typedef void document_reader(vd_usage *u, vd_str text);

/* Reports and digests are read as a whole. */
static step document(vd_usage *u, document_reader *read)
{
    vd_window  *w = &u->window;
    const char *next;
    step        got = whole_value(w, &next);

    if (got == LARGE) {
        vd_usage_cut(u, VD_U_LIMIT_DOCUMENT, vd_window_offset(w));
        u->lost = true;
        return STOP;
    }
    if (got != GOOD)
        return got;
    read(u, (vd_str){ vd_window_at(w), (size_t)(next - vd_window_at(w)) });
    w->at = (size_t)(next - w->buffer);
    return u->code == VD_OK ? GOOD : STOP;
}

/* The window is at the value of a member. */
static step member_value(vd_usage *u, holds what, vd_str inner)
{
    switch (what) {
    case RECORDS:
        return list(u, record_element, inner);
    case MESSAGES:
        return list(u, message_element, inner);
    case DETAIL:
        return take_record(u);
    default:
        return skip_value(&u->window);
    }
}

/* The first member of the object that says what it is.  *value: offset of its value from the window's place. */
static step find_member(vd_usage *u, holds *what, size_t *value, vd_str *inner)
{
    vd_window  *w = &u->window;
    const char *p = vd_window_at(w) + 1, *at, *next;
    vd_str      key;

    for (;;) {
        vd_scan got = vd_scan_member(p, vd_window_end(w), &key, &at);

        if (got == VD_SCAN_OK && !key.p) {
            w->at = (size_t)(at - w->buffer);
            return OTHER;
        }
        if (got == VD_SCAN_OK) {
            *what = what_holds(u, key, *at, inner);
            *value = (size_t)(at - vd_window_at(w));
            if (*what != NOTHING)
                return GOOD;
            got = vd_scan_value(at, vd_window_end(w), &next);
        }
        if (got == VD_SCAN_BAD)
            return BAD;
        if (got == VD_SCAN_MORE) {
            if (!vd_window_more(w))
                return no_more(w);
            next = vd_window_at(w) + 1; /* from the beginning: the window may have moved */
        }
        p = next;
    }
}

/* Behind the value of a member: the others, to the end of the object. */
static step rest_of_object(vd_usage *u)
{
    vd_window *w = &u->window;

    for (;;) {
        int         c = next_byte(w);
        const char *at;
        vd_str      key, inner;
        holds       what;
        vd_scan     got;
        step        took;

        if (c < 0)
            return is_cut(u);
        w->at += c == ',' || c == '}';
        if (c == '}')
            return GOOD;
        got = vd_scan_member(vd_window_at(w), vd_window_end(w), &key, &at);
        if (got == VD_SCAN_MORE && vd_window_more(w))
            continue;
        if (got == VD_SCAN_MORE)
            return no_more(w) == CUT ? is_cut(u) : no_more(w);
        if (got == VD_SCAN_BAD)
            return BAD;
        w->at = (size_t)(at - w->buffer);
        if (!key.p)
            return GOOD;
        what = what_holds(u, key, *at, &inner);
        took = member_value(u, what == RECORD || what == REPORT || what == DIGEST ? NOTHING : what, inner);
        if (took != GOOD)
            return took;
    }
}

/* The window is at '{'. */
static step object(vd_usage *u)
{
    vd_str inner = { 0 };
    holds  what = NOTHING;
    size_t value = 0;
    step   got = find_member(u, &what, &value, &inner);

    if (got != GOOD)
        return got;
    if (what == RECORD)
        return take_record(u);
    if (what == REPORT)
        return document(u, vd_report_read);
    if (what == DIGEST)
        return document(u, vd_digest_read);
    u->window.at += value;
    got = member_value(u, what, inner);
    return got == GOOD ? rest_of_object(u) : got;
}

/* ------------------------------------------------------------------ the text */

/* Where this line ends, SIZE_MAX: not within the window, however large it gets. */
static size_t line_end(vd_window *w)
{
    size_t seen = 0;

    for (;;) {
        const char *p = vd_window_at(w) + seen, *end = vd_window_end(w);
        const char *newline = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;

        if (newline)
            return (size_t)(newline - w->buffer);
        seen = (size_t)(end - vd_window_at(w));
        if (!vd_window_more(w))
            return w->ended || w->failed ? w->end : SIZE_MAX;
    }
}

/* The rest of a line that is no use, of any length. */
static void drop_line(vd_window *w)
{
    size_t end;

    while ((end = line_end(w)) == SIZE_MAX)
        w->at = w->end;
    w->at = end;
}

typedef struct sequence {
    bool lines; /* a line was bad: from then on no object is looked for beyond its line */
    bool array; /* within "[ ... ]" of the top */
    bool any;   /* something of ours was there */
} sequence;

/* What was begun at `at` of the window is no object of ours: the next line may be. */
static bool bad_line(vd_usage *u, sequence *s, uint64_t offset, step why)
{
    vd_window *w = &u->window;
    size_t     end;

    end = line_end(w);
    if (why == CUT && (end == w->end || s->array)) { /* the last line: it was still being written */
        is_cut(u);
        return false;
    }
    if (s->array || (!s->any && end == w->end && w->ended)) {
        vd_usage_cut(u, VD_U_JSON_TAIL_LOST, offset);
        return false;
    }
    if (!lost(u, why == LARGE ? VD_U_LIMIT_RECORD : VD_U_JSON_BAD_LINE, offset))
        return false;
    s->lines = true;
    drop_line(w);
    return true;
}

/* One object of the sequence. */
static bool one_object(vd_usage *u, sequence *s)
{
    vd_window *w = &u->window;
    uint64_t   offset = vd_window_offset(w);
    step       got;

    if (s->lines)
        w->fence = line_end(w);
    offset = vd_window_offset(w);
    got = object(u);
    w->fence = SIZE_MAX;
    if (got == BAD && w->before + w->at != offset) { /* within a list or behind one: where the next begins is not known */
        vd_usage_cut(u, VD_U_JSON_TAIL_LOST, vd_window_offset(w));
        return false;
    }
    if (got == BAD || got == CUT || got == LARGE)
        return bad_line(u, s, offset, got);
    if (got == OTHER && s->any)
        return lost(u, VD_U_NO_RECORD, offset);
    if (got == OTHER) {
        vd_usage_count(u, VD_C_FILES_UNRECOGNISED);
        vd_usage_note_at(u, VD_U_UNRECOGNISED, offset, "a JSON object without anything that is known");
        u->lost = true;
        return false;
    }
    s->any = true;
    return got == GOOD;
}

/* "2026-03-02T09:01:07.123Z {": what stands before the record in an export of CloudWatch Logs. */
static bool skip_time(vd_window *w)
{
    const char *p, *end;

    while ((size_t)(vd_window_end(w) - vd_window_at(w)) < 48 && vd_window_more(w))
        ;
    p = vd_window_at(w);
    end = vd_window_end(w);
    for (size_t i = 0; i < 40 && p + i < end; i++)
        if (p[i] == ' ' || p[i] == '\t') {
            w->at += i;
            return i >= 10;
        } else if (!vd_is_digit(p[i]) && !vd_str_contains(VD_S("-:.TZ+"), (vd_str){ p + i, 1 })) {
            return false;
        }
    return false;
}

static void read_text(vd_usage *u)
{
    vd_window *w = &u->window;
    sequence   s = { 0 };

    for (;;) {
        int c = next_byte(w);

        if (c < 0)
            return;
        if (c == '{') {
            if (!one_object(u, &s))
                return;
        } else if (c == '[' && !s.array && !s.any) {
            w->at++;
            s.array = true;
        } else if (s.array && (c == ',' || c == ']')) {
            w->at++;
            s.array = c == ',';
            s.any = true;
        } else if (!(c >= '0' && c <= '9' && skip_time(w))) {
            if (!bad_line(u, &s, vd_window_offset(w), BAD))
                return;
        }
    }
}

void vd_trail_read(vd_usage *u)
{
    read_text(u);
    if (!u->digests)
        return;
    vd_usage_note_at(u, VD_U_SKIPPED_BY_KIND, 0, "a digest of log files");
    u->lost |= u->record == 0;
    if (u->lost)
        vd_usage_count(u, VD_C_FILES_SKIPPED);
}
