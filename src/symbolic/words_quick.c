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
#include "symbolic/words_quick.h"

#include "base/str.h"

enum { MOST_CHOICES = 1024, MOST_OPEN = 8 /* choices that are left to the search: others will be, too */ };

static uint64_t patterns_of(const vd_words *q)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < q->in_count; i++)
        n += q->in[i].count;
    for (uint32_t i = 0; i < q->out_count; i++)
        n += q->out[i].count;
    return n;
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

static bool matches(vd_quick *k, vd_glob g, vd_str word)
{
    vd_means means = { k->arena, k->budget, false, false };
    bool     yes = vd_word_matches(g.text, g.fold, k->q->variables, word, &means);

    k->nomem |= means.nomem;
    k->spent |= means.spent;
    return yes;
}

static bool has(vd_quick *k, const vd_globs *l, vd_str word)
{
    for (uint32_t i = 0; i < l->count; i++)
        if (matches(k, (vd_glob){ l->patterns[i], l->fold }, word))
            return true;
    return false;
}

/* The index of the first unwanted language from `from` on that has the word; out_count: none. */
static uint32_t refused_by(vd_quick *k, vd_str word, uint32_t from)
{
    while (from < k->q->out_count && !has(k, &k->q->out[from], word))
        from++;
    return from;
}

static bool fits(vd_quick *k, vd_str word)
{
    if (!vd_quick_spend(k, k->patterns + 1) || !in_domain(&k->q->domain, word))
        return false;
    for (uint32_t i = 0; i < k->q->in_count; i++)
        if (!has(k, &k->q->in[i], word))
            return false;
    return refused_by(k, word, 0) == k->q->out_count && !k->nomem && !k->spent;
}

bool vd_words_fits(const vd_words *q, vd_str word, vd_arena *arena, uint64_t *budget, bool *nomem)
{
    vd_quick k = { .q = q, .arena = arena, .budget = budget, .patterns = patterns_of(q) };
    bool     yes = fits(&k, word);

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
static vd_answer try_texts(vd_quick *k, const vd_globs *l)
{
    for (uint32_t i = 0; i < l->count; i++) {
        if (fits(k, l->patterns[i])) {
            k->nomem = !vd_arena_dup(k->arena, &k->word, l->patterns[i]);
            return VD_SAT;
        }
        if (k->nomem || k->spent)
            return VD_UNKNOWN;
    }
    return VD_UNSAT;
}

/* ------------------------------------------------------------------ words of a choice */

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
static void fresh(const vd_quick *k, char *letter, char *digit)
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

/* A language that has the first word of the choice may cover it all. */
static bool is_covered(vd_quick *k)
{
    for (uint32_t i = refused_by(k, k->word, 0); i < k->q->out_count && !k->spent;
         i = refused_by(k, k->word, i + 1)) {
        const vd_globs *l = &k->q->out[i];

        for (uint32_t n = 0; n < l->count; n++) {
            vd_glob outer = { l->patterns[n], l->fold };

            if (!matches(k, outer, k->word))
                continue;
            for (uint32_t c = 0; c < k->kept_count; c++)
                if (vd_quick_covers(k, outer, k->kept[c]))
                    return true;
        }
    }
    return false;
}

static vd_answer try_styles(vd_quick *k)
{
    vd_spelling s = { 'a', 0, 1 };
    uint32_t    runs = 0, free = 0;

    for (uint32_t i = 0; i < k->length; i++) {
        runs += k->template[i] >= VD_RUN;
        free += k->template[i] >= VD_ONE;
    }
    for (uint32_t i = 1; i < 5 && free; i++) {
        static const uint32_t fills[] = { 0, 1, 0, 1, 2 };

        if (i == 2)
            fresh(k, &s.letter, &s.digit);
        s.fill = fills[i];
        if (!s.letter || (runs == 0 && s.fill > 0))
            continue;
        if (vd_quick_spell(k, &s) && fits(k, k->word))
            return VD_SAT;
        if (k->nomem || k->spent)
            break;
    }
    return VD_UNKNOWN;
}

static vd_answer try_choice(vd_quick *k)
{
    vd_answer a;

    vd_quick_drop_implied(k);
    vd_quick_merge(k);
    a = vd_quick_template(k);
    if (a != VD_SAT)
        return a;
    if (!vd_quick_spell(k, &(vd_spelling){ 'a', 0, 0 }))
        return VD_UNKNOWN;
    if (fits(k, k->word))
        return VD_SAT;
    if (k->nomem || k->spent)
        return VD_UNKNOWN;
    return is_covered(k) ? VD_UNSAT : try_styles(k);
}

/* The next choice of patterns whose ends do not differ, from language `at` on; false: there are no more, or no work. */
static bool next_choice(vd_quick *k, uint32_t *which, uint32_t at)
{
    for (uint32_t step = 0; step % 4 != 3 || vd_quick_spend(k, 4); step++) {
        const vd_globs *l = &k->q->in[at];
        bool            apart = false;

        if (which[at] == l->count) {
            if (at == 0)
                return false;
            which[at--] = 0;
            which[at]++;
            continue;
        }
        k->chosen[at] = (vd_glob){ l->patterns[which[at]], l->fold };
        for (uint32_t i = 0; i < at && !apart; i++)
            apart = vd_globs_differ(k->chosen[i], k->chosen[at]);
        if (apart)
            which[at]++;
        else if (++at == k->q->in_count)
            return true;
    }
    return false;
}

static vd_answer try_choices(vd_quick *k)
{
    uint32_t which[VD_QUICK_LANGUAGES] = { 0 }, tried = 0, open = 0, at = 0;

    k->count = k->q->in_count;
    while (next_choice(k, which, at)) {
        vd_answer a = try_choice(k);

        open += a == VD_UNKNOWN;
        if (a == VD_SAT || k->nomem || k->spent || open > MOST_OPEN || ++tried > MOST_CHOICES)
            return a == VD_SAT ? VD_SAT : VD_UNKNOWN;
        at = k->count - 1;
        which[at]++;
    }
    return open || k->spent ? VD_UNKNOWN : VD_UNSAT;
}

vd_answer vd_words_guess(vd_str *word, const vd_words *q, vd_arena *arena, uint64_t *budget, bool *nomem)
{
    static const vd_str   any[] = { VD_L("\xff") };
    static const vd_globs all = { any, 1, false };
    vd_quick              k = { .q = q, .arena = arena, .budget = budget };
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
        answer = k.q->in_count <= VD_QUICK_LANGUAGES ? try_choices(&k) : VD_UNKNOWN;
    *nomem = k.nomem;
    if (answer == VD_SAT)
        *word = k.word;
    return k.nomem ? VD_UNKNOWN : answer;
}

/* ------------------------------------------------------------------ fewer patterns */

/* Wanted: each pattern of `inner` lies in one of `outer`. */
static bool implies(vd_quick *q, const vd_globs *inner, const vd_globs *outer)
{
    for (uint32_t i = 0; i < inner->count; i++) {
        bool within = false;

        for (uint32_t k = 0; k < outer->count && !within; k++)
            within = vd_quick_covers(q, (vd_glob){ outer->patterns[k], outer->fold },
                                     (vd_glob){ inner->patterns[i], inner->fold });
        if (!within)
            return false;
    }
    return true;
}

/* Some wanted language has no word in common with the pattern. */
static bool is_apart(vd_quick *k, vd_glob g)
{
    for (uint32_t i = 0; i < k->q->in_count; i++) {
        const vd_globs *l = &k->q->in[i];
        uint32_t        apart = 0;

        while (apart < l->count && vd_quick_spend(k, 1) &&
               vd_globs_differ((vd_glob){ l->patterns[apart], l->fold }, g))
            apart++;
        if (apart == l->count)
            return true;
    }
    return false;
}

static void keep_near(vd_quick *k, vd_globs *out)
{
    for (uint32_t i = 0; i < k->q->out_count; i++) {
        const vd_globs *l = &k->q->out[i];
        vd_str         *kept = vd_arena_new_array(k->arena, vd_str, (size_t)l->count + 1);
        uint32_t        n = 0;

        k->nomem |= !kept;
        for (uint32_t p = 0; p < l->count && kept; p++)
            if (!is_apart(k, (vd_glob){ l->patterns[p], l->fold }))
                kept[n++] = l->patterns[p];
        out[i] = (vd_globs){ kept, n, l->fold };
    }
}

bool vd_words_simplify(vd_words *out, const vd_words *q, vd_arena *arena, uint64_t *budget)
{
    vd_quick  k = { .q = q, .arena = arena, .budget = budget };
    vd_globs *in, *against;
    bool      dropped[VD_QUICK_LANGUAGES] = { false };

    *out = *q;
    if (q->in_count == 0 || q->in_count > VD_QUICK_LANGUAGES)
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
