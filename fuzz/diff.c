/* SPDX-License-Identifier: Apache-2.0
 *
 * Unified diffs: what is read has files with names and touched places in rising order; what fails says where.  The two
 * halves of the input as texts give a diff that reads back as touching each line that is new.
 */
#include "fuzz.h"

#include "text/edit.h"
#include "text/unified.h"

static void check_read(vd_arena *arena, vd_str text)
{
    vd_source source = { .name = VD_S("fuzz.diff"), .text = text };
    vd_error  err = { .size = sizeof err };
    vd_unified   d;
    vd_code   code = vd_diff_read(&d, arena, &source, &err);

    if (code != VD_OK) {
        fuzz_check(code == VD_ESYNTAX && err.text[0] && err.at.line, "code %d without a place", code);
        return;
    }
    for (uint32_t i = 0; i < d.count; i++)
        for (uint32_t k = 0; k < d.files[i].count; k++) {
            const vd_touched *t = &d.files[i].at[k];

            fuzz_check(vd_diff_touches(&d.files[i], t->first, t->count ? t->first : t->first + 1, true),
                       "place %u of file %u", k, i);
        }
}

static void check_written(vd_arena *arena, vd_str was, vd_str now)
{
    vd_buf    b = vd_buf_on(vd_allocator_default(), 0);
    vd_source source = { .name = VD_S("made.diff") };
    vd_unified   d;

    fuzz_check(vd_diff_unified(&b, arena, VD_S("a/x"), was, VD_S("b/x"), now), "no memory");
    source.text = vd_buf_str(&b);
    fuzz_check((b.n == 0) == (was.n == now.n && memcmp(was.p, now.p, was.n) == 0), "%zu bytes of diff", b.n);
    fuzz_check(vd_diff_read(&d, arena, &source, NULL) == VD_OK, "our own diff does not read");
    fuzz_check(d.count == (b.n > 0), "%u files", d.count);
    vd_buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    vd_str   text = { (const char *)data, size }, was = { text.p, size / 2 }, now = { text.p + size / 2, size - size / 2 };

    check_read(&arena, text);
    if (size < 4096)
        check_written(&arena, was, now);
    vd_arena_done(&arena);
    return 0;
}
