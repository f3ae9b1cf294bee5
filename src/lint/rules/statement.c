/* SPDX-License-Identifier: Apache-2.0
 *
 * The shape of statements.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_statement = { .name = "statement" };
