/* SPDX-License-Identifier: Apache-2.0
 *
 * Exposure in words: who can do what with what, in one line; and how many of it there are.
 */
#include "base/str.h"
#include "render/proof.h"

enum { MOST_NAMES = 6, MOST_RESOURCES = 3 };

bool vd_exposed_is_shown(const vd_exposed_row *row)
{
    return row->state == VD_EXPOSED_SHOWN;
}

bool vd_exposed_is_odd(const vd_exposed_row *row)
{
    return (row->finding->flags & VD_FLAG_OFF_CATALOGUE) && row->finding->severity == VD_ACCESS_NOTE;
}

bool vd_exposure_leaves_odd(const vd_exposure_job *job)
{
    for (uint32_t i = 0; i < job->count && !job->proof.verbose && job->fail_on != VD_ACCESS_NOTE; i++)
        if (vd_exposed_is_shown(&job->at[i]) && !vd_exposed_is_odd(&job->at[i]))
            return true;
    return false;
}

const char *vd_change_name(int32_t change)
{
    static const char *const names[] = { "", "new", "changed", "unchanged", "resolved" };

    return change >= 0 && change < (int32_t)VD_COUNT(names) ? names[change] : "";
}

static void put_who(vd_buf *out, const vd_exposed *x)
{
    static const struct {
        vd_str      prefix;
        const char *words;
    } forms[] = { { VD_L("org:"), "accounts of the organization " }, { VD_L("orgpath:"), "accounts below " },
                  { VD_L("account:"), "the account " }, { VD_L("service:"), "the service " } };

    if (vd_str_eq(x->principal, VD_S("*"))) {
        vd_buf_add(out, x->exposed == VD_EXPOSED_SERVICE     ? VD_S("any AWS service")
                        : x->exposed == VD_EXPOSED_FEDERATED ? VD_S("anybody with an identity provider")
                        : x->is_public                       ? VD_S("anybody")
                                                             : VD_S("anybody confined so"));
        return;
    }
    for (size_t i = 0; i < VD_COUNT(forms); i++)
        if (vd_str_starts(x->principal, forms[i].prefix)) {
            vd_buf_printf(out, "%s" VD_F, forms[i].words, VD_A(vd_str_from(x->principal, forms[i].prefix.n)));
            return;
        }
    if (vd_str_all_digits(x->principal) && x->principal.n == 12)
        vd_buf_add(out, VD_S("account "));
    vd_buf_add(out, x->principal);
}

void vd_put_exposed_flags(vd_buf *out, const vd_exposed *x)
{
    bool first = x->flags == 0;

    vd_put_flags(out, x->flags);
    for (uint32_t i = 0; i < VD_READING_COUNT_BITS; i++)
        if (x->readings >> i & 1u) {
            vd_buf_printf(out, "%sreading:%s", first ? "" : ", ", vd_reading_name((uint32_t)1 << i));
            first = false;
        }
}

void vd_put_exposed(vd_buf *out, const vd_exposed *x)
{
    put_who(out, x);
    vd_buf_add(out, VD_S(" can "));
    vd_put_few(out, x->patterns.count ? &x->patterns : &x->actions, MOST_NAMES);
    vd_buf_add(out, VD_S(" on "));
    if (x->resources.count)
        vd_put_few(out, &x->resources, MOST_RESOURCES);
    else
        vd_buf_add(out, x->resource);
    if (x->condition_count) {
        vd_buf_add(out, VD_S(" from "));
        vd_put_required_list(out, x->conditions, x->condition_count);
    }
}

/* "; 3 documents left out: identity policies, service control policies"; kinds that are called the same count as one. */
static void put_left_out(vd_buf *out, const vd_exposure_job *job)
{
    const char *told[VD_KIND_COUNT];
    size_t      count = 0;

    if (job->left_out == 0)
        return;
    vd_buf_printf(out, "; %u document%s left out", job->left_out, job->left_out == 1 ? "" : "s");
    for (vd_kind k = 0; k < VD_KIND_COUNT; k++) {
        const char *name = job->left_out_of[k] ? job->kind_names[k] : NULL;

        for (size_t i = 0; name && i < count; i++)
            name = strcmp(told[i], name) == 0 ? NULL : name;
        if (!name)
            continue;
        vd_buf_printf(out, "%s%s", count ? ", " : ": ", name);
        told[count++] = name;
    }
}

void vd_put_exposure_summary(vd_buf *out, const vd_exposure_job *job)
{
    uint32_t by[VD_ACCESS_HIGH + 1] = { 0 }, shown = 0, known = 0, archived = 0, unchanged = 0, changed = 0, resolved = 0, odd = 0;
    bool     first = true, leaves = vd_exposure_leaves_odd(job);

    for (uint32_t i = 0; i < job->count; i++) {
        const vd_exposed_row *r = &job->at[i];

        known += r->state == VD_EXPOSED_KNOWN;
        archived += r->state == VD_EXPOSED_ARCHIVED;
        if (!vd_exposed_is_shown(r))
            continue;
        if (r->finding->change == VD_CHANGE_RESOLVED) {
            resolved++;
            continue;
        }
        shown++;
        odd += leaves && vd_exposed_is_odd(r);
        unchanged += r->finding->change == VD_CHANGE_UNCHANGED;
        changed += r->finding->change == VD_CHANGE_CHANGED;
        if (r->finding->severity >= 0 && r->finding->severity <= VD_ACCESS_HIGH)
            by[r->finding->severity]++;
    }
    vd_buf_printf(out, "%u finding%s", shown, shown == 1 ? "" : "s");
    for (int32_t s = VD_ACCESS_HIGH; shown && s > 0; s--) {
        if (by[s] == 0)
            continue;
        vd_buf_printf(out, "%s%u %s", first ? " (" : ", ", by[s], vd_access_name(s));
        first = false;
    }
    vd_buf_printf(out, "%s in %u resource%s", first ? "" : ")", job->resources, job->resources == 1 ? "" : "s");
    if (odd)
        vd_buf_printf(out, " (-v shows %u that the catalogue thinks impossible)", odd);
    if (job->against)
        vd_buf_printf(out, ", %u of them unchanged, %u resolved", unchanged, resolved);
    else if (changed)
        vd_buf_printf(out, ", %u of them not as in the baseline", changed);
    if (known)
        vd_buf_printf(out, ", %u known", known);
    if (archived)
        vd_buf_printf(out, ", %u archived", archived);
    if (job->undecided)
        vd_buf_printf(out, ", %u undecided within the budget", job->undecided);
    put_left_out(out, job);
}
