/* SPDX-License-Identifier: Apache-2.0
 *
 * Resource policies.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_resource_policy = { .name = "resource-policy" };
