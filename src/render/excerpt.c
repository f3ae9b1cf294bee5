/* SPDX-License-Identifier: Apache-2.0
 *
 * Source line and caret.  A line may be a megabyte long: only a window around the place is looked at and shown.
 */
#include "render/excerpt.h"

#include "base/str.h"
#include "base/utf8.h"

enum {
    GUTTER = 5,       /* digits of the line number */
    LOOK_BACK = 1024, /* bytes of the line before the place that are looked at, and behind it */
    BEFORE = 40       /* columns shown before the place when the line is too long for the terminal */
};

static const vd_str DOTS = VD_L("...");

void vd_render_at(vd_buf *out, vd_pos at)
{
    vd_look_safe(out, at.file);
    if (at.line)
        vd_buf_printf(out, ":%u:%u", at.line, at.column);
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* The part of the line around offset that may be shown; *from is its offset, *cut whether the line begins before. */
static vd_str window_of(vd_str source, uint32_t offset, size_t *from, bool *cut)
{
    size_t first = offset, end = offset;

    while (first > 0 && offset - first < LOOK_BACK && source.p[first - 1] != '\n')
        first--;
    *cut = first > 0 && source.p[first - 1] != '\n';
    while (first < offset && is_continuation(source.p[first]))
        first++;
    while (end < source.n && end - offset < LOOK_BACK && source.p[end] != '\n')
        end++;
    while (end > offset && end < source.n && is_continuation(source.p[end]))
        end--;
    if (end > first && end > offset && source.p[end - 1] == '\r')
        end--;
    *from = first;
    return (vd_str){ source.p + first, end - first };
}

/* Drops code points from the front until at most columns are left; how many bytes went. */
static size_t drop_front(vd_str text, uint32_t columns)
{
    size_t   dropped = 0;
    uint32_t left = vd_look_columns(text);

    while (dropped < text.n && left > columns) {
        size_t from = dropped;

        do
            dropped++;
        while (dropped < text.n && is_continuation(text.p[dropped]));
        left -= vd_look_columns((vd_str){ text.p + from, dropped - from });
    }
    return dropped;
}

/* As many code points as fit in columns. */
static vd_str fit(vd_str text, uint32_t columns)
{
    size_t   n = 0;
    uint32_t used = 0;

    while (n < text.n) {
        uint32_t cp, step = vd_utf8_next(vd_str_from(text, n), &cp), wide;

        step = step ? step : 1;
        wide = vd_look_columns((vd_str){ text.p + n, step });
        if (used + wide > columns)
            break;
        used += wide;
        n += step;
    }
    return vd_str_first(text, n);
}

/* Tabs become single spaces here, so that a caret stands where it should in every terminal. */
static void put_line(vd_buf *out, vd_str text)
{
    vd_str head;

    while (vd_str_cut(&text, '\t', &head)) {
        vd_look_safe(out, head);
        vd_buf_byte(out, ' ');
    }
    vd_look_safe(out, text);
}

static uint32_t line_columns(vd_str text)
{
    uint32_t columns = 0;
    vd_str   head;

    while (vd_str_cut(&text, '\t', &head))
        columns += vd_look_columns(head) + 1;
    return columns + vd_look_columns(text);
}

static void put_gutter(vd_buf *out, const vd_look *look, uint32_t indent)
{
    vd_look_pad(out, indent);
    vd_look_tone(out, look, VD_TONE_FAINT);
    vd_buf_printf(out, "%*s |", GUTTER, "");
    vd_look_tone(out, look, VD_TONE_PLAIN);
}

/* How much of a line that is too long is shown before the place: more when there is little behind it. */
static uint32_t columns_before(uint32_t behind, uint32_t room)
{
    uint32_t least = BEFORE < room / 2 ? BEFORE : room / 2, dots = (uint32_t)DOTS.n;

    return behind + least + dots < room ? room - dots - behind : least;
}

void vd_render_excerpt(vd_buf *out, const vd_look *look, uint32_t indent, vd_pos at, vd_str remark,
                       vd_str source)
{
    uint32_t room = look->width > indent + GUTTER + 3 + 20 ? look->width - indent - GUTTER - 3 : 20;
    uint32_t before, carets;
    size_t   from, skip = 0;
    bool     cut;
    vd_str   line, left, marked, shown;

    if (at.line == 0 || at.offset > source.n || source.n == 0)
        return;
    line = window_of(source, at.offset, &from, &cut);
    left = vd_str_first(line, at.offset - from);
    if (cut || line_columns(line) > room) {
        skip = drop_front(left, columns_before(line_columns(vd_str_from(line, left.n)), room));
        cut |= skip > 0;
    }
    left = vd_str_from(left, skip);
    shown = fit(vd_str_from(line, skip), room - (cut ? 3 : 0));
    marked = vd_str_first(vd_str_from(shown, left.n), at.length);
    before = line_columns(left) + (cut ? 3 : 0);
    carets = line_columns(marked);

    vd_look_pad(out, indent);
    vd_look_tone(out, look, VD_TONE_FAINT);
    vd_buf_printf(out, "%*u |", GUTTER, at.line);
    vd_look_tone(out, look, VD_TONE_PLAIN);
    if (shown.n || cut) {
        vd_buf_byte(out, ' ');
        if (cut)
            vd_buf_add(out, DOTS);
        put_line(out, shown);
    }
    vd_buf_byte(out, '\n');
    put_gutter(out, look, indent);
    vd_look_pad(out, before + 1);
    vd_look_tone(out, look, VD_TONE_GOOD);
    vd_buf_byte(out, '^');
    for (uint32_t i = 1; i < carets; i++)
        vd_buf_byte(out, '~');
    if (remark.n && before + carets + 1 + vd_look_columns(remark) > room) { /* no room: below it */
        uint32_t columns = vd_look_columns(remark);

        vd_look_tone(out, look, VD_TONE_PLAIN);
        vd_buf_byte(out, '\n');
        put_gutter(out, look, indent);
        vd_look_pad(out, columns + before <= room ? before : columns < room ? room - columns : 0);
        vd_look_tone(out, look, VD_TONE_GOOD);
    }
    if (remark.n) {
        vd_buf_byte(out, ' ');
        vd_look_safe(out, remark);
    }
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
}

static size_t line_start(vd_str source, size_t offset)
{
    while (offset > 0 && source.p[offset - 1] != '\n')
        offset--;
    return offset;
}

/* Brackets alone tell nothing. */
static bool has_words(vd_str line)
{
    for (size_t i = 0; i < line.n; i++)
        if (vd_is_alpha(line.p[i]) || vd_is_digit(line.p[i]))
            return true;
    return false;
}

/* The line before tells where we are, unless it says nothing or is too long to be of help. */
static void put_context(vd_buf *out, const vd_look *look, uint32_t indent, vd_pos at, vd_str source)
{
    size_t back = at.offset < LOOK_BACK ? at.offset : LOOK_BACK, start, first;
    vd_str near = { source.p + at.offset - back, back }, line;

    if (at.line < 2)
        return;
    start = vd_str_rfind(near, '\n');
    if (start == near.n)
        return;
    near = vd_str_first(near, start);
    first = vd_str_rfind(near, '\n');
    if (first == near.n && back < at.offset)
        return;
    line = first == near.n ? near : vd_str_from(near, first + 1);
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    if (!has_words(line) || line_columns(line) + indent + GUTTER + 3 > look->width)
        return;
    vd_look_pad(out, indent);
    vd_look_tone(out, look, VD_TONE_FAINT);
    vd_buf_printf(out, "%*u |", GUTTER, at.line - 1);
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, ' ');
    put_line(out, line);
    vd_buf_byte(out, '\n');
}

void vd_render_excerpts(vd_buf *out, const vd_look *look, uint32_t indent, vd_pos at, vd_str remark,
                        vd_str source)
{
    vd_str   range = at.offset <= source.n ? vd_str_first(vd_str_from(source, at.offset), at.length)
                                           : (vd_str){ "", 0 };
    size_t   first = vd_str_find(range, '\n'), last;
    vd_pos   head = at, tail = at;
    uint32_t lines = 0;

    if (at.line == 0 || at.offset > source.n || source.n == 0)
        return;
    put_context(out, look, indent, at, source);
    if (vd_str_trim(vd_str_from(range, first)).n == 0) {
        vd_render_excerpt(out, look, indent, at, remark, source);
        return;
    }
    while (range.p[range.n - 1] == '\n' || range.p[range.n - 1] == '\r')
        range.n--;
    for (size_t i = first; i < range.n; i++)
        lines += range.p[i] == '\n';
    head.length = (uint32_t)first;
    last = line_start(source, at.offset + range.n - 1);
    while (last < at.offset + range.n - 1 && (source.p[last] == ' ' || source.p[last] == '\t'))
        last++;
    tail.line += lines;
    tail.offset = (uint32_t)last;
    tail.length = (uint32_t)(at.offset + range.n - last);
    vd_render_excerpt(out, look, indent, head, (vd_str){ "", 0 }, source);
    if (lines > 1) {
        vd_look_pad(out, indent);
        vd_look_put(out, look, VD_TONE_FAINT, VD_S("  ..."));
        vd_buf_byte(out, '\n');
    }
    vd_render_excerpt(out, look, indent, tail, remark, source);
}

vd_tone vd_render_tone_of(const char *severity)
{
    if (strcmp(severity, "error") == 0 || strcmp(severity, "security") == 0)
        return VD_TONE_BAD;
    return strcmp(severity, "warning") == 0 ? VD_TONE_CARE : VD_TONE_MARK;
}

void vd_render_message(vd_buf *out, const vd_look *look, const vd_message *m, vd_str source)
{
    bool excerpt = m->at.line && source.p && m->at.offset <= source.n;

    if (m->at.file.n) {
        vd_look_tone(out, look, VD_TONE_STRONG);
        vd_render_at(out, m->at);
        vd_look_tone(out, look, VD_TONE_PLAIN);
        vd_buf_add(out, VD_S(": "));
    } else {
        vd_buf_add(out, VD_S("verdict: "));
    }
    vd_look_tone(out, look, vd_render_tone_of(m->severity));
    vd_buf_printf(out, "%s", m->severity);
    if (m->rule.n)
        vd_buf_printf(out, "[" VD_F "]", VD_A(m->rule));
    vd_buf_byte(out, ':');
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, ' ');
    vd_look_safe(out, m->text);
    if (m->hint.n && !excerpt) {
        vd_buf_add(out, VD_S("; "));
        vd_look_safe(out, m->hint);
    }
    vd_buf_byte(out, '\n');
    if (excerpt)
        vd_render_excerpt(out, look, 0, m->at, m->hint, source);
}
