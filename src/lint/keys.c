/* SPDX-License-Identifier: Apache-2.0
 *
 * Condition keys: availability, absence, and the rows of the table `keys`.
 */
#include "lint/keys.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/value.h"

bool vd_key_is(const vd_view_condition *k, const char *key)
{
    vd_str s = vd_str_of(key);

    return s.n && s.p[s.n - 1] == '/' ? vd_str_istarts(k->key, s) : vd_str_ieq(k->key, s);
}

bool vd_key_is_tag(const vd_view_condition *k)
{
    return vd_key_is(k, "aws:RequestTag/") || vd_key_is(k, "aws:ResourceTag/") || vd_key_is(k, "aws:TagKeys");
}

bool vd_key_is_many(const vd_view_condition *k)
{
    return k->id != VD_NONE ? k->fact.flags & VD_KEY_MANY : vd_key_arity(k->key) == VD_ARITY_MANY;
}

/* The table of arities has the last word: it is what decides. */
bool vd_key_is_single(const vd_view_condition *k)
{
    return !vd_key_is_many(k) && vd_key_arity(k->key) == VD_ARITY_ONE;
}

/* ------------------------------------------------------------------ the table */

vd_str vd_key_says(const vd_catalog *c, const vd_view_condition *k, vd_key_column column)
{
    vd_sheet sheet = vd_catalog_sheet(c, VD_S("keys"));
    vd_run   rows = vd_sheet_find(sheet, k->id == VD_NONE ? k->key : k->fact.name);

    return rows.count ? vd_sheet_cell(sheet, rows.first, column) : VD_S("");
}

bool vd_words_have(vd_str words, vd_str word)
{
    vd_str one;

    while (vd_str_cut(&words, ' ', &one))
        if (vd_str_ieq(one, word))
            return true;
    return vd_str_ieq(words, word);
}

bool vd_key_pins(const vd_catalog *c, const vd_view_condition *k, bool trust)
{
    vd_str pin = vd_key_says(c, k, VD_KEY_COLUMN_PIN);

    return vd_str_eq(pin, VD_S("yes")) || (trust && pin.n);
}

/* ------------------------------------------------------------------ availability */

static bool has_key(vd_ids keys, uint32_t key)
{
    return vd_ids_have(keys, key);
}

/* Keys of the action, of the action on a type, and of its types: the last are listed for what the resource has, and
 * whether the service sends them with this action nobody says. */
static bool is_listed(const vd_catalog *c, uint32_t action, uint32_t key)
{
    vd_action_fact fact;

    if (vd_catalog_action_has_key(c, action, key))
        return true;
    fact = vd_catalog_action(c, action);
    for (uint32_t i = 0; i < fact.types.count; i++)
        if (has_key(vd_catalog_type(c, fact.types.at[i]).keys, key))
            return true;
    return false;
}

static bool is_session_key(const vd_view_condition *k)
{
    return vd_str_eq(k->fact.group, VD_S("session"));
}

vd_avail vd_key_avail(const vd_catalog *c, uint32_t action, const vd_view_condition *k)
{
    vd_str present;

    if (k->key_hole || k->id == VD_NONE)
        return VD_AVAIL_UNKNOWN;
    present = vd_key_says(c, k, VD_KEY_COLUMN_PRESENT);
    if (vd_str_eq(present, VD_S("always")) || vd_str_eq(present, VD_S("signed")) || vd_str_eq(present, VD_S("most")))
        return VD_AVAIL_ALWAYS;
    if (k->family == VD_FAMILY_FEDERATED || is_session_key(k))
        return VD_AVAIL_SOMETIMES; /* sessions keep what they were made of */
    if (k->fact.flags & VD_KEY_GLOBAL && !vd_key_is_tag(k))
        return VD_AVAIL_SOMETIMES;
    if (action == VD_NONE)
        return VD_AVAIL_UNKNOWN;
    return is_listed(c, action, k->id) ? VD_AVAIL_SOMETIMES : VD_AVAIL_NEVER;
}

bool vd_key_is_always(const vd_catalog *c, const vd_view_condition *k)
{
    return vd_str_eq(vd_key_says(c, k, VD_KEY_COLUMN_PRESENT), VD_S("always"));
}

/* ------------------------------------------------------------------ absence */

static bool asks_absent(const vd_entry *e)
{
    bool known;

    return e->values.count == 1 && vd_bool_text(e->values.at[0].text, &known);
}

bool vd_entry_true_without_key(const vd_entry *e)
{
    if (!e->op.op)
        return false;
    if (e->op.quantifier == VD_FOR_ALL)
        return true;
    if (e->op.quantifier == VD_FOR_ANY)
        return e->op.if_exists;
    if (e->op.op->test == VD_TEST_NULL)
        return asks_absent(e);
    return e->op.if_exists || e->op.op->negated;
}

bool vd_entry_restricts(const vd_entry *e)
{
    return e->op.op && e->op.op->test != VD_TEST_NULL && !e->op.op->negated && !e->op.if_exists &&
           e->op.quantifier != VD_FOR_ALL && e->values.count;
}

enum { MANY_ENTRIES = 256 }; /* nobody writes so many, and looking for guards is quadratic */

/* A tag has a key, and a key of aws:TagKeys a tag. */
static bool is_about(const vd_view_condition *guard, const vd_view_condition *k)
{
    return vd_str_ieq(guard->key, k->key) || (vd_key_is(k, "aws:TagKeys") && vd_key_is(guard, "aws:RequestTag/"));
}

bool vd_key_is_guarded(const vd_view_statement *st, const vd_view_condition *k)
{
    bool known;

    if (st->condition_count > MANY_ENTRIES || st->conditions_hole)
        return true;
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *g = &st->conditions[i];
        const vd_entry          *e = g->entry;

        if (!e->op.op || !is_about(g, k))
            continue;
        if (e->op.op->test == VD_TEST_NULL) {
            if (g->value_hole || (e->values.count == 1 && !vd_bool_text(e->values.at[0].text, &known) && known))
                return true;
        } else if (vd_entry_restricts(e)) {
            return true;
        }
    }
    return false;
}
