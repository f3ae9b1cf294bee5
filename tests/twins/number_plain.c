/* SPDX-License-Identifier: Apache-2.0
 *
 */
#include "twins.h"

#include "base/str.h"

#include <stdlib.h>

enum { SIDE = 1000 };

typedef struct spread {
    bool minus, zero;
    char digits[2 * SIDE];
} spread;

static void lay_out(spread *out, vd_str s)
{
    long   exponent = 0, place = 0;
    size_t e = 0;

    memset(out->digits, '0', sizeof out->digits);
    out->zero = true;
    out->minus = s.n && s.p[0] == '-';
    while (e < s.n && s.p[e] != 'e' && s.p[e] != 'E')
        e++;
    if (e < s.n) {
        char text[600] = { 0 };

        if (s.n - e - 1 >= sizeof text)
            abort();
        memcpy(text, s.p + e + 1, s.n - e - 1);
        exponent = strtol(text, NULL, 10);
    }
    for (size_t i = 0; i < e; i++) /* digits before the point */
        if (s.p[i] == '.')
            break;
        else if (vd_is_digit(s.p[i]))
            place++;
    for (size_t i = 0; i < e; i++) {
        long at = SIDE - place - exponent;

        if (!vd_is_digit(s.p[i]))
            continue;
        if (s.p[i] != '0') {
            if (at < 0 || at >= 2 * SIDE)
                abort();
            out->digits[at] = s.p[i];
            out->zero = false;
        }
        place--;
    }
}

int twin_number_cmp(vd_str a, vd_str b)
{
    spread *x = calloc(1, sizeof *x), *y = calloc(1, sizeof *y);
    int     c;

    if (!x || !y)
        abort();
    lay_out(x, a);
    lay_out(y, b);
    x->minus = x->minus && !x->zero;
    y->minus = y->minus && !y->zero;
    c = memcmp(x->digits, y->digits, sizeof x->digits);
    c = (c > 0) - (c < 0);
    if (x->minus != y->minus)
        c = x->minus ? -1 : 1;
    else if (x->minus)
        c = -c;
    free(x);
    free(y);
    return c;
}
