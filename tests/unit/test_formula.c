/* SPDX-License-Identifier: Apache-2.0
 *
 * Stacks of layers against trying: random documents on random layers over a small world, and every request of that world
 * through the evaluator.  What one side allows and the other does not must be told; what is told has been decided by the
 * evaluator already, or the call fails.  test_formula ROUNDS [SEED] tries more than the suite does.
 */
#include "analyze/sides.h"
#include "base/engine.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <verdict/analyze.h>

#include <cmocka.h>

enum { ACTIONS = 8 };

static unsigned rounds = 25;
static uint64_t seed = 20261121;

static uint32_t pick(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

#define ONE_OF(list) (list[pick((uint32_t)(sizeof(list) / sizeof *(list)))])

#define A "111122223333"
#define B "444455556666"

static const char *const actions[ACTIONS] = { "s3:GetObject",   "sqs:SendMessage", "sts:AssumeRole",        "kms:Decrypt",
                                              "iam:PassRole",   "iam:GetRole",     "sts:GetCallerIdentity", "ec2:DescribeInstances" };
static const char *const patterns[] = { "*", "s3:*", "s3:GetObject", "sqs:*", "sts:*", "sts:AssumeRole", "kms:*", "iam:*", "iam:PassRole", "ec2:*" };
static const char *const resources[] = { "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/a", "arn:aws:sqs:us-east-1:" A ":q", "arn:aws:sqs:*:*:*",
                                         "arn:aws:iam::" A ":role/*", "arn:aws:kms:us-east-1:" A ":key/k", "arn:aws:*:*:" B ":*" };
static const char *const principals[] = { "\"*\"",
                                          "{\"AWS\":\"" A "\"}",
                                          "{\"AWS\":\"arn:aws:iam::" A ":user/u\"}",
                                          "{\"AWS\":\"arn:aws:iam::" A ":role/r\"}",
                                          "{\"AWS\":\"arn:aws:sts::" A ":assumed-role/r/s\"}",
                                          "{\"AWS\":\"arn:aws:iam::" B ":root\"}",
                                          "{\"AWS\":[\"arn:aws:iam::" B ":user/u\",\"arn:aws:iam::" A ":user/u\"]}",
                                          "{\"AWS\":\"arn:aws:sts::" A ":federated-user/f\"}",
                                          "{\"Service\":\"lambda.amazonaws.com\"}" };
static const char *const not_principals[] = { "{\"AWS\":[\"arn:aws:iam::" A ":user/u\",\"" A "\"]}", "{\"AWS\":\"" A "\"}", "\"*\"" };
static const char *const conditions[] = { "",
                                          "",
                                          ",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/t\":\"a\"}}",
                                          ",\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalTag/t\":\"a\"}}",
                                          ",\"Condition\":{\"StringEqualsIfExists\":{\"aws:PrincipalTag/t\":\"b\"}}",
                                          ",\"Condition\":{\"StringEquals\":{\"aws:PrincipalAccount\":\"" A "\"}}",
                                          ",\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::*:role/*\"}}",
                                          ",\"Condition\":{\"Null\":{\"aws:PrincipalTag/t\":\"true\"}}" };

/* ------------------------------------------------------------------ requests */

typedef struct caller {
    const char *arn, *role, *parent;
    const char *account;
} caller;
static const caller callers[] = {
    { "arn:aws:iam::" A ":user/u", NULL, NULL, A },
    { "arn:aws:iam::" A ":user/v", NULL, NULL, A },
    { "arn:aws:iam::" B ":user/u", NULL, NULL, B },
    { "arn:aws:sts::" A ":assumed-role/r/s", "arn:aws:iam::" A ":role/r", NULL, A },
    { "arn:aws:sts::" A ":assumed-role/r/x", "arn:aws:iam::" A ":role/r", NULL, A },
    { "arn:aws:sts::" B ":assumed-role/r/s", "arn:aws:iam::" B ":role/r", NULL, B },
    { "arn:aws:iam::" A ":root", NULL, NULL, A },
    { "arn:aws:iam::" B ":root", NULL, NULL, B },
    { "arn:aws:sts::" A ":federated-user/f", NULL, "arn:aws:iam::" A ":user/u", A },
    { "arn:aws:sts::" A ":federated-user/f", NULL, "arn:aws:iam::" A ":root", A },
    { "anonymous", NULL, NULL, "" },
    { "lambda.amazonaws.com", NULL, NULL, "" },
};
static const struct {
    const char *arn, *owner;
} targets[] = {
    { "arn:aws:s3:::b/a", A },
    { "arn:aws:s3:::b/a", B },
    { "arn:aws:sqs:us-east-1:" A ":q", NULL },
    { "arn:aws:sqs:us-east-1:" B ":q", NULL },
    { "arn:aws:iam::" A ":role/t", NULL },
    { "arn:aws:iam::" B ":role/t", NULL },
    { "arn:aws:kms:us-east-1:" A ":key/k", NULL },
    { "arn:aws:ec2:us-east-1:" A ":instance/i-1", NULL },
    { "*", NULL },
};
static const char *const tags[] = { NULL, "a", "b" };

static bool set_request(vd_request *r, const caller *c, const char *action, size_t target, const char *tag)
{
    vd_str value = vd_str_of(tag ? tag : "");
    bool   ok;

    vd_request_reset(r);
    ok = vd_request_set(r, VD_PRINCIPAL, vd_str_of(c->arn)) == VD_OK && vd_request_set(r, VD_ACTION, vd_str_of(action)) == VD_OK &&
         vd_request_set(r, VD_RESOURCE, vd_str_of(targets[target].arn)) == VD_OK;
    if (c->role)
        ok &= vd_request_set(r, VD_PRINCIPAL_ROLE, vd_str_of(c->role)) == VD_OK;
    if (c->parent)
        ok &= vd_request_set(r, VD_PRINCIPAL_PARENT, vd_str_of(c->parent)) == VD_OK;
    if (targets[target].owner)
        ok &= vd_request_set(r, VD_RESOURCE_ACCOUNT, vd_str_of(targets[target].owner)) == VD_OK;
    if (tag)
        ok &= vd_request_context(r, VD_S("aws:PrincipalTag/t"), &value, 1) == VD_OK;
    return ok;
}

/* Tags are of whoever has an account, and resources of a service are asked by its actions. */
static bool can_be(const caller *c, const char *action, size_t target, const char *tag)
{
    static const struct {
        const char *service, *of;
    } rows[] = { { "s3:", "arn:aws:s3:" }, { "sqs:", "arn:aws:sqs:" }, { "sts:A", "arn:aws:iam:" }, { "kms:", "arn:aws:kms:" }, { "iam:", "arn:aws:iam:" } };

    if (tag && (!c->account[0] || vd_str_ends(vd_str_of(c->arn), VD_S(":root"))))
        return false;
    if (vd_str_eq(vd_str_of(targets[target].arn), VD_S("*")))
        return true;
    for (size_t i = 0; i < VD_COUNT(rows); i++)
        if (vd_str_starts(vd_str_of(action), vd_str_of(rows[i].service)))
            return vd_str_starts(vd_str_of(targets[target].arn), vd_str_of(rows[i].of));
    return true;
}

/* ------------------------------------------------------------------ documents */

typedef struct world {
    vd_engine *engine;
    vd_set    *sets[2];
    vd_buf     shown;
    uint64_t   told[2]; /* actions, by direction */
} world;

static void give_up(const world *w, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n" VD_F "\n", VD_A(vd_buf_str(&w->shown)));
    fail();
}

static void add_statement(vd_buf *b, vd_layer layer, bool first)
{
    bool deny = layer == VD_LAYER_RCP || pick(4) == 0;

    vd_buf_printf(b, "%s{\"Effect\":\"%s\",", first ? "" : ",", deny ? "Deny" : "Allow");
    if (layer == VD_LAYER_RESOURCE || layer == VD_LAYER_ACCESS_POINT || layer == VD_LAYER_ENDPOINT) {
        if (deny && pick(3) == 0)
            vd_buf_printf(b, "\"NotPrincipal\":%s,", ONE_OF(not_principals));
        else
            vd_buf_printf(b, "\"Principal\":%s,", ONE_OF(principals));
    } else if (layer == VD_LAYER_RCP) {
        vd_buf_printf(b, "\"Principal\":\"*\",");
    }
    vd_buf_printf(b, "\"%s\":\"%s\",\"%s\":\"%s\"%s}", pick(8) ? "Action" : "NotAction", ONE_OF(patterns), pick(9) ? "Resource" : "NotResource",
                  ONE_OF(resources), ONE_OF(conditions));
}

static void add_document(world *w, vd_builder *builder, vd_layer layer, uint32_t level)
{
    static const vd_kind kinds[VD_LAYER_COUNT] = { VD_KIND_IDENTITY, VD_KIND_BOUNDARY, VD_KIND_SESSION,  VD_KIND_RESOURCE,
                                                   VD_KIND_SCP,      VD_KIND_RCP,      VD_KIND_ENDPOINT, VD_KIND_RESOURCE };
    vd_buf               b = vd_buf_on(vd_allocator_default(), 0);
    vd_policy           *p = NULL;
    vd_error             err = { .size = sizeof err };
    vd_attach            at = { .size = sizeof at, .layer = layer, .level = level, .target = VD_S("t") };
    uint32_t             n = 1 + pick(3);

    vd_buf_printf(&b, "{\"Version\":\"2012-10-17\",\"Statement\":[");
    for (uint32_t i = 0; i < n; i++)
        add_statement(&b, layer, i == 0);
    vd_buf_printf(&b, "]}");
    vd_buf_printf(&w->shown, "  %s %u: " VD_F "\n", vd_layer_name(layer), (unsigned)level, VD_A(vd_buf_str(&b)));
    if (vd_policy_parse(&p, w->engine, kinds[layer], VD_S("p"), vd_buf_str(&b), NULL, &err) != VD_OK)
        fail_msg("%s: " VD_F, err.text, VD_A(vd_buf_str(&b)));
    assert_int_equal(vd_builder_add(builder, p, &at, &err), VD_OK);
    vd_policy_release(p);
    vd_buf_done(&b);
}

static void make_set(world *w, int side, uint32_t layers)
{
    vd_builder *b = NULL;
    vd_error    err = { .size = sizeof err };

    vd_buf_printf(&w->shown, "%s\n", side ? "after" : "before");
    assert_int_equal(vd_builder_new(&b, w->engine, &err), VD_OK);
    for (vd_layer layer = 0; layer < VD_LAYER_COUNT; layer++)
        for (uint32_t level = 0; (layers >> layer & 1u) && level < (layer == VD_LAYER_SCP ? 1 + layers % 2 : 1); level++)
            add_document(w, b, layer, level);
    if (vd_builder_compile(&w->sets[side], b, NULL, &err) != VD_OK)
        fail_msg("%s", err.text);
    vd_builder_free(b);
}

/* ------------------------------------------------------------------ what is told */

static unsigned groups, silent;

static bool on_delta(void *user, const vd_delta *d)
{
    world *w = user;

    for (size_t i = 0; i < d->actions.count; i++)
        for (uint32_t k = 0; k < ACTIONS; k++)
            if (vd_str_eq(d->actions.at[i], vd_str_of(actions[k])))
                w->told[d->removed] |= UINT64_C(1) << k;
    assert_true(d->witness || (d->flags & VD_FLAG_POTENTIAL));
    groups++;
    return true;
}

static void compare(world *w)
{
    vd_diff_opts    o = { .size = sizeof o, .removed = true };
    vd_diff_summary sum = { .size = sizeof sum };
    vd_error        err = { .size = sizeof err };
    vd_code         code;

    w->told[0] = w->told[1] = 0;
    o.prove.size = sizeof o.prove;
    code = vd_diff(w->sets[0], w->sets[1], &o, on_delta, w, &sum, &err);
    if (code != VD_OK)
        give_up(w, "%s", err.text);
    silent += sum.groups == 0;
    assert_int_equal(sum.broader == VD_SAT, w->told[0] != 0 || sum.broader == VD_SAT);
}

static bool allowed(vd_prover *p, vd_side *side, uint32_t agrees, const char *account, bool *usable)
{
    vd_decision d;
    vd_code     code = vd_side_decide(&d, p, side, agrees, vd_str_of(account));

    *usable &= code == VD_OK;
    return code == VD_OK && d.outcome == VD_ALLOW;
}

static void look(world *w, vd_prover *p, vd_side *sides, uint32_t who, uint32_t action, uint32_t agrees)
{
    const caller *c = &callers[who];

    for (size_t t = 0; t < VD_COUNT(targets); t++)
        for (size_t tag = 0; tag < VD_COUNT(tags); tag++) {
            bool usable = true, before, after;

            if (!can_be(c, actions[action], t, tags[tag]) || !set_request(p->request, c, actions[action], t, tags[tag]))
                continue;
            before = allowed(p, &sides[0], agrees, c->account, &usable);
            after = allowed(p, &sides[1], agrees, c->account, &usable);
            if (usable && before != after && !(w->told[before] >> action & 1))
                give_up(w, "%s on %s (%s) by %s with tag %s is %s, and nobody told; agreed: %u", actions[action], targets[t].arn,
                        targets[t].owner ? targets[t].owner : "", c->arn, tags[tag] ? tags[tag] : "-", before ? "removed" : "new",
                        (unsigned)agrees);
        }
}

static void try_everything(world *w)
{
    vd_prover p;
    vd_side   sides[2] = { 0 };
    vd_error  err = { .size = sizeof err };
    uint32_t  resource;

    assert_int_equal(vd_prover_open(&p, w->sets[0], NULL, &err), VD_OK);
    assert_int_equal(vd_sides_open(&p, &sides[0], w->sets[0], &sides[1], w->sets[1]), VD_OK);
    resource = p.assumed & VD_SIDE_RESOURCE ? VD_AGREES_RESOURCE : 0;
    for (uint32_t action = 0; action < ACTIONS; action++)
        for (uint32_t who = 0; who < VD_COUNT(callers); who++) {
            look(w, &p, sides, who, action, resource);
            if (p.assumed & VD_SIDE_IDENTITY)
                look(w, &p, sides, who, action, resource | VD_AGREES_IDENTITY);
        }
    vd_side_close(&p, &sides[0]);
    vd_side_close(&p, &sides[1]);
    vd_prover_close(&p);
}

static uint32_t some_layers(void)
{
    uint32_t layers;

    do {
        layers = 1u << (pick(2) ? VD_LAYER_IDENTITY : pick(VD_LAYER_COUNT));
        if (pick(2))
            layers |= 1u << VD_LAYER_RESOURCE;
        while (pick(3) == 0)
            layers |= 1u << pick(VD_LAYER_COUNT);
    } while (layers == 1u << VD_LAYER_ACCESS_POINT);
    return layers;
}

static void random_stacks(void **state)
{
    world    w = { .shown = vd_buf_on(vd_allocator_default(), 0) };
    vd_error err = { .size = sizeof err };

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    for (unsigned i = 0; i < rounds; i++) {
        uint32_t layers = some_layers();
        uint64_t start = seed;

        w.shown.n = 0;
        vd_buf_printf(&w.shown, "seed %llu\n", (unsigned long long)start);
        make_set(&w, 0, layers);
        if (pick(3) == 0) /* much in common */
            seed = start + 2;
        make_set(&w, 1, layers);
        compare(&w);
        try_everything(&w);
        vd_set_release(w.sets[0]);
        vd_set_release(w.sets[1]);
    }
    fprintf(stderr, "%u stacks: %u groups, %u alike\n", rounds, groups, silent);
    vd_buf_done(&w.shown);
    vd_engine_release(w.engine);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(random_stacks) };

    if (argc > 1)
        rounds = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
