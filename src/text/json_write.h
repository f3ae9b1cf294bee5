/* SPDX-License-Identifier: Apache-2.0
 *
 * The only user of jansson: building values and dumping them in a fixed order (members as they were added).
 */
#ifndef VERDICT_TEXT_JSON_WRITE_H
#define VERDICT_TEXT_JSON_WRITE_H

#include "base/buf.h"

typedef struct json_t vd_json; /* jansson's; owned references unless said otherwise */

vd_json *vd_json_object(void);
vd_json *vd_json_array(void);
vd_json *vd_json_string(vd_str s); /* bytes that are not UTF-8 become U+FFFD */
vd_json *vd_json_int(int64_t v);
vd_json *vd_json_real(double v);
vd_json *vd_json_bool(bool v);
vd_json *vd_json_null(void);
vd_json *vd_json_raw(vd_str json); /* a text of our own making, parsed; NULL when it is no JSON */

/* Both take over value (also on failure, also NULL).  Failure sticks: vd_json_dump then returns VD_ENOMEM. */
void vd_json_set(vd_json *object, const char *key, vd_json *value);
void vd_json_push(vd_json *array, vd_json *value);
void vd_json_drop(vd_json *v);

/* indent 0: one line.  Takes over v.  Of text, what would reorder or hide text in a viewer is written as \u202e: the value
 * is the same. */
vd_code vd_json_dump(vd_buf *out, vd_json *v, int indent);

#endif
