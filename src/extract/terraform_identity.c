/* SPDX-License-Identifier: Apache-2.0
 *
 * Which policies of a plan belong to one identity: those that a role has itself, those of resources that name it, and
 * managed policies that are attached to it alone.  Names that are not known yet are followed through references.
 */
#include "base/str.h"
#include "extract/terraform.h"

static const struct {
    const char *type, *attribute, *owner;
} members[] = {
    { "aws_iam_role_policy", "role", "aws_iam_role" },
    { "aws_iam_user_policy", "user", "aws_iam_user" },
    { "aws_iam_group_policy", "group", "aws_iam_group" },
    { "aws_iam_role_policy_attachment", "role", "aws_iam_role" },
    { "aws_iam_user_policy_attachment", "user", "aws_iam_user" },
    { "aws_iam_group_policy_attachment", "group", "aws_iam_group" },
    { "aws_iam_role_policy_attachments_exclusive", "role_name", "aws_iam_role" },
};

static const char *const owners[] = { "aws_iam_role", "aws_iam_user", "aws_iam_group" };

static bool is_owner(vd_str type)
{
    for (size_t i = 0; i < VD_COUNT(owners); i++)
        if (vd_str_eq(type, vd_str_of(owners[i])))
            return true;
    return false;
}

/* The identity of this type and name; a new number, when nothing in the plan is called so. */
static bool by_name(vd_tf *tf, vd_str type, vd_str name, uint32_t fresh, uint32_t *entity)
{
    const vd_allocator *a = &tf->arena->alloc;
    uint32_t            id, before = tf->names.strings.count;
    vd_str              key;

    if (!vd_arena_printf(tf->arena, &key, VD_F " " VD_F, VD_A(type), VD_A(name)) ||
        !vd_intern_add(&tf->names, a, key, &id) || (id == before && !VD_PUSH(a, &tf->name_entities, fresh)))
        return false;
    *entity = tf->name_entities.at[id];
    return true;
}

/* Each owner is an identity of its own number; what only has its name finds it. */
static bool number_owners(vd_tf *tf)
{
    for (uint32_t n = 0; n < tf->instances.count; n++) {
        vd_tf_instance *i = &tf->instances.at[n];
        vd_str          name = vd_extract_member(tf->doc, i->after, "name");

        if (i->data || !is_owner(i->type))
            continue;
        i->entity = n;
        if (name.n && !by_name(tf, i->type, name, n, &i->entity))
            return false;
    }
    return true;
}

static bool find_owner(vd_tf *tf, vd_tf_instance *i, uint32_t n)
{
    for (size_t k = 0; k < VD_COUNT(members); k++) {
        vd_str   owner = vd_str_of(members[k].owner), name;
        uint32_t found;

        if (!vd_str_eq(i->type, vd_str_of(members[k].type)))
            continue;
        name = vd_extract_member(tf->doc, i->after, members[k].attribute);
        if (name.n)
            return by_name(tf, owner, name, n, &i->entity);
        found = vd_tf_resolve(tf, i, vd_tf_references(tf, i, vd_str_of(members[k].attribute), 0, VD_S("")), owner);
        if (found != VD_NONE)
            i->entity = tf->instances.at[found].entity;
        return true;
    }
    return true;
}

/* The managed policy of the plan that an attribute names; VD_NONE: it is known already, or none of these. */
static uint32_t policy_at(vd_tf *tf, const vd_tf_instance *i, const char *attribute)
{
    uint32_t unknown = vd_extract_nearby(tf->doc, i->unknown, vd_str_of(attribute));

    if (!vd_extract_is(tf->doc, unknown, VD_NODE_TRUE))
        return VD_NONE;
    return vd_tf_resolve(tf, i, vd_tf_references(tf, i, vd_str_of(attribute), 0, VD_S("")), VD_S("aws_iam_policy"));
}

/* Attached to one identity a managed policy is part of it; to several, it stands alone. */
static void attach(vd_tf *tf, const vd_tf_instance *i)
{
    uint32_t        found = policy_at(tf, i, "policy_arn");
    vd_tf_instance *policy = found == VD_NONE ? NULL : &tf->instances.at[found];

    if (!policy || i->entity == VD_NONE)
        return;
    if (!policy->attached)
        policy->entity = i->entity;
    else if (policy->entity != i->entity)
        policy->entity = VD_NONE;
    policy->attached = true;
}

bool vd_tf_find_identities(vd_tf *tf)
{
    if (!number_owners(tf))
        return false;
    for (uint32_t n = 0; n < tf->instances.count; n++) {
        vd_tf_instance *i = &tf->instances.at[n];
        uint32_t        boundary;

        if (i->data || i->action == VD_TF_GONE)
            continue;
        if (!find_owner(tf, i, n))
            return false;
        attach(tf, i);
        boundary = is_owner(i->type) ? policy_at(tf, i, "permissions_boundary") : VD_NONE;
        if (boundary != VD_NONE)
            tf->instances.at[boundary].boundary = true;
    }
    return true;
}
