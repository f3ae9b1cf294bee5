/* SPDX-License-Identifier: Apache-2.0
 *
 * Stacks of layers against trying: random documents on random layers, and settings of resources, over a small world, and
 * every request of that world through the evaluator.  What one side allows and the other does not must be told; what is told has been decided by the
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

enum { ACTIONS = 10 };

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
                                              "iam:PassRole",   "iam:GetRole",     "sts:GetCallerIdentity", "ec2:DescribeInstances",
                                              "s3:PutObject",   "s3:ListBucket" };
static const char *const patterns[] = { "*", "s3:*", "s3:GetObject", "sqs:*", "sts:*", "sts:AssumeRole", "kms:*", "iam:*", "iam:PassRole", "ec2:*", "s3:PutObject" };
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
    const char *account, *canonical;
} caller;

#define CANONICAL "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
static const caller callers[] = {
    { "arn:aws:iam::" A ":user/u", NULL, NULL, A, NULL },
    { "arn:aws:iam::" A ":user/v", NULL, NULL, A, NULL },
    { "arn:aws:iam::" B ":user/u", NULL, NULL, B, CANONICAL },
    { "arn:aws:sts::" A ":assumed-role/r/s", "arn:aws:iam::" A ":role/r", NULL, A, NULL },
    { "arn:aws:sts::" A ":assumed-role/r/x", "arn:aws:iam::" A ":role/r", NULL, A, NULL },
    { "arn:aws:sts::" B ":assumed-role/r/s", "arn:aws:iam::" B ":role/r", NULL, B, NULL },
    { "arn:aws:iam::" A ":root", NULL, NULL, A, NULL },
    { "arn:aws:iam::" B ":root", NULL, NULL, B, NULL },
    { "arn:aws:sts::" A ":federated-user/f", NULL, "arn:aws:iam::" A ":user/u", A, NULL },
    { "arn:aws:sts::" A ":federated-user/f", NULL, "arn:aws:iam::" A ":root", A, NULL },
    { "anonymous", NULL, NULL, "", NULL },
    { "lambda.amazonaws.com", NULL, NULL, "", NULL },
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
    { "arn:aws:s3:::b", A },
};
/* For some actions only; where it is empty, for all. */
static const struct {
    const char *actions, *key, *value, *more;
} contexts[] = {
    { "", NULL, NULL, NULL },
    { "", "aws:PrincipalTag/t", "a", NULL },
    { "", "aws:PrincipalTag/t", "b", NULL },
    { "s3:PutObject", "s3:x-amz-acl", "Public-Read", NULL },
    { "s3:PutObject", "s3:x-amz-grant-read", "uri=http://acs.amazonaws.com/groups/global/AllUsers", NULL },
    { "s3:PutObject", "s3:x-amz-acl", "private", NULL },
    { "kms:", "kms:EncryptionContext:k", "v", NULL },
    { "kms:", "kms:EncryptionContext:k", "w", NULL },
    { "kms:", "kms:EncryptionContext:k", "v", "kms:EncryptionContext:z" },
};

static bool set_request(vd_request *r, const caller *c, const char *action, size_t target, size_t context)
{
    const char *key = contexts[context].key, *more = contexts[context].more;
    vd_str      value = vd_str_of(key ? contexts[context].value : "");
    bool        ok;

    vd_request_reset(r);
    ok = vd_request_set(r, VD_PRINCIPAL, vd_str_of(c->arn)) == VD_OK && vd_request_set(r, VD_ACTION, vd_str_of(action)) == VD_OK &&
         vd_request_set(r, VD_RESOURCE, vd_str_of(targets[target].arn)) == VD_OK;
    if (c->role)
        ok &= vd_request_set(r, VD_PRINCIPAL_ROLE, vd_str_of(c->role)) == VD_OK;
    if (c->parent)
        ok &= vd_request_set(r, VD_PRINCIPAL_PARENT, vd_str_of(c->parent)) == VD_OK;
    if (targets[target].owner)
        ok &= vd_request_set(r, VD_RESOURCE_ACCOUNT, vd_str_of(targets[target].owner)) == VD_OK;
    if (c->canonical)
        ok &= vd_request_set(r, VD_PRINCIPAL_CANONICAL, vd_str_of(c->canonical)) == VD_OK;
    if (key)
        ok &= vd_request_context(r, vd_str_of(key), &value, 1) == VD_OK;
    if (more)
        ok &= vd_request_context(r, vd_str_of(more), &value, 1) == VD_OK;
    return ok;
}

/* Tags are of whoever has an account, resources of a service are asked by its actions, and most services want a signature. */
static bool can_be(const caller *c, const char *action, size_t target, size_t context)
{
    static const struct {
        const char *service, *of;
    } rows[] = { { "s3:", "arn:aws:s3:" }, { "sqs:", "arn:aws:sqs:" }, { "sts:A", "arn:aws:iam:" }, { "kms:", "arn:aws:kms:" }, { "iam:", "arn:aws:iam:" } };

    if (!vd_str_starts(vd_str_of(action), vd_str_of(contexts[context].actions)))
        return false;
    if (vd_str_eq(vd_str_of(c->arn), VD_S("anonymous")) && !vd_str_starts(vd_str_of(action), VD_S("s3:")) &&
        !vd_str_starts(vd_str_of(action), VD_S("sqs:")))
        return false; /* U18: these services alone take calls without a signature */
    if (contexts[context].key && !contexts[context].actions[0] && (!c->account[0] || vd_str_ends(vd_str_of(c->arn), VD_S(":root"))))
        return false;
    if (vd_str_eq(vd_str_of(targets[target].arn), VD_S("*")))
        return true;
    for (size_t i = 0; i < VD_COUNT(rows); i++)
        if (vd_str_starts(vd_str_of(action), vd_str_of(rows[i].service)))
            return vd_str_starts(vd_str_of(targets[target].arn), vd_str_of(rows[i].of));
    return true;
}

/* ------------------------------------------------------------------ documents */

/* What is known of the resource besides its policies. */
typedef struct knowing {
    vd_request       *request;
    vd_resource_state state;
    vd_acl_grant      bucket[2], object[2];
    vd_kms_grant      grant;
} knowing;

typedef struct world {
    vd_engine *engine;
    vd_set    *sets[2];
    knowing    known[2];
    bool       knows, gateway, management;
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

static void add_statement(const world *w, vd_buf *b, vd_layer layer, bool first)
{
    bool deny = layer == VD_LAYER_RCP || pick(4) == 0;

    vd_buf_printf(b, "%s{\"Effect\":\"%s\",", first ? "" : ",", deny ? "Deny" : "Allow");
    if (layer == VD_LAYER_RESOURCE || layer == VD_LAYER_ACCESS_POINT || layer == VD_LAYER_ENDPOINT) {
        if (deny && pick(3) == 0 && !(w->gateway && layer == VD_LAYER_ENDPOINT))
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
        add_statement(w, &b, layer, i == 0);
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

/* ------------------------------------------------------------------ settings */

static void make_acl(world *w, vd_acl *acl, vd_acl_grant *at, const char *what)
{
    static const char *const ids[] = { [VD_ACL_CANONICAL] = CANONICAL, [VD_ACL_ACCOUNT] = B, [VD_ACL_ALL_USERS] = "", [VD_ACL_AUTHENTICATED] = "", [VD_ACL_OTHER] = "" };
    static const uint8_t     permissions[] = { VD_ACL_READ, VD_ACL_WRITE, VD_ACL_READ_ACP, VD_ACL_FULL };

    *acl = (vd_acl){ .given = pick(4) != 0, .grants = at, .count = 1 + pick(2) };
    for (uint32_t i = 0; i < acl->count; i++) {
        uint32_t who = pick(VD_COUNT(ids));

        at[i] = (vd_acl_grant){ .grantee = (uint8_t)who, .permissions = ONE_OF(permissions), .id = vd_str_of(ids[who]) };
        if (acl->given)
            vd_buf_printf(&w->shown, "  %s: grantee %u permissions %u\n", what, (unsigned)who, (unsigned)at[i].permissions);
    }
}

static void make_grant(world *w, vd_kms_grant *g)
{
    static const char *const grantees[] = { "arn:aws:iam::" B ":role/r", "arn:aws:iam::" A ":user/u", A, "arn:aws:sts::" A ":assumed-role/r/s", "lambda.amazonaws.com", "*" };
    static const vd_str      operations[] = { VD_L("Decrypt"), VD_L("GenerateDataKey") };
    static const vd_pair     pairs[] = { { VD_L("k"), VD_L("v") }, { VD_L("z"), VD_L("v") } };

    *g = (vd_kms_grant){ .grantee = vd_str_of(ONE_OF(grantees)), .operations = operations, .operation_count = 2, .has_equals = pick(3) == 0,
                         .equals = pairs, .equals_count = pick(3), .has_subset = pick(3) == 0, .subset = pairs, .subset_count = pick(3) };
    vd_buf_printf(&w->shown, "  grant to " VD_F " equals %d %u subset %d %u\n", VD_A(g->grantee), g->has_equals, (unsigned)g->equals_count,
                  g->has_subset, (unsigned)g->subset_count);
}

static void make_known(world *w, knowing *k)
{
    vd_resource_state *s = &k->state;

    *s = (vd_resource_state){ .acls_enabled = pick(2), .block_public_acls = pick(3) == 0, .ignore_public_acls = pick(3) == 0,
                              .restrict_public_buckets = pick(2), .management_account = pick(4) == 0 };
    vd_buf_printf(&w->shown, "  acls %d block-acls %d ignore-acls %d restrict %d management %d\n", s->acls_enabled, s->block_public_acls,
                  s->ignore_public_acls, s->restrict_public_buckets, s->management_account);
    make_acl(w, &s->acl, k->bucket, "bucket acl");
    make_acl(w, &s->object_acl, k->object, "object acl");
    if (pick(2)) {
        make_grant(w, &k->grant);
        s->grants = &k->grant;
        s->grant_count = 1;
    }
    k->request->state = s;
    k->request->flag[VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT] = w->management;
    k->request->field[VD_ENDPOINT_TYPE] = vd_str_of(w->gateway ? "gateway" : "interface");
}

static void make_both_known(world *w, bool same, bool owner)
{
    uint64_t start = seed;

    for (int side = 0; side < 2; side++) {
        if (side && same)
            seed = start;
        vd_buf_printf(&w->shown, "settings %s, principal of the management account %d, gateway %d\n", side ? "after" : "before", w->management, w->gateway);
        make_known(w, &w->known[side]);
        if (owner)
            w->known[side].state.object_owner = VD_S(B);
        vd_buf_printf(&w->shown, "  owner of objects " VD_F "\n", VD_A(w->known[side].state.object_owner));
    }
}

/* Whose the bucket is has to be said when objects are somebody's own. */
static vd_prove_opts prove_opts(const world *w)
{
    vd_prove_opts o = { .size = sizeof o };

    if (!w->knows)
        return o;
    o.state = w->known[1].request;
    if (w->known[1].state.object_owner.n)
        o.resource_account = VD_S(A);
    return o;
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
    if (d->flags & VD_FLAG_POTENTIAL)
        vd_buf_printf(&w->shown, "undecided: " VD_F " flags %x\n", VD_A(d->actions.at[0]), (unsigned)d->flags);
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
    o.prove = prove_opts(w);
    o.before_state = w->knows ? w->known[0].request : NULL;
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
        for (size_t context = 0; context < VD_COUNT(contexts); context++) {
            bool usable = true, before, after;

            if (!can_be(c, actions[action], t, context) || !set_request(p->request, c, actions[action], t, context))
                continue;
            if (p->opts.resource_account.n && ((targets[t].owner && strcmp(targets[t].owner, B) == 0) || strstr(targets[t].arn, B) ||
                                               (strcmp(targets[t].arn, "*") == 0 && strcmp(c->account, B) == 0)))
                continue; /* another owner than the question's */
            p->request->flag[VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT] = w->management;
            if (w->gateway)
                p->request->field[VD_ENDPOINT_TYPE] = VD_S("gateway");
            before = allowed(p, &sides[0], agrees, c->account, &usable);
            after = allowed(p, &sides[1], agrees, c->account, &usable);
            if (usable && before != after && !(w->told[before] >> action & 1))
                give_up(w, "%s on %s (%s) by %s with %s=%s is %s, and nobody told; agreed: %u", actions[action], targets[t].arn,
                        targets[t].owner ? targets[t].owner : "", c->arn, contexts[context].key ? contexts[context].key : "-",
                        contexts[context].key ? contexts[context].value : "", before ? "removed" : "new",
                        (unsigned)agrees);
        }
}

static void try_everything(world *w)
{
    vd_prover p;
    vd_side   sides[2] = { 0 };
    vd_error  err = { .size = sizeof err };
    uint32_t  resource;

    vd_prove_opts o = prove_opts(w);

    assert_int_equal(vd_prover_open(&p, w->sets[0], &o, w->knows ? w->known[0].request : NULL, &err), VD_OK);
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

static void try_stacks(bool knows)
{
    world    w = { .shown = vd_buf_on(vd_allocator_default(), 0), .knows = knows };
    vd_error err = { .size = sizeof err };

    groups = silent = 0;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    for (int side = 0; side < 2; side++)
        assert_int_equal(vd_request_new(&w.known[side].request, w.engine, &err), VD_OK);
    for (unsigned i = 0; i < rounds; i++) {
        uint32_t layers = some_layers();
        uint64_t start = seed;

        w.shown.n = 0;
        vd_buf_printf(&w.shown, "seed %llu\n", (unsigned long long)start);
        if (knows) {
            w.gateway = pick(4) == 0;
            w.management = pick(4) == 0;
            make_both_known(&w, pick(2), pick(3) == 0);
        }
        start = seed;
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
    for (int side = 0; side < 2; side++) {
        w.known[side].request->state = NULL;
        vd_request_free(w.known[side].request);
    }
    vd_buf_done(&w.shown);
    vd_engine_release(w.engine);
}

static void random_stacks(void **state)
{
    (void)state;
    try_stacks(false);
}

static void random_settings(void **state)
{
    (void)state;
    try_stacks(true);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(random_stacks), cmocka_unit_test(random_settings) };

    if (argc > 1)
        rounds = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
