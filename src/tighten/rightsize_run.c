/* SPDX-License-Identifier: Apache-2.0
 *
 * The steps of right-sizing in their order, and what they leave behind.
 */
#include "tighten/rightsize.h"

#include "base/error.h"

struct vd_rightsized {
    vd_engine          *engine;
    vd_arena            arena;
    vd_rightsize_result result;
};

static vd_code keep_overrides(vd_rs *r)
{
    vd_str *at = vd_arena_new_array(r->arena, vd_str, (size_t)r->t->override_count + 1);

    if (!at)
        return vd_fail_nomem(r->err);
    for (uint32_t i = 0; i < r->t->override_count; i++)
        if (!vd_arena_dup(r->arena, &at[i], r->t->overrides[i]))
            return vd_fail_nomem(r->err);
    r->result->overrides = at;
    r->result->override_count = r->t->override_count;
    return VD_OK;
}

static vd_code prepare(vd_rs *r)
{
    r->words = (size_t)vd_catalog_actions(r->t->catalog) / 64 + 1;
    r->models = vd_arena_new_array(&r->scratch, vd_policy *, (size_t)r->t->document_count + 1);
    if (!r->models)
        return vd_fail_nomem(r->err);
    VD_TRY(vd_rs_read_previous(r));
    VD_TRY(vd_rs_read(r));
    return vd_rs_read_only(r);
}

static vd_code run(vd_rs *r)
{
    VD_TRY(prepare(r));
    VD_TRY(vd_rs_decide(r));
    VD_TRY(vd_rs_fit(r));
    VD_TRY(vd_rs_tell(r));
    if (r->opts->suggest_conditions)
        VD_TRY(vd_rs_suggest(r));
    VD_TRY(keep_overrides(r));
    return r->result->smaller || r->opts->previous_count || r->t->recommended ? vd_rs_prove(r) : VD_OK;
}

static void done(vd_rs *r)
{
    for (uint32_t i = 0; r->models && i < r->t->document_count; i++)
        vd_policy_release(r->models[i]);
    vd_arena_done(&r->scratch);
}

vd_code vd_rs_run(vd_rightsized **out, const vd_rs_target *target, const vd_rightsize_opts *opts, vd_error *err)
{
    const vd_allocator *a = &target->engine->alloc;
    vd_rightsized      *x = vd_alloc0(a, sizeof *x);
    vd_rs               r = { .t = target, .opts = opts, .err = err };
    vd_code             code;

    *out = NULL;
    if (!x)
        return vd_fail_nomem(err);
    x->engine = vd_engine_retain((vd_engine *)(uintptr_t)target->engine);
    x->arena = vd_arena_on(a, 0);
    x->result = (vd_rightsize_result){ .size = sizeof x->result };
    r.arena = &x->arena;
    r.scratch = vd_arena_on(a, 0);
    r.result = &x->result;
    code = run(&r);
    done(&r);
    if (code != VD_OK) {
        vd_rightsized_free(x);
        return code;
    }
    *out = x;
    return VD_OK;
}

vd_code vd_rs_check(vd_rightsize_result *result, const vd_rs_target *target, const vd_rightsize_opts *opts, vd_error *err)
{
    vd_arena arena = vd_arena_on(&target->engine->alloc, 0);
    vd_rs    r = { .t = target, .opts = opts, .err = err, .arena = &arena, .result = result };
    vd_code  code;

    r.scratch = vd_arena_on(&target->engine->alloc, 0);
    code = prepare(&r);
    if (code == VD_OK)
        code = vd_rs_prove(&r);
    done(&r);
    vd_arena_done(&arena);
    return code;
}

void vd_rightsize_result_of(const vd_rightsized *rightsized, vd_rightsize_result *out)
{
    size_t n = out->size && out->size < sizeof *out ? out->size : sizeof *out;

    memcpy(out, &rightsized->result, n);
    out->size = n;
}

void vd_rightsized_free(vd_rightsized *rightsized)
{
    vd_engine *engine;

    if (!rightsized)
        return;
    engine = rightsized->engine;
    vd_arena_done(&rightsized->arena);
    vd_free(&engine->alloc, rightsized, sizeof *rightsized);
    vd_engine_release(engine);
}
