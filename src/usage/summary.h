/* SPDX-License-Identifier: Apache-2.0
 *
 * The text of a summary, line by line: facts and evidence by rising key, units by rising hash, counters, the end.
 *
 *   #verdict-usage/1 {"minor":2,"guards":2}
 *   {"p":"111111111111|...","n":1, ...,"S":"s0123..."}           held for another record, see pairs.h
 *   {"k":"pair","u":"s0123...","i":"","t":0,"x":{}}
 *   {"p":"111111111111|role|AROA...|build/ci-deploy","r":"eu-west-1","s":"lambda","e":"Invoke","g":0,"o":"ok","n":17, ...}
 *   {"k":"access-advisor","u":"arn:...","i":"s3","t":1772442067,"x":{...}}
 *   #unit {"h":"...","id":"...","x":{"events":412,"max":..,"min":..,"size":91822}}
 *   #counters {"filesTotal":1, ...}
 *   #end sha256:<of all bytes before this line>
 *
 * Spilled facts are the facts alone, without any line that begins with '#'.
 */
#ifndef VERDICT_USAGE_SUMMARY_H
#define VERDICT_USAGE_SUMMARY_H

#include "base/buf.h"
#include "base/error.h"
#include "base/sha256.h"
#include "usage/counters.h"
#include "usage/facts.h"
#include "usage/record.h"
#include "usage/window.h"

#include <verdict/usage.h>

/* What was added to the format: whoever knows an earlier one reads it all the same.  1: pairs, and what calls made.  2: what resources have in common that
 * are too many. */
enum { VD_SUMMARY_MINOR = 2, VD_SUMMARY_LATTICES = 2 };

/* A file, an object, a stream that was read: who reads it again can tell. */
typedef struct vd_unit {
    vd_str   id;
    uint64_t hash[2], bytes, events;
    int64_t  first, last;
    char     sha256[65]; /* of the unpacked bytes; empty: it was not asked for */
} vd_unit;

/* Evidence has a key of its own shape: '~', kind, subject and item; its values are in `more`, its time in `last`. */
enum { VD_EVIDENCE_MARK = '~' };
bool vd_evidence_key(vd_arena *arena, vd_str *out, vd_str kind, vd_str subject, vd_str item);
void vd_evidence_split(vd_str key, vd_str parts[3]);
bool vd_evidence_fold(vd_arena *arena, vd_fact *into, const vd_fact *from);

/* Units are evidence too, of a kind that comes last: so they are spilled and sorted as all else. */
bool vd_unit_fact(vd_arena *arena, vd_fact *out, const vd_unit *unit);
bool vd_is_unit(const vd_fact *f);
/* A digest named this file of logs; once a unit has its name it is forgotten.  The kind comes behind that of units. */
bool     vd_is_missing(const vd_fact *f);

/* What is to be known of a unit that a digest may name. */
typedef struct vd_unit_mark {
    uint64_t name;   /* of the file, without folders and without .gz */
    uint64_t sha256; /* its first half quarter; of no meaning when that is not known */
    bool     known;
} vd_unit_mark;
typedef enum vd_there { VD_NOT_THERE, VD_IS_THERE, VD_IS_CHANGED } vd_there;
vd_str   vd_unit_value(vd_str values, vd_str name); /* of those that are written about units; strings without quotes */
void     vd_unit_mark_of(vd_unit_mark *out, const vd_fact *f); /* a unit, or what a digest named */
void     vd_unit_marks_sort(vd_unit_mark *at, uint32_t count);
vd_there vd_unit_there(const vd_unit_mark *at, uint32_t count, const vd_fact *missing);

/* The hours of a month for which there are digests: joined bit by bit. */
enum { VD_HOURS_DIGITS = 186 }; /* 31 days, four hours a digit, the first in its lowest bit */
bool vd_is_hours(const vd_fact *f);
bool vd_hours_fold(vd_arena *arena, vd_fact *into, const vd_fact *from);

static inline bool vd_is_evidence(const vd_fact *f)
{
    return f->key.n && f->key.p[0] == VD_EVIDENCE_MARK;
}

/* ------------------------------------------------------------------ writing */

typedef struct vd_writer {
    vd_usage_sink *sink;
    void          *ctx;
    vd_buf         text; /* lines that are not handed on yet */
    vd_sha256_sum  sum;
    bool           closed;
    bool           spilling; /* for us alone to read */
    bool           no_lattices;
    bool           tabbed;   /* a tab between key and value of each line, where JSON has room for one */
} vd_writer;

void    vd_writer_string(vd_buf *b, vd_str s); /* as JSON */
void    vd_writer_init(vd_writer *w, const vd_allocator *alloc, vd_usage_sink *sink, void *ctx);
void    vd_writer_head(vd_writer *w, bool partial, bool approximate);
void    vd_writer_fact(vd_writer *w, const vd_fact *f); /* in rising order of keys */
void    vd_writer_counters(vd_writer *w, const uint64_t *counters);
vd_code vd_writer_end(vd_writer *w, bool whole, vd_error *err); /* whole: with the line that ends a summary */

/* ------------------------------------------------------------------ reading */

typedef enum vd_line_kind {
    VD_LINE_HEAD,
    VD_LINE_FACT, /* evidence and units too */
    VD_LINE_COUNTERS,
    VD_LINE_LAST, /* the summary is whole; another one may follow */
    VD_LINE_EOF,
    VD_LINE_DAMAGED
} vd_line_kind;

typedef struct vd_summary {
    vd_window     window;
    vd_arena      arena; /* of one line */
    vd_sha256_sum sum;
    bool          open;    /* behind a head, before its end */
    bool          spilled; /* facts alone */
    bool          loose;   /* lines of several summaries, in whatever order: no line is missed */
    vd_fact       fact;
    uint32_t      guards, minor; /* of the head */
    bool          partial, approximate;
    uint64_t      counters[VD_COUNTERS];
    uint64_t      line;
    vd_code       code; /* VD_ENOMEM */
    const char   *why;  /* it is damaged */
} vd_summary;

bool         vd_summary_open(vd_summary *s, const vd_allocator *alloc, const vd_usage_source *source, bool spilled);
void         vd_summary_close(vd_summary *s);
vd_line_kind vd_summary_next(vd_summary *s);

#endif
