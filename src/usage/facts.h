/* SPDX-License-Identifier: Apache-2.0
 *
 * A fact: who called what, where, by which way and with which outcome (the key), and how often, when, on what, from where
 * (the value).  All of the value but the count is a join: added twice, or in another order, it is the same.
 */
#ifndef VERDICT_USAGE_FACTS_H
#define VERDICT_USAGE_FACTS_H

#include "base/arena.h"
#include "base/vec.h"
#include "usage/lattice.h"

/* The members of the key, in the order in which they are compared; see docs/scale.md. */
typedef enum vd_fact_part {
    VD_F_PRINCIPAL, /* account|kind|unique id|path and name */
    VD_F_ACCOUNT,   /* of the log, when it is not that of the principal: the owner's copy */
    VD_F_REGION,
    VD_F_SOURCE,    /* eventSource in lower case, without .amazonaws.com */
    VD_F_NAME,
    VD_F_VERSION,   /* of the API, where several services share a source */
    VD_F_GUARDS,    /* a number, or "?" */
    VD_F_VIA,       /* the service that called for the principal */
    VD_F_OUTCOME,
    VD_F_KIND,      /* empty: a call; else what sort of evidence */
    VD_FACT_PARTS
} vd_fact_part;

enum { VD_FACT_SEPARATOR = 0x1f, VD_FACT_PART_BYTES = 2048, VD_FACT_KEY_BYTES = VD_FACT_PARTS * (VD_FACT_PART_BYTES + 1) };

/* The sets of a fact: those of least hash, and whether there were more. */
typedef enum vd_fact_set {
    VD_SET_RESOURCES,
    VD_SET_ROLES, /* roles in the request, perhaps passed: ARNs of them and of instance profiles; "role/NAME", "instance-profile/NAME" */
    VD_SET_ENDPOINTS,
    VD_SET_NETWORKS,
    VD_SET_SOURCE_IDENTITIES,
    VD_SET_HOLDERS, /* instances and functions that held the credentials */
    VD_SET_SAMPLES, /* event ids */
    VD_SET_TYPES,   /* types of resources, of data events: which selector shows them */
    VD_SET_MADE,    /* ARNs of what the call made, out of its answer */
    VD_SET_ASKED,   /* {"aws:RequestTag/env":"prod"}: what conditions can test of a call's parameters; see asked.c */
    VD_FACT_SETS
} vd_fact_set;

typedef struct vd_bottom_item {
    uint64_t hash;
    vd_str   text;
} vd_bottom_item;

typedef struct vd_bottom {
    vd_bottom_item *at; /* by rising hash, then text */
    uint64_t        bound; /* of a set that is full: the greatest hash in it */
    uint32_t        count, cap;
    bool            overflow;
} vd_bottom;

/* Row i is about set i. */
typedef struct vd_fact_set_row {
    vd_str   letter; /* its member in a summary */
    uint32_t most;
} vd_fact_set_row;
extern const vd_fact_set_row vd_fact_set_rows[VD_FACT_SETS];
extern const vd_str          vd_fact_part_names[VD_FACT_PARTS]; /* their members in a summary */

/* The end of the year 9999: no later time stands in a summary. */
#define VD_LAST_SECOND INT64_C(253402300799)

enum { VD_MFA_TRUE = 1, VD_MFA_FALSE = 2, VD_MFA_NONE = 4 };
/* In the same bits: records that came over a VPC endpoint; that did not, or of which nobody said. */
enum { VD_OVER_ENDPOINT = 8, VD_OFF_ENDPOINT = 16 };
/* And calls of KMS with an encryption context that is told; those without, or of which nobody said. */
enum { VD_WITH_CONTEXT = 32, VD_WITHOUT_CONTEXT = 64 };
/* What the records said of themselves: a letter each. */
enum { VD_MARK_MANAGEMENT = 1, VD_MARK_DATA = 2, VD_MARK_NETWORK = 4, VD_MARK_READ = 8, VD_MARK_WRITE = 16, VD_MARKS = 5 };
extern const char vd_fact_mark_letters[VD_MARKS];
enum { VD_FACT_DAYS = 1024 };

/* What each record changes lies in the first line of the cache, the sets behind it, two a line. */
typedef struct vd_fact {
    uint64_t  count;
    int64_t   first, last; /* seconds */
    int64_t   day;         /* of bit 0 of days, since 1970 */
    uint64_t *days;        /* NULL: none */
    uint64_t  own_days;    /* one word of them, of facts in a table */
    /* Of resources that are more than the set keeps, all of them; NULL beside an overflow: nothing is known of the others. */
    vd_lattice *lattice;
    uint32_t    day_words;
    uint8_t     mfa, marks;
    bool        tabled; /* own_days is where it stays */
    vd_bottom   sets[VD_FACT_SETS];
    vd_str      key;
    vd_str      more; /* members that this version does not know, as JSON: ,"x":1 */
} vd_fact;

/* Facts by their keys.  There are more of them than the cache of the core holds: a place of the table tells the hash beside the
 * fact, and a fact lies before its key. */
typedef struct vd_fact_place {
    uint64_t hash;
    vd_fact *fact; /* NULL: free */
} vd_fact_place;

typedef struct vd_facts {
    const vd_allocator *alloc;
    uint64_t            seed; /* of the table: no output depends on it */
    vd_arena            arena;
    vd_fact_place      *places;
    uint32_t            cap; /* of places: a power of two, twice as many as facts at least */
    const char         *advised; /* end of the memory that large pages were asked for */
    uint32_t            cleared; /* how often: pointers to facts are good until then */
    VD_VEC(vd_fact *) list;
} vd_facts;

void     vd_facts_init(vd_facts *f, const vd_allocator *alloc, uint64_t seed);
void     vd_facts_done(vd_facts *f);
void     vd_facts_clear(vd_facts *f);
size_t   vd_facts_bytes(const vd_facts *f);
vd_fact *vd_facts_get(vd_facts *f, vd_str key); /* made when it is not there; NULL: no memory */
/* The same in steps, for memory is slow: with the hash of the key first its place is asked for, then the fact, and meanwhile there
 * is something else to do. */
uint64_t vd_facts_hash(const vd_facts *f, vd_str key);
void     vd_fact_soon(const vd_fact *fact); /* what records mostly change of it */
void     vd_facts_soon(const vd_facts *f, uint64_t hash);
vd_fact *vd_facts_at(vd_facts *f, uint64_t hash, vd_str key);
vd_fact *vd_facts_find(const vd_facts *f, vd_str key); /* NULL: it is not there */
void     vd_facts_sort(vd_facts *f);            /* by key; nothing can be looked up afterwards until the next clear */

/* All of these: false when there is no memory. */
bool vd_fact_seen(vd_arena *arena, vd_fact *f, uint64_t count, int64_t first, int64_t last);
bool vd_fact_day(vd_arena *arena, vd_fact *f, int64_t day);
bool vd_fact_put(vd_arena *arena, vd_fact *f, vd_fact_set set, vd_str text);
bool vd_fact_fold(vd_arena *arena, vd_fact *into, const vd_fact *from); /* texts are copied when they are new */

/* Only the sets, and what is in letters.  Memory is slow: where things will go may be asked for before they go there. */
void vd_fact_adds_soon(const vd_fact *into, const vd_fact *from);
bool vd_fact_adds(vd_arena *arena, vd_fact *into, const vd_fact *from);
/* One text whose hash is known; and, before, what will be looked at of the set, then of its texts. */
bool vd_fact_put_item(vd_arena *arena, vd_fact *f, vd_fact_set set, vd_bottom_item item);
void vd_fact_item_soon(const vd_fact *f, vd_fact_set set, uint64_t hash);
void vd_fact_text_soon(const vd_fact *f, vd_fact_set set, uint64_t hash);
/* Only what records say of themselves. */
bool vd_fact_says(vd_arena *arena, vd_fact *into, const vd_fact *from);

/* The parts of a key: parts[i] borrows from it. */
void vd_fact_split(vd_str key, vd_str parts[VD_FACT_PARTS]);
/* The other way; what cannot stand in a part becomes '?'.  false: a part is too long. */
bool vd_fact_join(char *out, size_t *n, const vd_str parts[VD_FACT_PARTS]);

#endif
