/* SPDX-License-Identifier: Apache-2.0
 *
 * Expected against told.  Objects are subsets, {} is exactly empty, null is "not there"; lists are compared as sets, each
 * element with one of its own.  Instead of a value: {"like": GLOB}, {"not": VALUE}, {"in": [VALUES]}; instead of a list:
 * {"has": [ELEMENTS]}, {"hasNot": [ELEMENTS]}, {"count": N}, {"atLeast": N}.
 */
#include "tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH = 12 };

typedef struct trail { /* what differs first, and how much in all */
    char   first[800];
    int    differences;
} trail;

static bool equal(json_t *want, json_t *got, const char *path, trail *t);

static bool differs(trail *t, const char *path, json_t *want, json_t *got)
{
    char *w = json_dumps(want, JSON_ENCODE_ANY | JSON_COMPACT), *g = got ? json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    if (t && t->differences++ == 0)
        snprintf(t->first, sizeof t->first, "%.190s: expected %.200s, got %.300s", path, w, g ? g : "nothing");
    free(w);
    free(g);
    return false;
}

static bool like(const char *glob, const char *s)
{
    for (; *glob; glob++, s++) {
        if (*glob == '*') {
            do
                if (like(glob + 1, s))
                    return true;
            while (*s++);
            return false;
        }
        if (*glob != '?' ? *glob != *s : !*s)
            return false;
    }
    return !*s;
}

/* One of the words of the comment above. */
static const char *word_of(json_t *want)
{
    static const char *const words[] = { "like", "not", "in", "has", "hasNot", "count", "atLeast" };

    for (size_t i = 0; json_object_size(want) == 1 && i < sizeof words / sizeof *words; i++)
        if (json_object_get(want, words[i]))
            return words[i];
    return NULL;
}

static bool among(json_t *element, json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (equal(element, json_array_get(list, i), "", NULL))
            return true;
    return false;
}

static bool by_word(const char *word, json_t *want, json_t *got)
{
    json_t *v = json_object_get(want, word);
    bool    negative = !strcmp(word, "hasNot");

    if (!strcmp(word, "like"))
        return json_is_string(got) && like(json_string_value(v), json_string_value(got));
    if (!strcmp(word, "not"))
        return !equal(v, got, "", NULL);
    if (!strcmp(word, "in")) {
        for (size_t i = 0; i < json_array_size(v); i++)
            if (equal(json_array_get(v, i), got, "", NULL))
                return true;
        return false;
    }
    if (!json_is_array(got))
        return false;
    if (!strcmp(word, "count"))
        return (json_int_t)json_array_size(got) == json_integer_value(v);
    if (!strcmp(word, "atLeast"))
        return (json_int_t)json_array_size(got) >= json_integer_value(v);
    for (size_t i = 0; i < json_array_size(v); i++)
        if (among(json_array_get(v, i), got) == negative)
            return false;
    return true;
}

static json_t *member(json_t *object, const char *name)
{
    const char *key;
    json_t     *value;

    json_object_foreach(object, key, value)
        if (!strcasecmp(key, name)) /* names of context keys have no case */
            return value;
    return NULL;
}

/* Not there: missing, null, or {"absent": true} of a key. */
static bool not_there(json_t *got)
{
    return !got || json_is_null(got) || json_is_true(json_object_get(got, "absent"));
}

static bool equal_objects(json_t *want, json_t *got, const char *path, trail *t)
{
    const char *key;
    json_t     *value;
    bool        ok = true;

    if (!json_is_object(got) || (json_object_size(want) == 0 && json_object_size(got) != 0))
        return differs(t, path, want, got);
    json_object_foreach(want, key, value) {
        char    below[200];
        json_t *have = member(got, key);

        snprintf(below, sizeof below, "%s%s%s", path, path[0] ? "." : "", key);
        if (json_is_null(value) ? !not_there(have) : !have)
            ok = differs(t, below, value, have);
        else if (!json_is_null(value))
            ok = equal(value, have, below, t) && ok;
    }
    return ok;
}

static bool equal_lists(json_t *want, json_t *got, const char *path, trail *t)
{
    bool  *taken;
    size_t n = json_array_size(got), found = 0;

    if (!json_is_array(got) || n != json_array_size(want))
        return differs(t, path, want, got);
    taken = calloc(n + 1, sizeof *taken);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < n; k++) {
            if (taken[k] || !equal(json_array_get(want, i), json_array_get(got, k), "", NULL))
                continue;
            taken[k] = true;
            found++;
            break;
        }
    }
    free(taken);
    return found == n || differs(t, path, want, got);
}

static bool equal(json_t *want, json_t *got, const char *path, trail *t)
{
    const char *word = word_of(want);

    if (word)
        return by_word(word, want, got) || differs(t, path, want, got);
    if (json_is_object(want))
        return equal_objects(want, got, path, t);
    if (json_is_array(want))
        return equal_lists(want, got, path, t);
    return json_equal(want, got) || differs(t, path, want, got);
}

/* ------------------------------------------------------------------ typing errors */

static bool listed(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (!strcmp(*names, name))
            return true;
    return false;
}

static const char *stranger(json_t *want, const char *const *members)
{
    const char *key;
    json_t     *value;

    json_object_foreach(want, key, value) {
        const char *below = !strcmp(key, "witness") && json_is_object(value) ? stranger(value, tell_witness_members) : NULL;

        if (!listed(members, key))
            return key;
        if (below)
            return below;
    }
    return NULL;
}

static bool check_names(char *failure, size_t size, json_t *list, const char *question)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *unknown = stranger(json_array_get(list, i), ask_members(question));

        if (unknown) {
            snprintf(failure, size, "the story expects a member \"%s\", which %s does not have", unknown, question);
            return false;
        }
    }
    return true;
}

/* ------------------------------------------------------------------ all of it */

static void add(char *failure, size_t size, const char *text)
{
    size_t n = strlen(failure);

    snprintf(failure + n, size - n, "%s\n", text);
}

static void show(char *failure, size_t size, const outcome *got)
{
    char *text = json_dumps(got->told, JSON_INDENT(2));

    if (json_array_size(got->told) == 0)
        add(failure, size, "told: nothing");
    else
        add(failure, size, "told:"), add(failure, size, text);
    free(text);
}

/* The finding that comes nearest says what is wrong with it. */
static bool match_one(char *failure, size_t size, json_t *want, size_t index, const outcome *got, bool *taken)
{
    trail best = { .differences = 0 };
    char  line[960];

    for (size_t k = 0; k < json_array_size(got->told); k++) {
        trail t = { .differences = 0 };

        if (taken[k])
            continue;
        if (equal(want, json_array_get(got->told, k), "", &t)) {
            taken[k] = true;
            return true;
        }
        if (!best.differences || t.differences < best.differences)
            best = t;
    }
    snprintf(line, sizeof line, "finding %zu is not told%s%s", index, best.differences ? "; the nearest differs in " : "",
             best.first);
    add(failure, size, line);
    return false;
}

/* Findings that a story has to list: all but notes about access. */
static size_t weighty(const outcome *got, const bool *taken)
{
    size_t n = 0;

    for (size_t i = 0; i < json_array_size(got->told); i++) {
        const char *severity = json_string_value(json_object_get(json_array_get(got->told, i), "severity"));

        n += !taken[i] && !(severity && !strcmp(severity, "note"));
    }
    return n;
}

static void match_findings(char *failure, size_t size, json_t *expected, const outcome *got)
{
    json_t *findings = json_object_get(expected, "findings"), *forbid = json_object_get(expected, "forbid");
    size_t  n = json_array_size(got->told), found = 0;
    bool   *taken = calloc(n + 1, sizeof *taken);
    char    line[200];

    for (size_t i = 0; i < json_array_size(findings); i++)
        found += match_one(failure, size, json_array_get(findings, i), i, got, taken);
    if (found == json_array_size(findings) && weighty(got, taken) && findings && !json_is_true(json_object_get(expected, "more"))) {
        snprintf(line, sizeof line, "%zu findings expected, %zu more told", found, weighty(got, taken));
        add(failure, size, line);
    }
    for (size_t i = 0; i < json_array_size(forbid); i++)
        for (size_t k = 0; k < n; k++)
            if (equal(json_array_get(forbid, i), json_array_get(got->told, k), "", NULL)) {
                snprintf(line, sizeof line, "told, and forbidden by number %zu: finding %zu", i, k);
                add(failure, size, line);
            }
    free(taken);
}

void match_expected(char *failure, size_t size, json_t *expected, const outcome *got, const char *question)
{
    static const char *const own[] = { "findings", "forbid", "more", NULL };
    const char              *key;
    json_t                  *value;

    failure[0] = '\0';
    if (!check_names(failure, size, json_object_get(expected, "findings"), question) ||
        !check_names(failure, size, json_object_get(expected, "forbid"), question))
        return;
    json_object_foreach(expected, key, value) {
        trail t = { .differences = 0 };

        if (!listed(own, key) && !equal(value, json_object_get(got->summary, key), key, &t))
            add(failure, size, t.first);
    }
    match_findings(failure, size, expected, got);
    if (failure[0])
        show(failure, size, got);
}
