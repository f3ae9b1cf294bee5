/* SPDX-License-Identifier: Apache-2.0
 *
 * The ways of the catalogue, read; and what is refused in a file of a user's own, with its place.
 */
#include "unit.h"

#include "analyze/techniques.h"
#include "base/str.h"
#include "catalog/catalog.h"

static const vd_way *way_of(const vd_ways *ways, const char *id)
{
    for (uint32_t i = 0; i < ways->count; i++)
        if (vd_str_eq(ways->at[i].id, vd_str_of(id)))
            return &ways->at[i];
    fail_msg("%s is not there", id);
    return NULL;
}

static void catalogue(void **state)
{
    vd_arena      arena = vd_arena_on(vd_allocator_default(), 0);
    vd_ways       ways = { 0 };
    vd_error      err = { .size = sizeof err };
    const vd_way *w;

    VD_UNUSED(state);
    if (vd_ways_of(&ways, &arena, vd_catalog_builtin(), &err) != VD_OK)
        fail_msg("%u:%u: %s", err.at.line, err.at.column, err.text);
    assert_true(ways.count > 110);
    w = way_of(&ways, "passrole-lambda-create");
    assert_int_equal(w->group_count, 2);
    assert_int_equal(w->call_count, 3);
    assert_int_equal(w->calls[2].group, 1);
    assert_int_equal(w->calls[2].alt_count, 4);
    assert_true(vd_str_eq(w->calls[0].pins[0].value, VD_S("lambda.amazonaws.com")));
    assert_int_equal(w->facts[0].fact, VD_FACT_TRUSTS);
    assert_int_equal(w->result, VD_RESULT_BECOMES);
    w = way_of(&ways, "create-role-admin");
    assert_true(w->calls[0].pins[0].absent);
    assert_int_equal(way_of(&ways, "mfa-swap")->calls[2].optional, true);
    vd_arena_done(&arena);
}

/* Whatever a call or a fact names is an action of the catalogue, or noted as one that AWS does not list. */
static void actions_exist(void **state)
{
    vd_arena          arena = vd_arena_on(vd_allocator_default(), 0);
    const vd_catalog *c = vd_catalog_builtin();
    vd_ways           ways = { 0 };
    uint32_t          unknown = 0;

    VD_UNUSED(state);
    assert_int_equal(vd_ways_of(&ways, &arena, c, NULL), VD_OK);
    for (uint32_t i = 0; i < ways.count; i++)
        for (uint32_t k = 0; k < ways.at[i].call_count; k++)
            for (uint32_t a = 0; a < ways.at[i].calls[k].alt_count; a++)
                if (vd_catalog_find(c, ways.at[i].calls[k].alts[a].action) == VD_NONE) {
                    print_message("%.*s: no action %.*s\n", VD_A(ways.at[i].id), VD_A(ways.at[i].calls[k].alts[a].action));
                    unknown++;
                }
    assert_int_equal(unknown, 0);
    vd_arena_done(&arena);
}

static void refused(void **state)
{
    static const struct {
        const char *text, *says;
        uint32_t    column;
    } rows[] = {
        { "{}", "expected a list of ways", 1 },
        { "[{\"id\":\"a\"}]", "a way has an \"id\", a \"class\"", 2 },
        { "[{\"idd\":\"a\"}]", "\"idd\"", 3 },
        { "[{\"id\":\"a\",\"class\":\"c\",\"calls\":[{\"group\":1,\"action\":\"iam:X\",\"resource\":\"R\"}],\"result\":{\"becomes\":\"R\"}}]",
          "\"R\" is neither bound", 72 },
        { "[{\"id\":\"a\",\"class\":\"c\",\"bind\":{\"R\":\"rolle\"},\"calls\":[],\"result\":{}}]", "\"rolle\" is nothing that a name", 36 },
        { "[{\"id\":\"a\",\"class\":\"c\",\"bind\":{\"D\":\"document\"},\"calls\":[],\"result\":{}}]", "is that of a principal", 31 },
        { "[{\"id\":\"a\",\"class\":\"c\",\"bind\":{\"R\":\"role\"},\"calls\":[{\"group\":9,\"action\":\"iam:X\",\"resource\":\"R\"}],"
          "\"result\":{\"becomes\":\"R\"}}]",
          "a caller group is a number", 62 },
        { "[{\"id\":\"a\",\"class\":\"c\",\"bind\":{\"R\":\"role\"},\"calls\":[{\"group\":1,\"action\":\"iam:X\",\"resource\":\"R\"}],"
          "\"facts\":[{\"runsAs\":[\"R\",\"R\"]}],\"result\":{\"becomes\":\"R\"}}]",
          "nothing that this fact can be about", 118 },
        { "[{\"id\":\"a\",\"class\":\"c\",\"bind\":{\"R\":\"group\"},\"calls\":[{\"group\":1,\"action\":\"iam:X\",\"resource\":\"R\"}],"
          "\"result\":{\"becomes\":\"R\"}}]",
          "nothing that \"becomes\" can be of", 108 },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
        vd_ways  ways = { 0 };
        vd_error err = { .size = sizeof err };

        assert_int_not_equal(vd_ways_read(&ways, &arena, VD_S("mine.json"), vd_str_of(rows[i].text), &err), VD_OK);
        if (!strstr(err.text, rows[i].says) || err.at.column != rows[i].column)
            fail_msg("%s\n%u: %s", rows[i].text, err.at.column, err.text);
        assert_true(vd_str_eq(err.at.file, VD_S("mine.json")));
        vd_arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(catalogue),
        cmocka_unit_test(actions_exist),
        cmocka_unit_test(refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
