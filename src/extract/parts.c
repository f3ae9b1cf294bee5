/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the documents of a file begin and end.  Lines decide, no grammar: a line of JSON Lines holds a whole object, and
 * "---" at the start of a line cannot be within anything that began before it in YAML.
 */
#include "extract/parts.h"

#include "base/str.h"
#include "base/utf8.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static vd_str line_at(vd_str text, size_t offset)
{
    vd_str rest = vd_str_from(text, offset);

    return vd_str_first(rest, vd_str_find(rest, '\n'));
}

/* The line that has something in it, at or behind *offset; empty: there is none. */
static vd_str next_line(vd_str text, size_t *offset)
{
    while (*offset < text.n) {
        vd_str line = line_at(text, *offset);

        if (vd_str_trim(line).n)
            return vd_str_trim(line);
        *offset += line.n + 1;
    }
    return VD_S("");
}

/* The first line is an object and so begins the second: no JSON document is like that. */
static bool is_lines(vd_str text)
{
    size_t at = 0;
    vd_str first = next_line(text, &at);

    if (!vd_str_starts(first, VD_S("{")) || !vd_str_ends(first, VD_S("}")))
        return false;
    at += line_at(text, at).n + 1;
    return vd_str_starts(next_line(text, &at), VD_S("{"));
}

static bool ends_with(vd_str name, vd_str ending)
{
    return name.n > ending.n && vd_str_ieq(vd_str_from(name, name.n - ending.n), ending);
}

static uint8_t language_of(vd_str name, vd_str text)
{
    size_t at = 0;
    char   c;

    while (at < text.n && is_blank(text.p[at]))
        at++;
    c = at < text.n ? text.p[at] : 0;
    if (ends_with(name, VD_S(".yaml")) || ends_with(name, VD_S(".yml")))
        return VD_TEXT_YAML;
    if (!ends_with(name, VD_S(".json")) && c != '{' && c != '[')
        return VD_TEXT_YAML;
    return is_lines(text) ? VD_TEXT_JSON_LINES : VD_TEXT_JSON;
}

vd_code vd_parts_init(vd_parts *p, const vd_source *file, vd_error *err)
{
    static const vd_str mark = VD_L("\xef\xbb\xbf");
    size_t              bad;

    *p = (vd_parts){ .whole = *file };
    if (!p->whole.text.p)
        p->whole.text = VD_S("");
    if (!file->outer && vd_str_starts(p->whole.text, mark)) {
        p->whole.text = vd_str_from(p->whole.text, mark.n);
        p->whole.offset += (uint32_t)mark.n;
        p->marked = true;
    }
    if (!p->whole.line)
        p->whole.line = p->whole.column = 1;
    bad = vd_utf8_invalid(p->whole.text);
    if (bad < p->whole.text.n)
        return vd_fail_span(err, VD_ESYNTAX, &p->whole, (vd_span){ (uint32_t)bad, 1 },
                            "the text is neither UTF-8 nor UTF-16 with a byte order mark");
    p->language = language_of(file->name, p->whole.text);
    p->line = p->whole.line;
    return VD_OK;
}

/* ------------------------------------------------------------------ one after the other */

static bool is_divider(vd_str line)
{
    return vd_str_starts(line, VD_S("---")) && (line.n == 3 || is_blank(line.p[3]));
}

/* More than white space, a comment or a directive. */
static bool says_something(vd_str line)
{
    line = vd_str_trim(line);
    return line.n && line.p[0] != '#' && line.p[0] != '%';
}

static uint32_t count_lines(vd_str s)
{
    uint32_t n = 0;

    for (const char *p = s.n ? memchr(s.p, '\n', s.n) : NULL; p; n++) {
        size_t behind = (size_t)(p - s.p) + 1;

        p = behind < s.n ? memchr(s.p + behind, '\n', s.n - behind) : NULL;
    }
    return n;
}

/* How many bytes from here are the next document: up to the line that begins another. */
static uint32_t length_of(const vd_parts *p, bool *something)
{
    vd_str text = p->whole.text;
    size_t at = p->offset;
    bool   divided = false;

    *something = false;
    while (at < text.n) {
        vd_str line = line_at(text, at);
        bool   divider = p->language == VD_TEXT_YAML && is_divider(line);

        if (divider && (divided || *something))
            break;
        divided |= divider;
        *something |= says_something(divider ? vd_str_from(line, 3) : line);
        at += line.n + (at + line.n < text.n);
        if (p->language == VD_TEXT_JSON_LINES)
            break;
    }
    return (uint32_t)(at - p->offset);
}

static bool has_more(const vd_parts *p)
{
    vd_parts ahead = *p;
    bool     something = false;

    while (ahead.offset < p->whole.text.n && !something)
        ahead.offset += length_of(&ahead, &something);
    return something;
}

/* The next that says something. */
static bool cut_next(vd_parts *p, vd_source *part)
{
    bool something = false;

    *part = p->whole;
    if (p->language == VD_TEXT_JSON)
        return p->number == 0;
    while (p->offset < p->whole.text.n && !something) {
        part->text = vd_str_first(vd_str_from(p->whole.text, p->offset), length_of(p, &something));
        part->offset = p->whole.offset + p->offset;
        part->line = p->line;
        part->column = p->offset ? 1 : p->whole.column;
        p->offset += (uint32_t)part->text.n;
        p->line += count_lines(part->text);
    }
    return something;
}

static bool name_part(const vd_parts *p, vd_arena *arena, const vd_source *part, vd_str *name)
{
    *name = VD_S("");
    if (p->language == VD_TEXT_JSON_LINES)
        return vd_arena_printf(arena, name, "line %u", (unsigned)part->line);
    if (p->language == VD_TEXT_YAML && (p->number > 1 || has_more(p)))
        return vd_arena_printf(arena, name, "document %u", (unsigned)p->number);
    return true;
}

bool vd_parts_next(vd_parts *p, vd_arena *arena, vd_source **out, vd_str *name)
{
    vd_source part;

    *out = NULL;
    if (!cut_next(p, &part))
        return false;
    p->number++;
    *out = vd_arena_new(arena, vd_source);
    if (!*out || !name_part(p, arena, &part, name)) {
        *out = NULL;
        return true;
    }
    **out = part;
    if (part.text.n > VD_MILESTONE_BYTES && !vd_source_mark(*out, arena))
        *out = NULL;
    return true;
}
