/* SPDX-License-Identifier: Apache-2.0
 *
 * What holds for policies of all kinds of resources: which actions and resources they decide about, who may
 * change them, and who is left to do so.
 */
#include "lint/rules/resource_policy_int.h"

#include "base/str.h"
#include "text/hole.h"

#define ROW(name) (&vd_rp_rules[RP_##name])

enum { TYPES_MOST = 4 };

/* What a kind's policy is asked about, from the table resource-kinds. */
typedef struct kind {
    vd_str service;
    vd_str types;   /* of the catalogue, with "|" between them; empty: not looked at */
    vd_str what;    /* "a bucket" */
    vd_str changes; /* actions that change the policy itself, with spaces */
    bool   arns;    /* Resource names the resource by an ARN of the service */
} kind;

enum { COLUMN_KIND, COLUMN_SERVICE, COLUMN_TYPES, COLUMN_WHAT, COLUMN_CHANGES, COLUMN_ARNS };

static bool kind_of(const vd_lint *l, kind *out)
{
    vd_sheet s = vd_catalog_sheet(l->catalog, VD_S("resource-kinds"));
    vd_run   rows = vd_sheet_find(s, l->resource_kind);

    if (rows.count == 0)
        return false;
    *out = (kind){ .service = vd_sheet_cell(s, rows.first, COLUMN_SERVICE),
                   .types = vd_sheet_cell(s, rows.first, COLUMN_TYPES),
                   .what = vd_sheet_cell(s, rows.first, COLUMN_WHAT),
                   .changes = vd_sheet_cell(s, rows.first, COLUMN_CHANGES),
                   .arns = vd_str_eq(vd_sheet_cell(s, rows.first, COLUMN_ARNS), VD_S("yes")) };
    return true;
}

/* ------------------------------------------------------------------ actions */

typedef struct types {
    uint32_t at[TYPES_MOST], count;
} types;

static types types_of(const vd_lint *l, const kind *k)
{
    uint32_t service = vd_catalog_find_service(l->catalog, k->service);
    vd_str   rest = k->types, one;
    types    out = { .count = 0 };

    while (rest.n && out.count < TYPES_MOST) {
        uint32_t id;

        if (!vd_str_cut(&rest, '|', &one)) {
            one = rest;
            rest = VD_S("");
        }
        id = vd_catalog_find_type(l->catalog, service, one);
        if (id != VD_NONE)
            out.at[out.count++] = id;
    }
    return out;
}

static bool works_on(const vd_lint *l, uint32_t action, const types *t)
{
    vd_ids own = vd_catalog_action(l->catalog, action).types;

    for (uint32_t i = 0; i < t->count; i++)
        if (vd_ids_have(own, t->at[i]))
            return true;
    return false;
}

/* A pattern is fine as soon as one of its matches is. */
static bool some_work_on(const vd_lint *l, const vd_view_action *a, const types *t)
{
    for (uint32_t i = 0; i < a->ids.count; i++)
        if (works_on(l, a->ids.at[i], t))
            return true;
    return a->ids.count == 0; /* the catalogue knows none: another rule's matter */
}

static bool is_of_service(const vd_view_action *a, const kind *k)
{
    return a->prefix_wild ? vd_view_action_matches(a->prefix, k->service) : vd_str_ieq(a->prefix, k->service);
}

static void look_at_actions(vd_lint *l, const vd_view_statement *st, const kind *k)
{
    types t = types_of(l, k);

    if (st->model->action.negated || !vd_lint_wants(l, ROW(ACTION)))
        return;
    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];
        bool                  foreign;

        if (a->star || a->hole || a->malformed || (a->service == VD_NONE && !a->prefix_wild))
            continue;
        foreign = !is_of_service(a, k);
        if (foreign || (t.count && !some_work_on(l, a, &t)))
            vd_lint_report(l, ROW(ACTION), st, a->text.span, "\"%s\" is not decided by the policy of " VD_F,
                           vd_lint_show(l, a->text.text), VD_A(k->what));
    }
}

/* ------------------------------------------------------------------ resources */

static void look_at_resources(vd_lint *l, const vd_view_statement *st, const kind *k)
{
    vd_str bucket = vd_extracted_fact(l->extracted, "bucket");

    for (uint32_t i = 0; i < st->resource_count && k->arns; i++) {
        const vd_view_resource *r = &st->resources[i];
        vd_str                  name;

        if (!r->is_arn || vd_str_find(r->arn.service, '*') < r->arn.service.n ||
            vd_has_hole(r->arn.service) || vd_str_contains(r->arn.service, VD_S("${")))
            continue;
        name = vd_str_first(r->arn.resource, vd_str_find(r->arn.resource, '/'));
        if (!vd_str_ieq(r->arn.service, k->service))
            vd_lint_report(l, ROW(RESOURCE), st, r->text.span,
                           "the policy of " VD_F " speaks about its own resource only, "
                           "never about \"%s\"",
                           VD_A(k->what), vd_lint_show(l, r->text.text));
        else if (vd_str_eq(l->resource_kind, VD_S("s3-bucket")) && bucket.n && !vd_has_hole(bucket) &&
                 vd_str_find(bucket, '{') == bucket.n && !r->hole && !r->variable && r->arn.account.n == 0 &&
                 vd_str_find(name, '*') == name.n && vd_str_find(name, '?') == name.n &&
                 !vd_str_eq(name, bucket))
            vd_lint_report(l, ROW(RESOURCE), st, r->text.span,
                           "a bucket policy speaks about arn:aws:s3:::" VD_F " only", VD_A(bucket));
    }
}

/* ------------------------------------------------------------------ changes of the policy */

static vd_str changing(const vd_view_statement *st, const kind *k)
{
    vd_str rest = k->changes, one;

    while (rest.n) {
        if (!vd_str_cut(&rest, ' ', &one)) {
            one = rest;
            rest = VD_S("");
        }
        if (vd_who_does(st, one))
            return one;
    }
    return VD_S("");
}

static const vd_text *token_of(const vd_view_statement *st, vd_str action)
{
    for (uint32_t i = 0; i < st->action_count; i++)
        if (vd_view_action_matches(st->actions[i].text.text, action))
            return &st->actions[i].text;
    return NULL;
}

static void look_for_self_grant(vd_lint *l, const vd_view_statement *st, const kind *k)
{
    vd_str                   action = changing(st, k);
    const vd_view_principal *who;
    const vd_text           *token;

    if (!action.n || !vd_who_grants(st) || st->actions_hole || st->model->action.negated)
        return;
    if (vd_who_everyone(st))
        return; /* what is open to everyone, other rules say */
    who = vd_who_service(st);
    if (!who)
        who = vd_rp_stranger(l, st);
    token = token_of(st, action);
    if (!who || !token)
        return;
    vd_lint_report(l, ROW(SELF_GRANT), st, token->span,
                   "\"%s\" may use " VD_F ": whoever may edit the policy has every right it can grant",
                   vd_lint_show(l, who->text.text), VD_A(action));
}

/* Spares only who comes from some network, or calls of services. */
static bool spares_place(const vd_view_condition *c)
{
    static const vd_str keys[] = { VD_L("aws:SourceVpce"), VD_L("aws:SourceVpc"), VD_L("aws:SourceIp"),
                                   VD_L("aws:VpcSourceIp"), VD_L("aws:SourceVpcArn") };
    const vd_entry     *e = c->entry;

    if (vd_str_ieq(c->key, VD_S("aws:ViaAWSService")) ||
        vd_str_ieq(c->key, VD_S("aws:PrincipalIsAWSService")))
        return e->op.op && e->op.op->test == VD_TEST_BOOL && e->values.count == 1 &&
               vd_str_ieq(e->values.at[0].text, VD_S("false"));
    for (size_t k = 0; k < VD_COUNT(keys) && e->op.op && e->op.op->negated; k++)
        if (vd_str_ieq(keys[k], c->key))
            return true;
    return false;
}

/* Somebody at another place in the network, or nobody at all, is spared: no administrator by name. */
static bool spares_no_administrator(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (!spares_place(&st->conditions[i]))
            return false;
    return !st->conditions_hole;
}

/* The policy of a bucket is changed on the bucket, not on its objects. */
static bool covers_container(const vd_lint *l, const vd_view_statement *st)
{
    if (st->all_resources || !vd_rp_is(l, "s3"))
        return true;
    for (uint32_t i = 0; i < st->resource_count && !st->model->resource.negated; i++)
        if (st->resources[i].is_arn &&
            vd_str_find(st->resources[i].arn.resource, '/') == st->resources[i].arn.resource.n)
            return true;
    return false;
}

static void look_for_lockout(vd_lint *l, const vd_view_statement *st, const kind *k)
{
    const vd_view_principal *who = vd_who_everyone(st);
    bool                     key = vd_rp_is(l, "kms");
    vd_str                   action;
    vd_finding              *f;

    if (st->allow || !who || st->actions_hole || !spares_no_administrator(st) || !covers_container(l, st))
        return;
    action = changing(st, k);
    if (!action.n)
        return;
    f = vd_lint_report(l, ROW(LOCKOUT), st, who->text.span,
                       key ? "this denies " VD_F
                             " to everyone: nobody could undo this, not even the root user"
                           : "this denies " VD_F " to everyone: only the root user could undo this",
                       VD_A(action));
    if (key)
        vd_finding_severity(f, VD_ERROR);
}

void vd_rp_general(vd_lint *l, const vd_view_statement *st)
{
    kind k;

    if (!kind_of(l, &k))
        return;
    look_at_actions(l, st, &k);
    look_at_resources(l, st, &k);
    look_for_self_grant(l, st, &k);
    look_for_lockout(l, st, &k);
}
