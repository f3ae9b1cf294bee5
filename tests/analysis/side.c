/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies of a story as a set: they are handed to the reader of scenario files, with a request that nobody asks.
 */
#include "analysis.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

vd_str text_of(json_t *string)
{
    return (vd_str){ json_is_string(string) ? json_string_value(string) : "", json_string_length(string) };
}

static bool add_names(void *user, vd_run ids)
{
    char name[160];

    for (uint32_t i = 0; i < ids.count; i++) {
        size_t n = vd_catalog_action_text(vd_catalog_builtin(), ids.first + i, name, sizeof name);

        json_array_append_new(user, json_stringn(name, n));
    }
    return true;
}

/* {"expand": "s3:Get*"} as Action: all names of the catalogue. */
static json_t *expanded(json_t *statement)
{
    json_t *out = json_copy(statement), *pattern = json_object_get(json_object_get(statement, "Action"), "expand"), *names;

    if (pattern) {
        names = json_array();
        vd_catalog_expand(vd_catalog_builtin(), text_of(pattern), add_names, names);
        json_object_set_new(out, "Action", names);
    }
    return out;
}

/* A list of statements is a document of today. */
static json_t *document(json_t *given)
{
    json_t *statements;

    if (!json_is_array(given))
        return json_incref(given);
    statements = json_array();
    for (size_t i = 0; i < json_array_size(given); i++)
        json_array_append_new(statements, expanded(json_array_get(given, i)));
    return json_pack("{s:s, s:o}", "Version", "2012-10-17", "Statement", statements);
}

/* "scp" and "rcp" are one level here, unless the story gives levels as scenario files do. */
static json_t *level(json_t *given)
{
    if (json_is_array(given) && json_object_get(json_array_get(given, 0), "policies"))
        return json_incref(given);
    return json_pack("[{s:s, s:[o]}]", "target", "r-root", "policies", document(given));
}

static json_t *policies_of(json_t *given, bool agrees)
{
    json_t     *out = json_object(), *value;
    const char *name;

    json_object_foreach(given, name, value) {
        if (!strcmp(name, "scp") || !strcmp(name, "rcp"))
            json_object_set_new(out, name, level(value));
        else
            json_object_set_new(out, name, document(value));
    }
    if (agrees && !json_object_get(out, "identity")) {
        json_t *everything = json_pack("{s:s, s:[{s:s, s:s, s:s}]}", "Version", "2012-10-17", "Statement", "Effect", "Allow", "Action",
                                       "*", "Resource", "*");

        json_object_set(out, "identity", everything);
        json_object_set_new(out, "session", everything);
    }
    return out;
}

static json_t *scenario(json_t *story, json_t *policies, bool agrees)
{
    json_t *account = json_object_get(story, "resourceAccount"), *state = json_object_get(story, "resourceState");
    json_t *out = json_pack("{s:{s:s, s:s, s:s}, s:o}", "request", "principal", "anonymous", "action", "s3:GetObject", "resource",
                            "arn:aws:s3:::b/a", "policies", policies_of(policies, agrees));

    if (json_string_length(account)) /* "": nobody says */
        json_object_set(json_object_get(out, "request"), "resourceAccount", account);
    if (state)
        json_object_set(out, "resourceState", state);
    return out;
}

bool side_open(side *out, vd_engine *engine, json_t *story, json_t *policies, bool other_side_agrees, char *failure)
{
    vd_suite_opts opts = { .size = sizeof opts, .no_expect = true };
    vd_error      err = { .size = sizeof err };
    json_t       *made = scenario(story, policies, other_side_agrees);
    char         *text = json_dumps(made, JSON_INDENT(1));
    vd_code       code;

    *out = (side){ 0 };
    code = vd_suite_read(&out->suite, engine, vd_str_of("policies.json"), vd_str_of(text), &opts, NULL, &err);
    if (code == VD_OK)
        code = vd_suite_set(&out->set, out->suite, 0, &err);
    if (code == VD_OK)
        code = vd_request_new(&out->request, engine, &err);
    if (code == VD_OK)
        code = vd_suite_request(out->request, out->suite, 0, &err);
    if (code != VD_OK)
        snprintf(failure, MESSAGE, "the policies cannot be used: %s\n%s", err.text, text);
    free(text);
    json_decref(made);
    if (code != VD_OK)
        side_close(out);
    return code == VD_OK;
}

void side_close(side *s)
{
    vd_request_free(s->request);
    if (s->suite)
        vd_suite_free(s->suite);
    *s = (side){ 0 };
}
