/* SPDX-License-Identifier: Apache-2.0
 *
 * One sentence about a layer: why it was ignored, what its silence means, what it would have taken (E815).
 */
#ifndef VERDICT_EXPLAIN_REMARK_H
#define VERDICT_EXPLAIN_REMARK_H

#include "explain/trace.h"

vd_str vd_layer_ignored_because(vd_tracer *t, const vd_check_result *c, vd_layer layer);
vd_str vd_layer_remark(vd_tracer *t, const vd_check_result *c, const vd_layer_trace *l);
/* What a layer contributed to an allow. */
void   vd_remark_allow(char *out, size_t size, const vd_check_result *c, const vd_finding *f);

#endif
