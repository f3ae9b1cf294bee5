/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts are added to uses: of an actor and an action there is one, whatever events, regions and outcomes it comes from.
 */
#include "activity/read.h"

#include "base/str.h"
#include "model/snapshot.h"
#include "pattern/arn.h"

#include <stdlib.h>

enum { DAY = 86400, DEPENDENT_DAYS = 30, MOST_TOLD = 256 };

/* ------------------------------------------------------------------ times */

static void set_day(const vd_activity *a, uint64_t *days, int64_t day, bool *any)
{
    int64_t i = day - a->first_day;

    if (i < 0 || i >= (int64_t)a->day_count)
        return;
    days[i / 64] |= UINT64_C(1) << i % 64;
    *any = true;
}

bool vd_act_days_of(const vd_activity *a, const vd_fact *f, uint64_t *days)
{
    bool any = false;

    memset(days, 0, a->day_words * sizeof *days);
    for (uint32_t w = 0; w < f->day_words; w++)
        for (uint64_t word = f->days[w]; word; word &= word - 1)
            set_day(a, days, f->day + (int64_t)w * 64 + __builtin_ctzll(word), &any);
    set_day(a, days, f->first / DAY, &any);
    set_day(a, days, f->last / DAY, &any);
    return any;
}

void vd_act_span(const vd_activity *a, const vd_fact *f, const uint64_t *days, int64_t *first, int64_t *last)
{
    uint32_t low = 0, high = a->day_count;

    *first = f->first;
    *last = f->last;
    while (low < high && !(days[low / 64] >> low % 64 & 1))
        low++;
    while (high > low && !(days[(high - 1) / 64] >> (high - 1) % 64 & 1))
        high--;
    if (*first < a->from)
        *first = (a->first_day + low) * DAY;
    if (*last >= a->to)
        *last = (a->first_day + high) * DAY - 1;
}

void vd_act_first_last(bool fresh, int64_t first, int64_t last, int64_t *low, int64_t *high)
{
    *low = fresh || first < *low ? first : *low;
    *high = fresh || last > *high ? last : *high;
}

/* ------------------------------------------------------------------ one use */

typedef struct wanted {
    uint32_t actor, action;
    vd_str   name;
} wanted;

static bool same_sum(const void *ctx, uint32_t value, const void *what)
{
    const vd_act_sum *s = &((const vd_gather *)ctx)->sums.at[value];
    const wanted     *w = what;

    return s->actor == w->actor && s->use.action == w->action && (w->action != VD_NONE || vd_str_eq(s->use.name, w->name));
}

static uint64_t hash_of(const vd_gather *g, const wanted *w)
{
    uint32_t ids[] = { w->actor, w->action };
    uint64_t hash = vd_hash(g->mapper.seed, (vd_str){ (const char *)ids, sizeof ids });

    return w->action == VD_NONE ? vd_hash(hash, w->name) : hash;
}

static vd_act_sum *find_sum(vd_gather *g, uint32_t actor, uint32_t action)
{
    wanted   w = { actor, action, VD_S("") };
    uint32_t at = vd_map_find(&g->map, hash_of(g, &w), same_sum, g, &w);

    return at == VD_NONE ? NULL : &g->sums.at[at];
}

vd_act_sum *vd_gather_sum(vd_gather *g, uint32_t actor, const vd_meaning *m)
{
    wanted     w = { actor, m->action, m->name };
    uint64_t   hash = hash_of(g, &w);
    uint32_t   at = vd_map_find(&g->map, hash, same_sum, g, &w);
    vd_act_use use = { .action = m->action, .name = m->name, .kind = m->kind, .unmapped = m->unmapped,
                       .confidence = m->confidence };

    if (at != VD_NONE)
        return &g->sums.at[at];
    use.days = vd_arena_new_array(&g->a->arena, uint64_t, g->a->day_words);
    if (!use.days || !VD_PUSH(g->alloc, &g->sums, (vd_act_sum){ .actor = actor, .use = use }))
        return NULL;
    if (!vd_map_add(&g->map, g->alloc, hash, g->sums.count - 1)) {
        g->sums.count--;
        return NULL;
    }
    return &g->sums.at[g->sums.count - 1];
}

/* ------------------------------------------------------------------ resources */

/* "ACTION ARN": for that action alone. */
static bool is_for(vd_str text, vd_str action, vd_str *arn)
{
    vd_str rest = text, name;

    if (vd_str_starts(text, VD_S("arn:")) || !vd_str_cut(&rest, ' ', &name) || !vd_str_ieq(name, action))
        return false;
    *arn = rest;
    return true;
}

/* Events of IAM name users and roles without their paths: "role/NAME". */
static bool pathless(const vd_act_fact *f, const vd_arn *arn, vd_who_kind *kind, vd_str *name)
{
    vd_str rest = arn->resource, word;

    if (!vd_str_eq(f->parts[VD_F_SOURCE], VD_S("iam")) || !vd_str_eq(arn->service, VD_S("iam")) ||
        !vd_str_cut(&rest, '/', &word) || vd_str_find(rest, '/') < rest.n || !rest.n || vd_str_eq(rest, VD_S("*")))
        return false;
    *kind = vd_str_eq(word, VD_S("role")) ? VD_WHO_IS_ROLE : VD_WHO_IS_USER;
    *name = rest;
    return vd_str_eq(word, VD_S("role")) || vd_str_eq(word, VD_S("user")) || vd_str_eq(word, VD_S("group")) ||
           vd_str_eq(word, VD_S("instance-profile"));
}

/* With its path where the snapshot or the answer that made it has it; else without and with any. */
static bool put_resource(vd_gather *g, vd_act_set *set, const vd_act_fact *f, vd_str text)
{
    vd_who_kind kind;
    vd_arn      arn;
    vd_str      name, any, told;
    uint32_t    node = VD_NONE;
    bool        person;

    if (!vd_arn_split(&arn, text) || !pathless(f, &arn, &kind, &name))
        return vd_act_set_add(&g->texts, set, text);
    person = vd_str_starts(arn.resource, VD_S("role/")) || vd_str_starts(arn.resource, VD_S("user/"));
    if (person)
        node = vd_people_node(g->people, arn.account, kind, name);
    if (node != VD_NONE)
        return vd_act_set_add(&g->texts, set, g->a->snapshot->nodes[node].arn);
    told = vd_act_made_arn(&g->made, text);
    if (told.n)
        return vd_act_set_add(&g->texts, set, told);
    set->more = true;
    return vd_arena_printf(&g->a->arena, &any, VD_F "*/" VD_F, VD_A(vd_str_first(text, text.n - name.n)), VD_A(name)) &&
           vd_act_set_add(&g->texts, set, text) && vd_act_set_add(&g->texts, set, any);
}

/* What is told of the resources of an event: names, or patterns of names that are too many. */
typedef struct told {
    vd_str   at[MOST_TOLD];
    uint32_t count;
    bool     more;
} told;

static bool tell_one(void *ctx, vd_str text)
{
    told *t = ctx;

    if (t->count < MOST_TOLD)
        t->at[t->count++] = text;
    else
        t->more = true;
    return true;
}

static bool tell_all(vd_gather *g, told *t, const vd_fact *f)
{
    const vd_bottom *all = &f->sets[VD_SET_RESOURCES];

    t->count = 0;
    t->more = all->overflow && !f->lattice;
    if (f->lattice && !vd_lattice_patterns(f->lattice, &g->a->arena, tell_one, t))
        return false;
    if (f->lattice && !t->more)
        return true;
    t->count = 0;
    for (uint32_t i = 0; i < all->count; i++)
        tell_one(t, all->at[i].text);
    return true;
}

/* A pattern that is not of the kinds of the action may hold names that are. */
static bool is_open(vd_str arn)
{
    return arn.n && arn.p[arn.n - 1] == '*';
}

/* The resources of the event that are of the action's kinds; when there is none nobody knows what it was. */
static bool add_resources(vd_gather *g, vd_act_set *set, const vd_act_fact *f, const vd_meaning *m)
{
    uint32_t given = 0;
    bool     own = false;
    vd_str   arn;
    told     all;

    if (!tell_all(g, &all, f->fact))
        return false;
    if (m->action != VD_NONE && !vd_act_has_types(g->a->catalog, m->action))
        return vd_act_set_add(&g->texts, set, VD_S("*"));
    for (uint32_t i = 0; i < all.count; i++)
        if (is_for(all.at[i], m->name, &arn)) {
            own = true;
            given++;
            if (!put_resource(g, set, f, arn))
                return false;
        }
    for (uint32_t i = 0; !own && !m->elsewhere && i < all.count; i++) {
        arn = all.at[i];
        if (!vd_str_starts(arn, VD_S("arn:")))
            continue;
        if (m->action != VD_NONE && !vd_act_fits(g->a->catalog, m->action, arn)) {
            set->more |= f->fact->lattice && is_open(arn);
            continue;
        }
        given++;
        if (!put_resource(g, set, f, arn))
            return false;
    }
    set->more |= !given || all.more;
    return true;
}

/* ------------------------------------------------------------------ what a fact adds to a use */

static bool add_texts(vd_gather *g, vd_act_set *set, const vd_bottom *from)
{
    for (uint32_t i = 0; i < from->count; i++)
        if (!vd_act_set_add(&g->texts, set, from->at[i].text))
            return false;
    set->more |= from->overflow;
    return true;
}

static bool add_words(vd_gather *g, vd_act_set *set, vd_str words)
{
    for (vd_str word; words.n;) {
        if (!vd_str_cut(&words, ' ', &word)) {
            word = words;
            words = VD_S("");
        }
        if (!vd_act_set_add(&g->texts, set, word))
            return false;
    }
    return true;
}

static bool add_event(vd_gather *g, vd_act_set *set, const vd_act_fact *f)
{
    vd_str source = f->parts[VD_F_SOURCE], name = f->parts[VD_F_NAME];
    char   text[2 * VD_FACT_PART_BYTES + 1];

    memcpy(text, source.p, source.n);
    text[source.n] = ' ';
    memcpy(text + source.n + 1, name.p, name.n);
    return vd_act_set_add(&g->texts, set, (vd_str){ text, source.n + 1 + name.n });
}

/* Tags and the like; those of the call that passes a role are none of iam:PassRole.  Of KMS's calls some may have no context: the
 * guards of the others say whether there are tags. */
static bool add_asked(vd_gather *g, vd_act_sum *s, const vd_act_fact *f, const vd_meaning *m)
{
    const vd_bottom *asked = &f->fact->sets[VD_SET_ASKED];
    vd_act_set      *set = &s->sets[VD_ACT_ASKED];
    bool             kms = vd_str_eq(f->parts[VD_F_SOURCE], VD_S("kms"));
    bool             tells = kms ? !(f->fact->mfa & VD_WITHOUT_CONTEXT) : asked->count || asked->overflow;

    if (m->on_role)
        return true;
    set->more |= f->unknown != 0;
    return add_texts(g, set, asked) && (f->unknown || tells || vd_act_set_add(&g->texts, set, VD_S("{}")));
}

static bool add_circumstances(vd_gather *g, vd_act_sum *s, const vd_act_fact *f, const vd_meaning *m)
{
    s->use.mfa_true |= (f->fact->mfa & VD_MFA_TRUE) != 0;
    s->use.mfa_false |= (f->fact->mfa & VD_MFA_FALSE) != 0;
    s->use.mfa_none |= (f->fact->mfa & VD_MFA_NONE) != 0;
    s->use.direct |= f->parts[VD_F_VIA].n == 0;
    s->use.off_endpoint |= (f->fact->mfa & VD_OFF_ENDPOINT) != 0;
    return vd_act_set_add(&g->texts, &s->sets[VD_ACT_REGIONS], f->parts[VD_F_REGION]) &&
           vd_act_set_add(&g->texts, &s->sets[VD_ACT_VIA], f->parts[VD_F_VIA]) &&
           add_event(g, &s->sets[VD_ACT_EVENTS], f) &&
           add_texts(g, &s->sets[VD_ACT_ENDPOINTS], &f->fact->sets[VD_SET_ENDPOINTS]) &&
           add_texts(g, &s->sets[VD_ACT_NETWORKS], &f->fact->sets[VD_SET_NETWORKS]) &&
           add_words(g, &s->sets[VD_ACT_SERVICES], m->with) && add_asked(g, s, f, m);
}

typedef enum came { NOTHING, USED, FAILED, DENIED } came;

static came came_of(vd_str outcome)
{
    if (vd_str_eq(outcome, VD_S("ok")) || vd_str_eq(outcome, VD_S("dry-run")))
        return USED;
    if (vd_str_eq(outcome, VD_S("denied")))
        return DENIED;
    return vd_str_eq(outcome, VD_S("authn-fail")) ? NOTHING : FAILED;
}

static void add_up(uint64_t *sum, uint64_t n)
{
    if (__builtin_add_overflow(*sum, n, sum))
        *sum = UINT64_MAX;
}

/* Of two copies of one call the caller's own counts. */
static bool add_count(vd_gather *g, vd_act_sum *s, const vd_act_fact *f, const uint64_t *days, came how)
{
    vd_act_use *u = &s->use;
    bool        counted = !f->second || !s->own, had_use = u->count > 0;
    int64_t     first, last;

    vd_act_span(g->a, f->fact, days, &first, &last);
    if (how == DENIED) {
        if (counted)
            add_up(&u->denied, f->fact->count);
        if (!had_use)
            vd_act_first_last(u->denied == f->fact->count, first, last, &u->first, &u->last);
        return true;
    }
    s->own |= !f->second;
    if (counted || !had_use) {
        add_up(&u->count, f->fact->count);
        add_up(&u->errors, how == FAILED ? f->fact->count : 0);
    }
    vd_act_first_last(!had_use, first, last, &u->first, &u->last);
    for (uint32_t w = 0; w < g->a->day_words; w++)
        u->days[w] |= days[w];
    return true;
}

/* The surest evidence says what kind of use it is; attempts say nothing where there is a use. */
static void add_kind(vd_act_use *u, const vd_meaning *m, bool used)
{
    bool better = used && (u->count == 0 || m->kind < u->kind);

    if (better || (used && m->kind == u->kind && m->confidence < u->confidence)) {
        u->kind = m->kind;
        u->confidence = m->confidence;
    }
}

static bool add_meaning(vd_gather *g, uint32_t actor, const vd_act_fact *f, const uint64_t *days, const vd_meaning *m)
{
    came        how = came_of(f->parts[VD_F_OUTCOME]);
    vd_passing  passing = m->on_role ? vd_act_passing(g, f) : VD_PASSES;
    vd_meaning  doubted = *m;
    vd_act_sum *s;

    if (how == NOTHING || (m->implied && how == DENIED) || passing == VD_PASSES_NONE)
        return true;
    if (passing == VD_PASSES_PERHAPS) {
        doubted.kind = VD_USE_POSSIBLE;
        m = &doubted;
    }
    s = vd_gather_sum(g, actor, m);
    if (!s)
        return false;
    s->no_role |= !m->implied && !f->fact->sets[VD_SET_ROLES].count && !f->fact->sets[VD_SET_ROLES].overflow;
    add_kind(&s->use, m, how != DENIED);
    if (!add_count(g, s, f, days, how))
        return false;
    if (how == DENIED)
        return add_resources(g, &s->sets[VD_ACT_DENIED_ON], f, m);
    return (m->on_role ? vd_act_add_roles(g, &s->sets[VD_ACT_RESOURCES], f)
                       : add_resources(g, &s->sets[VD_ACT_RESOURCES], f, m)) &&
           add_circumstances(g, s, f, m);
}

/* ------------------------------------------------------------------ one fact */

bool vd_act_is_pair(vd_str kind)
{
    return vd_str_eq(kind, VD_S("aggregated-use")) || vd_str_eq(kind, VD_S("aggregated-possible"));
}

bool vd_act_asked(vd_asked *out, const vd_act_fact *f)
{
    vd_str rest = f->parts[VD_F_PRINCIPAL], account = { 0 }, kind = { 0 }, number;

    vd_str_cut(&rest, '|', &account);
    vd_str_cut(&rest, '|', &kind);
    vd_act_partition(account, &number);
    *out = (vd_asked){ .source = f->parts[VD_F_SOURCE],
                       .name = f->parts[VD_F_NAME],
                       .version = f->parts[VD_F_VERSION],
                       .kind = f->parts[VD_F_KIND],
                       .guards = f->guards,
                       .unknown = f->unknown,
                       .roles = f->fact->sets[VD_SET_ROLES].count > 0,
                       .service = vd_str_eq(kind, VD_S("service")),
                       .anonymous = vd_str_eq(kind, VD_S("unknown")) || vd_str_eq(kind, VD_S("directory")) ||
                                    (vd_str_eq(kind, VD_S("account")) && !vd_is_account(number)) };
    return !vd_str_starts(out->kind, VD_S("aggregated-")) || vd_str_eq(out->kind, VD_S("aggregated-eventName")) ||
           vd_act_is_pair(out->kind);
}

static bool add_actor(vd_gather *g, vd_act_actor *x, const vd_act_fact *f, const uint64_t *days)
{
    int64_t first, last;

    vd_act_span(g->a, f->fact, days, &first, &last);
    vd_act_first_last(x->actor.events == 0, first, last, &x->actor.first, &x->actor.last);
    x->own |= !f->second;
    if (!f->second || !x->own)
        add_up(&x->actor.events, f->fact->count);
    if ((!f->second || !x->own) && came_of(f->parts[VD_F_OUTCOME]) == DENIED)
        add_up(&x->actor.denied, f->fact->count);
    if (!x->days)
        x->days = vd_arena_new_array(&g->a->arena, uint64_t, g->a->day_words);
    for (uint32_t w = 0; x->days && w < g->a->day_words; w++)
        x->days[w] |= days[w];
    return x->days != NULL;
}

static bool mark_unmapped(vd_gather *g, vd_act_actor *x, const vd_meanings *found)
{
    uint32_t words = (vd_catalog_services(g->a->catalog) + 63) / 64;

    x->unmapped_source |= found->unmapped_source;
    if (!found->unmapped || found->service == VD_NONE)
        return true;
    if (!x->unmapped)
        x->unmapped = vd_arena_new_array(&g->a->arena, uint64_t, words);
    if (!x->unmapped)
        return false;
    x->unmapped[found->service / 64] |= UINT64_C(1) << found->service % 64;
    return true;
}

/* The tagging API asks of each service whether the caller may tag there. */
static bool add_tagged(vd_gather *g, uint32_t actor, const vd_act_fact *f)
{
    const vd_bottom *all = &f->fact->sets[VD_SET_RESOURCES];
    bool             away = vd_str_eq(f->parts[VD_F_NAME], VD_S("UntagResources"));
    vd_meanings      found = { 0 };
    vd_arn           arn;

    if (!vd_str_eq(f->parts[VD_F_SOURCE], VD_S("tagging")) || !(away || vd_str_eq(f->parts[VD_F_NAME], VD_S("TagResources"))))
        return true;
    for (uint32_t i = 0; i < all->count; i++) {
        vd_str text = all->at[i].text;

        if (vd_arn_split(&arn, vd_str_from(text, vd_str_starts(text, VD_S("arn:")) ? 0 : vd_str_find(text, ' ') + 1)) &&
            !vd_act_tagged(&g->mapper, &arn, away, &found))
            return false;
    }
    for (uint32_t i = 0; i < found.count; i++)
        if (!add_meaning(g, actor, f, g->days, &found.at[i]))
            return false;
    return true;
}

bool vd_gather_fact(vd_gather *g, const vd_act_fact *f)
{
    uint32_t           actor = vd_people_actor(g->people, f->parts[VD_F_PRINCIPAL]);
    const vd_meanings *found;
    vd_asked           asked;

    if (actor == VD_NONE || !vd_act_asked(&asked, f) || !vd_act_days_of(g->a, f->fact, g->days))
        return true;
    found = vd_mapper_ask(&g->mapper, &asked);
    if (!found || !add_actor(g, &g->a->actors[actor], f, g->days) || !mark_unmapped(g, &g->a->actors[actor], found))
        return false;
    for (uint32_t i = 0; i < found->count; i++)
        if (!add_meaning(g, actor, f, g->days, &found->at[i]))
            return false;
    return add_tagged(g, actor, f);
}

/* ------------------------------------------------------------------ dependents */

/* Most dependents make events of their own, and the catalogue lists them for the most general case: possible, no more.
 * Of iam:PassRole that says something only where no event told the role. */
static bool add_dependent(vd_gather *g, uint32_t from, uint32_t action)
{
    vd_meaning  m = { .action = action, .kind = VD_USE_POSSIBLE, .confidence = 'L' };
    vd_act_sum *s = find_sum(g, g->sums.at[from].actor, action);
    bool        passes = action == g->pass_role;

    if (passes ? !g->sums.at[from].no_role : s && s->use.count > 0 && s->use.kind != VD_USE_POSSIBLE)
        return true;
    if (!vd_act_action_name(&g->a->arena, g->a->catalog, action, &m.name) ||
        !(s = vd_gather_sum(g, g->sums.at[from].actor, &m)))
        return false;
    if (s->use.count == 0) {
        s->use.kind = m.kind;
        s->use.confidence = m.confidence;
    }
    vd_act_first_last(s->use.count == 0, g->sums.at[from].use.first, g->sums.at[from].use.last, &s->use.first, &s->use.last);
    if (!s->own)
        add_up(&s->use.count, g->sums.at[from].use.count);
    for (uint32_t w = 0; w < g->a->day_words; w++)
        s->use.days[w] |= g->sums.at[from].use.days[w];
    s->sets[VD_ACT_RESOURCES].more = true;
    for (uint32_t i = 0; i < g->sums.at[from].sets[VD_ACT_EVENTS].ids.count; i++)
        if (!vd_act_set_add(&g->texts, &s->sets[VD_ACT_EVENTS],
                             g->texts.intern.strings.at[g->sums.at[from].sets[VD_ACT_EVENTS].ids.at[i]]))
            return false;
    return true;
}

bool vd_gather_dependents(vd_gather *g, int32_t how)
{
    uint32_t count = how == VD_DEPENDENTS_IGNORE ? 0 : g->sums.count;

    g->pass_role = vd_catalog_find(g->a->catalog, VD_S("iam:PassRole"));
    for (uint32_t i = 0; i < count; i++) {
        vd_act_use u = g->sums.at[i].use; /* those that are added may move it */
        vd_ids     depends;

        if (u.action == VD_NONE || u.count == 0 || u.kind == VD_USE_POSSIBLE ||
            (how == VD_DEPENDENTS_WARN && u.last < g->a->to - DEPENDENT_DAYS * DAY))
            continue;
        depends = vd_catalog_action(g->a->catalog, u.action).depends;
        for (uint32_t k = 0; k < depends.count; k++)
            if (depends.at[k] != u.action && !add_dependent(g, i, depends.at[k]))
                return false;
    }
    return true;
}

/* ------------------------------------------------------------------ packing */

static int by_actor_and_name(const void *a, const void *b)
{
    const vd_act_sum *x = a, *y = b;
    int               c;

    if (x->actor != y->actor)
        return x->actor < y->actor ? -1 : 1;
    c = vd_str_icmp(x->use.name, y->use.name);
    return c ? c : vd_str_cmp(x->use.name, y->use.name);
}

static uint32_t count_days(const uint64_t *days, uint32_t words)
{
    uint32_t n = 0;

    for (uint32_t w = 0; days && w < words; w++)
        n += (uint32_t)__builtin_popcountll(days[w]);
    return n;
}

static bool pack(vd_gather *g, const vd_act_sum *s, vd_act_use *out)
{
    vd_use_texts *const sets[VD_ACT_SETS] = {
        [VD_ACT_RESOURCES] = &out->resources, [VD_ACT_DENIED_ON] = &out->denied_on, [VD_ACT_REGIONS] = &out->regions,
        [VD_ACT_VIA] = &out->via,             [VD_ACT_EVENTS] = &out->events,       [VD_ACT_ENDPOINTS] = &out->endpoints,
        [VD_ACT_NETWORKS] = &out->networks,   [VD_ACT_SERVICES] = &out->services,   [VD_ACT_ASKED] = &out->asked,
    };

    *out = s->use;
    for (size_t i = 0; i < VD_ACT_SETS; i++)
        if (!vd_act_set_pack(&g->a->arena, &g->texts, &s->sets[i], sets[i]))
            return false;
    return true;
}

bool vd_gather_pack(vd_gather *g)
{
    vd_activity *a = g->a;

    a->uses = vd_arena_new_array(&a->arena, vd_act_use, g->sums.count + 1);
    if (!a->uses)
        return false;
    if (g->sums.count)
        qsort(g->sums.at, g->sums.count, sizeof *g->sums.at, by_actor_and_name);
    a->use_count = g->sums.count;
    for (uint32_t i = 0; i < a->use_count; i++) {
        vd_act_actor *x = &a->actors[g->sums.at[i].actor];

        if (x->actor.uses++ == 0)
            x->first_use = i;
        if (!pack(g, &g->sums.at[i], &a->uses[i]))
            return false;
    }
    for (uint32_t i = 0; i < a->actor_count; i++)
        a->actors[i].actor.days = count_days(a->actors[i].days, a->day_words);
    return true;
}

void vd_gather_done(vd_gather *g)
{
    for (uint32_t i = 0; i < g->sums.count; i++)
        for (size_t k = 0; k < VD_ACT_SETS; k++)
            VD_VEC_DONE(g->alloc, &g->sums.at[i].sets[k].ids);
    VD_VEC_DONE(g->alloc, &g->sums);
    vd_map_done(&g->map, g->alloc);
    vd_act_made_done(&g->made, g->alloc);
    vd_mapper_done(&g->mapper);
    vd_intern_done(&g->texts.intern, g->alloc);
    vd_free(g->alloc, g->days, g->a->day_words * sizeof *g->days);
}
