/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules that AWS does not document, read the other way: which there are, and what becomes of the answers.
 */
#ifndef VERDICT_ANALYZE_READING_H
#define VERDICT_ANALYZE_READING_H

#include "analyze/exposing.h"

/* What x is to ask about in place of the document, if x->otherwise says that some rule is read otherwise; false: no memory. */
bool vd_policy_read_otherwise(vd_exposing *x, const vd_policy **policy);

/* One run, under one reading or (NULL) none. */
vd_code vd_exposure_once(const vd_set *set, const vd_zone *zone, const vd_exposure_opts *opts, vd_otherwise *otherwise,
                         vd_exposed_fn *tell, void *user, vd_exposure_summary *summary, vd_error *err);

#endif
