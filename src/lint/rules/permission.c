/* SPDX-License-Identifier: Apache-2.0
 *
 * Powerful permissions.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_permission = { .name = "permission" };
