/* SPDX-License-Identifier: Apache-2.0
 *
 * Edits of texts, differences made and read.
 */
#include "unit.h"

#include "text/edit.h"
#include "text/unified.h"

#include <stdio.h>

static void test_splices(void **state)
{
    const vd_splice at[] = { { 0, 0, VD_S("<") }, { 1, 3, VD_S("XY") }, { 5, 5, VD_S(">") } };
    const vd_splice overlapping[] = { { 1, 3, VD_S("a") }, { 2, 4, VD_S("b") } };
    const vd_splice beyond[] = { { 4, 9, VD_S("a") } };
    vd_buf          b = vd_buf_on(vd_allocator_default(), 0);

    VD_UNUSED(state);
    assert_true(vd_splice_all(&b, VD_S("abcde"), at, 3));
    check_cstr(vd_buf_str(&b), "<aXYde>");
    assert_false(vd_splice_all(&b, VD_S("abcde"), overlapping, 2));
    assert_false(vd_splice_all(&b, VD_S("abcde"), beyond, 1));
    assert_true(vd_splices_clash(&overlapping[0], &overlapping[1]));
    assert_true(vd_splices_clash(&at[0], &at[0]));
    assert_false(vd_splices_clash(&at[0], &at[1]));
    vd_buf_done(&b);
}

static void check_diff(const char *was, const char *now, const char *wanted)
{
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    vd_buf   b = vd_buf_on(vd_allocator_default(), 0);

    assert_true(vd_diff_unified(&b, &arena, VD_S("a"), vd_str_of(was), VD_S("b"), vd_str_of(now)));
    check_cstr(vd_buf_str(&b), wanted);
    vd_buf_done(&b);
    vd_arena_done(&arena);
}

static void test_diffs(void **state)
{
    VD_UNUSED(state);
    check_diff("a\nb\n", "a\nb\n", "");
    check_diff("a\nb\nc\n", "a\nx\nc\n", "--- a\n+++ b\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
    check_diff("", "a\n", "--- a\n+++ b\n@@ -0,0 +1 @@\n+a\n");
    check_diff("a", "b\n", "--- a\n+++ b\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n");
    check_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n3\n4\n5\n6\n7\n8\n9\nx\n",
               "--- a\n+++ b\n@@ -1,5 +1,4 @@\n 1\n-2\n 3\n 4\n 5\n@@ -7,3 +6,4 @@\n 7\n 8\n 9\n+x\n");
}

static vd_code read_diff(vd_arena *arena, vd_unified *out, const char *text, vd_error *err)
{
    vd_source *s = vd_arena_new(arena, vd_source);

    *s = (vd_source){ .name = VD_S("d"), .text = vd_str_of(text) };
    return vd_diff_read(out, arena, s, err);
}

static void test_reading(void **state)
{
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    vd_error err = { .size = sizeof err };
    vd_unified  d;

    VD_UNUSED(state);
    assert_int_equal(read_diff(&arena, &d,
                               "diff --git a/x b/y\nrename to y\n--- a/x\n+++ b/y\n@@ -3,2 +3,3 @@ f\n a\n-b\n+c\n+d\n"
                               "\\ No newline at end of file\n@@ -10,2 +11,0 @@\n-e\n-f\n"
                               "--- /dev/null\n+++ \"b/pol\\303\\251.json\"\t2026\n@@ -0,0 +1 @@\n+new\n",
                               &err),
                     VD_OK);
    assert_int_equal(d.count, 2);
    check_cstr(d.files[0].path, "y");
    check_cstr(d.files[1].path, "pol\xc3\xa9.json");
    assert_true(vd_diff_touches(&d.files[0], 4, 5, false));
    assert_true(vd_diff_touches(&d.files[0], 5, 5, false));
    assert_false(vd_diff_touches(&d.files[0], 1, 3, false));
    assert_false(vd_diff_touches(&d.files[0], 6, 11, false)); /* what was taken away stood behind line 11 */
    assert_true(vd_diff_touches(&d.files[0], 11, 12, false));
    assert_true(vd_diff_touches(&d.files[0], 11, 11, true));
    assert_true(vd_diff_touches(&d.files[1], 1, 1, false));
    vd_arena_done(&arena);
}

static void test_bad_diffs(void **state)
{
    static const struct {
        const char *text;
        uint32_t    line;
    } bad[] = {
        { "@@ -1 +1 @@\n-a\n+b\n", 1 },
        { "+++ b/x\n@@ -1 + @@\n", 2 },
        { "+++ b/x\n@@ -1,2 +1,2 @@\n a\n", 4 },
        { "+++ b/x\n@@ -1 +1 @@\n-a\n-b\n", 4 },
        { "+++ b/x\n@@@ -1 -1 +1 @@@\n", 2 },
        { "+++ b/x\n@@ -99999999999999999999 +1 @@\n", 2 },
    };
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(bad); i++) {
        vd_error err = { .size = sizeof err };
        vd_unified  d;

        assert_int_equal(read_diff(&arena, &d, bad[i].text, &err), VD_ESYNTAX);
        assert_int_equal(err.at.line, bad[i].line);
    }
    vd_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splices),
        cmocka_unit_test(test_diffs),
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_bad_diffs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
