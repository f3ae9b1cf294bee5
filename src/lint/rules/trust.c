/* SPDX-License-Identifier: Apache-2.0
 *
 * Role trust policies.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_trust = { .name = "trust" };
