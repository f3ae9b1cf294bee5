/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions about words, made at random, asked of us and of Z3: an oracle that shares no code with the search.  Patterns
 * become regular expressions over strings; each question is a scope of one process, so that thousands cost one start.
 *
 *   words-z3 [QUESTIONS [SEED [MILLISECONDS]]]    needs `z3`; without it the test is skipped
 */
#include "symbolic/words.h"

#include "base/str.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST = 6, UNION = 3, TEXT = 96, SKIPPED = 77, BATCH = 250, BUDGET = 20000000 };

typedef struct question {
    vd_words q;
    vd_globs in[MOST], out[MOST];
    vd_str   p[2 * MOST][UNION];
    char     text[2 * MOST][UNION][TEXT];
} question;

static uint64_t seed = 20261121;
static uint32_t timeout = 5000; /* milliseconds for a question */

static uint32_t below(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

static _Noreturn void die(const char *what)
{
    perror(what);
    exit(1);
}

/* ------------------------------------------------------------------ making questions */

/* Few letters: patterns must meet. */
static const char *const small[] = { "a",    "b",    "ab",           "A",    ":",    "/",
                                     "1",    "k",    "\xe2\x84\xaa", "\n",   "\xff", "\xff",
                                     "\xff", "\xfe", "\xfe",         "\xfd", "\xfc", "\xfb",
                                     "\xfa", "\xf9", "\xf8" };
/* What ARNs are made of. */
static const char *const fields[][4] = { { "arn", "arn", "\xfd", "a\xfd" },
                                         { "aws", "aws", "\xfd", "aws-\xfd" },
                                         { "s3", "s3", "\xfd", "iam" },
                                         { "", "", "\xfd", "us-\xfd" },
                                         { "", "\xfd", "111122223333", "\xf9\xf9\xf9" } };
static const char *const tails[] = { "bucket", "bucket/", "b",    "/",    "key", "logs/",
                                     "role/",  ".log",    "\xff", "\xff", "\xfe" };

static void append(char *out, const char *more)
{
    if (strlen(out) + strlen(more) < TEXT)
        memcpy(out + strlen(out), more, strlen(more) + 1);
}

static void make_pattern(char *out, bool arn)
{
    uint32_t n = arn ? below(5) : below(7);

    out[0] = 0;
    for (int i = 0; i < 5 && arn; i++) {
        append(out, fields[i][below(12) ? below(3) / 2 : below(4)]);
        append(out, ":");
    }
    for (uint32_t i = 0; i < n; i++)
        append(out, arn ? tails[below(VD_COUNT(tails))] : small[below(VD_COUNT(small))]);
    if (arn && below(2))
        append(out, "\xff");
}

static void make_question(question *m)
{
    bool     arn = below(2);
    uint32_t most = arn ? MOST : 3;

    memset(m, 0, sizeof *m);
    m->q = (vd_words){
        .in = m->in, .out = m->out, .in_count = below(most) % 4, .out_count = below(most + 1)
    };
    for (uint32_t i = 0; i < m->q.in_count + m->q.out_count; i++) {
        vd_globs *l = i < m->q.in_count ? &m->in[i] : &m->out[i - m->q.in_count];

        *l = (vd_globs){ m->p[i], 1 + below(5) / 3 + below(7) / 6, below(5) == 0 };
        for (uint32_t k = 0; k < l->count; k++) {
            make_pattern(m->text[i][k], arn && below(20));
            m->p[i][k] = vd_str_of(m->text[i][k]);
        }
    }
    if (below(6) == 0)
        m->q.domain = (vd_domain){
            .no_wildcards = below(2), .digits = below(3) == 0, .shortest = below(4), .longest = below(9)
        };
}

/* ------------------------------------------------------------------ in the words of Z3 */

static void put_letter(FILE *f, uint32_t cp, bool fold)
{
    uint32_t cases[3] = { cp }, n = 1;

    if (fold && cp < 0x80 && vd_is_alpha((char)cp))
        cases[n++] = cp ^ 0x20;
    if (fold && (cp | 0x20) == 'k')
        cases[n++] = 0x212a;
    if (fold && (cp | 0x20) == 'i')
        cases[n++] = 0x130;
    if (fold && cp == 0x212a) {
        cases[n++] = 'k';
        cases[n++] = 'K';
    }
    fprintf(f, n > 1 ? "(re.union" : "");
    for (uint32_t i = 0; i < n; i++)
        fprintf(f, " (str.to_re \"\\u{%x}\")", (unsigned)cases[i]);
    fprintf(f, n > 1 ? ")" : "");
}

static void put_wild(FILE *f, char c)
{
    static const struct {
        char        star, any;
        const char *takes;
    } wilds[] = {
        { VD_STAR, VD_ANY, "re.allchar" },
        { VD_STAR_IN, VD_ANY_IN, "(re.union (re.range \"\\u{0}\" \"9\") (re.range \";\" \"\\u{2ffff}\"))" },
        { VD_STAR_LINE, 0,
          "(re.union (re.range \"\\u{0}\" \"\\u{9}\") (re.range \"\\u{b}\" \"\\u{2ffff}\"))" },
        { VD_STAR_NAME, VD_ANY_NAME,
          "(re.union (re.range \"\\u{0}\" \"\\u{9}\") (re.range \"\\u{b}\" \".\") (re.range \"0\" \"9\") "
          "(re.range \";\" \"\\u{2ffff}\"))" },
        { 0, VD_ANY_DIGIT, "(re.range \"0\" \"9\")" },
    };

    for (size_t i = 0; i < VD_COUNT(wilds); i++)
        if (c == wilds[i].star)
            fprintf(f, " (re.* %s)", wilds[i].takes);
        else if (c == wilds[i].any)
            fprintf(f, " %s", wilds[i].takes);
}

static void put_language(FILE *f, const vd_globs *l)
{
    fprintf(f, " (re.union re.none re.none");
    for (uint32_t k = 0; k < l->count; k++) {
        vd_str p = l->patterns[k];

        fprintf(f, " (re.++ (str.to_re \"\") (str.to_re \"\")"); /* never fewer than two */
        for (size_t i = 0; i < p.n;) {
            uint32_t cp, n = vd_utf8_next(vd_str_from(p, i), &cp);

            if (n)
                put_letter(f, cp, l->fold);
            else
                put_wild(f, p.p[i]);
            i += n ? n : 1;
        }
        fprintf(f, ")");
    }
    fprintf(f, ")");
}

/* word: when not NULL, asks of this one. */
static void put_question(FILE *f, const vd_words *q, const vd_str *word)
{
    /* one membership in one expression: of several, it tells fewer */
    fprintf(f, "(push)\n(assert (str.in_re x (re.inter re.all re.all");
    for (uint32_t i = 0; i < q->in_count; i++)
        put_language(f, &q->in[i]);
    for (uint32_t i = 0; i < q->out_count; i++) {
        fprintf(f, " (re.comp");
        put_language(f, &q->out[i]);
        fprintf(f, ")");
    }
    fprintf(f, ")))\n");
    if (q->domain.digits)
        fprintf(f, "(assert (str.in_re x (re.* (re.range \"0\" \"9\"))))\n");
    if (q->domain.no_wildcards)
        fprintf(f, "(assert (not (str.contains x \"*\")))\n(assert (not (str.contains x \"?\")))\n");
    if (q->domain.shortest)
        fprintf(f, "(assert (>= (str.len x) %u))\n", (unsigned)q->domain.shortest);
    if (q->domain.longest)
        fprintf(f, "(assert (<= (str.len x) %u))\n", (unsigned)q->domain.longest);
    if (word) {
        fprintf(f, "(assert (= x \"");
        for (size_t at = 0; at < word->n;) {
            uint32_t cp, n = vd_utf8_next(vd_str_from(*word, at), &cp);

            fprintf(f, "\\u{%x}", (unsigned)cp);
            at += n ? n : 1;
        }
        fprintf(f, "\"))\n");
    }
    fprintf(f, "(check-sat)\n(pop)\n");
}

/* ------------------------------------------------------------------ asking both */

typedef struct tally {
    uint32_t asked, sat, unsat, ours_unknown, theirs_unknown, fell, taken_back, differ;
} tally;

static FILE *begin_script(char path[32])
{
    int   file = mkstemp(strcpy(path, "/tmp/verdict-z3-XXXXXX"));
    FILE *f = file < 0 ? NULL : fdopen(file, "w");

    if (!f)
        die(path);
    fprintf(f, "(set-option :timeout %u)\n(set-logic ALL)\n(declare-const x String)\n", timeout);
    return f;
}

static FILE *run_script(FILE *f, const char *path)
{
    char  command[80];
    FILE *answers;

    if (fclose(f) != 0)
        die(path);
    snprintf(command, sizeof command, "z3 -smt2 %s 2>/dev/null", path);
    answers = popen(command, "r");
    if (!answers)
        die("z3");
    return answers;
}

/* "unsat" of Z3 against a word of ours: it is wrong if it takes the word itself. */
static bool takes_back(const vd_words *q, const vd_str *word)
{
    char  path[32], line[64] = "";
    FILE *f = begin_script(path), *answers;

    put_question(f, q, word);
    answers = run_script(f, path);
    if (!fgets(line, sizeof line, answers))
        line[0] = 0;
    pclose(answers);
    remove(path);
    return strcmp(line, "sat\n") == 0;
}

static void compare(tally *t, const vd_words *q, const char *theirs)
{
    static const char *const names[] = { [VD_SAT] = "sat", [VD_UNSAT] = "unsat", [VD_UNKNOWN] = "unknown" };

    t->asked++;
    t->theirs_unknown += strcmp(theirs, "unknown") == 0;
    for (int shortest = 0; shortest < 2; shortest++) {
        vd_arena  arena = vd_arena_on(vd_allocator_default(), 0);
        uint64_t  budget = BUDGET;
        vd_words  asked = *q;
        bool      nomem;
        vd_str    word;
        vd_answer a;

        asked.shortest = shortest;
        a = vd_words_solve(&word, &asked, &arena, &budget, &nomem);
        t->ours_unknown += a == VD_UNKNOWN;
        if (strcmp(theirs, "unknown") == 0 || a == VD_UNKNOWN || strcmp(theirs, names[a]) == 0) {
            /* nothing to say */
        } else if (a == VD_SAT && takes_back(q, &word)) {
            t->taken_back++;
        } else {
            t->differ++;
            fprintf(stderr, "Z3 says %s, we say %s%s:\n", theirs, names[a],
                    shortest ? " (search alone)" : "");
            put_question(stderr, q, NULL);
        }
        vd_arena_done(&arena);
    }
    t->sat += strcmp(theirs, "sat") == 0;
    t->unsat += strcmp(theirs, "unsat") == 0;
}

/* How many were answered: z3 itself may fall over one. */
static uint32_t ask_some(tally *t, const question *questions, uint32_t count)
{
    char     path[32], line[64];
    FILE    *f = begin_script(path), *answers;
    uint32_t done = 0;

    for (uint32_t i = 0; i < count; i++)
        put_question(f, &questions[i].q, NULL);
    answers = run_script(f, path);
    for (; done < count && fgets(line, sizeof line, answers); done++) {
        line[strcspn(line, "\n")] = 0;
        if (strcmp(line, "sat") != 0 && strcmp(line, "unsat") != 0 && strcmp(line, "unknown") != 0) {
            fprintf(stderr, "z3 says: %s\n", line);
            put_question(stderr, &questions[done].q, NULL);
            exit(1);
        }
        compare(t, &questions[done].q, line);
    }
    pclose(answers);
    remove(path);
    return done;
}

static void ask_batch(tally *t, uint32_t count)
{
    question *questions = calloc(count, sizeof *questions);

    if (!questions)
        die("questions");
    for (uint32_t i = 0; i < count; i++)
        make_question(&questions[i]);
    for (uint32_t done = 0; done < count;) {
        done += ask_some(t, questions + done, count - done);
        if (done < count) {
            compare(t, &questions[done].q, "unknown");
            t->fell++;
            done++;
        }
    }
    free(questions);
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 300;
    tally    t = { 0 };

    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    if (argc > 3)
        timeout = (uint32_t)strtoul(argv[3], NULL, 10);
    if (system("z3 --version >/dev/null 2>&1") != 0) {
        fprintf(stderr, "SKIPPED: THERE IS NO z3 HERE.  Install the package z3: nothing else holds \"no such "
                        "word\" against "
                        "another solver\n");
        return SKIPPED;
    }
    for (uint32_t left = count; left > 0;) {
        uint32_t n = left < BATCH ? left : BATCH;

        ask_batch(&t, n);
        left -= n;
    }
    printf("%u questions: %u have a word, %u have none; unknown to z3 %u (%u crashes), to us %u; z3 took "
           "%u back; different answers: %u\n",
           t.asked, t.sat, t.unsat, t.theirs_unknown, t.fell, t.ours_unknown, t.taken_back, t.differ);
    return t.differ > 0 || t.sat < t.asked / 20 || t.unsat < t.asked / 20;
}
