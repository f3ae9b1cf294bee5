/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of all lint rules: what their pages need is there, and every check of Access Analyzer is carried by the rules
 * that tests/lint/codes.tsv names, and by no other.
 */
#include "unit.h"

#include "base/file.h"
#include "base/suggest.h"
#include "lint/rule.h"

#include "catalog/catalog.h"

#include <stdarg.h>

enum { RULES = 345, CODES = 149 };

static unsigned faults;

static void fault(const char *format, ...) VD_PRINTF(1, 2);
static void fault(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    faults++;
}

/* Codes are compared without "_": AWS writes NOTACTION and NOT_ACTION. */
static bool same(vd_str a, vd_str b)
{
    size_t i = 0, k = 0;

    while (i < a.n || k < b.n) {
        while (i < a.n && a.p[i] == '_')
            i++;
        while (k < b.n && b.p[k] == '_')
            k++;
        if ((i < a.n) != (k < b.n) || (i < a.n && a.p[i++] != b.p[k++]))
            return false;
    }
    return true;
}

static bool has_word(const char *words, vd_str word)
{
    vd_str rest = vd_str_of(words), head;

    for (bool more = true; more;) {
        more = vd_str_cut(&rest, ' ', &head);
        if (same(more ? head : rest, word))
            return true;
    }
    return false;
}

static void check_row(const vd_lint_rule *r)
{
    size_t title = strlen(r->title);

    if (r->severity < VD_SUGGESTION || r->severity > VD_ERROR)
        fault("%s: no severity", r->id);
    if ((r->severity == VD_SECURITY && r->score == 0) || r->score > 100)
        fault("%s: security has a score, 0.1 to 10.0", r->id);
    if (!r->on || (r->on & ~VD_ON_ALL))
        fault("%s: looks at nothing, or at kinds there are not", r->id);
    if (title == 0 || title > 120 || r->title[title - 1] == '.' || strchr(r->title, '\n'))
        fault("%s: a title is one line without a full stop: \"%s\"", r->id, r->title);
    if (!*r->why || !*r->remedy || !*r->bad || !*r->good)
        fault("%s: its page needs why, remedy, bad and good", r->id);
}

static void test_rows(void **state)
{
    VD_UNUSED(state);
    faults = 0;
    for (uint32_t i = 0; i < vd_lint_rule_count(); i++) {
        const vd_lint_rule *r = vd_lint_rule_at(i, NULL);

        check_row(r);
        if (vd_lint_rule_find(vd_str_of(r->id)) != i)
            fault("%s: twice", r->id);
    }
    assert_int_equal(faults, 0);
    assert_int_equal(vd_lint_rule_count(), RULES);
}

/* Each line: a code, and the rules that carry it. */
static void check_code(vd_str code, vd_str rules)
{
    for (uint32_t i = 0; i < vd_lint_rule_count(); i++) {
        const vd_lint_rule *r = vd_lint_rule_at(i, NULL);
        char                list[512];

        snprintf(list, sizeof list, VD_F, VD_A(rules));
        if (has_word(r->codes, code) && !has_word(list, vd_str_of(r->id)))
            fault("%s: carries " VD_F ", which belongs to " VD_F, r->id, VD_A(code), VD_A(rules));
        if (!has_word(r->codes, code) && has_word(list, vd_str_of(r->id)))
            fault("%s: does not carry " VD_F, r->id, VD_A(code));
    }
    for (bool more = true; more;) {
        vd_str rule;

        more = vd_str_cut(&rules, ' ', &rule);
        if (vd_lint_rule_find(more ? rule : rules) == VD_NONE)
            fault(VD_F ": no rule " VD_F, VD_A(code), VD_A(more ? rule : rules));
    }
}

static bool is_code(vd_str text, vd_str code)
{
    vd_str line, head;

    while (vd_str_cut(&text, '\n', &line))
        if (vd_str_cut(&line, '\t', &head) && same(head, code))
            return true;
    return false;
}

static void test_codes(void **state)
{
    char     path[512];
    vd_error err = { .size = sizeof err };
    vd_str   text, rest, line, code;
    unsigned count = 0;

    VD_UNUSED(state);
    faults = 0;
    snprintf(path, sizeof path, "%s/tests/lint/codes.tsv", getenv("VD_SOURCE_ROOT"));
    assert_int_equal(vd_file_read(&text, vd_allocator_default(), path, 1 << 20, &err), VD_OK);
    rest = text;
    vd_str_cut(&rest, '\n', &line);
    while (vd_str_cut(&rest, '\n', &line)) {
        assert_true(vd_str_cut(&line, '\t', &code));
        check_code(code, line);
        count++;
    }
    for (uint32_t i = 0; i < vd_lint_rule_count(); i++) {
        vd_str codes = vd_str_of(vd_lint_rule_at(i, NULL)->codes);

        while (codes.n) {
            if (!vd_str_cut(&codes, ' ', &code)) {
                code = codes;
                codes.n = 0;
            }
            if (!is_code(text, code))
                fault("%s: Access Analyzer has no code " VD_F, vd_lint_rule_at(i, NULL)->id, VD_A(code));
        }
    }
    vd_file_free(vd_allocator_default(), text);
    assert_int_equal(count, CODES);
    assert_int_equal(faults, 0);
}

static void test_weaknesses(void **state)
{
    vd_sheet cwe = vd_catalog_sheet(vd_catalog_builtin(), VD_S("cwe"));

    VD_UNUSED(state);
    faults = 0;
    assert_true(cwe.rows > 30);
    for (uint32_t i = 0; i < cwe.rows; i++)
        if (vd_lint_rule_find(vd_sheet_cell(cwe, i, 0)) == VD_NONE)
            fault("cwe.tsv: no rule " VD_F, VD_A(vd_sheet_cell(cwe, i, 0)));
    assert_int_equal(faults, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_weaknesses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
