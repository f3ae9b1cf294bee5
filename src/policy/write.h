/* SPDX-License-Identifier: Apache-2.0
 *
 * Nodes and strings as JSON text.
 */
#ifndef VERDICT_POLICY_WRITE_H
#define VERDICT_POLICY_WRITE_H

#include "base/buf.h"
#include "text/doc.h"

void vd_json_of_string(vd_buf *out, vd_str s);
void vd_json_of_nodes(vd_buf *out, const vd_doc *doc, uint32_t node); /* failure sticks in out */

#endif
