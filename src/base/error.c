/* SPDX-License-Identifier: Apache-2.0
 *
 * Filling the caller's vd_error.
 */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

/* Clipping may cut a code point in two: drop its first bytes as well, texts are UTF-8. */
static void clip_utf8(char *text, size_t size, int wanted)
{
    size_t n = strlen(text);

    if (wanted < 0 || (size_t)wanted < size)
        return;
    while (n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80)
        n--;
    if (n > 0 && (unsigned char)text[n - 1] >= 0xc0)
        n--;
    text[n] = 0;
}

static vd_code fail(vd_error *err, vd_code code, vd_pos at, const char *format, va_list args)
{
    if (err) {
        memset(err, 0, sizeof *err);
        err->size = sizeof *err;
        err->code = code;
        err->at = at;
        clip_utf8(err->text, sizeof err->text, vsnprintf(err->text, sizeof err->text, format, args));
    }
    return code;
}

vd_code vd_fail(vd_error *err, vd_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(err, code, (vd_pos){ 0 }, format, args);
    va_end(args);
    return code;
}

vd_code vd_fail_at(vd_error *err, vd_code code, vd_pos at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(err, code, at, format, args);
    va_end(args);
    return code;
}

vd_code vd_fail_nomem(vd_error *err)
{
    return vd_fail(err, VD_ENOMEM, "out of memory");
}

void vd_error_hint(vd_error *err, const char *format, ...)
{
    va_list args;

    if (!err)
        return;
    va_start(args, format);
    clip_utf8(err->hint, sizeof err->hint, vsnprintf(err->hint, sizeof err->hint, format, args));
    va_end(args);
}

const char *vd_code_name(vd_code code)
{
    static const char *const names[] = { "ok",           "invalid-argument", "syntax",  "limit",
                                         "budget",       "no-memory",        "io",      "format",
                                         "bad-request",  "malformed-policy", "not-found", "internal" };

    return code <= 0 && -code < (int)VD_COUNT(names) ? names[-code] : "unknown";
}
