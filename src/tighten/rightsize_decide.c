/* SPDX-License-Identifier: Apache-2.0
 *
 * Which actions stay, and why.  Whatever is not surely unused stays; a mode may let more stay than that, never less.
 */
#include "tighten/rightsize.h"

#include "base/calendar.h"
#include "base/error.h"
#include "base/str.h"

/* ------------------------------------------------------------------ words */

static bool say_used(vd_rs *r, vd_rs_seen *s, const char *more)
{
    char   room[VD_TIME_ROOM];
    vd_str day;

    if (s->count == 0)
        return vd_arena_printf(r->arena, &s->why, "used%s", more);
    day = vd_str_first((vd_str){ room, vd_time_format(room, s->last) }, sizeof "2026-03-01" - 1);
    return vd_arena_printf(r->arena, &s->why, "used %llu time%s, last " VD_F "%s", (unsigned long long)s->count,
                           s->count == 1 ? "" : "s", VD_A(day), more);
}

/* ------------------------------------------------------------------ one action by itself */

/* A list keeps it: the reason; empty: none does. */
static bool keep_by_list(vd_rs *r, vd_rs_seen *s)
{
    const vd_rightsize_opts *o = r->opts;

    for (size_t i = 0; i < o->keep_count; i++) {
        const vd_keep_row *row = &o->keep[i];

        if (!vd_catalog_fits(row->actions, s->name) || (row->until && row->until <= o->now))
            continue;
        s->keep = VD_RS_KEPT;
        return vd_arena_printf(r->arena, &s->why, "kept: " VD_F, VD_A(row->reason));
    }
    for (size_t i = 0; i < o->headroom_count && s->keep == VD_RS_GONE; i++)
        if (vd_catalog_fits(o->headroom[i], s->name)) {
            s->keep = VD_RS_KEPT;
            s->why = VD_S("headroom");
        }
    return true;
}

static bool narrows(const vd_rs *r)
{
    return r->opts->mode == VD_RIGHTSIZE_STRICT || r->opts->mode == VD_RIGHTSIZE_LEVEL;
}

static bool keep_used(vd_rs *r, vd_rs_seen *s)
{
    if (r->opts->min_days_used && s->days < r->opts->min_days_used)
        return vd_arena_printf(r->arena, &s->why, "used on %u day%s only", s->days, s->days == 1 ? "" : "s");
    s->keep = VD_RS_KEPT;
    if (!narrows(r))
        return say_used(r, s, "");
    if (s->on.count == 0 || s->on.more)
        return say_used(r, s, "; on what is not known");
    if (!s->sure)
        return say_used(r, s, "; on what is not certain");
    if (s->hides & ~r->opts->drop_blind)
        return say_used(r, s, "; other uses cannot be seen");
    s->keep = VD_RS_OBSERVED;
    return say_used(r, s, "");
}

static bool keep_unseen(vd_rs *r, vd_rs_seen *s)
{
    if (s->state == VD_STATE_CANNOT_SEE) {
        if (s->reasons && (s->reasons & ~r->opts->drop_blind) == 0)
            return true;
        s->keep = VD_RS_UNSEEN;
        return vd_arena_printf(r->arena, &s->why, "cannot be seen%s" VD_F, s->blind.n ? ": " : "", VD_A(s->blind));
    }
    if (s->grade < VD_GRADE_FAMILY && !s->advisor && !r->opts->accept_assumed) {
        s->keep = VD_RS_UNSEEN;
        s->why = VD_S("not seen, but nothing shows that the logs would show it");
    }
    return true;
}

/* Whether the logs say that it is used: OBSERVED, KEPT; else GONE, or UNSEEN. */
static bool decide_one(vd_rs *r, vd_rs_seen *s)
{
    s->keep = VD_RS_GONE;
    s->why = VD_S("");
    if (s->state == VD_STATE_USED && !keep_used(r, s))
        return false;
    if (s->state == VD_STATE_POSSIBLE) {
        s->keep = VD_RS_KEPT;
        s->why = VD_S("possibly used");
    }
    if (s->state == VD_STATE_NOT_SEEN && s->denied && r->opts->include_denied) {
        s->keep = narrows(r) && s->denied_on.count && !s->denied_on.more ? VD_RS_OBSERVED : VD_RS_KEPT;
        s->on = s->denied_on;
        if (!vd_arena_printf(r->arena, &s->why, "tried and refused %llu times", (unsigned long long)s->denied))
            return false;
    }
    if (s->keep == VD_RS_GONE && s->state >= VD_STATE_NOT_SEEN && !keep_unseen(r, s))
        return false;
    return s->keep == VD_RS_KEPT || keep_by_list(r, s);
}

/* ------------------------------------------------------------------ what stays because of others */

static bool is_used(const vd_rs_seen *s)
{
    return (s->keep == VD_RS_OBSERVED || s->keep == VD_RS_KEPT) && s->state <= VD_STATE_POSSIBLE;
}

static bool by_service(vd_rs *r)
{
    bool *used = vd_arena_new_array(&r->scratch, bool, (size_t)vd_catalog_services(r->t->catalog) + 1);

    if (!used)
        return false;
    for (uint32_t i = 0; i < r->t->seen_count; i++)
        if (r->t->seen[i].action != VD_NONE && is_used(&r->t->seen[i]))
            used[vd_catalog_service_of(r->t->catalog, r->t->seen[i].action)] = true;
    for (uint32_t i = 0; i < r->t->seen_count; i++) {
        vd_rs_seen *s = &r->t->seen[i];

        if (s->keep == VD_RS_GONE && s->action != VD_NONE && used[vd_catalog_service_of(r->t->catalog, s->action)]) {
            s->keep = VD_RS_KEPT;
            s->why = VD_S("its service is used");
        }
    }
    return true;
}

static bool shares_type(const vd_rs *r, uint32_t a, uint32_t b)
{
    vd_ids x = vd_catalog_types_of(r->t->catalog, a), y = vd_catalog_types_of(r->t->catalog, b);

    if (x.count == 0 && y.count == 0)
        return true;
    for (uint32_t i = 0; i < x.count; i++)
        for (uint32_t j = 0; j < y.count; j++)
            if (x.at[i] == y.at[j])
                return true;
    return false;
}

/* An action of a level that is used is used on what its sisters are used on, when they take the same kind of resource. */
static bool lend(vd_rs *r, vd_rs_seen *s)
{
    vd_run      ids = vd_catalog_service(r->t->catalog, vd_catalog_service_of(r->t->catalog, s->action)).actions;
    uint8_t     level = vd_catalog_level_of(r->t->catalog, s->action);
    uint32_t    n = 0, sisters = 0;
    vd_rs_texts on = { 0 };
    bool        bound = true;

    for (uint32_t id = ids.first; id < ids.first + ids.count; id++) {
        const vd_rs_seen *t = r->seen_of[id] == VD_NONE ? NULL : &r->t->seen[r->seen_of[id]];

        if (!t || !is_used(t) || vd_catalog_level_of(r->t->catalog, id) != level)
            continue;
        n++;
        if (!shares_type(r, s->action, id))
            continue;
        sisters++;
        bound &= t->keep == VD_RS_OBSERVED;
        for (size_t j = 0; j < t->on.count; j++)
            if (!VD_ARENA_PUSH(&r->scratch, on.at, on.count, on.cap, t->on.at[j]))
                return false;
    }
    if (n == 0)
        return true;
    s->why = VD_S("its access level is used");
    s->keep = sisters && bound ? VD_RS_OBSERVED : VD_RS_KEPT;
    if (s->keep == VD_RS_OBSERVED)
        s->on = (vd_use_texts){ .at = on.at, .count = on.count };
    return true;
}

static bool by_level(vd_rs *r)
{
    for (uint32_t i = 0; i < r->t->seen_count; i++) {
        vd_rs_seen *s = &r->t->seen[i];

        if (s->keep == VD_RS_GONE && s->action != VD_NONE &&
            vd_catalog_level_of(r->t->catalog, s->action) != VD_LEVEL_PERMISSIONS && !lend(r, s))
            return false;
    }
    return true;
}

/* What undoes what is done. */
static const struct {
    vd_str does, undoes;
} pairs[] = {
    { VD_L("Create"), VD_L("Delete") },       { VD_L("Put"), VD_L("Delete") },        { VD_L("Add"), VD_L("Remove") },
    { VD_L("Attach"), VD_L("Detach") },       { VD_L("Start"), VD_L("Stop") },        { VD_L("Run"), VD_L("Terminate") },
    { VD_L("Register"), VD_L("Deregister") }, { VD_L("Enable"), VD_L("Disable") },    { VD_L("Associate"), VD_L("Disassociate") },
    { VD_L("Tag"), VD_L("Untag") },           { VD_L("Allocate"), VD_L("Release") },  { VD_L("Authorize"), VD_L("Revoke") },
    { VD_L("Subscribe"), VD_L("Unsubscribe") }, { VD_L("Upload"), VD_L("Delete") },   { VD_L("Open"), VD_L("Close") },
};

static bool keep_partner(vd_rs *r, const vd_rs_seen *s)
{
    size_t colon = vd_str_find(s->name, ':') + 1;
    vd_str verb = vd_str_from(s->name, colon), other;

    for (size_t i = 0; i < VD_COUNT(pairs); i++) {
        uint32_t id;

        if (!vd_str_starts(verb, pairs[i].does))
            continue;
        if (!vd_arena_printf(&r->scratch, &other, VD_F VD_F VD_F, VD_A(vd_str_first(s->name, colon)), VD_A(pairs[i].undoes),
                             VD_A(vd_str_from(verb, pairs[i].does.n))))
            return false;
        id = vd_catalog_find(r->t->catalog, other);
        if (id == VD_NONE || r->seen_of[id] == VD_NONE || r->t->seen[r->seen_of[id]].keep != VD_RS_GONE)
            continue;
        r->t->seen[r->seen_of[id]].keep = VD_RS_KEPT;
        if (!vd_arena_printf(r->arena, &r->t->seen[r->seen_of[id]].why, "undoes " VD_F ", which is used", VD_A(s->name)))
            return false;
    }
    return true;
}

static bool by_pairs(vd_rs *r)
{
    for (uint32_t i = 0; i < r->t->seen_count; i++) {
        const vd_rs_seen *s = &r->t->seen[i];

        if (s->action != VD_NONE && s->state == VD_STATE_USED && s->keep != VD_RS_GONE && !keep_partner(r, s))
            return false;
    }
    return true;
}

vd_code vd_rs_decide(vd_rs *r)
{
    uint32_t all = vd_catalog_actions(r->t->catalog);
    bool     ok = true;

    r->seen_of = vd_arena_new_array(&r->scratch, uint32_t, (size_t)all + 1);
    if (!r->seen_of)
        return vd_fail_nomem(r->err);
    for (uint32_t i = 0; i < all; i++)
        r->seen_of[i] = VD_NONE;
    for (uint32_t i = 0; i < r->t->seen_count && ok; i++) {
        if (r->t->seen[i].action != VD_NONE)
            r->seen_of[r->t->seen[i].action] = i;
        ok = decide_one(r, &r->t->seen[i]);
    }
    if (ok && r->opts->mode == VD_RIGHTSIZE_SERVICE)
        ok = by_service(r);
    if (ok && r->opts->mode == VD_RIGHTSIZE_LEVEL)
        ok = by_level(r);
    if (ok && r->opts->pair_verbs)
        ok = by_pairs(r);
    return ok ? VD_OK : vd_fail_nomem(r->err);
}
