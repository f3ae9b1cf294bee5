/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements that everyone is named in: what is left of "everyone" under their conditions.
 */
#include "lint/rules/principal_int.h"

#include "base/str.h"
#include "lint/strength.h"
#include "lint/who.h"
#include "text/hole.h"

#define ROW(name) (&vd_principal_rules[PRINCIPAL_##name])

enum { SCORE_WEAK = 70, SCORE_PUBLISHED = 40 };

/* What is in a resource of a kind, for messages. */
static const struct {
    vd_str      kind;
    const char *holds;
} kinds[] = {
    { VD_L("codeartifact"), "packages" },
    { VD_L("glue"), "the whole data catalogue" },
    { VD_L("logs"), "log delivery" },
    { VD_L("vpc-lattice"), "a service of the network" },
    { VD_L("oam"), "telemetry of the account" },
    { VD_L("kinesis"), "a data stream" },
    { VD_L("dynamodb"), "a table or its stream" },
    { VD_L("schemas"), "event schemas" },
    { VD_L("ses"), "a sending identity" },
    { VD_L("sqs"), "a queue" },
    { VD_L("sns"), "a topic" },
    { VD_L("kafka"), "a cluster" },
    { VD_L("xray"), "traces" },
    { VD_L("acm-pca"), "a certificate authority" },
    { VD_L("sagemaker"), "models" },
    { VD_L("s3tables"), "tables" },
    { VD_L("s3vectors"), "vectors" },
};

static const char *what_it_holds(const vd_lint *l)
{
    for (size_t i = 0; i < VD_COUNT(kinds); i++)
        if (vd_str_eq(kinds[i].kind, l->resource_kind))
            return kinds[i].holds;
    return NULL;
}

/* ------------------------------------------------------------------ published on purpose */

static bool reads_objects(const vd_view_action *a)
{
    return !a->hole && vd_str_istarts(a->text.text, VD_S("s3:Get"));
}

static bool published(const vd_lint *l, vd_str resource)
{
    vd_strs list = l->config->public_resources;

    for (uint32_t i = 0; i < list.count; i++)
        if (vd_str_eq(list.at[i], resource) || vd_view_action_matches(list.at[i], resource))
            return true;
    return false;
}

/* Only reads, and only of what the configuration lists as public. */
static bool is_published(const vd_lint *l, const vd_view_statement *st)
{
    if (l->config->public_resources.count == 0 || st->model->action.negated || st->model->resource.negated ||
        st->resource_count == 0)
        return false;
    for (uint32_t i = 0; i < st->action_count; i++)
        if (!reads_objects(&st->actions[i]))
            return false;
    for (uint32_t i = 0; i < st->resource_count; i++)
        if (!published(l, st->resources[i].text.text))
            return false;
    return true;
}

/* ------------------------------------------------------------------ the rules */

/* A key that would pin, with a value that does not. */
static bool report_open_pin(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = vd_open_pin(l, st);
    const vd_text           *open = c ? vd_entry_open_value(l, c) : NULL;

    if (!open)
        return false;
    vd_lint_report(l, ROW(WILD_PIN), st, open->span, "%s = \"%s\" is satisfied from any account",
                   vd_lint_show(l, c->key), vd_lint_show(l, open->text));
    return vd_lint_wants(l, ROW(WILD_PIN));
}

/* An API that asks everybody who they are, before its policy or after. */
static bool signs_in(const vd_lint *l)
{
    return vd_str_eq(l->resource_kind, VD_S("execute-api")) &&
           vd_extracted_fact(l->extracted, "authorizer").n > 0;
}

static void report_public(vd_lint *l, const vd_view_statement *st, const vd_view_principal *who,
                          vd_strength strength)
{
    const char *holds = what_it_holds(l), *may, *only = "", *opened = "";
    vd_finding *f;

    if (!vd_lint_wants(l, ROW(PUBLIC)))
        return;
    may = vd_who_may(l, st);
    if (strength == VD_STRENGTH_WEAK)
        only = vd_lint_printf(l, "; the conditions only check %s", vd_strength_keys(l, st));
    if (holds)
        opened = vd_lint_printf(l, ": this opens %s", holds);
    f = vd_lint_report(l, ROW(PUBLIC), st, who->text.span, "anyone, signed in or not, can %s%s%s", may, only,
                       opened);
    if (is_published(l, st))
        vd_finding_score(f, SCORE_PUBLISHED);
    else if (strength == VD_STRENGTH_WEAK)
        vd_finding_score(f, SCORE_WEAK);
}

/* The one thing that pins is where the packets come from. */
static void look_at_addresses(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *range = NULL;
    vd_str                   values[8];
    uint32_t                 count = 0;

    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];

        if (vd_entry_strength(l, st, c) != VD_STRENGTH_PINNING)
            continue;
        if (vd_pin_of_key(l, c) != VD_PIN_RANGE || c->value_hole)
            return;
        range = c;
    }
    if (!range || vd_denied_outside(l, st) || !vd_lint_wants(l, ROW(IP_ONLY)))
        return;
    for (uint32_t i = 0; i < range->entry->values.count && count < VD_COUNT(values); i++)
        values[count++] = range->entry->values.at[i].text;
    vd_lint_report(l, ROW(IP_ONLY), st, range->entry->key.span,
                   "anonymous callers from %s are let in; add a principal", vd_lint_list(l, values, count));
}

/* ARNs that could stand in Principal. */
static bool is_named_principal(vd_str s)
{
    vd_arn arn;

    return vd_arn_split(&arn, s) && vd_str_eq(arn.service, VD_S("iam")) && vd_is_account(arn.account) &&
           (vd_str_starts(arn.resource, VD_S("role/")) || vd_str_starts(arn.resource, VD_S("user/"))) &&
           vd_str_find(s, '*') == s.n && vd_str_find(s, '?') == s.n && !vd_str_contains(s, VD_S("${"));
}

static void look_at_names(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = vd_statement_asks(st, VD_S("aws:PrincipalArn"));

    if (!c || c->value_hole || c->entry->values.count == 0)
        return;
    for (uint32_t i = 0; i < c->entry->values.count; i++)
        if (!is_named_principal(c->entry->values.at[i].text))
            return;
    vd_lint_report(l, ROW(IN_CONDITION), st, c->entry->key.span,
                   "name these in Principal: simpler to read, and deleted roles stop matching");
}

void vd_principal_public(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_who_grants(st) ? vd_who_everyone(st) : NULL;
    vd_strength              strength;

    if (!who || l->kind != VD_KIND_RESOURCE || st->actions_hole)
        return;
    strength = vd_guarded_strength(l, st);
    if (strength < VD_STRENGTH_PINNING) {
        if (!signs_in(l) && !report_open_pin(l, st))
            report_public(l, st, who, strength);
        return;
    }
    look_at_addresses(l, st);
    look_at_names(l, st);
}
