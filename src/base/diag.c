/* SPDX-License-Identifier: Apache-2.0
 *
 * A bounded list of diagnostics in an arena of its own.
 */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

vd_code vd_diags_new(vd_diags **out, const vd_engine *engine, vd_error *err)
{
    vd_diags *d = vd_alloc0(&engine->alloc, sizeof *d);

    *out = NULL;
    if (!d)
        return vd_fail_nomem(err);
    d->engine = vd_engine_retain((vd_engine *)(uintptr_t)engine);
    d->arena = vd_arena_on(&engine->alloc, 0);
    d->worst = -1;
    *out = d;
    return VD_OK;
}

void vd_diags_free(vd_diags *diags)
{
    vd_engine *engine;

    if (!diags)
        return;
    engine = diags->engine;
    vd_arena_done(&diags->arena);
    vd_free(&engine->alloc, diags, sizeof *diags);
    vd_engine_release(engine);
}

size_t vd_diags_count(const vd_diags *diags)
{
    return diags ? diags->count : 0;
}

const vd_diag *vd_diags_at(const vd_diags *diags, size_t index)
{
    return diags && index < diags->count ? &diags->at[index] : NULL;
}

size_t vd_diags_dropped(const vd_diags *diags)
{
    return diags ? diags->dropped : 0;
}

int32_t vd_diags_worst(const vd_diags *diags)
{
    return diags ? diags->worst : -1;
}

vd_code vd_diag_add(vd_diags *diags, int32_t severity, vd_str rule, vd_pos at, const char *hint, const char *format, ...)
{
    vd_diag d = { .size = sizeof d, .severity = severity, .rule = rule, .at = at };
    char    text[1024];
    va_list args;

    if (!diags)
        return VD_OK;
    if (severity > diags->worst)
        diags->worst = severity;
    if (diags->count >= diags->engine->limits.diagnostics) {
        diags->dropped++;
        return VD_OK;
    }
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!vd_arena_dup(&diags->arena, &d.text, vd_str_of(text)) ||
        !vd_arena_dup(&diags->arena, &d.hint, vd_str_of(hint ? hint : "")) ||
        !vd_arena_dup(&diags->arena, &d.at.file, at.file) ||
        !VD_ARENA_PUSH(&diags->arena, diags->at, diags->count, diags->cap, d))
        return VD_ENOMEM;
    return VD_OK;
}
