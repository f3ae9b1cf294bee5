/* SPDX-License-Identifier: Apache-2.0
 *
 * From bytes to lines and columns, and from an inner text out to the file it stands in.  Only shown positions pay.
 */
#include "text/source.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

/* The last piece that begins at or before the inner offset; NULL when there is none. */
static const vd_piece *piece_at(const vd_source *s, uint32_t offset)
{
    uint32_t low = 0, end = s->piece_count;

    while (low < end) {
        uint32_t mid = low + (end - low) / 2;

        if (s->pieces[mid].inner <= offset)
            low = mid + 1;
        else
            end = mid;
    }
    return low ? &s->pieces[low - 1] : NULL;
}

/* Where the inner byte stands outside: all of an escape stands for each byte that came from it. */
static vd_span outer_byte(const vd_source *s, uint32_t offset)
{
    const vd_piece *p = piece_at(s, offset);

    if (!p)
        return (vd_span){ s->piece_count ? s->pieces[0].outer : 0, 0 };
    if (offset - p->inner >= p->length)
        return (vd_span){ p->outer + p->outer_length, 0 };
    if (p->length == p->outer_length)
        return (vd_span){ p->outer + (offset - p->inner), 1 };
    return (vd_span){ p->outer, p->outer_length };
}

static vd_span clip(const vd_source *s, vd_span span)
{
    uint32_t n = s->text.n > UINT32_MAX ? UINT32_MAX : (uint32_t)s->text.n;

    if (span.offset > n)
        span.offset = n;
    if (span.length > n - span.offset)
        span.length = n - span.offset;
    return span;
}

vd_span vd_source_climb(const vd_source **s, vd_span span, const vd_source *to)
{
    span = clip(*s, span);
    while ((*s)->outer && *s != to) {
        vd_span  first = outer_byte(*s, span.offset);
        vd_span  last = span.length ? outer_byte(*s, span.offset + span.length - 1) : first;
        uint32_t end = span.length ? last.offset + last.length : first.offset;

        *s = (*s)->outer;
        span = clip(*s, (vd_span){ first.offset, end > first.offset ? end - first.offset : 0 });
    }
    return span;
}

/* Code points: all bytes but those that go on with one. */
static uint32_t count_columns(const char *p, size_t n)
{
    uint32_t columns = 0;

    for (size_t i = 0; i < n; i++)
        columns += ((unsigned char)p[i] & 0xc0) != 0x80;
    return columns;
}

static void begin(vd_locator *l, const vd_source *s)
{
    *l = (vd_locator){ .source = s, .line = s->line ? s->line : 1, .column = s->line ? s->column : 1 };
}

/* Counts on to the offset, which is not before. */
static void advance(vd_locator *l, vd_str text, uint32_t offset)
{
    for (;;) {
        const char *from = text.p + l->offset;
        const char *end = offset > l->offset ? memchr(from, '\n', offset - l->offset) : NULL;

        if (!end) {
            l->column += count_columns(from, offset - l->offset);
            l->offset = offset;
            break;
        }
        l->offset = (uint32_t)(end - text.p) + 1;
        l->column = 1;
        l->line++;
    }
}

bool vd_source_mark(vd_source *file, vd_arena *arena)
{
    size_t        count = file->text.n / VD_MILESTONE_BYTES + 1;
    vd_milestone *at = vd_arena_new_array(arena, vd_milestone, count);
    vd_locator    l;

    if (!at)
        return false;
    begin(&l, file);
    for (size_t i = 0; i < count; i++) {
        advance(&l, file->text, (uint32_t)(i * VD_MILESTONE_BYTES));
        at[i] = (vd_milestone){ l.line, l.column };
    }
    file->milestones = at;
    return true;
}

/* The milestone before the offset, when the locator is behind it or farther away. */
static void jump(vd_locator *l, const vd_source *s, uint32_t offset)
{
    uint32_t           i = offset / VD_MILESTONE_BYTES;
    const vd_milestone m = s->milestones[i];

    if (offset >= l->offset && l->offset >= i * VD_MILESTONE_BYTES)
        return;
    l->offset = i * VD_MILESTONE_BYTES;
    l->line = m.line;
    l->column = m.column;
}

vd_pos vd_locator_pos(vd_locator *l, const vd_source *s, vd_span span)
{
    span = vd_source_climb(&s, span, NULL);
    if (l->source != s || l->line == 0 || (span.offset < l->offset && !s->milestones))
        begin(l, s);
    if (s->milestones)
        jump(l, s, span.offset);
    advance(l, s->text.p ? s->text : VD_S(""), span.offset);
    return (vd_pos){
        .file = s->name,
        .offset = s->offset + span.offset,
        .length = span.length,
        .line = l->line,
        .column = l->column,
    };
}

vd_pos vd_source_pos(const vd_source *s, vd_span span)
{
    vd_locator l = { 0 };

    return vd_locator_pos(&l, s, span);
}

vd_code vd_fail_span(vd_error *err, vd_code code, const vd_source *s, vd_span span, const char *format, ...)
{
    char    text[sizeof(err->text) + 4]; /* longer than what is kept, so that clipping is done in one place */
    va_list args;

    if (!err)
        return code;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return vd_fail_at(err, code, vd_source_pos(s, span), "%s", text);
}
