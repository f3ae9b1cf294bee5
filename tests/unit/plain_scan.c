/* SPDX-License-Identifier: Apache-2.0
 *
 * The same files as in the library, compiled without what only some processors have.
 */
#define VD_SCAN_PLAIN

#define vd_scan_quote_portable   plain_quote_portable
#define vd_scan_bracket_portable plain_bracket_portable
#define vd_scan_quote            plain_quote
#define vd_scan_bracket          plain_bracket
#define vd_scan_bytes            plain_bytes
#define vd_scan_string_on        plain_string_on
#define vd_scan_nested           plain_nested
#define vd_scan_value            plain_value
#define vd_skip_feed             plain_skip_feed
#define vd_scan_member           plain_member
#define vd_record_knows          plain_record_knows
#define vd_record_schema_init    plain_schema_init
#define vd_record_read           plain_record_read

#include "plain_scan.h"

#include "usage/record.c"
#include "usage/scan.c"
