/* SPDX-License-Identifier: Apache-2.0
 *
 * The cases of the rules (corpus/rules-cases) abbreviate statements: {"E":"A","A":"s3:Get*","R":"*"}.
 */
#ifndef VERDICT_TESTS_RULES_CASES_H
#define VERDICT_TESTS_RULES_CASES_H

#include "base/base.h"

#include <jansson.h>

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
