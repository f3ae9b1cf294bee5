/* SPDX-License-Identifier: Apache-2.0
 *
 * Quoted scalars by YAML 1.2, chapter 7.3: escapes, doubled single quotes, folded lines.  Not left to libfyaml:
 * 0.7.12 loses memory over many '' in a line, and counts "\ " before a line break without writing it, so that the
 * end of its text is whatever memory held before.
 */
#include "text/yaml_quoted.h"

#include "base/str.h"
#include "base/utf8.h"

typedef struct copy {
    vd_str text;
    size_t i; /* read */
    char  *out;
    size_t n, solid; /* written; up to the last byte that folding must not take away */
} copy;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

static char at(const copy *c, size_t i)
{
    return i < c->text.n ? c->text.p[i] : 0;
}

static void skip_break(copy *c)
{
    c->i += at(c, c->i) == '\r' && at(c, c->i + 1) == '\n' ? 2 : 1;
}

static void put(copy *c, uint32_t cp)
{
    c->n += vd_utf8_put(c->out + c->n, cp);
    c->solid = c->n;
}

/* Stands at a line break: one alone is a space (nothing, when it is escaped), each further one stays. */
static void fold(copy *c, bool escaped)
{
    size_t breaks = 0;

    while (c->i < c->text.n && is_break(c->text.p[c->i])) {
        skip_break(c);
        while (is_blank(at(c, c->i)))
            c->i++;
        breaks++;
    }
    if (breaks == 1 && !escaped)
        c->out[c->n++] = ' ';
    for (; breaks > 1; breaks--)
        c->out[c->n++] = '\n';
    c->solid = c->n;
}

static const struct {
    char     letter;
    uint32_t cp;
} letters[] = {
    { '0', 0 },   { 'a', 7 },     { 'b', 8 },    { 't', 9 },    { '\t', 9 },     { 'n', 10 },
    { 'v', 11 },  { 'f', 12 },    { 'r', 13 },   { 'e', 27 },   { ' ', ' ' },    { '"', '"' },
    { '/', '/' }, { '\\', '\\' }, { 'N', 0x85 }, { '_', 0xa0 }, { 'L', 0x2028 }, { 'P', 0x2029 },
};

static bool hex(copy *c, size_t digits, uint32_t *cp)
{
    *cp = 0;
    for (; digits; digits--, c->i++) {
        char d = vd_lower(at(c, c->i));

        if (!vd_is_digit(d) && !(d >= 'a' && d <= 'f'))
            return false;
        if (*cp > 0xfffffff)
            return false;
        *cp = *cp << 4 | (uint32_t)(vd_is_digit(d) ? d - '0' : d - 'a' + 10);
    }
    return true;
}

static bool is_scalar(uint32_t cp)
{
    return cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
}

/* Behind "\x", "\u" or "\U".  JSON is YAML, hence pairs of surrogates. */
static bool hex_escape(copy *c, size_t digits)
{
    uint32_t cp, low;

    if (!hex(c, digits, &cp))
        return false;
    if (digits == 4 && cp >= 0xd800 && cp < 0xdc00 && at(c, c->i) == '\\' && at(c, c->i + 1) == 'u') {
        c->i += 2;
        if (!hex(c, 4, &low) || low < 0xdc00 || low > 0xdfff)
            return false;
        cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
    }
    if (!is_scalar(cp))
        return false;
    put(c, cp);
    return true;
}

static bool escape(copy *c)
{
    char letter = at(c, ++c->i);

    if (c->i >= c->text.n)
        return false;
    if (is_break(letter)) {
        c->solid = c->n; /* blanks before the backslash stay */
        fold(c, true);
        return true;
    }
    c->i++;
    if (letter == 'x' || letter == 'u' || letter == 'U')
        return hex_escape(c, letter == 'x' ? 2 : letter == 'u' ? 4 : 8);
    for (size_t k = 0; k < VD_COUNT(letters); k++)
        if (letters[k].letter == letter) {
            put(c, letters[k].cp);
            return true;
        }
    return false;
}

bool vd_yaml_unquote(char *out, size_t *length, vd_str inside, char quote)
{
    copy c = { .text = inside, .out = out };

    while (c.i < inside.n) {
        char b = inside.p[c.i];

        if (is_break(b)) {
            c.n = c.solid; /* blanks at the end of a line go */
            fold(&c, false);
        } else if (b == '\\' && quote == '"') {
            if (!escape(&c))
                return false;
        } else {
            out[c.n++] = b;
            c.i += b == '\'' && quote == '\'' ? 2 : 1;
            if (!is_blank(b))
                c.solid = c.n;
        }
    }
    *length = c.n;
    return true;
}
