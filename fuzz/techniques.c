/* SPDX-License-Identifier: Apache-2.0
 *
 * Files of techniques: whatever stands in one, it is refused with a place or gives ways of which every part leads somewhere.
 */
#include "fuzz.h"

#include "analyze/techniques.h"

static void check_way(const vd_way *w)
{
    fuzz_check(w->id.n && w->call_count && w->group_count <= 8, "a way of %u calls", w->call_count);
    for (uint32_t i = 0; i < w->call_count; i++) {
        fuzz_check(w->calls[i].group < w->group_count && w->calls[i].alt_count, "call %u", i);
        for (uint32_t k = 0; k < w->calls[i].alt_count; k++)
            fuzz_check(w->calls[i].alts[k].target != VD_ON_BOUND || w->calls[i].alts[k].bound < w->bound_count, "call %u is on nothing", i);
    }
    for (uint32_t i = 0; i < w->fact_count; i++)
        for (uint32_t k = 0; k < w->facts[i].arg_count; k++)
            fuzz_check(w->facts[i].args[k].target != VD_ON_BOUND || w->facts[i].args[k].bound < w->bound_count, "fact %u", i);
    fuzz_check(w->result < VD_RESULT_COUNT, "result %u", w->result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    vd_ways  ways = { 0 };
    vd_error err = { .size = sizeof err };
    vd_code  code = vd_ways_read(&ways, &arena, VD_S("fuzz.json"), (vd_str){ (const char *)data, size }, &err);

    fuzz_check(code == VD_OK || (err.code == code && err.text[0]), "an error without text");
    for (uint32_t i = 0; i < ways.count; i++)
        check_way(&ways.at[i]);
    vd_arena_done(&arena);
    return 0;
}
