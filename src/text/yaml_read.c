/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML, by the events of libfyaml and nothing else of it: no tree of its own, no recursion.  The same nodes as from
 * JSON come out.  What YAML has beyond JSON is refused where it could surprise (merge keys and tags, unless allowed, a second
 * document, a key that is a collection); an alias is a copy of what it stands for, under the limit on nodes.  Plain
 * scalars are numbers when JSON says so, hence 0x10, 1_000, .5 and 012 are strings, and so are yes and no.
 */
#include "base/error.h"
#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/json_lex.h"
#include "text/reader.h"
#include "text/yaml_check.h"
#include "text/yaml_quoted.h"

#include <libfyaml.h>

enum {
    HALF_MEMBER = 0x80, /* flag of an open object: the key is there, its value comes next */
    HAS_MERGE = 0x40,   /* the same: a merge key is among its members */
    MOST_ANCHORS = 1000
};

typedef struct yaml {
    vd_reader         r;
    struct fy_parser *parser;
    struct fy_diag   *diag;
    vd_intern         anchors;
    VD_VEC(uint32_t) anchored; /* node, by id of the anchor */
    uint32_t last_end;         /* of the event before */
    uint32_t documents;
    unsigned allowed; /* VD_YAML_... */
} yaml;

/* The errors are collected instead. */
static void print_nothing(struct fy_diag *diag, void *user, const char *text, size_t n)
{
    VD_UNUSED(diag);
    VD_UNUSED(user);
    VD_UNUSED(text);
    VD_UNUSED(n);
}

static vd_code open_parser(yaml *y)
{
    struct fy_diag_cfg  quiet = { .output_fn = print_nothing, .level = FYET_ERROR, .module_mask = ~0u };
    struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET | FYPCF_JSON_NONE | FYPCF_COLLECT_DIAG };
    vd_str              text = y->r.source->text;

    y->diag = fy_diag_create(&quiet);
    if (!y->diag)
        return vd_fail_nomem(y->r.err);
    fy_diag_set_collect_errors(y->diag, true);
    cfg.diag = y->diag;
    y->parser = fy_parser_create(&cfg);
    if (!y->parser || fy_parser_set_string(y->parser, text.n ? text.p : "", text.n) != 0)
        return vd_fail_nomem(y->r.err);
    return VD_OK;
}

static void done(yaml *y)
{
    const vd_allocator *a = &y->r.arena->alloc;

    if (y->parser)
        fy_parser_destroy(y->parser);
    if (y->diag)
        fy_diag_destroy(y->diag); /* with the errors it holds, which unref would leave */
    vd_intern_done(&y->anchors, a);
    VD_VEC_DONE(a, &y->anchored);
    vd_reader_done(&y->r);
}

/* ---- places ---- */

static uint32_t clipped(const yaml *y, size_t offset)
{
    return offset < y->r.source->text.n ? (uint32_t)offset : (uint32_t)y->r.source->text.n;
}

/* Marks of a token; what has no token (an empty value) stands where the last event ended. */
static vd_span span_of(const yaml *y, struct fy_token *t)
{
    const struct fy_mark *from = t ? fy_token_start_mark(t) : NULL, *to = t ? fy_token_end_mark(t) : NULL;
    uint32_t              a, b;

    if (!from || !to)
        return (vd_span){ y->last_end, 0 };
    a = clipped(y, from->input_pos);
    b = clipped(y, to->input_pos);
    return (vd_span){ a, b > a ? b - a : 0 };
}

static vd_span span_of_event(const yaml *y, struct fy_event *e)
{
    const struct fy_mark *from = fy_event_start_mark(e), *to = fy_event_end_mark(e);
    uint32_t              a, b;

    if (!from || !to)
        return (vd_span){ y->last_end, 0 };
    a = clipped(y, from->input_pos);
    b = clipped(y, to->input_pos);
    return (vd_span){ a, b > a ? b - a : 0 };
}

/* Line and column, both from 1, back to an offset. */
static uint32_t offset_of(const yaml *y, int line, int column)
{
    vd_str text = y->r.source->text;
    size_t at = 0;

    for (; line > 1 && at < text.n; line--)
        at += vd_str_find(vd_str_from(text, at), '\n') + 1;
    for (; column > 1 && at < text.n && text.p[at] != '\n'; column--) {
        uint32_t cp, n = vd_utf8_next(vd_str_from(text, at), &cp);

        at += n ? n : 1;
    }
    return clipped(y, at);
}

static vd_code syntax_error(yaml *y)
{
    void                       *each = NULL;
    const struct fy_diag_error *e = fy_diag_errors_iterate(y->diag, &each);

    if (!e && fy_parser_get_stream_error(y->parser)) /* some have no words, a strange %YAML for one */
        return vd_reader_bad(&y->r, VD_YAML_RULE, (vd_span){ y->last_end, 0 }, "not valid YAML from here on");
    if (!e || !e->msg)
        return vd_fail_nomem(y->r.err);
    return vd_reader_bad(&y->r, VD_YAML_RULE, (vd_span){ offset_of(y, e->line, e->column), 0 }, "not valid YAML: %s",
                         e->msg);
}

/* ---- scalars ---- */

/* What a plain scalar means. */
static vd_node_kind plain_kind(vd_str s)
{
    static const struct {
        vd_str       word;
        vd_node_kind kind;
    } words[] = {
        { VD_L(""), VD_NODE_NULL },       { VD_L("~"), VD_NODE_NULL },      { VD_L("null"), VD_NODE_NULL },
        { VD_L("Null"), VD_NODE_NULL },   { VD_L("NULL"), VD_NODE_NULL },   { VD_L("true"), VD_NODE_TRUE },
        { VD_L("True"), VD_NODE_TRUE },   { VD_L("TRUE"), VD_NODE_TRUE },   { VD_L("false"), VD_NODE_FALSE },
        { VD_L("False"), VD_NODE_FALSE }, { VD_L("FALSE"), VD_NODE_FALSE },
    };
    vd_json_token number;

    for (size_t i = 0; i < VD_COUNT(words); i++)
        if (vd_str_eq(words[i].word, s))
            return words[i].kind;
    if (s.p[0] != '-' && !vd_is_digit(s.p[0]))
        return VD_NODE_STRING;
    number = vd_json_next(s, 0);
    return number.kind == VD_JSON_NUMBER && number.length == s.n ? VD_NODE_NUMBER : VD_NODE_STRING;
}

typedef enum tag { TAG_NONE, TAG_STR, TAG_NULL, TAG_BOOL, TAG_NUMBER, TAG_SEQ, TAG_MAP, TAG_UNKNOWN } tag;

static tag tag_of(struct fy_token *t)
{
    static const struct {
        vd_str name;
        tag    tag;
    } rows[] = {
        { VD_L("!"), TAG_STR },
        { VD_L("tag:yaml.org,2002:str"), TAG_STR },
        { VD_L("tag:yaml.org,2002:null"), TAG_NULL },
        { VD_L("tag:yaml.org,2002:bool"), TAG_BOOL },
        { VD_L("tag:yaml.org,2002:int"), TAG_NUMBER },
        { VD_L("tag:yaml.org,2002:float"), TAG_NUMBER },
        { VD_L("tag:yaml.org,2002:seq"), TAG_SEQ },
        { VD_L("tag:yaml.org,2002:map"), TAG_MAP },
    };
    vd_str name = { 0 };

    if (!t)
        return TAG_NONE;
    name.p = fy_token_get_text(t, &name.n);
    for (size_t i = 0; name.p && i < VD_COUNT(rows); i++)
        if (vd_str_eq(rows[i].name, name))
            return rows[i].tag;
    return TAG_UNKNOWN;
}

/* As the user wrote it. */
static vd_code bad_tag(yaml *y, struct fy_token *t, const char *what)
{
    vd_span at = span_of(y, t);
    vd_str  text = { y->r.source->text.p + at.offset, at.length < 60 ? at.length : 60 };

    return vd_reader_bad(&y->r, VD_YAML_RULE, at, "the tag \"" VD_F "\" %s", VD_A(text), what);
}

/* A tag of one's own, "!Sub", where these are allowed. */
static bool is_own_tag(const yaml *y, struct fy_token *t)
{
    vd_span at = span_of(y, t);
    vd_str  text = vd_str_first(vd_str_from(y->r.source->text, at.offset), at.length);

    if (!(y->allowed & VD_YAML_TAGS) || text.n < 2 || text.p[0] != '!')
        return false;
    for (size_t i = 1; i < text.n; i++)
        if (!vd_is_alpha(text.p[i]) && !vd_is_digit(text.p[i]) && !strchr(":._-", text.p[i]))
            return false;
    return true;
}

static vd_code keep_tag(yaml *y, struct fy_token *t)
{
    return vd_reader_tag(&y->r, y->r.nodes.count, span_of(y, t));
}

static vd_code tagged_kind(yaml *y, struct fy_token *t, vd_node_kind *kind)
{
    tag  wanted = tag_of(t);
    bool fits = true;

    switch (wanted) {
    case TAG_NONE:
        break;
    case TAG_STR:
        *kind = VD_NODE_STRING;
        break;
    case TAG_NULL:
        fits = *kind == VD_NODE_NULL;
        break;
    case TAG_BOOL:
        fits = *kind == VD_NODE_TRUE || *kind == VD_NODE_FALSE;
        break;
    case TAG_NUMBER:
        fits = *kind == VD_NODE_NUMBER;
        break;
    case TAG_UNKNOWN:
        if (!is_own_tag(y, t))
            return bad_tag(y, t, "is not known here");
        *kind = VD_NODE_STRING;
        return keep_tag(y, t);
    default:
        fits = false;
    }
    return fits ? VD_OK : bad_tag(y, t, "does not fit the value behind it");
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

/* The span with its quotes; false: there are none. */
static bool quotes_of(const yaml *y, enum fy_scalar_style style, vd_span *span)
{
    vd_str text = y->r.source->text;

    if ((style != FYSS_SINGLE_QUOTED && style != FYSS_DOUBLE_QUOTED) || span->offset == 0 ||
        span->offset + span->length >= text.n || !is_quote(text.p[span->offset - 1]))
        return false;
    span->offset--;
    span->length += 2;
    return true;
}

static vd_code quoted_value(yaml *y, vd_span span, vd_str *value)
{
    const char *p = y->r.source->text.p + span.offset;
    vd_str      inside = { p + 1, span.length - 2 };
    char       *copy = vd_arena_alloc(y->r.arena, 2 * inside.n, 1);

    if (!copy)
        return vd_fail_nomem(y->r.err);
    *value = (vd_str){ copy, 0 };
    if (!vd_yaml_unquote(copy, &value->n, inside, *p))
        return vd_reader_bad(&y->r, VD_YAML_RULE, span, "not valid YAML: an escape that stands for no character");
    return VD_OK;
}

/* What stands between the quotes is the value. */
static bool is_simple(const yaml *y, vd_span span)
{
    const char *p = y->r.source->text.p + span.offset;

    for (uint32_t i = 1; i + 1 < span.length; i++)
        if (p[i] == '\n' || p[i] == '\r' || (p[i] == '\\' && *p == '"') || (p[i] == '\'' && *p == '\''))
            return false;
    return true;
}

/* U+0085, U+2028 or U+2029 in it? */
static bool has_old_break(vd_str s)
{
    for (size_t i = 0; i + 1 < s.n; i++) {
        const unsigned char *p = (const unsigned char *)s.p + i;

        if ((p[0] == 0xc2 && p[1] == 0x85) ||
            (p[0] == 0xe2 && p[1] == 0x80 && i + 2 < s.n && (p[2] == 0xa8 || p[2] == 0xa9)))
            return true;
    }
    return false;
}

/* YAML 1.1 breaks lines at three more characters, 1.2 does not, and libfyaml then cuts some of them in two. */
static vd_code check_breaks(yaml *y, vd_span span, vd_str value)
{
    vd_str written = { y->r.source->text.p + span.offset, span.length };

    if (!has_old_break(written) && vd_utf8_invalid(value) == value.n)
        return VD_OK;
    return vd_reader_bad(&y->r, VD_YAML_RULE, span,
                         "a line separator (U+0085, U+2028, U+2029) in a text over several lines: write it in quotes");
}

/* Value and flags of a scalar; the span gets its quotes. */
static vd_code value_of(yaml *y, struct fy_token *token, vd_span *span, vd_str *value, uint32_t *flags)
{
    enum fy_scalar_style style = token ? fy_token_scalar_style(token) : FYSS_PLAIN;
    const char          *p;

    if (quotes_of(y, style, span)) {
        p = y->r.source->text.p + span->offset;
        *value = (vd_str){ p + 1, span->length - 2 };
        *flags = is_simple(y, *span) ? 0 : VD_NODE_DECODED;
        return *flags ? quoted_value(y, *span, value) : VD_OK;
    }
    *value = VD_S("");
    if (token)
        value->p = fy_token_get_text(token, &value->n);
    if (!value->p)
        return vd_fail_nomem(y->r.err);
    p = y->r.source->text.p + span->offset;
    *flags = vd_str_eq(*value, (vd_str){ p, span->length }) ? VD_NODE_BARE : VD_NODE_DECODED;
    if (*flags != VD_NODE_DECODED)
        return VD_OK;
    VD_TRY(check_breaks(y, *span, *value));
    return vd_arena_dup(y->r.arena, value, *value) ? VD_OK : vd_fail_nomem(y->r.err);
}

static vd_code add_scalar(yaml *y, struct fy_event *e, bool key)
{
    struct fy_token *token = e->scalar.value;
    bool             plain = !token || fy_token_scalar_style(token) == FYSS_PLAIN;
    vd_span          span = span_of(y, token);
    vd_node_kind     kind;
    vd_str           value;
    uint32_t         flags;

    VD_TRY(value_of(y, token, &span, &value, &flags));
    kind = plain ? plain_kind(value) : VD_NODE_STRING;
    if (key && plain && !e->scalar.tag && vd_str_eq(value, VD_S("<<"))) {
        if (!(y->allowed & VD_YAML_MERGE))
            return vd_reader_bad(&y->r, VD_YAML_RULE, span, "merge keys (<<) are not supported");
        y->r.nodes.at[y->r.open].flags |= HAS_MERGE;
    }
    VD_TRY(tagged_kind(y, e->scalar.tag, &kind));
    if (key)
        kind = VD_NODE_STRING;
    VD_TRY(vd_reader_string_limit(&y->r, span, value.n));
    VD_TRY(vd_reader_add(&y->r, kind, kind == VD_NODE_STRING ? flags & VD_NODE_BARE : 0, span));
    if (flags & VD_NODE_DECODED)
        VD_TRY(vd_reader_decoded(&y->r, value));
    y->last_end = span.offset + span.length;
    return VD_OK;
}

/* ---- anchors and aliases ---- */

static vd_code remember(yaml *y, struct fy_token *anchor, uint32_t node)
{
    const vd_allocator *a = &y->r.arena->alloc;
    vd_str              name = { 0 };
    uint32_t            id;

    if (!anchor)
        return VD_OK;
    name.p = fy_token_get_text(anchor, &name.n);
    if (!name.p)
        return vd_fail_nomem(y->r.err);
    id = vd_intern_find(&y->anchors, name);
    if (id != VD_NONE) { /* the nearest one before an alias counts */
        y->anchored.at[id] = node;
        return VD_OK;
    }
    if (y->anchored.count >= MOST_ANCHORS)
        return vd_fail_span(y->r.err, VD_ELIMIT, y->r.source, span_of(y, anchor),
                            "the text holds more than %d anchors", MOST_ANCHORS);
    if (!vd_arena_dup(y->r.arena, &name, name) || !vd_intern_add(&y->anchors, a, name, &id) ||
        !VD_PUSH(a, &y->anchored, node))
        return vd_fail_nomem(y->r.err);
    return VD_OK;
}

static bool is_open(const yaml *y, uint32_t node)
{
    for (uint32_t i = y->r.open; i != VD_NONE; i = y->r.nodes.at[i].next)
        if (i == node)
            return true;
    return false;
}

static vd_code copy_tags(yaml *y, uint32_t from, uint32_t end, uint32_t to)
{
    uint32_t low = 0, high = y->r.tags.count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (y->r.tags.at[mid].node < from)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < y->r.tags.count && y->r.tags.at[low].node < end; low++) {
        vd_tag t = y->r.tags.at[low];

        VD_TRY(vd_reader_tag(&y->r, t.node + (to - from), (vd_span){ t.offset, t.length }));
    }
    return VD_OK;
}

static vd_code copy_decoded(yaml *y, uint32_t from, uint32_t end, uint32_t to)
{
    uint32_t low = 0, high = y->r.decoded.count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (y->r.decoded.at[mid].node < from)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < y->r.decoded.count && y->r.decoded.at[low].node < end; low++) {
        vd_decoded d = y->r.decoded.at[low];

        d.node += to - from;
        if (!VD_PUSH(&y->r.arena->alloc, &y->r.decoded, d))
            return vd_fail_nomem(y->r.err);
    }
    return VD_OK;
}

/* Appends a copy of the finished node and all below it.  The copies keep their places in the text: that is where
 * they are edited. */
static vd_code copy_node(yaml *y, uint32_t from, vd_span at)
{
    vd_reader *r = &y->r;
    uint32_t   end = r->nodes.at[from].next, to = r->nodes.count, lift = r->depth - r->nodes.at[from].depth;

    if (end - from > r->limits->nodes - r->nodes.count)
        return vd_fail_span(r->err, VD_ELIMIT, r->source, at,
                            "the text holds more than %u values (limit nodes)", r->limits->nodes);
    for (uint32_t i = from; i < end; i++) {
        vd_node n = r->nodes.at[i];

        n.depth = (uint16_t)(n.depth + lift);
        n.next += to - from;
        if (n.kind >= VD_NODE_ARRAY && n.depth >= r->limits->depth)
            return vd_fail_span(r->err, VD_ELIMIT, r->source, at,
                                "nested deeper than %u levels (limit depth)", r->limits->depth);
        if (!VD_PUSH(&r->arena->alloc, &r->nodes, n))
            return vd_fail_nomem(r->err);
    }
    VD_TRY(copy_tags(y, from, end, to));
    return copy_decoded(y, from, end, to);
}

static vd_code add_alias(yaml *y, struct fy_event *e, bool key)
{
    vd_span  at = span_of(y, e->alias.anchor);
    vd_str   name = { 0 };
    vd_node *copy;
    uint32_t id;

    name.p = fy_token_get_text(e->alias.anchor, &name.n);
    if (!name.p)
        return vd_fail_nomem(y->r.err);
    id = vd_intern_find(&y->anchors, name);
    if (id == VD_NONE || y->anchored.at[id] == VD_NONE)
        return vd_reader_bad(&y->r, VD_YAML_RULE, at, "no anchor \"&" VD_F "\" before this alias", VD_A(name));
    if (is_open(y, y->anchored.at[id]))
        return vd_reader_bad(&y->r, VD_YAML_RULE, at, "the alias \"*" VD_F "\" stands within its own value",
                             VD_A(name));
    if (key && y->r.nodes.at[y->anchored.at[id]].kind >= VD_NODE_ARRAY)
        return vd_reader_bad(&y->r, VD_YAML_RULE, at, "a key must be a scalar");
    y->last_end = at.offset + at.length;
    VD_TRY(copy_node(y, y->anchored.at[id], at));
    copy = &y->r.nodes.at[y->r.nodes.count - 1];
    if (key && copy->kind != VD_NODE_STRING) {
        copy->kind = VD_NODE_STRING;
        copy->flags |= VD_NODE_BARE;
    }
    return VD_OK;
}

/* ---- collections ---- */

static vd_code open_collection(yaml *y, struct fy_event *e, vd_node_kind kind, struct fy_token *tagged,
                               bool key)
{
    vd_span at = span_of_event(y, e);
    tag     t = tag_of(tagged);

    if (t == TAG_UNKNOWN && !is_own_tag(y, tagged))
        return bad_tag(y, tagged, "is not known here");
    if (t == TAG_UNKNOWN)
        VD_TRY(keep_tag(y, tagged));
    else if (t != TAG_NONE && t != (kind == VD_NODE_OBJECT ? TAG_MAP : TAG_SEQ))
        return bad_tag(y, tagged, "does not fit the value behind it");
    if (key)
        return vd_reader_bad(&y->r, VD_YAML_RULE, at, "a key must be a scalar");
    return vd_reader_open(&y->r, kind, at);
}

/* The open object gets what its merge keys stand for; anchors within it move along. */
static vd_code merge(yaml *y)
{
    vd_reader *r = &y->r;
    uint32_t   object = r->open, count = r->nodes.count - object - 1;
    uint32_t  *where = vd_alloc(&r->arena->alloc, (count + 1) * sizeof *where);
    vd_code    code = where ? vd_reader_merge(r, object, where) : vd_fail_nomem(r->err);

    for (uint32_t i = 0; code == VD_OK && i < y->anchored.count; i++)
        if (y->anchored.at[i] != VD_NONE && y->anchored.at[i] > object)
            y->anchored.at[i] = where[y->anchored.at[i] - object - 1];
    vd_free(&r->arena->alloc, where, (count + 1) * sizeof *where);
    return code;
}

/* With a bracket it ends there, else with what stands in it. */
static vd_code close_collection(yaml *y, struct fy_event *e)
{
    vd_span  at = span_of_event(y, e);
    vd_node *n = &y->r.nodes.at[y->r.open];

    if (n->flags & HAS_MERGE) {
        n->flags &= (uint8_t)~HAS_MERGE;
        VD_TRY(merge(y));
        n = &y->r.nodes.at[y->r.open];
    }

    if (at.length && at.offset + at.length > y->last_end)
        y->last_end = at.offset + at.length;
    if (y->last_end < n->offset)
        y->last_end = n->offset;
    vd_reader_close(&y->r, y->last_end);
    return VD_OK;
}

/* Keys and values take turns.  True: the next node is a key. */
static bool take_turn(yaml *y)
{
    vd_node *n = y->r.open == VD_NONE ? NULL : &y->r.nodes.at[y->r.open];

    if (!n || n->kind != VD_NODE_OBJECT)
        return false;
    n->flags ^= HALF_MEMBER;
    return n->flags & HALF_MEMBER;
}

/* The event of a mapping may come with the place of its first colon. */
static void begin_at_first(yaml *y, uint32_t parent, uint32_t child)
{
    vd_node *n = &y->r.nodes.at[parent];

    if (child == parent + 1 && child < y->r.nodes.count && y->r.nodes.at[child].offset < n->offset)
        n->offset = y->r.nodes.at[child].offset;
}

static vd_code take_node(yaml *y, struct fy_event *e)
{
    uint32_t parent = y->r.open, node = y->r.nodes.count;
    bool     key = take_turn(y);

    VD_TRY(remember(y, fy_event_get_anchor_token(e), node));
    switch (e->type) {
    case FYET_SCALAR:
        VD_TRY(add_scalar(y, e, key));
        break;
    case FYET_SEQUENCE_START:
        VD_TRY(open_collection(y, e, VD_NODE_ARRAY, e->sequence_start.tag, key));
        break;
    default:
        VD_TRY(open_collection(y, e, VD_NODE_OBJECT, e->mapping_start.tag, key));
        break;
    }
    if (parent != VD_NONE)
        begin_at_first(y, parent, node);
    return VD_OK;
}

static vd_code take(yaml *y, struct fy_event *e)
{
    switch (e->type) {
    case FYET_DOCUMENT_START:
        if (y->documents++)
            return vd_reader_bad(&y->r, VD_YAML_RULE, span_of_event(y, e), "only one YAML document is allowed");
        return VD_OK;
    case FYET_SCALAR:
    case FYET_SEQUENCE_START:
    case FYET_MAPPING_START:
        return take_node(y, e);
    case FYET_ALIAS:
        return add_alias(y, e, take_turn(y));
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        return close_collection(y, e);
    default:
        return VD_OK;
    }
}

static vd_code read_stream(yaml *y)
{
    bool ended = false;

    while (!ended) {
        struct fy_event *e = fy_parser_parse(y->parser);
        vd_code          code;

        if (!e)
            return syntax_error(y);
        ended = e->type == FYET_STREAM_END;
        code = take(y, e);
        fy_parser_event_free(y->parser, e);
        VD_TRY(code);
    }
    if (fy_parser_get_stream_error(y->parser))
        return syntax_error(y);
    if (y->r.nodes.count == 0)
        return vd_reader_bad(&y->r, VD_YAML_RULE, (vd_span){ clipped(y, SIZE_MAX), 0 },
                             "the text holds no YAML document");
    return VD_OK;
}

vd_code vd_yaml_read(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits,
                     vd_diags *diags, uint32_t *duplicates, vd_error *err)
{
    return vd_yaml_read_as(out, arena, source, limits, 0, diags, duplicates, err);
}

vd_code vd_yaml_read_as(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits, unsigned allowed,
                        vd_diags *diags, uint32_t *duplicates, vd_error *err)
{
    yaml    y = { .allowed = allowed };
    vd_code code = vd_reader_init(&y.r, arena, source, limits, diags, err);

    *out = (vd_doc){ .source = source };
    if (duplicates)
        *duplicates = 0;
    if (code == VD_OK)
        code = vd_yaml_check(&y.r);
    if (code == VD_OK)
        code = open_parser(&y);
    if (code == VD_OK)
        code = read_stream(&y);
    if (code == VD_OK)
        code = vd_reader_finish(&y.r, out, duplicates);
    done(&y);
    return code;
}
