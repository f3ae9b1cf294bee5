/* SPDX-License-Identifier: Apache-2.0
 *
 * A decision in one line, and the story of a decision: the answer first, then AWS's words, the layers, what decided
 * with its place in the file, the closest miss, what would allow it.
 */
#include "base/str.h"
#include "render/render.h"

enum { INDENT = 2 };

static bool allows(const vd_decision *d)
{
    return d->outcome == VD_ALLOW;
}

static void put_answer(vd_buf *out, const vd_look *look, const vd_decision *d)
{
    vd_look_put(out, look, allows(d) ? VD_TONE_GOOD : VD_TONE_BAD, allows(d) ? VD_S("allow") : VD_S("deny"));
}

/* "Sid" (file:line:column), or Statement[0] (...). */
static void put_statement(vd_buf *out, const vd_look *look, vd_str sid, uint32_t index, vd_pos at)
{
    vd_word_statement(out, sid, index);
    vd_buf_byte(out, ' ');
    vd_look_tone(out, look, VD_TONE_FAINT);
    vd_buf_byte(out, '(');
    vd_render_at(out, at);
    vd_buf_byte(out, ')');
    vd_look_tone(out, look, VD_TONE_PLAIN);
}

static void put_missing(vd_buf *out, const vd_str *keys, size_t count)
{
    vd_buf_add(out, VD_S("not in the request: "));
    for (size_t i = 0; i < count; i++) {
        vd_buf_add(out, i ? VD_S(", ") : VD_S(""));
        vd_look_safe(out, keys[i]);
    }
}

static void put_doubts(vd_buf *out, const vd_look *look, const vd_told_decision *a)
{
    for (uint32_t i = 0; i < a->note_count; i++) {
        const vd_told_note *n = &a->notes[i];

        vd_look_pad(out, INDENT);
        vd_look_put(out, look, VD_TONE_MARK, VD_S("but "));
        vd_look_safe(out, n->text);
        if (n->at.file.n) {
            vd_look_tone(out, look, VD_TONE_FAINT);
            vd_buf_add(out, VD_S(" ("));
            vd_render_at(out, n->at);
            vd_buf_byte(out, ')');
            vd_look_tone(out, look, VD_TONE_PLAIN);
        }
        vd_buf_byte(out, '\n');
    }
}

void vd_render_decision_text(vd_buf *out, const vd_look *look, const vd_told_decision *a)
{
    const vd_decision *d = a->decision;

    put_answer(out, look, d);
    vd_look_pad(out, allows(d) ? 2 : 3);
    vd_look_safe(out, a->action);
    vd_buf_add(out, VD_S(" on "));
    vd_look_safe(out, a->resource);
    if (a->reason.n) {
        vd_buf_add(out, VD_S(", "));
        vd_look_safe(out, a->reason);
    }
    if (a->has_statement) {
        vd_buf_add(out, allows(d) ? VD_S(", by ") : VD_S(": "));
        put_statement(out, look, a->statement.sid, a->statement.index, a->statement.at);
    }
    if (d->missing_count) {
        vd_buf_add(out, VD_S("; "));
        put_missing(out, d->missing, d->missing_count > 8 ? 8 : d->missing_count);
    }
    vd_buf_byte(out, '\n');
    put_doubts(out, look, a);
}

/* ------------------------------------------------------------------ the story */

static void heading(vd_buf *out, const vd_look *look, const char *text)
{
    vd_buf_byte(out, '\n');
    vd_look_put(out, look, VD_TONE_STRONG, vd_str_of(text));
    vd_buf_byte(out, '\n');
}

static void paragraph(vd_buf *out, const vd_look *look, uint32_t indent, vd_str text)
{
    vd_look_pad(out, indent);
    vd_look_wrap(out, look, indent, indent, text);
    vd_buf_byte(out, '\n');
}

static vd_str find_text(const vd_texts_of *texts, vd_pos at)
{
    return texts->find && at.line ? texts->find(texts->user, at) : (vd_str){ 0 };
}

static void put_remark(vd_buf *out, const vd_element_trace *e)
{
    if (e->matched)
        return;
    if (e->nearest.n && e->differs_at != VD_NONE && e->element != VD_ELEMENT_CONDITION) {
        vd_buf_printf(out, "differs at character %u", e->differs_at + 1);
        return;
    }
    if (e->absent) {
        vd_buf_add(out, VD_S("not in the request"));
    } else if (e->actual_count == 1) {
        vd_buf_add(out, VD_S("the request has \""));
        vd_look_safe(out, e->actual[0]);
        vd_buf_byte(out, '"');
    }
}

/* A sentence, and for what does not match the place in the file. */
static void put_element(vd_buf *out, const vd_look *look, const vd_story *story, const vd_element_trace *e,
                        uint32_t indent)
{
    vd_buf sentence = vd_buf_on(out->alloc, 0), remark = vd_buf_on(out->alloc, 0);

    vd_look_pad(out, indent);
    vd_look_put(out, look, e->matched ? VD_TONE_GOOD : VD_TONE_BAD, e->matched ? VD_S("+ ") : VD_S("- "));
    vd_word_element_text(&sentence, e);
    vd_look_wrap(out, look, indent + 2, indent + 2, vd_buf_str(&sentence));
    vd_buf_byte(out, '\n');
    if (!e->matched) {
        put_remark(&remark, e);
        vd_render_excerpt(out, look, indent + 2, e->at, vd_buf_str(&remark), find_text(&story->texts, e->at));
    }
    out->failed |= sentence.failed | remark.failed;
    vd_buf_done(&sentence);
    vd_buf_done(&remark);
}

static void put_statement_title(vd_buf *out, const vd_look *look, const vd_statement_trace *s, uint32_t indent)
{
    vd_look_pad(out, indent);
    vd_look_put(out, look, s->deny ? VD_TONE_BAD : VD_TONE_GOOD, s->deny ? VD_S("Deny") : VD_S("Allow"));
    vd_buf_byte(out, ' ');
    put_statement(out, look, s->sid, s->index, s->at);
    if (s->malformed) {
        vd_buf_add(out, VD_S(": malformed, "));
        vd_look_safe(out, s->fault);
    }
    vd_buf_byte(out, '\n');
}

static void put_elements(vd_buf *out, const vd_look *look, const vd_story *story, const vd_statement_trace *s,
                         uint32_t indent)
{
    for (size_t i = 0; i < s->element_count; i++)
        put_element(out, look, story, s->elements[i], indent);
}

static void put_statement_story(vd_buf *out, const vd_look *look, const vd_story *story, const vd_statement_trace *s,
                                uint32_t indent)
{
    put_statement_title(out, look, s, indent);
    put_elements(out, look, story, s, indent + 2);
}

static vd_tone tone_of(int32_t result)
{
    switch (result) {
    case VD_LAYER_ALLOWS:
    case VD_LAYER_FULL:
        return VD_TONE_GOOD;
    case VD_LAYER_DENIES:
    case VD_LAYER_BROKEN:
        return VD_TONE_BAD;
    case VD_LAYER_SILENT:
        return VD_TONE_CARE;
    default:
        return VD_TONE_FAINT;
    }
}

/* What a layer said: the statements that applied, and what is to be said about it; from this column on. */
static void put_layer_what(vd_buf *out, const vd_look *look, const vd_layer_trace *l, uint32_t column)
{
    size_t applied = 0;

    for (size_t i = 0; i < l->statement_count; i++) {
        const vd_statement_trace *s = l->statements[i];

        if (!s->applied || (l->result == VD_LAYER_DENIES && !s->deny))
            continue;
        if (applied++ == 3) {
            vd_buf_add(out, VD_S(", ..."));
            break;
        }
        if (applied > 1)
            vd_buf_add(out, VD_S(", "));
        put_statement(out, look, s->sid, s->index, s->at);
    }
    if (l->remark.n == 0)
        return;
    if (applied) {
        vd_buf_byte(out, '\n');
        vd_look_pad(out, column);
    }
    vd_look_wrap(out, look, column, column, l->remark);
}

static bool has_levels(vd_layer layer)
{
    return layer == VD_LAYER_SCP || layer == VD_LAYER_RCP;
}

static void put_layer_name(vd_buf *out, const vd_layer_trace *l)
{
    vd_buf_printf(out, "%s", vd_layer_name(l->layer));
    if (has_levels(l->layer) && l->result != VD_LAYER_NOT_SUPPLIED) {
        vd_buf_byte(out, ' ');
        vd_word_level(out, l->level, l->target);
    }
}

static uint32_t widest_layer(vd_buf *out, const vd_check_trace *c)
{
    uint32_t widest = 0;

    for (size_t i = 0; i < c->layer_count; i++) {
        vd_buf   name = vd_buf_on(out->alloc, 0);
        uint32_t columns;

        put_layer_name(&name, c->layers[i]);
        columns = vd_look_columns(vd_buf_str(&name));
        widest = columns > widest ? columns : widest;
        vd_buf_done(&name);
    }
    return widest;
}

static void put_layers(vd_buf *out, const vd_look *look, const vd_check_trace *c)
{
    uint32_t width = widest_layer(out, c);
    bool     missing = false;

    heading(out, look, "layers");
    for (size_t i = 0; i < c->layer_count; i++) {
        const vd_layer_trace *l = c->layers[i];
        vd_str                result = vd_str_of(vd_word_result(l->result));
        vd_buf                name = vd_buf_on(out->alloc, 0);

        if (l->result == VD_LAYER_NOT_SUPPLIED && l->remark.n == 0) {
            missing = true;
            continue;
        }
        put_layer_name(&name, l);
        vd_look_pad(out, INDENT);
        vd_buf_add(out, vd_buf_str(&name));
        vd_look_pad(out, width - vd_look_columns(vd_buf_str(&name)) + 2);
        out->failed |= name.failed;
        vd_buf_done(&name);
        vd_look_put(out, look, tone_of(l->result), result);
        vd_look_pad(out, result.n < 9 ? 9 - (uint32_t)result.n : 1);
        put_layer_what(out, look, l, INDENT + width + 2 + 9);
        vd_buf_byte(out, '\n');
    }
    if (missing) {
        bool first = true;

        vd_look_pad(out, INDENT);
        vd_look_tone(out, look, VD_TONE_FAINT);
        vd_buf_add(out, VD_S("not supplied: "));
        for (size_t i = 0; i < c->layer_count; i++)
            if (c->layers[i]->result == VD_LAYER_NOT_SUPPLIED && c->layers[i]->remark.n == 0) {
                vd_buf_printf(out, "%s%s", first ? "" : ", ", vd_layer_name(c->layers[i]->layer));
                first = false;
            }
        vd_look_tone(out, look, VD_TONE_PLAIN);
        vd_buf_byte(out, '\n');
    }
}

static void put_reasons(vd_buf *out, const vd_look *look, const vd_story *story, const vd_check_trace *c)
{
    if (c->reason_count == 0)
        return;
    heading(out, look, c->decision.outcome == VD_ALLOW ? "it rests on" : "why");
    for (size_t i = 0; i < c->reason_count; i++) {
        const vd_reason *r = c->reasons[i];
        vd_buf           text = vd_buf_on(out->alloc, 0);

        if (r->text.n == 0 && r->statement) { /* what an allow rests on */
            vd_look_pad(out, INDENT);
            vd_buf_printf(out, "%-12s", vd_layer_name(r->layer));
            put_statement_title(out, look, r->statement, 0);
            vd_buf_done(&text);
            continue;
        }
        if (i > 0 && c->reasons[i - 1]->one_of)
            vd_buf_add(&text, VD_S("or: "));
        if (r->text.n)
            vd_buf_add(&text, r->text);
        else
            vd_buf_printf(&text, "%s", vd_layer_name(r->layer));
        if (has_levels(r->layer)) {
            vd_buf_add(&text, VD_S(" ("));
            vd_word_level(&text, r->level, r->target);
            vd_buf_byte(&text, ')');
        }
        paragraph(out, look, INDENT, vd_buf_str(&text));
        out->failed |= text.failed;
        vd_buf_done(&text);
        if (r->statement && r->statement->deny && r->statement->applied)
            put_statement_story(out, look, story, r->statement, INDENT + 2);
        else if (r->statement)
            put_statement_title(out, look, r->statement, INDENT + 2);
    }
}

static void put_all_statements(vd_buf *out, const vd_look *look, const vd_story *story, const vd_check_trace *c)
{
    heading(out, look, "every statement");
    for (size_t i = 0; i < c->layer_count; i++)
        for (size_t j = 0; j < c->layers[i]->statement_count; j++) {
            vd_look_pad(out, INDENT);
            vd_buf_printf(out, "%-12s", vd_layer_name(c->layers[i]->layer));
            put_statement_title(out, look, c->layers[i]->statements[j], 0);
            put_elements(out, look, story, c->layers[i]->statements[j], INDENT + 2);
        }
}

static void put_notes(vd_buf *out, const vd_look *look, const vd_check_trace *c)
{
    bool first = true;

    for (size_t i = 0; i < c->note_count; i++) {
        if (vd_str_starts(c->notes[i], VD_S("missing-key"))) /* the keys themselves come at the end */
            continue;
        if (first)
            heading(out, look, "notes");
        first = false;
        paragraph(out, look, INDENT, c->notes[i]);
    }
}

static void put_check(vd_buf *out, const vd_look *look, const vd_story *story, const vd_check_trace *c)
{
    put_reasons(out, look, story, c);
    put_layers(out, look, c);
    if (c->near_miss && c->decision.outcome != VD_ALLOW && !story->verbose) {
        heading(out, look, "closest statement");
        put_statement_story(out, look, story, c->near_miss, INDENT);
        if (vd_word_meant(c)) {
            heading(out, look, "about this call, but for its conditions");
            put_statement_story(out, look, story, vd_word_meant(c), INDENT);
        }
    }
    if (story->verbose)
        put_all_statements(out, look, story, c);
    put_notes(out, look, c);
}

static void put_proposals(vd_buf *out, const vd_look *look, const vd_explained *x)
{
    if (x->to_allow_count == 0)
        return;
    heading(out, look, "what would allow it");
    for (size_t i = 0; i < x->to_allow_count; i++) {
        const vd_proposal *p = x->to_allow[i];

        for (size_t j = 0; j < p->change_count; j++) {
            if (j == 0)
                vd_buf_printf(out, "%*zu. ", INDENT + 1, i + 1);
            else
                vd_buf_add(out, VD_S("     and "));
            vd_look_wrap(out, look, j ? 9 : 5, 5, p->changes[j]->text);
            vd_buf_byte(out, '\n');
        }
        if (p->weakens_guardrail)
            paragraph(out, look, 5, VD_S("(weakens a guard-rail: think twice, and ask its owner)"));
    }
}

static void put_facts(vd_buf *out, const vd_look *look, const vd_story *story)
{
    const vd_explained *x = story->explained;

    if (x->missing_key_count) {
        vd_buf_byte(out, '\n');
        vd_look_pad(out, INDENT);
        put_missing(out, x->missing_keys, x->missing_key_count);
        vd_buf_add(out, VD_S("; with them the answer could differ\n"));
    }
    if (story->now.n) {
        vd_look_tone(out, look, VD_TONE_FAINT);
        vd_buf_printf(out, "\n  aws:CurrentTime was taken from the clock: " VD_F "\n", VD_A(story->now));
        vd_look_tone(out, look, VD_TONE_PLAIN);
    }
}

void vd_render_story_text(vd_buf *out, const vd_look *look, const vd_story *story)
{
    const vd_explained *x = story->explained;

    if (story->title.n) {
        vd_look_put(out, look, VD_TONE_MARK, story->title);
        vd_buf_byte(out, '\n');
    }
    put_answer(out, look, &x->decision);
    vd_look_pad(out, allows(&x->decision) ? 2 : 3);
    vd_look_put(out, look, VD_TONE_STRONG, story->answer.action);
    vd_buf_add(out, VD_S(" on "));
    vd_look_put(out, look, VD_TONE_STRONG, story->answer.resource);
    vd_buf_byte(out, '\n');
    put_doubts(out, look, &story->answer);
    if (x->message.n) {
        vd_buf_byte(out, '\n');
        paragraph(out, look, INDENT, x->message);
    }
    if (x->guardrail.n) {
        vd_buf_byte(out, '\n');
        paragraph(out, look, INDENT, x->guardrail);
    }
    for (size_t i = 0; i < x->check_count; i++) {
        const vd_check_trace *c = x->checks[i];

        if (x->check_count > 1) {
            vd_buf_byte(out, '\n');
            vd_look_tone(out, look, VD_TONE_STRONG);
            vd_buf_printf(out, "check %zu of %zu: ", i + 1, x->check_count);
            vd_look_tone(out, look, VD_TONE_PLAIN);
            put_answer(out, look, &c->decision);
            vd_buf_byte(out, ' ');
            vd_look_safe(out, c->action);
            vd_buf_add(out, VD_S(" on "));
            vd_look_safe(out, c->resource);
            vd_buf_byte(out, '\n');
        }
        put_check(out, look, story, c);
    }
    put_proposals(out, look, x);
    put_facts(out, look, story);
}
