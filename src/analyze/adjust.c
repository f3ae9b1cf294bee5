/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents as they are asked about.  What the owner of a resource makes constant stands in place of its variable; an origin
 * access identity, which has an ARN of no account, is a canonical user by another name (E414).
 */
#include "analyze/reading.h"

#include "base/str.h"

static const vd_str variable = VD_L("${aws:ResourceOrgID}"), identities = VD_L("arn:aws:iam::cloudfront:user/");

static size_t find_variable(vd_str s)
{
    for (size_t i = 0; i + variable.n <= s.n; i++)
        if (s.p[i] == '$' && vd_str_ieq((vd_str){ s.p + i, variable.n }, variable))
            return i;
    return s.n;
}

bool vd_names_owner_org(const vd_policy *p)
{
    return p->language == VD_LANGUAGE_2012 && find_variable(p->json) < p->json.n;
}

/* An empty constant: the key is not there, and the value matches nothing (E555); no id of AWS holds a star. */
static bool fill(vd_exposing *x, vd_texts *texts, vd_str constant)
{
    vd_text *own = NULL;

    for (uint32_t i = 0; i < texts->count; i++) {
        vd_str text = texts->at[i].text;
        size_t at = find_variable(text);

        if (at == text.n)
            continue;
        if (!own) {
            own = vd_arena_new_array(&x->arena, vd_text, texts->count);
            if (!own)
                return false;
            memcpy(own, texts->at, texts->count * sizeof *own);
        }
        if (!vd_arena_printf(&x->arena, &own[i].text, VD_F VD_F VD_F, VD_A(vd_str_first(text, at)),
                             VD_A(constant.n ? constant : VD_S("${*}")), VD_A(vd_str_from(text, at + variable.n))))
            return false;
    }
    if (own)
        texts->at = own;
    return true;
}

static bool fill_entries(vd_exposing *x, vd_statement *st)
{
    vd_entry *own = vd_arena_new_array(&x->arena, vd_entry, st->entry_count ? st->entry_count : 1);

    if (!own)
        return false;
    if (st->entry_count)
        memcpy(own, st->entries, st->entry_count * sizeof *own);
    st->entries = own;
    for (uint32_t i = 0; i < st->entry_count; i++)
        if (own[i].op.op && own[i].op.op->variables && !fill(x, &own[i].values, x->opts.prove.resource_org))
            return false;
    return true;
}

static bool is_identity(const vd_principal_entry *e)
{
    return e->type == VD_PRINCIPAL_AWS && vd_str_starts(e->text.text, identities);
}

static bool rename_identities(vd_exposing *x, vd_principals *p)
{
    vd_principal_entry *own = vd_arena_new_array(&x->arena, vd_principal_entry, p->count ? p->count : 1);

    if (!own)
        return false;
    if (p->count)
        memcpy(own, p->at, p->count * sizeof *own);
    p->at = own;
    for (uint32_t i = 0; i < p->count; i++)
        if (is_identity(&own[i])) {
            own[i].type = VD_PRINCIPAL_CANONICAL_USER;
            own[i].text.text = vd_str_from(own[i].text.text, vd_str_rfind(own[i].text.text, ' ') + 1);
        }
    return true;
}

bool vd_policy_adjust(vd_exposing *x, const vd_policy **policy)
{
    bool       variables = vd_names_owner_org(*policy), some = variables;
    vd_policy *copy;

    for (uint32_t i = 0; i < (*policy)->statement_count; i++)
        for (uint32_t k = 0; k < (*policy)->statements[i].principal.count; k++)
            some |= is_identity(&(*policy)->statements[i].principal.at[k]);
    if (!vd_policy_read_otherwise(x, policy))
        return false;
    if (!some)
        return true;
    copy = vd_policy_lookalike(x, *policy);
    for (uint32_t i = 0; copy && i < copy->statement_count; i++)
        if (!rename_identities(x, &copy->statements[i].principal) || (variables && !fill_entries(x, &copy->statements[i])))
            copy = NULL;
    *policy = copy;
    return copy != NULL;
}
