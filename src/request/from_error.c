/* SPDX-License-Identifier: Apache-2.0
 *
 * A request out of what AWS answered: the sentence alone, the line of the CLI or of an SDK around it, the
 * JSON or the XML body of the answer.  Taking the sentence apart is message.c.
 */
#include "request/member.h"
#include "request/message.h"

#include "base/str.h"

#include <verdict/set.h>

typedef struct answer {
    vd_request      *request;
    const vd_source *text;
    vd_diags        *notes;
    vd_error        *err;
} answer;

/* Where a slice of the text stands; what was decoded from it stands somewhere in the whole. */
static vd_span span_of(const vd_source *text, vd_str part)
{
    uintptr_t from = (uintptr_t)text->text.p, at = (uintptr_t)part.p;

    if (part.n && at >= from && at - from <= text->text.n && part.n <= text->text.n - (at - from))
        return (vd_span){ (uint32_t)(at - from), (uint32_t)part.n };
    return (vd_span){ 0, (uint32_t)text->text.n };
}

static vd_code note(const answer *in, vd_str part, const char *text)
{
    return vd_diag_add(in->notes, VD_NOTE, VD_S("error-message"),
                       vd_source_pos(in->text, span_of(in->text, part)), NULL, "%s", text) == VD_OK
               ? VD_OK
               : vd_fail_nomem(in->err);
}

/* ------------------------------------------------------------------ JSON and XML bodies */

/* The message of a JSON body: "message" in any of its spellings, at the top or one object down. */
static vd_str message_of(const vd_doc *doc)
{
    static const vd_str outer[] = { VD_L("Error"), VD_L("error"), VD_L("detail"), VD_L("Response") };
    static const vd_str names[] = { VD_L("message"), VD_L("Message"), VD_L("errorMessage"),
                                    VD_L("ErrorMessage") };
    uint32_t            object = 0;

    for (size_t i = 0; i <= VD_COUNT(outer); i++) {
        if (object != VD_NONE)
            for (size_t j = 0; j < VD_COUNT(names); j++) {
                uint32_t value = vd_doc_member(doc, object, names[j]);

                if (value != VD_NONE && doc->nodes[value].kind == VD_NODE_STRING)
                    return vd_doc_text(doc, value);
            }
        if (i < VD_COUNT(outer))
            object = vd_doc_member(doc, 0, outer[i]);
    }
    return (vd_str){ 0 };
}

static vd_code from_json(const answer *in, vd_str *out)
{
    vd_doc doc;

    VD_TRY(
        vd_json_read(&doc, &in->request->texts, in->text, &in->request->engine->limits, NULL, NULL, in->err));
    *out = message_of(&doc);
    if (!out->p)
        return vd_fail_span(in->err, VD_ESYNTAX, in->text, vd_doc_span(&doc, 0),
                            "this JSON holds no \"message\" with what AWS answered");
    return VD_OK;
}

static const struct {
    vd_str entity;
    char   byte;
} entities[] = {
    { VD_L("&quot;"), '"' },  { VD_L("&amp;"), '&' },  { VD_L("&lt;"), '<' },  { VD_L("&gt;"), '>' },
    { VD_L("&apos;"), '\'' }, { VD_L("&#39;"), '\'' }, { VD_L("&#34;"), '"' },
};

/* Decodes in place: an entity is longer than what it stands for. */
static vd_str decode_entities(char *p, size_t n)
{
    vd_str in = { p, n };
    size_t used = 0;

    while (in.n) {
        size_t i = 0;

        while (i < VD_COUNT(entities) && !vd_str_starts(in, entities[i].entity))
            i++;
        p[used++] = i < VD_COUNT(entities) ? entities[i].byte : in.p[0];
        in = vd_str_from(in, i < VD_COUNT(entities) ? entities[i].entity.n : 1);
    }
    return (vd_str){ p, used };
}

/* Index behind the first occurrence of part, or s.n + 1. */
static size_t behind(vd_str s, vd_str part)
{
    for (size_t i = 0; i + part.n <= s.n; i++)
        if (memcmp(s.p + i, part.p, part.n) == 0)
            return i + part.n;
    return s.n + 1;
}

static vd_code from_xml(const answer *in, vd_str text, vd_str *out)
{
    static const vd_str open = VD_L("<Message>"), close = VD_L("</Message>");
    size_t              from = behind(text, open), to;

    if (from > text.n)
        return vd_fail_span(in->err, VD_ESYNTAX, in->text, span_of(in->text, text),
                            "this XML holds no <Message> with what AWS answered");
    text = vd_str_from(text, from);
    to = behind(text, close);
    text = vd_str_first(text, to > text.n ? text.n : to - close.n);
    *out = text;
    if (vd_str_find(text, '&') == text.n)
        return VD_OK;
    if (!vd_arena_dup(&in->request->texts, out, text))
        return vd_fail_nomem(in->err);
    *out = decode_entities((char *)(uintptr_t)out->p, out->n);
    return VD_OK;
}

static vd_code message_text(const answer *in, vd_str *out)
{
    vd_str text = vd_str_trim(in->text->text);

    if (text.n && text.p[0] == '{')
        return from_json(in, out);
    if (text.n && text.p[0] == '<')
        return from_xml(in, text, out);
    *out = text;
    return VD_OK;
}

/* ------------------------------------------------------------------ the request */

static vd_code set(const answer *in, vd_field field, vd_str value)
{
    vd_code code = vd_request_set(in->request, field, value);

    return code == VD_OK ? VD_OK
                         : vd_fail_span(in->err, code, in->text, span_of(in->text, value), "%s",
                                        vd_request_error(in->request)->text);
}

static vd_code not_understood(const answer *in)
{
    vd_code code = vd_fail_span(in->err, VD_ESYNTAX, in->text, (vd_span){ 0, (uint32_t)in->text->text.n },
                                "this is not a message of AWS that says who may not do what");

    vd_error_hint(in->err,
                  "expected \"User: ARN is not authorized to perform: service:Action on resource: ARN ...\"");
    return code;
}

/* UnauthorizedOperation is what EC2 says; its message may hold nothing but the encoded part. */
static vd_code action(const answer *in, const vd_message *m)
{
    vd_str action;

    if (m->action.n)
        return set(in, VD_ACTION, m->action);
    if (!m->operation.n || !vd_str_ieq(m->code, VD_S("UnauthorizedOperation")))
        return note(in, m->told.encoded, "the message names no action");
    if (!vd_arena_printf(&in->request->texts, &action, "ec2:" VD_F, VD_A(m->operation)))
        return vd_fail_nomem(in->err);
    VD_TRY(note(in, m->operation, "the action is taken from the operation that was called"));
    return set(in, VD_ACTION, action);
}

/* Sentences without a resource are those of actions that have none (E801). */
static vd_code resource(const answer *in, const vd_message *m)
{
    if (m->resource.n)
        return set(in, VD_RESOURCE, m->resource);
    if (m->vague || !m->action.n)
        return note(in, m->action, "the message does not tell which resource");
    VD_TRY(note(in, m->action, "the message names no resource: \"*\" is taken"));
    return set(in, VD_RESOURCE, VD_S("*"));
}

static vd_code fill(const answer *in, const vd_message *m)
{
    VD_TRY(m->principal.n ? set(in, VD_PRINCIPAL, m->principal)
                          : note(in, m->told.encoded, "the message names no principal"));
    VD_TRY(action(in, m));
    VD_TRY(resource(in, m));
    if (vd_str_contains(m->resource, VD_S(":****")))
        VD_TRY(note(in, m->resource, "the message hides the account of the resource"));
    if (m->told.encoded.n)
        VD_TRY(note(in, m->told.encoded, "decode-authorization-message tells more about the encoded part"));
    if (m->public_block)
        VD_TRY(note(in, m->action, "S3 Block Public Access refused this, whatever the policies say"));
    return VD_OK;
}

static vd_code whole(const answer *in, vd_told *told)
{
    vd_str     text = { 0 };
    vd_message m;

    VD_TRY(message_text(in, &text));
    if (!vd_message_find(&m, text))
        return not_understood(in);
    *told = m.told;
    return fill(in, &m);
}

vd_code vd_request_from_error(vd_request *r, vd_told *told, const vd_source *text, vd_diags *notes,
                              vd_error *err)
{
    vd_told unused;

    told = told ? told : &unused;
    *told = (vd_told){ .layer = VD_LAYER_NONE };
    return vd_read_end(r, whole(&(answer){ r, text, notes, err }, told));
}
