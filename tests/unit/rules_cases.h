/* SPDX-License-Identifier: Apache-2.0
 *
 * The cases of the rules (corpus/rules-cases) abbreviate statements: {"E":"A","A":"s3:Get*","R":"*"}.
 */
#ifndef VERDICT_TESTS_RULES_CASES_H
#define VERDICT_TESTS_RULES_CASES_H

#include <verdict/eval.h>

#include <jansson.h>

/* The documents of a decision; a resource policy of the class "trust" is a trust policy. */
static const struct {
    const char *name;
    vd_layer    layer;
    vd_kind     kind;
} rules_case_documents[] = {
    { "ident", VD_LAYER_IDENTITY, VD_KIND_IDENTITY }, { "pb", VD_LAYER_BOUNDARY, VD_KIND_BOUNDARY },
    { "sess", VD_LAYER_SESSION, VD_KIND_SESSION },    { "rbp", VD_LAYER_RESOURCE, VD_KIND_RESOURCE },
    { "vpce", VD_LAYER_ENDPOINT, VD_KIND_ENDPOINT },
};

/* As a policy has it. */
static inline json_t *rules_case_statement(const json_t *s)
{
    static const char *const names[][2] = { { "A", "Action" },    { "NA", "NotAction" },
                                            { "R", "Resource" },  { "NR", "NotResource" },
                                            { "P", "Principal" }, { "NP", "NotPrincipal" },
                                            { "C", "Condition" }, { "S", "Sid" } };
    json_t                  *out = json_object();
    const char              *effect = json_string_value(json_object_get(s, "E"));

    json_object_set_new(out, "Effect", json_string(effect && *effect == 'D' ? "Deny" : "Allow"));
    for (size_t i = 0; i < VD_COUNT(names); i++)
        if (json_object_get(s, names[i][0]))
            json_object_set(out, names[i][1], json_object_get(s, names[i][0]));
    return out;
}

#endif
