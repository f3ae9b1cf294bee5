/* SPDX-License-Identifier: Apache-2.0
 *
 * The tree of the organization and the chains of service and resource control policies (analysis 8.6): root, each
 * organizational unit on the way, account.
 */
#include "base/str.h"
#include "model/draft.h"

#include <stdio.h>
#include <stdlib.h>

enum { DEEPEST = 32 }; /* far beyond what AWS allows */
enum { SCP, RCP, GUARDS };

static const vd_str types[GUARDS] = { [SCP] = VD_L("SERVICE_CONTROL_POLICY"), [RCP] = VD_L("RESOURCE_CONTROL_POLICY") };

typedef struct keyed {
    const vd_snapshot_reader *from;
    uint32_t                  index;
} keyed;

/* What is known once it is sorted. */
typedef struct org {
    vd_finish *f;
    keyed     *units, *guards, *targets;
    uint32_t   unit_count, guard_count, target_count; /* each once */
    bool       enabled[GUARDS];
} org;

static const vd_draft_unit *unit_at(const keyed *k)
{
    return &k->from->units.at[k->index];
}

static const vd_draft_guard *guard_at(const keyed *k)
{
    return &k->from->guards.at[k->index];
}

static const vd_draft_target *target_at(const keyed *k)
{
    return &k->from->targets.at[k->index];
}

static int unit_order(const void *a, const void *b)
{
    const vd_draft_unit *u = unit_at(a), *v = unit_at(b);
    int                  c = vd_str_cmp(u->id, v->id);

    if (!c)
        c = (u->parent.n == 0) - (v->parent.n == 0); /* the one that says where it is */
    return c ? c : vd_place_order(((const keyed *)a)->from, u->at, v->at);
}

static int guard_order(const void *a, const void *b)
{
    const vd_draft_guard *g = guard_at(a), *h = guard_at(b);
    int                   c = vd_str_cmp(g->id, h->id);

    if (!c)
        c = (g->doc == VD_NONE) - (h->doc == VD_NONE);
    if (!c)
        c = (g->type.n == 0) - (h->type.n == 0);
    return c ? c : vd_place_order(((const keyed *)a)->from, g->at, h->at);
}

static int target_order(const void *a, const void *b)
{
    const vd_draft_target *t = target_at(a), *u = target_at(b);
    int                    c = vd_str_cmp(t->target, u->target);

    if (!c)
        c = vd_str_cmp(t->policy, u->policy);
    return c ? c : vd_place_order(((const keyed *)a)->from, t->at, u->at);
}

static keyed *sorted(vd_finish *f, uint32_t n, int (*order)(const void *, const void *))
{
    keyed *list = vd_arena_new_array(&f->from->arena, keyed, (size_t)n + 1);

    for (uint32_t i = 0; list && i < n; i++)
        list[i] = (keyed){ f->from, i };
    if (list && n)
        qsort(list, n, sizeof *list, order);
    return list;
}

static vd_code note(const org *o, vd_place at, vd_str account, const char *format, vd_str what)
{
    char text[256];

    snprintf(text, sizeof text, format, VD_A(what));
    return vd_draft_note_at(o->f->from, VD_GAP_ORGANIZATION, VD_ERROR, at, account, VD_S(""), o->f->err, "%s", text);
}

/* ------------------------------------------------------------------ each once */

static vd_code unique_units(org *o)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < o->unit_count; i++) {
        const vd_draft_unit *u = unit_at(&o->units[i]), *kept = n ? unit_at(&o->units[n - 1]) : NULL;

        if (!kept || !vd_str_eq(kept->id, u->id))
            o->units[n++] = o->units[i];
        else if (u->parent.n && !vd_str_eq(kept->parent, u->parent))
            VD_TRY(note(o, u->at, u->kind == VD_UNIT_ACCOUNT ? u->id : VD_S(""), "\"" VD_F "\" is in two places of the organization; the first counts",
                        u->id));
    }
    o->unit_count = n;
    return VD_OK;
}

static vd_code unique_guards(org *o)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < o->guard_count; i++) {
        const vd_draft_guard *g = guard_at(&o->guards[i]), *kept = n ? guard_at(&o->guards[n - 1]) : NULL;

        if (!kept || !vd_str_eq(kept->id, g->id))
            o->guards[n++] = o->guards[i];
        else if (g->doc != VD_NONE && g->doc != kept->doc)
            VD_TRY(vd_draft_note_at(o->f->from, VD_GAP_DUPLICATE, VD_ERROR, g->at, VD_S(""), VD_S(""), o->f->err,
                                    "the policy \"" VD_F "\" is there twice and differs; the first counts", VD_A(g->id)));
    }
    o->guard_count = n;
    return VD_OK;
}

static void unique_targets(org *o)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < o->target_count; i++) {
        const vd_draft_target *t = target_at(&o->targets[i]), *kept = n ? target_at(&o->targets[n - 1]) : NULL;

        if (!kept || !vd_str_eq(kept->target, t->target) || !vd_str_eq(kept->policy, t->policy))
            o->targets[n++] = o->targets[i];
    }
    o->target_count = n;
}

/* ------------------------------------------------------------------ the tree */

static vd_str unit_id(const void *units, uint32_t i)
{
    return unit_at(&((const keyed *)units)[i])->id;
}

static vd_str guard_id(const void *guards, uint32_t i)
{
    return guard_at(&((const keyed *)guards)[i])->id;
}

static vd_str target_id(const void *targets, uint32_t i)
{
    return target_at(&((const keyed *)targets)[i])->target;
}

static uint32_t find_unit(const org *o, vd_str id)
{
    return vd_str_search(o->units, o->unit_count, unit_id, id);
}

static const vd_draft_guard *find_guard(const org *o, vd_str id)
{
    uint32_t i = vd_str_search(o->guards, o->guard_count, guard_id, id);

    return i == VD_NONE ? NULL : guard_at(&o->guards[i]);
}

static vd_str account_of(const vd_draft_unit *u)
{
    return u->kind == VD_UNIT_ACCOUNT ? u->id : VD_S("");
}

static vd_code find_parents(org *o)
{
    vd_snapshot *s = o->f->s;

    for (uint32_t i = 0; i < o->unit_count; i++) {
        const vd_draft_unit *u = unit_at(&o->units[i]);

        s->units[i] = (vd_snap_unit){ .id = u->id, .name = u->name, .parent = u->parent.n ? find_unit(o, u->parent) : VD_NONE };
        if (u->kind == VD_UNIT_ROOT || s->units[i].parent != VD_NONE)
            continue;
        if (u->parent.n)
            VD_TRY(note(o, u->at, account_of(u), "the parent of \"" VD_F "\" is not in the organization's tree", u->id));
        else
            VD_TRY(note(o, u->at, account_of(u), "nobody says where \"" VD_F "\" is in the organization", u->id));
    }
    s->unit_count = o->unit_count;
    return VD_OK;
}

/* A unit from which the way up does not end is cut off: one of a cycle, the first by its id. */
static vd_code cut_cycles(org *o)
{
    vd_snapshot *s = o->f->s;

    for (uint32_t i = 0; i < s->unit_count; i++) {
        uint32_t at = s->units[i].parent, depth = 0;

        while (at != VD_NONE && at != i && depth < DEEPEST) {
            at = s->units[at].parent;
            depth++;
        }
        if (at == VD_NONE)
            continue;
        VD_TRY(note(o, unit_at(&o->units[i])->at, VD_S(""),
                    at == i ? "\"" VD_F "\" is above itself in the organization's tree" : "the way from \"" VD_F "\" to the root does not end",
                    s->units[i].id));
        s->units[i].parent = VD_NONE;
    }
    return VD_OK;
}

static bool is_rooted(const org *o, uint32_t unit)
{
    while (o->f->s->units[unit].parent != VD_NONE)
        unit = o->f->s->units[unit].parent;
    return unit_at(&o->units[unit])->kind == VD_UNIT_ROOT;
}

/* ------------------------------------------------------------------ what hangs where */

static uint32_t first_target(const org *o, vd_str id)
{
    return vd_str_bound(o->targets, o->target_count, target_id, id);
}

static bool is_known_rcp(vd_str id)
{
    return vd_str_eq(id, VD_S("p-RCPFullAWSAccess"));
}

static vd_code hang(org *o, const vd_draft_target *t, const vd_draft_guard *g, vd_str account)
{
    uint32_t doc = VD_NONE;

    if (g->doc == VD_NONE)
        VD_TRY(vd_draft_note_at(o->f->from, VD_GAP_MISSING_POLICY, VD_ERROR, t->at, account, VD_S(""), o->f->err,
                                "the text of the policy \"" VD_F "\" of the organization is nowhere", VD_A(g->id)));
    else if (is_known_rcp(g->id))
        doc = o->f->rank[g->doc]; /* an Allow, which AWS lets nobody else write there */
    else
        VD_TRY(vd_finish_doc(o->f, g->doc, account, VD_S(""), &doc));
    return VD_PUSH(o->f->a, &o->f->unit_docs, doc) ? VD_OK : vd_fail_nomem(o->f->err);
}

static vd_code hang_all(org *o, uint32_t unit, int which, vd_snap_range *out)
{
    const vd_snap_unit *u = &o->f->s->units[unit];

    out->first = o->f->unit_docs.count;
    for (uint32_t i = first_target(o, u->id); i < o->target_count && vd_str_eq(target_at(&o->targets[i])->target, u->id); i++) {
        const vd_draft_target *t = target_at(&o->targets[i]);
        const vd_draft_guard  *g = find_guard(o, t->policy);

        if (!g || !g->type.n) {
            if (which == SCP)
                VD_TRY(vd_draft_note_at(o->f->from, VD_GAP_MISSING_POLICY, VD_ERROR, t->at, account_of(unit_at(&o->units[unit])), VD_S(""),
                                        o->f->err, "nobody says what the policy \"" VD_F "\" on \"" VD_F "\" is", VD_A(t->policy), VD_A(u->id)));
            continue;
        }
        if (vd_str_eq(g->type, types[which]))
            VD_TRY(hang(o, t, g, account_of(unit_at(&o->units[unit]))));
    }
    out->count = o->f->unit_docs.count - out->first;
    return VD_OK;
}

/* What the root says; else whatever hangs somewhere is enabled. */
static void find_enabled(org *o)
{
    for (uint32_t which = 0; which < GUARDS; which++) {
        int8_t said = -1;

        for (uint32_t i = 0; i < o->unit_count; i++)
            if (unit_at(&o->units[i])->kind == VD_UNIT_ROOT && unit_at(&o->units[i])->types[which] > said)
                said = unit_at(&o->units[i])->types[which];
        for (uint32_t i = 0; said < 0 && i < o->target_count; i++) {
            const vd_draft_guard *g = find_guard(o, target_at(&o->targets[i])->policy);

            if (g && vd_str_eq(g->type, types[which]))
                said = 1;
        }
        o->enabled[which] = said > 0 || (said < 0 && !o->f->from->has_targets);
    }
}

/* ------------------------------------------------------------------ chains */

static vd_snap_range docs_of(const org *o, uint32_t unit, int which)
{
    return which == SCP ? o->f->s->units[unit].scp : o->f->s->units[unit].rcp;
}

static bool same_level(const org *o, const vd_snap_level *a, const vd_snap_level *b)
{
    const uint32_t *docs = o->f->unit_docs.at;

    return vd_str_eq(a->target, b->target) && a->docs.count == b->docs.count &&
           (a->docs.count == 0 || memcmp(docs + a->docs.first, docs + b->docs.first, a->docs.count * sizeof *docs) == 0);
}

static bool same_chain(const void *ctx, uint32_t value, const void *wanted)
{
    const org           *o = ctx;
    const vd_snap_range *w = wanted, *have = &o->f->chains.at[value].levels;

    if (have->count != w->count)
        return false;
    for (uint32_t i = 0; i < w->count; i++)
        if (!same_level(o, &o->f->levels.at[have->first + i], &o->f->levels.at[w->first + i]))
            return false;
    return true;
}

static uint64_t chain_hash(const org *o, vd_snap_range levels)
{
    uint64_t h = levels.count;

    for (uint32_t i = 0; i < levels.count; i++) {
        const vd_snap_level *l = &o->f->levels.at[levels.first + i];

        h = vd_hash(h, l->target);
        if (l->docs.count)
            h = vd_hash(h, (vd_str){ (const char *)(o->f->unit_docs.at + l->docs.first), l->docs.count * sizeof(uint32_t) });
    }
    return h;
}

/* Root first.  The levels are put at the end and taken away again when the chain is known. */
static vd_code make_chain(org *o, vd_map *known, uint32_t unit, int which, uint32_t *chain)
{
    vd_finish    *f = o->f;
    uint32_t      way[DEEPEST + 2], n = 0;
    vd_snap_range levels = { f->levels.count, 0 };
    uint64_t      hash;

    for (uint32_t at = unit; at != VD_NONE; at = f->s->units[at].parent)
        way[n++] = at;
    while (n--) {
        vd_snap_level l = { .target = way[n] == unit ? VD_S("") : f->s->units[way[n]].id, .docs = docs_of(o, way[n], which) };

        if (!VD_PUSH(f->a, &f->levels, l))
            return vd_fail_nomem(f->err);
        levels.count++;
    }
    hash = chain_hash(o, levels);
    *chain = vd_map_find(known, hash, same_chain, o, &levels);
    if (*chain != VD_NONE) {
        f->levels.count = levels.first;
        return VD_OK;
    }
    *chain = f->chains.count;
    if (!VD_PUSH(f->a, &f->chains, (vd_snap_chain){ levels }) || !vd_map_add(known, f->a, hash, *chain))
        return vd_fail_nomem(f->err);
    return VD_OK;
}

/* ------------------------------------------------------------------ accounts */

/* "o-a1/r-b2/ou-c3/": the way to the account, without it. */
static vd_code make_path(org *o, vd_snap_account *a)
{
    vd_snapshot *s = o->f->s;
    vd_str       tail = VD_S("");

    for (uint32_t at = s->units[a->unit].parent; at != VD_NONE; at = s->units[at].parent)
        if (!vd_arena_printf(&o->f->from->arena, &tail, VD_F "/" VD_F, VD_A(s->units[at].id), VD_A(tail)))
            return vd_fail_nomem(o->f->err);
    return vd_arena_printf(&o->f->from->arena, &a->org_path, VD_F "/" VD_F, VD_A(a->org), VD_A(tail)) ? VD_OK : vd_fail_nomem(o->f->err);
}

/* Where nothing hangs though AWS lets nobody take the last policy away, something was not collected. */
static vd_code check_levels(org *o, const vd_snap_account *a, uint32_t unit, int which)
{
    static const char *const texts[GUARDS] = { "no service control policy hangs on \"" VD_F "\", though they are enabled",
                                               "no resource control policy hangs on \"" VD_F "\", though they are enabled" };

    for (uint32_t at = unit; at != VD_NONE; at = o->f->s->units[at].parent)
        if (docs_of(o, at, which).count == 0)
            VD_TRY(note(o, unit_at(&o->units[at])->at, a->id, texts[which], o->f->s->units[at].id));
    return VD_OK;
}

static vd_code guard_account(org *o, vd_map *known, vd_snap_account *a)
{
    uint32_t *chain[GUARDS] = { &a->scp, &a->rcp };
    bool     *missing[GUARDS] = { &a->scp_missing, &a->rcp_missing };
    bool      rooted = a->unit != VD_NONE && is_rooted(o, a->unit);

    for (int which = 0; which < GUARDS; which++) {
        if (!o->enabled[which] || a->in_org != VD_CERTAIN_YES)
            continue;
        *missing[which] = !rooted || !o->f->from->has_targets;
        if (*missing[which])
            continue;
        VD_TRY(make_chain(o, known, a->unit, which, chain[which]));
        VD_TRY(check_levels(o, a, a->unit, which));
    }
    return VD_OK;
}

static vd_code place_account(org *o, vd_map *known, vd_snap_account *a)
{
    vd_snapshot *s = o->f->s;
    bool         manages = s->management_account.n && vd_str_eq(a->id, s->management_account);

    a->unit = find_unit(o, a->id);
    if (a->unit == VD_NONE && !manages) {
        a->in_org = VD_CERTAIN_NOBODY_SAID;
        return vd_draft_note_at(o->f->from, VD_GAP_ORGANIZATION, VD_WARNING, (vd_place){ .file = VD_NONE }, a->id, VD_S(""), o->f->err,
                                "the account " VD_F " is not in the organization's tree", VD_A(a->id));
    }
    a->in_org = VD_CERTAIN_YES;
    a->org = s->organization;
    a->management = manages ? VD_CERTAIN_YES : s->management_account.n ? VD_CERTAIN_NO : VD_CERTAIN_NOBODY_SAID;
    if (a->unit != VD_NONE && a->org.n && is_rooted(o, a->unit))
        VD_TRY(make_path(o, a));
    return guard_account(o, known, a);
}

static vd_code place_accounts(org *o)
{
    vd_map  known = { 0 };
    vd_code code = VD_OK;

    for (uint32_t i = 0; code == VD_OK && i < o->f->s->account_count; i++)
        code = place_account(o, &known, &o->f->s->accounts[i]);
    vd_map_done(&known, o->f->a);
    return code;
}

/* ------------------------------------------------------------------ the whole */

/* Of several the first by place counts. */
static vd_code choose_organization(vd_finish *f)
{
    const vd_draft_organization *kept = NULL;

    for (uint32_t i = 0; i < f->from->organizations.count; i++) {
        const vd_draft_organization *one = &f->from->organizations.at[i];

        if (!kept || vd_place_order(f->from, one->at, kept->at) < 0)
            kept = one;
    }
    if (!kept)
        return VD_OK;
    f->s->organization = kept->id;
    f->s->management_account = kept->management_account;
    for (uint32_t i = 0; i < f->from->organizations.count; i++) {
        const vd_draft_organization *one = &f->from->organizations.at[i];

        if (!vd_str_eq(one->id, kept->id))
            VD_TRY(vd_draft_note_at(f->from, VD_GAP_ORGANIZATION, VD_ERROR, one->at, VD_S(""), VD_S(""), f->err,
                                    "a snapshot holds one organization; \"" VD_F "\" is another one", VD_A(one->id)));
    }
    return VD_OK;
}

static vd_code hang_guards(org *o)
{
    for (uint32_t i = 0; i < o->unit_count; i++) {
        VD_TRY(hang_all(o, i, SCP, &o->f->s->units[i].scp));
        VD_TRY(hang_all(o, i, RCP, &o->f->s->units[i].rcp));
    }
    return VD_OK;
}

vd_code vd_finish_organization(vd_finish *f)
{
    vd_snapshot_reader *r = f->from;
    org                 o = { .f = f, .unit_count = r->units.count, .guard_count = r->guards.count, .target_count = r->targets.count };

    f->s->has_organization = r->has_organization;
    f->s->collected = r->collected;
    f->s->units = vd_arena_new_array(&r->arena, vd_snap_unit, (size_t)r->units.count + 1);
    o.units = sorted(f, o.unit_count, unit_order);
    o.guards = sorted(f, o.guard_count, guard_order);
    o.targets = sorted(f, o.target_count, target_order);
    if (!f->s->units || !o.units || !o.guards || !o.targets)
        return vd_fail_nomem(f->err);
    VD_TRY(choose_organization(f));
    VD_TRY(unique_units(&o));
    VD_TRY(unique_guards(&o));
    unique_targets(&o);
    VD_TRY(find_parents(&o));
    VD_TRY(cut_cycles(&o));
    find_enabled(&o);
    VD_TRY(hang_guards(&o));
    if (r->has_organization)
        return place_accounts(&o);
    if (!vd_draft_is_complete(r, VD_S("org")))
        return VD_OK;
    return vd_draft_note_at(r, VD_GAP_NOT_COLLECTED, VD_WARNING, (vd_place){ .file = VD_NONE }, VD_S(""), VD_S(""), f->err,
                            "no file of the organization, though the manifest says that it is complete");
}

/* ------------------------------------------------------------------ texts that everybody knows */

/* The policies that AWS hangs everywhere, for dumps that leave their texts out. */
static const struct {
    vd_str  id, name, text;
    int     which;
    vd_kind kind;
} known_guards[] = {
    { VD_L("p-FullAWSAccess"), VD_L("FullAWSAccess"),
      VD_L("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"), SCP, VD_KIND_SCP },
    { VD_L("p-RCPFullAWSAccess"), VD_L("RCPFullAWSAccess"),
      VD_L("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}"), RCP,
      VD_KIND_RCP },
};

static bool is_wanted(const vd_snapshot_reader *r, vd_str id)
{
    bool wanted = false;

    for (uint32_t i = 0; !wanted && i < r->targets.count; i++)
        wanted = vd_str_eq(r->targets.at[i].policy, id);
    for (uint32_t i = 0; wanted && i < r->guards.count; i++)
        wanted = r->guards.at[i].doc == VD_NONE || !vd_str_eq(r->guards.at[i].id, id);
    return wanted;
}

vd_code vd_finish_known_guards(vd_finish *f)
{
    vd_snapshot_reader *r = f->from;

    for (size_t i = 0; i < VD_COUNT(known_guards); i++) {
        vd_draft_guard g = { .id = known_guards[i].id, .name = known_guards[i].name, .type = types[known_guards[i].which] };
        vd_draft_file  file = { known_guards[i].id, known_guards[i].id };

        if (!is_wanted(r, g.id))
            continue;
        g.at = (vd_place){ .file = r->files.count, .line = 1, .column = 1 };
        if (!VD_PUSH(f->a, &r->files, file))
            return vd_fail_nomem(f->err);
        VD_TRY(vd_draft_plain(r, g.at.file, known_guards[i].kind, g.id, known_guards[i].text, &g.doc, f->err));
        if (!VD_PUSH(f->a, &r->guards, g))
            return vd_fail_nomem(f->err);
    }
    return VD_OK;
}
