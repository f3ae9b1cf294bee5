/* SPDX-License-Identifier: Apache-2.0
 *
 * Suppressions.  Those of a file are collected before its findings are; each remembers whether it was of any use.
 */
#include "lint/suppress.h"

#include "base/error.h"
#include "base/str.h"
#include "lint/fix.h"
#include "lint/source.h"

#include <stdlib.h>

enum { HEAD_LINES = 20, MOST_IN_FILE = 10000 };

/* One in the file. */
struct vd_suppression {
    bool                 *rules; /* by number; NULL: all */
    vd_str                names;
    uint32_t              from, to; /* lines; 0: those of the containers alone */
    uint32_t              policy;   /* of its container in the extraction; VD_NONE: any */
    vd_str                container, sid, reason;
    int64_t               until;
    vd_pos                at;
    bool                  comment;
    const vd_hcl_comment *written;     /* in the configuration of a plan; NULL: in the file itself */
    bool                  used, known; /* known: some rule has this name and is not off */
    bool                  surplus;     /* one more than are looked at: each finding looks at all */
};

/* ------------------------------------------------------------------ rules by name */

typedef struct naming {
    bool            *rules;
    const vd_linter *l;
    bool             enabled;
} naming;

static void name_rule(void *user, uint32_t rule)
{
    naming *n = user;

    n->rules[rule] = true;
    n->enabled |= n->l->infos ? n->l->infos[rule].enabled : true;
}

/* "a, b c": all of them; false: no memory. */
static bool name_all(const vd_linter *l, vd_arena *arena, vd_str names, bool **out, bool *enabled,
                     vd_str *unknown)
{
    naming n = { .l = l };
    vd_str rest = names;

    *unknown = VD_S("");
    n.rules = vd_arena_new_array(arena, bool, l->names.count + 1);
    if (!n.rules)
        return false;
    while ((rest = vd_str_trim(rest)).n) {
        size_t i = 0;
        vd_str name;

        while (i < rest.n && rest.p[i] != ' ' && rest.p[i] != ',' && rest.p[i] != '\t')
            i++;
        name = vd_str_first(rest, i);
        rest = vd_str_from(rest, i + 1);
        if (name.n == 0)
            continue;
        if (vd_str_eq(name, VD_S("*"))) {
            *out = NULL;
            *enabled = true;
            return true;
        }
        if (vd_rules_named(&l->names, name, name_rule, &n) == 0)
            *unknown = name;
    }
    *out = n.rules;
    *enabled = n.enabled;
    return true;
}

vd_code vd_suppress_settle(vd_linter *l, vd_error *err)
{
    uint32_t count = l->config.ignored_count;

    l->ignored_rules = vd_arena_new_array(&l->arena, bool *, count + 1);
    l->ignored_used = vd_arena_new_array(&l->arena, atomic_bool, count + 1);
    l->ignored_seen = vd_arena_new_array(&l->arena, atomic_bool, count + 1);
    if (!l->ignored_rules || !l->ignored_used || !l->ignored_seen)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < count; i++) {
        const vd_ignored_entry *e = &l->config.ignored[i];
        bool                    enabled;
        vd_str                  unknown, near;

        if (!name_all(l, &l->arena, e->rule, &l->ignored_rules[i], &enabled, &unknown))
            return vd_fail_nomem(err);
        if (unknown.n == 0)
            continue;
        near = vd_rules_near(&l->names, unknown);
        vd_fail_at(err, VD_ESYNTAX, e->at, "there is no rule \"" VD_F "\"", VD_A(vd_str_first(unknown, 80)));
        if (near.n)
            vd_error_hint(err, "did you mean \"" VD_F "\"?", VD_A(near));
        return VD_ESYNTAX;
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ in the file */

static vd_suppression *add(vd_file_run *run, vd_str names, vd_str reason, vd_pos at)
{
    vd_arena       *arena = &run->worker->scratch;
    vd_suppression *s = vd_arena_new(arena, vd_suppression);
    vd_str          unknown;

    if (!s || !VD_ARENA_PUSH(arena, run->suppressions, run->suppression_count, run->suppression_cap, s) ||
        !name_all(run->linter, arena, names, &s->rules, &s->known, &unknown))
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

/* ------------------------------------------------------------------ matching */

static bool any_matches(const vd_strs *globs, vd_str s)
{
    for (uint32_t i = 0; i < globs->count; i++)
        if (vd_view_action_matches(globs->at[i], s))
            return true;
    return false;
}

static bool any_text(const vd_strs *globs, const vd_texts *texts)
{
    for (uint32_t i = 0; i < texts->count; i++)
        if (any_matches(globs, texts->at[i].text))
            return true;
    return false;
}

static bool any_principal(const vd_strs *globs, const vd_principals *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (any_matches(globs, p->at[i].text.text))
            return true;
    return false;
}

static bool statement_matches(const vd_ignored_entry *e, const vd_statement *st, const vd_lint_finding *f)
{
    if (e->sids.count && !any_matches(&e->sids, f->sid))
        return false;
    if (e->actions.count && !any_matches(&e->actions, f->token) &&
        !(st && any_text(&e->actions, &st->action.texts)))
        return false;
    if (e->resources.count && !any_matches(&e->resources, f->token) &&
        !(st && any_text(&e->resources, &st->resource.texts)))
        return false;
    return e->principals.count == 0 || any_matches(&e->principals, f->token) ||
           (st && any_principal(&e->principals, &st->principal));
}

static bool policy_matches(const vd_ignored_entry *e, const vd_lint_policy *p, const vd_lint_finding *f)
{
    if (e->containers.count && !any_matches(&e->containers, f->container) &&
        !(p && (any_matches(&e->containers, p->type) || any_matches(&e->containers, p->label))))
        return false;
    if (e->names.count && !(p && any_matches(&e->names, p->name)))
        return false;
    return e->types.count == 0 || (p && (any_matches(&e->types, p->kind_text) ||
                                         any_matches(&e->types, vd_policy_type_names[p->kind])));
}

static bool entry_matches(vd_file_run *run, const vd_look_at *look, const vd_ignored_entry *e,
                          const vd_lint_finding *f)
{
    const vd_lint_policy *p = f->policy != VD_NONE ? &run->report->policies[f->policy] : NULL;
    const vd_statement   *st = look && f->statement != VD_NONE && look->lint.statements
                                   ? look->lint.statements[f->statement].model
                                   : NULL;

    if (e->paths.count && !vd_path_globs_match(&e->paths, run->report->path))
        return false;
    return policy_matches(e, p, f) && statement_matches(e, st, f);
}

static uint32_t rule_of(const vd_file_run *run, const vd_lint_finding *f)
{
    return (uint32_t)(f->rule - run->linter->infos);
}

static void hide(vd_lint_finding *f, vd_str reason, bool in_source)
{
    f->state = VD_STATE_SUPPRESSED;
    f->justification = reason;
    f->in_source = in_source;
}

static void try_config(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f)
{
    const vd_linter *l = run->linter;

    for (uint32_t i = 0; i < l->config.ignored_count; i++) {
        const vd_ignored_entry *e = &l->config.ignored[i];

        if ((l->ignored_rules[i] && !l->ignored_rules[i][rule_of(run, f)]) ||
            !entry_matches(run, look, e, f) || e->until_time <= l->config.now ||
            (l->config.require_reason && e->reason.n == 0))
            continue;
        atomic_store_explicit(&l->ignored_used[i], true, memory_order_relaxed);
        hide(f, e->reason, false);
        return;
    }
}

/* Among its lines, or said nowhere else in its block, though not once: then the finding points to the block. */
static bool covers_lines(const vd_file_run *run, const vd_suppression *s, const vd_lint_finding *f)
{
    const vd_hcl         *h = &run->linter->sources;
    const vd_hcl_comment *c = s->written;

    if (!vd_str_eq(s->at.file, f->range.at.file))
        return false;
    if (f->range.at.line >= s->from && f->range.at.line <= s->to)
        return true;
    return c && c->block != VD_NONE && f->token.n &&
           f->range.at.offset == h->blocks[c->block].header.offset &&
           vd_hcl_says_within(h, c->block, f->token, c->about);
}

static bool covers(const vd_file_run *run, const vd_look_at *look, const vd_suppression *s,
                   const vd_lint_finding *f)
{
    if (s->surplus || (s->rules && !s->rules[rule_of(run, f)]))
        return false;
    if (s->until <= run->linter->config.now || (run->linter->config.require_reason && s->reason.n == 0))
        return false;
    if (s->from || s->to)
        return covers_lines(run, s, f);
    if (s->sid.n && !vd_str_eq(s->sid, f->sid))
        return false;
    return look ? look->extracted->policy == s->policy
                : s->container.n && vd_str_eq(s->container, f->container);
}

static void try_file(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f)
{
    for (uint32_t i = 0; i < run->suppression_count; i++) {
        vd_suppression *s = run->suppressions[i];

        if (!covers(run, look, s, f))
            continue;
        s->used = true;
        hide(f, s->reason, true);
    }
}

/* "resource-star" and "ResourceStar". */
static bool same_word(vd_str camel, vd_str id)
{
    size_t i = 0;

    for (size_t k = 0; k < id.n; k++) {
        if (id.p[k] == '-')
            continue;
        if (i == camel.n || vd_lower(camel.p[i]) != id.p[k])
            return false;
        i++;
    }
    return i == camel.n;
}

static size_t find_text(vd_str s, vd_str part)
{
    for (size_t i = 0; i + part.n <= s.n; i++)
        if (memcmp(s.p + i, part.p, part.n) == 0)
            return i;
    return s.n;
}

/* ...VerdictIgnoreResourceStarAndServiceWildcard */
static bool sid_names(vd_str sid, vd_str id)
{
    static const vd_str mark = VD_L("VerdictIgnore"), between = VD_L("And");
    size_t              at = find_text(sid, mark);
    vd_str              rest = vd_str_from(sid, at + mark.n);

    if (at == sid.n)
        return false;
    for (size_t from = 0; from < rest.n;) {
        vd_str tail = vd_str_from(rest, from);
        size_t end = find_text(tail, between);

        if (same_word(vd_str_first(tail, end), id) || same_word(tail, id))
            return true;
        from += end + between.n;
    }
    return false;
}

static void try_sid(const vd_file_run *run, vd_lint_finding *f)
{
    if (run->linter->config.sid_suppression && f->severity < VD_ERROR && f->sid.n > 13 &&
        sid_names(f->sid, vd_str_of(f->rule->id)))
        hide(f, VD_S("its Sid says so"), true);
}

void vd_suppress(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f)
{
    if (f->state == VD_STATE_HIDDEN || (run->linter->names.at[rule_of(run, f)]->flags & VD_LINT_KEPT) ||
        vd_str_starts(vd_str_of(f->rule->id), VD_S("json-")))
        return;
    if (run->linter->config.ignored_count)
        try_config(run, look, f);
    if (run->suppression_count)
        try_file(run, look, f);
    if (f->sid.n)
        try_sid(run, f);
}

/* ------------------------------------------------------------------ unused ones */

static bool same_place(const vd_suppression *a, const vd_suppression *b)
{
    return a->at.offset == b->at.offset && vd_str_eq(a->at.file, b->at.file);
}

static int by_place(const void *a, const void *b)
{
    const vd_suppression *x = *(vd_suppression *const *)a, *y = *(vd_suppression *const *)b;

    if (x->at.offset != y->at.offset)
        return x->at.offset < y->at.offset ? -1 : 1;
    return vd_str_cmp(x->at.file, y->at.file);
}

/* One of several policies of a container is enough: [first, end) stand at one place. */
static bool was_used(vd_suppression *const *all, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        if (all[i]->used)
            return true;
    return false;
}

/* A comment goes with the blanks before it, with its line when nothing else is on it. */
static vd_patch without_comment(const vd_file_run *run, const vd_suppression *s)
{
    vd_str   text = run->report->source.text;
    uint32_t start = s->at.offset, end = start + s->at.length;

    while (start > 0 && (text.p[start - 1] == ' ' || text.p[start - 1] == '\t'))
        start--;
    if (start == 0 || text.p[start - 1] == '\n')
        end += end < text.n;
    return (vd_patch){ start, end - start, VD_S("") };
}

static vd_code offer_removal(vd_file_run *run, const vd_suppression *s, vd_lint_finding *f)
{
    vd_patch patch = without_comment(run, s);

    if (!s->comment || !vd_lint_realise_patch(run, &patch, f))
        return s->comment ? vd_fail_nomem(run->err) : VD_OK;
    ((vd_lint_fix *)(uintptr_t)f->fixes)->title = VD_S("take it out");
    return VD_OK;
}

static void move_to_comment(vd_file_run *run, const vd_suppression *s, vd_lint_finding *f)
{
    f->range = vd_lint_source_range(run->linter, s->written->file, s->written->span);
    vd_suppress(run, NULL, f); /* now that it is known where it is */
}

vd_code vd_suppress_tell_unused(vd_file_run *run)
{
    uint32_t rule = vd_lint_rule_find(VD_S("unused-suppression"));

    if (run->suppression_count > 1)
        qsort(run->suppressions, run->suppression_count, sizeof *run->suppressions, by_place);
    for (uint32_t i = 0, end; rule != VD_NONE && i < run->suppression_count; i = end) {
        const vd_suppression *s = run->suppressions[i];
        vd_str                text = VD_S("this suppression matches nothing");
        uint32_t              before;

        for (end = i + 1; end < run->suppression_count && same_place(run->suppressions[end], s);)
            end++;
        if ((!s->known && !s->surplus) || was_used(run->suppressions, i, end))
            continue;
        if (s->surplus)
            text = VD_S("only the first 10000 suppressions of a file count, neither this one nor those behind it");
        else if (run->linter->config.require_reason && s->reason.n == 0)
            text = VD_S("this suppression gives no reason, so it does not count");
        else if (s->until <= run->linter->config.now)
            text = VD_S("this suppression has run out");
        before = run->report->finding_count;
        VD_TRY(vd_report_take_file(run, rule, VD_NONE, s->at, text));
        if (run->report->finding_count == before)
            continue;
        if (s->written)
            move_to_comment(run, s, &run->report->findings[before]);
        else
            VD_TRY(offer_removal(run, s, &run->report->findings[before]));
    }
    return VD_OK;
}
