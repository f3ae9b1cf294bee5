/* SPDX-License-Identifier: Apache-2.0
 *
 * What an entry of NotAction leaves out.  An entry with a wildcard tells actions apart like a statement would: it has a bit
 * in their classes.  A name is one action of some class, and all of a class are alike to the statements.
 */
#include "symbolic/redundant_int.h"

#include "base/str.h"
#include "pattern/overlap.h"

static bool is_wild(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

/* ------------------------------------------------------------------ bits */

/* With the first two there is some box that reaches each action that not all entries leave out. */
static bool has_bit(const vd_texts *list, uint32_t entry)
{
    return entry < 2 || is_wild(list->at[entry].text);
}

static void add_entries(vd_finder *f, vd_item *x, uint32_t *boxes, uint32_t *count)
{
    const vd_texts *list = &x->model->action.texts;
    uint32_t       *bits = vd_arena_new_array(f->arena, uint32_t, list->count);

    f->nomem |= !bits;
    for (uint32_t i = 0; i < list->count && !f->nomem; i++) {
        bits[i] = VD_NONE;
        if (!has_bit(list, i))
            continue;
        bits[i] = *count;
        boxes[(*count)++] = vd_item_box(f, x, &(vd_cutout){ .cutting = VD_ONLY, .element = VD_ELEMENT_ACTION, .entry = i });
    }
    x->but = bits;
}

void vd_finder_add_spared(vd_finder *f, uint32_t *boxes, uint32_t *count)
{
    uint32_t most = *count + VD_MOST_SPARED;

    for (uint32_t i = 0; i < f->count && !f->nomem; i++) {
        vd_item        *x = &f->items[i];
        const vd_texts *list = &x->model->action.texts;
        uint32_t        n = 0;

        if (!x->asked || f->opts->whole || !x->model->action.negated || list->count < 2)
            continue;
        for (uint32_t k = 0; k < list->count; k++)
            n += has_bit(list, k);
        if (n <= most - *count)
            add_entries(f, x, boxes, count);
    }
}

/* ------------------------------------------------------------------ classes */

static bool is_left(const vd_item *x, uint32_t entry)
{
    return !x->gone || !x->gone[vd_item_part(x, VD_ELEMENT_ACTION, entry, 0)];
}

static bool leaves_out(const vd_finder *f, const vd_item *x, uint32_t entry, uint32_t class_at)
{
    uint32_t bit = x->but[entry];

    return bit != VD_NONE && !(f->classes.at[class_at].reaches[bit / 64] >> bit % 64 & 1u);
}

/* Names are not asked whether they leave out a part of it: more classes than need be are never wrong. */
static void find_wild(const vd_finder *f, const vd_item *x, uint32_t entry, uint64_t *out)
{
    for (uint32_t k = 0; k < f->classes.count; k++) {
        bool only = leaves_out(f, x, entry, k);

        for (uint32_t i = 0; i < x->model->action.texts.count && only; i++)
            only = i == entry || !is_left(x, i) || !leaves_out(f, x, i, k);
        if (only)
            out[k / 64] |= (uint64_t)1 << k % 64;
    }
}

static uint32_t class_of(const vd_finder *f, vd_str name)
{
    uint32_t id = vd_catalog_find(f->s->catalog, name);

    if (id != VD_NONE)
        return f->class_of[id];
    for (uint32_t k = 0; k < f->classes.count; k++)
        if (f->classes.at[k].unknown && vd_str_ieq(f->classes.at[k].representative, name))
            return k;
    return VD_NONE;
}

static bool find_name(const vd_finder *f, const vd_item *x, uint32_t entry, uint64_t *out)
{
    const vd_texts *list = &x->model->action.texts;
    uint32_t        at;

    for (uint32_t i = 0; i < list->count; i++)
        if (i != entry && is_left(x, i) && vd_action_covers(list->at[i].text, list->at[entry].text))
            return true;
    at = class_of(f, list->at[entry].text);
    if (at != VD_NONE)
        out[at / 64] |= (uint64_t)1 << at % 64;
    return at != VD_NONE;
}

const uint64_t *vd_item_left_out(vd_finder *f, const vd_item *x, uint32_t entry)
{
    uint64_t *out;

    if (!x->but || !vd_finder_prepare_actions(f))
        return NULL;
    out = vd_arena_new_array(f->arena, uint64_t, (size_t)f->classes.count / 64 + 1);
    if (!out) {
        f->nomem = true;
        return NULL;
    }
    if (is_wild(x->model->action.texts.at[entry].text))
        find_wild(f, x, entry, out);
    else if (!find_name(f, x, entry, out))
        return NULL;
    return out;
}
