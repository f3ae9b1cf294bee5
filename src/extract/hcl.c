/* SPDX-License-Identifier: Apache-2.0
 *
 * A lexer for the outer shape of HCL, and what is looked up in its result.  Strings may hold code, which may hold strings:
 * a small stack of brace depths follows that; a text that nests deeper is read no further.
 */
#include "extract/hcl.h"

#include "base/str.h"
#include "extract/hcl_lex.h"

enum { DEEPEST = 64, MOST_TOKENS = 100000 };

/* ------------------------------------------------------------------ tokens */

static bool is_word(char c)
{
    return vd_is_alpha(c) || vd_is_digit(c) || c == '_' || c == '-';
}

static size_t line_end(vd_str s, size_t at)
{
    return at + vd_str_find(vd_str_from(s, at), '\n');
}

/* Behind the comment at `at`; `at` itself: there is none. */
static size_t skip_comment(vd_str s, size_t at)
{
    vd_str rest = vd_str_from(s, at);

    if (vd_str_starts(rest, VD_S("#")) || vd_str_starts(rest, VD_S("//")))
        return line_end(s, at);
    if (!vd_str_starts(rest, VD_S("/*")))
        return at;
    for (at += 2; at < s.n; at++)
        if (s.p[at] == '*' && at + 1 < s.n && s.p[at + 1] == '/')
            return at + 2;
    return s.n;
}

/* Behind the string that begins with the quote at `at`.  depths: for each interpolation that is open the braces in it; a
 * string within is entered by pushing a mark of its own. */
static size_t skip_string(vd_str s, size_t at)
{
    enum { IN_STRING = -1 };
    int      stack[DEEPEST];
    uint32_t depth = 0;

    stack[depth++] = IN_STRING;
    for (at++; at < s.n && depth; at++) {
        char c = s.p[at], next = at + 1 < s.n ? s.p[at + 1] : 0;
        bool template = (c == '$' || c == '%') && next == '{';

        if (stack[depth - 1] == IN_STRING) {
            if (c == '\\' || ((c == '$' || c == '%') && next == c && at + 2 < s.n && s.p[at + 2] == '{')) {
                at += c == '\\' ? 1 : 2;
            } else if (c == '"') {
                depth--;
            } else if (c == '\n') {
                return at; /* it never ends: the line is all that is lost */
            } else if (template && depth < DEEPEST) {
                stack[depth++] = 0;
                at++;
            }
        } else if (c == '"' && depth < DEEPEST) {
            stack[depth++] = IN_STRING;
        } else if (c == '{') {
            stack[depth - 1]++;
        } else if (c == '}' && stack[depth - 1]-- == 0) {
            depth--;
        }
    }
    return at;
}

/* "<<EOT" or "<<-EOT" up to the line that says EOT.  *body: the lines between; false: it is none. */
static bool take_heredoc(vd_str s, size_t at, vd_span *body, size_t *end)
{
    vd_str word, line;
    size_t from = at + 2;

    if (!vd_str_starts(vd_str_from(s, at), VD_S("<<")))
        return false;
    from += from < s.n && s.p[from] == '-';
    word = vd_str_trim(vd_str_first(vd_str_from(s, from), line_end(s, from) - from));
    if (word.n == 0 || !is_word(word.p[0]))
        return false;
    at = line_end(s, from) + 1;
    *body = (vd_span){ (uint32_t)(at < s.n ? at : s.n), 0 };
    while (at < s.n) {
        line = vd_str_first(vd_str_from(s, at), line_end(s, at) - at);
        if (vd_str_eq(vd_str_trim(line), word))
            break;
        at += line.n + 1;
    }
    body->length = (uint32_t)((at < s.n ? at : s.n) - body->offset);
    *end = at < s.n ? line_end(s, at) : s.n;
    return true;
}

vd_lexeme vd_hcl_next(vd_str s, size_t *at)
{
    vd_lexeme t = { .kind = VD_HCL_END };
    size_t from, end;

    while (*at < s.n && (s.p[*at] == ' ' || s.p[*at] == '\t' || s.p[*at] == '\r' || s.p[*at] == '\n'))
        ++*at;
    from = *at;
    if (from >= s.n)
        return t;
    end = skip_comment(s, from);
    if (end > from) {
        t.kind = VD_HCL_COMMENT;
    } else if (s.p[from] == '"') {
        t.kind = VD_HCL_STRING;
        end = skip_string(s, from);
    } else if (take_heredoc(s, from, &t.span, &end)) {
        *at = end;
        t.kind = VD_HCL_HEREDOC;
        return t;
    } else if (is_word(s.p[from])) {
        t.kind = VD_HCL_WORD;
        for (end = from; end < s.n && is_word(s.p[end]);)
            end++;
    } else {
        t.kind = s.p[from] == '{' ? VD_HCL_OPEN : s.p[from] == '}' ? VD_HCL_CLOSE : VD_HCL_OTHER;
        end = from + 1;
    }
    *at = end;
    t.span = (vd_span){ (uint32_t)from, (uint32_t)(end - from) };
    return t;
}

static vd_str text_of(vd_str s, vd_span span)
{
    return vd_str_first(vd_str_from(s, span.offset), span.length);
}

static vd_str inside_quotes(vd_str s, vd_span span)
{
    vd_str t = text_of(s, span);

    return t.n >= 2 && t.p[t.n - 1] == '"' ? (vd_str){ t.p + 1, t.n - 2 } : VD_S("");
}

/* ------------------------------------------------------------------ blocks */

/* "verdict: ..." of "# verdict: ..."; empty: it does not speak to us. */
static vd_str spoken(vd_str comment)
{
    size_t at = 0;

    while (at < comment.n && (comment.p[at] == '#' || comment.p[at] == '/' || comment.p[at] == '*' ||
                              comment.p[at] == ' ' || comment.p[at] == '\t'))
        at++;
    comment = vd_str_trim(vd_str_from(comment, at));
    if (vd_str_ends(comment, VD_S("*/")))
        comment = vd_str_trim(vd_str_first(comment, comment.n - 2));
    return vd_str_starts(comment, VD_S("verdict:")) ? comment : VD_S("");
}

/* A comment on lines of its own, until what it is about has ended. */
typedef struct pending {
    uint32_t comment, nesting;
    bool     begun;
} pending;

typedef struct reader {
    vd_hcl  *h;
    uint32_t file;
    uint32_t depth;   /* of braces */
    uint32_t nesting; /* of brackets of all kinds */
    uint32_t block;   /* that is open; VD_NONE: none */
    size_t   end;     /* of the last token that is no comment */
    vd_lexeme   last[3]; /* at depth 0 */
    pending *open;    /* the deeper the later */
    uint32_t open_count, open_cap;
} reader;

static bool has_line_break(vd_str text, size_t from, size_t to)
{
    return from < to && memchr(text.p + from, '\n', to - from);
}

/* What began before the token that comes now, and does not go on with it. */
static void end_pending(reader *r, bool closes, bool new_line)
{
    while (r->open_count) {
        pending        *p = &r->open[r->open_count - 1];
        vd_hcl_comment *c = &r->h->comments[p->comment];

        if (r->nesting > p->nesting || (r->nesting == p->nesting && (closes || !new_line || !p->begun)))
            break;
        if (p->begun)
            c->about.length = (uint32_t)(r->end - c->about.offset);
        r->open_count--;
    }
}

static void begin_pending(reader *r)
{
    for (uint32_t i = r->open_count; i > 0 && !r->open[i - 1].begun; i--)
        r->open[i - 1].begun = true;
}

static bool take_comment(reader *r, vd_str text, vd_span span)
{
    vd_hcl_comment c = {
        .file = r->file, .block = r->block, .span = span, .text = spoken(text_of(text, span))
    };
    size_t line = span.offset;

    if (!c.text.n)
        return true;
    while (line > 0 && text.p[line - 1] != '\n')
        line--;
    c.about = (vd_span){ (uint32_t)line, (uint32_t)(span.offset - line) + span.length };
    if (vd_str_trim(vd_str_first(vd_str_from(text, line), span.offset - line)).n == 0) {
        pending p = { .comment = r->h->comment_count, .nesting = r->nesting };

        end_pending(r, false, true);
        if (!VD_ARENA_PUSH(&r->h->arena, r->open, r->open_count, r->open_cap, p))
            return false;
    } else if (r->block != VD_NONE &&
               !has_line_break(text, r->h->blocks[r->block].body.offset, span.offset)) {
        c.about.length = 0; /* until the end of its block is known */
    }
    return VD_ARENA_PUSH(&r->h->arena, r->h->comments, r->h->comment_count, r->h->comment_cap, c);
}

/* Those behind its header are about all of it. */
static void end_block(reader *r, size_t end)
{
    vd_hcl_block *b = &r->h->blocks[r->block];

    b->body.length = (uint32_t)end - b->body.offset;
    for (uint32_t i = r->h->comment_count; i > 0 && r->h->comments[i - 1].block == r->block; i--)
        if (r->h->comments[i - 1].about.length == 0)
            r->h->comments[i - 1].about = (vd_span){ b->header.offset,
                                                     b->body.offset + b->body.length - b->header.offset };
    r->block = VD_NONE;
}

/* resource "type" "name" { */
static bool open_block(reader *r, vd_str text, vd_span brace)
{
    vd_str       word = text_of(text, r->last[0].span);
    bool         data = vd_str_eq(word, VD_S("data"));
    vd_hcl_block b = { .file = r->file, .data = data };

    if (r->last[0].kind != VD_HCL_WORD || r->last[1].kind != VD_HCL_STRING || r->last[2].kind != VD_HCL_STRING ||
        (!data && !vd_str_eq(word, VD_S("resource"))))
        return true;
    b.type = inside_quotes(text, r->last[1].span);
    b.name = inside_quotes(text, r->last[2].span);
    b.header.offset = r->last[0].span.offset;
    b.header.length = r->last[2].span.offset + r->last[2].span.length - b.header.offset;
    b.body = (vd_span){ brace.offset + 1, 0 };
    r->block = r->h->block_count;
    for (uint32_t i = r->open_count; i > 0 && r->open[i - 1].nesting + 1 == r->nesting; i--)
        r->h->comments[r->open[i - 1].comment].block = r->block;
    return VD_ARENA_PUSH(&r->h->arena, r->h->blocks, r->h->block_count, r->h->block_cap, b);
}

/* Brackets, and which comments are about what comes now; at is behind the token. */
static void follow(reader *r, vd_str text, vd_lexeme t, size_t at)
{
    char c = t.kind == VD_HCL_OTHER ? text.p[t.span.offset] : 0;
    bool opens = t.kind == VD_HCL_OPEN || c == '[' || c == '(', closes = t.kind == VD_HCL_CLOSE || c == ']' || c == ')';

    r->nesting -= closes && r->nesting;
    end_pending(r, closes, t.kind != VD_HCL_HEREDOC && has_line_break(text, r->end, t.span.offset));
    begin_pending(r);
    r->nesting += opens;
    r->end = at;
}

static bool read_file(vd_hcl *h, uint32_t file)
{
    vd_str text = h->files[file].text;
    reader r = { .h = h, .file = file, .block = VD_NONE };
    size_t at = 0;

    for (vd_lexeme t = vd_hcl_next(text, &at); t.kind != VD_HCL_END; t = vd_hcl_next(text, &at)) {
        if (t.kind == VD_HCL_COMMENT) {
            if (!take_comment(&r, text, t.span))
                return false;
            continue;
        }
        follow(&r, text, t, at);
        if (t.kind == VD_HCL_OPEN && r.depth++ == 0 && !open_block(&r, text, t.span))
            return false;
        if (t.kind == VD_HCL_CLOSE && r.depth && --r.depth == 0 && r.block != VD_NONE)
            end_block(&r, t.span.offset);
        if (r.depth == 0) {
            r.last[0] = r.last[1];
            r.last[1] = r.last[2];
            r.last[2] = t;
        }
    }
    r.nesting = 0;
    end_pending(&r, false, true);
    return true;
}

vd_code vd_hcl_read(vd_hcl *out, const vd_engine *engine, const vd_source *files, uint32_t count,
                    vd_error *err)
{
    bool ok;

    *out = (vd_hcl){ .arena = vd_arena_on(&engine->alloc, 0), .file_count = count };
    out->files = vd_arena_new_array(&out->arena, vd_source, count ? count : 1);
    ok = out->files != NULL;
    for (uint32_t i = 0; ok && i < count; i++) {
        out->files[i] = files[i];
        ok = vd_source_mark(&out->files[i], &out->arena) && read_file(out, i);
    }
    if (ok)
        return VD_OK;
    vd_hcl_done(out);
    return vd_fail_nomem(err);
}

void vd_hcl_done(vd_hcl *h)
{
    vd_arena_done(&h->arena);
    *h = (vd_hcl){ 0 };
}

/* ------------------------------------------------------------------ looking up */

static vd_str folder_of(vd_str name)
{
    size_t slash = vd_str_rfind(name, '/');

    return slash < name.n ? vd_str_first(name, slash) : VD_S("");
}

/* "module.a[0].module.b." and what is behind; indexes count for nothing here. */
static vd_str skip_modules(vd_str address, vd_str *scope)
{
    vd_str rest = address;

    while (vd_str_starts(rest, VD_S("module."))) {
        bool   quoted = false, inside = false;
        size_t i = strlen("module.");

        for (; i < rest.n; i++) {
            if (rest.p[i] == '"')
                quoted = !quoted;
            else if (!quoted && (rest.p[i] == '[' || rest.p[i] == ']'))
                inside = rest.p[i] == '[';
            else if (!quoted && !inside && rest.p[i] == '.')
                break;
        }
        if (i >= rest.n)
            break;
        rest = vd_str_from(rest, i + 1);
    }
    *scope = vd_str_first(address, address.n - rest.n);
    return rest;
}

/* Equal but for "[...]" in the address. */
static bool same_scope(vd_str address, vd_str plain)
{
    size_t k = 0;
    bool   quoted = false, inside = false;

    for (size_t i = 0; i < address.n; i++) {
        char c = address.p[i];

        if (inside && c == '"')
            quoted = !quoted;
        if (!quoted && c == '[')
            inside = true;
        if (!inside && (k >= plain.n || plain.p[k++] != c))
            return false;
        if (!quoted && c == ']')
            inside = false;
    }
    return k == plain.n;
}

/* The folder of a module; false: it is none of ours (from a registry). */
static bool folder_of_module(const vd_extraction *plan, vd_str scope, vd_str *folder)
{
    *folder = VD_S("");
    if (!scope.n)
        return true;
    for (uint32_t i = 0; i < plan->module_count; i++) {
        if (same_scope(scope, plan->modules[i].address)) {
            *folder = plan->modules[i].folder;
            return true;
        }
    }
    return false;
}

static uint32_t find_block(const vd_hcl *h, const vd_extraction *plan, vd_str address)
{
    vd_str scope, rest = skip_modules(address, &scope), folder, type;
    bool   data = vd_str_starts(rest, VD_S("data."));

    if (!folder_of_module(plan, scope, &folder))
        return VD_NONE;
    rest = vd_str_from(rest, data ? strlen("data.") : 0);
    if (!vd_str_cut(&rest, '.', &type))
        return VD_NONE;
    rest = vd_str_first(rest, vd_str_find(rest, '['));
    for (uint32_t i = 0; i < h->block_count; i++) {
        const vd_hcl_block *b = &h->blocks[i];

        if (b->data == data && vd_str_eq(b->name, rest) && vd_str_eq(b->type, type) &&
            vd_str_eq(folder_of(h->files[b->file].name), folder))
            return i;
    }
    return VD_NONE;
}

/* As written, "$${x}", "&{x}", "\"" say "${x}", "${x}", a quote. */
static bool says(vd_str written, vd_str token)
{
    size_t i = 0, k = 0;

    while (i < written.n && k < token.n) {
        vd_str rest = vd_str_from(written, i);
        char   c = written.p[i];

        if (vd_str_starts(rest, VD_S("$${")) || vd_str_starts(rest, VD_S("%%{")))
            i++;
        else if (vd_str_starts(rest, VD_S("&{")))
            c = '$';
        else if (c == '\\' && i + 1 < written.n)
            c = written.p[++i];
        if (c != token.p[k++])
            return false;
        i++;
    }
    return i == written.n && k == token.n;
}

typedef struct search {
    vd_str   token;
    vd_span  found, within;
    uint32_t count, inside; /* of them within */
} search;

static void match(search *s, vd_str text, vd_span quoted)
{
    if (quoted.length < 2 || !says(inside_quotes(text, quoted), s->token))
        return;
    s->inside += quoted.offset >= s->within.offset && quoted.offset - s->within.offset < s->within.length;
    if (s->count++ == 0)
        s->found = (vd_span){ quoted.offset + 1, quoted.length - 2 };
}

/* JSON in a heredoc: whatever stands between two quotes of it. */
static void search_lines(search *s, vd_str text, vd_span lines)
{
    size_t at = lines.offset, end = lines.offset + lines.length;

    while (at < end) {
        size_t open = at + vd_str_find(vd_str_from(text, at), '"'), close = open + 1;

        while (close < end && text.p[close] != '"')
            close += text.p[close] == '\\' ? 2 : 1;
        if (close >= end)
            return;
        match(s, text, (vd_span){ (uint32_t)open, (uint32_t)(close - open) + 1 });
        at = close + 1;
    }
}

static void search_block(search *s, vd_str text, vd_span body)
{
    vd_str   until = vd_str_first(text, body.offset + body.length);
    size_t   at = body.offset;
    uint32_t seen = 0;

    for (vd_lexeme t = vd_hcl_next(until, &at); t.kind != VD_HCL_END && seen < MOST_TOKENS;
         t = vd_hcl_next(until, &at), seen++) {
        if (t.kind == VD_HCL_STRING)
            match(s, text, t.span);
        else if (t.kind == VD_HCL_HEREDOC)
            search_lines(s, text, t.span);
    }
}

bool vd_hcl_find(const vd_hcl *h, const vd_extraction *plan, vd_str address, vd_str token, vd_hcl_place *out)
{
    uint32_t            block = find_block(h, plan, address);
    const vd_hcl_block *b = block == VD_NONE ? NULL : &h->blocks[block];
    search              s = { .token = token };

    if (!b)
        return false;
    if (token.n)
        search_block(&s, h->files[b->file].text, b->body);
    *out = (vd_hcl_place){ .block = block, .exact = s.count == 1 };
    out->at = vd_source_pos(&h->files[b->file], out->exact ? s.found : b->header);
    return true;
}

bool vd_hcl_says_within(const vd_hcl *h, uint32_t block, vd_str token, vd_span within)
{
    const vd_hcl_block *b = &h->blocks[block];
    search              s = { .token = token, .within = within };

    search_block(&s, h->files[b->file].text, b->body);
    return s.count && s.inside == s.count;
}

bool vd_hcl_find_token(const vd_hcl *h, const vd_extraction *plan, const vd_extracted *e, vd_str token,
                       vd_hcl_place *out)
{
    bool found = false;

    for (uint32_t i = 0; i <= e->fact_count; i++) {
        bool         last = i == e->fact_count;
        vd_hcl_place place;

        if (!last && !vd_str_eq(e->facts[i].name, VD_S("document")))
            continue;
        if (!vd_hcl_find(h, plan, last ? e->container : e->facts[i].value, token, &place))
            continue;
        if (!found || place.exact)
            *out = place;
        found = true;
        if (place.exact)
            break;
    }
    return found;
}
