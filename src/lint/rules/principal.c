/* SPDX-License-Identifier: Apache-2.0
 *
 * Principals.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_principal = { .name = "principal" };
