/* SPDX-License-Identifier: Apache-2.0
 *
 * schema-check [--lines] SCHEMA FILE: holds a JSON document, or each line of a file, against a schema of docs/schema.
 * It knows what those schemas use and no more; a word that it does not know is a failure, so that a schema cannot
 * say something nobody looks at.  Our own output only: it may recurse.
 */
#include "base/file.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/doc.h"

#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_FILES = 8, MOST_PATH = 512, MOST_PATTERNS = 64 };

typedef struct loaded {
    vd_str    name;
    vd_source source;
    vd_doc    doc;
} loaded;

typedef struct check {
    const char *folder;
    loaded      files[MOST_FILES];
    size_t      count;
    struct {
        const char *text;
        regex_t     compiled;
    } patterns[MOST_PATTERNS];
    size_t      pattern_count;
    vd_arena    arena;
    char        path[MOST_PATH]; /* where in the document we are, for the complaint */
    char        why[1024];
    size_t      depth; /* bytes of the path of why: of several complaints the deepest one helps */
} check;

static _Noreturn void die(const char *what, vd_str name)
{
    fprintf(stderr, "schema-check: %s " VD_F "\n", what, VD_A(name));
    exit(2);
}

static void read_doc(check *c, loaded *l, vd_str name, vd_str text)
{
    vd_limits  limits;
    vd_error   err = { .size = sizeof err };
    vd_engine *engine;

    if (vd_engine_new(&engine, NULL, &err) != VD_OK)
        die("no engine", name);
    vd_engine_limits(engine, &limits);
    vd_engine_release(engine);
    l->name = name;
    l->source = (vd_source){ .name = name, .text = text };
    if (vd_json_read(&l->doc, &c->arena, &l->source, &limits, NULL, NULL, &err) != VD_OK) {
        fprintf(stderr, "%.*s:%" PRIu32 ":%" PRIu32 ": %s\n", VD_A(name), err.at.line, err.at.column, err.text);
        exit(1);
    }
}

static const loaded *load(check *c, vd_str name)
{
    char     path[MOST_PATH];
    vd_error err = { .size = sizeof err };
    vd_str   text, kept = { 0 }, kept_name = { 0 };

    for (size_t i = 0; i < c->count; i++)
        if (vd_str_eq(c->files[i].name, name))
            return &c->files[i];
    if (c->count == MOST_FILES)
        die("too many schemas with", name);
    snprintf(path, sizeof path, "%s/" VD_F, c->folder, VD_A(name));
    if (vd_file_read(&text, vd_allocator_default(), path, 1 << 20, &err) != VD_OK)
        die(err.text, vd_str_of(path));
    if (!vd_arena_dup(&c->arena, &kept, text) || !vd_arena_dup(&c->arena, &kept_name, name))
        die("out of memory", name);
    vd_file_free(vd_allocator_default(), text);
    read_doc(c, &c->files[c->count], kept_name, kept);
    return &c->files[c->count++];
}

static bool no(check *c, const char *what, vd_str word)
{
    snprintf(c->why, sizeof c->why, "%s: %s " VD_F, c->path, what, VD_A(word));
    c->depth = strlen(c->path);
    return false;
}

static bool same_value(const vd_doc *a, uint32_t x, const vd_doc *b, uint32_t y)
{
    return a->nodes[x].kind == b->nodes[y].kind && vd_str_eq(vd_doc_text(a, x), vd_doc_text(b, y));
}

static bool has_type(const vd_doc *d, uint32_t node, vd_str type)
{
    vd_str text = vd_doc_text(d, node);
    bool   fraction = vd_str_find(text, '.') < text.n || vd_str_find(text, 'e') < text.n;

    switch (d->nodes[node].kind) {
    case VD_NODE_NULL:
        return vd_str_eq(type, VD_S("null"));
    case VD_NODE_FALSE:
    case VD_NODE_TRUE:
        return vd_str_eq(type, VD_S("boolean"));
    case VD_NODE_NUMBER:
        return vd_str_eq(type, VD_S("number")) || (!fraction && vd_str_eq(type, VD_S("integer")));
    case VD_NODE_STRING:
        return vd_str_eq(type, VD_S("string"));
    case VD_NODE_ARRAY:
        return vd_str_eq(type, VD_S("array"));
    default:
        return vd_str_eq(type, VD_S("object"));
    }
}

static bool matches(check *c, const loaded *s, uint32_t schema, const vd_doc *d, uint32_t node);

/* "file.json#/$defs/name", "#/$defs/name" */
static bool follow(check *c, const loaded *s, vd_str ref, const vd_doc *d, uint32_t node)
{
    vd_str   file;
    uint32_t at = 0;

    if (!vd_str_cut(&ref, '#', &file))
        die("cannot follow", ref);
    if (file.n)
        s = load(c, file);
    while (ref.n) {
        vd_str part;

        ref = vd_str_from(ref, 1);
        if (!vd_str_cut(&ref, '/', &part)) {
            part = ref;
            ref.n = 0;
        } else {
            ref = (vd_str){ ref.p - 1, ref.n + 1 };
        }
        at = vd_doc_member(&s->doc, at, part);
        if (at == VD_NONE)
            die("no definition", part);
    }
    return matches(c, s, at, d, node);
}

static bool in_list(const vd_doc *s, uint32_t list, const vd_doc *d, uint32_t node)
{
    for (uint32_t i = vd_doc_first(s, list); i != VD_NONE; i = vd_doc_next(s, list, i))
        if (same_value(s, i, d, node))
            return true;
    return false;
}

static bool check_type(check *c, const vd_doc *s, uint32_t type, const vd_doc *d, uint32_t node)
{
    if (s->nodes[type].kind == VD_NODE_STRING && has_type(d, node, vd_doc_text(s, type)))
        return true;
    if (s->nodes[type].kind == VD_NODE_ARRAY)
        for (uint32_t i = vd_doc_first(s, type); i != VD_NONE; i = vd_doc_next(s, type, i))
            if (has_type(d, node, vd_doc_text(s, i)))
                return true;
    return no(c, "has another type:", vd_str_of(vd_doc_kind_name(d, node)));
}

static bool one_of(check *c, const loaded *s, uint32_t list, const vd_doc *d, uint32_t node)
{
    size_t fit = 0, depth = 0;
    char   why[sizeof c->why] = "";

    for (uint32_t i = vd_doc_first(&s->doc, list); i != VD_NONE; i = vd_doc_next(&s->doc, list, i)) {
        if (matches(c, s, i, d, node))
            fit++;
        else if (!*why || c->depth > depth) {
            memcpy(why, c->why, sizeof why);
            depth = c->depth;
        }
    }
    if (fit == 1)
        return true;
    if (fit == 0 && *why) {
        memcpy(c->why, why, sizeof why);
        c->depth = depth;
    } else
        no(c, "fits several of oneOf", (vd_str){ "", 0 });
    return false;
}

static bool check_members(check *c, const loaded *s, uint32_t schema, const vd_doc *d, uint32_t node)
{
    uint32_t known = vd_doc_member(&s->doc, schema, VD_S("properties"));
    uint32_t other = vd_doc_member(&s->doc, schema, VD_S("additionalProperties"));
    size_t   length = strlen(c->path);

    for (uint32_t key = vd_doc_first(d, node); key != VD_NONE; key = vd_doc_next(d, node, key)) {
        uint32_t member = known == VD_NONE ? VD_NONE : vd_doc_member(&s->doc, known, vd_doc_text(d, key));

        if (member == VD_NONE && other != VD_NONE && s->doc.nodes[other].kind == VD_NODE_FALSE)
            return no(c, "has an unknown member", vd_doc_text(d, key));
        if (member == VD_NONE && other != VD_NONE && s->doc.nodes[other].kind == VD_NODE_OBJECT)
            member = other;
        if (member == VD_NONE)
            continue;
        snprintf(c->path + length, sizeof c->path - length, "/" VD_F, VD_A(vd_doc_text(d, key)));
        if (!matches(c, s, member, d, key + 1))
            return false;
        c->path[length] = 0;
    }
    return true;
}

static bool check_items(check *c, const loaded *s, uint32_t items, const vd_doc *d, uint32_t node)
{
    size_t   length = strlen(c->path);
    unsigned index = 0;

    for (uint32_t i = vd_doc_first(d, node); i != VD_NONE; i = vd_doc_next(d, node, i)) {
        snprintf(c->path + length, sizeof c->path - length, "/%u", index++);
        if (!matches(c, s, items, d, i))
            return false;
        c->path[length] = 0;
    }
    return true;
}

static bool contains(check *c, const loaded *s, uint32_t item, const vd_doc *d, uint32_t node)
{
    for (uint32_t i = vd_doc_first(d, node); i != VD_NONE; i = vd_doc_next(d, node, i))
        if (matches(c, s, item, d, i))
            return true;
    return false;
}

/* Compiled once for each place in a schema. */
static const regex_t *compiled(check *c, vd_str pattern)
{
    char   expression[256];
    size_t i = 0;

    while (i < c->pattern_count && c->patterns[i].text != pattern.p)
        i++;
    if (i < c->pattern_count)
        return &c->patterns[i].compiled;
    if (i == MOST_PATTERNS || pattern.n >= sizeof expression)
        die("too many or too long patterns with", pattern);
    snprintf(expression, sizeof expression, VD_F, VD_A(pattern));
    if (regcomp(&c->patterns[i].compiled, expression, REG_EXTENDED | REG_NOSUB) != 0)
        die("no pattern", pattern);
    c->patterns[i].text = pattern.p;
    c->pattern_count++;
    return &c->patterns[i].compiled;
}

/* An extended regular expression, which is what the patterns of our schemas keep to. */
static bool fits_pattern(check *c, vd_str pattern, vd_str text)
{
    char subject[4096];

    if (text.n >= sizeof subject)
        die("too long for a pattern", pattern);
    snprintf(subject, sizeof subject, VD_F, VD_A(text));
    return regexec(compiled(c, pattern), subject, 0, NULL, 0) == 0;
}

static double number_of(vd_str text)
{
    char copy[64];

    snprintf(copy, sizeof copy, VD_F, VD_A(text));
    return strtod(copy, NULL);
}

/* What a bound counts, and of which kinds of values. */
static const struct bound {
    const char *word;
    uint8_t     kind;
    bool        least;
} bounds[] = {
    { "minimum", VD_NODE_NUMBER, true },      { "maximum", VD_NODE_NUMBER, false },
    { "minLength", VD_NODE_STRING, true },    { "maxLength", VD_NODE_STRING, false },
    { "minItems", VD_NODE_ARRAY, true },      { "maxItems", VD_NODE_ARRAY, false },
    { "minProperties", VD_NODE_OBJECT, true },
};

static bool within(const struct bound *b, double bound, const vd_doc *d, uint32_t node)
{
    vd_str text = vd_doc_text(d, node);
    double count;

    if (d->nodes[node].kind != b->kind)
        return true;
    count = b->kind == VD_NODE_NUMBER   ? number_of(text)
            : b->kind == VD_NODE_STRING ? vd_utf8_columns(text)
                                        : vd_doc_length(d, node);
    return b->least ? count >= bound : count <= bound;
}

static bool keyword(check *c, const loaded *s, uint32_t schema, vd_str word, uint32_t value, const vd_doc *d,
                    uint32_t node)
{
    const vd_doc *sd = &s->doc;
    uint8_t       kind = d->nodes[node].kind;

    if (vd_str_eq(word, VD_S("$ref")))
        return follow(c, s, vd_doc_text(sd, value), d, node);
    if (vd_str_eq(word, VD_S("type")))
        return check_type(c, sd, value, d, node);
    if (vd_str_eq(word, VD_S("enum")))
        return in_list(sd, value, d, node) || no(c, "is none of enum:", vd_doc_text(d, node));
    if (vd_str_eq(word, VD_S("const")))
        return same_value(sd, value, d, node) || no(c, "is not const:", vd_doc_text(d, node));
    if (vd_str_eq(word, VD_S("oneOf")))
        return one_of(c, s, value, d, node);
    if (vd_str_eq(word, VD_S("items")))
        return kind != VD_NODE_ARRAY || check_items(c, s, value, d, node);
    if (vd_str_eq(word, VD_S("properties")) || vd_str_eq(word, VD_S("additionalProperties")))
        return kind != VD_NODE_OBJECT || check_members(c, s, schema, d, node);
    if (vd_str_eq(word, VD_S("required"))) {
        for (uint32_t i = vd_doc_first(sd, value); i != VD_NONE; i = vd_doc_next(sd, value, i))
            if (kind == VD_NODE_OBJECT && vd_doc_member(d, node, vd_doc_text(sd, i)) == VD_NONE)
                return no(c, "lacks", vd_doc_text(sd, i));
        return true;
    }
    if (vd_str_eq(word, VD_S("contains")))
        return kind != VD_NODE_ARRAY || contains(c, s, value, d, node) || no(c, "lacks an item", (vd_str){ "", 0 });
    if (vd_str_eq(word, VD_S("pattern")))
        return kind != VD_NODE_STRING || fits_pattern(c, vd_doc_text(sd, value), vd_doc_text(d, node)) ||
               no(c, "does not fit its pattern:", vd_doc_text(d, node));
    for (size_t i = 0; i < VD_COUNT(bounds); i++)
        if (vd_str_eq(word, vd_str_of(bounds[i].word)))
            return within(&bounds[i], number_of(vd_doc_text(sd, value)), d, node) ||
                   no(c, bounds[i].word, vd_doc_text(d, node));
    if (word.p[0] == '$' || vd_str_eq(word, VD_S("title")) || vd_str_eq(word, VD_S("description")))
        return true;
    die("a schema uses", word);
}

static bool matches(check *c, const loaded *s, uint32_t schema, const vd_doc *d, uint32_t node)
{
    char path[MOST_PATH];

    memcpy(path, c->path, sizeof path);
    for (uint32_t key = vd_doc_first(&s->doc, schema); key != VD_NONE; key = vd_doc_next(&s->doc, schema, key)) {
        if (!keyword(c, s, schema, vd_doc_text(&s->doc, key), key + 1, d, node)) {
            memcpy(c->path, path, sizeof path);
            return false;
        }
    }
    return true;
}

static int check_text(check *c, vd_str schema, vd_str name, vd_str text)
{
    loaded document;

    c->path[0] = 0;
    read_doc(c, &document, name, text);
    if (matches(c, load(c, schema), 0, &document.doc, 0))
        return 0;
    fprintf(stderr, VD_F ": %s\n", VD_A(name), c->why);
    return 1;
}

int main(int argc, char **argv)
{
    bool     lines = argc == 4 && strcmp(argv[1], "--lines") == 0;
    check    c = { .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_error err = { .size = sizeof err };
    vd_str   text, rest, schema, line;
    char     folder[MOST_PATH];
    int      bad = 0, count = 0;

    if (argc != 3 && !lines) {
        fprintf(stderr, "usage: schema-check [--lines] SCHEMA FILE\n");
        return 2;
    }
    snprintf(folder, sizeof folder, "%s", argv[argc - 2]);
    schema = vd_str_of(argv[argc - 2]);
    schema = vd_str_from(schema, vd_str_rfind(schema, '/') + 1);
    folder[strlen(folder) - schema.n - 1] = 0;
    c.folder = folder;
    if (vd_file_read(&text, vd_allocator_default(), argv[argc - 1], 64 << 20, &err) != VD_OK)
        die(err.text, vd_str_of(argv[argc - 1]));
    rest = text;
    while (lines && vd_str_cut(&rest, '\n', &line)) {
        bad |= check_text(&c, schema, vd_str_of(argv[argc - 1]), line);
        count++;
    }
    if (!lines) {
        bad = check_text(&c, schema, vd_str_of(argv[argc - 1]), text);
        count++;
    }
    if (count == 0)
        die("nothing in", vd_str_of(argv[argc - 1]));
    vd_file_free(vd_allocator_default(), text);
    for (size_t i = 0; i < c.pattern_count; i++)
        regfree(&c.patterns[i].compiled);
    vd_arena_done(&c.arena);
    return bad;
}
