/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON: our reader against jansson, byte for byte.  Both take a text or both refuse it, and then they mean the same.
 * Known differences: depth (ours is a limit, jansson's is 2048), numbers that no double or 64-bit integer holds
 * (jansson refuses them), equal keys (we tell them, jansson refuses them when asked), U+0000 (jansson takes it when
 * asked, but never in a key), and a NUL byte behind a value.  The tree is walked along: spans lie within each other
 * and in order.
 */
#include "fuzz.h"

#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/doc.h"

#include <jansson.h>

static void check_spans(const vd_doc *d)
{
    for (uint32_t i = 0; i < d->count; i++) {
        const vd_node *n = &d->nodes[i];
        vd_str         text = vd_doc_text(d, i);

        fuzz_check(n->offset + n->length <= d->source->text.n, "node %u ends behind the text", i);
        fuzz_check(n->next > i && n->next <= d->count, "node %u is followed by %u", i, n->next);
        fuzz_check(i + 1 == d->count || d->nodes[i + 1].offset > n->offset, "node %u is out of order", i);
        fuzz_check(vd_utf8_invalid(text) == text.n, "node %u is not UTF-8", i);
        if (i + 1 < n->next)
            fuzz_check(d->nodes[i + 1].depth == n->depth + 1, "child of node %u has depth %u", i,
                       d->nodes[i + 1].depth);
        if (n->next < d->count && n->next > i + 1)
            fuzz_check(d->nodes[n->next].offset >= n->offset + n->length, "node %u overlaps what follows", i);
    }
}

/* Same value?  Depth is bounded by the limit, so recursion is fine here. */
static bool same(const vd_doc *d, uint32_t node, const json_t *v)
{
    vd_str   text = vd_doc_text(d, node);
    uint32_t c;
    size_t   i = 0;

    switch (d->nodes[node].kind) {
    case VD_NODE_NULL:
        return json_is_null(v);
    case VD_NODE_FALSE:
        return json_is_false(v);
    case VD_NODE_TRUE:
        return json_is_true(v);
    case VD_NODE_NUMBER: {
        char copy[400];

        if (text.n >= sizeof copy)
            return json_is_number(v);
        memcpy(copy, text.p, text.n);
        copy[text.n] = 0;
        return json_is_integer(v) ? json_integer_value(v) == strtoll(copy, NULL, 10)
                                  : json_is_real(v) && json_real_value(v) == strtod(copy, NULL);
    }
    case VD_NODE_STRING:
        return json_is_string(v) && vd_str_eq(text, (vd_str){ json_string_value(v), json_string_length(v) });
    case VD_NODE_ARRAY:
        if (!json_is_array(v) || json_array_size(v) != vd_doc_length(d, node))
            return false;
        for (c = vd_doc_first(d, node); c != VD_NONE; c = vd_doc_next(d, node, c))
            if (!same(d, c, json_array_get(v, i++)))
                return false;
        return true;
    default:
        if (!json_is_object(v) || json_object_size(v) != vd_doc_length(d, node))
            return false;
        for (c = vd_doc_first(d, node); c != VD_NONE; c = vd_doc_next(d, node, c)) {
            vd_str key = vd_doc_text(d, c);

            if (!same(d, c + 1, json_object_getn(v, key.p, key.n)))
                return false;
        }
        return true;
    }
}

/* What only jansson refuses, and what it says then. */
static bool only_jansson(const json_error_t *e)
{
    return json_error_code(e) == json_error_numeric_overflow ||
           json_error_code(e) == json_error_null_byte_in_key;
}

/* jansson 2.14 takes a NUL byte between tokens for the end of the text. */
static bool stopped_at_nul(const vd_error *err, vd_str text)
{
    return err->code == VD_ESYNTAX && err->at.offset < text.n && text.p[err->at.offset] == 0;
}

static void compare(const vd_doc *d, vd_code code, uint32_t duplicates, const vd_error *err, vd_str text)
{
    json_error_t e = { 0 };
    json_t *v = json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &e);

    if (v && code != VD_ELIMIT && !stopped_at_nul(err, text)) {
        fuzz_check(code == VD_OK && duplicates == 0, "we refuse what jansson takes: %s", err->text);
        fuzz_check(same(d, 0, v), "another value than jansson's");
    }
    if (!v && code == VD_OK && duplicates == 0)
        fuzz_check(only_jansson(&e), "we take what jansson refuses: %s", e.text);
    json_decref(v);
}

/* The text with all deviations made right; NULL: one of them cannot be. */
static char *corrected(vd_str text, const vd_deviations *d, size_t *length)
{
    char  *out = malloc(text.n * 7 + 1);
    size_t n = 0;

    fuzz_check(out, "no memory");
    for (size_t i = 0; i < text.n;) {
        const vd_deviation *here = NULL;

        for (uint32_t k = 0; k < d->count && !here; k++)
            if (d->at[k].span.offset == i)
                here = &d->at[k];
        if (!here) {
            out[n++] = text.p[i++];
            continue;
        }
        if (!here->fixable) {
            free(out);
            return NULL;
        }
        if (here->text.n)
            memcpy(out + n, here->text.p, here->text.n);
        n += here->text.n;
        i += here->span.length;
    }
    *length = n;
    return out;
}

/* What is let pass is JSON once it is made right, and means the same. */
static void check_lenient(const vd_source *source, const vd_limits *limits, vd_code strict)
{
    vd_arena      arena = vd_arena_on(vd_allocator_default(), 0);
    vd_deviations d;
    vd_doc        doc, right;
    vd_error      err = { 0 };
    vd_code       code = vd_json_read_leniently(&doc, &arena, source, limits, &d, NULL, NULL, &err);
    vd_source     text = *source;
    char         *copy;

    fuzz_check(strict != VD_OK || (code == VD_OK && d.count == 0), "JSON is no longer JSON: %s", err.text);
    fuzz_check(code == VD_OK || (err.text[0] && err.at.offset <= source->text.n), "an error without text or place");
    copy = code == VD_OK && d.count < 50 ? corrected(source->text, &d, &text.text.n) : NULL;
    if (copy) {
        text.text.p = copy;
        fuzz_check(vd_json_read(&right, &arena, &text, limits, NULL, NULL, &err) == VD_OK, "made right: %s", err.text);
        fuzz_check(right.count == doc.count, "%u values, then %u", doc.count, right.count);
        for (uint32_t i = 0; i < doc.count; i++)
            fuzz_check(doc.nodes[i].kind == right.nodes[i].kind &&
                           (doc.nodes[i].kind >= VD_NODE_ARRAY || vd_str_eq(vd_doc_text(&doc, i), vd_doc_text(&right, i))),
                       "value %u differs", i);
    }
    free(copy);
    vd_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_arena  arena = vd_arena_on(vd_allocator_default(), 0);
    vd_source source = { .name = VD_S("fuzz.json"), .text = { (const char *)data, size } };
    vd_limits limits;
    vd_doc    doc;
    vd_error  err = { 0 };
    uint32_t  duplicates;
    vd_code   code;

    vd_limits_fill(&limits, NULL);
    code = vd_json_read(&doc, &arena, &source, &limits, NULL, &duplicates, &err);
    fuzz_check(code == VD_OK || code == VD_ESYNTAX || code == VD_ELIMIT, "code %d", code);
    if (code == VD_OK)
        check_spans(&doc);
    else
        fuzz_check(err.code == code && err.text[0] && err.at.line && err.at.column && err.at.offset <= size,
                   "an error without text or place");
    compare(&doc, code, duplicates, &err, source.text);
    check_lenient(&source, &limits, code);
    vd_arena_done(&arena);
    return 0;
}
