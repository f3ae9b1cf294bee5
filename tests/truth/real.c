/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents as people write them, and requests that stand near their values.
 */
#include "truth.h"

static void none(entry *e, chance *c)
{
    toy.entry(e, c);
}
static void nothing(world *out, const stack *a, const stack *b, chance *c)
{
    toy.world(out, a, b, c);
}
const vocabulary real = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, none, nothing };
