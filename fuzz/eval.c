/* SPDX-License-Identifier: Apache-2.0
 *
 * Tree against interpreter: the bytes steer a generator of policy sets and requests; a difference aborts.
 */
#include "fuzz.h"

#include "agree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    agree_counts counts = { 0 };

    agree_run(data, size < 4096 ? size : 4096, 8, &counts);
    return 0;
}
