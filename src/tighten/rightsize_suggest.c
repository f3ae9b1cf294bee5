/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions that every use of a statement's actions met (usage 3.5): said to people, never added.  A condition is only
 * thought of when everything that stays in the statement was seen, and the evidence cannot have missed a use that breaks it;
 * it is only said when the evaluator finds it met by every use, with each of the values that were recorded.
 */
#include "tighten/rightsize.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/arn.h"
#include "policy/write.h"

#include <verdict/eval.h>

enum { MOST_REGIONS = 3, MOST_NETWORKS = 5, MOST_ENDPOINTS = 5, MOST_ACCOUNTS = 3 };

/* What is recorded of a use that a condition could ask for. */
typedef enum about { REGIONS, VIA, NETWORKS, ENDPOINTS, SERVICES, ACCOUNTS, MFA, ABOUT } about;

/* What is true of all uses of one statement. */
typedef struct common {
    vd_rs_texts of[ABOUT];
    bool        open[ABOUT]; /* there are more values than are kept, or a use of which none is known */
    bool        global;      /* one of the services has no regions, or lies in one of its own */
    bool        direct, mfa, no_mfa, kms, other, passes, other_than_passes;
} common;

/* The observed values of one use. */
typedef struct observed {
    vd_use_texts of[ABOUT];
    bool         open[ABOUT];
} observed;

typedef struct suggesting {
    vd_rs                 *r;
    const vd_rs_statement *s;
    common                 c;
    vd_rs_texts            out;
} suggesting;

/* ------------------------------------------------------------------ one use */

/* Of the resources, as far as their names say it; of an action that hides its owner it is of no use. */
static bool accounts_of(vd_rs *r, const vd_rs_seen *s, observed *o)
{
    size_t   colon = vd_str_find(s->name, ':');
    vd_str  *at = vd_arena_new_array(&r->scratch, vd_str, s->on.count + 1);
    size_t   n = 0;
    vd_arn   arn;

    if (!at)
        return false;
    o->open[ACCOUNTS] = s->on.count == 0 || s->on.more || colon == s->name.n ||
                        vd_action_hides_owner(vd_str_first(s->name, colon), vd_str_from(s->name, colon + 1));
    for (size_t i = 0; i < s->on.count && !o->open[ACCOUNTS]; i++) {
        o->open[ACCOUNTS] = !vd_arn_split(&arn, s->on.at[i]) || !vd_is_account(arn.account);
        if (n == 0 || !vd_str_eq(at[n - 1], arn.account))
            at[n++] = arn.account;
    }
    o->of[ACCOUNTS] = (vd_use_texts){ .at = at, .count = n };
    return true;
}

static bool observe(vd_rs *r, const vd_rs_seen *s, observed *o)
{
    static const vd_str yes[] = { VD_L("true") };
    const vd_rs_how    *how = &s->how;

    *o = (observed){ 0 };
    o->of[REGIONS] = how->regions;
    o->of[VIA] = how->via;
    o->of[NETWORKS] = how->networks;
    o->of[ENDPOINTS] = how->endpoints;
    o->of[SERVICES] = how->services;
    o->of[MFA] = (vd_use_texts){ .at = yes, .count = how->mfa_true };
    for (int a = 0; a < ABOUT; a++)
        o->open[a] = o->of[a].more || o->of[a].count == 0;
    o->open[VIA] |= how->direct;
    o->open[ENDPOINTS] |= how->off_endpoint;
    o->open[MFA] |= how->mfa_false || how->mfa_none;
    return accounts_of(r, s, o);
}

/* ------------------------------------------------------------------ all uses of a statement */

static bool add_all(vd_rs *r, vd_rs_texts *to, const vd_use_texts *from)
{
    for (size_t i = 0; i < from->count; i++) {
        bool there = false;

        for (uint32_t j = 0; j < to->count && !there; j++)
            there = vd_str_eq(to->at[j], from->at[i]);
        if (!there && !VD_ARENA_PUSH(&r->scratch, to->at, to->count, to->cap, from->at[i]))
            return false;
    }
    return true;
}

static bool add_use(suggesting *g, const vd_rs_seen *s)
{
    common  *c = &g->c;
    size_t   n = vd_str_find(s->name, ':');
    vd_str   prefix = vd_str_first(s->name, n);
    bool     passes = vd_str_ieq(s->name, VD_S("iam:PassRole"));
    observed o;

    if (!observe(g->r, s, &o))
        return false;
    c->global |= vd_service_is_global(prefix) && !passes;
    c->kms |= vd_str_ieq(prefix, VD_S("kms"));
    c->other |= !vd_str_ieq(prefix, VD_S("kms"));
    c->passes |= passes;
    c->other_than_passes |= !passes;
    for (int a = 0; a < ABOUT; a++) {
        if (passes && a != SERVICES)
            continue; /* it is asked for within another call, whose circumstances count */
        if (!passes && a == SERVICES)
            continue;
        c->open[a] |= o.open[a];
        if (!add_all(g->r, &c->of[a], &o.of[a]))
            return false;
    }
    return true;
}

static const vd_rs_seen *seen_of(const vd_rs *r, uint32_t action)
{
    return r->seen_of[action] == VD_NONE ? NULL : &r->t->seen[r->seen_of[action]];
}

/* *all false: something of it was not seen to be used, so nothing is true of all its uses. */
static bool gather(suggesting *g, bool *all)
{
    vd_rs   *r = g->r;
    uint32_t uses = 0;

    *all = true;
    for (uint32_t a = 0; a < vd_catalog_actions(r->t->catalog) && *all; a++) {
        const vd_rs_seen *seen;

        if (!vd_rs_bit(g->s->stays, a))
            continue;
        seen = seen_of(r, a);
        uses++;
        *all = seen && seen->state == VD_STATE_USED && seen->sure && (seen->hides & ~r->opts->drop_blind) == 0;
        if (*all && !add_use(g, seen))
            return false;
    }
    *all &= uses > 0;
    return true;
}

/* ------------------------------------------------------------------ replay */

typedef struct condition {
    const char        *op, *key;
    const char        *context; /* the key as requests have it; NULL: the same */
    about              of;
    const vd_rs_texts *values;
} condition;

static void put_values(vd_buf *b, const vd_rs_texts *values)
{
    for (uint32_t i = 0; i < values->count; i++) {
        vd_buf_add(b, i ? VD_S(",") : VD_S(""));
        vd_json_of_string(b, values->at[i]);
    }
}

/* A Deny of everything under the condition: whoever else has a say, it decides exactly when the condition is met. */
vd_code vd_rs_condition_set(vd_rs *r, const char *op, vd_str key, const vd_rs_texts *values, bool present, vd_set **out)
{
    vd_buf      b = vd_buf_on(&r->t->engine->alloc, 0);
    vd_policy  *p = NULL;
    vd_builder *builder = NULL;
    vd_attach   at = { .size = sizeof at, .layer = VD_LAYER_IDENTITY };
    vd_code     code;

    *out = NULL;
    vd_buf_printf(&b, "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\","
                      "\"Condition\":{\"%s\":{", op);
    vd_json_of_string(&b, key);
    vd_buf_add(&b, VD_S(":["));
    put_values(&b, values);
    vd_buf_add(&b, VD_S("]}"));
    if (present) {
        vd_buf_add(&b, VD_S(",\"Null\":{"));
        vd_json_of_string(&b, key);
        vd_buf_add(&b, VD_S(":\"false\"}"));
    }
    vd_buf_add(&b, VD_S("}}}"));
    code = b.failed ? vd_fail_nomem(r->err)
                    : vd_policy_parse(&p, r->t->engine, VD_KIND_IDENTITY, VD_S("condition"), vd_buf_str(&b), NULL, r->err);
    vd_buf_done(&b);
    if (code == VD_OK)
        code = vd_builder_new(&builder, r->t->engine, r->err);
    if (code == VD_OK)
        code = vd_builder_add(builder, p, &at, r->err);
    if (code == VD_OK)
        code = vd_builder_compile(out, builder, NULL, r->err);
    vd_builder_free(builder);
    vd_policy_release(p);
    return code;
}

typedef struct replaying {
    vd_rs           *r;
    const condition *x;
    const vd_set    *set;
    vd_request      *q;
    void            *scratch;
    bool             met; /* so far */
} replaying;

/* The first address of a network stands for it: the condition holds for all of it or for none. */
static vd_str value_of(const replaying *p, vd_str value)
{
    return p->x->of == NETWORKS ? vd_str_first(value, vd_str_find(value, '/')) : value;
}

static vd_code replay_one(replaying *p, const vd_rs_seen *s, vd_str on, vd_str value)
{
    vd_str      key = vd_str_of(p->x->context ? p->x->context : p->x->key);
    vd_decision d = { .size = sizeof d };
    vd_code     code;

    value = value_of(p, value);
    vd_request_reset(p->q);
    if (vd_request_set(p->q, VD_PRINCIPAL, p->r->t->principals[0]) != VD_OK || vd_request_set(p->q, VD_ACTION, s->name) != VD_OK ||
        vd_request_set(p->q, VD_RESOURCE, on) != VD_OK ||
        (p->x->of == ACCOUNTS ? vd_request_set(p->q, VD_RESOURCE_ACCOUNT, value) : vd_request_context(p->q, key, &value, 1)) != VD_OK) {
        p->met = false;
        return VD_OK;
    }
    code = vd_eval(&d, p->set, p->q, p->scratch);
    p->met &= code == VD_OK && d.outcome == VD_EXPLICIT_DENY;
    return code == VD_ENOMEM ? code : VD_OK;
}

/* kms:ViaService has the region in its name. */
static bool via_service(vd_rs *r, vd_str *out, vd_str service, vd_str region)
{
    if (vd_str_ends(service, VD_S(".amazonaws.com")))
        service.n -= sizeof ".amazonaws.com" - 1;
    return vd_arena_printf(&r->scratch, out, VD_F "." VD_F ".amazonaws.com", VD_A(service), VD_A(region));
}

/* What is asked for where it is not what the condition is about. */
static vd_str some_resource(const vd_rs_seen *s)
{
    return s->on.count ? s->on.at[0] : VD_S("*");
}

static vd_code replay_via(replaying *p, const vd_rs_seen *s, const observed *o)
{
    vd_str value;

    for (size_t i = 0; i < o->of[VIA].count; i++)
        for (size_t k = 0; k < o->of[REGIONS].count; k++) {
            if (!via_service(p->r, &value, o->of[VIA].at[i], o->of[REGIONS].at[k]))
                return vd_fail_nomem(p->r->err);
            VD_TRY(replay_one(p, s, some_resource(s), value));
        }
    return VD_OK;
}

static vd_code replay_use(replaying *p, const vd_rs_seen *s)
{
    observed o;

    if (!observe(p->r, s, &o))
        return vd_fail_nomem(p->r->err);
    p->met &= !o.open[p->x->of];
    if (p->x->of == VIA && !p->x->context)
        return replay_via(p, s, &o);
    for (size_t i = 0; p->x->of == ACCOUNTS && i < s->on.count && p->met; i++) {
        vd_arn arn = { 0 };

        p->met = vd_arn_split(&arn, s->on.at[i]);
        if (p->met)
            VD_TRY(replay_one(p, s, s->on.at[i], arn.account));
    }
    for (size_t i = 0; p->x->of != ACCOUNTS && i < o.of[p->x->of].count && p->met; i++)
        VD_TRY(replay_one(p, s, some_resource(s), o.of[p->x->of].at[i]));
    return VD_OK;
}

/* Does every use that was seen meet it, asked one by one? */
static vd_code replay(suggesting *g, const condition *x, bool *out)
{
    vd_rs    *r = g->r;
    vd_set   *set = NULL;
    replaying p = { .r = r, .x = x, .met = r->t->principal_count > 0 };
    vd_code   code = vd_rs_condition_set(r, x->op, vd_str_of(x->key), x->values, false, &set);

    p.set = set;
    if (code == VD_OK)
        code = vd_request_new(&p.q, r->t->engine, r->err);
    if (code == VD_OK && !(p.scratch = vd_arena_alloc(&r->scratch, vd_scratch_size(set), 16)))
        code = vd_fail_nomem(r->err);
    for (uint32_t a = 0; a < vd_catalog_actions(r->t->catalog) && code == VD_OK && p.met; a++)
        if (vd_rs_bit(g->s->stays, a))
            code = replay_use(&p, seen_of(r, a));
    vd_request_free(p.q);
    vd_set_release(set);
    *out = code == VD_OK && p.met;
    return code;
}

/* ------------------------------------------------------------------ what is said */

vd_code vd_rs_say_condition(vd_rs *r, vd_rs_texts *out, const vd_rs_statement *s, const char *op, vd_str key, const vd_rs_texts *values,
                            bool present)
{
    vd_buf b = vd_buf_on(&r->t->engine->alloc, 0);
    vd_str text;
    bool   ok;

    vd_buf_printf(&b, "\"" VD_F "\", statement %u", VD_A(r->t->documents[s->document].name), (unsigned)s->index + 1);
    if (s->model->has_sid)
        vd_buf_printf(&b, " (" VD_F ")", VD_A(s->model->sid.text));
    vd_buf_printf(&b, ": all uses meet %s " VD_F " ", op, VD_A(key));
    for (uint32_t i = 0; i < values->count; i++)
        vd_buf_printf(&b, "%s" VD_F, i ? ", " : "", VD_A(values->at[i]));
    if (present)
        vd_buf_printf(&b, "; and Null " VD_F " false", VD_A(key));
    ok = !b.failed && vd_arena_dup(r->arena, &text, vd_buf_str(&b)) && VD_ARENA_PUSH(r->arena, out->at, out->count, out->cap, text);
    vd_buf_done(&b);
    return ok ? VD_OK : vd_fail_nomem(r->err);
}

static vd_code propose(suggesting *g, const condition *x)
{
    bool holds;

    VD_TRY(replay(g, x, &holds));
    return holds ? vd_rs_say_condition(g->r, &g->out, g->s, x->op, vd_str_of(x->key), x->values, false) : VD_OK;
}

/* At least one value, and none unknown, of at most so many. */
static bool closed(const common *c, about a, uint32_t most)
{
    return c->of[a].count > 0 && c->of[a].count <= most && !c->open[a];
}

/* Some of it may still be in any account. */
static bool any_account(const vd_rs_statement *s)
{
    vd_arn arn;
    bool   whole = false;

    for (uint32_t i = 0; i < s->part_count; i++)
        whole |= s->parts[i].whole;
    for (uint32_t i = 0; whole && i < s->model->resource.texts.count; i++)
        if (s->model->resource.negated || !vd_arn_split(&arn, s->model->resource.texts.at[i].text) || vd_str_find(arn.account, '*') < arn.account.n)
            return true;
    return false;
}

static vd_code suggest_via(suggesting *g)
{
    const common *c = &g->c;
    vd_str        one;
    vd_rs_texts   values = { .at = &one, .count = 1 };

    if (c->other || c->of[REGIONS].count != 1)
        return propose(g, &(condition){ "StringEquals", "aws:CalledViaLast", "aws:CalledVia", VIA, &c->of[VIA] });
    if (!via_service(g->r, &one, c->of[VIA].at[0], c->of[REGIONS].at[0]))
        return vd_fail_nomem(g->r->err);
    return propose(g, &(condition){ "StringEquals", "kms:ViaService", NULL, VIA, &values });
}

static vd_code suggest(suggesting *g)
{
    const common *c = &g->c;

    if (c->passes) /* its circumstances are those of other calls */
        return !c->other_than_passes && closed(c, SERVICES, 1)
                   ? propose(g, &(condition){ "StringEquals", "iam:PassedToService", NULL, SERVICES, &c->of[SERVICES] })
                   : VD_OK;
    if (!c->global && closed(c, REGIONS, MOST_REGIONS))
        VD_TRY(propose(g, &(condition){ "StringEquals", "aws:RequestedRegion", NULL, REGIONS, &c->of[REGIONS] }));
    if (closed(c, VIA, 1))
        VD_TRY(suggest_via(g));
    if (c->of[VIA].count == 0 && closed(c, ENDPOINTS, MOST_ENDPOINTS))
        VD_TRY(propose(g, &(condition){ "StringEquals", "aws:SourceVpce", NULL, ENDPOINTS, &c->of[ENDPOINTS] }));
    if (c->of[VIA].count == 0 && c->of[ENDPOINTS].count == 0 && closed(c, NETWORKS, MOST_NETWORKS))
        VD_TRY(propose(g, &(condition){ "IpAddress", "aws:SourceIp", NULL, NETWORKS, &c->of[NETWORKS] }));
    if (g->r->t->user && closed(c, MFA, 1))
        VD_TRY(propose(g, &(condition){ "Bool", "aws:MultiFactorAuthPresent", NULL, MFA, &c->of[MFA] }));
    if (any_account(g->s) && closed(c, ACCOUNTS, MOST_ACCOUNTS))
        VD_TRY(propose(g, &(condition){ "StringEquals", "aws:ResourceAccount", NULL, ACCOUNTS, &c->of[ACCOUNTS] }));
    return vd_rs_suggest_asked(g->r, g->s, &g->out);
}

vd_code vd_rs_suggest(vd_rs *r)
{
    suggesting g = { .r = r };

    for (uint32_t i = 0; i < r->statement_count; i++) {
        bool all;

        g.s = &r->statements[i];
        g.c = (common){ 0 };
        if (!g.s->open || !g.s->part_count || g.s->model->entry_count)
            continue;
        if (!gather(&g, &all))
            return vd_fail_nomem(r->err);
        if (all)
            VD_TRY(suggest(&g));
    }
    r->result->suggestions = (vd_texts_list){ g.out.at, g.out.count };
    return VD_OK;
}
