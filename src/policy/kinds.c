/* SPDX-License-Identifier: Apache-2.0
 *
 * The type matrix E118, row by row.
 */
#include "policy/kinds.h"

#include "base/str.h"

const vd_kind_row vd_kind_rows[VD_KIND_COUNT] = {
    [VD_KIND_IDENTITY] = { .name = VD_L("identity"),
                           .label = VD_L("an identity policy"),
                           .iam = true,
                           .odd_id = true,
                           .principal = VD_PART_FORBIDDEN,
                           .not_principal = VD_PART_FORBIDDEN,
                           .resource = VD_PART_REQUIRED,
                           .principal_rule = VD_RULE_UNSUPPORTED_PRINCIPAL },
    [VD_KIND_MANAGED] = { .name = VD_L("managed"),
                          .label = VD_L("a managed policy"),
                          .iam = true,
                          .needs_2012 = true,
                          .odd_id = true,
                          .principal = VD_PART_FORBIDDEN,
                          .not_principal = VD_PART_FORBIDDEN,
                          .resource = VD_PART_REQUIRED,
                          .principal_rule = VD_RULE_UNSUPPORTED_PRINCIPAL },
    [VD_KIND_BOUNDARY] = { .name = VD_L("boundary"),
                           .label = VD_L("a permissions boundary"),
                           .iam = true,
                           .odd_id = true,
                           .principal = VD_PART_FORBIDDEN,
                           .not_principal = VD_PART_FORBIDDEN,
                           .resource = VD_PART_REQUIRED,
                           .principal_rule = VD_RULE_UNSUPPORTED_PRINCIPAL },
    [VD_KIND_SESSION] = { .name = VD_L("session"),
                          .label = VD_L("a session policy"),
                          .iam = true,
                          .odd_id = true,
                          .principal = VD_PART_FORBIDDEN,
                          .not_principal = VD_PART_FORBIDDEN,
                          .resource = VD_PART_REQUIRED,
                          .principal_rule = VD_RULE_UNSUPPORTED_PRINCIPAL },
    [VD_KIND_RESOURCE] = { .name = VD_L("resource"),
                           .label = VD_L("a resource-based policy"),
                           .principal = VD_PART_REQUIRED,
                           .principal_rule = VD_RULE_MISSING_PRINCIPAL },
    [VD_KIND_TRUST] = { .name = VD_L("trust"),
                        .label = VD_L("a trust policy"),
                        .iam = true,
                        .no_not_action = true,
                        .principal = VD_PART_REQUIRED,
                        .not_principal = VD_PART_FORBIDDEN,
                        .resource = VD_PART_FORBIDDEN,
                        .principal_rule = VD_RULE_MISSING_PRINCIPAL },
    [VD_KIND_SCP] = { .name = VD_L("scp"),
                      .label = VD_L("an SCP"),
                      .iam = true,
                      .needs_2012 = true,
                      .odd_id = true,
                      .principal = VD_PART_FORBIDDEN,
                      .not_principal = VD_PART_FORBIDDEN,
                      .resource = VD_PART_REQUIRED,
                      .principal_rule = VD_RULE_SCP_PRINCIPAL },
    [VD_KIND_RCP] = { .name = VD_L("rcp"),
                      .label = VD_L("an RCP"),
                      .iam = true,
                      .needs_2012 = true,
                      .odd_id = true,
                      .no_allow = true,
                      .no_not_action = true,
                      .principal = VD_PART_REQUIRED,
                      .not_principal = VD_PART_FORBIDDEN,
                      .resource = VD_PART_REQUIRED,
                      .principal_rule = VD_RULE_RCP_PRINCIPAL },
    [VD_KIND_ENDPOINT] = { .name = VD_L("endpoint"),
                           .label = VD_L("an endpoint policy"),
                           .principal = VD_PART_REQUIRED,
                           .principal_rule = VD_RULE_MISSING_PRINCIPAL },
};

const char *vd_kind_name(vd_kind kind)
{
    return kind >= 0 && kind < VD_KIND_COUNT ? vd_kind_rows[kind].name.p : NULL;
}

vd_kind vd_kind_find(vd_str name)
{
    for (vd_kind k = 0; k < VD_KIND_COUNT; k++)
        if (vd_str_eq(vd_kind_rows[k].name, name))
            return k;
    return -1;
}
