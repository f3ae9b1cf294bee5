/* SPDX-License-Identifier: Apache-2.0
 *
 * The document's JSON is written anew with texts for holes, as a source below the one with holes: a piece for each stretch
 * between two of them, and one for each of them.
 */
#include "extract/fill.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

typedef struct filling {
    vd_arena     *arena;
    vd_buf        text;
    vd_piece     *pieces;
    uint32_t      count, cap;
    vd_str       *texts; /* by hole */
    bool         *who;   /* by hole: it stands for a principal, and could be any account */
    const vd_holes *holes;
} filling;

/* What makes sense in JSON without escapes and in an ARN: letters, digits, '-'. */
static bool plain_name(vd_arena *arena, vd_str *out, vd_str name)
{
    char *p = vd_arena_alloc(arena, name.n + 2, 1);
    size_t n = 0;

    if (!p)
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (vd_is_alpha(name.p[i]) || vd_is_digit(name.p[i]))
            p[n++] = vd_lower(name.p[i]);
        else if (n && p[n - 1] != '-')
            p[n++] = '-';
    if (n == 0)
        p[n++] = 'x';
    *out = (vd_str){ p, n };
    return true;
}

/* Twelve digits that no two names share by chance. */
static bool account_of(vd_arena *arena, vd_str *out, vd_str name)
{
    if (vd_str_eq(name, VD_S("AWS::AccountId")))
        return vd_arena_dup(arena, out, VD_S("000000000000"));
    return vd_arena_printf(arena, out, "%012llu", (unsigned long long)(vd_hash(1, name) % 999999999998ull + 1));
}

/* "arn:*:s3:::*": each field that is a star gets what such fields hold. */
static bool arn_of(vd_arena *arena, vd_str *out, const vd_hole *h)
{
    static const char *const otherwise[] = { "arn", "aws", "unknown", "", "000000000000" };
    vd_buf                   b = vd_buf_on(vd_allocator_default(), 4096);
    vd_str                   rest = h->pattern, field, name;
    size_t                   i = 0;
    bool                     ok = plain_name(arena, &name, h->name);

    for (; ok && i < VD_COUNT(otherwise) && vd_str_cut(&rest, ':', &field); i++) {
        vd_buf_add(&b, vd_str_eq(field, VD_S("*")) ? vd_str_of(otherwise[i]) : field);
        vd_buf_byte(&b, ':');
    }
    for (; ok && i < VD_COUNT(otherwise); i++) /* there was no pattern */
        vd_buf_printf(&b, "%s:", otherwise[i]);
    for (size_t k = 0; ok && k < rest.n; k++)
        if (rest.p[k] == '*')
            vd_buf_add(&b, name);
        else
            vd_buf_byte(&b, rest.p[k]);
    if (ok && rest.n == 0)
        vd_buf_add(&b, name);
    ok = ok && !b.failed && vd_arena_dup(arena, out, vd_buf_str(&b));
    vd_buf_done(&b);
    return ok;
}

static bool text_of(vd_arena *arena, vd_str *out, const vd_hole *h)
{
    switch (h->kind) {
    case VD_HOLE_ACCOUNT:
        return account_of(arena, out, h->name);
    case VD_HOLE_REGION:
        *out = VD_S("us-east-1");
        return true;
    case VD_HOLE_PARTITION:
        *out = VD_S("aws");
        return true;
    case VD_HOLE_ARN:
        return arn_of(arena, out, h);
    case VD_HOLE_NUMBER:
        *out = VD_S("1");
        return true;
    default:
        return plain_name(arena, out, h->name);
    }
}

/* A default is taken when it can stand in JSON as it is. */
static bool has_default(const vd_hole *h)
{
    if (h->value.n == 0 || h->kind == VD_HOLE_SECRET)
        return false;
    for (size_t i = 0; i < h->value.n; i++)
        if ((unsigned char)h->value.p[i] < 0x20 || h->value.p[i] == '"' || h->value.p[i] == '\\')
            return false;
    return !vd_has_hole(h->value);
}

/* ------------------------------------------------------------------ principals */

/* The first of a value or of its elements, and the next. */
static uint32_t first_of(const vd_doc *d, uint32_t node)
{
    return node != VD_NONE && d->nodes[node].kind == VD_NODE_ARRAY ? vd_doc_first(d, node) : node;
}

static uint32_t next_of(const vd_doc *d, uint32_t node, uint32_t at)
{
    return d->nodes[node].kind == VD_NODE_ARRAY ? vd_doc_next(d, node, at) : VD_NONE;
}

/* Nobody can be called by a name: a hole alone in such a place is some account, of which nothing is known. */
static void mark_accounts(filling *f, const vd_doc *d, uint32_t list)
{
    for (uint32_t i = first_of(d, list); i != VD_NONE; i = next_of(d, list, i)) {
        uint32_t index;
        vd_str   text = d->nodes[i].kind == VD_NODE_STRING ? vd_doc_text(d, i) : VD_S("");

        if (text.n == VD_HOLE_BYTES && vd_hole_find(text, 0, &index) == 0 && index < f->holes->count)
            f->who[index] = f->holes->at[index].kind == VD_HOLE_ANY || f->holes->at[index].kind == VD_HOLE_NAME ||
                            f->holes->at[index].kind == VD_HOLE_LIST;
    }
}

static void mark_principals(filling *f, const vd_doc *d, uint32_t policy)
{
    static const vd_str names[] = { VD_L("Principal"), VD_L("NotPrincipal") };
    uint32_t            list = d->nodes[policy].kind == VD_NODE_OBJECT ? vd_doc_member(d, policy, VD_S("Statement")) : VD_NONE;

    for (uint32_t i = first_of(d, list); i != VD_NONE; i = next_of(d, list, i))
        for (size_t k = 0; d->nodes[i].kind == VD_NODE_OBJECT && k < VD_COUNT(names); k++) {
            uint32_t who = vd_doc_member(d, i, names[k]);

            if (who != VD_NONE && d->nodes[who].kind == VD_NODE_OBJECT)
                who = vd_doc_member(d, who, VD_S("AWS"));
            mark_accounts(f, d, who);
        }
}

/* ------------------------------------------------------------------ texts */

static vd_code choose(filling *f, uint32_t index, vd_fill_told *told, void *user, vd_error *err)
{
    const vd_hole *h = &f->holes->at[index];

    if (f->texts[index].p)
        return VD_OK;
    if (has_default(h)) {
        f->texts[index] = h->value;
        return VD_OK;
    }
    if (f->who[index] ? !account_of(f->arena, &f->texts[index], h->name) : !text_of(f->arena, &f->texts[index], h))
        return vd_fail_nomem(err);
    return told ? told(user, h, f->texts[index]) : VD_OK;
}

static bool add_piece(filling *f, vd_str text, uint32_t outer, uint32_t outer_length)
{
    vd_piece p = { (uint32_t)f->text.n, (uint32_t)text.n, outer, outer_length };

    vd_buf_add(&f->text, text);
    return !f->text.failed &&
           (p.length == 0 || VD_ARENA_PUSH(f->arena, f->pieces, f->count, f->cap, p));
}

static vd_code write_filled(filling *f, vd_str s, vd_fill_told *told, void *user, vd_error *err)
{
    uint32_t index;
    size_t   at = 0;

    while (at < s.n) {
        size_t next = vd_hole_find(s, at, &index);

        if (!add_piece(f, (vd_str){ s.p + at, next - at }, (uint32_t)at, (uint32_t)(next - at)))
            return vd_fail_nomem(err);
        if (next == s.n)
            break;
        if (index >= f->holes->count)
            return vd_fail(err, VD_EINTERNAL, "a hole that nobody knows");
        VD_TRY(choose(f, index, told, user, err));
        if (!add_piece(f, f->texts[index], (uint32_t)next, VD_HOLE_BYTES))
            return vd_fail_nomem(err);
        at = next + VD_HOLE_BYTES;
    }
    return VD_OK;
}

static vd_code read_filled(const vd_doc **out, filling *f, const vd_source *outer, const vd_limits *limits, vd_error *err)
{
    vd_source *s = vd_arena_new(f->arena, vd_source);
    vd_doc    *doc = vd_arena_new(f->arena, vd_doc);

    if (!s || !doc || !vd_arena_dup(f->arena, &s->text, vd_buf_str(&f->text)))
        return vd_fail_nomem(err);
    s->name = outer->name;
    s->outer = outer;
    s->pieces = f->pieces;
    s->piece_count = f->count;
    VD_TRY(vd_json_read(doc, f->arena, s, limits, NULL, NULL, err));
    *out = doc;
    return VD_OK;
}

vd_code vd_extract_fill(const vd_doc **out, vd_arena *arena, const vd_extracted *e, const vd_limits *limits,
                        vd_fill_told *told, void *user, vd_error *err)
{
    const vd_source *s = e->doc->source;
    filling          f = { .arena = arena, .holes = s->holes };
    uint32_t         index;
    vd_code          code;

    *out = e->doc;
    if (!s->holes || s->holes->count == 0 || vd_hole_find(s->text, 0, &index) == s->text.n)
        return VD_OK;
    f.texts = vd_arena_new_array(arena, vd_str, s->holes->count);
    f.who = vd_arena_new_array(arena, bool, s->holes->count);
    if (!f.texts || !f.who)
        return vd_fail_nomem(err);
    mark_principals(&f, e->doc, e->node);
    f.text = vd_buf_on(vd_allocator_default(), limits->document_bytes);
    code = write_filled(&f, s->text, told, user, err);
    if (code == VD_OK)
        code = read_filled(out, &f, s, limits, err);
    vd_buf_done(&f.text);
    if (code == VD_OK && (*out)->count != e->doc->count)
        return vd_fail(err, VD_EINTERNAL, "a filled document has another shape");
    return code;
}
