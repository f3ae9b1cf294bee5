/* SPDX-License-Identifier: Apache-2.0
 *
 * Redundant, unreachable, contradictory: the rows, and what one statement shows by itself.
 */
#include "lint/rules/redundancy.h"

#include "base/str.h"

#define ON_IAM (VD_ON_I | VD_ON_B | VD_ON_S)

const vd_lint_rule vd_redundancy_rules[REDUNDANCY_RULES] = {
    [DUPLICATE_STATEMENT] = {
        .id = "duplicate-statement", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL,
        .codes = "REDUNDANT_STATEMENT",
        .title = "the same statement twice",
        .why = "The next change will be made in one of them and not in the other.",
        .remedy = "remove the later one",
        .bad = "two statements that differ in nothing but their Sid",
        .good = "two statements that differ in their Condition",
    },
    [COVERED_STATEMENT] = {
        .id = "covered-statement", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL,
        .codes = "REDUNDANT_STATEMENT",
        .title = "a statement that says nothing new",
        .why = "Another statement allows or denies all of it already.",
        .remedy = "remove it, or narrow the other one if this is what was meant",
        .bad = "Allow s3:GetObject on arn:aws:s3:::b/* next to Allow s3:* on arn:aws:s3:::b and arn:aws:s3:::b/*",
        .good = "the same with different conditions",
    },
    [COVERED_ACTIONS] = {
        .id = "covered-actions", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "REDUNDANT_ACTION",
        .title = "actions that another statement has already",
        .why = "They add nothing here.",
        .remedy = "remove them",
        .bad = "[\"s3:GetObject\", \"s3:PutObject\"] beside an Allow of s3:GetObject on the same ARN",
        .good = "the same on different ARNs",
    },
    [ALLOW_FULLY_DENIED] = {
        .id = "allow-fully-denied", .severity = VD_ERROR, .on = ON_IAM | VD_ON_R | VD_ON_T | VD_ON_E, .codes = "",
        .title = "an Allow that a Deny takes back",
        .why = "A Deny always wins: the statement grants nothing.",
        .remedy = "remove the Allow, or narrow the Deny",
        .bad = "Allow iam:PassRole and Deny iam:* on *",
        .good = "the same with a Condition at the Deny",
    },
    [ALLOW_PARTLY_DENIED] = {
        .id = "allow-partly-denied", .severity = VD_SUGGESTION, .confidence = VD_CONFIDENCE_MEDIUM,
        .on = ON_IAM | VD_ON_R | VD_ON_T | VD_ON_E, .codes = "",
        .title = "actions of an Allow that a Deny takes back",
        .why = "A Deny always wins: these actions are listed in vain.",
        .remedy = "remove them from the Allow, or narrow the Deny",
        .bad = "Allow ec2:Start* and ec2:TerminateInstances, Deny ec2:TerminateInstances",
        .good = "the same with a Condition at the Deny",
    },
    [STATEMENT_GRANTS_NOTHING] = {
        .id = "statement-grants-nothing", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "",
        .title = "an Allow that can never allow anything",
        .why = "None of its actions exists, or works on one of its resources.",
        .remedy = "correct the actions or the resources",
        .bad = "Allow s3:GetObjcet on arn:aws:sqs:*:*:q",
        .good = "Allow with one action that works",
    },
    [DENY_DOES_NOTHING] = {
        .id = "deny-does-nothing", .severity = VD_SECURITY, .score = 70, .on = VD_ON_ALL, .codes = "",
        .title = "a Deny that never denies anything",
        .why = "What it was to protect is open.",
        .remedy = "correct the actions or the resources",
        .bad = "Deny s3:DeleteBucket on arn:aws:s3:::b/*",
        .good = "Deny s3:DeleteObject on arn:aws:s3:::b/*",
    },
    [POLICY_ALLOWS_NOTHING] = {
        .id = "policy-allows-nothing", .severity = VD_WARNING, .flags = VD_LINT_DOCUMENT, .on = ON_IAM | VD_ON_E, .codes = "",
        .title = "a policy that allows nothing",
        .why = "As a boundary, a session policy or an endpoint policy it takes everything away; as an identity policy it only "
               "denies.",
        .remedy = "add what is to be allowed",
        .bad = "a permissions boundary of denies only",
        .good = "an identity policy named guardrail, of denies only",
    },
    [MERGEABLE_STATEMENTS] = {
        .id = "mergeable-statements", .severity = VD_SUGGESTION, .on = VD_ON_ALL, .codes = "",
        .title = "statements that could be one",
        .why = "They differ in one list only; as one they take less of the quota. Only told when the policy comes close to "
               "it, or when the rule is asked for.",
        .remedy = "put both lists together",
        .bad = "two Allows of one action on two buckets",
        .good = "two Allows with different conditions",
    },
    [CONTRADICTING_NOT] = {
        .id = "contradicting-not", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "",
        .title = "an exception for everything",
        .why = "NotAction or NotResource that covers all there is leaves nothing for the statement to be about.",
        .remedy = "name what is to be excepted",
        .bad = "\"NotAction\": \"*\"",
        .good = "\"NotAction\": [\"iam:*\"]",
    },
    [WILDCARD_MAKES_LIST_MOOT] = {
        .id = "wildcard-makes-list-moot", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL,
        .codes = "REDUNDANT_ACTION REDUNDANT_RESOURCE",
        .title = "* together with other entries",
        .why = "The star says everything; the rest of the list only looks like a limit.",
        .remedy = "remove the star, or the rest",
        .bad = "\"Resource\": [\"*\", \"arn:aws:s3:::b\"]",
        .good = "\"Resource\": [\"arn:aws:s3:::*\", \"arn:aws:sqs:*:*:*\"]",
    },
    [DEAD_ENTRY] = {
        .id = "dead-entry", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "",
        .title = "an entry of a list that changes nothing",
        .why = "Another statement says it already, or no request can meet it together with the rest of its statement; what an "
               "entry of NotAction, NotResource or NotPrincipal leaves out is allowed, or denied, all the same. Told with "
               "--semantic.",
        .remedy = "remove it, or correct what was meant",
        .bad = "Allow s3:GetObject on arn:aws:s3:::a/* and arn:aws:s3:::b/* beside an Allow of s3:Get* on arn:aws:s3:::b/*",
        .good = "the same with a Condition at the second Allow",
    },
    [IDLE_CONDITION] = {
        .id = "idle-condition", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "",
        .title = "a condition that changes nothing",
        .why = "With it and without it every request is decided alike, so it does not protect what it seems to protect. Told "
               "with --semantic.",
        .remedy = "remove it, or narrow the statement that makes it idle",
        .bad = "Allow s3:GetObject with a Bool of aws:SecureTransport beside a Deny of everything without TLS",
        .good = "the same without that Deny",
    },
    [IDLE_DENY] = {
        .id = "idle-deny", .severity = VD_SUGGESTION, .flags = VD_LINT_OFF | VD_LINT_INFORMS, .on = VD_ON_ALL, .codes = "",
        .title = "a Deny of what nothing allows",
        .why = "Today it takes nothing back. It may be there for what will be allowed tomorrow, so this is for information "
               "and never fails a run. Told with --semantic.",
        .remedy = "leave it as a guard, or see whether it names what was meant",
        .bad = "Allow s3:GetObject and Deny s3:DeleteBucket",
        .good = "Allow s3:* and Deny s3:DeleteBucket",
    },
};

/* ------------------------------------------------------------------ stars */

static void tell_moot(vd_lint *l, const vd_view_statement *st, const vd_list *list, vd_span span, const char *code)
{
    vd_finding *f = vd_lint_report(l, &vd_redundancy_rules[WILDCARD_MAKES_LIST_MOOT], st, span,
                                   "\"*\" already says everything; the rest only looks like a limit");

    vd_finding_code(f, code);
    vd_finding_fix(l, f, VD_FIX_SAFE, "keep \"*\" alone");
    vd_finding_edit(l, f, VD_EDIT_VALUE, list->value, "\"*\"");
}

static void look_at_stars(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count && st->action_count > 1 && !st->model->action.negated; i++)
        if (st->actions[i].star) {
            tell_moot(l, st, &st->model->action, st->actions[i].text.span, "REDUNDANT_ACTION");
            break;
        }
    for (uint32_t i = 0; i < st->resource_count && st->resource_count > 1 && !st->model->resource.negated; i++)
        if (st->resources[i].star) {
            tell_moot(l, st, &st->model->resource, st->resources[i].text.span, "REDUNDANT_RESOURCE");
            break;
        }
    for (uint32_t i = 0; i < st->principal_count && st->principal_count > 1 && !st->model->principal.negated; i++)
        if (st->principals[i].shape == VD_SHAPE_EVERYONE) {
            vd_lint_report(l, &vd_redundancy_rules[WILDCARD_MAKES_LIST_MOOT], st, st->principals[i].text.span,
                           "\"*\" already says everyone; the rest only looks like a limit");
            break;
        }
}

/* A Deny with NotResource "*" is the business of not-resource-deny-nothing. */
static void look_at_exceptions(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count && st->model->action.negated; i++)
        if (st->actions[i].star)
            vd_lint_report(l, &vd_redundancy_rules[CONTRADICTING_NOT], st, st->actions[i].text.span,
                           "excludes everything, so the statement is about nothing");
    for (uint32_t i = 0; i < st->resource_count && st->model->resource.negated && st->allow; i++)
        if (st->resources[i].star)
            vd_lint_report(l, &vd_redundancy_rules[CONTRADICTING_NOT], st, st->resources[i].text.span,
                           "excludes everything, so the statement is about nothing");
}

static void look_at_statement(vd_lint *l, const vd_view_statement *st)
{
    look_at_stars(l, st);
    look_at_exceptions(l, st);
}

static void look_at_policy(vd_lint *l)
{
    bool *dead;

    if (!l->policy || l->statement_count == 0)
        return;
    dead = vd_arena_new_array(l->arena, bool, l->statement_count);
    if (!dead) {
        l->no_memory = true;
        return;
    }
    vd_redundancy_look_at_nothing(l, dead);
    if (l->statement_count > 1 && !(l->config->semantic && l->usable))
        vd_redundancy_look_at_cover(l, dead, NULL);
    vd_redundancy_look_at_policy(l);
    vd_redundancy_look_at_merges(l);
}

/* When all other groups have spoken: what their fixes take out is not proved again. */
static void look_at_identity(vd_lint *const *policies, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (policies[i]->config->semantic && !policies[i]->no_memory)
            vd_redundancy_prove(policies[i]);
}

const vd_lint_group vd_lint_redundancy = {
    .name = "redundancy",
    .rules = vd_redundancy_rules,
    .count = REDUNDANCY_RULES,
    .policy = look_at_policy,
    .statement = look_at_statement,
    .identity = look_at_identity,
};
