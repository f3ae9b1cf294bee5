/* SPDX-License-Identifier: Apache-2.0
 *
 * From resources that were seen to patterns, in steps each of which can only add: parts that change with every run, the same
 * name in many regions, many names side by side.  What a step adds is asked of the old statement first, and when that did
 * not grant it all, its own patterns are taken instead.  So whoever has seen more gets no less (usage O7).
 */
#include "tighten/shape_int.h"

#include "base/str.h"
#include "pattern/overlap.h"

#include <stdlib.h>

enum {
    S3_DEPTH = 2,
    THRESHOLD = 8,
    FIRST_LEAST = 3,     /* different first parts */
    REGIONS_LEAST = 4,
    COMMON_LEAST = 4,    /* letters at the beginning of names */
    NAMES = 4096,        /* that a lone star may stand for, as a guess */
    MOST_SEEN = 20000,
    SECRET_SUFFIX = 6
};

typedef struct shaping {
    const vd_shape_resources_opts *o;
    vd_shape_resources_result     *out;
    vd_arena                      *arena; /* of the result */
    vd_arena                       scratch;
    uint32_t                       s3_depth, threshold;
    vd_shape_grant                 old;
    vd_shape_row                  *rows;
    uint32_t                       count, cap;
    vd_shape_coded                *told; /* what is to be handed out */
    uint32_t                       told_count, told_cap;
    vd_error                      *err;
} shaping;

static vd_code tell(shaping *x, vd_str text)
{
    vd_shape_coded c;

    return vd_shape_code(&x->scratch, &c, text, x->o->old.variables) &&
                   VD_ARENA_PUSH(&x->scratch, x->told, x->told_count, x->told_cap, c)
               ? VD_OK
               : vd_fail_nomem(x->err);
}

/* ------------------------------------------------------------------ what the old statement says */

/* Its patterns that cover the row; narrow: without those that cover another one of them. */
static vd_code tell_old(shaping *x, vd_str coded, bool narrow)
{
    const vd_shape_grant *g = &x->old;

    for (uint32_t i = 0; i < g->count; i++) {
        bool wider = false;

        if (g->at[i].variable || !vd_glob_covers(g->at[i].coded, coded))
            continue;
        for (uint32_t k = 0; k < g->count && narrow && !wider; k++)
            wider = k != i && !g->at[k].variable && vd_glob_covers(g->at[k].coded, coded) &&
                    vd_glob_covers(g->at[i].coded, g->at[k].coded) && !vd_glob_covers(g->at[k].coded, g->at[i].coded);
        if (!wider)
            VD_TRY(tell(x, g->at[i].text));
    }
    return VD_OK;
}

static vd_code pattern_granted(shaping *x, vd_str text, bool *out)
{
    vd_shape_coded c;

    *out = false;
    if (!vd_shape_code(&x->scratch, &c, text, x->o->old.variables))
        return vd_fail_nomem(x->err);
    *out = vd_shape_granted(&x->scratch, &x->old, c.coded);
    return VD_OK;
}

/* What was seen and is not granted for sure: by a variable, or nobody knows exactly what it was. */
static vd_code take_doubtful(shaping *x, const vd_shape_coded *c)
{
    bool any = false, left_out = false;

    for (uint32_t i = 0; i < x->old.count; i++) {
        const vd_shape_coded *q = &x->old.at[i];

        if (!vd_glob_overlaps(q->coded, c->coded))
            continue;
        any = true;
        if (!x->old.negated)
            VD_TRY(tell(x, q->text));
        else if (!q->variable && vd_glob_covers(q->coded, c->coded))
            left_out = true;
    }
    x->out->outside += x->old.negated ? left_out : !any;
    x->out->keep_old |= x->old.negated && !left_out;
    return VD_OK;
}

/* ------------------------------------------------------------------ rows */

static bool never_general(const shaping *x, const vd_shape_row *r)
{
    static const vd_str services[] = { VD_L("kms"), VD_L("secretsmanager"), VD_L("iam"), VD_L("organizations"), VD_L("sts") };

    for (size_t i = 0; i < VD_COUNT(services); i++)
        if (vd_str_ieq(r->arn.service, services[i]))
            return true;
    return x->o->literal || (x->o->account.n && r->arn.account.n && !vd_str_eq(r->arn.account, x->o->account));
}

/* "secret:NAME-AbCdEf": Secrets Manager draws the last six letters anew when a secret is made anew. */
static vd_code tell_secret(shaping *x, const vd_shape_row *r, bool *done)
{
    vd_str text = r->c.text, pattern;
    size_t from = text.n - SECRET_SUFFIX;
    bool   granted;

    *done = false;
    if (!vd_str_ieq(r->arn.service, VD_S("secretsmanager")) || vd_shape_has_wild(r->c.coded) ||
        r->arn.resource.n < sizeof "secret:x-" - 1 + SECRET_SUFFIX || text.p[from - 1] != '-')
        return VD_OK;
    for (size_t i = from; i < text.n; i++)
        if (!vd_is_alpha(text.p[i]) && !vd_is_digit(text.p[i]))
            return VD_OK;
    if (!vd_arena_printf(&x->scratch, &pattern, VD_F "??????", VD_A(vd_str_first(text, from))))
        return vd_fail_nomem(x->err);
    VD_TRY(pattern_granted(x, pattern, &granted));
    *done = granted;
    return granted ? tell(x, pattern) : VD_OK;
}

static bool text_of(shaping *x, const vd_shape_seen *seen, vd_str *out)
{
    vd_buf b;
    bool   ok;

    if (seen->exact)
        return vd_shape_escape(&x->scratch, out, seen->arn, x->o->old.variables, &x->out->inexact);
    b = vd_buf_on(&x->scratch.alloc, 0);
    for (size_t i = 0; i < seen->arn.n; i++)
        if (seen->arn.p[i] == '$' && x->o->old.variables)
            vd_buf_add(&b, VD_S("${$}"));
        else
            vd_buf_byte(&b, seen->arn.p[i]);
    ok = !b.failed && vd_arena_dup(&x->scratch, out, vd_buf_str(&b));
    vd_buf_done(&b);
    return ok;
}

static vd_code take(shaping *x, const vd_shape_seen *seen)
{
    vd_shape_coded c;
    vd_shape_row   row;
    vd_str         text;
    bool           secret;

    if (!text_of(x, seen, &text) || !vd_shape_code(&x->scratch, &c, text, x->o->old.variables))
        return vd_fail_nomem(x->err);
    if (!vd_shape_granted(&x->scratch, &x->old, c.coded))
        return take_doubtful(x, &c);
    if (!vd_shape_row_of(&row, &c) || c.nothing)
        return tell(x, text);
    row.fixed |= seen->weak || never_general(x, &row);
    VD_TRY(tell_secret(x, &row, &secret));
    if (secret)
        return VD_OK;
    return VD_ARENA_PUSH(&x->scratch, x->rows, x->count, x->cap, row) ? VD_OK : vd_fail_nomem(x->err);
}

static int by_text(const void *a, const void *b)
{
    const vd_shape_row *x = a, *y = b;
    int                 d = vd_str_cmp(x->c.text, y->c.text);

    return d ? d : (int)x->fixed - (int)y->fixed;
}

/* In order, each once; one that is a reason for a pattern before one that is not. */
static void sort_rows(shaping *x)
{
    uint32_t n = 0;

    if (x->count > 1)
        qsort(x->rows, x->count, sizeof *x->rows, by_text);
    for (uint32_t i = 0; i < x->count; i++)
        if (n == 0 || !vd_str_eq(x->rows[n - 1].c.text, x->rows[i].c.text))
            x->rows[n++] = x->rows[i];
    x->count = n;
}

/* A pattern in place of names: as it is when it was granted, else what was. */
static vd_code generalise(shaping *x, vd_str text, const vd_shape_row *rows, uint32_t count, bool *taken)
{
    VD_TRY(pattern_granted(x, text, taken));
    if (*taken)
        return tell(x, text);
    for (uint32_t i = 0; i < count && !x->old.negated; i++)
        VD_TRY(tell_old(x, rows[i].c.coded, count == 1));
    return VD_OK;
}

static bool was_there(const shaping *x, vd_str text)
{
    for (uint32_t i = 0; i < x->o->previous_count; i++)
        if (vd_str_eq(x->o->previous[i], text))
            return true;
    return false;
}

/* ------------------------------------------------------------------ parts that change */

/* Were there enough different first parts of this form? */
static bool often(const shaping *x, const vd_str *forms, uint32_t row)
{
    uint32_t different = 0;
    vd_str   seen[FIRST_LEAST];

    if (forms[row].n == 0 || was_there(x, forms[row]))
        return forms[row].n > 0;
    for (uint32_t i = 0; i < x->count && different < FIRST_LEAST; i++) {
        vd_str   part = x->rows[i].parts[x->rows[i].first];
        uint32_t k = 0;

        if (!vd_str_eq(forms[i], forms[row]))
            continue;
        while (k < different && !vd_str_eq(seen[k], part))
            k++;
        if (k == different)
            seen[different++] = part;
    }
    return different == FIRST_LEAST;
}

/* Its row becomes that of the pattern. */
static vd_code become(shaping *x, vd_shape_row *r, const vd_shape_row *was, vd_str text)
{
    vd_shape_coded c;
    vd_shape_row   row;
    bool           taken;

    if (text.n == 0)
        return VD_OK;
    VD_TRY(generalise(x, text, was, 1, &taken));
    if (!taken)
        return VD_OK;
    if (!vd_shape_code(&x->scratch, &c, text, x->o->old.variables))
        return vd_fail_nomem(x->err);
    if (vd_shape_row_of(&row, &c)) {
        *r = row;
        r->fixed = false;
    }
    return VD_OK;
}

/* With the first part as it is, too: the other pattern may be one that was not granted. */
static vd_code change_row(shaping *x, vd_shape_row *r, bool first)
{
    vd_shape_row was = *r;
    vd_str       text;

    VD_TRY(tell(x, r->c.text));
    if (!vd_shape_row_volatile(&x->scratch, &was, false, x->s3_depth, &text))
        return vd_fail_nomem(x->err);
    VD_TRY(become(x, r, &was, text));
    if (!first)
        return VD_OK;
    if (!vd_shape_row_volatile(&x->scratch, &was, true, x->s3_depth, &text))
        return vd_fail_nomem(x->err);
    return become(x, r, &was, text);
}

static vd_code step_volatile(shaping *x)
{
    vd_str *forms = vd_arena_new_array(&x->scratch, vd_str, x->count + 1);
    bool   *first = vd_arena_new_array(&x->scratch, bool, x->count + 1);

    if (!forms || !first)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < x->count; i++)
        if (!vd_shape_row_first(&x->scratch, &x->rows[i], &forms[i]))
            return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < x->count; i++)
        first[i] = often(x, forms, i);
    for (uint32_t i = 0; i < x->count; i++)
        VD_TRY(change_row(x, &x->rows[i], first[i]));
    sort_rows(x);
    return VD_OK;
}

/* ------------------------------------------------------------------ regions */

static bool same_but_region(const vd_shape_row *a, const vd_shape_row *b)
{
    return vd_str_eq(a->arn.resource, b->arn.resource) && vd_str_eq(a->arn.account, b->arn.account) &&
           vd_str_eq(a->arn.service, b->arn.service) && vd_str_eq(a->arn.partition, b->arn.partition);
}

static int by_rest(const void *a, const void *b)
{
    const vd_shape_row *x = *(vd_shape_row *const *)a, *y = *(vd_shape_row *const *)b;
    int                 d = vd_str_cmp(x->arn.resource, y->arn.resource);

    d = d ? d : vd_str_cmp(x->arn.account, y->arn.account);
    d = d ? d : vd_str_cmp(x->arn.service, y->arn.service);
    d = d ? d : vd_str_cmp(x->arn.partition, y->arn.partition);
    return d ? d : vd_str_cmp(x->arn.region, y->arn.region);
}

static vd_code add_everywhere(shaping *x, const vd_shape_row *r)
{
    vd_shape_coded c;
    vd_shape_row   row;
    vd_str         text;
    bool           taken;

    if (!vd_arena_printf(&x->scratch, &text, "arn:" VD_F ":" VD_F ":*:" VD_F ":" VD_F, VD_A(r->arn.partition), VD_A(r->arn.service),
                         VD_A(r->arn.account), VD_A(r->arn.resource)))
        return vd_fail_nomem(x->err);
    VD_TRY(generalise(x, text, r, 1, &taken));
    if (!taken)
        return VD_OK;
    if (!vd_shape_code(&x->scratch, &c, text, x->o->old.variables))
        return vd_fail_nomem(x->err);
    if (!vd_shape_row_of(&row, &c))
        return VD_OK;
    row.fixed = r->fixed;
    return VD_ARENA_PUSH(&x->scratch, x->rows, x->count, x->cap, row) ? VD_OK : vd_fail_nomem(x->err);
}

/* The same name in four regions and more.  Their own rows stay: who has seen more must not lose a pattern by it. */
static vd_code step_regions(shaping *x)
{
    uint32_t       count = x->count, n = 0;
    vd_shape_row **by = vd_arena_new_array(&x->scratch, vd_shape_row *, count + 1);
    vd_shape_row  *all = vd_arena_new_array(&x->scratch, vd_shape_row, count + 1);

    if (!by || !all)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < count; i++) {
        all[i] = x->rows[i]; /* x->rows may move */
        if (all[i].arn.region.n && !never_general(x, &all[i]))
            by[n++] = &all[i];
    }
    if (n > 1)
        qsort(by, n, sizeof *by, by_rest);
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && same_but_region(by[i], by[end]);)
            end++;
        if (end - i >= REGIONS_LEAST)
            VD_TRY(add_everywhere(x, by[i]));
    }
    sort_rows(x);
    return VD_OK;
}

/* ------------------------------------------------------------------ many names side by side */

static size_t common(vd_str a, vd_str b)
{
    size_t n = 0;

    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    return n;
}

/* Not within an escape, not within a letter of several bytes. */
static vd_str whole(vd_str s)
{
    size_t dollar = vd_str_rfind(s, '$');

    if (dollar < s.n && vd_str_find(vd_str_from(s, dollar), '}') == s.n - dollar)
        s.n = dollar;
    while (s.n && (unsigned char)s.p[s.n - 1] >= 0x80)
        s.n--;
    return s;
}

static int by_bytes(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

/* Rows [from, to) that share all in front of a part; those whose part begins with `begins` become one pattern. */
static vd_code tell_group(shaping *x, uint32_t from, uint32_t to, uint32_t part, vd_str begins)
{
    vd_shape_row *r = &x->rows[from];
    vd_shape_row *group = vd_arena_new_array(&x->scratch, vd_shape_row, to - from);
    vd_str        text;
    uint32_t      n = 0;
    bool          taken;

    if (!group)
        return vd_fail_nomem(x->err);
    for (uint32_t i = from; i < to; i++)
        if (vd_str_starts(x->rows[i].parts[part], begins))
            group[n++] = x->rows[i];
    if (r->s3 && part - 1 > x->s3_depth) {
        if (!vd_shape_row_cut(&x->scratch, r, x->s3_depth, &text))
            return vd_fail_nomem(x->err);
    } else if (!vd_arena_printf(&x->scratch, &text, VD_F VD_F "*", VD_A(vd_shape_row_parent(r, part)), VD_A(begins))) {
        return vd_fail_nomem(x->err);
    }
    return generalise(x, text, group, n, &taken);
}

/* Different names that stand in one part.  Does a lone star stand for few enough?  Else those with the same beginning. */
static vd_code group_names(shaping *x, uint32_t from, uint32_t to, uint32_t part, vd_str *names, uint32_t count)
{
    if (count <= x->threshold)
        return VD_OK;
    if (x->o->slack >= 32 || (uint64_t)count << x->o->slack >= NAMES) {
        vd_str begins = whole(vd_str_first(names[0], common(names[0], names[count - 1])));

        return tell_group(x, from, to, part, begins.n < COMMON_LEAST ? VD_S("") : begins);
    }
    for (uint32_t i = 0, end; i < count; i = end) {
        vd_str begins = whole(vd_str_first(names[i], COMMON_LEAST));

        for (end = i + 1; end < count && vd_str_starts(names[end], begins);)
            end++;
        if (begins.n < COMMON_LEAST || end - i <= x->threshold)
            continue;
        VD_TRY(tell_group(x, from, to, part, whole(vd_str_first(names[i], common(names[i], names[end - 1])))));
    }
    return VD_OK;
}

static vd_code group_part(shaping *x, uint32_t from, uint32_t to, uint32_t part)
{
    vd_str  *names = vd_arena_new_array(&x->scratch, vd_str, to - from);
    uint32_t n = 0, different = 0;

    if (!names)
        return vd_fail_nomem(x->err);
    for (uint32_t i = from; i < to; i++)
        if (!x->rows[i].fixed && vd_str_find(x->rows[i].parts[part], '*') == x->rows[i].parts[part].n)
            names[n++] = x->rows[i].parts[part];
    if (n > 1)
        qsort(names, n, sizeof *names, by_bytes);
    for (uint32_t i = 0; i < n; i++)
        if (different == 0 || !vd_str_eq(names[different - 1], names[i]))
            names[different++] = names[i];
    return group_names(x, from, to, part, names, different);
}

/* Rows in order: those that share what is in front of a part stand together. */
static vd_code step_names(shaping *x)
{
    for (uint32_t part = 0; part < VD_SHAPE_MOST_PARTS; part++)
        for (uint32_t i = 0, end; i < x->count; i = end) {
            const vd_shape_row *r = &x->rows[i];

            end = i + 1;
            if (part < r->first || part >= r->count || (r->s3 && part == 0))
                continue;
            while (end < x->count && x->rows[end].count > part && x->rows[end].first <= part &&
                   vd_str_eq(vd_shape_row_parent(&x->rows[end], part), vd_shape_row_parent(r, part)))
                end++;
            VD_TRY(group_part(x, i, end, part));
        }
    return VD_OK;
}

/* A pattern of the last policy stays while half of what makes one is still seen under it. */
static vd_code step_previous(shaping *x)
{
    for (uint32_t i = 0; i < x->o->previous_count; i++) {
        vd_shape_coded c;
        uint32_t       under = 0;

        if (!vd_shape_code(&x->scratch, &c, x->o->previous[i], x->o->old.variables))
            return vd_fail_nomem(x->err);
        if (c.variable || c.nothing || !vd_shape_has_wild(c.coded) || !vd_shape_granted(&x->scratch, &x->old, c.coded))
            continue;
        for (uint32_t k = 0; k < x->count; k++)
            under += !x->rows[k].fixed && vd_glob_covers(c.coded, x->rows[k].c.coded);
        if (under > x->threshold / 2)
            VD_TRY(tell(x, c.text));
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the result */

static int told_by_text(const void *a, const void *b)
{
    return vd_str_cmp(((const vd_shape_coded *)a)->text, ((const vd_shape_coded *)b)->text);
}

/* Does another one say all that this one does?  wild: the numbers of those that are patterns. */
static bool is_said(const shaping *x, uint32_t i, const uint32_t *wild, uint32_t count)
{
    const vd_shape_coded *c = &x->told[i];

    for (uint32_t n = 0; n < count && !c->variable; n++) {
        const vd_shape_coded *o = &x->told[wild[n]];

        if (o == c || !vd_glob_covers(o->coded, c->coded))
            continue;
        if (wild[n] < i || !vd_glob_covers(c->coded, o->coded))
            return true;
    }
    return false;
}

static vd_code hand_out(shaping *x)
{
    uint32_t *wild = vd_arena_new_array(&x->scratch, uint32_t, x->told_count + 1);
    uint32_t  n = 0, patterns = 0;

    if (!wild)
        return vd_fail_nomem(x->err);
    if (x->told_count > 1)
        qsort(x->told, x->told_count, sizeof *x->told, told_by_text);
    for (uint32_t i = 0; i < x->told_count; i++)
        if (n == 0 || !vd_str_eq(x->told[n - 1].text, x->told[i].text))
            x->told[n++] = x->told[i];
    for (uint32_t i = 0; i < n; i++)
        if (!x->told[i].variable && !x->told[i].nothing && vd_shape_has_wild(x->told[i].coded))
            wild[patterns++] = i;
    for (uint32_t i = 0; i < n; i++) {
        vd_shapes *p = &x->out->patterns;
        vd_str     text;

        if (!is_said(x, i, wild, patterns) && (!vd_arena_dup(x->arena, &text, x->told[i].text) ||
                               !VD_ARENA_PUSH(x->arena, p->at, p->count, p->cap, text)))
            return vd_fail_nomem(x->err);
    }
    return VD_OK;
}

static vd_code shape(shaping *x, const vd_shape_seen *seen, uint32_t count)
{
    if (!vd_shape_grant_of(&x->scratch, &x->old, &x->o->old))
        return vd_fail_nomem(x->err);
    if (count > MOST_SEEN || x->o->old.count == 0) {
        x->out->keep_old = true;
        return VD_OK;
    }
    for (uint32_t i = 0; i < count; i++)
        VD_TRY(take(x, &seen[i]));
    sort_rows(x);
    VD_TRY(step_volatile(x));
    if (x->o->slack) {
        VD_TRY(step_regions(x));
        VD_TRY(step_names(x));
    }
    VD_TRY(step_previous(x));
    return x->out->keep_old ? VD_OK : hand_out(x);
}

vd_code vd_shape_resources(vd_shape_resources_result *out, vd_arena *arena, const vd_shape_seen *seen, uint32_t count,
                           const vd_shape_resources_opts *opts, vd_error *err)
{
    shaping x = { .o = opts, .out = out, .arena = arena, .err = err };
    vd_code code;

    *out = (vd_shape_resources_result){ 0 };
    x.scratch = vd_arena_on(&arena->alloc, 0);
    x.s3_depth = opts->s3_depth ? opts->s3_depth : S3_DEPTH;
    x.threshold = opts->threshold ? opts->threshold : THRESHOLD;
    code = shape(&x, seen, count);
    vd_arena_done(&x.scratch);
    return code;
}
