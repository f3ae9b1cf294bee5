/* SPDX-License-Identifier: Apache-2.0
 *
 * What was taken away, statement by statement and service by service, and why each action that stays does.
 */
#include "tighten/rightsize.h"

#include "base/error.h"
#include "base/str.h"

typedef struct telling {
    vd_rs                *r;
    vd_rightsize_why     *why;
    uint32_t              why_count, why_cap;
    vd_rightsize_removed *removed;
    uint32_t              removed_count, removed_cap;
    uint64_t             *blind; /* bits: kept, because nobody could see it */
} telling;

enum { NOT_SEEN, GRANTED_ELSEWHERE, DROPPED_BLIND, OTHER_RESOURCES, REASONS };

static const vd_str reasons[REASONS] = {
    [NOT_SEEN] = VD_L("not used"),
    [GRANTED_ELSEWHERE] = VD_L("used only where another statement allows it"),
    [DROPPED_BLIND] = VD_L("its use cannot be seen, and was said not to matter"),
    [OTHER_RESOURCES] = VD_L("on other resources than it was used on"),
};

static vd_str sid_of(const vd_rs_statement *s)
{
    return s->model->has_sid ? s->model->sid.text : VD_S("");
}

static const vd_rs_seen *seen_of(const vd_rs *r, uint32_t action)
{
    return r->seen_of[action] == VD_NONE ? NULL : &r->t->seen[r->seen_of[action]];
}

/* ------------------------------------------------------------------ why */

static bool dup_all(telling *t, vd_str *policy, vd_str *sid, const vd_rs_statement *s)
{
    return vd_arena_dup(t->r->arena, policy, t->r->t->documents[s->document].name) && vd_arena_dup(t->r->arena, sid, sid_of(s));
}

/* fits: it stays for its size. */
static bool say_why(telling *t, const vd_rs_statement *s, const vd_rs_part *part, vd_str action, const vd_rs_seen *seen, bool fits)
{
    vd_rs           *r = t->r;
    vd_rightsize_why row = { 0 };

    if (fits)
        row.reason = VD_S("in few words with others, so that it is not too large");
    else
        row.reason = !seen ? VD_S("nothing is known of it") : seen->keep == VD_RS_GONE ? VD_S("granted not long ago") : seen->why;
    row.unseen = !fits && (!seen || seen->keep == VD_RS_GONE || seen->keep == VD_RS_UNSEEN);
    if (!dup_all(t, &row.policy, &row.sid, s) || !vd_arena_dup(r->arena, &row.action, action))
        return false;
    for (uint32_t i = 0; i < (part->whole ? 1 : part->resource_count); i++) {
        row.resource = VD_S("");
        if ((!part->whole && !vd_arena_dup(r->arena, &row.resource, part->resources[i])) ||
            !VD_ARENA_PUSH(r->arena, t->why, t->why_count, t->why_cap, row))
            return false;
    }
    return true;
}

static bool why_part(telling *t, const vd_rs_statement *s, const vd_rs_part *part)
{
    vd_rs *r = t->r;
    char   room[160];

    for (uint32_t a = 0; a < vd_catalog_actions(r->t->catalog); a++) {
        const vd_rs_seen *seen;
        bool              fits = part->extra && vd_rs_bit(part->extra, a);

        if (!vd_rs_bit(part->actions, a))
            continue;
        seen = seen_of(r, a);
        if (!fits && (!seen || seen->keep == VD_RS_UNSEEN || seen->keep == VD_RS_GONE))
            vd_rs_set(t->blind, a);
        if (!say_why(t, s, part, (vd_str){ room, vd_catalog_action_text(r->t->catalog, a, room, sizeof room) }, seen, fits))
            return false;
    }
    for (uint32_t i = 0; i < part->name_count; i++)
        for (uint32_t j = r->t->seen_count; j > 0 && r->t->seen[j - 1].action == VD_NONE; j--)
            if (vd_str_eq(r->t->seen[j - 1].name, part->names[i]) && !say_why(t, s, part, part->names[i], &r->t->seen[j - 1], false))
                return false;
    return true;
}

/* ------------------------------------------------------------------ removed */

static int reason_of(const vd_rs *r, const vd_rs_statement *s, uint32_t action)
{
    const vd_rs_seen *seen = seen_of(r, action);

    if (vd_rs_bit(s->stays, action))
        return OTHER_RESOURCES;
    if (seen && seen->keep == VD_RS_GONE && seen->state == VD_STATE_CANNOT_SEE)
        return DROPPED_BLIND;
    return seen && seen->keep != VD_RS_GONE ? GRANTED_ELSEWHERE : NOT_SEEN;
}

/* Is some of what the statement granted of it gone: the action, or resources. */
static bool is_less(const vd_rs_statement *s, uint32_t action)
{
    if (!vd_rs_bit(s->actions, action))
        return false;
    if (!vd_rs_bit(s->stays, action))
        return true;
    for (uint32_t i = 0; i < s->part_count; i++)
        if (s->parts[i].whole && vd_rs_bit(s->parts[i].actions, action))
            return false;
    return true;
}

static bool list_actions(telling *t, vd_texts_list *out, vd_run ids, const uint64_t *bits)
{
    vd_rs   *r = t->r;
    vd_str  *at = vd_arena_new_array(r->arena, vd_str, (size_t)ids.count + 1);
    uint32_t n = 0;
    char     room[160];

    if (!at)
        return false;
    for (uint32_t a = ids.first; a < ids.first + ids.count; a++)
        if (vd_rs_bit(bits, a) &&
            !vd_arena_dup(r->arena, &at[n++], (vd_str){ room, vd_catalog_action_text(r->t->catalog, a, room, sizeof room) }))
            return false;
    *out = (vd_texts_list){ at, n };
    return true;
}

typedef struct shrinking {
    telling    *t;
    vd_rs_texts out;
    bool        failed;
} shrinking;

static void take_pattern(void *user, vd_str text)
{
    shrinking *s = user;
    vd_str     kept;

    s->failed = s->failed || !vd_arena_dup(s->t->r->arena, &kept, text) ||
                !VD_ARENA_PUSH(s->t->r->arena, s->out.at, s->out.count, s->out.cap, kept);
}

static bool remove_of_service(telling *t, const vd_rs_statement *s, uint32_t service, int reason)
{
    vd_rs               *r = t->r;
    vd_service_fact      fact = vd_catalog_service(r->t->catalog, service);
    uint64_t            *bits = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    vd_rightsize_removed row = { .reason = reasons[reason], .service = fact.prefix };
    shrinking            sh = { .t = t };
    bool                 any = false;

    if (!bits)
        return false;
    for (uint32_t a = fact.actions.first; a < fact.actions.first + fact.actions.count; a++)
        if (is_less(s, a) && reason_of(r, s, a) == reason) {
            const vd_rs_seen *seen = seen_of(r, a);

            vd_rs_set(bits, a);
            any = true;
            if (seen && seen->last > row.last)
                row.last = seen->last;
        }
    if (!any)
        return true;
    vd_catalog_shrink(r->t->catalog, bits, take_pattern, &sh);
    row.patterns = (vd_texts_list){ sh.out.at, sh.out.count };
    return !sh.failed && dup_all(t, &row.policy, &row.sid, s) && list_actions(t, &row.actions, fact.actions, bits) &&
           VD_ARENA_PUSH(r->arena, t->removed, t->removed_count, t->removed_cap, row);
}

/* Services of which something is gone are found by their actions, so that a statement about one does not ask for all. */
static bool tell_removed(telling *t, const vd_rs_statement *s)
{
    vd_rs *r = t->r;

    for (uint32_t v = 0; v < vd_catalog_services(r->t->catalog); v++) {
        vd_run ids = vd_catalog_service(r->t->catalog, v).actions;
        bool   any = false;

        for (uint32_t a = ids.first; a < ids.first + ids.count && !any; a++)
            any = is_less(s, a);
        for (int reason = 0; any && reason < REASONS; reason++)
            if (!remove_of_service(t, s, v, reason))
                return false;
    }
    return true;
}

/* A NotAction that a mode leaves alone grows with AWS. */
static bool warn(vd_rs *r)
{
    vd_str  *at = vd_arena_new_array(r->arena, vd_str, (size_t)r->statement_count + 1);
    uint32_t n = 0;

    for (uint32_t i = 0; at && i < r->statement_count; i++) {
        const vd_rs_statement *s = &r->statements[i];

        if (s->open && s->model->action.negated && r->opts->mode != VD_RIGHTSIZE_STRICT && r->opts->mode != VD_RIGHTSIZE_LEVEL &&
            !vd_arena_printf(r->arena, &at[n++], "\"" VD_F "\", statement %u: its NotAction is left as it is, and allows more with every action "
                             "that AWS adds", VD_A(r->t->documents[s->document].name), (unsigned)s->index + 1))
            return false;
    }
    r->result->warnings = (vd_texts_list){ at, n };
    return at != NULL;
}

vd_code vd_rs_tell(vd_rs *r)
{
    telling  t = { .r = r };
    uint32_t blind = 0;
    bool     ok;

    t.blind = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    ok = t.blind && warn(r);
    for (uint32_t i = 0; i < r->statement_count && ok; i++) {
        const vd_rs_statement *s = &r->statements[i];

        for (uint32_t j = 0; j < s->part_count && ok; j++)
            ok = why_part(&t, s, &s->parts[j]);
        if (ok && s->changed)
            ok = tell_removed(&t, s);
        r->result->smaller |= s->changed;
    }
    if (!ok)
        return vd_fail_nomem(r->err);
    for (size_t i = 0; i < r->words; i++)
        blind += (uint32_t)__builtin_popcountll(t.blind[i]);
    r->result->why = t.why;
    r->result->why_count = t.why_count;
    r->result->removed = t.removed;
    r->result->removed_count = t.removed_count;
    r->result->kept_blind = blind;
    return VD_OK;
}
