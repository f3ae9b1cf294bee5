/* SPDX-License-Identifier: Apache-2.0
 *
 * From words, lines and documents to sets of actions, and the new lists back to where the old ones stood.
 */
#include "cli/actions.h"

#include "base/engine.h"
#include "base/str.h"
#include "cli/guess.h"
#include "cli/inputs.h"
#include "cli/outputs.h"
#include "policy/write.h"
#include "text/doc.h"
#include "text/json_write.h"

typedef struct job {
    vd_cli     *cli;
    vd_arena   *arena;
    vd_rewrite *rewrite;
    const char *member; /* of the JSON output */
    vd_buf      out;    /* a document as it will be printed */
    vd_intern   told;   /* unknown actions: of each is warned once */
} job;

enum { MOST_WARNINGS = 100 }; /* the others are counted */

/* ------------------------------------------------------------------ sets */

void vd_action_set_init(vd_action_set *s, const vd_catalog *c, vd_arena *arena, uint64_t seed)
{
    *s = (vd_action_set){ .catalog = c, .arena = arena, .unknown = { .seed = seed, .fold = true } };
    s->bits = vd_arena_new_array(arena, uint64_t, vd_catalog_actions(c) / 64 + 1);
    s->failed = !s->bits;
}

void vd_action_set_done(vd_action_set *s)
{
    vd_intern_done(&s->unknown, vd_allocator_default());
}

void vd_action_set_add(vd_action_set *s, vd_str text)
{
    uint32_t id;

    if (s->failed)
        return;
    s->given++;
    s->wild += vd_str_find(text, '*') < text.n || vd_str_find(text, '?') < text.n;
    if (vd_catalog_expand_bits(s->catalog, text, s->bits) || vd_catalog_expand_count(s->catalog, text, 1))
        return;
    s->failed = !vd_intern_add(&s->unknown, vd_allocator_default(), text, &id);
}

bool vd_action_set_list(vd_texts *out, const vd_action_set *s)
{
    for (uint32_t i = 0; i < vd_catalog_actions(s->catalog); i++) {
        char   text[512];
        vd_str kept, t = { text, 0 };

        if (!(s->bits[i / 64] >> i % 64 & 1))
            continue;
        t.n = vd_catalog_action_text(s->catalog, i, text, sizeof text);
        if (!vd_arena_dup(s->arena, &kept, t) || !VD_ARENA_PUSH(s->arena, out->at, out->count, out->cap, kept))
            return false;
    }
    return vd_action_set_list_unknown(out, s);
}

bool vd_action_set_list_unknown(vd_texts *out, const vd_action_set *s)
{
    for (uint32_t i = 0; i < s->unknown.strings.count; i++)
        if (!VD_ARENA_PUSH(s->arena, out->at, out->count, out->cap, s->unknown.strings.at[i]))
            return false;
    return true;
}

static bool tell_unknown(job *j, const vd_action_set *s)
{
    for (uint32_t i = 0; i < s->unknown.strings.count; i++) {
        uint32_t before = j->told.strings.count, id;
        vd_buf   why;

        if (!vd_intern_add(&j->told, vd_allocator_default(), s->unknown.strings.at[i], &id))
            return false;
        if (id < before || id >= MOST_WARNINGS)
            continue;
        why = vd_buf_on(vd_allocator_default(), 4096);
        vd_guess_action(&why, s->catalog, s->unknown.strings.at[i]);
        vd_cli_warnf(j->cli, VD_F "; kept as it is", VD_A(vd_buf_str(&why)));
        vd_buf_done(&why);
    }
    return true;
}

/* ------------------------------------------------------------------ documents */

/* What a document looks like: lists of several lines are written as it writes its lines. */
typedef struct style {
    vd_str unit, end; /* empty unit: all in one line */
} style;

static style style_of(vd_str text)
{
    style  s = { .unit = { "", 0 }, .end = VD_S("\n") };
    size_t at = vd_str_find(text, '\n');

    if (at == text.n)
        return s;
    if (at > 0 && text.p[at - 1] == '\r')
        s.end = VD_S("\r\n");
    s.unit = VD_S("  ");
    for (; at < text.n; at += 1 + vd_str_find(vd_str_from(text, at + 1), '\n')) {
        vd_str line = vd_str_from(text, at + 1);
        size_t n = 0;

        while (n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'))
            n++;
        if (n) {
            s.unit = vd_str_first(line, n);
            break;
        }
    }
    return s;
}

/* The blanks that the line of an offset begins with. */
static vd_str indent_at(vd_str text, size_t offset)
{
    size_t start = offset, n;

    while (start > 0 && text.p[start - 1] != '\n')
        start--;
    for (n = start; n < offset && (text.p[n] == ' ' || text.p[n] == '\t'); n++)
        ;
    return (vd_str){ text.p + start, n - start };
}

/* Nothing but a comma stands between this offset and the end of the line. */
static bool ends_line(vd_str text, size_t offset)
{
    while (offset < text.n && strchr(" \t\r,", text.p[offset]))
        offset++;
    return offset < text.n && text.p[offset] == '\n';
}

static void write_list(vd_buf *out, const style *s, vd_str indent, const vd_texts *list, bool was_array)
{
    if (list->count == 1 && !was_array) {
        vd_json_of_string(out, list->at[0]);
        return;
    }
    vd_buf_byte(out, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        if (s->unit.n) {
            vd_buf_add(out, i ? VD_S(",") : VD_S(""));
            vd_buf_add(out, s->end);
            vd_buf_add(out, indent);
            vd_buf_add(out, s->unit);
        } else if (i) {
            vd_buf_add(out, VD_S(", "));
        }
        vd_json_of_string(out, list->at[i]);
    }
    if (s->unit.n) {
        vd_buf_add(out, s->end);
        vd_buf_add(out, indent);
    }
    vd_buf_byte(out, ']');
}

static bool collect(vd_action_set *set, const vd_doc *d, uint32_t value)
{
    if (d->nodes[value].kind == VD_NODE_STRING) {
        vd_action_set_add(set, vd_doc_text(d, value));
        return true;
    }
    if (d->nodes[value].kind != VD_NODE_ARRAY)
        return false;
    for (uint32_t e = vd_doc_first(d, value); e != VD_NONE; e = vd_doc_next(d, value, e)) {
        if (d->nodes[e].kind != VD_NODE_STRING)
            return false;
        vd_action_set_add(set, vd_doc_text(d, e));
    }
    return set->given > 0;
}

/* Adds the document up to and with the value, which is a list of actions; *from: what was added so far. */
static void put_list(job *j, const vd_doc *d, uint32_t value, const vd_texts *list, const style *s, size_t *from)
{
    vd_str  text = d->source->text, indent = { "", 0 };
    vd_span span = vd_doc_span(d, value);
    style   in = *s;

    vd_buf_add(&j->out, (vd_str){ text.p + *from, span.offset - *from });
    if (!vd_str_contains((vd_str){ text.p + span.offset, span.length }, VD_S("\n")) &&
        (list->count == 1 || !ends_line(text, span.offset + span.length)))
        in.unit.n = 0; /* in one line as before */
    if (in.unit.n)
        indent = indent_at(text, span.offset);
    write_list(&j->out, &in, indent, list, d->nodes[value].kind == VD_NODE_ARRAY);
    *from = span.offset + span.length;
}

static bool replace(job *j, const vd_doc *d, uint32_t value, const style *s, size_t *from)
{
    vd_action_set set;
    vd_texts      list = { 0 };
    bool          better = false, ok = true;

    vd_action_set_init(&set, j->cli->catalog, j->arena, j->told.seed);
    if (collect(&set, d, value))
        ok = tell_unknown(j, &set) && j->rewrite(&list, &set, &better);
    ok = ok && !set.failed;
    if (ok && better)
        put_list(j, d, value, &list, s, from);
    vd_action_set_done(&set);
    return ok;
}

static bool statement(job *j, const vd_doc *d, uint32_t node, const style *s, size_t *from)
{
    if (d->nodes[node].kind != VD_NODE_OBJECT)
        return true;
    for (uint32_t key = vd_doc_first(d, node); key != VD_NONE; key = vd_doc_next(d, node, key)) {
        vd_str name = vd_doc_text(d, key);

        if ((vd_str_eq(name, VD_S("Action")) || vd_str_eq(name, VD_S("NotAction"))) && !replace(j, d, key + 1, s, from))
            return false;
    }
    return true;
}

static vd_exit policy(job *j, const vd_doc *d)
{
    uint32_t list = vd_doc_member(d, 0, VD_S("Statement"));
    style    s = style_of(d->source->text);
    size_t   from = 0;
    vd_error err = { .size = sizeof err };
    bool     ok = true;

    if (list == VD_NONE) {
        vd_fail_span(&err, VD_ESYNTAX, d->source, vd_doc_span(d, 0), "this is no policy: it has no Statement");
        vd_cli_error(j->cli, VD_EXIT_USAGE, &err);
        return VD_EXIT_USAGE;
    }
    if (vd_args_has(&j->cli->args, "format") || j->cli->args.word_count > 1) {
        vd_cli_usage(j->cli, "a policy is given alone, and printed as a policy: --format is for lists of actions");
        return VD_EXIT_USAGE;
    }
    j->out = vd_buf_on(vd_allocator_default(), 0);
    if (d->nodes[list].kind == VD_NODE_ARRAY)
        for (uint32_t e = vd_doc_first(d, list); ok && e != VD_NONE; e = vd_doc_next(d, list, e))
            ok = statement(j, d, e, &s, &from);
    else
        ok = statement(j, d, list, &s, &from);
    vd_buf_add(&j->out, vd_str_from(d->source->text, from));
    ok = ok && !j->out.failed;
    if (ok)
        vd_buf_add(&j->cli->out, vd_buf_str(&j->out));
    else
        vd_cli_errorf(j->cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_done(&j->out);
    return ok ? VD_EXIT_YES : VD_EXIT_NO_ANSWER;
}

/* ------------------------------------------------------------------ lists */

static void print_json(vd_cli *cli, vd_buf *out, const char *member, const vd_texts *list, const vd_action_set *set)
{
    vd_json *root = vd_json_object(), *head = vd_json_object(), *texts = vd_json_array(), *unknown = vd_json_array();

    vd_json_set(head, "format", vd_json_int(1));
    vd_json_set(root, "verdict", head);
    for (uint32_t i = 0; i < list->count; i++)
        vd_json_push(texts, vd_json_string(list->at[i]));
    for (uint32_t i = 0; i < set->unknown.strings.count; i++)
        vd_json_push(unknown, vd_json_string(set->unknown.strings.at[i]));
    vd_json_set(root, member, texts);
    vd_json_set(root, "unknown", unknown);
    if (vd_json_dump(out, root, 2) != VD_OK)
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    vd_buf_byte(out, '\n');
}

static vd_exit print(job *j, const vd_action_set *set)
{
    vd_texts   list = { 0 };
    vd_outputs outputs;
    bool       better;

    if (set->failed || !j->rewrite(&list, set, &better) || !tell_unknown(j, set)) {
        vd_cli_errorf(j->cli, VD_EXIT_NO_ANSWER, "out of memory");
        return VD_EXIT_NO_ANSWER;
    }
    if (!vd_outputs_open(&outputs, j->cli, "text"))
        return VD_EXIT_USAGE;
    for (size_t o = 0; o < outputs.count; o++) {
        vd_buf *out = vd_output_buf(&outputs, o);

        if (vd_output_is(&outputs, o, "json"))
            print_json(j->cli, out, j->member, &list, set);
        for (uint32_t i = 0; vd_output_is(&outputs, o, "text") && i < list.count; i++) {
            vd_buf_add(out, list.at[i]);
            vd_buf_byte(out, '\n');
        }
    }
    vd_outputs_close(&outputs);
    return VD_EXIT_YES;
}

static void add_lines(vd_action_set *set, vd_str text)
{
    vd_str line;
    bool   more = text.n > 0;

    while (more) {
        more = vd_str_cut(&text, '\n', &line);
        line = vd_str_trim(more ? line : text);
        if (line.n)
            vd_action_set_add(set, line);
    }
}

/* A document is dealt with at once (*done), a list goes to the set. */
static vd_exit file(job *j, vd_action_set *set, const char *path, bool *done)
{
    vd_source *source = vd_arena_new(j->arena, vd_source);
    vd_limits  limits;
    vd_error   err = { .size = sizeof err };
    vd_doc     d;
    vd_str     head;

    if (!source)
        return VD_EXIT_NO_ANSWER;
    source->name = vd_str_of(path);
    if (!vd_read_text(j->cli, j->arena, &source->text, path))
        return j->cli->worst;
    head = vd_str_trim(source->text);
    if (head.n == 0 || (head.p[0] != '{' && head.p[0] != '[')) {
        add_lines(set, source->text);
        return VD_EXIT_YES;
    }
    vd_engine_limits(j->cli->engine, &limits);
    if (vd_json_read(&d, j->arena, source, &limits, NULL, NULL, &err) != VD_OK) {
        vd_cli_error(j->cli, VD_EXIT_USAGE, &err);
        return VD_EXIT_USAGE;
    }
    if (d.nodes[0].kind == VD_NODE_OBJECT) {
        *done = true;
        return policy(j, &d);
    }
    if (!collect(set, &d, 0)) {
        vd_fail_span(&err, VD_ESYNTAX, source, vd_doc_span(&d, 0), "neither a policy nor a list of actions");
        vd_cli_error(j->cli, VD_EXIT_USAGE, &err);
        return VD_EXIT_USAGE;
    }
    return VD_EXIT_YES;
}

/* What has a colon, or is nothing but a star, is no path. */
static bool is_pattern(const char *word)
{
    return strchr(word, ':') || strcmp(word, "*") == 0;
}

vd_exit vd_run_on_actions(vd_cli *cli, vd_rewrite *rewrite, const char *member)
{
    vd_arena      arena = vd_arena_on(vd_allocator_default(), 0);
    job           j = { .cli = cli, .arena = &arena, .rewrite = rewrite, .member = member };
    vd_action_set set;
    bool          done = false;
    vd_exit       code = VD_EXIT_YES;

    j.told = (vd_intern){ .seed = cli->engine->hash_seed, .fold = true };
    vd_action_set_init(&set, cli->catalog, &arena, j.told.seed);
    for (uint32_t i = 0; i < cli->args.word_count && code == VD_EXIT_YES; i++) {
        const char *word = cli->args.words[i];

        if (is_pattern(word))
            vd_action_set_add(&set, vd_str_of(word));
        else
            code = file(&j, &set, word, &done);
    }
    if (cli->args.word_count == 0) {
        vd_cli_usage(cli, "%s needs actions, or a policy", cli->command->name);
        code = VD_EXIT_USAGE;
    }
    if (code == VD_EXIT_YES && !done)
        code = print(&j, &set);
    if (j.told.strings.count > MOST_WARNINGS)
        vd_cli_warnf(cli, "%u more unknown actions; kept as they are", j.told.strings.count - MOST_WARNINGS);
    vd_intern_done(&j.told, vd_allocator_default());
    vd_action_set_done(&set);
    vd_arena_done(&arena);
    return code;
}
