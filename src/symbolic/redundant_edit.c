/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements with less in them.  An edited statement is a copy of the model that lies in a copy of its policy, so that the
 * rest of the house sees nothing unusual.
 */
#include "symbolic/redundant_int.h"

#include "base/str.h"
#include "pattern/arn.h"

enum { SHADOWS = 64 };

/* ------------------------------------------------------------------ ways of principals */

static bool is_account(vd_str s)
{
    return vd_is_account(s) || vd_str_ends(s, VD_S(":root"));
}

uint8_t vd_way_of(const vd_principal_entry *e)
{
    vd_str s = e->text.text;
    vd_arn arn;

    switch (e->type) {
    case VD_PRINCIPAL_STAR:
        return VD_WAY_ANYONE;
    case VD_PRINCIPAL_SERVICE:
        return VD_WAY_SERVICE;
    case VD_PRINCIPAL_FEDERATED:
        return VD_WAY_PROVIDER;
    case VD_PRINCIPAL_CANONICAL_USER:
        return VD_WAY_ACCOUNT;
    default:
        break;
    }
    if (vd_str_eq(s, VD_S("*")))
        return VD_WAY_ANYONE;
    if (is_account(s))
        return VD_WAY_ACCOUNT;
    if (!vd_arn_split(&arn, s))
        return vd_str_starts(s, VD_S("AROA")) ? VD_WAY_ROLE : VD_WAY_USER;
    if (vd_str_starts(arn.resource, VD_S("role/")))
        return VD_WAY_ROLE;
    if (vd_str_starts(arn.resource, VD_S("assumed-role/")))
        return VD_WAY_SESSION;
    return vd_str_starts(arn.resource, VD_S("federated-user/")) ? VD_WAY_FEDERATED_USER : VD_WAY_USER;
}

/* E713, E720: on one request, the kinds of match of the mask grant whatever the way grants. */
uint8_t vd_ways_as_good(uint8_t way)
{
    enum { ANYONE = 1 << VD_WAY_ANYONE };

    switch (way) {
    case VD_WAY_ACCOUNT:
        return VD_WAYS_ALL;
    case VD_WAY_USER: /* of the user's federated sessions, too */
        return ANYONE | 1 << VD_WAY_USER | 1 << VD_WAY_FEDERATED_USER;
    case VD_WAY_ROLE:
        return ANYONE | 1 << VD_WAY_ROLE | 1 << VD_WAY_SESSION;
    default:
        return (uint8_t)(ANYONE | 1 << way);
    }
}

/* ------------------------------------------------------------------ parts */

uint32_t vd_item_part(const vd_item *x, int32_t element, uint32_t entry, uint32_t value)
{
    const vd_statement *m = x->model;
    uint32_t            at = 0;

    if (element == VD_ELEMENT_ACTION)
        return entry;
    at += m->action.texts.count;
    if (element == VD_ELEMENT_RESOURCE)
        return at + entry;
    at += m->resource.texts.count;
    if (element == VD_ELEMENT_PRINCIPAL)
        return at + entry;
    at += m->principal.count;
    for (uint32_t i = 0; i < entry; i++)
        at += 1 + m->entries[i].values.count;
    return value == VD_NONE ? at : at + 1 + value;
}

uint32_t vd_item_parts(const vd_item *x)
{
    return vd_item_part(x, VD_ELEMENT_CONDITION, x->model->entry_count, VD_NONE);
}

bool vd_item_mark(vd_finder *f, vd_item *x, int32_t element, uint32_t entry, uint32_t value)
{
    if (!x->gone)
        x->gone = vd_arena_new_array(f->arena, bool, (size_t)vd_item_parts(x) + 1);
    if (!x->gone) {
        f->nomem = true;
        return false;
    }
    x->gone[vd_item_part(x, element, entry, value)] = true;
    return true;
}

void vd_item_renew(vd_finder *f, vd_item *x)
{
    x->box = vd_item_box(f, x, NULL);
    for (uint32_t i = 0; i < VD_WAY_COUNT; i++)
        x->covers[i] = VD_NONE;
}

bool vd_item_drop(vd_finder *f, vd_item *x, int32_t element, uint32_t entry, uint32_t value)
{
    if (vd_item_mark(f, x, element, entry, value))
        vd_item_renew(f, x);
    return !f->nomem;
}

/* ------------------------------------------------------------------ copies */

static bool is_left(const vd_item *x, const vd_cutout *c, int32_t element, uint32_t entry, uint32_t value)
{
    bool same;

    if (x->gone && x->gone[vd_item_part(x, element, entry, value)])
        return false;
    if (!c)
        return true;
    if (c->ways && element == VD_ELEMENT_PRINCIPAL && !(c->ways >> vd_way_of(&x->model->principal.at[entry]) & 1u))
        return false;
    if (c->cutting == VD_LEAVE || c->element != element)
        return true;
    if (element == VD_ELEMENT_CONDITION && (c->entry != entry || c->value != value))
        return c->cutting == VD_WITHOUT || c->entry != entry || value == VD_NONE;
    same = c->entry == entry;
    return same == (c->cutting == VD_ONLY);
}

static bool cut_texts(vd_finder *f, const vd_item *x, const vd_cutout *c, int32_t element, uint32_t entry, vd_texts *texts)
{
    vd_texts out = { .at = vd_arena_new_array(f->arena, vd_text, texts->count ? texts->count : 1), .cap = texts->count };

    if (!out.at) {
        f->nomem = true;
        return false;
    }
    for (uint32_t i = 0; i < texts->count; i++)
        if (is_left(x, c, element, element == VD_ELEMENT_CONDITION ? entry : i, i))
            out.at[out.count++] = texts->at[i];
    *texts = out;
    return true;
}

static bool cut_principals(vd_finder *f, const vd_item *x, const vd_cutout *c, vd_principals *p)
{
    vd_principals out = *p;

    out.at = vd_arena_new_array(f->arena, vd_principal_entry, p->count ? p->count : 1);
    out.count = 0;
    if (!out.at) {
        f->nomem = true;
        return false;
    }
    for (uint32_t i = 0; i < p->count; i++)
        if (is_left(x, c, VD_ELEMENT_PRINCIPAL, i, 0))
            out.at[out.count++] = p->at[i];
    *p = out;
    return true;
}

static bool cut_conditions(vd_finder *f, const vd_item *x, const vd_cutout *c, vd_statement *st)
{
    vd_entry *out = vd_arena_new_array(f->arena, vd_entry, st->entry_count ? st->entry_count : 1);
    uint32_t  n = 0;

    if (!out) {
        f->nomem = true;
        return false;
    }
    for (uint32_t i = 0; i < st->entry_count; i++) {
        if (!is_left(x, c, VD_ELEMENT_CONDITION, i, VD_NONE))
            continue;
        out[n] = st->entries[i];
        if (!cut_texts(f, x, c, VD_ELEMENT_CONDITION, i, &out[n].values))
            return false;
        n++;
    }
    st->entries = out;
    st->entry_count = st->entry_cap = n;
    return true;
}

static bool touches(const vd_item *x, const vd_cutout *c, int32_t element)
{
    return x->gone || (c && c->cutting != VD_LEAVE && c->element == element);
}

/* A place for one more statement; the atoms made of it lead there as long as s lives. */
static vd_statement *place(vd_finder *f, const vd_policy *of)
{
    if (!f->shadow || f->shadow_used == SHADOWS || f->shadow_of != of) {
        vd_policy *p = vd_arena_new(f->arena, vd_policy);

        if (!p)
            return NULL;
        p->name = of->name;
        p->source = of->source;
        p->json = of->json;
        p->kind = of->kind;
        p->language = of->language;
        p->engine = of->engine;
        p->statements = vd_arena_new_array(f->arena, vd_statement, SHADOWS);
        p->statement_count = p->statement_cap = SHADOWS;
        if (!p->statements)
            return NULL;
        f->shadow = p;
        f->shadow_of = of;
        f->shadow_used = 0;
    }
    return &f->shadow->statements[f->shadow_used++];
}

uint32_t vd_item_box(vd_finder *f, const vd_item *x, const vd_cutout *c)
{
    vd_statement *st;
    bool          ok = true;

    if (!x->gone && (!c || (c->cutting == VD_LEAVE && (c->ways == 0 || c->ways == VD_WAYS_ALL))))
        return x->first;
    st = place(f, x->of->policy);
    if (!st) {
        f->nomem = true;
        return VD_NONE;
    }
    *st = *x->model;
    if (ok && touches(x, c, VD_ELEMENT_RESOURCE))
        ok = cut_texts(f, x, c, VD_ELEMENT_RESOURCE, 0, &st->resource.texts);
    if (ok && touches(x, c, VD_ELEMENT_ACTION))
        ok = cut_texts(f, x, c, VD_ELEMENT_ACTION, 0, &st->action.texts);
    if (ok && (touches(x, c, VD_ELEMENT_PRINCIPAL) || (c && c->ways && !st->principal.negated)))
        ok = cut_principals(f, x, c, &st->principal);
    if (ok && touches(x, c, VD_ELEMENT_CONDITION))
        ok = cut_conditions(f, x, c, st);
    if (!ok)
        return VD_NONE;
    if ((st->resource.present && st->resource.texts.count == 0 && !st->resource.negated) ||
        (st->principal.present && st->principal.count == 0 && !st->principal.negated) || st->action.texts.count == 0)
        return VD_NONE;
    return vd_symbolic_statement(f->s, f->shadow, f->shadow_used - 1, &f->nomem);
}
