/* SPDX-License-Identifier: Apache-2.0
 *
 * Logs and reports of any kind, plain or compressed, as they are found.
 */
#include "usage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_collect(VD_USAGE_ANY, data, size);
}
