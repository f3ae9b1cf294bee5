/* SPDX-License-Identifier: Apache-2.0
 *
 * Pieces of JSON: positions, statements, errors.
 */
#include "render/parts.h"

#include "base/calendar.h"
#include "base/str.h"
#include "render/render.h"

vd_json *vd_part_words(const char *s)
{
    return vd_json_string(vd_str_of(s));
}

vd_json *vd_part_text_or_null(vd_str s)
{
    return s.n ? vd_json_string(s) : vd_json_null();
}

vd_json *vd_part_time(int64_t seconds)
{
    char text[VD_TIME_ROOM];

    return seconds ? vd_json_string((vd_str){ text, vd_time_format(text, seconds) }) : vd_json_null();
}

vd_json *vd_part_strings(const vd_str *items, size_t count)
{
    vd_json *a = vd_json_array();

    for (size_t i = 0; i < count; i++)
        vd_json_push(a, vd_json_string(items[i]));
    return a;
}

vd_json *vd_part_at_or_null(vd_pos at)
{
    vd_buf   b = vd_buf_on(vd_allocator_default(), 0);
    vd_json *v;

    if (at.file.n == 0)
        return vd_json_null();
    vd_buf_add(&b, at.file);
    if (at.line)
        vd_buf_printf(&b, ":%u:%u", at.line, at.column);
    v = b.failed ? NULL : vd_json_string(vd_buf_str(&b));
    vd_buf_done(&b);
    return v;
}

vd_json *vd_part_statement(vd_str sid, uint32_t index, vd_pos at)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "sid", vd_part_text_or_null(sid));
    vd_json_set(o, "index", vd_json_int(index));
    vd_json_set(o, "at", vd_part_at_or_null(at));
    return o;
}

vd_json *vd_part_error(const vd_error *err)
{
    vd_json *e = vd_json_object();

    vd_json_set(e, "message", vd_part_words(err->text));
    vd_json_set(e, "at", vd_part_at_or_null(err->at));
    return e;
}

vd_json *vd_part_errors(const vd_error *at, size_t count)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < count; i++)
        vd_json_push(list, vd_part_error(&at[i]));
    return list;
}

void vd_part_set_version(vd_json *o)
{
    vd_json *v = vd_json_object();

    vd_json_set(v, "format", vd_json_int(VD_FORMAT_VERSION));
    vd_json_set(o, "verdict", v);
}

vd_code vd_part_finish(vd_buf *out, vd_json *o, bool document)
{
    vd_code code = vd_json_dump(out, o, document ? 2 : 0);

    vd_buf_byte(out, '\n');
    return code == VD_OK && out->failed ? VD_ENOMEM : code;
}
