/* SPDX-License-Identifier: Apache-2.0
 *
 * The names of the counters and of what may be wrong: in this order they stand in a summary.
 */
#include "usage/counters.h"

#include "base/str.h"

static const vd_str names[VD_C_CODES] = {
    [VD_C_FILES] = VD_L("filesTotal"),
    [VD_C_FILES_READ] = VD_L("filesRead"),
    [VD_C_FILES_PARTIAL] = VD_L("filesPartial"),
    [VD_C_FILES_UNRECOGNISED] = VD_L("filesUnrecognised"),
    [VD_C_FILES_FAILED] = VD_L("filesFailed"),
    [VD_C_FILES_SKIPPED] = VD_L("filesSkippedKind"),
    [VD_C_BYTES_IN] = VD_L("bytesIn"),
    [VD_C_BYTES_DECODED] = VD_L("bytesDecoded"),
    [VD_C_EVENTS] = VD_L("eventsTotal"),
    [VD_C_USED] = VD_L("evUsed"),
    [VD_C_DENIED] = VD_L("evDenied"),
    [VD_C_AUTHN_FAIL] = VD_L("evAuthnFail"),
    [VD_C_DUP] = VD_L("evDup"),
    [VD_C_NONAPI] = VD_L("evNonapi"),
    [VD_C_AGGREGATED] = VD_L("evAggregated"),
    [VD_C_OUTSIDE_WINDOW] = VD_L("evOutsideWindow"),
    [VD_C_FILTERED] = VD_L("evFiltered"),
    [VD_C_REJECTED] = VD_L("evRejected"),
    [VD_C_ROWS] = VD_L("evidenceRows"),
    [VD_C_SHARED_SECONDARY] = VD_L("evSharedSecondary"),
    [VD_C_SERVICE_PRINCIPAL] = VD_L("evServicePrincipal"),
    [VD_C_UNKNOWN_PRINCIPAL] = VD_L("evUnknownPrincipal"),
    [VD_C_CONSOLE_ACTION] = VD_L("evConsoleAction"),
    [VD_C_RP_TRUNCATED] = VD_L("rpTruncated"),
    [VD_C_RP_MISSING] = VD_L("rpMissing"),
    [VD_C_GUARD_UNKNOWN] = VD_L("guardUnknown"),
    [VD_C_RESOURCE_UNRESOLVED] = VD_L("resourceUnresolved"),
    [VD_C_DUP_KEY] = VD_L("dupKey"),
    [VD_C_DUP_POSSIBLE] = VD_L("dupPossible"),
    [VD_C_BAD_UTF8] = VD_L("badUtf8"),
    [VD_C_NO_VERSION] = VD_L("noVersion"),
    [VD_C_VERSION_MINOR_NEW] = VD_L("versionMinorNew"),
    [VD_C_NO_EVENT_ID] = VD_L("noEventId"),
    [VD_C_ANNOTATED] = VD_L("annotated"),
    [VD_C_LATE] = VD_L("lateEvents"),
};

static const struct {
    vd_str name, counter, text;
} codes[VD_U_CODES] = {
    [VD_U_NO_TIME] = { VD_L("no-time"), VD_L("rejected.noTime"), VD_L("a record without eventTime") },
    [VD_U_NO_SOURCE] = { VD_L("no-source"), VD_L("rejected.noSource"), VD_L("a record without eventSource") },
    [VD_U_NO_NAME] = { VD_L("no-name"), VD_L("rejected.noName"), VD_L("a record without eventName") },
    [VD_U_VERSION_MAJOR] = { VD_L("version-major"), VD_L("rejected.versionMajor"), VD_L("an event version of which nothing is known") },
    [VD_U_TIME_IMPLAUSIBLE] = { VD_L("time-implausible"), VD_L("rejected.timeImplausible"),
                                VD_L("eventTime is before 2006 or in the future") },
    [VD_U_LIMIT_DEPTH] = { VD_L("limit-depth"), VD_L("rejected.limitDepth"), VD_L("a record nested deeper than 128 levels") },
    [VD_U_LIMIT_RECORD] = { VD_L("limit-record"), VD_L("rejected.limitRecord"), VD_L("a record larger than the limit") },
    [VD_U_LIMIT_FIELD] = { VD_L("limit-field"), VD_L("rejected.limitField"),
                           VD_L("a name in the record is longer than any that AWS gives") },
    [VD_U_JSON_BAD_RECORD] = { VD_L("json-bad-record"), VD_L("rejected.jsonBadRecord"), VD_L("a record that is no JSON object") },
    [VD_U_JSON_BAD_LINE] = { VD_L("json-bad-line"), VD_L("rejected.jsonBadLine"), VD_L("a line that is no JSON") },
    [VD_U_NO_RECORD] = { VD_L("no-record"), VD_L("rejected.noRecord"), VD_L("an object without a CloudTrail record") },
    [VD_U_CSV_BAD_ROW] = { VD_L("csv-bad-row"), VD_L("rejected.csvBadRow"), VD_L("a row that does not fit the header") },
    [VD_U_SQL_STRUCT_AMBIGUOUS] = { VD_L("sql-struct-ambiguous"), VD_L("rejected.sqlStructAmbiguous"),
                                    VD_L("a column as {k=v} text: commas and equals signs in it can mean two things") },
    [VD_U_CSV_NO_PRINCIPAL] = { VD_L("csv-no-principal"), VD_L("rejected.csvNoPrincipal"), VD_L("a row without principal") },
    [VD_U_CSV_WILDCARD] = { VD_L("csv-wildcard"), VD_L("rejected.csvWildcard"),
                            VD_L("a pattern: this is a table of what was done, not of what may be done") },
    [VD_U_GZ_TRUNCATED] = { VD_L("gz-truncated"), VD_L("gzTruncated"), VD_L("the gzip data ends early") },
    [VD_U_GZ_CORRUPT] = { VD_L("gz-corrupt"), VD_L("gzCorrupt"), VD_L("the gzip data is damaged") },
    [VD_U_GZ_TRAILING] = { VD_L("gz-trailing"), VD_L("gzTrailing"), VD_L("there is something else behind the gzip data") },
    [VD_U_JSON_TRUNCATED] = { VD_L("json-truncated"), VD_L("jsonTruncated"), VD_L("the text ends within a value") },
    [VD_U_JSON_TAIL_LOST] = { VD_L("json-tail-lost"), VD_L("jsonTailLost"), VD_L("from here on this is no JSON: the rest is lost") },
    [VD_U_READ_ERROR] = { VD_L("read-error"), VD_L("readError"), VD_L("cannot be read to its end") },
    [VD_U_UNRECOGNISED] = { VD_L("file-unrecognised"), VD_L("fileUnrecognised"), VD_L("no kind of log or report that is known") },
    [VD_U_SKIPPED_BY_KIND] = { VD_L("skipped-by-kind"), VD_L("skippedByKind"), VD_L("not a log of events") },
    [VD_U_ZSTD] = { VD_L("zstd"), VD_L("zstd"), VD_L("compressed with zstd: use `zstd -dc FILE | verdict usage collect -`") },
    [VD_U_BAD_DOCUMENT] = { VD_L("bad-document"), VD_L("badDocument"), VD_L("the report cannot be read") },
    [VD_U_AA_NO_SUBJECT] = { VD_L("aa-no-subject"), VD_L("aaNoSubject"), VD_L("whom is this report about? use --principal ARN") },
    [VD_U_AA_NOT_COMPLETED] = { VD_L("aa-not-completed"), VD_L("aaNotCompleted"), VD_L("the report was not finished when it was fetched") },
    [VD_U_AA_TRUNCATED] = { VD_L("aa-truncated"), VD_L("aaTruncated"), VD_L("the report goes on in further pages") },
    [VD_U_LIMIT_DOCUMENT] = { VD_L("limit-document"), VD_L("limitDocument"), VD_L("the report is larger than the limit") },
    [VD_U_UNIT_MISSING] = { VD_L("unit-missing"), VD_L("unitsMissing"), VD_L("a digest names a file of logs that is not there") },
    [VD_U_UNIT_CHANGED] = { VD_L("unit-changed"), VD_L("unitsChanged"), VD_L("a file of logs is not what its digest says") },
    [VD_U_OTHER_TIME] = { VD_L("other-time"), VD_L("filesOtherTime"), VD_L("its name says that it is of another time") },
    [VD_U_SUM_TRUNCATED] = { VD_L("sum-truncated"), VD_L("sumTruncated"), VD_L("the summary is damaged or ends early") },
};

_Static_assert(VD_U_CODES <= VD_COUNTERS - VD_C_CODES, "a counter for each code");

vd_str vd_counter_name(uint32_t counter)
{
    if (counter < VD_C_CODES)
        return names[counter];
    return counter - VD_C_CODES < VD_U_CODES ? codes[counter - VD_C_CODES].counter : VD_S("");
}

vd_str vd_usage_code_name(vd_usage_code code)
{
    return codes[code].name;
}

vd_str vd_usage_code_text(vd_usage_code code)
{
    return codes[code].text;
}

uint32_t vd_counter_find(vd_str name)
{
    if (vd_str_eq(name, VD_S("dupUnchecked"))) /* its name when nothing was known of what had no room */
        return VD_C_DUP_POSSIBLE;
    for (uint32_t i = 0; i < VD_COUNTERS; i++)
        if (name.n && vd_str_eq(vd_counter_name(i), name))
            return i;
    return VD_COUNTERS;
}
