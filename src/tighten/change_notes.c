/* SPDX-License-Identifier: Apache-2.0
 *
 * Comments that go with what they are about: nobody is to lose one without being told.
 */
#include "tighten/change_int.h"

#include "base/str.h"

typedef struct scanning {
    vd_str text;
    size_t at;
    bool   yaml;
} scanning;

static size_t line_end(vd_str s, size_t at)
{
    size_t end = at + vd_str_find(vd_str_from(s, at), '\n');

    return end > at && s.p[end - 1] == '\r' ? end - 1 : end;
}

/* Behind the string that begins at `at`; a quote within a word of YAML begins none. */
static size_t skip_string(const scanning *s, size_t at)
{
    char quote = s->text.p[at];

    if (s->yaml && at > 0 && s->text.p[at - 1] != ' ' && s->text.p[at - 1] != '[' && s->text.p[at - 1] != '{' && s->text.p[at - 1] != ',' &&
        s->text.p[at - 1] != ':' && s->text.p[at - 1] != '\n')
        return at + 1;
    for (at++; at < s->text.n && s->text.p[at] != quote && s->text.p[at] != '\n'; at++)
        at += s->text.p[at] == '\\' && quote == '"';
    return at < s->text.n ? at + 1 : s->text.n;
}

static bool begins_comment(const scanning *s, size_t at)
{
    vd_str rest = vd_str_from(s->text, at);

    if (rest.p[0] == '#')
        return !s->yaml || at == 0 || s->text.p[at - 1] == ' ' || s->text.p[at - 1] == '\t' || s->text.p[at - 1] == '\n';
    return !s->yaml && (vd_str_starts(rest, VD_S("//")) || vd_str_starts(rest, VD_S("/*")));
}

/* The next comment; length 0: there is none. */
static vd_span next_comment(scanning *s)
{
    size_t end;

    while (s->at < s->text.n) {
        char c = s->text.p[s->at];

        if (begins_comment(s, s->at)) {
            size_t from = s->at;

            end = line_end(s->text, from);
            if (vd_str_starts(vd_str_from(s->text, from), VD_S("/*")))
                for (end = from + 2; end < s->text.n && !vd_str_ends(vd_str_first(vd_str_from(s->text, from + 2), end - from - 2), VD_S("*/"));)
                    end++;
            s->at = end;
            return (vd_span){ (uint32_t)from, (uint32_t)(end - from) };
        }
        s->at = c == '"' || (c == '\'' && s->yaml) ? skip_string(s, s->at) : s->at + 1;
    }
    return (vd_span){ 0, 0 };
}

bool vd_change_notes(vd_arena *arena, vd_change_document *d, const vd_source *file, bool yaml)
{
    vd_change_note *notes = NULL;
    uint32_t        count = 0, cap = 0;

    for (uint32_t i = 0; i < d->edit_count; i++) {
        const vd_lint_edit *e = &d->edits[i];
        scanning            s = { .text = vd_str_first(vd_str_from(file->text, e->start), e->end - e->start), .yaml = yaml };

        for (vd_span at = next_comment(&s); at.length; at = next_comment(&s)) {
            vd_change_note note = { .at = vd_source_pos(file, (vd_span){ e->start + at.offset, at.length }) };

            note.text = vd_str_first(vd_str_from(s.text, at.offset), at.length);
            if (vd_str_contains(e->text, note.text))
                continue;
            if (!vd_arena_dup(arena, &note.text, note.text) || !VD_ARENA_PUSH(arena, notes, count, cap, note))
                return false;
        }
    }
    d->comments = notes;
    d->comment_count = count;
    return true;
}
