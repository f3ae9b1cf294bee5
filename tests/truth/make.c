/* SPDX-License-Identifier: Apache-2.0
 *
 * Stacks at random, and random changes of them.
 */
#include "truth.h"

#include <string.h>

static void some(list *out, chance *c, words from, uint32_t negated)
{
    out->count = (uint8_t)(1 + percent(c, 40) + percent(c, 15));
    out->negated = percent(c, negated);
    for (uint8_t i = 0; i < out->count; i++)
        out->at[i] = pick(c, from);
}

/* Operators of one statement differ, so that no member is there twice. */
static void add_entry(statement *s, const vocabulary *v, chance *c)
{
    entry e;

    v->entry(&e, c);
    for (uint8_t i = 0; i < s->entry_count; i++)
        if (!strcmp(s->entries[i].op, e.op))
            return;
    if (s->entry_count < ENTRIES)
        s->entries[s->entry_count++] = e;
}

/* In the order in which they will stand in the document: by type. */
static void sort_types(list *l)
{
    for (uint8_t i = 1; i < l->count; i++)
        for (uint8_t k = i; k > 0 && strncmp(l->at[k], "Service", 7) != 0 && strncmp(l->at[k - 1], "Service", 7) == 0; k--) {
            const char *x = l->at[k];

            l->at[k] = l->at[k - 1];
            l->at[k - 1] = x;
        }
}

static void make_statement(statement *s, const vocabulary *v, vd_layer layer, bool deny, chance *c)
{
    bool named = layer == VD_LAYER_RESOURCE || layer == VD_LAYER_RCP;

    *s = (statement){ .deny = deny };
    some(&s->action, c, v->actions, 10);
    some(&s->resource, c, v->resources, 10);
    if (named) {
        some(&s->principal, c, v->principals, 0);
        if (layer == VD_LAYER_RCP || percent(c, 30))
            s->principal = (list){ { "*" }, 1, false };
        sort_types(&s->principal);
        s->principal.negated = deny && layer == VD_LAYER_RESOURCE && percent(c, 15);
    }
    for (uint32_t n = below(c, 4); n > 1; n--) /* none, none, one, two */
        add_entry(s, v, c);
}

static void make_document(document *d, const vocabulary *v, vd_layer layer, chance *c)
{
    *d = (document){ .layer = layer, .count = (uint8_t)(1 + below(c, 3)) };
    for (uint8_t i = 0; i < d->count; i++)
        make_statement(&d->at[i], v, layer, layer == VD_LAYER_RCP || (i > 0 && percent(c, 45)), c);
    if (layer == VD_LAYER_SCP && percent(c, 60) && d->count < STATEMENTS)
        d->at[d->count++] = (statement){ .action = { { "*" }, 1, false }, .resource = { { "*" }, 1, false } };
}

void make_stack(stack *out, const vocabulary *v, enum shape shape, chance *c)
{
    static const vd_layer layers[SHAPE_COUNT][2] = { { VD_LAYER_IDENTITY, VD_LAYER_NONE },
                                                     { VD_LAYER_IDENTITY, VD_LAYER_BOUNDARY },
                                                     { VD_LAYER_RESOURCE, VD_LAYER_NONE },
                                                     { VD_LAYER_RESOURCE, VD_LAYER_RCP } };
    vd_layer              second = layers[shape][1];

    out->count = 0;
    make_document(&out->docs[out->count++], v, layers[shape][0], c);
    if (second == VD_LAYER_BOUNDARY && percent(c, 40))
        second = VD_LAYER_SCP;
    if (second != VD_LAYER_NONE)
        make_document(&out->docs[out->count++], v, second, c);
}

static void swap_values(list *l, const vocabulary *v, words from, chance *c)
{
    (void)v;
    if (l->count == 0)
        return;
    if (percent(c, 50) || l->count == VALUES)
        l->at[below(c, l->count)] = pick(c, from);
    else
        l->at[l->count++] = pick(c, from);
}

/* Two entries of one operator would be one member twice. */
static void drop_copies(statement *s)
{
    for (uint8_t i = 1; i < s->entry_count; i++)
        for (uint8_t k = 0; k < i; k++)
            if (!strcmp(s->entries[i].op, s->entries[k].op)) {
                s->entries[i--] = s->entries[--s->entry_count];
                break;
            }
}

void change_stack(stack *s, const vocabulary *v, chance *c)
{
    document  *d = &s->docs[below(c, s->count)];
    statement *x = &d->at[below(c, d->count)];
    uint8_t    last;

    switch (below(c, 8)) {
    case 0:
        if (d->count < STATEMENTS)
            make_statement(&d->at[d->count++], v, d->layer, d->layer == VD_LAYER_RCP || percent(c, 50), c);
        break;
    case 1:
        last = (uint8_t)(d->count - 1);
        if (d->count > 1)
            *x = d->at[last], d->count = last;
        break;
    case 2:
        swap_values(&x->action, v, v->actions, c);
        break;
    case 3:
        swap_values(&x->resource, v, v->resources, c);
        break;
    case 4:
        add_entry(x, v, c);
        break;
    case 5:
        if (x->entry_count)
            x->entry_count--;
        break;
    case 6:
        if (x->entry_count && !strstr(x->entries[0].op, "IfExists") && strcmp(x->entries[0].op, "Null"))
            strncat(x->entries[0].op, "IfExists", sizeof x->entries[0].op - strlen(x->entries[0].op) - 1);
        break;
    default:
        if (x->entry_count) {
            x->entries[0] = (entry){ 0 };
            v->entry(&x->entries[0], c);
            x->entry_count = 1;
        }
        break;
    }
    for (uint8_t i = 0; i < d->count; i++)
        drop_copies(&d->at[i]);
}
