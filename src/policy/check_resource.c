/* SPDX-License-Identifier: Apache-2.0
 *
 * Resource patterns: which ones a kind of document can use (E309, E310), and their form.
 */
#include "policy/read.h"

#include "base/str.h"
#include "pattern/arn.h"

/* ---- what the evaluators ask, too ---- */

static bool short_usable(vd_kind kind, vd_str text)
{
    switch (kind) {
    case VD_KIND_SESSION:
    case VD_KIND_RCP:
        return false;
    case VD_KIND_SCP:
        return vd_str_ends(text, VD_S("*"));
    default:
        return true;
    }
}

static bool form_usable(vd_resource_form form, vd_kind kind, vd_str text)
{
    switch (form) {
    case VD_RESOURCE_OK:
    case VD_RESOURCE_STARS:
        return true;
    case VD_RESOURCE_SHORT:
        return short_usable(kind, text);
    default:
        return false;
    }
}

bool vd_policy_resource_usable(vd_kind kind, vd_str text)
{
    return form_usable(vd_resource_classify(text, true), kind, text);
}

bool vd_policy_resource_completed(vd_kind kind, vd_str text)
{
    if (vd_resource_classify(text, true) != VD_RESOURCE_SHORT)
        return true;
    switch (kind) {
    case VD_KIND_IDENTITY:
    case VD_KIND_MANAGED:
    case VD_KIND_BOUNDARY:
        return true;
    case VD_KIND_RESOURCE:
    case VD_KIND_TRUST:
    case VD_KIND_ENDPOINT:
        return vd_str_find(text, '*') < text.n;
    default:
        return short_usable(kind, text);
    }
}

/* ---- checks of the form ---- */

enum { ARN, PARTITION, SERVICE, REGION, ACCOUNT, REST, FIELDS };
static const char *const field_names[] = { "arn", "partition", "service", "region", "account", "resource" };

/* Fields as vd_arn_fields finds them. */
static void split(vd_str text, bool variables, vd_str fields[FIELDS])
{
    size_t begin = 0, i = 0, field = 0;

    while (i < text.n && field < REST) {
        if (variables && text.p[i] == '$' && i + 1 < text.n && text.p[i + 1] == '{') {
            size_t length = vd_str_find(vd_str_from(text, i), '}');

            if (i + length < text.n) {
                i += length + 1;
                continue;
            }
        }
        if (text.p[i] == ':') {
            fields[field++] = (vd_str){ text.p + begin, i - begin };
            begin = i + 1;
        }
        i++;
    }
    fields[field] = vd_str_from(text, begin);
    while (++field < FIELDS)
        fields[field] = VD_S("");
}

static bool is_literal(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '*' || s.p[i] == '?' || s.p[i] == '$')
            return false;
    return true;
}

static const vd_str partitions[] = {
    VD_L("aws"),       VD_L("aws-cn"),    VD_L("aws-us-gov"), VD_L("aws-iso"),
    VD_L("aws-iso-b"), VD_L("aws-iso-e"), VD_L("aws-iso-f"),  VD_L("aws-eusc"),
};

static bool known_partition(vd_str s)
{
    for (size_t i = 0; i < VD_COUNT(partitions); i++)
        if (vd_str_eq(partitions[i], s))
            return true;
    return vd_str_starts(s, VD_S("aws-iso-"));
}

static const vd_str iam_types[] = {
    VD_L("user"),
    VD_L("role"),
    VD_L("group"),
    VD_L("policy"),
    VD_L("instance-profile"),
    VD_L("mfa"),
    VD_L("saml-provider"),
    VD_L("oidc-provider"),
    VD_L("server-certificate"),
    VD_L("access-report"),
    VD_L("sms-mfa"),
    VD_L("assumed-role"),
    VD_L("federated-user"),
    VD_L("access-key"),
    VD_L("signing-certificate"),
    VD_L("account-name"),
    VD_L("service-specific-credential"),
    VD_L("delegation-request"),
};

static void check_iam(vd_policy_reader *r, vd_text t, const vd_str *f)
{
    size_t slash = vd_str_find(f[REST], '/');
    vd_str type = vd_str_first(f[REST], slash);

    if (f[REGION].n && is_literal(f[REGION]))
        vd_policy_report(r, VD_RULE_ARN_REGION, t.span, NULL, "iam ARNs have no Region");
    if (vd_str_eq(f[REST], VD_S("root")) || vd_str_eq(type, VD_S("*")) || type.n == 0)
        return;
    if (!is_literal(type)) {
        if (slash < f[REST].n || !vd_str_ends(type, VD_S("*")))
            vd_policy_report(r, VD_RULE_ARN_TYPE_WILDCARD, t.span, NULL,
                             "the type is written out, as in role/; AWS does not promise that \"%s\" matches",
                             vd_policy_show(r, type));
        return;
    }
    for (size_t i = 0; slash < f[REST].n && i < VD_COUNT(iam_types); i++)
        if (vd_str_eq(iam_types[i], type))
            return;
    vd_policy_report(r, VD_RULE_ARN_RESOURCE, t.span,
                     vd_policy_did_you_mean(r, type, iam_types, VD_COUNT(iam_types)),
                     "an iam ARN goes on with a type as in user/, role/, policy/; found \"%s\"",
                     vd_policy_show(r, f[REST]));
}

static const vd_str s3_types[] = {
    VD_L("accesspoint"),        VD_L("accesspoint:"),  VD_L("job"),           VD_L("storage-lens"),
    VD_L("storage-lens-group"), VD_L("access-grants"), VD_L("async-request"),
};

/* Buckets and objects; what else S3 has carries a type word, a Region and an account. */
static void check_s3(vd_policy_reader *r, vd_text t, const vd_str *f)
{
    vd_str type = vd_str_first(f[REST], vd_str_find(f[REST], '/'));

    if (!is_literal(type))
        return;
    for (size_t i = 0; i < VD_COUNT(s3_types); i++)
        if (vd_str_eq(s3_types[i], vd_str_first(type, s3_types[i].n)))
            return;
    if (f[REGION].n && is_literal(f[REGION]))
        vd_policy_report(r, VD_RULE_ARN_REGION, t.span, NULL, "ARNs of buckets and objects have no Region");
    if (f[ACCOUNT].n && is_literal(f[ACCOUNT]))
        vd_policy_report(r, VD_RULE_ARN_ACCOUNT, t.span, NULL, "ARNs of buckets and objects have no account");
}

static bool has_variable(vd_str s)
{
    size_t at = vd_str_find(s, '$');

    return at + 1 < s.n && vd_str_contains(s, VD_S("${"));
}

/* E121: a full account id or "*", not a mixture. */
static void check_account_mix(vd_policy_reader *r, vd_text t, vd_str account)
{
    if (r->policy->kind != VD_KIND_ENDPOINT || account.n == 0 || vd_str_eq(account, VD_S("*")))
        return;
    if (!is_literal(account) && !has_variable(account))
        vd_policy_report(r, VD_RULE_ACCOUNT_MIX, t.span, NULL,
                         "the account of an ARN is a full account id or *; found \"%s\"",
                         vd_policy_show(r, account));
}

static void check_fields(vd_policy_reader *r, vd_text t, bool variables)
{
    vd_str f[FIELDS];

    split(t.text, variables, f);
    for (size_t i = ARN; variables && i < REST; i++)
        if (has_variable(f[i])) {
            vd_policy_report(r, VD_RULE_VARIABLE_ARN_PREFIX, t.span, NULL,
                             "variables work only in the last part of an ARN, not in the %s", field_names[i]);
            return;
        }
    if (is_literal(f[PARTITION]) && !known_partition(f[PARTITION]))
        vd_policy_report(r, VD_RULE_PARTITION, t.span,
                         vd_policy_did_you_mean(r, f[PARTITION], partitions, VD_COUNT(partitions)),
                         "no partition \"%s\"", vd_policy_show(r, f[PARTITION]));
    if (f[SERVICE].n == 0)
        vd_policy_report(r, VD_RULE_ARN_SERVICE, t.span, NULL, "the ARN names no service");
    else if (vd_str_eq(f[SERVICE], VD_S("iam")))
        check_iam(r, t, f);
    else if (vd_str_eq(f[SERVICE], VD_S("s3")))
        check_s3(r, t, f);
    check_account_mix(r, t, f[ACCOUNT]);
}

static void check_short(vd_policy_reader *r, vd_text t)
{
    vd_kind     kind = r->policy->kind;
    bool        empty;
    unsigned    n = (unsigned)vd_arn_fields(t.text, r->policy->language == VD_LANGUAGE_2012, &empty);
    const char *six = "arn:partition:service:region:account:resource";

    if (!short_usable(kind, t.text))
        vd_policy_report(r, VD_RULE_ARN_FIELDS, t.span, NULL, "an ARN in %s has six parts, this has %u: %s",
                         r->kind->label.p, n, six);
    else if (!vd_policy_resource_completed(kind, t.text))
        vd_policy_report_as(r, VD_RULE_ARN_FIELDS, VD_WARNING, VD_FAULT_NONE, t.span, NULL,
                            "an ARN has six parts, this has %u and matches nothing: %s", n, six);
    else if (!vd_str_ends(t.text, VD_S("*")))
        vd_policy_report_as(r, VD_RULE_ARN_FIELDS, VD_WARNING, VD_FAULT_NONE, t.span, NULL,
                            "an ARN has six parts, this has %u; those left out match everything: %s", n, six);
}

static void check_form(vd_policy_reader *r, const vd_list *list, vd_text t)
{
    bool             variables = r->policy->language == VD_LANGUAGE_2012;
    vd_resource_form form = vd_resource_classify(t.text, variables);
    bool             arn = vd_str_starts(t.text, VD_S("arn:")) || vd_str_starts(t.text, VD_S("*"));

    if (form == VD_RESOURCE_STARS)
        return;
    if (t.text.n == 0) {
        vd_policy_report(r, VD_RULE_EMPTY_STRING, t.span, NULL, "empty %s",
                         list->negated ? "NotResource" : "Resource");
    } else if (form == VD_RESOURCE_NO_COLON) {
        vd_policy_report(r, VD_RULE_ARN_PREFIX, t.span, NULL, "a resource is * or an ARN; this is \"%s\"",
                         vd_policy_show(r, t.text));
    } else if (form == VD_RESOURCE_SHORT_EMPTY) {
        vd_policy_report(r, VD_RULE_ARN_FIELDS, t.span, NULL,
                         "an ARN has six parts, this has fewer and an empty one: "
                         "arn:partition:service:region:account:resource");
    } else if (!arn) {
        vd_policy_report_as(r, VD_RULE_ARN_PREFIX, VD_ERROR, VD_FAULT_NONE, t.span, NULL,
                            "a resource is * or an ARN; this is \"%s\"", vd_policy_show(r, t.text));
        if (form == VD_RESOURCE_SHORT && !short_usable(r->policy->kind, t.text))
            check_short(r, t);
    } else if (form == VD_RESOURCE_SHORT) {
        check_short(r, t);
    } else if (t.text.p[0] != '*') {
        check_fields(r, t, variables);
    }
}

void vd_policy_check_resources(vd_policy_reader *r, const vd_statement *st)
{
    for (uint32_t i = 0; i < st->resource.texts.count; i++) {
        vd_text t = st->resource.texts.at[i];

        if (t.text.n == 1 && t.text.p[0] == '*')
            continue;
        check_form(r, &st->resource, t);
        vd_policy_check_variables(r, t);
    }
}

/* For ARNs elsewhere, in principals and conditions. */
void vd_policy_check_arn_text(vd_policy_reader *r, vd_text t)
{
    vd_arn arn;

    if (!vd_str_starts(t.text, VD_S("arn:")) || !vd_arn_split(&arn, t.text))
        return;
    if (is_literal(arn.partition) && !known_partition(arn.partition))
        vd_policy_report(r, VD_RULE_PARTITION, t.span,
                         vd_policy_did_you_mean(r, arn.partition, partitions, VD_COUNT(partitions)),
                         "no partition \"%s\"", vd_policy_show(r, arn.partition));
    check_account_mix(r, t, arn.account);
}
