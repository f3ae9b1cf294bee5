/* SPDX-License-Identifier: Apache-2.0
 *
 * Handing out what a format found: rows, facts, remarks; and the way from a value to the policy in it, through as many
 * layers of text as it is wrapped in.
 */
#include "base/str.h"
#include "base/utf8.h"
#include "extract/formats.h"

#include <stdarg.h>
#include <stdio.h>

enum { MOST_LAYERS = 4, MOST_MEMBERS = 256, MOST_ELEMENTS = 1000, MOST_NAME = 128 };

static const char *const text_unfixable = "the policy is text within a string";
static const char *const percent_unfixable = "the policy is percent-encoded";

/* ------------------------------------------------------------------ looking */

bool vd_extract_is(const vd_doc *doc, uint32_t node, vd_node_kind kind)
{
    return node != VD_NONE && doc->nodes[node].kind == kind;
}

uint32_t vd_extract_at(const vd_doc *doc, uint32_t node, const char *path)
{
    vd_str rest = vd_str_of(path), name;

    while (node != VD_NONE) {
        bool more = vd_str_cut(&rest, '.', &name);

        node = vd_doc_member(doc, node, more ? name : rest);
        if (!more)
            break;
    }
    return node;
}

vd_str vd_extract_string(const vd_doc *doc, uint32_t node)
{
    return vd_extract_is(doc, node, VD_NODE_STRING) ? vd_doc_text(doc, node) : VD_S("");
}

uint32_t vd_extract_nearby(const vd_doc *doc, uint32_t object, vd_str name)
{
    uint32_t seen = 0;

    if (!vd_extract_is(doc, object, VD_NODE_OBJECT))
        return VD_NONE;
    for (uint32_t c = vd_doc_first(doc, object); c != VD_NONE && seen < MOST_MEMBERS; seen++) {
        if (vd_str_eq(vd_doc_text(doc, c), name))
            return c + 1;
        c = vd_doc_next(doc, object, c);
    }
    return VD_NONE;
}

uint32_t vd_extract_nth(const vd_doc *doc, uint32_t array, uint32_t index)
{
    uint32_t c = vd_extract_is(doc, array, VD_NODE_ARRAY) && index < MOST_ELEMENTS ? vd_doc_first(doc, array) : VD_NONE;

    for (; c != VD_NONE && index > 0; index--)
        c = vd_doc_next(doc, array, c);
    return c;
}

vd_str vd_extract_member(const vd_doc *doc, uint32_t node, const char *name)
{
    return vd_extract_string(doc, vd_extract_nearby(doc, node, vd_str_of(name)));
}

/* RFC 6901: "~" and "/" of a name are "~0" and "~1".  A pointer is a label here, and there may be many below one name: a
 * long name is cut. */
bool vd_pointer_member(vd_arena *arena, vd_str *out, vd_str base, vd_str member)
{
    size_t n = base.n;
    char  *p;

    member = vd_str_first(member, MOST_NAME);
    while (member.n == MOST_NAME && vd_utf8_invalid(member) < member.n)
        member = vd_str_first(member, vd_utf8_invalid(member));
    p = vd_arena_alloc(arena, base.n + 1 + 2 * member.n, 1);
    if (!p)
        return false;
    if (base.n)
        memcpy(p, base.p, base.n);
    p[n++] = '/';
    for (size_t i = 0; i < member.n; i++) {
        if (member.p[i] == '~' || member.p[i] == '/') {
            p[n++] = '~';
            p[n++] = member.p[i] == '~' ? '0' : '1';
        } else {
            p[n++] = member.p[i];
        }
    }
    *out = (vd_str){ p, n };
    return true;
}

bool vd_pointer_index(vd_arena *arena, vd_str *out, vd_str base, uint32_t index)
{
    return vd_arena_printf(arena, out, VD_F "/%u", VD_A(base), (unsigned)index);
}

/* ------------------------------------------------------------------ handing out */

static vd_str or_empty(vd_str s)
{
    return s.p ? s : VD_S("");
}

vd_extracted *vd_extract_add(const vd_input *in, const vd_extracted *like)
{
    vd_extraction *x = in->x;
    vd_extracted   e = *like;

    e.container = or_empty(e.container);
    if (in->part.n && !vd_arena_printf(&x->arena, &e.container, VD_F VD_F, VD_A(in->part), VD_A(e.container)))
        return NULL;
    e.type = or_empty(e.type);
    e.label = e.label.n ? e.label : e.container;
    e.name = or_empty(e.name);
    e.pointer = or_empty(e.pointer);
    e.resource_kind = or_empty(e.resource_kind);
    e.when = or_empty(e.when);
    e.policy = x->count;
    return VD_ARENA_PUSH(&x->arena, x->at, x->count, x->cap, e) ? &x->at[x->count - 1] : NULL;
}

bool vd_extract_fact(const vd_input *in, vd_extracted *e, const char *name, vd_str value, vd_pos at)
{
    vd_fact f = { vd_str_of(name), value, at };

    return VD_ARENA_PUSH(&in->x->arena, e->facts, e->fact_count, e->fact_cap, f);
}

static bool words(const vd_input *in, vd_str *out, const char *format, va_list args)
{
    char text[512];

    vsnprintf(text, sizeof text, format, args);
    return vd_arena_dup(&in->x->arena, out, vd_str_of(text));
}

bool vd_extract_remark(const vd_input *in, const char *rule, const vd_doc *doc, uint32_t node, vd_str container,
                       const char *format, ...)
{
    vd_remark r = { .rule = vd_str_of(rule), .container = or_empty(container), .hint = VD_S("") };
    va_list   args;
    bool      ok;

    r.at = vd_source_pos(doc->source, vd_doc_span(doc, node));
    va_start(args, format);
    ok = words(in, &r.text, format, args);
    va_end(args);
    return ok && VD_ARENA_PUSH(&in->x->arena, in->x->remarks, in->x->remark_count, in->x->remark_cap, r);
}

bool vd_extract_attach(const vd_input *in, const vd_doc *doc, uint32_t node, vd_str arn, vd_str container,
                       uint32_t entity)
{
    vd_attached a = { .arn = arn,
                      .container = or_empty(container),
                      .entity = entity,
                      .at = vd_source_pos(doc->source, vd_doc_span(doc, node)) };

    return VD_ARENA_PUSH(&in->x->arena, in->x->attached, in->x->attached_count, in->x->attached_cap, a);
}

bool vd_extract_unresolved(const vd_input *in, const vd_doc *doc, uint32_t node, vd_str container,
                           const char *format, ...)
{
    vd_unresolved u = { .container = or_empty(container) };
    va_list       args;
    bool          ok;

    u.at = vd_source_pos(doc->source, vd_doc_span(doc, node));
    va_start(args, format);
    ok = words(in, &u.reason, format, args);
    va_end(args);
    return ok &&
           VD_ARENA_PUSH(&in->x->arena, in->x->unresolved, in->x->unresolved_count, in->x->unresolved_cap, u);
}

/* ------------------------------------------------------------------ policies */

bool vd_extract_is_policy(const vd_doc *doc, uint32_t node)
{
    return vd_extract_is(doc, node, VD_NODE_OBJECT) && vd_doc_member(doc, node, VD_S("Statement")) != VD_NONE;
}

static bool is_percent(vd_str text)
{
    return vd_str_istarts(text, VD_S("%7b")) || vd_str_istarts(text, VD_S("%22"));
}

bool vd_extract_maybe_policy(const vd_doc *doc, uint32_t node)
{
    vd_str text;

    if (!vd_extract_is(doc, node, VD_NODE_STRING))
        return vd_extract_is_policy(doc, node);
    text = vd_str_trim(vd_doc_text(doc, node));
    return (vd_str_starts(text, VD_S("{")) || vd_str_starts(text, VD_S("\"{")) || is_percent(text)) &&
           vd_str_contains(text, VD_S("Statement"));
}

/* From the string at (doc, node) inwards. */
typedef struct layers {
    const vd_input     *in;
    const vd_extracted *like;
    const vd_doc       *outer; /* of the property, for remarks */
    uint32_t            property;
    vd_source          *source; /* the innermost text */
    uint32_t            strings; /* how many strings of JSON it is wrapped in */
    bool                percent;
} layers;

/* The text is no JSON: the error is a remark where it is.  Only failures that are not about the text go up. */
static vd_code not_json(const layers *l, const vd_error *err)
{
    const vd_input *in = l->in;
    vd_extraction  *x = in->x;

    if (!vd_extract_remark(in, "policy-string-not-json", l->outer, l->property, l->like->container,
                           "the policy text is not JSON: %s", err->text))
        return vd_fail_nomem(in->err);
    if (err->at.line)
        x->remarks[x->remark_count - 1].at = err->at;
    return VD_OK;
}

static vd_code too_deep(const layers *l)
{
    return vd_extract_remark(l->in, "policy-double-encoded", l->outer, l->property, l->like->container,
                             "JSON text inside JSON text; AWS stores a string, not a policy")
               ? VD_OK
               : vd_fail_nomem(l->in->err);
}

/* One layer off.  *doc stays NULL while the text is still wrapped. */
static vd_code peel(layers *l, vd_doc **doc, bool *wrong)
{
    const vd_input *in = l->in;
    vd_arena       *arena = &in->x->arena;
    vd_str          text = vd_str_trim(l->source->text);
    vd_error        err = { .size = sizeof err };
    vd_doc         *d;
    vd_code         code;

    if (is_percent(text)) {
        l->percent = true;
        return vd_extract_percent(&l->source, arena, l->source, in->err);
    }
    d = vd_arena_new(arena, vd_doc);
    if (!d)
        return vd_fail_nomem(in->err);
    code = vd_json_read(d, arena, l->source, &in->engine->limits, in->notes, &(uint32_t){ 0 }, &err);
    if (code == VD_ESYNTAX) {
        *wrong = true;
        return not_json(l, &err);
    }
    if (code != VD_OK) {
        if (in->err)
            *in->err = err;
        return code;
    }
    if (d->nodes[0].kind != VD_NODE_STRING) {
        *doc = d;
        return VD_OK;
    }
    l->strings++;
    return vd_doc_inner(&l->source, arena, d, 0, in->err);
}

/* What stands for a hole elsewhere would be one here, and nothing would be said about it: no policy has such characters. */
static vd_code refuse_private(const vd_input *in, const vd_doc *doc, uint32_t node)
{
    if (doc->source->holes)
        return VD_OK;
    for (uint32_t n = node; n < doc->nodes[node].next; n++)
        if (doc->nodes[n].kind == VD_NODE_STRING && vd_has_hole(vd_doc_text(doc, n)))
            return vd_fail_span(in->err, VD_ESYNTAX, doc->source, vd_doc_span(doc, n),
                                "a policy has no characters of Unicode's private use (U+E000 to U+F8FF)");
    return VD_OK;
}

static vd_code from_string(layers *l, vd_takes takes, vd_extracted **out)
{
    vd_extracted  row = *l->like;
    vd_doc       *doc = NULL;
    bool          wrong = false;

    VD_TRY(vd_doc_inner(&l->source, &l->in->x->arena, l->outer, l->property, l->in->err));
    if (vd_str_trim(l->source->text).n == 0)
        return VD_OK;
    for (uint32_t i = 0; i < MOST_LAYERS && !doc && !wrong; i++)
        VD_TRY(peel(l, &doc, &wrong));
    if (wrong)
        return VD_OK;
    if (!doc || l->strings || takes == VD_TAKES_OBJECT)
        VD_TRY(too_deep(l));
    if (!doc)
        return VD_OK;
    VD_TRY(refuse_private(l->in, doc, 0));
    row.doc = doc;
    row.node = 0;
    row.fixable = false;
    if (!row.unfixable)
        row.unfixable = l->percent ? percent_unfixable : text_unfixable;
    *out = vd_extract_add(l->in, &row);
    return *out ? VD_OK : vd_fail_nomem(l->in->err);
}

vd_code vd_extract_policy(const vd_input *in, const vd_extracted *like, const vd_doc *doc, uint32_t node, vd_takes takes,
                          vd_extracted **out)
{
    vd_extracted row = *like;
    layers       l = { .in = in, .like = like, .outer = doc, .property = node };

    *out = NULL;
    if (node == VD_NONE || doc->nodes[node].kind == VD_NODE_NULL)
        return VD_OK;
    if (doc->nodes[node].kind == VD_NODE_STRING)
        return from_string(&l, takes, out);
    VD_TRY(refuse_private(in, doc, node));
    row.doc = doc;
    row.node = node;
    *out = vd_extract_add(in, &row);
    return *out ? VD_OK : vd_fail_nomem(in->err);
}
