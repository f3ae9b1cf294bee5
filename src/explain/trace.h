/* SPDX-License-Identifier: Apache-2.0
 *
 * What the interpreter found, told for people: every statement with every element of it (E813, E814), the layers, the
 * reasons in the order of E810, the near miss (E816), missing keys (E819) and notes (E812).
 */
#ifndef VERDICT_EXPLAIN_TRACE_H
#define VERDICT_EXPLAIN_TRACE_H

#include "base/map.h"
#include "explain/interpret.h"

#include <verdict/explain.h>

typedef struct vd_tracer {
    vd_arena  *arena;
    vd_locator locator;
    uint64_t   seed; /* of tables over keys */
    bool       nomem;
} vd_tracer;

/* The story of one check.  layers: also each layer with all its statements.  Look at t->nomem afterwards. */
vd_check_trace *vd_trace_check(vd_tracer *t, vd_check_result *c, bool layers);

/* The Allow that came closest in the layer of an implicit deny (E816); NULL: none. */
vd_statement_result *vd_trace_nearest(const vd_check_result *c, const vd_finding *f);

/* Small helpers for whoever writes sentences. */
vd_str      vd_trace_text(vd_tracer *t, const char *format, ...) VD_PRINTF(2, 3);
bool        vd_trace_keys(vd_tracer *t, vd_intern *keys, const vd_str **at, size_t *count); /* to its arena; uses keys up */
vd_pos      vd_trace_pos(vd_tracer *t, const vd_policy *p, vd_span span);
const char *vd_who_name(const vd_facts *f); /* "a role session" */

#endif
