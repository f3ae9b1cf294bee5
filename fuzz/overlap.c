/* SPDX-License-Identifier: Apache-2.0
 *
 * A pattern, a line feed, a pattern: covers and overlaps say what the twin says, which follows both letter by letter.  In
 * the patterns + and ! are the narrow star and the narrow any.
 */
#include "fuzz.h"

#include "pattern/overlap.h"
#include "twins.h"

#include <string.h>

enum { MOST = 31 };

static bool is_ascii(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80 && !vd_is_wild(s.p[i]))
            return false;
    return true;
}

/* Runs of stars are one, as vd_glob_code and arn.c make them. */
static vd_str code(char *out, const uint8_t *data, size_t n)
{
    size_t m = 0;

    for (size_t i = 0; i < n; i++) {
        char c = data[i] == '*' ? VD_STAR : data[i] == '?' ? VD_ANY : data[i] == '+' ? VD_STAR_IN :
                 data[i] == '!' ? VD_ANY_IN : (char)data[i];
        bool star = c == VD_STAR || c == VD_STAR_IN;

        if (star && m && (out[m - 1] == VD_STAR || out[m - 1] == VD_STAR_IN))
            out[m - 1] = c == VD_STAR ? c : out[m - 1];
        else
            out[m++] = c;
    }
    return (vd_str){ out, m };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t         m = end ? (size_t)(end - data) : size, n = end ? size - m - 1 : 0;
    char          *a = malloc(m ? m : 1), *b = malloc(n ? n : 1);
    vd_str         p, q;
    bool           covers, overlaps, got;

    if (!a || !b)
        abort();
    p = code(a, data, m);
    q = n ? code(b, end + 1, n) : (vd_str){ b, 0 };
    got = vd_glob_covers(p, q);
    fuzz_check(!got || vd_glob_overlaps(p, q) == vd_glob_overlaps(q, p), "it overlaps one way only");
    if (p.n <= MOST && q.n <= MOST && is_ascii(p) && is_ascii(q) && twin_compare(p, q, &covers, &overlaps)) {
        fuzz_check(got == covers, "the twin says covers is %d", covers);
        fuzz_check(vd_glob_overlaps(p, q) == overlaps, "the twin says overlaps is %d", overlaps);
    }
    free(a);
    free(b);
    return 0;
}
