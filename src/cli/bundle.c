/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies that belong to somebody by name: whose they are, and those of one.
 */
#include "cli/bundle.h"

#include "base/error.h"
#include "base/str.h"
#include "eval/set.h"
#include "pattern/arn.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ who */

static int by_name(const void *a, const void *b)
{
    const vd_bundle_owner *x = a, *y = b;

    return x->resource != y->resource ? (x->resource ? 1 : -1) : vd_str_cmp(x->arn, y->arn);
}

/* The other name of a role, by which its sessions are found. */
static bool is_alias(vd_str name)
{
    vd_arn arn;

    return vd_arn_split(&arn, name) && vd_str_starts(arn.resource, VD_S("assumed-role/")) &&
           vd_str_find(vd_str_from(arn.resource, sizeof "assumed-role/" - 1), '/') == arn.resource.n - (sizeof "assumed-role/" - 1);
}

static vd_code facts_of(vd_facts *f, vd_request *r, const vd_proving *p, const vd_bundle_owner *of, vd_error *err)
{
    vd_str  who = of->resource ? VD_S("anonymous") : of->arn.n ? of->arn : VD_S("arn:aws:iam::000000000000:user/anybody");
    vd_code code = vd_request_set(r, VD_PRINCIPAL, who);

    if (code == VD_OK)
        code = vd_request_set(r, VD_ACTION, VD_S("s3:GetObject"));
    if (code == VD_OK)
        code = vd_request_set(r, VD_RESOURCE, of->resource ? of->arn : VD_S("arn:aws:s3:::b/a"));
    if (code == VD_OK && of->resource && p && p->opts.resource_account.n)
        code = vd_request_set(r, VD_RESOURCE_ACCOUNT, p->opts.resource_account);
    if (code == VD_OK)
        return vd_facts_make(f, r, 0, err);
    *err = *vd_request_error(r);
    return code;
}

/* There are policies for whoever is not named, besides those for some. */
static bool has_general(const vd_set *set, bool *nomem)
{
    vd_bundle_owner   nobody = { .arn = { "", 0 } };
    vd_request *r = NULL;
    vd_facts    f;
    vd_error    err = { .size = sizeof err };
    bool        found = false;

    if (vd_request_new(&r, vd_set_engine(set), &err) != VD_OK || facts_of(&f, r, NULL, &nobody, &err) != VD_OK)
        *nomem = true;
    else
        found = vd_set_levels(set, &f, VD_LAYER_IDENTITY) > 0;
    vd_request_free(r);
    return found;
}

bool vd_bundle_owners(vd_arena *arena, const vd_set *set, vd_bundle_owner **at, uint32_t *count)
{
    uint32_t   principals = vd_set_principals(set, NULL, 0), resources = vd_set_resources(set, NULL, 0), n = 0;
    vd_str    *names = vd_arena_new_array(arena, vd_str, principals + resources + 1);
    vd_bundle_owner *list = vd_arena_new_array(arena, vd_bundle_owner, principals + resources + 2);
    bool       nomem = !names || !list;

    *at = list;
    *count = 0;
    if (nomem || principals + resources == 0)
        return !nomem;
    vd_set_principals(set, names, principals);
    vd_set_resources(set, names + principals, resources);
    if (has_general(set, &nomem))
        list[n++] = (vd_bundle_owner){ .arn = VD_S("") };
    for (uint32_t i = 0; i < principals + resources; i++)
        if (i >= principals || !is_alias(names[i]))
            list[n++] = (vd_bundle_owner){ .arn = names[i], .resource = i >= principals };
    qsort(list, n, sizeof *list, by_name);
    *count = n;
    return !nomem;
}

bool vd_bundle_owners_join(vd_arena *arena, vd_bundle_owner **at, uint32_t *count, const vd_bundle_owner *more, uint32_t more_count)
{
    vd_bundle_owner *list = vd_arena_new_array(arena, vd_bundle_owner, *count + more_count + 1);
    uint32_t   i = 0, k = 0, n = 0;

    while (list && (i < *count || k < more_count)) {
        int order = i == *count ? 1 : k == more_count ? -1 : by_name(&(*at)[i], &more[k]);

        list[n++] = order <= 0 ? (*at)[i] : more[k];
        i += order <= 0;
        k += order >= 0;
    }
    *at = list;
    *count = n;
    return list != NULL;
}

/* ------------------------------------------------------------------ the policies of one */

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

static vd_code add_documents(vd_builder *b, const vd_proving *p, const vd_set *set, const vd_bundle_owner *of, const vd_facts *f, vd_error *err)
{
    static const vd_layer of_resources[] = { VD_LAYER_RESOURCE, VD_LAYER_RCP, VD_LAYER_ENDPOINT, VD_LAYER_ACCESS_POINT };
    static const vd_layer of_principals[] = { VD_LAYER_IDENTITY, VD_LAYER_BOUNDARY, VD_LAYER_SESSION, VD_LAYER_SCP, VD_LAYER_ENDPOINT };
    const vd_layer       *layers = of->resource ? of_resources : of_principals;
    size_t                count = of->resource ? VD_COUNT(of_resources) : VD_COUNT(of_principals);

    for (size_t i = 0; i < count; i++)
        for (uint32_t level = 0; level < vd_set_levels(set, f, layers[i]); level++) {
            vd_attach at = { .size = sizeof at, .layer = layers[i], .level = level };
            vd_bound  bound;

            vd_set_bound(&bound, set, f, layers[i], level);
            at.target = bound.target;
            for (uint32_t k = 0; k < bound.count; k++)
                VD_TRY(add_document(b, p->cli->engine, set, bound.policies[k], &at, err));
        }
    if (!of->resource) /* guard-rails alone give nothing to somebody whose policies are known */
        VD_TRY(vd_part_add_none(b, p->cli->engine, VD_KIND_IDENTITY, &(vd_attach){ .size = sizeof(vd_attach), .layer = VD_LAYER_IDENTITY }, err));
    return vd_layers_add(&p->layers, b, err);
}

vd_code vd_bundle_set(vd_set **out, const vd_proving *p, const vd_set *set, const vd_bundle_owner *of, vd_error *err)
{
    vd_request *r = NULL;
    vd_builder *b = NULL;
    vd_facts    f;
    vd_code     code = vd_request_new(&r, p->cli->engine, err);

    *out = NULL;
    if (code == VD_OK)
        code = facts_of(&f, r, p, of, err);
    if (code == VD_OK)
        code = vd_builder_new(&b, p->cli->engine, err);
    if (code == VD_OK)
        code = add_documents(b, p, set, of, &f, err);
    if (code == VD_OK)
        code = vd_builder_compile(out, b, NULL, err);
    vd_builder_free(b);
    vd_request_free(r);
    return code;
}
