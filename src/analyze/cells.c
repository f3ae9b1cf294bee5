/* SPDX-License-Identifier: Apache-2.0
 *
 * Cells (analysis 7.3): from the top down, a cell is told when it holds a request that no finer cell describes; else the
 * finer ones are looked at.  Level by level, so that what a told cell covers is never looked at again.  Together the told
 * cells hold all requests of outsiders that are allowed; each holds one of its own, the witness.
 */
#include "analyze/exposing.h"

#include "base/str.h"

typedef struct queue {
    vd_cell *at;
    uint32_t count, cap, next;
    vd_seen  seen;
} queue;

static const vd_cell top = { { VD_NONE, VD_NONE, VD_NONE, VD_NONE, VD_NONE } };

static bool is_child(const vd_exposing *x, const vd_cell *cell, uint32_t family, uint32_t i)
{
    const vd_predicate *p = &x->predicates[i];

    return p->live && (p->families >> family & 1u) && p->parent == cell->at[p->dim];
}

static vd_str key_of(const vd_cell *cell)
{
    return (vd_str){ (const char *)cell, sizeof *cell };
}

static bool push(vd_exposing *x, queue *q, const vd_cell *cell)
{
    vd_str key;

    if (!vd_arena_dup(&x->arena, &key, key_of(cell)) || !vd_seen_add(&q->seen, &x->arena, key, q->count) ||
        !VD_ARENA_PUSH(&x->arena, q->at, q->count, q->cap, *cell))
        x->nomem = true;
    return !x->nomem;
}

/* All predicates on the way to the cell hold. */
static void within(vd_exposing *x, vd_scope *scope, const vd_cell *cell)
{
    for (int d = 0; d < VD_DIM_COUNT; d++)
        for (uint32_t at = cell->at[d]; at != VD_NONE; at = x->predicates[at].parent)
            vd_scope_any(x, scope, x->predicates[at].any, x->predicates[at].any_count);
}

static void outside_of_children(vd_exposing *x, vd_scope *scope, const vd_cell *cell, uint32_t family)
{
    for (uint32_t i = 0; i < x->predicate_count; i++)
        if (is_child(x, cell, family, i))
            vd_scope_none(x, scope, x->predicates[i].any, x->predicates[i].any_count);
}

static uint32_t flag_of(const char *why)
{
    static const struct {
        const char *why;
        uint32_t    flag;
    } rows[] = { { "budget", VD_FLAG_BUDGET },
                 { "variable", VD_FLAG_VARIABLE },
                 { "operator", VD_FLAG_OPERATOR },
                 { "mixed-types", VD_FLAG_MIXED_TYPES } };

    for (size_t i = 0; why && i < VD_COUNT(rows); i++)
        if (strcmp(why, rows[i].why) == 0)
            return rows[i].flag;
    return VD_FLAG_BUDGET;
}

static uint32_t class_flags(const vd_exposing *x)
{
    const vd_action_class *c = &x->classes.at[x->at_class];

    vd_sheet               s = vd_catalog_sheet(x->catalog, VD_S("services"));
    vd_run                 run = vd_sheet_find(s, vd_str_first(c->representative, vd_str_find(c->representative, ':')));
    uint32_t               own = vd_sheet_column(s, VD_S("own-logic"));
    bool                   logic = run.count && own != VD_NONE && vd_sheet_cell(s, run.first, own).n;

    return (c->unknown ? (uint32_t)VD_FLAG_UNKNOWN_ACTION : 0) | (c->future ? (uint32_t)VD_FLAG_FUTURE : 0) |
           (logic ? (uint32_t)VD_FLAG_OWN_LOGIC : 0);
}

/* ------------------------------------------------------------------ what services act for */

/* Source keys that some finding about people or networks has covered: requests in it are told already. */
static void leave_told_out(vd_exposing *x, vd_scope *scope)
{
    for (uint32_t i = 0; i < x->founds.count; i++) {
        const vd_found *f = &x->founds.at[i];
        uint32_t        deep = 0, only = VD_NONE;

        if (f->family != VD_PEOPLE || f->class_count == 0 || f->classes[f->class_count - 1] != x->at_class)
            continue;
        for (int d = 0; d < VD_DIM_COUNT; d++)
            if (f->cell.at[d] != VD_NONE) {
                deep++;
                only = f->cell.at[d];
            }
        if (deep != 1)
            continue;
        if (x->predicates[only].dim == VD_DIM_NETWORK || x->predicates[only].dim == VD_DIM_ACCESS_POINT)
            vd_scope_none(x, scope, x->predicates[only].any, x->predicates[only].any_count);
        if (x->predicates[only].kind == VD_IS_ACCOUNT)
            for (uint32_t k = 0; k < x->predicate_count; k++)
                if (x->predicates[k].kind == VD_IS_SOURCE_ACCOUNT && vd_str_eq(x->predicates[k].text, x->predicates[only].text))
                    vd_scope_none(x, scope, x->predicates[k].any, x->predicates[k].any_count);
    }
}

static const char *source_of(vd_exposing *x, const vd_cell *cell, uint32_t *flags)
{
    uint32_t at = cell->at[VD_DIM_SOURCE];
    vd_str   text;

    if (x->in_zone)
        return "zone";
    if (at == VD_NONE) {
        *flags |= VD_FLAG_CONFUSED_DEPUTY;
        return "any";
    }
    if (x->predicates[at].kind == VD_IS_SOURCE_NAME) {
        *flags |= VD_FLAG_NAME_ONLY_ANCHOR;
        return "name-only";
    }
    if (!vd_arena_printf(&x->arena, &text, "%s:" VD_F, x->predicates[at].kind == VD_IS_SOURCE_ORG ? "organization" : "account",
                         VD_A(x->predicates[at].text))) {
        x->nomem = true;
        return NULL;
    }
    return text.p; /* a NUL stands behind it */
}

/* ------------------------------------------------------------------ telling a cell */

/* An account or an ARN may belong to an organization of the zone: nobody has said. */
static uint32_t membership(const vd_exposing *x, const vd_cell *cell)
{
    uint32_t at = cell->at[VD_DIM_PRINCIPAL];
    vd_str   account;

    if (at != VD_NONE && x->owner_org_unknown && x->predicates[at].kind == VD_IS_ORG &&
        vd_str_eq(x->predicates[at].text, x->opts.prove.resource_org))
        return VD_FLAG_MEMBERSHIP;
    if (x->zone->part[VD_ZONE_ORGANIZATIONS].count + x->zone->part[VD_ZONE_ORG_PATHS].count == 0)
        return 0;
    while (at != VD_NONE && x->predicates[at].kind == VD_IS_ARN)
        at = x->predicates[at].parent;
    if (at == VD_NONE || x->predicates[at].kind != VD_IS_ACCOUNT)
        return 0;
    account = x->predicates[at].text;
    return vd_zone_organization(x->zone, account).n ? 0 : (uint32_t)VD_FLAG_MEMBERSHIP;
}

/* Who gets in is left to the policies of access points, which nobody has given. */
static uint32_t delegated(const vd_exposing *x, const vd_cell *cell)
{
    uint32_t at = cell->at[VD_DIM_ACCESS_POINT];

    if (at == VD_NONE || x->access_allows.count + x->access_denies.count)
        return 0;
    return vd_str_eq(x->predicates[at].text, x->on.account) || vd_zone_has_account(x->zone, x->predicates[at].text)
               ? (uint32_t)VD_FLAG_DELEGATED
               : 0;
}

bool vd_cells_emit(vd_exposing *x, uint32_t family, const vd_cell *cell, const vd_scope *scope, const vd_model *model, uint32_t part,
                   uint32_t flags, bool is_public, const vd_required *conditions, uint32_t condition_count)
{
    vd_found f = { .family = (uint8_t)family, .cell = *cell, .flags = flags | class_flags(x), .is_public = is_public, .scope = *scope,
                   .part = part, .conditions = conditions, .condition_count = condition_count };

    f.scope.cap = f.scope.count;
    f.scope.clause_cap = f.scope.clause_count;
    f.flags |= x->hard ? (uint32_t)VD_FLAG_OFF_CATALOGUE : 0;
    f.flags |= membership(x, cell) | delegated(x, cell) | (x->may_be_cut && family != VD_SERVICES ? (uint32_t)VD_FLAG_BPA : 0);
    if (f.flags & VD_FLAG_DELEGATED)
        model = NULL;
    if (family == VD_SERVICES)
        f.source_of_service = source_of(x, cell, &f.flags);
    if (model) {
        if (!vd_model_keep(&f.model, model, &x->arena))
            x->nomem = true;
        f.flags |= model->off_catalogue ? (uint32_t)VD_FLAG_OFF_CATALOGUE : 0;
        if (part != VD_NONE && x->allows.at[VD_ALLOW_OF(part)].legacy)
            f.flags |= VD_FLAG_LEGACY_ELEMENT;
    }
    return !x->nomem && vd_found_add(x, &f);
}

static bool emit(vd_exposing *x, uint32_t family, const vd_cell *cell, const vd_scope *scope, const vd_model *model, uint32_t part,
                 uint32_t flags, bool is_public)
{
    return vd_cells_emit(x, family, cell, scope, model, part, flags, is_public, NULL, 0);
}

/* Nobody gets in who does not know the secret. */
static bool only_with_secret(vd_exposing *x, const vd_scope *scope, uint32_t family)
{
    static const char *const secrets[] = { "sts:ExternalId", "lambda:EventSourceToken" };
    vd_scope                 without = *scope;
    vd_model                 model;
    uint32_t                 part;
    const char              *why = NULL;
    bool                     any = false;

    without.cap = without.count;
    for (size_t i = 0; i < VD_COUNT(secrets); i++)
        if (vd_key_occurs(x, vd_str_of(secrets[i]))) {
            vd_scope_add(x, &without, (vd_demand){ vd_condition1(x, "Null", secrets[i], VD_S("true")), false });
            any = true;
        }
    return any && vd_exposing_ask(x, &without, family, &model, &part, &why) == VD_UNSAT;
}

/* Without an answer for want of work the summary says so; else what may be there is told as a possibility. */
bool vd_cells_unknown(vd_exposing *x, uint32_t family, const vd_cell *cell, const vd_scope *scope, const char *why, bool is_public)
{
    if (flag_of(why) != VD_FLAG_BUDGET)
        return emit(x, family, cell, scope, NULL, VD_NONE, flag_of(why), is_public);
    x->summary->undecided++;
    return true;
}

/* ------------------------------------------------------------------ strangers */

/* Requests of strangers that do not tell an address, or from so many that nobody has listed them. */
static vd_answer ask_public(vd_exposing *x, const vd_scope *strangers, vd_model *model, uint32_t *part, const char **why)
{
    vd_scope  absent = *strangers;
    vd_answer answer;

    if (!x->has_address)
        return vd_exposing_ask(x, strangers, VD_PEOPLE, model, part, why);
    absent.cap = absent.count;
    vd_scope_add(x, &absent, (vd_demand){ vd_condition1(x, "Null", "aws:SourceIp", VD_S("true")), false });
    answer = vd_exposing_ask(x, &absent, VD_PEOPLE, model, part, why);
    if (answer != VD_UNSAT)
        return answer;
    answer = vd_exposing_ask(x, strangers, VD_PEOPLE, model, part, why);
    return answer == VD_SAT ? vd_addresses_wide(x, strangers, VD_PEOPLE, model, part) : answer;
}

/* True: told as public, and that covers all else. */
static bool report_public(vd_exposing *x, bool *told)
{
    vd_scope    scope = x->stranger[VD_PEOPLE];
    vd_model    model, kept;
    uint32_t    part = VD_NONE, flags = 0;
    const char *why = NULL;
    vd_answer   answer;

    scope.rules = x->base[VD_PEOPLE].rules;
    answer = ask_public(x, &scope, &model, &part, &why);
    *told = answer != VD_UNSAT;
    if (answer == VD_UNSAT || x->nomem)
        return !x->nomem;
    if (answer == VD_UNKNOWN)
        return vd_cells_unknown(x, VD_PEOPLE, &top, &scope, why, true);
    if (!vd_model_keep(&kept, &model, &x->arena)) {
        x->nomem = true;
        return false;
    }
    if (only_with_secret(x, &scope, VD_PEOPLE))
        flags |= VD_FLAG_SECRET_GUARDED;
    return emit(x, VD_PEOPLE, &top, &scope, &kept, part, flags, true);
}

/* ------------------------------------------------------------------ what is told */

typedef queue tale; /* each once */

/* It or something that it lies in is told: there are few of those, whatever there is besides. */
static bool is_covered(const vd_exposing *x, const tale *t, const vd_cell *cell)
{
    vd_cell wider = *cell;
    int     d;

    do {
        if (vd_seen_find(&t->seen, key_of(&wider)) != VD_NONE)
            return true;
        for (d = 0; d < VD_DIM_COUNT && wider.at[d] == VD_NONE; d++) /* the next of all combinations of what is wider */
            wider.at[d] = cell->at[d];
        if (d < VD_DIM_COUNT)
            wider.at[d] = x->predicates[wider.at[d]].parent;
    } while (d < VD_DIM_COUNT);
    return false;
}

/* Cells of the class at hand that were told when the catalogue was believed. */
static tale told_before(vd_exposing *x, uint32_t family)
{
    tale t = { 0 };

    for (uint32_t i = 0; x->hard && i < x->founds.count; i++)
        if (x->founds.at[i].family == family && !vd_found_in_zone(&x->founds.at[i]) && vd_found_has(&x->founds.at[i], x->at_class) &&
            vd_seen_find(&t.seen, key_of(&x->founds.at[i].cell)) == VD_NONE)
            push(x, &t, &x->founds.at[i].cell);
    return t;
}

/* Not in the cell: some predicate on the way to it does not hold.  One that several tests make up has no such literal, so
 * that its cell is left in: the way down finds that it is told. */
static void outside_of(vd_exposing *x, vd_scope *scope, const vd_cell *cell)
{
    vd_demand any[16];
    uint32_t  n = 0;

    for (int d = 0; d < VD_DIM_COUNT; d++)
        for (uint32_t at = cell->at[d]; at != VD_NONE; at = x->predicates[at].parent) {
            if (x->predicates[at].any_count != 1 || n == VD_COUNT(any))
                return;
            any[n++] = (vd_demand){ x->predicates[at].any[0].atom, !x->predicates[at].any[0].against };
        }
    vd_scope_any(x, scope, any, n);
}

/* Allows for accounts by name, of which each is told as a whole. */
static const uint64_t *all_told(vd_exposing *x, uint32_t family, const tale *t)
{
    uint32_t  words = x->allows.count / 64 + 1;
    uint64_t *bits = vd_arena_new_array(&x->arena, uint64_t, words);

    if (!bits || family != VD_PEOPLE) {
        x->nomem |= !bits;
        return NULL;
    }
    for (uint32_t i = 0; i < x->allows.count; i++)
        if (x->allows.at[i].accounts)
            bits[i / 64] |= (uint64_t)1 << i % 64;
    for (uint32_t i = 0; i < x->predicate_count; i++) {
        vd_cell cell = top;

        cell.at[VD_DIM_PRINCIPAL] = i;
        if (x->predicates[i].kind == VD_IS_ACCOUNT && vd_seen_find(&t->seen, key_of(&cell)) == VD_NONE)
            for (uint32_t k = 0; k < words; k++)
                bits[k] &= ~x->predicates[i].said[k]; /* Allows come first among all statements */
    }
    return bits;
}

/* Is there anything in none of them? */
static bool is_news(vd_exposing *x, const vd_scope *base, uint32_t family, const tale *t)
{
    vd_scope    scope = *base;
    vd_model    model;
    uint32_t    part;
    const char *why;

    scope.cap = scope.count;
    scope.clause_cap = scope.clause_count;
    scope.told = all_told(x, family, t);
    for (uint32_t i = 0; i < t->count && !x->nomem; i++)
        outside_of(x, &scope, &t->at[i]);
    return !x->nomem && vd_exposing_ask(x, &scope, family, &model, &part, &why) != VD_UNSAT;
}

/* ------------------------------------------------------------------ the way down */

static bool push_children(vd_exposing *x, queue *q, const vd_cell *cell, uint32_t family)
{
    uint32_t most = x->opts.most_cells ? x->opts.most_cells : 10000;

    for (uint32_t i = 0; i < x->predicate_count; i++) {
        vd_cell child = *cell;

        if (!is_child(x, cell, family, i))
            continue;
        child.at[x->predicates[i].dim] = i;
        if (vd_seen_find(&q->seen, key_of(&child)) != VD_NONE)
            continue;
        if (q->count >= most) {
            x->summary->undecided++;
            return true;
        }
        if (!push(x, q, &child))
            return false;
    }
    return true;
}

/* A role's ARN is a role's. */
static uint32_t askers_of(const vd_exposing *x, const vd_cell *cell, uint32_t who)
{
    const vd_predicate *p = cell->at[VD_DIM_PRINCIPAL] == VD_NONE ? NULL : &x->predicates[cell->at[VD_DIM_PRINCIPAL]];

    if (!p || p->kind != VD_IS_ARN)
        return who;
    if (vd_str_contains(p->text, VD_S(":role/")) || vd_str_contains(p->text, VD_S(":assumed-role/")))
        return VD_BIT(VD_ASKER_ROLE);
    return who & ~VD_BIT(VD_ASKER_ROLE);
}

static const vd_predicate *account_of(const vd_exposing *x, const vd_cell *cell)
{
    uint32_t at = cell->at[VD_DIM_PRINCIPAL];

    while (at != VD_NONE && x->predicates[at].kind == VD_IS_ARN)
        at = x->predicates[at].parent;
    return at != VD_NONE && x->predicates[at].kind == VD_IS_ACCOUNT && vd_is_account(x->predicates[at].text) ? &x->predicates[at] : NULL;
}

static bool look_at(vd_exposing *x, queue *q, const vd_cell *cell, const vd_scope *base, uint32_t family, bool *told)
{
    vd_scope    scope = *base, own;
    vd_model    model;
    uint32_t    part = VD_NONE;
    const char *why = NULL;
    vd_answer   answer;

    *told = false;
    scope.cap = scope.count;
    scope.clause_cap = scope.clause_count;
    within(x, &scope, cell);
    own = scope;
    own.cap = own.count;
    outside_of_children(x, &own, cell, family);
    own.unnamed = family == VD_PEOPLE && cell->at[VD_DIM_PRINCIPAL] == VD_NONE;
    own.who = scope.who = askers_of(x, cell, scope.who);
    own.account = scope.account = account_of(x, cell);
    if (x->nomem)
        return false;
    answer = vd_exposing_ask(x, &own, family, &model, &part, &why);
    *told = answer != VD_UNSAT;
    if (answer == VD_SAT)
        return emit(x, family, cell, &scope, &model, part, 0, false);
    if (answer == VD_UNKNOWN)
        return vd_cells_unknown(x, family, cell, &scope, why, false);
    if (own.count == scope.count) /* no children: nothing is in it */
        return !x->nomem;
    if (memcmp(cell, &top, sizeof top) == 0) /* there mostly is something */
        return push_children(x, q, cell, family);
    answer = vd_exposing_ask(x, &scope, family, &model, &part, &why);
    return answer == VD_UNSAT ? !x->nomem : push_children(x, q, cell, family);
}

static bool report_cells(vd_exposing *x, uint32_t family, tale *t)
{
    queue    q = { 0 };
    vd_scope base = x->base[family];

    base.cap = base.count;
    if (family == VD_SERVICES)
        leave_told_out(x, &base);
    if (x->hard && t->count && !is_news(x, &base, family, t))
        return !x->nomem;
    push(x, &q, &top);
    while (!x->nomem && q.next < q.count) {
        vd_cell cell = q.at[q.next++];
        bool    now;

        if ((x->hard || !x->opts.all_cells) && is_covered(x, t, &cell))
            continue;
        if (!look_at(x, &q, &cell, &base, family, &now))
            return false;
        if (now && (!push(x, t, &cell) || (x->opts.all_cells && !push_children(x, &q, &cell, family))))
            return false;
    }
    return !x->nomem;
}

/* For who wants to see them: services of which nothing is told act for the zone. */
static bool report_zone_services(vd_exposing *x)
{
    for (uint32_t i = 0; i < x->predicate_count && !x->nomem; i++) {
        vd_scope    scope = x->any_service;
        vd_cell     cell = top;
        vd_model    model;
        uint32_t    part = VD_NONE;
        const char *why = NULL;
        bool        told = false;

        if (x->predicates[i].kind != VD_IS_SERVICE || !x->predicates[i].live)
            continue;
        for (uint32_t k = 0; k < x->founds.count && !told; k++)
            told = x->founds.at[k].family == VD_SERVICES && x->founds.at[k].cell.at[VD_DIM_PRINCIPAL] == i &&
                   x->founds.at[k].classes[x->founds.at[k].class_count - 1] == x->at_class;
        if (told)
            continue;
        cell.at[VD_DIM_PRINCIPAL] = i;
        scope.cap = scope.count;
        scope.clause_cap = scope.clause_count;
        vd_scope_any(x, &scope, x->predicates[i].any, x->predicates[i].any_count);
        for (uint32_t k = 0; k < x->any_service.count && !x->nomem; k++) /* the resource, as it is for the class at hand */
            scope.at[k] = x->base[VD_SERVICES].at[k];
        x->in_zone = true;
        told = x->nomem || vd_exposing_ask(x, &scope, VD_SERVICES, &model, &part, &why) != VD_SAT ||
               emit(x, VD_SERVICES, &cell, &scope, &model, part, 0, false);
        x->in_zone = false;
        if (!told)
            return false;
    }
    return !x->nomem;
}

bool vd_cells_report(vd_exposing *x, uint32_t family)
{
    tale before = told_before(x, family);
    bool told = false;

    if (x->nomem)
        return false;
    if (family == VD_PROVIDERS)
        return vd_providers_report(x);
    if (x->hard && is_covered(x, &before, &top))
        return true;
    if (family == VD_PEOPLE && !report_public(x, &told))
        return false;
    x->told_public |= told;
    if (told && !x->opts.all_cells)
        return true;
    if (!report_cells(x, family, &before))
        return false;
    return family != VD_SERVICES || x->hard || x->opts.services != VD_SERVICES_ALL || report_zone_services(x);
}
