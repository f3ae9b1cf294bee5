/* SPDX-License-Identifier: Apache-2.0
 *
 * Excerpts of awkward lines, and text from outside in every form it goes out in.
 */
#include "unit.h"

#include "render/escape.h"
#include "render/excerpt.h"
#include "render/rule.h"

static const vd_look narrow = { .colour = false, .width = 80 };

/* The range from the first to the last byte of what stands between two markers in the text. */
static vd_pos range_in(const char *text, const char *first, const char *last)
{
    const char *at = strstr(text, first), *end = strstr(at, last) + strlen(last);
    vd_pos      pos = { .file = VD_S("f"), .line = 1, .column = 1, .offset = (uint32_t)(at - text),
                        .length = (uint32_t)(end - at) };

    for (const char *c = text; c < at; c++)
        pos.line += *c == '\n';
    return pos;
}

static void check_excerpt(const char *text, const char *first, const char *last, const char *remark, const char *want)
{
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);

    vd_render_excerpts(&out, &narrow, 0, range_in(text, first, last), vd_str_of(remark), vd_str_of(text));
    check_cstr(vd_buf_str(&out), want);
    vd_buf_done(&out);
}

static void test_excerpts(void **state)
{
    VD_UNUSED(state);
    check_excerpt("one\ntwo three\nfour\n", "three", "three", "here",
                  "    1 | one\n"
                  "    2 | two three\n"
                  "      |     ^~~~~ here\n");
    /* The line before is left out when it says nothing. */
    check_excerpt("one\n  \t},\r\ntwo\n", "two", "two", "", "    3 | two\n      | ^~~\n");
    /* A tab takes one column here and there. */
    check_excerpt("\t\t\"a\":\t\"b\"", "b", "b", "", "    1 |   \"a\": \"b\"\n      |         ^\n");
    /* Two lines, and more than two. */
    check_excerpt("x\n  {\"a\":\n    1}\n", "{", "}", "all of it",
                  "    1 | x\n"
                  "    2 |   {\"a\":\n"
                  "      |   ^~~~~\n"
                  "    3 |     1}\n"
                  "      |     ^~ all of it\n");
    check_excerpt("{\r\n  1,\r\n  2\r\n}\r\n", "{", "}\r\n", "", "    1 | {\n      | ^\n  ...\n    4 | }\n      | ^\n");
    /* Wide characters take two columns, combining ones none. */
    check_excerpt("\xe6\xbc\xa2\xe5\xad\x97 e\xcc\x81 x", "x", "x", "",
                  "    1 | \xe6\xbc\xa2\xe5\xad\x97 e\xcc\x81 x\n      |        ^\n");
}

/* Of a line of a megabyte a window around the place is shown. */
static void test_long_line(void **state)
{
    enum { LONG = 1 << 20, AT = 700000 };
    char  *text = malloc(LONG + 1), *line;
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);
    vd_pos at = { .file = VD_S("f"), .line = 1, .column = AT + 1, .offset = AT, .length = 5 };

    VD_UNUSED(state);
    assert_non_null(text);
    memset(text, 'a', LONG);
    text[LONG] = 0;
    memcpy(text + AT, "token", 5);
    vd_render_excerpts(&out, &narrow, 0, at, VD_S("this"), (vd_str){ text, LONG });
    vd_buf_byte(&out, 0);
    for (line = strtok(out.p, "\n"); line; line = strtok(NULL, "\n"))
        assert_true(strlen(line) <= 80);
    vd_buf_done(&out);
    out = vd_buf_on(vd_allocator_default(), 0);
    vd_render_excerpts(&out, &narrow, 0, at, VD_S("this"), (vd_str){ text, LONG });
    check_cstr(vd_buf_str(&out), "    1 | ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaatokenaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
                                 "      |                                        ^~~~~ this\n");
    vd_buf_done(&out);
    free(text);
}

/* ESC, a bidirectional override, a line end, a byte that is no UTF-8, and what each form takes for itself. */
static const char hostile[] = "\x1b[31m\xe2\x80\xae\n::error::%0A<b>&\"*_`|@me<!-- -->\xff\xef\xbb\xbf";
#define SAFE "\\u{1b}[31m\\u{202e}\\u{a}"
#define TAIL "\xef\xbf\xbd\\u{feff}"

static void check_escape(void (*put)(vd_buf *out, vd_str text), const char *want)
{
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);

    put(&out, vd_str_of(hostile));
    check_cstr(vd_buf_str(&out), want);
    vd_buf_done(&out);
}

static void code_in_table(vd_buf *out, vd_str text)
{
    vd_put_code(out, text, true);
}

static void command_data(vd_buf *out, vd_str text)
{
    vd_put_command(out, text, false);
}

static void command_property(vd_buf *out, vd_str text)
{
    vd_put_command(out, text, true);
}

static void test_escapes(void **state)
{
    VD_UNUSED(state);
    check_escape(vd_put_xml, SAFE "::error::%0A&lt;b&gt;&amp;&quot;*_`|@me&lt;!-- --&gt;" TAIL);
    check_escape(vd_put_markdown, "\\\\u{1b}\\[31m\\\\u{202e}\\\\u{a}::error::%0A\\<b\\>&amp;\"\\*\\_\\`\\|\\@me\\<\\!-- --\\>"
                                  "\xef\xbf\xbd\\\\u{feff}");
    check_escape(code_in_table, "`` " SAFE "::error::%0A<b>&\"*_`\\|@me<!-- -->" TAIL " ``");
    check_escape(command_data, "\\u{1b}[31m\\u{202e}%0A::error::%250A<b>&\"*_`|@me<!-- -->" TAIL);
    check_escape(command_property, "\\u{1b}[31m\\u{202e}%0A%3A%3Aerror%3A%3A%250A<b>&\"*_`|@me<!-- -->" TAIL);
    check_escape(vd_put_uri, "%1B%5B31m%E2%80%AE%0A%3A%3Aerror%3A%3A%250A%3Cb%3E%26%22%2A_%60%7C@me%3C%21--%20--%3E"
                             "%FF%EF%BB%BF");
}

static void test_words(void **state)
{
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);

    VD_UNUSED(state);
    vd_put_uri(&out, VD_S("././a b/c.json"));
    vd_buf_byte(&out, '\n');
    vd_rule_pascal(&out, VD_S("pass-role-star"));
    vd_buf_byte(&out, '\n');
    vd_rule_sentence(&out, "it is so");
    vd_buf_byte(&out, '\n');
    vd_rule_sentence(&out, "iam:PassRole for every role.");
    vd_buf_byte(&out, '\n');
    vd_rule_score(&out, 95);
    check_cstr(vd_buf_str(&out), "a%20b/c.json\nPassRoleStar\nIt is so.\niam:PassRole for every role.\n9.5");
    vd_buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_excerpts),
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
