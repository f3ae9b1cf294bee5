/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings of variants.  What all fillings of a template have is a finding; what some have says when; what only the
 * defaults have, or only one of the types that a document may be of, is a suggestion that says so.
 */
#include "lint/merge.h"

#include "base/error.h"
#include "base/str.h"

typedef struct merging {
    vd_file_run       *run;
    vd_look_at *const *looks;
    uint32_t           count;
} merging;

/* Bodies of one loop may differ in their spans where a hole stands in one of them: the place in the file counts. */
static bool same(const vd_finding *a, const vd_finding *b)
{
    return a->rule == b->rule && a->at.offset == b->at.offset && a->at.length == b->at.length &&
           (a->statement == VD_NONE) == (b->statement == VD_NONE);
}

static vd_finding *find_in(const vd_look_at *look, const vd_finding *f)
{
    const vd_lint *l = &look->lint;

    for (uint32_t i = 0; i < l->finding_count; i++)
        if (same(l->findings[i], f))
            return l->findings[i];
    return NULL;
}

static vd_code add_words(vd_file_run *run, vd_finding *f, const char *before, vd_str words)
{
    if (vd_arena_printf(&run->worker->party, &f->message, VD_F "%s" VD_F, VD_A(f->message), before, VD_A(words)))
        return VD_OK;
    return vd_fail_nomem(run->err);
}

/* ------------------------------------------------------------------ when */

static bool is_default(const vd_look_at *look)
{
    return look->variant == VD_VARIANT_DEFAULT;
}

static bool same_when(const vd_look_at *a, const vd_look_at *b)
{
    return !is_default(a) && !is_default(b) && vd_str_eq(a->extracted->when, b->extracted->when);
}

/* All values that a parameter may have, under the same conditions: what one of them does not have is no finding. */
static bool holds(const merging *m, uint32_t index, const vd_finding *f)
{
    for (uint32_t i = 0; i < m->count; i++)
        if (same_when(m->looks[i], m->looks[index]) && !find_in(m->looks[i], f))
            return false;
    return true;
}

/* Speaks for all that have its conditions. */
static bool is_first(const merging *m, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++)
        if (same_when(m->looks[i], m->looks[index]))
            return false;
    return !is_default(m->looks[index]);
}

/* Does "IsProd, not Stage" say "not Stage"? */
static bool says(vd_str when, vd_str literal)
{
    bool   more = true;
    vd_str head;

    while (more) {
        more = vd_str_cut(&when, ',', &head);
        if (vd_str_eq(vd_str_trim(more ? head : when), literal))
            return true;
    }
    return false;
}

static bool all_say(const merging *m, const bool *holding, vd_str literal)
{
    for (uint32_t i = 0; i < m->count; i++)
        if (holding[i] && !says(m->looks[i]->extracted->when, literal))
            return false;
    return true;
}

/* What all of them say, if that is all there is to say: of "A, B" and "A, not B" it is "A". */
static bool shared_words(const merging *m, const bool *holding, uint32_t first, uint32_t having, vd_str *out)
{
    vd_str   when = m->looks[first]->extracted->when, head;
    uint32_t others = 0;
    bool     more = true;

    *out = VD_S("");
    while (more) {
        more = vd_str_cut(&when, ',', &head);
        head = vd_str_trim(more ? head : when);
        if (!all_say(m, holding, head))
            others++;
        else if (!vd_arena_printf(&m->run->worker->party, out, VD_F "%s" VD_F, VD_A(*out), out->n ? ", " : "",
                                  VD_A(head)))
            return false;
    }
    if (out->n == 0 || others > 16 || having != 1u << others)
        *out = VD_S("");
    return true;
}

static bool all_words(const merging *m, const bool *holding, vd_str *out)
{
    for (uint32_t i = 0; i < m->count; i++)
        if (holding[i] && !vd_arena_printf(&m->run->worker->party, out, VD_F "%s" VD_F, VD_A(*out),
                                           out->n ? " or " : "", VD_A(m->looks[i]->extracted->when)))
            return false;
    return true;
}

/* "A or B", when not all of them have it. */
static vd_code say_when(const merging *m, vd_finding *f)
{
    bool    *holding = vd_arena_new_array(&m->run->worker->party, bool, m->count);
    uint32_t having = 0, of = 0, first = 0;
    vd_str   when = VD_S("");

    for (uint32_t i = 0; holding && i < m->count; i++) {
        if (!is_first(m, i))
            continue;
        holding[i] = holds(m, i, f);
        first = holding[i] && having == 0 ? i : first;
        having += holding[i];
        of++;
    }
    if (!holding || (having < of && !shared_words(m, holding, first, having, &when)))
        return vd_fail_nomem(m->run->err);
    if (having < of && when.n == 0 && !all_words(m, holding, &when))
        return vd_fail_nomem(m->run->err);
    f->when = when;
    return VD_OK;
}

/* Another look has said it, or says it with more right. */
static bool is_settled(const merging *m, uint32_t index, const vd_finding *f)
{
    bool by_default = is_default(m->looks[index]);

    for (uint32_t i = 0; i < m->count; i++) {
        if (i == index || !find_in(m->looks[i], f))
            continue;
        if (is_default(m->looks[i]) ? by_default && i < index : (by_default || i < index) && holds(m, i, f))
            return true;
    }
    return false;
}

static vd_code settle(const merging *m, uint32_t index, vd_finding *f)
{
    const vd_look_at *look = m->looks[index];

    if ((!is_default(look) && !holds(m, index, f)) || is_settled(m, index, f))
        return VD_OK;
    if (is_default(look)) {
        f->severity = VD_SUGGESTION;
        f->score = 0;
        VD_TRY(add_words(m->run, f, ", with the default value of ", look->extracted->when));
    } else {
        VD_TRY(say_when(m, f));
    }
    return vd_report_take(m->run, m->looks[index], f);
}

/* Two types: what only one of them has is a suggestion. */
static vd_code settle_types(const merging *m, uint32_t index, vd_finding *f)
{
    const vd_look_at *look = m->looks[index];

    if (find_in(m->looks[1 - index], f)) {
        if (index == 1)
            return VD_OK;
        return vd_report_take(m->run, m->looks[index], f);
    }
    if (f->severity > VD_SUGGESTION) {
        f->severity = VD_SUGGESTION;
        f->score = 0;
    }
    VD_TRY(add_words(m->run, f, ", if this is ", look->as));
    return vd_report_take(m->run, m->looks[index], f);
}

vd_code vd_lint_merge(vd_file_run *run, vd_look_at *const *looks, uint32_t count)
{
    merging m = { run, looks, count };

    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < looks[i]->lint.finding_count; k++) {
            vd_finding *f = looks[i]->lint.findings[k];

            if (count == 1 && looks[i]->variant != VD_VARIANT_WHEN && looks[i]->variant != VD_VARIANT_DEFAULT)
                VD_TRY(vd_report_take(run, looks[i], f));
            else if (looks[i]->as.n)
                VD_TRY(settle_types(&m, i, f));
            else
                VD_TRY(settle(&m, i, f));
        }
    return VD_OK;
}
