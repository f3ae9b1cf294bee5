/* SPDX-License-Identifier: Apache-2.0
 *
 * Actions about which decisions know something besides what policies say: each group is a set of its own, so that no class
 * holds some of a group and some besides.  Which rules these are stands in request/facts.c; a group too many costs a
 * question, one too few an answer.
 */
#include "symbolic/actions_int.h"

#include "base/str.h"

static const vd_str calls[] = {
    VD_L("sts:*"),
    VD_L("sts:GetCallerIdentity"),
    VD_L("sts:GetSessionToken"),
    VD_L("sts:GetFederationToken"),
    VD_L("sts:AssumeRole"),
    VD_L("sts:AssumeRoleWithSAML"),
    VD_L("sts:AssumeRoleWithWebIdentity"),
    VD_L("sts:AssumeRoot"),
    VD_L("sts:TagSession"),
    VD_L("sts:SetSourceIdentity"),
    VD_L("sts:SetContext"),
    VD_L("iam:*"),
    VD_L("iam:PassRole"),
    VD_L("kms:*"),
    VD_L("kms:RetireGrant"),
};

static const vd_str own_bucket[] = { VD_L("s3:GetBucketPolicy"), VD_L("s3:PutBucketPolicy"), VD_L("s3:DeleteBucketPolicy") };

static void add_each(vd_partition *p, const vd_str *patterns, uint32_t count)
{
    for (uint32_t i = 0; i < count && !p->nomem; i++)
        vd_actions_add_set(p, (vd_action_set){ .patterns = &patterns[i], .count = 1 });
}

/* The first cells of a table's rows, with tail behind: "s3" and ":*". */
static void add_sheet(vd_partition *p, vd_str sheet, const char *tail)
{
    vd_sheet s = vd_catalog_sheet(p->c, sheet);
    vd_str  *out = vd_arena_new_array(&p->work, vd_str, s.rows + 1);

    for (uint32_t i = 0; out && i < s.rows; i++)
        if (!vd_arena_printf(&p->work, &out[i], VD_F "%s", VD_A(vd_sheet_cell(s, i, 0)), tail))
            out = NULL;
    p->nomem |= !out;
    if (out && s.rows)
        vd_actions_add_set(p, (vd_action_set){ .patterns = out, .count = s.rows });
}

/* E318: rows are a list and the name of an action, of iam or, for aliases, of kms. */
static void add_only_aws(vd_partition *p)
{
    vd_sheet s = vd_catalog_sheet(p->c, VD_S("aws-only"));

    for (uint32_t i = 0; i < s.rows && !p->nomem;) {
        vd_run  run = vd_sheet_find(s, vd_sheet_cell(s, i, 0));
        bool    alias = vd_str_eq(vd_sheet_cell(s, i, 0), VD_S("alias"));
        vd_str *out = vd_arena_new_array(&p->work, vd_str, run.count + 1);

        for (uint32_t k = 0; out && k < run.count; k++)
            if (!vd_arena_printf(&p->work, &out[k], "%s:" VD_F, alias ? "kms" : "iam", VD_A(vd_sheet_cell(s, run.first + k, 1))))
                out = NULL;
        p->nomem |= !out;
        if (out)
            vd_actions_add_set(p, (vd_action_set){ .patterns = out, .count = run.count });
        i = run.first + run.count;
    }
}

/* Those of the table and those of the catalogue. */
static void add_rcp_services(vd_partition *p)
{
    vd_str  *more = vd_arena_new_array(&p->work, vd_str, vd_catalog_services(p->c) + 1);
    uint32_t n = 0;

    add_sheet(p, VD_S("rcp-services"), ":*");
    for (uint32_t i = 0; more && i < vd_catalog_services(p->c); i++) {
        vd_service_fact f = vd_catalog_service(p->c, i);

        if (f.rcp && !vd_arena_printf(&p->work, &more[n++], VD_F ":*", VD_A(f.prefix)))
            more = NULL;
    }
    p->nomem |= !more;
    if (more && n && !p->nomem)
        vd_actions_add_set(p, (vd_action_set){ .patterns = more, .count = n });
}

/* ------------------------------------------------------------------ services that want a signature */

static bool wants_signature(vd_sheet services, uint32_t column, uint32_t row)
{
    return column != VD_NONE && vd_str_eq(vd_sheet_cell(services, row, column), VD_S("no"));
}

bool vd_action_is_signed(const vd_catalog *catalog, vd_str action)
{
    vd_sheet s = vd_catalog_sheet(catalog, VD_S("services"));
    vd_run   run = vd_sheet_find(s, vd_str_first(action, vd_str_find(action, ':')));

    return run.count && wants_signature(s, vd_sheet_column(s, VD_S("anonymous")), run.first);
}

static void add_signed(vd_partition *p)
{
    vd_sheet s = vd_catalog_sheet(p->c, VD_S("services"));
    uint32_t column = vd_sheet_column(s, VD_S("anonymous")), n = 0;
    vd_str  *out = vd_arena_new_array(&p->work, vd_str, s.rows + 1);

    for (uint32_t i = 0; out && i < s.rows; i++)
        if (wants_signature(s, column, i) && !vd_arena_printf(&p->work, &out[n++], VD_F ":*", VD_A(vd_sheet_cell(s, i, 0))))
            out = NULL;
    p->nomem |= !out;
    if (out && n)
        vd_actions_add_set(p, (vd_action_set){ .patterns = out, .count = n });
}

/* ------------------------------------------------------------------ all of them */

void vd_actions_special(vd_partition *p, uint8_t special)
{
    if (special & VD_SPECIAL_CALLS) {
        add_each(p, calls, VD_COUNT(calls));
        vd_actions_add_set(p, (vd_action_set){ .patterns = own_bucket, .count = VD_COUNT(own_bucket) });
        add_only_aws(p);
    }
    if ((special & VD_SPECIAL_SCP) && !p->nomem)
        add_sheet(p, VD_S("scp-exempt"), "");
    if ((special & VD_SPECIAL_RCP) && !p->nomem)
        add_rcp_services(p);
    if ((special & VD_SPECIAL_OWNER) && !p->nomem) {
        add_sheet(p, VD_S("no-resource-account"), "");
        add_sheet(p, VD_S("star-resources"), "");
    }
    if ((special & VD_SPECIAL_SIGNED) && !p->nomem)
        add_signed(p);
}
