/* SPDX-License-Identifier: Apache-2.0
 *
 * A bundle that was made of a snapshot: policies of many resources, each of which is a question of its own.
 */
#include "cli/exposing.h"

#include "base/error.h"
#include "base/str.h"
#include "eval/set.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

bool vd_exposing_add_bundle(vd_exposing_run *run, const vd_side *side)
{
    uint32_t n = vd_set_resources(side->set, NULL, 0);
    vd_str  *names = vd_arena_new_array(&run->arena, vd_str, n ? n : 1);

    if (!names)
        return false;
    vd_set_resources(side->set, names, n);
    if (n > 1)
        qsort(names, n, sizeof *names, by_name);
    for (uint32_t i = 0; i < n; i++) {
        vd_exposing_task t = { .arn = names[i], .name = names[i], .whole = side, .error = { .size = sizeof t.error },
                               .summary = { .size = sizeof t.summary } };

        if (vd_str_contains(names[i], VD_S(":role/aws-service-role/")))
            continue; /* the trust policy is AWS's, and its service's alone */
        t.arena = vd_arena_on(vd_allocator_default(), 0);
        if (!VD_ARENA_PUSH(&run->arena, run->tasks, run->count, run->cap, t))
            return false;
    }
    return true;
}

static vd_code facts_of(vd_facts *f, vd_request *r, const vd_exposing_run *run, vd_str arn, vd_error *err)
{
    vd_code code = vd_request_set(r, VD_PRINCIPAL, VD_S("anonymous"));

    if (code == VD_OK)
        code = vd_request_set(r, VD_ACTION, VD_S("s3:GetObject"));
    if (code == VD_OK)
        code = vd_request_set(r, VD_RESOURCE, arn);
    if (code == VD_OK && run->opts->prove.resource_account.n)
        code = vd_request_set(r, VD_RESOURCE_ACCOUNT, run->opts->prove.resource_account);
    if (code != VD_OK) {
        *err = *vd_request_error(r);
        return code;
    }
    return vd_facts_make(f, r, 0, err);
}

static vd_code add_document(vd_builder *b, const vd_engine *engine, const vd_set *set, uint32_t id, const vd_attach *at, vd_error *err)
{
    vd_policy *p = NULL;
    vd_str     text;
    vd_code    code;

    VD_TRY(vd_set_text(set, id, &text, "the bundle was made without the texts of its policies: there is nothing to prove from", err));
    code = vd_policy_parse(&p, engine, vd_set_policy_kind(set, id), vd_set_policy_name(set, id), text, NULL, err);
    if (code == VD_OK)
        code = vd_builder_add(b, p, at, err);
    vd_policy_release(p);
    return code;
}

/* What its owner controls, and the endpoint's. */
static vd_code add_documents(vd_builder *b, const vd_exposing_run *run, const vd_set *set, const vd_facts *f, vd_error *err)
{
    static const vd_layer layers[] = { VD_LAYER_RESOURCE, VD_LAYER_RCP, VD_LAYER_ENDPOINT, VD_LAYER_ACCESS_POINT };

    for (size_t i = 0; i < VD_COUNT(layers); i++)
        for (uint32_t level = 0; level < vd_set_levels(set, f, layers[i]); level++) {
            vd_attach at = { .size = sizeof at, .layer = layers[i], .level = level };
            vd_bound  bound;

            vd_set_bound(&bound, set, f, layers[i], level);
            at.target = bound.target;
            for (uint32_t k = 0; k < bound.count; k++)
                VD_TRY(add_document(b, run->p->cli->engine, set, bound.policies[k], &at, err));
        }
    return vd_layers_add(&run->p->layers, b, err);
}

vd_code vd_exposing_bundle_set(vd_set **out, const vd_exposing_run *run, const vd_exposing_task *t, vd_error *err)
{
    vd_request *r = NULL;
    vd_builder *b = NULL;
    vd_facts    f;
    vd_code     code = vd_request_new(&r, run->p->cli->engine, err);

    if (code == VD_OK)
        code = facts_of(&f, r, run, t->arn, err);
    if (code == VD_OK)
        code = vd_builder_new(&b, run->p->cli->engine, err);
    if (code == VD_OK)
        code = add_documents(b, run, t->whole->set, &f, err);
    if (code == VD_OK)
        code = vd_builder_compile(out, b, NULL, err);
    vd_builder_free(b);
    vd_request_free(r);
    return code;
}
