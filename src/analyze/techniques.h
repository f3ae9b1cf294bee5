/* SPDX-License-Identifier: Apache-2.0
 *
 * Ways from one principal to another (techniques.json, analysis 10.2), read strictly: what is called on what, by whom
 * together, which facts must hold, and what one has afterwards.  Files of users say the same in the same words.
 */
#ifndef VERDICT_ANALYZE_TECHNIQUES_H
#define VERDICT_ANALYZE_TECHNIQUES_H

#include "base/arena.h"
#include "text/doc.h"

#include <verdict/catalog.h>

/* What a name of "bind" stands for. */
typedef enum vd_bound_kind {
    VD_BOUND_ROLE,       /* of the caller's account: only those can be passed (E771) */
    VD_BOUND_ANY_ROLE,   /* of any account */
    VD_BOUND_USER,
    VD_BOUND_PRINCIPAL,  /* user or role */
    VD_BOUND_GROUP,
    VD_BOUND_POLICY,     /* customer managed */
    VD_BOUND_ATTACHABLE, /* any managed policy whose text is known */
    VD_BOUND_VERSION,    /* of the policy */
    VD_BOUND_DOCUMENT,   /* that the principal holds */
    VD_BOUND_PROVIDER,   /* of identities, in the trust policy of the role */
    VD_BOUND_RESOURCE,   /* of any service */
    VD_BOUND_THING,      /* of one type */
    VD_BOUND_NEW         /* made by the caller: a pattern of ARNs */
} vd_bound_kind;

typedef struct vd_bound_name {
    vd_str  name;
    uint8_t kind;
    vd_str  type, pattern; /* of VD_BOUND_THING, VD_BOUND_NEW */
} vd_bound_name;

/* Whereupon a call is made. */
typedef enum vd_target { VD_ON_ANY, VD_ON_SELF, VD_ON_ACCOUNT, VD_ON_BOUND, VD_ON_ARN } vd_target;
/* "D.inline": only when the document is there in this way. */
typedef enum vd_part_of {
    VD_PART_WHOLE,
    VD_PART_INLINE,
    VD_PART_ATTACHED,
    VD_PART_GROUP,
    VD_PART_GROUP_INLINE,
    VD_PART_GROUP_ATTACHED,
    VD_PART_OBJECTS /* what is in a bucket */
} vd_part_of;

typedef struct vd_way_call_alt {
    vd_str   action;
    uint8_t  target; /* vd_target */
    uint8_t  part;   /* vd_part_of */
    uint32_t bound;  /* VD_ON_BOUND */
    vd_str   text;   /* VD_ON_ARN */
    uint32_t id;     /* of vd_effective_action */
} vd_way_call_alt;

/* A key that the call has with this value; absent: must be able to do without. */
typedef struct vd_way_pin {
    vd_str   key, value;
    bool     absent;
    uint32_t bound;    /* the value is what this name stands for; else VD_NONE */
    bool     boundary; /* ... its permissions boundary, absent when it has none */
} vd_way_pin;

typedef struct vd_way_call {
    uint32_t         group;    /* calls of one group are made by one identity; numbered from 0 */
    bool             optional; /* helps, is not needed */
    vd_way_call_alt *alts;     /* one of them */
    uint32_t         alt_count, alt_cap;
    vd_way_pin      *pins;
    uint32_t         pin_count, pin_cap;
} vd_way_call;

typedef enum vd_fact {
    VD_FACT_TRUSTS,
    VD_FACT_TRUSTS_MISSING,
    VD_FACT_TRUSTS_WEB,
    VD_FACT_ATTACHED,
    VD_FACT_NOT_ATTACHED,
    VD_FACT_CUSTOMER_MANAGED,
    VD_FACT_VERSION,
    VD_FACT_BOUNDARY,
    VD_FACT_BOUNDED,
    VD_FACT_DENIES,
    VD_FACT_READS_TAGS,
    VD_FACT_MEMBER_OF,
    VD_FACT_NOT_MEMBER_OF,
    VD_FACT_KEY_COUNT,
    VD_FACT_KEY_COUNT_BELOW,
    VD_FACT_HAS_PASSWORD,
    VD_FACT_NO_PASSWORD,
    VD_FACT_NOT_SERVICE_LINKED,
    VD_FACT_RUNS_AS,
    VD_FACT_SSM_MANAGED,
    VD_FACT_EXEC_ENABLED,
    VD_FACT_CONTROLS,
    VD_FACT_CREDENTIAL,
    VD_FACT_EXISTS,
    VD_FACT_NAMED,
    VD_FACT_PATHED,
    VD_FACT_EXPOSED,
    VD_FACT_IS_MANAGEMENT,
    VD_FACT_DELEGATED_ADMIN,
    VD_FACT_SSO_OWNER,
    VD_FACT_COUNT
} vd_fact;
const char *vd_fact_name(uint8_t fact); /* "trusts" */

typedef struct vd_fact_arg {
    uint8_t  target; /* VD_ON_BOUND, VD_ON_SELF, VD_ON_ACCOUNT; VD_ON_ARN: a text */
    uint32_t bound;
    vd_str   text;
} vd_fact_arg;
typedef struct vd_way_fact {
    uint8_t     fact;
    vd_fact_arg args[2];
    uint32_t    arg_count;
} vd_way_fact;

typedef enum vd_result {
    VD_RESULT_BECOMES,
    VD_RESULT_RAISE,
    VD_RESULT_JOIN,
    VD_RESULT_UNCAP,
    VD_RESULT_UNSCP,
    VD_RESULT_ADOPT,
    VD_RESULT_DROP,
    VD_RESULT_RETAG,
    VD_RESULT_ADMIN,
    VD_RESULT_REACH,
    VD_RESULT_MEETS,
    VD_RESULT_COUNT
} vd_result;
const char *vd_result_name(uint8_t result); /* "becomes" */

typedef struct vd_way {
    vd_str         id, class_name, undo;
    vd_pos         at;
    vd_bound_name *bounds;
    uint32_t       bound_count, bound_cap;
    vd_way_call   *calls;
    uint32_t       call_count, call_cap, group_count;
    vd_way_fact   *facts;
    uint32_t       fact_count, fact_cap;
    uint8_t        result;
    vd_fact_arg    gains;   /* R of {"becomes": "R"}, "account" of {"admin": "account"} ... */
    vd_fact_arg    who;     /* of join, adopt, drop: who has it then */
    vd_str        *reaches; /* of reach: patterns of actions */
    uint32_t       reach_count, reach_cap;
    bool           potential; /* never certain */
    bool           own;       /* looks at the caller itself, not only at what it holds; vd_offers_open tells */
    bool           things;    /* binds a thing, whose policy may */
} vd_way;

typedef struct vd_ways {
    vd_way  *at;
    uint32_t count, cap;
} vd_ways;

/* Adds the ways of a text; everything but the name lives in the arena.  VD_ESYNTAX, VD_EINVAL with a place. */
vd_code vd_ways_read(vd_ways *out, vd_arena *arena, vd_str name, vd_str text, vd_error *err);
/* Those of a catalogue. */
vd_code vd_ways_of(vd_ways *out, vd_arena *arena, const vd_catalog *catalog, vd_error *err);

#endif
