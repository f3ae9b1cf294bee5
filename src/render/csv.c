/* SPDX-License-Identifier: Apache-2.0 */
#include "render/csv.h"

#include "base/str.h"

void vd_put_csv(vd_buf *out, vd_str s, bool last)
{
    bool formula = s.n && strchr("=+-@\t\r", s.p[0]), quoted = formula;

    for (size_t i = 0; i < s.n && !quoted; i++)
        quoted = s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r';
    if (quoted)
        vd_buf_byte(out, '"');
    if (formula)
        vd_buf_byte(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            vd_buf_byte(out, '"');
        vd_buf_byte(out, s.p[i]);
    }
    if (quoted)
        vd_buf_byte(out, '"');
    vd_buf_add(out, last ? VD_S("\r\n") : VD_S(","));
}
