/* SPDX-License-Identifier: Apache-2.0
 *
 * One CloudTrail record: the members that mean something to us, as slices of the bytes.  Everything else is skipped.
 */
#ifndef VERDICT_USAGE_RECORD_H
#define VERDICT_USAGE_RECORD_H

#include "base/arena.h"
#include "usage/scan.h"

typedef enum vd_member {
    VD_M_VERSION,
    VD_M_TIME,
    VD_M_SOURCE,
    VD_M_NAME,
    VD_M_REGION,
    VD_M_ADDRESS,
    VD_M_ERROR_CODE,
    VD_M_ERROR_MESSAGE,
    VD_M_EVENT_ID,
    VD_M_EVENT_TYPE,
    VD_M_CATEGORY,
    VD_M_API_VERSION,
    VD_M_RECIPIENT,
    VD_M_REQUEST_ID,
    VD_M_SHARED_ID,
    VD_M_ENDPOINT,
    VD_M_READ_ONLY,
    VD_M_MANAGEMENT,
    VD_M_PARAMETERS, /* this and the next ones: whole values, whatever they are */
    VD_M_RESPONSE,
    VD_M_RESOURCES,
    VD_M_ADDITIONAL,
    VD_M_SUMMARY,
    VD_M_TIME_WINDOW,
    VD_M_ACCOUNT, /* of aggregated events */
    VD_M_TYPE,    /* this and the next ones: of userIdentity */
    VD_M_PRINCIPAL,
    VD_M_ARN,
    VD_M_ACCOUNT_ID,
    VD_M_USER,
    VD_M_INVOKED_BY,
    VD_M_PROVIDER,
    VD_M_SOURCE_IDENTITY,
    VD_M_ISSUER_TYPE,
    VD_M_ISSUER_PRINCIPAL,
    VD_M_ISSUER_ARN,
    VD_M_ISSUER_ACCOUNT,
    VD_M_ISSUER_USER,
    VD_M_MFA,
    VD_M_HELD_BY, /* inScopeOf.credentialsIssuedTo */
    VD_M_BEHALF,  /* onBehalfOf.userId */
    VD_M_REASON,  /* addendum */
    VD_M_ORIGINAL_ID,
    VD_M_WINDOW_START,
    VD_MEMBERS
} vd_member;

typedef struct vd_record {
    vd_str   at[VD_MEMBERS]; /* strings without their quotes, escapes as they are; n 0: not there, empty, or null */
    uint64_t seen;           /* a bit each: the member was there */
    uint64_t escaped;        /* a bit each: the text holds a backslash */
    uint32_t duplicates;     /* equal keys in one object: the last one counts */
    uint32_t known;          /* members of the record itself that a CloudTrail record has */
    bool     annotated;      /* an event store cut it */
} vd_record;

/* How a member begins where nobody put spaces: "name": */
enum { VD_HEAD_BYTES = 32, VD_RECORD_ROWS = 64 };
typedef struct vd_member_head {
    char     text[VD_HEAD_BYTES];
    uint32_t mask; /* a bit for each of its bytes */
    uint8_t  bytes;
    uint8_t  kind, what; /* of its row */
    uint8_t  counts; /* 1: a member that makes a CloudTrail record of an object */
    uint8_t  after[2]; /* rows that came behind it: the last time, and before that */
    uint8_t  room[22]; /* its size is a power of two, for it is looked up by number all the time */
} vd_member_head;

/* An object that was read lately, by its bytes: the same bytes hold the same members.  Only those are kept in which there was
 * nothing unusual. */
enum { VD_OBJECT_BYTES = 1024, VD_OBJECT_MEMBERS = 20, VD_OBJECTS = 128, VD_OBJECT_SIGHTS = 1024 };
typedef struct vd_object_known {
    uint64_t seen;   /* as of vd_record, of the members in it */
    uint32_t opened; /* objects of the table that are in it, and itself: a bit each */
    uint16_t bytes;  /* 0: nothing is here */
    uint16_t at[VD_OBJECT_MEMBERS], n[VD_OBJECT_MEMBERS];
    uint8_t  count, member[VD_OBJECT_MEMBERS];
    char     text[VD_OBJECT_BYTES];
} vd_object_known;

/* The tables of members, sorted out once; and what the records before were like, which changes nothing but how fast the next
 * one is read. */
typedef struct vd_record_schema {
    vd_object_known known[2][VD_OBJECTS]; /* identities and the issuers of sessions: sets of two */
    uint32_t        marks[2][VD_OBJECTS]; /* of each, by a hash: most that come are not here, and that is told by these */
    uint32_t        sights[VD_OBJECT_SIGHTS]; /* what came once, by a hash: what comes but once is not worth keeping */
    uint8_t         turn;                 /* which of two goes */
    uint8_t        first[8][2]; /* rows that an object began with: the last time, and before that */
    uint8_t        slot[8][64]; /* row + 1 by a hash of the key, one table an object; see record.c */
    vd_member_head heads[VD_RECORD_ROWS];
} vd_record_schema;
void vd_record_schema_init(vd_record_schema *schema);

/* p is at the '{' of a record.  VD_SCAN_BAD: *next is where it stopped making sense. */
vd_scan vd_record_read(vd_record *r, vd_record_schema *schema, const char *p, const char *end, const char **next);

/* Is this the name of a member that only CloudTrail records have? */
bool vd_record_knows(const vd_record_schema *schema, vd_str key);

/* Decodes the escapes of those members that have any; false: no memory.  A text that is broken stays as it is. */
bool vd_record_decode(vd_record *r, vd_arena *scratch);

/* The members of an object, one after the other: p behind its '{' or behind a value.  *key without its quotes, *value at
 * the value.  VD_SCAN_OK with *key.p NULL: the object ended, *value is behind it. */
vd_scan vd_scan_member(const char *p, const char *end, vd_str *key, const char **value);

/* A member of an object whose bytes were scanned before; {NULL, 0}: none.  Strings without quotes. */
vd_str vd_scan_find(vd_str object, vd_str key);
/* The elements of an array whose bytes were scanned before: false at the end.  *rest begins as the array. */
bool vd_scan_element(vd_str *rest, vd_str *element);
/* A string without its quotes and decoded, a number as it is; else empty. */
bool vd_scan_text(vd_str value, vd_arena *scratch, vd_str *out);

#endif
