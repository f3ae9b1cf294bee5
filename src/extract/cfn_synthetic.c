/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements that are no text of a policy: permissions of functions and layers, of buses, of certificate authorities.
 */
#include "base/str.h"
#include "extract/cfn.h"

vd_code vd_cfn_synthetic(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str resource_kind)
{
    VD_UNUSED(c);
    VD_UNUSED(resource);
    VD_UNUSED(id);
    VD_UNUSED(at);
    VD_UNUSED(resource_kind);
    return VD_OK;
}
vd_code vd_cfn_statement(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str resource_kind)
{
    return vd_cfn_synthetic(c, resource, id, at, resource_kind);
}
vd_code vd_cfn_sam(vd_cfn *c, uint32_t resource, vd_str id, const vd_cfn_place *at, vd_str kind)
{
    return vd_cfn_synthetic(c, resource, id, at, kind);
}
