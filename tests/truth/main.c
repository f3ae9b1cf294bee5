/* SPDX-License-Identifier: Apache-2.0
 *
 * truth WORLD QUESTION|all COUNT [SEED [REQUESTS [open]]]: COUNT trials of a question in a world (toy, real), and what came of them.
 * Exit 1: a disagreement, shown as small as it gets; with "open" what is not decided is shown as well.
 */
#include "truth.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

extern const question solver_questions[2];

typedef struct tally {
    uint64_t trials, yes, no, unknown, wrong;
} tally;

static bool fits(const question *q, enum shape s)
{
    return s == SHAPE_RESOURCE || s == SHAPE_GUARDED ? q->resources : q->identities;
}

static void make_trial(trial *t, vd_engine *engine, const vocabulary *v, const question *q, chance *c, uint64_t most)
{
    *t = (trial){ .engine = engine, .vocabulary = v, .question = q->ask, .name = q->name, .most = most };
    do
        t->shape = (enum shape)below(c, SHAPE_COUNT);
    while (!fits(q, t->shape));
    make_stack(&t->a, v, t->shape, c);
    if (percent(c, 25)) {
        make_stack(&t->b, v, t->shape, c);
    } else {
        t->b = t->a;
        for (uint32_t n = below(c, 3); n + 1 > 0; n--)
            change_stack(&t->b, v, c);
    }
    t->seed = ((uint64_t)below(c, UINT32_MAX) << 20) ^ below(c, UINT32_MAX);
}

static bool run(vd_engine *engine, const vocabulary *v, const char *where, const question *q, uint64_t count, uint64_t seed, uint64_t most,
                bool open)
{
    static trial t;
    static char  why[WHY];
    tally        sum = { 0 };
    clock_t      begin = clock();

    for (uint64_t i = 0; i < count; i++) {
        chance  c = { seed + i * 0x2545F4914F6CDD1Du };
        verdict got;

        make_trial(&t, engine, v, q, &c, most);
        why[0] = '\0';
        got = q->ask(&t, why);
        sum.trials++;
        sum.yes += t.answers[0];
        sum.no += t.answers[1];
        sum.unknown += got == UNDECIDED;
        if (got != DISAGREE && !(open && got == UNDECIDED))
            continue;
        sum.wrong += got == DISAGREE;
        trial_shrink(&t, why, got);
        fprintf(stderr, "trial %llu of %s %s:\n", (unsigned long long)i, where, q->name);
        trial_print(stderr, &t, why);
        if (sum.wrong >= 5)
            break;
    }
    printf("%-5s %-12s %8llu trials %9llu yes %9llu no %7llu unknown %4llu disagreements  %.1f s\n", where, q->name,
           (unsigned long long)sum.trials, (unsigned long long)sum.yes, (unsigned long long)sum.no, (unsigned long long)sum.unknown,
           (unsigned long long)sum.wrong, (double)(clock() - begin) / CLOCKS_PER_SEC);
    fflush(stdout);
    return sum.wrong == 0;
}

static bool run_list(vd_engine *engine, const vocabulary *v, const char *where, const char *name, const question *some, uint32_t n,
                     uint64_t count, uint64_t seed, uint64_t most, bool open, bool *known)
{
    bool ok = true;

    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(name, "all") && strcmp(name, some[i].name))
            continue;
        *known = true;
        if (some[i].there())
            ok = run(engine, v, where, &some[i], count, seed, most, open) && ok;
        else
            printf("%-5s %-12s is not there yet\n", where, some[i].name);
    }
    return ok;
}

int main(int argc, char **argv)
{
    vd_engine *engine = NULL;
    vd_error   err = { .size = sizeof err };
    bool       known = false, ok = true, open = argc > 6 && !strcmp(argv[6], "open");
    uint64_t   count = argc > 3 ? strtoull(argv[3], NULL, 10) : 0, seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 1,
             most = argc > 5 ? strtoull(argv[5], NULL, 10) : 2000;
    const vocabulary *v = argc > 1 && !strcmp(argv[1], "toy") ? &toy : argc > 1 && !strcmp(argv[1], "real") ? &real : NULL;

    if (v && count && vd_engine_new(&engine, NULL, &err) == VD_OK) {
        ok = run_list(engine, v, argv[1], argv[2], solver_questions, 2, count, seed, most, open, &known);
        ok = run_list(engine, v, argv[1], argv[2], questions, question_count, count, seed, most, open, &known) && ok;
        ok = run_list(engine, v, argv[1], argv[2], laws, law_count, count, seed, most, open, &known) && ok;
    }
    vd_engine_release(engine);
    if (!known) {
        fprintf(stderr, "usage: truth toy|real QUESTION|all COUNT [SEED [REQUESTS [open]]]\n");
        return 2;
    }
    return ok ? 0 : 1;
}
