/* SPDX-License-Identifier: Apache-2.0
 *
 * Endpoint policies, boundaries, session policies.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_guardrail = { .name = "guardrail" };
