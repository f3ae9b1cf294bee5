/* SPDX-License-Identifier: Apache-2.0
 *
 * What a Deny tests must not hold of who gets in: the opposite test must.  {"Bool": {"aws:SecureTransport": "false"}} of a Deny
 * is "Bool" "true" for them.
 */
#include "analyze/opposite.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "operator/operator.h"

#include <stdlib.h>

typedef struct pair {
    vd_str one, other;
    bool   order; /* of one value only: one of several bounds is not all of them */
} pair;

static const pair pairs[] = {
    { VD_L("StringEquals"), VD_L("StringNotEquals"), false },
    { VD_L("StringEqualsIgnoreCase"), VD_L("StringNotEqualsIgnoreCase"), false },
    { VD_L("StringLike"), VD_L("StringNotLike"), false },
    { VD_L("NumericEquals"), VD_L("NumericNotEquals"), false },
    { VD_L("NumericLessThan"), VD_L("NumericGreaterThanEquals"), true },
    { VD_L("NumericLessThanEquals"), VD_L("NumericGreaterThan"), true },
    { VD_L("DateEquals"), VD_L("DateNotEquals"), false },
    { VD_L("DateLessThan"), VD_L("DateGreaterThanEquals"), true },
    { VD_L("DateLessThanEquals"), VD_L("DateGreaterThan"), true },
    { VD_L("IpAddress"), VD_L("NotIpAddress"), false },
    { VD_L("ArnEquals"), VD_L("ArnNotEquals"), false },
    { VD_L("ArnLike"), VD_L("ArnNotLike"), false },
};

static const vd_str *opposite_of(const vd_entry *e)
{
    for (size_t i = 0; i < VD_COUNT(pairs); i++) {
        if (pairs[i].order && e->values.count != 1)
            continue;
        if (vd_str_eq(pairs[i].one, e->op.op->name))
            return &pairs[i].other;
        if (vd_str_eq(pairs[i].other, e->op.op->name))
            return &pairs[i].one;
    }
    return NULL;
}

/* Truths have their opposite in the value. */
static vd_str turned(vd_str value)
{
    return vd_str_ieq(value, VD_S("true")) ? VD_S("false") : VD_S("true");
}

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static bool set_values(vd_required *r, vd_arena *arena, const vd_entry *e, bool turn)
{
    vd_str *values = vd_arena_new_array(arena, vd_str, e->values.count + 1);

    if (!values)
        return false;
    for (uint32_t i = 0; i < e->values.count; i++)
        values[i] = turn ? turned(e->values.at[i].text) : e->values.at[i].text;
    if (e->values.count > 1)
        qsort(values, e->values.count, sizeof *values, by_text);
    r->values = values;
    r->count = e->values.count;
    return true;
}

bool vd_required_can_say(const vd_entry *e, bool holds)
{
    return holds || e->op.quantifier != VD_FOR_ONE || e->op.op->test == VD_TEST_NULL || vd_key_arity(e->key.text) != VD_ARITY_MANY;
}

bool vd_required_fill(vd_required *r, vd_arena *arena, const vd_entry *e, bool holds)
{
    static const char *const sets[] = { [VD_FOR_ONE] = "", [VD_FOR_ALL] = "ForAnyValue:", [VD_FOR_ANY] = "ForAllValues:" };
    bool                     truth = (e->op.op->test == VD_TEST_BOOL || e->op.op->test == VD_TEST_NULL) && e->values.count == 1;
    const vd_str            *other = holds || truth ? NULL : opposite_of(e);
    bool                     absent; /* a request without the key will do, and the opposite does not say so by itself */

    r->operator_name = e->operator_name.text;
    if (!set_values(r, arena, e, !holds && truth))
        return false;
    if (holds || (!truth && !other) || e->op.op->test == VD_TEST_NULL)
        return true;
    absent = e->op.quantifier == VD_FOR_ONE && !e->op.if_exists && !e->op.op->negated && (truth || !vd_str_contains(*other, VD_S("Not")));
    return vd_arena_printf(arena, &r->operator_name, "%s" VD_F "%s", sets[e->op.quantifier], VD_A(truth ? e->op.op->name : *other),
                           absent ? "IfExists" : "");
}

const char *vd_required_bound(const vd_required *r)
{
    static const struct {
        vd_str      name; /* the longer ones first */
        const char *words;
    } rows[] = {
        { VD_L("NumericLessThanEquals"), "at most " },     { VD_L("NumericLessThan"), "less than " },
        { VD_L("NumericGreaterThanEquals"), "at least " }, { VD_L("NumericGreaterThan"), "more than " },
        { VD_L("DateLessThanEquals"), "until " },          { VD_L("DateLessThan"), "before " },
        { VD_L("DateGreaterThanEquals"), "from " },        { VD_L("DateGreaterThan"), "after " },
    };

    for (size_t i = 0; i < VD_COUNT(rows) && r->count == 1; i++)
        if (vd_str_istarts(r->operator_name, rows[i].name))
            return rows[i].words;
    return NULL;
}
