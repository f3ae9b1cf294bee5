/* SPDX-License-Identifier: Apache-2.0
 *
 * How the events of one name tell what they were about: the templates that fit them, chosen once from the tables of events and
 * the formats of the catalogue, so that a record has only to be filled in.
 */
#ifndef VERDICT_USAGE_PLAN_H
#define VERDICT_USAGE_PLAN_H

#include "catalog/catalog.h"

/* What sort of thing an ARN names: the word before the first '/' or ':' of its last field, "" when there is none; of S3
 * "bucket" and "object". */
typedef struct vd_kind {
    vd_str service, head;
} vd_kind;

bool vd_kind_of(vd_kind *out, vd_str arn); /* false: not an ARN */
/* Of a template or of a format of the catalogue; false: that is only known once it is filled. */
bool vd_kind_of_template(vd_kind *out, vd_str text);
bool vd_kind_same(vd_kind a, vd_kind b);

typedef enum vd_place_form {
    VD_PLACE_ROW,    /* text is a template of the tables */
    VD_PLACE_FORMAT, /* text is a format of the catalogue, filled by the names of its parts */
    VD_PLACE_MADE,   /* the same, of what the call creates: parts that nobody told are open */
    VD_PLACE_OPEN,   /* the same, of what the action cannot do without and nothing told of: wherever it lies */
    VD_PLACE_STAR    /* the call is about no resource in particular, though its action may be */
} vd_place_form;

/* What must hold of the request parameters, by the bits of event-guards.tsv. */
typedef struct vd_plan_guard {
    uint64_t bit; /* 0: nothing, or nobody can tell */
    bool     absent; /* it must not be set */
} vd_plan_guard;

typedef struct vd_place {
    vd_str  text;
    vd_str  action; /* of a further action; empty: for all of the event */
    vd_str  type;   /* of a format: the name of its resource type */
    vd_plan_guard when;
    vd_kind kind;
    uint8_t form;
    bool    kind_known;
    bool    list;  /* of a row: it has a list, an ARN for each element */
    bool    given; /* the row of the action says so: no other kind is asked for */
} vd_place;

enum { VD_PLAN_PLACES = 48, VD_PLAN_KINDS = 24, VD_PLAN_CASES = 12, VD_PLAN_NAME = 160 };

/* One of the actions that the event may stand for, by its parameters: the first whose `when` holds. */
typedef struct vd_plan_case {
    vd_plan_guard when;
    vd_str   service, action; /* "s3", "GetObject" */
    uint16_t first, count; /* places */
    uint16_t first_kind, kinds;
    bool     any_kind; /* the catalogue does not tell, or tells too much */
    bool     nothing;  /* the action knows no resources */
} vd_plan_case;

typedef struct vd_plan {
    char         name[VD_PLAN_NAME]; /* the event's, as in the record; the service's before it */
    uint16_t     label_bytes, name_bytes, plain_bytes;
    vd_plan_case cases[VD_PLAN_CASES];
    vd_place     places[VD_PLAN_PLACES];
    vd_kind      kinds[VD_PLAN_KINDS];
    uint16_t     case_count, place_count, kind_count;
    uint16_t     further; /* places from here on are those of further checks, whatever the case */
    bool         mixed;   /* the event itself is about several things, by rows of their own */
    bool         more;    /* than have room here: not all resources can be told */
    vd_str       made, made_type; /* the format of what the call makes, when the catalogue has one for it; its type */
    /* Which places parameters of such names could fill, of those that came last; shape 0: of none. */
    uint64_t     shape, fillable;
} vd_plan;

/* label in lower case, name as in the record; nothing of them is kept when they have no room in the plan. */
void vd_plan_make(vd_plan *plan, const vd_catalog *catalog, vd_str label, vd_str name); /* catalog NULL: what is built in */
bool vd_plan_is_for(const vd_plan *plan, vd_str label, vd_str name);
/* The name without its version; label and name are those of the plan. */
vd_str vd_plan_plain(const vd_plan *plan, vd_str label, vd_str name);

const vd_plan_case *vd_plan_choose(const vd_plan *plan, uint64_t guards);
bool                vd_plan_holds(vd_plan_guard when, uint64_t guards);
/* Is this a kind that the action knows?  It becomes the one that it is known under. */
bool vd_plan_knows(const vd_plan *plan, const vd_plan_case *c, vd_kind *kind);
/* Is a further action told of what the event itself is told of?  Then it need not be told apart. */
bool vd_plan_is_told(const vd_plan *plan, const vd_plan_case *c, vd_str text);

/* ------------------------------------------------------------------ made.c */

/* What a call of this name makes: "CreateVolume", "Volume"; empty: nothing. */
vd_str vd_made_noun(vd_str name);
/* How that is called by the types of the action; empty: none is. */
void   vd_made_format(vd_str *format, vd_str *type, vd_str noun, const vd_catalog *catalog, uint32_t action);

#endif
