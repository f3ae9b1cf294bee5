/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of a loaded suite, for the files of this room.  scenario.c reads the shape, policies.c turns policy
 * references into sets, run.c and coverage.c only look.
 */
#ifndef VERDICT_SCENARIO_SUITE_H
#define VERDICT_SCENARIO_SUITE_H

#include "base/map.h"
#include "request/request.h"

#include <verdict/scenario.h>

/* The kinds of policies a scenario may hold, in the order in which they are added to a set. */
typedef enum vd_slot {
    VD_SLOT_IDENTITY,
    VD_SLOT_BOUNDARY,
    VD_SLOT_SESSION,
    VD_SLOT_RESOURCE,
    VD_SLOT_ACCESS_POINT,
    VD_SLOT_SCP,
    VD_SLOT_RCP,
    VD_SLOT_ENDPOINT,
    VD_SLOT_COUNT
} vd_slot;

extern const vd_str vd_slot_names[VD_SLOT_COUNT];

/* A policy that was asked for: the policy, or why it is none (E009: the cases that use it end in an error). */
typedef struct vd_loaded {
    vd_policy *policy;
    vd_error  *error;
} vd_loaded;

typedef struct vd_case_set {
    uint32_t        slots[VD_SLOT_COUNT]; /* node of each kind in the document, VD_NONE: not given */
    vd_set         *set;                  /* NULL: */
    const vd_error *error;                /* a policy of it is unusable */
} vd_case_set;

typedef struct vd_case_int {
    vd_case   pub;
    vd_expect expect;
    uint32_t  defaults, request, state; /* nodes, VD_NONE: none */
    uint32_t  set;                      /* index in sets */
} vd_case_int;

struct vd_suite {
    vd_engine *engine;
    vd_arena   arena;
    vd_source  source;
    vd_locator locator; /* cases come in rising order */
    vd_doc     doc;
    VD_VEC(vd_case_int) cases;
    VD_VEC(vd_case_set) sets;
    VD_VEC(vd_loaded) loaded;
    vd_map    set_map;    /* slots to sets */
    vd_intern references; /* "kind/path" or "kind#node" to loaded */
    const vd_suite_opts *opts; /* while loading */
    vd_diags            *notes;
};

vd_code vd_suite_fail(const vd_suite *s, uint32_t node, vd_error *err, const char *format, ...) VD_PRINTF(4, 5);

/* The set for the policies at these nodes, made once. */
vd_code vd_suite_compile(vd_suite *s, const uint32_t slots[VD_SLOT_COUNT], uint32_t *set, vd_error *err);

/* coverage.c: marks what an explanation reached. */
vd_code vd_coverage_mark(vd_coverage *c, const vd_explained *e, vd_error *err);

#endif
