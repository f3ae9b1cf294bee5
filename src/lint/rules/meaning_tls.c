/* SPDX-License-Identifier: Apache-2.0
 *
 * Denies of plain HTTP that leave out the bucket, its objects, or some actions.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "lint/cover.h"

enum { STATEMENTS_MOST = 256 };

/* A Deny of what comes without TLS, and of nothing else. */
static bool denies_http(const vd_view_statement *st)
{
    const vd_view_condition *k = st->conditions;

    return !st->allow && st->condition_count == 1 && k->entry->op.op && k->entry->op.op->test == VD_TEST_BOOL &&
           vd_key_is(k, "aws:SecureTransport") && vd_meaning_all_values(k->entry, VD_S("false"));
}

static bool is_bucket_arn(const vd_view_resource *r)
{
    return r->is_arn && !r->hole && vd_str_eq(r->arn.service, VD_S("s3")) && r->arn.account.n == 0 &&
           r->arn.resource.n && r->arn.resource.p[0] != '*';
}

/* Does some Deny of plain HTTP name this resource, or all? */
static bool is_denied(const vd_lint *l, vd_str resource)
{
    for (uint32_t i = 0; i < l->statement_count && i < STATEMENTS_MOST; i++) {
        const vd_view_statement *st = &l->statements[i];

        if (!denies_http(st))
            continue;
        if (st->all_resources || st->resources_hole || st->model->resource.negated)
            return true;
        for (uint32_t k = 0; k < st->resource_count; k++)
            if (vd_str_eq(st->resources[k].text.text, resource) ||
                vd_view_action_matches(st->resources[k].text.text, resource))
                return true;
    }
    return l->statement_count > STATEMENTS_MOST;
}

static void check_sibling(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    vd_str      text = r->text.text, name = r->arn.resource;
    size_t      slash = vd_str_find(name, '/');
    bool        objects = slash < name.n;
    const char *sibling;
    vd_finding *f;

    if (text.n > 400 || (objects && !vd_str_eq(vd_str_from(name, slash), VD_S("/*"))))
        return;
    sibling = objects ? vd_lint_printf(l, VD_F, VD_A(vd_str_first(text, text.n - 2)))
                      : vd_lint_printf(l, VD_F "/*", VD_A(text));
    if (is_denied(l, vd_str_of(sibling)))
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_TLS_PARTIAL], st, r->text.span, "plain HTTP still works for %s",
                       vd_lint_show(l, vd_str_of(sibling)));
    vd_finding_fix(l, f, VD_FIX_SAFE, "add %s", sibling);
    vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, st->model->resource.value, "\"%s\"", sibling);
}

/* An Allow of the document goes farther than the Deny. */
static void check_actions(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < l->statement_count && i < STATEMENTS_MOST; i++) {
        const vd_view_statement *other = &l->statements[i];

        if (!other->allow || other->actions_hole || vd_cover_actions(st, other) != VD_COVERED_NOT)
            continue;
        vd_finding_relate(l,
                          vd_lint_report(l, &vd_meaning_rules[VD_G_TLS_PARTIAL], st, st->model->action.value,
                                         "plain HTTP still works for other actions that this policy allows"),
                          other->model->action.value, "allowed here");
        return;
    }
}

void vd_meaning_tls(vd_lint *l, const vd_view_statement *st)
{
    if (l->kind != VD_KIND_RESOURCE || !denies_http(st) || st->resources_hole || st->actions_hole ||
        st->model->resource.negated || !vd_lint_wants(l, &vd_meaning_rules[VD_G_TLS_PARTIAL]))
        return;
    for (uint32_t i = 0; i < st->resource_count && i < STATEMENTS_MOST; i++)
        if (is_bucket_arn(&st->resources[i]))
            check_sibling(l, st, &st->resources[i]);
    if (!st->all_actions)
        check_actions(l, st);
}
