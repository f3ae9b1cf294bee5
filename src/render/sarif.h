/* SPDX-License-Identifier: Apache-2.0
 *
 * SARIF 2.1.0 as GitHub code scanning takes it: what is the same whoever found something.
 */
#ifndef VERDICT_RENDER_SARIF_H
#define VERDICT_RENDER_SARIF_H

#include "text/json_write.h"

#include <verdict/lint.h>

enum { VD_SARIF_MESSAGE = 1000 /* characters of a message */ };

vd_json *vd_sarif_text(vd_json *text); /* {"text": ...} */
vd_json *vd_sarif_safe(vd_str s, uint32_t most); /* made safe and cut */
vd_json *vd_sarif_artifact(vd_str file);
vd_json *vd_sarif_region(const vd_range *r, vd_str text); /* text: of the file that the range is in; empty: not at hand */

/* text: of the file that the edits are of. */
vd_json *vd_sarif_fix(vd_str title, vd_str path, vd_str text, const vd_lint_edit *edits, size_t count);

typedef struct vd_sarif_run {
    vd_json *rules, *results, *notifications; /* taken over by vd_sarif_write */
    vd_str   category; /* empty: none */
    int32_t  exit_code;
    vd_json *properties; /* of the invocation, taken over; NULL: none */
} vd_sarif_run;

vd_code vd_sarif_write(vd_buf *out, const vd_sarif_run *run);

#endif
