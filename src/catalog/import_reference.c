/* SPDX-License-Identifier: Apache-2.0
 *
 * The provider's service reference: one JSON object for each service.  It has no titles, no categories and no mark for
 * required resource types; these are those of the catalogue in use.  Every list may be absent.
 */
#include "catalog/import_int.h"

#include "base/error.h"
#include "base/str.h"

static uint32_t list_of(const vd_doc *d, uint32_t object, const char *name)
{
    uint32_t at = d->nodes[object].kind == VD_NODE_OBJECT ? vd_doc_member(d, object, vd_str_of(name)) : VD_NONE;

    return at != VD_NONE && d->nodes[at].kind == VD_NODE_ARRAY ? at : VD_NONE;
}

static uint32_t first_of(const vd_doc *d, uint32_t list)
{
    return list == VD_NONE ? VD_NONE : vd_doc_first(d, list);
}

static vd_code read_keys(vd_import *im, vd_import_service *s, const vd_doc *d)
{
    uint32_t list = list_of(d, 0, "ConditionKeys");

    for (uint32_t e = first_of(d, list); e != VD_NONE; e = vd_doc_next(d, list, e)) {
        uint32_t      types = list_of(d, e, "Types"), first = first_of(d, types);
        vd_import_key k = { .type = first == VD_NONE ? VD_S("String") : vd_doc_text(d, first) };

        VD_TRY(vd_import_key_name(im, &k.name, vd_import_member(d, e, VD_S("Name"))));
        VD_TRY(VD_IMPORT_PUSH(im, s->keys, s->key_count, s->key_cap, k));
    }
    return VD_OK;
}

static vd_code read_types(vd_import *im, vd_import_service *s, const vd_doc *d)
{
    uint32_t list = list_of(d, 0, "Resources");

    for (uint32_t e = first_of(d, list); e != VD_NONE; e = vd_doc_next(d, list, e)) {
        vd_import_type t = { .name = vd_import_member(d, e, VD_S("Name")) };

        VD_TRY(vd_import_names(im, &t.arns, d, list_of(d, e, "ARNFormats"), false));
        VD_TRY(vd_import_names(im, &t.keys, d, list_of(d, e, "ConditionKeys"), true));
        VD_TRY(VD_IMPORT_PUSH(im, s->types, s->type_count, s->type_cap, t));
    }
    return VD_OK;
}

static bool has_property(const vd_doc *d, uint32_t action, const char *name)
{
    uint32_t notes = vd_doc_member(d, action, VD_S("Annotations")), properties, at;

    if (notes == VD_NONE || d->nodes[notes].kind != VD_NODE_OBJECT)
        return false;
    properties = vd_doc_member(d, notes, VD_S("Properties"));
    if (properties == VD_NONE || d->nodes[properties].kind != VD_NODE_OBJECT)
        return false;
    at = vd_doc_member(d, properties, vd_str_of(name));
    return at != VD_NONE && d->nodes[at].kind == VD_NODE_TRUE;
}

static char level_of(const vd_doc *d, uint32_t action)
{
    static const struct {
        const char *property;
        char        level;
    } order[] = { { "IsPermissionManagement", 'P' }, { "IsTaggingOnly", 'T' }, { "IsWrite", 'W' }, { "IsList", 'L' } };

    for (size_t i = 0; i < VD_COUNT(order); i++)
        if (has_property(d, action, order[i].property))
            return order[i].level;
    return 'R';
}

static bool was_required(const vd_import *im, vd_str prefix, vd_str action, vd_str type)
{
    uint32_t service = im->base ? vd_catalog_find_service(im->base, prefix) : VD_NONE, a, t;
    vd_ids   required;

    if (service == VD_NONE)
        return false;
    a = vd_catalog_find_action(im->base, service, action);
    t = vd_catalog_find_type(im->base, service, type);
    if (a == VD_NONE || t == VD_NONE)
        return false;
    required = vd_catalog_action(im->base, a).required;
    for (uint32_t i = 0; i < required.count; i++)
        if (required.at[i] == t)
            return true;
    return false;
}

static vd_code read_actions(vd_import *im, vd_import_service *s, const vd_doc *d)
{
    uint32_t list = list_of(d, 0, "Actions");

    for (uint32_t e = first_of(d, list); e != VD_NONE; e = vd_doc_next(d, list, e)) {
        vd_import_action a = { .name = vd_import_member(d, e, VD_S("Name")) };
        uint32_t         uses = list_of(d, e, "Resources");

        if (d->nodes[e].kind != VD_NODE_OBJECT)
            continue;
        a.level = level_of(d, e);
        for (uint32_t u = first_of(d, uses); u != VD_NONE; u = vd_doc_next(d, uses, u)) {
            vd_import_use use = { .type = vd_import_member(d, u, VD_S("Name")) };

            use.required = was_required(im, s->prefix, a.name, use.type);
            VD_TRY(vd_import_names(im, &use.keys, d, list_of(d, u, "ConditionKeys"), true));
            VD_TRY(VD_IMPORT_PUSH(im, a.uses, a.use_count, a.use_cap, use));
        }
        VD_TRY(vd_import_names(im, &a.keys, d, list_of(d, e, "ActionConditionKeys"), true));
        VD_TRY(VD_IMPORT_PUSH(im, s->actions, s->action_count, s->action_cap, a));
    }
    return VD_OK;
}

static vd_code read_service(vd_import *im, const vd_doc *d)
{
    vd_import_service s = { .prefix = vd_import_member(d, 0, VD_S("Name")), .category = VD_S("uncategorized") };
    uint32_t          known = im->base ? vd_catalog_find_service(im->base, s.prefix) : VD_NONE;

    s.title = s.prefix;
    if (known != VD_NONE) {
        vd_service_fact f = vd_catalog_service(im->base, known);

        s.title = f.title;
        s.category = f.category;
        s.rcp = f.rcp;
    }
    VD_TRY(read_keys(im, &s, d));
    VD_TRY(read_types(im, &s, d));
    VD_TRY(read_actions(im, &s, d));
    return VD_IMPORT_PUSH(im, im->services, im->service_count, im->service_cap, s);
}

/* The list of all services, and whatever else lies there, has no Name. */
vd_code vd_import_reference(vd_import *im)
{
    im->source = VD_S("servicereference.us-east-1.amazonaws.com");
    for (uint32_t i = 0; i < im->in->count; i++) {
        vd_doc d;

        if (!vd_str_ends(im->in->at[i].name, VD_S(".json")))
            continue;
        VD_TRY(vd_import_json(im, &d, &im->in->at[i]));
        if (d.nodes[0].kind == VD_NODE_OBJECT && vd_import_member(&d, 0, VD_S("Name")).n)
            VD_TRY(read_service(im, &d));
    }
    return VD_OK;
}
