/* SPDX-License-Identifier: Apache-2.0
 *
 * Right-sizing for one finding: what nobody uses of one statement goes, and whatever else could go stays for its own finding.
 */
#include "tighten/rightsize.h"

#include "base/error.h"
#include "base/str.h"

/* By its place: names of documents and statements may be there more than once. */
static bool is_statement(const vd_rs *r, const vd_rs_statement *s, const vd_unused_finding *f)
{
    const vd_rs_document *d = &r->t->documents[s->document];
    vd_pos                at;

    if (s->index != f->statement.index || !vd_str_eq(d->name, f->policy) || !vd_str_eq(d->arn, f->policy_arn))
        return false;
    at = vd_policy_pos(d->policy, d->policy->statements[s->index].span);
    return vd_str_eq(at.file, f->statement.at.file) && at.offset == f->statement.at.offset;
}

vd_code vd_rs_read_only(vd_rs *r)
{
    const vd_unused_finding *f = r->opts->only;
    uint32_t                 id;

    if (!f)
        return VD_OK;
    if (r->opts->mode != VD_RIGHTSIZE_TRIM)
        return vd_fail(r->err, VD_EINVAL, "what one finding tells is trimmed, nothing else");
    r->only = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    if (!r->only)
        return vd_fail_nomem(r->err);
    r->only_statement = VD_NONE;
    for (uint32_t i = 0; i < r->statement_count && r->only_statement == VD_NONE; i++)
        if (is_statement(r, &r->statements[i], f))
            r->only_statement = i;
    for (size_t i = 0; i < f->actions.count; i++) {
        id = vd_catalog_find(r->t->catalog, f->actions.at[i]);
        if (id != VD_NONE)
            vd_rs_set(r->only, id);
    }
    return VD_OK;
}

bool vd_rs_may_go(const vd_rs *r, uint32_t statement, uint32_t action)
{
    return !r->only || (statement == r->only_statement && action != VD_NONE && vd_rs_bit(r->only, action));
}
