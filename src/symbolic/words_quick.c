/* SPDX-License-Identifier: Apache-2.0
 *
 * Short cuts.  Most questions have a form, a few patterns that say what is wanted and some that say what is not, and nearly
 * all of these are texts or texts with a star behind.
 *
 * A choice takes one pattern of each wanted language.  What all patterns of a choice match is described by a template: a
 * pattern made of theirs, found by walking through all of them at once.  None: the choice has no word.  Words made of the
 * template are tried, against everything; that some unwanted pattern covers a pattern of the choice means that it has no
 * word either.  If neither helps the search must decide.
 *
 * "No" is said of a question when it holds of every choice.
 */
#include "symbolic/words_int.h"

#include "base/str.h"
#include "base/utf8.h"

enum {
    MOST_LANGUAGES = 8,
    MOST_CHOICES = 64,
    MOST_TOGETHER = 4,     /* patterns that are walked through at once */
    MOST_PLACES = 1 << 18, /* tuples of places in them */
    MOST_NODES = 1 << 13,
    MOST_STEPS = 4096,     /* of one comparison */
    MOST_PATTERN = 4096
};

typedef struct glob {
    vd_str text;
    bool   fold;
} glob;

typedef struct quick {
    const vd_words *q;
    vd_arena       *arena;
    uint64_t       *budget;
    uint64_t        patterns; /* of the question */
    glob            chosen[MOST_LANGUAGES]; /* one of each language */
    uint32_t        count;
    glob            kept[MOST_LANGUAGES];   /* those that the others do not imply */
    uint32_t        kept_count;
    uint32_t       *template;
    uint32_t        length, cap;
    vd_str          word;
    bool            spent, nomem;
} quick;

/* Elements of a template: a letter, or one of these with what is left out of it. */
#define ONE (1u << 30)
#define RUN (1u << 31)

static bool spend(quick *k, uint64_t units)
{
    if (*k->budget < units) {
        *k->budget = 0;
        k->spent = true;
        return false;
    }
    *k->budget -= units;
    return true;
}

static uint64_t patterns_of(const vd_words *q)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < q->in_count; i++)
        n += q->in[i].count;
    for (uint32_t i = 0; i < q->out_count; i++)
        n += q->out[i].count;
    return n;
}

/* ------------------------------------------------------------------ two patterns */

/* A token of a pattern as one thing: a letter, ONE or RUN. */
static uint32_t token_at(vd_str p, size_t at, bool variables, uint32_t *n)
{
    char c = p.p[at];

    if (!vd_words_is_wild(c))
        return vd_words_letter(vd_str_from(p, at), n);
    *n = 1;
    return (vd_words_is_star(c) ? RUN : ONE) | vd_words_leaves_out(c, variables);
}

static bool has_no_case(uint32_t letter)
{
    return letter < 0x80 && !vd_is_alpha((char)letter);
}

/* Does a token of the outer pattern take all that one of the inner one may be? */
static bool takes(uint32_t outer, bool outer_fold, uint32_t inner, bool inner_fold, bool variables)
{
    if (outer >= ONE) {
        if (inner >= ONE)
            return (outer >= RUN || inner < RUN) && ((outer & (ONE - 1)) & ~inner) == 0;
        return (outer & vd_words_kind(inner, variables)) == 0;
    }
    if (inner >= ONE)
        return false;
    if (outer_fold)
        return vd_words_lower(outer) == vd_words_lower(inner);
    return outer == inner && (!inner_fold || has_no_case(inner));
}

/* A star of the outer pattern, and the place of the inner one up to which it goes. */
typedef struct mark {
    bool   set;
    size_t star, to;
} mark;

static bool go_back(mark *m, glob outer, glob inner, bool variables)
{
    uint32_t n = 0, one;

    m->set = m->set && m->to < inner.text.n;
    if (m->set) {
        uint32_t star = token_at(outer.text, m->star, variables, &one);

        m->set = takes(star, false, token_at(inner.text, m->to, variables, &n), inner.fold, variables);
    }
    m->to += n;
    return m->set;
}

/* Equal beginnings need no care, unless case counts for the outer pattern only. */
static size_t same_beginning(glob outer, glob inner)
{
    size_t most = outer.text.n < inner.text.n ? outer.text.n : inner.text.n, i = 0;

    if (inner.fold && !outer.fold)
        return 0;
    while (i < most && outer.text.p[i] == inner.text.p[i] && (unsigned char)outer.text.p[i] < 0x80)
        i++;
    return i;
}

/* Does the outer pattern match all that the inner one does?  It is matched against the inner pattern, whose wildcards are
 * letters that only wildcards take: each word of the inner pattern is taken the same way.  "No" may be wrong. */
static bool covers(quick *q, glob outer, glob inner)
{
    mark   wide = { 0 }, narrow = { 0 };
    size_t i = same_beginning(outer, inner), k = i;
    bool   variables = q->q->variables;

    for (uint32_t step = 0; step < MOST_STEPS && (step % 16 != 15 || spend(q, 4)); step++) {
        uint32_t n, m;

        if (i < outer.text.n && vd_words_is_star(outer.text.p[i])) {
            if (outer.text.p[i] == VD_STAR && i + 1 == outer.text.n)
                return true;
            if (outer.text.p[i] == VD_STAR)
                wide = (mark){ true, i, k }, narrow.set = false;
            else
                narrow = (mark){ true, i, k };
            i++;
        } else if (k == inner.text.n) {
            return i == outer.text.n;
        } else if (i < outer.text.n && takes(token_at(outer.text, i, variables, &n), outer.fold,
                                             token_at(inner.text, k, variables, &m), inner.fold, variables)) {
            i += n;
            k += m;
        } else if (go_back(&narrow, outer, inner, variables)) {
            i = narrow.star + 1;
            k = narrow.to;
        } else if (go_back(&wide, outer, inner, variables)) {
            narrow.set = false;
            i = wide.star + 1;
            k = wide.to;
        } else {
            return false;
        }
    }
    return false;
}

static bool letters_differ(char a, char b, bool fold)
{
    if (a == b)
        return false;
    return !fold || ((unsigned char)a < 0x80 && (unsigned char)b < 0x80 && vd_lower(a) != vd_lower(b));
}

/* Their literal beginnings or ends tell two patterns apart.  Folding stops at the first letter beyond ASCII: some of those
 * are capitals of ASCII letters, and of another length. */
static bool ends_differ(glob a, glob b)
{
    bool   fold = a.fold || b.fold;
    size_t most = a.text.n < b.text.n ? a.text.n : b.text.n;

    for (size_t i = 0; i < most; i++) {
        char x = a.text.p[i], y = b.text.p[i];

        if (vd_words_is_wild(x) || vd_words_is_wild(y) || (fold && ((unsigned char)x >= 0x80 || (unsigned char)y >= 0x80)))
            break;
        if (letters_differ(x, y, fold))
            return true;
    }
    for (size_t i = 1; i <= most; i++) {
        char x = a.text.p[a.text.n - i], y = b.text.p[b.text.n - i];

        if (vd_words_is_wild(x) || vd_words_is_wild(y) || (fold && ((unsigned char)x >= 0x80 || (unsigned char)y >= 0x80)))
            break;
        if (letters_differ(x, y, fold))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ trying a word */

static bool in_domain(const vd_domain *d, vd_str word)
{
    uint32_t length = 0;

    if (!d->digits && !d->no_wildcards && d->shortest == 0 && d->longest == 0)
        return true;
    for (size_t i = 0; i < word.n; length++) {
        uint32_t n, letter = vd_words_letter(vd_str_from(word, i), &n);

        if (!vd_words_allows(d, letter))
            return false;
        i += n;
    }
    return length >= d->shortest && (d->longest == 0 || length <= d->longest);
}

static bool has(quick *k, const vd_globs *l, vd_str word)
{
    for (uint32_t i = 0; i < l->count; i++)
        if (vd_word_matches(l->patterns[i], l->fold, k->q->variables, word, k->arena, &k->nomem))
            return true;
    return false;
}

/* The index of the first unwanted language from `from` on that has the word; out_count: none. */
static uint32_t refused_by(quick *k, vd_str word, uint32_t from)
{
    while (from < k->q->out_count && !has(k, &k->q->out[from], word))
        from++;
    return from;
}

static bool fits(quick *k, vd_str word)
{
    if (!spend(k, k->patterns + 1) || !in_domain(&k->q->domain, word))
        return false;
    for (uint32_t i = 0; i < k->q->in_count; i++)
        if (!has(k, &k->q->in[i], word))
            return false;
    return refused_by(k, word, 0) == k->q->out_count && !k->nomem;
}

bool vd_words_fits(const vd_words *q, vd_str word, vd_arena *arena, uint64_t *budget, bool *nomem)
{
    quick k = { .q = q, .arena = arena, .budget = budget, .patterns = patterns_of(q) };
    bool  yes = fits(&k, word);

    *nomem |= k.nomem;
    return yes;
}

bool vd_words_are_texts(const vd_globs *l)
{
    for (uint32_t i = 0; i < l->count; i++)
        for (size_t at = l->patterns[i].n; at > 0; at--)
            if (vd_words_is_wild(l->patterns[i].p[at - 1]))
                return false;
    return !l->fold;
}

/* A finite language: one of its words, or none. */
static vd_answer try_texts(quick *k, const vd_globs *l)
{
    for (uint32_t i = 0; i < l->count; i++) {
        if (fits(k, l->patterns[i])) {
            k->word = l->patterns[i];
            return VD_SAT;
        }
        if (k->nomem || k->spent)
            return VD_UNKNOWN;
    }
    return VD_UNSAT;
}

/* ------------------------------------------------------------------ the template of a choice */

static void add_element(quick *k, uint32_t element)
{
    if (!VD_ARENA_PUSH(k->arena, k->template, k->length, k->cap, element))
        k->nomem = true;
}

/* A place in each of some patterns. */
typedef struct place {
    uint16_t at[MOST_TOGETHER];
    uint32_t parent;  /* VD_NONE: the first */
    uint32_t element; /* that led here; 0: none, a star was left */
} place;

typedef struct together {
    quick    *k;
    place    *places;
    uint32_t  count, cap;
    uint32_t *open; /* a stack */
    uint32_t  open_count, open_cap;
    uint64_t *seen;
} together;

static void visit(together *t, place p)
{
    const quick *k = t->k;
    size_t       index = 0;

    for (uint32_t i = 0; i < k->kept_count; i++)
        index = index * (k->kept[i].text.n + 1) + p.at[i];
    if (t->seen[index / 64] >> index % 64 & 1)
        return;
    t->seen[index / 64] |= (uint64_t)1 << index % 64;
    if (!VD_ARENA_PUSH(k->arena, t->open, t->open_count, t->open_cap, t->count) ||
        !VD_ARENA_PUSH(k->arena, t->places, t->count, t->cap, p))
        t->k->nomem = true;
}

/* What all tokens of a place take: a letter, or ONE, or RUN when all are stars (with what is left out); 0: nothing.  A
 * letter whose case counts for one of them is taken as that has it. */
static uint32_t common(const quick *k, const place *p)
{
    uint32_t letter = VD_NONE, out = 0, n, all = RUN;
    bool     fold = true;

    for (uint32_t i = 0; i < k->kept_count; i++) {
        const glob *g = &k->kept[i];
        uint32_t    token;

        if (p->at[i] == g->text.n)
            return 0;
        token = token_at(g->text, p->at[i], k->q->variables, &n);
        if (token >= ONE) {
            out |= token & (ONE - 1);
            all = token >= RUN ? all : ONE;
        } else {
            bool same = fold || g->fold ? vd_words_lower(token) == vd_words_lower(letter) : token == letter;

            if (letter != VD_NONE && !same)
                return 0;
            letter = letter == VD_NONE || fold ? token : letter;
            fold &= g->fold;
        }
    }
    if (letter == VD_NONE)
        return all | out;
    return vd_words_kind(letter, k->q->variables) & out ? 0 : letter ? letter : ONE - 1;
}

static void advance(together *t, uint32_t from, uint32_t element)
{
    const quick *k = t->k;
    place        next = t->places[from];

    for (uint32_t i = 0; i < k->kept_count; i++) {
        uint32_t n;

        if (token_at(k->kept[i].text, next.at[i], k->q->variables, &n) < RUN)
            next.at[i] = (uint16_t)(next.at[i] + n);
    }
    next.parent = from;
    next.element = element;
    visit(t, next);
}

/* The way to the last place is the template. */
static void read_back(together *t, uint32_t last)
{
    quick *k = t->k;

    for (uint32_t i = last; i != VD_NONE; i = t->places[i].parent) {
        uint32_t here = common(k, &t->places[i]);

        if (here >= RUN)
            add_element(k, here);
        if (t->places[i].element)
            add_element(k, t->places[i].element);
    }
    for (uint32_t i = 0; i < k->length / 2; i++) {
        uint32_t swap = k->template[i];

        k->template[i] = k->template[k->length - 1 - i];
        k->template[k->length - 1 - i] = swap;
    }
}

static bool is_end(const quick *k, const place *p)
{
    for (uint32_t i = 0; i < k->kept_count; i++)
        if (p->at[i] < k->kept[i].text.n)
            return false;
    return true;
}

/* All patterns at once, depth first, leaving stars before staying in them. */
static vd_answer walk_together(quick *k)
{
    together t = { .k = k };
    size_t   places = 1;

    for (uint32_t i = 0; i < k->kept_count; i++) {
        places *= k->kept[i].text.n + 1;
        if (i >= MOST_TOGETHER || places > MOST_PLACES || k->kept[i].text.n > MOST_PATTERN)
            return VD_UNKNOWN;
    }
    t.seen = vd_arena_new_array(k->arena, uint64_t, places / 64 + 1);
    if (!t.seen || !spend(k, places / 64 + 1)) {
        k->nomem = !t.seen;
        return VD_UNKNOWN;
    }
    visit(&t, (place){ .parent = VD_NONE });
    while (t.open_count > 0 && !k->nomem) {
        uint32_t from = t.open[--t.open_count], element;

        if (t.count > MOST_NODES || !spend(k, 1))
            return VD_UNKNOWN;
        if (is_end(k, &t.places[from])) {
            read_back(&t, from);
            return k->nomem ? VD_UNKNOWN : VD_SAT;
        }
        element = common(k, &t.places[from]);
        if (element && element < RUN)
            advance(&t, from, element);
        for (uint32_t i = k->kept_count; i > 0; i--) {
            place       next = t.places[from];
            const glob *g = &k->kept[i - 1];

            if (next.at[i - 1] == g->text.n || !vd_words_is_star(g->text.p[next.at[i - 1]]))
                continue;
            next.at[i - 1]++;
            next.parent = from;
            next.element = 0;
            visit(&t, next);
        }
    }
    return k->nomem ? VD_UNKNOWN : VD_UNSAT;
}

static vd_answer make_template(quick *k)
{
    vd_str p = k->kept[0].text;

    k->template = NULL;
    k->length = k->cap = 0;
    if (k->kept_count > 1)
        return walk_together(k);
    k->template = vd_arena_new_array(k->arena, uint32_t, p.n + 1);
    k->cap = (uint32_t)p.n + 1;
    k->nomem = !k->template;
    for (size_t at = 0; at < p.n && !k->nomem;) {
        uint32_t n, token = token_at(p, at, k->q->variables, &n);

        k->template[k->length++] = token;
        at += n;
    }
    return k->nomem ? VD_UNKNOWN : VD_SAT;
}

/* ------------------------------------------------------------------ words of a template */

typedef struct manner {
    char     letter;
    char     digit; /* 0: those of an account of the examples */
    uint32_t fill;  /* letters for a run */
} manner;

typedef struct speller {
    char    *out;
    size_t   n;
    uint32_t letters, digits;
} speller;

static void put_free(const quick *k, speller *w, const manner *how, uint32_t element)
{
    static const char account[] = "111122223333";
    bool              digits = (element & VD_KIND_LETTER) || k->q->domain.digits;

    w->out[w->n++] = !digits ? how->letter : how->digit ? how->digit : account[w->digits % 12];
    w->digits++;
    w->letters++;
}

static bool make_word(quick *k, const manner *how)
{
    const vd_domain *d = &k->q->domain;
    uint32_t         runs = 0, least = 0, missing, seen = 0;
    speller          w = { 0 };

    for (uint32_t i = 0; i < k->length; i++) {
        runs += k->template[i] >= RUN;
        least += k->template[i] >= RUN ? how->fill : 1;
    }
    missing = runs && d->shortest > least ? d->shortest - least : 0;
    if (missing > MOST_PATTERN)
        return false;
    w.out = vd_arena_new_array(k->arena, char, (size_t)k->length * 4 + (size_t)runs * how->fill + missing + 1);
    if (!w.out) {
        k->nomem = true;
        return false;
    }
    for (uint32_t i = 0; i < k->length; i++) {
        uint32_t e = k->template[i], times = e >= RUN ? how->fill + (++seen == runs ? missing : 0) : 1;

        if (e >= ONE) {
            while (times-- > 0)
                put_free(k, &w, how, e);
        } else {
            w.digits = 0;
            if (e >= VD_BYTE && e != ONE - 1)
                w.out[w.n++] = (char)(e - VD_BYTE);
            else
                w.n += vd_utf8_put(w.out + w.n, e == ONE - 1 ? 0 : e);
        }
    }
    k->word = (vd_str){ w.out, w.n };
    return true;
}

static void mark_bytes(bool seen[256], const vd_globs *l)
{
    for (uint32_t i = 0; i < l->count; i++)
        for (size_t at = 0; at < l->patterns[i].n; at++) {
            unsigned char c = (unsigned char)l->patterns[i].p[at];

            seen[c] = true;
            if (l->fold && vd_is_alpha((char)c))
                seen[c ^ 0x20] = true;
        }
}

/* A letter and a digit that no pattern names; 0: there is none. */
static void fresh(const quick *k, char *letter, char *digit)
{
    bool seen[256] = { false };

    for (uint32_t i = 0; i < k->q->in_count; i++)
        mark_bytes(seen, &k->q->in[i]);
    for (uint32_t i = 0; i < k->q->out_count; i++)
        mark_bytes(seen, &k->q->out[i]);
    *letter = *digit = 0;
    for (const char *c = vd_words_readable; *c && *c != '.' && !*letter; c++)
        if (!seen[(unsigned char)*c])
            *letter = *c;
    for (char c = '1'; c <= '9' && !*digit; c++)
        if (!seen[(unsigned char)c])
            *digit = c;
}

/* ------------------------------------------------------------------ a choice */

/* A language that has the first word of the choice may cover it all. */
static bool is_covered(quick *k)
{
    for (uint32_t i = refused_by(k, k->word, 0); i < k->q->out_count && !k->nomem; i = refused_by(k, k->word, i + 1)) {
        const vd_globs *l = &k->q->out[i];

        for (uint32_t n = 0; n < l->count; n++) {
            glob outer = { l->patterns[n], l->fold };

            if (!vd_word_matches(outer.text, outer.fold, k->q->variables, k->word, k->arena, &k->nomem))
                continue;
            for (uint32_t c = 0; c < k->kept_count; c++)
                if (covers(k, outer, k->kept[c]))
                    return true;
        }
    }
    return false;
}

static void drop_implied(quick *k)
{
    bool dropped[MOST_LANGUAGES] = { false };

    k->kept_count = 0;
    for (uint32_t i = 0; i < k->count; i++)
        for (uint32_t n = 0; n < k->count && !dropped[i]; n++)
            if (n != i && !dropped[n] && covers(k, k->chosen[i], k->chosen[n]))
                dropped[i] = true;
    for (uint32_t i = 0; i < k->count; i++)
        if (!dropped[i])
            k->kept[k->kept_count++] = k->chosen[i];
}

static vd_answer try_styles(quick *k)
{
    manner   s = { 'a', 0, 1 };
    uint32_t runs = 0, free = 0;

    for (uint32_t i = 0; i < k->length; i++) {
        runs += k->template[i] >= RUN;
        free += k->template[i] >= ONE;
    }
    for (uint32_t i = 1; i < 5 && free; i++) {
        static const uint32_t fills[] = { 0, 1, 0, 1, 2 };

        if (i == 2)
            fresh(k, &s.letter, &s.digit);
        s.fill = fills[i];
        if (!s.letter || (runs == 0 && s.fill > 0))
            continue;
        if (make_word(k, &s) && fits(k, k->word))
            return VD_SAT;
        if (k->nomem || k->spent)
            break;
    }
    return VD_UNKNOWN;
}

static vd_answer try_choice(quick *k)
{
    vd_answer a;

    drop_implied(k);
    a = make_template(k);
    if (a != VD_SAT)
        return a;
    if (!make_word(k, &(manner){ 'a', 0, 0 }))
        return VD_UNKNOWN;
    if (fits(k, k->word))
        return VD_SAT;
    if (k->nomem || k->spent)
        return VD_UNKNOWN;
    return is_covered(k) ? VD_UNSAT : try_styles(k);
}

/* The next choice of patterns whose ends do not differ, from language `at` on; false: there are no more, or no work. */
static bool next_choice(quick *k, uint32_t *which, uint32_t at)
{
    for (uint32_t step = 0; step % 4 != 3 || spend(k, 4); step++) {
        const vd_globs *l = &k->q->in[at];
        bool            apart = false;

        if (which[at] == l->count) {
            if (at == 0)
                return false;
            which[at--] = 0;
            which[at]++;
            continue;
        }
        k->chosen[at] = (glob){ l->patterns[which[at]], l->fold };
        for (uint32_t i = 0; i < at && !apart; i++)
            apart = ends_differ(k->chosen[i], k->chosen[at]);
        if (apart)
            which[at]++;
        else if (++at == k->q->in_count)
            return true;
    }
    return false;
}

static vd_answer try_choices(quick *k)
{
    uint32_t  which[MOST_LANGUAGES] = { 0 }, tried = 0, at = 0;
    vd_answer worst = VD_UNSAT;

    k->count = k->q->in_count;
    while (next_choice(k, which, at)) {
        vd_answer a = tried++ < MOST_CHOICES ? try_choice(k) : VD_UNKNOWN;

        if (a == VD_SAT || k->nomem || k->spent || tried > MOST_CHOICES)
            return a == VD_SAT ? VD_SAT : VD_UNKNOWN;
        if (a == VD_UNKNOWN)
            worst = VD_UNKNOWN;
        at = k->count - 1;
        which[at]++;
    }
    return k->spent ? VD_UNKNOWN : worst;
}

vd_answer vd_words_guess(vd_str *word, const vd_words *q, vd_arena *arena, uint64_t *budget, bool *nomem)
{
    static const vd_str   any[] = { VD_L("\xff") };
    static const vd_globs all = { any, 1, false };
    quick                 k = { .q = q, .arena = arena, .budget = budget };
    const vd_globs       *finite = NULL;
    vd_words              unasked = *q;
    vd_answer             answer;

    if (q->in_count == 0) {
        unasked.in = &all;
        unasked.in_count = 1;
        k.q = &unasked;
    }
    k.patterns = patterns_of(k.q);
    for (uint32_t i = 0; i < k.q->in_count; i++)
        if (vd_words_are_texts(&k.q->in[i]) && (!finite || k.q->in[i].count < finite->count))
            finite = &k.q->in[i];
    if (finite)
        answer = try_texts(&k, finite);
    else
        answer = k.q->in_count <= MOST_LANGUAGES ? try_choices(&k) : VD_UNKNOWN;
    *nomem = k.nomem;
    if (answer == VD_SAT)
        *word = k.word;
    return k.nomem ? VD_UNKNOWN : answer;
}

/* ------------------------------------------------------------------ fewer patterns */

/* Wanted: each pattern of `inner` lies in one of `outer`. */
static bool implies(quick *q, const vd_globs *inner, const vd_globs *outer)
{
    for (uint32_t i = 0; i < inner->count; i++) {
        bool within = false;

        for (uint32_t k = 0; k < outer->count && !within; k++)
            within = covers(q, (glob){ outer->patterns[k], outer->fold }, (glob){ inner->patterns[i], inner->fold });
        if (!within)
            return false;
    }
    return true;
}

/* Some wanted language has no word in common with the pattern. */
static bool is_apart(quick *k, glob g)
{
    for (uint32_t i = 0; i < k->q->in_count; i++) {
        const vd_globs *l = &k->q->in[i];
        uint32_t        apart = 0;

        while (apart < l->count && spend(k, 1) && ends_differ((glob){ l->patterns[apart], l->fold }, g))
            apart++;
        if (apart == l->count)
            return true;
    }
    return false;
}

static void keep_near(quick *k, vd_globs *out)
{
    for (uint32_t i = 0; i < k->q->out_count; i++) {
        const vd_globs *l = &k->q->out[i];
        vd_str         *kept = vd_arena_new_array(k->arena, vd_str, (size_t)l->count + 1);
        uint32_t        n = 0;

        k->nomem |= !kept;
        for (uint32_t p = 0; p < l->count && kept; p++)
            if (!is_apart(k, (glob){ l->patterns[p], l->fold }))
                kept[n++] = l->patterns[p];
        out[i] = (vd_globs){ kept, n, l->fold };
    }
}

bool vd_words_simplify(vd_words *out, const vd_words *q, vd_arena *arena, uint64_t *budget)
{
    quick     k = { .q = q, .arena = arena, .budget = budget };
    vd_globs *in, *against;
    bool      dropped[MOST_LANGUAGES] = { false };

    *out = *q;
    if (q->in_count == 0 || q->in_count > MOST_LANGUAGES)
        return true;
    in = vd_arena_new_array(arena, vd_globs, q->in_count);
    against = vd_arena_new_array(arena, vd_globs, (size_t)q->out_count + 1);
    if (!in || !against)
        return false;
    keep_near(&k, against);
    for (uint32_t i = 0; i < q->in_count; i++)
        for (uint32_t n = 0; n < q->in_count && !dropped[i]; n++)
            dropped[i] = n != i && !dropped[n] && implies(&k, &q->in[n], &q->in[i]);
    out->in = in;
    out->in_count = 0;
    for (uint32_t i = 0; i < q->in_count; i++)
        if (!dropped[i])
            in[out->in_count++] = q->in[i];
    out->out = against;
    return !k.nomem;
}
