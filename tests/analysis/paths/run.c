/* SPDX-License-Identifier: Apache-2.0
 *
 * Stories about paths (README.md): accounts in few words, a question, what must come of it; then again without each of the
 * things that it takes, when nothing may.  Adding a Deny to everybody may never add a path, what is proposed to be cut must
 * disconnect and have nothing too many, answers that calls share are those of each of them, and nobody's ways hang on whose were looked for before.
 */
#include "story.h"

#include "analyze/effective.h"
#include "analyze/techniques.h"
#include "base/str.h"

#include <verdict/paths.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct answer {
    char     steps[64][512]; /* "technique technique" of each path */
    uint32_t flags[64];
    char     required[1024];
    uint32_t count;
    bool     cut, complete;
    size_t   cut_count;
} answer;

static unsigned failures;

static bool take(void *user, const vd_route *r)
{
    answer *a = user;
    size_t  n = 0;

    if (a->count == 64)
        return true;
    a->steps[a->count][0] = 0;
    for (size_t i = 0; i < r->step_count; i++) {
        n += (size_t)snprintf(a->steps[a->count] + n, n < 512 ? 512 - n : 0, "%s%.*s", i ? " " : "", (int)r->steps[i].technique.n,
                              r->steps[i].technique.p);
        for (size_t k = 0; k < r->steps[i].call_count; k++)
            if (!(r->flags & VD_FLAG_POTENTIAL) && !r->steps[i].calls[k].witness) {
                fprintf(stderr, "%.*s: a certain path with a call that has no witness\n", (int)r->steps[i].technique.n, r->steps[i].technique.p);
                failures++;
            }
    }
    for (size_t i = 0; i < r->require_count; i++)
        snprintf(a->required + strlen(a->required), sizeof a->required - strlen(a->required), "%.*s ", (int)r->requirements[i].key.n,
                 r->requirements[i].key.p);
    a->flags[a->count++] = r->flags;
    return true;
}

static bool take_cut(void *user, const vd_route_cut *cut)
{
    answer *a = user;

    a->cut = true;
    a->complete = cut->complete;
    a->cut_count = cut->count;
    return true;
}

static void ask(answer *a, const vd_engine *engine, const json_t *story, const char *name)
{
    const char   *from = json_string_value(json_object_get(story, "from")), *to = json_string_value(json_object_get(story, "to"));
    char          from_arn[512] = "", to_arn[512] = "";
    vd_paths_opts o = { .size = sizeof o, .all_paths = 6, .confirmed_only = json_is_true(json_object_get(story, "confirmedOnly")) };
    vd_error      err = { .size = sizeof err };
    vd_snapshot  *s = snapshot_of(engine, story);

    memset(a, 0, sizeof *a);
    o.prove.now = 1735689600;
    if (from)
        full_name(from_arn, sizeof from_arn, OWN, from);
    if (to)
        full_name(to_arn, sizeof to_arn, OWN, to);
    o.from = vd_str_of(from_arn);
    o.to = vd_str_of(to_arn);
    if (json_is_true(json_object_get(story, "cut"))) {
        o.cut = take_cut;
        o.all_paths = 1;
    }
    if (vd_paths(s, &o, take, a, NULL, &err) != VD_OK) {
        fprintf(stderr, "%s: %s\n", name, err.text);
        failures++;
    }
    snapshot_drop(s);
}

/* ------------------------------------------------------------------ without something */

/* Takes away, or replaces, what is at "a/b/2". */
static void patch(json_t *story, const char *path, json_t *value)
{
    char    copy[256], *at = copy, *slash;
    json_t *in = story;

    snprintf(copy, sizeof copy, "%s", path);
    while (in && (slash = strchr(at, '|')) != NULL) {
        *slash = 0;
        in = json_is_array(in) ? json_array_get(in, (size_t)atoi(at)) : json_object_get(in, at);
        at = slash + 1;
    }
    if (!in || (json_is_array(in) && (size_t)atoi(at) >= json_array_size(in))) {
        fprintf(stderr, "there is no %s\n", path);
        failures++;
        return;
    }
    if (json_is_array(in))
        value ? json_array_set(in, (size_t)atoi(at), value) : json_array_remove(in, (size_t)atoi(at));
    else if (value)
        json_object_set(in, at, value);
    else
        json_object_del(in, at);
}

static bool goes(const answer *a, const char *technique)
{
    size_t n = strlen(technique);

    for (uint32_t i = 0; i < a->count; i++)
        for (const char *p = strstr(a->steps[i], technique); p; p = strstr(p + 1, technique))
            if ((p == a->steps[i] || p[-1] == ' ') && (p[n] == 0 || p[n] == ' '))
                return true;
    return false;
}

static void fail(const char *name, const char *what, const answer *a)
{
    fprintf(stderr, "%s: %s\n", name, what);
    for (uint32_t i = 0; i < a->count; i++)
        fprintf(stderr, "    %s%s\n", a->steps[i], a->flags[i] & VD_FLAG_POTENTIAL ? " (potential)" : "");
    failures++;
}

static void without(const vd_engine *engine, const json_t *story, const char *name, const char *technique)
{
    json_t     *all = json_object_get(story, "without"), *value;
    const char *path;
    answer      a;

    json_object_foreach(all, path, value) {
        json_t *less = json_deep_copy(story);
        char    what[512];

        patch(less, path, json_is_null(value) ? NULL : value);
        ask(&a, engine, less, name);
        snprintf(what, sizeof what, "still goes without %s", path);
        if (technique ? goes(&a, technique) : a.count > 0)
            fail(name, what, &a);
        json_decref(less);
    }
}

/* ------------------------------------------------------------------ laws */

static uint32_t sure(const answer *a)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < a->count; i++)
        n += !(a->flags[i] & VD_FLAG_POTENTIAL);
    return n;
}

/* A Deny of IAM on everybody who has a policy: never more paths than before. */
static void denied(const vd_engine *engine, const json_t *story, const char *name, const answer *before)
{
    static const char *const folders[] = { "users", "roles", "groups" };
    json_t                  *less = json_deep_copy(story), *own, *who;
    const char              *id, *key;
    answer                   a;

    json_object_foreach(json_object_get(less, "accounts"), id, own)
        for (size_t i = 0; i < 3; i++)
            json_object_foreach(json_object_get(own, folders[i]), key, who) {
                if (!json_object_get(who, "deny"))
                    json_object_set_new(who, "deny", json_array());
                json_array_append_new(json_object_get(who, "deny"), json_string("iam:P* *"));
            }
    ask(&a, engine, less, name);
    if (before->count == 0 && sure(&a))
        fail(name, "a Deny adds a path", &a);
    json_decref(less);
}

/* Every principal's calls of IAM on everything there is: asked for reasons, nothing is shared. */
static void shared(const vd_engine *engine, const json_t *story, const char *name)
{
    static const vd_str actions[] = { VD_L("iam:AttachRolePolicy"), VD_L("iam:AttachUserPolicy"), VD_L("iam:AttachGroupPolicy"),
                                      VD_L("iam:PassRole"), VD_L("iam:CreatePolicyVersion"), VD_L("iam:PutUserPolicy"),
                                      VD_L("iam:CreateAccessKey"), VD_L("iam:DeleteUserPermissionsBoundary"), VD_L("iam:TagUser") };
    vd_snapshot        *s = snapshot_of(engine, story);
    vd_prove_opts       prove = { .size = sizeof prove, .now = 1735689600 };
    vd_error            err = { .size = sizeof err };
    vd_effective       *e[2] = { NULL, NULL };
    vd_str              targets[64];
    uint32_t            count = 0;

    for (uint32_t i = 0; i < s->node_count && count < VD_COUNT(targets); i++)
        targets[count++] = s->nodes[i].arn;
    for (uint32_t i = 0; i < s->group_count && count < VD_COUNT(targets); i++)
        targets[count++] = s->groups[i].arn;
    for (uint32_t i = 0; i < s->managed_count && count < VD_COUNT(targets); i++)
        targets[count++] = s->managed[i].arn;
    for (int i = 0; i < 2; i++)
        if (vd_effective_new(&e[i], s, &prove, &err) != VD_OK)
            exit(2);
    for (uint32_t node = 0; node < s->node_count; node++)
        for (size_t a = 0; a < VD_COUNT(actions); a++)
            for (uint32_t t = 0; t < count; t++)
                for (uint32_t p = 0; p <= s->managed_count; p++) {
                    const vd_assumption pin = { .key = VD_S("iam:PolicyARN"), .values = p ? &s->managed[p - 1].arn : NULL, .count = 1 };
                    const vd_asked_call call = { .action = actions[a], .resources = &targets[t], .resource_count = 1, .resource = VD_NONE,
                                                 .context = &pin, .context_count = p ? 1 : 0 };
                    const vd_identity   who = { .node = node, .retagged = t % 3 == 1, .raised = t % 3 == 2, .joined = VD_NONE, .adopted = VD_NONE,
                                                .dropped = VD_NONE };
                    vd_can              own, other;

                    if (vd_effective_can(&own, e[0], &who, &call, true, &err) != VD_OK ||
                        vd_effective_can(&other, e[1], &who, &call, false, &err) != VD_OK)
                        exit(2);
                    if (own.answer == other.answer && own.flags == other.flags)
                        continue;
                    fprintf(stderr, "%s: %.*s of %.*s on %.*s is %d with %x, shared it is %d with %x\n", name, (int)actions[a].n, actions[a].p,
                            (int)s->nodes[node].arn.n, s->nodes[node].arn.p, (int)targets[t].n, targets[t].p, (int)own.answer, own.flags,
                            (int)other.answer, other.flags);
                    failures++;
                }
    vd_effective_free(e[0]);
    vd_effective_free(e[1]);
    snapshot_drop(s);
}

/* "who in how many steps, for certain" of everybody's ways to an administrator. */
typedef struct told {
    char     text[128][320];
    uint32_t count;
} told;

static bool tell(void *user, const vd_route *r)
{
    told *t = user;

    if (t->count < 128)
        snprintf(t->text[t->count++], sizeof t->text[0], "%.*s %zu %d", (int)r->from.arn.n, r->from.arn.p, r->step_count,
                 (r->flags & VD_FLAG_POTENTIAL) != 0);
    return true;
}

static void tell_from(told *out, const vd_snapshot *s, vd_str from, uint32_t first, uint32_t count)
{
    vd_paths_opts o = { .size = sizeof o, .prove = { .now = 1735689600 }, .from = from, .to = VD_S("@admin"), .first = first, .count = count };
    vd_error      err = { .size = sizeof err };

    if (vd_paths(s, &o, tell, out, NULL, &err) != VD_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(2);
    }
}

static void compare(const told *a, const told *b, const char *name, const char *what)
{
    bool same = a->count == b->count;

    for (uint32_t i = 0; i < a->count && same; i++)
        same = strcmp(a->text[i], b->text[i]) == 0;
    if (same)
        return;
    fprintf(stderr, "%s: everybody at once is not %s\n", name, what);
    for (uint32_t i = 0; i < a->count || i < b->count; i++)
        fprintf(stderr, "    %s | %s\n", i < a->count ? a->text[i] : "", i < b->count ? b->text[i] : "");
    failures++;
}

/* What one search tells the next changes nothing: everybody at once, in shares, and each alone. */
static void everybody(const vd_engine *engine, const json_t *story, const char *name)
{
    vd_snapshot *s = snapshot_of(engine, story);
    told        *all = calloc(3, sizeof *all);

    if (!all)
        exit(2);
    tell_from(&all[0], s, VD_S(""), 0, 0);
    for (uint32_t i = 0; i < s->node_count; i += 2)
        tell_from(&all[1], s, VD_S(""), i, 2);
    for (uint32_t i = 0; i < s->node_count; i++) {
        told one = { .count = 0 };

        tell_from(&one, s, VD_S(""), i, 1); /* nobody, when it is an administrator */
        if (one.count)
            tell_from(&all[2], s, s->nodes[i].arn, 0, 0);
    }
    compare(&all[0], &all[1], name, "everybody in shares");
    compare(&all[0], &all[2], name, "each alone");
    free(all);
    snapshot_drop(s);
}

/* The statements of a cut, as they are in the snapshot. */
typedef struct cut_off {
    vd_statement *at[64];
    uint32_t      count;
    bool          complete;
    vd_snapshot  *s;
} cut_off;

static bool is_it(const vd_policy *p, const vd_statement_info *s)
{
    vd_pos at;

    if (!p || !vd_str_eq(p->name, s->policy) || s->index >= p->statement_count)
        return false;
    at = vd_policy_pos(p, p->statements[s->index].span);
    return at.line == s->at.line && at.column == s->at.column && vd_str_eq(at.file, s->at.file);
}

static bool find_cut(void *user, const vd_route_cut *cut)
{
    cut_off *c = user;

    c->complete = cut->complete;
    for (size_t i = 0; i < cut->count && c->count < 64; i++) {
        for (uint32_t k = 0; k < c->s->doc_count; k++)
            if (is_it(c->s->docs[k].policy, &cut->statements[i]))
                c->at[c->count++] = &c->s->docs[k].policy->statements[cut->statements[i].index];
        if (cut->holders[i].count == 0) {
            fprintf(stderr, "a statement of a cut that nobody holds\n");
            failures++;
        }
    }
    return true;
}

/* Without what is proposed nobody becomes an administrator, without any less somebody does. */
static void cut(const vd_engine *engine, const json_t *story, const char *name)
{
    cut_off       c = { .s = snapshot_of(engine, story) };
    vd_paths_opts o = { .size = sizeof o, .prove = { .now = 1735689600 }, .to = VD_S("@admin"), .cut = find_cut };
    vd_error      err = { .size = sizeof err };

    if (vd_paths(c.s, &o, NULL, &c, NULL, &err) != VD_OK)
        exit(2);
    for (uint32_t i = 0; i < c.count; i++)
        c.at[i]->malformed = true;
    for (uint32_t i = 0; i <= c.count && c.complete; i++) {
        told t = { .count = 0 };

        if (i < c.count)
            c.at[i]->malformed = false;
        tell_from(&t, c.s, VD_S(""), 0, 0);
        if (i < c.count)
            c.at[i]->malformed = true;
        if ((t.count > 0) != (i < c.count)) {
            fprintf(stderr, "%s: the cut %s\n", name, i < c.count ? "has a statement too many" : "does not disconnect");
            failures++;
        }
    }
    for (uint32_t i = 0; i < c.count; i++)
        c.at[i]->malformed = false;
    snapshot_drop(c.s);
}

/* ------------------------------------------------------------------ one story */

static void check_expected(const json_t *story, const char *name, const answer *a)
{
    const json_t *e = json_object_get(story, "expect");
    const char   *steps = json_string_value(json_object_get(e, "steps")), *requires = json_string_value(json_object_get(e, "requires"));
    bool          any = false;

    for (uint32_t i = 0; steps && i < a->count; i++)
        any |= strcmp(a->steps[i], steps) == 0;
    if (steps && !any)
        fail(name, "the path is not found", a);
    if (json_is_true(json_object_get(e, "none")) && a->count)
        fail(name, "there should be no path", a);
    if (json_object_get(e, "potential") && a->count && json_is_true(json_object_get(e, "potential")) != (sure(a) == 0))
        fail(name, "it is not as certain as it should be", a);
    if (requires && !strstr(a->required, requires))
        fail(name, "it does not require what it should", a);
    if (json_object_get(e, "cut") && (!a->cut || !a->complete || a->cut_count != (size_t)json_integer_value(json_object_get(e, "cut"))))
        fail(name, "the cut is not as it should be", a);
}

/* The JSON of who it starts from; NULL: somebody outside. */
static json_t *caller_of(json_t *story)
{
    char        account[16] = OWN, kind[8], name[256];
    const char *from = json_string_value(json_object_get(story, "from")), *at = from, *slash;
    json_t     *own;

    if (!from || from[0] == '@')
        return NULL;
    if (sscanf(from, "arn:aws:iam::%12[0-9]:", account) == 1)
        at = strrchr(from, ':') + 1;
    snprintf(kind, sizeof kind, "%.*ss", (int)strcspn(at, "/"), at);
    slash = strrchr(at, '/');
    snprintf(name, sizeof name, "%s", slash + 1);
    own = json_object_get(json_object_get(story, "accounts"), account);
    return json_object_get(json_object_get(own, kind), name);
}

static void nearly(const vd_engine *engine, json_t *less, const char *name, const char *technique, const char *what)
{
    answer a;

    ask(&a, engine, less, name);
    if (goes(&a, technique))
        fail(name, what, &a);
    json_decref(less);
}

/* Whoever starts is denied everything, is bounded, is in an account under guard-rails: it does not work any more. */
static void near_misses(const vd_engine *engine, const json_t *story, const char *name, const char *technique)
{
    json_t *less = json_deep_copy(story), *who = caller_of(less), *own;

    if (!who) {
        json_decref(less);
        return;
    }
    json_object_set_new(who, "deny", json_pack("[s]", "* *"));
    nearly(engine, less, name, technique, "still goes though everything is denied");
    less = json_deep_copy(story);
    json_object_set_new(caller_of(less), "boundary", json_string("arn:aws:iam::" OWN ":policy/near-miss"));
    own = json_object_get(json_object_get(less, "accounts"), OWN);
    if (!json_object_get(own, "policies"))
        json_object_set_new(own, "policies", json_object());
    json_object_set_new(json_object_get(own, "policies"), "near-miss", json_pack("{s:[s]}", "allow", "s3:ListAllMyBuckets *"));
    nearly(engine, less, name, technique, "still goes behind a boundary that allows nothing of it");
    if (json_object_get(story, "management"))
        return;
    less = json_deep_copy(story);
    json_object_set_new(less, "management", json_string("999988887777"));
    json_object_set_new(json_object_get(less, "accounts"), "999988887777", json_object());
    json_object_set_new(json_object_get(json_object_get(less, "accounts"), OWN), "scp", json_pack("{s:b, s:[s]}", "admin", 1, "deny", "* *"));
    nearly(engine, less, name, technique, "still goes though the organization denies it");
}

static void run(const vd_engine *engine, const json_t *story)
{
    const char *technique = json_string_value(json_object_get(story, "technique")), *name = json_string_value(json_object_get(story, "name"));
    bool        inert = json_object_get(story, "inert") != NULL;
    answer      a;

    name = name ? name : technique;
    ask(&a, engine, story, name);
    if (technique && goes(&a, technique) == inert)
        fail(name, inert ? "works now: say so" : "does not work", &a);
    check_expected(story, name, &a);
    without(engine, story, name, technique);
    if (technique)
        near_misses(engine, story, name, technique);
    denied(engine, story, name, &a);
    shared(engine, story, name);
    everybody(engine, story, name);
    cut(engine, story, name);
}

/* Every technique of the catalogue has its story, and no story is about another one. */
static void check_all(const json_t *all)
{
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    vd_ways  ways = { 0 };
    vd_error err = { .size = sizeof err };
    json_t  *story, *seen = json_object();
    size_t   k;

    if (vd_ways_of(&ways, &arena, vd_catalog_builtin(), &err) != VD_OK)
        exit(2);
    json_array_foreach((json_t *)(uintptr_t)all, k, story)
        json_object_set_new(seen, json_string_value(json_object_get(story, "technique")), json_true());
    for (uint32_t i = 0; i < ways.count; i++) {
        char id[128];

        snprintf(id, sizeof id, "%.*s", (int)ways.at[i].id.n, ways.at[i].id.p);
        if (json_object_del(seen, id) == 0)
            continue;
        fprintf(stderr, "%s has no story\n", id);
        failures++;
    }
    for (void *at = json_object_iter(seen); at; at = json_object_iter_next(seen, at)) {
        fprintf(stderr, "%s is no technique\n", json_object_iter_key(at));
        failures++;
    }
    json_decref(seen);
    vd_arena_done(&arena);
}

int main(int argc, char **argv)
{
    vd_engine *engine = NULL;
    unsigned   count = 0;

    if (argc < 2 || vd_engine_new(&engine, NULL, NULL) != VD_OK)
        return 2;
    for (int i = 1; i < argc; i++) {
        json_error_t err;
        json_t      *all = json_load_file(argv[i], 0, &err), *story;
        size_t       k;

        if (!all) {
            fprintf(stderr, "%s:%d: %s\n", argv[i], err.line, err.text);
            return 2;
        }
        json_array_foreach(all, k, story) {
            run(engine, story);
            count++;
        }
        if (json_object_get(json_array_get(all, 0), "technique"))
            check_all(all);
        json_decref(all);
    }
    vd_engine_release(engine);
    printf("%u stories, %u failures\n", count, failures);
    return failures > 0;
}
