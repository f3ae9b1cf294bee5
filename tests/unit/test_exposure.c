/* SPDX-License-Identifier: Apache-2.0
 *
 * Exposure where the world is not as it should be: no memory, no work left, options that make no sense, zones that contradict
 * themselves; and what must not change an id.  What must be found is in tests/analysis.
 */
#include "failing_alloc.h"
#include "sets.h"

#include "base/str.h"

#include <verdict/analyze.h>

#define S3 "\"Resource\":[\"arn:aws:s3:::b\",\"arn:aws:s3:::b/*\"]"

static const char busy[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"arn:aws:iam::444455556666:role/app\",\"555566667777\"]},"
    "\"Action\":[\"s3:GetObject\",\"s3:PutObject\"]," S3 "},"
    "{\"Sid\":\"B\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:ListBucket\"," S3 ",\"Condition\":{\"IpAddress\":"
    "{\"aws:SourceIp\":[\"52.1.2.0/24\",\"52.1.3.0/24\"]},\"StringEquals\":{\"aws:PrincipalTag/t\":\"x\"}}},"
    "{\"Sid\":\"C\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"logging.s3.amazonaws.com\"},\"Action\":\"s3:PutObject\"," S3 "},"
    "{\"Sid\":\"D\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObjectTagging\"," S3 ",\"Condition\":{\"StringEquals\":"
    "{\"aws:PrincipalOrgID\":[\"o-abcdefghij\",\"o-${aws:ResourceOrgID}\"]}}},"
    "{\"Sid\":\"E\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\"," S3 ",\"Condition\":{\"Bool\":"
    "{\"aws:SecureTransport\":\"false\"}}}]}";

static const char trust[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::111122223333:"
    "oidc-provider/token.actions.githubusercontent.com\"},\"Action\":\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{\"StringLike\":"
    "{\"token.actions.githubusercontent.com:sub\":\"repo:acme*\"}}}]}";

/* For each rule that can be read otherwise something that hangs on it (E412 cannot do without something that does not). */
static const char doubtful[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\"," S3 ",\"Condition\":{\"StringEquals\":"
    "{\"aws:PrincipalOrgPaths\":\"o-abcdefghij/r-ab12/\"}}},"
    "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\"," S3 ",\"Condition\":{\"ArnLike\":"
    "{\"aws:PrincipalArn\":\"arn:aws:iam::444455556666\"}}},"
    "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:ListBucket\",\"Resource\":\"arn:aws:s3\"},"
    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"s3:DeleteObject\"," S3 ",\"Condition\":"
    "{\"NotIpAddress\":{\"aws:SourceIp\":\"x\"},\"Null\":{\"aws:SourceIp\":\"false\"}}},"
    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"s3:GetBucketAcl\"," S3 "},"
    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"s3:GetBucketTagging\"," S3 ",\"Condition\":"
    "{\"StringEquals\":{\"aws:RequestTag/x\":[]}}},"
    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"s3:GetBucketCORS\"," S3 ",\"Condition\":"
    "{\"NotIpAddress\":{\"aws:SourceIp\":[\"::ffff:0:0/96\",\"::/0\"]},\"Null\":{\"aws:SourceIp\":\"false\"}}},"
    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"s3:GetBucketLogging\"," S3 ",\"Condition\":"
    "{\"NumericNotEquals\":{\"aws:RequestTag/n\":\"5\"},\"StringEquals\":{\"aws:RequestTag/n\":\"five\"}}},"
    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},\"Action\":\"s3:GetBucketWebsite\"," S3 ",\"Condition\":"
    "{\"StringEquals\":{\"aws:RequestTag/t\":\"${aws:TagKeys, 'x*'}\"}}}]}";
/* One of each form in which a document is written anew. */
static const char readable[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"logs.eu-west-1.amazonaws.com\"},"
    "\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/${aws:TagKeys, 'x*'}\",\"Condition\":{\"StringEquals\":"
    "{\"aws:RequestTag/x\":\"y\"}}}]}";
enum { DOUBTS = VD_READINGS_ALL & ~VD_READING_E412 };

typedef struct heard {
    uint32_t count, most;
    char     ids[16][24];
    uint32_t flags, readings, plain, only_otherwise;
    bool     all_witnessed;
} heard;

static bool hear(void *user, const vd_exposed *e)
{
    heard *h = user;

    if (h->count < 16)
        snprintf(h->ids[h->count], sizeof h->ids[0], "%.*s", (int)e->id.n, e->id.p);
    h->flags |= e->flags;
    h->readings |= e->readings;
    h->plain += e->flags == 0 && e->readings == 0;
    h->only_otherwise += e->only_otherwise;
    h->all_witnessed = (h->count == 0 || h->all_witnessed) && e->witness != NULL;
    h->count++;
    return h->most == 0 || h->count < h->most;
}

static vd_code attached_set(vd_set **out, const vd_engine *e, const char *text, vd_kind kind, vd_error *err)
{
    document d = { .name = "policy.json", .text = text, .kind = kind, .where = { .layer = VD_LAYER_RESOURCE } };

    return compile_documents(out, e, &d, 1, NULL, err);
}

static vd_engine *engine(void)
{
    vd_engine *e = NULL;

    assert_int_equal(vd_engine_new(&e, &(vd_engine_opts){ .size = sizeof(vd_engine_opts) }, NULL), VD_OK);
    return e;
}

static vd_exposure_opts opts_of_owner(void)
{
    return (vd_exposure_opts){ .size = sizeof(vd_exposure_opts), .prove = { .size = sizeof(vd_prove_opts), .now = 1735689600,
                                                                            .resource_account = VD_L("111122223333") } };
}

static vd_code ask(const char *text, const vd_exposure_opts *opts, heard *h, vd_exposure_summary *sum)
{
    vd_engine *e = engine();
    vd_error   err = { .size = sizeof err };
    vd_set    *set = NULL;
    vd_code    code = attached_set(&set, e, text, text == trust ? VD_KIND_TRUST : VD_KIND_RESOURCE, &err);

    assert_int_equal(code, VD_OK);
    memset(h, 0, sizeof *h);
    code = vd_exposure(set, NULL, opts, hear, h, sum, &err);
    if (code != VD_OK)
        assert_true(err.text[0] != 0);
    vd_set_release(set);
    vd_engine_release(e);
    return code;
}

/* ------------------------------------------------------------------ memory */

typedef struct path {
    const char *text;
    vd_kind     kind;
    uint32_t    readings;
} path;

static vd_code whole_path(const vd_allocator *a, const path *p, heard *h)
{
    static const char zone_text[] = "{\"accounts\": [\"111122223333\"], \"organizations\": [\"o-klmnopqrst\"], \"orgPaths\": "
                                    "[\"o-klmnopqrst/r-ab12/*\"], \"members\": {\"222233334444\": \"o-klmnopqrst\"}}";
    vd_exposure_opts opts = opts_of_owner();
    vd_error         err = { .size = sizeof err };
    vd_engine       *e = NULL;
    vd_set          *set = NULL;
    vd_zone         *zone = NULL;
    vd_code          code = vd_engine_new(&e, &(vd_engine_opts){ .size = sizeof(vd_engine_opts), .allocator = a }, &err);

    opts.readings = p->readings;
    memset(h, 0, sizeof *h);
    if (code == VD_OK)
        code = attached_set(&set, e, p->text, p->kind, &err);
    if (code == VD_OK)
        code = vd_zone_read(&zone, e, vd_str_of("zone.json"), vd_str_of(zone_text), &err);
    if (code == VD_OK)
        code = vd_exposure(set, zone, &opts, hear, h, NULL, &err);
    vd_zone_free(zone);
    vd_set_release(set);
    vd_engine_release(e);
    return code;
}

/* Where every text of an arena is a block of its own, there are too many to fail each of them: later ones more seldom. */
#ifdef VD_POISON
enum { SPREAD = 50 };
#else
#define SPREAD SIZE_MAX
#endif

static void starve(const path *p, bool once, size_t step)
{
    heard well;

    for (size_t n = 1;; n += step + n / SPREAD) {
        failing_alloc f = { .fail_at = n, .once = once };
        vd_allocator  a = failing_allocator(&f);
        heard         h;
        vd_code       code = whole_path(&a, p, &h);

        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed) {
            assert_int_equal(code, VD_OK);
            assert_true(h.count > 0);
            well = h;
            break;
        }
        if (code == VD_OK) /* it went without: then nothing is missing */
            continue;
        assert_int_equal(code, VD_ENOMEM);
    }
    assert_true(well.all_witnessed);
}

static void test_no_memory(void **state)
{
    static const path paths[] = { { busy, VD_KIND_RESOURCE, 0 }, { trust, VD_KIND_TRUST, 0 },
                                  { readable, VD_KIND_RESOURCE, VD_READING_E412 | VD_READING_E554 } };

    (void)state;
    for (size_t i = 0; i < VD_COUNT(paths); i++) {
        starve(&paths[i], false, 1);
        starve(&paths[i], true, 1);
    }
}

/* ------------------------------------------------------------------ work */

static void test_no_work(void **state)
{
    vd_exposure_opts    opts = opts_of_owner();
    vd_exposure_summary sum = { .size = sizeof sum };
    heard               h;

    (void)state;
    opts.prove.budget = 1;
    assert_int_equal(ask(busy, &opts, &h, &sum), VD_EBUDGET);
    assert_true(sum.undecided > 0);
    opts.prove.budget = 0;
    opts.prove.budget_total = 1;
    assert_int_equal(ask(busy, &opts, &h, &sum), VD_EBUDGET);
    assert_true(sum.undecided > 0);
    opts.prove.budget_total = 0;
    assert_int_equal(ask(busy, &opts, &h, &sum), VD_OK);
    assert_int_equal(sum.undecided, 0);
    assert_int_equal(sum.findings, h.count);
    assert_true(h.count >= 4);
    assert_true(h.all_witnessed);
}

static void test_stops(void **state)
{
    vd_exposure_opts opts = opts_of_owner();
    vd_engine       *e = engine();
    vd_set          *set = NULL;
    heard            h = { .most = 1 };

    (void)state;
    assert_int_equal(attached_set(&set, e, busy, VD_KIND_RESOURCE, NULL), VD_OK);
    assert_int_equal(vd_exposure(set, NULL, &opts, hear, &h, NULL, NULL), VD_OK);
    assert_int_equal(h.count, 1);
    assert_int_equal(vd_exposure(set, NULL, NULL, NULL, NULL, NULL, NULL), VD_OK); /* nobody listens */
    vd_set_release(set);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ options */

static void test_nonsense(void **state)
{
    vd_exposure_summary sum = { .size = sizeof sum };
    vd_exposure_opts    opts = opts_of_owner();
    heard               h;

    (void)state;
    opts.services = 17;
    assert_int_equal(ask(busy, &opts, &h, &sum), VD_EINVAL);
    opts = opts_of_owner();
    opts.public_ip4_bits = 33;
    assert_int_equal(ask(busy, &opts, &h, &sum), VD_EINVAL);
    opts = opts_of_owner();
    opts.prove.resource_account = VD_S("mine");
    assert_int_equal(ask(busy, &opts, &h, &sum), VD_EINVAL);
    opts = opts_of_owner();
    opts.resource = VD_S("no arn at all");
    opts.resource_type = VD_S("");
    assert_int_equal(ask(busy, &opts, &h, &sum), VD_OK);
}

/* ------------------------------------------------------------------ readings */

static void test_readings(void **state)
{
    vd_exposure_summary sum = { .size = sizeof sum };
    vd_exposure_opts    opts = opts_of_owner();
    heard               h;

    (void)state;
    assert_int_equal(ask(doubtful, &opts, &h, &sum), VD_OK);
    assert_int_equal(h.count, 1);
    assert_int_equal(h.flags, 0);
    for (uint32_t bit = 1; bit < VD_READINGS_ALL; bit <<= 1) {
        if (!(bit & DOUBTS))
            continue;
        opts.readings = bit;
        assert_int_equal(ask(doubtful, &opts, &h, &sum), VD_OK);
        assert_int_equal(h.readings, bit);
        assert_int_equal(h.count, 2);
        assert_int_equal(h.plain, 1); /* what does not hang on it */
        assert_int_equal(h.only_otherwise, 1);
        assert_int_equal(sum.findings, 2);
        assert_int_equal(ask(busy, &opts, &h, &sum), VD_OK);
        assert_int_equal(h.readings, 0);
        assert_true(strlen(vd_reading_name(bit)) == 4);
    }
    opts.readings = VD_READINGS_ALL;
    assert_int_equal(ask(doubtful, &opts, &h, &sum), VD_OK);
    assert_int_equal(h.count, 9);
    assert_int_equal(h.readings, DOUBTS);
    assert_true(h.all_witnessed);
    opts.readings = (uint32_t)1 << VD_READING_COUNT_BITS;
    assert_int_equal(ask(doubtful, &opts, &h, &sum), VD_EINVAL);
}

/* What is not there for want of work is not called absent. */
static void test_readings_without_work(void **state)
{
    vd_exposure_summary sum = { .size = sizeof sum };
    vd_exposure_opts    opts = opts_of_owner();
    heard               h;

    (void)state;
    opts.readings = VD_READINGS_ALL;
    opts.prove.budget = 1;
    assert_int_equal(ask(doubtful, &opts, &h, &sum), VD_EBUDGET);
    assert_true(sum.undecided > 0);
    assert_int_equal(h.only_otherwise, 0);
}

static void test_broken_deny(void **state)
{
    static const char text[] = "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\"," S3 "},"
                               "{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\"," S3 ",\"Condition\":{\"NoSuch\":"
                               "{\"aws:SourceIp\":\"x\"}}}]}";
    vd_exposure_opts  opts = opts_of_owner();
    heard             h;

    (void)state;
    assert_int_equal(ask(text, &opts, &h, NULL), VD_EMALFORMED);
    assert_int_equal(h.count, 0);
}

/* What keeps people out of one resource keeps nobody out of another. */
static void test_set_of_many(void **state)
{
    document   d[] = { { .name = "b", .text = busy, .kind = VD_KIND_RESOURCE, .where = { .layer = VD_LAYER_RESOURCE } },
                       { .name = "c", .text = busy, .kind = VD_KIND_RESOURCE, .where = { .layer = VD_LAYER_RESOURCE } } };
    vd_engine *e = engine();
    vd_set    *set = NULL;
    vd_error   err = { .size = sizeof err };

    (void)state;
    d[0].where.resource = VD_S("arn:aws:s3:::b");
    d[1].where.resource = VD_S("arn:aws:s3:::c");
    assert_int_equal(compile_documents(&set, e, d, 2, NULL, &err), VD_OK);
    assert_int_equal(vd_exposure(set, NULL, NULL, NULL, NULL, NULL, &err), VD_EINVAL);
    assert_non_null(strstr(err.text, "by name"));
    vd_set_release(set);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ zones */

typedef struct zone_row {
    const char *text;
    vd_code     code;
    const char *says;
    uint32_t    line, column;
} zone_row;

static void test_zone_files(void **state)
{
    static const zone_row rows[] = {
        { "{}", VD_OK, "", 0, 0 },
        { "accounts: ['111122223333', 222233334444]\nvpcs: [vpc-0a1b2c3d]\n", VD_OK, "", 0, 0 },
        { "trusted:\n  accounts:\n  - {id: '111122223333'}\n  org-paths: [o-abcdefghij/r-ab12/*]\n  github: {organizations: [a]}\n", VD_OK,
          "", 0, 0 },
        { "{\"accounts\": [\"11112222333\"]}", VD_ESYNTAX, "11112222333", 1, 15 },
        { "{\"organizations\": [\"o-short\"]}", VD_ESYNTAX, "o-short", 1, 20 },
        { "{\"orgPaths\": [\"o-abcdefghij\"]}", VD_ESYNTAX, "o-abcdefghij", 1, 15 },
        { "{\"cidrs\": [\"1.2.3.4/33\"]}", VD_ESYNTAX, "1.2.3.4/33", 1, 12 },
        { "{\"acounts\": []}", VD_ESYNTAX, "acounts", 1, 2 },
        { "{\"accounts\": {}}", VD_ESYNTAX, "list", 1, 14 },
        { "[]", VD_ESYNTAX, "object", 1, 1 },
        { "members:\n- {account: '222233334444', organization: o-abcdefghij}\n- {account: '222233334444', organization: o-klmnopqrst}\n",
          VD_ESYNTAX, "one organization", 3, 43 },
    };
    vd_engine *e = engine();

    (void)state;
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_error err = { .size = sizeof err };
        vd_zone *zone = NULL;
        vd_str   name = vd_str_of(rows[i].text[0] == '{' || rows[i].text[0] == '[' ? "zone.json" : "zone.yaml");
        vd_code  code = vd_zone_read(&zone, e, name, vd_str_of(rows[i].text), &err);

        assert_int_equal(code, rows[i].code);
        assert_true((zone != NULL) == (code == VD_OK));
        if (code != VD_OK) {
            assert_non_null(strstr(err.text, rows[i].says));
            assert_int_equal(err.at.line, rows[i].line);
            assert_int_equal(err.at.column, rows[i].column);
        }
        vd_zone_free(zone);
    }
    vd_engine_release(e);
}

static void test_zone_texts(void **state)
{
    static const struct {
        const char *text;
        bool        good;
    } rows[] = { { "account:111122223333", true },
                 { "account:111122223333, 222233334444", true },
                 { "org:o-abcdefghij", true },
                 { "ou:o-abcdefghij/r-ab12/ou-ab12-11111111/*", true },
                 { "ou:o-abcdefghij/r-ab12/", true },
                 { "account:", false },
                 { "account:111122223333,", false },
                 { "org:abc", false },
                 { "everybody", false },
                 { "", false } };
    vd_engine *e = engine();

    (void)state;
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_error err = { .size = sizeof err };
        vd_zone *zone = NULL;

        assert_int_equal(vd_zone_parse(&zone, e, vd_str_of(rows[i].text), &err), rows[i].good ? VD_OK : VD_EINVAL);
        vd_zone_free(zone);
    }
    vd_zone_free(NULL);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ ids */

static void test_ids_stay(void **state)
{
    static const char one[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"X\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":"
                              "[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"arn:aws:s3:::b/*\",\"Condition\":{\"StringEquals\":"
                              "{\"aws:PrincipalOrgID\":\"o-abcdefghij\"}}},{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"},"
                              "\"Action\":\"s3:ListBucket\",\"Resource\":\"arn:aws:s3:::b\"}]}";
    static const char other[] = "{\"Statement\":[ {\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::444455556666:root\"},"
                                "\"Action\":\"S3:listbucket\",\"Resource\":\"arn:aws:s3:::b\"},{\"Sid\":\"Other\",\"Effect\":\"Allow\","
                                "\"Principal\":{\"AWS\":\"*\"},\"Action\":[\"s3:putobject\",\"s3:getobject\"],\"Resource\":"
                                "[\"arn:aws:s3:::b/*\"],\"Condition\":{\"StringEquals\":{\"AWS:principalorgid\":[\"o-abcdefghij\"]}}}],"
                                "\"Version\":\"2012-10-17\"}";
    vd_exposure_opts opts = opts_of_owner();
    heard            a, b;

    (void)state;
    assert_int_equal(ask(one, &opts, &a, NULL), VD_OK);
    assert_int_equal(ask(other, &opts, &b, NULL), VD_OK);
    assert_int_equal(a.count, 2);
    assert_int_equal(b.count, 2);
    for (uint32_t i = 0; i < 2; i++)
        assert_string_equal(a.ids[i], b.ids[i]);
    assert_string_not_equal(a.ids[0], a.ids[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_no_work),
        cmocka_unit_test(test_stops),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_readings),
        cmocka_unit_test(test_readings_without_work),
        cmocka_unit_test(test_broken_deny),
        cmocka_unit_test(test_set_of_many),
        cmocka_unit_test(test_zone_files),
        cmocka_unit_test(test_zone_texts),
        cmocka_unit_test(test_ids_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
