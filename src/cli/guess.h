/* SPDX-License-Identifier: Apache-2.0
 *
 * What may have been meant by a name that the catalogue does not have.
 */
#ifndef VERDICT_CLI_GUESS_H
#define VERDICT_CLI_GUESS_H

#include "base/buf.h"
#include "catalog/catalog.h"

/* Each adds a sentence without full stop to out: why there is no such thing, and what there is. */
void vd_guess_action(vd_buf *out, const vd_catalog *c, vd_str text); /* "s3:GetObjcet", a pattern too */
void vd_guess_key(vd_buf *out, const vd_catalog *c, vd_str text);
void vd_guess_word(vd_buf *out, const vd_catalog *c, vd_str text);   /* a prefix, or anything */

#endif
