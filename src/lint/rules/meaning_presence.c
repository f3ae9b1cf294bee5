/* SPDX-License-Identifier: Apache-2.0
 *
 * What an absent key makes of an entry: IfExists, ForAllValues, and Denies that requests without the key pass or meet.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "lint/rules/entry.h"
#include "pattern/value.h"

static const char *without_if_exists(vd_lint *l, const vd_entry *e)
{
    return vd_operator_text(l, e->op.quantifier, e->op.op->name, false);
}

/* ------------------------------------------------------------------ IfExists */

static bool tells_callers_apart(const vd_lint *l, const vd_view_condition *k)
{
    return vd_key_pins(l->catalog, k, l->kind == VD_KIND_TRUST) || vd_key_is(k, "iam:PassedToService") ||
           vd_key_is(k, "iam:PermissionsBoundary") || vd_key_is(k, "sts:ExternalId");
}

/* A request comes from an address or through an endpoint: with IfExists on both, one of the two is asked. */
static bool is_one_of_two_networks(const vd_view_statement *st, const vd_view_condition *k)
{
    static const char *const address[] = { "aws:SourceIp" };
    static const char *const endpoint[] = { "aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn", "aws:VpceAccount",
                                            "aws:VpceOrgID", "aws:VpceOrgPaths" };

    if (vd_key_is(k, "aws:SourceIp"))
        return vd_meaning_mentions(st, endpoint, VD_COUNT(endpoint));
    for (size_t i = 0; i < VD_COUNT(endpoint); i++)
        if (vd_key_is(k, endpoint[i]))
            return vd_meaning_mentions(st, address, 1);
    return false;
}

static void check_if_exists(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;
    vd_finding     *f;

    if (!e->op.if_exists)
        return;
    if (vd_key_is(k, "aws:SecureTransport")) {
        f = vd_lint_report(l, &vd_meaning_rules[VD_G_TLS_IF_EXISTS], st, e->operator_name.span,
                           "aws:SecureTransport is always there; IfExists only hides the intent");
        vd_fix_operator(l, f, VD_FIX_SAFE, st->model, e, without_if_exists(l, e));
        return;
    }
    if (vd_meaning_is_always(l, k)) {
        f = vd_lint_report(l, &vd_meaning_rules[VD_G_IF_EXISTS_IDLE], st, e->operator_name.span,
                           "%s is always there; IfExists changes nothing", vd_lint_show(l, k->key));
        vd_fix_operator(l, f, VD_FIX_SAFE, st->model, e, without_if_exists(l, e));
        return;
    }
    if (e->op.op->negated && e->op.quantifier == VD_FOR_ONE) {
        f = vd_lint_report(l, &vd_meaning_rules[VD_G_IF_EXISTS_NEGATED], st, e->operator_name.span,
                           "IfExists changes nothing on " VD_F, VD_A(e->op.op->name));
        vd_fix_operator(l, f, VD_FIX_SAFE, st->model, e, without_if_exists(l, e));
    }
    if (!st->allow || e->op.op->negated || !tells_callers_apart(l, k) || vd_key_is_guarded(st, k) ||
        is_one_of_two_networks(st, k))
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_IF_EXISTS_ALLOW], st, e->operator_name.span,
                       "callers without %s are let in too", vd_lint_show(l, k->key));
    vd_fix_operator(l, f, VD_FIX_UNSAFE, st->model, e, without_if_exists(l, e));
}

/* ------------------------------------------------------------------ ForAllValues */

/* The operator that is true where this one is false. */
static vd_str opposite(const vd_operator *op)
{
    for (size_t i = 0; i < vd_operator_count; i++)
        if (vd_operators[i].test == op->test && vd_operators[i].negated != op->negated &&
            (op->test != VD_TEST_ARN || vd_str_ends(vd_operators[i].name, VD_S("Like")) ==
                                            vd_str_ends(op->name, VD_S("Like"))))
            return vd_operators[i].name;
    return VD_S("");
}

static void check_for_all(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;
    vd_str          other;
    vd_finding     *f;

    if (st->allow || e->op.quantifier != VD_FOR_ALL || e->op.op->negated || !vd_key_is_many(k))
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_FOR_ALL_DENY], st, e->operator_name.span,
                       "one %s more escapes this; use ForAnyValue",
                       vd_key_is(k, "aws:TagKeys") ? "tag key" : vd_lint_show(l, k->key));
    other = opposite(e->op.op);
    vd_fix_operator(l, f, VD_FIX_UNSAFE, st->model, e, vd_operator_text(l, VD_FOR_ANY, e->op.op->name, false));
    if (other.n)
        vd_fix_operator(l, f, VD_FIX_UNSAFE, st->model, e, vd_operator_text(l, VD_FOR_ANY, other, false));
}

/* ------------------------------------------------------------------ Denies of wrong values */

enum { STATEMENTS_MOST = 512 }; /* looked through for a guard */

/* Another Deny with Null true on the key, that reaches the first action of this one. */
static bool is_denied_when_absent(const vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    for (uint32_t i = 0; i < l->statement_count && i < STATEMENTS_MOST; i++) {
        const vd_view_statement *other = &l->statements[i];

        for (uint32_t n = 0; n < other->condition_count && !other->allow; n++) {
            const vd_entry *e = other->conditions[n].entry;

            if (e->op.op && vd_str_ieq(e->key.text, k->key) && vd_entry_true_without_key(e) && other != st)
                return true;
        }
    }
    return l->statement_count > STATEMENTS_MOST;
}

static void check_deny_absent(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    if (st->allow || !vd_entry_restricts(k->entry) || k->value_hole ||
        !vd_words_have(vd_key_says(l->catalog, k, VD_KEY_COLUMN_PRESENT), VD_S("matters")) ||
        is_denied_when_absent(l, st, k))
        return;
    vd_lint_report(l, &vd_meaning_rules[VD_G_DENY_ABSENT], st, k->entry->key.span,
                   "omitting %s passes; also deny Null: true", vd_lint_show(l, k->key));
}

/* ------------------------------------------------------------------ Denies of all but */

static const struct {
    const char *key, *who;
    uint32_t    on;
} lacked[] = {
    { "aws:PrincipalOrgID", "AWS services acting for you, and accounts outside organizations", VD_ON_R },
    { "aws:SourceVpce", "AWS services acting for you, and calls outside endpoints", VD_ON_C | VD_ON_D | VD_ON_R },
    { "aws:SourceVpc", "AWS services acting for you, and calls outside endpoints", VD_ON_C | VD_ON_D | VD_ON_R },
    { "aws:SourceIp", "AWS services acting for you, and calls through endpoints", VD_ON_D | VD_ON_R },
    { "aws:PrincipalTag/", "AWS services acting for you, and principals without the tag", VD_ON_C | VD_ON_D | VD_ON_R },
    { "aws:SourceAccount", "users and roles that call directly", VD_ON_R },
};

/* The author has thought of services. */
static const char *const guards[] = {
    "aws:PrincipalIsAWSService", "aws:ViaAWSService",  "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList",
    "aws:CalledVia",             "aws:CalledViaFirst", "aws:CalledViaLast",
};

static bool has_null(const vd_view_statement *st, const vd_view_condition *k)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_entry *e = st->conditions[i].entry;

        if (e->op.op && e->op.op->test == VD_TEST_NULL && vd_str_ieq(e->key.text, k->key))
            return true;
    }
    return st->conditions_hole;
}

static void check_deny_negated(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;
    vd_finding     *f;

    if (st->allow || !e->op.op->negated || e->op.if_exists || e->op.quantifier != VD_FOR_ONE)
        return;
    for (size_t i = 0; i < VD_COUNT(lacked); i++) {
        if (!vd_key_is(k, lacked[i].key) || !(lacked[i].on >> l->kind & 1u) ||
            vd_meaning_mentions(st, guards, VD_COUNT(guards)) || has_null(st, k))
            continue;
        f = vd_lint_report(l, &vd_meaning_rules[VD_G_DENY_NEGATED], st, e->key.span,
                           "also denies callers without %s: %s", vd_lint_show(l, k->key), lacked[i].who);
        vd_fix_add_entry(l, f, VD_FIX_UNSAFE, st->model, "BoolIfExists", VD_S("aws:PrincipalIsAWSService"), "\"false\"");
        return;
    }
}

static void check_source_ip(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;
    vd_finding     *f;

    if (st->allow || e->op.op->test != VD_TEST_IP || !e->op.op->negated || !vd_key_is(k, "aws:SourceIp") ||
        vd_meaning_mentions(st, guards, VD_COUNT(guards)))
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_SERVICES_IP], st, e->key.span,
                       "calls a service makes for the user (CloudFormation, Athena ...) come from AWS addresses");
    vd_fix_add_entry(l, f, VD_FIX_SAFE, st->model, "Bool", VD_S("aws:ViaAWSService"), "\"false\"");
}

/* ------------------------------------------------------------------ */

void vd_meaning_presence(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    if (!k->entry->op.op || k->key_hole)
        return;
    check_if_exists(l, st, k);
    check_for_all(l, st, k);
    check_deny_absent(l, st, k);
    check_deny_negated(l, st, k);
    check_source_ip(l, st, k);
}
