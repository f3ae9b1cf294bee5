/* SPDX-License-Identifier: Apache-2.0
 *
 * Variables are looked at one by one, but the accounts of principal and resource hang together.  A model that has them wrong
 * says which account is in question: that one is fixed for both, and when nothing comes of it, it is excluded and the next
 * model asked for.  Every exclusion follows from what was shown before, so that a "no" stays a proof.
 */
#include "symbolic/relation.h"

#include "base/str.h"
#include "catalog/facts.h"

enum { MOST_ACCOUNTS = 24, MOST_DEMANDS = 8 };

static const vd_str twelve = VD_L("arn:\xfd:\xfd:\xfd:\xfc\xfc\xfc\xfc\xfc\xfc\xfc\xfc\xfc\xfc\xfc\xfc:\xff"); /* with an account */

#define ALL_ASKERS ((1u << VD_ASKER_COUNT) - 1)

typedef struct tying {
    vd_caller         *c;
    const vd_question *q;
    const vd_case     *k;
    vd_goal            g;
    vd_arena          *work;
    vd_demand         *demands; /* of the goal, and further ones */
    uint32_t           demand_count, demand_cap;
    vd_any_of         *clauses;
    uint32_t           clause_count, clause_cap;
    vd_model          *model;
    const char       **why;
} tying;

/* ------------------------------------------------------------------ demands */

static void demand(tying *t, uint32_t atom, bool against)
{
    if (!t->c->nomem && !VD_ARENA_PUSH(t->work, t->demands, t->demand_count, t->demand_cap, (vd_demand){ atom, against }))
        t->c->nomem = true;
}

static void demand_resource(tying *t, const vd_str *patterns, uint32_t count, bool against)
{
    demand(t, vd_symbolic_resource_coded(t->c->s, patterns, count, &t->c->nomem), against);
}

static uint32_t principal_of(tying *t, vd_str account)
{
    vd_str parts[] = { VD_L("arn:\xfd:\xfd::"), account, VD_L(":\xff") }, pattern = { "", 0 };

    if (!vd_arena_join(t->work, &pattern, parts, VD_COUNT(parts)))
        t->c->nomem = true;
    return t->c->nomem ? 0 : vd_symbolic_principal(t->c->s, ALL_ASKERS, &pattern, 1, &t->c->nomem);
}

static uint32_t resource_of(tying *t, vd_str account)
{
    vd_str parts[] = { VD_L("arn:\xfd:\xfd:\xfd:"), account, VD_L(":\xff") }, pattern = { "", 0 };

    if (!vd_arena_join(t->work, &pattern, parts, VD_COUNT(parts)))
        t->c->nomem = true;
    return t->c->nomem ? 0 : vd_symbolic_resource_coded(t->c->s, &pattern, 1, &t->c->nomem);
}

static void clause(tying *t, vd_demand x, vd_demand y)
{
    vd_demand *both = vd_arena_new_array(t->work, vd_demand, 2);

    if (both) {
        both[0] = x;
        both[1] = y;
    }
    if (!both || !VD_ARENA_PUSH(t->work, t->clauses, t->clause_count, t->clause_cap, (vd_any_of){ both, 2 }))
        t->c->nomem = true;
}

/* ------------------------------------------------------------------ what the case says about principal and resource */

/* Objects of somebody else, or what is none (E753).  The ARN of an object names no account, that of one behind an access
 * point names the account that it is compared with. */
static void add_objects(tying *t, const vd_surroundings *around)
{
    static const vd_str objects[] = { VD_L("arn:\xfd:s3:\xfd:\xfd:accesspoint/\xff/object/\xff"),
                                      VD_L("arn:\xfd:s3:\xfd:\xfd:accesspoint/object/\xff"), VD_L("arn:\xfd:s3:::\xff/\xff") };
    uint32_t            n = around->bucket_objects ? VD_COUNT(objects) : VD_COUNT(objects) - 1;
    uint32_t            object, own;

    if (!around->acl_objects)
        return;
    object = vd_symbolic_resource_coded(t->c->s, objects, n, &t->c->nomem);
    own = resource_of(t, around->object_owner);
    if (t->k->form == VD_FORM_OBJECT) {
        demand(t, object, false);
        demand(t, own, true);
    } else {
        clause(t, (vd_demand){ object, true }, (vd_demand){ own, false });
    }
}

static void add_form(tying *t)
{
    static const vd_str arn[] = { VD_L("arn:\xfd:\xfd:\xfd:\xfd:\xff") }, role[] = { VD_L("arn:\xfd:iam:\xfd:\xfd:role/\xff") }, key[] = { VD_L("arn:\xfd:kms:\xfd:\xfd:key/\xff") };
    static const vd_str silent[] = { VD_L("arn:\xfd:iam:\xfd:\xfd:\xff"), VD_L("arn:\xfd:sts:\xfd:\xfd:\xff"), VD_L("arn:\xfd:kms:\xfd:\xfd:\xff"),
                                     VD_L("arn:\xfd:ec2:\xfd:\xfd:instance/\xff"), VD_L("arn:\xfd:rds:\xfd:\xfd:db:\xff") };
    static const vd_str s3[] = { VD_L("arn:\xfd:s3:\xfd:\xfd:\xff") };
    bool                sts = vd_str_ieq(t->c->service, VD_S("sts")), kms = vd_str_ieq(t->c->service, VD_S("kms"));

    switch ((vd_form)t->k->form) {
    case VD_FORM_ANY:
        break;
    case VD_FORM_STAR:
        demand_resource(t, arn, 1, true);
        break;
    case VD_FORM_TRUST:
        demand_resource(t, role, 1, false);
        break;
    case VD_FORM_KEY:
        demand_resource(t, key, 1, false);
        break;
    case VD_FORM_SILENT:
        demand_resource(t, silent, VD_COUNT(silent), false);
        if (sts)
            demand_resource(t, role, 1, true);
        if (kms)
            demand_resource(t, key, 1, true);
        break;
    case VD_FORM_DEFAULT:
        demand_resource(t, arn, 1, false);
        demand_resource(t, silent, VD_COUNT(silent), true);
        if (vd_str_ieq(t->c->service, VD_S("s3")) && vd_question_around(t->q)->s3)
            demand_resource(t, s3, 1, true);
        break;
    case VD_FORM_BUCKET:
    case VD_FORM_OBJECT:
        demand_resource(t, s3, 1, false);
        add_objects(t, vd_question_around(t->q));
        break;
    }
}

/* Whose the resources are is given: what another account has in its ARN is not among them. */
static void add_owner(tying *t)
{
    uint32_t said;

    if (t->q->account.n == 0)
        return;
    said = vd_symbolic_resource_coded(t->c->s, &twelve, 1, &t->c->nomem);
    clause(t, (vd_demand){ said, true }, (vd_demand){ resource_of(t, t->q->account), false });
}

/* Roles of services, which other layers bind; sessions that the root user made. */
static void add_kind(tying *t, bool tell_linked)
{
    static const vd_str linked[] = { VD_L("arn:\xfd:iam::\xfd:role/aws-service-role/\xff") }, by_root[] = { VD_L("\xf8\nroot\t\xff") };

    if (t->k->who == VD_ASKER_ROLE && tell_linked)
        demand(t, vd_symbolic_principal(t->c->s, 1u << VD_ASKER_ROLE, linked, 1, &t->c->nomem), !t->k->linked);
    if (t->k->who == VD_ASKER_FEDERATED_USER)
        demand(t, vd_symbolic_principal(t->c->s, 1u << VD_ASKER_FEDERATED_USER, by_root, 1, &t->c->nomem), !t->k->by_root);
}

/* E318: what only AWS may change nobody else does; E709: RCPs do not reach roles of services. */
static void add_exceptions(tying *t, bool rcp)
{
    static const struct {
        vd_str list, service, pattern;
    } only[] = {
        { VD_L("policy"), VD_L("iam"), VD_L("arn:\xfd:iam::aws:policy/\xff") },
        { VD_L("reserved-role"), VD_L("iam"), VD_L("arn:\xfd:iam:\xfd:\xfd:role/aws-reserved/\xff") },
        { VD_L("linked-role"), VD_L("iam"), VD_L("arn:\xfd:iam:\xfd:\xfd:role/aws-service-role/\xff") },
        { VD_L("alias"), VD_L("kms"), VD_L("arn:\xfd:kms:\xfd:\xfd:alias/aws/\xff") },
    };
    static const vd_str linked[] = { VD_L("arn:\xfd:iam:\xfd:\xfd:role/aws-service-role/\xff") };

    for (size_t i = 0; i < VD_COUNT(only) && t->k->who != VD_ASKER_SERVICE && !t->k->linked; i++)
        if (vd_str_ieq(t->c->service, only[i].service) && vd_action_only_aws(only[i].list, t->c->name))
            demand_resource(t, &only[i].pattern, 1, true);
    if (rcp && vd_str_ieq(t->c->service, VD_S("sts")))
        demand_resource(t, linked, 1, true);
}

/* ------------------------------------------------------------------ accounts */

vd_str vd_relation_owner(const vd_model *m, vd_str account)
{
    static const vd_str owner = VD_L("aws:ResourceAccount"), of_s3 = VD_L("s3:ResourceAccount");
    vd_arn              arn;

    if (vd_arn_split(&arn, m->resource) && vd_is_account(arn.account))
        return arn.account;
    for (uint32_t i = 0; i < m->key_count; i++)
        if (m->keys[i].state == VD_STATE_PRESENT && m->keys[i].count &&
            (vd_str_ieq(m->keys[i].key, owner) || vd_str_ieq(m->keys[i].key, of_s3)))
            return m->keys[i].values[0];
    return account;
}

static vd_str account_of(const vd_model *m)
{
    vd_arn arn;

    return vd_arn_split(&arn, m->principal) ? arn.account : (vd_str){ "", 0 };
}

static bool resource_says(const vd_model *m)
{
    vd_arn arn;

    return vd_arn_split(&arn, m->resource) && vd_is_account(arn.account);
}

/* A resource that can have a policy of its own, for somebody else's account to be let in. */
static bool lets_others_in(const tying *t)
{
    static const char *const silent[] = { "iam", "sts" };
    vd_arn                   arn;
    bool                     role, key;

    if (!vd_arn_split(&arn, t->model->resource) || (vd_str_ieq(t->c->service, VD_S("iam"))))
        return false;
    role = vd_str_eq(arn.service, VD_S("iam")) && vd_str_starts(arn.resource, VD_S("role/")) && vd_str_ieq(t->c->service, VD_S("sts"));
    key = vd_str_eq(arn.service, VD_S("kms")) && vd_str_starts(arn.resource, VD_S("key/")) && vd_str_ieq(t->c->service, VD_S("kms"));
    if (role || key)
        return true;
    for (size_t i = 0; i < VD_COUNT(silent); i++)
        if (vd_str_eq(arn.service, vd_str_of(silent[i])))
            return false;
    return !vd_str_eq(arn.service, VD_S("kms")) &&
           !(vd_str_eq(arn.service, VD_S("ec2")) && vd_str_starts(arn.resource, VD_S("instance/"))) &&
           !(vd_str_eq(arn.service, VD_S("rds")) && vd_str_starts(arn.resource, VD_S("db:")));
}

static vd_answer solve(tying *t)
{
    t->g.demands = t->demands;
    t->g.demand_count = t->demand_count;
    t->g.clauses = t->clauses;
    t->g.clause_count = t->clause_count;
    return t->c->nomem ? VD_UNKNOWN : vd_symbolic_solve(t->c->s, &t->g, t->model, t->why, &t->c->nomem);
}

/* The account for both; says: it is the resource that has it. */
static uint32_t of_resource(tying *t, vd_str account, bool says)
{
    static const vd_str said[] = { VD_L("arn:\xfd:\xfd:\xfd:\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9:\xff") };

    return says ? resource_of(t, account) : vd_symbolic_resource_coded(t->c->s, said, 1, &t->c->nomem);
}

static const vd_str owner_keys[] = { VD_L("aws:ResourceAccount"), VD_L("s3:ResourceAccount") };

static bool owned_by(const tying *t, vd_str account)
{
    return vd_str_eq(vd_relation_owner(t->model, t->q->account), account);
}

/* With the account for both.  What is kept of the model is only its account: the text goes away with the next question.  Where the
 * ARN does not say whose the resource is, a key may, and it must not name somebody else. */
static vd_answer solve_within(tying *t, vd_str account, bool says)
{
    uint32_t  before = t->demand_count, clauses = t->clause_count;
    vd_demand named[VD_COUNT(owner_keys)];
    vd_answer answer;

    demand(t, principal_of(t, account), false);
    demand(t, of_resource(t, account, says), !says);
    answer = solve(t);
    if (answer == VD_SAT && !says && !owned_by(t, account)) {
        for (size_t i = 0; i < VD_COUNT(owner_keys); i++)
            demand(t, vd_symbolic_condition(t->c->s, "StringEqualsIfExists", owner_keys[i], &account, 1, &t->c->nomem), false);
        answer = solve(t);
    }
    if (answer == VD_SAT && !says && !owned_by(t, account)) { /* nothing says it, and it is another's then */
        for (size_t i = 0; i < VD_COUNT(owner_keys); i++)
            named[i] = (vd_demand){ vd_symbolic_condition(t->c->s, "StringEquals", owner_keys[i], &account, 1, &t->c->nomem), false };
        clause(t, named[0], named[1]);
        answer = solve(t);
    }
    t->demand_count = before;
    t->clause_count = clauses;
    if (answer == VD_SAT && !owned_by(t, account)) {
        *t->why = "budget";
        answer = VD_UNKNOWN;
    }
    return answer;
}

/* No principal of that account will do, so that nothing it owns will: what has it in its ARN, or in the key that says so, or
 * what is the question's own because nothing says otherwise. */
static void exclude_owner(tying *t, vd_str account, bool says)
{
    if (says) {
        demand(t, resource_of(t, account), true);
    } else if (vd_str_eq(account, t->q->account)) {
        demand_resource(t, &twelve, 1, false); /* another one, which add_owner leaves out */
    } else {
        for (size_t i = 0; i < VD_COUNT(owner_keys); i++)
            demand(t, vd_symbolic_condition(t->c->s, "StringEquals", owner_keys[i], &account, 1, &t->c->nomem), true);
    }
}

/* Of a model that solve_same would throw away, for one within the account of its resource. */
static uint32_t within_owner(void *user, const vd_model *m, vd_demand *out)
{
    tying *t = user;
    vd_str owner = vd_relation_owner(m, t->q->account), own = account_of(m);
    bool   says = resource_says(m);

    if (owner.n == 0 || vd_str_eq(m->resource, VD_S("*")) || own.n == 0 || vd_str_eq(owner, own))
        return 0;
    out[0] = (vd_demand){ principal_of(t, owner), false };
    out[1] = (vd_demand){ of_resource(t, owner, says), !says };
    return t->c->nomem ? 0 : 2;
}

/* The owner is the principal's account, or nobody in particular. */
static vd_answer solve_same(tying *t)
{
    vd_answer answer;

    t->g.wish = within_owner;
    t->g.wish_user = t;
    answer = solve(t);
    t->g.wish = NULL;

    for (uint32_t tries = 0; answer == VD_SAT; tries++) {
        vd_str   owner = vd_relation_owner(t->model, t->q->account), own = account_of(t->model), kept;
        bool     star = vd_str_eq(t->model->resource, VD_S("*")), foreign_ok, says = resource_says(t->model);

        if (owner.n == 0 || star || own.n == 0 || vd_str_eq(owner, own))
            return answer;
        if (tries == MOST_ACCOUNTS || !vd_arena_dup(t->work, &kept, owner))
            break;
        foreign_ok = t->k->relation == VD_REL_ANY && lets_others_in(t);
        answer = solve_within(t, kept, says);
        if (answer == VD_SAT || (answer == VD_UNKNOWN && !foreign_ok))
            return answer;
        if (foreign_ok) /* the one there was is as good */
            return solve(t);
        exclude_owner(t, kept, says);
        answer = solve(t);
    }
    if (answer == VD_SAT) {
        *t->why = "budget";
        answer = VD_UNKNOWN;
    }
    return answer;
}

/* The owner is another account than the principal's. */
static vd_answer solve_other(tying *t)
{
    vd_answer answer = solve(t);

    for (uint32_t tries = 0; answer == VD_SAT && tries < MOST_ACCOUNTS; tries++) {
        vd_str owner = vd_relation_owner(t->model, t->q->account), own = account_of(t->model), kept;

        if (owner.n == 0 || !vd_str_eq(owner, own))
            return answer;
        if (!vd_arena_dup(t->work, &kept, own)) {
            t->c->nomem = true;
            return VD_UNKNOWN;
        }
        if (resource_says(t->model)) {
            uint32_t resource = resource_of(t, kept);

            clause(t, (vd_demand){ principal_of(t, kept), true }, (vd_demand){ resource, true });
        } else {
            demand(t, principal_of(t, kept), true);
        }
        answer = solve(t);
    }
    if (answer == VD_SAT) {
        *t->why = "budget";
        answer = VD_UNKNOWN;
    }
    return answer;
}

/* E745: a provider of an account serves roles of that account. */
static vd_answer solve_provider(tying *t)
{
    vd_answer answer = solve(t);

    for (uint32_t tries = 0; answer == VD_SAT && tries < MOST_ACCOUNTS; tries++) {
        vd_str   owner = vd_relation_owner(t->model, t->q->account), own = account_of(t->model), kept;
        uint32_t before = t->demand_count;

        if (!vd_is_account(own) || vd_str_eq(owner, own))
            return answer;
        if (!vd_arena_dup(t->work, &kept, own)) {
            t->c->nomem = true;
            return VD_UNKNOWN;
        }
        demand(t, resource_of(t, kept), false);
        demand(t, principal_of(t, kept), false);
        answer = solve(t);
        t->demand_count = before;
        if (answer != VD_UNSAT)
            return answer;
        demand(t, principal_of(t, kept), true);
        answer = solve(t);
    }
    if (answer == VD_SAT) {
        *t->why = "budget";
        answer = VD_UNKNOWN;
    }
    return answer;
}

vd_answer vd_relation_solve(vd_caller *c, const vd_question *q, const vd_case *k, const vd_goal *goal, vd_arena *work,
                            vd_model *model, const char **why)
{
    tying       t = { .c = c, .q = q, .k = k, .g = *goal, .work = work, .model = model };
    const char *unused = NULL;
    bool        rcp = q->allowed->has[VD_LAYER_RCP] || (q->refused && q->refused->has[VD_LAYER_RCP]), tell_linked = rcp;

    t.why = why ? why : &unused;
    for (uint32_t i = 0; i < goal->demand_count; i++)
        demand(&t, goal->demands[i].atom, goal->demands[i].against);
    for (uint32_t i = 0; i < goal->clause_count && !c->nomem; i++)
        if (!VD_ARENA_PUSH(work, t.clauses, t.clause_count, t.clause_cap, goal->clauses[i]))
            c->nomem = true;
    for (vd_layer l = 0; l < VD_LAYER_COUNT; l++)
        if (l == VD_LAYER_IDENTITY || l == VD_LAYER_SCP || l == VD_LAYER_BOUNDARY || l == VD_LAYER_SESSION)
            tell_linked |= q->allowed->has[l] || (q->refused && q->refused->has[l]);
    add_form(&t);
    add_owner(&t);
    add_kind(&t, tell_linked);
    add_exceptions(&t, rcp);
    switch (k->relation) {
    case VD_REL_OTHER:
        return solve_other(&t);
    case VD_REL_SAME:
    case VD_REL_ANY: /* E749: a root user is assumed as if it were one's own */
        return vd_str_ieq(c->action, VD_S("sts:AssumeRoot")) ? solve(&t) : solve_same(&t);
    default:
        return k->who == VD_ASKER_WEB_IDENTITY || k->who == VD_ASKER_SAML ? solve_provider(&t) : solve(&t);
    }
}
