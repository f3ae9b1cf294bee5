/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of every byte of the input.  Each record ends in exactly one of the counters from VD_C_USED to
 * VD_C_REJECTED, and their sum is VD_C_EVENTS; the others tell more about some of them.
 */
#ifndef VERDICT_USAGE_COUNTERS_H
#define VERDICT_USAGE_COUNTERS_H

#include "base/base.h"

typedef enum vd_counter {
    VD_C_FILES,
    VD_C_FILES_READ,
    VD_C_FILES_PARTIAL,
    VD_C_FILES_UNRECOGNISED,
    VD_C_FILES_FAILED,
    VD_C_FILES_SKIPPED,
    VD_C_BYTES_IN,
    VD_C_BYTES_DECODED,
    VD_C_EVENTS,
    VD_C_USED,
    VD_C_DENIED,
    VD_C_AUTHN_FAIL,
    VD_C_DUP,
    VD_C_NONAPI,
    VD_C_AGGREGATED,
    VD_C_OUTSIDE_WINDOW,
    VD_C_FILTERED,
    VD_C_REJECTED,
    VD_C_ROWS, /* of tables and reports: evidence that is no event */
    VD_C_SHARED_SECONDARY,
    VD_C_SERVICE_PRINCIPAL,
    VD_C_UNKNOWN_PRINCIPAL,
    VD_C_CONSOLE_ACTION,
    VD_C_RP_TRUNCATED,
    VD_C_RP_MISSING,
    VD_C_GUARD_UNKNOWN,
    VD_C_RESOURCE_UNRESOLVED,
    VD_C_DUP_KEY,
    VD_C_DUP_POSSIBLE,
    VD_C_BAD_UTF8,
    VD_C_NO_VERSION,
    VD_C_VERSION_MINOR_NEW,
    VD_C_NO_EVENT_ID,
    VD_C_ANNOTATED,
    VD_C_LATE, /* addenda */
    VD_C_CODES, /* from here on: one for each row of vd_codes */
    VD_COUNTERS = VD_C_CODES + 40
} vd_counter;

/* What is wrong with a record or a file, with the name that messages show. */
typedef enum vd_usage_code {
    VD_U_NO_TIME, /* up to VD_U_RECORD_CODES: a record is lost */
    VD_U_NO_SOURCE,
    VD_U_NO_NAME,
    VD_U_VERSION_MAJOR,
    VD_U_TIME_IMPLAUSIBLE,
    VD_U_LIMIT_DEPTH,
    VD_U_LIMIT_RECORD,
    VD_U_LIMIT_FIELD,
    VD_U_JSON_BAD_RECORD,
    VD_U_JSON_BAD_LINE,
    VD_U_NO_RECORD,
    VD_U_CSV_BAD_ROW,
    VD_U_SQL_STRUCT_AMBIGUOUS,
    VD_U_CSV_NO_PRINCIPAL,
    VD_U_CSV_WILDCARD,
    VD_U_RECORD_CODES,
    VD_U_GZ_TRUNCATED = VD_U_RECORD_CODES, /* a file ends early, or is none of ours */
    VD_U_GZ_CORRUPT,
    VD_U_GZ_TRAILING,
    VD_U_JSON_TRUNCATED,
    VD_U_JSON_TAIL_LOST,
    VD_U_READ_ERROR,
    VD_U_UNRECOGNISED,
    VD_U_SKIPPED_BY_KIND,
    VD_U_ZSTD,
    VD_U_BAD_DOCUMENT,
    VD_U_AA_NO_SUBJECT,
    VD_U_AA_NOT_COMPLETED,
    VD_U_AA_TRUNCATED,
    VD_U_LIMIT_DOCUMENT,
    VD_U_SUM_TRUNCATED,
    VD_U_UNIT_MISSING, /* that a digest names; counted when a summary is written, of all of it */
    VD_U_UNIT_CHANGED,
    VD_U_OTHER_TIME, /* by its name: it was not opened */
    VD_U_CODES
} vd_usage_code;

vd_str vd_counter_name(uint32_t counter); /* as in a summary; empty: no such counter */
vd_str vd_usage_code_name(vd_usage_code code);
/* What is said when there is nothing more particular. */
vd_str vd_usage_code_text(vd_usage_code code);
/* VD_COUNTERS: none is called so. */
uint32_t vd_counter_find(vd_str name);

#endif
