/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements as texts: equal when the statements say the same.  Lists are sorted, for their order says nothing.
 */
#include "tighten/change_int.h"

#include "base/str.h"
#include "policy/write.h"

#include <stdlib.h>

static int by_bytes(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static void put_sorted(vd_buf *b, vd_str *at, uint32_t count)
{
    if (count > 1)
        qsort(at, count, sizeof *at, by_bytes);
    vd_buf_byte(b, '[');
    for (uint32_t i = 0; i < count; i++)
        if (i == 0 || !vd_str_eq(at[i - 1], at[i]))
            vd_json_of_string(b, at[i]);
    vd_buf_byte(b, ']');
}

static bool put_texts(vd_buf *b, vd_arena *arena, const vd_texts *texts)
{
    vd_str *at = vd_arena_new_array(arena, vd_str, texts->count + 1);

    for (uint32_t i = 0; at && i < texts->count; i++)
        at[i] = texts->at[i].text;
    if (at)
        put_sorted(b, at, texts->count);
    return at != NULL;
}

static bool put_list(vd_buf *b, vd_arena *arena, const vd_list *list, const char *name)
{
    if (!list->present)
        return true;
    vd_buf_printf(b, "%s%s", list->negated ? "not" : "", name);
    return put_texts(b, arena, &list->texts);
}

/* Operators and keys are compared as they are written; their order says nothing. */
static bool put_conditions(vd_buf *b, vd_arena *arena, const vd_statement *st)
{
    vd_str *at = vd_arena_new_array(arena, vd_str, st->entry_count + 1);

    for (uint32_t i = 0; at && i < st->entry_count; i++) {
        vd_buf one = vd_buf_on(&arena->alloc, 0);
        bool   ok;

        vd_json_of_string(&one, st->entries[i].operator_name.text);
        vd_json_of_string(&one, st->entries[i].key.text);
        ok = put_texts(&one, arena, &st->entries[i].values) && !one.failed && vd_arena_dup(arena, &at[i], vd_buf_str(&one));
        vd_buf_done(&one);
        if (!ok)
            return false;
    }
    vd_buf_printf(b, "condition%d", st->has_condition);
    if (at)
        put_sorted(b, at, st->entry_count);
    return at != NULL;
}

static bool put_principals(vd_buf *b, vd_arena *arena, const vd_principals *p)
{
    vd_str *at = vd_arena_new_array(arena, vd_str, p->count + 1);

    for (uint32_t i = 0; at && i < p->count; i++)
        if (!vd_arena_printf(arena, &at[i], "%d" VD_F, p->at[i].type, VD_A(p->at[i].text.text)))
            return false;
    vd_buf_printf(b, "principal%d%d", p->present, p->negated);
    if (at)
        put_sorted(b, at, p->count);
    return at != NULL;
}

bool vd_change_key(vd_arena *arena, vd_str *out, const vd_statement *st, unsigned parts)
{
    vd_buf b = vd_buf_on(&arena->alloc, 0);
    bool   ok = true;

    if (parts & VD_KEY_SID && st->has_sid)
        vd_json_of_string(&b, st->sid.text);
    if (parts & VD_KEY_ACTION)
        ok = put_list(&b, arena, &st->action, "action");
    if (ok && parts & VD_KEY_RESOURCE)
        ok = put_list(&b, arena, &st->resource, "resource");
    if (ok && parts & VD_KEY_REST) {
        vd_buf_byte(&b, st->effect == VD_EFFECT_ALLOW ? 'A' : 'D');
        ok = put_principals(&b, arena, &st->principal) && put_conditions(&b, arena, st);
    }
    ok = ok && !b.failed && vd_arena_dup(arena, out, vd_buf_str(&b));
    vd_buf_done(&b);
    return ok;
}

bool vd_change_policy_key(vd_arena *arena, vd_str *out, const vd_policy *p)
{
    vd_str *at = vd_arena_new_array(arena, vd_str, p->statement_count + 1);
    vd_buf  b = vd_buf_on(&arena->alloc, 0);
    bool    ok = at != NULL;

    for (uint32_t i = 0; ok && i < p->statement_count; i++)
        ok = vd_change_key(arena, &at[i], &p->statements[i], VD_KEY_ALL);
    vd_buf_printf(&b, "%d%d", p->language, p->has_id);
    if (p->has_id)
        vd_json_of_string(&b, p->id);
    if (ok && p->statement_count > 1)
        qsort(at, p->statement_count, sizeof *at, by_bytes);
    for (uint32_t i = 0; ok && i < p->statement_count; i++)
        vd_json_of_string(&b, at[i]);
    ok = ok && !b.failed && vd_arena_dup(arena, out, vd_buf_str(&b));
    vd_buf_done(&b);
    return ok;
}
