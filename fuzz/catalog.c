/* SPDX-License-Identifier: Apache-2.0
 *
 * A checked catalogue never faults.  An input that begins with 'E' is edits to a good block ({offset, value}, six bytes
 * each), with the checksum made to match again; one that begins with 'T' is a file of the text form, which is compiled:
 * what the compiler takes, the check must take, and all of it must be found again.  One that begins with 'J' is a file of
 * the service reference, to be imported.  Other inputs are a block as it is.
 */
#include "fuzz.h"

#include "base/error.h"
#include "base/str.h"
#include "catalog/build.h"
#include "catalog/image.h"
#include "catalog/import.h"

static const char service[] = "S\ts3\tAmazon S3\tstorage\trcp\n"
                              "K\taws:ResourceTag/${TagKey}\tString\nK\ts3:prefix\tArrayOfString\n"
                              "R\tbucket\tarn:${Partition}:s3:::${Bucket} arn:${Partition}:s3:${Region}:*:b/${B}\ts3:prefix\n"
                              "R\tobject\tarn:${Partition}:s3:::${Bucket}/${Key}\n"
                              "A\tGetObject\tR\tobject*\taws:ResourceTag/${TagKey}\n"
                              "A\tListBucket\tL\tbucket*,object\nU\tbucket\ts3:prefix\nA\tPutBucketPolicy\tP\tbucket*\n";
static const char depends[] = "D\ts3:GetObject\ts3:ListBucket s3:PutBucketPolicy\n";
static const char global[] = "G\taws:SourceIp\tIPAddress\tnetwork\nG\taws:TagKeys\tArrayOfString\trequest\n";
static const char retired[] = "X\ts3:Old\n";
static const char table[] = "name\tvalue\nA\t1\na\t2\nb\n";

static vd_str good;

static vd_code compile(vd_str *out, vd_str services, uint32_t counts[5], vd_error *err)
{
    char            manifest[256];
    vd_catalog_text files[] = { { VD_S("MANIFEST.tsv"), { 0 } },
                                { VD_S("services/s3.tsv"), services },
                                { VD_S("overlay/depends.tsv"), vd_str_of(depends) },
                                { VD_S("overlay/global-keys.tsv"), vd_str_of(global) },
                                { VD_S("overlay/retired.tsv"), vd_str_of(retired) },
                                { VD_S("tables/t.tsv"), vd_str_of(table) } };

    snprintf(manifest, sizeof manifest,
             "format\tverdict-catalog 1\nsource\tfuzz\nsource-date\t2026-01-02\nservices\t%u\nkeys\t%u\nresource-types\t%u\n"
             "actions\t%u\nuses\t%u\n",
             counts[0], counts[1], counts[2], counts[3], counts[4]);
    files[0].text = vd_str_of(manifest);
    return vd_catalog_build(out, vd_allocator_default(), files, VD_COUNT(files), NULL, NULL, err);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    uint32_t counts[5] = { 1, 2, 2, 3, 1 };
    vd_error err;

    (void)argc;
    (void)argv;
    fuzz_check(compile(&good, vd_str_of(service), counts, &err) == VD_OK, "%s", err.text);
    return 0;
}

static size_t weigh(vd_str s)
{
    size_t sum = s.n;

    for (size_t i = 0; i < s.n; i++)
        sum += (unsigned char)s.p[i];
    return sum;
}

static size_t weigh_ids(vd_ids ids, uint32_t most)
{
    for (uint32_t i = 0; i < ids.count; i++)
        fuzz_check(ids.at[i] < most, "id %u of %u", ids.at[i], most);
    return ids.count;
}

static bool run_ok(void *user, vd_run run)
{
    const vd_catalog *c = user;

    fuzz_check(run.first <= vd_catalog_actions(c) && run.count <= vd_catalog_actions(c) - run.first, "a run");
    return true;
}

static size_t look_at_actions(const vd_catalog *c)
{
    size_t sum = 0;

    for (uint32_t i = 0; i < vd_catalog_actions(c); i++) {
        vd_action_fact f = vd_catalog_action(c, i);
        char           text[512];
        size_t         n = vd_catalog_action_text(c, i, text, sizeof text);

        sum += weigh(f.name) + weigh_ids(f.types, vd_catalog_types(c)) + weigh_ids(f.required, vd_catalog_types(c));
        sum += weigh_ids(f.keys, vd_catalog_keys(c)) + weigh_ids(f.depends, vd_catalog_actions(c));
        for (uint32_t k = 0; k < f.types.count; k++)
            sum += weigh_ids(vd_catalog_keys_on(c, i, f.types.at[k]), vd_catalog_keys(c));
        sum += vd_catalog_keys(c) && vd_catalog_action_has_key(c, i, 0);
        sum += vd_catalog_find(c, (vd_str){ text, n });
    }
    return sum;
}

static size_t look_at_tables(const vd_catalog *c)
{
    vd_sheet s = vd_catalog_sheet(c, VD_S("t"));
    size_t   sum = vd_sheet_column(s, VD_S("value")) + vd_sheet_find(s, VD_S("a")).count;

    for (uint32_t r = 0; r < s.rows && r < 4096; r++)
        for (uint32_t k = 0; k < s.columns && k < 64; k++)
            sum += weigh(vd_sheet_cell(s, r, k));
    return sum;
}

static void look(const vd_catalog *c)
{
    static const char *const patterns[] = { "*", "s3:*", "s3:Get*", "*:*O*", "s?:?*", "s3:GetObject" };
    static const char *const keys[] = { "aws:SourceIp", "aws:ResourceTag/x", "s3:prefix", "x" };
    volatile size_t          sum = weigh(vd_catalog_date(c)) + weigh(vd_catalog_source(c)) + vd_catalog_digest_ok(c);
    vd_str                   names[8];

    sum += look_at_actions(c) + look_at_tables(c);
    for (uint32_t i = 0; i < vd_catalog_services(c); i++) {
        vd_service_fact f = vd_catalog_service(c, i);

        sum += weigh(f.prefix) + weigh(f.title) + weigh(f.category) + weigh_ids(f.keys, vd_catalog_keys(c));
        sum += vd_catalog_names(c, i, names, 8) + vd_catalog_find_type(c, i, VD_S("bucket"));
    }
    for (uint32_t i = 0; i < vd_catalog_types(c); i++) {
        vd_type_fact f = vd_catalog_type(c, i);

        sum += weigh(f.name) + weigh_ids(f.keys, vd_catalog_keys(c));
        for (uint32_t k = 0; k < f.formats; k++)
            sum += weigh(vd_catalog_format(c, i, k)) + weigh(vd_catalog_format_coded(c, i, k));
    }
    for (uint32_t i = 0; i < vd_catalog_keys(c); i++)
        sum += weigh(vd_catalog_key(c, i).name) + weigh(vd_catalog_key(c, i).group);
    for (size_t i = 0; i < VD_COUNT(keys); i++)
        sum += vd_catalog_find_key(c, vd_str_of(keys[i])) + vd_catalog_retired(c, vd_str_of(keys[i]));
    for (size_t i = 0; i < VD_COUNT(patterns); i++)
        vd_catalog_expand(c, vd_str_of(patterns[i]), run_ok, (void *)(uintptr_t)c);
    sum += weigh_ids(vd_catalog_types_of_arn(c, VD_S("s3")), vd_catalog_types(c)) + vd_catalog_names(c, VD_NONE, names, 8);
    (void)sum;
}

static vd_catalog *open_block(vd_str block)
{
    vd_catalog *c;
    vd_error    err;

    return vd_catalog_open(&c, vd_allocator_default(), block, &err) == VD_OK ? c : NULL;
}

static void edited(const uint8_t *data, size_t size)
{
    char       *copy = aligned_alloc(8, (good.n + 7) & ~(size_t)7);
    vd_catalog *c;

    if (!copy)
        abort();
    memcpy(copy, good.p, good.n);
    for (; size >= 6; data += 6, size -= 6) {
        uint32_t offset, value;

        offset = (uint32_t)(data[0] | data[1] << 8) % (uint32_t)(good.n - 4);
        memcpy(&value, data + 2, 4);
        memcpy(copy + offset, &value, 4);
    }
    ((vd_cimage *)(void *)copy)->checksum = vd_cimage_checksum((void *)copy, good.n);
    c = open_block((vd_str){ copy, good.n });
    if (c)
        look(c);
    vd_catalog_close(c);
    free(copy);
}

static void compiled(vd_str text)
{
    static const char tags[] = "SKRAU";
    uint32_t          counts[5] = { 0 };
    vd_str            block, rest = text, line;
    vd_error          err;
    vd_catalog       *c;

    while (vd_str_cut(&rest, '\n', &line)) {
        const char *at = line.n ? strchr(tags, line.p[0]) : NULL;

        if (at && *at)
            counts[at - tags]++;
    }
    if (compile(&block, text, counts, &err) != VD_OK)
        return;
    c = open_block(block);
    fuzz_check(c, "the check refuses what was compiled");
    look(c);
    for (uint32_t i = 0; i < vd_catalog_actions(c); i++) {
        char   name[512];
        size_t n = vd_catalog_action_text(c, i, name, sizeof name);

        fuzz_check(vd_catalog_find(c, (vd_str){ name, n }) == i, "%.*s", (int)n, name);
    }
    for (uint32_t i = 0; i < vd_catalog_keys(c); i++)
        fuzz_check(vd_catalog_find_key(c, vd_catalog_key(c, i).name) == i, "key %u", i);
    vd_catalog_close(c);
    vd_free(vd_allocator_default(), (void *)(uintptr_t)block.p, block.n);
}

static void imported(vd_str text)
{
    static vd_catalog *base;
    vd_catalog_text    file = { VD_S("x.json"), text };
    vd_catalog_files   in = { &file, 1, 1 };
    vd_str             block;
    vd_error           err;
    vd_catalog        *c;

    if (!base)
        base = open_block(good);
    if (vd_catalog_update(&block, vd_allocator_default(), &in, base, VD_S("2026-01-02"), NULL, NULL, &err) != VD_OK)
        return;
    c = open_block(block);
    fuzz_check(c, "the check refuses what was imported");
    fuzz_check(vd_catalog_find_key(c, VD_S("aws:SourceIp")) != VD_NONE, "the overlay is lost");
    look(c);
    vd_catalog_close(c);
    vd_free(vd_allocator_default(), (void *)(uintptr_t)block.p, block.n);
}

static void as_it_is(const uint8_t *data, size_t size)
{
    char       *copy = aligned_alloc(8, (size + 8) & ~(size_t)7);
    vd_catalog *c;

    if (!copy)
        abort();
    memcpy(copy, data, size);
    c = open_block((vd_str){ copy, size });
    if (c)
        look(c);
    vd_catalog_close(c);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size && data[0] == 'E')
        edited(data + 1, size - 1);
    else if (size && data[0] == 'T')
        compiled((vd_str){ (const char *)data + 1, size - 1 });
    else if (size && data[0] == 'J')
        imported((vd_str){ (const char *)data + 1, size - 1 });
    else
        as_it_is(data, size);
    return 0;
}
