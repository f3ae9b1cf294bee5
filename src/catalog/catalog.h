/* SPDX-License-Identifier: Apache-2.0
 *
 * The catalogue: what AWS publishes about its services, and every table of facts that lint and the analyses read.  One
 * block of bytes, the same built in and as a *.vdc file; looked up in place, without allocation, without case.
 * Everything has an id: services, actions, resource types and keys are numbered in name order, so that the actions of a
 * service are a run of ids, and those with a common beginning a run within it.  It never enters a decision.
 */
#ifndef VERDICT_CATALOG_CATALOG_H
#define VERDICT_CATALOG_CATALOG_H

#include "base/alloc.h"
#include "base/error.h"

#include <verdict/catalog.h>

bool   vd_catalog_digest_ok(const vd_catalog *c); /* counted again: too slow for every opening */
vd_str vd_catalog_bytes(const vd_catalog *c);  /* the block, to write or to open it again */

/* A list of ids in rising order. */
typedef struct vd_ids {
    const uint32_t *at;
    uint32_t        count;
} vd_ids;

/* ------------------------------------------------------------------ services, actions */

typedef struct vd_service_fact {
    vd_str prefix, title, category;
    bool   rcp;            /* resource control policies reach it */
    vd_run actions, types; /* ids */
    vd_ids keys;           /* that it defines or supports */
} vd_service_fact;

enum { /* flags of an action */
    VD_ACTION_PERMISSION_ONLY = 1, /* no API operation of its own */
    VD_ACTION_WRITES_POLICY = 2    /* takes a policy document or grants to others */
};

typedef struct vd_action_fact {
    vd_str   name; /* as documented, without the prefix */
    uint32_t service;
    uint8_t  level, flags;
    vd_ids   types;    /* resource types it accepts; none: only "*" */
    vd_ids   required; /* those of them marked as required */
    vd_ids   keys;     /* whatever the resource */
    vd_ids   depends;  /* actions it may need in addition */
} vd_action_fact;

uint32_t vd_catalog_services(const vd_catalog *c); /* how many */
uint32_t vd_catalog_types(const vd_catalog *c);
uint32_t vd_catalog_keys(const vd_catalog *c);

/* VD_NONE: unknown.  prefix "s3"; name "GetObject"; text "s3:GetObject". */
uint32_t vd_catalog_find_service(const vd_catalog *c, vd_str prefix);
uint32_t vd_catalog_find_action(const vd_catalog *c, uint32_t service, vd_str name);

vd_service_fact vd_catalog_service(const vd_catalog *c, uint32_t service);
vd_action_fact  vd_catalog_action(const vd_catalog *c, uint32_t action);
uint32_t        vd_catalog_service_of(const vd_catalog *c, uint32_t action); /* of the fact, but cheaper */
vd_ids          vd_catalog_types_of(const vd_catalog *c, uint32_t action);   /* the same; equal lists are stored once */

/* Keys that an action on a resource type may carry: those of the action, and those it has for that type alone. */
bool vd_catalog_action_has_key(const vd_catalog *c, uint32_t action, uint32_t key); /* on whatever resource */
vd_ids vd_catalog_keys_on(const vd_catalog *c, uint32_t action, uint32_t type);     /* the latter */

vd_ids vd_catalog_more_types(const vd_catalog *c, uint32_t action); /* those of its types that only an overlay names */

/* Was listed earlier and no longer is: "svc:Name" or a prefix. */
bool vd_catalog_retired(const vd_catalog *c, vd_str text);

/* ------------------------------------------------------------------ expansion */

/* '*' and '?' as written, without case; for short texts such as names. */
bool vd_catalog_fits(vd_str pattern, vd_str name);

/* The actions an action pattern ("s3:Get*", "*", "s?:*Object") matches: calls with rising runs until it says stop
 * (returns false).  Linear in the actions of the services that the pattern's prefix matches. */
void vd_catalog_expand(const vd_catalog *c, vd_str pattern, bool (*run)(void *user, vd_run ids), void *user);
/* Into a bit set of vd_catalog_actions() bits that the caller owns; returns how many were added. */
uint32_t vd_catalog_expand_bits(const vd_catalog *c, vd_str pattern, uint64_t *bits);
uint32_t vd_catalog_expand_count(const vd_catalog *c, vd_str pattern, uint32_t most); /* stops counting there */
/* Back again: the shortest list of actions and of patterns with a star at the end that expands to these very bits, in
 * the order of the ids.  The texts do not outlive the call. */
void vd_catalog_shrink(const vd_catalog *c, const uint64_t *bits, void (*pattern)(void *user, vd_str text), void *user);

/* ------------------------------------------------------------------ resource types, keys */

typedef struct vd_type_fact {
    vd_str   name;
    uint32_t service;
    uint32_t formats; /* how many */
    vd_ids   keys;
} vd_type_fact;
vd_type_fact vd_catalog_type(const vd_catalog *c, uint32_t type);
vd_str       vd_catalog_format(const vd_catalog *c, uint32_t type, uint32_t index); /* "arn:${Partition}:sqs:..." */
/* The same as a coded pattern of pattern/glob.h: a placeholder of fields one to five is VD_STAR_IN, of the last VD_STAR. */
vd_str       vd_catalog_format_coded(const vd_catalog *c, uint32_t type, uint32_t index);
uint32_t     vd_catalog_find_type(const vd_catalog *c, uint32_t service, vd_str name);
/* Resource types whose formats have this service field (third field of the ARN), as a list of ids. */
vd_ids       vd_catalog_types_of_arn(const vd_catalog *c, vd_str service_field);

enum vd_key_type { VD_KEY_STRING, VD_KEY_ARN, VD_KEY_NUMERIC, VD_KEY_DATE, VD_KEY_BOOL, VD_KEY_IP, VD_KEY_BINARY };
enum { /* flags of a key */
    VD_KEY_MANY = 1,   /* multivalued */
    VD_KEY_GLOBAL = 2, /* of overlay/global-keys.tsv */
    VD_KEY_LEGACY = 4,
    VD_KEY_NO_WILDCARD = 8, /* the provider warns against wildcards in its values */
    VD_KEY_NAMED = 16,      /* has a ${Name} part: a tag key and the like */
    VD_KEY_ALSO_NUMERIC = 32 /* aws:EpochTime */
};
typedef struct vd_key_fact {
    vd_str  name; /* as documented: "aws:RequestTag/${TagKey}" */
    uint8_t type; /* of its values; of several services with different ones: VD_KEY_STRING */
    uint8_t flags;
    vd_str  group; /* of a global one: "principal", "session" ... */
} vd_key_fact;
vd_key_fact vd_catalog_key(const vd_catalog *c, uint32_t key);
/* Without case; "aws:ResourceTag/owner" finds "aws:ResourceTag/${TagKey}". */
uint32_t    vd_catalog_find_key(const vd_catalog *c, vd_str key);

/* ------------------------------------------------------------------ tables */

/* A table of data/catalog/tables/<name>.tsv, rows as in the file, sorted by their first column without case. */
typedef struct vd_sheet {
    const struct vd_catalog *catalog;
    uint32_t                 index, rows, columns; /* rows 0: empty or there is no such table */
} vd_sheet;
vd_sheet vd_catalog_sheet(const vd_catalog *c, vd_str name);
#define VD_SHEET_TECHNIQUE_CALLS "technique-calls" /* made of techniques.json: class, action; without the everyday ones */
uint32_t vd_catalog_sheets(const vd_catalog *c); /* how many */
vd_str   vd_catalog_sheet_name(const vd_catalog *c, uint32_t index); /* sorted */
vd_str   vd_sheet_title(vd_sheet s, uint32_t column); /* the name of a column */
vd_str   vd_sheet_cell(vd_sheet s, uint32_t row, uint32_t column);
uint32_t vd_sheet_column(vd_sheet s, vd_str name);       /* VD_NONE: no such column */
vd_run   vd_sheet_find(vd_sheet s, vd_str first);        /* the rows whose first cell is this, without case */

/* Names for "did you mean": the prefixes, the actions of a service ... in order, as an array the caller owns. */
uint32_t vd_catalog_names(const vd_catalog *c, uint32_t service, vd_str *out, uint32_t room); /* VD_NONE: prefixes */

#endif
