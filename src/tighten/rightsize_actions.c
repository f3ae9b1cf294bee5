/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of actions as texts.  What the old statement wrote stays as it is where all that it names stays; for the rest
 * shape_actions.c finds words that name nothing of today beside it and no text that the old statement does not name.
 */
#include "tighten/rightsize.h"

#include "base/error.h"
#include "base/str.h"
#include "pattern/overlap.h"
#include "tighten/shape.h"

/* Unless it is among the first `there`. */
static bool push_beside(vd_rs *r, vd_rs_texts *out, uint32_t there, vd_str text)
{
    for (uint32_t i = 0; i < there; i++)
        if (vd_str_ieq(out->at[i], text))
            return true;
    return VD_ARENA_PUSH(&r->scratch, out->at, out->count, out->cap, text);
}

static bool push(vd_rs *r, vd_rs_texts *out, vd_str text)
{
    return push_beside(r, out, out->count, text);
}

/* All that one text of the old list names stays in the part: so does the text.  Those actions leave `rest`. */
static bool take_token(vd_rs *r, vd_rs_texts *out, const vd_rs_part *part, vd_str token, uint64_t *rest)
{
    uint64_t *named = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    uint32_t  count;
    bool      all = true;

    if (!named)
        return false;
    count = vd_catalog_expand_bits(r->t->catalog, token, named);
    /* nothing is known of it: it stays with what cannot be seen */
    if (count == 0)
        return part->keep != VD_RS_UNSEEN || push(r, out, token);
    for (size_t i = 0; i < r->words; i++)
        all &= (named[i] & ~part->actions[i]) == 0;
    if (!all)
        return true;
    for (size_t i = 0; i < r->words; i++)
        rest[i] &= ~named[i];
    return push(r, out, token);
}

static bool is_pattern(vd_str token)
{
    return vd_str_find(token, '*') < token.n || vd_str_find(token, '?') < token.n;
}

/* Without what a wider text of the list stands for already. */
static bool drop_covered(vd_rs *r, vd_rs_texts *list)
{
    uint32_t *patterns = vd_arena_new_array(&r->scratch, uint32_t, (size_t)list->count + 1), count = 0, n = 0;
    vd_str   *all = vd_arena_new_array(&r->scratch, vd_str, (size_t)list->count + 1);

    if (!patterns || !all)
        return false;
    for (uint32_t i = 0; i < list->count; i++) {
        all[i] = list->at[i];
        if (is_pattern(all[i]))
            patterns[count++] = i;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        bool covered = false;

        for (uint32_t j = 0; j < count && !covered; j++)
            covered = patterns[j] != i && vd_action_covers(all[patterns[j]], all[i]) &&
                      (patterns[j] < i || !vd_action_covers(all[i], all[patterns[j]]));
        if (!covered)
            list->at[n++] = all[i];
    }
    list->count = n;
    return true;
}

/* Levels that the part has already; never those that manage permissions. */
static uint32_t levels_of(const vd_rs *r, const vd_rs_part *part)
{
    uint32_t levels = 0;

    for (uint32_t a = 0; a < vd_catalog_actions(r->t->catalog); a++)
        if (vd_rs_bit(part->actions, a))
            levels |= (uint32_t)1 << vd_catalog_level_of(r->t->catalog, a);
    return levels & ~((uint32_t)1 << VD_LEVEL_PERMISSIONS);
}

static vd_code shape(vd_rs *r, vd_rs_texts *out, const vd_rs_statement *s, const vd_rs_part *part, const uint64_t *bits, uint64_t *extra)
{
    const vd_list        *list = &s->model->action;
    vd_str               *old = vd_arena_new_array(&r->scratch, vd_str, (size_t)list->texts.count + 1);
    vd_shapes             found = { 0 };
    vd_shape_actions_opts opts = { .catalog = r->t->catalog };
    bool                  any = false;
    uint32_t              there;

    for (size_t i = 0; i < r->words; i++)
        any |= bits[i] != 0;
    if (!any)
        return VD_OK;
    if (!old)
        return vd_fail_nomem(r->err);
    for (uint32_t i = 0; i < list->texts.count; i++)
        old[i] = list->texts.at[i].text;
    opts.old = (vd_shape_old){ .at = old, .count = list->texts.count, .negated = list->negated };
    opts.own = r->opts->mode == VD_RIGHTSIZE_STRICT && part->keep != VD_RS_UNSEEN && !(extra && r->loose.bound);
    if (extra && r->loose.bound) {
        opts.bound = r->loose.bound;
        opts.levels = r->loose.levels ? levels_of(r, part) : 0;
        opts.extra = extra;
    }
    VD_TRY(vd_shape_actions(&found, r->arena, bits, &opts, r->err));
    there = out->count; /* those that were found are different ones */
    for (uint32_t i = 0; i < found.count; i++)
        if (!push_beside(r, out, there, found.at[i]))
            return vd_fail_nomem(r->err);
    return VD_OK;
}

vd_code vd_rs_action_texts(vd_rs *r, vd_rs_texts *out, const vd_rs_statement *s, const vd_rs_part *part, uint64_t *extra)
{
    const vd_list *list = &s->model->action;
    uint64_t      *rest = vd_arena_new_array(&r->scratch, uint64_t, r->words);

    if (!rest)
        return vd_fail_nomem(r->err);
    memcpy(rest, part->actions, r->words * sizeof *rest);
    for (uint32_t i = 0; i < list->texts.count && !list->negated; i++)
        if (!take_token(r, out, part, list->texts.at[i].text, rest))
            return vd_fail_nomem(r->err);
    VD_TRY(shape(r, out, s, part, rest, extra));
    for (uint32_t i = 0; i < part->name_count; i++)
        if (!push(r, out, part->names[i]))
            return vd_fail_nomem(r->err);
    return drop_covered(r, out) ? VD_OK : vd_fail_nomem(r->err);
}
