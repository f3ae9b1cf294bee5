/* SPDX-License-Identifier: Apache-2.0
 *
 * A record to a fact.  What the log said is kept as it is; which actions of IAM that means is not asked here.
 */
#include "base/str.h"
#include "usage/event.h"
#include "usage/resources.h"

/* 2006-01-01: nothing of AWS was logged before. */
static const int64_t first_time = 1136073600, a_day = 86400;

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

static void count_outcome(vd_usage *u, const vd_facing *f, const vd_record *r, vd_str kind)
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
static bool tell(vd_usage *u, const vd_record *r, const vd_facing *w, uint64_t bad)
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

static bool look_at(vd_usage *u, const vd_record *r, vd_fact *f, const vd_facing *w, int64_t time)
{
    bool good = !r->at[VD_M_ERROR_MESSAGE].n ||
                (tell(u, r, w, 0) && vd_event_circumstances(u, &u->told, r) && take_now(u, f, time) && (u->look(u->look_ctx, r, f) || vd_usage_nomem(u)));

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
static bool fact_id(vd_usage *u, const vd_facing *w, vd_str kind, vd_fact_id *id)
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
static bool find_out(vd_usage *u, going *g, const vd_record *r, const vd_facing *w, vd_str kind)
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
    if (!vd_event_key_text(u, g->room, w->parts, &g->key))
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
static bool add_known(vd_usage *u, const vd_record *r, const vd_facing *w, vd_str kind, int64_t time, uint64_t id)
{
    uint64_t bad = u->counters[VD_C_BAD_UTF8];
    going    g;
    bool     fresh;
    vd_fact *f;

    if (!find_out(u, &g, r, w, kind))
        return false;
    nothing_told(u);
    if (!vd_event_marks(u, &u->told, r, !w->told)) /* of one that was seen before, too: another copy may say more of itself */
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
    if (!vd_event_circumstances(u, &u->told, r))
        return false;
    return g.paired ? take_now(u, f, time) && keep_pairs(u, f, &g.pair) : take_later(u, f, time);
}

static bool add_fact(vd_usage *u, const vd_record *r, vd_str bytes, vd_str kind, int64_t time, uint64_t offset)
{
    vd_facing        w;
    uint64_t      id = vd_hash(u->seed, id_of(r, bytes));
    vd_usage_code bad;

    vd_dedup_soon(u->dedup, id);
    bad = vd_event_key_of(u, &w, r, kind);
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
    vd_fate    what = vd_event_fate_of(r, &kind);

    u->counters[VD_C_DUP_KEY] += r->duplicates;
    if (vd_str_eq(r->at[VD_M_EVENT_TYPE], VD_S("AwsAggregatedEvent")) || vd_str_eq(r->at[VD_M_CATEGORY], VD_S("Aggregated")))
        return vd_usage_aggregated(u, r, offset);
    vd_usage_count(u, VD_C_EVENTS);
    if (!vd_event_version_ok(u, r->at[VD_M_VERSION])) {
        vd_usage_reject(u, VD_U_VERSION_MAJOR, offset);
    } else if (what == VD_FATE_NOTHING) {
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
