/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of what hides what, as bits of rows for each rule: a policy without any rule of the left column is done at
 * once.
 */
#include "lint/supersede.h"

#include "base/str.h"

typedef enum scope {
    IN_TOKEN,     /* the hidden one points into what the other one points at */
    IN_STATEMENT,
    IN_SERVICE,   /* of the same document, and all its actions are of that service */
    IN_DOCUMENT
} scope;

#define POWERS                                                                                                        \
    "action-star pass-role-* create-slr-* privilege-escalation resource-exposure data-exfiltration "                  \
    "credentials-exposure defense-evasion resource-star wildcard-*"

static const struct {
    const char *left, *right; /* ids, ids with a common beginning, groups */
    uint8_t     scope;
} rows[] = {
    { "data-type-mismatch", "group:*", IN_TOKEN },
    { "invalid-action-format unknown-service", "group:action", IN_TOKEN },
    { "admin-access", POWERS " service-wildcard", IN_DOCUMENT },
    { "service-wildcard", POWERS, IN_SERVICE },
    { "statement-grants-nothing", "security:*", IN_STATEMENT },
    { "statement-grants-nothing deny-does-nothing", "action-resource-mismatch action-needs-star", IN_STATEMENT },
    { "allow-fully-denied", "allow-partly-denied covered-actions covered-statement", IN_STATEMENT },
    { "public-principal", "cross-account-principal service-principal-unscoped", IN_STATEMENT },
    { "trust-oidc-rejected", "trust-oidc-*", IN_STATEMENT },
    { "trust-public kms-star-principal s3-public-write lambda-permission-public opensearch-open ecr-public-pull efs-open "
      "events-bus-open apigw-open backup-copy-open",
      "public-principal", IN_STATEMENT },
};

static bool next_word(vd_str *rest, vd_str *word)
{
    *rest = vd_str_trim(*rest);
    *word = vd_str_first(*rest, vd_str_find(*rest, ' '));
    *rest = vd_str_from(*rest, word->n);
    return word->n > 0;
}

static bool names(const char *list, const vd_lint_rule *rule, const vd_lint_group *group)
{
    vd_str rest = vd_str_of(list), word, id = vd_str_of(rule->id);

    while (next_word(&rest, &word)) {
        if (vd_str_eq(word, VD_S("group:*")) ||
            (vd_str_starts(word, VD_S("group:")) && vd_str_eq(vd_str_from(word, 6), vd_str_of(group->name))) ||
            (vd_str_eq(word, VD_S("security:*")) && rule->severity == VD_SECURITY))
            return true;
        if (word.p[word.n - 1] == '*' ? vd_str_starts(id, vd_str_first(word, word.n - 1)) : vd_str_eq(id, word))
            return true;
    }
    return false;
}

bool vd_supersede_prepare(vd_lint_config *config, vd_arena *arena, uint32_t rules)
{
    uint32_t  n = 0;
    uint16_t *hides = vd_arena_new_array(arena, uint16_t, rules + 1);
    uint16_t *hidden = vd_arena_new_array(arena, uint16_t, rules + 1);

    if (!hides || !hidden)
        return false;
    for (uint32_t g = 0; g < vd_lint_group_count; g++)
        for (uint32_t i = 0; i < vd_lint_groups[g]->count; i++, n++)
            for (size_t r = 0; r < VD_COUNT(rows); r++) {
                const vd_lint_rule *rule = &vd_lint_groups[g]->rules[i];

                if (names(rows[r].left, rule, vd_lint_groups[g]))
                    hides[n] |= (uint16_t)(1u << r);
                else if (names(rows[r].right, rule, vd_lint_groups[g]))
                    hidden[n] |= (uint16_t)(1u << r);
            }
    config->hides = hides;
    config->hidden_by = hidden;
    return true;
}

/* ------------------------------------------------------------------ asking */

static vd_str service_at(const vd_lint *l, vd_span span)
{
    vd_str s = vd_str_first(vd_str_from(l->policy->source.text, span.offset), span.length);

    if (s.n && (s.p[0] == '"' || s.p[0] == '\''))
        s = vd_str_from(s, 1);
    return vd_str_first(s, vd_str_find(s, ':'));
}

static bool all_of_service(const vd_lint *l, const vd_finding *f, vd_str service)
{
    if (!vd_str_ieq(service_at(l, f->span), service))
        return false;
    for (uint32_t i = 0; i < f->related_count; i++)
        if (!vd_str_ieq(service_at(l, f->related[i].span), service))
            return false;
    return true;
}

static bool reaches(const vd_lint *l, const vd_finding *left, const vd_finding *f, uint8_t how)
{
    switch (how) {
    case IN_TOKEN:
        return f->span.offset >= left->span.offset && f->span.length > 0 &&
               f->span.offset + f->span.length <= left->span.offset + left->span.length;
    case IN_STATEMENT:
        return f->statement == left->statement;
    case IN_SERVICE:
        return all_of_service(l, f, service_at(l, left->span));
    default:
        return true;
    }
}

static bool is_hidden(const vd_lint *l, const vd_finding *f)
{
    uint16_t by = l->config->hidden_by[f->rule_index];

    for (uint32_t i = 0; by && i < l->finding_count; i++) {
        const vd_finding *left = l->findings[i];
        uint16_t          both = by & l->config->hides[left->rule_index];

        for (size_t r = 0; both && r < VD_COUNT(rows); r++)
            if ((both >> r & 1) && left != f && reaches(l, left, f, rows[r].scope))
                return true;
    }
    return false;
}

void vd_supersede(vd_lint *l)
{
    uint32_t kept = 0;
    unsigned any = 0;
    bool    *gone;

    if (!l->policy || !l->config->hides)
        return;
    for (uint32_t i = 0; i < l->finding_count; i++)
        any |= l->config->hides[l->findings[i]->rule_index];
    if (!any)
        return;
    gone = vd_arena_new_array(l->arena, bool, l->finding_count);
    if (!gone) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < l->finding_count; i++)
        gone[i] = is_hidden(l, l->findings[i]);
    for (uint32_t i = 0; i < l->finding_count; i++)
        if (!gone[i])
            l->findings[kept++] = l->findings[i];
    l->finding_count = kept;
}
