/* SPDX-License-Identifier: Apache-2.0
 *
 * Pieces of JSON of the proofs: what grants, what is required, the witness as a request of a scenario file.
 */
#include "render/parts.h"

#include "base/str.h"

vd_json *vd_part_statements(const vd_statement_info *at, size_t count)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < count; i++) {
        vd_json *o = vd_part_statement(at[i].sid, at[i].index, at[i].at);

        vd_json_set(o, "policy", vd_json_string(at[i].policy));
        vd_json_set(o, "layer", vd_part_words(vd_layer_name(at[i].layer)));
        vd_json_push(list, o);
    }
    return list;
}

vd_json *vd_part_required(const vd_required *at, size_t count)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "key", vd_json_string(at[i].key));
        vd_json_set(o, "operator", vd_part_text_or_null(at[i].operator_name));
        vd_json_set(o, "values", vd_part_strings(at[i].values, at[i].count));
        vd_json_set(o, "must", vd_json_string(at[i].must));
        vd_json_set(o, "control", at[i].control ? vd_part_words(at[i].control) : vd_json_null());
        vd_json_push(list, o);
    }
    return list;
}

vd_json *vd_part_flags(uint32_t flags)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < VD_FLAG_COUNT_BITS; i++)
        if (flags & (uint32_t)1 << i)
            vd_json_push(list, vd_part_words(vd_flag_name((uint32_t)1 << i)));
    return list;
}

vd_json *vd_part_answer(vd_answer answer)
{
    return vd_part_words(answer == VD_SAT ? "yes" : answer == VD_UNSAT ? "no" : "unknown");
}

const char *vd_part_certainty(uint32_t flags, const vd_witness *w)
{
    return (flags & VD_FLAG_POTENTIAL) || !w ? "potential" : "exact";
}

/* ------------------------------------------------------------------ the witness */

static void set_text(vd_json *o, const char *name, vd_str value)
{
    if (value.n)
        vd_json_set(o, name, vd_json_string(value));
}

/* A text when the text says it all. */
static vd_json *principal_of(const vd_witness *w)
{
    vd_json *o;

    if (!w->kind.n && !w->role.n && !w->parent.n && !w->user_id.n && !w->account.n && !w->canonical.n && !w->org.n &&
        !w->org_path.n &&
        !w->management_account)
        return vd_json_string(w->principal);
    o = vd_json_object();
    set_text(o, "arn", w->principal);
    set_text(o, "kind", w->kind);
    set_text(o, "role", w->role);
    set_text(o, "parent", w->parent);
    set_text(o, "orgId", w->org);
    set_text(o, "orgPath", w->org_path);
    set_text(o, "userId", w->user_id);
    set_text(o, "accountId", w->account);
    set_text(o, "canonicalId", w->canonical);
    if (w->management_account)
        vd_json_set(o, "managementAccount", vd_json_bool(true));
    return o;
}

static vd_json *value_of(const vd_witness_key *k)
{
    vd_json *o;

    if (!k->absent)
        return k->count == 1 ? vd_json_string(k->values[0]) : vd_part_strings(k->values, k->count);
    o = vd_json_object();
    vd_json_set(o, "absent", vd_json_bool(true));
    return o;
}

/* The name of a member is a C string: keys with a NUL are none that a policy can ask for. */
static void set_key(vd_json *context, const vd_witness_key *k)
{
    vd_buf name = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_add(&name, k->key);
    vd_buf_byte(&name, 0);
    vd_json_set(context, name.failed ? "" : name.p, name.failed ? NULL : value_of(k));
    vd_buf_done(&name);
}

vd_json *vd_part_request(const vd_witness *w)
{
    vd_json *o, *context;

    if (!w)
        return vd_json_null();
    o = vd_json_object();
    vd_json_set(o, "principal", principal_of(w));
    set_text(o, "action", w->action);
    set_text(o, "resource", w->resource);
    set_text(o, "resourceAccount", w->resource_account);
    set_text(o, "resourceOrgId", w->resource_org);
    set_text(o, "resourceOrgPath", w->resource_org_path);
    set_text(o, "endpointType", w->endpoint_type);
    context = vd_json_object();
    for (size_t i = 0; i < w->key_count; i++)
        set_key(context, &w->keys[i]);
    vd_json_set(o, "context", context);
    return o;
}
