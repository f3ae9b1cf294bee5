/* SPDX-License-Identifier: Apache-2.0
 *
 * The class of each action of a catalogue.  Of the rows of visibility.tsv that fit an action the one that says most about
 * it counts: an exact name, else the longest pattern; without a row the flags of the catalogue tell, and else an action is
 * one of the management events that every trail has.
 */
#include "activity/see.h"

#include "base/str.h"

enum { PATTERN, CLASS, CONFIDENCE, MOST_CLASSES = 1 << 12 };

static const struct {
    vd_str  name;
    uint8_t kind;
} kinds[] = {
    { VD_L("mgmt"), VD_SEE_MGMT },       { VD_L("kms-excl"), VD_SEE_KMS },    { VD_L("rdsdata-excl"), VD_SEE_RDSDATA },
    { VD_L("net"), VD_SEE_NET },         { VD_L("never"), VD_SEE_NEVER },     { VD_L("permonly"), VD_SEE_PERMISSION_ONLY },
    { VD_L("console"), VD_SEE_CONSOLE },
};
static const vd_str data = VD_L("data:");

typedef struct build {
    vd_arena         *arena;
    const vd_catalog *catalog;
    vd_see_class     *at;
    uint32_t          count, cap;
    uint16_t         *of;
    char             *confidence;
    uint16_t         *rank; /* of the row that decided; 0: none */
    uint16_t          row_class, row_rank;
    char              row_confidence;
} build;

/* The class of this name, made when it is new; MOST_CLASSES: no memory, or no class. */
static uint32_t class_of(build *b, vd_str name)
{
    vd_see_class c = { .name = name, .kind = VD_SEE_DATA };

    for (uint32_t i = 0; i < b->count; i++)
        if (vd_str_eq(b->at[i].name, name))
            return i;
    if (vd_str_starts(name, data)) {
        c.type = vd_str_from(name, data.n);
    } else {
        uint32_t k = 0;

        while (k < VD_COUNT(kinds) && !vd_str_eq(kinds[k].name, name))
            k++;
        if (k == VD_COUNT(kinds))
            return MOST_CLASSES;
        c.kind = kinds[k].kind;
    }
    if (b->count + 1 >= MOST_CLASSES || !VD_ARENA_PUSH(b->arena, b->at, b->count, b->cap, c))
        return MOST_CLASSES;
    return b->count - 1;
}

static void settle(build *b, uint32_t action)
{
    if (b->rank[action] >= b->row_rank)
        return;
    b->rank[action] = b->row_rank;
    b->of[action] = b->row_class;
    b->confidence[action] = b->row_confidence;
}

static bool settle_run(void *user, vd_run ids)
{
    for (uint32_t i = 0; i < ids.count; i++)
        settle(user, ids.first + i);
    return true;
}

/* How much a pattern says: more than any pattern when it is none. */
static uint16_t rank_of(vd_str pattern)
{
    size_t literal = 0;

    for (size_t i = 0; i < pattern.n; i++)
        literal += pattern.p[i] != '*';
    return (uint16_t)(1 + (literal < 1000 ? literal : 1000) + (literal == pattern.n ? 1000 : 0));
}

static bool read_row(build *b, vd_sheet sheet, uint32_t row)
{
    vd_str   pattern = vd_sheet_cell(sheet, row, PATTERN), confidence = vd_sheet_cell(sheet, row, CONFIDENCE);
    uint32_t class = class_of(b, vd_sheet_cell(sheet, row, CLASS)), action;

    if (class == MOST_CLASSES)
        return !b->arena->failed; /* a class of tomorrow: its actions keep what else is known of them */
    b->row_class = (uint16_t)class;
    b->row_rank = rank_of(pattern);
    b->row_confidence = confidence.n ? confidence.p[0] : 'L';
    if (vd_str_find(pattern, '*') < pattern.n) {
        vd_catalog_expand(b->catalog, pattern, settle_run, b);
        return true;
    }
    action = vd_catalog_find(b->catalog, pattern);
    if (action != VD_NONE)
        settle(b, action);
    return true;
}

static bool read_table(build *b)
{
    vd_sheet sheet = vd_catalog_sheet(b->catalog, VD_S("visibility"));

    if (!sheet.rows) /* a catalogue that is older than the table */
        sheet = vd_catalog_sheet(vd_catalog_builtin(), VD_S("visibility"));
    for (uint32_t row = 0; row < sheet.rows; row++)
        if (!read_row(b, sheet, row))
            return false;
    return true;
}

bool vd_see_classes_build(vd_see_classes *out, vd_arena *arena, const vd_catalog *catalog)
{
    uint32_t actions = vd_catalog_actions(catalog), mgmt, permission_only;
    build    b = { .arena = arena, .catalog = catalog };

    b.of = vd_arena_new_array(arena, uint16_t, actions + 1);
    b.rank = vd_arena_new_array(arena, uint16_t, actions + 1);
    b.confidence = vd_arena_new_array(arena, char, actions + 1);
    if (!b.of || !b.rank || !b.confidence)
        return false;
    mgmt = class_of(&b, VD_S("mgmt"));
    permission_only = class_of(&b, VD_S("permonly"));
    if (mgmt == MOST_CLASSES || permission_only == MOST_CLASSES)
        return false;
    for (uint32_t i = 0; i < actions; i++) {
        bool only = vd_catalog_action(catalog, i).flags & VD_ACTION_PERMISSION_ONLY;

        b.of[i] = (uint16_t)(only ? permission_only : mgmt);
        b.confidence[i] = 'H';
    }
    if (!read_table(&b))
        return false;
    *out = (vd_see_classes){ b.at, b.count, b.cap, b.of, b.confidence };
    return true;
}

bool vd_see_classes_learn(vd_see_classes *c, vd_arena *arena, uint32_t action, vd_str type)
{
    build    b = { .arena = arena, .at = (vd_see_class *)(uintptr_t)c->at, .count = c->count, .cap = c->cap };
    vd_str   name;
    uint32_t class;

    if (!vd_arena_printf(arena, &name, VD_F VD_F, VD_A(data), VD_A(type)))
        return false;
    class = class_of(&b, name);
    c->at = b.at;
    c->count = b.count;
    c->cap = b.cap;
    if (class == MOST_CLASSES)
        return !arena->failed;
    c->of[action] = (uint16_t)class;
    c->confidence[action] = 'L';
    return true;
}
