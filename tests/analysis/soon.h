/* SPDX-License-Identifier: Apache-2.0
 *
 * The library, with functions that it does not have yet.
 */
#ifndef VERDICT_TESTS_ANALYSIS_SOON_H
#define VERDICT_TESTS_ANALYSIS_SOON_H

#include <verdict/verdict.h>

#include <verdict/analyze.h>

/* Functions of analyze.h that are still to come: a weak name is NULL until then. */
#pragma weak vd_witness_request
#pragma weak vd_flag_name
#pragma weak vd_access_name
#pragma weak vd_diff
#pragma weak vd_grants
#pragma weak vd_zone_new
#pragma weak vd_zone_read
#pragma weak vd_zone_parse
#pragma weak vd_zone_free
#pragma weak vd_exposed_name
#pragma weak vd_exposure
#pragma weak vd_redundant_name
#pragma weak vd_redundant

#endif
