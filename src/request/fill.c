/* SPDX-License-Identifier: Apache-2.0
 *
 * A request filled with what is known; nothing that it says itself is changed.
 */
#include "request/fill.h"

#include "base/str.h"
#include "pattern/arn.h"

/* ------------------------------------------------------------------ parts of larger things */

bool vd_holder_has_parts(vd_str service)
{
    static const vd_str services[] = { VD_L("s3"),      VD_L("s3express"), VD_L("s3tables"), VD_L("s3-outposts"), VD_L("dynamodb"), VD_L("lambda"),
                                       VD_L("kinesis"), VD_L("es"),        VD_L("logs"),     VD_L("execute-api"), VD_L("codeartifact") };

    for (size_t i = 0; i < VD_COUNT(services); i++)
        if (vd_str_eq(services[i], service))
            return true;
    return false;
}

uint32_t vd_holder_find(const void *of, uint32_t (*find)(const void *of, vd_str arn), vd_str arn)
{
    uint32_t at = find(of, arn);
    vd_arn   a;
    size_t   n = arn.n, least;

    if (at != VD_NONE || !vd_arn_split(&a, arn) || !vd_holder_has_parts(a.service))
        return at;
    least = arn.n - a.resource.n;
    while (at == VD_NONE && n > least) {
        do
            n--;
        while (n > least && arn.p[n] != '/' && arn.p[n] != ':');
        if (n > least)
            at = find(of, vd_str_first(arn, n));
    }
    return at;
}

/* ------------------------------------------------------------------ both sides */

static vd_code refused(const vd_request *r, vd_code code, vd_error *err)
{
    if (code != VD_OK && err)
        *err = *vd_request_error(r);
    return code;
}

static vd_code set(vd_request *r, vd_field field, vd_str value, vd_error *err)
{
    return r->field[field].n || !value.n ? VD_OK : refused(r, vd_request_set(r, field, value), err);
}

static bool has_key(const vd_request *r, vd_str prefix, vd_str name)
{
    for (uint32_t i = 0; i < r->context.count; i++) {
        vd_str key = r->context.at[i].key;

        if (key.n == prefix.n + name.n && vd_str_istarts(key, prefix) && vd_str_ieq(vd_str_from(key, prefix.n), name))
            return true;
    }
    return false;
}

static vd_code tags(vd_request *r, const vd_known *known, const vd_known_thing *of, vd_tag_kind kind, vd_str prefix, vd_error *err)
{
    for (uint32_t i = 0; i < of->tag_count; i++) {
        vd_str key, value;

        known->tag(known->of, of->first_tag + i, &key, &value);
        if (!has_key(r, prefix, key))
            VD_TRY(refused(r, vd_request_tag(r, kind, key, value), err));
    }
    return VD_OK;
}

static bool account_of_arn(const vd_known *known, vd_str arn, vd_known_account *out)
{
    vd_arn a;

    if (vd_is_account(arn))
        return known->account(known->of, arn, out);
    return vd_arn_split(&a, arn) && known->account(known->of, a.account, out);
}

/* ------------------------------------------------------------------ the principal */

static vd_code fill_principal(vd_request *r, const vd_known *known, vd_error *err)
{
    vd_str           arn = r->field[VD_PRINCIPAL];
    vd_known_thing   n;
    vd_known_account account;
    bool             there = known->principal(known->of, arn, &n), owned = account_of_arn(known, arn, &account);

    if (!owned && r->field[VD_PRINCIPAL_ACCOUNT].n)
        owned = known->account(known->of, r->field[VD_PRINCIPAL_ACCOUNT], &account);
    if (owned) {
        VD_TRY(set(r, VD_PRINCIPAL_ORG, account.org, err));
        VD_TRY(set(r, VD_PRINCIPAL_ORG_PATH, account.org_path, err));
        if (account.management)
            VD_TRY(refused(r, vd_request_flag(r, VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT, true), err));
    }
    if (!there || n.kind == VD_KNOWN_ROOT)
        return VD_OK;
    if (n.kind == VD_KNOWN_ROLE) {
        if (!vd_str_eq(arn, n.arn))
            VD_TRY(set(r, VD_PRINCIPAL_ROLE, n.arn, err));
        if (!r->flag[VD_SERVICE_LINKED] && !r->flag[VD_NOT_SERVICE_LINKED])
            VD_TRY(refused(r, vd_request_flag(r, n.linked ? VD_SERVICE_LINKED : VD_NOT_SERVICE_LINKED, true), err));
    }
    VD_TRY(set(r, VD_PRINCIPAL_ID, n.id, err));
    return tags(r, known, &n, VD_TAG_PRINCIPAL, VD_S("aws:PrincipalTag/"), err);
}

/* ------------------------------------------------------------------ the resource */

/* The JSON is read into the request's own memory: what it says is borrowed from there. */
static vd_code fill_state(vd_request *r, const vd_known *known, vd_str state, vd_error *err)
{
    vd_source *source = vd_arena_new(&r->texts, vd_source);
    vd_doc    *doc = vd_arena_new(&r->texts, vd_doc);

    if (!source || !doc)
        return vd_fail_nomem(err);
    *source = (vd_source){ .name = VD_S("the state of the resource"), .text = state };
    VD_TRY(vd_json_read(doc, &r->texts, source, known->limits, NULL, NULL, err));
    return vd_request_read_state(r, doc, 0, err);
}

static bool owner_of(const vd_known *known, vd_str arn, const vd_known_thing *at, vd_known_account *out)
{
    return at && at->account.n ? known->account(known->of, at->account, out) : account_of_arn(known, arn, out);
}

static vd_code fill_owner(vd_request *r, const vd_known *known, vd_str arn, const vd_known_thing *at, bool collected, vd_error *err)
{
    vd_known_account account;
    bool             owned = r->field[VD_RESOURCE_ACCOUNT].n ? known->account(known->of, r->field[VD_RESOURCE_ACCOUNT], &account)
                                                             : owner_of(known, arn, at, &account);

    if (!owned)
        return VD_OK;
    if (collected)
        VD_TRY(set(r, VD_RESOURCE_ACCOUNT, account.id, err));
    VD_TRY(set(r, VD_RESOURCE_ORG, account.org, err));
    VD_TRY(set(r, VD_RESOURCE_ORG_PATH, account.org_path, err));
    return account.management ? refused(r, vd_request_flag(r, VD_RESOURCE_IN_MANAGEMENT_ACCOUNT, true), err) : VD_OK;
}

static vd_code fill_resource(vd_request *r, const vd_known *known, vd_error *err)
{
    vd_str         arn = r->checks.count ? r->checks.at[0].resource : VD_S("");
    vd_known_thing at, node;
    bool           there = known->resource(known->of, arn, &at), is_node = known->principal(known->of, arn, &node);

    VD_TRY(fill_owner(r, known, arn, there ? &at : NULL, there || is_node, err));
    if (is_node)
        VD_TRY(tags(r, known, &node, VD_TAG_RESOURCE, VD_S("aws:ResourceTag/"), err));
    if (!there)
        return VD_OK;
    if (vd_str_eq(at.arn, arn) && !at.bucket)
        VD_TRY(tags(r, known, &at, VD_TAG_RESOURCE, VD_S("aws:ResourceTag/"), err));
    return r->state || !at.state.n ? VD_OK : fill_state(r, known, at.state, err);
}

vd_code vd_request_fill(vd_request *r, const vd_known *known, vd_error *err)
{
    VD_TRY(fill_principal(r, known, err));
    return fill_resource(r, known, err);
}
