/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading the text of a policy around a span.  The text was parsed before, so that little can surprise.
 */
#include "lint/rules/tokens.h"

#include "base/str.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

vd_str vd_token_text(const vd_lint *l, vd_span span)
{
    return vd_str_first(vd_str_from(l->policy->source.text, span.offset), span.length);
}

static bool is_bare(char c)
{
    return vd_is_alpha(c) || vd_is_digit(c) || c == '-' || c == '_';
}

bool vd_token_key_of(const vd_lint *l, vd_span value, vd_span *key)
{
    vd_str   s = l->policy->source.text;
    uint32_t end = value.offset, begin;

    while (end > 0 && is_space(s.p[end - 1]))
        end--;
    if (end == 0 || s.p[end - 1] != ':')
        return false;
    end--;
    while (end > 0 && is_space(s.p[end - 1]))
        end--;
    begin = end;
    if (begin > 1 && s.p[begin - 1] == '"') {
        begin--;
        while (begin > 0 && s.p[begin - 1] != '"')
            begin--;
        if (begin == 0)
            return false;
        begin--;
    } else {
        while (begin > 0 && is_bare(s.p[begin - 1]))
            begin--;
    }
    *key = (vd_span){ begin, end - begin };
    return key->length > 0;
}

bool vd_token_around(const vd_lint *l, vd_span part, vd_span *token)
{
    vd_str   s = l->policy->source.text;
    uint32_t begin = part.offset, end = part.offset + part.length;

    while (begin > 0 && s.p[begin - 1] != '"' && s.p[begin - 1] != '\n')
        begin--;
    while (end < s.n && s.p[end] != '"' && s.p[end] != '\n')
        end++;
    if (begin == 0 || end >= s.n || s.p[begin - 1] != '"' || s.p[end] != '"')
        return false;
    *token = (vd_span){ begin - 1, end - begin + 2 };
    return vd_str_find(vd_token_text(l, *token), '\\') == token->length;
}

vd_span vd_token_document(const vd_lint *l)
{
    return (vd_span){ vd_span_of_document(l).offset, l->doc->nodes[l->extracted->node].length };
}

const vd_statement *vd_token_statement(const vd_lint *l, vd_span span)
{
    for (uint32_t i = 0; i < l->policy->statement_count; i++) {
        const vd_statement *st = &l->policy->statements[i];

        if (span.offset >= st->span.offset && span.offset < st->span.offset + st->span.length)
            return st;
    }
    return NULL;
}

bool vd_token_has_variables(const vd_lint *l)
{
    return vd_str_contains(l->policy->source.text, VD_S("${"));
}
