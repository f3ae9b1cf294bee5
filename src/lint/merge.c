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
    if (vd_arena_printf(&run->worker->scratch, &f->message, VD_F "%s" VD_F, VD_A(f->message), before, VD_A(words)))
        return VD_OK;
    return vd_fail_nomem(run->err);
}

/* "when A or B", when not all of them have it. */
static vd_code say_when(const merging *m, vd_finding *f, uint32_t having, uint32_t of)
{
    vd_str when = VD_S("");

    if (having == of)
        return VD_OK;
    for (uint32_t i = 0; i < m->count; i++) {
        const vd_look_at *look = m->looks[i];

        if (look->variant != VD_VARIANT_WHEN || !find_in(look, f))
            continue;
        if (!vd_arena_printf(&m->run->worker->scratch, &when, VD_F "%s" VD_F, VD_A(when), when.n ? " or " : "",
                             VD_A(look->extracted->when)))
            return vd_fail_nomem(m->run->err);
    }
    f->when = when;
    return VD_OK;
}

static vd_code settle(const merging *m, uint32_t index, vd_finding *f)
{
    const vd_look_at *look = m->looks[index];
    uint32_t          of[VD_VARIANT_DEFAULT + 1] = { 0 }, having[VD_VARIANT_DEFAULT + 1] = { 0 };
    bool              by_default = look->variant == VD_VARIANT_DEFAULT, otherwise;

    for (uint32_t i = 0; i < m->count; i++) {
        bool has = i == index || find_in(m->looks[i], f);

        if (has && i < index && (m->looks[i]->variant == VD_VARIANT_DEFAULT) == by_default)
            return VD_OK; /* was settled there */
        of[m->looks[i]->variant]++;
        having[m->looks[i]->variant] += has;
    }
    if (look->variant == VD_VARIANT_EVERY && having[VD_VARIANT_EVERY] < of[VD_VARIANT_EVERY])
        return VD_OK; /* another value of the parameter is fine */
    otherwise = having[VD_VARIANT_PLAIN] || having[VD_VARIANT_WHEN] ||
                (having[VD_VARIANT_EVERY] && having[VD_VARIANT_EVERY] == of[VD_VARIANT_EVERY]);
    if (by_default && otherwise)
        return VD_OK;
    if (by_default) {
        f->severity = VD_SUGGESTION;
        f->score = 0;
        VD_TRY(add_words(m->run, f, ", with the default value of ", look->extracted->when));
    }
    if (look->variant == VD_VARIANT_WHEN)
        VD_TRY(say_when(m, f, having[VD_VARIANT_WHEN], of[VD_VARIANT_WHEN]));
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
