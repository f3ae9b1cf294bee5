/* SPDX-License-Identifier: Apache-2.0
 *
 * A request out of `aws sts decode-authorization-message`: the question that a service asked, with every
 * context key that it had.  The answer is JSON within a string within JSON; positions are told in the
 * outer file.
 */
#include "request/member.h"

#include "base/str.h"
#include "pattern/arn.h"

typedef struct decoded {
    vd_read   in;
    vd_diags *notes;
} decoded;

static vd_code note(const decoded *d, uint32_t node, const char *text)
{
    return vd_diag_add(d->notes, VD_NOTE, VD_S("decoded-message"),
                       vd_source_pos(d->in.doc->source, vd_doc_span(d->in.doc, node)), NULL, "%s",
                       text) == VD_OK
               ? VD_OK
               : vd_read_nomem(&d->in);
}

/* A string below an object; an empty one and null say nothing. */
static vd_code text_at(const decoded *d, uint32_t object, vd_str name, uint32_t *node, vd_str *out)
{
    *out = (vd_str){ 0 };
    *node = object == VD_NONE ? VD_NONE : vd_doc_member(d->in.doc, object, name);
    if (*node == VD_NONE || vd_read_is(&d->in, *node, VD_NODE_NULL))
        return VD_OK;
    return vd_read_string(&d->in, *node, name, out);
}

/* {"items": [...]}; VD_NONE: there are none. */
static vd_code items_of(const decoded *d, uint32_t object, vd_str name, uint32_t *list)
{
    *list = VD_NONE;
    if (object != VD_NONE)
        object = vd_doc_member(d->in.doc, object, name);
    if (object == VD_NONE || vd_read_is(&d->in, object, VD_NODE_NULL))
        return VD_OK;
    VD_TRY(vd_read_object(&d->in, object, name));
    *list = vd_doc_member(d->in.doc, object, VD_S("items"));
    return *list == VD_NONE ? VD_OK : vd_read_array(&d->in, *list, VD_S("items"));
}

static vd_code principal(const decoded *d, uint32_t context)
{
    uint32_t who = vd_doc_member(d->in.doc, context, VD_S("principal")), node;
    vd_str   arn, id;

    if (who == VD_NONE)
        return note(d, context, "the message names no principal");
    VD_TRY(vd_read_object(&d->in, who, VD_S("principal")));
    VD_TRY(text_at(d, who, VD_S("arn"), &node, &arn));
    if (!arn.n)
        VD_TRY(note(d, who, "the message names no principal"));
    else
        VD_TRY(vd_read_set(&d->in, node, VD_PRINCIPAL, arn));
    VD_TRY(text_at(d, who, VD_S("id"), &node, &id));
    return id.n ? vd_read_set(&d->in, node, VD_PRINCIPAL_ID, vd_str_first(id, vd_str_find(id, ':'))) : VD_OK;
}

static vd_code values_of(const decoded *d, uint32_t item, uint32_t list, vd_str key)
{
    const vd_allocator *alloc = &d->in.request->engine->alloc;
    uint32_t            most = d->in.request->engine->limits.request_values;
    uint32_t            length = list == VD_NONE ? 0 : vd_doc_length(d->in.doc, list), n = 0, node;
    vd_code             code = VD_OK;
    vd_str             *values;

    if (length > most)
        return vd_fail_span(d->in.err, VD_ELIMIT, d->in.doc->source, vd_doc_span(d->in.doc, item),
                            "\"" VD_F "\" has %u values, the limit is %u", VD_A(key), length, most);
    values = vd_alloc(alloc, (length + 1) * sizeof *values);
    if (!values)
        return vd_read_nomem(&d->in);
    for (uint32_t c = length ? vd_doc_first(d->in.doc, list) : VD_NONE; c != VD_NONE && code == VD_OK;
         c = vd_doc_next(d->in.doc, list, c)) {
        code = text_at(d, c, VD_S("value"), &node, &values[n]);
        n += values[n].p != NULL;
    }
    if (code == VD_OK)
        code = vd_read_refused(&d->in, item, vd_request_context(d->in.request, key, values, n));
    vd_free(alloc, values, (length + 1) * sizeof *values);
    return code;
}

static vd_code conditions(const decoded *d, uint32_t context)
{
    uint32_t list, node, values;
    vd_str   key;

    VD_TRY(items_of(d, context, VD_S("conditions"), &list));
    for (uint32_t c = list == VD_NONE ? VD_NONE : vd_doc_first(d->in.doc, list); c != VD_NONE;
         c = vd_doc_next(d->in.doc, list, c)) {
        VD_TRY(vd_read_object(&d->in, c, VD_S("items")));
        VD_TRY(text_at(d, c, VD_S("key"), &node, &key));
        if (!key.n)
            return vd_read_fail(&d->in, c, "a condition needs \"key\"");
        VD_TRY(items_of(d, c, VD_S("values"), &values));
        VD_TRY(values_of(d, c, values, key));
    }
    return VD_OK;
}

/* aws:Account and aws:Region are not keys that a policy can ask for; they tell where the resource is. */
static vd_code place(const decoded *d)
{
    vd_request *r = d->in.request;
    vd_str      region = { 0 }, account = { 0 };
    bool        known = false;

    for (uint32_t i = 0; i < r->context.count; i++) {
        const vd_context *c = &r->context.at[i];

        if (c->count == 1 && vd_str_ieq(c->key, VD_S("aws:Region")))
            region = r->values.at[c->first];
        if (c->count == 1 && vd_str_ieq(c->key, VD_S("aws:Account")))
            account = r->values.at[c->first];
        known |= vd_str_ieq(c->key, VD_S("aws:RequestedRegion"));
    }
    if (region.n && !known)
        VD_TRY(vd_read_refused(&d->in, 0, vd_request_context(r, VD_S("aws:RequestedRegion"), &region, 1)));
    return vd_is_account(account) ? vd_read_set(&d->in, 0, VD_RESOURCE_ACCOUNT, account) : VD_OK;
}

/* ------------------------------------------------------------------ what AWS decided */

static vd_code statement_note(const decoded *d, uint32_t statement)
{
    vd_str   sid;
    uint32_t node;

    if (!vd_read_is(&d->in, statement, VD_NODE_OBJECT))
        return VD_OK;
    VD_TRY(text_at(d, statement, VD_S("statementId"), &node, &sid));
    if (!sid.n)
        return note(d, statement, "aws matched a statement without an id");
    return vd_diag_add(d->notes, VD_NOTE, VD_S("decoded-message"),
                       vd_source_pos(d->in.doc->source, vd_doc_span(d->in.doc, node)), NULL,
                       "aws matched the statement \"" VD_F "\"", VD_A(sid)) == VD_OK
               ? VD_OK
               : vd_read_nomem(&d->in);
}

static vd_code decided(const decoded *d, uint32_t object)
{
    uint32_t allowed = vd_doc_member(d->in.doc, object, VD_S("allowed"));
    uint32_t deny = vd_doc_member(d->in.doc, object, VD_S("explicitDeny")), list;
    bool     yes = false;

    if (allowed != VD_NONE)
        VD_TRY(vd_read_bool(&d->in, allowed, VD_S("allowed"), &yes));
    if (yes)
        VD_TRY(note(d, allowed, "aws allowed this"));
    if (deny != VD_NONE)
        VD_TRY(vd_read_bool(&d->in, deny, VD_S("explicitDeny"), &yes));
    if (deny != VD_NONE && yes)
        VD_TRY(note(d, deny, "aws found an explicit deny"));
    VD_TRY(items_of(d, object, VD_S("matchedStatements"), &list));
    for (uint32_t c = list == VD_NONE ? VD_NONE : vd_doc_first(d->in.doc, list); c != VD_NONE;
         c = vd_doc_next(d->in.doc, list, c))
        VD_TRY(statement_note(d, c));
    return VD_OK;
}

static vd_code question(const decoded *d, uint32_t object)
{
    uint32_t context = vd_doc_member(d->in.doc, object, VD_S("context")), node;
    vd_str   action, resource;

    if (context == VD_NONE)
        return vd_read_fail(&d->in, object, "a decoded authorization message needs \"context\"");
    VD_TRY(vd_read_object(&d->in, context, VD_S("context")));
    VD_TRY(text_at(d, context, VD_S("action"), &node, &action));
    if (!action.n)
        return vd_read_fail(&d->in, context, "the context of a decoded message needs \"action\"");
    VD_TRY(vd_read_set(&d->in, node, VD_ACTION, action));
    VD_TRY(principal(d, context));
    VD_TRY(conditions(d, context));
    VD_TRY(place(d));
    VD_TRY(text_at(d, context, VD_S("resource"), &node, &resource));
    if (!resource.n)
        VD_TRY(note(d, context, "the message names no resource: \"*\" is taken"));
    VD_TRY(vd_read_set(&d->in, resource.n ? node : context, VD_RESOURCE, resource.n ? resource : VD_S("*")));
    return decided(d, object);
}

static vd_code whole(vd_request *r, const vd_doc *doc, uint32_t node, vd_diags *notes, vd_error *err)
{
    decoded  d = { { r, doc, err }, notes };
    uint32_t message;
    vd_doc   inner;

    if (!vd_read_is(&d.in, node, VD_NODE_OBJECT))
        return vd_read_fail(&d.in, node, "a decoded authorization message must be an object, found %s",
                            vd_doc_kind_name(doc, node));
    message = vd_doc_member(doc, node, VD_S("DecodedMessage"));
    if (message == VD_NONE)
        return question(&d, node);
    if (vd_read_is(&d.in, message, VD_NODE_OBJECT))
        return question(&d, message);
    VD_TRY(vd_read_inner(&d.in, message, VD_S("DecodedMessage"), &inner));
    d.in.doc = &inner;
    VD_TRY(vd_read_object(&d.in, 0, VD_S("DecodedMessage")));
    return question(&d, 0);
}

vd_code vd_request_from_decoded(vd_request *r, const vd_doc *doc, uint32_t node, vd_diags *notes,
                                vd_error *err)
{
    return vd_read_end(r, whole(r, doc, node, notes, err));
}
