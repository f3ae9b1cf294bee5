/* SPDX-License-Identifier: Apache-2.0
 *
 * serverless.yml of the Serverless Framework: statements of the role that all functions share, statements of one function,
 * and a template of CloudFormation under resources.  Its own variables, ${self:custom.x}, are holes.
 */
#include "base/str.h"
#include "extract/cfn.h"

bool vd_is_serverless(const vd_input *in)
{
    uint32_t provider = vd_extract_is(in->doc, 0, VD_NODE_OBJECT) ? vd_doc_member(in->doc, 0, VD_S("provider")) : VD_NONE;

    return vd_extract_is(in->doc, provider, VD_NODE_OBJECT) &&
           vd_str_eq(vd_extract_member(in->doc, provider, "name"), VD_S("aws")) &&
           (vd_doc_member(in->doc, 0, VD_S("functions")) != VD_NONE ||
            vd_doc_member(in->doc, 0, VD_S("resources")) != VD_NONE ||
            vd_doc_member(in->doc, 0, VD_S("service")) != VD_NONE);
}

typedef struct statements {
    const char *path, *pointer;
} statements;

/* A list of statements of a role that functions take. */
static vd_code identity(vd_cfn *c, uint32_t node, vd_str path, vd_str pointer, uint32_t entity)
{
    vd_extracted row = { .container = path, .label = path, .pointer = pointer, .entity = entity, .node = VD_NONE,
                         .kind_known = true, .kind = VD_KIND_IDENTITY };

    vd_cfn_begin(c);
    if (node == VD_NONE)
        return VD_OK;
    if (!vd_extract_fact(c->in, &row, "compute", VD_S("lambda"),
                         vd_source_pos(c->doc->source, vd_doc_span(c->doc, node))))
        return vd_fail_nomem(c->in->err);
    return vd_cfn_statements(c, &row, node);
}

static vd_code of_provider(vd_cfn *c)
{
    static const statements rows[] = {
        { "provider.iam.role.statements", "/provider/iam/role/statements" },
        { "provider.iamRoleStatements", "/provider/iamRoleStatements" },
    };

    for (size_t i = 0; i < VD_COUNT(rows); i++)
        VD_TRY(identity(c, vd_extract_at(c->doc, 0, rows[i].path), vd_str_of(rows[i].path), vd_str_of(rows[i].pointer),
                        c->ids.count));
    return VD_OK;
}

static vd_code of_functions(vd_cfn *c)
{
    uint32_t functions = vd_doc_member(c->doc, 0, VD_S("functions")), entity = c->ids.count;

    if (!vd_extract_is(c->doc, functions, VD_NODE_OBJECT))
        return VD_OK;
    for (uint32_t k = vd_doc_first(c->doc, functions); k != VD_NONE; k = vd_doc_next(c->doc, functions, k)) {
        uint32_t at = vd_doc_member(c->doc, k + 1, VD_S("iamRoleStatements"));
        vd_str   path, base, pointer;

        if (at == VD_NONE)
            continue;
        if (!vd_arena_printf(c->arena, &path, "functions." VD_F ".iamRoleStatements", VD_A(vd_doc_text(c->doc, k))) ||
            !vd_pointer_member(c->arena, &base, VD_S("/functions"), vd_doc_text(c->doc, k)) ||
            !vd_pointer_member(c->arena, &pointer, base, VD_S("iamRoleStatements")))
            return vd_fail_nomem(c->in->err);
        VD_TRY(identity(c, at, path, pointer, ++entity));
    }
    return VD_OK;
}

static vd_code attached(vd_cfn *c)
{
    static const char *const paths[] = { "provider.iam.role.managedPolicies", "provider.iamManagedPolicies" };

    for (size_t i = 0; i < VD_COUNT(paths); i++) {
        uint32_t list = vd_extract_at(c->doc, 0, paths[i]);

        if (!vd_extract_is(c->doc, list, VD_NODE_ARRAY))
            continue;
        for (uint32_t k = vd_doc_first(c->doc, list); k != VD_NONE; k = vd_doc_next(c->doc, list, k)) {
            vd_cfn_place at = { .node = k, .parent = list, .path = vd_str_of(paths[i] + strlen("provider.")) };

            VD_TRY(vd_cfn_attach(c, VD_S("provider"), list, &at));
        }
    }
    return VD_OK;
}

static vd_code read_all(vd_cfn *c)
{
    VD_TRY(vd_cfn_read(c, VD_S("/resources/Resources")));
    c->within = VD_S("");
    VD_TRY(of_provider(c));
    VD_TRY(of_functions(c));
    return attached(c);
}

vd_code vd_extract_serverless(const vd_input *in)
{
    uint32_t root = vd_doc_member(in->doc, 0, VD_S("resources"));
    vd_cfn   c;
    bool     ready = vd_cfn_init(&c, in, vd_extract_is(in->doc, root, VD_NODE_OBJECT) ? root : 0);
    vd_code  code;

    c.foreign = true;
    code = ready ? read_all(&c) : vd_fail_nomem(in->err);
    vd_cfn_done(&c);
    return code;
}
