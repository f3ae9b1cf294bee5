/* SPDX-License-Identifier: Apache-2.0
 *
 * Stacks of documents: statements where they are attached, as boxes, and which of them an action reaches.
 */
#include "symbolic/formula_int.h"
#include "symbolic/inside.h"

#include "base/engine.h"
#include "base/str.h"
#include "catalog/facts.h"
#include "eval/set.h"

/* What was said of an action is of no use for another one, or when the stack is another. */
static void forget(vd_symbolic *s)
{
    vd_arena_reset(&s->said);
    s->said_epoch++;
}

bool vd_stack_new(vd_stack **out, vd_symbolic *s, vd_arena *arena, uint32_t assumed)
{
    *out = vd_arena_new(arena, vd_stack);
    if (*out) {
        (*out)->s = s;
        (*out)->arena = arena;
        (*out)->assumed = assumed;
    }
    return *out != NULL;
}

static bool add_level(vd_stack *stack, uint32_t level)
{
    uint32_t i = 0;

    while (i < stack->scp_count && stack->scp_levels[i] < level)
        i++;
    if (i < stack->scp_count && stack->scp_levels[i] == level)
        return true;
    if (!VD_ARENA_PUSH(stack->arena, stack->scp_levels, stack->scp_count, stack->scp_cap, level))
        return false;
    memmove(&stack->scp_levels[i + 1], &stack->scp_levels[i], (stack->scp_count - 1 - i) * sizeof level);
    stack->scp_levels[i] = level;
    return true;
}

static bool needs_principal(vd_layer layer)
{
    return layer == VD_LAYER_RESOURCE || layer == VD_LAYER_RCP || layer == VD_LAYER_ENDPOINT || layer == VD_LAYER_ACCESS_POINT;
}

/* Kinds of principals that an entry can be about, by its form alone. */
static uint32_t askers_of(const vd_principal_entry *e)
{
    enum {
        USERS = 1u << VD_ASKER_USER | 1u << VD_ASKER_CANONICAL | 1u << VD_ASKER_FEDERATED_USER,
        SIGNED = USERS | 1u << VD_ASKER_ROLE | 1u << VD_ASKER_ROOT,
        ALL = (1u << VD_ASKER_COUNT) - 1
    };
    vd_str text = e->text.text;

    switch ((vd_principal_type)e->type) {
    case VD_PRINCIPAL_SERVICE:
        return 1u << VD_ASKER_SERVICE;
    case VD_PRINCIPAL_FEDERATED:
        return 1u << VD_ASKER_WEB_IDENTITY | 1u << VD_ASKER_SAML;
    case VD_PRINCIPAL_CANONICAL_USER:
        return 1u << VD_ASKER_CANONICAL;
    case VD_PRINCIPAL_STAR:
        return ALL;
    default:
        break;
    }
    if (vd_str_eq(text, VD_S("*")))
        return ALL;
    if (vd_str_contains(text, VD_S(":role/")) || vd_str_contains(text, VD_S(":assumed-role/")) || vd_str_starts(text, VD_S("AROA")))
        return 1u << VD_ASKER_ROLE;
    return vd_str_contains(text, VD_S(":user/")) || vd_str_contains(text, VD_S(":federated-user/")) || vd_str_starts(text, VD_S("AIDA"))
               ? USERS
               : SIGNED;
}

static uint16_t statement_askers(const vd_statement *st)
{
    uint32_t askers = 0;

    if (!st->principal.present || st->principal.negated)
        return UINT16_MAX;
    for (uint32_t i = 0; i < st->principal.count; i++)
        askers |= askers_of(&st->principal.at[i]);
    return (uint16_t)askers;
}

/* What can never match is left out: malformed Allows, statements without the Principal that they need (E419), Allows of
 * RCPs (E708). */
static bool add_statement(vd_stack *stack, const vd_policy *policy, uint32_t index, vd_layer layer, uint32_t level)
{
    const vd_statement *st = &policy->statements[index];
    bool                nomem = false;
    vd_placed           p = { .policy = policy, .index = index, .level = level, .layer = (uint8_t)layer, .cut = VD_NONE,
                              .deny = st->effect == VD_EFFECT_DENY, .askers = statement_askers(st), .not_principal = st->principal.present && st->principal.negated };

    if (st->malformed) {
        if (p.deny && !stack->broken)
            stack->broken = policy;
        return true;
    }
    if ((needs_principal(layer) && !st->principal.present) || (layer == VD_LAYER_RCP && !p.deny))
        return true;
    p.box = vd_symbolic_statement(stack->s, policy, index, &nomem);
    if (nomem)
        return false;
    return p.box == VD_NONE || VD_ARENA_PUSH(stack->arena, stack->at, stack->count, stack->cap, p);
}

bool vd_stack_add(vd_stack *stack, const vd_policy *policy, vd_layer layer, uint32_t level)
{
    if (layer < 0 || layer >= VD_LAYER_COUNT)
        return true;
    stack->has[layer] = true;
    stack->action = (vd_str){ "", 0 };
    if (layer == VD_LAYER_SCP && !add_level(stack, level))
        return false;
    for (uint32_t i = 0; i < policy->statement_count; i++)
        if (!add_statement(stack, policy, i, layer, layer == VD_LAYER_SCP ? level : 0))
            return false;
    return true;
}

bool vd_stack_add_setting(vd_stack *stack, const vd_policy *policy, vd_setting setting, uint32_t who)
{
    uint32_t first = stack->count;

    if (!vd_stack_add(stack, policy, VD_LAYER_RESOURCE, 0))
        return false;
    for (uint32_t i = first; i < stack->count; i++) {
        stack->at[i].setting = (uint8_t)setting;
        stack->at[i].askers = (uint16_t)who;
    }
    return true;
}

void vd_stack_surround(vd_stack *stack, const vd_surroundings *what)
{
    forget(stack->s);
    stack->around = *what;
}

bool vd_stack_set(vd_stack *stack, const vd_set *set)
{
    static const vd_request none;
    vd_facts                f = { .request = &none, .kind = VD_WHO_USER };

    for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++) {
        uint32_t levels = vd_set_levels(set, &f, layer);

        for (uint32_t level = 0; level < levels; level++) {
            vd_bound b;

            vd_set_bound(&b, set, &f, layer, level);
            for (uint32_t i = 0; i < b.count; i++)
                if (!vd_stack_add(stack, vd_set_model(set, b.policies[i]), layer, level))
                    return false;
        }
    }
    return true;
}

void vd_stack_claim(vd_stack *stack, uint32_t layers, uint32_t assumed)
{
    forget(stack->s);
    for (vd_layer i = 0; i < VD_LAYER_COUNT; i++)
        stack->has[i] |= (layers >> i & 1u) != 0;
    stack->assumed = assumed;
}

uint32_t vd_stack_boxes(const vd_stack *stack, uint32_t *out, uint32_t most)
{
    for (uint32_t i = 0; i < stack->count && i < most; i++)
        out[i] = stack->at[i].box;
    return stack->count;
}

uint8_t vd_stack_special(const vd_stack *stack)
{
    static const vd_str owner[] = { VD_L("aws:Resource"), VD_L("s3:ResourceAccount") };
    uint8_t             special = VD_SPECIAL_CALLS;

    if (stack->has[VD_LAYER_SCP])
        special |= VD_SPECIAL_SCP;
    if (stack->has[VD_LAYER_RCP])
        special |= VD_SPECIAL_RCP;
    if (stack->has[VD_LAYER_RESOURCE] || stack->has[VD_LAYER_RCP] || stack->has[VD_LAYER_ENDPOINT] || stack->has[VD_LAYER_ACCESS_POINT])
        special |= VD_SPECIAL_SIGNED;
    for (uint32_t i = 0; i < stack->count; i++) {
        const vd_statement *st = &stack->at[i].policy->statements[stack->at[i].index];

        for (uint32_t k = 0; k < st->entry_count; k++)
            for (size_t n = 0; n < VD_COUNT(owner); n++)
                if (vd_str_istarts(st->entries[k].key.text, owner[n]))
                    special |= VD_SPECIAL_OWNER;
    }
    return special;
}

const vd_policy *vd_stack_broken(const vd_stack *stack)
{
    return stack->broken;
}

bool vd_stack_focus(vd_stack *stack, vd_str action, const uint64_t *reaches, uint32_t first)
{
    forget(stack->s);
    stack->live_count = 0;
    stack->action = (vd_str){ "", 0 };
    for (uint32_t i = 0; i < stack->count; i++)
        if ((reaches[(first + i) / 64] >> (first + i) % 64 & 1) &&
            !VD_ARENA_PUSH(stack->arena, stack->live, stack->live_count, stack->live_cap, i))
            return false;
    stack->action = action;
    return true;
}

bool vd_stack_focus_action(vd_stack *stack, vd_str action)
{
    if (stack->action.n && vd_str_eq(stack->action, action))
        return true;
    forget(stack->s);
    stack->live_count = 0;
    stack->action = (vd_str){ "", 0 };
    for (uint32_t i = 0; i < stack->count; i++)
        if (vd_symbolic_reaches(stack->s, stack->at[i].box, action) &&
            !VD_ARENA_PUSH(stack->arena, stack->live, stack->live_count, stack->live_cap, i))
            return false;
    stack->action = action;
    return true;
}

bool vd_stack_names_canonical(const vd_stack *stack)
{
    for (uint32_t i = 0; stack && i < stack->count; i++) {
        const vd_principals *p = &stack->at[i].policy->statements[stack->at[i].index].principal;

        for (uint32_t k = 0; k < p->count; k++)
            if (p->at[k].type == VD_PRINCIPAL_CANONICAL_USER)
                return true;
    }
    return false;
}
