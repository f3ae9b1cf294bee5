/* SPDX-License-Identifier: Apache-2.0
 *
 * The scanner and the reader of records as machines without SSE2 have them, under other names.
 */
#ifndef VERDICT_TESTS_PLAIN_SCAN_H
#define VERDICT_TESTS_PLAIN_SCAN_H

#include "usage/record.h"

vd_scan     plain_value(const char *p, const char *end, const char **next);
vd_scan     plain_nested(const char *p, const char *end, const char **next);
const char *plain_string_on(const char *p, const char *end, bool *escaped);
const char *plain_bytes(const char *p, const char *end, vd_str bytes);
size_t      plain_skip_feed(vd_skip *s, const char *p, const char *end);
void        plain_schema_init(vd_record_schema *schema);
vd_scan     plain_record_read(vd_record *r, vd_record_schema *schema, const char *p, const char *end, const char **next);

#endif
