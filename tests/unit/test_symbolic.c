/* SPDX-License-Identifier: Apache-2.0
 *
 * Proofs against trying: random statements over a small world, random questions ("these match, those do not").  A model
 * must be confirmed by the evaluator, statement by statement; a "no" must have no example among thousands of requests.
 * test_symbolic ROUNDS [SEED] tries more than the suite does.
 */
#include "analyze/confirm.h"
#include "base/str.h"
#include "request/facts.h"
#include "symbolic/leaves.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { STATEMENTS = 5, SAMPLES = 220, QUESTIONS = 14 };

static unsigned rounds = 60;
static uint64_t seed = 20261121;

static uint32_t pick(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

#define ONE_OF(list) (list[pick((uint32_t)(sizeof(list) / sizeof *(list)))])

static const char *const resources[] = { "*",
                                         "arn:aws:s3:::b/*",
                                         "arn:aws:s3:::b/a*",
                                         "arn:aws:s3:::b/?",
                                         "arn:aws:s3:::*/x",
                                         "arn:aws:s3:::b/${aws:username}/*",
                                         "arn:aws:s3:::b/home/*",
                                         "arn:*:s3:::b/a" };
static const char *const texts[] = { "a", "b", "ab", "a*", "*b", "?", "a?*", "A", "${aws:username}", "team-${aws:PrincipalTag/t}" };
static const char *const text_ops[] = { "StringEquals", "StringNotEquals", "StringLike", "StringNotLike",
                                        "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase" };
static const char *const suffixes[] = { "", "", "IfExists" };
static const char *const prefixes[] = { "", "", "ForAllValues:", "ForAnyValue:" };
static const char *const text_keys[] = { "s3:prefix", "aws:PrincipalTag/t", "aws:username", "aws:PrincipalAccount", "x:y" };
static const char *const many_keys[] = { "aws:TagKeys", "aws:PrincipalOrgPaths" };
static const char *const arn_ops[] = { "ArnLike", "ArnNotLike", "ArnEquals", "StringLike", "StringNotLike" };
static const char *const arns[] = { "arn:aws:iam::111122223333:role/*", "arn:aws:iam::*:user/b*", "arn:aws:iam::*:*",
                                    "arn:aws:iam::111122223333:user/bob", "*" };
static const char *const number_ops[] = { "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals" };
static const char *const numbers[] = { "1", "10", "3600", "2.5", "-1", "x" };
static const char *const ip_ops[] = { "IpAddress", "NotIpAddress" };
static const char *const ranges[] = { "203.0.113.0/24", "203.0.113.0/25", "0.0.0.0/0", "2001:db8::/32", "10.0.0.0/8" };
static const char *const bools[] = { "true", "false" };

static void add_values(vd_buf *b, const char *const *from, uint32_t n)
{
    uint32_t count = 1 + pick(2);

    vd_buf_printf(b, "[");
    for (uint32_t i = 0; i < count; i++)
        vd_buf_printf(b, "%s\"%s\"", i ? "," : "", from[pick(n)]);
    vd_buf_printf(b, "]");
}

#define VALUES(b, list) add_values((b), (list), (uint32_t)(sizeof(list) / sizeof *(list)))

static void add_entry(vd_buf *b)
{
    switch (pick(8)) {
    case 0:
        vd_buf_printf(b, "\"%s%s\":{\"aws:SourceIp\":", ONE_OF(ip_ops), ONE_OF(suffixes));
        VALUES(b, ranges);
        break;
    case 1:
        vd_buf_printf(b, "\"%s%s\":{\"s3:max-keys\":", ONE_OF(number_ops), ONE_OF(suffixes));
        VALUES(b, numbers);
        break;
    case 2:
        vd_buf_printf(b, "\"Null\":{\"%s\":\"%s\"", pick(2) ? ONE_OF(text_keys) : ONE_OF(many_keys), ONE_OF(bools));
        break;
    case 3:
        vd_buf_printf(b, "\"%s%s\":{\"aws:PrincipalArn\":", ONE_OF(arn_ops), ONE_OF(suffixes));
        VALUES(b, arns);
        break;
    case 4:
        vd_buf_printf(b, "\"%s%s%s\":{\"%s\":", ONE_OF(prefixes), ONE_OF(text_ops), ONE_OF(suffixes), ONE_OF(many_keys));
        VALUES(b, texts);
        break;
    case 5:
        vd_buf_printf(b, "\"Bool%s\":{\"aws:SecureTransport\":", ONE_OF(suffixes));
        VALUES(b, bools);
        break;
    default:
        vd_buf_printf(b, "\"%s%s%s\":{\"%s\":", ONE_OF(prefixes), ONE_OF(text_ops), ONE_OF(suffixes), ONE_OF(text_keys));
        VALUES(b, texts);
        break;
    }
    vd_buf_printf(b, "}");
}

/* One statement; conditions under different operators, so that no member is there twice. */
static void add_statement(vd_buf *b)
{
    uint32_t entries = pick(3);

    vd_buf_printf(b, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"%s\":",
                  pick(5) ? "Resource" : "NotResource");
    VALUES(b, resources);
    if (entries) {
        size_t before;

        vd_buf_printf(b, ",\"Condition\":{");
        add_entry(b);
        before = b->n;
        if (entries > 1) {
            vd_buf_printf(b, ",");
            add_entry(b);
            (void)before;
        }
        vd_buf_printf(b, "}");
    }
    vd_buf_printf(b, "}]}");
}

typedef struct world {
    vd_engine  *engine;
    vd_policy  *policies[STATEMENTS];
    vd_set     *sets[STATEMENTS];
    void       *scratch[STATEMENTS];
    vd_request *request;
    vd_arena    arena;
} world;

static bool matches(world *w, uint32_t i, bool *wrong)
{
    vd_decision d = { .size = sizeof d };

    if (vd_eval(&d, w->sets[i], w->request, w->scratch[i]) != VD_OK) {
        *wrong = true;
        return false;
    }
    return d.outcome == VD_ALLOW;
}

/* A request that stands near the values of the policies. */
static bool sample(world *w)
{
    static const char *const accounts[] = { "111122223333", "444455556666" };
    static const char *const names[] = { "bob", "b", "a", "ab", "x" };
    static const char *const objects[] = { "a", "b", "x", "ab", "home/x", "bob/x", "a/x", "" };
    static const char *const words[] = { "a", "b", "ab", "A", "xb", "axx", "", "team-a", "bob", "zz" };
    static const char *const orgs[] = { "o-a1b2c3d4e5/r-1/", "o-a1b2c3d4e5/r-1/ou-b/", "o-a1b2c3d4e5/r-a/" };
    static const char *const values[] = { "0", "1", "2.5", "10", "3600", "-1", "5", "x", "5000" };
    static const char *const addresses[] = { "203.0.113.1", "203.0.113.200", "10.1.1.1", "2001:db8::1", "8.8.8.8" };
    bool        role = pick(2);
    const char *account = ONE_OF(accounts), *name = ONE_OF(names);
    vd_str      arn, resource, session;
    vd_request *r = w->request;
    bool        ok = true;

    vd_request_reset(r);
    vd_arena_printf(&w->arena, &arn, "arn:aws:iam::%s:%s/%s", account, role ? "role" : "user", name);
    vd_arena_printf(&w->arena, &session, "arn:aws:sts::%s:assumed-role/%s/s", account, name);
    vd_arena_printf(&w->arena, &resource, "arn:aws:s3:::b/%s", ONE_OF(objects));
    ok &= vd_request_set(r, VD_PRINCIPAL, role ? session : arn) == VD_OK;
    if (role)
        ok &= vd_request_set(r, VD_PRINCIPAL_ROLE, arn) == VD_OK;
    ok &= vd_request_set(r, VD_ACTION, VD_S("s3:GetObject")) == VD_OK;
    ok &= vd_request_set(r, VD_RESOURCE, resource) == VD_OK;
    ok &= vd_request_set(r, VD_RESOURCE_ACCOUNT, vd_str_of(account)) == VD_OK;
    ok &= vd_request_context(r, VD_S("aws:SecureTransport"), (vd_str[]){ vd_str_of(ONE_OF(bools)) }, 1) == VD_OK;
    if (pick(3))
        ok &= vd_request_context(r, VD_S("s3:prefix"), (vd_str[]){ vd_str_of(ONE_OF(words)) }, 1) == VD_OK;
    if (pick(3))
        ok &= vd_request_context(r, VD_S("aws:PrincipalTag/t"), (vd_str[]){ vd_str_of(ONE_OF(words)) }, 1) == VD_OK;
    if (pick(2))
        ok &= vd_request_context(r, VD_S("x:y"), (vd_str[]){ vd_str_of(ONE_OF(words)) }, 1) == VD_OK;
    if (pick(2))
        ok &= vd_request_context(r, VD_S("s3:max-keys"), (vd_str[]){ vd_str_of(ONE_OF(values)) }, 1) == VD_OK;
    if (pick(4))
        ok &= vd_request_context(r, VD_S("aws:SourceIp"), (vd_str[]){ vd_str_of(ONE_OF(addresses)) }, 1) == VD_OK;
    else
        ok &= vd_request_context(r, VD_S("aws:SourceVpce"), (vd_str[]){ VD_S("vpce-1a2b3c4d") }, 1) == VD_OK;
    if (pick(3))
        ok &= vd_request_context(r, VD_S("aws:TagKeys"), (vd_str[]){ vd_str_of(ONE_OF(words)), vd_str_of(ONE_OF(words)) },
                                 1 + pick(2)) == VD_OK;
    if (pick(2)) {
        ok &= vd_request_set(r, VD_PRINCIPAL_ORG, VD_S("o-a1b2c3d4e5")) == VD_OK;
        ok &= vd_request_context(r, VD_S("aws:PrincipalOrgPaths"), (vd_str[]){ vd_str_of(ONE_OF(orgs)) }, 1) == VD_OK;
    }
    return ok;
}

static void open_world(world *w)
{
    vd_error err = { .size = sizeof err };

    for (uint32_t i = 0; i < STATEMENTS; i++) {
        vd_code code = VD_ESYNTAX;

        while (code != VD_OK) {
            vd_buf      text = vd_buf_on(vd_allocator_default(), 0);
            vd_builder *b;
            vd_attach   at = { .size = sizeof at, .layer = VD_LAYER_IDENTITY };

            add_statement(&text);
            w->policies[i] = NULL;
            code = vd_policy_parse(&w->policies[i], w->engine, VD_KIND_IDENTITY, VD_S("p"), vd_buf_str(&text), NULL, &err);
            vd_buf_done(&text);
            if (code != VD_OK)
                continue;
            assert_int_equal(vd_builder_new(&b, w->engine, &err), VD_OK);
            assert_int_equal(vd_builder_add(b, w->policies[i], &at, &err), VD_OK);
            assert_int_equal(vd_builder_compile(&w->sets[i], b, NULL, &err), VD_OK);
            vd_builder_free(b);
            w->scratch[i] = malloc(vd_scratch_size(w->sets[i]));
        }
    }
}

static void close_world(world *w)
{
    for (uint32_t i = 0; i < STATEMENTS; i++) {
        vd_set_release(w->sets[i]);
        vd_policy_release(w->policies[i]);
        free(w->scratch[i]);
    }
    vd_arena_reset(&w->arena);
}

static void show(world *w, const uint32_t *match, uint32_t m, const uint32_t *miss, uint32_t n)
{
    for (uint32_t i = 0; i < STATEMENTS; i++)
        fprintf(stderr, "  %u " VD_F "\n", i, VD_A(vd_policy_text(w->policies[i])));
    fprintf(stderr, "  match");
    for (uint32_t i = 0; i < m; i++)
        fprintf(stderr, " %u", match[i]);
    fprintf(stderr, ", miss");
    for (uint32_t i = 0; i < n; i++)
        fprintf(stderr, " %u", miss[i]);
    fprintf(stderr, "\n");
}

static void show_model(const vd_model *m)
{
    fprintf(stderr, "  who %d path %d principal \"" VD_F "\" id \"" VD_F "\" resource \"" VD_F "\"\n", m->who, m->path,
            VD_A(m->principal), VD_A(m->user_id), VD_A(m->resource));
    for (uint32_t i = 0; i < m->key_count; i++) {
        fprintf(stderr, "    " VD_F " state %d", VD_A(m->keys[i].key), m->keys[i].state);
        for (uint32_t k = 0; k < m->keys[i].count; k++)
            fprintf(stderr, " \"" VD_F "\"", VD_A(m->keys[i].values[k]));
        fprintf(stderr, "\n");
    }
}

static unsigned answers[3];

static void ask(world *w, vd_symbolic *s, const bool (*seen)[STATEMENTS], uint32_t samples)
{
    uint32_t    match[STATEMENTS], miss[STATEMENTS];
    vd_goal     g = { .action = VD_S("s3:GetObject"), .who = 1u << VD_ASKER_ROLE | 1u << VD_ASKER_USER, .match = match, .miss = miss };
    vd_model    m;
    const char *why = NULL;
    bool        nomem = false;
    vd_answer   answer;
    vd_error    err = { .size = sizeof err };

    for (uint32_t i = 0; i < STATEMENTS; i++) {
        uint32_t side = pick(3);

        if (side == 0)
            match[g.match_count++] = i;
        else if (side == 1)
            miss[g.miss_count++] = i;
    }
    answer = vd_symbolic_solve(s, &g, &m, &why, &nomem);
    assert_false(nomem);
    answers[answer]++;
    if (answer == VD_SAT) {
        vd_code code = vd_confirm_request(w->request, &m, &w->arena, &err);

        if (code != VD_OK)
            fprintf(stderr, "request: %s\n", err.text);
        for (uint32_t i = 0; i < g.match_count + g.miss_count; i++) {
            uint32_t at = i < g.match_count ? match[i] : miss[i - g.match_count];
            bool     wrong = false, hit = code == VD_OK && matches(w, at, &wrong);

            if (code != VD_OK || wrong || hit != (i < g.match_count)) {
                fprintf(stderr, "the evaluator does not confirm statement %u\n", at);
                show(w, match, g.match_count, miss, g.miss_count);
                show_model(&m);
                fail();
            }
        }
    }
    if (answer == VD_UNKNOWN && getenv("UNKNOWN")) {
        uint32_t n = 0;
        for (uint32_t k = 0; k < samples; k++) {
            bool example = true;

            for (uint32_t i = 0; i < g.match_count; i++)
                example &= seen[k][match[i]];
            for (uint32_t i = 0; i < g.miss_count; i++)
                example &= !seen[k][miss[i]];
            n += example;
        }
        fprintf(stderr, "UNKNOWN %s examples %u\n", why ? why : "", n);
        show(w, match, g.match_count, miss, g.miss_count);
    }
    for (uint32_t k = 0; answer == VD_UNSAT && k < samples; k++) {
        bool example = true;

        for (uint32_t i = 0; i < g.match_count; i++)
            example &= seen[k][match[i]];
        for (uint32_t i = 0; i < g.miss_count; i++)
            example &= !seen[k][miss[i]];
        if (example) {
            fprintf(stderr, "called impossible, and request %u is an example\n", k);
            show(w, match, g.match_count, miss, g.miss_count);
            fail();
        }
    }
}

static void one_world(world *w)
{
    bool             seen[SAMPLES][STATEMENTS];
    uint32_t         samples = 0;
    vd_symbolic     *s;
    vd_symbolic_opts opts = { .budget = 400000 };
    vd_error         err = { .size = sizeof err };
    bool             nomem = false;

    open_world(w);
    for (uint32_t k = 0; k < SAMPLES; k++) {
        bool wrong = false;

        if (!sample(w))
            continue;
        for (uint32_t i = 0; i < STATEMENTS; i++)
            seen[samples][i] = matches(w, i, &wrong);
        samples += !wrong;
    }
    assert_int_equal(vd_symbolic_new(&s, w->engine, &opts, &err), VD_OK);
    for (uint32_t i = 0; i < STATEMENTS; i++)
        assert_int_equal(vd_symbolic_statement(s, w->policies[i], 0, &nomem), i);
    for (uint32_t i = 0; i < QUESTIONS; i++)
        ask(w, s, (const bool(*)[STATEMENTS])seen, samples);
    vd_symbolic_free(s);
    close_world(w);
}

static void random_worlds(void **state)
{
    world    w = { 0 };
    vd_error err = { .size = sizeof err };

    (void)state;
    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    assert_int_equal(vd_request_new(&w.request, w.engine, &err), VD_OK);
    w.arena = vd_arena_on(vd_allocator_default(), 0);
    for (unsigned i = 0; i < rounds; i++)
        one_world(&w);
    fprintf(stderr, "%u questions: %u yes, %u no, %u unknown\n", answers[0] + answers[1] + answers[2], answers[VD_SAT],
            answers[VD_UNSAT], answers[VD_UNKNOWN]);
    vd_arena_done(&w.arena);
    vd_request_free(w.request);
    vd_engine_release(w.engine);
}

/* ------------------------------------------------------------------ demands, pins, variants, leaves */

typedef struct small {
    vd_engine   *engine;
    vd_policy   *policy;
    vd_symbolic *s;
} small;

static small open_small(vd_kind kind, const char *text, const vd_pin *pins, uint32_t pin_count)
{
    small            w = { 0 };
    vd_error         err = { .size = sizeof err };
    vd_symbolic_opts opts = { .pins = pins, .pin_count = pin_count };

    assert_int_equal(vd_engine_new(&w.engine, NULL, &err), VD_OK);
    if (vd_policy_parse(&w.policy, w.engine, kind, VD_S("p"), vd_str_of(text), NULL, &err) != VD_OK)
        fail_msg("%s", err.text);
    assert_int_equal(vd_symbolic_new(&w.s, w.engine, &opts, &err), VD_OK);
    return w;
}

static void close_small(small *w)
{
    vd_symbolic_free(w->s);
    vd_policy_release(w->policy);
    vd_engine_release(w->engine);
}

static vd_answer ask_small(small *w, vd_goal g, vd_model *m)
{
    bool      nomem = false;
    vd_answer answer;

    if (!g.action.n)
        g.action = VD_S("s3:GetObject");
    if (!g.who)
        g.who = 1u << VD_ASKER_ROLE;
    answer = vd_symbolic_solve(w->s, &g, m, NULL, &nomem);
    assert_false(nomem);
    return answer;
}

static void demands(void **unused)
{
    static const vd_str org[] = { VD_L("o-abc") };
    small               w = open_small(VD_KIND_RESOURCE,
                                       "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\","
                                       "\"Resource\":\"*\",\"Condition\":{\"StringLike\":{\"aws:PrincipalOrgID\":\"o-a*\"}}}]}", NULL, 0);
    bool                nomem = false;
    uint32_t            all = vd_symbolic_statement(w.s, w.policy, 0, &nomem);
    vd_demand           is = { vd_symbolic_condition(w.s, "StringEquals", VD_S("aws:PrincipalOrgID"), org, 1, &nomem), false };
    vd_demand           entry = vd_symbolic_entry(w.s, all, 0, &nomem), against = { entry.atom, true };
    vd_demand           both[] = { is, against }, got[4];
    vd_any_of           clause = { both, 2 };
    vd_model            m;

    (void)unused;
    assert_false(nomem);
    assert_int_equal(vd_symbolic_literals(w.s, all, got, 4), 2); /* the principal and the condition */
    assert_int_equal(ask_small(&w, (vd_goal){ .match = &all, .match_count = 1, .demands = &is, .demand_count = 1 }, &m), VD_SAT);
    assert_int_equal(ask_small(&w, (vd_goal){ .match = &all, .match_count = 1, .demands = &against, .demand_count = 1 }, &m), VD_UNSAT);
    assert_int_equal(ask_small(&w, (vd_goal){ .demands = both, .demand_count = 2 }, &m), VD_UNSAT); /* implied */
    assert_int_equal(ask_small(&w, (vd_goal){ .match = &all, .match_count = 1, .clauses = &clause, .clause_count = 1 }, &m), VD_SAT);
    assert_int_equal(ask_small(&w, (vd_goal){ .match = &all, .match_count = 1, .clauses = &(vd_any_of){ 0 }, .clause_count = 1 }, &m),
                     VD_UNSAT); /* one of nothing */
    close_small(&w);
}

static void pins(void **unused)
{
    static const vd_str account[] = { VD_L("111122223333") };
    static const char   text[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\","
                               "\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalAccount\":\"444455556666\"}}}]}";
    vd_pin   pin = { .key = VD_L("aws:PrincipalAccount"), .state = VD_STATE_PRESENT, .values = account, .count = 1 };
    vd_pin   never = { .key = VD_L("aws:PrincipalArn"), .state = VD_STATE_ABSENT };
    bool     nomem = false;
    small    w = open_small(VD_KIND_RESOURCE, text, &pin, 1);
    uint32_t all = vd_symbolic_statement(w.s, w.policy, 0, &nomem);
    vd_model m;

    (void)unused;
    assert_int_equal(ask_small(&w, (vd_goal){ .match = &all, .match_count = 1 }, &m), VD_UNSAT);
    assert_int_equal(ask_small(&w, (vd_goal){ .miss = &all, .miss_count = 1 }, &m), VD_SAT);
    assert_true(vd_str_starts(m.principal, VD_S("arn:aws:iam::111122223333:role/")));
    close_small(&w);
    w = open_small(VD_KIND_RESOURCE, text, &never, 1);
    assert_int_equal(ask_small(&w, (vd_goal){ .who = 1u << VD_ASKER_ROLE | 1u << VD_ASKER_USER }, &m), VD_UNSAT);
    close_small(&w);
}

static void variants(void **unused)
{
    small    w = open_small(VD_KIND_RESOURCE,
                            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"111122223333\","
                            "\"arn:aws:iam::444455556666:user/bob\"]},\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],"
                            "\"Resource\":[\"arn:aws:s3:::b/x*\",\"arn:aws:s3:::b/*\"],"
                            "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}},"
                            "{\"Effect\":\"Allow\",\"NotPrincipal\":{\"AWS\":\"111122223333\"},\"Action\":\"*\",\"Resource\":\"*\"}]}", NULL, 0);
    bool          nomem = false;
    uint32_t      all = vd_symbolic_statement(w.s, w.policy, 0, &nomem), other;
    vd_variant_of of = { .cut = VD_CUT_VALUE, .element = VD_ELEMENT_RESOURCE, .value = 0 };
    vd_goal       g = { .match = &all, .match_count = 1, .miss = &other, .miss_count = 1, .who = 1u << VD_ASKER_USER };
    vd_model      m;

    (void)unused;
    other = vd_symbolic_variant(w.s, w.policy, 0, &of, &nomem); /* without b/x*: nothing is lost */
    assert_int_equal(ask_small(&w, g, &m), VD_UNSAT);
    of.value = 1;
    other = vd_symbolic_variant(w.s, w.policy, 0, &of, &nomem);
    assert_int_equal(ask_small(&w, g, &m), VD_SAT);
    of = (vd_variant_of){ .cut = VD_CUT_OTHERS, .element = VD_ELEMENT_ACTION, .value = 1 };
    other = vd_symbolic_variant(w.s, w.policy, 0, &of, &nomem);
    assert_true(vd_symbolic_reaches(w.s, other, VD_S("s3:PutObject")));
    assert_false(vd_symbolic_reaches(w.s, other, VD_S("s3:GetObject")));
    assert_ptr_equal(vd_symbolic_statement_of(w.s, other), &w.policy->statements[0]);
    of = (vd_variant_of){ .cut = VD_CUT_ELEMENT, .element = VD_ELEMENT_CONDITION };
    other = vd_symbolic_variant(w.s, w.policy, 0, &of, &nomem);
    assert_int_equal(ask_small(&w, g, &m), VD_UNSAT);
    g = (vd_goal){ .match = &other, .match_count = 1, .miss = &all, .miss_count = 1, .who = 1u << VD_ASKER_USER };
    assert_int_equal(ask_small(&w, g, &m), VD_SAT);
    other = vd_symbolic_variant(w.s, w.policy, 0, &(vd_variant_of){ .principals = VD_MATCH_USER }, &nomem);
    assert_int_equal(ask_small(&w, g, &m), VD_UNSAT);
    g.miss_count = 0;
    assert_int_equal(ask_small(&w, g, &m), VD_SAT);
    assert_true(vd_str_eq(m.principal, VD_S("arn:aws:iam::444455556666:user/bob")));
    assert_int_equal(vd_symbolic_statement(w.s, w.policy, 1, &nomem), VD_NONE); /* E422 */
    other = vd_symbolic_variant(w.s, w.policy, 1, &(vd_variant_of){ .legacy = true }, &nomem);
    g.who = 1u << VD_ASKER_ROOT;
    assert_int_equal(ask_small(&w, g, &m), VD_SAT);
    assert_false(vd_str_starts(m.principal, VD_S("arn:aws:iam::111122223333:")));
    assert_false(nomem);
    close_small(&w);
}

typedef struct measured {
    vd_addresses sum;
    vd_arena     arena;
    uint32_t     absent, values;
} measured;

static bool measure(void *user, vd_leaf *leaf)
{
    measured         *m = user;
    vd_leaf_addresses part;
    vd_addresses      sum = { 0 };
    vd_model          model;
    vd_str           *values;
    uint32_t          count;
    bool              more;

    assert_true(vd_leaf_model(leaf, &model));
    assert_true(vd_leaf_addresses_of(leaf, VD_S("aws:SourceIp"), &part));
    assert_true(vd_addresses_join(&sum, &m->sum, &part.there, &m->arena));
    m->sum = sum;
    m->absent += part.absent;
    assert_true(vd_leaf_values(leaf, VD_S("s3:prefix"), 8, &values, &count, &more));
    assert_false(more);
    m->values += count;
    return true;
}

/* Two thirds of an address block, cut into pieces by denies, come together again. */
static void leaves(void **unused)
{
    small w = open_small(VD_KIND_RESOURCE,
                         "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\","
                         "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":[\"203.0.113.0/24\",\"2001:db8::/64\"]},"
                         "\"StringEquals\":{\"s3:prefix\":[\"a\",\"b\",\"c\"]}}},"
                         "{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":"
                         "\"203.0.113.0/26\"}}},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{"
                         "\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.128/25\"},\"StringEquals\":{\"s3:prefix\":\"a\"}}}]}", NULL, 0);
    bool      nomem = false;
    uint32_t  box[3];
    vd_goal   g = { .action = VD_S("s3:ListBucket"), .who = 1u << VD_ASKER_ROLE, .match = box, .match_count = 1, .miss = box + 1, .miss_count = 2,
                    .rules = VD_RULES_HARD, .paths = 1u << VD_PATH_DIRECT };
    vd_leaves told;
    measured  m = { .arena = vd_arena_on(vd_allocator_default(), 0) };

    (void)unused;
    for (uint32_t i = 0; i < 3; i++)
        box[i] = vd_symbolic_statement(w.s, w.policy, i, &nomem);
    assert_int_equal(vd_symbolic_leaves(w.s, &g, 100, measure, &m, &told, NULL, &nomem), VD_SAT);
    assert_false(nomem || told.stopped || told.loose);
    assert_int_equal(m.absent, 0);
    assert_true(vd_address_count(&m.sum.four) == 192);
    assert_true(vd_address_count(&m.sum.six) == (vd_u128)1 << 64);
    assert_int_equal(m.values, 5); /* a, b, c outside the second block or b, c within */
    assert_int_equal(vd_symbolic_leaves(w.s, &g, 1, measure, &m, &told, NULL, &nomem), VD_SAT);
    assert_true(told.stopped);
    vd_arena_done(&m.arena);
    close_small(&w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(demands), cmocka_unit_test(pins),
                                        cmocka_unit_test(variants), cmocka_unit_test(leaves), cmocka_unit_test(random_worlds) };

    if (argc > 1)
        rounds = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
