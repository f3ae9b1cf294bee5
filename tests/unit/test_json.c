/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON: what is read, what is refused, and where it is said to be.
 */
#include "reading.h"

#include "failing_alloc.h"

#include "text/json_lex.h"
#include "text/json_write.h"

static const char json[] = "t.json";

static void test_every_position(void **state)
{
    world  w = world_of(NULL, json, VD_S("{\"a\": [1, -2.5e3, true],\n \"b\\u0063\": {}, \"\": null}"));
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);

    VD_UNUSED(state);
    read_now(&w);
    assert_int_equal(w.code, VD_OK);
    dump(&w.doc, &out);
    check_cstr(vd_buf_str(&out), "0 object 0+50 >10\n"
                                 "1 string 1+3 >2 a\n"
                                 "1 array 6+17 >6\n"
                                 "2 number 7+1 >4 1\n"
                                 "2 number 10+6 >5 -2.5e3\n"
                                 "2 true 18+4 >6\n"
                                 "1 string 26+9 >7 bc\n"
                                 "1 object 37+2 >8\n"
                                 "1 string 41+2 >9 \n"
                                 "1 null 45+4 >10\n");
    vd_buf_done(&out);
    done(&w);
}

static void test_walking(void **state)
{
    world    w = world_of(NULL, json, VD_S("{\"a\": [10, [11, 12], {}], \"b\": {\"c\": 13}, \"d\": []}"));
    uint32_t list, c;

    VD_UNUSED(state);
    read_now(&w);
    assert_int_equal(w.code, VD_OK);
    assert_int_equal(vd_doc_length(&w.doc, 0), 3);
    list = vd_doc_member(&w.doc, 0, VD_S("a"));
    assert_int_equal(vd_doc_length(&w.doc, list), 3);
    c = vd_doc_first(&w.doc, list);
    check_cstr(vd_doc_text(&w.doc, c), "10");
    c = vd_doc_next(&w.doc, list, c);
    check_cstr(vd_doc_text(&w.doc, c), "[11, 12]");
    c = vd_doc_next(&w.doc, list, c);
    check_cstr(vd_doc_text(&w.doc, c), "{}");
    assert_int_equal(vd_doc_first(&w.doc, c), VD_NONE);
    assert_int_equal(vd_doc_next(&w.doc, list, c), VD_NONE);
    c = vd_doc_member(&w.doc, vd_doc_member(&w.doc, 0, VD_S("b")), VD_S("c"));
    check_cstr(vd_doc_text(&w.doc, c), "13");
    assert_int_equal(vd_doc_member(&w.doc, 0, VD_S("c")), VD_NONE);
    assert_int_equal(vd_doc_member(&w.doc, list, VD_S("a")), VD_NONE);
    assert_int_equal(vd_doc_length(&w.doc, vd_doc_member(&w.doc, 0, VD_S("d"))), 0);
    assert_string_equal(vd_doc_kind_name(&w.doc, list), "an array");
    done(&w);
}

static void test_strings(void **state)
{
    static const struct {
        vd_str token, value;
    } rows[] = {
        { VD_L("\"\""), VD_L("") },
        { VD_L("\"plain\""), VD_L("plain") },
        { VD_L("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), VD_L("\"\\/\b\f\n\r\t") },
        { VD_L("\"\\u0041\\u00e9\\u20AC\""), VD_L("A\xc3\xa9\xe2\x82\xac") },
        { VD_L("\"x\\ud83d\\uDE00y\""), VD_L("x\xf0\x9f\x98\x80y") },
        { VD_L("\"a\\u0000b\""), VD_L("a\0b") },
        { VD_L("\"\\uffff\\ud7ff\\ue000\""), VD_L("\xef\xbf\xbf\xed\x9f\xbf\xee\x80\x80") },
        { VD_L("\"raw \xc3\xa9 \xf0\x9f\x98\x80 \x7f\""), VD_L("raw \xc3\xa9 \xf0\x9f\x98\x80 \x7f") },
        { VD_L("\"eight888sixteen-sixteen-and-then\\nmore than a word behind it\""),
          VD_L("eight888sixteen-sixteen-and-then\nmore than a word behind it") },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        world w = world_of(NULL, json, rows[i].token);

        read_now(&w);
        assert_int_equal(w.code, VD_OK);
        check_str(vd_doc_text(&w.doc, 0), rows[i].value);
        done(&w);
    }
}

static void test_numbers(void **state)
{
    static const char *const good[] = { "0",
                                        "-0",
                                        "1",
                                        "-1",
                                        "10",
                                        "0.5",
                                        "-0.0",
                                        "1e5",
                                        "1E+5",
                                        "1e-5",
                                        "0e0",
                                        "12.5e-300",
                                        "123456789012345678901234567890",
                                        "1e999999" };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(good); i++) {
        world w = world_of(NULL, json, vd_str_of(good[i]));

        read_now(&w);
        assert_int_equal(w.code, VD_OK);
        assert_int_equal(w.doc.nodes[0].kind, VD_NODE_NUMBER);
        check_cstr(vd_doc_text(&w.doc, 0), good[i]);
        done(&w);
    }
}

typedef struct bad_row {
    vd_str      text;
    uint32_t    line, column;
    const char *rule, *says;
} bad_row;

#define SYNTAX "json-syntax"
#define NONSTANDARD "json-nonstandard"
#define TRAILING "json-trailing-data"

static const bad_row bad_rows[] = {
    { VD_L(""), 1, 1, SYNTAX, "not valid JSON: the text is empty, expected a value" },
    { VD_L(" \n "), 2, 2, SYNTAX, "not valid JSON: the text is empty, expected a value" },
    { VD_L("{"), 1, 2, SYNTAX,
      "not valid JSON: the text ends too early, expected a key in double quotes or \"}\"" },
    { VD_L("["), 1, 2, SYNTAX, "not valid JSON: the text ends too early, expected a value or \"]\"" },
    { VD_L("[1"), 1, 3, SYNTAX, "not valid JSON: the text ends too early, expected \",\" or \"]\"" },
    { VD_L("{\"a\""), 1, 5, SYNTAX, "not valid JSON: the text ends too early, expected \":\"" },
    { VD_L("{\"a\":"), 1, 6, SYNTAX, "not valid JSON: the text ends too early, expected a value" },
    { VD_L("{\"a\":1"), 1, 7, SYNTAX, "not valid JSON: the text ends too early, expected \",\" or \"}\"" },
    { VD_L("{\"a\":1,"), 1, 8, SYNTAX,
      "not valid JSON: the text ends too early, expected a key in double quotes" },
    { VD_L("\"abc"), 1, 5, SYNTAX,
      "not valid JSON: the text ends within a string, expected a closing quote" },
    { VD_L("{\"Version\":\"2012-10-17\" \"Statement\":[]}"), 1, 25, SYNTAX,
      "not valid JSON: found the string \"Statement\", expected \",\" or \"}\"" },
    { VD_L("[1 2]"), 1, 4, SYNTAX, "not valid JSON: found \"2\", expected \",\" or \"]\"" },
    { VD_L("{\"a\" 1}"), 1, 6, SYNTAX, "not valid JSON: found \"1\", expected \":\"" },
    { VD_L("{\"a\":1]"), 1, 7, SYNTAX, "not valid JSON: found \"]\", expected \",\" or \"}\"" },
    { VD_L("[1}"), 1, 3, SYNTAX, "not valid JSON: found \"}\", expected \",\" or \"]\"" },
    { VD_L("{]"), 1, 2, SYNTAX, "not valid JSON: found \"]\", expected a key in double quotes or \"}\"" },
    { VD_L("]"), 1, 1, SYNTAX, "not valid JSON: found \"]\", expected a value" },
    { VD_L("[,1]"), 1, 2, SYNTAX, "not valid JSON: found \",\", expected a value or \"]\"" },
    { VD_L("[1,,2]"), 1, 4, SYNTAX, "not valid JSON: found \",\", expected a value" },
    { VD_L("{\"a\":}"), 1, 6, SYNTAX, "not valid JSON: found \"}\", expected a value" },
    { VD_L("{1:2}"), 1, 2, SYNTAX, "not valid JSON: found \"1\", expected a key in double quotes or \"}\"" },
    { VD_L("{\n  Version: 1}"), 2, 3, SYNTAX,
      "not valid JSON: found \"Version\", expected a key in double quotes or \"}\"" },
    { VD_L("[True]"), 1, 2, SYNTAX, "not valid JSON: found \"True\", expected a value or \"]\"" },
    { VD_L("[truex]"), 1, 2, SYNTAX, "not valid JSON: found \"truex\", expected a value or \"]\"" },
    { VD_L("[nul]"), 1, 2, SYNTAX, "not valid JSON: found \"nul\", expected a value or \"]\"" },
    { VD_L("[\xc3\xa9]"), 1, 2, SYNTAX, "not valid JSON: found \"\xc3\xa9\", expected a value or \"]\"" },
    { VD_L("[\0]"), 1, 2, SYNTAX,
      "not valid JSON: found the control character U+0000, expected a value or \"]\"" },
    { VD_L("[\f]"), 1, 2, SYNTAX,
      "not valid JSON: found the control character U+000C, expected a value or \"]\"" },
    { VD_L("[\xa0]"), 1, 2, SYNTAX, "not valid JSON: a byte that is not UTF-8, expected UTF-8 text" },
    { VD_L("[\"a\xff\"]"), 1, 4, SYNTAX, "not valid JSON: a byte that is not UTF-8, expected UTF-8 text" },
    { VD_L("[\"\xc3\xa9\xc3\"]"), 1, 4, SYNTAX,
      "not valid JSON: a byte that is not UTF-8, expected UTF-8 text" },
    { VD_L("[\"\xed\xa0\x80\"]"), 1, 3, SYNTAX,
      "not valid JSON: a byte that is not UTF-8, expected UTF-8 text" },
    { VD_L("[\"\xc0\x80\"]"), 1, 3, SYNTAX, "not valid JSON: a byte that is not UTF-8, expected UTF-8 text" },
    { VD_L("\xff\xfe[\0]\0"), 1, 1, SYNTAX, "not valid JSON: a byte that is not UTF-8, expected UTF-8 text" },
    { VD_L("[\"\\q\"]"), 1, 3, SYNTAX,
      "not valid JSON: an unknown escape in a string, expected one of \"\\/bfnrtu behind the backslash" },
    { VD_L("[\"\\\0\"]"), 1, 3, SYNTAX,
      "not valid JSON: an unknown escape in a string, expected one of \"\\/bfnrtu behind the backslash" },
    { VD_L("\"\\"), 1, 2, SYNTAX, "not valid JSON: the text ends within a string, expected a closing quote" },
    { VD_L("[\"\\u12\"]"), 1, 3, SYNTAX,
      "not valid JSON: an incomplete escape in a string, expected four hexadecimal digits behind \\u" },
    { VD_L("[\"\\u12G4\"]"), 1, 3, SYNTAX,
      "not valid JSON: an incomplete escape in a string, expected four hexadecimal digits behind \\u" },
    { VD_L("[\"\\ud800\"]"), 1, 3, SYNTAX,
      "not valid JSON: half of a surrogate pair in a string, expected both halves" },
    { VD_L("[\"\\udc00\"]"), 1, 3, SYNTAX,
      "not valid JSON: half of a surrogate pair in a string, expected both halves" },
    { VD_L("[\"\\ud800\\u0041\"]"), 1, 3, SYNTAX,
      "not valid JSON: half of a surrogate pair in a string, expected both halves" },
    { VD_L("[\"\\ud800\\ud800\"]"), 1, 3, SYNTAX,
      "not valid JSON: half of a surrogate pair in a string, expected both halves" },
    { VD_L("[-]"), 1, 3, SYNTAX, "not valid JSON: a minus sign without a number, expected a digit" },
    { VD_L("[+1]"), 1, 2, SYNTAX, "not valid JSON: found \"+\", expected a value or \"]\"" },
    { VD_L("[01]"), 1, 3, SYNTAX,
      "not valid JSON: a number with a leading zero, expected a fraction or the end of the number" },
    { VD_L("[-012]"), 1, 4, SYNTAX,
      "not valid JSON: a number with a leading zero, expected a fraction or the end of the number" },
    { VD_L("[.5]"), 1, 2, SYNTAX, "not valid JSON: found \".\", expected a value or \"]\"" },
    { VD_L("[1.]"), 1, 4, SYNTAX, "not valid JSON: a decimal point without a fraction, expected a digit" },
    { VD_L("[1.e5]"), 1, 4, SYNTAX, "not valid JSON: a decimal point without a fraction, expected a digit" },
    { VD_L("[1e]"), 1, 4, SYNTAX, "not valid JSON: an incomplete exponent, expected a digit" },
    { VD_L("[1e+]"), 1, 5, SYNTAX, "not valid JSON: an incomplete exponent, expected a digit" },
    { VD_L("[0x10]"), 1, 3, SYNTAX, "not valid JSON: found \"x10\", expected \",\" or \"]\"" },
    { VD_L("\"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\" 1"), 1, 56, TRAILING,
      "text after the end of the JSON document" },
    { VD_L("[1, abcdefghijklmnopqrstuvwxyz0123456789_abcdefghijk]"), 1, 5, SYNTAX,
      "not valid JSON: found \"abcdefghijklmnopqrstuvwxyz0123456789_abc...\", expected a value" },
    { VD_L("{\"a\" \"abcdefghijklmnopqrstuvwxyz0123456789\xc3\xa9\xc3\xa9\xc3\xa9\"}"), 1, 6, SYNTAX,
      "not valid JSON: found the string \"abcdefghijklmnopqrstuvwxyz0123456789\xc3\xa9..., expected \":\"" },
    { VD_L("{}{}"), 1, 3, TRAILING, "text after the end of the JSON document" },
    { VD_L("{}\n{}\n"), 2, 1, TRAILING, "text after the end of the JSON document" },
    { VD_L("{}}"), 1, 3, TRAILING, "text after the end of the JSON document" },
    { VD_L("1 x"), 1, 3, TRAILING, "text after the end of the JSON document" },
    { VD_L("{},"), 1, 3, TRAILING, "text after the end of the JSON document" },
    { VD_L("{}\0"), 1, 3, TRAILING, "text after the end of the JSON document" },
    { VD_L("\xef\xbb\xbf{}"), 1, 1, NONSTANDARD, "a byte-order mark is not allowed in JSON" },
    { VD_L("[1,]"), 1, 3, NONSTANDARD, "a trailing comma is not allowed in JSON" },
    { VD_L("{\"a\":1 ,\n}"), 1, 8, NONSTANDARD, "a trailing comma is not allowed in JSON" },
    { VD_L("// x\n{}"), 1, 1, NONSTANDARD, "a comment is not allowed in JSON" },
    { VD_L("{} // x\n"), 1, 4, NONSTANDARD, "a comment is not allowed in JSON" },
    { VD_L("{\r\n  /* x */}"), 2, 3, NONSTANDARD, "a comment is not allowed in JSON" },
    { VD_L("# x\n{}"), 1, 1, NONSTANDARD, "a comment is not allowed in JSON" },
    { VD_L("['a']"), 1, 2, NONSTANDARD, "a single-quoted string is not allowed in JSON" },
    { VD_L("[NaN]"), 1, 2, NONSTANDARD, "NaN is not allowed in JSON" },
    { VD_L("[-Infinity]"), 1, 2, NONSTANDARD, "-Infinity is not allowed in JSON" },
    { VD_L("[Infinity]"), 1, 2, NONSTANDARD, "Infinity is not allowed in JSON" },
    { VD_L("[\"a\tb\"]"), 1, 4, NONSTANDARD, "an unescaped tab in a string is not allowed in JSON" },
    { VD_L("[\"\xc3\xa9\nb\"]"), 1, 4, NONSTANDARD,
      "an unescaped line break in a string is not allowed in JSON" },
    { VD_L("[\"a\0\"]"), 1, 4, NONSTANDARD,
      "an unescaped control character in a string is not allowed in JSON" },
    { VD_L("[\"long enough for a word\x1f\"]"), 1, 25, NONSTANDARD,
      "an unescaped control character in a string is not allowed in JSON" },
};

static void test_bad(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(bad_rows); i++) {
        const bad_row *row = &bad_rows[i];
        world          w = world_of(NULL, json, row->text);
        const vd_diag *d;

        read_now(&w);
        if (w.code != VD_ESYNTAX || vd_diags_count(w.diags) != 1)
            fail_msg("row %zu: code %d, %zu diagnostics", i, w.code, vd_diags_count(w.diags));
        d = vd_diags_at(w.diags, 0);
        check_cstr(vd_str_of(w.err.text), row->says);
        check_cstr(d->text, row->says);
        check_cstr(d->rule, row->rule);
        check_cstr(d->at.file, "t.json");
        if (w.err.at.line != row->line || w.err.at.column != row->column || d->at.line != row->line ||
            d->at.column != row->column)
            fail_msg("row %zu (%s): at %u:%u, wanted %u:%u", i, row->says, w.err.at.line, w.err.at.column,
                     row->line, row->column);
        assert_int_equal(w.doc.count, 0);
        done(&w);
    }
}

static const char sample[] =
    "{\"Version\": \"2012-10-17\", \"n\": [1.5e3, -0, true, false, null],\n"
    "  \"esc\\u00e9\\ud83d\\ude00\": {\"\xc3\xa9\": [[], {}, \"\xf0\x9f\x98\x80\"]}}";

/* No prefix of the sample is a document; none may be read past its end (the copy has exactly its size). */
static void test_truncated(void **state)
{
    VD_UNUSED(state);
    for (size_t n = 0; n < sizeof sample; n++) {
        char *copy = malloc(n ? n : 1);
        world w;

        memcpy(copy, sample, n);
        w = world_of(NULL, json, (vd_str){ copy, n });
        read_now(&w);
        assert_int_equal(w.code, n == sizeof sample - 1 ? VD_OK : VD_ESYNTAX);
        if (n + 1 < sizeof sample)
            assert_true(w.err.at.offset <= n);
        done(&w);
        free(copy);
    }
}

static void test_depth(void **state)
{
    enum { LEVELS = 10000 };
    char      text[2 * LEVELS];
    vd_limits deep = { .size = sizeof deep, .depth = LEVELS };
    vd_limits too_deep = { .size = sizeof deep, .depth = 1000000 };
    world     w;

    VD_UNUSED(state);
    memset(text, '[', LEVELS);
    memset(text + LEVELS, ']', LEVELS);
    w = world_of(NULL, json, (vd_str){ text, sizeof text });
    read_now(&w);
    assert_int_equal(w.code, VD_ELIMIT);
    assert_string_equal(w.err.text, "nested deeper than 100 levels (limit depth)");
    assert_int_equal(w.err.at.column, 101);
    done(&w);

    w = world_of(&deep, json, (vd_str){ text, sizeof text });
    read_now(&w);
    assert_int_equal(w.code, VD_OK);
    assert_int_equal(w.doc.count, LEVELS);
    assert_int_equal(w.doc.nodes[LEVELS - 1].depth, LEVELS - 1);
    done(&w);

    w = world_of(&too_deep, json, (vd_str){ text, LEVELS });
    read_now(&w);
    assert_int_equal(w.code, VD_ESYNTAX);
    done(&w);
}

static void test_limits(void **state)
{
    static const struct {
        vd_limits   limits;
        vd_str      text;
        vd_code     code;
        uint32_t    column;
        const char *says;
    } rows[] = {
        { { .nodes = 4 }, VD_L("{\"a\": [1]}"), VD_OK, 0, "" },
        { { .nodes = 3 },
          VD_L("{\"a\": [1]}"),
          VD_ELIMIT,
          8,
          "the text holds more than 3 values (limit nodes)" },
        { { .string_bytes = 3 }, VD_L("[\"abc\"]"), VD_OK, 0, "" },
        { { .string_bytes = 3 },
          VD_L("[\"abcd\"]"),
          VD_ELIMIT,
          2,
          "the string is longer than 3 bytes (limit string_bytes)" },
        { { .string_bytes = 3 }, VD_L("[\"\\u0061bc\"]"), VD_OK, 0, "" },
        { { .string_bytes = 3 },
          VD_L("{\"abcd\": 1}"),
          VD_ELIMIT,
          2,
          "the string is longer than 3 bytes (limit string_bytes)" },
        { { .document_bytes = 4 }, VD_L("[12]"), VD_OK, 0, "" },
        { { .document_bytes = 4 },
          VD_L("[123]"),
          VD_ELIMIT,
          1,
          "the text is larger than 4 bytes (limit document_bytes)" },
        { { .depth = 2 }, VD_L("[[]]"), VD_OK, 0, "" },
        { { .depth = 2 }, VD_L("[[{}]]"), VD_ELIMIT, 3, "nested deeper than 2 levels (limit depth)" },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_limits limits = rows[i].limits;
        world     w;

        limits.size = sizeof limits;
        w = world_of(&limits, json, rows[i].text);
        read_now(&w);
        if (w.code != rows[i].code)
            fail_msg("row %zu: code %d", i, w.code);
        check_cstr(vd_str_of(w.err.text), rows[i].says);
        assert_int_equal(w.err.at.column, rows[i].column);
        done(&w);
    }
}

static void test_duplicates(void **state)
{
    world w = world_of(
        NULL, json,
        VD_S("{\"a\": {\"x\": 1, \"\\u0078\": 2},\n \"b\": 1, \"a\": 2,\n \"a\": {\"A\": 1, \"a\": 1}}"));
    static const struct {
        uint32_t    line, column;
        const char *says;
    } rows[] = {
        { 1, 16, "\"x\" appears twice in this object, first on line 1; only one of them counts" },
        { 2, 10, "\"a\" appears twice in this object, first on line 1; only one of them counts" },
        { 3, 2, "\"a\" appears twice in this object, first on line 1; only one of them counts" },
    };

    VD_UNUSED(state);
    read_now(&w);
    assert_int_equal(w.code, VD_OK);
    assert_int_equal(w.duplicates, 3);
    assert_int_equal(vd_diags_count(w.diags), 3);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        const vd_diag *d = vd_diags_at(w.diags, i);

        assert_int_equal(d->at.line, rows[i].line);
        assert_int_equal(d->at.column, rows[i].column);
        check_cstr(d->text, rows[i].says);
        check_cstr(d->rule, "json-duplicate-key");
    }
    assert_int_equal(w.err.code, VD_ESYNTAX);
    assert_string_equal(w.err.text, rows[0].says);
    done(&w);
}

/* 200 000 keys, each but the last tenth once; a comparison of each with each would take minutes. */
static void test_many_duplicates(void **state)
{
    enum { KEYS = 200000, TWICE = 20000 };
    vd_buf text = vd_buf_on(vd_allocator_default(), 0);
    world  w;

    VD_UNUSED(state);
    vd_buf_add(&text, VD_S("{\"first\": 0"));
    for (unsigned i = 0; i < KEYS; i++)
        vd_buf_printf(&text, ",\n\"key-number-%u\": %u", i, i);
    for (unsigned i = 0; i < TWICE; i++)
        vd_buf_printf(&text, ",\n\"key-number-%u\": %u", i * 7, i);
    vd_buf_byte(&text, '}');
    w = world_of(NULL, json, vd_buf_str(&text));
    read_now(&w);
    assert_int_equal(w.code, VD_OK);
    assert_int_equal(w.duplicates, TWICE);
    assert_int_equal(w.err.at.line, KEYS + 2);
    check_cstr(vd_diags_at(w.diags, 1)->text,
               "\"key-number-7\" appears twice in this object, first on line 9; only one of them counts");
    assert_int_equal(vd_diags_count(w.diags) + vd_diags_dropped(w.diags), TWICE);
    done(&w);
    vd_buf_done(&text);
}

static vd_code read_failing(failing_alloc *f, vd_str text, uint32_t *duplicates)
{
    vd_allocator a = failing_allocator(f);
    vd_arena     arena = vd_arena_on(&a, 0);
    vd_source    source = { .name = VD_S("t.json"), .text = text };
    vd_limits    limits;
    vd_doc       doc;
    vd_error     err = { 0 };
    vd_code      code;

    vd_limits_fill(&limits, NULL);
    code = vd_json_read(&doc, &arena, &source, &limits, NULL, duplicates, &err);
    if (code == VD_ENOMEM)
        assert_string_equal(err.text, "out of memory");
    vd_arena_done(&arena);
    return code;
}

static void test_no_memory(void **state)
{
    static const char text[] =
        "{\"a\\n\": [1,2,3,4,5,6,7,8,9,10], \"a\\n\": \"\\u00e9\", \"0\":0,\"1\":0,\"2\":0,\"3\":0,"
        "\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"10\":0,\"11\":0,\"12\":0,\"4\":0}";
    size_t   n;
    uint32_t duplicates;

    VD_UNUSED(state);
    for (n = 1;; n++) {
        failing_alloc f = { .fail_at = n };
        vd_code       code = read_failing(&f, vd_str_of(text), &duplicates);

        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed) {
            assert_int_equal(code, VD_OK);
            assert_int_equal(duplicates, 2);
            break;
        }
        assert_int_equal(code, VD_ENOMEM);
    }
    assert_true(n > 8);
}

static void test_tokens(void **state)
{
    static const vd_json_kind kinds[] = { VD_JSON_OPEN_OBJECT, VD_JSON_STRING,      VD_JSON_COLON,
                                          VD_JSON_OPEN_ARRAY,  VD_JSON_NUMBER,      VD_JSON_COMMA,
                                          VD_JSON_TRUE,        VD_JSON_CLOSE_ARRAY, VD_JSON_CLOSE_OBJECT,
                                          VD_JSON_END,         VD_JSON_END };
    vd_str                    text = VD_S(" {\"a\\n\":[ 1\t,\r\ntrue]} ");
    uint32_t                  at = 0;

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(kinds); i++) {
        vd_json_token t = vd_json_next(text, at);

        assert_int_equal(t.kind, kinds[i]);
        assert_int_equal(t.escaped, i == 1);
        at = t.offset + t.length;
    }
    assert_int_equal(at, text.n);
}

/* ---- writing ---- */

static void check_dump(vd_json *v, int indent, const char *wanted)
{
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);

    assert_int_equal(vd_json_dump(&out, v, indent), VD_OK);
    check_cstr(vd_buf_str(&out), wanted);
    vd_buf_done(&out);
}

static vd_json *small_tree(void)
{
    vd_json *o = vd_json_object(), *list = vd_json_array();

    vd_json_push(list, vd_json_int(-1));
    vd_json_push(list, vd_json_real(0.1));
    vd_json_push(list, vd_json_real(1.0 / 0.0));
    vd_json_push(list, vd_json_null());
    vd_json_set(o, "z", list);
    vd_json_set(o, "a", vd_json_bool(true));
    vd_json_set(o, "m", vd_json_string(VD_S("\xc3\xa9\xff\"\n")));
    vd_json_set(o, "e", vd_json_object());
    return o;
}

static void test_write(void **state)
{
    VD_UNUSED(state);
    check_dump(
        small_tree(), 0,
        "{\"z\": [-1, 0.1, null, null], \"a\": true, \"m\": \"\xc3\xa9\xef\xbf\xbd\\\"\\n\", \"e\": {}}");
    check_dump(small_tree(), 2,
               "{\n  \"z\": [\n    -1,\n    0.1,\n    null,\n    null\n  ],\n  \"a\": true,\n"
               "  \"m\": \"\xc3\xa9\xef\xbf\xbd\\\"\\n\",\n  \"e\": {}\n}");
    check_dump(vd_json_string(VD_S("a\0b")), 0, "\"a\\u0000b\"");
}

static void test_write_failure_sticks(void **state)
{
    vd_buf   out = vd_buf_on(vd_allocator_default(), 0);
    vd_json *outer, *inner;

    VD_UNUSED(state);
    for (int deep = 0; deep < 3; deep++) {
        outer = vd_json_array();
        inner = deep == 1 ? vd_json_object() : vd_json_array();
        if (deep == 1)
            vd_json_set(inner, "lost", NULL);
        else
            vd_json_push(deep ? inner : outer, NULL);
        vd_json_push(inner, vd_json_int(1));
        vd_json_push(outer, inner);
        vd_json_push(outer, vd_json_int(1));
        assert_int_equal(vd_json_dump(&out, outer, 0), VD_ENOMEM);
    }
    assert_int_equal(vd_json_dump(&out, NULL, 0), VD_ENOMEM);
    outer = vd_json_array();
    vd_json_push(outer, NULL);
    vd_json_drop(outer);
    vd_json_drop(NULL);
    vd_json_set(NULL, "x", vd_json_object());

    vd_buf_done(&out);
    out = vd_buf_on(vd_allocator_default(), 4); /* the buffer refuses */
    assert_int_equal(vd_json_dump(&out, small_tree(), 0), VD_ENOMEM);
    vd_buf_done(&out);
}

/* A viewer must not reorder or hide what follows; a reader gets the same value. */
static void test_unsafe_text_is_escaped(void **state)
{
    vd_buf   out = vd_buf_on(vd_allocator_default(), 0);
    vd_json *o = vd_json_object();

    VD_UNUSED(state);
    vd_json_set(o, "\xe2\x80\xae", vd_json_string(VD_S("a\x7f\xc2\x85\xe2\x81\xa6\xc3\xbc\xf3\xa0\x80\x81\x1b")));
    assert_int_equal(vd_json_dump(&out, o, 0), VD_OK);
    check_cstr(vd_buf_str(&out), "{\"\\u202e\": \"a\\u007f\\u0085\\u2066\xc3\xbc\\udb40\\udc01\\u001B\"}");
    vd_buf_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unsafe_text_is_escaped),
        cmocka_unit_test(test_every_position),
        cmocka_unit_test(test_walking),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_many_duplicates),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_write_failure_sticks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
