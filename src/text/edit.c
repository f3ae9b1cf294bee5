/* SPDX-License-Identifier: Apache-2.0
 *
 * Making edits.
 */
#include "text/edit.h"

#include "base/str.h"

bool vd_splices_clash(const vd_splice *a, const vd_splice *b)
{
    if (a->start == b->start)
        return true;
    return a->start < b->end && b->start < a->end;
}

bool vd_splice_all(vd_buf *out, vd_str text, const vd_splice *at, uint32_t count)
{
    uint32_t done = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (at[i].start < done || at[i].end < at[i].start || at[i].end > text.n)
            return false;
        vd_buf_add(out, (vd_str){ text.p + done, at[i].start - done });
        vd_buf_add(out, at[i].text);
        done = at[i].end;
    }
    vd_buf_add(out, vd_str_from(text, done));
    return true;
}
