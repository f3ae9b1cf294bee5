/* SPDX-License-Identifier: Apache-2.0
 *
 * Strength of conditions (lint.md 2.7): entry by entry, then with the Denies that stand beside an Allow.
 */
#include "lint/strength.h"

#include "base/str.h"
#include "lint/keys.h"
#include "pattern/value.h"
#include "text/hole.h"

enum {
    NARROW_V4 = 8, /* a range wider than this names too much of the world to pin */
    NARROW_V6 = 32,
    LOOKED_MOST = 1000, /* statements and Denies that are looked at for one Allow: quotas keep policies far below */
    DENIES_MOST = 64,
    COVERS_MOST = 32  /* resources of an Allow that a Deny is asked to cover */
};

/* ------------------------------------------------------------------ keys that pin */

/* They compare the caller with the owner of the resource: a variable of the caller in them pins. */
static const vd_str of_resource[] = { VD_L("aws:ResourceAccount"), VD_L("aws:ResourceOrgID"),
                                      VD_L("s3:ResourceAccount"), VD_L("aws:ResourceOrgPaths") };

/* What of a value must be literal, by the column `part` of the table of keys. */
static const struct {
    vd_str  part;
    uint8_t pin;
} parts[] = {
    { VD_L("field 5"), VD_PIN_ARN },
    { VD_L("first segment"), VD_PIN_PATH },
    { VD_L("before colon"), VD_PIN_USERID },
};

vd_pin vd_pin_of_key(const vd_lint *l, const vd_view_condition *c)
{
    vd_str part;

    if (c->key_hole || !vd_key_pins(l->catalog, c, l->kind == VD_KIND_TRUST))
        return VD_PIN_NO;
    if (vd_str_eq(vd_key_says(l->catalog, c, VD_KEY_COLUMN_FORM), VD_S("address")))
        return VD_PIN_RANGE;
    part = vd_key_says(l->catalog, c, VD_KEY_COLUMN_PART);
    for (size_t i = 0; i < VD_COUNT(parts); i++)
        if (vd_str_eq(parts[i].part, part))
            return (vd_pin)parts[i].pin;
    return VD_PIN_LITERAL;
}

static bool is_of_resource(vd_str key)
{
    for (size_t i = 0; i < VD_COUNT(of_resource); i++)
        if (vd_str_ieq(of_resource[i], key))
            return true;
    return false;
}

/* ------------------------------------------------------------------ values that pin */

/* How the operator reads a value. */
typedef struct reading {
    bool globs, variables;
} reading;

/* No active wildcard; a variable pins when it stands for the owner of the resource. */
static bool is_literal(reading r, vd_str s)
{
    if (r.globs && (vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n))
        return false;
    if (!r.variables || !vd_str_contains(s, VD_S("${")))
        return s.n > 0;
    return vd_str_contains(s, VD_S("${aws:Resource")) || vd_str_contains(s, VD_S("${aws:resource"));
}

static bool arn_pins(reading r, vd_str s)
{
    vd_arn arn;

    if (!vd_arn_split(&arn, s))
        return is_literal(r, s); /* no value is like that: nobody gets in */
    if (arn.account.n)
        return is_literal(r, arn.account);
    return is_literal(r, arn.resource); /* a bucket: its name is all there is */
}

static bool range_pins(vd_str s)
{
    vd_cidr range;

    if (!vd_cidr_parse(&range, s))
        return true; /* matches nobody */
    return range.bits >= (range.family == 4 ? NARROW_V4 : NARROW_V6);
}

static bool value_pins(vd_pin pin, reading r, vd_str s)
{
    switch (pin) {
    case VD_PIN_ARN:
        return arn_pins(r, s);
    case VD_PIN_PATH:
        return is_literal(r, vd_str_first(s, vd_str_find(s, '/')));
    case VD_PIN_USERID:
        return is_literal(r, vd_str_first(s, vd_str_find(s, ':')));
    case VD_PIN_RANGE:
        return range_pins(s);
    case VD_PIN_LITERAL:
    case VD_PIN_NO:
        break;
    }
    return is_literal(r, s);
}

static reading reading_of(const vd_lint *l, const vd_view_condition *c)
{
    const vd_operator *op = c->entry->op.op;

    return (reading){ .globs = op && op->globs,
                      .variables = op && op->variables && l->policy->language == VD_LANGUAGE_2012 };
}

const vd_text *vd_entry_open_value(const vd_lint *l, const vd_view_condition *c)
{
    vd_pin  pin = vd_pin_of_key(l, c);
    reading r = reading_of(l, c);

    for (uint32_t i = 0; i < c->entry->values.count; i++) {
        const vd_text *v = &c->entry->values.at[i];

        if (!vd_has_hole(v->text) && !value_pins(pin, r, v->text))
            return v;
    }
    return NULL;
}

/* ------------------------------------------------------------------ entries */

static bool is_null(const vd_view_condition *c, const char *value)
{
    const vd_entry *e = c->entry;

    return e->op.op && e->op.op->test == VD_TEST_NULL && e->values.count == 1 &&
           vd_str_ieq(e->values.at[0].text, vd_str_of(value));
}

bool vd_entry_may_be_absent(const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;

    if (!e->op.op || e->op.op->negated || e->op.if_exists)
        return true;
    if (e->op.op->test == VD_TEST_NULL)
        return !is_null(c, "false");
    if (e->op.quantifier != VD_FOR_ALL)
        return false;
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (is_null(&st->conditions[i], "false") && vd_str_ieq(st->conditions[i].key, c->key))
            return false;
    return true;
}

bool vd_entry_is_always_true(const vd_view_condition *c)
{
    const vd_entry *e = c->entry;

    if (!e->op.op || e->op.op->negated)
        return false;
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_str  s = e->values.at[i].text;
        size_t  stars = 0;
        vd_cidr range;

        while (stars < s.n && s.p[stars] == '*')
            stars++;
        if (e->op.op->globs && s.n && stars == s.n)
            return true;
        if (e->op.op->test == VD_TEST_IP && vd_cidr_parse(&range, s) && range.bits == 0)
            return true;
    }
    return false;
}

/* aws:ResourceOrgID = ${aws:PrincipalOrgID} */
static bool compares_owner(const vd_lint *l, const vd_view_condition *c)
{
    if (!is_of_resource(c->key) || !reading_of(l, c).variables || c->entry->values.count == 0)
        return false;
    for (uint32_t i = 0; i < c->entry->values.count; i++) {
        vd_str s = c->entry->values.at[i].text;

        if (!vd_str_istarts(s, VD_S("${aws:PrincipalOrgID}")) &&
            !vd_str_istarts(s, VD_S("${aws:PrincipalAccount}")))
            return false;
    }
    return true;
}

/* What the entry would be if its operator were positive and the key always there. */
static bool names_pins(const vd_lint *l, const vd_view_condition *c)
{
    vd_pin pin = vd_pin_of_key(l, c);

    if (c->entry->values.count == 0 || !c->entry->op.op || c->entry->op.op->test == VD_TEST_NULL)
        return false;
    if (pin == VD_PIN_NO)
        return compares_owner(l, c);
    return vd_entry_open_value(l, c) == NULL;
}

vd_strength vd_entry_strength(const vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    if (c->key_hole)
        return VD_STRENGTH_PINNING;
    if (!vd_entry_may_be_absent(st, c) && names_pins(l, c))
        return VD_STRENGTH_PINNING;
    return vd_entry_is_always_true(c) ? VD_STRENGTH_NONE : VD_STRENGTH_WEAK;
}

vd_strength vd_statement_strength(const vd_lint *l, const vd_view_statement *st)
{
    vd_strength best = VD_STRENGTH_NONE;

    if (st->conditions_hole)
        return VD_STRENGTH_PINNING;
    for (uint32_t i = 0; i < st->condition_count && best < VD_STRENGTH_PINNING; i++) {
        vd_strength s = vd_entry_strength(l, st, &st->conditions[i]);

        if (s > best)
            best = s;
    }
    return best;
}

/* Ranges and access points have rules of their own. */
const vd_view_condition *vd_open_pin(const vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];
        vd_pin                   pin = vd_pin_of_key(l, c);

        if (pin != VD_PIN_NO && pin != VD_PIN_RANGE && !vd_str_istarts(c->key, VD_S("s3:DataAccessPoint")) &&
            !vd_entry_may_be_absent(st, c) && vd_entry_open_value(l, c))
            return c;
    }
    return NULL;
}

/* ------------------------------------------------------------------ Denies beside it */

static bool denies_everyone(const vd_view_statement *st)
{
    if (st->allow || st->model->malformed || st->model->principal.negated)
        return false;
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (st->principals[i].shape == VD_SHAPE_EVERYONE)
            return true;
    return false;
}

/* Text by text: the globs of the Deny must match what the Allow says as if it were a literal, which is
 * sound. */
static bool covers_actions(const vd_view_statement *deny, const vd_view_statement *allow)
{
    if (deny->all_actions)
        return true;
    if (deny->model->action.negated || allow->model->action.negated)
        return false;
    for (uint32_t i = 0; i < allow->action_count && i < COVERS_MOST; i++) {
        bool covered = false;

        for (uint32_t k = 0; k < deny->action_count && k < COVERS_MOST && !covered; k++)
            covered = vd_view_action_matches(deny->actions[k].text.text, allow->actions[i].text.text);
        if (!covered)
            return false;
    }
    return allow->action_count <= COVERS_MOST;
}

static bool resource_covered(const vd_view_statement *deny, vd_str s)
{
    for (uint32_t i = 0; i < deny->resource_count && i < COVERS_MOST; i++) {
        vd_str d = deny->resources[i].text.text;

        if (vd_str_eq(d, s) || vd_view_action_matches(d, s))
            return true;
    }
    return false;
}

static bool covers_resources(const vd_view_statement *deny, const vd_view_statement *allow)
{
    if (deny->all_resources)
        return true;
    if (deny->model->resource.negated || allow->model->resource.negated ||
        allow->resource_count > COVERS_MOST)
        return false;
    for (uint32_t i = 0; i < allow->resource_count; i++)
        if (!resource_covered(deny, allow->resources[i].text.text))
            return false;
    return true;
}

/* Lets services alone pass: BoolIfExists aws:PrincipalIsAWSService false, aws:ViaAWSService false. */
static bool spares_services(const vd_view_condition *c)
{
    const vd_entry *e = c->entry;

    return e->op.op && e->op.op->test == VD_TEST_BOOL && e->values.count == 1 &&
           vd_str_ieq(e->values.at[0].text, VD_S("false")) &&
           (vd_str_ieq(c->key, VD_S("aws:PrincipalIsAWSService")) ||
            vd_str_ieq(c->key, VD_S("aws:ViaAWSService")));
}

/* Whoever no entry names is denied: all entries are negated pins, which an absent key fulfils. */
static bool spares_only_pins(const vd_lint *l, const vd_view_statement *deny)
{
    bool some = deny->condition_count == 0;

    if (deny->conditions_hole)
        return true; /* nobody knows whom it spares */
    for (uint32_t i = 0; i < deny->condition_count; i++) {
        const vd_view_condition *c = &deny->conditions[i];

        if (spares_services(c))
            continue;
        if (!c->entry->op.op || !c->entry->op.op->negated || c->entry->op.quantifier == VD_FOR_ANY ||
            !names_pins(l, c))
            return false;
        some = true;
    }
    return some;
}

bool vd_denied_outside(const vd_lint *l, const vd_view_statement *st)
{
    uint32_t looked = 0;

    for (uint32_t i = 0; i < l->statement_count && i < LOOKED_MOST && looked < DENIES_MOST; i++) {
        const vd_view_statement *deny = &l->statements[i];

        if (deny->allow)
            continue;
        looked++;
        if (denies_everyone(deny) && covers_actions(deny, st) && covers_resources(deny, st) &&
            spares_only_pins(l, deny))
            return true;
    }
    return false;
}

vd_strength vd_guarded_strength(const vd_lint *l, const vd_view_statement *st)
{
    vd_strength own = vd_statement_strength(l, st);

    return own < VD_STRENGTH_PINNING && vd_denied_outside(l, st) ? VD_STRENGTH_PINNING : own;
}

/* ------------------------------------------------------------------ small questions */

const char *vd_strength_keys(vd_lint *l, const vd_view_statement *st)
{
    vd_str   keys[8];
    uint32_t count = 0;

    for (uint32_t i = 0; i < st->condition_count && count < VD_COUNT(keys); i++) {
        bool seen = vd_entry_is_always_true(&st->conditions[i]);

        for (uint32_t k = 0; k < count; k++)
            seen |= vd_str_ieq(keys[k], st->conditions[i].key);
        if (!seen)
            keys[count++] = st->conditions[i].key;
    }
    return vd_lint_list(l, keys, count);
}

const vd_view_condition *vd_statement_names(const vd_view_statement *st, vd_str key)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (vd_str_ieq(st->conditions[i].key, key))
            return &st->conditions[i];
    return NULL;
}

const vd_view_condition *vd_statement_asks(const vd_view_statement *st, vd_str key)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (vd_str_ieq(st->conditions[i].key, key) && !vd_entry_may_be_absent(st, &st->conditions[i]))
            return &st->conditions[i];
    return NULL;
}
