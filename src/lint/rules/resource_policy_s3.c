/* SPDX-License-Identifier: Apache-2.0
 *
 * Buckets and access points; TLS for them, queues and topics.
 */
#include "lint/rules/resource_policy_int.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "lint/known.h"

#define ROW(name) (&vd_rp_rules[RP_##name])

/* ------------------------------------------------------------------ everyone */

static const vd_text *does_one_of(const vd_view_statement *st, const vd_str *actions, size_t count)
{
    for (uint32_t i = 0; i < st->action_count && !st->model->action.negated; i++)
        for (size_t k = 0; k < count; k++)
            if (vd_view_action_matches(st->actions[i].text.text, actions[k]))
                return &st->actions[i].text;
    return NULL;
}

/* "s3:PutBucketTagging" is one of "s3:PutBucket*". */
static const vd_text *configures(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count && !st->model->action.negated; i++)
        if (vd_str_istarts(st->actions[i].text.text, VD_S("s3:PutBucket")))
            return &st->actions[i].text;
    return NULL;
}

static void look_for_everyone(vd_lint *l, const vd_view_statement *st)
{
    static const vd_str writes[] = { VD_L("s3:PutObject"),          VD_L("s3:DeleteObject"),
                                     VD_L("s3:PutObjectAcl"),       VD_L("s3:PutBucketPolicy"),
                                     VD_L("s3:PutBucketAcl"),       VD_L("s3:DeleteBucket"),
                                     VD_L("s3:DeleteObjectVersion") };
    static const vd_str lists[] = { VD_L("s3:ListBucket"), VD_L("s3:ListBucketVersions") };
    const vd_text      *write, *list;

    if (!vd_rp_open(l, st))
        return;
    write = does_one_of(st, writes, VD_COUNT(writes));
    if (!write)
        write = configures(st);
    list = does_one_of(st, lists, VD_COUNT(lists));
    if (write)
        vd_lint_report(l, ROW(S3_WRITE), st, write->span, "anyone can write: \"%s\" is open to everyone%s",
                       vd_lint_show(l, write->text), vd_rp_weakly(l, st));
    if (list && list != write) /* "s3:*" is one cause */
        vd_lint_report(l, ROW(S3_LIST), st, list->span,
                       "names of all objects are public: \"%s\" is open to everyone%s",
                       vd_lint_show(l, list->text), vd_rp_weakly(l, st));
}

/* ------------------------------------------------------------------ uploads of others */

static void look_at_acl(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = vd_statement_asks(st, VD_S("s3:x-amz-acl"));
    bool                     others = false;

    if (!c || c->value_hole || c->entry->values.count != 1 || !vd_who_does(st, VD_S("s3:PutObject")) ||
        !vd_str_eq(c->entry->values.at[0].text, VD_S("bucket-owner-full-control")))
        return;
    for (uint32_t i = 0; i < st->principal_count; i++)
        others |= st->principals[i].type == VD_PRINCIPAL_AWS &&
                  !(l->config->account.n && vd_str_eq(l->config->account, st->principals[i].account));
    if (others)
        vd_lint_report(
            l, ROW(S3_ACL), st, c->entry->key.span,
            "ACLs are off under bucket-owner-enforced ownership; this condition then refuses plain uploads");
}

/* ------------------------------------------------------------------ logs */

static void look_at_logs(vd_lint *l, const vd_view_statement *st)
{
    static const vd_str services[] = {
        VD_L("logging.s3"), VD_L("delivery.logs"),        VD_L("cloudtrail"),
        VD_L("config"),     VD_L("elasticloadbalancing"), VD_L("logdelivery.elasticloadbalancing")
    };

    if (vd_who_source(st) || !vd_who_does(st, VD_S("s3:PutObject")))
        return;
    for (uint32_t i = 0; i < st->principal_count; i++) {
        const vd_view_principal *p = &st->principals[i];
        bool                     logs = false;
        vd_finding              *f;

        for (size_t k = 0; k < VD_COUNT(services) && p->shape == VD_SHAPE_SERVICE; k++)
            logs |= vd_str_eq(services[k], vd_service_without_region(p->name));
        if (!logs)
            continue;
        f = vd_lint_report(l, ROW(S3_LOGS), st, p->text.span,
                           "logs of other people's accounts can be written here by %s; add aws:SourceAccount",
                           vd_lint_show(l, p->text.text));
        if (f && f->fix_count == 0 && l->config->account.n)
            vd_who_add_condition(l, f, st, "StringEquals", "aws:SourceAccount",
                                 vd_lint_printf(l, VD_F, VD_A(l->config->account)));
    }
}

/* ------------------------------------------------------------------ access points */

static void look_at_delegation(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = vd_statement_asks(st, VD_S("s3:DataAccessPointAccount"));
    const vd_text           *open = c ? vd_entry_open_value(l, c) : NULL;

    if (open && vd_who_everyone(st))
        vd_lint_report(l, ROW(S3_DELEGATION), st, open->span,
                       "access points of any account inherit this grant");
}

void vd_rp_s3(vd_lint *l, const vd_view_statement *st)
{
    look_for_everyone(l, st);
    if (!vd_who_grants(st) || st->conditions_hole)
        return;
    look_at_acl(l, st);
    look_at_logs(l, st);
    look_at_delegation(l, st);
}

/* ------------------------------------------------------------------ TLS */

/* Deny to everyone when aws:SecureTransport is false, or unless it is true. */
static bool asks_tls(const vd_view_statement *st)
{
    const vd_view_condition *c = vd_statement_names(st, VD_S("aws:SecureTransport"));

    return !st->allow && vd_who_everyone(st) && c && c->entry->op.op &&
           c->entry->op.op->test == VD_TEST_BOOL && c->entry->values.count == 1 &&
           vd_str_ieq(c->entry->values.at[0].text, VD_S("false"));
}

static const char *all_of(const vd_lint *l)
{
    return vd_rp_is(l, "s3-bucket") ? "s3:*"
           : vd_rp_is(l, "sqs")     ? "sqs:*"
           : vd_rp_is(l, "sns")     ? "sns:Publish"
                                    : NULL;
}

/* What the first statement with one says of the resource, as JSON; NULL: nothing that can be used. */
static const char *own_resources(vd_lint *l)
{
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_resource *r = l->statements[i].resource_count ? &l->statements[i].resources[0] : NULL;
        vd_str                  name;

        if (!r || !r->is_arn || r->hole || vd_str_find(r->text.text, '"') < r->text.text.n)
            continue;
        if (!vd_rp_is(l, "s3"))
            return vd_lint_printf(l, "\"" VD_F "\"", VD_A(r->text.text));
        name = vd_str_first(r->text.text, vd_str_find(r->text.text, '/'));
        return vd_lint_printf(l, "[\"" VD_F "\", \"" VD_F "/*\"]", VD_A(name), VD_A(name));
    }
    return NULL;
}

void vd_rp_tls(vd_lint *l)
{
    const char *actions = all_of(l), *resources;
    vd_span     list;
    vd_finding *f;

    if (!actions || l->statement_count == 0 || !vd_lint_wants(l, ROW(S3_TLS)))
        return;
    for (uint32_t i = 0; i < l->statement_count; i++)
        if (asks_tls(&l->statements[i]) || (!l->statements[i].allow && l->statements[i].conditions_hole))
            return;
    f = vd_lint_report(l, ROW(S3_TLS), NULL, vd_span_of_document(l), "plain HTTP requests are accepted");
    list = vd_rp_statements(l);
    resources = own_resources(l);
    if (!f || list.length == 0 || !resources)
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "deny requests without TLS");
    vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, list,
                    "{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"%s\", \"Resource\": %s, "
                    "\"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"false\"}}}",
                    actions, resources);
}
