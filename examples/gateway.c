/* SPDX-License-Identifier: Apache-2.0
 *
 * A gateway over libverdict, small enough to copy.  `verdict compile` made the bundle; here it is mapped.  Every line
 * of standard input is a question, every line of standard output its answer:
 *
 *     PRINCIPAL ACTION RESOURCE [SOURCE-IP]        allow | implicit-deny | explicit-deny POLICY | error WHY
 *
 * SIGHUP makes a second thread map the bundle anew.  Meanwhile the old one goes on answering, and a bundle that is
 * damaged leaves it in place.  Replace the file by renaming another over it, as `verdict compile -o` does.
 */
#include <verdict/verdict.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct gateway { /* shared by all threads */
    const char *path;
    vd_engine  *engine;
    vd_live    *live;
    sigset_t    signals; /* SIGHUP: load again; SIGUSR1: the loader ends */
} gateway;

enum { KNOWN = 1024 };

typedef struct known { /* who asked before */
    char      *principal;
    vd_caller *caller;
} known;

typedef struct worker { /* of one thread; there may be any number */
    vd_reader    *reader;
    vd_request   *caller; /* to read callers with */
    vd_request   *request;
    known         known[KNOWN];
    const vd_set *set; /* key and scratch are made for it, once */
    vd_key        source_ip;
    void         *scratch;
} worker;

static int complain(const char *what, const vd_error *err)
{
    fprintf(stderr, "%s: %.*s: %s\n", what, (int)err->at.file.n, err->at.file.p, err->text);
    return 2;
}

/* Loading may be slow and may fail: it has a thread of its own, so that nobody who asks waits for it. */
static void *reload_on_hangup(void *arg)
{
    gateway *g = arg;
    int      number;

    while (sigwait(&g->signals, &number) == 0 && number == SIGHUP) {
        vd_error err = { .size = sizeof err };
        vd_set  *next;

        if (vd_set_open(&next, g->engine, g->path, &err) == VD_OK)
            vd_live_replace(g->live, next); /* retains it */
        else
            complain("the old policies stay", &err);
        vd_set_release(next);
    }
    return NULL;
}

/* The set of now.  One atomic load tells that it is the same as before, which it nearly always is. */
static bool follow(worker *w)
{
    const vd_set *set = vd_reader_set(w->reader);

    if (set == w->set)
        return true;
    free(w->scratch);
    w->scratch = aligned_alloc(16, (vd_scratch_size(set) + 15) / 16 * 16);
    w->source_ip = vd_set_key(set, vd_str_of("aws:SourceIp"));
    w->set = w->scratch ? set : NULL;
    return w->scratch != NULL;
}

/* The same callers come again and again, so each is read once: what its name means, and here would stand its tags, whether it
 * used MFA, and the like.  One place for each hash; who comes later takes it over. */
static const vd_caller *find_caller(worker *w, vd_str principal, vd_error *err)
{
    size_t hash = 0;
    known *k;

    for (size_t i = 0; i < principal.n; i++)
        hash = hash * 31 + (unsigned char)principal.p[i];
    k = &w->known[hash % KNOWN];
    if (k->caller && strlen(k->principal) == principal.n && memcmp(k->principal, principal.p, principal.n) == 0)
        return k->caller;
    free(k->principal);
    vd_caller_release(k->caller);
    *k = (known){ 0 };
    vd_request_reset(w->caller);
    vd_request_set(w->caller, VD_PRINCIPAL, principal);
    if (vd_caller_new(&k->caller, w->caller, err) != VD_OK)
        return NULL;
    k->principal = strndup(principal.p, principal.n);
    if (!k->principal) { /* then it is not found again */
        vd_caller_release(k->caller);
        k->caller = NULL;
        err->code = VD_ENOMEM;
    }
    return k->caller;
}

/* No lock, and for a known caller no allocation.  A call that fails leaves a request that vd_eval refuses: one look, at the
 * end, is enough. */
static void answer(worker *w, vd_str principal, vd_str action, vd_str resource, vd_str source_ip)
{
    vd_decision      d = { .size = sizeof d };
    vd_error         err = { .size = sizeof err };
    const vd_caller *caller = find_caller(w, principal, &err);
    vd_str           policy = vd_str_of("");
    vd_code          code;

    if (!caller) {
        printf("error %s %s\n", vd_code_name(err.code), err.text);
        return;
    }
    vd_request_begin(w->request, caller);
    vd_request_set(w->request, VD_ACTION, action);
    vd_request_set(w->request, VD_RESOURCE, resource);
    if (source_ip.n)
        vd_request_bind(w->request, w->source_ip, &source_ip, 1);
    code = vd_eval(&d, w->set, w->request, w->scratch);
    if (code != VD_OK) { /* d is a deny all the same; without a text: `verdict explain` tells more */
        const char *text = vd_request_error(w->request)->text;

        printf("error %s %s\n", vd_code_name(code), text[0] ? text : "the request makes no sense");
        return;
    }
    if (d.outcome == VD_EXPLICIT_DENY)
        policy = vd_set_policy_name(w->set, d.policy);
    printf("%s%s%.*s\n", vd_outcome_name(d.outcome), policy.n ? " " : "", (int)policy.n, policy.p);
}

static int serve(worker *w)
{
    char line[8192];

    while (fgets(line, sizeof line, stdin)) {
        vd_str word[4];
        char  *rest = NULL;

        for (size_t i = 0; i < 4; i++)
            word[i] = vd_str_of(strtok_r(i ? NULL : line, " \n", &rest));
        if (!follow(w))
            return 2;
        answer(w, word[0], word[1], word[2], word[3]);
    }
    return 0;
}

int main(int argc, char **argv)
{
    gateway   g = { .path = argc == 2 ? argv[1] : "" };
    worker    w = { 0 };
    vd_error  err = { .size = sizeof err };
    vd_set   *first;
    pthread_t loader;
    int       status;

    if (argc != 2) {
        fprintf(stderr, "usage: gateway FILE.vdb <QUESTIONS\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    sigemptyset(&g.signals);
    sigaddset(&g.signals, SIGHUP);
    sigaddset(&g.signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &g.signals, NULL); /* for all threads: the loader waits for it */
    if (vd_engine_new(&g.engine, NULL, &err) != VD_OK || vd_set_open(&first, g.engine, g.path, &err) != VD_OK ||
        vd_live_new(&g.live, g.engine, first, &err) != VD_OK || vd_reader_new(&w.reader, g.live, &err) != VD_OK ||
        vd_request_new(&w.request, g.engine, &err) != VD_OK || vd_request_new(&w.caller, g.engine, &err) != VD_OK)
        return complain("cannot start", &err);
    vd_set_release(first); /* the live one keeps it */
    if (pthread_create(&loader, NULL, reload_on_hangup, &g) != 0)
        return 2;
    status = serve(&w);
    pthread_kill(loader, SIGUSR1);
    pthread_join(loader, NULL);
    for (size_t i = 0; i < KNOWN; i++) {
        free(w.known[i].principal);
        vd_caller_release(w.known[i].caller);
    }
    free(w.scratch);
    vd_request_free(w.caller);
    vd_request_free(w.request);
    vd_reader_free(w.reader);
    vd_live_free(g.live);
    vd_engine_release(g.engine);
    return status;
}
