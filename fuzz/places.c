/* SPDX-License-Identifier: Apache-2.0
 *
 * A template, a format of the catalogue and a record's parameters, a line each: filled for every element there is, and never
 * found to fit what was said not to be fillable.
 */
#include "fuzz.h"

#include "base/str.h"
#include "usage/plan.h"
#include "usage/walk.h"

#include <string.h>

static void fill(vd_walk *w, const vd_event_call *call, vd_str template, bool format, bool made)
{
    const vd_str type = VD_S("cluster"), name = VD_S("CreateCluster");
    bool         may = format ? made || vd_format_fillable(w, template, type, name) : vd_template_fillable(w, template);

    for (uint32_t i = 0; i < 100; i++) {
        vd_buf  text = vd_buf_on(vd_allocator_default(), 0);
        vd_fill got = format ? vd_format_fill(call, template, type, name, made, i, &text) :
                               vd_event_fill(call, template, i, &text);
        vd_kind kind;

        fuzz_check(got != VD_FILL_FITS || may, "it fits where it cannot");
        if (got == VD_FILL_FITS)
            (void)vd_kind_of(&kind, vd_buf_str(&text));
        vd_buf_done(&text);
        if (got == VD_FILL_END)
            return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_arena      scratch = vd_arena_on(vd_allocator_default(), 0);
    vd_str        rest = { (const char *)data, size }, template, format;
    char         *copy = malloc(size + VD_SCAN_PAD);
    const char   *next = NULL;
    vd_walk       w;
    vd_kind       kind;
    vd_event_call call = { VD_S("aws"), VD_S("eu-west-1"), VD_S("111122223333"), &vd_walk_bytes, &w, { { 0 }, 0 } };

    if (!copy)
        abort();
    if (vd_str_cut(&rest, '\n', &template) && vd_str_cut(&rest, '\n', &format) && rest.n) {
        memcpy(copy, rest.p, rest.n);
        memset(copy + rest.n, 0, VD_SCAN_PAD);
        if (vd_scan_value(copy, copy + rest.n, &next) == VD_SCAN_OK) {
            call.parameters.bytes = (vd_str){ copy, (size_t)(next - copy) };
            vd_walk_init(&w, &scratch, call.parameters.bytes);
            (void)vd_walk_shape(&w, 1);
            fill(&w, &call, template, false, false);
            fill(&w, &call, format, true, false);
            fill(&w, &call, format, true, true);
            (void)vd_kind_of_template(&kind, template);
            (void)vd_kind_of_template(&kind, format);
            vd_walk_unwrap(&w);
        }
    }
    free(copy);
    vd_arena_done(&scratch);
    return 0;
}
