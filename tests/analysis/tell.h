/* SPDX-License-Identifier: Apache-2.0
 *
 * What the callbacks of analyze.h get, as JSON: every member is there, always.
 */
#ifndef VERDICT_TESTS_ANALYSIS_TELL_H
#define VERDICT_TESTS_ANALYSIS_TELL_H

#include "analysis.h"

json_t *tell_exposed(const vd_exposed *x);
json_t *tell_delta(const vd_delta *d);
json_t *tell_grant(const vd_grant *g);
json_t *tell_redundant(const vd_redundant_part *p);
json_t *tell_witness(const vd_witness *w);

extern const char *const tell_exposed_members[], *const tell_delta_members[], *const tell_grant_members[],
    *const tell_redundant_members[], *const tell_witness_members[];

#endif
