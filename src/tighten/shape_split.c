/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements spread over documents that have a quota: what is too large for one is cut first, then the largest go first,
 * each into the first document that has room for it.  Lists that say "all but these" are never cut: two halves of such a
 * list together say something else.
 */
#include "tighten/shape.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    MOST_PARTS = 10000,
    SID_ROOM = 4,   /* digits behind the Sid of a part */
    LONGEST_NAME = 128
};

typedef struct part {
    vd_shape_statement s;
    size_t             size;
    uint32_t           order;
    uint32_t           document; /* VD_NONE: none yet */
} part;

typedef struct splitting {
    const vd_shape_split_opts *o;
    const vd_shape_statement  *all;
    uint32_t                   all_count;
    vd_arena                  *arena;   /* of the results */
    vd_arena                   scratch;
    size_t                     room;    /* for statements in one document */
    part                      *at;
    uint32_t                   count, cap;
    size_t                    *used;    /* by document */
    uint32_t                   documents, used_cap;
    vd_error                  *err;
} splitting;

static vd_code size_of(splitting *x, const vd_shape_statement *s, size_t *out)
{
    vd_buf b = vd_buf_on(&x->arena->alloc, 0);

    vd_shape_write_statement(&b, s, 0, false);
    *out = vd_shape_size(vd_buf_str(&b));
    vd_buf_done(&b);
    return b.failed ? vd_fail_nomem(x->err) : VD_OK;
}

/* ------------------------------------------------------------------ cutting */

static bool sid_taken(const splitting *x, vd_str sid)
{
    for (uint32_t i = 0; i < x->all_count; i++)
        if (vd_str_eq(x->all[i].sid, sid))
            return true;
    for (uint32_t i = 0; i < x->count; i++)
        if (vd_str_eq(x->at[i].s.sid, sid))
            return true;
    return false;
}

/* The first part keeps the Sid, others get digits: "Read", "Read02". */
static vd_code name_part(splitting *x, vd_shape_statement *s, vd_str sid, uint32_t *number)
{
    if (sid.n == 0 || ++*number == 1)
        return VD_OK;
    do {
        if (!vd_arena_printf(x->arena, &s->sid, VD_F "%02u", VD_A(sid), (unsigned)*number))
            return vd_fail_nomem(x->err);
    } while (sid_taken(x, s->sid) && ++*number < MOST_PARTS);
    return VD_OK;
}

static vd_code add_part(splitting *x, const vd_shape_statement *s)
{
    part p = { .s = *s, .order = x->count, .document = VD_NONE };

    VD_TRY(size_of(x, s, &p.size));
    if (x->room && p.size > x->room)
        return vd_fail(x->err, VD_ELIMIT, "a part of statement %u has %zu characters and cannot be made smaller: there is "
                       "room for %zu in one document", (unsigned)s->source + 1, p.size, x->room);
    if (x->count == MOST_PARTS)
        return vd_fail(x->err, VD_ELIMIT, "the policy would be cut into more than %d parts", MOST_PARTS);
    return VD_ARENA_PUSH(&x->scratch, x->at, x->count, x->cap, p) ? VD_OK : vd_fail_nomem(x->err);
}

/* As a JSON string with the comma behind it. */
static vd_code element_size(splitting *x, vd_str text, size_t *out)
{
    vd_shape_statement one = { .actions = &text, .action_count = 1 }, none = { 0 };
    size_t             with, without;

    VD_TRY(size_of(x, &one, &with));
    VD_TRY(size_of(x, &none, &without));
    *out = with - without - sizeof "\"Action\":" + 1;
    return VD_OK;
}

/* How many elements from `from` on fit beside what else there is; one at least. */
static vd_code how_many(splitting *x, const vd_str *at, uint32_t from, uint32_t count, size_t beside, uint32_t *out)
{
    size_t sum = beside;

    for (*out = 0; from + *out < count; ++*out) {
        size_t n;

        VD_TRY(element_size(x, at[from + *out], &n));
        sum += n;
        if (*out && sum > x->room)
            break;
    }
    return VD_OK;
}

static vd_code cut_resources(splitting *x, const vd_shape_statement *s, vd_str sid, uint32_t *number)
{
    vd_shape_statement piece = *s;
    size_t             beside;

    if (s->not_resource || s->resource_count < 2) {
        VD_TRY(name_part(x, &piece, sid, number));
        return add_part(x, &piece); /* says that it is too large */
    }
    piece.resource_count = 0;
    VD_TRY(size_of(x, &piece, &beside));
    beside += sizeof "\"Resource\":[]," - 1 + SID_ROOM;
    for (uint32_t from = 0, n; from < s->resource_count; from += n) {
        VD_TRY(how_many(x, s->resources, from, s->resource_count, beside, &n));
        piece.resources = s->resources + from;
        piece.resource_count = n;
        piece.sid = sid;
        VD_TRY(name_part(x, &piece, sid, number));
        VD_TRY(add_part(x, &piece));
    }
    return VD_OK;
}

static vd_code cut_actions(splitting *x, const vd_shape_statement *s, uint32_t *number)
{
    vd_shape_statement piece = *s;
    size_t             beside, size;

    piece.action_count = 0;
    VD_TRY(size_of(x, &piece, &beside));
    beside += sizeof "\"Action\":[]," - 1 + SID_ROOM;
    for (uint32_t from = 0, n; from < s->action_count; from += n) {
        VD_TRY(how_many(x, s->actions, from, s->action_count, beside, &n));
        piece.actions = s->actions + from;
        piece.action_count = n;
        piece.sid = s->sid;
        VD_TRY(size_of(x, &piece, &size));
        if (n == 1 && size + SID_ROOM > x->room) {
            VD_TRY(cut_resources(x, &piece, s->sid, number));
            continue;
        }
        VD_TRY(name_part(x, &piece, s->sid, number));
        VD_TRY(add_part(x, &piece));
    }
    return VD_OK;
}

static vd_code cut(splitting *x, const vd_shape_statement *s)
{
    uint32_t number = 0;
    size_t   size;

    VD_TRY(size_of(x, s, &size));
    if (x->room == 0 || size <= x->room || s->verbatim.n)
        return add_part(x, s);
    if (s->not_action || s->action_count < 2)
        return cut_resources(x, s, s->sid, &number);
    return cut_actions(x, s, &number);
}

/* ------------------------------------------------------------------ packing */

static int by_size(const void *a, const void *b)
{
    const part *x = a, *y = b;

    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static int by_order(const void *a, const void *b)
{
    const part *x = a, *y = b;

    return x->order < y->order ? -1 : x->order > y->order;
}

/* A statement takes its characters and a comma. */
static vd_code pack(splitting *x)
{
    qsort(x->at, x->count, sizeof *x->at, by_size);
    for (uint32_t i = 0; i < x->count; i++) {
        uint32_t d = 0;

        while (d < x->documents && x->room && x->used[d] + x->at[i].size + 1 > x->room)
            d++;
        if (d == x->documents && !VD_ARENA_PUSH(&x->scratch, x->used, x->documents, x->used_cap, 0))
            return vd_fail_nomem(x->err);
        x->used[d] += x->at[i].size + (x->used[d] > 0);
        x->at[i].document = d;
    }
    qsort(x->at, x->count, sizeof *x->at, by_order);
    return VD_OK;
}

static vd_code too_many(splitting *x)
{
    char   sizes[160];
    size_t n = 0, sum = 0;

    for (uint32_t d = 0; d < x->documents; d++) {
        sum += x->used[d];
        if (n + 16 < sizeof sizes)
            n += (size_t)snprintf(sizes + n, sizeof sizes - n, "%s%zu", d ? ", " : "", x->used[d]);
    }
    return vd_fail(x->err, VD_ELIMIT, "its statements have %zu characters and take %u documents of %zu (%s): there may be %u",
                   sum, (unsigned)x->documents, x->o->most, sizes, (unsigned)x->o->documents);
}

/* Documents in the order of their first statement. */
static vd_code number_documents(splitting *x, uint32_t *new_number)
{
    uint32_t next = 0;

    for (uint32_t d = 0; d < x->documents; d++)
        new_number[d] = VD_NONE;
    for (uint32_t i = 0; i < x->count; i++)
        if (new_number[x->at[i].document] == VD_NONE)
            new_number[x->at[i].document] = next++;
    return VD_OK;
}

static vd_code name_document(splitting *x, vd_shape_document *d, uint32_t index, uint32_t count)
{
    char   suffix[32];
    size_t n;

    if (count == 1)
        return vd_arena_dup(x->arena, &d->name, x->o->name) ? VD_OK : vd_fail_nomem(x->err);
    n = (size_t)snprintf(suffix, sizeof suffix, "-%uof%u", (unsigned)index + 1, (unsigned)count);
    return vd_arena_printf(x->arena, &d->name, VD_F "%s", VD_A(vd_str_first(x->o->name, LONGEST_NAME - n)), suffix)
               ? VD_OK
               : vd_fail_nomem(x->err);
}

static vd_code hand_out(splitting *x, vd_shape_document **out, uint32_t *count)
{
    vd_shape_document *documents = vd_arena_new_array(x->arena, vd_shape_document, x->documents + 1);
    uint32_t          *number = vd_arena_new_array(&x->scratch, uint32_t, x->documents + 1);

    if (!documents || !number)
        return vd_fail_nomem(x->err);
    VD_TRY(number_documents(x, number));
    for (uint32_t i = 0; i < x->count; i++) {
        vd_shape_document *d = &documents[number[x->at[i].document]];

        if (!VD_ARENA_PUSH(x->arena, d->statements, d->count, d->cap, x->at[i].s))
            return vd_fail_nomem(x->err);
    }
    for (uint32_t i = 0; i < x->documents; i++) {
        vd_buf b = vd_buf_on(&x->arena->alloc, 0);

        vd_shape_write(&b, &documents[i], x->o, false);
        documents[i].size = vd_shape_size(vd_buf_str(&b));
        vd_buf_done(&b);
        if (b.failed)
            return vd_fail_nomem(x->err);
        if (x->o->most && documents[i].size > x->o->most)
            return vd_fail(x->err, VD_EINTERNAL, "self-check failed: a document has %zu characters, %zu are allowed",
                           documents[i].size, x->o->most);
        VD_TRY(name_document(x, &documents[i], i, x->documents));
    }
    *out = documents;
    *count = x->documents;
    return VD_OK;
}

static vd_code split(splitting *x, vd_shape_document **out, uint32_t *count)
{
    vd_shape_document none = { 0 };
    vd_buf            b = vd_buf_on(&x->arena->alloc, 0);
    size_t            frame;

    vd_shape_write(&b, &none, x->o, false);
    frame = vd_shape_size(vd_buf_str(&b));
    vd_buf_done(&b);
    if (b.failed)
        return vd_fail_nomem(x->err);
    if (x->o->most && frame >= x->o->most)
        return vd_fail(x->err, VD_ELIMIT, "a document of %zu characters has no room for a statement", x->o->most);
    x->room = x->o->most ? x->o->most - frame : 0;
    for (uint32_t i = 0; i < x->all_count; i++)
        VD_TRY(cut(x, &x->all[i]));
    VD_TRY(pack(x));
    if (x->o->documents && x->documents > x->o->documents)
        return too_many(x);
    return hand_out(x, out, count);
}

vd_code vd_shape_split(vd_shape_document **out, uint32_t *count, vd_arena *arena, const vd_shape_statement *statements,
                       uint32_t statement_count, const vd_shape_split_opts *opts, vd_error *err)
{
    splitting x = { .o = opts, .all = statements, .all_count = statement_count, .arena = arena, .err = err };
    vd_code   code;

    *out = NULL;
    *count = 0;
    x.scratch = vd_arena_on(&arena->alloc, 0);
    code = split(&x, out, count);
    vd_arena_done(&x.scratch);
    return code;
}
