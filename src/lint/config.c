/* SPDX-License-Identifier: Apache-2.0
 *
 * Configuration values: the defaults, and small questions about them.
 */
#include "lint/config.h"

#include "base/str.h"
#include "pattern/path.h"

const vd_str vd_lint_presets[VD_PRESET_COUNT] = {
    [VD_PRESET_MINIMAL] = VD_L("minimal"),
    [VD_PRESET_RECOMMENDED] = VD_L("recommended"),
    [VD_PRESET_STRICT] = VD_L("strict"),
    [VD_PRESET_ACCESS_ANALYZER] = VD_L("access-analyzer"),
};

const vd_str vd_policy_type_names[VD_KIND_COUNT] = {
    [VD_KIND_IDENTITY] = VD_L("identity"), [VD_KIND_MANAGED] = VD_L("managed"),   [VD_KIND_BOUNDARY] = VD_L("boundary"),
    [VD_KIND_SESSION] = VD_L("session"),   [VD_KIND_RESOURCE] = VD_L("resource"), [VD_KIND_TRUST] = VD_L("trust"),
    [VD_KIND_SCP] = VD_L("scp"),           [VD_KIND_RCP] = VD_L("rcp"),           [VD_KIND_ENDPOINT] = VD_L("endpoint"),
};

bool vd_lint_config_init(vd_lint_config *out, vd_arena *arena)
{
    *out = (vd_lint_config){ .max_age_days = 270, .near_percent = 90, .warn_days = 14,
                              .confidence = VD_CONFIDENCE_MEDIUM, .sid_suppression = true };
    out->trusted.github_template = VD_S("default");
    out->rules = vd_arena_new_array(arena, vd_rule_choice, vd_lint_rule_count());
    return out->rules != NULL;
}

bool vd_policy_type_read(vd_policy_type *out, vd_str text)
{
    size_t colon = vd_str_find(text, ':');
    vd_str name = vd_str_first(text, colon);

    *out = (vd_policy_type){ VD_KIND_COUNT, vd_str_from(text, colon + 1) };
    for (vd_kind k = 0; k < VD_KIND_COUNT; k++)
        if (vd_str_eq(name, vd_policy_type_names[k]))
            out->kind = k;
    return out->kind < VD_KIND_COUNT && (colon == text.n || (out->kind == VD_KIND_RESOURCE && out->resource_kind.n > 0));
}

bool vd_path_glob_match(const vd_path_glob *glob, vd_str path)
{
    if (!vd_str_starts(path, glob->base))
        return false;
    return vd_path_match_loose(glob->glob, vd_str_from(path, glob->base.n));
}

bool vd_path_globs_match(const vd_path_globs *globs, vd_str path)
{
    for (uint32_t i = 0; i < globs->count; i++)
        if (vd_path_glob_match(&globs->at[i], path))
            return true;
    return false;
}

bool vd_strs_have(vd_strs list, vd_str s)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (vd_str_eq(list.at[i], s))
            return true;
    return false;
}

bool vd_config_trusts_account(const vd_lint_config *c, vd_str account)
{
    if (account.n == 0)
        return false;
    if (vd_str_eq(account, c->account))
        return true;
    for (uint32_t i = 0; i < c->trusted.account_count; i++)
        if (vd_str_eq(c->trusted.accounts[i].id, account))
            return true;
    return false;
}
