/* SPDX-License-Identifier: Apache-2.0
 *
 * Suppressions in a file: comments, of the configuration of a plan as well, and facts of its containers.
 */
#include "lint/suppress_int.h"

#include "base/error.h"
#include "base/str.h"
#include "lint/source.h"

enum { HEAD_LINES = 20, MOST_IN_FILE = 10000 };

static vd_suppression *add(vd_file_run *run, vd_str names, vd_str reason, vd_pos at)
{
    vd_arena       *arena = &run->worker->scratch;
    vd_suppression *s = vd_arena_new(arena, vd_suppression);
    vd_str          unknown;

    if (!s || !VD_ARENA_PUSH(arena, run->suppressions, run->suppression_count, run->suppression_cap, s) ||
        !vd_suppress_name_all(run->linter, arena, names, &s->rules, &s->known, &unknown))
        return NULL;
    s->known |= unknown.n > 0; /* a name that is none is never of use */
    s->names = names;
    s->reason = vd_str_trim(reason);
    s->policy = VD_NONE;
    s->until = INT64_MAX;
    s->surplus = run->suppression_count > MOST_IN_FILE;
    s->at = at;
    s->at.file = run->report->source.name;
    return s;
}

typedef struct line {
    vd_str   text; /* without its end */
    uint32_t offset, number;
} line;

static bool next_line(vd_str file, line *l)
{
    uint32_t from = l->number ? l->offset + (uint32_t)l->text.n + 1 : 0;

    if (from >= file.n)
        return false;
    l->offset = from;
    l->number++;
    l->text = vd_str_first(vd_str_from(file, from), vd_str_find(vd_str_from(file, from), '\n'));
    return true;
}

static size_t indent_of(vd_str s)
{
    size_t i = 0;

    while (i < s.n && s.p[i] == ' ')
        i++;
    return i;
}

static bool says_nothing(vd_str s)
{
    s = vd_str_trim(s);
    return s.n == 0 || s.p[0] == '#';
}

/* The lines that belong to the one at `l`: an item of a list with all of it, a key with its value. */
static uint32_t block_end(vd_str file, line l)
{
    size_t   indent = indent_of(l.text);
    vd_str   first = vd_str_trim(l.text);
    bool     item = first.n && first.p[0] == '-';
    uint32_t end = l.number;

    while (next_line(file, &l)) {
        vd_str s = vd_str_trim(l.text);

        if (says_nothing(s))
            continue;
        if (indent_of(l.text) < indent || (indent_of(l.text) == indent && (item || s.p[0] != '-')))
            break;
        end = l.number;
    }
    return end;
}

/* Where the comment begins, when it is one for us. */
static bool find_comment(vd_str s, size_t *at, vd_str *words)
{
    static const vd_str mark = VD_L("verdict:");
    size_t              quotes = 0;

    for (size_t i = 0; i < s.n; i++) {
        vd_str rest;

        quotes += s.p[i] == '"' || s.p[i] == '\'';
        if (s.p[i] != '#' || quotes % 2 || (i > 0 && s.p[i - 1] != ' ' && s.p[i - 1] != '\t'))
            continue;
        rest = vd_str_trim(vd_str_from(s, i + 1));
        if (!vd_str_starts(rest, mark))
            return false;
        *at = i;
        *words = vd_str_trim(vd_str_from(rest, mark.n));
        return true;
    }
    return false;
}

/* "ignore RULE... -- reason" or "ignore-file ..."; *out NULL: it is something else.  False: no memory. */
static bool take_words(vd_file_run *run, vd_str words, vd_pos at, vd_suppression **out, bool *whole)
{
    vd_str reason = VD_S("");

    *out = NULL;
    *whole = vd_str_starts(words, VD_S("ignore-file"));
    if (!vd_str_starts(words, VD_S("ignore")))
        return true;
    words = vd_str_from(words, *whole ? 11 : 6);
    for (size_t i = 0; i + 1 < words.n; i++)
        if (words.p[i] == '-' && words.p[i + 1] == '-' && (i == 0 || words.p[i - 1] == ' ')) {
            reason = vd_str_from(words, i + 2);
            words = vd_str_first(words, i);
            break;
        }
    *out = add(run, words, reason, at);
    if (!*out)
        return false;
    (*out)->from = (*out)->to = at.line;
    if (*whole) {
        (*out)->from = 1;
        (*out)->to = at.line <= HEAD_LINES ? UINT32_MAX : 0;
    }
    return true;
}

/* The lines that it is about follow from where it stands. */
static bool take_comment(vd_file_run *run, line l, size_t at, vd_str words)
{
    vd_str          file = run->report->source.text;
    vd_pos          pos = { .offset = l.offset + (uint32_t)at,
                            .length = (uint32_t)(vd_str_trim(vd_str_from(l.text, at)).n),
                            .line = l.number,
                            .column = (uint32_t)at + 1 };
    bool            whole;
    vd_suppression *s;

    if (!take_words(run, words, pos, &s, &whole))
        return false;
    if (!s)
        return true;
    s->comment = true;
    if (!whole && says_nothing(vd_str_first(l.text, at))) {
        while (next_line(file, &l) && says_nothing(l.text))
            continue;
        s->to = block_end(file, l);
    }
    return true;
}

static bool is_full(const vd_file_run *run)
{
    return run->suppression_count > MOST_IN_FILE;
}

static bool take_comments(vd_file_run *run)
{
    vd_str file = run->report->source.text;
    line   l = { 0 };

    if (!vd_str_contains(file, VD_S("verdict:")))
        return true;
    while (!is_full(run) && next_line(file, &l)) {
        size_t at;
        vd_str words;

        if (find_comment(l.text, &at, &words) && !take_comment(run, l, at, words))
            return false;
    }
    return true;
}

static bool any_block_of(const vd_hcl *h, const bool *blocks, uint32_t file)
{
    for (uint32_t i = 0; i < h->block_count; i++)
        if (blocks[i] && h->blocks[i].file == file)
            return true;
    return false;
}

/* Comments of the configuration that a plan was made of.  Nobody is told of one for a block that the plan leaves out. */
static bool take_source_comments(vd_file_run *run)
{
    const vd_linter *l = run->linter;
    const vd_hcl    *h = &l->sources;
    bool            *blocks;

    if (!h->comment_count || !vd_lint_is_plan(run))
        return true;
    blocks = vd_lint_source_blocks(run);
    for (uint32_t i = 0; blocks && i < h->comment_count; i++) {
        const vd_hcl_comment *c = &h->comments[i];
        uint32_t              end = c->about.offset + c->about.length;
        vd_suppression       *s;
        bool                  whole;

        if (!take_words(run, vd_str_trim(vd_str_from(c->text, strlen("verdict:"))),
                        vd_source_pos(&h->files[c->file], c->span), &s, &whole))
            return false;
        if (!s)
            continue;
        s->at.file = l->source_names[c->file];
        s->written = c;
        s->known &= whole ? any_block_of(h, blocks, c->file) : c->block != VD_NONE && blocks[c->block];
        if (!whole) {
            s->from = vd_source_pos(&h->files[c->file], (vd_span){ c->about.offset, 0 }).line;
            s->to = vd_source_pos(&h->files[c->file], (vd_span){ end, 0 }).line;
        }
    }
    return blocks != NULL;
}

/* "rule TAB sid TAB reason TAB until", or names of rules alone. */
static bool take_fact(vd_file_run *run, const vd_extracted *e, const vd_fact *fact)
{
    vd_str          rest = fact->value, names, sid = VD_S(""), reason = VD_S("");
    vd_suppression *s;
    bool            fields = vd_str_cut(&rest, '\t', &names);

    if (!fields) {
        names = rest;
        reason = vd_extracted_fact(e, "ignore-reason");
        rest = VD_S("");
    } else if (vd_str_cut(&rest, '\t', &sid)) {
        vd_str_cut(&rest, '\t', &reason);
    }
    s = add(run, names, reason, fact->at);
    if (!s)
        return false;
    s->policy = e->policy;
    s->container = e->container;
    s->sid = sid;
    if (rest.n && !vd_day_end(&s->until, rest))
        s->until = 0;
    return true;
}

vd_code vd_suppress_prepare(vd_file_run *run)
{
    bool ok = run->report->source.text.n == 0 || run->report->source.text.p[0] == '{' || take_comments(run);

    ok = ok && take_source_comments(run);
    for (uint32_t i = 0; ok && i < run->found.count; i++)
        for (uint32_t k = 0; ok && !is_full(run) && k < run->found.at[i].fact_count; k++)
            if (vd_str_eq(run->found.at[i].facts[k].name, VD_S("ignore")))
                ok = take_fact(run, &run->found.at[i], &run->found.at[i].facts[k]);
    for (uint32_t i = 0; ok && i < run->linter->config.ignored_count; i++) {
        const vd_path_globs *paths = &run->linter->config.ignored[i].paths;

        if (paths->count == 0 || vd_path_globs_match(paths, run->report->path))
            atomic_store_explicit(&run->linter->ignored_seen[i], true, memory_order_relaxed);
    }
    return ok ? VD_OK : vd_fail_nomem(run->err);
}
