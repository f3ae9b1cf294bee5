/* SPDX-License-Identifier: Apache-2.0
 *
 * page KIND: the report of a made-up company on standard output, for a browser to look at.
 */
#include "fixture.h"

static const char hostile[] = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{7*7}}\xe2\x80\xae" "gpj.\0\x1b[31m</style></title>"
                              "<!--\xff\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d";

int main(int argc, char **argv)
{
    static const struct {
        const char *kind;
        uint32_t    principals, each;
        const char *name;
        size_t      name_size;
    } kinds[] = {
        { "company", 9, 5, NULL, 0 }, { "one", 1, 4, NULL, 0 },   { "nothing", 0, 0, NULL, 0 },
        { "large", 500, 12, NULL, 0 }, { "hostile", 3, 4, hostile, sizeof hostile - 1 },
        { "identities", 9, 0, NULL, 0 },
    };

    for (size_t i = 0; argc == 2 && i < VD_COUNT(kinds); i++) {
        fixture x;
        vd_buf  out = vd_buf_on(vd_allocator_default(), 0);
        bool    ok;

        if (strcmp(argv[1], kinds[i].kind) != 0)
            continue;
        fixture_make(&x, kinds[i].principals, kinds[i].each, kinds[i].name, kinds[i].name_size);
        if (strcmp(argv[1], "identities") == 0)
            fixture_identities(&x);
        ok = vd_render_unused_html(&out, NULL, &x.job) == VD_OK && fwrite(out.p, 1, out.n, stdout) == out.n && fflush(stdout) == 0;
        vd_buf_done(&out);
        fixture_done(&x);
        return !ok;
    }
    fprintf(stderr, "usage: page company|one|nothing|large|hostile|identities\n");
    return 2;
}
