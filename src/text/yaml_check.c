/* SPDX-License-Identifier: Apache-2.0
 *
 * What a YAML text must not be before libfyaml sees it.
 */
#include "text/yaml_check.h"

#include "base/error.h"
#include "base/str.h"
#include "base/utf8.h"

/* What libfyaml 0.7.12 takes too much time or memory for: it goes over blank lines within a scalar again and again,
 * compares each directive with each, and keeps all tokens of a flow collection (a possible key) with 400 bytes for
 * each bracket and comma. */
enum { MOST_BLANK_LINES = 100, MOST_DIRECTIVES = 100, MOST_FLOW_TOKENS = 1000000 };

/* libfyaml would take a NUL for the end and look for other encodings. */
static vd_code check_bytes(vd_reader *r)
{
    vd_str text = r->source->text;
    size_t at = vd_utf8_invalid(text);

    if (at < text.n)
        return vd_reader_bad(r, VD_YAML_RULE, (vd_span){ (uint32_t)at, 1 },
                             "not valid YAML: a byte that is not UTF-8");
    at = vd_str_find(text, 0);
    if (at < text.n)
        return vd_reader_bad(r, VD_YAML_RULE, (vd_span){ (uint32_t)at, 1 }, "not valid YAML: a NUL byte");
    if (vd_str_starts(text, VD_S("\xef\xbb\xbf")))
        return vd_reader_bad(r, VD_YAML_RULE, (vd_span){ 0, 3 }, "a byte-order mark is not allowed here");
    return VD_OK;
}

/* Length of the line break at i, with those of YAML 1.1; 0: none. */
static size_t line_break(vd_str text, size_t i)
{
    vd_str rest = vd_str_from(text, i);

    if (vd_str_starts(rest, VD_S("\r\n")) || vd_str_starts(rest, VD_S("\xc2\x85")))
        return 2;
    if (vd_str_starts(rest, VD_S("\xe2\x80\xa8")) || vd_str_starts(rest, VD_S("\xe2\x80\xa9")))
        return 3;
    return rest.p[0] == '\n' || rest.p[0] == '\r';
}

static vd_code too_many(vd_reader *r, size_t at, int most, const char *what)
{
    return vd_fail_span(r->err, VD_ELIMIT, r->source, (vd_span){ (uint32_t)at, 1 }, "more than %d %s",
                        most, what);
}

static vd_code check_shape(vd_reader *r)
{
    vd_str text = r->source->text;
    size_t i = 0, n;
    int    blank = 0, directives = 0, flow = 0;
    bool   line_begins = true;

    while (i < text.n) {
        char c = text.p[i];

        if (c == '%' && line_begins && ++directives > MOST_DIRECTIVES)
            return too_many(r, i, MOST_DIRECTIVES, "directives");
        if ((c == ',' || c == '[' || c == ']' || c == '{' || c == '}') && ++flow > MOST_FLOW_TOKENS)
            return too_many(r, i, MOST_FLOW_TOKENS, "brackets and commas: write it as JSON");
        n = (unsigned char)c < ' ' || (unsigned char)c >= 0x80 ? line_break(text, i) : 0;
        if (n && ++blank > MOST_BLANK_LINES)
            return too_many(r, i, MOST_BLANK_LINES, "blank lines in a row");
        if (!n && c != ' ' && c != '\t')
            blank = 0;
        line_begins = n > 0;
        i += n ? n : 1;
    }
    return VD_OK;
}

vd_code vd_yaml_check(vd_reader *r)
{
    VD_TRY(check_bytes(r));
    return check_shape(r);
}
