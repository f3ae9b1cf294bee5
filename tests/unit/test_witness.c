/* SPDX-License-Identifier: Apache-2.0
 *
 * What flags and classes are called; a witness as a request.
 */
#include <verdict/analyze.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void names(void **state)
{
    uint32_t seen = 0;

    (void)state;
    for (uint32_t i = 0; i < VD_FLAG_COUNT_BITS; i++) {
        const char *name = vd_flag_name((uint32_t)1 << i);

        seen += *name != 0;
        for (uint32_t k = 0; *name && k < i; k++)
            assert_string_not_equal(name, vd_flag_name((uint32_t)1 << k));
    }
    assert_int_equal(seen, VD_FLAG_COUNT_BITS);
    assert_string_equal(vd_flag_name(VD_FLAG_FUTURE), "future-action");
    assert_string_equal(vd_flag_name(VD_FLAG_OFF_CATALOGUE), "off-catalogue");
    assert_string_equal(vd_flag_name(3), "");
    assert_string_equal(vd_access_name(VD_ACCESS_HIGH), "high");
    assert_string_equal(vd_access_name(9), "");
    for (int32_t i = 0; i < VD_EXPOSED_COUNT; i++)
        assert_string_not_equal(vd_exposed_name(i), "");
    assert_string_equal(vd_exposed_name(VD_EXPOSED_COUNT), "");
}

#define TEXT(s) ((vd_str){ s, sizeof(s) - 1 })

static const char policy[] = "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\","
                             "\"Resource\": \"*\", \"Condition\": {\"StringEquals\": {\"aws:PrincipalTag/team\": \"data\"},"
                             "\"Null\": {\"aws:SourceVpc\": \"true\"}}}}";

/* What a witness says is what the evaluator hears: with the tag it is allowed, with another one it is not. */
static void decided(void **state)
{
    vd_str         team[] = { TEXT("data") };
    vd_witness_key keys[] = { { .key = TEXT("aws:PrincipalTag/team"), .values = team, .count = 1 },
                              { .key = TEXT("aws:SourceVpc"), .absent = true } };
    vd_witness     w = { .size = sizeof w, .principal = TEXT("arn:aws:sts::111122223333:assumed-role/app/s"),
                         .role = TEXT("arn:aws:iam::111122223333:role/path/app"), .action = TEXT("s3:GetObject"),
                         .resource = TEXT("arn:aws:s3:::b/k"), .resource_account = TEXT("111122223333"), .keys = keys,
                         .key_count = 2 };
    vd_engine     *engine = NULL;
    vd_builder    *builder = NULL;
    vd_policy     *p = NULL;
    vd_set        *set = NULL;
    vd_request    *r = NULL;
    vd_decision    d = { .size = sizeof d };
    void          *scratch;

    (void)state;
    assert_int_equal(vd_engine_new(&engine, NULL, NULL), VD_OK);
    assert_int_equal(vd_policy_parse(&p, engine, VD_KIND_IDENTITY, TEXT("p"), TEXT(policy), NULL, NULL), VD_OK);
    assert_int_equal(vd_builder_new(&builder, engine, NULL), VD_OK);
    assert_int_equal(vd_builder_add(builder, p, &(vd_attach){ .size = sizeof(vd_attach) }, NULL), VD_OK);
    assert_int_equal(vd_builder_compile(&set, builder, NULL, NULL), VD_OK);
    assert_int_equal(vd_request_new(&r, engine, NULL), VD_OK);
    scratch = aligned_alloc(16, (vd_scratch_size(set) + 15) / 16 * 16);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(vd_witness_request(r, &w), VD_OK);
        assert_int_equal(vd_eval(&d, set, r, scratch), VD_OK);
        assert_int_equal(d.outcome, i == 0 ? VD_ALLOW : VD_IMPLICIT_DENY);
        team[0] = TEXT("ops");
    }
    free(scratch);
    vd_request_free(r);
    vd_set_release(set);
    vd_builder_free(builder);
    vd_policy_release(p);
    vd_engine_release(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(names), cmocka_unit_test(decided) };

    return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
