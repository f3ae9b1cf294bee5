/* SPDX-License-Identifier: Apache-2.0
 *
 * Coverage by patterns, and by the actions of the catalogue where patterns alone cannot show it.
 */
#include "lint/cover.h"

#include "base/str.h"
#include "pattern/overlap.h"
#include "text/hole.h"

/* ------------------------------------------------------------------ coded resources */

/* Stands for the "$" of a variable in an exact pattern, so that no pattern that names a "$" reaches it. */
#define VARIABLE ((char)1)

typedef struct coder {
    vd_lint *l;
    char    *out;
    size_t   n;
    bool     open;
} coder;

static void put(coder *c, char byte)
{
    bool star = byte == VD_STAR || byte == VD_STAR_IN;
    char last = c->n ? c->out[c->n - 1] : 0;

    if (star && (last == VD_STAR || last == VD_STAR_IN))
        c->out[c->n - 1] = byte == VD_STAR ? byte : last;
    else
        c->out[c->n++] = byte;
}

static char wild_for_hole(const vd_lint *l, uint32_t index)
{
    const vd_holes *h = l->doc && l->doc->source ? l->doc->source->holes : NULL;
    uint8_t         kind = h && index < h->count ? h->at[index].kind : VD_HOLE_ANY;

    return kind == VD_HOLE_NAME || kind == VD_HOLE_ACCOUNT || kind == VD_HOLE_REGION || kind == VD_HOLE_PARTITION ||
                   kind == VD_HOLE_NUMBER
               ? VD_STAR_IN
               : VD_STAR;
}

/* Bytes already coded by vd_resource_code, or of the text behind a variable. */
static void put_coded(coder *c, vd_str coded)
{
    for (size_t i = 0; i < coded.n;) {
        uint32_t index;
        size_t   hole = c->open ? vd_hole_find(coded, i, &index) : coded.n;

        for (; i < hole && i < coded.n; i++)
            put(c, coded.p[i]);
        if (hole < coded.n) {
            put(c, wild_for_hole(c->l, index));
            i = hole + VD_HOLE_BYTES;
        }
    }
}

/* What follows the first variable of the sixth field. */
static void put_variables(coder *c, vd_str rest)
{
    while (rest.n) {
        size_t end = rest.p[0] == '$' && rest.n > 1 && rest.p[1] == '{' ? vd_str_find(rest, '}') : rest.n;

        if (end < rest.n) {
            put(c, c->open ? VD_STAR : VARIABLE);
            for (size_t i = 1; !c->open && i <= end; i++)
                put(c, rest.p[i]);
            rest = vd_str_from(rest, end + 1);
            continue;
        }
        end = 1;
        while (end < rest.n && rest.p[end] != '$')
            end++;
        for (size_t i = 0; i < end; i++) {
            char byte = rest.p[i] == '*' ? VD_STAR : rest.p[i] == '?' ? VD_ANY : rest.p[i];

            put_coded(c, (vd_str){ byte == rest.p[i] ? rest.p + i : &byte, 1 });
        }
        rest = vd_str_from(rest, end);
    }
}

static bool code(vd_lint *l, vd_str *out, vd_view_resource *r, vd_str coded, size_t used, bool open)
{
    coder c = { .l = l, .open = open };

    c.out = vd_arena_new_array(l->arena, char, r->text.text.n + 12);
    if (!c.out)
        return false;
    put_coded(&c, coded);
    put_variables(&c, vd_str_from(r->text.text, used));
    *out = (vd_str){ c.out, c.n };
    return true;
}

bool vd_cover_code(vd_lint *l, vd_view_resource *r)
{
    char  *bytes;
    size_t used;
    vd_str coded;

    if (r->coded)
        return true;
    bytes = vd_arena_new_array(l->arena, char, r->text.text.n + 12);
    if (!bytes) {
        l->no_memory = true;
        return false;
    }
    coded = (vd_str){ bytes, vd_resource_code(bytes, r->text.text, r->variable, &used) };
    r->exact = r->open = coded;
    if ((r->variable || r->hole) &&
        (!code(l, &r->exact, r, coded, used, false) || !code(l, &r->open, r, coded, used, true))) {
        l->no_memory = true;
        return false;
    }
    r->coded = true;
    return true;
}

/* ------------------------------------------------------------------ actions */

static bool ids_within(vd_ids a, vd_ids b)
{
    uint32_t k = 0;

    if (a.count == 0 || a.count > b.count || !vd_ids_have(b, a.at[0]) || !vd_ids_have(b, a.at[a.count - 1]))
        return false;
    for (uint32_t i = 0; i < a.count; i++) {
        while (k < b.count && b.at[k] < a.at[i])
            k++;
        if (k == b.count || b.at[k] != a.at[i])
            return false;
    }
    return true;
}

static bool is_within_list(const vd_view_statement *t, const vd_view_action *a)
{
    for (uint32_t i = 0; i < t->action_count; i++)
        if (!t->actions[i].malformed && vd_action_covers(t->actions[i].text.text, a->text.text))
            return true;
    return false;
}

static bool is_outside_list(const vd_view_statement *t, const vd_view_action *a)
{
    for (uint32_t i = 0; i < t->action_count; i++)
        if (t->actions[i].hole || vd_action_overlaps(t->actions[i].text.text, a->text.text))
            return false;
    return true;
}

/* What the catalogue knows settles most questions without a look at the patterns. */
vd_coverage vd_cover_action(const vd_view_statement *t, const vd_view_action *a)
{
    bool negated = t->model->action.negated, text;

    if (a->hole || a->malformed || t->action_count == 0)
        return VD_COVERED_NOT;
    if (t->all_actions)
        return VD_COVERED_TEXT;
    if (a->ids.count && (!vd_ids_have(t->reach, a->ids.at[0]) || !ids_within(a->ids, t->reach)))
        return VD_COVERED_NOT;
    text = negated ? is_outside_list(t, a) : is_within_list(t, a);
    if (text)
        return VD_COVERED_TEXT;
    return a->ids.count && !t->actions_hole ? VD_COVERED_TODAY : VD_COVERED_NOT;
}

/* NotAction of s: all that t excludes, s has to exclude as well. */
static vd_coverage cover_not_actions(const vd_view_statement *t, const vd_view_statement *s)
{
    if (t->all_actions)
        return VD_COVERED_TEXT;
    if (!t->model->action.negated || t->action_count == 0)
        return VD_COVERED_NOT;
    for (uint32_t i = 0; i < t->action_count; i++)
        if (t->actions[i].hole || !is_within_list(s, &t->actions[i]))
            return VD_COVERED_NOT;
    return VD_COVERED_TEXT;
}

vd_coverage vd_cover_actions(const vd_view_statement *t, const vd_view_statement *s)
{
    vd_coverage all = VD_COVERED_TEXT;

    if (s->action_count == 0)
        return VD_COVERED_NOT;
    if (s->model->action.negated)
        return cover_not_actions(t, s);
    for (uint32_t i = 0; i < s->action_count && all != VD_COVERED_NOT; i++) {
        vd_coverage one = vd_cover_action(t, &s->actions[i]);

        all = one < all ? one : all;
    }
    return all;
}

/* ------------------------------------------------------------------ resources */

bool vd_cover_resource(vd_lint *l, vd_view_resource *p, vd_view_resource *q)
{
    if (p->star)
        return true;
    if (q->star)
        return false;
    return vd_cover_code(l, p) && vd_cover_code(l, q) && vd_glob_covers(p->exact, q->exact);
}

static bool is_covered_by_one(vd_lint *l, const vd_view_statement *t, vd_view_resource *q)
{
    for (uint32_t i = 0; i < t->resource_count; i++)
        if (vd_cover_resource(l, &t->resources[i], q))
            return true;
    return false;
}

static bool meets_one(vd_lint *l, const vd_view_statement *t, vd_view_resource *q)
{
    for (uint32_t i = 0; i < t->resource_count; i++) {
        vd_view_resource *p = &t->resources[i];

        if (p->star || q->star || !vd_cover_code(l, p) || !vd_cover_code(l, q) || vd_glob_overlaps(p->open, q->open))
            return true;
    }
    return false;
}

bool vd_cover_resources(vd_lint *l, const vd_view_statement *t, const vd_view_statement *s)
{
    bool t_not = t->model->resource.negated, s_not = s->model->resource.negated;

    if (t->all_resources)
        return true;
    if (t->resource_count == 0 || s->resource_count == 0 || (s_not && !t_not))
        return false;
    if (s_not) {
        for (uint32_t i = 0; i < t->resource_count; i++)
            if (!is_covered_by_one(l, s, &t->resources[i]))
                return false;
        return true;
    }
    for (uint32_t i = 0; i < s->resource_count; i++)
        if (t_not ? meets_one(l, t, &s->resources[i]) : !is_covered_by_one(l, t, &s->resources[i]))
            return false;
    return true;
}

/* ------------------------------------------------------------------ principals */

static bool covers_principal(const vd_view_principal *p, const vd_view_principal *q)
{
    if (p->shape == VD_SHAPE_EVERYONE)
        return true;
    if (p->shape == VD_SHAPE_ACCOUNT && q->shape == VD_SHAPE_ACCOUNT)
        return p->account.n && vd_str_eq(p->account, q->account);
    return p->type == q->type && vd_str_eq(p->text.text, q->text.text);
}

static bool has_principal(const vd_view_statement *t, const vd_view_principal *q)
{
    for (uint32_t i = 0; i < t->principal_count; i++)
        if (covers_principal(&t->principals[i], q))
            return true;
    return false;
}

bool vd_cover_principals(const vd_view_statement *t, const vd_view_statement *s)
{
    const vd_principals *a = &t->model->principal, *b = &s->model->principal;

    if (!a->present || !b->present)
        return !a->present && !b->present;
    if (a->negated != b->negated || t->principal_count == 0 || s->principal_count == 0)
        return false;
    if (a->negated) {
        for (uint32_t i = 0; i < t->principal_count; i++)
            if (!has_principal(s, &t->principals[i]))
                return false;
        return true;
    }
    for (uint32_t i = 0; i < s->principal_count; i++)
        if (!has_principal(t, &s->principals[i]))
            return false;
    return true;
}

/* ------------------------------------------------------------------ conditions */

enum { VALUE_BYTES = 512 };

static bool covers_value(const vd_operator *op, vd_str p, vd_str q)
{
    char   a[VALUE_BYTES], b[VALUE_BYTES];
    vd_str x = { a, 0 }, y = { b, 0 };

    if (vd_str_eq(p, q))
        return true;
    if (op->test == VD_TEST_STRING_FOLDED || op->test == VD_TEST_BOOL || op->test == VD_TEST_NULL)
        return vd_str_ieq(p, q);
    if (!op->globs || p.n > VALUE_BYTES || q.n > VALUE_BYTES || vd_str_find(p, '$') < p.n ||
        (vd_str_contains(q, VD_S("${")) && (vd_str_find(q, '*') < q.n || vd_str_find(q, '?') < q.n)))
        return false;
    if (op->test == VD_TEST_ARN)
        return vd_arn_code(a, &x.n, p) && vd_arn_code(b, &y.n, q) && vd_glob_covers(x, y);
    x.n = vd_glob_code(a, p);
    y.n = vd_glob_code(b, q);
    return vd_glob_covers(x, y);
}

/* Every value of q is within one of p. */
static bool covers_values(const vd_operator *op, const vd_texts *p, const vd_texts *q)
{
    for (uint32_t i = 0; i < q->count; i++) {
        bool found = false;

        for (uint32_t k = 0; k < p->count && !found; k++)
            found = covers_value(op, p->at[k].text, q->at[i].text);
        if (!found)
            return false;
    }
    return true;
}

/* Positive: fewer values ask for more; negated: more of them do. */
static bool entry_implies(const vd_view_condition *s, const vd_view_condition *t)
{
    const vd_entry *a = s->entry, *b = t->entry;

    if (!a->op.op || a->op.op != b->op.op || a->op.quantifier != b->op.quantifier ||
        (a->op.if_exists && !b->op.if_exists) || !vd_str_ieq(s->key, t->key))
        return false;
    if (a->values.count == 0 || b->values.count == 0)
        return a->values.count == b->values.count;
    return a->op.op->negated ? covers_values(a->op.op, &a->values, &b->values)
                             : covers_values(a->op.op, &b->values, &a->values);
}

bool vd_cover_conditions(const vd_view_statement *t, const vd_view_statement *s)
{
    if (t->conditions_hole)
        return false;
    for (uint32_t i = 0; i < t->condition_count; i++) {
        bool found = false;

        for (uint32_t k = 0; k < s->condition_count && !found; k++)
            found = !s->conditions[k].key_hole && entry_implies(&s->conditions[k], &t->conditions[i]);
        if (!found)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ statements */

bool vd_cover_rest(vd_lint *l, const vd_view_statement *t, const vd_view_statement *s)
{
    return vd_cover_conditions(t, s) && vd_cover_principals(t, s) && vd_cover_resources(l, t, s);
}

vd_coverage vd_cover_statement(vd_lint *l, const vd_view_statement *t, const vd_view_statement *s)
{
    if (t->model->malformed || s->model->malformed || !vd_cover_rest(l, t, s))
        return VD_COVERED_NOT;
    return vd_cover_actions(t, s);
}
