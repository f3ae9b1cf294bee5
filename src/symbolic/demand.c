/* SPDX-License-Identifier: Apache-2.0
 *
 * Demands that are in no document: patterns of resources and principals, conditions as if somebody had written them.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "pattern/arn.h"

enum { NAME_ROOM = 512 };

typedef struct heading {
    uint32_t var, askers, fold;
} heading;

static size_t name_size(const vd_str *patterns, uint32_t count)
{
    size_t n = 1 + sizeof(heading);

    for (uint32_t i = 0; i < count; i++)
        n += sizeof patterns[i].n + patterns[i].n;
    return n;
}

static vd_str write_name(char *room, const vd_atom *atom, const vd_str *patterns, uint32_t count)
{
    heading head = { atom->var, atom->askers, atom->fold };
    size_t  n = 1 + sizeof head;

    room[0] = 'T';
    memcpy(room + 1, &head, sizeof head);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(room + n, &patterns[i].n, sizeof patterns[i].n);
        n += sizeof patterns[i].n;
        if (patterns[i].n)
            memcpy(room + n, patterns[i].p, patterns[i].n);
        n += patterns[i].n;
    }
    return (vd_str){ room, n };
}

static uint32_t add_new(vd_symbolic *s, vd_atom *atom, const vd_str *patterns, uint32_t count, bool *nomem)
{
    vd_str *own = vd_arena_new_array(&s->arena, vd_str, count ? count : 1);

    for (uint32_t i = 0; own && i < count; i++)
        if (!vd_arena_dup(&s->arena, &own[i], patterns[i]))
            own = NULL;
    atom->kind = VD_ATOM_TEXTS;
    atom->pattern_count = count;
    atom->patterns = own;
    *nomem |= !own;
    return own ? vd_atom_add(s, atom, nomem) : 0;
}

/* The same few come again in every question. */
static uint32_t add_patterns(vd_symbolic *s, vd_atom atom, const vd_str *patterns, uint32_t count, bool *nomem)
{
    char     usual[NAME_ROOM];
    size_t   size = name_size(patterns, count);
    char    *room = size <= sizeof usual ? usual : vd_alloc(&s->alloc, size);
    uint32_t id;

    if (!room) {
        *nomem = true;
        return 0;
    }
    atom.name = write_name(room, &atom, patterns, count);
    id = vd_intern_find(&s->names, atom.name);
    if (id == VD_NONE)
        id = add_new(s, &atom, patterns, count, nomem);
    if (room != usual)
        vd_free(&s->alloc, room, size);
    return id;
}

uint32_t vd_symbolic_resource(vd_symbolic *s, const vd_str *patterns, uint32_t count, bool *nomem)
{
    vd_str  *coded = vd_arena_new_array(&s->arena, vd_str, count ? count : 1);
    uint32_t n = 0;

    for (uint32_t i = 0; coded && i < count; i++) {
        char  *p = vd_arena_new_array(&s->arena, char, patterns[i].n + 12);
        size_t used = 0;

        if (!p) {
            coded = NULL;
            break;
        }
        coded[n++] = (vd_str){ p, vd_resource_code(p, patterns[i], false, &used) };
    }
    if (!coded) {
        *nomem = true;
        return 0;
    }
    return add_patterns(s, (vd_atom){ .var = VD_VAR_RESOURCE }, coded, n, nomem);
}

uint32_t vd_atom_of_principal(vd_symbolic *s, uint32_t who, const vd_str *patterns, uint32_t count, bool fold, bool *nomem)
{
    return add_patterns(s, (vd_atom){ .var = VD_VAR_PRINCIPAL, .askers = who, .fold = fold }, patterns, count, nomem);
}

uint32_t vd_atom_of_resource(vd_symbolic *s, const vd_str *patterns, uint32_t count, bool fold, bool *nomem)
{
    return add_patterns(s, (vd_atom){ .var = VD_VAR_RESOURCE, .fold = fold }, patterns, count, nomem);
}

uint32_t vd_symbolic_resource_coded(vd_symbolic *s, const vd_str *patterns, uint32_t count, bool *nomem)
{
    return add_patterns(s, (vd_atom){ .var = VD_VAR_RESOURCE }, patterns, count, nomem);
}

bool vd_symbolic_names_resource(vd_symbolic *s, vd_demand d, vd_str resource, bool *nomem)
{
    const vd_atom *atom = &s->atoms[d.atom];
    vd_globs       l = { atom->patterns, atom->pattern_count, atom->fold };

    if (atom->kind != VD_ATOM_TEXTS || atom->var != VD_VAR_RESOURCE)
        return true;
    return vd_globs_have(&l, resource, &s->scratch, nomem) != d.against;
}

uint32_t vd_symbolic_principal(vd_symbolic *s, uint32_t who, const vd_str *patterns, uint32_t count, bool *nomem)
{
    vd_arn arn;

    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < VD_PARTITIONS && vd_arn_split(&arn, patterns[i]); k++)
            if (vd_str_eq(arn.partition, vd_partitions[k]))
                s->partitions |= 1u << k;
    return vd_atom_of_principal(s, who, patterns, count, false, nomem);
}

/* ------------------------------------------------------------------ conditions */

typedef struct written {
    vd_policy policy;
    vd_entry  entry;
} written;

/* What a document would say; it lives as long as s. */
static written *write_entry(vd_symbolic *s, vd_language language, vd_str op, vd_str key, const vd_str *values, uint32_t count)
{
    written *w = vd_arena_new(&s->arena, written);
    vd_text *texts = vd_arena_new_array(&s->arena, vd_text, count ? count : 1);

    if (!w || !texts || !vd_arena_dup(&s->arena, &w->entry.key.text, key))
        return NULL;
    w->policy = (vd_policy){ .language = (uint8_t)language, .kind = VD_KIND_IDENTITY };
    for (uint32_t i = 0; i < count; i++)
        if (!vd_arena_dup(&s->arena, &texts[i].text, values[i]))
            return NULL;
    w->entry.values = (vd_texts){ texts, count, count };
    w->entry.operator_name.text = op;
    return vd_operator_find(&w->entry.op, op) ? w : NULL;
}

uint32_t vd_atom_of_condition(vd_symbolic *s, vd_language language, const char *op, vd_str key, const vd_str *values,
                              uint32_t count, bool *nomem)
{
    written *w = write_entry(s, language, vd_str_of(op), key, values, count);

    if (w)
        return vd_atom_of_entry(s, &w->policy, &w->entry, nomem);
    *nomem = true;
    return 0;
}

uint32_t vd_symbolic_condition(vd_symbolic *s, const char *op, vd_str key, const vd_str *values, uint32_t count, bool *nomem)
{
    return vd_atom_of_condition(s, VD_LANGUAGE_2012, op, key, values, count, nomem);
}

/* ------------------------------------------------------------------ pins */

static vd_demand test(vd_symbolic *s, const char *op, const vd_pin *pin, const vd_str *values, uint32_t count, bool *nomem)
{
    return (vd_demand){ vd_atom_of_condition(s, VD_LANGUAGE_2008, op, pin->key, values, count, nomem), false };
}

/* A pin is a test like any other. */
uint32_t vd_symbolic_pin(vd_symbolic *s, const vd_pin *pin, vd_demand *out, bool *nomem)
{
    static const vd_str yes = VD_L("true"), no = VD_L("false"), blank = VD_L("");
    uint32_t            var = vd_var_of_key(s, pin->key, nomem), n = 0;
    bool                many;

    if (*nomem)
        return 0;
    many = s->keys[var - VD_VAR_KEYS].many;
    if (pin->state == VD_STATE_BLANK && !many)
        out[n++] = test(s, "StringEquals", pin, &blank, 1, nomem);
    else
        out[n++] = test(s, "Null", pin, pin->state == VD_STATE_PRESENT ? &no : &yes, 1, nomem);
    if (pin->state == VD_STATE_PRESENT && pin->count)
        out[n++] = test(s, many ? "ForAllValues:StringEquals" : "StringEquals", pin, pin->values, pin->count, nomem);
    return n;
}

/* Asked in every question. */
bool vd_pin_add(vd_symbolic *s, const vd_pin *pin)
{
    bool      nomem = false;
    vd_demand demands[2];
    uint32_t  n = vd_symbolic_pin(s, pin, demands, &nomem);

    for (uint32_t i = 0; i < n && !nomem; i++)
        nomem = !VD_ARENA_PUSH(&s->arena, s->pins, s->pin_count, s->pin_cap, (vd_literal){ demands[i].atom, true });
    return !nomem;
}
