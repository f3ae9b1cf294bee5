/* SPDX-License-Identifier: Apache-2.0
 *
 * The solver: two documents and which of their statements match.  No crash, no more work than the budget, and a model is
 * confirmed by the story of the evaluator, statement by statement.
 *
 * The first bytes choose kind and question, the documents are separated by a zero.
 */
#include "fuzz.h"

#include "analyze/confirm.h"
#include "base/str.h"
#include "policy/policy.h"

#include <verdict/explain.h>

enum { MOST = 24, BUDGET = 300000 };

typedef struct side {
    vd_policy *policy;
    uint32_t   boxes[MOST], count;
} side;

static bool read_side(vd_engine *engine, vd_symbolic *s, vd_kind kind, vd_str text, side *out)
{
    bool nomem = false;

    if (vd_policy_parse(&out->policy, engine, kind, VD_S("p"), text, NULL, NULL) != VD_OK)
        return false;
    for (uint32_t i = 0; i < out->policy->statement_count && out->count < MOST; i++) {
        uint32_t box = vd_symbolic_statement(s, out->policy, i, &nomem);

        if (box != VD_NONE && vd_symbolic_reaches(s, box, VD_S("s3:GetObject")))
            out->boxes[out->count++] = box;
    }
    return true;
}

/* Does the statement match, as the evaluator tells the story?  1 yes, 0 no, -1 it does not say. */
static int matches(vd_engine *engine, const vd_request *request, vd_policy *policy, vd_kind kind, uint32_t index)
{
    vd_builder     *b = NULL;
    vd_set         *set = NULL;
    vd_explanation *x = NULL;
    vd_attach       at = { .size = sizeof at, .layer = kind == VD_KIND_RESOURCE ? VD_LAYER_RESOURCE : VD_LAYER_IDENTITY };
    vd_explain_opts opts = { .size = sizeof opts, .no_proposals = true };
    int             found = -1;

    if (vd_builder_new(&b, engine, NULL) == VD_OK && vd_builder_add(b, policy, &at, NULL) == VD_OK &&
        vd_builder_compile(&set, b, NULL, NULL) == VD_OK && vd_explain(&x, set, request, &opts, NULL) == VD_OK &&
        vd_explanation_get(x)->code == VD_OK && vd_explanation_get(x)->check_count) {
        const vd_check_trace *c = vd_explanation_get(x)->checks[0];

        for (size_t i = 0; i < c->layer_count; i++)
            for (size_t k = 0; k < c->layers[i]->statement_count; k++)
                if (c->layers[i]->statements[k]->index == index)
                    found = c->layers[i]->statements[k]->applied;
    }
    vd_explanation_free(x);
    vd_set_release(set);
    vd_builder_free(b);
    return found;
}

static void confirm(vd_engine *engine, const vd_symbolic *s, const vd_goal *g, const vd_model *m, vd_kind kind)
{
    vd_request *request = NULL;
    vd_arena    arena = vd_arena_on(vd_allocator_default(), 0);

    if (vd_request_new(&request, engine, NULL) == VD_OK && vd_confirm_request(request, m, &arena, NULL) == VD_OK)
        for (uint32_t i = 0; i < g->match_count + g->miss_count; i++) {
            bool     wanted = i < g->match_count;
            uint32_t box = wanted ? g->match[i] : g->miss[i - g->match_count];
            int      is = matches(engine, request, (vd_policy *)(uintptr_t)vd_symbolic_policy_of(s, box), kind,
                                  vd_symbolic_statement_of(s, box)->index);

            fuzz_check(is < 0 || is == wanted, "statement %u of the question", i);
        }
    vd_request_free(request);
    vd_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_engine       *engine = NULL;
    vd_symbolic     *s = NULL;
    vd_symbolic_opts opts = { .budget = BUDGET, .now = { .seconds = 1795219200 } };
    vd_kind          kind = size && data[0] & 1 ? VD_KIND_RESOURCE : VD_KIND_IDENTITY;
    vd_str           left, right = { (const char *)data + 2, size > 2 ? size - 2 : 0 };
    side             sides[2] = { { 0 } };
    uint32_t         match[2 * MOST], miss[2 * MOST];
    vd_goal          g = { .action = VD_S("s3:GetObject"), .match = match, .miss = miss, .rules = VD_RULES_SOFT };
    vd_model         m;
    bool             nomem = false;

    if (size < 3 || size > 8192 || !vd_str_cut(&right, 0, &left))
        return 0;
    if (vd_engine_new(&engine, NULL, NULL) == VD_OK && vd_symbolic_new(&s, engine, &opts, NULL) == VD_OK &&
        read_side(engine, s, kind, left, &sides[0]) && read_side(engine, s, kind, right, &sides[1])) {
        g.who = kind == VD_KIND_RESOURCE ? 1u << VD_ASKER_ROLE | 1u << VD_ASKER_USER | 1u << VD_ASKER_ANONYMOUS | 1u << VD_ASKER_SERVICE
                                         : 1u << VD_ASKER_ROLE | 1u << VD_ASKER_USER;
        for (uint32_t k = 0; k < 2; k++)
            for (uint32_t i = 0; i < sides[k].count; i++) {
                if (data[1] >> (k * 4 + i % 4) & 1)
                    match[g.match_count++] = sides[k].boxes[i];
                else
                    miss[g.miss_count++] = sides[k].boxes[i];
            }
        if (vd_symbolic_solve(s, &g, &m, NULL, &nomem) == VD_SAT)
            confirm(engine, s, &g, &m, kind);
        fuzz_check(vd_symbolic_units(s) <= BUDGET, "%llu units", (unsigned long long)vd_symbolic_units(s));
    }
    vd_symbolic_free(s);
    vd_policy_release(sides[0].policy);
    vd_policy_release(sides[1].policy);
    vd_engine_release(engine);
    return 0;
}
