/* SPDX-License-Identifier: Apache-2.0
 *
 * Replacing a set while others read the old one.  A reader holds a reference to the set it uses and compares one
 * counter with one atomic load for each request; only when the counter moved does it take the lock to fetch the new
 * set.  So a decision never waits, and the old set is freed when the last reader has moved on.
 */
#include "eval/set_int.h"

#include <pthread.h>

struct vd_live {
    vd_engine      *engine;
    pthread_mutex_t lock; /* of set */
    vd_set         *set;
    atomic_uint     generation; /* moves after set did */
};

struct vd_reader {
    vd_live *live;
    vd_set  *set;
    unsigned generation;
};

vd_code vd_live_new(vd_live **out, const vd_engine *engine, vd_set *first, vd_error *err)
{
    vd_live *l;

    if (!out || !engine)
        return vd_fail(err, VD_EINVAL, "an engine and a place to go are needed");
    *out = NULL;
    if (!first)
        return vd_fail(err, VD_EINVAL, "a set to begin with is needed");
    l = vd_alloc0(&engine->alloc, sizeof *l);
    if (!l)
        return vd_fail_nomem(err);
    if (pthread_mutex_init(&l->lock, NULL) != 0) {
        vd_free(&engine->alloc, l, sizeof *l);
        return vd_fail_nomem(err);
    }
    l->engine = vd_engine_retain((vd_engine *)(uintptr_t)engine);
    l->set = vd_set_retain(first);
    atomic_init(&l->generation, 1);
    *out = l;
    return VD_OK;
}

void vd_live_free(vd_live *live)
{
    vd_engine *e;

    if (!live)
        return;
    e = live->engine;
    vd_set_release(live->set);
    pthread_mutex_destroy(&live->lock);
    vd_free(&e->alloc, live, sizeof *live);
    vd_engine_release(e);
}

void vd_live_replace(vd_live *live, vd_set *next)
{
    vd_set *old;

    if (!next)
        return; /* nobody wishes to be without policies */
    pthread_mutex_lock(&live->lock);
    old = live->set;
    live->set = vd_set_retain(next);
    atomic_fetch_add_explicit(&live->generation, 1, memory_order_release);
    pthread_mutex_unlock(&live->lock);
    vd_set_release(old);
}

static void fetch(vd_reader *r)
{
    vd_set *old = r->set;

    pthread_mutex_lock(&r->live->lock);
    r->set = vd_set_retain(r->live->set);
    r->generation = atomic_load_explicit(&r->live->generation, memory_order_relaxed);
    pthread_mutex_unlock(&r->live->lock);
    vd_set_release(old);
}

vd_code vd_reader_new(vd_reader **out, vd_live *live, vd_error *err)
{
    vd_reader *r;

    if (!out || !live)
        return vd_fail(err, VD_EINVAL, "a live set and a place to go are needed");
    *out = NULL;
    r = vd_alloc0(&live->engine->alloc, sizeof *r);
    if (!r)
        return vd_fail_nomem(err);
    r->live = live;
    fetch(r);
    *out = r;
    return VD_OK;
}

void vd_reader_free(vd_reader *reader)
{
    if (!reader)
        return;
    vd_set_release(reader->set);
    vd_free(&reader->live->engine->alloc, reader, sizeof *reader);
}

vd_set *vd_reader_set(vd_reader *reader)
{
    if (atomic_load_explicit(&reader->live->generation, memory_order_acquire) != reader->generation)
        fetch(reader);
    return reader->set;
}
