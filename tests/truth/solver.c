/* SPDX-License-Identifier: Apache-2.0
 *
 * The solver by itself: "these statements match, those do not".  Every statement of a trial becomes a Deny beside an Allow of
 * everything, so that the evaluator tells by an explicit deny whether it matches.
 */
#include "truth.h"

#include "analyze/confirm.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 12 };

typedef struct room {
    trial       *t;
    stack        single[MOST]; /* the statement, denied */
    asked        asked[MOST];
    vd_policy   *policies[MOST];
    uint32_t     boxes[MOST];
    uint32_t     count;
    bool         exact;
    vd_symbolic *s;
    vd_request  *r;
    vd_arena     arena;
} room;

static const list one_star = { { "*" }, 1, false };

static bool open_statement(room *m, const document *from, uint8_t index)
{
    static char text[TEXT];
    vd_error    err = { .size = sizeof err };
    stack      *s = &m->single[m->count];
    document    d = { .layer = from->layer, .count = 1 };
    bool        nomem = false, named = from->at[index].principal.count > 0;
    statement   all = { .deny = false };

    all.action = all.resource = one_star;
    d.at[0] = from->at[index];
    d.at[0].deny = true;
    print_document(text, sizeof text, &d);
    if (vd_policy_parse(&m->policies[m->count], m->t->engine, named ? VD_KIND_RESOURCE : VD_KIND_IDENTITY, VD_S("p"), vd_str_of(text), NULL,
                        &err) != VD_OK)
        return false;
    m->boxes[m->count] = vd_symbolic_statement(m->s, m->policies[m->count], 0, &nomem);
    if (named)
        all.principal = one_star;
    d.at[d.count++] = all;
    *s = (stack){ .count = 1 };
    s->docs[0] = d;
    s->docs[0].layer = named ? VD_LAYER_RESOURCE : VD_LAYER_IDENTITY;
    return asked_open(&m->asked[m->count++], m->t->engine, s, true, NULL) && !nomem;
}

static bool room_open(room *m, trial *t)
{
    vd_symbolic_opts opts = { .budget = 400000, .now = { .seconds = 1735689600 } };
    vd_error         err = { .size = sizeof err };
    bool             ok;

    memset(m, 0, sizeof *m);
    m->t = t;
    m->arena = vd_arena_on(vd_allocator_default(), 0);
    ok = vd_symbolic_new(&m->s, t->engine, &opts, &err) == VD_OK && vd_request_new(&m->r, t->engine, &err) == VD_OK;
    for (uint8_t d = 0; ok && d < t->a.count; d++)
        for (uint8_t i = 0; ok && i < t->a.docs[d].count && m->count < MOST; i++)
            ok = open_statement(m, &t->a.docs[d], i);
    return ok;
}

static void room_close(room *m)
{
    for (uint32_t i = 0; i < m->count; i++) {
        asked_close(&m->asked[i]);
        vd_policy_release(m->policies[i]);
    }
    vd_request_free(m->r);
    vd_symbolic_free(m->s);
    vd_arena_done(&m->arena);
}

typedef struct wish {
    uint32_t match[MOST], miss[MOST];
    vd_goal  goal;
    int8_t   side[MOST]; /* 1: match, -1: miss */
} wish;

static void make_wish(wish *x, const room *m, chance *c)
{
    static const uint32_t identities = 1u << VD_ASKER_ROLE | 1u << VD_ASKER_USER,
                          known = identities | 1u << VD_ASKER_ANONYMOUS | 1u << VD_ASKER_ROOT | 1u << VD_ASKER_SERVICE;
    static const char *const actions[] = { "s3:GetObject", "s3:PutObject", "s3:GetObjectTagging", "s3:ListBucket", "lambda:InvokeFunction",
                                           "sqs:SendMessage", "dynamodb:GetItem", "iam:GetRole", "ec2:CreateTags" };
    bool                     named = m->count && m->single[0].docs[0].layer == VD_LAYER_RESOURCE;
    const words              among = { actions, m->t->vocabulary == &toy ? 3 : named ? 7 : 9 }; /* the last have no resource policies */

    memset(x, 0, sizeof *x);
    x->goal = (vd_goal){ .action = vd_str_of(pick(c, among)), .who = identities, .rules = VD_RULES_SOFT_FIRST, .match = x->match,
                         .miss = x->miss };
    for (uint32_t i = 0; i < m->count; i++) {
        uint32_t side = below(c, 3);

        if (m->boxes[i] == VD_NONE || side == 2 || !vd_symbolic_reaches(m->s, m->boxes[i], x->goal.action))
            continue; /* what does not reach the action is no part of a question about it */
        x->side[i] = side ? -1 : 1;
        if (side)
            x->miss[x->goal.miss_count++] = m->boxes[i];
        else
            x->match[x->goal.match_count++] = m->boxes[i];
        if (m->single[i].docs[0].layer == VD_LAYER_RESOURCE)
            x->goal.who = known;
    }
}

/* -1 when the request cannot be decided. */
static int fulfilled(const room *m, const wish *x)
{
    for (uint32_t i = 0; i < m->count; i++) {
        int outcome;

        if (!x->side[i])
            continue;
        outcome = asked_outcome(&m->asked[i], m->r);
        if (outcome < 0)
            return -1;
        if ((outcome == VD_EXPLICIT_DENY) != (x->side[i] > 0))
            return 0;
    }
    return 1;
}

static void describe(char *why, const room *m, const wish *x)
{
    size_t n = strlen(why);

    for (uint32_t i = 0; i < m->count; i++)
        if (x->side[i])
            n += (size_t)snprintf(why + n, WHY - n, "%s statement %u", x->side[i] > 0 ? "; matching" : "; not matching", i);
    snprintf(why + n, WHY - n, "; %.*s", (int)x->goal.action.n, x->goal.action.p);
}

static void show_model(char *why, const vd_model *model)
{
    size_t n = strlen(why);

    n += (size_t)snprintf(why + n, WHY - n, "\n  who %d path %d principal \"%.*s\" id \"%.*s\" resource \"%.*s\"", model->who, model->path,
                          (int)model->principal.n, model->principal.p, (int)model->user_id.n, model->user_id.p, (int)model->resource.n,
                          model->resource.p);
    for (uint32_t i = 0; i < model->key_count && n < WHY; i++) {
        const vd_assigned *k = &model->keys[i];

        n += (size_t)snprintf(why + n, WHY - n, "\n  %.*s state %d", (int)k->key.n, k->key.p, k->state);
        for (uint32_t v = 0; v < k->count && n < WHY; v++)
            n += (size_t)snprintf(why + n, WHY - n, " \"%.*s\"", (int)k->values[v].n, k->values[v].p);
    }
}

static verdict try_all(room *m, const wish *x, char *why)
{
    static world w;
    trial       *t = m->t;
    chance       c = { t->seed };
    walk         k;

    t->vocabulary->world(&w, &t->a, &t->a, &c);
    for (uint32_t i = 0; i < w.count; i++)
        if (w.dims[i].kind == DIM_ACTION) {
            static char action[64];

            snprintf(action, sizeof action, "%.*s", (int)x->goal.action.n, x->goal.action.p);
            w.dims[i].count = 0;
            dim_add(&w.dims[i], action, NULL, NULL);
        }
    walk_begin(&k, &w, t->most, t->seed);
    while (walk_next(&k)) {
        FILE *f;

        if (!world_request(m->r, &w) || fulfilled(m, x) != 1)
            continue;
        f = fmemopen(why, WHY, "w");
        fprintf(f, "called impossible, and here is one\n");
        world_print(f, &w);
        fclose(f);
        describe(why, m, x);
        return DISAGREE;
    }
    return AGREE;
}

static bool same_service(const vd_model *m)
{
    size_t n = vd_str_find(m->action, ':');

    return m->resource.n > 8 + n && !memcmp(m->resource.p + 8, m->action.p, n) && m->resource.p[8 + n] == ':';
}

static verdict one_wish(room *m, chance *c, char *why)
{
    wish        x;
    vd_model    model;
    const char *unsure = NULL;
    bool        nomem = false;
    vd_answer   answer;
    vd_error    err = { .size = sizeof err };

    make_wish(&x, m, c);
    answer = vd_symbolic_solve(m->s, &x.goal, &model, &unsure, &nomem);
    if (nomem)
        return say(why, "out of memory");
    if (answer == VD_UNKNOWN && m->exact && unsure && !strcmp(unsure, "variable")) {
        say(why, "not decided for a policy variable");
        describe(why, m, &x);
        return DISAGREE;
    }
    if (answer == VD_UNKNOWN)
        return UNDECIDED;
    m->t->answers[answer == VD_UNSAT]++;
    if (answer == VD_UNSAT)
        return try_all(m, &x, why);
    if (x.goal.who & 1u << VD_ASKER_ANONYMOUS && !same_service(&model))
        return AGREE; /* a resource policy is not asked about another service's resources (E719) */
    if (vd_confirm_request(m->r, &model, &m->arena, &err) != VD_OK || fulfilled(m, &x) != 1) {
        say(why, "the evaluator does not confirm the model %s", err.text);
        describe(why, m, &x);
        show_model(why, &model);
        return DISAGREE;
    }
    return AGREE;
}

static verdict ask(trial *t, bool exact, char *why)
{
    static room m;
    chance      c = { t->seed };
    verdict     out = AGREE;
    bool        open = room_open(&m, t);

    m.exact = exact;
    if (open)
        for (int i = 0; i < 6 && out != DISAGREE; i++) {
            verdict v = one_wish(&m, &c, why);

            out = v == AGREE ? out : v;
        }
    room_close(&m);
    return out;
}

static verdict ask_solver(trial *t, char *why)
{
    return ask(t, false, why);
}

static verdict ask_exact(trial *t, char *why)
{
    return ask(t, true, why);
}

static bool there(void)
{
    return true;
}

/* exact: a question that policy variables leave open counts as wrong. */
const question solver_questions[2] = { { "solver", ask_solver, true, true, there }, { "exact", ask_exact, true, true, there } };
