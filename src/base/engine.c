/* SPDX-License-Identifier: Apache-2.0
 *
 * Making and counting engines.
 */
#include "base/engine.h"

#include "base/limits.h"

#ifndef VERDICT_VERSION
#define VERDICT_VERSION "0.0.0"
#endif

vd_code vd_engine_new(vd_engine **out, const vd_engine_opts *opts, vd_error *err)
{
    vd_engine_opts o = { 0 };
    vd_engine     *e;

    if (!out)
        return vd_fail(err, VD_EINVAL, "no place for the engine");
    *out = NULL;
    if (opts)
        memcpy(&o, opts, opts->size < sizeof o ? opts->size : sizeof o);
    if (o.allocator && (!o.allocator->realloc || !o.allocator->free))
        return vd_fail(err, VD_EINVAL, "an allocator needs realloc and free");
    if (!o.allocator)
        o.allocator = vd_allocator_default();
    e = vd_alloc0(o.allocator, sizeof *e);
    if (!e)
        return vd_fail_nomem(err);
    vd_count_init(&e->refs);
    e->alloc = *o.allocator;
    e->hash_seed = o.hash_seed;
    vd_limits_fill(&e->limits, o.limits);
    *out = e;
    return VD_OK;
}

vd_engine *vd_engine_retain(vd_engine *engine)
{
    if (engine)
        vd_count_up(&engine->refs);
    return engine;
}

void vd_engine_release(vd_engine *engine)
{
    vd_allocator a;

    if (!engine || !vd_count_down(&engine->refs))
        return;
    a = engine->alloc;
    vd_free(&a, engine, sizeof *engine);
}

void vd_engine_limits(const vd_engine *engine, vd_limits *out)
{
    *out = engine->limits;
}

const char *vd_version(void)
{
    return VERDICT_VERSION;
}
