/* SPDX-License-Identifier: Apache-2.0
 *
 * Service control policies.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_scp = { .name = "scp" };
