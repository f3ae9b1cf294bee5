/* SPDX-License-Identifier: Apache-2.0
 *
 * Summaries: what can be read of them is one again.
 */
#include "usage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_collect(VD_USAGE_SUMMARY, data, size);
}
