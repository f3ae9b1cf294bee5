/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings that are known: from a baseline, from an older run.
 */
#include "base/str.h"
#include "cli/exposing.h"
#include "cli/keep.h"
#include "render/parts.h"

/* ------------------------------------------------------------------ the baseline */

bool vd_known_ids_write(vd_cli *cli, const char *path, const vd_exposed_row *at, uint32_t count)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < count; i++) {
        const vd_exposed *x = at[i].finding;
        vd_json          *one;

        if (at[i].state == VD_EXPOSED_ARCHIVED || x->change == VD_CHANGE_RESOLVED)
            continue;
        one = vd_json_object();
        vd_json_set(one, "id", vd_json_string(x->id));
        vd_json_set(one, "class", vd_part_words(vd_exposed_name(x->exposed)));
        vd_json_set(one, "resource", vd_json_string(x->resource));
        vd_json_set(one, "principal", vd_json_string(x->principal));
        vd_json_set(one, "grounds", vd_json_string(x->grounds));
        vd_json_push(list, one);
    }
    return vd_known_ids_save(cli, path, list);
}

void vd_exposure_known(const vd_known_ids *known, vd_exposed_row *row)
{
    vd_exposed *x = (vd_exposed *)(uintptr_t)row->finding; /* made by the run itself */

    if (!vd_known_ids_have(known, x->id))
        return;
    if (x->change == VD_CHANGE_RESOLVED || vd_known_ids_have_as(known, x->id, x->grounds))
        row->state = VD_EXPOSED_KNOWN;
    else if (x->change == VD_CHANGE_NONE)
        x->change = VD_CHANGE_CHANGED;
}

/* ------------------------------------------------------------------ against an older run */

static bool same_texts(const vd_str *a, size_t a_count, const vd_str *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (!vd_str_eq(a[i], b[i]))
            return false;
    return true;
}

static bool same_required(const vd_required *a, size_t a_count, const vd_required *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (!vd_str_ieq(a[i].key, b[i].key) || !vd_str_eq(a[i].must, b[i].must) ||
            !same_texts(a[i].values, a[i].count, b[i].values, b[i].count))
            return false;
    return true;
}

/* The same who, other actions. */
static bool same_cell(const vd_exposed *a, const vd_exposed *b)
{
    return a->exposed == b->exposed && vd_str_eq(a->resource, b->resource) && vd_str_eq(a->principal, b->principal) &&
           vd_str_eq(a->principal_type, b->principal_type) &&
           same_required(a->conditions, a->condition_count, b->conditions, b->condition_count);
}

static bool same_id(const vd_exposed *a, const vd_exposed *b)
{
    return vd_str_eq(a->id, b->id);
}

/* The id says who can do what.  How much of the resource they reach, and what it takes, must be the same as well. */
static bool same_all(const vd_exposed *a, const vd_exposed *b)
{
    return same_id(a, b) && vd_str_eq(a->grounds, b->grounds) && a->severity == b->severity && a->is_public == b->is_public &&
           a->flags == b->flags && a->over_endpoint == b->over_endpoint && a->only_otherwise == b->only_otherwise &&
           same_texts(a->resources.at, a->resources.count, b->resources.at, b->resources.count) &&
           same_required(a->requirements, a->require_count, b->requirements, b->require_count);
}

typedef struct old_row {
    const vd_exposed *x;
    vd_str            file;
    bool              matched;
} old_row;

typedef bool same_fn(const vd_exposed *a, const vd_exposed *b);

static void match(const vd_exposed_row *at, uint32_t count, old_row *old, uint32_t old_count, same_fn *same, int32_t change)
{
    for (uint32_t i = 0; i < count; i++) {
        vd_exposed *x = (vd_exposed *)(uintptr_t)at[i].finding; /* made by the run itself */

        if (x->change != VD_CHANGE_NONE)
            continue;
        for (uint32_t k = 0; k < old_count; k++) {
            if (old[k].matched || !same(x, old[k].x))
                continue;
            old[k].matched = true;
            x->change = change;
            break;
        }
    }
}

bool vd_exposures_against(vd_arena *arena, vd_exposed_row **at, uint32_t *count, uint32_t *cap, const vd_exposing_run *older)
{
    old_row *old = NULL;
    uint32_t old_count = 0, old_cap = 0, now = *count;

    for (uint32_t i = 0; i < older->count; i++)
        for (uint32_t k = 0; k < older->tasks[i].count; k++)
            if (!VD_ARENA_PUSH(arena, old, old_count, old_cap, (old_row){ .x = older->tasks[i].at[k], .file = older->tasks[i].name }))
                return false;
    match(*at, now, old, old_count, same_all, VD_CHANGE_UNCHANGED);
    match(*at, now, old, old_count, same_id, VD_CHANGE_CHANGED);
    match(*at, now, old, old_count, same_cell, VD_CHANGE_CHANGED);
    for (uint32_t i = 0; i < now; i++)
        if ((*at)[i].finding->change == VD_CHANGE_NONE)
            ((vd_exposed *)(uintptr_t)(*at)[i].finding)->change = VD_CHANGE_NEW;
    for (uint32_t k = 0; k < old_count; k++) {
        vd_exposed *gone = old[k].matched ? NULL : (vd_exposed *)(uintptr_t)vd_keep_exposed(arena, old[k].x);

        if (old[k].matched)
            continue;
        if (!gone || !VD_ARENA_PUSH(arena, *at, *count, *cap, (vd_exposed_row){ .finding = gone, .file = old[k].file }))
            return false;
        gone->change = VD_CHANGE_RESOLVED;
    }
    return true;
}
