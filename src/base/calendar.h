/* SPDX-License-Identifier: Apache-2.0
 *
 * Seconds since 1970 as people and programs write them: UTC, the Gregorian calendar carried on in both directions, no leap
 * seconds.
 */
#ifndef VERDICT_BASE_CALENDAR_H
#define VERDICT_BASE_CALENDAR_H

#include "base/buf.h"

enum { VD_TIME_ROOM = 40 };

size_t vd_time_format(char out[VD_TIME_ROOM], int64_t seconds); /* "2026-03-01T09:00:00Z", no NUL; how many bytes */
void   vd_put_time(vd_buf *b, int64_t seconds);
void   vd_put_day(vd_buf *b, int64_t seconds); /* "2026-03-01" */

#endif
