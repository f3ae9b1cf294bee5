/* SPDX-License-Identifier: Apache-2.0
 *
 * From cells to findings: actions of which the same is true are put together, a class and a severity are given, an id that
 * survives reordering, and all of it is told in one order.
 */
#include "analyze/exposing.h"

#include "base/buf.h"
#include "base/sha256.h"
#include "base/str.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ putting together */

static bool alike(const vd_exposing *x, const vd_found *a, const vd_found *b)
{
    size_t allows = (x->allows.count / 64 + 1) * sizeof *a->sources, denies = (x->denies.count / 64 + 1) * sizeof *a->shaped;
    bool   same_source = a->source_of_service == b->source_of_service ||
                       (a->source_of_service && b->source_of_service && strcmp(a->source_of_service, b->source_of_service) == 0);

    return a->family == b->family && memcmp(&a->cell, &b->cell, sizeof a->cell) == 0 && a->is_public == b->is_public &&
           a->flags == b->flags && same_source && memcmp(a->sources, b->sources, allows) == 0 &&
           memcmp(a->shaped, b->shaped, denies) == 0 && vd_str_eq(a->needs, b->needs);
}

bool vd_found_rests_on(const vd_found *f, uint32_t allow)
{
    return f->sources[allow / 64] >> allow % 64 & 1u;
}

bool vd_found_add(vd_exposing *x, vd_found *f)
{
    vd_found *known = NULL;

    if (f->model.action.n) {
        vd_code code = vd_replay_check(x, f);

        if (code != VD_OK) {
            x->failed = code;
            return false;
        }
    }
    if (!vd_needs_find(x, f))
        return false;
    for (uint32_t i = 0; i < x->founds.count && !known; i++)
        if (alike(x, &x->founds.at[i], f))
            known = &x->founds.at[i];
    if (!known && !VD_ARENA_PUSH(&x->arena, x->founds.at, x->founds.count, x->founds.cap, *f)) {
        x->nomem = true;
        return false;
    }
    known = known ? known : &x->founds.at[x->founds.count - 1];
    if (!VD_ARENA_PUSH(&x->arena, known->classes, known->class_count, known->class_cap, x->at_class))
        x->nomem = true;
    return !x->nomem;
}

bool vd_found_has(const vd_found *f, uint32_t class_at)
{
    for (uint32_t i = f->class_count; i-- > 0;)
        if (f->classes[i] == class_at)
            return true;
    return false;
}

bool vd_found_in_zone(const vd_found *f)
{
    return f->source_of_service && strcmp(f->source_of_service, "zone") == 0;
}

bool vd_found_public(const vd_exposing *x, uint32_t class_at)
{
    for (uint32_t i = 0; i < x->founds.count; i++)
        if (x->founds.at[i].family == VD_PEOPLE && x->founds.at[i].is_public && vd_found_has(&x->founds.at[i], class_at))
            return true;
    return false;
}

bool vd_found_also(vd_exposing *x, uint32_t class_at, uint32_t kin)
{
    for (uint32_t i = 0; i < x->founds.count; i++) {
        vd_found *f = &x->founds.at[i];

        if (vd_found_has(f, kin) && !vd_found_has(f, class_at) && !VD_ARENA_PUSH(&x->arena, f->classes, f->class_count, f->class_cap, class_at))
            x->nomem = true;
    }
    return !x->nomem;
}

/* ------------------------------------------------------------------ class and principal */

static uint32_t principal_of(const vd_found *f)
{
    return f->cell.at[VD_DIM_PRINCIPAL];
}

static int32_t org_class(const vd_exposing *x, vd_str text)
{
    vd_str org = vd_str_first(text, vd_str_find(text, '/')), own = x->opts.prove.resource_org;

    if (own.n == 0)
        own = vd_zone_organization(x->zone, x->on.account);
    if (own.n)
        return vd_str_eq(own, org) ? VD_EXPOSED_ORG : VD_EXPOSED_CROSS_ORG;
    return VD_EXPOSED_CROSS_ORG;
}

static int32_t people_class(const vd_exposing *x, const vd_found *f)
{
    uint32_t at = principal_of(f);

    if (f->is_public)
        return VD_EXPOSED_PUBLIC;
    if (at != VD_NONE)
        return x->predicates[at].kind == VD_IS_ORG || x->predicates[at].kind == VD_IS_ORG_PATH ? org_class(x, x->predicates[at].text)
                                                                                              : VD_EXPOSED_CROSS_ACCOUNT;
    if (f->cell.at[VD_DIM_NETWORK] == VD_NONE && f->cell.at[VD_DIM_ACCESS_POINT] != VD_NONE)
        return VD_EXPOSED_CROSS_ACCOUNT;
    return VD_EXPOSED_NETWORK;
}

static void set_principal(vd_exposing *x, const vd_found *f, vd_exposed *e)
{
    static const char *const types[VD_FAMILY_COUNT] = { "AWS", "Service", "Federated", "CanonicalUser" };
    uint32_t                 at = principal_of(f);

    e->principal_type = vd_str_of(types[f->family]);
    e->principal = at == VD_NONE ? VD_S("*") : x->predicates[at].text;
    if (at != VD_NONE && (x->predicates[at].kind == VD_IS_ORG || x->predicates[at].kind == VD_IS_ORG_PATH))
        x->nomem |= !vd_arena_printf(&x->arena, &e->principal, "org:" VD_F, VD_A(x->predicates[at].text));
    switch (f->family) {
    case VD_SERVICES:
        e->exposed = VD_EXPOSED_SERVICE;
        break;
    case VD_PROVIDERS:
        e->exposed = VD_EXPOSED_FEDERATED;
        break;
    case VD_CANONICALS:
        e->exposed = VD_EXPOSED_CANONICAL_USER;
        break;
    default:
        e->exposed = people_class(x, f);
        break;
    }
}

static void set_conditions(vd_exposing *x, const vd_found *f, vd_exposed *e)
{
    vd_required *list = vd_arena_new_array(&x->arena, vd_required, (size_t)VD_DIM_COUNT + f->condition_count);

    if (!list) {
        x->nomem = true;
        return;
    }
    for (int d = 0; d < VD_DIM_COUNT; d++) {
        const vd_predicate *p = f->cell.at[d] == VD_NONE ? NULL : &x->predicates[f->cell.at[d]];

        if (p && p->key.n)
            list[e->condition_count++] = (vd_required){ .key = p->key, .operator_name = p->op, .values = p->values, .count = p->value_count,
                                                        .control = vd_key_control(x, p->key) };
    }
    for (uint32_t i = 0; i < f->condition_count; i++)
        list[e->condition_count++] = f->conditions[i];
    e->conditions = list;
}

/* ------------------------------------------------------------------ actions */

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

typedef struct patterns {
    vd_exposing *x;
    vd_str      *at;
    uint32_t     count, cap;
} patterns;

static void add_pattern(void *user, vd_str text)
{
    patterns *p = user;
    vd_str    own;

    if (!vd_arena_dup(&p->x->arena, &own, text) || !VD_ARENA_PUSH(&p->x->arena, p->at, p->count, p->cap, own))
        p->x->nomem = true;
}

static void set_patterns(vd_exposing *x, vd_exposed *e)
{
    size_t    words = ((size_t)vd_catalog_actions(x->catalog) + 63) / 64;
    uint64_t *bits = e->actions.count > 1 ? vd_arena_new_array(&x->arena, uint64_t, words) : NULL;
    patterns  p = { .x = x };

    if (!bits) {
        e->patterns = e->actions;
        return;
    }
    for (size_t i = 0; i < e->actions.count; i++) {
        uint32_t id = vd_catalog_find(x->catalog, e->actions.at[i]);

        if (id == VD_NONE)
            add_pattern(&p, e->actions.at[i]);
        else
            bits[id / 64] |= (uint64_t)1 << id % 64;
    }
    vd_catalog_shrink(x->catalog, bits, add_pattern, &p);
    e->patterns = (vd_texts_list){ p.at, p.count };
}

static void set_actions(vd_exposing *x, const vd_found *f, vd_exposed *e)
{
    uint32_t total = 0, n = 0;
    vd_str  *names;
    int32_t *levels;

    for (uint32_t i = 0; i < f->class_count; i++)
        total += x->classes.at[f->classes[i]].count ? x->classes.at[f->classes[i]].count : 1;
    names = vd_arena_new_array(&x->arena, vd_str, total ? total : 1);
    levels = vd_arena_new_array(&x->arena, int32_t, total ? total : 1);
    if (!names || !levels) {
        x->nomem = true;
        return;
    }
    for (uint32_t i = 0; i < f->class_count; i++) {
        const vd_action_class *c = &x->classes.at[f->classes[i]];

        if (c->unknown || c->future || c->count == 0)
            names[n++] = c->representative;
        else
            n += vd_action_class_names(c, x->catalog, &x->arena, names + n, total - n);
    }
    if (n > 1)
        qsort(names, n, sizeof *names, by_text);
    e->level = -1;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t id = vd_catalog_find(x->catalog, names[i]);

        levels[i] = id == VD_NONE ? VD_LEVEL_UNKNOWN : vd_catalog_level_of(x->catalog, id);
        if (levels[i] != VD_LEVEL_UNKNOWN && levels[i] > e->level)
            e->level = levels[i];
    }
    if (e->level < 0)
        e->level = VD_LEVEL_UNKNOWN;
    e->actions = (vd_texts_list){ names, n };
    e->levels = levels;
    set_patterns(x, e);
}

/* ------------------------------------------------------------------ severity */

typedef struct words {
    const vd_exposing *x;
    const vd_found    *f;
    const vd_exposed  *e;
} words;

static bool reads_data(const words *w)
{
    vd_sheet s = vd_catalog_sheet(w->x->catalog, VD_S("powerful"));

    for (size_t i = 0; i < w->e->actions.count; i++) {
        vd_run run = vd_sheet_find(s, w->e->actions.at[i]);

        for (uint32_t k = 0; k < run.count; k++)
            if (vd_str_eq(vd_sheet_cell(s, run.first + k, 1), VD_S("exfiltration")))
                return true;
    }
    return false;
}

static bool assumes(const words *w)
{
    for (size_t i = 0; i < w->e->actions.count; i++)
        if (vd_str_istarts(w->e->actions.at[i], VD_S("sts:AssumeRole")))
            return true;
    return false;
}

/* A word of severity.tsv: true of this finding? */
static bool is_so(const words *w, vd_str word)
{
    static const char *const levels[] = { "list", "read", "tagging", "write", "permissions", "unknown" };

    for (int32_t i = 0; i <= VD_LEVEL_UNKNOWN; i++)
        if (vd_str_eq(word, vd_str_of(levels[i])))
            return w->e->level == i;
    for (uint32_t i = 0; i < VD_FLAG_COUNT_BITS; i++)
        if (vd_str_eq(word, vd_str_of(vd_flag_name(1u << i))))
            return w->e->flags >> i & 1u;
    if (vd_str_eq(word, VD_S("data")))
        return reads_data(w);
    if (vd_str_eq(word, VD_S("assume")))
        return assumes(w);
    if (vd_str_eq(word, VD_S("public")))
        return w->e->is_public;
    if (vd_str_eq(word, VD_S("any-service")))
        return w->f->family == VD_SERVICES && principal_of(w->f) == VD_NONE;
    if (vd_str_eq(word, VD_S("source-zone")))
        return w->e->source_of_service && strcmp(w->e->source_of_service, "zone") == 0;
    return false;
}

static bool all_so(const words *w, vd_str list)
{
    vd_str one;

    while (list.n) {
        if (!vd_str_cut(&list, ' ', &one)) {
            one = list;
            list = (vd_str){ "", 0 };
        }
        if (one.n && !is_so(w, one))
            return false;
    }
    return true;
}

static int32_t severity_of(const words *w)
{
    vd_sheet s = vd_catalog_sheet(w->x->catalog, VD_S("severity"));
    vd_run   run = vd_sheet_find(s, vd_str_of(vd_exposed_name(w->e->exposed)));

    for (uint32_t i = run.first; i < run.first + run.count; i++)
        if (all_so(w, vd_sheet_cell(s, i, 1)))
            for (int32_t k = VD_ACCESS_NOTE; k <= VD_ACCESS_HIGH; k++)
                if (vd_str_eq(vd_sheet_cell(s, i, 2), vd_str_of(vd_access_name(k))))
                    return k;
    return VD_ACCESS_LOW;
}

/* ------------------------------------------------------------------ statements, resources */

static uint32_t count_bits(const uint64_t *bits, uint32_t count)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < count; i++)
        n += bits[i / 64] >> i % 64 & 1u;
    return n;
}

static void set_sources(vd_exposing *x, const vd_found *f, vd_exposed *e)
{
    vd_exposure_source *list = vd_arena_new_array(&x->arena, vd_exposure_source, (size_t)count_bits(f->sources, x->allows.count) + 1);
    vd_statement_info  *shaped = vd_arena_new_array(&x->arena, vd_statement_info, (size_t)count_bits(f->shaped, x->denies.count) + 1);

    if (!list || !shaped) {
        x->nomem = true;
        return;
    }
    for (uint32_t i = 0; i < x->allows.count || i < x->denies.count; i++) {
        if (i < x->allows.count && vd_found_rests_on(f, i)) {
            vd_exposure_source *s = &list[e->source_count++];

            *s = (vd_exposure_source){ .type = x->allows.at[i].source, .text = x->allows.at[i].source_text };
            s->statement.size = sizeof s->statement;
            if (x->allows.at[i].policy_id != VD_NONE)
                vd_set_statement(x->set, x->allows.at[i].policy_id, x->allows.at[i].index, &s->statement);
        }
        if (i < x->denies.count && (f->shaped[i / 64] >> i % 64 & 1u)) {
            shaped[e->shaped_count].size = sizeof *shaped;
            vd_set_statement(x->set, x->denies.at[i].policy_id, x->denies.at[i].index, &shaped[e->shaped_count++]);
        }
    }
    if (f->model.action.n && VD_ACCESS_OF(f->part)) {
        const vd_say *say = &x->access_allows.at[VD_ACCESS_OF(f->part) - 1];

        list[e->source_count] = (vd_exposure_source){ .type = say->source, .statement.size = sizeof(vd_statement_info) };
        vd_set_statement(x->set, say->policy_id, say->index, &list[e->source_count++].statement);
    }
    e->sources = list;
    e->shaped_by = shaped;
}

/* Of a sorted list. */
static uint32_t each_once(vd_str *list, uint32_t n)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || !vd_str_eq(list[kept - 1], list[i]))
            list[kept++] = list[i];
    return kept;
}

static void set_resources(vd_exposing *x, const vd_found *f, vd_exposed *e)
{
    vd_str  *list = NULL;
    uint32_t n = 0, cap = 0;

    for (uint32_t i = 0; i < x->allows.count; i++) {
        const vd_list *r = vd_found_rests_on(f, i) ? &x->allows.at[i].policy->statements[x->allows.at[i].index].resource : NULL;

        for (uint32_t k = 0; r && r->present && !r->negated && k < r->texts.count; k++)
            if (!VD_ARENA_PUSH(&x->arena, list, n, cap, r->texts.at[k].text))
                x->nomem = true;
    }
    if (n == 0 && !VD_ARENA_PUSH(&x->arena, list, n, cap, x->on.resource.n ? x->on.resource : VD_S("*")))
        x->nomem = true;
    if (n > 1)
        qsort(list, n, sizeof *list, by_text);
    e->resources = (vd_texts_list){ list, each_once(list, n) };
}

/* What the resource, the class, the cell, the anchors and the actions are: nothing that an edit elsewhere changes. */
static void set_id(vd_exposing *x, vd_exposed *e)
{
    vd_buf b = vd_buf_on(&x->engine->alloc, 0);
    char   hex[20];

    vd_buf_printf(&b, VD_F "\n%s\n" VD_F ":" VD_F "\n", VD_A(e->resource), vd_exposed_name(e->exposed), VD_A(e->principal_type),
                  VD_A(e->principal));
    for (size_t i = 0; i < e->condition_count; i++) {
        const vd_required *r = &e->conditions[i];
        char               low[128];
        size_t             n = r->key.n < sizeof low ? r->key.n : sizeof low;

        vd_lower_copy(low, r->key.p, n);
        vd_buf_add(&b, (vd_str){ low, n });
        for (size_t k = 0; k < r->count; k++)
            vd_buf_printf(&b, "|" VD_F, VD_A(r->values[k]));
        vd_buf_byte(&b, '\n');
    }
    for (size_t i = 0; i < e->actions.count; i++)
        vd_buf_printf(&b, VD_F "\n", VD_A(e->actions.at[i]));
    if (b.failed)
        x->nomem = true;
    else
        vd_sha256_hex(hex, 16, vd_buf_str(&b));
    vd_buf_done(&b);
    if (!x->nomem && !vd_arena_printf(&x->arena, &e->id, "x-%s", hex))
        x->nomem = true;
}

static void set_layers(vd_exposing *x, const vd_found *f, vd_exposed *e)
{
    vd_exposure_layer *list = vd_arena_new_array(&x->arena, vd_exposure_layer, 5);
    bool               rcp = false, applied = false, passes = false;

    if (!list) {
        x->nomem = true;
        return;
    }
    for (uint32_t i = 0; i < f->model.key_count; i++)
        passes |= vd_str_ieq(f->model.keys[i].key, VD_S("aws:SourceVpce")) && f->model.keys[i].count &&
                  vd_str_eq(f->model.keys[i].values[0], x->endpoint);
    for (uint32_t i = 0; i < vd_set_policies(x->set); i++)
        rcp |= vd_set_policy_layer(x->set, i) == VD_LAYER_RCP;
    x->at_class = f->classes[0];
    for (uint32_t i = 0; i < x->denies.count; i++)
        applied |= x->denies.at[i].layer == VD_LAYER_RCP && vd_exposing_reaches(x, &x->denies.at[i]) && vd_exposing_bound(x, &x->denies.at[i]);
    if (x->on.bucket)
        list[e->layer_count++] = (vd_exposure_layer){ "bpa", x->bpa };
    if (x->summary->endpoint_unknown || x->endpoint.n)
        list[e->layer_count++] = (vd_exposure_layer){ "endpoint", passes ? "applied" : x->endpoint.n ? "not-passed" : "unknown" };
    list[e->layer_count++] = (vd_exposure_layer){ "rcp", applied ? "applied" : rcp ? "no-effect" : "not-given" };
    list[e->layer_count++] = (vd_exposure_layer){ "scp", "not-applicable" };
    list[e->layer_count++] = (vd_exposure_layer){ "identity", f->family == VD_PEOPLE || f->family == VD_CANONICALS ? "assumed" : "not-applicable" };
    e->layers = list;
}

/* Sizes, where they are finite: actions, accounts, addresses. */
static void set_counts(vd_exposing *x, const vd_found *f, vd_exposed *e)
{
    uint32_t at = principal_of(f), network = f->cell.at[VD_DIM_NETWORK];
    vd_str   more;

    if (!vd_arena_printf(&x->arena, &e->counts, "%zu action%s", e->actions.count, e->actions.count == 1 ? "" : "s"))
        x->nomem = true;
    while (at != VD_NONE && x->predicates[at].kind == VD_IS_ARN)
        at = x->predicates[at].parent;
    if (at != VD_NONE && x->predicates[at].kind == VD_IS_ACCOUNT) {
        unsigned accounts = 1, digits = 0;

        for (size_t i = 0; i < x->predicates[at].text.n; i++)
            digits += vd_is_digit(x->predicates[at].text.p[i]);
        for (; digits < 12; digits++) /* three at most are open */
            accounts *= 10;
        if (!vd_arena_printf(&x->arena, &e->counts, VD_F ", %u account%s", VD_A(e->counts), accounts, accounts == 1 ? "" : "s"))
            x->nomem = true;
    }
    if (network == VD_NONE || x->predicates[network].kind != VD_IS_ADDRESS || x->nomem)
        return;
    if (!vd_ranges_count(x, x->predicates[network].values, x->predicates[network].value_count, &more) ||
        (more.n && !vd_arena_printf(&x->arena, &e->counts, VD_F ", " VD_F, VD_A(e->counts), VD_A(more))))
        x->nomem = true;
}

/* ------------------------------------------------------------------ telling */

static void fill(vd_exposing *x, const vd_found *f, vd_exposed *e)
{
    words w = { x, f, e };

    *e = (vd_exposed){ .size = sizeof *e, .is_public = f->is_public, .resource = x->on.resource, .resource_type = x->on.type,
                       .resource_account = x->on.account, .inferred = x->on.inferred, .requirements = f->requirements,
                       .require_count = f->require_count, .flags = f->flags, .source_of_service = f->source_of_service };
    set_principal(x, f, e);
    set_conditions(x, f, e);
    set_actions(x, f, e);
    set_sources(x, f, e);
    set_resources(x, f, e);
    set_layers(x, f, e);
    if (x->opts.count)
        set_counts(x, f, e);
    e->severity = severity_of(&w);
    set_id(x, e);
    e->grounds = vd_found_grounds(x, f, e);
}

static int by_order(const void *a, const void *b)
{
    const vd_exposed *x = a, *y = b;
    int               c;

    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->exposed != y->exposed)
        return x->exposed < y->exposed ? -1 : 1;
    c = vd_str_cmp(x->principal, y->principal);
    return c ? c : vd_str_cmp(x->id, y->id);
}

/* A caller that everybody sees to be made up, where one will do. */
static bool prefer_outsider(vd_exposing *x, vd_found *f)
{
    vd_scope    scope = f->scope;
    vd_model    model;
    uint32_t    part;
    const char *why;

    if (f->family != VD_PEOPLE || f->model.who == VD_ASKER_ANONYMOUS || !f->is_public)
        return true;
    vd_exposing_enter(x, f->classes[0], (f->flags & VD_FLAG_OFF_CATALOGUE) != 0);
    scope.cap = scope.count;
    vd_scope_add(x, &scope, (vd_demand){ vd_account_atom(x, VD_S("999988887777")), false });
    if (x->nomem || vd_exposing_ask(x, &scope, f->family, &model, &part, &why) != VD_SAT)
        return !x->nomem;
    f->part = part;
    return vd_model_keep(&f->model, &model, &x->arena) && vd_replay_check(x, f) == VD_OK;
}

/* A function URL asks for two permissions (E761). */
static void second_check(vd_exposing *x, vd_found *f)
{
    uint32_t    url = VD_NONE, invoke = VD_NONE;
    vd_scope    scope = f->scope;
    vd_model    model;
    uint32_t    part;
    const char *why;

    for (uint32_t i = 0; i < f->class_count; i++)
        if (vd_str_ieq(x->classes.at[f->classes[i]].representative, VD_S("lambda:InvokeFunctionUrl")))
            url = f->classes[i];
    for (uint32_t i = 0; url != VD_NONE && i < x->classes.count; i++)
        if (vd_str_ieq(x->classes.at[i].representative, VD_S("lambda:InvokeFunction")))
            invoke = i;
    if (url == VD_NONE)
        return;
    if (invoke != VD_NONE) {
        vd_exposing_enter(x, invoke, false);
        scope.cap = scope.count;
        vd_scope_add(x, &scope, (vd_demand){ vd_condition1(x, "Bool", "lambda:InvokedViaFunctionUrl", VD_S("true")), false });
        if (!x->nomem && vd_exposing_ask(x, &scope, f->family, &model, &part, &why) == VD_SAT)
            return;
    }
    f->flags |= VD_FLAG_NEEDS_SECOND_CHECK;
}

vd_code vd_findings_tell(vd_exposing *x, vd_exposed_fn *tell, void *user)
{
    vd_exposed *list = vd_arena_new_array(&x->arena, vd_exposed, x->founds.count ? x->founds.count : 1);

    if (!list)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < x->founds.count && !x->nomem; i++) {
        vd_found *f = &x->founds.at[i];

        second_check(x, f);
        fill(x, f, &list[i]);
        if (f->model.action.n) {
            vd_witness *w = vd_arena_new(&x->arena, vd_witness);

            if (!w || !prefer_outsider(x, f) || !vd_replay_witness(x, &f->model, f->part, w) || !vd_replay_polish(x, w))
                x->nomem = true;
            list[i].witness = w;
            list[i].over_endpoint = w && vd_passes_endpoint(x, w);
        }
    }
    if (x->nomem)
        return vd_fail_nomem(x->err);
    if (x->founds.count > 1)
        qsort(list, x->founds.count, sizeof *list, by_order);
    x->summary->findings = x->founds.count;
    for (uint32_t i = 0; tell && i < x->founds.count; i++)
        if (!tell(user, &list[i]))
            break;
    return VD_OK;
}
