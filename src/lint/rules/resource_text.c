/* SPDX-License-Identifier: Apache-2.0
 *
 * Leftovers of templates and of the documentation, white space, and accounts that somebody else owns.
 */
#include "lint/rules/resource.h"

#include "base/str.h"

/* ------------------------------------------------------------------ placeholders */

static bool is_capital(char c)
{
    return (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_byte(char c)
{
    return vd_is_alpha(c) || vd_is_digit(c) || c == '_' || c == '-' || c == '.' || c == ' ';
}

/* A word between brackets, the first of which stands at `at`. */
static bool is_bracketed(vd_str s, size_t at, vd_str closing)
{
    size_t n = at;

    while (n < s.n && is_name_byte(s.p[n]))
        n++;
    return n > at && vd_str_starts(vd_str_from(s, n), closing);
}

/* A text of policies has "$" only before "{"; in "${...}" a name of capitals alone is none of AWS's. */
static bool is_shell_variable(vd_str s, size_t at)
{
    vd_str rest = vd_str_from(s, at + 1);
    size_t n = 0;

    if (rest.n == 0)
        return false;
    if (rest.p[0] == '(')
        return true;
    if (rest.p[0] == '{') {
        n = 1;
        while (n < rest.n && (is_capital(rest.p[n]) || vd_is_digit(rest.p[n])))
            n++;
        return n > 2 && n < rest.n && rest.p[n] == '}';
    }
    while (n < rest.n && is_capital(rest.p[n]))
        n++;
    return n > 2 && !vd_str_eq(rest, VD_S("DEFAULT")) && !vd_str_eq(rest, VD_S("LATEST")); /* versions of AWS's own */
}

static const vd_str words[] = {
    VD_L("ACCOUNT_ID"), VD_L("ACCOUNTID"),   VD_L("ACCOUNT-ID"), VD_L("YOUR-"),     VD_L("YOUR_"),  VD_L("YOURBUCKET"),
    VD_L("REPLACE_"),   VD_L("REPLACE-"),    VD_L("CHANGEME"),   VD_L("CHANGE_ME"), VD_L("CHANGE-ME"),
    VD_L("FIXME"),      VD_L("TODO"),        VD_L("XXXXX"),      VD_L("DOC-EXAMPLE-BUCKET"), VD_L("amzn-s3-demo-bucket"),
    VD_L("o-xxxxxxxxxx"), VD_L("vpc-xxxxxxxx"), VD_L("BUCKET_NAME"), VD_L("BUCKET-NAME"), VD_L("INSERT_"),
};

/* Standing alone as words do: behind what is no letter. */
static bool is_leftover_word(vd_str s, size_t at)
{
    if (at && (vd_is_alpha(s.p[at - 1]) || vd_is_digit(s.p[at - 1])))
        return false;
    for (size_t i = 0; i < VD_COUNT(words); i++)
        if (s.p[at] == words[i].p[0] && vd_str_starts(vd_str_from(s, at), words[i]))
            return true;
    return false;
}

static bool is_placeholder(vd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        vd_str rest = vd_str_from(s, i);

        switch (s.p[i]) {
        case '<':
            if (is_bracketed(s, i + 1, VD_S(">")))
                return true;
            break;
        case '{':
            if (vd_str_starts(rest, VD_S("{{")) && vd_str_contains(rest, VD_S("}}")))
                return true;
            break;
        case '[':
            if (vd_str_starts(rest, VD_S("[[")) && is_bracketed(s, i + 2, VD_S("]]")))
                return true;
            break;
        case '%':
            if (vd_str_starts(rest, VD_S("%{")) || vd_str_eq(rest, VD_S("%s")) || vd_str_starts(rest, VD_S("%s:")) ||
                vd_str_starts(rest, VD_S("%s/")))
                return true;
            break;
        case '$':
            if (is_shell_variable(s, i))
                return true;
            break;
        default:
            if ((is_capital(s.p[i]) || s.p[i] == 'a' || s.p[i] == 'o' || s.p[i] == 'v') && is_leftover_word(s, i))
                return true;
        }
    }
    return false;
}

/* Twelve times the same digit. */
static bool is_run_of_one(vd_str account)
{
    for (size_t i = 1; i < account.n; i++)
        if (account.p[i] != account.p[0])
            return false;
    return account.n == 12;
}

static bool is_documented(vd_str account)
{
    static const vd_str accounts[] = { VD_L("111122223333"), VD_L("123456789012"), VD_L("444455556666"),
                                       VD_L("777788889999"), VD_L("555555555555"), VD_L("999999999999") };

    for (size_t i = 0; i < VD_COUNT(accounts); i++)
        if (vd_str_eq(account, accounts[i]))
            return true;
    return false;
}

static bool in_example_tree(vd_str path)
{
    static const vd_str names[] = { VD_L("test"), VD_L("tests"), VD_L("testdata"), VD_L("example"), VD_L("examples"),
                                    VD_L("fixture"), VD_L("fixtures"), VD_L("samples"), VD_L("docs"), VD_L("corpus") };
    vd_str part;

    while (vd_str_cut(&path, '/', &part))
        for (size_t i = 0; i < VD_COUNT(names); i++)
            if (vd_str_ieq(part, names[i]))
                return true;
    return false;
}

void vd_resource_look_at_value(vd_lint *l, const vd_view_statement *st, vd_text t)
{
    if (!vd_has_hole(t.text) && is_placeholder(t.text))
        vd_lint_report(l, &vd_resource_rules[PLACEHOLDER_VALUE], st, t.span, "\"%s\" looks like an unfilled placeholder",
                       vd_lint_show(l, t.text));
}

static void look_at_placeholders(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    vd_str      account = r->arn.account;
    vd_finding *f;

    vd_resource_look_at_value(l, st, r->text);
    if (!r->is_arn || !vd_is_account(account) || in_example_tree(l->file) ||
        vd_config_trusts_account(l->config, account))
        return;
    if (is_documented(account)) {
        f = vd_lint_report(l, &vd_resource_rules[PLACEHOLDER_VALUE], st, r->text.span,
                           VD_F " is an account of the AWS documentation", VD_A(account));
        vd_finding_severity(f, VD_SUGGESTION);
    } else if (is_run_of_one(account)) {
        vd_lint_report(l, &vd_resource_rules[PLACEHOLDER_VALUE], st, r->text.span,
                       "account " VD_F " looks like an unfilled placeholder", VD_A(account));
    }
}

/* ------------------------------------------------------------------ white space, accounts */

static void look_at_space(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    vd_str      trimmed = vd_str_trim(r->text.text);
    vd_finding *f;

    if (trimmed.n == r->text.text.n || !vd_str_starts(trimmed, VD_S("arn:")))
        return;
    f = vd_lint_report(l, &vd_resource_rules[ARN_WHITESPACE], st, r->text.span, "white space around the ARN: it matches nothing");
    if (r->hole || trimmed.n > 512)
        return;
    vd_finding_fix(l, f, VD_FIX_SAFE, "remove the white space");
    vd_finding_edit(l, f, VD_EDIT_STRING, r->text.span, VD_F, VD_A(trimmed));
}

/* The bytes of the file: what a template computes is not written out. */
static vd_str written(const vd_lint *l, vd_span span)
{
    const vd_source *s = &l->policy->source;
    vd_pos           at = vd_policy_pos(l->policy, span);

    while (s->outer)
        s = s->outer;
    return at.offset < s->offset ? (vd_str){ "", 0 } : vd_str_first(vd_str_from(s->text, at.offset - s->offset), at.length);
}

static void look_at_owner(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    vd_str account = r->arn.account;

    if (!r->is_arn || !vd_is_account(account))
        return;
    if (l->config->trusted.account_count && !vd_config_trusts_account(l->config, account))
        vd_lint_report(l, &vd_resource_rules[FOREIGN_ACCOUNT_RESOURCE], st, r->text.span,
                       VD_F " is not one of yours; the policy there must agree", VD_A(account));
    if (l->extracted->type.n && vd_str_eq(account, l->config->account) &&
        vd_str_contains(written(l, r->text.span), account))
        vd_lint_report(l, &vd_resource_rules[HARD_CODED_ACCOUNT], st, r->text.span, "use %s instead of " VD_F,
                           vd_str_starts(l->extracted->type, VD_S("AWS::")) ? "${AWS::AccountId}"
                                                                            : "data.aws_caller_identity", VD_A(account));
}

void vd_resource_look_at_text(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    look_at_space(l, st, r);
    look_at_placeholders(l, st, r);
    look_at_owner(l, st, r);
}
