/* SPDX-License-Identifier: Apache-2.0
 *
 * A Resource text against the ARN formats of the catalogue, field by field: a wildcard that could reach over a colon is
 * seldom meant to, and with it nearly everything would fit.  Only when a field holds what cannot stand there (an account
 * that is a word) does the text get its full reach.
 */
#include "lint/fit.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "lint/cover.h"
#include "pattern/overlap.h"

#include <stdio.h>
#include "text/hole.h"

enum { MOST_LOOSE = 200 }; /* texts of one policy that are held against the formats of all services */

bool vd_fit_split(vd_str arn, vd_str field[VD_ARN_FIELDS])
{
    const char *p = arn.p, *end = arn.p + arn.n;
    unsigned    n = 0;

    for (unsigned i = 0; i < VD_ARN_FIELDS; i++)
        field[i] = VD_S("");
    for (const char *q = p; q < end && n < VD_ARN_REST; q++)
        if (*q == ':') {
            field[n++] = (vd_str){ p, (size_t)(q - p) };
            p = q + 1;
        }
    field[n] = (vd_str){ p, (size_t)(end - p) };
    return n == VD_ARN_REST;
}

/* An account field as no account is written: then a star before it was meant to reach further. */
static bool is_odd_account(const vd_view_resource *r)
{
    vd_str a = r->arn.account;

    if (a.n == 0 || vd_has_hole(a) || vd_str_find(a, '*') < a.n || vd_str_find(a, '?') < a.n ||
        vd_str_find(a, '$') < a.n)
        return false;
    return !vd_is_digit(a.p[0]) && !vd_str_eq(a, VD_S("aws")) && !vd_str_eq(a, VD_S("cloudfront"));
}

/* What follows the account tells most formats apart. */
static bool fields_meet(const vd_str pattern[VD_ARN_FIELDS], vd_str text)
{
    vd_str format[VD_ARN_FIELDS];

    vd_fit_split(text, format);
    for (unsigned i = VD_ARN_REST; i > 0; i--)
        if (!vd_glob_overlaps(pattern[i], format[i]))
            return false;
    return true;
}

/* Names of buckets hold no slash, which no format says.  Other services than S3 write "bucket/" before them. */
static bool is_bucket_with_slash(vd_lint *l, uint32_t type, vd_type_fact t, vd_str rest)
{
    vd_str format[VD_ARN_FIELDS];

    if (!vd_str_ieq(t.name, VD_S("bucket")) || vd_str_find(rest, '/') == rest.n || t.formats == 0)
        return false;
    vd_fit_split(vd_catalog_format_coded(l->catalog, type, 0), format);
    return vd_str_find(format[VD_ARN_REST], '/') == format[VD_ARN_REST].n;
}

bool vd_fit_type(vd_lint *l, uint32_t type, vd_view_resource *r)
{
    vd_type_fact t = vd_catalog_type(l->catalog, type);
    vd_str       text, field[VD_ARN_FIELDS];

    if (r->star)
        return true;
    if (!vd_cover_code(l, r))
        return false;
    text = r->of_hole ? r->form : r->open;
    vd_fit_split(text, field);
    if (is_bucket_with_slash(l, type, t, field[VD_ARN_REST]))
        return false;
    for (uint32_t i = 0; i < t.formats; i++) {
        vd_str format = vd_catalog_format_coded(l->catalog, type, i);

        if (is_odd_account(r) ? vd_glob_overlaps(text, format) : fields_meet(field, format))
            return true;
    }
    return false;
}

/* The ARN of something that a template makes: what is known of it, and what the author wrote behind it.  A bucket's name
 * becomes a letter, for it holds no slash as a wildcard might. */
static void read_arn_of_hole(vd_lint *l, vd_view_resource *r)
{
    const vd_holes *h = l->doc && l->doc->source ? l->doc->source->holes : NULL;
    uint32_t        index;
    vd_str          text = r->text.text, pattern;
    char           *bytes;
    size_t          used, bucket;

    if (r->is_arn || !h || vd_hole_find(text, 0, &index) != 0 || index >= h->count ||
        h->at[index].kind != VD_HOLE_ARN)
        return;
    pattern = h->at[index].pattern;
    text = vd_str_from(text, VD_HOLE_BYTES);
    bucket = vd_str_ends(pattern, VD_S(":s3:::*")) ? 1 : 0;
    pattern = vd_str_first(pattern, pattern.n - bucket);
    if (!vd_arena_printf(l->arena, &text, VD_F "%s" VD_F, VD_A(pattern), bucket ? "x" : "", VD_A(text))) {
        l->no_memory = true;
        return;
    }
    bytes = vd_arena_new_array(l->arena, char, text.n + 12);
    if (bytes && vd_arn_split(&r->arn, text)) {
        r->of_hole = true;
        r->form = (vd_str){ bytes, vd_resource_code(bytes, text, false, &used) };
    }
}

/* All candidates that it fits, in rising order. */
static void take_types(vd_lint *l, vd_view_resource *r, vd_ids candidates, uint32_t count)
{
    uint32_t *at = vd_arena_new_array(l->arena, uint32_t, count ? count : 1), n = 0;

    if (!at) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t type = candidates.at ? candidates.at[i] : i;

        if (vd_fit_type(l, type, r))
            at[n++] = type;
    }
    r->types = (vd_ids){ at, n };
}

static void take_known_types(vd_lint *l, vd_view_resource *r, vd_ids candidates)
{
    vd_known_arn *known = r->hole || r->variable ? NULL : vd_expansions_arn(l->expansions, r->text.text);

    if (known && known->has_types) {
        r->types = known->types;
        return;
    }
    take_types(l, r, candidates, candidates.count);
    if (!known || l->no_memory)
        return;
    known->types = r->types;
    known->has_types = vd_expansions_keep(l->expansions, &known->types);
}

void vd_fit_types(vd_lint *l, vd_view_resource *r)
{
    vd_str service;

    if (r->fitted)
        return;
    r->fitted = true;
    r->types_open = true;
    read_arn_of_hole(l, r);
    service = r->arn.service;
    if (r->star || (!r->is_arn && !r->of_hole) || service.n == 0 || vd_has_hole(service))
        return;
    if (vd_str_find(service, '*') == service.n && vd_str_find(service, '?') == service.n) {
        vd_ids candidates = vd_catalog_types_of_arn(l->catalog, service);

        if (candidates.count == 0)
            return; /* the catalogue knows nothing of this service */
        r->types_open = false;
        take_known_types(l, r, candidates);
    } else if (l->loose++ < MOST_LOOSE) {
        r->types_open = false;
        take_types(l, r, (vd_ids){ NULL, 0 }, vd_catalog_types(l->catalog));
    }
}

static bool ids_meet(vd_ids a, vd_ids b)
{
    for (uint32_t i = 0; i < a.count; i++)
        if (vd_ids_have(b, a.at[i]))
            return true;
    return false;
}

/* Types whose ARN has the service of what they protect: recovery points of AWS Backup. */
static bool fits_anywhere(vd_lint *l, vd_ids types, vd_view_resource *r)
{
    for (uint32_t i = 0; i < types.count; i++) {
        vd_str field[VD_ARN_FIELDS];

        vd_fit_split(vd_catalog_format_coded(l->catalog, types.at[i], 0), field);
        if (field[VD_ARN_SERVICE].n && vd_is_wild(field[VD_ARN_SERVICE].p[0]) &&
            vd_fit_type(l, types.at[i], r))
            return true;
    }
    return false;
}

/* A hole in an ARN of known service leaves it open which of the types that fit it is, but no other. */
/* Some actions without resource types are checked on ARNs of another service (more-arns.tsv). */
static bool is_arn_of_action(const vd_lint *l, vd_action_fact a, const vd_view_resource *r)
{
    vd_sheet s = vd_catalog_sheet(l->catalog, VD_S("more-arns"));
    char     name[160], coded[512], pattern[512];
    int n = snprintf(name, sizeof name, VD_F ":" VD_F, VD_A(vd_catalog_service(l->catalog, a.service).prefix),
                     VD_A(a.name));
    vd_run rows = vd_sheet_find(s, (vd_str){ name, n > 0 && (size_t)n < sizeof name ? (size_t)n : 0 });
    size_t used;

    for (uint32_t i = rows.first; i < rows.first + rows.count; i++) {
        vd_str arn = vd_sheet_cell(s, i, 1);

        if (r->text.text.n + 12 < sizeof coded && arn.n < sizeof pattern &&
            vd_glob_overlaps((vd_str){ coded, vd_resource_code(coded, r->text.text, false, &used) },
                             (vd_str){ pattern, vd_glob_code(pattern, arn) }))
            return true;
    }
    return false;
}

/* Some actions without resource types are checked on a text of their own all the same (E210). */
static bool is_checked_on(const vd_lint *l, vd_action_fact a, const vd_view_resource *r)
{
    vd_str on = vd_star_resource(vd_catalog_service(l->catalog, a.service).prefix, a.name,
                                 l->config->partition);
    char   coded[512];
    size_t used;

    if (on.n == 0 || r->text.text.n + 12 > sizeof coded)
        return false;
    return vd_glob_match((vd_str){ coded, vd_resource_code(coded, r->text.text, true, &used) }, on);
}

vd_fits vd_fit(vd_lint *l, uint32_t action, vd_view_resource *r)
{
    vd_action_fact a;

    if (r->star)
        return VD_FIT_YES;
    a = vd_catalog_action(l->catalog, action);
    vd_fit_types(l, r);
    if (a.types.count == 0)
        return is_checked_on(l, a, r) || is_arn_of_action(l, a, r) ? VD_FIT_YES
               : r->is_arn || r->of_hole                           ? VD_FIT_NO
                                                                   : VD_FIT_UNKNOWN;
    if (ids_meet(a.types, r->types) || fits_anywhere(l, a.types, r))
        return VD_FIT_YES;
    return r->types_open ? VD_FIT_UNKNOWN : VD_FIT_NO;
}

vd_fits vd_fit_statement(vd_lint *l, uint32_t action, const vd_view_statement *st)
{
    vd_fits best = VD_FIT_NO;

    if (st->all_resources || st->model->resource.negated)
        return VD_FIT_YES;
    for (uint32_t i = 0; i < st->resource_count && best != VD_FIT_YES; i++) {
        vd_fits f = vd_fit(l, action, &st->resources[i]);

        best = f > best ? f : best;
    }
    return best;
}

/* A new service: it has a kind of resources, and no action that would work on one is on record. */
static bool is_unfinished(const vd_lint *l, uint32_t service)
{
    vd_service_fact s = vd_catalog_service(l->catalog, service);

    if (vd_catalog_types_of_arn(l->catalog, s.prefix).count == 0)
        return false;
    for (uint32_t i = s.actions.first; i < s.actions.first + s.actions.count; i++)
        if (vd_catalog_action(l->catalog, i).types.count)
            return false;
    return true;
}

bool vd_fit_is_doubtful(vd_lint *l, uint32_t action, const vd_view_statement *st)
{
    uint32_t service = vd_catalog_service_of(l->catalog, action);

    bool lists = vd_catalog_level_of(l->catalog, action) == VD_LEVEL_LIST;

    if (vd_catalog_action(l->catalog, action).types.count)
        return false;
    for (uint32_t i = 0; i < st->resource_count; i++) {
        const vd_view_resource *r = &st->resources[i];

        if (vd_str_eq(r->arn.service, vd_catalog_service(l->catalog, service).prefix) &&
            is_unfinished(l, service))
            return true;
        vd_fit_types(l, &st->resources[i]);
        for (uint32_t k = 0; k < r->types.count && (!lists || r->wild || r->hole); k++)
            if (vd_catalog_type(l->catalog, r->types.at[k]).service == service)
                return true;
    }
    return false;
}
