/* SPDX-License-Identifier: Apache-2.0
 *
 * Who can and what can over the company of corpus/snapshots, against the answers of its folder expect/.
 */
#include "unit.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <verdict/verdict.h>

enum { MOST_TEXT = 1 << 20, MOST_PATH = 512, MOST_DEPTH = 12 };

/* ------------------------------------------------------------------ a folder as a snapshot */

static char *slurp(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    char *text = malloc(MOST_TEXT);

    assert_non_null(f);
    assert_non_null(text);
    *size = fread(text, 1, MOST_TEXT - 1, f);
    text[*size] = 0;
    fclose(f);
    return text;
}

static void read_folder(vd_snapshot_reader *r, const char *root, const char *below, int depth)
{
    char           path[3 * MOST_PATH], name[MOST_PATH];
    DIR           *dir;
    struct dirent *d;

    assert_true(depth < MOST_DEPTH);
    snprintf(path, sizeof path, "%s/%s", root, below);
    dir = opendir(path);
    assert_non_null(dir);
    while ((d = readdir(dir))) {
        struct stat st;
        vd_error    err = { .size = sizeof err };

        if (d->d_name[0] == '.')
            continue;
        assert_true((size_t)snprintf(name, sizeof name, "%s%s%s", below, *below ? "/" : "", d->d_name) < sizeof name);
        snprintf(path, sizeof path, "%s/%s", root, name);
        assert_int_equal(stat(path, &st), 0);
        if (S_ISDIR(st.st_mode)) {
            read_folder(r, root, name, depth + 1);
        } else {
            size_t size;
            char  *text = slurp(path, &size);

            vd_snapshot_read(r, vd_str_of(name), vd_str_of(name), (vd_str){ text, size }, &err);
            free(text);
        }
    }
    closedir(dir);
}

static vd_snapshot *company(vd_engine *engine)
{
    char                path[MOST_PATH];
    vd_snapshot_reader *r = NULL;
    vd_snapshot        *s = NULL;
    vd_error            err = { .size = sizeof err };

    assert_int_equal(vd_snapshot_reader_new(&r, engine, NULL, &err), VD_OK);
    snprintf(path, sizeof path, "%s/corpus/snapshots/acme", getenv("VD_SOURCE_ROOT"));
    read_folder(r, path, "", 0);
    snprintf(path, sizeof path, "%s/corpus/snapshots/managed", getenv("VD_SOURCE_ROOT"));
    {
        DIR           *dir = opendir(path);
        struct dirent *d;

        assert_non_null(dir);
        while ((d = readdir(dir))) {
            char   file[MOST_PATH + 300], name[256];
            size_t size;
            char  *text;

            if (d->d_name[0] == '.')
                continue;
            snprintf(file, sizeof file, "%s/%s", path, d->d_name);
            snprintf(name, sizeof name, "%.*s", (int)(strcspn(d->d_name, ".")), d->d_name);
            text = slurp(file, &size);
            vd_snapshot_managed(r, vd_str_of(name), vd_str_of(file), (vd_str){ text, size }, &err);
            free(text);
        }
        closedir(dir);
    }
    if (vd_snapshot_finish(&s, r, &err) != VD_OK)
        fail_msg("%s", err.text);
    vd_snapshot_reader_free(r);
    return s;
}

static json_t *lines(const char *name)
{
    char    path[MOST_PATH];
    size_t  size;
    char   *text, *line, *rest;
    json_t *all = json_array();

    snprintf(path, sizeof path, "%s/corpus/snapshots/expect/%s", getenv("VD_SOURCE_ROOT"), name);
    text = slurp(path, &size);
    for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        json_t *one = json_loads(line, 0, NULL);

        assert_non_null(one);
        json_array_append_new(all, one);
    }
    free(text);
    assert_true(json_array_size(all) > 0);
    return all;
}

/* ------------------------------------------------------------------ who can */

static bool add_who(void *user, const vd_reacher *r)
{
    char text[512];

    snprintf(text, sizeof text, "%.*s", (int)r->principal.n, r->principal.p);
    json_object_set_new(user, text, json_true());
    return true;
}

static void ask_who(const vd_snapshot *s, const json_t *q)
{
    vd_str             action = vd_str_of(json_string_value(json_object_get(q, "action")));
    vd_who_can_opts    opts = { .size = sizeof opts, .actions = &action, .action_count = 1,
                                .resource = vd_str_of(json_string_value(json_object_get(q, "resource"))) };
    vd_who_can_summary sum = { .size = sizeof sum };
    vd_error           err = { .size = sizeof err };
    json_t            *who = json_object(), *one;
    size_t             i;
    const char        *name = json_string_value(json_object_get(q, "name"));

    if (vd_who_can(s, &opts, add_who, who, &sum, &err) != VD_OK)
        fail_msg("%s: %s", name, err.text);
    json_array_foreach(json_object_get(q, "can"), i, one)
        if (!json_object_get(who, json_string_value(one)))
            fail_msg("%s: %s is not listed", name, json_string_value(one));
    json_array_foreach(json_object_get(q, "cannot"), i, one)
        if (json_object_get(who, json_string_value(one)))
            fail_msg("%s: %s is listed", name, json_string_value(one));
    json_decref(who);
}

/* ------------------------------------------------------------------ what can */

static bool add_what(void *user, const vd_permission *p)
{
    for (size_t i = 0; i < p->actions.count; i++) {
        char text[512];

        snprintf(text, sizeof text, "%.*s", (int)p->actions.at[i].n, p->actions.at[i].p);
        json_object_set_new(user, text, json_true());
    }
    return true;
}

static void ask_what(const vd_snapshot *s, const vd_engine *engine, const json_t *q)
{
    const char         *principal = json_string_value(json_object_get(q, "principal"));
    vd_what_can_opts    opts = { .size = sizeof opts, .policy = true };
    vd_what_can_summary sum = { .size = sizeof sum };
    vd_error            err = { .size = sizeof err };
    json_t             *what = json_object(), *one;
    size_t              i;

    if (vd_what_can(s, vd_str_of(principal), &opts, add_what, what, &sum, &err) != VD_OK)
        fail_msg("%s: %s", principal, err.text);
    json_array_foreach(json_object_get(q, "can"), i, one)
        if (!json_object_get(what, json_string_value(one)))
            fail_msg("%s: %s is missing", principal, json_string_value(one));
    json_array_foreach(json_object_get(q, "cannot"), i, one)
        if (json_object_get(what, json_string_value(one)))
            fail_msg("%s: %s is told", principal, json_string_value(one));
    assert_int_equal(sum.undecided, 0);
    if (sum.flags)
        fail_msg("%s: its policy is not exact", principal);
    vd_what_can_free(&sum, engine);
    json_decref(what);
}

static void test_company(void **state)
{
    vd_engine   *engine = NULL;
    vd_error     err = { .size = sizeof err };
    vd_snapshot *s;
    json_t      *who = lines("who-can.jsonl"), *what = lines("what-can.jsonl"), *one;
    size_t       i;

    (void)state;
    assert_int_equal(vd_engine_new(&engine, NULL, &err), VD_OK);
    s = company(engine);
    json_array_foreach(who, i, one)
        ask_who(s, one);
    json_array_foreach(what, i, one)
        ask_what(s, engine, one);
    json_decref(who);
    json_decref(what);
    vd_snapshot_release(s);
    vd_engine_release(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_company) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
