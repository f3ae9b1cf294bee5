/* SPDX-License-Identifier: Apache-2.0
 *
 * One statement (E107): its members in a fixed order whatever their order in the text, so that equal faults read equal.
 *
 *   statement = { [Sid] Effect [Principal | NotPrincipal] (Action | NotAction) [Resource | NotResource] [Condition] }
 *   list      = string | [ string, ... ]
 */
#include "policy/read.h"

#include "base/str.h"

enum {
    SID,
    EFFECT,
    PRINCIPAL,
    NOT_PRINCIPAL,
    ACTION,
    NOT_ACTION,
    RESOURCE,
    NOT_RESOURCE,
    CONDITION,
    MEMBERS
};
static const vd_str members[MEMBERS] = {
    [SID] = VD_L("Sid"),
    [EFFECT] = VD_L("Effect"),
    [PRINCIPAL] = VD_L("Principal"),
    [NOT_PRINCIPAL] = VD_L("NotPrincipal"),
    [ACTION] = VD_L("Action"),
    [NOT_ACTION] = VD_L("NotAction"),
    [RESOURCE] = VD_L("Resource"),
    [NOT_RESOURCE] = VD_L("NotResource"),
    [CONDITION] = VD_L("Condition"),
};

static const vd_str effects[] = { [VD_EFFECT_ALLOW] = VD_L("Allow"), [VD_EFFECT_DENY] = VD_L("Deny") };

static vd_span start_of(vd_span whole)
{
    return (vd_span){ whole.offset, 1 };
}

static void read_effect(vd_policy_reader *r, vd_statement *st, uint32_t key)
{
    vd_text v;

    if (key == VD_NONE) {
        vd_policy_report(r, VD_RULE_MISSING_EFFECT, start_of(st->span), NULL, "the statement has no Effect");
        return;
    }
    st->effect_span = vd_policy_span(r, key + 1);
    if (r->doc->nodes[key + 1].kind != VD_NODE_STRING) {
        vd_policy_wrong_type(r, key + 1, VD_FAULT_DOCUMENT, "Effect", "a string");
        return;
    }
    if (!vd_policy_take_text(r, &v, key + 1))
        return;
    for (uint8_t e = 0; e < VD_COUNT(effects); e++)
        if (vd_str_eq(effects[e], v.text)) {
            st->effect = e;
            return;
        }
    vd_policy_report(r, VD_RULE_INVALID_EFFECT, v.span,
                     vd_policy_did_you_mean(r, v.text, effects, VD_COUNT(effects)),
                     "\"%s\" is not an effect; Allow or Deny (exact case)", vd_policy_show(r, v.text));
}

static void read_sid(vd_policy_reader *r, vd_statement *st, uint32_t key)
{
    if (key == VD_NONE)
        return;
    if (r->doc->nodes[key + 1].kind != VD_NODE_STRING) {
        vd_policy_wrong_type(r, key + 1, VD_FAULT_NONE, "Sid", "a string");
        return;
    }
    st->has_sid = vd_policy_take_text(r, &st->sid, key + 1);
}

static bool take_one(vd_policy_reader *r, vd_list *list, uint32_t node)
{
    vd_text *t = &list->texts.at[list->texts.count];

    if (!vd_policy_take_text(r, t, node))
        return false;
    list->texts.count++;
    return true;
}

static void report_empty(vd_policy_reader *r, const vd_list *list, size_t member)
{
    bool needed = member == ACTION || r->kind->resource == VD_PART_REQUIRED;

    if (member == ACTION)
        vd_policy_report(r, VD_RULE_EMPTY_ACTION, list->value, NULL,
                         list->negated ? "an empty NotAction excludes nothing"
                                       : "no action listed; the statement does nothing");
    else
        vd_policy_report_as(r, VD_RULE_EMPTY_RESOURCE, needed ? VD_ERROR : VD_SUGGESTION,
                            needed ? VD_FAULT_STATEMENT : VD_FAULT_NONE, list->value, NULL,
                            list->negated ? "an empty NotResource excludes nothing"
                                          : "no resource listed; the statement does nothing");
}

static void take_array(vd_policy_reader *r, vd_list *list, uint32_t node, size_t member, const char *name)
{
    uint32_t end = r->doc->nodes[node].next, wrong = 0;

    for (uint32_t c = node + 1; c < end; c = r->doc->nodes[c].next) {
        if (r->doc->nodes[c].kind == VD_NODE_STRING) {
            if (!take_one(r, list, c))
                return;
        } else if (r->doc->nodes[c].kind != VD_NODE_NULL || member != RESOURCE) {
            wrong++;
            vd_policy_wrong_type(r, c, VD_FAULT_STATEMENT, name, "a string or an array of strings");
        }
    }
    if (list->texts.count == 0 && wrong == 0)
        report_empty(r, list, member);
}

/* The array is as long as the value can need: what stands below its node. */
static bool make_texts(vd_policy_reader *r, vd_list *list, uint32_t node, const char *name)
{
    const vd_node *n = &r->doc->nodes[node];
    uint32_t       most = n->kind == VD_NODE_ARRAY ? n->next - node - 1 : 1;

    if (most > r->limits->values) {
        vd_policy_limit(r, list->value, "%s has %u entries, at most %u are read (limit values)", name,
                        (unsigned)most, (unsigned)r->limits->values);
        return false;
    }
    list->texts.at = vd_arena_new_array(&r->policy->arena, vd_text, most);
    list->texts.cap = most;
    if (!list->texts.at)
        vd_policy_nomem(r);
    return list->texts.at != NULL;
}

static void read_list(vd_policy_reader *r, vd_list *list, const uint32_t *at, size_t member,
                      size_t not_member)
{
    bool        negated = at[member] == VD_NONE;
    size_t      m = negated ? not_member : member;
    uint32_t    key = at[m];
    const char *name = members[m].p;

    if (key == VD_NONE)
        return;
    if (!negated && at[not_member] != VD_NONE)
        vd_policy_report(r, VD_RULE_ELEMENT_CONFLICT, vd_policy_span(r, at[not_member]), NULL,
                         "%s and %s exclude each other", members[member].p, members[not_member].p);
    list->present = true;
    list->negated = negated;
    list->key = vd_policy_span(r, key);
    list->value = vd_policy_span(r, key + 1);
    switch (r->doc->nodes[key + 1].kind) {
    case VD_NODE_STRING:
        if (make_texts(r, list, key + 1, name))
            take_one(r, list, key + 1);
        break;
    case VD_NODE_ARRAY:
        if (make_texts(r, list, key + 1, name))
            take_array(r, list, key + 1, member, name);
        break;
    default:
        vd_policy_wrong_type(r, key + 1, VD_FAULT_STATEMENT, name, "a string or an array of strings");
    }
}

/* E009: kinds without principals ignore the element, so nothing in it makes the statement malformed. */
static void read_principals(vd_policy_reader *r, vd_statement *st, const uint32_t *at)
{
    bool     negated = at[PRINCIPAL] == VD_NONE;
    uint32_t key = at[negated ? NOT_PRINCIPAL : PRINCIPAL];

    if (key == VD_NONE)
        return;
    st->principal.misplaced = r->kind->principal == VD_PART_FORBIDDEN;
    st->principal.present = !st->principal.misplaced;
    if (!negated && at[NOT_PRINCIPAL] != VD_NONE)
        vd_policy_report_as(r, VD_RULE_ELEMENT_CONFLICT, VD_ERROR,
                            st->principal.misplaced ? VD_FAULT_NONE : VD_FAULT_STATEMENT,
                            vd_policy_span(r, at[NOT_PRINCIPAL]), NULL,
                            "Principal and NotPrincipal exclude each other");
    vd_policy_read_principal(r, &st->principal, key, negated);
}

/* ---- what the kind of document asks for ---- */

static void check_action(vd_policy_reader *r, const vd_statement *st)
{
    const vd_list *list = &st->action;

    if (!list->present) {
        vd_policy_report(r, VD_RULE_MISSING_ACTION, start_of(st->span), NULL,
                         "the statement names no action");
        return;
    }
    if (list->negated && r->kind->no_not_action)
        vd_policy_report(
            r, r->policy->kind == VD_KIND_RCP ? VD_RULE_RCP_NOT_ACTION : VD_RULE_TRUST_NOT_ACTION, list->key,
            NULL,
            r->policy->kind == VD_KIND_RCP ? "an RCP lists what it denies; NotAction is refused"
                                           : "a trust policy names how the role is assumed; NotAction "
                                             "is refused");
    vd_policy_check_actions(r, st);
}

static void check_resource(vd_policy_reader *r, const vd_statement *st)
{
    const vd_list *list = &st->resource;

    if (!list->present) {
        if (r->kind->resource == VD_PART_REQUIRED)
            vd_policy_report(r, VD_RULE_MISSING_RESOURCE, start_of(st->span), NULL,
                             "the statement names no resource");
        return;
    }
    if (r->kind->resource == VD_PART_FORBIDDEN)
        vd_policy_report(r, VD_RULE_TRUST_RESOURCE, list->key, NULL,
                         "a trust policy is about its own role; remove %s",
                         list->negated ? "NotResource" : "Resource");
    vd_policy_check_resources(r, st);
}

static void check_rcp_principal(vd_policy_reader *r, const vd_statement *st)
{
    const vd_principals *p = &st->principal;

    if (!p->present)
        vd_policy_report(r, VD_RULE_RCP_PRINCIPAL, start_of(st->span), NULL,
                         "in an RCP Principal is exactly \"*\"");
    else if (p->negated || p->count != 1 || p->at[0].type != VD_PRINCIPAL_STAR)
        vd_policy_report(r, VD_RULE_RCP_PRINCIPAL, p->negated ? p->key : p->value, NULL,
                         "in an RCP Principal is exactly \"*\"");
}

static void check_principal(vd_policy_reader *r, const vd_statement *st)
{
    const vd_principals *p = &st->principal;
    const char          *element = p->negated ? "NotPrincipal" : "Principal";

    if (p->misplaced) {
        if (r->policy->kind == VD_KIND_SCP)
            vd_policy_report(r, VD_RULE_SCP_PRINCIPAL, p->key, NULL,
                             "an SCP has no principals; use aws:PrincipalArn in a condition");
        else
            vd_policy_report(r, VD_RULE_UNSUPPORTED_PRINCIPAL, p->key, NULL,
                             "%s applies to whoever it is attached to; remove %s", r->kind->label.p, element);
        return;
    }
    if (r->policy->kind == VD_KIND_RCP) {
        check_rcp_principal(r, st);
    } else if (!p->present) {
        if (r->kind->principal == VD_PART_REQUIRED)
            vd_policy_report(r, VD_RULE_MISSING_PRINCIPAL, start_of(st->span), NULL,
                             "a statement of %s needs a Principal; without one it matches nobody",
                             r->kind->label.p);
        return;
    } else if (p->negated && r->kind->not_principal == VD_PART_FORBIDDEN) {
        vd_policy_report(r, VD_RULE_TRUST_NOT_PRINCIPAL, p->key, NULL,
                         "a trust policy lists who may; NotPrincipal is refused");
    } else if (p->negated && st->effect == VD_EFFECT_ALLOW) {
        vd_policy_report(r, VD_RULE_ALLOW_NOT_PRINCIPAL, p->key, NULL,
                         "Allow with NotPrincipal is refused; it would allow everyone but those listed");
    } else if (p->negated) {
        vd_policy_report(
            r, VD_RULE_NOT_PRINCIPAL, p->key, NULL,
            "NotPrincipal is being phased out; use Principal \"*\" with ArnNotEquals aws:PrincipalArn");
    }
    vd_policy_check_principals(r, st);
}

static void check_statement(vd_policy_reader *r, const vd_statement *st)
{
    check_principal(r, st);
    check_action(r, st);
    check_resource(r, st);
    vd_policy_check_conditions(r, st);
    vd_policy_check_meaning(r, st);
    if (st->effect == VD_EFFECT_ALLOW && r->kind->no_allow)
        vd_policy_report(r, VD_RULE_RCP_ALLOW, st->effect_span, NULL, "an RCP can only deny");
}

void vd_policy_read_statement(vd_policy_reader *r, uint32_t node, uint32_t index)
{
    vd_statement *st = &r->policy->statements[index];
    uint32_t      at[MEMBERS];

    r->statement = st;
    st->index = index;
    st->span = vd_policy_span(r, node);
    st->fault = VD_S("");
    vd_policy_members(r, node, members, MEMBERS, "a policy element", at);
    read_effect(r, st, at[EFFECT]);
    read_sid(r, st, at[SID]);
    read_principals(r, st, at);
    read_list(r, &st->action, at, ACTION, NOT_ACTION);
    read_list(r, &st->resource, at, RESOURCE, NOT_RESOURCE);
    if (at[CONDITION] != VD_NONE)
        vd_policy_read_condition(r, st, at[CONDITION]);
    if (r->code == VD_OK)
        check_statement(r, st);
    r->statement = NULL;
}
