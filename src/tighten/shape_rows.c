/* SPDX-License-Identifier: Apache-2.0
 *
 * A resource as its parts, and the pattern that is left when those that change with every run are taken out.  A star crosses
 * separators (E305), so of a key of S3, where anything may follow, the first star is the end.
 */
#include "tighten/shape_int.h"

#include "base/str.h"

bool vd_shape_row_of(vd_shape_row *out, const vd_shape_coded *c)
{
    vd_str rest;
    bool   colons;

    *out = (vd_shape_row){ .c = *c };
    if (!vd_arn_split(&out->arn, c->text))
        return false;
    rest = out->arn.resource;
    out->head = (vd_str){ c->text.p, (size_t)(rest.p - c->text.p) };
    out->s3 = vd_str_eq(out->arn.service, VD_S("s3"));
    colons = !out->s3 && !vd_str_eq(out->arn.service, VD_S("logs"));
    for (size_t i = 0, from = 0; i <= rest.n; i++) {
        bool last = out->count + 1 == VD_SHAPE_MOST_PARTS;

        if (i < rest.n && (last || !(rest.p[i] == '/' || (colons && rest.p[i] == ':'))))
            continue;
        out->parts[out->count++] = (vd_str){ rest.p + from, i - from };
        from = i + 1;
    }
    out->first = out->count > 1;
    out->fixed = vd_shape_has_wild(c->coded);
    return true;
}

vd_str vd_shape_row_parent(const vd_shape_row *row, uint32_t part)
{
    return (vd_str){ row->c.text.p, (size_t)(row->parts[part].p - row->c.text.p) };
}

static bool hand_out(vd_arena *arena, vd_buf *b, vd_str *out)
{
    bool ok = !b->failed && vd_arena_dup(arena, out, vd_buf_str(b));

    vd_buf_done(b);
    return ok;
}

/* The part becomes a star, and is one of how many that do? */
static uint32_t starred(const vd_shape_row *row, uint32_t part, vd_str *prefix, vd_str *suffix)
{
    uint32_t n = vd_shape_date_parts(row->parts + part, row->count - part);

    *prefix = *suffix = VD_S("");
    if (n)
        return n;
    return vd_shape_volatile(row->parts[part], prefix, suffix);
}

bool vd_shape_row_first(vd_arena *arena, const vd_shape_row *row, vd_str *out)
{
    vd_str prefix, suffix;
    vd_buf b;

    *out = VD_S("");
    if (row->fixed || !starred(row, row->first, &prefix, &suffix))
        return true;
    b = vd_buf_on(&arena->alloc, 0);
    vd_buf_add(&b, vd_shape_row_parent(row, row->first));
    vd_buf_add(&b, prefix);
    vd_buf_byte(&b, '*');
    vd_buf_add(&b, suffix);
    return hand_out(arena, &b, out);
}

bool vd_shape_row_cut(vd_arena *arena, const vd_shape_row *row, uint32_t s3_depth, vd_str *out)
{
    vd_buf b = vd_buf_on(&arena->alloc, 0);

    vd_buf_add(&b, vd_shape_row_parent(row, s3_depth + 1)); /* behind the bucket */
    vd_buf_byte(&b, '*');
    return hand_out(arena, &b, out);
}

/* A star within a key of S3. */
static bool end_key(vd_arena *arena, const vd_shape_row *row, uint32_t part, vd_str prefix, uint32_t s3_depth, vd_str *out)
{
    vd_buf b;

    if (part - 1 > s3_depth)
        return vd_shape_row_cut(arena, row, s3_depth, out);
    b = vd_buf_on(&arena->alloc, 0);
    vd_buf_add(&b, vd_shape_row_parent(row, part));
    vd_buf_add(&b, prefix);
    vd_buf_byte(&b, '*');
    return hand_out(arena, &b, out);
}

bool vd_shape_row_volatile(vd_arena *arena, const vd_shape_row *row, bool first, uint32_t s3_depth, vd_str *out)
{
    vd_buf   b = vd_buf_on(&arena->alloc, 0);
    vd_str   prefix, suffix;
    uint32_t stars = 0, found = 0;

    *out = VD_S("");
    vd_buf_add(&b, vd_shape_row_parent(row, row->first));
    for (uint32_t i = row->first; i < row->count && !row->fixed; i++) {
        vd_str part = row->parts[i];

        prefix = suffix = VD_S("");
        if (stars == 0)
            stars = starred(row, i, &prefix, &suffix);
        if (stars && (first || i > row->first)) {
            if (row->s3 && row->first == 0)
                break; /* buckets are told by name */
            if (row->s3) {
                vd_buf_done(&b);
                return end_key(arena, row, i, prefix, s3_depth, out);
            }
            vd_buf_add(&b, prefix);
            vd_buf_byte(&b, '*');
            vd_buf_add(&b, suffix);
            found++;
        } else {
            vd_buf_add(&b, part);
        }
        stars -= stars > 0;
        if (i + 1 < row->count)
            vd_buf_byte(&b, part.p[part.n]);
    }
    if (found)
        return hand_out(arena, &b, out);
    vd_buf_done(&b);
    return true;
}
