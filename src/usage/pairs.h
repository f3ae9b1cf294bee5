/* SPDX-License-Identifier: Apache-2.0
 *
 * Records that another record may make superfluous, wherever that one is: the copy of a call in the log of whoever owns the
 * resource, when there is the caller's own (they share an id); a call that deletes many objects without naming them, when
 * each object has a record of the same request.  Until both are known to be read such a record is held: it is a fact
 * with the hash of its id before its key.  The other record leaves the hash alone.
 *
 * Of each kind those with the least hashes are kept; what lies beyond becomes an ordinary fact.  That commutes with merging,
 * since nothing is dropped before somebody reads the summary: so the bytes do not depend on how files were dealt out.
 */
#ifndef VERDICT_USAGE_PAIRS_H
#define VERDICT_USAGE_PAIRS_H

#include "usage/facts.h"
#include "usage/record.h"

#include <verdict/usage.h>

enum {
    VD_PAIR_MARK = 0x1e, /* before the keys of other facts, which hold no such byte */
    VD_PAIR_HEX = 32,
    VD_PAIR_ID = 1 + VD_PAIR_HEX, /* its kind, and the hash */
    VD_PAIR_MOST = 8192
};
typedef enum vd_pair_kind { VD_PAIR_REQUEST, VD_PAIR_SHARED, VD_PAIR_KINDS } vd_pair_kind;

bool   vd_is_pair(const vd_fact *f);  /* of either sort */
bool   vd_is_held(const vd_fact *f);
vd_str vd_pair_id(const vd_fact *f);  /* kind and hash, as in a summary */
vd_str vd_pair_key(const vd_fact *f); /* of the fact that is held */
bool   vd_pair_known(vd_str id);      /* is it one? */
/* key empty: that of the record which makes others superfluous. */
bool   vd_pair_join(vd_arena *arena, vd_str *out, vd_str id, vd_str key);

/* Of the facts in memory: how many there are, and which hashes are too great. */
typedef struct vd_pairs {
    uint64_t bound[VD_PAIR_KINDS];
    uint32_t count[VD_PAIR_KINDS], next[VD_PAIR_KINDS]; /* next: then it is looked which are too many */
} vd_pairs;
void vd_pairs_init(vd_pairs *p);
/* The facts were let go. */
void vd_pairs_clear(vd_pairs *p);

/* What the record is held for, and what it makes superfluous. */
typedef struct vd_pairing {
    vd_str held, told[VD_PAIR_KINDS];
    char   room[VD_PAIR_KINDS][VD_PAIR_ID];
} vd_pairing;
void vd_pairing_of(vd_pairing *out, const vd_record *r, const vd_str parts[VD_FACT_PARTS], bool service, const vd_pairs *p);

/* After a pair was added, whichever: those that are too many go. */
bool vd_pairs_room(vd_pairs *p, vd_facts *facts, vd_str id);
/* All that was held is decided; nothing can be looked up afterwards. */
bool vd_pairs_settle(vd_facts *facts);

/* While pairs come in their order: are those of this id among the least? */
typedef struct vd_pair_run {
    char     id[VD_PAIR_ID];
    uint32_t count;
    bool     told; /* the last id was, by a record that makes others superfluous */
} vd_pair_run;
bool vd_pair_next(vd_pair_run *run, const vd_fact *f);

#endif
