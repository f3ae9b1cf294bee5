/* SPDX-License-Identifier: Apache-2.0
 *
 * One statement held against the request, element by element, for people (E813, E814, E815).
 */
#ifndef VERDICT_EXPLAIN_DESCRIBE_H
#define VERDICT_EXPLAIN_DESCRIBE_H

#include "explain/trace.h"

/* The same statement gives the same trace every time.  NULL: no memory, t->nomem is set. */
const vd_statement_trace *vd_describe_statement(vd_tracer *t, vd_check_result *c, vd_statement_result *r);

#endif
