/* SPDX-License-Identifier: Apache-2.0
 *
 * The conformance corpus and the sample policies: every case is decided by both evaluators, which agree, and by a set
 * that went through its bytes; the expectation holds; every case has a name of its own and rules to show.
 */
#include "unit.h"

#include <verdict/scenario.h>

#include <dirent.h>
#include <sys/stat.h>

enum { LONGEST_PATH = 1024, FEWEST_CASES = 2300 };

typedef struct tally {
    vd_engine   *engine;
    vd_coverage *coverage; /* wanted only because it makes the explanation tell everything */
    size_t       cases, failed;
    bool         corpus; /* cases must have names and rules */
} tally;

static void complain(tally *t, const vd_suite *s, const vd_case *c, const char *text)
{
    fprintf(stderr, VD_F ": " VD_F ": %s\n", VD_A(vd_suite_name(s)), VD_A(c->name), text);
    t->failed++;
}

static void look_at_names(tally *t, const vd_suite *s, size_t index)
{
    const vd_case *c = vd_suite_case(s, index);

    if (c->name.n == 0)
        complain(t, s, c, "a case without a name");
    if (t->corpus && c->rule_count == 0)
        complain(t, s, c, "a case without rules");
    for (size_t i = 0; i < index; i++)
        if (vd_str_eq(vd_suite_case(s, i)->name, c->name))
            complain(t, s, c, "another case of this name");
}

/* A set read back from its bytes decides like the set it came from. */
static void compare_read_back(tally *t, const vd_suite *s, size_t index, const vd_case_result *r)
{
    vd_decision d = { .size = sizeof d };
    vd_request *request;
    vd_set     *set, *again;
    void       *scratch;
    vd_code     code;

    if (vd_suite_set(&set, s, index, NULL) != VD_OK)
        return;
    assert_int_equal(vd_set_load(&again, t->engine, vd_set_bytes(set), NULL), VD_OK);
    assert_int_equal(vd_request_new(&request, t->engine, NULL), VD_OK);
    scratch = malloc(vd_scratch_size(again));
    assert_non_null(scratch);
    code = vd_suite_request(request, s, index, NULL);
    if (code == VD_OK)
        code = vd_eval(&d, again, request, scratch);
    if (code != r->code || (code == VD_OK && (d.outcome != r->decision.outcome || d.layer != r->decision.layer ||
                                              d.policy != r->decision.policy || d.statement != r->decision.statement)))
        complain(t, s, vd_suite_case(s, index), "a set read back decides otherwise");
    free(scratch);
    vd_request_free(request);
    vd_set_release(again);
}

static void run_case(tally *t, const vd_suite *s, size_t index)
{
    vd_case_result r = { .size = sizeof r };
    vd_run_opts    opts = { .size = sizeof opts, .coverage = t->coverage };
    vd_error       err = { .size = sizeof err };

    t->cases++;
    look_at_names(t, s, index);
    if (vd_suite_run(&r, s, index, &opts, &err) != VD_OK) {
        complain(t, s, vd_suite_case(s, index), err.text);
        return;
    }
    if (!r.passed)
        complain(t, s, vd_suite_case(s, index), r.failure);
    compare_read_back(t, s, index, &r);
}

static void run_file(tally *t, const char *path)
{
    vd_error  err = { .size = sizeof err };
    vd_suite *s;

    if (vd_suite_load(&s, t->engine, path, NULL, NULL, &err) != VD_OK) {
        fprintf(stderr, "%s:%u:%u: %s (%s)\n", path, err.at.line, err.at.column, err.text, err.hint);
        t->failed++;
        return;
    }
    for (size_t i = 0; i < vd_suite_count(s); i++)
        run_case(t, s, i);
    vd_suite_free(s);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool is_scenario(const char *name, bool corpus)
{
    vd_str n = vd_str_of(name);

    return corpus ? vd_str_ends(n, VD_S(".json")) || vd_str_ends(n, VD_S(".yaml"))
                  : vd_str_ends(n, VD_S("scenarios.json")) || vd_str_ends(n, VD_S("scenarios.yaml"));
}

static void run_folder(tally *t, const char *folder, int depth)
{
    struct dirent **list;
    int             n = scandir(folder, &list, NULL, by_name);

    assert_true(n >= 0 && depth < 8);
    for (int i = 0; i < n; i++) {
        char        path[LONGEST_PATH];
        struct stat st;

        assert_true(snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name) < (int)sizeof path);
        if (list[i]->d_name[0] != '.' && stat(path, &st) == 0) {
            if (S_ISDIR(st.st_mode))
                run_folder(t, path, depth + 1);
            else if (is_scenario(list[i]->d_name, t->corpus))
                run_file(t, path);
        }
        free(list[i]);
    }
    free(list);
}

static tally run(const char *folder, bool corpus)
{
    tally       t = { .corpus = corpus };
    char        path[LONGEST_PATH];
    const char *root = getenv("VD_SOURCE_ROOT");

    assert_int_equal(vd_engine_new(&t.engine, NULL, NULL), VD_OK);
    assert_int_equal(vd_coverage_new(&t.coverage, t.engine, NULL), VD_OK);
    snprintf(path, sizeof path, "%s/%s", root ? root : ".", folder);
    run_folder(&t, path, 0);
    assert_true(vd_coverage_count(t.coverage) > 0);
    vd_coverage_free(t.coverage);
    vd_engine_release(t.engine);
    return t;
}

static void conformance(void **state)
{
    tally t = run("corpus/conformance", true);

    VD_UNUSED(state);
    assert_int_equal(t.failed, 0);
    assert_true(t.cases >= FEWEST_CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conformance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
