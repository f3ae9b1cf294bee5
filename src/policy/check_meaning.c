/* SPDX-License-Identifier: Apache-2.0
 *
 * What is well formed, evaluates as written, and is seldom meant so (E126).  Only what one statement and the arity of
 * its keys can tell; a misuse that needs the whole catalogue or a proof is not looked for here.
 */
#include "policy/read.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/glob.h"
#include "pattern/value.h"

/* ---- entries of a condition ---- */

enum { MANY_ENTRIES = 256 }; /* nobody writes so many, and looking for guards is quadratic */

/* Does another entry of the statement make sure that the key is there? */
static bool is_guarded(const vd_statement *st, vd_str key)
{
    bool known;

    if (st->entry_count > MANY_ENTRIES)
        return true;
    for (uint32_t i = 0; i < st->entry_count; i++) {
        const vd_entry *e = &st->entries[i];

        if (!e->op.op || e->op.quantifier == VD_FOR_ALL || e->values.count == 0)
            continue;
        if (e->op.op->test == VD_TEST_NULL) {
            if (vd_str_ieq(e->key.text, key) && e->values.count == 1 &&
                !vd_bool_text(e->values.at[0].text, &known) && known)
                return true;
        } else if (!e->op.op->negated && !e->op.if_exists) {
            if (vd_str_ieq(e->key.text, key))
                return true;
            if (vd_str_ieq(key, VD_S("aws:TagKeys")) && vd_str_istarts(e->key.text, VD_S("aws:RequestTag/")))
                return true; /* a tag has a key */
        }
    }
    return false;
}

static void check_set_operator(vd_policy_reader *r, const vd_statement *st, const vd_entry *e)
{
    vd_arity arity = vd_key_arity(e->key.text);
    bool     allow = st->effect == VD_EFFECT_ALLOW;

    if (e->op.op->test == VD_TEST_NULL || arity == VD_ARITY_UNKNOWN)
        return;
    if (arity == VD_ARITY_MANY && e->op.quantifier == VD_FOR_ONE)
        vd_policy_report(
            r, VD_RULE_NO_SET_OPERATOR, e->operator_name.span, NULL,
            "%s carries several values; say ForAnyValue: or ForAllValues:", vd_policy_show(r, e->key.text));
    else if (arity == VD_ARITY_ONE && e->op.quantifier == VD_FOR_ALL)
        vd_policy_report_as(r, VD_RULE_FOR_ALL_SINGLE, allow ? VD_SECURITY : VD_WARNING, VD_FAULT_NONE,
                            e->operator_name.span, "drop the prefix: the key has one value",
                            "ForAllValues is true when %s is absent", vd_policy_show(r, e->key.text));
    else if (arity == VD_ARITY_ONE && e->op.quantifier == VD_FOR_ANY)
        vd_policy_report(r, VD_RULE_FOR_ANY_SINGLE, e->operator_name.span, NULL,
                         "%s has one value; the prefix is not needed", vd_policy_show(r, e->key.text));
    else if (arity == VD_ARITY_MANY && e->op.quantifier == VD_FOR_ALL && allow &&
             !is_guarded(st, e->key.text))
        vd_policy_report(r, VD_RULE_FOR_ALL_ABSENT, e->operator_name.span,
                         "add \"Null\" with \"false\" for the key", "true when the request has no %s",
                         vd_policy_show(r, e->key.text));
}

static void check_wildcards(vd_policy_reader *r, const vd_entry *e)
{
    uint8_t test = e->op.op->test;

    if (test != VD_TEST_STRING && test != VD_TEST_STRING_FOLDED)
        return;
    for (uint32_t i = 0; i < e->values.count; i++)
        if (vd_policy_has_wildcard(e->values.at[i].text, r->policy->language == VD_LANGUAGE_2012))
            vd_policy_report(r, VD_RULE_NO_LIKE, e->values.at[i].span,
                             e->op.op->negated ? "use StringNotLike" : "use StringLike",
                             VD_F " compares letter by letter: \"*\" and \"?\" stand for themselves",
                             VD_A(e->op.op->name));
}

/* Who asks and from where: an Allow for everyone but these lets those in of whom nothing is known. */
static const vd_str whose[] = {
    VD_L("aws:FederatedProvider"),
    VD_L("aws:PrincipalAccount"),
    VD_L("aws:PrincipalArn"),
    VD_L("aws:PrincipalOrgID"),
    VD_L("aws:PrincipalOrgPaths"),
    VD_L("aws:PrincipalType"),
    VD_L("aws:SourceAccount"),
    VD_L("aws:SourceArn"),
    VD_L("aws:SourceIp"),
    VD_L("aws:SourceOrgID"),
    VD_L("aws:SourceVpc"),
    VD_L("aws:SourceVpce"),
    VD_L("aws:userid"),
    VD_L("aws:username"),
    VD_L("aws:VpcSourceIp"),
};

static bool tells_whose(vd_str key)
{
    for (size_t i = 0; i < VD_COUNT(whose); i++)
        if (vd_str_ieq(whose[i], key))
            return true;
    return vd_str_istarts(key, VD_S("aws:PrincipalTag/"));
}

static void check_negated(vd_policy_reader *r, const vd_statement *st)
{
    for (uint32_t i = 0; i < st->entry_count; i++)
        if (!st->entries[i].op.op || !st->entries[i].op.op->negated)
            return; /* something else restricts it as well */
    for (uint32_t i = 0; i < st->entry_count; i++) {
        const vd_entry *e = &st->entries[i];

        if (tells_whose(e->key.text))
            vd_policy_report(r, VD_RULE_NEGATED_ALLOW, e->operator_name.span, NULL,
                             "allows everyone but these, callers without %s included",
                             vd_policy_show(r, e->key.text));
    }
}

/* ---- aws:SourceIp ---- */

static const vd_str private_ranges[] = {
    VD_L("10.0.0.0/8"),    VD_L("100.64.0.0/10"),  VD_L("127.0.0.0/8"), VD_L("169.254.0.0/16"),
    VD_L("172.16.0.0/12"), VD_L("192.168.0.0/16"), VD_L("fc00::/7"),    VD_L("fe80::/10"),
};

static bool is_private(vd_str text)
{
    vd_cidr range, inner;

    if (!vd_cidr_parse(&inner, text))
        return false;
    for (size_t i = 0; i < VD_COUNT(private_ranges); i++)
        if (vd_cidr_parse(&range, private_ranges[i]) && range.bits <= inner.bits &&
            vd_cidr_contains(&range, &inner))
            return true;
    return false;
}

static void check_source_ip(vd_policy_reader *r, const vd_entry *e)
{
    uint32_t count = 0;

    if (e->op.op->test != VD_TEST_IP || !vd_str_ieq(e->key.text, VD_S("aws:SourceIp")))
        return;
    for (uint32_t i = 0; i < e->values.count; i++)
        count += is_private(e->values.at[i].text);
    if (count == 0)
        return;
    if (count == e->values.count) {
        vd_policy_report(r, VD_RULE_PRIVATE_IP, e->value, "aws:VpcSourceIp has the private address",
                         "aws:SourceIp is a public address: always %s", e->op.op->negated ? "true" : "false");
        return;
    }
    for (uint32_t i = 0; i < e->values.count; i++)
        if (is_private(e->values.at[i].text))
            vd_policy_report(r, VD_RULE_SOME_PRIVATE_IP, e->values.at[i].span, NULL,
                             "aws:SourceIp is never private; this has no effect");
}

/* ---- iam:PassRole ---- */

static bool matches_pass_role(vd_str text)
{
    char   lower[64], coded[64];
    vd_str pattern = { lower, text.n };

    if (text.n > sizeof lower)
        return false;
    for (size_t i = 0; i < text.n; i++)
        lower[i] = vd_lower(text.p[i]);
    return vd_glob_match((vd_str){ coded, vd_glob_code(coded, pattern) }, VD_S("iam:passrole"));
}

/* The text of the Action that lets PassRole through; of a NotAction the whole list. */
static bool allows_pass_role(const vd_list *actions, vd_span *span)
{
    for (uint32_t i = 0; i < actions->texts.count; i++)
        if (matches_pass_role(actions->texts.at[i].text)) {
            *span = actions->texts.at[i].span;
            return !actions->negated;
        }
    *span = actions->value;
    return actions->present && actions->negated;
}

/* A bare star, or an ARN with one in place of the role: nothing but "role" or its folder before it. */
static bool is_any_role(vd_str text)
{
    for (unsigned colons = 0; colons < 5 && !vd_str_eq(text, VD_S("*")); colons++) {
        size_t at = vd_str_find(text, ':');

        if (at >= text.n)
            return false;
        text = vd_str_from(text, at + 1);
    }
    return vd_str_eq(text, VD_S("*")) || vd_str_eq(text, VD_S("role*")) || vd_str_eq(text, VD_S("role/*"));
}

static bool names_the_service(const vd_statement *st)
{
    for (uint32_t i = 0; i < st->entry_count; i++) {
        const vd_entry *e = &st->entries[i];
        bool            any = false;

        for (uint32_t k = 0; k < e->values.count; k++)
            any = any || vd_str_eq(e->values.at[k].text, VD_S("*"));
        if (e->op.op && !e->op.op->negated && e->op.op->test != VD_TEST_NULL && !any &&
            vd_str_ieq(e->key.text, VD_S("iam:PassedToService")))
            return true;
    }
    return false;
}

static void check_pass_role(vd_policy_reader *r, const vd_statement *st)
{
    vd_span by;
    bool    identity = r->policy->kind == VD_KIND_IDENTITY || r->policy->kind == VD_KIND_MANAGED ||
                    r->policy->kind == VD_KIND_SESSION;

    if (!identity || st->resource.negated || !allows_pass_role(&st->action, &by) || names_the_service(st))
        return;
    for (uint32_t i = 0; i < st->resource.texts.count; i++)
        if (is_any_role(st->resource.texts.at[i].text)) {
            vd_policy_report(r, VD_RULE_PASS_ROLE, by, "name the role, add StringEquals iam:PassedToService",
                             "this hands any role to any service: iam:PassRole on \"%s\"",
                             vd_policy_show(r, st->resource.texts.at[i].text));
            return;
        }
}

/* ---- */

void vd_policy_check_meaning(vd_policy_reader *r, const vd_statement *st)
{
    if ((!r->notes && !r->sink) || st->malformed)
        return;
    for (uint32_t i = 0; i < st->entry_count; i++) {
        const vd_entry *e = &st->entries[i];

        if (!e->op.op)
            continue;
        check_set_operator(r, st, e);
        check_wildcards(r, e);
        check_source_ip(r, e);
    }
    if (st->effect != VD_EFFECT_ALLOW)
        return;
    check_negated(r, st);
    check_pass_role(r, st);
}
