/* SPDX-License-Identifier: Apache-2.0
 *
 * The fields of an ARN: its service, Region, account, and whether the service has such a resource at all.  IAM and S3 are
 * checked by src/policy, which knows more of them than the catalogue says.
 */
#include "lint/rules/resource.h"

#include "base/str.h"
#include "lint/cover.h"
#include "pattern/overlap.h"

enum { MOST_NAMES = 1024 };

static bool is_literal(vd_str s)
{
    return vd_is_plain(s) && !vd_has_hole(s);
}

/* The last field of a format or a coded pattern. */
static vd_str rest_of(vd_str coded)
{
    vd_str field[VD_ARN_FIELDS];

    vd_fit_split(coded, field);
    return field[VD_ARN_REST];
}

/* The ARN with another text in one of its fields. */
static const char *with_field(vd_lint *l, const vd_view_resource *r, unsigned field, vd_str text)
{
    vd_str f[] = { VD_S("arn"), r->arn.partition, r->arn.service, r->arn.region, r->arn.account };

    f[field] = text;
    return vd_lint_printf(l, VD_F ":" VD_F ":" VD_F ":" VD_F ":" VD_F ":" VD_F, VD_A(f[0]), VD_A(f[1]), VD_A(f[2]),
                          VD_A(f[3]), VD_A(f[4]), VD_A(r->arn.resource));
}

static void offer(vd_lint *l, vd_finding *f, vd_fix_kind kind, const vd_view_resource *r, unsigned field, vd_str text)
{
    const char *arn;

    if (r->hole || r->text.text.n > 512)
        return;
    arn = with_field(l, r, field, text);
    vd_finding_fix(l, f, kind, "write %s", arn);
    vd_finding_edit(l, f, VD_EDIT_STRING, r->text.span, "%s", arn);
}

/* ------------------------------------------------------------------ service */

static bool look_at_case(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    char        lower[64];
    vd_str      s = r->arn.service;
    bool        capital = false;
    vd_finding *f;

    for (size_t i = 0; i < s.n; i++)
        capital |= s.p[i] >= 'A' && s.p[i] <= 'Z';
    if (!capital || s.n > sizeof lower)
        return false;
    vd_lower_copy(lower, s.p, s.n);
    f = vd_lint_report(l, &vd_resource_rules[INVALID_ARN_SERVICE_CASE], st, r->text.span,
                       "the service part of an ARN is lower case: " VD_F, VD_A(((vd_str){ lower, s.n })));
    offer(l, f, VD_FIX_SAFE, r, VD_ARN_SERVICE, (vd_str){ lower, s.n });
    return true;
}

static bool is_extra_service(const vd_lint *l, vd_str s)
{
    for (uint32_t i = 0; i < l->config->extra_services.count; i++)
        if (vd_str_ieq(l->config->extra_services.at[i], s))
            return true;
    return false;
}

/* False: the catalogue has formats of this service. */
static bool look_at_unknown_service(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    vd_str      s = r->arn.service, names[MOST_NAMES], instead = { "", 0 };
    vd_sheet    table;
    vd_run      row;
    const char *hint = "";
    vd_finding *f;

    if (vd_catalog_types_of_arn(l->catalog, s).count)
        return false;
    if (is_extra_service(l, s) || vd_catalog_find_service(l->catalog, s) != VD_NONE)
        return true;
    table = vd_catalog_sheet(l->catalog, VD_S("prefixes"));
    row = vd_sheet_find(table, s);
    if (row.count && vd_str_eq(vd_sheet_cell(table, row.first, 1), VD_S("alias"))) {
        instead = vd_sheet_cell(table, row.first, 2);
        hint = vd_lint_printf(l, "; write " VD_F, VD_A(instead));
    } else if (row.count == 0) {
        uint32_t count = vd_catalog_names(l->catalog, VD_NONE, names, MOST_NAMES);

        hint = vd_lint_did_you_mean(l, s, names, count, NULL);
        instead = *hint ? vd_lint_closest(l, s, names, count) : VD_S("");
    }
    f = vd_lint_report(l, &vd_resource_rules[UNKNOWN_ARN_SERVICE], st, r->text.span, "no resource ARN uses the service \"%s\"%s",
                       vd_lint_show(l, s), hint);
    if (instead.n && vd_str_find(instead, ' ') == instead.n)
        offer(l, f, VD_FIX_UNSAFE, r, VD_ARN_SERVICE, instead);
    return true;
}

static bool is_all_wild(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '*')
            return false;
    return s.n > 0;
}

static void look_at_wild_service(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    if (!st->allow || st->model->resource.negated || (is_all_wild(r->arn.service) && is_all_wild(r->arn.resource)))
        return;
    vd_lint_report(l, &vd_resource_rules[ARN_SERVICE_WILDCARD], st, r->text.span,
                   "a wildcard for the service part matches resources of every service");
}

/* ------------------------------------------------------------------ Region */

static void look_at_region(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    vd_sheet    s = vd_catalog_sheet(l->catalog, VD_S("regions"));
    vd_str      region = r->arn.region, names[128], only, in;
    vd_run      row = vd_sheet_find(s, region);
    uint32_t    n = 0;
    const char *hint;
    vd_finding *f;

    if (row.count) {
        in = vd_sheet_cell(s, row.first, 1);
        if (!vd_str_eq(vd_sheet_cell(s, row.first, 0), region)) {
            f = vd_lint_report(l, &vd_resource_rules[INVALID_ARN_REGION], st, r->text.span,
                               "Regions are written in small letters: " VD_F, VD_A(vd_sheet_cell(s, row.first, 0)));
            vd_finding_severity(f, VD_ERROR);
            offer(l, f, VD_FIX_SAFE, r, VD_ARN_REGION, vd_sheet_cell(s, row.first, 0));
        } else if (is_literal(r->arn.partition) && !vd_str_eq(in, r->arn.partition)) {
            vd_lint_report(l, &vd_resource_rules[INVALID_PARTITION], st, r->text.span,
                           "%s is a Region of the partition " VD_F ", not of %s", vd_lint_show(l, region), VD_A(in),
                           vd_lint_show(l, r->arn.partition));
        }
        return;
    }
    while (n < s.rows && n < VD_COUNT(names)) {
        names[n] = vd_sheet_cell(s, n, 0);
        n++;
    }
    hint = vd_lint_did_you_mean(l, region, names, n, &only);
    f = vd_lint_report(l, &vd_resource_rules[INVALID_ARN_REGION], st, r->text.span, "no Region \"%s\" in %s%s",
                       vd_lint_show(l, region), vd_lint_show(l, r->arn.partition), hint);
    if (*hint)
        vd_finding_severity(f, VD_ERROR);
}

/* ------------------------------------------------------------------ account */

static bool look_at_account(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    static const vd_str words[] = { VD_L("aws"), VD_L("cloudfront"), VD_L("amazon"), VD_L("aws-marketplace"),
                                    VD_L("aws-managed"), VD_L("self") };
    vd_str      a = r->arn.account;
    vd_finding *f;

    if (vd_is_account(a))
        return true;
    for (size_t i = 0; i < VD_COUNT(words); i++)
        if (vd_str_eq(a, words[i]))
            return true;
    if (vd_str_find(a, '<') < a.n || vd_str_find(a, '{') < a.n || (a.n && a.p[0] >= 'A' && a.p[0] <= 'Z'))
        return false; /* placeholder-value says it */
    f = vd_lint_report(l, &vd_resource_rules[INVALID_ARN_ACCOUNT], st, r->text.span, "\"%s\" is not an account id (12 digits)",
                       vd_lint_show(l, a));
    if (vd_str_all_digits(a) && (a.n == 10 || a.n == 11))
        vd_finding_hint(l, f, "leading zeros may have been lost");
    return false;
}

/* ------------------------------------------------------------------ the resource part, against the formats */

typedef struct formats {
    uint32_t count;   /* formats that the resource part fits */
    uint32_t region, account; /* of those: with such a field */
    uint32_t literal_account; /* with a fixed text there */
} formats;

static bool has_wild(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (vd_is_wild(s.p[i]))
            return true;
    return false;
}

static formats find_fitting(vd_lint *l, vd_view_resource *r)
{
    formats out = { 0 };
    vd_ids  types = vd_catalog_types_of_arn(l->catalog, r->arn.service);
    vd_str  rest = rest_of(r->open);

    for (uint32_t i = 0; i < types.count; i++) {
        uint32_t n = vd_catalog_type(l->catalog, types.at[i]).formats;

        for (uint32_t k = 0; k < n; k++) {
            vd_str format[VD_ARN_FIELDS], account;

            vd_fit_split(vd_catalog_format_coded(l->catalog, types.at[i], k), format);
            account = format[VD_ARN_ACCOUNT];
            if (!vd_str_eq(format[VD_ARN_SERVICE], r->arn.service) || !vd_glob_overlaps(rest, format[VD_ARN_REST]))
                continue;
            out.count++;
            out.region += format[VD_ARN_REGION].n > 0;
            out.account += account.n > 0;
            out.literal_account += account.n > 0 && !has_wild(account);
        }
    }
    return out;
}

static formats fitting(vd_lint *l, vd_view_resource *r)
{
    vd_known_arn *known = r->hole || r->variable ? NULL : vd_expansions_arn(l->expansions, r->text.text);
    formats       f;

    if (known && known->has_formats)
        return (formats){ known->formats, known->region, known->account, known->literal_account };
    f = find_fitting(l, r);
    if (!known)
        return f;
    known->has_formats = true;
    known->formats = f.count;
    known->region = f.region;
    known->account = f.account;
    known->literal_account = f.literal_account;
    return f;
}

/* The account that all other ARNs of the policy name, else "*". */
static vd_str common_account(const vd_lint *l)
{
    vd_str found = { "", 0 };

    for (uint32_t i = 0; i < l->statement_count; i++)
        for (uint32_t k = 0; k < l->statements[i].resource_count; k++) {
            const vd_view_resource *r = &l->statements[i].resources[k];

            if (!r->is_arn || !vd_is_account(r->arn.account))
                continue;
            if (found.n && !vd_str_eq(found, r->arn.account))
                return VD_S("*");
            found = r->arn.account;
        }
    return found.n ? found : VD_S("*");
}

/* Documents, parameters and views that AWS publishes have no account, which no format says. */
static bool is_owned_by_aws(const vd_view_resource *r)
{
    return vd_str_eq(r->arn.service, VD_S("ssm")) || vd_str_eq(r->arn.service, VD_S("elasticbeanstalk")) ||
           vd_str_eq(r->arn.service, VD_S("securityhub")) || vd_str_eq(r->arn.service, VD_S("devicefarm")) ||
           (vd_str_eq(r->arn.service, VD_S("resource-explorer-2")) &&
            vd_str_starts(r->arn.resource, VD_S("view/AWSServiceView")));
}

static void look_at_presence(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r, formats f)
{
    const char *service = vd_lint_show(l, r->arn.service);
    vd_str      region = r->arn.region, account = r->arn.account;
    vd_finding *found;

    if (region.n && is_literal(region) && f.region == 0) {
        found = vd_lint_report(l, &vd_resource_rules[ARN_REGION_NOT_ALLOWED], st, r->text.span,
                               "%s ARNs of this kind have no Region", service);
        offer(l, found, VD_FIX_UNSAFE, r, VD_ARN_REGION, VD_S(""));
    } else if (region.n == 0 && f.region == f.count) {
        found = vd_lint_report(l, &vd_resource_rules[MISSING_ARN_REGION], st, r->text.span,
                               "%s ARNs carry a Region; an empty one matches nothing", service);
        offer(l, found, VD_FIX_UNSAFE, r, VD_ARN_REGION, VD_S("*"));
    }
    if (account.n && is_literal(account) && f.account == 0) {
        found = vd_lint_report(l, &vd_resource_rules[ARN_ACCOUNT_NOT_ALLOWED], st, r->text.span,
                               "%s ARNs of this kind have no account", service);
        offer(l, found, VD_FIX_UNSAFE, r, VD_ARN_ACCOUNT, VD_S(""));
    } else if (account.n == 0 && f.account == f.count && !is_owned_by_aws(r)) {
        found = vd_lint_report(l, &vd_resource_rules[MISSING_ARN_ACCOUNT], st, r->text.span,
                               "%s ARNs carry an account; an empty one matches nothing", service);
        offer(l, found, VD_FIX_UNSAFE, r, VD_ARN_ACCOUNT, f.literal_account ? VD_S("*") : common_account(l));
    }
}

/* How many bytes both begin with. */
static size_t common(vd_str a, vd_str b)
{
    size_t n = 0;

    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

static uint32_t closest_type(const vd_lint *l, const vd_view_resource *r)
{
    vd_ids   types = vd_catalog_types_of_arn(l->catalog, r->arn.service);
    uint32_t best = types.count ? types.at[0] : VD_NONE;
    size_t   most = 0, shortest = SIZE_MAX;

    for (uint32_t i = 0; i < types.count; i++) {
        vd_str format = rest_of(vd_catalog_format_coded(l->catalog, types.at[i], 0));
        size_t n = common(format, r->arn.resource);

        if (n > most || (n == most && format.n < shortest)) {
            most = n;
            shortest = format.n;
            best = types.at[i];
        }
    }
    return best;
}

static void look_at_resource(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    uint32_t type = closest_type(l, r);

    if (type == VD_NONE)
        return;
    vd_lint_report(l, &vd_resource_rules[INVALID_ARN_RESOURCE], st, r->text.span,
                   "%s has no resource written like this; closest: %s", vd_lint_show(l, r->arn.service),
                   vd_resource_formats(l, (vd_ids){ &type, 1 }));
}

/* A wildcard at the end of an unfinished type word, with nothing behind it: func*. */
static void look_at_type_word(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    vd_str rest = r->arn.resource, literal;
    size_t n = 0;
    vd_ids types;

    while (n < rest.n && rest.p[n] != '*' && rest.p[n] != '?' && rest.p[n] != '/' && rest.p[n] != ':' && rest.p[n] != '$')
        n++;
    if (n == 0 || n == rest.n || (rest.p[n] != '*' && rest.p[n] != '?'))
        return;
    if (vd_str_eq(r->arn.service, VD_S("iam")) && (vd_str_find(rest, '/') < rest.n || !vd_str_ends(rest, VD_S("*"))))
        return; /* src/policy has said it */
    literal = vd_str_first(rest, n);
    types = vd_catalog_types_of_arn(l->catalog, r->arn.service);
    for (uint32_t i = 0; i < types.count; i++)
        if (vd_is_wild(rest_of(vd_catalog_format_coded(l->catalog, types.at[i], 0)).p[0]))
            return; /* the name may stand there by itself */
    for (uint32_t i = 0; i < types.count; i++) {
        vd_str format = rest_of(vd_catalog_format_coded(l->catalog, types.at[i], 0));
        size_t word = 0;

        while (word < format.n && format.p[word] != '/' && format.p[word] != ':' && !vd_is_wild(format.p[word]))
            word++;
        if (word >= n && vd_str_starts(format, literal)) {
            vd_lint_report(l, &vd_resource_rules[ARN_TYPE_WILDCARD], st, r->text.span,
                           "the type is written out: " VD_F "; AWS does not promise that this matches",
                           VD_A(vd_str_first(format, word + (word < format.n))));
            return;
        }
    }
}

/* ------------------------------------------------------------------ all of it */

/* A star that ends an earlier field reaches over colons: then what stands in a field may belong to another. */
static bool reaches_over(const vd_view_resource *r)
{
    vd_str before[] = { r->arn.partition, r->arn.service, r->arn.region };

    for (size_t i = 0; i < VD_COUNT(before); i++)
        if (vd_str_ends(before[i], VD_S("*")))
            return true;
    return false;
}

void vd_resource_look_at_arn(vd_lint *l, const vd_view_statement *st, vd_view_resource *r)
{
    bool    literal_service = is_literal(r->arn.service), known;
    formats f;

    if (!vd_cover_code(l, r))
        return;
    if (r->arn.service.n == 0)
        vd_lint_report(l, &vd_resource_rules[MISSING_ARN_FIELD], st, r->text.span, "the ARN names no service");
    if (r->arn.service.n == 0 || (literal_service && look_at_case(l, st, r)))
        return;
    if (r->arn.region.n && is_literal(r->arn.region))
        look_at_region(l, st, r);
    known = r->arn.account.n == 0 || !is_literal(r->arn.account) || reaches_over(r) || look_at_account(l, st, r);
    if (!literal_service) {
        if (!vd_has_hole(r->arn.service))
            look_at_wild_service(l, st, r);
        return;
    }
    if (look_at_unknown_service(l, st, r) || !known)
        return;
    f = fitting(l, r);
    if (r->wild)
        look_at_type_word(l, st, r);
    if (f.count == 0 && !reaches_over(r)) {
        if (!vd_str_eq(r->arn.service, VD_S("iam")) && !vd_str_eq(r->arn.service, VD_S("s3")))
            look_at_resource(l, st, r);
    } else if (f.count && !vd_str_eq(r->arn.service, VD_S("s3")) &&
               !(vd_str_eq(r->arn.service, VD_S("iam")) && r->arn.region.n)) {
        look_at_presence(l, st, r, f);
    }
}
