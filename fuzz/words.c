/* SPDX-License-Identifier: Apache-2.0
 *
 * Up to six patterns, one a line.  In front of one: '-' for those that must not match, '=' for what compares without case,
 * '|' for a further pattern of the language of the line before, '%' for the domain (digits: '%3-5' is digits only, three to
 * five).  In the patterns + and ! are the narrow star and the narrow any, < and > those of names, # a digit, ~ a line.
 *
 * Short cuts and the search say the same, with any budget unless it is spent; a word that is found matches as asked, and the
 * search's is no longer than any short one that does; where there is none, no short word does; what is wanted and not
 * wanted at once has none.  Those who count find the same, and their words are words, different ones and in order.
 */
#include "fuzz.h"

#include "base/str.h"
#include "base/utf8.h"
#include "symbolic/words_int.h"

enum { MOST_LANGUAGES = 6, MOST_PATTERNS = 6, MOST_BYTES = 64, WORD = 3, FIRST = 8, BUDGET = 200000 };

typedef struct question {
    vd_words  q;
    vd_globs  in[MOST_LANGUAGES], out[MOST_LANGUAGES + 1];
    vd_str    patterns[MOST_LANGUAGES][MOST_PATTERNS];
    char      bytes[MOST_PATTERNS][MOST_BYTES];
    uint32_t  pattern_count;
    vd_globs *last;
} question;

static char wild_of(char c)
{
    static const char written[] = "*?+!<>#~";
    static const char coded[] = { VD_STAR,      VD_ANY,      VD_STAR_IN,   VD_ANY_IN,
                                  VD_STAR_NAME, VD_ANY_NAME, VD_ANY_DIGIT, VD_STAR_LINE };
    const char       *at = c ? strchr(written, c) : NULL;

    return at ? coded[at - written] : c;
}

/* Runs of stars are one, as vd_glob_code and arn.c make them; bytes of wildcards are left out. */
static vd_str code(char *out, vd_str line)
{
    size_t n = 0;

    for (size_t i = 0; i < line.n && n < MOST_BYTES; i++) {
        char c = wild_of(line.p[i]);
        bool star = c == VD_STAR || c == VD_STAR_IN;

        if (vd_words_is_wild(line.p[i]))
            continue;
        if (star && n && (out[n - 1] == VD_STAR || out[n - 1] == VD_STAR_IN))
            out[n - 1] = c == VD_STAR ? c : out[n - 1];
        else
            out[n++] = c;
    }
    return (vd_str){ out, n };
}

static void set_domain(vd_domain *d, vd_str line)
{
    *d = (vd_domain){ .digits = line.n > 3 && line.p[3] == 'd',
                      .no_wildcards = line.n > 3 && line.p[3] == 'n' };
    d->shortest = line.n > 0 && vd_is_digit(line.p[0]) ? (uint32_t)(line.p[0] - '0') : 0;
    d->longest = line.n > 2 && vd_is_digit(line.p[2]) ? (uint32_t)(line.p[2] - '0') : 0;
}

static void add(question *m, vd_str line)
{
    bool      wanted = true, fold = false, more = false;
    vd_words *q = &m->q;

    if (line.n && line.p[0] == '%') {
        set_domain(&q->domain, vd_str_from(line, 1));
        return;
    }
    for (; line.n && strchr("-=|", line.p[0]) && line.p[0]; line = vd_str_from(line, 1)) {
        wanted &= line.p[0] != '-';
        fold |= line.p[0] == '=';
        more |= line.p[0] == '|';
    }
    if (m->pattern_count == MOST_PATTERNS)
        return;
    if (!more || !m->last) {
        vd_str *patterns = m->patterns[q->in_count + q->out_count];

        m->last = wanted ? &m->in[q->in_count++] : &m->out[q->out_count++];
        *m->last = (vd_globs){ patterns, 0, fold };
    }
    ((vd_str *)(uintptr_t)m->last->patterns)[m->last->count++] = code(m->bytes[m->pattern_count], line);
    m->pattern_count++;
}

static bool is_plain(vd_str p)
{
    for (size_t i = 0; i < p.n; i++)
        if (vd_words_is_wild(p.p[i]) && !vd_is_wild(p.p[i]))
            return false;
    return true;
}

static bool in_language(const vd_globs *l, vd_str word, vd_arena *arena)
{
    bool found = false;

    for (uint32_t i = 0; i < l->count; i++) {
        uint64_t budget = UINT64_MAX;
        vd_means means = { arena, &budget, false, false };
        bool     yes = vd_word_matches(l->patterns[i], l->fold, false, word, &means);

        fuzz_check(!means.nomem && !means.spent, "no memory");
        fuzz_check(l->fold || !is_plain(l->patterns[i]) || yes == vd_glob_match(l->patterns[i], word),
                   "two matchers differ");
        found |= yes;
    }
    return found;
}

static bool fits(const vd_words *q, vd_str word, vd_arena *arena)
{
    uint32_t length = vd_utf8_columns(word);

    if (length < q->domain.shortest || (q->domain.longest && length > q->domain.longest) ||
        (q->domain.digits && word.n && !vd_str_all_digits(word)) ||
        (q->domain.no_wildcards && (vd_str_find(word, '*') < word.n || vd_str_find(word, '?') < word.n)))
        return false;
    for (uint32_t i = 0; i < q->in_count; i++)
        if (!in_language(&q->in[i], word, arena))
            return false;
    for (uint32_t i = 0; i < q->out_count; i++)
        if (in_language(&q->out[i], word, arena))
            return false;
    return true;
}

/* The length of the shortest word of these letters; WORD + 1: none. */
static size_t shortest(const vd_words *q, vd_arena *arena)
{
    static const char letters[] = "ab:z/1Ak";
    char              word[WORD];

    for (size_t n = 0; n <= WORD; n++) {
        for (uint32_t k = 0; k < 1u << (3 * n); k++) {
            for (size_t i = 0; i < n; i++)
                word[i] = letters[k >> (3 * i) & 7];
            if (fits(q, (vd_str){ word, n }, arena))
                return n;
        }
    }
    return WORD + 1;
}

/* Patterns of policies are UTF-8. */
static bool is_fair(const question *m)
{
    for (uint32_t k = 0; k < m->pattern_count; k++)
        for (uint32_t i = 0; i < MOST_LANGUAGES; i++) {
            vd_str s = m->patterns[i][k];

            for (size_t at = 0, n; at < s.n; at += n) {
                uint32_t cp;

                n = vd_words_is_wild(s.p[at]) ? 1 : vd_utf8_next(vd_str_from(s, at), &cp);
                if (n == 0)
                    return false;
            }
        }
    return true;
}

static vd_answer solve(vd_words *q, bool alone, uint64_t budget, vd_str *word, vd_arena *arena)
{
    uint64_t  left = budget;
    bool      nomem;
    vd_answer a;

    q->shortest = alone;
    a = vd_words_solve(word, q, arena, &left, &nomem);
    fuzz_check(!nomem, "no memory");
    fuzz_check(left <= budget, "work was given back");
    fuzz_check(a != VD_SAT || fits(q, *word, arena), "\"%.*s\" does not fit", (int)word->n, word->p);
    return a;
}

static bool differ(vd_answer a, vd_answer b)
{
    return a != b && a != VD_UNKNOWN && b != VD_UNKNOWN;
}

static void count(vd_words *q, bool alone, vd_answer solved, vd_arena *arena)
{
    uint64_t  budget = BUDGET;
    bool      nomem;
    vd_census c;
    vd_answer a;

    q->shortest = alone;
    a = vd_words_count(&c, q, FIRST, arena, &budget, &nomem);
    fuzz_check(!nomem, "no memory");
    fuzz_check(!differ(a, solved), "counting says otherwise");
    fuzz_check(c.word_count == (c.count < FIRST ? c.count : FIRST), "%u words of %llu", c.word_count,
               (unsigned long long)c.count);
    for (uint32_t i = 0; i < c.word_count; i++) {
        fuzz_check(fits(q, c.words[i], arena), "\"%.*s\" does not fit", (int)c.words[i].n, c.words[i].p);
        fuzz_check(i == 0 || vd_utf8_columns(c.words[i]) >= vd_utf8_columns(c.words[i - 1]),
                   "the longer comes first");
        for (uint32_t k = 0; k < i; k++)
            fuzz_check(!vd_str_eq(c.words[i], c.words[k]), "a word is there twice");
    }
}

static void ask(question *m, vd_arena *arena)
{
    vd_words *q = &m->q;
    vd_str    word;
    size_t    least = shortest(q, arena);
    vd_answer quick = solve(q, false, BUDGET, &word, arena), alone, little;

    alone = solve(q, true, BUDGET, &word, arena);
    fuzz_check(!differ(quick, alone), "short cuts say otherwise");
    fuzz_check(alone != VD_SAT || vd_utf8_columns(word) <= least || least > WORD,
               "there is a shorter word of %zu", least);
    fuzz_check((quick != VD_UNSAT && alone != VD_UNSAT) || least > WORD, "there is a word of %zu", least);
    for (uint64_t budget = 1; budget < 2000; budget *= 7) {
        little = solve(q, budget & 1, budget, &word, arena);
        fuzz_check(!differ(little, quick), "with little budget the answer is another");
    }
    count(q, true, alone, arena);
    count(q, false, alone, arena);
    if (q->in_count == 0)
        return;
    m->out[q->out_count++] = m->in[0];
    fuzz_check(solve(q, false, BUDGET, &word, arena) != VD_SAT, "wanted and not wanted");
    fuzz_check(solve(q, true, BUDGET, &word, arena) != VD_SAT, "wanted and not wanted");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    question m = { 0 };
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    vd_str   rest = { (const char *)data, size };

    m.q.in = m.in;
    m.q.out = m.out;
    while (m.pattern_count < MOST_PATTERNS && rest.n) {
        size_t end = vd_str_find(rest, '\n');

        add(&m, vd_str_first(rest, end));
        rest = end < rest.n ? vd_str_from(rest, end + 1) : VD_S("");
    }
    if (m.pattern_count && is_fair(&m))
        ask(&m, &arena);
    vd_arena_done(&arena);
    return 0;
}
