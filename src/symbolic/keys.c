/* SPDX-License-Identifier: Apache-2.0
 *
 * The context keys that anybody asks about: of what they are a part, and what the tables say of them.
 */
#include "symbolic/inside.h"

#include "base/str.h"

typedef struct part_row {
    vd_str  key; /* a slash at its end: all that begin so */
    uint8_t family, view, named;
} part_row;

static const part_row parts[] = {
    { VD_L("aws:principalarn"), VD_VAR_PRINCIPAL, VD_VIEW_ARN, VD_NAMED_NONE },
    { VD_L("aws:principalaccount"), VD_VAR_PRINCIPAL, VD_VIEW_ACCOUNT, VD_NAMED_NONE },
    { VD_L("kms:calleraccount"), VD_VAR_PRINCIPAL, VD_VIEW_ACCOUNT, VD_NAMED_CALLER_ACCOUNT },
    { VD_L("aws:username"), VD_VAR_PRINCIPAL, VD_VIEW_USER_NAME, VD_NAMED_NONE },
    { VD_L("aws:userid"), VD_VAR_PRINCIPAL, VD_VIEW_USER_ID, VD_NAMED_NONE },
    { VD_L("aws:principalorgid"), VD_VAR_PRINCIPAL_ORG, VD_VIEW_ORG_ID, VD_NAMED_NONE },
    { VD_L("aws:principalorgpaths"), VD_VAR_PRINCIPAL_ORG, VD_VIEW_ORG_PATH, VD_NAMED_NONE },
    { VD_L("aws:sourceorgid"), VD_VAR_SOURCE_ORG, VD_VIEW_ORG_ID, VD_NAMED_NONE },
    { VD_L("aws:sourceorgpaths"), VD_VAR_SOURCE_ORG, VD_VIEW_ORG_PATH, VD_NAMED_NONE },
    { VD_L("aws:resourceorgid"), VD_VAR_OWNER_ORG, VD_VIEW_ORG_ID, VD_NAMED_OWNER_ORG },
    { VD_L("aws:resourceorgpaths"), VD_VAR_OWNER_ORG, VD_VIEW_ORG_PATH, VD_NAMED_OWNER_ORG },
    { VD_L("aws:resourceaccount"), VD_VAR_KEYS, VD_VIEW_NONE, VD_NAMED_OWNER_ACCOUNT },
    { VD_L("s3:resourceaccount"), VD_VAR_KEYS, VD_VIEW_NONE, VD_NAMED_OWNER_ACCOUNT },
    { VD_L("aws:vpceorgid"), VD_VAR_ENDPOINT_ORG, VD_VIEW_ORG_ID, VD_NAMED_NONE },
    { VD_L("aws:vpceorgpaths"), VD_VAR_ENDPOINT_ORG, VD_VIEW_ORG_PATH, VD_NAMED_NONE },
    { VD_L("aws:sourcearn"), VD_VAR_SOURCE, VD_VIEW_LINE_1, VD_NAMED_NONE },
    { VD_L("aws:sourceaccount"), VD_VAR_SOURCE, VD_VIEW_LINE_2, VD_NAMED_NONE },
    { VD_L("aws:sourceowner"), VD_VAR_KEYS, VD_VIEW_NONE, VD_NAMED_SOURCE_OWNER },
    { VD_L("s3:dataaccesspointarn"), VD_VAR_ACCESS_POINT, VD_VIEW_LINE_1, VD_NAMED_NONE },
    { VD_L("s3:dataaccesspointaccount"), VD_VAR_ACCESS_POINT, VD_VIEW_FIELD_5, VD_NAMED_NONE },
    { VD_L("s3:accesspointnetworkorigin"), VD_VAR_ACCESS_POINT, VD_VIEW_LINE_2, VD_NAMED_NONE },
    { VD_L("aws:calledvia"), VD_VAR_CALLED, VD_VIEW_ALL, VD_NAMED_NONE },
    { VD_L("aws:calledviafirst"), VD_VAR_CALLED, VD_VIEW_FIRST, VD_NAMED_NONE },
    { VD_L("aws:calledvialast"), VD_VAR_CALLED, VD_VIEW_LAST, VD_NAMED_NONE },
    { VD_L("aws:currenttime"), VD_VAR_CLOCK, VD_VIEW_FIRST, VD_NAMED_NONE },
    { VD_L("aws:epochtime"), VD_VAR_CLOCK, VD_VIEW_SECOND, VD_NAMED_NONE },
    { VD_L("aws:tokenissuetime"), VD_VAR_CLOCK, VD_VIEW_THIRD, VD_NAMED_NONE },
    { VD_L("aws:requesttag/"), VD_VAR_KEYS, VD_VIEW_NONE, VD_NAMED_REQUEST_TAG },
    { VD_L("saml:"), VD_VAR_KEYS, VD_VIEW_NONE, VD_NAMED_SAML },
};

static void find_part(vd_key_var *v)
{
    size_t colon = vd_str_find(v->key, ':');

    v->family = VD_VAR_KEYS;
    for (size_t i = 0; i < VD_COUNT(parts); i++) {
        vd_str k = parts[i].key;
        bool   open = k.p[k.n - 1] == '/' || k.p[k.n - 1] == ':';

        if (open ? vd_str_starts(v->key, k) && v->key.n > k.n : vd_str_eq(v->key, k)) {
            v->family = parts[i].family;
            v->view = parts[i].view;
            v->named = parts[i].named;
            return;
        }
    }
    if (vd_str_find(v->key, '.') < colon && colon < v->key.n) /* "accounts.google.com:sub" */
        v->named = VD_NAMED_CLAIM;
}

static void find_row(const vd_symbolic *s, vd_key_var *v)
{
    size_t   slash = vd_str_find(v->key, '/');
    vd_sheet sheet = vd_catalog_sheet(s->catalog, VD_S("universe"));
    vd_run   run = vd_sheet_find(sheet, v->key);

    if (run.count == 0 && slash < v->key.n)
        run = vd_sheet_find(sheet, vd_str_first(v->key, slash + 1));
    if (run.count == 0)
        return;
    v->askers = vd_sheet_cell(sheet, run.first, 1);
    v->paths = vd_sheet_cell(sheet, run.first, 2);
    v->values = vd_sheet_cell(sheet, run.first, 3);
    v->domain = vd_sheet_cell(sheet, run.first, 4);
    v->usual = vd_sheet_cell(sheet, run.first, 5);
}

/* Once, for it is asked in each question. */
static void find_dependence(vd_key_var *v)
{
    v->by_path = vd_str_find(v->values, '=') < v->values.n || (v->paths.n && !vd_str_eq(v->paths, VD_S("...")));
    v->by_organization = v->named == VD_NAMED_OWNER_ACCOUNT || v->named == VD_NAMED_OWNER_ORG || vd_str_find(v->askers, 'o') < v->askers.n;
}

/* Of services whose lists of keys are complete: a key that some action has, others do not. */
static void find_lists(const vd_symbolic *s, vd_key_var *v)
{
    vd_str   prefix, rest = v->key;
    uint32_t service;
    vd_run   actions;

    v->id = vd_catalog_find_key(s->catalog, v->key);
    if (v->id == VD_NONE || v->family != VD_VAR_KEYS || /* what access points add is listed with few actions */
        !vd_str_cut(&rest, ':', &prefix) || vd_str_eq(prefix, VD_S("aws")) ||
        vd_sheet_find(vd_catalog_sheet(s->catalog, VD_S("complete-keys")), prefix).count == 0)
        return;
    service = vd_catalog_find_service(s->catalog, prefix);
    if (service == VD_NONE)
        return;
    actions = vd_catalog_service(s->catalog, service).actions;
    for (uint32_t i = 0; i < actions.count && !v->listed; i++)
        v->listed = vd_catalog_action_has_key(s->catalog, actions.first + i, v->id);
}

uint32_t vd_var_of_key(vd_symbolic *s, vd_str key, bool *nomem)
{
    uint32_t   id = vd_intern_find(&s->key_names, key);
    vd_key_var v = { .many = vd_key_arity(key) == VD_ARITY_MANY, .unknown = vd_key_arity(key) == VD_ARITY_UNKNOWN };
    char      *low;

    if (id != VD_NONE)
        return VD_VAR_KEYS + id;
    low = vd_arena_new_array(&s->arena, char, key.n + 1);
    if (!low || !vd_arena_dup(&s->arena, &v.spelled, key)) {
        *nomem = true;
        return VD_VAR_KEYS;
    }
    vd_lower_copy(low, key.p, key.n);
    v.key = (vd_str){ low, key.n };
    find_part(&v);
    find_row(s, &v);
    find_dependence(&v);
    find_lists(s, &v);
    if (!VD_ARENA_PUSH(&s->arena, s->keys, s->key_count, s->key_cap, v)) {
        *nomem = true;
    } else if (!vd_intern_add(&s->key_names, &s->alloc, v.key, &id)) {
        s->key_count--;
        *nomem = true;
    }
    return VD_VAR_KEYS + (*nomem ? 0 : id);
}
