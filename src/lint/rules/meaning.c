/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions: what they mean.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_meaning = { .name = "meaning" };
