/* SPDX-License-Identifier: Apache-2.0
 *
 * What would turn a denial into an allow (E817, E818).  Candidates come from what the interpreter found, each is made on
 * a copy (a changed request, a patched text that is read again) and the copy is interpreted; what does not lead to an
 * allow is dropped, or becomes the ground for a second and third change.  Never Principal "*", never a Deny taken away.
 */
#include "explain/change.h"
#include "explain/edit.h"
#include "explain/story.h"
#include "explain/wish.h"

#include "base/engine.h"
#include "base/str.h"

enum {
    STEPS = 3,         /* changes in one proposal */
    TRIALS = 96,       /* copies that are interpreted */
    READINGS = 100000, /* statements read in all of them */
    BREADTH = 12,      /* candidates of one situation */
    SITUATIONS = 8,    /* kept for the next step */
    PROPOSALS = 6
};

/* The call after some changes. */
typedef struct situation {
    vd_call          call;
    const vd_option *options[STEPS];
    uint32_t         steps;
    bool             weakens;
} situation;

typedef struct advisor {
    vd_changer copies;
    vd_tracer  tracer;
    uint32_t   trials;
    situation  now[SITUATIONS], next[SITUATIONS];
    uint32_t   now_count, next_count;
    situation  found[PROPOSALS * 2];
    uint32_t   found_count;
    vd_option *options[BREADTH];
    uint32_t   option_count;
    bool       gentle; /* no more changes that weaken a guard-rail */
} advisor;

static void *get(advisor *a, size_t count, size_t size)
{
    return vd_changer_get(&a->copies, count, size);
}

static bool guards(vd_layer layer)
{
    return layer == VD_LAYER_SCP || layer == VD_LAYER_RCP || layer == VD_LAYER_ENDPOINT ||
           layer == VD_LAYER_BOUNDARY || layer == VD_LAYER_SESSION;
}

/* Policies that AWS maintains cannot be edited by anybody else. */
static bool is_editable(const vd_policy *p)
{
    return !vd_str_contains(vd_policy_name(p), VD_S(":iam::aws:policy/"));
}

/* ------------------------------------------------------------------ options */

static vd_option *add_option(advisor *a, int32_t kind)
{
    vd_option *o;

    if (a->option_count == BREADTH)
        return NULL;
    o = get(a, 1, sizeof *o);
    if (!o)
        return NULL;
    o->change.size = sizeof o->change;
    o->change.kind = kind;
    o->change.policy = UINT32_MAX;
    o->change.layer = VD_LAYER_NONE;
    a->options[a->option_count++] = o;
    return o;
}

static void offer_request(advisor *a, vd_check_result *c, const vd_entry *e, const vd_entry_result *r,
                          bool holds)
{
    vd_wish    wish;
    vd_option *o;

    if (!vd_wish_find(&wish, &a->tracer, &c->inquiry, e, r, holds))
        return;
    for (uint32_t i = 0; i < a->option_count; i++)
        if (vd_str_eq(a->options[i]->change.text, wish.text))
            return;
    o = add_option(a, VD_CHANGE_REQUEST);
    if (!o)
        return;
    o->key = wish.key;
    o->value = wish.value;
    o->change.text = wish.text;
}

/* span: where the edit goes, in the document as the user has it. */
static void offer_edit(advisor *a, const vd_statement_result *r, vd_span span, const vd_edit *edit,
                       vd_str words)
{
    const vd_policy *p = vd_changer_original(&a->copies, r->policy);
    vd_option       *o = add_option(a, VD_CHANGE_EDIT);

    if (!o)
        return;
    o->from = r->policy;
    o->kind = r->policy->kind;
    o->text = edit->text;
    o->level = r->level;
    o->weakens = guards(r->layer);
    o->change.text = words;
    o->change.policy = r->id;
    o->change.policy_name = p ? vd_policy_name(p) : (vd_str){ "", 0 };
    o->change.layer = r->layer;
    o->change.patch = edit->patch;
    if (p && r->statement->index < p->statement_count)
        o->change.at = vd_trace_pos(&a->tracer, p,
                                    p == r->policy ? span : p->statements[r->statement->index].span);
}

static bool open_editor(advisor *a, vd_editor *e, const vd_policy *p)
{
    bool ok;

    if (!is_editable(p))
        return false;
    ok = vd_editor_open(e, a->copies.arena, p);
    a->copies.nomem = a->copies.nomem || e->nomem;
    return ok;
}

/* Appends a value to a list of a statement: "Add X to Statement[i].<place> of <policy>". */
static void offer_append(advisor *a, const vd_statement_result *r, vd_span span, const vd_str *path,
                         uint32_t depth, vd_str value, vd_str place)
{
    vd_editor e;
    vd_edit   edit;
    vd_str    json;

    if (!vd_edit_quote(a->copies.arena, &json, value) || !open_editor(a, &e, r->policy) ||
        !vd_edit_append(&e, &edit, r->statement->index, path, depth, json))
        return;
    offer_edit(a, r, span, &edit,
               vd_trace_text(&a->tracer, "Add " VD_F " to Statement[%u]." VD_F " of " VD_F, VD_A(json),
                             r->statement->index, VD_A(place), VD_A(vd_policy_name(r->policy))));
}

/* ------------------------------------------------------------------ names of the principal */

static vd_str role_of(advisor *a, const vd_facts *f)
{
    if (f->role_arn.n)
        return f->role_arn;
    return vd_trace_text(&a->tracer, "arn:" VD_F ":iam::" VD_F ":role/" VD_F, VD_A(f->partition),
                         VD_A(f->account), VD_A(f->role_name));
}

/* The narrowest lasting name, and the member of Principal that it stands under; empty: none but "*". */
static vd_str principal_name(advisor *a, const vd_facts *f, vd_str *member)
{
    *member = VD_S("AWS");
    switch (f->kind) {
    case VD_WHO_ROOT:
    case VD_WHO_USER:
        return f->principal;
    case VD_WHO_ROLE_SESSION:
    case VD_WHO_SERVICE_LINKED:
        return role_of(a, f);
    case VD_WHO_FEDERATED_USER:
        return f->session_arn;
    case VD_WHO_SERVICE:
        *member = VD_S("Service");
        return f->principal;
    case VD_WHO_IDP:
        *member = VD_S("Federated");
        return f->principal;
    case VD_WHO_ANONYMOUS:
    case VD_WHO_COUNT:
        break;
    }
    return (vd_str){ "", 0 };
}

/* ------------------------------------------------------------------ a statement that is missing (E817.4) */

/* {"Effect":"Allow", ...} with exactly this action and resource. */
static bool write_statement(advisor *a, const vd_facts *f, vd_layer layer, vd_str *out)
{
    vd_str member, name = principal_name(a, f, &member), action, resource, principal = { "", 0 },
                   on = { "", 0 };

    if (vd_layer_has_principal(layer)) {
        if (!name.n || !vd_edit_quote(a->copies.arena, &name, name))
            return false;
        principal = vd_trace_text(&a->tracer, "\"Principal\":{\"" VD_F "\":" VD_F "},", VD_A(member),
                                  VD_A(name));
    }
    if (!vd_edit_quote(a->copies.arena, &action, f->action))
        return false;
    if (!vd_edit_quote(a->copies.arena, &resource,
                       f->class_of == VD_CLASS_KMS && layer == VD_LAYER_RESOURCE ? VD_S("*") : f->resource))
        return false;
    if (layer != VD_LAYER_RESOURCE || f->class_of != VD_CLASS_TRUST)
        on = vd_trace_text(&a->tracer, ",\"Resource\":" VD_F, VD_A(resource));
    *out = vd_trace_text(&a->tracer, "{\"Effect\":\"Allow\"," VD_F "\"Action\":" VD_F VD_F "}",
                         VD_A(principal), VD_A(action), VD_A(on));
    return out->n > 0 && !a->tracer.nomem;
}

static vd_str for_whom(advisor *a, const vd_facts *f, vd_layer layer)
{
    vd_str member, name = principal_name(a, f, &member);

    return vd_layer_has_principal(layer) ? vd_trace_text(&a->tracer, " for \"" VD_F "\"", VD_A(name))
                                         : (vd_str){ "", 0 };
}

static void offer_new_document(advisor *a, const vd_check_result *c, vd_layer layer, vd_str statement)
{
    static const struct {
        vd_kind     kind;
        const char *words;
    } documents[VD_LAYER_COUNT] = {
        [VD_LAYER_IDENTITY] = { VD_KIND_IDENTITY, "Attach an identity-based policy" },
        [VD_LAYER_SESSION] = { VD_KIND_SESSION, "Pass a session policy" },
        [VD_LAYER_RESOURCE] = { VD_KIND_RESOURCE, "Give the resource a policy" },
    };
    const vd_facts *f = &c->facts;
    vd_option      *o;
    bool            trust = layer == VD_LAYER_RESOURCE && f->class_of == VD_CLASS_TRUST;

    if (!documents[layer].words || !(o = add_option(a, VD_CHANGE_EDIT)))
        return;
    o->kind = trust ? VD_KIND_TRUST : documents[layer].kind;
    o->text = vd_trace_text(&a->tracer, "{\"Version\":\"2012-10-17\",\"Statement\":[" VD_F "]}",
                            VD_A(statement));
    o->change.layer = layer;
    o->change.text = vd_trace_text(&a->tracer, "%s that allows \"" VD_F "\" on \"" VD_F "\"" VD_F,
                                   trust ? "Give the role a trust policy" : documents[layer].words,
                                   VD_A(f->action), VD_A(f->resource), VD_A(for_whom(a, f, layer)));
    o->change.patch = vd_trace_text(&a->tracer, "[{\"op\":\"add\",\"path\":\"\",\"value\":" VD_F "}]",
                                    VD_A(o->text));
}

static void offer_statement(advisor *a, const vd_check_result *c, vd_layer layer, uint32_t level)
{
    const vd_world_layer *w = &c->inquiry.world->layer[layer];
    const vd_facts       *f = &c->facts;
    const vd_policy      *p;
    uint32_t              at = 0;
    vd_statement_result   place = { .layer = layer, .level = level };
    vd_str                statement;
    vd_editor             e;
    vd_edit               edit;

    if (!write_statement(a, f, layer, &statement))
        return;
    while (level < w->count && at < w->levels[level].count && !is_editable(w->levels[level].policies[at]))
        at++;
    if (level >= w->count || at == w->levels[level].count) {
        offer_new_document(a, c, layer, statement);
        return;
    }
    p = w->levels[level].policies[at];
    if (!p->statement_count || !open_editor(a, &e, p) || !vd_edit_add_statement(&e, &edit, statement))
        return;
    place.policy = p;
    place.id = w->levels[level].ids ? w->levels[level].ids[at] : at;
    place.statement = &p->statements[p->statement_count - 1];
    offer_edit(a, &place, place.statement->span, &edit,
               vd_trace_text(
                   &a->tracer, "Add a statement to " VD_F " that allows \"" VD_F "\" on \"" VD_F "\"" VD_F,
                   VD_A(vd_policy_name(p)), VD_A(f->action), VD_A(f->resource), VD_A(for_whom(a, f, layer))));
}

/* ------------------------------------------------------------------ a statement that nearly allows */

/* E817.3: one more value, or one value less of a negated list. */
static void offer_condition(advisor *a, const vd_statement_result *r, uint32_t at)
{
    const vd_entry        *entry = &r->statement->entries[at];
    const vd_entry_result *result = &r->entries[at];
    const vd_operator     *op = entry->op.op;
    vd_str    path[] = { VD_S("Condition"), entry->operator_name.text, entry->key.text }, place, quoted;
    vd_editor e;
    vd_edit   edit;
    bool      additive = op->test == VD_TEST_STRING || op->test == VD_TEST_STRING_FOLDED ||
                    op->test == VD_TEST_LIKE || op->test == VD_TEST_ARN || op->test == VD_TEST_IP ||
                    op->test == VD_TEST_NUMBER_EQ || op->test == VD_TEST_DATE_EQ;

    if (!additive || result->values.count != 1 || result->rule == VD_RULE_UNPARSABLE ||
        result->rule == VD_RULE_MULTIVALUED)
        return;
    place = vd_trace_text(&a->tracer, "Condition." VD_F "[\"" VD_F "\"]", VD_A(path[1]), VD_A(path[2]));
    if (!op->negated) {
        offer_append(a, r, entry->value, path, 3, result->values.at[0], place);
        return;
    }
    if (!vd_edit_quote(a->copies.arena, &quoted, result->values.at[0]) || !open_editor(a, &e, r->policy) ||
        !vd_edit_remove(&e, &edit, r->statement->index, path, 3, result->values.at[0]))
        return;
    offer_edit(a, r, entry->value, &edit,
               vd_trace_text(&a->tracer, "Remove " VD_F " from Statement[%u]." VD_F " of " VD_F, VD_A(quoted),
                             r->statement->index, VD_A(place), VD_A(vd_policy_name(r->policy))));
}

/* E817.1: statements of which only conditions fail. */
static void offer_requests(advisor *a, vd_check_result *c, const vd_finding *f)
{
    vd_level_result *l;

    if (f->layer == VD_LAYER_NONE || f->level >= c->layer[f->layer].level_count)
        return;
    l = &c->layer[f->layer].levels[f->level];
    for (uint32_t i = 0; i < l->count; i++) {
        vd_statement_result *r = &l->at[i];

        if (r->applied || r->malformed || r->statement->effect != VD_EFFECT_ALLOW || !r->principal ||
            !r->action || !r->resource || r->failing > STEPS)
            continue;
        for (uint32_t k = 0; k < r->statement->entry_count; k++)
            offer_request(a, c, &r->statement->entries[k], &r->entries[k], true);
    }
}

/* E817.2 and .3, for a statement that lacks one thing only. */
static void offer_near_miss(advisor *a, vd_check_result *c, const vd_statement_result *r)
{
    const vd_statement *s = r->statement;
    const vd_facts     *f = &c->facts;
    vd_str              member, name = principal_name(a, f, &member);
    vd_str              action = VD_S("Action"), resource = VD_S("Resource");
    vd_str              principal[] = { VD_S("Principal"), member };

    if (r->failing != 1) {
        for (uint32_t k = 0; r->principal && r->action && r->resource && k < s->entry_count; k++)
            if (!r->entries[k].holds && r->failing <= STEPS)
                offer_condition(a, r, k);
        return;
    }
    if (!r->action && !s->action.negated)
        offer_append(a, r, s->action.value, &action, 1, f->action, action);
    if (!r->resource && !s->resource.negated)
        offer_append(a, r, s->resource.value, &resource, 1, f->resource, resource);
    if (!r->principal && s->principal.present && !s->principal.negated && name.n)
        offer_append(a, r, s->principal.value, principal, 2, name,
                     vd_trace_text(&a->tracer, "Principal." VD_F, VD_A(member)));
    for (uint32_t k = 0; k < s->entry_count; k++)
        if (!r->entries[k].holds)
            offer_condition(a, r, k);
}

static void offer_for_silence(advisor *a, vd_check_result *c)
{
    const vd_finding *f = &c->implicit[0];
    bool              nothing_there = f->category == VD_CATEGORY_TRUST_MISSING ||
                         f->category == VD_CATEGORY_KEY_POLICY_MISSING;
    uint32_t alternatives = f->one_of && c->implicit_count > 1 ? 2 : 1;

    if (f->layer == VD_LAYER_NONE && !nothing_there)
        return;
    for (uint32_t i = 0; i < alternatives; i++)
        offer_requests(a, c, &c->implicit[i]);
    for (uint32_t i = 0; i < alternatives; i++) {
        const vd_statement_result *r = vd_trace_nearest(c, &c->implicit[i]);

        if (r)
            offer_near_miss(a, c, r);
    }
    offer_statement(a, c, nothing_there ? VD_LAYER_RESOURCE : f->layer, f->level);
}

/* ------------------------------------------------------------------ an explicit deny (E817.5) */

static vd_statement_result *denying(vd_check_result *c)
{
    vd_layer_result *l;

    if (c->decision.layer == VD_LAYER_NONE)
        return NULL;
    l = &c->layer[c->decision.layer];
    for (uint32_t i = 0; c->decision.level < l->level_count && i < l->levels[c->decision.level].count; i++) {
        vd_statement_result *r = &l->levels[c->decision.level].at[i];

        if (r->applied && r->id == c->decision.policy && r->statement->index == c->decision.statement)
            return r;
    }
    return NULL;
}

static void offer_exception(advisor *a, vd_check_result *c, const vd_statement_result *r)
{
    const vd_facts *f = &c->facts;
    bool            service = f->kind == VD_WHO_SERVICE;
    vd_str          path[] = { VD_S("Condition"), service ? VD_S("StringNotEquals") : VD_S("ArnNotEquals"),
                      service ? VD_S("aws:PrincipalServiceName") : VD_S("aws:PrincipalArn") };
             vd_values who = vd_context_values(&c->inquiry, path[2]);
    vd_editor       e;
    vd_edit         edit;
    vd_str          json;

    if (who.count != 1 || !vd_edit_quote(a->copies.arena, &json, who.at[0]) ||
        !open_editor(a, &e, r->policy) || !vd_edit_append(&e, &edit, r->statement->index, path, 3, json))
        return;
    offer_edit(
        a, r, r->statement->has_condition ? r->statement->condition : r->statement->span, &edit,
        vd_trace_text(
            &a->tracer, "Except " VD_F " from Statement[%u] of " VD_F " by Condition." VD_F "[\"" VD_F "\"]",
            VD_A(json), r->statement->index, VD_A(vd_policy_name(r->policy)), VD_A(path[1]), VD_A(path[2])));
}

static void offer_for_deny(advisor *a, vd_check_result *c)
{
    vd_statement_result *r = denying(c);

    if (!r)
        return;
    for (uint32_t k = 0; k < r->statement->entry_count; k++)
        offer_request(a, c, &r->statement->entries[k], &r->entries[k], false);
    offer_exception(a, c, r);
}

/* ------------------------------------------------------------------ search */

static const vd_check_result *decisive(const vd_call *call)
{
    return &call->checks[call->decisive];
}

static bool is_allow(const vd_call *call)
{
    const vd_check_result *c = decisive(call);

    return c->code == VD_OK && c->decision.outcome == VD_ALLOW;
}

/* Did the change get us anywhere? */
static bool moved(const vd_call *before, const vd_call *after)
{
    const vd_check_result *x = decisive(before), *y = decisive(after);

    if (y->code != VD_OK)
        return false;
    if (x->decision.outcome != y->decision.outcome || x->decision.layer != y->decision.layer ||
        x->decision.policy != y->decision.policy || x->decision.statement != y->decision.statement ||
        x->decision.level != y->decision.level || before->decisive != after->decisive)
        return true;
    if (x->implicit_count && y->implicit_count) {
        const vd_statement_result *p = vd_trace_nearest(x, &x->implicit[0]);
        const vd_statement_result *q = vd_trace_nearest(y, &y->implicit[0]);

        return p && q && q->failing < p->failing;
    }
    return false;
}

static bool same_changes(const situation *x, const situation *y)
{
    uint32_t same = 0;

    for (uint32_t i = 0; i < x->steps; i++)
        for (uint32_t j = 0; j < y->steps; j++)
            same += vd_str_eq(x->options[i]->change.text, y->options[j]->change.text);
    return x->steps == y->steps && same >= x->steps;
}

static void keep(advisor *a, const situation *s)
{
    if (is_allow(&s->call)) {
        for (uint32_t i = 0; i < a->found_count; i++)
            if (same_changes(&a->found[i], s))
                return;
        if (a->found_count < VD_COUNT(a->found))
            a->found[a->found_count++] = *s;
    } else if (a->next_count < SITUATIONS) {
        a->next[a->next_count++] = *s;
    }
}

static vd_code try_option(advisor *a, const situation *s, const vd_option *o)
{
    situation t = *s;
    bool      made;

    if (a->trials == 0)
        return VD_OK;
    a->trials--;
    made = vd_changer_apply(&a->copies, &t.call, o);
    if (a->copies.nomem)
        return VD_ENOMEM;
    if (!made)
        return VD_OK;
    VD_TRY(vd_call_interpret(&t.call));
    t.options[t.steps++] = o;
    t.weakens = t.weakens || o->weakens;
    if (is_allow(&t.call) || moved(&s->call, &t.call))
        keep(a, &t);
    return VD_OK;
}

static vd_code step(advisor *a, situation *s)
{
    vd_check_result *c = &s->call.checks[s->call.decisive];

    a->option_count = 0;
    if (c->code != VD_OK || c->decided_before)
        return VD_OK;
    if (c->decision.outcome == VD_EXPLICIT_DENY)
        offer_for_deny(a, c);
    else if (c->implicit_count)
        offer_for_silence(a, c);
    if (a->copies.nomem || a->tracer.nomem || c->inquiry.nomem)
        return VD_ENOMEM;
    for (uint32_t i = 0; i < a->option_count; i++)
        if (!a->gentle || !a->options[i]->weakens)
            VD_TRY(try_option(a, s, a->options[i]));
    return VD_OK;
}

/* Has something been found that leaves the guard-rails alone? */
static bool found_gentle(const advisor *a)
{
    for (uint32_t i = 0; i < a->found_count; i++)
        if (!a->found[i].weakens)
            return true;
    return false;
}

/* Smallest sets first.  When those weaken a guard-rail, larger ones that do not are looked for still (E818). */
static vd_code search(advisor *a, const vd_call *call)
{
    a->now[0] = (situation){ .call = *call };
    a->now_count = 1;
    for (uint32_t depth = 0; depth < STEPS && !found_gentle(a); depth++) {
        a->next_count = 0;
        a->gentle = a->found_count > 0;
        for (uint32_t i = 0; i < a->now_count; i++)
            if (!a->gentle || !a->now[i].weakens)
                VD_TRY(step(a, &a->now[i]));
        memcpy(a->now, a->next, a->next_count * sizeof *a->next);
        a->now_count = a->next_count;
    }
    return VD_OK;
}

/* A large set leaves fewer trials. */
static uint32_t trials_for(const vd_call *call)
{
    uint64_t statements = 1;

    for (uint32_t i = 0; i < call->count; i++)
        for (size_t layer = 0; layer < VD_LAYER_COUNT; layer++)
            for (uint32_t j = 0; j < call->checks[i].layer[layer].level_count; j++)
                statements += call->checks[i].layer[layer].levels[j].count;
    if (READINGS / statements >= TRIALS)
        return TRIALS;
    return READINGS / statements < 8 ? 8 : (uint32_t)(READINGS / statements);
}

/* ------------------------------------------------------------------ result */

static const vd_proposal *proposal_of(advisor *a, const situation *s)
{
    vd_proposal      *p = get(a, 1, sizeof *p);
    const vd_change **changes = get(a, s->steps, sizeof *changes);

    if (!p || !changes)
        return NULL;
    for (uint32_t i = 0; i < s->steps; i++)
        changes[i] = &s->options[i]->change;
    *p = (vd_proposal){
        .size = sizeof *p, .weakens_guardrail = s->weakens, .changes = changes, .change_count = s->steps
    };
    return p;
}

static vd_code report(advisor *a, vd_explained *out)
{
    const vd_proposal **list = get(a, PROPOSALS, sizeof *list);

    if (!list)
        return VD_ENOMEM;
    for (int weakening = 0; weakening < 2; weakening++) /* E818: those last */
        for (uint32_t i = 0; i < a->found_count && out->to_allow_count < PROPOSALS; i++)
            if (a->found[i].weakens == (weakening == 1))
                list[out->to_allow_count++] = proposal_of(a, &a->found[i]);
    out->to_allow = list;
    return a->copies.nomem ? VD_ENOMEM : VD_OK;
}

vd_code vd_advise(vd_explained *out, const vd_call *call)
{
    advisor *a = vd_arena_new(call->arena, advisor);
    vd_code  code;

    if (!a)
        return VD_ENOMEM;
    a->copies.engine = call->request->engine;
    a->copies.arena = call->arena;
    a->tracer.arena = call->arena;
    a->trials = trials_for(call);
    code = search(a, call);
    if (code == VD_OK)
        code = report(a, out);
    vd_changer_done(&a->copies);
    return code;
}
