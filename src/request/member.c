/* SPDX-License-Identifier: Apache-2.0
 *
 * Closed objects and typed values, read from a document with positions.
 */
#include "request/member.h"

#include "base/str.h"
#include "base/suggest.h"
#include "pattern/arn.h"

#include <stdarg.h>
#include <stdio.h>

vd_code vd_read_fail(const vd_read *in, uint32_t node, const char *format, ...)
{
    char    text[sizeof in->err->text];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return vd_fail_span(in->err, VD_ESYNTAX, in->doc->source, vd_doc_span(in->doc, node), "%s", text);
}

vd_code vd_read_nomem(const vd_read *in)
{
    return vd_fail_nomem(in->err);
}

bool vd_read_is(const vd_read *in, uint32_t node, vd_node_kind kind)
{
    return in->doc->nodes[node].kind == (uint8_t)kind;
}

static vd_code wrong_kind(const vd_read *in, uint32_t node, vd_str name, const char *wanted)
{
    return vd_read_fail(in, node, "\"" VD_F "\" must be %s, found %s", VD_A(name), wanted,
                        vd_doc_kind_name(in->doc, node));
}

vd_code vd_read_object(const vd_read *in, uint32_t node, vd_str name)
{
    return vd_read_is(in, node, VD_NODE_OBJECT) ? VD_OK : wrong_kind(in, node, name, "an object");
}

vd_code vd_read_array(const vd_read *in, uint32_t node, vd_str name)
{
    return vd_read_is(in, node, VD_NODE_ARRAY) ? VD_OK : wrong_kind(in, node, name, "an array");
}

vd_code vd_read_string(const vd_read *in, uint32_t node, vd_str name, vd_str *out)
{
    if (!vd_read_is(in, node, VD_NODE_STRING))
        return wrong_kind(in, node, name, "a string");
    *out = vd_doc_text(in->doc, node);
    return VD_OK;
}

vd_code vd_read_bool(const vd_read *in, uint32_t node, vd_str name, bool *out)
{
    *out = vd_read_is(in, node, VD_NODE_TRUE);
    return *out || vd_read_is(in, node, VD_NODE_FALSE) ? VD_OK : wrong_kind(in, node, name, "true or false");
}

vd_code vd_read_account(const vd_read *in, uint32_t node, vd_str name, vd_str *out)
{
    *out = vd_doc_text(in->doc, node);
    if (!vd_read_is(in, node, VD_NODE_STRING) && !vd_read_is(in, node, VD_NODE_NUMBER))
        return wrong_kind(in, node, name, "a string of 12 digits");
    if (!vd_is_account(*out))
        return vd_read_fail(in, node,
                            "\"" VD_F "\" must be an account number of 12 digits, found \"" VD_F "\"",
                            VD_A(name), VD_A(*out));
    return VD_OK;
}

vd_code vd_read_word(const vd_read *in, uint32_t node, vd_str name, const vd_str *words, size_t count,
                     size_t *index)
{
    vd_str  word = { 0 };
    char    list[160];
    size_t  used = 0, near;
    vd_code code;

    VD_TRY(vd_read_string(in, node, name, &word));
    for (*index = 0; *index < count; (*index)++)
        if (vd_str_eq(word, words[*index]))
            return VD_OK;
    list[0] = 0;
    for (size_t i = 0; i < count && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s\"" VD_F "\"", i ? ", " : "",
                                 VD_A(words[i]));
    code = vd_read_fail(in, node, "\"" VD_F "\" must be one of %s, found \"" VD_F "\"", VD_A(name), list,
                        VD_A(word));
    near = vd_suggest(word, words, count);
    if (near < count)
        vd_error_hint(in->err, "did you mean \"" VD_F "\"?", VD_A(words[near]));
    return code;
}

vd_code vd_read_members(const vd_read *in, uint32_t object, vd_str what, const vd_str *names, size_t count,
                        uint32_t *at)
{
    return vd_doc_members(in->doc, object, what, names, count, at, in->err);
}

vd_code vd_read_refused(const vd_read *in, uint32_t node, vd_code code)
{
    const vd_error *why = vd_request_error(in->request);
    char            hint[sizeof why->hint];

    if (code == VD_OK)
        return VD_OK;
    if (code == VD_EINVAL)
        code = VD_ESYNTAX; /* the text made us ask for that */
    memcpy(hint, why->hint, sizeof hint);
    vd_fail_span(in->err, code, in->doc->source, vd_doc_span(in->doc, node), "%s",
                 why->text[0] ? why->text : vd_code_name(code));
    if (hint[0])
        vd_error_hint(in->err, "%s", hint);
    return code;
}

vd_code vd_read_set(const vd_read *in, uint32_t node, vd_field field, vd_str value)
{
    return vd_read_refused(in, node, vd_request_set(in->request, field, value));
}

vd_code vd_read_inner(const vd_read *in, uint32_t node, vd_str name, vd_doc *out)
{
    vd_source *source = NULL;
    vd_str     text = { 0 };

    VD_TRY(vd_read_string(in, node, name, &text));
    VD_TRY(vd_doc_inner(&source, &in->request->texts, in->doc, node, in->err));
    return vd_json_read(out, &in->request->texts, source, &in->request->engine->limits, NULL, NULL, in->err);
}

vd_code vd_read_end(vd_request *r, vd_code code)
{
    if (code != VD_OK)
        r->failed = true;
    return code;
}
