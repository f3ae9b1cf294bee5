/* SPDX-License-Identifier: Apache-2.0
 *
 * Which keys a caller has a say in is a table.  Identity, account and organization of a principal, the owner of a
 * resource and the clock are not among them: nobody changes those to get one call through.
 */
#include "explain/wish.h"

#include "base/str.h"

typedef struct way {
    vd_str      key;  /* or the beginning of it, when it ends in '/' */
    const char *text; /* NULL: no way; "%.*s" takes the value */
} way;

static const way ways[] = {
    { VD_L("aws:MultiFactorAuthPresent"), "sign in with MFA" },
    { VD_L("aws:MultiFactorAuthAge"), "sign in with MFA again" },
    { VD_L("aws:SecureTransport"), "call over TLS" },
    { VD_L("aws:RequestedRegion"), "call in region \"" VD_F "\"" },
    { VD_L("aws:SourceIp"), "call from address \"" VD_F "\"" },
    { VD_L("aws:VpcSourceIp"), "call from address \"" VD_F "\"" },
    { VD_L("aws:SourceVpc"), "call from VPC \"" VD_F "\"" },
    { VD_L("aws:SourceVpce"), "call through VPC endpoint \"" VD_F "\"" },
    { VD_L("aws:SourceIdentity"), "set source identity \"" VD_F "\" when assuming the role" },
    { VD_L("sts:SourceIdentity"), "set source identity \"" VD_F "\"" },
    { VD_L("sts:ExternalId"), "pass external id \"" VD_F "\"" },
    { VD_L("sts:RoleSessionName"), "name the session \"" VD_F "\"" },
    { VD_L("iam:PassedToService"), "pass the role to service \"" VD_F "\"" },
    { VD_L("s3:prefix"), "list with prefix \"" VD_F "\"" },
    { VD_L("aws:UserAgent"), NULL },
    { VD_L("aws:referer"), NULL },
    { VD_L("kms:CallerAccount"), NULL },
    { VD_L("kms:ViaService"), NULL },
    { VD_L("s3:ResourceAccount"), NULL },
};

static const struct {
    vd_str      part; /* of the key, up to its slash */
    const char *text; /* takes tag and value */
} tags[] = {
    { VD_L("aws:PrincipalTag/"), "tag the principal with \"" VD_F "\" = \"" VD_F "\"" },
    { VD_L("aws:RequestTag/"), "pass tag \"" VD_F "\" = \"" VD_F "\" in the call" },
    { VD_L("ResourceTag/"), "tag the resource with \"" VD_F "\" = \"" VD_F "\"" },
    { VD_L("ExistingObjectTag/"), "tag the object with \"" VD_F "\" = \"" VD_F "\"" },
    { VD_L("BucketTag/"), "tag the bucket with \"" VD_F "\" = \"" VD_F "\"" },
};

/* The words for giving the key this value; empty: the caller cannot. */
static vd_str words_for(vd_tracer *t, vd_str key, vd_str value)
{
    size_t slash = vd_str_find(key, '/');

    for (size_t i = 0; i < VD_COUNT(tags) && slash < key.n; i++) {
        vd_str head = vd_str_first(key, slash + 1);

        if (head.n >= tags[i].part.n &&
            vd_str_ieq(vd_str_from(head, head.n - tags[i].part.n), tags[i].part)) {
            vd_str tag = vd_str_from(key, slash + 1);

            return vd_trace_text(t, tags[i].text, VD_A(tag), VD_A(value));
        }
    }
    for (size_t i = 0; i < VD_COUNT(ways); i++)
        if (vd_str_ieq(ways[i].key, key))
            return ways[i].text ? vd_trace_text(t, ways[i].text, VD_A(value)) : (vd_str){ "", 0 };
    if (vd_str_istarts(key, VD_S("aws:")) || vd_str_find(key, ':') == key.n)
        return (vd_str){ "", 0 };
    return vd_trace_text(t, "make the call with " VD_F " \"" VD_F "\"", VD_A(key), VD_A(value));
}

/* A text that the pattern matches: stars vanish, question marks become a letter. */
static vd_str sample(vd_inquiry *q, vd_str pattern, bool globs)
{
    vd_str text = vd_expand_shown(q, pattern);
    char  *p = globs ? vd_inquiry_alloc(q, text.n, 1) : NULL;
    size_t n = 0;

    if (!p)
        return text;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '*')
            p[n++] = text.p[i] == '?' ? 'x' : text.p[i];
    return (vd_str){ p, n };
}

static bool is_mfa(vd_str key)
{
    return vd_str_ieq(key, VD_S("aws:MultiFactorAuthPresent")) ||
           vd_str_ieq(key, VD_S("aws:SecureTransport"));
}

static bool value_for(vd_str *out, vd_inquiry *q, const vd_entry *e, bool holds)
{
    const vd_operator *op = e->op.op;
    vd_str             first;

    if (!e->values.count)
        return false;
    first = e->values.at[0].text;
    if (op->test == VD_TEST_BOOL || op->test == VD_TEST_NULL) {
        bool known,
            want = op->test == VD_TEST_NULL ? is_mfa(e->key.text) : vd_bool_text(first, &known) == holds;

        *out = want ? VD_S("true") : VD_S("false");
        return op->test == VD_TEST_BOOL || (is_mfa(e->key.text) && vd_str_ieq(first, VD_S("false")) == holds);
    }
    if (op->negated == holds) /* some other value would do, but which? */
        return false;
    *out = sample(q, first, op->globs);
    if (op->test == VD_TEST_IP)
        *out = vd_str_first(*out, vd_str_find(*out, '/'));
    if (op->test == VD_TEST_NUMBER_LT || op->test == VD_TEST_NUMBER_LE)
        *out = VD_S("0");
    return out->n > 0;
}

/* True for words that tell people to do what the value does not say. */
static bool misleading(vd_str key, vd_str value)
{
    return is_mfa(key) && !vd_str_ieq(value, VD_S("true"));
}

bool vd_wish_find(vd_wish *out, vd_tracer *t, vd_inquiry *q, const vd_entry *e, const vd_entry_result *r,
                  bool holds)
{
    if (!e->op.op || r->holds == holds || !value_for(&out->value, q, e, holds) ||
        misleading(e->key.text, out->value))
        return false;
    if (vd_str_ieq(e->key.text, VD_S("aws:RequestedRegion")) && q->facts->resource_arn.region.n)
        return false; /* the resource is where it is */
    out->key = e->key.text;
    out->text = words_for(t, e->key.text, out->value);
    return out->text.n > 0;
}
