/* SPDX-License-Identifier: Apache-2.0
 *
 * What a text with a variable in it makes two keys tell of each other.  When x is "home/" and then the value of k, a test that
 * k passes is one of x as well, with "home/" before it; when x is just the value of k, every test of one is a test of the
 * other.  Such sentences hold of every request.  As clauses they keep the relaxation of template.c, in which a variable may be
 * anything, from taking x and k apart: what it calls impossible is so, and what it finds is nearly always a request.
 */
#include "symbolic/mirror.h"

#include "pattern/arn.h"
#include "pattern/template.h"
#include "pattern/walk.h"

enum { MOST_CLAUSES = 128, MOST_NAMED = 4 };

static void add_atom(vd_mirrors *m, uint32_t id)
{
    for (uint32_t i = 0; i < m->atom_count; i++)
        if (m->atoms[i] == id)
            return;
    if (m->atom_count < VD_MIRROR_ATOMS)
        m->atoms[m->atom_count++] = id;
}

/* ------------------------------------------------------------------ clauses */

/* The test as it is when a text of it matches. */
static vd_literal matched_by(const vd_mirrors *m, uint32_t id)
{
    const vd_atom *atom = vd_mirror_atom(m, id);

    return (vd_literal){ id, atom->kind == VD_ATOM_RESOURCE || !atom->entry->op.op->negated };
}

static vd_literal matched(const vd_mirrors *m, const vd_hole *h)
{
    return matched_by(m, h->atom);
}

static vd_literal against(vd_literal l)
{
    return (vd_literal){ l.atom, !l.holds };
}

static void put(vd_coupling *c, vd_literal l)
{
    c->either[c->count++] = l;
}

static void add_clause(vd_mirrors *m, const vd_coupling *c)
{
    vd_ask *a = m->a;

    if (a->nomem || m->clauses == MOST_CLAUSES)
        return;
    m->clauses++;
    if (!VD_ARENA_PUSH(&a->s->work, a->couplings, a->coupling_count, a->coupling_cap, *c))
        a->nomem = true;
}

/* A test that is true of a key that is not there, and of one that has the value. */
static bool passes_absent(const vd_atom *atom)
{
    return atom->kind == VD_ATOM_ENTRY && !atom->entry->op.op->negated &&
           (atom->entry->op.if_exists || atom->entry->op.quantifier == VD_FOR_ALL);
}

/* "Unless the text matches": what clauses begin with.  apart: and with the value of the variable, not with another text of the
 * test, or a default. */
static bool unless_matched(vd_mirrors *m, const vd_hole *h, bool apart, vd_coupling *c)
{
    static const vd_filler nothing = { 0 };
    vd_literal             l;
    bool                   wider;

    *c = (vd_coupling){ .count = 0 };
    put(c, against(matched(m, h)));
    if (passes_absent(vd_mirror_atom(m, h->atom)))
        put(c, vd_mirror_condition(m, "Null", vd_mirror_atom(m, h->atom)->var, &(vd_str)VD_L("true"), 1));
    if (h->has_fallback)
        put(c, vd_mirror_condition(m, "Null", h->key, &(vd_str)VD_L("true"), 1));
    if (!apart || vd_mirror_texts(vd_mirror_atom(m, h->atom))->count == 1)
        return !m->a->nomem;
    if (!vd_mirror_around(m, h, nothing, true, false, &l, &wider))
        return false;
    put(c, l);
    return true;
}

/* ------------------------------------------------------------------ the variable is there, or its default is taken */

static void tie_presence(vd_mirrors *m, const vd_hole *h)
{
    static const vd_filler nothing = { 0 };
    vd_coupling            c = { .count = 0 };
    vd_literal             l;
    bool                   wider;

    put(&c, against(matched(m, h)));
    if (passes_absent(vd_mirror_atom(m, h->atom)))
        put(&c, vd_mirror_condition(m, "Null", vd_mirror_atom(m, h->atom)->var, &(vd_str)VD_L("true"), 1));
    if (vd_mirror_texts(vd_mirror_atom(m, h->atom))->count == 1 && !h->has_fallback) {
        put(&c, vd_mirror_condition(m, "Null", h->key, &(vd_str)VD_L("false"), 1));
        add_clause(m, &c);
    } else if (vd_mirror_around(m, h, nothing, true, true, &l, &wider)) {
        put(&c, l);
        put(&c, vd_mirror_condition(m, "Null", h->key, &(vd_str)VD_L("false"), 1));
        add_clause(m, &c);
    }
    if (!h->has_fallback || !vd_mirror_around(m, h, nothing, false, true, &l, &wider) || wider)
        return;
    c = (vd_coupling){ .count = 0 };
    put(&c, matched(m, h));
    put(&c, against(vd_mirror_condition(m, "Null", h->key, &(vd_str)VD_L("true"), 1)));
    put(&c, against(l));
    add_clause(m, &c);
}

/* ------------------------------------------------------------------ two texts with the same variable */

/* All that one says the other does; the sign stands for the variable, which only a star takes. */
static bool takes(char sign, char c)
{
    return sign == c || (sign == '?' && c != '*' && (unsigned char)c < 0x80);
}

static bool covers(vd_str outer, vd_str inner)
{
    return vd_walk(outer, inner, '*', takes);
}

/* "a is the value of b" and "b is the value of a". */
static bool tie_turned(vd_mirrors *m, const vd_hole *h, const vd_hole *other)
{
    vd_coupling c;

    if (!h->whole || !other->whole || h->key != vd_mirror_atom(m, other->atom)->var ||
        other->key != vd_mirror_atom(m, h->atom)->var || h->key == other->key)
        return false;
    if (unless_matched(m, h, true, &c)) {
        put(&c, matched(m, other));
        add_clause(m, &c);
    }
    return true;
}

/* Holes of the same variable in tests of the same key: when the text of one matches, that of the other does. */
static void tie_holes(vd_mirrors *m, const vd_hole *h, const vd_hole *other)
{
    bool        same = vd_str_eq(h->text, other->text), glob = other->how >= VD_MANNER_LIKE;
    vd_coupling c;

    if (tie_turned(m, h, other))
        return;
    if (h->atom == other->atom || h->key != other->key || vd_mirror_atom(m, h->atom)->var != vd_mirror_atom(m, other->atom)->var ||
        (h->how != other->how && (h->how != VD_MANNER_EQUALS || other->how == VD_MANNER_ARN)))
        return;
    if (!same && !(vd_str_eq(h->before, other->before) &&
                   (vd_str_eq(h->after, other->after) || (glob && covers(other->after, h->after)))))
        return;
    if (!unless_matched(m, h, true, &c))
        return;
    put(&c, matched(m, other));
    add_clause(m, &c);
    if (!same || !h->has_fallback || vd_mirror_texts(vd_mirror_atom(m, h->atom))->count > 1)
        return;
    c = (vd_coupling){ .either = { against(matched(m, h)), matched(m, other) }, .count = 2 }; /* whatever its default */
    if (!passes_absent(vd_mirror_atom(m, h->atom)))
        add_clause(m, &c);
}

/* Lists of texts with variables, of which one says no more than the other. */
static void tie_within(vd_mirrors *m, uint32_t inner, uint32_t outer)
{
    uint32_t    var = vd_mirror_atom(m, inner)->var;
    vd_coupling c = { .count = 0 };

    if (inner == outer || var != vd_mirror_atom(m, outer)->var || !vd_mirror_atom(m, inner)->variables ||
        !vd_mirror_atom(m, outer)->variables || !vd_mirror_written(m, vd_mirror_atom(m, inner)) ||
        !vd_mirror_written(m, vd_mirror_atom(m, outer)) || !vd_mirror_within(m, inner, outer))
        return;
    put(&c, against(matched_by(m, inner)));
    if (passes_absent(vd_mirror_atom(m, inner)))
        put(&c, vd_mirror_condition(m, "Null", var, &(vd_str)VD_L("true"), 1));
    put(&c, matched_by(m, outer));
    add_clause(m, &c);
}

/* ------------------------------------------------------------------ tests of the variable, with text around them */

/* The test passes: the value is one of its patterns. */
static vd_literal passed(const vd_mirrors *m, uint32_t test)
{
    return (vd_literal){ test, !vd_mirror_atom(m, test)->entry->op.op->negated };
}

static bool patterns_of(vd_mirrors *m, uint32_t test, vd_filler *out)
{
    const vd_texts *texts = &vd_mirror_atom(m, test)->entry->values;
    vd_manner       how = vd_manner_of(vd_mirror_atom(m, test));
    vd_str         *at;

    if (how != VD_MANNER_EQUALS && how != VD_MANNER_LIKE && how != VD_MANNER_FOLDED)
        return false;
    at = vd_arena_new_array(&m->a->s->work, vd_str, texts->count + 1);
    m->a->nomem |= !at;
    for (uint32_t i = 0; at && i < texts->count; i++)
        at[i] = texts->at[i].text;
    *out = (vd_filler){ at, texts->count, how == VD_MANNER_LIKE, how == VD_MANNER_FOLDED };
    return at != NULL;
}

/* When no text may match although the variable is this very value. */
static void tie_named(vd_mirrors *m, const vd_hole *h, vd_str value)
{
    const vd_filler one = { &value, 1, false, h->how == VD_MANNER_FOLDED };
    vd_coupling     c = { .count = 0 };
    vd_literal      l;
    bool            wider;

    if (value.n == 0 || !vd_mirror_around(m, h, one, false, false, &l, &wider) || wider)
        return;
    put(&c, matched(m, h));
    put(&c, against(vd_mirror_condition(m, "StringEquals", h->key, &value, 1)));
    put(&c, against(l));
    add_clause(m, &c);
}

static void tie_all_named(vd_mirrors *m, const vd_hole *h, const vd_filler *f)
{
    for (uint32_t i = 0; i < f->count && i < MOST_NAMED && !m->a->nomem; i++)
        if (!f->globs || !vd_mirror_wild(f->at[i]))
            tie_named(m, h, f->at[i]);
}

static void tie_around(vd_mirrors *m, const vd_hole *h, uint32_t test)
{
    vd_filler   f;
    vd_coupling c;
    vd_literal  l;
    bool        wider;

    if (!patterns_of(m, test, &f))
        return;
    if (vd_mirror_around(m, h, f, !f.fold, false, &l, &wider) && unless_matched(m, h, f.fold, &c)) { /* others mind the case */
        put(&c, against(passed(m, test)));
        put(&c, l);
        add_atom(m, l.atom);
        add_clause(m, &c);
    }
    if (h->plain && vd_mirror_around(m, h, f, false, false, &l, &wider) && !wider && unless_matched(m, h, true, &c)) {
        put(&c, passed(m, test));
        put(&c, against(l));
        add_atom(m, l.atom);
        add_clause(m, &c);
    }
    tie_all_named(m, h, &f);
}

/* ------------------------------------------------------------------ tests of two keys that are the same */

/* The same test of another key.  It lives as long as the atoms. */
static uint32_t same_test(vd_mirrors *m, uint32_t test, uint32_t var)
{
    vd_symbolic *s = m->a->s;
    vd_entry    *e = vd_arena_new(&s->arena, vd_entry);

    if (!e) {
        m->a->nomem = true;
        return 0;
    }
    *e = *vd_mirror_atom(m, test)->entry;
    e->key.text = s->keys[var - VD_VAR_KEYS].spelled;
    return vd_atom_of_entry(s, vd_mirror_atom(m, test)->policy, e, &m->a->nomem);
}

static void tie_same(vd_mirrors *m, const vd_hole *h, uint32_t test, uint32_t other)
{
    uint32_t    same = same_test(m, test, other);
    vd_filler   f;
    vd_coupling c;

    for (int way = 0; way < 2 && !m->a->nomem && unless_matched(m, h, true, &c); way++) {
        put(&c, (vd_literal){ test, way != 0 });
        put(&c, (vd_literal){ same, way == 0 });
        add_clause(m, &c);
    }
    if (!m->a->nomem)
        add_atom(m, same);
    if (patterns_of(m, test, &f) && !f.fold)
        tie_all_named(m, h, &f);
}

/* Compared without case: what the key is, the variable is but for the case. */
static void tie_folded(vd_mirrors *m, const vd_hole *h, uint32_t test)
{
    vd_manner   how = vd_manner_of(vd_mirror_atom(m, test));
    vd_filler   f;
    vd_coupling c;

    if ((how != VD_MANNER_EQUALS && how != VD_MANNER_FOLDED) || !patterns_of(m, test, &f) || !unless_matched(m, h, true, &c))
        return;
    put(&c, against(passed(m, test)));
    put(&c, vd_mirror_condition(m, "StringEqualsIgnoreCase", h->key, f.at, f.count));
    add_atom(m, c.either[c.count - 1].atom);
    add_clause(m, &c);
}

/* The variable is the key itself: whatever it is, the test passes. */
static void tie_itself(vd_mirrors *m, const vd_hole *h)
{
    vd_coupling c = { .count = 0 };

    if (h->key != vd_mirror_atom(m, h->atom)->var)
        return;
    put(&c, matched(m, h));
    put(&c, against(vd_mirror_condition(m, "Null", h->key, &(vd_str)VD_L("false"), 1)));
    add_clause(m, &c);
}

/* "No value of the key is the key's own": a value is always its own. */
static void tie_odd(vd_mirrors *m, uint32_t id)
{
    const vd_atom  *atom = vd_mirror_atom(m, id);
    uint32_t        var = atom->var;
    const vd_texts *texts;

    if (!vd_mirror_odd(atom) || vd_manner_of(atom) == VD_MANNER_OTHER || vd_manner_of(atom) > VD_MANNER_LIKE || !vd_mirror_single(m, var) ||
        atom->policy->language != VD_LANGUAGE_2012)
        return;
    texts = &atom->entry->values;
    for (uint32_t i = 0; i < texts->count && !m->a->nomem; i++) {
        vd_coupling c = { .count = 0 };
        size_t      at = 0;
        vd_part     part;

        if (!vd_template_next(texts->at[i].text, &at, &part) || part.kind != VD_PART_VARIABLE || at < texts->at[i].text.n ||
            vd_var_of_key(m->a->s, part.text, &m->a->nomem) != var)
            continue;
        put(&c, (vd_literal){ id, false });
        put(&c, against(vd_mirror_condition(m, "Null", var, &(vd_str)VD_L("false"), 1)));
        add_clause(m, &c);
    }
}

static void tie(vd_mirrors *m, const vd_hole *h, uint32_t test)
{
    const vd_atom *atom = vd_mirror_atom(m, test);
    uint32_t       var = vd_mirror_atom(m, h->atom)->var;

    if (h->key == var)
        return;
    if (atom->kind != VD_ATOM_ENTRY || atom->variables || atom->entry->op.op->test == VD_TEST_NULL ||
        !vd_mirror_single(m, atom->var))
        return;
    if (h->whole && (atom->var == h->key || atom->var == var))
        tie_same(m, h, test, atom->var == h->key ? var : h->key);
    else if (atom->var == h->key)
        tie_around(m, h, test);
    else if (h->how == VD_MANNER_FOLDED && atom->var == var && h->before.n == 0 && h->after.n == 0)
        tie_folded(m, h, test);
}

/* ------------------------------------------------------------------ values that other elements name */

/* Tests that nobody asks for, for the clauses: elements that look at the whole of an ARN say what a part of it is. */
static void add_test(vd_mirrors *m, const vd_hole *h, vd_str value)
{
    uint32_t before = m->atom_count;

    if (value.n && before < VD_MIRROR_ATOMS)
        add_atom(m, vd_mirror_condition(m, "StringEquals", h->key, &value, 1).atom);
}

static bool shows_account(const vd_mirrors *m, uint32_t var)
{
    const vd_key_var *key = var < VD_VAR_KEYS ? NULL : &m->a->s->keys[var - VD_VAR_KEYS];

    return key && (key->view == VD_VIEW_ACCOUNT || key->named == VD_NAMED_OWNER_ACCOUNT || key->named == VD_NAMED_CALLER_ACCOUNT);
}

/* All accounts in the text. */
static void add_accounts(vd_mirrors *m, const vd_hole *h, vd_str text)
{
    enum { DIGITS = 12 };

    for (size_t i = 0; i + DIGITS <= text.n; i++)
        if (vd_is_account(vd_str_first(vd_str_from(text, i), DIGITS)) && (i == 0 || !vd_is_digit(text.p[i - 1]))) {
            add_test(m, h, vd_str_first(vd_str_from(text, i), DIGITS));
            i += DIGITS;
        }
}

/* What stands where the variable is. */
static void add_aligned(vd_mirrors *m, const vd_hole *h, vd_str text)
{
    vd_str rest = vd_str_from(text, h->before.n);
    size_t n = 0;

    if (!h->before.n || !vd_str_starts(text, h->before))
        return;
    while (n < rest.n && rest.p[n] != '/' && rest.p[n] != ':' && rest.p[n] != '*' && rest.p[n] != '?' && rest.p[n] != '$')
        n++;
    add_test(m, h, vd_str_first(rest, n));
}

static void add_values(vd_mirrors *m, const vd_hole *h)
{
    uint32_t count = m->atom_count;
    bool     account = shows_account(m, h->key) || shows_account(m, vd_mirror_atom(m, h->atom)->var);

    for (uint32_t i = 0; i < count && !m->a->nomem; i++) {
        uint8_t              kind = vd_mirror_atom(m, m->atoms[i])->kind;
        const vd_principals *who = vd_mirror_atom(m, m->atoms[i])->who; /* atoms move when there are more */
        const vd_list       *list = vd_mirror_atom(m, m->atoms[i])->list;
        vd_globs             texts = { vd_mirror_atom(m, m->atoms[i])->patterns, vd_mirror_atom(m, m->atoms[i])->pattern_count, false };

        for (uint32_t k = 0; account && kind == VD_ATOM_PRINCIPAL && k < who->count; k++)
            add_accounts(m, h, who->at[k].text.text);
        for (uint32_t k = 0; account && kind == VD_ATOM_TEXTS && k < texts.count; k++)
            add_accounts(m, h, texts.patterns[k]);
        for (uint32_t k = 0; kind == VD_ATOM_RESOURCE && k < list->texts.count; k++) {
            if (account)
                add_accounts(m, h, list->texts.at[k].text);
            if (h->how == VD_MANNER_RESOURCE)
                add_aligned(m, h, list->texts.at[k].text);
        }
    }
}

/* ------------------------------------------------------------------ the goal */

static void add_boxes(vd_mirrors *m, const uint32_t *list, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const vd_box *b = &m->a->s->boxes[list[i]];

        for (uint32_t k = 0; k < b->count; k++)
            add_atom(m, b->literals[k].atom);
    }
}

static void add_goal(vd_mirrors *m)
{
    const vd_goal *g = m->a->goal;

    add_boxes(m, g->match, g->match_count);
    for (uint32_t i = 0; i < m->a->s->pin_count; i++)
        add_atom(m, m->a->s->pins[i].atom);
    for (uint32_t i = 0; i < g->demand_count; i++)
        add_atom(m, g->demands[i].atom);
    add_boxes(m, g->miss, g->miss_count);
    for (uint32_t i = 0; i < g->clause_count; i++)
        for (uint32_t k = 0; k < g->clauses[i].count; k++)
            add_atom(m, g->clauses[i].at[k].atom);
}

static bool keep_atoms(vd_mirrors *m)
{
    uint32_t *at = vd_arena_new_array(&m->a->s->work, uint32_t, m->atom_count + 1u);

    if (at)
        memcpy(at, m->atoms, m->atom_count * sizeof *at);
    m->a->atoms = at;
    m->a->atom_count = at ? m->atom_count : 0;
    m->a->nomem |= !at;
    return !m->a->nomem;
}

static bool add(vd_ask *a)
{
    vd_mirrors m = { .a = a };
    uint32_t   given;

    add_goal(&m);
    vd_mirror_holes(&m);
    given = m.atom_count;
    for (uint32_t i = 0; i < given && !a->nomem; i++)
        for (uint32_t k = 0; k < given && !a->nomem; k++)
            tie_within(&m, m.atoms[i], m.atoms[k]);
    for (uint32_t i = m.atom_count; i-- > 0 && !a->nomem;)
        tie_odd(&m, m.atoms[i]);
    for (uint32_t k = 0; k < m.hole_count && !a->nomem; k++) {
        add_values(&m, &m.holes[k]);
        tie_presence(&m, &m.holes[k]);
        tie_itself(&m, &m.holes[k]);
        for (uint32_t i = 0; i < m.hole_count && !a->nomem; i++)
            tie_holes(&m, &m.holes[k], &m.holes[i]);
    }
    for (uint32_t i = 0; i < m.atom_count && !a->nomem; i++) /* those that are made here, too */
        for (uint32_t k = 0; k < m.hole_count && !a->nomem; k++)
            tie(&m, &m.holes[k], m.atoms[i]);
    return keep_atoms(&m);
}

bool vd_mirrors_add(vd_ask *a)
{
    a->tied = a->coupling_count;
    return a->variable_count == 0 || add(a); /* most questions have no variables */
}
