/* SPDX-License-Identifier: Apache-2.0
 *
 * vd_explain: the documents of a set, the interpreter over them, the story, and the tree's own answer beside it.  When
 * the two answers differ we have a bug, and say so.
 */
#include "explain/story.h"

#include "base/engine.h"
#include "base/str.h"
#include "eval/set.h"

#include <stdio.h>

enum {
    LONGEST_ACTION = 256, /* more than any action has; the tree folds it in place */
    CHUNK = 32 * 1024     /* what the explanation of a small set takes */
};

struct vd_explanation {
    vd_engine        *engine;
    vd_arena          arena;
    const vd_set     *set;
    const vd_policy **models; /* by id; NULL: not asked for yet */
    vd_policy       **read;   /* those that had to be read again from their texts */
    uint32_t          policy_count;
    vd_explained      told;
};

/* ------------------------------------------------------------------ worlds */

static vd_arity arity(const void *ctx, vd_str key)
{
    return vd_set_key_arity(ctx, key);
}

static bool rcp_service(const void *ctx, vd_str service)
{
    return vd_set_rcp_service(ctx, service);
}

static vd_str bound_key(const void *ctx, vd_key key)
{
    return vd_set_key_name(ctx, key);
}

static vd_code find_model(vd_explanation *x, uint32_t id, vd_error *err)
{
    vd_str text;

    if (x->models[id])
        return VD_OK;
    x->models[id] = vd_set_model(x->set, id);
    if (x->models[id])
        return VD_OK;
    VD_TRY(vd_set_text(x->set, id, &text, "the set carries no policy texts, so it cannot be explained", err));
    VD_TRY(vd_policy_parse(&x->read[id], x->engine, vd_set_policy_kind(x->set, id),
                           vd_set_policy_name(x->set, id), text, NULL, err));
    x->models[id] = x->read[id];
    return VD_OK;
}

static vd_code fill_level(vd_explanation *x, vd_world_level *out, const vd_facts *f, vd_layer layer,
                          uint32_t level, vd_error *err)
{
    vd_bound          bound;
    const vd_policy **policies;

    vd_set_bound(&bound, x->set, f, layer, level);
    policies = vd_arena_new_array(&x->arena, const vd_policy *, bound.count);
    if (!policies)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < bound.count; i++) {
        VD_TRY(find_model(x, bound.policies[i], err));
        policies[i] = x->models[bound.policies[i]];
    }
    *out = (vd_world_level){
        .target = bound.target, .policies = policies, .ids = bound.policies, .count = bound.count
    };
    return VD_OK;
}

static vd_code fill_world(vd_explanation *x, vd_world *w, const vd_request *request, uint32_t check,
                          vd_error *err)
{
    vd_facts f;

    *w = (vd_world){ .arity = arity, .rcp_service = rcp_service, .bound_key = bound_key, .ctx = x->set };
    if (vd_facts_make(&f, request, check, NULL) != VD_OK)
        return VD_OK; /* no policy will be read */
    for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++) {
        uint32_t        count = vd_set_levels(x->set, &f, layer);
        vd_world_level *levels = vd_arena_new_array(&x->arena, vd_world_level, count);

        if (!levels)
            return vd_fail_nomem(err);
        for (uint32_t i = 0; i < count; i++)
            VD_TRY(fill_level(x, &levels[i], &f, layer, i, err));
        w->layer[layer] = (vd_world_layer){ levels, count };
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the tree beside it */

static bool same_decision(const vd_decision *a, const vd_decision *b)
{
    return a->outcome == b->outcome && a->layer == b->layer && a->category == b->category &&
           a->policy == b->policy && a->statement == b->statement && a->level == b->level &&
           a->check == b->check && a->trust == b->trust;
}

static void print_answer(char *out, size_t size, vd_code code, const vd_decision *d)
{
    snprintf(out, size, "%s %s layer \"%s\" %s policy %d statement %d level %u check %u", vd_code_name(code),
             vd_outcome_name(d->outcome), vd_layer_name(d->layer), vd_category_name(d->category),
             (int)d->policy, (int)d->statement, d->level, d->check);
}

/* The tree works in memory of a fixed size, and refuses requests that are larger than what it was opened for. */
static bool too_large(const vd_explanation *x, const vd_call *call)
{
    vd_limits         limits = { .size = sizeof limits };
    const vd_request *r = call->request;
    bool              large;

    vd_engine_limits(vd_set_engine(x->set), &limits);
    large = r->context.count > limits.request_keys;
    for (uint32_t i = 0; i < r->values.count; i++)
        large = large || r->values.at[i].n > limits.request_value_bytes;
    for (uint32_t i = 0; i < call->count; i++)
        large = large || call->checks[i].facts.resource.n > limits.request_value_bytes ||
                call->checks[i].facts.action.n > LONGEST_ACTION;
    return large;
}

static vd_code compare(vd_explanation *x, vd_call *call, vd_error *err)
{
    vd_check_result    *mine = &call->checks[call->decisive];
    vd_decision         tree = { .size = sizeof tree };
    const vd_allocator *alloc = &x->engine->alloc;
    size_t              size = vd_scratch_size(x->set) + 16; /* for the alignment; it need not be cleared */
    char               *scratch = vd_alloc(alloc, size);
    vd_code             code;
    char                a[128], b[128];

    if (!scratch)
        return vd_fail_nomem(err);
    code = vd_eval(&tree, x->set, call->request, scratch + (16 - (uintptr_t)scratch % 16) % 16);
    vd_free(alloc, scratch, size);
    if (code == mine->code && (code == VD_EREQUEST || same_decision(&tree, &mine->decision)))
        return VD_OK; /* of a request that is refused there is nothing else to tell */
    if (code == VD_EFORMAT)
        return vd_fail(err, code, "damaged bundle: the checksum of a tree does not match");
    if (code == VD_EREQUEST && too_large(x, call)) {
        vd_error refused = { .size = sizeof refused };

        vd_fail(&refused, VD_EREQUEST, "the request is larger than the limits of the set");
        vd_interpret_refused(mine, call->decisive, &refused);
        return VD_OK;
    }
    print_answer(a, sizeof a, code, &tree);
    print_answer(b, sizeof b, mine->code, &mine->decision);
    return vd_fail(err, VD_EINTERNAL, "the tree says %s, the rules say %s", a, b);
}

/* ------------------------------------------------------------------ the call */

static vd_code explain(vd_explanation *x, const vd_request *request, const vd_explain_opts *opts,
                       vd_error *err)
{
    vd_call call = {
        .engine = x->engine, .arena = &x->arena, .request = request, .count = vd_request_check_count(request)
    };
    vd_world *worlds = vd_arena_new_array(&x->arena, vd_world, call.count);
    vd_code   code;

    x->policy_count = vd_set_policies(x->set);
    x->models = vd_arena_new_array(&x->arena, const vd_policy *, x->policy_count);
    x->read = vd_arena_new_array(&x->arena, vd_policy *, x->policy_count);
    if (!worlds || !x->models || !x->read)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < call.count; i++)
        VD_TRY(fill_world(x, &worlds[i], request, i, err));
    call.worlds = worlds;
    code = vd_call_interpret(&call);
    if (code == VD_OK)
        VD_TRY(compare(x, &call, err));
    if (code == VD_OK)
        code = vd_story_tell(&x->told, &call, !opts->no_trace);
    if (code == VD_OK && !opts->no_proposals && !opts->no_trace && x->told.code == VD_OK &&
        x->told.decision.outcome != VD_ALLOW)
        code = vd_advise(&x->told, &call);
    if (code == VD_OK && x->arena.failed) /* a sentence or a proposal would be missing */
        code = VD_ENOMEM;
    return code == VD_ENOMEM ? vd_fail_nomem(err) : code;
}

vd_code vd_explain(vd_explanation **out, const vd_set *set, const vd_request *request,
                   const vd_explain_opts *opts, vd_error *err)
{
    vd_explain_opts given = { .size = sizeof given };
    vd_explanation *x;
    vd_engine      *engine;
    vd_code         code;

    if (!out)
        return vd_fail(err, VD_EINVAL, "nowhere to put the explanation");
    *out = NULL;
    if (!set || !request)
        return vd_fail(err, VD_EINVAL, "an explanation needs a set and a request");
    if (opts && opts->size)
        memcpy(&given, opts, opts->size < sizeof given ? opts->size : sizeof given);
    engine = request->engine;
    x = vd_alloc0(&engine->alloc, sizeof *x);
    if (!x)
        return vd_fail_nomem(err);
    x->engine = vd_engine_retain(engine);
    x->arena = vd_arena_on(&engine->alloc, 0);
    x->arena.next_chunk = CHUNK;
    x->set = set;
    code = explain(x, request, &given, err);
    if (code != VD_OK) {
        vd_explanation_free(x);
        return code;
    }
    *out = x;
    return VD_OK;
}

void vd_explanation_free(vd_explanation *x)
{
    vd_engine *engine;

    if (!x)
        return;
    for (uint32_t i = 0; x->read && i < x->policy_count; i++)
        vd_policy_release(x->read[i]);
    vd_arena_done(&x->arena);
    engine = x->engine;
    vd_free(&engine->alloc, x, sizeof *x);
    vd_engine_release(engine);
}

const vd_explained *vd_explanation_get(const vd_explanation *explanation)
{
    return explanation ? &explanation->told : NULL;
}
