/* SPDX-License-Identifier: Apache-2.0
 *
 * Asks what a story asks, by the public functions, and has every witness decided once more: a request that some side
 * should allow must be allowed by the evaluator, one that the other should not must not be.
 */
#include "tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct listener {
    outcome   *out;
    vd_engine *engine;
    json_t    *story;
    json_t    *allowed, *refused; /* policies that a witness is replayed on; refused: none */
    bool       potential;
    bool       outsiders; /* callers are of accounts that let them do everything */
} listener;

/* ------------------------------------------------------------------ options */

enum { MOST = 64 };
typedef struct options {
    vd_prove_opts prove;
    vd_assumption assume[MOST];
    vd_str        values[MOST][MOST];
    vd_str        actions[MOST], resources[MOST];
    size_t        action_count, resource_count;
} options;

static json_t *option(json_t *story, const char *name)
{
    return json_object_get(json_object_get(story, "options"), name);
}

static bool is_set(json_t *story, const char *name)
{
    return json_is_true(option(story, name));
}

static size_t strings(vd_str *out, json_t *list)
{
    size_t n = 0;

    for (; n < json_array_size(list) && n < MOST; n++)
        out[n] = text_of(json_array_get(list, n));
    return n;
}

/* "2025-01-01" or seconds. */
static int64_t moment(json_t *value)
{
    int year, month, day;

    if (!json_is_string(value) || sscanf(json_string_value(value), "%d-%d-%d", &year, &month, &day) != 3)
        return json_integer_value(value);
    year -= month <= 2;
    return ((int64_t)365 * year + year / 4 - year / 100 + year / 400 + (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 - 719468) *
           86400;
}

/* {"aws:X": "v"}, {"aws:X": ["v", "w"]}, {"aws:X": true} (there), {"aws:X": null} (not there). */
static void read_assumptions(options *o, json_t *given)
{
    const char *key;
    json_t     *value;

    json_object_foreach(given, key, value) {
        vd_assumption *a = &o->assume[o->prove.assume_count];
        vd_str        *values = o->values[o->prove.assume_count++];

        *a = (vd_assumption){ .key = vd_str_of(key), .absent = json_is_null(value), .values = values };
        if (json_is_array(value))
            a->count = strings(values, value);
        else if (json_is_string(value))
            values[a->count++] = text_of(value);
        if (o->prove.assume_count == MOST)
            return;
    }
}

static void read_options(options *o, json_t *story, const side *s)
{
    *o = (options){ .prove = { .size = sizeof o->prove } };
    o->prove.now = moment(option(story, "now"));
    if (!o->prove.now)
        o->prove.now = 1735689600; /* 2025-01-01, as all stories have it */
    o->prove.budget = (uint64_t)json_integer_value(option(story, "budget"));
    o->prove.future_actions = is_set(story, "futureActions");
    o->prove.principal = text_of(option(story, "principal"));
    o->prove.state = s->request;
    o->prove.resource_account = text_of(json_object_get(story, "resourceAccount"));
    o->prove.resource_org = text_of(json_object_get(story, "resourceOrg"));
    o->prove.resource_org_path = text_of(json_object_get(story, "resourceOrgPath"));
    o->prove.assume = o->assume;
    read_assumptions(o, option(story, "assume"));
    o->action_count = strings(o->actions, option(story, "actions"));
    o->resource_count = strings(o->resources, option(story, "resources"));
}

/* ------------------------------------------------------------------ witnesses */

/* The side that a story does not speak of agrees: what others may do at home, what the owner of a resource lets them. */
static json_t *with_agreement(json_t *policies, const vd_witness *w)
{
    json_t *out = json_copy(policies);
    vd_str  account = w->account.n ? w->account : (vd_str){ "*", 1 };

    if (!json_object_get(out, "resource") && (w->agrees & VD_AGREES_RESOURCE))
        json_object_set_new(out, "resource",
                            json_pack("[{s:s, s:{s:s%}, s:s, s:s}]", "Effect", "Allow", "Principal", "AWS", account.p, account.n,
                                      "Action", "*", "Resource", "*"));
    return out;
}

static vd_code decide(vd_decision *out, listener *l, json_t *policies, const vd_witness *w, char *failure)
{
    json_t  *all = with_agreement(policies, w);
    side     s;
    void    *scratch;
    vd_code  code = VD_EINVAL;

    *out = (vd_decision){ .size = sizeof *out };
    if (side_open(&s, l->engine, l->story, all, l->outsiders || (w->agrees & VD_AGREES_IDENTITY), failure)) {
        scratch = aligned_alloc(64, (vd_scratch_size(s.set) + 63) / 64 * 64);
        code = vd_witness_request(s.request, w);
        if (code == VD_OK)
            code = vd_eval(out, s.set, s.request, scratch);
        if (code != VD_OK)
            snprintf(failure, MESSAGE, "a witness is no request: %s",
                     vd_request_error(s.request) ? vd_request_error(s.request)->text : vd_code_name(code));
        free(scratch);
        side_close(&s);
    }
    json_decref(all);
    return code;
}

static void replay(listener *l, const vd_witness *w, uint32_t flags, json_t *allowed, json_t *refused)
{
    char       *failure = l->out->failure;
    vd_decision d;

    if (failure[0] || json_is_true(json_object_get(l->story, "noReplay")))
        return;
    if (!w) {
        if (!(flags & VD_FLAG_POTENTIAL))
            snprintf(failure, MESSAGE, "a finding without a witness must say that it is potential only");
        return;
    }
    if (decide(&d, l, allowed, w, failure) != VD_OK)
        return;
    if (d.outcome != VD_ALLOW)
        snprintf(failure, MESSAGE, "a witness is not allowed: %s (%s, %s)", vd_outcome_name(d.outcome), vd_layer_name(d.layer),
                 vd_category_name(d.category));
    if (refused && !failure[0] && decide(&d, l, refused, w, failure) == VD_OK && d.outcome == VD_ALLOW)
        snprintf(failure, MESSAGE, "a witness of something new is allowed by both sides");
    if (failure[0]) {
        json_t *shown = tell_witness(w);
        char   *text = json_dumps(shown, JSON_INDENT(2));

        strncat(failure, "\n", MESSAGE - strlen(failure) - 1);
        strncat(failure, text, MESSAGE - strlen(failure) - 1);
        free(text);
        json_decref(shown);
    }
}

/* The evaluator takes the policy of an endpoint for one that the request passes. */
static void replay_exposed(listener *l, const vd_exposed *x)
{
    json_t *allowed = json_copy(l->allowed);

    if (!x->over_endpoint)
        json_object_del(allowed, "endpoint");
    replay(l, x->witness, x->flags, allowed, NULL);
    json_decref(allowed);
}

static bool heard_exposed(void *user, const vd_exposed *x)
{
    listener *l = user;

    json_array_append_new(l->out->told, tell_exposed(x));
    if (!json_is_object(json_object_get(l->story, "resourceState")) && !json_object_get(json_object_get(l->story, "policies"), "accessPoint"))
        replay_exposed(l, x);
    return true;
}

static bool heard_delta(void *user, const vd_delta *d)
{
    listener *l = user;

    json_array_append_new(l->out->told, tell_delta(d));
    replay(l, d->witness, d->flags, d->removed ? l->refused : l->allowed, d->removed ? l->allowed : l->refused);
    return true;
}

static bool heard_grant(void *user, const vd_grant *g)
{
    listener *l = user;

    json_array_append_new(l->out->told, tell_grant(g));
    replay(l, g->witness, g->flags, l->allowed, NULL);
    return true;
}

static bool heard_redundant(void *user, const vd_redundant_part *p)
{
    listener *l = user;

    json_array_append_new(l->out->told, tell_redundant(p));
    return true;
}

/* ------------------------------------------------------------------ questions */

static void failed(outcome *out, vd_code code, const vd_error *err)
{
    if (code != VD_OK && code != VD_EBUDGET && !out->failure[0])
        snprintf(out->failure, MESSAGE, "%s: %s", vd_code_name(code), err->text);
}

static const char *answer_name(vd_answer a)
{
    return a == VD_SAT ? "yes" : a == VD_UNSAT ? "no" : "unknown";
}

static vd_zone *zone_of(vd_engine *engine, json_t *story, outcome *out)
{
    vd_error     err = { .size = sizeof err };
    vd_zone     *zone = NULL;
    json_t      *given = json_object_get(story, "zone");
    vd_zone_opts owner = { .size = sizeof owner, .owner = true };
    char        *text = NULL;
    vd_code      code;

    if (json_is_string(given))
        code = vd_zone_parse(&zone, engine, text_of(given), &err);
    else if (json_is_object(given))
        code = vd_zone_read(&zone, engine, vd_str_of("zone.json"), vd_str_of(text = json_dumps(given, 0)), &err);
    else
        code = vd_zone_new(&zone, engine, &owner, &err);
    free(text);
    failed(out, code, &err);
    return zone;
}

static bool any_member(json_t *told, const char *name, const char *value)
{
    for (size_t i = 0; i < json_array_size(told); i++)
        if (!strcmp(json_string_value(json_object_get(json_array_get(told, i), name)), value))
            return true;
    return false;
}

static void ask_exposure(outcome *out, vd_engine *engine, json_t *story)
{
    static const char *const levels[] = { "low", "medium", "high" };
    json_t                  *policies = json_object_get(story, "policies");
    side                     s;
    options                  o;
    vd_zone                 *zone = NULL;
    vd_error                 err = { .size = sizeof err };
    vd_exposure_summary      sum = { .size = sizeof sum };
    listener                 l = { .out = out, .engine = engine, .story = story, .allowed = policies, .outsiders = true };
    vd_exposure_opts         opts = { .size = sizeof opts };
    bool                     counts = false;
    vd_str                   services = text_of(option(story, "services"));

    if (!side_open(&s, engine, story, policies, false, out->failure))
        return;
    read_options(&o, story, &s);
    opts.prove = o.prove;
    opts.resource = text_of(json_object_get(story, "resource"));
    opts.resource_type = text_of(json_object_get(story, "resourceType"));
    opts.trust_networks = is_set(story, "trustNetworks");
    opts.all_cells = is_set(story, "allCells");
    opts.count = is_set(story, "count");
    opts.any_address_limits_not = is_set(story, "anyAddressLimitsNot");
    if (services.n)
        opts.services = services.p[0] == 'n' ? VD_SERVICES_NONE : services.p[0] == 'a' ? VD_SERVICES_ALL : VD_SERVICES_DEPUTY;
    zone = zone_of(engine, story, out);
    if (zone)
        failed(out, vd_exposure(s.set, zone, &opts, heard_exposed, &l, &sum, &err), &err);
    for (size_t i = 0; i < 3; i++)
        counts |= any_member(out->told, "severity", levels[i]);
    json_object_set_new(out->summary, "exit", json_integer(counts ? 1 : sum.undecided ? 3 : 0));
    json_object_set_new(out->summary, "undecided", json_integer(sum.undecided));
    json_object_set_new(out->summary, "s3PolicyStatus", sum.s3_policy_status ? json_string(sum.s3_policy_status) : json_null());
    vd_zone_free(zone);
    side_close(&s);
}

static bool all_future(json_t *told)
{
    size_t n = json_array_size(told);

    for (size_t i = 0; i < n; i++) {
        json_t *flags = json_object_get(json_array_get(told, i), "flags");
        bool    found = false;

        for (size_t k = 0; k < json_array_size(flags); k++)
            found |= !strcmp(json_string_value(json_array_get(flags, k)), vd_flag_name(VD_FLAG_FUTURE));
        if (!found)
            return false;
    }
    return n > 0;
}

static void ask_diff(outcome *out, vd_engine *engine, json_t *story)
{
    json_t         *before = json_object_get(story, "before"), *after = json_object_get(story, "after");
    bool            equivalent = !strcmp(json_string_value(json_object_get(story, "ask")), "equivalent");
    side            a, b;
    options         o;
    vd_error        err = { .size = sizeof err };
    vd_diff_summary sum = { .size = sizeof sum };
    listener        l = { .out = out, .engine = engine, .story = story, .allowed = after, .refused = before };
    vd_diff_opts    opts = { .size = sizeof opts };
    bool            broader, narrower;

    if (!side_open(&a, engine, story, before, false, out->failure))
        return;
    if (!side_open(&b, engine, story, after, false, out->failure)) {
        side_close(&a);
        return;
    }
    read_options(&o, story, &a);
    opts.prove = o.prove;
    opts.removed = equivalent || is_set(story, "both");
    opts.only_removed = is_set(story, "reverse");
    opts.first = equivalent;
    failed(out, vd_diff(a.set, b.set, &opts, heard_delta, &l, &sum, &err), &err);
    broader = sum.broader == VD_SAT && (o.prove.future_actions || !all_future(out->told));
    narrower = sum.narrower == VD_SAT && (o.prove.future_actions || !all_future(out->told));
    json_object_set_new(out->summary, "broader", json_string(answer_name(sum.broader)));
    json_object_set_new(out->summary, "narrower", json_string(answer_name(sum.narrower)));
    json_object_set_new(out->summary, "undecided", json_integer(sum.undecided));
    json_object_set_new(out->summary, "exit",
                        json_integer((equivalent || opts.only_removed ? narrower || (equivalent && broader) : broader) ? 1
                                     : sum.undecided || sum.broader == VD_UNKNOWN ? 3 : 0));
    side_close(&b);
    side_close(&a);
}

static void ask_grants(outcome *out, vd_engine *engine, json_t *story)
{
    json_t           *policies = json_object_get(story, "policies");
    side              s;
    options           o;
    vd_error          err = { .size = sizeof err };
    vd_grants_summary sum = { .size = sizeof sum };
    listener          l = { .out = out, .engine = engine, .story = story, .allowed = policies };
    vd_grants_opts    opts = { .size = sizeof opts };

    if (!side_open(&s, engine, story, policies, false, out->failure))
        return;
    read_options(&o, story, &s);
    opts.prove = o.prove;
    opts.actions = o.actions;
    opts.action_count = o.action_count;
    opts.resources = o.resources;
    opts.resource_count = o.resource_count;
    opts.all = is_set(story, "all");
    opts.without_conditions = is_set(story, "withoutConditions");
    failed(out, vd_grants(s.set, &opts, heard_grant, &l, &sum, &err), &err);
    json_object_set_new(out->summary, "answer", json_string(answer_name(sum.answer)));
    json_object_set_new(out->summary, "granted", json_integer(sum.granted));
    json_object_set_new(out->summary, "asked", json_integer(sum.asked));
    json_object_set_new(out->summary, "undecided", json_integer(sum.undecided));
    json_object_set_new(out->summary, "exit", json_integer(sum.answer == VD_SAT ? 1 : sum.answer == VD_UNKNOWN ? 3 : 0));
    side_close(&s);
}

static void ask_redundant(outcome *out, vd_engine *engine, json_t *story)
{
    json_t           *policies = json_object_get(story, "policies");
    side              s;
    options           o;
    vd_error          err = { .size = sizeof err };
    listener          l = { .out = out, .engine = engine, .story = story };
    vd_redundant_opts opts = { .size = sizeof opts };
    vd_code           code;

    if (!side_open(&s, engine, story, policies, false, out->failure))
        return;
    read_options(&o, story, &s);
    opts.prove = o.prove;
    code = vd_redundant(s.set, &opts, heard_redundant, &l, &err);
    failed(out, code, &err);
    json_object_set_new(out->summary, "exit", json_integer(code == VD_EBUDGET ? 3 : json_array_size(out->told) ? 1 : 0));
    side_close(&s);
}

/* ------------------------------------------------------------------ which there are */

static const struct question {
    const char        *name;
    const char *const *members;
    void (*ask)(outcome *out, vd_engine *engine, json_t *story);
} questions[] = {
    { "exposure", tell_exposed_members, ask_exposure }, { "diff", tell_delta_members, ask_diff },
    { "equivalent", tell_delta_members, ask_diff },     { "grants", tell_grant_members, ask_grants },
    { "redundant", tell_redundant_members, ask_redundant },
};

static const struct question *find(const char *name)
{
    for (size_t i = 0; name && i < sizeof questions / sizeof *questions; i++)
        if (!strcmp(questions[i].name, name))
            return &questions[i];
    return NULL;
}

const char *const *ask_members(const char *question)
{
    const struct question *q = find(question);

    return q ? q->members : NULL;
}

bool ask_knows(const char *question)
{
    return find(question) != NULL;
}

void ask(outcome *out, vd_engine *engine, json_t *story)
{
    const struct question *q = find(json_string_value(json_object_get(story, "ask")));

    *out = (outcome){ .told = json_array(), .summary = json_object() };
    q->ask(out, engine, story);
}
