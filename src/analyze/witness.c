/* SPDX-License-Identifier: Apache-2.0
 *
 * A witness as a request for the evaluator: what a scenario file with the same members comes to.
 */
#include "base/base.h"

#include <verdict/analyze.h>
#include <verdict/request.h>

static vd_code set(vd_request *r, vd_field field, vd_str value)
{
    return value.n ? vd_request_set(r, field, value) : VD_OK;
}

static vd_code set_fields(vd_request *r, const vd_witness *w)
{
    const struct {
        vd_field field;
        vd_str   value;
    } fields[] = {
        { VD_PRINCIPAL, w->principal },
        { VD_PRINCIPAL_KIND, w->kind },
        { VD_PRINCIPAL_ROLE, w->role },
        { VD_PRINCIPAL_PARENT, w->parent },
        { VD_PRINCIPAL_ID, w->user_id },
        { VD_PRINCIPAL_ACCOUNT, w->account },
        { VD_PRINCIPAL_CANONICAL, w->canonical },
        { VD_PRINCIPAL_ORG, w->org },
        { VD_PRINCIPAL_ORG_PATH, w->org_path },
        { VD_ACTION, w->action },
        { VD_RESOURCE, w->resource },
        { VD_RESOURCE_ACCOUNT, w->resource_account },
        { VD_RESOURCE_ORG, w->resource_org },
        { VD_RESOURCE_ORG_PATH, w->resource_org_path },
        { VD_ENDPOINT_TYPE, w->endpoint_type },
    };
    vd_code code = VD_OK;

    for (size_t i = 0; code == VD_OK && i < VD_COUNT(fields); i++)
        code = set(r, fields[i].field, fields[i].value);
    return code;
}

vd_code vd_witness_request(vd_request *request, const vd_witness *w)
{
    vd_code code;

    vd_request_reset(request);
    code = set_fields(request, w);
    if (code == VD_OK && w->management_account)
        code = vd_request_flag(request, VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT, true);
    for (size_t i = 0; code == VD_OK && i < w->key_count; i++) {
        const vd_witness_key *k = &w->keys[i];

        code = k->absent ? vd_request_absent(request, k->key) : vd_request_context(request, k->key, k->values, k->count);
    }
    return code;
}
