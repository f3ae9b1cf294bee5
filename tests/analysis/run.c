/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs stories of proofs: analysis-stories NOT-YET FILE...  README.md says what a file holds.  A case that "not-yet" lists
 * must not hold, so that the list can only shrink.
 */
#include "analysis.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const members[] = { "name", "note", "ask", "policies", "before", "after", "resource", "resourceType",
    "resourceAccount", "resourceOrg", "resourceOrgPath", "resourceState", "zone", "options", "expect", "sameIds", "noReplay", NULL };
static const char *const option_names[] = { "now", "budget", "assume", "services", "trustNetworks", "allCells", "count", "futureActions",
    "anyAddressLimitsNot", "withoutConditions", "actions", "resources", "all", "both", "reverse", "principal", NULL };
static const char *const file_members[] = { "scenario", "story", "defaults", "cases", NULL };
static const char *const expect_members[] = { "findings", "forbid", "more", "exit", "answer", "broader", "narrower", "undecided",
    "granted", "asked", "s3PolicyStatus", NULL };

static bool known(json_t *object, const char *const *names, const char *what, const char *where)
{
    const char *key;
    json_t     *value;

    json_object_foreach(object, key, value) {
        size_t i = 0;

        while (names[i] && strcmp(names[i], key))
            i++;
        if (!names[i]) {
            fprintf(stderr, "%s: there is no member \"%s\" in %s\n", where, key, what);
            return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ not-yet */

typedef struct waiting {
    char *text; /* lines "FILE: NAME<tab>reason" */
} waiting;

static bool read_file(char **out, const char *path)
{
    FILE  *f = fopen(path, "rb");
    size_t n = 0;

    *out = calloc(1, 1 << 20);
    if (!f || !*out)
        return false;
    n = fread(*out, 1, (1 << 20) - 1, f);
    fclose(f);
    return n < (1 << 20) - 1;
}

/* The reason, to the end of its line; NULL: not listed. */
static const char *listed(const waiting *w, const char *what)
{
    size_t n = strlen(what);

    for (const char *line = w->text; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : line)
        if (!strncmp(line, what, n) && line[n] == '\t')
            return line + n + 1;
    return NULL;
}

/* ------------------------------------------------------------------ one case */

/* What the file says of all its cases, and the case of itself. */
static json_t *complete(json_t *file, json_t *one)
{
    json_t *out = json_pack("{s:s, s:s}", "ask", "exposure", "resourceAccount", "111122223333");

    json_object_update(out, json_object_get(file, "defaults"));
    json_object_update(out, one);
    return out;
}

static bool well_formed(json_t *story, const char *where)
{
    const char *question = json_string_value(json_object_get(story, "ask"));

    if (!known(story, members, "a case", where) || !known(json_object_get(story, "options"), option_names, "options", where) ||
        !known(json_object_get(story, "expect"), expect_members, "expect", where))
        return false;
    if (!ask_knows(question) || !json_is_object(json_object_get(story, "expect"))) {
        fprintf(stderr, "%s: a case needs a question (\"ask\") and what is expected (\"expect\")\n", where);
        return false;
    }
    return true;
}

/* Several spellings of one policy: the same findings, by their ids. */
static void same_ids(char *failure, vd_engine *engine, json_t *story, const outcome *got)
{
    json_t *others = json_object_get(story, "sameIds");

    for (size_t i = 0; i < json_array_size(others) && !failure[0]; i++) {
        json_t *again = json_copy(story);
        outcome o;

        json_object_set(again, "policies", json_array_get(others, i));
        ask(&o, engine, again);
        if (o.failure[0])
            snprintf(failure, MESSAGE, "spelling %zu: %.*s", i, MESSAGE - 40, o.failure);
        else if (json_array_size(o.told) != json_array_size(got->told))
            snprintf(failure, MESSAGE, "spelling %zu: %zu findings, not %zu", i, json_array_size(o.told), json_array_size(got->told));
        for (size_t k = 0; k < json_array_size(o.told) && !failure[0]; k++)
            if (!json_equal(json_object_get(json_array_get(o.told, k), "id"), json_object_get(json_array_get(got->told, k), "id")))
                snprintf(failure, MESSAGE, "spelling %zu: finding %zu has another id", i, k);
        json_decref(o.told);
        json_decref(o.summary);
        json_decref(again);
    }
}

static bool run_case(vd_engine *engine, const waiting *w, json_t *story, const char *where)
{
    static char failure[MESSAGE];
    const char *question = json_string_value(json_object_get(story, "ask")), *reason = listed(w, where);
    outcome     got;
    bool        ok;

    failure[0] = '\0';
    ask(&got, engine, story);
    if (got.failure[0])
        memcpy(failure, got.failure, sizeof failure);
    else
        match_expected(failure, sizeof failure, json_object_get(story, "expect"), &got, question);
    if (!failure[0])
        same_ids(failure, engine, story, &got);
    ok = reason ? failure[0] != '\0' : failure[0] == '\0';
    if (reason && ok)
        printf("not yet  %s: %.*s\n", where, (int)strcspn(reason, "\n"), reason);
    else
        printf("%s  %s\n", ok ? "ok     " : "FAILED ", where);
    if (!ok)
        printf("%s\n", reason ? "this holds now: take it out of not-yet" : failure);
    json_decref(got.told);
    json_decref(got.summary);
    return ok;
}

static bool run_file(vd_engine *engine, const waiting *w, const char *path)
{
    const char  *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    json_error_t wrong;
    json_t      *file = json_load_file(path, JSON_REJECT_DUPLICATES, &wrong), *cases = json_object_get(file, "cases");
    bool         ok = json_is_array(cases) && json_array_size(cases) > 0;

    if (!ok)
        fprintf(stderr, "%s:%d:%d: %s\n", path, wrong.line, wrong.column, file ? "no cases" : wrong.text);
    ok = ok && known(file, file_members, "a file", base) && known(json_object_get(file, "defaults"), members, "defaults", base);
    for (size_t i = 0; ok && i < json_array_size(cases); i++) {
        json_t     *story = complete(file, json_array_get(cases, i));
        const char *name = json_string_value(json_object_get(story, "name"));
        char        where[300];

        snprintf(where, sizeof where, "%s: %s", base, name ? name : "without a name");
        ok = well_formed(story, where);
        json_decref(story);
    }
    for (size_t i = 0, go = ok; go && i < json_array_size(cases); i++) {
        json_t *story = complete(file, json_array_get(cases, i));
        char    where[300];

        snprintf(where, sizeof where, "%s: %s", base, json_string_value(json_object_get(story, "name")));
        ok = run_case(engine, w, story, where) && ok;
        json_decref(story);
    }
    json_decref(file);
    return ok;
}

int main(int argc, char **argv)
{
    vd_engine *engine = NULL;
    vd_error   err = { .size = sizeof err };
    waiting    w = { 0 };
    bool       ok = argc > 2;

    if (!ok || !read_file(&w.text, argv[1]) || vd_engine_new(&engine, NULL, &err) != VD_OK) {
        fprintf(stderr, "usage: analysis-stories NOT-YET FILE...\n");
        free(w.text);
        return 2;
    }
    for (int i = 2; i < argc; i++)
        ok = run_file(engine, &w, argv[i]) && ok;
    vd_engine_release(engine);
    free(w.text);
    return ok ? 0 : 1;
}
