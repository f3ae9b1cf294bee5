/* SPDX-License-Identifier: Apache-2.0
 *
 * A checked block never faults.  The bytes are edits to a good block ({offset, value} pairs of six bytes), the checksum
 * is made to match again, and what the check lets through is asked questions and dumped: it may decide anything, but
 * must stay inside itself and end.  An input that does not begin with 'E' is taken as a block as it is.
 */
#include "fuzz.h"

#include "compile/compile.h"
#include "eval/set_int.h"

#include <stdlib.h>
#include <verdict/eval.h>

static vd_engine *engine;
static vd_set    *good;

static const char identity[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\",\"s3:ListBucket\",\"ec2:*\",\"*:Describe*\"],"
    "\"Resource\":[\"arn:aws:s3:::b/${aws:username}/*\",\"arn:aws:s3:::b\",\"arn:aws:s3:::b/a*c\"],\"Condition\":{"
    "\"IpAddress\":{\"aws:SourceIp\":[\"203.0.113.0/24\",\"2001:db8::/32\"]},\"NumericLessThan\":{\"k\":\"10.5\"},"
    "\"DateGreaterThan\":{\"aws:CurrentTime\":\"2024-01-01T00:00:00Z\"},\"ForAnyValue:StringLike\":{\"aws:TagKeys\":[\"a*\",\"b\"]},"
    "\"StringEquals\":{\"t\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\"]},\"BinaryEquals\":{\"b\":\"QUJD\"},"
    "\"ArnLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::*:user/${aws:username, 'x'}\"},\"Null\":{\"n\":\"true\"},\"Bool\":{\"o\":\"${k}\"}}},"
    "{\"Effect\":\"Deny\",\"NotAction\":[\"s3:*\",\"iam:Get*\"],\"NotResource\":\"arn:aws:sqs:*:*:q\"},"
    "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";
static const char bucket[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"111122223333\","
    "\"arn:aws:iam::111122223333:role/p/r\",\"arn:aws:iam::111122223333:user/bob\",\"AIDAEXAMPLEBOB000001\"],\"Service\":\"s3.amazonaws.com\"},"
    "\"Action\":\"s3:*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"*\"},\"Action\":\"s3:Put*\",\"Resource\":\"*\"}]}";

static void add(vd_builder *b, vd_kind kind, vd_layer layer, uint32_t level, const char *name, vd_str text, const char *principal)
{
    vd_policy *p;
    vd_attach  at = { .size = sizeof at, .layer = layer, .level = level, .principal = vd_str_of(principal) };

    if (vd_policy_parse(&p, engine, kind, vd_str_of(name), text, NULL, NULL) != VD_OK || vd_builder_add(b, p, &at, NULL) != VD_OK)
        abort();
    vd_policy_release(p);
}

/* Many statements on one action, so that there are tries over resources. */
static vd_str crowd(void)
{
    static char text[8192];
    size_t      n = (size_t)snprintf(text, sizeof text, "{\"Version\":\"2012-10-17\",\"Statement\":[");

    for (int i = 0; i < 24; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s{\"Effect\":\"%s\",\"Action\":[\"s3:GetObject\",\"s3:Put%d*\"],\"Resource\":\"arn:aws:s3:::b/%d*\"}",
                              i ? "," : "", i % 3 ? "Allow" : "Deny", i, i * 7);
    n += (size_t)snprintf(text + n, sizeof text - n, "]}");
    return (vd_str){ text, n };
}

static void tag(const void *of, uint32_t at, vd_str *key, vd_str *value)
{
    (void)of;
    *key = at ? VD_S("team") : VD_S("stage");
    *value = at ? VD_S("data") : VD_S("prod");
}

/* What a snapshot knows besides. */
static void know(vd_builder *b)
{
    static const vd_known_account accounts[] = { { VD_L("111122223333"), VD_L("o-abcdefghij"), VD_L("o-abcdefghij/r-ab12/ou-ab12-11111111/"), false },
                                                 { VD_L("444455556666"), VD_L("o-abcdefghij"), VD_L("o-abcdefghij/r-ab12/"), true } };
    static vd_known_thing         things[] = {
        { .kind = VD_KNOWN_RESOURCE, .arn = VD_L("arn:aws:s3:::b"), .account = VD_L("111122223333"), .bucket = true, .tag_count = 2,
          .state = VD_L("{\"blockPublicAccess\":{\"BlockPublicAcls\":true}}") },
        { .kind = VD_KNOWN_USER, .arn = VD_L("arn:aws:iam::111122223333:user/bob"), .id = VD_L("AIDAEXAMPLEBOB000001"), .account = VD_L("111122223333"),
          .tag_count = 2 },
        { .kind = VD_KNOWN_ROLE, .arn = VD_L("arn:aws:iam::444455556666:role/p/r"), .id = VD_L("AROAEXAMPLE000000001"), .account = VD_L("444455556666"), .linked = true },
        { .kind = VD_KNOWN_ROOT, .arn = VD_L("arn:aws:iam::111122223333:root"), .account = VD_L("111122223333") },
    };
    vd_know_list list = { accounts, things, VD_COUNT(accounts), VD_COUNT(things), NULL, tag };

    if (vd_builder_know(b, &list, NULL) != VD_OK)
        abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    vd_builder *b;

    (void)argc;
    (void)argv;
    if (vd_engine_new(&engine, NULL, NULL) != VD_OK || vd_builder_new(&b, engine, NULL) != VD_OK)
        abort();
    add(b, VD_KIND_IDENTITY, VD_LAYER_IDENTITY, 0, "identity", vd_str_of(identity), "");
    add(b, VD_KIND_IDENTITY, VD_LAYER_IDENTITY, 0, "crowd", crowd(), "arn:aws:iam::111122223333:user/bob");
    add(b, VD_KIND_BOUNDARY, VD_LAYER_BOUNDARY, 0, "boundary", vd_str_of(identity), "");
    add(b, VD_KIND_RESOURCE, VD_LAYER_RESOURCE, 0, "bucket", vd_str_of(bucket), "");
    add(b, VD_KIND_SCP, VD_LAYER_SCP, 0, "scp", vd_str_of(identity), "");
    add(b, VD_KIND_SCP, VD_LAYER_SCP, 1, "scp", vd_str_of(identity), "");
    know(b);
    if (vd_builder_compile(&good, b, NULL, NULL) != VD_OK)
        abort();
    vd_builder_free(b);
    return 0;
}

static bool swallow(void *user, vd_str text)
{
    size_t *left = user;

    if (text.n > *left)
        return false;
    *left -= text.n;
    return true;
}

static void ask(const vd_set *set)
{
    static const char *const who[] = { "arn:aws:iam::111122223333:user/bob", "arn:aws:sts::444455556666:assumed-role/r/s", "s3.amazonaws.com", "anonymous" };
    static const char *const what[] = { "s3:GetObject", "s3:Put14x", "ec2:DescribeInstances", "iam:GetUser" };
    static const char *const keys[] = { "aws:SourceIp", "k", "aws:TagKeys", "t", "b", "n", "o" };
    static const char *const values[] = { "203.0.113.9", "3", "ab", "7", "QUJD", "", "true" };
    void                    *scratch = aligned_alloc(16, (vd_scratch_size(set) + 15) & ~(size_t)15);
    vd_request              *r;

    if (!scratch || vd_request_new(&r, engine, NULL) != VD_OK)
        abort();
    for (size_t i = 0; i < 16; i++) {
        vd_decision d = { .size = sizeof d };

        vd_request_reset(r);
        vd_request_set(r, VD_PRINCIPAL, vd_str_of(who[i % 4]));
        vd_request_set(r, VD_ACTION, vd_str_of(what[i / 4]));
        vd_request_set(r, VD_RESOURCE, vd_str_of(i % 3 ? "arn:aws:s3:::b/14/x" : "arn:aws:s3:::b/bob/y"));
        vd_set_knows(set, vd_str_of(who[i % 4]));
        if (i & 2)
            vd_set_fill(set, r, NULL);
        vd_request_set(r, VD_RESOURCE_ACCOUNT, vd_str_of("111122223333"));
        for (size_t k = 0; k < VD_COUNT(keys); k++) {
            vd_str v = vd_str_of(values[k]);

            vd_request_context(r, vd_str_of(keys[k]), &v, 1);
        }
        vd_request_flag(r, VD_WANT_MISSING_KEYS, i & 1);
        vd_eval(&d, set, r, scratch);
    }
    vd_request_free(r);
    free(scratch);
}

static void look(const uint8_t *data, size_t size)
{
    vd_set *set;
    size_t  left = 1 << 20;

    if (vd_set_load(&set, engine, (vd_str){ (const char *)data, size }, NULL) != VD_OK)
        return;
    ask(set);
    vd_set_dump(set, VD_DUMP_TEXT, swallow, &left, NULL);
    for (uint32_t p = 0; p < vd_set_policies(set); p++) {
        vd_statement_info info = { .size = sizeof info };

        vd_set_statement(set, p, 0, &info);
    }
    vd_set_release(set);
}

static bool within(const vd_image *m, vd_section s, uint64_t first, uint64_t count)
{
    return first <= m->sections[s].count && count <= m->sections[s].count - first;
}

/* Checksums that agree with what stands there, as far as they can be made: the proof shall not end with them. */
static void sum_up(vd_image *m, size_t size)
{
    vd_itree *t = (vd_itree *)(uintptr_t)vd_image_at(m, VD_SEC_TREES);

    if (m->size != size)
        return;
    for (uint32_t s = 0; s < VD_SEC_COUNT; s++)
        if (m->sections[s].offset % VD_IMAGE_ALIGN || m->sections[s].offset < sizeof *m ||
            m->sections[s].offset + (uint64_t)m->sections[s].count * vd_section_sizes[s] > size)
            return;
    for (uint32_t i = 0; i < m->sections[VD_SEC_TREES].count; i++)
        if (t[i].service_mask != VD_NONE && within(m, VD_SEC_SERVICES, t[i].services, (uint64_t)t[i].service_mask + 1) &&
            within(m, VD_SEC_NAMES, t[i].names, t[i].name_count))
            t[i].sum = vd_image_tree_sum((const vd_iservice *)vd_image_at(m, VD_SEC_SERVICES) + t[i].services,
                                         (size_t)t[i].service_mask + 1, (const vd_iname *)vd_image_at(m, VD_SEC_NAMES) + t[i].names,
                                         t[i].name_count);
    m->texts = vd_image_texts(m);
    m->known = vd_image_known(m);
    m->checksum = vd_image_checksum(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_str   from = vd_set_bytes(good);
    uint8_t *block;
    vd_image *m;

    if (size == 0 || data[0] != 'E') {
        look(data, size);
        return 0;
    }
    block = malloc(from.n);
    if (!block)
        abort();
    memcpy(block, from.p, from.n);
    for (size_t i = 1; i + 6 <= size; i += 6) {
        uint32_t at;
        uint16_t value;

        memcpy(&at, data + i, 4);
        memcpy(&value, data + i + 4, 2);
        at %= (uint32_t)from.n - 1;
        memcpy(block + at, &value, 2);
    }
    m = (vd_image *)(void *)block;
    sum_up(m, from.n);
    look(block, from.n);
    free(block);
    return 0;
}
