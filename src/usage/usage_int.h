/* SPDX-License-Identifier: Apache-2.0
 *
 * The collector, shared by the files of this room that read inputs.
 */
#ifndef VERDICT_USAGE_USAGE_INT_H
#define VERDICT_USAGE_USAGE_INT_H

#include "base/engine.h"
#include "base/error.h"
#include "usage/counters.h"
#include "usage/dedup.h"
#include "usage/digest.h"
#include "usage/facts.h"
#include "usage/gunzip.h"
#include "usage/known.h"
#include "usage/late.h"
#include "usage/pairs.h"
#include "usage/record.h"
#include "usage/redact.h"
#include "usage/resources.h"
#include "usage/walk.h"
#include "usage/summary.h"
#include "usage/who.h"
#include "usage/window.h"

#include <verdict/usage.h>

struct vd_usage {
    const vd_engine *engine;
    vd_usage_opts    opts;
    vd_str           principal, account, salt; /* own copies of those in opts */
    vd_usage        *with;
    vd_dedup        *dedup;
    uint64_t         seed;
    vd_record_schema schema;
    vd_who_memo      callers; /* that called lately */
    vd_known        *known;   /* and what, and what came of it */
    vd_facts         facts;
    vd_fact          told; /* what the record tells, before it goes into its fact; in scratch, but for the first items */
    vd_bottom_item   told_items[VD_FACT_SETS][4];
    vd_late          late;    /* on its way into facts, while a unit is read */
    vd_pairs         pairs;   /* among them */
    vd_arena         kept;    /* units, and what opts pointed to */
    vd_arena         scratch; /* one record or row */
    uint64_t         counters[VD_COUNTERS];
    vd_window        window;
    vd_gunzip        gunzip;
    vd_walk          walk;  /* on the parameters of the record */
    vd_plans        *plans; /* how events tell their resources; NULL: none was asked for yet */
    uint32_t         overlaps; /* units that two summaries hold */
    char             overlap[256]; /* the first of them */
    bool             partial;     /* a summary that was added is */
    bool             summaries;   /* some were added */
    bool             approximate; /* counts that were merged in spite of that */
    bool             no_lattices; /* some were merged by who does not know them, and nobody can tell which */
    /* the unit that is being read */
    vd_unit          unit;
    uint64_t         record; /* number of the record */
    bool             cut, lost;   /* ended early; nothing of it could be read */
    bool             summary;     /* it brings its own units and counters */
    uint32_t         digests;     /* in it, instead of logs */
    bool             lookup;      /* its records come from LookupEvents */
    vd_str           path_account; /* of the log, from its name */
    vd_code          code; /* what ended it: no memory, a spill that failed */
    /* Records with an error message are shown, each with a fact of its own, and nothing is kept; NULL: as usual.  False: no
     * memory. */
    bool (*look)(void *ctx, const vd_record *r, const vd_fact *f);
    void *look_ctx;
};

/* ------------------------------------------------------------------ telling */

void vd_usage_note_at(vd_usage *u, vd_usage_code code, uint64_t offset, const char *format, ...) VD_PRINTF(4, 5);
/* A record is lost: an event, rejected, and a note. */
void vd_usage_reject(vd_usage *u, vd_usage_code code, uint64_t offset);
/* The unit is cut short by this. */
void vd_usage_cut(vd_usage *u, vd_usage_code code, uint64_t offset);

static inline void vd_usage_count(vd_usage *u, vd_counter counter)
{
    u->counters[counter]++;
}

/* False: the work cannot go on, u->code says why. */
bool vd_usage_nomem(vd_usage *u);

/* ------------------------------------------------------------------ facts */

/* The fact with these parts; NULL: none, either said (u->code) or rejected. */
vd_fact *vd_usage_fact_of(vd_usage *u, const vd_str parts[VD_FACT_PARTS]);
/* Joins what is known of the same key. */
bool     vd_usage_fold(vd_usage *u, vd_fact *into, const vd_fact *from);
bool     vd_usage_fold_into(vd_usage *u, vd_arena *arena, vd_fact *into, const vd_fact *from);
/* With pseudonyms: all of a fact, and one text for a set of one. */
bool     vd_usage_redact(vd_usage *u, vd_arena *arena, vd_fact *f);
bool     vd_usage_redact_text(vd_usage *u, vd_str *text, vd_fact_set set);
/* Spills when there are too many. */
bool     vd_usage_room(vd_usage *u);
bool     vd_usage_put(vd_usage *u, vd_fact *f, vd_fact_set set, vd_str text);
/* Evidence by kind, subject and item: of two the later one counts, then the one whose values are greater. */
bool     vd_usage_evidence_add(vd_usage *u, vd_str kind, vd_str subject, vd_str item, int64_t as_of, vd_str values);

/* event.c: one record whose bytes are [begin, begin + n) of the text at offset. */
bool vd_usage_event(vd_usage *u, vd_record *r, vd_str bytes, uint64_t offset);
/* The record that stands at p; *next is behind it.  MORE and BAD are for the caller to tell. */
vd_scan vd_usage_record(vd_usage *u, const char *p, const char *end, uint64_t offset, const char **next);
/* A text that holds nothing but a record; what is wrong is told. */
bool vd_usage_record_text(vd_usage *u, vd_str text, uint64_t offset);
bool vd_usage_time(int64_t *out, vd_str text);
bool vd_usage_plausible(const vd_usage *u, int64_t time);
void vd_usage_unit_time(vd_usage *u, int64_t time); /* of one event of the unit */
struct vd_plan;
/* made.c: the ARNs of what a call made, by its answer; name: of the event, without its version. */
bool vd_usage_made(vd_usage *u, vd_fact *f, const struct vd_plan *plan, const vd_event_call *call, vd_str name, vd_str answer,
                   vd_buf *text);
/* object_name.c: when the file was delivered, by the name that CloudTrail gave it. */
bool vd_object_time(int64_t *seconds, vd_str path);
/* aggregated.c: one that sums up many (usage 1.5). */
bool vd_usage_aggregated(vd_usage *u, const vd_record *r, uint64_t offset);

/* ------------------------------------------------------------------ containers; each reads u->window to its end */

void vd_trail_read(vd_usage *u);
void vd_table_read(vd_usage *u);
void vd_report_read(vd_usage *u, vd_str text);
/* digests.c: what a digest of log files proves, and that events come from LookupEvents, become evidence. */
void vd_digest_read(vd_usage *u, vd_str text);
bool vd_lookup_keep(vd_usage *u, vd_str account, vd_str region);
/* Is this the name of a member that says that an object is a report? */
bool vd_report_knows(vd_str key);
/* Is this the first line of a table? */
bool vd_table_knows(vd_str line);
void vd_summary_take(vd_usage *u);

#endif
