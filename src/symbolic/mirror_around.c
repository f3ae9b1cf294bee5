/* SPDX-License-Identifier: Apache-2.0
 *
 * A test of the variable as one of the text around it: its patterns, with that text before and behind them.
 */
#include "symbolic/mirror.h"

#include "pattern/arn.h"
#include "pattern/template.h"

vd_literal vd_mirror_condition(vd_mirrors *m, const char *op, uint32_t var, const vd_str *values, uint32_t count)
{
    vd_symbolic *s = m->a->s;

    return (vd_literal){ vd_atom_of_condition(s, VD_LANGUAGE_2008, op, s->keys[var - VD_VAR_KEYS].spelled, values, count, &m->a->nomem),
                         true };
}

typedef struct writing {
    vd_mirrors *m;
    vd_str  *at;
    uint32_t count;
    bool     coded; /* of a resource */
    bool     equals; /* the test knows no wildcards */
    bool     globs; /* of a key: some value is to be a pattern */
    bool     wider; /* than was meant */
} writing;

static void put_glob(const writing *w, vd_buf *b, vd_str text)
{
    for (size_t i = 0; i < text.n; i++)
        vd_buf_byte(b, w->coded && text.p[i] == '*' ? VD_STAR : w->coded && text.p[i] == '?' ? VD_ANY : text.p[i]);
}

/* The five fields before the resource itself have rules of their own. */
static void put_before(const writing *w, vd_buf *b, vd_str text)
{
    size_t used = 0;
    char  *room = w->coded ? vd_buf_room(b, text.n + 12) : NULL;

    if (!w->coded)
        vd_buf_add(b, text);
    else if (room)
        b->n -= text.n + 12 - vd_resource_code(room, text, false, &used);
}

static void put_whole(writing *w, vd_str before, vd_str inside, bool glob, vd_str after)
{
    bool   wild = vd_mirror_wild(before) || vd_mirror_wild(after);
    vd_buf b = vd_buf_on(&w->m->a->s->alloc, 0);

    put_before(w, &b, before);
    if (glob)
        put_glob(w, &b, inside);
    else
        vd_buf_add(&b, inside);
    put_glob(w, &b, after);
    w->globs |= !w->coded && ((!w->equals && wild) || (glob && vd_mirror_wild(inside)));
    w->wider |= !w->coded && ((w->equals && wild) || (!glob && vd_mirror_wild(inside)));
    w->m->a->nomem |= b.failed || !vd_arena_dup(&w->m->a->s->work, &w->at[w->count++], vd_buf_str(&b));
    vd_buf_done(&b);
}

/* Another value of the test, in which any variable is anything. */
static void put_other(writing *w, vd_str text)
{
    vd_buf  b = vd_buf_on(&w->m->a->s->alloc, 0);
    size_t  from = 0, first = vd_str_find(text, '$');
    vd_part part;

    while (vd_template_next(text, &from, &part))
        vd_buf_add(&b, part.kind == VD_PART_VARIABLE ? VD_S("*") : part.text);
    w->m->a->nomem |= b.failed;
    if (!b.failed) {
        vd_str all = vd_buf_str(&b);

        put_whole(w, vd_str_first(all, first), vd_str_from(all, first), !w->equals || first < text.n, VD_S(""));
        w->wider |= w->equals && first < text.n && vd_mirror_wild(text);
    }
    vd_buf_done(&b);
}

static const char *operator_of(const vd_hole *h, bool fold, bool globs)
{
    if (fold || h->how == VD_MANNER_FOLDED)
        return "StringEqualsIgnoreCase";
    return h->how == VD_MANNER_ARN ? "ArnLike" : globs ? "StringLike" : "StringEquals";
}

bool vd_mirror_around(vd_mirrors *m, const vd_hole *h, vd_filler inside, bool others, bool fallback, vd_literal *out, bool *wider)
{
    const vd_texts *texts = vd_mirror_texts(vd_mirror_atom(m, h->atom));
    uint32_t        var = vd_mirror_atom(m, h->atom)->var;
    vd_symbolic    *s = m->a->s;
    writing         w = { .m = m, .coded = h->how == VD_MANNER_RESOURCE, .equals = h->how <= VD_MANNER_FOLDED };

    w.at = vd_arena_new_array(&s->work, vd_str, (size_t)inside.count + texts->count + 2);
    m->a->nomem |= !w.at;
    for (uint32_t i = 0; i < inside.count && !m->a->nomem; i++)
        put_whole(&w, h->before, inside.at[i], inside.globs, h->after);
    for (uint32_t i = 0; others && i < texts->count && !m->a->nomem; i++)
        if (!vd_str_eq(texts->at[i].text, h->text))
            put_other(&w, texts->at[i].text);
    if (fallback && h->has_fallback && !m->a->nomem)
        put_whole(&w, h->before, h->fallback, false, h->after);
    *out = (vd_literal){ 0, true };
    w.globs |= h->how == VD_MANNER_ARN;
    *wider = (w.wider && w.globs) || (h->how == VD_MANNER_FOLDED && !inside.fold);
    if (m->a->nomem || ((inside.fold || h->how == VD_MANNER_FOLDED) && w.globs))
        return false;
    if (w.coded)
        out->atom = vd_atom_of_resource(s, w.at, w.count, inside.fold, &m->a->nomem);
    else
        *out = vd_mirror_condition(m, operator_of(h, inside.fold, w.globs), var, w.at, w.count);
    return !m->a->nomem;
}
