/* SPDX-License-Identifier: Apache-2.0
 *
 * Templates, plans, files.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_template = { .name = "template" };
