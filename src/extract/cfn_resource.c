/* SPDX-License-Identifier: Apache-2.0
 *
 * The properties of a resource that hold policies, by the table policy-properties; of a type that it does not know, what
 * has the shape of a policy.
 */
#include "base/str.h"
#include "extract/cfn.h"

enum { COLUMN_TYPE, COLUMN_FORMAT, COLUMN_PROPERTY, COLUMN_KIND, COLUMN_RESOURCE, COLUMN_FLAGS };

/* ------------------------------------------------------------------ rows */

/* Where people look for it: the path of a construct of the CDK, or the logical id. */
static vd_str place_of(const vd_cfn *c, uint32_t resource)
{
    uint32_t metadata = vd_doc_member(c->doc, resource, VD_S("Metadata"));

    return metadata == VD_NONE ? VD_S("") : vd_extract_member(c->doc, metadata, "aws:cdk:path");
}

/* "PolicyDocument" is no news behind "Policies[0]". */
static vd_str shown_path(vd_str path)
{
    static const vd_str ending = VD_L(".PolicyDocument");

    return vd_str_ends(path, ending) ? vd_str_first(path, path.n - ending.n) : path;
}

static vd_str name_of(vd_cfn *c, uint32_t parent)
{
    static const char *const members[] = { "PolicyName", "ManagedPolicyName", "Name" };
    vd_str                   name = VD_S("");

    for (size_t i = 0; i < VD_COUNT(members) && name.n == 0; i++)
        if (vd_extract_is(c->doc, parent, VD_NODE_OBJECT))
            name = vd_cfn_text_at(c, parent, members[i]);
    return name;
}

/* The role, user or group that a policy is written for, when it is one alone. */
static uint32_t owner_of(vd_cfn *c, uint32_t properties)
{
    static const char *const members[] = { "Roles", "Users", "Groups", "RoleName", "UserName", "GroupName" };
    uint32_t                 owner = VD_NONE, count = 0;

    for (size_t i = 0; i < VD_COUNT(members); i++) {
        uint32_t at = vd_doc_member(c->doc, properties, vd_str_of(members[i]));
        uint32_t from = at, end = at == VD_NONE ? 0 : c->doc->nodes[at].next;

        if (at == VD_NONE)
            continue;
        if (c->doc->nodes[at].kind == VD_NODE_ARRAY)
            count += vd_doc_length(c->doc, at);
        else
            count++;
        for (; from < end; from++) {
            vd_cfn_call      call = vd_cfn_call_at(c->doc, from);
            const vd_cfn_id *id =
                call.fn == VD_FN_REF ? vd_cfn_find(c, vd_doc_text(c->doc, call.argument)) : NULL;

            if (id && id->what == VD_CFN_RESOURCE)
                owner = (uint32_t)(id - c->ids.at);
        }
    }
    return count == 1 ? owner : VD_NONE;
}

static bool is_principal(vd_str type)
{
    static const vd_str types[] = { VD_L("AWS::IAM::Role"),           VD_L("AWS::IAM::User"),
                                    VD_L("AWS::IAM::Group"),          VD_L("AWS::SSO::PermissionSet"),
                                    VD_L("AWS::Serverless::Function"), VD_L("AWS::Serverless::StateMachine") };

    for (size_t i = 0; i < VD_COUNT(types); i++)
        if (vd_str_eq(types[i], type))
            return true;
    return false;
}

static uint32_t entity_of(vd_cfn *c, vd_str type, vd_str id, uint32_t properties)
{
    const vd_cfn_id *own = vd_cfn_find(c, id);

    if (is_principal(type))
        return own ? (uint32_t)(own - c->ids.at) : VD_NONE;
    if (vd_str_starts(type, VD_S("AWS::IAM::")) && properties != VD_NONE)
        return owner_of(c, properties);
    return VD_NONE;
}

bool vd_cfn_row(vd_cfn *c, vd_extracted *row, uint32_t resource, vd_str id, const vd_cfn_place *at)
{
    vd_str construct = place_of(c, resource);
    vd_str path = shown_path(at->path);

    *row = (vd_extracted){ .type = vd_extract_member(c->doc, resource, "Type"), .node = VD_NONE, .pointer = at->pointer };
    vd_cfn_begin(c);
    c->checking = false;
    row->name = name_of(c, at->parent);
    row->entity = entity_of(c, row->type, id, vd_doc_member(c->doc, resource, VD_S("Properties")));
    return vd_arena_printf(c->arena, &row->container, VD_F "%s" VD_F, VD_A(id), path.n ? "." : "", VD_A(at->path)) &&
           vd_arena_printf(c->arena, &row->label, "%s" VD_F " (" VD_F ")%s" VD_F "%s" VD_F "%s",
                           construct.n ? "" : "Resources.", VD_A(construct.n ? construct : id), VD_A(row->type),
                           path.n ? " > " : "", VD_A(path), row->name.n ? " \"" : "", VD_A(row->name),
                           row->name.n ? "\"" : "") &&
           vd_cfn_facts(c, row, resource);
}

/* ------------------------------------------------------------------ what a row of the table says */

static vd_takes takes_of(vd_str flags)
{
    return vd_str_eq(flags, VD_S("text")) ? VD_TAKES_TEXT : VD_TAKES_EITHER;
}

/* SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY; policies of other types are no IAM policies. */
static bool organizations_kind(vd_cfn *c, uint32_t resource, vd_kind *kind)
{
    vd_str type = vd_cfn_text_at(c, resource, "Properties.Type");

    *kind = vd_str_eq(type, VD_S("RESOURCE_CONTROL_POLICY")) ? VD_KIND_RCP : VD_KIND_SCP;
    return *kind == VD_KIND_RCP || vd_str_eq(type, VD_S("SERVICE_CONTROL_POLICY"));
}

vd_code vd_cfn_hand_out(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str kind, vd_str resource_kind,
                        vd_str flags)
{
    const vd_cfn_id *own = vd_cfn_find(c, id);
    vd_extracted     row;

    if (!vd_cfn_row(c, &row, resource, id, at))
        return vd_fail_nomem(c->in->err);
    row.kind_known = true;
    row.resource_kind = resource_kind;
    if (vd_str_eq(flags, VD_S("organizations"))) {
        if (!organizations_kind(c, resource, &row.kind)) {
            c->in->x->skipped++;
            return VD_OK;
        }
    } else {
        row.kind = vd_kind_find(kind);
    }
    if (own && own->boundary && row.kind == VD_KIND_MANAGED)
        row.kind = VD_KIND_BOUNDARY;
    return vd_cfn_policy(c, &row, at->node, takes_of(flags));
}

/* A partition that is not known is taken for the common one: names are the same in all of them. */
static bool arn_text(vd_cfn *c, const vd_cfn_value *v, vd_str *out)
{
    *out = VD_S("");
    for (uint32_t i = 0; i < v->part_count; i++) {
        const vd_cfn_part *p = &v->parts[i];

        if (p->hole != VD_NONE && c->holes->at[p->hole].kind != VD_HOLE_PARTITION)
            return false;
        if (!vd_arena_printf(c->arena, out, VD_F VD_F, VD_A(*out), VD_A(p->hole == VD_NONE ? p->text : VD_S("aws")))) {
            c->no_memory = true;
            return false;
        }
    }
    return vd_cfn_is_text(v);
}

vd_code vd_cfn_attach(vd_cfn *c, vd_str id, uint32_t node, const vd_cfn_place *at)
{
    const vd_cfn_id *own = vd_cfn_find(c, id);
    vd_cfn_value     v;
    vd_str           arn, container;

    VD_UNUSED(node);
    vd_cfn_begin(c);
    c->checking = false;
    v = vd_cfn_value_of(c, at->node);
    if (!arn_text(c, &v, &arn))
        return c->no_memory ? vd_fail_nomem(c->in->err) : VD_OK;
    if (!vd_arena_printf(c->arena, &container, VD_F "." VD_F, VD_A(id), VD_A(at->path)) ||
        !vd_extract_attach(c->in, c->doc, at->node, arn, container, own ? (uint32_t)(own - c->ids.at) : VD_NONE))
        return vd_fail_nomem(c->in->err);
    return VD_OK;
}

/* ------------------------------------------------------------------ paths */

typedef struct visit {
    vd_cfn  *c;
    uint32_t resource, row;
    vd_str   id, type;
} visit;

static vd_str cell(const visit *v, uint32_t column)
{
    return vd_sheet_cell(v->c->properties, v->row, column);
}

static vd_code arrive(const visit *v, const vd_cfn_place *at)
{
    vd_cfn *c = v->c;
    vd_str  kind = cell(v, COLUMN_KIND), flags = cell(v, COLUMN_FLAGS), resource = cell(v, COLUMN_RESOURCE);

    if (vd_str_eq(kind, VD_S("attached")))
        return vd_cfn_attach(c, v->id, v->resource, at);
    if (vd_str_eq(flags, VD_S("synthetic")))
        return vd_cfn_synthetic(c, v->resource, v->id, at, resource);
    if (vd_str_eq(flags, VD_S("statement")))
        return vd_cfn_statement(c, v->resource, v->id, at, resource);
    if (vd_str_eq(flags, VD_S("sam")))
        return vd_cfn_sam(c, v->resource, v->id, at, kind);
    return vd_cfn_hand_out(c, v->resource, v->id, at, kind, resource, flags);
}

static bool go_into(vd_cfn *c, vd_cfn_place *to, const vd_cfn_place *from, vd_str name, uint32_t node)
{
    to->node = node;
    to->parent = from->node;
    return vd_arena_printf(c->arena, &to->path, VD_F "%s" VD_F, VD_A(from->path), from->path.n ? "." : "", VD_A(name)) &&
           vd_pointer_member(c->arena, &to->pointer, from->pointer, name);
}

static bool go_to_item(vd_cfn *c, vd_cfn_place *to, const vd_cfn_place *from, uint32_t index, uint32_t node)
{
    to->node = node;
    to->parent = node;
    return vd_arena_printf(c->arena, &to->path, VD_F "[%u]", VD_A(from->path), (unsigned)index) &&
           vd_pointer_index(c->arena, &to->pointer, from->pointer, index);
}

static vd_code follow(const visit *v, const vd_cfn_place *at, vd_str path, uint32_t depth);

static vd_code follow_items(const visit *v, const vd_cfn_place *at, vd_str path, uint32_t depth)
{
    const vd_doc *d = v->c->doc;
    uint32_t      index = 0;

    if (d->nodes[at->node].kind != VD_NODE_ARRAY)
        return VD_OK;
    for (uint32_t k = vd_doc_first(d, at->node); k != VD_NONE; k = vd_doc_next(d, at->node, k)) {
        vd_cfn_place item;

        if (!go_to_item(v->c, &item, at, index++, k))
            return vd_fail_nomem(v->c->in->err);
        VD_TRY(follow(v, &item, path, depth + 1));
    }
    return VD_OK;
}

/* "Policies[].PolicyDocument" from here on.  Both branches of an Fn::If on the way.  Bounded by the depth. */
static vd_code follow(const visit *v, const vd_cfn_place *at, vd_str path, uint32_t depth)
{
    vd_cfn      *c = v->c;
    vd_cfn_call  call = vd_cfn_call_at(c->doc, at->node);
    vd_cfn_place to = *at;
    vd_str       name = path, rest = path;

    if (depth >= VD_CFN_DEEPEST)
        return VD_OK;
    if (path.n == 0 && (call.fn != VD_FN_IF || !vd_str_eq(cell(v, COLUMN_KIND), VD_S("attached"))))
        return arrive(v, at);
    if (call.fn == VD_FN_IF) {
        for (uint32_t i = 1; i <= 2; i++) {
            to.node = vd_cfn_nth(c->doc, call.argument, i);
            if (to.node != VD_NONE)
                VD_TRY(follow(v, &to, path, depth + 1));
        }
        return VD_OK;
    }
    if (vd_str_starts(path, VD_S("[]")))
        return follow_items(v, at, vd_str_from(path, path.n > 2 ? 3 : 2), depth);
    name.n = 0;
    while (name.n < path.n && path.p[name.n] != '.' && path.p[name.n] != '[')
        name.n++;
    rest = vd_str_from(path, name.n + (name.n < path.n && path.p[name.n] == '.'));
    to.node = vd_doc_member(c->doc, at->node, name);
    if (to.node == VD_NONE && at->path.n == 0)
        to.node = vd_cfn_global(c, v->type, name);
    if (to.node == VD_NONE)
        return VD_OK;
    if (!go_into(c, &to, at, name, to.node))
        return vd_fail_nomem(c->in->err);
    return follow(v, &to, rest, depth + 1);
}

/* ------------------------------------------------------------------ types that the table does not know */

static bool has_shape(const vd_doc *d, uint32_t node)
{
    uint32_t statement = d->nodes[node].kind == VD_NODE_OBJECT ? vd_doc_member(d, node, VD_S("Statement")) : VD_NONE;

    if (statement != VD_NONE && d->nodes[statement].kind == VD_NODE_ARRAY)
        statement = vd_doc_first(d, statement);
    return statement != VD_NONE && d->nodes[statement].kind == VD_NODE_OBJECT &&
           vd_doc_member(d, statement, VD_S("Effect")) != VD_NONE;
}

/* Every object of that shape below one property. */
static vd_code by_shape_in(vd_cfn *c, uint32_t resource, vd_str id, uint32_t key, vd_str pointer)
{
    vd_cfn_place at = { .parent = key + 1, .path = vd_doc_text(c->doc, key) };
    uint32_t     end = c->doc->nodes[key + 1].next;

    if (!vd_pointer_member(c->arena, &at.pointer, pointer, at.path))
        return vd_fail_nomem(c->in->err);
    for (uint32_t i = key + 1; i < end;) {
        vd_extracted row;

        if (!has_shape(c->doc, i)) {
            i++;
            continue;
        }
        at.node = i;
        if (!vd_cfn_row(c, &row, resource, id, &at))
            return vd_fail_nomem(c->in->err);
        VD_TRY(vd_cfn_policy(c, &row, i, VD_TAKES_EITHER));
        i = c->doc->nodes[i].next;
    }
    return VD_OK;
}

static vd_code by_shape(vd_cfn *c, uint32_t resource, vd_str id, uint32_t properties, vd_str pointer)
{
    for (uint32_t k = vd_doc_first(c->doc, properties); k != VD_NONE; k = vd_doc_next(c->doc, properties, k)) {
        if (c->doc->nodes[properties].kind != VD_NODE_OBJECT)
            return VD_OK;
        VD_TRY(by_shape_in(c, resource, id, k, pointer));
    }
    return VD_OK;
}

vd_code vd_cfn_resource(vd_cfn *c, vd_str id, uint32_t node, vd_str pointer)
{
    visit        v = { .c = c, .resource = node, .id = id, .type = vd_extract_member(c->doc, node, "Type") };
    uint32_t     properties = vd_doc_member(c->doc, node, VD_S("Properties"));
    vd_cfn_place at = { .node = properties, .parent = node, .path = VD_S("") };
    vd_run       rows = c->properties.rows ? vd_sheet_find(c->properties, v.type) : (vd_run){ 0, 0 };

    vd_cfn_begin(c);
    c->within = id;
    if (properties == VD_NONE)
        return VD_OK;
    if (!vd_pointer_member(c->arena, &at.pointer, pointer, VD_S("Properties")))
        return vd_fail_nomem(c->in->err);
    if (rows.count == 0)
        return by_shape(c, node, id, properties, at.pointer);
    for (uint32_t i = 0; i < rows.count; i++) {
        v.row = rows.first + i;
        if (!vd_str_eq(cell(&v, COLUMN_FORMAT), VD_S("cloudformation")))
            continue;
        if (vd_str_eq(cell(&v, COLUMN_FLAGS), VD_S("skip")))
            c->in->x->skipped++;
        else
            VD_TRY(follow(&v, &at, cell(&v, COLUMN_PROPERTY), 0));
    }
    return VD_OK;
}
