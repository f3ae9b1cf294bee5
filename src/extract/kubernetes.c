/* SPDX-License-Identifier: Apache-2.0
 *
 * Manifests of Crossplane and of the AWS controllers for Kubernetes: resources of iam.aws... whose spec has the policy as
 * JSON text.
 */
#include "base/str.h"
#include "extract/each.h"
#include "extract/formats.h"

static const struct {
    const char *path, *property;
    vd_kind     kind; /* of a Policy: VD_KIND_MANAGED */
} places[] = {
    { "spec.forProvider.document", "document", VD_KIND_MANAGED },
    { "spec.forProvider.policy", "policy", VD_KIND_MANAGED },
    { "spec.forProvider.assumeRolePolicy", "assumeRolePolicy", VD_KIND_TRUST },
    { "spec.forProvider.assumeRolePolicyDocument", "assumeRolePolicyDocument", VD_KIND_TRUST },
    { "spec.forProvider.inlinePolicy[].policy", "inlinePolicy", VD_KIND_IDENTITY },
    { "spec.policyDocument", "policyDocument", VD_KIND_MANAGED },
    { "spec.assumeRolePolicyDocument", "assumeRolePolicyDocument", VD_KIND_TRUST },
};

bool vd_is_kubernetes(const vd_input *in)
{
    vd_str version = vd_extract_member(in->doc, 0, "apiVersion");

    return vd_str_contains(version, VD_S("iam.aws")) || vd_str_contains(version, VD_S("iam.services.k8s.aws"));
}

/* "RolePolicy" and the like are inline policies, "Policy" is a managed one. */
static vd_kind kind_of(vd_kind kind, vd_str resource)
{
    return kind == VD_KIND_MANAGED && !vd_str_eq(resource, VD_S("Policy")) ? VD_KIND_IDENTITY : kind;
}

vd_code vd_extract_kubernetes(const vd_input *in)
{
    vd_arena *arena = &in->x->arena;
    vd_str    resource = vd_extract_member(in->doc, 0, "kind");
    vd_str    name = vd_extract_string(in->doc, vd_extract_at(in->doc, 0, "metadata.name"));
    uint32_t  node;

    for (size_t i = 0; i < VD_COUNT(places); i++) {
        for (vd_each e = vd_each_of(in->doc, 0, vd_str_of(places[i].path)); vd_each_next(&e, &node);) {
            vd_extracted row = { .entity = VD_NONE, .type = resource, .name = name, .fixable = true }, *added;

            row.kind_known = true;
            row.kind = kind_of(places[i].kind, resource);
            if (!vd_each_pointer(&e, arena, VD_S(""), &row.pointer) ||
                !vd_arena_printf(arena, &row.container, "/" VD_F "/" VD_F, VD_A(resource), VD_A(name)) ||
                !vd_arena_printf(arena, &row.label, VD_F "/" VD_F " > %s", VD_A(resource), VD_A(name), places[i].property))
                return vd_fail_nomem(in->err);
            VD_TRY(vd_extract_policy(in, &row, in->doc, node, VD_TAKES_EITHER, &added));
        }
    }
    return VD_OK;
}
