/* SPDX-License-Identifier: Apache-2.0
 *
 * The request of a scenario file, and of each line of --requests: interface.md section 5.  Members are
 * looked up first and read in a fixed order after that, so that the order in the file means nothing.  What
 * is read comes on top of what the request holds already: a principal replaces a principal, resources
 * replace resources, further checks replace further checks, context is replaced key by key.  Whether the
 * values make a request that can be evaluated is asked later, in facts.c.
 */
#include "request/member.h"

#include "base/str.h"
#include "pattern/value.h"
#include "request/facts.h"

/* ------------------------------------------------------------------ context */

static vd_code scalar(const vd_read *in, uint32_t node, vd_str key, vd_str *out)
{
    switch (in->doc->nodes[node].kind) {
    case VD_NODE_TRUE:
        *out = VD_S("true");
        return VD_OK;
    case VD_NODE_FALSE:
        *out = VD_S("false");
        return VD_OK;
    case VD_NODE_NUMBER: /* E115: the text as written */
    case VD_NODE_STRING:
        *out = vd_doc_text(in->doc, node);
        return VD_OK;
    default:
        return vd_read_fail(in, node,
                            "a value of \"" VD_F "\" must be a string, a number or a boolean, found %s",
                            VD_A(key), vd_doc_kind_name(in->doc, node));
    }
}

static vd_code list(const vd_read *in, uint32_t node, vd_str key)
{
    const vd_allocator *alloc = &in->request->engine->alloc;
    uint32_t            length = vd_doc_length(in->doc, node), n = 0;
    vd_code             code = VD_OK;
    vd_str             *values;

    if (length > in->request->engine->limits.request_values)
        return vd_fail_span(in->err, VD_ELIMIT, in->doc->source, vd_doc_span(in->doc, node),
                            "\"" VD_F "\" has %u values, the limit is %u", VD_A(key), length,
                            in->request->engine->limits.request_values);
    if (length == 0)
        return vd_read_refused(in, node, vd_request_context(in->request, key, NULL, 0)); /* E505: absent */
    values = vd_alloc(alloc, length * sizeof *values);
    if (!values)
        return vd_read_nomem(in);
    for (uint32_t c = vd_doc_first(in->doc, node); c != VD_NONE && code == VD_OK;
         c = vd_doc_next(in->doc, node, c))
        code = scalar(in, c, key, &values[n++]);
    if (code == VD_OK)
        code = vd_read_refused(in, node, vd_request_context(in->request, key, values, n));
    vd_free(alloc, values, length * sizeof *values);
    return code;
}

/* {"absent": true}: E601. */
static vd_code absent(const vd_read *in, uint32_t node, vd_str key)
{
    static const vd_str names[] = { VD_L("absent") };
    uint32_t            at[VD_COUNT(names)];
    bool                on = false;

    VD_TRY(vd_read_members(in, node, VD_S("a context value"), names, VD_COUNT(names), at));
    if (at[0] != VD_NONE)
        VD_TRY(vd_read_bool(in, at[0], names[0], &on));
    if (!on)
        return vd_read_fail(in, node, "the object of \"" VD_F "\" must be {\"absent\": true}", VD_A(key));
    return vd_read_refused(in, node, vd_request_absent(in->request, key));
}

static vd_code context_value(const vd_read *in, uint32_t node, vd_str key)
{
    vd_str value = { 0 };

    switch (in->doc->nodes[node].kind) {
    case VD_NODE_NULL:
        return vd_read_refused(in, node, vd_request_context(in->request, key, NULL, 0)); /* E505: absent */
    case VD_NODE_ARRAY:
        return list(in, node, key);
    case VD_NODE_OBJECT:
        return absent(in, node, key);
    default:
        VD_TRY(scalar(in, node, key, &value));
        return vd_read_refused(in, node, vd_request_context(in->request, key, &value, 1));
    }
}

static vd_code context(const vd_read *in, uint32_t node)
{
    VD_TRY(vd_read_object(in, node, VD_S("context")));
    for (uint32_t key = vd_doc_first(in->doc, node); key != VD_NONE; key = vd_doc_next(in->doc, node, key)) {
        vd_str name = vd_doc_text(in->doc, key);

        if (name.n == 0)
            return vd_read_fail(in, key, "a context key is empty");
        VD_TRY(context_value(in, key + 1, name));
    }
    return VD_OK;
}

vd_code vd_request_read_context(vd_request *r, const vd_doc *doc, uint32_t node, vd_error *err)
{
    return vd_read_end(r, context(&(vd_read){ r, doc, err }, node));
}

/* ------------------------------------------------------------------ principal */

enum {
    P_ARN,
    P_KIND,
    P_ROLE,
    P_PARENT,
    P_TAGS,
    P_ORG_ID,
    P_ORG_PATH,
    P_USER_ID,
    P_ACCOUNT_ID,
    P_MANAGEMENT,
    P_SERVICE_LINKED,
    P_CANONICAL_ID,
    P_CREDENTIAL,
    P_COUNT
};

static const vd_str principal_members[P_COUNT] = {
    [P_ARN] = VD_L("arn"),
    [P_KIND] = VD_L("kind"),
    [P_ROLE] = VD_L("role"),
    [P_PARENT] = VD_L("parent"),
    [P_TAGS] = VD_L("tags"),
    [P_ORG_ID] = VD_L("orgId"),
    [P_ORG_PATH] = VD_L("orgPath"),
    [P_USER_ID] = VD_L("userId"),
    [P_ACCOUNT_ID] = VD_L("accountId"),
    [P_MANAGEMENT] = VD_L("managementAccount"),
    [P_SERVICE_LINKED] = VD_L("serviceLinked"),
    [P_CANONICAL_ID] = VD_L("canonicalId"),
    [P_CREDENTIAL] = VD_L("credential"),
};

static const struct {
    uint8_t  member;
    vd_field field;
} principal_texts[] = {
    { P_ROLE, VD_PRINCIPAL_ROLE },  { P_PARENT, VD_PRINCIPAL_PARENT },
    { P_ORG_ID, VD_PRINCIPAL_ORG }, { P_ORG_PATH, VD_PRINCIPAL_ORG_PATH },
    { P_USER_ID, VD_PRINCIPAL_ID }, { P_CANONICAL_ID, VD_PRINCIPAL_CANONICAL },
};

static const vd_field principal_fields[] = {
    VD_PRINCIPAL,         VD_PRINCIPAL_KIND,      VD_PRINCIPAL_ROLE, VD_PRINCIPAL_PARENT,   VD_PRINCIPAL_ID,
    VD_PRINCIPAL_ACCOUNT, VD_PRINCIPAL_CANONICAL, VD_PRINCIPAL_ORG,  VD_PRINCIPAL_ORG_PATH, VD_CREDENTIAL,
};

static const vd_str credentials[] = { VD_L("long-term"), VD_L("session-token"), VD_L("console"),
                                      VD_L("assume-root") };

/* Takes an entry out with its values: the request never holds values that no entry uses. */
static void forget_context(vd_request *r, uint32_t i)
{
    vd_context gone = r->context.at[i];
    uint32_t   end = gone.first + gone.count;

    memmove(r->context.at + i, r->context.at + i + 1, (r->context.count - i - 1) * sizeof *r->context.at);
    r->context.count--;
    if (gone.count == 0)
        return;
    memmove(r->values.at + gone.first, r->values.at + end, (r->values.count - end) * sizeof *r->values.at);
    r->values.count -= gone.count;
    for (uint32_t j = 0; j < r->context.count; j++)
        if (r->context.at[j].first >= end)
            r->context.at[j].first -= gone.count;
}

/* Another principal: nothing that was said about the one before holds for it. */
static void forget_principal(vd_request *r)
{
    for (size_t i = 0; i < VD_COUNT(principal_fields); i++)
        r->field[principal_fields[i]] = (vd_str){ 0 };
    r->flag[VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT] = r->flag[VD_SERVICE_LINKED] =
        r->flag[VD_NOT_SERVICE_LINKED] = false;
    for (uint32_t i = r->context.count; i > 0; i--)
        if (r->context.at[i - 1].of_principal)
            forget_context(r, i - 1);
}

static vd_code tag(const vd_read *in, uint32_t node, vd_str key, uint32_t value)
{
    vd_str text = { 0 };

    VD_TRY(scalar(in, value, key, &text));
    return vd_read_refused(in, node, vd_request_tag(in->request, VD_TAG_PRINCIPAL, key, text));
}

/* {"team": "data"}, or [{"Key": "team", "Value": "data"}] as the AWS CLI prints it. */
static vd_code tags(const vd_read *in, uint32_t node)
{
    static const vd_str names[] = { VD_L("Key"), VD_L("Value") };
    uint32_t            at[VD_COUNT(names)];
    vd_str              key = { 0 };

    if (vd_read_is(in, node, VD_NODE_ARRAY)) {
        for (uint32_t c = vd_doc_first(in->doc, node); c != VD_NONE; c = vd_doc_next(in->doc, node, c)) {
            VD_TRY(vd_read_members(in, c, VD_S("a tag"), names, VD_COUNT(names), at));
            if (at[0] == VD_NONE || at[1] == VD_NONE)
                return vd_read_fail(in, c, "a tag needs \"Key\" and \"Value\"");
            VD_TRY(vd_read_string(in, at[0], names[0], &key));
            VD_TRY(tag(in, at[0], key, at[1]));
        }
        return VD_OK;
    }
    VD_TRY(vd_read_object(in, node, principal_members[P_TAGS]));
    for (uint32_t c = vd_doc_first(in->doc, node); c != VD_NONE; c = vd_doc_next(in->doc, node, c))
        VD_TRY(tag(in, c, vd_doc_text(in->doc, c), c + 1));
    return VD_OK;
}

static vd_code flag(const vd_read *in, uint32_t node, vd_str name, vd_flag when_true, vd_flag when_false)
{
    bool on = false;

    VD_TRY(vd_read_bool(in, node, name, &on));
    if (!on && when_false == VD_FLAG_COUNT)
        return VD_OK;
    return vd_read_refused(in, node, vd_request_flag(in->request, on ? when_true : when_false, true));
}

static vd_code principal_name(const vd_read *in, uint32_t node, const uint32_t *at)
{
    vd_str text = { 0 };
    size_t kind = VD_WHO_COUNT;

    if (at[P_KIND] != VD_NONE) {
        VD_TRY(vd_read_word(in, at[P_KIND], principal_members[P_KIND], vd_principal_kind_names, VD_WHO_COUNT,
                            &kind));
        VD_TRY(vd_read_set(in, at[P_KIND], VD_PRINCIPAL_KIND, vd_principal_kind_names[kind]));
    }
    if (at[P_ARN] != VD_NONE) {
        VD_TRY(vd_read_string(in, at[P_ARN], principal_members[P_ARN], &text));
        return vd_read_set(in, at[P_ARN], VD_PRINCIPAL, text);
    }
    if (kind != VD_WHO_ANONYMOUS)
        return vd_read_fail(in, node, "a principal needs \"arn\"");
    return vd_read_set(in, at[P_KIND], VD_PRINCIPAL, vd_principal_kind_names[VD_WHO_ANONYMOUS]);
}

static vd_code principal_object(const vd_read *in, uint32_t node)
{
    uint32_t at[P_COUNT];
    vd_str   text = { 0 };
    size_t   word = 0;

    VD_TRY(vd_read_members(in, node, VD_S("a principal"), principal_members, P_COUNT, at));
    VD_TRY(principal_name(in, node, at));
    for (size_t i = 0; i < VD_COUNT(principal_texts); i++) {
        uint32_t value = at[principal_texts[i].member];

        if (value == VD_NONE)
            continue;
        VD_TRY(vd_read_string(in, value, principal_members[principal_texts[i].member], &text));
        VD_TRY(vd_read_set(in, value, principal_texts[i].field, text));
    }
    if (at[P_ACCOUNT_ID] != VD_NONE) {
        VD_TRY(vd_read_account(in, at[P_ACCOUNT_ID], principal_members[P_ACCOUNT_ID], &text));
        VD_TRY(vd_read_set(in, at[P_ACCOUNT_ID], VD_PRINCIPAL_ACCOUNT, text));
    }
    if (at[P_CREDENTIAL] != VD_NONE) {
        VD_TRY(vd_read_word(in, at[P_CREDENTIAL], principal_members[P_CREDENTIAL], credentials,
                            VD_COUNT(credentials), &word));
        VD_TRY(vd_read_set(in, at[P_CREDENTIAL], VD_CREDENTIAL, credentials[word]));
    }
    if (at[P_MANAGEMENT] != VD_NONE)
        VD_TRY(flag(in, at[P_MANAGEMENT], principal_members[P_MANAGEMENT], VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT,
                    VD_FLAG_COUNT));
    if (at[P_SERVICE_LINKED] != VD_NONE)
        VD_TRY(flag(in, at[P_SERVICE_LINKED], principal_members[P_SERVICE_LINKED], VD_SERVICE_LINKED,
                    VD_NOT_SERVICE_LINKED));
    return at[P_TAGS] == VD_NONE ? VD_OK : tags(in, at[P_TAGS]);
}

static vd_code principal(const vd_read *in, uint32_t node)
{
    forget_principal(in->request);
    if (vd_read_is(in, node, VD_NODE_STRING))
        return vd_read_set(in, node, VD_PRINCIPAL, vd_doc_text(in->doc, node));
    if (vd_read_is(in, node, VD_NODE_OBJECT))
        return principal_object(in, node);
    return vd_read_fail(in, node, "\"principal\" must be a string or an object, found %s",
                        vd_doc_kind_name(in->doc, node));
}

/* ------------------------------------------------------------------ resources and further checks */

/* Drops the checks of one sort with their context; the others move up. */
static void forget_checks(vd_request *r, bool further)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < r->checks.count; i++) {
        bool drop = (r->checks.at[i].action.n > 0) == further;

        for (uint32_t j = r->context.count; j > 0; j--) {
            if (r->context.at[j - 1].check != i)
                continue;
            if (drop)
                forget_context(r, j - 1);
            else
                r->context.at[j - 1].check = kept;
        }
        if (!drop)
            r->checks.at[kept++] = r->checks.at[i];
    }
    r->checks.count = kept;
}

static const vd_str also_members[] = { VD_L("action"), VD_L("resource"), VD_L("account"), VD_L("context") };
static const vd_str resource_members[] = { VD_L("arn"), VD_L("account"), VD_L("context") };

static vd_code check(const vd_read *in, uint32_t node, vd_str action, uint32_t arn, uint32_t account,
                     uint32_t own_context)
{
    vd_str resource = { 0 }, owner = VD_S("");

    VD_TRY(vd_read_string(in, arn, VD_S("resource"), &resource));
    if (account != VD_NONE)
        VD_TRY(vd_read_account(in, account, VD_S("account"), &owner));
    VD_TRY(vd_read_refused(in, node, vd_request_check(in->request, action, resource, owner)));
    return own_context == VD_NONE ? VD_OK : context(in, own_context);
}

static vd_code resource(const vd_read *in, uint32_t node)
{
    uint32_t at[VD_COUNT(resource_members)];

    in->request->current = VD_SHARED_CHECK;
    if (vd_read_is(in, node, VD_NODE_STRING))
        return vd_read_set(in, node, VD_RESOURCE, vd_doc_text(in->doc, node));
    if (!vd_read_is(in, node, VD_NODE_OBJECT))
        return vd_read_fail(in, node, "a resource must be a string or an object, found %s",
                            vd_doc_kind_name(in->doc, node));
    VD_TRY(vd_read_members(in, node, VD_S("a resource"), resource_members, VD_COUNT(resource_members), at));
    if (at[0] == VD_NONE)
        return vd_read_fail(in, node, "a resource needs \"arn\"");
    return check(in, node, VD_S(""), at[0], at[1], at[2]);
}

void vd_request_drop_checks(vd_request *r)
{
    for (uint32_t i = r->context.count; i > 0; i--)
        for (uint32_t j = 0; j < r->context.count && r->context.at[i - 1].check == VD_SHARED_CHECK; j++)
            if (r->context.at[j].check == 0 && vd_str_eq(r->context.at[j].key, r->context.at[i - 1].key)) {
                forget_context(r, i - 1); /* the first check knew better */
                break;
            }
    for (uint32_t i = 0; i < r->context.count; i++)
        if (r->context.at[i].check == 0)
            r->context.at[i].check = VD_SHARED_CHECK;
    forget_checks(r, false);
    forget_checks(r, true);
    r->current = VD_SHARED_CHECK;
}

/* The first check goes behind the last. */
static void turn(vd_request *r)
{
    uint32_t last = r->checks.count - 1;
    vd_check first = r->checks.at[0];

    memmove(r->checks.at, r->checks.at + 1, last * sizeof *r->checks.at);
    r->checks.at[last] = first;
    for (uint32_t i = 0; i < r->context.count; i++)
        if (r->context.at[i].check != VD_SHARED_CHECK)
            r->context.at[i].check = r->context.at[i].check ? r->context.at[i].check - 1 : last;
}

static vd_code resources(const vd_read *in, uint32_t node)
{
    uint32_t further;

    forget_checks(in->request, false);
    further = in->request->checks.count;
    if (!vd_read_is(in, node, VD_NODE_ARRAY)) {
        VD_TRY(resource(in, node));
    } else if (vd_doc_length(in->doc, node) == 0) {
        return vd_read_fail(in, node, "\"resource\" must not be an empty array");
    } else {
        for (uint32_t c = vd_doc_first(in->doc, node); c != VD_NONE; c = vd_doc_next(in->doc, node, c))
            VD_TRY(resource(in, c));
    }
    while (further--)
        turn(in->request);
    return VD_OK;
}

/* E003: what else the same call needs. */
static vd_code also(const vd_read *in, uint32_t node)
{
    uint32_t at[VD_COUNT(also_members)];
    vd_str   action = { 0 };

    VD_TRY(vd_read_array(in, node, VD_S("also")));
    forget_checks(in->request, true);
    for (uint32_t c = vd_doc_first(in->doc, node); c != VD_NONE; c = vd_doc_next(in->doc, node, c)) {
        VD_TRY(vd_read_members(in, c, VD_S("a further check"), also_members, VD_COUNT(also_members), at));
        if (at[0] == VD_NONE || at[1] == VD_NONE)
            return vd_read_fail(in, c, "a further check needs \"action\" and \"resource\"");
        VD_TRY(vd_read_string(in, at[0], also_members[0], &action));
        if (action.n == 0)
            return vd_read_fail(in, at[0], "\"action\" must not be empty");
        VD_TRY(check(in, c, action, at[1], at[2], at[3]));
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the whole */

enum {
    R_PRINCIPAL,
    R_ACTION,
    R_RESOURCE,
    R_RESOURCE_ACCOUNT,
    R_CONTEXT,
    R_ALSO,
    R_RESOURCE_ORG_ID,
    R_RESOURCE_ORG_PATH,
    R_ENDPOINT_TYPE,
    R_NOW,
    R_COUNT
};

static const vd_str request_members[R_COUNT] = {
    [R_PRINCIPAL] = VD_L("principal"),
    [R_ACTION] = VD_L("action"),
    [R_RESOURCE] = VD_L("resource"),
    [R_RESOURCE_ACCOUNT] = VD_L("resourceAccount"),
    [R_CONTEXT] = VD_L("context"),
    [R_ALSO] = VD_L("also"),
    [R_RESOURCE_ORG_ID] = VD_L("resourceOrgId"),
    [R_RESOURCE_ORG_PATH] = VD_L("resourceOrgPath"),
    [R_ENDPOINT_TYPE] = VD_L("endpointType"),
    [R_NOW] = VD_L("now"),
};

static const vd_str endpoint_types[] = { VD_L("gateway"), VD_L("interface") };

static vd_code text_field(const vd_read *in, const uint32_t *at, uint32_t member, vd_field field)
{
    vd_str text = { 0 };

    if (at[member] == VD_NONE)
        return VD_OK;
    VD_TRY(vd_read_string(in, at[member], request_members[member], &text));
    return vd_read_set(in, at[member], field, text);
}

static vd_code now(const vd_read *in, uint32_t node)
{
    vd_str  text = { 0 };
    vd_date date;

    VD_TRY(vd_read_string(in, node, request_members[R_NOW], &text));
    if (!vd_date_parse(&date, text))
        return vd_read_fail(in, node,
                            "\"now\" must be a time such as \"2026-11-21T10:00:00Z\", found \"" VD_F "\"",
                            VD_A(text));
    return vd_read_set(in, node, VD_NOW, text);
}

static vd_code circumstances(const vd_read *in, const uint32_t *at)
{
    vd_str text = { 0 };
    size_t word = 0;

    if (at[R_RESOURCE_ACCOUNT] != VD_NONE) {
        VD_TRY(vd_read_account(in, at[R_RESOURCE_ACCOUNT], request_members[R_RESOURCE_ACCOUNT], &text));
        VD_TRY(vd_read_set(in, at[R_RESOURCE_ACCOUNT], VD_RESOURCE_ACCOUNT, text));
    }
    VD_TRY(text_field(in, at, R_RESOURCE_ORG_ID, VD_RESOURCE_ORG));
    VD_TRY(text_field(in, at, R_RESOURCE_ORG_PATH, VD_RESOURCE_ORG_PATH));
    if (at[R_ENDPOINT_TYPE] != VD_NONE) {
        VD_TRY(vd_read_word(in, at[R_ENDPOINT_TYPE], request_members[R_ENDPOINT_TYPE], endpoint_types,
                            VD_COUNT(endpoint_types), &word));
        VD_TRY(vd_read_set(in, at[R_ENDPOINT_TYPE], VD_ENDPOINT_TYPE, endpoint_types[word]));
    }
    return at[R_NOW] == VD_NONE ? VD_OK : now(in, at[R_NOW]);
}

static vd_code whole(const vd_read *in, uint32_t node)
{
    uint32_t at[R_COUNT];

    VD_TRY(vd_read_members(in, node, VD_S("the request"), request_members, R_COUNT, at));
    if (at[R_PRINCIPAL] != VD_NONE)
        VD_TRY(principal(in, at[R_PRINCIPAL]));
    VD_TRY(text_field(in, at, R_ACTION, VD_ACTION));
    VD_TRY(circumstances(in, at));
    if (at[R_CONTEXT] != VD_NONE)
        VD_TRY(context(in, at[R_CONTEXT]));
    if (at[R_RESOURCE] != VD_NONE)
        VD_TRY(resources(in, at[R_RESOURCE]));
    return at[R_ALSO] == VD_NONE ? VD_OK : also(in, at[R_ALSO]);
}

vd_code vd_request_read(vd_request *r, const vd_doc *doc, uint32_t node, vd_error *err)
{
    vd_code code;

    r->current = VD_SHARED_CHECK; /* defaults may have ended inside a check */
    code = whole(&(vd_read){ r, doc, err }, node);
    r->current = VD_SHARED_CHECK;
    if (code == VD_OK)
        code = vd_read_refused(&(vd_read){ r, doc, err }, node, vd_request_tag_keys(r));
    return vd_read_end(r, code);
}
