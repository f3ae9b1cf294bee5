/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields of tables that spreadsheets open.
 */
#ifndef VERDICT_RENDER_CSV_H
#define VERDICT_RENDER_CSV_H

#include "base/buf.h"

/* In quotes where it has to be (RFC 4180); what a spreadsheet would take for a formula begins with an apostrophe.  last: of
 * its line. */
void vd_put_csv(vd_buf *out, vd_str field, bool last);

#endif
