/* SPDX-License-Identifier: Apache-2.0
 *
 * What refusals say about the tables of events: the corpus of refusals agrees with them, a wrong row is noticed, and neither
 * the order of files nor a lack of memory changes what is told.
 */
#include "unit.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"
#include "failing_alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <verdict/activity.h>

typedef struct reading {
    vd_str text;
    size_t at;
} reading;

static ptrdiff_t take(void *ctx, char *out, size_t n)
{
    reading *r = ctx;

    n = n < r->text.n - r->at ? n : r->text.n - r->at;
    n = n < 1000 ? n : 1000;
    memcpy(out, r->text.p + r->at, n);
    r->at += n;
    return (ptrdiff_t)n;
}

static bool tell(void *user, const vd_disagreement *d)
{
    vd_buf_printf(user, "%s " VD_F " " VD_F ": " VD_F ", " VD_F " (%llu) " VD_F "\n", vd_disagreement_name(d->kind), VD_A(d->source),
                  VD_A(d->name), VD_A(d->said), VD_A(d->mapped), (unsigned long long)d->count, VD_A(d->message));
    return true;
}

static vd_str corpus(void)
{
    char   path[1024];
    vd_str text;

    snprintf(path, sizeof path, "%s/corpus/trails/denied/refused.json", getenv("VD_SOURCE_ROOT"));
    assert_int_equal(vd_file_read(&text, vd_allocator_default(), path, 1 << 20, NULL), VD_OK);
    return text;
}

/* What is told of these files goes to out. */
static vd_code check(const vd_allocator *alloc, vd_str rows, const vd_str *files, size_t count, vd_buf *out, vd_map_sum *sum)
{
    vd_engine_opts   eopts = { .size = sizeof eopts, .allocator = alloc };
    vd_usage_opts    uopts = { .size = sizeof uopts, .dedup_memory = 1 << 14 };
    vd_activity_opts opts = { .size = sizeof opts, .rows_name = VD_S("rows.tsv"), .rows = rows };
    vd_engine       *engine = NULL;
    vd_map_check    *c = NULL;
    vd_code          code = vd_engine_new(&engine, &eopts, NULL);

    out->n = 0;
    if (code == VD_OK)
        code = vd_map_check_new(&c, engine, &opts, &uopts, NULL);
    for (size_t i = 0; code == VD_OK && i < count; i++) {
        reading         r = { files[i], 0 };
        vd_usage_source source = { take, &r };

        code = vd_map_check_add(c, VD_S("log"), &source, NULL);
    }
    if (code == VD_OK) {
        vd_map_check_sum(c, sum);
        vd_map_check_each(c, tell, out);
    }
    vd_map_check_free(c);
    if (engine)
        vd_engine_release(engine);
    return code;
}

static void agrees(void **unused)
{
    vd_str     text = corpus();
    vd_buf     out = vd_buf_on(vd_allocator_default(), 0);
    vd_map_sum sum = { .size = sizeof sum };

    VD_UNUSED(unused);
    assert_int_equal(check(vd_allocator_default(), VD_S(""), &text, 1, &out, &sum), VD_OK);
    check_cstr(vd_buf_str(&out), "");
    assert_true(sum.named > 40 && sum.disagreed == 0);
    assert_int_equal(sum.named, sum.agreed + sum.possible + sum.dependents);
    assert_true(sum.resources > 30 && sum.unresolved < 5);
    vd_buf_done(&out);
    vd_file_free(vd_allocator_default(), text);
}

/* The records alone, one a line. */
static void lines_of(vd_buf *out, vd_str text)
{
    vd_str line;

    while (vd_str_cut(&text, '\n', &line)) {
        line.n -= vd_str_ends(line, VD_S(","));
        if (vd_str_starts(line, VD_S("{\"eventVersion\"")))
            vd_buf_printf(out, VD_F "\n", VD_A(line));
    }
}

/* The first half and the second, either way round; the second time nothing is new. */
static void any_order(void **unused)
{
    static const char rows[] = "s3\tGetBucketEncryption\t\ts3:GetBucketAcl\nsqs\tSendMessageBatch\t\tsqs:DeleteMessage\n";
    vd_str            text = corpus(), all, there[2], back[3];
    vd_buf            lines = vd_buf_on(vd_allocator_default(), 0), one = lines, two = lines;
    vd_map_sum        sum = { .size = sizeof sum };
    size_t            cut;

    VD_UNUSED(unused);
    lines_of(&lines, text);
    all = vd_buf_str(&lines);
    for (cut = all.n / 2; all.p[cut] != '\n';)
        cut++;
    there[0] = back[1] = vd_str_first(all, cut + 1);
    there[1] = back[0] = back[2] = vd_str_from(all, cut + 1);
    assert_int_equal(check(vd_allocator_default(), vd_str_of(rows), there, 2, &one, &sum), VD_OK);
    assert_int_equal(sum.disagreed, 2);
    assert_true(
        vd_str_contains(vd_buf_str(&one), VD_S("action s3 GetBucketEncryption: s3:GetEncryptionConfiguration, s3:GetBucketAcl (1)")));
    assert_int_equal(check(vd_allocator_default(), vd_str_of(rows), back, 3, &two, &sum), VD_OK);
    assert_int_equal(sum.disagreed, 2);
    check_str(vd_buf_str(&two), vd_buf_str(&one));
    vd_buf_done(&lines);
    vd_buf_done(&one);
    vd_buf_done(&two);
    vd_file_free(vd_allocator_default(), text);
}

static void no_memory(void **unused)
{
    static const char rows[] = "s3\tGetBucketEncryption\t\ts3:GetBucketAcl\n";
    failing_alloc     f = { 0 };
    vd_allocator      alloc = failing_allocator(&f);
    vd_str            text = corpus();
    vd_buf            wanted = vd_buf_on(vd_allocator_default(), 0), got = vd_buf_on(vd_allocator_default(), 0);
    vd_map_sum        sum = { .size = sizeof sum };
    size_t            calls;

    VD_UNUSED(unused);
    assert_int_equal(check(&alloc, vd_str_of(rows), &text, 1, &wanted, &sum), VD_OK);
    assert_int_equal(f.live, 0);
    assert_false(f.wrong_size);
    calls = f.calls;
    for (size_t i = 1; i <= calls; i += 1 + i / 40) {
        vd_code code;

        f = (failing_alloc){ .fail_at = i, .once = i % 2 };
        code = check(&alloc, vd_str_of(rows), &text, 1, &got, &sum);
        assert_int_equal(f.live, 0);
        if (code == VD_OK)
            check_str(vd_buf_str(&got), vd_buf_str(&wanted));
        else
            assert_int_equal(code, VD_ENOMEM);
    }
    vd_buf_done(&wanted);
    vd_buf_done(&got);
    vd_file_free(vd_allocator_default(), text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees),
        cmocka_unit_test(any_order),
        cmocka_unit_test(no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
