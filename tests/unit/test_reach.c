/* SPDX-License-Identifier: Apache-2.0
 *
 * Who can, against the evaluator: small snapshots made at random, where every principal, action, resource and a handful of
 * contexts are decided one by one.  Nobody may be missed, "always" must hold in every context, every witness replays (the
 * library checks that itself and fails otherwise).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "analyze/effective.h"
#include "snapshot_fixture.h"

#include "base/engine.h"

#include <verdict/eval.h>
#include "pattern/glob.h"

#include <verdict/reach.h>

enum { WORLDS = 60, MOST_TEXT = 4096 };

static const char *const actions[] = { "s3:GetObject", "s3:PutObject", "sqs:SendMessage", "sts:AssumeRole" };
static const char *const resources[] = { "arn:aws:s3:::b/a", "arn:aws:s3:::b/secret/x", "arn:aws:s3:::c/a",
                                         "arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:iam::111122223333:role/r" };
static const char *const action_patterns[] = { "s3:GetObject", "s3:*", "sqs:SendMessage", "*", "sts:AssumeRole", "sts:*", "s3:Put*" };
static const char *const resource_patterns[] = { "*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/secret/*", "arn:aws:s3:::*",
                                                 "arn:aws:sqs:us-east-1:111122223333:q", "arn:aws:iam::111122223333:role/*", "arn:aws:s3:::${aws:username}/a",
                                                 "arn:aws:s3:::b/${aws:PrincipalTag/team}*" };
static const char *const conditions[] = { "", "", "", "",
                                          ",\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}",
                                          ",\"Condition\":{\"BoolIfExists\":{\"aws:MultiFactorAuthPresent\":\"false\"}}",
                                          ",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":\"a\"}}",
                                          ",\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalTag/team\":\"a\"}}",
                                          ",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.0/24\"}}",
                                          ",\"Condition\":{\"StringEquals\":{\"aws:PrincipalAccount\":\"111122223333\"}}",
                                          ",\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::*:user/*\"}}",
                                          ",\"Condition\":{\"StringLike\":{\"aws:username\":\"b*\"}}",
                                          ",\"Condition\":{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-abcdefghij\"}}",
                                          ",\"Condition\":{\"StringEquals\":{\"aws:ResourceAccount\":\"111122223333\"}}" };
static const char *const principals[] = { "\"*\"",
                                          "{\"AWS\":\"111122223333\"}",
                                          "{\"AWS\":\"444455556666\"}",
                                          "{\"AWS\":\"arn:aws:iam::111122223333:user/b\"}",
                                          "{\"AWS\":\"arn:aws:iam::111122223333:role/r\"}",
                                          "{\"AWS\":\"arn:aws:sts::111122223333:assumed-role/r/s\"}",
                                          "{\"AWS\":[\"arn:aws:iam::444455556666:user/far\",\"111122223333\"]}" };

typedef struct world {
    vd_engine *engine;
    fixture    f;
    uint64_t   random;
    char       text[MOST_TEXT];
} world;

static uint32_t pick(world *w, size_t count)
{
    w->random = w->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((w->random >> 33) % count);
}
#define PICK(w, list) (list)[pick((w), VD_COUNT(list))]

/* kind: 0 identity, 1 resource, 2 trust */
static const char *statements(world *w, int kind, size_t most)
{
    size_t n = 0, count = 1 + pick(w, most);

    n += (size_t)snprintf(w->text + n, sizeof w->text - n, "[");
    for (size_t i = 0; i < count; i++) {
        bool deny = pick(w, 4) == 0;

        n += (size_t)snprintf(w->text + n, sizeof w->text - n, "%s{\"Effect\":\"%s\",\"Action\":\"%s\"", i ? "," : "", deny ? "Deny" : "Allow",
                              kind == 2 ? (pick(w, 3) ? "sts:AssumeRole" : "sts:*") : PICK(w, action_patterns));
        if (kind != 2)
            n += (size_t)snprintf(w->text + n, sizeof w->text - n, ",\"Resource\":\"%s\"", PICK(w, resource_patterns));
        if (kind)
            n += (size_t)snprintf(w->text + n, sizeof w->text - n, ",\"Principal\":%s", deny ? "\"*\"" : PICK(w, principals));
        n += (size_t)snprintf(w->text + n, sizeof w->text - n, "%s}", PICK(w, conditions));
    }
    snprintf(w->text + n, sizeof w->text - n, "]");
    return w->text;
}

static void make(world *w, uint64_t seed)
{
    fixture *f = &w->f;
    uint32_t z, x, n;

    w->random = seed * 7919 + 17;
    fix_open(f, w->engine);
    z = fix_account(f, "111122223333");
    x = fix_account(f, "444455556666");
    for (uint32_t i = 0; i < 2; i++) {
        f->accounts[i].in_org = pick(w, 2) ? VD_CERTAIN_YES : VD_CERTAIN_NO;
        f->accounts[i].org = f->accounts[i].in_org == VD_CERTAIN_YES ? VD_S("o-abcdefghij") : (vd_str){ "", 0 };
        f->accounts[i].management = pick(w, 4) ? VD_CERTAIN_NO : VD_CERTAIN_YES;
    }
    n = fix_node(f, z, VD_WHO_IS_ROLE, "aws-service-role/x.amazonaws.com/AWSServiceRoleForX", statements(w, 0, 3));
    fix_trust(f, n, "[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"x.amazonaws.com\"}}]");
    n = fix_node(f, z, VD_WHO_IS_ROLE, "r", pick(w, 4) ? statements(w, 0, 3) : NULL);
    if (pick(w, 3) == 0)
        fix_boundary(f, n, statements(w, 0, 2));
    fix_trust(f, n, statements(w, 2, 2));
    fix_node(f, z, VD_WHO_IS_ROOT, NULL, NULL);
    for (int i = 0; i < 2; i++) {
        n = fix_node(f, z, VD_WHO_IS_USER, i ? "bob" : "b", pick(w, 4) ? statements(w, 0, 3) : NULL);
        if (pick(w, 2))
            fix_tag(f, n, "team", pick(w, 2) ? "a" : "secret/");
        if (pick(w, 3) == 0)
            fix_boundary(f, n, statements(w, 0, 2));
    }
    fix_node(f, x, VD_WHO_IS_ROOT, NULL, NULL);
    fix_node(f, x, VD_WHO_IS_USER, "far", statements(w, 0, 3));
    fix_resource(f, z, "arn:aws:s3:::b", "AWS::S3::Bucket", pick(w, 4) ? statements(w, 1, 3) : NULL);
    fix_resource(f, x, "arn:aws:s3:::c", "AWS::S3::Bucket", pick(w, 4) ? statements(w, 1, 3) : NULL);
    fix_resource(f, z, "arn:aws:sqs:us-east-1:111122223333:q", "AWS::SQS::Queue", pick(w, 4) ? statements(w, 1, 3) : NULL);
    if (pick(w, 2))
        fix_guard(f, z, true, statements(w, 0, 3));
    if (pick(w, 3) == 0)
        fix_guard(f, z, false, "[{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Principal\":\"*\",\"Condition\":{\"StringNotEqualsIfExists\":{\"aws:PrincipalOrgID\":\"o-abcdefghij\"}}}]");
}

/* ------------------------------------------------------------------ one by one */

typedef struct judge {
    world      *w;
    vd_set     *set;
    vd_request *request;
    void       *scratch;
    bool        own; /* of everything the principal's account is the owner */
} judge;

static void attach(vd_builder *b, vd_policy *p, vd_layer layer, const char *target)
{
    vd_attach at = { .size = sizeof at, .layer = layer, .target = vd_str_of(target) };
    vd_error  err = { .size = sizeof err };

    if (vd_builder_add(b, p, &at, &err) != VD_OK)
        fail_msg("%s", err.text);
}

static uint32_t holder(const fixture *f, const char *resource)
{
    for (uint32_t i = 0; i < f->s.resource_count; i++)
        if (vd_str_starts(vd_str_of(resource), f->resources[i].arn))
            return i;
    return VD_NONE;
}

static uint32_t role_of(const fixture *f, const char *resource)
{
    for (uint32_t i = 0; i < f->s.node_count; i++)
        if (f->nodes[i].kind == VD_WHO_IS_ROLE && vd_str_eq(f->nodes[i].arn, vd_str_of(resource)))
            return i;
    return VD_NONE;
}

/* granted: with the policy of the resource. */
static void judge_open(judge *j, world *w, uint32_t node, const char *action, const char *resource, bool granted)
{
    fixture      *f = &w->f;
    vd_snap_node *n = &f->nodes[node];
    uint32_t      r = holder(f, resource), role = role_of(f, resource), owner = r == VD_NONE ? 0 : f->resources[r].account;
    vd_builder   *b;
    vd_error      err = { .size = sizeof err };

    *j = (judge){ .w = w };
    assert_int_equal(vd_builder_new(&b, w->engine, &err), VD_OK);
    if (n->held.count)
        attach(b, f->docs[f->held[n->held.first].doc].policy, VD_LAYER_IDENTITY, "");
    if (n->boundary != VD_NONE)
        attach(b, f->docs[n->boundary].policy, VD_LAYER_BOUNDARY, "");
    if (f->accounts[n->account].scp != VD_NONE && !n->service_linked && f->accounts[n->account].management != VD_CERTAIN_YES)
        attach(b, f->docs[f->unit_docs[f->levels[f->chains[f->accounts[n->account].scp].levels.first].docs.first]].policy, VD_LAYER_SCP, "r-root");
    if (f->accounts[owner].rcp != VD_NONE && f->accounts[owner].management != VD_CERTAIN_YES)
        attach(b, f->docs[f->unit_docs[f->levels[f->chains[f->accounts[owner].rcp].levels.first].docs.first]].policy, VD_LAYER_RCP, "r-root");
    if (granted && role != VD_NONE && strncmp(action, "sts:", 4) == 0)
        attach(b, f->docs[f->nodes[role].trust].policy, VD_LAYER_RESOURCE, "");
    else if (granted && r != VD_NONE && f->resources[r].doc != VD_NONE)
        attach(b, f->docs[f->resources[r].doc].policy, VD_LAYER_RESOURCE, "");
    assert_int_equal(vd_builder_compile(&j->set, b, NULL, &err), VD_OK);
    vd_builder_free(b);
    assert_int_equal(vd_request_new(&j->request, w->engine, &err), VD_OK);
    j->scratch = malloc(vd_scratch_size(j->set));
}

static void judge_close(judge *j)
{
    free(j->scratch);
    vd_request_free(j->request);
    vd_set_release(j->set);
}

static void put(vd_request *r, const char *key, const char *value)
{
    vd_str v = vd_str_of(value);

    assert_int_equal(vd_request_context(r, vd_str_of(key), &v, 1), VD_OK);
}

/* context: bit 0 a second factor, bit 1 the address, bit 2 a tag of the session (of roles that take tags). */
static int32_t decide(judge *j, uint32_t node, const char *action, const char *resource, int context, bool tags_open)
{
    fixture      *f = &j->w->f;
    vd_snap_node *n = &f->nodes[node];
    uint32_t      r = holder(f, resource);
    vd_request   *q = j->request;
    vd_decision   d;
    vd_str        arn = n->arn, name = n->name;
    vd_code       code;

    vd_request_reset(q);
    if (n->kind == VD_WHO_IS_ROLE) {
        name = vd_str_from(name, vd_str_rfind(name, '/') < name.n ? vd_str_rfind(name, '/') + 1 : 0);
        assert_true(vd_arena_printf(&f->s.arena, &arn, "arn:aws:sts::" VD_F ":assumed-role/" VD_F "/s", VD_A(f->accounts[n->account].id), VD_A(name)));
    }
    vd_request_set(q, VD_PRINCIPAL, arn);
    if (n->kind == VD_WHO_IS_ROLE)
        vd_request_set(q, VD_PRINCIPAL_ROLE, n->arn);
    if (n->service_linked)
        vd_request_set(q, VD_PRINCIPAL_KIND, VD_S("service-linked"));
    vd_request_set(q, VD_ACTION, vd_str_of(action));
    vd_request_set(q, VD_RESOURCE, vd_str_of(resource));
    if (j->own)
        vd_request_set(q, VD_RESOURCE_ACCOUNT, f->accounts[n->account].id);
    else if (r != VD_NONE)
        vd_request_set(q, VD_RESOURCE_ACCOUNT, f->accounts[f->resources[r].account].id);
    if (f->accounts[n->account].in_org == VD_CERTAIN_YES)
        put(q, "aws:PrincipalOrgID", "o-abcdefghij");
    if (n->kind != VD_WHO_IS_ROOT) /* U12 */
        put(q, "aws:MultiFactorAuthPresent", context & 1 ? "true" : "false");
    put(q, "aws:SourceIp", context & 2 ? "203.0.113.7" : "198.51.100.7");
    if (tags_open && (context & 4))
        put(q, "aws:PrincipalTag/team", "a");
    else if (n->tags.count) {
        vd_str v = f->tags[n->tags.first].value;

        assert_int_equal(vd_request_context(q, VD_S("aws:PrincipalTag/team"), &v, 1), VD_OK);
    }
    d = (vd_decision){ .size = sizeof d };
    code = vd_eval(&d, j->set, q, j->scratch);
    if (code != VD_OK)
        fail_msg("%s on %s: %s", action, resource, vd_request_error(q) ? vd_request_error(q)->text : vd_code_name(code));
    return d.outcome;
}

static bool takes_tags(const fixture *f, const vd_snap_node *n)
{
    return n->kind == VD_WHO_IS_ROLE && strstr(vd_policy_text(f->docs[n->trust].policy).p, "\"Allow\",\"Action\":\"sts:*\"") != NULL;
}

/* ------------------------------------------------------------------ and all at once */

typedef struct told {
    const fixture *f;
    bool           can[FIX_MOST], always[FIX_MOST], skipped[FIX_MOST];
} told;

static uint32_t node_of(const fixture *f, vd_str arn)
{
    for (uint32_t i = 0; i < f->s.node_count; i++)
        if (vd_str_eq(f->nodes[i].arn, arn))
            return i;
    return VD_NONE;
}

static bool tell(void *user, const vd_reacher *r)
{
    told    *t = user;
    uint32_t at = node_of(t->f, r->principal);

    if (at == VD_NONE)
        return true;
    assert_non_null(r->witness);
    t->can[at] = true;
    t->always[at] |= r->always;
    return true;
}

static bool skipped(void *user, const vd_skipped *s)
{
    told    *t = user;
    uint32_t at = node_of(t->f, s->principal);

    if (at != VD_NONE)
        t->skipped[at] = true;
    return true;
}

static void show(const fixture *f, uint32_t node, const char *resource)
{
    const vd_snap_node *n = &f->nodes[node];
    uint32_t            r = holder(f, resource), role = role_of(f, resource), owner = r == VD_NONE ? 0 : f->resources[r].account;

    for (uint32_t i = 0; i < f->s.doc_count; i++) {
        bool held = n->held.count && f->held[n->held.first].doc == i, bears = held || i == n->boundary;

        bears |= (r != VD_NONE && f->resources[r].doc == i) || (role != VD_NONE && f->nodes[role].trust == i) || n->trust == i;
        bears |= f->docs[i].policy->kind == VD_KIND_SCP || f->docs[i].policy->kind == VD_KIND_RCP;
        if (bears)
            fprintf(stderr, "%s: " VD_F "\n", vd_kind_name(f->docs[i].policy->kind), VD_A(vd_policy_text(f->docs[i].policy)));
    }
    fprintf(stderr, "account in an organization: %d, owner: %d, team: " VD_F "\n", f->accounts[n->account].in_org == VD_CERTAIN_YES,
            f->accounts[owner].in_org == VD_CERTAIN_YES, VD_A(n->tags.count ? f->tags[n->tags.first].value : VD_S("-")));
}

static void compare(world *w, uint64_t seed, const char *action, const char *resource, const told *t, uint32_t node)
{
    fixture *f = &w->f;
    judge    j;
    bool     some = false, all = true, tags = takes_tags(f, &f->nodes[node]);

    judge_open(&j, w, node, action, resource, true);
    for (int context = 0; context < 8; context++) {
        bool allowed = decide(&j, node, action, resource, context, tags) == VD_ALLOW;

        some |= allowed;
        all &= allowed;
    }
    judge_close(&j);
    if ((some && !t->can[node] && !t->skipped[node]) || (t->always[node] && !all))
        show(f, node, resource);
    if (some && !t->can[node] && !t->skipped[node])
        fail_msg("world %u: " VD_F " can do %s on %s, and nobody said so", (unsigned)seed, VD_A(f->nodes[node].arn), action, resource);
    if (t->always[node] && !all)
        fail_msg("world %u: " VD_F " cannot always do %s on %s", (unsigned)seed, VD_A(f->nodes[node].arn), action, resource);
}

static void look_at(world *w, uint64_t seed)
{
    for (size_t a = 0; a < VD_COUNT(actions); a++)
        for (size_t r = 0; r < VD_COUNT(resources); r++) {
            vd_error           err = { .size = sizeof err };
            vd_str             action = vd_str_of(actions[a]);
            told               t = { .f = &w->f };
            vd_who_can_opts    opts = { .size = sizeof opts, .actions = &action, .action_count = 1, .resource = vd_str_of(resources[r]), .skipped = skipped };
            vd_who_can_summary sum = { .size = sizeof sum };
            vd_code            code = vd_who_can(&w->f.s, &opts, tell, &t, &sum, &err);

            if (code != VD_OK && code != VD_EBUDGET)
                fail_msg("world %u: %s on %s: %s", (unsigned)seed, actions[a], resources[r], err.text);
            for (uint32_t node = 0; node < w->f.s.node_count; node++)
                compare(w, seed, actions[a], resources[r], &t, node);
        }
}

static void test_worlds(void **state)
{
    const char *more = getenv("VD_REACH_WORLDS");
    uint64_t    worlds = more ? strtoull(more, NULL, 10) : WORLDS;
    world       w;
    vd_error    err = { .size = sizeof err };

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    for (uint64_t seed = 0; seed < worlds; seed++) {
        make(&w, seed);
        look_at(&w, seed);
        fix_close(&w.f);
    }
    vd_engine_release(w.engine);
}

/* ------------------------------------------------------------------ what can */

typedef struct held {
    bool can[VD_COUNT(actions)];
    bool given[VD_COUNT(actions)][VD_COUNT(resources)], always[VD_COUNT(actions)][VD_COUNT(resources)];
} held;

/* open: variables may become anything. */
static bool is_among(const vd_texts_list *patterns, const char *resource, bool open)
{
    bool match = false;

    for (size_t i = 0; i < patterns->count; i++)
        match |= (open && vd_str_find(patterns->at[i], '$') < patterns->at[i].n) || vd_glob_matches(patterns->at[i], vd_str_of(resource));
    return match;
}

static bool note_given(held *h, const vd_permission *p)
{
    assert_true(p->witness || (p->flags & VD_FLAG_POTENTIAL));
    for (size_t i = 0; i < p->actions.count; i++)
        for (size_t a = 0; a < VD_COUNT(actions); a++)
            for (size_t r = 0; r < VD_COUNT(resources) && vd_str_eq(p->actions.at[i], vd_str_of(actions[a])); r++)
                if (is_among(&p->resources, resources[r], true) || (p->not_resources.count && !is_among(&p->not_resources, resources[r], false))) {
                    h->given[a][r] = true;
                    h->always[a][r] |= p->always && is_among(&p->resources, resources[r], false);
                }
    return true;
}

static bool note(void *user, const vd_permission *p)
{
    held *h = user;

    if (p->given)
        return note_given(h, p);
    for (size_t i = 0; i < p->actions.count; i++)
        for (size_t k = 0; k < VD_COUNT(actions); k++)
            h->can[k] |= vd_str_eq(p->actions.at[i], vd_str_of(actions[k]));
    return true;
}

/* What the principal holds by itself, and the one policy in its place. */
static void judge_open_own(judge *j, world *w, uint32_t node, vd_policy *instead)
{
    fixture      *f = &w->f;
    vd_snap_node *n = &f->nodes[node];
    vd_builder   *b;
    vd_error      err = { .size = sizeof err };

    *j = (judge){ .w = w };
    assert_int_equal(vd_builder_new(&b, w->engine, &err), VD_OK);
    if (instead) {
        attach(b, instead, VD_LAYER_IDENTITY, "");
    } else {
        if (n->held.count)
            attach(b, f->docs[f->held[n->held.first].doc].policy, VD_LAYER_IDENTITY, "");
        if (n->boundary != VD_NONE)
            attach(b, f->docs[n->boundary].policy, VD_LAYER_BOUNDARY, "");
        if (f->accounts[n->account].scp != VD_NONE && !n->service_linked && f->accounts[n->account].management != VD_CERTAIN_YES)
            attach(b, f->docs[f->unit_docs[f->levels[f->chains[f->accounts[n->account].scp].levels.first].docs.first]].policy, VD_LAYER_SCP, "r-root");
    }
    assert_int_equal(vd_builder_compile(&j->set, b, NULL, &err), VD_OK);
    vd_builder_free(b);
    assert_int_equal(vd_request_new(&j->request, w->engine, &err), VD_OK);
    j->scratch = malloc(vd_scratch_size(j->set));
    j->own = true;
}

/* What roles of other accounts say is not looked at. */
static bool is_for(const char *action, const char *resource)
{
    return (strncmp(action, "s3:", 3) == 0 && strstr(resource, ":s3:")) || (strncmp(action, "sqs:", 4) == 0 && strstr(resource, ":sqs:"));
}

static void compare_own(world *w, uint64_t seed, uint32_t node, const held *h, vd_policy *policy, uint32_t *exact)
{
    fixture *f = &w->f;
    bool     tags = takes_tags(f, &f->nodes[node]);
    judge    layers, one;

    judge_open_own(&layers, w, node, NULL);
    if (policy)
        judge_open_own(&one, w, node, policy);
    for (size_t a = 0; a < VD_COUNT(actions); a++)
        for (size_t r = 0; r < VD_COUNT(resources); r++)
            for (int context = 0; context < 8 && is_for(actions[a], resources[r]); context++) {
                int32_t want = decide(&layers, node, actions[a], resources[r], context, tags);

                if (want == VD_ALLOW && !h->can[a])
                    fail_msg("world %u: " VD_F " can %s on %s, and nobody said so", (unsigned)seed, VD_A(f->nodes[node].arn), actions[a], resources[r]);
                if (policy && (want == VD_ALLOW) != (decide(&one, node, actions[a], resources[r], context, tags) == VD_ALLOW))
                    fail_msg("world %u: the policy of " VD_F " says otherwise of %s on %s", (unsigned)seed, VD_A(f->nodes[node].arn), actions[a], resources[r]);
            }
    *exact += policy != NULL;
    judge_close(&layers);
    if (policy)
        judge_close(&one);
}

/* With the policy of the resource, and without: a difference is told, and what is told as always is always so. */
static void compare_given(world *w, uint64_t seed, uint32_t node, const held *h, uint32_t *found)
{
    fixture *f = &w->f;
    bool     tags = takes_tags(f, &f->nodes[node]);

    for (size_t a = 0; a < VD_COUNT(actions); a++)
        for (size_t r = 0; r < VD_COUNT(resources); r++) {
            bool  more = false, all = true;
            judge with, without;

            if (!is_for(actions[a], resources[r]) && !(strncmp(actions[a], "sts:", 4) == 0 && strstr(resources[r], ":role/")))
                continue;
            judge_open(&with, w, node, actions[a], resources[r], true);
            judge_open(&without, w, node, actions[a], resources[r], false);
            for (int context = 0; context < 8; context++) {
                bool allowed = decide(&with, node, actions[a], resources[r], context, tags) == VD_ALLOW;

                more |= allowed && decide(&without, node, actions[a], resources[r], context, tags) != VD_ALLOW;
                all &= allowed;
            }
            judge_close(&with);
            judge_close(&without);
            if ((more && !h->given[a][r]) || (h->always[a][r] && !all))
                show(f, node, resources[r]);
            if (more && !h->given[a][r])
                fail_msg("world %u: " VD_F " is given %s on %s, and nobody said so", (unsigned)seed, VD_A(f->nodes[node].arn), actions[a], resources[r]);
            if (h->always[a][r] && !all)
                fail_msg("world %u: " VD_F " cannot always do %s on %s", (unsigned)seed, VD_A(f->nodes[node].arn), actions[a], resources[r]);
            *found += more;
        }
}

static void look_at_own(world *w, uint64_t seed, uint32_t *exact, uint32_t *given)
{
    for (uint32_t node = 0; node < w->f.s.node_count; node++) {
        vd_what_can_opts    opts = { .size = sizeof opts, .policy = true };
        vd_what_can_summary sum = { .size = sizeof sum };
        vd_error            err = { .size = sizeof err };
        held                h = { .can = { false } };
        vd_policy          *policy = NULL;

        if (vd_what_can(&w->f.s, w->f.nodes[node].arn, &opts, note, &h, &sum, &err) != VD_OK)
            fail_msg("world %u: " VD_F ": %s", (unsigned)seed, VD_A(w->f.nodes[node].arn), err.text);
        assert_true(sum.policy.n > 0);
        if (vd_policy_parse(&policy, w->engine, VD_KIND_IDENTITY, VD_S("made"), sum.policy, NULL, &err) != VD_OK)
            fail_msg("world %u: " VD_F ": %s", (unsigned)seed, VD_A(w->f.nodes[node].arn), err.text);
        if (w->f.nodes[node].kind != VD_WHO_IS_ROOT)
            compare_own(w, seed, node, &h, sum.flags ? NULL : policy, exact);
        compare_given(w, seed, node, &h, given);
        vd_policy_release(policy);
        vd_what_can_free(&sum, w->engine);
    }
}

static void test_own(void **state)
{
    const char *more = getenv("VD_REACH_WORLDS");
    uint64_t    worlds = more ? strtoull(more, NULL, 10) : WORLDS;
    uint32_t    exact = 0, given = 0; /* of the worlds */
    world       w;
    vd_error    err = { .size = sizeof err };

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    for (uint64_t seed = 0; seed < worlds; seed++) {
        make(&w, seed);
        look_at_own(&w, seed, &exact, &given);
        fix_close(&w.f);
    }
    vd_engine_release(w.engine);
    assert_true(exact > worlds * 3); /* of five: mostly one policy can say it */
    assert_true(given > worlds / 2); /* there was something to be found */
}

/* ------------------------------------------------------------------ stories */

typedef struct listed {
    uint32_t count;
    char     names[16][128];
} listed;

static bool list_one(void *user, const vd_reacher *r)
{
    listed *l = user;

    assert_true(l->count < VD_COUNT(l->names));
    snprintf(l->names[l->count++], sizeof l->names[0], "%s " VD_F, r->always ? "always" : "conditional", VD_A(r->principal));
    return true;
}

static listed who_can(world *w, const char *action, const char *resource)
{
    vd_error           err = { .size = sizeof err };
    vd_str             name = vd_str_of(action);
    vd_who_can_opts    opts = { .size = sizeof opts, .actions = &name, .action_count = 1, .resource = vd_str_of(resource) };
    vd_who_can_summary sum = { .size = sizeof sum };
    listed             l = { 0 };

    if (vd_who_can(&w->f.s, &opts, list_one, &l, &sum, &err) != VD_OK)
        fail_msg("%s", err.text);
    assert_int_equal(sum.principals + sum.outsiders, l.count);
    assert_int_equal(sum.answer, l.count ? VD_SAT : VD_UNSAT);
    return l;
}

#define TRUSTS_X "[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"AWS\":\"arn:aws:iam::444455556666:root\"}}]"

/* Scenario 75: whoever is of an account that the snapshot does not have is an outsider. */
static void test_other_account(void **state)
{
    world    w;
    uint32_t z, x;
    listed   l;
    vd_error err = { .size = sizeof err };

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    fix_open(&w.f, w.engine);
    z = fix_account(&w.f, "111122223333");
    fix_trust(&w.f, fix_node(&w.f, z, VD_WHO_IS_ROLE, "r", NULL), TRUSTS_X);
    l = who_can(&w, "sts:AssumeRole", "arn:aws:iam::111122223333:role/r");
    assert_int_equal(l.count, 1);
    assert_string_equal(l.names[0], "always 444455556666");
    fix_close(&w.f);
    fix_open(&w.f, w.engine);
    z = fix_account(&w.f, "111122223333");
    x = fix_account(&w.f, "444455556666");
    fix_trust(&w.f, fix_node(&w.f, z, VD_WHO_IS_ROLE, "r", NULL), TRUSTS_X);
    fix_node(&w.f, x, VD_WHO_IS_ROOT, NULL, NULL);
    fix_node(&w.f, x, VD_WHO_IS_USER, "ann", "[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Resource\":\"*\"}]");
    fix_node(&w.f, x, VD_WHO_IS_USER, "bob", NULL);
    l = who_can(&w, "sts:AssumeRole", "arn:aws:iam::111122223333:role/r");
    assert_int_equal(l.count, 1);
    assert_string_equal(l.names[0], "always arn:aws:iam::444455556666:user/ann");
    fix_close(&w.f);
    vd_engine_release(w.engine);
}

/* ------------------------------------------------------------------ what can, as stories */

typedef struct permitted {
    uint32_t own, given, blocked;
    char     text[8][160];
} permitted;

static bool list_permission(void *user, const vd_permission *p)
{
    permitted *l = user;
    size_t     at = l->own + l->given;

    assert_true(at < VD_COUNT(l->text));
    assert_non_null(p->witness);
    snprintf(l->text[at], sizeof l->text[at], "%s " VD_F " on " VD_F ", denied by %zu", p->given ? "given" : "own", VD_A(p->patterns.at[0]),
             VD_A(p->resources.at[0]), p->denied_count);
    l->given += p->given;
    l->own += !p->given;
    return true;
}

static bool list_blocked(void *user, const vd_blocked *b)
{
    permitted *l = user;

    l->blocked |= b->layer == VD_LAYER_NONE ? 0 : 1u << b->layer;
    return true;
}

static permitted what_can(world *w, const char *principal, bool blocked)
{
    vd_error            err = { .size = sizeof err };
    vd_what_can_opts    opts = { .size = sizeof opts, .blocked = blocked ? list_blocked : NULL };
    vd_what_can_summary sum = { .size = sizeof sum };
    permitted           l = { 0 };

    if (vd_what_can(&w->f.s, vd_str_of(principal), &opts, list_permission, &l, &sum, &err) != VD_OK)
        fail_msg("%s", err.text);
    assert_int_equal(sum.permissions, l.own + l.given);
    assert_int_equal(sum.given, l.given);
    return l;
}

/* Scenario 67: boundary and guard-rail leave s3:Get* but for one; what is in the way of the rest is told. */
static void test_within_boundary(void **state)
{
    world     w;
    uint32_t  z, n;
    permitted l;
    vd_error  err = { .size = sizeof err };

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    fix_open(&w.f, w.engine);
    z = fix_account(&w.f, "111122223333");
    n = fix_node(&w.f, z, VD_WHO_IS_USER, "u", "[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]");
    fix_boundary(&w.f, n, "[{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}]");
    fix_guard(&w.f, z, true, "[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Action\":\"s3:GetBucketAcl\",\"Resource\":\"*\"}]");
    l = what_can(&w, "arn:aws:iam::111122223333:user/u", true);
    assert_int_equal(l.own, 1);
    assert_int_equal(l.blocked, 1u << VD_LAYER_BOUNDARY | 1u << VD_LAYER_SCP);
    assert_int_equal(l.given, 0);
    fix_close(&w.f);
    vd_engine_release(w.engine);
}

/* Scenario 68: whom a policy names decides whether the boundary limits it; what the account is given is no gift. */
static void test_named(void **state)
{
    static const struct {
        vd_who_kind kind;
        const char *who, *gift;
    } rows[] = {
        { VD_WHO_IS_USER, "{\"AWS\":\"arn:aws:iam::111122223333:user/p\"}", "given s3:GetObject on arn:aws:s3:::b/*, denied by 0" },
        { VD_WHO_IS_ROLE, "{\"AWS\":\"arn:aws:iam::111122223333:role/p\"}", NULL },
        { VD_WHO_IS_ROLE, "{\"AWS\":\"arn:aws:sts::111122223333:assumed-role/p/s\"}", "given s3:GetObject on arn:aws:s3:::b/*, denied by 0" },
        { VD_WHO_IS_ROLE, "\"*\"", "given s3:GetObject on arn:aws:s3:::b/*, denied by 0" },
        { VD_WHO_IS_USER, "{\"AWS\":\"111122223333\"}", NULL },
        { VD_WHO_IS_USER, "{\"AWS\":\"arn:aws:iam::111122223333:user/other\"}", NULL },
        { VD_WHO_IS_ROLE, "{\"Service\":\"ec2.amazonaws.com\"}", NULL },
    };
    vd_error err = { .size = sizeof err };
    world    w;

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        char      text[256];
        uint32_t  z, n;
        permitted l;

        fix_open(&w.f, w.engine);
        z = fix_account(&w.f, "111122223333");
        n = fix_node(&w.f, z, rows[i].kind, "p", NULL);
        fix_boundary(&w.f, n, "[{\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}]");
        snprintf(text, sizeof text, "[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\",\"Principal\":%s}]", rows[i].who);
        fix_resource(&w.f, z, "arn:aws:s3:::b", "AWS::S3::Bucket", text);
        l = what_can(&w, rows[i].kind == VD_WHO_IS_USER ? "arn:aws:iam::111122223333:user/p" : "arn:aws:iam::111122223333:role/p", false);
        if (l.given != (rows[i].gift ? 1u : 0u))
            fail_msg("%s: %u given", rows[i].who, l.given);
        if (rows[i].gift)
            assert_string_equal(l.text[0], rows[i].gift);
        assert_int_equal(l.own, 0);
        fix_close(&w.f);
    }
    vd_engine_release(w.engine);
}

/* A key leaves it to the account, a bucket elsewhere wants both sides, a role is assumed by whom it names. */
static void test_both_sides(void **state)
{
    vd_error  err = { .size = sizeof err };
    world     w;
    uint32_t  z, x;
    permitted l;

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    fix_open(&w.f, w.engine);
    z = fix_account(&w.f, "111122223333");
    x = fix_account(&w.f, "444455556666");
    fix_node(&w.f, z, VD_WHO_IS_USER, "a", "[{\"Effect\":\"Allow\",\"Action\":[\"kms:Decrypt\",\"s3:GetObject\"],\"Resource\":\"*\"}]");
    fix_node(&w.f, z, VD_WHO_IS_USER, "b", NULL);
    fix_trust(&w.f, fix_node(&w.f, x, VD_WHO_IS_ROLE, "r", NULL), "[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"AWS\":\"111122223333\"}}]");
    fix_resource(&w.f, z, "arn:aws:kms:us-east-1:111122223333:key/k", "AWS::KMS::Key",
                 "[{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"}}]");
    fix_resource(&w.f, x, "arn:aws:s3:::c", "AWS::S3::Bucket",
                 "[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::c/*\",\"Principal\":\"*\"}]");
    l = what_can(&w, "arn:aws:iam::111122223333:user/a", false);
    assert_int_equal(l.given, 2); /* the role: its user holds nothing of sts */
    assert_string_equal(l.text[l.own], "given kms:Decrypt on arn:aws:kms:us-east-1:111122223333:key/k, denied by 0");
    assert_string_equal(l.text[l.own + 1], "given s3:GetObject on arn:aws:s3:::c/*, denied by 0");
    l = what_can(&w, "arn:aws:iam::111122223333:user/b", false);
    assert_int_equal(l.own + l.given, 0);
    fix_close(&w.f);
    vd_engine_release(w.engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_other_account), cmocka_unit_test(test_worlds), cmocka_unit_test(test_own),
                                        cmocka_unit_test(test_within_boundary), cmocka_unit_test(test_named), cmocka_unit_test(test_both_sides) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
