/* SPDX-License-Identifier: Apache-2.0
 *
 * Condition (E114 to E117, E537).
 *
 *   condition = { *( operator : { *( key : value | [ value, ... ] ) } ) }
 *   value     = string | true | false | number
 */
#include "policy/read.h"

#include "base/engine.h"
#include "base/map.h"
#include "base/str.h"

#include <stdio.h>

static bool is_scalar(const vd_policy_reader *r, uint32_t node)
{
    uint8_t kind = r->doc->nodes[node].kind;

    return kind == VD_NODE_STRING || kind == VD_NODE_NUMBER || kind == VD_NODE_TRUE || kind == VD_NODE_FALSE;
}

static void take_value(vd_policy_reader *r, vd_entry *e, uint32_t node)
{
    if (!is_scalar(r, node))
        vd_policy_wrong_type(r, node, VD_FAULT_STATEMENT, "a condition value",
                             "a string, a number or a boolean");
    else if (vd_policy_take_text(r, &e->values.at[e->values.count], node))
        e->values.count++;
}

static void read_values(vd_policy_reader *r, vd_entry *e, uint32_t node)
{
    const vd_node *n = &r->doc->nodes[node];
    bool           array = n->kind == VD_NODE_ARRAY;
    uint32_t       most = array ? n->next - node - 1 : 1;

    e->value = vd_policy_span(r, node);
    if (most > r->limits->values) {
        vd_policy_limit(r, e->value, "a condition has %u values, at most %u are read (limit values)",
                        (unsigned)most, (unsigned)r->limits->values);
        return;
    }
    e->values.at = vd_arena_new_array(&r->policy->arena, vd_text, most);
    e->values.cap = most;
    if (!e->values.at) {
        vd_policy_nomem(r);
        return;
    }
    if (!array) {
        take_value(r, e, node);
        return;
    }
    for (uint32_t c = node + 1; c < n->next && r->code == VD_OK; c = r->doc->nodes[c].next)
        take_value(r, e, c);
}

/* E117 for few keys, without a table. */
static uint32_t same_key_among_few(const vd_entry *entries, uint32_t count, vd_str key)
{
    for (uint32_t i = 0; i < count; i++)
        if (vd_str_ieq(entries[i].key.text, key))
            return i;
    return VD_NONE;
}

static void report_same_key(vd_policy_reader *r, const vd_entry *e, vd_str first)
{
    if (vd_str_eq(first, e->key.text))
        return; /* E108, told by the reader of JSON */
    vd_policy_report(r, VD_RULE_DUPLICATE_KEY, e->key.span, NULL, "\"%s\" and \"%s\" are the same key",
                     vd_policy_show(r, first), vd_policy_show(r, e->key.text));
}

static void check_keys(vd_policy_reader *r, const vd_entry *entries, uint32_t count)
{
    const vd_allocator *a = &r->policy->engine->alloc;
    vd_intern           seen = { .seed = r->policy->engine->hash_seed, .fold = true };

    for (uint32_t i = 1; count <= 16 && i < count; i++) {
        uint32_t same = same_key_among_few(entries, i, entries[i].key.text);

        if (same != VD_NONE)
            report_same_key(r, &entries[i], entries[same].key.text);
    }
    for (uint32_t i = 0; count > 16 && i < count && r->code == VD_OK; i++) {
        uint32_t before = seen.strings.count, id;

        if (!vd_intern_add(&seen, a, entries[i].key.text, &id))
            vd_policy_nomem(r);
        else if (id < before)
            report_same_key(r, &entries[i], seen.strings.at[id]);
    }
    vd_intern_done(&seen, a);
}

static bool is_null_if_exists(vd_str name)
{
    static const vd_str prefixes[] = { VD_L("ForAllValues:"), VD_L("ForAnyValue:") };

    for (size_t i = 0; i < VD_COUNT(prefixes); i++)
        if (vd_str_istarts(name, prefixes[i])) {
            name = vd_str_from(name, prefixes[i].n);
            break;
        }
    return vd_str_ieq(name, VD_S("NullIfExists"));
}

/* Key first and operator second? */
static bool is_swapped(const vd_policy_reader *r, vd_str name, uint32_t map)
{
    vd_operator_use use;

    return vd_str_find(name, ':') < name.n && r->doc->nodes[map].next > map + 1 &&
           vd_operator_find(&use, vd_doc_text(r->doc, map + 1));
}

static void report_operator(vd_policy_reader *r, const vd_operator_use *use, vd_text name, uint32_t map)
{
    bool   empty = r->doc->nodes[map].next == map + 1;
    size_t close;
    char   hint[96] = "";

    if (use->op && use->canonical)
        return;
    if (is_null_if_exists(name.text)) {
        vd_policy_report(r, VD_RULE_NULL_IF_EXISTS, name.span, NULL,
                         "Null already asks whether the key exists; IfExists cannot be added");
        return;
    }
    if (use->op) {
        vd_policy_report_as(r, VD_RULE_CONDITION_OPERATOR, VD_ERROR, VD_FAULT_NONE, name.span, NULL,
                            "AWS refuses the operator \"%s\" in this case; write it like \"" VD_F "\"",
                            vd_policy_show(r, name.text), VD_A(use->op->name));
        return;
    }
    if (empty)
        return; /* E116: accepted, no effect */
    if (is_swapped(r, name.text, map)) {
        vd_policy_report(r, VD_RULE_CONDITION_SWAPPED, name.span, NULL,
                         "the operator comes first, then the key; found \"%s\"",
                         vd_policy_show(r, name.text));
        return;
    }
    close = name.text.n <= 64 && vd_policy_may_suggest(r) ? vd_operator_suggest(name.text)
                                                          : vd_operator_count;
    if (close < vd_operator_count)
        snprintf(hint, sizeof hint, "did you mean \"" VD_F "\"?", VD_A(vd_operators[close].name));
    vd_policy_report(r, VD_RULE_CONDITION_OPERATOR, name.span, hint, "no condition operator \"%s\"",
                     vd_policy_show(r, name.text));
}

static void read_operator(vd_policy_reader *r, vd_statement *st, uint32_t key)
{
    const vd_node  *map = &r->doc->nodes[key + 1];
    vd_operator_use use = { 0 };
    uint32_t        first = st->entry_count;
    vd_text         name;

    if (!vd_policy_take_text(r, &name, key))
        return;
    if (map->kind != VD_NODE_OBJECT) {
        vd_policy_wrong_type(r, key + 1, VD_FAULT_STATEMENT, "a condition operator",
                             "an object of context keys and values");
        return;
    }
    if (!vd_operator_find(&use, name.text))
        use = (vd_operator_use){ 0 };
    report_operator(r, &use, name, key + 1);
    if (map->next == key + 2)
        vd_policy_report(r, VD_RULE_EMPTY_CONDITION, vd_policy_span(r, key + 1), NULL,
                         "this condition block is empty and always true");
    for (uint32_t c = key + 2; c < map->next && r->code == VD_OK; c = r->doc->nodes[c + 1].next) {
        vd_entry *e = &st->entries[st->entry_count];

        e->op = use;
        e->operator_name = name;
        e->block = vd_policy_span(r, key + 1);
        if (!vd_policy_take_text(r, &e->key, c))
            return;
        st->entry_count++;
        read_values(r, e, c + 1);
    }
    check_keys(r, st->entries + first, st->entry_count - first);
}

/* Room for one entry a key, counted first. */
static bool make_entries(vd_policy_reader *r, vd_statement *st, uint32_t node)
{
    const vd_node *n = &r->doc->nodes[node];
    uint64_t       count = 0;

    for (uint32_t key = node + 1; key < n->next; key = r->doc->nodes[key + 1].next)
        if (r->doc->nodes[key + 1].kind == VD_NODE_OBJECT)
            count += vd_doc_length(r->doc, key + 1);
    if (count > r->limits->values) {
        vd_policy_limit(r, st->condition, "a Condition has %llu entries, at most %u are read (limit values)",
                        (unsigned long long)count, (unsigned)r->limits->values);
        return false;
    }
    st->entries = vd_arena_new_array(&r->policy->arena, vd_entry, (size_t)count);
    st->entry_cap = (uint32_t)count;
    if (!st->entries)
        vd_policy_nomem(r);
    return st->entries != NULL;
}

void vd_policy_read_condition(vd_policy_reader *r, vd_statement *st, uint32_t key)
{
    const vd_node *n = &r->doc->nodes[key + 1];

    st->has_condition = true;
    st->condition = vd_policy_span(r, key + 1);
    if (n->kind != VD_NODE_OBJECT) {
        vd_policy_wrong_type(r, key + 1, VD_FAULT_STATEMENT, "Condition", "an object of operators");
        return;
    }
    if (n->next == key + 2)
        vd_policy_report(r, VD_RULE_EMPTY_CONDITION, st->condition, NULL,
                         "this condition block is empty and always true");
    if (!make_entries(r, st, key + 1))
        return;
    for (uint32_t c = key + 2; c < n->next && r->code == VD_OK; c = r->doc->nodes[c + 1].next)
        read_operator(r, st, c);
}
