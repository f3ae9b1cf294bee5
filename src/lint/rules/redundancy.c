/* SPDX-License-Identifier: Apache-2.0
 *
 * Redundant, unreachable, contradictory.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_redundancy = { .name = "redundancy" };
