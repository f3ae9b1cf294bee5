/* SPDX-License-Identifier: Apache-2.0
 *
 * Tokens of RFC 8259, nothing else.  What a token holds is checked here and only here: UTF-8, escapes, pairs of
 * surrogates (half of one has no UTF-8), the form of numbers.  Deviations that other readers let pass are told apart
 * by name, since people meet them as "but my editor accepts it".
 *
 *   string = '"' *(any code point from U+0020 on, but '"' and '\'  |  '\' one of "\/bfnrt  |  '\u' 4 hex) '"'
 *   number = ['-'] ('0' | 1-9 *digit) ['.' 1*digit] [('e' | 'E') ['+' | '-'] 1*digit]
 */
#include "text/json_lex.h"

#include "base/str.h"
#include "base/utf8.h"

static const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;

static vd_json_token token(vd_json_kind kind, size_t from, size_t to)
{
    return (
        vd_json_token){ .kind = (uint8_t)kind, .offset = (uint32_t)from, .length = (uint32_t)(to - from) };
}

static vd_json_token bad(size_t at, const char *problem)
{
    return (vd_json_token){ .kind = VD_JSON_BAD, .offset = (uint32_t)at, .problem = problem };
}

static vd_json_token lenient(size_t at, size_t length, const char *deviation)
{
    return (vd_json_token){ .kind = VD_JSON_BAD,
                            .lenient = true,
                            .offset = (uint32_t)at,
                            .length = (uint32_t)length,
                            .problem = deviation };
}

static bool has(vd_str text, size_t at, vd_str what)
{
    return at <= text.n && vd_str_starts((vd_str){ text.p + at, text.n - at }, what);
}

/* The lowest byte of the result is the first byte of the text. */
static uint64_t load(const char *p)
{
    uint64_t v;

    memcpy(&v, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

/* Skips bytes that stand for themselves, eight at a time.  A borrow can only spoil bytes above a true hit, so the
 * lowest mark is always right. */
static size_t plain_run(vd_str text, size_t i)
{
    for (; i + 8 <= text.n; i += 8) {
        uint64_t v = load(text.p + i);
        uint64_t quote = v ^ '"' * ones, slash = v ^ '\\' * ones;
        uint64_t hit = ((quote - ones) | (slash - ones) | (v - 0x20 * ones) | v) & high;

        if (hit)
            return i + (size_t)__builtin_ctzll(hit) / 8;
    }
    while (i < text.n) {
        unsigned char c = (unsigned char)text.p[i];

        if (c == '"' || c == '\\' || c < 0x20 || c >= 0x80)
            break;
        i++;
    }
    return i;
}

static int hex_digit(char c)
{
    if (vd_is_digit(c))
        return c - '0';
    c = vd_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits at i; -1: there are fewer. */
static int32_t hex4(vd_str text, size_t i)
{
    int32_t v = 0;

    if (i > text.n || text.n - i < 4)
        return -1;
    for (size_t k = 0; k < 4; k++) {
        int d = hex_digit(text.p[i + k]);

        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

static bool is_first_half(int32_t v)
{
    return v >= 0xd800 && v < 0xdc00;
}

static bool is_second_half(int32_t v)
{
    return v >= 0xdc00 && v < 0xe000;
}

/* Length of the escape at i, a pair of surrogates in one; 0: *problem says why not. */
static size_t escape(vd_str text, size_t i, const char **problem)
{
    int32_t unit;

    *problem = "the text ends within a string, expected a closing quote";
    if (i + 1 >= text.n)
        return 0;
    *problem = "an unknown escape in a string, expected one of \"\\/bfnrtu behind the backslash";
    if (text.p[i + 1] != 'u')
        return text.p[i + 1] && strchr("\"\\/bfnrt", text.p[i + 1]) ? 2 : 0;
    *problem = "an incomplete escape in a string, expected four hexadecimal digits behind \\u";
    unit = hex4(text, i + 2);
    if (unit < 0)
        return 0;
    *problem = "half of a surrogate pair in a string, expected both halves";
    if (is_second_half(unit))
        return 0;
    if (!is_first_half(unit))
        return 6;
    return has(text, i + 6, VD_S("\\u")) && is_second_half(hex4(text, i + 8)) ? 12 : 0;
}

static vd_json_token control_character(size_t at, char c)
{
    if (c == '\t')
        return lenient(at, 1, "an unescaped tab in a string");
    if (c == '\n' || c == '\r')
        return lenient(at, 1, "an unescaped line break in a string");
    return lenient(at, 1, "an unescaped control character in a string");
}

static vd_json_token string(vd_str text, size_t start)
{
    bool   escaped = false;
    size_t i = start + 1;

    for (;;) {
        const char   *problem;
        vd_json_token t;
        uint32_t      cp;
        size_t        n;

        i = plain_run(text, i);
        if (i >= text.n)
            return bad(text.n, "the text ends within a string, expected a closing quote");
        if (text.p[i] == '"') {
            t = token(VD_JSON_STRING, start, i + 1);
            t.escaped = escaped;
            return t;
        }
        if (text.p[i] == '\\') {
            n = escape(text, i, &problem);
            if (n == 0)
                return bad(i, problem);
            escaped = true;
        } else if ((unsigned char)text.p[i] < 0x20) {
            return control_character(i, text.p[i]);
        } else {
            n = vd_utf8_next((vd_str){ text.p + i, text.n - i }, &cp);
            if (n == 0)
                return bad(i, "a byte that is not UTF-8, expected UTF-8 text");
        }
        i += n;
    }
}

static size_t digits(vd_str text, size_t i)
{
    while (i < text.n && vd_is_digit(text.p[i]))
        i++;
    return i;
}

static vd_json_token number(vd_str text, size_t start)
{
    size_t i = start + (text.p[start] == '-'), from = i;

    i = digits(text, i);
    if (i == from)
        return has(text, i, VD_S("Infinity")) ? lenient(start, 9, "-Infinity")
                                              : bad(i, "a minus sign without a number, expected a digit");
    if (text.p[from] == '0' && i > from + 1)
        return bad(from + 1, "a number with a leading zero, expected a fraction or the end of the number");
    if (i < text.n && text.p[i] == '.') {
        from = i + 1;
        i = digits(text, from);
        if (i == from)
            return bad(i, "a decimal point without a fraction, expected a digit");
    }
    if (i < text.n && (text.p[i] == 'e' || text.p[i] == 'E')) {
        from = i + 1;
        from += from < text.n && (text.p[from] == '+' || text.p[from] == '-');
        i = digits(text, from);
        if (i == from)
            return bad(i, "an incomplete exponent, expected a digit");
    }
    return token(VD_JSON_NUMBER, start, i);
}

static bool in_word(char c)
{
    return vd_is_alpha(c) || vd_is_digit(c) || c == '_' || c == '$' || c == '-';
}

/* true, false, null; all else is a word that means nothing, told with its length so that it can be quoted. */
static vd_json_token word(vd_str text, size_t start)
{
    size_t i = start;
    vd_str w;

    while (i < text.n && in_word(text.p[i]))
        i++;
    w = (vd_str){ text.p + start, i - start };
    if (vd_str_eq(w, VD_S("true")))
        return token(VD_JSON_TRUE, start, i);
    if (vd_str_eq(w, VD_S("false")))
        return token(VD_JSON_FALSE, start, i);
    if (vd_str_eq(w, VD_S("null")))
        return token(VD_JSON_NULL, start, i);
    if (vd_str_eq(w, VD_S("NaN")))
        return lenient(start, w.n, "NaN");
    if (vd_str_eq(w, VD_S("Infinity")))
        return lenient(start, w.n, "Infinity");
    return token(VD_JSON_BAD, start, i);
}

static vd_json_token stray(vd_str text, size_t at)
{
    uint32_t cp, n = vd_utf8_next((vd_str){ text.p + at, text.n - at }, &cp);
    char     c = text.p[at];

    if (n == 0)
        return bad(at, "a byte that is not UTF-8, expected UTF-8 text");
    if (c == '#' || has(text, at, VD_S("//")) || has(text, at, VD_S("/*")))
        return lenient(at, c == '#' ? 1 : 2, "a comment");
    if (c == '\'')
        return lenient(at, 1, "a single-quoted string");
    if (at == 0 && cp == 0xfeff)
        return lenient(at, n, "a byte-order mark");
    if (in_word(c))
        return word(text, at);
    return token(VD_JSON_BAD, at, at + n);
}

vd_json_token vd_json_next(vd_str text, uint32_t offset)
{
    size_t i = offset;

    while (i < text.n && (text.p[i] == ' ' || text.p[i] == '\n' || text.p[i] == '\r' || text.p[i] == '\t'))
        i++;
    if (i >= text.n)
        return token(VD_JSON_END, text.n, text.n);
    switch (text.p[i]) {
    case '{':
        return token(VD_JSON_OPEN_OBJECT, i, i + 1);
    case '}':
        return token(VD_JSON_CLOSE_OBJECT, i, i + 1);
    case '[':
        return token(VD_JSON_OPEN_ARRAY, i, i + 1);
    case ']':
        return token(VD_JSON_CLOSE_ARRAY, i, i + 1);
    case ':':
        return token(VD_JSON_COLON, i, i + 1);
    case ',':
        return token(VD_JSON_COMMA, i, i + 1);
    case '"':
        return string(text, i);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return number(text, i);
    default:
        return stray(text, i);
    }
}

static char plain_escape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

size_t vd_json_unescape(char *out, vd_str inside)
{
    size_t to = 0, i = 0;

    while (i < inside.n) {
        size_t   run = vd_str_find(vd_str_from(inside, i), '\\');
        uint32_t cp;

        memcpy(out + to, inside.p + i, run);
        to += run;
        i += run;
        if (i + 1 >= inside.n)
            break;
        if (inside.p[i + 1] != 'u') {
            out[to++] = plain_escape(inside.p[i + 1]);
            i += 2;
            continue;
        }
        cp = (uint32_t)hex4(inside, i + 2);
        i += 6;
        if (is_first_half((int32_t)cp)) {
            cp = 0x10000 + ((cp - 0xd800) << 10) + ((uint32_t)hex4(inside, i + 2) - 0xdc00);
            i += 6;
        }
        to += vd_utf8_put(out + to, cp);
    }
    return to;
}
