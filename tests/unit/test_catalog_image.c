/* SPDX-License-Identifier: Apache-2.0
 *
 * The block as input: whatever is damaged in it is refused or harmless, every allocation may fail, and the same texts make
 * the same bytes.
 */
#include "unit.h"

#include "base/str.h"
#include "catalog/build.h"
#include "catalog/image.h"
#include "catalog/import.h"
#include "failing_alloc.h"

static const vd_catalog_text small[] = {
    { VD_L("tables/t.tsv"), VD_L("name\tvalue\nA\t1\na\t2\nb\n") },
    { VD_L("tables/techniques.json"), VD_L("[{\"class\": \"q\", \"calls\": [{\"anyOf\": [\"s3:GetObject@x\", \"s3:ListBucket\"]}]}, "
                                           "{\"class\": \"p\", \"calls\": [{\"action\": \"s3:ListBucket\"}, {\"action\": \"s3:Put\", \"optional\": true}]}, "
                                           "{\"class\": \"everyday\", \"calls\": [{\"action\": \"s3:GetObject\"}]}, "
                                           "{\"class\": \"p\", \"calls\": [{\"action\": \"s3:ListBucket\"}]}]") },
    { VD_L("overlay/retired.tsv"), VD_L("X\ts3:Old\n") },
    { VD_L("overlay/depends.tsv"), VD_L("D\ts3:GetObject\ts3:ListBucket\n") },
    { VD_L("overlay/more-resources.tsv"), VD_L("M\ts3:GetObject\tbucket\n") },
    { VD_L("services/s3.tsv"), VD_L("S\ts3\tAmazon S3\tstorage\trcp\nK\taws:ResourceTag/${TagKey}\tString\nK\ts3:prefix\tArrayOfString\n"
                                    "R\tbucket\tarn:${Partition}:s3:::${Bucket}\ts3:prefix\nR\tobject\tarn:${Partition}:s3:::${Bucket}/${Key}\n"
                                    "A\tGetObject\tR\tobject*\taws:ResourceTag/${TagKey}\nA\tListBucket\tL\tbucket*\nU\tbucket\ts3:prefix\n") },
    { VD_L("MANIFEST.tsv"), VD_L("format\tverdict-catalog 1\nsource\ttest\nsource-date\t2026-01-02\nservices\t1\nkeys\t2\n"
                                 "resource-types\t2\nactions\t2\nuses\t1\n") },
};

static vd_str build(const vd_catalog_text *files, uint32_t count)
{
    vd_str   block;
    vd_error err;

    if (vd_catalog_build(&block, vd_allocator_default(), files, count, NULL, NULL, &err) != VD_OK)
        fail_msg("%s", err.text);
    return block;
}

static void drop(vd_str block)
{
    vd_free(vd_allocator_default(), (void *)(uintptr_t)block.p, block.n);
}

static void same_bytes(void **state)
{
    vd_catalog_text other[VD_COUNT(small)];
    vd_str          a = build(small, VD_COUNT(small)), b;

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(small); i++)
        other[i] = small[VD_COUNT(small) - 1 - i];
    b = build(other, VD_COUNT(small));
    assert_true(vd_str_eq(a, b));
    drop(a);
    drop(b);
}

static void merged(void **state)
{
    vd_str      block = build(small, VD_COUNT(small));
    vd_catalog *c;
    uint32_t    get;

    VD_UNUSED(state);
    assert_int_equal(vd_catalog_open(&c, NULL, block, NULL), VD_OK);
    get = vd_catalog_find(c, VD_S("s3:GetObject"));
    assert_int_equal(vd_catalog_action(c, get).types.count, 2);
    assert_int_equal(vd_catalog_action(c, get).required.count, 1);
    assert_int_equal(vd_catalog_more_types(c, get).count, 1);
    assert_int_equal(vd_catalog_action(c, get).depends.count, 1);
    assert_true(vd_catalog_retired(c, VD_S("S3:old")));
    assert_int_equal(vd_sheet_find(vd_catalog_sheet(c, VD_S("t")), VD_S("a")).count, 2);
    vd_catalog_close(c);
    drop(block);
}

/* What calls the ways of a class take, told once; a table that says so already is refused. */
static void calls_of_techniques(void **state)
{
    static const char *const cells[][2] = { { "p", "s3:ListBucket" }, { "q", "s3:GetObject" }, { "q", "s3:ListBucket" } };
    vd_catalog_text          files[VD_COUNT(small) + 1];
    vd_str                   block = build(small, VD_COUNT(small));
    vd_catalog              *c;
    vd_sheet                 s;
    vd_error                 err;

    VD_UNUSED(state);
    assert_int_equal(vd_catalog_open(&c, NULL, block, NULL), VD_OK);
    s = vd_catalog_sheet(c, VD_S(VD_SHEET_TECHNIQUE_CALLS));
    assert_int_equal(s.rows, VD_COUNT(cells));
    for (uint32_t i = 0; i < s.rows; i++)
        for (uint32_t k = 0; k < 2; k++)
            assert_true(vd_str_eq(vd_sheet_cell(s, i, k), vd_str_of(cells[i][k])));
    vd_catalog_close(c);
    drop(block);

    memcpy(files, small, sizeof small);
    files[VD_COUNT(small)] = (vd_catalog_text){ VD_S("tables/technique-calls.tsv"), VD_S("class\taction\n") };
    assert_int_equal(vd_catalog_build(&block, vd_allocator_default(), files, VD_COUNT(files), NULL, NULL, &err), VD_EINVAL);
    assert_string_equal(err.text, "the table \"technique-calls\" is made of this file, and cannot be given");
    for (size_t i = 0; i < VD_COUNT(small); i++)
        if (vd_str_eq(files[i].name, VD_S("tables/techniques.json")))
            files[i].text = VD_S("[\n{]");
    assert_int_equal(vd_catalog_build(&block, vd_allocator_default(), files, VD_COUNT(small), NULL, NULL, &err), VD_ESYNTAX);
    assert_true(vd_str_eq(err.at.file, VD_S("tables/techniques.json")));
    assert_int_equal(err.at.line, 2);
}

/* Every word of a small block in turn becomes something else; the checksum is right again, so that what stands behind it
 * has to notice.  What is let through must be read without a fault: see fuzz/catalog.c for more of that. */
static void damaged(void **state)
{
    static const uint32_t values[] = { 0, 1, 0x7fffffff, 0xffffffff };
    vd_str                block = build(small, VD_COUNT(small));
    uint32_t              refused = 0;

    VD_UNUSED(state);
    for (size_t at = 0; at + 4 <= block.n; at += 4)
        for (size_t v = 0; v < VD_COUNT(values); v++) {
            char       *p = (char *)(uintptr_t)block.p;
            vd_cimage  *m = (void *)p;
            vd_catalog *c;
            vd_cimage   header = *m;
            uint32_t    was;

            memcpy(&was, p + at, 4);
            memcpy(p + at, &values[v], 4);
            m->checksum = vd_cimage_checksum(m, block.n);
            if (vd_catalog_open(&c, NULL, block, NULL) == VD_OK) {
                for (uint32_t i = 0; i < vd_catalog_actions(c); i++)
                    assert_true(vd_catalog_action(c, i).name.n <= 64);
                vd_catalog_close(c);
            } else {
                refused++;
            }
            memcpy(p + at, &was, 4);
            *m = header;
        }
    assert_true(refused > 300);
    drop(block);
}

static void refused_with_words(void **state)
{
    static const struct {
        size_t      at;
        const char *text;
    } rows[] = {
        { 0, "this is not a compiled catalogue" },
        { offsetof(vd_cimage, order), "the catalogue was made on a machine of another byte order" },
        { offsetof(vd_cimage, format), "the catalogue has format 0, this program reads 1: make it again with `verdict catalog update`" },
        { sizeof(vd_cimage) + 3, "damaged catalogue: the checksum does not match" },
    };
    vd_str      block = build(small, VD_COUNT(small));
    vd_catalog *c;
    vd_error    err;

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        char was = block.p[rows[i].at];

        ((char *)(uintptr_t)block.p)[rows[i].at] ^= rows[i].at == offsetof(vd_cimage, format) ? 1 : 0x40;
        assert_int_equal(vd_catalog_open(&c, NULL, block, &err), VD_EFORMAT);
        assert_string_equal(err.text, rows[i].text);
        ((char *)(uintptr_t)block.p)[rows[i].at] = was;
    }
    for (size_t n = 0; n < block.n; n += 8)
        assert_int_equal(vd_catalog_open(&c, NULL, (vd_str){ block.p, n }, &err), VD_EFORMAT);
    assert_int_equal(vd_catalog_open(&c, NULL, (vd_str){ block.p + 1, block.n - 1 }, &err), VD_EINVAL);
    drop(block);
}

static void build_without_memory(void **state)
{
    VD_UNUSED(state);
    for (size_t n = 1;; n++) {
        failing_alloc f = { .fail_at = n };
        vd_allocator  a = failing_allocator(&f);
        vd_str        block;
        vd_code       code = vd_catalog_build(&block, &a, small, VD_COUNT(small), NULL, NULL, NULL);

        if (code == VD_OK)
            vd_free(&a, (void *)(uintptr_t)block.p, block.n);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed)
            break;
        assert_int_equal(code, VD_ENOMEM);
    }
}

static void update_without_memory(void **state)
{
    static const char text[] = "{\"Name\": \"s3\", \"Actions\": [{\"Name\": \"GetObject\", \"Resources\": [{\"Name\": \"object\"}],"
                               "\"ActionConditionKeys\": [\"s3:x/<key>\", \"s3:y/\"]}], \"Resources\": [{\"Name\": \"object\", "
                               "\"ARNFormats\": [\"arn:${Partition}:s3:::${B}/${O}\"]}]}";
    vd_str            block = build(small, VD_COUNT(small));
    vd_catalog_text   file = { VD_S("x.json"), { text, sizeof text - 1 } };
    vd_catalog_files  in = { &file, 1, 1 };
    vd_catalog       *base;

    VD_UNUSED(state);
    assert_int_equal(vd_catalog_open(&base, NULL, block, NULL), VD_OK);
    for (size_t n = 1;; n++) {
        failing_alloc f = { .fail_at = n };
        vd_allocator  a = failing_allocator(&f);
        vd_str        out;
        vd_code       code = vd_catalog_update(&out, &a, &in, base, VD_S("2026-02-03"), NULL, NULL, NULL);

        if (code == VD_OK)
            vd_free(&a, (void *)(uintptr_t)out.p, out.n);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed) {
            assert_int_equal(code, VD_OK);
            break;
        }
        assert_int_equal(code, VD_ENOMEM);
    }
    vd_catalog_close(base);
    drop(block);
}

/* Small universes, all subsets: what shrink gives expands to the subset again. */
static void gather(void *user, vd_str pattern)
{
    uint64_t *bits = user;

    vd_catalog_expand_bits(vd_catalog_builtin(), pattern, bits);
}

static void shrink_adds_nothing(void **state)
{
    const vd_catalog *c = vd_catalog_builtin();
    size_t            words = vd_catalog_actions(c) / 64 + 1;
    uint64_t         *set = test_calloc(words, 8), *again = test_calloc(words, 8), random = 7;
    vd_run            run = vd_catalog_service(c, vd_catalog_find_service(c, VD_S("sqs"))).actions;

    VD_UNUSED(state);
    for (uint32_t round = 0; round < 20000; round++) {
        memset(set, 0, words * 8);
        memset(again, 0, words * 8);
        for (uint32_t i = 0; i < run.count; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            if (random >> 33 & 3 || round % 3 == 0)
                set[(run.first + i) / 64] |= (random >> 40 & 1 || round & 1 ? UINT64_C(1) : 0) << (run.first + i) % 64;
        }
        vd_catalog_shrink(c, set, gather, again);
        assert_memory_equal(set, again, words * 8);
    }
    test_free(set);
    test_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bytes),           cmocka_unit_test(merged),
        cmocka_unit_test(calls_of_techniques),
        cmocka_unit_test(damaged),              cmocka_unit_test(refused_with_words),
        cmocka_unit_test(build_without_memory), cmocka_unit_test(update_without_memory),
        cmocka_unit_test(shrink_adds_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
