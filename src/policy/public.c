/* SPDX-License-Identifier: Apache-2.0
 *
 * Is a policy public (E756)?  An Allow to everyone counts as narrowed only by a positive condition with fixed values
 * on one of the keys below; one statement that is not narrowed makes the document public.
 */
#include "policy/policy.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/value.h"

/* What makes a value of a key fixed. */
typedef enum fixing {
    FIXED,         /* no wildcard, no variable */
    FIXED_UNSURE,  /* the same, and AWS does not say clearly that it narrows */
    FIXED_ACCOUNT, /* an ARN whose account is fixed */
    FIXED_START,   /* does not begin with a wildcard */
    FIXED_RANGE    /* a public range that is not too wide */
} fixing;

static const struct {
    vd_str key;
    fixing fixing;
} keys[] = {
    { VD_L("aws:SourceIp"), FIXED_RANGE },
    { VD_L("aws:SourceArn"), FIXED },
    { VD_L("aws:SourceVpc"), FIXED },
    { VD_L("aws:SourceVpce"), FIXED },
    { VD_L("aws:VpceAccount"), FIXED_UNSURE },
    { VD_L("aws:VpceOrgID"), FIXED_UNSURE },
    { VD_L("aws:VpceOrgPaths"), FIXED_UNSURE },
    { VD_L("aws:SourceOwner"), FIXED },
    { VD_L("aws:SourceAccount"), FIXED },
    { VD_L("aws:PrincipalOrgID"), FIXED },
    { VD_L("aws:PrincipalOrgPaths"), FIXED },
    { VD_L("aws:PrincipalAccount"), FIXED },
    { VD_L("aws:PrincipalArn"), FIXED_ACCOUNT },
    { VD_L("aws:userid"), FIXED_START },
    { VD_L("s3:DataAccessPointArn"), FIXED_ACCOUNT },
    { VD_L("s3:DataAccessPointAccount"), FIXED },
    { VD_L("s3:x-amz-server-side-encryption-aws-kms-key-id"), FIXED },
};

typedef struct value {
    vd_str text;
    bool   globs, variables; /* what is active in it */
} value;

static bool wildcard_in(const value *v, vd_str s)
{
    return v->globs && (vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n);
}

static bool variable_in(const value *v, vd_str s)
{
    return v->variables && vd_str_contains(s, VD_S("${"));
}

static bool is_fixed(const value *v, vd_str s)
{
    return !wildcard_in(v, s) && !variable_in(v, s);
}

static const char *const private_ranges[] = {
    "10.0.0.0/8",  "172.16.0.0/12",  "192.168.0.0/16", "100.64.0.0/10",
    "127.0.0.0/8", "169.254.0.0/16", "fc00::/7",       "fe80::/10",
};

/* No wider than /8 and /32.  Private ranges may be wider: nobody outside has such an address. */
static bool is_narrow_range(vd_str text)
{
    vd_cidr range, own;

    if (!vd_cidr_parse(&range, text))
        return false;
    for (size_t i = 0; i < VD_COUNT(private_ranges); i++)
        if (vd_cidr_parse(&own, vd_str_of(private_ranges[i])) && own.family == range.family &&
            range.bits >= own.bits && vd_cidr_contains(&own, &range))
            return true;
    return range.bits >= (range.family == 4 ? 8 : 32);
}

static bool account_is_fixed(const value *v)
{
    vd_arn arn;

    return vd_arn_split(&arn, v->text) && arn.account.n > 0 && is_fixed(v, arn.account);
}

static bool value_narrows(const value *v, fixing how)
{
    switch (how) {
    case FIXED_RANGE:
        return is_narrow_range(v->text);
    case FIXED_ACCOUNT:
        return account_is_fixed(v);
    case FIXED_START:
        return v->text.n > 0 && !variable_in(v, v->text) && !wildcard_in(v, vd_str_first(v->text, 1));
    case FIXED:
    case FIXED_UNSURE:
        break;
    }
    return v->text.n > 0 && is_fixed(v, v->text);
}

static bool is_positive(const vd_entry *e)
{
    return e->op.op && !e->op.op->negated && !e->op.if_exists && e->op.quantifier != VD_FOR_ALL &&
           e->op.op->test != VD_TEST_NULL;
}

/* All values must narrow, for one that does not is enough to get in.  surely: without what is doubtful. */
static bool entry_narrows(const vd_policy *p, const vd_entry *e, bool surely)
{
    size_t k = 0;

    while (k < VD_COUNT(keys) && !vd_str_ieq(keys[k].key, e->key.text))
        k++;
    if (k == VD_COUNT(keys) || !is_positive(e) || (surely && keys[k].fixing == FIXED_UNSURE) ||
        (keys[k].fixing == FIXED_RANGE && e->op.op->test != VD_TEST_IP))
        return false;
    for (uint32_t i = 0; i < e->values.count; i++) {
        value v = { .text = e->values.at[i].text,
                    .globs = e->op.op->globs,
                    .variables = e->op.op->variables && p->language == VD_LANGUAGE_2012 };

        if (!value_narrows(&v, keys[k].fixing) || (surely && keys[k].fixing == FIXED_START && wildcard_in(&v, v.text)))
            return false;
    }
    return true;
}

/* Everyone: "*", an AWS wildcard, or a consumer identity provider. */
static bool names_everyone(const vd_principals *p)
{
    static const vd_str consumers[] = { VD_L("www.amazon.com"), VD_L("graph.facebook.com"),
                                        VD_L("accounts.google.com"), VD_L("cognito-identity.amazonaws.com") };

    for (uint32_t i = 0; i < p->count; i++) {
        const vd_principal_entry *e = &p->at[i];

        if (e->type == VD_PRINCIPAL_STAR ||
            (e->type == VD_PRINCIPAL_AWS && vd_str_eq(e->text.text, VD_S("*"))))
            return true;
        for (size_t k = 0; e->type == VD_PRINCIPAL_FEDERATED && k < VD_COUNT(consumers); k++)
            if (vd_str_eq(e->text.text, consumers[k]))
                return true;
    }
    return false;
}

static bool statement_is_public(const vd_policy *p, const vd_statement *st, bool surely)
{
    if (st->malformed || st->effect != VD_EFFECT_ALLOW || !st->principal.present || st->principal.negated ||
        !names_everyone(&st->principal))
        return false;
    for (uint32_t i = 0; i < st->entry_count; i++)
        if (entry_narrows(p, &st->entries[i], surely))
            return false;
    return true;
}

bool vd_policy_is_public(const vd_policy *p)
{
    for (uint32_t i = 0; i < p->statement_count; i++)
        if (statement_is_public(p, &p->statements[i], false))
            return true;
    return false;
}

bool vd_policy_may_be_public(const vd_policy *p)
{
    for (uint32_t i = 0; i < p->statement_count; i++)
        if (statement_is_public(p, &p->statements[i], true))
            return true;
    return false;
}
