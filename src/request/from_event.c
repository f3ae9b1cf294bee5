/* SPDX-License-Identifier: Apache-2.0
 *
 * A request out of a CloudTrail record, denied or not.  Here: finding the record in what people have at
 * hand, and the circumstances of the call; event_who.c and event_what.c do the rest.  Only what the record
 * says becomes context: everything else stays absent (E605), and what the record leaves in the dark is
 * told in notes.
 */
#include "request/event_int.h"

#include "base/str.h"
#include "catalog/events.h"
#include "pattern/arn.h"
#include "pattern/value.h"

#include <stdarg.h>
#include <stdio.h>

static const vd_str context_rule = VD_L("event-context");

/* ------------------------------------------------------------------ looking into the record */

static uint32_t member(const vd_event *e, uint32_t object, vd_str name)
{
    if (!vd_read_is(&e->in, object, VD_NODE_OBJECT))
        return VD_NONE;
    for (uint32_t key = vd_doc_first(e->in.doc, object); key != VD_NONE;
         key = vd_doc_next(e->in.doc, object, key))
        if (vd_str_ieq(vd_doc_text(e->in.doc, key), name))
            return vd_read_is(&e->in, key + 1, VD_NODE_NULL) ? VD_NONE : key + 1;
    return VD_NONE;
}

uint32_t vd_event_at(const vd_event *e, uint32_t object, vd_str path)
{
    vd_str step;

    while (object != VD_NONE && vd_str_cut(&path, '.', &step))
        object = member(e, object, step);
    return object == VD_NONE ? VD_NONE : member(e, object, path);
}

vd_str vd_event_text(const vd_event *e, uint32_t node)
{
    if (node != VD_NONE && vd_read_is(&e->in, node, VD_NODE_ARRAY))
        node = vd_doc_first(e->in.doc, node);
    if (node == VD_NONE || vd_read_is(&e->in, node, VD_NODE_OBJECT) ||
        vd_read_is(&e->in, node, VD_NODE_ARRAY) || vd_read_is(&e->in, node, VD_NODE_NULL))
        return (vd_str){ 0 };
    return vd_doc_text(e->in.doc, node);
}

vd_str vd_event_get(const vd_event *e, uint32_t object, vd_str path)
{
    return object == VD_NONE ? (vd_str){ 0 } : vd_event_text(e, vd_event_at(e, object, path));
}

vd_code vd_event_note(const vd_event *e, uint32_t node, vd_str rule, const char *format, ...)
{
    char    text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return vd_diag_add(e->notes, VD_NOTE, rule,
                       vd_source_pos(e->in.doc->source, vd_doc_span(e->in.doc, node)), NULL, "%s",
                       text) == VD_OK
               ? VD_OK
               : vd_event_nomem(e);
}

vd_code vd_event_nomem(const vd_event *e)
{
    e->in.request->failed = true;
    return vd_fail_nomem(e->in.err);
}

/* ------------------------------------------------------------------ the circumstances of the call */

static vd_code put(const vd_event *e, uint32_t node, vd_str key, vd_str value)
{
    return value.n ? vd_read_refused(&e->in, node, vd_request_context(e->in.request, key, &value, 1)) : VD_OK;
}

static const struct {
    vd_str path, key;
} plain[] = {
    { VD_L("userAgent"), VD_L("aws:UserAgent") },
    { VD_L("awsRegion"), VD_L("aws:RequestedRegion") },
    { VD_L("vpcEndpointId"), VD_L("aws:SourceVpce") },
    { VD_L("vpcEndpointAccountId"), VD_L("aws:VpceAccount") },
    { VD_L("userIdentity.sessionContext.sourceIdentity"), VD_L("aws:SourceIdentity") },
    { VD_L("userIdentity.sessionContext.webIdFederationData.federatedProvider"),
      VD_L("aws:FederatedProvider") },
    { VD_L("userIdentity.sessionContext.ec2RoleDelivery"), VD_L("ec2:RoleDelivery") },
};

static vd_code plain_keys(const vd_event *e)
{
    for (size_t i = 0; i < VD_COUNT(plain); i++) {
        uint32_t node = vd_event_at(e, e->record, plain[i].path);

        if (node != VD_NONE)
            VD_TRY(put(e, node, plain[i].key, vd_event_text(e, node)));
    }
    if (vd_event_get(e, e->record, VD_S("tlsDetails.tlsVersion")).n)
        VD_TRY(put(e, e->record, VD_S("aws:SecureTransport"), VD_S("true")));
    return VD_OK;
}

/* E621: what kind of credentials carries the MFA keys, and which value. */
static vd_code mfa(const vd_event *e)
{
    uint32_t node = vd_event_at(e, e->record,
                                VD_S("userIdentity.sessionContext.attributes.mfaAuthenticated"));
    vd_str   type = vd_event_get(e, e->identity, VD_S("type")), role;
    vd_str   value = node == VD_NONE ? VD_S("") : vd_event_text(e, node);

    if (!e->temporary || !value.n || vd_str_ieq(type, VD_S("FederatedUser")))
        return VD_OK;
    if (!vd_str_ieq(type, VD_S("AssumedRole")))
        return put(e, node, VD_S("aws:MultiFactorAuthPresent"), value);
    role = vd_event_get(e, e->identity, VD_S("sessionContext.sessionIssuer.userName"));
    if (vd_event_get(e, e->identity, VD_S("sessionContext.webIdFederationData.federatedProvider")).n ||
        vd_str_starts(role, VD_S("AWSReservedSSO_")))
        return VD_OK;
    if (vd_str_ieq(value, VD_S("true")))
        VD_TRY(vd_event_note(e, node, context_rule,
                             "a role session carries aws:MultiFactorAuthPresent \"false\","
                             " whatever was shown when the role was assumed"));
    return put(e, node, VD_S("aws:MultiFactorAuthPresent"), VD_S("false"));
}

static vd_code session(const vd_event *e)
{
    uint32_t node = vd_event_at(e, e->record, VD_S("userIdentity.sessionContext.attributes.creationDate"));

    if (e->temporary && node != VD_NONE)
        VD_TRY(put(e, node, VD_S("aws:TokenIssueTime"), vd_event_text(e, node)));
    return mfa(e);
}

static bool is_service_name(vd_str s)
{
    return vd_str_ends(s, VD_S(".amazonaws.com")) || vd_str_ends(s, VD_S(".amazonaws.com.cn"));
}

/* "s3.amazonaws.com" to kms:ViaService "s3.eu-west-1.amazonaws.com". */
static vd_code kms_via(const vd_event *e, uint32_t node, vd_str service)
{
    vd_str label = vd_event_label(service), via;

    if (!vd_str_ieq(e->label, VD_S("kms")) || !e->region.n || vd_str_find(label, '.') < label.n)
        return VD_OK;
    if (!vd_arena_printf(&e->in.request->texts, &via, VD_F "." VD_F VD_F, VD_A(label), VD_A(e->region),
                         VD_A(vd_str_from(service, label.n))))
        return vd_event_nomem(e);
    return put(e, node, VD_S("kms:ViaService"), via);
}

/* E627: a service that calls on with its caller's authority.  A service-linked role is the service itself. */
static vd_code forwarded(const vd_event *e, uint32_t node, vd_str service)
{
    vd_str issuer = vd_event_get(e, e->identity, VD_S("sessionContext.sessionIssuer.arn"));
    vd_str type = vd_event_get(e, e->identity, VD_S("type"));

    if (vd_str_ieq(type, VD_S("AWSService")) || !type.n || vd_str_ieq(type, VD_S("Unknown")) ||
        vd_str_contains(issuer, VD_S(":role/aws-service-role/")))
        return VD_OK;
    VD_TRY(put(e, node, VD_S("aws:ViaAWSService"), VD_S("true")));
    if (!is_service_name(service))
        return vd_event_note(e, node, context_rule,
                             "a service of AWS made this call for the principal; which one is not"
                             " in the record");
    VD_TRY(put(e, node, VD_S("aws:CalledVia"), service));
    VD_TRY(kms_via(e, node, service));
    return vd_event_note(e, node, context_rule,
                         "\"" VD_F "\" made this call for the principal; services before it are not"
                         " in the record",
                         VD_A(service));
}

static vd_code network(const vd_event *e)
{
    uint32_t node = vd_event_at(e, e->record, VD_S("sourceIPAddress"));
    uint32_t via = vd_event_at(e, e->record, VD_S("userIdentity.invokedBy"));
    vd_str   from = node == VD_NONE ? VD_S("") : vd_event_text(e, node);
    bool private = vd_event_at(e, e->record, VD_S("vpcEndpointId")) != VD_NONE;
    vd_cidr address;

    if (vd_address_parse(&address, from))
        VD_TRY(put(e, node, private ? VD_S("aws:VpcSourceIp") : VD_S("aws:SourceIp"), from));
    if (private)
        VD_TRY(vd_event_note(e, e->record, context_rule, "the VPC behind the endpoint is not in the record"));
    if (via != VD_NONE)
        return forwarded(e, via, vd_event_text(e, via));
    if (is_service_name(from) || vd_str_ieq(from, VD_S("AWS Internal")))
        return forwarded(e, node, from);
    return VD_OK;
}

/* ------------------------------------------------------------------ what the request parameters tell */

/* kms:EncryptionContext:<name> for each pair, and kms:EncryptionContextKeys for all names. */
static vd_code encryption_context(const vd_event *e)
{
    uint32_t map = vd_event_at(e, e->parameters, VD_S("encryptionContext")), n = 0;
    vd_str  *names, key;

    if (!vd_str_ieq(e->label, VD_S("kms")) || map == VD_NONE || !vd_read_is(&e->in, map, VD_NODE_OBJECT))
        return VD_OK;
    names = vd_arena_new_array(&e->in.request->texts, vd_str, (size_t)vd_doc_length(e->in.doc, map) + 1);
    if (!names)
        return vd_event_nomem(e);
    for (uint32_t c = vd_doc_first(e->in.doc, map); c != VD_NONE; c = vd_doc_next(e->in.doc, map, c)) {
        vd_str name = vd_doc_text(e->in.doc, c);

        names[n++] = name;
        if (!vd_arena_printf(&e->in.request->texts, &key, "kms:EncryptionContext:" VD_F, VD_A(name)))
            return vd_event_nomem(e);
        VD_TRY(put(e, c, key, vd_event_text(e, c + 1)));
    }
    return n ? vd_read_refused(&e->in, map,
                               vd_request_context(e->in.request, VD_S("kms:EncryptionContextKeys"), names, n))
             : VD_OK;
}

static vd_code request_tag(const vd_event *e, uint32_t node, vd_str key, vd_str value)
{
    return key.n ? vd_read_refused(&e->in, node, vd_request_tag(e->in.request, VD_TAG_REQUEST, key, value))
                 : VD_OK;
}

/* [{"key", "value"}] in any spelling, or {key: value}. */
static vd_code request_tags(const vd_event *e, uint32_t tags)
{
    if (tags == VD_NONE)
        return VD_OK;
    if (vd_read_is(&e->in, tags, VD_NODE_OBJECT))
        for (uint32_t key = vd_doc_first(e->in.doc, tags); key != VD_NONE;
             key = vd_doc_next(e->in.doc, tags, key))
            if (vd_read_is(&e->in, key + 1, VD_NODE_STRING))
                VD_TRY(request_tag(e, key, vd_doc_text(e->in.doc, key), vd_doc_text(e->in.doc, key + 1)));
    if (vd_read_is(&e->in, tags, VD_NODE_ARRAY))
        for (uint32_t c = vd_doc_first(e->in.doc, tags); c != VD_NONE; c = vd_doc_next(e->in.doc, tags, c))
            VD_TRY(request_tag(e, c, vd_event_get(e, c, VD_S("key")), vd_event_get(e, c, VD_S("value"))));
    return VD_OK;
}

/* Tags of EC2 stand one level down, for each kind of resource that is made. */
static vd_code tags(const vd_event *e)
{
    uint32_t sets = vd_event_at(e, e->parameters, VD_S("tagSpecificationSet.items"));

    VD_TRY(request_tags(e, vd_event_at(e, e->parameters, VD_S("tags"))));
    if (sets == VD_NONE || !vd_read_is(&e->in, sets, VD_NODE_ARRAY))
        return VD_OK;
    for (uint32_t c = vd_doc_first(e->in.doc, sets); c != VD_NONE; c = vd_doc_next(e->in.doc, sets, c))
        VD_TRY(request_tags(e, vd_event_at(e, c, VD_S("tags"))));
    return VD_OK;
}

static vd_code parameter_keys(const vd_event *e)
{
    vd_rows rows = vd_rows_of(vd_rows_event_context, vd_event_prefix(e->label));

    if (e->parameters == VD_NONE)
        return VD_OK;
    for (uint32_t i = 0; i < rows.count; i++) {
        uint32_t node = vd_event_at(e, e->parameters, rows.at[i].column[VD_GIVES_PARAMETER]);

        if (node != VD_NONE && vd_event_fits(rows.at[i].column[VD_GIVES_EVENT], e->name))
            VD_TRY(put(e, node, rows.at[i].column[VD_GIVES_KEY], vd_event_text(e, node)));
    }
    VD_TRY(encryption_context(e));
    return tags(e);
}

/* The request parameters bear on the resource that the call is about, and on further actions on the same one;
 * a check of another resource (the image of an instance, the source of a copy) does not have these keys: E320. */
static vd_code parameters(const vd_event *e)
{
    vd_request *r = e->in.request;
    bool        all = true;

    for (uint32_t i = e->primary; i < r->checks.count; i++)
        all &= vd_str_eq(r->checks.at[i].resource, r->checks.at[0].resource);
    if (all)
        return parameter_keys(e);
    for (uint32_t i = 0; i < r->checks.count; i++)
        if (i < e->primary || vd_str_eq(r->checks.at[i].resource, r->checks.at[0].resource)) {
            r->current = i;
            VD_TRY(parameter_keys(e));
        }
    r->current = VD_SHARED_CHECK;
    return VD_OK;
}

/* Event stores may keep the real values of context keys. */
static vd_code recorded(const vd_event *e)
{
    uint32_t node = vd_event_at(e, e->record, VD_S("eventContext.requestContext"));

    if (node == VD_NONE || !vd_read_is(&e->in, node, VD_NODE_OBJECT))
        return VD_OK;
    return vd_request_read_context(e->in.request, e->in.doc, node, e->in.err);
}

/* ------------------------------------------------------------------ the record */

static vd_str partition_of(vd_str region, vd_str arn)
{
    vd_arn parts;

    if (vd_arn_split(&parts, arn))
        return parts.partition;
    if (vd_str_starts(region, VD_S("cn-")))
        return VD_S("aws-cn");
    return vd_str_starts(region, VD_S("us-gov-")) ? VD_S("aws-us-gov") : VD_S("aws");
}

static vd_code name_of(vd_event *e, vd_str which, vd_str *out)
{
    uint32_t node = vd_event_at(e, e->record, which);

    if (node == VD_NONE)
        return vd_read_fail(&e->in, e->record, "a CloudTrail record needs \"" VD_F "\"", VD_A(which));
    VD_TRY(vd_read_string(&e->in, node, which, out));
    return out->n ? VD_OK : vd_read_fail(&e->in, node, "\"" VD_F "\" must not be empty", VD_A(which));
}

static vd_code look_around(vd_event *e)
{
    vd_str source = { 0 }, key;

    VD_TRY(name_of(e, VD_S("eventSource"), &source));
    VD_TRY(name_of(e, VD_S("eventName"), &e->name));
    e->label = vd_event_label(source);
    e->identity = vd_event_at(e, e->record, VD_S("userIdentity"));
    e->parameters = vd_event_at(e, e->record, VD_S("requestParameters"));
    if (e->identity != VD_NONE)
        VD_TRY(vd_read_object(&e->in, e->identity, VD_S("userIdentity")));
    if (e->parameters != VD_NONE && !vd_read_is(&e->in, e->parameters, VD_NODE_OBJECT)) {
        VD_TRY(vd_event_note(e, e->parameters, context_rule, "the request parameters were cut off"));
        e->parameters = VD_NONE;
    }
    e->region = vd_event_get(e, e->record, VD_S("awsRegion"));
    e->caller_account = vd_event_get(e, e->identity, VD_S("accountId"));
    e->account = vd_event_get(e, e->record, VD_S("recipientAccountId"));
    if (!e->account.n)
        e->account = e->caller_account;
    e->partition = partition_of(e->region, vd_event_get(e, e->identity, VD_S("arn")));
    key = vd_event_get(e, e->identity, VD_S("accessKeyId"));
    e->temporary = vd_str_starts(key, VD_S("ASIA")) ||
                   (!key.n &&
                    vd_event_at(e, e->record, VD_S("userIdentity.sessionContext.attributes")) != VD_NONE);
    return VD_OK;
}

/* errorMessage, and what it says by the grammar of message.c. */
static vd_code error_message(vd_event *e)
{
    uint32_t node = vd_event_at(e, e->record, VD_S("errorMessage"));
    vd_str   text = node == VD_NONE ? VD_S("") : vd_event_text(e, node);
    vd_str   code = vd_event_get(e, e->record, VD_S("errorCode"));

    if (!text.n)
        return code.n
                   ? vd_event_note(e, e->record, VD_S("event-error"), "aws answered \"" VD_F "\"", VD_A(code))
                   : VD_OK;
    e->said = vd_message_find(&e->message, text);
    return vd_event_note(e, node, VD_S("event-error"), "aws answered \"" VD_F "\"", VD_A(text));
}

static vd_code when(const vd_event *e)
{
    uint32_t node = vd_event_at(e, e->record, VD_S("eventTime"));
    vd_str   text = node == VD_NONE ? VD_S("") : vd_event_text(e, node);
    vd_date  date;

    if (!text.n)
        return vd_event_note(e, e->record, context_rule, "the record does not tell the time");
    if (!vd_date_parse(&date, text))
        return vd_read_fail(&e->in, node, "\"eventTime\" must be a time, found \"" VD_F "\"", VD_A(text));
    return vd_read_set(&e->in, node, VD_NOW, text);
}

static vd_code kind_of_record(const vd_event *e)
{
    uint32_t node = vd_event_at(e, e->record, VD_S("eventType"));
    vd_str   type = node == VD_NONE ? VD_S("") : vd_event_text(e, node);

    if (vd_str_eq(type, VD_S("AwsServiceEvent")) || vd_str_eq(type, VD_S("AwsConsoleSignIn")) ||
        vd_str_eq(type, VD_S("AwsCloudTrailInsight")))
        return vd_event_note(e, node, VD_S("event-action"),
                             "a record of type \"" VD_F "\" is not a call that policies"
                             " decide",
                             VD_A(type));
    return VD_OK;
}

static vd_code one_record(vd_event *e)
{
    if (!vd_read_is(&e->in, e->record, VD_NODE_OBJECT))
        return vd_read_fail(&e->in, e->record, "a CloudTrail record must be an object, found %s",
                            vd_doc_kind_name(e->in.doc, e->record));
    VD_TRY(look_around(e));
    VD_TRY(kind_of_record(e));
    VD_TRY(error_message(e));
    VD_TRY(vd_event_who(e));
    VD_TRY(when(e));
    VD_TRY(plain_keys(e));
    VD_TRY(session(e));
    VD_TRY(network(e));
    VD_TRY(vd_event_what(e));
    VD_TRY(parameters(e));
    return recorded(e);
}

/* {"Records": [...]} of a log file, {"Events": [...]} of lookup-events. */
static vd_code only_one(const vd_event *e, uint32_t list, vd_str name, uint32_t *out)
{
    uint32_t count;

    VD_TRY(vd_read_array(&e->in, list, name));
    count = vd_doc_length(e->in.doc, list);
    if (count != 1)
        return vd_read_fail(&e->in, list, "one record is needed, \"" VD_F "\" holds %u", VD_A(name), count);
    *out = vd_doc_first(e->in.doc, list);
    return VD_OK;
}

/* The record within a log file, the answer of lookup-events, or an event of EventBridge. */
static vd_code find_record(vd_event *e, vd_doc *inner)
{
    static const vd_str lists[] = { VD_L("Records"), VD_L("Events") };
    uint32_t            node;

    for (size_t i = 0; i < VD_COUNT(lists); i++) {
        node = vd_doc_member(e->in.doc, e->record, lists[i]);
        if (node != VD_NONE)
            VD_TRY(only_one(e, node, lists[i], &e->record));
    }
    node = vd_doc_member(e->in.doc, e->record, VD_S("CloudTrailEvent"));
    if (node != VD_NONE) {
        VD_TRY(vd_read_inner(&e->in, node, VD_S("CloudTrailEvent"), inner));
        e->in.doc = inner;
        e->record = 0;
    }
    node = vd_doc_member(e->in.doc, e->record, VD_S("detail"));
    if (node != VD_NONE && vd_read_is(&e->in, node, VD_NODE_OBJECT))
        e->record = node;
    return VD_OK;
}

vd_code vd_request_from_event(vd_request *r, const vd_doc *doc, uint32_t node, vd_diags *notes, vd_error *err)
{
    vd_event e = { .in = { r, doc, err }, .notes = notes, .record = node };
    vd_doc   inner;
    vd_code  code;

    r->current = VD_SHARED_CHECK;
    code = find_record(&e, &inner);
    if (code == VD_OK)
        code = one_record(&e);
    r->current = VD_SHARED_CHECK;
    return vd_read_end(r, code);
}
