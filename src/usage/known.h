/* SPDX-License-Identifier: Apache-2.0
 *
 * Records repeat: the same caller calls the same thing, the same call is made with the same parameters.  What was found out about
 * such a part of a record is kept beside the bytes that it was found out from, and when these bytes come again, all of them
 * compared, it is taken from here.  All of it is of bounded size, and what is forgotten is found out anew: nothing here changes
 * what is said of a log.
 *
 * A serial number stands for bytes that were compared.  None is given twice.
 */
#ifndef VERDICT_USAGE_KNOWN_H
#define VERDICT_USAGE_KNOWN_H

#include "usage/facts.h"
#include "usage/record.h"

typedef struct vd_known vd_known;

vd_known *vd_known_new(const vd_allocator *alloc); /* NULL: no memory */
void      vd_known_free(vd_known *k, const vd_allocator *alloc);

/* ------------------------------------------------------------------ what is called */

/* eventSource, eventName and awsRegion, as the record has them. */
enum { VD_CALL_BYTES = 164 };
typedef struct vd_call_known {
    uint32_t serial; /* 0: nothing is here */
    uint16_t n[3];   /* bytes of the members, one behind the other */
    uint8_t  label_bytes;
    bool     makes; /* what it makes is told by its answer */
    char     bytes[VD_CALL_BYTES]; /* the members, then the label in lower case */
} vd_call_known;

/* NULL: more than there is room for. */
const vd_call_known *vd_known_call(vd_known *k, const vd_record *r);
vd_str               vd_call_label(const vd_call_known *c);

/* ------------------------------------------------------------------ what a call tells */

/* All that decides what the parameters and resources of a record tell: of a call, these texts. */
typedef enum vd_telling {
    VD_T_PARAMETERS,
    VD_T_RESOURCES,
    VD_T_ACCOUNT, /* of the log */
    VD_T_PARTITION,
    VD_T_ERROR,
    VD_T_READS, /* readOnly */
    VD_T_CATEGORY,
    VD_TELLINGS
} vd_telling;

typedef struct vd_told_key {
    uint64_t hash;
    vd_str   text[VD_TELLINGS]; /* room to read behind each, as for the scanner */
    uint32_t call;
    bool     there; /* the record has parameters, even if they are null */
} vd_told_key;

enum { VD_TOLD_BYTES = 800, VD_TOLD_ITEMS = 6 };
typedef struct vd_told_known {
    uint64_t bits; /* of the guards */
    uint32_t call;
    uint16_t n[VD_TELLINGS];
    uint16_t overflow; /* a bit each set */
    uint8_t  from[VD_FACT_SETS], count[VD_FACT_SETS];
    uint8_t  mfa;
    bool     used, there, unknown, unresolved; /* unknown: the guards; unresolved: no resource was told */
    vd_bottom_item items[VD_TOLD_ITEMS]; /* set by set, in the order of each; their texts are in bytes */
    char           bytes[VD_TOLD_BYTES];
} vd_told_known;

/* Of parameters and resources, which are there already, and of the name of the event.  What is kept of such bytes is asked for:
 * memory is slow. */
void           vd_told_key_hash(const vd_known *k, vd_told_key *key, vd_str name);
const vd_told_known *vd_known_told(const vd_known *k, const vd_told_key *key); /* NULL: it did not come lately */
/* The same came before, or what looks the same from afar: that is worth keeping.  It is noted for the next time. */
bool           vd_known_seen(vd_known *k, const vd_told_key *key);
/* Keeps what was told, as far as there is room for it. */
void           vd_known_tell(vd_known *k, const vd_told_key *key, const vd_fact *told, const vd_told_known *more);
/* Into the sets of a fact whose sets are empty, which borrows them. */
void           vd_told_into(vd_fact *f, const vd_told_known *told);

/* ------------------------------------------------------------------ which fact that is */

/* Texts that are few: 0 is the empty one. */
enum { VD_FEW_TOO_MANY = UINT16_MAX };
uint16_t vd_known_few(vd_known *k, vd_str text);

typedef struct vd_fact_id {
    uint64_t guards;
    uint32_t who, call;
    uint16_t account, via; /* by vd_known_few */
    uint8_t  outcome, kind;
    uint16_t unknown; /* 1: the guards are */
} vd_fact_id;

/* NULL: it did not come lately.  *hash: of the fact's key. */
vd_fact *vd_known_fact(vd_known *k, const vd_fact_id *id, uint32_t cleared, uint64_t *hash);
void     vd_known_keep_fact(vd_known *k, const vd_fact_id *id, uint32_t cleared, vd_fact *f, uint64_t hash);

#endif
