/* SPDX-License-Identifier: Apache-2.0
 *
 * Document, sizes, identifiers.
 */
#include "lint/lint.h"

const vd_lint_group vd_lint_document = { .name = "document" };
