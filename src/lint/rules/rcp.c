/* SPDX-License-Identifier: Apache-2.0
 *
 * Resource control policies.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_rcp = { .name = "rcp" };
