/* SPDX-License-Identifier: Apache-2.0
 *
 * The value of a quoted scalar of YAML.
 */
#ifndef VERDICT_TEXT_YAML_QUOTED_H
#define VERDICT_TEXT_YAML_QUOTED_H

#include "base/base.h"

/* inside: between the quotes.  out has room for twice its length.  False: an escape that means no code point. */
bool vd_yaml_unquote(char *out, size_t *length, vd_str inside, char quote);

#endif
