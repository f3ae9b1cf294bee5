/* SPDX-License-Identifier: Apache-2.0
 *
 * Resources.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_resource = { .name = "resource" };
