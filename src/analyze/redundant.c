/* SPDX-License-Identifier: Apache-2.0
 *
 * What the documents of a set could do without: layer by layer, the documents of one layer and level together.
 */
#include "analyze/sides.h"
#include "base/error.h"
#include "base/str.h"
#include "symbolic/redundant.h"

#include <verdict/analyze.h>

static const uint64_t TOTAL = 200000000; /* units of all questions, when nobody said */

const char *vd_redundant_name(int32_t redundant)
{
    static const char *const names[VD_REDUNDANT_COUNT] = {
        [VD_REDUNDANT_UNSATISFIABLE] = "unsatisfiable", [VD_REDUNDANT_SHADOWED] = "shadowed",
        [VD_REDUNDANT_SUBSUMED] = "subsumed",           [VD_REDUNDANT_ENTRY] = "dead-entry",
        [VD_REDUNDANT_CONDITION] = "idle-condition",    [VD_REDUNDANT_IDLE_DENY] = "idle-deny",
    };

    return redundant >= 0 && redundant < VD_REDUNDANT_COUNT ? names[redundant] : "";
}

typedef struct telling {
    vd_prover         *p;
    const vd_set      *set;
    vd_side            side;
    vd_suspect        *suspects;
    uint32_t          *document; /* of the suspect */
    uint32_t           count, cap, document_cap;
    vd_redundant_fn   *tell;
    void              *user;
    bool               stopped;
} telling;

static vd_statement_info info_of(const telling *t, uint32_t suspect)
{
    vd_statement_info info = { .size = sizeof info };

    vd_set_statement(t->set, t->side.documents[t->document[suspect]].id, t->suspects[suspect].index, &info);
    return info;
}

/* The token of a part: its text and place. */
static void place(const telling *t, const vd_part *part, vd_redundant_part *out)
{
    const vd_policy    *policy = t->suspects[part->suspect].policy;
    const vd_statement *m = &policy->statements[t->suspects[part->suspect].index];
    const vd_text      *text = NULL;

    switch (part->element) {
    case VD_ELEMENT_ACTION:
        text = &m->action.texts.at[part->entry];
        break;
    case VD_ELEMENT_RESOURCE:
        text = &m->resource.texts.at[part->entry];
        break;
    case VD_ELEMENT_PRINCIPAL:
        text = &m->principal.at[part->entry].text;
        break;
    case VD_ELEMENT_CONDITION:
        text = part->value == VD_NONE ? &m->entries[part->entry].key : &m->entries[part->entry].values.at[part->value];
        break;
    default:
        break;
    }
    out->text = text ? text->text : VD_S("");
    out->at = text ? vd_policy_pos(policy, text->span) : out->statement.at;
}

static bool tell_one(void *user, const vd_redundancy *r)
{
    telling           *t = user;
    vd_statement_info *because = vd_arena_new_array(&t->p->scratch, vd_statement_info, (size_t)r->because_count + 1);
    vd_redundant_part  out = { .size = sizeof out, .redundant = r->kind, .statement = info_of(t, r->part.suspect),
                               .element = r->part.element, .entry = r->part.entry, .value = r->part.value,
                               .because = because, .because_count = r->because_count, .soft = r->soft };

    if (!because) {
        t->p->nomem = true;
        return false;
    }
    for (uint32_t i = 0; i < r->because_count; i++)
        because[i] = info_of(t, r->because[i]);
    place(t, &r->part, &out);
    t->stopped = !t->tell(t->user, &out);
    vd_arena_reset(&t->p->scratch);
    return !t->stopped;
}

static bool add_statements(telling *t, uint32_t document)
{
    const vd_policy *policy = t->side.documents[document].policy;

    for (uint32_t i = 0; i < policy->statement_count; i++) {
        uint32_t count = t->count;

        if (!VD_ARENA_PUSH(&t->p->arena, t->suspects, t->count, t->cap, (vd_suspect){ .policy = policy, .index = i }) ||
            !VD_ARENA_PUSH(&t->p->arena, t->document, count, t->document_cap, document))
            return false;
    }
    return true;
}

/* The documents from first on that are of its layer and level. */
static vd_code prove_group(telling *t, uint32_t first, bool *cut)
{
    const vd_document  *d = &t->side.documents[first];
    uint64_t            total = t->p->opts.budget_total ? t->p->opts.budget_total : TOTAL, spent = vd_symbolic_units(t->p->s);
    vd_redundancy_opts  o = { .budget = total > spent ? total - spent : 1, .idle_denies = true };
    vd_redundancy_count tally = { 0 };

    t->count = 0;
    for (uint32_t i = first; i < t->side.count; i++)
        if (t->side.documents[i].layer == d->layer && t->side.documents[i].level == d->level && !add_statements(t, i))
            return vd_prover_failed(t->p);
    if (t->count && !vd_redundancies(t->p->s, t->suspects, t->count, &o, &t->p->arena, tell_one, t, &tally))
        return vd_prover_failed(t->p);
    *cut |= tally.spent || tally.cut;
    return t->p->nomem ? vd_prover_failed(t->p) : VD_OK;
}

static bool is_first(const telling *t, uint32_t document)
{
    const vd_document *d = &t->side.documents[document];

    for (uint32_t i = 0; i < document; i++)
        if (t->side.documents[i].layer == d->layer && t->side.documents[i].level == d->level)
            return false;
    return true;
}

vd_code vd_redundant(const vd_set *set, const vd_redundant_opts *opts, vd_redundant_fn *tell, void *user, vd_error *err)
{
    vd_redundant_opts o = { .size = sizeof o };
    vd_prover         p;
    telling           t = { .p = &p, .set = set, .tell = tell, .user = user };
    bool              cut = false;
    vd_code           code;

    if (opts)
        memcpy(&o, opts, opts->size < sizeof o ? opts->size : sizeof o);
    code = vd_prover_open(&p, set, &o.prove, NULL, err);
    if (code == VD_OK)
        code = vd_sides_open(&p, &t.side, set, NULL, NULL);
    for (uint32_t i = 0; i < t.side.count && code == VD_OK && !t.stopped; i++)
        if (is_first(&t, i))
            code = prove_group(&t, i, &cut);
    vd_side_close(&p, &t.side);
    vd_prover_close(&p);
    if (code == VD_OK && cut)
        code = vd_fail(err, VD_EBUDGET, "no answer within the budget for some questions: there may be more that is redundant");
    return code;
}
