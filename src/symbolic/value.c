/* SPDX-License-Identifier: Apache-2.0
 *
 * One variable: is there a value for which all these literals are so?
 *
 * A key is absent, there, or blank (E536, E543); what is asked of it then is asked of one text, or of a set of texts in which
 * every one fulfils what is said of all and for each thing said of some there is one that fulfils it (never more are needed
 * than things said of some).  One text is found by words.c when all tests are tests of texts, else among the cells.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "symbolic/mutant.h"
#include "operator/operator.h"
#include "pattern/arn.h"

/* ------------------------------------------------------------------ one text */

static bool fits_domain(vd_domain d, vd_str x)
{
    if (d.digits && (!vd_str_all_digits(x) || x.n < d.shortest || (d.longest && x.n > d.longest)))
        return false;
    return !d.no_wildcards || (vd_str_find(x, '*') == x.n && vd_str_find(x, '?') == x.n);
}

static bool domain_is_all(vd_domain d)
{
    return !d.digits && !d.no_wildcards && d.longest == 0;
}

/* The texts of a test that passes only for one of them; no case, no wildcard, no variable. */
static bool is_listed(const vd_ask *a, const vd_want *w)
{
    const vd_entry *e = w->atom->entry;

    if (!w->passes || e->op.op->negated || (w->atom->variables && a->holes != VD_HOLES_FILLED))
        return false;
    if (e->op.op->test == VD_TEST_STRING)
        return !w->atom->variables;
    return false;
}

static uint8_t theory_of(const vd_atom *atom)
{
    uint8_t t = atom->entry->op.op->test;

    if (vd_atom_is_text(atom))
        return 1;
    return t >= VD_TEST_NUMBER_EQ && t <= VD_TEST_NUMBER_GE ? 2 : t >= VD_TEST_DATE_EQ && t <= VD_TEST_DATE_GE ? 4 : t == VD_TEST_IP ? 8 : 16;
}

/* The empty text is none to try: in a set it is not looked at (E543), and alone it is a state of its own. */
static bool try_one(vd_ask *a, const vd_wants *w, vd_domain d, vd_str x, vd_str *out)
{
    *out = x;
    return x.n && fits_domain(d, x) && vd_wants_pass(a, w, x);
}

static vd_answer try_all(vd_ask *a, const vd_wants *w, vd_domain d, const vd_str *at, uint32_t n, vd_str *out)
{
    for (uint32_t i = 0; i < n && !a->nomem; i++) {
        if (a->budget < w->count)
            return vd_unknown(a, "budget");
        a->budget -= w->count;
        if (try_one(a, w, d, at[i], out))
            return VD_SAT;
    }
    return a->nomem ? VD_UNKNOWN : VD_UNSAT;
}

static const vd_str nice[] = { VD_L("203.0.113.9"), VD_L("198.51.100.9"), VD_L("2001:db8::9"), VD_L("7"), VD_L("0") };
static const vd_str unreadable[] = { VD_L("none") }; /* what no typed operator can read */

/* Tests of several kinds: texts that some test names, a word of the text part, what the others suggest. */
static vd_answer find_mixed(vd_ask *a, const vd_wants *w, vd_domain domain, vd_tries *t, vd_str *out)
{
    vd_wants  texts = { 0 };
    vd_str    word;
    vd_answer answer;

    for (uint32_t i = 0; i < w->count; i++)
        if (theory_of(w->at[i].atom) == 1)
            vd_wants_add(a, &texts, w->at[i].atom, w->at[i].passes);
    answer = texts.count ? vd_text_find(a, &texts, domain, &word) : VD_UNSAT;
    if (texts.count && answer != VD_SAT)
        return answer; /* the text part alone is impossible */
    if (texts.count && try_one(a, w, domain, word, out))
        return VD_SAT;
    for (uint32_t i = 0; i < w->count && !a->nomem; i++) {
        const vd_texts *v = &w->at[i].atom->entry->values;

        for (uint32_t k = 0; k < v->count; k++)
            if (!VD_ARENA_PUSH(&a->s->work, t->at, t->count, t->cap, v->at[k].text))
                a->nomem = true;
    }
    answer = try_all(a, w, domain, t->at, t->count, out);
    return answer == VD_UNSAT ? vd_unknown(a, "mixed-types") : answer;
}

static vd_answer find_cell(vd_ask *a, const vd_wants *w, vd_domain domain, uint32_t theories, vd_str *out)
{
    vd_tries  t = { 0 };
    vd_answer answer = try_all(a, w, domain, nice, VD_COUNT(nice), out);

    if (answer == VD_UNSAT)
        answer = try_all(a, w, domain, unreadable, VD_COUNT(unreadable), out);
    for (uint32_t i = 0; i < w->count && answer == VD_UNSAT; i++)
        if (is_listed(a, &w->at[i])) { /* these texts or none */
            const vd_texts *v = &w->at[i].atom->entry->values;
            vd_str         *at = vd_arena_new_array(&a->s->work, vd_str, v->count ? v->count : 1);

            for (uint32_t k = 0; at && k < v->count; k++)
                at[k] = v->at[k].text;
            a->nomem |= !at;
            return at ? try_all(a, w, domain, at, v->count, out) : VD_UNKNOWN;
        }
    if (answer != VD_UNSAT)
        return answer;
    if (!vd_cells(a, w, &t))
        return VD_UNKNOWN;
    answer = try_all(a, w, domain, t.at, t.count, out);
    if (answer != VD_UNSAT)
        return answer;
    return (theories & (theories - 1)) == 0 && domain_is_all(domain) ? VD_UNSAT : find_mixed(a, w, domain, &t, out);
}

vd_answer vd_one_find(vd_ask *a, const vd_wants *w, vd_key_rule rule, vd_str *out)
{
    static const vd_str yes_or_no[] = { VD_L("true"), VD_L("false") };
    uint32_t            theories = 0;

    if (rule.constant.n)
        return try_one(a, w, (vd_domain){ 0 }, rule.constant, out) ? VD_SAT : VD_UNSAT;
    if (rule.yes_or_no)
        return try_all(a, w, (vd_domain){ 0 }, yes_or_no, 2, out);
    if (rule.usual.n && a->holes == VD_HOLES_FILLED && try_one(a, w, (vd_domain){ 0 }, rule.usual, out))
        return VD_SAT;
    for (uint32_t i = 0; i < w->count; i++)
        theories |= theory_of(w->at[i].atom);
    rule.domain.shortest = rule.domain.shortest ? rule.domain.shortest : 1; /* blank is another state */
    if (theories > 1)
        return find_cell(a, w, rule.domain, theories, out);
    return vd_text_find(a, w, rule.domain, out);
}

/* ------------------------------------------------------------------ a key that is there */

static vd_answer find_values(vd_ask *a, const vd_wants *all, const vd_wants *some, uint32_t least, vd_key_rule rule, vd_assigned *out)
{
    uint32_t n = some->count > least && !VD_MUTANT(8) ? some->count : least;

    out->count = 0;
    out->values = vd_arena_new_array(&a->s->work, vd_str, n);
    if (!out->values) {
        a->nomem = true;
        return VD_UNKNOWN;
    }
    for (uint32_t i = 0; i < n; i++) {
        vd_wants  one = { 0 };
        vd_answer answer;

        for (uint32_t k = 0; k < all->count; k++)
            vd_wants_add(a, &one, all->at[k].atom, all->at[k].passes);
        if (i < some->count)
            vd_wants_add(a, &one, some->at[i].atom, some->at[i].passes);
        answer = vd_one_find(a, &one, rule, &out->values[out->count]);
        if (answer != VD_SAT)
            return answer;
        out->count++;
    }
    out->state = VD_STATE_PRESENT;
    return VD_SAT;
}

bool vd_missing_fits(const vd_ask *a, const vd_literal *l, uint32_t count, bool blank)
{
    for (uint32_t i = 0; i < count; i++)
        if (vd_entry_when_absent(a->s->atoms[l[i].atom].entry, blank, false) != l[i].holds)
            return false;
    return true;
}

/* The empty text: plain operators look at it, the others take the key as missing.  Where a variable may be anything, so may the
 * test. */
static bool blank_fits(vd_ask *a, const vd_key_var *key, const vd_literal *l, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const vd_atom         *atom = &a->s->atoms[l[i].atom];
        const vd_operator_use *use = &atom->entry->op;
        bool                   plain = use->op->test != VD_TEST_NULL && use->quantifier == VD_FOR_ONE;
        bool                   truth = plain ? !key->many && vd_entry_test(a, atom, VD_S(""), l[i].holds) : vd_entry_when_absent(atom->entry, true, key->many);

        if (truth != l[i].holds)
            return false;
    }
    return true;
}

static vd_answer find_present(vd_ask *a, bool many, uint32_t least, vd_key_rule rule, const vd_literal *l, uint32_t count,
                              vd_assigned *out)
{
    vd_wants all = { 0 }, some = { 0 };

    if (!vd_wants_sort(a, many, l, count, &all, &some))
        return VD_UNSAT;
    return find_values(a, &all, &some, least, rule, out);
}

static vd_answer find_key(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    const vd_key_var *key = &a->s->keys[var - VD_VAR_KEYS];
    vd_key_rule       rule = vd_universe_rule(a, key);
    vd_answer         answer, several = VD_UNSAT;

    out->key = key->spelled;
    if (rule.presence != VD_KEY_MUST && !VD_MUTANT(5) && vd_missing_fits(a, l, count, false)) {
        out->state = VD_STATE_ABSENT;
        return VD_SAT;
    }
    if (rule.presence == VD_KEY_NEVER)
        return VD_UNSAT;
    answer = find_present(a, key->many, 1, rule, l, count, out);
    if (answer == VD_UNSAT && key->unknown && !rule.constant.n) /* E507: two values make it one of several */
        answer = several = find_present(a, true, 2, rule, l, count, out);
    if (answer != VD_UNSAT || rule.constant.n || rule.presence == VD_KEY_MUST || rule.yes_or_no || !domain_is_all(rule.domain))
        return answer;
    out->count = 0;
    if (!VD_MUTANT(6) && blank_fits(a, key, l, count)) {
        out->state = VD_STATE_BLANK;
        return VD_SAT;
    }
    return answer;
}

static vd_answer find(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    *out = (vd_assigned){ 0 };
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (l[i].atom == l[k].atom && l[i].holds != l[k].holds)
                return VD_UNSAT;
    if (vd_symbols_contradict(a, var, l, count))
        return VD_UNSAT;
    return var < VD_VAR_KEYS ? vd_family_find(a, var, l, count, out) : find_key(a, var, l, count, out);
}

vd_answer vd_value_find(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    vd_memo_key        key = vd_memo_key_of(a, var, l, count);
    const vd_memo_row *row = vd_memo_find(a->s, &key);
    bool               relaxed = a->relaxed;
    vd_answer          answer;

    if (row) {
        *out = row->value;
        a->relaxed |= row->relaxed;
        return (vd_answer)row->answer;
    }
    a->relaxed = false;
    answer = find(a, var, l, count, out);
    if (answer == VD_UNSAT && a->s->certify)
        vd_certify(a, var, l, count);
    if (answer != VD_UNKNOWN)
        vd_memo_add(a, &key, answer, out);
    a->relaxed |= relaxed;
    return a->nomem ? VD_UNKNOWN : answer;
}

/* ------------------------------------------------------------------ truth of one literal */

bool vd_key_holds(vd_ask *a, const vd_key_var *key, const vd_atom *atom, const vd_assigned *v, bool wanted)
{
    const vd_operator_use *use = &atom->entry->op;
    bool                   all = use->quantifier == VD_FOR_ALL, many = key->many || (key->unknown && v->count > 1);

    if (v->state == VD_STATE_ABSENT)
        return vd_entry_when_absent(atom->entry, false, many);
    if (v->state == VD_STATE_BLANK)
        return use->op->test != VD_TEST_NULL && use->quantifier == VD_FOR_ONE
                   ? !many && vd_entry_test(a, atom, VD_S(""), wanted)
                   : vd_entry_when_absent(atom->entry, true, many);
    if (use->op->test == VD_TEST_NULL) {
        for (uint32_t i = 0; i < atom->entry->values.count; i++)
            if (vd_str_ieq(atom->entry->values.at[i].text, VD_S("false")))
                return true;
        return false;
    }
    if (use->quantifier == VD_FOR_ONE)
        return !many && v->count && vd_entry_test(a, atom, v->values[0], wanted);
    for (uint32_t i = 0; i < v->count; i++)
        if (vd_entry_test(a, atom, v->values[i], wanted) != all)
            return !all;
    return all;
}

bool vd_value_holds(vd_ask *a, uint32_t var, vd_literal l, const vd_assigned *value)
{
    const vd_atom *atom = &a->s->atoms[l.atom];
    vd_globs       language;
    bool           in, fixed, truth;

    if (atom->kind == VD_ATOM_ENTRY) {
        const vd_key_var *key = &a->s->keys[atom->var - VD_VAR_KEYS];
        vd_str            room = { "", 0 };
        vd_assigned       part = vd_view_value(a, var, vd_universe_rule(a, key).view, value, &room);

        return vd_key_holds(a, key, atom, &part, l.holds) == l.holds;
    }
    if (!vd_text_literal(a, l, VD_VIEW_NONE, &language, &in, &fixed, &truth))
        return false;
    if (fixed)
        return truth == l.holds;
    return vd_globs_have(&language, value->values[0], &a->s->scratch, &a->nomem) == in;
}
