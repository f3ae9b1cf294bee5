/* SPDX-License-Identifier: Apache-2.0
 *
 * Diffs and grants at their edges: without options, without budget, without memory; and of real policies with themselves,
 * when VERDICT_TEST_POLICIES names a folder of them.
 */
#include "base/base.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <dirent.h>
#include <verdict/analyze.h>

#include <cmocka.h>

#define DOC(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}"

static const char narrow[] = DOC("{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"arn:aws:s3:::b/*\"}");
static const char wide[] = DOC("{\"Effect\":\"Allow\",\"Action\":[\"s3:*\",\"iam:PassRole\"],\"Resource\":\"*\","
                               "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.0/24\"}}},"
                               "{\"Effect\":\"Deny\",\"Action\":\"s3:Delete*\",\"Resource\":\"*\"}");

static vd_set *set_of(vd_engine *engine, vd_str text, vd_error *err)
{
    vd_policy  *p = NULL;
    vd_builder *b = NULL;
    vd_set     *set = NULL;
    vd_attach   at = { .size = sizeof at, .layer = VD_LAYER_IDENTITY };

    if (vd_policy_parse(&p, engine, VD_KIND_IDENTITY, VD_S("p"), text, NULL, err) == VD_OK && vd_builder_new(&b, engine, err) == VD_OK &&
        vd_builder_add(b, p, &at, err) == VD_OK)
        vd_builder_compile(&set, b, NULL, err);
    vd_builder_free(b);
    vd_policy_release(p);
    return set;
}

typedef struct heard {
    uint32_t groups, potential, exact;
    char     ids[16][24];
} heard;

static bool on_delta(void *user, const vd_delta *d)
{
    heard *h = user;

    if (h->groups < 16)
        snprintf(h->ids[h->groups], sizeof h->ids[0], VD_F, VD_A(d->id));
    h->groups++;
    h->potential += d->witness == NULL;
    h->exact += d->witness != NULL;
    return true;
}

static bool on_grant(void *user, const vd_grant *g)
{
    ((heard *)user)->groups++;
    return g->actions.count > 0;
}

/* ------------------------------------------------------------------ options */

static void no_options(void **state)
{
    vd_engine        *engine;
    vd_error          err = { .size = sizeof err };
    vd_set           *a, *b;
    heard             h = { 0 }, again = { 0 };
    vd_diff_summary   sum = { .size = sizeof sum };
    vd_grants_summary granted = { .size = sizeof granted };

    (void)state;
    assert_int_equal(vd_engine_new(&engine, NULL, &err), VD_OK);
    a = set_of(engine, vd_str_of(narrow), &err);
    b = set_of(engine, vd_str_of(wide), &err);
    assert_int_equal(vd_diff(a, b, NULL, on_delta, &h, &sum, &err), VD_OK);
    assert_int_equal(sum.broader, VD_SAT);
    assert_int_equal(sum.narrower, VD_UNKNOWN); /* not asked */
    assert_int_equal(sum.groups, h.groups);
    assert_true(h.groups > 0 && h.potential == 0);
    assert_int_equal(vd_diff(a, b, NULL, on_delta, &again, NULL, NULL), VD_OK);
    assert_memory_equal(&h, &again, sizeof h);
    assert_int_equal(vd_diff(a, b, NULL, NULL, NULL, &sum, &err), VD_OK);
    assert_int_equal(vd_diff(b, b, NULL, on_delta, &h, &sum, &err), VD_OK);
    assert_int_equal(sum.broader, VD_UNSAT);
    assert_int_equal(vd_diff(a, NULL, NULL, NULL, NULL, NULL, &err), VD_EINVAL);
    assert_int_equal(vd_grants(a, NULL, on_grant, &h, &granted, &err), VD_OK);
    assert_int_equal(granted.answer, VD_SAT);
    assert_int_equal(vd_grants(NULL, NULL, NULL, NULL, NULL, NULL), VD_EINVAL);
    vd_set_release(a);
    vd_set_release(b);
    vd_engine_release(engine);
}

static void named_sets(void **state)
{
    static const vd_str escalation = VD_L("@escalation"), data = VD_L("@data-read"), wrong = VD_L("@escalate");
    vd_engine          *engine;
    vd_error            err = { .size = sizeof err };
    vd_set             *set;
    vd_grants_summary   sum = { .size = sizeof sum };
    vd_grants_opts      o = { .size = sizeof o, .actions = &escalation, .action_count = 1 };

    (void)state;
    assert_int_equal(vd_engine_new(&engine, NULL, &err), VD_OK);
    set = set_of(engine, vd_str_of(narrow), &err);
    assert_int_equal(vd_grants(set, &o, on_grant, &(heard){ 0 }, &sum, &err), VD_OK);
    assert_int_equal(sum.answer, VD_UNSAT);
    assert_true(sum.asked > 50);
    o.actions = &data;
    assert_int_equal(vd_grants(set, &o, on_grant, &(heard){ 0 }, &sum, &err), VD_OK);
    assert_int_equal(sum.answer, VD_SAT);
    assert_true(sum.granted < sum.asked);
    o.actions = &wrong;
    assert_int_equal(vd_grants(set, &o, on_grant, &(heard){ 0 }, &sum, &err), VD_EINVAL);
    assert_non_null(strstr(err.text, "@escalate"));
    assert_non_null(strstr(err.hint, "@escalation"));
    vd_set_release(set);
    vd_engine_release(engine);
}

/* Nothing can be decided: told as potential, never as a no. */
static void no_budget(void **state)
{
    vd_engine      *engine;
    vd_error        err = { .size = sizeof err };
    vd_set         *a, *b;
    heard           h = { 0 };
    vd_diff_summary sum = { .size = sizeof sum };
    vd_diff_opts    o = { .size = sizeof o, .prove = { .size = sizeof o.prove, .budget = 1 }, .removed = true };

    (void)state;
    assert_int_equal(vd_engine_new(&engine, NULL, &err), VD_OK);
    a = set_of(engine, vd_str_of(narrow), &err);
    b = set_of(engine, vd_str_of(wide), &err);
    assert_int_equal(vd_diff(a, b, &o, on_delta, &h, &sum, &err), VD_EBUDGET);
    assert_int_equal(sum.broader, VD_UNKNOWN);
    assert_true(sum.undecided > 0 && h.exact == 0 && h.potential > 0);
    o.prove.budget = 0;
    o.prove.budget_total = 1;
    assert_int_equal(vd_diff(a, b, &o, on_delta, &h, &sum, &err), VD_EBUDGET);
    vd_set_release(a);
    vd_set_release(b);
    vd_engine_release(engine);
}

/* ------------------------------------------------------------------ memory */

typedef struct scarce {
    long left; /* allocations that succeed; negative: all */
    long used;
} scarce;

static void *scarce_realloc(void *user, void *p, size_t old, size_t size)
{
    scarce *s = user;

    (void)old;
    s->used++;
    if (s->left == 0)
        return NULL;
    s->left -= s->left > 0;
    return realloc(p, size);
}

static void scarce_free(void *user, void *p, size_t size)
{
    (void)user;
    (void)size;
    free(p);
}

static void no_memory(void **state)
{
    scarce          memory = { .left = -1 };
    vd_allocator    alloc = { scarce_realloc, scarce_free, &memory };
    vd_engine_opts  opts = { .size = sizeof opts, .allocator = &alloc };
    vd_engine      *engine;
    vd_error        err = { .size = sizeof err };
    vd_set         *a, *b;
    vd_diff_summary sum = { .size = sizeof sum };
    long            needed;

    (void)state;
    assert_int_equal(vd_engine_new(&engine, &opts, &err), VD_OK);
    a = set_of(engine, vd_str_of(narrow), &err);
    b = set_of(engine, vd_str_of(wide), &err);
    memory.used = 0;
    assert_int_equal(vd_diff(a, b, NULL, on_delta, &(heard){ 0 }, &sum, &err), VD_OK);
    needed = memory.used;
    for (long i = 0; i < needed; i += 1 + i / 40) {
        memory.left = i;
        assert_int_equal(vd_diff(a, b, NULL, on_delta, &(heard){ 0 }, &sum, &err), VD_ENOMEM);
        memory.left = i;
        vd_grants(a, NULL, on_grant, &(heard){ 0 }, NULL, &err);
    }
    memory.left = -1;
    assert_int_equal(vd_diff(a, b, NULL, on_delta, &(heard){ 0 }, &sum, &err), VD_OK);
    vd_set_release(a);
    vd_set_release(b);
    vd_engine_release(engine);
}

/* ------------------------------------------------------------------ real policies */

static vd_str read_file(const char *folder, const char *name)
{
    char   path[1024];
    FILE  *f;
    char  *text = malloc(1 << 18);
    size_t n = 0;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "rb");
    if (f && text) {
        n = fread(text, 1, 1 << 18, f);
        fclose(f);
    }
    return (vd_str){ text, n };
}

static void with_themselves(void **state)
{
    const char     *folder = getenv("VERDICT_TEST_POLICIES");
    DIR            *dir = folder ? opendir(folder) : NULL;
    struct dirent  *entry;
    vd_engine      *engine;
    vd_error        err = { .size = sizeof err };
    uint32_t        tried = 0;
    vd_diff_summary sum = { .size = sizeof sum };

    (void)state;
    if (!dir) {
        fprintf(stderr, "VERDICT_TEST_POLICIES names no folder: skipped\n");
        skip();
    }
    assert_int_equal(vd_engine_new(&engine, NULL, &err), VD_OK);
    while ((entry = readdir(dir))) {
        vd_str  text = read_file(folder, entry->d_name);
        vd_set *set = text.n ? set_of(engine, text, &err) : NULL;

        if (set) {
            if (vd_diff(set, set, NULL, on_delta, &(heard){ 0 }, &sum, &err) != VD_OK || sum.broader != VD_UNSAT)
                fail_msg("%s is not like itself: %s", entry->d_name, err.text);
            tried++;
        }
        vd_set_release(set);
        free((char *)(uintptr_t)text.p);
    }
    closedir(dir);
    vd_engine_release(engine);
    fprintf(stderr, "%u policies\n", tried);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_options), cmocka_unit_test(named_sets),      cmocka_unit_test(no_budget),
        cmocka_unit_test(no_memory),  cmocka_unit_test(with_themselves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
