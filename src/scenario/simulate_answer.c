/* SPDX-License-Identifier: Apache-2.0
 *
 * The answer of the policy simulator of AWS, piece by piece, out of our explanation.  Sources: IAM API Reference,
 * EvaluationResult, ResourceSpecificResult, Statement; the example in the AWS CLI reference for positions.
 */
#include "scenario/simulate.h"

#include "base/str.h"

static const char *decision_word(int32_t outcome)
{
    return outcome == VD_ALLOW ? "allowed" : outcome == VD_EXPLICIT_DENY ? "explicitDeny" : "implicitDeny";
}

static const char *layer_word(const vd_layer_trace *l)
{
    return l->result == VD_LAYER_ALLOWS || l->result == VD_LAYER_FULL ? "allowed"
           : l->result == VD_LAYER_DENIES                             ? "explicitDeny"
                                                                      : "implicitDeny";
}

static vd_json *word(const char *text)
{
    return vd_json_string(vd_str_of(text));
}

/* The positions of AWS stand behind the brace: the example of the CLI reference has {"Version":"2012-10-17",
 * "Statement":{...}} start at column 38, where the brace is the 37th character. */
static vd_json *position(const vd_source *s, uint32_t offset)
{
    vd_pos   at = vd_source_pos(s, (vd_span){ offset, 0 });
    vd_json *o = vd_json_object();

    vd_json_set(o, "Line", vd_json_int(at.line));
    vd_json_set(o, "Column", vd_json_int(at.column));
    return o;
}

static vd_json *matched(const vd_set *set, const vd_statement_trace *st)
{
    static const vd_str types[VD_LAYER_COUNT] = { [VD_LAYER_IDENTITY] = VD_L("IAM Policy"),
                                                  [VD_LAYER_BOUNDARY] = VD_L("Permissions Boundary Policy"),
                                                  [VD_LAYER_RESOURCE] = VD_L("Resource Policy") };
    const vd_policy    *p = vd_set_model(set, st->policy);
    vd_json            *o = vd_json_object();

    vd_json_set(o, "SourcePolicyId", vd_json_string(st->policy_name));
    vd_json_set(o, "SourcePolicyType", vd_json_string(types[st->layer]));
    if (p && st->index < p->statement_count) {
        vd_span span = p->statements[st->index].span;

        vd_json_set(o, "StartPosition", position(&p->source, span.offset + 1));
        vd_json_set(o, "EndPosition", position(&p->source, span.offset + span.length));
    }
    return o;
}

/* The statements that make the result: those that deny, or else those that allow. */
static vd_json *matched_list(const vd_set *set, const vd_check_trace *check)
{
    vd_json *list = vd_json_array();

    if (check->decision.outcome == VD_IMPLICIT_DENY)
        return list;
    for (size_t l = 0; l < check->layer_count; l++)
        for (size_t i = 0; i < check->layers[l]->statement_count; i++) {
            const vd_statement_trace *st = check->layers[l]->statements[i];

            if (st->applied && st->deny == (check->decision.outcome == VD_EXPLICIT_DENY))
                vd_json_push(list, matched(set, st));
        }
    return list;
}

typedef struct keys {
    vd_str   at[64];
    uint32_t count;
} keys;

static void add_key(keys *k, vd_str key)
{
    for (uint32_t i = 0; i < k->count; i++)
        if (vd_str_ieq(k->at[i], key))
            return;
    if (key.n && k->count < VD_COUNT(k->at))
        k->at[k->count++] = key;
}

/* Keys that statements about this action ask for and the input did not give. */
static void missing_of(keys *k, const vd_statement_trace *st)
{
    for (size_t i = 0; i < st->element_count; i++)
        if (st->elements[i]->element == VD_ELEMENT_ACTION && !st->elements[i]->matched)
            return;
    for (size_t i = 0; i < st->element_count; i++) {
        if (st->elements[i]->element == VD_ELEMENT_CONDITION && st->elements[i]->absent)
            add_key(k, st->elements[i]->key);
        add_key(k, st->elements[i]->variable);
    }
}

static vd_json *missing_list(const vd_check_trace *check)
{
    keys     k = { .count = 0 };
    vd_json *list = vd_json_array();

    for (size_t l = 0; l < check->layer_count; l++)
        for (size_t i = 0; i < check->layers[l]->statement_count; i++)
            missing_of(&k, check->layers[l]->statements[i]);
    for (uint32_t i = 0; i < k.count; i++)
        vd_json_push(list, vd_json_string(k.at[i]));
    return list;
}

static const vd_layer_trace *layer_of(const vd_check_trace *check, vd_layer layer)
{
    for (size_t l = 0; l < check->layer_count; l++)
        if (check->layers[l]->layer == layer)
            return check->layers[l];
    return NULL;
}

/* Both sides of a call across accounts; present and empty within one. */
static vd_json *details(const vd_check_trace *check)
{
    const vd_layer_trace *own = layer_of(check, VD_LAYER_IDENTITY),
                         *other = layer_of(check, VD_LAYER_RESOURCE);
    vd_json *o = vd_json_object();

    if (check->same_account)
        return o;
    vd_json_set(o, "IAM Policy", word(own ? layer_word(own) : "implicitDeny"));
    vd_json_set(o, "Resource Policy", word(other ? layer_word(other) : "implicitDeny"));
    return o;
}

static void set_boundary(vd_json *o, const vd_simulated *s, const vd_check_trace *check)
{
    const vd_layer_trace *l = layer_of(check, VD_LAYER_BOUNDARY);
    vd_json              *detail;

    if (!s->boundaries)
        return;
    detail = vd_json_object();
    vd_json_set(detail, "AllowedByPermissionsBoundary", vd_json_bool(l && l->result == VD_LAYER_ALLOWS));
    vd_json_set(o, "PermissionsBoundaryDecisionDetail", detail);
}

vd_json *vd_simulated_resource(const vd_simulated *s, const vd_check_trace *check, vd_str resource)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "EvalResourceName", vd_json_string(resource));
    vd_json_set(o, "EvalResourceDecision", word(decision_word(check->decision.outcome)));
    vd_json_set(o, "MatchedStatements", matched_list(s->set, check));
    vd_json_set(o, "MissingContextValues", missing_list(check));
    vd_json_set(o, "EvalDecisionDetails", details(check));
    set_boundary(o, s, check);
    return o;
}

vd_json *vd_simulated_action(const vd_simulated *s, const vd_check_trace *check, vd_str action,
                             vd_str resource, bool everything)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "EvalActionName", vd_json_string(action));
    vd_json_set(o, "EvalResourceName", vd_json_string(resource));
    vd_json_set(o, "EvalDecision", word(decision_word(check->decision.outcome)));
    vd_json_set(o, "MatchedStatements", matched_list(s->set, check));
    vd_json_set(o, "MissingContextValues", everything ? missing_list(check) : vd_json_array());
    if (!everything)
        vd_json_set(o, "EvalDecisionDetails", details(check));
    set_boundary(o, s, check);
    return o;
}
