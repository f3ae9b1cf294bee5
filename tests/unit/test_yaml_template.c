/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML as templates use it: tags of their own, merge keys.
 */
#include "reading.h"

static void read_template(world *w)
{
    w->code = vd_yaml_read_as(&w->doc, &w->arena, &w->source, &w->limits, VD_YAML_TAGS | VD_YAML_MERGE, w->diags,
                              &w->duplicates, &w->err);
}

/* As dump(), each tag before its node. */
static void check_nodes(const char *text, const char *wanted)
{
    world  w = world_of(NULL, "t.yaml", vd_str_of(text));
    vd_buf out = vd_buf_on(vd_allocator_default(), 0);

    read_template(&w);
    if (w.code != VD_OK)
        fail_msg("%s\n%u:%u: %s", text, w.err.at.line, w.err.at.column, w.err.text);
    dump(&w.doc, &out);
    for (uint32_t i = 0; i < w.doc.tag_count; i++) {
        const vd_tag *t = &w.doc.tags[i];

        assert_ptr_equal(vd_doc_tag(&w.doc, t->node), t);
        vd_buf_printf(&out, "tag %u %u+%u " VD_F "\n", t->node, t->offset, t->length,
                      VD_A(vd_doc_tag_name(&w.doc, t->node)));
    }
    check_cstr(vd_buf_str(&out), wanted);
    assert_int_equal(w.duplicates, 0);
    vd_buf_done(&out);
    done(&w);
}

static void check_error(const char *text, uint32_t line, uint32_t column, const char *words)
{
    world w = world_of(NULL, "t.yaml", vd_str_of(text));

    read_template(&w);
    assert_int_equal(w.code, VD_ESYNTAX);
    assert_string_equal(w.err.text, words);
    assert_int_equal(w.err.at.line, line);
    assert_int_equal(w.err.at.column, column);
    done(&w);
}

static void test_tags(void **state)
{
    VD_UNUSED(state);
    check_nodes("a: !Ref B\n"
                "b: !Sub \"x${y}\"\n"
                "c: !If [p, !GetAtt A.B, 1]\n"
                "d: !Join\n"
                "  - \"\"\n"
                "  - [x]\n"
                "e: !Transform {N: x}\n"
                "f: !Sub |\n"
                "  t\n",
                "0 object 0+112 >21\n"
                "1 string 0+1 >2 a\n"
                "1 string 8+1 >3 B\n"
                "1 string 10+1 >4 b\n"
                "1 string 18+7 >5 x${y}\n"
                "1 string 26+1 >6 c\n"
                "1 array 33+19 >10\n"
                "2 string 34+1 >8 p\n"
                "2 string 45+3 >9 A.B\n"
                "2 number 50+1 >10 1\n"
                "1 string 53+1 >11 d\n"
                "1 array 64+12 >15\n"
                "2 string 66+2 >13 \n"
                "2 array 73+3 >15\n"
                "3 string 74+1 >15 x\n"
                "1 string 77+1 >16 e\n"
                "1 object 91+6 >19\n"
                "2 string 92+1 >18 N\n"
                "2 string 95+1 >19 x\n"
                "1 string 98+1 >20 f\n"
                "1 string 108+4 >21 t\n"
                "\n"
                "tag 2 3+4 Ref\n"
                "tag 4 13+4 Sub\n"
                "tag 6 29+3 If\n"
                "tag 8 37+7 GetAtt\n"
                "tag 11 56+5 Join\n"
                "tag 16 80+10 Transform\n"
                "tag 20 101+4 Sub\n");
}

static void test_aliases(void **state)
{
    VD_UNUSED(state);
    check_nodes("a: &x !Ref B\nb: *x\n",
                "0 object 0+18 >5\n"
                "1 string 0+1 >2 a\n"
                "1 string 11+1 >3 B\n"
                "1 string 13+1 >4 b\n"
                "1 string 11+1 >5 B\n"
                "tag 2 6+4 Ref\n"
                "tag 4 6+4 Ref\n");
}

static void test_merge(void **state)
{
    VD_UNUSED(state);
    check_nodes("x: &x {a: 1, b: \"\\x41\", c: !Ref Q}\n"
                "y:\n"
                "  b: 2\n"
                "  <<: *x\n"
                "  d: &d {<<: [{e: 1}, {e: 2, f: [3]}], g: 4}\n"
                "z: *d\n",
                "0 object 0+104 >35\n"
                "1 string 0+1 >2 x\n"
                "1 object 6+28 >9\n"
                "2 string 7+1 >4 a\n"
                "2 number 10+1 >5 1\n"
                "2 string 13+1 >6 b\n"
                "2 string 16+6 >7 A\n"
                "2 string 24+1 >8 c\n"
                "2 string 32+1 >9 Q\n"
                "1 string 35+1 >10 y\n"
                "1 object 40+58 >26\n"
                "2 string 40+1 >12 b\n"
                "2 number 43+1 >13 2\n"
                "2 string 56+1 >14 d\n"
                "2 object 62+36 >22\n"
                "3 string 93+1 >16 g\n"
                "3 number 96+1 >17 4\n"
                "3 string 69+1 >18 e\n"
                "3 number 72+1 >19 1\n"
                "3 string 83+1 >20 f\n"
                "3 array 86+3 >22\n"
                "4 number 87+1 >22 3\n"
                "2 string 7+1 >23 a\n"
                "2 number 10+1 >24 1\n"
                "2 string 24+1 >25 c\n"
                "2 string 32+1 >26 Q\n"
                "1 string 99+1 >27 z\n"
                "1 object 62+36 >35\n"
                "2 string 93+1 >29 g\n"
                "2 number 96+1 >30 4\n"
                "2 string 69+1 >31 e\n"
                "2 number 72+1 >32 1\n"
                "2 string 83+1 >33 f\n"
                "2 array 86+3 >35\n"
                "3 number 87+1 >35 3\n"
                "tag 8 27+4 Ref\n"
                "tag 25 27+4 Ref\n");
}

static void test_refused(void **state)
{
    VD_UNUSED(state);
    check_error("a: 1\n<<: 3\n", 2, 5, "a merge key (<<) takes a mapping or a list of mappings, found a number");
    check_error("a:\n  <<: [{}, x]\n", 2, 12, "a merge key (<<) takes a mapping or a list of mappings, found a string");
    check_error("a: !!binary x\n", 1, 4, "the tag \"!!binary\" is not known here");
    check_error("a:\n\t- x\n", 2, 1, "not valid YAML: tab character may not be used as indentation");
    check_error("a: &a [*a]\n", 1, 9, "the alias \"*a\" stands within its own value");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_merge),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
