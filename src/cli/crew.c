/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads that take the next piece from a counter.
 */
#include "cli/crew.h"

#include "cli/progress.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

enum { MOST_JOBS = 256, GLANCE_NS = 50000000 };

typedef struct crew {
    vd_piece_fn *piece;
    void        *user;
    unsigned     count;
    atomic_uint  taken, done;
} crew;

static void *work(void *of)
{
    crew *c = of;

    for (;;) {
        unsigned i = atomic_fetch_add(&c->taken, 1);

        if (i >= c->count)
            return NULL;
        c->piece(c->user, i);
        atomic_fetch_add(&c->done, 1);
    }
}

static uint32_t wanted_threads(const vd_cli *cli, uint32_t count)
{
    uint32_t jobs = vd_args_number(&cli->args, "jobs", 0);
    long     cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (jobs == 0)
        jobs = cores > 0 ? (uint32_t)cores : 1;
    jobs = jobs < MOST_JOBS ? jobs : MOST_JOBS;
    return jobs < count ? jobs : count;
}

static void watch(const vd_cli *cli, crew *c, const char *things)
{
    vd_progress p;

    vd_progress_init(&p, cli, things);
    while (p.wanted && atomic_load(&c->done) < c->count) {
        nanosleep(&(struct timespec){ .tv_nsec = GLANCE_NS }, NULL);
        vd_progress_show(&p, atomic_load(&c->done), c->count);
    }
    vd_progress_clear(&p);
}

void vd_crew_work(const vd_cli *cli, const char *things, uint32_t count, vd_piece_fn *piece, void *user)
{
    pthread_t threads[MOST_JOBS];
    crew      c = { .piece = piece, .user = user, .count = count };
    uint32_t  wanted = wanted_threads(cli, count), started = 0;

    while (wanted > 1 && started < wanted && pthread_create(&threads[started], NULL, work, &c) == 0)
        started++;
    if (started)
        watch(cli, &c, things);
    else
        work(&c);
    while (started)
        pthread_join(threads[--started], NULL);
}
