/* SPDX-License-Identifier: Apache-2.0
 *
 * A pattern, a line feed, a text: the walk, the simulation and the twin agree.  In the pattern + and ! are the narrow
 * star and the narrow any.
 */
#include "fuzz.h"

#include "pattern/glob.h"
#include "pattern/glob_int.h"
#include "twins.h"

#include <string.h>

enum { MOST_CELLS = 1 << 19 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t         m = end ? (size_t)(end - data) : size, n = end ? size - m - 1 : 0;
    char          *p = malloc(m ? m : 1), *s = malloc(n ? n : 1);
    vd_str         coded = { p, m }, text = { s, n };
    vd_glob_job    job = { .p = p, .n = m, .s = text, .to = n };
    bool           got, nfa = false;
    vd_glob_shape  shape;

    if (!p || !s)
        abort();
    for (size_t i = 0; i < m; i++)
        p[i] = data[i] == '*' ? VD_STAR : data[i] == '?' ? VD_ANY : data[i] == '+' ? VD_STAR_IN :
               data[i] == '!' ? VD_ANY_IN : (char)data[i];
    if (n)
        memcpy(s, data + m + 1, n);
    got = vd_glob_match(coded, text);
    fuzz_check(vd_glob_nfa(&nfa, &job), "no room for %zu bytes", m);
    fuzz_check(nfa == got, "the walk says %d, the simulation %d", got, nfa);
    if (m == 0 || n < MOST_CELLS / m)
        fuzz_check(got == twin_glob(coded, text), "the twin says %d", !got);
    shape = vd_glob_classify(coded);
    if (shape == VD_GLOB_ALL)
        fuzz_check(got, "a star that does not match");
    if (shape == VD_GLOB_LITERAL)
        fuzz_check(got == (m == n && (n == 0 || memcmp(p, s, n) == 0)), "a literal");
    if (shape == VD_GLOB_PREFIX)
        fuzz_check(got == (m - 1 <= n && memcmp(p, s, m - 1) == 0), "a prefix");
    if (shape == VD_GLOB_SUFFIX)
        fuzz_check(got == (m - 1 <= n && memcmp(p + 1, s + n - (m - 1), m - 1) == 0), "a suffix");
    free(p);
    free(s);
    return 0;
}
