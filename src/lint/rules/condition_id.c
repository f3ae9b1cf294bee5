/* SPDX-License-Identifier: Apache-2.0
 *
 * Values that have a form of their own: ids of networks, accounts and organizations, Regions, key ARNs, and keys with a
 * fixed set of values.  The table `keys` says which key has which form.
 */
#include "lint/rules/condition.h"

#include "base/str.h"
#include "base/suggest.h"
#include "lint/rules/entry.h"

static bool has_variable(vd_str s)
{
    return s.n > 2 && vd_str_contains(s, VD_S("${"));
}

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

/* Compared as text: String operators.  Others are told by operator-type-mismatch. */
static bool compares_text(const vd_operator *op)
{
    return op->test <= VD_TEST_LIKE;
}

/* A value that can be judged: no variable, and no wildcard that works as one. */
static bool is_literal(const vd_entry *e, vd_str s)
{
    return !has_variable(s) && !(e->op.op->globs && has_wildcard(s));
}

/* What a wrong value makes of the entry. */
static const char *outcome(const vd_entry *e)
{
    return e->op.op->negated ? "it excludes nothing" : "never true";
}

/* ------------------------------------------------------------------ ids of networks */

static bool is_hex(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!vd_is_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
            return false;
    return s.n == 8 || s.n == 17;
}

static void check_network(vd_lint *l, const vd_view_statement *st, const vd_entry *e, vd_text t, vd_str start)
{
    bool endpoint = vd_str_eq(start, VD_S("vpce-"));

    if (vd_str_starts(t.text, start) && is_hex(vd_str_from(t.text, start.n)))
        return;
    vd_lint_report(l, &vd_condition_rules[endpoint ? VD_F_VPCE : VD_F_VPC], st, t.span,
                   "%s id is " VD_F " and 8 or 17 hex digits, not \"%s\"; %s", endpoint ? "an endpoint" : "a VPC",
                   VD_A(start), vd_lint_show(l, t.text), outcome(e));
}

/* ------------------------------------------------------------------ accounts */

static bool is_number(const vd_lint *l, vd_text t)
{
    char first = t.span.length ? l->policy->source.text.p[t.span.offset] : 0;

    return vd_is_digit(first);
}

static void check_account(vd_lint *l, const vd_view_statement *st, const vd_entry *e, vd_text t)
{
    bool number = is_number(l, t);

    if (vd_is_account(t.text) && !number)
        return;
    if (vd_str_eq(t.text, VD_S("anonymous")))
        return; /* that is what AWS sends for callers without credentials */
    if (vd_is_account(t.text)) {
        vd_finding *f = vd_lint_report(l, &vd_condition_rules[VD_F_ACCOUNT], st, t.span,
                                       "an account id is a string; as a number it loses leading zeros");

        vd_finding_severity(f, VD_SUGGESTION);
        return;
    }
    vd_finding_severity(vd_lint_report(l, &vd_condition_rules[VD_F_ACCOUNT], st, t.span,
                                       "\"%s\" is not a 12-digit account id%s; %s", vd_lint_show(l, t.text),
                                       number ? " (a number loses its leading zeros)" : "", outcome(e)),
                        VD_ERROR);
}

/* ------------------------------------------------------------------ organizations */

enum { ORG_SHORTEST = 10, ORG_LONGEST = 32 };

static bool is_lower(char c)
{
    return vd_is_digit(c) || (c >= 'a' && c <= 'z');
}

static bool is_organization(vd_str s)
{
    if (!vd_str_starts(s, VD_S("o-")) || s.n < 2 + ORG_SHORTEST || s.n > 2 + ORG_LONGEST)
        return false;
    for (size_t i = 2; i < s.n; i++)
        if (!is_lower(s.p[i]))
            return false;
    return true;
}

static void check_organization(vd_lint *l, const vd_view_statement *st, const vd_entry *e, vd_text t)
{
    if (!is_organization(t.text))
        vd_lint_report(l, &vd_condition_rules[VD_F_ORGANIZATION], st, t.span,
                       "\"%s\" is not an organization id, o- and 10 to 32 letters and digits; %s",
                       vd_lint_show(l, t.text), outcome(e));
}

/* o-.../r-.../ou-.../ as far as it is written; segments with wildcards are taken as they are. */
static const char *wrong_path(const vd_entry *e, vd_str s)
{
    static const vd_str starts[] = { VD_L("o-"), VD_L("r-"), VD_L("ou-") };
    vd_str              rest = s, head;
    bool                globs = e->op.op->globs;
    size_t              i = 0;

    if (s.n == 0 || (s.p[s.n - 1] != '/' && !(globs && s.p[s.n - 1] == '*')))
        return "organization paths end with / or *";
    while (vd_str_cut(&rest, '/', &head)) {
        vd_str start = starts[i < VD_COUNT(starts) ? i : VD_COUNT(starts) - 1];

        if (globs && has_wildcard(head))
            return NULL;
        if (i == 0 ? !is_organization(head) : !vd_str_starts(head, start))
            return "an organization path is o-.../r-.../ou-.../ with ids of the organization";
        i++;
    }
    return NULL;
}

static void check_path(vd_lint *l, const vd_view_statement *st, const vd_entry *e, vd_text t)
{
    const char *why = wrong_path(e, t.text);

    if (why && !has_variable(t.text))
        vd_lint_report(l, &vd_condition_rules[VD_F_ORGANIZATION], st, t.span, "%s; found \"%s\": %s", why,
                       vd_lint_show(l, t.text), outcome(e));
}

/* ------------------------------------------------------------------ Regions */

/* "eu-west-1", "us-gov-east-1": a Region there may be, though the catalogue has not heard of it. */
static bool looks_like_region(vd_str s)
{
    size_t dash = vd_str_rfind(s, '-');

    if (dash == s.n || !vd_str_all_digits(vd_str_from(s, dash + 1)) || s.n - dash > 3)
        return false;
    return vd_str_find(s, '-') < dash && vd_str_find(s, '-') >= 2;
}

enum { REGIONS_MOST = 128 };

static const char *close_region(vd_lint *l, vd_sheet sheet, vd_str text, vd_str *only)
{
    vd_str   names[REGIONS_MOST];
    uint32_t count = 0;

    for (uint32_t i = 0; i < sheet.rows && count < REGIONS_MOST; i++)
        names[count++] = vd_sheet_cell(sheet, i, 0);
    return vd_lint_did_you_mean(l, text, names, count, only);
}

static void check_region(vd_lint *l, const vd_view_statement *st, const vd_entry *e, vd_text t)
{
    vd_sheet    sheet = vd_catalog_sheet(l->catalog, VD_S("regions"));
    vd_run      rows = vd_sheet_find(sheet, t.text);
    vd_str      only = { "", 0 };
    const char *words;
    vd_finding *f;

    if (sheet.rows == 0 || (rows.count && vd_str_eq(vd_sheet_cell(sheet, rows.first, 0), t.text)))
        return;
    if (rows.count || vd_str_eq(t.text, VD_S("EU")) || vd_str_eq(t.text, VD_S("aws-global")))
        return; /* only its capitals are wrong: condition-value-case; names of old */
    words = close_region(l, sheet, t.text, &only);
    f = vd_lint_report(l, &vd_condition_rules[VD_F_REGION], st, t.span, "no Region \"%s\": %s%s",
                       vd_lint_show(l, t.text), outcome(e), words);
    vd_finding_severity(f, *words && !looks_like_region(t.text) ? VD_ERROR : VD_WARNING);
    vd_finding_confidence(f, looks_like_region(t.text) ? VD_CONFIDENCE_MEDIUM : VD_CONFIDENCE_HIGH);
    if (only.n)
        vd_fix_text(l, f, VD_FIX_UNSAFE, t.span, only);
}

/* ------------------------------------------------------------------ keys of KMS */

static bool is_uuid_or_alias(vd_str s)
{
    return vd_str_starts(s, VD_S("alias/")) || vd_str_starts(s, VD_S("mrk-")) || (s.n == 36 && s.p[8] == '-');
}

static void check_kms_key(vd_lint *l, const vd_view_statement *st, const vd_entry *e, vd_text t)
{
    vd_arn      arn;
    bool        is_arn = vd_arn_split(&arn, t.text);
    const char *what;

    if (has_variable(t.text) || (is_arn && vd_str_starts(arn.resource, VD_S("key/"))) ||
        (e->op.op->globs && has_wildcard(t.text) && !is_uuid_or_alias(t.text) &&
         !(is_arn && vd_str_starts(arn.resource, VD_S("alias/")))))
        return;
    what = vd_str_contains(t.text, VD_S("alias/")) ? "an alias" : is_uuid_or_alias(t.text) ? "an id" : "anything else";
    vd_lint_report(l, &vd_condition_rules[VD_F_KMS_KEY], st, t.span, "the key is compared with a key ARN; %s never matches",
                   what);
}

/* ------------------------------------------------------------------ closed sets */

/* "aws:kms " and "kms" for "aws:kms": what may be meant. */
static vd_str close_value(vd_str words, vd_str text)
{
    vd_str one, rest = words, trimmed = vd_str_trim(text);
    bool   more = true;

    while (more && trimmed.n && trimmed.n <= 64) {
        more = vd_str_cut(&rest, ' ', &one);
        if (!more)
            one = rest;
        if (vd_str_ieq(trimmed, one) || vd_distance(trimmed, one, 2) <= 1 ||
            (one.n > trimmed.n + 1 && one.p[one.n - trimmed.n - 1] == ':' &&
             vd_str_ieq(vd_str_from(one, one.n - trimmed.n), trimmed)))
            return one;
    }
    return VD_S("");
}

static bool same_but_for_case(vd_str words, vd_str text)
{
    vd_str one;

    while (vd_str_cut(&words, ' ', &one))
        if (vd_str_ieq(one, text))
            return true;
    return vd_str_ieq(words, text);
}

/* Commas between the words. */
static const char *listed(vd_lint *l, vd_str words)
{
    vd_str   items[16], one;
    uint32_t count = 0;

    while (count + 1 < VD_COUNT(items) && vd_str_cut(&words, ' ', &one))
        items[count++] = one;
    items[count++] = words;
    return vd_lint_list(l, items, count);
}

static void check_closed(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c, vd_text t, vd_str words)
{
    vd_finding *f;
    vd_str      close;

    if (vd_words_have(words, t.text) || same_but_for_case(words, t.text))
        return; /* of other capitals tells condition-value-case */
    f = vd_lint_report(l, &vd_condition_rules[VD_F_NEVER_SENT], st, t.span, "%s is one of %s; \"%s\" never matches",
                       vd_lint_show(l, c->key), listed(l, words), vd_lint_show(l, t.text));
    close = close_value(words, t.text);
    if (close.n)
        vd_fix_text(l, f, VD_FIX_UNSAFE, t.span, close);
}

/* "ecs-tasks.amazonaws.com": some name and one of the suffixes. */
static bool is_service(vd_str s)
{
    size_t dot = vd_str_find(s, '.');
    vd_str suffix = vd_str_from(s, dot + 1);

    return dot > 0 && dot < s.n &&
           (vd_str_ends(suffix, VD_S("amazonaws.com")) || vd_str_ends(suffix, VD_S("amazonaws.com.cn")) ||
            vd_str_ends(suffix, VD_S("amazonaws.eu")) || vd_str_ends(suffix, VD_S("aws.internal")) ||
            vd_str_ends(suffix, VD_S("amazon.com")) || vd_str_ends(suffix, VD_S("aws.com")) ||
            vd_str_ends(suffix, VD_S("c2s.ic.gov")) || vd_str_ends(suffix, VD_S("sc2s.sgov.gov")));
}

static void check_service(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c, vd_text t)
{
    vd_finding *f;

    if (is_service(t.text))
        return;
    f = vd_lint_report(l, &vd_condition_rules[VD_F_NEVER_SENT], st, t.span,
                       "%s is a service principal such as ec2.amazonaws.com; \"%s\" never matches",
                       vd_lint_show(l, c->key), vd_lint_show(l, t.text));
    if (vd_str_find(t.text, '.') == t.text.n && vd_catalog_find_service(l->catalog, t.text) != VD_NONE)
        vd_fix_text(l, f, VD_FIX_UNSAFE, t.span, vd_str_of(vd_lint_printf(l, VD_F ".amazonaws.com", VD_A(t.text))));
}

/* ec2:CreateAction and its like: the name of an action of the service. */
static void check_action_name(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c, vd_text t)
{
    uint32_t service = vd_catalog_find_service(l->catalog, c->prefix);

    if (service == VD_NONE || vd_catalog_find_action(l->catalog, service, t.text) != VD_NONE)
        return;
    vd_finding_confidence(vd_lint_report(l, &vd_condition_rules[VD_F_NEVER_SENT], st, t.span,
                                         "%s is the name of an action of " VD_F "; \"%s\" is none", vd_lint_show(l, c->key),
                                         VD_A(c->prefix), vd_lint_show(l, t.text)),
                          VD_CONFIDENCE_MEDIUM);
}

/* ------------------------------------------------------------------ wildcards in ids */

static bool is_system_id(const vd_view_condition *c)
{
    return c->id != VD_NONE && c->fact.flags & VD_KEY_NO_WILDCARD;
}

static bool is_numeric(const vd_operator *op)
{
    return op->test >= VD_TEST_NUMBER_EQ && op->test <= VD_TEST_NUMBER_GE;
}

/* "*" alone asks whether the key is there, which says what it means. */
static bool asks_presence(vd_str s)
{
    return vd_str_eq(s, VD_S("*"));
}

static void check_system_id(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_lint_rule *rule = &vd_condition_rules[VD_F_SYSTEM_ID];
    const vd_entry     *e = c->entry;

    if (!is_system_id(c) || l->kind == VD_KIND_ENDPOINT)
        return; /* src/policy: AWS refuses it there */
    if (is_numeric(e->op.op))
        vd_lint_report(l, rule, st, e->operator_name.span, "an id made by AWS is not a number; use StringEquals");
    for (uint32_t i = 0; i < e->values.count && e->op.op->globs; i++)
        if (has_wildcard(e->values.at[i].text) && !has_variable(e->values.at[i].text) &&
            !asks_presence(e->values.at[i].text))
            vd_lint_report(l, rule, st, e->values.at[i].span, "ids share prefixes by chance; list them in full");
}

/* ------------------------------------------------------------------ */

static void check_form(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c, vd_str form, vd_text t)
{
    const vd_entry *e = c->entry;

    if (vd_str_eq(form, VD_S("organization-path"))) {
        check_path(l, st, e, t);
    } else if (vd_str_eq(form, VD_S("kms-key"))) {
        check_kms_key(l, st, e, t);
    } else if (!is_literal(e, t.text) || (has_wildcard(t.text) && !e->op.op->globs)) {
        return; /* wildcard-without-like tells */
    } else if (vd_str_eq(form, VD_S("vpc"))) {
        check_network(l, st, e, t, VD_S("vpc-"));
    } else if (vd_str_eq(form, VD_S("vpce"))) {
        check_network(l, st, e, t, VD_S("vpce-"));
    } else if (vd_str_eq(form, VD_S("account"))) {
        check_account(l, st, e, t);
    } else if (vd_str_eq(form, VD_S("organization"))) {
        check_organization(l, st, e, t);
    } else if (vd_str_eq(form, VD_S("region"))) {
        check_region(l, st, e, t);
    } else if (vd_str_eq(form, VD_S("service"))) {
        check_service(l, st, c, t);
    } else if (vd_str_eq(form, VD_S("action-name"))) {
        check_action_name(l, st, c, t);
    }
}

void vd_condition_id(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;
    vd_str          form, words;

    if (!e->op.op || c->key_hole || c->id == VD_NONE || e->op.op->test == VD_TEST_NULL)
        return;
    check_system_id(l, st, c);
    form = vd_key_says(l->catalog, c, VD_KEY_COLUMN_FORM);
    words = vd_key_says(l->catalog, c, VD_KEY_COLUMN_VALUES);
    if ((form.n == 0 && words.n == 0) || c->value_hole)
        return;
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_text t = e->values.at[i];

        if (form.n && (compares_text(e->op.op) || (vd_str_eq(form, VD_S("kms-key")) && e->op.op->globs)))
            check_form(l, st, c, form, t);
        if (words.n && compares_text(e->op.op) && is_literal(e, t.text))
            check_closed(l, st, c, t, words);
    }
}
