/* SPDX-License-Identifier: Apache-2.0
 *
 * Where variables are: values of tests that are plain text and one variable.
 */
#include "symbolic/mirror.h"

#include "pattern/template.h"

const vd_texts *vd_mirror_texts(const vd_atom *atom)
{
    return atom->kind == VD_ATOM_RESOURCE ? &atom->list->texts : &atom->entry->values;
}

/* A key with one value, as it is. */
bool vd_mirror_single(const vd_mirrors *m, uint32_t var)
{
    return var >= VD_VAR_KEYS && !m->a->s->keys[var - VD_VAR_KEYS].many && !m->a->s->keys[var - VD_VAR_KEYS].unknown;
}

/* Of other forms of Resource nobody here knows what they are completed to. */
static bool is_full_resource(vd_str text)
{
    size_t colons = 0, end = vd_str_find(text, '$');

    for (size_t i = 0; i < end; i++)
        colons += text.p[i] == ':';
    return vd_str_eq(text, VD_S("*")) || (vd_str_starts(text, VD_S("arn:")) && colons >= 5);
}

/* Only plain text and variables: nothing escaped, no name that is none. */
static bool is_simple(vd_str text, uint32_t *variables)
{
    size_t  at = 0;
    vd_part part;

    *variables = 0;
    while (vd_template_next(text, &at, &part)) {
        if (part.kind != VD_PART_TEXT && (part.kind != VD_PART_VARIABLE || vd_mirror_wild(part.fallback)))
            return false;
        *variables += part.kind == VD_PART_VARIABLE;
    }
    return true;
}

vd_manner vd_manner_of(const vd_atom *atom)
{
    if (atom->kind == VD_ATOM_RESOURCE)
        return VD_MANNER_RESOURCE;
    if (atom->kind != VD_ATOM_ENTRY)
        return VD_MANNER_OTHER;
    switch (atom->entry->op.op->test) {
    case VD_TEST_STRING:
        return VD_MANNER_EQUALS;
    case VD_TEST_STRING_FOLDED:
        return VD_MANNER_FOLDED;
    case VD_TEST_LIKE:
        return VD_MANNER_LIKE;
    case VD_TEST_ARN:
        return VD_MANNER_ARN;
    default:
        return VD_MANNER_OTHER;
    }
}

/* "ForAnyValue:StringNotEquals" is false of a key that is not there, too: not looked at. */
bool vd_mirror_odd(const vd_atom *atom)
{
    return atom->kind == VD_ATOM_ENTRY && atom->entry->op.quantifier != VD_FOR_ONE && atom->entry->op.op->negated;
}

/* "ArnNotLike" is false of what is no ARN, too (E538): that it is false says that a text matches where all values are ARNs. */
static bool says_enough(const vd_mirrors *m, const vd_atom *atom)
{
    uint8_t view = atom->var < VD_VAR_KEYS ? (uint8_t)VD_VIEW_NONE : m->a->s->keys[atom->var - VD_VAR_KEYS].view;

    return vd_manner_of(atom) != VD_MANNER_ARN || !atom->entry->op.op->negated || view == VD_VIEW_ARN || view == VD_VIEW_LINE_1;
}

bool vd_mirror_written(const vd_mirrors *m, const vd_atom *atom)
{
    vd_manner       how = vd_manner_of(atom);
    const vd_texts *texts;

    if (how == VD_MANNER_OTHER || vd_mirror_odd(atom) || !says_enough(m, atom) || (how != VD_MANNER_RESOURCE && !vd_mirror_single(m, atom->var)) ||
        atom->policy->language != VD_LANGUAGE_2012)
        return false;
    texts = vd_mirror_texts(atom);
    for (uint32_t i = 0; i < texts->count; i++) {
        uint32_t variables;

        if (!is_simple(texts->at[i].text, &variables) ||
            (how >= VD_MANNER_ARN && !is_full_resource(texts->at[i].text)))
            return false;
    }
    return true;
}

static void add_hole(vd_mirrors *m, uint32_t id, uint32_t value)
{
    vd_str   text = vd_mirror_texts(vd_mirror_atom(m, id))->at[value].text;
    vd_hole     h = { .atom = id, .value = value };
    size_t   at = 0;
    uint32_t variables;
    vd_part  part;

    if (!is_simple(text, &variables) || variables != 1 || m->hole_count == VD_MIRROR_HOLES)
        return;
    while (vd_template_next(text, &at, &part) && part.kind != VD_PART_VARIABLE)
        ;
    h.key = vd_var_of_key(m->a->s, part.text, &m->a->nomem);
    h.text = text;
    h.has_fallback = part.has_fallback;
    h.fallback = part.fallback;
    h.before = vd_str_first(text, part.offset);
    h.after = vd_str_from(text, part.offset + part.length);
    h.how = (uint8_t)vd_manner_of(vd_mirror_atom(m, id));
    h.whole = h.before.n == 0 && h.after.n == 0 && (h.how == VD_MANNER_EQUALS || h.how == VD_MANNER_LIKE);
    h.plain = h.how <= VD_MANNER_FOLDED || (!vd_mirror_wild(h.before) && !vd_mirror_wild(h.after));
    if (vd_mirror_single(m, h.key) && (h.key != vd_mirror_atom(m, id)->var || (h.before.n == 0 && h.after.n == 0)))
        m->holes[m->hole_count++] = h;
}

void vd_mirror_holes(vd_mirrors *m)
{
    for (uint32_t i = 0; i < m->atom_count; i++) {
        const vd_atom *atom = vd_mirror_atom(m, m->atoms[i]);

        if (!atom->variables || !vd_mirror_written(m, atom))
            continue;
        for (uint32_t v = 0; v < vd_mirror_texts(atom)->count; v++)
            add_hole(m, m->atoms[i], v);
    }
}
