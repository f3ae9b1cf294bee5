/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies: what is accepted and what is told about the rest.  corpus/documents/reject holds one fault a file with the
 * diagnostics beside it; VERDICT_TEST_UPDATE=1 writes those anew (read the difference before you commit it).
 */
#include "policy_files.h"

#include "policy/rules.h"
#include "text/doc.h"

#include <time.h>

static char *in_source(char *out, size_t size, const char *path)
{
    const char *root = getenv("VD_SOURCE_ROOT");

    snprintf(out, size, "%s/%s", root ? root : ".", path);
    return out;
}

/* ---- chapter 9.6 ---- */

static vd_kind kind_of_row(vd_str type)
{
    return vd_str_eq(type, VD_S("inline")) ? VD_KIND_IDENTITY : vd_kind_find(type);
}

static void check_row(const vd_engine *e, const vd_doc *row)
{
    vd_str     id = vd_doc_text(row, vd_doc_member(row, 0, VD_S("id")));
    vd_str     text = vd_doc_text(row, vd_doc_member(row, 0, VD_S("doc")));
    vd_kind    kind = kind_of_row(vd_doc_text(row, vd_doc_member(row, 0, VD_S("type"))));
    bool       ok = vd_str_eq(vd_doc_text(row, vd_doc_member(row, 0, VD_S("want"))), VD_S("ok"));
    vd_diags  *notes = NULL;
    vd_policy *p = NULL;
    vd_error   err = { .size = sizeof err };

    assert_int_equal(vd_diags_new(&notes, e, NULL), VD_OK);
    assert_true(kind >= 0);
    vd_policy_parse(&p, e, kind, id, text, notes, &err);
    if (ok != (vd_diags_worst(notes) < VD_ERROR))
        fail_msg(VD_F ": wanted %s, worst severity is %d", VD_A(id), ok ? "ok" : "a reject",
                 vd_diags_worst(notes));
    if (ok)
        assert_non_null(p);
    vd_policy_release(p);
    vd_diags_free(notes);
}

static void grammar_rows(void **state)
{
    char       path[4096];
    vd_engine *e = engine_of_tests();
    vd_str file = file_of(in_source(path, sizeof path, "corpus/documents/grammar.jsonl")), rest = file, line;
    size_t rows = 0;

    VD_UNUSED(state);
    while (vd_str_cut(&rest, '\n', &line)) {
        vd_arena  arena = vd_arena_on(vd_allocator_default(), 0);
        vd_source source = { .name = VD_S("grammar.jsonl"), .text = line };
        vd_doc    row = { 0 };

        assert_int_equal(vd_json_read(&row, &arena, &source, &e->limits, NULL, NULL, NULL), VD_OK);
        check_row(e, &row);
        vd_arena_done(&arena);
        rows++;
    }
    assert_true(rows >= 35);
    vd_file_free(vd_allocator_default(), file);
    vd_engine_release(e);
}

/* ---- documents ---- */

typedef struct parsed {
    vd_policy *policy;
    vd_diags  *notes;
    vd_code    code;
    vd_error   err;
} parsed;

static parsed parse(const vd_engine *e, vd_kind kind, const char *name, vd_str text)
{
    parsed p = { .err = { .size = sizeof p.err } };

    assert_int_equal(vd_diags_new(&p.notes, e, NULL), VD_OK);
    p.code = vd_policy_parse(&p.policy, e, kind, vd_str_of(name), text, p.notes, &p.err);
    assert_true((p.code == VD_OK) == (p.policy != NULL));
    return p;
}

static void parsed_done(parsed *p)
{
    vd_policy_release(p->policy);
    vd_diags_free(p->notes);
}

static bool updating(void)
{
    const char *v = getenv("VERDICT_TEST_UPDATE");

    return v && v[0] == '1';
}

/* A call that fails says so behind the diagnostics; a policy says which statements are malformed. */
static void add_outcome(vd_buf *out, const parsed *p)
{
    if (p->code != VD_OK) {
        vd_buf_printf(out, "fails: %s at " VD_F ":%u:%u: %s\n", vd_code_name(p->code), VD_A(p->err.at.file),
                      (unsigned)p->err.at.line, (unsigned)p->err.at.column, p->err.text);
        return;
    }
    for (uint32_t i = 0; i < p->policy->statement_count; i++)
        if (p->policy->statements[i].malformed) {
            vd_pos at = vd_policy_pos(p->policy, p->policy->statements[i].fault_span);

            vd_buf_printf(out, "statement %u is malformed at %u:%u: " VD_F "\n", (unsigned)i + 1,
                          (unsigned)at.line, (unsigned)at.column, VD_A(p->policy->statements[i].fault));
        }
}

static bool compare(const char *path, vd_str got)
{
    vd_str wanted = { 0 };
    bool   same;

    if (updating()) {
        assert_int_equal(vd_file_write(path, got, NULL), VD_OK);
        return true;
    }
    wanted = file_of(path);
    same = vd_str_eq(got, wanted);
    if (!same)
        fprintf(stderr, "%s:\n--- wanted\n" VD_F "--- got\n" VD_F, path, VD_A(wanted), VD_A(got));
    vd_file_free(vd_allocator_default(), wanted);
    return same;
}

static void over_folder(const char *folder,
                        bool (*check)(const vd_engine *e, const char *path, const char *name), size_t least)
{
    char       path[4096], file[8192];
    vd_engine *e = engine_of_tests();
    names      all = names_in(in_source(path, sizeof path, folder), ".json");
    size_t     bad = 0;

    assert_true(all.count >= least);
    for (size_t i = 0; i < all.count; i++) {
        snprintf(file, sizeof file, "%s/%s", path, all.at[i]);
        bad += !check(e, file, all.at[i]);
    }
    names_done(&all);
    vd_engine_release(e);
    assert_int_equal(bad, 0);
}

/* Diagnostics and outcome are those of the file beside it. */
static bool is_told(const char *path, const parsed *p)
{
    char   expect[8300];
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);
    bool   good;

    add_diagnostics(&out, p->notes);
    add_outcome(&out, p);
    snprintf(expect, sizeof expect, "%.*s.expect", (int)(strlen(path) - 5), path);
    good = compare(expect, vd_buf_str(&out));
    vd_buf_done(&out);
    return good;
}

static bool check_reject(const vd_engine *e, const char *path, const char *name)
{
    vd_str text = file_of(path);
    parsed p = parse(e, kind_in_name(name), name, text);
    bool   good = vd_diags_worst(p.notes) == VD_ERROR || p.code == VD_ELIMIT;

    if (!good)
        fprintf(stderr, "%s: not rejected\n", name);
    good = is_told(path, &p) && good;
    parsed_done(&p);
    vd_file_free(vd_allocator_default(), text);
    return good;
}

static void rejects(void **state)
{
    VD_UNUSED(state);
    over_folder("corpus/documents/reject", check_reject, 80);
}

/* Taken, and yet something is said about it (E126). */
static bool check_advise(const vd_engine *e, const char *path, const char *name)
{
    vd_str text = file_of(path);
    parsed p = parse(e, kind_in_name(name), name, text);
    bool   good = p.code == VD_OK && vd_diags_count(p.notes) > 0 && vd_diags_worst(p.notes) < VD_ERROR;

    for (size_t i = 0; i < vd_diags_count(p.notes); i++)
        good = good && vd_rule_is_advice(vd_diags_at(p.notes, i)->rule);
    if (!good)
        fprintf(stderr, "%s: not taken, or not advised\n", name);
    good = is_told(path, &p) && good;
    parsed_done(&p);
    vd_file_free(vd_allocator_default(), text);
    return good;
}

static void advises(void **state)
{
    VD_UNUSED(state);
    over_folder("corpus/documents/advise", check_advise, 8);
}

/* Same model: everything but the spans. */
static void check_same_texts(const vd_texts *a, const vd_texts *b)
{
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++)
        check_str(a->at[i].text, b->at[i].text);
}

static void check_same_statement(const vd_statement *a, const vd_statement *b)
{
    assert_int_equal(a->malformed, b->malformed);
    assert_int_equal(a->effect, b->effect);
    assert_int_equal(a->has_sid, b->has_sid);
    assert_int_equal(a->action.negated, b->action.negated);
    assert_int_equal(a->resource.present, b->resource.present);
    assert_int_equal(a->resource.negated, b->resource.negated);
    assert_int_equal(a->principal.present, b->principal.present);
    assert_int_equal(a->principal.negated, b->principal.negated);
    assert_int_equal(a->principal.count, b->principal.count);
    assert_int_equal(a->entry_count, b->entry_count);
    check_str(a->sid.text, b->sid.text);
    check_same_texts(&a->action.texts, &b->action.texts);
    check_same_texts(&a->resource.texts, &b->resource.texts);
    for (uint32_t i = 0; i < a->entry_count; i++) {
        assert_ptr_equal(a->entries[i].op.op, b->entries[i].op.op);
        check_str(a->entries[i].key.text, b->entries[i].key.text);
        check_same_texts(&a->entries[i].values, &b->entries[i].values);
    }
}

static void check_round_trip(const vd_engine *e, const vd_policy *p)
{
    vd_buf first = vd_buf_on(vd_allocator_default(), 0), second = vd_buf_on(vd_allocator_default(), 0);
    parsed again;

    assert_int_equal(vd_policy_write(&first, p), VD_OK);
    again = parse(e, vd_policy_kind(p), "canonical", vd_buf_str(&first));
    assert_int_equal(again.code, VD_OK);
    assert_int_equal(again.policy->language, p->language);
    assert_int_equal(again.policy->statement_count, p->statement_count);
    for (uint32_t i = 0; i < p->statement_count; i++)
        check_same_statement(&p->statements[i], &again.policy->statements[i]);
    assert_int_equal(vd_policy_write(&second, again.policy), VD_OK);
    check_str(vd_buf_str(&second), vd_buf_str(&first));
    parsed_done(&again);
    vd_buf_done(&first);
    vd_buf_done(&second);
}

static bool check_accept(const vd_engine *e, const char *path, const char *name)
{
    vd_str text = file_of(path);
    parsed p = parse(e, kind_in_name(name), name, text);
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);
    bool   good = p.code == VD_OK && vd_diags_worst(p.notes) < VD_ERROR;

    add_diagnostics(&out, p.notes);
    if (!good)
        fprintf(stderr, "%s: not accepted: %s\n" VD_F, name, p.err.text, VD_A(vd_buf_str(&out)));
    for (uint32_t i = 0; good && i < p.policy->statement_count; i++)
        good = !p.policy->statements[i].malformed;
    if (good)
        check_round_trip(e, p.policy);
    vd_buf_done(&out);
    parsed_done(&p);
    vd_file_free(vd_allocator_default(), text);
    return good;
}

static void accepts(void **state)
{
    VD_UNUSED(state);
    over_folder("corpus/documents/accept", check_accept, 30);
}

/* ---- the managed policies of AWS, when they are at hand ---- */

/* A variable before the fifth colon is an error for us (E312), though AWS has published one. */
static bool has_unknown_error(const vd_diags *notes)
{
    for (size_t i = 0; i < vd_diags_count(notes); i++) {
        const vd_diag *d = vd_diags_at(notes, i);

        if (d->severity == VD_ERROR && !vd_str_eq(d->rule, VD_S("variable-arn-prefix")))
            return true;
    }
    return false;
}

static void managed_policies(void **state)
{
    const char *folder = getenv("VERDICT_TEST_POLICIES");
    vd_engine  *e;
    names       all;
    size_t      bad = 0, bytes = 0;
    clock_t     spent = 0;

    VD_UNUSED(state);
    if (!folder) {
        fprintf(stderr, "VERDICT_TEST_POLICIES names no folder of managed policies: skipped\n");
        skip();
    }
    e = engine_of_tests();
    all = names_in(folder, ".json");
    for (size_t i = 0; i < all.count; i++) {
        char    path[8192];
        vd_str  text;
        parsed  p;
        clock_t begin;

        snprintf(path, sizeof path, "%s/%s", folder, all.at[i]);
        text = file_of(path);
        bytes += text.n;
        begin = clock();
        p = parse(e, VD_KIND_MANAGED, all.at[i], text);
        spent += clock() - begin;
        if (p.code != VD_OK || has_unknown_error(p.notes)) {
            vd_buf out = vd_buf_on(vd_allocator_default(), 0);

            add_diagnostics(&out, p.notes);
            fprintf(stderr, VD_F, VD_A(vd_buf_str(&out)));
            vd_buf_done(&out);
            bad++;
        } else {
            check_round_trip(e, p.policy);
        }
        parsed_done(&p);
        vd_file_free(vd_allocator_default(), text);
    }
    fprintf(stderr, "%zu managed policies, %zu bytes, read in %.1f ms\n", all.count, bytes,
            (double)spent * 1e3 / CLOCKS_PER_SEC);
    names_done(&all);
    vd_engine_release(e);
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grammar_rows), cmocka_unit_test(rejects),          cmocka_unit_test(accepts),
        cmocka_unit_test(advises),      cmocka_unit_test(managed_policies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
