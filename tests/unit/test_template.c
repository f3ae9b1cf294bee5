/* SPDX-License-Identifier: Apache-2.0
 *
 * Policy variables cut into parts (E552, E553).
 */
#include "unit.h"

#include "pattern/template.h"

/* What a text is cut into, written as t(text) e(escape) v(key) v(key|default) b(bad). */
static const struct {
    const char *text, *parts;
} cases[] = {
    { "", "" },
    { "plain", "t(plain)" },
    { "${aws:username}", "v(aws:username)" },
    { "a${aws:username}b", "t(a)v(aws:username)t(b)" },
    { "${a}${b}", "v(a)v(b)" },
    { "${aws:PrincipalTag/t, 'all'}", "v(aws:PrincipalTag/t|all)" },
    { "${k,'d'}", "v(k|d)" },
    { "${k  ,  'd e'}", "v(k|d e)" },
    { "${k,''}", "v(k|)" },
    { "${k,'a,b:c*?$'}", "v(k|a,b:c*?$)" },
    { "a${*}b${?}${$}", "t(a)e(*)t(b)e(?)e($)" },
    { "${", "t(${)" },
    { "a${b", "t(a${b)" },
    { "${a}${b", "v(a)t(${b)" },
    { "$", "t($)" },
    { "$ {a}", "t($ {a})" },
    { "$${a}", "t($)v(a)" },
    { "a$", "t(a$)" },
    { "}${", "t(}${)" },
    { "${}", "b()" },
    { "${ }", "b( )" },
    { "${ a}", "b( a)" },
    { "${a }", "b(a )" },
    { "${a b}", "b(a b)" },
    { "${**}", "b(**)" },
    { "${a*}", "b(a*)" },
    { "${a${b}}", "b(a${b)t(})" },
    { "${a,}", "b(a,)" },
    { "${a,d}", "b(a,d)" },
    { "${a,'d}", "b(a,'d)" },
    { "${a,'}", "b(a,')" },
    { "${a,'b'c'}", "b(a,'b'c')" },
    { "${a,'d' }", "b(a,'d' )" },
    { "${,'d'}", "b(,'d')" },
    { "${a,'b','c'}", "b(a,'b','c')" },
};

static void test_parts(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        vd_str  text = vd_str_of(cases[i].text);
        char    got[200];
        size_t  n = 0, at = 0, before = 0;
        bool    other = false;
        vd_part part;

        while (vd_template_next(text, &at, &part)) {
            n += (size_t)snprintf(got + n, sizeof got - n, "%c(" VD_F, "tevb"[part.kind], VD_A(part.text));
            if (part.has_fallback)
                n += (size_t)snprintf(got + n, sizeof got - n, "|" VD_F, VD_A(part.fallback));
            n += (size_t)snprintf(got + n, sizeof got - n, ")");
            assert_int_equal(part.offset, before); /* parts follow each other and leave nothing out */
            before += part.length;
            assert_int_equal(before, at);
            other = other || part.kind != VD_PART_TEXT;
        }
        assert_int_equal(before, text.n);
        check_str(((vd_str){ got, n }), vd_str_of(cases[i].parts));
        assert_int_equal(vd_template_has_parts(text), other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_parts) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
