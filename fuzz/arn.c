/* SPDX-License-Identifier: Apache-2.0
 *
 * A pattern, a line feed, an ARN: what is coded and matched flat is what the twins find field by field (E305, E534).
 * Cutting the pattern into variables leaves nothing out.
 */
#include "fuzz.h"

#include "pattern/arn.h"
#include "pattern/template.h"
#include "base/str.h"
#include "twins.h"

#include <string.h>

enum { MOST_CELLS = 1 << 19 };

static void check_resource(char *out, vd_str text, vd_str arn)
{
    size_t           used, n = vd_resource_code(out, text, false, &used);
    vd_resource_form form = vd_resource_classify(text, false);
    bool             got = vd_glob_match((vd_str){ out, n }, arn);

    fuzz_check(used == text.n, "plain text has no variables");
    fuzz_check(n <= text.n + 12, "%zu bytes of %zu", n, text.n);
    if (form == VD_RESOURCE_OK || form == VD_RESOURCE_SHORT || form == VD_RESOURCE_STARS)
        fuzz_check(got == twin_resource(text, arn), "E305: the twin says %d", !got);
}

static void check_arn_like(char *out, vd_str text, vd_str arn)
{
    size_t n;
    bool   both, ok = vd_arn_code(out, &n, text), want = twin_arn_like(text, arn, &both), empty;

    fuzz_check(ok == (vd_arn_fields(text, false, &empty) == 6), "E534: fields");
    if (both)
        fuzz_check(ok && vd_glob_match((vd_str){ out, n }, arn) == want, "E534: the twin says %d", want);
}

static void check_variables(char *out, vd_str text, vd_str arn)
{
    size_t  used, n = vd_resource_code(out, text, true, &used), at = 0, before = 0;
    vd_part part;

    fuzz_check(used <= text.n, "used %zu of %zu", used, text.n);
    if (used < text.n) {
        at = used;
        fuzz_check(vd_template_next(text, &at, &part) && part.kind != VD_PART_TEXT, "stopped at plain text");
    } else if (!vd_template_has_parts(text)) {
        size_t plain_used;
        char  *plain = malloc(text.n + 12);

        if (!plain)
            abort();
        fuzz_check(vd_resource_code(plain, text, false, &plain_used) == n && memcmp(plain, out, n) == 0,
                   "no variables, yet they matter");
        free(plain);
    }
    vd_glob_match((vd_str){ out, n }, arn);
    for (at = 0; vd_template_next(text, &at, &part); before = at)
        fuzz_check(part.offset == before && part.length == at - before && part.length > 0, "a gap");
    fuzz_check(before == text.n, "%zu of %zu cut", before, text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size_t         m = end ? (size_t)(end - data) : size;
    vd_str         text = { (const char *)data, m };
    vd_str         arn = { (const char *)data + m + (end ? 1 : 0), end ? size - m - 1 : 0 };
    char          *out;

    for (size_t i = 0; i < m; i++)
        if (vd_is_wild(text.p[i])) /* a policy's text is UTF-8 */
            return 0;
    if (m && arn.n >= MOST_CELLS / m)
        return 0;
    out = malloc(m + 12);
    if (!out)
        abort();
    check_resource(out, text, arn);
    check_arn_like(out, text, arn);
    check_variables(out, text, arn);
    free(out);
    return 0;
}
