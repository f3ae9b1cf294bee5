/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements to boxes: one literal an element.  Equal tests are one atom, so that the same test asked for and against is a
 * contradiction without any theory.
 */
#include "symbolic/inside.h"

#include "base/engine.h"
#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/arn.h"
#include "pattern/overlap.h"
#include "pattern/template.h"

#include <stdlib.h>

uint32_t vd_var_of_key(vd_symbolic *s, vd_str key, bool *nomem)
{
    static const struct {
        vd_str  key;
        uint8_t view;
    } views[] = {
        { VD_L("aws:principalarn"), VD_VIEW_ARN },
        { VD_L("aws:principalaccount"), VD_VIEW_ACCOUNT },
        { VD_L("kms:calleraccount"), VD_VIEW_ACCOUNT },
        { VD_L("aws:username"), VD_VIEW_USER_NAME },
        { VD_L("aws:userid"), VD_VIEW_USER_ID },
    };
    uint32_t   id = vd_intern_find(&s->key_names, key);
    vd_key_var v = { .many = vd_key_arity(key) == VD_ARITY_MANY };
    char      *low;

    if (id != VD_NONE)
        return VD_VAR_KEYS + id;
    low = vd_arena_new_array(&s->arena, char, key.n + 1);
    if (!low || !vd_arena_dup(&s->arena, &v.spelled, key)) {
        *nomem = true;
        return VD_VAR_KEYS;
    }
    vd_lower_copy(low, key.p, key.n);
    v.key = (vd_str){ low, key.n };
    for (size_t i = 0; i < VD_COUNT(views); i++)
        if (vd_str_eq(v.key, views[i].key))
            v.view = views[i].view;
    if (!vd_intern_add(&s->key_names, &s->alloc, v.key, &id) || !VD_ARENA_PUSH(&s->arena, s->keys, s->key_count, s->key_cap, v))
        *nomem = true;
    return VD_VAR_KEYS + id;
}

uint32_t vd_atom_add(vd_symbolic *s, const vd_atom *atom, bool *nomem)
{
    uint32_t id = vd_intern_find(&s->names, atom->name);
    vd_atom  a = *atom;

    if (id != VD_NONE)
        return id;
    if (!vd_arena_dup(&s->arena, &a.name, atom->name) || !vd_intern_add(&s->names, &s->alloc, a.name, &id) ||
        !VD_ARENA_PUSH(&s->arena, s->atoms, s->atom_count, s->atom_cap, a)) {
        *nomem = true;
        return 0;
    }
    return id;
}

/* ------------------------------------------------------------------ names */

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

/* Values in order, each once: their order in the document says nothing. */
static void add_texts(vd_symbolic *s, vd_buf *name, const vd_texts *texts, bool *nomem)
{
    vd_str *sorted = vd_arena_new_array(&s->work, vd_str, texts->count ? texts->count : 1);

    if (!sorted) {
        *nomem = true;
        return;
    }
    for (uint32_t i = 0; i < texts->count; i++)
        sorted[i] = texts->at[i].text;
    if (texts->count > 1)
        qsort(sorted, texts->count, sizeof *sorted, by_text);
    for (uint32_t i = 0; i < texts->count; i++)
        if (i == 0 || !vd_str_eq(sorted[i], sorted[i - 1]))
            vd_buf_printf(name, "|%zu:" VD_F, sorted[i].n, VD_A(sorted[i]));
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

/* A literal of an atom whose name is in the buffer. */
static bool push(vd_symbolic *s, vd_box *box, vd_atom *atom, vd_buf *name, bool holds, bool *nomem)
{
    vd_literal l = { .holds = holds };

    atom->name = vd_buf_str(name);
    if (name->failed)
        *nomem = true;
    else
        l.atom = vd_atom_add(s, atom, nomem);
    vd_buf_done(name);
    if (!*nomem && !VD_ARENA_PUSH(&s->arena, box->literals, box->count, box->cap, l))
        *nomem = true;
    return !*nomem;
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
    push(s, box, &atom, &name, !list->negated, nomem);
}

/* A negated operator is the positive one, against; only where unparsable values have a say (typed ones) it is its own. */
static void add_entry(vd_symbolic *s, vd_box *box, const vd_entry *e, bool *nomem)
{
    vd_atom atom = { .kind = VD_ATOM_ENTRY, .policy = box->policy, .entry = e };
    vd_buf  name = vd_buf_on(&s->alloc, 0);

    atom.var = vd_var_of_key(s, e->key.text, nomem);
    atom.variables = e->op.op->variables && has_parts(box->policy, &e->values);
    vd_buf_printf(&name, "C%u.%d.%d.%d.%d", (unsigned)atom.var, (int)(e->op.op - vd_operators), e->op.quantifier,
                  e->op.if_exists, box->policy->language == VD_LANGUAGE_2012);
    add_texts(s, &name, &e->values, nomem);
    push(s, box, &atom, &name, true, nomem);
}

static void add_principal(vd_symbolic *s, vd_box *box, bool *nomem)
{
    const vd_principals *p = &box->statement->principal;
    vd_atom              atom = { .kind = VD_ATOM_PRINCIPAL, .var = VD_VAR_PRINCIPAL, .policy = box->policy, .who = p };
    vd_buf               name = vd_buf_on(&s->alloc, 0);

    if (!p->present)
        return;
    vd_buf_printf(&name, "P");
    for (uint32_t i = 0; i < p->count; i++)
        vd_buf_printf(&name, "|%d.%zu:" VD_F, p->at[i].type, p->at[i].text.text.n, VD_A(p->at[i].text.text));
    push(s, box, &atom, &name, !p->negated, nomem);
}

uint32_t vd_symbolic_statement(vd_symbolic *s, const vd_policy *policy, uint32_t index, bool *nomem)
{
    vd_box box = { .policy = policy, .statement = &policy->statements[index] };

    if (box.statement->malformed)
        return VD_NONE;
    add_principal(s, &box, nomem);
    add_resource(s, &box, nomem);
    for (uint32_t i = 0; i < box.statement->entry_count && !*nomem; i++)
        add_entry(s, &box, &box.statement->entries[i], nomem);
    vd_arena_reset(&s->work);
    if (*nomem || !VD_ARENA_PUSH(&s->arena, s->boxes, s->box_count, s->box_cap, box)) {
        *nomem = true;
        return VD_NONE;
    }
    return s->box_count - 1;
}

static uint32_t add_patterns(vd_symbolic *s, uint32_t var, uint32_t asker, const vd_str *patterns, uint32_t count, bool *nomem)
{
    vd_atom  atom = { .kind = VD_ATOM_TEXTS, .var = var, .asker = asker, .pattern_count = count };
    vd_buf   name = vd_buf_on(&s->alloc, 0);
    vd_str  *own = vd_arena_new_array(&s->arena, vd_str, count ? count : 1);
    uint32_t id = 0;

    vd_buf_printf(&name, "T%u.%u", (unsigned)var, (unsigned)asker);
    for (uint32_t i = 0; own && i < count; i++) {
        vd_buf_printf(&name, "|%zu:", patterns[i].n);
        vd_buf_add(&name, patterns[i]);
        if (!vd_arena_dup(&s->arena, &own[i], patterns[i]))
            own = NULL;
    }
    atom.patterns = own;
    atom.name = vd_buf_str(&name);
    if (!own || name.failed)
        *nomem = true;
    else
        id = vd_atom_add(s, &atom, nomem);
    vd_buf_done(&name);
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
    return add_patterns(s, VD_VAR_RESOURCE, 0, coded, n, nomem);
}

uint32_t vd_symbolic_principal(vd_symbolic *s, uint32_t who, const vd_str *patterns, uint32_t count, bool *nomem)
{
    return add_patterns(s, VD_VAR_PRINCIPAL, who, patterns, count, nomem);
}

bool vd_symbolic_reaches(const vd_symbolic *s, uint32_t statement, vd_str action)
{
    const vd_list *list = &s->boxes[statement].statement->action;
    bool           found = false;

    for (uint32_t i = 0; i < list->texts.count && !found; i++)
        found = vd_action_covers(list->texts.at[i].text, action);
    return list->present && found != list->negated;
}

/* ------------------------------------------------------------------ the whole */

vd_code vd_symbolic_new(vd_symbolic **out, const vd_engine *engine, const vd_symbolic_opts *opts, vd_error *err)
{
    vd_symbolic *s = vd_alloc0(&engine->alloc, sizeof *s);

    *out = s;
    if (!s)
        return vd_fail_nomem(err);
    s->alloc = engine->alloc;
    s->engine = vd_engine_retain((vd_engine *)(uintptr_t)engine);
    s->catalog = opts->catalog ? opts->catalog : vd_catalog_builtin();
    s->now = opts->now;
    s->budget = opts->budget ? opts->budget : 20000000;
    s->arena = vd_arena_on(&s->alloc, 0);
    s->work = vd_arena_on(&s->alloc, 0);
    s->scratch = vd_arena_on(&s->alloc, 0);
    s->names.seed = s->key_names.seed = engine->hash_seed;
    s->key_names.fold = true;
    return VD_OK;
}

void vd_symbolic_free(vd_symbolic *s)
{
    vd_allocator alloc;
    vd_engine   *engine;

    if (!s)
        return;
    alloc = s->alloc;
    engine = s->engine;
    vd_intern_done(&s->names, &alloc);
    vd_intern_done(&s->key_names, &alloc);
    vd_arena_done(&s->arena);
    vd_arena_done(&s->work);
    vd_arena_done(&s->scratch);
    vd_free(&alloc, s, sizeof *s);
    vd_engine_release(engine);
}
