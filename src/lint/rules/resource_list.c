/* SPDX-License-Identifier: Apache-2.0
 *
 * Resources of one list, and of one policy, against each other.
 */
#include "lint/rules/resource.h"

#include "base/str.h"
#include "lint/cover.h"
#include "lint/rules/listed.h"

/* A "*" among others is the business of wildcard-makes-list-moot. */
void vd_resource_look_at_list(vd_lint *l, const vd_view_statement *st)
{
    vd_str   *coded;
    uint32_t *by, n = st->resource_count;

    if (n < 2 || !vd_lint_wants(l, &vd_resource_rules[REDUNDANT_RESOURCE]))
        return;
    for (uint32_t i = 0; i < n; i++)
        if (st->resources[i].star)
            return;
    coded = vd_arena_new_array(l->arena, vd_str, n);
    by = vd_arena_new_array(l->arena, uint32_t, n);
    if (!coded || !by) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (!vd_cover_code(l, &st->resources[i]))
            return;
        coded[i] = st->resources[i].exact;
    }
    if (!vd_listed_covered(l, coded, n, by))
        return;
    for (uint32_t i = 0; i < n; i++) {
        vd_finding *f;

        if (by[i] == VD_NONE)
            continue;
        f = vd_lint_report(l, &vd_resource_rules[REDUNDANT_RESOURCE], st, st->resources[i].text.span,
                           "already covered by \"%s\"", vd_lint_show(l, st->resources[by[i]].text.text));
        vd_finding_fix(l, f, VD_FIX_SAFE, "remove it");
        vd_finding_edit(l, f, VD_EDIT_DELETE_ITEM, st->resources[i].text.span, "%s", "");
    }
}

/* ------------------------------------------------------------------ a wildcard straight behind a name */

enum { MOST_LOOKS = 100000 };

/* "arn:aws:s3:::logs*": the text before the star, when that ends in a letter or digit. */
static bool name_before_star(const vd_view_resource *r, vd_str *name)
{
    vd_str text = r->text.text;

    if (!r->is_arn || r->hole || text.n < 2 || text.p[text.n - 1] != '*' || r->arn.resource.n < 2)
        return false;
    *name = vd_str_first(text, text.n - 1);
    return (vd_is_alpha(name->p[name->n - 1]) || vd_is_digit(name->p[name->n - 1])) &&
           vd_str_find(r->arn.resource, '*') == r->arn.resource.n - 1;
}

static bool is_named(const vd_lint *l, vd_str name, uint32_t *looks)
{
    for (uint32_t i = 0; i < l->statement_count; i++)
        for (uint32_t k = 0; k < l->statements[i].resource_count && *looks; k++) {
            vd_str other = l->statements[i].resources[k].text.text;

            (*looks)--;
            if (vd_str_starts(other, name) && (other.n == name.n || other.p[name.n] == '/'))
                return true;
        }
    return false;
}

void vd_resource_look_at_prefixes(vd_lint *l)
{
    uint32_t looks = MOST_LOOKS;

    if (!l->policy || !vd_lint_wants(l, &vd_resource_rules[PREFIX_OVERMATCH]))
        return;
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        for (uint32_t k = 0; k < st->resource_count && st->allow && !st->model->resource.negated; k++) {
            vd_str name, last;

            if (!name_before_star(&st->resources[k], &name) || !is_named(l, name, &looks))
                continue;
            last = vd_str_from(name, (size_t)(st->resources[k].arn.resource.p - name.p));
            vd_lint_report(l, &vd_resource_rules[PREFIX_OVERMATCH], st, st->resources[k].text.span,
                           "also matches %s-other; did you mean %s/*?", vd_lint_show(l, last), vd_lint_show(l, last));
        }
    }
}
