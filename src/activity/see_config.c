/* SPDX-License-Identifier: Apache-2.0
 *
 * Trails as describe-trails, get-event-selectors and get-trail-status tell them.  A selector looks at fields of events; an
 * action tells its category, its type of data, its source and whether it reads.  What else a selector looks at makes it
 * partial: some events of the action are kept, and nobody knows which.
 */
#include "activity/see.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/value.h"
#include "text/doc.h"

typedef struct reading {
    vd_see_trails *trails;
    vd_activity   *a;
    vd_limits      limits;
    vd_doc         doc;
    vd_source      source;
    bool           no_memory;
} reading;

/* Ways of a test in the order of these; the second half asks for the contrary of the first. */
static const vd_str ways[] = { VD_L("Equals"),    VD_L("StartsWith"),    VD_L("EndsWith"),
                               VD_L("NotEquals"), VD_L("NotStartsWith"), VD_L("NotEndsWith") };
enum { EQUALS, STARTS, ENDS, NOT };

/* ------------------------------------------------------------------ values */

static uint32_t member(const reading *r, uint32_t node, const char *name)
{
    return node != VD_NONE && r->doc.nodes[node].kind == VD_NODE_OBJECT ? vd_doc_member(&r->doc, node, vd_str_of(name)) : VD_NONE;
}

static vd_str text_at(reading *r, uint32_t node)
{
    vd_str out = { 0 };

    if (node == VD_NONE || r->doc.nodes[node].kind == VD_NODE_ARRAY || r->doc.nodes[node].kind == VD_NODE_OBJECT ||
        r->doc.nodes[node].kind == VD_NODE_NULL)
        return out;
    r->no_memory |= !vd_arena_dup(&r->a->arena, &out, vd_doc_text(&r->doc, node));
    return out;
}

static bool is_true(reading *r, uint32_t node, bool preset)
{
    return node == VD_NONE ? preset : vd_str_ieq(vd_doc_text(&r->doc, node), VD_S("true"));
}

static bool is_list(const reading *r, uint32_t node)
{
    return node != VD_NONE && r->doc.nodes[node].kind == VD_NODE_ARRAY;
}

/* A text, or a list of texts. */
static vd_see_test test_of(reading *r, uint32_t node, uint8_t way)
{
    uint32_t    n = is_list(r, node) ? vd_doc_length(&r->doc, node) : 1;
    vd_str     *at = vd_arena_new_array(&r->a->arena, vd_str, n + 1);
    vd_see_test t = { .way = way, .at = at };

    r->no_memory |= !at;
    if (at && is_list(r, node))
        for (uint32_t c = vd_doc_first(&r->doc, node); c != VD_NONE; c = vd_doc_next(&r->doc, node, c))
            at[t.count++] = text_at(r, c);
    else if (at)
        at[t.count++] = text_at(r, node);
    return t;
}

static bool passes_one(const vd_see_test *t, vd_str text)
{
    uint8_t way = t->way % NOT;

    for (uint32_t i = 0; i < t->count; i++)
        if (way == EQUALS ? vd_str_ieq(text, t->at[i]) : way == STARTS ? vd_str_starts(text, t->at[i]) : vd_str_ends(text, t->at[i]))
            return t->way < NOT;
    return t->way >= NOT;
}

static bool passes(const vd_see_test *tests, uint32_t count, vd_str text)
{
    for (uint32_t i = 0; i < count; i++)
        if (!passes_one(&tests[i], text))
            return false;
    return true;
}

/* ------------------------------------------------------------------ trails */

static vd_see_trail *trail_of(reading *r, vd_str arn)
{
    vd_see_trail t = { .global = true };
    vd_arn       parts;

    for (uint32_t i = 0; i < r->trails->count; i++)
        if (vd_str_eq(r->trails->at[i].arn, arn))
            return &r->trails->at[i];
    if (!vd_arena_dup(&r->a->arena, &t.arn, arn)) {
        r->no_memory = true;
        return NULL;
    }
    if (vd_arn_split(&parts, t.arn)) {
        t.account = parts.account;
        t.region = parts.region;
    }
    if (!VD_ARENA_PUSH(&r->a->arena, r->trails->at, r->trails->count, r->trails->cap, t)) {
        r->no_memory = true;
        return NULL;
    }
    return &r->trails->at[r->trails->count - 1];
}

static void add_selector(reading *r, vd_see_trail *t, vd_see_selector s)
{
    vd_see_selector *at = (vd_see_selector *)(uintptr_t)t->selectors;

    r->no_memory |= !VD_ARENA_PUSH(&r->a->arena, at, t->count, t->cap, s);
    t->selectors = at;
}

static void add_test(reading *r, const vd_see_test **list, uint32_t *count, uint32_t *cap, vd_see_test t)
{
    vd_see_test *at = (vd_see_test *)(uintptr_t)*list;

    r->no_memory |= !VD_ARENA_PUSH(&r->a->arena, at, *count, *cap, t);
    *list = at;
}

static void read_config(reading *r, vd_see_trail *t)
{
    uint32_t inner = member(r, 0, "Trail"), root = inner != VD_NONE ? inner : 0, custom = member(r, root, "HasCustomEventSelectors");
    vd_str   home = text_at(r, member(r, root, "HomeRegion"));

    t->placed = true;
    t->region = home.n ? home : t->region;
    t->everywhere = is_true(r, member(r, root, "IsMultiRegionTrail"), false);
    t->global = is_true(r, member(r, root, "IncludeGlobalServiceEvents"), false);
    t->organization = is_true(r, member(r, root, "IsOrganizationTrail"), false);
    if (t->known || custom == VD_NONE || is_true(r, custom, true))
        return;
    t->known = true; /* what every trail keeps that was told nothing */
    add_selector(r, t, (vd_see_selector){ .management = true, .reads = true, .writes = true });
}

static int64_t seconds_at(reading *r, uint32_t node)
{
    vd_str  text = text_at(r, node);
    vd_date date;

    return text.n && vd_date_parse(&date, text) && date.seconds > 0 ? date.seconds : 0;
}

static void read_status(reading *r, vd_see_trail *t)
{
    int64_t started = seconds_at(r, member(r, 0, "StartLoggingTime"));

    t->off = !is_true(r, member(r, 0, "IsLogging"), true);
    t->stopped = seconds_at(r, member(r, 0, "StopLoggingTime"));
    if (t->stopped < started)
        t->stopped = 0;
}

/* ------------------------------------------------------------------ selectors */

/* "arn:aws:s3", "arn:aws:s3:::", "arn:aws:lambda": of all there are. */
static bool is_whole(vd_str arn)
{
    uint32_t colons = 0;

    for (size_t i = 0; i < arn.n; i++)
        colons += arn.p[i] == ':';
    return colons == 2 || vd_str_ends(arn, VD_S(":::"));
}

static void read_basic(reading *r, vd_see_trail *t, uint32_t node)
{
    vd_str          which = text_at(r, member(r, node, "ReadWriteType"));
    uint32_t        excluded = member(r, node, "ExcludeManagementEventSources"), list = member(r, node, "DataResources");
    vd_see_selector base = { .reads = !vd_str_ieq(which, VD_S("WriteOnly")), .writes = !vd_str_ieq(which, VD_S("ReadOnly")) };
    vd_see_selector s = base;

    s.management = is_true(r, member(r, node, "IncludeManagementEvents"), true);
    if (is_list(r, excluded))
        add_test(r, &s.sources, &s.source_count, &s.source_cap, test_of(r, excluded, NOT + EQUALS));
    if (s.management)
        add_selector(r, t, s);
    for (uint32_t c = is_list(r, list) ? vd_doc_first(&r->doc, list) : VD_NONE; c != VD_NONE; c = vd_doc_next(&r->doc, list, c)) {
        uint32_t    type = member(r, c, "Type"), values = member(r, c, "Values");
        vd_see_test arns = test_of(r, values, EQUALS);

        s = base;
        s.data = s.partial = true;
        for (uint32_t i = 0; values != VD_NONE && i < arns.count; i++)
            s.partial &= !is_whole(arns.at[i]);
        add_test(r, &s.types, &s.type_count, &s.type_cap, test_of(r, type, EQUALS));
        if (type != VD_NONE)
            add_selector(r, t, s);
    }
}

/* One test of an advanced selector. */
static void read_field(reading *r, vd_see_selector *s, vd_str field, vd_see_test test)
{
    if (vd_str_eq(field, VD_S("eventCategory"))) {
        s->management &= passes_one(&test, VD_S("Management"));
        s->data &= passes_one(&test, VD_S("Data"));
    } else if (vd_str_eq(field, VD_S("readOnly"))) {
        s->reads &= passes_one(&test, VD_S("true"));
        s->writes &= passes_one(&test, VD_S("false"));
    } else if (vd_str_eq(field, VD_S("eventSource"))) {
        add_test(r, &s->sources, &s->source_count, &s->source_cap, test);
    } else if (vd_str_eq(field, VD_S("resources.type"))) {
        add_test(r, &s->types, &s->type_count, &s->type_cap, test);
    } else {
        s->partial = true; /* eventName, resources.ARN, userIdentity.arn ... */
    }
}

static void read_advanced(reading *r, vd_see_trail *t, uint32_t node)
{
    uint32_t        fields = member(r, node, "FieldSelectors");
    vd_see_selector s = { .management = true, .data = true, .reads = true, .writes = true };

    for (uint32_t c = is_list(r, fields) ? vd_doc_first(&r->doc, fields) : VD_NONE; c != VD_NONE;
         c = vd_doc_next(&r->doc, fields, c)) {
        vd_str field = text_at(r, member(r, c, "Field"));

        for (uint8_t way = 0; way < VD_COUNT(ways); way++) {
            uint32_t values = r->doc.nodes[c].kind == VD_NODE_OBJECT ? vd_doc_member(&r->doc, c, ways[way]) : VD_NONE;

            if (is_list(r, values))
                read_field(r, &s, field, test_of(r, values, way));
        }
    }
    if (is_list(r, fields) && (s.management || s.data))
        add_selector(r, t, s);
}

static void read_selectors(reading *r, vd_see_trail *t)
{
    static const struct {
        const char *name;
        void (*read)(reading *, vd_see_trail *, uint32_t);
    } lists[] = { { "EventSelectors", read_basic }, { "AdvancedEventSelectors", read_advanced } };

    t->known = true;
    t->selectors = NULL;
    t->count = t->cap = 0;
    for (size_t i = 0; i < VD_COUNT(lists); i++) {
        uint32_t list = member(r, 0, lists[i].name);

        for (uint32_t c = is_list(r, list) ? vd_doc_first(&r->doc, list) : VD_NONE; c != VD_NONE && !r->no_memory;
             c = vd_doc_next(&r->doc, list, c))
            lists[i].read(r, t, c);
    }
}

/* ------------------------------------------------------------------ evidence */

/* In this order: a list of selectors wins over what every trail keeps. */
static const struct {
    vd_str kind;
    void (*read)(reading *, vd_see_trail *);
} readers[] = {
    { VD_L("trail-config"), read_config },
    { VD_L("trail-selectors"), read_selectors },
    { VD_L("trail-status"), read_status },
};

bool vd_see_trails_read(vd_see_trails *out, vd_activity *a)
{
    reading  r = { .trails = out, .a = a };
    vd_error err = { .size = sizeof err };

    *out = (vd_see_trails){ 0 };
    vd_engine_limits(a->engine, &r.limits);
    for (size_t k = 0; k < VD_COUNT(readers); k++)
        for (uint32_t i = 0; i < a->evidence_count && !r.no_memory; i++) {
            const vd_usage_evidence *e = &a->evidence[i];
            vd_see_trail            *t;
            vd_code                  code;

            if (!vd_str_eq(e->kind, readers[k].kind))
                continue;
            r.source = (vd_source){ .name = e->kind, .text = e->values };
            code = vd_json_read(&r.doc, &a->arena, &r.source, &r.limits, NULL, NULL, &err);
            r.no_memory = code == VD_ENOMEM;
            t = code == VD_OK ? trail_of(&r, e->subject) : NULL;
            if (t)
                readers[k].read(&r, t);
        }
    return !r.no_memory;
}

bool vd_see_trail_is_for(const vd_see_trail *t, vd_str account)
{
    return t->organization || vd_str_eq(t->account, account);
}

vd_see_much vd_see_trail_shows(const vd_see_trail *t, const vd_see_question *q)
{
    bool        data = q->class->kind == VD_SEE_DATA;
    vd_see_much much = VD_SEES_NONE;
    char        source[300];
    vd_str      text = q->source, ending = VD_S(".amazonaws.com");

    if (q->source.n && q->source.n + ending.n <= sizeof source) {
        memcpy(source, q->source.p, q->source.n);
        memcpy(source + q->source.n, ending.p, ending.n);
        text = (vd_str){ source, q->source.n + ending.n };
    }
    for (uint32_t i = 0; i < t->count; i++) {
        const vd_see_selector *s = &t->selectors[i];

        if (!(data ? s->data : s->management) || !(q->read ? s->reads : s->writes) ||
            (q->source.n && !passes(s->sources, s->source_count, text)) ||
            (data && !passes(s->types, s->type_count, q->class->type)))
            continue;
        if (!s->partial)
            return VD_SEES_ALL;
        much = VD_SEES_PART;
    }
    return much;
}
