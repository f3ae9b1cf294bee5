/* SPDX-License-Identifier: Apache-2.0
 *
 * Who outside can reach a resource.  Statements of the layers that its owner controls become boxes, actions that no
 * statement tells apart one class, and each class is asked: is there a stranger whom they let in, and if not, which named
 * people, networks, services, providers?  "Nobody" is a proof.
 */
#include "analyze/reading.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/arn.h"
#include "request/request.h"

#include <verdict/explain.h>

static const uint64_t TOTAL = 30000000; /* units of all questions about a resource, when nobody said */

/* ------------------------------------------------------------------ classes of actions */

/* What callers of other accounts may see of it; most policies none of it. */
static uint8_t special(const vd_exposing *x)
{
    uint8_t found = x->on.trust || x->on.service.n == 0 ? VD_SPECIAL_CALLS | VD_SPECIAL_SIGNED : 0;

    for (uint32_t i = 0; i < x->denies.count; i++)
        if (x->denies.at[i].layer == VD_LAYER_RCP)
            found |= VD_SPECIAL_RCP;
    if (vd_key_occurs(x, VD_S("aws:ResourceAccount")) || vd_key_occurs(x, VD_S("aws:ResourceOrgID")) ||
        vd_key_occurs(x, VD_S("aws:ResourceOrgPaths")))
        found |= VD_SPECIAL_OWNER;
    return found;
}

size_t vd_all_statements(const vd_exposing *x)
{
    size_t n = 0;

    for (uint32_t k = 0; k < VD_SAYS; k++)
        n += x->says[k].count;
    return n;
}

static bool partition(vd_exposing *x)
{
    uint32_t      *boxes = vd_arena_new_array(&x->arena, uint32_t, vd_all_statements(x) + 1);
    vd_str         only;
    vd_action_opts opts = { .only = &only, .only_count = x->on.service.n > 0, .shapes = true, .resources = x->on.pattern_count > 0,
                            .future = x->opts.prove.future_actions, .special = special(x), .reached = true };
    uint32_t       n = 0;

    if (!boxes || !vd_arena_printf(&x->arena, &only, VD_F ":*", VD_A(x->on.service)))
        return false;
    if (x->opts.action_count) {
        opts.only = x->opts.actions;
        opts.only_count = (uint32_t)x->opts.action_count;
    }
    for (uint32_t k = 0; k < VD_SAYS; k++)
        for (uint32_t i = 0; i < x->says[k].count; i++)
            boxes[n++] = x->says[k].at[i].box;
    return vd_actions_partition(&x->classes, x->s, boxes, n, &opts, &x->arena);
}

static bool some_allow(const vd_exposing *x, uint32_t family)
{
    for (uint32_t i = 0; i < x->allows.count; i++)
        if ((x->allows.at[i].families >> family & 1u) && vd_exposing_reaches(x, &x->allows.at[i]))
            return true;
    return false;
}

/* Calls that only callers of identity providers make. */
static bool is_for_identified(vd_str action)
{
    return vd_str_ieq(action, VD_S("sts:AssumeRoleWithWebIdentity")) || vd_str_ieq(action, VD_S("sts:AssumeRoleWithSAML"));
}

static bool asks_family(const vd_exposing *x, uint32_t family)
{
    vd_str action = x->classes.at[x->at_class].representative;
    bool   sts = vd_str_istarts(action, VD_S("sts:")), identified = is_for_identified(action);

    if (!some_allow(x, family) || (x->cut && family != VD_SERVICES))
        return false;
    if (x->opts.prove.principal.n)
        return family == VD_PEOPLE && !identified;
    switch (family) {
    case VD_PROVIDERS:
        return sts && (identified || !vd_str_ieq(action, VD_S("sts:AssumeRole")));
    case VD_SERVICES:
        return !identified && x->opts.services != VD_SERVICES_NONE;
    default:
        return !identified;
    }
}

static void set_callers(vd_exposing *x, uint8_t rules);

/* A format of the action's resources goes on behind the name of the bucket. */
bool vd_takes_objects(const vd_exposing *x, uint32_t action)
{
    vd_action_fact fact = vd_catalog_action(x->catalog, action);

    for (uint32_t i = 0; i < fact.types.count; i++)
        for (uint32_t k = 0; k < vd_catalog_type(x->catalog, fact.types.at[i]).formats; k++)
            if (vd_str_contains(vd_catalog_format(x->catalog, fact.types.at[i], k), VD_S(":::${BucketName}/")))
                return true;
    return false;
}

/* What actions of the class can have a policy on: roles are assumed, keys used, and nothing has one for iam (E719, E760). */
static vd_demand with_policy(const vd_exposing *x, vd_str action)
{
    if (vd_str_istarts(action, VD_S("sts:")))
        return (vd_demand){ x->role_atom, false };
    if (vd_str_istarts(action, VD_S("kms:")))
        return (vd_demand){ x->key_atom, false };
    return (vd_demand){ vd_str_istarts(action, VD_S("iam:")) ? x->star_atom : x->silent_atom, true };
}

/* A bucket has no slash in its name: what is done to it alone is not done to "b/x". */
static void set_resource(vd_exposing *x, bool loose)
{
    uint32_t id = vd_catalog_find(x->catalog, x->classes.at[x->at_class].representative), atom = x->on_atom;

    if (x->on.pattern_count == 0)
        return;
    if (!loose && x->on.bucket && id != VD_NONE && !vd_takes_objects(x, id))
        atom = x->bucket_atom;
    for (uint32_t f = 0; f < VD_FAMILY_COUNT; f++) {
        x->base[f].at[0].atom = x->stranger[f].at[0].atom = atom;
        if (x->on.service.n == 0)
            x->base[f].at[1] = x->stranger[f].at[1] = with_policy(x, x->classes.at[x->at_class].representative);
    }
}

/* Everybody of the class; who cannot sign is left out where a service knows no anonymous calls. */
void vd_exposing_enter(vd_exposing *x, uint32_t class_at, bool hard)
{
    const vd_action_class *cl = &x->classes.at[class_at];
    bool                   loose = cl->unknown || cl->future;

    x->at_class = class_at;
    x->hard = hard;
    set_callers(x, loose ? VD_RULES_SOFT_FIRST : hard ? VD_RULES_HARD : VD_RULES_SOFT);
    set_resource(x, loose || hard);
    vd_predicates_enter(x);
}

static void set_callers(vd_exposing *x, uint8_t rules)
{
    bool no = vd_action_is_signed(x->catalog, x->classes.at[x->at_class].representative);

    for (uint32_t f = 0; f < VD_FAMILY_COUNT; f++)
        x->base[f].rules = x->stranger[f].rules = rules;
    x->any_service.rules = rules;
    x->base[VD_PEOPLE].who = x->stranger[VD_PEOPLE].who = no ? (uint32_t)VD_SIGNED : (uint32_t)VD_ANYBODY;
}

/* Hard: what the catalogue thinks impossible; it may be stale. */
static bool look_at_classes(vd_exposing *x, bool hard)
{
    for (x->at_class = 0; x->at_class < x->classes.count; x->at_class++) {
        const vd_action_class *c = &x->classes.at[x->at_class];
        bool                   loose = c->unknown || c->future;
        uint32_t               kin;

        if (hard && loose)
            continue; /* asked without what the catalogue knows already */
        kin = hard ? vd_kin_told(x, x->at_class) : vd_kin_of(x, x->at_class);
        if (x->nomem)
            return false;
        if (kin != x->at_class) {
            if (!vd_found_also(x, x->at_class, kin))
                return false;
            continue;
        }
        vd_exposing_enter(x, x->at_class, hard);
        x->told_public = hard && vd_found_public(x, x->at_class);
        for (uint32_t f = 0; f < VD_FAMILY_COUNT; f++)
            if (asks_family(x, f) && (!x->told_public || x->opts.all_cells || f == VD_PROVIDERS) && !vd_cells_report(x, f))
                return false;
    }
    return true;
}

static vd_code gave_up(vd_exposing *x)
{
    return x->nomem || x->failed == VD_OK ? vd_fail_nomem(x->err) : x->failed;
}

static vd_code prove(vd_exposing *x)
{
    if (!vd_outsiders_make(x) || !vd_predicates_make(x) || !partition(x))
        return vd_fail_nomem(x->err);
    if (!look_at_classes(x, false))
        return gave_up(x);
    x->told = x->founds.count;
    if (x->summary->undecided == 0 && !look_at_classes(x, true))
        return gave_up(x);
    return VD_OK;
}

/* ------------------------------------------------------------------ the whole */

/* Documents speak of the organization of the owner, which nobody has told: it has some name. */
static void name_owner_org(vd_exposing *x)
{
    const vd_prove_opts *o = &x->opts.prove;
    bool                 spoken_of = false;

    for (size_t i = 0; i < o->assume_count; i++)
        if (vd_str_ieq(o->assume[i].key, VD_S("aws:ResourceOrgID"))) {
            if (o->assume[i].count == 1 && o->resource_org.n == 0)
                x->opts.prove.resource_org = o->assume[i].values[0];
            return;
        }
    for (uint32_t id = 0; id < vd_set_policies(x->set); id++) {
        const vd_policy *p = vd_set_model(x->set, id);

        spoken_of |= p && vd_names_owner_org(p);
    }
    if (o->resource_org.n || !spoken_of)
        return;
    x->opts.prove.resource_org = VD_S("o-ofthisowner");
    x->owner_org_unknown = true;
}

/* What the owner of the resource makes constant, and what is assumed. */
static vd_code start_symbolic(vd_exposing *x)
{
    const vd_prove_opts *o = &x->opts.prove;
    vd_symbolic_opts     so = { .catalog = x->catalog, .budget = o->budget, .certify = o->certify, .certify_user = o->certify_user };
    uint32_t             n = 0, most = (uint32_t)o->assume_count + 8;
    vd_pin              *pins = vd_arena_new_array(&x->arena, vd_pin, most);
    char                 date[32];
    vd_str               day = vd_catalog_date(x->catalog);

    if (!pins)
        return vd_fail_nomem(x->err);
    so.now.seconds = o->now;
    if (o->now == 0 && day.n < 16) {
        memcpy(date, day.p, day.n);
        memcpy(date + day.n, "T00:00:00Z", 10);
        if (!vd_date_parse(&so.now, (vd_str){ date, day.n + 10 }))
            so.now = (vd_date){ 0 };
    }
    for (size_t i = 0; i < o->assume_count; i++)
        pins[n++] = (vd_pin){ .key = o->assume[i].key, .state = o->assume[i].absent ? VD_STATE_ABSENT : VD_STATE_PRESENT,
                              .values = o->assume[i].values, .count = (uint32_t)o->assume[i].count };
    if (o->resource_org.n)
        pins[n++] = (vd_pin){ .key = VD_S("aws:ResourceOrgID"), .state = VD_STATE_PRESENT, .values = &o->resource_org, .count = 1 };
    if (o->resource_org_path.n)
        pins[n++] = (vd_pin){ .key = VD_S("aws:ResourceOrgPaths"), .state = VD_STATE_PRESENT, .values = &o->resource_org_path, .count = 1 };
    so.pins = pins;
    so.pin_count = n;
    return vd_symbolic_new(&x->s, x->engine, &so, x->err);
}

static void done(vd_exposing *x)
{
    if (x->s && x->summary)
        x->summary->units = vd_symbolic_units(x->s);
    vd_replay_free(x);
    vd_symbolic_free(x->s);
    for (uint32_t i = 0; i < x->owned_count; i++)
        vd_policy_release(x->owned[i]);
    vd_arena_done(&x->arena);
}

static vd_code check_options(const vd_exposing *x)
{
    const vd_exposure_opts *o = &x->opts;

    if (o->services < VD_SERVICES_DEPUTY || o->services > VD_SERVICES_ALL)
        return vd_fail(x->err, VD_EINVAL, "no choice of services: %d", (int)o->services);
    if (o->public_ip4_bits > 32 || o->public_ip6_bits > 127)
        return vd_fail(x->err, VD_EINVAL, "a bound of addresses is at most 32 bits and 127 bits");
    if (o->prove.resource_account.n && !vd_is_account(o->prove.resource_account))
        return vd_fail(x->err, VD_EINVAL, "no account id: \"" VD_F "\"", VD_A(o->prove.resource_account));
    return VD_OK;
}

vd_code vd_exposure_once(const vd_set *set, const vd_zone *zone, const vd_exposure_opts *opts, vd_otherwise *otherwise,
                         vd_exposed_fn *tell, void *user, vd_exposure_summary *summary, vd_error *err)
{
    vd_exposure_summary unused;
    vd_zone             own = { .owner = true };
    vd_exposing         x = { .engine = vd_set_engine(set), .set = set, .zone = zone ? zone : &own, .otherwise = otherwise, .err = err };
    vd_code             code;
    bool                asked;

    x.summary = summary ? summary : &unused;
    *x.summary = (vd_exposure_summary){ .size = sizeof *x.summary };
    if (opts)
        memcpy(&x.opts, opts, opts->size && opts->size < sizeof x.opts ? opts->size : sizeof x.opts);
    if (x.opts.prove.budget_total == 0)
        x.opts.prove.budget_total = TOTAL;
    x.catalog = x.opts.prove.catalog ? x.opts.prove.catalog : vd_catalog_builtin();
    x.state = x.opts.prove.state ? x.opts.prove.state->state : NULL;
    x.arena = vd_arena_on(&x.engine->alloc, 0);
    code = check_options(&x);
    if (code == VD_OK)
        name_owner_org(&x);
    if (code == VD_OK)
        code = start_symbolic(&x);
    if (code == VD_OK)
        code = vd_said_take(&x);
    asked = code == VD_OK && (!otherwise || otherwise->changed); /* else it is the same question */
    if (asked)
        code = prove(&x);
    if (asked && code == VD_OK)
        code = vd_findings_tell(&x, tell, user);
    if (code == VD_OK && x.summary->undecided)
        code = vd_fail(err, VD_EBUDGET, "no answer within the budget for some requests");
    done(&x);
    return code;
}
