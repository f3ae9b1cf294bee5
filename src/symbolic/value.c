/* SPDX-License-Identifier: Apache-2.0
 *
 * One variable: is there a value for which all these literals are so?
 *
 * The principal and the resource are texts: a question for words.c.  A key is absent, there, or blank (E536, E543); what is
 * asked of it then is asked of one text, or of a set of texts in which every one fulfils what is said of all and for each
 * thing said of some there is one that fulfils it (never more are needed than things said of some).  One text is found by
 * words.c when all tests are tests of texts; for numbers, dates and addresses the values of the tests cut their line into
 * cells, and one value of each cell is tried.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "operator/operator.h"
#include "pattern/arn.h"
#include "pattern/value.h"

#include <stdio.h>

enum { ALTERNATIVES = 6, CELLS = 4096 };

/* One text must make the entry's test come out like this. */
typedef struct want {
    const vd_atom *atom;
    bool           passes;
} want;

typedef struct wants {
    want    *at;
    uint32_t count, cap;
} wants;

static bool add_want(vd_ask *a, wants *w, const vd_atom *atom, bool passes)
{
    if (!VD_ARENA_PUSH(&a->s->work, w->at, w->count, w->cap, (want){ atom, passes }))
        a->nomem = true;
    return !a->nomem;
}

static vd_answer unknown(vd_ask *a, const char *why)
{
    a->why = why;
    return VD_UNKNOWN;
}

static bool is_text_test(const vd_atom *atom)
{
    switch (atom->entry->op.op->test) {
    case VD_TEST_STRING:
    case VD_TEST_STRING_FOLDED:
    case VD_TEST_LIKE:
    case VD_TEST_ARN:
    case VD_TEST_BOOL:
        return true;
    default:
        return false;
    }
}

/* ------------------------------------------------------------------ words */

/* Languages in and out of a question for words.c. */
typedef struct sides {
    vd_globs *in, *out;
    uint32_t     in_count, in_cap, out_count, out_cap;
} sides;

static bool put(vd_ask *a, sides *s, bool in, vd_globs l)
{
    bool ok = in ? VD_ARENA_PUSH(&a->s->work, s->in, s->in_count, s->in_cap, l)
                 : VD_ARENA_PUSH(&a->s->work, s->out, s->out_count, s->out_cap, l);

    a->nomem |= !ok;
    return ok;
}

static vd_answer solve(vd_ask *a, const sides *s, vd_domain domain, vd_str *word)
{
    vd_words  q = { .in = s->in, .in_count = s->in_count, .out = s->out, .out_count = s->out_count, .domain = domain,
                    .variables = a->holes == VD_HOLES_SYMBOLS };
    vd_answer answer;
    vd_str    found;
    bool      nomem = false;

    vd_arena_reset(&a->s->scratch);
    answer = vd_words_solve(&found, &q, &a->s->scratch, &a->budget, &nomem);
    a->nomem |= nomem;
    if (answer == VD_UNKNOWN)
        return unknown(a, "budget");
    if (answer == VD_SAT && !vd_arena_dup(&a->s->work, word, found))
        a->nomem = true;
    return answer;
}

static const vd_str arn_shape[] = { VD_L("\xfd:\xfd:\xfd:\xfd:\xfd:\xff") };
static const vd_str true_text[] = { VD_L("true") };

/* Bool: the text "true" in any case, or any other text. */
static bool put_bool(vd_ask *a, sides *s, const want *w)
{
    vd_globs l = { true_text, 1, true };
    bool        on = vd_entry_test(a, w->atom, VD_S("true")), off = vd_entry_test(a, w->atom, VD_S("false"));

    if (on == off)
        return on == w->passes ? !a->nomem : put(a, s, true, (vd_globs){ NULL, 0, false });
    return put(a, s, on == w->passes, l);
}

/* A test of a text as languages.  An Arn operator says no of a text that is no ARN, negated or not: "does not pass" has two
 * ways then, and `other` chooses the second. */
static bool put_test(vd_ask *a, sides *s, const want *w, bool other, bool *two_ways)
{
    const vd_operator *op = w->atom->entry->op.op;
    bool               in = w->passes != op->negated;
    vd_globs        l;

    if (op->test == VD_TEST_BOOL)
        return put_bool(a, s, w);
    if (!vd_atom_globs(a, w->atom, !in, &l))
        return false;
    if (op->test != VD_TEST_ARN)
        return put(a, s, in, l);
    if (l.count == 0 && !w->atom->variables) /* E539: never passes */
        return !w->passes || put(a, s, true, l);
    *two_ways = !w->passes;
    if (!w->passes && other)
        return put(a, s, false, (vd_globs){ arn_shape, 1, false });
    return put(a, s, in, l) && (!w->passes || put(a, s, true, (vd_globs){ arn_shape, 1, false }));
}

/* With symbols for variables: a pattern asked for that lies within one asked against is a contradiction for all values. */
static bool contradicts(vd_ask *a, const vd_globs *in, const vd_globs *out, vd_domain domain)
{
    sides     s = { 0 };
    vd_str    word;
    vd_answer answer;

    if (!put(a, &s, true, *in) || !put(a, &s, false, *out))
        return false;
    answer = solve(a, &s, domain, &word);
    return answer == VD_UNSAT;
}

/* ------------------------------------------------------------------ one text of a key */

static vd_answer find_word(vd_ask *a, const wants *w, vd_domain domain, uint32_t ways, vd_str *out)
{
    sides s = { 0 };

    for (uint32_t i = 0, two = 0; i < w->count; i++) {
        bool two_ways = false;

        if (!put_test(a, &s, &w->at[i], ways >> two & 1u, &two_ways))
            return VD_UNKNOWN;
        two += two_ways;
    }
    return solve(a, &s, domain, out);
}

static vd_answer find_text(vd_ask *a, const wants *w, vd_domain domain, vd_str *out)
{
    uint32_t  two = 0;
    vd_answer answer = VD_UNSAT;

    for (uint32_t i = 0; i < w->count; i++)
        two += w->at[i].atom->entry->op.op->test == VD_TEST_ARN && !w->at[i].passes;
    if (two > ALTERNATIVES)
        return unknown(a, "budget");
    for (uint32_t ways = 0; ways < 1u << two && answer == VD_UNSAT; ways++)
        answer = find_word(a, w, domain, ways, out);
    return answer;
}

static bool all_pass(vd_ask *a, const wants *w, vd_str x)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (vd_entry_test(a, w->at[i].atom, x) != w->at[i].passes)
            return false;
    return true;
}

static bool fits_domain(vd_ask *a, vd_key_rule rule, vd_str x)
{
    vd_date d;

    if (rule.domain.digits && (!vd_str_all_digits(x) || x.n != rule.domain.shortest))
        return false;
    return !rule.not_before_now || (vd_date_parse(&d, x) && vd_date_cmp(&d, &a->s->now) >= 0);
}

/* Values to try, in this order. */
typedef struct tries {
    vd_ask  *ask;
    vd_str  *at;
    uint32_t count, cap;
} tries;

static void try_text(tries *t, vd_str x)
{
    vd_str kept;

    if (t->count >= CELLS)
        return;
    if (!vd_arena_dup(&t->ask->s->work, &kept, x) || !VD_ARENA_PUSH(&t->ask->s->work, t->at, t->count, t->cap, kept))
        t->ask->nomem = true;
}

/* A number cuts the line: itself, and a little farther from zero, which lies before the next number that is written with as
 * many digits; zero and what is next to it are tried once. */
static void try_number(tries *t, vd_str x)
{
    vd_number n;
    vd_str    farther;

    if (!vd_number_parse(&n, x))
        return;
    try_text(t, x);
    if (vd_str_find(x, 'e') < x.n || vd_str_find(x, 'E') < x.n)
        return;
    if (!vd_arena_printf(&t->ask->s->work, &farther, VD_F "%s0000001", VD_A(x), vd_str_find(x, '.') < x.n ? "" : "."))
        t->ask->nomem = true;
    else
        try_text(t, farther);
}

static void try_date(tries *t, vd_str x)
{
    vd_date d, other;
    char    text[64];

    if (!vd_date_parse(&d, x))
        return;
    for (int step = -1; step <= 1; step++) {
        other = d;
        other.seconds += step;
        text[vd_date_format(text, other)] = 0;
        try_text(t, vd_str_of(text));
    }
}

static void put_address(tries *t, bool six, const uint8_t *b)
{
    char text[64];

    if (six)
        snprintf(text, sizeof text, "%x:%x:%x:%x:%x:%x:%x:%x", b[0] << 8 | b[1], b[2] << 8 | b[3], b[4] << 8 | b[5],
                 b[6] << 8 | b[7], b[8] << 8 | b[9], b[10] << 8 | b[11], b[12] << 8 | b[13], b[14] << 8 | b[15]);
    else
        snprintf(text, sizeof text, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
    try_text(t, vd_str_of(text));
}

static void next_address(uint8_t *b, int n, int step)
{
    for (int i = n - 1; i >= 0; i--) {
        b[i] = (uint8_t)(b[i] + step);
        if (b[i] != (step > 0 ? 0 : 255))
            return;
    }
}

/* First and last of the range, and the neighbours outside. */
static void try_range(tries *t, vd_str x)
{
    vd_cidr c;
    uint8_t lo[16], hi[16];
    int     n;

    if (!vd_cidr_parse(&c, x))
        return;
    n = c.family == 6 ? 16 : 4;
    memcpy(lo, c.bytes, sizeof lo);
    memcpy(hi, c.bytes, sizeof hi);
    for (int i = 0; i < n * 8; i++)
        if (i >= c.bits) {
            lo[i / 8] = (uint8_t)(lo[i / 8] & ~(0x80 >> i % 8));
            hi[i / 8] = (uint8_t)(hi[i / 8] | 0x80 >> i % 8);
        }
    put_address(t, c.family == 6, lo);
    put_address(t, c.family == 6, hi);
    next_address(lo, n, -1);
    next_address(hi, n, 1);
    put_address(t, c.family == 6, lo);
    put_address(t, c.family == 6, hi);
}

static void try_values(tries *t, const vd_atom *atom)
{
    const vd_entry *e = atom->entry;

    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_str x = e->values.at[i].text;

        switch (e->op.op->test) {
        case VD_TEST_NUMBER_EQ:
        case VD_TEST_NUMBER_LT:
        case VD_TEST_NUMBER_LE:
        case VD_TEST_NUMBER_GT:
        case VD_TEST_NUMBER_GE:
            try_number(t, x);
            break;
        case VD_TEST_DATE_EQ:
        case VD_TEST_DATE_LT:
        case VD_TEST_DATE_LE:
        case VD_TEST_DATE_GT:
        case VD_TEST_DATE_GE:
            try_date(t, x);
            break;
        case VD_TEST_IP:
            try_range(t, x);
            break;
        default:
            try_text(t, x);
            break;
        }
    }
}

static vd_answer find_cell(vd_ask *a, const wants *w, vd_key_rule rule, vd_str *out)
{
    static const vd_str first[] = { VD_L("203.0.113.9"), VD_L("198.51.100.9"), VD_L("2001:db8::9"), VD_L("7"), VD_L("0"),
                                    VD_L("0.00000000000000000001"), VD_L("-0.00000000000000000001"), VD_L("AAAA") };
    tries               t = { .ask = a };
    wants               texts = { 0 };
    char                now[64];

    for (size_t i = 0; i < VD_COUNT(first); i++)
        try_text(&t, first[i]);
    now[vd_date_format(now, a->s->now)] = 0;
    try_text(&t, vd_str_of(now));
    for (uint32_t i = 0; i < w->count; i++) {
        try_values(&t, w->at[i].atom);
        if (is_text_test(w->at[i].atom))
            add_want(a, &texts, w->at[i].atom, w->at[i].passes);
    }
    try_text(&t, VD_S("none")); /* what no typed operator can read */
    if (texts.count) {
        vd_str word;

        if (find_text(a, &texts, rule.domain, &word) == VD_SAT)
            try_text(&t, word);
    }
    for (uint32_t i = 0; i < t.count && !a->nomem; i++) {
        if (a->budget < w->count)
            return unknown(a, "budget");
        a->budget -= w->count;
        if (fits_domain(a, rule, t.at[i]) && all_pass(a, w, t.at[i])) {
            *out = t.at[i];
            return VD_SAT;
        }
    }
    if (t.count >= CELLS)
        return unknown(a, "budget");
    return texts.count ? unknown(a, "mixed-types") : VD_UNSAT;
}

static vd_answer find_one(vd_ask *a, const wants *w, vd_key_rule rule, vd_str *out)
{
    bool text = !rule.not_before_now;

    if (rule.constant.n) {
        *out = rule.constant;
        return all_pass(a, w, rule.constant) ? VD_SAT : VD_UNSAT;
    }
    if (rule.usual.n && a->holes == VD_HOLES_FILLED && all_pass(a, w, rule.usual)) {
        *out = rule.usual;
        return VD_SAT;
    }
    for (uint32_t i = 0; i < w->count; i++)
        text = text && is_text_test(w->at[i].atom);
    if (!text)
        return find_cell(a, w, rule, out);
    rule.domain.shortest = rule.domain.shortest ? rule.domain.shortest : 1; /* blank is another state */
    return find_text(a, w, rule.domain, out);
}

/* ------------------------------------------------------------------ a key that is there */

/* What the literals say of the key's values; false: they contradict each other whatever the values are. */
static bool sort_wants(vd_ask *a, const vd_key_var *key, const vd_literal *l, uint32_t count, wants *all, wants *some)
{
    for (uint32_t i = 0; i < count; i++) {
        const vd_atom         *atom = &a->s->atoms[l[i].atom];
        const vd_operator_use *use = &atom->entry->op;

        if (use->op->test == VD_TEST_NULL) {
            bool hit = false;

            for (uint32_t k = 0; k < atom->entry->values.count; k++)
                hit |= vd_str_ieq(atom->entry->values.at[k].text, VD_S("false"));
            if (hit != l[i].holds)
                return false;
        } else if (!key->many) {
            add_want(a, all, atom, l[i].holds);
        } else if (use->quantifier == VD_FOR_ONE) {
            if (l[i].holds) /* E508: a plain operator is false of a key with several values */
                return false;
        } else {
            bool for_all = (use->quantifier == VD_FOR_ALL) == l[i].holds;

            add_want(a, for_all ? all : some, atom, l[i].holds);
        }
    }
    return true;
}

static vd_answer find_values(vd_ask *a, const wants *all, const wants *some, vd_key_rule rule, vd_assigned *out)
{
    uint32_t n = some->count ? some->count : 1;

    out->values = vd_arena_new_array(&a->s->work, vd_str, n);
    if (!out->values) {
        a->nomem = true;
        return VD_UNKNOWN;
    }
    for (uint32_t i = 0; i < n; i++) {
        wants     one = { 0 };
        vd_answer answer;

        for (uint32_t k = 0; k < all->count; k++)
            add_want(a, &one, all->at[k].atom, all->at[k].passes);
        if (some->count)
            add_want(a, &one, some->at[i].atom, some->at[i].passes);
        answer = find_one(a, &one, rule, &out->values[out->count]);
        if (answer != VD_SAT)
            return answer;
        out->count++;
    }
    out->state = VD_STATE_PRESENT;
    return VD_SAT;
}

static bool missing_fits(const vd_ask *a, const vd_key_var *key, const vd_literal *l, uint32_t count, bool blank)
{
    for (uint32_t i = 0; i < count; i++)
        if (vd_entry_when_absent(a->s->atoms[l[i].atom].entry, blank, key->many) != l[i].holds)
            return false;
    return true;
}

/* The empty text: plain operators look at it, the others take the key as missing. */
static bool blank_fits(vd_ask *a, const vd_key_var *key, const vd_literal *l, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const vd_atom         *atom = &a->s->atoms[l[i].atom];
        const vd_operator_use *use = &atom->entry->op;
        bool                   plain = use->op->test != VD_TEST_NULL && use->quantifier == VD_FOR_ONE;
        bool                   truth = plain ? !key->many && vd_entry_test(a, atom, VD_S("")) : vd_entry_when_absent(atom->entry, true, key->many);

        if (truth != l[i].holds)
            return false;
    }
    return true;
}

static bool holes_are_open(const vd_ask *a, const vd_literal *l, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (a->s->atoms[l[i].atom].variables && a->holes != VD_HOLES_FILLED)
            return true;
    return false;
}

static vd_answer find_key(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    const vd_key_var *key = &a->s->keys[var - VD_VAR_KEYS];
    vd_key_rule       rule = vd_universe_rule(a, key);
    wants             all = { 0 }, some = { 0 };
    vd_answer         answer = VD_UNSAT;

    out->key = key->spelled;
    if (rule.presence != VD_KEY_MUST && missing_fits(a, key, l, count, false)) {
        out->state = VD_STATE_ABSENT;
        return VD_SAT;
    }
    if (rule.presence == VD_KEY_NEVER)
        return VD_UNSAT;
    if (sort_wants(a, key, l, count, &all, &some))
        answer = find_values(a, &all, &some, rule, out);
    if (answer != VD_UNSAT || rule.constant.n || rule.presence == VD_KEY_MUST)
        return answer;
    out->count = 0;
    if (!holes_are_open(a, l, count) && blank_fits(a, key, l, count)) {
        out->state = VD_STATE_BLANK;
        return VD_SAT;
    }
    return VD_UNSAT;
}

/* ------------------------------------------------------------------ principal and resource */

/* A literal of a text variable as a language; *in: asked for.  *fixed: its truth does not depend on the text. */
static bool text_literal(vd_ask *a, vd_literal l, vd_globs *out, bool *in, bool *fixed, bool *truth)
{
    const vd_atom *atom = &a->s->atoms[l.atom];
    vd_globs    seen;

    *fixed = false;
    *in = l.holds;
    switch (atom->kind) {
    case VD_ATOM_RESOURCE:
        return vd_atom_globs(a, atom, !l.holds, out);
    case VD_ATOM_PRINCIPAL:
        return vd_principal_language(a, atom, out);
    case VD_ATOM_TEXTS:
        *fixed = atom->var == VD_VAR_PRINCIPAL && !(atom->askers >> a->profile.who & 1u);
        *truth = false;
        *out = (vd_globs){ atom->patterns, atom->pattern_count, false };
        return true;
    default:
        break;
    }
    if (atom->entry->op.op->test == VD_TEST_NULL) {
        *fixed = true;
        *truth = !vd_entry_when_absent(atom->entry, false, false);
        return true;
    }
    if (!is_text_test(atom) || atom->entry->op.op->test == VD_TEST_BOOL) {
        a->relaxed = true; /* a number out of a part of an ARN: nobody writes that */
        a->why = "operator";
        *fixed = true;
        *truth = l.holds;
        return true;
    }
    *in = l.holds != atom->entry->op.op->negated;
    if (!vd_atom_globs(a, atom, !*in, &seen))
        return false;
    if (atom->entry->op.op->test == VD_TEST_ARN && seen.count == 0 && !atom->variables) { /* E539 */
        *fixed = true;
        *truth = false;
        return true;
    }
    return vd_view_lift(a, vd_view_of(a, &a->s->keys[atom->var - VD_VAR_KEYS]), &seen, out);
}

static vd_answer find_text_var(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count, vd_assigned *out)
{
    sides     s = { 0 };
    vd_answer answer;
    vd_domain domain = { 0 };
    vd_globs shape;

    if (var == VD_VAR_PRINCIPAL) {
        domain.no_wildcards = true;
        if (!vd_principal_shape(a, &shape) || !put(a, &s, true, shape))
            return VD_UNKNOWN;
    } else if (!vd_resource_shape(a, &shape) || !put(a, &s, true, shape)) {
        return VD_UNKNOWN;
    }
    for (uint32_t i = 0; i < count; i++) {
        vd_globs language;
        bool        in, fixed, truth;

        if (!text_literal(a, l[i], &language, &in, &fixed, &truth))
            return VD_UNKNOWN;
        if (fixed && truth != l[i].holds)
            return VD_UNSAT;
        if (!fixed && !put(a, &s, in, language))
            return VD_UNKNOWN;
    }
    out->values = vd_arena_new_array(&a->s->work, vd_str, 1);
    if (!out->values) {
        a->nomem = true;
        return VD_UNKNOWN;
    }
    answer = solve(a, &s, domain, out->values);
    out->count = answer == VD_SAT;
    out->state = VD_STATE_PRESENT;
    return answer;
}

/* Asked for and against, pattern by pattern, with a symbol for each variable. */
static bool symbols_contradict(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count)
{
    vd_holes_as mode = a->holes;
    bool        relaxed = a->relaxed, found = false, variables = false;

    for (uint32_t i = 0; i < count; i++)
        variables |= a->s->atoms[l[i].atom].variables;
    if (!variables || mode != VD_HOLES_ANYTHING || var >= VD_VAR_KEYS)
        return false;
    a->holes = VD_HOLES_SYMBOLS;
    for (uint32_t i = 0; i < count && !found; i++)
        for (uint32_t k = 0; k < count && !found; k++) {
            vd_globs p, q;
            bool        in, out, fixed, truth;

            if (i == k || (!a->s->atoms[l[i].atom].variables && !a->s->atoms[l[k].atom].variables))
                continue;
            if (text_literal(a, l[i], &p, &in, &fixed, &truth) && !fixed && in &&
                text_literal(a, l[k], &q, &out, &fixed, &truth) && !fixed && !out)
                found = contradicts(a, &p, &q, (vd_domain){ 0 });
        }
    a->holes = mode;
    a->relaxed = relaxed;
    return found;
}

vd_answer vd_value_find(vd_ask *a, uint32_t var, const vd_literal *literals, uint32_t count, vd_assigned *out)
{
    *out = (vd_assigned){ 0 };
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (literals[i].atom == literals[k].atom && literals[i].holds != literals[k].holds)
                return VD_UNSAT;
    if (symbols_contradict(a, var, literals, count))
        return VD_UNSAT;
    return var < VD_VAR_KEYS ? find_text_var(a, var, literals, count, out) : find_key(a, var, literals, count, out);
}

/* ------------------------------------------------------------------ truth of one literal */

static bool key_holds(vd_ask *a, const vd_key_var *key, const vd_atom *atom, const vd_assigned *v)
{
    const vd_operator_use *use = &atom->entry->op;
    bool                   all = use->quantifier == VD_FOR_ALL;

    if (v->state == VD_STATE_ABSENT)
        return vd_entry_when_absent(atom->entry, false, key->many);
    if (v->state == VD_STATE_BLANK)
        return use->op->test != VD_TEST_NULL && use->quantifier == VD_FOR_ONE
                   ? !key->many && vd_entry_test(a, atom, VD_S(""))
                   : vd_entry_when_absent(atom->entry, true, key->many);
    if (use->op->test == VD_TEST_NULL) {
        for (uint32_t i = 0; i < atom->entry->values.count; i++)
            if (vd_str_ieq(atom->entry->values.at[i].text, VD_S("false")))
                return true;
        return false;
    }
    if (use->quantifier == VD_FOR_ONE)
        return !key->many && v->count && vd_entry_test(a, atom, v->values[0]);
    for (uint32_t i = 0; i < v->count; i++)
        if (vd_entry_test(a, atom, v->values[i]) != all)
            return !all;
    return all;
}

bool vd_value_holds(vd_ask *a, uint32_t var, vd_literal l, const vd_assigned *value)
{
    const vd_atom *atom = &a->s->atoms[l.atom];
    vd_globs    language;
    bool           in, fixed, truth;

    if (var >= VD_VAR_KEYS)
        return key_holds(a, &a->s->keys[var - VD_VAR_KEYS], atom, value) == l.holds;
    if (!text_literal(a, l, &language, &in, &fixed, &truth))
        return false;
    if (fixed)
        return truth == l.holds;
    return vd_globs_have(&language, value->values[0], &a->s->scratch, &a->nomem) == in;
}
