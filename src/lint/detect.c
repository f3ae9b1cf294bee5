/* SPDX-License-Identifier: Apache-2.0
 *
 * Kinds of policies from names and shapes.  The shape is seen from the nodes, before the document is read: how it is read
 * depends on the kind.
 */
#include "lint/detect.h"

#include "base/str.h"
#include "lint/view.h"

/* ------------------------------------------------------------------ names */

static const struct {
    vd_str  text;
    vd_kind kind;
} endings[] = {
    { VD_L(".scp"), VD_KIND_SCP },           { VD_L(".rcp"), VD_KIND_RCP },
    { VD_L(".trust"), VD_KIND_TRUST },       { VD_L(".boundary"), VD_KIND_BOUNDARY },
    { VD_L(".session"), VD_KIND_SESSION },   { VD_L(".endpoint"), VD_KIND_ENDPOINT },
    { VD_L(".identity"), VD_KIND_IDENTITY }, { VD_L(".managed"), VD_KIND_MANAGED },
    { VD_L(".resource"), VD_KIND_RESOURCE },
}, folders[] = {
    { VD_L("scp"), VD_KIND_SCP },
    { VD_L("scps"), VD_KIND_SCP },
    { VD_L("service-control-policies"), VD_KIND_SCP },
    { VD_L("rcp"), VD_KIND_RCP },
    { VD_L("rcps"), VD_KIND_RCP },
    { VD_L("resource-control-policies"), VD_KIND_RCP },
    { VD_L("trust"), VD_KIND_TRUST },
    { VD_L("trust-policies"), VD_KIND_TRUST },
    { VD_L("boundaries"), VD_KIND_BOUNDARY },
};

/* "app.scp.json", "guardrails/scps/app.json"; the file's own name wins, then the nearest folder. */
static bool hint_of_name(vd_str path, vd_kind *kind)
{
    size_t slash = vd_str_rfind(path, '/');
    vd_str name = slash < path.n ? vd_str_from(path, slash + 1) : path;
    vd_str rest = slash < path.n ? vd_str_first(path, slash) : VD_S("");
    vd_str stem = vd_str_first(name, vd_str_rfind(name, '.'));

    for (size_t i = 0; i < VD_COUNT(endings); i++)
        if (vd_str_ends(stem, endings[i].text)) {
            *kind = endings[i].kind;
            return true;
        }
    while (rest.n) {
        slash = vd_str_rfind(rest, '/');
        name = slash < rest.n ? vd_str_from(rest, slash + 1) : rest;
        for (size_t i = 0; i < VD_COUNT(folders); i++)
            if (vd_str_eq(name, folders[i].text)) {
                *kind = folders[i].kind;
                return true;
            }
        rest = slash < rest.n ? vd_str_first(rest, slash) : VD_S("");
    }
    return false;
}

/* ------------------------------------------------------------------ shape */

typedef struct shape {
    const vd_doc     *doc;
    const vd_catalog *catalog;
    uint32_t          statements, with_principal, with_resource, denies;
    bool              all_sts, acts; /* acts: some statement has an Action */
    bool              all_star_principals;
    bool              one_service;   /* every action is of it */
    vd_str            service;
    bool              wide_resources; /* each is "*" or a NotResource */
    bool              all_on_all;    /* Allow "*" on "*", unconditioned */
    vd_str            arn_service;   /* of the first ARN in a Resource */
    vd_str            arn;
} shape;

static vd_str text_of(const shape *s, uint32_t node)
{
    return node != VD_NONE && s->doc->nodes[node].kind == VD_NODE_STRING ? vd_doc_text(s->doc, node) : VD_S("");
}

/* A string or the elements of an array: for (i = first_text(...); i != VD_NONE; i = next_text(...)) */
static uint32_t first_text(const shape *s, uint32_t node)
{
    if (node == VD_NONE)
        return VD_NONE;
    return s->doc->nodes[node].kind == VD_NODE_ARRAY ? vd_doc_first(s->doc, node) : node;
}

static uint32_t next_text(const shape *s, uint32_t node, uint32_t i)
{
    return s->doc->nodes[node].kind == VD_NODE_ARRAY ? vd_doc_next(s->doc, node, i) : VD_NONE;
}

static bool is_of_trust(vd_str action)
{
    static const vd_str patterns[] = { VD_L("sts:AssumeRole*"), VD_L("sts:TagSession"), VD_L("sts:SetSourceIdentity"),
                                       VD_L("sts:SetContext") };

    if (vd_str_ieq(action, VD_S("sts:*")))
        return true;
    for (size_t i = 0; i < VD_COUNT(patterns); i++)
        if (vd_view_action_matches(patterns[i], action))
            return true;
    return false;
}

static void look_at_action(shape *s, vd_str action)
{
    vd_str prefix = vd_str_first(action, vd_str_find(action, ':'));

    s->acts = true;
    s->all_sts &= is_of_trust(action);
    if (prefix.n == action.n || vd_str_find(prefix, '*') < prefix.n || vd_str_find(prefix, '?') < prefix.n)
        s->one_service = false;
    else if (s->service.n == 0)
        s->service = prefix;
    else
        s->one_service &= vd_str_ieq(prefix, s->service);
}

static bool is_everyone(const shape *s, uint32_t principal)
{
    uint32_t aws;

    if (s->doc->nodes[principal].kind != VD_NODE_OBJECT)
        return vd_str_eq(text_of(s, principal), VD_S("*"));
    aws = vd_doc_member(s->doc, principal, VD_S("AWS"));
    if (aws == VD_NONE || vd_doc_length(s->doc, principal) != 1)
        return false;
    aws = first_text(s, aws);
    return aws != VD_NONE && vd_str_eq(text_of(s, aws), VD_S("*"));
}

static void look_at_resource(shape *s, uint32_t node)
{
    for (uint32_t i = first_text(s, node); i != VD_NONE; i = next_text(s, node, i)) {
        vd_arn arn;

        s->wide_resources &= vd_str_eq(text_of(s, i), VD_S("*"));
        if (s->arn.n == 0 && vd_arn_split(&arn, text_of(s, i))) {
            s->arn = text_of(s, i);
            s->arn_service = arn.service;
        }
    }
}

static bool is_star(const shape *s, uint32_t node)
{
    uint32_t first = first_text(s, node);

    return first != VD_NONE && next_text(s, node, first) == VD_NONE && vd_str_eq(text_of(s, first), VD_S("*"));
}

static void look_at_statement(shape *s, uint32_t node)
{
    const vd_doc *d = s->doc;
    uint32_t      principal = vd_doc_member(d, node, VD_S("Principal")), action = vd_doc_member(d, node, VD_S("Action"));
    uint32_t      resource = vd_doc_member(d, node, VD_S("Resource"));
    bool          not_resource = vd_doc_member(d, node, VD_S("NotResource")) != VD_NONE;
    bool          not_action = vd_doc_member(d, node, VD_S("NotAction")) != VD_NONE;
    bool          deny = vd_str_ieq(text_of(s, vd_doc_member(d, node, VD_S("Effect"))), VD_S("Deny"));

    s->statements++;
    s->denies += deny;
    if (principal != VD_NONE || vd_doc_member(d, node, VD_S("NotPrincipal")) != VD_NONE)
        s->with_principal++;
    s->all_star_principals &= principal != VD_NONE && is_everyone(s, principal);
    for (uint32_t i = first_text(s, action); i != VD_NONE; i = next_text(s, action, i))
        look_at_action(s, text_of(s, i));
    if (not_action || action == VD_NONE)
        s->all_sts = s->one_service = false;
    if (resource != VD_NONE || not_resource)
        s->with_resource++;
    look_at_resource(s, resource);
    s->all_on_all &= !deny && is_star(s, action) && is_star(s, resource) &&
                     vd_doc_member(d, node, VD_S("Condition")) == VD_NONE;
}

static shape look(const vd_extracted *e, const vd_catalog *catalog)
{
    shape    s = { .doc = e->doc, .catalog = catalog, .all_sts = true, .all_star_principals = true, .one_service = true,
                   .wide_resources = true, .all_on_all = true };
    uint32_t list = vd_doc_member(e->doc, e->node, VD_S("Statement"));

    if (list == VD_NONE)
        return s;
    for (uint32_t i = first_text(&s, list); i != VD_NONE; i = next_text(&s, list, i))
        if (e->doc->nodes[i].kind == VD_NODE_OBJECT)
            look_at_statement(&s, i);
    return s;
}

/* ------------------------------------------------------------------ kinds of resources */

/* Of most services their prefix is the kind; these have several kinds of policies, or a name that says more. */
static const struct {
    vd_str service, mark, kind; /* mark: what the resource part of an ARN begins with */
} resource_kinds[] = {
    { VD_L("s3"), VD_L("accesspoint/"), VD_L("s3-accesspoint") },
    { VD_L("s3"), VD_L(""), VD_L("s3-bucket") },
    { VD_L("kms"), VD_L(""), VD_L("kms-key") },
    { VD_L("lambda"), VD_L("layer:"), VD_L("lambda-layer") },
};

static vd_str resource_kind_of(const shape *s)
{
    vd_str   service = s->one_service ? s->service : s->arn_service;
    vd_arn   arn;
    vd_str   resource = vd_arn_split(&arn, s->arn) ? arn.resource : VD_S("");
    uint32_t id;

    for (size_t i = 0; i < VD_COUNT(resource_kinds); i++)
        if (vd_str_ieq(service, resource_kinds[i].service) && vd_str_starts(resource, resource_kinds[i].mark))
            return resource_kinds[i].kind;
    id = s->catalog && service.n ? vd_catalog_find_service(s->catalog, service) : VD_NONE;
    return id != VD_NONE ? vd_catalog_service(s->catalog, id).prefix : VD_S("");
}

/* ------------------------------------------------------------------ the answer */

static vd_detected by_shape(const shape *s)
{
    vd_detected d = { .kind = VD_KIND_IDENTITY, .resource_kind = VD_S(""), .guessed = true };
    uint32_t    service;

    if (s->with_principal == 0) {
        d.maybe_scp = s->statements > 0 && (s->denies == s->statements || (s->statements == 1 && s->all_on_all));
        return d;
    }
    if (s->with_principal == s->statements && s->acts && s->all_sts && s->with_resource == 0) {
        d.kind = VD_KIND_TRUST;
        return d;
    }
    d.kind = VD_KIND_RESOURCE;
    d.resource_kind = resource_kind_of(s);
    if (s->denies == s->statements && s->all_star_principals && s->one_service && s->wide_resources && s->catalog) {
        service = vd_catalog_find_service(s->catalog, s->service);
        d.maybe_rcp = service != VD_NONE && vd_catalog_service(s->catalog, service).rcp;
    }
    return d;
}

/* What somebody said: no guess, but the kind of resource may still be seen. */
static vd_detected said_so(vd_kind kind, vd_str resource_kind, const shape *s)
{
    vd_detected d = { .kind = kind, .resource_kind = resource_kind };

    if (kind == VD_KIND_RESOURCE && resource_kind.n == 0)
        d.resource_kind = resource_kind_of(s);
    return d;
}

vd_detected vd_lint_detect(const vd_extracted *e, const vd_lint_config *config, const vd_policy_type *said, vd_str path,
                           const vd_catalog *catalog)
{
    shape   s = { .arn = VD_S(""), .service = VD_S(""), .arn_service = VD_S("") };
    vd_kind kind;

    if (e->node != VD_NONE)
        s = look(e, catalog);
    if (e->kind_known)
        return said_so(e->kind, e->resource_kind, &s);
    if (said)
        return said_so(said->kind, said->resource_kind, &s);
    for (uint32_t i = 0; i < config->type_count; i++)
        if (vd_path_glob_match(&config->types[i].path, path))
            return said_so(config->types[i].type.kind, config->types[i].type.resource_kind, &s);
    if (hint_of_name(path, &kind))
        return said_so(kind, VD_S(""), &s);
    return by_shape(&s);
}
