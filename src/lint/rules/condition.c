/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions: grammar and types.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_condition = { .name = "condition" };
