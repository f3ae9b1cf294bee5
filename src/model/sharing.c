/* SPDX-License-Identifier: Apache-2.0
 *
 * Settings that share something without a policy: attributes of snapshots and images.  Each becomes a document of one
 * statement whose place is that of the setting, so that findings lead there (analysis 8.3).
 */
#include "base/buf.h"
#include "base/str.h"
#include "model/draft.h"
#include "pattern/arn.h"

enum { PERMISSIONS, ATTRIBUTES, IMAGES };

typedef struct row {
    const char *path; /* below accounts/@/% */
    const char *type, *arn, *name_member;
    const char *list; /* of permissions: {"Group": "all"}, {"UserId": ...}, {"OrganizationArn": ...}; the attributes of RDS; images */
    uint8_t     form;
    const char *actions; /* as JSON */
} row;

static const row rows[] = {
    { "ec2/snapshot-attributes/*.json", "AWS::EC2::Snapshot", "arn:{p}:ec2:{r}::snapshot/{1}", "SnapshotId", "CreateVolumePermissions", PERMISSIONS,
      "[\"ec2:CopySnapshot\",\"ec2:CreateVolume\"]" },
    { "ec2/image-attributes/*.json", "AWS::EC2::Image", "arn:{p}:ec2:{r}::image/{1}", "ImageId", "LaunchPermissions", PERMISSIONS,
      "[\"ec2:CopyImage\",\"ec2:RunInstances\"]" },
    { "ec2/images.json", "AWS::EC2::Image", "arn:{p}:ec2:{r}::image/{1}", "ImageId", "Images", IMAGES,
      "[\"ec2:CopyImage\",\"ec2:RunInstances\"]" },
    { "rds/snapshot-attributes/*.json", "AWS::RDS::DBSnapshot", "arn:{p}:rds:{r}:{a}:snapshot:{1}",
      "DBSnapshotAttributesResult.DBSnapshotIdentifier", "DBSnapshotAttributesResult.DBSnapshotAttributes", ATTRIBUTES,
      "[\"rds:CopyDBSnapshot\",\"rds:RestoreDBInstanceFromDBSnapshot\"]" },
    { "rds/cluster-snapshot-attributes/*.json", "AWS::RDS::DBClusterSnapshot", "arn:{p}:rds:{r}:{a}:cluster-snapshot:{1}",
      "DBClusterSnapshotAttributesResult.DBClusterSnapshotIdentifier", "DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes", ATTRIBUTES,
      "[\"rds:CopyDBClusterSnapshot\",\"rds:RestoreDBClusterFromSnapshot\"]" },
};

/* ------------------------------------------------------------------ one setting */

/* Only what a name of AWS can be: it goes into JSON as it is. */
static bool is_plain(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!vd_is_alpha(s.p[i]) && !vd_is_digit(s.p[i]) && !strchr("-_:/", s.p[i]))
            return false;
    return s.n > 0;
}

/* {"Principal":...[,"Condition":...]}: false: nobody that we know. */
static bool write_who(vd_buf *b, vd_str group, vd_str account, vd_str org)
{
    size_t slash = vd_str_rfind(org, '/');

    if (vd_str_eq(group, VD_S("all"))) {
        vd_buf_printf(b, "\"Principal\":\"*\"");
        return true;
    }
    if (vd_is_account(account)) {
        vd_buf_printf(b, "\"Principal\":{\"AWS\":\"" VD_F "\"}", VD_A(account));
        return true;
    }
    org = vd_str_from(org, slash + 1);
    if (!is_plain(org) || !vd_str_starts(org, VD_S("o-")))
        return false;
    vd_buf_printf(b, "\"Principal\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"" VD_F "\"}}", VD_A(org));
    return true;
}

static vd_code share(const vd_import *in, const row *r, uint32_t node, vd_draft_facet f, vd_str group, vd_str account, vd_str org)
{
    vd_buf  b = vd_buf_on(&in->to->engine->alloc, 0);
    vd_code code;

    vd_buf_printf(&b, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",");
    if (!write_who(&b, group, account, org)) {
        vd_buf_done(&b);
        return vd_draft_note_node(in, VD_GAP_POLICY, VD_WARNING, node, in->account, f.arn, "nobody knows whom this is shared with");
    }
    vd_buf_printf(&b, ",\"Action\":%s,\"Resource\":\"*\"}]}", r->actions);
    f.kind = VD_FACET_SHARED;
    f.at = vd_draft_place(in, node);
    code = b.failed ? vd_fail_nomem(in->err) : vd_draft_synthetic(in, VD_KIND_RESOURCE, f.arn, node, vd_buf_str(&b), &f.doc);
    vd_buf_done(&b);
    return code == VD_OK ? vd_draft_facet_add(in, f) : code;
}

/* The values of "restore": accounts, or "all". */
static vd_code share_attribute(const vd_import *in, const row *r, uint32_t node, vd_draft_facet f)
{
    uint32_t values = vd_member(in, node, "AttributeValues");

    if (!vd_str_eq(vd_extract_member(in->doc, node, "AttributeName"), VD_S("restore")) || !vd_extract_is(in->doc, values, VD_NODE_ARRAY))
        return VD_OK;
    for (uint32_t c = vd_doc_first(in->doc, values); c != VD_NONE; c = vd_doc_next(in->doc, values, c)) {
        vd_str who = vd_doc_text(in->doc, c);

        VD_TRY(share(in, r, c, f, who, who, VD_S("")));
    }
    return VD_OK;
}

static vd_code share_permission(const vd_import *in, const row *r, uint32_t node, vd_draft_facet f)
{
    vd_str org = vd_extract_member(in->doc, node, "OrganizationArn");

    return share(in, r, node, f, vd_extract_member(in->doc, node, "Group"), vd_extract_member(in->doc, node, "UserId"), org);
}

/* An image of its own, that everybody may use or not. */
static vd_code share_image(const vd_import *in, const row *r, uint32_t node, vd_draft_facet f)
{
    uint32_t open = vd_member(in, node, "Public");
    vd_str   name;

    VD_TRY(vd_member_text(in, node, r->name_member, &name));
    if (!name.n)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, in->account, VD_S(""), "an image without \"ImageId\"");
    VD_TRY(vd_source_arn(in, r->arn, name, &f.arn));
    f.at = vd_draft_place(in, node);
    VD_TRY(vd_draft_facet_add(in, f));
    return vd_extract_is(in->doc, open, VD_NODE_TRUE) ? share(in, r, open, f, VD_S("all"), VD_S(""), VD_S("")) : VD_OK;
}

/* ------------------------------------------------------------------ one file */

static vd_code read_row(const vd_import *in, const row *r)
{
    static vd_code (*const take[])(const vd_import *, const row *, uint32_t, vd_draft_facet) = {
        [PERMISSIONS] = share_permission, [ATTRIBUTES] = share_attribute, [IMAGES] = share_image
    };
    vd_draft_facet f = { .type = vd_str_of(r->type), .account = in->account, .region = in->region, .doc = VD_NONE,
                         .at = vd_draft_place(in, in->node) };
    vd_code        code;
    uint32_t       list = vd_member_list(in, in->node, r->list, &code);
    vd_str         name;

    VD_TRY(code);
    if (r->form != IMAGES) {
        VD_TRY(vd_member_text(in, in->node, r->name_member, &name));
        VD_TRY(vd_source_arn(in, r->arn, name.n ? name : in->part[0], &f.arn));
        VD_TRY(vd_draft_facet_add(in, f));
    }
    if (list == VD_NONE)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, in->node, in->account, f.arn, "no \"%s\"", r->list);
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c))
        VD_TRY(take[r->form](in, r, c, f));
    return VD_OK;
}

vd_code vd_read_sharing(vd_import *in, bool *known)
{
    vd_import before = *in;

    *known = true;
    for (size_t i = 0; i < VD_COUNT(rows); i++)
        if (vd_source_match_below(in, rows[i].path)) {
            if (in->doc && vd_extract_is(in->doc, in->node, VD_NODE_OBJECT))
                return read_row(in, &rows[i]);
            return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, in->doc ? in->node : VD_NONE, in->account, VD_S(""),
                                      "the file must hold an object");
        }
    *in = before;
    *known = false;
    return VD_OK;
}
