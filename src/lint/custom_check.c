/* SPDX-License-Identifier: Apache-2.0
 *
 * The examples of custom rules: bad ones must be reported, good ones must not.
 */
#include "base/error.h"
#include "base/str.h"
#include "lint/linter.h"

#include <stdio.h>

/* Read as the first type that the rule is about. */
static vd_str example_name(const vd_custom *c, char *out, size_t room)
{
    int n = snprintf(out, room, "example.json");

    for (vd_kind k = 0; c->kinds != VD_ON_ALL && k < VD_KIND_COUNT; k++)
        if (c->kinds >> k & 1) {
            n = snprintf(out, room, "example." VD_F ".json", VD_A(vd_policy_type_names[k]));
            break;
        }
    return (vd_str){ out, n > 0 ? (size_t)n : 0 };
}

static vd_code check(const vd_linter *l, uint32_t custom, vd_str text, bool bad, vd_error *err)
{
    const vd_custom    *c = &l->customs.at[custom];
    const vd_rule_info *rule = &l->infos[l->names.builtin + custom];
    vd_report          *r = NULL;
    char                name[64];
    vd_str              file = example_name(c, name, sizeof name);
    bool                found = false, failed;

    VD_TRY(vd_lint_file(&r, l, file, file, text, err));
    failed = r->failed;
    for (uint32_t i = 0; i < r->finding_count; i++)
        found |= r->findings[i].rule == rule;
    vd_report_free(r);
    if (failed)
        return vd_fail_at(err, VD_ESYNTAX, c->at, "an example of \"%s\" is no policy", rule->id);
    if (found == bad)
        return VD_OK;
    return vd_fail_at(err, VD_ESYNTAX, c->at, "a %s example of \"%s\" is %s", bad ? "bad" : "good", rule->id,
                      bad ? "not reported" : "reported");
}

vd_code vd_linter_check(const vd_linter *l, vd_error *err)
{
    for (uint32_t i = 0; i < l->customs.count; i++) {
        const vd_custom *c = &l->customs.at[i];

        if (!l->infos[l->names.builtin + i].enabled)
            continue;
        for (uint32_t k = 0; k < c->bad.count; k++)
            VD_TRY(check(l, i, c->bad.at[k], true, err));
        for (uint32_t k = 0; k < c->good.count; k++)
            VD_TRY(check(l, i, c->good.at[k], false, err));
    }
    return VD_OK;
}
