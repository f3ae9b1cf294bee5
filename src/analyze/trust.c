/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may take a role over: an index of the principals that trust policies name, and the question whether a service may.
 */
#include "analyze/confirm.h"
#include "analyze/pathing.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/value.h"

#include <stdlib.h>

typedef struct vd_trust_answer {
    uint32_t doc, service; /* of texts */
    uint32_t account;
    uint8_t  answer; /* vd_certain */
} vd_trust_answer;

/* The principals of a trust policy's Allow statements. */
typedef struct vd_trust_doc {
    bool     everybody;
    vd_str  *federated, *services;
    uint32_t federated_count, federated_cap, service_count, service_cap;
} vd_trust_doc;

/* "account 111122223333 may try these roles": pairs, sorted. */
typedef struct vd_trust_pair {
    vd_str   who; /* an ARN, an account id, a unique id; empty: everybody */
    uint32_t role;
} vd_trust_pair;

typedef struct vd_trusts {
    vd_symbolic     *s;
    vd_trust_doc    *docs; /* by document */
    vd_trust_pair   *pairs;
    uint32_t         pair_count, pair_cap;
    vd_trust_answer *answers;
    uint32_t         answer_count, answer_cap;
    vd_map           answer_map;
} vd_trusts;

/* ------------------------------------------------------------------ the index */

/* What to look somebody up by: an account, or a principal of it. */
static vd_str looked_up(vd_pathing *x, vd_str entry)
{
    vd_arn arn;

    if (!vd_arn_split(&arn, entry))
        return entry;
    if (vd_str_eq(arn.resource, VD_S("root")))
        return arn.account;
    if (vd_str_eq(arn.service, VD_S("sts")) && vd_str_starts(arn.resource, VD_S("assumed-role/"))) {
        uint32_t node = vd_snap_node_find(x->snapshot, entry);

        return node == VD_NONE ? entry : x->snapshot->nodes[node].arn;
    }
    return entry;
}

static bool add_pair(vd_pathing *x, vd_str who, uint32_t role)
{
    vd_trusts    *t = x->trusts;
    vd_trust_pair p = { who, role };

    return VD_ARENA_PUSH(&x->arena, t->pairs, t->pair_count, t->pair_cap, p);
}

static bool index_entry(vd_pathing *x, const vd_principal_entry *e, uint32_t role, vd_trust_doc *doc)
{
    switch (e->type) {
    case VD_PRINCIPAL_SERVICE: return VD_ARENA_PUSH(&x->arena, doc->services, doc->service_count, doc->service_cap, e->text.text);
    case VD_PRINCIPAL_FEDERATED: return VD_ARENA_PUSH(&x->arena, doc->federated, doc->federated_count, doc->federated_cap, e->text.text);
    case VD_PRINCIPAL_CANONICAL_USER: return true;
    case VD_PRINCIPAL_AWS:
        if (!vd_str_eq(e->text.text, VD_S("*")))
            return add_pair(x, looked_up(x, e->text.text), role);
        break;
    default: break;
    }
    doc->everybody = true;
    return add_pair(x, (vd_str){ "", 0 }, role);
}

static bool index_role(vd_pathing *x, uint32_t role)
{
    uint32_t      trust = x->snapshot->nodes[role].trust;
    vd_policy    *p = trust == VD_NONE ? NULL : x->snapshot->docs[trust].policy;
    vd_trust_doc *doc = trust == VD_NONE ? NULL : &x->trusts->docs[trust], again = { 0 };

    if (doc && (doc->service_count || doc->federated_count || doc->everybody))
        doc = &again; /* the same text: only the pairs are new */
    for (uint32_t i = 0; p && i < p->statement_count; i++) {
        const vd_statement *st = &p->statements[i];

        if (st->effect != VD_EFFECT_ALLOW || st->malformed)
            continue;
        if (st->principal.negated && !add_pair(x, (vd_str){ "", 0 }, role))
            return false;
        for (uint32_t k = 0; !st->principal.negated && k < st->principal.count; k++)
            if (!index_entry(x, &st->principal.at[k], role, doc))
                return false;
    }
    return true;
}

static int by_who(const void *a, const void *b)
{
    const vd_trust_pair *p = a, *q = b;
    int                  c = vd_str_cmp(p->who, q->who);

    return c ? c : p->role < q->role ? -1 : p->role > q->role;
}

static vd_code open_symbolic(vd_pathing *x)
{
    vd_symbolic_opts o = { .catalog = x->catalog, .budget = x->opts.prove.budget };
    vd_str           now = vd_catalog_date(x->catalog);

    if (x->opts.prove.now && !vd_arena_printf(&x->arena, &now, "%lld", (long long)x->opts.prove.now))
        return vd_fail_nomem(x->err);
    vd_date_parse(&o.now, now);
    return vd_symbolic_new(&x->trusts->s, x->engine, &o, x->err);
}

bool vd_trusts_open(vd_pathing *x)
{
    const vd_snapshot *s = x->snapshot;

    x->trusts = vd_arena_new(&x->arena, vd_trusts);
    if (!x->trusts)
        return false;
    x->trusts->docs = vd_arena_new_array(&x->arena, vd_trust_doc, s->doc_count + 1);
    if (!x->trusts->docs)
        return false;
    for (uint32_t i = 0; i < s->node_count; i++)
        if (s->nodes[i].kind == VD_WHO_IS_ROLE && !index_role(x, i))
            return false;
    if (x->trusts->pair_count)
        qsort(x->trusts->pairs, x->trusts->pair_count, sizeof *x->trusts->pairs, by_who);
    x->failed = open_symbolic(x);
    return x->failed == VD_OK;
}

void vd_trusts_close(vd_pathing *x)
{
    if (!x->trusts)
        return;
    vd_symbolic_free(x->trusts->s);
    vd_map_done(&x->trusts->answer_map, &x->engine->alloc);
}

static vd_str pair_who(const void *pairs, uint32_t i)
{
    return ((const vd_trust_pair *)pairs)[i].who;
}

static uint32_t first_pair(const vd_trusts *t, vd_str who)
{
    return vd_str_bound(t->pairs, t->pair_count, pair_who, who);
}

static int by_number(const void *a, const void *b)
{
    uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;

    return p < q ? -1 : p > q;
}

const uint32_t *vd_trusts_candidates(vd_pathing *x, uint32_t node, uint32_t *count)
{
    vd_trusts          *t = x->trusts;
    const vd_snap_node *n = &x->snapshot->nodes[node];
    vd_str              names[4] = { n->arn, n->id, x->snapshot->accounts[n->account].id, { "", 0 } };
    uint32_t           *all, total = 0, kept = 0;

    for (size_t i = 0; i < VD_COUNT(names); i++)
        for (uint32_t k = first_pair(t, names[i]); k < t->pair_count && vd_str_eq(t->pairs[k].who, names[i]); k++)
            total++;
    all = vd_arena_new_array(&x->arena, uint32_t, total + 1);
    x->nomem |= !all;
    *count = 0;
    if (!all)
        return NULL;
    total = 0;
    for (size_t i = 0; i < VD_COUNT(names); i++)
        for (uint32_t k = first_pair(t, names[i]); k < t->pair_count && vd_str_eq(t->pairs[k].who, names[i]); k++)
            all[total++] = t->pairs[k].role;
    if (total)
        qsort(all, total, sizeof *all, by_number);
    for (uint32_t i = 0; i < total; i++)
        if ((i == 0 || all[i] != all[i - 1]) && all[i] != node) /* a role does not assume itself by trust alone (E748) */
            all[kept++] = all[i];
    *count = kept;
    return all;
}

bool vd_trusts_maybe(vd_pathing *x, uint32_t role, uint32_t node, bool *named)
{
    const vd_trusts    *t = x->trusts;
    const vd_snap_node *n = &x->snapshot->nodes[node];
    vd_str              names[3] = { n->arn, n->id, { "", 0 } };

    *named = false;
    for (size_t i = 0; i < VD_COUNT(names) && !*named; i++)
        for (uint32_t k = first_pair(t, names[i]); k < t->pair_count && vd_str_eq(t->pairs[k].who, names[i]) && !*named; k++)
            *named = t->pairs[k].role == role;
    return *named;
}

bool vd_trusts_provider(const vd_pathing *x, uint32_t role, uint32_t index, vd_str *provider)
{
    uint32_t            trust = x->snapshot->nodes[role].trust;
    const vd_trust_doc *doc = trust == VD_NONE ? NULL : &x->trusts->docs[trust];

    for (uint32_t i = 0; doc && i < doc->federated_count; i++)
        if (vd_str_starts(doc->federated[i], VD_S("arn:")) && index-- == 0) { /* others are AWS's own */
            *provider = doc->federated[i];
            return true;
        }
    return false;
}

/* ------------------------------------------------------------------ services */

static bool names_service(const vd_pathing *x, uint32_t trust, vd_str service)
{
    const vd_trust_doc *doc = &x->trusts->docs[trust];

    for (uint32_t i = 0; i < doc->service_count; i++)
        if (vd_str_ieq(doc->services[i], service) || vd_str_eq(doc->services[i], VD_S("*")))
            return true;
    return doc->everybody;
}

/* The service acts for the account of the role: keys that say so have its id. */
static vd_answer solve(vd_pathing *x, vd_policy *p, uint32_t allow, vd_str service, vd_str account, vd_model *model)
{
    vd_symbolic *s = x->trusts->s;
    uint32_t    *miss = vd_arena_new_array(&x->scratch, uint32_t, p->statement_count + 1), miss_count = 0;
    uint32_t     box = vd_symbolic_statement(s, p, allow, &x->nomem);
    vd_demand    demands[2];
    vd_goal      goal = { .action = VD_S("sts:AssumeRole"), .who = 1u << VD_ASKER_SERVICE, .match = &box, .match_count = 1,
                          .demands = demands, .demand_count = 2 };
    const char  *why = NULL;

    x->nomem |= !miss;
    if (box == VD_NONE || x->nomem)
        return VD_UNSAT;
    for (uint32_t i = 0; i < p->statement_count; i++)
        if (p->statements[i].effect == VD_EFFECT_DENY) {
            uint32_t deny = vd_symbolic_statement(s, p, i, &x->nomem);

            if (deny != VD_NONE)
                miss[miss_count++] = deny;
        }
    demands[0] = (vd_demand){ vd_symbolic_principal(s, goal.who, &service, 1, &x->nomem), false };
    demands[1] = (vd_demand){ vd_symbolic_condition(s, "StringEqualsIfExists", VD_S("aws:SourceAccount"), &account, 1, &x->nomem), false };
    goal.miss = miss;
    goal.miss_count = miss_count;
    return x->nomem ? VD_UNSAT : vd_symbolic_solve(s, &goal, model, &why, &x->nomem);
}

static vd_certain ask(vd_pathing *x, uint32_t role, vd_str service)
{
    const vd_snap_node *n = &x->snapshot->nodes[role];
    vd_policy          *p = x->snapshot->docs[n->trust].policy;
    vd_certain          best = VD_CERTAIN_NO;

    for (uint32_t i = 0; i < p->statement_count && best != VD_CERTAIN_YES; i++) {
        vd_model    model;
        vd_decision d = { .size = sizeof d };
        vd_answer   answer = p->statements[i].effect == VD_EFFECT_ALLOW && !p->statements[i].malformed
                                 ? solve(x, p, i, service, x->snapshot->accounts[n->account].id, &model)
                                 : VD_UNSAT;

        if (vd_pathing_failed(x) != VD_OK)
            return VD_CERTAIN_NO;
        if (answer == VD_UNKNOWN)
            best = VD_CERTAIN_NOBODY_SAID;
        if (answer != VD_SAT)
            continue;
        model.resource = n->arn;
        x->failed = vd_confirm_layer(&d, x->engine, &p, 1, VD_LAYER_RESOURCE, &model, x->err);
        if (x->failed == VD_OK && d.outcome != VD_ALLOW)
            x->failed = vd_fail(x->err, VD_EINTERNAL, "self-check failed: the trust policy of " VD_F " does not let " VD_F " in", VD_A(n->arn),
                                VD_A(service));
        best = VD_CERTAIN_YES;
    }
    return best;
}

static bool is_answer(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_trusts       *t = ctx;
    const vd_trust_answer *a = &t->answers[value], *b = wanted;

    return a->doc == b->doc && a->service == b->service && a->account == b->account;
}

bool vd_trusts_names_service(const vd_pathing *x, uint32_t role, vd_str service)
{
    const vd_snap_node *n = &x->snapshot->nodes[role];

    if (n->kind != VD_WHO_IS_ROLE)
        return false;
    return n->trust == VD_NONE || !x->snapshot->docs[n->trust].policy || names_service(x, n->trust, service);
}

vd_certain vd_trusts_service(vd_pathing *x, uint32_t role, vd_str service)
{
    vd_trusts          *t = x->trusts;
    const vd_snap_node *n = &x->snapshot->nodes[role];
    vd_trust_answer     a = { .doc = n->trust, .account = n->account };
    uint64_t            hash;
    uint32_t            at;

    if (n->trust == VD_NONE || !x->snapshot->docs[n->trust].policy)
        return n->kind == VD_WHO_IS_ROLE ? VD_CERTAIN_NOBODY_SAID : VD_CERTAIN_NO;
    if (!names_service(x, n->trust, service))
        return VD_CERTAIN_NO;
    if (!vd_intern_add(&x->texts, &x->engine->alloc, service, &a.service)) {
        x->nomem = true;
        return VD_CERTAIN_NO;
    }
    hash = vd_hash(x->engine->hash_seed, (vd_str){ (const char *)&a, 3 * sizeof(uint32_t) });
    at = vd_map_find(&t->answer_map, hash, is_answer, t, &a);
    if (at != VD_NONE)
        return (vd_certain)t->answers[at].answer;
    a.answer = (uint8_t)ask(x, role, service);
    if (!VD_ARENA_PUSH(&x->arena, t->answers, t->answer_count, t->answer_cap, a) ||
        !vd_map_add(&t->answer_map, &x->engine->alloc, hash, t->answer_count - 1))
        x->nomem = true;
    return (vd_certain)a.answer;
}

/* What tokens say is not collected: a provider that is named may or may not be one that the caller speaks for. */
vd_certain vd_trusts_federated(vd_pathing *x, uint32_t role, vd_str provider)
{
    uint32_t            trust = x->snapshot->nodes[role].trust;
    const vd_trust_doc *doc = trust == VD_NONE ? NULL : &x->trusts->docs[trust];

    for (uint32_t i = 0; doc && i < doc->federated_count; i++)
        if (provider.n == 0 || vd_str_ieq(doc->federated[i], provider))
            return VD_CERTAIN_NOBODY_SAID;
    return VD_CERTAIN_NO;
}
