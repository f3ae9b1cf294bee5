/* SPDX-License-Identifier: Apache-2.0
 *
 * The second look at a witness: what the prover must never come up with is refused.
 */
#include "sets.h"

#include "analyze/exposing.h"

#include "base/str.h"

static vd_code look(vd_exposing *x, const vd_found *f, const vd_witness *w)
{
    vd_error err = { .size = sizeof err };
    vd_code  code;

    x->err = &err;
    code = vd_outside_check(x, f, w);
    if (code != VD_OK)
        assert_non_null(strstr(err.text, "self-check failed"));
    return code;
}

static void test_zone(void **state)
{
    vd_engine     *engine = NULL;
    vd_zone       *zone = NULL;
    vd_error       err = { .size = sizeof err };
    vd_found       f = { .family = VD_PEOPLE, .part = VD_NONE };
    vd_str         mine = VD_S("111122223333"), arn = VD_S("arn:aws:sns:us-east-1:444455556666:t");
    vd_witness_key keys[] = { { .key = VD_S("aws:SourceAccount"), .values = &mine, .count = 1 },
                              { .key = VD_S("AWS:sourcearn"), .values = &arn, .count = 1 } };
    vd_witness     w = { .size = sizeof w, .principal = VD_S("arn:aws:iam::444455556666:user/u"), .account = VD_S("444455556666") };
    vd_exposing    x = { .on.account = VD_S("111122223333") };

    (void)state;
    assert_int_equal(vd_engine_new(&engine, NULL, &err), VD_OK);
    assert_int_equal(vd_zone_read(&zone, engine, VD_S("zone.json"),
                                  VD_S("{\"accounts\": [\"555566667777\"], \"organizations\": [\"o-abcdefghij\"], \"principals\": "
                                       "[\"arn:aws:iam::444455556666:role/*\"], \"services\": [\"sns.amazonaws.com\"]}"), &err), VD_OK);
    x.zone = zone;
    assert_int_equal(look(&x, &f, &w), VD_OK);
    w.org = VD_S("o-abcdefghij");
    assert_int_equal(look(&x, &f, &w), VD_EINTERNAL);
    w.org = VD_S("o-zyxwvutsrq");
    w.role = VD_S("arn:aws:iam::444455556666:role/r");
    assert_int_equal(look(&x, &f, &w), VD_EINTERNAL);
    w.role = VD_S("");
    w.account = VD_S("555566667777");
    assert_int_equal(look(&x, &f, &w), VD_EINTERNAL);
    w.account = VD_S("111122223333");
    assert_int_equal(look(&x, &f, &w), VD_EINTERNAL);
    f.family = VD_SERVICES;
    w = (vd_witness){ .size = sizeof w, .principal = VD_S("s3.amazonaws.com"), .keys = keys + 1, .key_count = 1 };
    assert_int_equal(look(&x, &f, &w), VD_OK);
    arn = VD_S("arn:aws:sns:us-east-1:555566667777:t");
    assert_int_equal(look(&x, &f, &w), VD_EINTERNAL);
    w.keys = keys;
    assert_int_equal(look(&x, &f, &w), VD_EINTERNAL);
    w = (vd_witness){ .size = sizeof w, .principal = VD_S("sns.amazonaws.com") };
    assert_int_equal(look(&x, &f, &w), VD_EINTERNAL);
    x.in_zone = true; /* asked for, for information */
    assert_int_equal(look(&x, &f, &w), VD_OK);
    vd_zone_free(zone);
    vd_engine_release(engine);
}

static void test_stranger(void **state)
{
    vd_zone     zone = { .owner = true };
    vd_str      accounts[] = { VD_L("4444555566??") }, ids[] = { VD_L("AROAEXAMPLEID0000000A") }, orgs[] = { VD_L("o-abcdefghij") };
    vd_exposing x = { .zone = &zone, .on.account = VD_S("111122223333"), .accounts = { .at = accounts, .count = 1 },
                      .unique_ids = { .at = ids, .count = 1 }, .orgs = { .at = orgs, .count = 1 } };
    vd_found    f = { .family = VD_PEOPLE, .part = VD_NONE, .is_public = true };
    vd_witness  w = { .size = sizeof w, .principal = VD_S("arn:aws:iam::999988887777:role/r"), .account = VD_S("999988887777"),
                      .user_id = VD_S("AROAEXAMPLEID0000000B:s"), .org = VD_S("o-zyxwvutsrq") };

    (void)state;
    assert_int_equal(look(&x, &f, &w), VD_OK);
    w.account = VD_S("444455556677");
    assert_int_equal(look(&x, &f, &w), VD_EINTERNAL);
    f.is_public = false; /* one that is named will do then */
    assert_int_equal(look(&x, &f, &w), VD_OK);
    f.is_public = true;
    w.account = VD_S("999988887777");
    w.user_id = VD_S("AROAEXAMPLEID0000000A:s");
    assert_int_equal(look(&x, &f, &w), VD_EINTERNAL);
    w.user_id = VD_S("");
    w.org = VD_S("o-abcdefghij");
    assert_int_equal(look(&x, &f, &w), VD_EINTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_zone), cmocka_unit_test(test_stranger) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
