/* SPDX-License-Identifier: Apache-2.0
 *
 * Against the policy that was made the last time (usage 3.3, 8): its patterns are not given up at once, and what the new one
 * allows less or more than it is told; so with what AWS recommends.  With more evidence there is never less; a window that moved on may take something.
 */
#include "tighten/rightsize.h"

#include "base/error.h"
#include "base/str.h"

#include <verdict/analyze.h>

enum { MOST_TOLD = 40 };

/* ------------------------------------------------------------------ its patterns */

vd_code vd_rs_read_previous(vd_rs *r)
{
    uint32_t cap = 0;

    for (size_t i = 0; i < r->opts->previous_count; i++)
        for (uint32_t k = 0; k < r->opts->previous[i]->statement_count; k++) {
            const vd_statement *s = &r->opts->previous[i]->statements[k];

            if (s->effect != VD_EFFECT_ALLOW || s->malformed || s->resource.negated)
                continue;
            for (uint32_t t = 0; t < s->resource.texts.count; t++)
                if (!VD_ARENA_PUSH(&r->scratch, r->previous, r->previous_count, cap, s->resource.texts.at[t].text))
                    return vd_fail_nomem(r->err);
        }
    return VD_OK;
}

/* ------------------------------------------------------------------ less and more */

typedef struct telling {
    vd_rs      *r;
    vd_rs_texts out;
    bool        nomem;
} telling;

static bool take(void *user, const vd_delta *d)
{
    telling *t = user;

    for (size_t i = 0; i < d->patterns.count && t->out.count < MOST_TOLD && !t->nomem; i++) {
        vd_str text, on = d->resources.count ? d->resources.at[0] : VD_S("*");

        t->nomem = !vd_arena_printf(t->r->arena, &text, VD_F " on " VD_F "%s", VD_A(d->patterns.at[i]), VD_A(on),
                                    d->resources.count > 1 ? " ..." : "") ||
                   !VD_ARENA_PUSH(t->r->arena, t->out.at, t->out.count, t->out.cap, text);
    }
    return !t->nomem && t->out.count < MOST_TOLD;
}

/* What the second one allows beyond the first one. */
static vd_code beyond(vd_rs *r, const vd_set *first, const vd_set *second, vd_answer *answer, vd_texts_list *list)
{
    telling         t = { .r = r };
    vd_diff_opts    opts = { .size = sizeof opts };
    vd_diff_summary sum = { .size = sizeof sum };
    vd_code         code;

    opts.prove = (vd_prove_opts){ .size = sizeof opts.prove, .catalog = r->t->catalog, .budget = r->opts->budget, .now = r->opts->now,
                                  .future_actions = true };
    code = vd_diff(first, second, &opts, take, &t, &sum, r->err);
    *answer = sum.broader;
    *list = (vd_texts_list){ t.out.at, t.out.count };
    if (t.nomem)
        return vd_fail_nomem(r->err);
    return code == VD_EBUDGET ? VD_OK : code; /* then the answer is not known, and says so */
}

vd_code vd_rs_compare(vd_rs *r, vd_rightsize_since *out, const vd_set *other, const vd_set *made)
{
    out->asked = true;
    VD_TRY(beyond(r, made, other, &out->less, &out->lost));
    return beyond(r, other, made, &out->more, &out->gained);
}
