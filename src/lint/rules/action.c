/* SPDX-License-Identifier: Apache-2.0
 *
 * Actions.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_action = { .name = "action" };
