/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts of the Resource element: names written so that no letter is a wildcard, and patterns coded for comparison.
 */
#include "tighten/shape_int.h"

#include "base/str.h"
#include "base/utf8.h"
#include "pattern/overlap.h"
#include "pattern/template.h"
#include "symbolic/words.h"

enum { INCLUSION_BUDGET = 200000 };

bool vd_shape_is_exact(vd_str arn)
{
    vd_arn a;
    size_t star = vd_str_find(arn, '*'), any = vd_str_find(arn, '?');

    if (star == arn.n && any == arn.n)
        return true;
    return vd_arn_split(&a, arn) && vd_str_eq(a.service, VD_S("s3")) && vd_str_find(a.resource, '/') < a.resource.n &&
           arn.p[arn.n - 1] != '*' && star >= (size_t)(a.resource.p - arn.p) + vd_str_find(a.resource, '/') &&
           any >= (size_t)(a.resource.p - arn.p) + vd_str_find(a.resource, '/');
}

/* A letter that no policy may hold: '?' is one of them (E013), and beyond the basic plane IAM counts it as two. */
static void put_unwritable(vd_buf *b, uint32_t cp)
{
    vd_buf_byte(b, cp > 0xffff ? '*' : '?');
}

bool vd_shape_escape(vd_arena *arena, vd_str *out, vd_str name, bool variables, bool *inexact)
{
    vd_buf b = vd_buf_on(&arena->alloc, 0);
    bool   ok;

    for (size_t i = 0; i < name.n;) {
        char     c = name.p[i];
        uint32_t cp = 0xfffd, n = vd_utf8_next(vd_str_from(name, i), &cp);

        if (variables && (c == '*' || c == '?' || c == '$')) {
            vd_buf_printf(&b, "${%c}", c);
        } else if (c == '*' || c == '?' || n == 0 || cp < 0x20 || cp > 0xff) {
            put_unwritable(&b, n ? cp : 0xfffd);
            *inexact = true;
        } else {
            vd_buf_add(&b, (vd_str){ name.p + i, n });
        }
        i += n ? n : 1;
    }
    ok = !b.failed && vd_arena_dup(arena, out, vd_buf_str(&b));
    vd_buf_done(&b);
    return ok;
}

/* ------------------------------------------------------------------ coded */

static size_t put_text(char *out, size_t n, vd_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i] == '*' ? VD_STAR : text.p[i] == '?' ? VD_ANY : text.p[i];

        if (!(c == VD_STAR && n && out[n - 1] == VD_STAR))
            out[n++] = c;
    }
    return n;
}

bool vd_shape_code(vd_arena *arena, vd_shape_coded *out, vd_str text, bool variables)
{
    vd_resource_form form = vd_resource_classify(text, variables);
    char            *room = vd_arena_alloc(arena, text.n + 12, 1);
    size_t           used, n, at;
    vd_part          part;

    *out = (vd_shape_coded){ .text = text, .nothing = form == VD_RESOURCE_SHORT_EMPTY || form == VD_RESOURCE_NO_COLON };
    if (!room)
        return false;
    n = vd_resource_code(room, text, variables, &used);
    text = vd_str_from(text, used);
    for (at = 0; vd_template_next(text, &at, &part);) {
        switch (part.kind) {
        case VD_PART_TEXT:
            n = put_text(room, n, part.text);
            break;
        case VD_PART_ESCAPE:
            room[n++] = part.text.p[0];
            break;
        case VD_PART_VARIABLE:
            n = put_text(room, n, VD_S("*"));
            out->variable = true;
            break;
        default:
            out->nothing = true;
            break;
        }
    }
    out->coded = (vd_str){ room, n };
    return true;
}

bool vd_shape_has_wild(vd_str coded)
{
    for (size_t i = 0; i < coded.n; i++)
        if (vd_is_wild(coded.p[i]))
            return true;
    return false;
}

bool vd_shape_grant_of(vd_arena *arena, vd_shape_grant *out, const vd_shape_old *old)
{
    *out = (vd_shape_grant){ .negated = old->negated };
    out->at = vd_arena_new_array(arena, vd_shape_coded, old->count + 1);
    out->plain = vd_arena_new_array(arena, vd_str, old->count + 1);
    if (!out->at || !out->plain)
        return false;
    for (uint32_t i = 0; i < old->count; i++) {
        vd_shape_coded *c = &out->at[out->count];

        if (!vd_shape_code(arena, c, old->at[i], old->variables))
            return false;
        if (c->nothing)
            continue;
        out->count++;
        out->some_variable |= c->variable;
        if (!c->variable)
            out->plain[out->plain_count++] = c->coded;
    }
    return true;
}

/* By several of them together. */
static bool granted_by_all(vd_arena *scratch, const vd_shape_grant *g, vd_str coded)
{
    vd_arena  work = vd_arena_on(&scratch->alloc, 64u << 20);
    vd_globs  in = { &coded, 1, false }, out = { g->plain, g->plain_count, false };
    vd_words  question = { .in = &in, .in_count = 1, .out = &out, .out_count = 1 };
    uint64_t  budget = INCLUSION_BUDGET;
    bool      nomem = false;
    vd_str    word;
    vd_answer answer = vd_words_solve(&word, &question, &work, &budget, &nomem);

    vd_arena_done(&work);
    return answer == VD_UNSAT;
}

bool vd_shape_granted(vd_arena *scratch, const vd_shape_grant *g, vd_str coded)
{
    uint32_t overlaps = 0;

    for (uint32_t i = 0; g->negated && i < g->count; i++)
        if (vd_glob_overlaps(g->at[i].coded, coded))
            return false;
    if (g->negated)
        return true;
    for (uint32_t i = 0; i < g->plain_count; i++) {
        if (!vd_glob_overlaps(g->plain[i], coded))
            continue;
        overlaps++;
        if (vd_glob_covers(g->plain[i], coded))
            return true;
    }
    return overlaps > 1 && granted_by_all(scratch, g, coded);
}
