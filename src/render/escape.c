/* SPDX-License-Identifier: Apache-2.0
 *
 * Escaping, one function a form.
 */
#include "render/escape.h"

#include "base/str.h"
#include "render/look.h"

/* Each form is a switch over the bytes of the safe text. */
static void put_each(vd_buf *out, vd_str text, void (*put)(vd_buf *out, char c))
{
    vd_buf safe = vd_buf_on(out->alloc, 0);

    vd_look_safe(&safe, text);
    for (size_t i = 0; i < safe.n; i++)
        put(out, safe.p[i]);
    out->failed |= safe.failed;
    vd_buf_done(&safe);
}

static void xml(vd_buf *out, char c)
{
    switch (c) {
    case '&':
        vd_buf_add(out, VD_S("&amp;"));
        break;
    case '<':
        vd_buf_add(out, VD_S("&lt;"));
        break;
    case '>':
        vd_buf_add(out, VD_S("&gt;"));
        break;
    case '"':
        vd_buf_add(out, VD_S("&quot;"));
        break;
    default:
        vd_buf_byte(out, c);
    }
}

void vd_put_xml(vd_buf *out, vd_str text)
{
    put_each(out, text, xml);
}

void vd_put_xml_lines(vd_buf *out, vd_str text)
{
    vd_str line;

    while (vd_str_cut(&text, '\n', &line)) {
        vd_put_xml(out, line);
        vd_buf_byte(out, '\n');
    }
    vd_put_xml(out, text);
}

/* "<" is escaped, so that no comment, tag or autolink of HTML begins; "&" so that no entity does. */
static void markdown(vd_buf *out, char c)
{
    if (c == '&') {
        vd_buf_add(out, VD_S("&amp;"));
        return;
    }
    if (c != 0 && strchr("\\`*_[]<>#|~@!", c))
        vd_buf_byte(out, '\\');
    vd_buf_byte(out, c);
}

void vd_put_markdown(vd_buf *out, vd_str text)
{
    put_each(out, text, markdown);
}

/* Fenced by one backtick more than the longest run inside. */
void vd_put_code(vd_buf *out, vd_str text, bool table)
{
    vd_buf safe = vd_buf_on(out->alloc, 0);
    size_t run = 0, longest = 0;

    vd_look_safe(&safe, text);
    for (size_t i = 0; i < safe.n; i++) {
        run = safe.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (size_t i = 0; i <= longest; i++)
        vd_buf_byte(out, '`');
    if (longest || safe.n == 0)
        vd_buf_byte(out, ' ');
    for (size_t i = 0; i < safe.n; i++) {
        if (table && safe.p[i] == '|')
            vd_buf_byte(out, '\\');
        vd_buf_byte(out, safe.p[i]);
    }
    if (longest)
        vd_buf_byte(out, ' ');
    for (size_t i = 0; i <= longest; i++)
        vd_buf_byte(out, '`');
    out->failed |= safe.failed;
    vd_buf_done(&safe);
}

static void command(vd_buf *out, char c)
{
    if (c == '%')
        vd_buf_add(out, VD_S("%25"));
    else
        vd_buf_byte(out, c);
}

static void command_property(vd_buf *out, char c)
{
    if (c == ':')
        vd_buf_add(out, VD_S("%3A"));
    else if (c == ',')
        vd_buf_add(out, VD_S("%2C"));
    else
        command(out, c);
}

/* Lines of ours are kept as %0A; those of the input are no lines any more. */
void vd_put_command(vd_buf *out, vd_str text, bool property)
{
    vd_str line;

    while (vd_str_cut(&text, '\n', &line)) {
        put_each(out, line, property ? command_property : command);
        vd_buf_add(out, VD_S("%0A"));
    }
    put_each(out, text, property ? command_property : command);
}

static void percent(vd_buf *out, vd_str text, const char *kept)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (vd_is_alpha(c) || vd_is_digit(c) || (c != 0 && strchr(kept, c)))
            vd_buf_byte(out, c);
        else
            vd_buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

/* Without its "./", a colon in the first segment would be a scheme: it is encoded as everything that is not plain. */
void vd_put_uri(vd_buf *out, vd_str path)
{
    while (vd_str_starts(path, VD_S("./")))
        path = vd_str_from(path, 2);
    percent(out, path, "-._~/+@=,");
}

void vd_put_url_part(vd_buf *out, vd_str text)
{
    percent(out, text, "-._~/");
}
