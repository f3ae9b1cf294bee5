/* SPDX-License-Identifier: Apache-2.0
 *
 * The story as Markdown, for a comment on a pull request or a ticket.  All text from outside stands in code spans.
 */
#include "base/str.h"
#include "render/escape.h"
#include "render/render.h"

static void code(vd_buf *out, vd_str text)
{
    vd_put_code(out, text, false);
}

static void statement_in(vd_buf *out, vd_str sid, uint32_t index, vd_pos at, bool table)
{
    vd_buf name = vd_buf_on(out->alloc, 0), place = vd_buf_on(out->alloc, 0);

    vd_word_statement(&name, sid, index);
    vd_render_at(&place, at);
    vd_put_code(out, vd_buf_str(&name), table);
    vd_buf_add(out, VD_S(" at "));
    vd_put_code(out, vd_buf_str(&place), table);
    out->failed |= name.failed | place.failed;
    vd_buf_done(&name);
    vd_buf_done(&place);
}

static void statement(vd_buf *out, vd_str sid, uint32_t index, vd_pos at)
{
    statement_in(out, sid, index, at, false);
}

static void layers(vd_buf *out, const vd_check_trace *c)
{
    vd_buf_add(out, VD_S("\n| layer | result | by |\n| --- | --- | --- |\n"));
    for (size_t i = 0; i < c->layer_count; i++) {
        const vd_layer_trace *l = c->layers[i];
        bool                  first = true;

        if (l->result == VD_LAYER_NOT_SUPPLIED && l->remark.n == 0)
            continue;
        vd_buf_printf(out, "| %s", vd_layer_name(l->layer));
        if (l->layer == VD_LAYER_SCP || l->layer == VD_LAYER_RCP) {
            vd_buf level = vd_buf_on(out->alloc, 0);

            vd_word_level(&level, l->level, l->target);
            vd_buf_byte(out, ' ');
            vd_put_code(out, vd_buf_str(&level), true);
            out->failed |= level.failed;
            vd_buf_done(&level);
        }
        vd_buf_printf(out, " | %s | ", vd_word_result(l->result));
        for (size_t j = 0; j < l->statement_count; j++) {
            const vd_statement_trace *s = l->statements[j];

            if (!s->applied || (l->result == VD_LAYER_DENIES && !s->deny))
                continue;
            vd_buf_add(out, first ? VD_S("") : VD_S(", "));
            first = false;
            statement_in(out, s->sid, s->index, s->at, true);
        }
        if (l->remark.n) {
            vd_buf_add(out, first ? VD_S("") : VD_S("; "));
            vd_put_markdown(out, l->remark);
        }
        vd_buf_add(out, VD_S(" |\n"));
    }
}

static void elements(vd_buf *out, const vd_statement_trace *s)
{
    for (size_t i = 0; i < s->element_count; i++) {
        vd_buf text = vd_buf_on(out->alloc, 0);

        vd_word_element_text(&text, s->elements[i]);
        vd_buf_add(out, s->elements[i]->matched ? VD_S("  - yes: ") : VD_S("  - **no**: "));
        vd_put_markdown(out, vd_buf_str(&text));
        vd_buf_byte(out, '\n');
        out->failed |= text.failed;
        vd_buf_done(&text);
    }
}

static void check(vd_buf *out, const vd_story *story, const vd_check_trace *c)
{
    if (c->reason_count)
        vd_buf_add(out, c->decision.outcome == VD_ALLOW ? VD_S("\n#### It rests on\n\n") : VD_S("\n#### Why\n\n"));
    for (size_t i = 0; i < c->reason_count; i++) {
        const vd_reason *r = c->reasons[i];

        vd_buf_add(out, i > 0 && c->reasons[i - 1]->one_of ? VD_S("- or: ") : VD_S("- "));
        vd_put_markdown(out, r->text.n ? r->text : vd_str_of(vd_layer_name(r->layer)));
        if (r->statement) {
            vd_buf_add(out, VD_S(": "));
            statement(out, r->statement->sid, r->statement->index, r->statement->at);
        }
        vd_buf_byte(out, '\n');
        if (r->statement && r->statement->deny)
            elements(out, r->statement);
    }
    vd_buf_add(out, VD_S("\n#### Layers\n"));
    layers(out, c);
    if (c->near_miss && c->decision.outcome != VD_ALLOW) {
        vd_buf_add(out, VD_S("\n#### Closest statement\n\n- "));
        statement(out, c->near_miss->sid, c->near_miss->index, c->near_miss->at);
        vd_buf_byte(out, '\n');
        elements(out, c->near_miss);
        if (vd_word_meant(c)) {
            vd_buf_add(out, VD_S("\n#### About this call, but for its conditions\n\n- "));
            statement(out, vd_word_meant(c)->sid, vd_word_meant(c)->index, vd_word_meant(c)->at);
            vd_buf_byte(out, '\n');
            elements(out, vd_word_meant(c));
        }
    }
    if (story->verbose) {
        vd_buf_add(out, VD_S("\n#### Every statement\n\n"));
        for (size_t i = 0; i < c->layer_count; i++)
            for (size_t j = 0; j < c->layers[i]->statement_count; j++) {
                const vd_statement_trace *s = c->layers[i]->statements[j];

                vd_buf_printf(out, "- %s %s ", vd_layer_name(s->layer), s->deny ? "Deny" : "Allow");
                statement(out, s->sid, s->index, s->at);
                vd_buf_byte(out, '\n');
                elements(out, s);
            }
    }
    for (size_t i = 0; i < c->note_count; i++) {
        vd_buf_add(out, i ? VD_S("- ") : VD_S("\n#### Notes\n\n- "));
        vd_put_markdown(out, c->notes[i]);
        vd_buf_byte(out, '\n');
    }
}

static void proposals(vd_buf *out, const vd_explained *x)
{
    if (x->to_allow_count)
        vd_buf_add(out, VD_S("\n#### What would allow it\n\n"));
    for (size_t i = 0; i < x->to_allow_count; i++) {
        const vd_proposal *p = x->to_allow[i];

        vd_buf_printf(out, "%zu. ", i + 1);
        for (size_t j = 0; j < p->change_count; j++) {
            vd_buf_add(out, j ? VD_S("; and ") : VD_S(""));
            vd_put_markdown(out, p->changes[j]->text);
        }
        if (p->weakens_guardrail)
            vd_buf_add(out, VD_S(" (weakens a guard-rail)"));
        vd_buf_byte(out, '\n');
    }
}

void vd_render_story_markdown(vd_buf *out, const vd_story *story)
{
    const vd_explained *x = story->explained;

    if (story->title.n) {
        vd_buf_add(out, VD_S("## "));
        vd_put_markdown(out, story->title);
        vd_buf_add(out, VD_S("\n\n"));
    }
    vd_buf_printf(out, "### %s ", x->decision.outcome == VD_ALLOW ? "Allowed:" : "Denied:");
    code(out, story->answer.action);
    vd_buf_add(out, VD_S(" on "));
    code(out, story->answer.resource);
    vd_buf_byte(out, '\n');
    for (uint32_t i = 0; i < story->answer.note_count; i++) {
        vd_buf_add(out, i ? VD_S("- but ") : VD_S("\n- but "));
        vd_put_markdown(out, story->answer.notes[i].text);
        vd_buf_byte(out, '\n');
    }
    if (x->message.n) {
        vd_buf_add(out, VD_S("\n> "));
        vd_put_markdown(out, x->message);
        vd_buf_byte(out, '\n');
    }
    if (x->guardrail.n) {
        vd_buf_add(out, VD_S("\n"));
        vd_put_markdown(out, x->guardrail);
        vd_buf_byte(out, '\n');
    }
    for (size_t i = 0; i < x->check_count; i++) {
        if (x->check_count > 1) {
            vd_buf_printf(out, "\n### Check %zu of %zu: %s, ", i + 1, x->check_count,
                          x->checks[i]->decision.outcome == VD_ALLOW ? "allowed" : "denied");
            code(out, x->checks[i]->action);
            vd_buf_add(out, VD_S(" on "));
            code(out, x->checks[i]->resource);
            vd_buf_byte(out, '\n');
        }
        check(out, story, x->checks[i]);
    }
    proposals(out, x);
    if (x->missing_key_count) {
        vd_buf_add(out, VD_S("\nNot in the request, and with them the answer could differ: "));
        for (size_t i = 0; i < x->missing_key_count; i++) {
            vd_buf_add(out, i ? VD_S(", ") : VD_S(""));
            code(out, x->missing_keys[i]);
        }
        vd_buf_byte(out, '\n');
    }
    if (story->now.n)
        vd_buf_printf(out, "\n`aws:CurrentTime` was taken from the clock: %.*s\n", VD_A(story->now));
}
