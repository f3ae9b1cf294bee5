/* SPDX-License-Identifier: Apache-2.0
 *
 * Layers, reasons, near miss, missing keys and notes of one check.  What a single statement tells is in describe.c,
 * sentences about layers are in remark.c.
 */
#include "explain/trace.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "explain/describe.h"
#include "explain/remark.h"

#include <stdarg.h>
#include <stdio.h>

vd_str vd_trace_text(vd_tracer *t, const char *format, ...)
{
    va_list args;
    vd_str  out = { "", 0 };
    int     n;
    char   *p;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    p = n < 0 ? NULL : vd_arena_alloc(t->arena, (size_t)n + 1, 1);
    if (!p) {
        t->nomem = true;
        return out;
    }
    va_start(args, format);
    vsnprintf(p, (size_t)n + 1, format, args);
    va_end(args);
    return (vd_str){ p, (size_t)n };
}

vd_pos vd_trace_pos(vd_tracer *t, const vd_policy *p, vd_span span)
{
    return vd_locator_pos(&t->locator, &p->source, span);
}

const char *vd_who_name(const vd_facts *f)
{
    static const char *const names[VD_WHO_COUNT] = {
        [VD_WHO_ROOT] = "the root user",
        [VD_WHO_USER] = "a user",
        [VD_WHO_ROLE_SESSION] = "a role session",
        [VD_WHO_SERVICE_LINKED] = "a session of a service-linked role",
        [VD_WHO_FEDERATED_USER] = "a federated user",
        [VD_WHO_SERVICE] = "a service principal",
        [VD_WHO_ANONYMOUS] = "an anonymous caller",
        [VD_WHO_IDP] = "a caller from an identity provider",
    };

    return names[f->kind];
}

/* ------------------------------------------------------------------ lists that grow */

typedef struct pointers {
    const void **at;
    uint32_t     count, cap;
} pointers;

static void push(vd_tracer *t, pointers *list, const void *p)
{
    if (!p || !VD_ARENA_PUSH(t->arena, list->at, list->count, list->cap, p))
        t->nomem = true;
}

typedef struct strings {
    vd_str  *at;
    uint32_t count, cap;
} strings;

static void push_string(vd_tracer *t, strings *list, vd_str s)
{
    if (!VD_ARENA_PUSH(t->arena, list->at, list->count, list->cap, s))
        t->nomem = true;
}


bool vd_trace_keys(vd_tracer *t, vd_intern *keys, const vd_str **at, size_t *count)
{
    vd_str *copy = keys->strings.count ? vd_arena_new_array(t->arena, vd_str, keys->strings.count) : NULL;
    bool    ok = copy || keys->strings.count == 0;

    if (copy)
        memcpy(copy, keys->strings.at, keys->strings.count * sizeof *copy);
    *at = copy;
    *count = copy ? keys->strings.count : 0;
    vd_intern_done(keys, &t->arena->alloc);
    return ok;
}

/* ------------------------------------------------------------------ layers */

static int32_t result_of(const vd_check_result *c, vd_layer layer, uint32_t level)
{
    const vd_layer_result *l = &c->layer[layer];
    const vd_level_result *v = &l->levels[level];
    bool                   root = layer == VD_LAYER_IDENTITY && c->identity_full;

    if (c->code == VD_EMALFORMED && c->decision.layer == layer && c->decision.level == level)
        return VD_LAYER_BROKEN;
    if (v->denies)
        return VD_LAYER_DENIES;
    if (root)
        return VD_LAYER_FULL;
    return v->allows || layer == VD_LAYER_RCP ? VD_LAYER_ALLOWS : VD_LAYER_SILENT;
}

static vd_layer_trace *trace_layer(vd_tracer *t, vd_check_result *c, vd_layer layer, uint32_t level)
{
    vd_layer_result *l = &c->layer[layer];
    vd_layer_trace  *out = vd_arena_new(t->arena, vd_layer_trace);
    pointers         list = { 0 };

    if (!out)
        return NULL;
    out->size = sizeof *out;
    out->layer = layer;
    out->level = level;
    out->needed = c->needed[layer];
    if (!l->consulted) {
        out->result = layer == VD_LAYER_IDENTITY && c->identity_full ? VD_LAYER_FULL
                      : l->supplied                                  ? VD_LAYER_IGNORED
                                                                     : VD_LAYER_NOT_SUPPLIED;
    } else {
        out->target = l->levels[level].target;
        out->result = result_of(c, layer, level);
        for (uint32_t i = 0; i < l->levels[level].count; i++)
            push(t, &list, vd_describe_statement(t, c, &l->levels[level].at[i]));
    }
    out->remark = vd_layer_remark(t, c, out);
    out->statements = (const vd_statement_trace *const *)list.at;
    out->statement_count = list.count;
    return out;
}

static void trace_layers(vd_tracer *t, vd_check_result *c, vd_check_trace *out)
{
    pointers list = { 0 };

    for (size_t i = 0; i < VD_LAYER_COUNT; i++) {
        vd_layer layer = vd_layer_order[i];
        uint32_t levels = c->layer[layer].level_count;

        for (uint32_t j = 0; j < levels || j == 0; j++)
            push(t, &list, trace_layer(t, c, layer, j));
    }
    out->layers = (const vd_layer_trace *const *)list.at;
    out->layer_count = list.count;
}

/* ------------------------------------------------------------------ reasons */

static vd_str level_target(const vd_check_result *c, vd_layer layer, uint32_t level)
{
    if (layer == VD_LAYER_NONE || level >= c->layer[layer].level_count)
        return (vd_str){ "", 0 };
    return c->layer[layer].levels[level].target;
}

static void denial_text(char *out, size_t size, vd_check_result *c, const vd_decision *d)
{
    if (d->category == VD_CATEGORY_S3_BLOCK_PUBLIC_ACCESS &&
        vd_facts_public_acl_refused(&c->facts, vd_context_lookup,
                                    &c->inquiry)) /* E804: the decision alone cannot tell */
        snprintf(
            out, size,
            "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access");
    else
        vd_decision_reason(out, size, d, c->facts.action);
}

static void add_reason(vd_tracer *t, vd_check_result *c, pointers *list, const vd_finding *f)
{
    vd_reason  *r = vd_arena_new(t->arena, vd_reason);
    vd_decision d = { .size = sizeof d, .outcome = f->outcome, .layer = f->layer, .category = f->category };
    char        text[512];

    if (!r) {
        t->nomem = true;
        return;
    }
    d.trust = f->layer == VD_LAYER_RESOURCE && c->facts.class_of == VD_CLASS_TRUST;
    if (f->outcome == VD_ALLOW)
        vd_remark_allow(text, sizeof text, c, f);
    else
        denial_text(text, sizeof text, c, &d);
    *r = (vd_reason){ .size = sizeof *r,
                      .outcome = f->outcome,
                      .layer = f->layer,
                      .level = f->level,
                      .target = level_target(c, f->layer, f->level),
                      .category = f->category,
                      .text = vd_trace_text(t, "%s", text),
                      .one_of = f->one_of };
    if (f->statement)
        r->statement = vd_describe_statement(t, c, f->statement);
    push(t, list, r);
}

/* Applying statements of one effect, layer by layer in the order of E810. */
static void add_statements(vd_tracer *t, vd_check_result *c, pointers *list, vd_layer layer, uint8_t effect,
                           bool first)
{
    const vd_layer_result *l = &c->layer[layer];

    for (uint32_t i = 0; i < l->level_count; i++)
        for (uint32_t j = 0; j < l->levels[i].count; j++) {
            vd_statement_result *r = &l->levels[i].at[j];
            vd_finding           f = { .outcome = effect == VD_EFFECT_DENY ? VD_EXPLICIT_DENY : VD_ALLOW,
                                       .layer = layer,
                                       .level = i,
                                       .statement = r };

            if (!r->applied || r->statement->effect != effect)
                continue;
            add_reason(t, c, list, &f);
            if (first)
                break;
        }
}

static void add_denial(vd_tracer *t, vd_check_result *c, pointers *list)
{
    for (size_t i = 0; i < VD_LAYER_COUNT; i++)
        if (vd_layer_order[i] != VD_LAYER_RESOURCE || !vd_facts_bucket_denies_ignored(&c->facts))
            add_statements(t, c, list, vd_layer_order[i], VD_EFFECT_DENY, false);
    for (uint32_t i = 0; i < c->implicit_count; i++)
        add_reason(t, c, list, &c->implicit[i]);
}

/* The statement of the resource layer that is reported. */
static vd_statement_result *granting(const vd_check_result *c)
{
    const vd_layer_result *l = &c->layer[VD_LAYER_RESOURCE];

    for (uint32_t j = 0; c->decision.layer == VD_LAYER_RESOURCE && l->level_count && j < l->levels[0].count;
         j++)
        if (l->levels[0].at[j].id == c->decision.policy &&
            l->levels[0].at[j].statement->index == c->decision.statement)
            return &l->levels[0].at[j];
    return NULL;
}

/* E815: every statement that was needed. */
static void add_allowance(vd_tracer *t, vd_check_result *c, pointers *list)
{
    for (size_t i = 0; i < VD_LAYER_COUNT; i++) {
        vd_layer   layer = vd_layer_order[i];
        vd_finding f = { .outcome = VD_ALLOW, .layer = layer };

        if (!c->needed[layer])
            continue;
        if (layer == VD_LAYER_RESOURCE)
            f.statement = granting(c);
        if (layer == VD_LAYER_RESOURCE || (layer == VD_LAYER_IDENTITY && c->identity_full))
            add_reason(t, c, list, &f);
        else
            add_statements(t, c, list, layer, VD_EFFECT_ALLOW, true);
    }
}

static void trace_reasons(vd_tracer *t, vd_check_result *c, vd_check_trace *out)
{
    pointers   list = { 0 };
    vd_finding only = { .outcome = c->decision.outcome,
                        .layer = c->decision.layer,
                        .level = c->decision.level,
                        .category = c->decision.category };

    if (c->decided_before || c->code != VD_OK)
        add_reason(t, c, &list, &only);
    else if (c->decision.outcome == VD_ALLOW)
        add_allowance(t, c, &list);
    else
        add_denial(t, c, &list);
    out->reasons = (const vd_reason *const *)list.at;
    out->reason_count = list.count;
}

/* ------------------------------------------------------------------ near miss (E816) */

/* Positive when a is nearer than b; equal ones keep their order. */
static bool is_nearer(const vd_statement_result *a, const vd_statement_result *b)
{
    if (a->failing != b->failing)
        return a->failing < b->failing;
    if (a->action != b->action)
        return a->action;
    if (a->resource != b->resource)
        return a->resource;
    return a->principal && !b->principal;
}

vd_statement_result *vd_trace_nearest(const vd_check_result *c, const vd_finding *f)
{
    vd_statement_result   *best = NULL;
    const vd_level_result *l;

    if (f->layer == VD_LAYER_NONE || f->level >= c->layer[f->layer].level_count)
        return NULL;
    l = &c->layer[f->layer].levels[f->level];
    for (uint32_t i = 0; i < l->count; i++) {
        vd_statement_result *r = &l->at[i];

        if (!r->applied && !r->malformed && r->statement->effect == VD_EFFECT_ALLOW &&
            (!best || is_nearer(r, best)))
            best = r;
    }
    return best;
}

static vd_statement_result *near_miss(const vd_check_result *c)
{
    vd_statement_result *best = NULL;

    for (uint32_t i = 0; i < c->implicit_count; i++) {
        vd_statement_result *r = vd_trace_nearest(c, &c->implicit[i]);

        if (r && (!best || is_nearer(r, best)))
            best = r;
    }
    return best;
}

/* ------------------------------------------------------------------ missing keys (E819) */

typedef struct gathering {
    vd_tracer *t;
    vd_intern *keys;
    bool       deny;
    bool       variables; /* absent keys of variables too */
} gathering;

/* Would some value of an absent key turn an entry that fails? */
static bool could_hold(const gathering *g, const vd_entry *e, const vd_entry_result *r)
{
    if (r->rule == VD_RULE_UNRESOLVED)
        return g->variables && r->variable.n > 0;
    if (r->values.count)
        return false;
    return e->values.count > 0 || e->op.op->negated;
}

static void push_key(const gathering *g, vd_str key)
{
    uint32_t id;

    g->t->nomem |= !vd_intern_add(g->keys, &g->t->arena->alloc, key, &id);
}

static void missing_of(const gathering *g, const vd_statement_result *r)
{
    const vd_statement *s = r->statement;

    if (r->malformed || !r->principal || !r->action || !r->resource || (g->deny && !r->applied))
        return;
    for (uint32_t i = 0; i < s->entry_count; i++)
        if (!g->deny && !r->entries[i].holds && !could_hold(g, &s->entries[i], &r->entries[i]))
            return; /* it fails for another reason */
    for (uint32_t i = 0; i < s->entry_count; i++) {
        const vd_entry_result *e = &r->entries[i];

        if (e->holds != g->deny)
            continue;
        if (!e->values.count)
            push_key(g, s->entries[i].key.text);
        if (g->variables && e->rule == VD_RULE_UNRESOLVED && e->variable.n)
            push_key(g, e->variable);
    }
}

static void missing_in(const gathering *g, const vd_check_result *c, vd_layer layer, uint32_t level)
{
    const vd_level_result *l;

    if (layer == VD_LAYER_NONE || level >= c->layer[layer].level_count)
        return;
    l = &c->layer[layer].levels[level];
    for (uint32_t i = 0; i < l->count; i++)
        if ((l->at[i].statement->effect == VD_EFFECT_DENY) == g->deny)
            missing_of(g, &l->at[i]);
}

/* The explanation names the keys of all reasons; the decision, as that of the tree, those of the primary one. */
static void trace_missing(vd_tracer *t, vd_check_result *c, vd_check_trace *out)
{
    vd_intern all = { .seed = t->seed, .fold = true }, primary = all;
    bool      deny = c->decision.outcome == VD_EXPLICIT_DENY;
    gathering g = { .t = t, .keys = &primary, .deny = deny };

    c->decision.missing_count = 0;
    if (c->code != VD_OK || c->decision.outcome == VD_ALLOW)
        return;
    missing_in(&g, c, c->decision.layer, c->decision.level);
    for (uint32_t i = 0; i < primary.strings.count && i < VD_COUNT(c->decision.missing); i++)
        c->decision.missing[c->decision.missing_count++] = primary.strings.at[i];
    vd_intern_done(&primary, &t->arena->alloc);
    g.keys = &all;
    g.variables = true;
    if (deny)
        missing_in(&g, c, c->decision.layer, c->decision.level);
    for (uint32_t i = 0; i < c->implicit_count && !deny; i++)
        missing_in(&g, c, c->implicit[i].layer, c->implicit[i].level);
    t->nomem |= !vd_trace_keys(t, &all, &out->missing_keys, &out->missing_key_count);
}

/* ------------------------------------------------------------------ notes (E812) */

static void note_statements(vd_tracer *t, const vd_check_result *c, strings *notes)
{
    bool orphaned = false, malformed = false;

    for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++)
        for (uint32_t i = 0; i < c->layer[layer].level_count; i++)
            for (uint32_t j = 0; j < c->layer[layer].levels[i].count; j++) {
                const vd_statement_result *r = &c->layer[layer].levels[i].at[j];

                if (r->malformed && !malformed && r->statement->effect == VD_EFFECT_ALLOW) {
                    malformed = true;
                    push_string(
                        t, notes,
                        vd_trace_text(t, "malformed-statement: Statement[%u] of " VD_F " is ignored: " VD_F,
                                      r->statement->index, VD_A(vd_policy_name(r->policy)),
                                      VD_A(r->statement->fault)));
                }
                for (uint32_t k = 0; k < r->statement->principal.count; k++)
                    orphaned = orphaned || (r->statement->principal.at[k].type == VD_PRINCIPAL_AWS &&
                                            vd_is_unique_id(r->statement->principal.at[k].text.text));
            }
    if (orphaned && !c->facts.unique_id.n)
        push_string(t, notes,
                    VD_S("orphaned-principal: a policy names a unique id, and the request does not tell the "
                         "id of the principal"));
}

static void note_contradictions(vd_tracer *t, vd_check_result *c, strings *notes)
{
    const vd_request *r = c->facts.request;

    for (uint32_t i = 0; i < r->context.count; i++) {
        const vd_context *x = &r->context.at[i];
        vd_derive d = x->key.n && x->count == 1 && !x->absent ? vd_derive_find(x->key) : VD_DERIVE_NONE;
        vd_str    value;
        char      text[VD_DERIVE_TEXT];

        if (d == VD_DERIVE_NONE || (x->check != VD_SHARED_CHECK && x->check != c->facts.check))
            continue;
        if (!vd_derive_source(d).n && d != VD_DERIVE_RESOURCE_TAG &&
            vd_derive_value(&value, text, &c->facts, d, NULL, 0) && !vd_str_eq(value, r->values.at[x->first]))
            push_string(t, notes,
                        vd_trace_text(t,
                                      "context-contradiction: " VD_F " is given as \"" VD_F
                                      "\", the rest of the request says \"" VD_F "\"",
                                      VD_A(x->key), VD_A(r->values.at[x->first]), VD_A(value)));
    }
}

static void note_layers(vd_tracer *t, const vd_check_result *c, strings *notes)
{
    for (size_t i = 0; i < VD_LAYER_COUNT && !c->decided_before; i++) {
        vd_layer    layer = vd_layer_order[i];
        const char *name = "layer-ignored";

        if (!c->layer[layer].supplied || c->layer[layer].consulted)
            continue;
        if (layer == VD_LAYER_SCP)
            name = "scp-not-applied";
        else if (layer == VD_LAYER_RCP && vd_facts_layer_applies(&c->facts, layer))
            name = "rcp-not-supported";
        push_string(t, notes,
                    vd_trace_text(t, "%s: %s: " VD_F, name, vd_layer_name(layer),
                                  VD_A(vd_layer_ignored_because(t, c, layer))));
    }
}

static void trace_notes(vd_tracer *t, vd_check_result *c, vd_check_trace *out)
{
    const vd_facts *f = &c->facts;
    strings         notes = { 0 };

    if (f->notes & VD_NOTE_ASSUMED_RESOURCE_ACCOUNT)
        push_string(
            t, &notes,
            vd_trace_text(t,
                          "assumed-resource-account: the account of the resource is not given; taken to be "
                          "that of the principal, " VD_F,
                          VD_A(f->resource_account)));
    if (f->notes & VD_NOTE_ASSUMED_ROLE_PATH)
        push_string(t, &notes,
                    vd_trace_text(
                        t, "assumed-role-path: the path of role \"" VD_F "\" is not given; taken to be none",
                        VD_A(f->role_name)));
    if (f->resource_is_arn && vd_str_ieq(f->action, VD_S("iam:PassRole"))) /* E771 */
        push_string(t, &notes,
                    VD_S("related-check: the trust policy of the role is asked when the service assumes it"));
    note_layers(t, c, &notes);
    note_statements(t, c, &notes);
    note_contradictions(t, c, &notes);
    if (out->missing_key_count)
        push_string(
            t, &notes,
            VD_S("missing-key: with keys that the request does not carry the answer could be another"));
    out->notes = notes.at;
    out->note_count = notes.count;
}

/* ------------------------------------------------------------------ one check */

vd_check_trace *vd_trace_check(vd_tracer *t, vd_check_result *c, bool layers)
{
    vd_check_trace      *out = vd_arena_new(t->arena, vd_check_trace);
    vd_statement_result *near;

    if (!out) {
        t->nomem = true;
        return NULL;
    }
    out->size = sizeof *out;
    trace_reasons(t, c, out);
    trace_missing(t, c, out);
    if (!c->facts.request) { /* refused: there are no facts to tell of */
        out->decision = c->decision;
        return out;
    }
    out->action = c->facts.action;
    out->resource = c->facts.resource;
    out->resource_account = c->facts.resource_account;
    out->principal = c->facts.principal;
    out->principal_kind = vd_principal_kind_names[c->facts.kind];
    out->same_account = c->facts.same_account;
    out->decision = c->decision;
    if (!layers)
        return out;
    trace_layers(t, c, out);
    trace_notes(t, c, out);
    near = c->decision.outcome == VD_IMPLICIT_DENY && c->code == VD_OK ? near_miss(c) : NULL;
    if (near)
        out->near_miss = vd_describe_statement(t, c, near);
    return out;
}
