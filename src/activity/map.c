/* SPDX-License-Identifier: Apache-2.0
 *
 * The name of an event, and what a summary remembers of its parameters, to the actions of IAM (usage 2.1).  Of the rows of
 * an event the first one that fits counts; where nobody knows whether it fits, all that could count are possible.
 */
#include "activity/read.h"

#include "base/str.h"

#include <stdio.h>

enum { NAME_BYTES = 256 };

/* ------------------------------------------------------------------ names of actions */

uint32_t vd_act_action(const vd_catalog *c, vd_str prefix, vd_str name)
{
    uint32_t service = vd_catalog_find_service(c, prefix);

    return service == VD_NONE ? VD_NONE : vd_catalog_find_action(c, service, name);
}

bool vd_act_action_name(vd_arena *arena, const vd_catalog *c, uint32_t action, vd_str *out)
{
    char text[NAME_BYTES];

    return vd_arena_dup(arena, out, (vd_str){ text, vd_catalog_action_text(c, action, text, sizeof text) });
}

/* The same action twice: the surer one counts. */
bool vd_meaning_add(vd_mapper *m, vd_meanings *out, vd_meaning what)
{
    vd_meaning *at = (vd_meaning *)out->at;

    if (what.action != VD_NONE && !vd_act_action_name(m->arena, m->catalog, what.action, &what.name))
        return false;
    for (uint32_t i = 0; i < out->count; i++)
        if (vd_str_ieq(at[i].name, what.name) && at[i].implied == what.implied && vd_str_eq(at[i].with, what.with)) {
            if (what.kind < at[i].kind)
                at[i] = what;
            return true;
        }
    if (!VD_ARENA_PUSH(m->arena, at, out->count, out->cap, what))
        return false;
    out->at = at;
    return true;
}

/* ------------------------------------------------------------------ tests of the parameters */

typedef enum answer { NO, YES, MAYBE } answer;

static uint32_t bit_of(vd_str source, vd_str test)
{
    vd_rows own = vd_rows_of(vd_rows_event_guards, source), all = vd_rows_of(vd_rows_event_guards, VD_S("*"));

    for (uint32_t i = 0; i < own.count + all.count; i++) {
        const vd_row *row = i < own.count ? &own.at[i] : &all.at[i - own.count];
        uint32_t      bit = 0;

        if (!vd_str_ieq(row->column[VD_GUARD_WHEN], test))
            continue;
        for (size_t k = 0; k < row->column[VD_GUARD_BIT].n; k++)
            bit = bit * 10 + (uint32_t)(row->column[VD_GUARD_BIT].p[k] - '0');
        return bit % 64;
    }
    return VD_NONE;
}

static answer holds(const vd_asked *q, vd_str when)
{
    bool     not = when.n && when.p[0] == '!';
    uint32_t bit;

    if (!when.n)
        return YES;
    bit = bit_of(q->source, vd_str_from(when, not ));
    if (bit == VD_NONE || (q->unknown >> bit & 1))
        return MAYBE;
    return (q->guards >> bit & 1) != not ? YES : NO;
}

/* ------------------------------------------------------------------ rows */

/* The name, and the same without the version at its end. */
typedef struct naming {
    vd_str prefix; /* of the source */
    vd_str name, plain;
} naming;

static char confidence_of(vd_str column)
{
    return column.n ? column.p[0] : 'H';
}

static vd_meaning named(const vd_mapper *m, const naming *n, vd_str written)
{
    vd_meaning what = { .action = VD_NONE, .name = written, .confidence = 'H' };
    vd_str     rest = written, prefix;

    if (!vd_str_cut(&rest, ':', &prefix))
        return what;
    if (!vd_str_eq(rest, VD_S("="))) {
        what.action = vd_act_action(m->catalog, prefix, rest);
        return what;
    }
    what.action = vd_act_action(m->catalog, prefix, n->name);
    if (what.action == VD_NONE)
        what.action = vd_act_action(m->catalog, prefix, n->plain);
    what.unmapped = what.action == VD_NONE;
    return what;
}

/* "pfx:Name" of an event that the catalogue does not have. */
static bool opaque(vd_mapper *m, vd_str prefix, vd_str name, vd_meaning *what)
{
    char  *text = vd_arena_alloc(m->arena, prefix.n + name.n + 2, 1);

    if (!text)
        return false;
    memcpy(text, prefix.p, prefix.n);
    text[prefix.n] = ':';
    memcpy(text + prefix.n + 1, name.p, name.n);
    what->name = (vd_str){ text, prefix.n + 1 + name.n };
    return true;
}

static bool has_template(vd_rows rows, size_t event, size_t template, const naming *n, vd_str wanted)
{
    for (uint32_t i = 0; i < rows.count; i++)
        if (vd_str_eq(rows.at[i].column[template], wanted) &&
            (vd_event_fits(rows.at[i].column[event], n->name) || vd_event_fits(rows.at[i].column[event], n->plain)) &&
            (template != VD_ACTION_RESOURCE || rows.at[i].column[VD_ACTION_NAME].p[0] != '+'))
            return true;
    return false;
}

/* A further action on what the event itself is about; else it has a resource of its own. */
static bool is_own_template(const vd_asked *q, const naming *n, vd_str action, vd_str template)
{
    vd_str prefix = vd_str_first(action, vd_str_find(action, ':'));

    return !template.n ||
           has_template(vd_rows_of(vd_rows_event_resources, prefix), VD_PLACE_EVENT, VD_PLACE_TEMPLATE, n, template) ||
           has_template(vd_rows_of(vd_rows_event_actions, q->source), VD_ACTION_EVENT, VD_ACTION_RESOURCE, n, template);
}

/* "+x:Y": a further action, whatever the first one is; "?x:Y": one of several, and nobody knows which. */
static bool add_row(vd_mapper *m, const vd_asked *q, const vd_row *row, const naming *n, bool sure, vd_meanings *out)
{
    vd_str     written = row->column[VD_ACTION_NAME];
    bool       further = written.n && written.p[0] == '+', one_of;
    vd_meaning what;

    written = vd_str_from(written, further);
    one_of = written.n && written.p[0] == '?';
    written = vd_str_from(written, one_of);
    if (vd_str_eq(written, VD_S("="))) /* a further resource of the same action */
        return true;
    what = named(m, n, written);
    what.confidence = confidence_of(row->column[VD_ACTION_CONFIDENCE]);
    what.elsewhere = further && !is_own_template(q, n, written, row->column[VD_ACTION_RESOURCE]);
    what.kind = sure && !one_of ? VD_USE_SEEN : VD_USE_POSSIBLE;
    if (what.unmapped) {
        vd_str prefix = vd_str_first(written, vd_str_find(written, ':'));

        if (further)
            return true;
        out->unmapped = true;
        if (!opaque(m, prefix, n->name, &what))
            return false;
    }
    return vd_meaning_add(m, out, what);
}

static bool is_row_of(const vd_row *row, const vd_asked *q, const naming *n)
{
    return vd_str_ieq(row->column[VD_ACTION_SOURCE], q->source) &&
           (vd_str_ieq(row->column[VD_ACTION_EVENT], n->name) || vd_str_ieq(row->column[VD_ACTION_EVENT], n->plain));
}

/* The caller's rows come first.  *done: one of them surely is the event's; *maybe: one of them may be. */
static bool by_rows(vd_mapper *m, const vd_asked *q, const naming *n, vd_meanings *out, bool *done, bool *maybe)
{
    vd_rows rows = vd_rows_of(vd_rows_event_actions, q->source);
    bool    alternatives = false;

    *done = *maybe = false;
    for (uint32_t i = 0; i < m->rows.count + rows.count; i++) {
        const vd_row *row = i < m->rows.count ? &m->rows.at[i] : &rows.at[i - m->rows.count];
        vd_str        written = row->column[VD_ACTION_NAME];
        answer        fits;

        if (!is_row_of(row, q, n) || (fits = holds(q, row->column[VD_ACTION_WHEN])) == NO)
            continue;
        if (written.p[0] == '+') {
            if (!add_row(m, q, row, n, fits == YES, out))
                return false;
            continue;
        }
        if (*done || (alternatives && written.p[0] != '?'))
            continue;
        if (!add_row(m, q, row, n, fits == YES && !*maybe, out))
            return false;
        alternatives |= fits == YES && written.p[0] == '?';
        *done = fits == YES && written.p[0] != '?';
        *maybe |= fits == MAYBE;
    }
    *done |= alternatives;
    return true;
}

/* ------------------------------------------------------------------ the identity rule */

/* Where several services share a source: rows "source@version" of event-sources, prefixes of their own. */
static vd_rows sharers(vd_str source)
{
    vd_rows all = vd_rows_event_sources, out = { 0 };

    for (uint32_t i = 0; i < all.count; i++) {
        vd_str label = all.at[i].column[VD_SOURCE_LABEL];

        if (label.n > source.n && vd_str_istarts(label, source) && label.p[source.n] == '@') {
            out.at = out.count ? out.at : &all.at[i];
            out.count++;
        }
    }
    return out;
}

/* What the version of the API, or the service that the event names beside its source, says; empty: nothing. */
static vd_str told_prefix(const vd_mapper *m, const vd_asked *q)
{
    vd_rows shared;
    vd_str  label = vd_event_label(q->version);

    if (!q->version.n)
        return VD_S("");
    shared = sharers(q->source);
    for (uint32_t i = 0; i < shared.count; i++)
        if (vd_str_ieq(vd_str_from(shared.at[i].column[VD_SOURCE_LABEL], q->source.n + 1), q->version))
            return shared.at[i].column[VD_SOURCE_PREFIX];
    return vd_catalog_find_service(m->catalog, label) != VD_NONE ? label : VD_S("");
}

static uint32_t find_either(const vd_mapper *m, vd_str prefix, const naming *n)
{
    uint32_t action = vd_act_action(m->catalog, prefix, n->name);

    return action != VD_NONE ? action : vd_act_action(m->catalog, prefix, n->plain);
}

/* The prefix of a source; empty: nobody knows the source. */
static vd_str prefix_of(const vd_mapper *m, vd_str source)
{
    vd_str prefix = vd_event_prefix(source), first = vd_str_first(source, vd_str_find(source, '.'));

    if (vd_catalog_find_service(m->catalog, prefix) != VD_NONE || vd_catalog_retired(m->catalog, prefix))
        return prefix;
    return vd_catalog_find_service(m->catalog, first) != VD_NONE ? first : VD_S("");
}

static bool retired(const vd_mapper *m, vd_str prefix, vd_str name)
{
    char   text[NAME_BYTES];
    size_t n = prefix.n + 1 + name.n;

    if (vd_catalog_retired(m->catalog, prefix))
        return true;
    if (n >= sizeof text)
        return false;
    snprintf(text, sizeof text, VD_F ":" VD_F, VD_A(prefix), VD_A(name));
    return vd_catalog_retired(m->catalog, (vd_str){ text, n });
}

/* A name that several services of one source have: any of them. */
static bool by_sharers(vd_mapper *m, const vd_asked *q, const naming *n, uint32_t first, vd_meanings *out)
{
    vd_rows shared = sharers(q->source);

    for (uint32_t i = 0; i < shared.count; i++) {
        uint32_t action = find_either(m, shared.at[i].column[VD_SOURCE_PREFIX], n);

        if (action != VD_NONE && action != first &&
            !vd_meaning_add(m, out, (vd_meaning){ .action = action, .kind = VD_USE_POSSIBLE, .confidence = 'M' }))
            return false;
    }
    return true;
}

/* Further prefixes of a source, which have actions of its events. */
static uint32_t find_also(const vd_mapper *m, vd_str source, const naming *n)
{
    vd_rows  rows = vd_rows_of(vd_rows_event_sources, source);
    vd_str   rest = rows.count ? rows.at[0].column[VD_SOURCE_ALSO] : VD_S(""), prefix;
    uint32_t action = VD_NONE;

    while (rest.n && action == VD_NONE) {
        if (!vd_str_cut(&rest, ' ', &prefix)) {
            prefix = rest;
            rest = VD_S("");
        }
        action = find_either(m, prefix, n);
    }
    return action;
}

static char source_confidence(vd_str source)
{
    vd_rows rows = vd_rows_of(vd_rows_event_sources, source);

    return confidence_of(rows.count ? rows.at[0].column[VD_SOURCE_CONFIDENCE] : VD_S(""));
}

static bool by_name(vd_mapper *m, const vd_asked *q, const naming *n, vd_meanings *out, bool maybe)
{
    vd_meaning what = { .action = find_either(m, n->prefix, n), .confidence = source_confidence(q->source) };
    uint32_t   before = out->count;

    if (what.action == VD_NONE)
        what.action = find_also(m, q->source, n);
    if (what.action != VD_NONE || !q->version.n) {
        if (!by_sharers(m, q, n, what.action, out))
            return false;
        maybe |= out->count > before;
    }
    if (what.action == VD_NONE && (maybe || out->count > before))
        return true;
    what.kind = maybe ? VD_USE_POSSIBLE : VD_USE_SEEN;
    if (what.action == VD_NONE) {
        out->unmapped = !retired(m, n->prefix, n->name) && !retired(m, n->prefix, n->plain);
        what.unmapped = true;
        if (!opaque(m, n->prefix, n->plain, &what))
            return false;
    }
    return vd_meaning_add(m, out, what);
}

/* ------------------------------------------------------------------ the whole */

/* Rows of tables name the action itself. */
static bool by_action(vd_mapper *m, const vd_asked *q, vd_meanings *out)
{
    vd_meaning what = { .action = vd_act_action(m->catalog, q->source, q->name), .confidence = 'M' };

    if (what.action == VD_NONE) {
        out->unmapped = !retired(m, q->source, q->name);
        what.unmapped = true;
        if (!opaque(m, q->source, q->name, &what))
            return false;
    }
    return vd_meaning_add(m, out, what);
}

static bool by_tables(vd_mapper *m, const vd_asked *q, vd_meanings *out)
{
    naming n = { told_prefix(m, q), q->name, vd_event_name(q->source, q->name) };
    bool   done, maybe;

    if (n.prefix.n && find_either(m, n.prefix, &n) != VD_NONE)
        return vd_meaning_add(m, out, (vd_meaning){ .action = find_either(m, n.prefix, &n), .confidence = 'H' });
    n.prefix = prefix_of(m, q->source);
    if (!by_rows(m, q, &n, out, &done, &maybe))
        return false;
    if (done)
        return true;
    if (!n.prefix.n) {
        out->unmapped = out->unmapped_source = true;
        return true;
    }
    return by_name(m, q, &n, out, maybe);
}

/* What was no call of the API is one only where the catalogue has such an action. */
static void soften(const vd_asked *q, vd_meanings *out)
{
    static const struct {
        vd_str kind;
        bool   guess, possible;
    } rows[] = {
        { VD_L("console-action"), true, false },
        { VD_L("other"), true, true },
        { VD_L("aggregated-eventName"), false, false },
        { VD_L("aggregated-use"), false, false },
        { VD_L("aggregated-possible"), false, true },
        { VD_L("vpce"), false, false },
        { VD_L("history"), false, false },
        { VD_L("table"), false, false },
    };

    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        if (!vd_str_eq(q->kind, rows[i].kind))
            continue;
        if (rows[i].guess && (out->unmapped || out->unmapped_source)) {
            out->count = 0;
            out->unmapped = out->unmapped_source = false;
        }
        for (uint32_t k = 0; k < out->count; k++) {
            vd_meaning *what = (vd_meaning *)&out->at[k];

            what->confidence = what->confidence == 'H' ? 'M' : what->confidence;
            what->kind = rows[i].possible ? VD_USE_POSSIBLE : what->kind;
        }
    }
}

static bool work_out(vd_mapper *m, const vd_asked *q, vd_meanings *out)
{
    out->service = VD_NONE;
    out->free = vd_act_free(q);
    if (out->free)
        return true;
    if (!(vd_str_eq(q->kind, VD_S("action")) ? by_action : by_tables)(m, q, out))
        return false;
    soften(q, out);
    out->service = vd_catalog_find_service(m->catalog, prefix_of(m, q->source));
    return vd_act_implied(m, q, out);
}

/* ------------------------------------------------------------------ what was asked before */

static bool same_key(const void *ctx, uint32_t value, const void *wanted)
{
    return vd_str_eq(((const vd_mapper *)ctx)->keys.at[value], *(const vd_str *)wanted);
}

/* In the arena, but given back when it is there already. */
static bool key_of(const vd_mapper *m, const vd_asked *q, vd_str *out)
{
    const vd_str parts[] = { q->source, q->name, q->version, q->kind };
    size_t       n = 2 * sizeof(uint64_t) + 1 + VD_COUNT(parts);
    char        *p;

    for (size_t i = 0; i < VD_COUNT(parts); i++)
        n += parts[i].n;
    p = vd_alloc(m->alloc, n);
    if (!p)
        return false;
    *out = (vd_str){ p, n };
    for (size_t i = 0; i < VD_COUNT(parts); i++) {
        if (parts[i].n)
            memcpy(p, parts[i].p, parts[i].n);
        p += parts[i].n;
        *p++ = 0;
    }
    memcpy(p, &q->guards, sizeof q->guards);
    memcpy(p + sizeof q->guards, &q->unknown, sizeof q->unknown);
    p[2 * sizeof q->guards] = (char)(q->roles | q->service << 1 | q->anonymous << 2);
    return true;
}

static vd_meanings *learn(vd_mapper *m, uint64_t hash, vd_str key, const vd_asked *q)
{
    vd_meanings *out = vd_arena_new(m->arena, vd_meanings);
    vd_str       kept;

    if (!out || !vd_arena_dup(m->arena, &kept, key) || !work_out(m, q, out) || !VD_PUSH(m->alloc, &m->keys, kept) ||
        !VD_PUSH(m->alloc, &m->known, out) || !vd_map_add(&m->map, m->alloc, hash, m->known.count - 1))
        return NULL;
    return out;
}

const vd_meanings *vd_mapper_ask(vd_mapper *m, const vd_asked *q)
{
    const vd_meanings *out;
    vd_str             key;
    uint64_t           hash;
    uint32_t           at;

    if (!key_of(m, q, &key))
        return NULL;
    hash = vd_hash(m->seed, key);
    at = vd_map_find(&m->map, hash, same_key, m, &key);
    out = at != VD_NONE ? m->known.at[at] : learn(m, hash, key, q);
    vd_free(m->alloc, (void *)key.p, key.n);
    return out;
}

void vd_mapper_done(vd_mapper *m)
{
    vd_map_done(&m->map, m->alloc);
    VD_VEC_DONE(m->alloc, &m->keys);
    VD_VEC_DONE(m->alloc, &m->known);
}
