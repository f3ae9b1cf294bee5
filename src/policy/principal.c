/* SPDX-License-Identifier: Apache-2.0
 *
 * Principal and NotPrincipal (E113).
 *
 *   principal = "*" | { *( ("AWS" | "Service" | "Federated" | "CanonicalUser") : string | [ string, ... ] ) }
 */
#include "policy/read.h"

#include "base/str.h"

static const vd_str types[] = {
    [VD_PRINCIPAL_AWS] = VD_L("AWS"),
    [VD_PRINCIPAL_SERVICE] = VD_L("Service"),
    [VD_PRINCIPAL_FEDERATED] = VD_L("Federated"),
    [VD_PRINCIPAL_CANONICAL_USER] = VD_L("CanonicalUser"),
};

/* Faults in an element that is ignored do no harm. */
static vd_fault fault_of(const vd_principals *p)
{
    return p->misplaced ? VD_FAULT_NONE : VD_FAULT_STATEMENT;
}

static bool take_one(vd_policy_reader *r, vd_principals *out, uint8_t type, uint32_t node)
{
    vd_principal_entry *e = &out->at[out->count];

    if (!vd_policy_take_text(r, &e->text, node))
        return false;
    e->type = type;
    out->count++;
    return true;
}

static bool make_entries(vd_policy_reader *r, vd_principals *out, uint32_t node)
{
    uint32_t below = r->doc->nodes[node].next - node - 1, most = below ? below : 1;

    if (below > r->limits->values + 2 * VD_COUNT(types)) {
        vd_policy_limit(r, out->value, "too many principals, at most %u are read (limit values)",
                        (unsigned)r->limits->values);
        return false;
    }
    out->at = vd_arena_new_array(&r->policy->arena, vd_principal_entry, most);
    out->cap = most;
    if (!out->at)
        vd_policy_nomem(r);
    return out->at != NULL;
}

static void read_string(vd_policy_reader *r, vd_principals *out, uint32_t node)
{
    vd_str value = vd_policy_take(r, node);

    if (vd_str_eq(value, VD_S("*"))) {
        if (make_entries(r, out, node))
            take_one(r, out, VD_PRINCIPAL_STAR, node);
        return;
    }
    vd_policy_report_as(
        r, VD_RULE_PRINCIPAL_FORMAT, VD_ERROR, fault_of(out), out->value, NULL,
        "%s is \"*\" or an object with AWS, Service, Federated or CanonicalUser; found \"%s\"",
        out->negated ? "NotPrincipal" : "Principal", vd_policy_show(r, value));
}

/* False: something in it is not a string. */
static bool read_member(vd_policy_reader *r, vd_principals *out, uint8_t type, uint32_t node)
{
    const vd_node *n = &r->doc->nodes[node];

    bool good = true;

    if (n->kind == VD_NODE_STRING)
        return take_one(r, out, type, node);
    if (n->kind != VD_NODE_ARRAY) {
        vd_policy_wrong_type(r, node, fault_of(out), types[type].p, "a string or an array of strings");
        return false;
    }
    for (uint32_t c = node + 1; c < n->next && r->code == VD_OK; c = r->doc->nodes[c].next) {
        if (r->doc->nodes[c].kind == VD_NODE_STRING) {
            take_one(r, out, type, c);
            continue;
        }
        good = false;
        vd_policy_wrong_type(r, c, fault_of(out), types[type].p, "a string or an array of strings");
    }
    return good;
}

static void read_object(vd_policy_reader *r, vd_principals *out, uint32_t node)
{
    uint32_t end = r->doc->nodes[node].next;
    bool     faults = false;

    if (!make_entries(r, out, node))
        return;
    for (uint32_t key = node + 1; key < end && r->code == VD_OK; key = r->doc->nodes[key + 1].next) {
        vd_str  name = vd_policy_take(r, key);
        uint8_t type = 0;

        while (type < VD_COUNT(types) && !vd_str_eq(types[type], name))
            type++;
        if (type < VD_COUNT(types)) {
            faults |= !read_member(r, out, type, key + 1);
            continue;
        }
        faults = true;
        vd_policy_report_as(r, VD_RULE_PRINCIPAL_KEY, VD_ERROR, fault_of(out), vd_policy_span(r, key),
                            vd_policy_did_you_mean(r, name, types, VD_COUNT(types)),
                            "\"%s\" is not a kind of principal; AWS, Service, Federated, CanonicalUser",
                            vd_policy_show(r, name));
    }
    if (out->count == 0 && !faults)
        vd_policy_report(r, VD_RULE_EMPTY_PRINCIPAL, out->value, NULL, "no principal listed; %s",
                         out->negated ? "the exception is empty" : "the statement matches nobody");
}

void vd_policy_read_principal(vd_policy_reader *r, vd_principals *out, uint32_t key, bool negated)
{
    uint32_t node = key + 1;

    out->negated = negated;
    out->key = vd_policy_span(r, key);
    out->value = vd_policy_span(r, node);
    switch (r->doc->nodes[node].kind) {
    case VD_NODE_STRING:
        read_string(r, out, node);
        break;
    case VD_NODE_OBJECT:
        read_object(r, out, node);
        break;
    case VD_NODE_ARRAY:
        vd_policy_report_as(
            r, VD_RULE_PRINCIPAL_FORMAT, VD_ERROR, fault_of(out), out->value, NULL,
            "%s is \"*\" or an object with AWS, Service, Federated or CanonicalUser; found an array",
            negated ? "NotPrincipal" : "Principal");
        break;
    default:
        vd_policy_wrong_type(r, node, fault_of(out), negated ? "NotPrincipal" : "Principal",
                             "\"*\" or an object");
    }
}
