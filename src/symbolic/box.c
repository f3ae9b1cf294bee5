/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements to boxes: one literal an element.  A variant is the box of a copy of the statement with less in it.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "pattern/overlap.h"
#include "pattern/template.h"
#include "policy/kinds.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ names of atoms */

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

/* Values in order, each once: their order in the document says nothing. */
static void add_texts(vd_symbolic *s, vd_buf *name, const vd_texts *texts, bool *nomem)
{
    vd_str *sorted = vd_arena_new_array(&s->scratch, vd_str, texts->count ? texts->count : 1);

    if (!sorted) {
        *nomem = true;
        return;
    }
    for (uint32_t i = 0; i < texts->count; i++)
        sorted[i] = texts->at[i].text;
    if (texts->count > 1)
        qsort(sorted, texts->count, sizeof *sorted, by_text);
    for (uint32_t i = 0; i < texts->count; i++)
        if (i == 0 || !vd_str_eq(sorted[i], sorted[i - 1])) {
            vd_buf_printf(name, "|%zu:", sorted[i].n);
            vd_buf_add(name, sorted[i]);
        }
}

static bool has_parts(const vd_policy *p, const vd_texts *texts)
{
    for (uint32_t i = 0; p->language == VD_LANGUAGE_2012 && i < texts->count; i++) {
        size_t  at = 0;
        vd_part part;

        while (vd_template_next(texts->at[i].text, &at, &part))
            if (part.kind == VD_PART_VARIABLE)
                return true;
    }
    return false;
}

/* The atom whose name is in the buffer. */
static uint32_t intern(vd_symbolic *s, vd_atom *atom, vd_buf *name, bool *nomem)
{
    uint32_t id = 0;

    atom->name = vd_buf_str(name);
    if (name->failed)
        *nomem = true;
    else if (!*nomem)
        id = vd_atom_add(s, atom, nomem);
    vd_buf_done(name);
    vd_arena_reset(&s->scratch);
    return id;
}

static void push(vd_symbolic *s, vd_box *box, uint32_t atom, bool holds, bool *nomem)
{
    vd_literal l = { .atom = atom, .holds = holds };

    if (!*nomem && !VD_ARENA_PUSH(&s->arena, box->literals, box->count, box->cap, l))
        *nomem = true;
}

/* ------------------------------------------------------------------ elements */

static void add_resource(vd_symbolic *s, vd_box *box, bool *nomem)
{
    const vd_list *list = &box->statement->resource;
    vd_atom        atom = { .kind = VD_ATOM_RESOURCE, .var = VD_VAR_RESOURCE, .policy = box->policy, .list = list,
                            .variables = has_parts(box->policy, &list->texts) };
    vd_buf         name = vd_buf_on(&s->alloc, 0);

    if (!list->present)
        return;
    for (uint32_t i = 0; i < list->texts.count && !list->negated; i++)
        if (vd_str_eq(list->texts.at[i].text, VD_S("*")))
            return; /* anything: no test at all */
    vd_buf_printf(&name, "R%d%d", box->policy->language == VD_LANGUAGE_2012, (int)box->policy->kind);
    add_texts(s, &name, &list->texts, nomem);
    push(s, box, intern(s, &atom, &name, nomem), !list->negated, nomem);
}

uint32_t vd_atom_of_entry(vd_symbolic *s, const vd_policy *policy, const vd_entry *e, bool *nomem)
{
    vd_atom atom = { .kind = VD_ATOM_ENTRY, .policy = policy, .entry = e };
    vd_buf  name = vd_buf_on(&s->alloc, 0);

    atom.var = vd_var_of_key(s, e->key.text, nomem);
    atom.variables = e->op.op->variables && has_parts(policy, &e->values);
    vd_buf_printf(&name, "C%u.%d.%d.%d.%d", (unsigned)atom.var, (int)(e->op.op - vd_operators), e->op.quantifier + 4 * e->op.unread,
                  e->op.if_exists, policy->language == VD_LANGUAGE_2012);
    add_texts(s, &name, &e->values, nomem);
    return intern(s, &atom, &name, nomem);
}

/* Deny with NotPrincipal is asked of the whole chain (E420), Allow with it, as it was once meant, of any name (E422). */
static void add_principal(vd_symbolic *s, vd_box *box, uint32_t kinds, bool *nomem)
{
    const vd_principals *p = &box->statement->principal;
    vd_atom              atom = { .kind = VD_ATOM_PRINCIPAL, .var = VD_VAR_PRINCIPAL, .policy = box->policy, .who = p,
                                  .kinds = p->negated ? 0 : kinds,
                                  .chain = p->negated && box->statement->effect == VD_EFFECT_DENY };
    vd_buf               name = vd_buf_on(&s->alloc, 0);

    if (!p->present)
        return;
    vd_buf_printf(&name, "P%u.%d", (unsigned)atom.kinds, atom.chain);
    for (uint32_t i = 0; i < p->count; i++) {
        vd_buf_printf(&name, "|%d.%zu:", p->at[i].type, p->at[i].text.text.n);
        vd_buf_add(&name, p->at[i].text.text);
    }
    push(s, box, intern(s, &atom, &name, nomem), !p->negated, nomem);
}

/* Other partitions count when some document speaks of them. */
static void note_partitions(vd_symbolic *s, const vd_policy *policy)
{
    if (s->box_count && s->boxes[s->box_count - 1].policy == policy)
        return;
    for (uint32_t i = 0; i < VD_PARTITIONS; i++)
        if (i == 0 || vd_str_contains(vd_policy_text(policy), vd_partitions[i]))
            s->partitions |= 1u << i;
}

static uint32_t add_box(vd_symbolic *s, const vd_policy *policy, const vd_statement *origin, const vd_statement *statement,
                        uint32_t kinds, bool *nomem)
{
    vd_box box = { .policy = policy, .statement = statement, .origin = origin };

    note_partitions(s, policy);
    add_principal(s, &box, kinds, nomem);
    add_resource(s, &box, nomem);
    box.entries = box.count;
    for (uint32_t i = 0; i < statement->entry_count && !*nomem; i++)
        push(s, &box, vd_atom_of_entry(s, policy, &statement->entries[i], nomem), true, nomem);
    if (*nomem || !VD_ARENA_PUSH(&s->arena, s->boxes, s->box_count, s->box_cap, box)) {
        *nomem = true;
        return VD_NONE;
    }
    return s->box_count - 1;
}

/* ------------------------------------------------------------------ variants */

static void cut_texts(vd_symbolic *s, vd_texts *texts, const vd_variant_of *of, bool *nomem)
{
    vd_texts out = { .at = vd_arena_new_array(&s->arena, vd_text, texts->count ? texts->count : 1), .cap = texts->count };

    for (uint32_t i = 0; out.at && i < texts->count; i++)
        if ((i == of->value) == (of->cut == VD_CUT_OTHERS))
            out.at[out.count++] = texts->at[i];
    *nomem |= !out.at;
    *texts = out;
}

static void cut_list(vd_symbolic *s, vd_list *list, const vd_variant_of *of, bool *nomem)
{
    static vd_text everything[] = { { .text = VD_L("*") } };

    if (of->cut != VD_CUT_ELEMENT) {
        cut_texts(s, &list->texts, of, nomem);
        return;
    }
    list->present = true;
    list->negated = false;
    list->texts = (vd_texts){ everything, 1, 1 };
}

static void cut_principals(vd_symbolic *s, vd_principals *p, const vd_variant_of *of, bool *nomem)
{
    vd_principal_entry *at = vd_arena_new_array(&s->arena, vd_principal_entry, p->count ? p->count : 1);
    uint32_t            n = 0;

    p->present &= of->cut != VD_CUT_ELEMENT;
    for (uint32_t i = 0; at && i < p->count; i++)
        if ((i == of->value) == (of->cut == VD_CUT_OTHERS))
            at[n++] = p->at[i];
    *nomem |= !at;
    p->at = at;
    p->count = p->cap = n;
}

static void cut_entries(vd_symbolic *s, vd_statement *st, const vd_variant_of *of, bool *nomem)
{
    vd_entry *entries = vd_arena_new_array(&s->arena, vd_entry, st->entry_count ? st->entry_count : 1);
    uint32_t  n = 0;

    for (uint32_t i = 0; entries && i < st->entry_count; i++) {
        if (i == of->entry && of->cut == VD_CUT_ELEMENT)
            continue;
        entries[n] = st->entries[i];
        if (i == of->entry)
            cut_texts(s, &entries[n].values, of, nomem);
        n++;
    }
    *nomem |= !entries;
    st->entries = entries;
    st->entry_count = st->entry_cap = n;
}

static const vd_statement *cut_statement(vd_symbolic *s, const vd_statement *origin, const vd_variant_of *of, bool *nomem)
{
    vd_statement *st = vd_arena_new(&s->arena, vd_statement);

    if (!st) {
        *nomem = true;
        return NULL;
    }
    *st = *origin;
    switch (of->element) {
    case VD_ELEMENT_PRINCIPAL:
        cut_principals(s, &st->principal, of, nomem);
        break;
    case VD_ELEMENT_ACTION:
        cut_list(s, &st->action, of, nomem);
        break;
    case VD_ELEMENT_RESOURCE:
        cut_list(s, &st->resource, of, nomem);
        break;
    default:
        cut_entries(s, st, of, nomem);
        break;
    }
    return st;
}

/* E009, E419, E422: statements that match nobody. */
static bool matches_nothing(const vd_policy *policy, const vd_statement *st, bool legacy)
{
    if (st->malformed)
        return true;
    if (!st->principal.present)
        return vd_kind_rows[policy->kind].principal == VD_PART_REQUIRED;
    return st->principal.negated && st->effect == VD_EFFECT_ALLOW && !legacy;
}

uint32_t vd_symbolic_variant(vd_symbolic *s, const vd_policy *policy, uint32_t index, const vd_variant_of *of, bool *nomem)
{
    const vd_statement *origin = &policy->statements[index], *st = origin;

    if (matches_nothing(policy, origin, of->legacy))
        return VD_NONE;
    if (of->cut != VD_CUT_NOTHING)
        st = cut_statement(s, origin, of, nomem);
    return *nomem ? VD_NONE : add_box(s, policy, origin, st, of->principals, nomem);
}

typedef struct placed_at {
    const vd_policy *policy;
    uint32_t         index;
} placed_at;

static bool is_whole(const void *ctx, uint32_t box, const void *wanted)
{
    const vd_symbolic *s = ctx;
    const placed_at   *at = wanted;

    return s->boxes[box].policy == at->policy && s->boxes[box].origin->index == at->index;
}

/* A document that is attached to many principals is taken once. */
uint32_t vd_symbolic_statement(vd_symbolic *s, const vd_policy *policy, uint32_t index, bool *nomem)
{
    placed_at at = { policy, policy->statements[index].index };
    uint64_t  hash = vd_hash(s->engine->hash_seed + index, (vd_str){ (const char *)&policy, sizeof policy });
    uint32_t  box = vd_map_find(&s->whole, hash, is_whole, s, &at);

    if (box != VD_NONE)
        return box;
    box = vd_symbolic_variant(s, policy, index, &(vd_variant_of){ .cut = VD_CUT_NOTHING }, nomem);
    if (box != VD_NONE && !*nomem && !vd_map_add(&s->whole, &s->alloc, hash, box))
        *nomem = true;
    return box;
}

/* ------------------------------------------------------------------ what is in a box */

const vd_policy *vd_symbolic_policy_of(const vd_symbolic *s, uint32_t statement)
{
    return s->boxes[statement].policy;
}

const vd_statement *vd_symbolic_statement_of(const vd_symbolic *s, uint32_t statement)
{
    return s->boxes[statement].origin;
}

vd_demand vd_symbolic_entry(vd_symbolic *s, uint32_t statement, uint32_t entry, bool *nomem)
{
    const vd_box *b = &s->boxes[statement];
    vd_literal    l = b->literals[b->entries + entry];

    VD_UNUSED(nomem);
    return (vd_demand){ l.atom, !l.holds };
}

uint32_t vd_symbolic_literals(const vd_symbolic *s, uint32_t statement, vd_demand *out, uint32_t most)
{
    const vd_box *b = &s->boxes[statement];

    for (uint32_t i = 0; i < b->count && i < most; i++)
        out[i] = (vd_demand){ b->literals[i].atom, !b->literals[i].holds };
    return b->count;
}

/* Asked of every statement for every class of actions: most are told by what the pattern begins with. */
static bool covers(vd_str pattern, vd_str action)
{
    for (size_t i = 0; i < pattern.n; i++) {
        if (pattern.p[i] == '*' && i + 1 == pattern.n)
            return true;
        if (pattern.p[i] == '*' || pattern.p[i] == '?')
            return vd_action_covers(pattern, action);
        if (i == action.n || vd_lower(pattern.p[i]) != vd_lower(action.p[i]))
            return false;
    }
    return pattern.n == action.n;
}

bool vd_symbolic_reaches(const vd_symbolic *s, uint32_t statement, vd_str action)
{
    const vd_list *list = &s->boxes[statement].statement->action;
    bool           found = false;

    for (uint32_t i = 0; i < list->texts.count && !found; i++)
        found = covers(list->texts.at[i].text, action);
    return list->present && found != list->negated;
}
