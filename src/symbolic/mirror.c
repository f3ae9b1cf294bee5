/* SPDX-License-Identifier: Apache-2.0
 *
 * What a text with a variable in it makes two keys tell of each other.  When x is "home/" and then the value of k, a test that
 * k passes is one of x as well, with "home/" before it; when x is just the value of k, every test of one is a test of the
 * other.  Such sentences hold of every request.  As clauses they keep the relaxation of template.c, in which a variable may be
 * anything, from taking x and k apart: what it calls impossible is so, and what it finds is nearly always a request.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/template.h"

enum { MOST_ATOMS = 256, MOST_HOLES = 16, MOST_CLAUSES = 128, MOST_NAMED = 4 };

/* A value of a test with one variable in it, and nothing else that is not plain. */
typedef struct hole {
    uint32_t atom, value;   /* the test, and which of its values */
    uint32_t key;           /* the variable */
    uint8_t  how;           /* manner */
    vd_str   text, before, after;
    vd_str   fallback;      /* its default, where it has one */
    bool     has_fallback;
    bool     whole;         /* nothing around it */
    bool     plain;         /* no wildcards around it: the text says what the variable is */
} hole;

typedef struct mirrors {
    vd_ask  *a;
    uint32_t atoms[MOST_ATOMS];
    uint32_t atom_count;
    hole     holes[MOST_HOLES];
    uint32_t hole_count;
    uint32_t clauses;
} mirrors;

static const vd_atom *atom_at(const mirrors *m, uint32_t id)
{
    return &m->a->s->atoms[id];
}

static void add_atom(mirrors *m, uint32_t id)
{
    for (uint32_t i = 0; i < m->atom_count; i++)
        if (m->atoms[i] == id)
            return;
    if (m->atom_count < MOST_ATOMS)
        m->atoms[m->atom_count++] = id;
}

/* ------------------------------------------------------------------ holes */

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

static const vd_texts *texts_of(const vd_atom *atom)
{
    return atom->kind == VD_ATOM_RESOURCE ? &atom->list->texts : &atom->entry->values;
}

/* A key with one value, as it is. */
static bool is_single(const mirrors *m, uint32_t var)
{
    return var >= VD_VAR_KEYS && !m->a->s->keys[var - VD_VAR_KEYS].many && !m->a->s->keys[var - VD_VAR_KEYS].unknown;
}

/* Of other forms of Resource nobody here knows what they are completed to. */
static bool is_full_resource(vd_str text)
{
    size_t colons = 0, end = vd_str_find(text, '$');

    for (size_t i = 0; i < end; i++)
        colons += text.p[i] == ':';
    return vd_str_eq(text, VD_S("*")) || (vd_str_starts(text, VD_S("arn:")) && colons >= 5);
}

/* Only plain text and variables: nothing escaped, no name that is none. */
static bool is_simple(vd_str text, uint32_t *variables)
{
    size_t  at = 0;
    vd_part part;

    *variables = 0;
    while (vd_template_next(text, &at, &part)) {
        if (part.kind != VD_PART_TEXT && (part.kind != VD_PART_VARIABLE || has_wildcard(part.fallback)))
            return false;
        *variables += part.kind == VD_PART_VARIABLE;
    }
    return true;
}

/* How the texts of a test are compared. */
typedef enum manner { MANNER_OTHER, MANNER_EQUALS, MANNER_FOLDED, MANNER_LIKE, MANNER_ARN, MANNER_RESOURCE } manner;

static manner manner_of(const vd_atom *atom)
{
    if (atom->kind == VD_ATOM_RESOURCE)
        return MANNER_RESOURCE;
    if (atom->kind != VD_ATOM_ENTRY)
        return MANNER_OTHER;
    switch (atom->entry->op.op->test) {
    case VD_TEST_STRING:
        return MANNER_EQUALS;
    case VD_TEST_STRING_FOLDED:
        return MANNER_FOLDED;
    case VD_TEST_LIKE:
        return MANNER_LIKE;
    case VD_TEST_ARN:
        return MANNER_ARN;
    default:
        return MANNER_OTHER;
    }
}

/* "ForAnyValue:StringNotEquals" is false of a key that is not there, too: not looked at. */
static bool is_odd(const vd_atom *atom)
{
    return atom->kind == VD_ATOM_ENTRY && atom->entry->op.quantifier != VD_FOR_ONE && atom->entry->op.op->negated;
}

/* Can all values be written as patterns? */
static bool is_written(const mirrors *m, const vd_atom *atom)
{
    manner          how = manner_of(atom);
    const vd_texts *texts;

    if (how == MANNER_OTHER || is_odd(atom) || (how != MANNER_RESOURCE && !is_single(m, atom->var)) || atom->policy->language != VD_LANGUAGE_2012)
        return false;
    texts = texts_of(atom);
    for (uint32_t i = 0; i < texts->count; i++) {
        uint32_t variables;

        if (!is_simple(texts->at[i].text, &variables) ||
            (how >= MANNER_ARN && !is_full_resource(texts->at[i].text)))
            return false;
    }
    return true;
}

static void add_hole(mirrors *m, uint32_t id, uint32_t value)
{
    vd_str   text = texts_of(atom_at(m, id))->at[value].text;
    hole     h = { .atom = id, .value = value };
    size_t   at = 0;
    uint32_t variables;
    vd_part  part;

    if (!is_simple(text, &variables) || variables != 1 || m->hole_count == MOST_HOLES)
        return;
    while (vd_template_next(text, &at, &part) && part.kind != VD_PART_VARIABLE)
        ;
    h.key = vd_var_of_key(m->a->s, part.text, &m->a->nomem);
    h.text = text;
    h.has_fallback = part.has_fallback;
    h.fallback = part.fallback;
    h.before = vd_str_first(text, part.offset);
    h.after = vd_str_from(text, part.offset + part.length);
    h.how = manner_of(atom_at(m, id));
    h.whole = h.before.n == 0 && h.after.n == 0 && (h.how == MANNER_EQUALS || h.how == MANNER_LIKE);
    h.plain = h.how <= MANNER_FOLDED || (!has_wildcard(h.before) && !has_wildcard(h.after));
    if (is_single(m, h.key) && (h.key != atom_at(m, id)->var || (h.before.n == 0 && h.after.n == 0)))
        m->holes[m->hole_count++] = h;
}

static void find_holes(mirrors *m)
{
    for (uint32_t i = 0; i < m->atom_count; i++) {
        const vd_atom *atom = atom_at(m, m->atoms[i]);

        if (!atom->variables || !is_written(m, atom))
            continue;
        for (uint32_t v = 0; v < texts_of(atom)->count; v++)
            add_hole(m, m->atoms[i], v);
    }
}

/* ------------------------------------------------------------------ clauses */

/* The test of a hole as it is when the text matches. */
static vd_literal matched(const mirrors *m, const hole *h)
{
    const vd_atom *atom = atom_at(m, h->atom);

    return (vd_literal){ h->atom, atom->kind == VD_ATOM_RESOURCE || !atom->entry->op.op->negated };
}

static vd_literal against(vd_literal l)
{
    return (vd_literal){ l.atom, !l.holds };
}

static void put(vd_coupling *c, vd_literal l)
{
    c->either[c->count++] = l;
}

static void add_clause(mirrors *m, const vd_coupling *c)
{
    vd_ask *a = m->a;

    if (a->nomem || m->clauses == MOST_CLAUSES)
        return;
    m->clauses++;
    if (!VD_ARENA_PUSH(&a->s->work, a->couplings, a->coupling_count, a->coupling_cap, *c))
        a->nomem = true;
}

static vd_literal condition(mirrors *m, const char *op, uint32_t var, const vd_str *values, uint32_t count)
{
    vd_symbolic *s = m->a->s;

    return (vd_literal){ vd_atom_of_condition(s, VD_LANGUAGE_2008, op, s->keys[var - VD_VAR_KEYS].spelled, values, count, &m->a->nomem),
                         true };
}

/* What may be where the variable is: patterns, or texts as they are. */
typedef struct filler {
    const vd_str *at;
    uint32_t      count;
    bool          globs, fold;
} filler;

typedef struct writing {
    mirrors *m;
    vd_str  *at;
    uint32_t count;
    bool     coded; /* of a resource */
    bool     equals; /* the test knows no wildcards */
    bool     globs; /* of a key: some value is to be a pattern */
    bool     wider; /* than was meant */
} writing;

static void put_glob(const writing *w, vd_buf *b, vd_str text)
{
    for (size_t i = 0; i < text.n; i++)
        vd_buf_byte(b, w->coded && text.p[i] == '*' ? VD_STAR : w->coded && text.p[i] == '?' ? VD_ANY : text.p[i]);
}

/* The five fields before the resource itself have rules of their own. */
static void put_before(const writing *w, vd_buf *b, vd_str text)
{
    size_t used = 0;
    char  *room = w->coded ? vd_buf_room(b, text.n + 12) : NULL;

    if (!w->coded)
        vd_buf_add(b, text);
    else if (room)
        b->n -= text.n + 12 - vd_resource_code(room, text, false, &used);
}

static void put_whole(writing *w, vd_str before, vd_str inside, bool glob, vd_str after)
{
    vd_buf b = vd_buf_on(&w->m->a->s->alloc, 0);

    put_before(w, &b, before);
    if (glob)
        put_glob(w, &b, inside);
    else
        vd_buf_add(&b, inside);
    put_glob(w, &b, after);
    w->globs |= !w->coded && ((!w->equals && (has_wildcard(before) || has_wildcard(after))) || (glob && has_wildcard(inside)));
    w->wider |= !w->coded && ((w->equals && (has_wildcard(before) || has_wildcard(after))) || (!glob && has_wildcard(inside)));
    w->m->a->nomem |= b.failed || !vd_arena_dup(&w->m->a->s->work, &w->at[w->count++], vd_buf_str(&b));
    vd_buf_done(&b);
}

/* Another value of the test, in which any variable is anything. */
static void put_other(writing *w, vd_str text)
{
    vd_buf  b = vd_buf_on(&w->m->a->s->alloc, 0);
    size_t  from = 0, first = vd_str_find(text, '$');
    vd_part part;

    while (vd_template_next(text, &from, &part))
        vd_buf_add(&b, part.kind == VD_PART_VARIABLE ? VD_S("*") : part.text);
    w->m->a->nomem |= b.failed;
    if (!b.failed) {
        vd_str all = vd_buf_str(&b);

        put_whole(w, vd_str_first(all, first), vd_str_from(all, first), !w->equals || first < text.n, VD_S(""));
        w->wider |= w->equals && first < text.n && has_wildcard(text);
    }
    vd_buf_done(&b);
}

static const char *operator_of(const hole *h, bool fold, bool globs)
{
    if (fold || h->how == MANNER_FOLDED)
        return "StringEqualsIgnoreCase";
    return h->how == MANNER_ARN ? "ArnLike" : globs ? "StringLike" : "StringEquals";
}

/* The variable of the hole is one of `inside`; others: or another value of its test matches (or its default, where `fallback`).
 * False: it cannot be said; *wider: more was said. */
static bool around(mirrors *m, const hole *h, filler inside, bool others, bool fallback, vd_literal *out, bool *wider)
{
    const vd_texts *texts = texts_of(atom_at(m, h->atom));
    uint32_t        var = atom_at(m, h->atom)->var;
    vd_symbolic    *s = m->a->s;
    writing         w = { .m = m, .coded = h->how == MANNER_RESOURCE, .equals = h->how <= MANNER_FOLDED };

    w.at = vd_arena_new_array(&s->work, vd_str, (size_t)inside.count + texts->count + 2);
    m->a->nomem |= !w.at;
    for (uint32_t i = 0; i < inside.count && !m->a->nomem; i++)
        put_whole(&w, h->before, inside.at[i], inside.globs, h->after);
    for (uint32_t i = 0; others && i < texts->count && !m->a->nomem; i++)
        if (!vd_str_eq(texts->at[i].text, h->text))
            put_other(&w, texts->at[i].text);
    if (fallback && h->has_fallback && !m->a->nomem)
        put_whole(&w, h->before, h->fallback, false, h->after);
    *out = (vd_literal){ 0, true };
    w.globs |= h->how == MANNER_ARN;
    *wider = (w.wider && w.globs) || (h->how == MANNER_FOLDED && !inside.fold);
    if (m->a->nomem || ((inside.fold || h->how == MANNER_FOLDED) && w.globs))
        return false;
    if (w.coded)
        out->atom = vd_atom_of_resource(s, w.at, w.count, inside.fold, &m->a->nomem);
    else
        *out = condition(m, operator_of(h, inside.fold, w.globs), var, w.at, w.count);
    return !m->a->nomem;
}

/* A test that is true of a key that is not there, and of one that has the value. */
static bool passes_absent(const vd_atom *atom)
{
    return atom->kind == VD_ATOM_ENTRY && !atom->entry->op.op->negated &&
           (atom->entry->op.if_exists || atom->entry->op.quantifier == VD_FOR_ALL);
}

/* "Unless the text matches": what clauses begin with.  apart: and with the value of the variable, not with another text of the
 * test, or a default. */
static bool unless_matched(mirrors *m, const hole *h, bool apart, vd_coupling *c)
{
    static const filler nothing = { 0 };
    vd_literal          l;
    bool                wider;

    *c = (vd_coupling){ .count = 0 };
    put(c, against(matched(m, h)));
    if (passes_absent(atom_at(m, h->atom)))
        put(c, condition(m, "Null", atom_at(m, h->atom)->var, &(vd_str)VD_L("true"), 1));
    if (h->has_fallback)
        put(c, condition(m, "Null", h->key, &(vd_str)VD_L("true"), 1));
    if (!apart || texts_of(atom_at(m, h->atom))->count == 1)
        return !m->a->nomem;
    if (!around(m, h, nothing, true, false, &l, &wider))
        return false;
    put(c, l);
    return true;
}

/* ------------------------------------------------------------------ the variable is there, or its default is taken */

static void tie_presence(mirrors *m, const hole *h)
{
    static const filler nothing = { 0 };
    vd_coupling         c = { .count = 0 };
    vd_literal          l;
    bool                wider;

    put(&c, against(matched(m, h)));
    if (passes_absent(atom_at(m, h->atom)))
        put(&c, condition(m, "Null", atom_at(m, h->atom)->var, &(vd_str)VD_L("true"), 1));
    if (texts_of(atom_at(m, h->atom))->count == 1 && !h->has_fallback) {
        put(&c, condition(m, "Null", h->key, &(vd_str)VD_L("false"), 1));
        add_clause(m, &c);
    } else if (around(m, h, nothing, true, true, &l, &wider)) {
        put(&c, l);
        put(&c, condition(m, "Null", h->key, &(vd_str)VD_L("false"), 1));
        add_clause(m, &c);
    }
    if (!h->has_fallback || !around(m, h, nothing, false, true, &l, &wider) || wider)
        return;
    c = (vd_coupling){ .count = 0 };
    put(&c, matched(m, h));
    put(&c, against(condition(m, "Null", h->key, &(vd_str)VD_L("true"), 1)));
    put(&c, against(l));
    add_clause(m, &c);
}

/* ------------------------------------------------------------------ two texts with the same variable */

/* All that one says the other does; the sign stands for the variable, which only a star takes. */
static bool covers(vd_str outer, vd_str inner)
{
    size_t p = 0, i = 0, star = SIZE_MAX, resume = 0;

    while (i < inner.n) {
        char c = inner.p[i];

        if (p < outer.n && outer.p[p] == '*') {
            star = p++;
            resume = i;
        } else if (p < outer.n && (outer.p[p] == c || (outer.p[p] == '?' && c != '*' && (unsigned char)c < 0x80))) {
            p++, i++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            i = ++resume;
        } else {
            return false;
        }
    }
    while (p < outer.n && outer.p[p] == '*')
        p++;
    return p == outer.n;
}

/* Holes of the same variable in tests of the same key: when the text of one matches, that of the other does. */
static void tie_holes(mirrors *m, const hole *h, const hole *other)
{
    bool        same = vd_str_eq(h->text, other->text), glob = other->how >= MANNER_LIKE;
    vd_coupling c;

    if (h->atom == other->atom || h->key != other->key || atom_at(m, h->atom)->var != atom_at(m, other->atom)->var ||
        (h->how != other->how && (h->how != MANNER_EQUALS || other->how == MANNER_ARN)))
        return;
    if (!same && !(vd_str_eq(h->before, other->before) &&
                   (vd_str_eq(h->after, other->after) || (glob && covers(other->after, h->after)))))
        return;
    if (!unless_matched(m, h, true, &c))
        return;
    put(&c, matched(m, other));
    add_clause(m, &c);
    if (!same || !h->has_fallback || texts_of(atom_at(m, h->atom))->count > 1)
        return;
    c = (vd_coupling){ .either = { against(matched(m, h)), matched(m, other) }, .count = 2 }; /* whatever its default */
    if (!passes_absent(atom_at(m, h->atom)))
        add_clause(m, &c);
}

/* ------------------------------------------------------------------ tests of the variable, with text around them */

/* The test passes: the value is one of its patterns. */
static vd_literal passed(const mirrors *m, uint32_t test)
{
    return (vd_literal){ test, !atom_at(m, test)->entry->op.op->negated };
}

static bool patterns_of(mirrors *m, uint32_t test, filler *out)
{
    const vd_texts *texts = &atom_at(m, test)->entry->values;
    manner          how = manner_of(atom_at(m, test));
    vd_str         *at;

    if (how != MANNER_EQUALS && how != MANNER_LIKE && how != MANNER_FOLDED)
        return false;
    at = vd_arena_new_array(&m->a->s->work, vd_str, texts->count + 1);
    m->a->nomem |= !at;
    for (uint32_t i = 0; at && i < texts->count; i++)
        at[i] = texts->at[i].text;
    *out = (filler){ at, texts->count, how == MANNER_LIKE, how == MANNER_FOLDED };
    return at != NULL;
}

/* When no text may match although the variable is this very value. */
static void tie_named(mirrors *m, const hole *h, vd_str value)
{
    const filler one = { &value, 1, false, false };
    vd_coupling  c = { .count = 0 };
    vd_literal   l;
    bool         wider;

    if (value.n == 0 || !around(m, h, one, false, false, &l, &wider) || wider)
        return;
    put(&c, matched(m, h));
    put(&c, against(condition(m, "StringEquals", h->key, &value, 1)));
    put(&c, against(l));
    add_clause(m, &c);
}

static void tie_all_named(mirrors *m, const hole *h, const filler *f)
{
    for (uint32_t i = 0; i < f->count && i < MOST_NAMED && !m->a->nomem; i++)
        if (!f->globs || !has_wildcard(f->at[i]))
            tie_named(m, h, f->at[i]);
}

static void tie_around(mirrors *m, const hole *h, uint32_t test)
{
    filler      f;
    vd_coupling c;
    vd_literal  l;
    bool        wider;

    if (!patterns_of(m, test, &f))
        return;
    if (around(m, h, f, !f.fold, false, &l, &wider) && unless_matched(m, h, f.fold, &c)) { /* others mind the case */
        put(&c, against(passed(m, test)));
        put(&c, l);
        add_atom(m, l.atom);
        add_clause(m, &c);
    }
    if (h->plain && around(m, h, f, false, false, &l, &wider) && !wider && unless_matched(m, h, true, &c)) {
        put(&c, passed(m, test));
        put(&c, against(l));
        add_atom(m, l.atom);
        add_clause(m, &c);
    }
    tie_all_named(m, h, &f);
}

/* ------------------------------------------------------------------ tests of two keys that are the same */

/* The same test of another key.  It lives as long as the atoms. */
static uint32_t same_test(mirrors *m, uint32_t test, uint32_t var)
{
    vd_symbolic *s = m->a->s;
    vd_entry    *e = vd_arena_new(&s->arena, vd_entry);

    if (!e) {
        m->a->nomem = true;
        return 0;
    }
    *e = *atom_at(m, test)->entry;
    e->key.text = s->keys[var - VD_VAR_KEYS].spelled;
    return vd_atom_of_entry(s, atom_at(m, test)->policy, e, &m->a->nomem);
}

static void tie_same(mirrors *m, const hole *h, uint32_t test, uint32_t other)
{
    uint32_t    same = same_test(m, test, other);
    filler      f;
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
static void tie_folded(mirrors *m, const hole *h, uint32_t test)
{
    manner      how = manner_of(atom_at(m, test));
    filler      f;
    vd_coupling c;

    if ((how != MANNER_EQUALS && how != MANNER_FOLDED) || !patterns_of(m, test, &f) || !unless_matched(m, h, true, &c))
        return;
    put(&c, against(passed(m, test)));
    put(&c, condition(m, "StringEqualsIgnoreCase", h->key, f.at, f.count));
    add_atom(m, c.either[c.count - 1].atom);
    add_clause(m, &c);
}

/* The variable is the key itself: whatever it is, the test passes. */
static void tie_itself(mirrors *m, const hole *h)
{
    vd_coupling c = { .count = 0 };

    if (h->key != atom_at(m, h->atom)->var)
        return;
    put(&c, matched(m, h));
    put(&c, against(condition(m, "Null", h->key, &(vd_str)VD_L("false"), 1)));
    add_clause(m, &c);
}

static void tie(mirrors *m, const hole *h, uint32_t test)
{
    const vd_atom *atom = atom_at(m, test);
    uint32_t       var = atom_at(m, h->atom)->var;

    if (h->key == var)
        return;
    if (atom->kind != VD_ATOM_ENTRY || atom->variables || atom->entry->op.op->test == VD_TEST_NULL || !is_single(m, atom->var))
        return;
    if (h->whole && (atom->var == h->key || atom->var == var))
        tie_same(m, h, test, atom->var == h->key ? var : h->key);
    else if (atom->var == h->key)
        tie_around(m, h, test);
    else if (h->how == MANNER_FOLDED && atom->var == var && h->before.n == 0 && h->after.n == 0)
        tie_folded(m, h, test);
}

/* ------------------------------------------------------------------ values that other elements name */

/* Tests that nobody asks for, for the clauses: elements that look at the whole of an ARN say what a part of it is. */
static void add_test(mirrors *m, const hole *h, vd_str value)
{
    uint32_t before = m->atom_count;

    if (value.n && before < MOST_ATOMS)
        add_atom(m, condition(m, "StringEquals", h->key, &value, 1).atom);
}

static bool shows_account(const mirrors *m, uint32_t var)
{
    const vd_key_var *key = var < VD_VAR_KEYS ? NULL : &m->a->s->keys[var - VD_VAR_KEYS];

    return key && (key->view == VD_VIEW_ACCOUNT || key->named == VD_NAMED_OWNER_ACCOUNT || key->named == VD_NAMED_CALLER_ACCOUNT);
}

/* All accounts in the text. */
static void add_accounts(mirrors *m, const hole *h, vd_str text)
{
    enum { DIGITS = 12 };

    for (size_t i = 0; i + DIGITS <= text.n; i++)
        if (vd_is_account(vd_str_first(vd_str_from(text, i), DIGITS)) && (i == 0 || !vd_is_digit(text.p[i - 1]))) {
            add_test(m, h, vd_str_first(vd_str_from(text, i), DIGITS));
            i += DIGITS;
        }
}

/* What stands where the variable is. */
static void add_aligned(mirrors *m, const hole *h, vd_str text)
{
    vd_str rest = vd_str_from(text, h->before.n);
    size_t n = 0;

    if (!h->before.n || !vd_str_starts(text, h->before))
        return;
    while (n < rest.n && rest.p[n] != '/' && rest.p[n] != ':' && rest.p[n] != '*' && rest.p[n] != '?' && rest.p[n] != '$')
        n++;
    add_test(m, h, vd_str_first(rest, n));
}

static void add_values(mirrors *m, const hole *h)
{
    uint32_t count = m->atom_count;
    bool     account = shows_account(m, h->key) || shows_account(m, atom_at(m, h->atom)->var);

    for (uint32_t i = 0; i < count && !m->a->nomem; i++) {
        uint8_t              kind = atom_at(m, m->atoms[i])->kind;
        const vd_principals *who = atom_at(m, m->atoms[i])->who; /* atoms move when there are more */
        const vd_list       *list = atom_at(m, m->atoms[i])->list;

        for (uint32_t k = 0; account && kind == VD_ATOM_PRINCIPAL && k < who->count; k++)
            add_accounts(m, h, who->at[k].text.text);
        for (uint32_t k = 0; kind == VD_ATOM_RESOURCE && k < list->texts.count; k++) {
            if (account)
                add_accounts(m, h, list->texts.at[k].text);
            if (h->how == MANNER_RESOURCE)
                add_aligned(m, h, list->texts.at[k].text);
        }
    }
}

/* ------------------------------------------------------------------ the goal */

static void add_boxes(mirrors *m, const uint32_t *list, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const vd_box *b = &m->a->s->boxes[list[i]];

        for (uint32_t k = 0; k < b->count; k++)
            add_atom(m, b->literals[k].atom);
    }
}

static void add_goal(mirrors *m)
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

static bool keep_atoms(mirrors *m)
{
    uint32_t *at = vd_arena_new_array(&m->a->s->work, uint32_t, m->atom_count + 1u);

    if (at)
        memcpy(at, m->atoms, m->atom_count * sizeof *at);
    m->a->atoms = at;
    m->a->atom_count = at ? m->atom_count : 0;
    m->a->nomem |= !at;
    return !m->a->nomem;
}

bool vd_mirrors_add(vd_ask *a)
{
    mirrors m = { .a = a };

    a->tied = a->coupling_count;
    if (a->variable_count == 0)
        return true;
    add_goal(&m);
    find_holes(&m);
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
