/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines, columns, and texts within texts.
 */
#include "unit.h"

#include "base/limits.h"
#include "text/doc.h"

static void check_pos(vd_pos p, uint32_t line, uint32_t column, uint32_t offset, uint32_t length)
{
    if (p.line != line || p.column != column || p.offset != offset || p.length != length)
        fail_msg("at %u:%u, %u+%u; wanted %u:%u, %u+%u", p.line, p.column, p.offset, p.length, line, column,
                 offset, length);
}

static const vd_source plain = { .name = VD_L("f"),
                                 .text = VD_L("ab\r\nc\xc3\xa9"
                                              "d\n\n\xf0\x9f\x98\x80x") };

static void test_lines(void **state)
{
    VD_UNUSED(state);
    check_pos(vd_source_pos(&plain, (vd_span){ 0, 2 }), 1, 1, 0, 2);
    check_pos(vd_source_pos(&plain, (vd_span){ 3, 1 }), 1, 4, 3, 1);
    check_pos(vd_source_pos(&plain, (vd_span){ 4, 0 }), 2, 1, 4, 0);
    check_pos(vd_source_pos(&plain, (vd_span){ 7, 1 }), 2, 3, 7, 1);
    check_pos(vd_source_pos(&plain, (vd_span){ 9, 0 }), 3, 1, 9, 0);
    check_pos(vd_source_pos(&plain, (vd_span){ 14, 1 }), 4, 2, 14, 1);
    check_pos(vd_source_pos(&plain, (vd_span){ 15, 0 }), 4, 3, 15, 0);
    check_pos(vd_source_pos(&plain, (vd_span){ 99, 5 }), 4, 3, 15, 0);
    check_pos(vd_source_pos(&plain, (vd_span){ 14, UINT32_MAX }), 4, 2, 14, 1);
    check_pos(vd_source_pos(&(vd_source){ .name = VD_S("empty") }, (vd_span){ 0, 0 }), 1, 1, 0, 0);
}

/* The locator says what vd_source_pos says, in whatever order it is asked. */
static void test_locator(void **state)
{
    static const uint32_t order[] = { 0, 1, 3, 4, 4, 7, 9, 10, 14, 15, 2, 15, 0 };
    vd_locator            l = { 0 };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(order); i++) {
        vd_span span = { order[i], 1 };
        vd_pos  wanted = vd_source_pos(&plain, span), got = vd_locator_pos(&l, &plain, span);

        check_pos(got, wanted.line, wanted.column, wanted.offset, wanted.length);
        check_cstr(got.file, "f");
    }
}

typedef struct texts {
    vd_arena  arena;
    vd_limits limits;
    vd_source file;
    vd_doc    doc;
} texts;

static void open_texts(texts *t, vd_str name, vd_str text)
{
    vd_error err = { 0 };

    t->arena = vd_arena_on(vd_allocator_default(), 0);
    t->file = (vd_source){ .name = name, .text = text };
    vd_limits_fill(&t->limits, NULL);
    if (vd_doc_read(&t->doc, &t->arena, &t->file, &t->limits, NULL, NULL, &err) != VD_OK)
        fail_msg("%u:%u: %s", err.at.line, err.at.column, err.text);
}

/* A policy in a string in a string. */
static void test_inner(void **state)
{
    texts      t;
    vd_source *one, *two;
    vd_doc     in_one, in_two;

    VD_UNUSED(state);
    open_texts(&t, VD_S("f.json"),
               VD_S("{\n \"doc\": \"{\\n\\\"d\\u00e9\\\": \\\"[1,\\\\\\\"\xc3\xa9\\\\\\\",22]\\\"}\"}"));
    assert_int_equal(vd_doc_inner(&one, &t.arena, &t.doc, vd_doc_member(&t.doc, 0, VD_S("doc")), NULL),
                     VD_OK);
    check_cstr(one->text, "{\n\"d\xc3\xa9\": \"[1,\\\"\xc3\xa9\\\",22]\"}");
    assert_int_equal(vd_json_read(&in_one, &t.arena, one, &t.limits, NULL, NULL, NULL), VD_OK);
    check_pos(vd_source_pos(one, vd_doc_span(&in_one, 0)), 2, 10, 11, 38);
    check_pos(vd_source_pos(one, vd_doc_span(&in_one, 1)), 2, 13, 14, 11);
    assert_int_equal(vd_doc_inner(&two, &t.arena, &in_one, 2, NULL), VD_OK);
    check_cstr(two->text, "[1,\"\xc3\xa9\",22]");
    assert_int_equal(vd_json_read(&in_two, &t.arena, two, &t.limits, NULL, NULL, NULL), VD_OK);
    check_pos(vd_source_pos(two, vd_doc_span(&in_two, 1)), 2, 29, 30, 1);
    check_pos(vd_source_pos(two, vd_doc_span(&in_two, 2)), 2, 31, 32, 10);
    check_pos(vd_source_pos(two, vd_doc_span(&in_two, 3)), 2, 41, 43, 2);
    check_cstr(vd_source_pos(two, (vd_span){ 0, 1 }).file, "f.json");
    vd_arena_done(&t.arena);
}

static void test_fail_span(void **state)
{
    vd_error err = { 0 };

    VD_UNUSED(state);
    assert_int_equal(vd_fail_span(&err, VD_ESYNTAX, &plain, (vd_span){ 7, 1 }, "no %s", "good"), VD_ESYNTAX);
    assert_string_equal(err.text, "no good");
    check_pos(err.at, 2, 3, 7, 1);
    assert_int_equal(vd_fail_span(NULL, VD_ELIMIT, &plain, (vd_span){ 7, 1 }, "no"), VD_ELIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_locator),
        cmocka_unit_test(test_inner),
        cmocka_unit_test(test_fail_span),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
