/* SPDX-License-Identifier: Apache-2.0
 *
 * Fixes and better words for what src/policy finds in resources.
 */
#include "lint/rules/resource.h"

#include "base/str.h"
#include "lint/rules/tokens.h"

static bool has_host(vd_str s, vd_str part)
{
    return vd_str_contains(s, part);
}

static const char *what_is(vd_str s)
{
    if (vd_is_account(s))
        return "an account id";
    if (has_host(s, VD_S("://")) || has_host(s, VD_S(".amazonaws.com")))
        return "a URL";
    if (vd_str_starts(s, VD_S("role/")) || vd_str_starts(s, VD_S("user/")) || vd_str_starts(s, VD_S("policy/")))
        return "the name of an IAM resource";
    if (vd_str_find(s, '/') < s.n || vd_str_ends(s, VD_S("/*")))
        return "a name with a path";
    return "a name";
}

/* The service of all actions of the statement, when it is one. */
static bool is_s3_statement(const vd_statement *st)
{
    if (!st || st->action.texts.count == 0)
        return false;
    for (uint32_t i = 0; i < st->action.texts.count; i++)
        if (!vd_str_istarts(st->action.texts.at[i].text, VD_S("s3:")))
            return false;
    return true;
}

/* Bucket and key out of "s3://bucket/key" and the URLs of S3; false: none of them. */
static bool bucket_and_key(vd_str s, vd_str *bucket, vd_str *key)
{
    vd_str rest = s, head;

    *key = VD_S("");
    if (vd_str_starts(s, VD_S("s3://"))) {
        rest = vd_str_from(s, 5);
        if (!vd_str_cut(&rest, '/', bucket))
            *bucket = rest;
        else
            *key = rest;
        return bucket->n > 0;
    }
    if (!vd_str_starts(s, VD_S("https://")))
        return false;
    rest = vd_str_from(s, 8);
    if (!vd_str_cut(&rest, '/', &head)) {
        head = rest;
        rest = VD_S("");
    }
    for (size_t i = 0; i + 4 < head.n; i++)
        if (i > 0 && (vd_str_starts(vd_str_from(head, i), VD_S(".s3.")) || vd_str_starts(vd_str_from(head, i), VD_S(".s3-")))) {
            *bucket = vd_str_first(head, i);
            *key = rest;
            return vd_str_ends(head, VD_S(".amazonaws.com"));
        }
    if (!(vd_str_starts(head, VD_S("s3.")) || vd_str_starts(head, VD_S("s3-"))) || !vd_str_ends(head, VD_S(".amazonaws.com")))
        return false;
    if (!vd_str_cut(&rest, '/', bucket)) {
        *bucket = rest;
        rest = VD_S("");
    }
    *key = rest;
    return bucket->n > 0;
}

static void replace(vd_lint *l, vd_finding *f, vd_fix_kind kind, const char *text)
{
    vd_finding_fix(l, f, kind, "write %s", text);
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, "%s", text);
}

/* https://sqs.REGION.amazonaws.com/ACCOUNT/NAME */
static bool fix_queue_url(vd_lint *l, vd_finding *f)
{
    vd_str rest = f->token, head, region, account;

    if (!vd_str_starts(rest, VD_S("https://sqs.")))
        return false;
    rest = vd_str_from(rest, 12);
    if (!vd_str_cut(&rest, '.', &region) || !vd_str_cut(&rest, '/', &head) || !vd_str_cut(&rest, '/', &account) ||
        !vd_is_account(account) || rest.n == 0)
        return false;
    vd_finding_message(l, f, "a resource is * or an ARN; this is the URL of a queue");
    replace(l, f, VD_FIX_UNSAFE, vd_lint_printf(l, "arn:aws:sqs:" VD_F ":" VD_F ":" VD_F, VD_A(region), VD_A(account), VD_A(rest)));
    return true;
}

static void adopt_prefix(vd_lint *l, vd_finding *f)
{
    const vd_statement *st = vd_token_statement(l, f->span);
    vd_str              trimmed = vd_str_trim(f->token), bucket, key;

    if (trimmed.n != f->token.n && vd_str_starts(trimmed, VD_S("arn:"))) {
        f->rule = NULL; /* arn-whitespace says it */
        return;
    }
    if (fix_queue_url(l, f))
        return;
    vd_finding_message(l, f, "a resource is * or an ARN; \"%s\" is %s", vd_lint_show(l, f->token), what_is(f->token));
    if (vd_str_find(f->token, '\\') < f->token.n || f->token.n > 256)
        return;
    if (bucket_and_key(f->token, &bucket, &key))
        replace(l, f, VD_FIX_SAFE, vd_lint_printf(l, "arn:aws:s3:::" VD_F "%s" VD_F, VD_A(bucket), key.n ? "/" : "", VD_A(key)));
    else if (is_s3_statement(st) && vd_str_find(f->token, ':') == f->token.n)
        replace(l, f, VD_FIX_UNSAFE, vd_lint_printf(l, "arn:aws:s3:::" VD_F, VD_A(f->token)));
}

/* arn:aws:s3:bucket, arn:aws:iam:role/x: what stands last is the resource. */
static void adopt_fields(vd_lint *l, vd_finding *f)
{
    vd_str rest = f->token, part[4];
    size_t n = 0;

    vd_finding_severity(f, VD_ERROR);
    while (n < 3 && vd_str_cut(&rest, ':', &part[n]))
        n++;
    if (n != 3 || rest.n == 0 || vd_str_find(rest, ':') < rest.n || vd_str_find(f->token, '\\') < f->token.n)
        return;
    if (vd_str_eq(part[2], VD_S("s3")))
        replace(l, f, VD_FIX_UNSAFE, vd_lint_printf(l, "arn:" VD_F ":s3:::" VD_F, VD_A(part[1]), VD_A(rest)));
    else if (vd_str_eq(part[2], VD_S("iam")))
        replace(l, f, VD_FIX_UNSAFE, vd_lint_printf(l, "arn:" VD_F ":iam::*:" VD_F, VD_A(part[1]), VD_A(rest)));
}

/* The n-th field of the token, counted from 0, becomes text; the others stay. */
static void replace_field(vd_lint *l, vd_finding *f, vd_fix_kind kind, unsigned field, vd_str text)
{
    vd_str rest = f->token, head;
    size_t from = 0;

    for (unsigned i = 0; i < field; i++) {
        if (!vd_str_cut(&rest, ':', &head))
            return;
        from += head.n + 1;
    }
    if (!vd_str_cut(&rest, ':', &head) || vd_str_find(f->token, '\\') < f->token.n)
        return;
    replace(l, f, kind, vd_lint_printf(l, VD_F VD_F ":" VD_F, VD_A(vd_str_first(f->token, from)), VD_A(text), VD_A(rest)));
}

static void adopt_partition(vd_lint *l, vd_finding *f)
{
    vd_sheet s = vd_catalog_sheet(l->catalog, VD_S("partitions"));
    vd_str   rest = f->token, head, partition;

    if (!vd_str_cut(&rest, ':', &head) || !vd_str_cut(&rest, ':', &partition))
        return;
    for (uint32_t i = 0; i < s.rows; i++)
        if (vd_str_ieq(vd_sheet_cell(s, i, 0), partition))
            replace_field(l, f, VD_FIX_SAFE, 1, vd_sheet_cell(s, i, 0));
}

void vd_resource_adopt(vd_lint *l, vd_finding *f)
{
    switch (f->rule - vd_resource_rules) {
    case INVALID_ARN_PREFIX:
        adopt_prefix(l, f);
        break;
    case MISSING_ARN_FIELD:
        adopt_fields(l, f);
        break;
    case INVALID_PARTITION:
        adopt_partition(l, f);
        break;
    case ARN_REGION_NOT_ALLOWED:
        replace_field(l, f, VD_FIX_UNSAFE, 3, VD_S(""));
        break;
    case ARN_ACCOUNT_NOT_ALLOWED:
        replace_field(l, f, VD_FIX_UNSAFE, 4, VD_S(""));
        break;
    default:
        break;
    }
}
