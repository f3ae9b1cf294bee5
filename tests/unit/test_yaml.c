/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML: the same nodes as from JSON, and what is refused of the rest.
 */
#include "reading.h"

#include "failing_alloc.h"

static const char yaml[] = "t.yaml";

static void check_nodes(const char *text, const char *wanted)
{
    world  w = world_of(NULL, yaml, vd_str_of(text));
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);

    read_now(&w);
    if (w.code != VD_OK)
        fail_msg("%s\n%u:%u: %s", text, w.err.at.line, w.err.at.column, w.err.text);
    dump(&w.doc, &out);
    check_cstr(vd_buf_str(&out), wanted);
    vd_buf_done(&out);
    done(&w);
}

static void test_block(void **state)
{
    VD_UNUSED(state);
    check_nodes("# policy\n"
                "Version: \"2012-10-17\"\n"
                "\xc3\xa9:\n"
                "  - 'it''s'\n"
                "  - a: -1.5e3\n"
                "    b:\n"
                "text: |\n"
                "  {\n"
                "   x\n"
                "last: {}\n",
                "0 object 9+84 >15\n"
                "1 string 9+7 >2 Version\n"
                "1 string 18+12 >3 2012-10-17\n"
                "1 string 31+2 >4 \xc3\xa9\n"
                "1 array 37+29 >11\n"
                "2 string 39+7 >6 it's\n"
                "2 object 51+15 >11\n"
                "3 string 51+1 >8 a\n"
                "3 number 54+6 >9 -1.5e3\n"
                "3 string 65+1 >10 b\n"
                "3 null 66+0 >11\n"
                "1 string 68+4 >12 text\n"
                "1 string 76+9 >13 {\n x\n\n"
                "1 string 85+4 >14 last\n"
                "1 object 91+2 >15\n");
}

static void test_flow(void **state)
{
    VD_UNUSED(state);
    check_nodes("[a, \"b\\n\", {k: [1]}, x: y]\n", "0 array 0+26 >10\n"
                                                   "1 string 1+1 >2 a\n"
                                                   "1 string 4+5 >3 b\n\n"
                                                   "1 object 11+8 >7\n"
                                                   "2 string 12+1 >5 k\n"
                                                   "2 array 15+3 >7\n"
                                                   "3 number 16+1 >7 1\n"
                                                   "1 object 21+4 >10\n"
                                                   "2 string 21+1 >9 x\n"
                                                   "2 string 24+1 >10 y\n");
}

static void test_scalars(void **state)
{
    static const struct {
        const char  *text, *value;
        vd_node_kind kind;
    } rows[] = {
        { "null", "null", VD_NODE_NULL },
        { "~", "~", VD_NODE_NULL },
        { "---", "", VD_NODE_NULL },
        { "true", "true", VD_NODE_TRUE },
        { "False", "False", VD_NODE_FALSE },
        { "yes", "yes", VD_NODE_STRING },
        { "0", "0", VD_NODE_NUMBER },
        { "-12.5E+3", "-12.5E+3", VD_NODE_NUMBER },
        { "123456789012", "123456789012", VD_NODE_NUMBER },
        { "012345678901", "012345678901", VD_NODE_STRING },
        { "0x10", "0x10", VD_NODE_STRING },
        { "1_000", "1_000", VD_NODE_STRING },
        { ".5", ".5", VD_NODE_STRING },
        { "+1", "+1", VD_NODE_STRING },
        { ".inf", ".inf", VD_NODE_STRING },
        { "-", NULL, 0 },
        { "1.", "1.", VD_NODE_STRING },
        { "2012-10-17", "2012-10-17", VD_NODE_STRING },
        { "'true'", "true", VD_NODE_STRING },
        { "\"12\"", "12", VD_NODE_STRING },
        { "!!str 12", "12", VD_NODE_STRING },
        { "! 12", "12", VD_NODE_STRING },
        { "!!int 12", "12", VD_NODE_NUMBER },
        { "!!bool true", "true", VD_NODE_TRUE },
        { "!!null ''", NULL, 0 },
        { "!!int abc", NULL, 0 },
        { "\"\\x41\\u00e9\\U0001F600\\t\\\"\\\n  z\"", "A\xc3\xa9\xf0\x9f\x98\x80\t\"z", VD_NODE_STRING },
        { "'a\n\n  b\n c'", "a\nb c", VD_NODE_STRING },
        { "\"a\\ \n  b\"", "a  b", VD_NODE_STRING },
        { "\"a \t\n\r\n\t b\\t \n c \"", "a\nb\t c ", VD_NODE_STRING },
        { "\"a \\\n\n  b\\\n \\ c\"", "a \nb c", VD_NODE_STRING },
        { "\" a\"", " a", VD_NODE_STRING },
        { "\"\\N\\_\\L\\P\\e\\a\\v\\/\"", "\xc2\x85\xc2\xa0\xe2\x80\xa8\xe2\x80\xa9\x1b\a\v/",
          VD_NODE_STRING },
        { "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", VD_NODE_STRING },
        { "'a \\\n '' '''", "a \\ ' '", VD_NODE_STRING },
        { "''''''''", "'''", VD_NODE_STRING },
        { ">-\n a\n b\n\n c\n", "a b\nc", VD_NODE_STRING },
        { "|+\n a\n  b\n\n", "a\n b\n\n", VD_NODE_STRING },
        { "a # b", "a", VD_NODE_STRING },
        { "arn:aws:s3:::b/*", "arn:aws:s3:::b/*", VD_NODE_STRING },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        world w = world_of(NULL, yaml, vd_str_of(rows[i].text));

        read_now(&w);
        if (rows[i].value == NULL && w.code == VD_OK && rows[i].text[0] != '-')
            fail_msg("row %zu: %s is taken", i, rows[i].text);
        if (rows[i].value) {
            if (w.code != VD_OK)
                fail_msg("row %zu: %s: %s", i, rows[i].text, w.err.text);
            check_cstr(vd_doc_text(&w.doc, 0), rows[i].value);
            assert_int_equal(w.doc.nodes[0].kind, rows[i].kind);
        }
        done(&w);
    }
}

static void test_aliases(void **state)
{
    VD_UNUSED(state);
    check_nodes("a: &x [1, \"\\t\"]\nb: *x\nc: {d: *x}\n&k e: *k\n*k : 2\n"
                "&x f: *x\n",
                "0 object 0+57 >21\n"
                "1 string 0+1 >2 a\n"
                "1 array 6+9 >5\n"
                "2 number 7+1 >4 1\n"
                "2 string 10+4 >5 \t\n"
                "1 string 16+1 >6 b\n"
                "1 array 6+9 >9\n"
                "2 number 7+1 >8 1\n"
                "2 string 10+4 >9 \t\n"
                "1 string 22+1 >10 c\n"
                "1 object 25+7 >15\n"
                "2 string 26+1 >12 d\n"
                "2 array 6+9 >15\n"
                "3 number 7+1 >14 1\n"
                "3 string 10+4 >15 \t\n"
                "1 string 36+1 >16 e\n"
                "1 string 36+1 >17 e\n"
                "1 string 36+1 >18 e\n"
                "1 number 47+1 >19 2\n"
                "1 string 52+1 >20 f\n"
                "1 string 52+1 >21 f\n");
}

typedef struct bad_row {
    const char *text;
    uint32_t    line, column;
    const char *says; /* a part of it */
} bad_row;

static const bad_row bad_rows[] = {
    { "", 1, 1, "the text holds no YAML document" },
    { "# x\n", 2, 1, "the text holds no YAML document" },
    { "a: 1\n---\nb: 2\n", 2, 1, "only one YAML document is allowed" },
    { "a: 1\n<<: {b: 2}\n", 2, 1, "merge keys (<<) are not supported" },
    { "a: &b {}\nc: {<<: *b}\n", 2, 5, "merge keys (<<) are not supported" },
    { "a: !Ref b\n", 1, 4, "the tag \"!Ref\" is not known here" },
    { "!!set {a}\n", 1, 1, "the tag \"!!set\" is not known here" },
    { "!!map [a]\n", 1, 1, "the tag \"!!map\" does not fit the value behind it" },
    { "!!str [a]\n", 1, 1, "the tag \"!!str\" does not fit the value behind it" },
    { "a: *b\n", 1, 5, "no anchor \"&b\" before this alias" },
    { "a: &a [1, *a]\n", 1, 12, "the alias \"*a\" stands within its own value" },
    { "[a]: b\n", 1, 1, "a key must be a scalar" },
    { "? {a: b}\n: c\n", 1, 3, "a key must be a scalar" },
    { "a: &x [1]\n*x : 2\n", 2, 2, "a key must be a scalar" },
    { "a:\n\t- b\n", 2, 1, "tab" },
    { "a: [1\nb: 2", 2, 5, "flow sequence" },
    { "\xc3\xa9: \"\\q\"", 1, 5, "not valid YAML" },
    { "a: b\n c: d\n", 1, 4, "not valid YAML" },
    { "\xef\xbb\xbf"
      "a: b\n",
      1, 1, "a byte-order mark is not allowed here" },
    { "a: \xff\n", 1, 4, "not valid YAML: a byte that is not UTF-8" },
    { "a: \"x\\ud800\"\n", 1, 6, "invalid UTF8 escape" },
    { "a: \"x\n", 1, 5, "not valid YAML: double-quoted scalar without closing quote" },
};

static void test_bad(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(bad_rows); i++) {
        const bad_row *row = &bad_rows[i];
        world          w = world_of(NULL, yaml, vd_str_of(row->text));

        read_now(&w);
        if (w.code != VD_ESYNTAX || vd_diags_count(w.diags) != 1)
            fail_msg("row %zu: code %d, %zu diagnostics", i, w.code, vd_diags_count(w.diags));
        check_cstr(vd_diags_at(w.diags, 0)->text, w.err.text);
        check_cstr(vd_diags_at(w.diags, 0)->rule, "yaml-syntax");
        if (!strstr(w.err.text, row->says) || w.err.at.line != row->line || w.err.at.column != row->column)
            fail_msg("row %zu: %u:%u: %s, wanted %u:%u: %s", i, w.err.at.line, w.err.at.column, w.err.text,
                     row->line, row->column, row->says);
        done(&w);
    }
}

static void test_nul(void **state)
{
    world w = world_of(NULL, yaml, VD_S("a: b\n\0c: d\n"));

    VD_UNUSED(state);
    read_now(&w);
    assert_int_equal(w.code, VD_ESYNTAX);
    assert_int_equal(w.err.at.line, 2);
    assert_string_equal(w.err.text, "not valid YAML: a NUL byte");
    done(&w);
}

static void test_duplicates(void **state)
{
    world w = world_of(NULL, yaml, VD_S("a: &x {k: 1, \"\\x6b\": 2}\nb: [*x, *x]\n'a': 3\n"));

    VD_UNUSED(state);
    read_now(&w);
    assert_int_equal(w.code, VD_OK);
    assert_int_equal(w.duplicates, 2); /* the copies of the first one are not told again */
    assert_int_equal(vd_diags_count(w.diags), 2);
    assert_string_equal(w.err.text,
                        "\"k\" appears twice in this object, first on line 1; only one of them counts");
    assert_int_equal(w.err.at.column, 14);
    assert_int_equal(vd_diags_at(w.diags, 1)->at.line, 3);
    done(&w);
}

static void check_limit(const vd_limits *limits, vd_str text, const char *says)
{
    world w = world_of(limits, yaml, text);

    read_now(&w);
    assert_int_equal(w.code, VD_ELIMIT);
    check_cstr(vd_str_of(w.err.text), says);
    assert_true(w.err.at.line > 0);
    done(&w);
}

static void test_limits(void **state)
{
    static const char bomb[] = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                               "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                               "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
                               "g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nh: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g]\n";
    vd_limits         nodes = { .size = sizeof nodes, .nodes = 1000 };
    vd_limits         depth = { .size = sizeof depth, .depth = 4 };
    vd_limits         string = { .size = sizeof string, .string_bytes = 5 };
    vd_limits         bytes = { .size = sizeof bytes, .document_bytes = 5 };
    char              many[400];

    VD_UNUSED(state);
    check_limit(&nodes, vd_str_of(bomb), "the text holds more than 1000 values (limit nodes)");
    check_limit(&depth, VD_S("[[[[[]]]]]"), "nested deeper than 4 levels (limit depth)");
    check_limit(&depth, VD_S("- - - - - a"), "nested deeper than 4 levels (limit depth)");
    check_limit(&depth, VD_S("a: &a {x: {y: {}}}\nb: {c: *a}"), "nested deeper than 4 levels (limit depth)");
    check_limit(&string, VD_S("abcdef"), "the string is longer than 5 bytes (limit string_bytes)");
    check_limit(&bytes, VD_S("a: bcd"), "the text is larger than 5 bytes (limit document_bytes)");
    memset(many, '\n', sizeof many);
    many[0] = many[sizeof many - 1] = 'a';
    check_limit(NULL, (vd_str){ many, sizeof many }, "more than 100 blank lines in a row");
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = "%A\n"[i % 3];
    check_limit(NULL, (vd_str){ many, sizeof many }, "more than 100 directives");
}

static const char sample[] =
    "---\nVersion: \"2012-10-17\"\nn: [1.5e3, -0, true, ~, 'it''s'] # c\n"
    "s: &s\n  \"esc\\u00e9\": |\n    {\n     \xf0\x9f\x98\x80\n  f: >-\n    a\n    b\nt: *s\n...\n";

/* Not one prefix is read past its end, and what fails fails with a place. */
static void test_truncated(void **state)
{
    VD_UNUSED(state);
    for (size_t n = 0; n < sizeof sample; n++) {
        char *copy = malloc(n ? n : 1);
        world w;

        memcpy(copy, sample, n);
        w = world_of(NULL, yaml, (vd_str){ copy, n });
        read_now(&w);
        if (w.code != VD_OK) {
            assert_int_equal(w.code, VD_ESYNTAX);
            assert_true(w.err.at.line > 0 && w.err.at.offset <= n);
        }
        if (n == sizeof sample - 1)
            assert_int_equal(w.code, VD_OK);
        done(&w);
        free(copy);
    }
}

static vd_code read_failing(failing_alloc *f, uint32_t *duplicates)
{
    vd_allocator a = failing_allocator(f);
    vd_arena     arena = vd_arena_on(&a, 0);
    vd_source    source = { .name = VD_S("t.yml"),
                            .text = VD_S("a: &x [1, \"\\t\", 3]\nb: *x\n&y a: {c: *x}\n"
                                            "d: [e, f, g, h, i, j, k, l, m, n, o, p]\n") };
    vd_limits    limits;
    vd_doc       doc;
    vd_error     err = { 0 };
    vd_code      code;

    vd_limits_fill(&limits, NULL);
    code = vd_doc_read(&doc, &arena, &source, &limits, NULL, duplicates, &err);
    if (code == VD_ENOMEM)
        assert_string_equal(err.text, "out of memory");
    vd_arena_done(&arena);
    return code;
}

static void test_no_memory(void **state)
{
    size_t   n;
    uint32_t duplicates;

    VD_UNUSED(state);
    for (n = 1;; n++) {
        failing_alloc f = { .fail_at = n };
        vd_code       code = read_failing(&f, &duplicates);

        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed) {
            assert_int_equal(code, VD_OK);
            assert_int_equal(duplicates, 1);
            break;
        }
        assert_int_equal(code, VD_ENOMEM);
    }
    assert_true(n > 8);
}

/* A policy as a literal block, folded, and in double quotes: the places of its values in the file. */
static void test_inner(void **state)
{
    static const struct {
        const char *text;
        uint32_t    line, column, length;
    } rows[] = {
        { "doc: |\n  {\n    \"k\": 42\n  }\n", 3, 10, 2 },
        { "doc: >\n  {\n  \"k\":\n  42\n  }\n", 4, 3, 2 },
        { "doc: '{\"k\":\n\n   42}'\n", 3, 4, 2 },
        { "doc: \"{\\\"k\\\": \\\n   42}\"\n", 2, 4, 2 },
        { "doc: \"\\x7b\\\"\\u006b\\\": 4\\x32}\"\n", 1, 23, 5 },
        { "doc: {\"k\": 42}\n", 1, 12, 2 },
        { "doc: '{\"''\": 42}'\n", 1, 14, 2 },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        world      w = world_of(NULL, yaml, vd_str_of(rows[i].text));
        uint32_t   value;
        vd_source *inner = &w.source;
        vd_doc     doc;
        vd_pos     at;

        read_now(&w);
        assert_int_equal(w.code, VD_OK);
        value = vd_doc_member(&w.doc, 0, VD_S("doc"));
        doc = w.doc;
        if (w.doc.nodes[value].kind == VD_NODE_STRING) {
            assert_int_equal(vd_doc_inner(&inner, &w.arena, &w.doc, value, &w.err), VD_OK);
            assert_int_equal(vd_json_read(&doc, &w.arena, inner, &w.limits, NULL, NULL, &w.err), VD_OK);
            value = 0;
        }
        at = vd_source_pos(inner, vd_doc_span(&doc, value + 2));
        if (at.line != rows[i].line || at.column != rows[i].column || at.length != rows[i].length)
            fail_msg("row %zu: %u:%u+%u, wanted %u:%u+%u", i, at.line, at.column, at.length, rows[i].line,
                     rows[i].column, rows[i].length);
        done(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_block),   cmocka_unit_test(test_flow),       cmocka_unit_test(test_scalars),
        cmocka_unit_test(test_aliases), cmocka_unit_test(test_bad),        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_limits),  cmocka_unit_test(test_duplicates), cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_inner),   cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
