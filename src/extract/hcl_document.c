/* SPDX-License-Identifier: Apache-2.0
 *
 * The blocks of a data "aws_iam_policy_document" as the document that they make: first what stands there, item by item, then
 * nodes with the names of JSON.  What is generated (dynamic blocks, other documents) is told, and not looked into.
 */
#include "base/str.h"
#include "extract/hcl_reader.h"

enum { MOST_ITEMS = 20000, MOST_BLOCKS_DEEP = 16 };

/* ------------------------------------------------------------------ items */

typedef struct item {
    vd_str   name, label; /* of a block its first label */
    bool     block;
    vd_span  whole, value; /* value: of an argument the expression; of a block its braces */
    vd_span  name_at;
    uint32_t next;         /* the first item that is not within this one */
} item;

typedef struct body {
    vd_hcl_reader *r;
    item          *at;
    uint32_t       count, cap;
    uint32_t       open[MOST_BLOCKS_DEEP];
    uint32_t       depth;
} body;

static bool add_item(body *b, item i)
{
    if (b->count == MOST_ITEMS)
        return vd_hcl_refuse(b->r);
    i.next = b->count + 1;
    return VD_ARENA_PUSH(b->r->arena, b->at, b->count, b->cap, i) ? true : vd_hcl_nomem(b->r);
}

static bool begin_block(body *b, item i)
{
    vd_hcl_reader *r = b->r;

    for (; r->t.kind == VD_HCL_STRING || r->t.kind == VD_HCL_WORD; vd_hcl_step(r))
        if (i.label.n == 0)
            i.label = r->t.kind == VD_HCL_STRING && r->t.span.length >= 2 ? (vd_str){ vd_hcl_word(r).p + 1, r->t.span.length - 2 }
                                                                           : vd_hcl_word(r);
    if (r->t.kind != VD_HCL_OPEN || b->depth == MOST_BLOCKS_DEEP)
        return vd_hcl_refuse(r);
    i.block = true;
    i.value.offset = r->t.span.offset;
    b->open[b->depth++] = b->count;
    vd_hcl_step(r);
    return add_item(b, i);
}

static void end_block(body *b)
{
    item    *i = &b->at[b->open[--b->depth]];
    uint32_t end = b->r->t.span.offset + 1;

    i->whole.length = end - i->whole.offset;
    i->value.length = end - i->value.offset;
    i->next = b->count;
    vd_hcl_step(b->r);
}

static bool take_item(body *b)
{
    vd_hcl_reader *r = b->r;
    item           i = { .name = vd_hcl_word(r), .whole = r->t.span, .name_at = r->t.span };
    uint32_t       tokens;

    if (r->t.kind != VD_HCL_WORD)
        return vd_hcl_refuse(r);
    vd_hcl_step(r);
    if (!vd_hcl_is(r, '='))
        return begin_block(b, i);
    vd_hcl_step(r);
    if (r->t.kind == VD_HCL_HEREDOC)
        return vd_hcl_refuse(r);
    i.value = vd_hcl_expression(r, true, &tokens);
    i.whole.length = i.value.offset + i.value.length - i.whole.offset;
    return tokens ? add_item(b, i) : vd_hcl_refuse(r);
}

/* The block whose brace is the current token becomes item 0. */
static bool read_body(body *b)
{
    vd_hcl_reader *r = b->r;

    if (!begin_block(b, (item){ .whole = r->t.span, .name_at = r->t.span }))
        return false;
    while (b->depth) {
        if (r->t.kind == VD_HCL_CLOSE)
            end_block(b);
        else if (!take_item(b))
            return false;
    }
    return true;
}

/* The first item of the block with that name; VD_NONE: there is none. */
static uint32_t find(const body *b, uint32_t block, const char *name)
{
    for (uint32_t i = block + 1; i < b->at[block].next; i = b->at[i].next)
        if (vd_str_eq(b->at[i].name, vd_str_of(name)))
            return i;
    return VD_NONE;
}

/* ------------------------------------------------------------------ nodes */

static bool put_key(body *b, vd_span at, const char *name)
{
    return vd_hcl_add_text(b->r, at, vd_str_of(name));
}

static bool put_value(body *b, uint32_t i)
{
    vd_hcl_go(b->r, b->at[i].value.offset);
    return vd_hcl_take_value(b->r, true);
}

/* What the string of an argument says, as a node; *said: the same. */
static bool put_string(body *b, uint32_t i, vd_str *said)
{
    vd_hcl_reader *r = b->r;
    vd_str         written = vd_str_first(vd_str_from(r->file->text, b->at[i].value.offset), b->at[i].value.length);
    bool           same;

    if (written.n < 2 || written.p[0] != '"' || written.p[written.n - 1] != '"')
        return vd_hcl_refuse(r);
    return vd_hcl_decode(r, said, (vd_str){ written.p + 1, written.n - 2 }, true, &same) && vd_hcl_add_text(r, b->at[i].value, *said);
}

static bool says(const body *b, uint32_t i, const char *text)
{
    return vd_str_eq(vd_str_first(vd_str_from(b->r->file->text, b->at[i].value.offset), b->at[i].value.length), vd_str_of(text));
}

/* ------------------------------------------------------------------ conditions */

static bool is_condition(const body *b, uint32_t i)
{
    return b->at[i].block && vd_str_eq(b->at[i].name, VD_S("condition"));
}

static bool is_generated(const body *b, uint32_t i, const char *name)
{
    return b->at[i].block && vd_str_eq(b->at[i].name, VD_S("dynamic")) && vd_str_eq(b->at[i].label, vd_str_of(name));
}

static bool same_value(const body *b, uint32_t one, uint32_t other, const char *name)
{
    uint32_t x = find(b, one, name), y = find(b, other, name);
    vd_str   text = b->r->file->text;

    return x != VD_NONE && y != VD_NONE &&
           vd_str_eq(vd_str_first(vd_str_from(text, b->at[x].value.offset), b->at[x].value.length),
                     vd_str_first(vd_str_from(text, b->at[y].value.offset), b->at[y].value.length));
}

static bool put_variable(body *b, uint32_t condition)
{
    uint32_t variable = find(b, condition, "variable"), values = find(b, condition, "values");
    vd_str   said;

    if (variable == VD_NONE || values == VD_NONE)
        return vd_hcl_refuse(b->r);
    return put_string(b, variable, &said) && put_value(b, values);
}

/* Blocks of one operator become one member; one key in two of them would become one list, which nobody writes. */
static bool put_operator(body *b, uint32_t statement, uint32_t first)
{
    uint32_t test = find(b, first, "test");
    vd_str   said;

    if (test == VD_NONE)
        return vd_hcl_refuse(b->r);
    for (uint32_t i = statement + 1; i < first; i = b->at[i].next)
        if (is_condition(b, i) && same_value(b, i, first, "test"))
            return true; /* it is there already */
    if (!put_string(b, test, &said) || !vd_hcl_open(b->r, VD_NODE_OBJECT, b->at[first].value))
        return false;
    for (uint32_t i = first; i < b->at[statement].next; i = b->at[i].next) {
        if (!is_condition(b, i) || !same_value(b, i, first, "test"))
            continue;
        for (uint32_t k = first; k < i; k = b->at[k].next)
            if (is_condition(b, k) && same_value(b, k, i, "test") && same_value(b, k, i, "variable"))
                return vd_hcl_refuse(b->r);
        if (!put_variable(b, i))
            return false;
    }
    vd_hcl_close(b->r);
    return true;
}

/* Operator, key and value are one hole. */
static bool put_generated(body *b, uint32_t i)
{
    vd_hcl_reader *r = b->r;
    vd_str         hole;
    bool           ok = vd_hcl_hole(r, &hole, vd_str_first(vd_str_from(r->file->text, b->at[i].whole.offset), b->at[i].whole.length)) &&
              vd_hcl_add_text(r, b->at[i].whole, hole) && vd_hcl_open(r, VD_NODE_OBJECT, b->at[i].whole) &&
              vd_hcl_add_text(r, b->at[i].whole, hole) && vd_hcl_add_text(r, b->at[i].whole, hole);

    if (ok)
        vd_hcl_close(r);
    return ok;
}

static bool put_conditions(body *b, uint32_t statement)
{
    bool begun = false;

    for (uint32_t i = statement + 1; i < b->at[statement].next; i = b->at[i].next) {
        bool generated = is_generated(b, i, "condition");

        if (!generated && !is_condition(b, i))
            continue;
        if (!begun && !(put_key(b, b->at[i].name_at, "Condition") && vd_hcl_open(b->r, VD_NODE_OBJECT, b->at[i].whole)))
            return false;
        begun = true;
        if (!(generated ? put_generated(b, i) : put_operator(b, statement, i)))
            return false;
    }
    if (begun)
        vd_hcl_close(b->r);
    return true;
}

/* ------------------------------------------------------------------ statements */

static const struct {
    const char *argument, *member;
    bool        list;
} arguments[] = {
    { "actions", "Action", true },     { "not_actions", "NotAction", true }, { "resources", "Resource", true },
    { "not_resources", "NotResource", true }, { "sid", "Sid", false },       { "effect", "Effect", false },
};

static bool put_argument(body *b, uint32_t i)
{
    vd_str said = { "", 0 };

    for (size_t k = 0; k < VD_COUNT(arguments); k++) {
        if (!vd_str_eq(b->at[i].name, vd_str_of(arguments[k].argument)))
            continue;
        if (says(b, i, "\"\"") || says(b, i, "[]") || says(b, i, "null"))
            return true; /* as if it were not there */
        if (!put_key(b, b->at[i].name_at, arguments[k].member))
            return false;
        if (arguments[k].list)
            return put_value(b, i);
        if (!put_string(b, i, &said))
            return false;
        return strcmp(arguments[k].argument, "effect") != 0 || vd_str_eq(said, VD_S("Allow")) || vd_str_eq(said, VD_S("Deny"))
                   ? true
                   : vd_hcl_refuse(b->r);
    }
    return vd_hcl_refuse(b->r);
}

/* Blocks that name principals make a policy of a resource or a trust policy: none of ours. */
static bool put_statement(body *b, uint32_t statement)
{
    vd_hcl_reader *r = b->r;
    const item    *s = &b->at[statement];
    vd_span        before = { s->whole.offset, 0 };
    bool           ok = vd_hcl_open(r, VD_NODE_OBJECT, s->whole);

    if (ok && find(b, statement, "effect") == VD_NONE)
        ok = put_key(b, before, "Effect") && vd_hcl_add_text(r, before, VD_S("Allow"));
    for (uint32_t i = statement + 1; ok && i < s->next; i = b->at[i].next)
        if (!b->at[i].block)
            ok = put_argument(b, i);
        else if (!is_condition(b, i) && !is_generated(b, i, "condition"))
            ok = vd_hcl_refuse(r);
    ok = ok && put_conditions(b, statement);
    if (ok)
        vd_hcl_close(r);
    return ok;
}

/* ------------------------------------------------------------------ the document */

static bool is_statement(const body *b, uint32_t i)
{
    return b->at[i].block && vd_str_eq(b->at[i].name, VD_S("statement"));
}

static bool put_statements(body *b)
{
    uint32_t first = find(b, 0, "statement"), last = first;
    vd_span  all = { b->at[0].value.offset, 0 };

    for (uint32_t i = 1; i < b->at[0].next; i = b->at[i].next)
        if (is_statement(b, i))
            last = i;
    if (first != VD_NONE)
        all = (vd_span){ b->at[first].whole.offset, b->at[last].whole.offset + b->at[last].whole.length - b->at[first].whole.offset };
    if (!put_key(b, (vd_span){ all.offset, 0 }, "Statement") || !vd_hcl_open(b->r, VD_NODE_ARRAY, all))
        return false;
    for (uint32_t i = 1; i < b->at[0].next; i = b->at[i].next)
        if (is_statement(b, i) && !put_statement(b, i))
            return false;
    vd_hcl_close(b->r);
    return true;
}

/* Members that stand before the first statement, or behind it. */
static bool put_members(body *b, bool before)
{
    static const struct { const char *argument, *member; } names[] = { { "version", "Version" }, { "policy_id", "Id" } };
    uint32_t first = find(b, 0, "statement");
    vd_str   said;

    for (size_t k = 0; k < VD_COUNT(names); k++) {
        uint32_t i = find(b, 0, names[k].argument);

        if (i != VD_NONE && (first == VD_NONE || i < first) == before &&
            !(put_key(b, b->at[i].name_at, names[k].member) && put_string(b, i, &said)))
            return false;
    }
    return true;
}

static bool has_others(const body *b)
{
    static const char *const names[] = { "source_json", "override_json", "source_policy_documents", "override_policy_documents" };

    for (size_t k = 0; k < VD_COUNT(names); k++)
        if (find(b, 0, names[k]) != VD_NONE)
            return true;
    for (uint32_t i = 1; i < b->at[0].next; i = b->at[i].next)
        if (is_generated(b, i, "statement"))
            return true;
    return false;
}

void vd_hcl_take_document(vd_hcl_reader *r, vd_hcl_value *out)
{
    body    b = { .r = r };
    vd_span brace = { r->t.span.offset, 0 };
    size_t  behind;

    r->ampersand = true;
    if (!read_body(&b))
        return;
    behind = b.at[0].value.offset + b.at[0].value.length;
    out->more = has_others(&b);
    if (!vd_hcl_open(r, VD_NODE_OBJECT, b.at[0].value))
        return;
    if (find(&b, 0, "version") == VD_NONE && !(put_key(&b, brace, "Version") && vd_hcl_add_text(r, brace, VD_S("2012-10-17"))))
        return;
    if (!put_members(&b, true) || !put_statements(&b) || !put_members(&b, false))
        return;
    vd_hcl_close(r);
    vd_hcl_go(r, behind);
}
