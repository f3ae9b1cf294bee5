/* SPDX-License-Identifier: Apache-2.0
 *
 * Which policies of two sides belong together.  An identity, a resource, a boundary is compared with the one of the same
 * name; service and resource control policies apply together, whatever their files are called.  Where only one policy of a
 * kind stands on a side, or somebody asks for it, all of the kind are taken together.
 */
#include "cli/sides.h"

#include "base/error.h"
#include "base/str.h"
#include "policy/policy.h"

#include <stdlib.h>

/* Kinds in the order in which they are told. */
static const vd_kind kinds[] = { VD_KIND_IDENTITY, VD_KIND_BOUNDARY, VD_KIND_SESSION, VD_KIND_SCP, VD_KIND_RCP,
                                 VD_KIND_ENDPOINT, VD_KIND_RESOURCE, VD_KIND_TRUST };

/* Do several of them apply to one request? */
static bool applies_together(vd_kind kind)
{
    return kind == VD_KIND_IDENTITY || kind == VD_KIND_SESSION || kind == VD_KIND_SCP || kind == VD_KIND_RCP;
}

typedef struct making {
    vd_parts      *out;
    const vd_side *sides[2];
    bool           together;
} making;

static bool is_broken(const making *m, const vd_found *f)
{
    for (int side = 0; side < 2; side++)
        for (uint32_t i = 0; m->sides[side] && i < m->sides[side]->broken_count; i++)
            if (vd_str_eq(m->sides[side]->broken[i], f->path))
                return true;
    return false;
}

static bool is_of(const making *m, const vd_found *f, vd_kind kind)
{
    return vd_found_same_kind(f->kind, kind) && !is_broken(m, f);
}

static uint32_t count_of(const making *m, int side, vd_kind kind)
{
    uint32_t n = 0;

    for (uint32_t i = 0; m->sides[side] && i < m->sides[side]->finds.count; i++)
        n += is_of(m, &m->sides[side]->finds.at[i], kind);
    return n;
}

/* ------------------------------------------------------------------ adding */

static bool name_part(making *m, vd_part *part, const vd_found *f)
{
    if (f->label.n)
        return vd_arena_printf(&m->out->arena, &part->name, VD_F ", " VD_F, VD_A(f->file), VD_A(f->label));
    part->name = f->file;
    return true;
}

static vd_part *new_part(making *m, vd_kind kind)
{
    if (!VD_ARENA_PUSH(&m->out->arena, m->out->at, m->out->count, m->out->cap, (vd_part){ .kind = kind }))
        return NULL;
    return &m->out->at[m->out->count - 1];
}

static bool add(making *m, vd_part *part, int side, const vd_found *f)
{
    return VD_ARENA_PUSH(&m->out->arena, part->at[side], part->count[side], part->cap[side], f);
}

static bool take_all(making *m, vd_kind kind)
{
    vd_part *part = new_part(m, kind);

    if (!part)
        return false;
    part->name = vd_str_of(vd_found_kind_name(kind));
    for (int side = 0; side < 2; side++)
        for (uint32_t i = 0; m->sides[side] && i < m->sides[side]->finds.count; i++)
            if (is_of(m, &m->sides[side]->finds.at[i], kind) && !add(m, part, side, &m->sides[side]->finds.at[i]))
                return false;
    for (int side = 1; side >= 0; side--) /* one file on the newer side says more than the kind */
        if (part->count[side] == 1)
            return name_part(m, part, part->at[side][0]);
    return true;
}

/* ------------------------------------------------------------------ pairs */

typedef struct named {
    const vd_found *found;
    int             side;
    uint32_t        order;
} named;

static int by_key(const void *a, const void *b)
{
    const named *x = a, *y = b;
    int          c = vd_str_cmp(x->found->key, y->found->key);

    if (c == 0)
        c = x->side - y->side;
    return c ? c : x->order < y->order ? -1 : 1;
}

static named *list_named(making *m, vd_kind kind, uint32_t *count)
{
    uint32_t n = count_of(m, 0, kind) + count_of(m, 1, kind);
    named   *list = vd_arena_new_array(&m->out->arena, named, n ? n : 1);

    *count = 0;
    for (int side = 0; list && side < 2; side++)
        for (uint32_t i = 0; m->sides[side] && i < m->sides[side]->finds.count; i++)
            if (is_of(m, &m->sides[side]->finds.at[i], kind)) {
                list[*count] = (named){ &m->sides[side]->finds.at[i], side, *count };
                ++*count;
            }
    if (list && *count)
        qsort(list, *count, sizeof *list, by_key);
    return list;
}

static bool has_both(const named *list, uint32_t first, uint32_t end)
{
    return list[first].side != list[end - 1].side;
}

static uint32_t end_of(const named *list, uint32_t count, uint32_t first)
{
    uint32_t end = first + 1;

    while (end < count && vd_str_eq(list[end].found->key, list[first].found->key))
        end++;
    return end;
}

static bool add_run(making *m, vd_part *part, const named *list, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        if (!add(m, part, list[i].side, list[i].found))
            return false;
    return part->name.n || name_part(m, part, list[end - 1].found);
}

/* What has no counterpart: a policy that was split or renamed is no new access, so those of identities are looked at
 * together; of resources one that went and one that came are taken for one. */
static bool take_rest(making *m, vd_kind kind, const named *list, uint32_t count)
{
    vd_part *part = NULL;
    uint32_t keys[2] = { 0, 0 };
    bool     one;

    for (uint32_t i = 0; i < count; i = end_of(list, count, i))
        keys[list[i].side] += !has_both(list, i, end_of(list, count, i));
    one = m->sides[1] && (applies_together(kind) ? keys[0] && keys[1] : keys[0] == 1 && keys[1] == 1);
    for (uint32_t i = 0, end; i < count; i = end) {
        end = end_of(list, count, i);
        if (has_both(list, i, end))
            continue;
        if (!part || !one)
            part = new_part(m, kind);
        if (!part || !add_run(m, part, list, i, end))
            return false;
        if (one && keys[0] + keys[1] > 2)
            part->name = VD_S("policies that came and went");
    }
    return true;
}

static bool take_pairs(making *m, vd_kind kind)
{
    uint32_t count;
    named   *list = list_named(m, kind, &count);

    if (!list)
        return false;
    for (uint32_t i = 0, end; i < count; i = end) {
        vd_part *part;

        end = end_of(list, count, i);
        if (!has_both(list, i, end))
            continue;
        part = new_part(m, kind);
        if (!part || !add_run(m, part, list, i, end))
            return false;
    }
    return take_rest(m, kind, list, count);
}

/* ------------------------------------------------------------------ all */

static bool same_texts(const vd_part *p)
{
    if (p->count[0] != p->count[1])
        return false;
    for (uint32_t i = 0; i < p->count[0]; i++)
        if (p->at[0][i]->kind != p->at[1][i]->kind ||
            !vd_str_eq(vd_policy_text(p->at[0][i]->policy), vd_policy_text(p->at[1][i]->policy)))
            return false;
    return true;
}

static bool is_one_question(const making *m, vd_kind kind)
{
    uint32_t before = count_of(m, 0, kind), after = count_of(m, 1, kind);

    if (m->together || kind == VD_KIND_SCP || kind == VD_KIND_RCP)
        return true;
    if (!m->sides[1])
        return applies_together(kind);
    return applies_together(kind) ? before == 1 || after == 1 : before <= 1 && after <= 1;
}

static const char *kind_of(const making *m, int side)
{
    for (size_t k = 0; k < VD_COUNT(kinds); k++)
        if (count_of(m, side, kinds[k]))
            return vd_found_kind_name(kinds[k]);
    return "nothing";
}

static bool have_common_kind(const making *m)
{
    bool any = false, common = false;

    if (!m->sides[1])
        return true;
    for (size_t k = 0; k < VD_COUNT(kinds); k++) {
        bool before = count_of(m, 0, kinds[k]) > 0, after = count_of(m, 1, kinds[k]) > 0;

        any |= before || after;
        common |= before && after;
    }
    return common || !any;
}

bool vd_parts_make(vd_parts *out, vd_proving *p, const vd_side *before, const vd_side *after, bool together)
{
    making m = { .out = out, .sides = { before, after }, .together = together };
    bool   ok = true;

    *out = (vd_parts){ .arena = vd_arena_on(vd_allocator_default(), 0) };
    if (!have_common_kind(&m)) {
        vd_proving_failf(p, VD_EXIT_USAGE, "%s holds %s, %s holds %s: both sides must be of one kind; --policy-type says which",
                         before->word, kind_of(&m, 0), after->word, kind_of(&m, 1));
        return false;
    }
    for (size_t k = 0; ok && k < VD_COUNT(kinds); k++)
        if (count_of(&m, 0, kinds[k]) || count_of(&m, 1, kinds[k]))
            ok = is_one_question(&m, kinds[k]) ? take_all(&m, kinds[k]) : take_pairs(&m, kinds[k]);
    for (uint32_t i = 0; i < out->count; i++)
        out->at[i].same = after && same_texts(&out->at[i]);
    if (!ok)
        vd_cli_errorf(p->cli, VD_EXIT_NO_ANSWER, "out of memory");
    return ok;
}

void vd_parts_done(vd_parts *parts)
{
    vd_arena_done(&parts->arena);
    *parts = (vd_parts){ 0 };
}

/* ------------------------------------------------------------------ sets */

static vd_layer layer_of(vd_kind kind)
{
    static const vd_layer layers[VD_KIND_COUNT] = {
        [VD_KIND_IDENTITY] = VD_LAYER_IDENTITY, [VD_KIND_MANAGED] = VD_LAYER_IDENTITY,
        [VD_KIND_BOUNDARY] = VD_LAYER_BOUNDARY, [VD_KIND_SESSION] = VD_LAYER_SESSION,
        [VD_KIND_RESOURCE] = VD_LAYER_RESOURCE, [VD_KIND_TRUST] = VD_LAYER_RESOURCE,
        [VD_KIND_SCP] = VD_LAYER_SCP,           [VD_KIND_RCP] = VD_LAYER_RCP,
        [VD_KIND_ENDPOINT] = VD_LAYER_ENDPOINT,
    };

    return layers[kind];
}

/* Where no policy is attached an identity has nothing and a resource gives nothing, but guard-rails let everything
 * through. */
static const char *text_of_none(vd_kind kind)
{
    switch (kind) {
    case VD_KIND_BOUNDARY:
    case VD_KIND_SESSION:
    case VD_KIND_SCP:
        return "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"}]}";
    case VD_KIND_RCP:
    case VD_KIND_ENDPOINT:
        return "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", "
               "\"Resource\": \"*\"}]}";
    default:
        return "{\"Version\": \"2012-10-17\", \"Statement\": []}";
    }
}

vd_code vd_part_add_none(vd_builder *b, const vd_engine *engine, vd_kind kind, const vd_attach *where, vd_error *err)
{
    vd_policy *policy = NULL;
    vd_code    code;

    VD_TRY(vd_policy_parse(&policy, engine, kind, VD_S("no policy"), vd_str_of(text_of_none(kind)), NULL, err));
    code = vd_builder_add(b, policy, where, err);
    vd_policy_release(policy);
    return code;
}

static vd_code fill(vd_proving *p, vd_builder *b, const vd_part *part, int side, vd_error *err)
{
    vd_attach where = { .size = sizeof where, .layer = layer_of(part->kind) };

    VD_TRY(vd_layers_add(&p->layers, b, err));
    if (part->count[side] == 0)
        return vd_part_add_none(b, p->cli->engine, part->kind, &where, err);
    for (uint32_t i = 0; i < part->count[side]; i++)
        VD_TRY(vd_builder_add(b, part->at[side][i]->policy, &where, err));
    return VD_OK;
}

vd_code vd_part_set(vd_set **out, vd_proving *p, const vd_part *part, int side, vd_error *err)
{
    vd_builder *b = NULL;
    vd_code     code = vd_builder_new(&b, p->cli->engine, err);

    *out = NULL;
    if (code == VD_OK)
        code = fill(p, b, part, side, err);
    if (code == VD_OK)
        code = vd_builder_compile(out, b, NULL, err);
    vd_builder_free(b);
    return code;
}
