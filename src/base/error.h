/* SPDX-License-Identifier: Apache-2.0
 *
 * An error says that the call did not do its work.  vd_fail returns the code it was given, so that a failure is
 * one line where it is seen; err may be NULL.
 */
#ifndef VERDICT_BASE_ERROR_H
#define VERDICT_BASE_ERROR_H

#include "base/base.h"

vd_code vd_fail(vd_error *err, vd_code code, const char *format, ...) VD_PRINTF(3, 4);
vd_code vd_fail_at(vd_error *err, vd_code code, vd_pos at, const char *format, ...) VD_PRINTF(4, 5);
vd_code vd_fail_nomem(vd_error *err);
void    vd_error_hint(vd_error *err, const char *format, ...) VD_PRINTF(2, 3);

#endif
