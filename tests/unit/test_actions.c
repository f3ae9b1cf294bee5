/* SPDX-License-Identifier: Apache-2.0
 *
 * Classes of actions against their definition: every action of the catalogue, every statement, one by one.
 */
#include "symbolic/actions.h"
#include "base/engine.h"
#include "base/str.h"
#include "pattern/overlap.h"
#include "symbolic/inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

enum { STATEMENTS = 70, ROOM = 256 };

static uint64_t seed = 20261121;

static uint32_t pick(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

#define ONE_OF(list) (list[pick((uint32_t)(sizeof(list) / sizeof *(list)))])

static const char *const patterns[] = { "*", "s3:*", "s3:Get*", "S3:getobject", "iam:PassRole", "iam:*Role*", "*:Describe*",
                                        "ec2:Describe*", "ec?:*", "s3:Get?bject", "sts:AssumeRole", "kms:*", "nothing:*",
                                        "s3:GetObjcet", "sqs:*", "*:*", "lambda:Invoke*", "s3:*Bucket*", "kms:Retire*", "x:Y" };
static const char *const resources[] = { "*", "arn:aws:s3:::b/*", "arn:aws:sqs:*:*:q", "arn:aws:s3:::b", "arn:*:*:*:*:*", "arn:aws:iam::*:role/x" };
static const char *const keys[] = { "s3:prefix", "aws:SourceIp", "aws:RequestTag/x", "iam:PassedToService", "x:y" };

typedef struct world {
    vd_engine   *engine;
    vd_policy   *policies[STATEMENTS];
    uint32_t     boxes[STATEMENTS];
    uint32_t     count;
    vd_symbolic *s;
    vd_arena     arena;
} world;

static void open_world(world *w, uint32_t count, bool told)
{
    vd_error err = { .size = sizeof err };
    bool     nomem = false;

    w->count = count;
    assert_int_equal(vd_symbolic_new(&w->s, w->engine, &(vd_symbolic_opts){ 0 }, &err), VD_OK);
    for (uint32_t i = 0; i < count; i++) {
        vd_buf   b = vd_buf_on(vd_allocator_default(), 0);
        uint32_t n = 1 + pick(3);

        vd_buf_printf(&b, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"%s\",\"%s\":[", pick(3) ? "Allow" : "Deny",
                      pick(6) ? "Action" : "NotAction");
        for (uint32_t k = 0; k < n; k++)
            vd_buf_printf(&b, "%s\"%s\"", k ? "," : "", ONE_OF(patterns));
        vd_buf_printf(&b, "],\"Resource\":\"%s\"", told ? ONE_OF(resources) : "*");
        if (told && pick(3) == 0)
            vd_buf_printf(&b, ",\"Condition\":{\"StringEquals\":{\"%s\":\"v\"}}", ONE_OF(keys));
        vd_buf_printf(&b, "}]}");
        assert_int_equal(vd_policy_parse(&w->policies[i], w->engine, VD_KIND_IDENTITY, VD_S("p"), vd_buf_str(&b), NULL, &err), VD_OK);
        vd_buf_done(&b);
        w->boxes[i] = vd_symbolic_statement(w->s, w->policies[i], 0, &nomem);
        assert_false(nomem);
        assert_true(w->boxes[i] != VD_NONE);
    }
}

static void close_world(world *w)
{
    vd_symbolic_free(w->s);
    for (uint32_t i = 0; i < w->count; i++)
        vd_policy_release(w->policies[i]);
    vd_arena_reset(&w->arena);
}

static bool naive(const world *w, uint32_t i, vd_str action)
{
    const vd_list *list = &w->policies[i]->statements[0].action;
    bool           found = false;

    for (uint32_t k = 0; k < list->texts.count; k++)
        found |= vd_str_eq(list->texts.at[k].text, VD_S("*")) || vd_catalog_fits(list->texts.at[k].text, action);
    return found != list->negated;
}

static vd_str name_of(const vd_catalog *c, uint32_t id, char *room)
{
    return (vd_str){ room, vd_catalog_action_text(c, id, room, ROOM) };
}

static uint64_t look(const world *w, const vd_action_class *c, vd_str action)
{
    uint64_t wrong = 0;

    for (uint32_t i = 0; i < w->count; i++)
        wrong += (c->reaches[i / 64] >> i % 64 & 1) != naive(w, i, action);
    return wrong;
}

static bool reaches(const vd_action_class *c, uint32_t i)
{
    return c->reaches[i / 64] >> i % 64 & 1;
}

/* Do all statements that reach the class take any resource and ask for no key? */
static bool blind(const world *w, const vd_action_class *c)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const vd_statement *st = &w->policies[i]->statements[0];

        if (reaches(c, i) && (!vd_str_eq(st->resource.texts.at[0].text, VD_S("*")) || st->entry_count))
            return false;
    }
    return true;
}

/* One statement that reaches the class, and none of the others. */
static vd_answer alone(const world *w, const vd_action_class *c, uint32_t statement)
{
    vd_goal   g = { .action = c->representative, .who = (1u << VD_ASKER_COUNT) - 1, .rules = VD_RULES_HARD, .match = &w->boxes[statement],
                    .match_count = 1 };
    uint32_t  miss[STATEMENTS];
    vd_model  model;
    bool      nomem = false;
    vd_answer answer;

    for (uint32_t i = 0; i < w->count; i++)
        if (reaches(c, i) && i != statement)
            miss[g.miss_count++] = w->boxes[i];
    g.miss = miss;
    answer = vd_symbolic_solve(w->s, &g, &model, NULL, &nomem);
    assert_false(nomem);
    return answer;
}

/* Classes of one kin are reached by the same statements, are of one service, and hard rules answer alike for both. */
static void check_kin(const world *w, const vd_action_classes *c)
{
    const vd_catalog *catalog = vd_catalog_builtin();
    uint32_t          asked = 0;

    for (uint32_t i = 0; i < c->count; i++) {
        const vd_action_class *a = &c->at[i], *b = NULL;

        assert_true(a->unknown || a->future ? a->kin == VD_NONE : a->kin < c->kins);
        for (uint32_t k = 0; k < i && a->kin != VD_NONE && !b; k++)
            b = c->at[k].kin == a->kin ? &c->at[k] : NULL;
        if (!b)
            continue;
        assert_memory_equal(a->reaches, b->reaches, (w->count / 64 + 1) * sizeof *a->reaches);
        assert_int_equal(vd_catalog_service_of(catalog, a->runs[0].first), vd_catalog_service_of(catalog, b->runs[0].first));
        for (uint32_t st = 0; st < w->count && w->count < 8 && asked < 200; st++)
            if (reaches(a, st)) {
                assert_int_equal(alone(w, a, st), alone(w, b, st));
                asked++;
            }
    }
}

/* Every action in exactly one class, with the bits of the definition; no two classes with the same bits. */
static void check(const world *w, const vd_action_opts *o)
{
    const vd_catalog *catalog = vd_catalog_builtin();
    uint32_t          n = vd_catalog_actions(catalog);
    uint8_t          *seen = calloc(n, 1);
    vd_action_classes c;
    char              room[ROOM];

    assert_non_null(seen);
    assert_true(vd_actions_partition(&c, w->s, w->boxes, w->count, o, (vd_arena *)&w->arena));
    for (uint32_t i = 0; i < c.count; i++) {
        const vd_action_class *a = &c.at[i];
        uint32_t               members = 0;

        for (uint32_t k = 0; k < a->run_count; k++)
            for (uint32_t id = a->runs[k].first; id < a->runs[k].first + a->runs[k].count; id++) {
                seen[id]++;
                members++;
                if (pick(8) == 0 || a->count < 20)
                    assert_int_equal(look(w, a, name_of(catalog, id, room)), 0);
            }
        assert_int_equal(look(w, a, a->representative), 0);
        assert_int_equal(a->unknown || a->future ? members : a->count, a->unknown || a->future ? 0 : members);
        if (a->unknown || a->future)
            assert_int_equal(vd_catalog_find(catalog, a->representative), VD_NONE);
        else
            assert_true(vd_str_eq(a->representative, name_of(catalog, a->runs[0].first, room)));
        for (uint32_t k = 0; k < i && !o->shapes && !o->special && !a->unknown && !c.at[k].unknown && a->future == c.at[k].future; k++)
            assert_memory_not_equal(a->reaches, c.at[k].reaches, (w->count / 64 + 1) * sizeof *a->reaches);
        if (i && a->run_count && c.at[i - 1].run_count)
            assert_true(c.at[i - 1].runs[0].first < a->runs[0].first);
    }
    for (uint32_t id = 0; id < n; id++) {
        bool reached = false, in = o->only_count == 0;

        name_of(catalog, id, room);
        for (uint32_t i = 0; seen[id] == 0 && i < w->count; i++)
            reached |= naive(w, i, name_of(catalog, id, room));
        for (uint32_t i = 0; i < o->only_count; i++)
            in |= vd_catalog_fits(o->only[i], name_of(catalog, id, room));
        assert_int_equal(seen[id], in && (seen[id] || !o->reached || reached));
    }
    check_kin(w, &c);
    free(seen);
}

/* Two actions of one class have the same types and keys, as far as a statement could look. */
static void check_shapes(const world *w)
{
    const vd_catalog *catalog = vd_catalog_builtin();
    vd_action_opts    o = { .shapes = true, .reached = true };
    vd_action_classes c;

    assert_true(vd_actions_partition(&c, w->s, w->boxes, w->count, &o, (vd_arena *)&w->arena));
    for (uint32_t i = 0; i < c.count; i++) {
        const vd_action_class *a = &c.at[i];

        if (blind(w, a))
            continue;
        for (uint32_t k = 1; k < a->run_count; k++)
            for (uint32_t st = 0; st < w->count; st++) {
                const vd_statement *x = &w->policies[st]->statements[0];
                uint32_t            key = x->entry_count ? vd_catalog_find_key(catalog, x->entries[0].key.text) : VD_NONE;

                if (key != VD_NONE && reaches(a, st))
                    assert_int_equal(vd_catalog_action_has_key(catalog, a->runs[0].first, key),
                                     vd_catalog_action_has_key(catalog, a->runs[k].first, key));
            }
    }
}

static void against_the_definition(void **state)
{
    static const vd_str only[] = { VD_L("s3:*"), VD_L("*:Describe*"), VD_L("q:New") };
    world               w = { 0 };
    vd_error            err = { .size = sizeof err };

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    w.arena = vd_arena_on(vd_allocator_default(), 0);
    for (uint32_t round = 0; round < 12; round++) {
        open_world(&w, round == 11 ? STATEMENTS : pick(6), round & 1);
        check(&w, &(vd_action_opts){ .future = w.count < 8 });
        check(&w, &(vd_action_opts){ .reached = true });
        check(&w, &(vd_action_opts){ .shapes = true, .special = 15 });
        check(&w, &(vd_action_opts){ .only = only, .only_count = 3, .reached = true });
        check_shapes(&w);
        close_world(&w);
    }
    vd_arena_done(&w.arena);
    vd_engine_release(w.engine);
}

/* "s3:Get*" has names that do not exist, the list of today's actions has none. */
static void future_names(void **state)
{
    world             w = { 0 };
    vd_error          err = { .size = sizeof err };
    vd_action_classes c;
    uint32_t          future = 0;
    bool              nomem = false;

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    w.arena = vd_arena_on(vd_allocator_default(), 0);
    open_world(&w, 0, false);
    w.count = 1;
    assert_int_equal(vd_policy_parse(&w.policies[0], w.engine, VD_KIND_IDENTITY, VD_S("p"),
                                     VD_S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\",\"s3:GetObject\"],"
                                          "\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"),
                                     NULL, &err),
                     VD_OK);
    w.boxes[0] = vd_symbolic_statement(w.s, w.policies[0], 0, &nomem);
    assert_true(vd_actions_partition(&c, w.s, w.boxes, 1, &(vd_action_opts){ .future = true, .reached = true }, &w.arena));
    for (uint32_t i = 0; i < c.count; i++)
        future += c.at[i].future;
    assert_int_equal(future, 1);
    w.boxes[0] = vd_symbolic_statement(w.s, w.policies[0], 1, &nomem);
    assert_true(vd_actions_partition(&c, w.s, w.boxes, 1, &(vd_action_opts){ .future = true, .reached = true }, &w.arena));
    for (uint32_t i = 0; i < c.count; i++)
        assert_false(c.at[i].future);
    close_world(&w);
    vd_arena_done(&w.arena);
    vd_engine_release(w.engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(against_the_definition), cmocka_unit_test(future_names) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
