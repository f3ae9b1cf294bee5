/* SPDX-License-Identifier: Apache-2.0
 *
 * What must hold between answers, whatever the evaluator says of single requests.
 */
#include "truth.h"

#include <stdlib.h>
#include <string.h>

const question laws[1];
const uint32_t law_count = 0;
