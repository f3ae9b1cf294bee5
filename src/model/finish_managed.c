/* SPDX-License-Identifier: Apache-2.0
 *
 * Managed policies with their versions.  One of AWS is in the dump of every account that uses it, perhaps as it was on
 * another day: the latest counts.
 */
#include "base/str.h"
#include "model/draft.h"

#include <stdlib.h>

typedef struct keyed {
    const vd_snapshot_reader *from;
    uint32_t                  index;
} keyed;

/* "v12"; what is no version is the oldest. */
static uint32_t version_number(vd_str id)
{
    uint32_t n = 0;

    for (size_t i = 1; i < id.n && i < 9 && vd_is_digit(id.p[i]); i++)
        n = n * 10 + (uint32_t)(id.p[i] - '0');
    return n;
}

static int order(const void *a, const void *b)
{
    const keyed            *x = a, *y = b;
    const vd_draft_managed *m = &x->from->managed.at[x->index], *n = &y->from->managed.at[y->index];
    uint32_t                v = version_number(m->version), w = version_number(n->version);
    int                     c = vd_str_cmp(m->arn, n->arn);

    if (!c)
        c = m->given - n->given;
    if (!c && !m->account.n)
        c = (v < w) - (v > w);
    return c ? c : vd_place_order(x->from, m->at, n->at);
}

static vd_code add_versions(vd_finish *f, const vd_draft_managed *d, vd_snap_managed *m)
{
    m->versions = (vd_snap_range){ f->versions.count, d->versions.count };
    for (uint32_t i = 0; i < d->versions.count; i++) {
        const vd_draft_version *v = &f->from->versions.at[d->versions.first + i];
        vd_snap_version         out = { .id = v->id, .created = v->created, .is_default = v->is_default || (v->id.n && vd_str_eq(v->id, d->version)) };

        VD_TRY(vd_finish_doc(f, v->doc, d->account, d->arn, &out.doc));
        if (out.is_default && m->doc == VD_NONE)
            m->doc = out.doc;
        if (!VD_PUSH(f->a, &f->versions, out))
            return vd_fail_nomem(f->err);
    }
    return VD_OK;
}

static bool has_default(const vd_finish *f, const vd_snap_managed *m)
{
    for (uint32_t i = 0; i < m->versions.count; i++)
        if (f->versions.at[m->versions.first + i].is_default)
            return true;
    return false;
}

static vd_code add(vd_finish *f, const vd_draft_managed *d)
{
    vd_snap_managed *m = &f->s->managed[f->s->managed_count++];
    uint32_t         id;

    *m = (vd_snap_managed){ .arn = d->arn, .name = d->name, .account = vd_snap_account_find(f->s, d->account), .doc = VD_NONE };
    if (!vd_intern_add(&f->managed_arns, f->a, d->arn, &id))
        return vd_fail_nomem(f->err);
    VD_TRY(add_versions(f, d, m));
    if (!has_default(f, m))
        return vd_draft_note_at(f->from, VD_GAP_MISSING_VERSION, VD_ERROR, d->at, d->account, d->arn, f->err,
                                "the default version \"" VD_F "\" of \"" VD_F "\" is not among its versions", VD_A(d->version), VD_A(d->arn));
    return VD_OK;
}

/* The same twice is no news; two that differ are. */
static vd_code compare(vd_finish *f, const vd_draft_managed *kept, const vd_draft_managed *other)
{
    if (kept->shape == other->shape || other->given || (!kept->account.n && vd_str_eq(kept->version, other->version)))
        return VD_OK;
    return vd_draft_note_at(f->from, VD_GAP_DUPLICATE, kept->account.n ? VD_ERROR : VD_NOTE, other->at, other->account, other->arn, f->err,
                            kept->account.n ? "\"" VD_F "\" is there twice and differs; the first counts"
                                            : "\"" VD_F "\" is there in several versions; the latest counts",
                            VD_A(other->arn));
}

static vd_code add_all(vd_finish *f, const keyed *list, uint32_t n)
{
    const vd_draft_managed *kept = NULL;

    for (uint32_t i = 0; i < n; i++) {
        const vd_draft_managed *d = &f->from->managed.at[list[i].index];

        if (kept && vd_str_eq(kept->arn, d->arn)) {
            VD_TRY(compare(f, kept, d));
            continue;
        }
        kept = d;
        VD_TRY(add(f, d));
    }
    return VD_OK;
}

vd_code vd_finish_managed(vd_finish *f)
{
    uint32_t n = f->from->managed.count;
    size_t   bytes = ((size_t)n + 1) * sizeof(keyed);
    keyed   *list = vd_alloc(f->a, bytes);
    vd_code  code;

    f->s->managed = vd_arena_new_array(&f->from->arena, vd_snap_managed, (size_t)n + 1);
    if (!list || !f->s->managed) {
        vd_free(f->a, list, bytes);
        return vd_fail_nomem(f->err);
    }
    for (uint32_t i = 0; i < n; i++)
        list[i] = (keyed){ f->from, i };
    qsort(list, n, sizeof *list, order);
    code = add_all(f, list, n);
    vd_free(f->a, list, bytes);
    return code;
}
