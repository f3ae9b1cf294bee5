/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML texts that are refused before they are read: bytes that are none of it, and what would cost too much.
 */
#ifndef VERDICT_TEXT_YAML_CHECK_H
#define VERDICT_TEXT_YAML_CHECK_H

#include "text/reader.h"

#define VD_YAML_RULE VD_S("yaml-syntax")

vd_code vd_yaml_check(vd_reader *r);

#endif
