/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies.  The first byte chooses the kind, the rest is the document.  Whatever is read
 *   - is told alike with and without diagnostics, and its spans lie within the text;
 *   - printed as canonical JSON and read again is the same model, and prints the same;
 *   - standing in another document, or in a string of one, is the same model at the same places.
 */
#include "fuzz.h"

#include "base/engine.h"
#include "base/str.h"
#include "policy/policy.h"
#include "policy/write.h"

static vd_engine *engine(void)
{
    static vd_engine *e; /* one for all runs */

    if (!e)
        vd_engine_new(&e, NULL, NULL);
    fuzz_check(e, "no engine");
    return e;
}

static void check_texts(const vd_texts *a, const vd_texts *b)
{
    fuzz_check(a->count == b->count, "%u texts, then %u", (unsigned)a->count, (unsigned)b->count);
    for (uint32_t i = 0; i < a->count; i++)
        fuzz_check(vd_str_eq(a->at[i].text, b->at[i].text), "text %u", (unsigned)i);
}

static void check_list(const vd_list *a, const vd_list *b)
{
    fuzz_check(a->present == b->present && a->negated == b->negated, "another list");
    check_texts(&a->texts, &b->texts);
}

/* Entries of one type keep their order; canonical JSON sorts the types. */
static void check_principals(const vd_principals *a, const vd_principals *b)
{
    fuzz_check(a->present == b->present, "present");
    if (!a->present)
        return;
    fuzz_check(a->negated == b->negated && a->count == b->count, "other principals");
    for (uint8_t type = 0; type <= VD_PRINCIPAL_STAR; type++) {
        uint32_t k = 0;

        for (uint32_t i = 0; i < a->count; i++) {
            if (a->at[i].type != type)
                continue;
            while (k < b->count && b->at[k].type != type)
                k++;
            fuzz_check(k < b->count && vd_str_eq(a->at[i].text.text, b->at[k].text.text), "principal %u",
                       (unsigned)i);
            k++;
        }
    }
}

static void check_statement(const vd_statement *a, const vd_statement *b)
{
    fuzz_check(a->malformed == b->malformed, "statement %u is malformed, or not", (unsigned)a->index);
    fuzz_check(a->effect == b->effect && a->has_sid == b->has_sid, "effect, Sid");
    fuzz_check(vd_str_eq(a->sid.text, b->sid.text), "Sid");
    fuzz_check(vd_str_eq(a->fault, b->fault), "fault");
    if (a->malformed)
        return; /* how much of it was read is not promised */
    check_list(&a->action, &b->action);
    check_list(&a->resource, &b->resource);
    check_principals(&a->principal, &b->principal);
    fuzz_check(a->has_condition == b->has_condition && a->entry_count == b->entry_count, "conditions");
    for (uint32_t i = 0; i < a->entry_count; i++) {
        const vd_entry *x = &a->entries[i], *y = &b->entries[i];

        fuzz_check(x->op.op == y->op.op && x->op.quantifier == y->op.quantifier &&
                       x->op.if_exists == y->op.if_exists,
                   "operator %u", (unsigned)i);
        fuzz_check(x->op.op, "entry %u of a good statement has no operator", (unsigned)i);
        fuzz_check(vd_str_eq(x->key.text, y->key.text), "key %u", (unsigned)i);
        check_texts(&x->values, &y->values);
    }
}

static void check_same(const vd_policy *a, const vd_policy *b)
{
    fuzz_check(a->kind == b->kind && a->language == b->language, "kind, language");
    fuzz_check(a->has_id == b->has_id && vd_str_eq(a->id, b->id), "Id");
    fuzz_check(a->statement_count == b->statement_count, "statements");
    for (uint32_t i = 0; i < a->statement_count; i++)
        check_statement(&a->statements[i], &b->statements[i]);
}

static void check_span(const vd_policy *p, vd_span span, char first)
{
    fuzz_check(span.offset <= p->source.text.n && span.length <= p->source.text.n - span.offset,
               "a span outside");
    fuzz_check(!first || (span.length && p->source.text.p[span.offset] == first),
               "span does not begin with %c", first);
}

static void check_spans(const vd_policy *p)
{
    for (uint32_t i = 0; i < p->statement_count; i++) {
        const vd_statement *st = &p->statements[i];

        check_span(p, st->span, '{');
        check_span(p, st->effect_span, '"');
        check_span(p, st->fault_span, 0);
        for (uint32_t k = 0; k < st->action.texts.count; k++)
            check_span(p, st->action.texts.at[k].span, '"');
        for (uint32_t k = 0; k < st->resource.texts.count; k++)
            check_span(p, st->resource.texts.at[k].span, '"');
        for (uint32_t k = 0; k < st->principal.count; k++)
            check_span(p, st->principal.at[k].text.span, '"');
        for (uint32_t k = 0; k < st->entry_count; k++) {
            check_span(p, st->entries[k].operator_name.span, '"');
            check_span(p, st->entries[k].key.span, '"');
            check_span(p, st->entries[k].value, 0);
        }
    }
}

static void check_round_trip(const vd_policy *p)
{
    vd_buf     first = vd_buf_on(&engine()->alloc, 0), second = vd_buf_on(&engine()->alloc, 0);
    vd_policy *again = NULL;
    vd_error   err = { .size = sizeof err };

    fuzz_check(vd_policy_write(&first, p) == VD_OK, "cannot be printed");
    fuzz_check(vd_policy_parse(&again, engine(), p->kind, VD_S("canonical"), vd_buf_str(&first), NULL,
                               &err) == VD_OK,
               "canonical JSON is refused: %s: %.*s", err.text, (int)first.n, first.p);
    check_same(p, again);
    fuzz_check(vd_policy_write(&second, again) == VD_OK, "cannot be printed again");
    fuzz_check(vd_str_eq(vd_buf_str(&first), vd_buf_str(&second)), "printed otherwise:\n%.*s\n%.*s",
               (int)first.n, first.p, (int)second.n, second.p);
    vd_policy_release(again);
    vd_buf_done(&first);
    vd_buf_done(&second);
}

typedef struct around {
    vd_arena  arena;
    vd_source source;
    vd_doc    doc;
} around;

/* False: deeper than the limit now. */
static bool open_around(around *a, const vd_buf *text)
{
    *a = (around){ .arena = vd_arena_on(&engine()->alloc, 0) };
    a->source = (vd_source){ .name = VD_S("around"), .text = vd_buf_str(text) };
    return vd_json_read(&a->doc, &a->arena, &a->source, &engine()->limits, NULL, NULL, NULL) == VD_OK;
}

static void check_places(const vd_policy *p, const vd_policy *moved, uint32_t lines, uint32_t columns)
{
    for (uint32_t i = 0; i < p->statement_count; i++) {
        vd_pos x = vd_policy_pos(p, p->statements[i].span),
               y = vd_policy_pos(moved, moved->statements[i].span);

        fuzz_check(y.line == x.line + lines && y.column == x.column + (x.line == 1 ? columns : 0),
                   "statement %u stands at %u:%u, was at %u:%u", (unsigned)i, (unsigned)y.line,
                   (unsigned)y.column, (unsigned)x.line, (unsigned)x.column);
    }
}

static void check_within_json(const vd_policy *p, vd_str text)
{
    vd_buf     b = vd_buf_on(&engine()->alloc, 0);
    vd_policy *q = NULL;
    around     a;

    vd_buf_add(&b, VD_S("[1,\n  "));
    vd_buf_add(&b, text);
    vd_buf_byte(&b, ']');
    if (open_around(&a, &b)) {
        fuzz_check(vd_policy_read(&q, engine(), p->kind, VD_S("q"), &a.doc, 2, NULL, NULL) == VD_OK,
                   "refused within JSON");
        vd_arena_done(&a.arena);
        memset(b.p, '\n', b.n);
        check_same(p, q);
        check_spans(q);
        check_places(p, q, 1, 2);
    }
    vd_arena_done(&a.arena);
    vd_policy_release(q);
    vd_buf_done(&b);
}

static void check_within_string(const vd_policy *p, vd_str text)
{
    vd_buf     b = vd_buf_on(&engine()->alloc, 0);
    vd_policy *q = NULL;
    vd_source *inner = NULL;
    vd_doc     doc = { 0 };
    around     a;

    vd_json_of_string(&b, text);
    if (open_around(&a, &b)) {
        fuzz_check(vd_doc_inner(&inner, &a.arena, &a.doc, 0, NULL) == VD_OK, "no inner text");
        fuzz_check(vd_str_eq(inner->text, text), "the inner text is another");
        fuzz_check(vd_json_read(&doc, &a.arena, inner, &engine()->limits, NULL, NULL, NULL) == VD_OK,
                   "refused");
        fuzz_check(vd_policy_read(&q, engine(), p->kind, VD_S("q"), &doc, 0, NULL, NULL) == VD_OK,
                   "refused in a string");
        vd_arena_done(&a.arena);
        check_same(p, q);
        check_spans(q);
        for (uint32_t i = 0; i < q->statement_count; i++) {
            vd_pos at = vd_policy_pos(q, q->statements[i].span);

            fuzz_check(at.line == 1 && at.offset < b.n && b.p[at.offset] == '{', "not at the statement");
        }
    }
    vd_arena_done(&a.arena);
    vd_policy_release(q);
    vd_buf_done(&b);
}

static void check_diagnostics(const vd_diags *notes, vd_str text)
{
    for (size_t i = 0; i < vd_diags_count(notes); i++) {
        const vd_diag *d = vd_diags_at(notes, i);

        fuzz_check(d->at.offset <= text.n && d->at.line && d->at.column, "a diagnostic outside the text");
        fuzz_check(d->text.n && d->rule.n, "an empty diagnostic");
        for (size_t k = 0; k < d->text.n; k++)
            fuzz_check((unsigned char)d->text.p[k] >= 0x20, "a control character in a diagnostic");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_str     text;
    vd_kind    kind;
    vd_diags  *notes = NULL;
    vd_policy *p = NULL, *quiet = NULL;
    vd_error   err = { .size = sizeof err };
    vd_code    code;

    if (size < 1)
        return 0;
    kind = data[0] % VD_KIND_COUNT;
    text = (vd_str){ (const char *)data + 1, size - 1 };
    fuzz_check(vd_diags_new(&notes, engine(), NULL) == VD_OK, "no memory");
    code = vd_policy_parse(&p, engine(), kind, VD_S("p"), text, notes, &err);
    fuzz_check(vd_policy_parse(&quiet, engine(), kind, VD_S("p"), text, NULL, NULL) == code,
               "depends on diagnostics");
    check_diagnostics(notes, text);
    if (code != VD_OK) {
        fuzz_check(!p && err.code == code && err.text[0], "fails without a word");
        fuzz_check(code == VD_ELIMIT || vd_diags_worst(notes) == VD_ERROR, "fails without an error: %s",
                   err.text);
    } else {
        check_same(p, quiet);
        check_spans(p);
        check_round_trip(p);
        check_within_json(p, text);
        check_within_string(p, text);
        vd_policy_is_public(p);
    }
    vd_policy_release(p);
    vd_policy_release(quiet);
    vd_diags_free(notes);
    return 0;
}
