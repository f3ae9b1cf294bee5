/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables.
 */
#include "usage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_collect(VD_USAGE_CSV, data, size);
}
