/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets replaced while others read them: every decision is wholly that of one set, every set is freed once and not
 * before its last reader has moved on.  Run under ThreadSanitizer too.
 */
#include "sets.h"

#include "eval/set.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { READERS = 8, WRITERS = 2, REPLACEMENTS = 1000, QUESTIONS = 2 };

/* ------------------------------------------------------------------ an allocator that counts, for many threads */

typedef struct counting {
    atomic_size_t calls;
    atomic_long   live, live_bytes;
    atomic_bool   wrong_size;
} counting;

enum { HEADER = 16 };

static void *counting_realloc(void *user, void *p, size_t old, size_t size)
{
    counting *c = user;
    char     *block = p ? (char *)p - HEADER : NULL;
    size_t    was = 0;

    if (block)
        memcpy(&was, block, sizeof was);
    if (was != old)
        atomic_store(&c->wrong_size, true);
    block = realloc(block, size + HEADER);
    if (!block)
        abort();
    memcpy(block, &size, sizeof size);
    atomic_fetch_add(&c->calls, 1);
    atomic_fetch_add(&c->live, p ? 0 : 1);
    atomic_fetch_add(&c->live_bytes, (long)size - (long)was);
    return block + HEADER;
}

static void counting_free(void *user, void *p, size_t size)
{
    counting *c = user;
    char     *block = (char *)p - HEADER;
    size_t    was;

    memcpy(&was, block, sizeof was);
    if (was != size)
        atomic_store(&c->wrong_size, true);
    memset(block, 0xdd, HEADER + size); /* who still reads it reads nonsense */
    atomic_fetch_sub(&c->live, 1);
    atomic_fetch_sub(&c->live_bytes, (long)was);
    free(block);
}

static vd_engine *engine_on(counting *c)
{
    vd_allocator   a = { .realloc = counting_realloc, .free = counting_free, .user = c };
    vd_engine_opts opts = { .size = sizeof opts, .allocator = &a };
    vd_engine     *e = NULL;

    assert_int_equal(vd_engine_new(&e, &opts, NULL), VD_OK);
    return e;
}

/* ------------------------------------------------------------------ two sets that disagree about everything */

static const document night[] = {
    IDENTITY("night-get.json", "Allow", "s3:Get*", "*"),
    IDENTITY("night-put.json", "Deny", "s3:Put*", "*"),
};
static const document day[] = {
    IDENTITY("day-1.json", "Deny", "s3:GetObject", "*"),
    IDENTITY("day-2.json", "Deny", "ec2:*", "*"),
    IDENTITY("day-3.json", "Allow", "s3:PutObject", "arn:aws:s3:::${aws:username}/*"),
};

static const char *const actions[QUESTIONS] = { "s3:GetObject", "s3:PutObject" };
static const char *const answers[2][QUESTIONS] = {
    { "allow", "explicit-deny night-put.json" },
    { "explicit-deny day-1.json", "allow" },
};

static vd_set *make(const vd_engine *e, unsigned which)
{
    return which ? set_of(e, day, VD_COUNT(day)) : set_of(e, night, VD_COUNT(night));
}

static void ask(vd_request *r, uint32_t question)
{
    fill_request(r, "arn:aws:iam::111122223333:user/alice", actions[question], "arn:aws:s3:::alice/file");
}

/* Which of the two the answers are of; -1: of neither, or of both. */
static int side_of(const vd_set *set, vd_request *r)
{
    bool is[2] = { true, true };

    for (uint32_t q = 0; q < QUESTIONS; q++) {
        char        text[128];
        const char *got;

        ask(r, q);
        got = decided(text, set, r);
        for (int side = 0; side < 2; side++)
            is[side] = is[side] && strcmp(got, answers[side][q]) == 0;
    }
    return is[0] == is[1] ? -1 : is[1];
}

/* ------------------------------------------------------------------ many at once */

typedef struct world {
    vd_engine        *engine;
    vd_live          *live;
    pthread_barrier_t start;
    atomic_uint       writers;            /* still writing */
    atomic_ulong      decisions, changes; /* seen by readers */
    atomic_ulong      wrong;
} world;

static void *read_on(void *arg)
{
    world      *w = arg;
    vd_reader  *reader = NULL;
    vd_request *r = NULL;
    vd_set     *before = NULL;
    bool        last = false;

    if (vd_reader_new(&reader, w->live, NULL) != VD_OK || vd_request_new(&r, w->engine, NULL) != VD_OK)
        abort();
    pthread_barrier_wait(&w->start);
    while (!last) {
        vd_set *set;

        last = atomic_load(&w->writers) == 0; /* once more after the last replacement */
        set = vd_reader_set(reader);
        if (side_of(set, r) < 0)
            atomic_fetch_add(&w->wrong, 1);
        atomic_fetch_add(&w->decisions, 1);
        atomic_fetch_add(&w->changes, set != before);
        before = set;
    }
    vd_request_free(r);
    vd_reader_free(reader);
    return NULL;
}

static void *write_on(void *arg)
{
    world *w = arg;

    pthread_barrier_wait(&w->start);
    for (unsigned i = 0; i < REPLACEMENTS / WRITERS; i++) {
        vd_set *next = make(w->engine, i & 1);

        vd_live_replace(w->live, next);
        vd_set_release(next);
        if (i % 16 == 0)
            sched_yield();
    }
    atomic_fetch_sub(&w->writers, 1);
    return NULL;
}

static void decisions_are_of_one_set(void **state)
{
    counting  c = { 0 };
    world     w = { .engine = engine_on(&c) };
    vd_set   *first = make(w.engine, 0);
    pthread_t threads[READERS + WRITERS];

    VD_UNUSED(state);
    atomic_store(&w.writers, WRITERS);
    assert_int_equal(pthread_barrier_init(&w.start, NULL, READERS + WRITERS), 0);
    assert_int_equal(vd_live_new(&w.live, w.engine, first, NULL), VD_OK);
    vd_set_release(first);
    for (int i = 0; i < READERS + WRITERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, i < READERS ? read_on : write_on, &w), 0);
    for (int i = 0; i < READERS + WRITERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(atomic_load(&w.wrong), 0);
    assert_true(atomic_load(&w.decisions) >= READERS);
    assert_true(atomic_load(&w.changes) >= READERS + 1); /* each saw its first one; some saw a replacement */
    vd_live_free(w.live);
    pthread_barrier_destroy(&w.start);
    assert_int_equal(atomic_load(&c.live), 1); /* the engine: all sets are gone */
    vd_engine_release(w.engine);
    assert_int_equal(atomic_load(&c.live), 0);
    assert_int_equal(atomic_load(&c.live_bytes), 0);
    assert_false(atomic_load(&c.wrong_size));
}

/* ------------------------------------------------------------------ one step after the other */

static void old_set_waits_for_its_reader(void **state)
{
    counting   c = { 0 };
    vd_engine *e = engine_on(&c);
    vd_set    *sets[2] = { make(e, 0), make(e, 1) };
    vd_live   *live = NULL;
    vd_reader *slow = NULL, *fast = NULL;
    long       both, one;

    VD_UNUSED(state);
    assert_int_equal(vd_live_new(&live, e, sets[0], NULL), VD_OK);
    assert_int_equal(vd_reader_new(&slow, live, NULL), VD_OK);
    assert_int_equal(vd_reader_new(&fast, live, NULL), VD_OK);
    assert_ptr_equal(vd_reader_set(slow), sets[0]);
    assert_ptr_equal(vd_reader_set(fast), sets[0]);
    vd_set_release(sets[0]);
    both = atomic_load(&c.live_bytes);

    vd_live_replace(live, sets[1]);
    vd_set_release(sets[1]);
    assert_int_equal(atomic_load(&c.live_bytes), both); /* both readers hold the old one */
    assert_ptr_equal(vd_reader_set(fast), sets[1]);
    assert_int_equal(atomic_load(&c.live_bytes), both); /* one of them still does */
    assert_ptr_equal(vd_reader_set(slow), sets[1]);
    one = atomic_load(&c.live_bytes);
    assert_true(one < both);

    vd_live_replace(live, sets[1]); /* the same again changes nothing */
    assert_ptr_equal(vd_reader_set(slow), sets[1]);
    assert_int_equal(atomic_load(&c.live_bytes), one);

    vd_reader_free(slow);
    vd_reader_free(fast);
    vd_live_free(live);
    vd_engine_release(e);
    assert_int_equal(atomic_load(&c.live), 0);
}

/* What a reader pays while nothing changes: no memory, neither does an evaluation. */
static void reading_allocates_nothing(void **state)
{
    counting    c = { 0 };
    vd_engine  *e = engine_on(&c);
    vd_set     *set = make(e, 0);
    vd_live    *live = NULL;
    vd_reader  *reader = NULL;
    vd_request *r = NULL;
    size_t      calls;

    VD_UNUSED(state);
    assert_int_equal(vd_live_new(&live, e, set, NULL), VD_OK);
    assert_int_equal(vd_reader_new(&reader, live, NULL), VD_OK);
    assert_int_equal(vd_request_new(&r, e, NULL), VD_OK);
    assert_int_equal(side_of(vd_reader_set(reader), r), 0);
    calls = atomic_load(&c.calls);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(side_of(vd_reader_set(reader), r), 0);
    vd_live_replace(live, set);
    assert_int_equal(side_of(vd_reader_set(reader), r), 0);
    assert_int_equal(atomic_load(&c.calls), calls);
    vd_request_free(r);
    vd_reader_free(reader);
    vd_live_free(live);
    vd_set_release(set);
    vd_engine_release(e);
    assert_int_equal(atomic_load(&c.live), 0);
}

/* ------------------------------------------------------------------ a bundle whose trees are proved on the way */

static void *ask_all(void *arg)
{
    const vd_set *set = arg;
    vd_engine    *e = vd_set_engine(set);
    vd_request   *r = NULL;
    void         *scratch = scratch_of(set);
    uintptr_t     wrong = 0;

    assert_int_equal(vd_request_new(&r, e, NULL), VD_OK);
    for (int i = 0; i < USERS; i++) {
        vd_decision out = { .size = sizeof out };
        char        who[80];

        snprintf(who, sizeof who, "arn:aws:iam::111122223333:user/u%d", i);
        vd_request_reset(r);
        vd_request_set(r, VD_PRINCIPAL, vd_str_of(who));
        vd_request_set(r, VD_ACTION, VD_S("s3:GetObject"));
        vd_request_set(r, VD_RESOURCE, VD_S("arn:aws:s3:::b/k"));
        vd_request_set(r, VD_RESOURCE_ACCOUNT, VD_S("111122223333"));
        wrong += vd_eval(&out, set, r, scratch) != VD_OK || out.outcome != VD_ALLOW;
        wrong += vd_set_policy_text(set, (uint32_t)i).n == 0;
    }
    free(scratch);
    vd_request_free(r);
    return (void *)wrong;
}

static void trees_are_proved_by_whoever_comes_first(void **state)
{
    vd_engine *e = NULL;
    vd_set    *set, *opened = NULL;
    char       path[] = "/tmp/verdict-live-XXXXXX";
    int        fd = mkstemp(path);
    pthread_t  threads[READERS];

    VD_UNUSED(state);
    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    set = set_of_users(e);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(vd_set_save(set, path, NULL), VD_OK);
    assert_int_equal(vd_set_open(&opened, e, path, NULL), VD_OK);
    unlink(path);
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_all, opened), 0);
    for (size_t i = 0; i < READERS; i++) {
        void *wrong = NULL;

        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    vd_set_release(opened);
    vd_set_release(set);
    vd_engine_release(e);
}

static void misuse_is_refused(void **state)
{
    vd_engine *e = NULL;
    vd_live   *live = NULL;
    vd_reader *reader = NULL;
    vd_set    *set;
    vd_error   err = { .size = sizeof err };

    VD_UNUSED(state);
    assert_int_equal(vd_engine_new(&e, NULL, NULL), VD_OK);
    set = make(e, 0);
    assert_int_equal(vd_live_new(&live, e, NULL, &err), VD_EINVAL);
    assert_null(live);
    assert_string_equal(err.text, "a set to begin with is needed");
    assert_int_equal(vd_live_new(&live, NULL, set, &err), VD_EINVAL);
    assert_int_equal(vd_live_new(NULL, e, set, &err), VD_EINVAL);
    assert_int_equal(vd_reader_new(&reader, NULL, &err), VD_EINVAL);
    assert_null(reader);
    assert_int_equal(vd_live_new(&live, e, set, &err), VD_OK);
    assert_int_equal(vd_reader_new(&reader, live, NULL), VD_OK);
    vd_live_replace(live, NULL); /* a gateway without policies is nobody's wish: the old ones stay */
    assert_ptr_equal(vd_reader_set(reader), set);
    vd_reader_free(reader);
    vd_live_free(live);
    vd_live_free(NULL);
    vd_reader_free(NULL);
    vd_set_release(set);
    vd_set_release(NULL);
    assert_null(vd_set_retain(NULL));
    vd_engine_release(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_are_of_one_set),
        cmocka_unit_test(old_set_waits_for_its_reader),
        cmocka_unit_test(reading_allocates_nothing),
        cmocka_unit_test(trees_are_proved_by_whoever_comes_first),
        cmocka_unit_test(misuse_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
